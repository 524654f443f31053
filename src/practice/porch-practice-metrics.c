/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "aws-json.h"
#include "porch-practice-metrics.h"
#include "porch-practice-resources.h"

/* What the practice cloud counts, by minute. Visitors come faster than a table can be written for each of them, so what
 * is counted waits in memory for a moment. */

#define FLUSH_MSEC   2000
#define SWEEP_USEC   (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
/* As long as AWS keeps single minutes */
#define KEEP_SECONDS (15 * 86400)

typedef struct
{
  char   *region;
  char   *space;
  char   *name;
  char   *dimensions;
  char   *unit;
  gint64  minute;
  double  samples;
  double  sum;
  double  minimum;
  double  maximum;
} Count;

typedef struct
{
  GHashTable *counts;
  gpointer    waiting;
  gint64      swept;
} Counter;

static void
count_free (gpointer data)
{
  Count *count = data;

  g_free (count->region);
  g_free (count->space);
  g_free (count->name);
  g_free (count->dimensions);
  g_free (count->unit);
  g_free (count);
}

static void
counter_free (gpointer data)
{
  Counter *counter = data;

  g_hash_table_unref (counter->counts);
  g_free (counter);
}

static GPrivate counters = G_PRIVATE_INIT (counter_free);

static Counter *
get_counter (void)
{
  Counter *counter = g_private_get (&counters);

  if (counter == NULL)
    {
      counter = g_new0 (Counter, 1);
      counter->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, count_free);
      g_private_set (&counters, counter);
    }

  return counter;
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char **) a, *(const char **) b);
}

/* What cannot be in a name or a value separates them */
#define EQUALS "\x1f"
#define NEXT   "\x1e"

static char *
join_pairs (GPtrArray *pairs)
{
  g_ptr_array_sort (pairs, compare_texts);
  g_ptr_array_add (pairs, NULL);

  return g_strjoinv (NEXT, (char **) pairs->pdata);
}

char *
practice_dimensions_join (JsonArray *dimensions)
{
  g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; dimensions != NULL && i < json_array_get_length (dimensions); i++)
    {
      JsonObject *pair = aws_json_array_get_object (dimensions, i);
      const char *name = aws_json_get_string (pair, "Name");
      const char *value = aws_json_get_string (pair, "Value");

      g_ptr_array_add (pairs, g_strconcat (name ? name : "", EQUALS, value ? value : "", NULL));
    }

  return join_pairs (pairs);
}

void
practice_metric_put (Practice   *practice,
                     const char *region,
                     const char *space,
                     const char *name,
                     const char *dimensions,
                     const char *unit,
                     gint64      minute,
                     double      samples,
                     double      sum,
                     double      minimum,
                     double      maximum)
{
  practice_db_run (practice->db, NULL,
                   "INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET samples = samples + excluded.samples, "
                   "sum = sum + excluded.sum, minimum = min(minimum, excluded.minimum), maximum = max(maximum, excluded.maximum)",
                   "ssssisdddd", region, space, name, dimensions, minute / 60 * 60, unit, samples, sum, minimum, maximum);
}

void
practice_metrics_flush (Practice *practice)
{
  Counter *counter = get_counter ();
  GHashTableIter iter;
  gpointer value;

  practice_cancel_later (practice, g_steal_pointer (&counter->waiting));
  if (g_hash_table_size (counter->counts) == 0 || !practice_db_begin (practice->db, NULL))
    return;

  g_hash_table_iter_init (&iter, counter->counts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Count *count = value;

      practice_metric_put (practice, count->region, count->space, count->name, count->dimensions, count->unit, count->minute,
                           count->samples, count->sum, count->minimum, count->maximum);
    }

  if (counter->swept < practice_now () - SWEEP_USEC)
    {
      counter->swept = practice_now ();
      practice_db_run (practice->db, NULL, "DELETE FROM metrics WHERE minute < ?", "i", counter->swept / G_USEC_PER_SEC - KEEP_SECONDS);
    }

  practice_db_commit (practice->db, NULL);
  g_hash_table_remove_all (counter->counts);
}

static gboolean
flush_cb (gpointer data)
{
  get_counter ()->waiting = NULL;
  practice_metrics_flush (data);

  return G_SOURCE_REMOVE;
}

