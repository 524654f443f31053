/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-photo.h"

#include "porch-location.h"

#include <string.h>

/* A piece of a file, read with either order of bytes; reading beyond its end gives 0. */
typedef struct
{
  const guint8 *data;
  gsize         length;
  gboolean      is_little;
} Bytes;

static guint
read_16 (const Bytes *bytes,
         gsize        at)
{
  if (at > bytes->length || bytes->length - at < 2)
    return 0;

  return bytes->is_little ? bytes->data[at] | bytes->data[at + 1] << 8 : bytes->data[at] << 8 | bytes->data[at + 1];
}

static guint32
read_32 (const Bytes *bytes,
         gsize        at)
{
  guint32 first = read_16 (bytes, at);
  guint32 second = read_16 (bytes, at + 2);

  return bytes->is_little ? second << 16 | first : first << 16 | second;
}

static gboolean
is_frame (guint8 marker)
{
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* ISO 10918-1, B.2: segments of a marker and a length; the frame's header holds the size */
static gboolean
read_jpeg (const Bytes *bytes,
           PorchPhoto  *photo)
{
  gsize at = 2;

  while (at + 4 <= bytes->length)
    {
      guint8 marker = bytes->data[at + 1];
      gsize size = read_16 (bytes, at + 2);

      if (bytes->data[at] != 0xff || marker == 0xda || size < 2)
        break;

      if (marker == 0xff)
        {
          at++;
          continue;
        }

      if (is_frame (marker))
        {
          photo->height = read_16 (bytes, at + 5);
          photo->width = read_16 (bytes, at + 7);
          photo->n_colors = at + 9 < bytes->length ? bytes->data[at + 9] : 0;
        }

      at += 2 + size;
    }

  return TRUE;
}

/* PNG, 11.2.2; a chunk acTL before the picture makes it move */
static gboolean
read_png (const Bytes *bytes,
          PorchPhoto  *photo)
{
  gsize at = 8;

  photo->width = read_32 (bytes, 16);
  photo->height = read_32 (bytes, 20);

  while (at + 12 <= bytes->length)
    {
      gsize size = read_32 (bytes, at);

      if (memcmp (bytes->data + at + 4, "acTL", 4) == 0)
        photo->is_moving = TRUE;
      if (memcmp (bytes->data + at + 4, "IDAT", 4) == 0 || size > bytes->length)
        break;

      at += 12 + size;
    }

  return TRUE;
}

/* RFC 9649: a RIFF file, with the size in the first chunk in one of three ways */
static gboolean
read_webp (const Bytes *bytes,
           PorchPhoto  *photo)
{
  gsize at = 12;

  while (at + 8 <= bytes->length)
    {
      const guint8 *kind = bytes->data + at;
      gsize size = read_32 (bytes, at + 4);

      if (memcmp (kind, "VP8X", 4) == 0)
        {
          photo->width = (read_32 (bytes, at + 12) & 0xffffff) + 1;
          photo->height = (read_32 (bytes, at + 15) & 0xffffff) + 1;
        }
      else if (memcmp (kind, "VP8 ", 4) == 0 && photo->width == 0)
        {
          photo->width = read_16 (bytes, at + 14) & 0x3fff;
          photo->height = read_16 (bytes, at + 16) & 0x3fff;
        }
      else if (memcmp (kind, "VP8L", 4) == 0 && photo->width == 0)
        {
          photo->width = (read_32 (bytes, at + 9) & 0x3fff) + 1;
          photo->height = (read_32 (bytes, at + 9) >> 14 & 0x3fff) + 1;
        }
      else if (memcmp (kind, "ANIM", 4) == 0)
        {
          photo->is_moving = TRUE;
        }

      if (size > bytes->length)
        break;
      at += 8 + size + (size & 1);
    }

  return TRUE;
}

static gboolean
read_shape (const guint8 *data,
            gsize         length,
            PorchPhoto   *photo)
{
  Bytes bytes = { .data = data, .length = length };

  if (data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff)
    return read_jpeg (&bytes, photo);

  if (memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return read_png (&bytes, photo);

  bytes.is_little = TRUE;

  if (memcmp (data, "GIF8", 4) == 0)
    {
      photo->width = read_16 (&bytes, 6);
      photo->height = read_16 (&bytes, 8);
      return TRUE;
    }

  if (memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    return read_webp (&bytes, photo);

  return FALSE;
}

/**
 * porch_photo_read:
 * @data: (array length=length): the beginning of a picture file, best %PORCH_PHOTO_HEAD bytes of it
 * @length: how many bytes there are
 * @photo: (out): what it tells
 *
 * Reads the size of a JPEG, PNG, GIF or WebP picture, and of any picture whether it says where it was taken.
 *
 * Returns: whether it is one of these, so that the size is known
 */
gboolean
porch_photo_read (const guint8 *data,
                  gsize         length,
                  PorchPhoto   *photo)
{
  memset (photo, 0, sizeof *photo);

  if (length < 16)
    return FALSE;

  photo->has_location = porch_location_find (data, length);

  return read_shape (data, length, photo);
}
