/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-operation-private.h"
#include "porch-account-private.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-step-private.h"

#include "aws-json.h"
#include "aws-keyvaluestore.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* How operations run: from step to step, written down before each, to a stop, a failure or the end */

#define PRIV(self) (porch_operation_get_private (self))

static const char *
state_to_string (PorchOperationState state)
{
  static const char * const nicks[] = { "pending", "running", "waiting", "stopped", "failed", "done" };

  return nicks[state];
}

static char *
build_lock_name (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);
  const char *lock = PORCH_OPERATION_GET_CLASS (self)->lock;

  return g_strconcat (lock != NULL ? lock : "site", "-", priv->site_id != NULL ? priv->site_id : priv->id, NULL);
}

static void
resolve_finished (PorchOperation *self,
                  const GError   *error)
{
  PorchOperationPrivate *priv = PRIV (self);
  g_autoptr(DexPromise) finished = g_steal_pointer (&priv->finished);

  if (finished == NULL)
    return;

  if (error == NULL)
    dex_promise_resolve_boolean (finished, TRUE);
  else
    dex_promise_reject (finished, g_error_copy (error));
}

static JsonArray *
list_done (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (priv->steps)); i++)
    {
      g_autoptr(PorchStep) step = g_list_model_get_item (G_LIST_MODEL (priv->steps), i);

      if (porch_step_get_state (step) == PORCH_OPERATION_DONE)
        json_array_add_string_element (array, porch_step_get_id (step));
    }

  return array;
}

static PorchStep *
next_step (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (priv->steps)); i++)
    {
      g_autoptr(PorchStep) step = g_list_model_get_item (G_LIST_MODEL (priv->steps), i);

      if (porch_step_get_state (step) != PORCH_OPERATION_DONE)
        return g_steal_pointer (&step);
    }

  return NULL;
}

static gboolean
await_step (PorchOperation  *self,
            PorchStep       *step,
            GError         **error)
{
  PorchOperationClass *klass = PORCH_OPERATION_GET_CLASS (self);

  return klass->await_step != NULL ? klass->await_step (self, porch_step_get_id (step), error)
                                   : dex_await (klass->run_step (self, porch_step_get_id (step)), error);
}

/* A key value store says no more than “no” to credentials that were ended early. Another service tells, and the answer may
 * bring new ones. */
static gboolean
await_step_signed_in (PorchOperation  *self,
                      PorchStep       *step,
                      GError         **error)
{
  PorchOperationPrivate *priv = PRIV (self);
  g_autoptr(GError) local_error = NULL;

  if (await_step (self, step, &local_error))
    return TRUE;

  if (priv->site == NULL || porch_operation_is_stopping (self) || !aws_keyvaluestore_error_is_token (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return dex_await (porch_operation_until_stopped (self, porch_account_check (porch_site_get_account (priv->site))), error) &&
         await_step (self, step, error);
}

static gboolean
run_steps (PorchOperation  *self,
           GError         **error)
{
  g_autoptr(PorchStep) step = NULL;

  while ((step = next_step (self)) != NULL)
    {
      if (!dex_await (porch_operation_until_stopped (self, dex_future_new_true ()), error))
        return FALSE;

      porch_operation_set_current_step (self, step);
      porch_operation_set_detail (self, NULL);
      porch_step_set_state (step, PORCH_OPERATION_RUNNING);
      porch_operation_update_progress (self);

      if (!dex_await (porch_operation_save (self), error) || !await_step_signed_in (self, step, error))
        return FALSE;

      porch_step_set_state (step, PORCH_OPERATION_DONE);
      porch_step_set_detail (step, NULL);
      g_clear_object (&step);
    }

  porch_operation_set_current_step (self, NULL);
  porch_operation_update_progress (self);

  return TRUE;
}

static void
take_failure (PorchOperation *self,
              GError         *error)
{
  PorchOperationPrivate *priv = PRIV (self);
  g_autoptr(PorchProblem) problem = porch_problem_from_error (error);

  g_clear_error (&priv->error);
  priv->error = error;

  if (priv->current != NULL)
    porch_step_set_state (priv->current, PORCH_OPERATION_FAILED);

  /* So that a sign-in is asked for, after which the operation goes on */
  if (priv->site != NULL)
    porch_account_note_error (porch_site_get_account (priv->site), error);

  porch_operation_set_problem (self, problem);
  porch_operation_set_state (self, PORCH_OPERATION_FAILED);
}

static void
take_stop (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);

  if (priv->current != NULL)
    porch_step_set_state (priv->current, PORCH_OPERATION_STOPPED);

  g_clear_error (&priv->error);
  priv->error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_STOPPED,
                                     _("The work was stopped before it was finished"));
  porch_operation_set_state (self, PORCH_OPERATION_STOPPED);
}

