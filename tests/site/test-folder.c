/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-checksum.h"
#include "porch-error.h"
#include "porch-redirects.h"
#include "porch-folder.h"
#include "test-util.h"
#include "tree-util.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static PorchFinding *
find_rule (PorchFolder *folder,
           const char  *rule,
           const char  *path)
{
  GListModel *findings = porch_folder_get_findings (folder);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);

      if (g_str_equal (porch_finding_get_rule (finding), rule) &&
          (path == NULL || g_strcmp0 (porch_finding_get_path (finding), path) == 0))
        return finding;
    }

  return NULL;
}

static void
assert_finding (PorchFolder   *folder,
                PorchSeverity  severity,
                const char    *rule,
                const char    *path)
{
  PorchFinding *finding = find_rule (folder, rule, path);

  if (finding == NULL)
    g_error ("No finding %s for %s", rule, path != NULL ? path : "the folder");

  g_assert_cmpint (porch_finding_get_severity (finding), ==, severity);
  g_assert_true (g_utf8_validate (porch_finding_get_text (finding), -1, NULL));
  g_assert_cmpuint (strlen (porch_finding_get_text (finding)), >, 10);

  if (severity == PORCH_SEVERITY_ERROR)
    {
      g_assert_nonnull (porch_finding_get_fix (finding));
      g_assert_true (porch_folder_has_errors (folder));
    }
}

static void
test_plain (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;
  g_autofree char *sha256 = aws_sha256_hex ("hello", 5);
  const PorchFile *file;

  tree_write (root, "index.html", "hello");
  tree_write (root, "empty.txt", "");
  tree_write (root, "a/b/c/style.css", "body {}");
  tree_write (root, "a-b/x.js", "1");
  tree_write (root, "odd # ? % & + 'name' \xf0\x9f\x8f\xa0.html", "odd");
  tree_write (root, ".well-known/security.txt", "Contact: me");
  folder = tree_scan (root, NULL);

  g_assert_false (porch_folder_has_errors (folder));
  g_assert_cmpuint (g_list_model_get_n_items (porch_folder_get_findings (folder)), ==, 0);
  g_assert_cmpuint (porch_folder_get_n_files (folder), ==, 6);
  g_assert_cmpuint (porch_folder_get_n_bytes (folder), ==, 5 + 7 + 1 + 3 + 11);

  file = porch_folder_lookup (folder, "index.html");
  g_assert_cmpstr (file->sha256, ==, sha256);
  g_assert_cmpstr (file->type, ==, "text/html; charset=utf-8");
  g_assert_cmpint (file->cache, ==, PORCH_CACHE_PAGE);
  g_assert_nonnull (porch_folder_lookup (folder, "odd # ? % & + 'name' \xf0\x9f\x8f\xa0.html"));
  g_assert_nonnull (porch_folder_lookup (folder, "a/b/c/style.css"));
  g_assert_null (porch_folder_lookup (folder, "a/b"));

  for (guint i = 1; i < porch_folder_get_n_files (folder); i++)
    g_assert_cmpint (strcmp (porch_folder_get_file (folder, i - 1)->path, porch_folder_get_file (folder, i)->path), <, 0);

  test_remove_folder (root);
}

static void
test_empty (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = tree_scan (root, NULL);

  assert_finding (folder, PORCH_SEVERITY_ERROR, "folder.empty", NULL);
  g_clear_object (&folder);

  tree_write (root, ".DS_Store", "x");
  folder = tree_scan (root, NULL);
  assert_finding (folder, PORCH_SEVERITY_ERROR, "folder.empty", NULL);
  assert_finding (folder, PORCH_SEVERITY_INFO, "file.litter", ".DS_Store");

  test_remove_folder (root);
}

