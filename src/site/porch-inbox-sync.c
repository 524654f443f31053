/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-merge.h"
#include "porch-error.h"
#include "porch-message-private.h"
#include "porch-site-private.h"

#include "aws-dynamodb.h"

/* Where other computers tell of changes; agreed with porch-inbox-push.c */
#define LOG_PARTITION "changes#contact"

/* Messages may be stored out of order by a few seconds, and learn of their mail a while later; clocks differ too */
#define OVERLAP_MINUTES 15

/* What no log told of, as after a long time without a connection, is found by comparing everything */
#define WEEK (7 * 24 * 60 * 60)

/* So many items are asked for and merged at a time: neither the memory nor the store is kept busy by many messages */
#define WINDOW 200

/* More of those that arrived together are not handed on one by one */
#define MAX_ARRIVED 50

/* Messages from before the usual stretch whose mail is waited for; so many are looked at each time */
#define MAX_AWAITED 20

/* What a sync found out on its way */
typedef struct
{
  GArray   *arrived;
  gboolean  has_changes;
} Found;

static void
found_clear (Found *found)
{
  g_clear_pointer (&found->arrived, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Found, found_clear)

static char *
format_start (gint64 msec)
{
  g_autoptr(GDateTime) newest = g_date_time_new_from_unix_utc_usec (msec * 1000);
  g_autoptr(GDateTime) start = g_date_time_add_minutes (newest, -OVERLAP_MINUTES);

  return g_date_time_format (start, "%Y-%m-%dT%H:%M:%S");
}

/* Keys sort by time: all messages from the overlap before the newest one, or from the oldest of the last day whose mail is
 * still underway. "" is all of them. */
static char *
await_start (PorchInbox  *self,
             gboolean     all,
             GError     **error)
{
  g_autoptr(PorchRows) rows = NULL;

  if (all || porch_site_get_synced (self->site) < g_get_real_time () / G_USEC_PER_SEC - WEEK)
    return g_strdup ("");

  rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (self),
                                             "SELECT coalesce ((SELECT min (received) FROM messages WHERE site = ?1 AND"
                                             " received > (unixepoch () - 86400) * 1000 AND spam = 0 AND"
                                             " (mail_state IN ('waiting', 'none') OR (mail_state = 'failed' AND given_up = 0))),"
                                             " (SELECT max (received) FROM messages WHERE site = ?1), 0)",
                                             "s", porch_inbox_get_site_id (self)), error);

  if (rows == NULL)
    return NULL;

  return porch_rows_get_int (rows, 0, 0) == 0 ? g_strdup ("") : format_start (porch_rows_get_int (rows, 0, 0));
}

/* The items of @partition behind @after, at most @limit of them */
static GPtrArray *
await_items (PorchInbox  *self,
             const char  *partition,
             const char  *after,
             const char  *until,
             guint        limit,
             GError     **error)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (self->site);
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(AwsTableQuery) query = NULL;

  /* A key without a text can't be compared with */
  query = aws_table_query_new (porch_site_get_table (self->site),
                               until != NULL ? "pk = :pk AND sk BETWEEN :after AND :until"
                                             : *after != '\0' ? "pk = :pk AND sk > :after" : "pk = :pk");
  aws_item_set_string (values, ":pk", partition);

  if (*after != '\0')
    aws_item_set_string (values, ":after", after);
  if (until != NULL)
    aws_item_set_string (values, ":until", until);

  aws_table_query_set_values (query, values);
  aws_table_query_set_consistent (query, TRUE);
  aws_table_query_set_limit (query, limit);

  return dex_await_boxed (aws_dynamodb_query (client, query), error);
}

static const char *
last_key (GPtrArray *items)
{
  return items->len > 0 ? aws_item_get_string (g_ptr_array_index (items, items->len - 1), "sk") : NULL;
}

