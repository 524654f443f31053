/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-operations.h"
#include "porch-practice-resources.h"
#include "porch-practice-states.h"

/* Runs workflows, one state after the other, each in a turn of the loop. Where a run is stands in its row, so that it
 * goes on after the practice cloud was stopped. States of the kinds Pass, Task, Choice, Wait, Succeed and Fail are
 * known, in JSONPath and in a part of JSONata; the others end a run with States.Runtime. */

#define MOST_EVENTS 25000

typedef struct
{
  Practice   *practice;
  char       *arn;
  char       *region;
  char       *role;
  char       *name;
  char       *machine_arn;
  gint64      started;
  JsonObject *definition;
  JsonNode   *input;          /* of the run */
  JsonNode   *data;           /* what the state gets */
  JsonObject *variables;
  char       *state;
  guint       tries;          /* of the state's task so far */
  gint64      last_event;
} Run;

static GQuark
states_quark (void)
{
  return g_quark_from_static_string ("practice-states");
}

gboolean
practice_states_fail (GError     **error,
                      const char  *name,
                      const char  *format,
                      ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL && *error == NULL)
    *error = g_error_new_valist (states_quark (), (int) g_quark_from_string (name), format, args);
  va_end (args);

  return FALSE;
}

const char *
practice_states_get_name (const GError *error)
{
  return error->domain == states_quark () ? g_quark_to_string (error->code) : "States.Runtime";
}

static void
run_free (gpointer data)
{
  Run *run = data;

  if (run == NULL)
    return;

  g_free (run->arn);
  g_free (run->region);
  g_free (run->role);
  g_free (run->name);
  g_free (run->machine_arn);
  g_free (run->state);
  g_clear_pointer (&run->definition, json_object_unref);
  g_clear_pointer (&run->input, json_node_unref);
  g_clear_pointer (&run->data, json_node_unref);
  g_clear_pointer (&run->variables, json_object_unref);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static Run *
load_run (Practice   *practice,
          const char *arn)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db,
                                                    "SELECT arn, region, machine, name, started, definition, role, input, state, data, tries, variables,"
                                                    "  (SELECT coalesce(max(id), 0) FROM state_events WHERE run = arn) FROM state_runs WHERE arn = ? AND status = 'RUNNING'",
                                                    "s", arn);
  Run *run;

  if (!practice_rows_next (rows))
    return NULL;

  run = g_new0 (Run, 1);
  run->practice = practice;
  run->arn = practice_rows_dup_text (rows, 0);
  run->region = practice_rows_dup_text (rows, 1);
  run->machine_arn = practice_rows_dup_text (rows, 2);
  run->name = practice_rows_dup_text (rows, 3);
  run->started = practice_rows_int (rows, 4);
  run->definition = practice_parse_object (practice_rows_text (rows, 5));
  run->role = practice_rows_dup_text (rows, 6);
  run->input = json_from_string (practice_rows_text (rows, 7), NULL);
  run->state = practice_rows_dup_text (rows, 8);
  run->data = practice_rows_is_null (rows, 9) ? NULL : json_from_string (practice_rows_text (rows, 9), NULL);
  run->tries = practice_rows_int (rows, 10);
  run->variables = practice_parse_object (practice_rows_text (rows, 11));
  run->last_event = practice_rows_int (rows, 12);

  return run;
}

/* ---- history ---- */

/* Takes @details, which may be NULL. */
static void
add_event (Run        *run,
           const char *type,
           const char *member,
           JsonObject *details)
{
  g_autoptr(JsonObject) whole = json_object_new ();
  g_autofree char *text = NULL;

  if (details != NULL)
    json_object_set_object_member (whole, member, details);
  text = practice_print_object (whole);
  practice_db_run (run->practice->db, NULL, "INSERT INTO state_events VALUES (?, ?, ?, ?, ?)", "siiss", run->arn, run->last_event + 1, practice_now (), type, text);
  run->last_event++;
}

