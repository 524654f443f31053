/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-publish-store.h"

#include "porch-content-sum.h"
#include "porch-content-type.h"


/* Hashes that nobody asked to be remembered again for so long are dropped. */
/* What is remembered was found out by the rules of today */
#define HASH_RULES (PORCH_CONTENT_TYPE_RULES * 100 + PORCH_CONTENT_SUM_RULES)

#define KEEP_HASHES_SECONDS (180 * 24 * 60 * 60)

/* A piece of work for the store's thread, and what it found. */
typedef struct
{
  char       *site;      /* or the folder */
  char       *release;   /* or the key */
  char       *summary;
  char       *note;
  gint64      time;
  GBytes     *body;
  GPtrArray  *hashes;
  GHashTable *found;
  GPtrArray  *rows;
  PorchJournal *journal;
} Work;

typedef void (*BindFunc) (sqlite3_stmt *statement,
                          Work         *work);
typedef void (*RowFunc)  (sqlite3_stmt *statement,
                          Work         *work);

static PorchJournal *
porch_journal_copy (const PorchJournal *self)
{
  PorchJournal *copy = g_new0 (PorchJournal, 1);

  copy->release = g_strdup (self->release);
  copy->folder = g_strdup (self->folder);
  copy->note = g_strdup (self->note);
  copy->started = self->started;
  copy->manifest = self->manifest != NULL ? g_bytes_ref (self->manifest) : NULL;

  return copy;
}

void
porch_journal_free (PorchJournal *self)
{
  g_free (self->release);
  g_free (self->folder);
  g_free (self->note);
  g_clear_pointer (&self->manifest, g_bytes_unref);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (PorchJournal, porch_journal, porch_journal_copy, porch_journal_free)

void
porch_hash_free (PorchHash *self)
{
  g_free (self->path);
  g_free (self->sha256);
  g_free (self->type);
  g_free (self);
}

static Work *
work_new (const char *site,
          const char *release)
{
  Work *work = g_atomic_rc_box_new0 (Work);

  work->site = g_strdup (site);
  work->release = g_strdup (release);

  return work;
}

static void
clear_work (gpointer data)
{
  Work *work = data;

  g_free (work->site);
  g_free (work->release);
  g_free (work->summary);
  g_free (work->note);
  g_clear_pointer (&work->body, g_bytes_unref);
  g_clear_pointer (&work->hashes, g_ptr_array_unref);
  g_clear_pointer (&work->found, g_hash_table_unref);
  g_clear_pointer (&work->rows, g_ptr_array_unref);
  g_clear_pointer (&work->journal, porch_journal_free);
}

static void
work_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_work);
}

/* The site, or folder, is always the first parameter and the release, where there is one, the second. */
static gboolean
execute (sqlite3     *db,
         Work        *work,
         const char  *sql,
         BindFunc     bind,
         RowFunc      row,
         GError     **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, work->site, -1, SQLITE_STATIC);
      if (work->release != NULL && sqlite3_bind_parameter_count (statement) > 1)
        sqlite3_bind_text (statement, 2, work->release, -1, SQLITE_STATIC);
      if (bind != NULL)
        bind (statement, work);

      while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        if (row != NULL)
          row (statement, work);
    }

  sqlite3_finalize (statement);

  return code == SQLITE_DONE || porch_store_set_error (error, db, code);
}

