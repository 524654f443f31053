/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-cloudwatch.h"
#include "porch-practice-metrics.h"
#include "porch-practice-operations.h"
#include "porch-practice-resources.h"

/* CloudWatch, in the query protocol and in JSON 1.0. Operations read and give JSON objects; a form is made into one, and
 * an answer of the query protocol is made of one. */

#define MOST_POINTS       1440
#define MOST_DATA_POINTS  100800
#define METRICS_PER_PAGE  500

/* ---- the query protocol ---- */

/* "A.member.2.B" is member B of the second element of A; elements are named by their numbers at first. */
static void
put_form_value (JsonObject *target,
                const char *name,
                const char *value)
{
  g_auto(GStrv) parts = g_strsplit (name, ".", 32);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *part = g_str_equal (parts[i], "member") && parts[i + 1] != NULL ? parts[++i] : parts[i];
      JsonObject *inner;

      if (parts[i + 1] == NULL)
        {
          json_object_set_string_member (target, part, value);
          return;
        }

      inner = aws_json_get_object (target, part);
      if (inner == NULL)
        {
          inner = json_object_new ();
          json_object_set_object_member (target, part, inner);
        }
      target = inner;
    }
}

static JsonNode *
number_elements (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *named = json_object_new ();
  JsonArray *list = json_array_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    json_object_set_member (named, name, JSON_NODE_HOLDS_OBJECT (value) ? number_elements (json_node_get_object (value)) : json_node_copy (value));

  for (guint i = 1; i <= json_object_get_size (named); i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);

      if (!json_object_has_member (named, number))
        break;
      json_array_add_element (list, json_object_dup_member (named, number));
    }

  if (json_array_get_length (list) > 0)
    {
      json_node_init_array (node, list);
    }
  else
    {
      json_node_set_object (node, named);
    }
  json_object_unref (named);
  json_array_unref (list);

  return node;
}

static JsonObject *
read_form (GHashTable *form)
{
  g_autoptr(JsonObject) raw = json_object_new ();
  g_autoptr(JsonNode) node = NULL;
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, form);
  while (g_hash_table_iter_next (&iter, &name, &value))
    put_form_value (raw, name, value);

  node = number_elements (raw);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

static void append_xml (GString    *xml,
                        const char *tag,
                        const char *member,
                        JsonNode   *node);

static void
append_members (GString    *xml,
                JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    append_xml (xml, name, name, value);
}

static void
append_value (GString    *xml,
              const char *member,
              JsonNode   *node)
{
  GType type = json_node_get_value_type (node);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (type == G_TYPE_DOUBLE && strstr (member, "Timestamp") != NULL)
    {
      g_autofree char *time = practice_format_time ((gint64) (json_node_get_double (node) * 1000) * 1000);

      g_string_append (xml, time);
    }
  else if (type == G_TYPE_DOUBLE)
    {
      g_string_append (xml, g_ascii_dtostr (number, sizeof number, json_node_get_double (node)));
    }
  else if (type == G_TYPE_BOOLEAN)
    {
      g_string_append (xml, json_node_get_boolean (node) ? "true" : "false");
    }
  else if (type == G_TYPE_INT64)
    {
      g_string_append_printf (xml, "%" G_GINT64_FORMAT, json_node_get_int (node));
    }
  else
    {
      g_autofree char *text = g_markup_escape_text (json_node_get_string (node), -1);

      g_string_append (xml, text);
    }
}

/* @member is the name that elements of lists have not. */
static void
append_xml (GString    *xml,
            const char *tag,
            const char *member,
            JsonNode   *node)
{
  g_string_append_printf (xml, "<%s>", tag);
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      append_members (xml, json_node_get_object (node));
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        append_xml (xml, "member", member, json_array_get_element (array, i));
    }
  else if (JSON_NODE_HOLDS_VALUE (node))
    {
      append_value (xml, member, node);
    }
  g_string_append_printf (xml, "</%s>", tag);
}

/* ---- operations ---- */

/* JSON names errors after their structures */
static const char *
code (PracticeCall *call,
      const char   *query_code)
{
  gboolean query = call->protocol == PRACTICE_PROTOCOL_QUERY;

  if (query || g_str_equal (query_code, "ValidationError"))
    return query_code;

  return g_str_equal (query_code, "MissingParameter") ? "MissingRequiredParameterException"
       : g_str_equal (query_code, "InvalidParameterCombination") ? "InvalidParameterCombinationException"
       : "InvalidParameterValueException";
}

