/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-shrink.h"

#include "porch-location.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

/* A picture is taken apart into four bytes a pixel, one picture at a time. */
#define MAX_PIXELS (60 * 1000 * 1000)
#define QUALITY    "85"

/* The smaller copy must be worth it. */
#define WORTH      0.9

static GMutex one_at_a_time;

typedef struct
{
  guint width;
  guint side;
} Limits;

static const char *
get_format (const char *type)
{
  if (g_strcmp0 (type, "image/jpeg") == 0)
    return "jpeg";
  if (g_strcmp0 (type, "image/png") == 0)
    return "png";
  if (g_strcmp0 (type, "image/webp") == 0)
    return "webp";

  return NULL;
}

static gboolean
can_write (const char *format)
{
  GSList *formats = gdk_pixbuf_get_formats ();
  gboolean found = FALSE;

  for (GSList *l = formats; l != NULL; l = l->next)
    {
      g_autofree char *name = gdk_pixbuf_format_get_name (l->data);

      found |= g_str_equal (name, format) && gdk_pixbuf_format_is_writable (l->data);
    }

  g_slist_free (formats);

  return found;
}

/**
 * porch_shrink_can:
 * @type: (nullable): its Content-Type
 * @photo: what is known of a picture
 *
 * Returns: whether a smaller copy of it can be made: of a JPEG for screens, a PNG or a WebP that does not move, of up to 60
 *   million pixels
 */
gboolean
porch_shrink_can (const char       *type,
                  const PorchPhoto *photo)
{
  return get_format (type) != NULL && photo->width > 0 && photo->height > 0 && !photo->is_moving && photo->n_colors != 4 &&
         (guint64) photo->width * photo->height <= MAX_PIXELS;
}

/* Asked before the picture is taken apart: a JPEG is then read in a smaller size to begin with. */
static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  gpointer         user_data)
{
  const Limits *limits = user_data;
  double scale = 1;

  if (limits->width > 0)
    scale = MIN (scale, limits->width / (double) width);
  scale = MIN (scale, limits->side / (double) MAX (width, height));

  if (scale < 1)
    gdk_pixbuf_loader_set_size (loader, MAX (1, (int) (width * scale + 0.5)), MAX (1, (int) (height * scale + 0.5)));
}

static GdkPixbuf *
load (const guint8 *data,
      gsize         length,
      const char   *format,
      Limits       *limits)
{
  g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (format, NULL);
  GdkPixbuf *pixbuf;
  gboolean good;

  if (loader == NULL)
    return NULL;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), limits);
  good = gdk_pixbuf_loader_write (loader, data, length, NULL);

  if (!gdk_pixbuf_loader_close (loader, NULL) || !good)
    return NULL;

  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);

  return pixbuf != NULL ? g_object_ref (pixbuf) : NULL;
}

/* Its colours are given as red, green and blue in the copy; a profile for others would be wrong. ICC.1, 7.2: the kind is at
 * byte 16. */
static char *
dup_profile (GdkPixbuf *pixbuf)
{
  const char *text = gdk_pixbuf_get_option (pixbuf, "icc-profile");
  g_autofree guchar *profile = NULL;
  gsize length = 0;

  if (text == NULL || (profile = g_base64_decode (text, &length)) == NULL || length < 128 || memcmp (profile + 16, "RGB ", 4) != 0)
    return NULL;

  return g_strdup (text);
}

static gboolean
save (GdkPixbuf   *pixbuf,
      const char  *format,
      const char  *profile,
      char       **data,
      gsize       *length)
{
  const char *keys[4] = { NULL };
  const char *values[4] = { NULL };
  guint n = 0;

  if (g_str_equal (format, "png"))
    {
      keys[n] = "compression";
      values[n++] = "9";
    }
  else
    {
      keys[n] = "quality";
      values[n++] = QUALITY;
    }

  if (profile != NULL)
    {
      keys[n] = "icc-profile";
      values[n++] = profile;
    }

  return gdk_pixbuf_save_to_bufferv (pixbuf, data, length, format, (char **) keys, (char **) values, NULL);
}

/**
 * porch_shrink:
 * @data: (array length=length): a picture that [func@Porch.shrink_can] accepts
 * @length: its length in bytes
 * @type: its Content-Type
 * @width: how wide it has to be in pixels, or 0 if that is not known
 *
 * Makes a smaller copy of a picture: of the same format, no longer than %PORCH_SHRINK_SIDE on its longer side, turned as it
 * is meant to be seen, with its colour profile and its transparency. Other notes in the picture are left away. Blocks; for
 * threads.
 *
 * Returns: (transfer full) (nullable): the copy, or %NULL if none can be made that is smaller
 */
GBytes *
porch_shrink (const guint8 *data,
              gsize         length,
              const char   *type,
              guint         width)
{
  Limits limits = { .width = width, .side = PORCH_SHRINK_SIDE };
  const char *format = get_format (type);
  g_autoptr(GdkPixbuf) read = NULL;
  g_autoptr(GdkPixbuf) turned = NULL;
  g_autofree char *profile = NULL;
  g_autofree char *copy = NULL;
  gsize size = 0;
  gboolean good = FALSE;

  /* Of a JPEG the library tells how it is turned, of others it does not. */
  if (format == NULL || !can_write (format) || (!g_str_equal (format, "jpeg") && porch_location_is_turned (data, length)))
    return NULL;

  g_mutex_lock (&one_at_a_time);

  read = load (data, length, format, &limits);
  turned = read != NULL ? gdk_pixbuf_apply_embedded_orientation (read) : NULL;

  if (turned != NULL)
    {
      profile = dup_profile (read);
      good = save (turned, format, profile, &copy, &size);
    }

  /* The profile may be more than the program that writes can take. */
  if (turned != NULL && !good && profile != NULL)
    good = save (turned, format, NULL, &copy, &size);

  g_mutex_unlock (&one_at_a_time);

  if (!good || size >= length * WORTH)
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&copy), size);
}
