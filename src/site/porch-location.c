/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-location.h"

#include <string.h>
#include <zlib.h>

/* Exif 2.32, 4.6: directories of entries of 12 bytes. The entry 0x8825 leads to the directory about the place, whose
 * entries 2 and 4 are the latitude and the longitude. Cameras that don't know where they are write that directory with a
 * version only. */
#define TAG_TURN      0x0112
#define TAG_PLACE     0x8825
#define TAG_LATITUDE  2
#define TAG_LONGITUDE 4
#define ENTRY_SIZE    12
#define MAX_ENTRIES   1000
#define MAX_CHAIN     8
#define MAX_TIFF      (1024 * 1024)

/* A TIFF structure inside a file */
typedef struct
{
  guint8   *data;
  gsize     length;
  gboolean  is_little;
} Tiff;

static guint
get_16 (const Tiff *tiff,
        gsize       at)
{
  const guint8 *p = tiff->data + at;

  if (at > tiff->length || tiff->length - at < 2)
    return 0;

  return tiff->is_little ? p[0] | p[1] << 8 : p[0] << 8 | p[1];
}

static guint32
get_32 (const Tiff *tiff,
        gsize       at)
{
  guint32 first = get_16 (tiff, at);
  guint32 second = get_16 (tiff, at + 2);

  return tiff->is_little ? second << 16 | first : first << 16 | second;
}

static void
put_16 (Tiff  *tiff,
        gsize  at,
        guint  value)
{
  tiff->data[at] = tiff->is_little ? value & 0xff : value >> 8;
  tiff->data[at + 1] = tiff->is_little ? value >> 8 : value & 0xff;
}

/* How many whole entries a directory has; 0 if there can't be one here */
static guint
count_entries (const Tiff *tiff,
               gsize       directory)
{
  guint n = get_16 (tiff, directory);

  if (directory < 8 || n > MAX_ENTRIES || directory + 2 + (gsize) n * ENTRY_SIZE > tiff->length)
    return 0;

  return n;
}

static gsize
find_entry (const Tiff *tiff,
            gsize       directory,
            guint       tag)
{
  guint n = count_entries (tiff, directory);

  for (guint i = 0; i < n; i++)
    if (get_16 (tiff, directory + 2 + i * ENTRY_SIZE) == tag)
      return directory + 2 + i * ENTRY_SIZE;

  return 0;
}

/* The directory about the place that this one leads to, or 0 */
static gsize
find_place (const Tiff *tiff,
            gsize       directory)
{
  gsize entry = find_entry (tiff, directory, TAG_PLACE);
  gsize place = entry != 0 && get_16 (tiff, entry + 2) == 4 ? get_32 (tiff, entry + 8) : 0;

  return place != 0 && find_entry (tiff, place, TAG_LATITUDE) != 0 && find_entry (tiff, place, TAG_LONGITUDE) != 0 ? place : 0;
}

static void
erase_values (Tiff  *tiff,
              gsize  place)
{
  static const guint8 sizes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8 };
  guint n = count_entries (tiff, place);

  for (guint i = 0; i < n; i++)
    {
      gsize entry = place + 2 + i * ENTRY_SIZE;
      guint type = get_16 (tiff, entry + 2);
      guint64 size = type < G_N_ELEMENTS (sizes) ? (guint64) sizes[type] * get_32 (tiff, entry + 4) : 0;
      gsize value = get_32 (tiff, entry + 8);

      if (size > 4 && value >= 8 && value < tiff->length && size <= tiff->length - value)
        memset (tiff->data + value, 0, size);
    }

  memset (tiff->data + place, 0, 2 + (gsize) n * ENTRY_SIZE);
}

/* The entries after it move up, and the address of the next directory with them. */
static void
erase_entry (Tiff  *tiff,
             gsize  directory,
             gsize  entry)
{
  guint n = count_entries (tiff, directory);
  gsize end = directory + 2 + (gsize) n * ENTRY_SIZE;

  end = MIN (end + 4, tiff->length);
  memmove (tiff->data + entry, tiff->data + entry + ENTRY_SIZE, end - entry - ENTRY_SIZE);
  memset (tiff->data + end - ENTRY_SIZE, 0, ENTRY_SIZE);
  put_16 (tiff, directory, n - 1);
}

