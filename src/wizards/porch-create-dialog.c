/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-create-dialog.h"

#include "porch-form-page.h"
#include "porch-name-page.h"
#include "porch-progress-page.h"
#include "porch-review-page.h"
#include "porch-start-page.h"
#include "porch-template.h"

/* Asks for everything a new site needs; only the last page acts. */
struct _PorchCreateDialog
{
  AdwDialog           parent_instance;

  AdwNavigationView  *view;
  PorchStartPage     *start_page;
  PorchNamePage      *name_page;
  PorchFormPage      *form_page;
  PorchReviewPage    *review_page;

  PorchEngine        *engine;
  PorchPlan          *plan;
  PorchOperation     *operation;
};

G_DEFINE_FINAL_TYPE (PorchCreateDialog, porch_create_dialog, ADW_TYPE_DIALOG)

static void
start_chosen_cb (PorchCreateDialog *self)
{
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->name_page));
}

/* Some designs have no place for a form; there is nothing to ask then */
static gboolean
wants_form_page (PorchCreateDialog *self)
{
  g_autoptr(PorchTemplate) template = NULL;

  if (porch_plan_get_folder (self->plan) != NULL)
    return TRUE;

  template = porch_template_find (porch_plan_get_template (self->plan));

  return template != NULL && porch_template_get_has_form (template);
}

static void
name_chosen_cb (PorchCreateDialog *self)
{
  if (wants_form_page (self))
    {
      adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->form_page));
      return;
    }

  porch_plan_set_with_form (self->plan, FALSE);
  porch_plan_set_mail_to (self->plan, NULL);
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->review_page));
}

static void
form_chosen_cb (PorchCreateDialog *self)
{
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->review_page));
}

static void
show_progress (PorchCreateDialog *self)
{
  PorchProgressPage *page = porch_progress_page_new (self->operation);

  /* There is no way back from here, so that Escape closes */
  adw_navigation_view_set_pop_on_escape (self->view, FALSE);
  adw_navigation_view_replace (self->view, (AdwNavigationPage *[]) { ADW_NAVIGATION_PAGE (page) }, 1);
}

static void
reviewed_cb (PorchCreateDialog *self)
{
  g_set_object (&self->operation, porch_engine_create_site (self->engine, self->plan));
  show_progress (self);
}

static void
porch_create_dialog_dispose (GObject *object)
{
  PorchCreateDialog *self = PORCH_CREATE_DIALOG (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->plan);
  g_clear_object (&self->operation);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_CREATE_DIALOG);

  G_OBJECT_CLASS (porch_create_dialog_parent_class)->dispose (object);
}

static void
porch_create_dialog_class_init (PorchCreateDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_create_dialog_dispose;

  g_type_ensure (PORCH_TYPE_START_PAGE);
  g_type_ensure (PORCH_TYPE_NAME_PAGE);
  g_type_ensure (PORCH_TYPE_FORM_PAGE);
  g_type_ensure (PORCH_TYPE_REVIEW_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-create-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchCreateDialog, view);
  gtk_widget_class_bind_template_child (widget_class, PorchCreateDialog, start_page);
  gtk_widget_class_bind_template_child (widget_class, PorchCreateDialog, name_page);
  gtk_widget_class_bind_template_child (widget_class, PorchCreateDialog, form_page);
  gtk_widget_class_bind_template_child (widget_class, PorchCreateDialog, review_page);
  gtk_widget_class_bind_template_callback (widget_class, start_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, reviewed_cb);
}

static void
porch_create_dialog_init (PorchCreateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @folder, which may be NULL, is what the site starts from unless the person chooses otherwise. */
PorchCreateDialog *
porch_create_dialog_new (PorchEngine *engine,
                         GFile       *folder)
{
  PorchCreateDialog *self;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);

  self = g_object_new (PORCH_TYPE_CREATE_DIALOG, NULL);
  self->engine = g_object_ref (engine);
  self->plan = porch_plan_new (porch_engine_get_default_account (engine));

  g_object_set (self->start_page, "plan", self->plan, NULL);
  g_object_set (self->name_page, "plan", self->plan, NULL);
  g_object_set (self->form_page, "plan", self->plan, NULL);
  g_object_set (self->review_page, "plan", self->plan, NULL);
  porch_name_page_set_accounts (self->name_page, porch_engine_get_accounts (engine));

  porch_start_page_set_store (self->start_page, porch_engine_get_store (engine));

  if (folder != NULL)
    porch_start_page_set_folder (self->start_page, folder);

  return self;
}

/* The last page alone, for a site whose making is under way or has stopped. */
PorchCreateDialog *
porch_create_dialog_new_for_work (PorchOperation *operation)
{
  PorchCreateDialog *self;

  g_return_val_if_fail (PORCH_IS_OPERATION (operation), NULL);

  self = g_object_new (PORCH_TYPE_CREATE_DIALOG, NULL);
  g_set_object (&self->operation, operation);
  show_progress (self);

  return self;
}

/* Starts from @folder, if the person is still being asked for that. */
gboolean
porch_create_dialog_take_folder (PorchCreateDialog *self,
                                 GFile             *folder)
{
  g_return_val_if_fail (PORCH_IS_CREATE_DIALOG (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (folder), FALSE);

  if (g_strcmp0 (adw_navigation_view_get_visible_page_tag (self->view), "start") != 0)
    return FALSE;

  porch_start_page_set_folder (self->start_page, folder);

  return TRUE;
}

/* What the last page runs, or NULL before. */
PorchOperation *
porch_create_dialog_get_operation (PorchCreateDialog *self)
{
  g_return_val_if_fail (PORCH_IS_CREATE_DIALOG (self), NULL);

  return self->operation;
}
