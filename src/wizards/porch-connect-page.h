/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-engine.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CONNECT_PAGE (porch_connect_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchConnectPage, porch_connect_page, PORCH, CONNECT_PAGE, PorchWizardPage)

PorchConnectPage *porch_connect_page_new    (PorchEngine  *engine,
                                             PorchAccount *account);
DexFuture        *porch_connect_dialog_run  (GtkWidget    *parent,
                                             PorchEngine  *engine,
                                             PorchAccount *account) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
