/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-changes.h"
#include "porch-clean-up.h"
#include "porch-error.h"
#include "porch-manifest.h"
#include "porch-transfer.h"
#include "test-util.h"
#include "tree-util.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define R1 "20260101-000000-aaaaaa"
#define R2 "20260102-000000-bbbbbb"
#define R3 "20260103-000000-cccccc"

static PorchManifest *
make (PorchFolder   *folder,
      PorchManifest *live,
      const char    *release)
{
  return porch_manifest_new_for_folder (folder, live, NULL, release, "a note", "somebody", FALSE);
}

static PorchManifest *
scan_and_make (const char    *root,
               PorchManifest *live,
               const char    *release)
{
  g_autoptr(PorchFolder) folder = tree_scan (root, NULL);

  return make (folder, live, release);
}

static void
test_release_ids (void)
{
  static const char * const bad[] = {
    "", "20260101-000000", "20260101-000000-AAAAAA", "20260101-000000-aaaaa1", "20260101-000000-aaaaaaa", "2026010a-000000-aaaaaa",
    "../../../x-000000-aaaaa", "20260101 000000 aaaaaa",
  };
  g_autoptr(GDateTime) time = g_date_time_new_utc (2026, 3, 4, 5, 6, 7);
  g_autoptr(GDateTime) back = NULL;
  g_autofree char *id = porch_release_id_new (time);
  g_autofree char *other = porch_release_id_new (time);

  g_assert_true (porch_release_id_is_valid (id));
  g_assert_true (g_str_has_prefix (id, "20260304-050607-"));
  g_assert_cmpstr (id, !=, other);
  back = porch_release_id_get_time (id);
  g_assert_true (g_date_time_equal (time, back));

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (porch_release_id_is_valid (bad[i]));
}

static void
test_pointer (void)
{
  static const char * const bad[] = {
    "", "x", "[]", "{}", "null", "{\"\":1}", "{\"\":\"x\"}", "{\"\":\"" R1 "\",\"a\":1}", "{\"\":\"" R1 "\",\"a\":\"b\"}",
    "{\"a\":\"" R1 "\"}", "{\"\":\"" R1 "\",\"a/b\":\"" R2 "\"}", "{\"\":\"" R1 "\",\"?files\":\"x\"}",
    "{\"\":\"" R1 "\",\"?files\":[1]}",
  };
  g_autoptr(GHashTable) folders = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) files = g_ptr_array_new ();
  g_autoptr(PorchPointerValue) value = NULL;
  g_autoptr(PorchPointerValue) back = NULL;
  g_autoptr(PorchPointerValue) plain = porch_pointer_value_new (R2, NULL, NULL, NULL);
  g_autoptr(PorchPointerValue) merged = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;
  g_autofree char *merged_json = NULL;
  g_autofree char *key = NULL;
  g_autofree char *root_key = NULL;

  g_hash_table_insert (folders, (gpointer) "b\xc3\xbc" "cher \"1\"", (gpointer) R1);
  g_hash_table_insert (folders, (gpointer) "a", (gpointer) R1);
  g_hash_table_insert (settings, (gpointer) "?host", (gpointer) "{\"name\":\"example.org\"}");
  g_ptr_array_add (files, (gpointer) "LICENSE");
  g_ptr_array_add (files, (gpointer) "COPYING");
  value = porch_pointer_value_new (R3, folders, files, settings);
  json = porch_pointer_value_to_json (value);
  g_assert_cmpstr (json, ==, "{\"\":\"" R3 "\",\"a\":\"" R1 "\",\"b\xc3\xbc" "cher \\\"1\\\"\":\"" R1 "\","
                             "\"?files\":[\"COPYING\",\"LICENSE\"],\"?host\":{\"name\":\"example.org\"}}");

  back = porch_pointer_value_new_from_json (json, &error);
  g_assert_no_error (error);
  g_assert_true (porch_pointer_value_equal (value, back));
  g_assert_false (porch_pointer_value_equal (value, plain));
  key = porch_pointer_value_resolve (value, "a/b/c.html");
  g_assert_cmpstr (key, ==, "releases/" R1 "/a/b/c.html");
  root_key = porch_pointer_value_resolve (value, "a");
  g_assert_cmpstr (root_key, ==, "releases/" R3 "/a");

  /* Settings of the edge outlive a release, its list of files does not. */
  merged = porch_pointer_value_with_settings (plain, value);
  merged_json = porch_pointer_value_to_json (merged);
  g_assert_cmpstr (merged_json, ==, "{\"\":\"" R2 "\",\"?host\":{\"name\":\"example.org\"}}");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) bad_error = NULL;

      g_assert_null (porch_pointer_value_new_from_json (bad[i], &bad_error));
      g_assert_error (bad_error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
    }
}

