/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-s3.h"
#include "bucket-util.h"
#include "porch-ahead.h"
#include "porch-arrivals.h"
#include "porch-clean-up.h"
#include "porch-error.h"
#include "porch-history.h"
#include "porch-publish-store.h"
#include "porch-sender.h"
#include "test-util.h"
#include "tree-util.h"

#include <string.h>
#include <unistd.h>

static char *
get_body (Bucket      *bucket,
          const char *key)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AwsS3Object) object = dex_await_boxed (aws_s3_get_object (bucket->client, BUCKET_NAME, key), &error);
  GBytes *body;

  g_assert_no_error (error);
  body = aws_s3_object_get_body (object);

  return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static void
go_back (Bucket      *bucket,
         const char *release)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *previous = dex_await_string (porch_target_go_back (bucket->target, release), &error);

  g_assert_no_error (error);
}

static void
test_first (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(PorchManifest) live = NULL;

  bucket_make_tree (bucket->root);
  result = bucket_publish (bucket);
  g_assert_cmpuint (result->sent, ==, 9);
  g_assert_cmpuint (result->copied, ==, 1);
  g_assert_cmpuint (result->shared, ==, 0);
  g_assert_cmpuint (result->bytes_sent, ==, 14 + 4 + 3 + 1 + 4 + 3 + 60000);
  g_assert_false (result->unchanged);
  g_assert_true (porch_release_id_is_valid (result->release));
  bucket_assert_shows (bucket, bucket->root);

  live = bucket_dup_live (bucket);
  g_assert_cmpstr (porch_manifest_get_release (live), ==, result->release);
  g_assert_cmpstr (porch_manifest_get_summary (live)->note, ==, "note");
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 1);
  g_assert_cmpuint (bucket_count_objects (bucket, "system/"), ==, 1);
}

static void
test_unchanged (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;

  bucket_make_tree (bucket->root);
  first = bucket_publish (bucket);
  second = bucket_publish (bucket);
  g_assert_true (second->unchanged);
  g_assert_cmpstr (second->release, ==, first->release);
  g_assert_cmpuint (second->sent + second->copied, ==, 0);
  g_assert_cmpuint (second->requests, ==, 0);
  bucket_assert_shows (bucket, bucket->root);
}

static void
test_change_and_undo (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autofree char *before = test_new_folder ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;

  bucket_make_tree (bucket->root);
  bucket_make_tree (before);
  first = bucket_publish (bucket);

  tree_write (bucket->root, "index.html", "<h1>changed</h1>");
  tree_write (bucket->root, "news/index.html", "newer");
  tree_remove (bucket->root, "news/old.html");
  tree_write (bucket->root, "news/new.html", "new");
  second = bucket_publish (bucket);
  g_assert_cmpuint (second->sent, ==, 3);
  g_assert_cmpuint (second->copied, ==, 3);
  g_assert_cmpuint (second->shared, ==, 4);
  g_assert_cmpuint (second->bytes_sent, ==, 16 + 5 + 3);
  bucket_assert_shows (bucket, bucket->root);

  go_back (bucket, first->release);
  bucket_assert_shows (bucket, before);
  go_back (bucket, second->release);
  bucket_assert_shows (bucket, bucket->root);

  test_remove_folder (before);
}

/* The same bytes with other headers are another file: copied with the right ones, but not sent. */
static void
test_headers_decide (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(AwsS3Object) manifest = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *page = NULL;
  g_autofree char *key = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;
  GString *json;

  bucket_make_tree (bucket->root);
  first = bucket_publish (bucket);

  /* As an earlier version of ours would have left it */
  page = g_strconcat ("releases/", first->release, "/news/index.html", NULL);
  aws_headers_set (headers, "Content-Type", "text/html");
  aws_headers_set (headers, "Cache-Control", "no-cache");
  object = dex_await_boxed (aws_s3_copy_object (bucket->client, BUCKET_NAME, page, BUCKET_NAME, page, headers), &error);
  g_assert_no_error (error);
  key = porch_manifest_build_key (first->release);
  text = get_body (bucket, key);
  json = g_string_new (text);
  g_assert_cmpuint (g_string_replace (json, "text/html; charset=utf-8", "text/html", 0), >, 0);
  bytes = g_string_free_to_bytes (json);
  manifest = dex_await_boxed (aws_s3_put_object (bucket->client, BUCKET_NAME, key, bytes, NULL), &error);
  g_assert_no_error (error);
  dex_await (porch_publish_store_forget_site (bucket->store, "site"), &error);
  g_assert_no_error (error);

  second = bucket_publish (bucket);
  g_assert_false (second->unchanged);
  g_assert_cmpuint (second->sent, ==, 0);
  g_assert_cmpuint (second->bytes_sent, ==, 0);
  g_assert_cmpuint (second->copied, ==, 6);
  bucket_assert_shows (bucket, bucket->root);
}

