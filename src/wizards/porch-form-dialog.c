/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-dialog.h"

#include "porch-engine.h"
#include "porch-form-details-page.h"
#include "porch-form-mail-page.h"
#include "porch-form-try-page.h"
#include "porch-form-which-page.h"
#include "porch-settings-operation.h"
#include "porch-widget-util.h"

/* Gives a site its contact form. Nothing is changed before the last page; from there on the work goes on without the dialog. */
struct _PorchFormDialog
{
  AdwDialog              parent_instance;

  AdwNavigationView     *view;
  PorchFormWhichPage    *which_page;
  PorchFormMailPage     *mail_page;
  PorchFormDetailsPage  *details_page;

  PorchSite             *site;
};

G_DEFINE_FINAL_TYPE (PorchFormDialog, porch_form_dialog, ADW_TYPE_DIALOG)

static void
which_chosen_cb (PorchFormDialog *self)
{
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->mail_page));
}

static void
mail_chosen_cb (PorchFormDialog *self)
{
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->details_page));
}

static void
show_end (PorchFormDialog *self,
          PorchOperation  *operation,
          gboolean         needs_publish)
{
  PorchFormTryPage *page = porch_form_try_page_new (self->site, operation, needs_publish);

  adw_navigation_view_replace (self->view, (AdwNavigationPage *[]) { ADW_NAVIGATION_PAGE (page) }, 1);
}

static void
details_chosen_cb (PorchFormDialog *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchForm) form = porch_form_details_page_dup_form (self->details_page, porch_form_mail_page_get_form (self->mail_page), &error);
  g_autoptr(PorchTreatments) wanted = NULL;
  g_autoptr(PorchTreatments) treatments = NULL;
  g_autoptr(PorchOperation) operation = NULL;
  gboolean needs_publish;

  if (form == NULL)
    {
      porch_widget_toast_error (GTK_WIDGET (self), error);
      return;
    }

  wanted = porch_form_which_page_dup_treatments (self->which_page, porch_form_get_path (form));
  treatments = porch_treatments_with_form_path (wanted, porch_form_get_path (form));
  needs_publish = !porch_treatments_equal (treatments, porch_site_get_treatments (self->site));
  operation = porch_settings_operation_new (self->site, form);
  porch_settings_operation_set_treatments (PORCH_SETTINGS_OPERATION (operation), treatments);
  porch_engine_run_operation (porch_site_get_engine (self->site), operation);
  show_end (self, operation, needs_publish);
}

static void
porch_form_dialog_dispose (GObject *object)
{
  g_clear_object (&PORCH_FORM_DIALOG (object)->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_FORM_DIALOG);

  G_OBJECT_CLASS (porch_form_dialog_parent_class)->dispose (object);
}

static void
porch_form_dialog_class_init (PorchFormDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_form_dialog_dispose;

  g_type_ensure (PORCH_TYPE_FORM_WHICH_PAGE);
  g_type_ensure (PORCH_TYPE_FORM_MAIL_PAGE);
  g_type_ensure (PORCH_TYPE_FORM_DETAILS_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-form-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchFormDialog, view);
  gtk_widget_class_bind_template_child (widget_class, PorchFormDialog, which_page);
  gtk_widget_class_bind_template_child (widget_class, PorchFormDialog, mail_page);
  gtk_widget_class_bind_template_child (widget_class, PorchFormDialog, details_page);
  gtk_widget_class_bind_template_callback (widget_class, which_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, mail_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, details_chosen_cb);
}

static void
porch_form_dialog_init (PorchFormDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

PorchFormDialog *
porch_form_dialog_new (PorchSite *site)
{
  PorchFormDialog *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_FORM_DIALOG, NULL);
  self->site = g_object_ref (site);
  porch_form_which_page_set_site (self->which_page, site);
  porch_form_mail_page_set_form (self->mail_page, porch_site_get_form (site));
  porch_form_details_page_set_site (self->details_page, site);

  return self;
}

/* The last page alone: how it is with the mail, and a test message. */
PorchFormDialog *
porch_form_dialog_new_test (PorchSite *site)
{
  PorchFormDialog *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_FORM_DIALOG, NULL);
  self->site = g_object_ref (site);
  show_end (self, NULL, FALSE);

  return self;
}
