/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-local-links.h"
#include "porch-location.h"
#include "porch-rendition.h"
#include "porch-shrink.h"
#include "porch-treatment.h"
#include "test-util.h"
#include "tree-util.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>
#include <zlib.h>

#define HEAD "<!DOCTYPE html><html lang=en><head><title>T</title><meta name=description content=d></head><body>"

static PorchFolder *
scan (const char      *root,
      PorchScanFlags   flags,
      PorchTreatments *treatments)
{
  g_autoptr(GFile) file = g_file_new_for_path (root);
  g_autoptr(PorchFolder) folder = porch_folder_new (file, NULL);
  g_autoptr(GError) error = NULL;

  porch_folder_set_treatments (folder, treatments);
  dex_await (porch_folder_scan (folder, flags), &error);
  g_assert_no_error (error);

  return g_steal_pointer (&folder);
}

static PorchTreatments *
agree (PorchTreatment treatment)
{
  return porch_treatments_with (NULL, treatment);
}

static PorchFinding *
find (PorchFolder *folder,
      const char  *rule)
{
  GListModel *findings = porch_folder_get_findings (folder);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);

      if (g_str_equal (porch_finding_get_rule (finding), rule))
        return finding;
    }

  return NULL;
}

static GBytes *
load (PorchFolder *folder,
      const char  *path)
{
  const PorchFile *file = porch_folder_lookup (folder, path);
  g_autofree char *filename = NULL;
  g_autofree char *sha256 = NULL;
  g_autoptr(GBytes) bytes = NULL;
  char *data;
  gsize length;

  g_assert_nonnull (file);
  filename = porch_folder_build_filename (folder, file);
  g_assert_true (g_file_get_contents (filename, &data, &length, NULL));
  bytes = g_bytes_new_take (data, length);
  sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  /* What the folder says of a file is true of what is sent. */
  g_assert_cmpstr (sha256, ==, file->sha256);
  g_assert_cmpuint (length, ==, file->size);

  return g_steal_pointer (&bytes);
}

static void
test_json (void)
{
  g_autoptr(PorchTreatments) none = porch_treatments_new ();
  g_autoptr(PorchTreatments) a = porch_treatments_with (none, PORCH_TREATMENT_SHRINK);
  g_autoptr(PorchTreatments) b = porch_treatments_with_confirmed (a, "x/.env");
  g_autoptr(PorchTreatments) c = porch_treatments_with_left_out (b, ".git");
  g_autoptr(PorchTreatments) d = porch_treatments_with_left_out (c, "x/.env");
  g_autoptr(PorchTreatments) e = porch_treatments_without (c, PORCH_TREATMENT_SHRINK);
  g_autoptr(JsonObject) object = porch_treatments_to_json (c);
  g_autoptr(PorchTreatments) again = porch_treatments_new_from_json (object);
  g_autoptr(PorchTreatments) empty = porch_treatments_new_from_json (NULL);

  g_assert_true (porch_treatments_is_empty (none));
  g_assert_true (porch_treatments_is_empty (NULL));
  g_assert_true (porch_treatments_equal (none, NULL));
  g_assert_true (porch_treatments_equal (none, empty));
  g_assert_true (porch_treatments_equal (c, again));
  g_assert_false (porch_treatments_equal (c, b));
  g_assert_false (porch_treatments_equal (c, e));
  g_assert_true (porch_treatments_has (again, PORCH_TREATMENT_SHRINK));
  g_assert_false (porch_treatments_has (e, PORCH_TREATMENT_SHRINK));
  g_assert_false (porch_treatments_has (again, PORCH_TREATMENT_LOCAL_LINKS));
  g_assert_true (porch_treatments_is_confirmed (again, "x/.env"));
  g_assert_false (porch_treatments_is_confirmed (again, "x"));
  g_assert_true (porch_treatments_is_left_out (again, ".git"));

  /* There is one answer for a file. */
  g_assert_true (porch_treatments_is_left_out (d, "x/.env"));
  g_assert_false (porch_treatments_is_confirmed (d, "x/.env"));
}

