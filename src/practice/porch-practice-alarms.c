/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-metrics.h"
#include "porch-practice-operations.h"
#include "porch-practice-resources.h"

/* Alarms are looked at regularly and change their state as at AWS. Whom they would tell is kept but not told: there is
 * no notification service here. */

#define LOOK_MSEC (10 * 1000)

typedef struct
{
  guint breaching;
  guint good;
  guint missing;
  double last;        /* of the periods with measurements */
  gint64 last_time;
} Findings;

static const struct
{
  const char *name;
  const char *words;
} comparisons[] = {
  { "GreaterThanThreshold", "greater than" },
  { "GreaterThanOrEqualToThreshold", "greater than or equal to" },
  { "LessThanThreshold", "less than" },
  { "LessThanOrEqualToThreshold", "less than or equal to" },
};

static gboolean
is_beyond (const char *comparison,
           double      value,
           double      threshold)
{
  if (g_str_equal (comparison, "GreaterThanThreshold"))
    return value > threshold;
  if (g_str_equal (comparison, "GreaterThanOrEqualToThreshold"))
    return value >= threshold;

  return g_str_equal (comparison, "LessThanThreshold") ? value < threshold : value <= threshold;
}

static const char *
find_words (const char *comparison)
{
  for (guint i = 0; comparison != NULL && i < G_N_ELEMENTS (comparisons); i++)
    if (g_str_equal (comparisons[i].name, comparison))
      return comparisons[i].words;

  return NULL;
}

/* The periods that count end with the one underway once something was measured in it, else with the one before. */
static void
look (Practice   *practice,
      const char *region,
      JsonObject *alarm,
      Findings   *findings)
{
  gint64 period = practice_property_int (alarm, "Period", 60);
  gint64 number = practice_property_int (alarm, "EvaluationPeriods", 1);
  gint64 now = practice_now () / G_USEC_PER_SEC;
  gint64 end = now / period * period;
  g_autofree char *dimensions = practice_dimensions_join (aws_json_get_array (alarm, "Dimensions"));
  g_autoptr(GArray) points = practice_metric_read (practice, region, practice_property_string (alarm, "Namespace"),
                                                   practice_property_string (alarm, "MetricName"), dimensions,
                                                   end - number * period, end + period, period);

  if (points->len > 0 && g_array_index (points, PracticePoint, points->len - 1).time == end)
    end += period;

  for (guint i = 0; i < points->len; i++)
    {
      const PracticePoint *point = &g_array_index (points, PracticePoint, i);

      if (point->time < end - number * period)
        continue;
      practice_point_get (point, practice_property_string (alarm, "Statistic"), &findings->last);
      findings->last_time = point->time;
      if (is_beyond (practice_property_string (alarm, "ComparisonOperator"), findings->last, aws_json_get_double (alarm, "Threshold", 0)))
        findings->breaching++;
      else
        findings->good++;
    }
  findings->missing = number - findings->breaching - findings->good;
}

/* The new state and why; %NULL when it stays as it is */
static const char *
judge (JsonObject  *alarm,
       Findings    *findings,
       char       **reason)
{
  const char *missing = practice_property_string (alarm, "TreatMissingData");
  gint64 wanted = practice_property_int (alarm, "DatapointsToAlarm", practice_property_int (alarm, "EvaluationPeriods", 1));
  guint found = findings->breaching + findings->good;
  guint breaching = findings->breaching;
  const char *state;
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (findings->last_time);
  g_autofree char *when = g_date_time_format (time, "%d/%m/%y %H:%M:%S");

  if (g_strcmp0 (missing, "breaching") == 0)
    breaching += findings->missing;
  if (found == 0 && g_strcmp0 (missing, "ignore") == 0)
    return NULL;

  if (breaching >= wanted)
    state = "ALARM";
  else if (found > 0 || g_strcmp0 (missing, "notBreaching") == 0 || g_strcmp0 (missing, "breaching") == 0)
    state = "OK";
  else
    state = "INSUFFICIENT_DATA";

  if (g_str_equal (state, "INSUFFICIENT_DATA"))
    *reason = g_strdup_printf ("Insufficient Data: %u datapoint%s unknown.", findings->missing, findings->missing == 1 ? " was" : "s were");
  else if (found == 0)
    *reason = g_strdup_printf ("Threshold Crossed: no datapoints were received for %u period%s and %u missing datapoint%s treated as [%s].",
                               findings->missing, findings->missing == 1 ? "" : "s", findings->missing, findings->missing == 1 ? " was" : "s were",
                               g_str_equal (state, "ALARM") ? "Breaching" : "NonBreaching");
  else
    *reason = g_strdup_printf ("Threshold Crossed: %u out of the last %u datapoints [%.1f (%s)] %s %s the threshold (%.1f).",
                               g_str_equal (state, "ALARM") ? breaching : findings->good, found + findings->missing, findings->last, when,
                               g_str_equal (state, "ALARM") ? "was" : "was not", find_words (practice_property_string (alarm, "ComparisonOperator")),
                               aws_json_get_double (alarm, "Threshold", 0));

  return state;
}

