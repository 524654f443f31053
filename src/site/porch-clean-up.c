/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-clean-up.h"

#include "aws-s3.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-manifest.h"
#include "porch-publish-store.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  PorchTarget *target;
  GDateTime   *now;
  char        *release;   /* the one to remove, or NULL for those that are old */
} Task;

static void
task_free (gpointer data)
{
  Task *task = data;

  g_object_unref (task->target);
  g_clear_pointer (&task->now, g_date_time_unref);
  g_free (task->release);
  g_free (task);
}

static int
compare_newest (gconstpointer a,
                gconstpointer b)
{
  return strcmp (b, a);
}

static gboolean
is_old (const char *release,
        GDateTime  *now)
{
  g_autoptr(GDateTime) time = porch_release_id_get_time (release);

  return time != NULL && g_date_time_difference (now, time) > PORCH_CLEAN_UP_DAYS * G_TIME_SPAN_DAY;
}

/**
 * porch_clean_up_choose:
 * @releases: (array zero-terminated=1): ids of all releases that are kept
 * @live: (nullable): the live one
 * @previous: (nullable): the one that was live before it
 * @now: the present time
 *
 * Chooses the releases that need not be kept any longer: older than seven days, and not among the last ten. The live
 * one and the one before are never chosen.
 *
 * Returns: (transfer container) (element-type utf8): the ids, which belong to @releases
 */
GPtrArray *
porch_clean_up_choose (const char * const *releases,
                       const char         *live,
                       const char         *previous,
                       GDateTime          *now)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  GPtrArray *chosen = g_ptr_array_new ();

  g_return_val_if_fail (releases != NULL, chosen);
  g_return_val_if_fail (now != NULL, chosen);

  for (gsize i = 0; releases[i] != NULL; i++)
    g_ptr_array_add (sorted, (gpointer) releases[i]);

  g_ptr_array_sort_values (sorted, compare_newest);

  for (guint i = PORCH_CLEAN_UP_KEEP; i < sorted->len; i++)
    {
      const char *release = g_ptr_array_index (sorted, i);

      if (is_old (release, now) && g_strcmp0 (release, live) != 0 && g_strcmp0 (release, previous) != 0)
        g_ptr_array_add (chosen, (gpointer) release);
    }

  return chosen;
}

/* Ids of the releases whose manifests are in the bucket */
static GPtrArray *
await_releases (PorchTarget  *target,
                GError      **error)
{
  GPtrArray *releases;
  GPtrArray *objects;
  g_autoptr(AwsS3Listing) listing = dex_await_boxed (aws_s3_list_objects (porch_target_get_client (target),
                                                                          porch_target_get_bucket (target),
                                                                          "manifests/", NULL),
                                                     error);

  if (listing == NULL)
    return NULL;

  objects = aws_s3_listing_get_objects (listing);
  releases = g_ptr_array_new_null_terminated (objects->len, g_free, TRUE);

  for (guint i = 0; i < objects->len; i++)
    {
      g_autofree char *name = g_path_get_basename (aws_s3_object_get_key (g_ptr_array_index (objects, i)));

      if (g_str_has_suffix (name, ".json"))
        name[strlen (name) - strlen (".json")] = '\0';

      if (porch_release_id_is_valid (name))
        g_ptr_array_add (releases, g_steal_pointer (&name));
    }

  return releases;
}