/* An Exif segment with an orientation, a place and a note that stays */
static GByteArray *
build_exif (gboolean is_little)
{
  static const guint8 big[] = {
    'M', 'M', 0, 42, 0, 0, 0, 8,
    0, 3, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 58,
    0x9c, 0x9c, 0, 1, 0, 0, 0, 4, 'n', 'o', 't', 'e', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  };
  static const guint8 little[] = {
    'I', 'I', 42, 0, 8, 0, 0, 0,
    3, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 58, 0, 0, 0,
    0x9c, 0x9c, 1, 0, 4, 0, 0, 0, 'n', 'o', 't', 'e', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  };
  static const guint8 place_big[] = {
    0, 2, 0, 2, 0, 5, 0, 0, 0, 3, 0, 0, 0, 88, 0, 4, 0, 5, 0, 0, 0, 3, 0, 0, 0, 112, 0, 0, 0, 0,
  };
  static const guint8 place_little[] = {
    2, 0, 2, 0, 5, 0, 3, 0, 0, 0, 88, 0, 0, 0, 4, 0, 5, 0, 3, 0, 0, 0, 112, 0, 0, 0, 0, 0, 0, 0,
  };
  GByteArray *exif = g_byte_array_new ();

  g_byte_array_append (exif, is_little ? little : big, 58);
  g_byte_array_append (exif, is_little ? place_little : place_big, sizeof place_big);
  g_byte_array_append (exif, (const guint8 *) "LATITUDE-is-here-52-31-0LONGITUDE-is-here-13-24-", 48);

  return exif;
}

static const char xmp[] =
  "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description exif:GPSLatitude=\"52,31.1N\" exif:GPSLongitude='13,24.2E' dc:title='kept'>"
  "<exif:GPSAltitude>34/1</exif:GPSAltitude><xmp:Rating>5</xmp:Rating></rdf:Description></rdf:RDF></x:xmpmeta>";

static void
append_segment (GByteArray   *jpeg,
                const char   *name,
                gsize         name_length,
                const guint8 *data,
                gsize         length)
{
  gsize size = 2 + name_length + length;
  guint8 head[] = { 0xff, 0xe1, size >> 8, size & 0xff };

  g_byte_array_append (jpeg, head, sizeof head);
  g_byte_array_append (jpeg, (const guint8 *) name, name_length);
  g_byte_array_append (jpeg, data, length);
}

/* A picture that does not shrink by itself: noise on a slope */
static GdkPixbuf *
build_picture (guint    width,
               guint    height,
               gboolean has_alpha)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, has_alpha, 8, width, height);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  guint stride = gdk_pixbuf_get_rowstride (pixbuf);
  guint n = has_alpha ? 4 : 3;
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint32 noise = g_rand_int (rand);

        for (guint i = 0; i < n; i++)
          pixels[y * stride + x * n + i] = i == 3 ? (x < width / 2 ? 0 : 255) : ((x + y) / 20 + (noise >> (8 * i) & 0x3f)) & 0xff;
      }

  return pixbuf;
}

static char *
dup_profile (void)
{
  guint8 profile[256] = { 0, 0, 1, 0 };

  memcpy (profile + 12, "mntrRGB XYZ ", 12);
  memcpy (profile + 36, "acsp", 4);

  return g_base64_encode (profile, sizeof profile);
}

/* A photo as a telephone makes it: turned, with a colour profile and a place in two ways */
static GByteArray *
build_photo (guint    width,
             guint    height,
             gboolean is_little)
{
  g_autoptr(GdkPixbuf) pixbuf = build_picture (width, height, FALSE);
  g_autoptr(GByteArray) exif = build_exif (is_little);
  g_autofree char *profile = dup_profile ();
  g_autofree char *data = NULL;
  GByteArray *jpeg = g_byte_array_new ();
  gsize length;

  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "jpeg", NULL, "quality", "92", "icc-profile", profile, NULL));
  g_byte_array_append (jpeg, (const guint8 *) data, 2);
  append_segment (jpeg, "Exif\0", 6, exif->data, exif->len);
  append_segment (jpeg, "http://ns.adobe.com/xap/1.0/", 29, (const guint8 *) xmp, strlen (xmp));
  g_byte_array_append (jpeg, (const guint8 *) data + 2, length - 2);

  return jpeg;
}

static void
write_bytes (const char   *root,
             const char   *path,
             const guint8 *data,
             gsize         length)
{
  g_autofree char *filename = g_build_filename (root, path, NULL);

  g_assert_true (g_file_set_contents (filename, (const char *) data, length, NULL));
}

static gboolean
contains (const guint8 *data,
          gsize         length,
          const char   *text)
{
  return memmem (data, length, text, strlen (text)) != NULL;
}

