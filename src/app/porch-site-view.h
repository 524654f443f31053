/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SITE_VIEW (porch_site_view_get_type ())

G_DECLARE_FINAL_TYPE (PorchSiteView, porch_site_view, PORCH, SITE_VIEW, AdwBin)

PorchSite *porch_site_view_get_site  (PorchSiteView *self);
void       porch_site_view_set_site  (PorchSiteView *self,
                                      PorchSite     *site);
void       porch_site_view_show_page (PorchSiteView *self,
                                      const char    *page);
void       porch_site_view_publish   (PorchSiteView *self,
                                      GFile         *folder);
void       porch_site_view_search    (PorchSiteView *self);
void       porch_site_view_show_message (PorchSiteView *self,
                                      const char    *id);
gboolean   porch_site_view_toast     (PorchSiteView *self,
                                      AdwToast      *toast);
gboolean   porch_site_view_shows     (PorchSiteView  *self,
                                      PorchOperation *operation);

G_END_DECLS
