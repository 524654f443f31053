/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-wizard-page.h"

#include "porch-error.h"
#include "porch-problem.h"
#include "porch-widget-util.h"

/* A page of a wizard asks and checks; it changes nothing. The base class draws the header bar, the button that
 * goes on, the spinner and the banner; a page supplies its content, says when it is complete, and checks.
 */

typedef struct
{
  AdwBin    *content_bin;
  GtkWidget *continue_button;

  PorchPlan *plan;
  char      *continue_label;
  char      *error;
  DexFuture *checking;
  guint      complete : 1;
  guint      first : 1;
} PorchWizardPagePrivate;

enum
{
  PROP_0,
  PROP_BUSY,
  PROP_COMPLETE,
  PROP_CONTENT,
  PROP_CONTINUE_LABEL,
  PROP_ERROR,
  PROP_FIRST,
  PROP_PLAN,
  N_PROPS
};

enum
{
  CONTINUED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_TYPE_WITH_PRIVATE (PorchWizardPage, porch_wizard_page, ADW_TYPE_NAVIGATION_PAGE)

#define PRIVATE(self) ((PorchWizardPagePrivate *) porch_wizard_page_get_instance_private (self))

static void
update (PorchWizardPage *self)
{
  gboolean busy = porch_wizard_page_get_busy (self);

  adw_navigation_page_set_can_pop (ADW_NAVIGATION_PAGE (self), !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.continue", PRIVATE (self)->complete && !busy);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static DexFuture *
checked_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchWizardPage *self = user_data;
  g_autoptr(GError) error = NULL;

  dex_clear (&PRIVATE (self)->checking);
  update (self);

  if (dex_future_get_value (future, &error) != NULL)
    {
      g_signal_emit (self, signals[CONTINUED], 0);
    }
  else if (!porch_error_is_cancelled (error))
    {
      g_autoptr(PorchProblem) problem = porch_problem_from_error (error);
      g_autofree char *text = porch_problem_to_line (problem);

      porch_wizard_page_set_error (self, text);
    }

  return NULL;
}

static void
continue_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  PorchWizardPage *self = PORCH_WIZARD_PAGE (widget);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_GET_CLASS (self);
  DexFuture *check = NULL;

  if (porch_wizard_page_get_busy (self))
    return;

  porch_wizard_page_set_error (self, NULL);

  if (page_class->check != NULL)
    check = page_class->check (self);

  if (check == NULL)
    {
      g_signal_emit (self, signals[CONTINUED], 0);
      return;
    }

  check = dex_future_finally (check, checked_cb, self, NULL);

  if (dex_future_is_pending (check))
    PRIVATE (self)->checking = check;
  else
    dex_unref (check);

  update (self);
}

static void
porch_wizard_page_map (GtkWidget *widget)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (widget, ADW_TYPE_DIALOG);

  GTK_WIDGET_CLASS (porch_wizard_page_parent_class)->map (widget);

  if (dialog != NULL)
    adw_dialog_set_default_widget (ADW_DIALOG (dialog), PRIVATE (PORCH_WIZARD_PAGE (widget))->continue_button);
}

static void
porch_wizard_page_unroot (GtkWidget *widget)
{
  PorchWizardPage *self = PORCH_WIZARD_PAGE (widget);

  if (PRIVATE (self)->checking != NULL)
    {
      dex_clear (&PRIVATE (self)->checking);
      update (self);
    }

  GTK_WIDGET_CLASS (porch_wizard_page_parent_class)->unroot (widget);
}

