/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_DRAFT_ROW (porch_draft_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchDraftRow, porch_draft_row, PORCH, DRAFT_ROW, AdwPreferencesRow)

GtkWidget *porch_draft_row_new      (PorchSite     *site,
                                     PorchDraft    *draft);
void       porch_draft_row_set_busy (PorchDraftRow *self,
                                     gboolean       busy);

G_END_DECLS
