/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-application.h"

#include <glib/gi18n.h>

#include "porch-address-news.h"
#include "porch-form-news.h"
#include "porch-message-news.h"
#include "porch-operation-news.h"
#include "porch-widget-util.h"
#include "porch-window.h"

/* The engine and the practice cloud belong to the application, so that work goes on when its window is closed. */
struct _PorchApplication
{
  AdwApplication  parent_instance;

  PorchEngine    *engine;
  PorchAddressNews *address_news;
  PorchFormNews    *form_news;
  PorchMessageNews *message_news;
  PorchPractice  *practice;
  GSettings      *settings;
  guint           held : 1;
};

G_DEFINE_FINAL_TYPE (PorchApplication, porch_application, ADW_TYPE_APPLICATION)

/* Nobody installs a schema to try a build; the window then has its default size */
static GSettings *
create_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, PORCH_APP_ID, TRUE);

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

static PorchWindow *
get_window (PorchApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      if (PORCH_IS_WINDOW (l->data))
        return l->data;
    }

  return NULL;
}

static PorchWindow *
present_window (PorchApplication *self)
{
  PorchWindow *window = get_window (self);

  if (window == NULL)
    window = porch_window_new (self);

  gtk_window_present (GTK_WINDOW (window));

  return window;
}

static void
update_hold (PorchApplication *self)
{
  gboolean busy = porch_engine_is_busy (self->engine);

  if (busy && !self->held)
    g_application_hold (G_APPLICATION (self));
  else if (!busy && self->held)
    g_application_release (G_APPLICATION (self));

  self->held = busy;
}

static void
operation_state_cb (PorchApplication *self,
                    GParamSpec       *pspec,
                    PorchOperation   *operation)
{
  PorchOperationState state = porch_operation_get_state (operation);
  PorchWindow *window = get_window (self);

  if (window != NULL)
    porch_window_tell (window, operation);

  if ((state == PORCH_OPERATION_DONE || state == PORCH_OPERATION_FAILED) &&
      (window == NULL || !gtk_window_is_active (GTK_WINDOW (window))))
    {
      g_autoptr(GNotification) notification = porch_operation_create_notification (operation);

      if (notification != NULL)
        g_application_send_notification (G_APPLICATION (self), porch_operation_get_id (operation), notification);
    }

  update_hold (self);
}

static void
operations_changed_cb (PorchApplication *self,
                       guint             position,
                       guint             removed,
                       guint             added,
                       GListModel       *operations)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (operations, i);

      g_signal_connect_object (operation, "notify::state", G_CALLBACK (operation_state_cb), self, G_CONNECT_SWAPPED);
    }

  update_hold (self);
}

static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  PorchWindow *window = get_window (user_data);

  if (window != NULL)
    gtk_window_close (GTK_WINDOW (window));

  g_application_quit (user_data);
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  PorchWindow *window = get_window (user_data);
  AdwDialog *dialog = adw_about_dialog_new ();

  g_object_set (dialog,
                "application-icon", PORCH_APP_ID,
                "application-name", _("Porchlight"),
                "version", PORCH_VERSION,
                "developer-name", _("The Porchlight developers"),
                "developers", (const char *[]) { "The Porchlight developers", NULL },
                /* Translators: names of the translators, one a line */
                "translator-credits", _("translator-credits"),
                "comments", _("Put your own website online. Made with the help of artificial intelligence."),
                "copyright", _("© 2026 The Porchlight developers"),
                "license-type", GTK_LICENSE_GPL_3_0,
                NULL);
  porch_dialog_present (dialog, window != NULL ? GTK_WIDGET (window) : NULL);
}

static void
show_site_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  PorchWindow *window = present_window (user_data);

  porch_window_show_site (window, g_variant_get_string (parameter, NULL));
}

static void
show_message_action (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  PorchWindow *window = present_window (user_data);
  const char *site, *id;

  g_variant_get (parameter, "(&s&s)", &site, &id);
  porch_window_show_message (window, site, id);
}

static void
porch_application_activate (GApplication *application)
{
  present_window (PORCH_APPLICATION (application));
}

static void
porch_application_open (GApplication  *application,
                        GFile        **files,
                        int            n_files,
                        const char    *hint)
{
  g_autoptr(GPtrArray) opened = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < n_files; i++)
    g_ptr_array_add (opened, g_object_ref (files[i]));

  if (opened->len > 0)
    porch_window_open_files (present_window (PORCH_APPLICATION (application)), opened);
}

