/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-doctor-card.h"

#include <glib/gi18n.h>

#include "porch-instructions.h"
#include "porch-record-row.h"
#include "porch-site.h"
#include "porch-widget-util.h"

/* What has to be done for a step, by whom and how: why, the way there, and what to enter, to be copied. It hides itself
 * while there is nothing to do.
 */
struct _PorchDoctorCard
{
  AdwBin           parent_instance;

  GtkListBox      *instruction_list;
  GtkListBox      *record_list;
  GtkButton       *page_button;

  PorchDoctorStep   *step;
  PorchDomainDoctor *doctor;
};

enum
{
  PROP_0,
  PROP_DOCTOR,
  PROP_STEP,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchDoctorCard, porch_doctor_card, ADW_TYPE_BIN)

static gboolean
is_there (GBinding     *binding,
          const GValue *from,
          GValue       *to,
          gpointer      user_data)
{
  g_value_set_boolean (to, g_value_get_enum (from) == PORCH_DOCTOR_GOOD);

  return TRUE;
}

static GtkWidget *
create_server_row (PorchDoctorRecord *record)
{
  const char *value = porch_doctor_record_get_value (record);
  g_autofree char *isolated = porch_isolate (value);
  /* Translators: the placeholder is what is copied */
  g_autofree char *label = g_strdup_printf (_("Copy “%s”"), isolated);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  GtkWidget *icon = gtk_image_new_from_icon_name ("porchlight-step-done-symbolic");

  gtk_widget_add_css_class (icon, "success");
  gtk_widget_set_tooltip_text (icon, _("It is there"));
  g_object_bind_property_full (record, "state", icon, "visible", G_BINDING_SYNC_CREATE, is_there, NULL, NULL, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), value);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);

  gtk_widget_set_tooltip_text (button, label);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "doctor.copy");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", value);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static GtkWidget *
create_record_row (gpointer item,
                   gpointer user_data)
{
  if (g_strcmp0 (porch_doctor_record_get_record_type (item), "NS") == 0)
    return create_server_row (item);

  return porch_record_row_new (item);
}

/* The company of the practice cloud is on this computer, and not always in the same place */
static char *
dup_page (PorchDoctorCard *self)
{
  PorchSite *site = self->doctor != NULL ? porch_domain_doctor_get_site (self->doctor) : NULL;
  PorchAccount *account = site != NULL ? porch_site_get_account (site) : NULL;

  if (account != NULL && porch_account_is_practice (account))
    return g_strconcat (porch_account_get_endpoint (account), "/registrar", NULL);

  return self->doctor != NULL ? g_strdup (porch_domain_doctor_get_host_uri (self->doctor)) : NULL;
}

/* The way to where it is done is half of the work */
static void
instructions_changed_cb (PorchDoctorCard *self)
{
  const char * const *instructions = porch_doctor_step_get_instructions (self->step);
  const char *name = self->doctor != NULL ? porch_domain_doctor_get_host_name (self->doctor) : NULL;
  g_autofree char *page = dup_page (self);
  gboolean has_page = instructions != NULL && page != NULL;

  porch_instructions_fill (self->instruction_list, instructions);
  gtk_widget_set_visible (GTK_WIDGET (self->page_button), has_page && name != NULL);

  if (has_page && name != NULL)
    {
      g_autofree char *isolated = porch_isolate (name);
      /* Translators: the placeholder is the name of a company */
      g_autofree char *label = g_strdup_printf (_("_Open the Page of %s"), isolated);

      gtk_button_set_label (self->page_button, label);
    }
}

static void
update (PorchDoctorCard *self)
{
  PorchDoctorState state = porch_doctor_step_get_state (self->step);
  gboolean has_records = g_list_model_get_n_items (porch_doctor_step_get_records (self->step)) > 0;
  gboolean has_words = porch_doctor_step_get_cause (self->step) != NULL || porch_doctor_step_get_remedy (self->step) != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->record_list), has_records);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          state != PORCH_DOCTOR_GOOD && state != PORCH_DOCTOR_UNKNOWN && (has_records || has_words));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  porch_widget_copy_text (widget, g_variant_get_string (parameter, NULL));
}