/* Moved, copied and swapped files are not sent. */
static void
test_known_content (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;

  bucket_make_tree (bucket->root);
  first = bucket_publish (bucket);
  tree_remove (bucket->root, "photos/one.jpg");
  tree_remove (bucket->root, "photos/again.jpg");
  tree_write_bytes (bucket->root, "pictures/moved.jpg", 1, 30000);
  tree_write_bytes (bucket->root, "pictures/and/again.png", 1, 30000);
  tree_write (bucket->root, "news/index.html", "old");
  tree_write (bucket->root, "news/old.html", "news");
  second = bucket_publish (bucket);
  g_assert_cmpuint (second->sent, ==, 0);
  g_assert_cmpuint (second->bytes_sent, ==, 0);
  bucket_assert_shows (bucket, bucket->root);
}

static void
test_not_found_page (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autofree char *built_in = NULL;
  g_autofree char *own = NULL;
  g_autofree char *back = NULL;

  bucket_make_tree (bucket->root);
  first = bucket_publish (bucket);
  built_in = get_body (bucket, "system/404.html");
  g_assert_true (g_str_has_prefix (built_in, "<!DOCTYPE html>"));

  tree_write (bucket->root, "404.html", "own page");
  second = bucket_publish (bucket);
  own = get_body (bucket, "system/404.html");
  g_assert_cmpstr (own, ==, "own page");

  go_back (bucket, first->release);
  back = get_body (bucket, "system/404.html");
  g_assert_cmpstr (back, ==, built_in);
}

static PorchPublisher *
new_publisher (Bucket *bucket)
{
  g_autoptr(GFile) folder = g_file_new_for_path (bucket->root);

  return porch_publisher_new (bucket->target, folder, NULL);
}

static void
stop_when_some_are_sent (PorchPublisher *publisher,
                         GParamSpec     *pspec,
                         guint          *at)
{
  if (porch_publisher_get_n_done (publisher) >= *at)
    porch_publisher_stop (publisher);
}

static void
make_many (const char *root,
           guint       n)
{
  tree_write (root, "index.html", "start");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("pages/page-%03u.html", i);

      tree_write_bytes (root, path, 1000 + i, 500);
    }
}

static void
test_stop_and_resume (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublisher) publisher = NULL;
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(GError) error = NULL;
  guint at = 1;
  guint n_there;

  make_many (bucket->root, 300);
  bucket_restart (bucket, "op=PutObject,delay=60");
  publisher = new_publisher (bucket);
  g_signal_connect (publisher, "notify::fraction", G_CALLBACK (stop_when_some_are_sent), &at);
  g_assert_null (dex_await_boxed (porch_publisher_run (publisher), &error));
  g_assert_true (porch_error_is_cancelled (error));
  g_assert_null (bucket_dup_live (bucket));

  bucket_restart (bucket, NULL);
  n_there = bucket_count_objects (bucket, "releases/");
  g_assert_cmpuint (n_there, >, 0);
  g_assert_cmpuint (n_there, <, 301);

  result = bucket_publish (bucket);
  g_assert_cmpuint (result->kept, ==, n_there);
  g_assert_cmpuint (result->sent, ==, 301 - n_there);
  g_assert_cmpuint (result->bytes_sent, <=, (301 - n_there) * 500);
  bucket_assert_shows (bucket, bucket->root);
}

