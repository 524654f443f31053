/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-progress-page.h"

#include <glib/gi18n.h>

#include "porch-step-row.h"
#include "porch-widget-util.h"

/* The end of the wizard: the steps of the work while it runs, then the site's address, or what went wrong. The
 * work belongs to the engine; closing the page leaves it alone.
 */
struct _PorchProgressPage
{
  AdwNavigationPage  parent_instance;

  GtkListBox        *step_list;
  AdwStatusPage     *failed_page;
  GtkWidget         *retry_button;
  GtkLabel          *address_label;
  GtkWidget         *open_button;

  PorchOperation    *operation;
};

enum
{
  PROP_0,
  PROP_OPERATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchProgressPage, porch_progress_page, ADW_TYPE_NAVIGATION_PAGE)

static char *
page_of_state (GObject             *object,
               PorchOperationState  state)
{
  switch (state)
    {
    case PORCH_OPERATION_STOPPED:
    case PORCH_OPERATION_FAILED:
      return g_strdup ("failed");
    case PORCH_OPERATION_DONE:
      return g_strdup ("done");
    case PORCH_OPERATION_PENDING:
    case PORCH_OPERATION_RUNNING:
    case PORCH_OPERATION_WAITING:
    default:
      return g_strdup ("running");
    }
}

static void
show_problem (PorchProgressPage *self)
{
  PorchProblem *problem = porch_operation_get_problem (self->operation);
  const char *title = _("Stopped");
  g_autofree char *body = NULL;

  if (problem != NULL)
    {
      title = porch_problem_get_title (problem);
      body = g_markup_escape_text (porch_problem_get_body (problem), -1);
    }

  adw_status_page_set_title (self->failed_page, title);
  adw_status_page_set_description (self->failed_page, body);
  gtk_widget_set_visible (self->retry_button, porch_operation_can_resume (self->operation));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "progress.details", problem != NULL);
  porch_widget_announce (GTK_WIDGET (self), title);
}

static void
show_site (PorchProgressPage *self)
{
  PorchSite *site = porch_operation_get_site (self->operation);

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _("Site Created"));

  if (site != NULL && porch_site_get_address (site) != NULL)
    gtk_label_set_label (self->address_label, porch_site_get_address (site));

  porch_widget_announce (GTK_WIDGET (self), _("Your site is live"));
  gtk_widget_grab_focus (self->open_button);
}

static void
state_changed_cb (PorchProgressPage *self)
{
  switch (porch_operation_get_state (self->operation))
    {
    case PORCH_OPERATION_STOPPED:
    case PORCH_OPERATION_FAILED:
      show_problem (self);
      break;
    case PORCH_OPERATION_DONE:
      show_site (self);
      break;
    case PORCH_OPERATION_PENDING:
    case PORCH_OPERATION_RUNNING:
    case PORCH_OPERATION_WAITING:
    default:
      break;
    }
}

static GtkWidget *
create_step_row (gpointer item,
                 gpointer user_data)
{
  return porch_step_row_new (item);
}

static void
try_again_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_operation_resume (PORCH_PROGRESS_PAGE (widget)->operation);
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  porch_widget_show_details (widget, porch_operation_get_problem (PORCH_PROGRESS_PAGE (widget)->operation));
}

static void
give_up_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchProgressPage *self = PORCH_PROGRESS_PAGE (widget);

  /* What was begun is taken away in the background; the window shows it when that fails */
  dex_future_disown (porch_operation_discard (self->operation));
  gtk_widget_activate_action (widget, "window.close", NULL);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchSite *site = porch_operation_get_site (PORCH_PROGRESS_PAGE (widget)->operation);

  porch_widget_open_uri (widget, porch_site_get_address (site));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchSite *site = porch_operation_get_site (PORCH_PROGRESS_PAGE (widget)->operation);

  porch_widget_copy_text (widget, porch_site_get_address (site));
}

static void
porch_progress_page_constructed (GObject *object)
{
  PorchProgressPage *self = PORCH_PROGRESS_PAGE (object);

  G_OBJECT_CLASS (porch_progress_page_parent_class)->constructed (object);

  gtk_list_box_bind_model (self->step_list, porch_operation_get_steps (self->operation),
                           create_step_row, NULL, NULL);
  g_signal_connect_object (self->operation, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
porch_progress_page_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_OPERATION:
      g_value_set_object (value, PORCH_PROGRESS_PAGE (object)->operation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_progress_page_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_OPERATION:
      g_set_object (&PORCH_PROGRESS_PAGE (object)->operation, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_progress_page_dispose (GObject *object)
{
  g_clear_object (&PORCH_PROGRESS_PAGE (object)->operation);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_PROGRESS_PAGE);

  G_OBJECT_CLASS (porch_progress_page_parent_class)->dispose (object);
}

static void
porch_progress_page_class_init (PorchProgressPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = porch_progress_page_constructed;
  object_class->get_property = porch_progress_page_get_property;
  object_class->set_property = porch_progress_page_set_property;
  object_class->dispose = porch_progress_page_dispose;

  properties[PROP_OPERATION] =
    g_param_spec_object ("operation", NULL, NULL, PORCH_TYPE_OPERATION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-progress-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, step_list);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, address_label);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, open_button);
  gtk_widget_class_bind_template_callback (widget_class, page_of_state);

  gtk_widget_class_install_action (widget_class, "progress.try-again", NULL, try_again_action);
  gtk_widget_class_install_action (widget_class, "progress.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "progress.give-up", NULL, give_up_action);
  gtk_widget_class_install_action (widget_class, "progress.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "progress.copy", NULL, copy_action);
}

static void
porch_progress_page_init (PorchProgressPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

PorchProgressPage *
porch_progress_page_new (PorchOperation *operation)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (operation), NULL);

  return g_object_new (PORCH_TYPE_PROGRESS_PAGE, "operation", operation, NULL);
}
