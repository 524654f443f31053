/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-arrivals.h"

#include "aws-s3.h"
#include "porch-content-sum.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-publish-store.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is in the bucket of a release that is not live yet. Nothing may be served of it but what its manifest says, so
 * objects of an earlier, stopped try that are of no use any more are removed. */
typedef struct
{
  PorchTarget   *target;
  char          *release;
  PorchFolder   *folder;    /* NULL when nothing is looked for */
  PorchManifest *planned;
  PorchManifest *next;      /* NULL when nothing is to come of it */
} Task;

static Task *
task_new (PorchTarget   *target,
          const char    *release,
          PorchManifest *planned,
          PorchManifest *next)
{
  Task *task = g_new0 (Task, 1);

  task->target = g_object_ref (target);
  task->release = g_strdup (release);
  g_set_object (&task->planned, planned);
  g_set_object (&task->next, next);

  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_object_unref (task->target);
  g_clear_object (&task->folder);
  g_clear_object (&task->planned);
  g_clear_object (&task->next);
  g_free (task->release);
  g_free (task);
}

static AwsS3Listing *
await_listing (Task    *task,
               GError **error)
{
  g_autofree char *prefix = g_strconcat ("releases/", task->release, "/", NULL);

  return dex_await_boxed (aws_s3_list_objects (porch_target_get_client (task->target), porch_target_get_bucket (task->target),
                                               prefix, NULL),
                          error);
}

static const char *
get_path (Task        *task,
          AwsS3Object *object)
{
  return aws_s3_object_get_key (object) + strlen ("releases/") + strlen (task->release) + 1;
}

static const PorchManifestEntry *
lookup_own (PorchManifest *manifest,
            const char    *path)
{
  const PorchManifestEntry *entry = manifest != NULL ? porch_manifest_lookup (manifest, path) : NULL;

  return entry != NULL && g_str_equal (entry->release, porch_manifest_get_release (manifest)) ? entry : NULL;
}

static gboolean
await_removed (Task       *task,
               GPtrArray  *keys,
               GError    **error)
{
  g_autoptr(GPtrArray) failures = NULL;

  if (keys->len == 0)
    return TRUE;

  g_ptr_array_add (keys, NULL);
  failures = dex_await_boxed (aws_s3_delete_objects (porch_target_get_client (task->target),
                                                     porch_target_get_bucket (task->target),
                                                     (const char * const *) keys->pdata),
                              error);

  if (failures != NULL && failures->len > 0)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_FAILED, _("A left-over file could not be removed from the storage: %s"),
                 aws_s3_failure_get_message (g_ptr_array_index (failures, 0)));

  return failures != NULL && failures->len == 0;
}

/* Whether it is the same release that goes on; else what has arrived is only copied from. */
static gboolean
goes_on (Task *task)
{
  return g_str_equal (porch_manifest_get_release (task->next), task->release);
}

/* What was to come under a key, if that is still what is to come there */
static const PorchManifestEntry *
lookup_wanted (Task       *task,
               const char *path)
{
  const PorchManifestEntry *before = lookup_own (task->planned, path);
  const PorchManifestEntry *after = lookup_own (task->next, path);

  if (before == NULL || !goes_on (task))
    return before;

  return after != NULL &&
         g_str_equal (before->sha256, after->sha256) &&
         g_str_equal (before->type, after->type) &&
         g_str_equal (before->cache, after->cache) ? after : NULL;
}

/* A large file arrived, but the end came before that was noted. The service's sum of the whole object tells whether it
 * holds what the file does, if the file still holds what was planned. */
static gboolean
await_compared (Task                     *task,
                AwsS3Object              *object,
                const PorchManifestEntry *entry)
{
  const PorchFile *file = porch_folder_lookup (task->folder, entry->path);
  const char *key = aws_s3_object_get_key (object);
  g_autoptr(AwsS3Object) known = NULL;
  g_autoptr(GFile) source = NULL;
  g_autofree char *filename = NULL;
  g_autofree char *sum = NULL;
  AwsFileSums *sums;

  if (file == NULL || g_strcmp0 (file->sha256, entry->sha256) != 0)
    return FALSE;

  known = dex_await_boxed (aws_s3_head_object (porch_target_get_client (task->target), porch_target_get_bucket (task->target), key),
                           NULL);

  if (known == NULL || aws_s3_object_get_header (known, "x-amz-checksum-crc64nvme") == NULL)
    return FALSE;

  filename = porch_folder_build_filename (task->folder, file);
  source = g_file_new_for_path (filename);

  if (!(sums = dex_await_boxed (aws_file_sums_load (source, 0, -1, porch_content_sum_new (entry->size)), NULL)))
    return FALSE;

  sum = aws_crc64nvme_base64 (sums->crc64nvme);

  return g_str_equal (sums->sha256, entry->sha256) &&
         g_str_equal (sum, aws_s3_object_get_header (known, "x-amz-checksum-crc64nvme")) &&
         dex_await (porch_publish_store_save_arrival (porch_target_get_store (task->target),
                                                      porch_target_get_site_id (task->target), key, entry->sha256),
                    NULL);
}

