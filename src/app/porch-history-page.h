/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_HISTORY_PAGE (porch_history_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchHistoryPage, porch_history_page, PORCH, HISTORY_PAGE, AdwBin)

void porch_history_page_set_site (PorchHistoryPage *self,
                                  PorchSite        *site);

G_END_DECLS