static const char *
get_text (sqlite3_stmt *statement,
          int           column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

static GBytes *
get_bytes (sqlite3_stmt *statement,
           int           column)
{
  gconstpointer data = sqlite3_column_blob (statement, column);

  return data != NULL ? g_bytes_new (data, sqlite3_column_bytes (statement, column)) : NULL;
}

static void
bind_bytes (sqlite3_stmt *statement,
            int           column,
            GBytes       *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  sqlite3_bind_blob64 (statement, column, data != NULL ? data : "", size, SQLITE_STATIC);
}

static DexFuture *
run_work (PorchStore     *store,
          PorchStoreFunc  func,
          Work           *work)
{
  return porch_store_run (store, func, g_atomic_rc_box_acquire (work), work_unref);
}

/* Runs @func on the store's thread and then lets @answer make the result of what was found. */
static DexFuture *
run_query (PorchStore        *store,
           PorchStoreFunc     func,
           DexFutureCallback  answer,
           Work              *work)
{
  return dex_future_then (run_work (store, func, work), answer, g_atomic_rc_box_acquire (work), work_unref);
}

/* Hashes */

static void
bind_rules (sqlite3_stmt *statement,
            Work         *work)
{
  sqlite3_bind_int (statement, 2, HASH_RULES);
}

static void
take_hash_row (sqlite3_stmt *statement,
               Work         *work)
{
  PorchHash *hash = g_new0 (PorchHash, 1);

  hash->path = g_strdup (get_text (statement, 0));
  hash->size = sqlite3_column_int64 (statement, 1);
  hash->mtime = sqlite3_column_int64 (statement, 2);
  hash->ctime = sqlite3_column_int64 (statement, 3);
  hash->inode = sqlite3_column_int64 (statement, 4);
  hash->sha256 = g_strdup (get_text (statement, 5));
  hash->type = g_strdup (get_text (statement, 6));

  g_hash_table_replace (work->found, hash->path, hash);
}

static gboolean
load_hashes (sqlite3   *db,
             gpointer   data,
             GError   **error)
{
  return execute (db, data,
                  "SELECT path, size, mtime, ctime, inode, sha256, type FROM hash_cache WHERE folder = ? AND rules = ?",
                  bind_rules, take_hash_row, error);
}

static DexFuture *
answer_found (DexFuture *completed,
               gpointer   user_data)
{
  Work *work = user_data;

  return dex_future_new_take_boxed (G_TYPE_HASH_TABLE, g_steal_pointer (&work->found));
}

/**
 * porch_publish_store_load_hashes: (skip)
 * @store: the store
 * @folder: (type filename): path of a folder
 *
 * Returns: (transfer full): a future that resolves to a hash table, path to `PorchHash`
 */
DexFuture *
porch_publish_store_load_hashes (PorchStore *store,
                                 const char *folder)
{
  Work *work = work_new (folder, NULL);
  DexFuture *future;

  work->found = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) porch_hash_free);
  future = run_query (store, load_hashes, answer_found, work);
  work_unref (work);

  return future;
}

static gboolean
save_hash (sqlite3_stmt    *statement,
           const char      *folder,
           const PorchHash *hash,
           gint64           now)
{
  sqlite3_reset (statement);
  sqlite3_bind_text (statement, 1, folder, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, hash->path, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, hash->size);
  sqlite3_bind_int64 (statement, 4, hash->mtime);
  sqlite3_bind_int64 (statement, 5, hash->ctime);
  sqlite3_bind_int64 (statement, 6, hash->inode);
  sqlite3_bind_int (statement, 7, HASH_RULES);
  sqlite3_bind_text (statement, 8, hash->sha256, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 9, hash->type, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 10, now);

  return sqlite3_step (statement) == SQLITE_DONE;
}

static void
bind_oldest (sqlite3_stmt *statement,
             Work         *work)
{
  sqlite3_bind_int64 (statement, 1, g_get_real_time () / G_USEC_PER_SEC - KEEP_HASHES_SECONDS);
}

static gboolean
save_hashes (sqlite3   *db,
             gpointer   data,
             GError   **error)
{
  Work *work = data;
  sqlite3_stmt *statement = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gboolean good;

  good = sqlite3_prepare_v2 (db, "INSERT OR REPLACE INTO hash_cache VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", -1,
                             &statement, NULL) == SQLITE_OK;

  for (guint i = 0; good && i < work->hashes->len; i++)
    good = save_hash (statement, work->site, g_ptr_array_index (work->hashes, i), now);

  sqlite3_finalize (statement);

  if (!good)
    return porch_store_set_error (error, db, sqlite3_errcode (db));

  return execute (db, work, "DELETE FROM hash_cache WHERE used < ?", bind_oldest, NULL, error);
}