static void
test_round_trip (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(PorchManifest) back = NULL;
  g_autoptr(GBytes) json = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GError) error = NULL;
  const PorchManifestEntry *entry;

  tree_write (root, "index.html", "x");
  tree_write (root, "LICENSE", "x");
  tree_write (root, "quote\" back\\ tab.html", "y");
  tree_write (root, "a/\xf0\x9f\x8f\xa0 \xc3\xa4.css", "z");
  manifest = scan_and_make (root, NULL, R1);
  json = porch_manifest_to_json (manifest);
  back = porch_manifest_new_from_json (json, &error);
  g_assert_no_error (error);
  again = porch_manifest_to_json (back);
  g_assert_true (g_bytes_equal (json, again));

  g_assert_cmpuint (porch_manifest_get_n_entries (back), ==, 4);
  g_assert_cmpstr (porch_manifest_get_summary (back)->note, ==, "a note");
  g_assert_cmpuint (porch_manifest_get_summary (back)->files, ==, 4);
  g_assert_cmpuint (porch_manifest_get_summary (back)->added, ==, 4);
  g_assert_true (porch_pointer_value_equal (porch_manifest_get_pointer (manifest), porch_manifest_get_pointer (back)));
  entry = porch_manifest_lookup (back, "a/\xf0\x9f\x8f\xa0 \xc3\xa4.css");
  g_assert_nonnull (entry);
  g_assert_cmpstr (entry->type, ==, "text/css; charset=utf-8");
  g_assert_cmpstr (entry->release, ==, R1);

  test_remove_folder (root);
}

#define ENTRY(path, release) \
  "{\"path\":\"" path "\",\"release\":\"" release "\",\"size\":1," \
  "\"sha256\":\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\"," \
  "\"type\":\"text/html\",\"cache\":\"no-store\"}"
#define MANIFEST(pointer, entries) \
  "{\"version\":1,\"release\":\"" R2 "\",\"pointer\":" pointer ",\"entries\":[" entries "]}"
#define POINTER "{\"\":\"" R2 "\"}"

static void
test_garbage (void)
{
  static const char * const bad[] = {
    "", "x", "[]", "{}", "{\"version\":1}",
    "{\"version\":2,\"release\":\"" R2 "\",\"pointer\":" POINTER ",\"entries\":[]}",
    "{\"version\":1,\"release\":\"x\",\"pointer\":" POINTER ",\"entries\":[]}",
    "{\"version\":1,\"release\":\"" R2 "\",\"pointer\":" POINTER ",\"entries\":{}}",
    "{\"version\":1,\"release\":\"" R2 "\",\"entries\":[]}",
    MANIFEST ("{\"\":\"" R1 "\"}", ENTRY ("a", R2)),
    MANIFEST ("[]", ENTRY ("a", R2)),
    MANIFEST (POINTER, "1"),
    MANIFEST (POINTER, "{}"),
    MANIFEST (POINTER, ENTRY ("", R2)),
    MANIFEST (POINTER, ENTRY ("/a", R2)),
    MANIFEST (POINTER, ENTRY ("a/", R2)),
    MANIFEST (POINTER, ENTRY ("a//b", R2)),
    MANIFEST (POINTER, ENTRY ("../a", R2)),
    MANIFEST (POINTER, ENTRY ("a/./b", R2)),
    MANIFEST (POINTER, ENTRY ("a", "x")),
    MANIFEST (POINTER, ENTRY ("a", R1)),
    MANIFEST (POINTER, ENTRY ("a/b", R1)),
    MANIFEST (POINTER, ENTRY ("a", R2) "," ENTRY ("a", R2)),
    MANIFEST (POINTER, "{\"path\":\"a\",\"release\":\"" R2 "\",\"size\":-1,\"sha256\":\"\",\"type\":\"t\",\"cache\":\"c\"}"),
  };
  static const char good[] = MANIFEST ("{\"\":\"" R2 "\",\"a\":\"" R1 "\"}", ENTRY ("a/b", R1) "," ENTRY ("a", R2));
  g_autoptr(GBytes) bytes = g_bytes_new_static (good, strlen (good));
  g_autoptr(PorchManifest) manifest = porch_manifest_new_from_json (bytes, NULL);

  g_assert_nonnull (manifest);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GBytes) text = g_bytes_new_static (bad[i], strlen (bad[i]));
      g_autoptr(GError) error = NULL;

      if (porch_manifest_new_from_json (text, &error) != NULL)
        g_error ("Taken: %s", bad[i]);
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
    }

  /* Whatever a file is cut or changed to, it is refused or read, never trusted. */
  for (gsize i = 0; i < strlen (good); i++)
    {
      g_autofree char *broken = g_strdup (good);
      g_autoptr(GBytes) text = NULL;

      broken[i] = "\"}x{,0\\"[i % 7];
      text = g_bytes_new_static (broken, strlen (broken));
      g_clear_object (&manifest);
      manifest = porch_manifest_new_from_json (text, NULL);
    }
}