static void
add_failure (Run        *run,
             const char *type,
             const char *member,
             const char *name,
             const char *cause,
             const char *resource)
{
  JsonObject *details = json_object_new ();

  if (resource != NULL)
    {
      json_object_set_string_member (details, "resourceType", g_str_has_prefix (resource, "arn:aws:states:::") ? resource + strlen ("arn:aws:states:::") : "lambda");
      json_object_set_string_member (details, "resource", strrchr (resource, ':') + 1);
    }
  if (name != NULL)
    json_object_set_string_member (details, "error", name);
  if (cause != NULL)
    json_object_set_string_member (details, "cause", cause);
  add_event (run, type, member, details);
}

static void
add_state_event (Run        *run,
                 const char *kind,
                 gboolean    entered,
                 JsonNode   *value)
{
  JsonObject *details = json_object_new ();
  g_autofree char *type = g_strconcat (kind, entered ? "StateEntered" : "StateExited", NULL);
  g_autofree char *text = json_to_string (value, FALSE);

  json_object_set_string_member (details, "name", run->state);
  json_object_set_string_member (details, entered ? "input" : "output", text);
  add_event (run, type, entered ? "stateEnteredEventDetails" : "stateExitedEventDetails", details);
}

static void
end_run (Run        *run,
         const char *status,
         const char *output,
         const char *name,
         const char *cause)
{
  practice_db_run (run->practice->db, NULL, "UPDATE state_runs SET status = ?, output = ?, error = ?, cause = ?, stopped = ? WHERE arn = ?",
                   "ssssis", status, output, name, cause, practice_now (), run->arn);
}

static void
fail_run (Run        *run,
          const char *name,
          const char *cause)
{
  add_failure (run, "ExecutionFailed", "executionFailedEventDetails", name, cause, NULL);
  end_run (run, "FAILED", NULL, name, cause);
}

static void
succeed_run (Run      *run,
             JsonNode *output)
{
  g_autofree char *text = json_to_string (output, FALSE);
  JsonObject *details = json_object_new ();

  json_object_set_string_member (details, "output", text);
  add_event (run, "ExecutionSucceeded", "executionSucceededEventDetails", details);
  end_run (run, "SUCCEEDED", text, NULL, NULL);
}

/* ---- what states see ---- */

static JsonObject *
make_context (Run *run)
{
  JsonObject *context = json_object_new (), *execution = json_object_new (), *state = json_object_new (), *machine = json_object_new ();
  g_autofree char *time = practice_format_time (run->started);
  const char *machine_name = strrchr (run->machine_arn, ':') + 1;

  json_object_set_string_member (execution, "Id", run->arn);
  json_object_set_string_member (execution, "Name", run->name);
  json_object_set_string_member (execution, "RoleArn", run->role);
  json_object_set_string_member (execution, "StartTime", time);
  json_object_set_member (execution, "Input", json_node_copy (run->input));
  json_object_set_string_member (state, "Name", run->state);
  json_object_set_int_member (state, "RetryCount", run->tries);
  json_object_set_string_member (machine, "Id", run->machine_arn);
  json_object_set_string_member (machine, "Name", machine_name);
  json_object_set_object_member (context, "Execution", execution);
  json_object_set_object_member (context, "State", state);
  json_object_set_object_member (context, "StateMachine", machine);

  return context;
}

static gboolean
is_query (Run        *run,
          JsonObject *state)
{
  const char *language = practice_property_string (state, "QueryLanguage");

  if (language == NULL)
    language = practice_property_string (run->definition, "QueryLanguage");

  return g_strcmp0 (language, "JSONata") == 0;
}

/* $states and what was assigned. @name: "result", "errorOutput", or NULL */
static JsonObject *
make_variables (Run        *run,
                const char *name,
                JsonNode   *value)
{
  g_autofree char *text = practice_print_object (run->variables);
  JsonObject *variables = practice_parse_object (text);
  JsonObject *states = json_object_new ();

  json_object_set_member (states, "input", json_node_copy (run->data));
  json_object_set_object_member (states, "context", make_context (run));
  if (name != NULL)
    json_object_set_member (states, name, json_node_copy (value));
  json_object_set_object_member (variables, "states", states);

  return variables;
}

/* A member of the state with its expressions; %NULL without an error if it has none. */
static JsonNode *
fill_member (Run         *run,
             JsonObject  *state,
             const char  *member,
             const char  *name,
             JsonNode    *value,
             GError     **error)
{
  g_autoptr(JsonObject) variables = NULL;

  if (!json_object_has_member (state, member))
    return NULL;

  variables = make_variables (run, name, value);

  return practice_query_fill (json_object_get_member (state, member), variables, error);
}

