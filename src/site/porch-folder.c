/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-folder.h"

#include "porch-check.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-folder-private.h"
#include "porch-publish-store.h"
#include "porch-rendition.h"
#include "porch-thread.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#define TICK_MSEC   100
#define MAX_THREADS 4

/**
 * PorchFolder:
 *
 * A folder of this computer that is to be published: the files to publish, and what its owner should know before.
 * Files are read on threads; what was read is remembered in the store, so that an unchanged file is not read again.
 */
struct _PorchFolder
{
  GObject     parent_instance;

  GFile      *root;
  PorchStore *store;
  PorchScan  *scan;        /* the finished one, or the one underway */
  PorchTreatments *treatments;
  GListStore *findings;
  GFile      *suggestion;
  guint64     n_bytes;
  guint       n_looked_at;
  gboolean    has_errors;
};

enum
{
  PROP_0,
  PROP_N_LOOKED_AT,
  PROP_N_READ,
  N_PROPS
};

typedef struct
{
  PorchFolder    *folder;
  PorchScanFlags  flags;
} ScanRun;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchFolder, porch_folder, G_TYPE_OBJECT)

static void
porch_folder_dispose (GObject *object)
{
  PorchFolder *self = PORCH_FOLDER (object);

  if (self->scan != NULL)
    g_atomic_int_set (&self->scan->cancelled, TRUE);

  g_clear_pointer (&self->scan, porch_scan_unref);
  g_clear_object (&self->root);
  g_clear_object (&self->store);
  g_clear_pointer (&self->treatments, porch_treatments_unref);
  g_clear_object (&self->findings);
  g_clear_object (&self->suggestion);

  G_OBJECT_CLASS (porch_folder_parent_class)->dispose (object);
}

