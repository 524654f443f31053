/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-finding-group.h"

G_BEGIN_DECLS

GtkWidget  *porch_finding_rows_create          (PorchFindingGroup *group);
GtkWidget  *porch_finding_rows_create_private  (PorchFinding      *finding,
                                                gboolean           is_sent);
GListModel *porch_finding_rows_list_places     (PorchFindingGroup *group);

GtkWidget  *porch_long_row_new                 (GListModel        *items,
                                                const char        *key);
void        porch_long_row_add_items           (AdwExpanderRow    *row,
                                                GListModel        *items,
                                                const char        *key);

G_END_DECLS
