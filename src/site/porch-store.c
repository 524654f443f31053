/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-store-private.h"
#include "porch-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_NAME "porchlight.db"

/* How long a statement waits for another process, in milliseconds */
#define PATIENCE 15000

/* Larger records are not read through at every start */
#define MAX_CHECKED (32 * 1024 * 1024)

/**
 * PorchStore:
 *
 * The local record: what is known of sites and accounts, messages, and what is underway. SQLite in the data folder,
 * used from one thread of its own, so that the main loop never waits for the disk. The cloud holds the truth; a
 * damaged record is put aside and filled again from there.
 */
struct _PorchStore
{
  GObject      parent_instance;

  GFile       *folder;
  GFile       *damaged;
  GThread     *thread;
  GAsyncQueue *jobs;
  sqlite3     *db;        /* of the thread */
};

G_DEFINE_FINAL_TYPE (PorchStore, porch_store, G_TYPE_OBJECT)

typedef struct
{
  char         letter;
  char        *text;
  gint64       number;
  double       real;
} Parameter;

typedef struct _Job Job;

struct _Job
{
  void          (*run) (PorchStore *store,
                        Job        *job);
  DexPromise     *promise;
  char           *sql;
  GArray         *parameters;
  gboolean        wants_rows;
  gboolean        only_reads;
  PorchStoreFunc  func;
  gpointer        user_data;
  GDestroyNotify  destroy;
  GMainContext   *context;
};

static gboolean
destroy_cb (gpointer user_data)
{
  Job *job = user_data;

  job->destroy (job->user_data);

  return G_SOURCE_REMOVE;
}

static void
job_clear (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->context, g_main_context_unref);
  g_clear_pointer (&job->parameters, g_array_unref);
  g_clear_pointer (&job->sql, g_free);
  dex_clear (&job->promise);
}

static void
job_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, job_clear);
}

static void
clear_parameter (gpointer data)
{
  Parameter *parameter = data;

  g_clear_pointer (&parameter->text, g_free);
}

static Job *
job_new (void (*run) (PorchStore *store, Job *job))
{
  Job *job = g_atomic_rc_box_new0 (Job);

  job->run = run;
  job->promise = dex_promise_new ();

  return job;
}

static DexFuture *
push (PorchStore *self,
      Job        *job)
{
  DexFuture *future = dex_ref (DEX_FUTURE (job->promise));

  g_async_queue_push (self->jobs, job);

  return future;
}

static void
handle (PorchStore *self,
        Job        *job)
{
  job->run (self, job);

  /* What was given for the work belongs to the thread that gave it */
  if (job->destroy != NULL)
    g_main_context_invoke_full (job->context, G_PRIORITY_DEFAULT, destroy_cb,
                                g_atomic_rc_box_acquire (job), job_unref);

  job_unref (job);
}

/* The store may be gone after any job, see below; then the queue ends with one that does not name it */
static gpointer
thread_func (gpointer user_data)
{
  PorchStore *self = user_data;
  g_autoptr(GAsyncQueue) jobs = g_async_queue_ref (self->jobs);
  Job *job;

  while ((job = g_async_queue_pop (jobs))->run != NULL)
    handle (self, job);

  if (job->user_data != NULL)
    g_clear_pointer (&self->db, sqlite3_close_v2);

  job_unref (job);

  return NULL;
}

static char *
build_path (PorchStore *self,
            const char *name)
{
  return g_build_filename (g_file_peek_path (self->folder), name, NULL);
}

/* A disk that fails with "no room" is told as such by errno even where SQLite only says "I/O error" */
static gboolean
is_disk_full (sqlite3 *db,
              int      code)
{
  int number = db != NULL ? sqlite3_system_errno (db) : 0;

  return (code & 0xff) == SQLITE_FULL ||
         ((code & 0xff) == SQLITE_IOERR && (number == ENOSPC || number == EDQUOT));
}

static gboolean
is_damaged (int code)
{
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/**
 * porch_store_set_error:
 * @error: return location
 * @db: (nullable): the database
 * @code: a result code of SQLite
 *
 * Turns a failure of SQLite into an error with a sentence for people.
 *
 * Returns: %FALSE, so that callers can return it
 */
gboolean
porch_store_set_error (GError  **error,
                       sqlite3  *db,
                       int       code)
{
  const char *text = db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (code);

  if (is_disk_full (db, code))
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DISK_FULL, _("There is no room left on the disk."));
  else if (is_damaged (code))
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORE_DAMAGED,
                 _("The record of the sites on this computer is damaged (%s)."), text);
  else if ((code & 0xff) == SQLITE_BUSY)
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_STORE,
                         _("Another program keeps the record of the sites on this computer busy."));
  else
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORE,
                 _("The record of the sites on this computer can’t be used (%s)."), text);

  return FALSE;
}

