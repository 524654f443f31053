/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-thread.h"

typedef struct
{
  DexPromise      *promise;
  PorchThreadFunc  func;
  gpointer         data;
  GDestroyNotify   destroy;
} Task;

static void
run_task (gpointer data,
          gpointer user_data)
{
  Task *task = data;
  g_autoptr(GError) error = NULL;
  gboolean done = task->func (task->data, &error);

  if (task->destroy != NULL)
    task->destroy (task->data);

  if (done)
    dex_promise_resolve_boolean (task->promise, TRUE);
  else
    dex_promise_reject (task->promise, g_steal_pointer (&error));

  dex_unref (task->promise);
  g_free (task);
}

/**
 * porch_thread_run: (skip)
 * @func: the work
 * @data: what it works on
 * @destroy: (nullable): frees @data, on the thread
 *
 * Runs work that blocks, such as reading files, on a thread. The scheduler of libdex has too few threads for that.
 * Dropping the future does not end the work.
 *
 * Returns: (transfer full): a future that resolves to %TRUE or is rejected with the error of @func
 */
DexFuture *
porch_thread_run (PorchThreadFunc func,
                  gpointer        data,
                  GDestroyNotify  destroy)
{
  static gsize pool_once;
  static GThreadPool *pool;
  Task *task;
  DexPromise *promise = dex_promise_new ();

  if (g_once_init_enter (&pool_once))
    {
      pool = g_thread_pool_new (run_task, NULL, 16, FALSE, NULL);
      g_once_init_leave (&pool_once, 1);
    }

  task = g_new0 (Task, 1);
  task->promise = dex_ref (promise);
  task->func = func;
  task->data = data;
  task->destroy = destroy;

  g_thread_pool_push (pool, task, NULL);

  return DEX_FUTURE (promise);
}