static gboolean
assign (Run         *run,
        JsonObject  *state,
        const char  *name,
        JsonNode    *value,
        GError     **error)
{
  g_autoptr(GError) problem = NULL;
  g_autoptr(JsonNode) filled = fill_member (run, state, "Assign", name, value, &problem);
  JsonObjectIter iter;
  const char *variable;
  JsonNode *node;

  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (filled == NULL || !JSON_NODE_HOLDS_OBJECT (filled))
    return TRUE;

  json_object_iter_init (&iter, json_node_get_object (filled));
  while (json_object_iter_next (&iter, &variable, &node))
    json_object_set_member (run->variables, variable, json_node_copy (node));

  return TRUE;
}

/* InputPath and Parameters, or Arguments */
static JsonNode *
make_input (Run         *run,
            JsonObject  *state,
            GError     **error)
{
  g_autoptr(JsonObject) context = make_context (run);
  g_autoptr(JsonNode) chosen = NULL;
  g_autoptr(GError) problem = NULL;
  const char *path = practice_property_string (state, "InputPath");

  if (is_query (run, state))
    {
      chosen = fill_member (run, state, "Arguments", NULL, NULL, &problem);
      if (problem == NULL)
        return chosen != NULL ? g_steal_pointer (&chosen) : json_node_copy (run->data);
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }

  if (json_object_has_member (state, "InputPath") && path == NULL)
    {
      chosen = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (chosen, json_object_new ());
    }
  else if (!(chosen = practice_path_read (path ? path : "$", run->data, context, error)))
    {
      return NULL;
    }

  return json_object_has_member (state, "Parameters") ? practice_template_fill (json_object_get_member (state, "Parameters"), chosen, context, error)
                                                      : g_steal_pointer (&chosen);
}

/* ResultSelector, ResultPath and OutputPath, or Output. @result may be NULL: the input goes on. */
static JsonNode *
make_output (Run         *run,
             JsonObject  *state,
             JsonNode    *result,
             GError     **error)
{
  g_autoptr(JsonObject) context = make_context (run);
  g_autoptr(JsonNode) selected = NULL, placed = NULL, filled = NULL;
  g_autoptr(GError) problem = NULL;
  const char *path;

  if (is_query (run, state))
    {
      if (!assign (run, state, result ? "result" : NULL, result, error))
        return NULL;
      filled = fill_member (run, state, "Output", result ? "result" : NULL, result, &problem);
      if (problem == NULL)
        return filled != NULL ? g_steal_pointer (&filled) : json_node_copy (result ? result : run->data);
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }

  if (result != NULL)
    {
      selected = json_object_has_member (state, "ResultSelector") ? practice_template_fill (json_object_get_member (state, "ResultSelector"), result, context, error)
                                                                  : json_node_copy (result);
      if (selected == NULL)
        return NULL;
    }

  path = practice_property_string (state, "ResultPath");
  if (selected == NULL || (json_object_has_member (state, "ResultPath") && path == NULL))
    placed = json_node_copy (run->data);
  else if (!(placed = practice_path_write (path ? path : "$", run->data, selected, error)))
    return NULL;

  path = practice_property_string (state, "OutputPath");
  if (json_object_has_member (state, "OutputPath") && path == NULL)
    return json_from_string ("{}", NULL);

  return practice_path_read (path ? path : "$", placed, context, error);
}

/* ---- going on ---- */

static gboolean step_cb (gpointer data);

/* Writes down where the run is, and goes on there in @msec. */
static void
go_on (Run  *run,
       guint msec)
{
  g_autofree char *text = json_to_string (run->data, FALSE), *variables = practice_print_object (run->variables);

  practice_db_run (run->practice->db, NULL, "UPDATE state_runs SET state = ?, data = ?, tries = ?, variables = ?, due = ? WHERE arn = ?",
                   "ssisis", run->state, text, (gint64) run->tries, variables, practice_now () + msec * G_GINT64_CONSTANT (1000), run->arn);
  practice_later (run->practice, msec, step_cb, load_run (run->practice, run->arn), run_free);
}