/* Only what says the place changes; nothing moves. */
static void
assert_only_place_changed (const guint8 *before,
                           const guint8 *after,
                           gsize         length)
{
  gsize first = length;
  gsize last = 0;

  for (gsize i = 0; i < length; i++)
    if (before[i] != after[i])
      {
        first = MIN (first, i);
        last = i;
      }

  g_assert_cmpuint (first, <, last);
  g_assert_cmpuint (last, <, 1200);
  g_assert_true (contains (after, length, "note"));
  g_assert_true (contains (after, length, "dc:title='kept'"));
  g_assert_true (contains (after, length, "<xmp:Rating>5</xmp:Rating>"));
  g_assert_false (contains (after, length, "LATITUDE"));
  g_assert_false (contains (after, length, "LONGITUDE"));
  g_assert_false (contains (after, length, "52,31.1N"));
  g_assert_false (contains (after, length, "GPSAltitude"));
  g_assert_false (porch_location_find (after, length));
}

static GdkPixbuf *
read_picture (const guint8 *data,
              gsize         length)
{
  /* Without the data of the system, the library can't tell them apart itself. */
  g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (data[0] == 0xff ? "jpeg" : "png", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (gdk_pixbuf_loader_write (loader, data, length, &error));
  gdk_pixbuf_loader_close (loader, &error);
  g_assert_no_error (error);

  return g_object_ref (gdk_pixbuf_loader_get_pixbuf (loader));
}

static void
test_location (void)
{
  for (guint is_little = 0; is_little < 2; is_little++)
    {
      g_autofree char *root = test_new_folder ();
      g_autoptr(GByteArray) photo = build_photo (64, 48, is_little);
      g_autoptr(PorchTreatments) treatments = agree (PORCH_TREATMENT_STRIP_LOCATION);
      g_autoptr(PorchFolder) folder = NULL;
      g_autoptr(GBytes) sent = NULL;
      g_autofree char *name = g_build_filename (root, "a.jpg", NULL);
      g_autofree char *original = NULL;
      g_autoptr(GdkPixbuf) picture = NULL;
      PorchFinding *finding;
      gsize length;

      tree_write (root, "index.html", HEAD "<img src=a.jpg alt=a>");
      write_bytes (root, "a.jpg", photo->data, photo->len);

      folder = scan (root, PORCH_SCAN_CHECK, NULL);
      finding = find (folder, "photo.location");
      g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_WARNING);
      g_assert_cmpint (porch_finding_get_treatment (finding), ==, PORCH_TREATMENT_STRIP_LOCATION);
      g_assert_false (porch_finding_get_is_treated (finding));
      g_clear_object (&folder);

      folder = scan (root, PORCH_SCAN_CHECK, treatments);
      finding = find (folder, "photo.location");
      g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_INFO);
      g_assert_true (porch_finding_get_is_treated (finding));
      sent = load (folder, "a.jpg");
      g_assert_cmpuint (g_bytes_get_size (sent), ==, photo->len);
      assert_only_place_changed (photo->data, g_bytes_get_data (sent, NULL), photo->len);

      /* It is still the same picture, turned in the same way, with its colours. */
      picture = read_picture (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent));
      g_assert_cmpstr (gdk_pixbuf_get_option (picture, "orientation"), ==, "6");
      g_assert_nonnull (gdk_pixbuf_get_option (picture, "icc-profile"));

      /* The original is as it was. */
      g_assert_true (g_file_get_contents (name, &original, &length, NULL));
      g_assert_cmpmem (original, length, photo->data, photo->len);

      test_remove_folder (root);
    }
}

static void
append_chunk (GByteArray   *png,
              const char   *kind,
              const guint8 *data,
              gsize         length)
{
  guint32 size = g_htonl (length);
  gsize start = png->len + 4;
  guint32 sum;

  g_byte_array_append (png, (const guint8 *) &size, 4);
  g_byte_array_append (png, (const guint8 *) kind, 4);
  g_byte_array_append (png, data, length);
  sum = g_htonl (crc32 (0, png->data + start, png->len - start));
  g_byte_array_append (png, (const guint8 *) &sum, 4);
}