/* Small files were checked by the service when they arrived; of large ones it was noted that they were. */
static gboolean
await_arrived (Task        *task,
               AwsS3Object *object,
               GHashTable  *whole)
{
  const PorchManifestEntry *entry = lookup_wanted (task, get_path (task, object));

  if (entry == NULL || aws_s3_object_get_size (object) != entry->size)
    return FALSE;

  return entry->size < AWS_S3_MULTIPART_FROM ||
         g_strcmp0 (g_hash_table_lookup (whole, aws_s3_object_get_key (object)), entry->sha256) == 0 ||
         await_compared (task, object, entry);
}

static gboolean
is_refusal (const GError *error)
{
  guint status = error->domain == AWS_ERROR ? aws_error_get_status (error) : 0;

  return !g_error_matches (error, AWS_ERROR, AWS_ERROR_EXPIRED) && ((status >= 400 && status < 500) || status == 501);
}

/* Of several uploads of one file, all but the last are of tries whose beginning got no answer. */
static gboolean
is_last (GPtrArray *uploads,
         guint      position)
{
  const char *key = aws_s3_upload_get_key (g_ptr_array_index (uploads, position));

  return position + 1 == uploads->len ||
         !g_str_equal (key, aws_s3_upload_get_key (g_ptr_array_index (uploads, position + 1)));
}

