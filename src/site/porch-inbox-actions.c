/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-message-private.h"

#include <glib/gi18n-lib.h>

/* What people do with messages: each change counts here at once, and the cloud is told afterwards */

static DexFuture *
push_fiber (gpointer user_data)
{
  PorchInbox *self = user_data;
  g_autoptr(GError) error = NULL;

  while (self->unsent)
    {
      self->unsent = FALSE;

      if (!porch_inbox_await_counts (self, &error) || !porch_inbox_await_push (self, FALSE, &error))
        {
          g_debug ("Changes of messages wait for the next refresh: %s", error->message);
          break;
        }
    }

  return dex_future_new_true ();
}

/* The cloud hears of changes in the background, by one fiber at a time */
static void
push_soon (PorchInbox *self)
{
  self->unsent = TRUE;

  if (self->push != NULL && dex_future_is_pending (self->push))
    return;

  dex_clear (&self->push);
  self->push = porch_fiber_spawn (push_fiber, g_object_ref (self), g_object_unref, NULL);
}

static DexFuture *
written_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchInbox *self = user_data;

  /* The change counts from now on; the cloud hears of it as soon as it can be reached */
  push_soon (self);

  return dex_future_new_true ();
}

static DexFuture *
write_state (PorchInbox   *self,
             PorchMessage *message)
{
  DexFuture *future;

  self->n_changes++;
  porch_inbox_take_message (self, message, FALSE);
  future = porch_store_write (self->store,
                              "UPDATE messages SET unread = ?, archived = ?, spam = ?, pending = 1"
                              " WHERE site = ? AND id = ?", "iiiss",
                              (gint64) porch_message_get_unread (message),
                              (gint64) porch_message_get_archived (message),
                              (gint64) porch_message_get_spam (message),
                              self->site_id, porch_message_get_id (message));

  return dex_future_then (future, written_cb, g_object_ref (self), g_object_unref);
}

/**
 * porch_inbox_mark_read:
 * @self: an inbox
 * @message: a message
 * @read: whether it has been read
 *
 * Returns: (transfer full): a future that resolves when the change is kept here; the cloud is told in the background
 */
DexFuture *
porch_inbox_mark_read (PorchInbox   *self,
                       PorchMessage *message,
                       gboolean      read)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (PORCH_IS_MESSAGE (message));

  if (porch_message_get_unread (message) == !read)
    return dex_future_new_true ();

  porch_message_set_unread (message, !read);

  return write_state (self, message);
}

/**
 * porch_inbox_mark_all_read:
 * @self: an inbox
 *
 * Marks every message of the site as read.
 *
 * Returns: (transfer full): a future that resolves when the change is kept here
 */
DexFuture *
porch_inbox_mark_all_read (PorchInbox *self)
{
  DexFuture *future;

  dex_return_error_if_fail (PORCH_IS_INBOX (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->messages)); i++)
    {
      g_autoptr(PorchMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);

      porch_message_set_unread (message, FALSE);
    }

  self->n_changes++;
  future = porch_store_write (self->store,
                              "UPDATE messages SET unread = 0, pending = 1 WHERE site = ? AND unread = 1 AND deleted = 0",
                              "s", self->site_id);

  return dex_future_then (future, written_cb, g_object_ref (self), g_object_unref);
}

/**
 * porch_inbox_archive:
 * @self: an inbox
 * @message: a message
 * @archived: whether to put it away, or to fetch it back
 *
 * Returns: (transfer full): a future that resolves when the change is kept here
 */
DexFuture *
porch_inbox_archive (PorchInbox   *self,
                     PorchMessage *message,
                     gboolean      archived)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (PORCH_IS_MESSAGE (message));

  porch_message_set_archived (message, archived);

  return write_state (self, message);
}

/**
 * porch_inbox_mark_spam:
 * @self: an inbox
 * @message: a message
 * @spam: whether it is spam
 *
 * Returns: (transfer full): a future that resolves when the change is kept here
 */
DexFuture *
porch_inbox_mark_spam (PorchInbox   *self,
                       PorchMessage *message,
                       gboolean      spam)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (PORCH_IS_MESSAGE (message));

  porch_message_set_spam (message, spam);

  return write_state (self, message);
}

static gboolean
commit_cb (gpointer user_data)
{
  PorchInbox *self = user_data;

  self->commit = 0;
  push_soon (self);

  return G_SOURCE_REMOVE;
}

static DexFuture *
counted_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchInbox *self = user_data;

  /* Only the numbers on the screen; they come right with the next refresh at the latest */
  push_soon (self);

  return dex_future_new_true ();
}

/**
 * porch_inbox_delete:
 * @self: an inbox
 * @message: a message
 *
 * Takes the message out of sight. For a while [method@Porch.Inbox.undelete] brings it back; then it is gone for good,
 * or at once with [method@Porch.Inbox.commit].
 *
 * Returns: (transfer full): a future that resolves when the wish is kept here
 */
DexFuture *
porch_inbox_delete (PorchInbox   *self,
                    PorchMessage *message)
{
  g_autoptr(PorchMessage) kept = NULL;

  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (PORCH_IS_MESSAGE (message));

  self->n_changes++;
  kept = g_object_ref (message);
  porch_inbox_take_removal (self, porch_message_get_id (kept));
  g_clear_handle_id (&self->commit, g_source_remove);
  self->commit = g_timeout_add_seconds (PORCH_INBOX_UNDO_SECONDS + 1, commit_cb, self);

  return dex_future_then (porch_store_write (self->store,
                                             "UPDATE messages SET deleted = unixepoch () WHERE site = ? AND id = ?",
                                             "ss", self->site_id, porch_message_get_id (kept)),
                          counted_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
undeleted_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchInbox *self = user_data;

  if (g_value_get_int64 (dex_future_get_value (future, NULL)) == 0)
    {
      dex_future_disown (porch_inbox_load (self));
      return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "%s", _("The message is deleted for good already."));
    }

  return counted_cb (future, self);
}

/**
 * porch_inbox_undelete:
 * @self: an inbox
 * @message: a message that was deleted a moment ago
 *
 * Brings it back.
 *
 * Returns: (transfer full): a future that resolves when it is back; rejected with %PORCH_ERROR_NOT_FOUND if it came too late
 */
DexFuture *
porch_inbox_undelete (PorchInbox   *self,
                      PorchMessage *message)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (PORCH_IS_MESSAGE (message));

  porch_inbox_take_message (self, message, FALSE);

  return dex_future_then (porch_store_write (self->store,
                                             "UPDATE messages SET deleted = 0 WHERE site = ? AND id = ?",
                                             "ss", self->site_id, porch_message_get_id (message)),
                          undeleted_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
commit_fiber (gpointer user_data)
{
  PorchInbox *self = user_data;
  g_autoptr(GError) error = NULL;

  /* What the background is at ends first, whatever becomes of it */
  if (self->push != NULL)
    dex_await (dex_ref (self->push), NULL);

  if (!porch_inbox_await_push (self, TRUE, &error) || !porch_inbox_await_counts (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/**
 * porch_inbox_commit:
 * @self: an inbox
 *
 * Tells the cloud all that was changed here, deletions included, without waiting for second thoughts.
 *
 * Returns: (transfer full): a future that resolves when the cloud knows
 */
DexFuture *
porch_inbox_commit (PorchInbox *self)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));

  return porch_fiber_spawn (commit_fiber, g_object_ref (self), g_object_unref, NULL);
}
