/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-permissions-page.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* What somebody who has signed in may do, and what to send to the person who can allow the rest. As the last page of
 * the assistant, it adds the account; elsewhere it only shows.
 */
struct _PorchPermissionsPage
{
  PorchWizardPage  parent_instance;

  GtkListBox      *permission_list;

  PorchSurvey     *survey;
  PorchEngine     *engine;
  PorchAccount    *account;
  char            *name;
  DexFuture       *checking;
};

enum
{
  PROP_0,
  PROP_SURVEY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchPermissionsPage, porch_permissions_page, PORCH_TYPE_WIZARD_PAGE)

static char *
summary_title (GObject          *object,
               PorchSurveyState  state,
               guint             n_missing)
{
  if (state == PORCH_SURVEY_WAITING || state == PORCH_SURVEY_ASKING)
    return g_strdup (_("Checking What You May Do"));
  else if (state == PORCH_SURVEY_UNKNOWN)
    return g_strdup (_("This Could Not Be Checked"));
  else if (n_missing > 0)
    return g_strdup (_("Something Is Not Allowed Yet"));
  else
    return g_strdup (_("Everything Is Allowed"));
}

static char *
summary_text (GObject          *object,
              PorchSurveyState  state,
              guint             n_missing)
{
  if (state == PORCH_SURVEY_WAITING || state == PORCH_SURVEY_ASKING)
    return g_strdup (_("Nothing is changed by this."));
  else if (state == PORCH_SURVEY_UNKNOWN)
    return g_strdup (_("That alone does no harm. If something is not allowed, you are told when it is needed."));
  else if (n_missing > 0)
    return g_strdup_printf (ngettext ("%u thing is missing. The account can be used for the rest.",
                                      "%u things are missing. The account can be used for the rest.", n_missing),
                            n_missing);
  else
    return g_strdup (_("You can make sites in this account."));
}

static const char *
permission_icon (PorchPermissionState state)
{
  switch (state)
    {
    case PORCH_PERMISSION_ALLOWED:
      return "porchlight-step-done-symbolic";
    case PORCH_PERMISSION_MISSING:
      return "dialog-warning-symbolic";
    case PORCH_PERMISSION_BLOCKED:
      return "action-unavailable-symbolic";
    case PORCH_PERMISSION_UNCHECKED:
    default:
      return "porchlight-step-pending-symbolic";
    }
}

static const char *
permission_style (PorchPermissionState state)
{
  switch (state)
    {
    case PORCH_PERMISSION_ALLOWED:
      return "success";
    case PORCH_PERMISSION_MISSING:
      return "warning";
    case PORCH_PERMISSION_BLOCKED:
      return "error";
    case PORCH_PERMISSION_UNCHECKED:
    default:
      return "dimmed";
    }
}

/* The picture says it to those who see it, this to the others */
static const char *
permission_words (PorchPermissionState state)
{
  switch (state)
    {
    case PORCH_PERMISSION_ALLOWED:
      return C_("permission", "Allowed");
    case PORCH_PERMISSION_MISSING:
      return C_("permission", "Not allowed yet");
    case PORCH_PERMISSION_BLOCKED:
      return C_("permission", "Not possible");
    case PORCH_PERMISSION_UNCHECKED:
    default:
      return C_("permission", "Not checked");
    }
}

static void
update_row (PorchPermission *permission,
            GParamSpec      *pspec,
            GtkWidget       *row)
{
  PorchPermissionState state = porch_permission_get_state (permission);
  GtkWidget *image = g_object_get_data (G_OBJECT (row), "image");
  GtkWidget *button = g_object_get_data (G_OBJECT (row), "button");
  const char *subtitle = porch_permission_get_subtitle (permission);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  gtk_image_set_from_icon_name (GTK_IMAGE (image), permission_icon (state));
  gtk_widget_set_css_classes (image, (const char *[]) { permission_style (state), NULL });
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, permission_words (state), -1);
  gtk_widget_set_visible (button, porch_permission_get_missing (permission)[0] != NULL);
}

static void
details_response_cb (AdwAlertDialog  *dialog,
                     const char      *response,
                     PorchPermission *permission)
{
  g_autofree char *missing = g_strjoinv ("\n", (char **) porch_permission_get_missing (permission));

  if (g_str_equal (response, "copy"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), missing);
}

static void
details_clicked_cb (GtkWidget       *button,
                    PorchPermission *permission)
{
  g_autofree char *missing = g_strjoinv ("\n", (char **) porch_permission_get_missing (permission));
  AdwDialog *dialog = adw_alert_dialog_new (porch_permission_get_title (permission),
                                            _("These rights are missing, in the words of the account’s own pages."));
  GtkWidget *label = porch_technical_label_new (missing);

  /* Not to be selected: a dialog that opens with the focus in it would begin at its end */
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "caption");
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), label);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "close", _("_Close"),
                                  "copy", _("C_opy Details"),
                                  NULL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (details_response_cb), permission, 0);
  porch_dialog_present (dialog, button);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  PorchPermission *permission = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("help-about-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_permission_get_title (permission));
  adw_preferences_row_set_title_selectable (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Show Details"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (details_clicked_cb), permission, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  g_object_set_data (G_OBJECT (row), "image", image);
  g_object_set_data (G_OBJECT (row), "button", button);
  g_signal_connect_object (permission, "notify", G_CALLBACK (update_row), row, 0);
  update_row (permission, NULL, row);

  return row;
}

static DexFuture *
checked_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchPermissionsPage *self = user_data;
  g_autofree char *title = NULL;

  title = summary_title (NULL, porch_survey_get_state (self->survey, PORCH_SURVEY_PERMISSIONS),
                         porch_survey_get_n_missing (self->survey));
  porch_widget_announce (GTK_WIDGET (self), title);

  return NULL;
}

