/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-pace.h"

#define SECOND G_USEC_PER_SEC

/* A line that carries so much, however many transfers there are, and so much for each of them */
typedef struct
{
  double  most;
  double  each;
  gint64  now;
  guint64 units;
  guint64 throttled;
} Line;

static void
run (PorchPace *pace,
     Line      *line,
     double     seconds)
{
  for (gint64 end = line->now + (gint64) (seconds * SECOND); line->now < end;)
    {
      line->now += SECOND / 10;
      line->units += (guint64) (MIN (line->most, line->each * pace->limit) / 10);
      porch_pace_tick (pace, line->now, line->units, line->throttled);
    }
}

static void
test_doubles_while_it_pays (void)
{
  Line line = { .most = 100e6, .each = 1e6, .now = 5 * SECOND };
  PorchPace pace;

  porch_pace_init (&pace, line.now);
  g_assert_cmpuint (pace.limit, ==, 16);
  run (&pace, &line, 4);
  g_assert_cmpuint (pace.limit, ==, 128);
}

static void
test_stays_where_it_does_not (void)
{
  Line line = { .most = 5e6, .each = 1e6, .now = 5 * SECOND };
  PorchPace pace;

  porch_pace_init (&pace, line.now);
  run (&pace, &line, 4);
  g_assert_cmpuint (pace.limit, ==, 16);

  /* The line got better: it is tried again after a while. */
  line.most = 100e6;
  run (&pace, &line, 15);
  g_assert_cmpuint (pace.limit, >=, 32);
}

static void
test_halves_when_asked (void)
{
  Line line = { .most = 5e6, .each = 1e6, .now = 5 * SECOND };
  PorchPace pace;

  porch_pace_init (&pace, line.now);
  run (&pace, &line, 4);
  line.throttled = 7;
  run (&pace, &line, 0.3);
  g_assert_cmpuint (pace.limit, ==, 8);

  /* More of the same burst */
  line.throttled = 12;
  run (&pace, &line, 0.3);
  g_assert_cmpuint (pace.limit, ==, 8);

  /* It does not get better. */
  for (guint i = 0; i < 10; i++)
    {
      run (&pace, &line, 2.5);
      line.throttled += 5;
      run (&pace, &line, 0.2);
    }
  g_assert_cmpuint (pace.limit, <=, 4);
  g_assert_cmpuint (pace.limit, >=, 2);
}

static void
test_time_left (void)
{
  Line line = { .most = 1e6, .each = 1e6, .now = 5 * SECOND };
  PorchPace pace;

  porch_pace_init (&pace, line.now);
  g_assert_cmpint (porch_pace_seconds_left (&pace, line.now, 1000), ==, -1);
  g_assert_cmpint (porch_pace_seconds_left (&pace, line.now, 0), ==, 0);
  run (&pace, &line, 5);
  g_assert_cmpint (porch_pace_seconds_left (&pace, line.now, 60e6), >=, 55);
  g_assert_cmpint (porch_pace_seconds_left (&pace, line.now, 60e6), <=, 65);

  /* A moment without progress does not make it jump. */
  line.most = 0;
  run (&pace, &line, 0.6);
  g_assert_cmpint (porch_pace_seconds_left (&pace, line.now, 60e6), <=, 80);
  g_assert_cmpint (porch_pace_seconds_left (&pace, line.now, G_MAXUINT64), >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/site/pace/doubles-while-it-pays", test_doubles_while_it_pays);
  g_test_add_func ("/site/pace/stays-where-it-does-not", test_stays_where_it_does_not);
  g_test_add_func ("/site/pace/halves-when-asked", test_halves_when_asked);
  g_test_add_func ("/site/pace/time-left", test_time_left);

  return g_test_run ();
}