static void
leave (Run        *run,
       const char *next,
       gboolean    end,
       JsonNode   *output)
{
  if (end || next == NULL)
    {
      succeed_run (run, output);
      return;
    }

  g_set_str (&run->state, next);
  json_node_unref (run->data);
  run->data = json_node_copy (output);
  run->tries = 0;
  go_on (run, 0);
}

static gboolean
names_error (JsonObject *rule,
             const char *name)
{
  JsonArray *names = aws_json_get_array (rule, "ErrorEquals");

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    {
      const char *wanted = aws_json_array_get_string (names, i);

      if (g_strcmp0 (wanted, name) == 0 || g_strcmp0 (wanted, "States.ALL") == 0 ||
          (g_strcmp0 (wanted, "States.TaskFailed") == 0 && g_strcmp0 (name, "States.Timeout") != 0))
        return TRUE;
    }

  return FALSE;
}

static JsonObject *
find_rule (JsonObject *state,
           const char *member,
           const char *name)
{
  JsonArray *rules = aws_json_get_array (state, member);

  /* What is wrong with the workflow itself is not caught */
  for (guint i = 0; rules != NULL && i < json_array_get_length (rules) && g_strcmp0 (name, "States.Runtime") != 0; i++)
    if (names_error (aws_json_array_get_object (rules, i), name))
      return aws_json_array_get_object (rules, i);

  return NULL;
}

/* Retry, then Catch, then the end of the run. */
static void
handle_error (Run        *run,
              JsonObject *state,
              const char *kind,
              GError     *problem)
{
  const char *name = practice_states_get_name (problem);
  JsonObject *retry = find_rule (state, "Retry", name), *catcher = find_rule (state, "Catch", name);
  g_autoptr(JsonObject) object = NULL;
  g_autoptr(JsonNode) node = NULL, output = NULL;
  const char *path;

  if (retry != NULL && run->tries < practice_property_int (retry, "MaxAttempts", 3))
    {
      double pause = aws_json_get_double (retry, "IntervalSeconds", 1) * pow (aws_json_get_double (retry, "BackoffRate", 2), run->tries);

      run->tries++;
      go_on (run, practice_scale_delay (run->practice, MIN (pause, aws_json_get_double (retry, "MaxDelaySeconds", 86400))));
      return;
    }
  if (catcher == NULL)
    {
      fail_run (run, name, problem->message);
      return;
    }

  object = json_object_new ();
  json_object_set_string_member (object, "Error", name);
  json_object_set_string_member (object, "Cause", problem->message);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);
  path = practice_property_string (catcher, "ResultPath");
  if (is_query (run, state))
    output = json_object_has_member (catcher, "Output") ? fill_member (run, catcher, "Output", "errorOutput", node, NULL) : json_node_copy (node);
  else
    output = practice_path_write (path ? path : "$", run->data, node, NULL);
  if (output == NULL)
    {
      fail_run (run, "States.Runtime", "The output of a catcher could not be made");
      return;
    }

  add_state_event (run, kind, FALSE, output);
  leave (run, practice_property_string (catcher, "Next"), FALSE, output);
}

/* ---- choices ---- */

static gboolean
compare_value (JsonNode   *value,
               const char *rule,
               JsonNode   *wanted)
{
  gboolean text = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING;
  gboolean truth = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_BOOLEAN;
  gboolean number = JSON_NODE_HOLDS_VALUE (value) && !text && !truth;
  gboolean yes = JSON_NODE_HOLDS_VALUE (wanted) && json_node_get_value_type (wanted) == G_TYPE_BOOLEAN && json_node_get_boolean (wanted);
  const char *relation = NULL;
  double order = 0;

  if (g_str_equal (rule, "IsNull"))
    return JSON_NODE_HOLDS_NULL (value) == yes;
  if (g_str_equal (rule, "IsString"))
    return text == yes;
  if (g_str_equal (rule, "IsNumeric"))
    return number == yes;
  if (g_str_equal (rule, "IsBoolean"))
    return truth == yes;
  if (g_str_equal (rule, "BooleanEquals"))
    return truth && json_node_get_boolean (value) == yes;
  if (g_str_equal (rule, "StringMatches"))
    return text && g_pattern_match_simple (json_node_get_string (wanted), json_node_get_string (value));

  if (g_str_has_prefix (rule, "String") && text)
    {
      relation = rule + strlen ("String");
      order = strcmp (json_node_get_string (value), json_node_get_string (wanted));
    }
  else if (g_str_has_prefix (rule, "Numeric") && number)
    {
      relation = rule + strlen ("Numeric");
      order = json_node_get_double (value) - json_node_get_double (wanted);
    }
  if (relation == NULL)
    return FALSE;

  return g_str_equal (relation, "Equals") ? order == 0
       : g_str_equal (relation, "LessThan") ? order < 0
       : g_str_equal (relation, "LessThanEquals") ? order <= 0
       : g_str_equal (relation, "GreaterThan") ? order > 0
       : g_str_equal (relation, "GreaterThanEquals") && order >= 0;
}