void
practice_alarms_evaluate (Practice *practice)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT region, name, definition, state FROM alarms", NULL);

  while (practice_rows_next (rows))
    for (int i = 0; i < 4; i++)
      g_ptr_array_add (texts, practice_rows_dup_text (rows, i));

  for (guint i = 0; i < texts->len; i += 4)
    {
      g_autoptr(JsonObject) alarm = practice_parse_object (g_ptr_array_index (texts, i + 2));
      g_autofree char *reason = NULL;
      Findings findings = { 0, };
      const char *state;

      look (practice, g_ptr_array_index (texts, i), alarm, &findings);
      state = judge (alarm, &findings, &reason);
      if (state != NULL && !g_str_equal (state, g_ptr_array_index (texts, i + 3)))
        practice_db_run (practice->db, NULL, "UPDATE alarms SET state = ?, reason = ?, changed = ? WHERE region = ? AND name = ?",
                         "ssiss", state, reason, practice_now (), g_ptr_array_index (texts, i), g_ptr_array_index (texts, i + 1));
    }
}

static gboolean
refuse_alarm (PracticeCall  *call,
              GError       **error,
              const char    *message)
{
  return practice_refuse_as (error, 400, "ValidationError", "%s", message);
}

static gboolean
check_alarm (PracticeCall  *call,
             JsonObject    *input,
             GError       **error)
{
  static const char * const statistics[] = { "SampleCount", "Average", "Sum", "Minimum", "Maximum", NULL };
  static const char * const treatments[] = { "breaching", "notBreaching", "ignore", "missing", NULL };
  const char *name = aws_json_get_string (input, "AlarmName");
  const char *missing = aws_json_get_string (input, "TreatMissingData");
  gint64 number = practice_property_int (input, "EvaluationPeriods", 0);
  gint64 wanted = practice_property_int (input, "DatapointsToAlarm", number);
  gint64 period;

  if (name == NULL || *name == '\0' || strlen (name) > 255)
    return refuse_alarm (call, error, "1 validation error detected: Value at 'alarmName' failed to satisfy constraint: Member must have length between 1 and 255");
  if (find_words (aws_json_get_string (input, "ComparisonOperator")) == NULL)
    return refuse_alarm (call, error, "1 validation error detected: Value at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold]");
  if (aws_json_get_string (input, "MetricName") == NULL || aws_json_get_string (input, "Namespace") == NULL)
    return refuse_alarm (call, error, "The practice cloud has alarms on one metric each: MetricName and Namespace must be given");
  if (aws_json_get_string (input, "Statistic") == NULL || !g_strv_contains (statistics, aws_json_get_string (input, "Statistic")))
    return refuse_alarm (call, error, "Exactly one element of the union parameter must be set: Statistic");
  if (!json_object_has_member (input, "Threshold"))
    return refuse_alarm (call, error, "Threshold must be specified");
  if (missing != NULL && !g_strv_contains (treatments, missing))
    return refuse_alarm (call, error, "Invalid value for TreatMissingData: must be one of breaching, notBreaching, ignore, missing");
  if (number < 1 || wanted < 1 || wanted > number)
    return refuse_alarm (call, error, "DatapointsToAlarm must be from 1 to EvaluationPeriods");
  if (!practice_check_period (input, &period, error))
    return FALSE;

  return period * number <= 86400 ||
         refuse_alarm (call, error, "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).");
}

JsonObject *
cloudwatch_put_metric_alarm (PracticeCall  *call,
                             JsonObject    *input,
                             GError       **error)
{
  g_autofree char *text = NULL;

  if (!check_alarm (call, input, error))
    return NULL;

  text = practice_print_object (input);

  return practice_db_run (call->practice->db, error,
                          "INSERT INTO alarms VALUES (?, ?, ?, 'INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation', ?4, ?4) "
                          "ON CONFLICT DO UPDATE SET definition = excluded.definition, updated = excluded.updated",
                          "sssi", call->region, aws_json_get_string (input, "AlarmName"), text, practice_now ())
         ? json_object_new () : NULL;
}

static void
copy_list (JsonObject *alarm,
           JsonObject *definition,
           const char *name)
{
  JsonArray *list = aws_json_get_array (definition, name);

  json_object_set_array_member (alarm, name, list != NULL ? json_array_ref (list) : json_array_new ());
}

