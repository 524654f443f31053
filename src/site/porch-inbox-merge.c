/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-merge.h"
#include "porch-message-private.h"

#include <string.h>

/* What the cloud has is put together with what is known here: flag by flag the later decision counts, a decision that was
 * not sent yet like any other. All of it on the store's thread, and for a stretch of the messages at a time. */

/* How long an answer is waited for that a mail was wished for once more, before what the cloud says is believed again */
#define AGAIN_SECONDS (60 * 60)

/* So far apart the clock of this computer and that of the cloud may be, in seconds */
#define CLOCK_SECONDS 120

/* GObjects stay on the main thread: the store's gets plain text */
typedef struct
{
  char           *id;
  char           *sort_key;
  gint64          received;
  char           *name;
  char           *mail;
  char           *preview;
  char           *page;
  char           *form;
  char           *fields;
  char           *words;
  char           *mail_state;
  char           *mail_error;
  char           *again;
  char           *why;
  char           *clues;
  gboolean        flags[3];
  gint64          times[3];
  gboolean        given_up;
  PorchSpamLesson lesson;       /* what a person said who decided elsewhere */
} Row;

enum
{
  UNREAD, ARCHIVED, SPAM
};

struct _PorchInboxMerge
{
  char       *site_id;
  char       *after;         /* sort keys that @rows is complete for: behind this one... */
  char       *until;         /* ...up to this one; NULL for all that follow */
  GPtrArray  *rows;          /* Row, as the cloud has them */
  GHashTable *known;         /* sort keys that stood in the store and were not seen yet */
  GArray     *arrived;       /* gint64, keys of those that are new, unread and no spam */
  guint       n_changed;
  gboolean    judge;         /* whether the filter is asked about those that are new */
};

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
  g_clear_pointer (&row->form, g_free);
  g_clear_pointer (&row->fields, g_free);
  g_clear_pointer (&row->words, g_free);
  g_clear_pointer (&row->mail_state, g_free);
  g_clear_pointer (&row->mail_error, g_free);
  g_clear_pointer (&row->again, g_free);
  g_clear_pointer (&row->why, g_free);
  g_clear_pointer (&row->clues, g_free);
  g_free (row);
}

static char *
join (const char * const *strings)
{
  return strings != NULL && strings[0] != NULL ? g_strjoinv ("\n", (char **) strings) : NULL;
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
  row->form = g_strdup (porch_message_get_form (message) != NULL ? porch_message_get_form (message) : "contact");
  row->fields = porch_message_dup_fields (message);
  row->words = porch_message_dup_words (message);
  row->mail_state = g_strdup (porch_mail_state_to_string (porch_message_get_mail_state (message)));
  row->mail_error = g_strdup (porch_message_get_mail_error (message));
  row->again = g_strdup (porch_message_get_again (message));
  row->given_up = porch_message_get_given_up (message);
  row->why = join (porch_message_get_reasons (message));
  row->clues = join (porch_message_get_clues (message));
  row->flags[UNREAD] = porch_message_get_unread (message);
  row->flags[ARCHIVED] = porch_message_get_archived (message);
  row->flags[SPAM] = porch_message_get_spam (message);
  row->times[UNREAD] = porch_message_get_unread_at (message);
  row->times[ARCHIVED] = porch_message_get_archived_at (message);
  row->times[SPAM] = porch_message_get_spam_at (message);

  return row;
}

void
porch_inbox_merge_free (PorchInboxMerge *self)
{
  g_clear_pointer (&self->site_id, g_free);
  g_clear_pointer (&self->after, g_free);
  g_clear_pointer (&self->until, g_free);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->arrived, g_array_unref);
  g_free (self);
}

/* What is known of the sort keys behind @after, up to @until (NULL for the end), is what @items (of AwsItem) say. */
PorchInboxMerge *
porch_inbox_merge_new (PorchInbox *inbox,
                       const char *after,
                       const char *until,
                       GPtrArray  *items,
                       gboolean    judge)
{
  PorchInboxMerge *self = g_new0 (PorchInboxMerge, 1);

  self->site_id = g_strdup (porch_inbox_get_site_id (inbox));
  self->after = g_strdup (after);
  self->until = g_strdup (until);
  self->judge = judge;
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->arrived = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < items->len; i++)
    {
      g_autoptr(PorchMessage) message = porch_message_new_from_item (g_ptr_array_index (items, i));

      /* What was deleted here may still be in an answer from before */
      if (message != NULL && !g_hash_table_contains (inbox->gone, porch_message_get_sort_key (message)))
        g_ptr_array_add (self->rows, row_new (message));
    }

  return self;
}

