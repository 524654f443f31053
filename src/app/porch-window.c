/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-window.h"

#include <glib/gi18n.h>

#include "porch-account-dialog.h"
#include "porch-choose-site-dialog.h"
#include "porch-create-dialog.h"
#include "porch-delete-operation.h"
#include "porch-drop-area.h"
#include "porch-dropped.h"
#include "porch-error.h"
#include "porch-go-live-operation.h"
#include "porch-operation-news.h"
#include "porch-outbox-dialog.h"
#include "porch-preferences-dialog.h"
#include "porch-publish-dialog.h"
#include "porch-site-row.h"
#include "porch-site-view.h"
#include "porch-site-words.h"
#include "porch-welcome-page.h"
#include "porch-widget-util.h"

/* A spinner that is gone at once is only a flicker */
#define LOADING_DELAY_MSEC 400

/* The sites beside the pages of the one that is chosen; before there is one, how to get one. */
struct _PorchWindow
{
  AdwApplicationWindow    parent_instance;

  AdwToastOverlay        *toast_overlay;
  GtkStack               *stack;
  GtkWidget              *loading_spinner;
  AdwStatusPage          *failed_page;
  AdwNavigationSplitView *split_view;
  GtkListBox             *site_list;
  GtkStack               *content_stack;
  PorchSiteView          *site_view;

  PorchApplication       *application;
  PorchEngine            *engine;
  PorchCreateDialog      *create_dialog;
  AdwToast               *toast;
  GFile                  *folder;      /* opened, and not taken yet */
  char                   *wanted_site; /* whose notification was pressed before the sites were known */
  char                   *wanted_message;
  DexFuture              *opening;
  DexFuture              *starting;
  DexFuture              *connecting;
  DexFuture              *importing;
  DexFuture              *resolving;
  guint                   loading_id;
  guint                   opened : 1;
};

G_DEFINE_FINAL_TYPE (PorchWindow, porch_window, ADW_TYPE_APPLICATION_WINDOW)

static void
remember_site (PorchWindow *self,
               PorchSite   *site)
{
  GSettings *settings = porch_application_get_settings (self->application);

  if (settings != NULL && site != NULL)
    g_settings_set_string (settings, "last-site", porch_site_get_id (site));
}

static GtkListBoxRow *
find_row (PorchWindow *self,
          PorchSite   *site)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->site_list, i)) != NULL; i++)
    {
      if (porch_site_row_get_site (PORCH_SITE_ROW (row)) == site)
        return row;
    }

  return NULL;
}

static void
show_site (PorchWindow *self,
           PorchSite   *site)
{
  porch_site_view_set_site (self->site_view, site);
  gtk_stack_set_visible_child_name (self->content_stack, site != NULL ? "site" : "empty");
  gtk_list_box_select_row (self->site_list, site != NULL ? find_row (self, site) : NULL);
  remember_site (self, site);
}

/* The arrow keys choose too */
static void
site_selected_cb (PorchWindow  *self,
                  PorchSiteRow *row)
{
  if (row != NULL && porch_site_row_get_site (row) != porch_site_view_get_site (self->site_view))
    show_site (self, porch_site_row_get_site (row));
}

static void
site_activated_cb (PorchWindow  *self,
                   PorchSiteRow *row)
{
  show_site (self, porch_site_row_get_site (row));
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
}

static GtkWidget *
create_site_row (gpointer item,
                 gpointer user_data)
{
  return porch_site_row_new (item);
}

static void
update_page (PorchWindow *self)
{
  guint n_accounts = g_list_model_get_n_items (porch_engine_get_accounts (self->engine));
  guint n_sites = g_list_model_get_n_items (porch_engine_get_sites (self->engine));

  if (!self->opened)
    return;

  gtk_stack_set_visible_child_name (self->stack, n_accounts > 0 || n_sites > 0 ? "sites" : "welcome");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.new-site", n_accounts > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.practice-mail",
                                 porch_application_get_practice (self->application) != NULL);
}

