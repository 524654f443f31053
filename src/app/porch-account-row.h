/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-account.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ACCOUNT_ROW (porch_account_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchAccountRow, porch_account_row, PORCH, ACCOUNT_ROW, AdwActionRow)

GtkWidget    *porch_account_row_new         (PorchAccount    *account);
PorchAccount *porch_account_row_get_account (PorchAccountRow *self);
void          porch_account_row_set_default (PorchAccountRow *self,
                                             gboolean         is_default);

G_END_DECLS
