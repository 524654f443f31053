/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-folder-watch.h"
#include "porch-site.h"

G_BEGIN_DECLS

PorchFolderWatch *porch_site_get_watch (PorchSite *site);

G_END_DECLS