void
practice_metric_add (Practice   *practice,
                     const char *region,
                     const char *space,
                     const char *name,
                     const char *unit,
                     double      value,
                     ...)
{
  Counter *counter = get_counter ();
  gint64 minute = practice_now () / G_USEC_PER_SEC / 60 * 60;
  g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *dimensions = NULL, *key = NULL;
  const char *dimension;
  Count *count;
  va_list args;

  va_start (args, value);
  while ((dimension = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (pairs, g_strconcat (dimension, EQUALS, va_arg (args, const char *), NULL));
  va_end (args);

  dimensions = join_pairs (pairs);
  key = g_strdup_printf ("%s\n%s\n%s\n%s\n%" G_GINT64_FORMAT, region, space, name, dimensions, minute);
  count = g_hash_table_lookup (counter->counts, key);
  if (count == NULL)
    {
      count = g_new0 (Count, 1);
      count->region = g_strdup (region);
      count->space = g_strdup (space);
      count->name = g_strdup (name);
      count->dimensions = g_steal_pointer (&dimensions);
      count->unit = g_strdup (unit);
      count->minute = minute;
      count->minimum = count->maximum = value;
      g_hash_table_insert (counter->counts, g_steal_pointer (&key), count);
    }

  count->samples += 1;
  count->sum += value;
  count->minimum = MIN (count->minimum, value);
  count->maximum = MAX (count->maximum, value);
  if (counter->waiting == NULL)
    counter->waiting = practice_later (practice, FLUSH_MSEC, flush_cb, practice, NULL);
}

GArray *
practice_metric_read (Practice   *practice,
                      const char *region,
                      const char *space,
                      const char *name,
                      const char *dimensions,
                      gint64      start,
                      gint64      end,
                      gint64      period)
{
  GArray *points = g_array_new (FALSE, TRUE, sizeof (PracticePoint));
  g_autoptr(PracticeRows) rows = NULL;

  practice_metrics_flush (practice);
  start = start / period * period;
  rows = practice_db_query (practice->db,
                            "SELECT minute / ?7 * ?7 AS began, sum(samples), sum(sum), min(minimum), max(maximum), max(unit) FROM metrics "
                            "WHERE region = ?1 AND space = ?2 AND name = ?3 AND dimensions = ?4 AND minute >= ?5 AND minute < ?6 GROUP BY began ORDER BY began",
                            "ssssiii", region, space, name, dimensions, start, end, period);
  while (practice_rows_next (rows))
    {
      PracticePoint point = { practice_rows_int (rows, 0), practice_rows_double (rows, 1), practice_rows_double (rows, 2),
                              practice_rows_double (rows, 3), practice_rows_double (rows, 4), "" };

      g_strlcpy (point.unit, practice_rows_text (rows, 5), sizeof point.unit);
      g_array_append_val (points, point);
    }

  return points;
}

gboolean
practice_point_get (const PracticePoint *point,
                    const char          *statistic,
                    double              *value)
{
  if (g_strcmp0 (statistic, "Sum") == 0)
    *value = point->sum;
  else if (g_strcmp0 (statistic, "Average") == 0)
    *value = point->sum / point->samples;
  else if (g_strcmp0 (statistic, "Minimum") == 0)
    *value = point->minimum;
  else if (g_strcmp0 (statistic, "Maximum") == 0)
    *value = point->maximum;
  else if (g_strcmp0 (statistic, "SampleCount") == 0)
    *value = point->samples;
  else
    return FALSE;

  return TRUE;
}

gboolean
practice_metrics_init (Practice  *practice,
                       GError   **error)
{
  return practice_db_script (practice->db,
                             "CREATE TABLE IF NOT EXISTS metrics (region TEXT NOT NULL, space TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL,"
                             "  minute INTEGER NOT NULL, unit TEXT NOT NULL, samples REAL NOT NULL, sum REAL NOT NULL, minimum REAL NOT NULL, maximum REAL NOT NULL,"
                             "  PRIMARY KEY (region, space, name, dimensions, minute)) WITHOUT ROWID;",
                             error);
}

/* What is under way is given up before modules end, so it is written by hand. */
void
practice_metrics_shutdown (Practice *practice)
{
  get_counter ()->waiting = NULL;
  practice_metrics_flush (practice);
  g_private_replace (&counters, NULL);
}
