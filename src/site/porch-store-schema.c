/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-store-private.h"
#include "porch-error.h"
#include "porch-inbox-schema.h"

#include <glib/gi18n-lib.h>

/* One entry for each version of the schema: the statements that lead to it from the one before. Entries are never
 * changed once released, only added. Times are seconds since 1970, those of messages milliseconds. */
static const char * const migrations[PORCH_STORE_SCHEMA] = {
  "CREATE TABLE settings (key TEXT NOT NULL PRIMARY KEY, value TEXT) WITHOUT ROWID;"

  "CREATE TABLE accounts (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, region TEXT NOT NULL,"
  "  number TEXT, key_id TEXT, created INTEGER NOT NULL) WITHOUT ROWID;"

  "CREATE TABLE sites (id TEXT NOT NULL PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,"
  "  name TEXT NOT NULL, slug TEXT NOT NULL, region TEXT NOT NULL, state TEXT NOT NULL, stack TEXT,"
  "  created INTEGER NOT NULL, published INTEGER, live TEXT, unread INTEGER NOT NULL DEFAULT 0,"
  "  form INTEGER NOT NULL DEFAULT 0, form_path TEXT, mail_to TEXT, folder TEXT, outputs TEXT,"
  "  synced INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"

  "CREATE TABLE operations (id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, site TEXT, title TEXT, state TEXT NOT NULL,"
  "  steps TEXT NOT NULL, data TEXT NOT NULL, error TEXT, started INTEGER NOT NULL) WITHOUT ROWID;"

  "CREATE TABLE messages (key INTEGER PRIMARY KEY, site TEXT NOT NULL REFERENCES sites (id) ON DELETE CASCADE,"
  "  id TEXT NOT NULL, sk TEXT NOT NULL, received INTEGER NOT NULL, name TEXT, mail TEXT, preview TEXT, page TEXT,"
  "  fields TEXT NOT NULL, unread INTEGER NOT NULL, archived INTEGER NOT NULL, spam INTEGER NOT NULL,"
  "  mail_state TEXT, mail_error TEXT, words TEXT, pending INTEGER NOT NULL DEFAULT 0,"
  "  deleted INTEGER NOT NULL DEFAULT 0, UNIQUE (site, id));"
  "CREATE INDEX messages_by_date ON messages (site, received DESC, id DESC);"
  "CREATE VIRTUAL TABLE messages_words USING fts5 (words, content='messages', content_rowid='key',"
  "  tokenize='unicode61 remove_diacritics 2', prefix='2 3');"
  "CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN"
  "  INSERT INTO messages_words (rowid, words) VALUES (new.key, new.words); END;"
  "CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN"
  "  INSERT INTO messages_words (messages_words, rowid, words) VALUES ('delete', old.key, old.words); END;"
  "CREATE TRIGGER messages_changed AFTER UPDATE OF words ON messages BEGIN"
  "  INSERT INTO messages_words (messages_words, rowid, words) VALUES ('delete', old.key, old.words);"
  "  INSERT INTO messages_words (rowid, words) VALUES (new.key, new.words); END;"

  "CREATE TABLE hash_cache (folder TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,"
  "  ctime INTEGER NOT NULL, inode INTEGER NOT NULL, rules INTEGER NOT NULL, sha256 TEXT NOT NULL, type TEXT NOT NULL,"
  "  used INTEGER NOT NULL, PRIMARY KEY (folder, path)) WITHOUT ROWID;"
  "CREATE TABLE manifests (site TEXT NOT NULL, release TEXT NOT NULL, summary TEXT NOT NULL, body BLOB NOT NULL,"
  "  PRIMARY KEY (site, release)) WITHOUT ROWID;"
  "CREATE TABLE publish_journal (site TEXT NOT NULL PRIMARY KEY, release TEXT NOT NULL, folder TEXT NOT NULL, note TEXT,"
  "  started INTEGER NOT NULL, manifest BLOB);"
  "CREATE TABLE publish_arrivals (site TEXT NOT NULL, key TEXT NOT NULL, sha256 TEXT NOT NULL,"
  "  PRIMARY KEY (site, key)) WITHOUT ROWID;",

  "ALTER TABLE accounts ADD COLUMN details TEXT;",

  /* A receipt without a text is awaited: the release went live, and nobody has looked yet */
  "ALTER TABLE sites ADD COLUMN settings TEXT;"
  "CREATE TABLE receipts (site TEXT NOT NULL, release TEXT NOT NULL, receipt TEXT, etag TEXT,"
  "  PRIMARY KEY (site, release)) WITHOUT ROWID;",

  PORCH_INBOX_SCHEMA_4,
};

static gboolean
get_version (sqlite3  *db,
             int      *version,
             GError  **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, "PRAGMA user_version", -1, &statement, NULL);

  if (code == SQLITE_OK && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      *version = sqlite3_column_int (statement, 0);
      code = SQLITE_OK;
    }

  sqlite3_finalize (statement);

  return code == SQLITE_OK || porch_store_set_error (error, db, code);
}

static gboolean
migrate_one (sqlite3  *db,
             int       version,
             GError  **error)
{
  g_autofree char *finish = g_strdup_printf ("PRAGMA user_version = %d; COMMIT", version + 1);
  g_autoptr(GError) ignored = NULL;

  if (porch_store_execute (db, "BEGIN IMMEDIATE", error) &&
      porch_store_execute (db, migrations[version], error) &&
      porch_store_execute (db, finish, error))
    return TRUE;

  if (!sqlite3_get_autocommit (db))
    porch_store_execute (db, "ROLLBACK", &ignored);

  return FALSE;
}

gboolean
porch_store_execute (sqlite3     *db,
                     const char  *sql,
                     GError     **error)
{
  int code = sqlite3_exec (db, sql, NULL, NULL, NULL);

  return code == SQLITE_OK || porch_store_set_error (error, db, code);
}

/* Brings @db to the schema of this version of the program; refuses one that comes from a newer version. */
gboolean
porch_store_migrate (sqlite3  *db,
                     GError  **error)
{
  int version = 0;

  if (!get_version (db, &version, error))
    return FALSE;

  if (version > PORCH_STORE_SCHEMA)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_STORE_NEWER,
                           _("The record of the sites on this computer was written by a newer version of Porchlight."));
      return FALSE;
    }

  for (; version < PORCH_STORE_SCHEMA; version++)
    if (!migrate_one (db, version, error))
      return FALSE;

  return TRUE;
}
