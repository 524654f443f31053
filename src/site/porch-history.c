/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-history.h"

#include "aws-s3.h"
#include "porch-clean-up.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-publish-store.h"

#include <string.h>

/* How many manifests are fetched at once on a computer that does not know them yet */
#define FETCHES 8

struct _PorchHistory
{
  GObject     parent_instance;

  PorchStore *store;
  char       *site_id;
  GPtrArray  *releases;   /* PorchRelease, newest first */
  char       *live;
};

typedef struct
{
  PorchHistory *history;
  PorchTarget  *target;
  char         *release;
} Task;

static void porch_history_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchHistory, porch_history, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, porch_history_iface_init))

static GType
porch_history_get_item_type (GListModel *model)
{
  return PORCH_TYPE_RELEASE;
}

static guint
porch_history_get_n_items (GListModel *model)
{
  return PORCH_HISTORY (model)->releases->len;
}

static gpointer
porch_history_get_item (GListModel *model,
                        guint       position)
{
  PorchHistory *self = PORCH_HISTORY (model);

  return position < self->releases->len ? g_object_ref (g_ptr_array_index (self->releases, position)) : NULL;
}

static void
porch_history_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = porch_history_get_item_type;
  iface->get_n_items = porch_history_get_n_items;
  iface->get_item = porch_history_get_item;
}

static void
porch_history_dispose (GObject *object)
{
  PorchHistory *self = PORCH_HISTORY (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->site_id, g_free);
  g_clear_pointer (&self->releases, g_ptr_array_unref);
  g_clear_pointer (&self->live, g_free);

  G_OBJECT_CLASS (porch_history_parent_class)->dispose (object);
}

static void
porch_history_class_init (PorchHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_history_dispose;
}

static void
porch_history_init (PorchHistory *self)
{
  self->releases = g_ptr_array_new_with_free_func (g_object_unref);
}

static int
compare_releases (gconstpointer a,
                  gconstpointer b)
{
  PorchRelease *release_a = (PorchRelease *) a;
  PorchRelease *release_b = (PorchRelease *) b;
  int order = g_date_time_compare (porch_release_get_date (release_b), porch_release_get_date (release_a));

  return order != 0 ? order : strcmp (porch_release_get_id (release_b), porch_release_get_id (release_a));
}

/* Releases that are in the list already stay the same objects, so that rows keep their place and focus. */
static void
take_summaries (PorchHistory       *self,
                const char * const *summaries)
{
  g_autoptr(GPtrArray) releases = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_before = self->releases->len;
  guint same = 0;

  for (gsize i = 0; summaries[i] != NULL; i++)
    {
      g_autoptr(PorchManifestSummary) summary = porch_manifest_summary_new_from_json (summaries[i]);
      PorchRelease *known = summary != NULL ? porch_history_lookup (self, summary->release) : NULL;

      if (known != NULL)
        g_ptr_array_add (releases, g_object_ref (known));
      else if (summary != NULL)
        g_ptr_array_add (releases, porch_release_new (summary));
    }

  g_ptr_array_sort_values (releases, compare_releases);

  while (same < MIN (n_before, releases->len) &&
         g_ptr_array_index (releases, releases->len - 1 - same) == g_ptr_array_index (self->releases, n_before - 1 - same))
    same++;

  g_ptr_array_unref (self->releases);
  self->releases = g_steal_pointer (&releases);

  for (guint i = 0; i < self->releases->len; i++)
    {
      PorchRelease *release = g_ptr_array_index (self->releases, i);

      porch_release_set_live (release, g_strcmp0 (porch_release_get_id (release), self->live) == 0);
    }

  if (n_before != same || self->releases->len != same)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before - same, self->releases->len - same);
}

static Task *
task_new (PorchHistory *history,
          PorchTarget  *target,
          const char   *release)
{
  Task *task = g_new0 (Task, 1);

  task->history = g_object_ref (history);
  g_set_object (&task->target, target);
  task->release = g_strdup (release);

  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_object_unref (task->history);
  g_clear_object (&task->target);
  g_free (task->release);
  g_free (task);
}

