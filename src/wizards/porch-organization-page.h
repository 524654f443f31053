/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ORGANIZATION_PAGE (porch_organization_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchOrganizationPage, porch_organization_page, PORCH, ORGANIZATION_PAGE, PorchWizardPage)

const char *porch_organization_page_get_address (PorchOrganizationPage *self);
const char *porch_organization_page_get_region  (PorchOrganizationPage *self);

G_END_DECLS
