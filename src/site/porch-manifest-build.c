/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-manifest-private.h"

#include <string.h>

/* The files at the top, or those of one top-level folder: as they are to be, and as they are live */
typedef struct
{
  char      *name;
  GPtrArray *files;    /* PorchFile */
  GPtrArray *live;     /* PorchManifestEntry */
  guint64    bytes;
  gboolean   shared;
} Group;

static void
group_free (gpointer data)
{
  Group *group = data;

  g_free (group->name);
  g_ptr_array_unref (group->files);
  g_ptr_array_unref (group->live);
  g_free (group);
}

static Group *
ensure_group (GHashTable *groups,
              const char *path)
{
  const char *slash = strchr (path, '/');
  g_autofree char *name = g_strndup (path, slash != NULL ? slash - path : 0);
  Group *group = g_hash_table_lookup (groups, name);

  if (group == NULL)
    {
      group = g_new0 (Group, 1);
      group->name = g_steal_pointer (&name);
      group->files = g_ptr_array_new ();
      group->live = g_ptr_array_new ();
      g_hash_table_insert (groups, group->name, group);
    }

  return group;
}

static GHashTable *
make_groups (PorchFolder   *folder,
             PorchManifest *live)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, group_free);

  for (guint i = 0; i < porch_folder_get_n_files (folder); i++)
    {
      const PorchFile *file = porch_folder_get_file (folder, i);
      Group *group = ensure_group (groups, file->path);

      g_ptr_array_add (group->files, (gpointer) file);
      group->bytes += file->size;
    }

  for (guint i = 0; live != NULL && i < porch_manifest_get_n_entries (live); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (live, i);

      g_ptr_array_add (ensure_group (groups, entry->path)->live, (gpointer) entry);
    }

  return groups;
}

static gboolean
is_same (const PorchFile          *file,
         const PorchManifestEntry *entry)
{
  return g_str_equal (file->path, entry->path) &&
         file->size == entry->size &&
         g_str_equal (file->sha256, entry->sha256) &&
         g_str_equal (file->type, entry->type) &&
         g_str_equal (porch_cache_rule_get_header (file->cache), entry->cache);
}

static gboolean
is_unchanged (const Group *group)
{
  guint n = 0;

  for (guint i = 0; i < group->live->len; i++)
    {
      const PorchManifestEntry *entry = g_ptr_array_index (group->live, i);

      if (entry->carried)
        continue;

      if (n >= group->files->len || !is_same (g_ptr_array_index (group->files, n), entry))
        return FALSE;

      n++;
    }

  return n > 0 && n == group->files->len;
}

/* Names with a question mark are settings of the edge; the other one is no ordinary name in JavaScript. */
static gboolean
can_be_named (const char *name)
{
  return *name != '\0' && *name != '?' && !g_str_equal (name, "__proto__");
}

static int
compare_groups (gconstpointer a,
                gconstpointer b)
{
  const Group *group_a = *(const Group * const *) a;
  const Group *group_b = *(const Group * const *) b;

  if (group_a->files->len != group_b->files->len)
    return group_a->files->len > group_b->files->len ? -1 : 1;
  if (group_a->bytes != group_b->bytes)
    return group_a->bytes > group_b->bytes ? -1 : 1;

  return strcmp (group_a->name, group_b->name);
}

static const char *
get_holder (const Group *group)
{
  const PorchManifestEntry *entry = g_ptr_array_index (group->live, 0);

  return entry->release;
}

static gsize
get_pointer_size (const char *release,
                  GHashTable *folders,
                  GPtrArray  *files)
{
  g_autoptr(PorchPointerValue) value = porch_pointer_value_new (release, folders, files, NULL);
  g_autofree char *json = porch_pointer_value_to_json (value);

  return strlen (json);
}

/* Which pages were renamed is only known later. */
static gsize
get_room (PorchFolder                *folder,
          PorchManifest              *live,
          const PorchManifestSummary *summary)
{
  gboolean may_redirect = porch_folder_get_redirects (folder) != NULL || summary->removed > 0 ||
                          (live != NULL && porch_manifest_get_redirects (live) != NULL);

  return PORCH_POINTER_RELEASE_SIZE - (may_redirect ? PORCH_POINTER_REDIRECTS_SIZE : 0);
}