/* A PNG whose notes come after the picture has sums that must be right; a WebP and a HEIF have none. */
static void
test_location_formats (void)
{
  g_autoptr(GdkPixbuf) pixbuf = build_picture (8, 8, TRUE);
  g_autoptr(GByteArray) exif = build_exif (TRUE);
  g_autoptr(GByteArray) png = g_byte_array_new ();
  g_autoptr(GByteArray) text = g_byte_array_new ();
  g_autoptr(GByteArray) webp = g_byte_array_new ();
  g_autoptr(GByteArray) bare = g_byte_array_new ();
  g_autoptr(GdkPixbuf) again = NULL;
  g_autofree char *data = NULL;
  guint32 size;
  gsize length;

  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "png", NULL, NULL));
  g_byte_array_append (png, (const guint8 *) data, length - 12);
  g_byte_array_append (text, (const guint8 *) "XML:com.adobe.xmp\0\0\0\0\0", 22);
  g_byte_array_append (text, (const guint8 *) xmp, strlen (xmp));
  append_chunk (png, "iTXt", text->data, text->len);
  append_chunk (png, "eXIf", exif->data, exif->len);
  g_byte_array_append (png, (const guint8 *) data + length - 12, 12);

  g_assert_true (porch_location_find (png->data, png->len));
  g_assert_true (porch_location_erase (png->data, png->len));
  g_assert_false (porch_location_find (png->data, png->len));
  again = read_picture (png->data, png->len);
  g_assert_cmpint (gdk_pixbuf_get_width (again), ==, 8);

  for (gsize at = 8; at < png->len;)
    {
      gsize n = (gsize) png->data[at] << 24 | png->data[at + 1] << 16 | png->data[at + 2] << 8 | png->data[at + 3];
      guint32 sum = g_htonl (crc32 (0, png->data + at + 4, n + 4));

      g_assert_cmpmem (&sum, 4, png->data + at + 8 + n, 4);
      at += 12 + n;
    }

  g_byte_array_append (webp, (const guint8 *) "RIFF\0\0\0\0WEBPEXIF", 16);
  size = GUINT32_TO_LE (exif->len);
  g_byte_array_append (webp, (const guint8 *) &size, 4);
  g_byte_array_append (webp, exif->data, exif->len);
  g_assert_true (porch_location_erase (webp->data, webp->len));
  g_assert_false (contains (webp->data, webp->len, "LATITUDE"));
  g_assert_false (porch_location_erase (webp->data, webp->len));

  g_byte_array_append (bare, (const guint8 *) "\0\0\0\x18" "ftypheic", 12);
  g_byte_array_append (bare, exif->data, exif->len);
  g_assert_true (porch_location_erase (bare->data, bare->len));
  g_assert_true (contains (bare->data, bare->len, "note"));
}

/* Whatever is cut off or changed, it ends, and touches nothing beyond the end. */
static void
test_location_garbage (void)
{
  g_autoptr(GByteArray) photo = build_photo (8, 8, FALSE);
  gsize head = 600;

  for (gsize i = 0; i < head; i++)
    {
      g_autofree guint8 *cut = g_memdup2 (photo->data, i);

      porch_location_erase (cut, i);

      for (guint value = 0; value < 256; value += 85)
        {
          g_autofree guint8 *changed = g_memdup2 (photo->data, photo->len);

          changed[i] = value;
          porch_location_erase (changed, photo->len);
        }
    }
}

static void
test_shrink (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(GByteArray) photo = build_photo (3000, 2000, FALSE);
  g_autoptr(GdkPixbuf) drawing = build_picture (1400, 1000, TRUE);
  g_autoptr(PorchTreatments) treatments = agree (PORCH_TREATMENT_SHRINK);
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(PorchFolder) again = NULL;
  g_autoptr(GBytes) sent = NULL;
  g_autoptr(GBytes) sent_drawing = NULL;
  g_autoptr(GdkPixbuf) small = NULL;
  g_autoptr(GdkPixbuf) small_drawing = NULL;
  g_autofree char *data = NULL;
  PorchFinding *finding;
  gsize length;

  g_assert_true (gdk_pixbuf_save_to_buffer (drawing, &data, &length, "png", NULL, NULL));
  g_assert_cmpuint (photo->len, >, 1024 * 1024);
  g_assert_cmpuint (length, >, 1024 * 1024);
  tree_write (root, "index.html", HEAD "<img src=p.jpg alt=a><img src=d.png alt=b width=200>");
  write_bytes (root, "p.jpg", photo->data, photo->len);
  write_bytes (root, "d.png", (const guint8 *) data, length);
  tree_write (root, "film.gif", "GIF89a");

  folder = scan (root, PORCH_SCAN_CHECK, NULL);
  finding = find (folder, "picture.heavy");
  g_assert_cmpint (porch_finding_get_treatment (finding), ==, PORCH_TREATMENT_SHRINK);
  g_assert_cmpuint (porch_finding_get_bytes (finding), >, 1024 * 1024);
  g_clear_object (&folder);

  folder = scan (root, PORCH_SCAN_CHECK, treatments);
  finding = find (folder, "picture.heavy");
  g_assert_true (porch_finding_get_is_treated (finding));
  g_assert_cmpuint (porch_finding_get_n_places (finding), ==, 2);
  g_assert_cmpuint (porch_finding_get_bytes (finding), >, 1024 * 1024);
  g_assert_null (find (folder, "photo.location"));

  /* Turned as it is meant to be seen, no longer than 2,000 pixels, and without any place */
  sent = load (folder, "p.jpg");
  small = read_picture (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent));
  g_assert_cmpint (gdk_pixbuf_get_height (small), ==, 2000);
  g_assert_cmpint (gdk_pixbuf_get_width (small), ==, 1333);
  g_assert_null (gdk_pixbuf_get_option (small, "orientation"));
  g_assert_nonnull (gdk_pixbuf_get_option (small, "icc-profile"));
  g_assert_false (porch_location_find (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent)));
  g_assert_cmpstr (porch_folder_lookup (folder, "p.jpg")->type, ==, "image/jpeg");

  /* Two pixels for each that is shown; what was transparent is */
  sent_drawing = load (folder, "d.png");
  small_drawing = read_picture (g_bytes_get_data (sent_drawing, NULL), g_bytes_get_size (sent_drawing));
  g_assert_cmpint (gdk_pixbuf_get_width (small_drawing), ==, 400);
  g_assert_true (gdk_pixbuf_get_has_alpha (small_drawing));
  g_assert_cmpuint (gdk_pixbuf_get_pixels (small_drawing)[3], ==, 0);

  /* Looking without checking sends the same. */
  again = scan (root, PORCH_SCAN_DEFAULT, treatments);
  g_assert_cmpstr (porch_folder_lookup (again, "p.jpg")->sha256, ==, porch_folder_lookup (folder, "p.jpg")->sha256);
  g_assert_cmpstr (porch_folder_lookup (again, "d.png")->sha256, ==, porch_folder_lookup (folder, "d.png")->sha256);

  test_remove_folder (root);
}

