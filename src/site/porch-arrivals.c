/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-arrivals.h"

#include "aws-s3.h"
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

/* Small files were checked by the service when they arrived; of large ones it was noted that they were. */
static gboolean
has_arrived (Task        *task,
             AwsS3Object *object,
             GHashTable  *whole)
{
  const PorchManifestEntry *before = lookup_own (task->planned, get_path (task, object));
  const PorchManifestEntry *after = lookup_own (task->next, get_path (task, object));

  if (before == NULL || after == NULL ||
      aws_s3_object_get_size (object) != after->size ||
      !g_str_equal (before->sha256, after->sha256) ||
      !g_str_equal (before->type, after->type) ||
      !g_str_equal (before->cache, after->cache))
    return FALSE;

  return after->size < AWS_S3_MULTIPART_FROM ||
         g_strcmp0 (g_hash_table_lookup (whole, aws_s3_object_get_key (object)), after->sha256) == 0;
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

  if (!(listing = await_listing (task, &error)) ||
      !(whole = dex_await_boxed (porch_publish_store_list_arrivals (store, porch_target_get_site_id (task->target)), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  objects = aws_s3_listing_get_objects (listing);

  for (guint i = 0; i < objects->len; i++)
    {
      AwsS3Object *object = g_ptr_array_index (objects, i);

      if (has_arrived (task, object, whole))
        g_hash_table_add (arrived, g_strdup (get_path (task, object)));
      else
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

  if (!(listing = await_listing (task, &error)))
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
 * @target: the target
 * @planned: (nullable): what the stopped try was about to send
 * @next: what is to be sent now, under the same release
 *
 * Looks what of a release has arrived in an earlier, stopped try, and removes what is of no use any more.
 *
 * Returns: (transfer full): a future that resolves to a hash table, a set of paths
 */
DexFuture *
porch_arrivals_find (PorchTarget   *target,
                     PorchManifest *planned,
                     PorchManifest *next)
{
  dex_return_error_if_fail (PORCH_IS_TARGET (target));
  dex_return_error_if_fail (PORCH_IS_MANIFEST (next));

  return porch_fiber_spawn (find_fiber, task_new (target, porch_manifest_get_release (next), planned, next), task_free, NULL);
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