static void
porch_wizard_page_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  PorchWizardPage *self = PORCH_WIZARD_PAGE (object);
  PorchWizardPagePrivate *priv = PRIVATE (self);

  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, porch_wizard_page_get_busy (self));
      break;
    case PROP_COMPLETE:
      g_value_set_boolean (value, priv->complete);
      break;
    case PROP_CONTENT:
      g_value_set_object (value, adw_bin_get_child (priv->content_bin));
      break;
    case PROP_CONTINUE_LABEL:
      g_value_set_string (value, priv->continue_label);
      break;
    case PROP_ERROR:
      g_value_set_string (value, priv->error);
      break;
    case PROP_FIRST:
      g_value_set_boolean (value, priv->first);
      break;
    case PROP_PLAN:
      g_value_set_object (value, priv->plan);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_wizard_page_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  PorchWizardPage *self = PORCH_WIZARD_PAGE (object);
  PorchWizardPagePrivate *priv = PRIVATE (self);

  switch (prop_id)
    {
    case PROP_COMPLETE:
      porch_wizard_page_set_complete (self, g_value_get_boolean (value));
      break;
    case PROP_CONTENT:
      adw_bin_set_child (priv->content_bin, g_value_get_object (value));
      break;
    case PROP_CONTINUE_LABEL:
      if (g_set_str (&priv->continue_label, g_value_get_string (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_ERROR:
      porch_wizard_page_set_error (self, g_value_get_string (value));
      break;
    case PROP_FIRST:
      priv->first = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_PLAN:
      if (g_set_object (&priv->plan, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_wizard_page_dispose (GObject *object)
{
  PorchWizardPagePrivate *priv = PRIVATE (PORCH_WIZARD_PAGE (object));

  dex_clear (&priv->checking);
  g_clear_object (&priv->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_WIZARD_PAGE);

  G_OBJECT_CLASS (porch_wizard_page_parent_class)->dispose (object);
}

static void
porch_wizard_page_finalize (GObject *object)
{
  PorchWizardPagePrivate *priv = PRIVATE (PORCH_WIZARD_PAGE (object));

  g_free (priv->continue_label);
  g_free (priv->error);

  G_OBJECT_CLASS (porch_wizard_page_parent_class)->finalize (object);
}

static void
porch_wizard_page_class_init (PorchWizardPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_wizard_page_get_property;
  object_class->set_property = porch_wizard_page_set_property;
  object_class->dispose = porch_wizard_page_dispose;
  object_class->finalize = porch_wizard_page_finalize;

  widget_class->map = porch_wizard_page_map;
  widget_class->unroot = porch_wizard_page_unroot;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_COMPLETE] =
    g_param_spec_boolean ("complete", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONTENT] =
    g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONTINUE_LABEL] =
    g_param_spec_string ("continue-label", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] =
    g_param_spec_string ("error", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FIRST] =
    g_param_spec_boolean ("first", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLAN] =
    g_param_spec_object ("plan", NULL, NULL, PORCH_TYPE_PLAN,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CONTINUED] =
    g_signal_new ("continued", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-wizard-page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, PorchWizardPage, content_bin);
  gtk_widget_class_bind_template_child_private (widget_class, PorchWizardPage, continue_button);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "page.continue", NULL, continue_action);
}

static void
porch_wizard_page_init (PorchWizardPage *self)
{
  PRIVATE (self)->complete = TRUE;

  gtk_widget_init_template (GTK_WIDGET (self));
}

PorchPlan *
porch_wizard_page_get_plan (PorchWizardPage *self)
{
  g_return_val_if_fail (PORCH_IS_WIZARD_PAGE (self), NULL);

  return PRIVATE (self)->plan;
}

gboolean
porch_wizard_page_get_busy (PorchWizardPage *self)
{
  g_return_val_if_fail (PORCH_IS_WIZARD_PAGE (self), FALSE);

  return PRIVATE (self)->checking != NULL;
}

void
porch_wizard_page_set_complete (PorchWizardPage *self,
                                gboolean         complete)
{
  g_return_if_fail (PORCH_IS_WIZARD_PAGE (self));

  if (PRIVATE (self)->complete == complete)
    return;

  PRIVATE (self)->complete = complete;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPLETE]);
}

/* Shows @error in the banner until the next attempt; NULL takes it away. */
void
porch_wizard_page_set_error (PorchWizardPage *self,
                             const char      *error)
{
  g_return_if_fail (PORCH_IS_WIZARD_PAGE (self));

  if (!g_set_str (&PRIVATE (self)->error, error))
    return;

  if (error != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), error, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}