static void
sites_changed_cb (PorchWindow *self,
                  guint        position,
                  guint        removed,
                  guint        added,
                  GListModel  *sites)
{
  PorchSite *current = porch_site_view_get_site (self->site_view);
  g_autoptr(PorchSite) next = NULL;
  guint n_sites = g_list_model_get_n_items (sites);

  update_page (self);

  if (!self->opened)
    return;

  if (added > 0 && removed == 0)
    {
      next = g_list_model_get_item (sites, position);
      porch_site_view_show_page (self->site_view, "overview");
    }
  else if (current != NULL && find_row (self, current) != NULL)
    next = g_object_ref (current);
  else if (n_sites > 0)
    next = g_list_model_get_item (sites, MIN (position, n_sites - 1));

  show_site (self, next);

  if (next == NULL)
    adw_navigation_split_view_set_show_content (self->split_view, TRUE);
}

static void
show_last_site (PorchWindow *self)
{
  GSettings *settings = porch_application_get_settings (self->application);
  GListModel *sites = porch_engine_get_sites (self->engine);
  g_autofree char *id = settings != NULL ? g_settings_get_string (settings, "last-site") : NULL;
  g_autoptr(PorchSite) first = g_list_model_get_item (sites, 0);
  PorchSite *site = id != NULL ? porch_engine_find_site (self->engine, id) : NULL;

  show_site (self, site != NULL ? site : first);

  /* In a narrow window, a list of one is only in the way */
  adw_navigation_split_view_set_show_content (self->split_view, g_list_model_get_n_items (sites) <= 1);
}

static void
created_cb (PorchWindow *self)
{
  self->create_dialog = NULL;
}

static void
present_create_dialog (PorchWindow *self,
                       GFile       *folder)
{
  if (self->create_dialog != NULL)
    {
      if (folder != NULL && !porch_create_dialog_take_folder (self->create_dialog, folder))
        adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (_("Finish or cancel the new site first")));

      return;
    }

  self->create_dialog = porch_create_dialog_new (self->engine, folder);
  g_signal_connect_object (self->create_dialog, "closed", G_CALLBACK (created_cb), self, G_CONNECT_SWAPPED);
  porch_dialog_present (ADW_DIALOG (self->create_dialog), GTK_WIDGET (self));
}

static void
publish_folder (PorchWindow *self,
                PorchSite   *site,
                GFile       *folder)
{
  AdwDialog *dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self));

  /* What was looked at before is not what the person wants now */
  if (PORCH_IS_PUBLISH_DIALOG (dialog))
    adw_dialog_force_close (dialog);

  show_site (self, site);
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
  porch_site_view_publish (self->site_view, folder);
}

static void
site_chosen_cb (AdwDialog   *dialog,
                PorchSite   *site,
                PorchWindow *self)
{
  GFile *folder = g_object_get_data (G_OBJECT (dialog), "folder");

  if (site != NULL)
    publish_folder (self, site, folder);
  else
    present_create_dialog (self, folder);
}

static void
ask_for_site (PorchWindow *self,
              GFile       *folder)
{
  AdwDialog *dialog = porch_choose_site_dialog_new (self->engine, folder);

  g_object_set_data_full (G_OBJECT (dialog), "folder", g_object_ref (folder), g_object_unref);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (site_chosen_cb), self, 0);
  porch_dialog_present (dialog, GTK_WIDGET (self));
}

/* What was opened is kept until there is an account to do something with it */
static void
take_folder (PorchWindow *self)
{
  GListModel *sites = porch_engine_get_sites (self->engine);
  g_autoptr(GFile) folder = NULL;
  g_autoptr(PorchSite) only = NULL;

  if (!self->opened || self->folder == NULL ||
      g_list_model_get_n_items (porch_engine_get_accounts (self->engine)) == 0)
    return;

  folder = g_steal_pointer (&self->folder);

  if (g_list_model_get_n_items (sites) == 1)
    only = g_list_model_get_item (sites, 0);

  if (g_list_model_get_n_items (sites) == 0)
    present_create_dialog (self, folder);
  else if (only != NULL && porch_site_can_publish (only))
    publish_folder (self, only, folder);
  else
    ask_for_site (self, folder);
}