static gboolean
list_known (PorchInboxMerge  *self,
            sqlite3          *db,
            GError          **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, "SELECT sk FROM messages WHERE site = ?1 AND sk > ?2 AND (?3 IS NULL OR sk <= ?3)", -1,
                                 &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, self->site_id, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, self->after, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 3, self->until, -1, SQLITE_STATIC);

      while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        g_hash_table_add (self->known, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
    }

  sqlite3_finalize (statement);

  return code == SQLITE_DONE || porch_store_set_error (error, db, code);
}

/* Asks the filter about a message that is new; its word is older than that of any person. */
static gboolean
judge (PorchInboxMerge  *self,
       sqlite3          *db,
       Row              *row,
       int              *pending,
       GError          **error)
{
  g_auto(GStrv) words = NULL;
  g_auto(GStrv) clues = NULL;
  PorchSpamVerdict verdict;
  gboolean is_trapped = row->why != NULL && strstr (row->why, "honeypot") != NULL;

  if (!self->judge || row->times[SPAM] != 0 || is_trapped)
    return TRUE;

  words = porch_spam_filter_split (row->words, row->mail);

  if (!porch_spam_filter_judge (db, self->site_id, (const char * const *) words, &verdict, &clues, error))
    return FALSE;

  if (verdict == PORCH_SPAM_UNSURE || row->flags[SPAM] == (verdict == PORCH_SPAM_LIKELY))
    return TRUE;

  row->flags[SPAM] = verdict == PORCH_SPAM_LIKELY;
  row->times[SPAM] = row->received;
  row->clues = join ((const char * const *) clues);
  *pending = PORCH_PENDING_SPAM;

  return TRUE;
}

static int
insert_row (PorchInboxMerge *self,
            sqlite3         *db,
            Row             *row,
            int              pending)
{
  const char *texts[] = { self->site_id, row->id, row->sort_key, row->name, row->mail, row->preview, row->page, row->form,
                          row->fields, row->words, row->mail_state, row->mail_error, row->why, row->clues };
  const gint64 numbers[] = { row->received, row->flags[UNREAD], row->flags[ARCHIVED], row->flags[SPAM], row->times[UNREAD],
                             row->times[ARCHIVED], row->times[SPAM], row->given_up, pending };
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db,
                                 "INSERT INTO messages (site, id, sk, name, mail, preview, page, form, fields, words,"
                                 " mail_state, mail_error, why, clues, received, unread, archived, spam, unread_at,"
                                 " archived_at, spam_at, given_up, pending) VALUES"
                                 " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                 " ON CONFLICT (site, id) DO NOTHING",
                                 -1, &statement, NULL);

  for (guint i = 0; code == SQLITE_OK && i < G_N_ELEMENTS (texts); i++)
    code = sqlite3_bind_text (statement, i + 1, texts[i], -1, SQLITE_STATIC);

  for (guint i = 0; code == SQLITE_OK && i < G_N_ELEMENTS (numbers); i++)
    code = sqlite3_bind_int64 (statement, G_N_ELEMENTS (texts) + i + 1, numbers[i]);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);

  sqlite3_finalize (statement);

  return code;
}

static gboolean
add_row (PorchInboxMerge  *self,
         sqlite3          *db,
         Row              *row,
         GError          **error)
{
  gint64 key;
  int pending = 0;
  int code;

  if (!judge (self, db, row, &pending, error))
    return FALSE;

  if ((code = insert_row (self, db, row, pending)) != SQLITE_DONE)
    return porch_store_set_error (error, db, code);

  key = sqlite3_last_insert_rowid (db);
  self->n_changed++;

  if (row->flags[UNREAD] && !row->flags[SPAM])
    g_array_append_val (self->arrived, key);

  return TRUE;
}

/* What stands in the store of a message */
typedef struct
{
  gint64    key;
  gboolean  flags[3];
  gint64    times[3];
  int       pending;
  char     *mail_state;
  char     *mail_error;
  char     *again;
  gboolean  given_up;
} Known;

static void
known_clear (Known *known)
{
  g_clear_pointer (&known->mail_state, g_free);
  g_clear_pointer (&known->mail_error, g_free);
  g_clear_pointer (&known->again, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Known, known_clear)

static char *
dup_column (sqlite3_stmt *statement,
            int           column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

static gboolean
read_known (PorchInboxMerge  *self,
            sqlite3          *db,
            const char       *sort_key,
            Known            *known,
            GError          **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db,
                                 "SELECT key, unread, archived, spam, unread_at, archived_at, spam_at, pending, mail_state,"
                                 " mail_error, again, given_up FROM messages WHERE site = ? AND sk = ?", -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, self->site_id, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, sort_key, -1, SQLITE_STATIC);
      code = sqlite3_step (statement);
    }

  if (code == SQLITE_ROW)
    {
      known->key = sqlite3_column_int64 (statement, 0);

      for (guint i = 0; i < 3; i++)
        {
          known->flags[i] = sqlite3_column_int (statement, 1 + i) != 0;
          known->times[i] = sqlite3_column_int64 (statement, 4 + i);
        }

      known->pending = sqlite3_column_int (statement, 7);
      known->mail_state = dup_column (statement, 8);
      known->mail_error = dup_column (statement, 9);
      known->again = dup_column (statement, 10);
      known->given_up = sqlite3_column_int (statement, 11) != 0;
    }

  sqlite3_finalize (statement);

  return code == SQLITE_ROW || porch_store_set_error (error, db, code);
}

