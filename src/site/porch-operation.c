/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-operation-private.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-site-private.h"
#include "porch-step-private.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

/**
 * PorchOperation:
 *
 * Anything long. It consists of steps and is written down before each of them, so that it can go on after a crash,
 * sleep or sign-out, in this process or another one. While it runs, it holds a lock on its site that ends with the
 * process; two processes never run the same operation.
 */
typedef struct
{
  PorchEngine         *engine;       /* a weak pointer: the engine owns its operations */
  PorchSite           *site;
  GListStore          *steps;
  PorchStep           *current;
  DexPromise          *stop;         /* rejected to stop */
  DexPromise          *finished;
  JsonObject          *data;
  JsonObject          *result;
  PorchProblem        *problem;
  GError              *error;
  GDateTime           *started;
  char                *id;
  char                *site_id;
  char                *title;
  char                *detail;
  double               step_progress;
  double               progress;
  PorchOperationState  state;
  int                  lock;
  gboolean             is_set_up;
  gboolean             is_written;    /* stands in the store */
  gboolean             is_elsewhere;
} PorchOperationPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PorchOperation, porch_operation, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchOperationState, porch_operation_state,
                    G_DEFINE_ENUM_VALUE (PORCH_OPERATION_PENDING, "pending"),
                    G_DEFINE_ENUM_VALUE (PORCH_OPERATION_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (PORCH_OPERATION_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (PORCH_OPERATION_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (PORCH_OPERATION_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (PORCH_OPERATION_DONE, "done"))

enum
{
  PROP_ENGINE = 1,
  PROP_ID,
  PROP_KIND,
  PROP_TITLE,
  PROP_SITE,
  PROP_SITE_ID,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_DETAIL,
  PROP_PROBLEM,
  PROP_STEPS,
  PROP_CURRENT_STEP,
  PROP_STARTED,
  PROP_ACTIVE,
  PROP_ELSEWHERE,
  PROP_CAN_RESUME,
  PROP_CAN_DISCARD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define PRIV(self) ((PorchOperationPrivate *) porch_operation_get_instance_private (self))

static const char *
state_to_string (PorchOperationState state)
{
  static const char * const nicks[] = { "pending", "running", "waiting", "stopped", "failed", "done" };

  return nicks[state];
}

static void
update_progress (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);
  guint n_steps = g_list_model_get_n_items (G_LIST_MODEL (priv->steps));
  double done = 0;
  double total = 0;

  for (guint i = 0; i < n_steps; i++)
    {
      g_autoptr(PorchStep) step = g_list_model_get_item (G_LIST_MODEL (priv->steps), i);

      total += porch_step_get_weight (step);

      if (porch_step_get_state (step) == PORCH_OPERATION_DONE)
        done += porch_step_get_weight (step);
      else if (step == priv->current)
        done += porch_step_get_weight (step) * priv->step_progress;
    }

  done = total > 0 ? CLAMP (done / total, 0, 1) : 0;

  if (done == priv->progress)
    return;

  priv->progress = done;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

static void
set_problem (PorchOperation *self,
             PorchProblem   *problem)
{
  if (g_set_object (&PRIV (self)->problem, problem))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static void
set_current (PorchOperation *self,
             PorchStep      *step)
{
  PorchOperationPrivate *priv = PRIV (self);

  priv->step_progress = 0;

  if (g_set_object (&priv->current, step))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT_STEP]);
}

static void
set_state (PorchOperation      *self,
           PorchOperationState  state)
{
  PorchOperationPrivate *priv = PRIV (self);

  if (priv->state == state)
    return;

  priv->state = state;

  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_RESUME]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_DISCARD]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
unlock (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);

  if (priv->lock >= 0)
    close (priv->lock);

  priv->lock = -1;
}

static char *
build_lock_name (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);

  return g_strconcat ("site-", priv->site_id != NULL ? priv->site_id : priv->id, NULL);
}

static void
ensure_set_up (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);

  if (priv->is_set_up)
    return;

  priv->is_set_up = TRUE;
  PORCH_OPERATION_GET_CLASS (self)->setup (self);
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

