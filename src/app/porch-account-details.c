/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-account-details.h"

#include <glib/gi18n.h>

#include "porch-account-dialog.h"
#include "porch-account-words.h"
#include "porch-error.h"
#include "porch-permissions-page.h"
#include "porch-survey.h"
#include "porch-widget-util.h"

/* Everything about one account, and what can be changed about it. */
struct _PorchAccountDetails
{
  AdwNavigationPage   parent_instance;

  AdwBanner          *banner;
  AdwEntryRow        *name_row;
  GtkLabel           *name_error;
  AdwComboRow        *region_row;
  AdwSwitchRow       *default_row;
  AdwActionRow       *number_row;
  AdwActionRow       *user_row;
  AdwActionRow       *kind_row;
  AdwActionRow       *expires_row;
  AdwActionRow       *secret_row;
  AdwActionRow       *plan_row;
  GtkWidget          *permissions_row;
  GtkWidget          *remove_label;
  GtkButton          *renew_button;

  PorchEngine        *engine;
  PorchAccount       *account;
  PorchSurvey        *survey;
  DexFuture          *surveying;
  DexFuture          *changing;
  DexFuture          *signing_in;
  guint               updating : 1;
};

enum
{
  PROP_0,
  PROP_ACCOUNT,
  PROP_ENGINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchAccountDetails, porch_account_details, ADW_TYPE_NAVIGATION_PAGE)

static void
set_property_row (AdwActionRow *row,
                  const char   *text)
{
  adw_action_row_set_subtitle (row, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL && *text != '\0');
}

static void
update_banner (PorchAccountDetails *self)
{
  PorchProblem *problem = porch_account_get_problem (self->account);
  gboolean ended = porch_account_get_state (self->account) == PORCH_ACCOUNT_NEEDS_SIGN_IN;
  gboolean retry = problem != NULL && porch_problem_get_action (problem) == PORCH_PROBLEM_ACTION_RETRY;

  adw_banner_set_title (self->banner, retry ? porch_problem_get_title (problem) : _("Your sign-in has ended"));
  adw_banner_set_button_label (self->banner, retry ? _("_Try Again") : _("_Sign In Again"));
  adw_banner_set_revealed (self->banner, ended);
}

static void
update_sign_in (PorchAccountDetails *self)
{
  g_autofree char *number = porch_account_number_words (porch_account_get_number (self->account));
  g_autofree char *kind = porch_account_kind_words (self->account);
  g_autofree char *secret = porch_account_secret_words (self->account);
  g_autofree char *renewal = porch_account_renewal_label (self->account);
  g_autoptr(GDateTime) expires = porch_account_dup_expires (self->account);
  g_autofree char *until = NULL;

  if (expires != NULL)
    {
      g_autoptr(GDateTime) now = g_date_time_new_now_local ();

      until = porch_moment_words (expires, now);
    }

  set_property_row (self->number_row, number);
  set_property_row (self->user_row, porch_account_is_root (self->account) ? _("The owner of the account")
                                                                          : porch_account_get_user (self->account));
  set_property_row (self->kind_row, kind);
  set_property_row (self->expires_row, until);
  set_property_row (self->secret_row, secret);
  gtk_button_set_label (self->renew_button, renewal);
  gtk_widget_set_visible (GTK_WIDGET (self->renew_button),
                          porch_account_get_renewal (self->account) != PORCH_ACCOUNT_RENEWAL_NONE);
}

static void
update_name (PorchAccountDetails *self)
{
  const char *name = porch_account_get_name (self->account);

  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->name_row)), name) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
}

static void
update_default (PorchAccountDetails *self)
{
  gboolean is_default = porch_engine_get_default_account (self->engine) == self->account;

  self->updating = TRUE;
  adw_switch_row_set_active (self->default_row, is_default);
  gtk_widget_set_sensitive (GTK_WIDGET (self->default_row), !is_default);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->default_row),
                               is_default ? _("To change this, choose another account") : "");
  self->updating = FALSE;
}

/* The row has a list of its own, since it would choose the first one by itself whenever that of the survey changes */
static void
update_regions (PorchAccountDetails *self)
{
  GListModel *regions = porch_survey_get_regions (self->survey);
  g_autoptr(GListStore) own = g_list_store_new (PORCH_TYPE_REGION);
  const char *current = porch_account_get_region (self->account);
  guint selected = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < g_list_model_get_n_items (regions); i++)
    {
      g_autoptr(PorchRegion) region = g_list_model_get_item (regions, i);

      g_list_store_append (own, region);

      if (g_strcmp0 (porch_region_get_id (region), current) == 0)
        selected = i;
    }

  self->updating = TRUE;
  adw_combo_row_set_model (self->region_row, G_LIST_MODEL (own));
  adw_combo_row_set_selected (self->region_row, selected);
  self->updating = FALSE;
}

