/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-folder-monitor.h"
#include "porch-folder-watch.h"
#include "porch-manifest.h"
#include "porch-publish-store.h"
#include "test-util.h"
#include "tree-util.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#define SITE    "rosa-1234"
#define FIRST   "20260101-120000-aaaaaa"
#define SECOND  "20260102-120000-bbbbbb"

typedef struct
{
  char             *data;
  char             *root;
  PorchStore       *store;
  PorchFolderWatch *watch;
} Place;

static void
place_free (Place *self)
{
  g_clear_object (&self->watch);
  g_clear_object (&self->store);
  test_remove_folder (self->data);
  if (g_file_test (self->root, G_FILE_TEST_EXISTS))
    test_remove_folder (self->root);
  g_free (self->data);
  g_free (self->root);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Place, place_free)

/* Remembers a folder as a release, as publishing does. */
static void
remember (Place      *self,
          const char *root,
          const char *release)
{
  g_autoptr(PorchFolder) folder = tree_scan (root, self->store);
  g_autoptr(PorchManifest) manifest = porch_manifest_new_for_folder (folder, NULL, NULL, release, NULL, NULL, FALSE);
  g_autoptr(GBytes) json = porch_manifest_to_json (manifest);
  g_autofree char *summary = porch_manifest_summary_to_json (porch_manifest_get_summary (manifest));
  g_autoptr(GError) error = NULL;

  dex_await (porch_publish_store_save_manifest (self->store, SITE, release, summary, json), &error);
  g_assert_no_error (error);
}

static Place *
place_new (void)
{
  Place *self = g_new0 (Place, 1);
  g_autoptr(GFile) data = NULL;
  g_autoptr(GError) error = NULL;

  self->data = test_new_folder ();
  self->root = test_new_folder ();
  data = g_file_new_for_path (self->data);
  self->store = porch_store_new (data);
  dex_await (porch_store_open (self->store), &error);
  g_assert_no_error (error);

  tree_write (self->root, "index.html", "start");
  tree_write (self->root, "about.html", "about");
  tree_write (self->root, "news/index.html", "news");
  remember (self, self->root, FIRST);

  self->watch = porch_folder_watch_new (self->store, SITE);

  return self;
}

static void
follow (Place      *self,
        const char *path,
        const char *release)
{
  g_autoptr(GFile) folder = g_file_new_for_path (path);

  porch_folder_watch_set_release (self->watch, release);
  porch_folder_watch_set_folder (self->watch, folder);
  porch_folder_watch_set_enabled (self->watch, TRUE);
}

static void
await_state (Place                 *self,
             PorchFolderWatchState  state)
{
  while (porch_folder_watch_get_state (self->watch) != state)
    dex_await (dex_timeout_new_msec (20), NULL);
}

