/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-engine.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_PROFILE_PAGE (porch_profile_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchProfilePage, porch_profile_page, PORCH, PROFILE_PAGE, PorchWizardPage)

PorchProfilePage *porch_profile_page_new         (PorchEngine      *engine,
                                                 GListModel       *profiles);
PorchAccount     *porch_profile_page_get_account (PorchProfilePage *self);

G_END_DECLS
