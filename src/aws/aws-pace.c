/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-pace.h"

struct _AwsPace
{
  gint64 period;
  guint  n_requests;
  guint  next;
  gint64 times[];      /* of the last ones, a ring */
};

/**
 * aws_pace_new:
 * @n_requests: how many requests may begin, at least 1
 * @period: in any time as long as this
 *
 * Makes a pace for requests. The first ones go at once; it is only an enduring stream that slows down.
 *
 * Returns: (transfer full): the pace
 */
AwsPace *
aws_pace_new (guint  n_requests,
              gint64 period)
{
  AwsPace *self;

  g_return_val_if_fail (n_requests > 0, NULL);

  self = g_malloc0 (sizeof (AwsPace) + n_requests * sizeof (gint64));
  self->period = period;
  self->n_requests = n_requests;
  for (guint i = 0; i < n_requests; i++)
    self->times[i] = G_MININT64;

  return self;
}

/**
 * aws_pace_new_for_service:
 * @id: the id of a service
 *
 * Makes the pace of a service that counts requests for all of an account. Route 53 takes five in a second, whichever
 * operations they are; the others publish no number, but are known to refuse polls that come fast.
 *
 * Returns: (transfer full) (nullable): the pace, or %NULL if requests need none
 */
AwsPace *
aws_pace_new_for_service (const char *id)
{
  static const struct
  {
    const char *id;
    guint       n_requests;      /* in a second */
  } services[] = {
    { "cloudformation", 10 },
    { "iam", 10 },
    { "route53", 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      if (g_str_equal (services[i].id, id))
        return aws_pace_new (services[i].n_requests, G_USEC_PER_SEC);
    }

  return NULL;
}

/**
 * aws_pace_free:
 * @self: (transfer full): a pace
 *
 * Frees it.
 */
void
aws_pace_free (AwsPace *self)
{
  g_free (self);
}

/**
 * aws_pace_take:
 * @self: a pace
 * @now: the time, in microseconds
 *
 * Takes a place in the stream of requests. It stays taken if the request is given up.
 *
 * Returns: how long to wait before the request may begin, in microseconds; 0 for not at all
 */
gint64
aws_pace_take (AwsPace *self,
               gint64   now)
{
  gint64 before = self->times[self->next];
  gint64 begin = before == G_MININT64 ? now : MAX (now, before + self->period);

  self->times[self->next] = begin;
  self->next = (self->next + 1) % self->n_requests;

  return begin - now;
}
