-- Copyright 2026 The Porchlight developers
-- SPDX-License-Identifier: GPL-3.0-or-later

-- A store as version 2 of the schema left it, with a site and what was published of it

CREATE TABLE settings (key TEXT NOT NULL PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE accounts (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, region TEXT NOT NULL,  number TEXT, key_id TEXT, created INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sites (id TEXT NOT NULL PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,  name TEXT NOT NULL, slug TEXT NOT NULL, region TEXT NOT NULL, state TEXT NOT NULL, stack TEXT,  created INTEGER NOT NULL, published INTEGER, live TEXT, unread INTEGER NOT NULL DEFAULT 0,  form INTEGER NOT NULL DEFAULT 0, form_path TEXT, mail_to TEXT, folder TEXT, outputs TEXT,  synced INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE operations (id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, site TEXT, title TEXT, state TEXT NOT NULL,  steps TEXT NOT NULL, data TEXT NOT NULL, error TEXT, started INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE messages (key INTEGER PRIMARY KEY, site TEXT NOT NULL REFERENCES sites (id) ON DELETE CASCADE,  id TEXT NOT NULL, sk TEXT NOT NULL, received INTEGER NOT NULL, name TEXT, mail TEXT, preview TEXT, page TEXT,  fields TEXT NOT NULL, unread INTEGER NOT NULL, archived INTEGER NOT NULL, spam INTEGER NOT NULL,  mail_state TEXT, mail_error TEXT, words TEXT, pending INTEGER NOT NULL DEFAULT 0,  deleted INTEGER NOT NULL DEFAULT 0, UNIQUE (site, id));
CREATE INDEX messages_by_date ON messages (site, received DESC, id DESC);
CREATE VIRTUAL TABLE messages_words USING fts5 (words, content='messages', content_rowid='key',  tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN  INSERT INTO messages_words (rowid, words) VALUES (new.key, new.words); END;
CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN  INSERT INTO messages_words (messages_words, rowid, words) VALUES ('delete', old.key, old.words); END;
CREATE TRIGGER messages_changed AFTER UPDATE OF words ON messages BEGIN  INSERT INTO messages_words (messages_words, rowid, words) VALUES ('delete', old.key, old.words);  INSERT INTO messages_words (rowid, words) VALUES (new.key, new.words); END;
CREATE TABLE hash_cache (folder TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,  ctime INTEGER NOT NULL, inode INTEGER NOT NULL, rules INTEGER NOT NULL, sha256 TEXT NOT NULL, type TEXT NOT NULL,  used INTEGER NOT NULL, PRIMARY KEY (folder, path)) WITHOUT ROWID;
CREATE TABLE manifests (site TEXT NOT NULL, release TEXT NOT NULL, summary TEXT NOT NULL, body BLOB NOT NULL,  PRIMARY KEY (site, release)) WITHOUT ROWID;
CREATE TABLE publish_journal (site TEXT NOT NULL PRIMARY KEY, release TEXT NOT NULL, folder TEXT NOT NULL, note TEXT,  started INTEGER NOT NULL, manifest BLOB);
CREATE TABLE publish_arrivals (site TEXT NOT NULL, key TEXT NOT NULL, sha256 TEXT NOT NULL,  PRIMARY KEY (site, key)) WITHOUT ROWID;
ALTER TABLE accounts ADD COLUMN details TEXT;

INSERT INTO accounts VALUES ('a1', 'Practice', 'practice', 'eu-central-1', NULL, NULL, 1767225600, NULL);
INSERT INTO sites VALUES ('s1', 'a1', 'Bäckerei', 'baeckerei', 'eu-central-1', 'live', 'porchlight-baeckerei-abcdef', 1767225600, 1767312000,
  '20260102-000000-aaaaaa', 2, 1, '/_porchlight/contact', 'owner@example.org', 'file:///home/me/site', '{"Bucket":"b"}', 0);
INSERT INTO manifests VALUES ('s1', '20260102-000000-aaaaaa',
  '{"version":1,"release":"20260102-000000-aaaaaa","date":"2026-01-02T00:00:00Z","files":1,"bytes":5,"added":1,"changed":0,"removed":0}',
  '{"version":1,"release":"20260102-000000-aaaaaa","date":"2026-01-02T00:00:00Z","files":1,"bytes":5,"added":1,"changed":0,"removed":0,"pointer":{"":"20260102-000000-aaaaaa"},"entries":[{"path":"index.html","release":"20260102-000000-aaaaaa","size":5,"sha256":"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824","type":"text/html; charset=utf-8","cache":"public, max-age=0"}]}');
INSERT INTO messages (site, id, sk, received, name, fields, unread, archived, spam, words) VALUES ('s1', 'm1', 'k1', 1767312000000, 'Ada', '[]', 1, 0, 0, 'hello');
PRAGMA user_version = 2;
