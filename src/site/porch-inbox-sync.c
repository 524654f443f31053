/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-private.h"
#include "porch-error.h"
#include "porch-message-private.h"
#include "porch-site-private.h"

#include "aws-dynamodb.h"
#include "aws-error.h"

/* The form's messages in the table; the key is agreed with the function that stores them */
#define PARTITION "form#contact"

/* Messages may be stored out of order by a few seconds, and learn of their mail a while later */
#define OVERLAP_MINUTES 15

/* What was changed on another computer is found out once a day, for messages of any age */
#define DAY (24 * 60 * 60)

/* What the store's thread works on, and what it found out */
typedef struct
{
  char       *site_id;
  char       *from;           /* sort key from which on @messages is complete */
  GPtrArray  *messages;       /* PorchMessage, as the cloud has them */
  GPtrArray  *rows;           /* Row, the same for the store */
  GHashTable *known;          /* ids that stood in the store and were not seen yet */
  GHashTable *own;            /* ids that were changed here, which the cloud does not know yet */
  GPtrArray  *gone;           /* ids that the cloud has no more */
  GArray     *is_new;         /* gboolean for each of @messages */
} Merge;

/* GObjects stay on the main thread: the store's gets plain text */
typedef struct
{
  char   *id;
  char   *sort_key;
  gint64  received;
  char   *name;
  char   *mail;
  char   *preview;
  char   *page;
  char   *fields;
  char   *words;
  char   *mail_state;
  char   *mail_error;
  gboolean unread;
  gboolean archived;
  gboolean spam;
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_clear_pointer (&row->id, g_free);
  g_clear_pointer (&row->sort_key, g_free);
  g_clear_pointer (&row->name, g_free);
  g_clear_pointer (&row->mail, g_free);
  g_clear_pointer (&row->preview, g_free);
  g_clear_pointer (&row->page, g_free);
  g_clear_pointer (&row->fields, g_free);
  g_clear_pointer (&row->words, g_free);
  g_clear_pointer (&row->mail_state, g_free);
  g_clear_pointer (&row->mail_error, g_free);
  g_free (row);
}

static Row *
row_new (PorchMessage *message)
{
  Row *row = g_new0 (Row, 1);

  row->id = g_strdup (porch_message_get_id (message));
  row->sort_key = g_strdup (porch_message_get_sort_key (message));
  row->received = g_date_time_to_unix_usec (porch_message_get_received (message)) / 1000;
  row->name = g_strdup (porch_message_get_sender_name (message));
  row->mail = g_strdup (porch_message_get_sender_mail (message));
  row->preview = g_strdup (porch_message_get_preview (message));
  row->page = g_strdup (porch_message_get_page (message));
  row->fields = porch_message_dup_fields (message);
  row->words = porch_message_dup_words (message);
  row->mail_state = g_strdup (porch_mail_state_to_string (porch_message_get_mail_state (message)));
  row->mail_error = g_strdup (porch_message_get_mail_error (message));
  row->unread = porch_message_get_unread (message);
  row->archived = porch_message_get_archived (message);
  row->spam = porch_message_get_spam (message);

  return row;
}

static void
merge_free (Merge *merge)
{
  g_clear_pointer (&merge->site_id, g_free);
  g_clear_pointer (&merge->from, g_free);
  g_clear_pointer (&merge->messages, g_ptr_array_unref);
  g_clear_pointer (&merge->rows, g_ptr_array_unref);
  g_clear_pointer (&merge->known, g_hash_table_unref);
  g_clear_pointer (&merge->own, g_hash_table_unref);
  g_clear_pointer (&merge->gone, g_ptr_array_unref);
  g_clear_pointer (&merge->is_new, g_array_unref);
  g_free (merge);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Merge, merge_free)