static void
await_changes (Place *self,
               guint  n_added,
               guint  n_changed,
               guint  n_removed)
{
  while (porch_folder_watch_get_n_added (self->watch) != n_added ||
         porch_folder_watch_get_n_changed (self->watch) != n_changed ||
         porch_folder_watch_get_n_removed (self->watch) != n_removed)
    dex_await (dex_timeout_new_msec (20), NULL);

  g_assert_cmpuint (porch_folder_watch_get_n_changes (self->watch), ==, n_added + n_changed + n_removed);
  g_assert_cmpint (porch_folder_watch_get_state (self->watch), ==,
                   n_added + n_changed + n_removed > 0 ? PORCH_FOLDER_WATCH_CHANGED : PORCH_FOLDER_WATCH_SAME);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_changes (void)
{
  g_autoptr(Place) place = place_new ();
  g_autofree char *picture = NULL;
  g_autofree char *drawing = NULL;
  guint n_notified = 0;

  g_signal_connect_swapped (place->watch, "notify::n-changes", G_CALLBACK (count_cb), &n_notified);
  follow (place, place->root, FIRST);
  await_state (place, PORCH_FOLDER_WATCH_SAME);
  g_assert_cmpuint (n_notified, ==, 0);

  tree_write (place->root, "about.html", "more about");
  await_changes (place, 0, 1, 0);
  g_assert_cmpuint (n_notified, ==, 1);

  /* A folder that comes with something in it, and one that is filled later */
  tree_write (place->root, "blog/first/index.html", "first");
  await_changes (place, 1, 1, 0);
  tree_write (place->root, "blog/first/picture.svg", "<svg/>");
  await_changes (place, 2, 1, 0);

  tree_remove (place->root, "news/index.html");
  await_changes (place, 2, 1, 1);

  /* Renamed is one that went and one that came */
  picture = g_build_filename (place->root, "blog/first/picture.svg", NULL);
  drawing = g_build_filename (place->root, "blog/first/drawing.svg", NULL);
  g_assert_cmpint (g_rename (picture, drawing), ==, 0);
  tree_write (place->root, "news/index.html", "news");
  await_changes (place, 2, 1, 0);

  tree_remove (place->root, "blog/first/drawing.svg");
  tree_remove (place->root, "blog/first/index.html");
  tree_write (place->root, "about.html", "about");
  await_changes (place, 0, 0, 0);
}

/* Publishing makes another release the one to compare with. */
static void
test_published (void)
{
  g_autoptr(Place) place = place_new ();

  tree_write (place->root, "about.html", "more about");
  follow (place, place->root, FIRST);
  await_changes (place, 0, 1, 0);

  porch_folder_watch_set_paused (place->watch, TRUE);
  remember (place, place->root, SECOND);
  porch_folder_watch_set_release (place->watch, SECOND);
  g_assert_cmpint (porch_folder_watch_get_state (place->watch), ==, PORCH_FOLDER_WATCH_UNKNOWN);
  g_assert_cmpuint (porch_folder_watch_get_n_changes (place->watch), ==, 0);

  porch_folder_watch_set_paused (place->watch, FALSE);
  await_state (place, PORCH_FOLDER_WATCH_SAME);

  /* Nothing is said of a release that was published elsewhere and is not known here */
  porch_folder_watch_set_release (place->watch, "20260103-120000-cccccc");
  while (porch_folder_watch_get_n_looks (place->watch) < 3)
    dex_await (dex_timeout_new_msec (20), NULL);
  g_assert_cmpint (porch_folder_watch_get_state (place->watch), ==, PORCH_FOLDER_WATCH_UNKNOWN);
}

/* While it is paused nothing is looked at, and afterwards what happened meanwhile. */
static void
test_paused (void)
{
  g_autoptr(Place) place = place_new ();
  g_autoptr(PorchFolderMonitor) other = porch_folder_monitor_new ();
  guint n_heard = 0;
  guint n_looks;

  follow (place, place->root, FIRST);
  await_state (place, PORCH_FOLDER_WATCH_SAME);
  g_signal_connect_swapped (other, "changed", G_CALLBACK (count_cb), &n_heard);
  dex_await (porch_folder_monitor_follow (other, place->root, NULL), NULL);

  n_looks = porch_folder_watch_get_n_looks (place->watch);
  porch_folder_watch_set_paused (place->watch, TRUE);
  tree_write (place->root, "about.html", "more about");
  while (n_heard == 0)
    dex_await (dex_timeout_new_msec (20), NULL);
  dex_await (dex_timeout_new_msec (1500), NULL);
  g_assert_cmpuint (porch_folder_watch_get_n_looks (place->watch), ==, n_looks);

  porch_folder_watch_set_paused (place->watch, FALSE);
  await_changes (place, 0, 1, 0);
}

static void
test_gone (void)
{
  g_autoptr(Place) place = place_new ();
  g_autofree char *away = g_strconcat (place->root, "-away", NULL);

  follow (place, place->root, FIRST);
  await_state (place, PORCH_FOLDER_WATCH_SAME);

  g_assert_cmpint (g_rename (place->root, away), ==, 0);
  await_state (place, PORCH_FOLDER_WATCH_GONE);
  g_assert_cmpuint (porch_folder_watch_get_n_changes (place->watch), ==, 0);

  /* A drive is connected again */
  g_assert_cmpint (g_rename (away, place->root), ==, 0);
  await_state (place, PORCH_FOLDER_WATCH_SAME);

  tree_write (place->root, "about.html", "more about");
  await_changes (place, 0, 1, 0);
}

/* Who did not ask for it only hears that the folder is gone, and no file is read. */
static void
test_disabled (void)
{
  g_autoptr(Place) place = place_new ();
  g_autoptr(GFile) folder = g_file_new_for_path (place->root);

  porch_folder_watch_set_release (place->watch, FIRST);
  porch_folder_watch_set_folder (place->watch, folder);
  tree_write (place->root, "about.html", "more about");

  while (porch_folder_watch_get_n_looks (place->watch) == 0)
    dex_await (dex_timeout_new_msec (20), NULL);
  g_assert_cmpint (porch_folder_watch_get_state (place->watch), ==, PORCH_FOLDER_WATCH_UNKNOWN);

  test_remove_folder (place->root);
  while (porch_folder_watch_get_state (place->watch) != PORCH_FOLDER_WATCH_GONE)
    {
      porch_folder_watch_look (place->watch);
      dex_await (dex_timeout_new_msec (100), NULL);
    }

  /* Nothing is asked of the network or of another folder, so this one may as well come back */
  tree_write (place->root, "index.html", "start");
  while (porch_folder_watch_get_state (place->watch) != PORCH_FOLDER_WATCH_UNKNOWN)
    {
      porch_folder_watch_look (place->watch);
      dex_await (dex_timeout_new_msec (100), NULL);
    }
}

static void
test_remembered (void)
{
  g_autoptr(Place) place = place_new ();
  g_autoptr(PorchFolderWatch) again = NULL;
  g_autoptr(PorchFolderWatch) other = NULL;
  g_autoptr(GError) error = NULL;

  porch_folder_watch_set_enabled (place->watch, TRUE);
  again = porch_folder_watch_new (place->store, SITE);
  other = porch_folder_watch_new (place->store, "other-1234");
  dex_await (porch_folder_watch_load (again), &error);
  g_assert_no_error (error);
  dex_await (porch_folder_watch_load (other), &error);
  g_assert_no_error (error);
  g_assert_true (porch_folder_watch_get_enabled (again));
  g_assert_false (porch_folder_watch_get_enabled (other));

  porch_folder_watch_set_enabled (place->watch, FALSE);
  g_clear_object (&again);
  again = porch_folder_watch_new (place->store, SITE);
  dex_await (porch_folder_watch_load (again), &error);
  g_assert_no_error (error);
  g_assert_false (porch_folder_watch_get_enabled (again));
}

static void
write_archive (const char *path,
               const char *about)
{
  static const char * const names[] = { "site/index.html", "site/about.html", "site/news/index.html" };
  const char *texts[] = { "start", about, "news" };
  struct archive *archive = archive_write_new ();

  archive_write_set_format_zip (archive);
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      struct archive_entry *entry = archive_entry_new ();

      archive_entry_set_pathname (entry, names[i]);
      archive_entry_set_filetype (entry, AE_IFREG);
      archive_entry_set_perm (entry, 0644);
      archive_entry_set_size (entry, strlen (texts[i]));
      g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
      archive_write_data (archive, texts[i], strlen (texts[i]));
      archive_entry_free (entry);
    }

  archive_write_close (archive);
  archive_write_free (archive);
}

