/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bucket-util.h"
#include "test-util.h"
#include "tree-util.h"

/* Every single request in turn goes wrong, in several ways, @times times, as cut connections are tried again. Whatever happens, what is served is wholly the old or
 * wholly the new site, and the next try makes it the new one. */
static void
run_faults (const char *effect,
            guint       times)
{
  guint n_failures = 0;

  for (guint n = 0; n < 40; n++)
    {
      g_autoptr(Bucket) bucket = bucket_new ();
      g_autofree char *before = test_new_folder ();
      g_autofree char *faults = g_strdup_printf ("after=%u,times=%u,%s", n, times, effect);
      g_autoptr(GFile) folder = NULL;
      g_autoptr(PorchPublisher) publisher = NULL;
      g_autoptr(PorchPublishResult) first = NULL;
      g_autoptr(PorchPublishResult) second = NULL;
      g_autoptr(PorchPublishResult) third = NULL;
      g_autoptr(GError) error = NULL;

      bucket_make_tree (bucket->root);
      bucket_make_tree (before);
      first = bucket_publish (bucket);
      tree_write (bucket->root, "index.html", "<h1>changed</h1>");
      tree_write (bucket->root, "news/index.html", "newer");
      tree_remove (bucket->root, "news/old.html");

      bucket_restart (bucket, faults);
      folder = g_file_new_for_path (bucket->root);
      publisher = porch_publisher_new (bucket->target, folder, NULL);
      second = dex_await_boxed (porch_publisher_run (publisher), &error);
      bucket_restart (bucket, NULL);

      if (second != NULL)
        {
          bucket_assert_shows (bucket, bucket->root);

          /* All of its requests come before the first that goes wrong. */
          if (second->requests < n)
            break;
        }
      else
        {
          n_failures++;
          g_assert_true (bucket_shows (bucket, before) || bucket_shows (bucket, bucket->root));
        }

      third = bucket_publish (bucket);
      bucket_assert_shows (bucket, bucket->root);
      test_remove_folder (before);
    }

  g_assert_cmpuint (n_failures, >, 5);
}

static void
test_refused (void)
{
  run_faults ("status=403", 6);
}

static void
test_expired (void)
{
  run_faults ("token=expired", 6);
}

static void
test_cut_before (void)
{
  run_faults ("cut=before", 40);
}

static void
test_cut_after (void)
{
  run_faults ("cut=after", 40);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/publish-faults/refused", test_refused);
  test_add_fiber ("/site/publish-faults/expired", test_expired);
  test_add_fiber ("/site/publish-faults/cut-before", test_cut_before);
  test_add_fiber ("/site/publish-faults/cut-after", test_cut_after);

  return g_test_run ();
}