static gboolean
await_merged (PorchInbox  *self,
              const char  *after,
              const char  *until,
              GPtrArray   *items,
              gboolean     judge,
              Found       *found,
              GError     **error)
{
  g_autoptr(PorchInboxMerge) merge = porch_inbox_merge_new (self, after, until, items, judge);
  GArray *arrived = porch_inbox_merge_get_arrived (merge);

  if (!dex_await (porch_inbox_merge_run (merge, porch_inbox_get_store (self)), error))
    return FALSE;

  g_array_append_vals (found->arrived, arrived->data, arrived->len);
  found->has_changes = found->has_changes || porch_inbox_merge_has_changes (merge);

  return TRUE;
}

static gboolean
await_messages (PorchInbox  *self,
                const char  *from,
                gboolean     judge,
                Found       *found,
                GError     **error)
{
  g_autofree char *after = g_strdup (from);

  for (;;)
    {
      g_autoptr(GPtrArray) items = await_items (self, PORCH_INBOX_PARTITION, after, NULL, WINDOW, error);
      gboolean is_last;

      if (items == NULL)
        return FALSE;

      is_last = items->len < WINDOW || last_key (items) == NULL;

      if (!await_merged (self, after, is_last ? NULL : last_key (items), items, judge, found, error))
        return FALSE;

      if (is_last)
        return TRUE;

      g_set_str (&after, last_key (items));

      /* Those who look on see the list grow */
      if (found->has_changes && !self->is_loading && self->is_loaded)
        porch_inbox_look_again (self);
    }
}

/* Compares one message with the cloud: it may have been changed later elsewhere, or be gone; in a fiber. */
gboolean
porch_inbox_await_message (PorchInbox  *self,
                           const char  *sort_key,
                           GError     **error)
{
  g_autoptr(GPtrArray) items = await_items (self, PORCH_INBOX_PARTITION, sort_key, sort_key, 0, error);
  g_autofree char *before = g_strndup (sort_key, strlen (sort_key) - 1);
  g_auto(Found) found = { .arrived = g_array_new (FALSE, FALSE, sizeof (gint64)) };

  if (items == NULL || !await_merged (self, before, sort_key, items, FALSE, &found, error))
    return FALSE;

  if (found.has_changes)
    porch_inbox_look_again (self);

  return TRUE;
}

/* Mails that were wished for once more are answered on messages of any age */
static gboolean
await_mails (PorchInbox  *self,
             const char  *from,
             GError     **error)
{
  g_autoptr(PorchRows) rows = NULL;

  rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (self),
                                             "SELECT sk FROM messages WHERE site = ? AND sk < ? AND mail_state = 'waiting'"
                                             " AND again IS NOT NULL AND pending & 8 = 0 AND deleted = 0 LIMIT ?", "ssi",
                                             porch_inbox_get_site_id (self), from, (gint64) MAX_AWAITED), error);

  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    if (!porch_inbox_await_message (self, porch_rows_get_string (rows, i, 0), error))
      return FALSE;

  return TRUE;
}

/* The log, for the store's thread */
typedef struct
{
  char      *site_id;
  GPtrArray *changes;     /* GStrv */
  char      *place;       /* up to where it was read */
  guint      n_changed;
} Log;

static void
log_clear (Log *log)
{
  g_clear_pointer (&log->site_id, g_free);
  g_clear_pointer (&log->changes, g_ptr_array_unref);
  g_clear_pointer (&log->place, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Log, log_clear)

static gboolean
apply_log (sqlite3   *db,
           gpointer   user_data,
           GError   **error)
{
  Log *log = user_data;
  sqlite3_stmt *statement = NULL;
  int code;

  for (guint i = 0; i < log->changes->len; i++)
    if (!porch_inbox_merge_apply_changes (db, log->site_id, g_ptr_array_index (log->changes, i), &log->n_changed, error))
      return FALSE;

  code = sqlite3_prepare_v2 (db, "INSERT OR REPLACE INTO inbox_logs (site, place) VALUES (?, ?)", -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, log->site_id, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, log->place, -1, SQLITE_STATIC);
      code = sqlite3_step (statement);
    }

  sqlite3_finalize (statement);

  return code == SQLITE_DONE || porch_store_set_error (error, db, code);
}

