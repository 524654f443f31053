/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-db.h"

#include "porch-practice.h"

struct _PracticeDb
{
  sqlite3     *handle;
  GHashTable  *statements;   /* SQL to a prepared statement that nobody uses now */
  guint        depth;        /* of nested transactions */
};

struct _PracticeRows
{
  PracticeDb    *db;
  sqlite3_stmt  *statement;  /* NULL when the query could not be made */
};

static void
set_error (PracticeDb  *db,
           GError     **error)
{
  g_set_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_STATE,
               "The state of the practice cloud can’t be used: %s", sqlite3_errmsg (db->handle));
}

/* A statement leaves the cache while it is in use, so the same query can be nested in itself. */
static sqlite3_stmt *
take_statement (PracticeDb *db,
                const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gpointer key = NULL;

  if (g_hash_table_steal_extended (db->statements, sql, &key, (gpointer *) &statement))
    {
      g_free (key);

      return statement;
    }

  if (sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    {
      g_warning ("Can’t prepare a statement: %s", sqlite3_errmsg (db->handle));

      return NULL;
    }

  return statement;
}

static void
give_statement (PracticeDb   *db,
                sqlite3_stmt *statement)
{
  const char *sql = sqlite3_sql (statement);

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  if (g_hash_table_contains (db->statements, sql))
    sqlite3_finalize (statement);
  else
    g_hash_table_insert (db->statements, g_strdup (sql), statement);
}

static void
bind_values (sqlite3_stmt *statement,
             const char   *types,
             va_list       arguments)
{
  for (int i = 0; types != NULL && types[i] != '\0'; i++)
    {
      switch (types[i])
        {
        case 's':
          {
            const char *text = va_arg (arguments, const char *);

            if (text != NULL)
              sqlite3_bind_text (statement, i + 1, text, -1, SQLITE_TRANSIENT);
            break;
          }

        case 'i':
          sqlite3_bind_int64 (statement, i + 1, va_arg (arguments, gint64));
          break;

        case 'd':
          sqlite3_bind_double (statement, i + 1, va_arg (arguments, double));
          break;

        case 'b':
          {
            GBytes *bytes = va_arg (arguments, GBytes *);

            if (bytes != NULL && g_bytes_get_size (bytes) == 0)
              sqlite3_bind_zeroblob (statement, i + 1, 0);
            else if (bytes != NULL)
              sqlite3_bind_blob64 (statement, i + 1, g_bytes_get_data (bytes, NULL),
                                   g_bytes_get_size (bytes), SQLITE_TRANSIENT);
            break;
          }

        default:
          g_assert_not_reached ();
        }
    }
}

static void
finalize_statement (gpointer data)
{
  sqlite3_finalize (data);
}

PracticeDb *
practice_db_open (const char  *path,
                  GError     **error)
{
  PracticeDb *db = g_new0 (PracticeDb, 1);

  db->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);

  /* FULL would wait for the disk at each of a thousand small puts. With NORMAL a power cut may take the last
   * transactions back, but never mixes them up, and a killed process loses nothing. */
  if (sqlite3_open_v2 (path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
      sqlite3_exec (db->handle,
                    "PRAGMA journal_mode = WAL;"
                    "PRAGMA synchronous = NORMAL;"
                    "PRAGMA foreign_keys = ON;"
                    "CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
                    NULL, NULL, NULL) != SQLITE_OK)
    {
      set_error (db, error);
      practice_db_close (db);

      return NULL;
    }

  sqlite3_busy_timeout (db->handle, 5000);

  return db;
}

void
practice_db_close (PracticeDb *db)
{
  if (db == NULL)
    return;

  g_hash_table_unref (db->statements);
  sqlite3_close_v2 (db->handle);
  g_free (db);
}

gboolean
practice_db_script (PracticeDb  *db,
                    const char  *sql,
                    GError     **error)
{
  if (sqlite3_exec (db->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  set_error (db, error);

  return FALSE;
}

gboolean
practice_db_run (PracticeDb  *db,
                 GError     **error,
                 const char  *sql,
                 const char  *types,
                 ...)
{
  sqlite3_stmt *statement = take_statement (db, sql);
  gboolean done;
  va_list arguments;

  if (statement == NULL)
    {
      set_error (db, error);

      return FALSE;
    }

  va_start (arguments, types);
  bind_values (statement, types, arguments);
  va_end (arguments);

  done = sqlite3_step (statement) == SQLITE_DONE;
  if (!done)
    set_error (db, error);

  give_statement (db, statement);

  return done;
}

int
practice_db_changes (PracticeDb *db)
{
  return sqlite3_changes (db->handle);
}

static PracticeRows *
query_valist (PracticeDb *db,
              const char *sql,
              const char *types,
              va_list     arguments)
{
  PracticeRows *rows = g_new0 (PracticeRows, 1);

  rows->db = db;
  rows->statement = take_statement (db, sql);
  if (rows->statement != NULL)
    bind_values (rows->statement, types, arguments);

  return rows;
}

PracticeRows *
practice_db_query (PracticeDb *db,
                   const char *sql,
                   const char *types,
                   ...)
{
  PracticeRows *rows;
  va_list arguments;

  va_start (arguments, types);
  rows = query_valist (db, sql, types, arguments);
  va_end (arguments);

  return rows;
}

gboolean
practice_rows_next (PracticeRows *rows)
{
  int result;

  if (rows->statement == NULL)
    return FALSE;

  result = sqlite3_step (rows->statement);
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    g_warning ("Can’t read the state: %s", sqlite3_errmsg (rows->db->handle));

  return result == SQLITE_ROW;
}

gboolean
practice_rows_is_null (PracticeRows *rows,
                       int           column)
{
  return sqlite3_column_type (rows->statement, column) == SQLITE_NULL;
}

const char *
practice_rows_text (PracticeRows *rows,
                    int           column)
{
  return (const char *) sqlite3_column_text (rows->statement, column);
}

char *
practice_rows_dup_text (PracticeRows *rows,
                        int           column)
{
  return g_strdup (practice_rows_text (rows, column));
}

gint64
practice_rows_int (PracticeRows *rows,
                   int           column)
{
  return sqlite3_column_int64 (rows->statement, column);
}

double
practice_rows_double (PracticeRows *rows,
                      int           column)
{
  return sqlite3_column_double (rows->statement, column);
}

GBytes *
practice_rows_dup_bytes (PracticeRows *rows,
                         int           column)
{
  const void *data = sqlite3_column_blob (rows->statement, column);

  return g_bytes_new (data, sqlite3_column_bytes (rows->statement, column));
}

void
practice_rows_free (PracticeRows *rows)
{
  if (rows == NULL)
    return;

  if (rows->statement != NULL)
    give_statement (rows->db, rows->statement);
  g_free (rows);
}

char *
practice_db_lookup (PracticeDb *db,
                    const char *sql,
                    const char *types,
                    ...)
{
  g_autoptr(PracticeRows) rows = NULL;
  va_list arguments;

  va_start (arguments, types);
  rows = query_valist (db, sql, types, arguments);
  va_end (arguments);

  return practice_rows_next (rows) ? practice_rows_dup_text (rows, 0) : NULL;
}

gboolean
practice_db_begin (PracticeDb  *db,
                   GError     **error)
{
  gboolean begun = db->depth == 0 ? practice_db_run (db, error, "BEGIN IMMEDIATE", NULL)
                                  : practice_db_run (db, error, "SAVEPOINT inner", NULL);

  if (begun)
    db->depth++;

  return begun;
}

gboolean
practice_db_commit (PracticeDb  *db,
                    GError     **error)
{
  g_return_val_if_fail (db->depth > 0, FALSE);

  if (db->depth > 1)
    {
      db->depth--;

      return practice_db_run (db, error, "RELEASE inner", NULL);
    }

  if (!practice_db_run (db, error, "COMMIT", NULL))
    {
      practice_db_rollback (db);

      return FALSE;
    }

  db->depth--;

  return TRUE;
}

void
practice_db_rollback (PracticeDb *db)
{
  g_return_if_fail (db->depth > 0);

  db->depth--;
  if (db->depth > 0)
    {
      practice_db_run (db, NULL, "ROLLBACK TO inner", NULL);
      practice_db_run (db, NULL, "RELEASE inner", NULL);
    }
  else if (!sqlite3_get_autocommit (db->handle))
    {
      /* SQLite has rolled back by itself when the disk was full */
      practice_db_run (db, NULL, "ROLLBACK", NULL);
    }
}

char *
practice_db_get_setting (PracticeDb *db,
                         const char *name)
{
  return practice_db_lookup (db, "SELECT value FROM settings WHERE name = ?", "s", name);
}

gboolean
practice_db_set_setting (PracticeDb  *db,
                         const char  *name,
                         const char  *value,
                         GError     **error)
{
  return practice_db_run (db, error, "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                          "ss", name, value);
}
