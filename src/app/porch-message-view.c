/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-view.h"

#include <glib/gi18n.h>

#include "porch-message-deeds.h"
#include "porch-message-print.h"
#include "porch-message-words.h"
#include "porch-site.h"
#include "porch-widget-util.h"

/* One message and what can be done with it. Beside the list its bar is a toolbar; on a narrow window the view
 * fills a page of its own and the bar is that page's header.
 *
 * Text is text: labels show what a visitor wrote without markup, and nothing of it can be clicked. Links are listed by where
 * they lead, and open after one more question.
 */

struct _PorchMessageView
{
  AdwBin          parent_instance;

  AdwPreferencesGroup *links_group;
  GtkListBox     *fields_list;
  GtkLabel       *mail_label;
  GtkWidget      *mail_button;
  GtkWidget      *mail_notice;
  GtkWidget      *scroller;
  GtkLabel       *sender_label;
  GtkLabel       *sender_mail_label;
  GtkLabel       *spam_label;
  GtkWidget      *spam_notice;
  GtkLabel       *text_label;

  PorchInbox     *inbox;
  PorchMessage   *message;
  GPtrArray      *link_rows;
  DexFuture      *completing;
  gulong          changed;
  guint           selected_count;
  gboolean        narrow;
  gboolean        is_filled;
};

enum
{
  PROP_0,
  PROP_INBOX,
  PROP_MESSAGE,
  PROP_NARROW,
  PROP_SELECTED_COUNT,
  N_PROPS
};

enum
{
  PUT_AWAY,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchMessageView, porch_message_view, ADW_TYPE_BIN)

static char *
message_page (GObject *object,
              GObject *message,
              guint    selected_count)
{
  if (selected_count > 1)
    return g_strdup ("several");

  return g_strdup (message != NULL ? "message" : "none");
}

static char *
selected_words (GObject *object,
                guint    count)
{
  return g_strdup_printf (ngettext ("%u Message Selected", "%u Messages Selected", count), count);
}

static char *
read_icon (GObject  *object,
           gboolean  unread)
{
  return g_strdup (unread ? "mail-read-symbolic" : "mail-unread-symbolic");
}

static char *
read_word (GObject  *object,
           gboolean  unread)
{
  return g_strdup (unread ? _("Mark as Read") : _("Mark as Unread"));
}

static char *
spam_word (GObject  *object,
           gboolean  spam)
{
  return g_strdup (spam ? _("Not Spam") : _("Mark as Spam"));
}

static char *
archive_word (GObject  *object,
              gboolean  archived)
{
  return g_strdup (archived ? _("Move Back to the Inbox") : _("Archive"));
}

static gboolean
differs (GObject    *object,
         const char *sender,
         const char *mail)
{
  return mail != NULL && *mail != '\0' && g_strcmp0 (sender, mail) != 0;
}

static char *
sent_from (GObject    *object,
           const char *page)
{
  g_autofree char *isolated = NULL;

  if (page == NULL)
    return NULL;

  if (g_str_equal (page, "/"))
    return g_strdup (_("Sent from the start page"));

  isolated = porch_isolate (page);

  /* Translators: %s is the page of the site with the form that was filled in, such as /contact/ */
  return g_strdup_printf (_("Sent from the page %s"), isolated);
}

static void
update_actions (PorchMessageView *self)
{
  gboolean shown = self->message != NULL && self->inbox != NULL;
  gboolean complete = shown && porch_message_is_complete (self->message);
  g_autofree char *reply = complete ? porch_message_dup_reply_uri (self->message) : NULL;
  gboolean not_mailed = complete && !porch_message_get_spam (self->message) &&
                        porch_message_get_mail_state (self->message) != PORCH_MAIL_WAITING;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.reply", reply != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.copy", complete);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.print", complete);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.mail-again", not_mailed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.toggle-read", shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.toggle-archive", shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.toggle-spam", shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.delete", shown);
}

