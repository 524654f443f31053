/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-engine.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_OUTSIDE_PAGE (porch_outside_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchOutsidePage, porch_outside_page, PORCH, OUTSIDE_PAGE, PorchWizardPage)

PorchOutsidePage *porch_outside_page_new (PorchEngine  *engine,
                                          PorchAccount *account);

G_END_DECLS
