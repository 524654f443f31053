/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-target.h"

#include "aws-s3.h"
#include "porch-clean-up.h"
#include "porch-draft.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-publish-store.h"

#include <glib/gi18n-lib.h>

/* The pages under system/ keep their keys, so the edge must not keep them for long. */
#define SYSTEM_PAGE_CACHE "public, max-age=0, s-maxage=10, must-revalidate"
#define SYSTEM_PAGE_TYPE  "text/html; charset=utf-8"
#define MANIFEST_CACHE    "no-store"
#define MANIFEST_TYPE     "application/json"

struct _PorchTarget
{
  GObject       parent_instance;

  AwsClient    *client;
  char         *region;
  char         *bucket;
  PorchPointer *pointer;
  PorchStore   *store;
  char         *site_id;
  char         *author;
  guint         kept_versions;
};

/* What a fiber of the target works on */
typedef struct
{
  PorchTarget   *target;
  PorchManifest *manifest;
  char          *release;
  guint          days;
} Task;

G_DEFINE_FINAL_TYPE (PorchTarget, porch_target, G_TYPE_OBJECT)

static void
porch_target_dispose (GObject *object)
{
  PorchTarget *self = PORCH_TARGET (object);

  g_clear_object (&self->client);
  g_clear_object (&self->pointer);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (porch_target_parent_class)->dispose (object);
}

static void
porch_target_finalize (GObject *object)
{
  PorchTarget *self = PORCH_TARGET (object);

  g_clear_pointer (&self->region, g_free);
  g_clear_pointer (&self->bucket, g_free);
  g_clear_pointer (&self->site_id, g_free);
  g_clear_pointer (&self->author, g_free);

  G_OBJECT_CLASS (porch_target_parent_class)->finalize (object);
}

static void
porch_target_class_init (PorchTargetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_target_dispose;
  object_class->finalize = porch_target_finalize;
}

static void
porch_target_init (PorchTarget *self)
{
  self->kept_versions = PORCH_CLEAN_UP_KEEP;
}

static Task *
task_new (PorchTarget   *target,
          PorchManifest *manifest,
          const char    *release)
{
  Task *task = g_new0 (Task, 1);

  task->target = g_object_ref (target);
  g_set_object (&task->manifest, manifest);
  task->release = g_strdup (release);

  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_object_unref (task->target);
  g_clear_object (&task->manifest);
  g_free (task->release);
  g_free (task);
}

/* The store only spares asking; what it can't do is not worth a failure. */
static void
await_remembered (PorchTarget   *self,
                  PorchManifest *manifest,
                  GBytes        *json)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *summary = porch_manifest_summary_to_json (porch_manifest_get_summary (manifest));

  if (self->store != NULL &&
      !dex_await (porch_publish_store_save_manifest (self->store, self->site_id, porch_manifest_get_release (manifest),
                                                     summary, json),
                  &error))
    g_debug ("A manifest can't be remembered: %s", error->message);
}

static PorchManifest *
await_known_manifest (PorchTarget *self,
                      const char  *release)
{
  g_autoptr(GBytes) json = NULL;

  if (self->store == NULL)
    return NULL;

  json = dex_await_boxed (porch_publish_store_load_manifest (self->store, self->site_id, release), NULL);

  return json != NULL ? dex_await_object (porch_manifest_parse (json), NULL) : NULL;
}