static Merge *
merge_new (PorchInbox *inbox,
           const char *from,
           GPtrArray  *items)
{
  Merge *merge = g_new0 (Merge, 1);

  merge->site_id = g_strdup (porch_inbox_get_site_id (inbox));
  merge->from = g_strdup (from);
  merge->messages = g_ptr_array_new_with_free_func (g_object_unref);
  merge->rows = g_ptr_array_new_with_free_func (row_free);
  merge->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  merge->own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  merge->gone = g_ptr_array_new_with_free_func (g_free);
  merge->is_new = g_array_new (FALSE, TRUE, sizeof (gboolean));

  for (guint i = 0; i < items->len; i++)
    {
      PorchMessage *message = porch_message_new_from_item (g_ptr_array_index (items, i));

      if (message == NULL)
        continue;

      g_ptr_array_add (merge->messages, message);
      g_ptr_array_add (merge->rows, row_new (message));
    }

  return merge;
}

static gboolean
list_known (sqlite3  *db,
            Merge    *merge,
            GError  **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, "SELECT id, pending OR deleted FROM messages WHERE site = ? AND sk >= ?",
                                 -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, merge->site_id, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, merge->from, -1, SQLITE_STATIC);

      while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        {
          const char *id = (const char *) sqlite3_column_text (statement, 0);

          g_hash_table_add (merge->known, g_strdup (id));

          if (sqlite3_column_int (statement, 1) != 0)
            g_hash_table_add (merge->own, g_strdup (id));
        }
    }

  sqlite3_finalize (statement);

  return code == SQLITE_DONE || porch_store_set_error (error, db, code);
}

static void
bind_row (sqlite3_stmt *statement,
          Merge        *merge,
          Row          *row)
{
  const char *texts[] = { merge->site_id, row->id, row->sort_key, NULL, row->name, row->mail, row->preview, row->page,
                          row->fields, row->words, row->mail_state, row->mail_error };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    sqlite3_bind_text (statement, i + 1, texts[i], -1, SQLITE_STATIC);

  sqlite3_bind_int64 (statement, 4, row->received);
  sqlite3_bind_int (statement, 13, row->unread);
  sqlite3_bind_int (statement, 14, row->archived);
  sqlite3_bind_int (statement, 15, row->spam);
}

static gboolean
write_rows (sqlite3  *db,
            Merge    *merge,
            GError  **error)
{
  sqlite3_stmt *statement = NULL;
  int code;

  /* What was changed here and not sent yet is newer than what the cloud says */
  code = sqlite3_prepare_v2 (db,
                             "INSERT INTO messages (site, id, sk, received, name, mail, preview, page, fields, words,"
                             " mail_state, mail_error, unread, archived, spam)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
                             " ON CONFLICT (site, id) DO UPDATE SET mail_state = excluded.mail_state,"
                             " mail_error = excluded.mail_error,"
                             " unread = CASE pending WHEN 0 THEN excluded.unread ELSE unread END,"
                             " archived = CASE pending WHEN 0 THEN excluded.archived ELSE archived END,"
                             " spam = CASE pending WHEN 0 THEN excluded.spam ELSE spam END",
                             -1, &statement, NULL);

  for (guint i = 0; code == SQLITE_OK && i < merge->rows->len; i++)
    {
      Row *row = g_ptr_array_index (merge->rows, i);
      gboolean is_new = !g_hash_table_remove (merge->known, row->id);

      g_array_append_val (merge->is_new, is_new);
      bind_row (statement, merge, row);
      code = sqlite3_step (statement) == SQLITE_DONE ? sqlite3_reset (statement) : sqlite3_errcode (db);
    }

  if (code != SQLITE_OK)
    porch_store_set_error (error, db, code);

  sqlite3_finalize (statement);

  return code == SQLITE_OK;
}

static gboolean
remove_row (sqlite3     *db,
            Merge       *merge,
            const char  *id,
            GError     **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, "DELETE FROM messages WHERE site = ? AND id = ?", -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, merge->site_id, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, id, -1, SQLITE_STATIC);
      code = sqlite3_step (statement);
    }

  sqlite3_finalize (statement);

  return code == SQLITE_DONE || porch_store_set_error (error, db, code);
}

static gboolean
merge_rows (sqlite3   *db,
            gpointer   user_data,
            GError   **error)
{
  Merge *merge = user_data;
  GHashTableIter iter;
  gpointer id;

  if (!list_known (db, merge, error) || !write_rows (db, merge, error))
    return FALSE;

  /* What is left of the known ones was deleted from another computer */
  g_hash_table_iter_init (&iter, merge->known);

  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      if (!remove_row (db, merge, id, error))
        return FALSE;

      g_ptr_array_add (merge->gone, g_strdup (id));
    }

  return TRUE;
}