static gboolean is_chosen (Run         *run,
                           JsonObject  *rule,
                           JsonObject  *context,
                           GError     **error);

static gboolean
are_chosen (Run         *run,
            JsonArray   *rules,
            gboolean     all,
            JsonObject  *context,
            GError     **error)
{
  for (guint i = 0; i < json_array_get_length (rules); i++)
    if (is_chosen (run, aws_json_array_get_object (rules, i), context, error) != all)
      return !all;

  return all;
}

static gboolean
is_chosen (Run         *run,
           JsonObject  *rule,
           JsonObject  *context,
           GError     **error)
{
  const char *path = practice_property_string (rule, "Variable");
  g_autoptr(JsonNode) value = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *wanted;

  if (aws_json_get_array (rule, "And"))
    return are_chosen (run, aws_json_get_array (rule, "And"), TRUE, context, error);
  if (aws_json_get_array (rule, "Or"))
    return are_chosen (run, aws_json_get_array (rule, "Or"), FALSE, context, error);
  if (aws_json_get_object (rule, "Not"))
    return !is_chosen (run, aws_json_get_object (rule, "Not"), context, error);
  if (path == NULL)
    return practice_states_fail (error, "States.Runtime", "A choice has no Variable");
  if (json_object_has_member (rule, "IsPresent"))
    return practice_path_exists (path, run->data, context) == practice_property_bool (rule, "IsPresent", TRUE);
  if (!(value = practice_path_read (path, run->data, context, error)))
    return FALSE;

  json_object_iter_init (&iter, rule);
  while (json_object_iter_next (&iter, &name, &wanted))
    if (!g_str_equal (name, "Variable") && !g_str_equal (name, "Next") && !g_str_equal (name, "Comment"))
      return compare_value (value, name, wanted);

  return FALSE;
}

static const char *
choose (Run         *run,
        JsonObject  *state,
        GError     **error)
{
  JsonArray *choices = aws_json_get_array (state, "Choices");
  g_autoptr(JsonObject) context = make_context (run);
  g_autoptr(GError) problem = NULL;

  for (guint i = 0; choices != NULL && i < json_array_get_length (choices); i++)
    {
      JsonObject *choice = aws_json_array_get_object (choices, i);
      g_autoptr(JsonNode) condition = NULL;
      gboolean chosen;

      if (is_query (run, state))
        {
          condition = fill_member (run, choice, "Condition", NULL, NULL, &problem);
          chosen = condition && JSON_NODE_HOLDS_VALUE (condition) && json_node_get_value_type (condition) == G_TYPE_BOOLEAN && json_node_get_boolean (condition);
        }
      else
        {
          chosen = is_chosen (run, choice, context, &problem);
        }
      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      if (chosen)
        return practice_property_string (choice, "Next");
    }

  if (practice_property_string (state, "Default") == NULL)
    practice_states_fail (error, "States.NoChoiceMatched", "No choice of the state %s matched", run->state);

  return practice_property_string (state, "Default");
}

/* ---- waiting ---- */

