/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-page.h"

#include "porch-widget-util.h"

/* Whether visitors can write, and where a mail about it goes. */
struct _PorchFormPage
{
  PorchWizardPage  parent_instance;

  AdwSwitchRow    *form_row;
  AdwEntryRow     *mail_row;
  GtkLabel        *mail_error;
};

G_DEFINE_FINAL_TYPE (PorchFormPage, porch_form_page, PORCH_TYPE_WIZARD_PAGE)

static gboolean
is_form_complete (GObject    *object,
                  gboolean    with_form,
                  const char *mail)
{
  return !with_form || (mail != NULL && *mail != '\0');
}

static void
mail_changed_cb (PorchFormPage *self,
                 AdwEntryRow   *row)
{
  porch_row_set_error (GTK_WIDGET (row), self->mail_error, NULL);
}

static void
form_changed_cb (PorchFormPage *self,
                 GParamSpec    *pspec,
                 AdwSwitchRow  *row)
{
  porch_row_set_error (GTK_WIDGET (self->mail_row), self->mail_error, NULL);
}

static DexFuture *
porch_form_page_check (PorchWizardPage *page)
{
  PorchFormPage *self = PORCH_FORM_PAGE (page);
  PorchPlan *plan = porch_wizard_page_get_plan (page);
  gboolean with_form = adw_switch_row_get_active (self->form_row);
  g_autofree char *mail = NULL;
  g_autoptr(GError) error = NULL;

  mail = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->mail_row))));

  if (with_form && !porch_plan_check_mail (mail, &error))
    {
      porch_row_set_error (GTK_WIDGET (self->mail_row), self->mail_error, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (self->mail_row));

      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the row");
    }

  porch_plan_set_with_form (plan, with_form);
  porch_plan_set_mail_to (plan, with_form ? mail : NULL);

  return NULL;
}

static void
porch_form_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_FORM_PAGE);

  G_OBJECT_CLASS (porch_form_page_parent_class)->dispose (object);
}

static void
porch_form_page_class_init (PorchFormPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_form_page_dispose;

  page_class->check = porch_form_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-form-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchFormPage, form_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormPage, mail_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormPage, mail_error);
  gtk_widget_class_bind_template_callback (widget_class, is_form_complete);
  gtk_widget_class_bind_template_callback (widget_class, mail_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
}

static void
porch_form_page_init (PorchFormPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  porch_page_begin_at (ADW_NAVIGATION_PAGE (self), GTK_WIDGET (self->mail_row));
}
