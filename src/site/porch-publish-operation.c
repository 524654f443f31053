/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-publish-operation.h"

#include "aws-json.h"
#include "porch-arrivals.h"
#include "porch-engine.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-publish-store.h"
#include "porch-visitor.h"
#include "porch-watch.h"

#include <glib/gi18n-lib.h>

#define TICK_MSEC 100

struct _PorchPublishOperation
{
  PorchOperation      parent_instance;

  PorchPublisher     *publisher;
  DexFuture          *work;      /* of the publisher; all steps wait for it */
  PorchPublishResult *result;
  PorchReceipt       *receipt;
  PorchDraft         *draft;
  GFile              *folder;
};

/* One step that is waited for */
typedef struct
{
  PorchPublishOperation *operation;
  PorchPublishPhase      last;      /* phase with which the step ends */
  gboolean               is_watch;
} Step;

static const struct
{
  const char        *id;
  const char        *title;
  PorchPublishPhase  last;
  double             weight;
} steps[] = {
  { "look", N_("Looking at Files"), PORCH_PUBLISH_LOOKING, 10 },
  { "send", N_("Sending"), PORCH_PUBLISH_SENDING, 80 },
  { "check", N_("Checking"), PORCH_PUBLISH_CHECKING, 5 },
  { "live", N_("Going Live"), PORCH_PUBLISH_DONE, 5 },
  { PORCH_WATCH_STEP, N_("Looking as a Visitor"), PORCH_PUBLISH_DONE, 5 },
};

G_DEFINE_FINAL_TYPE (PorchPublishOperation, porch_publish_operation, PORCH_TYPE_OPERATION)

static void
porch_publish_operation_dispose (GObject *object)
{
  PorchPublishOperation *self = PORCH_PUBLISH_OPERATION (object);

  dex_clear (&self->work);
  g_clear_object (&self->publisher);
  g_clear_object (&self->folder);
  g_clear_object (&self->receipt);
  g_clear_object (&self->draft);
  g_clear_pointer (&self->result, porch_publish_result_free);

  G_OBJECT_CLASS (porch_publish_operation_parent_class)->dispose (object);
}

static void
porch_publish_operation_setup (PorchOperation *operation)
{
  PorchSite *site = porch_operation_get_site (operation);
  g_autofree char *title = NULL;
  gboolean is_draft = porch_publish_operation_is_draft (PORCH_PUBLISH_OPERATION (operation));

  /* Translators: %s is the name of a site */
  title = g_strdup_printf (is_draft ? _("Publishing a Draft of “%s”") : _("Publishing “%s”"),
                           site != NULL ? porch_site_get_name (site) : "");
  porch_operation_set_title (operation, title);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gboolean is_live = g_str_equal (steps[i].id, "live");

      if (!is_draft || !g_str_equal (steps[i].id, PORCH_WATCH_STEP))
        porch_operation_add_step (operation, steps[i].id, is_draft && is_live ? _("Making the Link") : _(steps[i].title),
                                  steps[i].weight);
    }
}

static PorchTreatments *
dup_treatments (PorchPublishOperation *self)
{
  PorchOperation *operation = PORCH_OPERATION (self);
  JsonObject *data = porch_operation_get_data (operation);
  PorchTreatments *site = porch_site_get_treatments (porch_operation_get_site (operation));

  if (json_object_has_member (data, "treatments"))
    return porch_treatments_new_from_json (aws_json_get_object (data, "treatments"));

  return site != NULL ? porch_treatments_ref (site) : porch_treatments_new ();
}

static double
get_patience (PorchPublishOperation *self)
{
  return aws_json_get_double (porch_operation_get_data (PORCH_OPERATION (self)), "patience", PORCH_VISITOR_PATIENCE);
}