/* What changed, was added or went away between the two tries */
static void
test_resume_changed_folder (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(GError) error = NULL;

  make_many (bucket->root, 40);
  bucket_restart (bucket, "op=PutObject,after=30,status=403");
  error = bucket_publish_fails (bucket);
  g_clear_error (&error);
  bucket_restart (bucket, NULL);
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/"), >, 0);

  /* The same sizes, so that only the content tells */
  for (guint i = 0; i < 40; i += 2)
    {
      g_autofree char *path = g_strdup_printf ("pages/page-%03u.html", i);

      tree_write_bytes (bucket->root, path, 5000 + i, 500);
    }
  tree_remove (bucket->root, "pages/page-001.html");
  tree_remove (bucket->root, "pages/page-003.html");
  tree_write (bucket->root, "pages/new.html", "new");

  bucket_restart (bucket, "op=PutObject,after=5,status=403");
  error = bucket_publish_fails (bucket);
  tree_write_bytes (bucket->root, "pages/page-000.html", 9999, 500);

  bucket_restart (bucket, NULL);
  result = bucket_publish (bucket);
  g_assert_cmpuint (result->kept, >, 0);
  bucket_assert_shows (bucket, bucket->root);
}

static void
change_file_when_sending (PorchPublisher *publisher,
                          GParamSpec     *pspec,
                          Bucket          *bucket)
{
  if (porch_publisher_get_phase (publisher) == PORCH_PUBLISH_SENDING)
    tree_write_bytes (bucket->root, "pages/page-077.html", 7, 500);
}

static void
test_file_changes (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autofree char *before = test_new_folder ();
  g_autoptr(PorchPublisher) publisher = NULL;
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autoptr(GError) error = NULL;

  bucket_make_tree (bucket->root);
  bucket_make_tree (before);
  first = bucket_publish (bucket);

  make_many (bucket->root, 100);
  publisher = new_publisher (bucket);
  g_signal_connect (publisher, "notify::phase", G_CALLBACK (change_file_when_sending), bucket);
  g_assert_null (dex_await_boxed (porch_publisher_run (publisher), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FILE_CHANGED);
  g_assert_nonnull (strstr (error->message, "pages/page-077.html"));
  bucket_assert_shows (bucket, before);

  second = bucket_publish (bucket);
  bucket_assert_shows (bucket, bucket->root);
  test_remove_folder (before);
}

static void
test_bad_folder (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(GError) error = NULL;

  error = bucket_publish_fails (bucket);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_EMPTY);
  g_clear_error (&error);

  tree_write (bucket->root, "page.html", "x");
  error = bucket_publish_fails (bucket);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_FINDINGS);
  g_assert_nonnull (strstr (error->message, "index.html"));
  g_clear_error (&error);

  tree_write (bucket->root, "index.html", "x");
  tree_write (bucket->root, "caf\xe9.html", "x");
  error = bucket_publish_fails (bucket);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FILE_NAME);
  g_assert_nonnull (strstr (error->message, "caf\\xe9.html"));
  g_assert_cmpuint (bucket_count_objects (bucket, ""), ==, 0);
}

typedef struct
{
  Bucket             *bucket;
  PorchPublishPhase  phase;
  PorchPointerValue *value;
} Intruder;

static void
intrude (PorchPublisher *publisher,
         GParamSpec     *pspec,
         Intruder       *intruder)
{
  if (porch_publisher_get_phase (publisher) == intruder->phase)
    memory_pointer_set (MEMORY_POINTER (intruder->bucket->pointer), intruder->value);
}