/**
 * porch_publish_store_save_hashes: (skip)
 * @store: the store
 * @folder: (type filename): path of a folder
 * @hashes: (element-type PorchHash): what was read; must not change any more
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_publish_store_save_hashes (PorchStore *store,
                                 const char *folder,
                                 GPtrArray  *hashes)
{
  Work *work = work_new (folder, NULL);
  DexFuture *future;

  work->hashes = g_ptr_array_ref (hashes);
  future = run_work (store, save_hashes, work);
  work_unref (work);

  return future;
}

/* Manifests */

static void
take_body_row (sqlite3_stmt *statement,
               Work         *work)
{
  g_clear_pointer (&work->body, g_bytes_unref);
  work->body = get_bytes (statement, 0);
}

static gboolean
load_manifest (sqlite3   *db,
               gpointer   data,
               GError   **error)
{
  return execute (db, data, "SELECT body FROM manifests WHERE site = ? AND release = ?", NULL, take_body_row, error);
}

static DexFuture *
answer_body (DexFuture *completed,
             gpointer   user_data)
{
  Work *work = user_data;

  return dex_future_new_take_boxed (G_TYPE_BYTES, g_steal_pointer (&work->body));
}

/**
 * porch_publish_store_load_manifest: (skip)
 * @store: the store
 * @site: id of a site
 * @release: id of a release
 *
 * Returns: (transfer full): a future that resolves to a [struct@GLib.Bytes], or %NULL when it isn't known here
 */
DexFuture *
porch_publish_store_load_manifest (PorchStore *store,
                                   const char *site,
                                   const char *release)
{
  Work *work = work_new (site, release);
  DexFuture *future = run_query (store, load_manifest, answer_body, work);

  work_unref (work);

  return future;
}

static void
bind_manifest (sqlite3_stmt *statement,
               Work         *work)
{
  sqlite3_bind_text (statement, 3, work->summary, -1, SQLITE_STATIC);
  bind_bytes (statement, 4, work->body);
}

static gboolean
save_manifest (sqlite3   *db,
               gpointer   data,
               GError   **error)
{
  return execute (db, data, "INSERT OR REPLACE INTO manifests VALUES (?, ?, ?, ?)", bind_manifest, NULL, error);
}

DexFuture *
porch_publish_store_save_manifest (PorchStore *store,
                                   const char *site,
                                   const char *release,
                                   const char *summary,
                                   GBytes     *body)
{
  Work *work = work_new (site, release);
  DexFuture *future;

  work->summary = g_strdup (summary);
  work->body = g_bytes_ref (body);
  future = run_work (store, save_manifest, work);
  work_unref (work);

  return future;
}

static void
take_summary_row (sqlite3_stmt *statement,
                  Work         *work)
{
  g_ptr_array_add (work->rows, g_strdup (get_text (statement, 0)));
}

static gboolean
list_manifests (sqlite3   *db,
                gpointer   data,
                GError   **error)
{
  return execute (db, data, "SELECT summary FROM manifests WHERE site = ? ORDER BY release DESC", NULL, take_summary_row, error);
}

static DexFuture *
answer_rows (DexFuture *completed,
             gpointer   user_data)
{
  Work *work = user_data;

  g_ptr_array_add (work->rows, NULL);

  return dex_future_new_take_boxed (G_TYPE_STRV, g_ptr_array_free (g_steal_pointer (&work->rows), FALSE));
}

/**
 * porch_publish_store_list_manifests: (skip)
 * @store: the store
 * @site: id of a site
 *
 * Returns: (transfer full): a future that resolves to an array of the summaries in JSON, newest first
 */
