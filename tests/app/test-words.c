/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <locale.h>
#include <string.h>

#include "porch-release-words.h"
#include "porch-site-words.h"
#include "porch-widget-util.h"

static void
test_day (void)
{
  static const struct
  {
    const char *date;
    const char *expected;
  } cases[] = {
    { "2026-11-20T14:05:00Z", "14:05" },
    { "2026-11-20T00:00:00Z", "00:00" },
    { "2026-11-19T23:59:00Z", "Yesterday" },
    { "2026-11-18T10:00:00Z", "Wednesday" },
    { "2026-11-14T10:00:00Z", "Saturday" },
    { "2026-11-13T10:00:00Z", "13 November" },
    { "2026-01-01T10:00:00Z", "1 January" },
    { "2025-12-31T10:00:00Z", "31 December 2025" },
    /* A clock that runs ahead elsewhere */
    { "2026-11-21T00:10:00Z", "21 November" },
  };
  g_autoptr(GDateTime) now = g_date_time_new_from_iso8601 ("2026-11-20T20:00:00Z", NULL);
  g_autofree char *none = porch_day_words (NULL, now);

  g_assert_cmpstr (none, ==, "");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GDateTime) date = g_date_time_new_from_iso8601 (cases[i].date, NULL);
      g_autofree char *words = porch_day_words (date, now);

      g_assert_cmpstr (words, ==, cases[i].expected);
    }
}

static void
test_moment (void)
{
  static const struct
  {
    const char *date;
    const char *expected;
  } cases[] = {
    { "2026-11-20T14:05:00Z", "Today at 14:05" },
    { "2026-11-19T09:00:00Z", "Yesterday at 09:00" },
    { "2026-11-16T09:00:00Z", "Monday at 09:00" },
    { "2026-03-05T09:00:00Z", "5 March at 09:00" },
    { "2025-03-05T09:00:00Z", "5 March 2025" },
  };
  g_autoptr(GDateTime) now = g_date_time_new_from_iso8601 ("2026-11-20T20:00:00Z", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GDateTime) date = g_date_time_new_from_iso8601 (cases[i].date, NULL);
      g_autofree char *words = porch_moment_words (date, now);

      g_assert_cmpstr (words, ==, cases[i].expected);
    }
}

static void
test_folder (void)
{
  static const struct
  {
    const char *path;
    const char *expected;
  } cases[] = {
    { "/home/ana/Documents/Café", "\u2068Home/Documents/Café\u2069" },
    { "/srv/www", "\u2068/srv/www\u2069" },
    { "/home/anabel/x", "\u2068/home/anabel/x\u2069" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GFile) folder = g_file_new_for_path (cases[i].path);
      g_autofree char *words = porch_display_folder (folder);

      g_assert_cmpstr (words, ==, cases[i].expected);
    }
}

static void
test_state (void)
{
  for (int state = PORCH_SITE_CREATING; state <= PORCH_SITE_FAILED; state++)
    {
      g_assert_cmpstr (porch_site_state_words (state), !=, "");
      g_assert_true (g_str_has_suffix (porch_site_state_icon (state), "-symbolic"));
    }
}

static void
test_page_change (void)
{
  static const struct
  {
    PorchPageChange  change;
    const char      *title;
    const char      *detail;
  } cases[] = {
    { { PORCH_CHANGE_ADDED, "prices.html", NULL, "Prices" }, "Prices", "New · \u2068/prices.html\u2069" },
    { { PORCH_CHANGE_CHANGED, "index.html", NULL, "Rosa’s Bakery" }, "Rosa’s Bakery", "Changed · \u2068/\u2069" },
    { { PORCH_CHANGE_REMOVED, "news/index.html", NULL, "" }, "/news/", "Removed" },
    { { PORCH_CHANGE_REMOVED, "myindex.html", NULL, NULL }, "/myindex.html", "Removed" },
    { { PORCH_CHANGE_RENAMED, "team/index.html", "about.html", "The Team" },
      "The Team", "Renamed · \u2068/team/\u2069, was \u2068/about.html\u2069" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *title = porch_page_change_dup_title (&cases[i].change);
      g_autofree char *detail = porch_page_change_dup_detail (&cases[i].change);

      g_assert_cmpstr (title, ==, cases[i].title);
      g_assert_cmpstr (detail, ==, cases[i].detail);
      g_assert_true (g_str_has_suffix (porch_change_kind_icon (cases[i].change.kind), "-symbolic"));
    }
}

static PorchRelease *
new_release (guint n_named,
             guint n_pages,
             guint n_changed)
{
  g_autoptr(PorchManifestSummary) summary = g_new0 (PorchManifestSummary, 1);

  summary->release = g_strdup ("20261120-140500-aaaaaa");
  summary->date = g_strdup ("2026-11-20T14:05:00Z");
  summary->previous = g_strdup ("20261119-140500-aaaaaa");
  summary->files = 12;
  summary->bytes = 34000;
  summary->changed = n_changed;
  summary->n_pages = n_pages;
  summary->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_page_change_free);

  for (guint i = 0; i < n_named; i++)
    g_ptr_array_add (summary->pages, porch_page_change_new (PORCH_CHANGE_CHANGED, "a.html", NULL, "A"));

  return porch_release_new (summary);
}

