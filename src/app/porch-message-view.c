/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-view.h"

#include <glib/gi18n.h>

#include "porch-site.h"
#include "porch-widget-util.h"

/* One message and what can be done with it. Beside the list its bar is a toolbar; on a narrow window the view
 * fills a page of its own and the bar is that page's header.
 *
 * Text is text: labels show what a visitor wrote without markup, and nothing of it can be clicked.
 */

struct _PorchMessageView
{
  AdwBin          parent_instance;

  GtkListBox     *fields_list;
  GtkWidget      *scroller;

  PorchInbox     *inbox;
  PorchMessage   *message;
  gboolean        narrow;
};

enum
{
  PROP_0,
  PROP_INBOX,
  PROP_MESSAGE,
  PROP_NARROW,
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
              GObject *message)
{
  return g_strdup (message != NULL ? "message" : "none");
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

  isolated = porch_isolate (page);

  /* Translators: %s is the page of the site with the form that was filled in, such as /contact/ */
  return g_strdup_printf (_("Sent from the page %s"), isolated);
}

static void
update_actions (PorchMessageView *self)
{
  g_autofree char *reply = self->message != NULL ? porch_message_dup_reply_uri (self->message) : NULL;
  gboolean shown = self->message != NULL && self->inbox != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.reply", shown && reply != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.toggle-read", shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.toggle-archive", shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.toggle-spam", shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.delete", shown);
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

static void
fill_fields (PorchMessageView *self)
{
  GListModel *fields;
  gboolean any = FALSE;

  gtk_list_box_remove_all (self->fields_list);

  if (self->message == NULL)
    return;

  fields = porch_message_get_fields (self->message);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);
      GtkWidget *row;

      if (is_shown_above (self->message, field))
        continue;

      row = g_object_new (ADW_TYPE_ACTION_ROW,
                          "use-markup", FALSE,
                          "title", porch_field_get_label (field),
                          "subtitle", porch_field_get_value (field),
                          "subtitle-selectable", TRUE,
                          NULL);
      gtk_widget_add_css_class (row, "property");
      gtk_list_box_append (self->fields_list, row);
      any = TRUE;
    }

  gtk_widget_set_visible (GTK_WIDGET (self->fields_list), any);
}

/* What takes a message out of the list, and how it comes back */
typedef DexFuture *(*ChangeFunc) (PorchInbox   *inbox,
                                  PorchMessage *message,
                                  gboolean      value);

typedef struct
{
  PorchInbox   *inbox;
  PorchMessage *message;
  ChangeFunc    change;
  gboolean      value;
} Undo;

static void
undo_free (gpointer  data,
           GClosure *closure)
{
  Undo *undo = data;

  g_object_unref (undo->inbox);
  g_object_unref (undo->message);
  g_free (undo);
}

static DexFuture *
changed_cb (DexFuture *future,
            gpointer   user_data)
{
  GWeakRef *ref = user_data;
  g_autoptr(GtkWidget) widget = g_weak_ref_get (ref);
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL && widget != NULL)
    porch_widget_toast_error (widget, error);

  return NULL;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* A change of a message is the inbox's business to the end, also when the view is gone; only its failure is told here */
static void
follow (PorchMessageView *self,
        DexFuture        *future)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW));
  dex_future_disown (dex_future_finally (future, changed_cb, ref, weak_ref_free));
}

static void
undo_cb (AdwToast *toast,
         Undo     *undo)
{
  dex_future_disown (undo->change (undo->inbox, undo->message, undo->value));
}

static DexFuture *
restore (PorchInbox   *inbox,
         PorchMessage *message,
         gboolean      value)
{
  return porch_inbox_undelete (inbox, message);
}

static void
offer_undo (PorchMessageView *self,
            const char       *title,
            ChangeFunc        change,
            gboolean          value)
{
  AdwToast *toast = adw_toast_new (title);
  Undo *undo = g_new0 (Undo, 1);

  undo->inbox = g_object_ref (self->inbox);
  undo->message = g_object_ref (self->message);
  undo->change = change;
  undo->value = value;

  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), undo, undo_free, 0);
  porch_widget_toast (GTK_WIDGET (self), toast);
  porch_widget_announce (GTK_WIDGET (self), title);
}

static void
reply_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);
  g_autofree char *uri = porch_message_dup_reply_uri (self->message);

  porch_widget_open_uri (widget, uri);
}

static void
toggle_read_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);

  follow (self, porch_inbox_mark_read (self->inbox, self->message, porch_message_get_unread (self->message)));
}

static void
toggle_archive_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);
  gboolean archived = porch_message_get_archived (self->message);

  offer_undo (self, archived ? _("Message moved back") : _("Message archived"), porch_inbox_archive, archived);
  follow (self, porch_inbox_archive (self->inbox, self->message, !archived));
  g_signal_emit (self, signals[PUT_AWAY], 0);
}

static void
toggle_spam_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);
  gboolean spam = porch_message_get_spam (self->message);

  offer_undo (self, spam ? _("Message is no longer spam") : _("Message marked as spam"), porch_inbox_mark_spam, spam);
  follow (self, porch_inbox_mark_spam (self->inbox, self->message, !spam));
  g_signal_emit (self, signals[PUT_AWAY], 0);
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (widget);

  offer_undo (self, _("Message deleted"), restore, FALSE);
  follow (self, porch_inbox_delete (self->inbox, self->message));
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
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_message_view_dispose (GObject *object)
{
  PorchMessageView *self = PORCH_MESSAGE_VIEW (object);

  g_clear_object (&self->inbox);
  g_clear_object (&self->message);
  gtk_widget_dispose_template (GTK_WIDGET (self), PORCH_TYPE_MESSAGE_VIEW);

  G_OBJECT_CLASS (porch_message_view_parent_class)->dispose (object);
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

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* The message left the list it was in */
  signals[PUT_AWAY] =
    g_signal_new ("put-away", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-message-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, fields_list);
  gtk_widget_class_bind_template_child (widget_class, PorchMessageView, scroller);
  porch_bind_closures (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, message_page);
  gtk_widget_class_bind_template_callback (widget_class, read_icon);
  gtk_widget_class_bind_template_callback (widget_class, read_word);
  gtk_widget_class_bind_template_callback (widget_class, spam_word);
  gtk_widget_class_bind_template_callback (widget_class, archive_word);
  gtk_widget_class_bind_template_callback (widget_class, differs);
  gtk_widget_class_bind_template_callback (widget_class, sent_from);

  gtk_widget_class_install_action (widget_class, "message.reply", NULL, reply_action);
  gtk_widget_class_install_action (widget_class, "message.toggle-read", NULL, toggle_read_action);
  gtk_widget_class_install_action (widget_class, "message.toggle-archive", NULL, toggle_archive_action);
  gtk_widget_class_install_action (widget_class, "message.toggle-spam", NULL, toggle_spam_action);
  gtk_widget_class_install_action (widget_class, "message.delete", NULL, delete_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "message.delete", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "message.reply", NULL);
}

static void
porch_message_view_init (PorchMessageView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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

  if (!g_set_object (&self->message, message))
    return;

  fill_fields (self);
  update_actions (self);
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