static void
porch_folder_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  PorchFolder *self = PORCH_FOLDER (object);

  switch (prop_id)
    {
    case PROP_N_LOOKED_AT:
      g_value_set_uint (value, porch_folder_get_n_looked_at (self));
      break;
    case PROP_N_READ:
      g_value_set_uint (value, porch_folder_get_n_read (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_folder_class_init (PorchFolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_folder_dispose;
  object_class->get_property = porch_folder_get_property;

  properties[PROP_N_LOOKED_AT] =
    g_param_spec_uint ("n-looked-at", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_READ] =
    g_param_spec_uint ("n-read", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_folder_init (PorchFolder *self)
{
  self->findings = g_list_store_new (PORCH_TYPE_FINDING);
}

static int
compare_findings (gconstpointer a,
                  gconstpointer b)
{
  PorchFinding *finding_a = *(PorchFinding * const *) a;
  PorchFinding *finding_b = *(PorchFinding * const *) b;
  int order = (int) porch_finding_get_severity (finding_b) - (int) porch_finding_get_severity (finding_a);

  if (order == 0)
    order = g_strcmp0 (porch_finding_get_path (finding_a), porch_finding_get_path (finding_b));

  if (order == 0)
    order = (int) porch_finding_get_line (finding_a) - (int) porch_finding_get_line (finding_b);

  return order != 0 ? order : g_strcmp0 (porch_finding_get_rule (finding_a), porch_finding_get_rule (finding_b));
}

/* Tells of progress until the work is done. */
static gboolean
await_with_ticks (PorchFolder  *self,
                  DexFuture    *work,
                  GError      **error)
{
  while (dex_future_is_pending (work))
    {
      g_autoptr(GError) tick = NULL;

      dex_await (dex_future_first (dex_ref (work), dex_timeout_new_msec (TICK_MSEC), NULL), &tick);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_LOOKED_AT]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_READ]);
    }

  return dex_await (work, error);
}

/* The function on as many threads as help; each gets a reference. */
static gboolean
run_threads (PorchFolder       *self,
             PorchThreadFunc    func,
             gpointer           data,
             GBoxedCopyFunc     ref,
             GDestroyNotify     unref,
             GError           **error)
{
  g_autoptr(GPtrArray) threads = g_ptr_array_new_with_free_func (dex_unref);
  guint n_threads = CLAMP (g_get_num_processors (), 1, MAX_THREADS);

  for (guint i = 0; i < n_threads; i++)
    g_ptr_array_add (threads, porch_thread_run (func, ref (data), unref));

  return await_with_ticks (self, dex_future_allv ((DexFuture **) threads->pdata, threads->len), error);
}

/* What is remembered of the treated copies; without it they are read anew. */
static GHashTable *
load_rendition_hashes (PorchFolder *self,
                       const char  *folder)
{
  g_autoptr(GError) error = NULL;
  GHashTable *hashes = NULL;

  if (self->store != NULL && !porch_treatments_is_empty (self->treatments))
    hashes = dex_await_boxed (porch_publish_store_load_hashes (self->store, folder), &error);

  return hashes != NULL ? hashes : g_hash_table_new (g_str_hash, g_str_equal);
}

static void
save_rendition_hashes (PorchFolder *self,
                       const char  *folder,
                       PorchCheck  *check)
{
  GPtrArray *fresh = porch_check_get_fresh (check);
  g_autoptr(GError) error = NULL;

  if (self->store == NULL || fresh == NULL || fresh->len == 0)
    return;

  if (!dex_await (porch_publish_store_save_hashes (self->store, folder, fresh), &error))
    g_debug ("The hashes of treated copies can't be remembered: %s", error->message);
}

static gboolean
run_check (PorchFolder  *self,
           PorchScan    *scan,
           GError      **error)
{
  g_autofree char *folder = porch_renditions_dup_folder ();
  g_autoptr(GHashTable) hashes = load_rendition_hashes (self, folder);
  g_autoptr(PorchCheck) check = porch_check_new (scan, hashes);
  GBoxedCopyFunc ref = (GBoxedCopyFunc) porch_check_ref;
  GDestroyNotify unref = (GDestroyNotify) porch_check_unref;

  if (!run_threads (self, porch_check_read, check, ref, unref, error) ||
      !await_with_ticks (self, porch_thread_run (porch_check_plan, porch_check_ref (check), unref), error) ||
      !run_threads (self, porch_check_treat, check, ref, unref, error))
    return FALSE;

  save_rendition_hashes (self, folder, check);

  if ((scan->flags & PORCH_SCAN_CHECK) == 0)
    return TRUE;

  if (!run_threads (self, porch_check_judge, check, ref, unref, error))
    return FALSE;

  porch_check_finish (check);

  return TRUE;
}

static gboolean
run_scan (PorchFolder  *self,
          PorchScan    *scan,
          GError      **error)
{
  GBoxedCopyFunc ref = (GBoxedCopyFunc) porch_scan_ref;
  GDestroyNotify unref = (GDestroyNotify) porch_scan_unref;

  if (!await_with_ticks (self, porch_thread_run (porch_scan_walk, porch_scan_ref (scan), unref), error) ||
      !run_threads (self, porch_scan_hash, scan, ref, unref, error))
    return FALSE;

  return !porch_check_is_needed (scan) || run_check (self, scan, error);
}

/* What could not be read, or must not be published, goes. */
static void
take_scan (PorchFolder *self,
           PorchScan   *scan)
{
  self->n_bytes = 0;
  self->has_errors = FALSE;
  g_clear_object (&self->suggestion);

  for (guint i = 0; i < scan->files->len;)
    {
      const PorchFile *file = g_ptr_array_index (scan->files, i);

      if (file->sha256 == NULL)
        {
          g_ptr_array_remove_index (scan->files, i);
          continue;
        }

      self->n_bytes += file->size;
      i++;
    }

  g_ptr_array_sort (scan->findings, compare_findings);
  g_list_store_splice (self->findings, 0, g_list_model_get_n_items (G_LIST_MODEL (self->findings)),
                       scan->findings->pdata, scan->findings->len);

  for (guint i = 0; i < scan->findings->len; i++)
    if (porch_finding_get_severity (g_ptr_array_index (scan->findings, i)) == PORCH_SEVERITY_ERROR)
      self->has_errors = TRUE;

  if (scan->suggestion != NULL)
    self->suggestion = g_file_get_child (self->root, scan->suggestion);
}

/* The store is a help, not a need: without it everything is read anew. */
static GHashTable *
load_hashes (PorchFolder *self,
             const char  *root)
{
  g_autoptr(GError) error = NULL;
  GHashTable *hashes = NULL;

  if (self->store != NULL)
    hashes = dex_await_boxed (porch_publish_store_load_hashes (self->store, root), &error);

  if (error != NULL)
    g_debug ("The remembered hashes can't be read: %s", error->message);

  return hashes != NULL ? hashes : g_hash_table_new (g_str_hash, g_str_equal);
}

static void
save_hashes (PorchFolder *self,
             const char  *root,
             PorchScan   *scan)
{
  g_autoptr(GError) error = NULL;

  if (self->store == NULL || scan->fresh->len == 0)
    return;

  if (!dex_await (porch_publish_store_save_hashes (self->store, root, scan->fresh), &error))
    g_debug ("The hashes can't be remembered: %s", error->message);
}

static DexFuture *
porch_folder_scan_fiber (gpointer user_data)
{
  ScanRun *run = user_data;
  PorchFolder *self = run->folder;
  g_autoptr(GHashTable) hashes = NULL;
  g_autoptr(PorchScan) scan = NULL;
  g_autoptr(GError) error = NULL;
  const char *root = g_file_peek_path (self->root);

  if (root == NULL)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE,
                                  _("Only folders of this computer can be published."));

  hashes = load_hashes (self, root);
  scan = porch_scan_new (root, run->flags, hashes, self->treatments);

  if (self->scan != NULL)
    g_atomic_int_set (&self->scan->cancelled, TRUE);
  g_clear_pointer (&self->scan, porch_scan_unref);
  self->scan = porch_scan_ref (scan);

  if (run_scan (self, scan, &error) && g_atomic_int_get (&scan->cancelled))
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Looking at the folder was stopped");

  if (error != NULL)
    {
      if (self->scan == scan)
        g_clear_pointer (&self->scan, porch_scan_unref);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  take_scan (self, scan);
  save_hashes (self, root, scan);

  return dex_future_new_true ();
}

/* Ends the reading; the threads notice at the next piece. */
static void
stop_scan (gpointer data)
{
  ScanRun *run = data;

  if (run->folder->scan != NULL)
    g_atomic_int_set (&run->folder->scan->cancelled, TRUE);
}

static void
scan_run_free (gpointer data)
{
  ScanRun *run = data;

  g_object_unref (run->folder);
  g_free (run);
}

/**
 * porch_folder_new:
 * @root: the folder
 * @store: (nullable): where to remember what files hold
 *
 * Returns: (transfer full): a folder that has not been looked at
 */
PorchFolder *
porch_folder_new (GFile      *root,
                  PorchStore *store)
{
  PorchFolder *self;

  g_return_val_if_fail (G_IS_FILE (root), NULL);
  g_return_val_if_fail (store == NULL || PORCH_IS_STORE (store), NULL);

  self = g_object_new (PORCH_TYPE_FOLDER, NULL);
  self->root = g_object_ref (root);
  g_set_object (&self->store, store);

  return self;
}

/**
 * porch_folder_scan:
 * @self: a folder
 * @flags: how to look
 *
 * Finds the files of the folder, their hashes and types, and what is wrong with them. Can be done again. Dropping the
 * future ends it. Findings do not reject the future; only a folder that can't be read at all does.
 *
 * Returns: (transfer full): a future that resolves to %TRUE or is rejected with %PORCH_ERROR_FOLDER_UNREADABLE
 */
DexFuture *
porch_folder_scan (PorchFolder    *self,
                   PorchScanFlags  flags)
{
  ScanRun *run;

  dex_return_error_if_fail (PORCH_IS_FOLDER (self));

  run = g_new0 (ScanRun, 1);
  run->folder = g_object_ref (self);
  run->flags = flags;

  return porch_fiber_spawn (porch_folder_scan_fiber, run, scan_run_free, stop_scan);
}

/**
 * porch_folder_set_treatments:
 * @self: a folder
 * @treatments: (nullable): what its owner agreed to
 *
 * Sets what the next scan does to the copies that are sent, and which files that look private it takes.
 */
void
porch_folder_set_treatments (PorchFolder     *self,
                             PorchTreatments *treatments)
{
  g_return_if_fail (PORCH_IS_FOLDER (self));

  if (treatments != NULL)
    porch_treatments_ref (treatments);
  g_clear_pointer (&self->treatments, porch_treatments_unref);
  self->treatments = treatments;
}

/**
 * porch_folder_get_treatments:
 * @self: a folder
 *
 * Returns: (transfer none) (nullable): what its owner agreed to
 */
PorchTreatments *
porch_folder_get_treatments (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), NULL);

  return self->treatments;
}

