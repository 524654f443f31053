/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-site-private.h"
#include "porch-clean-up.h"
#include "porch-error.h"
#include "porch-fiber.h"

#include "aws-json.h"
#include "aws-s3.h"

/* How a site is published, and its drafts. The settings stand in the store and in the record beside the site's files. */

/* A change of settings, or of a draft */
typedef struct
{
  PorchSite  *site;
  PorchDraft *draft;
  JsonObject *settings;    /* what is to be changed */
  guint       days;
} Task;

static Task *
task_new (PorchSite  *site,
          PorchDraft *draft)
{
  Task *task = g_new0 (Task, 1);

  task->site = g_object_ref (site);
  g_set_object (&task->draft, draft);
  task->settings = json_object_new ();

  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_object_unref (task->site);
  g_clear_object (&task->draft);
  json_object_unref (task->settings);
  g_free (task);
}

/* The settings as they are kept: what is as it always is is left out. */
JsonObject *
porch_site_build_settings (PorchSite *self)
{
  JsonObject *settings = json_object_new ();

  if (self->kept_versions != PORCH_SITE_DEFAULT_KEPT_VERSIONS)
    json_object_set_int_member (settings, "keptVersions", self->kept_versions);
  if (self->single_page)
    json_object_set_boolean_member (settings, "singlePage", TRUE);
  if (self->treatments != NULL && !porch_treatments_is_empty (self->treatments))
    json_object_set_object_member (settings, "treatments", porch_treatments_to_json (self->treatments));

  if (self->own_address != NULL)
    json_object_set_object_member (settings, "address", porch_address_to_json (self->own_address));
  if (self->last_address != NULL && !porch_address_equal (self->last_address, self->own_address))
    json_object_set_object_member (settings, "lastAddress", porch_address_to_json (self->last_address));

  if (self->unconfirmed != NULL)
    json_object_set_object_member (settings, "unconfirmed", porch_site_build_confirmation (self));

  /* Only to be read before the cloud was asked: what the site's resources say holds */
  json_object_set_object_member (settings, "form", porch_form_to_json (self->form));

  return settings;
}

static void
set_kept_versions (PorchSite *self,
                   guint      kept)
{
  if (self->kept_versions == kept)
    return;

  self->kept_versions = kept;
  g_object_notify (G_OBJECT (self), "kept-versions");
}

static void
set_single_page (PorchSite *self,
                 gboolean   single_page)
{
  if (self->single_page == !!single_page)
    return;

  self->single_page = !!single_page;
  g_object_notify (G_OBJECT (self), "single-page");
}

static void
set_treatments (PorchSite  *self,
                JsonObject *json)
{
  g_autoptr(PorchTreatments) treatments = porch_treatments_new_from_json (json);

  if (porch_treatments_equal (treatments, self->treatments))
    return;

  g_clear_pointer (&self->treatments, porch_treatments_unref);
  self->treatments = g_steal_pointer (&treatments);
  g_object_notify (G_OBJECT (self), "treatments");
}

/* @settings: (nullable): as they are kept; what is missing is as it always is */
void
porch_site_take_settings (PorchSite  *self,
                          JsonObject *settings)
{
  g_autoptr(JsonObject) none = json_object_new ();
  JsonObject *object = settings != NULL ? settings : none;
  g_autoptr(PorchAddress) address = NULL;

  set_kept_versions (self, CLAMP (aws_json_get_int (object, "keptVersions", PORCH_SITE_DEFAULT_KEPT_VERSIONS),
                                  PORCH_SITE_MIN_KEPT_VERSIONS, PORCH_SITE_MAX_KEPT_VERSIONS));
  set_single_page (self, aws_json_get_bool (object, "singlePage"));
  set_treatments (self, aws_json_get_object (object, "treatments"));
  address = porch_address_new_from_json (aws_json_get_object (object, "address"));
  porch_site_set_own_address (self, address);
  porch_site_take_confirmation (self, aws_json_get_object (object, "unconfirmed"));

  if (json_object_has_member (object, "lastAddress"))
    {
      g_autoptr(PorchAddress) last = porch_address_new_from_json (aws_json_get_object (object, "lastAddress"));

      porch_site_set_last_address (self, last);
    }
}

static void
change_settings (PorchSite  *self,
                 JsonObject *changes)
{
  g_autoptr(JsonObject) settings = porch_site_build_settings (self);
  g_autoptr(GList) names = json_object_get_members (changes);

  for (GList *name = names; name != NULL; name = name->next)
    json_object_set_member (settings, name->data, json_node_copy (json_object_get_member (changes, name->data)));

  porch_site_take_settings (self, settings);
}

