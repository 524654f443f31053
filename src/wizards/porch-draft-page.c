/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-draft-page.h"

#include <glib/gi18n.h>

#include "porch-draft.h"
#include "porch-widget-util.h"

#define DAY_DAYS    1
#define WEEK_DAYS   7
#define MONTH_DAYS 30

/* How long a draft is to be seen, then how far it is, and in the end its secret link. The work belongs to the engine. */
struct _PorchDraftPage
{
  AdwNavigationPage  parent_instance;

  GtkStack          *stack;
  GtkWidget         *start_button;
  GtkWidget         *close_button;
  GtkCheckButton    *day_button;
  GtkCheckButton    *month_button;
  AdwStatusPage     *failed_page;
  GtkWidget         *retry_button;
  AdwStatusPage     *done_page;
  AdwActionRow      *link_row;
  GtkWidget         *copy_button;

  PorchOperation    *operation;
};

enum
{
  PROP_0,
  PROP_OPERATION,
  N_PROPS
};

enum
{
  START,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchDraftPage, porch_draft_page, ADW_TYPE_NAVIGATION_PAGE)

static const char *
get_link (PorchDraftPage *self)
{
  PorchDraft *draft = NULL;

  if (self->operation != NULL)
    draft = porch_publish_operation_get_draft (PORCH_PUBLISH_OPERATION (self->operation));

  return draft != NULL ? porch_draft_get_link (draft) : NULL;
}

static void
show_problem (PorchDraftPage *self)
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
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draft.details", problem != NULL);
  porch_widget_announce (GTK_WIDGET (self), title);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
show_link (PorchDraftPage *self)
{
  PorchDraft *draft = porch_publish_operation_get_draft (PORCH_PUBLISH_OPERATION (self->operation));
  const char *link = get_link (self);

  if (draft != NULL)
    {
      g_autoptr(GDateTime) until = g_date_time_to_local (porch_draft_get_until (draft));
      /* Translators: a day, as in 5 March 2026; see the manual of g_date_time_format() */
      g_autofree char *day = g_date_time_format (until, C_("end of a draft", "%-d %B %Y"));
      /* Translators: the placeholder is a day */
      g_autofree char *text = g_strdup_printf (_("Its link works until %s."), day);

      adw_status_page_set_description (self->done_page, text);
    }

  adw_action_row_set_subtitle (self->link_row, link != NULL ? link : "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draft.copy", link != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draft.open", link != NULL);
  porch_widget_announce (GTK_WIDGET (self), _("The draft is ready"));
  gtk_stack_set_visible_child_name (self->stack, "done");
  gtk_widget_grab_focus (self->copy_button);
}

static void
state_changed_cb (PorchDraftPage *self)
{
  switch (porch_operation_get_state (self->operation))
    {
    case PORCH_OPERATION_STOPPED:
    case PORCH_OPERATION_FAILED:
      show_problem (self);
      break;
    case PORCH_OPERATION_DONE:
      show_link (self);
      break;
    case PORCH_OPERATION_PENDING:
    case PORCH_OPERATION_RUNNING:
    case PORCH_OPERATION_WAITING:
    default:
      gtk_stack_set_visible_child_name (self->stack, "running");
      break;
    }
}

static void
start_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  g_signal_emit (widget, signals[START], 0);
}

static void
try_again_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_operation_resume (PORCH_DRAFT_PAGE (widget)->operation);
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  porch_widget_show_details (widget, porch_operation_get_problem (PORCH_DRAFT_PAGE (widget)->operation));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  porch_widget_copy_text (widget, get_link (PORCH_DRAFT_PAGE (widget)));
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  porch_widget_open_uri (widget, get_link (PORCH_DRAFT_PAGE (widget)));
}

static void
porch_draft_page_map (GtkWidget *widget)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (widget, ADW_TYPE_DIALOG);

  GTK_WIDGET_CLASS (porch_draft_page_parent_class)->map (widget);

  if (dialog != NULL)
    adw_dialog_set_default_widget (ADW_DIALOG (dialog), PORCH_DRAFT_PAGE (widget)->start_button);
}

static void
porch_draft_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_OPERATION:
      g_value_set_object (value, PORCH_DRAFT_PAGE (object)->operation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_draft_page_dispose (GObject *object)
{
  g_clear_object (&PORCH_DRAFT_PAGE (object)->operation);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_DRAFT_PAGE);

  G_OBJECT_CLASS (porch_draft_page_parent_class)->dispose (object);
}

static void
porch_draft_page_class_init (PorchDraftPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_draft_page_get_property;
  object_class->dispose = porch_draft_page_dispose;

  widget_class->map = porch_draft_page_map;

  properties[PROP_OPERATION] =
    g_param_spec_object ("operation", NULL, NULL, PORCH_TYPE_OPERATION,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[START] = g_signal_new ("start", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                 NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-draft-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, start_button);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, close_button);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, day_button);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, month_button);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, done_page);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, link_row);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftPage, copy_button);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "draft.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "draft.try-again", NULL, try_again_action);
  gtk_widget_class_install_action (widget_class, "draft.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "draft.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "draft.open", NULL, open_action);
}

static void
porch_draft_page_init (PorchDraftPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

PorchDraftPage *
porch_draft_page_new (void)
{
  return g_object_new (PORCH_TYPE_DRAFT_PAGE, NULL);
}

/* How long the person wants the draft to be seen. */
guint
porch_draft_page_get_days (PorchDraftPage *self)
{
  g_return_val_if_fail (PORCH_IS_DRAFT_PAGE (self), 0);

  if (gtk_check_button_get_active (self->day_button))
    return DAY_DAYS;

  return gtk_check_button_get_active (self->month_button) ? MONTH_DAYS : WEEK_DAYS;
}

/* Shows how far @operation is, which makes the draft, and what comes of it. */
void
porch_draft_page_set_operation (PorchDraftPage *self,
                                PorchOperation *operation)
{
  g_return_if_fail (PORCH_IS_DRAFT_PAGE (self));
  g_return_if_fail (PORCH_IS_PUBLISH_OPERATION (operation));

  g_set_object (&self->operation, operation);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPERATION]);
  g_signal_connect_object (operation, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);

  /* There is nothing to go back to: what was compared is being published */
  adw_navigation_page_set_can_pop (ADW_NAVIGATION_PAGE (self), FALSE);
  gtk_widget_set_visible (self->start_button, FALSE);
  gtk_widget_set_visible (self->close_button, TRUE);
  state_changed_cb (self);
}