static gboolean
run_steps (PorchOperation  *self,
           GError         **error)
{
  g_autoptr(PorchStep) step = NULL;

  while ((step = next_step (self)) != NULL)
    {
      if (!dex_await (porch_operation_until_stopped (self, dex_future_new_true ()), error))
        return FALSE;

      set_current (self, step);
      porch_operation_set_detail (self, NULL);
      porch_step_set_state (step, PORCH_OPERATION_RUNNING);
      update_progress (self);

      if (!dex_await (porch_operation_save (self), error) || !await_step (self, step, error))
        return FALSE;

      porch_step_set_state (step, PORCH_OPERATION_DONE);
      porch_step_set_detail (step, NULL);
      g_clear_object (&step);
    }

  set_current (self, NULL);
  update_progress (self);

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

  set_problem (self, problem);
  set_state (self, PORCH_OPERATION_FAILED);
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
  set_state (self, PORCH_OPERATION_STOPPED);
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
    set_state (self, PORCH_OPERATION_DONE);
  else if (porch_error_is_cancelled (error))
    take_stop (self);
  else
    take_failure (self, g_steal_pointer (&error));

  porch_operation_set_detail (self, priv->state == PORCH_OPERATION_STOPPED ? _("Stopped. What was done is kept.") : NULL);

  if (priv->state != PORCH_OPERATION_DONE && !dex_await (porch_operation_save (self), &save_error))
    g_debug ("How it ended could not be written down: %s", save_error->message);

  unlock (self);
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

  ensure_set_up (self);
  name = build_lock_name (self);
  g_clear_error (&priv->error);
  set_problem (self, NULL);

  if ((priv->lock = porch_store_lock (porch_engine_get_store (priv->engine), name, &error)) < 0)
    {
      take_failure (self, error);
      resolve_finished (self, priv->error);
      return;
    }

  set_state (self, PORCH_OPERATION_RUNNING);
  porch_engine_operation_began (priv->engine, self);

  priv->stop = dex_promise_new ();

  /* Nobody awaits the fiber itself: it holds the operation, and its end is told by porch_operation_wait() */
  dex_future_disown (porch_fiber_spawn (run_fiber, g_object_ref (self), g_object_unref, NULL));
}

static void
porch_operation_constructed (GObject *object)
{
  PorchOperationPrivate *priv = PRIV (PORCH_OPERATION (object));

  G_OBJECT_CLASS (porch_operation_parent_class)->constructed (object);

  priv->id = g_uuid_string_random ();
  priv->id[8] = '\0';
  priv->started = g_date_time_new_now_utc ();
}

