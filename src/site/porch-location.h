/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean porch_location_find      (const guint8 *data,
                                   gsize         length);
gboolean porch_location_erase     (guint8       *data,
                                   gsize         length);
gboolean porch_location_is_turned (const guint8 *data,
                                   gsize         length);

G_END_DECLS
