/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-thread.h"

typedef struct
{
  AwsThreadFunc   func;
  gpointer        user_data;
  GDestroyNotify  notify;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  if (work->notify != NULL)
    work->notify (work->user_data);
  g_free (work);
}

static void
work_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Work *work = task_data;

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, work->func (work->user_data), dex_unref);
}

static void
work_done_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  g_autoptr(DexFuture) future = NULL;
  const GValue *value;
  GError *error = NULL;

  future = g_task_propagate_pointer (G_TASK (result), &error);
  value = future != NULL ? dex_future_get_value (future, &error) : NULL;

  if (value != NULL)
    dex_promise_resolve (promise, value);
  else
    dex_promise_reject (promise, error);
}

static DexFuture *
keep (DexFuture *completed,
      gpointer   user_data)
{
  return NULL;
}

/**
 * aws_thread_run:
 * @func: what to do
 * @user_data: given to it
 * @notify: (nullable): frees @user_data
 *
 * Runs a function that blocks on a worker thread. Unlike the thread pool of libdex, which has a thread for every
 * second processor, GIO has threads for waiting.
 *
 * Returns: (transfer full): resolves or rejects as the future that @func returns
 */
DexFuture *
aws_thread_run (AwsThreadFunc   func,
                gpointer        user_data,
                GDestroyNotify  notify)
{
  DexPromise *promise = dex_promise_new_cancellable ();
  g_autoptr(GTask) task = NULL;
  Work *work = g_new0 (Work, 1);

  work->func = func;
  work->user_data = user_data;
  work->notify = notify;

  task = g_task_new (NULL, dex_promise_get_cancellable (promise), work_done_cb, dex_ref (promise));
  g_task_set_source_tag (task, aws_thread_run);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, work_thread);

  return dex_future_finally (DEX_FUTURE (promise), keep, NULL, NULL);
}
