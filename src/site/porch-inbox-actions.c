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

/* So many messages are changed in one go, so that others get their turn with the store */
#define CHUNK 1000

/* The filter learns from so many of those that were marked together */
#define MAX_LESSONS 200

/* How a message was, in one byte: its flags, and above them what the filter had learned from it */
#define WAS_UNREAD (1 << 0)
#define WAS_ARCHIVED (1 << 1)
#define WAS_SPAM (1 << 2)
#define LESSON_SHIFT 3

struct _PorchInboxUndo
{
  PorchInboxDeed  deed;
  GArray         *keys;
  GByteArray     *before;
};

G_DEFINE_BOXED_TYPE (PorchInboxUndo, porch_inbox_undo, porch_inbox_undo_ref, porch_inbox_undo_unref)

static void
undo_clear (gpointer data)
{
  PorchInboxUndo *self = data;

  g_clear_pointer (&self->keys, g_array_unref);
  g_clear_pointer (&self->before, g_byte_array_unref);
}

/**
 * porch_inbox_undo_ref:
 * @self: what was done
 *
 * Returns: (transfer full): @self with one more reference
 */
PorchInboxUndo *
porch_inbox_undo_ref (PorchInboxUndo *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * porch_inbox_undo_unref:
 * @self: (transfer full): what was done
 *
 * Gives up one reference.
 */
void
porch_inbox_undo_unref (PorchInboxUndo *self)
{
  g_atomic_rc_box_release_full (self, undo_clear);
}

/**
 * porch_inbox_undo_get_count:
 * @self: what was done
 *
 * Returns: how many messages it was done with
 */
guint
porch_inbox_undo_get_count (PorchInboxUndo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->keys->len;
}

/**
 * porch_inbox_undo_get_deed:
 * @self: what was done
 *
 * Returns: what it was
 */
PorchInboxDeed
porch_inbox_undo_get_deed (PorchInboxUndo *self)
{
  g_return_val_if_fail (self != NULL, PORCH_INBOX_MARK_READ);

  return self->deed;
}

static DexFuture *
push_fiber (gpointer user_data)
{
  PorchInbox *self = user_data;
  g_autoptr(GError) error = NULL;

  while (self->to_push)
    {
      self->to_push = FALSE;

      if (!porch_inbox_await_counts (self, &error) || !porch_inbox_await_push (self, FALSE, &error) ||
          !porch_inbox_await_counts (self, &error))
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
  self->to_push = TRUE;

  if (self->push != NULL && dex_future_is_pending (self->push))
    return;

  dex_clear (&self->push);
  self->push = porch_fiber_spawn (push_fiber, g_object_ref (self), g_object_unref, NULL);
}

static gboolean
commit_cb (gpointer user_data)
{
  PorchInbox *self = user_data;

  self->commit = 0;
  push_soon (self);

  return G_SOURCE_REMOVE;
}

/* What each deed does to a row; ?1 is its key, ?2 now, in milliseconds. A flag that is so already was not decided anew. */
static const char * const statements[] = {
  "UPDATE messages SET unread = 0, unread_at = max (?2, unread_at + 1), pending = pending | 1 WHERE key = ?1 AND unread = 1",
  "UPDATE messages SET unread = 1, unread_at = max (?2, unread_at + 1), pending = pending | 1 WHERE key = ?1 AND unread = 0",
  "UPDATE messages SET archived = 1, archived_at = max (?2, archived_at + 1), pending = pending | 2"
  " WHERE key = ?1 AND archived = 0",
  "UPDATE messages SET archived = 0, archived_at = max (?2, archived_at + 1), pending = pending | 2"
  " WHERE key = ?1 AND archived = 1",
  "UPDATE messages SET spam = 1, spam_at = max (?2, spam_at + 1), pending = pending | 4 WHERE key = ?1 AND spam = 0",
  "UPDATE messages SET spam = 0, spam_at = max (?2, spam_at + 1), pending = pending | 4 WHERE key = ?1 AND spam = 1",
  "UPDATE messages SET deleted = ?2 / 1000 WHERE key = ?1 AND deleted = 0",
};

/* A stretch of the keys, for the store's thread */
typedef struct
{
  PorchInboxUndo *undo;
  char           *site_id;
  guint           from;
  guint           to;
  guint           n_changed;
} Chunk;

static void
chunk_clear (Chunk *chunk)
{
  g_clear_pointer (&chunk->undo, porch_inbox_undo_unref);
  g_clear_pointer (&chunk->site_id, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chunk, chunk_clear)

static gboolean
note_before (sqlite3  *db,
             Chunk    *chunk,
             GError  **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, "SELECT unread | archived << 1 | spam << 2 | learned << 3 FROM messages WHERE key = ?",
                                 -1, &statement, NULL);

  for (guint i = chunk->from; code == SQLITE_OK && i < chunk->to; i++)
    {
      guint8 before = 0;

      sqlite3_bind_int64 (statement, 1, g_array_index (chunk->undo->keys, gint64, i));

      if ((code = sqlite3_step (statement)) == SQLITE_ROW)
        before = sqlite3_column_int (statement, 0);

      g_byte_array_append (chunk->undo->before, &before, 1);

      if (code == SQLITE_ROW || code == SQLITE_DONE)
        code = sqlite3_reset (statement);
    }

  if (code != SQLITE_OK)
    porch_store_set_error (error, db, code);

  sqlite3_finalize (statement);

  return code == SQLITE_OK;
}

static gboolean
execute_for_key (sqlite3       *db,
                 sqlite3_stmt  *statement,
                 gint64         key,
                 Chunk         *chunk,
                 GError       **error)
{
  int code;

  sqlite3_bind_int64 (statement, 1, key);

  if (sqlite3_bind_parameter_count (statement) > 1)
    sqlite3_bind_int64 (statement, 2, g_get_real_time () / 1000);

  code = sqlite3_step (statement);

  if (code == SQLITE_DONE)
    {
      chunk->n_changed += sqlite3_changes (db);
      code = sqlite3_reset (statement);
    }

  return code == SQLITE_OK || porch_store_set_error (error, db, code);
}

static gboolean
learn_from (sqlite3  *db,
            Chunk    *chunk,
            GError  **error)
{
  PorchInboxDeed deed = chunk->undo->deed;
  PorchSpamLesson lesson = deed == PORCH_INBOX_IS_SPAM ? PORCH_SPAM_BAD : PORCH_SPAM_GOOD;

  if (deed != PORCH_INBOX_IS_SPAM && deed != PORCH_INBOX_IS_GOOD && deed != PORCH_INBOX_PUT_AWAY)
    return TRUE;

  for (guint i = chunk->from; i < MIN (chunk->to, MAX_LESSONS); i++)
    {
      /* What is put away as spam was not kept for being good */
      if (deed == PORCH_INBOX_PUT_AWAY && (chunk->undo->before->data[i] & WAS_SPAM) != 0)
        continue;

      if (!porch_inbox_learn (db, chunk->site_id, g_array_index (chunk->undo->keys, gint64, i), lesson, error))
        return FALSE;
    }

  return deed != PORCH_INBOX_IS_SPAM || porch_inbox_learn_kept (db, chunk->site_id, error);
}

static gboolean
do_chunk (sqlite3   *db,
          gpointer   user_data,
          GError   **error)
{
  Chunk *chunk = user_data;
  sqlite3_stmt *statement = NULL;
  gboolean success = note_before (db, chunk, error);

  if (success && sqlite3_prepare_v2 (db, statements[chunk->undo->deed], -1, &statement, NULL) != SQLITE_OK)
    success = porch_store_set_error (error, db, sqlite3_errcode (db));

  for (guint i = chunk->from; success && i < chunk->to; i++)
    success = execute_for_key (db, statement, g_array_index (chunk->undo->keys, gint64, i), chunk, error);

  sqlite3_finalize (statement);

  return success && learn_from (db, chunk, error);
}

static sqlite3_stmt *
prepare_undo (sqlite3        *db,
              PorchInboxDeed  deed,
              guint8          before)
{
  static const struct
  {
    guint8          bit;
    PorchInboxDeed  set;
    PorchInboxDeed  unset;
  } flags[] = {
    { WAS_UNREAD, PORCH_INBOX_MARK_UNREAD, PORCH_INBOX_MARK_READ },
    { WAS_ARCHIVED, PORCH_INBOX_PUT_AWAY, PORCH_INBOX_FETCH_BACK },
    { WAS_SPAM, PORCH_INBOX_IS_SPAM, PORCH_INBOX_IS_GOOD },
  };
  const char *sql = "UPDATE messages SET deleted = 0 WHERE key = ?1 AND deleted != 0";
  sqlite3_stmt *statement = NULL;

  if (deed != PORCH_INBOX_DELETE)
    sql = statements[(before & flags[deed / 2].bit) != 0 ? flags[deed / 2].set : flags[deed / 2].unset];

  return sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

static gboolean
undo_chunk (sqlite3   *db,
            gpointer   user_data,
            GError   **error)
{
  Chunk *chunk = user_data;
  gboolean success = TRUE;

  for (guint i = chunk->from; success && i < chunk->to; i++)
    {
      gint64 key = g_array_index (chunk->undo->keys, gint64, i);
      guint8 before = chunk->undo->before->data[i];
      sqlite3_stmt *statement = prepare_undo (db, chunk->undo->deed, before);

      success = statement != NULL ? execute_for_key (db, statement, key, chunk, error)
                                  : porch_store_set_error (error, db, sqlite3_errcode (db));
      sqlite3_finalize (statement);

      if (success && chunk->undo->deed != PORCH_INBOX_DELETE && i < MAX_LESSONS)
        success = porch_inbox_learn (db, chunk->site_id, key, before >> LESSON_SHIFT, error);
    }

  return success;
}

typedef struct
{
  PorchInbox     *inbox;
  PorchInboxUndo *undo;
} Deed;

static void
deed_free (gpointer data)
{
  Deed *deed = data;

  g_clear_object (&deed->inbox);
  g_clear_pointer (&deed->undo, porch_inbox_undo_unref);
  g_free (deed);
}

static gboolean
await_chunks (Deed            *deed,
              PorchStoreFunc   func,
              guint           *n_changed,
              GError         **error)
{
  guint n_keys = deed->undo->keys->len;

  for (guint from = 0; from < n_keys; from += CHUNK)
    {
      g_auto(Chunk) chunk = {
        .undo = porch_inbox_undo_ref (deed->undo),
        .site_id = g_strdup (porch_inbox_get_site_id (deed->inbox)),
        .from = from,
        .to = MIN (from + CHUNK, n_keys),
      };

      if (!dex_await (porch_store_run (porch_inbox_get_store (deed->inbox), func, &chunk, NULL), error))
        return FALSE;

      *n_changed += chunk.n_changed;
    }

  return TRUE;
}

static DexFuture *
do_fiber (gpointer user_data)
{
  Deed *deed = user_data;
  g_autoptr(GError) error = NULL;
  guint n_changed = 0;
  gboolean success = await_chunks (deed, do_chunk, &n_changed, &error);

  porch_inbox_look_again (deed->inbox);

  if (!success)
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* The change counts from now on; the cloud hears of it as soon as it can be reached */
  push_soon (deed->inbox);

  return dex_future_new_take_boxed (PORCH_TYPE_INBOX_UNDO, porch_inbox_undo_ref (deed->undo));
}

static gboolean
leaves (PorchInboxView view,
        PorchInboxDeed deed)
{
  switch (deed)
    {
    case PORCH_INBOX_MARK_READ:
    case PORCH_INBOX_MARK_UNREAD:
      return FALSE;
    case PORCH_INBOX_PUT_AWAY:
      return view == PORCH_INBOX_MESSAGES || view == PORCH_INBOX_UNREAD;
    case PORCH_INBOX_FETCH_BACK:
      return view == PORCH_INBOX_ARCHIVE;
    case PORCH_INBOX_IS_SPAM:
      return view == PORCH_INBOX_MESSAGES || view == PORCH_INBOX_UNREAD || view == PORCH_INBOX_ARCHIVE;
    case PORCH_INBOX_IS_GOOD:
      return view == PORCH_INBOX_SPAM;
    case PORCH_INBOX_DELETE:
    default:
      return TRUE;
    }
}

static void
show_deed (PorchMessage   *message,
           PorchInboxDeed  deed)
{
  gboolean unread = porch_message_get_unread (message);
  gboolean archived = porch_message_get_archived (message);
  gboolean spam = porch_message_get_spam (message);

  if (deed == PORCH_INBOX_MARK_READ || deed == PORCH_INBOX_MARK_UNREAD)
    unread = deed == PORCH_INBOX_MARK_UNREAD;
  else if (deed == PORCH_INBOX_PUT_AWAY || deed == PORCH_INBOX_FETCH_BACK)
    archived = deed == PORCH_INBOX_PUT_AWAY;
  else if (deed == PORCH_INBOX_IS_SPAM || deed == PORCH_INBOX_IS_GOOD)
    spam = deed == PORCH_INBOX_IS_SPAM;

  porch_message_set_flags (message, unread, archived, spam);
}

/* What is done is seen at once; the store is told next. */
static DexFuture *
do_with_keys (PorchInbox     *self,
              PorchInboxDeed  deed,
              GArray         *keys)
{
  PorchInboxUndo *undo = g_atomic_rc_box_new0 (PorchInboxUndo);
  Deed *data = g_new0 (Deed, 1);

  undo->deed = deed;
  undo->keys = g_array_ref (keys);
  undo->before = g_byte_array_sized_new (keys->len);
  data->inbox = g_object_ref (self);
  data->undo = undo;

  for (guint i = 0; i < keys->len; i++)
    {
      PorchMessage *message = porch_inbox_list_lookup (self->messages, g_array_index (keys, gint64, i));

      if (message != NULL && porch_message_is_known (message))
        show_deed (message, deed);
    }

  if ((self->view == PORCH_INBOX_UNREAD || self->view == PORCH_INBOX_UNMAILED) && deed == PORCH_INBOX_MARK_READ)
    g_array_append_vals (self->sticky, keys->data, keys->len);

  if (leaves (self->view, deed))
    porch_inbox_list_take_out (self->messages, (gint64 *) keys->data, keys->len);

  if (deed == PORCH_INBOX_DELETE)
    {
      g_clear_handle_id (&self->commit, g_source_remove);
      self->commit = g_timeout_add_seconds (PORCH_INBOX_UNDO_SECONDS + 1, commit_cb, self);
    }

  return porch_fiber_spawn (do_fiber, data, deed_free, NULL);
}

/**
 * porch_inbox_do:
 * @self: an inbox
 * @deed: what to do
 * @positions: (array length=n_positions): places in its list
 * @n_positions: how many
 *
 * Does something with messages, at once here and in the background in the cloud. What is deleted can be brought back for
 * a while with [method@Porch.Inbox.undo]; then it is gone for good, or at once with [method@Porch.Inbox.commit].
 *
 * Returns: (transfer full): a future that resolves to a [struct@Porch.InboxUndo] when the change is kept here
 */
DexFuture *
porch_inbox_do (PorchInbox     *self,
                PorchInboxDeed  deed,
                const guint    *positions,
                guint           n_positions)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (positions != NULL || n_positions == 0);

  for (guint i = 0; i < n_positions; i++)
    {
      gint64 key = porch_inbox_list_get_key (self->messages, positions[i]);

      if (key != 0)
        g_array_append_val (keys, key);
    }

  return do_with_keys (self, deed, keys);
}

/**
 * porch_inbox_do_one:
 * @self: an inbox
 * @deed: what to do
 * @message: a message of it, whether in the list or not
 *
 * As [method@Porch.Inbox.do], with one message.
 *
 * Returns: (transfer full): a future that resolves to a [struct@Porch.InboxUndo] when the change is kept here
 */
DexFuture *
porch_inbox_do_one (PorchInbox     *self,
                    PorchInboxDeed  deed,
                    PorchMessage   *message)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 key;

  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (PORCH_IS_MESSAGE (message));

  key = porch_message_get_key (message);
  g_array_append_val (keys, key);
  show_deed (message, deed);

  return do_with_keys (self, deed, keys);
}

static DexFuture *
undo_fiber (gpointer user_data)
{
  Deed *deed = user_data;
  g_autoptr(GError) error = NULL;
  guint n_changed = 0;
  gboolean success = await_chunks (deed, undo_chunk, &n_changed, &error);

  porch_inbox_look_again (deed->inbox);

  if (success && n_changed == 0 && deed->undo->deed == PORCH_INBOX_DELETE && deed->undo->keys->len > 0)
    {
      g_set_error_literal (&error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND,
                           ngettext ("The message is deleted for good already.", "The messages are deleted for good already.",
                                     deed->undo->keys->len));
      success = FALSE;
    }

  if (success)
    success = dex_await (porch_inbox_load (deed->inbox), &error);

  if (!success)
    return dex_future_new_for_error (g_steal_pointer (&error));

  push_soon (deed->inbox);

  return dex_future_new_true ();
}

/**
 * porch_inbox_undo:
 * @self: an inbox
 * @undo: what was done a moment ago
 *
 * Takes it back, message by message.
 *
 * Returns: (transfer full): a future that resolves when all is as it was; rejected with %PORCH_ERROR_NOT_FOUND if what was
 *   deleted is gone for good
 */
DexFuture *
porch_inbox_undo (PorchInbox     *self,
                  PorchInboxUndo *undo)
{
  Deed *deed;

  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (undo != NULL);

  deed = g_new0 (Deed, 1);
  deed->inbox = g_object_ref (self);
  deed->undo = porch_inbox_undo_ref (undo);

  return porch_fiber_spawn (undo_fiber, deed, deed_free, NULL);
}

static DexFuture *
written_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchInbox *self = user_data;

  porch_inbox_look_again (self);
  push_soon (self);

  return dex_future_new_true ();
}

