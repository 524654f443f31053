/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-titles.h"
#include "test-util.h"
#include "tree-util.h"

#include <string.h>

#define RELEASE "20260101-000000-aaaaaa"
#define NEXT    "20260102-000000-aaaaaa"
#define LATER   "20260103-000000-aaaaaa"

#define TEXT(text) text, sizeof text - 1

static const struct
{
  const char *name;
  const char *text;
  gsize       length;
  const char *title;
} cases[] = {
  { "plain", TEXT ("<!doctype html><html><head><title>Home</title></head><body>x</body></html>"), "Home" },
  { "no markup around it", TEXT ("<title>Home</title>"), "Home" },
  { "capitals and attributes", TEXT ("<HTML><HEAD><TITLE lang=de>Zuhause</TITLE></HEAD>"), "Zuhause" },
  { "white space", TEXT ("<title>\n  Our\t little \r\n house </title>"), "Our little house" },
  { "entities", TEXT ("<title>Bread &amp; Butter &#8211; caf&eacute; &lt;3&nbsp;!</title>"), "Bread & Butter – café <3 !" },
  { "none", TEXT ("<html><head></head><body><h1>Home</h1></body></html>"), "" },
  { "empty", TEXT ("<title></title>"), "" },
  { "nothing at all", TEXT (""), "" },
  { "not closed", TEXT ("<title>Home"), "Home" },
  { "the first of two", TEXT ("<title>One</title><title>Two</title>"), "One" },
  { "a drawing's comes first", TEXT ("<body><svg><title>Logo</title></svg></body><title>Home</title>"), "Home" },
  { "a drawing's only", TEXT ("<head></head><body><svg><title>Logo</title></svg>"), "" },
  { "in a comment", TEXT ("<!-- <title>Old</title> --><title>New</title>"), "New" },
  { "utf-8 named", TEXT ("<meta charset=utf-8><title>\xc3\x9c" "ber uns</title>"), "Über uns" },
  { "utf-8 not named", TEXT ("<title>\xc3\x9c" "ber uns</title>"), "Über uns" },
  { "utf-8 called latin-1", TEXT ("<meta charset=iso-8859-1><title>\xc3\x9c" "ber uns</title>"), "Über uns" },
  { "utf-8 with a mark", TEXT ("\xef\xbb\xbf<title>\xc3\x9c" "ber uns</title>"), "Über uns" },
  { "latin-1 named", TEXT ("<meta charset=\"ISO-8859-1\"><title>\xdc" "ber uns</title>"), "Über uns" },
  { "latin-1 named the old way", TEXT ("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\"><title>\xdc" "ber</title>"), "Über" },
  { "latin-1 not named", TEXT ("<title>\xdc" "ber uns \x96 \x80</title>"), "Über uns – €" },
  { "called utf-8 but is not", TEXT ("<meta charset=utf-8><title>\xdc" "ber uns</title>"), "Über uns" },
  { "named a thing nobody knows", TEXT ("<meta charset=x-klingon><title>\xdc" "ber uns</title>"), "Über uns" },
  { "cyrillic", TEXT ("<meta charset=windows-1251><title>\xcf\xf0\xe8\xe2\xe5\xf2</title>"), "Привет" },
  { "japanese", TEXT ("<meta charset=Shift_JIS><title>\x93\xfa\x96\x7b</title>"), "日本" },
  { "utf-16 little", TEXT ("\xff\xfe<\0t\0i\0t\0l\0e\0>\0\xdc\0b\0<\0/\0t\0i\0t\0l\0e\0>\0"), "Üb" },
  { "utf-16 big", TEXT ("\xfe\xff\0<\0t\0i\0t\0l\0e\0>\0\xdc\0b\0<\0/\0t\0i\0t\0l\0e\0>"), "Üb" },
  { "zero bytes", TEXT ("<title>a\0b</title>"), NULL },
  { "garbage", TEXT ("\x89PNG\r\n\x1a\n<title\0\xff\xfe<<<>"), NULL },
};

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *title = porch_title_find (cases[i].text, cases[i].length);

      g_test_message ("%s: %s", cases[i].name, title);
      g_assert_true (g_utf8_validate (title, -1, NULL));

      if (cases[i].title != NULL)
        g_assert_cmpstr (title, ==, cases[i].title);
    }
}