static void
set_up_publisher (PorchPublishOperation *self)
{
  JsonObject *data = porch_operation_get_data (PORCH_OPERATION (self));
  g_autoptr(PorchTreatments) treatments = dup_treatments (self);

  if (aws_json_get_bool (data, "thorough"))
    porch_publisher_set_flags (self->publisher, PORCH_SCAN_THOROUGH);

  porch_publisher_set_watched (self->publisher, get_patience (self) > 0);
  porch_publisher_set_treatments (self->publisher, treatments);
  porch_publisher_set_draft (self->publisher, CLAMP (aws_json_get_int (data, "draft", 0), 0, PORCH_DRAFT_MAX_DAYS));
}

static gboolean
ensure_work (PorchPublishOperation  *self,
             GError                **error)
{
  PorchOperation *operation = PORCH_OPERATION (self);
  g_autoptr(PorchTarget) target = NULL;

  if (self->work != NULL)
    return TRUE;

  if (!(target = dex_await_object (porch_operation_until_stopped (operation, porch_site_open_target (porch_operation_get_site (operation))),
                                   error)))
    return FALSE;

  g_clear_object (&self->publisher);
  self->publisher = porch_publisher_new (target, porch_publish_operation_get_folder (self),
                                         aws_json_get_string (porch_operation_get_data (operation), "note"));

  set_up_publisher (self);
  self->work = porch_publisher_run (self->publisher);

  return TRUE;
}

/* Lets the step wait until the publisher has passed its phase. */
static void
await_phase (PorchPublishOperation *self,
             PorchPublishPhase      last)
{
  PorchOperation *operation = PORCH_OPERATION (self);

  while (dex_future_is_pending (self->work) && porch_publisher_get_phase (self->publisher) <= last)
    {
      g_autofree char *detail = porch_publisher_dup_progress (self->publisher);

      if (porch_publisher_get_phase (self->publisher) == last)
        porch_operation_set_step_progress (operation, porch_publisher_get_fraction (self->publisher));
      porch_operation_set_detail (operation, detail);

      if (porch_operation_is_stopping (operation))
        {
          porch_publisher_stop (self->publisher);
          dex_await (dex_ref (self->work), NULL);
        }
      else
        {
          dex_await (porch_operation_until_stopped (operation, dex_future_first (dex_ref (self->work),
                                                                                 dex_timeout_new_msec (TICK_MSEC), NULL)),
                     NULL);
        }
    }
}

static void
describe_draft (PorchPublishOperation *self,
                JsonObject            *object)
{
  g_autofree char *until = g_date_time_format_iso8601 (porch_draft_get_until (self->draft));

  json_object_set_string_member (object, "draft", porch_draft_get_id (self->draft));
  json_object_set_string_member (object, "draftLink", porch_draft_get_link (self->draft));
  json_object_set_string_member (object, "until", until);
}

/* What was done is kept with the operation: the last step may be another process. */
static void
take_result (PorchPublishOperation *self)
{
  g_autoptr(JsonObject) object = json_object_new ();
  const PorchPublishResult *result = self->result;

  json_object_set_string_member (object, "release", result->release);
  json_object_set_int_member (object, "sent", result->sent);
  json_object_set_int_member (object, "copied", result->copied);
  json_object_set_int_member (object, "shared", result->shared);
  json_object_set_int_member (object, "kept", result->kept);
  json_object_set_int_member (object, "removed", result->removed);
  json_object_set_int_member (object, "bytesSent", result->bytes_sent);
  json_object_set_int_member (object, "requests", result->requests);
  json_object_set_double_member (object, "seconds", result->seconds);
  json_object_set_boolean_member (object, "unchanged", result->unchanged);
  json_object_set_boolean_member (object, "unseen", result->unseen);

  if (result->previous != NULL)
    json_object_set_string_member (object, "previous", result->previous);
  if (self->draft != NULL)
    describe_draft (self, object);

  json_object_set_object_member (porch_operation_get_data (PORCH_OPERATION (self)), "result", json_object_ref (object));
  porch_operation_take_result (PORCH_OPERATION (self), json_object_ref (object));
}