/* With the program for WebP that most systems have; one that is turned by its notes stays as it is. */
static void
test_shrink_webp (void)
{
  g_autoptr(GdkPixbuf) pixbuf = build_picture (2600, 1300, TRUE);
  g_autoptr(GByteArray) exif = build_exif (TRUE);
  g_autoptr(GByteArray) turned = g_byte_array_new ();
  g_autoptr(GBytes) copy = NULL;
  g_autofree char *data = NULL;
  PorchPhoto photo;
  gsize length;

  if (!gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "webp", NULL, "quality", "100", NULL))
    {
      g_test_skip ("WebP can't be written here");
      return;
    }

  g_assert_true (porch_photo_read ((const guint8 *) data, length, &photo));
  g_assert_cmpuint (photo.width, ==, 2600);
  g_assert_true (porch_shrink_can ("image/webp", &photo));
  copy = porch_shrink ((const guint8 *) data, length, "image/webp", 0);
  g_assert_nonnull (copy);
  g_assert_cmpuint (g_bytes_get_size (copy), <, length);
  g_assert_true (porch_photo_read (g_bytes_get_data (copy, NULL), g_bytes_get_size (copy), &photo));
  g_assert_cmpuint (photo.width, ==, 2000);
  g_assert_cmpuint (photo.height, ==, 1000);

  g_byte_array_append (turned, (const guint8 *) data, length);
  g_byte_array_append (turned, exif->data, exif->len);
  g_assert_null (porch_shrink (turned->data, turned->len, "image/webp", 0));
}

/* What moves, is made for printers or too large to be taken apart is left alone. */
static void
test_shrink_refused (void)
{
  PorchPhoto good = { .width = 4000, .height = 3000, .n_colors = 3 };
  PorchPhoto moving = { .width = 4000, .height = 3000, .is_moving = TRUE };
  PorchPhoto print = { .width = 4000, .height = 3000, .n_colors = 4 };
  PorchPhoto huge = { .width = 40000, .height = 30000 };
  PorchPhoto unknown = { 0 };

  g_assert_true (porch_shrink_can ("image/jpeg", &good));
  g_assert_false (porch_shrink_can ("image/gif", &good));
  g_assert_false (porch_shrink_can ("image/webp", &moving));
  g_assert_false (porch_shrink_can ("image/jpeg", &print));
  g_assert_false (porch_shrink_can ("image/png", &huge));
  g_assert_false (porch_shrink_can ("image/png", &unknown));
  g_assert_false (porch_shrink_can (NULL, &good));
}