static void
porch_operation_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  PorchOperation *self = PORCH_OPERATION (object);
  PorchOperationPrivate *priv = PRIV (self);

  switch (prop_id)
    {
    case PROP_ENGINE:
      g_value_set_object (value, priv->engine);
      break;
    case PROP_ID:
      g_value_set_string (value, priv->id);
      break;
    case PROP_KIND:
      g_value_set_string (value, porch_operation_get_kind (self));
      break;
    case PROP_TITLE:
      g_value_set_string (value, porch_operation_get_title (self));
      break;
    case PROP_SITE:
      g_value_set_object (value, priv->site);
      break;
    case PROP_SITE_ID:
      g_value_set_string (value, priv->site_id);
      break;
    case PROP_STATE:
      g_value_set_enum (value, priv->state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, priv->progress);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, priv->detail);
      break;
    case PROP_PROBLEM:
      g_value_set_object (value, priv->problem);
      break;
    case PROP_STEPS:
      g_value_set_object (value, porch_operation_get_steps (self));
      break;
    case PROP_CURRENT_STEP:
      g_value_set_object (value, priv->current);
      break;
    case PROP_STARTED:
      g_value_set_boxed (value, priv->started);
      break;
    case PROP_ACTIVE:
      g_value_set_boolean (value, porch_operation_is_active (self));
      break;
    case PROP_ELSEWHERE:
      g_value_set_boolean (value, priv->is_elsewhere);
      break;
    case PROP_CAN_RESUME:
      g_value_set_boolean (value, porch_operation_can_resume (self));
      break;
    case PROP_CAN_DISCARD:
      g_value_set_boolean (value, porch_operation_can_discard (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_operation_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  PorchOperation *self = PORCH_OPERATION (object);

  switch (prop_id)
    {
    case PROP_ENGINE:
      g_set_weak_pointer (&PRIV (self)->engine, g_value_get_object (value));
      break;
    case PROP_SITE:
      porch_operation_set_site (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_operation_dispose (GObject *object)
{
  PorchOperation *self = PORCH_OPERATION (object);
  PorchOperationPrivate *priv = PRIV (self);

  dex_clear (&priv->stop);
  dex_clear (&priv->finished);
  unlock (self);
  g_clear_weak_pointer (&priv->engine);
  g_clear_object (&priv->site);
  g_clear_object (&priv->current);
  g_clear_object (&priv->problem);

  G_OBJECT_CLASS (porch_operation_parent_class)->dispose (object);
}

static void
porch_operation_finalize (GObject *object)
{
  PorchOperationPrivate *priv = PRIV (PORCH_OPERATION (object));

  g_clear_object (&priv->steps);
  g_clear_pointer (&priv->data, json_object_unref);
  g_clear_pointer (&priv->result, json_object_unref);
  g_clear_pointer (&priv->started, g_date_time_unref);
  g_clear_pointer (&priv->id, g_free);
  g_clear_pointer (&priv->site_id, g_free);
  g_clear_pointer (&priv->title, g_free);
  g_clear_pointer (&priv->detail, g_free);
  g_clear_error (&priv->error);

  G_OBJECT_CLASS (porch_operation_parent_class)->finalize (object);
}

static void
porch_operation_class_init (PorchOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->constructed = porch_operation_constructed;
  object_class->get_property = porch_operation_get_property;
  object_class->set_property = porch_operation_set_property;
  object_class->dispose = porch_operation_dispose;
  object_class->finalize = porch_operation_finalize;

  properties[PROP_ENGINE] = g_param_spec_object ("engine", NULL, NULL, PORCH_TYPE_ENGINE,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SITE] = g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SITE_ID] = g_param_spec_string ("site-id", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_OPERATION_STATE,
                                              PORCH_OPERATION_PENDING, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_PROBLEM] = g_param_spec_object ("problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);
  properties[PROP_STEPS] = g_param_spec_object ("steps", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_CURRENT_STEP] = g_param_spec_object ("current-step", NULL, NULL, PORCH_TYPE_STEP, flags);
  properties[PROP_STARTED] = g_param_spec_boxed ("started", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, flags);
  properties[PROP_ELSEWHERE] = g_param_spec_boolean ("elsewhere", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_RESUME] = g_param_spec_boolean ("can-resume", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_DISCARD] = g_param_spec_boolean ("can-discard", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_operation_init (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);

  priv->steps = g_list_store_new (PORCH_TYPE_STEP);
  priv->data = json_object_new ();
  priv->lock = -1;
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
  ensure_set_up (self);
  mark_done (self, done);
  update_progress (self);

  if (problem != NULL)
    {
      g_autoptr(PorchProblem) restored = porch_problem_from_json (problem);

      set_problem (self, restored);
    }

  set_state (self, g_strcmp0 (state, "failed") == 0 ? PORCH_OPERATION_FAILED : PORCH_OPERATION_STOPPED);
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

/* Whether another process works on it right now. */
void
porch_operation_look_elsewhere (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);
  g_autofree char *name = build_lock_name (self);
  gboolean is_elsewhere = priv->lock < 0 && porch_store_is_locked (porch_engine_get_store (priv->engine), name);

  if (is_elsewhere == priv->is_elsewhere)
    return;

  priv->is_elsewhere = is_elsewhere;
  porch_operation_set_detail (self, is_elsewhere ? _("Another window of Porchlight is working on this.") : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ELSEWHERE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_RESUME]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_DISCARD]);
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
    { "delete", " create publish go-live settings delete " },
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
 * porch_operation_get_id:
 * @self: an operation
 *
 * Returns: (transfer none): what it is called in lists and scripts
 */
const char *
porch_operation_get_id (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->id;
}

/**
 * porch_operation_get_kind:
 * @self: an operation
 *
 * Returns: (transfer none): `create`, `publish`, `go-live`, `settings` or `delete`
 */
const char *
porch_operation_get_kind (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PORCH_OPERATION_GET_CLASS (self)->kind;
}

/**
 * porch_operation_get_title:
 * @self: an operation
 *
 * Returns: (transfer none): what it does, for a heading
 */
const char *
porch_operation_get_title (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  ensure_set_up (self);

  return PRIV (self)->title;
}

/**
 * porch_operation_get_site:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): the site it works on
 */
PorchSite *
porch_operation_get_site (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->site;
}

/**
 * porch_operation_get_site_id:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): the id of the site it works on
 */
const char *
porch_operation_get_site_id (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->site_id;
}

/**
 * porch_operation_get_state:
 * @self: an operation
 *
 * Returns: where it is
 */
PorchOperationState
porch_operation_get_state (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), PORCH_OPERATION_PENDING);

  return PRIV (self)->state;
}

/**
 * porch_operation_get_progress:
 * @self: an operation
 *
 * Returns: how much is done, from 0 to 1
 */
double
porch_operation_get_progress (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), 0);

  return PRIV (self)->progress;
}

