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
#include "porch-receipt-store.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How many manifests are fetched at once */
#define FETCHES 8

typedef struct
{
  PorchTarget *target;
  GDateTime   *now;
  char        *release;     /* the one to remove, or NULL for those that are old */
  char        *token;       /* of the draft to remove, or NULL */
  gint64       until;

  char        *live;        /* what the pointer says, or NULL */
  GPtrArray   *drafts;      /* PorchPointerDraft, also those whose time is over */
  GPtrArray   *releases;    /* ids of those whose manifests are there; ends with NULL */
  GPtrArray   *victims;     /* ids of releases to remove, with a manifest or without */
  GHashTable  *needed;      /* keys of the objects that those that stay need */
  GHashTable  *sets;        /* and their sets of redirects */
  GHashTable  *known;       /* ids of the releases that those two were made from */
  GHashTable  *taken;       /* release -> PorchManifest of those victims that have one */
  gboolean     redirects;   /* whether a victim had redirects */
  guint        n_removed;
} Task;

static Task *
task_new (PorchTarget *target)
{
  Task *task = g_new0 (Task, 1);

  task->target = g_object_ref (target);
  task->victims = g_ptr_array_new_with_free_func (g_free);
  task->needed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  task->sets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  task->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  task->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_object_unref (task->target);
  g_clear_pointer (&task->now, g_date_time_unref);
  g_clear_pointer (&task->drafts, g_ptr_array_unref);
  g_clear_pointer (&task->releases, g_ptr_array_unref);
  g_clear_pointer (&task->victims, g_ptr_array_unref);
  g_clear_pointer (&task->needed, g_hash_table_unref);
  g_clear_pointer (&task->sets, g_hash_table_unref);
  g_clear_pointer (&task->known, g_hash_table_unref);
  g_clear_pointer (&task->taken, g_hash_table_unref);
  g_free (task->release);
  g_free (task->token);
  g_free (task->live);
  g_free (task);
}

static gboolean
contains (GPtrArray  *ids,
          const char *id)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_strcmp0 (g_ptr_array_index (ids, i), id) == 0)
      return TRUE;

  return FALSE;
}

static int
compare_newest (gconstpointer a,
                gconstpointer b)
{
  return strcmp (b, a);
}

static gboolean
is_past (GDateTime *time,
         GDateTime *now)
{
  return time != NULL && g_date_time_difference (now, time) > PORCH_CLEAN_UP_DAYS * G_TIME_SPAN_DAY;
}

static gboolean
is_old (const char *release,
        GDateTime  *now)
{
  g_autoptr(GDateTime) time = porch_release_id_get_time (release);

  return is_past (time, now);
}

/**
 * porch_clean_up_choose:
 * @releases: (array zero-terminated=1): ids of all releases that are kept
 * @spared: (nullable) (element-type utf8): those that are needed whatever their age, which don't count either
 * @keep: how many are kept whatever their age
 * @now: the present time
 *
 * Chooses the releases that need not be kept any longer: older than seven days, and not among the last ones.
 *
 * Returns: (transfer container) (element-type utf8): the ids, which belong to @releases
 */
GPtrArray *
porch_clean_up_choose (const char * const *releases,
                       GHashTable         *spared,
                       guint               keep,
                       GDateTime          *now)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  GPtrArray *chosen = g_ptr_array_new ();

  g_return_val_if_fail (releases != NULL, chosen);
  g_return_val_if_fail (now != NULL, chosen);

  for (gsize i = 0; releases[i] != NULL; i++)
    if (spared == NULL || !g_hash_table_contains (spared, releases[i]))
      g_ptr_array_add (sorted, (gpointer) releases[i]);

  g_ptr_array_sort_values (sorted, compare_newest);

  for (guint i = keep; i < sorted->len; i++)
    if (is_old (g_ptr_array_index (sorted, i), now))
      g_ptr_array_add (chosen, g_ptr_array_index (sorted, i));

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

