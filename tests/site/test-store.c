/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-error.h"
#include "porch-history.h"
#include "porch-publish-store.h"
#include "porch-store-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test-util.h"

#define N_ROWS 100

static char *program;

static PorchStore *
open_store (const char *path)
{
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  PorchStore *store = porch_store_new (folder);

  dex_await (porch_store_open (store), &error);
  g_assert_no_error (error);

  return store;
}

static gint64
count (PorchStore *store,
       const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchRows) rows = dex_await_boxed (porch_store_query (store, sql, NULL), &error);

  g_assert_no_error (error);

  return porch_rows_get_int (rows, 0, 0);
}

static void
test_settings (void)
{
  g_autofree char *path = test_new_folder ();
  g_autoptr(PorchStore) store = open_store (path);
  g_autoptr(GError) error = NULL;
  g_autofree char *missing = NULL;
  g_autofree char *value = NULL;

  missing = dex_await_string (porch_store_dup_setting (store, "colour"), &error);
  g_assert_no_error (error);
  g_assert_null (missing);

  dex_await (porch_store_set_setting (store, "colour", "grün"), &error);
  g_assert_no_error (error);
  value = dex_await_string (porch_store_dup_setting (store, "colour"), &error);
  g_assert_cmpstr (value, ==, "grün");

  g_clear_object (&store);
  store = open_store (path);
  g_clear_pointer (&value, g_free);
  value = dex_await_string (porch_store_dup_setting (store, "colour"), &error);
  g_assert_cmpstr (value, ==, "grün");
  g_assert_false (porch_store_is_rebuilt (store));

  g_clear_object (&store);
  test_remove_folder (path);
}

static void
test_private (void)
{
  g_autofree char *path = test_new_folder ();
  g_autofree char *file = g_build_filename (path, "porchlight.db", NULL);
  g_autoptr(PorchStore) store = open_store (path);
  GStatBuf info;

  g_assert_cmpint (g_stat (file, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0077, ==, 0);

  g_clear_object (&store);
  test_remove_folder (path);
}

static gboolean
fail_halfway (sqlite3   *db,
              gpointer   user_data,
              GError   **error)
{
  g_assert_cmpint (sqlite3_exec (db, "INSERT INTO settings VALUES ('half', 'x')", NULL, NULL, NULL), ==, SQLITE_OK);
  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_FAILED, "No.");

  return FALSE;
}