DexFuture *
porch_publish_store_list_manifests (PorchStore *store,
                                    const char *site)
{
  Work *work = work_new (site, NULL);
  DexFuture *future;

  work->rows = g_ptr_array_new ();
  future = run_query (store, list_manifests, answer_rows, work);
  work_unref (work);

  return future;
}

static gboolean
drop_manifest (sqlite3   *db,
               gpointer   data,
               GError   **error)
{
  return execute (db, data, "DELETE FROM manifests WHERE site = ? AND release = ?", NULL, NULL, error);
}

DexFuture *
porch_publish_store_drop_manifest (PorchStore *store,
                                   const char *site,
                                   const char *release)
{
  Work *work = work_new (site, release);
  DexFuture *future = run_work (store, drop_manifest, work);

  work_unref (work);

  return future;
}

/* What is underway */

static void
take_journal_row (sqlite3_stmt *statement,
                  Work         *work)
{
  PorchJournal *journal = g_new0 (PorchJournal, 1);

  journal->release = g_strdup (get_text (statement, 0));
  journal->folder = g_strdup (get_text (statement, 1));
  journal->note = g_strdup (get_text (statement, 2));
  journal->started = sqlite3_column_int64 (statement, 3);
  journal->manifest = get_bytes (statement, 4);

  g_clear_pointer (&work->journal, porch_journal_free);
  work->journal = journal;
}

static gboolean
load_journal (sqlite3   *db,
              gpointer   data,
              GError   **error)
{
  return execute (db, data, "SELECT release, folder, note, started, manifest FROM publish_journal WHERE site = ?",
                  NULL, take_journal_row, error);
}

static DexFuture *
answer_journal (DexFuture *completed,
                gpointer   user_data)
{
  Work *work = user_data;

  return dex_future_new_take_boxed (PORCH_TYPE_JOURNAL, g_steal_pointer (&work->journal));
}

/**
 * porch_publish_store_load_journal: (skip)
 * @store: the store
 * @site: id of a site
 *
 * Returns: (transfer full): a future that resolves to a `PorchJournal`, or %NULL when nothing is underway
 */
DexFuture *
porch_publish_store_load_journal (PorchStore *store,
                                  const char *site)
{
  Work *work = work_new (site, NULL);
  DexFuture *future = run_query (store, load_journal, answer_journal, work);

  work_unref (work);

  return future;
}

static void
bind_journal (sqlite3_stmt *statement,
              Work         *work)
{
  sqlite3_bind_text (statement, 3, work->summary, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, work->note, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 5, work->time);
  bind_bytes (statement, 6, work->body);
}

static gboolean
save_journal (sqlite3   *db,
              gpointer   data,
              GError   **error)
{
  return execute (db, data, "INSERT OR REPLACE INTO publish_journal VALUES (?, ?, ?, ?, ?, ?)", bind_journal, NULL, error);
}

DexFuture *
porch_publish_store_save_journal (PorchStore         *store,
                                  const char         *site,
                                  const PorchJournal *journal)
{
  Work *work = work_new (site, journal->release);
  DexFuture *future;

  work->summary = g_strdup (journal->folder);
  work->note = g_strdup (journal->note);
  work->time = journal->started;
  work->body = g_bytes_ref (journal->manifest);
  future = run_work (store, save_journal, work);
  work_unref (work);

  return future;
}

typedef struct
{
  PorchStore *store;
  char       *site;
  char       *release;
  char       *folder;
  char       *note;
} Note;

static void
note_free (Note *note)
{
  g_object_unref (note->store);
  g_free (note->site);
  g_free (note->release);
  g_free (note->folder);
  g_free (note->note);
  g_free (note);
}

static DexFuture *
save_note (DexFuture *printed,
           gpointer   user_data)
{
  Note *note = user_data;
  PorchJournal journal = {
    .release = note->release,
    .folder = note->folder,
    .note = note->note,
    .started = g_get_real_time () / G_USEC_PER_SEC,
    .manifest = g_value_get_boxed (dex_future_get_value (printed, NULL)),
  };

  return porch_publish_store_save_journal (note->store, note->site, &journal);
}