/* What is cut in the middle of a character is still UTF-8; what stands far down is not found; long ones are cut. */
static void
test_limits (void)
{
  g_autoptr(GString) page = g_string_new ("<title>Ü</title><p>");
  g_autoptr(GString) far = g_string_new (NULL);
  g_autoptr(GString) text = g_string_new ("<title>");
  g_autofree char *title = NULL;

  while (page->len < PORCH_TITLE_HEAD - 1)
    g_string_append_c (page, 'x');
  g_string_append (page, "üüü");
  title = porch_title_find (page->str, page->len);
  g_assert_cmpstr (title, ==, "Ü");
  g_clear_pointer (&title, g_free);

  while (far->len < PORCH_TITLE_HEAD)
    g_string_append (far, "<p>x</p>");
  g_string_append (far, "<title>Far</title>");
  title = porch_title_find (far->str, far->len);
  g_assert_cmpstr (title, ==, "");
  g_clear_pointer (&title, g_free);

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "ü");
  title = porch_title_find (text->str, text->len);
  g_assert_cmpint (g_utf8_strlen (title, -1), ==, PORCH_TITLE_LENGTH);
}

static PorchManifest *
make_manifest (const char    *root,
               PorchManifest *live,
               const char    *release,
               guint         *n_read)
{
  g_autoptr(PorchFolder) folder = tree_scan (root, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) titles = dex_await_boxed (porch_titles_read (folder, live), &error);

  g_assert_no_error (error);
  *n_read = g_hash_table_size (titles);

  return porch_manifest_new_for_folder (folder, live, titles, release, NULL, NULL, FALSE);
}

static PorchManifest *
through_json (PorchManifest *manifest)
{
  g_autoptr(GBytes) json = porch_manifest_to_json (manifest);
  g_autoptr(GError) error = NULL;
  PorchManifest *again = porch_manifest_new_from_json (json, &error);

  g_assert_no_error (error);

  return again;
}

static void
assert_page (PorchManifest   *manifest,
             guint            position,
             PorchChangeKind  kind,
             const char      *path,
             const char      *old_path,
             const char      *title)
{
  const PorchPageChange *page = g_ptr_array_index (porch_manifest_get_summary (manifest)->pages, position);

  g_assert_cmpstr (porch_change_kind_to_string (page->kind), ==, porch_change_kind_to_string (kind));
  g_assert_cmpstr (page->path, ==, path);
  g_assert_cmpstr (page->old_path, ==, old_path);
  g_assert_cmpstr (page->title, ==, title);
}

static void
make_pages (const char *root)
{
  tree_write (root, "index.html", "<title>Start</title>");
  tree_write (root, "about.html", "<title>About us</title>");
  tree_write (root, "old/index.html", "<title>Old</title>");
  tree_write (root, "twin-1.html", "<title>Twin</title>1");
  tree_write (root, "twin-2.html", "<title>Twin</title>2");
  tree_write (root, "bare.html", "bare");
  tree_write (root, "404.html", "<title>Lost</title>");
  tree_write (root, "style.css", "p { }");
}

/* A title after many kilobytes of other things, as some builders write it */
static void
write_late (const char *root,
            const char *path,
            const char *title)
{
  g_autoptr(GString) text = g_string_new ("<head><style>");

  for (guint i = 0; i < 3000; i++)
    g_string_append (text, "p { }\n");

  g_string_append_printf (text, "</style><title>%s</title></head>", title);
  tree_write (root, path, text->str);
}

/* Only what is new or changed is read, and the summary says it by title. */
static void
test_changes (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchManifest) made = NULL;
  g_autoptr(PorchManifest) first = NULL;
  g_autoptr(PorchManifest) second = NULL;
  const PorchManifestSummary *summary;
  guint n_read;

  make_pages (root);
  write_late (root, "bare.html", "Late");
  made = make_manifest (root, NULL, RELEASE, &n_read);
  g_assert_cmpuint (n_read, ==, 7);
  g_assert_cmpstr (porch_manifest_lookup (made, "bare.html")->title, ==, "Late");
  tree_write (root, "bare.html", "bare");
  g_clear_object (&made);
  made = make_manifest (root, NULL, RELEASE, &n_read);
  first = through_json (made);
  g_assert_cmpstr (porch_manifest_lookup (first, "about.html")->title, ==, "About us");
  g_assert_cmpstr (porch_manifest_lookup (first, "bare.html")->title, ==, "");
  g_assert_cmpstr (porch_manifest_lookup (first, "style.css")->title, ==, NULL);
  g_assert_cmpuint (porch_manifest_get_summary (first)->n_pages, ==, 6);

  tree_write (root, "index.html", "<title>Welcome</title>");
  tree_write (root, "new.html", "<title>New</title>");
  tree_remove (root, "twin-1.html");
  tree_write (root, "style.css", "p { color: red }");
  g_clear_object (&made);
  made = make_manifest (root, first, NEXT, &n_read);
  g_assert_cmpuint (n_read, ==, 2);
  second = through_json (made);
  summary = porch_manifest_get_summary (second);
  g_assert_cmpuint (summary->n_pages, ==, 3);
  g_assert_cmpuint (summary->added, ==, 1);
  g_assert_cmpuint (summary->changed, ==, 2);
  g_assert_cmpuint (summary->removed, ==, 1);
  g_assert_cmpuint (summary->renamed, ==, 0);
  assert_page (second, 0, PORCH_CHANGE_CHANGED, "index.html", NULL, "Welcome");
  assert_page (second, 1, PORCH_CHANGE_ADDED, "new.html", NULL, "New");
  assert_page (second, 2, PORCH_CHANGE_REMOVED, "twin-1.html", NULL, "Twin");
  g_assert_cmpstr (porch_manifest_lookup (second, "about.html")->title, ==, "About us");

  test_remove_folder (root);
}

