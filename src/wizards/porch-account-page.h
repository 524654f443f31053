/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-engine.h"
#include "porch-survey.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ACCOUNT_PAGE (porch_account_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchAccountPage, porch_account_page, PORCH, ACCOUNT_PAGE, PorchWizardPage)

PorchAccountPage *porch_account_page_new      (PorchEngine      *engine,
                                               PorchSurvey      *survey);
char             *porch_account_page_dup_name (PorchAccountPage *self);

G_END_DECLS