/* Keys sort by time: all messages from the overlap before the newest one, or from the oldest that still waits for
 * its mail. "" is all of them. */
static char *
await_start (PorchInbox  *inbox,
             gboolean     all,
             GError     **error)
{
  PorchSite *site = porch_inbox_get_site (inbox);
  g_autoptr(PorchRows) rows = NULL;
  g_autoptr(GDateTime) newest = NULL;
  g_autoptr(GDateTime) start = NULL;

  if (all || porch_site_get_synced (site) < g_get_real_time () / G_USEC_PER_SEC - DAY)
    return g_strdup ("");

  rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (inbox),
                                             "SELECT coalesce (min (received) FILTER (WHERE mail_state = 'waiting'"
                                             " AND received > (unixepoch () - 86400) * 1000), max (received), 0)"
                                             " FROM messages WHERE site = ?",
                                             "s", porch_inbox_get_site_id (inbox)), error);

  if (rows == NULL)
    return NULL;

  if (porch_rows_get_int (rows, 0, 0) == 0)
    return g_strdup ("");

  newest = g_date_time_new_from_unix_utc_usec (porch_rows_get_int (rows, 0, 0) * 1000);
  start = g_date_time_add_minutes (newest, -OVERLAP_MINUTES);

  return g_date_time_format (start, "%Y-%m-%dT%H:%M:%S");
}

static DexFuture *
query_messages (PorchInbox *inbox,
                const char *from)
{
  PorchSite *site = porch_inbox_get_site (inbox);
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  g_autoptr(AwsTableQuery) query = NULL;
  g_autoptr(AwsItem) values = aws_item_new ();

  query = aws_table_query_new (porch_site_get_table (site), *from != '\0' ? "pk = :pk AND sk >= :from" : "pk = :pk");
  aws_item_set_string (values, ":pk", PARTITION);

  if (*from != '\0')
    aws_item_set_string (values, ":from", from);

  aws_table_query_set_values (query, values);
  aws_table_query_set_consistent (query, TRUE);

  return aws_dynamodb_query (client, query);
}

/* What the cloud has, as it is after all that was changed here */
static GPtrArray *
await_messages (PorchInbox  *self,
                const char  *from,
                GError     **error)
{
  for (guint left = 3; ; left--)
    {
      guint n_changes = self->n_changes;
      g_autoptr(GPtrArray) items = dex_await_boxed (query_messages (self, from), error);

      if (items == NULL || left == 0 || n_changes == self->n_changes)
        return g_steal_pointer (&items);
    }
}

/* Fetches what is new or has changed; in a fiber. */
gboolean
porch_inbox_await_sync (PorchInbox  *self,
                        gboolean     all,
                        GError     **error)
{
  PorchSite *site = porch_inbox_get_site (self);
  gint64 began = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *from = await_start (self, all, error);
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(Merge) merge = NULL;
  gboolean is_first = porch_site_get_synced (site) == 0;

  if (from == NULL || (items = await_messages (self, from, error)) == NULL)
    return FALSE;

  merge = merge_new (self, from, items);

  if (!dex_await (porch_store_run (porch_inbox_get_store (self), merge_rows, merge, NULL), error))
    return FALSE;

  for (guint i = 0; i < merge->messages->len; i++)
    {
      PorchMessage *message = g_ptr_array_index (merge->messages, i);

      if (!g_hash_table_contains (merge->own, porch_message_get_id (message)))
        porch_inbox_take_message (self, message, g_array_index (merge->is_new, gboolean, i) && !is_first);
    }

  for (guint i = 0; i < merge->gone->len; i++)
    porch_inbox_take_removal (self, g_ptr_array_index (merge->gone, i));

  if (*from != '\0')
    return TRUE;

  porch_site_set_synced (site, began);

  return dex_await (porch_site_save (site), error);
}

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, AWS_ERROR, AWS_ERROR_PRECONDITION_FAILED) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_NOT_FOUND);
}

