/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-messages-page.h"

#include <glib/gi18n.h>

#include "porch-message-view.h"
#include "porch-widget-util.h"

/* The messages of a site: the list beside the message that is read or, on a narrow window, the list and a page
 * that is pushed above it. While the page can be seen the inbox looks for new messages by itself.
 */

struct _PorchMessagesPage
{
  AdwBin               parent_instance;

  GtkStack            *stack;
  GtkStack            *list_stack;
  AdwStatusPage       *nothing_page;
  GtkListView         *list_view;
  GtkSingleSelection  *selection;
  GtkEditable         *search_entry;
  PorchMessageView    *message_view;

  PorchSite           *site;
  GSignalGroup        *site_signals;
  GSignalGroup        *inbox_signals;
  GSignalGroup        *list_signals;
  AdwNavigationPage   *pushed_page;
  guint                known;
  gboolean             narrow;
};

enum
{
  PROP_0,
  PROP_NARROW,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchMessagesPage, porch_messages_page, ADW_TYPE_BIN)

static const struct
{
  const char     *name;
  PorchInboxView  view;
  const char     *title;
  const char     *nothing;
} views[] = {
  { "messages", PORCH_INBOX_MESSAGES, N_("Inbox"), N_("Everything is put away. New messages arrive here by themselves.") },
  { "unread", PORCH_INBOX_UNREAD, N_("Unread"), N_("You have read everything.") },
  { "archive", PORCH_INBOX_ARCHIVE, N_("Archive"), N_("Messages that you archive are kept here.") },
  { "spam", PORCH_INBOX_SPAM, N_("Spam"), N_("Messages that look like advertising are kept here, so that none is lost.") },
};

static PorchInbox *
get_inbox (PorchMessagesPage *self)
{
  return self->site != NULL ? porch_site_get_inbox (self->site) : NULL;
}

static int
list_width (GObject  *object,
            gboolean  narrow)
{
  return narrow ? -1 : 320;
}

static char *
view_title (GObject        *object,
            PorchInboxView  view)
{
  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    if (views[i].view == view)
      return g_strdup (_(views[i].title));

  return g_strdup (_("All Messages"));
}

static char *
row_label (GObject    *object,
           const char *sender,
           const char *preview,
           gboolean    unread)
{
  if (unread)
    /* Translators: what a screen reader says of a message in the list: its sender, then its first words */
    return g_strdup_printf (_("Unread message from %s: %s"), sender, preview);
  else
    /* Translators: what a screen reader says of a message in the list: its sender, then its first words */
    return g_strdup_printf (_("Message from %s: %s"), sender, preview);
}

static void
update_nothing (PorchMessagesPage *self,
                PorchInbox        *inbox)
{
  const char *search = porch_inbox_get_search (inbox);

  if (search != NULL && *search != '\0')
    {
      adw_status_page_set_icon_name (self->nothing_page, "edit-find-symbolic");
      adw_status_page_set_title (self->nothing_page, _("No Results Found"));
      adw_status_page_set_description (self->nothing_page, _("Try a different search."));
      return;
    }

  adw_status_page_set_icon_name (self->nothing_page, "mail-read-symbolic");
  adw_status_page_set_title (self->nothing_page, _("Nothing Here"));

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    if (views[i].view == porch_inbox_get_view (inbox))
      adw_status_page_set_description (self->nothing_page, _(views[i].nothing));
}