static DexFuture *
load_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchHistory *self = task->history;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) summaries = NULL;

  if (!(summaries = dex_await_boxed (porch_publish_store_list_manifests (self->store, self->site_id), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  take_summaries (self, (const char * const *) summaries);

  return dex_future_new_true ();
}

/* Releases that other computers published. One that can't be read is no reason to show none. */
static void
await_fetched (Task      *task,
               GPtrArray *unknown)
{
  for (guint i = 0; i < unknown->len; i += FETCHES)
    {
      g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

      for (guint j = i; j < MIN (i + FETCHES, unknown->len); j++)
        g_ptr_array_add (futures, porch_target_load_manifest (task->target, g_ptr_array_index (unknown, j)));

      for (guint j = 0; j < futures->len; j++)
        {
          g_autoptr(PorchManifest) manifest = NULL;
          g_autoptr(GError) error = NULL;

          manifest = dex_await_object (dex_ref (g_ptr_array_index (futures, j)), &error);

          if (manifest == NULL)
            g_info ("A release can't be shown: %s", error->message);
        }
    }
}

static GHashTable *
await_listed (Task    *task,
              GError **error)
{
  GHashTable *listed;
  GPtrArray *objects;
  g_autoptr(AwsS3Listing) listing = dex_await_boxed (aws_s3_list_objects (porch_target_get_client (task->target),
                                                                          porch_target_get_bucket (task->target),
                                                                          "manifests/", NULL),
                                                     error);

  if (listing == NULL)
    return NULL;

  listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  objects = aws_s3_listing_get_objects (listing);

  for (guint i = 0; i < objects->len; i++)
    {
      const char *key = aws_s3_object_get_key (g_ptr_array_index (objects, i));
      g_autofree char *release = g_strndup (key + strlen ("manifests/"), 22);

      if (porch_release_id_is_valid (release) && g_str_equal (key + strlen ("manifests/") + 22, ".json"))
        g_hash_table_add (listed, g_steal_pointer (&release));
    }

  return listed;
}

/* What is remembered here and what is there are made the same. */
static gboolean
await_synchronized (Task        *task,
                    GHashTable  *listed,
                    GError     **error)
{
  PorchHistory *self = task->history;
  g_autoptr(GPtrArray) unknown = NULL;
  g_auto(GStrv) summaries = NULL;

  if (!(summaries = dex_await_boxed (porch_publish_store_list_manifests (self->store, self->site_id), error)))
    return FALSE;

  for (gsize i = 0; summaries[i] != NULL; i++)
    {
      g_autoptr(PorchManifestSummary) summary = porch_manifest_summary_new_from_json (summaries[i]);

      if (summary == NULL || g_hash_table_remove (listed, summary->release))
        continue;

      if (!dex_await (porch_publish_store_drop_manifest (self->store, self->site_id, summary->release), error))
        return FALSE;
    }

  unknown = g_hash_table_get_keys_as_ptr_array (listed);
  await_fetched (task, unknown);

  return TRUE;
}

static DexFuture *
refresh_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchHistory *self = task->history;
  g_autoptr(GHashTable) listed = NULL;
  g_autoptr(PorchPointerValue) value = NULL;
  g_autoptr(GError) error = NULL;

  if (!(listed = await_listed (task, &error)) ||
      (!(value = dex_await_boxed (porch_pointer_read (porch_target_get_pointer (task->target)), &error)) && error != NULL) ||
      !await_synchronized (task, listed, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  g_set_str (&self->live, value != NULL ? porch_pointer_value_get_release (value) : NULL);

  return porch_history_load (self);
}

static DexFuture *
remove_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(GError) error = NULL;

  dex_await_int64 (porch_clean_up_remove (task->target, task->release), &error);

  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return porch_history_load (task->history);
}

/**
 * porch_history_new:
 * @store: the store
 * @site_id: id of the site
 *
 * Returns: (transfer full): a history, empty until it is loaded
 */
PorchHistory *
porch_history_new (PorchStore *store,
                   const char *site_id)
{
  PorchHistory *self;

  g_return_val_if_fail (PORCH_IS_STORE (store), NULL);
  g_return_val_if_fail (site_id != NULL, NULL);

  self = g_object_new (PORCH_TYPE_HISTORY, NULL);
  self->store = g_object_ref (store);
  self->site_id = g_strdup (site_id);

  return self;
}

/**
 * porch_history_load:
 * @self: a history
 *
 * Shows what the store remembers, without asking anybody.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_history_load (PorchHistory *self)
{
  dex_return_error_if_fail (PORCH_IS_HISTORY (self));

  return porch_fiber_spawn (load_fiber, task_new (self, NULL, NULL), task_free, NULL);
}

/**
 * porch_history_refresh:
 * @self: a history
 * @target: where the site's files live
 *
 * Looks which releases there are, and which is live.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_history_refresh (PorchHistory *self,
                       PorchTarget  *target)
{
  dex_return_error_if_fail (PORCH_IS_HISTORY (self));
  dex_return_error_if_fail (PORCH_IS_TARGET (target));

  return porch_fiber_spawn (refresh_fiber, task_new (self, target, NULL), task_free, NULL);
}

/**
 * porch_history_lookup:
 * @self: a history
 * @release: id of a release
 *
 * Returns: (transfer none) (nullable): the release
 */
PorchRelease *
porch_history_lookup (PorchHistory *self,
                      const char   *release)
{
  g_return_val_if_fail (PORCH_IS_HISTORY (self), NULL);

  for (guint i = 0; i < self->releases->len; i++)
    {
      PorchRelease *candidate = g_ptr_array_index (self->releases, i);

      if (g_strcmp0 (porch_release_get_id (candidate), release) == 0)
        return candidate;
    }

  return NULL;
}

/**
 * porch_history_get_live:
 * @self: a history
 *
 * Returns: (transfer none) (nullable): the release that visitors see, as far as known
 */
PorchRelease *
porch_history_get_live (PorchHistory *self)
{
  g_return_val_if_fail (PORCH_IS_HISTORY (self), NULL);

  return porch_history_lookup (self, self->live);
}

/**
 * porch_history_set_live:
 * @self: a history
 * @release: (nullable): id of the release that visitors see now
 */
void
porch_history_set_live (PorchHistory *self,
                        const char   *release)
{
  g_return_if_fail (PORCH_IS_HISTORY (self));

  g_set_str (&self->live, release);

  for (guint i = 0; i < self->releases->len; i++)
    {
      PorchRelease *candidate = g_ptr_array_index (self->releases, i);

      porch_release_set_live (candidate, g_strcmp0 (porch_release_get_id (candidate), release) == 0);
    }
}

/**
 * porch_history_remove:
 * @self: a history
 * @target: where the site's files live
 * @release: id of a release that is not live
 *
 * Removes a release for good.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with %PORCH_ERROR_RELEASE_LIVE or
 *   %PORCH_ERROR_RELEASE_GONE
 */
DexFuture *
porch_history_remove (PorchHistory *self,
                      PorchTarget  *target,
                      const char   *release)
{
  dex_return_error_if_fail (PORCH_IS_HISTORY (self));
  dex_return_error_if_fail (PORCH_IS_TARGET (target));
  dex_return_error_if_fail (release != NULL);

  return porch_fiber_spawn (remove_fiber, task_new (self, target, release), task_free, NULL);
}