static AwsItem *
make_key (const char *sort_key)
{
  AwsItem *key = aws_item_new ();

  aws_item_set_string (key, "pk", PARTITION);
  aws_item_set_string (key, "sk", sort_key);

  return key;
}

static gboolean
await_state_sent (PorchInbox  *self,
                  PorchRows   *rows,
                  guint        row,
                  GError     **error)
{
  PorchSite *site = porch_inbox_get_site (self);
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  g_autoptr(AwsItem) key = make_key (porch_rows_get_string (rows, row, 1));
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(AwsItemChange) change = aws_item_change_new (porch_site_get_table (site), key);
  g_autoptr(GError) local_error = NULL;
  const char *sql = "UPDATE messages SET pending = 0 WHERE site = ? AND id = ? AND unread = ? AND archived = ? AND spam = ?";

  aws_item_set_bool (values, ":unread", porch_rows_get_int (rows, row, 2) != 0);
  aws_item_set_bool (values, ":archived", porch_rows_get_int (rows, row, 3) != 0);
  aws_item_set_bool (values, ":spam", porch_rows_get_int (rows, row, 4) != 0);
  aws_item_change_set_update (change, "SET #unread = :unread, #archived = :archived, #spam = :spam");
  aws_item_change_set_condition (change, "attribute_exists (pk)");
  aws_item_change_set_values (change, values);
  aws_item_change_add_name (change, "#unread", "unread");
  aws_item_change_add_name (change, "#archived", "archived");
  aws_item_change_add_name (change, "#spam", "spam");

  if (!dex_await (aws_dynamodb_update_item (client, change), &local_error) && !is_gone (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  self->n_changes++;

  /* Deleted from another computer: the next look at the cloud takes it away here too. Changed again meanwhile: the
   * comparison leaves the mark. */
  return dex_await (porch_store_write (porch_inbox_get_store (self), sql, "ssiii",
                                       porch_inbox_get_site_id (self), porch_rows_get_string (rows, row, 0),
                                       porch_rows_get_int (rows, row, 2), porch_rows_get_int (rows, row, 3),
                                       porch_rows_get_int (rows, row, 4)), error);
}

static gboolean
await_deletion_sent (PorchInbox  *self,
                     PorchRows   *rows,
                     guint        row,
                     GError     **error)
{
  PorchSite *site = porch_inbox_get_site (self);
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  g_autoptr(AwsItem) key = make_key (porch_rows_get_string (rows, row, 1));
  g_autoptr(AwsItemChange) change = aws_item_change_new (porch_site_get_table (site), key);

  if (!dex_await (aws_dynamodb_delete_item (client, change), error))
    return FALSE;

  self->n_changes++;

  return dex_await (porch_store_write (porch_inbox_get_store (self),
                                       "DELETE FROM messages WHERE site = ? AND id = ? AND deleted != 0",
                                       "ss", porch_inbox_get_site_id (self), porch_rows_get_string (rows, row, 0)),
                    error);
}

/* Tells the cloud what was changed here; deletions only when the time to undo is over, or @now; in a fiber. */
gboolean
porch_inbox_await_push (PorchInbox  *self,
                        gboolean     now,
                        GError     **error)
{
  g_autoptr(PorchSite) site = porch_inbox_get_site (self) != NULL ? g_object_ref (porch_inbox_get_site (self)) : NULL;
  gint64 due = g_get_real_time () / G_USEC_PER_SEC - (now ? 0 : PORCH_INBOX_UNDO_SECONDS);
  g_autoptr(PorchRows) rows = NULL;

  if (site == NULL || porch_site_get_table (site) == NULL)
    return TRUE;

  rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (self),
                                             "SELECT id, sk, unread, archived, spam, deleted FROM messages"
                                             " WHERE site = ?1 AND ((pending != 0 AND deleted = 0)"
                                             " OR (deleted != 0 AND deleted <= ?2))", "si",
                                             porch_inbox_get_site_id (self), due), error);

  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    if (!(porch_rows_get_int (rows, i, 5) != 0 ? await_deletion_sent (self, rows, i, error)
                                               : await_state_sent (self, rows, i, error)))
      return FALSE;

  return TRUE;
}