static void
assert_leads (PorchManifest *manifest,
              const char    *from,
              const char    *to)
{
  PorchRedirects *redirects = porch_manifest_get_redirects (manifest);
  g_autofree char *target = redirects != NULL ? porch_redirects_resolve (redirects, from, NULL) : NULL;

  g_assert_cmpstr (target, ==, to);
}

/* The same content, or a title that no other page has: the old address leads to the new one, and goes on doing so. */
static void
test_renames (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchManifest) first = NULL;
  g_autoptr(PorchManifest) second = NULL;
  g_autoptr(PorchManifest) third = NULL;
  guint n_read;

  make_pages (root);
  first = make_manifest (root, NULL, RELEASE, &n_read);

  /* By content, by title, and a twin whose title says nothing */
  tree_remove (root, "about.html");
  tree_write (root, "team/index.html", "<title>About us</title>");
  tree_remove (root, "old/index.html");
  tree_write (root, "archive.html", "<title>Old</title>and something new");
  tree_remove (root, "twin-1.html");
  tree_write (root, "twin-3.html", "<title>Twin</title>3");
  second = make_manifest (root, first, NEXT, &n_read);
  g_assert_cmpuint (porch_manifest_get_summary (second)->renamed, ==, 2);
  g_assert_cmpuint (porch_manifest_get_summary (second)->added, ==, 1);
  g_assert_cmpuint (porch_manifest_get_summary (second)->removed, ==, 1);
  assert_page (second, 0, PORCH_CHANGE_RENAMED, "archive.html", "old/index.html", "Old");
  assert_page (second, 1, PORCH_CHANGE_RENAMED, "team/index.html", "about.html", "About us");
  assert_leads (second, "/about.html", "/team/");
  assert_leads (second, "/old/", "/archive.html");
  assert_leads (second, "/twin-1.html", NULL);

  /* Once more: one hop from each */
  tree_remove (root, "team/index.html");
  tree_write (root, "people.html", "<title>About us</title>");
  third = make_manifest (root, second, LATER, &n_read);
  assert_leads (third, "/about.html", "/people.html");
  assert_leads (third, "/team/", "/people.html");
  assert_leads (third, "/old/", "/archive.html");

  /* Back where it was: the address shows a page again and leads nowhere */
  g_clear_object (&second);
  tree_remove (root, "people.html");
  tree_write (root, "about.html", "<title>About us</title>");
  second = make_manifest (root, third, NEXT, &n_read);
  assert_leads (second, "/about.html", NULL);
  assert_leads (second, "/people.html", "/about.html");
  assert_leads (second, "/team/", "/about.html");

  test_remove_folder (root);
}

/* So many pages that not all are named */
static void
test_many (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(GHashTable) titles = NULL;
  const PorchManifestSummary *summary;
  guint n_read;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *path = g_strdup_printf ("page-%03u.html", i);
      g_autofree char *text = g_strdup_printf ("<title>Page %u</title>", i);

      tree_write (root, path, text);
    }

  folder = tree_scan (root, NULL);
  g_test_timer_start ();
  titles = dex_await_boxed (porch_titles_read (folder, NULL), NULL);
  g_test_message ("1,000 titles took %.1f ms", g_test_timer_elapsed () * 1000);

  manifest = make_manifest (root, NULL, RELEASE, &n_read);
  summary = porch_manifest_get_summary (manifest);
  g_assert_cmpuint (n_read, ==, 1000);
  g_assert_cmpuint (g_hash_table_size (titles), ==, 1000);
  g_assert_cmpuint (summary->n_pages, ==, 1000);
  g_assert_cmpuint (summary->pages->len, ==, PORCH_MANIFEST_MAX_PAGES);
  g_assert_cmpstr (porch_manifest_lookup (manifest, "page-299.html")->title, ==, "Page 299");

  test_remove_folder (root);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/site/titles/table", test_table);
  g_test_add_func ("/site/titles/limits", test_limits);
  test_add_fiber ("/site/titles/changes", test_changes);
  test_add_fiber ("/site/titles/renames", test_renames);
  test_add_fiber ("/site/titles/many", test_many);

  return g_test_run ();
}
