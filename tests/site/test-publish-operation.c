/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-s3.h"
#include "cloud-util.h"
#include "porch-error.h"
#include "porch-go-live-operation.h"
#include "porch-publish-operation.h"
#include "test-util.h"
#include "tree-util.h"

#include <string.h>

static void
make_tree (const char *root)
{
  tree_write (root, "index.html", "<h1>start</h1>");
  tree_write (root, "LICENSE", "free");
  tree_write (root, "odd # ? % + & \xf0\x9f\x8f\xa0.html", "odd");
  tree_write (root, "news/index.html", "news");
  tree_write (root, "pictures and more/1.txt", "picture");
}

static PorchOperation *
start_publish (PorchSite  *site,
               const char *root)
{
  g_autoptr(GFile) folder = g_file_new_for_path (root);
  PorchOperation *operation = porch_publish_operation_new (site, folder, "a note");

  porch_engine_run_operation (porch_site_get_engine (site), operation);

  return operation;
}

static PorchPublishResult *
publish (PorchSite  *site,
         const char *root)
{
  g_autoptr(PorchOperation) operation = start_publish (site, root);
  g_autoptr(GError) error = NULL;

  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_operation_get_state (operation), ==, PORCH_OPERATION_DONE);

  return porch_publish_result_copy (porch_publish_operation_get_result (PORCH_PUBLISH_OPERATION (operation)));
}

static void
assert_page (PorchSite  *site,
             const char *path,
             guint       status,
             const char *text)
{
  g_autofree char *url = g_strconcat (porch_site_get_address (site), path, NULL);
  g_autofree char *body = NULL;

  g_assert_cmpuint (cloud_fetch (url, &body), ==, status);

  if (text != NULL)
    g_assert_cmpstr (body, ==, text);
}

static void
test_publish (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) unchanged = NULL;
  PorchSite *site = cloud_create_site (cloud, FALSE);
  PorchRelease *live;

  make_tree (root);
  first = publish (site, root);
  assert_page (site, "", 200, "<h1>start</h1>");
  assert_page (site, "LICENSE", 200, "free");
  assert_page (site, "odd%20%23%20%3F%20%25%20%2B%20%26%20%F0%9F%8F%A0.html", 200, "odd");
  assert_page (site, "pictures%20and%20more/1.txt", 200, "picture");
  assert_page (site, "news/", 200, "news");
  assert_page (site, "news", 301, NULL);
  assert_page (site, "missing.html", 404, NULL);

  g_assert_cmpstr (porch_site_get_live_release (site), ==, first->release);
  g_assert_cmpint (porch_site_get_state (site), ==, PORCH_SITE_LIVE);
  g_assert_nonnull (porch_site_get_last_published (site));
  g_assert_nonnull (porch_site_get_folder (site));
  live = porch_history_get_live (porch_site_get_history (site));
  g_assert_cmpstr (porch_release_get_note (live), ==, "a note");
  g_assert_cmpuint (porch_release_get_n_files (live), ==, 5);

  unchanged = publish (site, root);
  g_assert_true (unchanged->unchanged);
  g_assert_cmpuint (unchanged->requests, <=, 3);
  g_test_message ("An unchanged publish makes %u requests", unchanged->requests);

  test_remove_folder (root);
}

static void
test_undo (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autoptr(PorchOperation) undo = NULL;
  g_autoptr(GError) error = NULL;
  PorchSite *site = cloud_create_site (cloud, FALSE);

  make_tree (root);
  first = publish (site, root);
  tree_write (root, "index.html", "changed");
  tree_remove (root, "news/index.html");
  tree_write (root, "404.html", "own");
  second = publish (site, root);
  assert_page (site, "", 200, "changed");
  assert_page (site, "news/", 404, "own");
  assert_page (site, "pictures%20and%20more/1.txt", 200, "picture");

  undo = porch_site_go_live (site, first->release);
  dex_await (porch_operation_wait (undo), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (porch_go_live_operation_get_previous (PORCH_GO_LIVE_OPERATION (undo)), ==, second->release);
  g_assert_cmpstr (porch_site_get_live_release (site), ==, first->release);
  assert_page (site, "", 200, "<h1>start</h1>");
  assert_page (site, "news/", 200, "news");
  assert_page (site, "404.html", 404, NULL);

  g_clear_object (&undo);
  undo = porch_site_go_live (site, "20200101-000000-aaaaaa");
  g_assert_false (dex_await (porch_operation_wait (undo), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_RELEASE_GONE);
  assert_page (site, "", 200, "<h1>start</h1>");

  test_remove_folder (root);
}

/* Somebody else writes to the store at the same time, to another key: the write is simply tried again. */
static void
test_stale_pointer (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchPublishResult) result = NULL;
  PorchSite *site = cloud_create_site (cloud, FALSE);

  make_tree (root);
  cloud_set_faults (cloud, "op=PutKey,etag=stale,times=2");
  result = publish (site, root);
  assert_page (site, "", 200, "<h1>start</h1>");

  /* The answer gets lost after the write was done. */
  tree_write (root, "index.html", "changed");
  cloud_set_faults (cloud, "op=PutKey,cut=after,times=1");
  g_clear_pointer (&result, porch_publish_result_free);
  result = publish (site, root);
  assert_page (site, "", 200, "changed");

  test_remove_folder (root);
}

static void
test_findings (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autofree char *before = g_strdup (porch_site_get_live_release (site));

  tree_write (root, "page.html", "x");
  operation = start_publish (site, root);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_cmpint (porch_operation_get_state (operation), ==, PORCH_OPERATION_FAILED);
  g_assert_nonnull (porch_operation_get_problem (operation));
  g_assert_nonnull (strstr (error->message, "index.html"));
  g_assert_cmpstr (porch_site_get_live_release (site), ==, before);

  /* Put right, the same operation goes on. */
  tree_write (root, "index.html", "right");
  porch_operation_resume (operation);
  g_clear_error (&error);
  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);
  assert_page (site, "", 200, "right");

  test_remove_folder (root);
}