/* Milliseconds from now; -1 and an error for what is no time. */
static gint64
read_pause (Run         *run,
            JsonObject  *state,
            GError     **error)
{
  static const char * const members[] = { "Seconds", "Timestamp", "SecondsPath", "TimestampPath" };
  g_autoptr(JsonObject) context = make_context (run);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr(JsonNode) value = NULL;
      g_autoptr(GDateTime) time = NULL;

      if (!json_object_has_member (state, members[i]))
        continue;
      if (i >= 2)
        value = practice_path_read (practice_property_string (state, members[i]), run->data, context, error);
      else if (is_query (run, state))
        value = fill_member (run, state, members[i], NULL, NULL, error);
      else
        value = json_object_dup_member (state, members[i]);
      if (value == NULL)
        return -1;
      if (i % 2 == 0 && JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) != G_TYPE_STRING)
        return MAX (0, (gint64) (json_node_get_double (value) * 1000));
      if (i % 2 == 1 && JSON_NODE_HOLDS_VALUE (value) && json_node_get_string (value) && (time = g_date_time_new_from_iso8601 (json_node_get_string (value), NULL)))
        return MAX (0, (g_date_time_to_unix_usec (time) - practice_now ()) / 1000);
    }

  practice_states_fail (error, "States.Runtime", "The state %s has no time to wait for", run->state);

  return -1;
}

/* ---- one state ---- */

static JsonNode *
run_task (Run         *run,
          JsonObject  *state,
          GError     **error)
{
  const char *resource = practice_property_string (state, "Resource");
  g_autoptr(JsonNode) input = make_input (run, state, error);
  g_autofree char *parameters = input ? json_to_string (input, FALSE) : NULL, *text = NULL;
  g_autoptr(GError) problem = NULL;
  JsonObject *details;
  JsonNode *result;

  if (input == NULL)
    return NULL;

  details = json_object_new ();
  json_object_set_string_member (details, "resourceType", g_str_has_prefix (resource, "arn:aws:states:::") ? resource + strlen ("arn:aws:states:::") : "lambda");
  json_object_set_string_member (details, "resource", strrchr (resource, ':') + 1);
  json_object_set_string_member (details, "region", run->region);
  json_object_set_string_member (details, "parameters", parameters);
  add_event (run, "TaskScheduled", "taskScheduledEventDetails", details);

  result = practice_task_run (run->practice, run->region, run->role, resource, input, &problem);
  if (result == NULL)
    {
      add_failure (run, "TaskFailed", "taskFailedEventDetails", practice_states_get_name (problem), problem->message, resource);
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }

  text = json_to_string (result, FALSE);
  details = json_object_new ();
  json_object_set_string_member (details, "resourceType", g_str_has_prefix (resource, "arn:aws:states:::") ? resource + strlen ("arn:aws:states:::") : "lambda");
  json_object_set_string_member (details, "resource", strrchr (resource, ':') + 1);
  json_object_set_string_member (details, "output", text);
  add_event (run, "TaskSucceeded", "taskSucceededEventDetails", details);

  return result;
}

/* The result of a Pass state; NULL without an error: its input */
static JsonNode *
run_pass (Run         *run,
          JsonObject  *state,
          GError     **error)
{
  if (is_query (run, state))
    return NULL;

  return json_object_has_member (state, "Result") ? json_object_dup_member (state, "Result") : make_input (run, state, error);
}

static void
run_fail (Run        *run,
          JsonObject *state)
{
  g_autoptr(JsonNode) name = is_query (run, state) ? fill_member (run, state, "Error", NULL, NULL, NULL) : NULL;
  g_autoptr(JsonNode) cause = is_query (run, state) ? fill_member (run, state, "Cause", NULL, NULL, NULL) : NULL;

  fail_run (run, name ? json_node_get_string (name) : practice_property_string (state, "Error"),
            cause ? json_node_get_string (cause) : practice_property_string (state, "Cause"));
}

static void
run_state (Run        *run,
           JsonObject *state,
           const char *kind,
           gboolean    waited)
{
  g_autoptr(GError) problem = NULL;
  g_autoptr(JsonNode) result = NULL, output = NULL;
  const char *next = practice_property_string (state, "Next");
  gint64 pause;

  if (g_str_equal (kind, "Wait") && !waited)
    {
      pause = read_pause (run, state, &problem);
      if (problem == NULL)
        {
          run->tries = 1;
          go_on (run, MIN (pause, G_MAXINT32));
          return;
        }
    }
  else if (g_str_equal (kind, "Task"))
    result = run_task (run, state, &problem);
  else if (g_str_equal (kind, "Pass"))
    result = run_pass (run, state, &problem);
  else if (g_str_equal (kind, "Choice"))
    next = choose (run, state, &problem);
  else if (g_str_equal (kind, "Fail"))
    {
      run_fail (run, state);
      return;
    }
  else if (!g_str_equal (kind, "Wait") && !g_str_equal (kind, "Succeed"))
    practice_states_fail (&problem, "States.Runtime", "The practice cloud has no states of the type %s", kind);

  if (problem == NULL)
    output = make_output (run, state, result, &problem);
  if (problem != NULL)
    {
      handle_error (run, state, kind, problem);
      return;
    }

  add_state_event (run, kind, FALSE, output);
  leave (run, next, practice_property_bool (state, "End", FALSE) || g_str_equal (kind, "Succeed"), output);
}