static void
test_rollback (void)
{
  g_autofree char *path = test_new_folder ();
  g_autoptr(PorchStore) store = open_store (path);
  g_autoptr(GError) error = NULL;

  g_assert_false (dex_await (porch_store_run (store, fail_halfway, NULL, NULL), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FAILED);
  g_assert_cmpint (count (store, "SELECT count(*) FROM settings"), ==, 0);

  g_clear_object (&store);
  test_remove_folder (path);
}

static gboolean
shrink (sqlite3   *db,
        gpointer   user_data,
        GError   **error)
{
  /* As small as it is: the next page does not fit */
  return sqlite3_exec (db, "CREATE TABLE big (text TEXT)", NULL, NULL, NULL) == SQLITE_OK;
}

static gboolean
fill (sqlite3   *db,
      gpointer   user_data,
      GError   **error)
{
  int code;

  code = sqlite3_exec (db, "INSERT INTO big SELECT hex (randomblob (20000)) FROM generate_series (1, 200)", NULL, NULL, NULL);

  if (code == SQLITE_ERROR)
    code = sqlite3_exec (db,
                         "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                         " INSERT INTO big SELECT hex (randomblob (20000)) FROM n", NULL, NULL, NULL);

  return code == SQLITE_OK || porch_store_set_error (error, db, code);
}

static void
test_disk_full (void)
{
  g_autofree char *path = test_new_folder ();
  g_autoptr(PorchStore) store = open_store (path);
  g_autoptr(GError) error = NULL;
  g_autofree char *sql = NULL;

  dex_await (porch_store_set_setting (store, "kept", "yes"), &error);
  dex_await (porch_store_run (store, shrink, NULL, NULL), &error);
  g_assert_no_error (error);
  sql = g_strdup_printf ("PRAGMA max_page_count = %d", (int) count (store, "PRAGMA page_count"));
  count (store, sql);

  g_assert_false (dex_await (porch_store_run (store, fill, NULL, NULL), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DISK_FULL);

  /* Nothing is lost, and what fits still works */
  g_assert_cmpint (count (store, "SELECT count(*) FROM big"), ==, 0);
  g_assert_cmpint (count (store, "SELECT count(*) FROM settings WHERE key = 'kept'"), ==, 1);

  g_clear_object (&store);
  test_remove_folder (path);
}

static void
test_newer (void)
{
  g_autofree char *path = test_new_folder ();
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  g_autoptr(PorchStore) store = open_store (path);
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;

  count (store, "SELECT 1");
  dex_await (porch_store_set_setting (store, "key", "value"), &error);
  dex_await (porch_store_query (store, "PRAGMA user_version = 999", NULL), &error);
  g_assert_no_error (error);
  g_clear_object (&store);

  store = porch_store_new (folder);
  g_assert_false (dex_await (porch_store_open (store), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORE_NEWER);
  g_assert_false (porch_store_is_rebuilt (store));

  g_clear_object (&store);
  test_remove_folder (path);
}

static gboolean
load_old (const char *path)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "site", "store-2.sql", NULL);
  g_autofree char *file = g_build_filename (path, "porchlight.db", NULL);
  g_autofree char *sql = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *db = NULL;
  gboolean is_loaded;

  g_file_get_contents (script, &sql, NULL, &error);
  g_assert_no_error (error);
  is_loaded = sqlite3_open (file, &db) == SQLITE_OK && sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK;

  if (!is_loaded)
    g_test_message ("%s", sqlite3_errmsg (db));

  sqlite3_close (db);

  return is_loaded;
}

/* A store of an older version is brought up to date, and nothing in it is lost. */
static void
test_older (void)
{
  g_autofree char *path = test_new_folder ();
  g_autoptr(PorchStore) store = NULL;
  g_autoptr(PorchHistory) history = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (load_old (path));
  store = open_store (path);
  g_assert_false (porch_store_is_rebuilt (store));
  g_assert_cmpint (count (store, "PRAGMA user_version"), ==, PORCH_STORE_SCHEMA);
  g_assert_cmpint (count (store, "SELECT count(*) FROM sites WHERE name = 'Bäckerei' AND unread = 2 AND settings IS NULL"), ==, 1);
  g_assert_cmpint (count (store, "SELECT count(*) FROM messages_words WHERE messages_words MATCH 'hello'"), ==, 1);
  g_assert_cmpint (count (store, "SELECT count(*) FROM receipts"), ==, 0);

  /* What was published is shown, without what nobody noted then. */
  history = porch_history_new (store, "s1");
  dex_await (porch_history_load (history), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 1);
  g_assert_null (porch_release_get_receipt (porch_history_lookup (history, "20260102-000000-aaaaaa")));
  g_assert_cmpuint (porch_release_get_n_pages (porch_history_lookup (history, "20260102-000000-aaaaaa")), ==, 0);

  body = dex_await_boxed (porch_publish_store_load_manifest (store, "s1", "20260102-000000-aaaaaa"), &error);
  g_assert_no_error (error);
  manifest = porch_manifest_new_from_json (body, &error);
  g_assert_no_error (error);
  g_assert_null (porch_manifest_get_entry (manifest, 0)->title);

  g_clear_object (&history);
  g_clear_object (&store);
  test_remove_folder (path);
}

static void
expect_rebuilt (const char *path)
{
  g_autoptr(PorchStore) store = open_store (path);
  g_autoptr(GError) error = NULL;

  g_assert_true (porch_store_is_rebuilt (store));
  g_assert_true (g_file_query_exists (porch_store_get_damaged (store), NULL));
  dex_await (porch_store_set_setting (store, "new", "life"), &error);
  g_assert_no_error (error);
}

static void
test_garbage (void)
{
  g_autofree char *path = test_new_folder ();
  g_autofree char *file = g_build_filename (path, "porchlight.db", NULL);

  g_assert_true (g_file_set_contents (file, "This is no database, but a letter to my aunt, and rather a long one at that.", -1, NULL));
  expect_rebuilt (path);
  test_remove_folder (path);
}

static void
test_damaged_inside (void)
{
  g_autofree char *path = test_new_folder ();
  g_autofree char *file = g_build_filename (path, "porchlight.db", NULL);
  g_autofree char *contents = NULL;
  gsize length;

  g_object_unref (open_store (path));
  g_assert_true (g_file_get_contents (file, &contents, &length, NULL));
  g_assert_cmpuint (length, >, 20000);

  /* The first page, with its header, stays */
  memset (contents + 4096, 0xa5, length - 4096);
  g_assert_true (g_file_set_contents (file, contents, length, NULL));
  expect_rebuilt (path);
  test_remove_folder (path);
}

static void
test_cut_off (void)
{
  g_autofree char *path = test_new_folder ();
  g_autofree char *file = g_build_filename (path, "porchlight.db", NULL);

  g_object_unref (open_store (path));
  g_assert_cmpint (truncate (file, 6000), ==, 0);
  expect_rebuilt (path);
  test_remove_folder (path);
}

static void
test_unwritable (void)
{
  g_autoptr(GFile) folder = g_file_new_for_path ("/proc/porchlight");
  g_autoptr(PorchStore) store = porch_store_new (folder);
  g_autoptr(GError) error = NULL;

  g_assert_false (dex_await (porch_store_open (store), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORE);
}

static void
write_rows (PorchStore *store,
            const char *prefix)
{
  for (guint i = 0; i < N_ROWS; i++)
    {
      g_autofree char *key = g_strdup_printf ("%s-%u", prefix, i);
      g_autoptr(GError) error = NULL;

      dex_await (porch_store_set_setting (store, key, "x"), &error);
      g_assert_no_error (error);
    }
}

static GSubprocess *
spawn_child (const char *what,
             const char *path)
{
  g_autoptr(GError) error = NULL;
  GSubprocess *child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, what, path, NULL);

  g_assert_no_error (error);

  return child;
}

static void
wait_for_line (GSubprocess *child)
{
  char buffer[8] = { 0 };

  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (child), buffer, 6, NULL, NULL), ==, 6);
}

