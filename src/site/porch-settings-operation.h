/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-form.h"
#include "porch-operation.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SETTINGS_OPERATION (porch_settings_operation_get_type ())

G_DECLARE_FINAL_TYPE (PorchSettingsOperation, porch_settings_operation, PORCH, SETTINGS_OPERATION, PorchOperation)

PorchOperation  *porch_settings_operation_new  (PorchSite  *site,
                                                PorchForm  *form);
void             porch_settings_operation_set_treatments
                                               (PorchSettingsOperation  *self,
                                                PorchTreatments         *treatments);

G_END_DECLS