/**
 * porch_publish_store_note_manifest: (skip)
 * @store: the store
 * @site: id of a site
 * @planned: what is about to be sent
 * @folder: where it comes from
 * @note: (nullable): what the person wrote about it
 *
 * Notes what is underway, so that whoever is killed from here on finds what has arrived.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_publish_store_note_manifest (PorchStore    *store,
                                   const char    *site,
                                   PorchManifest *planned,
                                   GFile         *folder,
                                   const char    *note)
{
  Note *self = g_new0 (Note, 1);

  self->store = g_object_ref (store);
  self->site = g_strdup (site);
  self->release = g_strdup (porch_manifest_get_release (planned));
  self->folder = g_file_get_uri (folder);
  self->note = g_strdup (note);

  return dex_future_then (porch_manifest_print (planned), save_note, self, (GDestroyNotify) note_free);
}

static gboolean
drop_journal (sqlite3   *db,
              gpointer   data,
              GError   **error)
{
  return execute (db, data, "DELETE FROM publish_journal WHERE site = ?", NULL, NULL, error) &&
         execute (db, data, "DELETE FROM publish_arrivals WHERE site = ?", NULL, NULL, error);
}

DexFuture *
porch_publish_store_drop_journal (PorchStore *store,
                                  const char *site)
{
  Work *work = work_new (site, NULL);
  DexFuture *future = run_work (store, drop_journal, work);

  work_unref (work);

  return future;
}

static void
take_arrival_row (sqlite3_stmt *statement,
                  Work         *work)
{
  g_hash_table_insert (work->found, g_strdup (get_text (statement, 0)), g_strdup (get_text (statement, 1)));
}

static gboolean
list_arrivals (sqlite3   *db,
               gpointer   data,
               GError   **error)
{
  return execute (db, data, "SELECT key, sha256 FROM publish_arrivals WHERE site = ?", NULL, take_arrival_row, error);
}

/**
 * porch_publish_store_list_arrivals: (skip)
 * @store: the store
 * @site: id of a site
 *
 * Returns: (transfer full): a future that resolves to a hash table: keys of the large objects that arrived whole, and
 *   the SHA-256 of each
 */
DexFuture *
porch_publish_store_list_arrivals (PorchStore *store,
                                   const char *site)
{
  Work *work = work_new (site, NULL);
  DexFuture *future;

  work->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  future = run_query (store, list_arrivals, answer_found, work);
  work_unref (work);

  return future;
}

static void
bind_arrival (sqlite3_stmt *statement,
              Work         *work)
{
  sqlite3_bind_text (statement, 3, work->summary, -1, SQLITE_STATIC);
}

static gboolean
save_arrival (sqlite3   *db,
              gpointer   data,
              GError   **error)
{
  return execute (db, data, "INSERT OR REPLACE INTO publish_arrivals VALUES (?, ?, ?)", bind_arrival, NULL, error);
}

DexFuture *
porch_publish_store_save_arrival (PorchStore *store,
                                  const char *site,
                                  const char *key,
                                  const char *sha256)
{
  Work *work = work_new (site, key);
  DexFuture *future;

  work->summary = g_strdup (sha256);
  future = run_work (store, save_arrival, work);
  work_unref (work);

  return future;
}

static gboolean
forget_site (sqlite3   *db,
             gpointer   data,
             GError   **error)
{
  return drop_journal (db, data, error) &&
         execute (db, data, "DELETE FROM manifests WHERE site = ?", NULL, NULL, error) &&
         execute (db, data, "DELETE FROM receipts WHERE site = ?", NULL, NULL, error);
}

/**
 * porch_publish_store_forget_site: (skip)
 * @store: the store
 * @site: id of a site that is gone
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_publish_store_forget_site (PorchStore *store,
                                 const char *site)
{
  Work *work = work_new (site, NULL);
  DexFuture *future = run_work (store, forget_site, work);

  work_unref (work);

  return future;
}