static void
test_rest (void)
{
  static const struct
  {
    guint       n_named;
    guint       n_pages;
    guint       n_changed;
    const char *expected;
  } cases[] = {
    { 0, 0, 0, NULL },
    { 3, 3, 3, NULL },
    { 60, 100, 100, "And 40 more pages" },
    { 60, 61, 61, "And 1 more page" },
    { 2, 2, 3, "And 1 other file, such as a picture or a style" },
    { 60, 70, 75, "And 10 more pages\nAnd 5 other files, such as pictures and styles" },
    { 0, 0, 4, "No page, but 4 other files, such as pictures and styles" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(PorchRelease) release = new_release (cases[i].n_named, cases[i].n_pages, cases[i].n_changed);
      g_autofree char *rest = porch_release_dup_rest (release);

      g_assert_cmpstr (rest, ==, cases[i].expected);
    }
}

static void
test_receipt (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autoptr(PorchReceipt) receipt = porch_receipt_new ("20261120-140500-aaaaaa", NULL, "https://example.org/");
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;

  porch_receipt_set_seconds (receipt, 0.24);
  porch_receipt_add_page (receipt, "index.html", "Start", 200, TRUE, FALSE);
  porch_receipt_add_page (receipt, "prices.html", "Prices", 200, TRUE, FALSE);
  porch_receipt_add_page (receipt, "news.html", NULL, 200, TRUE, FALSE);
  porch_receipt_set_state (receipt, PORCH_RECEIPT_SEEN, NULL);
  title = porch_receipt_dup_title (receipt, now);
  detail = porch_receipt_dup_detail (receipt);
  g_assert_true (g_str_has_prefix (title, "Seen by a Visitor: Today at "));
  g_assert_cmpstr (detail, ==, "The start page and 2 other pages were there within 0.2 seconds");
  g_assert_true (porch_receipt_is_good (receipt));
  g_assert_true (porch_receipt_is_good (NULL));

  g_clear_pointer (&detail, g_free);
  porch_receipt_add_page (receipt, "gone.html", "Gone", 404, FALSE, FALSE);
  porch_receipt_add_page (receipt, "old.html", NULL, 200, FALSE, TRUE);
  porch_receipt_add_page (receipt, "slow.html", "Slow", 0, FALSE, FALSE);
  porch_receipt_set_state (receipt, PORCH_RECEIPT_FLAWED, NULL);
  detail = porch_receipt_dup_detail (receipt);
  g_assert_cmpstr (detail, ==, "“Gone” answered with the error 404\n“old.html” was still as before\n“Slow” did not answer");
  g_assert_false (porch_receipt_is_good (receipt));
}

static PorchDraft *
new_draft (gint64 until)
{
  g_autoptr(PorchPointerValue) value = porch_pointer_value_new ("20261120-140500-aaaaaa", NULL, NULL, NULL);
  g_autofree char *token = porch_pointer_make_draft_token ();
  g_autoptr(PorchPointerDraft) entry = porch_pointer_draft_new (token, value, until);

  return porch_draft_new (entry, "https://example.org/");
}

static void
test_draft (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  gint64 seconds = g_date_time_to_unix (now);
  g_autoptr(PorchDraft) over = new_draft (seconds - 60);
  g_autoptr(PorchDraft) later = new_draft (seconds + 3 * 24 * 60 * 60);
  g_autofree char *over_words = porch_draft_describe (over, now);
  g_autofree char *later_words = porch_draft_describe (later, now);

  g_assert_true (g_str_has_prefix (over_words, "Its time is over"));
  g_assert_true (g_str_has_prefix (later_words, "Until "));
  g_assert_null (strstr (later_words, "today"));
}

int
main (int   argc,
      char *argv[])
{
  /* The words are compared in English and in one time zone */
  g_setenv ("TZ", "UTC", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_setenv ("HOME", "/home/ana", TRUE);
  setlocale (LC_ALL, "");

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/words/day", test_day);
  g_test_add_func ("/app/words/moment", test_moment);
  g_test_add_func ("/app/words/folder", test_folder);
  g_test_add_func ("/app/words/state", test_state);
  g_test_add_func ("/app/words/page-change", test_page_change);
  g_test_add_func ("/app/words/rest", test_rest);
  g_test_add_func ("/app/words/receipt", test_receipt);
  g_test_add_func ("/app/words/draft", test_draft);

  return g_test_run ();
}
