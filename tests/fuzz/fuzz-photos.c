/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The readers of pictures: the place is found or not, and erased in its place or left alone; nothing beyond the end is read. */

#include "porch-location.h"
#include "porch-photo.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));
  PorchPhoto photo;

  memcpy (copy, data, size);
  porch_photo_read (copy, size, &photo);
  g_assert_cmpmem (copy, size, data, size);

  if (porch_location_erase (copy, size))
    {
      g_assert_true (porch_location_find (data, size));
      g_assert_false (porch_location_find (copy, size));
    }

  return 0;
}