/* A copy that something else wrote to is noticed and made anew; what is there is used. */
static void
test_cache (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(GByteArray) photo = build_photo (64, 48, TRUE);
  g_autoptr(PorchTreatments) treatments = agree (PORCH_TREATMENT_STRIP_LOCATION);
  g_autoptr(PorchFolder) folder = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *old = NULL;
  g_autofree char *folder_name = porch_renditions_dup_folder ();
  struct utimbuf long_ago = { 1000, 1000 };
  GStatBuf before;
  GStatBuf after;

  tree_write (root, "index.html", HEAD);
  write_bytes (root, "a.jpg", photo->data, photo->len);

  folder = scan (root, PORCH_SCAN_DEFAULT, treatments);
  first = porch_folder_build_filename (folder, porch_folder_lookup (folder, "a.jpg"));
  g_assert_cmpint (g_stat (first, &before), ==, 0);
  g_assert_true (g_str_has_prefix (first, folder_name));
  g_clear_object (&folder);

  folder = scan (root, PORCH_SCAN_DEFAULT, treatments);
  second = porch_folder_build_filename (folder, porch_folder_lookup (folder, "a.jpg"));
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpint (g_stat (second, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
  g_assert_true (dex_await (porch_folder_check_unchanged (folder, porch_folder_lookup (folder, "a.jpg")), NULL));

  g_assert_true (g_file_set_contents (first, "something else", -1, NULL));
  g_assert_false (dex_await (porch_folder_check_unchanged (folder, porch_folder_lookup (folder, "a.jpg")), NULL));
  g_clear_object (&folder);

  old = g_build_filename (folder_name, "0123456789012345678901234567890123456789012345678901234567890123-none", NULL);
  g_assert_true (g_file_set_contents (old, "", 0, NULL));
  g_assert_cmpint (g_utime (old, &long_ago), ==, 0);

  folder = scan (root, PORCH_SCAN_DEFAULT, treatments);
  g_assert_cmpuint (g_bytes_get_size (load (folder, "a.jpg")), ==, photo->len);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));

  test_remove_folder (root);
}

static gboolean
exists (const char *path,
        gpointer    data)
{
  static const char * const paths[] = { "index.html", "about/index.html", "a.jpg", "b.jpg", "docs/my page.html", "s.css", NULL };

  return g_strv_contains (paths, path);
}

static char *
rewrite (const char     *text,
         PorchLocalKind  kind)
{
  g_autoptr(PorchLocalBases) bases = porch_local_bases_new (exists, NULL);
  g_autoptr(GArray) links = porch_local_links_find (text, strlen (text), kind);
  g_autoptr(GArray) known = porch_local_links_find ("<a href=http://localhost/wp/about/><a href=http://localhost/wp/s.css?v=1>"
                                                    "<a href=http://localhost/other/index.html>", 114, PORCH_LOCAL_PAGE);
  g_autoptr(GByteArray) result = NULL;

  porch_local_bases_add (bases, known);
  if (links != NULL)
    porch_local_bases_add (bases, links);
  porch_local_bases_elect (bases);

  if (links != NULL && (result = porch_local_bases_rewrite (bases, text, strlen (text), links)) != NULL)
    return g_strndup ((const char *) result->data, result->len);

  return g_strdup (text);
}