/* The other way round, in the process that takes the operation up again */
static void
restore_result (PorchPublishOperation *self)
{
  JsonObject *object = aws_json_get_object (porch_operation_get_data (PORCH_OPERATION (self)), "result");

  if (self->result != NULL || object == NULL)
    return;

  self->result = g_new0 (PorchPublishResult, 1);
  self->result->release = g_strdup (aws_json_get_string (object, "release"));
  self->result->previous = g_strdup (aws_json_get_string (object, "previous"));
  self->result->sent = aws_json_get_int (object, "sent", 0);
  self->result->copied = aws_json_get_int (object, "copied", 0);
  self->result->shared = aws_json_get_int (object, "shared", 0);
  self->result->kept = aws_json_get_int (object, "kept", 0);
  self->result->removed = aws_json_get_int (object, "removed", 0);
  self->result->bytes_sent = aws_json_get_int (object, "bytesSent", 0);
  self->result->requests = aws_json_get_int (object, "requests", 0);
  self->result->seconds = aws_json_get_double (object, "seconds", 0);
  self->result->unchanged = aws_json_get_bool (object, "unchanged");
  self->result->unseen = aws_json_get_bool (object, "unseen");
  porch_operation_take_result (PORCH_OPERATION (self), json_object_ref (object));
}

/* What to publish from the next time */
static GFile *
dup_source (PorchPublishOperation *self)
{
  const char *uri = aws_json_get_string (porch_operation_get_data (PORCH_OPERATION (self)), "source");

  return uri != NULL ? g_file_new_for_uri (uri) : g_object_ref (porch_publish_operation_get_folder (self));
}

/* The site shows what is live now. It is, whatever happens here. */
static void
await_shown (PorchPublishOperation *self)
{
  PorchSite *site = porch_operation_get_site (PORCH_OPERATION (self));
  PorchHistory *history = porch_site_get_history (site);
  g_autoptr(GFile) source = dup_source (self);
  g_autoptr(GError) error = NULL;
  gboolean is_draft = self->result->draft != NULL;
  PorchRelease *release;

  if (is_draft)
    porch_history_add_draft (history, self->draft = porch_draft_new (self->result->draft, porch_site_get_address (site)));
  else
    porch_history_set_live (history, self->result->release);

  if (!dex_await (porch_history_load (history), &error))
    g_debug ("The history can't be loaded: %s", error->message);

  porch_site_set_folder (site, source);

  if (!is_draft && (release = porch_history_lookup (history, self->result->release)) != NULL)
    porch_site_set_live (site, release, porch_release_get_date (release));
}

static gboolean
await_published (PorchPublishOperation  *self,
                 PorchPublishPhase       last,
                 GError                **error)
{
  if (!ensure_work (self, error))
    return FALSE;

  await_phase (self, last);

  if (dex_future_is_pending (self->work) || self->result != NULL)
    return TRUE;

  self->result = dex_await_boxed (dex_ref (self->work), error);

  /* The next try begins with a look at the folder as it is then. */
  if (self->result == NULL)
    {
      dex_clear (&self->work);
      return FALSE;
    }

  await_shown (self);
  take_result (self);

  return TRUE;
}

/* What was taken back is gone with like a publish that was cut off: what arrived is copied, not sent again. */
static void
await_given_back (PorchPublishOperation *self)
{
  PorchOperation *operation = PORCH_OPERATION (self);
  PorchSite *site = porch_operation_get_site (operation);
  PorchStore *store = porch_site_get_store (site);
  g_autofree char *uri = g_file_get_uri (porch_publish_operation_get_folder (self));
  g_autoptr(GBytes) manifest = NULL;
  PorchJournal journal = { 0 };

  json_object_set_boolean_member (porch_operation_get_data (operation), "wentBack", TRUE);

  manifest = dex_await_boxed (porch_publish_store_load_manifest (store, porch_site_get_id (site), self->result->release), NULL);

  if (manifest == NULL)
    return;

  journal.release = self->result->release;
  journal.folder = uri;
  journal.started = g_get_real_time () / G_USEC_PER_SEC;
  journal.manifest = manifest;
  dex_await (porch_publish_store_save_journal (store, porch_site_get_id (site), &journal), NULL);
}

