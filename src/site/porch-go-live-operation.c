/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-go-live-operation.h"

#include "aws-json.h"
#include "porch-engine.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-visitor.h"
#include "porch-watch.h"

#include <glib/gi18n-lib.h>

struct _PorchGoLiveOperation
{
  PorchOperation  parent_instance;

  PorchReceipt   *receipt;
};

typedef struct
{
  PorchGoLiveOperation *operation;
  gboolean              is_watch;
} Step;

G_DEFINE_FINAL_TYPE (PorchGoLiveOperation, porch_go_live_operation, PORCH_TYPE_OPERATION)

static void
porch_go_live_operation_dispose (GObject *object)
{
  PorchGoLiveOperation *self = PORCH_GO_LIVE_OPERATION (object);

  g_clear_object (&self->receipt);

  G_OBJECT_CLASS (porch_go_live_operation_parent_class)->dispose (object);
}

static void
porch_go_live_operation_setup (PorchOperation *operation)
{
  PorchSite *site = porch_operation_get_site (operation);
  g_autofree char *title = NULL;

  /* Translators: %s is the name of a site */
  title = g_strdup_printf (_("Going Back to a Version of “%s”"), site != NULL ? porch_site_get_name (site) : "");
  porch_operation_set_title (operation, title);
  porch_operation_add_step (operation, "live", _("Going Live"), 1);
  porch_operation_add_step (operation, PORCH_WATCH_STEP, _("Looking as a Visitor"), 1);
}

static void
take_result (PorchGoLiveOperation *self)
{
  JsonObject *result = json_object_new ();
  const char *previous = porch_go_live_operation_get_previous (self);

  json_object_set_string_member (result, "release", porch_go_live_operation_get_release (self));
  if (previous != NULL)
    json_object_set_string_member (result, "previous", previous);

  if (self->receipt != NULL)
    {
      g_autofree char *json = porch_receipt_to_json (self->receipt);

      json_object_set_member (result, "receipt", json_from_string (json, NULL));
    }

  porch_operation_take_result (PORCH_OPERATION (self), result);
}

