/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bucket-util.h"

#include "aws-checksum.h"
#include "aws-credentials.h"
#include "aws-s3.h"
#include "porch-content-sum.h"
#include "porch-error.h"
#include "test-util.h"
#include "tree-util.h"

#include <string.h>

struct _MemoryPointer
{
  GObject            parent_instance;

  PorchPointerValue *value;
};

static void memory_pointer_iface_init (PorchPointerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MemoryPointer, memory_pointer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PORCH_TYPE_POINTER, memory_pointer_iface_init))

static DexFuture *
memory_pointer_read (PorchPointer *pointer)
{
  MemoryPointer *self = MEMORY_POINTER (pointer);

  return dex_future_new_take_boxed (PORCH_TYPE_POINTER_VALUE, self->value != NULL ? porch_pointer_value_ref (self->value) : NULL);
}

static DexFuture *
memory_pointer_replace (PorchPointer      *pointer,
                        const char        *expected_release,
                        PorchPointerValue *value)
{
  MemoryPointer *self = MEMORY_POINTER (pointer);

  if (g_strcmp0 (self->value != NULL ? porch_pointer_value_get_release (self->value) : NULL, expected_release) != 0)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE, "Changed elsewhere");

  memory_pointer_set (self, value);

  return dex_future_new_true ();
}

static void
memory_pointer_iface_init (PorchPointerInterface *iface)
{
  iface->read = memory_pointer_read;
  iface->replace = memory_pointer_replace;
}

static void
memory_pointer_finalize (GObject *object)
{
  MemoryPointer *self = MEMORY_POINTER (object);

  g_clear_pointer (&self->value, porch_pointer_value_unref);

  G_OBJECT_CLASS (memory_pointer_parent_class)->finalize (object);
}

static void
memory_pointer_class_init (MemoryPointerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = memory_pointer_finalize;
}

static void
memory_pointer_init (MemoryPointer *self)
{
}

void
memory_pointer_set (MemoryPointer     *self,
                    PorchPointerValue *value)
{
  PorchPointerValue *copy = value != NULL ? porch_pointer_value_ref (value) : NULL;

  g_clear_pointer (&self->value, porch_pointer_value_unref);
  self->value = copy;
}

static void
start_practice (Bucket     *self,
                const char *faults)
{
  g_autoptr(GFile) state = g_file_new_for_path (self->state);
  g_autoptr(AwsCredentials) credentials = NULL;
  g_autoptr(AwsCredentialsProvider) provider = NULL;
  g_autoptr(GError) error = NULL;

  self->practice = porch_practice_new (state);
  porch_practice_set_faults (self->practice, faults, &error);
  g_assert_no_error (error);
  dex_await (porch_practice_start (self->practice), &error);
  g_assert_no_error (error);

  credentials = aws_credentials_new (porch_practice_get_access_key_id (self->practice),
                                     porch_practice_get_secret_access_key (self->practice), NULL, NULL);
  provider = aws_static_credentials_new (credentials);
  self->client = aws_client_new (provider, porch_practice_get_region (self->practice));
  aws_client_set_endpoint (self->client, NULL, porch_practice_get_endpoint (self->practice));
}

static void
stop_practice (Bucket *self)
{
  g_autoptr(GError) error = NULL;

  dex_await (porch_practice_stop (self->practice), &error);
  g_assert_no_error (error);
  g_clear_object (&self->practice);
  g_clear_object (&self->client);
}

PorchStore *
bucket_new_store (char **folder)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(PorchStore) store = NULL;
  g_autoptr(GError) error = NULL;

  *folder = test_new_folder ();
  file = g_file_new_for_path (*folder);
  store = porch_store_new (file);
  dex_await (porch_store_open (store), &error);
  g_assert_no_error (error);

  return g_steal_pointer (&store);
}

PorchTarget *
bucket_new_target (Bucket     *self,
                   PorchStore *store)
{
  return porch_target_new (self->client, porch_practice_get_region (self->practice), BUCKET_NAME, self->pointer, store, "site");
}

Bucket *
bucket_new (void)
{
  Bucket *self = g_new0 (Bucket, 1);
  g_autoptr(GError) error = NULL;

  self->state = test_new_folder ();
  self->root = test_new_folder ();
  self->store = bucket_new_store (&self->data);
  self->pointer = g_object_new (MEMORY_TYPE_POINTER, NULL);
  start_practice (self, NULL);
  dex_await (aws_s3_create_bucket (self->client, BUCKET_NAME), &error);
  g_assert_no_error (error);
  self->target = bucket_new_target (self, self->store);

  return self;
}

void
bucket_restart (Bucket     *self,
                const char *faults)
{
  g_clear_object (&self->target);
  stop_practice (self);
  start_practice (self, faults);
  self->target = bucket_new_target (self, self->store);
}