static const char *
require (PracticeCall  *call,
         JsonObject    *input,
         const char    *name,
         GError       **error)
{
  const char *text = aws_json_get_string (input, name);

  if (text == NULL || *text == '\0')
    practice_refuse_as (error, 400, code (call, "MissingParameter"), "The parameter %s is required.", name);

  return text != NULL && *text != '\0' ? text : NULL;
}

/* Seconds; -1 and an error if there is none */
static gint64
require_time (PracticeCall  *call,
              JsonObject    *input,
              const char    *name,
              GError       **error)
{
  g_autoptr(GDateTime) time = aws_json_dup_time (input, name);

  if (time == NULL)
    practice_refuse_as (error, 400, code (call, "MissingParameter"), "The parameter %s is required.", name);

  return time != NULL ? g_date_time_to_unix (time) : -1;
}

gboolean
practice_check_period (JsonObject  *input,
                       gint64      *period,
                       GError     **error)
{
  *period = practice_property_int (input, "Period", 0);
  /* Shorter ones are for metrics of high resolution; others have minutes all the same */
  if (*period == 1 || *period == 5 || *period == 10 || *period == 20 || *period == 30)
    *period = 60;

  return (*period > 0 && *period % 60 == 0 && *period <= 86400 * 365) ||
         practice_refuse_as (error, 400, "ValidationError",
                             "Metric alarm or query period must be 10, 20, 30 or a multiple of 60: %" G_GINT64_FORMAT, *period);
}

static gboolean
read_range (PracticeCall  *call,
            JsonObject    *input,
            gint64        *start,
            gint64        *end,
            GError       **error)
{
  if ((*start = require_time (call, input, "StartTime", error)) < 0 ||
      (*end = require_time (call, input, "EndTime", error)) < 0)
    return FALSE;

  return *start < *end ||
         practice_refuse_as (error, 400, code (call, "ValidationError"), "The parameter StartTime must be less than the parameter EndTime.");
}

static JsonObject *
describe_point (const PracticePoint *point,
                JsonArray           *statistics)
{
  JsonObject *object = json_object_new ();

  json_object_set_double_member (object, "Timestamp", point->time);
  for (guint i = 0; i < json_array_get_length (statistics); i++)
    {
      double value;

      if (practice_point_get (point, aws_json_array_get_string (statistics, i), &value))
        json_object_set_double_member (object, aws_json_array_get_string (statistics, i), value);
    }
  json_object_set_string_member (object, "Unit", point->unit);

  return object;
}

static JsonObject *
get_metric_statistics (PracticeCall  *call,
                       JsonObject    *input,
                       GError       **error)
{
  const char *space = require (call, input, "Namespace", error);
  const char *name = space != NULL ? require (call, input, "MetricName", error) : NULL;
  JsonArray *statistics = aws_json_get_array (input, "Statistics");
  g_autofree char *dimensions = practice_dimensions_join (aws_json_get_array (input, "Dimensions"));
  g_autoptr(GArray) points = NULL;
  JsonObject *output;
  JsonArray *list;
  gint64 start, end, period;

  if (name == NULL || !read_range (call, input, &start, &end, error) || !practice_check_period (input, &period, error))
    return NULL;
  if (statistics == NULL || json_array_get_length (statistics) == 0)
    {
      practice_refuse_as (error, 400, code (call, "InvalidParameterCombination"), "At least one of the parameters Statistics and ExtendedStatistics must be specified.");
      return NULL;
    }
  if ((end - start) / period > MOST_POINTS)
    {
      practice_refuse_as (error, 400, code (call, "InvalidParameterCombination"),
                          "You have requested up to %" G_GINT64_FORMAT " datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
                          (end - start) / period);
      return NULL;
    }

  points = practice_metric_read (call->practice, call->region, space, name, dimensions, start, end, period);
  output = json_object_new ();
  list = json_array_new ();
  json_object_set_string_member (output, "Label", name);
  for (guint i = 0; i < points->len; i++)
    json_array_add_object_element (list, describe_point (&g_array_index (points, PracticePoint, i), statistics));
  json_object_set_array_member (output, "Datapoints", list);

  return output;
}