/* After the version before was made live again, another try publishes the folder as it is then. */
static gboolean
await_tried_again (PorchPublishOperation  *self,
                   GError                **error)
{
  JsonObject *data = porch_operation_get_data (PORCH_OPERATION (self));

  if (!aws_json_get_bool (data, "wentBack"))
    return TRUE;

  dex_clear (&self->work);
  g_clear_pointer (&self->result, porch_publish_result_free);
  json_object_remove_member (data, "result");

  if (!await_published (self, PORCH_PUBLISH_DONE, error))
    return FALSE;

  json_object_remove_member (data, "wentBack");

  return dex_await (porch_operation_save (PORCH_OPERATION (self)), error);
}

static void
take_receipt (PorchPublishOperation *self)
{
  JsonObject *result = porch_operation_get_result (PORCH_OPERATION (self));
  g_autofree char *json = porch_receipt_to_json (self->receipt);
  g_autoptr(JsonNode) node = json_from_string (json, NULL);

  if (result != NULL && node != NULL)
    json_object_set_member (result, "receipt", g_steal_pointer (&node));
}

static gboolean
await_watched (PorchPublishOperation  *self,
               GError                **error)
{
  PorchOperation *operation = PORCH_OPERATION (self);
  PorchTarget *target;
  double patience = get_patience (self);
  gboolean is_shown;

  restore_result (self);

  if (!await_tried_again (self, error))
    return FALSE;

  if (self->result == NULL || (self->result->unchanged && !self->result->unseen) || patience <= 0)
    return TRUE;

  g_clear_object (&self->receipt);
  target = self->publisher != NULL ? porch_publisher_get_target (self->publisher) : NULL;
  is_shown = porch_watch_await (operation, target, self->result->release, self->result->previous, patience, &self->receipt, error);

  if (self->receipt != NULL)
    take_receipt (self);

  if (!is_shown && self->receipt != NULL && porch_receipt_get_state (self->receipt) == PORCH_RECEIPT_WENT_BACK)
    await_given_back (self);

  return is_shown;
}

static DexFuture *
run_step_fiber (gpointer user_data)
{
  Step *step = user_data;
  g_autoptr(GError) error = NULL;

  if (step->is_watch ? await_watched (step->operation, &error) : await_published (step->operation, step->last, &error))
    return dex_future_new_true ();

  return dex_future_new_for_error (g_steal_pointer (&error));
}

static void
step_free (gpointer data)
{
  Step *step = data;

  g_object_unref (step->operation);
  g_free (step);
}

static DexFuture *
porch_publish_operation_run_step (PorchOperation *operation,
                                  const char     *id)
{
  Step *step = g_new0 (Step, 1);

  step->operation = g_object_ref (PORCH_PUBLISH_OPERATION (operation));

  step->is_watch = g_str_equal (id, PORCH_WATCH_STEP);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_str_equal (steps[i].id, id))
      step->last = steps[i].last;

  return porch_fiber_spawn (run_step_fiber, step, step_free, NULL);
}