/* What the pointer says now: what is live, and which drafts there are. */
static gboolean
await_pointer (Task    *task,
               GError **error)
{
  PorchPointer *pointer = porch_target_get_pointer (task->target);
  g_autoptr(PorchPointerValue) value = NULL;
  g_autoptr(GError) local = NULL;

  g_clear_pointer (&task->live, g_free);
  g_clear_pointer (&task->drafts, g_ptr_array_unref);

  if (!(value = dex_await_boxed (porch_pointer_read (pointer), &local)) && local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  task->live = value != NULL ? g_strdup (porch_pointer_value_get_release (value)) : NULL;
  task->drafts = dex_await_boxed (porch_pointer_list_drafts (pointer), &local);

  /* A pointer that knows no drafts has none */
  if (task->drafts == NULL && g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    task->drafts = g_ptr_array_new ();
  else if (task->drafts == NULL)
    g_propagate_error (error, g_steal_pointer (&local));

  return task->drafts != NULL;
}

static const char *
get_release (PorchPointerDraft *draft)
{
  return porch_pointer_value_get_release (porch_pointer_draft_get_value (draft));
}

static gboolean
is_over (Task              *task,
         PorchPointerDraft *draft)
{
  return task->now != NULL && porch_pointer_draft_get_until (draft) <= g_date_time_to_unix (task->now);
}

/* Whether visitors, or those who have a draft's link, can see a release */
static gboolean
is_seen (Task       *task,
         const char *release)
{
  if (g_strcmp0 (task->live, release) == 0)
    return TRUE;

  for (guint i = 0; i < task->drafts->len; i++)
    {
      PorchPointerDraft *draft = g_ptr_array_index (task->drafts, i);

      if (!is_over (task, draft) && g_strcmp0 (get_release (draft), release) == 0)
        return TRUE;
    }

  return FALSE;
}

/* The receipt of a release tells what it took the place of; a release that never went live has none. */
static PorchReceipt *
await_receipt (PorchTarget  *target,
               const char   *release,
               GError      **error)
{
  g_autofree char *key = porch_receipt_build_key (release);
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) local = NULL;
  g_autofree char *json = NULL;
  GBytes *body;

  object = dex_await_boxed (aws_s3_get_object (porch_target_get_client (target), porch_target_get_bucket (target), key), &local);

  if (object == NULL)
    {
      if (!g_error_matches (local, AWS_ERROR, AWS_ERROR_NOT_FOUND))
        g_propagate_error (error, g_steal_pointer (&local));

      return NULL;
    }

  body = aws_s3_object_get_body (object);
  json = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));

  return porch_receipt_new_from_json (json, NULL);
}

/* What always stays: the live release, what was live before it by either record, and drafts in use. */
static GHashTable *
await_spared (Task    *task,
              GError **error)
{
  g_autoptr(GHashTable) spared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(PorchReceipt) receipt = NULL;
  g_autoptr(GError) local = NULL;

  for (guint i = 0; i < task->drafts->len; i++)
    if (!is_over (task, g_ptr_array_index (task->drafts, i)))
      g_hash_table_add (spared, g_strdup (get_release (g_ptr_array_index (task->drafts, i))));

  if (task->live == NULL)
    return g_steal_pointer (&spared);

  receipt = await_receipt (task->target, task->live, &local);

  if (local != NULL || !(manifest = dex_await_object (porch_target_load_manifest (task->target, task->live), &local)))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  g_hash_table_add (spared, g_strdup (task->live));

  if (porch_manifest_get_summary (manifest)->previous != NULL)
    g_hash_table_add (spared, g_strdup (porch_manifest_get_summary (manifest)->previous));
  if (receipt != NULL && porch_receipt_get_previous (receipt) != NULL)
    g_hash_table_add (spared, g_strdup (porch_receipt_get_previous (receipt)));

  return g_steal_pointer (&spared);
}

/* The live release and the one before count among those that are kept: what is kept is “the last ten”. */
static void
choose_old (Task       *task,
            GHashTable *spared)
{
  g_autoptr(GHashTable) drafts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) chosen = NULL;

  for (guint i = 0; i < task->drafts->len; i++)
    if (g_strcmp0 (get_release (g_ptr_array_index (task->drafts, i)), task->live) != 0)
      g_hash_table_add (drafts, (gpointer) get_release (g_ptr_array_index (task->drafts, i)));

  chosen = porch_clean_up_choose ((const char * const *) task->releases->pdata, drafts,
                                  porch_target_get_kept_versions (task->target), task->now);

  for (guint i = 0; i < chosen->len; i++)
    if (!g_hash_table_contains (spared, g_ptr_array_index (chosen, i)))
      g_ptr_array_add (task->victims, g_strdup (g_ptr_array_index (chosen, i)));
}

