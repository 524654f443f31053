/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-messages-page.h"

#include <glib/gi18n.h>

#include "porch-fiber.h"
#include "porch-message-deeds.h"
#include "porch-message-export.h"
#include "porch-message-print.h"
#include "porch-message-row.h"
#include "porch-message-view.h"
#include "porch-message-words.h"
#include "porch-widget-util.h"

/* So many messages at most are printed together */
#define MAX_PRINTED 100

/* The messages of a site: the list beside the message that is read or, on a narrow window, the list and a page
 * that is pushed above it. While the page can be seen the inbox looks for new messages by itself.
 *
 * One message that is selected is shown. Several are selected with Ctrl and Shift or, without a keyboard, after a press on the
 * button for it, and what is chosen below the list is done with all of them.
 */

struct _PorchMessagesPage
{
  AdwBin               parent_instance;

  GtkStack            *stack;
  GtkStack            *list_stack;
  AdwStatusPage       *nothing_page;
  AdwBanner           *banner;
  GMenu               *places_section;
  GtkListView         *list_view;
  GtkMultiSelection   *selection;
  GtkEditable         *search_entry;
  PorchMessageView    *message_view;

  PorchSite           *site;
  GSignalGroup        *site_signals;
  GSignalGroup        *inbox_signals;
  GSignalGroup        *list_signals;
  GPtrArray           *rows;            /* PorchMessageRow, all there are */
  AdwNavigationPage   *pushed_page;
  DexFuture           *listing;
  gulong               layout;          /* handler of the frame clock, while the page can be seen */
  guint                selected_count;
  gboolean             narrow;
  gboolean             selecting;
};

enum
{
  PROP_0,
  PROP_CHOOSING,
  PROP_NARROW,
  PROP_SELECTED_COUNT,
  PROP_SELECTING,
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
  { "unmailed", PORCH_INBOX_UNMAILED, N_("Not Mailed"), N_("Every message was mailed to you that should be.") },
  { "all", PORCH_INBOX_ALL, N_("Everything"), N_("There are no messages yet.") },
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
            PorchInboxView  view,
            const char     *form,
            const char     *page)
{
  const char *title = _("Messages");

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    if (views[i].view == view)
      title = _(views[i].title);

  if (form != NULL || page != NULL)
    {
      g_autofree char *place = porch_isolate (form != NULL ? form : page);

      /* Translators: which messages are shown, as in Inbox, and the form or page of the site that they were sent from */
      return g_strdup_printf (_("%s · %s"), title, place);
    }

  return g_strdup (title);
}

static char *
selected_words (GObject *object,
                guint    count)
{
  return g_strdup_printf (ngettext ("%u Selected", "%u Selected", count), count);
}

static char *
spam_word (GObject        *object,
           PorchInboxView  view)
{
  return g_strdup (view == PORCH_INBOX_SPAM ? _("Not Spam") : _("Mark as Spam"));
}