/* Another computer may have changed something else meanwhile: only what is meant is changed. */
static gboolean
await_newest (PorchSite  *self,
              GError    **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(AwsS3Object) object = dex_await_boxed (porch_site_read_record (self), &local);
  g_autoptr(JsonObject) record = NULL;

  if (object == NULL && !g_error_matches (local, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (object != NULL)
    record = aws_json_load_object (aws_s3_object_get_body (object), NULL);

  if (record != NULL && aws_json_get_object (record, "settings") != NULL)
    porch_site_take_settings (self, aws_json_get_object (record, "settings"));

  return TRUE;
}

/* Visitors see this setting: the edge has to know it. */
static gboolean
await_edge_told (PorchSite  *self,
                 JsonObject *changes,
                 GError    **error)
{
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(GHashTable) settings = NULL;

  if (!json_object_has_member (changes, "singlePage"))
    return TRUE;

  if (!(target = dex_await_object (porch_site_open_target (self), error)))
    return FALSE;

  settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (settings, (gpointer) PORCH_POINTER_SINGLE_PAGE,
                       (gpointer) (aws_json_get_bool (changes, "singlePage") ? "true" : NULL));

  return dex_await (porch_pointer_change_settings (porch_target_get_pointer (target), settings), error);
}

static DexFuture *
change_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchSite *self = task->site;
  g_autoptr(GError) error = NULL;

  if (porch_site_get_bucket (self) != NULL &&
      (!await_newest (self, &error) || !await_edge_told (self, task->settings, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  change_settings (self, task->settings);

  if (!dex_await (porch_site_save (self), &error) ||
      (porch_site_get_bucket (self) != NULL && !dex_await (porch_site_write_record (self), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

static DexFuture *
change (Task *task)
{
  return porch_fiber_spawn (change_fiber, task, task_free, NULL);
}

/**
 * porch_site_get_kept_versions:
 * @self: a site
 *
 * Returns: how many versions the clean-up keeps whatever their age
 */
guint
porch_site_get_kept_versions (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), PORCH_SITE_DEFAULT_KEPT_VERSIONS);

  return self->kept_versions;
}

/**
 * porch_site_set_kept_versions:
 * @self: a site
 * @kept: how many versions to keep whatever their age, 2 to 100
 *
 * Takes effect with the next publish.
 *
 * Returns: (transfer full): a future that resolves to %TRUE when it is kept, here and beside the site's files
 */
DexFuture *
porch_site_set_kept_versions (PorchSite *self,
                              guint      kept)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_SITE (self));
  dex_return_error_if_fail (kept >= PORCH_SITE_MIN_KEPT_VERSIONS && kept <= PORCH_SITE_MAX_KEPT_VERSIONS);

  task = task_new (self, NULL);
  json_object_set_int_member (task->settings, "keptVersions", kept);

  return change (task);
}

/**
 * porch_site_get_single_page:
 * @self: a site
 *
 * Returns: whether every address without a file shows the start page, as sites of one page that a script fills want it
 */
gboolean
porch_site_get_single_page (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), FALSE);

  return self->single_page;
}

/**
 * porch_site_set_single_page:
 * @self: a site
 * @single_page: whether every address without a file shows the start page
 *
 * Takes effect for visitors within seconds.
 *
 * Returns: (transfer full): a future that resolves to %TRUE when visitors have it and it is kept
 */
DexFuture *
porch_site_set_single_page (PorchSite *self,
                            gboolean   single_page)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_SITE (self));

  task = task_new (self, NULL);
  json_object_set_boolean_member (task->settings, "singlePage", !!single_page);

  return change (task);
}

/**
 * porch_site_get_treatments:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): what the owner agreed to for the copies that are sent
 */
PorchTreatments *
porch_site_get_treatments (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->treatments;
}

/**
 * porch_site_set_treatments:
 * @self: a site
 * @treatments: (nullable): what the owner agrees to
 *
 * Takes effect with the next publish.
 *
 * Returns: (transfer full): a future that resolves to %TRUE when it is kept, here and beside the site's files
 */
DexFuture *
porch_site_set_treatments (PorchSite       *self,
                           PorchTreatments *treatments)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_SITE (self));

  task = task_new (self, NULL);
  json_object_set_object_member (task->settings, "treatments",
                                 treatments != NULL ? porch_treatments_to_json (treatments) : json_object_new ());

  return change (task);
}

static DexFuture *
extend_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchDraft *draft = task->draft;
  gint64 until = porch_draft_build_until (task->days);
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(GError) error = NULL;

  if (!(target = dex_await_object (porch_site_open_target (task->site), &error)) ||
      !dex_await (porch_pointer_write_draft (porch_target_get_pointer (target), porch_draft_get_token (draft),
                                             porch_draft_get_value (draft), until),
                  &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  porch_draft_set_until (draft, until);
  porch_history_add_draft (porch_site_get_history (task->site), draft);

  if (!dex_await (porch_clean_up_note_draft (target, until), &error))
    g_debug ("When a draft runs out can't be noted: %s", error->message);

  return dex_future_new_true ();
}

/**
 * porch_site_extend_draft:
 * @self: a site
 * @draft: one of its drafts
 * @days: for how many days from now it is to be seen, 1 to 30
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_site_extend_draft (PorchSite  *self,
                         PorchDraft *draft,
                         guint       days)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_SITE (self));
  dex_return_error_if_fail (PORCH_IS_DRAFT (draft));
  dex_return_error_if_fail (days >= PORCH_DRAFT_MIN_DAYS && days <= PORCH_DRAFT_MAX_DAYS);

  task = task_new (self, draft);
  task->days = days;

  return porch_fiber_spawn (extend_fiber, task, task_free, NULL);
}

static DexFuture *
remove_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchHistory *history = porch_site_get_history (task->site);
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(GError) error = NULL;

  if (!(target = dex_await_object (porch_site_open_target (task->site), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  dex_await_int64 (porch_clean_up_drop_draft (target, porch_draft_get_token (task->draft), porch_draft_get_release (task->draft)),
                   &error);

  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  porch_history_drop_draft (history, task->draft);

  return porch_history_load (history);
}

/**
 * porch_site_remove_draft:
 * @self: a site
 * @draft: one of its drafts
 *
 * Ends a draft at once: its link shows it no more. Its files go, too, unless another version needs them.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_site_remove_draft (PorchSite  *self,
                         PorchDraft *draft)
{
  dex_return_error_if_fail (PORCH_IS_SITE (self));
  dex_return_error_if_fail (PORCH_IS_DRAFT (draft));

  return porch_fiber_spawn (remove_fiber, task_new (self, draft), task_free, NULL);
}
