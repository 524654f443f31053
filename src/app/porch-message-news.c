/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-news.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "porch-application.h"

/* How often sites are looked at whose messages nobody reads at the moment; the practice cloud is near */
#define CHECK_SECONDS (5 * 60)
#define NEAR_CHECK_SECONDS 10

/* More senders are not named in one notification, nor more letters of any text shown */
#define MAX_NAMED 3
#define MAX_SHOWN 160

/* Time to read why a switch went back */
#define REFUSAL_SECONDS 10

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Background"
#define REQUEST_INTERFACE "org.freedesktop.portal.Request"
#define REQUEST_TOKEN "porchlight_background"

/* Looks for messages of all sites while nobody looks at them, and says outside of the window what came in. Where the person
 * wants that, the app goes on for it when its window is closed, and is started with the desktop.
 */
struct _PorchMessageNews
{
  GObject          parent_instance;

  GApplication    *application; /* owns this */
  PorchEngine     *engine;
  GSettings       *settings;    /* NULL where nobody installed the schema */
  GDBusConnection *connection;  /* where the desktop answers */
  guint            answer;      /* by which signal */
  gint64           checked;     /* when all sites were, 0 for never */
  guint            timer;
  gboolean         is_held;
};

G_DEFINE_FINAL_TYPE (PorchMessageNews, porch_message_news, G_TYPE_OBJECT)

/* One line of what a visitor wrote. Some desktops read tags in notifications, and nobody can know which. */
static char *
make_plain (const char *text)
{
  g_autofree char *beginning = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_SHOWN));
  g_autoptr(GString) plain = g_string_new (g_strdelimit (beginning, "\t\r\n", ' '));

  g_string_replace (plain, "<", "‹", 0);

  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static char *
name_senders (GPtrArray *messages)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;

  for (guint i = 0; i < MIN (messages->len, MAX_NAMED); i++)
    g_strv_builder_take (builder, make_plain (porch_message_get_sender (g_ptr_array_index (messages, i))));

  names = g_strv_builder_end (builder);

  /* Translators: stands between the names of those who wrote */
  return g_strjoinv (_(", "), names);
}

/**
 * porch_message_news_create_notification:
 * @site: the site
 * @messages: (element-type PorchMessage): the messages that came in together, the newest first, at least one
 *
 * Returns: (transfer full): what the desktop is to show; it opens the newest of them
 */
GNotification *
porch_message_news_create_notification (PorchSite *site,
                                        GPtrArray *messages)
{
  PorchMessage *newest = g_ptr_array_index (messages, 0);
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;
  GNotification *notification;

  if (messages->len == 1)
    {
      const char *subject = porch_message_get_subject (newest);
      g_autofree char *sender = make_plain (porch_message_get_sender (newest));

      /* Translators: %s is the name of somebody who wrote */
      title = g_strdup_printf (_("Message from %s"), sender);
      body = make_plain (subject != NULL ? subject : porch_message_get_preview (newest));
    }
  else
    {
      g_autofree char *names = name_senders (messages);

      title = g_strdup_printf (ngettext ("%u New Message", "%u New Messages", messages->len), messages->len);
      /* Translators: the name of a site, then who wrote */
      body = g_strdup_printf (messages->len > MAX_NAMED ? _("%s: %s and others") : _("%s: %s"), porch_site_get_name (site), names);
    }

  notification = g_notification_new (title);
  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.show-message", "(ss)", porch_site_get_id (site),
                                                porch_message_get_id (newest));

  return notification;
}

static gboolean
is_looked_at (PorchMessageNews *self,
              PorchInbox       *inbox)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self->application));

  return window != NULL && gtk_window_is_active (window) && porch_inbox_get_polling (inbox);
}

