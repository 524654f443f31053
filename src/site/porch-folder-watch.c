/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-folder-watch.h"

#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-folder.h"
#include "porch-folder-monitor.h"
#include "porch-manifest.h"
#include "porch-publish-store.h"
#include "porch-source.h"
#include "porch-thread.h"

#include <string.h>
#include <sys/stat.h>

/* A change is seldom alone: what comes within this time is looked at together. */
#define SETTLE_USEC  (1 * G_USEC_PER_SEC)

/* Looking takes at most this part of the time, however often something changes. */
#define REST_FACTOR  20

/* Going back and forth between windows is no reason to look each time. */
#define FOCUS_USEC   (5 * G_USEC_PER_SEC)

struct _PorchFolderWatch
{
  GObject                parent_instance;

  PorchStore            *store;
  char                  *site_id;
  GFile                 *folder;
  PorchTreatments       *treatments;
  char                  *release;
  PorchFolderMonitor    *monitor;
  DexFuture             *looking;
  char                  *problem;
  gint64                 began;
  gint64                 ended;
  gint64                 cost;
  guint                  timer;
  guint                  n_added;
  guint                  n_changed;
  guint                  n_removed;
  guint                  n_looks;
  PorchFolderWatchState  state;
  guint                  enabled : 1;
  guint                  paused : 1;
  guint                  again : 1;
};

/* One look: what it is about, and what it found */
typedef struct
{
  PorchStore            *store;
  PorchFolderMonitor    *monitor;    /* NULL to see only whether the folder is there */
  GFile                 *dropped;
  PorchFolder           *folder;
  PorchTreatments       *treatments;
  DexPromise            *stopped;    /* rejected when nobody wants to know any more */
  char                  *site_id;
  char                  *release;
  char                  *problem;
  guint                  n_added;
  guint                  n_changed;
  guint                  n_removed;
  PorchFolderWatchState  state;
  guint                  is_dropped : 1;
  guint                  is_settling : 1;
} Look;

/* Whether something is there, asked on a thread since a drive may have to wake up first */
typedef struct
{
  char *path;
  int   is_there;
} Presence;

enum
{
  PROP_0,
  PROP_ENABLED,
  PROP_STATE,
  PROP_PROBLEM,
  PROP_N_CHANGES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchFolderWatch, porch_folder_watch, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchFolderWatchState, porch_folder_watch_state,
                    G_DEFINE_ENUM_VALUE (PORCH_FOLDER_WATCH_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (PORCH_FOLDER_WATCH_SAME, "same"),
                    G_DEFINE_ENUM_VALUE (PORCH_FOLDER_WATCH_CHANGED, "changed"),
                    G_DEFINE_ENUM_VALUE (PORCH_FOLDER_WATCH_GONE, "gone"),
                    G_DEFINE_ENUM_VALUE (PORCH_FOLDER_WATCH_UNREADABLE, "unreadable"))

static void schedule (PorchFolderWatch *self);

static void
clear_look (gpointer data)
{
  Look *look = data;

  g_clear_object (&look->store);
  g_clear_object (&look->monitor);
  g_clear_object (&look->dropped);
  g_clear_object (&look->folder);
  g_clear_pointer (&look->treatments, porch_treatments_unref);
  dex_clear (&look->stopped);
  g_free (look->site_id);
  g_free (look->release);
  g_free (look->problem);
}

static void
look_unref (gpointer data)
{
  g_rc_box_release_full (data, clear_look);
}

static void
clear_presence (gpointer data)
{
  g_free (((Presence *) data)->path);
}

static void
presence_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_presence);
}

static gboolean
find_presence (gpointer   data,
               GError   **error)
{
  Presence *presence = data;
  struct stat info;

  presence->is_there = stat (presence->path, &info) == 0;

  return TRUE;
}

static gboolean
await_is_there (GFile *file)
{
  const char *path = g_file_peek_path (file);
  Presence *presence;
  gboolean is_there;

  if (path == NULL)
    return FALSE;

  presence = g_atomic_rc_box_new0 (Presence);
  presence->path = g_strdup (path);
  dex_await (porch_thread_run (find_presence, g_atomic_rc_box_acquire (presence), presence_unref), NULL);
  is_there = presence->is_there;
  presence_unref (presence);

  return is_there;
}

/* Dropping what a fiber waits for is left to the fiber. */
static DexFuture *
until_stopped (Look      *look,
               DexFuture *work)
{
  return dex_future_first (work, dex_ref (look->stopped), NULL);
}

