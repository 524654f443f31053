/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-photo.h"

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

/* Exif 2.3, 4.6.3: tag 0x8825 of the first directory leads to the one about the place; its tags 2 and 4 are the
 * latitude and the longitude. Cameras that don't know where they are write that directory with a version only. */
#define TAG_PLACE     0x8825
#define TAG_LATITUDE  2
#define TAG_LONGITUDE 4

static gsize
find_tag (const Bytes *tiff,
          gsize        directory,
          guint        tag)
{
  guint n = read_16 (tiff, directory);

  for (guint i = 0; i < n && directory + 2 + i * 12 < tiff->length; i++)
    if (read_16 (tiff, directory + 2 + i * 12) == tag)
      return directory + 2 + i * 12;

  return 0;
}

static gboolean
exif_has_location (const guint8 *data,
                   gsize         length)
{
  Bytes tiff = { .data = data, .length = length };
  gsize entry;
  gsize place;

  if (length < 8 || (memcmp (data, "II", 2) != 0 && memcmp (data, "MM", 2) != 0))
    return FALSE;

  tiff.is_little = data[0] == 'I';
  if ((entry = find_tag (&tiff, read_32 (&tiff, 4), TAG_PLACE)) == 0)
    return FALSE;

  place = read_32 (&tiff, entry + 8);

  return place != 0 && find_tag (&tiff, place, TAG_LATITUDE) != 0 && find_tag (&tiff, place, TAG_LONGITUDE) != 0;
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
      gsize room = MIN (size, bytes->length - at - 2);

      if (bytes->data[at] != 0xff || marker == 0xda || size < 2)
        break;

      if (marker == 0xff)
        {
          at++;
          continue;
        }

      if (marker == 0xe1 && room > 8 && memcmp (bytes->data + at + 4, "Exif\0", 6) == 0)
        photo->has_location |= exif_has_location (bytes->data + at + 10, room - 8);

      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
        {
          photo->height = read_16 (bytes, at + 5);
          photo->width = read_16 (bytes, at + 7);
        }

      at += 2 + size;
    }

  return TRUE;
}

/* PNG, 11.2.2 and the eXIf chunk */
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

      if (memcmp (bytes->data + at + 4, "eXIf", 4) == 0)
        photo->has_location |= exif_has_location (bytes->data + at + 8, MIN (size, bytes->length - at - 8));
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
      else if (memcmp (kind, "EXIF", 4) == 0)
        {
          photo->has_location |= exif_has_location (bytes->data + at + 8, MIN (size, bytes->length - at - 8));
        }

      if (size > bytes->length)
        break;
      at += 8 + size + (size & 1);
    }

  return TRUE;
}

/**
 * porch_photo_read:
 * @data: (array length=length): the beginning of a picture file, best %PORCH_PHOTO_HEAD bytes of it
 * @length: how many bytes there are
 * @photo: (out): what it tells
 *
 * Reads the size of a JPEG, PNG, GIF or WebP picture, and whether it says where it was taken.
 *
 * Returns: whether it is one of these
 */
gboolean
porch_photo_read (const guint8 *data,
                  gsize         length,
                  PorchPhoto   *photo)
{
  Bytes bytes = { .data = data, .length = length };

  memset (photo, 0, sizeof *photo);

  if (length < 16)
    return FALSE;

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
