/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-manifest-private.h"

#include "aws-json.h"
#include "porch-error.h"
#include "porch-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _PorchManifest
{
  GObject               parent_instance;

  PorchManifestSummary *summary;
  PorchPointerValue    *pointer;
  PorchRedirects       *redirects;
  GArray               *entries;   /* PorchManifestEntry, sorted by path */
  GStringChunk         *strings;
  gboolean              redirects_differ;
};

G_DEFINE_FINAL_TYPE (PorchManifest, porch_manifest, G_TYPE_OBJECT)

static void
porch_manifest_finalize (GObject *object)
{
  PorchManifest *self = PORCH_MANIFEST (object);

  g_clear_pointer (&self->summary, porch_manifest_summary_free);
  g_clear_pointer (&self->pointer, porch_pointer_value_unref);
  g_clear_pointer (&self->redirects, porch_redirects_unref);
  g_clear_pointer (&self->entries, g_array_unref);
  g_clear_pointer (&self->strings, g_string_chunk_free);

  G_OBJECT_CLASS (porch_manifest_parent_class)->finalize (object);
}

static void
porch_manifest_class_init (PorchManifestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = porch_manifest_finalize;
}

static void
porch_manifest_init (PorchManifest *self)
{
  self->summary = g_new0 (PorchManifestSummary, 1);
  self->summary->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_page_change_free);
  self->entries = g_array_new (FALSE, FALSE, sizeof (PorchManifestEntry));
  self->strings = g_string_chunk_new (16 * 1024);
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const PorchManifestEntry *entry_a = a;
  const PorchManifestEntry *entry_b = b;

  return strcmp (entry_a->path, entry_b->path);
}

/* A manifest in the making: append, edit the summary, then finish. */
PorchManifest *
porch_manifest_new (const char *release)
{
  PorchManifest *self = g_object_new (PORCH_TYPE_MANIFEST, NULL);

  self->summary->release = g_strdup (release);

  return self;
}

PorchManifestSummary *
porch_manifest_edit_summary (PorchManifest *self)
{
  return self->summary;
}

void
porch_manifest_append (PorchManifest *self,
                       const char    *path,
                       const char    *release,
                       guint64        size,
                       const char    *sha256,
                       const char    *type,
                       const char    *cache,
                       const char    *title,
                       gboolean       carried)
{
  PorchManifestEntry entry = {
    .path = g_string_chunk_insert (self->strings, path),
    .release = g_string_chunk_insert_const (self->strings, release),
    .sha256 = g_string_chunk_insert (self->strings, sha256),
    .type = g_string_chunk_insert_const (self->strings, type),
    .cache = g_string_chunk_insert_const (self->strings, cache),
    .title = title != NULL ? g_string_chunk_insert_const (self->strings, title) : NULL,
    .size = size,
    .carried = carried,
  };

  g_array_append_val (self->entries, entry);

  if (!carried)
    {
      self->summary->files++;
      self->summary->bytes += size;
    }
}

void
porch_manifest_sort (PorchManifest *self)
{
  g_array_sort (self->entries, compare_entries);
}

/* The redirects of the release, and whether they are others than those of the one before. */
void
porch_manifest_take_redirects (PorchManifest  *self,
                               PorchRedirects *redirects,
                               PorchRedirects *before)
{
  gboolean has = redirects != NULL && !porch_redirects_is_empty (redirects);
  gboolean had = before != NULL && !porch_redirects_is_empty (before);

  self->redirects_differ = has && had ? !porch_redirects_equal (redirects, before) : has != had;
  g_clear_pointer (&self->redirects, porch_redirects_unref);

  if (has)
    self->redirects = g_steal_pointer (&redirects);

  g_clear_pointer (&redirects, porch_redirects_unref);
}

static PorchPointerValue *
make_pointer (PorchManifest *self,
              GHashTable    *folders,
              GPtrArray     *files)
{
  g_autoptr(PorchPointerValue) plain = porch_pointer_value_new (self->summary->release, folders, files, NULL);

  return porch_pointer_value_with_redirects (plain, self->redirects);
}

/* Sorts what was appended. FALSE if a path is there twice, or an object does not lie where the pointer leads. */
gboolean
porch_manifest_finish (PorchManifest *self,
                       GHashTable    *folders,
                       GPtrArray     *files)
{
  const PorchManifestEntry *last = NULL;

  porch_manifest_sort (self);
  self->pointer = make_pointer (self, folders, files);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const PorchManifestEntry *entry = &g_array_index (self->entries, PorchManifestEntry, i);
      g_autofree char *key = porch_manifest_entry_build_key (entry);
      g_autofree char *resolved = porch_pointer_value_resolve (self->pointer, entry->path);

      if ((last != NULL && g_str_equal (last->path, entry->path)) || !g_str_equal (key, resolved))
        return FALSE;

      last = entry;
    }

  return TRUE;
}