/* One question's points as [time, value] pairs; %NULL when it cannot be asked */
static GArray *
ask (PracticeCall  *call,
     JsonObject    *query,
     gint64         start,
     gint64         end,
     GError       **error)
{
  JsonObject *stat = aws_json_get_object (query, "MetricStat");
  JsonObject *metric = aws_json_get_object (stat, "Metric");
  const char *id = aws_json_get_string (query, "Id");
  g_autofree char *dimensions = NULL;
  gint64 period;
  double value;
  PracticePoint none = { .samples = 1 };

  if (id == NULL || !g_regex_match_simple ("^[a-z][a-zA-Z0-9_]{0,254}$", id, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    {
      practice_refuse_as (error, 400, "ValidationError", "The value for field Id must be a string starting with a lowercase letter, and can contain only letters, digits and underscores: %s", id ? id : "");
      return NULL;
    }
  if (metric == NULL)
    {
      practice_refuse_as (error, 400, "ValidationError", "The practice cloud has metrics, but no expressions of them: %s", id);
      return NULL;
    }
  if (!practice_check_period (stat, &period, error))
    return NULL;
  if (!practice_point_get (&none, practice_property_string (stat, "Stat"), &value))
    {
      practice_refuse_as (error, 400, "ValidationError", "The practice cloud has the statistics Sum, Average, Minimum, Maximum and SampleCount only.");
      return NULL;
    }

  dimensions = practice_dimensions_join (aws_json_get_array (metric, "Dimensions"));

  return practice_metric_read (call->practice, call->region, practice_property_string (metric, "Namespace"),
                               practice_property_string (metric, "MetricName"), dimensions, start, end, period);
}

static JsonObject *
describe_series (JsonObject *query,
                 GArray     *points,
                 gboolean    ascending,
                 guint       begin,
                 guint       end)
{
  JsonObject *stat = aws_json_get_object (query, "MetricStat");
  const char *label = aws_json_get_string (query, "Label");
  JsonObject *series = json_object_new ();
  JsonArray *times = json_array_new ();
  JsonArray *values = json_array_new ();

  for (guint i = begin; i < end; i++)
    {
      const PracticePoint *point = &g_array_index (points, PracticePoint, ascending ? i : points->len - 1 - i);
      double value = 0;

      practice_point_get (point, practice_property_string (stat, "Stat"), &value);
      json_array_add_double_element (times, point->time);
      json_array_add_double_element (values, value);
    }

  json_object_set_string_member (series, "Id", aws_json_get_string (query, "Id"));
  json_object_set_string_member (series, "Label", label ? label : practice_property_string (aws_json_get_object (stat, "Metric"), "MetricName"));
  json_object_set_array_member (series, "Timestamps", times);
  json_object_set_array_member (series, "Values", values);
  json_object_set_string_member (series, "StatusCode", end < points->len ? "PartialData" : "Complete");

  return series;
}

/* The page is a window over all points of all questions, one after the other. */
static JsonObject *
get_metric_data (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  JsonArray *queries = aws_json_get_array (input, "MetricDataQueries");
  gboolean ascending = g_strcmp0 (aws_json_get_string (input, "ScanBy"), "TimestampAscending") == 0;
  g_autoptr(JsonObject) output = json_object_new ();
  JsonArray *results = json_array_new ();
  guint begin, length, at = 0;
  gint64 start, end;

  json_object_set_array_member (output, "MetricDataResults", results);
  json_object_set_array_member (output, "Messages", json_array_new ());
  if (queries == NULL || json_array_get_length (queries) == 0 || json_array_get_length (queries) > 500)
    {
      practice_refuse_as (error, 400, "ValidationError", "The collection MetricDataQueries must have between 1 and 500 members.");
      return NULL;
    }
  if (!read_range (call, input, &start, &end, error) ||
      !practice_page_read (input, "NextToken", "MaxDatapoints", MOST_DATA_POINTS, "InvalidNextToken", &begin, &length, error))
    return NULL;

  for (guint i = 0; i < json_array_get_length (queries); i++)
    {
      JsonObject *query = aws_json_array_get_object (queries, i);
      g_autoptr(GArray) points = ask (call, query, start, end, error);
      guint first, last;

      if (points == NULL)
        return NULL;
      first = at >= begin ? 0 : MIN (begin - at, points->len);
      last = at >= begin + length ? 0 : MIN (begin + length - at, points->len);
      if ((last > first || (points->len == 0 && at >= begin && at <= begin + length)) &&
          (!json_object_has_member (query, "ReturnData") || practice_property_bool (query, "ReturnData", TRUE)))
        json_array_add_object_element (results, describe_series (query, points, ascending, first, last));
      at += points->len;
    }
  practice_page_end (output, "NextToken", begin, length, at);

  return g_steal_pointer (&output);
}

static JsonArray *
split_dimensions (const char *text)
{
  g_auto(GStrv) pairs = g_strsplit (text, "\x1e", -1);
  JsonArray *dimensions = json_array_new ();

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (pairs[i], "\x1f", 2);
      JsonObject *dimension;

      if (g_strv_length (pair) != 2)
        continue;
      dimension = json_object_new ();
      json_object_set_string_member (dimension, "Name", pair[0]);
      json_object_set_string_member (dimension, "Value", pair[1]);
      json_array_add_object_element (dimensions, dimension);
    }

  return dimensions;
}

static gboolean
has_dimensions (JsonArray *dimensions,
                JsonArray *filters)
{
  for (guint i = 0; filters != NULL && i < json_array_get_length (filters); i++)
    {
      JsonObject *filter = aws_json_array_get_object (filters, i);
      const char *value = aws_json_get_string (filter, "Value");
      gboolean met = FALSE;

      for (guint j = 0; j < json_array_get_length (dimensions); j++)
        {
          JsonObject *dimension = aws_json_array_get_object (dimensions, j);

          met |= g_strcmp0 (aws_json_get_string (dimension, "Name"), aws_json_get_string (filter, "Name")) == 0 &&
                 (value == NULL || g_strcmp0 (aws_json_get_string (dimension, "Value"), value) == 0);
        }
      if (!met)
        return FALSE;
    }

  return TRUE;
}

static JsonObject *
list_metrics (PracticeCall  *call,
              JsonObject    *input,
              GError       **error)
{
  gboolean recent = g_strcmp0 (aws_json_get_string (input, "RecentlyActive"), "PT3H") == 0;
  gint64 since = practice_now () / G_USEC_PER_SEC - (recent ? 3 * 3600 : 14 * 86400);
  g_autoptr(JsonObject) output = json_object_new ();
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *metrics = json_array_new ();
  guint begin, length, at = 0;

  json_object_set_array_member (output, "Metrics", metrics);
  if (!practice_page_read (input, "NextToken", NULL, METRICS_PER_PAGE, code (call, "InvalidParameterValue"), &begin, &length, error))
    return NULL;

  practice_metrics_flush (call->practice);
  rows = practice_db_query (call->practice->db,
                            "SELECT space, name, dimensions FROM metrics WHERE region = ?1 AND (?2 IS NULL OR space = ?2) AND (?3 IS NULL OR name = ?3) "
                            "  AND minute >= ?4 GROUP BY space, name, dimensions ORDER BY space, name, dimensions",
                            "sssi", call->region, aws_json_get_string (input, "Namespace"), aws_json_get_string (input, "MetricName"), since);
  while (practice_rows_next (rows))
    {
      g_autoptr(JsonArray) dimensions = split_dimensions (practice_rows_text (rows, 2));
      JsonObject *metric;

      if (!has_dimensions (dimensions, aws_json_get_array (input, "Dimensions")))
        continue;
      if (at >= begin && at - begin < length)
        {
          metric = json_object_new ();
          json_object_set_string_member (metric, "Namespace", practice_rows_text (rows, 0));
          json_object_set_string_member (metric, "MetricName", practice_rows_text (rows, 1));
          json_object_set_array_member (metric, "Dimensions", g_steal_pointer (&dimensions));
          json_array_add_object_element (metrics, metric);
        }
      at++;
    }
  practice_page_end (output, "NextToken", begin, length, at);

  return g_steal_pointer (&output);
}

static double
get_element (JsonArray *array,
             guint      index)
{
  JsonNode *node = json_array_get_element (array, index);

  if (!JSON_NODE_HOLDS_VALUE (node))
    return 0;

  return json_node_get_value_type (node) == G_TYPE_STRING ? g_ascii_strtod (json_node_get_string (node), NULL) : json_node_get_double (node);
}

static gboolean
put_datum (PracticeCall  *call,
           const char    *space,
           JsonObject    *datum,
           GError       **error)
{
  const char *name = require (call, datum, "MetricName", error);
  const char *unit = aws_json_get_string (datum, "Unit");
  JsonObject *set = aws_json_get_object (datum, "StatisticValues");
  JsonArray *values = aws_json_get_array (datum, "Values");
  JsonArray *counts = aws_json_get_array (datum, "Counts");
  g_autofree char *dimensions = practice_dimensions_join (aws_json_get_array (datum, "Dimensions"));
  g_autoptr(GDateTime) time = aws_json_dup_time (datum, "Timestamp");
  gint64 minute = time != NULL ? g_date_time_to_unix (time) : practice_now () / G_USEC_PER_SEC;
  double value = aws_json_get_double (datum, "Value", 0);

  if (name == NULL)
    return FALSE;

  unit = unit != NULL ? unit : "None";
  if (set != NULL)
    {
      practice_metric_put (call->practice, call->region, space, name, dimensions, unit, minute, aws_json_get_double (set, "SampleCount", 1),
                           aws_json_get_double (set, "Sum", 0), aws_json_get_double (set, "Minimum", 0), aws_json_get_double (set, "Maximum", 0));
      return TRUE;
    }
  if (values == NULL && !json_object_has_member (datum, "Value"))
    return practice_refuse_as (error, 400, code (call, "MissingParameter"), "The parameter MetricData.member.1.Value is required.");

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      double count = counts != NULL && i < json_array_get_length (counts) ? get_element (counts, i) : 1;

      value = get_element (values, i);
      practice_metric_put (call->practice, call->region, space, name, dimensions, unit, minute, count, value * count, value, value);
    }
  if (values == NULL)
    practice_metric_put (call->practice, call->region, space, name, dimensions, unit, minute, 1, value, value, value);

  return TRUE;
}

