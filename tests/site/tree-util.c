/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tree-util.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static void
write_all (const char *root,
           const char *path,
           const char *data,
           gsize       length)
{
  g_autofree char *filename = g_build_filename (root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (filename);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_file_set_contents_full (filename, data, length, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
}

void
tree_write (const char *root,
            const char *path,
            const char *text)
{
  write_all (root, path, text, strlen (text));
}

void
tree_write_bytes (const char *root,
                  const char *path,
                  guint32     seed,
                  gsize       length)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);
  g_autofree char *data = g_malloc (length + 4);

  for (gsize i = 0; i < length; i += 4)
    {
      guint32 word = g_rand_int (rand);

      memcpy (data + i, &word, 4);
    }

  write_all (root, path, data, length);
}

void
tree_remove (const char *root,
             const char *path)
{
  g_autofree char *filename = g_build_filename (root, path, NULL);

  g_assert_cmpint (g_unlink (filename), ==, 0);
}

PorchFolder *
tree_scan (const char *root,
           PorchStore *store)
{
  g_autoptr(GFile) file = g_file_new_for_path (root);
  g_autoptr(PorchFolder) folder = porch_folder_new (file, store);
  g_autoptr(GError) error = NULL;

  dex_await (porch_folder_scan (folder, PORCH_SCAN_DEFAULT), &error);
  g_assert_no_error (error);

  return g_steal_pointer (&folder);
}