static void
test_changed_elsewhere (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autofree char *before = test_new_folder ();
  g_autofree char *other_folder = NULL;
  g_autoptr(PorchStore) other_store = bucket_new_store (&other_folder);
  g_autoptr(PorchTarget) other = bucket_new_target (bucket, other_store);
  g_autoptr(PorchPublisher) publisher = NULL;
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autoptr(PorchPublishResult) third = NULL;
  g_autoptr(PorchManifest) theirs = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *page = NULL;
  Intruder intruder = { .bucket = bucket, .phase = PORCH_PUBLISH_CHECKING };

  bucket_make_tree (bucket->root);
  first = bucket_publish (bucket);

  /* Another computer publishes between our look and our write. */
  tree_write (bucket->root, "404.html", "theirs");
  bucket_make_tree (before);
  tree_write (before, "404.html", "theirs");
  second = bucket_publish (bucket);
  theirs = bucket_dup_live (bucket);
  intruder.value = porch_manifest_get_pointer (theirs);
  go_back (bucket, first->release);

  tree_remove (bucket->root, "404.html");
  tree_write (bucket->root, "news/index.html", "ours");
  publisher = new_publisher (bucket);
  g_signal_connect (publisher, "notify::phase", G_CALLBACK (intrude), &intruder);
  g_assert_null (dex_await_boxed (porch_publisher_run (publisher), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE);
  bucket_assert_shows (bucket, before);
  page = get_body (bucket, "system/404.html");
  g_assert_cmpstr (page, ==, "theirs");

  /* Trying again is the person's decision; nothing is sent again. */
  third = bucket_publish (bucket);
  g_assert_cmpuint (third->sent, ==, 0);
  g_assert_cmpuint (third->kept, >, 0);
  bucket_assert_shows (bucket, bucket->root);

  test_remove_folder (before);
  test_remove_folder (other_folder);
}

static void
test_other_computer (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autofree char *folder = NULL;
  g_autoptr(PorchStore) store = bucket_new_store (&folder);
  g_autoptr(PorchHistory) history = porch_history_new (store, "site");
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autoptr(PorchPublishResult) unchanged = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchTarget) other = NULL;

  bucket_make_tree (bucket->root);
  first = bucket_publish (bucket);
  tree_write (bucket->root, "index.html", "second");
  second = bucket_publish (bucket);

  other = bucket_new_target (bucket, store);
  dex_await (porch_history_refresh (history, other), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 2);
  g_assert_cmpstr (porch_release_get_id (porch_history_get_live (history)), ==, second->release);
  g_assert_cmpuint (porch_release_get_n_changed (porch_history_lookup (history, second->release)), ==, 1);
  g_assert_cmpuint (porch_release_get_n_files (porch_history_lookup (history, first->release)), ==, 10);

  g_set_object (&bucket->target, other);
  unchanged = bucket_publish (bucket);
  g_assert_true (unchanged->unchanged);

  test_remove_folder (folder);
}

/* A manifest that is lost or damaged keeps nobody from publishing. */
static void
test_damaged_manifest (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autoptr(PorchPublishResult) third = NULL;
  g_autoptr(GBytes) garbage = g_bytes_new_static ("{garbage", 8);
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *key = NULL;
  g_autofree char *other_key = NULL;

  bucket_make_tree (bucket->root);
  first = bucket_publish (bucket);
  key = porch_manifest_build_key (first->release);
  object = dex_await_boxed (aws_s3_put_object (bucket->client, BUCKET_NAME, key, garbage, NULL), &error);
  g_assert_no_error (error);
  dex_await (porch_publish_store_forget_site (bucket->store, "site"), &error);
  g_assert_no_error (error);

  tree_write (bucket->root, "index.html", "second");
  second = bucket_publish (bucket);
  g_assert_cmpuint (second->shared, ==, 0);
  bucket_assert_shows (bucket, bucket->root);

  other_key = porch_manifest_build_key (second->release);
  dex_await (aws_s3_delete_object (bucket->client, BUCKET_NAME, other_key), &error);
  g_assert_no_error (error);
  dex_await (porch_publish_store_forget_site (bucket->store, "site"), &error);
  third = bucket_publish (bucket);
  g_assert_cmpuint (third->sent, ==, 9);
  bucket_assert_shows (bucket, bucket->root);
}

static void
test_source_gone (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *key = NULL;

  bucket_make_tree (bucket->root);
  first = bucket_publish (bucket);
  key = g_strconcat ("releases/", first->release, "/LICENSE", NULL);
  dex_await (aws_s3_delete_object (bucket->client, BUCKET_NAME, key), &error);
  g_assert_no_error (error);

  tree_write (bucket->root, "index.html", "second");
  second = bucket_publish (bucket);
  g_assert_cmpuint (second->sent, ==, 2);
  bucket_assert_shows (bucket, bucket->root);
}

static void
test_large_file (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(PorchPublishResult) again = NULL;
  g_autoptr(GError) error = NULL;

  bucket_make_tree (bucket->root);
  tree_write_bytes (bucket->root, "film.mp4", 3, 20 * 1024 * 1024 + 17);

  /* The last part and all that comes after it fails. */
  bucket_restart (bucket, "op=UploadPart,after=2,status=403");
  error = bucket_publish_fails (bucket);
  g_assert_null (bucket_dup_live (bucket));

  bucket_restart (bucket, NULL);
  result = bucket_publish (bucket);
  bucket_assert_shows (bucket, bucket->root);
  g_assert_cmpuint (aws_client_get_bytes_sent (bucket->client), <, 20 * 1024 * 1024);

  tree_write (bucket->root, "index.html", "second");
  again = bucket_publish (bucket);
  g_assert_cmpuint (again->sent, ==, 1);
  bucket_assert_shows (bucket, bucket->root);
}