static void
test_sharing (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchManifest) first = NULL;
  g_autoptr(PorchManifest) second = NULL;
  g_autoptr(PorchManifest) third = NULL;
  PorchPointerValue *pointer;

  tree_write (root, "index.html", "x");
  tree_write (root, "news/index.html", "old");
  tree_write (root, "photos/one.jpg", "1");
  tree_write (root, "photos/deep/two.jpg", "2");
  tree_write (root, "?odd/page.html", "o");
  tree_write (root, "__proto__/page.html", "p");
  first = scan_and_make (root, NULL, R1);
  g_assert_cmpuint (g_hash_table_size (porch_pointer_value_get_folders (porch_manifest_get_pointer (first))), ==, 0);

  tree_write (root, "news/index.html", "new");
  second = scan_and_make (root, first, R2);
  pointer = porch_manifest_get_pointer (second);
  g_assert_cmpuint (g_hash_table_size (porch_pointer_value_get_folders (pointer)), ==, 1);
  g_assert_cmpstr (porch_pointer_value_get_holder (pointer, "photos"), ==, R1);
  g_assert_cmpstr (porch_manifest_lookup (second, "photos/one.jpg")->release, ==, R1);
  g_assert_cmpstr (porch_manifest_lookup (second, "news/index.html")->release, ==, R2);
  g_assert_cmpstr (porch_manifest_lookup (second, "index.html")->release, ==, R2);
  g_assert_cmpstr (porch_manifest_lookup (second, "?odd/page.html")->release, ==, R2);
  g_assert_cmpstr (porch_manifest_lookup (second, "__proto__/page.html")->release, ==, R2);
  g_assert_cmpuint (porch_manifest_get_summary (second)->changed, ==, 1);
  g_assert_cmpuint (porch_manifest_get_summary (second)->added, ==, 0);
  g_assert_cmpstr (porch_manifest_get_summary (second)->previous, ==, R1);

  /* Shared from where it really is, over several releases; a file less is a change as well. */
  tree_remove (root, "news/index.html");
  tree_write (root, "index.html", "y");
  third = scan_and_make (root, second, R3);
  pointer = porch_manifest_get_pointer (third);
  g_assert_cmpstr (porch_pointer_value_get_holder (pointer, "photos"), ==, R1);
  g_assert_cmpuint (porch_manifest_get_summary (third)->removed, ==, 1);
  g_assert_null (porch_manifest_lookup (third, "news/index.html"));
  g_assert_true (porch_manifest_differs (third));

  test_remove_folder (root);
}

