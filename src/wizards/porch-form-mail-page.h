/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-form.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_FORM_MAIL_PAGE (porch_form_mail_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchFormMailPage, porch_form_mail_page, PORCH, FORM_MAIL_PAGE, PorchWizardPage)

void              porch_form_mail_page_set_form   (PorchFormMailPage  *self,
                                                   PorchForm          *form);
PorchForm        *porch_form_mail_page_get_form   (PorchFormMailPage  *self);

G_END_DECLS
