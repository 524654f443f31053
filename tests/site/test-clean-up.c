/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-s3.h"
#include "bucket-util.h"
#include "porch-clean-up.h"
#include "porch-error.h"
#include "porch-receipt.h"
#include "test-util.h"
#include "tree-util.h"

#include <string.h>

/* How many requests are underway at once */
#define SIDE_BY_SIDE 16

static void
put (Bucket     *bucket,
     const char *key,
     const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;

  object = dex_await_boxed (aws_s3_put_object (bucket->client, BUCKET_NAME, key, bytes, NULL), &error);
  g_assert_no_error (error);
}

/* An old release: what the folder holds, all under its own name. It was never live unless the pointer says so. */
static void
put_release (Bucket     *bucket,
             const char *release,
             guint       n_files)
{
  g_autoptr(PorchFolder) folder = tree_scan (bucket->root, NULL);
  g_autoptr(PorchManifest) manifest = porch_manifest_new_for_folder (folder, NULL, NULL, release, NULL, NULL, FALSE);
  g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  g_autoptr(GBytes) bytes = g_bytes_new ("x", 1);
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (futures, porch_target_save_manifest (bucket->target, manifest));

  for (guint i = 0; i < n_files; i++)
    {
      g_autofree char *key = g_strdup_printf ("releases/%s/file-%04u.txt", release, i);

      g_ptr_array_add (futures, aws_s3_put_object (bucket->client, BUCKET_NAME, key, bytes, NULL));

      if (futures->len % SIDE_BY_SIDE == 0)
        dex_await (dex_ref (g_ptr_array_index (futures, futures->len - 1)), NULL);
    }

  dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), &error);
  g_assert_no_error (error);
}

/* The same for many, of one small file each, that the manifests really name */
static void
put_releases (Bucket *bucket,
              guint   n_releases)
{
  for (guint i = 0; i < n_releases; i++)
    {
      g_autofree char *release = g_strdup_printf ("20250101-%02u%02u%02u-aaaaaa", i / 3600, i / 60 % 60, i % 60);

      put_release (bucket, release, 1);
    }
}

static gint64
clean_up (Bucket  *bucket,
          guint    days,
          GError **error)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) later = g_date_time_add_days (now, days);

  return dex_await_int64 (porch_clean_up_run (bucket->target, later), error);
}

static void
make_folder (Bucket *bucket)
{
  tree_write (bucket->root, "index.html", "<title>Start</title>");
}

/* More manifests, and more objects of one release, than one listing or one removal takes */
static void
test_paged (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gint64 n_removed;

  make_folder (bucket);
  porch_target_set_kept_versions (bucket->target, 5);
  result = bucket_publish (bucket);
  put_releases (bucket, 1050);
  put_release (bucket, "20241231-000000-bbbbbb", 1200);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 1052);
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/"), ==, 1 + 1050 + 1200);

  n_removed = clean_up (bucket, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_removed, ==, 1046 + 1200);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 5);
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/"), ==, 1 + 4);
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/20250101-001729-aaaaaa/"), ==, 1);
  bucket_assert_shows (bucket, bucket->root);
}

/* As many as the owner wants, and all of the last days */
static void
test_keeps (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(GError) error = NULL;

  make_folder (bucket);
  put_releases (bucket, 8);

  g_assert_cmpint (clean_up (bucket, 0, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 8);

  porch_target_set_kept_versions (bucket->target, 3);
  clean_up (bucket, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 3);

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *text = g_strdup_printf ("<title>Start</title>%u", i);
      g_autoptr(PorchPublishResult) result = NULL;

      tree_write (bucket->root, "index.html", text);
      result = bucket_publish (bucket);
    }

  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 6);
  bucket_assert_shows (bucket, bucket->root);
}

/* If only one manifest can't be read, nobody knows what is needed. */
static void
test_error (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autofree char *folder = NULL;
  g_autoptr(PorchStore) store = bucket_new_store (&folder);
  g_autoptr(PorchTarget) other = NULL;
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GError) error = NULL;
  guint n_objects;

  make_folder (bucket);
  result = bucket_publish (bucket);
  put_releases (bucket, 8);
  put (bucket, "manifests/20250101-000007-aaaaaa.json", "{");
  n_objects = bucket_count_objects (bucket, "");

  /* This computer reads it from the bucket */
  other = bucket_new_target (bucket, store);
  porch_target_set_kept_versions (other, 3);
  dex_await_int64 (porch_clean_up_run (other, now), &error);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
  g_assert_cmpuint (bucket_count_objects (bucket, ""), ==, n_objects);
  g_clear_error (&error);

  bucket_restart (bucket, "op=ListObjectsV2,status=403");
  porch_target_set_kept_versions (bucket->target, 3);
  clean_up (bucket, 0, &error);
  g_assert_nonnull (error);
  bucket_restart (bucket, NULL);
  g_assert_cmpuint (bucket_count_objects (bucket, ""), ==, n_objects);

  g_clear_object (&other);
  g_clear_object (&store);
  test_remove_folder (folder);
}

/* What was live before is what the last look at the site noted, also after going back to an older one. */
static void
test_previous (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchReceipt) receipt = porch_receipt_new ("20250101-000001-aaaaaa", "20250101-000003-aaaaaa", "http://example.org/");
  g_autofree char *json = porch_receipt_to_json (receipt);
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  make_folder (bucket);
  put_releases (bucket, 8);
  before = dex_await_string (porch_target_go_back (bucket->target, "20250101-000001-aaaaaa"), &error);
  g_assert_no_error (error);
  put (bucket, "receipts/20250101-000001-aaaaaa.json", json);
  put (bucket, "receipts/20250101-000000-aaaaaa.json", json);

  porch_target_set_kept_versions (bucket->target, 2);
  clean_up (bucket, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 4);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/20250101-000001-aaaaaa"), ==, 1);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/20250101-000003-aaaaaa"), ==, 1);

  /* A receipt goes with its release. */
  g_assert_cmpuint (bucket_count_objects (bucket, "receipts/"), ==, 1);
}

/* Objects without a manifest are those of a publish that is underway somewhere, or left over: their age tells. */
static void
test_left_over (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(GError) error = NULL;

  make_folder (bucket);
  put_releases (bucket, 12);
  put (bucket, "releases/20250105-000000-bbbbbb/index.html", "x");

  clean_up (bucket, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 10);
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/20250105-000000-bbbbbb/"), ==, 1);

  /* Also when nothing else is to be done */
  clean_up (bucket, 8, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 10);
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/20250105-000000-bbbbbb/"), ==, 0);
}

/* Made live elsewhere although it was removed there: it does not stay live without its manifest. */
static void
test_removed_elsewhere (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autofree char *key = NULL;
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  make_folder (bucket);
  first = bucket_publish (bucket);
  tree_write (bucket->root, "index.html", "second");
  second = bucket_publish (bucket);

  key = porch_manifest_build_key (first->release);
  dex_await (aws_s3_delete_object (bucket->client, BUCKET_NAME, key), &error);
  g_assert_no_error (error);

  before = dex_await_string (porch_target_go_back (bucket->target, first->release), &error);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_RELEASE_GONE);
  bucket_assert_shows (bucket, bucket->root);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/clean-up/paged", test_paged);
  test_add_fiber ("/site/clean-up/keeps", test_keeps);
  test_add_fiber ("/site/clean-up/error", test_error);
  test_add_fiber ("/site/clean-up/previous", test_previous);
  test_add_fiber ("/site/clean-up/left-over", test_left_over);
  test_add_fiber ("/site/clean-up/removed-elsewhere", test_removed_elsewhere);

  return g_test_run ();
}
