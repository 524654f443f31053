/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-receipt.h"
#include "porch-store.h"

G_BEGIN_DECLS

/* Receipts as the store remembers them; one that is awaited has no text yet. */

DexFuture *porch_receipt_store_expect       (PorchStore   *store,
                                             const char   *site,
                                             const char   *release) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_receipt_store_is_expected  (PorchStore   *store,
                                             const char   *site,
                                             const char   *release) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_receipt_store_save         (PorchStore   *store,
                                             const char   *site,
                                             PorchReceipt *receipt,
                                             const char   *etag) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_receipt_store_list         (PorchStore   *store,
                                             const char   *site) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_receipt_store_list_etags   (PorchStore   *store,
                                             const char   *site) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_receipt_store_drop         (PorchStore   *store,
                                             const char   *site,
                                             const char   *release) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