static DexFuture *
run_fiber (gpointer user_data)
{
  PorchOperation *self = user_data;
  PorchOperationPrivate *priv = PRIV (self);
  g_autoptr(PorchEngine) engine = g_object_ref (priv->engine);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) save_error = NULL;

  /* Only after its record is gone is it done: a kill in between repeats the last step, which does no harm */
  if (run_steps (self, &error) && dex_await (porch_operation_forget (self), &error))
    porch_operation_set_state (self, PORCH_OPERATION_DONE);
  else if (porch_error_is_cancelled (error))
    take_stop (self);
  else
    take_failure (self, g_steal_pointer (&error));

  porch_operation_set_detail (self, priv->state == PORCH_OPERATION_STOPPED ? _("Stopped. What was done is kept.") : NULL);

  if (priv->state != PORCH_OPERATION_DONE && !dex_await (porch_operation_save (self), &save_error))
    g_debug ("How it ended could not be written down: %s", save_error->message);

  g_clear_fd (&PRIV (self)->lock, NULL);
  dex_clear (&priv->stop);
  resolve_finished (self, priv->state == PORCH_OPERATION_DONE ? NULL : priv->error);
  porch_engine_operation_ended (engine, self);

  return dex_future_new_true ();
}

static void
begin (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);
  g_autofree char *name = NULL;
  GError *error = NULL;

  if (porch_operation_is_active (self))
    return;

  porch_operation_ensure_set_up (self);
  name = build_lock_name (self);
  g_clear_error (&priv->error);
  porch_operation_set_problem (self, NULL);

  if ((priv->lock = porch_store_lock (porch_engine_get_store (priv->engine), name, &error)) < 0)
    {
      take_failure (self, error);
      resolve_finished (self, priv->error);
      return;
    }

  porch_operation_set_state (self, PORCH_OPERATION_RUNNING);
  porch_engine_operation_began (priv->engine, self);

  priv->stop = dex_promise_new ();

  /* Nobody awaits the fiber itself: it holds the operation, and its end is told by porch_operation_wait() */
  dex_future_disown (porch_fiber_spawn (run_fiber, g_object_ref (self), g_object_unref, NULL));
}

static void
mark_done (PorchOperation *self,
           JsonArray      *done)
{
  PorchOperationPrivate *priv = PRIV (self);

  for (guint i = 0; done != NULL && i < json_array_get_length (done); i++)
    for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (priv->steps)); j++)
      {
        g_autoptr(PorchStep) step = g_list_model_get_item (G_LIST_MODEL (priv->steps), j);

        if (g_strcmp0 (porch_step_get_id (step), aws_json_array_get_string (done, i)) == 0)
          porch_step_set_state (step, PORCH_OPERATION_DONE);
      }
}

/* Takes over what the store knows of an operation that an earlier process began. */
void
porch_operation_restore (PorchOperation *self,
                         const char     *id,
                         const char     *site_id,
                         const char     *title,
                         const char     *state,
                         JsonArray      *done,
                         JsonObject     *data,
                         JsonObject     *problem,
                         gint64          started)
{
  PorchOperationPrivate *priv = PRIV (self);

  g_set_str (&priv->id, id);
  g_set_str (&priv->site_id, site_id);
  g_set_str (&priv->title, title);
  priv->is_written = TRUE;
  g_clear_pointer (&priv->data, json_object_unref);
  priv->data = json_object_ref (data);
  g_clear_pointer (&priv->started, g_date_time_unref);
  priv->started = g_date_time_new_from_unix_utc (started);
  porch_operation_ensure_set_up (self);
  mark_done (self, done);
  porch_operation_update_progress (self);

  if (problem != NULL)
    {
      g_autoptr(PorchProblem) restored = porch_problem_from_json (problem);

      porch_operation_set_problem (self, restored);
    }

  priv->was_underway = g_strcmp0 (state, "waiting") == 0 || g_strcmp0 (state, "running") == 0;
  porch_operation_set_state (self, g_strcmp0 (state, "failed") == 0 ? PORCH_OPERATION_FAILED : PORCH_OPERATION_STOPPED);
  porch_operation_look_elsewhere (self);

  if (priv->state == PORCH_OPERATION_STOPPED && !priv->is_elsewhere)
    porch_operation_set_detail (self, g_strcmp0 (state, "stopped") == 0
                                      ? _("Stopped. What was done is kept.")
                                      : _("Porchlight was closed while this was underway. What was done is kept."));
}