static char *
archive_word (GObject        *object,
              PorchInboxView  view)
{
  return g_strdup (view == PORCH_INBOX_ARCHIVE ? _("Move Back to the Inbox") : _("Archive"));
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

static void
set_banner_action (PorchMessagesPage *self,
                   const char        *name,
                   const char        *target)
{
  GtkActionable *banner = GTK_ACTIONABLE (self->banner);

  if (g_strcmp0 (gtk_actionable_get_action_name (banner), name) == 0)
    return;

  /* Neither of the two fits the other one from before */
  gtk_actionable_set_action_name (banner, NULL);
  gtk_actionable_set_action_target_value (banner, target != NULL ? g_variant_new_string (target) : NULL);
  gtk_actionable_set_action_name (banner, name);
}

/* One thing at a time: what keeps messages from coming, then what was not mailed */
static void
update_banner (PorchMessagesPage *self,
               PorchInbox        *inbox)
{
  PorchProblem *problem = porch_inbox_get_problem (inbox);
  guint unsent = porch_inbox_get_unsent (inbox);
  guint unmailed = porch_inbox_get_unmailed (inbox);
  gboolean shows_unmailed = porch_inbox_get_view (inbox) == PORCH_INBOX_UNMAILED;
  g_autofree char *title = NULL;

  if (problem != NULL && unsent > 0)
    /* Translators: %s is what is wrong, as in No connection; then how many messages were changed meanwhile */
    title = g_strdup_printf (ngettext ("%s. %u change is kept and sent later.", "%s. %u changes are kept and sent later.", unsent),
                             porch_problem_get_title (problem), unsent);
  else if (problem != NULL)
    title = g_strdup (porch_problem_get_title (problem));
  else if (unmailed > 0)
    title = porch_message_words_for_unmailed (unmailed);

  if (title != NULL)
    {
      adw_banner_set_title (self->banner, title);
      adw_banner_set_button_label (self->banner, problem != NULL || shows_unmailed ? _("_Try Again") : _("_Show"));
      set_banner_action (self, problem != NULL ? "messages.refresh" : shows_unmailed ? "messages.mail-again" : "messages.view",
                         problem != NULL || shows_unmailed ? NULL : "unmailed");
    }

  adw_banner_set_revealed (self->banner, title != NULL);
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

  update_banner (self, inbox);
  search = porch_inbox_get_search (inbox);
  any = g_list_model_get_n_items (porch_inbox_get_messages (inbox)) > 0;
  plain = porch_inbox_get_view (inbox) == PORCH_INBOX_MESSAGES && (search == NULL || *search == '\0') &&
          porch_inbox_get_form (inbox) == NULL && porch_inbox_get_page (inbox) == NULL;

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
messages_changed_cb (PorchMessagesPage *self)
{
  update (self);
}

static void
arrived_cb (PorchMessagesPage *self,
            GPtrArray         *messages)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      g_autofree char *words = g_strdup_printf (ngettext ("A new message has arrived", "%u new messages have arrived",
                                                          messages->len), messages->len);

      porch_widget_announce (GTK_WIDGET (self), words);
    }
}

static void
unselect (PorchMessagesPage *self)
{
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
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

/* Back in the list, the same message can be pressed again */
static void
pushed_hidden_cb (PorchMessagesPage *self)
{
  if (self->narrow && !self->selecting)
    unselect (self);
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

  page = adw_navigation_page_new (content, porch_message_is_known (message) ? porch_message_get_sender (message) : _("Message"));
  g_signal_connect_object (page, "hidden", G_CALLBACK (pushed_hidden_cb), self, G_CONNECT_SWAPPED);
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
    dex_future_disown (porch_inbox_do_one (inbox, PORCH_INBOX_MARK_READ, message));
}

static void
open_position (PorchMessagesPage *self,
               guint              position)
{
  g_autoptr(PorchMessage) message = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (message != NULL)
    show_message (self, message);
}

static void
message_activated_cb (PorchMessagesPage *self,
                      guint              position)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);

  if (self->selecting && gtk_selection_model_is_selected (model, position))
    gtk_selection_model_unselect_item (model, position);
  else if (self->selecting)
    gtk_selection_model_select_item (model, position, FALSE);
  else
    open_position (self, position);
}

static void
update_selected_actions (PorchMessagesPage *self)
{
  static const char * const actions[] = { "mark-read", "mark-unread", "toggle-archive", "toggle-spam", "delete", "print" };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *name = g_strconcat ("messages.", actions[i], NULL);

      gtk_widget_action_set_enabled (GTK_WIDGET (self), name,
                                     self->selected_count > 0 &&
                                     (!g_str_equal (actions[i], "print") || self->selected_count <= MAX_PRINTED));
    }
}

static void
set_selected_count (PorchMessagesPage *self,
                    guint              count)
{
  if (self->selected_count == count)
    return;

  self->selected_count = count;
  update_selected_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_COUNT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOOSING]);
}

static void
selection_changed_cb (PorchMessagesPage *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  guint count = gtk_bitset_get_size (selected);

  set_selected_count (self, count);

  /* On a narrow window a message fills the window, which is for those who press it */
  if (count == 1 && !self->selecting && !self->narrow)
    open_position (self, gtk_bitset_get_minimum (selected));
  else if (count > 1)
    porch_message_view_set_message (self->message_view, NULL);
}

/* What is taken out of the list is no longer selected, and the model says nothing else of that */
static void
items_changed_cb (PorchMessagesPage *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  set_selected_count (self, gtk_bitset_get_size (selected));
}

static gboolean
is_plain (GtkGesture *gesture)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  return (state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) == 0;
}

static PorchMessageRow *
get_row (GtkGesture *gesture)
{
  return PORCH_MESSAGE_ROW (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture)));
}