/**
 * porch_operation_get_detail:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): what is going on, such as “120 of 1,000 files”
 */
const char *
porch_operation_get_detail (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->detail;
}

/**
 * porch_operation_get_problem:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): why it failed
 */
PorchProblem *
porch_operation_get_problem (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->problem;
}

/**
 * porch_operation_get_error:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): the error behind the problem, if it happened in this process
 */
const GError *
porch_operation_get_error (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->error;
}

/**
 * porch_operation_get_steps:
 * @self: an operation
 *
 * Returns: (transfer none): a list of [class@Porch.Step]
 */
GListModel *
porch_operation_get_steps (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  ensure_set_up (self);

  return G_LIST_MODEL (PRIV (self)->steps);
}

/**
 * porch_operation_get_current_step:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): the step underway, or the one that failed
 */
PorchStep *
porch_operation_get_current_step (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->current;
}

/**
 * porch_operation_get_started:
 * @self: an operation
 *
 * Returns: (transfer none): when it began
 */
GDateTime *
porch_operation_get_started (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->started;
}

/**
 * porch_operation_is_active:
 * @self: an operation
 *
 * Returns: whether it runs in this process
 */
gboolean
porch_operation_is_active (PorchOperation *self)
{
  PorchOperationState state;

  g_return_val_if_fail (PORCH_IS_OPERATION (self), FALSE);

  state = PRIV (self)->state;

  return state == PORCH_OPERATION_RUNNING || state == PORCH_OPERATION_WAITING;
}

/**
 * porch_operation_is_elsewhere:
 * @self: an operation
 *
 * Returns: whether another process works on it or on its site
 */
gboolean
porch_operation_is_elsewhere (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), FALSE);

  return PRIV (self)->is_elsewhere;
}

/**
 * porch_operation_can_resume:
 * @self: an operation
 *
 * Returns: whether it can go on
 */
gboolean
porch_operation_can_resume (PorchOperation *self)
{
  PorchOperationState state;

  g_return_val_if_fail (PORCH_IS_OPERATION (self), FALSE);

  state = PRIV (self)->state;

  return !PRIV (self)->is_elsewhere && (state == PORCH_OPERATION_STOPPED || state == PORCH_OPERATION_FAILED);
}

/**
 * porch_operation_can_discard:
 * @self: an operation
 *
 * Returns: whether it can be given up
 */
gboolean
porch_operation_can_discard (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), FALSE);

  return porch_operation_can_resume (self) && PORCH_OPERATION_GET_CLASS (self)->discard != NULL;
}

/**
 * porch_operation_get_result:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): what it brought about, for scripts
 */
