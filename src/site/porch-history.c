/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-history.h"

#include "aws-s3.h"
#include "porch-clean-up.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-publish-store.h"
#include "porch-receipt-store.h"

#include <string.h>

/* How many manifests are fetched at once on a computer that does not know them yet */
#define FETCHES 8

struct _PorchHistory
{
  GObject     parent_instance;

  PorchStore *store;
  char       *site_id;
  GPtrArray  *releases;   /* PorchRelease, newest first */
  GListStore *drafts;     /* PorchDraft, the first to end first */
  GHashTable *receipts;   /* release -> PorchReceipt */
  char       *live;
  char       *address;
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
  g_clear_object (&self->drafts);
  g_clear_pointer (&self->receipts, g_hash_table_unref);
  g_clear_pointer (&self->live, g_free);
  g_clear_pointer (&self->address, g_free);

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
  self->drafts = g_list_store_new (PORCH_TYPE_DRAFT);
  self->receipts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
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

static PorchDraft *
find_draft (PorchHistory *self,
            const char   *release)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->drafts)); i++)
    {
      g_autoptr(PorchDraft) draft = g_list_model_get_item (G_LIST_MODEL (self->drafts), i);

      if (g_str_equal (porch_draft_get_release (draft), release))
        return draft;
    }

  return NULL;
}

