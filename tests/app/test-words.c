/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <locale.h>

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

  return g_test_run ();
}
