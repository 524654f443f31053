/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-pace.h"

#include <math.h>

#define FIRST_LIMIT   16
#define LEAST_LIMIT   2
#define MOST_LIMIT    128

/* How long a limit is tried before it is judged, and how long a judgement stands */
#define TRIAL_USEC    (3 * G_USEC_PER_SEC / 10)
#define HOLD_USEC     (10 * G_USEC_PER_SEC)
#define BURST_USEC    (2 * G_USEC_PER_SEC)

/* Twice as many at once must bring at least so much more. */
#define WORTH_IT      1.15

/* Over how many seconds the rate is smoothed, and from when on an estimate is worth showing */
#define SMOOTH_SECONDS   4.0
#define PATIENCE_SECONDS 2.0

void
porch_pace_init (PorchPace *self,
                 gint64     now)
{
  *self = (PorchPace) {
    .limit = FIRST_LIMIT,
    .before = FIRST_LIMIT,
    .last_time = now,
    .started = now,
    .hold_until = now + TRIAL_USEC,
  };
}

static void
smooth (PorchPace *self,
        double     rate,
        double     seconds)
{
  double weight = 1 - exp (-seconds / SMOOTH_SECONDS);

  self->rate = self->rate == 0 ? rate : self->rate + weight * (rate - self->rate);
}

/**
 * porch_pace_tick: (skip)
 * @self: a pace
 * @now: monotonic time in microseconds
 * @units: units done so far
 * @throttled: answers so far that asked to slow down
 *
 * To be called several times a second. Starts with 16 at once, doubles that while it pays, halves it when the service
 * asks to slow down.
 */
void
porch_pace_tick (PorchPace *self,
                 gint64     now,
                 guint64    units,
                 guint64    throttled)
{
  double seconds = (now - self->last_time) / (double) G_USEC_PER_SEC;
  double rate;

  if (throttled > self->throttled)
    {
      self->throttled = throttled;
      self->raised = FALSE;

      /* One burst of such answers counts once. */
      if (now >= self->burst_until)
        self->limit = MAX (LEAST_LIMIT, self->limit / 2);

      self->burst_until = now + BURST_USEC;
      self->hold_until = now + HOLD_USEC;
    }

  if (seconds < TRIAL_USEC / (double) G_USEC_PER_SEC)
    return;

  rate = (units - self->last_units) / seconds;
  smooth (self, rate, seconds);
  self->last_time = now;
  self->last_units = units;

  if (now < self->hold_until)
    return;

  if (self->raised && rate < self->best * WORTH_IT)
    {
      self->limit = self->before;
      self->raised = FALSE;
      self->hold_until = now + HOLD_USEC;
    }
  else if (self->limit < MOST_LIMIT)
    {
      self->best = rate;
      self->before = self->limit;
      self->limit = MIN (MOST_LIMIT, self->limit * 2);
      self->raised = TRUE;
      self->hold_until = now + TRIAL_USEC;
    }
}

/**
 * porch_pace_seconds_left: (skip)
 * @self: a pace
 * @now: monotonic time in microseconds
 * @units_left: what there is to do
 *
 * Returns: how long that will take, or -1 as long as it can't be told
 */
int
porch_pace_seconds_left (PorchPace *self,
                         gint64     now,
                         guint64    units_left)
{
  if (units_left == 0)
    return 0;

  if (self->rate <= 0 || (now - self->started) / (double) G_USEC_PER_SEC < PATIENCE_SECONDS)
    return -1;

  return (int) MIN (units_left / self->rate + 0.5, 1e8);
}
