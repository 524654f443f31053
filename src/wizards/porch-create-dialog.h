/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-engine.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CREATE_DIALOG (porch_create_dialog_get_type ())

G_DECLARE_FINAL_TYPE (PorchCreateDialog, porch_create_dialog, PORCH, CREATE_DIALOG, AdwDialog)

PorchCreateDialog *porch_create_dialog_new            (PorchEngine       *engine,
                                                       GFile             *folder);
PorchCreateDialog *porch_create_dialog_new_for_work   (PorchOperation    *operation);
gboolean           porch_create_dialog_take_folder    (PorchCreateDialog *self,
                                                       GFile             *folder);
PorchOperation    *porch_create_dialog_get_operation  (PorchCreateDialog *self);

G_END_DECLS