/* What is left of releases that never went live, or of ones that were removed but held a folder for another */
static gboolean
await_orphans (Task       *task,
               GPtrArray  *releases,
               GPtrArray  *victims,
               GError    **error)
{
  PorchStore *store = porch_target_get_store (task->target);
  g_autoptr(PorchJournal) journal = NULL;
  g_autoptr(AwsS3Listing) listing = NULL;
  const char * const *prefixes;

  if (store != NULL)
    journal = dex_await_boxed (porch_publish_store_load_journal (store, porch_target_get_site_id (task->target)), NULL);

  listing = dex_await_boxed (aws_s3_list_objects (porch_target_get_client (task->target),
                                                  porch_target_get_bucket (task->target), "releases/", "/"),
                             error);

  if (listing == NULL)
    return FALSE;

  prefixes = aws_s3_listing_get_prefixes (listing);

  for (gsize i = 0; prefixes != NULL && prefixes[i] != NULL; i++)
    {
      g_autofree char *release = g_path_get_basename (prefixes[i]);

      if (porch_release_id_is_valid (release) && is_old (release, task->now) &&
          !g_ptr_array_find_with_equal_func (releases, release, g_str_equal, NULL) &&
          (journal == NULL || !g_str_equal (journal->release, release)))
        g_ptr_array_add (victims, g_steal_pointer (&release));
    }

  return TRUE;
}

/* Keys of all objects that one of the kept releases needs. If only one manifest can't be read, nothing is known. */
static GHashTable *
await_needed (PorchTarget  *target,
              GPtrArray    *releases,
              GPtrArray    *victims,
              GError      **error)
{
  g_autoptr(GHashTable) needed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < releases->len; i++)
    {
      const char *release = g_ptr_array_index (releases, i);
      g_autoptr(PorchManifest) manifest = NULL;

      if (g_ptr_array_find_with_equal_func (victims, release, g_str_equal, NULL))
        continue;

      if (!(manifest = dex_await_object (porch_target_load_manifest (target, release), error)))
        return NULL;

      for (guint j = 0; j < porch_manifest_get_n_entries (manifest); j++)
        g_hash_table_add (needed, porch_manifest_entry_build_key (porch_manifest_get_entry (manifest, j)));
    }

  return g_steal_pointer (&needed);
}

/* The manifest goes first: a release without its objects would be one that can't be gone back to. */
static gboolean
await_removed (PorchTarget  *target,
               const char   *release,
               GHashTable   *needed,
               guint        *n_removed,
               GError      **error)
{
  AwsClient *client = porch_target_get_client (target);
  PorchStore *store = porch_target_get_store (target);
  const char *bucket = porch_target_get_bucket (target);
  g_autofree char *manifest = porch_manifest_build_key (release);
  g_autofree char *prefix = g_strconcat ("releases/", release, "/", NULL);
  g_autoptr(GPtrArray) keys = g_ptr_array_new ();
  g_autoptr(GPtrArray) failures = NULL;
  g_autoptr(AwsS3Listing) listing = NULL;
  GPtrArray *objects;

  if (!dex_await (aws_s3_delete_object (client, bucket, manifest), error) ||
      (store != NULL && !dex_await (porch_publish_store_drop_manifest (store, porch_target_get_site_id (target), release), error)) ||
      !(listing = dex_await_boxed (aws_s3_list_objects (client, bucket, prefix, NULL), error)))
    return FALSE;

  objects = aws_s3_listing_get_objects (listing);

  for (guint i = 0; i < objects->len; i++)
    {
      const char *key = aws_s3_object_get_key (g_ptr_array_index (objects, i));

      if (!g_hash_table_contains (needed, key))
        g_ptr_array_add (keys, (gpointer) key);
    }

  if (keys->len == 0)
    return TRUE;

  *n_removed += keys->len;
  g_ptr_array_add (keys, NULL);

  if (!(failures = dex_await_boxed (aws_s3_delete_objects (client, bucket, (const char * const *) keys->pdata), error)))
    return FALSE;

  *n_removed -= failures->len;

  return TRUE;
}