static void
update_plan (PorchAccountDetails *self)
{
  set_property_row (self->plan_row, porch_survey_get_plan_text (self->survey));
}

static void
update (PorchAccountDetails *self)
{
  update_banner (self);
  update_sign_in (self);
  update_name (self);
  update_default (self);
}

static DexFuture *
changed_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchAccountDetails *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    porch_widget_toast_error (GTK_WIDGET (self), error);

  update (self);

  return NULL;
}

static void
take_change (PorchAccountDetails *self,
             DexFuture           *future)
{
  dex_clear (&self->changing);
  self->changing = dex_future_finally (future, changed_cb, self, NULL);
}

static void
name_changed_cb (PorchAccountDetails *self,
                 AdwEntryRow         *row)
{
  porch_row_set_error (GTK_WIDGET (row), self->name_error, NULL);
}

static void
name_applied_cb (PorchAccountDetails *self,
                 AdwEntryRow         *row)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
  PorchAccount *other = porch_engine_find_account (self->engine, name);

  if (*name == '\0' || (other != NULL && other != self->account))
    {
      porch_row_set_error (GTK_WIDGET (row), self->name_error,
                           *name == '\0' ? _("A name is needed.") : _("Another account has this name already."));
      gtk_widget_grab_focus (GTK_WIDGET (row));
      return;
    }

  take_change (self, porch_account_rename (self->account, name));
}

static void
region_selected_cb (PorchAccountDetails *self)
{
  PorchRegion *region = adw_combo_row_get_selected_item (self->region_row);

  if (!self->updating && region != NULL)
    take_change (self, porch_account_set_region (self->account, porch_region_get_id (region)));
}

static void
default_switched_cb (PorchAccountDetails *self)
{
  if (!self->updating && adw_switch_row_get_active (self->default_row))
    take_change (self, porch_engine_set_default_account (self->engine, self->account));
}

static void
copy_number_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  porch_widget_copy_text (widget, porch_account_get_number (PORCH_ACCOUNT_DETAILS (widget)->account));
}

static DexFuture *
signed_in_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchAccountDetails *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    porch_widget_toast (GTK_WIDGET (self), adw_toast_new (_("Signed in")));
  else
    porch_widget_toast_error (GTK_WIDGET (self), error);

  update (self);

  return NULL;
}

static void
sign_in_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchAccountDetails *self = PORCH_ACCOUNT_DETAILS (widget);
  PorchProblem *problem = porch_account_get_problem (self->account);
  gboolean retry = problem != NULL && porch_problem_get_action (problem) == PORCH_PROBLEM_ACTION_RETRY;
  DexFuture *future = retry ? porch_engine_recheck_account (self->engine, self->account)
                            : porch_account_dialog_run (widget, self->engine, self->account);

  dex_clear (&self->signing_in);
  self->signing_in = dex_future_finally (future, signed_in_cb, self, NULL);
}

static void
permissions_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PorchAccountDetails *self = PORCH_ACCOUNT_DETAILS (widget);
  GtkWidget *dialog = gtk_widget_get_ancestor (widget, ADW_TYPE_PREFERENCES_DIALOG);
  PorchPermissionsPage *page = porch_permissions_page_new (self->survey);

  adw_preferences_dialog_push_subpage (ADW_PREFERENCES_DIALOG (dialog), ADW_NAVIGATION_PAGE (page));
}

static guint
count_sites (PorchAccountDetails *self)
{
  GListModel *sites = porch_engine_get_sites (self->engine);
  guint n_own = 0;

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);

      if (porch_site_get_account (site) == self->account)
        n_own++;
    }

  return n_own;
}

static DexFuture *
removed_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchAccountDetails *self = user_data;
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_PREFERENCES_DIALOG);
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    {
      porch_widget_toast_error (GTK_WIDGET (self), error);
      return NULL;
    }

  if (dialog != NULL)
    {
      adw_preferences_dialog_add_toast (ADW_PREFERENCES_DIALOG (dialog), adw_toast_new (_("Account removed")));
      adw_preferences_dialog_pop_subpage (ADW_PREFERENCES_DIALOG (dialog));
    }

  return NULL;
}