static void
update_notices (PorchMessageView *self)
{
  g_autofree char *spam = self->message != NULL ? porch_message_words_for_spam (self->message) : NULL;
  gboolean unmailed = self->message != NULL && self->inbox != NULL && porch_inbox_is_unmailed (self->inbox, self->message);
  g_autofree char *mail = unmailed ? porch_message_words_for_mail (self->message) : NULL;

  gtk_widget_set_visible (self->spam_notice, spam != NULL);
  gtk_label_set_text (self->spam_label, spam != NULL ? spam : "");
  gtk_widget_set_visible (self->mail_notice, mail != NULL);
  gtk_label_set_text (self->mail_label, mail != NULL ? mail : "");
  gtk_widget_set_visible (self->mail_button, mail != NULL && (porch_message_get_given_up (self->message) ||
                                                             porch_message_get_mail_state (self->message) == PORCH_MAIL_NONE));
}

/* Name, mail and text stand above; what is left of the form is listed as it was sent */
static gboolean
is_shown_above (PorchMessage *message,
                PorchField   *field)
{
  static const char *names[] = { "name", "given_name", "family_name", NULL };
  const char *value = porch_field_get_value (field);

  return g_strcmp0 (value, porch_message_get_text (message)) == 0 ||
         g_strcmp0 (value, porch_message_get_sender_mail (message)) == 0 ||
         (porch_message_get_sender_name (message) != NULL && g_strv_contains (names, porch_field_get_name (field)));
}

/* The labels inside hear of each property when it is set, but only when the row is there: so the markup goes first */
static GtkWidget *
create_plain_row (const char *title,
                  const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  return row;
}

static void
fill_fields (PorchMessageView *self)
{
  GListModel *fields;
  gboolean any = FALSE;

  gtk_list_box_remove_all (self->fields_list);
  gtk_widget_set_visible (GTK_WIDGET (self->fields_list), FALSE);

  if (self->message == NULL || !porch_message_is_complete (self->message))
    return;

  fields = porch_message_get_fields (self->message);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);
      GtkWidget *row;

      if (is_shown_above (self->message, field))
        continue;

      row = create_plain_row (porch_field_get_label (field), porch_field_get_value (field));
      adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), TRUE);
      gtk_widget_add_css_class (row, "property");
      gtk_list_box_append (self->fields_list, row);
      any = TRUE;
    }

  gtk_widget_set_visible (GTK_WIDGET (self->fields_list), any);
}

/* A question with the whole address in it */
static void
link_response_cb (AdwAlertDialog *dialog,
                  const char     *response,
                  GtkWidget      *row)
{
  const char *link = g_object_get_data (G_OBJECT (dialog), "link");

  if (g_str_equal (response, "open"))
    porch_widget_open_uri (row, link);
  else if (g_str_equal (response, "copy"))
    porch_widget_copy_text (row, link);
}

static void
ask_link (GtkWidget  *row,
          const char *link)
{
  AdwDialog *dialog = adw_alert_dialog_new (_("Open This Link?"), NULL);
  g_autoptr(GUri) uri = g_uri_parse (link, G_URI_FLAGS_ENCODED, NULL);
  GtkWidget *label = porch_technical_label_new (link);

  /* Translators: %s is the name of a computer on the internet, as in example.org */
  adw_alert_dialog_format_body (ADW_ALERT_DIALOG (dialog), _("It leads to %s. A stranger wrote it, and you are about to leave this app."),
                                uri != NULL ? g_uri_get_host (uri) : link);
  adw_alert_dialog_set_body_use_markup (ADW_ALERT_DIALOG (dialog), FALSE);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "cancel", _("_Cancel"),
                                  "copy", _("C_opy Address"),
                                  "open", _("_Open"),
                                  NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");

  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "monospace");
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), label);

  g_object_set_data_full (G_OBJECT (dialog), "link", g_strdup (link), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (link_response_cb), row, 0);
  porch_dialog_present (dialog, row);
}

static void
link_activated_cb (GtkWidget *row)
{
  ask_link (row, adw_action_row_get_subtitle (ADW_ACTION_ROW (row)));
}

static void
fill_links (PorchMessageView *self)
{
  g_auto(GStrv) links = NULL;

  for (guint i = 0; i < self->link_rows->len; i++)
    adw_preferences_group_remove (self->links_group, g_ptr_array_index (self->link_rows, i));

  g_ptr_array_set_size (self->link_rows, 0);

  if (self->message != NULL && porch_message_is_complete (self->message))
    links = porch_message_dup_links (self->message);

  for (guint i = 0; links != NULL && links[i] != NULL; i++)
    {
      g_autoptr(GUri) uri = g_uri_parse (links[i], G_URI_FLAGS_ENCODED, NULL);
      GtkWidget *row = create_plain_row (uri != NULL ? g_uri_get_host (uri) : links[i], links[i]);

      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), porch_decoration_new ("adw-external-link-symbolic"));
      g_signal_connect (row, "activated", G_CALLBACK (link_activated_cb), NULL);
      adw_preferences_group_add (self->links_group, row);
      g_ptr_array_add (self->link_rows, row);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->links_group), self->link_rows->len > 0);
}