/**
 * porch_inbox_mark_all_read:
 * @self: an inbox
 *
 * Marks every message of the site as read that is no spam, whatever the view.
 *
 * Returns: (transfer full): a future that resolves when the change is kept here
 */
DexFuture *
porch_inbox_mark_all_read (PorchInbox *self)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));

  return dex_future_then (porch_store_write (self->store,
                                             "UPDATE messages SET unread = 0, pending = pending | 1,"
                                             " unread_at = max (?2, unread_at + 1)"
                                             " WHERE site = ?1 AND unread = 1 AND spam = 0 AND deleted = 0",
                                             "si", self->site_id, g_get_real_time () / 1000),
                          written_cb, g_object_ref (self), g_object_unref);
}

typedef struct
{
  char   *site_id;
  gint64  key;
} Lesson;

static void
lesson_free (gpointer data)
{
  Lesson *lesson = data;

  g_free (lesson->site_id);
  g_free (lesson);
}

static gboolean
learn_good (sqlite3   *db,
            gpointer   user_data,
            GError   **error)
{
  Lesson *lesson = user_data;

  return porch_inbox_learn (db, lesson->site_id, lesson->key, PORCH_SPAM_GOOD, error);
}

/**
 * porch_inbox_note_reply:
 * @self: an inbox
 * @message: a message that somebody is about to answer
 *
 * Tells the filter that messages like this one are good.
 *
 * Returns: (transfer full): a future that resolves when it is kept here
 */
