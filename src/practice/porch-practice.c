/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "aws-json.h"
#include "porch-practice-internet.h"
#include "porch-practice-mail.h"
#include "porch-practice-server.h"

#define LOCK_TRIES  50
#define LOCK_PAUSE  100000   /* µs */

/* Things that take minutes at AWS take a hundredth of it here */
#define DEFAULT_DELAYS 0.01

/**
 * PorchPractice:
 *
 * The practice cloud: AWS's wire protocols and an edge on this computer, for one state folder.
 *
 * It runs on a thread of its own from porch_practice_start() to porch_practice_stop(). When another process (or
 * another object) serves the same state folder already, it attaches to that one instead: endpoint and keys are the
 * same, and so is everything in it.
 */
struct _PorchPractice
{
  GObject        parent_instance;

  GFile         *folder;
  char          *faults;
  guint          port;
  double         delay_factor;

  int            lock;         /* -1 without one */
  gboolean       attached;
  char          *endpoint;
  char          *name_server;
  char          *access_key_id;
  char          *secret_access_key;

  GThread       *thread;
  GMainContext  *context;
  GMainLoop     *loop;         /* runs while it serves */
  Practice      *practice;     /* the thread's, while it serves */
  DexPromise    *started;
  DexPromise    *stopped;
  gboolean       trace;
  GMutex         lock_held;
  DexPromise    *held;         /* resolved when a fault holds a call */
};

/* What another thread asks the server's to do; it waits for the answer. */
typedef struct
{
  PorchPractice   *self;
  PracticeFaults  *faults;
  GPtrArray       *trace;
  gint64           seconds;
  GError          *error;
  GAsyncQueue     *done;
} Order;

G_DEFINE_QUARK (porch-practice-error-quark, porch_practice_error)
G_DEFINE_FINAL_TYPE (PorchPractice, porch_practice, G_TYPE_OBJECT)

static gboolean
fail_state (PorchPractice  *self,
            const char     *what,
            GError        **error)
{
  g_set_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_STATE,
               "%s “%s”: %s", what, g_file_peek_path (self->folder), g_strerror (errno));

  return FALSE;
}

/* The lock file holds what others need to attach; only the owner of the folder can read it. */

static gboolean
write_lock (PorchPractice  *self,
            Practice       *practice,
            GError        **error)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GBytes) bytes = NULL;
  gssize size;

  json_object_set_string_member (object, "endpoint", practice->endpoint);
  json_object_set_string_member (object, "accessKeyId", practice->access_key_id);
  json_object_set_string_member (object, "secretAccessKey", practice->secret_access_key);
  json_object_set_string_member (object, "region", practice->region);
  json_object_set_string_member (object, "nameServer", practice_internet_get_server (practice));
  bytes = aws_json_object_to_bytes (object);
  size = (gssize) g_bytes_get_size (bytes);

  if (ftruncate (self->lock, 0) != 0 ||
      pwrite (self->lock, g_bytes_get_data (bytes, NULL), size, 0) != size)
    return fail_state (self, "Can’t write to the folder", error);

  return TRUE;
}

static gboolean
read_lock (PorchPractice *self,
           int            fd)
{
  char text[4096];
  gssize size = pread (fd, text, sizeof text, 0);
  g_autoptr(GBytes) bytes = g_bytes_new (text, MAX (size, 0));
  g_autoptr(JsonObject) object = size > 0 ? aws_json_load_object (bytes, NULL) : NULL;

  if (object == NULL || aws_json_get_string (object, "endpoint") == NULL)
    return FALSE;

  g_set_str (&self->endpoint, aws_json_get_string (object, "endpoint"));
  g_set_str (&self->access_key_id, aws_json_get_string (object, "accessKeyId"));
  g_set_str (&self->secret_access_key, aws_json_get_string (object, "secretAccessKey"));
  g_set_str (&self->name_server, aws_json_get_string (object, "nameServer"));

  return TRUE;
}