/* The words never change; what is known of them may become complete */
static void
message_changed_cb (PorchMessageView *self)
{
  update_actions (self);
  update_notices (self);

  if (!self->is_filled && porch_message_is_complete (self->message))
    {
      self->is_filled = TRUE;
      fill_fields (self);
      fill_links (self);
    }
}

static void
follow (PorchMessageView *self,
        DexFuture        *deed)
{
  porch_message_deeds_follow (GTK_WIDGET (self), self->inbox, deed);
}

static void
reply_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);
  g_autofree char *uri = porch_message_dup_reply_uri (self->message);

  porch_widget_open_uri (widget, uri);

  /* The filter may learn from it or not, the answer is not held up */
  dex_future_disown (porch_inbox_note_reply (self->inbox, self->message));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_autofree char *text = porch_message_dup_plain_text (PORCH_MESSAGE_VIEW (widget)->message);

  porch_widget_copy_text (widget, text);
}

static void
print_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (messages, g_object_ref (PORCH_MESSAGE_VIEW (widget)->message));
  porch_message_print (widget, messages);
}

static void
mail_again_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);

  follow (self, porch_inbox_mail_again (self->inbox, self->message));
  porch_widget_toast (widget, adw_toast_new (_("It will be mailed once more")));
}

static void
toggle_read_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);
  gboolean unread = porch_message_get_unread (self->message);

  follow (self, porch_inbox_do_one (self->inbox, unread ? PORCH_INBOX_MARK_READ : PORCH_INBOX_MARK_UNREAD, self->message));
}

static void
toggle_archive_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);
  gboolean archived = porch_message_get_archived (self->message);

  follow (self, porch_inbox_do_one (self->inbox, archived ? PORCH_INBOX_FETCH_BACK : PORCH_INBOX_PUT_AWAY, self->message));
  g_signal_emit (self, signals[PUT_AWAY], 0);
}

static void
toggle_spam_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);
  gboolean spam = porch_message_get_spam (self->message);

  follow (self, porch_inbox_do_one (self->inbox, spam ? PORCH_INBOX_IS_GOOD : PORCH_INBOX_IS_SPAM, self->message));
  g_signal_emit (self, signals[PUT_AWAY], 0);
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);

  follow (self, porch_inbox_do_one (self->inbox, PORCH_INBOX_DELETE, self->message));
  g_signal_emit (self, signals[PUT_AWAY], 0);
}

/* The text can be scrolled by keyboard at once, and no label shows a caret */
static gboolean
porch_message_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (PORCH_MESSAGE_VIEW (widget)->scroller);
}

static void
porch_message_view_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (object);

  switch (prop_id)
    {
    case PROP_INBOX:
      g_value_set_object (value, self->inbox);
      break;
    case PROP_MESSAGE:
      g_value_set_object (value, self->message);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_SELECTED_COUNT:
      g_value_set_uint (value, self->selected_count);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_message_view_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (object);

  switch (prop_id)
    {
    case PROP_INBOX:
      porch_message_view_set_inbox (self, g_value_get_object (value));
      break;
    case PROP_MESSAGE:
      porch_message_view_set_message (self, g_value_get_object (value));
      break;
    case PROP_NARROW:
      self->narrow = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_SELECTED_COUNT:
      self->selected_count = g_value_get_uint (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_message_view_dispose (GObject *object)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (object);

  if (self->message != NULL)
    g_clear_signal_handler (&self->changed, self->message);

  dex_clear (&self->completing);
  g_clear_object (&self->inbox);
  g_clear_object (&self->message);
  g_clear_pointer (&self->link_rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), PORCH_TYPE_MESSAGE_VIEW);

  G_OBJECT_CLASS (porch_message_view_parent_class)->dispose (object);
}

static void
bind_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint            key;
    GdkModifierType  modifiers;
    const char      *action;
  } keys[] = {
    { GDK_KEY_r, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "message.reply" },
    { GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "message.copy" },
    { GDK_KEY_p, GDK_CONTROL_MASK, "message.print" },
    { GDK_KEY_u, GDK_CONTROL_MASK, "message.toggle-read" },
    { GDK_KEY_e, GDK_CONTROL_MASK, "message.toggle-archive" },
    { GDK_KEY_j, GDK_CONTROL_MASK, "message.toggle-spam" },
    { GDK_KEY_Delete, 0, "message.delete" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers, keys[i].action, NULL);
}

