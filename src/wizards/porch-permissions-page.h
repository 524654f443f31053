/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-engine.h"
#include "porch-survey.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_PERMISSIONS_PAGE (porch_permissions_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchPermissionsPage, porch_permissions_page, PORCH, PERMISSIONS_PAGE, PorchWizardPage)

PorchPermissionsPage *porch_permissions_page_new         (PorchSurvey          *survey);
void                  porch_permissions_page_set_adding  (PorchPermissionsPage *self,
                                                          PorchEngine          *engine,
                                                          const char           *name);
PorchAccount         *porch_permissions_page_get_account (PorchPermissionsPage *self);

G_END_DECLS
