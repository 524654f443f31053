/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-file-stream.h"

#include <string.h>

#include "aws-error-private.h"

#define CHUNK (256 * 1024)

/* A range of a file as the body of a request. libsoup asks for a few kilobytes at a time; reading them one by one
 * on a worker thread would cost more than sending them, and on the main thread would block it. So a worker fills a
 * chunk and what is asked for is copied out of that.
 */
struct _AwsFileStream
{
  GInputStream  parent_instance;

  GFile        *file;
  GInputStream *input;
  goffset       offset;
  goffset       left;

  guint8       *chunk;
  gsize         chunk_length;
  gsize         chunk_at;

  GError       *error;
};

G_DEFINE_FINAL_TYPE (AwsFileStream, aws_file_stream, G_TYPE_INPUT_STREAM)

static gboolean
open_file (AwsFileStream  *self,
           GCancellable   *cancellable,
           GError        **error)
{
  g_autoptr(GFileInputStream) input = NULL;

  if (self->input != NULL)
    return TRUE;

  if (!(input = g_file_read (self->file, cancellable, error)) ||
      (self->offset > 0 && !g_seekable_seek (G_SEEKABLE (input), self->offset, G_SEEK_SET, cancellable, error)))
    return FALSE;

  self->input = G_INPUT_STREAM (g_steal_pointer (&input));
  self->chunk = g_malloc (CHUNK);

  return TRUE;
}

/* Blocks; a file that has become shorter is an error, since its length was announced */
static gboolean
fill_chunk (AwsFileStream  *self,
            GCancellable   *cancellable,
            GError        **error)
{
  gssize got;

  if (!open_file (self, cancellable, error))
    return FALSE;

  got = g_input_stream_read (self->input, self->chunk, MIN (CHUNK, self->left), cancellable, error);
  if (got < 0)
    return FALSE;

  if (got == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "The file became shorter while it was sent");
      return FALSE;
    }

  self->chunk_at = 0;
  self->chunk_length = got;
  self->left -= got;

  return TRUE;
}

static gboolean
needs_chunk (AwsFileStream *self)
{
  return self->chunk_at == self->chunk_length && self->left > 0;
}

static gssize
copy_out (AwsFileStream *self,
          void          *buffer,
          gsize          count)
{
  gsize length = MIN (count, self->chunk_length - self->chunk_at);

  if (length > 0)
    memcpy (buffer, self->chunk + self->chunk_at, length);
  self->chunk_at += length;

  return length;
}

static void
keep_error (AwsFileStream *self,
            const GError  *error)
{
  g_autofree char *path = NULL;
  g_autofree char *message = NULL;

  if (self->error != NULL || aws_error_is_cancelled (error))
    return;

  path = g_file_get_parse_name (self->file);
  message = g_strdup_printf ("%s: %s", path, error->message);
  self->error = aws_error_new (AWS_ERROR_FILE, NULL, message, 0, NULL);
}

static gssize
aws_file_stream_read (GInputStream  *stream,
                      void          *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  AwsFileStream *self = AWS_FILE_STREAM (stream);
  g_autoptr(GError) local_error = NULL;

  if (needs_chunk (self) && !fill_chunk (self, cancellable, &local_error))
    {
      keep_error (self, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return -1;
    }

  return copy_out (self, buffer, count);
}

static void
fill_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;

  if (fill_chunk (source_object, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

typedef struct
{
  void  *buffer;
  gsize  count;
} Wish;

static void
filled_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  AwsFileStream *self = AWS_FILE_STREAM (object);
  g_autoptr(GTask) task = user_data;
  Wish *wish = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      keep_error (self, error);
      g_task_return_error (task, error);
      return;
    }

  g_task_return_int (task, copy_out (self, wish->buffer, wish->count));
}

static void
aws_file_stream_read_async (GInputStream        *stream,
                            void                *buffer,
                            gsize                count,
                            int                  io_priority,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  AwsFileStream *self = AWS_FILE_STREAM (stream);
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);
  g_autoptr(GTask) fill = NULL;
  Wish *wish;

  g_task_set_source_tag (task, aws_file_stream_read_async);
  g_task_set_priority (task, io_priority);

  if (!needs_chunk (self))
    {
      g_task_return_int (task, copy_out (self, buffer, count));
      return;
    }

  wish = g_new (Wish, 1);
  wish->buffer = buffer;
  wish->count = count;
  g_task_set_task_data (task, wish, g_free);

  fill = g_task_new (stream, cancellable, filled_cb, g_steal_pointer (&task));
  g_task_set_priority (fill, io_priority);
  g_task_run_in_thread (fill, fill_thread);
}

static gssize
aws_file_stream_read_finish (GInputStream  *stream,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
aws_file_stream_close (GInputStream  *stream,
                       GCancellable  *cancellable,
                       GError       **error)
{
  AwsFileStream *self = AWS_FILE_STREAM (stream);

  return self->input == NULL || g_input_stream_close (self->input, cancellable, error);
}

static void
aws_file_stream_finalize (GObject *object)
{
  AwsFileStream *self = AWS_FILE_STREAM (object);

  g_clear_object (&self->file);
  g_clear_object (&self->input);
  g_clear_pointer (&self->chunk, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (aws_file_stream_parent_class)->finalize (object);
}

static void
aws_file_stream_class_init (AwsFileStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = aws_file_stream_finalize;

  stream_class->read_fn = aws_file_stream_read;
  stream_class->read_async = aws_file_stream_read_async;
  stream_class->read_finish = aws_file_stream_read_finish;
  stream_class->close_fn = aws_file_stream_close;
}

static void
aws_file_stream_init (AwsFileStream *self)
{
}

/* Reads @length bytes of @file from @offset on; opens it when it is first read. */
GInputStream *
aws_file_stream_new (GFile   *file,
                     goffset  offset,
                     goffset  length)
{
  AwsFileStream *self = g_object_new (AWS_TYPE_FILE_STREAM, NULL);

  self->file = g_object_ref (file);
  self->offset = offset;
  self->left = length;

  return G_INPUT_STREAM (self);
}

/* What went wrong with the file, if that is why sending failed. */
const GError *
aws_file_stream_get_error (AwsFileStream *self)
{
  return self->error;
}
