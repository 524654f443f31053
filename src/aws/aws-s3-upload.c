/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-checksum.h"
#include "aws-s3-private.h"

#define PARTS_UNDERWAY 4
#define MEGABYTE       (1024 * 1024)

/* A large file on its way: an upload that is begun or taken up again, and parts that are sent side by side. */
typedef struct
{
  AwsClient       *client;
  char            *bucket;
  char            *key;
  GFile           *file;
  goffset          size;
  GBytes          *sums;        /* nullable; SHA-256 of each part of the usual size */
  AwsHeaders      *headers;
  AwsProgressFunc  progress;
  gpointer         progress_data;
  GDestroyNotify   progress_notify;

  char            *upload_id;
  goffset          part_size;
  guint            n_parts;
  guint            next;        /* the first part that nobody has taken */
  GPtrArray       *arrived;     /* AwsS3Part, of an earlier run */
  GPtrArray       *parts;       /* AwsS3Part, good for this one */
  guint64         *sent;        /* of each part */
} Upload;

/* One of those who send parts */
typedef struct
{
  Upload    *upload;
  AwsS3Part *known;
  guint      number;
} Worker;

/* The part that a progress function is about */
typedef struct
{
  Upload *upload;
  guint   number;
} PartProgress;

static void
upload_clear (gpointer data)
{
  Upload *self = data;

  if (self->progress_notify != NULL)
    self->progress_notify (self->progress_data);
  g_clear_object (&self->client);
  g_clear_pointer (&self->bucket, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_object (&self->file);
  g_clear_pointer (&self->sums, g_bytes_unref);
  g_clear_pointer (&self->headers, aws_headers_unref);
  g_clear_pointer (&self->upload_id, g_free);
  g_clear_pointer (&self->arrived, g_ptr_array_unref);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->sent, g_free);
}

static void
upload_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, upload_clear);
}

static void
worker_clear (gpointer data)
{
  Worker *worker = data;

  g_clear_pointer (&worker->upload, upload_unref);
  g_clear_pointer (&worker->known, aws_s3_part_unref);
}

static void
worker_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, worker_clear);
}

static void
part_progress_free (gpointer data)
{
  PartProgress *progress = data;

  upload_unref (progress->upload);
  g_free (progress);
}

static void
report (Upload  *self,
        guint    number,
        guint64  sent)
{
  guint64 done = 0;

  self->sent[number - 1] = sent;
  if (self->progress == NULL)
    return;

  for (guint i = 0; i < self->n_parts; i++)
    done += self->sent[i];
  self->progress (done, self->size, self->progress_data);
}

static void
part_progress_cb (guint64  done,
                  guint64  total,
                  gpointer user_data)
{
  PartProgress *progress = user_data;

  report (progress->upload, progress->number, done);
}

static goffset
part_length (Upload *self,
             guint   number)
{
  goffset offset = (goffset) (number - 1) * self->part_size;

  return MIN (self->part_size, self->size - offset);
}

static AwsS3Part *
find_arrived (Upload *self,
              guint   number)
{
  for (guint i = 0; self->arrived != NULL && i < self->arrived->len; i++)
    {
      AwsS3Part *part = g_ptr_array_index (self->arrived, i);

      if (aws_s3_part_get_number (part) == number && aws_s3_part_get_checksum (part) != NULL &&
          aws_s3_part_get_size (part) == (guint64) part_length (self, number))
        return part;
    }

  return NULL;
}

/* NULL if it isn't known, or the parts are of another size */
static char *
dup_sha256 (Upload *self,
            guint   number)
{
  gsize offset = (gsize) (number - 1) * AWS_SHA256_SIZE;
  gsize length = self->sums != NULL ? g_bytes_get_size (self->sums) : 0;

  if (self->part_size != AWS_S3_PART || offset + AWS_SHA256_SIZE > length)
    return NULL;

  return aws_hex_encode ((const guint8 *) g_bytes_get_data (self->sums, NULL) + offset, AWS_SHA256_SIZE);
}

static DexFuture *
send_part (Worker *worker)
{
  Upload *self = worker->upload;
  PartProgress *progress = g_new0 (PartProgress, 1);
  g_autofree char *sha256 = dup_sha256 (self, worker->number);

  progress->upload = g_atomic_rc_box_acquire (self);
  progress->number = worker->number;

  return aws_s3_upload_part (self->client, self->bucket, self->key, self->upload_id, worker->number, self->file,
                             (goffset) (worker->number - 1) * self->part_size, part_length (self, worker->number),
                             sha256, part_progress_cb, progress, part_progress_free);
}

