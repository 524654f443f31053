/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* What is measured of one thing */
#define AWS_TYPE_METRIC (aws_metric_get_type ())

AWS_DECLARE_BOXED (AwsMetric, aws_metric)

const char *aws_metric_get_namespace (AwsMetric *self);
const char *aws_metric_get_name      (AwsMetric *self);
AwsMetric  *aws_metric_new           (const char *namespace,
                                      const char *name,
                                      const char *dimension,
                                      ...) G_GNUC_NULL_TERMINATED;
const char *aws_metric_get_dimension (AwsMetric  *self,
                                      const char *name);

/* A metric over time that is asked for */
#define AWS_TYPE_METRIC_QUERY (aws_metric_query_get_type ())

AWS_DECLARE_BOXED (AwsMetricQuery, aws_metric_query)

const char     *aws_metric_query_get_id (AwsMetricQuery *self);
AwsMetricQuery *aws_metric_query_new    (const char *id,
                                         AwsMetric  *metric,
                                         guint       period,
                                         const char *statistic);

/* A metric over time */
#define AWS_TYPE_METRIC_SERIES (aws_metric_series_get_type ())

AWS_DECLARE_BOXED (AwsMetricSeries, aws_metric_series)

const char *aws_metric_series_get_id     (AwsMetricSeries *self);
const char *aws_metric_series_get_label  (AwsMetricSeries *self);
const char *aws_metric_series_get_status (AwsMetricSeries *self);
guint       aws_metric_series_get_length (AwsMetricSeries *self);
double      aws_metric_series_get_value  (AwsMetricSeries *self,
                                          guint            index);
GDateTime  *aws_metric_series_dup_time   (AwsMetricSeries *self,
                                          guint            index);

/* A metric in one period */
#define AWS_TYPE_METRIC_POINT (aws_metric_point_get_type ())

AWS_DECLARE_BOXED (AwsMetricPoint, aws_metric_point)

double      aws_metric_point_get_sum     (AwsMetricPoint *self);
double      aws_metric_point_get_average (AwsMetricPoint *self);
double      aws_metric_point_get_minimum (AwsMetricPoint *self);
double      aws_metric_point_get_maximum (AwsMetricPoint *self);
double      aws_metric_point_get_samples (AwsMetricPoint *self);
const char *aws_metric_point_get_unit    (AwsMetricPoint *self);
GDateTime  *aws_metric_point_dup_time    (AwsMetricPoint *self);

/* An alarm and its state */
#define AWS_TYPE_ALARM (aws_alarm_get_type ())

AWS_DECLARE_BOXED (AwsAlarm, aws_alarm)

const char *aws_alarm_get_name          (AwsAlarm *self);
const char *aws_alarm_get_arn           (AwsAlarm *self);
const char *aws_alarm_get_description   (AwsAlarm *self);
const char *aws_alarm_get_state         (AwsAlarm *self);
const char *aws_alarm_get_state_reason  (AwsAlarm *self);
GDateTime  *aws_alarm_dup_state_changed (AwsAlarm *self);
const char *aws_alarm_get_namespace     (AwsAlarm *self);
const char *aws_alarm_get_metric        (AwsAlarm *self);
const char *aws_alarm_get_statistic     (AwsAlarm *self);
const char *aws_alarm_get_comparison    (AwsAlarm *self);
double      aws_alarm_get_threshold     (AwsAlarm *self);
gint64      aws_alarm_get_period        (AwsAlarm *self);
gint64      aws_alarm_get_periods       (AwsAlarm *self);
const char *aws_alarm_get_missing_data  (AwsAlarm *self);
gboolean    aws_alarm_get_enabled       (AwsAlarm *self);
GStrv       aws_alarm_dup_actions       (AwsAlarm *self);

/* An alarm that is to be made */
#define AWS_TYPE_ALARM_SPEC (aws_alarm_spec_get_type ())

AWS_DECLARE_BOXED (AwsAlarmSpec, aws_alarm_spec)

AwsAlarmSpec *aws_alarm_spec_new              (const char *name,
                                               AwsMetric  *metric,
                                               const char *statistic,
                                               guint       period,
                                               guint       periods,
                                               const char *comparison,
                                               double      threshold);
void          aws_alarm_spec_set_description  (AwsAlarmSpec *self,
                                               const char   *description);
void          aws_alarm_spec_set_missing_data (AwsAlarmSpec *self,
                                               const char   *treatment);
void          aws_alarm_spec_set_actions      (AwsAlarmSpec       *self,
                                               const char * const *alarm_actions,
                                               const char * const *ok_actions);
void          aws_alarm_spec_add_tag          (AwsAlarmSpec *self,
                                               const char   *name,
                                               const char   *value);

DexFuture *aws_cloudwatch_get_metric_data       (AwsClient *client,
                                                 GPtrArray *queries,
                                                 GDateTime *start,
                                                 GDateTime *end) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudwatch_get_metric_statistics (AwsClient          *client,
                                                 AwsMetric          *metric,
                                                 GDateTime          *start,
                                                 GDateTime          *end,
                                                 guint               period,
                                                 const char * const *statistics) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudwatch_list_metrics          (AwsClient  *client,
                                                 const char *namespace,
                                                 const char *name,
                                                 const char *dimension,
                                                 const char *value) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudwatch_put_metric_alarm      (AwsClient    *client,
                                                 AwsAlarmSpec *spec) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudwatch_describe_alarms       (AwsClient          *client,
                                                 const char * const *names,
                                                 const char         *prefix) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudwatch_delete_alarms         (AwsClient          *client,
                                                 const char * const *names) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
