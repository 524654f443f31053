/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-secret.h"
#include "test-util.h"
#include "tree-util.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define LINES "one\ntwo\n"

/* The halves are put together at run time, so that nobody takes this file for a leak */
#define KEY(kind) "-----BEGIN " kind "PRIVATE" " KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n"

static PorchFolder *
scan (const char      *root,
      PorchScanFlags   flags,
      PorchTreatments *treatments)
{
  g_autoptr(GFile) file = g_file_new_for_path (root);
  g_autoptr(PorchFolder) folder = porch_folder_new (file, NULL);
  g_autoptr(GError) error = NULL;

  porch_folder_set_treatments (folder, treatments);
  dex_await (porch_folder_scan (folder, flags), &error);
  g_assert_no_error (error);

  return g_steal_pointer (&folder);
}

/* The only finding about a file, if there is one */
static PorchFinding *
find (PorchFolder *folder,
      const char  *path)
{
  GListModel *findings = porch_folder_get_findings (folder);
  PorchFinding *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);

      if (g_strcmp0 (porch_finding_get_path (finding), path) == 0)
        {
          g_assert_null (found);
          found = finding;
        }
    }

  return found;
}

static void
assert_blocked (PorchFolder *folder,
                const char  *path,
                const char  *rule,
                guint        line)
{
  PorchFinding *finding = find (folder, path);

  if (finding == NULL)
    g_error ("Nothing was found in %s", path);

  g_assert_cmpstr (porch_finding_get_rule (finding), ==, rule);
  g_assert_cmpuint (porch_finding_get_line (finding), ==, line);
  g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_ERROR);
  g_assert_cmpint (porch_finding_get_treatment (finding), ==, PORCH_TREATMENT_CONFIRM);
  g_assert_false (porch_finding_get_is_treated (finding));
  g_assert_nonnull (porch_finding_get_fix (finding));
  g_assert_null (porch_folder_lookup (folder, path));
}

static void
test_names (void)
{
  static const struct
  {
    const char *path;
    const char *rule;
  } cases[] = {
    { ".env", "file.secret" }, { "a/.env.production", "file.secret" }, { "wp-config.php", "file.secret" },
    { ".htpasswd", "file.secret" }, { ".netrc", "file.secret" }, { "id_ed25519", "file.secret" }, { "shop.p12", "file.secret" },
    { "login.ppk", "file.secret" }, { "data/shop.sqlite3", "file.database" }, { "dump.sql", "file.database" },
    { "dump.sql.gz", "file.database" }, { "old.mdb", "file.database" }, { "index.html.bak", "file.backup" },
    { "style.css.old", "file.backup" }, { "page.orig", "file.backup" }, { "backup-2024.zip", "file.backup" },
  };
  static const char * const harmless[] = {
    ".env.example", "id_rsa.pub", "database.html", "old.html", "backup.html", "sql.html", "a/keys.js", "environment.js", "bak.css", "download.zip",
  };
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;

  tree_write (root, "index.html", "x");
  tree_write (root, ".git/HEAD", "ref");
  tree_write (root, "site.old/index.html", "x");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    tree_write (root, cases[i].path, "x");
  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i++)
    tree_write (root, harmless[i], "x");

  folder = scan (root, PORCH_SCAN_DEFAULT, NULL);
  g_assert_true (porch_folder_has_errors (folder));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_blocked (folder, cases[i].path, cases[i].rule, 0);
  assert_blocked (folder, ".git", "file.history", 0);
  assert_blocked (folder, "site.old", "file.backup", 0);

  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i++)
    g_assert_nonnull (porch_folder_lookup (folder, harmless[i]));
  g_assert_cmpuint (porch_folder_get_n_files (folder), ==, G_N_ELEMENTS (harmless) + 1);

  test_remove_folder (root);
}