/* A part that has arrived earlier counts if the file still has the same bytes there */
static DexFuture *
compare_part (DexFuture *completed,
              gpointer   user_data)
{
  Worker *worker = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  AwsFileSums *sums = g_value_get_boxed (value);
  g_autofree char *checksum = aws_crc64nvme_base64 (sums->crc64nvme);

  if (!g_str_equal (checksum, aws_s3_part_get_checksum (worker->known)))
    return send_part (worker);

  return dex_future_new_take_boxed (AWS_TYPE_S3_PART, aws_s3_part_ref (worker->known));
}

static DexFuture *
begin_part (Worker *worker)
{
  Upload *self = worker->upload;
  AwsS3Part *known;

  worker->number = self->next++;
  known = find_arrived (self, worker->number);
  if (known == NULL)
    return send_part (worker);

  g_clear_pointer (&worker->known, aws_s3_part_unref);
  worker->known = aws_s3_part_ref (known);

  return dex_future_then (aws_file_sums_load (self->file, (goffset) (worker->number - 1) * self->part_size,
                                              part_length (self, worker->number), NULL),
                          compare_part,
                          g_atomic_rc_box_acquire (worker), worker_unref);
}

static DexFuture *
part_done (DexFuture *completed,
           gpointer   user_data)
{
  Worker *worker = user_data;
  Upload *self = worker->upload;
  const GValue *value = dex_future_get_value (completed, NULL);

  g_ptr_array_add (self->parts, g_value_dup_boxed (value));
  report (self, worker->number, part_length (self, worker->number));

  return self->next <= self->n_parts ? begin_part (worker) : NULL;
}

static DexFuture *
complete (DexFuture *completed,
          gpointer   user_data)
{
  Upload *self = user_data;

  return aws_s3_complete_upload (self->client, self->bucket, self->key, self->upload_id, self->parts, NULL);
}

static DexFuture *
send_parts (Upload *self)
{
  g_autoptr(GPtrArray) workers = g_ptr_array_new_with_free_func (dex_unref);
  DexFuture *all;

  self->n_parts = (self->size + self->part_size - 1) / self->part_size;
  self->next = 1;
  self->sent = g_new0 (guint64, self->n_parts);

  while (workers->len < PARTS_UNDERWAY && self->next <= self->n_parts)
    {
      Worker *worker = g_atomic_rc_box_new0 (Worker);

      worker->upload = g_atomic_rc_box_acquire (self);
      g_ptr_array_add (workers, dex_future_then_loop (begin_part (worker), part_done, worker, worker_unref));
    }

  all = dex_future_all_racev ((DexFuture * const *) workers->pdata, workers->len);

  return dex_future_then (all, complete, g_atomic_rc_box_acquire (self), upload_unref);
}

static goffset
choose_part_size (goffset size)
{
  goffset needed = (size + AWS_S3_MAX_PARTS - 1) / AWS_S3_MAX_PARTS;

  /* In whole megabytes, so that what a later version chooses fits better */
  return MAX (AWS_S3_PART, (needed + MEGABYTE - 1) / MEGABYTE * MEGABYTE);
}

static DexFuture *
begun (DexFuture *completed,
       gpointer   user_data)
{
  Upload *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);

  self->upload_id = g_value_dup_string (value);
  self->part_size = choose_part_size (self->size);

  return send_parts (self);
}

static DexFuture *
begin (Upload *self)
{
  g_clear_pointer (&self->upload_id, g_free);
  g_clear_pointer (&self->arrived, g_ptr_array_unref);

  return dex_future_then (aws_s3_create_upload (self->client, self->bucket, self->key, self->headers),
                          begun, g_atomic_rc_box_acquire (self), upload_unref);
}

static DexFuture *
aborted (DexFuture *completed,
         gpointer   user_data)
{
  return begin (user_data);
}

/* The parts that have arrived are of no use; where they can't be removed, the service forgets them some day */
static DexFuture *
begin_anew (Upload *self)
{
  return dex_future_finally (aws_s3_abort_upload (self->client, self->bucket, self->key, self->upload_id),
                             aborted, g_atomic_rc_box_acquire (self), upload_unref);
}

/* Not every server lists what is unfinished, and not everybody may see the list; but what can't be known just now is no
 * reason to send everything again */
static gboolean
is_refused (const GError *error)
{
  guint status = aws_error_get_status (error);

  return !g_error_matches (error, AWS_ERROR, AWS_ERROR_EXPIRED) && ((status >= 400 && status < 500) || status == 501);
}