/* Whether it stands in the store, where another process may finish it. */
gboolean
porch_operation_is_written (PorchOperation *self)
{
  return PRIV (self)->is_written && !porch_operation_is_active (self) && PRIV (self)->state != PORCH_OPERATION_DONE;
}

/* Whether it was underway when an earlier process ended, and is of a kind that goes on by itself. */
gboolean
porch_operation_may_go_on (PorchOperation *self)
{
  return PRIV (self)->was_underway && PORCH_OPERATION_GET_CLASS (self)->goes_on && porch_operation_can_resume (self);
}

/* Whether another process works on it right now. */
void
porch_operation_look_elsewhere (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);
  g_autofree char *name = build_lock_name (self);
  gboolean is_elsewhere = priv->lock < 0 && porch_store_is_locked (porch_engine_get_store (priv->engine), name);

  if (is_elsewhere == priv->is_elsewhere)
    return;

  porch_operation_set_elsewhere (self, is_elsewhere);
  porch_operation_set_detail (self, is_elsewhere ? _("Another window of Porchlight is working on this.") : NULL);
}

/* What is pointless once an operation of a kind is done: what it wanted has been done, or undone. */
static const char *
get_superseded (const char *kind)
{
  static const struct
  {
    const char *kind;
    const char *superseded;
  } table[] = {
    { "publish", " publish go-live " },
    { "go-live", " publish go-live " },
    { "settings", " settings " },
    { "address", " address " },
    { "delete", " create publish go-live settings address delete " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].kind, kind))
      return table[i].superseded;

  return "";
}

/* Whether @other, which waits to be taken up again, has become pointless by @self. */
gboolean
porch_operation_supersedes (PorchOperation *self,
                            PorchOperation *other)
{
  g_autofree char *word = g_strdup_printf (" %s ", porch_operation_get_kind (other));

  return self != other && !porch_operation_is_active (other) &&
         g_strcmp0 (PRIV (self)->site_id, PRIV (other)->site_id) == 0 &&
         strstr (get_superseded (porch_operation_get_kind (self)), word) != NULL;
}

/* Takes it out of the store, and with it what it made pointless: we hold the lock, so nobody else works on those. */
DexFuture *
porch_operation_forget (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);
  g_autoptr(PorchStep) left = next_step (self);

  return porch_store_write (porch_engine_get_store (priv->engine),
                            "DELETE FROM operations WHERE id = ?1 OR (site = ?2 AND instr (?3, ' ' || kind || ' ') > 0)",
                            "sss", priv->id, priv->site_id,
                            left == NULL ? get_superseded (porch_operation_get_kind (self)) : "");
}

/**
 * porch_operation_start:
 * @self: an operation
 *
 * Begins, or goes on after a stop or failure. Operations are begun through
 * [method@Porch.Engine.run_operation], which keeps them.
 */
void
porch_operation_start (PorchOperation *self)
{
  g_return_if_fail (PORCH_IS_OPERATION (self));

  if (PRIV (self)->state != PORCH_OPERATION_DONE)
    begin (self);
}

/**
 * porch_operation_resume:
 * @self: an operation
 *
 * Goes on with the step at which it stopped or failed.
 */
void
porch_operation_resume (PorchOperation *self)
{
  porch_operation_start (self);
}

/**
 * porch_operation_stop:
 * @self: an operation
 *
 * Tells it to stop, which it does within moments: what was done is kept, and it can go on later.
 */
void
porch_operation_stop (PorchOperation *self)
{
  PorchOperationPrivate *priv;

  g_return_if_fail (PORCH_IS_OPERATION (self));

  priv = PRIV (self);

  if (!porch_operation_is_active (self) || priv->stop == NULL)
    return;

  porch_operation_set_detail (self, _("Stopping…"));

  if (dex_future_is_pending (DEX_FUTURE (priv->stop)))
    dex_promise_reject (priv->stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped"));
}

/**
 * porch_operation_until_stopped:
 * @self: a running operation
 * @work: (transfer full): what a step waits for
 *
 * What a step awaits goes through this function, so that stopping ends the waiting at once. A fiber has to wait
 * for this itself, dropping a busy fiber from outside is not safe with libdex 0.10.0.
 *
 * Returns: (transfer full): a future with the value or error of @work; rejected with %G_IO_ERROR_CANCELLED when the
 *   operation is stopped, which drops @work
 */
DexFuture *
porch_operation_until_stopped (PorchOperation *self,
                               DexFuture      *work)
{
  PorchOperationPrivate *priv;

  dex_return_error_if_fail (PORCH_IS_OPERATION (self));
  dex_return_error_if_fail (DEX_IS_FUTURE (work));

  priv = PRIV (self);

  if (priv->stop == NULL)
    return work;

  /* Of two futures that are there already the first would win, and that is not the one that matters */
  if (porch_operation_is_stopping (self))
    {
      dex_unref (work);
      return dex_ref (DEX_FUTURE (priv->stop));
    }

  return dex_future_first (work, dex_ref (DEX_FUTURE (priv->stop)), NULL);
}

/**
 * porch_operation_is_stopping:
 * @self: an operation
 *
 * Returns: whether it was told to stop and has not come to an end yet
 */
gboolean
porch_operation_is_stopping (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), FALSE);

  return PRIV (self)->stop != NULL && !dex_future_is_pending (DEX_FUTURE (PRIV (self)->stop));
}