static void
test_pointer_limit (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchManifest) first = NULL;
  g_autoptr(PorchManifest) second = NULL;
  g_autofree char *json = NULL;
  guint n_shared;

  tree_write (root, "index.html", "x");

  for (guint i = 0; i < 100; i++)
    {
      guint n_files = i % 10 == 0 ? 5 : 1;

      for (guint j = 0; j < n_files; j++)
        {
          g_autofree char *path = g_strdup_printf ("folder-%02u/page-%u.html", i, j);

          tree_write (root, path, path);
        }
    }

  first = scan_and_make (root, NULL, R1);
  tree_write (root, "index.html", "y");
  second = scan_and_make (root, first, R2);
  json = porch_pointer_value_to_json (porch_manifest_get_pointer (second));
  n_shared = g_hash_table_size (porch_pointer_value_get_folders (porch_manifest_get_pointer (second)));

  g_assert_cmpuint (strlen (json), <=, PORCH_POINTER_RELEASE_SIZE);
  g_assert_cmpuint (strlen (json), >, PORCH_POINTER_RELEASE_SIZE - 40);
  g_assert_cmpuint (n_shared, >=, 10);

  /* Those with most files come first. */
  for (guint i = 0; i < 100; i += 10)
    {
      g_autofree char *path = g_strdup_printf ("folder-%02u/page-0.html", i);

      g_assert_cmpstr (porch_manifest_lookup (second, path)->release, ==, R1);
    }

  g_assert_cmpuint (porch_manifest_get_n_entries (second), ==, porch_manifest_get_n_entries (first));
  test_remove_folder (root);
}

static void
test_carry_over (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchManifest) first = NULL;
  g_autoptr(PorchManifest) second = NULL;
  g_autoptr(PorchManifest) same = NULL;
  g_autoptr(PorchManifest) third = NULL;
  const PorchManifestEntry *entry;

  tree_write (root, "index.html", "one");
  tree_write (root, "assets/main.1a2b3c4d.js", "1");
  tree_write (root, "assets/plain.js", "1");
  first = scan_and_make (root, NULL, R1);

  tree_remove (root, "assets/main.1a2b3c4d.js");
  tree_remove (root, "assets/plain.js");
  tree_write (root, "assets/main.5e6f7a8b.js", "2");
  tree_write (root, "index.html", "two");
  second = scan_and_make (root, first, R2);
  entry = porch_manifest_lookup (second, "assets/main.1a2b3c4d.js");
  g_assert_nonnull (entry);
  g_assert_true (entry->carried);
  g_assert_cmpstr (entry->release, ==, R2);
  g_assert_null (porch_manifest_lookup (second, "assets/plain.js"));
  g_assert_cmpuint (porch_manifest_get_summary (second)->files, ==, 2);
  g_assert_cmpuint (porch_manifest_get_summary (second)->removed, ==, 2);

  /* It is no difference, and stays as long as its folder does. */
  same = scan_and_make (root, second, R3);
  g_assert_false (porch_manifest_differs (same));
  g_assert_true (porch_manifest_lookup (same, "assets/main.1a2b3c4d.js")->carried);
  g_assert_cmpstr (porch_manifest_lookup (same, "assets/main.1a2b3c4d.js")->release, ==, R2);

  /* It is carried once. */
  tree_remove (root, "assets/main.5e6f7a8b.js");
  tree_write (root, "assets/main.9c0d1e2f.js", "3");
  third = scan_and_make (root, second, R3);
  g_assert_null (porch_manifest_lookup (third, "assets/main.1a2b3c4d.js"));
  g_assert_true (porch_manifest_lookup (third, "assets/main.5e6f7a8b.js")->carried);

  test_remove_folder (root);
}

static const PorchTransfer *
find_transfer (GArray     *transfers,
               const char *path)
{
  for (guint i = 0; i < transfers->len; i++)
    {
      const PorchTransfer *transfer = &g_array_index (transfers, PorchTransfer, i);

      if (g_str_equal (transfer->entry->path, path))
        return transfer;
    }

  return NULL;
}

