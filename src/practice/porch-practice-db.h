/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The one connection to practice.db, used on the server's thread only. Statements are kept prepared.
 *
 * Values are given by a string of types, one letter each:
 *   s  const char *  (NULL is stored as NULL)
 *   i  gint64        (cast when the argument is narrower)
 *   d  double
 *   b  GBytes *      (NULL is stored as NULL)
 */
typedef struct _PracticeDb PracticeDb;
typedef struct _PracticeRows PracticeRows;

PracticeDb   *practice_db_open         (const char    *path,
                                        GError       **error);
void          practice_db_close        (PracticeDb    *db);

/* Runs a script of statements without values: tables are made so, with IF NOT EXISTS. */
gboolean      practice_db_script       (PracticeDb    *db,
                                        const char    *sql,
                                        GError       **error);

/* Runs one statement that changes something; practice_db_changes() tells how many rows it met. */
gboolean      practice_db_run          (PracticeDb    *db,
                                        GError       **error,
                                        const char    *sql,
                                        const char    *types,
                                        ...);
int           practice_db_changes      (PracticeDb    *db);

/* Reads rows:
 *   g_autoptr(PracticeRows) rows = practice_db_query (db, "SELECT a, b FROM t WHERE c = ?", "s", c);
 *   while (practice_rows_next (rows)) ... practice_rows_text (rows, 0) ...
 * Texts and blobs of a row are valid until the next row. */
PracticeRows *practice_db_query        (PracticeDb    *db,
                                        const char    *sql,
                                        const char    *types,
                                        ...);
gboolean      practice_rows_next       (PracticeRows  *rows);
gboolean      practice_rows_is_null    (PracticeRows  *rows,
                                        int            column);
const char   *practice_rows_text       (PracticeRows  *rows,
                                        int            column);
char         *practice_rows_dup_text   (PracticeRows  *rows,
                                        int            column);
gint64        practice_rows_int        (PracticeRows  *rows,
                                        int            column);
double        practice_rows_double     (PracticeRows  *rows,
                                        int            column);
GBytes       *practice_rows_dup_bytes  (PracticeRows  *rows,
                                        int            column);
void          practice_rows_free       (PracticeRows  *rows);

/* The first column of the first row, or NULL. */
char         *practice_db_lookup       (PracticeDb    *db,
                                        const char    *sql,
                                        const char    *types,
                                        ...);

/* Transactions may be nested (savepoints). Every begin is ended by exactly one of the others. */
gboolean      practice_db_begin        (PracticeDb    *db,
                                        GError       **error);
gboolean      practice_db_commit       (PracticeDb    *db,
                                        GError       **error);
void          practice_db_rollback     (PracticeDb    *db);

char         *practice_db_get_setting  (PracticeDb    *db,
                                        const char    *name);
gboolean      practice_db_set_setting  (PracticeDb    *db,
                                        const char    *name,
                                        const char    *value,
                                        GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeRows, practice_rows_free)

G_END_DECLS
