/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-engine.h"

G_BEGIN_DECLS

#define PORCH_TYPE_PREFERENCES_DIALOG (porch_preferences_dialog_get_type ())

G_DECLARE_FINAL_TYPE (PorchPreferencesDialog, porch_preferences_dialog, PORCH, PREFERENCES_DIALOG, AdwPreferencesDialog)

PorchPreferencesDialog *porch_preferences_dialog_new          (PorchEngine            *engine);
void                    porch_preferences_dialog_show_account (PorchPreferencesDialog *self,
                                                               PorchAccount           *account);

G_END_DECLS
