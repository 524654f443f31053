/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_OVERVIEW_PAGE (porch_overview_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchOverviewPage, porch_overview_page, PORCH, OVERVIEW_PAGE, AdwBin)

void porch_overview_page_set_site (PorchOverviewPage *self,
                                   PorchSite         *site);

G_END_DECLS