static void
porch_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
    { .name = "quit", .activate = quit_action },
    { .name = "about", .activate = about_action },
    { .name = "show-site", .activate = show_site_action, .parameter_type = "s" },
    { .name = "show-message", .activate = show_message_action, .parameter_type = "(ss)" },
  };
  static const struct
  {
    const char *action;
    const char *accels[3];
  } shortcuts[] = {
    { "app.quit", { "<Control>q" } },
    { "window.close", { "<Control>w" } },
    { "win.new-site", { "<Control>n" } },
    { "win.show-page('overview')", { "<Alt>1" } },
    { "win.show-page('messages')", { "<Alt>2" } },
    { "win.show-page('history')", { "<Alt>3" } },
    { "win.show-page('settings')", { "<Alt>4" } },
    { "win.preferences", { "<Control>comma" } },
    { "win.search", { "<Control>f" } },
    { "win.site('choose-folder')", { "<Control>o" } },
    { "win.site('publish-again')", { "<Control><Shift>p" } },
    { "win.site('refresh')", { "<Control>r", "F5" } },
  };
  PorchApplication *self = PORCH_APPLICATION (application);
  GListModel *operations;

  G_APPLICATION_CLASS (porch_application_parent_class)->startup (application);

  /* A page that opens with its first label selected looks as if something had been done to it */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), shortcuts[i].action, shortcuts[i].accels);

  gtk_window_set_default_icon_name (PORCH_APP_ID);

  self->settings = create_settings ();
  self->engine = porch_engine_new (NULL);

  self->address_news = porch_address_news_new (application, self->engine);
  self->form_news = porch_form_news_new (application, self->engine);
  self->message_news = porch_message_news_new (application, self->engine, self->settings);

  operations = porch_engine_get_operations (self->engine);
  g_signal_connect_object (operations, "items-changed", G_CALLBACK (operations_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
porch_application_finalize (GObject *object)
{
  PorchApplication *self = PORCH_APPLICATION (object);

  g_clear_object (&self->address_news);
  g_clear_object (&self->form_news);
  g_clear_object (&self->message_news);
  g_clear_object (&self->engine);
  g_clear_object (&self->practice);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (porch_application_parent_class)->finalize (object);
}

static void
porch_application_class_init (PorchApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = porch_application_finalize;

  application_class->activate = porch_application_activate;
  application_class->open = porch_application_open;
  application_class->startup = porch_application_startup;
}

static void
porch_application_init (PorchApplication *self)
{
}

PorchApplication *
porch_application_new (void)
{
  return g_object_new (PORCH_TYPE_APPLICATION,
                       "application-id", PORCH_APP_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       NULL);
}

PorchEngine *
porch_application_get_engine (PorchApplication *self)
{
  g_return_val_if_fail (PORCH_IS_APPLICATION (self), NULL);

  return self->engine;
}

/* The practice cloud, or NULL while it has not been started. */
PorchPractice *
porch_application_get_practice (PorchApplication *self)
{
  g_return_val_if_fail (PORCH_IS_APPLICATION (self), NULL);

  return self->practice;
}

/* May be NULL where the schema is not installed. */
GSettings *
porch_application_get_settings (PorchApplication *self)
{
  g_return_val_if_fail (PORCH_IS_APPLICATION (self), NULL);

  return self->settings;
}

static DexFuture *
start_practice_fiber (gpointer user_data)
{
  PorchApplication *self = user_data;
  g_autoptr(PorchPractice) practice = NULL;
  g_autoptr(GFile) folder = NULL;
  g_autoptr(GError) error = NULL;

  if (self->practice != NULL)
    return dex_future_new_true ();

  folder = g_file_get_child (porch_engine_get_folder (self->engine), "practice");
  practice = porch_practice_new (folder);

  if (!dex_await (porch_practice_start (practice), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  porch_engine_set_practice_endpoint (self->engine,
                                      porch_practice_get_endpoint (practice),
                                      porch_practice_get_access_key_id (practice),
                                      porch_practice_get_secret_access_key (practice),
                                      porch_practice_get_region (practice),
                                      porch_practice_get_name_server (practice));
  self->practice = g_steal_pointer (&practice);

  return dex_future_new_true ();
}

/* Starts the practice cloud unless it runs, and tells the engine where it is. */
DexFuture *
porch_application_start_practice (PorchApplication *self)
{
  dex_return_error_if_fail (PORCH_IS_APPLICATION (self));

  return dex_scheduler_spawn (NULL, 0, start_practice_fiber, g_object_ref (self), g_object_unref);
}

static gboolean
has_practice_account (PorchEngine *engine)
{
  GListModel *accounts = porch_engine_get_accounts (engine);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (accounts, i);

      if (porch_account_is_practice (account))
        return TRUE;
    }

  return FALSE;
}

static DexFuture *
open_sites_fiber (gpointer user_data)
{
  PorchApplication *self = user_data;
  g_autoptr(GError) error = NULL;

  if (!porch_engine_is_open (self->engine) &&
      !dex_await (porch_engine_open (self->engine), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (has_practice_account (self->engine) &&
      !dex_await (porch_application_start_practice (self), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  porch_engine_go_on (self->engine);

  return dex_future_new_true ();
}

/* Opens the store; then the lists of the engine are filled. Rejected when even that is impossible. */
DexFuture *
porch_application_open_sites (PorchApplication *self)
{
  dex_return_error_if_fail (PORCH_IS_APPLICATION (self));

  return dex_scheduler_spawn (NULL, 0, open_sites_fiber, g_object_ref (self), g_object_unref);
}