/* While messages are selected, a press selects one more instead of only that one */
static void
row_pressed_cb (PorchMessagesPage *self,
                int                n_press,
                double             x,
                double             y,
                GtkGesture        *gesture)
{
  if (!self->selecting || !is_plain (gesture))
    return;

  message_activated_cb (self, porch_message_row_get_position (get_row (gesture)));
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
row_released_cb (PorchMessagesPage *self,
                 int                n_press,
                 double             x,
                 double             y,
                 GtkGesture        *gesture)
{
  if (self->narrow && !self->selecting && is_plain (gesture))
    open_position (self, porch_message_row_get_position (get_row (gesture)));
}

static void
row_gone_cb (PorchMessagesPage *self,
             GtkWidget         *row)
{
  if (self->rows != NULL)
    g_ptr_array_remove_fast (self->rows, row);
}

static void
setup_row_cb (PorchMessagesPage *self,
              GtkListItem       *item)
{
  GtkWidget *row = porch_message_row_new (item);
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_object (click, "pressed", G_CALLBACK (row_pressed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (click, "released", G_CALLBACK (row_released_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (row, "destroy", G_CALLBACK (row_gone_cb), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
  g_ptr_array_add (self->rows, row);
}

static void
bind_row_cb (PorchMessagesPage *self,
             GtkListItem       *item)
{
  PorchMessageRow *row = PORCH_MESSAGE_ROW (gtk_list_item_get_child (item));
  PorchInbox *inbox = get_inbox (self);

  porch_message_row_bind (row, inbox != NULL ? porch_inbox_get_search (inbox) : NULL);
  porch_message_row_set_selecting (row, self->selecting);
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  porch_message_row_unbind (PORCH_MESSAGE_ROW (gtk_list_item_get_child (item)));
}

static void
set_selecting (PorchMessagesPage *self,
               gboolean           selecting)
{
  if (self->selecting == selecting)
    return;

  self->selecting = selecting;

  for (guint i = 0; i < self->rows->len; i++)
    porch_message_row_set_selecting (g_ptr_array_index (self->rows, i), selecting);

  if (!selecting)
    unselect (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTING]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOOSING]);
}

static void
search_changed_cb (PorchMessagesPage *self)
{
  PorchInbox *inbox = get_inbox (self);

  if (inbox == NULL)
    return;

  porch_inbox_set_search (inbox, gtk_editable_get_text (self->search_entry));

  /* Those that stay in the list are not bound anew */
  for (guint i = 0; i < self->rows->len; i++)
    porch_message_row_set_search (g_ptr_array_index (self->rows, i), porch_inbox_get_search (inbox));
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

static GArray *
list_selected (PorchMessagesPage *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (guint));
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position);
       more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_array_append_val (positions, position);

  return positions;
}

static void
do_with_selected (PorchMessagesPage *self,
                  PorchInboxDeed     deed)
{
  PorchInbox *inbox = get_inbox (self);
  g_autoptr(GArray) positions = list_selected (self);

  if (positions->len == 0)
    return;

  porch_message_deeds_follow (GTK_WIDGET (self), inbox, porch_inbox_do (inbox, deed, (guint *) positions->data, positions->len));

  if (deed != PORCH_INBOX_MARK_READ && deed != PORCH_INBOX_MARK_UNREAD)
    {
      unselect (self);
      set_selecting (self, FALSE);
      gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
    }
}

static void
mark_read_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  do_with_selected (PORCH_MESSAGES_PAGE (widget), PORCH_INBOX_MARK_READ);
}

static void
mark_unread_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  do_with_selected (PORCH_MESSAGES_PAGE (widget), PORCH_INBOX_MARK_UNREAD);
}

static void
toggle_archive_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);

  do_with_selected (self, porch_inbox_get_view (get_inbox (self)) == PORCH_INBOX_ARCHIVE ? PORCH_INBOX_FETCH_BACK
                                                                                         : PORCH_INBOX_PUT_AWAY);
}

static void
toggle_spam_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);

  do_with_selected (self, porch_inbox_get_view (get_inbox (self)) == PORCH_INBOX_SPAM ? PORCH_INBOX_IS_GOOD : PORCH_INBOX_IS_SPAM);
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  do_with_selected (PORCH_MESSAGES_PAGE (widget), PORCH_INBOX_DELETE);
}