static void
write_bytes (const char *root,
             const char *path,
             const char *bytes,
             gsize       length)
{
  g_autofree char *filename = g_build_filename (root, path, NULL);

  g_assert_true (g_file_set_contents (filename, bytes, length, NULL));
}

static void
test_contents (void)
{
  static const struct
  {
    const char *path;
    const char *rule;
    const char *text;
    guint       line;
  } cases[] = {
    { "pkcs8.txt", "file.secret", KEY (""), 1 },
    { "openssh", "file.secret", KEY ("OPENSSH "), 0 },
    { "short.pem", "file.secret", "\n-----BEGIN RSA PRIVATE" " KEY-----\nx", 0 },
    { "config.js", "file.secret", LINES "const k = '-----BEGIN EC PRIVATE" " KEY-----\\nMHcCAQEEIIGbFYLs3RvZX0dE';", 3 },
    { "account.json", "file.secret", "{\n\"private_key\": \"-----BEGIN PRIVATE" " KEY-----\\nMIIEvQIBADANBgkqhkiG9w0B\"}", 2 },
    { "page.html", "file.secret", LINES "<pre>" KEY ("RSA ") "</pre>", 3 },
    { "putty.txt", "file.secret", "PuTTY-User-Key" "-File-2: ssh-rsa\n", 1 },
    { "aws.sh", "file.secret", LINES "export KEY=AKIA" "IOSFODNN7QRSTUVW", 3 },
    { "aws.py", "file.secret", "aws_secret_access" "_key = 'wJalrXUtnFEMIK7MDENGbPxRfiCYzzzKEYaabbcc'", 1 },
    { "github.yml", "file.secret", "token: ghp" "_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8", 1 },
    { "google.py", "file.secret", "key = 'AIza" "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY'", 1 },
    { "slack.js", "file.secret", LINES "post('https://hooks.slack" ".com/services/T024BE7LH/B024BE7LJ/a1b2c3d4e5f6g7h8i9j0k1l2')", 3 },
    { "bot.rb", "file.secret", "t = 'xoxb" "-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'", 1 },
    { "pay.js", "file.secret", "stripe('sk" "_live_4eC39HqLyjWDarjtT1zdp7dc')", 1 },
    { ".npmrc", "file.secret", "//registry.npmjs.org/:_auth" "Token=aaaa1111-bb22-cc33-dd44-eeee5555", 1 },
    { "settings.php.txt", "file.secret", "<?php\ndefine( 'DB_PASS" "WORD', 'hunter22' );", 2 },
    { "all.txt", "file.database", "-- MySQL dump 10.13\n", 1 },
  };
  static const char * const harmless[] = {
    "a.html", "<pre>-----BEGIN RSA PRIVATE KEY-----\n... (private key in base64 encoding) ...\n-----END RSA PRIVATE KEY-----",
    "b.html", "<pre>-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgk...\n</pre>",
    "b2.html", "<pre>-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ...\n</pre>",
    "b3.html", "<pre>-----BEGIN PRIVATE KEY-----\nEXAMPLEQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n</pre>",
    "c.txt", "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AKIAXXXXXXXXXXXXXXXX",
    "d.html", "<a href='https://b.s3.amazonaws.com/x?X-Amz-Credential=AKIAIOSFODNN7QRSTUVW%2F2024'>",
    "e.pem", "-----BEGIN CERTIFICATE-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n",
    "f.txt", "-----BEGIN PUBLIC KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n",
    "g.js", "x='sk_test_4eC39HqLyjWDarjtT1zdp7dc';y='pk_live_4eC39HqLyjWDarjtT1zdp7dc'",
    "h.txt", "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "i.html", "<code>define( 'DB_PASSWORD', 'secret' );</code>",
    "j.txt", "define('DB_PASSWORD', 'password_here'); DB_PASSWORD=${SECRET}",
    "k.js", "data:x;base64,AAAAAKIAIOSFODNN7QRSTUVWAAAA",
  };
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;
  PorchFinding *finding;

  tree_write (root, "index.html", "x");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    tree_write (root, cases[i].path, cases[i].text);
  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i += 2)
    tree_write (root, harmless[i], harmless[i + 1]);

  write_bytes (root, "shop", "SQLite format 3\0", 16);
  write_bytes (root, "access", "\0\1\0\0Standard Jet DB\0", 20);
  write_bytes (root, "box", "\x30\x82\x0a\x01\x02\x01\x03\x30\x82\x09\x01\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 22);
  tree_write (root, "map.js", LINES "key=AIza" "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY&");

  folder = scan (root, PORCH_SCAN_DEFAULT, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PorchFinding *found = find (folder, cases[i].path);

      /* Where the whole file is a key, the line says nothing. */
      assert_blocked (folder, cases[i].path, cases[i].rule, found != NULL && cases[i].line == 0 ? porch_finding_get_line (found) : cases[i].line);
      g_assert_null (strstr (porch_finding_get_text (found), "hunter22"));
      g_assert_null (strstr (porch_finding_get_text (found), "4eC39Hq"));
    }

  assert_blocked (folder, "shop", "file.database", 0);
  assert_blocked (folder, "access", "file.database", 0);
  assert_blocked (folder, "box", "file.secret", 0);

  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i += 2)
    {
      if ((finding = find (folder, harmless[i])) != NULL)
        g_error ("%s: %s", harmless[i], porch_finding_get_text (finding));
    }

  /* A key for maps is meant to be in a page. */
  finding = find (folder, "map.js");
  g_assert_cmpstr (porch_finding_get_rule (finding), ==, "file.browser-key");
  g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_INFO);
  g_assert_cmpuint (porch_finding_get_line (finding), ==, 3);
  g_assert_nonnull (porch_folder_lookup (folder, "map.js"));

  test_remove_folder (root);
}