/**
 * porch_folder_get_redirects:
 * @self: a scanned folder
 *
 * Returns: (transfer none) (nullable): what its file `_redirects` says, or %NULL if it has none
 */
PorchRedirects *
porch_folder_get_redirects (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), NULL);

  return self->scan != NULL ? self->scan->redirects : NULL;
}

/**
 * porch_folder_get_root:
 * @self: a folder
 *
 * Returns: (transfer none): where it is
 */
GFile *
porch_folder_get_root (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), NULL);

  return self->root;
}

/**
 * porch_folder_get_n_files:
 * @self: a scanned folder
 *
 * Returns: how many files will be published
 */
guint
porch_folder_get_n_files (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), 0);

  return self->scan != NULL ? self->scan->files->len : 0;
}

guint64
porch_folder_get_n_bytes (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), 0);

  return self->n_bytes;
}

/**
 * porch_folder_get_file:
 * @self: a scanned folder
 * @position: less than the number of files; they are sorted by path, byte by byte
 *
 * Returns: (transfer none): the file
 */
const PorchFile *
porch_folder_get_file (PorchFolder *self,
                       guint        position)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), NULL);
  g_return_val_if_fail (self->scan != NULL && position < self->scan->files->len, NULL);

  return g_ptr_array_index (self->scan->files, position);
}