/* Takes the lock, or attaches to whoever has it. */
static gboolean
take_lock (PorchPractice  *self,
           GError        **error)
{
  g_autofree char *path = g_build_filename (g_file_peek_path (self->folder), "lock", NULL);
  int fd;

  if (g_mkdir_with_parents (g_file_peek_path (self->folder), 0700) != 0)
    return fail_state (self, "Can’t make the folder", error);
  if ((fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0)
    return fail_state (self, "Can’t write to the folder", error);

  /* between taking the lock and listening, the other one has nothing to tell yet */
  for (guint i = 0; i < LOCK_TRIES; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        {
          self->lock = fd;
          if (ftruncate (fd, 0) != 0)
            return fail_state (self, "Can’t write to the folder", error);

          return TRUE;
        }

      if (read_lock (self, fd))
        {
          self->attached = TRUE;
          close (fd);

          return TRUE;
        }

      g_usleep (LOCK_PAUSE);
    }

  close (fd);
  g_set_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_STATE,
               "The folder “%s” is in use by a practice cloud that does not say where it listens",
               g_file_peek_path (self->folder));

  return FALSE;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static void
call_held_cb (gpointer data)
{
  PorchPractice *self = data;
  g_autoptr(DexPromise) held = NULL;

  g_mutex_lock (&self->lock_held);
  held = dex_ref (self->held);
  g_mutex_unlock (&self->lock_held);

  if (dex_future_is_pending (DEX_FUTURE (held)))
    dex_promise_resolve_boolean (held, TRUE);
}

static void
start_trace (Practice *practice)
{
  practice->trace = g_ptr_array_new_null_terminated (0, g_free, TRUE);
}

static void
serve (PorchPractice *self)
{
  g_autoptr(GError) error = NULL;
  Practice *practice = practice_new (g_file_peek_path (self->folder), self->context, self->port,
                                     self->faults, self->delay_factor, &error);

  if (practice == NULL || !write_lock (self, practice, &error))
    {
      g_clear_pointer (&practice, practice_free);
      dex_promise_reject (self->started, g_steal_pointer (&error));

      return;
    }

  g_set_str (&self->endpoint, practice->endpoint);
  g_set_str (&self->access_key_id, practice->access_key_id);
  g_set_str (&self->secret_access_key, practice->secret_access_key);
  g_set_str (&self->name_server, practice_internet_get_server (practice));
  practice->call_held = call_held_cb;
  practice->call_held_data = self;
  if (self->trace)
    start_trace (practice);
  self->practice = practice;
  dex_promise_resolve_boolean (self->started, TRUE);

  g_main_loop_run (self->loop);
  self->practice = NULL;
  practice_free (practice);
}

static gpointer
run_thread (gpointer data)
{
  PorchPractice *self = data;
  g_autoptr(GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  if (!take_lock (self, &error))
    dex_promise_reject (self->started, g_steal_pointer (&error));
  else if (self->attached)
    dex_promise_resolve_boolean (self->started, TRUE);
  else
    serve (self);

  /* what the server left to do, such as closing connections */
  while (g_main_context_iteration (self->context, FALSE))
    ;

  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
  g_main_context_pop_thread_default (self->context);
  dex_promise_resolve_boolean (self->stopped, TRUE);

  return NULL;
}

static void
end_thread (PorchPractice *self)
{
  g_autoptr(GSource) source = NULL;

  if (self->thread == NULL)
    return;

  source = g_idle_source_new ();
  g_source_set_callback (source, quit_cb, g_main_loop_ref (self->loop), (GDestroyNotify) g_main_loop_unref);
  g_source_attach (source, self->context);
  g_thread_join (g_steal_pointer (&self->thread));
}

static void
porch_practice_finalize (GObject *object)
{
  PorchPractice *self = PORCH_PRACTICE (object);

  end_thread (self);
  dex_clear (&self->started);
  dex_clear (&self->stopped);
  dex_clear (&self->held);
  g_mutex_clear (&self->lock_held);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->folder);
  g_free (self->faults);
  g_free (self->endpoint);
  g_free (self->name_server);
  g_free (self->access_key_id);
  g_free (self->secret_access_key);

  G_OBJECT_CLASS (porch_practice_parent_class)->finalize (object);
}

static void
porch_practice_class_init (PorchPracticeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_practice_finalize;
}

static void
porch_practice_init (PorchPractice *self)
{
  self->lock = -1;
  self->delay_factor = DEFAULT_DELAYS;
  self->held = dex_promise_new ();
  g_mutex_init (&self->lock_held);
}

/**
 * porch_practice_new:
 * @state_folder: where everything is kept; made when it is missing
 *
 * Returns: (transfer full): a practice cloud that is not started
 */
PorchPractice *
porch_practice_new (GFile *state_folder)
{
  PorchPractice *self;

  g_return_val_if_fail (G_IS_FILE (state_folder), NULL);

  self = g_object_new (PORCH_TYPE_PRACTICE, NULL);
  self->folder = g_object_ref (state_folder);

  return self;
}

/**
 * porch_practice_set_port:
 * @self: a practice cloud that is not started
 * @port: the port to listen on; 0 for the one of the last time, or a free one when that is taken
 *
 * The port is part of every site's address.
 */
void
porch_practice_set_port (PorchPractice *self,
                         guint          port)
{
  g_return_if_fail (PORCH_IS_PRACTICE (self));
  g_return_if_fail (self->thread == NULL);

  self->port = port;
}

static gboolean
take_faults (gpointer data)
{
  Order *order = data;

  if (order->self->practice != NULL)
    practice_take_faults (order->self->practice, order->faults);
  g_async_queue_push (order->done, order);

  return G_SOURCE_REMOVE;
}

static gboolean
take_trace (gpointer data)
{
  Order *order = data;

  order->trace = g_steal_pointer (&order->self->practice->trace);
  start_trace (order->self->practice);
  g_async_queue_push (order->done, order);

  return G_SOURCE_REMOVE;
}

/* The server's thread never works long on anything. An order comes before all that was asked of it, or after. */
static void
give_order (Order       *order,
            int          priority,
            GSourceFunc  function)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  order->done = g_async_queue_new ();
  g_source_set_priority (source, priority);
  g_source_set_callback (source, function, order, NULL);
  g_source_attach (source, order->self->context);
  g_async_queue_pop (order->done);
  g_clear_pointer (&order->done, g_async_queue_unref);
}