static void
show_failure (PorchWindow  *self,
              const GError *error)
{
  g_autoptr(PorchProblem) problem = porch_problem_from_error (error);
  g_autofree char *body = g_markup_escape_text (porch_problem_get_body (problem), -1);

  adw_status_page_set_title (self->failed_page, porch_problem_get_title (problem));
  adw_status_page_set_description (self->failed_page, body);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
show_wanted (PorchWindow *self)
{
  g_autofree char *site = g_steal_pointer (&self->wanted_site);
  g_autofree char *message = g_steal_pointer (&self->wanted_message);

  if (message != NULL)
    porch_window_show_message (self, site, message);
  else if (site != NULL)
    porch_window_show_site (self, site);
}

static DexFuture *
opened_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchWindow *self = user_data;
  g_autoptr(GError) error = NULL;

  g_clear_handle_id (&self->loading_id, g_source_remove);

  if (dex_future_get_value (future, &error) == NULL && !porch_engine_is_open (self->engine))
    {
      show_failure (self, error);
      return NULL;
    }

  self->opened = TRUE;
  show_last_site (self);
  update_page (self);
  show_wanted (self);
  take_folder (self);

  /* The sites are there, only the practice cloud is not */
  porch_widget_toast_error (GTK_WIDGET (self->stack), error);

  return NULL;
}

static void
show_spinner_cb (gpointer user_data)
{
  PorchWindow *self = user_data;

  self->loading_id = 0;
  gtk_widget_set_visible (self->loading_spinner, TRUE);
}

static void
open_sites (PorchWindow *self)
{
  gtk_stack_set_visible_child_name (self->stack, "loading");
  g_clear_handle_id (&self->loading_id, g_source_remove);
  self->loading_id = g_timeout_add_once (LOADING_DELAY_MSEC, show_spinner_cb, self);

  dex_clear (&self->opening);
  self->opening = dex_future_finally (porch_application_open_sites (self->application), opened_cb, self, NULL);
}

static void
open_sites_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  open_sites (PORCH_WINDOW (widget));
}

static DexFuture *
practice_ready_cb (DexFuture *future,
                   gpointer   user_data)
{
  PorchWindow *self = user_data;
  g_autoptr(GError) error = NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.try-practice", TRUE);

  if (dex_future_get_value (future, &error) == NULL)
    porch_widget_toast_error (GTK_WIDGET (self->stack), error);
  else
    gtk_widget_activate_action (GTK_WIDGET (self->site_view), "site.refresh", NULL);

  update_page (self);

  return NULL;
}

static DexFuture *
practice_started_cb (DexFuture *future,
                     gpointer   user_data)
{
  PorchWindow *self = user_data;

  return porch_engine_add_practice (self->engine, C_("account", "This Computer"));
}

static void
try_practice_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  DexFuture *future = porch_application_start_practice (self->application);

  gtk_widget_action_set_enabled (widget, "win.try-practice", FALSE);
  future = dex_future_then (future, practice_started_cb, self, NULL);
  dex_clear (&self->starting);
  self->starting = dex_future_finally (future, practice_ready_cb, self, NULL);
}

static void
start_practice_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  dex_clear (&self->starting);
  self->starting = dex_future_finally (porch_application_start_practice (self->application),
                                       practice_ready_cb, self, NULL);
}

static void
new_site_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  present_create_dialog (PORCH_WINDOW (widget), NULL);
}

