/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-progress-page.h"

#include <glib/gi18n.h>

#include "porch-confirm-row.h"
#include "porch-doctor-view.h"
#include "porch-step-row.h"
#include "porch-widget-util.h"

/* The end of the assistant: how far the address is and what is left to do for the owner; then that it works, or what went
 * wrong. The work belongs to the engine, and may take days; closing the page leaves it alone.
 */
struct _PorchAddressProgressPage
{
  AdwNavigationPage  parent_instance;

  PorchDoctorView   *doctor_view;
  GtkListBox        *step_list;
  AdwStatusPage     *failed_page;
  GtkWidget         *agree_button;
  GtkButton         *retry_button;
  AdwStatusPage     *done_page;
  GtkWidget         *lock_image;
  GtkLabel          *address_label;
  GtkWidget         *open_button;

  PorchOperation    *operation;
  guint              giving_up : 1;
};

enum
{
  PROP_0,
  PROP_OPERATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchAddressProgressPage, porch_address_progress_page, ADW_TYPE_NAVIGATION_PAGE)

static gboolean
is_for_free (PorchAddressProgressPage *self)
{
  g_autoptr(PorchAddress) address = porch_address_operation_dup_address (PORCH_ADDRESS_OPERATION (self->operation));

  return address == NULL;
}

static void
show_problem (PorchAddressProgressPage *self)
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
  gtk_widget_set_visible (self->agree_button,
                          porch_address_operation_can_agree (PORCH_ADDRESS_OPERATION (self->operation)));
  gtk_button_set_label (self->retry_button,
                        porch_operation_get_state (self->operation) == PORCH_OPERATION_STOPPED ? _("_Go On") : _("_Try Again"));
  gtk_widget_set_visible (GTK_WIDGET (self->retry_button), porch_operation_can_resume (self->operation));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "progress.details", problem != NULL);
  porch_widget_announce (GTK_WIDGET (self), title);
}

static void
show_address (PorchAddressProgressPage *self)
{
  PorchSite *site = porch_operation_get_site (self->operation);
  g_autoptr(PorchAddress) address = porch_address_operation_dup_address (PORCH_ADDRESS_OPERATION (self->operation));
  const char *title = address == NULL ? _("The Free Address Is Back") : _("Your Address Works");
  g_autofree char *text = NULL;

  adw_status_page_set_title (self->done_page, title);

  gtk_widget_set_visible (self->lock_image, address != NULL);

  if (address != NULL)
    text = g_strconcat ("https://", porch_address_get_shown (address), NULL);
  else if (site != NULL)
    text = porch_host_words (porch_site_get_free_address (site));

  gtk_label_set_label (self->address_label, text != NULL ? text : "");
  porch_widget_announce (GTK_WIDGET (self), title);
  gtk_widget_grab_focus (self->open_button);
}

/* What was begun is taken away in the background; the window shows it when that fails */
static void
give_up (PorchAddressProgressPage *self)
{
  dex_future_disown (porch_operation_discard (self->operation));
  gtk_widget_activate_action (GTK_WIDGET (self), "window.close", NULL);
}

static void
state_changed_cb (PorchAddressProgressPage *self)
{
  switch (porch_operation_get_state (self->operation))
    {
    case PORCH_OPERATION_STOPPED:
    case PORCH_OPERATION_FAILED:
      if (self->giving_up)
        give_up (self);
      else
        show_problem (self);
      break;
    case PORCH_OPERATION_DONE:
      show_address (self);
      break;
    case PORCH_OPERATION_PENDING:
    case PORCH_OPERATION_RUNNING:
    case PORCH_OPERATION_WAITING:
    default:
      break;
    }
}

static void
try_again_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_operation_resume (PORCH_ADDRESS_PROGRESS_PAGE (widget)->operation);
}

static void
agree_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  porch_address_operation_agree (PORCH_ADDRESS_OPERATION (PORCH_ADDRESS_PROGRESS_PAGE (widget)->operation));
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  porch_widget_show_details (widget, porch_operation_get_problem (PORCH_ADDRESS_PROGRESS_PAGE (widget)->operation));
}

static void
give_up_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  give_up (PORCH_ADDRESS_PROGRESS_PAGE (widget));
}

static void
stop_response_cb (PorchAddressProgressPage *self,
                  const char               *response)
{
  if (!g_str_equal (response, "stop"))
    return;

  self->giving_up = TRUE;

  if (porch_operation_is_active (self->operation))
    porch_operation_stop (self->operation);
  else
    state_changed_cb (self);
}