static int
compare_path (gconstpointer key,
              gconstpointer member)
{
  const PorchFile *file = *(const PorchFile * const *) member;

  return strcmp (key, file->path);
}

/**
 * porch_folder_take_hashed:
 * @self: a folder that is being scanned
 *
 * Takes the large files whose hash and type are known since this was called last; there are none as long as the owner
 * wants copies treated, since what is sent may change by that.
 *
 * Returns: (transfer container) (element-type PorchFile): the files, which belong to the scan
 */
GPtrArray *
porch_folder_take_hashed (PorchFolder *self)
{
  GPtrArray *taken = g_ptr_array_new ();

  g_return_val_if_fail (PORCH_IS_FOLDER (self), taken);

  if (self->scan == NULL || self->scan->hashed == NULL)
    return taken;

  g_mutex_lock (&self->scan->lock);
  g_ptr_array_extend_and_steal (taken, g_steal_pointer (&self->scan->hashed));
  self->scan->hashed = g_ptr_array_new ();
  g_mutex_unlock (&self->scan->lock);

  return taken;
}

/**
 * porch_folder_lookup:
 * @self: a scanned folder
 * @path: path of a file in it
 *
 * Returns: (transfer none) (nullable): the file
 */
const PorchFile *
porch_folder_lookup (PorchFolder *self,
                     const char  *path)
{
  PorchFile **found;

  g_return_val_if_fail (PORCH_IS_FOLDER (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  if (self->scan == NULL)
    return NULL;

  found = bsearch (path, self->scan->files->pdata, self->scan->files->len, sizeof (gpointer), compare_path);

  return found != NULL ? *found : NULL;
}

/**
 * porch_folder_build_filename:
 * @self: a scanned folder
 * @file: one of its files
 *
 * Returns: (transfer full) (type filename): where what is sent lies on this computer: the file, or its treated copy
 */
char *
porch_folder_build_filename (PorchFolder     *self,
                             const PorchFile *file)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), NULL);
  g_return_val_if_fail (self->scan != NULL, NULL);

  return file->rendition != NULL ? g_strdup (file->rendition) : g_build_filename (self->scan->root, file->path, NULL);
}