static void
stop_at (PorchOperation *operation,
         GParamSpec     *pspec,
         gpointer        user_data)
{
  PorchPublisher *publisher = porch_publish_operation_get_publisher (PORCH_PUBLISH_OPERATION (operation));

  if (publisher != NULL && porch_publisher_get_n_done (publisher) > 0)
    porch_operation_stop (operation);
}

static PorchOperation *
find_operation (Cloud *cloud)
{
  GListModel *operations = porch_engine_get_operations (cloud->engine);

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (operations, i);

      if (PORCH_IS_PUBLISH_OPERATION (operation))
        return g_steal_pointer (&operation);
    }

  return NULL;
}

/* A publish of 301 files that was stopped when some of them had arrived */
static PorchOperation *
start_and_stop (Cloud      *cloud,
                PorchSite  *site,
                const char *root)
{
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(GError) error = NULL;

  tree_write (root, "index.html", "many");
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *path = g_strdup_printf ("pages/page-%03u.html", i);

      tree_write_bytes (root, path, i, 400);
    }

  cloud_set_faults (cloud, "op=PutObject,delay=60");
  operation = start_publish (site, root);
  g_signal_connect (operation, "notify::detail", G_CALLBACK (stop_at), NULL);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STOPPED);
  g_assert_cmpint (porch_operation_get_state (operation), ==, PORCH_OPERATION_STOPPED);
  cloud_set_faults (cloud, NULL);

  return g_steal_pointer (&operation);
}

static guint
count_objects (PorchSite *site)
{
  g_autoptr(PorchTarget) target = dex_await_object (porch_site_open_target (site), NULL);
  g_autoptr(AwsS3Listing) listing = dex_await_boxed (aws_s3_list_objects (porch_target_get_client (target),
                                                                          porch_target_get_bucket (target), "releases/", NULL),
                                                     NULL);

  return aws_s3_listing_get_objects (listing)->len;
}

static void
test_discard (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(GError) error = NULL;
  PorchSite *site = cloud_create_site (cloud, FALSE);
  guint n_before = count_objects (site);

  operation = start_and_stop (cloud, site, root);
  g_assert_cmpuint (count_objects (site), >, n_before);
  g_assert_true (porch_operation_can_discard (operation));
  dex_await (porch_operation_discard (operation), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_objects (site), ==, n_before);

  result = publish (site, root);
  g_assert_cmpuint (result->kept, ==, 0);
  assert_page (site, "", 200, "many");

  test_remove_folder (root);
}

/* Stopped, and then the program is left: the next start has the operation, and it goes on with what had arrived. */
static void
test_stop_and_restart (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  const PorchPublishResult *result;
  PorchSite *site = cloud_create_site (cloud, FALSE);

  operation = start_and_stop (cloud, site, root);
  g_clear_object (&operation);
  cloud_restart (cloud);
  operation = find_operation (cloud);
  g_assert_nonnull (operation);
  g_assert_true (porch_operation_can_resume (operation));
  porch_operation_resume (operation);
  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);

  result = porch_publish_operation_get_result (PORCH_PUBLISH_OPERATION (operation));
  g_assert_cmpuint (result->kept, >, 0);
  g_assert_cmpuint (result->kept + result->sent, ==, 301);
  assert_page (porch_operation_get_site (operation), "", 200, "many");

  test_remove_folder (root);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/publish-operation/publish", test_publish);
  test_add_fiber ("/site/publish-operation/undo", test_undo);
  test_add_fiber ("/site/publish-operation/stale-pointer", test_stale_pointer);
  test_add_fiber ("/site/publish-operation/findings", test_findings);
  test_add_fiber ("/site/publish-operation/discard", test_discard);
  test_add_fiber ("/site/publish-operation/stop-and-restart", test_stop_and_restart);

  return g_test_run ();
}