static void
arrived_cb (PorchMessageNews *self,
            GPtrArray        *messages,
            PorchInbox       *inbox)
{
  PorchSite *site = porch_inbox_get_site (inbox);
  g_autoptr(GNotification) notification = NULL;
  g_autofree char *id = NULL;

  if (site == NULL || is_looked_at (self, inbox))
    return;

  notification = porch_message_news_create_notification (site, messages);
  id = g_strconcat ("messages-", porch_site_get_id (site), NULL);
  g_application_send_notification (self->application, id, notification);
}

/* Whoever reads the messages needs not be told of them any more */
static void
polling_cb (PorchMessageNews *self,
            GParamSpec       *pspec,
            PorchInbox       *inbox)
{
  PorchSite *site = porch_inbox_get_site (inbox);
  g_autofree char *id = NULL;

  if (site == NULL || !porch_inbox_get_polling (inbox))
    return;

  id = g_strconcat ("messages-", porch_site_get_id (site), NULL);
  g_application_withdraw_notification (self->application, id);
}

static void
sites_changed_cb (PorchMessageNews *self,
                  guint             position,
                  guint             removed,
                  guint             added,
                  GListModel       *sites)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);
      PorchInbox *inbox = porch_site_get_inbox (site);

      g_signal_connect_object (inbox, "arrived", G_CALLBACK (arrived_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (inbox, "notify::polling", G_CALLBACK (polling_cb), self, G_CONNECT_SWAPPED);
    }
}

static gboolean
is_near (PorchSite *site)
{
  return porch_account_is_practice (porch_site_get_account (site));
}

/* One source for all sites: it is quick for those that are near, and leaves the others out until their time has come */
static gboolean
check_cb (gpointer user_data)
{
  PorchMessageNews *self = user_data;
  GListModel *sites = porch_engine_get_sites (self->engine);
  gint64 now = g_get_monotonic_time ();
  gboolean all = self->checked == 0 || now - self->checked >= CHECK_SECONDS * G_USEC_PER_SEC;

  /* The window opens the record of the sites; who was started without one does it here, and says nothing if it fails */
  if (!porch_engine_is_open (self->engine))
    {
      if (gtk_application_get_windows (GTK_APPLICATION (self->application)) == NULL)
        dex_future_disown (porch_application_open_sites (PORCH_APPLICATION (self->application)));

      return G_SOURCE_CONTINUE;
    }

  if (all)
    self->checked = now;

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);
      PorchInbox *inbox = porch_site_get_inbox (site);

      /* A failure is shown by the inbox, and the next turn tries again */
      if (porch_site_get_table (site) != NULL && !porch_inbox_get_polling (inbox) && (all || is_near (site)))
        dex_future_disown (porch_inbox_refresh (inbox));
    }

  return G_SOURCE_CONTINUE;
}

static void
forget_answer (PorchMessageNews *self)
{
  if (self->answer != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->answer);

  self->answer = 0;
  g_clear_object (&self->connection);
}

/* Whoever does not want it to run was asked by the desktop; the setting says so too, and why */
static void
refuse (PorchMessageNews *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self->application));
  AdwDialog *dialog = ADW_IS_APPLICATION_WINDOW (window) ? adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window))
                                                         : NULL;

  g_application_release (self->application);
  self->is_held = FALSE;
  g_settings_set_boolean (self->settings, "background-check", FALSE);

  if (ADW_IS_PREFERENCES_DIALOG (dialog))
    {
      AdwToast *toast = adw_toast_new (_("Your system does not allow it"));

      adw_toast_set_timeout (toast, REFUSAL_SECONDS);
      adw_preferences_dialog_add_toast (ADW_PREFERENCES_DIALOG (dialog), toast);
    }
}

static void
answered_cb (GDBusConnection *connection,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *name,
             GVariant        *parameters,
             gpointer         user_data)
{
  PorchMessageNews *self = user_data;
  g_autoptr(GVariant) results = NULL;
  gboolean allowed = TRUE;
  guint32 response;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;

  forget_answer (self);
  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  g_variant_lookup (results, "background", "b", &allowed);

  if (self->is_held && (response != 0 || !allowed))
    refuse (self);
}

