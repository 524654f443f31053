/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SITE_ROW (porch_site_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchSiteRow, porch_site_row, PORCH, SITE_ROW, GtkListBoxRow)

GtkWidget *porch_site_row_new      (PorchSite    *site);
PorchSite *porch_site_row_get_site (PorchSiteRow *self);

G_END_DECLS
