/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-ahead.h"

#include "porch-fiber.h"
#include "porch-manifest-private.h"
#include "porch-publish-store.h"
#include "porch-sender.h"

#include <string.h>

/* How much is taken on at once: when all is read, the rest of it is waited for before the files are compared. */
#define MAX_FILES 32
#define MAX_BYTES (64 * (guint64) 1024 * 1024)

#define TICK_MSEC 50

/* What is sent here is what a publish has sent that was stopped before it could compare: it is noted in the same way, and
 * found again in the same way. */
struct _PorchAhead
{
  GObject        parent_instance;

  PorchTarget   *target;
  PorchFolder   *folder;
  char          *note;
  char          *release;
  GHashTable    *known;      /* hashes of what is live, and of what was taken */
  GPtrArray     *waiting;    /* PorchFile of the folder, to be sent */
  GPtrArray     *taken;      /* likewise, sent or being sent */
  PorchSender   *sender;     /* of the batch that is underway, or NULL */
  DexPromise    *end;        /* resolved when nothing more is to be begun */
  guint64        bytes_sent;
  guint          n_sent;
  gboolean       is_stopping;
};

typedef struct
{
  PorchAhead    *ahead;
  PorchManifest *live;
} Run;

G_DEFINE_FINAL_TYPE (PorchAhead, porch_ahead, G_TYPE_OBJECT)

static void
porch_ahead_finalize (GObject *object)
{
  PorchAhead *self = PORCH_AHEAD (object);

  g_clear_object (&self->target);
  g_clear_object (&self->folder);
  g_clear_object (&self->sender);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->taken, g_ptr_array_unref);
  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->release, g_free);
  dex_clear (&self->end);

  G_OBJECT_CLASS (porch_ahead_parent_class)->finalize (object);
}

static void
porch_ahead_class_init (PorchAheadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = porch_ahead_finalize;
}

static void
porch_ahead_init (PorchAhead *self)
{
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->waiting = g_ptr_array_new ();
  self->taken = g_ptr_array_new ();
  self->end = dex_promise_new ();
}

static gboolean
is_over (PorchAhead *self)
{
  return !dex_future_is_pending (DEX_FUTURE (self->end));
}

static gboolean
has_ending (const char *path)
{
  const char *slash = strrchr (path, '/');

  return strchr (slash != NULL ? slash + 1 : path, '.') != NULL;
}

/* New bytes need a new object, whatever the rest of the folder holds; the same bytes under a second name are copied later.
 * A file without an ending is left to the plan of the whole release, which says how it is served. */
static void
take_hashed (PorchAhead *self)
{
  g_autoptr(GPtrArray) files = porch_folder_take_hashed (self->folder);

  for (guint i = 0; i < files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (files, i);

      if (has_ending (file->path) && g_hash_table_add (self->known, g_strdup (file->sha256)))
        g_ptr_array_add (self->waiting, (gpointer) file);
    }
}

static PorchManifest *
plan (PorchAhead *self,
      GPtrArray  *files)
{
  g_autoptr(PorchManifest) manifest = porch_manifest_new (self->release);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();

  for (guint i = 0; i < files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (files, i);

      porch_manifest_append (manifest, file->path, self->release, file->size, file->sha256, file->type,
                             porch_cache_rule_get_header (file->cache), NULL, FALSE);
    }

  porch_manifest_edit_summary (manifest)->date = g_date_time_format_iso8601 (now);

  return porch_manifest_finish (manifest, NULL, NULL) ? g_steal_pointer (&manifest) : NULL;
}

static GArray *
take_batch (PorchAhead     *self,
            PorchManifest **planned)
{
  GArray *transfers = g_array_new (FALSE, TRUE, sizeof (PorchTransfer));
  g_autoptr(GPtrArray) batch = g_ptr_array_new ();
  guint64 bytes = 0;

  while (self->waiting->len > 0 && batch->len < MAX_FILES && bytes < MAX_BYTES)
    {
      const PorchFile *file = g_ptr_array_steal_index (self->waiting, 0);

      bytes += file->size;
      g_ptr_array_add (batch, (gpointer) file);
      g_ptr_array_add (self->taken, (gpointer) file);
    }

  *planned = plan (self, batch);

  for (guint i = 0; *planned != NULL && i < porch_manifest_get_n_entries (*planned); i++)
    {
      PorchTransfer transfer = { PORCH_TRANSFER_SEND, porch_manifest_get_entry (*planned, i), NULL };

      g_array_append_val (transfers, transfer);
    }

  return transfers;
}

static gboolean
await_batch (PorchAhead  *self,
             GError     **error)
{
  g_autoptr(PorchManifest) planned = NULL;
  g_autoptr(GArray) transfers = take_batch (self, &planned);
  g_autoptr(PorchManifest) all = planned != NULL ? plan (self, self->taken) : NULL;
  gboolean done;

  if (all == NULL ||
      !dex_await (porch_publish_store_note_manifest (porch_target_get_store (self->target), porch_target_get_site_id (self->target),
                                                     all, porch_folder_get_root (self->folder), self->note),
                  error) ||
      self->is_stopping)
    return FALSE;

  self->sender = porch_sender_new (self->target, self->folder, transfers);
  done = dex_await (porch_sender_run (self->sender), error);
  self->n_sent += porch_sender_get_n_sent (self->sender);
  self->bytes_sent += porch_sender_get_bytes_sent (self->sender);
  g_clear_object (&self->sender);

  return done;
}

