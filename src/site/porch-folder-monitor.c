/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-folder-monitor.h"

#include "porch-thread.h"

#include <dirent.h>
#include <sys/stat.h>

struct _PorchFolderMonitor
{
  GObject     parent_instance;

  GHashTable *monitors;   /* path -> GFileMonitor */
  gboolean    is_stopped;
};

/* What is to be listened to; made on a thread */
typedef struct
{
  char      *root;
  char      *other;
  GPtrArray *paths;
} Listing;

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchFolderMonitor, porch_folder_monitor, G_TYPE_OBJECT)

static void
clear_listing (gpointer data)
{
  Listing *listing = data;

  g_free (listing->root);
  g_free (listing->other);
  g_ptr_array_unref (listing->paths);
}

static void
listing_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_listing);
}

/* What is never published need not be listened to, and is where most folders are. */
static gboolean
is_worth_it (const char *name)
{
  if (name[0] == '.')
    return g_str_equal (name, ".well-known");

  return !g_str_equal (name, "node_modules") && !g_str_equal (name, "__MACOSX");
}

static gboolean
is_folder (const char          *path,
           const struct dirent *entry)
{
  struct stat info;

  if (entry->d_type != DT_UNKNOWN)
    return entry->d_type == DT_DIR;

  return lstat (path, &info) == 0 && S_ISDIR (info.st_mode);
}

static void
add_children (Listing    *listing,
              const char *folder)
{
  DIR *dir = opendir (folder);
  struct dirent *entry;

  while (dir != NULL && listing->paths->len < PORCH_FOLDER_MONITOR_MAX && (entry = readdir (dir)) != NULL)
    {
      g_autofree char *path = NULL;

      if (!is_worth_it (entry->d_name))
        continue;

      path = g_build_filename (folder, entry->d_name, NULL);
      if (is_folder (path, entry))
        g_ptr_array_add (listing->paths, g_steal_pointer (&path));
    }

  if (dir != NULL)
    closedir (dir);
}

/* Thread function. Level by level: where there are too many folders, those at the top are the ones that people know. */
static gboolean
list_folders (gpointer   data,
              GError   **error)
{
  Listing *listing = data;

  if (listing->other != NULL)
    g_ptr_array_add (listing->paths, g_strdup (listing->other));

  if (listing->root == NULL)
    return TRUE;

  g_ptr_array_add (listing->paths, g_strdup (listing->root));
  for (guint i = listing->other != NULL ? 1 : 0; i < listing->paths->len; i++)
    add_children (listing, g_ptr_array_index (listing->paths, i));

  return TRUE;
}

static void
monitor_changed_cb (PorchFolderMonitor *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
monitor_free (gpointer data)
{
  g_file_monitor_cancel (data);
  g_object_unref (data);
}

static gboolean
add_monitor (PorchFolderMonitor *self,
             const char         *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  GFileMonitor *monitor = g_file_monitor (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);

  if (monitor == NULL)
    {
      g_debug ("“%s” can't be listened to: %s", path, error->message);
      return FALSE;
    }

  g_signal_connect_object (monitor, "changed", G_CALLBACK (monitor_changed_cb), self, G_CONNECT_SWAPPED);
  g_hash_table_insert (self->monitors, g_strdup (path), monitor);

  return TRUE;
}

static DexFuture *
listed_cb (DexFuture *completed,
           gpointer   user_data)
{
  gpointer *data = user_data;
  PorchFolderMonitor *self = data[0];
  Listing *listing = data[1];
  g_autoptr(GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean is_new = FALSE;
  GHashTableIter iter;
  gpointer path;

  if (self->is_stopped)
    return dex_future_new_false ();

  for (guint i = 0; i < listing->paths->len; i++)
    g_hash_table_add (wanted, g_ptr_array_index (listing->paths, i));

  g_hash_table_iter_init (&iter, self->monitors);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    if (!g_hash_table_contains (wanted, path))
      g_hash_table_iter_remove (&iter);

  for (guint i = 0; i < listing->paths->len; i++)
    if (!g_hash_table_contains (self->monitors, g_ptr_array_index (listing->paths, i)) &&
        add_monitor (self, g_ptr_array_index (listing->paths, i)))
      is_new = TRUE;

  return dex_future_new_for_boolean (is_new);
}

static void
listed_free (gpointer data)
{
  gpointer *pair = data;

  g_object_unref (pair[0]);
  listing_unref (pair[1]);
  g_free (pair);
}

static void
porch_folder_monitor_dispose (GObject *object)
{
  porch_folder_monitor_stop (PORCH_FOLDER_MONITOR (object));

  G_OBJECT_CLASS (porch_folder_monitor_parent_class)->dispose (object);
}

static void
porch_folder_monitor_finalize (GObject *object)
{
  PorchFolderMonitor *self = PORCH_FOLDER_MONITOR (object);

  g_clear_pointer (&self->monitors, g_hash_table_unref);

  G_OBJECT_CLASS (porch_folder_monitor_parent_class)->finalize (object);
}

static void
porch_folder_monitor_class_init (PorchFolderMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_folder_monitor_dispose;
  object_class->finalize = porch_folder_monitor_finalize;

  /**
   * PorchFolderMonitor::changed:
   *
   * Something changed; what, has to be looked for.
   */
  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
porch_folder_monitor_init (PorchFolderMonitor *self)
{
  self->monitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, monitor_free);
}

/**
 * porch_folder_monitor_new:
 *
 * Returns: (transfer full): a monitor that follows nothing
 */
PorchFolderMonitor *
porch_folder_monitor_new (void)
{
  return g_object_new (PORCH_TYPE_FOLDER_MONITOR, NULL);
}

/**
 * porch_folder_monitor_follow:
 * @self: a monitor
 * @root: (nullable) (type filename): path of a folder that is followed with all folders below it, up to
 *   %PORCH_FOLDER_MONITOR_MAX of them
 * @other: (nullable) (type filename): path of a file or folder that is followed by itself
 *
 * Follows these instead of what was followed before. Does nothing for those that are followed already.
 *
 * Returns: (transfer full): a future that resolves to whether anything is followed now that was not before; a folder may
 *   have come meanwhile then, so that it is worth to ask again
 */
DexFuture *
porch_folder_monitor_follow (PorchFolderMonitor *self,
                             const char         *root,
                             const char         *other)
{
  Listing *listing;
  gpointer *data;

  dex_return_error_if_fail (PORCH_IS_FOLDER_MONITOR (self));

  listing = g_atomic_rc_box_new0 (Listing);
  listing->root = g_strdup (root);
  listing->other = g_strdup (other);
  listing->paths = g_ptr_array_new_with_free_func (g_free);

  data = g_new (gpointer, 2);
  data[0] = g_object_ref (self);
  data[1] = listing;

  return dex_future_then (porch_thread_run (list_folders, g_atomic_rc_box_acquire (listing), listing_unref),
                          listed_cb, data, listed_free);
}

/**
 * porch_folder_monitor_stop:
 * @self: a monitor
 *
 * Ends the following for good, also of what is just being asked for.
 */
void
porch_folder_monitor_stop (PorchFolderMonitor *self)
{
  g_return_if_fail (PORCH_IS_FOLDER_MONITOR (self));

  self->is_stopped = TRUE;
  g_hash_table_remove_all (self->monitors);
}

/**
 * porch_folder_monitor_get_n_folders:
 * @self: a monitor
 *
 * Returns: how many folders and files are listened to
 */
guint
porch_folder_monitor_get_n_folders (PorchFolderMonitor *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER_MONITOR (self), 0);

  return g_hash_table_size (self->monitors);
}