static void
select_all_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (PORCH_MESSAGES_PAGE (widget)->selection));
}

static void
leave_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);

  set_selecting (self, FALSE);
  unselect (self);
}

static void
mail_again_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);

  follow (self, porch_inbox_mail_again (get_inbox (self), NULL));
  porch_widget_toast (widget, adw_toast_new (_("They will be mailed once more")));
}

typedef struct
{
  PorchInbox *inbox;
  GArray     *positions;
} Printing;

static void
printing_free (gpointer data)
{
  Printing *printing = data;

  g_clear_object (&printing->inbox);
  g_clear_pointer (&printing->positions, g_array_unref);
  g_free (printing);
}

static DexFuture *
complete_fiber (gpointer user_data)
{
  Printing *printing = user_data;
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *list = porch_inbox_get_messages (printing->inbox);
  g_autoptr(GError) error = NULL;

  /* Places are those of this moment: while the first message is read, another may come in above it */
  for (guint i = 0; i < printing->positions->len; i++)
    {
      PorchMessage *message = g_list_model_get_item (list, g_array_index (printing->positions, guint, i));

      if (message != NULL)
        g_ptr_array_add (messages, message);
    }

  for (guint i = 0; i < messages->len; i++)
    if (!dex_await (porch_inbox_complete (printing->inbox, g_ptr_array_index (messages, i)), &error))
      return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&messages));
}

static DexFuture *
completed_cb (DexFuture *future,
              gpointer   user_data)
{
  porch_message_print (user_data, g_value_get_boxed (dex_future_get_value (future, NULL)));

  return NULL;
}

static void
print_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);
  Printing *printing = g_new0 (Printing, 1);

  printing->inbox = g_object_ref (get_inbox (self));
  printing->positions = list_selected (self);
  follow (self, dex_future_then (porch_fiber_spawn (complete_fiber, printing, printing_free, NULL),
                                 completed_cb, g_object_ref (self), g_object_unref));
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (PORCH_MESSAGES_PAGE (widget)->search_entry));
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  porch_message_export_ask (widget, PORCH_MESSAGES_PAGE (widget)->site, g_str_equal (action_name, "messages.export-shown"));
}

static void
view_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);
  const char *name = g_variant_get_string (parameter, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_str_equal (views[i].name, name) && get_inbox (self) != NULL && porch_inbox_get_view (get_inbox (self)) != views[i].view)
      {
        /* What was read before need not be in the other list */
        unselect (self);
        porch_inbox_set_view (get_inbox (self), views[i].view);
      }
}

/* The empty text is for all of them */
static void
form_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);
  const char *kind, *name;

  g_variant_get (parameter, "(&s&s)", &kind, &name);
  porch_inbox_set_form (get_inbox (self), g_str_equal (kind, "form") ? name : NULL);
  porch_inbox_set_page (get_inbox (self), g_str_equal (kind, "page") ? name : NULL);
}

static void
append_place (GMenu      *menu,
              const char *label,
              const char *kind,
              const char *name)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (NULL, NULL);
  g_auto(GStrv) parts = g_strsplit (label, "_", -1);
  g_autofree char *plain = g_strjoinv ("__", parts);

  g_menu_item_set_label (item, plain);
  g_menu_item_set_action_and_target (item, "messages.place", "(ss)", kind, name);
  g_menu_append_item (menu, item);
}

static GMenu *
build_places (const char *kind,
              GStrv       names)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 0; names[i] != NULL; i++)
    append_place (menu, names[i], kind, names[i]);

  return menu;
}

typedef struct
{
  PorchMessagesPage *page;
  PorchInbox        *inbox;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_clear_object (&listing->page);
  g_clear_object (&listing->inbox);
  g_free (listing);
}

/* Where there is only one form and one page, there is nothing to choose */
static DexFuture *
list_places_fiber (gpointer user_data)
{
  Listing *listing = user_data;
  g_auto(GStrv) forms = dex_await_boxed (porch_inbox_list_forms (listing->inbox), NULL);
  g_auto(GStrv) pages = dex_await_boxed (porch_inbox_list_pages (listing->inbox), NULL);
  GMenu *section = listing->page->places_section;

  if (section == NULL || get_inbox (listing->page) != listing->inbox)
    return dex_future_new_true ();

  g_menu_remove_all (section);

  if (forms != NULL && g_strv_length (forms) > 1)
    {
      g_autoptr(GMenu) menu = build_places ("form", forms);

      g_menu_append_submenu (section, _("_Form"), G_MENU_MODEL (menu));
    }

  if (pages != NULL && g_strv_length (pages) > 1)
    {
      g_autoptr(GMenu) menu = build_places ("page", pages);

      g_menu_append_submenu (section, _("_Page"), G_MENU_MODEL (menu));
    }

  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    append_place (section, _("All Forms and Pages"), "", "");

  return dex_future_new_true ();
}

