/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-turns.h"

struct _AwsTurns
{
  grefcount   ref_count;
  GHashTable *queues;      /* thing -> GQueue of AwsTurn, the first one is at work */
};

struct _AwsTurn
{
  AwsTurns   *turns;
  char       *thing;
  DexPromise *promise;     /* resolved once it is at work */
};

/**
 * aws_turns_new:
 *
 * Returns: (transfer full): queues, all empty
 */
AwsTurns *
aws_turns_new (void)
{
  AwsTurns *self = g_new0 (AwsTurns, 1);

  g_ref_count_init (&self->ref_count);
  self->queues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_queue_free);

  return self;
}

/**
 * aws_turns_unref:
 * @self: (transfer full): queues
 *
 * Lets go of them; turns that are still waiting keep them.
 */
void
aws_turns_unref (AwsTurns *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->queues);
  g_free (self);
}

/**
 * aws_turn_new:
 * @turns: queues
 * @thing: what the work is done to
 *
 * Gets in line.
 *
 * Returns: (transfer full): a turn, to be freed as soon as the work is done or not wanted any more
 */
AwsTurn *
aws_turn_new (AwsTurns   *turns,
              const char *thing)
{
  AwsTurn *self = g_new0 (AwsTurn, 1);
  GQueue *queue = g_hash_table_lookup (turns->queues, thing);

  g_ref_count_inc (&turns->ref_count);
  self->turns = turns;
  self->thing = g_strdup (thing);
  self->promise = dex_promise_new ();

  if (queue == NULL)
    {
      queue = g_queue_new ();
      g_hash_table_insert (turns->queues, g_strdup (thing), queue);
    }

  g_queue_push_tail (queue, self);
  if (g_queue_get_length (queue) == 1)
    dex_promise_resolve_boolean (self->promise, TRUE);

  return self;
}

/**
 * aws_turn_wait:
 * @self: a turn
 *
 * Waits until everything before it in the line is done.
 *
 * Returns: (transfer full): resolves to %TRUE
 */
DexFuture *
aws_turn_wait (AwsTurn *self)
{
  dex_return_error_if_fail (self != NULL);

  return dex_ref (DEX_FUTURE (self->promise));
}

/**
 * aws_turn_free:
 * @self: (transfer full): a turn
 *
 * Ends it: the next one in the line goes on, if this was its time.
 */
void
aws_turn_free (AwsTurn *self)
{
  AwsTurns *turns = self->turns;
  GQueue *queue = g_hash_table_lookup (turns->queues, self->thing);
  gboolean was_first = g_queue_peek_head (queue) == self;
  AwsTurn *next;

  g_queue_remove (queue, self);
  next = g_queue_peek_head (queue);
  if (next == NULL)
    g_hash_table_remove (turns->queues, self->thing);
  else if (was_first)
    dex_promise_resolve_boolean (next->promise, TRUE);

  dex_clear (&self->promise);
  g_free (self->thing);
  g_free (self);
  aws_turns_unref (turns);
}