static void
test_archive (void)
{
  g_autoptr(Place) place = place_new ();
  g_autofree char *folder = test_new_folder ();
  g_autofree char *path = g_build_filename (folder, "site.zip", NULL);

  write_archive (path, "about");
  follow (place, path, FIRST);
  await_state (place, PORCH_FOLDER_WATCH_SAME);

  write_archive (path, "much more about");
  await_changes (place, 0, 1, 0);

  test_remove_folder (folder);
  await_state (place, PORCH_FOLDER_WATCH_GONE);
}

/* The folder that a program makes is the one that counts; without it, what to do is said. */
static void
test_project (void)
{
  g_autoptr(Place) place = place_new ();
  g_autofree char *project = test_new_folder ();

  tree_write (project, "hugo.toml", "title = \"x\"");
  tree_write (project, "content/_index.md", "start");
  follow (place, project, FIRST);
  await_state (place, PORCH_FOLDER_WATCH_UNREADABLE);
  g_assert_nonnull (strstr (porch_folder_watch_get_problem (place->watch), "hugo"));

  tree_write (project, "public/index.html", "start");
  tree_write (project, "public/about.html", "about");
  tree_write (project, "public/news/index.html", "other news");
  await_changes (place, 0, 1, 0);
  g_assert_null (porch_folder_watch_get_problem (place->watch));

  tree_write (project, "public/news/index.html", "news");
  await_changes (place, 0, 0, 0);

  test_remove_folder (project);
}

static void
test_empty (void)
{
  g_autoptr(Place) place = place_new ();
  g_autofree char *empty = test_new_folder ();

  follow (place, empty, FIRST);
  await_state (place, PORCH_FOLDER_WATCH_UNREADABLE);
  g_assert_nonnull (porch_folder_watch_get_problem (place->watch));
  g_assert_cmpuint (porch_folder_watch_get_n_changes (place->watch), ==, 0);

  test_remove_folder (empty);
}

