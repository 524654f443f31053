/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-progress-page.h"

#include <glib/gi18n.h>

#include "porch-account-dialog.h"
#include "porch-error.h"
#include "porch-step-row.h"
#include "porch-widget-util.h"

#define SUPPORT_PAGE "https://console.aws.amazon.com/support/home#/"

/* The end of the wizard: the steps of the work while it runs, then the site's address, or what went wrong. The
 * work belongs to the engine; closing the page leaves it alone.
 */
struct _PorchProgressPage
{
  AdwNavigationPage  parent_instance;

  GtkListBox        *step_list;
  AdwStatusPage     *failed_page;
  GtkLabel          *undone_label;
  GtkButton         *solve_button;
  GtkWidget         *again_button;
  GtkLabel          *address_label;
  GtkLabel          *mail_label;
  GtkWidget         *open_button;

  PorchOperation    *operation;
  DexFuture         *signing_in;
};

enum
{
  PROP_0,
  PROP_OPERATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchProgressPage, porch_progress_page, ADW_TYPE_NAVIGATION_PAGE)

static gboolean
needs_sign_in (PorchProgressPage *self)
{
  PorchProblem *problem = porch_operation_get_problem (self->operation);

  return problem != NULL && porch_problem_needs_sign_in (problem) && porch_operation_get_site (self->operation) != NULL;
}

static gboolean
needs_support (PorchProgressPage *self)
{
  PorchProblem *problem = porch_operation_get_problem (self->operation);

  return problem != NULL && porch_problem_get_action (problem) == PORCH_PROBLEM_ACTION_SUPPORT;
}

static const char *
get_solve_label (PorchProgressPage *self)
{
  if (needs_support (self))
    return _("_Open Support Page");

  return needs_sign_in (self) ? _("_Sign In Again…") : _("_Try Again");
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

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _("Site Not Created"));
  adw_status_page_set_title (self->failed_page, title);
  adw_status_page_set_description (self->failed_page, body);

  /* The parts of a site are made together or not at all */
  gtk_widget_set_visible (GTK_WIDGET (self->undone_label),
                          g_error_matches (porch_operation_get_error (self->operation), PORCH_ERROR, PORCH_ERROR_STACK));

  gtk_button_set_label (self->solve_button, get_solve_label (self));
  gtk_widget_set_visible (GTK_WIDGET (self->solve_button), porch_operation_can_resume (self->operation));
  gtk_widget_set_visible (self->again_button, needs_support (self) && porch_operation_can_resume (self->operation));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "progress.details", problem != NULL);
  porch_widget_announce (GTK_WIDGET (self), title);
}

/* Mails about messages arrive only after the owner has opened a link, so that nobody is written to who does not want it */
static void
show_mail (PorchProgressPage *self,
           PorchSite         *site)
{
  const char *mail_to = porch_site_get_form_enabled (site) ? porch_site_get_mail_to (site) : NULL;
  g_autofree char *mail = mail_to != NULL ? porch_isolate (mail_to) : NULL;
  g_autofree char *text = NULL;

  if (mail_to == NULL || *mail_to == '\0')
    return;

  if (porch_account_is_practice (porch_site_get_account (site)))
    /* Translators: the placeholder is a mail address. Practice Mail is an item of the main menu */
    text = g_strdup_printf (_("Messages of visitors go to %s too, once you have opened the link in the mail that was sent there. "
                              "In practice, you find that mail in the main menu under Practice Mail."), mail);
  else
    /* Translators: the placeholder is a mail address */
    text = g_strdup_printf (_("A mail with a link was sent to %s. Open the link to get messages of visitors by mail too; "
                              "they appear in Porchlight anyway."), mail);

  gtk_label_set_label (self->mail_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->mail_label), TRUE);
}

static void
show_site (PorchProgressPage *self)
{
  PorchSite *site = porch_operation_get_site (self->operation);

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _("Site Created"));

  if (site != NULL && porch_site_get_address (site) != NULL)
    gtk_label_set_label (self->address_label, porch_site_get_address (site));

  if (site != NULL)
    show_mail (self, site);

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
      adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _("Creating Site"));
      break;
    }
}

static void
try_again_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_operation_resume (PORCH_PROGRESS_PAGE (widget)->operation);
}

static DexFuture *
signed_in_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchProgressPage *self = user_data;

  if (dex_future_get_value (future, NULL) != NULL && porch_operation_can_resume (self->operation))
    porch_operation_resume (self->operation);

  return NULL;
}

static void
solve_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  PorchProgressPage *self = PORCH_PROGRESS_PAGE (widget);
  PorchSite *site = porch_operation_get_site (self->operation);
  DexFuture *future;

  if (needs_support (self))
    {
      porch_widget_open_uri (widget, SUPPORT_PAGE);
      return;
    }

  if (!needs_sign_in (self))
    {
      porch_operation_resume (self->operation);
      return;
    }

  future = porch_account_dialog_run (widget, porch_operation_get_engine (self->operation), porch_site_get_account (site));
  dex_clear (&self->signing_in);
  self->signing_in = dex_future_finally (future, signed_in_cb, self, NULL);
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

  porch_step_row_bind (self->step_list, self->operation);
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

/* What had the focus on the page before is gone; keys such as Escape go to what has it */
static void
porch_progress_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (porch_progress_page_parent_class)->map (widget);

  gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
}

static void
porch_progress_page_dispose (GObject *object)
{
  dex_clear (&PORCH_PROGRESS_PAGE (object)->signing_in);
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

  widget_class->map = porch_progress_page_map;

  properties[PROP_OPERATION] =
    g_param_spec_object ("operation", NULL, NULL, PORCH_TYPE_OPERATION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-progress-page.ui");
  porch_bind_closures (widget_class);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, step_list);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, undone_label);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, solve_button);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, address_label);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, mail_label);
  gtk_widget_class_bind_template_child (widget_class, PorchProgressPage, open_button);

  gtk_widget_class_install_action (widget_class, "progress.try-again", NULL, try_again_action);
  gtk_widget_class_install_action (widget_class, "progress.solve", NULL, solve_action);
  gtk_widget_class_install_action (widget_class, "progress.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "progress.give-up", NULL, give_up_action);
  gtk_widget_class_install_action (widget_class, "progress.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "progress.copy", NULL, copy_action);
}

static void
porch_progress_page_init (PorchProgressPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  porch_label_wrap_without_hyphens (self->address_label);
}

PorchProgressPage *
porch_progress_page_new (PorchOperation *operation)
{
  g_return_val_if_fail (PORCH_IS_OPERATION (operation), NULL);

  return g_object_new (PORCH_TYPE_PROGRESS_PAGE, "operation", operation, NULL);
}
