/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-check-private.h"

#include "aws-checksum.h"
#include "porch-content-sum.h"
#include "porch-form-reader.h"
#include "porch-location.h"
#include "porch-shrink.h"

/* A file is treated in memory, one for each thread. */
#define MAX_TREATED (128 * 1024 * 1024)

#define LOCATION_RULES 1
#define PAGE_RULES     1

static gboolean
is_picture_address (const char *address)
{
  static const char * const endings[] = { ".jpg", ".jpeg", ".png", ".webp" };
  gsize length = strcspn (address, "?#");

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize n = strlen (endings[i]);

      if (length > n && g_ascii_strncasecmp (address + length - n, endings[i], n) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Only a picture that every page shows in a width that it says can be made that small. */
static void
note_widths (PorchCheck      *self,
             const PorchFile *file,
             const PorchPage *page)
{
  Place place = { 0 };

  porch_place_init (&place, self, file, page);

  for (guint i = 0; i < porch_page_get_n_links (page) && !place.is_elsewhere; i++)
    {
      const PorchLink *link = porch_page_get_link (page, i);
      g_autofree char *path = NULL;
      const PorchFile *picture;
      Facts *facts;

      if (!is_picture_address (link->address) || porch_page_measure_scheme (link->address) > 0 ||
          (path = porch_place_resolve (&place, link->address)) == NULL ||
          (picture = porch_check_find_file (self, self->positions, path)) == NULL)
        continue;

      facts = porch_check_get_facts (self, picture);
      facts->shown = link->kind == PORCH_LINK_PICTURE && link->width > 0 ? MAX (facts->shown, link->width) : SHOWN_ANYHOW;
    }

  porch_place_clear (&place);
}

/* Thread function, run once: what can only be said when all files are read. */
gboolean
porch_check_plan (gpointer   data,
                  GError   **error)
{
  PorchCheck *self = data;

  self->folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->renditions = porch_renditions_new (self->hashes);

  for (guint i = 0; i < self->scan->files->len && !g_atomic_int_get (&self->scan->cancelled); i++)
    {
      const PorchFile *file = g_ptr_array_index (self->scan->files, i);

      if (file->sha256 == NULL)
        continue;

      g_hash_table_insert (self->folded, porch_scan_fold (file->path), file->path);

      if (self->facts[i].local != NULL)
        porch_local_bases_add (self->bases, self->facts[i].local);
      if (self->facts[i].page != NULL)
        note_widths (self, file, self->facts[i].page);
    }

  porch_local_bases_elect (self->bases);

  return TRUE;
}

gboolean
porch_check_can_shrink (const PorchFile *file,
                        const Facts     *facts)
{
  return (file->size > HEAVY_PICTURE || porch_check_is_oversized (file, facts)) && file->size <= MAX_TREATED &&
         porch_shrink_can (file->type, &facts->photo) && !facts->has_failed;
}

/* The file as it was hashed; NULL if it is another by now */
static char *
load (PorchCheck *self,
      PorchFile  *file,
      gsize      *length)
{
  g_autofree char *filename = g_build_filename (self->scan->root, file->path, NULL);
  g_autofree char *data = NULL;
  g_autofree char *sha256 = NULL;

  if (file->size > MAX_TREATED || !g_file_get_contents (filename, &data, length, NULL))
    return NULL;

  sha256 = porch_content_sum_compute (data, *length);

  return g_str_equal (sha256, file->sha256) ? g_steal_pointer (&data) : NULL;
}

/* The copy takes the place of the file in all that follows. */
static void
use (PorchFile      *file,
     Facts          *facts,
     PorchRendition *rendition)
{
  facts->saved += file->size > rendition->size ? file->size - rendition->size : 0;

  g_free (file->rendition);
  file->rendition = g_steal_pointer (&rendition->filename);
  g_free (file->sha256);
  file->sha256 = g_steal_pointer (&rendition->sha256);
  g_clear_pointer (&file->parts, g_bytes_unref);
  file->size = rendition->size;
  file->inode = rendition->inode;
}

/* Keeps a copy, or that there is none to be had. */
static gboolean
keep (PorchCheck     *self,
      const char     *key,
      GBytes         *copy,
      PorchRendition *rendition)
{
  g_autoptr(GError) error = NULL;
  gsize length = 0;
  const guint8 *data = copy != NULL ? g_bytes_get_data (copy, &length) : NULL;

  if (porch_renditions_add (self->renditions, key, data, length, rendition, &error))
    return TRUE;

  g_debug ("A treated copy can't be kept: %s", error->message);

  return FALSE;
}

/* Two pixels for one, for sharp screens, if the pages say how wide it is shown. */
static guint
choose_width (const PorchFile *file,
              const Facts     *facts)
{
  return facts->shown > 0 && facts->shown < PORCH_SHRINK_SIDE ? facts->shown * SHARP_COPY : 0;
}

static gboolean
shrink (PorchCheck *self,
        PorchFile  *file,
        Facts      *facts)
{
  guint width = choose_width (file, facts);
  g_autofree char *treatment = g_strdup_printf ("shrink %d %u", PORCH_SHRINK_RULES, width);
  g_autofree char *key = porch_renditions_dup_key (file->sha256, treatment);
  g_auto(PorchRendition) rendition = { 0 };

  if (!porch_renditions_find (self->renditions, key, &rendition))
    {
      gsize length;
      g_autofree char *data = load (self, file, &length);
      g_autoptr(GBytes) copy = data != NULL ? porch_shrink ((const guint8 *) data, length, file->type, width) : NULL;

      if (data == NULL || !keep (self, key, copy, &rendition))
        return FALSE;
    }

  if (rendition.filename == NULL)
    return FALSE;

  use (file, facts, &rendition);
  facts->is_shrunk = TRUE;
  facts->photo.has_location = FALSE;

  return TRUE;
}

static gboolean
strip (PorchCheck *self,
       PorchFile  *file,
       Facts      *facts)
{
  g_autofree char *treatment = g_strdup_printf ("location %d", LOCATION_RULES);
  g_autofree char *key = porch_renditions_dup_key (file->sha256, treatment);
  g_auto(PorchRendition) rendition = { 0 };

  if (!porch_renditions_find (self->renditions, key, &rendition))
    {
      gsize length;
      g_autofree char *data = load (self, file, &length);
      g_autoptr(GBytes) copy = NULL;

      if (data == NULL)
        return FALSE;

      if (porch_location_erase ((guint8 *) data, length))
        copy = g_bytes_new_take (g_steal_pointer (&data), length);
      if (!keep (self, key, copy, &rendition))
        return FALSE;
    }

  if (rendition.filename == NULL)
    return FALSE;

  use (file, facts, &rendition);
  facts->photo.has_location = FALSE;

  return TRUE;
}

static void
treat_picture (PorchCheck *self,
               PorchFile  *file,
               Facts      *facts)
{
  PorchTreatments *treatments = self->scan->treatments;
  gboolean wants_shrink = porch_treatments_has (treatments, PORCH_TREATMENT_SHRINK) && porch_check_can_shrink (file, facts);
  gboolean wants_strip = porch_treatments_has (treatments, PORCH_TREATMENT_STRIP_LOCATION) && facts->photo.has_location;

  if (wants_shrink && shrink (self, file, facts))
    return;

  facts->has_failed = wants_shrink;
  if (wants_strip && !strip (self, file, facts))
    facts->has_failed = TRUE;
}

static guint
count_mended (PorchCheck *self,
              const Facts *facts)
{
  guint n = 0;

  for (guint i = 0; i < facts->local->len; i++)
    {
      const PorchLocalLink *link = &g_array_index (facts->local, PorchLocalLink, i);
      g_autofree char *path = porch_local_bases_resolve (self->bases, link->origin, link->path, link->is_in_script);

      n += path != NULL;
    }

  return n;
}

/* Takes the place of @data, which is freed */
static void
replace (char       **data,
         gsize       *length,
         GByteArray  *bytes)
{
  g_free (*data);
  *length = bytes->len;
  *data = (char *) g_byte_array_free (bytes, FALSE);
}

static gboolean
mend_links (PorchCheck  *self,
            Facts       *facts,
            guint        n,
            char       **data,
            gsize       *length)
{
  GByteArray *mended = porch_local_bases_rewrite (self->bases, *data, *length, facts->local);

  if (mended == NULL)
    {
      facts->has_failed = TRUE;
      return FALSE;
    }

  replace (data, length, mended);
  facts->n_mended = n;

  return TRUE;
}

static gboolean
connect_forms (PorchCheck  *self,
               Facts       *facts,
               char       **data,
               gsize       *length)
{
  g_autoptr(GArray) lines = g_array_new (FALSE, FALSE, sizeof (guint));
  GByteArray *connected;

  facts->forms = porch_form_reader_read (*data, *length, porch_treatments_get_form_path (self->scan->treatments));
  connected = porch_form_reader_connect (*data, *length, facts->forms, self->scan->treatments, lines);

  if (connected == NULL)
    return FALSE;

  replace (data, length, connected);
  facts->connected = g_steal_pointer (&lines);

  return TRUE;
}

/* Which addresses lead where depends on the other files, so that the copy has to be made each time; it is written once. */
static void
treat_page (PorchCheck *self,
            PorchFile  *file,
            Facts      *facts)
{
  gboolean wants_links = facts->local != NULL && porch_treatments_has (self->scan->treatments, PORCH_TREATMENT_LOCAL_LINKS);
  guint n = wants_links ? count_mended (self, facts) : 0;
  g_autofree char *data = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *treatment = NULL;
  g_autofree char *key = NULL;
  g_autoptr(GBytes) copy = NULL;
  g_auto(PorchRendition) rendition = { 0 };
  gboolean is_changed = FALSE;
  gsize length;

  if (n == 0 && !facts->has_form)
    return;

  if ((data = load (self, file, &length)) == NULL)
    {
      facts->has_failed = TRUE;
      return;
    }

  if (n > 0)
    is_changed |= mend_links (self, facts, n, &data, &length);
  if (facts->has_form)
    is_changed |= connect_forms (self, facts, &data, &length);
  if (!is_changed)
    return;

  sha256 = aws_sha256_hex (data, length);
  treatment = g_strdup_printf ("page %d %s", PAGE_RULES, sha256);
  key = porch_renditions_dup_key (file->sha256, treatment);
  copy = g_bytes_new_take (g_steal_pointer (&data), length);

  if (!porch_renditions_find (self->renditions, key, &rendition) && !keep (self, key, copy, &rendition))
    {
      facts->has_failed = TRUE;
      facts->n_mended = 0;
      g_clear_pointer (&facts->connected, g_array_unref);
      return;
    }

  use (file, facts, &rendition);
}

/* Thread function: makes the copies that the owner wants, until no file is left. */
gboolean
porch_check_treat (gpointer   data,
                   GError   **error)
{
  PorchCheck *self = data;

  for (;;)
    {
      guint i = g_atomic_int_add (&self->next_to_treat, 1);
      PorchFile *file;
      Facts *facts;

      if (i >= self->scan->files->len || g_atomic_int_get (&self->scan->cancelled))
        return TRUE;

      file = g_ptr_array_index (self->scan->files, i);
      facts = &self->facts[i];

      if (file->sha256 == NULL)
        continue;

      if (porch_check_has_type (file, "image/") && !porch_check_has_type (file, "image/svg"))
        treat_picture (self, file, facts);
      else
        treat_page (self, file, facts);
    }
}
