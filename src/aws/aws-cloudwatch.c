/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-cloudwatch.h"

#include <stdarg.h>

#include "aws-document.h"
#include "aws-operations-private.h"
#include "aws-xml.h"

static const AwsShape dimension_members[] = {
  { "Name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape metric_members[] = {
  { "Namespace" },
  { "MetricName" },
  { "Dimensions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (dimension_members) }) },
  { NULL }
};

static const AwsShape metric_stat_members[] = {
  { "Metric", AWS_STRUCTURE (metric_members), .flags = AWS_SHAPE_REQUIRED },
  { "Period", AWS_SHAPE_INTEGER, AWS_SHAPE_REQUIRED },
  { "Stat", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Unit" },
  { NULL }
};

static const AwsShape metric_query_members[] = {
  { "Id", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "MetricStat", AWS_STRUCTURE (metric_stat_members) },
  { "Expression" },
  { "Label" },
  { "ReturnData", AWS_SHAPE_BOOLEAN },
  { "Period", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape get_metric_data_input[] = {
  { "MetricDataQueries", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (metric_query_members) }), .flags = AWS_SHAPE_REQUIRED },
  { "StartTime", AWS_SHAPE_TIMESTAMP, AWS_SHAPE_REQUIRED },
  { "EndTime", AWS_SHAPE_TIMESTAMP, AWS_SHAPE_REQUIRED },
  { "NextToken" },
  { "ScanBy" },
  { "MaxDatapoints", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape series_members[] = {
  { "Id" },
  { "Label" },
  { "Timestamps", AWS_LIST_OF ({ NULL, AWS_SHAPE_TIMESTAMP }) },
  { "Values", AWS_LIST_OF ({ NULL, AWS_SHAPE_DOUBLE }) },
  { "StatusCode" },
  { NULL }
};

static const AwsShape get_metric_data_output[] = {
  { "MetricDataResults", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (series_members) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation get_metric_data = {
  "cloudwatch", "GetMetricData", .input = get_metric_data_input, .output = get_metric_data_output,
  .pages = { "MetricDataResults", "NextToken" },
};

static const AwsShape get_metric_statistics_input[] = {
  { "Namespace", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "MetricName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Dimensions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (dimension_members) }) },
  { "StartTime", AWS_SHAPE_TIMESTAMP, AWS_SHAPE_REQUIRED },
  { "EndTime", AWS_SHAPE_TIMESTAMP, AWS_SHAPE_REQUIRED },
  { "Period", AWS_SHAPE_INTEGER, AWS_SHAPE_REQUIRED },
  { "Statistics", AWS_LIST_OF ({ NULL }) },
  { "Unit" },
  { NULL }
};

static const AwsShape point_members[] = {
  { "Timestamp", AWS_SHAPE_TIMESTAMP },
  { "SampleCount", AWS_SHAPE_DOUBLE },
  { "Average", AWS_SHAPE_DOUBLE },
  { "Sum", AWS_SHAPE_DOUBLE },
  { "Minimum", AWS_SHAPE_DOUBLE },
  { "Maximum", AWS_SHAPE_DOUBLE },
  { "Unit" },
  { NULL }
};

static const AwsShape get_metric_statistics_output[] = {
  { "Label" },
  { "Datapoints", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (point_members) }) },
  { NULL }
};

static const AwsOperation get_metric_statistics = {
  "cloudwatch", "GetMetricStatistics", .input = get_metric_statistics_input, .output = get_metric_statistics_output,
  .pages = { "Datapoints" },
};

static const AwsShape dimension_filter_members[] = {
  { "Name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Value" },
  { NULL }
};

static const AwsShape list_metrics_input[] = {
  { "Namespace" },
  { "MetricName" },
  { "Dimensions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (dimension_filter_members) }) },
  { "NextToken" },
  { "RecentlyActive" },
  { NULL }
};

static const AwsShape list_metrics_output[] = {
  { "Metrics", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (metric_members) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation list_metrics = {
  "cloudwatch", "ListMetrics", .input = list_metrics_input, .output = list_metrics_output,
  .pages = { "Metrics", "NextToken" },
};

static const AwsShape tag_members[] = {
  { "Key", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape put_metric_alarm_input[] = {
  { "AlarmName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "AlarmDescription" },
  { "ActionsEnabled", AWS_SHAPE_BOOLEAN },
  { "OKActions", AWS_LIST_OF ({ NULL }) },
  { "AlarmActions", AWS_LIST_OF ({ NULL }) },
  { "InsufficientDataActions", AWS_LIST_OF ({ NULL }) },
  { "MetricName" },
  { "Namespace" },
  { "Statistic" },
  { "Dimensions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (dimension_members) }) },
  { "Period", AWS_SHAPE_INTEGER },
  { "Unit" },
  { "EvaluationPeriods", AWS_SHAPE_INTEGER, AWS_SHAPE_REQUIRED },
  { "DatapointsToAlarm", AWS_SHAPE_INTEGER },
  { "Threshold", AWS_SHAPE_DOUBLE },
  { "ComparisonOperator", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "TreatMissingData" },
  { "Tags", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (tag_members) }) },
  { NULL }
};

static const AwsOperation put_metric_alarm = {
  "cloudwatch", "PutMetricAlarm", .input = put_metric_alarm_input,
};

static const AwsShape describe_alarms_input[] = {
  { "AlarmNames", AWS_LIST_OF ({ NULL }) },
  { "AlarmNamePrefix" },
  { "AlarmTypes", AWS_LIST_OF ({ NULL }) },
  { "StateValue" },
  { "MaxRecords", AWS_SHAPE_INTEGER },
  { "NextToken" },
  { NULL }
};

static const AwsShape alarm_members[] = {
  { "AlarmName" },
  { "AlarmArn" },
  { "AlarmDescription" },
  { "AlarmConfigurationUpdatedTimestamp", AWS_SHAPE_TIMESTAMP },
  { "ActionsEnabled", AWS_SHAPE_BOOLEAN },
  { "OKActions", AWS_LIST_OF ({ NULL }) },
  { "AlarmActions", AWS_LIST_OF ({ NULL }) },
  { "InsufficientDataActions", AWS_LIST_OF ({ NULL }) },
  { "StateValue" },
  { "StateReason" },
  { "StateUpdatedTimestamp", AWS_SHAPE_TIMESTAMP },
  { "MetricName" },
  { "Namespace" },
  { "Statistic" },
  { "Dimensions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (dimension_members) }) },
  { "Period", AWS_SHAPE_INTEGER },
  { "Unit" },
  { "EvaluationPeriods", AWS_SHAPE_INTEGER },
  { "DatapointsToAlarm", AWS_SHAPE_INTEGER },
  { "Threshold", AWS_SHAPE_DOUBLE },
  { "ComparisonOperator" },
  { "TreatMissingData" },
  { NULL }
};

static const AwsShape describe_alarms_output[] = {
  { "MetricAlarms", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (alarm_members) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation describe_alarms = {
  "cloudwatch", "DescribeAlarms", .input = describe_alarms_input, .output = describe_alarms_output,
  .pages = { "MetricAlarms", "NextToken" },
};

static const AwsShape delete_alarms_input[] = {
  { "AlarmNames", AWS_LIST_OF ({ NULL }), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsOperation delete_alarms = {
  "cloudwatch", "DeleteAlarms", .input = delete_alarms_input,
};

const AwsOperation * const aws_cloudwatch_operations[] = {
  &get_metric_data,
  &get_metric_statistics,
  &list_metrics,
  &put_metric_alarm,
  &describe_alarms,
  &delete_alarms,
  NULL
};

/* Numbers that JSON cannot say are texts */
static double
to_double (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return 0.0;

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_ascii_strtod (json_node_get_string (node), NULL);

  return json_node_get_double (node);
}

AWS_DEFINE_DOCUMENT (AwsMetric, aws_metric)

/**
 * aws_metric_get_namespace:
 * @self: a metric
 *
 * Returns: (transfer none) (nullable): whose it is, like `AWS/CloudFront`
 */
AWS_DOCUMENT_STRING (AwsMetric, aws_metric, namespace, "Namespace")

/**
 * aws_metric_get_name:
 * @self: a metric
 *
 * Returns: (transfer none) (nullable): what is measured, like `Requests`
 */
AWS_DOCUMENT_STRING (AwsMetric, aws_metric, name, "MetricName")

AWS_DEFINE_DOCUMENT (AwsMetricQuery, aws_metric_query)

/**
 * aws_metric_query_get_id:
 * @self: a question
 *
 * Returns: (transfer none) (nullable): how the answer names it
 */
AWS_DOCUMENT_STRING (AwsMetricQuery, aws_metric_query, id, "Id")

struct _AwsMetricSeries
{
  char   *id;
  char   *label;
  char   *status;
  GArray *times;    /* gint64, microseconds since 1970 */
  GArray *values;   /* double */
};

static void
aws_metric_series_clear (AwsMetricSeries *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->times, g_array_unref);
  g_clear_pointer (&self->values, g_array_unref);
}

AWS_DEFINE_BOXED (AwsMetricSeries, aws_metric_series, aws_metric_series_clear)

/**
 * aws_metric_series_get_id:
 * @self: a series
 *
 * Returns: (transfer none): the id of the question
 */
AWS_DEFINE_GETTER (AwsMetricSeries, aws_metric_series, const char *, id)

/**
 * aws_metric_series_get_label:
 * @self: a series
 *
 * Returns: (transfer none) (nullable): what the service calls it
 */
AWS_DEFINE_GETTER (AwsMetricSeries, aws_metric_series, const char *, label)

/**
 * aws_metric_series_get_status:
 * @self: a series
 *
 * Returns: (transfer none) (nullable): `Complete`, `PartialData`, `InternalError` or `Forbidden`
 */
AWS_DEFINE_GETTER (AwsMetricSeries, aws_metric_series, const char *, status)

AWS_DEFINE_DOCUMENT (AwsMetricPoint, aws_metric_point)

/**
 * aws_metric_point_get_sum:
 * @self: a point
 *
 * Returns: all that was measured, added
 */
AWS_DOCUMENT_DOUBLE (AwsMetricPoint, aws_metric_point, sum, "Sum")

/**
 * aws_metric_point_get_average:
 * @self: a point
 *
 * Returns: the mean of what was measured
 */
AWS_DOCUMENT_DOUBLE (AwsMetricPoint, aws_metric_point, average, "Average")

/**
 * aws_metric_point_get_minimum:
 * @self: a point
 *
 * Returns: the least
 */
AWS_DOCUMENT_DOUBLE (AwsMetricPoint, aws_metric_point, minimum, "Minimum")

/**
 * aws_metric_point_get_maximum:
 * @self: a point
 *
 * Returns: the most
 */
AWS_DOCUMENT_DOUBLE (AwsMetricPoint, aws_metric_point, maximum, "Maximum")

/**
 * aws_metric_point_get_samples:
 * @self: a point
 *
 * Returns: how many measurements there were
 */
AWS_DOCUMENT_DOUBLE (AwsMetricPoint, aws_metric_point, samples, "SampleCount")

/**
 * aws_metric_point_get_unit:
 * @self: a point
 *
 * Returns: (transfer none) (nullable): what is counted, like `Count` or `Percent`
 */
AWS_DOCUMENT_STRING (AwsMetricPoint, aws_metric_point, unit, "Unit")

/**
 * aws_metric_point_dup_time:
 * @self: a point
 *
 * Returns: (transfer full) (nullable): when the period begins
 */
AWS_DOCUMENT_TIME (AwsMetricPoint, aws_metric_point, time, "Timestamp")

AWS_DEFINE_DOCUMENT (AwsAlarm, aws_alarm)

/**
 * aws_alarm_get_name:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, name, "AlarmName")

/**
 * aws_alarm_get_arn:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, arn, "AlarmArn")

/**
 * aws_alarm_get_description:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): what people read about it
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, description, "AlarmDescription")

/**
 * aws_alarm_get_state:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): `OK`, `ALARM` or `INSUFFICIENT_DATA`
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, state, "StateValue")

/**
 * aws_alarm_get_state_reason:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): why, in the words of the service
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, state_reason, "StateReason")

/**
 * aws_alarm_dup_state_changed:
 * @self: an alarm
 *
 * Returns: (transfer full) (nullable): since when
 */
AWS_DOCUMENT_TIME (AwsAlarm, aws_alarm, state_changed, "StateUpdatedTimestamp")

/**
 * aws_alarm_get_namespace:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): whose metric it watches
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, namespace, "Namespace")

/**
 * aws_alarm_get_metric:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): what it watches
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, metric, "MetricName")

/**
 * aws_alarm_get_statistic:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): like `Sum`
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, statistic, "Statistic")

/**
 * aws_alarm_get_comparison:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): like `GreaterThanThreshold`
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, comparison, "ComparisonOperator")

/**
 * aws_alarm_get_threshold:
 * @self: an alarm
 *
 * Returns: the value it compares with
 */
AWS_DOCUMENT_DOUBLE (AwsAlarm, aws_alarm, threshold, "Threshold")

/**
 * aws_alarm_get_period:
 * @self: an alarm
 *
 * Returns: the length of a period, in seconds
 */
AWS_DOCUMENT_INT (AwsAlarm, aws_alarm, period, "Period")

/**
 * aws_alarm_get_periods:
 * @self: an alarm
 *
 * Returns: how many periods it looks at
 */
AWS_DOCUMENT_INT (AwsAlarm, aws_alarm, periods, "EvaluationPeriods")

/**
 * aws_alarm_get_missing_data:
 * @self: an alarm
 *
 * Returns: (transfer none) (nullable): what a period without measurements counts as
 */
AWS_DOCUMENT_STRING (AwsAlarm, aws_alarm, missing_data, "TreatMissingData")

/**
 * aws_alarm_get_enabled:
 * @self: an alarm
 *
 * Returns: whether it tells anybody
 */
AWS_DOCUMENT_BOOL (AwsAlarm, aws_alarm, enabled, "ActionsEnabled")

/**
 * aws_alarm_dup_actions:
 * @self: an alarm
 *
 * Returns: (transfer full): the ARNs of whom it tells
 */
AWS_DOCUMENT_STRINGS (AwsAlarm, aws_alarm, actions, "AlarmActions")

AWS_DEFINE_DOCUMENT (AwsAlarmSpec, aws_alarm_spec)

/**
 * aws_metric_new:
 * @namespace: whose it is, like `AWS/CloudFront`
 * @name: what is measured, like `Requests`
 * @dimension: (nullable): the name of a dimension; without any, %NULL twice
 * @...: its value, then names and values of other dimensions, ended by %NULL
 *
 * Metrics of CloudFront are in `us-east-1` only and have the dimensions `DistributionId` and `Region`, the latter `Global`.
 *
 * Returns: (transfer full): a metric
 */
AwsMetric *
aws_metric_new (const char *namespace,
                const char *name,
                const char *dimension,
                ...)
{
  g_autoptr(JsonObject) object = NULL;
  JsonArray *dimensions;
  va_list arguments;

  g_return_val_if_fail (namespace != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  object = json_object_new ();
  aws_input_set_string (object, "Namespace", namespace);
  aws_input_set_string (object, "MetricName", name);

  dimensions = json_array_new ();
  va_start (arguments, dimension);
  for (; dimension != NULL; dimension = va_arg (arguments, const char *))
    {
      JsonObject *pair = json_object_new ();

      aws_input_set_string (pair, "Name", dimension);
      aws_input_set_string (pair, "Value", va_arg (arguments, const char *));
      json_array_add_object_element (dimensions, pair);
    }
  va_end (arguments);
  json_object_set_array_member (object, "Dimensions", dimensions);

  return aws_document_new (object);
}

/**
 * aws_metric_get_dimension:
 * @self: a metric
 * @name: the name of a dimension
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_metric_get_dimension (AwsMetric  *self,
                          const char *name)
{
  JsonArray *dimensions;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  dimensions = aws_json_get_array (self->document.object, "Dimensions");
  for (guint i = 0; dimensions != NULL && i < json_array_get_length (dimensions); i++)
    {
      JsonObject *each = aws_json_array_get_object (dimensions, i);

      if (g_strcmp0 (aws_json_get_string (each, "Name"), name) == 0)
        return aws_json_get_string (each, "Value");
    }

  return NULL;
}

/**
 * aws_metric_query_new:
 * @id: how the answer is to name it: a small letter, then letters, digits and underscores
 * @metric: what to ask for
 * @period: the length of a period in seconds, 60 or a multiple of it
 * @statistic: like `Sum` or `Average`
 *
 * Returns: (transfer full): a question for [func@cloudwatch_get_metric_data]
 */
AwsMetricQuery *
aws_metric_query_new (const char *id,
                      AwsMetric  *metric,
                      guint       period,
                      const char *statistic)
{
  g_autoptr(JsonObject) object = NULL;
  JsonObject *stat;

  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (metric != NULL, NULL);
  g_return_val_if_fail (statistic != NULL, NULL);

  stat = json_object_new ();
  json_object_set_object_member (stat, "Metric", json_object_ref (metric->document.object));
  aws_input_set_int (stat, "Period", period);
  aws_input_set_string (stat, "Stat", statistic);

  object = json_object_new ();
  aws_input_set_string (object, "Id", id);
  json_object_set_object_member (object, "MetricStat", stat);
  aws_input_set_bool (object, "ReturnData", TRUE);

  return aws_document_new (object);
}

/**
 * aws_metric_series_get_length:
 * @self: a series
 *
 * Returns: how many periods have a value; those without measurements are left out
 */
guint
aws_metric_series_get_length (AwsMetricSeries *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->values->len;
}

/**
 * aws_metric_series_get_value:
 * @self: a series
 * @index: which period
 *
 * Returns: what was measured in it
 */
double
aws_metric_series_get_value (AwsMetricSeries *self,
                             guint            index)
{
  g_return_val_if_fail (self != NULL, 0.0);
  g_return_val_if_fail (index < self->values->len, 0.0);

  return g_array_index (self->values, double, index);
}

/**
 * aws_metric_series_dup_time:
 * @self: a series
 * @index: which period
 *
 * Returns: (transfer full): when it begins
 */
GDateTime *
aws_metric_series_dup_time (AwsMetricSeries *self,
                            guint            index)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (index < self->times->len, NULL);

  return g_date_time_new_from_unix_utc_usec (g_array_index (self->times, gint64, index));
}

/**
 * aws_alarm_spec_new:
 * @name: at most 255 characters; an alarm of the same name is replaced
 * @metric: what to watch
 * @statistic: `Sum`, `Average`, `Minimum`, `Maximum` or `SampleCount`
 * @period: the length of a period in seconds, 60 or a multiple of it
 * @periods: how many periods to look at; all of them must be beyond the threshold
 * @comparison: like `GreaterThanThreshold`
 * @threshold: the value to compare with
 *
 * Returns: (transfer full): an alarm for [func@cloudwatch_put_metric_alarm]
 */
AwsAlarmSpec *
aws_alarm_spec_new (const char *name,
                    AwsMetric  *metric,
                    const char *statistic,
                    guint       period,
                    guint       periods,
                    const char *comparison,
                    double      threshold)
{
  g_autoptr(JsonObject) object = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (metric != NULL, NULL);
  g_return_val_if_fail (statistic != NULL, NULL);
  g_return_val_if_fail (comparison != NULL, NULL);

  object = json_object_new ();
  aws_input_set_string (object, "AlarmName", name);
  aws_input_set_string (object, "Namespace", aws_metric_get_namespace (metric));
  aws_input_set_string (object, "MetricName", aws_metric_get_name (metric));
  json_object_set_array_member (object, "Dimensions",
                                json_array_ref (aws_json_get_array (metric->document.object, "Dimensions")));
  aws_input_set_string (object, "Statistic", statistic);
  aws_input_set_int (object, "Period", period);
  aws_input_set_int (object, "EvaluationPeriods", periods);
  aws_input_set_string (object, "ComparisonOperator", comparison);
  json_object_set_double_member (object, "Threshold", threshold);

  return aws_document_new (object);
}

/**
 * aws_alarm_spec_set_description:
 * @self: an alarm
 * @description: (nullable): at most 1024 characters
 *
 * Sets what people read about it.
 */
void
aws_alarm_spec_set_description (AwsAlarmSpec *self,
                                const char   *description)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->document.object, "AlarmDescription", description);
}

/**
 * aws_alarm_spec_set_missing_data:
 * @self: an alarm
 * @treatment: (nullable): `breaching`, `notBreaching`, `ignore` or `missing`
 *
 * Sets what a period without measurements counts as.
 */
void
aws_alarm_spec_set_missing_data (AwsAlarmSpec *self,
                                 const char   *treatment)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->document.object, "TreatMissingData", treatment);
}

/**
 * aws_alarm_spec_set_actions:
 * @self: an alarm
 * @alarm_actions: (nullable): the ARNs of whom to tell when the alarm begins
 * @ok_actions: (nullable): the ARNs of whom to tell when it ends
 *
 * Sets whom it tells, at most five each.
 */
void
aws_alarm_spec_set_actions (AwsAlarmSpec       *self,
                            const char * const *alarm_actions,
                            const char * const *ok_actions)
{
  g_return_if_fail (self != NULL);

  aws_input_set_strings (self->document.object, "AlarmActions", alarm_actions);
  aws_input_set_strings (self->document.object, "OKActions", ok_actions);
}

/**
 * aws_alarm_spec_add_tag:
 * @self: an alarm
 * @name: the name of a tag
 * @value: its value
 *
 * Adds a tag. The tags of an alarm that is there already stay as they are.
 */
void
aws_alarm_spec_add_tag (AwsAlarmSpec *self,
                        const char   *name,
                        const char   *value)
{
  JsonArray *tags;
  JsonObject *pair;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  tags = aws_json_get_array (self->document.object, "Tags");
  if (tags == NULL)
    {
      tags = json_array_new ();
      json_object_set_array_member (self->document.object, "Tags", tags);
    }

  pair = json_object_new ();
  aws_input_set_string (pair, "Key", name);
  aws_input_set_string (pair, "Value", value);
  json_array_add_object_element (tags, pair);
}

static AwsMetricSeries *
find_series (GPtrArray  *all,
             const char *id)
{
  AwsMetricSeries *self;

  for (guint i = 0; i < all->len; i++)
    {
      self = g_ptr_array_index (all, i);
      if (g_str_equal (self->id, id))
        return self;
    }

  self = g_atomic_rc_box_new0 (AwsMetricSeries);
  self->id = g_strdup (id);
  self->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->values = g_array_new (FALSE, FALSE, sizeof (double));
  g_ptr_array_add (all, self);

  return self;
}

static void
add_points (AwsMetricSeries *self,
            JsonObject      *result)
{
  JsonArray *times = aws_json_get_array (result, "Timestamps");
  JsonArray *values = aws_json_get_array (result, "Values");

  if (times == NULL || values == NULL)
    return;

  for (guint i = 0; i < MIN (json_array_get_length (times), json_array_get_length (values)); i++)
    {
      double value = to_double (json_array_get_element (values, i));
      g_autoptr(GDateTime) when = aws_time_from_seconds (to_double (json_array_get_element (times, i)));
      gint64 time;

      if (when == NULL)
        continue;

      time = g_date_time_to_unix_usec (when);
      g_array_append_val (self->times, time);
      g_array_append_val (self->values, value);
    }
}

/* A series may go on in the next page; only its last part knows whether it is complete. */
static DexFuture *
join_series (DexFuture *completed,
             gpointer   user_data)
{
  JsonArray *results = g_value_get_boxed (dex_future_get_value (completed, NULL));
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_metric_series_unref);

  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *result = aws_json_array_get_object (results, i);
      const char *id = aws_json_get_string (result, "Id");
      AwsMetricSeries *self;

      if (id == NULL)
        continue;

      self = find_series (all, id);
      g_set_str (&self->label, aws_json_get_string (result, "Label"));
      g_set_str (&self->status, aws_json_get_string (result, "StatusCode"));
      add_points (self, result);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, all);
}

static int
compare_points (gconstpointer a,
                gconstpointer b)
{
  g_autoptr(GDateTime) first = aws_metric_point_dup_time (*(AwsMetricPoint **) a);
  g_autoptr(GDateTime) second = aws_metric_point_dup_time (*(AwsMetricPoint **) b);

  return first != NULL && second != NULL ? g_date_time_compare (first, second) : 0;
}

static DexFuture *
sort_points (DexFuture *completed,
             gpointer   user_data)
{
  GPtrArray *points = g_value_get_boxed (dex_future_get_value (completed, NULL));

  g_ptr_array_sort (points, compare_points);

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_ref (points));
}

/**
 * aws_cloudwatch_get_metric_data:
 * @client: the client
 * @queries: (element-type AwsMetricQuery): 1 to 500 questions
 * @start: the first time; best on the border of a period
 * @end: the time after the last one
 *
 * Asks for metrics over time, the oldest period first, all pages. Each metric that is asked for has its price;
 * [func@cloudwatch_get_metric_statistics] counts among the free requests.
 *
 * Returns: a future of a `GPtrArray` of [struct@MetricSeries]
 */
DexFuture *
aws_cloudwatch_get_metric_data (AwsClient *client,
                                GPtrArray *queries,
                                GDateTime *start,
                                GDateTime *end)
{
  JsonObject *input;
  JsonArray *list;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (queries != NULL && queries->len > 0);
  dex_return_error_if_fail (start != NULL);
  dex_return_error_if_fail (end != NULL);

  list = json_array_new ();
  for (guint i = 0; i < queries->len; i++)
    {
      AwsMetricQuery *each = g_ptr_array_index (queries, i);

      json_array_add_object_element (list, json_object_ref (each->document.object));
    }

  input = json_object_new ();
  json_object_set_array_member (input, "MetricDataQueries", list);
  aws_input_set_time (input, "StartTime", start);
  aws_input_set_time (input, "EndTime", end);
  aws_input_set_string (input, "ScanBy", "TimestampAscending");

  return dex_future_then (aws_operation_call_pages (&get_metric_data, client, input), join_series, NULL, NULL);
}

/**
 * aws_cloudwatch_get_metric_statistics:
 * @client: the client
 * @metric: what to ask for
 * @start: the first time; best on the border of a period
 * @end: the time after the last one
 * @period: the length of a period in seconds, 60 or a multiple of it
 * @statistics: which of `Sum`, `Average`, `Minimum`, `Maximum` and `SampleCount`
 *
 * Asks for one metric over time, the oldest period first. One answer has at most 1440 periods.
 *
 * Returns: a future of a `GPtrArray` of [struct@MetricPoint]
 */
DexFuture *
aws_cloudwatch_get_metric_statistics (AwsClient          *client,
                                      AwsMetric          *metric,
                                      GDateTime          *start,
                                      GDateTime          *end,
                                      guint               period,
                                      const char * const *statistics)
{
  JsonObject *input;
  DexFuture *future;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (metric != NULL);
  dex_return_error_if_fail (start != NULL);
  dex_return_error_if_fail (end != NULL);
  dex_return_error_if_fail (statistics != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "Namespace", aws_metric_get_namespace (metric));
  aws_input_set_string (input, "MetricName", aws_metric_get_name (metric));
  json_object_set_array_member (input, "Dimensions",
                                json_array_ref (aws_json_get_array (metric->document.object, "Dimensions")));
  aws_input_set_time (input, "StartTime", start);
  aws_input_set_time (input, "EndTime", end);
  aws_input_set_int (input, "Period", period);
  aws_input_set_strings (input, "Statistics", statistics);

  future = aws_operation_call_documents (&get_metric_statistics, client, input, AWS_TYPE_METRIC_POINT);

  return dex_future_then (future, sort_points, NULL, NULL);
}

/**
 * aws_cloudwatch_list_metrics:
 * @client: the client
 * @namespace: (nullable): only those of this one
 * @name: (nullable): only those of this name
 * @dimension: (nullable): only those with this dimension
 * @value: (nullable): and this value of it
 *
 * Lists metrics that were measured within the last two weeks, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@Metric]
 */
DexFuture *
aws_cloudwatch_list_metrics (AwsClient  *client,
                             const char *namespace,
                             const char *name,
                             const char *dimension,
                             const char *value)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (value == NULL || dimension != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "Namespace", namespace);
  aws_input_set_string (input, "MetricName", name);
  if (dimension != NULL)
    {
      JsonArray *filters = json_array_new ();
      JsonObject *filter = json_object_new ();

      aws_input_set_string (filter, "Name", dimension);
      aws_input_set_string (filter, "Value", value);
      json_array_add_object_element (filters, filter);
      json_object_set_array_member (input, "Dimensions", filters);
    }

  return aws_operation_call_documents (&list_metrics, client, input, AWS_TYPE_METRIC);
}

/**
 * aws_cloudwatch_put_metric_alarm:
 * @client: the client
 * @spec: the alarm
 *
 * Makes an alarm, or replaces the one of the same name.
 *
 * Returns: a future of %TRUE
 */
DexFuture *
aws_cloudwatch_put_metric_alarm (AwsClient    *client,
                                 AwsAlarmSpec *spec)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (spec != NULL);

  return aws_operation_call_done (&put_metric_alarm, client, json_object_ref (spec->document.object));
}

/**
 * aws_cloudwatch_describe_alarms:
 * @client: the client
 * @names: (nullable): only those of these names, at most 100
 * @prefix: (nullable): only those whose names begin so; not together with @names
 *
 * Lists alarms on metrics, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@Alarm]
 */
DexFuture *
aws_cloudwatch_describe_alarms (AwsClient          *client,
                                const char * const *names,
                                const char         *prefix)
{
  static const char * const types[] = { "MetricAlarm", NULL };
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (names == NULL || prefix == NULL);

  input = json_object_new ();
  aws_input_set_strings (input, "AlarmNames", names);
  aws_input_set_string (input, "AlarmNamePrefix", prefix);
  aws_input_set_strings (input, "AlarmTypes", types);

  return aws_operation_call_documents (&describe_alarms, client, input, AWS_TYPE_ALARM);
}

/**
 * aws_cloudwatch_delete_alarms:
 * @client: the client
 * @names: the names of 1 to 100 alarms
 *
 * Deletes alarms: all of them, or none and an error if one is not there.
 *
 * Returns: a future of %TRUE
 */
DexFuture *
aws_cloudwatch_delete_alarms (AwsClient          *client,
                              const char * const *names)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (names != NULL && names[0] != NULL);

  input = json_object_new ();
  aws_input_set_strings (input, "AlarmNames", names);

  return aws_operation_call_done (&delete_alarms, client, input);
}
