/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_FORM_DIALOG (porch_form_dialog_get_type ())

G_DECLARE_FINAL_TYPE (PorchFormDialog, porch_form_dialog, PORCH, FORM_DIALOG, AdwDialog)

PorchFormDialog  *porch_form_dialog_new       (PorchSite        *site);

/* Only the end of it: how the mail is, and a test message */
PorchFormDialog  *porch_form_dialog_new_test  (PorchSite        *site);

G_END_DECLS