/* Whether a release was only ever a draft */
static gboolean
await_only_draft (Task        *task,
                  const char  *release,
                  gboolean    *is_draft,
                  GError     **error)
{
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(PorchReceipt) receipt = NULL;
  g_autoptr(GError) local = NULL;

  *is_draft = FALSE;

  if (!contains (task->releases, release) || is_seen (task, release))
    return TRUE;

  if (!(manifest = dex_await_object (porch_target_load_manifest (task->target, release), error)))
    return FALSE;

  if (!porch_manifest_get_summary (manifest)->is_draft)
    return TRUE;

  receipt = await_receipt (task->target, release, &local);
  *is_draft = receipt == NULL && local == NULL;

  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));

  return local == NULL;
}

/* Drafts whose time is over lose their link, and then their release, if it was nothing else. */
static gboolean
await_over (Task    *task,
            GError **error)
{
  gint64 next = 0;

  for (guint i = 0; i < task->drafts->len; i++)
    {
      PorchPointerDraft *draft = g_ptr_array_index (task->drafts, i);
      gint64 until = porch_pointer_draft_get_until (draft);
      gboolean is_draft;

      if (!is_over (task, draft))
        {
          next = next == 0 ? until : MIN (next, until);
          continue;
        }

      if (!dex_await (porch_pointer_write_draft (porch_target_get_pointer (task->target), porch_pointer_draft_get_token (draft),
                                                 NULL, 0),
                      error) ||
          !await_only_draft (task, get_release (draft), &is_draft, error))
        return FALSE;

      if (is_draft && !contains (task->victims, get_release (draft)))
        g_ptr_array_add (task->victims, g_strdup (get_release (draft)));
    }

  task->until = next;

  return TRUE;
}

/* What is left of releases that never went live, or of ones that were removed but held a folder for another */
static gboolean
await_orphans (Task    *task,
               GError **error)
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
          !contains (task->releases, release) && !contains (task->victims, release) &&
          (journal == NULL || !g_str_equal (journal->release, release)))
        g_ptr_array_add (task->victims, g_steal_pointer (&release));
    }

  return TRUE;
}

static void
take_needed (Task          *task,
             PorchManifest *manifest)
{
  PorchRedirects *redirects = porch_manifest_get_redirects (manifest);

  for (guint i = 0; i < porch_manifest_get_n_entries (manifest); i++)
    g_hash_table_add (task->needed, porch_manifest_entry_build_key (porch_manifest_get_entry (manifest, i)));

  if (porch_redirects_get_id (redirects) != NULL)
    g_hash_table_add (task->sets, g_strdup (porch_redirects_get_id (redirects)));

  g_hash_table_add (task->known, g_strdup (porch_manifest_get_release (manifest)));
}

/* Those of the releases with a manifest that are to go, or that are to stay and are not known yet */
static GPtrArray *
list_releases (Task     *task,
               gboolean  victims)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < task->releases->len; i++)
    {
      char *release = g_ptr_array_index (task->releases, i);

      if (contains (task->victims, release) == victims && (victims || !g_hash_table_contains (task->known, release)))
        g_ptr_array_add (list, release);
    }

  return list;
}

/* Loads some manifests side by side; those that can't be read are missing, or an error. */
static gboolean
await_manifests (Task       *task,
                 GPtrArray  *releases,
                 void      (*take) (Task          *task,
                                    PorchManifest *manifest),
                 gboolean    all,
                 GError    **error)
{
  for (guint i = 0; i < releases->len; i += FETCHES)
    {
      g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

      for (guint j = i; j < MIN (i + FETCHES, releases->len); j++)
        g_ptr_array_add (futures, porch_target_load_manifest (task->target, g_ptr_array_index (releases, j)));

      for (guint j = 0; j < futures->len; j++)
        {
          g_autoptr(PorchManifest) manifest = dex_await_object (dex_ref (g_ptr_array_index (futures, j)), all ? error : NULL);

          if (manifest == NULL && all)
            return FALSE;

          if (manifest != NULL)
            take (task, manifest);
        }
    }

  return TRUE;
}

/* Keys of all objects that one of the kept releases needs. If only one manifest can't be read, nothing is known. */
static gboolean
await_needed (Task    *task,
              GError **error)
{
  g_autoptr(GPtrArray) unknown = list_releases (task, FALSE);

  return await_manifests (task, unknown, take_needed, TRUE, error);
}