/* Large new files are sent as soon as they are hashed, each content once; whoever was killed then goes on from there. */
static void
test_ahead (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(GFile) root = g_file_new_for_path (bucket->root);
  g_autoptr(PorchFolder) folder = porch_folder_new (root, bucket->store);
  g_autoptr(PorchAhead) ahead = porch_ahead_new (bucket->target, folder, NULL);
  g_autoptr(DexFuture) sending = NULL;
  g_autoptr(PorchPublishResult) result = NULL;

  bucket_make_tree (bucket->root);
  tree_write_bytes (bucket->root, "film.mp4", 3, 9 * 1024 * 1024);
  tree_write_bytes (bucket->root, "photo.png", 4, 2 * 1024 * 1024);
  tree_write_bytes (bucket->root, "twice.png", 4, 2 * 1024 * 1024);
  g_assert_true (dex_await (porch_folder_scan (folder, PORCH_SCAN_DEFAULT), NULL));

  sending = porch_ahead_run (ahead, NULL);
  while (porch_ahead_get_n_sent (ahead) < 2)
    dex_await (dex_timeout_new_msec (10), NULL);
  porch_ahead_end (ahead);
  g_assert_true (dex_await (dex_ref (sending), NULL));
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/"), ==, 2);
  g_assert_null (bucket_dup_live (bucket));

  result = bucket_publish (bucket);
  g_assert_cmpuint (result->kept, ==, 2);
  g_assert_cmpuint (result->bytes_sent, <, 1024 * 1024);
  bucket_assert_shows (bucket, bucket->root);
}

/* A file of nothing but zeros takes seconds to be hashed, and no room. */
static void
test_overlap (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(GFile) root = g_file_new_for_path (bucket->root);
  g_autoptr(PorchPublisher) publisher = porch_publisher_new (bucket->target, root, NULL);
  g_autofree char *slow = g_build_filename (bucket->root, "slow.bin", NULL);
  g_autoptr(DexFuture) work = NULL;

  bucket_make_tree (bucket->root);
  tree_write_bytes (bucket->root, "a.png", 4, 2 * 1024 * 1024);
  tree_write (bucket->root, "slow.bin", "");
  g_assert_cmpint (truncate (slow, G_GINT64_CONSTANT (6) * 1024 * 1024 * 1024), ==, 0);

  work = porch_publisher_run (publisher);
  while (dex_future_is_pending (work) && bucket_count_objects (bucket, "releases/") == 0)
    dex_await (dex_timeout_new_msec (10), NULL);

  g_assert_cmpint (porch_publisher_get_phase (publisher), ==, PORCH_PUBLISH_LOOKING);
  porch_publisher_stop (publisher);
  g_assert_false (dex_await (dex_ref (work), NULL));
  g_assert_null (bucket_dup_live (bucket));
}

static guint
count_uploads (Bucket *bucket)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) uploads = dex_await_boxed (aws_s3_list_uploads (bucket->client, BUCKET_NAME, NULL), &error);

  g_assert_no_error (error);

  return uploads->len;
}

/* The parts of a large file that does not come any more are removed, not left to be paid for. */
static void
test_abandoned_parts (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) discarded = NULL;
  g_autoptr(PorchJournal) journal = NULL;

  bucket_make_tree (bucket->root);
  tree_write_bytes (bucket->root, "film.mp4", 3, 20 * 1024 * 1024 + 17);
  bucket_restart (bucket, "op=UploadPart,after=1,status=403");
  error = bucket_publish_fails (bucket);
  bucket_restart (bucket, NULL);
  g_assert_cmpuint (count_uploads (bucket), ==, 1);

  tree_remove (bucket->root, "film.mp4");
  result = bucket_publish (bucket);
  g_assert_cmpuint (count_uploads (bucket), ==, 0);
  bucket_assert_shows (bucket, bucket->root);

  tree_write_bytes (bucket->root, "film.mp4", 4, 20 * 1024 * 1024 + 17);
  bucket_restart (bucket, "op=UploadPart,after=1,status=403");
  discarded = bucket_publish_fails (bucket);
  bucket_restart (bucket, NULL);
  g_assert_cmpuint (count_uploads (bucket), ==, 1);
  journal = dex_await_boxed (porch_publish_store_load_journal (bucket->store, "site"), NULL);
  g_assert_true (dex_await (porch_arrivals_remove (bucket->target, journal->release), NULL));
  g_assert_cmpuint (count_uploads (bucket), ==, 0);
}