/**
 * porch_practice_set_faults:
 * @self: a practice cloud, running or not, but not attached to another one
 * @spec: (nullable): rules such as `op=PutObject,rate=0.1,status=503;op=PutKey,etag=stale,times=1`
 * @error: set to %PORCH_PRACTICE_ERROR_FAULTS with the item that is not understood
 *
 * Makes some calls go wrong, for tests. A rule chooses calls (`op=`, `service=`, `rate=`, `after=`, `times=`, `at=`,
 * `seed=`) and says what happens (`status=` with `code=`, `cut=before` or `cut=after`, `hold=before` or `hold=after`, `delay=`,
 * `token=expired`, `etag=stale`, `skew=`, `fail=`; for questions to the name server, `op=Resolve`, also `dns=`, `answer=`
 * and `ttl=`). Calls are counted from now on; those that were held are cut.
 *
 * Returns: whether @spec was understood
 */
gboolean
porch_practice_set_faults (PorchPractice  *self,
                           const char     *spec,
                           GError        **error)
{
  g_autoptr(PracticeFaults) faults = NULL;

  g_return_val_if_fail (PORCH_IS_PRACTICE (self), FALSE);
  g_return_val_if_fail (!self->attached, FALSE);

  if (spec != NULL && !(faults = practice_faults_parse (spec, error)))
    return FALSE;

  g_set_str (&self->faults, spec);

  g_mutex_lock (&self->lock_held);
  dex_clear (&self->held);
  self->held = dex_promise_new ();
  g_mutex_unlock (&self->lock_held);

  if (self->thread != NULL)
    {
      Order order = { .self = self, .faults = g_steal_pointer (&faults) };

      give_order (&order, G_PRIORITY_HIGH, take_faults);
    }

  return TRUE;
}

/**
 * porch_practice_set_trace:
 * @self: a practice cloud that is not started
 * @trace: whether to keep a line for each AWS call that is answered, for tests that count
 */