static void
porch_message_view_class_init (PorchMessageViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_message_view_get_property;
  object_class->set_property = porch_message_view_set_property;
  object_class->dispose = porch_message_view_dispose;

  widget_class->grab_focus = porch_message_view_grab_focus;

  properties[PROP_INBOX] =
    g_param_spec_object ("inbox", NULL, NULL, PORCH_TYPE_INBOX,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MESSAGE] =
    g_param_spec_object ("message", NULL, NULL, PORCH_TYPE_MESSAGE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SELECTED_COUNT] =
    g_param_spec_uint ("selected-count", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* The message left the list it was in */
  signals[PUT_AWAY] =
    g_signal_new ("put-away", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-message-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, fields_list);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, sender_label);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, sender_mail_label);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, text_label);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, links_group);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, mail_button);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, mail_label);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, mail_notice);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, spam_label);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, spam_notice);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, scroller);
  porch_bind_closures (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, message_page);
  gtk_widget_class_bind_template_callback (widget_class, selected_words);
  gtk_widget_class_bind_template_callback (widget_class, read_icon);
  gtk_widget_class_bind_template_callback (widget_class, read_word);
  gtk_widget_class_bind_template_callback (widget_class, spam_word);
  gtk_widget_class_bind_template_callback (widget_class, archive_word);
  gtk_widget_class_bind_template_callback (widget_class, differs);
  gtk_widget_class_bind_template_callback (widget_class, sent_from);

  gtk_widget_class_install_action (widget_class, "message.reply", NULL, reply_action);
  gtk_widget_class_install_action (widget_class, "message.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "message.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "message.mail-again", NULL, mail_again_action);
  gtk_widget_class_install_action (widget_class, "message.toggle-read", NULL, toggle_read_action);
  gtk_widget_class_install_action (widget_class, "message.toggle-archive", NULL, toggle_archive_action);
  gtk_widget_class_install_action (widget_class, "message.toggle-spam", NULL, toggle_spam_action);
  gtk_widget_class_install_action (widget_class, "message.delete", NULL, delete_action);

  bind_keys (widget_class);
}

static void
porch_message_view_init (PorchMessageView *self)
{
  self->link_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  /* What a visitor wrote stays as it is */
  porch_label_wrap_without_hyphens (self->sender_label);
  porch_label_wrap_without_hyphens (self->sender_mail_label);
  porch_label_wrap_without_hyphens (self->text_label);
  update_actions (self);
}

PorchMessage *
porch_message_view_get_message (PorchMessageView *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE_VIEW (self), NULL);

  return self->message;
}

/**
 * porch_message_view_set_message:
 * @self: a view
 * @message: (nullable): the message to show
 *
 * Shows @message from its beginning. It is not marked as read by this.
 */
void
porch_message_view_set_message (PorchMessageView *self,
                                PorchMessage     *message)
{
  g_return_if_fail (PORCH_IS_MESSAGE_VIEW (self));
  g_return_if_fail (message == NULL || PORCH_IS_MESSAGE (message));

  if (self->message == message)
    return;

  if (self->message != NULL)
    g_clear_signal_handler (&self->changed, self->message);

  dex_clear (&self->completing);
  g_set_object (&self->message, message);
  self->is_filled = FALSE;
  fill_fields (self);
  fill_links (self);

  if (message != NULL)
    {
      self->changed = g_signal_connect_swapped (message, "changed", G_CALLBACK (message_changed_cb), self);
      message_changed_cb (self);

      if (self->inbox != NULL)
        self->completing = porch_inbox_complete (self->inbox, message);
    }

  update_actions (self);
  update_notices (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)), 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}

void
porch_message_view_set_inbox (PorchMessageView *self,
                              PorchInbox       *inbox)
{
  g_return_if_fail (PORCH_IS_MESSAGE_VIEW (self));

  if (!g_set_object (&self->inbox, inbox))
    return;

  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INBOX]);
}
