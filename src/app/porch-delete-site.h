/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

void porch_delete_site_ask (GtkWidget *widget,
                            PorchSite *site);

G_END_DECLS
