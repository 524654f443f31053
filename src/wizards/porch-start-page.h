/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-store.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_START_PAGE (porch_start_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchStartPage, porch_start_page, PORCH, START_PAGE, PorchWizardPage)

void porch_start_page_set_store  (PorchStartPage *self,
                                  PorchStore     *store);
void porch_start_page_set_folder (PorchStartPage *self,
                                  GFile          *folder);

G_END_DECLS
