/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-manifest-private.h"

#include "aws-json.h"
#include "porch-json.h"

#include <string.h>

#define RELEASE_LENGTH 22

/**
 * porch_release_id_new:
 * @time: (nullable): when it was begun; now if %NULL
 *
 * Returns: (transfer full): the id of a new release: `20260131-235959-q3zk7w`
 */
char *
porch_release_id_new (GDateTime *time)
{
  static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
  g_autoptr(GDateTime) utc = time != NULL ? g_date_time_to_utc (time) : g_date_time_new_now_utc ();
  g_autofree char *text = g_date_time_format (utc, "%Y%m%d-%H%M%S");
  char random[7] = "";

  for (gsize i = 0; i < 6; i++)
    random[i] = base32[g_random_int_range (0, 32)];

  return g_strconcat (text, "-", random, NULL);
}

gboolean
porch_release_id_is_valid (const char *id)
{
  if (id == NULL || strlen (id) != RELEASE_LENGTH)
    return FALSE;

  for (gsize i = 0; i < RELEASE_LENGTH; i++)
    {
      if (i == 8 || i == 15)
        {
          if (id[i] != '-')
            return FALSE;
        }
      else if (i < 15 ? !g_ascii_isdigit (id[i])
                      : !g_ascii_islower (id[i]) && (id[i] < '2' || id[i] > '7'))
        {
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * porch_release_id_get_time:
 * @id: id of a release
 *
 * Returns: (transfer full) (nullable): when the release was begun
 */
GDateTime *
porch_release_id_get_time (const char *id)
{
  g_autofree char *text = NULL;

  if (!porch_release_id_is_valid (id))
    return NULL;

  text = g_strdup_printf ("%.8sT%.6sZ", id, id + 9);

  return g_date_time_new_from_iso8601 (text, NULL);
}

/**
 * porch_manifest_build_key:
 * @release: id of a release
 *
 * Returns: (transfer full): the key under which its manifest is kept
 */
char *
porch_manifest_build_key (const char *release)
{
  return g_strconcat ("manifests/", release, ".json", NULL);
}

static const char * const kinds[] = { "added", "changed", "removed", "renamed" };

/**
 * porch_change_kind_to_string:
 * @kind: what became of a file
 *
 * Returns: the word for it in scripts and records
 */
const char *
porch_change_kind_to_string (PorchChangeKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (kinds), NULL);

  return kinds[kind];
}

static gboolean
kind_from_string (const char      *text,
                  PorchChangeKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (text, kinds[i]) == 0)
      {
        *kind = i;
        return TRUE;
      }

  return FALSE;
}

/**
 * porch_page_change_new:
 * @kind: what became of it
 * @path: the page's file
 * @old_path: (nullable): where a renamed page was
 * @title: (nullable): what the page calls itself
 *
 * Returns: (transfer full): a page that differs
 */
PorchPageChange *
porch_page_change_new (PorchChangeKind  kind,
                       const char      *path,
                       const char      *old_path,
                       const char      *title)
{
  PorchPageChange *self = g_new0 (PorchPageChange, 1);

  self->kind = kind;
  self->path = g_strdup (path);
  self->old_path = g_strdup (old_path);
  self->title = g_strdup (title);

  return self;
}

void
porch_page_change_free (PorchPageChange *self)
{
  g_free (self->path);
  g_free (self->old_path);
  g_free (self->title);
  g_free (self);
}

static void
append_pages (GString                    *string,
              const PorchManifestSummary *self)
{
  if (self->n_pages == 0)
    return;

  g_string_append_printf (string, ",\"pageChanges\":%u,\"pages\":[", self->n_pages);

  for (guint i = 0; i < self->pages->len; i++)
    {
      const PorchPageChange *page = g_ptr_array_index (self->pages, i);

      g_string_append_printf (string, "%s{\"kind\":\"%s\"", i > 0 ? "," : "", kinds[page->kind]);
      porch_json_append_member (string, "path", page->path);
      porch_json_append_member (string, "oldPath", page->old_path);
      porch_json_append_member (string, "title", page->title);
      g_string_append_c (string, '}');
    }

  g_string_append_c (string, ']');
}

/**
 * porch_manifest_summary_to_json:
 * @self: a summary
 *
 * Returns: (transfer full): the summary as a JSON object
 */
char *
porch_manifest_summary_to_json (const PorchManifestSummary *self)
{
  GString *string;

  g_return_val_if_fail (self != NULL, NULL);

  string = g_string_new ("{\"version\":1");
  porch_json_append_member (string, "release", self->release);
  porch_json_append_member (string, "date", self->date);
  porch_json_append_member (string, "note", self->note);
  porch_json_append_member (string, "author", self->author);
  porch_json_append_member (string, "source", self->source);
  porch_json_append_member (string, "previous", self->previous);
  g_string_append_printf (string, ",\"files\":%u,\"bytes\":%" G_GUINT64_FORMAT ",\"added\":%u,\"changed\":%u,\"removed\":%u",
                          self->files, self->bytes, self->added, self->changed, self->removed);

  if (self->renamed > 0)
    g_string_append_printf (string, ",\"renamed\":%u", self->renamed);
  if (self->is_draft)
    g_string_append (string, ",\"draft\":true");

  append_pages (string, self);
  g_string_append_c (string, '}');

  return g_string_free_and_steal (string);
}

static guint
get_count (JsonObject *object,
           const char *name)
{
  return CLAMP (aws_json_get_int (object, name, 0), 0, G_MAXINT);
}

/* What can't be understood is left out: it is only shown. */
static GPtrArray *
take_pages (JsonArray *array)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_page_change_free);

  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), PORCH_MANIFEST_MAX_PAGES); i++)
    {
      JsonObject *object = aws_json_array_get_object (array, i);
      const char *path = object != NULL ? aws_json_get_string (object, "path") : NULL;
      PorchChangeKind kind;

      if (path != NULL && kind_from_string (aws_json_get_string (object, "kind"), &kind))
        g_ptr_array_add (pages, porch_page_change_new (kind, path, aws_json_get_string (object, "oldPath"),
                                                       aws_json_get_string (object, "title")));
    }

  return pages;
}

