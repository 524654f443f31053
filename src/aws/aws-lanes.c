/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-lanes.h"

#include "aws-error-private.h"
#include "aws-file-stream.h"
#include "aws-request-private.h"
#include "aws-response-private.h"
#include "aws-soup.h"

/* One main loop with one session carries some thousand small requests a second and no more, and each costs it the more the
 * more connections it holds. So what stores something in S3 goes over lanes: threads with a session and one connection each,
 * on which a request is sent and its file read without any main loop. Whatever is decided about the answer is decided where
 * it always is.
 */

#define LANES     128
#define IDLE_USEC (20 * G_USEC_PER_SEC)

/* How much more must be written before that is told */
#define STEP      (256 * 1024)

struct _AwsLanes
{
  gatomicrefcount  ref_count;
  GMainContext    *context;     /* where futures are resolved */

  GMutex           lock;        /* of all below */
  GCond            cond;
  GQueue           jobs;
  GQueue           moved;       /* jobs underway of which more was written, each once */
  GQueue           done;
  guint            n_lanes;
  guint            n_idle;
  gboolean         waking;
  gboolean         closed;
};

/* One request */
typedef struct
{
  AwsLanes       *lanes;
  DexPromise     *promise;
  GCancellable   *cancellable;
  AwsRequest     *request;
  SoupMessage    *message;
  GInputStream   *stream;       /* of the lane */
  guint           timeout;
  GTlsDatabase   *database;     /* or NULL when nothing is encrypted */

  AwsLanesFunc    wrote;
  gpointer        user_data;
  GDestroyNotify  notify;

  /* under the lock */
  guint64         written;
  guint64         told;
  gboolean        has_moved;

  guint64         reported;     /* of the main thread */
  AwsResponse    *response;
  GError         *error;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->notify != NULL)
    job->notify (job->user_data);
  dex_clear (&job->promise);
  g_clear_object (&job->cancellable);
  g_clear_object (&job->database);
  g_clear_object (&job->message);
  g_clear_pointer (&job->request, aws_request_unref);
  g_clear_pointer (&job->response, aws_response_unref);
  g_clear_error (&job->error);
  g_free (job);
}

static AwsLanes *
lanes_ref (AwsLanes *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
lanes_unref (gpointer data)
{
  AwsLanes *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_queue_clear (&self->moved);
  g_queue_clear_full (&self->jobs, job_free);
  g_queue_clear_full (&self->done, job_free);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_main_context_unref (self->context);
  g_free (self);
}

/* On the main thread */

static void
report (Job     *job,
        guint64  written)
{
  guint64 before = job->reported;

  if (written <= before || g_cancellable_is_cancelled (job->cancellable))
    return;

  job->reported = written;
  job->wrote (written - before, job->user_data);
}

static gboolean
deliver_cb (gpointer user_data)
{
  AwsLanes *self = user_data;
  g_autoptr(GArray) amounts = g_array_new (FALSE, FALSE, sizeof (guint64));
  GQueue moved;
  GQueue done;
  Job *job;

  g_mutex_lock (&self->lock);
  moved = self->moved;
  done = self->done;
  g_queue_init (&self->moved);
  g_queue_init (&self->done);
  self->waking = FALSE;
  for (GList *l = moved.head; l != NULL; l = l->next)
    {
      job = l->data;
      job->has_moved = FALSE;
      g_array_append_val (amounts, job->written);
    }
  g_mutex_unlock (&self->lock);

  for (guint i = 0; (job = g_queue_pop_head (&moved)) != NULL; i++)
    report (job, g_array_index (amounts, guint64, i));

  while ((job = g_queue_pop_head (&done)) != NULL)
    {
      report (job, job->written);
      if (job->response != NULL)
        dex_promise_resolve_boxed (job->promise, AWS_TYPE_RESPONSE, g_steal_pointer (&job->response));
      else
        dex_promise_reject (job->promise, g_steal_pointer (&job->error));
      job_free (job);
    }

  return G_SOURCE_REMOVE;
}

/* With the lock held. What comes in while the main thread is busy is delivered together. */
static void
wake (AwsLanes *self)
{
  GSource *source;

  if (self->waking)
    return;

  self->waking = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver_cb, lanes_ref (self), lanes_unref);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

/* On the threads */

static void
set_body (Job *job)
{
  guint64 length = aws_request_get_length (job->request);

  g_clear_object (&job->stream);
  if (length == 0)
    {
      soup_message_headers_set_content_length (soup_message_get_request_headers (job->message), 0);
      return;
    }

  job->stream = aws_request_open_body (job->request);
  soup_message_set_request_body (job->message, NULL, job->stream, length);
}

static void
wrote_body_data_cb (SoupMessage *message,
                    guint        length,
                    Job         *job)
{
  AwsLanes *self = job->lanes;

  g_mutex_lock (&self->lock);
  job->written += length;
  /* The end is told with the answer */
  if (!job->has_moved && job->written - job->told >= STEP && job->written < aws_request_get_length (job->request))
    {
      job->told = job->written;
      job->has_moved = TRUE;
      g_queue_push_tail (&self->moved, job);
      wake (self);
    }
  g_mutex_unlock (&self->lock);
}

/* Sent anew over another connection, since a kept one was closed by the other side */
static void
restarted_cb (SoupMessage *message,
              Job         *job)
{
  g_mutex_lock (&job->lanes->lock);
  job->written = job->told = 0;
  g_mutex_unlock (&job->lanes->lock);

  set_body (job);
}

static void
carry (SoupSession *session,
       Job         *job)
{
  g_autoptr(GBytes) body = NULL;
  const GError *file_error;

  if (soup_session_get_timeout (session) != job->timeout)
    soup_session_set_timeout (session, job->timeout);
  if (job->database != NULL && soup_session_get_tls_database (session) != job->database)
    soup_session_set_tls_database (session, job->database);

  set_body (job);
  g_signal_connect (job->message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), job);
  g_signal_connect (job->message, "restarted", G_CALLBACK (restarted_cb), job);

  body = soup_session_send_and_read (session, job->message, job->cancellable, &job->error);
  g_signal_handlers_disconnect_by_data (job->message, job);
  if (body != NULL && aws_soup_check_whole (job->message, g_bytes_get_size (body), &job->error))
    job->response = aws_response_new (job->message, body, 0);

  file_error = AWS_IS_FILE_STREAM (job->stream) ? aws_file_stream_get_error (AWS_FILE_STREAM (job->stream)) : NULL;
  if (job->response == NULL && file_error != NULL)
    {
      g_clear_error (&job->error);
      job->error = g_error_copy (file_error);
    }
  g_clear_object (&job->stream);
  g_clear_object (&job->message);
}

