/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"
#include "porch-release.h"
#include "porch-site.h"

G_BEGIN_DECLS

/**
 * PorchGoLiveOperation:
 *
 * Makes a release of a site live again: undo, and Make Live in the history.
 */
#define PORCH_TYPE_GO_LIVE_OPERATION (porch_go_live_operation_get_type ())
G_DECLARE_FINAL_TYPE (PorchGoLiveOperation, porch_go_live_operation, PORCH, GO_LIVE_OPERATION, PorchOperation)

PorchOperation *porch_go_live_operation_new         (PorchSite            *site,
                                                     const char           *release);
const char     *porch_go_live_operation_get_release (PorchGoLiveOperation *self);
const char     *porch_go_live_operation_get_previous
                                                    (PorchGoLiveOperation *self);
PorchReceipt   *porch_go_live_operation_get_receipt (PorchGoLiveOperation *self);
PorchOperation *porch_site_go_live                  (PorchSite            *site,
                                                     const char           *release);

G_END_DECLS