static void
test_transfers (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchManifest) first = NULL;
  g_autoptr(PorchManifest) second = NULL;
  g_autoptr(PorchChanges) changes = NULL;
  g_autoptr(GArray) transfers = NULL;
  g_autoptr(GHashTable) arrived = g_hash_table_new (g_str_hash, g_str_equal);

  tree_write (root, "index.html", "start");
  tree_write (root, "a/one.txt", "same");
  tree_write (root, "b/two.txt", "same");
  tree_write (root, "b/two.html", "same");
  first = scan_and_make (root, NULL, R1);
  transfers = porch_transfers_new (first, NULL, NULL);
  g_assert_cmpuint (transfers->len, ==, 4);
  g_assert_cmpint (find_transfer (transfers, "a/one.txt")->kind, ==, PORCH_TRANSFER_SEND);
  g_assert_cmpint (find_transfer (transfers, "b/two.txt")->kind, ==, PORCH_TRANSFER_COPY_SENT);
  g_assert_cmpstr (find_transfer (transfers, "b/two.txt")->source->path, ==, "a/one.txt");
  g_assert_cmpint (find_transfer (transfers, "b/two.html")->kind, ==, PORCH_TRANSFER_COPY_SENT);
  changes = porch_changes_new (NULL, first);
  g_assert_true (porch_changes_is_first (changes));
  g_assert_false (porch_changes_is_empty (changes));
  g_assert_cmpuint (porch_changes_get_n_to_send (changes), ==, 2);
  g_assert_cmpuint (porch_changes_get_bytes_to_send (changes), ==, 9);

  /* What has arrived is neither sent nor copied again, and can be copied from. */
  g_hash_table_add (arrived, (gpointer) "b/two.txt");
  g_array_unref (transfers);
  transfers = porch_transfers_new (first, NULL, arrived);
  g_assert_cmpuint (transfers->len, ==, 3);
  g_assert_null (find_transfer (transfers, "b/two.txt"));
  g_assert_cmpint (find_transfer (transfers, "a/one.txt")->kind, ==, PORCH_TRANSFER_COPY);
  g_assert_cmpint (find_transfer (transfers, "index.html")->kind, ==, PORCH_TRANSFER_SEND);

  tree_remove (root, "a/one.txt");
  tree_write (root, "c/moved.txt", "same");
  tree_write (root, "b/two.html", "other");
  second = scan_and_make (root, first, R2);
  g_clear_object (&changes);
  g_array_unref (transfers);
  changes = porch_changes_new (first, second);
  transfers = porch_transfers_new (second, first, NULL);
  g_assert_cmpint (find_transfer (transfers, "index.html")->kind, ==, PORCH_TRANSFER_COPY);
  g_assert_cmpstr (find_transfer (transfers, "b/two.txt")->source->path, ==, "b/two.txt");
  g_assert_cmpint (find_transfer (transfers, "c/moved.txt")->kind, ==, PORCH_TRANSFER_COPY);
  g_assert_cmpint (find_transfer (transfers, "b/two.html")->kind, ==, PORCH_TRANSFER_SEND);
  g_assert_cmpuint (porch_changes_get_n_added (changes), ==, 1);
  g_assert_cmpuint (porch_changes_get_n_changed (changes), ==, 1);
  g_assert_cmpuint (porch_changes_get_n_removed (changes), ==, 1);
  g_assert_cmpuint (porch_changes_get_n_unchanged (changes), ==, 2);
  g_assert_cmpuint (porch_changes_get_n_to_send (changes), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (changes)), ==, 3);

  test_remove_folder (root);
}

/* A bucket as the transfers see it: key to what makes an object what it is. */
static char *
describe (const PorchManifestEntry *entry)
{
  return g_strdup_printf ("%s %s %s", entry->sha256, entry->type, entry->cache);
}

static void
apply_transfers (GHashTable    *bucket,
                 PorchFolder   *folder,
                 PorchManifest *next,
                 PorchManifest *live)
{
  g_autoptr(GArray) transfers = porch_transfers_new (next, live, NULL);
  g_autoptr(GHashTable) sent = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < transfers->len; i++)
      {
        const PorchTransfer *transfer = &g_array_index (transfers, PorchTransfer, i);
        g_autofree char *key = porch_manifest_entry_build_key (transfer->entry);

        if ((transfer->kind == PORCH_TRANSFER_COPY_SENT) != (pass == 1))
          continue;

        if (transfer->kind == PORCH_TRANSFER_SEND)
          {
            const PorchFile *file = porch_folder_lookup (folder, transfer->entry->path);

            g_assert_nonnull (file);
            g_assert_cmpstr (file->sha256, ==, transfer->entry->sha256);
            g_assert_true (g_hash_table_add (sent, transfer->entry->sha256));
          }
        else
          {
            g_autofree char *source = porch_manifest_entry_build_key (transfer->source);
            const char *object = g_hash_table_lookup (bucket, source);

            g_assert_nonnull (object);
            g_assert_true (g_str_has_prefix (object, transfer->entry->sha256));
          }

        /* Written once, never changed */
        g_assert_false (g_hash_table_contains (bucket, key));
        g_hash_table_insert (bucket, g_steal_pointer (&key), describe (transfer->entry));
      }
}