/* What is known of a release beside its manifest */
static void
describe_releases (PorchHistory *self)
{
  for (guint i = 0; i < self->releases->len; i++)
    {
      PorchRelease *release = g_ptr_array_index (self->releases, i);
      const char *id = porch_release_get_id (release);

      porch_release_set_live (release, g_strcmp0 (id, self->live) == 0);
      porch_release_set_receipt (release, g_hash_table_lookup (self->receipts, id));
      porch_release_set_draft (release, find_draft (self, id));
    }
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

  describe_releases (self);

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
  g_autoptr(GHashTable) receipts = NULL;

  if (!(summaries = dex_await_boxed (porch_publish_store_list_manifests (self->store, self->site_id), &error)) ||
      !(receipts = dex_await_boxed (porch_receipt_store_list (self->store, self->site_id), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  g_clear_pointer (&self->receipts, g_hash_table_unref);
  self->receipts = g_steal_pointer (&receipts);
  take_summaries (self, (const char * const *) summaries);

  return dex_future_new_true ();
}

static gboolean
is_listed (PorchHistory *self,
           GPtrArray    *drafts)
{
  GListModel *model = G_LIST_MODEL (self->drafts);
  gboolean is_same = g_list_model_get_n_items (model) == drafts->len;

  for (guint i = 0; is_same && i < drafts->len; i++)
    {
      g_autoptr(PorchDraft) draft = g_list_model_get_item (model, i);

      is_same = draft == g_ptr_array_index (drafts, i);
    }

  return is_same;
}

/* Drafts that are in the list already stay the same objects, so that rows keep their place and focus. */
static void
take_drafts (PorchHistory *self,
             GPtrArray    *entries)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < entries->len; i++)
    {
      PorchPointerDraft *entry = g_ptr_array_index (entries, i);
      g_autoptr(PorchDraft) draft = porch_draft_new (entry, self->address);
      PorchDraft *known = porch_history_lookup_draft (self, porch_draft_get_id (draft));

      if (known != NULL && g_strcmp0 (porch_draft_get_link (known), porch_draft_get_link (draft)) == 0)
        {
          porch_draft_set_until (known, porch_pointer_draft_get_until (entry));
          g_set_object (&draft, known);
        }

      g_ptr_array_add (drafts, g_steal_pointer (&draft));
    }

  if (!is_listed (self, drafts))
    g_list_store_splice (self->drafts, 0, g_list_model_get_n_items (G_LIST_MODEL (self->drafts)), drafts->pdata, drafts->len);

  describe_releases (self);
}

/* A pointer that knows no drafts has none. */
static gboolean
await_drafts (PorchHistory  *self,
              DexFuture     *listing,
              GError       **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(GPtrArray) entries = dex_await_boxed (listing, &local);

  if (entries == NULL && g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return TRUE;

  if (entries == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    take_drafts (self, entries);

  return entries != NULL;
}

static DexFuture *
load_drafts_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(GError) error = NULL;

  if (!await_drafts (task->history, porch_pointer_list_drafts (porch_target_get_pointer (task->target)), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

static void
await_receipt (Task       *task,
               const char *key,
               const char *etag)
{
  PorchHistory *self = task->history;
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(PorchReceipt) receipt = NULL;
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;

  if ((object = dex_await_boxed (aws_s3_get_object (porch_target_get_client (task->target),
                                                    porch_target_get_bucket (task->target), key),
                                 &error)))
    {
      GBytes *body = aws_s3_object_get_body (object);

      json = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
      receipt = porch_receipt_new_from_json (json, &error);
    }

  if (receipt == NULL || !dex_await (porch_receipt_store_save (self->store, self->site_id, receipt, etag), &error))
    g_info ("A receipt can't be shown: %s", error->message);
}

/* Receipts that other computers wrote, or wrote anew; they are only shown. */
static void
await_receipts (Task      *task,
                DexFuture *listing)
{
  PorchHistory *self = task->history;
  g_autoptr(AwsS3Listing) listed = dex_await_boxed (listing, NULL);
  g_autoptr(GHashTable) etags = dex_await_boxed (porch_receipt_store_list_etags (self->store, self->site_id), NULL);
  GPtrArray *objects = listed != NULL ? aws_s3_listing_get_objects (listed) : NULL;

  for (guint i = 0; objects != NULL && etags != NULL && i < objects->len; i++)
    {
      AwsS3Object *object = g_ptr_array_index (objects, i);
      const char *key = aws_s3_object_get_key (object);
      g_autofree char *release = g_strndup (key + strlen ("receipts/"), 22);

      if (porch_release_id_is_valid (release) &&
          g_strcmp0 (g_hash_table_lookup (etags, release), aws_s3_object_get_etag (object)) != 0)
        await_receipt (task, key, aws_s3_object_get_etag (object));
    }
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
  PorchPointer *pointer = porch_target_get_pointer (task->target);
  g_autoptr(DexFuture) drafts = porch_pointer_list_drafts (pointer);
  g_autoptr(DexFuture) receipts = aws_s3_list_objects (porch_target_get_client (task->target),
                                                       porch_target_get_bucket (task->target), "receipts/", NULL);
  g_autoptr(GHashTable) listed = NULL;
  g_autoptr(PorchPointerValue) value = NULL;
  g_autoptr(GError) error = NULL;

  if (!(listed = await_listed (task, &error)) ||
      (!(value = dex_await_boxed (porch_pointer_read (pointer), &error)) && error != NULL) ||
      !await_synchronized (task, listed, &error) ||
      !await_drafts (self, dex_ref (drafts), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  await_receipts (task, dex_ref (receipts));

  g_set_str (&self->live, value != NULL ? porch_pointer_value_get_release (value) : NULL);

  return porch_history_load (self);
}

static DexFuture *
remove_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(GError) error = NULL;

  dex_await_int64 (porch_clean_up_remove (task->target, task->release), &error);

  if (error != NULL || !await_drafts (task->history, porch_pointer_list_drafts (porch_target_get_pointer (task->target)), &error))
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
  describe_releases (self);
}

/**
 * porch_history_get_drafts:
 * @self: a history
 *
 * Returns: (transfer none): a list of [class@Porch.Draft], the first to end comes first; the time of some may be over
 */
GListModel *
porch_history_get_drafts (PorchHistory *self)
{
  g_return_val_if_fail (PORCH_IS_HISTORY (self), NULL);

  return G_LIST_MODEL (self->drafts);
}

/**
 * porch_history_lookup_draft:
 * @self: a history
 * @id: id of a draft, of the release that it shows, or its link
 *
 * Returns: (transfer none) (nullable): the draft
 */
PorchDraft *
porch_history_lookup_draft (PorchHistory *self,
                            const char   *id)
{
  g_return_val_if_fail (PORCH_IS_HISTORY (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->drafts)); i++)
    {
      g_autoptr(PorchDraft) draft = g_list_model_get_item (G_LIST_MODEL (self->drafts), i);

      if (g_str_equal (porch_draft_get_id (draft), id) || g_str_equal (porch_draft_get_release (draft), id) ||
          g_strcmp0 (porch_draft_get_link (draft), id) == 0)
        return draft;
    }

  return NULL;
}

/**
 * porch_history_set_address:
 * @self: a history
 * @address: (nullable): the address of the site, for the links of drafts
 */
void
porch_history_set_address (PorchHistory *self,
                           const char   *address)
{
  g_return_if_fail (PORCH_IS_HISTORY (self));

  g_set_str (&self->address, address);
}

static int
compare_drafts (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  return g_date_time_compare (porch_draft_get_until ((PorchDraft *) a), porch_draft_get_until ((PorchDraft *) b));
}

/**
 * porch_history_add_draft:
 * @self: a history
 * @draft: a draft that was made just now, or one that ends at another time now
 */
void
porch_history_add_draft (PorchHistory *self,
                         PorchDraft   *draft)
{
  guint position;

  g_return_if_fail (PORCH_IS_HISTORY (self));
  g_return_if_fail (PORCH_IS_DRAFT (draft));

  if (g_list_store_find (self->drafts, draft, &position))
    g_list_store_sort (self->drafts, compare_drafts, NULL);
  else
    g_list_store_insert_sorted (self->drafts, draft, compare_drafts, NULL);

  describe_releases (self);
}

/**
 * porch_history_drop_draft:
 * @self: a history
 * @draft: a draft that can't be seen any more
 */
void
porch_history_drop_draft (PorchHistory *self,
                          PorchDraft   *draft)
{
  guint position;

  g_return_if_fail (PORCH_IS_HISTORY (self));
  g_return_if_fail (PORCH_IS_DRAFT (draft));

  if (g_list_store_find (self->drafts, draft, &position))
    g_list_store_remove (self->drafts, position);

  describe_releases (self);
}

/**
 * porch_history_drop_drafts_of:
 * @self: a history
 * @release: a release that everybody can see now
 */
void
porch_history_drop_drafts_of (PorchHistory *self,
                              const char   *release)
{
  PorchDraft *draft;

  g_return_if_fail (PORCH_IS_HISTORY (self));
  g_return_if_fail (release != NULL);

  while ((draft = find_draft (self, release)) != NULL)
    porch_history_drop_draft (self, draft);
}

/**
 * porch_history_take_receipt:
 * @self: a history
 * @receipt: (transfer none): what was seen of one of its releases
 */
void
porch_history_take_receipt (PorchHistory *self,
                            PorchReceipt *receipt)
{
  g_return_if_fail (PORCH_IS_HISTORY (self));
  g_return_if_fail (PORCH_IS_RECEIPT (receipt));

  g_hash_table_insert (self->receipts, g_strdup (porch_receipt_get_release (receipt)), g_object_ref (receipt));
  describe_releases (self);
}

/**
 * porch_history_load_drafts:
 * @self: a history
 * @target: where the site's files live
 *
 * Looks which drafts there are.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_history_load_drafts (PorchHistory *self,
                           PorchTarget  *target)
{
  dex_return_error_if_fail (PORCH_IS_HISTORY (self));
  dex_return_error_if_fail (PORCH_IS_TARGET (target));

  return porch_fiber_spawn (load_drafts_fiber, task_new (self, target, NULL), task_free, NULL);
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