PorchManifestSummary *
porch_manifest_summary_new_from_object (JsonObject *object)
{
  PorchManifestSummary *self;

  if (aws_json_get_int (object, "version", 0) != 1 ||
      !porch_release_id_is_valid (aws_json_get_string (object, "release")))
    return NULL;

  self = g_new0 (PorchManifestSummary, 1);
  self->release = g_strdup (aws_json_get_string (object, "release"));
  self->date = g_strdup (aws_json_get_string (object, "date"));
  self->note = g_strdup (aws_json_get_string (object, "note"));
  self->author = g_strdup (aws_json_get_string (object, "author"));
  self->source = g_strdup (aws_json_get_string (object, "source"));
  self->previous = g_strdup (aws_json_get_string (object, "previous"));
  self->bytes = MAX (aws_json_get_int (object, "bytes", 0), 0);
  self->files = get_count (object, "files");
  self->added = get_count (object, "added");
  self->changed = get_count (object, "changed");
  self->removed = get_count (object, "removed");
  self->renamed = get_count (object, "renamed");
  self->pages = take_pages (aws_json_get_array (object, "pages"));
  self->n_pages = MAX (get_count (object, "pageChanges"), self->pages->len);
  self->is_draft = aws_json_get_bool (object, "draft");

  if (self->previous != NULL && !porch_release_id_is_valid (self->previous))
    g_clear_pointer (&self->previous, g_free);

  return self;
}

/**
 * porch_manifest_summary_new_from_json:
 * @json: a JSON object
 *
 * Returns: (transfer full) (nullable): the summary, or %NULL when it is none
 */
PorchManifestSummary *
porch_manifest_summary_new_from_json (const char *json)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (json, strlen (json));
  g_autoptr(JsonObject) object = aws_json_load_object (bytes, NULL);

  return object != NULL ? porch_manifest_summary_new_from_object (object) : NULL;
}

PorchManifestSummary *
porch_manifest_summary_copy (const PorchManifestSummary *self)
{
  PorchManifestSummary *copy = g_memdup2 (self, sizeof *self);

  copy->release = g_strdup (self->release);
  copy->date = g_strdup (self->date);
  copy->note = g_strdup (self->note);
  copy->author = g_strdup (self->author);
  copy->source = g_strdup (self->source);
  copy->previous = g_strdup (self->previous);
  copy->pages = g_ptr_array_ref (self->pages);

  return copy;
}

void
porch_manifest_summary_free (PorchManifestSummary *self)
{
  g_free (self->release);
  g_free (self->date);
  g_free (self->note);
  g_free (self->author);
  g_free (self->source);
  g_free (self->previous);
  g_ptr_array_unref (self->pages);
  g_free (self);
}
