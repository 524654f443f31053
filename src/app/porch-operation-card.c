/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-operation-card.h"

#include <glib/gi18n.h>

#include "porch-account-dialog.h"
#include "porch-address-dialog.h"
#include "porch-address-operation.h"
#include "porch-create-dialog.h"
#include "porch-create-operation.h"
#include "porch-engine.h"
#include "porch-publish-operation.h"
#include "porch-watch.h"
#include "porch-widget-util.h"

/* The long work of a site: how far it is, or why it stands still and what can be done about it. */
struct _PorchOperationCard
{
  AdwBin          parent_instance;

  GtkWidget      *warning_image;
  GtkLabel       *title_label;
  GtkProgressBar *progress_bar;
  GtkLabel       *detail_label;
  GtkLabel       *changes_label;
  GtkButton      *details_button;
  GtkWidget      *discard_button;
  GtkWidget      *stop_button;
  GtkButton      *resume_button;

  PorchOperation *operation;
  GSignalGroup   *signals;
  DexFuture      *signing_in;
};

enum
{
  PROP_0,
  PROP_OPERATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchOperationCard, porch_operation_card, ADW_TYPE_BIN)

static gboolean
is_halted (PorchOperation *operation)
{
  PorchOperationState state = porch_operation_get_state (operation);

  return state == PORCH_OPERATION_STOPPED || state == PORCH_OPERATION_FAILED;
}

/* What was to be done is done, and is only looked at */
static gboolean
is_looking (PorchOperation *operation)
{
  PorchStep *step = porch_operation_get_current_step (operation);

  return step != NULL && g_str_equal (porch_step_get_id (step), PORCH_WATCH_STEP);
}

/* The others are over in a moment, or not wanted half done */
static gboolean
can_stop (PorchOperation *operation)
{
  return !porch_operation_is_elsewhere (operation) && !is_looking (operation) &&
         (PORCH_IS_PUBLISH_OPERATION (operation) || PORCH_IS_CREATE_OPERATION (operation));
}

static const char *
get_halted_text (PorchOperation *operation)
{
  PorchProblem *problem = porch_operation_get_problem (operation);

  if (problem != NULL)
    return porch_problem_get_body (problem);

  return _("Nothing is lost. It can go on from where it stopped.");
}

static void
update_progress (PorchOperationCard *self)
{
  const char *detail;
  const char *changes;

  if (self->operation == NULL || is_halted (self->operation))
    return;

  detail = porch_operation_get_detail (self->operation);
  changes = porch_operation_get_changes (self->operation);
  gtk_progress_bar_set_fraction (self->progress_bar, porch_operation_get_progress (self->operation));
  gtk_label_set_label (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
  gtk_label_set_label (self->changes_label, changes != NULL ? changes : "");
  gtk_widget_set_visible (GTK_WIDGET (self->changes_label), changes != NULL);
}

static gboolean
needs_sign_in (PorchOperation *operation)
{
  PorchProblem *problem = porch_operation_get_problem (operation);

  return problem != NULL && porch_problem_needs_sign_in (problem);
}

static void
update_halted (PorchOperationCard *self)
{
  PorchProblem *problem = porch_operation_get_problem (self->operation);
  gboolean failed = porch_operation_get_state (self->operation) == PORCH_OPERATION_FAILED;

  if (failed && problem != NULL)
    gtk_label_set_label (self->title_label, porch_problem_get_title (problem));
  else
    gtk_label_set_label (self->title_label, _("The Work Was Stopped"));

  gtk_label_set_label (self->detail_label, get_halted_text (self->operation));
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->changes_label), FALSE);

  if (needs_sign_in (self->operation))
    gtk_button_set_label (self->resume_button, _("_Sign In Again…"));
  else
    gtk_button_set_label (self->resume_button, failed ? _("_Try Again") : _("_Go On"));
}

static void
update (PorchOperationCard *self)
{
  gboolean halted, has_steps;

  gtk_widget_set_visible (GTK_WIDGET (self),
                          self->operation != NULL &&
                          porch_operation_get_state (self->operation) != PORCH_OPERATION_DONE);

  if (self->operation == NULL)
    return;

  halted = is_halted (self->operation);
  has_steps = PORCH_IS_CREATE_OPERATION (self->operation) || PORCH_IS_ADDRESS_OPERATION (self->operation);

  gtk_widget_set_visible (self->warning_image, halted);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), !halted);
  gtk_widget_set_visible (GTK_WIDGET (self->details_button),
                          halted ? porch_operation_get_problem (self->operation) != NULL : has_steps);
  gtk_button_set_label (self->details_button, halted ? _("_Details") : _("_Show Steps"));
  gtk_widget_set_visible (self->stop_button, !halted && can_stop (self->operation));
  gtk_widget_set_visible (self->discard_button, halted && porch_operation_can_discard (self->operation));
  gtk_widget_set_visible (GTK_WIDGET (self->resume_button), halted && porch_operation_can_resume (self->operation));

  if (halted)
    {
      update_halted (self);
    }
  else
    {
      gtk_label_set_label (self->title_label, is_looking (self->operation) ? _("Live, Looking as a Visitor")
                                                                           : porch_operation_get_title (self->operation));
      update_progress (self);
    }
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchOperation *operation = PORCH_OPERATION_CARD (widget)->operation;

  if (is_halted (operation))
    porch_widget_show_details (widget, porch_operation_get_problem (operation));
  else if (PORCH_IS_ADDRESS_OPERATION (operation))
    porch_dialog_present (ADW_DIALOG (porch_address_dialog_new_for_work (operation)), widget);
  else
    porch_dialog_present (ADW_DIALOG (porch_create_dialog_new_for_work (operation)), widget);
}

