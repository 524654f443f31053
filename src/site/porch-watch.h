/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"
#include "porch-receipt.h"
#include "porch-target.h"

G_BEGIN_DECLS

/* The name of the step that looks at the site once a release is live */
#define PORCH_WATCH_STEP "watch"

gboolean porch_watch_await (PorchOperation  *operation,
                            PorchTarget     *target,
                            const char      *release,
                            const char      *previous,
                            double           patience,
                            PorchReceipt   **receipt,
                            GError         **error);

G_END_DECLS