/* What is live by now is noted before it is changed: after a kill nobody could tell. */
static gboolean
await_previous (PorchGoLiveOperation  *self,
                PorchTarget           *target,
                GError               **error)
{
  PorchOperation *operation = PORCH_OPERATION (self);
  g_autoptr(PorchPointerValue) value = NULL;
  g_autoptr(GError) local = NULL;
  const char *live;

  if (!(value = dex_await_boxed (porch_operation_until_stopped (operation,
                                                                porch_pointer_read (porch_target_get_pointer (target))),
                                 &local)) && local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  live = value != NULL ? porch_pointer_value_get_release (value) : NULL;

  if (live == NULL || g_str_equal (live, porch_go_live_operation_get_release (self)))
    return TRUE;

  json_object_set_string_member (porch_operation_get_data (operation), "previous", live);

  return dex_await (porch_operation_save (operation), error);
}

static gboolean
await_live (PorchGoLiveOperation  *self,
            GError               **error)
{
  PorchOperation *operation = PORCH_OPERATION (self);
  PorchSite *site = porch_operation_get_site (operation);
  PorchHistory *history = porch_site_get_history (site);
  const char *release = porch_go_live_operation_get_release (self);
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(GError) local = NULL;
  g_autofree char *previous = NULL;
  PorchRelease *shown;

  /* Once it has begun it isn't stopped: it is a few requests. */
  if (!(target = dex_await_object (porch_operation_until_stopped (operation, porch_site_open_target (site)), error)) ||
      !await_previous (self, target, error))
    return FALSE;

  previous = dex_await_string (porch_target_go_back (target, release), &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  porch_history_set_live (history, release);
  porch_history_drop_drafts_of (history, release);

  if (!dex_await (porch_history_load (history), &local))
    g_debug ("The history can't be loaded: %s", local->message);

  if ((shown = porch_history_lookup (history, release)) != NULL)
    {
      g_autoptr(GDateTime) now = g_date_time_new_now_utc ();

      porch_site_set_live (site, shown, now);
    }

  take_result (self);

  return TRUE;
}

static gboolean
await_watched (PorchGoLiveOperation  *self,
               GError               **error)
{
  PorchOperation *operation = PORCH_OPERATION (self);
  JsonObject *data = porch_operation_get_data (operation);
  gboolean is_shown;

  /* Trying again after the version before was made live again begins with this one */
  if (aws_json_get_bool (data, "wentBack") && !await_live (self, error))
    return FALSE;

  json_object_remove_member (data, "wentBack");
  g_clear_object (&self->receipt);
  is_shown = porch_watch_await (operation, NULL, porch_go_live_operation_get_release (self),
                                porch_go_live_operation_get_previous (self), PORCH_VISITOR_PATIENCE, &self->receipt, error);
  take_result (self);

  if (!is_shown && self->receipt != NULL && porch_receipt_get_state (self->receipt) == PORCH_RECEIPT_WENT_BACK)
    json_object_set_boolean_member (data, "wentBack", TRUE);

  return is_shown;
}

static DexFuture *
run_step_fiber (gpointer user_data)
{
  Step *step = user_data;
  PorchGoLiveOperation *self = step->operation;
  g_autoptr(GError) error = NULL;

  if (!porch_release_id_is_valid (porch_go_live_operation_get_release (self)))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_RELEASE_GONE, _("There is no such version of the site."));

  if (step->is_watch ? await_watched (self, &error) : await_live (self, &error))
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
porch_go_live_operation_run_step (PorchOperation *operation,
                                  const char     *id)
{
  Step *step = g_new0 (Step, 1);

  step->operation = g_object_ref (PORCH_GO_LIVE_OPERATION (operation));
  step->is_watch = g_str_equal (id, PORCH_WATCH_STEP);

  return porch_fiber_spawn (run_step_fiber, step, step_free, NULL);
}

/* Either it was done or it was not; there is nothing to clean. */
static DexFuture *
porch_go_live_operation_discard (PorchOperation *operation)
{
  return dex_future_new_true ();
}

static void
porch_go_live_operation_class_init (PorchGoLiveOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PorchOperationClass *operation_class = PORCH_OPERATION_CLASS (klass);

  object_class->dispose = porch_go_live_operation_dispose;

  operation_class->kind = "go-live";
  operation_class->setup = porch_go_live_operation_setup;
  operation_class->run_step = porch_go_live_operation_run_step;
  operation_class->discard = porch_go_live_operation_discard;
}

static void
porch_go_live_operation_init (PorchGoLiveOperation *self)
{
}

/**
 * porch_go_live_operation_new:
 * @site: the site
 * @release: id of a release that is kept
 *
 * Returns: (transfer full): an operation that has not been started; give it to porch_engine_run_operation()
 */
PorchOperation *
porch_go_live_operation_new (PorchSite  *site,
                             const char *release)
{
  PorchOperation *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);
  g_return_val_if_fail (release != NULL, NULL);

  self = g_object_new (PORCH_TYPE_GO_LIVE_OPERATION,
                       "engine", porch_site_get_engine (site),
                       "site", site,
                       NULL);
  json_object_set_string_member (porch_operation_get_data (self), "release", release);

  return self;
}

/**
 * porch_go_live_operation_get_release:
 * @self: an operation
 *
 * Returns: (nullable): id of the release that is to be live
 */
const char *
porch_go_live_operation_get_release (PorchGoLiveOperation *self)
{
  g_return_val_if_fail (PORCH_IS_GO_LIVE_OPERATION (self), NULL);

  return aws_json_get_string (porch_operation_get_data (PORCH_OPERATION (self)), "release");
}

/**
 * porch_go_live_operation_get_previous:
 * @self: an operation that is done
 *
 * Returns: (nullable): the release that was live before, to undo it
 */
const char *
porch_go_live_operation_get_previous (PorchGoLiveOperation *self)
{
  g_return_val_if_fail (PORCH_IS_GO_LIVE_OPERATION (self), NULL);

  return aws_json_get_string (porch_operation_get_data (PORCH_OPERATION (self)), "previous");
}

/**
 * porch_go_live_operation_get_receipt:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): what visitors see, once somebody looked
 */
PorchReceipt *
porch_go_live_operation_get_receipt (PorchGoLiveOperation *self)
{
  g_return_val_if_fail (PORCH_IS_GO_LIVE_OPERATION (self), NULL);

  return self->receipt;
}

/**
 * porch_site_go_live:
 * @site: a site
 * @release: id of a release that is kept
 *
 * Makes a release live again.
 *
 * Returns: (transfer full): the operation, started
 */
PorchOperation *
porch_site_go_live (PorchSite  *site,
                    const char *release)
{
  PorchOperation *operation = porch_go_live_operation_new (site, release);

  g_return_val_if_fail (operation != NULL, NULL);

  porch_engine_run_operation (porch_site_get_engine (site), operation);

  return operation;
}
