/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-operation.h"

G_BEGIN_DECLS

#define PORCH_TYPE_STEP_ROW (porch_step_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchStepRow, porch_step_row, PORCH, STEP_ROW, AdwActionRow)

void porch_step_row_bind (GtkListBox     *list,
                          PorchOperation *operation);

G_END_DECLS