static JsonObject *
put_metric_data (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  const char *space = require (call, input, "Namespace", error);
  JsonArray *data = aws_json_get_array (input, "MetricData");

  if (space == NULL)
    return NULL;
  if (g_str_has_prefix (space, "AWS/"))
    {
      practice_refuse_as (error, 400, code (call, "InvalidParameterValue"), "The value AWS/ for parameter Namespace is invalid.");
      return NULL;
    }

  for (guint i = 0; data != NULL && i < json_array_get_length (data); i++)
    if (!put_datum (call, space, aws_json_array_get_object (data, i), error))
      return NULL;

  return json_object_new ();
}

static const PracticeOperation operations[] = {
  { "GetMetricData", get_metric_data },
  { "GetMetricStatistics", get_metric_statistics },
  { "ListMetrics", list_metrics },
  { "PutMetricData", put_metric_data },
  { "PutMetricAlarm", cloudwatch_put_metric_alarm },
  { "DescribeAlarms", cloudwatch_describe_alarms },
  { "DeleteAlarms", cloudwatch_delete_alarms },
  { NULL, }
};

static char *
dup_resource (PracticeCall *call,
              JsonObject   *input)
{
  const char *alarm_name = aws_json_get_string (input, "AlarmName");

  return alarm_name != NULL ? g_strdup_printf ("arn:aws:cloudwatch:%s:%s:alarm:%s", call->region, call->practice->account, alarm_name) : g_strdup ("*");
}