/* Unchanged folders stay where they are, those with most files first, as long as the pointer has room. */
static GHashTable *
choose_shared (GHashTable *groups,
               GPtrArray  *files,
               const char *release,
               gsize       room)
{
  GHashTable *folders = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) candidates = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Group *group = value;

      if (can_be_named (group->name) && is_unchanged (group))
        g_ptr_array_add (candidates, group);
    }

  g_ptr_array_sort (candidates, compare_groups);

  for (guint i = 0; i < candidates->len; i++)
    {
      Group *group = g_ptr_array_index (candidates, i);

      g_hash_table_insert (folders, group->name, (gpointer) get_holder (group));
      group->shared = get_pointer_size (release, folders, files) <= room;

      if (!group->shared)
        g_hash_table_remove (folders, group->name);
    }

  return folders;
}

/* The title of a file: as it was read now, or as it is known from the same content before. */
static const char *
find_title (GHashTable    *titles,
            PorchManifest *live,
            const char    *path,
            const char    *sha256)
{
  const char *title = titles != NULL ? g_hash_table_lookup (titles, path) : NULL;
  const PorchManifestEntry *entry = title == NULL && live != NULL ? porch_manifest_lookup (live, path) : NULL;

  return entry != NULL && g_str_equal (entry->sha256, sha256) ? entry->title : title;
}

static void
append_shared (PorchManifest *self,
               const Group   *group,
               GHashTable    *titles,
               PorchManifest *live)
{
  for (guint i = 0; i < group->live->len; i++)
    {
      const PorchManifestEntry *entry = g_ptr_array_index (group->live, i);

      porch_manifest_append (self, entry->path, entry->release, entry->size, entry->sha256, entry->type, entry->cache,
                             find_title (titles, live, entry->path, entry->sha256), entry->carried);
    }
}

static void
append_own (PorchManifest *self,
            const Group   *group,
            PorchFolder   *folder,
            GHashTable    *titles,
            PorchManifest *live)
{
  const char *release = porch_manifest_get_release (self);

  for (guint i = 0; i < group->files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (group->files, i);

      porch_manifest_append (self, file->path, release, file->size, file->sha256, file->type,
                             porch_cache_rule_get_header (file->cache),
                             find_title (titles, live, file->path, file->sha256), FALSE);
    }

  /* Pages that are open in a browser may still ask for the fingerprinted files of the release they came from. */
  for (guint i = 0; i < group->live->len; i++)
    {
      const PorchManifestEntry *entry = g_ptr_array_index (group->live, i);

      if (!entry->carried &&
          porch_cache_header_is_immutable (entry->cache) &&
          porch_folder_lookup (folder, entry->path) == NULL)
        porch_manifest_append (self, entry->path, release, entry->size, entry->sha256, entry->type, entry->cache,
                               entry->title, TRUE);
    }
}

static void
count_changes (PorchManifestSummary *summary,
               PorchFolder          *folder,
               PorchManifest        *live)
{
  guint kept = 0;

  for (guint i = 0; i < porch_folder_get_n_files (folder); i++)
    {
      const PorchFile *file = porch_folder_get_file (folder, i);
      const PorchManifestEntry *entry = live != NULL ? porch_manifest_lookup (live, file->path) : NULL;

      if (entry == NULL || entry->carried)
        {
          summary->added++;
          continue;
        }

      kept++;
      if (!is_same (file, entry))
        summary->changed++;
    }

  if (live != NULL)
    summary->removed = porch_manifest_get_summary (live)->files - kept;
}

static GPtrArray *
list_files (PorchFolder *folder)
{
  GPtrArray *files = g_ptr_array_new ();

  for (guint i = 0; i < porch_folder_get_n_files (folder); i++)
    {
      const PorchFile *file = porch_folder_get_file (folder, i);

      if (file->is_listed)
        g_ptr_array_add (files, file->path);
    }

  return files;
}

static GPtrArray *
list_paths (PorchFolder *folder)
{
  GPtrArray *paths = g_ptr_array_new ();

  for (guint i = 0; i < porch_folder_get_n_files (folder); i++)
    g_ptr_array_add (paths, porch_folder_get_file (folder, i)->path);

  return paths;
}

