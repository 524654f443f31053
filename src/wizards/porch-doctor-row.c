/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-doctor-row.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* One step on the way to an own address, and how it is. */
struct _PorchDoctorRow
{
  AdwActionRow     parent_instance;

  PorchDoctorStep *step;
};

enum
{
  PROP_0,
  PROP_STEP,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchDoctorRow, porch_doctor_row, ADW_TYPE_ACTION_ROW)

static const char *
describe_state (PorchDoctorState state)
{
  switch (state)
    {
    case PORCH_DOCTOR_WAITING:
      return C_("step", "Under way");
    case PORCH_DOCTOR_GOOD:
      return C_("step", "Done");
    case PORCH_DOCTOR_NOTICE:
      return C_("step", "Warning");
    case PORCH_DOCTOR_WRONG:
      return C_("step", "Has to be fixed");
    case PORCH_DOCTOR_UNKNOWN:
    default:
      return C_("step", "Not begun");
    }
}

static void
state_changed_cb (PorchDoctorRow *self)
{
  const char *words = describe_state (porch_doctor_step_get_state (self->step));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      g_autofree char *text = g_strdup_printf ("%s: %s", porch_doctor_step_get_title (self->step),
                                               porch_doctor_step_get_sentence (self->step));

      porch_widget_announce (GTK_WIDGET (self), text);
    }
}

static void
porch_doctor_row_constructed (GObject *object)
{
  PorchDoctorRow *self = PORCH_DOCTOR_ROW (object);

  G_OBJECT_CLASS (porch_doctor_row_parent_class)->constructed (object);

  g_signal_connect_object (self->step, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  state_changed_cb (self);
}

static void
porch_doctor_row_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STEP:
      g_value_set_object (value, PORCH_DOCTOR_ROW (object)->step);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_doctor_row_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_STEP:
      g_set_object (&PORCH_DOCTOR_ROW (object)->step, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_doctor_row_dispose (GObject *object)
{
  g_clear_object (&PORCH_DOCTOR_ROW (object)->step);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_DOCTOR_ROW);

  G_OBJECT_CLASS (porch_doctor_row_parent_class)->dispose (object);
}

static void
porch_doctor_row_class_init (PorchDoctorRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = porch_doctor_row_constructed;
  object_class->get_property = porch_doctor_row_get_property;
  object_class->set_property = porch_doctor_row_set_property;
  object_class->dispose = porch_doctor_row_dispose;

  properties[PROP_STEP] =
    g_param_spec_object ("step", NULL, NULL, PORCH_TYPE_DOCTOR_STEP,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-doctor-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, porch_doctor_mark);
}

static void
porch_doctor_row_init (PorchDoctorRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_doctor_row_new:
 * @step: a step on the way to an own address
 *
 * Returns: (transfer floating): a row that follows @step
 */
GtkWidget *
porch_doctor_row_new (PorchDoctorStep *step)
{
  g_return_val_if_fail (PORCH_IS_DOCTOR_STEP (step), NULL);

  return g_object_new (PORCH_TYPE_DOCTOR_ROW, "step", step, NULL);
}

/* A closure: the page of a stack with a picture for each state. */
char *
porch_doctor_mark (GObject          *object,
                   PorchDoctorState  state)
{
  switch (state)
    {
    case PORCH_DOCTOR_WAITING:
      return g_strdup ("waiting");
    case PORCH_DOCTOR_GOOD:
      return g_strdup ("good");
    case PORCH_DOCTOR_NOTICE:
      return g_strdup ("notice");
    case PORCH_DOCTOR_WRONG:
      return g_strdup ("wrong");
    case PORCH_DOCTOR_UNKNOWN:
    default:
      return g_strdup ("unknown");
    }
}
