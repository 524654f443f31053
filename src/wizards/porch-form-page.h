/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_FORM_PAGE (porch_form_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchFormPage, porch_form_page, PORCH, FORM_PAGE, PorchWizardPage)

G_END_DECLS