static void
take_victim (Task          *task,
             PorchManifest *manifest)
{
  g_hash_table_insert (task->taken, g_strdup (porch_manifest_get_release (manifest)), g_object_ref (manifest));
  task->redirects = task->redirects || porch_manifest_get_redirects (manifest) != NULL;
}

static gboolean
await_deleted (Task       *task,
               GPtrArray  *keys,
               guint      *n_deleted,
               GError    **error)
{
  g_autoptr(GPtrArray) failures = NULL;
  guint n_keys = keys->len;

  if (n_keys == 0)
    return TRUE;

  g_ptr_array_add (keys, NULL);

  if (!(failures = dex_await_boxed (aws_s3_delete_objects (porch_target_get_client (task->target),
                                                           porch_target_get_bucket (task->target),
                                                           (const char * const *) keys->pdata),
                                    error)))
    return FALSE;

  *n_deleted = n_keys - failures->len;

  return TRUE;
}

/* Whoever made a release live meanwhile gets its manifest back. */
static gboolean
await_put_back (Task    *task,
                GError **error)
{
  for (guint i = 0; i < task->victims->len;)
    {
      const char *release = g_ptr_array_index (task->victims, i);
      PorchManifest *manifest = g_hash_table_lookup (task->taken, release);

      if (manifest == NULL || !is_seen (task, release))
        {
          i++;
          continue;
        }

      if (!dex_await (porch_target_save_manifest (task->target, manifest), error))
        return FALSE;

      take_needed (task, manifest);
      g_ptr_array_remove_index (task->victims, i);
    }

  return TRUE;
}

static gboolean
await_forgotten (Task       *task,
                 GPtrArray  *releases,
                 GError    **error)
{
  PorchStore *store = porch_target_get_store (task->target);

  for (guint i = 0; store != NULL && i < releases->len; i++)
    if (contains (task->victims, g_ptr_array_index (releases, i)) &&
        !dex_await (porch_publish_store_drop_manifest (store, porch_target_get_site_id (task->target),
                                                       g_ptr_array_index (releases, i)),
                    error))
      return FALSE;

  return TRUE;
}

/* The manifests go first, and then the pointer is looked at once more: whoever made a release live meanwhile sees that its
 * manifest is gone, or is seen here. One that can't be read can't be put back, but it can't be made live either. */
static gboolean
await_manifests_gone (Task    *task,
                      GError **error)
{
  g_autoptr(GPtrArray) releases = list_releases (task, TRUE);
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  guint n_deleted = 0;
  guint n_keys = releases->len;

  if (n_keys == 0)
    return TRUE;

  for (guint i = 0; i < releases->len; i++)
    g_ptr_array_add (keys, porch_manifest_build_key (g_ptr_array_index (releases, i)));

  if (!await_manifests (task, releases, take_victim, FALSE, error) ||
      !await_deleted (task, keys, &n_deleted, error) ||
      !await_pointer (task, error) ||
      !await_put_back (task, error) ||
      !await_forgotten (task, releases, error))
    return FALSE;

  if (n_deleted < n_keys)
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_FAILED, _("Old versions could not be removed from the storage."));

  return n_deleted == n_keys;
}

/* Objects that arrived only now are those of a publish that is underway, whatever the release is called. */
static gboolean
is_fresh (Task      *task,
          GPtrArray *objects)
{
  for (guint i = 0; i < objects->len; i++)
    if (!is_past (aws_s3_object_get_modified (g_ptr_array_index (objects, i)), task->now))
      return TRUE;

  return FALSE;
}

static gboolean
await_objects_removed (Task        *task,
                       const char  *release,
                       GError     **error)
{
  g_autofree char *prefix = g_strconcat ("releases/", release, "/", NULL);
  g_autoptr(GPtrArray) keys = g_ptr_array_new ();
  g_autoptr(AwsS3Listing) listing = dex_await_boxed (aws_s3_list_objects (porch_target_get_client (task->target),
                                                                          porch_target_get_bucket (task->target), prefix, NULL),
                                                     error);
  GPtrArray *objects;
  guint n_deleted = 0;

  if (listing == NULL)
    return FALSE;

  objects = aws_s3_listing_get_objects (listing);

  if (!contains (task->releases, release) && is_fresh (task, objects))
    return TRUE;

  for (guint i = 0; i < objects->len; i++)
    {
      const char *key = aws_s3_object_get_key (g_ptr_array_index (objects, i));

      if (!g_hash_table_contains (task->needed, key))
        g_ptr_array_add (keys, (gpointer) key);
    }

  if (!await_deleted (task, keys, &n_deleted, error))
    return FALSE;

  task->n_removed += n_deleted;

  return TRUE;
}