static gboolean
visit_tiff (guint8   *data,
            gsize     length,
            gboolean  erases)
{
  Tiff tiff = { data, length, data[0] == 'I' };
  gsize directory = get_32 (&tiff, 4);
  gboolean found = FALSE;

  for (guint i = 0; i < MAX_CHAIN && count_entries (&tiff, directory) > 0; i++)
    {
      gsize next = directory + 2 + (gsize) count_entries (&tiff, directory) * ENTRY_SIZE;
      gsize place = find_place (&tiff, directory);
      gsize after = get_32 (&tiff, next);

      if (place != 0)
        {
          found = TRUE;
          if (!erases)
            return TRUE;
          erase_values (&tiff, place);
          erase_entry (&tiff, directory, find_entry (&tiff, directory, TAG_PLACE));
        }

      directory = after;
    }

  return found;
}

/* How much belongs to the structure at @tiff: the container says so, or a megabyte at most */
static gsize
measure_tiff (const guint8 *data,
              gsize         length,
              const guint8 *tiff)
{
  gsize before = tiff - data;
  gsize room = MIN (length - before, MAX_TIFF);

  /* A JPEG's segment, a PNG's chunk, a WebP's chunk */
  if (before >= 10 && memcmp (tiff - 6, "Exif\0", 6) == 0 && tiff[-10] == 0xff && tiff[-9] == 0xe1)
    return MIN (room, (gsize) MAX (tiff[-8] << 8 | tiff[-7], 8) - 8);
  if (before >= 8 && memcmp (tiff - 4, "eXIf", 4) == 0)
    return MIN (room, (gsize) tiff[-8] << 24 | tiff[-7] << 16 | tiff[-6] << 8 | tiff[-5]);
  if (before >= 8 && memcmp (tiff - 8, "EXIF", 4) == 0)
    return MIN (room, tiff[-4] | tiff[-3] << 8 | tiff[-2] << 16 | (gsize) tiff[-1] << 24);

  /* The file itself */
  return before == 0 ? length : room;
}

/* Whatever the container: what looks like such a structure and leads to a place is one. */
static gboolean
visit_exif (guint8   *data,
            gsize     length,
            gboolean  erases)
{
  gboolean found = FALSE;

  for (guint kind = 0; kind < 2; kind++)
    {
      guint8 *p = data;

      while ((p = memmem (p, length - (p - data), kind == 0 ? "II*\0" : "MM\0*", 4)) != NULL)
        {
          gsize room = measure_tiff (data, length, p);

          if (room > 8 && visit_tiff (p, room, erases))
            {
              found = TRUE;
              if (!erases)
                return TRUE;
            }
          p += 4;
        }
    }

  return found;
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || c == ':' || c == '.';
}

static gboolean
is_place_name (const char *name,
               gsize       length)
{
  static const char * const names[] = { "GPSLatitude", "GPSLongitude", "GpsLatitude", "GpsLongitude", "GpsLongtitude", "Latitude", "Longitude" };
  const char *colon = memrchr (name, ':', length);

  if (colon == NULL)
    return FALSE;

  length -= colon + 1 - name;
  name = colon + 1;

  if (length >= 3 && g_ascii_strncasecmp (name, "GPS", 3) == 0)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == length && memcmp (name, names[i], length) == 0)
      return TRUE;

  return FALSE;
}

/* The end of an element that begins at @tag and is called @name */
static char *
find_end (char       *tag,
          char       *end,
          const char *name,
          gsize       length)
{
  char *close = memchr (tag, '>', end - tag);
  g_autofree char *last = g_strdup_printf ("</%.*s>", (int) length, name);
  char *found;

  if (close == NULL || close[-1] == '/')
    return close != NULL ? close + 1 : NULL;

  found = memmem (close, end - close, last, strlen (last));

  return found != NULL ? found + strlen (last) : NULL;
}

/* The end of an attribute whose name ends at @after, or NULL if it is none */
static char *
find_value_end (char *after,
                char *end)
{
  char *quote = after;
  char *close;

  while (quote < end && g_ascii_isspace (*quote))
    quote++;
  if (quote >= end || *quote++ != '=')
    return NULL;
  while (quote < end && g_ascii_isspace (*quote))
    quote++;
  if (quote >= end || (*quote != '"' && *quote != '\''))
    return NULL;

  close = memchr (quote + 1, *quote, end - quote - 1);

  return close != NULL ? close + 1 : NULL;
}