/* Wherever the pieces that a file is read in begin and end */
static void
test_pieces (void)
{
  const char *secret = "token: ghp" "_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8\n";
  g_autoptr(GString) text = g_string_new (NULL);
  gsize place;

  for (guint i = 0; i < 100; i++)
    g_string_append (text, "Some line that says nothing.\n");
  place = text->len + strlen ("token: ");
  g_string_append (text, secret);
  for (guint i = 0; i < 100; i++)
    g_string_append (text, "Another line.\n");

  for (gsize size = 1; size < text->len + 10; size += 1 + size / 7)
    {
      PorchSecretSearch search;

      porch_secret_search_init (&search, "a.yml");
      for (gsize at = 0; at < text->len; at += size)
        porch_secret_search_feed (&search, (const guint8 *) text->str + at, MIN (size, text->len - at));

      g_assert_cmpint (search.kind, ==, PORCH_SECRET_TOKEN);
      g_assert_cmpuint (search.offset, ==, place);
      g_assert_cmpstr (search.service, ==, "GitHub");

      porch_secret_search_clear (&search);
      for (gsize i = 0; i < sizeof search.tail; i++)
        g_assert_cmpuint (search.tail[i], ==, 0);
    }
}

static void
write_archive (const char         *root,
               const char         *path,
               const char * const *names)
{
  g_autofree char *filename = g_build_filename (root, path, NULL);
  struct archive *archive = archive_write_new ();

  g_assert_cmpint (archive_write_add_filter_gzip (archive), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_set_format_pax_restricted (archive), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_open_filename (archive, filename), ==, ARCHIVE_OK);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      struct archive_entry *entry = archive_entry_new ();

      archive_entry_set_pathname (entry, names[i]);
      archive_entry_set_size (entry, 1);
      archive_entry_set_filetype (entry, AE_IFREG);
      archive_entry_set_perm (entry, 0644);
      g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
      g_assert_cmpint (archive_write_data (archive, "x", 1), ==, 1);
      archive_entry_free (entry);
    }

  g_assert_cmpint (archive_write_free (archive), ==, ARCHIVE_OK);
}

