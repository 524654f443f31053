/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CONFIRM_ROW (porch_confirm_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchConfirmRow, porch_confirm_row, PORCH, CONFIRM_ROW, AdwActionRow)

G_END_DECLS
