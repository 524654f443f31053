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

#include <glib/gi18n-lib.h>

#define TICK_MSEC 100

struct _PorchPublishOperation
{
  PorchOperation      parent_instance;

  PorchPublisher     *publisher;
  DexFuture          *work;      /* of the publisher; all steps wait for it */
  PorchPublishResult *result;
  GFile              *folder;
};

/* One step that is waited for */
typedef struct
{
  PorchPublishOperation *operation;
  PorchPublishPhase      last;     /* phase with which the step ends */
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
  { "live", N_("Going Live"), PORCH_PUBLISH_CLEANING_UP, 5 },
};

G_DEFINE_FINAL_TYPE (PorchPublishOperation, porch_publish_operation, PORCH_TYPE_OPERATION)

static void
porch_publish_operation_dispose (GObject *object)
{
  PorchPublishOperation *self = PORCH_PUBLISH_OPERATION (object);

  dex_clear (&self->work);
  g_clear_object (&self->publisher);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->result, porch_publish_result_free);

  G_OBJECT_CLASS (porch_publish_operation_parent_class)->dispose (object);
}

static void
porch_publish_operation_setup (PorchOperation *operation)
{
  PorchSite *site = porch_operation_get_site (operation);
  g_autofree char *title = NULL;

  /* Translators: %s is the name of a site */
  title = g_strdup_printf (_("Publishing “%s”"), site != NULL ? porch_site_get_name (site) : "");
  porch_operation_set_title (operation, title);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    porch_operation_add_step (operation, steps[i].id, _(steps[i].title), steps[i].weight);
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

  if (aws_json_get_bool (porch_operation_get_data (operation), "thorough"))
    porch_publisher_set_flags (self->publisher, PORCH_SCAN_THOROUGH);

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

  if (porch_publisher_get_previous (self->publisher) != NULL && !result->unchanged)
    json_object_set_string_member (object, "previous", porch_publisher_get_previous (self->publisher));

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
  PorchRelease *release;

  porch_history_set_live (history, self->result->release);

  if (!dex_await (porch_history_load (history), &error))
    g_debug ("The history can't be loaded: %s", error->message);

  porch_site_set_folder (site, source);

  if ((release = porch_history_lookup (history, self->result->release)) != NULL)
    porch_site_set_live (site, release, porch_release_get_date (release));
}

static DexFuture *
run_step_fiber (gpointer user_data)
{
  Step *step = user_data;
  PorchPublishOperation *self = step->operation;
  g_autoptr(GError) error = NULL;

  if (!ensure_work (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  await_phase (self, step->last);

  if (dex_future_is_pending (self->work))
    return dex_future_new_true ();

  if (self->result == NULL)
    {
      self->result = dex_await_boxed (dex_ref (self->work), &error);

      /* The next try begins with a look at the folder as it is then. */
      if (self->result == NULL)
        {
          dex_clear (&self->work);
          return dex_future_new_for_error (g_steal_pointer (&error));
        }

      take_result (self);
      await_shown (self);
    }

  return dex_future_new_true ();
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
  g_autoptr(GError) error = NULL;

  if (!(journal = dex_await_boxed (porch_publish_store_load_journal (store, porch_site_get_id (site)), NULL)))
    return dex_future_new_true ();

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

  if (self->result == NULL || self->result->unchanged)
    return NULL;

  return porch_publisher_get_previous (self->publisher);
}