static goffset
find_longest (GPtrArray *parts)
{
  goffset longest = 0;

  for (guint i = 0; i < parts->len; i++)
    longest = MAX (longest, (goffset) aws_s3_part_get_size (g_ptr_array_index (parts, i)));

  return longest;
}

/* Whether all that have arrived have the length their place asks for; there may be but the last one, which is short */
static gboolean
all_fit (Upload *self)
{
  for (guint i = 0; i < self->arrived->len; i++)
    {
      AwsS3Part *part = g_ptr_array_index (self->arrived, i);
      guint number = aws_s3_part_get_number (part);

      if ((goffset) (number - 1) * self->part_size >= self->size ||
          aws_s3_part_get_size (part) != (guint64) part_length (self, number))
        return FALSE;
    }

  return TRUE;
}

/* Parts are as long as they are made now, or else the longest one says how long they were made then; those that have the
 * length their place asks for can be used */
static DexFuture *
parts_listed (DexFuture *completed,
              gpointer   user_data)
{
  Upload *self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);
  goffset longest;

  if (value == NULL)
    return is_refused (error) ? begin (self) : dex_future_new_for_error (g_steal_pointer (&error));

  self->arrived = g_value_dup_boxed (value);
  self->part_size = choose_part_size (self->size);

  if (!all_fit (self))
    {
      longest = find_longest (self->arrived);
      if (longest < AWS_S3_MIN_PART || (self->size + longest - 1) / longest > AWS_S3_MAX_PARTS)
        return begin_anew (self);

      self->part_size = longest;
    }

  return send_parts (self);
}

static DexFuture *
uploads_listed (DexFuture *completed,
                gpointer   user_data)
{
  Upload *self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);
  GPtrArray *uploads = value != NULL ? g_value_get_boxed (value) : NULL;

  if (value == NULL && !is_refused (error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (guint i = uploads != NULL ? uploads->len : 0; i > 0; i--)
    {
      AwsS3Upload *upload = g_ptr_array_index (uploads, i - 1);

      if (g_strcmp0 (aws_s3_upload_get_key (upload), self->key) == 0)
        {
          self->upload_id = g_strdup (aws_s3_upload_get_upload_id (upload));

          return dex_future_finally (aws_s3_list_parts (self->client, self->bucket, self->key, self->upload_id),
                                     parts_listed, g_atomic_rc_box_acquire (self), upload_unref);
        }
    }

  return begin (self);
}

/**
 * aws_s3_upload_file:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 * @file: the file to send
 * @size: its size
 * @sums: (nullable): the SHA-256s of its parts of %AWS_S3_PART bytes, if they are known
 * @headers: (nullable): headers to store with the object
 * @progress: (nullable): called as it is sent
 * @progress_data: given to it
 * @progress_notify: (nullable): frees @progress_data
 *
 * Stores a file of any size: a large one in parts, some side by side. If an upload of the same key was left
 * unfinished, its parts are used where the file still has the same content. Stopping it leaves what has arrived for the next time.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Object], or rejects with an `AWS_ERROR`: `CHECKSUM` if a part is not
 *   what @sums say
 */
DexFuture *
aws_s3_upload_file (AwsClient       *client,
                    const char      *bucket,
                    const char      *key,
                    GFile           *file,
                    goffset          size,
                    GBytes          *sums,
                    AwsHeaders      *headers,
                    AwsProgressFunc  progress,
                    gpointer         progress_data,
                    GDestroyNotify   progress_notify)
{
  Upload *self;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (G_IS_FILE (file));
  dex_return_error_if_fail (size >= 0);

  if (size < AWS_S3_MULTIPART_FROM)
    return aws_s3_put_file (client, bucket, key, file, size, NULL, headers, progress, progress_data, progress_notify);

  self = g_atomic_rc_box_new0 (Upload);
  self->client = g_object_ref (client);
  self->bucket = g_strdup (bucket);
  self->key = g_strdup (key);
  self->file = g_object_ref (file);
  self->size = size;
  self->sums = sums != NULL ? g_bytes_ref (sums) : NULL;
  self->headers = headers != NULL ? aws_headers_copy (headers) : NULL;
  self->progress = progress;
  self->progress_data = progress_data;
  self->progress_notify = progress_notify;
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_s3_part_unref);

  return dex_future_finally (aws_s3_list_uploads (client, bucket, key), uploads_listed, self, upload_unref);
}