static gboolean
step_cb (gpointer data)
{
  Run *run = data;
  JsonObject *state;
  const char *kind;
  g_autofree char *status = NULL;

  if (run == NULL)
    return G_SOURCE_REMOVE;

  /* Somebody may have stopped it meanwhile */
  status = practice_stepfunctions_dup_status (run->practice, run->arn, NULL);
  if (g_strcmp0 (status, "RUNNING") != 0)
    return G_SOURCE_REMOVE;

  state = aws_json_get_object (aws_json_get_object (run->definition, "States"), run->state);
  kind = practice_property_string (state, "Type");
  if (run->tries == 0)
    add_state_event (run, kind, TRUE, run->data);
  if (run->last_event > MOST_EVENTS)
    fail_run (run, "States.Runtime", "The execution reached the maximum number of history events (25000).");
  else
    run_state (run, state, kind, run->tries > 0);

  return G_SOURCE_REMOVE;
}

void
practice_states_begin (Practice   *practice,
                       const char *arn)
{
  Run *run = load_run (practice, arn);
  g_autofree char *text = NULL;
  JsonObject *details;

  if (run == NULL)
    return;

  if (run->state == NULL)
    {
      text = json_to_string (run->input, FALSE);
      details = json_object_new ();
      json_object_set_string_member (details, "input", text);
      json_object_set_string_member (details, "roleArn", run->role);
      add_event (run, "ExecutionStarted", "executionStartedEventDetails", details);
      run->state = g_strdup (practice_property_string (run->definition, "StartAt"));
      run->data = json_node_copy (run->input);
      go_on (run, 0);
    }
  run_free (run);
}

gboolean
practice_states_stop (Practice    *practice,
                      const char  *arn,
                      const char  *name,
                      const char  *cause,
                      GError     **error)
{
  g_autoptr(Run) run = load_run (practice, arn);

  if (run != NULL)
    {
      add_failure (run, "ExecutionAborted", "executionAbortedEventDetails", name, cause, NULL);
      end_run (run, "ABORTED", NULL, name, cause);
    }

  return TRUE;
}

/* ---- checking ---- */

static gboolean
refuse_definition (GError     **error,
                   const char  *kind,
                   const char  *what,
                   const char  *where)
{
  return practice_refuse_as (error, 400, "InvalidDefinition", "Invalid State Machine Definition: '%s: %s at %s'", kind, what, where);
}

static gboolean
check_target (JsonObject  *states,
              const char  *target,
              const char  *where,
              GError     **error)
{
  g_autofree char *what = NULL;

  if (target == NULL || aws_json_get_object (states, target) != NULL)
    return TRUE;

  what = g_strdup_printf ("Missing 'Next' target: %s", target);

  return refuse_definition (error, "MISSING_TRANSITION_TARGET", what, where);
}