/* Only the last part of a large file, a short one, had arrived: it counts as well. */
static void
test_last_part (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(AwsS3Part) part = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = g_build_filename (bucket->root, "film.mp4", NULL);
  g_autofree char *upload = NULL;

  tree_write_bytes (bucket->root, "film.mp4", 3, AWS_S3_MULTIPART_FROM + 100);
  file = g_file_new_for_path (path);
  upload = dex_await_string (aws_s3_create_upload (bucket->client, BUCKET_NAME, "film", NULL), &error);
  g_assert_no_error (error);
  part = dex_await_boxed (aws_s3_upload_part (bucket->client, BUCKET_NAME, "film", upload, 3, file, AWS_S3_MULTIPART_FROM, 100,
                                              NULL, NULL, NULL, NULL),
                          &error);
  g_assert_no_error (error);

  bucket_restart (bucket, "op=CreateMultipartUpload,status=403");
  object = dex_await_boxed (aws_s3_upload_file (bucket->client, BUCKET_NAME, "film", file, AWS_S3_MULTIPART_FROM + 100, NULL,
                                                NULL, NULL, NULL, NULL),
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (aws_client_get_bytes_sent (bucket->client), >=, AWS_S3_MULTIPART_FROM);
}

/* The sums of the parts are known before they are sent, and the service holds what arrives against them. */
static void
test_known_parts (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = g_build_filename (bucket->root, "film.mp4", NULL);
  const PorchFile *film;

  tree_write_bytes (bucket->root, "film.mp4", 3, AWS_S3_MULTIPART_FROM + 100);
  folder = tree_scan (bucket->root, NULL);
  film = porch_folder_lookup (folder, "film.mp4");
  g_assert_cmpuint (g_bytes_get_size (film->parts), ==, 3 * 32);

  file = g_file_new_for_path (path);
  object = dex_await_boxed (aws_s3_upload_file (bucket->client, BUCKET_NAME, "film", file, film->size, film->parts, NULL,
                                                NULL, NULL, NULL),
                            &error);
  g_assert_no_error (error);
  g_clear_pointer (&object, aws_s3_object_unref);

  tree_write_bytes (bucket->root, "film.mp4", 4, AWS_S3_MULTIPART_FROM + 100);
  object = dex_await_boxed (aws_s3_upload_file (bucket->client, BUCKET_NAME, "other", file, film->size, film->parts, NULL,
                                                NULL, NULL, NULL),
                            &error);
  g_assert_error (error, AWS_ERROR, AWS_ERROR_CHECKSUM);
  g_assert_null (object);
}

/* The file that can't be sent is named, and what is live stays. */
static void
test_one_file_fails (void)
{
  static const char * const faults[] = {
    "op=CopyObject,status=500",
    "op=PutObject,after=20,status=500",
    "op=PutObject,after=20,status=403",
    "op=PutObject,after=20,status=400,code=InvalidRequest",
    "op=PutObject,after=20,status=400,code=BadDigest",
    "op=PutObject,after=20,cut=before",
  };
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(PorchPublishResult) last = NULL;
  g_autoptr(GRegex) name = g_regex_new ("^“[^”]*(\\.html|\\.txt|\\.js|LICENSE)” ", G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  g_autofree char *before = test_new_folder ();

  bucket_make_tree (bucket->root);
  bucket_make_tree (before);
  result = bucket_publish (bucket);

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr(GError) error = NULL;

      for (guint page = 0; page < 60; page++)
        {
          g_autofree char *path = g_strdup_printf ("pages/page-%03u.html", page);

          tree_write_bytes (bucket->root, path, 1000 * (i + 1) + page, 500);
        }

      bucket_restart (bucket, faults[i]);
      error = bucket_publish_fails (bucket);
      g_test_message ("%s: %s", faults[i], error->message);
      g_assert_true (g_regex_match (name, error->message, G_REGEX_MATCH_DEFAULT, NULL));
      bucket_restart (bucket, NULL);
      bucket_assert_shows (bucket, before);
    }

  last = bucket_publish (bucket);
  bucket_assert_shows (bucket, bucket->root);
  test_remove_folder (before);
}

/* One hiccup of each request is not even noticed. */
static void
test_hiccups (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) result = NULL;

  make_many (bucket->root, 50);
  bucket_restart (bucket, "rate=0.1,seed=7,status=500;rate=0.05,seed=8,cut=after;rate=0.02,status=503");
  result = bucket_publish (bucket);
  bucket_restart (bucket, NULL);
  bucket_assert_shows (bucket, bucket->root);
}