static void
stop_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  porch_operation_stop (PORCH_OPERATION_CARD (widget)->operation);
}

static void
resume (PorchOperationCard *self)
{
  porch_engine_resume_operation (porch_operation_get_engine (self->operation), self->operation);
}

static DexFuture *
signed_in_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchOperationCard *self = user_data;

  /* Usually it goes on by itself then */
  if (dex_future_get_value (future, NULL) != NULL && self->operation != NULL && is_halted (self->operation))
    resume (self);

  return NULL;
}

static void
resume_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PorchOperationCard *self = PORCH_OPERATION_CARD (widget);
  PorchSite *site = porch_operation_get_site (self->operation);
  DexFuture *future;

  if (site == NULL || !needs_sign_in (self->operation))
    {
      resume (self);
      return;
    }

  future = porch_account_dialog_run (widget, porch_operation_get_engine (self->operation), porch_site_get_account (site));
  dex_clear (&self->signing_in);
  self->signing_in = dex_future_finally (future, signed_in_cb, self, NULL);
}

static void
discard_response_cb (PorchOperationCard *self,
                     const char         *response)
{
  if (!g_str_equal (response, "discard") || self->operation == NULL)
    return;

  /* Goes on without this card; what fails is said in the window */
  porch_widget_follow (GTK_WIDGET (self), porch_operation_discard (self->operation));
}

static void
discard_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchOperationCard *self = PORCH_OPERATION_CARD (widget);
  gboolean creating = PORCH_IS_CREATE_OPERATION (self->operation);
  AdwDialog *dialog;

  dialog = adw_alert_dialog_new (creating ? _("Give Up Making This Site?") : _("Give Up?"),
                                 creating ? _("What has been made so far is taken away again.")
                                          : _("The site stays as it was before."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "cancel", _("_Cancel"),
                                  "discard", _("_Give Up"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (discard_response_cb), self, G_CONNECT_SWAPPED);
  porch_dialog_present (dialog, widget);
}

static void
porch_operation_card_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_OPERATION:
      g_value_set_object (value, PORCH_OPERATION_CARD (object)->operation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_operation_card_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_OPERATION:
      porch_operation_card_set_operation (PORCH_OPERATION_CARD (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_operation_card_dispose (GObject *object)
{
  PorchOperationCard *self = PORCH_OPERATION_CARD (object);

  dex_clear (&self->signing_in);
  g_clear_object (&self->signals);
  g_clear_object (&self->operation);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_OPERATION_CARD);

  G_OBJECT_CLASS (porch_operation_card_parent_class)->dispose (object);
}

static void
porch_operation_card_class_init (PorchOperationCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_operation_card_get_property;
  object_class->set_property = porch_operation_card_set_property;
  object_class->dispose = porch_operation_card_dispose;

  properties[PROP_OPERATION] =
    g_param_spec_object ("operation", NULL, NULL, PORCH_TYPE_OPERATION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-operation-card.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchOperationCard, warning_image);
  gtk_widget_class_bind_template_child (widget_class, PorchOperationCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, PorchOperationCard, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, PorchOperationCard, detail_label);
  gtk_widget_class_bind_template_child (widget_class, PorchOperationCard, changes_label);
  gtk_widget_class_bind_template_child (widget_class, PorchOperationCard, details_button);
  gtk_widget_class_bind_template_child (widget_class, PorchOperationCard, discard_button);
  gtk_widget_class_bind_template_child (widget_class, PorchOperationCard, stop_button);
  gtk_widget_class_bind_template_child (widget_class, PorchOperationCard, resume_button);

  gtk_widget_class_install_action (widget_class, "operation.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "operation.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "operation.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "operation.discard", NULL, discard_action);
}

static void
porch_operation_card_init (PorchOperationCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (PORCH_TYPE_OPERATION);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::problem", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::progress", G_CALLBACK (update_progress), self);
  g_signal_group_connect_swapped (self->signals, "notify::detail", G_CALLBACK (update_progress), self);
  g_signal_group_connect_swapped (self->signals, "notify::changes", G_CALLBACK (update_progress), self);
  g_signal_group_connect_swapped (self->signals, "notify::current-step", G_CALLBACK (update), self);

  update (self);
}

/* Shows @operation; the card hides itself while there is none. */
void
porch_operation_card_set_operation (PorchOperationCard *self,
                                    PorchOperation     *operation)
{
  g_return_if_fail (PORCH_IS_OPERATION_CARD (self));
  g_return_if_fail (operation == NULL || PORCH_IS_OPERATION (operation));

  if (!g_set_object (&self->operation, operation))
    return;

  g_signal_group_set_target (self->signals, operation);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPERATION]);
}
