/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "porch-photo.h"

G_BEGIN_DECLS

/* Goes up when the same picture would become another. */
#define PORCH_SHRINK_RULES 1

/* The longer side of a picture that fills a page, in pixels */
#define PORCH_SHRINK_SIDE 2000

gboolean  porch_shrink_can  (const char        *type,
                             const PorchPhoto  *photo);
GBytes   *porch_shrink      (const guint8      *data,
                             gsize              length,
                             const char        *type,
                             guint              width);

G_END_DECLS
