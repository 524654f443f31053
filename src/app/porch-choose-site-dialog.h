/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-engine.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CHOOSE_SITE_DIALOG (porch_choose_site_dialog_get_type ())

G_DECLARE_FINAL_TYPE (PorchChooseSiteDialog, porch_choose_site_dialog, PORCH, CHOOSE_SITE_DIALOG, AdwDialog)

AdwDialog *porch_choose_site_dialog_new (PorchEngine *engine,
                                         GFile       *folder);

G_END_DECLS
