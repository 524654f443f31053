/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean practice_metrics_init      (Practice    *practice,
                                     GError     **error);
void     practice_metrics_shutdown  (Practice    *practice);

/* Counts what happens in the practice cloud. Names and values of dimensions follow, ended by NULL. */
void     practice_metric_add        (Practice    *practice,
                                     const char  *region,
                                     const char  *space,
                                     const char  *name,
                                     const char  *unit,
                                     double       value,
                                     ...) G_GNUC_NULL_TERMINATED;

/* The same for what others have counted. @minute is in seconds since 1970. */
void     practice_metric_put        (Practice    *practice,
                                     const char  *region,
                                     const char  *space,
                                     const char  *name,
                                     const char  *dimensions,
                                     const char  *unit,
                                     gint64       minute,
                                     double       samples,
                                     double       sum,
                                     double       minimum,
                                     double       maximum);

/* Writes what has been counted. */
void     practice_metrics_flush     (Practice    *practice);

/* A metric in one period; nothing was measured where samples is 0. */
typedef struct
{
  gint64  time;       /* seconds since 1970 */
  double  samples;
  double  sum;
  double  minimum;
  double  maximum;
  char    unit[32];
} PracticePoint;

/* Dimensions as the tables have them: names and values in the order of the names. */
char    *practice_dimensions_join   (JsonArray   *dimensions);

/* Periods that have measurements, from @start on and before @end (seconds), the oldest first. */
GArray  *practice_metric_read       (Practice    *practice,
                                     const char  *region,
                                     const char  *space,
                                     const char  *name,
                                     const char  *dimensions,
                                     gint64       start,
                                     gint64       end,
                                     gint64       period);
/* FALSE for a statistic that there is none of. */
gboolean practice_point_get         (const PracticePoint *point,
                                     const char  *statistic,
                                     double      *value);

/* ---- porch-practice-alarms.c ---- */

gboolean practice_alarms_init       (Practice    *practice,
                                     GError     **error);
/* Looks at all alarms. */
void     practice_alarms_evaluate   (Practice    *practice);

JsonObject *cloudwatch_put_metric_alarm (PracticeCall *, JsonObject *, GError **);
JsonObject *cloudwatch_describe_alarms  (PracticeCall *, JsonObject *, GError **);
JsonObject *cloudwatch_delete_alarms    (PracticeCall *, JsonObject *, GError **);

/* Of queries, checked: 60 seconds or a multiple. */
gboolean practice_check_period      (JsonObject  *input,
                                     gint64      *period,
                                     GError     **error);

G_END_DECLS