static void
bind_parameters (sqlite3_stmt *statement,
                 GArray       *parameters)
{
  for (guint i = 0; i < parameters->len; i++)
    {
      Parameter *parameter = &g_array_index (parameters, Parameter, i);

      if (parameter->letter == 's')
        sqlite3_bind_text (statement, i + 1, parameter->text, -1, SQLITE_STATIC);
      else if (parameter->letter == 'i')
        sqlite3_bind_int64 (statement, i + 1, parameter->number);
      else
        sqlite3_bind_double (statement, i + 1, parameter->real);
    }
}

static gboolean
run_statement (sqlite3    *db,
               Job        *job,
               PorchRows **rows,
               GError    **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, job->sql, -1, &statement, NULL);

  if (code != SQLITE_OK)
    return porch_store_set_error (error, db, code);

  bind_parameters (statement, job->parameters);

  if (job->wants_rows)
    *rows = porch_rows_new (sqlite3_column_count (statement));

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    for (int i = 0; job->wants_rows && i < sqlite3_column_count (statement); i++)
      porch_rows_take (*rows, g_strdup ((const char *) sqlite3_column_text (statement, i)));

  if (code != SQLITE_DONE)
    porch_store_set_error (error, db, code);

  sqlite3_finalize (statement);

  return code == SQLITE_DONE;
}

/* Damage found while running is remembered beside the file: the next start puts it aside */
static void
note_damage (PorchStore   *self,
             const GError *error)
{
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_STORE_DAMAGED))
    {
      g_autofree char *path = build_path (self, FILE_NAME ".damaged");

      g_file_set_contents (path, "", 0, NULL);
    }
}

static gboolean
require_open (PorchStore *self,
              Job        *job)
{
  if (self->db != NULL)
    return TRUE;

  dex_promise_reject (job->promise,
                      g_error_new_literal (PORCH_ERROR, PORCH_ERROR_STORE,
                                           _("The record of the sites on this computer is not open.")));

  return FALSE;
}

static void
run_sql (PorchStore *self,
         Job        *job)
{
  g_autoptr(PorchRows) rows = NULL;
  g_autoptr(GError) error = NULL;

  if (!require_open (self, job))
    return;

  if (!run_statement (self->db, job, &rows, &error))
    {
      note_damage (self, error);
      dex_promise_reject (job->promise, g_steal_pointer (&error));
    }
  else if (rows != NULL)
    dex_promise_resolve_boxed (job->promise, PORCH_TYPE_ROWS, g_steal_pointer (&rows));
  else
    dex_promise_resolve_int64 (job->promise, sqlite3_changes64 (self->db));
}

static void
run_func (PorchStore *self,
          Job        *job)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) ignored = NULL;

  if (!require_open (self, job))
    return;

  /* A reader waits for nobody who writes */
  if (porch_store_execute (self->db, job->only_reads ? "BEGIN" : "BEGIN IMMEDIATE", &error) &&
      job->func (self->db, job->user_data, &error) &&
      porch_store_execute (self->db, "COMMIT", &error))
    {
      dex_promise_resolve_boolean (job->promise, TRUE);
      return;
    }

  note_damage (self, error);

  if (!sqlite3_get_autocommit (self->db))
    porch_store_execute (self->db, "ROLLBACK", &ignored);

  dex_promise_reject (job->promise, g_steal_pointer (&error));
}

static gboolean
check_whole (sqlite3  *db,
             gsize     size,
             GError  **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean is_whole = FALSE;
  int code;

  if (size > MAX_CHECKED)
    return TRUE;

  code = sqlite3_prepare_v2 (db, "PRAGMA quick_check (1)", -1, &statement, NULL);

  if (code == SQLITE_OK && (code = sqlite3_step (statement)) == SQLITE_ROW)
    is_whole = g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;

  sqlite3_finalize (statement);

  return is_whole || porch_store_set_error (error, db, code == SQLITE_ROW ? SQLITE_CORRUPT : code);
}

static gboolean
open_database (PorchStore  *self,
               const char  *path,
               GError     **error)
{
  int code = sqlite3_open_v2 (path, &self->db,
                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                              NULL);
  GStatBuf info;

  if (code != SQLITE_OK)
    return porch_store_set_error (error, self->db, code);

  /* Messages are nobody else's business */
  g_chmod (path, 0600);
  sqlite3_busy_timeout (self->db, PATIENCE);

  return porch_store_execute (self->db, "PRAGMA journal_mode = WAL", error) &&
         porch_store_execute (self->db,
                              "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                              " PRAGMA secure_delete = ON",
                              error) &&
         check_whole (self->db, g_stat (path, &info) == 0 ? info.st_size : 0, error) &&
         porch_store_migrate (self->db, error);
}