/* Puts the folder there as a release of another day. */
static void
put_release (Bucket      *bucket,
             const char *release)
{
  g_autoptr(PorchFolder) folder = tree_scan (bucket->root, NULL);
  g_autoptr(PorchManifest) live = bucket_dup_live (bucket);
  g_autoptr(PorchManifest) next = porch_manifest_new_for_folder (folder, live, NULL, release, NULL, NULL, FALSE);
  g_autoptr(GArray) transfers = porch_transfers_new (next, live, NULL);
  g_autoptr(PorchSender) sender = porch_sender_new (bucket->target, folder, transfers);
  g_autoptr(GError) error = NULL;

  if (!dex_await (porch_sender_run (sender), &error) ||
      !dex_await (porch_target_save_manifest (bucket->target, next), &error) ||
      !dex_await (porch_target_go_live (bucket->target, live != NULL ? porch_manifest_get_release (live) : NULL, next), &error))
    g_error ("%s", error->message);
}

static void
test_clean_up (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDateTime) later = NULL;
  g_autoptr(GDateTime) now = NULL;
  g_autofree char *gone = NULL;

  /* Fourteen releases of long ago; the photos stay in the first one */
  bucket_make_tree (bucket->root);
  for (guint i = 10; i < 24; i++)
    {
      g_autofree char *release = g_strdup_printf ("202501%02u-000000-aaaaaa", i);
      g_autofree char *text = g_strdup_printf ("start %u", i);

      tree_write (bucket->root, "index.html", text);
      put_release (bucket, release);
    }

  /* What is left of a publish that was never finished */
  object = dex_await_boxed (aws_s3_put_object (bucket->client, BUCKET_NAME, "releases/20250105-000000-bbbbbb/index.html", bytes, NULL),
                            &error);
  g_assert_no_error (error);

  tree_write (bucket->root, "index.html", "now");
  result = bucket_publish (bucket);
  g_assert_cmpuint (result->removed, >, 10);
  g_assert_cmpuint (bucket_count_objects (bucket, "manifests/"), ==, 10);

  /* It came just now, so it may be of a publish that goes on elsewhere. */
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/20250105-000000-bbbbbb/"), ==, 1);
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/20250110-000000-aaaaaa/photos/"), ==, 3);
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/20250110-000000-aaaaaa/"), ==, 6);
  bucket_assert_shows (bucket, bucket->root);

  /* Each of those that stay is whole. */
  for (guint i = 15; i < 24; i++)
    {
      g_autofree char *release = g_strdup_printf ("202501%02u-000000-aaaaaa", i);
      g_autofree char *text = g_strdup_printf ("start %u", i);

      go_back (bucket, release);
      tree_write (bucket->root, "index.html", text);
      bucket_assert_shows (bucket, bucket->root);
    }

  gone = dex_await_string (porch_target_go_back (bucket->target, "20250110-000000-aaaaaa"), &error);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_RELEASE_GONE);
  bucket_assert_shows (bucket, bucket->root);
  g_clear_error (&error);

  /* What was never finished goes with the next clean-up that finds it a month old. */
  tree_write (bucket->root, "index.html", "later");
  put_release (bucket, "20250201-000000-aaaaaa");
  now = g_date_time_new_now_utc ();
  later = g_date_time_add_days (now, 30);
  g_assert_cmpint (dex_await_int64 (porch_clean_up_run (bucket->target, later), &error), >, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (bucket_count_objects (bucket, "releases/20250105-000000-bbbbbb/"), ==, 0);
  bucket_assert_shows (bucket, bucket->root);
}