static void
test_links_table (void)
{
  static const struct
  {
    PorchLocalKind  kind;
    const char     *before;
    const char     *after;    /* NULL: the same */
  } cases[] = {
    { PORCH_LOCAL_PAGE, "<a href=\"http://localhost/wp/about/\">", "<a href=\"/about/\">" },
    { PORCH_LOCAL_PAGE, "<a href='http://localhost/wp/'>", "<a href='/'>" },
    { PORCH_LOCAL_PAGE, "<a href='http://localhost/wp'>", "<a href='/'>" },
    { PORCH_LOCAL_PAGE, "<a href='http://localhost/wp?p=1#x'>", "<a href='/?p=1#x'>" },
    { PORCH_LOCAL_PAGE, "<a href=http://localhost/wp/about>x</a>", "<a href=/about>x</a>" },
    { PORCH_LOCAL_PAGE, "<A HREF = \"HTTP://LocalHost/wp/about/?a=1&amp;b=2#c\" title='http://localhost/wp/about/'>",
      "<A HREF = \"/about/?a=1&amp;b=2#c\" title='http://localhost/wp/about/'>" },
    { PORCH_LOCAL_PAGE, "<img srcset='http://localhost/wp/a.jpg 1x,http://localhost/wp/b.jpg 2x' src=\"//localhost/wp/a.jpg\">",
      "<img srcset='/a.jpg 1x,/b.jpg 2x' src=\"/a.jpg\">" },
    { PORCH_LOCAL_PAGE, "<p style=\"background:url(http://localhost/wp/a.jpg)\"><p style='x:url(&quot;http://localhost/wp/b.jpg&quot;)'>",
      "<p style=\"background:url(/a.jpg)\"><p style='x:url(&quot;/b.jpg&quot;)'>" },
    { PORCH_LOCAL_PAGE, "<script>var a = \"http:\\/\\/localhost\\/wp\\/about\\/\", b='http://localhost/wp/s.css', c='http://localhost/wp';</script>",
      "<script>var a = \"\\/about\\/\", b='/s.css', c='http://localhost/wp';</script>" },
    { PORCH_LOCAL_PAGE, "<style>@import url(http://localhost/wp/s.css); /* url(http://localhost/wp/a.jpg) */</style>",
      "<style>@import url(/s.css); /* url(http://localhost/wp/a.jpg) */</style>" },
    { PORCH_LOCAL_PAGE, "<meta http-equiv=refresh content='0; url=http://localhost/wp/about/'>", "<meta http-equiv=refresh content='0; url=/about/'>" },
    { PORCH_LOCAL_PAGE, "<a href='http://localhost/wp/docs/my%20page.html'>", "<a href='/docs/my%20page.html'>" },
    { PORCH_LOCAL_PAGE, "<a b='1' href='http://localhost/wp/about/' c=\"2\" data-x=\"http://localhost/wp/a.jpg\">",
      "<a b='1' href='/about/' c=\"2\" data-x=\"/a.jpg\">" },
    { PORCH_LOCAL_PAGE, "<p>See http://localhost/wp/about/ or \"http://localhost/wp/about/\"</p><!-- <a href='http://localhost/wp/about/'> -->", NULL },
    { PORCH_LOCAL_PAGE, "<a href='http://localhost/wp/gone/'><a href='http://localhost/phpmyadmin/'>", NULL },
    { PORCH_LOCAL_PAGE, "<a href='https://share.example/?u=http://localhost/wp/about/'><input value='http://localhost/wp/about/'>", NULL },
    { PORCH_LOCAL_PAGE, "<a href='http://localhost.example.com/wp/about/'><a href='http://example.com/wp/about/'>", NULL },
    { PORCH_LOCAL_PAGE, "<a href='http://shop.local/about/'><a href='http://127.0.0.1:8000/about/#x'>", "<a href='/about/'><a href='/about/#x'>" },
    { PORCH_LOCAL_PAGE, "<a href='file:///home/me/exported/about/index.html'><a href='file:///C:/no/where.html'>",
      "<a href='/about/index.html'><a href='file:///C:/no/where.html'>" },
    { PORCH_LOCAL_STYLE, "a { b: url( http://localhost/wp/a.jpg ); c: url(\"http://localhost/wp/b.jpg\") } /* url(http://localhost/wp/a.jpg) */",
      "a { b: url( /a.jpg ); c: url(\"/b.jpg\") } /* url(http://localhost/wp/a.jpg) */" },
    { PORCH_LOCAL_SCRIPT, "// see http://localhost/wp/about/\nfetch(`http://localhost/wp/about/`); x = 'http://localhost:3000'",
      "// see http://localhost/wp/about/\nfetch(`/about/`); x = 'http://localhost:3000'" },
    { PORCH_LOCAL_XML, "<loc>http://localhost/wp/about/</loc><link>\n http://localhost/wp/</link><![CDATA[<a href=\"http://localhost/wp/a.jpg\">]]>",
      "<loc>/about/</loc><link>\n /</link><![CDATA[<a href=\"/a.jpg\">]]>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *result = rewrite (cases[i].before, cases[i].kind);

      g_assert_cmpstr (result, ==, cases[i].after != NULL ? cases[i].after : cases[i].before);
    }
}

/* As a WordPress export leaves them: named first, mended with consent, and checked as they are sent */
static void
test_links (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchTreatments) treatments = agree (PORCH_TREATMENT_LOCAL_LINKS);
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(GBytes) page = NULL;
  g_autoptr(GBytes) map = NULL;
  g_autofree char *name = g_build_filename (root, "index.html", NULL);
  g_autofree char *original = NULL;
  const char *start = HEAD "\n<a href='http://localhost:8080/wp/about/#team'>1</a>\n<a href='http://localhost:8080/wp/gone/'>2</a>\xfc\n"
                      "<link rel=stylesheet href=\"http://localhost:8080/wp/s.css?ver=6.1\">\r\n<script>var x = {\"u\":\"http:\\/\\/localhost:8080\\/wp\\/about\\/\"};</script>";
  const char *mended = HEAD "\n<a href='/about/#team'>1</a>\n<a href='http://localhost:8080/wp/gone/'>2</a>\xfc\n"
                       "<link rel=stylesheet href=\"/s.css?ver=6.1\">\r\n<script>var x = {\"u\":\"\\/about\\/\"};</script>";
  PorchFinding *finding;
  PorchFindingPlace place;

  tree_write (root, "index.html", start);
  tree_write (root, "about/index.html", HEAD "<p id=us>");
  tree_write (root, "s.css", "a { b: url(http://localhost:8080/wp/about/i.png) }");
  tree_write (root, "about/i.png", "\x89PNG");
  tree_write (root, "sitemap.xml", "<?xml version=\"1.0\"?><urlset><url><loc>http://localhost:8080/wp/about/</loc></url></urlset>");

  folder = scan (root, PORCH_SCAN_CHECK, NULL);
  finding = find (folder, "link.local");
  g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_WARNING);
  g_clear_object (&folder);

  folder = scan (root, PORCH_SCAN_CHECK, treatments);
  page = load (folder, "index.html");
  g_assert_cmpmem (g_bytes_get_data (page, NULL), g_bytes_get_size (page), mended, strlen (mended));
  map = load (folder, "sitemap.xml");
  g_assert_nonnull (memmem (g_bytes_get_data (map, NULL), g_bytes_get_size (map), "<loc>/about/</loc>", 18));

  /* What leads nowhere is still told of, and what is sent is judged as it is sent: the page has no place called team. */
  g_assert_nonnull (finding = find (folder, "link.anchor"));
  g_assert_cmpuint (porch_finding_get_line (finding), ==, 2);
  for (guint i = 0; i < g_list_model_get_n_items (porch_folder_get_findings (folder)); i++)
    {
      g_autoptr(PorchFinding) one = g_list_model_get_item (porch_folder_get_findings (folder), i);

      if (!g_str_equal (porch_finding_get_rule (one), "link.local"))
        continue;

      if (porch_finding_get_is_treated (one))
        {
          g_assert_cmpuint (porch_finding_get_n_places (one), ==, 5);
          g_assert_cmpstr (porch_finding_get_subject (one), ==, "localhost:8080");
          place = porch_finding_get_place (one, 0);
          g_assert_cmpstr (place.path, ==, "index.html");
          g_assert_cmpuint (place.line, ==, 2);
        }
      else
        {
          g_assert_cmpstr (porch_finding_get_subject (one), ==, "http://localhost:8080/wp/gone/");
          g_assert_cmpuint (porch_finding_get_line (one), ==, 3);
        }
    }

  g_assert_true (g_file_get_contents (name, &original, NULL, NULL));
  g_assert_cmpstr (original, ==, start);

  test_remove_folder (root);
}

