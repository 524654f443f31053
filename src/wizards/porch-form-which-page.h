/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-site.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_FORM_WHICH_PAGE (porch_form_which_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchFormWhichPage, porch_form_which_page, PORCH, FORM_WHICH_PAGE, PorchWizardPage)

void              porch_form_which_page_set_site        (PorchFormWhichPage  *self,
                                                         PorchSite           *site);
PorchTreatments  *porch_form_which_page_dup_treatments  (PorchFormWhichPage  *self,
                                                         const char          *form_path);

G_END_DECLS