/* Parts of large files that are not to come any more, or with other headers, are of no use. */
static gboolean
await_uploads_ended (Task    *task,
                     GError **error)
{
  AwsClient *client = porch_target_get_client (task->target);
  const char *bucket = porch_target_get_bucket (task->target);
  g_autofree char *prefix = g_strconcat ("releases/", task->release, "/", NULL);
  g_autoptr(GError) refused = NULL;
  g_autoptr(GPtrArray) uploads = dex_await_boxed (aws_s3_list_uploads (client, bucket, prefix), &refused);

  /* Not every server lists them, and not everybody may see the list; the service forgets them some day. */
  if (uploads == NULL && is_refusal (refused))
    return TRUE;

  if (uploads == NULL)
    g_propagate_error (error, g_steal_pointer (&refused));

  for (guint i = 0; uploads != NULL && i < uploads->len; i++)
    {
      AwsS3Upload *upload = g_ptr_array_index (uploads, i);
      const char *key = aws_s3_upload_get_key (upload);
      const PorchManifestEntry *entry = NULL;
      g_autoptr(GError) local = NULL;

      if (task->next != NULL && goes_on (task) && is_last (uploads, i))
        entry = lookup_wanted (task, key + strlen (prefix));

      if ((entry == NULL || entry->size < AWS_S3_MULTIPART_FROM) &&
          !dex_await (aws_s3_abort_upload (client, bucket, key, aws_s3_upload_get_upload_id (upload)), &local) &&
          !g_error_matches (local, AWS_ERROR, AWS_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }

  return uploads != NULL;
}

static DexFuture *
find_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchStore *store = porch_target_get_store (task->target);
  g_autoptr(GHashTable) arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) whole = NULL;
  g_autoptr(GPtrArray) stale = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(AwsS3Listing) listing = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *objects;

  if (!await_uploads_ended (task, &error) ||
      !(listing = await_listing (task, &error)) ||
      !(whole = dex_await_boxed (porch_publish_store_list_arrivals (store, porch_target_get_site_id (task->target)), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  objects = aws_s3_listing_get_objects (listing);

  for (guint i = 0; i < objects->len; i++)
    {
      AwsS3Object *object = g_ptr_array_index (objects, i);

      if (await_arrived (task, object, whole))
        g_hash_table_add (arrived, g_strdup (get_path (task, object)));
      else if (goes_on (task))
        g_ptr_array_add (stale, g_strdup (aws_s3_object_get_key (object)));
    }

  if (!await_removed (task, stale, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_boxed (G_TYPE_HASH_TABLE, g_steal_pointer (&arrived));
}

/* Both are sorted by path, byte by byte. */
static gboolean
compare_listing (Task       *task,
                 GPtrArray  *objects,
                 GPtrArray  *stale,
                 GError    **error)
{
  guint position = 0;

  for (guint i = 0; i < porch_manifest_get_n_entries (task->next); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (task->next, i);
      AwsS3Object *object = NULL;

      if (!g_str_equal (entry->release, task->release))
        continue;

      for (; position < objects->len; position++)
        {
          int order;

          object = g_ptr_array_index (objects, position);
          order = strcmp (get_path (task, object), entry->path);

          if (order >= 0)
            {
              if (order > 0)
                object = NULL;
              break;
            }

          g_ptr_array_add (stale, g_strdup (aws_s3_object_get_key (object)));
          object = NULL;
        }

      if (object == NULL || aws_s3_object_get_size (object) != entry->size)
        {
          g_set_error (error, PORCH_ERROR, PORCH_ERROR_INCOMPLETE,
                       _("“%s” did not arrive in the storage as it was sent."), entry->path);
          return FALSE;
        }

      position++;
    }

  for (; position < objects->len; position++)
    g_ptr_array_add (stale, g_strdup (aws_s3_object_get_key (g_ptr_array_index (objects, position))));

  return TRUE;
}

static DexFuture *
verify_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(GPtrArray) stale = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(AwsS3Listing) listing = NULL;
  g_autoptr(GError) error = NULL;

  if (!(listing = await_listing (task, &error)) ||
      !compare_listing (task, aws_s3_listing_get_objects (listing), stale, &error) ||
      !await_removed (task, stale, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/* The same as when it is taken up again, but without anything to keep */
static DexFuture *
remove_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(PorchPointerValue) live = NULL;
  g_autoptr(GPtrArray) stale = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(AwsS3Listing) listing = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *objects;

  if (!(live = dex_await_boxed (porch_pointer_read (porch_target_get_pointer (task->target)), &error)) && error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (live != NULL && g_str_equal (porch_pointer_value_get_release (live), task->release))
    return dex_future_new_true ();

  if (!await_uploads_ended (task, &error) || !(listing = await_listing (task, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  objects = aws_s3_listing_get_objects (listing);

  for (guint i = 0; i < objects->len; i++)
    g_ptr_array_add (stale, g_strdup (aws_s3_object_get_key (g_ptr_array_index (objects, i))));

  if (!await_removed (task, stale, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/**
 * porch_arrivals_find: (skip)
 * @target: the target, which has a store
 * @folder: the scanned folder
 * @planned: what the stopped try was about to send
 * @next: what is to be sent now, under the same release or another one
 *
 * Looks what of a release has arrived in an earlier, stopped try. If that goes on, what is of no use any more is removed.
 *
 * Returns: (transfer full): a future that resolves to a hash table, a set of paths of @planned
 */
DexFuture *
porch_arrivals_find (PorchTarget   *target,
                     PorchFolder   *folder,
                     PorchManifest *planned,
                     PorchManifest *next)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_TARGET (target));
  dex_return_error_if_fail (PORCH_IS_FOLDER (folder));
  dex_return_error_if_fail (PORCH_IS_MANIFEST (planned));
  dex_return_error_if_fail (PORCH_IS_MANIFEST (next));

  task = task_new (target, porch_manifest_get_release (planned), planned, next);
  task->folder = g_object_ref (folder);

  return porch_fiber_spawn (find_fiber, task, task_free, NULL);
}

/**
 * porch_arrivals_verify: (skip)
 * @target: the target
 * @next: the release whose objects should all be there
 *
 * Compares what is in the bucket with the manifest. Nothing more than it names may be there, since the edge would serve
 * it.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with %PORCH_ERROR_INCOMPLETE
 */
DexFuture *
porch_arrivals_verify (PorchTarget   *target,
                       PorchManifest *next)
{
  dex_return_error_if_fail (PORCH_IS_TARGET (target));
  dex_return_error_if_fail (PORCH_IS_MANIFEST (next));

  return porch_fiber_spawn (verify_fiber, task_new (target, porch_manifest_get_release (next), NULL, next), task_free, NULL);
}

/**
 * porch_arrivals_remove: (skip)
 * @target: the target
 * @release: a release that was never finished
 *
 * Removes what has arrived of a release that is given up. If it went live after all, it stays.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_arrivals_remove (PorchTarget *target,
                       const char  *release)
{
  dex_return_error_if_fail (PORCH_IS_TARGET (target));
  dex_return_error_if_fail (porch_release_id_is_valid (release));

  return porch_fiber_spawn (remove_fiber, task_new (target, release, NULL, NULL), task_free, NULL);
}