/* What can't be treated is said, and sent as it is. */
static void
test_failure (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchTreatments) treatments = agree (PORCH_TREATMENT_SHRINK);
  g_autoptr(PorchFolder) folder = NULL;
  PorchFinding *finding;
  guint8 head[] = { 0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0x10, 0, 0x10, 0, 3, 1, 0x11, 0, 0xff, 0xda };
  g_autofree guint8 *data = g_malloc0 (2 * 1024 * 1024);

  tree_write (root, "index.html", HEAD "<img src=a.jpg alt=a>");
  memcpy (data, head, sizeof head);
  write_bytes (root, "a.jpg", data, 2 * 1024 * 1024);

  for (guint i = 0; i < 2; i++)
    {
      folder = scan (root, PORCH_SCAN_CHECK, treatments);
      finding = find (folder, "picture.heavy");
      g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_WARNING);
      g_assert_cmpint (porch_finding_get_treatment (finding), ==, PORCH_TREATMENT_NONE);
      g_assert_false (porch_finding_get_is_treated (finding));
      g_assert_null (porch_folder_lookup (folder, "a.jpg")->rendition);
      g_assert_false (porch_folder_has_errors (folder));
      g_clear_object (&folder);
    }

  test_remove_folder (root);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  dex_init ();

  test_add_fiber ("/site/treatment/json", test_json);
  test_add_fiber ("/site/treatment/location", test_location);
  test_add_fiber ("/site/treatment/location-formats", test_location_formats);
  test_add_fiber ("/site/treatment/location-garbage", test_location_garbage);
  test_add_fiber ("/site/treatment/shrink", test_shrink);
  test_add_fiber ("/site/treatment/shrink-webp", test_shrink_webp);
  test_add_fiber ("/site/treatment/shrink-refused", test_shrink_refused);
  test_add_fiber ("/site/treatment/cache", test_cache);
  test_add_fiber ("/site/treatment/links-table", test_links_table);
  test_add_fiber ("/site/treatment/links", test_links);
  test_add_fiber ("/site/treatment/failure", test_failure);

  return g_test_run ();
}