static void
remove_response_cb (PorchAccountDetails *self,
                    const char          *response)
{
  if (!g_str_equal (response, "remove"))
    return;

  dex_clear (&self->changing);
  self->changing = dex_future_finally (porch_engine_forget_account (self->engine, self->account),
                                       removed_cb, self, NULL);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PorchAccountDetails *self = PORCH_ACCOUNT_DETAILS (widget);
  g_autofree char *name = porch_isolate (porch_account_get_name (self->account));
  g_autofree char *heading = g_strdup_printf (_("Remove “%s”?"), name);
  g_autofree char *sites = NULL;
  g_autofree char *body = NULL;
  guint n_sites = count_sites (self);
  AdwDialog *dialog;

  if (n_sites > 0)
    sites = g_strdup_printf (ngettext ("Its site stays online. It comes back here when the account is connected again.",
                                       "Its %u sites stay online. They come back here when the account is connected again.",
                                       n_sites), n_sites);

  body = g_strconcat (_("The sign-in is forgotten on this computer. The account itself is not changed."),
                      sites != NULL ? "\n\n" : NULL, sites, NULL);
  dialog = adw_alert_dialog_new (heading, body);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "cancel", _("_Cancel"),
                                  "remove", _("_Remove"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_response_cb), self, G_CONNECT_SWAPPED);
  porch_dialog_present (dialog, widget);
}

static void
porch_account_details_constructed (GObject *object)
{
  PorchAccountDetails *self = PORCH_ACCOUNT_DETAILS (object);
  gboolean practice = porch_account_is_practice (self->account);

  G_OBJECT_CLASS (porch_account_details_parent_class)->constructed (object);

  self->survey = porch_survey_new (self->account);

  /* There is one place only, and everything is allowed there */
  gtk_widget_set_visible (GTK_WIDGET (self->region_row), !practice);
  gtk_widget_set_visible (self->permissions_row, !practice);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "details.remove", !practice || count_sites (self) == 0);
  gtk_widget_set_visible (self->remove_label, practice && count_sites (self) > 0);

  g_signal_connect_object (porch_survey_get_regions (self->survey), "items-changed", G_CALLBACK (update_regions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->survey, "notify::plan-text", G_CALLBACK (update_plan), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->account, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->engine, "notify::default-account", G_CALLBACK (update_default), self, G_CONNECT_SWAPPED);
  update (self);
  update_regions (self);

  if (!practice)
    self->surveying = porch_survey_run (self->survey);
}

static void
porch_account_details_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, PORCH_ACCOUNT_DETAILS (object)->account);
      break;
    case PROP_ENGINE:
      g_value_set_object (value, PORCH_ACCOUNT_DETAILS (object)->engine);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_account_details_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_set_object (&PORCH_ACCOUNT_DETAILS (object)->account, g_value_get_object (value));
      break;
    case PROP_ENGINE:
      g_set_object (&PORCH_ACCOUNT_DETAILS (object)->engine, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_account_details_dispose (GObject *object)
{
  PorchAccountDetails *self = PORCH_ACCOUNT_DETAILS (object);

  dex_clear (&self->surveying);
  dex_clear (&self->changing);
  dex_clear (&self->signing_in);
  g_clear_object (&self->survey);
  g_clear_object (&self->account);
  g_clear_object (&self->engine);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ACCOUNT_DETAILS);

  G_OBJECT_CLASS (porch_account_details_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-account-details.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, banner);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, name_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, name_error);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, region_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, default_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, number_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, user_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, kind_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, expires_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, secret_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, plan_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, permissions_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, remove_label);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDetails, renew_button);
  gtk_widget_class_bind_template_callback (widget_class, name_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, region_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, default_switched_cb);
}

static void
porch_account_details_class_init (PorchAccountDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = porch_account_details_constructed;
  object_class->get_property = porch_account_details_get_property;
  object_class->set_property = porch_account_details_set_property;
  object_class->dispose = porch_account_details_dispose;

  properties[PROP_ACCOUNT] =
    g_param_spec_object ("account", NULL, NULL, PORCH_TYPE_ACCOUNT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ENGINE] =
    g_param_spec_object ("engine", NULL, NULL, PORCH_TYPE_ENGINE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_REGION);

  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "details.copy-number", NULL, copy_number_action);
  gtk_widget_class_install_action (widget_class, "details.sign-in", NULL, sign_in_action);
  gtk_widget_class_install_action (widget_class, "details.permissions", NULL, permissions_action);
  gtk_widget_class_install_action (widget_class, "details.remove", NULL, remove_action);
}

static void
porch_account_details_init (PorchAccountDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwNavigationPage *
porch_account_details_new (PorchEngine  *engine,
                           PorchAccount *account)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (PORCH_IS_ACCOUNT (account), NULL);

  return g_object_new (PORCH_TYPE_ACCOUNT_DETAILS,
                       "engine", engine,
                       "account", account,
                       NULL);
}