/* A sign-in that is forgotten at the end has to be said, or the next start is a surprise */
static void
explain_session_only (PorchWindow  *self,
                      PorchAccount *account)
{
  PorchProblem *problem = porch_account_get_keyring_problem (account);
  g_autofree char *body = NULL;
  AdwDialog *dialog;

  if (!porch_account_is_session_only (account))
    return;

  body = g_strjoin (" ", _("Porchlight keeps secrets in the keyring and nowhere else. You can work now; at the next start you "
                           "will be asked to sign in again."),
                    problem != NULL ? porch_problem_get_body (problem) : NULL, NULL);
  dialog = adw_alert_dialog_new (_("The Sign-In Could Not Be Saved"), body);
  adw_alert_dialog_set_body_use_markup (ADW_ALERT_DIALOG (dialog), FALSE);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "close", _("_Continue"), NULL);
  porch_dialog_present (dialog, GTK_WIDGET (self));
}

static DexFuture *
imported_cb (DexFuture *future,
             gpointer   user_data)
{
  g_autoptr(GError) error = NULL;

  /* The account keeps its own problem, and shows it */
  if (dex_future_get_value (future, &error) == NULL)
    g_debug ("Can't look for sites: %s", error->message);

  return NULL;
}

static DexFuture *
connected_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchWindow *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);
  PorchAccount *account;

  if (value == NULL)
    return NULL;

  account = g_value_get_object (value);
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (_("Account connected")));
  explain_session_only (self, account);

  /* Sites that were made from another computer */
  dex_clear (&self->importing);
  self->importing = dex_future_finally (porch_engine_import (self->engine, account), imported_cb, self, NULL);

  return NULL;
}

static void
connect_account_action (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  DexFuture *future = porch_account_dialog_run (widget, self->engine, NULL);

  dex_clear (&self->connecting);
  self->connecting = dex_future_finally (future, connected_cb, self, NULL);
}

static PorchPreferencesDialog *
present_preferences (PorchWindow *self)
{
  PorchPreferencesDialog *dialog = porch_preferences_dialog_new (self->engine);

  porch_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self));

  return dialog;
}

static void
preferences_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  if (self->opened)
    present_preferences (self);
}

static void
show_account_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  PorchAccount *account = porch_engine_find_account (self->engine, g_variant_get_string (parameter, NULL));

  if (account != NULL)
    porch_preferences_dialog_show_account (present_preferences (self), account);
}

static void
practice_mail_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  PorchPractice *practice = porch_application_get_practice (PORCH_WINDOW (widget)->application);

  porch_dialog_present (porch_outbox_dialog_new (practice), widget);
}

static void
show_page_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  if (porch_site_view_get_site (self->site_view) != NULL)
    porch_site_view_show_page (self->site_view, g_variant_get_string (parameter, NULL));
}

/* Keys work wherever the focus is, so they go through the window */
static void
site_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  g_autofree char *name = g_strconcat ("site.", g_variant_get_string (parameter, NULL), NULL);

  if (porch_site_view_get_site (self->site_view) != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self->site_view), name, NULL);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  if (porch_site_view_get_site (self->site_view) != NULL)
    porch_site_view_search (self->site_view);
}

static void
go_live_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  g_autoptr(PorchOperation) operation = NULL;
  const char *site_id, *release;
  PorchSite *site;

  g_variant_get (parameter, "(&s&s)", &site_id, &release);
  site = porch_engine_find_site (self->engine, site_id);

  if (site != NULL)
    operation = porch_site_go_live (site, release);
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  porch_widget_copy_text (GTK_WIDGET (PORCH_WINDOW (widget)->stack), g_variant_get_string (parameter, NULL));
}

static void
dropped_cb (PorchWindow *self,
            GFile       *folder)
{
  present_create_dialog (self, folder);
}

static void
accounts_changed_cb (PorchWindow *self)
{
  update_page (self);
  take_folder (self);
}

static gboolean
porch_window_close_request (GtkWindow *window)
{
  PorchWindow *self = PORCH_WINDOW (window);
  GSettings *settings = porch_application_get_settings (self->application);
  int width, height;

  if (settings != NULL)
    {
      gtk_window_get_default_size (window, &width, &height);
      g_settings_set_int (settings, "window-width", width);
      g_settings_set_int (settings, "window-height", height);
      g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
    }

  return GTK_WINDOW_CLASS (porch_window_parent_class)->close_request (window);
}