/* Texts of a form become what they are */
static JsonObject *
describe_alarm (PracticeCall *call,
                PracticeRows *rows)
{
  static const char * const texts[] = { "AlarmName", "AlarmDescription", "MetricName", "Namespace", "Statistic", "Unit", "ComparisonOperator", "TreatMissingData" };
  static const char * const numbers[] = { "Period", "EvaluationPeriods", "DatapointsToAlarm" };
  static const char * const lists[] = { "OKActions", "AlarmActions", "InsufficientDataActions", "Dimensions" };
  g_autoptr(JsonObject) definition = practice_parse_object (practice_rows_text (rows, 1));
  g_autofree char *arn = g_strdup_printf ("arn:aws:cloudwatch:%s:%s:alarm:%s", call->region, call->practice->account, practice_rows_text (rows, 0));
  JsonObject *alarm = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (practice_property_string (definition, texts[i]))
      json_object_set_string_member (alarm, texts[i], practice_property_string (definition, texts[i]));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (json_object_has_member (definition, numbers[i]))
      json_object_set_int_member (alarm, numbers[i], practice_property_int (definition, numbers[i], 0));
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    copy_list (alarm, definition, lists[i]);

  json_object_set_string_member (alarm, "AlarmArn", arn);
  json_object_set_boolean_member (alarm, "ActionsEnabled", practice_property_bool (definition, "ActionsEnabled", TRUE));
  json_object_set_double_member (alarm, "Threshold", aws_json_get_double (definition, "Threshold", 0));
  json_object_set_string_member (alarm, "StateValue", practice_rows_text (rows, 2));
  json_object_set_string_member (alarm, "StateReason", practice_rows_text (rows, 3));
  practice_set_time (alarm, "StateUpdatedTimestamp", practice_rows_int (rows, 4));
  practice_set_time (alarm, "StateTransitionedTimestamp", practice_rows_int (rows, 4));
  practice_set_time (alarm, "AlarmConfigurationUpdatedTimestamp", practice_rows_int (rows, 5));

  return alarm;
}

static gboolean
is_named (JsonArray  *names,
          const char *name)
{
  for (guint i = 0; i < json_array_get_length (names); i++)
    if (g_strcmp0 (aws_json_array_get_string (names, i), name) == 0)
      return TRUE;

  return FALSE;
}

JsonObject *
cloudwatch_describe_alarms (PracticeCall  *call,
                            JsonObject    *input,
                            GError       **error)
{
  JsonArray *names = aws_json_get_array (input, "AlarmNames");
  JsonArray *types = aws_json_get_array (input, "AlarmTypes");
  const char *prefix = aws_json_get_string (input, "AlarmNamePrefix");
  const char *state = aws_json_get_string (input, "StateValue");
  g_autoptr(JsonObject) output = json_object_new ();
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *alarms = json_array_new ();
  guint begin, length, at = 0;

  json_object_set_array_member (output, "MetricAlarms", alarms);
  json_object_set_array_member (output, "CompositeAlarms", json_array_new ());
  if (!practice_page_read (input, "NextToken", "MaxRecords", 100, "InvalidNextToken", &begin, &length, error))
    return NULL;
  if (names != NULL && prefix != NULL)
    {
      refuse_alarm (call, error, "AlarmNames and AlarmNamePrefix cannot be used together");
      return NULL;
    }
  if (!json_object_has_member (input, "MaxRecords"))
    length = 50;

  practice_alarms_evaluate (call->practice);
  rows = practice_db_query (call->practice->db, "SELECT name, definition, state, reason, changed, updated FROM alarms WHERE region = ? ORDER BY name",
                            "s", call->region);
  while (practice_rows_next (rows))
    {
      const char *name = practice_rows_text (rows, 0);

      if ((names != NULL && !is_named (names, name)) || (prefix != NULL && !g_str_has_prefix (name, prefix)) ||
          (types != NULL && !is_named (types, "MetricAlarm")) || (state != NULL && !g_str_equal (practice_rows_text (rows, 2), state)))
        continue;
      if (at >= begin && at - begin < length)
        json_array_add_object_element (alarms, describe_alarm (call, rows));
      at++;
    }
  practice_page_end (output, "NextToken", begin, length, at);

  return g_steal_pointer (&output);
}

JsonObject *
cloudwatch_delete_alarms (PracticeCall  *call,
                          JsonObject    *input,
                          GError       **error)
{
  JsonArray *names = aws_json_get_array (input, "AlarmNames");

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    {
      const char *name = aws_json_array_get_string (names, i);
      g_autofree char *found = practice_db_lookup (call->practice->db, "SELECT name FROM alarms WHERE region = ? AND name = ?", "ss", call->region, name);

      if (found == NULL)
        {
          practice_refuse_as (error, 404, "ResourceNotFound", "The alarm %s does not exist.", name);
          return NULL;
        }
    }

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    if (!practice_db_run (call->practice->db, error, "DELETE FROM alarms WHERE region = ? AND name = ?", "ss", call->region,
                          aws_json_array_get_string (names, i)))
      return NULL;

  return json_object_new ();
}

static gboolean
look_cb (gpointer data)
{
  Practice *practice = data;

  practice_alarms_evaluate (practice);
  practice_later (practice, LOOK_MSEC, look_cb, practice, NULL);

  return G_SOURCE_REMOVE;
}

gboolean
practice_alarms_init (Practice  *practice,
                      GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS alarms (region TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, state TEXT NOT NULL,"
                           "  reason TEXT NOT NULL, changed INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (region, name)) WITHOUT ROWID;",
                           error))
    return FALSE;

  practice_later (practice, LOOK_MSEC, look_cb, practice, NULL);

  return TRUE;
}
