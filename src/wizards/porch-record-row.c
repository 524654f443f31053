/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-record-row.h"

#include <glib/gi18n.h>

#include "porch-doctor-row.h"
#include "porch-widget-util.h"

/* A record that the owner enters by hand somewhere else: what for, whether it is there already, and each part of it to be
 * copied. It is open as long as there is something to do now.
 */
struct _PorchRecordRow
{
  AdwExpanderRow     parent_instance;

  PorchDoctorRecord *record;
};

enum
{
  PROP_0,
  PROP_RECORD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchRecordRow, porch_record_row, ADW_TYPE_EXPANDER_ROW)

/* Most companies add the domain themselves, some want all of it */
static char *
name_words (GObject    *object,
            const char *short_name,
            const char *name)
{
  if (name == NULL || g_strcmp0 (short_name, name) == 0)
    return g_strdup (short_name != NULL ? short_name : "");

  /* Translators: the first placeholder is the beginning of a name, as in “www”, the second the whole, “www.example.org” */
  return g_strdup_printf (_("%s\n(in full: %s)"), short_name, name);
}

static char *
copy_words (GObject    *object,
            const char *text)
{
  g_autofree char *isolated = porch_isolate (text != NULL ? text : "");

  /* Translators: the placeholder is what is copied */
  return g_strdup_printf (_("Copy “%s”"), isolated);
}

static void
copy_name_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_widget_copy_text (widget, porch_doctor_record_get_short_name (PORCH_RECORD_ROW (widget)->record));
}

static void
copy_value_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  porch_widget_copy_text (widget, porch_doctor_record_get_value (PORCH_RECORD_ROW (widget)->record));
}

static void
state_changed_cb (PorchRecordRow *self)
{
  PorchDoctorState state = porch_doctor_record_get_state (self->record);

  /* What comes later is not in the way of what comes now */
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), state != PORCH_DOCTOR_GOOD && state != PORCH_DOCTOR_WAITING);

  if (state == PORCH_DOCTOR_GOOD && gtk_widget_get_mapped (GTK_WIDGET (self)))
    porch_widget_announce (GTK_WIDGET (self), porch_doctor_record_get_text (self->record));
}

static void
porch_record_row_constructed (GObject *object)
{
  PorchRecordRow *self = PORCH_RECORD_ROW (object);

  G_OBJECT_CLASS (porch_record_row_parent_class)->constructed (object);

  g_signal_connect_object (self->record, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  state_changed_cb (self);
}

static void
porch_record_row_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_RECORD:
      g_value_set_object (value, PORCH_RECORD_ROW (object)->record);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_record_row_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_RECORD:
      g_set_object (&PORCH_RECORD_ROW (object)->record, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_record_row_dispose (GObject *object)
{
  g_clear_object (&PORCH_RECORD_ROW (object)->record);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_RECORD_ROW);

  G_OBJECT_CLASS (porch_record_row_parent_class)->dispose (object);
}

static void
porch_record_row_class_init (PorchRecordRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = porch_record_row_constructed;
  object_class->get_property = porch_record_row_get_property;
  object_class->set_property = porch_record_row_set_property;
  object_class->dispose = porch_record_row_dispose;

  properties[PROP_RECORD] =
    g_param_spec_object ("record", NULL, NULL, PORCH_TYPE_DOCTOR_RECORD,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-record-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, porch_doctor_mark);
  gtk_widget_class_bind_template_callback (widget_class, name_words);
  gtk_widget_class_bind_template_callback (widget_class, copy_words);

  gtk_widget_class_install_action (widget_class, "record.copy-name", NULL, copy_name_action);
  gtk_widget_class_install_action (widget_class, "record.copy-value", NULL, copy_value_action);
}

static void
porch_record_row_init (PorchRecordRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_record_row_new:
 * @record: a record that somebody has to enter
 *
 * Returns: (transfer floating): a row that follows @record
 */
GtkWidget *
porch_record_row_new (PorchDoctorRecord *record)
{
  g_return_val_if_fail (PORCH_IS_DOCTOR_RECORD (record), NULL);

  return g_object_new (PORCH_TYPE_RECORD_ROW, "record", record, NULL);
}
