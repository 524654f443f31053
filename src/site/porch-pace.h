/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PorchPace:
 *
 * Decides how many transfers run at once, and how long the rest will take: pure arithmetic on what it is told.
 */
typedef struct
{
  guint   limit;         /* transfers at once */
  guint   before;        /* the limit before it was raised last */
  double  best;          /* units a second that were reached with that */
  double  rate;          /* units a second, smoothed; 0 as long as unknown */
  gint64  last_time;     /* microseconds */
  guint64 last_units;
  gint64  hold_until;    /* the limit isn't raised before */
  gint64  burst_until;
  gint64  started;
  guint64 throttled;
  gboolean raised;
} PorchPace;

/* What a transfer costs besides its bytes, as if it were bytes */
#define PORCH_PACE_TRANSFER_UNITS (16 * 1024)

void  porch_pace_init         (PorchPace *self,
                               gint64     now);
void  porch_pace_tick         (PorchPace *self,
                               gint64     now,
                               guint64    units,
                               guint64    throttled);
int   porch_pace_seconds_left (PorchPace *self,
                               gint64     now,
                               guint64    units_left);

G_END_DECLS
