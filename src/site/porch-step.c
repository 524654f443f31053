/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-step-private.h"

/**
 * PorchStep:
 *
 * One step of an operation, as a row shows it.
 */
struct _PorchStep
{
  GObject              parent_instance;

  char                *id;
  char                *title;
  char                *detail;
  double               weight;
  PorchOperationState  state;
};

G_DEFINE_FINAL_TYPE (PorchStep, porch_step, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_TITLE,
  PROP_DETAIL,
  PROP_STATE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
porch_step_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  PorchStep *self = PORCH_STEP (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_step_finalize (GObject *object)
{
  PorchStep *self = PORCH_STEP (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->detail, g_free);

  G_OBJECT_CLASS (porch_step_parent_class)->finalize (object);
}

static void
porch_step_class_init (PorchStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_step_get_property;
  object_class->finalize = porch_step_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_OPERATION_STATE,
                                              PORCH_OPERATION_PENDING, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_step_init (PorchStep *self)
{
}

PorchStep *
porch_step_new (const char *id,
                const char *title,
                double      weight)
{
  PorchStep *self = g_object_new (PORCH_TYPE_STEP, NULL);

  self->id = g_strdup (id);
  self->title = g_strdup (title);
  self->weight = weight;

  return self;
}

double
porch_step_get_weight (PorchStep *self)
{
  return self->weight;
}

void
porch_step_set_state (PorchStep           *self,
                      PorchOperationState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
porch_step_set_detail (PorchStep  *self,
                       const char *detail)
{
  if (g_set_str (&self->detail, detail))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
}

/**
 * porch_step_get_id:
 * @self: a step
 *
 * Returns: (transfer none): the word by which its operation knows it
 */
const char *
porch_step_get_id (PorchStep *self)
{
  g_return_val_if_fail (PORCH_IS_STEP (self), NULL);

  return self->id;
}

/**
 * porch_step_get_title:
 * @self: a step
 *
 * Returns: (transfer none): what it does, in words for people
 */
const char *
porch_step_get_title (PorchStep *self)
{
  g_return_val_if_fail (PORCH_IS_STEP (self), NULL);

  return self->title;
}

/**
 * porch_step_get_detail:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): what is going on in it, if there is more to say
 */
const char *
porch_step_get_detail (PorchStep *self)
{
  g_return_val_if_fail (PORCH_IS_STEP (self), NULL);

  return self->detail;
}

/**
 * porch_step_get_state:
 * @self: a step
 *
 * Returns: where it is
 */
PorchOperationState
porch_step_get_state (PorchStep *self)
{
  g_return_val_if_fail (PORCH_IS_STEP (self), PORCH_OPERATION_PENDING);

  return self->state;
}