static gboolean
check_state (JsonObject  *states,
             const char  *name,
             JsonObject  *state,
             GError     **error)
{
  static const char * const kinds[] = { "Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map", NULL };
  static const char * const lists[] = { "Choices", "Catch" };
  const char *kind = practice_property_string (state, "Type");
  g_autofree char *where = g_strdup_printf ("/States/%s", name);
  gboolean ends = g_strcmp0 (kind, "Succeed") == 0 || g_strcmp0 (kind, "Fail") == 0 || g_strcmp0 (kind, "Choice") == 0;

  if (kind == NULL || !g_strv_contains (kinds, kind))
    return refuse_definition (error, "SCHEMA_VALIDATION_FAILED", "The value of field \"Type\" is not valid", where);
  if (!ends && practice_property_string (state, "Next") == NULL && !practice_property_bool (state, "End", FALSE))
    return refuse_definition (error, "SCHEMA_VALIDATION_FAILED", "These fields are required: [Next] or [End]", where);
  if (g_str_equal (kind, "Task") && (practice_property_string (state, "Resource") == NULL || !g_str_has_prefix (practice_property_string (state, "Resource"), "arn:")))
    return refuse_definition (error, "SCHEMA_VALIDATION_FAILED", "The field \"Resource\" must be an ARN", where);
  if (g_str_equal (kind, "Choice") && (aws_json_get_array (state, "Choices") == NULL || json_array_get_length (aws_json_get_array (state, "Choices")) == 0))
    return refuse_definition (error, "SCHEMA_VALIDATION_FAILED", "The field \"Choices\" must have at least one element", where);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      JsonArray *rules = aws_json_get_array (state, lists[i]);

      for (guint j = 0; rules != NULL && j < json_array_get_length (rules); j++)
        if (!check_target (states, practice_property_string (aws_json_array_get_object (rules, j), "Next"), where, error))
          return FALSE;
    }

  return check_target (states, practice_property_string (state, "Next"), where, error) &&
         check_target (states, practice_property_string (state, "Default"), where, error);
}

gboolean
practice_states_check (const char  *definition,
                       GError     **error)
{
  g_autoptr(JsonObject) object = practice_parse_object (definition);
  JsonObject *states = object ? aws_json_get_object (object, "States") : NULL;
  const char *start = practice_property_string (object, "StartAt");
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (object == NULL)
    return refuse_definition (error, "INVALID_JSON_DESCRIPTION", "The definition is not JSON", "/");
  if (states == NULL || start == NULL || json_object_get_size (states) == 0)
    return refuse_definition (error, "SCHEMA_VALIDATION_FAILED", "These fields are required: [StartAt, States]", "/");
  if (aws_json_get_object (states, start) == NULL)
    return refuse_definition (error, "MISSING_TRANSITION_TARGET", "Missing 'StartAt' target", "/StartAt");

  json_object_iter_init_ordered (&iter, states);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!JSON_NODE_HOLDS_OBJECT (node) || !check_state (states, name, json_node_get_object (node), error))
      return practice_refuse_as (error, 400, "InvalidDefinition", "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED at /States/%s'", name);

  return TRUE;
}

/* What was underway goes on where it was. */
gboolean
practice_states_init (Practice  *practice,
                      GError   **error)
{
  g_autoptr(GPtrArray) arns = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GArray) dues = g_array_new (FALSE, FALSE, sizeof (gint64));
  PracticeRows *rows;

  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS state_runs (arn TEXT PRIMARY KEY, region TEXT NOT NULL, machine TEXT NOT NULL, name TEXT NOT NULL,"
                           "  status TEXT NOT NULL, started INTEGER NOT NULL, stopped INTEGER, definition TEXT NOT NULL, role TEXT NOT NULL, input TEXT NOT NULL,"
                           "  output TEXT, error TEXT, cause TEXT, state TEXT, data TEXT, tries INTEGER NOT NULL DEFAULT 0, variables TEXT NOT NULL DEFAULT '{}',"
                           "  due INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS state_events (run TEXT NOT NULL, id INTEGER NOT NULL, time INTEGER NOT NULL, type TEXT NOT NULL,"
                           "  details TEXT NOT NULL, PRIMARY KEY (run, id)) WITHOUT ROWID;",
                           error))
    return FALSE;

  rows = practice_db_query (practice->db, "SELECT arn, due FROM state_runs WHERE status = 'RUNNING' AND state IS NOT NULL", NULL);
  while (practice_rows_next (rows))
    {
      gint64 due = practice_rows_int (rows, 1);

      g_ptr_array_add (arns, practice_rows_dup_text (rows, 0));
      g_array_append_val (dues, due);
    }
  practice_rows_free (rows);

  for (guint i = 0; i < arns->len; i++)
    practice_later (practice, CLAMP ((g_array_index (dues, gint64, i) - practice_now ()) / 1000, 0, G_MAXINT32), step_cb,
                    load_run (practice, g_ptr_array_index (arns, i)), run_free);

  return TRUE;
}
