/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-contact-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "porch-widget-util.h"

/* Who owns the name that is bought. What a country does not ask for is not asked for here; a mistake is said under its row
 * when the person has left it, not while typing.
 */
struct _PorchAddressContactPage
{
  PorchWizardPage      parent_instance;

  AdwComboRow         *kind_row;
  AdwComboRow         *country_row;
  AdwPreferencesGroup *name_group;
  AdwPreferencesGroup *place_group;
  AdwPreferencesGroup *reach_group;

  PorchAddressPlan    *plan;
  PorchDomainContact  *contact;
  GtkWidget           *rows[PORCH_DOMAIN_CONTACT_N_FIELDS];
  GtkWidget           *errors[PORCH_DOMAIN_CONTACT_N_FIELDS];
  gboolean             filling;    /* a list is being changed, not chosen from */
};

G_DEFINE_FINAL_TYPE (PorchAddressContactPage, porch_address_contact_page, PORCH_TYPE_WIZARD_PAGE)

static const struct
{
  PorchDomainContactField  field;
  const char              *title;
  GtkInputPurpose          purpose;
} fields[] = {
  { PORCH_DOMAIN_CONTACT_FIRST_NAME, N_("_First Name"), GTK_INPUT_PURPOSE_NAME },
  { PORCH_DOMAIN_CONTACT_LAST_NAME, N_("_Last Name"), GTK_INPUT_PURPOSE_NAME },
  { PORCH_DOMAIN_CONTACT_ORGANIZATION, N_("O_rganization"), GTK_INPUT_PURPOSE_FREE_FORM },
  { PORCH_DOMAIN_CONTACT_ADDRESS_1, N_("_Street and Number"), GTK_INPUT_PURPOSE_FREE_FORM },
  { PORCH_DOMAIN_CONTACT_ADDRESS_2, N_("_More of the Address (Optional)"), GTK_INPUT_PURPOSE_FREE_FORM },
  { PORCH_DOMAIN_CONTACT_ZIP, N_("_Postal Code"), GTK_INPUT_PURPOSE_FREE_FORM },
  { PORCH_DOMAIN_CONTACT_CITY, N_("Ci_ty"), GTK_INPUT_PURPOSE_FREE_FORM },
  { PORCH_DOMAIN_CONTACT_STATE, N_("State or Pro_vince"), GTK_INPUT_PURPOSE_FREE_FORM },
  { PORCH_DOMAIN_CONTACT_PHONE, N_("P_hone"), GTK_INPUT_PURPOSE_PHONE },
  { PORCH_DOMAIN_CONTACT_MAIL, N_("Mail _Address"), GTK_INPUT_PURPOSE_EMAIL },
};

static const char *
get_country (PorchAddressContactPage *self)
{
  const char *code = porch_domain_contact_get (self->contact, PORCH_DOMAIN_CONTACT_COUNTRY);

  return code != NULL ? code : "";
}

static gboolean
is_wanted (PorchAddressContactPage *self,
           PorchDomainContactField  field)
{
  if (field == PORCH_DOMAIN_CONTACT_ORGANIZATION)
    return porch_domain_contact_get_kind (self->contact) != PORCH_DOMAIN_CONTACT_PERSON;
  else if (field == PORCH_DOMAIN_CONTACT_STATE || field == PORCH_DOMAIN_CONTACT_ZIP)
    return porch_domain_contact_needs (get_country (self), field);
  else
    return TRUE;
}

static void
set_field_error (PorchAddressContactPage *self,
                 PorchDomainContactField  field,
                 const char              *text)
{
  if (self->rows[field] != NULL)
    porch_row_set_error (self->rows[field], GTK_LABEL (self->errors[field]), text);
}

static void
update_rows (PorchAddressContactPage *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      PorchDomainContactField field = fields[i].field;

      gtk_widget_set_visible (self->rows[field], is_wanted (self, field));

      if (!is_wanted (self, field))
        set_field_error (self, field, NULL);
    }
}

static void
text_changed_cb (PorchAddressContactPage *self,
                 GtkEditable             *row)
{
  PorchDomainContactField field = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "field"));
  const char *text = gtk_editable_get_text (row);

  porch_domain_contact_set (self->contact, field, text);
  set_field_error (self, field, NULL);
}

/* Nobody is told off before having typed something */
static void
left_cb (GtkEventController      *controller,
         PorchAddressContactPage *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (controller);
  PorchDomainContactField field = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "field"));
  g_autoptr(GError) error = NULL;

  if (*gtk_editable_get_text (GTK_EDITABLE (row)) != '\0' &&
      !porch_domain_contact_check_field (self->contact, field, &error))
    set_field_error (self, field, error->message);
}