/* What comes while the list of folders is made is in the next list, or was heard by what is listened to already. */
static void
await_followed (Look       *look,
                const char *root,
                const char *other)
{
  for (guint i = 0; i < 3 && !look->is_dropped; i++)
    if (!dex_await_boolean (porch_folder_monitor_follow (look->monitor, root, other), NULL))
      return;
}

/* A folder that went away is heard of again by what it lies in. */
static void
await_parent_followed (Look *look)
{
  g_autoptr(GFile) parent = g_file_get_parent (look->dropped);

  await_followed (look, NULL, parent != NULL && await_is_there (parent) ? g_file_peek_path (parent) : NULL);
}

static gboolean
is_same (const PorchFile          *file,
         const PorchManifestEntry *entry)
{
  return file->size == entry->size &&
         g_str_equal (file->sha256, entry->sha256) &&
         g_str_equal (file->type, entry->type) &&
         g_str_equal (porch_cache_rule_get_header (file->cache), entry->cache);
}

/* Both are sorted by path. What only stays for pages that are still open is not in the folder, and need not be. */
static void
compare (Look          *look,
         PorchManifest *manifest)
{
  guint n_files = porch_folder_get_n_files (look->folder);
  guint n_entries = porch_manifest_get_n_entries (manifest);
  guint i = 0;
  guint j = 0;

  while (i < n_files || j < n_entries)
    {
      const PorchFile *file = i < n_files ? porch_folder_get_file (look->folder, i) : NULL;
      const PorchManifestEntry *entry = j < n_entries ? porch_manifest_get_entry (manifest, j) : NULL;
      int order = file == NULL ? 1 : entry == NULL ? -1 : strcmp (file->path, entry->path);

      i += order <= 0;
      j += order >= 0;

      if (order < 0 || (order == 0 && entry->carried))
        look->n_added++;
      else if (order > 0)
        look->n_removed += !entry->carried;
      else if (!is_same (file, entry))
        look->n_changed++;
    }

  look->state = look->n_added + look->n_changed + look->n_removed > 0 ? PORCH_FOLDER_WATCH_CHANGED
                                                                      : PORCH_FOLDER_WATCH_SAME;
}

static const char *
find_text (PorchFolder *folder,
           const char  *rule)
{
  GListModel *findings = porch_folder_get_findings (folder);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);

      if (g_str_equal (porch_finding_get_rule (finding), rule))
        return porch_finding_get_text (finding);
    }

  return NULL;
}

static PorchManifest *
await_manifest (Look *look)
{
  g_autoptr(GBytes) json = NULL;

  if (look->release == NULL)
    return NULL;

  json = dex_await_boxed (porch_publish_store_load_manifest (look->store, look->site_id, look->release), NULL);

  return json != NULL ? dex_await_object (porch_manifest_parse (json), NULL) : NULL;
}

/* The same way to the files as publishing takes. */
static gboolean
await_files (Look    *look,
             GError **error)
{
  g_autoptr(PorchSource) source = dex_await_object (until_stopped (look, porch_source_open (look->dropped)), error);
  const char *dropped = g_file_peek_path (look->dropped);
  GFile *folder;

  if (source == NULL)
    {
      await_followed (look, NULL, dropped);
      return FALSE;
    }

  folder = porch_source_get_folder (source);

  if (porch_source_is_archive (look->dropped))
    await_followed (look, NULL, dropped);
  else
    await_followed (look, g_file_peek_path (folder), g_file_equal (folder, look->dropped) ? NULL : dropped);

  if (look->is_dropped)
    return TRUE;

  look->folder = porch_folder_new (folder, look->store);
  porch_folder_set_treatments (look->folder, look->treatments);

  return dex_await (until_stopped (look, porch_folder_scan (look->folder, PORCH_SCAN_DEFAULT)), error);
}

static DexFuture *
look_fiber (gpointer user_data)
{
  Look *look = user_data;
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;

  if (!await_is_there (look->dropped))
    {
      look->state = PORCH_FOLDER_WATCH_GONE;
      if (look->monitor != NULL)
        await_parent_followed (look);
      return dex_future_new_true ();
    }

  if (look->monitor == NULL)
    return dex_future_new_true ();

  if (!await_files (look, &error))
    {
      look->state = PORCH_FOLDER_WATCH_UNREADABLE;
      look->problem = g_strdup (error->message);
    }
  else if (look->folder != NULL && porch_folder_get_n_files (look->folder) == 0)
    {
      look->state = PORCH_FOLDER_WATCH_UNREADABLE;
      look->problem = g_strdup (find_text (look->folder, "folder.empty"));
    }
  else if (look->folder != NULL && (manifest = await_manifest (look)) != NULL)
    {
      look->is_settling = find_text (look->folder, "file.changing") != NULL;
      compare (look, manifest);
    }

  return dex_future_new_true ();
}