static void
test_remove_release (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchHistory) history = porch_history_new (bucket->store, "site");
  g_autoptr(PorchPublishResult) first = NULL;
  g_autoptr(PorchPublishResult) second = NULL;
  g_autoptr(GError) error = NULL;

  bucket_make_tree (bucket->root);
  first = bucket_publish (bucket);
  tree_write (bucket->root, "index.html", "second");
  second = bucket_publish (bucket);
  dex_await (porch_history_refresh (history, bucket->target), &error);
  g_assert_no_error (error);

  g_assert_false (dex_await (porch_history_remove (history, bucket->target, second->release), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_RELEASE_LIVE);
  g_clear_error (&error);
  g_assert_false (dex_await (porch_history_remove (history, bucket->target, "20250110-000000-aaaaaa"), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_RELEASE_GONE);
  g_clear_error (&error);

  g_assert_true (dex_await (porch_history_remove (history, bucket->target, first->release), &error));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 1);
  bucket_assert_shows (bucket, bucket->root);
}

static void
test_compare (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  g_autoptr(PorchPublisher) publisher = NULL;
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(PorchChanges) changes = NULL;
  g_autoptr(GError) error = NULL;

  bucket_make_tree (bucket->root);
  publisher = new_publisher (bucket);
  changes = dex_await_object (porch_publisher_compare (publisher), &error);
  g_assert_no_error (error);
  g_assert_true (porch_changes_is_first (changes));
  g_assert_cmpuint (porch_changes_get_n_added (changes), ==, 10);
  g_assert_cmpuint (bucket_count_objects (bucket, ""), ==, 0);
  g_clear_object (&changes);

  result = dex_await_boxed (porch_publisher_run (publisher), &error);
  g_assert_no_error (error);
  changes = dex_await_object (porch_publisher_compare (publisher), &error);
  g_assert_no_error (error);
  g_assert_true (porch_changes_is_empty (changes));
}

static void
test_dropped (void)
{
  g_autoptr(Bucket) bucket = bucket_new ();
  PorchPublisher *publisher = NULL;
  DexFuture *future;

  make_many (bucket->root, 100);
  publisher = new_publisher (bucket);
  future = porch_publisher_run (publisher);
  dex_await (dex_timeout_new_msec (150), NULL);
  dex_clear (&future);

  for (guint i = 0; i < 2000 && G_OBJECT (publisher)->ref_count > 1; i++)
    dex_await (dex_timeout_new_msec (10), NULL);

  g_assert_finalize_object (publisher);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/publisher/first", test_first);
  test_add_fiber ("/site/publisher/unchanged", test_unchanged);
  test_add_fiber ("/site/publisher/change-and-undo", test_change_and_undo);
  test_add_fiber ("/site/publisher/headers-decide", test_headers_decide);
  test_add_fiber ("/site/publisher/known-content", test_known_content);
  test_add_fiber ("/site/publisher/not-found-page", test_not_found_page);
  test_add_fiber ("/site/publisher/stop-and-resume", test_stop_and_resume);
  test_add_fiber ("/site/publisher/resume-changed-folder", test_resume_changed_folder);
  test_add_fiber ("/site/publisher/file-changes", test_file_changes);
  test_add_fiber ("/site/publisher/bad-folder", test_bad_folder);
  test_add_fiber ("/site/publisher/changed-elsewhere", test_changed_elsewhere);
  test_add_fiber ("/site/publisher/other-computer", test_other_computer);
  test_add_fiber ("/site/publisher/damaged-manifest", test_damaged_manifest);
  test_add_fiber ("/site/publisher/source-gone", test_source_gone);
  test_add_fiber ("/site/publisher/large-file", test_large_file);
  test_add_fiber ("/site/publisher/ahead", test_ahead);
  test_add_fiber ("/site/publisher/overlap", test_overlap);
  test_add_fiber ("/site/publisher/abandoned-parts", test_abandoned_parts);
  test_add_fiber ("/site/publisher/last-part", test_last_part);
  test_add_fiber ("/site/publisher/known-parts", test_known_parts);
  test_add_fiber ("/site/publisher/one-file-fails", test_one_file_fails);
  test_add_fiber ("/site/publisher/hiccups", test_hiccups);
  test_add_fiber ("/site/publisher/clean-up", test_clean_up);
  test_add_fiber ("/site/publisher/remove-release", test_remove_release);
  test_add_fiber ("/site/publisher/compare", test_compare);
  test_add_fiber ("/site/publisher/dropped", test_dropped);

  return g_test_run ();
}