static gboolean
is_good_path (const char *path)
{
  const char *segment = path;

  if (path == NULL)
    return FALSE;

  for (;;)
    {
      gsize length = strcspn (segment, "/");

      if (length == 0 ||
          (length == 1 && segment[0] == '.') ||
          (length == 2 && segment[0] == '.' && segment[1] == '.'))
        return FALSE;

      if (segment[length] == '\0')
        return TRUE;

      segment += length + 1;
    }
}

static gboolean
is_good_header (const char *value)
{
  if (value == NULL || *value == '\0')
    return FALSE;

  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isprint (*p))
      return FALSE;

  return TRUE;
}

static gboolean
take_entry (PorchManifest *self,
            JsonObject    *object)
{
  const char *path;
  const char *release;
  const char *sha256;
  const char *type;
  const char *cache;
  gint64 size;

  if (object == NULL)
    return FALSE;

  path = aws_json_get_string (object, "path");
  release = aws_json_get_string (object, "release");
  sha256 = aws_json_get_string (object, "sha256");
  type = aws_json_get_string (object, "type");
  cache = aws_json_get_string (object, "cache");
  size = aws_json_get_int (object, "size", -1);

  if (!is_good_path (path) || !porch_release_id_is_valid (release) || size < 0 ||
      sha256 == NULL || strlen (sha256) != 64 || strspn (sha256, "0123456789abcdef") != 64 ||
      !is_good_header (type) || !is_good_header (cache))
    return FALSE;

  porch_manifest_append (self, path, release, size, sha256, type, cache, aws_json_get_string (object, "title"),
                         aws_json_get_bool (object, "carried"));

  return TRUE;
}

static gboolean
take_redirects (PorchManifest *self,
                JsonNode      *node)
{
  g_autofree char *json = node != NULL ? json_to_string (node, FALSE) : NULL;

  if (json != NULL)
    self->redirects = porch_redirects_new_from_json (json, NULL);

  return node == NULL || self->redirects != NULL;
}

static gboolean
take_json (PorchManifest *self,
           JsonObject    *object)
{
  JsonArray *entries = aws_json_get_array (object, "entries");
  JsonNode *pointer = json_object_get_member (object, "pointer");
  g_autoptr(PorchManifestSummary) summary = porch_manifest_summary_new_from_object (object);
  g_autoptr(PorchPointerValue) value = NULL;
  g_autofree char *json = NULL;

  if (summary == NULL || entries == NULL || pointer == NULL)
    return FALSE;

  json = json_to_string (pointer, FALSE);
  value = porch_pointer_value_new_from_json (json, NULL);

  if (value == NULL || !g_str_equal (porch_pointer_value_get_release (value), summary->release) ||
      !take_redirects (self, json_object_get_member (object, "redirects")))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (entries); i++)
    if (!take_entry (self, aws_json_array_get_object (entries, i)))
      return FALSE;

  g_clear_pointer (&self->summary, porch_manifest_summary_free);
  self->summary = g_steal_pointer (&summary);

  return porch_manifest_finish (self, porch_pointer_value_get_folders (value), porch_pointer_value_get_files (value));
}

/**
 * porch_manifest_new_from_json:
 * @json: a manifest as kept in the bucket
 * @error: return location
 *
 * Reads a manifest, trusting nothing. Can be called on any thread.
 *
 * Returns: (transfer full) (nullable): the manifest, or %NULL with %PORCH_ERROR_DAMAGED set
 */
PorchManifest *
porch_manifest_new_from_json (GBytes  *json,
                              GError **error)
{
  g_autoptr(PorchManifest) self = NULL;
  g_autoptr(JsonObject) object = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  object = aws_json_load_object (json, NULL);
  self = g_object_new (PORCH_TYPE_MANIFEST, NULL);

  if (object != NULL && take_json (self, object))
    return g_steal_pointer (&self);

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DAMAGED,
                       _("The list of files of a published version can’t be understood."));

  return NULL;
}

/**
 * porch_manifest_to_json:
 * @self: a manifest
 *
 * Returns: (transfer full): the manifest as kept in the bucket
 */
