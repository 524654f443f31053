/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-move-page.h"

#include <glib/gi18n.h>

#include "porch-instructions.h"
#include "porch-widget-util.h"

/* Everything that is copied before a name moves, to be looked through: mail first, since that is what people miss first. */
struct _PorchAddressMovePage
{
  PorchWizardPage      parent_instance;

  AdwPreferencesPage  *page;
  GtkWidget           *signed_group;
  GtkListBox          *signed_list;
  AdwPreferencesGroup *mail_group;
  AdwPreferencesGroup *web_group;
  AdwPreferencesGroup *proof_group;
  AdwPreferencesGroup *other_group;
  AdwPreferencesGroup *kept_group;

  PorchAddressPlan    *plan;
};

G_DEFINE_FINAL_TYPE (PorchAddressMovePage, porch_address_move_page, PORCH_TYPE_WIZARD_PAGE)

/* Why a record is not copied; the site takes the place of what its names lead to now */
static const char *
get_obstacle (PorchAddressMovePage *self,
              PorchDomainRecord    *record)
{
  static const char * const types[] = { "A", "AAAA", "CNAME", NULL };
  g_autoptr(PorchAddress) address = porch_address_plan_dup_address (self->plan);

  if (porch_domain_record_get_obstacle (record) == NULL && address != NULL &&
      g_strv_contains (types, porch_domain_record_get_record_type (record)) &&
      g_strv_contains (porch_address_get_names (address), porch_domain_record_get_name (record)))
    return _("Your site takes its place.");

  return porch_domain_record_get_obstacle (record);
}

static AdwPreferencesGroup *
get_group (PorchAddressMovePage *self,
           PorchDomainRecord    *record)
{
  if (get_obstacle (self, record) != NULL)
    return self->kept_group;

  switch (porch_domain_record_get_group (record))
    {
    case PORCH_DOMAIN_GROUP_MAIL:
      return self->mail_group;
    case PORCH_DOMAIN_GROUP_WEB:
      return self->web_group;
    case PORCH_DOMAIN_GROUP_PROOF:
      return self->proof_group;
    case PORCH_DOMAIN_GROUP_OTHER:
    default:
      return self->other_group;
    }
}

static void
copied_cb (PorchAddressMovePage *self,
           GParamSpec           *pspec,
           GtkWidget            *row)
{
  porch_address_plan_set_left_out (self->plan, g_object_get_data (G_OBJECT (row), "record"),
                                   !adw_switch_row_get_active (ADW_SWITCH_ROW (row)));
}

static GtkWidget *
create_row (PorchAddressMovePage *self,
            PorchDomainRecord    *record)
{
  const char *obstacle = get_obstacle (self, record);
  GtkWidget *row = obstacle != NULL ? adw_action_row_new () : adw_switch_row_new ();
  g_autofree char *name = porch_isolate (porch_domain_record_get_shown_name (record));
  g_autofree char *value = porch_isolate (porch_domain_record_get_value (record));
  g_autofree char *subtitle = g_strdup_printf ("%s · %s\n%s", name, porch_domain_record_get_record_type (record),
                                               obstacle != NULL ? obstacle : value);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_domain_record_get_purpose (record));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  if (obstacle == NULL)
    {
      adw_switch_row_set_active (ADW_SWITCH_ROW (row), !porch_address_plan_is_left_out (self->plan, record));
      g_object_set_data_full (G_OBJECT (row), "record", g_object_ref (record), g_object_unref);
      g_signal_connect_object (row, "notify::active", G_CALLBACK (copied_cb), self, G_CONNECT_SWAPPED);
    }

  return row;
}

static guint
fill (PorchAddressMovePage *self)
{
  GListModel *records = porch_domain_survey_get_records (porch_address_plan_get_survey (self->plan));
  guint n_copied = 0;

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(PorchDomainRecord) record = g_list_model_get_item (records, i);
      AdwPreferencesGroup *group = get_group (self, record);

      adw_preferences_group_add (group, create_row (self, record));
      gtk_widget_set_visible (GTK_WIDGET (group), TRUE);

      if (group != self->kept_group)
        n_copied++;
    }

  return n_copied;
}

static void
describe (PorchAddressMovePage *self,
          guint                 n_copied)
{
  PorchDomainSurvey *survey = porch_address_plan_get_survey (self->plan);
  const char *domain = porch_domain_name_get_registrable (porch_address_plan_get_name (self->plan));
  g_autofree char *shown = porch_domain_name_show (domain);
  g_auto(GStrv) steps = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u record was found and is copied as it is, so that all goes on as before.",
                                          "%u records were found and are copied as they are, so that all goes on as before.",
                                          n_copied),
                          n_copied);

  if (porch_domain_survey_is_incomplete (survey))
    {
      g_string_append_c (text, ' ');
      g_string_append (text, _("Not everything could be asked: compare the list with what the company shows where the name is now."));
    }

  adw_preferences_page_set_description (self->page, text->str);

  if (porch_domain_survey_is_signed (survey))
    {
      steps = porch_domain_host_dup_signing_steps (porch_domain_survey_get_host (survey), shown);
      porch_instructions_fill (self->signed_list, (const char * const *) steps);
      gtk_widget_set_visible (self->signed_group, TRUE);
    }
}

/* What is in the way is said on the next page */
static DexFuture *
porch_address_move_page_check (PorchWizardPage *page)
{
  return porch_address_plan_look (PORCH_ADDRESS_MOVE_PAGE (page)->plan);
}

static void
porch_address_move_page_dispose (GObject *object)
{
  g_clear_object (&PORCH_ADDRESS_MOVE_PAGE (object)->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_MOVE_PAGE);

  G_OBJECT_CLASS (porch_address_move_page_parent_class)->dispose (object);
}

static void
porch_address_move_page_class_init (PorchAddressMovePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_address_move_page_dispose;

  page_class->check = porch_address_move_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-move-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressMovePage, page);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressMovePage, signed_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressMovePage, signed_list);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressMovePage, mail_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressMovePage, web_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressMovePage, proof_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressMovePage, other_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressMovePage, kept_group);
}

static void
porch_address_move_page_init (PorchAddressMovePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_address_move_page_new:
 * @plan: has a survey of the name
 *
 * Returns: a page that shows what is copied when the name moves into the account
 */
PorchAddressMovePage *
porch_address_move_page_new (PorchAddressPlan *plan)
{
  PorchAddressMovePage *self;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_MOVE_PAGE, NULL);
  self->plan = g_object_ref (plan);
  describe (self, fill (self));

  return self;
}