/* The one place that decides which of the states is shown */
static void
update (PorchMessagesPage *self)
{
  PorchInbox *inbox = get_inbox (self);
  const char *search;
  gboolean any, plain;

  if (inbox == NULL)
    return;

  search = porch_inbox_get_search (inbox);
  any = g_list_model_get_n_items (porch_inbox_get_messages (inbox)) > 0;
  plain = porch_inbox_get_view (inbox) == PORCH_INBOX_MESSAGES && (search == NULL || *search == '\0');

  if (any || (!plain && porch_inbox_is_loaded (inbox)))
    {
      update_nothing (self, inbox);
      gtk_stack_set_visible_child_name (self->list_stack, any ? "list" : "nothing");
      gtk_stack_set_visible_child_name (self->stack, "messages");
    }
  else if (porch_inbox_get_problem (inbox) != NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
  else if (!porch_inbox_is_loaded (inbox))
    {
      gtk_stack_set_visible_child_name (self->stack, "loading");
    }
  else if (porch_inbox_has_any (inbox))
    {
      update_nothing (self, inbox);
      gtk_stack_set_visible_child_name (self->list_stack, "nothing");
      gtk_stack_set_visible_child_name (self->stack, "messages");
    }
  else
    {
      gtk_stack_set_visible_child_name (self->stack, porch_site_get_form_enabled (self->site) ? "empty" : "no-form");
    }
}

static void
update_polling (PorchMessagesPage *self)
{
  PorchInbox *inbox = get_inbox (self);

  if (inbox != NULL)
    porch_inbox_set_polling (inbox, gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
messages_changed_cb (PorchMessagesPage *self,
                     guint              position,
                     guint              removed,
                     guint              added,
                     GListModel        *messages)
{
  guint count = g_list_model_get_n_items (messages);

  if (added > removed && position == 0 && self->known > 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    porch_widget_announce (GTK_WIDGET (self), _("A new message has arrived"));

  self->known = MAX (count, 1);
  update (self);
}

static void
unselect (PorchMessagesPage *self)
{
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  porch_message_view_set_message (self->message_view, NULL);
}

static void
close_pushed (PorchMessagesPage *self)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);

  if (self->pushed_page == NULL || view == NULL)
    return;

  if (adw_navigation_view_get_visible_page (ADW_NAVIGATION_VIEW (view)) == self->pushed_page)
    adw_navigation_view_pop (ADW_NAVIGATION_VIEW (view));
}

static void
put_away_cb (PorchMessagesPage *self)
{
  close_pushed (self);
  unselect (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

static void
push_message (PorchMessagesPage *self,
              PorchMessage      *message)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);
  GtkWidget *content;
  AdwNavigationPage *page;

  if (view == NULL || self->pushed_page != NULL)
    return;

  content = g_object_new (PORCH_TYPE_MESSAGE_VIEW,
                          "narrow", TRUE,
                          "inbox", get_inbox (self),
                          "message", message,
                          NULL);
  g_signal_connect_object (content, "put-away", G_CALLBACK (put_away_cb), self, G_CONNECT_SWAPPED);

  page = adw_navigation_page_new (content, porch_message_get_sender (message));
  g_set_weak_pointer (&self->pushed_page, page);
  adw_navigation_view_push (ADW_NAVIGATION_VIEW (view), page);
  gtk_widget_grab_focus (content);
}

static void
show_message (PorchMessagesPage *self,
              PorchMessage      *message)
{
  PorchInbox *inbox = get_inbox (self);

  porch_message_view_set_message (self->message_view, message);

  if (self->narrow)
    push_message (self, message);

  /* Nobody waits for it: a failure shows as the inbox's problem */
  if (porch_message_get_unread (message))
    dex_future_disown (porch_inbox_mark_read (inbox, message, TRUE));
}

static void
message_activated_cb (PorchMessagesPage *self,
                      guint              position)
{
  g_autoptr(PorchMessage) message = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (message != NULL)
    {
      gtk_single_selection_set_selected (self->selection, position);
      show_message (self, message);
    }
}

static void
search_changed_cb (PorchMessagesPage *self)
{
  PorchInbox *inbox = get_inbox (self);

  if (inbox != NULL)
    porch_inbox_set_search (inbox, gtk_editable_get_text (self->search_entry));
}

static void
stop_search_cb (PorchMessagesPage *self)
{
  gtk_editable_set_text (self->search_entry, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

static DexFuture *
failed_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchMessagesPage *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    porch_widget_toast_error (GTK_WIDGET (self), error);

  return NULL;
}

static void
follow (PorchMessagesPage *self,
        DexFuture         *future)
{
  dex_future_disown (dex_future_catch (future, failed_cb, g_object_ref (self), g_object_unref));
}

static void
refresh_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);

  follow (self, porch_inbox_refresh (get_inbox (self)));
}

static void
mark_all_read_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);

  follow (self, porch_inbox_mark_all_read (get_inbox (self)));
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (PORCH_MESSAGES_PAGE (widget)->search_entry));
}

static DexFuture *
exported_cb (DexFuture *future,
             gpointer   user_data)
{
  PorchMessagesPage *self = user_data;
  g_autofree char *title = NULL;
  guint count = g_value_get_uint (dex_future_get_value (future, NULL));

  /* Translators: how many messages were written into a file */
  title = g_strdup_printf (ngettext ("%u message exported", "%u messages exported", count), count);
  porch_widget_toast (GTK_WIDGET (self), adw_toast_new (title));

  return NULL;
}

static void
export_chosen_cb (GObject      *dialog,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(PorchMessagesPage) self = user_data;
  g_autoptr(GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (dialog), result, NULL);

  if (file != NULL && get_inbox (self) != NULL)
    follow (self, dex_future_then (porch_inbox_export (get_inbox (self), file), exported_cb, g_object_ref (self), g_object_unref));
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr(GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr(GtkFileFilter) table = gtk_file_filter_new ();
  g_autoptr(GtkFileFilter) json = gtk_file_filter_new ();
  g_autofree char *name = g_strdup_printf ("%s.csv", porch_site_get_slug (self->site));

  gtk_file_filter_set_name (table, _("Spreadsheet (CSV)"));
  gtk_file_filter_add_suffix (table, "csv");
  gtk_file_filter_set_name (json, _("Everything, for Programs (JSON)"));
  gtk_file_filter_add_suffix (json, "json");
  g_list_store_append (filters, table);
  g_list_store_append (filters, json);

  gtk_file_dialog_set_title (dialog, _("Export Messages"));
  gtk_file_dialog_set_accept_label (dialog, _("_Export"));
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (widget)), NULL, export_chosen_cb, g_object_ref (self));
}