void
bucket_free (Bucket *self)
{
  g_clear_object (&self->target);
  stop_practice (self);
  g_clear_object (&self->pointer);
  g_clear_object (&self->store);
  test_remove_folder (self->state);
  test_remove_folder (self->data);
  test_remove_folder (self->root);
  g_free (self->state);
  g_free (self->data);
  g_free (self->root);
  g_free (self);
}

PorchPublishResult *
bucket_publish (Bucket *self)
{
  g_autoptr(GFile) folder = g_file_new_for_path (self->root);
  g_autoptr(PorchPublisher) publisher = porch_publisher_new (self->target, folder, "note");
  g_autoptr(GError) error = NULL;
  PorchPublishResult *result = dex_await_boxed (porch_publisher_run (publisher), &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);

  return result;
}

GError *
bucket_publish_fails (Bucket *self)
{
  g_autoptr(GFile) folder = g_file_new_for_path (self->root);
  g_autoptr(PorchPublisher) publisher = porch_publisher_new (self->target, folder, NULL);
  GError *error = NULL;

  g_assert_null (dex_await_boxed (porch_publisher_run (publisher), &error));
  g_assert_nonnull (error);

  return error;
}

PorchManifest *
bucket_dup_live (Bucket *self)
{
  g_autoptr(PorchPointerValue) value = dex_await_boxed (porch_pointer_read (self->pointer), NULL);

  return value != NULL ? dex_await_object (porch_target_load_manifest (self->target, porch_pointer_value_get_release (value)), NULL)
                       : NULL;
}

guint
bucket_count_objects (Bucket     *self,
                      const char *prefix)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AwsS3Listing) listing = dex_await_boxed (aws_s3_list_objects (self->client, BUCKET_NAME, prefix, NULL), &error);

  g_assert_no_error (error);

  return aws_s3_listing_get_objects (listing)->len;
}

static gboolean
is_served (Bucket            *self,
           PorchPointerValue *live,
           const PorchFile   *file)
{
  g_autofree char *key = porch_pointer_value_resolve (live, file->path);
  g_autoptr(AwsS3Object) object = dex_await_boxed (aws_s3_get_object (self->client, BUCKET_NAME, key), NULL);
  g_autofree char *sha256 = NULL;
  GBytes *body;

  if (object == NULL)
    return FALSE;

  body = aws_s3_object_get_body (object);
  sha256 = porch_content_sum_compute (g_bytes_get_data (body, NULL), g_bytes_get_size (body));

  return g_str_equal (sha256, file->sha256) &&
         g_strcmp0 (aws_s3_object_get_content_type (object), file->type) == 0 &&
         g_strcmp0 (aws_s3_object_get_cache_control (object), porch_cache_rule_get_header (file->cache)) == 0;
}

/* Keys below the prefixes that the pointer leads to, which are served whether they are meant to be or not */
static guint
count_reachable (Bucket            *self,
                 PorchPointerValue *live)
{
  g_autoptr(AwsS3Listing) listing = dex_await_boxed (aws_s3_list_objects (self->client, BUCKET_NAME, "releases/", NULL), NULL);
  GPtrArray *objects = aws_s3_listing_get_objects (listing);
  guint n = 0;

  for (guint i = 0; i < objects->len; i++)
    {
      const char *key = aws_s3_object_get_key (g_ptr_array_index (objects, i));
      g_autofree char *resolved = porch_pointer_value_resolve (live, strchr (key + strlen ("releases/"), '/') + 1);

      n += g_str_equal (resolved, key);
    }

  return n;
}

gboolean
bucket_shows (Bucket     *self,
              const char *root)
{
  g_autoptr(PorchFolder) folder = tree_scan (root, NULL);
  g_autoptr(PorchManifest) manifest = bucket_dup_live (self);
  g_autoptr(PorchPointerValue) live = dex_await_boxed (porch_pointer_read (self->pointer), NULL);

  if (live == NULL || manifest == NULL ||
      porch_manifest_get_summary (manifest)->files != porch_folder_get_n_files (folder) ||
      count_reachable (self, live) != porch_manifest_get_n_entries (manifest))
    return FALSE;

  for (guint i = 0; i < porch_folder_get_n_files (folder); i++)
    if (!is_served (self, live, porch_folder_get_file (folder, i)))
      return FALSE;

  return TRUE;
}

void
bucket_assert_shows (Bucket     *self,
                     const char *root)
{
  g_assert_true (bucket_shows (self, root));
}

void
bucket_make_tree (const char *root)
{
  tree_write (root, "index.html", "<h1>start</h1>");
  tree_write (root, "LICENSE", "free");
  tree_write (root, "empty.txt", "");
  tree_write (root, "odd # ? % + & \xf0\x9f\x8f\xa0.html", "odd");
  tree_write (root, "assets/main.1a2b3c4d.js", "1");
  tree_write (root, "news/index.html", "news");
  tree_write (root, "news/old.html", "old");
  tree_write_bytes (root, "photos/one.jpg", 1, 30000);
  tree_write_bytes (root, "photos/two.jpg", 2, 30000);
  tree_write_bytes (root, "photos/again.jpg", 1, 30000);
}