/* In the list, so that it is right below the row that it is about */
static GtkWidget *
create_error_row (GtkWidget *label)
{
  GtkWidget *row = adw_preferences_row_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_visible (label, FALSE);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_set_margin_bottom (label, 6);
  gtk_widget_add_css_class (label, "error");
  gtk_widget_add_css_class (label, "caption");

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  g_object_bind_property (label, "visible", row, "visible", G_BINDING_SYNC_CREATE);

  return row;
}

static AdwPreferencesGroup *
get_group (PorchAddressContactPage *self,
           PorchDomainContactField  field)
{
  if (field <= PORCH_DOMAIN_CONTACT_ORGANIZATION)
    return self->name_group;

  return field >= PORCH_DOMAIN_CONTACT_PHONE ? self->reach_group : self->place_group;
}

static GtkWidget *
create_entry_row (PorchAddressContactPage *self,
                  guint                    i)
{
  PorchDomainContactField field = fields[i].field;
  GtkWidget *row = adw_entry_row_new ();
  GtkEventController *controller = gtk_event_controller_focus_new ();
  const char *text = porch_domain_contact_get (self->contact, field);

  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (row), fields[i].purpose);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
  g_object_set_data (G_OBJECT (row), "field", GUINT_TO_POINTER (field));
  g_signal_connect_object (row, "changed", G_CALLBACK (text_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "leave", G_CALLBACK (left_cb), self, 0);
  gtk_widget_add_controller (row, controller);

  return row;
}

/* A list always has something chosen, so that nothing is an item of its own: better that than the first of the alphabet. */
static GtkStringList *
create_names (void)
{
  /* Translators: stands for nothing in a list from which something has to be chosen */
  return gtk_string_list_new ((const char *[]) { C_("country or state", "Choose…"), NULL });
}

static void
set_names (AdwComboRow   *row,
           GtkStringList *names,
           guint          selected)
{
  g_autoptr(GtkExpression) expression = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  adw_combo_row_set_expression (row, expression);
  adw_combo_row_set_model (row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (row, selected);
}

static void
state_changed_cb (PorchAddressContactPage *self)
{
  const PorchCountryState *states = porch_country_list_states (get_country (self));
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self->rows[PORCH_DOMAIN_CONTACT_STATE]));

  if (self->filling)
    return;

  porch_domain_contact_set (self->contact, PORCH_DOMAIN_CONTACT_STATE,
                            states != NULL && selected > 0 ? states[selected - 1].code : NULL);
  set_field_error (self, PORCH_DOMAIN_CONTACT_STATE, NULL);
}

static void
fill_states (PorchAddressContactPage *self)
{
  const PorchCountryState *states = porch_country_list_states (get_country (self));
  const char *code = porch_domain_contact_get (self->contact, PORCH_DOMAIN_CONTACT_STATE);
  g_autoptr(GtkStringList) names = create_names ();
  guint selected = 0;

  for (guint i = 0; states != NULL && states[i].code != NULL; i++)
    {
      gtk_string_list_append (names, porch_country_state_get_name (&states[i]));

      if (g_strcmp0 (states[i].code, code) == 0)
        selected = i + 1;
    }

  self->filling = TRUE;
  set_names (ADW_COMBO_ROW (self->rows[PORCH_DOMAIN_CONTACT_STATE]), names, selected);
  self->filling = FALSE;
  state_changed_cb (self);
}

static GtkWidget *
create_state_row (PorchAddressContactPage *self)
{
  GtkWidget *row = adw_combo_row_new ();

  adw_combo_row_set_enable_search (ADW_COMBO_ROW (row), TRUE);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);

  return row;
}

static void
add_row (PorchAddressContactPage *self,
         guint                    i)
{
  PorchDomainContactField field = fields[i].field;
  GtkWidget *row = field == PORCH_DOMAIN_CONTACT_STATE ? create_state_row (self) : create_entry_row (self, i);
  GtkWidget *label = gtk_label_new (NULL);

  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(fields[i].title));

  self->rows[field] = row;
  self->errors[field] = label;
  adw_preferences_group_add (get_group (self, field), row);
  adw_preferences_group_add (get_group (self, field), create_error_row (label));
}

static void
kind_changed_cb (PorchAddressContactPage *self)
{
  if (self->contact == NULL)
    return;

  porch_domain_contact_set_kind (self->contact, adw_combo_row_get_selected (self->kind_row));
  update_rows (self);
}