static void
list_places (PorchMessagesPage *self)
{
  Listing *listing;

  if (get_inbox (self) == NULL)
    return;

  listing = g_new0 (Listing, 1);
  listing->page = g_object_ref (self);
  listing->inbox = g_object_ref (get_inbox (self));
  dex_clear (&self->listing);
  self->listing = porch_fiber_spawn (list_places_fiber, listing, listing_free, NULL);
}

/* Tells the rows which of them can be seen. Their messages are read before those of the other rows. */
static void
update_in_sight (PorchMessagesPage *self)
{
  PorchInbox *inbox = get_inbox (self);
  int height = gtk_widget_get_height (GTK_WIDGET (self->list_view));

  for (guint i = 0; i < self->rows->len; i++)
    {
      PorchMessageRow *row = g_ptr_array_index (self->rows, i);
      graphene_point_t place;
      gboolean in_sight = gtk_widget_compute_point (GTK_WIDGET (row), GTK_WIDGET (self->list_view), &GRAPHENE_POINT_INIT (0, 0),
                                                    &place) &&
                          place.y < height && place.y + gtk_widget_get_height (GTK_WIDGET (row)) > 0;

      porch_message_row_set_in_sight (row, in_sight);

      if (in_sight && inbox != NULL)
        porch_inbox_hurry (inbox, porch_message_row_get_position (row));
    }
}

static void
porch_messages_page_map (GtkWidget *widget)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);

  GTK_WIDGET_CLASS (porch_messages_page_parent_class)->map (widget);
  update_polling (self);
  list_places (self);

  /* After the layout every row is where it will be painted in the same frame */
  self->layout = g_signal_connect_data (gtk_widget_get_frame_clock (widget), "layout", G_CALLBACK (update_in_sight), self, NULL,
                                        G_CONNECT_AFTER | G_CONNECT_SWAPPED);

  /* What makes it seen may itself be a layout, which the handler comes too late for */
  gtk_widget_queue_allocate (GTK_WIDGET (self->list_view));
}

static void
porch_messages_page_unmap (GtkWidget *widget)
{
  PorchMessagesPage *self = PORCH_MESSAGES_PAGE (widget);

  g_clear_signal_handler (&self->layout, gtk_widget_get_frame_clock (widget));
  GTK_WIDGET_CLASS (porch_messages_page_parent_class)->unmap (widget);
  update_polling (self);
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
    case PROP_CHOOSING:
      g_value_set_boolean (value, self->selecting || self->selected_count > 1);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_SELECTED_COUNT:
      g_value_set_uint (value, self->selected_count);
      break;
    case PROP_SELECTING:
      g_value_set_boolean (value, self->selecting);
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
    case PROP_SELECTING:
      set_selecting (self, g_value_get_boolean (value));
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
  dex_clear (&self->listing);
  /* Else the bin would unparent a child that the template has let go of */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PORCH_TYPE_MESSAGES_PAGE);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (porch_messages_page_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint            key;
    GdkModifierType  modifiers;
    const char      *action;
  } keys[] = {
    { GDK_KEY_f, GDK_CONTROL_MASK, "messages.search" },
    { GDK_KEY_a, GDK_CONTROL_MASK, "messages.select-all" },
    { GDK_KEY_Escape, 0, "messages.leave" },
    { GDK_KEY_p, GDK_CONTROL_MASK, "messages.print" },
    { GDK_KEY_e, GDK_CONTROL_MASK, "messages.toggle-archive" },
    { GDK_KEY_j, GDK_CONTROL_MASK, "messages.toggle-spam" },
    { GDK_KEY_u, GDK_CONTROL_MASK, "messages.mark-unread" },
    { GDK_KEY_Delete, 0, "messages.delete" },
  };

  gtk_widget_class_install_action (widget_class, "messages.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "messages.mark-all-read", NULL, mark_all_read_action);
  gtk_widget_class_install_action (widget_class, "messages.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "messages.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "messages.export-shown", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "messages.view", "s", view_action);
  gtk_widget_class_install_action (widget_class, "messages.place", "(ss)", form_action);
  gtk_widget_class_install_action (widget_class, "messages.mail-again", NULL, mail_again_action);
  gtk_widget_class_install_action (widget_class, "messages.mark-read", NULL, mark_read_action);
  gtk_widget_class_install_action (widget_class, "messages.mark-unread", NULL, mark_unread_action);
  gtk_widget_class_install_action (widget_class, "messages.toggle-archive", NULL, toggle_archive_action);
  gtk_widget_class_install_action (widget_class, "messages.toggle-spam", NULL, toggle_spam_action);
  gtk_widget_class_install_action (widget_class, "messages.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "messages.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "messages.select-all", NULL, select_all_action);
  gtk_widget_class_install_action (widget_class, "messages.leave", NULL, leave_action);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers, keys[i].action, NULL);
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
  properties[PROP_CHOOSING] =
    g_param_spec_boolean ("choosing", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SELECTED_COUNT] =
    g_param_spec_uint ("selected-count", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SELECTING] =
    g_param_spec_boolean ("selecting", NULL, NULL, FALSE,
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
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, banner);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, places_section);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, list_view);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, selection);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PorchMessagesPage, message_view);
  porch_bind_closures (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, list_width);
  gtk_widget_class_bind_template_callback (widget_class, view_title);
  gtk_widget_class_bind_template_callback (widget_class, selected_words);
  gtk_widget_class_bind_template_callback (widget_class, spam_word);
  gtk_widget_class_bind_template_callback (widget_class, archive_word);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, items_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, message_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, put_away_cb);

  install_actions (widget_class);
}

