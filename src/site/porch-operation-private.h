/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"

G_BEGIN_DECLS

void       porch_operation_restore         (PorchOperation  *self,
                                            const char      *id,
                                            const char      *site_id,
                                            const char      *title,
                                            const char      *state,
                                            JsonArray       *done,
                                            JsonObject      *data,
                                            JsonObject      *problem,
                                            gint64           started);
DexFuture *porch_operation_forget          (PorchOperation  *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean   porch_operation_supersedes      (PorchOperation  *self,
                                            PorchOperation  *other);
gboolean   porch_operation_is_written      (PorchOperation  *self);
void       porch_operation_look_elsewhere  (PorchOperation  *self);

G_END_DECLS