static void
add_known (PorchAhead    *self,
           PorchManifest *live)
{
  for (guint i = 0; live != NULL && i < porch_manifest_get_n_entries (live); i++)
    g_hash_table_add (self->known, g_strdup (porch_manifest_get_entry (live, i)->sha256));
}

/* What can't be sent now is tried again with all the others, and said then. */
static DexFuture *
run_fiber (gpointer user_data)
{
  Run *run = user_data;
  PorchAhead *self = run->ahead;
  g_autoptr(GError) error = NULL;

  add_known (self, run->live);

  while (!is_over (self) && error == NULL)
    {
      take_hashed (self);

      if (self->waiting->len > 0)
        {
          if (!await_batch (self, &error))
            break;
        }
      else
        dex_await (porch_ahead_until_ended (self, dex_timeout_new_msec (TICK_MSEC)), NULL);
    }

  if (error != NULL)
    g_debug ("Nothing more is sent before all is read: %s", error->message);

  return dex_future_new_true ();
}

static void
run_free (gpointer data)
{
  Run *run = data;

  g_object_unref (run->ahead);
  g_clear_object (&run->live);
  g_free (run);
}

static void
stop_run (gpointer data)
{
  Run *run = data;

  porch_ahead_stop (run->ahead);
}

/**
 * porch_ahead_new:
 * @target: where to; it must have a store
 * @folder: the folder that is being scanned
 * @note: (nullable): what the history is to say about it
 *
 * Returns: (transfer full): a new object, for a new release
 */
PorchAhead *
porch_ahead_new (PorchTarget *target,
                 PorchFolder *folder,
                 const char  *note)
{
  PorchAhead *self;

  g_return_val_if_fail (PORCH_IS_TARGET (target), NULL);
  g_return_val_if_fail (porch_target_get_store (target) != NULL, NULL);
  g_return_val_if_fail (PORCH_IS_FOLDER (folder), NULL);

  self = g_object_new (PORCH_TYPE_AHEAD, NULL);
  self->target = g_object_ref (target);
  self->folder = g_object_ref (folder);
  self->note = g_strdup (note);
  self->release = porch_release_id_new (NULL);

  return self;
}

/**
 * porch_ahead_run:
 * @self: an object, to be run once
 * @live: (nullable): the manifest of what is live
 *
 * Sends the files of the folder that are large and whose bytes are new, as soon as they are hashed, and notes them in the
 * journal of the store, until [method@Porch.Ahead.end]. Nothing goes live by it.
 *
 * Returns: (transfer full): a future that resolves to %TRUE when nothing is underway any more
 */
DexFuture *
porch_ahead_run (PorchAhead    *self,
                 PorchManifest *live)
{
  Run *run;

  dex_return_error_if_fail (PORCH_IS_AHEAD (self));

  run = g_new0 (Run, 1);
  run->ahead = g_object_ref (self);
  g_set_object (&run->live, live);

  return porch_fiber_spawn (run_fiber, run, run_free, stop_run);
}

/**
 * porch_ahead_until_ended:
 * @self: an object
 * @work: (transfer full): something to wait for
 *
 * Returns: (transfer full): a future that is completed with @work, or by [method@Porch.Ahead.end]
 */
DexFuture *
porch_ahead_until_ended (PorchAhead *self,
                         DexFuture  *work)
{
  dex_return_error_if_fail (PORCH_IS_AHEAD (self));

  return dex_future_first (work, dex_ref (DEX_FUTURE (self->end)), NULL);
}

/**
 * porch_ahead_end:
 * @self: an object
 *
 * Begins nothing more. What is underway is brought to its end.
 */
void
porch_ahead_end (PorchAhead *self)
{
  g_return_if_fail (PORCH_IS_AHEAD (self));

  if (!is_over (self))
    dex_promise_resolve_boolean (self->end, TRUE);
}

/**
 * porch_ahead_stop:
 * @self: an object
 *
 * Ends what is underway. What has arrived stays.
 */
void
porch_ahead_stop (PorchAhead *self)
{
  g_return_if_fail (PORCH_IS_AHEAD (self));

  self->is_stopping = TRUE;
  porch_ahead_end (self);

  if (self->sender != NULL)
    porch_sender_stop (self->sender);
}

guint
porch_ahead_get_n_sent (PorchAhead *self)
{
  g_return_val_if_fail (PORCH_IS_AHEAD (self), 0);

  return self->n_sent;
}

guint64
porch_ahead_get_bytes_sent (PorchAhead *self)
{
  g_return_val_if_fail (PORCH_IS_AHEAD (self), 0);

  return self->bytes_sent;
}
