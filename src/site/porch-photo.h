/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of a file's beginning porch_photo_read() likes to see: notes of cameras with a small picture in them come first.
 * Some formats put them last, so the end is worth a look too. */
#define PORCH_PHOTO_HEAD (256 * 1024)
#define PORCH_PHOTO_TAIL (128 * 1024)

/**
 * PorchPhoto:
 * @width: in pixels, 0 if it is not known
 * @height: in pixels, 0 if it is not known
 * @n_colors: how many components a JPEG has; 4 is for printers
 * @is_moving: it is a little film
 * @has_location: it says where it was taken
 *
 * What the beginning of a picture file tells.
 */
typedef struct
{
  guint    width;
  guint    height;
  guint    n_colors;
  gboolean is_moving;
  gboolean has_location;
} PorchPhoto;

gboolean porch_photo_read (const guint8 *data,
                           gsize         length,
                           PorchPhoto   *photo);

G_END_DECLS