static void
porch_window_map (GtkWidget *widget)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  GTK_WIDGET_CLASS (porch_window_parent_class)->map (widget);

  /* The first frame waits for nothing */
  if (!self->opened && self->opening == NULL)
    open_sites (self);
}

static void
porch_window_dispose (GObject *object)
{
  PorchWindow *self = PORCH_WINDOW (object);

  g_clear_handle_id (&self->loading_id, g_source_remove);
  dex_clear (&self->opening);
  dex_clear (&self->starting);
  dex_clear (&self->connecting);
  dex_clear (&self->importing);
  dex_clear (&self->resolving);
  g_clear_object (&self->toast);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->wanted_site, g_free);
  g_clear_pointer (&self->wanted_message, g_free);
  g_clear_object (&self->engine);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_WINDOW);

  G_OBJECT_CLASS (porch_window_parent_class)->dispose (object);
}

static void
porch_window_class_init (PorchWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->dispose = porch_window_dispose;

  widget_class->map = porch_window_map;

  window_class->close_request = porch_window_close_request;

  g_type_ensure (PORCH_TYPE_DROP_AREA);
  g_type_ensure (PORCH_TYPE_SITE_VIEW);
  g_type_ensure (PORCH_TYPE_WELCOME_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, loading_spinner);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, split_view);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, site_list);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, content_stack);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, site_view);
  gtk_widget_class_bind_template_callback (widget_class, dropped_cb);
  gtk_widget_class_bind_template_callback (widget_class, site_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, site_selected_cb);

  gtk_widget_class_install_action (widget_class, "win.open-sites", NULL, open_sites_action);
  gtk_widget_class_install_action (widget_class, "win.try-practice", NULL, try_practice_action);
  gtk_widget_class_install_action (widget_class, "win.start-practice", NULL, start_practice_action);
  gtk_widget_class_install_action (widget_class, "win.connect-account", NULL, connect_account_action);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, preferences_action);
  gtk_widget_class_install_action (widget_class, "win.show-account", "s", show_account_action);
  gtk_widget_class_install_action (widget_class, "win.new-site", NULL, new_site_action);
  gtk_widget_class_install_action (widget_class, "win.practice-mail", NULL, practice_mail_action);
  gtk_widget_class_install_action (widget_class, "win.show-page", "s", show_page_action);
  gtk_widget_class_install_action (widget_class, "win.site", "s", site_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.go-live", "(ss)", go_live_action);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", copy_action);
}

static void
porch_window_init (PorchWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.new-site", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.practice-mail", FALSE);
}

