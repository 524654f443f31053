/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-deeds.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* Time to read what was done, and to take it back */
#define UNDO_SECONDS 12

/* What was done with messages is said in a toast, which can take it back */

typedef struct
{
  GWeakRef        widget;
  PorchInbox     *inbox;
  PorchInboxUndo *undo;
} Deed;

static void
deed_free (gpointer data)
{
  Deed *deed = data;

  g_weak_ref_clear (&deed->widget);
  g_clear_object (&deed->inbox);
  g_clear_pointer (&deed->undo, porch_inbox_undo_unref);
  g_free (deed);
}

static void
free_closure_data (gpointer  data,
                   GClosure *closure)
{
  deed_free (data);
}

static Deed *
deed_new (GtkWidget      *widget,
          PorchInbox     *inbox,
          PorchInboxUndo *undo)
{
  Deed *deed = g_new0 (Deed, 1);

  g_weak_ref_init (&deed->widget, widget);
  deed->inbox = g_object_ref (inbox);
  deed->undo = undo != NULL ? porch_inbox_undo_ref (undo) : NULL;

  return deed;
}

/**
 * porch_message_deeds_words:
 * @deed: what was done
 * @count: with how many messages
 *
 * Returns: (transfer full) (nullable): a sentence that says it, `NULL` where nobody needs to be told
 */
char *
porch_message_deeds_words (PorchInboxDeed deed,
                           guint          count)
{
  switch (deed)
    {
    case PORCH_INBOX_PUT_AWAY:
      return g_strdup_printf (ngettext ("Message archived", "%u messages archived", count), count);
    case PORCH_INBOX_FETCH_BACK:
      return g_strdup_printf (ngettext ("Message moved back", "%u messages moved back", count), count);
    case PORCH_INBOX_IS_SPAM:
      return g_strdup_printf (ngettext ("Message marked as spam", "%u messages marked as spam", count), count);
    case PORCH_INBOX_IS_GOOD:
      return g_strdup_printf (ngettext ("Message is no longer spam", "%u messages are no longer spam", count), count);
    case PORCH_INBOX_DELETE:
      return g_strdup_printf (ngettext ("Message deleted", "%u messages deleted", count), count);
    case PORCH_INBOX_MARK_READ:
    case PORCH_INBOX_MARK_UNREAD:
    default:
      return NULL;
    }
}

static DexFuture *
undone_cb (DexFuture *future,
           gpointer   user_data)
{
  Deed *deed = user_data;
  g_autoptr(GtkWidget) widget = g_weak_ref_get (&deed->widget);
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL && widget != NULL)
    porch_widget_toast_error (widget, error);

  return NULL;
}

static void
undo_cb (AdwToast *toast,
         Deed     *deed)
{
  g_autoptr(GtkWidget) widget = g_weak_ref_get (&deed->widget);

  dex_future_disown (dex_future_finally (porch_inbox_undo (deed->inbox, deed->undo), undone_cb,
                                         deed_new (widget, deed->inbox, deed->undo), deed_free));
}

static void
offer_undo (Deed           *deed,
            GtkWidget      *widget,
            PorchInboxUndo *undo)
{
  g_autofree char *words = porch_message_deeds_words (porch_inbox_undo_get_deed (undo), porch_inbox_undo_get_count (undo));
  AdwToast *toast;

  if (words == NULL || porch_inbox_undo_get_count (undo) == 0)
    return;

  toast = adw_toast_new (words);
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), deed_new (widget, deed->inbox, undo),
                         free_closure_data, 0);
  porch_widget_toast (widget, toast);
  porch_widget_announce (widget, words);
}

static DexFuture *
done_cb (DexFuture *future,
         gpointer   user_data)
{
  Deed *deed = user_data;
  g_autoptr(GtkWidget) widget = g_weak_ref_get (&deed->widget);
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (widget == NULL)
    return NULL;

  if (value == NULL)
    porch_widget_toast_error (widget, error);
  else if (G_VALUE_HOLDS (value, PORCH_TYPE_INBOX_UNDO))
    offer_undo (deed, widget, g_value_get_boxed (value));

  return NULL;
}

/**
 * porch_message_deeds_follow:
 * @widget: a widget in the window where it was wanted; may be gone when it is done
 * @inbox: the inbox
 * @deed: (transfer full): what [method@Porch.Inbox.do] or the like gave
 *
 * Says what became of it: with a way back when it worked, else why it did not. The deed itself goes on in any case.
 */
void
porch_message_deeds_follow (GtkWidget  *widget,
                            PorchInbox *inbox,
                            DexFuture  *deed)
{
  /* A message fills a page of its own on a narrow window, which is gone when the toast comes */
  GtkWidget *view = gtk_widget_get_ancestor (widget, ADW_TYPE_NAVIGATION_VIEW);

  dex_future_disown (dex_future_finally (deed, done_cb, deed_new (view != NULL ? view : widget, inbox, NULL), deed_free));
}