/* However much is written: one look a second at most, and none when all is quiet. */
static void
test_busy (void)
{
  g_autoptr(Place) place = place_new ();
  gint64 began;
  guint n_looks;
  guint seconds;

  follow (place, place->root, FIRST);
  await_state (place, PORCH_FOLDER_WATCH_SAME);
  n_looks = porch_folder_watch_get_n_looks (place->watch);
  began = g_get_monotonic_time ();

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *path = g_strdup_printf ("many/%u/%u.html", i % 7, i);

      tree_write (place->root, path, path);
      if (i % 10 == 0)
        dex_await (dex_timeout_new_msec (20), NULL);
    }
  await_changes (place, 300, 0, 0);

  seconds = (g_get_monotonic_time () - began) / G_USEC_PER_SEC + 1;
  g_assert_cmpuint (porch_folder_watch_get_n_looks (place->watch) - n_looks, <=, seconds);

  /* What was still to be heard is heard by now */
  dex_await (dex_timeout_new_seconds (4), NULL);
  n_looks = porch_folder_watch_get_n_looks (place->watch);
  dex_await (dex_timeout_new_seconds (4), NULL);
  g_assert_cmpuint (porch_folder_watch_get_n_looks (place->watch), ==, n_looks);
}

/* More folders than are listened to: coming back to the window finds what was not heard. */
static void
test_many_folders (void)
{
  g_autoptr(Place) place = place_new ();
  g_autoptr(PorchFolderMonitor) monitor = porch_folder_monitor_new ();

  for (guint i = 0; i < PORCH_FOLDER_MONITOR_MAX + 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("deep/%04u/index.html", i);

      tree_write (place->root, path, path);
    }
  remember (place, place->root, SECOND);

  g_assert_true (dex_await_boolean (porch_folder_monitor_follow (monitor, place->root, NULL), NULL));
  g_assert_false (dex_await_boolean (porch_folder_monitor_follow (monitor, place->root, NULL), NULL));
  g_assert_cmpuint (porch_folder_monitor_get_n_folders (monitor), ==, PORCH_FOLDER_MONITOR_MAX);
  porch_folder_monitor_stop (monitor);
  g_assert_cmpuint (porch_folder_monitor_get_n_folders (monitor), ==, 0);

  follow (place, place->root, SECOND);
  await_state (place, PORCH_FOLDER_WATCH_SAME);

  for (guint i = 0; i < PORCH_FOLDER_MONITOR_MAX + 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("deep/%04u/index.html", i);

      tree_write (place->root, path, "other");
    }

  while (porch_folder_watch_get_n_changed (place->watch) != PORCH_FOLDER_MONITOR_MAX + 20)
    {
      porch_folder_watch_look (place->watch);
      dex_await (dex_timeout_new_msec (100), NULL);
    }
}

/* What is never published is not listened to. */
static void
test_left_out (void)
{
  g_autoptr(Place) place = place_new ();
  g_autoptr(PorchFolderMonitor) monitor = porch_folder_monitor_new ();

  tree_write (place->root, ".git/objects/ab/cd", "x");
  tree_write (place->root, "node_modules/left-pad/index.js", "x");
  tree_write (place->root, ".well-known/security.txt", "x");
  dex_await (porch_folder_monitor_follow (monitor, place->root, NULL), NULL);

  /* The folder itself, news and .well-known */
  g_assert_cmpuint (porch_folder_monitor_get_n_folders (monitor), ==, 3);
}

static void
test_dropped (void)
{
  g_autoptr(Place) place = place_new ();

  follow (place, place->root, FIRST);
  g_assert_finalize_object (g_steal_pointer (&place->watch));
  dex_await (dex_timeout_new_msec (200), NULL);

  /* In the middle of a look */
  place->watch = porch_folder_watch_new (place->store, SITE);
  follow (place, place->root, FIRST);
  dex_await (dex_timeout_new_msec (1), NULL);
  g_assert_finalize_object (g_steal_pointer (&place->watch));
  dex_await (dex_timeout_new_msec (200), NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  dex_init ();

  test_add_fiber ("/site/folder-watch/changes", test_changes);
  test_add_fiber ("/site/folder-watch/published", test_published);
  test_add_fiber ("/site/folder-watch/paused", test_paused);
  test_add_fiber ("/site/folder-watch/gone", test_gone);
  test_add_fiber ("/site/folder-watch/disabled", test_disabled);
  test_add_fiber ("/site/folder-watch/remembered", test_remembered);
  test_add_fiber ("/site/folder-watch/archive", test_archive);
  test_add_fiber ("/site/folder-watch/project", test_project);
  test_add_fiber ("/site/folder-watch/empty", test_empty);
  test_add_fiber ("/site/folder-watch/busy", test_busy);
  test_add_fiber ("/site/folder-watch/many-folders", test_many_folders);
  test_add_fiber ("/site/folder-watch/left-out", test_left_out);
  test_add_fiber ("/site/folder-watch/dropped", test_dropped);

  return g_test_run ();
}
