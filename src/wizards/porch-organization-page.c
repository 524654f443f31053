/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-organization-page.h"

#include "porch-account.h"
#include "porch-sign-in.h"
#include "porch-survey.h"
#include "porch-widget-util.h"

/* Where the sign-in page of an organization is. */
struct _PorchOrganizationPage
{
  PorchWizardPage  parent_instance;

  AdwEntryRow     *address_row;
  GtkLabel        *address_error;
  AdwComboRow     *region_row;

  char            *address;
  char            *region;
};

G_DEFINE_FINAL_TYPE (PorchOrganizationPage, porch_organization_page, PORCH_TYPE_WIZARD_PAGE)

static gboolean
parse (PorchOrganizationPage *self,
       GError               **error)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->address_row));

  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->region, g_free);

  return porch_sign_in_parse_start_url (text, &self->address, &self->region, error);
}

/* Asked only for addresses that don't tell it */
static void
address_changed_cb (PorchOrganizationPage *self,
                    AdwEntryRow           *row)
{
  gboolean good = parse (self, NULL);

  porch_row_set_error (GTK_WIDGET (row), self->address_error, NULL);
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->region_row), good && self->region == NULL);
}

static void
fill_regions (PorchOrganizationPage *self)
{
  const char * const *regions = porch_account_list_regions ();
  const char *nearest = porch_survey_find_nearest_region (NULL);
  g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; regions[i] != NULL; i++)
    {
      gtk_string_list_append (list, porch_account_describe_region (regions[i]));

      if (g_str_equal (regions[i], nearest))
        selected = i;
    }

  adw_combo_row_set_model (self->region_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->region_row, selected);
}

static DexFuture *
porch_organization_page_check (PorchWizardPage *page)
{
  PorchOrganizationPage *self = PORCH_ORGANIZATION_PAGE (page);
  g_autoptr(GError) error = NULL;

  if (!parse (self, &error))
    {
      porch_row_set_error (GTK_WIDGET (self->address_row), self->address_error, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (self->address_row));

      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the row");
    }

  if (self->region == NULL)
    self->region = g_strdup (porch_account_list_regions ()[adw_combo_row_get_selected (self->region_row)]);

  return NULL;
}

static void
porch_organization_page_dispose (GObject *object)
{
  PorchOrganizationPage *self = PORCH_ORGANIZATION_PAGE (object);

  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->region, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ORGANIZATION_PAGE);

  G_OBJECT_CLASS (porch_organization_page_parent_class)->dispose (object);
}

static void
porch_organization_page_class_init (PorchOrganizationPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_organization_page_dispose;

  page_class->check = porch_organization_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-organization-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchOrganizationPage, address_row);
  gtk_widget_class_bind_template_child (widget_class, PorchOrganizationPage, address_error);
  gtk_widget_class_bind_template_child (widget_class, PorchOrganizationPage, region_row);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
  porch_bind_closures (widget_class);
}

static void
porch_organization_page_init (PorchOrganizationPage *self)
{
  g_autoptr(GtkExpression) expression = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  gtk_widget_init_template (GTK_WIDGET (self));

  porch_page_begin_at (ADW_NAVIGATION_PAGE (self), GTK_WIDGET (self->address_row));

  adw_combo_row_set_expression (self->region_row, expression);
  fill_regions (self);
}

/* Valid once the page was continued. */
const char *
porch_organization_page_get_address (PorchOrganizationPage *self)
{
  g_return_val_if_fail (PORCH_IS_ORGANIZATION_PAGE (self), NULL);

  return self->address;
}

const char *
porch_organization_page_get_region (PorchOrganizationPage *self)
{
  g_return_val_if_fail (PORCH_IS_ORGANIZATION_PAGE (self), NULL);

  return self->region;
}
