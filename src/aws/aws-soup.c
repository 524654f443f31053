/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-soup.h"

#include "aws-error-private.h"
#include "aws-response-private.h"
#include "aws-thread.h"

#define CHUNK   (256 * 1024)
#define TIMEOUT 60

/* One above libsoup's own queue. When a kept connection turns out to be closed, libsoup sends the message over another
 * one by itself; up to 3.6.5 it must have been told of the closed connection before its queue is looked at again, or it
 * takes that for the end of the second try and frees the message while it is sent.
 */
#define PRIORITY (G_PRIORITY_DEFAULT - 1)

/* A session for signed requests. */
SoupSession *
aws_soup_session_new (guint connections,
                      guint connections_per_host)
{
  SoupSession *session = g_object_new (SOUP_TYPE_SESSION,
                                       "max-conns", connections,
                                       "max-conns-per-host", connections_per_host,
                                       "timeout", TIMEOUT,
                                       "user-agent", "Porchlight",
                                       NULL);

  /* What is stored compressed must arrive as it is stored, or its checksum would not fit */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);

  /* Requests are signed, nobody is to be asked for a password */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);

  return session;
}

/* A body on its way into a file: first into one beside it, which takes its place when it is complete */
typedef struct
{
  SoupMessage   *message;
  GFile         *file;
  GFile         *part;
  GInputStream  *input;
  GOutputStream *output;
  guint64        length;
  gboolean       closed;
} Download;

static void
download_clear (gpointer data)
{
  Download *self = data;

  if (self->output != NULL)
    g_output_stream_close (self->output, NULL, NULL);
  if (self->part != NULL)
    g_file_delete (self->part, NULL, NULL);

  g_clear_object (&self->message);
  g_clear_object (&self->file);
  g_clear_object (&self->part);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
}

static void
download_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, download_clear);
}

static DexFuture *
keep (DexFuture *completed,
      gpointer   user_data)
{
  return NULL;
}

/* A promise that is let go goes on; a block on it that is let go cancels it */
static DexFuture *
droppable (DexPromise *promise)
{
  return dex_future_finally (DEX_FUTURE (promise), keep, NULL, NULL);
}

/* libsoup takes the end of a connection for the end of the headers: then the length is missing, or the body. Services always
 * say how long an answer is, or send it in chunks. A session that decodes gets another length out of it. */
gboolean
aws_soup_check_whole (SoupMessage  *message,
                      guint64       length,
                      GError      **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint status = soup_message_get_status (message);
  gboolean whole;

  if (!SOUP_STATUS_IS_SUCCESSFUL (status) || status == SOUP_STATUS_NO_CONTENT)
    return TRUE;

  if (soup_message_get_method (message) == SOUP_METHOD_HEAD)
    whole = soup_message_headers_get_one (headers, "Date") != NULL || soup_message_headers_get_one (headers, "Content-Length") != NULL;
  else if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH)
    whole = length == (guint64) soup_message_headers_get_content_length (headers) ||
            (length > 0 && soup_message_headers_get_one (headers, "Content-Encoding") != NULL);
  else
    /* A page is none of a service's, and the sign-in pages of networks often end with their connection */
    whole = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED ||
            (length > 0 && g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), "text/html") == 0);

  if (!whole)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "The answer was cut off");

  return whole;
}

static void
send_and_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  g_autoptr(GBytes) body = NULL;
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (object), result);
  GError *error = NULL;

  body = soup_session_send_and_read_finish (SOUP_SESSION (object), result, &error);
  if (body == NULL || !aws_soup_check_whole (message, g_bytes_get_size (body), &error))
    {
      dex_promise_reject (promise, error);
      return;
    }

  dex_promise_resolve_boxed (promise, AWS_TYPE_RESPONSE, aws_response_new (message, body, 0));
}

static DexFuture *
send_and_read (SoupSession *session,
               SoupMessage *message)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  soup_session_send_and_read_async (session, message, PRIORITY,
                                    dex_promise_get_cancellable (promise),
                                    send_and_read_cb, dex_ref (promise));

  return droppable (promise);
}

static void
send_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  GError *error = NULL;
  GInputStream *input = soup_session_send_finish (SOUP_SESSION (object), result, &error);

  if (input != NULL)
    dex_promise_resolve_object (promise, input);
  else
    dex_promise_reject (promise, error);
}

static DexFuture *
send_only (SoupSession *session,
           SoupMessage *message)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  soup_session_send_async (session, message, PRIORITY,
                           dex_promise_get_cancellable (promise),
                           send_cb, dex_ref (promise));

  return droppable (promise);
}

static void
splice_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  GError *error = NULL;

  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (object), result, &error) >= 0)
    dex_promise_resolve_boxed (promise, G_TYPE_BYTES,
                               g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (object)));
  else
    dex_promise_reject (promise, error);
}

