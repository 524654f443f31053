/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SITE_LIST (porch_site_list_get_type ())

G_DECLARE_FINAL_TYPE (PorchSiteList, porch_site_list, PORCH, SITE_LIST, GObject)

PorchSiteList  *porch_site_list_new     (void);
void            porch_site_list_add     (PorchSiteList  *self,
                                         PorchSite      *site);
void            porch_site_list_remove  (PorchSiteList  *self,
                                         PorchSite      *site);
PorchSite      *porch_site_list_find    (PorchSiteList  *self,
                                         const char     *id);

G_END_DECLS