JsonObject *
porch_operation_get_result (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->result;
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
  unlock (self);

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

/**
 * porch_operation_get_engine:
 * @self: an operation
 *
 * Returns: (transfer none): the engine it belongs to
 */
PorchEngine *
porch_operation_get_engine (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->engine;
}

/**
 * porch_operation_get_data:
 * @self: an operation
 *
 * Returns: (transfer none): what it has to remember; kept by [method@Porch.Operation.save]
 */
JsonObject *
porch_operation_get_data (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return PRIV (self)->data;
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

/**
 * porch_operation_set_title:
 * @self: an operation
 * @title: what it does
 *
 * Sets the heading.
 */
void
porch_operation_set_title (PorchOperation *self,
                           const char     *title)
{
  g_return_if_fail (PORCH_IS_OPERATION (self));

  if (g_set_str (&PRIV (self)->title, title))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/**
 * porch_operation_set_site:
 * @self: an operation
 * @site: (nullable): the site it works on
 *
 * Sets the site. Its id is kept when the site is gone.
 */
void
porch_operation_set_site (PorchOperation *self,
                          PorchSite      *site)
{
  PorchOperationPrivate *priv;

  g_return_if_fail (PORCH_IS_OPERATION (self));

  priv = PRIV (self);

  if (!g_set_object (&priv->site, site))
    return;

  if (site != NULL)
    g_set_str (&priv->site_id, porch_site_get_id (site));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE_ID]);
}

/**
 * porch_operation_add_step:
 * @self: an operation that is being set up
 * @id: a word that stays the same between versions, since it is written down
 * @title: what the step does, for people
 * @weight: how long it takes compared to the others
 *
 * Adds a step at the end.
 */
void
porch_operation_add_step (PorchOperation *self,
                          const char     *id,
                          const char     *title,
                          double          weight)
{
  g_autoptr(PorchStep) step = NULL;

  g_return_if_fail (PORCH_IS_OPERATION (self));
  g_return_if_fail (id != NULL && title != NULL);

  step = porch_step_new (id, title, weight);
  g_list_store_append (PRIV (self)->steps, step);
}

/**
 * porch_operation_set_step_progress:
 * @self: a running operation
 * @fraction: how much of the current step is done, from 0 to 1
 *
 * Moves the progress.
 */
void
porch_operation_set_step_progress (PorchOperation *self,
                                   double          fraction)
{
  g_return_if_fail (PORCH_IS_OPERATION (self));

  PRIV (self)->step_progress = CLAMP (fraction, 0, 1);
  update_progress (self);
}

/**
 * porch_operation_set_detail:
 * @self: an operation
 * @detail: (nullable): what is going on
 *
 * Shows what is going on, below the title and beside the current step.
 */
void
porch_operation_set_detail (PorchOperation *self,
                            const char     *detail)
{
  PorchOperationPrivate *priv;

  g_return_if_fail (PORCH_IS_OPERATION (self));

  priv = PRIV (self);

  if (priv->current != NULL && porch_operation_is_active (self))
    porch_step_set_detail (priv->current, detail);

  if (g_set_str (&priv->detail, detail))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
}

/**
 * porch_operation_set_waiting:
 * @self: a running operation
 * @waiting: whether it waits for something outside
 *
 * Shows that nothing is wrong, but that it isn't Porchlight's turn.
 */
void
porch_operation_set_waiting (PorchOperation *self,
                             gboolean        waiting)
{
  g_return_if_fail (PORCH_IS_OPERATION (self));

  if (porch_operation_is_active (self))
    set_state (self, waiting ? PORCH_OPERATION_WAITING : PORCH_OPERATION_RUNNING);
}

/**
 * porch_operation_take_result:
 * @self: an operation
 * @result: (transfer full): what it brought about
 *
 * Sets what scripts are told at the end.
 */
void
porch_operation_take_result (PorchOperation *self,
                             JsonObject     *result)
{
  g_return_if_fail (PORCH_IS_OPERATION (self));

  g_clear_pointer (&PRIV (self)->result, json_object_unref);
  PRIV (self)->result = result;
}
