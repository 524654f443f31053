/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-sender.h"

#include "aws-s3.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-pace.h"
#include "porch-publish-store.h"

#include <glib/gi18n-lib.h>

/* Large files go in parts, several at once each, so few of them are enough to fill a line. */
#define MAX_LARGE 4
#define TICK_MSEC 100

struct _PorchSender
{
  GObject      parent_instance;

  PorchTarget *target;
  PorchFolder *folder;
  GArray      *transfers;    /* PorchTransfer */
  GQueue       small;        /* what is left to do, in this pass */
  GQueue       large;

  DexPromise  *stop;         /* rejected to end what is underway */
  DexPromise  *idle;         /* resolved when the last worker of a pass has ended */
  GError      *error;        /* the first one */

  PorchPace    pace;
  guint        n_workers;
  guint        n_large;
  guint        n_done;
  guint        n_sent;
  guint        n_copied;
  guint64      n_bytes;
  guint64      bytes_done;
  guint64      bytes_underway;
  guint64      bytes_sent;
};

/* One transfer that is underway */
typedef struct
{
  PorchSender         *sender;
  const PorchTransfer *transfer;
  guint64              bytes;
} Underway;

G_DEFINE_FINAL_TYPE (PorchSender, porch_sender, G_TYPE_OBJECT)

static void
porch_sender_dispose (GObject *object)
{
  PorchSender *self = PORCH_SENDER (object);

  g_queue_clear (&self->small);
  g_queue_clear (&self->large);
  dex_clear (&self->stop);
  dex_clear (&self->idle);
  g_clear_error (&self->error);
  g_clear_object (&self->target);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->transfers, g_array_unref);

  G_OBJECT_CLASS (porch_sender_parent_class)->dispose (object);
}

static void
porch_sender_class_init (PorchSenderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_sender_dispose;
}

static void
porch_sender_init (PorchSender *self)
{
  g_queue_init (&self->small);
  g_queue_init (&self->large);
  self->stop = dex_promise_new ();
}

static DexFuture *
until_stopped (PorchSender *self,
               DexFuture   *work)
{
  return dex_future_first (work, dex_ref (DEX_FUTURE (self->stop)), NULL);
}

static gboolean
is_stopping (PorchSender *self)
{
  return !dex_future_is_pending (DEX_FUTURE (self->stop));
}

static void
progress_cb (guint64  done,
             guint64  total,
             gpointer user_data)
{
  Underway *underway = user_data;

  underway->sender->bytes_underway += done - underway->bytes;
  underway->bytes = done;
}

static void
underway_free (gpointer data)
{
  Underway *underway = data;

  underway->sender->bytes_underway -= underway->bytes;
  g_object_unref (underway->sender);
  g_free (underway);
}

static Underway *
underway_new (PorchSender         *self,
              const PorchTransfer *transfer)
{
  Underway *underway = g_new0 (Underway, 1);

  underway->sender = g_object_ref (self);
  underway->transfer = transfer;

  return underway;
}

static AwsHeaders *
make_headers (const PorchManifestEntry *entry)
{
  AwsHeaders *headers = aws_headers_new ();

  aws_headers_set (headers, "Content-Type", entry->type);
  aws_headers_set (headers, "Cache-Control", entry->cache);

  return headers;
}

static gboolean
is_large (const PorchTransfer *transfer)
{
  return transfer->kind == PORCH_TRANSFER_SEND && transfer->entry->size >= AWS_S3_MULTIPART_FROM;
}

static gboolean
await_noted (PorchSender  *self,
             const char   *key,
             const char   *sha256,
             GError      **error)
{
  PorchStore *store = porch_target_get_store (self->target);

  return store == NULL ||
         dex_await (porch_publish_store_save_arrival (store, porch_target_get_site_id (self->target), key, sha256), error);
}

/* Of a file that was not read this time nobody knows the sums of its parts, so it must still be the one that was read; only
 * then it is noted as one that arrived. */
static gboolean
await_large (PorchSender          *self,
             const PorchTransfer  *transfer,
             const PorchFile      *file,
             GFile                *source,
             const char           *key,
             GError              **error)
{
  g_autoptr(AwsHeaders) headers = make_headers (transfer->entry);
  g_autoptr(AwsS3Object) object = NULL;
  AwsClient *client = porch_target_get_client (self->target);
  const char *bucket = porch_target_get_bucket (self->target);

  if (!dex_await (until_stopped (self, porch_folder_check_unchanged (self->folder, file)), error) ||
      !(object = dex_await_boxed (until_stopped (self, aws_s3_upload_file (client, bucket, key, source, file->size, file->parts, headers,
                                                                           progress_cb, underway_new (self, transfer),
                                                                           underway_free)),
                                  error)))
    return FALSE;

  if (!dex_await (porch_folder_check_unchanged (self->folder, file), error))
    {
      dex_await (aws_s3_delete_object (client, bucket, key), NULL);
      return FALSE;
    }

  return await_noted (self, key, file->sha256, error);
}