/* A copy of the site is one whatever its name; a download is none. */
static void
test_archives (void)
{
  const char * const site[] = { "site/index.html", "site/about.html", NULL };
  const char * const secret[] = { "x/readme.txt", "x/wp-config.php", NULL };
  const char * const program[] = { "game/readme.txt", "game/index.html", "game/a", "game/b", "game/c", NULL };
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;

  tree_write (root, "index.html", "x");
  tree_write (root, "about.html", "x");
  write_archive (root, "all.tar.gz", site);
  write_archive (root, "more.tgz", secret);
  write_archive (root, "game.tar.gz", program);
  folder = scan (root, PORCH_SCAN_DEFAULT, NULL);

  assert_blocked (folder, "all.tar.gz", "file.backup", 0);
  assert_blocked (folder, "more.tgz", "file.backup", 0);
  g_assert_null (find (folder, "game.tar.gz"));
  g_assert_nonnull (porch_folder_lookup (folder, "game.tar.gz"));

  test_remove_folder (root);
}

/* One by one: what is confirmed is sent, what is left out isn't, and both are said. */
static void
test_answers (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchTreatments) none = porch_treatments_new ();
  g_autoptr(PorchTreatments) one = porch_treatments_with_confirmed (none, ".env");
  g_autoptr(PorchTreatments) two = porch_treatments_with_left_out (one, "pay.js");
  g_autoptr(PorchTreatments) three = porch_treatments_with_confirmed (two, ".git");
  g_autoptr(PorchTreatments) back = porch_treatments_without_path (three, ".env");
  g_autoptr(PorchFolder) folder = NULL;
  PorchFinding *finding;

  tree_write (root, "index.html", "x");
  tree_write (root, ".env", "PASSWORD=1");
  tree_write (root, ".git/config", "x");
  tree_write (root, "pay.js", "stripe('sk" "_live_4eC39HqLyjWDarjtT1zdp7dc')");

  folder = scan (root, PORCH_SCAN_DEFAULT, one);
  g_assert_true (porch_folder_has_errors (folder));
  g_assert_nonnull (porch_folder_lookup (folder, ".env"));
  assert_blocked (folder, "pay.js", "file.secret", 1);
  assert_blocked (folder, ".git", "file.history", 0);
  g_clear_object (&folder);

  folder = scan (root, PORCH_SCAN_DEFAULT, three);
  g_assert_false (porch_folder_has_errors (folder));
  g_assert_nonnull (porch_folder_lookup (folder, ".env"));
  g_assert_nonnull (porch_folder_lookup (folder, ".git/config"));
  g_assert_null (porch_folder_lookup (folder, "pay.js"));
  finding = find (folder, "pay.js");
  g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_INFO);
  g_assert_true (porch_finding_get_is_treated (finding));
  finding = find (folder, ".env");
  g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_INFO);
  g_assert_true (porch_finding_get_is_treated (finding));
  g_clear_object (&folder);

  folder = scan (root, PORCH_SCAN_DEFAULT, back);
  assert_blocked (folder, ".env", "file.secret", 0);
  g_clear_object (&folder);

  folder = scan (root, PORCH_SCAN_LEAVE_OUT, NULL);
  g_assert_false (porch_folder_has_errors (folder));
  g_assert_cmpuint (porch_folder_get_n_files (folder), ==, 1);
  finding = find (folder, ".env");
  g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_WARNING);
  g_assert_cmpint (porch_finding_get_treatment (finding), ==, PORCH_TREATMENT_CONFIRM);
  g_assert_false (porch_finding_get_is_treated (finding));

  test_remove_folder (root);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/private/names", test_names);
  test_add_fiber ("/site/private/contents", test_contents);
  test_add_fiber ("/site/private/pieces", test_pieces);
  test_add_fiber ("/site/private/archives", test_archives);
  test_add_fiber ("/site/private/answers", test_answers);

  return g_test_run ();
}
