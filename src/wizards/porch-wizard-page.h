/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>
#include <libdex.h>

#include "porch-plan.h"

G_BEGIN_DECLS

#define PORCH_TYPE_WIZARD_PAGE (porch_wizard_page_get_type ())

G_DECLARE_DERIVABLE_TYPE (PorchWizardPage, porch_wizard_page, PORCH, WIZARD_PAGE, AdwNavigationPage)

struct _PorchWizardPageClass
{
  AdwNavigationPageClass parent_class;

  /* Resolves when what the person chose can be carried on with; NULL is the same as success. */
  DexFuture *(*check) (PorchWizardPage *self);
};

PorchPlan  *porch_wizard_page_get_plan     (PorchWizardPage *self);
gboolean    porch_wizard_page_get_busy     (PorchWizardPage *self);
void        porch_wizard_page_set_complete (PorchWizardPage *self,
                                            gboolean         complete);
void        porch_wizard_page_set_error    (PorchWizardPage *self,
                                            const char      *error);

G_END_DECLS
