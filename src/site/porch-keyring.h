/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

G_BEGIN_DECLS

DexFuture  *porch_keyring_check   (void) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_keyring_store   (const char *account_id,
                                   const char *label,
                                   const char *secret) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_keyring_lookup  (const char *account_id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_keyring_clear   (const char *account_id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