static void
check (PorchPermissionsPage *self)
{
  dex_clear (&self->checking);
  self->checking = dex_future_finally (porch_survey_run (self->survey), checked_cb, self, NULL);
}

static void
check_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  check (PORCH_PERMISSIONS_PAGE (widget));
}

static void
copy_policy_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  AdwToast *toast = adw_toast_new (_("Policy copied to clipboard"));
  g_autofree char *policy = NULL;
  PorchRole role;

  if (!porch_role_from_string (g_variant_get_string (parameter, NULL), &role))
    g_return_if_reached ();

  policy = porch_permissions_dup_policy (role);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), policy);
  adw_toast_set_timeout (toast, 3);
  porch_widget_toast (widget, toast);
}

static DexFuture *
added_cb (DexFuture *future,
          gpointer   user_data)
{
  PorchPermissionsPage *self = user_data;

  g_set_object (&self->account, g_value_get_object (dex_future_get_value (future, NULL)));

  return dex_ref (future);
}

static DexFuture *
porch_permissions_page_check (PorchWizardPage *page)
{
  PorchPermissionsPage *self = PORCH_PERMISSIONS_PAGE (page);
  PorchAccount *account = porch_survey_get_account (self->survey);

  if (self->engine == NULL)
    return NULL;

  return dex_future_then (porch_engine_add_account (self->engine, account, self->name), added_cb, self, NULL);
}

static void
porch_permissions_page_map (GtkWidget *widget)
{
  PorchPermissionsPage *self = PORCH_PERMISSIONS_PAGE (widget);

  GTK_WIDGET_CLASS (porch_permissions_page_parent_class)->map (widget);

  if (!porch_survey_is_running (self->survey) &&
      porch_survey_get_state (self->survey, PORCH_SURVEY_PERMISSIONS) == PORCH_SURVEY_WAITING)
    check (self);
}

static void
porch_permissions_page_constructed (GObject *object)
{
  PorchPermissionsPage *self = PORCH_PERMISSIONS_PAGE (object);

  G_OBJECT_CLASS (porch_permissions_page_parent_class)->constructed (object);

  if (self->survey != NULL)
    gtk_list_box_bind_model (self->permission_list, porch_survey_get_permissions (self->survey),
                             create_row, NULL, NULL);
}

static void
porch_permissions_page_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SURVEY:
      g_value_set_object (value, PORCH_PERMISSIONS_PAGE (object)->survey);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_permissions_page_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SURVEY:
      g_set_object (&PORCH_PERMISSIONS_PAGE (object)->survey, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_permissions_page_dispose (GObject *object)
{
  PorchPermissionsPage *self = PORCH_PERMISSIONS_PAGE (object);

  dex_clear (&self->checking);
  g_clear_object (&self->survey);
  g_clear_object (&self->engine);
  g_clear_object (&self->account);
  g_clear_pointer (&self->name, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_PERMISSIONS_PAGE);

  G_OBJECT_CLASS (porch_permissions_page_parent_class)->dispose (object);
}

static void
porch_permissions_page_class_init (PorchPermissionsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->constructed = porch_permissions_page_constructed;
  object_class->get_property = porch_permissions_page_get_property;
  object_class->set_property = porch_permissions_page_set_property;
  object_class->dispose = porch_permissions_page_dispose;

  widget_class->map = porch_permissions_page_map;

  page_class->check = porch_permissions_page_check;

  properties[PROP_SURVEY] =
    g_param_spec_object ("survey", NULL, NULL, PORCH_TYPE_SURVEY,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-permissions-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchPermissionsPage, permission_list);
  gtk_widget_class_bind_template_callback (widget_class, summary_title);
  gtk_widget_class_bind_template_callback (widget_class, summary_text);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "permissions.check", NULL, check_action);
  gtk_widget_class_install_action (widget_class, "permissions.copy-policy", "s", copy_policy_action);
}

static void
porch_permissions_page_init (PorchPermissionsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A page that shows what @survey finds; it runs it only if nobody else has. */
PorchPermissionsPage *
porch_permissions_page_new (PorchSurvey *survey)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (survey), NULL);

  return g_object_new (PORCH_TYPE_PERMISSIONS_PAGE, "survey", survey, NULL);
}

/* Makes it the last page of the assistant: going on adds the account to @engine as @name. */
void
porch_permissions_page_set_adding (PorchPermissionsPage *self,
                                   PorchEngine          *engine,
                                   const char           *name)
{
  g_return_if_fail (PORCH_IS_PERMISSIONS_PAGE (self));
  g_return_if_fail (PORCH_IS_ENGINE (engine));

  g_set_object (&self->engine, engine);
  g_set_str (&self->name, name);
  g_object_set (self, "continue-label", _("_Add Account"), NULL);
}

/* The account as it was added, once the page was continued. */
PorchAccount *
porch_permissions_page_get_account (PorchPermissionsPage *self)
{
  g_return_val_if_fail (PORCH_IS_PERMISSIONS_PAGE (self), NULL);

  return self->account;
}
