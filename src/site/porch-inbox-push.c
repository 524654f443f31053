/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-private.h"
#include "porch-site-private.h"

#include "aws-dynamodb.h"
#include "aws-error.h"

#include <string.h>

/* What was changed here is told to the cloud: first to a log that other computers read, then flag by flag to the messages.
 * So whoever is ended in between has announced too much at worst, and the change is still marked as not sent. */

/* Where other computers look for changes of messages of any age; agreed with porch-inbox-sync.c */
#define LOG_PARTITION "changes#contact"
#define LOG_DAYS 30

/* The notifier mails a message once for each item here; agreed with the function that mails */
#define AGAIN_PARTITION "form#again"
#define AGAIN_DAYS 1

#define DAY (24 * 60 * 60)

/* So many messages are told of in one entry of the log, and so many calls are underway at once */
#define BATCH 100
#define AT_ONCE 8

#define COLUMNS "key, id, sk, unread, archived, spam, unread_at, archived_at, spam_at, pending, deleted, clues, again"

enum
{
  KEY, ID, SORT_KEY, UNREAD, ARCHIVED, SPAM, UNREAD_AT, ARCHIVED_AT, SPAM_AT, PENDING, DELETED, CLUES, AGAIN
};

static const struct
{
  PorchPending  mark;
  char          letter;
  guint         column;
  guint         time_column;
  const char   *name;
  const char   *time_name;
  const char   *done;
} flags[] = {
  { PORCH_PENDING_UNREAD, 'u', UNREAD, UNREAD_AT, "unread", "unreadAt",
    "UPDATE messages SET pending = pending & ~1 WHERE key = ? AND unread_at = ?" },
  { PORCH_PENDING_ARCHIVED, 'a', ARCHIVED, ARCHIVED_AT, "archived", "archivedAt",
    "UPDATE messages SET pending = pending & ~2 WHERE key = ? AND archived_at = ?" },
  { PORCH_PENDING_SPAM, 's', SPAM, SPAM_AT, "spam", "spamAt",
    "UPDATE messages SET pending = pending & ~4 WHERE key = ? AND spam_at = ?" },
};

/* One call and what it was for */
typedef struct
{
  DexFuture *future;
  guint      row;
  guint      flag;      /* G_N_ELEMENTS (flags) for the whole message */
} Call;

static void
call_clear (gpointer data)
{
  Call *call = data;

  dex_clear (&call->future);
}

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, AWS_ERROR, AWS_ERROR_PRECONDITION_FAILED) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_NOT_FOUND);
}

static AwsItem *
make_key (const char *partition,
          const char *sort_key)
{
  AwsItem *key = aws_item_new ();

  aws_item_set_string (key, "pk", partition);
  aws_item_set_string (key, "sk", sort_key);

  return key;
}

/* "<sort key> u0 1790000000000": the message, the flag, its value, and when it was decided */
static GStrv
list_changes (PorchRows *rows)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    {
      const char *sort_key = porch_rows_get_string (rows, i, SORT_KEY);

      if (porch_rows_get_int (rows, i, DELETED) != 0)
        {
          g_strv_builder_take (builder, g_strdup_printf ("%s d1 0", sort_key));
          continue;
        }

      for (guint j = 0; j < G_N_ELEMENTS (flags); j++)
        if ((porch_rows_get_int (rows, i, PENDING) & flags[j].mark) != 0)
          g_strv_builder_take (builder, g_strdup_printf ("%s %c%d %" G_GINT64_FORMAT, sort_key, flags[j].letter,
                                                         porch_rows_get_int (rows, i, flags[j].column) != 0,
                                                         porch_rows_get_int (rows, i, flags[j].time_column)));
    }

  return g_strv_builder_end (builder);
}

static gboolean
await_announced (PorchInbox  *self,
                 AwsClient   *client,
                 PorchRows   *rows,
                 GError     **error)
{
  g_auto(GStrv) changes = list_changes (rows);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *name = g_strdup_printf ("%s.%03dZ#%08x", time, g_date_time_get_microsecond (now) / 1000, g_random_int ());
  g_autoptr(AwsItem) key = make_key (LOG_PARTITION, name);
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(AwsItemChange) change = aws_item_change_new (porch_site_get_table (self->site), key);

  if (changes[0] == NULL)
    return TRUE;

  aws_item_set_strings (values, ":changes", (const char * const *) changes);
  aws_item_set_int (values, ":expires", g_date_time_to_unix (now) + LOG_DAYS * DAY);
  aws_item_change_set_update (change, "SET #changes = :changes, #expires = :expires");
  aws_item_change_set_values (change, values);
  aws_item_change_add_name (change, "#changes", "changes");
  aws_item_change_add_name (change, "#expires", "expires");

  return dex_await (aws_dynamodb_update_item (client, change), error);
}