/* What can't be removed now, since nobody can be reached perhaps, is used by the next publish or cleaned up in a week. */
static DexFuture *
discard_fiber (gpointer user_data)
{
  PorchOperation *operation = user_data;
  PorchSite *site = porch_operation_get_site (operation);
  PorchStore *store = porch_site_get_store (site);
  g_autoptr(PorchJournal) journal = NULL;
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(GBytes) manifest = NULL;
  g_autoptr(GError) error = NULL;

  if (!(journal = dex_await_boxed (porch_publish_store_load_journal (store, porch_site_get_id (site)), NULL)))
    return dex_future_new_true ();

  /* One with a manifest is a version like others: it may have been live, or be shown as a draft. */
  manifest = dex_await_boxed (porch_publish_store_load_manifest (store, porch_site_get_id (site), journal->release), NULL);

  if (manifest != NULL)
    return porch_publish_store_drop_journal (store, porch_site_get_id (site));

  if (!(target = dex_await_object (porch_site_open_target (site), &error)) ||
      !dex_await (porch_arrivals_remove (target, journal->release), &error))
    {
      g_debug ("What arrived of a release that was given up stays for now: %s", error->message);
      return dex_future_new_true ();
    }

  return porch_publish_store_drop_journal (store, porch_site_get_id (site));
}

static DexFuture *
porch_publish_operation_discard (PorchOperation *operation)
{
  return porch_fiber_spawn (discard_fiber, g_object_ref (operation), g_object_unref, NULL);
}

static void
porch_publish_operation_class_init (PorchPublishOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PorchOperationClass *operation_class = PORCH_OPERATION_CLASS (klass);

  object_class->dispose = porch_publish_operation_dispose;

  operation_class->kind = "publish";
  operation_class->setup = porch_publish_operation_setup;
  operation_class->run_step = porch_publish_operation_run_step;
  operation_class->discard = porch_publish_operation_discard;
}

static void
porch_publish_operation_init (PorchPublishOperation *self)
{
}

/**
 * porch_publish_operation_new:
 * @site: the site
 * @folder: the folder to publish
 * @note: (nullable): what the history is to say about it
 *
 * Returns: (transfer full): an operation that has not been started; give it to porch_engine_run_operation()
 */
PorchOperation *
porch_publish_operation_new (PorchSite  *site,
                             GFile      *folder,
                             const char *note)
{
  PorchOperation *self;
  g_autofree char *uri = NULL;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);
  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  self = g_object_new (PORCH_TYPE_PUBLISH_OPERATION,
                       "engine", porch_site_get_engine (site),
                       "site", site,
                       NULL);

  uri = g_file_get_uri (folder);
  json_object_set_string_member (porch_operation_get_data (self), "folder", uri);

  if (note != NULL && *note != '\0')
    json_object_set_string_member (porch_operation_get_data (self), "note", note);

  return self;
}

/**
 * porch_publish_operation_set_thorough:
 * @self: an operation that has not been started
 * @thorough: whether to read every file, also those that look unchanged
 */
void
porch_publish_operation_set_thorough (PorchPublishOperation *self,
                                      gboolean               thorough)
{
  g_return_if_fail (PORCH_IS_PUBLISH_OPERATION (self));

  json_object_set_boolean_member (porch_operation_get_data (PORCH_OPERATION (self)), "thorough", thorough);
}

/**
 * porch_publish_operation_set_source:
 * @self: an operation that has not been started
 * @source: what somebody dropped, if it is not the folder itself
 *
 * Lets the site remember an archive or a project instead of the folder in it, for the next time.
 */
void
porch_publish_operation_set_source (PorchPublishOperation *self,
                                    GFile                 *source)
{
  g_autofree char *uri = NULL;

  g_return_if_fail (PORCH_IS_PUBLISH_OPERATION (self));
  g_return_if_fail (G_IS_FILE (source));

  uri = g_file_get_uri (source);
  json_object_set_string_member (porch_operation_get_data (PORCH_OPERATION (self)), "source", uri);
}

/**
 * porch_publish_operation_set_draft:
 * @self: an operation that has not been started
 * @days: for how many days to show the folder to those who have a secret link, 1 to 30, or 0 to go live
 */