static DexFuture *
load_manifest_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchTarget *self = task->target;
  g_autoptr(PorchManifest) manifest = await_known_manifest (self, task->release);
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *key = porch_manifest_build_key (task->release);

  if (manifest != NULL)
    return dex_future_new_take_object (g_steal_pointer (&manifest));

  object = dex_await_boxed (aws_s3_get_object (self->client, self->bucket, key), &error);

  if (g_error_matches (error, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_RELEASE_GONE, _("That version of the site is not kept any more."));

  if (object == NULL || !(manifest = dex_await_object (porch_manifest_parse (aws_s3_object_get_body (object)), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (!g_str_equal (porch_manifest_get_release (manifest), task->release))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_DAMAGED,
                                  _("The list of files of a published version belongs to another one."));

  await_remembered (self, manifest, aws_s3_object_get_body (object));

  return dex_future_new_take_object (g_steal_pointer (&manifest));
}

static DexFuture *
save_manifest_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchTarget *self = task->target;
  g_autofree char *key = porch_manifest_build_key (porch_manifest_get_release (task->manifest));
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(GBytes) json = dex_await_boxed (porch_manifest_print (task->manifest), NULL);
  g_autoptr(GError) error = NULL;

  aws_headers_set (headers, "Content-Type", MANIFEST_TYPE);
  aws_headers_set (headers, "Cache-Control", MANIFEST_CACHE);

  if (!(object = dex_await_boxed (aws_s3_put_object (self->client, self->bucket, key, json, headers), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  await_remembered (self, task->manifest, json);

  return dex_future_new_true ();
}

/* A page that the edge fetches by itself, under a key that no release changes: the release's own, or ours. */
static DexFuture *
write_system_page (PorchTarget   *self,
                   const char    *name,
                   PorchManifest *manifest)
{
  const PorchManifestEntry *entry = manifest != NULL ? porch_manifest_lookup (manifest, name) : NULL;
  g_autofree char *key = g_strconcat ("system/", name, NULL);
  g_autofree char *resource = g_strconcat (PORCH_RESOURCE_PATH "/pages/", name, NULL);
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(GBytes) page = NULL;
  GError *error = NULL;

  aws_headers_set (headers, "Content-Type", entry != NULL ? entry->type : SYSTEM_PAGE_TYPE);
  aws_headers_set (headers, "Cache-Control", SYSTEM_PAGE_CACHE);

  if (entry != NULL)
    {
      g_autofree char *source = porch_manifest_entry_build_key (entry);

      return aws_s3_copy_object (self->client, self->bucket, source, self->bucket, key, headers);
    }

  if (!(page = g_resources_lookup_data (resource, G_RESOURCE_LOOKUP_FLAGS_NONE, &error)))
    return dex_future_new_for_error (error);

  return aws_s3_put_object (self->client, self->bucket, key, page, headers);
}

/* The release that stays live keeps its own not-found page. */
static void
await_restored (PorchTarget *self)
{
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(PorchPointerValue) current = NULL;
  g_autoptr(GError) error = NULL;

  if (!(current = dex_await_boxed (porch_pointer_read (self->pointer), &error)) ||
      !(manifest = dex_await_object (porch_target_load_manifest (self, porch_pointer_value_get_release (current)), &error)) ||
      !dex_await (write_system_page (self, "404.html", manifest), &error))
    g_debug ("The not-found page can't be put back: %s", error != NULL ? error->message : "nothing is live");
}

/* Where there is little room for redirects, those from where pages were before are the first to go. */
static gboolean
await_replaced (PorchTarget    *self,
                const char     *expected_release,
                PorchManifest  *manifest,
                GError        **error)
{
  PorchPointerValue *value = porch_manifest_get_pointer (manifest);
  g_autoptr(PorchRedirects) written = porch_redirects_without_renames (porch_manifest_get_redirects (manifest));
  g_autoptr(PorchPointerValue) shorter = NULL;
  g_autoptr(GError) local = NULL;

  if (dex_await (porch_pointer_replace (self->pointer, expected_release, value), &local))
    return TRUE;

  if (written == NULL || !g_error_matches (local, PORCH_ERROR, PORCH_ERROR_FAILED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  shorter = porch_pointer_value_with_redirects (value, written);

  return dex_await (porch_pointer_replace (self->pointer, expected_release, shorter), error);
}

static DexFuture *
go_live_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchTarget *self = task->target;
  g_autoptr(GError) error = NULL;

  if (dex_await (write_system_page (self, "404.html", task->manifest), &error) &&
      await_replaced (self, task->release, task->manifest, &error))
    return dex_future_new_true ();

  await_restored (self);

  return dex_future_new_for_error (g_steal_pointer (&error));
}

/* A clean-up elsewhere may have taken the release away while it went live: it removes the manifest first, so one of the two
 * sees the other. */
static gboolean
await_still_there (PorchTarget    *self,
                   PorchManifest  *manifest,
                   const char     *live,
                   GError        **error)
{
  const char *release = porch_manifest_get_release (manifest);
  g_autofree char *key = porch_manifest_build_key (release);
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(PorchManifest) before = NULL;
  g_autoptr(GError) local = NULL;

  object = dex_await_boxed (aws_s3_head_object (self->client, self->bucket, key), &local);

  if (object != NULL || !g_error_matches (local, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    return TRUE;

  g_clear_error (&local);

  if (live != NULL &&
      (!(before = dex_await_object (porch_target_load_manifest (self, live), &local)) ||
       !dex_await (porch_target_go_live (self, release, before), &local)))
    g_warning ("The release “%s” is live, but was removed elsewhere: %s", release, local->message);

  if (self->store != NULL)
    dex_await (porch_publish_store_drop_manifest (self->store, self->site_id, release), NULL);

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_RELEASE_GONE, _("That version of the site is not kept any more."));

  return FALSE;
}

static gboolean
await_other_live (PorchTarget    *self,
                  PorchManifest  *manifest,
                  const char     *live,
                  GError        **error)
{
  return dex_await (porch_target_go_live (self, live, manifest), error) &&
         await_still_there (self, manifest, live, error);
}

static DexFuture *
go_back_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchTarget *self = task->target;
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(PorchPointerValue) current = NULL;
  g_autoptr(GError) error = NULL;
  const char *live;

  if (!(manifest = dex_await_object (porch_target_load_manifest (self, task->release), &error)) ||
      (!(current = dex_await_boxed (porch_pointer_read (self->pointer), &error)) && error != NULL))
    return dex_future_new_for_error (g_steal_pointer (&error));

  live = current != NULL ? porch_pointer_value_get_release (current) : NULL;

  if (g_strcmp0 (live, task->release) != 0 && !await_other_live (self, manifest, live, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* What everybody sees needs no secret link any more; one that stays for now ends by itself. */
  if (porch_manifest_get_summary (manifest)->is_draft &&
      !dex_await (porch_target_drop_drafts (self, task->release), &error))
    g_debug ("The link of a draft that is live now stays: %s", error->message);

  return dex_future_new_take_string (g_strcmp0 (live, task->release) != 0 ? g_strdup (live) : NULL);
}

static DexFuture *
write_draft_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchTarget *self = task->target;
  g_autofree char *token = porch_pointer_make_draft_token ();
  gint64 until = porch_draft_build_until (task->days);
  PorchPointerValue *value = porch_manifest_get_pointer (task->manifest);
  g_autoptr(GError) error = NULL;

  if (!dex_await (porch_pointer_write_draft (self->pointer, token, value, until), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (!dex_await (porch_clean_up_note_draft (self, until), &error))
    g_debug ("When a draft runs out can't be noted: %s", error->message);

  return dex_future_new_take_boxed (PORCH_TYPE_POINTER_DRAFT, porch_pointer_draft_new (token, value, until));
}

static DexFuture *
drop_drafts_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchTarget *self = task->target;
  g_autoptr(GPtrArray) drafts = NULL;
  g_autoptr(GError) error = NULL;

  if (!(drafts = dex_await_boxed (porch_pointer_list_drafts (self->pointer), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (guint i = 0; i < drafts->len; i++)
    {
      PorchPointerDraft *draft = g_ptr_array_index (drafts, i);
      const char *release = porch_pointer_value_get_release (porch_pointer_draft_get_value (draft));

      if (g_str_equal (release, task->release) &&
          !dex_await (porch_pointer_write_draft (self->pointer, porch_pointer_draft_get_token (draft), NULL, 0), &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_true ();
}

/**
 * porch_target_new:
 * @client: a client that may read and write the bucket
 * @region: region of the bucket
 * @bucket: the bucket
 * @pointer: the pointer to the live release
 * @store: (nullable): where to remember what was seen
 * @site_id: id of the site
 *
 * Returns: (transfer full): a new target
 */
PorchTarget *
porch_target_new (AwsClient    *client,
                  const char   *region,
                  const char   *bucket,
                  PorchPointer *pointer,
                  PorchStore   *store,
                  const char   *site_id)
{
  PorchTarget *self;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (bucket != NULL, NULL);
  g_return_val_if_fail (PORCH_IS_POINTER (pointer), NULL);
  g_return_val_if_fail (site_id != NULL, NULL);

  self = g_object_new (PORCH_TYPE_TARGET, NULL);
  self->client = g_object_ref (client);
  self->region = g_strdup (region);
  self->bucket = g_strdup (bucket);
  self->pointer = g_object_ref (pointer);
  g_set_object (&self->store, store);
  self->site_id = g_strdup (site_id);
  self->author = g_strdup (g_get_real_name ());

  return self;
}

AwsClient *
porch_target_get_client (PorchTarget *self)
{
  g_return_val_if_fail (PORCH_IS_TARGET (self), NULL);

  return self->client;
}

const char *
porch_target_get_region (PorchTarget *self)
{
  g_return_val_if_fail (PORCH_IS_TARGET (self), NULL);

  return self->region;
}

const char *
porch_target_get_bucket (PorchTarget *self)
{
  g_return_val_if_fail (PORCH_IS_TARGET (self), NULL);

  return self->bucket;
}

PorchPointer *
porch_target_get_pointer (PorchTarget *self)
{
  g_return_val_if_fail (PORCH_IS_TARGET (self), NULL);

  return self->pointer;
}

PorchStore *
porch_target_get_store (PorchTarget *self)
{
  g_return_val_if_fail (PORCH_IS_TARGET (self), NULL);

  return self->store;
}

const char *
porch_target_get_site_id (PorchTarget *self)
{
  g_return_val_if_fail (PORCH_IS_TARGET (self), NULL);

  return self->site_id;
}

/**
 * porch_target_get_author:
 * @self: a target
 *
 * Returns: (nullable): who publishes, as the history will say; the person's name at first
 */
const char *
porch_target_get_author (PorchTarget *self)
{
  g_return_val_if_fail (PORCH_IS_TARGET (self), NULL);

  return self->author;
}

void
porch_target_set_author (PorchTarget *self,
                         const char  *author)
{
  g_return_if_fail (PORCH_IS_TARGET (self));

  g_set_str (&self->author, author);
}

/**
 * porch_target_get_kept_versions:
 * @self: a target
 *
 * Returns: how many releases a clean-up keeps whatever their age, ten at first
 */
guint
porch_target_get_kept_versions (PorchTarget *self)
{
  g_return_val_if_fail (PORCH_IS_TARGET (self), PORCH_CLEAN_UP_KEEP);

  return self->kept_versions;
}

void
porch_target_set_kept_versions (PorchTarget *self,
                                guint        kept)
{
  g_return_if_fail (PORCH_IS_TARGET (self));

  self->kept_versions = kept;
}

/**
 * porch_target_get_request_count:
 * @self: a target
 *
 * Returns: how many requests were made to its bucket and pointer
 */
guint64
porch_target_get_request_count (PorchTarget *self)
{
  g_return_val_if_fail (PORCH_IS_TARGET (self), 0);

  return aws_client_get_request_count (self->client) + porch_pointer_get_request_count (self->pointer, self->client);
}

/**
 * porch_target_load_manifest:
 * @self: a target
 * @release: id of a release
 *
 * Returns: (transfer full): a future that resolves to a [class@Porch.Manifest], or is rejected with
 *   %PORCH_ERROR_RELEASE_GONE or %PORCH_ERROR_DAMAGED
 */
DexFuture *
porch_target_load_manifest (PorchTarget *self,
                            const char  *release)
{
  dex_return_error_if_fail (PORCH_IS_TARGET (self));
  dex_return_error_if_fail (release != NULL);

  return porch_fiber_spawn (load_manifest_fiber, task_new (self, NULL, release), task_free, NULL);
}

/**
 * porch_target_save_manifest:
 * @self: a target
 * @manifest: that of a release whose objects are all there
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_target_save_manifest (PorchTarget   *self,
                            PorchManifest *manifest)
{
  dex_return_error_if_fail (PORCH_IS_TARGET (self));
  dex_return_error_if_fail (PORCH_IS_MANIFEST (manifest));

  return porch_fiber_spawn (save_manifest_fiber, task_new (self, manifest, NULL), task_free, NULL);
}

/**
 * porch_target_go_live:
 * @self: a target
 * @expected_release: (nullable): the release that is live as far as the caller knows
 * @manifest: that of the release to make live, whose objects and manifest are there
 *
 * Writes the release's not-found page and then, in one step, makes the release live.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with %PORCH_ERROR_CHANGED_ELSEWHERE when
 *   another release is live; the site stays as it was then
 */
DexFuture *
porch_target_go_live (PorchTarget   *self,
                      const char    *expected_release,
                      PorchManifest *manifest)
{
  dex_return_error_if_fail (PORCH_IS_TARGET (self));
  dex_return_error_if_fail (PORCH_IS_MANIFEST (manifest));

  return porch_fiber_spawn (go_live_fiber, task_new (self, manifest, expected_release), task_free, NULL);
}

/**
 * porch_target_write_draft:
 * @self: a target
 * @manifest: that of the release to show, whose objects and manifest are there
 * @days: for how many days
 *
 * Shows a release to those who have the secret link that this makes. What is live stays as it is.
 *
 * Returns: (transfer full): a future that resolves to a [struct@Porch.PointerDraft]
 */
DexFuture *
porch_target_write_draft (PorchTarget   *self,
                          PorchManifest *manifest,
                          guint          days)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_TARGET (self));
  dex_return_error_if_fail (PORCH_IS_MANIFEST (manifest));

  task = task_new (self, manifest, NULL);
  task->days = days;

  return porch_fiber_spawn (write_draft_fiber, task, task_free, NULL);
}

/**
 * porch_target_drop_drafts:
 * @self: a target
 * @release: id of a release
 *
 * Ends all secret links to a release.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_target_drop_drafts (PorchTarget *self,
                          const char  *release)
{
  dex_return_error_if_fail (PORCH_IS_TARGET (self));
  dex_return_error_if_fail (porch_release_id_is_valid (release));

  return porch_fiber_spawn (drop_drafts_fiber, task_new (self, NULL, release), task_free, NULL);
}

/**
 * porch_target_go_back:
 * @self: a target
 * @release: a release that is kept
 *
 * Makes a release live, whatever is live now. If it was a draft, its secret link ends.
 *
 * Returns: (transfer full): a future that resolves to the id of the release that was live before, a string that is %NULL
 *   when none was or it was this one, or is rejected with %PORCH_ERROR_RELEASE_GONE
 */
DexFuture *
porch_target_go_back (PorchTarget *self,
                      const char  *release)
{
  dex_return_error_if_fail (PORCH_IS_TARGET (self));
  dex_return_error_if_fail (porch_release_id_is_valid (release));

  return porch_fiber_spawn (go_back_fiber, task_new (self, NULL, release), task_free, NULL);
}