/* The later decision wins, wherever it was made */
static DexFuture *
send_flag (PorchInbox *self,
           AwsClient  *client,
           PorchRows  *rows,
           guint       row,
           guint       flag)
{
  g_autoptr(AwsItem) key = make_key (PORCH_INBOX_PARTITION, porch_rows_get_string (rows, row, SORT_KEY));
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(AwsItemChange) change = aws_item_change_new (porch_site_get_table (self->site), key);
  const char *clues = flags[flag].mark == PORCH_PENDING_SPAM ? porch_rows_get_string (rows, row, CLUES) : NULL;

  aws_item_set_bool (values, ":flag", porch_rows_get_int (rows, row, flags[flag].column) != 0);
  aws_item_set_int (values, ":at", porch_rows_get_int (rows, row, flags[flag].time_column));

  if (clues != NULL)
    {
      g_auto(GStrv) words = g_strsplit (clues, "\n", -1);

      aws_item_set_strings (values, ":clues", (const char * const *) words);
    }

  aws_item_change_set_update (change, clues != NULL ? "SET #flag = :flag, #at = :at, clues = :clues"
                                                    : "SET #flag = :flag, #at = :at");
  aws_item_change_set_condition (change, "attribute_exists (pk) AND (attribute_not_exists (#at) OR #at <= :at)");
  aws_item_change_set_values (change, values);
  aws_item_change_add_name (change, "#flag", flags[flag].name);
  aws_item_change_add_name (change, "#at", flags[flag].time_name);

  return aws_dynamodb_update_item (client, change);
}

static DexFuture *
send_again (PorchInbox *self,
            AwsClient  *client,
            PorchRows  *rows,
            guint       row)
{
  g_autoptr(AwsItem) key = make_key (AGAIN_PARTITION, porch_rows_get_string (rows, row, AGAIN));
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(AwsItemChange) change = aws_item_change_new (porch_site_get_table (self->site), key);

  aws_item_set_string (values, ":key", porch_rows_get_string (rows, row, SORT_KEY));
  aws_item_set_int (values, ":expires", g_get_real_time () / G_USEC_PER_SEC + AGAIN_DAYS * DAY);
  aws_item_change_set_update (change, "SET #key = :key, #expires = :expires");
  aws_item_change_set_values (change, values);
  aws_item_change_add_name (change, "#key", "key");
  aws_item_change_add_name (change, "#expires", "expires");

  return aws_dynamodb_update_item (client, change);
}

static DexFuture *
send_deletion (PorchInbox *self,
               AwsClient  *client,
               PorchRows  *rows,
               guint       row)
{
  g_autoptr(AwsItem) key = make_key (PORCH_INBOX_PARTITION, porch_rows_get_string (rows, row, SORT_KEY));
  g_autoptr(AwsItemChange) change = aws_item_change_new (porch_site_get_table (self->site), key);

  /* An answer that is on its way may still have it */
  g_hash_table_add (self->gone, g_strdup (porch_rows_get_string (rows, row, SORT_KEY)));

  return aws_dynamodb_delete_item (client, change);
}

static gboolean
await_call_noted (PorchInbox  *self,
                  PorchRows   *rows,
                  Call        *call,
                  GError     **error)
{
  PorchStore *store = porch_inbox_get_store (self);
  gint64 key = porch_rows_get_int (rows, call->row, KEY);

  if (call->flag < G_N_ELEMENTS (flags))
    return dex_await (porch_store_write (store, flags[call->flag].done, "ii", key,
                                         porch_rows_get_int (rows, call->row, flags[call->flag].time_column)), error);

  if (porch_rows_get_int (rows, call->row, DELETED) != 0)
    return dex_await (porch_store_write (store, "DELETE FROM messages WHERE key = ? AND deleted != 0", "i", key), error);

  return dex_await (porch_store_write (store, "UPDATE messages SET pending = pending & ~8 WHERE key = ? AND again = ?", "is",
                                       key, porch_rows_get_string (rows, call->row, AGAIN)), error);
}