void
porch_publish_operation_set_draft (PorchPublishOperation *self,
                                   guint                  days)
{
  g_return_if_fail (PORCH_IS_PUBLISH_OPERATION (self));

  json_object_set_int_member (porch_operation_get_data (PORCH_OPERATION (self)), "draft", days);
}

/**
 * porch_publish_operation_set_treatments:
 * @self: an operation that has not been started
 * @treatments: what the owner agreed to
 *
 * Treats the copies that are sent; the site remembers it for the next time.
 */
void
porch_publish_operation_set_treatments (PorchPublishOperation *self,
                                        PorchTreatments       *treatments)
{
  PorchSite *site;

  g_return_if_fail (PORCH_IS_PUBLISH_OPERATION (self));
  g_return_if_fail (treatments != NULL);

  site = porch_operation_get_site (PORCH_OPERATION (self));
  json_object_set_object_member (porch_operation_get_data (PORCH_OPERATION (self)), "treatments",
                                 porch_treatments_to_json (treatments));

  /* What the operation does is in its own data; that the site can't be written is told when it matters. */
  if (!porch_treatments_equal (treatments, porch_site_get_treatments (site)))
    dex_future_disown (porch_site_set_treatments (site, treatments));
}

/**
 * porch_publish_operation_set_patience:
 * @self: an operation that has not been started
 * @seconds: how long to wait for visitors to see what went live; 0 leaves the look out
 */
void
porch_publish_operation_set_patience (PorchPublishOperation *self,
                                      double                 seconds)
{
  g_return_if_fail (PORCH_IS_PUBLISH_OPERATION (self));

  json_object_set_double_member (porch_operation_get_data (PORCH_OPERATION (self)), "patience", seconds);
}

/**
 * porch_publish_operation_is_draft:
 * @self: an operation
 *
 * Returns: whether it makes a draft instead of going live
 */
gboolean
porch_publish_operation_is_draft (PorchPublishOperation *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISH_OPERATION (self), FALSE);

  return aws_json_get_int (porch_operation_get_data (PORCH_OPERATION (self)), "draft", 0) > 0;
}

/**
 * porch_publish_operation_get_draft:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): the draft that was made, once it is
 */
PorchDraft *
porch_publish_operation_get_draft (PorchPublishOperation *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISH_OPERATION (self), NULL);

  return self->draft;
}

/**
 * porch_publish_operation_get_receipt:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): what visitors see, once somebody looked
 */
PorchReceipt *
porch_publish_operation_get_receipt (PorchPublishOperation *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISH_OPERATION (self), NULL);

  return self->receipt;
}

/**
 * porch_publish_operation_get_folder:
 * @self: an operation
 *
 * Returns: (transfer none): the folder that is published
 */
GFile *
porch_publish_operation_get_folder (PorchPublishOperation *self)
{
  const char *uri;

  g_return_val_if_fail (PORCH_IS_PUBLISH_OPERATION (self), NULL);

  if (self->folder == NULL)
    {
      uri = aws_json_get_string (porch_operation_get_data (PORCH_OPERATION (self)), "folder");
      self->folder = g_file_new_for_uri (uri != NULL ? uri : "");
    }

  return self->folder;
}

/**
 * porch_publish_operation_get_publisher:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): what does the work, once it runs
 */
PorchPublisher *
porch_publish_operation_get_publisher (PorchPublishOperation *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISH_OPERATION (self), NULL);

  return self->publisher;
}

/**
 * porch_publish_operation_get_result:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): what was done, once it is
 */
const PorchPublishResult *
porch_publish_operation_get_result (PorchPublishOperation *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISH_OPERATION (self), NULL);

  return self->result;
}

/**
 * porch_publish_operation_get_previous:
 * @self: an operation
 *
 * Returns: (nullable): the release to go back to, to undo it
 */
const char *
porch_publish_operation_get_previous (PorchPublishOperation *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISH_OPERATION (self), NULL);

  return self->result != NULL ? self->result->previous : NULL;
}
