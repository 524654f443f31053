/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-site.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_FORM_DETAILS_PAGE (porch_form_details_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchFormDetailsPage, porch_form_details_page, PORCH, FORM_DETAILS_PAGE, PorchWizardPage)

void              porch_form_details_page_set_site  (PorchFormDetailsPage  *self,
                                                     PorchSite             *site);
PorchForm        *porch_form_details_page_dup_form  (PorchFormDetailsPage  *self,
                                                     PorchForm             *form,
                                                     GError               **error);

G_END_DECLS