/* The next job, or NULL when none came for a while */
static Job *
take_job (AwsLanes *self,
          Job      *finished)
{
  gint64 until = g_get_monotonic_time () + IDLE_USEC;
  Job *job;

  g_mutex_lock (&self->lock);

  if (finished != NULL)
    {
      g_queue_push_tail (&self->done, finished);
      wake (self);
    }

  self->n_idle++;
  while ((job = g_queue_pop_head (&self->jobs)) == NULL && !self->closed &&
         g_cond_wait_until (&self->cond, &self->lock, until))
    ;
  self->n_idle--;
  if (job == NULL)
    self->n_lanes--;

  g_mutex_unlock (&self->lock);

  return job;
}

static gpointer
lane_thread (gpointer data)
{
  AwsLanes *self = data;
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(SoupSession) session = NULL;
  Job *job = NULL;

  g_main_context_push_thread_default (context);
  session = aws_soup_session_new (1, 1);
  while ((job = take_job (self, job)) != NULL)
    carry (session, job);

  soup_session_abort (session);
  g_clear_object (&session);
  g_main_context_pop_thread_default (context);
  lanes_unref (self);

  return NULL;
}

/* With the lock held. Fewer lanes than wanted are enough, but there must be one. */
static void
start_lane (AwsLanes *self)
{
  g_autoptr(GError) error = NULL;
  GThread *thread;
  Job *job;

  if (self->n_idle >= self->jobs.length || self->n_lanes >= LANES)
    return;

  if ((thread = g_thread_try_new ("aws-lane", lane_thread, lanes_ref (self), &error)))
    {
      self->n_lanes++;
      g_thread_unref (thread);
      return;
    }

  lanes_unref (self);
  if (self->n_lanes > 0)
    return;

  job = g_queue_pop_tail (&self->jobs);
  job->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, error->message);
  g_queue_push_tail (&self->done, job);
  wake (self);
}

/* Lanes for one client and its copies; a thread is started when there is something to send. Futures are resolved in the
 * main context of the caller. */
AwsLanes *
aws_lanes_new (void)
{
  AwsLanes *self = g_new0 (AwsLanes, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->context = g_main_context_ref_thread_default ();

  return self;
}

/* Lets go of the lanes (transfer full). Those that wait end at once, the others with what they do. */
void
aws_lanes_close (AwsLanes *self)
{
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);

  lanes_unref (self);
}

/* Whether a request is one for the lanes. */
gboolean
aws_lanes_take (AwsRequest *request)
{
  return g_str_equal (request->service->id, "s3") && g_str_equal (request->method, "PUT") && request->output == NULL;
}

static DexFuture *
keep (DexFuture *completed,
      gpointer   user_data)
{
  return NULL;
}

/* Sends @message (transfer full), which has all but the body of @request, that aws_lanes_take() takes. Timeout and
 * authorities are those of @session. Resolves to an AwsResponse, whatever its status, or rejects with `AWS_ERROR_FILE` or what
 * is wrong with the connection. @wrote is called on the main thread. Letting go of the future cancels it. */
DexFuture *
aws_lanes_send (AwsLanes       *self,
                SoupSession    *session,
                AwsRequest     *request,
                SoupMessage    *message,
                AwsLanesFunc    wrote,
                gpointer        user_data,
                GDestroyNotify  notify)
{
  DexPromise *promise = dex_promise_new_cancellable ();
  Job *job = g_new0 (Job, 1);

  job->lanes = self;
  job->promise = dex_ref (promise);
  job->cancellable = g_object_ref (dex_promise_get_cancellable (promise));
  job->request = aws_request_ref (request);
  job->message = message;
  job->timeout = soup_session_get_timeout (session);
  if (g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https"))
    g_set_object (&job->database, soup_session_get_tls_database (session));
  job->wrote = wrote;
  job->user_data = user_data;
  job->notify = notify;

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->jobs, job);
  start_lane (self);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);

  /* A promise that is let go goes on; a block on it that is let go cancels it */
  return dex_future_finally (DEX_FUTURE (promise), keep, NULL, NULL);
}