/* Other bytes arrived than the file held when it was read: more often than not it holds others now. Always %FALSE. */
static gboolean
await_reason (PorchSender      *self,
              const PorchFile  *file,
              GError          **error)
{
  g_autoptr(GError) changed = NULL;

  if (error != NULL && g_error_matches (*error, AWS_ERROR, AWS_ERROR_CHECKSUM) &&
      !dex_await (porch_folder_check_unchanged (self->folder, file), &changed))
    {
      g_clear_error (error);
      g_propagate_error (error, g_steal_pointer (&changed));
    }

  return FALSE;
}

static gboolean
await_sent (PorchSender          *self,
            const PorchTransfer  *transfer,
            GError              **error)
{
  const PorchFile *file = porch_folder_lookup (self->folder, transfer->entry->path);
  g_autofree char *key = porch_manifest_entry_build_key (transfer->entry);
  g_autofree char *filename = NULL;
  g_autoptr(AwsHeaders) headers = NULL;
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GFile) source = NULL;

  /* Carried over from the release before, and gone from there */
  if (file == NULL || !g_str_equal (file->sha256, transfer->entry->sha256))
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_INCOMPLETE,
                   _("“%s” of the version before is missing in the storage."), transfer->entry->path);
      return FALSE;
    }

  filename = porch_folder_build_filename (self->folder, file);
  source = g_file_new_for_path (filename);

  if (is_large (transfer) || file->size >= AWS_S3_MULTIPART_FROM)
    {
      if (!await_large (self, transfer, file, source, key, error))
        return FALSE;
    }
  else
    {
      headers = make_headers (transfer->entry);
      object = dex_await_boxed (until_stopped (self, aws_s3_put_file (porch_target_get_client (self->target),
                                                                      porch_target_get_bucket (self->target),
                                                                      key, source, file->size, file->sha256, headers,
                                                                      progress_cb, underway_new (self, transfer),
                                                                      underway_free)),
                                error);
      if (object == NULL)
        return await_reason (self, file, error);
    }

  self->n_sent++;
  self->bytes_sent += file->size;

  return TRUE;
}

static gboolean
await_copied (PorchSender          *self,
              const PorchTransfer  *transfer,
              GError              **error)
{
  g_autofree char *source = porch_manifest_entry_build_key (transfer->source);
  g_autofree char *key = porch_manifest_entry_build_key (transfer->entry);
  g_autoptr(AwsHeaders) headers = NULL;
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) local = NULL;
  const char *bucket = porch_target_get_bucket (self->target);

  if (!g_str_equal (transfer->source->type, transfer->entry->type) ||
      !g_str_equal (transfer->source->cache, transfer->entry->cache))
    headers = make_headers (transfer->entry);

  object = dex_await_boxed (until_stopped (self, aws_s3_copy_object (porch_target_get_client (self->target),
                                                                     bucket, source, bucket, key, headers)),
                            &local);

  /* An answer that does not name what was made: some servers take the request, and copy nothing. */
  if (object != NULL && aws_s3_object_get_etag (object) == NULL)
    return await_sent (self, transfer, error);

  if (object != NULL)
    {
      self->n_copied++;

      return transfer->entry->size < AWS_S3_MULTIPART_FROM || await_noted (self, key, transfer->entry->sha256, error);
    }

  /* Somebody removed it from the bucket, but we have the file. */
  if (g_error_matches (local, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    return await_sent (self, transfer, error);

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

/* What is about who publishes and not about a file */
static gboolean
concerns_all (const GError *error)
{
  return error->domain != AWS_ERROR ||
         error->code == AWS_ERROR_EXPIRED || error->code == AWS_ERROR_SIGNATURE || error->code == AWS_ERROR_UNKNOWN_KEY ||
         error->code == AWS_ERROR_CLOCK || error->code == AWS_ERROR_CREDENTIALS || error->code == AWS_ERROR_NO_SUCH_BUCKET ||
         error->code == AWS_ERROR_WRONG_REGION;
}

/* The error of one file says which. Of some it is more important what they are, so that stays. */
static GError *
explain (const PorchTransfer *transfer,
         GError              *error)
{
  GError *explained = NULL;
  const char *path = transfer->entry->path;

  if (error->domain == PORCH_ERROR || porch_error_is_cancelled (error))
    return error;

  /* Without an answer it was seen here: the file is not what it was. */
  if (g_error_matches (error, AWS_ERROR, AWS_ERROR_FILE) ||
      (g_error_matches (error, AWS_ERROR, AWS_ERROR_CHECKSUM) && aws_error_get_status (error) == 0))
    explained = g_error_new (PORCH_ERROR, PORCH_ERROR_FILE_CHANGED,
                             _("“%s” changed while it was being published, or can’t be read any more."), path);
  else if (g_error_matches (error, AWS_ERROR, AWS_ERROR_INVALID) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_CHECKSUM) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_SERVER) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_THROTTLED) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_TIMED_OUT) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_FAILED))
    explained = g_error_new (PORCH_ERROR, PORCH_ERROR_NOT_SENT, _("“%s” could not be sent: %s"), path, error->message);

  if (explained == NULL)
    {
      if (!concerns_all (error))
        g_prefix_error (&error, _("“%s” could not be sent: "), path);

      return error;
    }

  g_error_free (error);

  return explained;
}

