/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SETTINGS_PAGE (porch_settings_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchSettingsPage, porch_settings_page, PORCH, SETTINGS_PAGE, AdwBin)

void porch_settings_page_set_site (PorchSettingsPage *self,
                                   PorchSite         *site);

G_END_DECLS
