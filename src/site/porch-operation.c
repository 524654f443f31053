/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-operation-private.h"
#include "porch-engine-private.h"
#include "porch-site-private.h"
#include "porch-step-private.h"

#include <glib/gstdio.h>

/**
 * PorchOperation:
 *
 * Anything long. It consists of steps and is written down before each of them, so that it can go on after a crash,
 * sleep or sign-out, in this process or another one. While it runs, it holds a lock on its site that ends with the
 * process; two processes never run the same operation.
 */
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
  PROP_CHANGES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define PRIV(self) (porch_operation_get_private (self))

PorchOperationPrivate *
porch_operation_get_private (PorchOperation *self)
{
  return porch_operation_get_instance_private (self);
}

void
porch_operation_update_progress (PorchOperation *self)
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

void
porch_operation_set_problem (PorchOperation *self,
                             PorchProblem   *problem)
{
  if (g_set_object (&PRIV (self)->problem, problem))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

void
porch_operation_set_current_step (PorchOperation *self,
                                  PorchStep      *step)
{
  PorchOperationPrivate *priv = PRIV (self);

  priv->step_progress = 0;

  if (g_set_object (&priv->current, step))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT_STEP]);
}

void
porch_operation_set_state (PorchOperation      *self,
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

void
porch_operation_set_elsewhere (PorchOperation *self,
                               gboolean        is_elsewhere)
{
  PRIV (self)->is_elsewhere = is_elsewhere;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ELSEWHERE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_RESUME]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_DISCARD]);
}

void
porch_operation_ensure_set_up (PorchOperation *self)
{
  PorchOperationPrivate *priv = PRIV (self);

  if (priv->is_set_up)
    return;

  priv->is_set_up = TRUE;
  PORCH_OPERATION_GET_CLASS (self)->setup (self);
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
    case PROP_CHANGES:
      g_value_set_string (value, porch_operation_get_changes (self));
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
  g_clear_fd (&priv->lock, NULL);
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
  properties[PROP_CHANGES] = g_param_spec_string ("changes", NULL, NULL, NULL, flags);

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
 * Returns: (transfer none): `create`, `publish`, `go-live`, `settings`, `address` or `delete`
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

  porch_operation_ensure_set_up (self);

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

  porch_operation_ensure_set_up (self);

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
 * porch_operation_is_busy:
 * @self: an operation
 *
 * Returns: whether it works on the site in this process, so that other work has to wait. One that waits for days, and does
 *   not mind being interrupted, doesn't.
 */
gboolean
porch_operation_is_busy (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), FALSE);

  return PRIV (self)->state == PORCH_OPERATION_RUNNING ||
         (PRIV (self)->state == PORCH_OPERATION_WAITING && !PORCH_OPERATION_GET_CLASS (self)->goes_on);
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
 * porch_operation_get_changes:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): what it changes in the parts of the site, a sentence in each line; %NULL while that is
 *   not known
 */
const char *
porch_operation_get_changes (PorchOperation *self)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (self), NULL);

  return json_object_get_string_member_with_default (porch_operation_get_data (self), "changes", NULL);
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
  porch_operation_update_progress (self);
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

  if (detail != NULL && *detail == '\0')
    detail = NULL;

  if (priv->current != NULL && porch_operation_is_active (self))
    porch_step_set_detail (priv->current, detail);

  if (g_set_str (&priv->detail, detail))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
}

/**
 * porch_operation_set_changes:
 * @self: an operation
 * @sentences: what it changes in the parts of the site
 *
 * Shows what is about to be changed. It is kept with the operation from its next saving on.
 */
void
porch_operation_set_changes (PorchOperation     *self,
                             const char * const *sentences)
{
  g_autofree char *changes = NULL;

  g_return_if_fail (PORCH_IS_OPERATION (self) && sentences != NULL);

  changes = g_strjoinv ("\n", (char **) sentences);
  json_object_set_string_member (porch_operation_get_data (self), "changes", changes);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHANGES]);
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
    porch_operation_set_state (self, waiting ? PORCH_OPERATION_WAITING : PORCH_OPERATION_RUNNING);
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