/* The number of the country before the phone's own is known from the country */
static void
fill_dial_code (PorchAddressContactPage *self,
                const char              *before)
{
  GtkEditable *row = GTK_EDITABLE (self->rows[PORCH_DOMAIN_CONTACT_PHONE]);
  const char *text = gtk_editable_get_text (row);
  PorchCountry *old = porch_country_find (before);
  PorchCountry *new = porch_country_find (get_country (self));
  g_autofree char *old_code = old != NULL ? g_strdup_printf ("+%s ", porch_country_get_dial_code (old)) : NULL;
  g_autofree char *new_code = NULL;

  if (new == NULL || porch_country_get_dial_code (new) == NULL)
    return;

  new_code = g_strdup_printf ("+%s ", porch_country_get_dial_code (new));

  if (*text == '\0' || g_strcmp0 (text, old_code) == 0)
    gtk_editable_set_text (row, new_code);
}

static void
country_changed_cb (PorchAddressContactPage *self)
{
  g_autofree char *before = NULL;
  g_autoptr(PorchCountry) country = NULL;
  guint selected = adw_combo_row_get_selected (self->country_row);

  if (self->contact == NULL || self->filling)
    return;

  before = g_strdup (get_country (self));
  country = selected > 0 ? g_list_model_get_item (porch_country_list (), selected - 1) : NULL;
  porch_domain_contact_set (self->contact, PORCH_DOMAIN_CONTACT_COUNTRY,
                            country != NULL ? porch_country_get_code (country) : NULL);

  if (country != NULL)
    porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);

  fill_dial_code (self, before);
  fill_states (self);
  update_rows (self);
}

static void
choose_country (PorchAddressContactPage *self)
{
  GListModel *countries = porch_country_list ();
  g_autoptr(GtkStringList) names = create_names ();
  guint selected = 0;

  for (guint i = 0; i < g_list_model_get_n_items (countries); i++)
    {
      g_autoptr(PorchCountry) country = g_list_model_get_item (countries, i);

      gtk_string_list_append (names, porch_country_get_name (country));

      if (g_str_equal (porch_country_get_code (country), get_country (self)))
        selected = i + 1;
    }

  self->filling = TRUE;
  set_names (self->country_row, names, selected);
  self->filling = FALSE;
  country_changed_cb (self);
}

static DexFuture *
porch_address_contact_page_check (PorchWizardPage *page)
{
  PorchAddressContactPage *self = PORCH_ADDRESS_CONTACT_PAGE (page);
  gboolean good = *get_country (self) != '\0';

  /* What else is asked for depends on it */
  if (!good)
    {
      porch_wizard_page_set_error (page, _("Choose the country first."));
      gtk_widget_grab_focus (GTK_WIDGET (self->country_row));
    }

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      PorchDomainContactField field = fields[i].field;
      g_autoptr(GError) error = NULL;

      if (!is_wanted (self, field) || porch_domain_contact_check_field (self->contact, field, &error))
        continue;

      set_field_error (self, field, error->message);

      if (good)
        gtk_widget_grab_focus (self->rows[field]);

      good = FALSE;
    }

  if (!good)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the rows");

  porch_address_plan_set_contact (self->plan, self->contact);

  /* What the review warns of */
  return porch_address_plan_look (self->plan);
}

static void
porch_address_contact_page_dispose (GObject *object)
{
  PorchAddressContactPage *self = PORCH_ADDRESS_CONTACT_PAGE (object);

  g_clear_object (&self->contact);
  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_CONTACT_PAGE);

  G_OBJECT_CLASS (porch_address_contact_page_parent_class)->dispose (object);
}

static void
porch_address_contact_page_class_init (PorchAddressContactPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_address_contact_page_dispose;

  page_class->check = porch_address_contact_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-contact-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressContactPage, kind_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressContactPage, country_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressContactPage, name_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressContactPage, place_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressContactPage, reach_group);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, country_changed_cb);
}

static void
porch_address_contact_page_init (PorchAddressContactPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_address_contact_page_new:
 * @plan: the owner goes in here
 *
 * Returns: a page that asks who owns the name
 */
PorchAddressContactPage *
porch_address_contact_page_new (PorchAddressPlan *plan)
{
  PorchAddressContactPage *self;
  PorchDomainContact *contact;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_CONTACT_PAGE, NULL);
  self->plan = g_object_ref (plan);
  contact = porch_address_plan_get_contact (plan);
  self->contact = contact != NULL ? g_object_ref (contact) : porch_domain_contact_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    add_row (self, i);

  adw_combo_row_set_selected (self->kind_row, porch_domain_contact_get_kind (self->contact));
  choose_country (self);
  update_rows (self);

  return self;
}
