/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-step-row.h"

#include <glib/gi18n.h>

/* One step of a long piece of work, and how far it is. */
struct _PorchStepRow
{
  AdwActionRow  parent_instance;

  PorchStep    *step;
};

enum
{
  PROP_0,
  PROP_STEP,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchStepRow, porch_step_row, ADW_TYPE_ACTION_ROW)

static char *
step_mark (GObject             *object,
           PorchOperationState  state)
{
  switch (state)
    {
    case PORCH_OPERATION_RUNNING:
    case PORCH_OPERATION_WAITING:
      return g_strdup ("running");
    case PORCH_OPERATION_STOPPED:
      return g_strdup ("stopped");
    case PORCH_OPERATION_FAILED:
      return g_strdup ("failed");
    case PORCH_OPERATION_DONE:
      return g_strdup ("done");
    case PORCH_OPERATION_PENDING:
    default:
      return g_strdup ("pending");
    }
}

static const char *
describe_state (PorchOperationState state)
{
  switch (state)
    {
    case PORCH_OPERATION_RUNNING:
    case PORCH_OPERATION_WAITING:
      return C_("step", "Under way");
    case PORCH_OPERATION_STOPPED:
      return C_("step", "Stopped");
    case PORCH_OPERATION_FAILED:
      return C_("step", "Failed");
    case PORCH_OPERATION_DONE:
      return C_("step", "Done");
    case PORCH_OPERATION_PENDING:
    default:
      return C_("step", "Not begun");
    }
}

static void
state_changed_cb (PorchStepRow *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, describe_state (porch_step_get_state (self->step)),
                                  -1);
}

static void
porch_step_row_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STEP:
      g_value_set_object (value, PORCH_STEP_ROW (object)->step);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_step_row_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_STEP:
      g_set_object (&PORCH_STEP_ROW (object)->step, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_step_row_dispose (GObject *object)
{
  g_clear_object (&PORCH_STEP_ROW (object)->step);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_STEP_ROW);

  G_OBJECT_CLASS (porch_step_row_parent_class)->dispose (object);
}

static void
porch_step_row_class_init (PorchStepRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_step_row_get_property;
  object_class->set_property = porch_step_row_set_property;
  object_class->dispose = porch_step_row_dispose;

  properties[PROP_STEP] =
    g_param_spec_object ("step", NULL, NULL, PORCH_TYPE_STEP,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-step-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, step_mark);
}

static void
porch_step_row_init (PorchStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  PorchStepRow *self = g_object_new (PORCH_TYPE_STEP_ROW, "step", item, NULL);

  g_signal_connect_object (item, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  state_changed_cb (self);

  return GTK_WIDGET (self);
}

/**
 * porch_step_row_bind:
 * @list: a list
 * @operation: an operation
 *
 * Shows the steps of an operation in a list, a row for each.
 */
void
porch_step_row_bind (GtkListBox     *list,
                     PorchOperation *operation)
{
  g_return_if_fail (GTK_IS_LIST_BOX (list) && PORCH_IS_OPERATION (operation));

  gtk_list_box_bind_model (list, porch_operation_get_steps (operation), create_row, NULL, NULL);
}