static char *
await_place (PorchInbox  *self,
             GError     **error)
{
  g_autoptr(PorchRows) rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (self),
                                                                  "SELECT place FROM inbox_logs WHERE site = ?", "s",
                                                                  porch_inbox_get_site_id (self)), error);

  if (rows == NULL)
    return NULL;

  return g_strdup (porch_rows_get_length (rows) > 0 ? porch_rows_get_string (rows, 0, 0) : "");
}

/* From where on the log is read: entries of other computers may come late, and their clocks may be slow */
static char *
make_start (const char *place)
{
  g_autofree char *text = g_strndup (place, strcspn (place, "#"));
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return format_start (time != NULL ? g_date_time_to_unix_usec (time) / 1000 : 0);
}

static gboolean
await_log (PorchInbox  *self,
           gint64       began,
           Found       *found,
           GError     **error)
{
  g_autofree char *place = await_place (self, error);
  g_auto(Log) log = { .site_id = g_strdup (porch_inbox_get_site_id (self)) };
  g_autofree char *start = NULL;
  g_autoptr(GPtrArray) items = NULL;

  if (place == NULL)
    return FALSE;

  log.changes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  start = *place != '\0' ? make_start (place) : format_start (began * 1000);

  if ((items = await_items (self, LOG_PARTITION, start, NULL, 0, error)) == NULL)
    return FALSE;

  for (guint i = 0; i < items->len; i++)
    {
      GStrv changes = aws_item_dup_strings (g_ptr_array_index (items, i), "changes");

      if (changes != NULL)
        g_ptr_array_add (log.changes, changes);
    }

  log.place = g_strdup (last_key (items) != NULL ? last_key (items) : *place != '\0' ? place : start);

  if (g_str_equal (log.place, place) && items->len == 0)
    return TRUE;

  if (!dex_await (porch_store_run (porch_inbox_get_store (self), apply_log, &log, NULL), error))
    return FALSE;

  found->has_changes = found->has_changes || log.n_changed > 0;

  return TRUE;
}

static gboolean
await_arrived_told (PorchInbox  *self,
                    Found       *found,
                    GError     **error)
{
  g_autofree char *keys = porch_inbox_list_format_keys ((gint64 *) found->arrived->data, found->arrived->len);
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(PorchRows) rows = NULL;

  rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (self),
                                             "SELECT " PORCH_MESSAGE_COLUMNS " FROM messages WHERE key IN"
                                             " (SELECT value FROM json_each (?)) ORDER BY received DESC, id DESC LIMIT ?", "si",
                                             keys, (gint64) MAX_ARRIVED), error);

  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    g_ptr_array_add (messages, porch_message_new_from_row (rows, i));

  if (messages->len > 0)
    porch_inbox_emit_arrived (self, messages);

  return TRUE;
}

static gboolean
await_found (PorchInbox  *self,
             const char  *from,
             gint64       began,
             Found       *found,
             GError     **error)
{
  gboolean is_first = porch_site_get_synced (self->site) == 0;

  if (!await_messages (self, from, !is_first, found, error) ||
      !await_log (self, began, found, error) ||
      (*from != '\0' && !await_mails (self, from, error)))
    return FALSE;

  /* Whoever sees a site for the first time is not told of each message that it has */
  return is_first || found->arrived->len == 0 || await_arrived_told (self, found, error);
}

/* Fetches what is new or has changed; in a fiber. */
gboolean
porch_inbox_await_sync (PorchInbox  *self,
                        gboolean     all,
                        GError     **error)
{
  g_autoptr(PorchSite) site = g_object_ref (self->site);
  gint64 began = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *from = await_start (self, all, error);
  g_auto(Found) found = { .arrived = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  gboolean success = from != NULL && await_found (self, from, began, &found, error);

  if (found.has_changes)
    porch_inbox_look_again (self);

  if (!success || *from != '\0')
    return success;

  porch_site_set_synced (site, began);

  return dex_await (porch_site_save (site), error);
}
