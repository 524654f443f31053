/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-backup.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A look into an archive ends here: what it is shows soon. */
#define BLOCK_SIZE  (64 * 1024)
#define MAX_ENTRIES 2000
#define MAX_BYTES   (32 * 1024 * 1024)

typedef struct
{
  PorchScan *scan;
  guint      n_files;
  guint      n_known;       /* the site has a file of that path */
  gboolean   has_start;
  gboolean   has_secret;
} Look;

static int
compare_path (gconstpointer key,
              gconstpointer member)
{
  const PorchFile *file = *(const PorchFile * const *) member;

  return strcmp (key, file->path);
}

static gboolean
is_on_site (PorchScan  *scan,
            const char *path)
{
  return bsearch (path, scan->files->pdata, scan->files->len, sizeof (gpointer), compare_path) != NULL;
}

/* Archives of a site hold its files, with or without a folder around them. */
static void
look_at (Look                 *self,
         struct archive_entry *entry)
{
  const char *path = archive_entry_pathname (entry);
  const char *inner;
  const char *name;

  if (path == NULL || archive_entry_filetype (entry) != AE_IFREG)
    return;

  while (g_str_has_prefix (path, "./"))
    path += 2;

  inner = strchr (path, '/');
  name = strrchr (path, '/');
  self->n_files++;

  if (porch_secret_kind_for_name (name != NULL ? name + 1 : path, FALSE) != PORCH_SECRET_NONE || strstr (path, ".git/") != NULL)
    self->has_secret = TRUE;

  if (is_on_site (self->scan, path) || (inner != NULL && is_on_site (self->scan, inner + 1)))
    self->n_known++;

  if (g_str_equal (path, "index.html") || (inner != NULL && g_str_equal (inner + 1, "index.html")))
    self->has_start = TRUE;
}

static void
look_into (Look       *self,
           const char *filename)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;

  archive_read_support_format_tar (archive);
  archive_read_support_format_zip (archive);
  archive_read_support_format_7zip (archive);
  archive_read_support_format_rar (archive);
  archive_read_support_filter_all (archive);

  if (archive_read_open_filename (archive, filename, BLOCK_SIZE) == ARCHIVE_OK)
    while (self->n_files < MAX_ENTRIES && archive_filter_bytes (archive, 0) < MAX_BYTES && !g_atomic_int_get (&self->scan->cancelled) &&
           archive_read_next_header (archive, &entry) >= ARCHIVE_WARN)
      look_at (self, entry);

  archive_read_free (archive);
}

/* Words that people put into the names of copies */
static gboolean
has_telling_name (PorchScan  *scan,
                  const char *path)
{
  static const char * const words[] = { "backup", "back-up", "htdocs", "public_html", "wwwroot", "www-root", NULL };
  const char *slash = strrchr (path, '/');
  g_autofree char *name = g_ascii_strdown (slash != NULL ? slash + 1 : path, -1);
  g_autofree char *folder = g_path_get_basename (scan->root);
  g_autofree char *own = g_strconcat (folder, ".", NULL);

  for (gsize i = 0; words[i] != NULL; i++)
    if (strstr (name, words[i]) != NULL)
      return TRUE;

  return slash == NULL && g_ascii_strncasecmp (name, own, strlen (own)) == 0;
}

/**
 * porch_backup_is_of_site: (skip)
 * @scan: a scan whose files are known
 * @file: one of them, an archive
 *
 * Looks whether an archive is a copy of the site, or holds what should stay private. Blocks; for threads.
 *
 * Returns: whether it is
 */
gboolean
porch_backup_is_of_site (PorchScan       *scan,
                         const PorchFile *file)
{
  g_autofree char *filename = g_build_filename (scan->root, file->path, NULL);
  Look look = { .scan = scan };

  if (has_telling_name (scan, file->path))
    return TRUE;

  look_into (&look, filename);

  return look.has_secret || (look.has_start && look.n_known > 0 && look.n_known * 2 >= look.n_files);
}
