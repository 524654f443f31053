/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-private.h"

/* Whoever marks spam has kept other messages, which tell the filter what is good; so many for each */
#define N_KEPT 20

static gboolean
set_learned (sqlite3          *db,
             gint64            key,
             PorchSpamLesson   lesson,
             GError          **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, "UPDATE messages SET learned = ? WHERE key = ?", -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int (statement, 1, lesson);
      sqlite3_bind_int64 (statement, 2, key);
      code = sqlite3_step (statement);
    }

  sqlite3_finalize (statement);

  return code == SQLITE_DONE || porch_store_set_error (error, db, code);
}

/* Teaches the filter what somebody said of a message, instead of what it was told of the same message before. */
gboolean
porch_inbox_learn (sqlite3          *db,
                   const char       *site,
                   gint64            key,
                   PorchSpamLesson   lesson,
                   GError          **error)
{
  sqlite3_stmt *statement = NULL;
  g_auto(GStrv) words = NULL;
  PorchSpamLesson before = PORCH_SPAM_NOTHING;
  int code = sqlite3_prepare_v2 (db, "SELECT coalesce (words, ''), mail, learned FROM messages WHERE key = ?", -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, key);
      code = sqlite3_step (statement);
    }

  if (code == SQLITE_ROW)
    {
      words = porch_spam_filter_split ((const char *) sqlite3_column_text (statement, 0),
                                       (const char *) sqlite3_column_text (statement, 1));
      before = sqlite3_column_int (statement, 2);
    }

  sqlite3_finalize (statement);

  if (code != SQLITE_ROW)
    return code == SQLITE_DONE || porch_store_set_error (error, db, code);

  return before == lesson ||
         (porch_spam_filter_learn (db, site, (const char * const *) words, before, lesson, error) &&
          set_learned (db, key, lesson, error));
}

/* Takes some messages that were read and kept as good ones. */
gboolean
porch_inbox_learn_kept (sqlite3     *db,
                        const char  *site,
                        GError     **error)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db,
                                 "SELECT key FROM messages WHERE site = ? AND deleted = 0 AND spam = 0 AND unread = 0"
                                 " AND learned = 0 ORDER BY received DESC LIMIT ?", -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, site, -1, SQLITE_STATIC);
      sqlite3_bind_int (statement, 2, N_KEPT);

      while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        {
          gint64 key = sqlite3_column_int64 (statement, 0);

          g_array_append_val (keys, key);
        }
    }

  sqlite3_finalize (statement);

  if (code != SQLITE_DONE)
    return porch_store_set_error (error, db, code);

  for (guint i = 0; i < keys->len; i++)
    if (!porch_inbox_learn (db, site, g_array_index (keys, gint64, i), PORCH_SPAM_GOOD, error))
      return FALSE;

  return TRUE;
}