/**
 * porch_folder_get_findings:
 * @self: a folder
 *
 * Returns: (transfer none): a list of [class@Porch.Finding], the worst first
 */
GListModel *
porch_folder_get_findings (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), NULL);

  return G_LIST_MODEL (self->findings);
}

/**
 * porch_folder_has_errors:
 * @self: a scanned folder
 *
 * Returns: whether one of the findings forbids publishing
 */
gboolean
porch_folder_has_errors (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), FALSE);

  return self->has_errors;
}

/**
 * porch_folder_get_suggestion:
 * @self: a scanned folder
 *
 * Returns: (transfer none) (nullable): a folder inside that looks like the one that was meant
 */
GFile *
porch_folder_get_suggestion (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), NULL);

  return self->suggestion;
}

/**
 * porch_folder_get_n_looked_at:
 * @self: a folder
 *
 * Returns: how many files were found so far
 */
guint
porch_folder_get_n_looked_at (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), 0);

  return self->scan != NULL ? g_atomic_int_get (&self->scan->n_looked_at) : 0;
}

/**
 * porch_folder_get_n_read:
 * @self: a folder
 *
 * Returns: how many files had to be read so far
 */
guint
porch_folder_get_n_read (PorchFolder *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER (self), 0);

  return self->scan != NULL ? g_atomic_int_get (&self->scan->n_read) : 0;
}

typedef struct
{
  char    *filename;
  char    *path;
  guint64  size;
  gint64   mtime;    /* 0: whatever it is */
  guint64  inode;
} UnchangedCheck;

static void
unchanged_check_free (gpointer data)
{
  UnchangedCheck *check = data;

  g_free (check->filename);
  g_free (check->path);
  g_free (check);
}

static gboolean
check_unchanged (gpointer   data,
                 GError   **error)
{
  UnchangedCheck *check = data;
  struct stat info;

  if (stat (check->filename, &info) == 0 &&
      (guint64) info.st_size == check->size &&
      info.st_ino == check->inode &&
      (check->mtime == 0 || info.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + info.st_mtim.tv_nsec == check->mtime))
    return TRUE;

  g_set_error (error, PORCH_ERROR, PORCH_ERROR_FILE_CHANGED, _("“%s” changed while it was being published."), check->path);

  return FALSE;
}

/**
 * porch_folder_check_unchanged:
 * @self: a scanned folder
 * @file: one of its files
 *
 * Looks whether the file is still the one that was scanned.
 *
 * Returns: (transfer full): a future that resolves to %TRUE or is rejected with %PORCH_ERROR_FILE_CHANGED
 */
DexFuture *
porch_folder_check_unchanged (PorchFolder     *self,
                              const PorchFile *file)
{
  UnchangedCheck *check;

  dex_return_error_if_fail (PORCH_IS_FOLDER (self));
  dex_return_error_if_fail (file != NULL);

  check = g_new0 (UnchangedCheck, 1);
  check->filename = porch_folder_build_filename (self, file);
  check->path = g_strdup (file->path);
  check->size = file->size;
  check->mtime = file->rendition != NULL ? 0 : file->mtime;
  check->inode = file->inode;

  return porch_thread_run (check_unchanged, check, unchanged_check_free);
}