static void
stop_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AdwDialog *dialog = adw_alert_dialog_new (_("Give Up Setting Up the Address?"),
                                            _("The site stays where visitors find it now. A name that was bought stays yours."));

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "cancel", _("_Cancel"),
                                  "stop", _("_Give Up"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "stop", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (stop_response_cb), widget, G_CONNECT_SWAPPED);
  porch_dialog_present (dialog, widget);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchSite *site = porch_operation_get_site (PORCH_ADDRESS_PROGRESS_PAGE (widget)->operation);

  porch_widget_open_uri (widget, porch_site_get_address (site));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchSite *site = porch_operation_get_site (PORCH_ADDRESS_PROGRESS_PAGE (widget)->operation);

  porch_widget_copy_text (widget, porch_site_get_address (site));
}

static void
porch_address_progress_page_constructed (GObject *object)
{
  PorchAddressProgressPage *self = PORCH_ADDRESS_PROGRESS_PAGE (object);
  PorchSite *site = porch_operation_get_site (self->operation);

  G_OBJECT_CLASS (porch_address_progress_page_parent_class)->constructed (object);

  if (is_for_free (self))
    {
      porch_step_row_bind (self->step_list, self->operation);
      gtk_widget_set_visible (GTK_WIDGET (self->step_list), TRUE);
      gtk_widget_set_visible (GTK_WIDGET (self->doctor_view), FALSE);
    }
  else if (site != NULL)
    {
      porch_doctor_view_set_doctor (self->doctor_view, porch_site_get_doctor (site));
    }

  g_signal_connect_object (self->operation, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  state_changed_cb (self);
}

static void
porch_address_progress_page_get_property (GObject    *object,
                                          guint       prop_id,
                                          GValue     *value,
                                          GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_OPERATION:
      g_value_set_object (value, PORCH_ADDRESS_PROGRESS_PAGE (object)->operation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_address_progress_page_set_property (GObject      *object,
                                          guint         prop_id,
                                          const GValue *value,
                                          GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_OPERATION:
      g_set_object (&PORCH_ADDRESS_PROGRESS_PAGE (object)->operation, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_address_progress_page_dispose (GObject *object)
{
  PorchAddressProgressPage *self = PORCH_ADDRESS_PROGRESS_PAGE (object);

  if (self->step_list != NULL)
    gtk_list_box_bind_model (self->step_list, NULL, NULL, NULL, NULL);

  g_clear_object (&self->operation);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_PROGRESS_PAGE);

  G_OBJECT_CLASS (porch_address_progress_page_parent_class)->dispose (object);
}

static void
porch_address_progress_page_class_init (PorchAddressProgressPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = porch_address_progress_page_constructed;
  object_class->get_property = porch_address_progress_page_get_property;
  object_class->set_property = porch_address_progress_page_set_property;
  object_class->dispose = porch_address_progress_page_dispose;

  properties[PROP_OPERATION] =
    g_param_spec_object ("operation", NULL, NULL, PORCH_TYPE_OPERATION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_CONFIRM_ROW);
  g_type_ensure (PORCH_TYPE_DOCTOR_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-progress-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressProgressPage, doctor_view);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressProgressPage, step_list);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressProgressPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressProgressPage, agree_button);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressProgressPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressProgressPage, done_page);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressProgressPage, lock_image);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressProgressPage, address_label);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressProgressPage, open_button);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "progress.try-again", NULL, try_again_action);
  gtk_widget_class_install_action (widget_class, "progress.agree", NULL, agree_action);
  gtk_widget_class_install_action (widget_class, "progress.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "progress.give-up", NULL, give_up_action);
  gtk_widget_class_install_action (widget_class, "progress.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "progress.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "progress.copy", NULL, copy_action);
}

static void
porch_address_progress_page_init (PorchAddressProgressPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  porch_label_wrap_without_hyphens (self->address_label);
}

/**
 * porch_address_progress_page_new:
 * @operation: a [class@Porch.AddressOperation]
 *
 * Returns: a page that follows @operation
 */
PorchAddressProgressPage *
porch_address_progress_page_new (PorchOperation *operation)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_OPERATION (operation), NULL);

  return g_object_new (PORCH_TYPE_ADDRESS_PROGRESS_PAGE, "operation", operation, NULL);
}
