/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-folder-watch.h"
#include "porch-operation.h"
#include "porch-site.h"

G_BEGIN_DECLS

const char *porch_site_state_words      (PorchSiteState    state);
const char *porch_site_state_icon       (PorchSiteState    state);
char       *porch_site_dup_state        (PorchSite        *site);
gboolean    porch_site_is_busy          (PorchSite        *site);
gboolean    porch_site_can_publish      (PorchSite        *site);
char       *porch_site_dup_folder       (PorchSite        *site);
char       *porch_site_dup_open_address (PorchSite        *site);
char       *porch_watch_dup_title       (PorchFolderWatch *watch);
char       *porch_watch_dup_counts      (PorchFolderWatch *watch);

G_END_DECLS