static void
handle_query (PracticeCall *call)
{
  g_autoptr(JsonObject) input = read_form (call->form);
  g_autoptr(JsonObject) output = practice_operations_run (call, operations, "cloudwatch", dup_resource, input);
  g_autoptr(GString) xml = g_string_new (NULL);

  if (output == NULL)
    return;

  append_members (xml, output);
  practice_call_answer_query (call, json_object_get_size (output) > 0 ? xml->str : NULL);
}

static void
handle_json (PracticeCall *call)
{
  practice_operations_handle (call, operations, "cloudwatch", dup_resource);
}

static const PracticeService query_service = {
  .name = "monitoring",
  .protocol = PRACTICE_PROTOCOL_QUERY,
  .xmlns = "http://monitoring.amazonaws.com/doc/2010-08-01/",
  .handle = handle_query,
};

static const PracticeService json_service = {
  .name = "monitoring",
  .protocol = PRACTICE_PROTOCOL_JSON_1_0,
  .target_prefix = "GraniteServiceVersion20100801",
  .handle = handle_json,
};

gboolean
practice_cloudwatch_init (Practice  *practice,
                          GError   **error)
{
  if (!practice_metrics_init (practice, error) || !practice_alarms_init (practice, error))
    return FALSE;

  practice_register_service (practice, &query_service);
  practice_register_service (practice, &json_service);

  return TRUE;
}