static DexFuture *
clean_up (Task       *task,
          GPtrArray  *releases,
          GPtrArray  *victims)
{
  g_autoptr(GHashTable) needed = NULL;
  g_autoptr(GError) error = NULL;
  guint n_removed = 0;

  if (!(needed = await_needed (task->target, releases, victims, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (guint i = 0; i < victims->len; i++)
    if (!await_removed (task->target, g_ptr_array_index (victims, i), needed, &n_removed, &error))
      return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_int64 (n_removed);
}

/* What is live, and what was before: both always stay. */
static gboolean
await_protected (PorchTarget  *target,
                 char        **live,
                 char        **previous,
                 GError      **error)
{
  g_autoptr(PorchPointerValue) value = NULL;
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(GError) local = NULL;

  if (!(value = dex_await_boxed (porch_pointer_read (porch_target_get_pointer (target)), &local)))
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));

      return local == NULL;
    }

  *live = g_strdup (porch_pointer_value_get_release (value));

  if (!(manifest = dex_await_object (porch_target_load_manifest (target, *live), error)))
    return FALSE;

  *previous = g_strdup (porch_manifest_get_summary (manifest)->previous);

  return TRUE;
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(GPtrArray) releases = NULL;
  g_autoptr(GPtrArray) chosen = NULL;
  g_autoptr(GPtrArray) victims = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  g_autofree char *live = NULL;
  g_autofree char *previous = NULL;

  if (!(releases = await_releases (task->target, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  chosen = porch_clean_up_choose ((const char * const *) releases->pdata, NULL, NULL, task->now);

  if (chosen->len == 0)
    return dex_future_new_for_int64 (0);

  if (!await_protected (task->target, &live, &previous, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  g_clear_pointer (&chosen, g_ptr_array_unref);
  chosen = porch_clean_up_choose ((const char * const *) releases->pdata, live, previous, task->now);

  for (guint i = 0; i < chosen->len; i++)
    g_ptr_array_add (victims, g_strdup (g_ptr_array_index (chosen, i)));

  if (!await_orphans (task, releases, victims, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return clean_up (task, releases, victims);
}

static DexFuture *
remove_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(GPtrArray) releases = NULL;
  g_autoptr(GPtrArray) victims = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  g_autofree char *live = NULL;
  g_autofree char *previous = NULL;

  if (!(releases = await_releases (task->target, &error)) ||
      !await_protected (task->target, &live, &previous, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (g_strcmp0 (live, task->release) == 0)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_RELEASE_LIVE,
                                  _("This version is live. Make another one live before you remove it."));

  if (!g_ptr_array_find_with_equal_func (releases, task->release, g_str_equal, NULL))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_RELEASE_GONE, _("That version of the site is not kept any more."));

  g_ptr_array_add (victims, g_strdup (task->release));

  return clean_up (task, releases, victims);
}

/**
 * porch_clean_up_run:
 * @target: the target
 * @now: the present time
 *
 * Removes the releases that need not be kept any longer, and of their objects those that no kept release needs.
 *
 * Returns: (transfer full): a future that resolves to the number of objects removed, an int64
 */
DexFuture *
porch_clean_up_run (PorchTarget *target,
                    GDateTime   *now)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_TARGET (target));
  dex_return_error_if_fail (now != NULL);

  task = g_new0 (Task, 1);
  task->target = g_object_ref (target);
  task->now = g_date_time_ref (now);

  return porch_fiber_spawn (run_fiber, task, task_free, NULL);
}

/**
 * porch_clean_up_remove:
 * @target: the target
 * @release: a release that is not live
 *
 * Removes a release, and of its objects those that no other release needs.
 *
 * Returns: (transfer full): a future that resolves to the number of objects removed, an int64, or is rejected with
 *   %PORCH_ERROR_RELEASE_LIVE or %PORCH_ERROR_RELEASE_GONE
 */
DexFuture *
porch_clean_up_remove (PorchTarget *target,
                       const char  *release)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_TARGET (target));
  dex_return_error_if_fail (release != NULL);

  task = g_new0 (Task, 1);
  task->target = g_object_ref (target);
  task->release = g_strdup (release);

  return porch_fiber_spawn (remove_fiber, task, task_free, NULL);
}
