/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-name-page.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* The address that somebody has already. What is typed or pasted is understood while it is typed; it is only called wrong
 * once the person wants to go on.
 */
struct _PorchAddressNamePage
{
  PorchWizardPage    parent_instance;

  AdwEntryRow       *name_row;
  GtkLabel          *name_error;
  GtkLabel          *name_hint;
  GtkWidget         *practice_group;
  GtkWidget         *sibling_group;
  AdwSwitchRow      *sibling_row;
  AdwComboRow       *main_row;
  GtkStringList     *main_names;

  PorchAddressPlan  *plan;
  guint              updating : 1;
};

G_DEFINE_FINAL_TYPE (PorchAddressNamePage, porch_address_name_page, PORCH_TYPE_WIZARD_PAGE)

static PorchAccount *
get_account (PorchAddressNamePage *self)
{
  return porch_site_get_account (porch_address_plan_get_site (self->plan));
}

static void
update_hint (PorchAddressNamePage *self)
{
  g_autoptr(PorchDomainName) main = NULL;
  g_autoptr(PorchDomainName) other = NULL;
  g_autofree char *main_words = NULL;
  g_autofree char *other_words = NULL;
  g_autofree char *text = NULL;

  if (porch_address_plan_get_name (self->plan) == NULL)
    {
      gtk_label_set_label (self->name_hint,
                           porch_account_is_practice (get_account (self)) ? _("For example “rosas-bakery.localhost”.")
                                                                          : _("For example “rosas-bakery.org”."));
      return;
    }

  main = porch_address_plan_dup_canonical (self->plan);
  other = porch_address_plan_dup_other (self->plan);
  main_words = porch_isolate (porch_domain_name_get_shown (main));

  if (other == NULL)
    {
      /* Translators: the placeholder is an address, as in “example.org” */
      text = g_strdup_printf (_("Visitors find the site at %s."), main_words);
    }
  else
    {
      other_words = porch_isolate (porch_domain_name_get_shown (other));
      /* Translators: the placeholders are addresses, as in “example.org” and “www.example.org” */
      text = g_strdup_printf (_("Visitors find the site at %s. %s leads there."), main_words, other_words);
    }

  gtk_label_set_label (self->name_hint, text);
}

/* The bare name and the one with “www.” belong together; anything else stands alone */
static void
update_sibling (PorchAddressNamePage *self)
{
  PorchDomainName *name = porch_address_plan_get_name (self->plan);
  g_autoptr(PorchDomainName) sibling = name != NULL ? porch_domain_name_dup_sibling (name) : NULL;
  g_autofree char *words = NULL;
  g_autofree char *title = NULL;

  gtk_widget_set_visible (self->sibling_group, sibling != NULL);

  if (sibling == NULL)
    return;

  words = porch_isolate (porch_domain_name_get_shown (sibling));
  /* Translators: the placeholder is an address, as in “www.example.org” */
  title = g_strdup_printf (_("Also Answer at %s"), words);

  self->updating = TRUE;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->sibling_row), title);
  adw_switch_row_set_active (self->sibling_row, porch_address_plan_get_with_sibling (self->plan));
  gtk_string_list_splice (self->main_names, 0, g_list_model_get_n_items (G_LIST_MODEL (self->main_names)),
                          (const char *[]) { porch_domain_name_get_shown (name), porch_domain_name_get_shown (sibling), NULL });
  adw_combo_row_set_selected (self->main_row, porch_address_plan_get_main_is_sibling (self->plan) ? 1 : 0);
  self->updating = FALSE;
}

static void
update (PorchAddressNamePage *self)
{
  update_sibling (self);
  update_hint (self);
}

static void
name_changed_cb (PorchAddressNamePage *self,
                 AdwEntryRow          *row)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (row));

  porch_row_set_error (GTK_WIDGET (row), self->name_error, NULL);
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);

  if (!porch_address_plan_parse_name (self->plan, typed, NULL))
    porch_address_plan_set_name (self->plan, NULL);

  porch_wizard_page_set_complete (PORCH_WIZARD_PAGE (self), *typed != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->name_hint), TRUE);
  update (self);
}

static void
sibling_changed_cb (PorchAddressNamePage *self)
{
  if (self->updating)
    return;

  porch_address_plan_set_with_sibling (self->plan, adw_switch_row_get_active (self->sibling_row));
  update_hint (self);
}

static void
main_changed_cb (PorchAddressNamePage *self)
{
  if (self->updating)
    return;

  porch_address_plan_set_main_is_sibling (self->plan, adw_combo_row_get_selected (self->main_row) == 1);
  update_hint (self);
}

static void
open_registrar_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchAccount *account = get_account (PORCH_ADDRESS_NAME_PAGE (widget));
  g_autofree char *uri = g_strconcat (porch_account_get_endpoint (account), "/registrar", NULL);

  porch_widget_open_uri (widget, uri);
}

static DexFuture *
porch_address_name_page_check (PorchWizardPage *page)
{
  PorchAddressNamePage *self = PORCH_ADDRESS_NAME_PAGE (page);
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->name_row));
  g_autoptr(GError) error = NULL;

  if (porch_address_plan_get_name (self->plan) == NULL &&
      !porch_address_plan_parse_name (self->plan, typed, &error))
    {
      porch_row_set_error (GTK_WIDGET (self->name_row), self->name_error, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->name_hint), FALSE);
      gtk_widget_grab_focus (GTK_WIDGET (self->name_row));

      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the row");
    }

  return porch_address_plan_check_name (self->plan);
}

static void
porch_address_name_page_dispose (GObject *object)
{
  g_clear_object (&PORCH_ADDRESS_NAME_PAGE (object)->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_NAME_PAGE);

  G_OBJECT_CLASS (porch_address_name_page_parent_class)->dispose (object);
}

static void
porch_address_name_page_class_init (PorchAddressNamePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_address_name_page_dispose;


  page_class->check = porch_address_name_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-name-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressNamePage, name_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressNamePage, name_error);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressNamePage, name_hint);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressNamePage, practice_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressNamePage, sibling_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressNamePage, sibling_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressNamePage, main_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressNamePage, main_names);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, sibling_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, main_changed_cb);

  gtk_widget_class_install_action (widget_class, "name.open-registrar", NULL, open_registrar_action);
}

static void
porch_address_name_page_init (PorchAddressNamePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  porch_page_begin_at (ADW_NAVIGATION_PAGE (self), GTK_WIDGET (self->name_row));
}

/**
 * porch_address_name_page_new:
 * @plan: what the person chooses goes in here
 *
 * Returns: a page that asks which address the person has
 */
PorchAddressNamePage *
porch_address_name_page_new (PorchAddressPlan *plan)
{
  PorchAddressNamePage *self;
  PorchDomainName *name;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_NAME_PAGE, NULL);
  self->plan = g_object_ref (plan);
  name = porch_address_plan_get_name (plan);

  if (name != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->name_row), porch_domain_name_get_shown (name));

  gtk_widget_set_visible (self->practice_group, porch_account_is_practice (get_account (self)));
  update (self);

  return self;
}