/* The answer may come before that of the call, and tells itself by its path */
static void
listen_for_answer (PorchMessageNews *self,
                   GDBusConnection  *connection)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (connection) + 1);
  g_autofree char *path = g_strconcat (PORTAL_PATH "/request/", g_strdelimit (sender, ".", '_'), "/" REQUEST_TOKEN, NULL);

  forget_answer (self);
  self->connection = g_object_ref (connection);
  self->answer = g_dbus_connection_signal_subscribe (connection, PORTAL_NAME, REQUEST_INTERFACE, "Response", path, NULL,
                                                     G_DBUS_SIGNAL_FLAGS_NONE, answered_cb, self, NULL);
}

static void
requested_cb (GObject      *connection,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);

  /* Without it the app looks for messages as long as it runs, which is what most want */
  if (answer == NULL)
    g_debug ("The desktop can't start the app by itself: %s", error->message);
}

/* Asks the desktop to let the app run without a window, and to start it with the session, or takes that back. */
static void
tell_desktop (PorchMessageNews *self,
              gboolean          wanted)
{
  GDBusConnection *connection = g_application_get_dbus_connection (self->application);
  GVariantBuilder options;
  const char *command[] = { "porchlight", "--gapplication-service", NULL };

  if (connection == NULL)
    return;

  listen_for_answer (self, connection);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (REQUEST_TOKEN));
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (_("Tells you when somebody writes to your site.")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (wanted));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  g_dbus_connection_call (connection, PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE, "RequestBackground",
                          g_variant_new ("(sa{sv})", "", &options), G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, requested_cb, NULL);
}

static void
update_hold (PorchMessageNews *self)
{
  gboolean wanted = self->settings != NULL && g_settings_get_boolean (self->settings, "background-check");

  if (wanted && !self->is_held)
    g_application_hold (self->application);
  else if (!wanted && self->is_held)
    g_application_release (self->application);

  self->is_held = wanted;
}

static void
setting_changed_cb (PorchMessageNews *self)
{
  gboolean was_held = self->is_held;

  update_hold (self);

  if (self->is_held != was_held)
    tell_desktop (self, self->is_held);
}

static void
porch_message_news_dispose (GObject *object)
{
  PorchMessageNews *self = PORCH_MESSAGE_NEWS (object);

  forget_answer (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->settings);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (porch_message_news_parent_class)->dispose (object);
}

static void
porch_message_news_class_init (PorchMessageNewsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_message_news_dispose;
}

static void
porch_message_news_init (PorchMessageNews *self)
{
}

/**
 * porch_message_news_new:
 * @application: the application, which has to keep this
 * @engine: the engine
 * @settings: (nullable): the settings, with the key `background-check`
 *
 * Returns: (transfer full): what looks for messages from now on
 */
PorchMessageNews *
porch_message_news_new (GApplication *application,
                        PorchEngine  *engine,
                        GSettings    *settings)
{
  PorchMessageNews *self = g_object_new (PORCH_TYPE_MESSAGE_NEWS, NULL);
  GListModel *sites = porch_engine_get_sites (engine);

  self->application = application;
  self->engine = g_object_ref (engine);
  self->timer = g_timeout_add_seconds (NEAR_CHECK_SECONDS, check_cb, self);
  g_signal_connect_object (sites, "items-changed", G_CALLBACK (sites_changed_cb), self, G_CONNECT_SWAPPED);
  sites_changed_cb (self, 0, 0, g_list_model_get_n_items (sites), sites);

  if (settings != NULL)
    {
      self->settings = g_object_ref (settings);
      g_signal_connect_object (settings, "changed::background-check", G_CALLBACK (setting_changed_cb), self, G_CONNECT_SWAPPED);
      update_hold (self);
    }

  return self;
}
