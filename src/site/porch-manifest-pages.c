/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-manifest.h"

#include <string.h>

/* What differs between two releases in the eyes of their owner: pages, and the names of pages. */

/**
 * porch_manifest_entry_is_page:
 * @entry: an entry
 *
 * Returns: whether it is a page that visitors read, with an address of its own
 */
gboolean
porch_manifest_entry_is_page (const PorchManifestEntry *entry)
{
  g_return_val_if_fail (entry != NULL, FALSE);

  return !entry->carried &&
         (g_str_has_prefix (entry->type, "text/html") || g_str_has_prefix (entry->type, "application/xhtml+xml")) &&
         !g_str_equal (entry->path, "404.html");
}

static const PorchManifestEntry *
lookup_page (PorchManifest *manifest,
             const char    *path)
{
  const PorchManifestEntry *entry = porch_manifest_lookup (manifest, path);

  return entry != NULL && porch_manifest_entry_is_page (entry) ? entry : NULL;
}

static const char *
get_content (const PorchManifestEntry *entry)
{
  return entry->sha256;
}

/* Pages without a title have none in common. */
static const char *
get_title (const PorchManifestEntry *entry)
{
  return entry->title != NULL && *entry->title != '\0' ? entry->title : NULL;
}

/* What a page says that no other page of the release does: that, to the page. Others lead to NULL. */
static GHashTable *
index_pages (PorchManifest *manifest,
             const char *  (*get) (const PorchManifestEntry *entry))
{
  GHashTable *pages = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < porch_manifest_get_n_entries (manifest); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (manifest, i);
      const char *mark = porch_manifest_entry_is_page (entry) ? get (entry) : NULL;

      if (mark != NULL)
        g_hash_table_insert (pages, (gpointer) mark, g_hash_table_contains (pages, mark) ? NULL : (gpointer) entry);
    }

  return pages;
}

/* A page that is new and one that is gone are the same if they alone share a mark. */
static void
find_by (GHashTable    *renames,
         GHashTable    *taken,
         PorchManifest *self,
         PorchManifest *before,
         const char *  (*get) (const PorchManifestEntry *entry))
{
  g_autoptr(GHashTable) now = index_pages (self, get);
  g_autoptr(GHashTable) then = index_pages (before, get);
  GHashTableIter iter;
  gpointer mark;
  gpointer value;

  g_hash_table_iter_init (&iter, now);
  while (g_hash_table_iter_next (&iter, &mark, &value))
    {
      const PorchManifestEntry *entry = value;
      const PorchManifestEntry *old = g_hash_table_lookup (then, mark);

      if (entry != NULL && old != NULL && !g_str_equal (entry->path, old->path) &&
          lookup_page (before, entry->path) == NULL && lookup_page (self, old->path) == NULL &&
          !g_hash_table_contains (renames, entry->path) && g_hash_table_add (taken, old->path))
        g_hash_table_insert (renames, entry->path, old->path);
    }
}

/**
 * porch_manifest_find_renames:
 * @self: a manifest, its entries sorted
 * @before: (nullable): that of the release before
 *
 * Finds pages that have another address than before: the same content, or the same title, on exactly one page that is
 * gone and one that is new, and on no other page of both releases.
 *
 * Returns: (transfer full) (element-type utf8 utf8): where they are, and where they were; the strings belong to the
 *   manifests
 */
GHashTable *
porch_manifest_find_renames (PorchManifest *self,
                             PorchManifest *before)
{
  GHashTable *renames = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (PORCH_IS_MANIFEST (self), renames);

  if (before != NULL)
    {
      find_by (renames, taken, self, before, get_content);
      find_by (renames, taken, self, before, get_title);
    }

  return renames;
}

static gboolean
is_same (const PorchManifestEntry *a,
         const PorchManifestEntry *b)
{
  return g_str_equal (a->sha256, b->sha256) && g_str_equal (a->type, b->type) && g_str_equal (a->cache, b->cache);
}

static void
add_present (GPtrArray     *pages,
             PorchManifest *self,
             PorchManifest *before,
             GHashTable    *renames)
{
  for (guint i = 0; i < porch_manifest_get_n_entries (self); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (self, i);
      const PorchManifestEntry *old = before != NULL ? lookup_page (before, entry->path) : NULL;
      const char *old_path = g_hash_table_lookup (renames, entry->path);

      if (!porch_manifest_entry_is_page (entry))
        continue;

      if (old_path != NULL)
        g_ptr_array_add (pages, porch_page_change_new (PORCH_CHANGE_RENAMED, entry->path, old_path, entry->title));
      else if (old == NULL)
        g_ptr_array_add (pages, porch_page_change_new (PORCH_CHANGE_ADDED, entry->path, NULL, entry->title));
      else if (!is_same (entry, old))
        g_ptr_array_add (pages, porch_page_change_new (PORCH_CHANGE_CHANGED, entry->path, NULL, entry->title));
    }
}

static void
add_gone (GPtrArray     *pages,
          PorchManifest *self,
          PorchManifest *before,
          GHashTable    *renames)
{
  g_autoptr(GHashTable) moved = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer from;

  g_hash_table_iter_init (&iter, renames);
  while (g_hash_table_iter_next (&iter, NULL, &from))
    g_hash_table_add (moved, from);

  for (guint i = 0; before != NULL && i < porch_manifest_get_n_entries (before); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (before, i);

      if (porch_manifest_entry_is_page (entry) && lookup_page (self, entry->path) == NULL &&
          !g_hash_table_contains (moved, entry->path))
        g_ptr_array_add (pages, porch_page_change_new (PORCH_CHANGE_REMOVED, entry->path, NULL, entry->title));
    }
}

/**
 * porch_manifest_list_pages:
 * @self: a manifest
 * @before: (nullable): that of the release before
 *
 * Lists the pages that differ from the release before; all of them if there was none.
 *
 * Returns: (transfer full) (element-type PorchPageChange): those that are there by their path, then those that are gone
 */
GPtrArray *
porch_manifest_list_pages (PorchManifest *self,
                           PorchManifest *before)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_page_change_free);
  g_autoptr(GHashTable) renames = NULL;

  g_return_val_if_fail (PORCH_IS_MANIFEST (self), pages);

  renames = porch_manifest_find_renames (self, before);
  add_present (pages, self, before, renames);
  add_gone (pages, self, before, renames);

  return pages;
}