static void
take_error (PorchSender *self,
            GError      *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);

  if (dex_future_is_pending (DEX_FUTURE (self->stop)))
    dex_promise_reject (self->stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped"));
}

static const PorchTransfer *
take_next (PorchSender *self)
{
  if (!g_queue_is_empty (&self->large) && self->n_large < MAX_LARGE)
    return g_queue_pop_head (&self->large);

  return g_queue_pop_head (&self->small);
}

static DexFuture *
worker_fiber (gpointer user_data)
{
  PorchSender *self = user_data;
  const PorchTransfer *transfer;

  while (!is_stopping (self) && self->n_workers <= self->pace.limit && (transfer = take_next (self)) != NULL)
    {
      GError *error = NULL;
      gboolean large = is_large (transfer);
      gboolean done;

      self->n_large += large;
      done = transfer->kind == PORCH_TRANSFER_SEND ? await_sent (self, transfer, &error) : await_copied (self, transfer, &error);
      self->n_large -= large;

      if (!done)
        {
          take_error (self, explain (transfer, error));
          break;
        }

      self->n_done++;
      if (transfer->kind == PORCH_TRANSFER_SEND)
        self->bytes_done += transfer->entry->size;
    }

  if (--self->n_workers == 0)
    dex_promise_resolve_boolean (self->idle, TRUE);

  return dex_future_new_true ();
}

static void
start_workers (PorchSender *self)
{
  guint left = self->small.length + self->large.length;

  while (!is_stopping (self) && self->n_workers < MIN (self->pace.limit, self->n_workers + left) && left > 0)
    {
      self->n_workers++;
      left--;

      /* They end by themselves, and the last one says so. */
      dex_future_disown (dex_scheduler_spawn (NULL, PORCH_FIBER_ROOM, worker_fiber, g_object_ref (self), g_object_unref));
    }
}

static guint64
count_units (PorchSender *self)
{
  return self->bytes_done + self->bytes_underway + (guint64) self->n_done * PORCH_PACE_TRANSFER_UNITS;
}

/* Copies of what is sent come after all is sent, so there are two passes. */
static gboolean
run_pass (PorchSender  *self,
          gboolean      second)
{
  for (guint i = 0; i < self->transfers->len; i++)
    {
      PorchTransfer *transfer = &g_array_index (self->transfers, PorchTransfer, i);

      if ((transfer->kind == PORCH_TRANSFER_COPY_SENT) == second)
        g_queue_push_tail (is_large (transfer) ? &self->large : &self->small, transfer);
    }

  if (g_queue_is_empty (&self->small) && g_queue_is_empty (&self->large))
    return TRUE;

  dex_clear (&self->idle);
  self->idle = dex_promise_new ();
  start_workers (self);

  while (self->n_workers > 0)
    {
      dex_await (dex_future_first (dex_ref (DEX_FUTURE (self->idle)), dex_timeout_new_msec (TICK_MSEC), NULL), NULL);
      porch_pace_tick (&self->pace, g_get_monotonic_time (), count_units (self),
                       aws_client_get_throttle_count (porch_target_get_client (self->target)));
      start_workers (self);
    }

  return self->error == NULL && !is_stopping (self);
}