static gboolean
await_receipts_removed (Task    *task,
                        GError **error)
{
  PorchStore *store = porch_target_get_store (task->target);
  g_autoptr(GPtrArray) releases = list_releases (task, TRUE);
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  guint n_deleted;

  for (guint i = 0; i < releases->len; i++)
    {
      const char *release = g_ptr_array_index (releases, i);

      g_ptr_array_add (keys, porch_receipt_build_key (release));

      if (store != NULL &&
          !dex_await (porch_receipt_store_drop (store, porch_target_get_site_id (task->target), release), error))
        return FALSE;
    }

  return await_deleted (task, keys, &n_deleted, error);
}

/* Redirects of releases that are gone */
static void
await_redirects_removed (Task *task)
{
  g_autoptr(GPtrArray) sets = g_hash_table_get_keys_as_ptr_array (task->sets);
  g_autoptr(GError) error = NULL;

  if (!task->redirects)
    return;

  g_ptr_array_add (sets, NULL);

  if (!dex_await (porch_pointer_remove_redirects (porch_target_get_pointer (task->target), (const char * const *) sets->pdata),
                  &error))
    g_debug ("Redirects that nobody needs stay for now: %s", error->message);
}

/* A publish elsewhere may have written its manifest since the first look. */
static gboolean
await_new_releases (Task    *task,
                    GError **error)
{
  g_autoptr(GPtrArray) before = g_steal_pointer (&task->releases);
  gboolean done = (task->releases = await_releases (task->target, error)) != NULL && await_needed (task, error);

  g_clear_pointer (&task->releases, g_ptr_array_unref);
  task->releases = g_steal_pointer (&before);

  return done;
}

static gboolean
clean_up (Task    *task,
          GError **error)
{
  if (task->victims->len == 0)
    return TRUE;

  if (!await_needed (task, error) ||
      !await_manifests_gone (task, error) ||
      !await_new_releases (task, error))
    return FALSE;

  for (guint i = 0; i < task->victims->len; i++)
    if (!await_objects_removed (task, g_ptr_array_index (task->victims, i), error))
      return FALSE;

  await_redirects_removed (task);

  return await_receipts_removed (task, error);
}

static char *
build_setting (PorchTarget *target)
{
  return g_strconcat ("draft-until-", porch_target_get_site_id (target), NULL);
}

/* What is left over of publishes that were given up is looked for once a day: it costs requests, and hurries nobody. */
static gboolean
await_day_over (Task *task)
{
  PorchStore *store = porch_target_get_store (task->target);
  g_autofree char *setting = g_strconcat ("clean-up-", porch_target_get_site_id (task->target), NULL);
  g_autofree char *text = store != NULL ? dex_await_string (porch_store_dup_setting (store, setting), NULL) : NULL;
  gint64 now = g_date_time_to_unix (task->now);
  gint64 last = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
  g_autofree char *noted = g_strdup_printf ("%" G_GINT64_FORMAT, now);

  if (store == NULL || now - last < 24 * 60 * 60)
    return FALSE;

  return dex_await (porch_store_set_setting (store, setting, noted), NULL);
}

/* Whether a draft of which this computer knows has run out; 0 is never. */
static gboolean
await_due (Task *task)
{
  PorchStore *store = porch_target_get_store (task->target);
  g_autofree char *setting = build_setting (task->target);
  g_autofree char *text = store != NULL ? dex_await_string (porch_store_dup_setting (store, setting), NULL) : NULL;
  gint64 until = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;

  return until > 0 && until <= g_date_time_to_unix (task->now);
}

static gboolean
await_noted (Task    *task,
             GError **error)
{
  PorchStore *store = porch_target_get_store (task->target);
  g_autofree char *setting = build_setting (task->target);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, task->until);

  return store == NULL || dex_await (porch_store_set_setting (store, setting, text), error);
}