static DexFuture *
discard_fiber (gpointer user_data)
{
  PorchOperation *self = user_data;
  PorchOperationPrivate *priv = PRIV (self);
  g_autofree char *name = build_lock_name (self);
  g_autoptr(GError) error = NULL;
  gboolean success;

  if ((priv->lock = porch_store_lock (porch_engine_get_store (priv->engine), name, &error)) < 0)
    return dex_future_new_for_error (g_steal_pointer (&error));

  success = dex_await (PORCH_OPERATION_GET_CLASS (self)->discard (self), &error) &&
            dex_await (porch_operation_forget (self), &error);
  g_clear_fd (&PRIV (self)->lock, NULL);

  if (!success)
    return dex_future_new_for_error (g_steal_pointer (&error));

  porch_engine_dismiss_operation (priv->engine, self);

  return dex_future_new_true ();
}

/**
 * porch_operation_discard:
 * @self: an operation that is stopped or failed
 *
 * Gives up for good and cleans away what was begun; what visitors see stays as it is.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_operation_discard (PorchOperation *self)
{
  dex_return_error_if_fail (PORCH_IS_OPERATION (self));

  if (!porch_operation_can_discard (self))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_BUSY, "%s", _("This can’t be given up at the moment."));

  return porch_fiber_spawn (discard_fiber, g_object_ref (self), g_object_unref, NULL);
}

/**
 * porch_operation_wait:
 * @self: an operation
 *
 * Dropping the future leaves the operation alone.
 *
 * Returns: (transfer full): a future that resolves to %TRUE when it is done; rejected with what made it fail, or
 *   with %PORCH_ERROR_STOPPED
 */
DexFuture *
porch_operation_wait (PorchOperation *self)
{
  PorchOperationPrivate *priv;

  dex_return_error_if_fail (PORCH_IS_OPERATION (self));

  priv = PRIV (self);

  if (priv->state == PORCH_OPERATION_DONE)
    return dex_future_new_true ();

  if (!porch_operation_is_active (self) && priv->error != NULL)
    return dex_future_new_for_error (g_error_copy (priv->error));

  if (priv->state == PORCH_OPERATION_STOPPED)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_STOPPED, "%s",
                                  _("The work was stopped before it was finished"));

  if (priv->finished == NULL)
    priv->finished = dex_promise_new ();

  return dex_ref (DEX_FUTURE (priv->finished));
}

static char *
object_to_text (JsonObject *object)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (object);
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  return g_strndup (text, size);
}

static char *
array_to_text (JsonArray *array)
{
  g_autoptr(JsonNode) node = json_node_init_array (json_node_alloc (), array);

  return json_to_string (node, FALSE);
}

/**
 * porch_operation_save:
 * @self: an operation
 *
 * Writes down where it is and what it has to remember.
 *
 * Returns: (transfer full): a future that resolves when it is on the disk
 */
DexFuture *
porch_operation_save (PorchOperation *self)
{
  PorchOperationPrivate *priv;
  g_autoptr(JsonArray) done = NULL;
  g_autofree char *steps = NULL;
  g_autofree char *data = NULL;
  g_autofree char *problem = NULL;

  dex_return_error_if_fail (PORCH_IS_OPERATION (self));

  priv = PRIV (self);
  priv->is_written = TRUE;
  done = list_done (self);
  steps = array_to_text (done);
  data = object_to_text (priv->data);

  if (priv->problem != NULL)
    {
      g_autoptr(JsonObject) json = porch_problem_to_json (priv->problem);

      problem = object_to_text (json);
    }

  return porch_store_write (porch_engine_get_store (priv->engine),
                            "INSERT OR REPLACE INTO operations (id, kind, site, title, state, steps, data, error, started)"
                            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            "ssssssssi",
                            priv->id, porch_operation_get_kind (self), priv->site_id, priv->title,
                            state_to_string (priv->state), steps, data, problem,
                            g_date_time_to_unix (priv->started));
}
