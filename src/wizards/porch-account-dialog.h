/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>
#include <libdex.h>

#include "porch-engine.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ACCOUNT_DIALOG (porch_account_dialog_get_type ())

G_DECLARE_FINAL_TYPE (PorchAccountDialog, porch_account_dialog, PORCH, ACCOUNT_DIALOG, AdwDialog)

PorchAccountDialog *porch_account_dialog_new  (PorchEngine        *engine,
                                               PorchAccount       *account);
DexFuture          *porch_account_dialog_wait (PorchAccountDialog *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture          *porch_account_dialog_run  (GtkWidget          *parent,
                                               PorchEngine        *engine,
                                               PorchAccount       *account) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