/* Waits for one call. Who decided later elsewhere, or deleted the message, is listened to. */
static gboolean
await_call (PorchInbox  *self,
            PorchRows   *rows,
            Call        *call,
            GError     **error)
{
  g_autoptr(GError) local_error = NULL;

  if (dex_await (g_steal_pointer (&call->future), &local_error))
    return await_call_noted (self, rows, call, error);

  if (call->flag < G_N_ELEMENTS (flags) && is_gone (local_error))
    return porch_inbox_await_message (self, porch_rows_get_string (rows, call->row, SORT_KEY), error) &&
           await_call_noted (self, rows, call, error);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static GArray *
list_calls (PorchRows *rows)
{
  GArray *calls = g_array_new (FALSE, TRUE, sizeof (Call));

  g_array_set_clear_func (calls, call_clear);

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    {
      gint64 pending = porch_rows_get_int (rows, i, PENDING);
      gboolean is_deleted = porch_rows_get_int (rows, i, DELETED) != 0;
      Call call = { .row = i, .flag = G_N_ELEMENTS (flags) };

      if (is_deleted || (pending & PORCH_PENDING_MAIL) != 0)
        g_array_append_val (calls, call);

      for (call.flag = 0; call.flag < G_N_ELEMENTS (flags); call.flag++)
        if (!is_deleted && (pending & flags[call.flag].mark) != 0)
          g_array_append_val (calls, call);
    }

  return calls;
}

static DexFuture *
begin_call (PorchInbox *self,
            AwsClient  *client,
            PorchRows  *rows,
            Call       *call)
{
  if (call->flag < G_N_ELEMENTS (flags))
    return send_flag (self, client, rows, call->row, call->flag);

  return porch_rows_get_int (rows, call->row, DELETED) != 0 ? send_deletion (self, client, rows, call->row)
                                                            : send_again (self, client, rows, call->row);
}

static gboolean
await_batch (PorchInbox  *self,
             AwsClient   *client,
             PorchRows   *rows,
             GError     **error)
{
  g_autoptr(GArray) calls = list_calls (rows);

  if (!await_announced (self, client, rows, error))
    return FALSE;

  for (guint i = 0; i < calls->len; i += AT_ONCE)
    {
      guint end = MIN (i + AT_ONCE, calls->len);
      gboolean success = TRUE;

      for (guint j = i; j < end; j++)
        g_array_index (calls, Call, j).future = begin_call (self, client, rows, &g_array_index (calls, Call, j));

      /* What arrived is noted, also when another one failed */
      for (guint j = i; j < end; j++)
        success = await_call (self, rows, &g_array_index (calls, Call, j), success ? error : NULL) && success;

      if (!success)
        return FALSE;
    }

  return TRUE;
}

/* Tells the cloud what was changed here; deletions only when the time to undo is over, or @now; in a fiber. */
gboolean
porch_inbox_await_push (PorchInbox  *self,
                        gboolean     now,
                        GError     **error)
{
  g_autoptr(PorchSite) site = self->site != NULL ? g_object_ref (self->site) : NULL;
  g_autoptr(AwsClient) client = NULL;

  if (site == NULL || porch_site_get_table (site) == NULL)
    return TRUE;

  for (;;)
    {
      gint64 due = g_get_real_time () / G_USEC_PER_SEC - (now ? 0 : PORCH_INBOX_UNDO_SECONDS);
      g_autoptr(PorchRows) rows = NULL;

      rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (self),
                                                 "SELECT " COLUMNS " FROM messages WHERE site = ?1"
                                                 " AND (pending != 0 OR deleted != 0)"
                                                 " AND (deleted = 0 OR deleted <= ?2) LIMIT ?3", "sii",
                                                 porch_inbox_get_site_id (self), due, (gint64) BATCH), error);

      if (rows == NULL)
        return FALSE;

      if (porch_rows_get_length (rows) == 0)
        return TRUE;

      if (client == NULL)
        client = porch_site_dup_client (site);

      if (!await_batch (self, client, rows, error))
        return FALSE;
    }
}