/* While a mail was wished for once more and nothing has become of it, what the cloud says is from before */
static gboolean
is_mail_awaited (Known *known,
                 Row   *row)
{
  g_autofree char *time = NULL;
  g_autoptr(GDateTime) wished = NULL;

  if (known->again == NULL || (known->pending & PORCH_PENDING_MAIL) != 0)
    return known->again != NULL;

  time = g_strndup (known->again, strcspn (known->again, "#"));
  wished = g_date_time_new_from_iso8601 (time, NULL);

  /* The notifier names the wish by when it came, in seconds since 1970 */
  return wished != NULL &&
         (row->again == NULL || g_ascii_strtod (row->again, NULL) < g_date_time_to_unix (wished) - CLOCK_SECONDS) &&
         g_date_time_to_unix (wished) > g_get_real_time () / G_USEC_PER_SEC - AGAIN_SECONDS;
}

/* Takes over into @known what was decided later than what stands there; says whether that is anything. */
static gboolean
combine (Known *known,
         Row   *row)
{
  gboolean is_changed = FALSE;

  for (guint i = 0; i < 3; i++)
    {
      if (row->times[i] < known->times[i])
        continue;

      if (i == SPAM && row->flags[i] != known->flags[i] && row->times[i] > row->received)
        row->lesson = row->flags[i] ? PORCH_SPAM_BAD : PORCH_SPAM_GOOD;

      is_changed = is_changed || row->flags[i] != known->flags[i] || row->times[i] != known->times[i] ||
                   (row->times[i] > known->times[i] && (known->pending & (1 << i)) != 0);

      if (row->times[i] > known->times[i])
        known->pending &= ~(1 << i);

      known->flags[i] = row->flags[i];
      known->times[i] = row->times[i];
    }

  if (is_mail_awaited (known, row))
    return is_changed;

  is_changed = is_changed || g_strcmp0 (known->mail_state, row->mail_state) != 0 ||
               g_strcmp0 (known->mail_error, row->mail_error) != 0 || known->given_up != row->given_up;
  g_set_str (&known->mail_state, row->mail_state);
  g_set_str (&known->mail_error, row->mail_error);
  known->given_up = row->given_up;

  return is_changed;
}

static gboolean
write_known (sqlite3     *db,
             Known       *known,
             const char  *clues,
             GError     **error)
{
  const gint64 numbers[] = { known->flags[UNREAD], known->flags[ARCHIVED], known->flags[SPAM], known->times[UNREAD],
                             known->times[ARCHIVED], known->times[SPAM], known->pending, known->given_up, known->key };
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db,
                                 "UPDATE messages SET unread = ?1, archived = ?2, spam = ?3, unread_at = ?4,"
                                 " archived_at = ?5, spam_at = ?6, pending = ?7, given_up = ?8, mail_state = ?10,"
                                 " mail_error = ?11, clues = coalesce (?12, clues) WHERE key = ?9", -1, &statement, NULL);

  for (guint i = 0; code == SQLITE_OK && i < G_N_ELEMENTS (numbers); i++)
    code = sqlite3_bind_int64 (statement, i + 1, numbers[i]);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 10, known->mail_state, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 11, known->mail_error, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 12, clues, -1, SQLITE_STATIC);
      code = sqlite3_step (statement);
    }

  sqlite3_finalize (statement);

  return code == SQLITE_DONE || porch_store_set_error (error, db, code);
}

static gboolean
update_row (PorchInboxMerge  *self,
            sqlite3          *db,
            Row              *row,
            GError          **error)
{
  g_auto(Known) known = { 0 };

  if (!read_known (self, db, row->sort_key, &known, error))
    return FALSE;

  if (!combine (&known, row))
    return TRUE;

  self->n_changed++;

  return write_known (db, &known, row->clues, error) &&
         (row->lesson == PORCH_SPAM_NOTHING || porch_inbox_learn (db, self->site_id, known.key, row->lesson, error));
}

