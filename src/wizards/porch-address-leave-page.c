/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-leave-page.h"

#include <glib/gi18n.h>

#include "porch-instructions.h"
#include "porch-widget-util.h"

/* What the owner does by hand when the name stays where it is. Said honestly where the company can't do all of it: then the
 * bare name only forwards, or the name moves after all.
 */
struct _PorchAddressLeavePage
{
  PorchWizardPage      parent_instance;

  AdwPreferencesPage  *page;
  AdwPreferencesGroup *apex_group;
  AdwActionRow        *www_row;
  GtkCheckButton      *www_check;
  AdwActionRow        *bare_row;
  GtkCheckButton      *bare_check;
  GtkListBox          *step_list;

  PorchAddressPlan    *plan;
};

enum
{
  MOVE_INSTEAD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchAddressLeavePage, porch_address_leave_page, PORCH_TYPE_WIZARD_PAGE)

/* The bare name is one of the site's: the only one where companies differ in what they can do */
static gboolean
wants_apex (PorchAddressLeavePage *self)
{
  g_autoptr(PorchDomainName) main = porch_address_plan_dup_canonical (self->plan);
  g_autoptr(PorchDomainName) other = porch_address_plan_dup_other (self->plan);

  return porch_domain_name_get_kind (main) == PORCH_DOMAIN_APEX ||
         (other != NULL && porch_domain_name_get_kind (other) == PORCH_DOMAIN_APEX);
}

static void
set_www (PorchAddressLeavePage *self,
         gboolean               www)
{
  PorchDomainName *name = porch_address_plan_get_name (self->plan);
  gboolean name_is_www = porch_domain_name_get_kind (name) == PORCH_DOMAIN_WWW;

  if (www && !name_is_www)
    porch_address_plan_set_with_sibling (self->plan, TRUE);

  porch_address_plan_set_main_is_sibling (self->plan, www != name_is_www);
}

static void
main_changed_cb (PorchAddressLeavePage *self)
{
  if (self->plan != NULL)
    set_www (self, gtk_check_button_get_active (self->www_check));
}

static void
describe_apex (PorchAddressLeavePage *self,
               PorchDomainHost       *host,
               const char            *shown)
{
  PorchDomainApex apex = porch_domain_host_get_apex (host);
  g_autoptr(PorchDomainName) main = porch_address_plan_dup_canonical (self->plan);
  gboolean can = apex == PORCH_DOMAIN_APEX_ALIAS || apex == PORCH_DOMAIN_APEX_ANAME || apex == PORCH_DOMAIN_APEX_FLATTENED;
  gboolean www = porch_domain_name_get_kind (main) == PORCH_DOMAIN_WWW || apex == PORCH_DOMAIN_APEX_NONE;
  g_autofree char *text = porch_domain_host_dup_apex_text (host, shown);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_autofree char *isolated = porch_isolate (shown);
  g_autofree char *with = NULL;
  g_autofree char *without = NULL;

  /* Translators: the placeholder is an address, as in “example.org” */
  with = g_strdup_printf (can ? _("%s leads there.") : _("The company forwards %s to it."), isolated);
  without = g_strdup (can ? _("The one with “www.” leads there.") : _("Only if the company can do it."));

  adw_preferences_group_set_description (self->apex_group, escaped);
  adw_action_row_set_subtitle (self->www_row, with);
  adw_action_row_set_subtitle (self->bare_row, without);
  gtk_widget_set_visible (GTK_WIDGET (self->bare_row), apex != PORCH_DOMAIN_APEX_NONE);
  gtk_check_button_set_active (www ? self->www_check : self->bare_check, TRUE);
  set_www (self, www);
  gtk_widget_set_visible (GTK_WIDGET (self->apex_group), TRUE);
}

static void
show_plan (PorchAddressLeavePage *self)
{
  PorchDomainSurvey *survey = porch_address_plan_get_survey (self->plan);
  PorchDomainHost *host = porch_domain_survey_get_host (survey);
  const char *domain = porch_domain_name_get_registrable (porch_address_plan_get_name (self->plan));
  g_autofree char *shown = porch_domain_name_show (domain);
  g_auto(GStrv) steps = porch_domain_host_dup_record_steps (host, shown);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (porch_domain_host_get_name (host) != NULL)
    {
      name = porch_isolate (porch_domain_host_get_name (host));
      /* Translators: the placeholder is the name of a company */
      text = g_strdup_printf (_("You enter a few records at %s, to be copied from here. Nothing else there changes, mail neither."), name);
    }
  else
    {
      text = g_strdup (_("You enter a few records where the name is looked after, to be copied from here. Nothing else there changes, "
                         "mail neither."));
    }

  adw_preferences_page_set_description (self->page, text);
  porch_instructions_fill (self->step_list, (const char * const *) steps);

  if (wants_apex (self))
    describe_apex (self, host, shown);
}

static void
move_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  porch_address_plan_set_way (PORCH_ADDRESS_LEAVE_PAGE (widget)->plan, PORCH_ADDRESS_MOVE);
  g_signal_emit (widget, signals[MOVE_INSTEAD], 0);
}

/* What is in the way is said on the next page */
static DexFuture *
porch_address_leave_page_check (PorchWizardPage *page)
{
  return porch_address_plan_look (PORCH_ADDRESS_LEAVE_PAGE (page)->plan);
}

static void
porch_address_leave_page_dispose (GObject *object)
{
  g_clear_object (&PORCH_ADDRESS_LEAVE_PAGE (object)->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_LEAVE_PAGE);

  G_OBJECT_CLASS (porch_address_leave_page_parent_class)->dispose (object);
}

static void
porch_address_leave_page_class_init (PorchAddressLeavePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_address_leave_page_dispose;

  page_class->check = porch_address_leave_page_check;

  signals[MOVE_INSTEAD] =
    g_signal_new ("move-instead", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-leave-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLeavePage, page);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLeavePage, apex_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLeavePage, www_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLeavePage, www_check);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLeavePage, bare_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLeavePage, bare_check);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLeavePage, step_list);
  gtk_widget_class_bind_template_callback (widget_class, main_changed_cb);

  gtk_widget_class_install_action (widget_class, "leave.move", NULL, move_action);
}

static void
porch_address_leave_page_init (PorchAddressLeavePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_address_leave_page_new:
 * @plan: has a survey of the name; which name is the main one goes in here
 *
 * Returns: a page that says what the owner does by hand when the name stays where it is
 */
PorchAddressLeavePage *
porch_address_leave_page_new (PorchAddressPlan *plan)
{
  PorchAddressLeavePage *self;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_LEAVE_PAGE, NULL);
  self->plan = g_object_ref (plan);
  show_plan (self);

  return self;
}