static DexFuture *
read_all (GInputStream *input)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  DexPromise *promise = dex_promise_new_cancellable ();

  g_output_stream_splice_async (memory, input,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, dex_promise_get_cancellable (promise),
                                splice_cb, dex_ref (promise));

  return droppable (promise);
}

static void
write_all_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, error);
}

static DexFuture *
write_all (GOutputStream *output,
           GBytes        *bytes)
{
  DexPromise *promise = dex_promise_new_cancellable ();
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  g_output_stream_write_all_async (output, data, length, G_PRIORITY_DEFAULT,
                                   dex_promise_get_cancellable (promise),
                                   write_all_cb, dex_ref (promise));

  /* The bytes must stay while they are written, also when nobody waits any more */
  g_object_set_data_full (G_OBJECT (dex_promise_get_cancellable (promise)), "bytes",
                          g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);

  return droppable (promise);
}

static DexFuture *
new_response (DexFuture *completed,
              gpointer   user_data)
{
  Download *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  GBytes *body = G_VALUE_HOLDS (value, G_TYPE_BYTES) ? g_value_get_boxed (value) : NULL;

  return dex_future_new_take_boxed (AWS_TYPE_RESPONSE, aws_response_new (self->message, body, self->length));
}

/* What goes wrong with the file here is no matter of the connection */
static DexFuture *
file_failed (DexFuture *completed,
             gpointer   user_data)
{
  Download *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_file_get_parse_name (self->file);
  g_autofree char *message = NULL;

  dex_future_get_value (completed, &error);
  if (aws_error_is_cancelled (error))
    return NULL;

  message = g_strdup_printf ("%s: %s", path, error->message);

  return dex_future_new_for_error (aws_error_new (AWS_ERROR_FILE, NULL, message, 0, NULL));
}

/* On a worker thread */
static DexFuture *
put_in_place (gpointer user_data)
{
  Download *self = user_data;
  GError *error = NULL;

  if (!g_output_stream_close (self->output, NULL, &error) ||
      !g_file_move (self->part, self->file, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

/* Turns between reading and writing until nothing is left to read */
static DexFuture *
copy_more (DexFuture *completed,
           gpointer   user_data)
{
  Download *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);

  if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    {
      GBytes *bytes = g_value_get_boxed (value);

      if (g_bytes_get_size (bytes) == 0)
        {
          GError *error = NULL;

          if (!aws_soup_check_whole (self->message, self->length, &error))
            return dex_future_new_for_error (error);

          self->closed = TRUE;
          return dex_future_catch (aws_thread_run (put_in_place, g_atomic_rc_box_acquire (self), download_unref),
                                   file_failed,
                                   g_atomic_rc_box_acquire (self), download_unref);
        }

      self->length += g_bytes_get_size (bytes);
      return dex_future_catch (write_all (self->output, bytes),
                               file_failed,
                               g_atomic_rc_box_acquire (self), download_unref);
    }

  if (self->closed)
    return NULL;

  return dex_input_stream_read_bytes (self->input, CHUNK, G_PRIORITY_DEFAULT);
}

static DexFuture *
file_opened (DexFuture *completed,
             gpointer   user_data)
{
  Download *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);

  self->output = g_value_dup_object (value);

  return dex_future_then_loop (dex_input_stream_read_bytes (self->input, CHUNK, G_PRIORITY_DEFAULT),
                               copy_more,
                               g_atomic_rc_box_acquire (self), download_unref);
}

static GFile *
new_part (GFile *file)
{
  g_autoptr(GFile) folder = g_file_get_parent (file);
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_strdup_printf (".%s.%08x.part", base, g_random_int ());

  return g_file_get_child (folder, name);
}

static DexFuture *
answer_begun (DexFuture *completed,
              gpointer   user_data)
{
  Download *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  DexFuture *future;

  self->input = g_value_dup_object (value);

  if (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (self->message)))
    {
      self->part = new_part (self->file);
      future = dex_file_replace (self->part, NULL, FALSE, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT);
      future = dex_future_catch (future, file_failed, g_atomic_rc_box_acquire (self), download_unref);
      future = dex_future_then (future, file_opened, g_atomic_rc_box_acquire (self), download_unref);
    }
  else
    {
      future = read_all (self->input);
    }

  return dex_future_then (future, new_response, g_atomic_rc_box_acquire (self), download_unref);
}

/* Sends a message. Resolves to an AwsResponse, whatever its status; letting go of the future cancels it. With @output,
 * the body of a success goes to that file, which is replaced when all of it has arrived. */
DexFuture *
aws_soup_send (SoupSession *session,
               SoupMessage *message,
               GFile       *output)
{
  Download *download;

  if (output == NULL)
    return send_and_read (session, message);

  download = g_atomic_rc_box_new0 (Download);
  download->message = g_object_ref (message);
  download->file = g_object_ref (output);

  return dex_future_then (send_only (session, message), answer_begun, download, download_unref);
}