GBytes *
porch_manifest_to_json (PorchManifest *self)
{
  g_autofree char *summary = NULL;
  g_autofree char *pointer = NULL;
  GString *string;

  g_return_val_if_fail (PORCH_IS_MANIFEST (self), NULL);

  summary = porch_manifest_summary_to_json (self->summary);
  pointer = porch_pointer_value_to_json (self->pointer);

  string = g_string_sized_new (self->entries->len * 256 + 1024);
  g_string_append (string, summary);
  g_string_truncate (string, string->len - 1);
  g_string_append_printf (string, ",\"pointer\":%s", pointer);

  if (self->redirects != NULL)
    {
      g_autofree char *redirects = porch_redirects_to_json (self->redirects);

      g_string_append_printf (string, ",\"redirects\":%s", redirects);
    }

  g_string_append (string, ",\"entries\":[");

  for (guint i = 0; i < self->entries->len; i++)
    {
      const PorchManifestEntry *entry = &g_array_index (self->entries, PorchManifestEntry, i);

      g_string_append (string, i > 0 ? ",\n{\"path\":" : "\n{\"path\":");
      porch_json_append_string (string, entry->path);
      porch_json_append_member (string, "release", entry->release);
      g_string_append_printf (string, ",\"size\":%" G_GUINT64_FORMAT, entry->size);
      porch_json_append_member (string, "sha256", entry->sha256);
      porch_json_append_member (string, "type", entry->type);
      porch_json_append_member (string, "cache", entry->cache);
      porch_json_append_member (string, "title", entry->title);
      g_string_append (string, entry->carried ? ",\"carried\":true}" : "}");
    }

  g_string_append (string, "\n]}\n");

  return g_string_free_to_bytes (string);
}

const char *
porch_manifest_get_release (PorchManifest *self)
{
  g_return_val_if_fail (PORCH_IS_MANIFEST (self), NULL);

  return self->summary->release;
}

/**
 * porch_manifest_get_summary:
 * @self: a manifest
 *
 * Returns: (transfer none): what the history shows of it
 */
const PorchManifestSummary *
porch_manifest_get_summary (PorchManifest *self)
{
  g_return_val_if_fail (PORCH_IS_MANIFEST (self), NULL);

  return self->summary;
}

/**
 * porch_manifest_get_pointer:
 * @self: a manifest
 *
 * Returns: (transfer none): what makes the release live, without settings of the edge
 */
PorchPointerValue *
porch_manifest_get_pointer (PorchManifest *self)
{
  g_return_val_if_fail (PORCH_IS_MANIFEST (self), NULL);

  return self->pointer;
}

/**
 * porch_manifest_get_redirects:
 * @self: a manifest
 *
 * Returns: (transfer none) (nullable): the redirects of the release, %NULL if it has none
 */
PorchRedirects *
porch_manifest_get_redirects (PorchManifest *self)
{
  g_return_val_if_fail (PORCH_IS_MANIFEST (self), NULL);

  return self->redirects;
}

/**
 * porch_manifest_differs:
 * @self: a manifest that was made for a folder
 *
 * Returns: whether it shows anything else than the release that it was compared with, or sends visitors elsewhere
 */
gboolean
porch_manifest_differs (PorchManifest *self)
{
  g_return_val_if_fail (PORCH_IS_MANIFEST (self), FALSE);

  return self->summary->added > 0 || self->summary->changed > 0 || self->summary->removed > 0 ||
         self->summary->renamed > 0 || self->redirects_differ;
}

guint
porch_manifest_get_n_entries (PorchManifest *self)
{
  g_return_val_if_fail (PORCH_IS_MANIFEST (self), 0);

  return self->entries->len;
}

/**
 * porch_manifest_get_entry:
 * @self: a manifest
 * @position: less than the number of entries; they are sorted by path, byte by byte
 *
 * Returns: (transfer none): the entry
 */
const PorchManifestEntry *
porch_manifest_get_entry (PorchManifest *self,
                          guint          position)
{
  g_return_val_if_fail (PORCH_IS_MANIFEST (self), NULL);
  g_return_val_if_fail (position < self->entries->len, NULL);

  return &g_array_index (self->entries, PorchManifestEntry, position);
}

/**
 * porch_manifest_lookup:
 * @self: a manifest
 * @path: what a visitor asks for, without the leading slash
 *
 * Returns: (transfer none) (nullable): its entry
 */
const PorchManifestEntry *
porch_manifest_lookup (PorchManifest *self,
                       const char    *path)
{
  PorchManifestEntry key = { .path = (char *) path };

  g_return_val_if_fail (PORCH_IS_MANIFEST (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return bsearch (&key, self->entries->data, self->entries->len, sizeof key, compare_entries);
}

/**
 * porch_manifest_entry_build_key:
 * @entry: an entry
 *
 * Returns: (transfer full): the key of its object
 */
char *
porch_manifest_entry_build_key (const PorchManifestEntry *entry)
{
  g_return_val_if_fail (entry != NULL, NULL);

  return g_strconcat ("releases/", entry->release, "/", entry->path, NULL);
}