PorchWindow *
porch_window_new (PorchApplication *application)
{
  PorchWindow *self;
  GSettings *settings;
  GListModel *sites;

  g_return_val_if_fail (PORCH_IS_APPLICATION (application), NULL);

  self = g_object_new (PORCH_TYPE_WINDOW, "application", application, NULL);
  self->application = application;
  self->engine = g_object_ref (porch_application_get_engine (application));
  self->opened = porch_engine_is_open (self->engine);

  settings = porch_application_get_settings (application);
  if (settings != NULL)
    {
      gtk_window_set_default_size (GTK_WINDOW (self),
                                   g_settings_get_int (settings, "window-width"),
                                   g_settings_get_int (settings, "window-height"));

      if (g_settings_get_boolean (settings, "window-maximized"))
        gtk_window_maximize (GTK_WINDOW (self));
    }

  sites = porch_engine_get_sites (self->engine);
  gtk_list_box_bind_model (self->site_list, sites, create_site_row, NULL, NULL);
  g_signal_connect_object (sites, "items-changed", G_CALLBACK (sites_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (porch_engine_get_accounts (self->engine), "items-changed",
                           G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);

  if (self->opened)
    {
      show_last_site (self);
      update_page (self);
    }

  return self;
}

/* Shows the site with @id, as when its notification was clicked. */
void
porch_window_show_site (PorchWindow *self,
                        const char  *id)
{
  PorchSite *site;

  g_return_if_fail (PORCH_IS_WINDOW (self));

  if (!self->opened)
    {
      g_set_str (&self->wanted_site, id);
      g_clear_pointer (&self->wanted_message, g_free);
      return;
    }

  site = porch_engine_find_site (self->engine, id);

  if (site == NULL)
    return;

  show_site (self, site);
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
}

/* Shows the message with @id of a site, as when its notification was clicked. */
void
porch_window_show_message (PorchWindow *self,
                           const char  *site,
                           const char  *id)
{
  g_return_if_fail (PORCH_IS_WINDOW (self));

  porch_window_show_site (self, site);

  if (!self->opened)
    g_set_str (&self->wanted_message, id);
  else if (porch_engine_find_site (self->engine, site) != NULL)
    porch_site_view_show_message (self->site_view, id);
}

static DexFuture *
resolved_cb (DexFuture *future,
             gpointer   user_data)
{
  PorchWindow *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    {
      g_set_object (&self->folder, g_value_get_object (value));
      take_folder (self);
    }

  return NULL;
}

/* Publishes what was opened, one folder or one ZIP, after asking: to the only site, to one of several, or to a new one. */
void
porch_window_open_files (PorchWindow *self,
                         GPtrArray   *files)
{
  g_return_if_fail (PORCH_IS_WINDOW (self));
  g_return_if_fail (files != NULL && files->len > 0);

  dex_clear (&self->resolving);
  self->resolving = dex_future_finally (porch_dropped_resolve (GTK_WIDGET (self), files), resolved_cb, self, NULL);
}

/* The wizard shows itself how the making of its site ended, and the publish sheet what became of a draft */
static gboolean
is_shown_in_dialog (PorchWindow    *self,
                    PorchOperation *operation)
{
  AdwDialog *dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self));

  if (PORCH_IS_PUBLISH_DIALOG (dialog) && porch_publish_dialog_get_operation (PORCH_PUBLISH_DIALOG (dialog)) == operation)
    return TRUE;

  return self->create_dialog != NULL && porch_create_dialog_get_operation (self->create_dialog) == operation;
}

/* The pages of its site say it already, with what can be done about it */
static void
tell_failed (PorchWindow    *self,
             PorchOperation *operation)
{
  PorchProblem *problem = porch_operation_get_problem (operation);

  if (problem != NULL && porch_site_view_shows (self->site_view, operation))
    porch_widget_announce (GTK_WIDGET (self), porch_problem_get_title (problem));
  else
    porch_widget_toast_error (GTK_WIDGET (self->stack), porch_operation_get_error (operation));
}

/* Takes note of @operation, and says in the window when it has ended. */
void
porch_window_tell (PorchWindow    *self,
                   PorchOperation *operation)
{
  PorchOperationState state;

  g_return_if_fail (PORCH_IS_WINDOW (self));
  g_return_if_fail (PORCH_IS_OPERATION (operation));

  state = porch_operation_get_state (operation);

  /* What the Undo of an earlier one would bring back is not what was there before this one */
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);

  g_clear_object (&self->toast);

  if ((state != PORCH_OPERATION_DONE && state != PORCH_OPERATION_FAILED) || is_shown_in_dialog (self, operation))
    return;

  if (state == PORCH_OPERATION_FAILED)
    {
      tell_failed (self, operation);
      return;
    }

  self->toast = porch_operation_create_toast (operation);
  porch_widget_announce (GTK_WIDGET (self), adw_toast_get_title (self->toast));

  /* A site that is gone takes its pages along */
  if (PORCH_IS_DELETE_OPERATION (operation) || !porch_site_view_toast (self->site_view, self->toast))
    adw_toast_overlay_add_toast (self->toast_overlay, g_object_ref (self->toast));
}