static DexFuture *
run_fiber (gpointer user_data)
{
  PorchSender *self = user_data;

  porch_pace_init (&self->pace, g_get_monotonic_time ());
  self->pace.throttled = aws_client_get_throttle_count (porch_target_get_client (self->target));

  if (run_pass (self, FALSE) && run_pass (self, TRUE))
    return dex_future_new_true ();

  if (self->error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&self->error));

  return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped");
}

static void
stop_run (gpointer data)
{
  porch_sender_stop (data);
}

/**
 * porch_sender_new:
 * @target: where to
 * @folder: the scanned folder
 * @transfers: (element-type PorchTransfer): what to do
 *
 * Returns: (transfer full): a new sender
 */
PorchSender *
porch_sender_new (PorchTarget *target,
                  PorchFolder *folder,
                  GArray      *transfers)
{
  PorchSender *self;

  g_return_val_if_fail (PORCH_IS_TARGET (target), NULL);
  g_return_val_if_fail (PORCH_IS_FOLDER (folder), NULL);
  g_return_val_if_fail (transfers != NULL, NULL);

  self = g_object_new (PORCH_TYPE_SENDER, NULL);
  self->target = g_object_ref (target);
  self->folder = g_object_ref (folder);
  self->transfers = g_array_ref (transfers);

  for (guint i = 0; i < transfers->len; i++)
    {
      const PorchTransfer *transfer = &g_array_index (transfers, PorchTransfer, i);

      if (transfer->kind == PORCH_TRANSFER_SEND)
        self->n_bytes += transfer->entry->size;
    }

  return self;
}

/**
 * porch_sender_run:
 * @self: a sender, to be run once
 *
 * Returns: (transfer full): a future that resolves to %TRUE when everything has arrived, or is rejected with the first
 *   error; nothing more is begun then
 */
DexFuture *
porch_sender_run (PorchSender *self)
{
  dex_return_error_if_fail (PORCH_IS_SENDER (self));

  return porch_fiber_spawn (run_fiber, g_object_ref (self), g_object_unref, stop_run);
}

/**
 * porch_sender_stop:
 * @self: a sender
 *
 * Ends what is underway. What has arrived stays.
 */
void
porch_sender_stop (PorchSender *self)
{
  g_return_if_fail (PORCH_IS_SENDER (self));

  if (dex_future_is_pending (DEX_FUTURE (self->stop)))
    dex_promise_reject (self->stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped"));
}

guint
porch_sender_get_n_files (PorchSender *self)
{
  g_return_val_if_fail (PORCH_IS_SENDER (self), 0);

  return self->transfers->len;
}

guint
porch_sender_get_n_done (PorchSender *self)
{
  g_return_val_if_fail (PORCH_IS_SENDER (self), 0);

  return self->n_done;
}

guint64
porch_sender_get_n_bytes (PorchSender *self)
{
  g_return_val_if_fail (PORCH_IS_SENDER (self), 0);

  return self->n_bytes;
}

guint64
porch_sender_get_bytes_done (PorchSender *self)
{
  g_return_val_if_fail (PORCH_IS_SENDER (self), 0);

  return MIN (self->bytes_done + self->bytes_underway, self->n_bytes);
}

static guint64
count_all_units (PorchSender *self)
{
  return self->n_bytes + (guint64) self->transfers->len * PORCH_PACE_TRANSFER_UNITS;
}

double
porch_sender_get_fraction (PorchSender *self)
{
  g_return_val_if_fail (PORCH_IS_SENDER (self), 0);

  return self->transfers->len > 0 ? MIN (count_units (self) / (double) count_all_units (self), 1) : 1;
}

/**
 * porch_sender_get_seconds_left:
 * @self: a sender
 *
 * Returns: how long it will still take, or -1 as long as that can't be told
 */
int
porch_sender_get_seconds_left (PorchSender *self)
{
  guint64 all;
  guint64 done;

  g_return_val_if_fail (PORCH_IS_SENDER (self), -1);

  all = count_all_units (self);
  done = MIN (count_units (self), all);

  return porch_pace_seconds_left (&self->pace, g_get_monotonic_time (), all - done);
}

guint
porch_sender_get_n_sent (PorchSender *self)
{
  g_return_val_if_fail (PORCH_IS_SENDER (self), 0);

  return self->n_sent;
}

guint
porch_sender_get_n_copied (PorchSender *self)
{
  g_return_val_if_fail (PORCH_IS_SENDER (self), 0);

  return self->n_copied;
}

guint64
porch_sender_get_bytes_sent (PorchSender *self)
{
  g_return_val_if_fail (PORCH_IS_SENDER (self), 0);

  return self->bytes_sent;
}

