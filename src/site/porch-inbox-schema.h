/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/* What version 4 of the store's schema adds for messages: when each flag was decided, the indexes that a list of many
 * messages is read from without the messages themselves, and what the spam filter has learned. Until then one mark said
 * that anything of a message had not been sent. */
#define PORCH_INBOX_SCHEMA_4 \
  "ALTER TABLE messages ADD COLUMN unread_at INTEGER NOT NULL DEFAULT 0;" \
  "ALTER TABLE messages ADD COLUMN archived_at INTEGER NOT NULL DEFAULT 0;" \
  "ALTER TABLE messages ADD COLUMN spam_at INTEGER NOT NULL DEFAULT 0;" \
  "ALTER TABLE messages ADD COLUMN form TEXT NOT NULL DEFAULT 'contact';" \
  "ALTER TABLE messages ADD COLUMN why TEXT;" \
  "ALTER TABLE messages ADD COLUMN clues TEXT;" \
  "ALTER TABLE messages ADD COLUMN given_up INTEGER NOT NULL DEFAULT 0;" \
  "ALTER TABLE messages ADD COLUMN again TEXT;" \
  "ALTER TABLE messages ADD COLUMN learned INTEGER NOT NULL DEFAULT 0;" \
  "UPDATE messages SET pending = 7 WHERE pending != 0;" \
  "UPDATE sites SET synced = 0;" \
  "DROP INDEX messages_by_date;" \
  "CREATE INDEX messages_shown ON messages (site, received DESC, id DESC, deleted, archived, spam, unread, form, page);" \
  "CREATE INDEX messages_by_key ON messages (site, sk);" \
  "CREATE INDEX messages_unread ON messages (site) WHERE unread = 1 AND archived = 0 AND spam = 0 AND deleted = 0;" \
  "CREATE INDEX messages_unsent ON messages (site) WHERE pending != 0 OR deleted != 0;" \
  "CREATE INDEX messages_unmailed ON messages (site) WHERE mail_state = 'failed' AND deleted = 0;" \
  "DROP TRIGGER messages_added; DROP TRIGGER messages_removed; DROP TRIGGER messages_changed; DROP TABLE messages_words;" \
  "CREATE VIRTUAL TABLE messages_words USING fts5 (words, content='messages', content_rowid='key'," \
  "  tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');" \
  "INSERT INTO messages_words (messages_words) VALUES ('rebuild');" \
  "CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN" \
  "  INSERT INTO messages_words (rowid, words) VALUES (new.key, new.words); END;" \
  "CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN" \
  "  INSERT INTO messages_words (messages_words, rowid, words) VALUES ('delete', old.key, old.words); END;" \
  "CREATE TRIGGER messages_changed AFTER UPDATE OF words ON messages BEGIN" \
  "  INSERT INTO messages_words (messages_words, rowid, words) VALUES ('delete', old.key, old.words);" \
  "  INSERT INTO messages_words (rowid, words) VALUES (new.key, new.words); END;" \
  "CREATE TABLE spam_words (site TEXT NOT NULL REFERENCES sites (id) ON DELETE CASCADE, word TEXT NOT NULL," \
  "  spam INTEGER NOT NULL DEFAULT 0, good INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (site, word)) WITHOUT ROWID;" \
  "CREATE TABLE inbox_logs (site TEXT NOT NULL PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE," \
  "  place TEXT NOT NULL) WITHOUT ROWID;"
