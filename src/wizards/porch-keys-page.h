/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-engine.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_KEYS_PAGE (porch_keys_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchKeysPage, porch_keys_page, PORCH, KEYS_PAGE, PorchWizardPage)

PorchKeysPage *porch_keys_page_new         (PorchEngine   *engine,
                                            PorchAccount  *account);
void           porch_keys_page_read        (PorchKeysPage *self,
                                            GFile         *file);
PorchAccount  *porch_keys_page_get_account (PorchKeysPage *self);

G_END_DECLS