void
porch_practice_set_trace (PorchPractice *self,
                          gboolean       trace)
{
  g_return_if_fail (PORCH_IS_PRACTICE (self));
  g_return_if_fail (self->thread == NULL);

  self->trace = trace;
}

/**
 * porch_practice_take_trace:
 * @self: a practice cloud that runs and keeps a trace
 *
 * Each line has the operation, the status of the answer, the bytes of the request's body, the `ETag` of the answer or `-`,
 * and the path with its query. Also calls whose answer a fault kept back are there, if their work was done.
 *
 * What has reached the server is worked off first.
 *
 * Returns: (transfer full) (array zero-terminated=1): the lines since the last time
 */
char **
porch_practice_take_trace (PorchPractice *self)
{
  Order order = { .self = self };

  g_return_val_if_fail (PORCH_IS_PRACTICE (self), NULL);
  g_return_val_if_fail (self->thread != NULL && self->trace && !self->attached, NULL);

  give_order (&order, G_PRIORITY_LOW, take_trace);

  return (char **) g_ptr_array_free (order.trace, FALSE);
}

static gboolean
pass_time (gpointer data)
{
  Order *order = data;

  if (order->self->practice != NULL)
    practice_pass_time (order->self->practice, order->seconds, &order->error);
  g_async_queue_push (order->done, order);

  return G_SOURCE_REMOVE;
}

/**
 * porch_practice_pass_time:
 * @self: a practice cloud that runs, and is not attached to another one
 * @seconds: how much time, 0 or more
 * @error: set to what the database says
 *
 * Lets certificates, changes, orders, domains and the answers that the resolver remembers become so much older, for tests
 * of what takes hours or months. Clocks stay as they are: times that are told are right against that of whoever asks.
 *
 * Returns: whether that was written down
 */
gboolean
porch_practice_pass_time (PorchPractice  *self,
                          gint64          seconds,
                          GError        **error)
{
  Order order = { .self = self, .seconds = seconds };

  g_return_val_if_fail (PORCH_IS_PRACTICE (self), FALSE);
  g_return_val_if_fail (self->thread != NULL && !self->attached, FALSE);
  g_return_val_if_fail (seconds >= 0, FALSE);

  give_order (&order, G_PRIORITY_HIGH, pass_time);

  if (order.error == NULL)
    return TRUE;

  g_propagate_error (error, order.error);

  return FALSE;
}

/**
 * porch_practice_parse_time:
 * @text: a number, with `s`, `m`, `h` or `d` behind it for seconds, minutes, hours or days
 *
 * Returns: the seconds, at most those of ten years; -1 if it is none
 */
gint64
porch_practice_parse_time (const char *text)
{
  g_return_val_if_fail (text != NULL, -1);

  return practice_parse_time (text);
}

/**
 * porch_practice_set_delays:
 * @self: a practice cloud that is not started
 * @factor: 1 is about as long as AWS takes, 0 is at once
 */
void
porch_practice_set_delays (PorchPractice *self,
                           double         factor)
{
  g_return_if_fail (PORCH_IS_PRACTICE (self));
  g_return_if_fail (self->thread == NULL);
  g_return_if_fail (factor >= 0.0);

  self->delay_factor = factor;
}

static DexFuture *
keep_result (DexFuture *completed,
             gpointer   user_data)
{
  return NULL;
}

/* The thread ends @promise; a block brings that to the caller's main loop, and wakes it. */
static DexFuture *
bring_home (DexPromise *promise)
{
  return dex_future_finally (dex_ref (DEX_FUTURE (promise)), keep_result, NULL, NULL);
}

/**
 * porch_practice_start:
 * @self: a practice cloud
 *
 * Serves the state folder, or attaches to who serves it already.
 *
 * Returns: (transfer full): a future that resolves to true when calls are answered, and is rejected with a
 *   `PORCH_PRACTICE_ERROR`. May be called again after that, or after porch_practice_stop().
 */