static void
view_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);
  const char *name = g_variant_get_string (parameter, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_str_equal (views[i].name, name) && get_inbox (self) != NULL)
      porch_inbox_set_view (get_inbox (self), views[i].view);
}

static void
porch_messages_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (porch_messages_page_parent_class)->map (widget);
  update_polling (PORCH_MESSAGES_PAGE (widget));
}

static void
porch_messages_page_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (porch_messages_page_parent_class)->unmap (widget);
  update_polling (PORCH_MESSAGES_PAGE (widget));
}

/* What was being read beside the list stays in sight when the window becomes narrow */
static gboolean
keep_in_sight_cb (GtkWidget     *widget,
                  GdkFrameClock *clock,
                  gpointer       user_data)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);
  PorchMessage *message = porch_message_view_get_message (self->message_view);

  if (message != NULL && self->narrow && gtk_widget_get_mapped (widget))
    push_message (self, message);

  return G_SOURCE_REMOVE;
}

static void
set_narrow (PorchMessagesPage *self,
            gboolean           narrow)
{
  if (self->narrow == narrow)
    return;

  self->narrow = narrow;

  /* The window is still being put together anew: ticks begin when the page is on the screen again */
  if (narrow)
    gtk_widget_add_tick_callback (GTK_WIDGET (self), keep_in_sight_cb, NULL, NULL);
  else
    close_pushed (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

static void
porch_messages_page_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (object);

  switch (prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_SITE:
      g_value_set_object (value, self->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_messages_page_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (object);

  switch (prop_id)
    {
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    case PROP_SITE:
      porch_messages_page_set_site (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_messages_page_dispose (GObject *object)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (object);

  porch_messages_page_set_site (self, NULL);
  g_clear_object (&self->site_signals);
  g_clear_object (&self->inbox_signals);
  g_clear_object (&self->list_signals);
  g_clear_weak_pointer (&self->pushed_page);
  /* Else the bin would unparent a child that the template has let go of */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PORCH_TYPE_MESSAGES_PAGE);

  G_OBJECT_CLASS (porch_messages_page_parent_class)->dispose (object);
}

static void
porch_messages_page_class_init (PorchMessagesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_messages_page_get_property;
  object_class->set_property = porch_messages_page_set_property;
  object_class->dispose = porch_messages_page_dispose;

  widget_class->map = porch_messages_page_map;
  widget_class->unmap = porch_messages_page_unmap;

  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_MESSAGE_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-messages-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, list_stack);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, list_view);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, selection);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, message_view);
  porch_bind_closures (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, list_width);
  gtk_widget_class_bind_template_callback (widget_class, view_title);
  gtk_widget_class_bind_template_callback (widget_class, row_label);
  gtk_widget_class_bind_template_callback (widget_class, message_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, put_away_cb);

  gtk_widget_class_install_action (widget_class, "messages.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "messages.mark-all-read", NULL, mark_all_read_action);
  gtk_widget_class_install_action (widget_class, "messages.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "messages.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "messages.view", "s", view_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "messages.search", NULL);
}

static void
porch_messages_page_init (PorchMessagesPage *self)
{
  self->site_signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->site_signals, "notify::form-enabled", G_CALLBACK (update), self);

  self->inbox_signals = g_signal_group_new (PORCH_TYPE_INBOX);
  g_signal_group_connect_swapped (self->inbox_signals, "notify", G_CALLBACK (update), self);

  self->list_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->list_signals, "items-changed", G_CALLBACK (messages_changed_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));
}

PorchSite *
porch_messages_page_get_site (PorchMessagesPage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGES_PAGE (self), NULL);

  return self->site;
}

/**
 * porch_messages_page_set_site:
 * @self: a page
 * @site: (nullable): the site whose messages are shown
 *
 * Shows the messages of @site, first those that are known on this computer.
 */
void
porch_messages_page_set_site (PorchMessagesPage *self,
                              PorchSite         *site)
{
  PorchInbox *inbox;

  g_return_if_fail (PORCH_IS_MESSAGES_PAGE (self));
  g_return_if_fail (site == NULL || PORCH_IS_SITE (site));

  if (self->site == site)
    return;

  if (get_inbox (self) != NULL)
    porch_inbox_set_polling (get_inbox (self), FALSE);

  if (self->message_view != NULL)
    {
      close_pushed (self);
      unselect (self);
      gtk_editable_set_text (self->search_entry, "");
    }

  g_set_object (&self->site, site);
  inbox = get_inbox (self);
  self->known = 0;

  g_signal_group_set_target (self->site_signals, site);
  g_signal_group_set_target (self->inbox_signals, inbox);
  g_signal_group_set_target (self->list_signals, inbox != NULL ? porch_inbox_get_messages (inbox) : NULL);

  if (inbox != NULL)
    {
      /* The store answers at once; a failure shows as the inbox's problem */
      if (!porch_inbox_is_loaded (inbox))
        dex_future_disown (porch_inbox_load (inbox));

      update (self);
      update_polling (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
}