static void
stop_look (gpointer data)
{
  Look *look = data;

  look->is_dropped = TRUE;
  if (dex_future_is_pending (DEX_FUTURE (look->stopped)))
    dex_promise_reject (look->stopped, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Not wanted any more"));
}

static void
take_look (PorchFolderWatch *self,
           const Look       *look)
{
  guint before = porch_folder_watch_get_n_changes (self);

  g_object_freeze_notify (G_OBJECT (self));

  self->n_added = look->n_added;
  self->n_changed = look->n_changed;
  self->n_removed = look->n_removed;

  if (porch_folder_watch_get_n_changes (self) != before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_CHANGES]);

  if (g_set_str (&self->problem, look->problem))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);

  if (self->state != look->state)
    {
      self->state = look->state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

static DexFuture *
looked_cb (DexFuture *completed,
           gpointer   user_data)
{
  gpointer *data = user_data;
  PorchFolderWatch *self = data[0];
  Look *look = data[1];

  if (look->is_dropped)
    return NULL;

  self->ended = g_get_monotonic_time ();
  self->cost = self->ended - self->began;
  self->n_looks++;
  self->again |= look->is_settling;

  /* Taking it may be what makes somebody ask for the next one */
  dex_clear (&self->looking);

  if (!look->is_settling)
    take_look (self, look);

  if (self->again)
    schedule (self);

  return NULL;
}

static void
looked_free (gpointer data)
{
  gpointer *pair = data;

  look_unref (pair[1]);
  g_free (pair);
}

static void
start (PorchFolderWatch *self)
{
  Look *look;
  gpointer *data;

  g_clear_handle_id (&self->timer, g_source_remove);
  self->again = FALSE;

  if (self->folder == NULL)
    return;

  look = g_rc_box_new0 (Look);
  look->store = g_object_ref (self->store);
  look->dropped = g_object_ref (self->folder);
  look->site_id = g_strdup (self->site_id);
  look->release = g_strdup (self->release);
  look->treatments = self->treatments != NULL ? porch_treatments_ref (self->treatments) : NULL;
  look->stopped = dex_promise_new ();
  g_set_object (&look->monitor, self->monitor);

  self->began = g_get_monotonic_time ();

  data = g_new (gpointer, 2);
  data[0] = self;
  data[1] = g_rc_box_acquire (look);

  self->looking = dex_future_finally (porch_fiber_spawn (look_fiber, look, look_unref, stop_look),
                                      looked_cb, data, looked_free);
}

static gboolean
timer_cb (gpointer user_data)
{
  PorchFolderWatch *self = user_data;

  self->timer = 0;
  start (self);

  return G_SOURCE_REMOVE;
}

/* Looks when it is time for it. */
static void
schedule (PorchFolderWatch *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 due = MAX (now + SETTLE_USEC, self->ended + self->cost * REST_FACTOR);

  self->again = TRUE;

  if (self->looking == NULL && self->timer == 0 && !self->paused)
    self->timer = g_timeout_add ((due - now) / 1000, timer_cb, self);
}

static void
changed_cb (PorchFolderWatch *self)
{
  schedule (self);
}

/* What is known is about something else now. */
static void
forget (PorchFolderWatch *self)
{
  Look nothing = { .state = PORCH_FOLDER_WATCH_UNKNOWN };

  dex_clear (&self->looking);
  take_look (self, &nothing);

  self->again = TRUE;
  if (!self->paused)
    start (self);
}

static void
apply_enabled (PorchFolderWatch *self,
               gboolean          enabled)
{
  if (self->enabled == enabled)
    return;

  self->enabled = enabled;

  if (enabled)
    {
      self->monitor = porch_folder_monitor_new ();
      g_signal_connect_object (self->monitor, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
    }
  else
    {
      porch_folder_monitor_stop (self->monitor);
      g_clear_object (&self->monitor);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENABLED]);
  forget (self);
}

static char *
dup_key (PorchFolderWatch *self)
{
  return g_strconcat ("watch-folder:", self->site_id, NULL);
}

static DexFuture *
loaded_cb (DexFuture *completed,
           gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);

  apply_enabled (user_data, g_strcmp0 (g_value_get_string (value), "1") == 0);

  return dex_future_new_true ();
}