static void
test_two_processes (void)
{
  g_autofree char *path = test_new_folder ();
  g_autoptr(PorchStore) store = open_store (path);
  g_autoptr(GSubprocess) child = spawn_child ("--child-writes", path);

  write_rows (store, "parent");
  g_assert_true (g_subprocess_wait_check (child, NULL, NULL));
  g_assert_cmpint (count (store, "SELECT count(*) FROM settings"), ==, 2 * N_ROWS);

  g_clear_object (&store);
  test_remove_folder (path);
}

static void
test_lock (void)
{
  g_autofree char *path = test_new_folder ();
  g_autoptr(PorchStore) store = open_store (path);
  g_autoptr(GError) error = NULL;
  int lock = porch_store_lock (store, "site-1", &error);
  int other;

  g_assert_no_error (error);
  g_assert_cmpint (porch_store_lock (store, "site-1", &error), ==, -1);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (porch_store_is_locked (store, "site-1"));
  g_assert_false (porch_store_is_locked (store, "site-2"));

  other = porch_store_lock (store, "site-2", &error);
  g_assert_no_error (error);
  close (lock);
  close (other);
  g_assert_false (porch_store_is_locked (store, "site-1"));

  g_clear_object (&store);
  test_remove_folder (path);
}

static void
test_lock_dies_with_process (void)
{
  g_autofree char *path = test_new_folder ();
  g_autoptr(PorchStore) store = open_store (path);
  g_autoptr(GSubprocess) child = spawn_child ("--child-locks", path);
  g_autoptr(GError) error = NULL;
  int lock;

  wait_for_line (child);
  g_assert_true (porch_store_is_locked (store, "site-1"));
  g_assert_cmpint (porch_store_lock (store, "site-1", &error), ==, -1);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BUSY);
  g_clear_error (&error);

  g_subprocess_send_signal (child, SIGKILL);
  g_subprocess_wait (child, NULL, NULL);
  g_assert_false (porch_store_is_locked (store, "site-1"));
  lock = porch_store_lock (store, "site-1", &error);
  g_assert_no_error (error);
  close (lock);

  g_clear_object (&store);
  test_remove_folder (path);
}

/* What the other process does; in a fiber of its own */
static const char *child_path;

static DexFuture *
child_writes_fiber (gpointer user_data)
{
  g_autoptr(PorchStore) store = open_store (child_path);

  write_rows (store, "child");

  return dex_future_new_true ();
}

static DexFuture *
child_locks_fiber (gpointer user_data)
{
  g_autoptr(PorchStore) store = open_store (child_path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (porch_store_lock (store, "site-1", &error), >=, 0);
  g_assert_no_error (error);
  puts ("ready");
  fflush (stdout);
  dex_await (dex_timeout_new_seconds (60), NULL);

  return dex_future_new_true ();
}

int
main (int    argc,
      char **argv)
{
  program = argv[0];
  dex_init ();

  if (argc == 3 && g_str_has_prefix (argv[1], "--child-"))
    {
      child_path = argv[2];
      test_await (dex_scheduler_spawn (NULL, 0, g_str_equal (argv[1], "--child-writes") ? child_writes_fiber : child_locks_fiber,
                                       NULL, NULL), NULL);
      return 0;
    }

  g_test_init (&argc, &argv, NULL);
  test_add_fiber ("/site/store/settings", test_settings);
  test_add_fiber ("/site/store/private", test_private);
  test_add_fiber ("/site/store/rollback", test_rollback);
  test_add_fiber ("/site/store/disk-full", test_disk_full);
  test_add_fiber ("/site/store/newer", test_newer);
  test_add_fiber ("/site/store/older", test_older);
  test_add_fiber ("/site/store/garbage", test_garbage);
  test_add_fiber ("/site/store/damaged-inside", test_damaged_inside);
  test_add_fiber ("/site/store/cut-off", test_cut_off);
  test_add_fiber ("/site/store/unwritable", test_unwritable);
  test_add_fiber ("/site/store/two-processes", test_two_processes);
  test_add_fiber ("/site/store/lock", test_lock);
  test_add_fiber ("/site/store/lock-dies-with-process", test_lock_dies_with_process);

  return g_test_run ();
}