/* A renamed page is no page that came and one that went. */
static void
take_pages (PorchManifestSummary *summary,
            PorchManifest        *self,
            PorchManifest        *live,
            guint                 n_renamed)
{
  g_autoptr(GPtrArray) pages = porch_manifest_list_pages (self, live);

  summary->renamed = n_renamed;
  summary->added -= n_renamed;
  summary->removed -= n_renamed;
  summary->n_pages = pages->len;

  for (guint i = 0; i < MIN (pages->len, PORCH_MANIFEST_MAX_PAGES); i++)
    {
      const PorchPageChange *page = g_ptr_array_index (pages, i);

      g_ptr_array_add (summary->pages, porch_page_change_new (page->kind, page->path, page->old_path, page->title));
    }
}

/* The redirects that the owner wrote, and those from where pages were before. */
static void
take_redirects (PorchManifest *self,
                PorchFolder   *folder,
                PorchManifest *live,
                GHashTable    *renames)
{
  PorchRedirects *before = live != NULL ? porch_manifest_get_redirects (live) : NULL;
  g_autoptr(GPtrArray) paths = list_paths (folder);
  g_autoptr(GHashTable) moves = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer to;
  gpointer from;

  g_hash_table_iter_init (&iter, renames);
  while (g_hash_table_iter_next (&iter, &to, &from))
    g_hash_table_insert (moves, from, to);

  porch_manifest_take_redirects (self,
                                 porch_redirects_with_renames (porch_folder_get_redirects (folder), moves, before, paths),
                                 before);
}

static char *
dup_folder_name (PorchFolder *folder)
{
  g_autofree char *name = g_file_get_basename (porch_folder_get_root (folder));

  return g_filename_display_name (name);
}

/**
 * porch_manifest_new_for_folder:
 * @folder: a scanned folder
 * @live: (nullable): the manifest of the live release
 * @titles: (nullable) (element-type utf8 utf8): titles of pages by path, of those whose content @live does not know
 * @release: id of the release to make
 * @note: (nullable): what the owner has to say about it
 * @author: (nullable): who publishes
 * @is_draft: whether it is made as a draft
 *
 * Makes the manifest of a release that shows what the folder holds. Top-level folders in which nothing changed stay
 * where the live release has them, as far as the pointer has room to say so. Fingerprinted files that the live release
 * shows and the folder does not hold any more are carried over once. Where pages were before leads to where they are now.
 *
 * Returns: (transfer full): the manifest
 */
PorchManifest *
porch_manifest_new_for_folder (PorchFolder   *folder,
                               PorchManifest *live,
                               GHashTable    *titles,
                               const char    *release,
                               const char    *note,
                               const char    *author,
                               gboolean       is_draft)
{
  g_autoptr(GHashTable) groups = NULL;
  g_autoptr(GHashTable) renames = NULL;
  g_autoptr(GHashTable) shared = NULL;
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GDateTime) now = NULL;
  PorchManifestSummary *summary;
  PorchManifest *self;
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (PORCH_IS_FOLDER (folder), NULL);
  g_return_val_if_fail (live == NULL || PORCH_IS_MANIFEST (live), NULL);
  g_return_val_if_fail (porch_release_id_is_valid (release), NULL);

  now = g_date_time_new_now_utc ();
  self = porch_manifest_new (release);
  summary = porch_manifest_edit_summary (self);
  summary->date = g_date_time_format_iso8601 (now);
  summary->note = note != NULL && *note != '\0' ? g_strdup (note) : NULL;
  summary->author = g_strdup (author);
  summary->source = dup_folder_name (folder);
  summary->previous = live != NULL ? g_strdup (porch_manifest_get_release (live)) : NULL;
  summary->is_draft = is_draft;
  count_changes (summary, folder, live);

  groups = make_groups (folder, live);
  files = list_files (folder);
  shared = choose_shared (groups, files, release, get_room (folder, live, summary));

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Group *group = value;

      if (group->shared)
        append_shared (self, group, titles, live);
      else
        append_own (self, group, folder, titles, live);
    }

  porch_manifest_sort (self);
  renames = porch_manifest_find_renames (self, live);
  take_pages (summary, self, live, g_hash_table_size (renames));
  take_redirects (self, folder, live, renames);

  if (!porch_manifest_finish (self, shared, files))
    g_warn_if_reached ();

  return self;
}
