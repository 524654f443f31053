/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"
#include "porch-site.h"

G_BEGIN_DECLS

const char *porch_site_state_words (PorchSiteState  state);
const char *porch_site_state_icon  (PorchSiteState  state);
char       *porch_site_dup_state   (PorchSite      *site);
gboolean    porch_site_is_busy     (PorchSite      *site);
char       *porch_site_dup_folder  (PorchSite      *site);

G_END_DECLS