static void
porch_messages_page_init (PorchMessagesPage *self)
{
  self->site_signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->site_signals, "notify::form-enabled", G_CALLBACK (update), self);

  self->inbox_signals = g_signal_group_new (PORCH_TYPE_INBOX);
  g_signal_group_connect_swapped (self->inbox_signals, "notify", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->inbox_signals, "arrived", G_CALLBACK (arrived_cb), self);

  self->list_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->list_signals, "items-changed", G_CALLBACK (messages_changed_cb), self);

  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  update_selected_actions (self);
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
      set_selecting (self, FALSE);
      unselect (self);
      gtk_editable_set_text (self->search_entry, "");
    }

  g_set_object (&self->site, site);
  inbox = get_inbox (self);

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
      list_places (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
}

typedef struct
{
  PorchMessagesPage *page;
  PorchInbox        *inbox;
} Showing;

static void
showing_free (gpointer data)
{
  Showing *showing = data;

  g_clear_object (&showing->page);
  g_clear_object (&showing->inbox);
  g_free (showing);
}

static DexFuture *
found_cb (DexFuture *future,
          gpointer   user_data)
{
  Showing *showing = user_data;
  PorchMessage *message = g_value_get_object (dex_future_get_value (future, NULL));

  if (get_inbox (showing->page) == showing->inbox)
    show_message (showing->page, message);

  return NULL;
}

/**
 * porch_messages_page_show:
 * @self: a page with a site
 * @id: the id of a message of that site
 *
 * Shows a message, whether the list has it at the moment or not.
 */
void
porch_messages_page_show (PorchMessagesPage *self,
                          const char        *id)
{
  Showing *showing;

  g_return_if_fail (PORCH_IS_MESSAGES_PAGE (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (get_inbox (self) != NULL);

  showing = g_new0 (Showing, 1);
  showing->page = g_object_ref (self);
  showing->inbox = g_object_ref (get_inbox (self));
  close_pushed (self);
  follow (self, dex_future_then (porch_inbox_find (showing->inbox, id), found_cb, showing, showing_free));
}

/**
 * porch_messages_page_show_view:
 * @self: a page with a site
 * @view: the name of a view, such as `unmailed`
 *
 * Shows other messages in the list.
 */
void
porch_messages_page_show_view (PorchMessagesPage *self,
                               const char        *view)
{
  g_return_if_fail (PORCH_IS_MESSAGES_PAGE (self));
  g_return_if_fail (view != NULL);

  gtk_widget_activate_action (GTK_WIDGET (self), "messages.view", "s", view);
}
