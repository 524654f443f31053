/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-changes.h"

G_BEGIN_DECLS

GtkWidget  *porch_change_rows_create    (PorchChanges    *changes,
                                         PorchChangeKind  kind);
GListModel *porch_change_rows_list      (PorchChanges    *changes,
                                         PorchChangeKind  kind);
char       *porch_change_rows_dup_title (PorchChanges    *changes,
                                         PorchChangeKind  kind);
const char *porch_change_rows_get_key   (PorchChangeKind  kind);

G_END_DECLS
