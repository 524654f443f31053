/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-name-page.h"

#include <glib/gi18n.h>

#include "porch-account.h"
#include "porch-widget-util.h"

/* The name of the site, and what its address will be like. */
struct _PorchNamePage
{
  PorchWizardPage  parent_instance;

  AdwEntryRow     *name_row;
  GtkLabel        *name_error;
  AdwActionRow    *address_row;
  AdwComboRow     *account_row;
};

G_DEFINE_FINAL_TYPE (PorchNamePage, porch_name_page, PORCH_TYPE_WIZARD_PAGE)

static char *
dup_name (PorchNamePage *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
}

static void
show_address (PorchNamePage *self)
{
  PorchPlan *plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self));
  g_autofree char *name = dup_name (self);
  g_autofree char *address = NULL;

  if (plan == NULL)
    return;

  if (!porch_account_is_practice (porch_plan_get_account (plan)))
    {
      adw_action_row_set_subtitle (self->address_row, _("A free address is made for you when the site is created"));
      return;
    }

  if (porch_plan_check_name (name, NULL))
    {
      g_autofree char *slug = porch_plan_dup_slug (name);
      g_autofree char *host = g_strconcat (slug, "-…", NULL);
      g_autofree char *start = porch_isolate (host);

      /* Translators: the placeholder is the beginning of the address of a web site */
      address = g_strdup_printf (_("Starts with %s, and works on this computer"), start);
    }

  adw_action_row_set_subtitle (self->address_row,
                               address != NULL ? address : _("Made from the name"));
}

static void
name_changed_cb (PorchNamePage *self,
                 AdwEntryRow   *row)
{
  porch_row_set_error (GTK_WIDGET (row), self->name_error, NULL);
  show_address (self);
}

static void
account_selected_cb (PorchNamePage *self,
                     GParamSpec    *pspec,
                     AdwComboRow   *row)
{
  PorchPlan *plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self));
  PorchAccount *account = adw_combo_row_get_selected_item (row);

  if (plan == NULL || account == NULL)
    return;

  porch_plan_set_account (plan, account);
  show_address (self);
}

static DexFuture *
porch_name_page_check (PorchWizardPage *page)
{
  PorchNamePage *self = PORCH_NAME_PAGE (page);
  g_autofree char *name = dup_name (self);
  g_autoptr(GError) error = NULL;

  if (!porch_plan_check_name (name, &error))
    {
      porch_row_set_error (GTK_WIDGET (self->name_row), self->name_error, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (self->name_row));

      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the row");
    }

  porch_plan_set_name (porch_wizard_page_get_plan (page), name);

  return NULL;
}

static void
porch_name_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (porch_name_page_parent_class)->map (widget);

  show_address (PORCH_NAME_PAGE (widget));
}

static void
porch_name_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_NAME_PAGE);

  G_OBJECT_CLASS (porch_name_page_parent_class)->dispose (object);
}

static void
porch_name_page_class_init (PorchNamePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_name_page_dispose;

  widget_class->map = porch_name_page_map;

  page_class->check = porch_name_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-name-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchNamePage, name_row);
  gtk_widget_class_bind_template_child (widget_class, PorchNamePage, name_error);
  gtk_widget_class_bind_template_child (widget_class, PorchNamePage, address_row);
  gtk_widget_class_bind_template_child (widget_class, PorchNamePage, account_row);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, account_selected_cb);
  porch_bind_closures (widget_class);
}

static void
porch_name_page_init (PorchNamePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  porch_page_begin_at (ADW_NAVIGATION_PAGE (self), GTK_WIDGET (self->name_row));
}

/* Lets the person choose among @accounts when there are several; the one of the plan is chosen at first. */
void
porch_name_page_set_accounts (PorchNamePage *self,
                              GListModel    *accounts)
{
  PorchPlan *plan;
  guint n_accounts;

  g_return_if_fail (PORCH_IS_NAME_PAGE (self));
  g_return_if_fail (G_IS_LIST_MODEL (accounts));

  plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self));
  n_accounts = g_list_model_get_n_items (accounts);

  for (guint i = 0; i < n_accounts; i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (accounts, i);

      if (account == porch_plan_get_account (plan))
        {
          g_autoptr(GtkExpression) name = gtk_property_expression_new (PORCH_TYPE_ACCOUNT, NULL, "name");

          adw_combo_row_set_expression (self->account_row, name);
          adw_combo_row_set_model (self->account_row, accounts);
          adw_combo_row_set_selected (self->account_row, i);
        }
    }

  gtk_widget_set_visible (GTK_WIDGET (self->account_row), n_accounts > 1);
}
