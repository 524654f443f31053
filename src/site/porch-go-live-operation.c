/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-go-live-operation.h"

#include "aws-json.h"
#include "porch-engine.h"
#include "porch-error.h"
#include "porch-fiber.h"

#include <glib/gi18n-lib.h>

struct _PorchGoLiveOperation
{
  PorchOperation  parent_instance;

  char           *previous;
};

G_DEFINE_FINAL_TYPE (PorchGoLiveOperation, porch_go_live_operation, PORCH_TYPE_OPERATION)

static void
porch_go_live_operation_finalize (GObject *object)
{
  PorchGoLiveOperation *self = PORCH_GO_LIVE_OPERATION (object);

  g_clear_pointer (&self->previous, g_free);

  G_OBJECT_CLASS (porch_go_live_operation_parent_class)->finalize (object);
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
}

static DexFuture *
run_step_fiber (gpointer user_data)
{
  PorchOperation *operation = user_data;
  PorchGoLiveOperation *self = user_data;
  PorchSite *site = porch_operation_get_site (operation);
  PorchHistory *history = porch_site_get_history (site);
  const char *release = porch_go_live_operation_get_release (self);
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) result = NULL;
  PorchRelease *shown;

  if (!porch_release_id_is_valid (release))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_RELEASE_GONE, _("There is no such version of the site."));

  g_clear_pointer (&self->previous, g_free);

  /* Once it has begun it isn't stopped: it is a few requests. */
  if (!(target = dex_await_object (porch_operation_until_stopped (operation, porch_site_open_target (site)), &error)) ||
      (!(self->previous = dex_await_string (porch_target_go_back (target, release), &error)) && error != NULL))
    return dex_future_new_for_error (g_steal_pointer (&error));

  porch_history_set_live (history, release);

  if (!dex_await (porch_history_load (history), &error))
    g_debug ("The history can't be loaded: %s", error->message);

  if ((shown = porch_history_lookup (history, release)) != NULL)
    {
      g_autoptr(GDateTime) now = g_date_time_new_now_utc ();

      porch_site_set_live (site, shown, now);
    }

  result = json_object_new ();
  json_object_set_string_member (result, "release", release);
  if (self->previous != NULL)
    json_object_set_string_member (result, "previous", self->previous);
  porch_operation_take_result (operation, g_steal_pointer (&result));

  return dex_future_new_true ();
}

static DexFuture *
porch_go_live_operation_run_step (PorchOperation *operation,
                                  const char     *id)
{
  return porch_fiber_spawn (run_step_fiber, g_object_ref (operation), g_object_unref, NULL);
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

  object_class->finalize = porch_go_live_operation_finalize;

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

  return self->previous;
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