static void
put_aside (PorchStore *self,
           const char *path)
{
  static const char * const endings[] = { "", "-wal", "-shm" };
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *name = g_strdup_printf ("damaged-%s.db", stamp);
  g_autofree char *aside = build_path (self, name);
  g_autofree char *marker = g_strconcat (path, ".damaged", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *from = g_strconcat (path, endings[i], NULL);
      g_autofree char *to = g_strconcat (aside, endings[i], NULL);

      if (g_rename (from, to) != 0 && errno != ENOENT)
        g_warning ("Could not put %s aside: %s", from, g_strerror (errno));
    }

  g_unlink (marker);
  g_set_object (&self->damaged, g_file_new_for_path (aside));
  g_object_unref (self->damaged);
}

static gboolean
make_folders (PorchStore  *self,
              GError     **error)
{
  g_autofree char *locks = build_path (self, "locks");

  if (g_mkdir_with_parents (locks, 0700) == 0)
    return TRUE;

  if (errno == ENOSPC || errno == EDQUOT)
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DISK_FULL, _("There is no room left on the disk."));
  else
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORE,
                 _("The folder “%s” can’t be written (%s)."),
                 g_file_peek_path (self->folder), g_strerror (errno));

  return FALSE;
}

static gboolean
open_or_rebuild (PorchStore  *self,
                 GError     **error)
{
  g_autofree char *path = build_path (self, FILE_NAME);
  g_autofree char *marker = g_strconcat (path, ".damaged", NULL);
  g_autoptr(GError) local_error = NULL;

  if (!g_file_test (marker, G_FILE_TEST_EXISTS))
    {
      if (open_database (self, path, &local_error))
        return TRUE;

      g_clear_pointer (&self->db, sqlite3_close_v2);

      if (!g_error_matches (local_error, PORCH_ERROR, PORCH_ERROR_STORE_DAMAGED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  put_aside (self, path);

  if (open_database (self, path, error))
    return TRUE;

  g_clear_pointer (&self->db, sqlite3_close_v2);

  return FALSE;
}

static void
run_open (PorchStore *self,
          Job        *job)
{
  g_autoptr(GError) error = NULL;
  gboolean success;
  int lock = -1;

  if (self->db != NULL)
    {
      dex_promise_resolve_boolean (job->promise, TRUE);
      return;
    }

  if ((success = make_folders (self, &error)))
    {
      g_autofree char *path = build_path (self, "locks/open");

      /* Two programs that start at once: one makes or repairs the file, the other waits */
      if ((lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) >= 0 && flock (lock, LOCK_EX) != 0)
        g_debug ("No lock on %s: %s", path, g_strerror (errno));

      success = open_or_rebuild (self, &error);
    }

  if (lock >= 0)
    close (lock);

  if (success)
    dex_promise_resolve_boolean (job->promise, TRUE);
  else
    dex_promise_reject (job->promise, g_steal_pointer (&error));
}

static GArray *
collect (const char *format,
         va_list    *args)
{
  GArray *parameters = g_array_new (FALSE, TRUE, sizeof (Parameter));

  g_array_set_clear_func (parameters, clear_parameter);

  for (const char *letter = format; letter != NULL && *letter != '\0'; letter++)
    {
      Parameter parameter = { .letter = *letter };

      if (*letter == 's')
        parameter.text = g_strdup (va_arg (*args, const char *));
      else if (*letter == 'i')
        parameter.number = va_arg (*args, gint64);
      else if (*letter == 'd')
        parameter.real = va_arg (*args, double);
      else
        g_assert_not_reached ();

      g_array_append_val (parameters, parameter);
    }

  return parameters;
}

/* Whoever asked may leave while the answer is given, and the last to hold the store is then its own thread */
static void
end_own_thread (PorchStore *self)
{
  Job *job;

  while ((job = g_async_queue_try_pop (self->jobs)) != NULL)
    handle (self, job);

  g_clear_pointer (&self->db, sqlite3_close_v2);
  g_async_queue_push (self->jobs, job_new (NULL));
  g_thread_unref (self->thread);
}

static void
porch_store_finalize (GObject *object)
{
  PorchStore *self = PORCH_STORE (object);

  if (g_thread_self () == self->thread)
    {
      end_own_thread (self);
    }
  else
    {
      Job *last = job_new (NULL);

      last->user_data = self;
      g_async_queue_push (self->jobs, last);
      g_thread_join (self->thread);
    }

  g_clear_pointer (&self->jobs, g_async_queue_unref);
  g_clear_object (&self->damaged);
  g_clear_object (&self->folder);

  G_OBJECT_CLASS (porch_store_parent_class)->finalize (object);
}

static void
porch_store_class_init (PorchStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_store_finalize;
}

static void
porch_store_init (PorchStore *self)
{
  self->jobs = g_async_queue_new ();
}

/**
 * porch_store_new:
 * @folder: the data folder; need not exist yet
 *
 * Returns: (transfer full): a store, to be opened with [method@Porch.Store.open]
 */
PorchStore *
porch_store_new (GFile *folder)
{
  PorchStore *self;

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  self = g_object_new (PORCH_TYPE_STORE, NULL);
  self->folder = g_object_ref (folder);
  self->thread = g_thread_new ("porch-store", thread_func, self);

  return self;
}

/**
 * porch_store_get_folder:
 * @self: a store
 *
 * Returns: (transfer none): the data folder
 */
GFile *
porch_store_get_folder (PorchStore *self)
{
  g_return_val_if_fail (PORCH_IS_STORE (self), NULL);

  return self->folder;
}

/**
 * porch_store_open:
 * @self: a store
 *
 * Makes the folder and the record if they are missing and brings an older record up to date. A damaged one is put
 * aside, see [method@Porch.Store.get_damaged].
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_STORE_NEWER,
 *   %PORCH_ERROR_DISK_FULL or %PORCH_ERROR_STORE
 */
DexFuture *
porch_store_open (PorchStore *self)
{
  dex_return_error_if_fail (PORCH_IS_STORE (self));

  return push (self, job_new (run_open));
}

/**
 * porch_store_is_rebuilt:
 * @self: a store
 *
 * Returns: whether a damaged record was found and replaced by an empty one
 */
gboolean
porch_store_is_rebuilt (PorchStore *self)
{
  g_return_val_if_fail (PORCH_IS_STORE (self), FALSE);

  return self->damaged != NULL;
}

/**
 * porch_store_get_damaged:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): where the damaged record was put
 */
GFile *
porch_store_get_damaged (PorchStore *self)
{
  g_return_val_if_fail (PORCH_IS_STORE (self), NULL);

  return self->damaged;
}

static DexFuture *
push_sql (PorchStore *self,
          const char *sql,
          GArray     *parameters,
          gboolean    wants_rows)
{
  Job *job = job_new (run_sql);

  job->sql = g_strdup (sql);
  job->parameters = parameters;
  job->wants_rows = wants_rows;

  return push (self, job);
}

/**
 * porch_store_write:
 * @self: a store
 * @sql: one statement
 * @format: (nullable): a letter for each parameter: `s` string or `NULL`, `i` gint64, `d` double
 * @...: the parameters
 *
 * Returns: (transfer full): a future that resolves to the number of rows changed, as a gint64
 */
DexFuture *
porch_store_write (PorchStore *self,
                   const char *sql,
                   const char *format,
                   ...)
{
  GArray *parameters;
  va_list args;

  dex_return_error_if_fail (PORCH_IS_STORE (self));
  dex_return_error_if_fail (sql != NULL);

  va_start (args, format);
  parameters = collect (format, &args);
  va_end (args);

  return push_sql (self, sql, parameters, FALSE);
}

/**
 * porch_store_query:
 * @self: a store
 * @sql: one statement
 * @format: (nullable): a letter for each parameter, as in [method@Porch.Store.write]
 * @...: the parameters
 *
 * Returns: (transfer full): a future that resolves to a [struct@Porch.Rows]
 */
DexFuture *
porch_store_query (PorchStore *self,
                   const char *sql,
                   const char *format,
                   ...)
{
  GArray *parameters;
  va_list args;

  dex_return_error_if_fail (PORCH_IS_STORE (self));
  dex_return_error_if_fail (sql != NULL);

  va_start (args, format);
  parameters = collect (format, &args);
  va_end (args);

  return push_sql (self, sql, parameters, TRUE);
}

static DexFuture *
push_func (PorchStore     *self,
           PorchStoreFunc  func,
           gpointer        user_data,
           GDestroyNotify  destroy,
           gboolean        only_reads)
{
  Job *job = job_new (run_func);

  job->func = func;
  job->user_data = user_data;
  job->destroy = destroy;
  job->only_reads = only_reads;
  job->context = g_main_context_ref_thread_default ();

  return push (self, job);
}

/**
 * porch_store_run:
 * @self: a store
 * @func: (scope async): the work
 * @user_data: data for @func; must stay valid until @destroy is called, also when the future is dropped
 * @destroy: (nullable): releases @user_data, on the thread that calls this function
 *
 * Runs @func on the store's thread in one transaction.
 *
 * Returns: (transfer full): a future that resolves to %TRUE or is rejected with the error of @func
 */
DexFuture *
porch_store_run (PorchStore     *self,
                 PorchStoreFunc  func,
                 gpointer        user_data,
                 GDestroyNotify  destroy)
{
  dex_return_error_if_fail (PORCH_IS_STORE (self));
  dex_return_error_if_fail (func != NULL);

  return push_func (self, func, user_data, destroy, FALSE);
}

/**
 * porch_store_read:
 * @self: a store
 * @func: (scope async): the work, which changes nothing
 * @user_data: data for @func, as in [method@Porch.Store.run]
 * @destroy: (nullable): releases @user_data, on the thread that calls this function
 *
 * Runs @func on the store's thread in a transaction that does not wait for another program that writes.
 *
 * Returns: (transfer full): a future that resolves to %TRUE or is rejected with the error of @func
 */
DexFuture *
porch_store_read (PorchStore     *self,
                  PorchStoreFunc  func,
                  gpointer        user_data,
                  GDestroyNotify  destroy)
{
  dex_return_error_if_fail (PORCH_IS_STORE (self));
  dex_return_error_if_fail (func != NULL);

  return push_func (self, func, user_data, destroy, TRUE);
}

static DexFuture *
first_cell_cb (DexFuture *future,
               gpointer   user_data)
{
  PorchRows *rows = g_value_get_boxed (dex_future_get_value (future, NULL));

  return dex_future_new_take_string (g_strdup (porch_rows_get_length (rows) > 0 ? porch_rows_get_string (rows, 0, 0) : NULL));
}

/**
 * porch_store_dup_setting:
 * @self: a store
 * @key: a name
 *
 * Returns: (transfer full): a future that resolves to the string kept under @key, `NULL` if there is none
 */
DexFuture *
porch_store_dup_setting (PorchStore *self,
                         const char *key)
{
  return dex_future_then (porch_store_query (self, "SELECT value FROM settings WHERE key = ?", "s", key),
                          first_cell_cb, NULL, NULL);
}

/**
 * porch_store_set_setting:
 * @self: a store
 * @key: a name
 * @value: (nullable): what to keep under it
 *
 * Returns: (transfer full): a future that resolves when it is written
 */
DexFuture *
porch_store_set_setting (PorchStore *self,
                         const char *key,
                         const char *value)
{
  return porch_store_write (self, "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", "ss", key, value);
}

static int
open_lock (PorchStore *self,
           const char *name,
           int         flags)
{
  g_autofree char *file_name = g_strconcat ("locks/", name, NULL);
  g_autofree char *path = build_path (self, file_name);

  return g_open (path, flags | O_CLOEXEC, 0600);
}

/**
 * porch_store_lock:
 * @self: an open store
 * @name: what to lock, usable as a file name
 * @error: return location
 *
 * Keeps everybody else, in this process and others, from locking @name. The lock is gone when the descriptor is
 * closed, also when the process is killed.
 *
 * Returns: a file descriptor, or -1 with %PORCH_ERROR_BUSY
 */
int
porch_store_lock (PorchStore  *self,
                  const char  *name,
                  GError     **error)
{
  int fd;

  g_return_val_if_fail (PORCH_IS_STORE (self), -1);
  g_return_val_if_fail (name != NULL, -1);

  if ((fd = open_lock (self, name, O_RDWR | O_CREAT)) < 0)
    {
      g_set_error (error, PORCH_ERROR, errno == ENOSPC ? PORCH_ERROR_DISK_FULL : PORCH_ERROR_STORE,
                   _("The folder “%s” can’t be written (%s)."),
                   g_file_peek_path (self->folder), g_strerror (errno));
      return -1;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return fd;

  close (fd);
  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_BUSY,
                       _("Something else is being done with this site at the moment."));

  return -1;
}

/**
 * porch_store_is_locked:
 * @self: an open store
 * @name: what may be locked
 *
 * Returns: whether anybody holds the lock @name
 */
gboolean
porch_store_is_locked (PorchStore *self,
                       const char *name)
{
  gboolean is_locked;
  int fd;

  g_return_val_if_fail (PORCH_IS_STORE (self), FALSE);

  if ((fd = open_lock (self, name, O_RDWR)) < 0)
    return FALSE;

  is_locked = flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close (fd);

  return is_locked;
}