static gboolean
remove_row (sqlite3     *db,
            const char  *site_id,
            const char  *sort_key,
            guint       *n_changed,
            GError     **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, "DELETE FROM messages WHERE site = ? AND sk = ?", -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, site_id, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, sort_key, -1, SQLITE_STATIC);

      if ((code = sqlite3_step (statement)) == SQLITE_DONE)
        *n_changed += sqlite3_changes (db);
    }

  sqlite3_finalize (statement);

  return code == SQLITE_DONE || porch_store_set_error (error, db, code);
}

static gboolean
merge_rows (sqlite3   *db,
            gpointer   user_data,
            GError   **error)
{
  PorchInboxMerge *self = user_data;
  GHashTableIter iter;
  gpointer sort_key;

  if (!list_known (self, db, error))
    return FALSE;

  for (guint i = 0; i < self->rows->len; i++)
    {
      Row *row = g_ptr_array_index (self->rows, i);

      if (!(g_hash_table_remove (self->known, row->sort_key) ? update_row (self, db, row, error)
                                                             : add_row (self, db, row, error)))
        return FALSE;
    }

  /* What is left of the known ones was deleted elsewhere */
  g_hash_table_iter_init (&iter, self->known);

  while (g_hash_table_iter_next (&iter, &sort_key, NULL))
    if (!remove_row (db, self->site_id, sort_key, &self->n_changed, error))
      return FALSE;

  return TRUE;
}

/* Resolves when it is done; @self has to stay until then. */
DexFuture *
porch_inbox_merge_run (PorchInboxMerge *self,
                       PorchStore      *store)
{
  return porch_store_run (store, merge_rows, self, NULL);
}

/* Whether anything is not what it was. */
gboolean
porch_inbox_merge_has_changes (PorchInboxMerge *self)
{
  return self->n_changed > 0;
}

/* The keys of those that are new, unread and no spam. */
GArray *
porch_inbox_merge_get_arrived (PorchInboxMerge *self)
{
  return self->arrived;
}

static gboolean
apply_flag (sqlite3     *db,
            const char  *site,
            const char  *sort_key,
            guint        flag,
            gboolean     value,
            gint64       time,
            guint       *n_changed,
            GError     **error)
{
  static const char * const statements[] = {
    "UPDATE messages SET unread = ?1, unread_at = ?2, pending = pending & ~1 WHERE site = ?3 AND sk = ?4 AND unread_at < ?2"
    " RETURNING key",
    "UPDATE messages SET archived = ?1, archived_at = ?2, pending = pending & ~2 WHERE site = ?3 AND sk = ?4 AND archived_at < ?2"
    " RETURNING key",
    "UPDATE messages SET spam = ?1, spam_at = ?2, pending = pending & ~4 WHERE site = ?3 AND sk = ?4 AND spam_at < ?2"
    " RETURNING CASE WHEN ?2 > received THEN key ELSE 0 END",
  };
  sqlite3_stmt *statement = NULL;
  gint64 key = 0;
  int code = sqlite3_prepare_v2 (db, statements[flag], -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int (statement, 1, value);
      sqlite3_bind_int64 (statement, 2, time);
      sqlite3_bind_text (statement, 3, site, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 4, sort_key, -1, SQLITE_STATIC);

      if ((code = sqlite3_step (statement)) == SQLITE_ROW)
        {
          key = sqlite3_column_int64 (statement, 0);
          (*n_changed)++;
          code = sqlite3_step (statement);
        }
    }

  sqlite3_finalize (statement);

  if (code != SQLITE_DONE)
    return porch_store_set_error (error, db, code);

  return flag != SPAM || key == 0 || porch_inbox_learn (db, site, key, value ? PORCH_SPAM_BAD : PORCH_SPAM_GOOD, error);
}

/* Takes over what another computer wrote into the log, see porch-inbox-push.c; what is not understood is left out. */
gboolean
porch_inbox_merge_apply_changes (sqlite3             *db,
                                 const char          *site,
                                 const char * const  *changes,
                                 guint               *n_changed,
                                 GError             **error)
{
  for (guint i = 0; changes[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (changes[i], " ", 3);
      const char *letter;
      gint64 time = 0;

      if (g_strv_length (parts) != 3 || strlen (parts[1]) != 2 || (parts[1][1] != '0' && parts[1][1] != '1') ||
          !g_ascii_string_to_signed (parts[2], 10, 0, G_MAXINT64, &time, NULL))
        continue;

      if (parts[1][0] == 'd')
        {
          if (!remove_row (db, site, parts[0], n_changed, error))
            return FALSE;

          continue;
        }

      letter = strchr ("uas", parts[1][0]);

      if (letter != NULL &&
          !apply_flag (db, site, parts[0], letter - strchr ("uas", 'u'), parts[1][1] == '1', time, n_changed, error))
        return FALSE;
    }

  return TRUE;
}