DexFuture *
porch_inbox_note_reply (PorchInbox   *self,
                        PorchMessage *message)
{
  Lesson *lesson;

  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (PORCH_IS_MESSAGE (message));

  lesson = g_new0 (Lesson, 1);
  lesson->site_id = g_strdup (self->site_id);
  lesson->key = porch_message_get_key (message);

  return porch_store_run (self->store, learn_good, lesson, lesson_free);
}

/**
 * porch_inbox_mail_again:
 * @self: an inbox
 * @message: (nullable): a message, or `NULL` for all whose mail failed for good or was never begun
 *
 * Has the owner told by mail once more. It is asked for as soon as the cloud can be reached; what becomes of it shows as
 * the state of the message.
 *
 * Returns: (transfer full): a future that resolves when the wish is kept here
 */
DexFuture *
porch_inbox_mail_again (PorchInbox   *self,
                        PorchMessage *message)
{
  g_autofree char *unmailed = NULL;
  g_autofree char *all = NULL;
  g_autofree char *sql = NULL;

  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (message == NULL || PORCH_IS_MESSAGE (message));

  unmailed = porch_inbox_build_unmailed (self);
  all = g_strconcat (unmailed, " AND ?2 = 0", NULL);

  /* The name of the wish begins with its time, and the answer names it */
  sql = g_strconcat ("UPDATE messages SET pending = pending | 8, mail_state = 'waiting', given_up = 0,"
                     " again = strftime ('%Y-%m-%dT%H:%M:%fZ') || '#' || lower (hex (randomblob (6)))"
                     " WHERE site = ?1 AND deleted = 0 AND ",
                     message != NULL ? "key = ?2" : all, NULL);

  return dex_future_then (porch_store_write (self->store, sql, "si", self->site_id,
                                             message != NULL ? porch_message_get_key (message) : (gint64) 0),
                          written_cb, g_object_ref (self), g_object_unref);
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