/* Asks for every file as the edge does. */
static void
assert_served (GHashTable    *bucket,
               PorchManifest *manifest)
{
  g_autofree char *json = porch_pointer_value_to_json (porch_manifest_get_pointer (manifest));
  g_autoptr(JsonNode) node = json_from_string (json, NULL);
  JsonObject *live = json_node_get_object (node);

  g_assert_cmpuint (strlen (json), <=, PORCH_POINTER_MAX_SIZE);

  for (guint i = 0; i < porch_manifest_get_n_entries (manifest); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (manifest, i);
      const char *slash = strchr (entry->path, '/');
      g_autofree char *folder = g_strndup (entry->path, slash != NULL ? slash - entry->path : 0);
      const char *release = json_object_get_string_member_with_default (live, folder, json_object_get_string_member (live, ""));
      g_autofree char *key = g_strconcat ("releases/", release, "/", entry->path, NULL);
      g_autofree char *expected = describe (entry);

      g_assert_cmpstr (g_hash_table_lookup (bucket, key), ==, expected);
    }
}

static void
assert_shows_folder (PorchManifest *manifest,
                     PorchFolder   *folder)
{
  g_assert_cmpuint (porch_manifest_get_summary (manifest)->files, ==, porch_folder_get_n_files (folder));

  for (guint i = 0; i < porch_folder_get_n_files (folder); i++)
    {
      const PorchFile *file = porch_folder_get_file (folder, i);
      const PorchManifestEntry *entry = porch_manifest_lookup (manifest, file->path);

      g_assert_nonnull (entry);
      g_assert_false (entry->carried);
      g_assert_cmpstr (entry->sha256, ==, file->sha256);
      g_assert_cmpstr (entry->type, ==, file->type);
      g_assert_cmpstr (entry->cache, ==, porch_cache_rule_get_header (file->cache));
    }
}

static void
change_tree (const char *root,
             GRand      *rand)
{
  static const char * const folders[] = { "", "a/", "b/", "b/deep/", "c c/", "\xc3\xa4/", "a-b/", "?q/", "assets/" };
  static const char * const names[] = { "index.html", "one.css", "two.txt", "main.%08x.js", "x.jpg", "PLAIN" };
  guint n_changes = g_rand_int_range (rand, 0, 6);

  for (guint i = 0; i < n_changes; i++)
    {
      const char *folder = folders[g_rand_int_range (rand, 0, G_N_ELEMENTS (folders))];
      const char *name = names[g_rand_int_range (rand, 0, G_N_ELEMENTS (names))];
      g_autofree char *real_name = g_strdup_printf (name, g_rand_int_range (rand, 0, 4) * 0x1a2b3c4d + 0xa0000001);
      g_autofree char *path = g_strconcat (folder, real_name, NULL);
      g_autofree char *filename = g_build_filename (root, path, NULL);
      g_autofree char *text = g_strdup_printf ("content %d", g_rand_int_range (rand, 0, 12));

      if (g_rand_int_range (rand, 0, 4) == 0 && g_file_test (filename, G_FILE_TEST_EXISTS))
        tree_remove (root, path);
      else
        tree_write (root, path, text);
    }

  tree_write (root, "index.html", g_rand_boolean (rand) ? "start" : "other start");
}

static void
remove_unneeded (GHashTable *bucket,
                 GPtrArray  *kept)
{
  g_autoptr(GHashTable) needed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; i < kept->len; i++)
    for (guint j = 0; j < porch_manifest_get_n_entries (g_ptr_array_index (kept, i)); j++)
      g_hash_table_add (needed, porch_manifest_entry_build_key (porch_manifest_get_entry (g_ptr_array_index (kept, i), j)));

  g_hash_table_iter_init (&iter, bucket);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (needed, key))
      g_hash_table_iter_remove (&iter);
}