/* XMP is XML: properties are attributes or elements, and spaces in their stead mean nothing. */
static gboolean
visit_packet (char     *start,
              char     *end,
              gboolean  erases)
{
  gboolean found = FALSE;

  for (char *p = start; p < end;)
    {
      char *name = p;
      char *from = NULL;
      char *to = NULL;

      while (p < end && is_name_char (*p))
        p++;

      if (p > name && name > start && is_place_name (name, p - name))
        {
          from = name[-1] == '<' ? name - 1 : name;
          to = name[-1] == '<' ? find_end (name - 1, end, name, p - name) : g_ascii_isspace (name[-1]) ? find_value_end (p, end) : NULL;
        }

      if (to != NULL)
        {
          found = TRUE;
          if (!erases)
            return TRUE;
          memset (from, ' ', to - from);
          p = to;
        }
      else if (p == name)
        p++;
    }

  return found;
}

static gboolean
visit_xmp (guint8   *data,
           gsize     length,
           gboolean  erases)
{
  static const char * const marks[][2] = { { "<x:xmpmeta", "</x:xmpmeta>" }, { "<rdf:RDF", "</rdf:RDF>" } };
  gboolean found = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      guint8 *p = data;
      guint8 *end;

      while ((p = memmem (p, length - (p - data), marks[i][0], strlen (marks[i][0]))) != NULL)
        {
          if ((end = memmem (p, length - (p - data), marks[i][1], strlen (marks[i][1]))) == NULL)
            end = data + length;
          if (visit_packet ((char *) p, (char *) end, erases))
            found = TRUE;
          if (found && !erases)
            return TRUE;
          p = end;
        }
    }

  return found;
}

/* A PNG's chunks have sums (PNG, 5.3) that must be right again. */
static void
mend_sums (guint8 *data,
           gsize   length)
{
  gsize at = 8;

  while (at + 12 <= length)
    {
      gsize size = (gsize) data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3];
      guint32 sum;

      if (size > length - at - 12)
        return;

      if (memcmp (data + at + 4, "eXIf", 4) == 0 || memcmp (data + at + 4, "iTXt", 4) == 0)
        {
          sum = g_htonl (crc32 (0, data + at + 4, size + 4));
          memcpy (data + at + 8 + size, &sum, 4);
        }

      at += 12 + size;
    }
}

static gboolean
visit (guint8   *data,
       gsize     length,
       gboolean  erases)
{
  gboolean found = visit_exif (data, length, erases);

  if (found && !erases)
    return TRUE;

  found |= visit_xmp (data, length, erases);

  if (found && erases && length > 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    mend_sums (data, length);

  return found;
}

/**
 * porch_location_find:
 * @data: (array length=length): a picture file, or a piece of one
 * @length: its length in bytes
 *
 * Returns: whether its Exif or XMP data say where it was taken
 */
gboolean
porch_location_find (const guint8 *data,
                     gsize         length)
{
  /* Nothing is written without being asked to. */
  return length > 0 && visit ((guint8 *) data, length, FALSE);
}

/**
 * porch_location_erase:
 * @data: (array length=length): a picture file: JPEG, PNG, WebP, TIFF, HEIF or AVIF
 * @length: its length in bytes
 *
 * Makes a picture forget where it was taken, also the smaller pictures inside it. Nothing moves: what said it is
 * overwritten in its place, and all else stays as it is, byte for byte.
 *
 * Returns: whether it said where it was taken, and does not any more
 */
gboolean
porch_location_erase (guint8 *data,
                      gsize   length)
{
  return length > 0 && visit (data, length, TRUE) && !porch_location_find (data, length);
}

/**
 * porch_location_is_turned:
 * @data: (array length=length): a picture file
 * @length: its length in bytes
 *
 * Returns: whether its Exif data say that it has to be turned to be seen as it was meant
 */
gboolean
porch_location_is_turned (const guint8 *data,
                          gsize         length)
{
  for (guint kind = 0; kind < 2; kind++)
    {
      const guint8 *p = data;

      while (length > 0 && (p = memmem (p, length - (p - data), kind == 0 ? "II*\0" : "MM\0*", 4)) != NULL)
        {
          Tiff tiff = { (guint8 *) p, measure_tiff (data, length, p), *p == 'I' };
          gsize entry = tiff.length > 8 ? find_entry (&tiff, get_32 (&tiff, 4), TAG_TURN) : 0;

          if (entry != 0 && get_16 (&tiff, entry + 2) == 3 && get_16 (&tiff, entry + 8) > 1 && get_16 (&tiff, entry + 8) <= 8)
            return TRUE;
          p += 4;
        }
    }

  return FALSE;
}