static void
porch_folder_watch_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  PorchFolderWatch *self = PORCH_FOLDER_WATCH (object);

  switch (prop_id)
    {
    case PROP_ENABLED:
      g_value_set_boolean (value, self->enabled);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_N_CHANGES:
      g_value_set_uint (value, porch_folder_watch_get_n_changes (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_folder_watch_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ENABLED:
      porch_folder_watch_set_enabled (PORCH_FOLDER_WATCH (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_folder_watch_dispose (GObject *object)
{
  PorchFolderWatch *self = PORCH_FOLDER_WATCH (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  dex_clear (&self->looking);
  if (self->monitor != NULL)
    porch_folder_monitor_stop (self->monitor);
  g_clear_object (&self->monitor);
  g_clear_object (&self->store);
  g_clear_object (&self->folder);

  G_OBJECT_CLASS (porch_folder_watch_parent_class)->dispose (object);
}

static void
porch_folder_watch_finalize (GObject *object)
{
  PorchFolderWatch *self = PORCH_FOLDER_WATCH (object);

  g_clear_pointer (&self->site_id, g_free);
  g_clear_pointer (&self->treatments, porch_treatments_unref);
  g_clear_pointer (&self->release, g_free);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (porch_folder_watch_parent_class)->finalize (object);
}

static void
porch_folder_watch_class_init (PorchFolderWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = porch_folder_watch_get_property;
  object_class->set_property = porch_folder_watch_set_property;
  object_class->dispose = porch_folder_watch_dispose;
  object_class->finalize = porch_folder_watch_finalize;

  properties[PROP_ENABLED] =
    g_param_spec_boolean ("enabled", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_FOLDER_WATCH_STATE, PORCH_FOLDER_WATCH_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROBLEM] =
    g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_CHANGES] =
    g_param_spec_uint ("n-changes", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_folder_watch_init (PorchFolderWatch *self)
{
}

/**
 * porch_folder_watch_new:
 * @store: an open store, which knows the manifests of the site
 * @site_id: id of the site
 *
 * Returns: (transfer full): a watch that is not enabled and knows no folder
 */
PorchFolderWatch *
porch_folder_watch_new (PorchStore *store,
                        const char *site_id)
{
  PorchFolderWatch *self;

  g_return_val_if_fail (PORCH_IS_STORE (store), NULL);
  g_return_val_if_fail (site_id != NULL, NULL);

  self = g_object_new (PORCH_TYPE_FOLDER_WATCH, NULL);
  self->store = g_object_ref (store);
  self->site_id = g_strdup (site_id);

  return self;
}

/**
 * porch_folder_watch_load:
 * @self: a watch; has to outlive the future
 *
 * Recalls whether it is enabled.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected when the store can't be read
 */
DexFuture *
porch_folder_watch_load (PorchFolderWatch *self)
{
  g_autofree char *key = NULL;

  dex_return_error_if_fail (PORCH_IS_FOLDER_WATCH (self));

  key = dup_key (self);

  return dex_future_then (porch_store_dup_setting (self->store, key), loaded_cb, g_object_ref (self), g_object_unref);
}

/**
 * porch_folder_watch_get_enabled:
 * @self: a watch
 *
 * Returns: whether the files of the folder are compared; else it is only known whether the folder is there
 */
gboolean
porch_folder_watch_get_enabled (PorchFolderWatch *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER_WATCH (self), FALSE);

  return self->enabled;
}

/**
 * porch_folder_watch_set_enabled:
 * @self: a watch
 * @enabled: whether to compare the files of the folder
 *
 * Is remembered for the site, on this computer.
 */
void
porch_folder_watch_set_enabled (PorchFolderWatch *self,
                                gboolean          enabled)
{
  g_autofree char *key = NULL;

  g_return_if_fail (PORCH_IS_FOLDER_WATCH (self));

  if (self->enabled == !!enabled)
    return;

  key = dup_key (self);

  /* Nobody waits for it: at worst it has to be chosen again at the next start */
  dex_future_disown (porch_store_set_setting (self->store, key, enabled ? "1" : NULL));
  apply_enabled (self, !!enabled);
}

/**
 * porch_folder_watch_set_folder:
 * @self: a watch
 * @folder: (nullable): the folder, archive or project that the site was published from
 */
void
porch_folder_watch_set_folder (PorchFolderWatch *self,
                               GFile            *folder)
{
  g_return_if_fail (PORCH_IS_FOLDER_WATCH (self));
  g_return_if_fail (folder == NULL || G_IS_FILE (folder));

  if (self->folder == folder || (self->folder != NULL && folder != NULL && g_file_equal (self->folder, folder)))
    return;

  g_set_object (&self->folder, folder);
  forget (self);
}

/**
 * porch_folder_watch_set_release:
 * @self: a watch
 * @release: (nullable): the release to compare with, whose manifest the store knows
 */
void
porch_folder_watch_set_release (PorchFolderWatch *self,
                                const char       *release)
{
  g_return_if_fail (PORCH_IS_FOLDER_WATCH (self));

  if (g_set_str (&self->release, release))
    forget (self);
}

/**
 * porch_folder_watch_set_treatments:
 * @self: a watch
 * @treatments: (nullable): what is done to the copies that are sent
 */
void
porch_folder_watch_set_treatments (PorchFolderWatch *self,
                                   PorchTreatments  *treatments)
{
  g_return_if_fail (PORCH_IS_FOLDER_WATCH (self));

  if (porch_treatments_equal (self->treatments, treatments))
    return;

  g_clear_pointer (&self->treatments, porch_treatments_unref);
  self->treatments = treatments != NULL ? porch_treatments_ref (treatments) : NULL;
  forget (self);
}

/**
 * porch_folder_watch_set_paused:
 * @self: a watch
 * @paused: whether to let the folder alone for now, for instance because it is just being published
 */
void
porch_folder_watch_set_paused (PorchFolderWatch *self,
                               gboolean          paused)
{
  g_return_if_fail (PORCH_IS_FOLDER_WATCH (self));

  if (self->paused == !!paused)
    return;

  self->paused = !!paused;

  if (paused)
    g_clear_handle_id (&self->timer, g_source_remove);
  else if (self->again && self->looking == NULL)
    start (self);
}

/**
 * porch_folder_watch_look:
 * @self: a watch
 *
 * Looks now, unless it has just looked; for when somebody comes back to the window. Finds what no system tells of, such
 * as changes on a drive in the network.
 */
void
porch_folder_watch_look (PorchFolderWatch *self)
{
  gint64 rest;

  g_return_if_fail (PORCH_IS_FOLDER_WATCH (self));

  rest = MAX (FOCUS_USEC, self->cost * REST_FACTOR);

  if (self->looking != NULL || self->paused ||
      (self->n_looks > 0 && g_get_monotonic_time () < self->ended + rest))
    return;

  start (self);
}

/**
 * porch_folder_watch_get_state:
 * @self: a watch
 *
 * Returns: what is known of the folder
 */
PorchFolderWatchState
porch_folder_watch_get_state (PorchFolderWatch *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER_WATCH (self), PORCH_FOLDER_WATCH_UNKNOWN);

  return self->state;
}

/**
 * porch_folder_watch_get_problem:
 * @self: a watch
 *
 * Returns: (nullable): why the folder can't be published as it is, as a sentence
 */
const char *
porch_folder_watch_get_problem (PorchFolderWatch *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER_WATCH (self), NULL);

  return self->problem;
}

/**
 * porch_folder_watch_get_n_changes:
 * @self: a watch
 *
 * Returns: how many files were added, changed or removed
 */
guint
porch_folder_watch_get_n_changes (PorchFolderWatch *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER_WATCH (self), 0);

  return self->n_added + self->n_changed + self->n_removed;
}

guint
porch_folder_watch_get_n_added (PorchFolderWatch *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER_WATCH (self), 0);

  return self->n_added;
}

guint
porch_folder_watch_get_n_changed (PorchFolderWatch *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER_WATCH (self), 0);

  return self->n_changed;
}

guint
porch_folder_watch_get_n_removed (PorchFolderWatch *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER_WATCH (self), 0);

  return self->n_removed;
}

/**
 * porch_folder_watch_get_n_looks:
 * @self: a watch
 *
 * Returns: how often it has looked so far
 */
guint
porch_folder_watch_get_n_looks (PorchFolderWatch *self)
{
  g_return_val_if_fail (PORCH_IS_FOLDER_WATCH (self), 0);

  return self->n_looks;
}