/* Random series of trees, with undo and clean-up between them: what is kept is always served whole. */
static void
run_series (guint32 seed)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr(GHashTable) bucket = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);
  PorchManifest *live = NULL;

  for (guint step = 0; step < 12; step++)
    {
      g_autoptr(PorchFolder) folder = NULL;
      g_autoptr(PorchManifest) next = NULL;
      g_autoptr(PorchManifest) reread = NULL;
      g_autoptr(GBytes) json = NULL;
      g_autofree char *release = g_strdup_printf ("20260101-0000%02u-aaaaaa", step);

      change_tree (root, rand);
      folder = tree_scan (root, NULL);
      next = make (folder, live, release);
      assert_shows_folder (next, folder);

      if (live != NULL && !porch_manifest_differs (next))
        {
          assert_shows_folder (live, folder);
          continue;
        }

      apply_transfers (bucket, folder, next, live);
      json = porch_manifest_to_json (next);
      reread = porch_manifest_new_from_json (json, NULL);
      g_assert_nonnull (reread);
      g_ptr_array_add (kept, g_object_ref (reread));
      live = reread;

      /* Going back */
      if (g_rand_int_range (rand, 0, 4) == 0)
        live = g_ptr_array_index (kept, g_rand_int_range (rand, 0, kept->len));

      /* Cleaning up: any but the live one may go */
      if (kept->len > 3)
        {
          guint victim = g_rand_int_range (rand, 0, kept->len);

          if (g_ptr_array_index (kept, victim) != live)
            {
              g_ptr_array_remove_index (kept, victim);
              remove_unneeded (bucket, kept);
            }
        }

      for (guint i = 0; i < kept->len; i++)
        assert_served (bucket, g_ptr_array_index (kept, i));
    }

  test_remove_folder (root);
}

static void
test_series (void)
{
  guint n_series = g_test_thorough () ? 500 : 40;

  for (guint i = 0; i < n_series; i++)
    run_series (g_test_rand_int ());
}

static void
test_choose (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_utc (2026, 6, 30, 0, 0, 0);
  g_autoptr(GPtrArray) releases = g_ptr_array_new_null_terminated (32, g_free, TRUE);
  g_autoptr(GHashTable) drafts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) chosen = NULL;

  /* Twelve old ones, then three of the last days */
  for (guint i = 1; i <= 12; i++)
    g_ptr_array_add (releases, g_strdup_printf ("202605%02u-000000-aaaaaa", i));
  for (guint i = 25; i <= 27; i++)
    g_ptr_array_add (releases, g_strdup_printf ("202606%02u-000000-aaaaaa", i));

  chosen = porch_clean_up_choose ((const char * const *) releases->pdata, NULL, 12, now);
  g_assert_cmpuint (chosen->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (chosen, 0), ==, "20260503-000000-aaaaaa");
  g_assert_cmpstr (g_ptr_array_index (chosen, 1), ==, "20260502-000000-aaaaaa");
  g_assert_cmpstr (g_ptr_array_index (chosen, 2), ==, "20260501-000000-aaaaaa");
  g_ptr_array_unref (chosen);

  /* Drafts in use neither go nor count. */
  g_hash_table_add (drafts, (gpointer) "20260502-000000-aaaaaa");
  g_hash_table_add (drafts, (gpointer) "20260510-000000-aaaaaa");
  chosen = porch_clean_up_choose ((const char * const *) releases->pdata, drafts, 12, now);
  g_assert_cmpuint (chosen->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (chosen, 0), ==, "20260501-000000-aaaaaa");
  g_ptr_array_unref (chosen);

  /* Twenty of one day all stay. */
  g_ptr_array_set_size (releases, 0);
  for (guint i = 10; i < 30; i++)
    g_ptr_array_add (releases, g_strdup_printf ("20260629-0000%02u-aaaaaa", i));
  chosen = porch_clean_up_choose ((const char * const *) releases->pdata, NULL, 10, now);
  g_assert_cmpuint (chosen->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/site/manifest/release-ids", test_release_ids);
  g_test_add_func ("/site/manifest/pointer", test_pointer);
  g_test_add_func ("/site/manifest/garbage", test_garbage);
  g_test_add_func ("/site/manifest/choose", test_choose);
  test_add_fiber ("/site/manifest/round-trip", test_round_trip);
  test_add_fiber ("/site/manifest/sharing", test_sharing);
  test_add_fiber ("/site/manifest/pointer-limit", test_pointer_limit);
  test_add_fiber ("/site/manifest/carry-over", test_carry_over);
  test_add_fiber ("/site/manifest/transfers", test_transfers);
  test_add_fiber ("/site/manifest/series", test_series);

  return g_test_run ();
}
