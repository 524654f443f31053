/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-fiber.h"

#include <gio/gio.h>

/* A fiber, and the promise that stands for it. */
typedef struct
{
  DexFiberFunc   func;
  gpointer       data;
  GDestroyNotify destroy;
  GDestroyNotify dropped;
  DexPromise    *promise;
  gulong         handler;
} Fiber;

static void
fiber_free (gpointer data)
{
  Fiber *fiber = data;

  if (fiber->destroy != NULL)
    fiber->destroy (fiber->data);
  dex_clear (&fiber->promise);
  g_free (fiber);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Fiber *fiber = user_data;

  fiber->dropped (fiber->data);
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Fiber *fiber = user_data;
  g_autoptr(GError) error = NULL;
  DexFuture *result = fiber->func (fiber->data);

  if (result != NULL)
    dex_await (dex_ref (result), NULL);

  if (fiber->handler != 0)
    g_signal_handler_disconnect (dex_promise_get_cancellable (fiber->promise), fiber->handler);

  if (result == NULL)
    {
      dex_promise_reject (fiber->promise, g_error_new_literal (DEX_ERROR, DEX_ERROR_UNKNOWN, "The fiber gave no result"));
    }
  else
    {
      const GValue *value = dex_future_get_value (result, &error);

      if (value != NULL)
        dex_promise_resolve (fiber->promise, value);
      else
        dex_promise_reject (fiber->promise, g_steal_pointer (&error));

      dex_unref (result);
    }

  return dex_future_new_true ();
}

static DexFuture *
keep (DexFuture *completed,
      gpointer   user_data)
{
  return NULL;
}

/**
 * porch_fiber_spawn: (skip)
 * @func: the fiber
 * @data: what it works on
 * @destroy: (nullable): frees @data
 * @dropped: (nullable): called with @data when nobody waits for the result any more; is to make the fiber end soon
 *
 * Spawns a fiber on the main thread whose future can be dropped at any time. Dropping the future of a bare fiber is not
 * safe with libdex 0.10: a fiber that is cancelled in the same turn of the main loop in which what it awaits completes
 * is put into the queue twice.
 *
 * Returns: (transfer full): a future with the result of the fiber
 */
DexFuture *
porch_fiber_spawn (DexFiberFunc   func,
                   gpointer       data,
                   GDestroyNotify destroy,
                   GDestroyNotify dropped)
{
  Fiber *fiber = g_new0 (Fiber, 1);
  DexPromise *promise = dex_promise_new_cancellable ();

  fiber->func = func;
  fiber->data = data;
  fiber->destroy = destroy;
  fiber->dropped = dropped;
  fiber->promise = dex_ref (promise);

  if (dropped != NULL)
    fiber->handler = g_signal_connect (dex_promise_get_cancellable (promise), "cancelled", G_CALLBACK (cancelled_cb), fiber);

  /* Nobody waits for the fiber itself; its end is told by the promise. */
  dex_future_disown (dex_scheduler_spawn (NULL, PORCH_FIBER_ROOM, run_fiber, fiber, fiber_free));

  return dex_future_finally (DEX_FUTURE (promise), keep, NULL, NULL);
}
