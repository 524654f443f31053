/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The reader of files of redirects: whatever a file says, what is kept fits into the store of the edge, leads nowhere that
 * a Location header may not name, does not go in circles, and is the same after it was written and read again. */

#include <string.h>

#include "porch-redirects.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
check_entries (PorchRedirects *redirects)
{
  g_autoptr(GHashTable) entries = porch_redirects_dup_entries (redirects);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_assert_true (strlen (key) <= 512 && strlen (value) <= 1024);
      g_assert_true (g_utf8_validate (key, -1, NULL) && g_utf8_validate (value, -1, NULL));
    }
}

static void
check_rule (PorchRedirects      *redirects,
            const PorchRedirect *rule)
{
  g_autofree char *path = g_uri_escape_string (rule->from, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, FALSE);
  guint n = 0;

  g_assert_true (rule->from[0] == '/' && strpbrk (rule->to, "\r\n\t ") == NULL);
  g_assert_false (g_str_has_prefix (rule->to, "//"));

  while (path != NULL && path[0] == '/')
    {
      char *next = porch_redirects_resolve (redirects, path, NULL);

      g_free (path);
      path = next;
      g_assert_cmpuint (++n, <, 2000);
    }

  g_free (g_steal_pointer (&path));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const char * const paths[] = { "index.html", "about/index.html", "a.html", "blog/2024/a.html" };
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GPtrArray) files = g_ptr_array_new ();
  g_autoptr(PorchRedirects) parsed = porch_redirects_new_from_file (bytes, NULL);
  g_autoptr(PorchRedirects) redirects = NULL;
  g_autoptr(PorchRedirects) back = NULL;
  g_autoptr(PorchRedirects) read = NULL;
  g_autofree char *json = NULL;
  g_autofree char *text = g_strndup ((const char *) data, size);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    g_ptr_array_add (files, (gpointer) paths[i]);

  redirects = porch_redirects_with_files (parsed, files, NULL);
  check_entries (redirects);
  for (guint i = 0; i < porch_redirects_get_size (redirects); i++)
    check_rule (redirects, porch_redirects_get (redirects, i));

  json = porch_redirects_to_json (redirects);
  back = porch_redirects_new_from_json (json, NULL);
  g_assert_true (back != NULL && porch_redirects_equal (redirects, back));

  if (g_utf8_validate (text, -1, NULL))
    read = porch_redirects_new_from_json (text, NULL);

  return 0;
}
