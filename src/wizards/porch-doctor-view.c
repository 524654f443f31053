/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-doctor-view.h"

#include <glib/gi18n.h>

#include "porch-address-dialog.h"
#include "porch-address-operation.h"
#include "porch-doctor-card.h"
#include "porch-doctor-row.h"
#include "porch-site.h"
#include "porch-widget-util.h"

/* How far an own address is, and what has to be done for it. It looks by itself for as long as it is on the screen. */
struct _PorchDoctorView
{
  AdwBin             parent_instance;

  GtkBox            *card_box;
  GtkListBox        *step_list;
  GtkLabel          *looked_label;

  PorchDomainDoctor *doctor;
  GSignalGroup      *signals;
  DexFuture         *looking;
};

enum
{
  PROP_0,
  PROP_DOCTOR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchDoctorView, porch_doctor_view, ADW_TYPE_BIN)

static GtkWidget *
create_step_row (gpointer item,
                 gpointer user_data)
{
  return porch_doctor_row_new (item);
}

static void
steps_changed_cb (PorchDoctorView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->card_box))) != NULL)
    gtk_box_remove (self->card_box, child);

  for (guint i = 0; self->doctor != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->doctor)); i++)
    {
      g_autoptr(PorchDoctorStep) step = g_list_model_get_item (G_LIST_MODEL (self->doctor), i);

      gtk_box_append (self->card_box, porch_doctor_card_new (self->doctor, step));
    }
}

/* An empty box would still take its spacing */
static void
update_cards (PorchDoctorView *self)
{
  gboolean some = FALSE;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->card_box));
       child != NULL && !some;
       child = gtk_widget_get_next_sibling (child))
    some = gtk_widget_get_visible (child);

  gtk_widget_set_visible (GTK_WIDGET (self->card_box), some);
}

static void
update (PorchDoctorView *self)
{
  GDateTime *looked = self->doctor != NULL ? porch_domain_doctor_get_last_looked (self->doctor) : NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *moment = NULL;
  g_autofree char *text = NULL;

  update_cards (self);

  if (looked == NULL)
    {
      gtk_label_set_label (self->looked_label, _("Not looked at yet."));
      return;
    }

  moment = porch_moment_words (looked, now);

  if (porch_domain_doctor_get_watching (self->doctor))
    /* Translators: the placeholder is a moment, as in “Today at 14:05” */
    text = g_strdup_printf (_("Last look: %s. Porchlight looks again by itself."), moment);
  else
    text = g_strdup_printf (_("Last look: %s."), moment);

  gtk_label_set_label (self->looked_label, text);
}

static void
look (PorchDoctorView *self)
{
  PorchSite *site = porch_domain_doctor_get_site (self->doctor);
  PorchOperation *operation = site != NULL ? porch_address_find_work (site) : NULL;

  /* Work that waits for what is looked at goes on at once */
  if (operation != NULL && porch_operation_is_active (operation))
    porch_address_operation_look_again (PORCH_ADDRESS_OPERATION (operation));

  dex_clear (&self->looking);
  self->looking = porch_domain_doctor_look (self->doctor);
}

/* What is done is only looked after */
static char *
steps_title (GObject  *object,
             gboolean  works)
{
  return g_strdup (works ? _("Check-Up") : _("How Far It Is"));
}

static void
look_again_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  PorchDoctorView *self = PORCH_DOCTOR_VIEW (widget);

  if (self->doctor != NULL)
    look (self);
}

static void
porch_doctor_view_map (GtkWidget *widget)
{
  PorchDoctorView *self = PORCH_DOCTOR_VIEW (widget);

  GTK_WIDGET_CLASS (porch_doctor_view_parent_class)->map (widget);

  if (self->doctor != NULL)
    porch_domain_doctor_set_watching (self->doctor, TRUE);
}

static void
porch_doctor_view_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DOCTOR:
      g_value_set_object (value, PORCH_DOCTOR_VIEW (object)->doctor);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_doctor_view_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_DOCTOR:
      porch_doctor_view_set_doctor (PORCH_DOCTOR_VIEW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_doctor_view_dispose (GObject *object)
{
  PorchDoctorView *self = PORCH_DOCTOR_VIEW (object);

  dex_clear (&self->looking);
  g_clear_object (&self->signals);

  if (self->step_list != NULL)
    gtk_list_box_bind_model (self->step_list, NULL, NULL, NULL, NULL);

  g_clear_object (&self->doctor);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_DOCTOR_VIEW);

  G_OBJECT_CLASS (porch_doctor_view_parent_class)->dispose (object);
}

static void
porch_doctor_view_class_init (PorchDoctorViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_doctor_view_get_property;
  object_class->set_property = porch_doctor_view_set_property;
  object_class->dispose = porch_doctor_view_dispose;

  widget_class->map = porch_doctor_view_map;

  properties[PROP_DOCTOR] =
    g_param_spec_object ("doctor", NULL, NULL, PORCH_TYPE_DOMAIN_DOCTOR,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-doctor-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchDoctorView, card_box);
  gtk_widget_class_bind_template_child (widget_class, PorchDoctorView, step_list);
  gtk_widget_class_bind_template_child (widget_class, PorchDoctorView, looked_label);

  gtk_widget_class_bind_template_callback (widget_class, steps_title);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "doctor.look-again", NULL, look_again_action);
}

static void
porch_doctor_view_init (PorchDoctorView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (PORCH_TYPE_DOMAIN_DOCTOR);
  g_signal_group_connect_swapped (self->signals, "items-changed", G_CALLBACK (steps_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (update), self);
}

/**
 * porch_doctor_view_set_doctor:
 * @self: a view
 * @doctor: (nullable): who looks at the address
 *
 * Shows what @doctor finds.
 */
void
porch_doctor_view_set_doctor (PorchDoctorView   *self,
                              PorchDomainDoctor *doctor)
{
  g_return_if_fail (PORCH_IS_DOCTOR_VIEW (self));
  g_return_if_fail (doctor == NULL || PORCH_IS_DOMAIN_DOCTOR (doctor));

  if (!g_set_object (&self->doctor, doctor))
    return;

  dex_clear (&self->looking);
  g_signal_group_set_target (self->signals, doctor);
  gtk_list_box_bind_model (self->step_list, G_LIST_MODEL (doctor), create_step_row, NULL, NULL);
  steps_changed_cb (self);
  update (self);

  if (doctor != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    porch_domain_doctor_set_watching (doctor, TRUE);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOCTOR]);
}
