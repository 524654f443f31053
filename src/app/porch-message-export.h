/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "porch-site.h"

G_BEGIN_DECLS

void porch_message_export_ask (GtkWidget *widget,
                               PorchSite *site,
                               gboolean   only_shown);

G_END_DECLS