static gboolean
run (Task    *task,
     GError **error)
{
  g_autoptr(GPtrArray) chosen = NULL;
  g_autoptr(GHashTable) spared = NULL;

  if (!(task->releases = await_releases (task->target, error)))
    return FALSE;

  chosen = porch_clean_up_choose ((const char * const *) task->releases->pdata, NULL,
                                  porch_target_get_kept_versions (task->target), task->now);

  if (chosen->len == 0 && !await_due (task) && !await_day_over (task))
    return TRUE;

  if (!await_pointer (task, error) || !(spared = await_spared (task, error)))
    return FALSE;

  choose_old (task, spared);

  return await_over (task, error) && await_noted (task, error) && await_orphans (task, error) && clean_up (task, error);
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(GError) error = NULL;

  if (!run (task, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_int64 (task->n_removed);
}

static DexFuture *
remove_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(GError) error = NULL;

  if (!(task->releases = await_releases (task->target, &error)) || !await_pointer (task, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (g_strcmp0 (task->live, task->release) == 0)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_RELEASE_LIVE,
                                  _("This version is live. Make another one live before you remove it."));

  if (!contains (task->releases, task->release))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_RELEASE_GONE, _("That version of the site is not kept any more."));

  g_ptr_array_add (task->victims, g_strdup (task->release));

  if ((task->drafts->len > 0 && !dex_await (porch_target_drop_drafts (task->target, task->release), &error)) ||
      !clean_up (task, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_int64 (task->n_removed);
}

static DexFuture *
drop_draft_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_draft;

  if (!dex_await (porch_pointer_write_draft (porch_target_get_pointer (task->target), task->token, NULL, 0), &error) ||
      !(task->releases = await_releases (task->target, &error)) ||
      !await_pointer (task, &error) ||
      !await_only_draft (task, task->release, &is_draft, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (is_draft)
    g_ptr_array_add (task->victims, g_strdup (task->release));

  if (!clean_up (task, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_int64 (task->n_removed);
}

static DexFuture *
note_draft_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchStore *store = porch_target_get_store (task->target);
  g_autofree char *setting = build_setting (task->target);
  g_autofree char *text = store != NULL ? dex_await_string (porch_store_dup_setting (store, setting), NULL) : NULL;
  gint64 known = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
  g_autoptr(GError) error = NULL;

  if (known > 0 && known <= task->until)
    return dex_future_new_true ();

  return await_noted (task, &error) ? dex_future_new_true () : dex_future_new_for_error (g_steal_pointer (&error));
}

/**
 * porch_clean_up_run:
 * @target: the target
 * @now: the present time
 *
 * Removes the releases that need not be kept any longer, drafts whose time is over, and of their objects, receipts and
 * redirects those that no kept release needs. The last ones stay, as many as the target says, and so do all that are younger
 * than seven days, the live one, the one that was live before it, and drafts in use. Nothing of a release is removed as long
 * as not all that is kept is known.
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

  task = task_new (target);
  task->now = g_date_time_ref (now);

  return porch_fiber_spawn (run_fiber, task, task_free, NULL);
}

/**
 * porch_clean_up_remove:
 * @target: the target
 * @release: a release that is not live
 *
 * Removes a release with its drafts, and of its objects those that no other release needs.
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

  task = task_new (target);
  task->release = g_strdup (release);

  return porch_fiber_spawn (remove_fiber, task, task_free, NULL);
}

/**
 * porch_clean_up_drop_draft:
 * @target: the target
 * @token: the secret in the link of a draft
 * @release: the release that it shows
 *
 * Ends a draft at once, and removes its release if it never went live and no other draft shows it.
 *
 * Returns: (transfer full): a future that resolves to the number of objects removed, an int64
 */
DexFuture *
porch_clean_up_drop_draft (PorchTarget *target,
                           const char  *token,
                           const char  *release)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_TARGET (target));
  dex_return_error_if_fail (token != NULL);
  dex_return_error_if_fail (release != NULL);

  task = task_new (target);
  task->token = g_strdup (token);
  task->release = g_strdup (release);

  return porch_fiber_spawn (drop_draft_fiber, task, task_free, NULL);
}

/**
 * porch_clean_up_note_draft:
 * @target: the target
 * @until: when a draft runs out, in seconds since 1970
 *
 * Lets a later clean-up know that there will be something to do, so that others need not ask for drafts.
 *
 * Returns: (transfer full): a future that resolves when it is written down
 */
DexFuture *
porch_clean_up_note_draft (PorchTarget *target,
                           gint64       until)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_TARGET (target));

  task = task_new (target);
  task->until = until;

  return porch_fiber_spawn (note_draft_fiber, task, task_free, NULL);
}