static void
open_page_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  g_autofree char *page = dup_page (PORCH_DOCTOR_CARD (widget));

  porch_widget_open_uri (widget, page);
}

static void
porch_doctor_card_constructed (GObject *object)
{
  PorchDoctorCard *self = PORCH_DOCTOR_CARD (object);
  GListModel *records = porch_doctor_step_get_records (self->step);

  G_OBJECT_CLASS (porch_doctor_card_parent_class)->constructed (object);

  gtk_list_box_bind_model (self->record_list, records, create_record_row, NULL, NULL);
  g_signal_connect_object (records, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->step, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->step, "notify::instructions", G_CALLBACK (instructions_changed_cb), self, G_CONNECT_SWAPPED);

  if (self->doctor != NULL)
    {
      g_signal_connect_object (self->doctor, "notify::host-name", G_CALLBACK (instructions_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->doctor, "notify::host-uri", G_CALLBACK (instructions_changed_cb), self, G_CONNECT_SWAPPED);
    }

  instructions_changed_cb (self);
  update (self);
}

static void
porch_doctor_card_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DOCTOR:
      g_value_set_object (value, PORCH_DOCTOR_CARD (object)->doctor);
      break;
    case PROP_STEP:
      g_value_set_object (value, PORCH_DOCTOR_CARD (object)->step);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_doctor_card_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_DOCTOR:
      g_set_object (&PORCH_DOCTOR_CARD (object)->doctor, g_value_get_object (value));
      break;
    case PROP_STEP:
      g_set_object (&PORCH_DOCTOR_CARD (object)->step, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_doctor_card_dispose (GObject *object)
{
  PorchDoctorCard *self = PORCH_DOCTOR_CARD (object);

  if (self->record_list != NULL)
    gtk_list_box_bind_model (self->record_list, NULL, NULL, NULL, NULL);

  g_clear_object (&self->step);
  g_clear_object (&self->doctor);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_DOCTOR_CARD);

  G_OBJECT_CLASS (porch_doctor_card_parent_class)->dispose (object);
}

static void
porch_doctor_card_class_init (PorchDoctorCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = porch_doctor_card_constructed;
  object_class->get_property = porch_doctor_card_get_property;
  object_class->set_property = porch_doctor_card_set_property;
  object_class->dispose = porch_doctor_card_dispose;

  properties[PROP_DOCTOR] =
    g_param_spec_object ("doctor", NULL, NULL, PORCH_TYPE_DOMAIN_DOCTOR,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STEP] =
    g_param_spec_object ("step", NULL, NULL, PORCH_TYPE_DOCTOR_STEP,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-doctor-card.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchDoctorCard, instruction_list);
  gtk_widget_class_bind_template_child (widget_class, PorchDoctorCard, record_list);
  gtk_widget_class_bind_template_child (widget_class, PorchDoctorCard, page_button);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "doctor.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "doctor.open-page", NULL, open_page_action);
}

static void
porch_doctor_card_init (PorchDoctorCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_doctor_card_new:
 * @doctor: (nullable): who looks at the address, and knows the company where something is to be done
 * @step: a step on the way to an own address
 *
 * Returns: (transfer floating): what has to be done for @step
 */
GtkWidget *
porch_doctor_card_new (PorchDomainDoctor *doctor,
                       PorchDoctorStep   *step)
{
  g_return_val_if_fail (doctor == NULL || PORCH_IS_DOMAIN_DOCTOR (doctor), NULL);
  g_return_val_if_fail (PORCH_IS_DOCTOR_STEP (step), NULL);

  return g_object_new (PORCH_TYPE_DOCTOR_CARD, "doctor", doctor, "step", step, NULL);
}