DexFuture *
porch_practice_start (PorchPractice *self)
{
  dex_return_error_if_fail (PORCH_IS_PRACTICE (self));

  if (self->thread != NULL && dex_future_is_pending (DEX_FUTURE (self->stopped)))
    return bring_home (self->started);

  end_thread (self);
  dex_clear (&self->started);
  dex_clear (&self->stopped);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);

  self->attached = FALSE;
  self->started = dex_promise_new ();
  self->stopped = dex_promise_new ();
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("practice-cloud", run_thread, self);

  return bring_home (self->started);
}

/**
 * porch_practice_wait_held:
 * @self: a practice cloud
 *
 * Returns: (transfer full): a future that resolves to %TRUE once a fault of those that were set last holds a call
 */
DexFuture *
porch_practice_wait_held (PorchPractice *self)
{
  dex_return_error_if_fail (PORCH_IS_PRACTICE (self));

  return bring_home (self->held);
}

/**
 * porch_practice_stop:
 * @self: a practice cloud
 *
 * Stops serving. An attached one leaves the other alone.
 *
 * Returns: (transfer full): a future that resolves to true when the port and the state folder are free
 */
DexFuture *
porch_practice_stop (PorchPractice *self)
{
  g_autoptr(GSource) source = NULL;

  dex_return_error_if_fail (PORCH_IS_PRACTICE (self));

  if (self->thread == NULL)
    return dex_future_new_true ();

  source = g_idle_source_new ();
  g_source_set_callback (source, quit_cb, g_main_loop_ref (self->loop), (GDestroyNotify) g_main_loop_unref);
  g_source_attach (source, self->context);

  return bring_home (self->stopped);
}

/**
 * porch_practice_is_attached:
 * @self: a started practice cloud
 *
 * Returns: whether somebody else serves the state folder
 */
gboolean
porch_practice_is_attached (PorchPractice *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE (self), FALSE);

  return self->attached;
}

/**
 * porch_practice_get_endpoint:
 * @self: a started practice cloud
 *
 * Returns: the address for AWS's protocols, such as `http://127.0.0.1:34567`
 */
const char *
porch_practice_get_endpoint (PorchPractice *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE (self), NULL);

  return self->endpoint;
}

/**
 * porch_practice_get_name_server:
 * @self: a started practice cloud
 *
 * Returns: (transfer none): the address of the server that answers for the names of the practice internet, such as
 *   `127.0.0.1:34568`
 */
const char *
porch_practice_get_name_server (PorchPractice *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE (self), NULL);

  return self->name_server;
}

/**
 * porch_practice_get_access_key_id:
 * @self: a started practice cloud
 *
 * Returns: the key of the account's user
 */
const char *
porch_practice_get_access_key_id (PorchPractice *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE (self), NULL);

  return self->access_key_id;
}

/**
 * porch_practice_get_secret_access_key:
 * @self: a started practice cloud
 *
 * Returns: the secret that belongs to porch_practice_get_access_key_id()
 */
const char *
porch_practice_get_secret_access_key (PorchPractice *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE (self), NULL);

  return self->secret_access_key;
}

/**
 * porch_practice_get_region:
 * @self: a practice cloud
 *
 * Returns: the region to use; any other works as well
 */
const char *
porch_practice_get_region (PorchPractice *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE (self), NULL);

  return PRACTICE_REGION;
}

/**
 * porch_practice_get_outbox:
 * @self: a practice cloud
 *
 * Returns: (transfer full): the folder that mails are put into, one `.eml` file each
 */
GFile *
porch_practice_get_outbox (PorchPractice *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE (self), NULL);

  return g_file_get_child (self->folder, "outbox");
}

/**
 * porch_practice_list_mails:
 * @self: a practice cloud
 *
 * Returns: (transfer full) (element-type PorchPracticeMail): the mails of the outbox, newest first
 */
GPtrArray *
porch_practice_list_mails (PorchPractice *self)
{
  g_autoptr(GFile) outbox = NULL;

  g_return_val_if_fail (PORCH_IS_PRACTICE (self), NULL);

  outbox = porch_practice_get_outbox (self);

  return porch_practice_mail_list (g_file_peek_path (outbox));
}
