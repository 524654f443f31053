/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_NAME_PAGE (porch_name_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchNamePage, porch_name_page, PORCH, NAME_PAGE, PorchWizardPage)

void porch_name_page_set_accounts (PorchNamePage *self,
                                   GListModel    *accounts);

G_END_DECLS