static void
check_rejected (const char *path,
                PorchError  code)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(PorchFolder) folder = porch_folder_new (file, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (dex_await (porch_folder_scan (folder, PORCH_SCAN_DEFAULT), &error));
  g_assert_error (error, PORCH_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_no_folder (void)
{
  g_autofree char *root = test_new_folder ();
  g_autofree char *missing = g_build_filename (root, "missing", NULL);
  g_autofree char *file = g_build_filename (root, "file.html", NULL);

  tree_write (root, "file.html", "x");
  check_rejected (missing, PORCH_ERROR_FOLDER_UNREADABLE);
  check_rejected (file, PORCH_ERROR_FOLDER_UNREADABLE);

  test_remove_folder (root);
}

static void
test_start_page (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;
  PorchFinding *finding;

  tree_write (root, "about.html", "x");
  folder = tree_scan (root, NULL);
  assert_finding (folder, PORCH_SEVERITY_ERROR, "folder.no-start-page", NULL);
  g_assert_null (porch_folder_get_suggestion (folder));
  g_clear_object (&folder);

  tree_write (root, "sub/index.html", "x");
  folder = tree_scan (root, NULL);
  finding = find_rule (folder, "folder.no-start-page", NULL);
  g_assert_nonnull (strstr (porch_finding_get_fix (finding), "sub"));
  g_assert_nonnull (porch_folder_get_suggestion (folder));
  g_clear_object (&folder);

  tree_write (root, "Index.html", "x");
  folder = tree_scan (root, NULL);
  finding = find_rule (folder, "folder.no-start-page", "Index.html");
  g_assert_nonnull (finding);
  g_assert_nonnull (strstr (porch_finding_get_fix (finding), "Index.html"));
  g_clear_object (&folder);

  tree_write (root, "index.html", "x");
  folder = tree_scan (root, NULL);
  g_assert_false (porch_folder_has_errors (folder));
  assert_finding (folder, PORCH_SEVERITY_WARNING, "name.case", NULL);
  g_clear_object (&folder);

  test_remove_folder (root);
}

static void
test_bad_names (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(GString) deep = g_string_new (NULL);

  for (guint i = 0; i < 10; i++)
    g_string_append_printf (deep, "%0100u/", i);
  g_string_append (deep, "page.html");

  tree_write (root, "index.html", "x");
  tree_write (root, "caf\xe9.html", "x");
  tree_write (root, "line\nbreak.html", "x");
  tree_write (root, deep->str, "x");
  tree_write (root, "Readme.txt", "x");
  tree_write (root, "README.txt", "x");
  tree_write (root, "system/page.html", "x");
  folder = tree_scan (root, NULL);

  assert_finding (folder, PORCH_SEVERITY_ERROR, "name.encoding", "caf\\xe9.html");
  assert_finding (folder, PORCH_SEVERITY_ERROR, "name.control", "line\\x0abreak.html");
  assert_finding (folder, PORCH_SEVERITY_ERROR, "name.too-long", NULL);
  assert_finding (folder, PORCH_SEVERITY_WARNING, "name.case", "Readme.txt");
  assert_finding (folder, PORCH_SEVERITY_WARNING, "name.reserved", "system");
  g_assert_cmpuint (porch_folder_get_n_files (folder), ==, 4);

  test_remove_folder (root);
}

static void
test_no_endings (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;

  tree_write (root, "index.html", "x");
  tree_write (root, "LICENSE", "x");
  tree_write (root, ".well-known/some-challenge", "x");

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *path = g_strdup_printf ("notes/number-%02u", i);

      tree_write (root, path, "x");
    }

  folder = tree_scan (root, NULL);
  g_assert_true (porch_folder_lookup (folder, "LICENSE")->is_listed);
  g_assert_true (porch_folder_lookup (folder, "notes/number-00")->is_listed);
  g_assert_false (porch_folder_lookup (folder, "notes/number-39")->is_listed);
  g_assert_false (porch_folder_lookup (folder, ".well-known/some-challenge")->is_listed);
  assert_finding (folder, PORCH_SEVERITY_WARNING, "name.no-ending", "notes/number-39");
  g_assert_null (find_rule (folder, "name.no-ending", "LICENSE"));

  test_remove_folder (root);
}

static void
make_link (const char *root,
           const char *path,
           const char *goal)
{
  g_autofree char *filename = g_build_filename (root, path, NULL);

  g_assert_cmpint (symlink (goal, filename), ==, 0);
}

static void
test_links (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;

  tree_write (root, "index.html", "x");
  tree_write (root, "pictures/one.jpg", "y");
  tree_write (root, ".env", "SECRET=1");
  make_link (root, "inside.jpg", "pictures/one.jpg");
  make_link (root, "album", "pictures");
  make_link (root, "outside", "/etc");
  make_link (root, "passwd.txt", "/etc/passwd");
  make_link (root, "nowhere.html", "missing.html");
  make_link (root, "pictures/up", "..");
  make_link (root, "myself.html", "myself.html");
  make_link (root, "harmless.txt", ".env");
  folder = tree_scan (root, NULL);

  g_assert_nonnull (porch_folder_lookup (folder, "inside.jpg"));
  g_assert_nonnull (porch_folder_lookup (folder, "album/one.jpg"));
  g_assert_cmpuint (porch_folder_get_n_files (folder), ==, 4);
  assert_finding (folder, PORCH_SEVERITY_WARNING, "link.outside", "outside");
  assert_finding (folder, PORCH_SEVERITY_WARNING, "link.outside", "passwd.txt");
  assert_finding (folder, PORCH_SEVERITY_WARNING, "link.broken", "nowhere.html");
  assert_finding (folder, PORCH_SEVERITY_WARNING, "link.broken", "myself.html");
  assert_finding (folder, PORCH_SEVERITY_WARNING, "link.loop", "pictures/up");
  assert_finding (folder, PORCH_SEVERITY_WARNING, "file.secret", "harmless.txt");
  assert_finding (folder, PORCH_SEVERITY_ERROR, "file.secret", ".env");

  test_remove_folder (root);
}

static void
test_special_files (void)
{
  g_autofree char *root = test_new_folder ();
  g_autofree char *pipe_name = g_build_filename (root, "pipe.html", NULL);
  g_autofree char *socket_name = g_build_filename (root, "socket.html", NULL);
  g_autoptr(PorchFolder) folder = NULL;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  tree_write (root, "index.html", "x");
  g_assert_cmpint (mkfifo (pipe_name, 0600), ==, 0);
  g_strlcpy (address.sun_path, socket_name, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  folder = tree_scan (root, NULL);

  assert_finding (folder, PORCH_SEVERITY_INFO, "file.special", "pipe.html");
  assert_finding (folder, PORCH_SEVERITY_INFO, "file.special", "socket.html");
  g_assert_cmpuint (porch_folder_get_n_files (folder), ==, 1);

  close (fd);
  test_remove_folder (root);
}

static void
test_left_out (void)
{
  static const char * const litter[] = {
    ".DS_Store", "a/Thumbs.db", "desktop.ini", "index.html~", "a/.page.html.swp", "._index.html", "#index.html#",
  };
  static const char * const litter_folders[] = { "node_modules", "__MACOSX", "b/node_modules" };
  static const char * const others[] = { ".nojekyll", "_headers", "netlify.toml", "a/.htaccess" };
  static const char * const secrets[] = {
    ".env", ".env.production", "id_rsa", "a/wp-config.php", ".htpasswd", "store.p12", "passwords.kdbx", "key.pem",
  };
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;

  tree_write (root, "index.html", "x");
  tree_write (root, "a/node_modules/kept.js", "x");
  tree_write (root, "b/node_modules/y/package.json", "{}");
  tree_write (root, ".profile", "x");
  tree_write (root, "chain.pem", "-----BEGIN CERTIFICATE-----\n");
  tree_write (root, ".git/config", "x");
  tree_write (root, "node_modules/x/index.js", "x");
  tree_write (root, "__MACOSX/._index.html", "x");
  tree_write (root, ".aws/credentials", "x");

  for (gsize i = 0; i < G_N_ELEMENTS (litter); i++)
    tree_write (root, litter[i], "x");
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    tree_write (root, others[i], "x");
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    tree_write (root, secrets[i], "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n");

  folder = tree_scan (root, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (litter); i++)
    assert_finding (folder, PORCH_SEVERITY_INFO, "file.litter", litter[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (litter_folders); i++)
    assert_finding (folder, PORCH_SEVERITY_INFO, "file.litter", litter_folders[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    assert_finding (folder, PORCH_SEVERITY_ERROR, "file.secret", secrets[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    assert_finding (folder, PORCH_SEVERITY_INFO, "file.other-host", others[i]);

  assert_finding (folder, PORCH_SEVERITY_ERROR, "file.secret", ".aws");
  assert_finding (folder, PORCH_SEVERITY_ERROR, "file.history", ".git");
  assert_finding (folder, PORCH_SEVERITY_WARNING, "file.hidden", ".profile");
  g_assert_cmpuint (porch_folder_get_n_files (folder), ==, 4);
  g_assert_nonnull (porch_folder_lookup (folder, "chain.pem"));
  g_assert_nonnull (porch_folder_lookup (folder, "a/node_modules/kept.js"));
  g_assert_true (porch_folder_has_errors (folder));

  test_remove_folder (root);
}

/* Rules for old addresses are read and not published. */
static void
test_redirects (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;
  g_autofree char *goal = NULL;
  guint status = 0;

  tree_write (root, "index.html", "x");
  tree_write (root, "new.html", "x");
  tree_write (root, "sub/_redirects", "x");
  folder = tree_scan (root, NULL);
  g_assert_null (porch_folder_get_redirects (folder));
  g_clear_object (&folder);

  tree_write (root, "_redirects", "/old /new.html 302\n/new.html /elsewhere\n/shop country=de /laden\n");
  folder = tree_scan (root, NULL);
  g_assert_null (porch_folder_lookup (folder, "_redirects"));
  g_assert_nonnull (porch_folder_lookup (folder, "sub/_redirects"));
  g_assert_false (porch_folder_has_errors (folder));
  goal = porch_redirects_resolve (porch_folder_get_redirects (folder), "/old", &status);
  g_assert_cmpstr (goal, ==, "/new.html");
  g_assert_cmpuint (status, ==, 302);

  /* One that a file hides, and one that is not understood */
  g_assert_null (porch_redirects_resolve (porch_folder_get_redirects (folder), "/new.html", NULL));
  g_assert_cmpuint (g_list_model_get_n_items (porch_folder_get_findings (folder)), ==, 2);

  test_remove_folder (root);
}

/* Permissions do not stop root, unless it was started without that capability. */
static void
test_unreadable (void)
{
  g_autofree char *root = test_new_folder ();
  g_autofree char *closed = g_build_filename (root, "closed", NULL);
  g_autofree char *secret = g_build_filename (root, "secret.html", NULL);
  g_autoptr(PorchFolder) folder = NULL;

  tree_write (root, "index.html", "x");
  tree_write (root, "closed/page.html", "x");
  tree_write (root, "secret.html", "x");
  g_assert_cmpint (g_chmod (secret, 0), ==, 0);

  if (access (secret, R_OK) == 0)
    {
      g_test_skip ("Permissions do not stop this user");
      test_remove_folder (root);
      return;
    }

  g_assert_cmpint (g_chmod (closed, 0), ==, 0);
  folder = tree_scan (root, NULL);

  assert_finding (folder, PORCH_SEVERITY_ERROR, "file.unreadable", "closed");
  assert_finding (folder, PORCH_SEVERITY_ERROR, "file.unreadable", "secret.html");
  g_clear_object (&folder);

  g_assert_cmpint (g_chmod (root, 0), ==, 0);
  check_rejected (root, PORCH_ERROR_FOLDER_UNREADABLE);

  g_assert_cmpint (g_chmod (root, 0700), ==, 0);
  g_assert_cmpint (g_chmod (closed, 0700), ==, 0);
  test_remove_folder (root);
}

/* The kernel's folder of a process has a file that opens but does not read, for root too. */
static void
test_read_error (void)
{
  g_autoptr(GFile) file = g_file_new_for_path ("/proc/self");
  g_autoptr(PorchFolder) folder = porch_folder_new (file, NULL);
  char buffer[1];
  int fd = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);

  if (fd < 0 || read (fd, buffer, 1) >= 0)
    {
      g_test_skip ("There is no file that can't be read");
      return;
    }

  close (fd);
  g_assert_true (dex_await (porch_folder_scan (folder, PORCH_SCAN_DEFAULT), NULL));
  assert_finding (folder, PORCH_SEVERITY_ERROR, "file.unreadable", "mem");
}

static PorchStore *
open_store (const char *root)
{
  g_autoptr(GFile) file = g_file_new_for_path (root);
  g_autoptr(PorchStore) store = porch_store_new (file);
  g_autoptr(GError) error = NULL;

  dex_await (porch_store_open (store), &error);
  g_assert_no_error (error);

  return g_steal_pointer (&store);
}

static void
pause_msec (guint msec)
{
  dex_await (dex_timeout_new_msec (msec), NULL);
}

static void
test_hash_cache (void)
{
  g_autofree char *root = test_new_folder ();
  g_autofree char *data = test_new_folder ();
  g_autofree char *filename = g_build_filename (root, "page.html", NULL);
  g_autofree char *before = NULL;
  g_autoptr(PorchStore) store = open_store (data);
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(GFile) file = NULL;
  struct timespec times[2];
  struct stat info;

  tree_write (root, "index.html", "x");
  tree_write (root, "page.html", "one");
  tree_write (root, "key.html", "-----BEGIN PRIVATE KEY-----\n");
  pause_msec (200);
  folder = tree_scan (root, store);
  g_assert_cmpuint (porch_folder_get_n_read (folder), ==, 3);
  before = g_strdup (porch_folder_lookup (folder, "page.html")->sha256);
  g_clear_object (&folder);

  /* Only what must not be published is read again. */
  folder = tree_scan (root, store);
  g_assert_cmpuint (porch_folder_get_n_read (folder), ==, 1);
  g_assert_cmpuint (porch_folder_get_n_files (folder), ==, 2);
  g_assert_cmpstr (porch_folder_lookup (folder, "page.html")->sha256, ==, before);
  g_assert_cmpstr (porch_folder_lookup (folder, "page.html")->type, ==, "text/html; charset=utf-8");
  assert_finding (folder, PORCH_SEVERITY_ERROR, "file.secret", "key.html");
  g_clear_object (&folder);

  /* The same size and the old date do not fool it: the change time can't be set. */
  g_assert_cmpint (stat (filename, &info), ==, 0);
  pause_msec (20);
  tree_write (root, "page.html", "two");
  times[0] = info.st_atim;
  times[1] = info.st_mtim;
  g_assert_cmpint (utimensat (AT_FDCWD, filename, times, 0), ==, 0);
  folder = tree_scan (root, store);
  g_assert_cmpstr (porch_folder_lookup (folder, "page.html")->sha256, !=, before);
  g_clear_object (&folder);

  file = g_file_new_for_path (root);
  folder = porch_folder_new (file, store);
  g_assert_true (dex_await (porch_folder_scan (folder, PORCH_SCAN_THOROUGH), NULL));
  g_assert_cmpuint (porch_folder_get_n_read (folder), ==, 3);

  test_remove_folder (root);
  test_remove_folder (data);
}

typedef struct
{
  char *filename;
  int   stop;
} Writer;

static gpointer
write_forever (gpointer data)
{
  Writer *writer = data;
  int fd = open (writer->filename, O_WRONLY | O_CREAT, 0644);

  while (!g_atomic_int_get (&writer->stop))
    {
      static const char text[] = "more and more and more";

      if (lseek (fd, 0, SEEK_END) > 64 * 1024 * 1024 || write (fd, text, sizeof text) < 0)
        g_usleep (100);
    }

  close (fd);

  return NULL;
}

static void
test_changing (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;
  Writer writer = { g_build_filename (root, "growing.html", NULL), FALSE };
  GThread *thread;

  tree_write (root, "index.html", "x");
  tree_write_bytes (root, "growing.html", 1, 8 * 1024 * 1024);
  thread = g_thread_new ("writer", write_forever, &writer);

  /* On a busy computer the writer may not get its turn while the file is read. */
  for (guint i = 0; i < 500 && (folder == NULL || find_rule (folder, "file.changing", NULL) == NULL); i++)
    {
      g_clear_object (&folder);
      folder = tree_scan (root, NULL);
    }

  g_atomic_int_set (&writer.stop, TRUE);
  g_thread_join (thread);

  assert_finding (folder, PORCH_SEVERITY_ERROR, "file.changing", "growing.html");
  g_assert_cmpuint (porch_folder_get_n_files (folder), ==, 1);

  g_free (writer.filename);
  test_remove_folder (root);
}

static void
test_check_unchanged (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(GError) error = NULL;
  const PorchFile *file;

  tree_write (root, "index.html", "x");
  folder = tree_scan (root, NULL);
  file = porch_folder_lookup (folder, "index.html");
  g_assert_true (dex_await (porch_folder_check_unchanged (folder, file), NULL));

  tree_write (root, "index.html", "y");
  g_assert_false (dex_await (porch_folder_check_unchanged (folder, file), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FILE_CHANGED);
  g_assert_nonnull (strstr (error->message, "index.html"));

  test_remove_folder (root);
}

static void
test_dropped (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(GFile) file = g_file_new_for_path (root);
  PorchFolder *folder = porch_folder_new (file, NULL);
  DexFuture *future;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("file-%u.bin", i);

      tree_write_bytes (root, path, i, 1024 * 1024);
    }

  future = porch_folder_scan (folder, PORCH_SCAN_DEFAULT);
  dex_clear (&future);

  for (guint i = 0; i < 2000 && G_OBJECT (folder)->ref_count > 1; i++)
    pause_msec (10);

  g_assert_finalize_object (folder);
  test_remove_folder (root);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/folder/plain", test_plain);
  test_add_fiber ("/site/folder/empty", test_empty);
  test_add_fiber ("/site/folder/no-folder", test_no_folder);
  test_add_fiber ("/site/folder/start-page", test_start_page);
  test_add_fiber ("/site/folder/bad-names", test_bad_names);
  test_add_fiber ("/site/folder/no-endings", test_no_endings);
  test_add_fiber ("/site/folder/links", test_links);
  test_add_fiber ("/site/folder/special-files", test_special_files);
  test_add_fiber ("/site/folder/left-out", test_left_out);
  test_add_fiber ("/site/folder/redirects", test_redirects);
  test_add_fiber ("/site/folder/unreadable", test_unreadable);
  test_add_fiber ("/site/folder/read-error", test_read_error);
  test_add_fiber ("/site/folder/hash-cache", test_hash_cache);
  test_add_fiber ("/site/folder/changing", test_changing);
  test_add_fiber ("/site/folder/check-unchanged", test_check_unchanged);
  test_add_fiber ("/site/folder/dropped", test_dropped);

  return g_test_run ();
}
