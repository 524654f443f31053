/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-operations.h"
#include "porch-practice-resources.h"
#include "porch-practice-states.h"
#include "porch-practice-sts.h"

/* Step Functions: standard workflows. */

#define INPUT_LIMIT (256 * 1024)

static const char BAD[] = "ValidationException";

/* ---- workflows ---- */

static char *
make_machine_arn (Practice   *practice,
                  const char *region,
                  const char *name)
{
  return g_strdup_printf ("arn:aws:states:%s:%s:stateMachine:%s", region, practice->account, name);
}

static PracticeResource *
find_machine (Practice   *practice,
              const char *arn)
{
  g_auto(GStrv) parts = g_strsplit (arn, ":", -1);

  return g_strv_length (parts) == 7 && g_str_equal (parts[5], "stateMachine") && g_str_equal (parts[4], practice->account)
         ? practice_resource_lookup (practice, PRACTICE_MACHINE_TYPE, parts[3], parts[6]) : NULL;
}

static gboolean
is_arn (const char  *arn,
        const char  *kind,
        GError     **error)
{
  g_autofree char *pattern = g_strdup_printf ("^arn:aws:states:[a-z0-9-]+:[0-9]{12}:%s:.+$", kind);

  return g_regex_match_simple (pattern, arn, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT) ||
         practice_refuse_as (error, 400, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: %s'", arn);
}

static PracticeResource *
require_machine (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  const char *arn = practice_input_require (input, "stateMachineArn", BAD, error);
  PracticeResource *machine;

  if (arn == NULL || !is_arn (arn, "stateMachine", error))
    return NULL;

  machine = find_machine (call->practice, arn);
  if (machine == NULL)
    practice_refuse_as (error, 400, "StateMachineDoesNotExist", "State Machine Does Not Exist: '%s'", arn);

  return machine;
}

static gboolean
check_name (const char  *name,
            GError     **error)
{
  return (strlen (name) <= 80 && !g_regex_match_simple ("[\\s<>{}\\[\\]?*\"#%\\\\^|~`$&,;:/\\x00-\\x1f\\x7f-\\x9f]", name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT)) ||
         practice_refuse_as (error, 400, "InvalidName", "Invalid Name: '%s'", name);
}

static JsonObject *
create_state_machine (PracticeCall  *call,
                      JsonObject    *input,
                      GError       **error)
{
  const char *name = practice_input_require (input, "name", BAD, error);
  const char *definition = name ? practice_input_require (input, "definition", BAD, error) : NULL;
  const char *role = definition ? practice_input_require (input, "roleArn", BAD, error) : NULL;
  const char *type = aws_json_get_string (input, "type");
  g_autofree char *arn = name ? make_machine_arn (call->practice, call->region, name) : NULL, *revision = practice_uuid ();
  g_autoptr(PracticeResource) known = arn ? find_machine (call->practice, arn) : NULL;
  g_autoptr(JsonObject) attributes = NULL;
  JsonObject *output;

  if (role == NULL || !check_name (name, error) || !practice_states_check (definition, error))
    return NULL;
  if (type != NULL && !g_str_equal (type, "STANDARD"))
    {
      practice_refuse_as (error, 400, "StateMachineTypeNotSupported", "The practice cloud has workflows of the type STANDARD only");
      return NULL;
    }
  if (!practice_role_trusts_service (call->practice, role, "states.amazonaws.com"))
    {
      practice_refuse_as (error, 400, "AccessDeniedException", "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.");
      return NULL;
    }
  if (known != NULL && g_strcmp0 (practice_property_string (known->properties, "definition"), definition) != 0)
    {
      practice_refuse_as (error, 400, "StateMachineAlreadyExists", "State Machine Already Exists: '%s'", arn);
      return NULL;
    }

  attributes = json_object_new ();
  json_object_set_string_member (attributes, "Arn", arn);
  json_object_set_string_member (attributes, "revision", revision);
  if (known == NULL && !practice_resource_put (call->practice, PRACTICE_MACHINE_TYPE, call->region, name, input, attributes, error))
    return NULL;

  output = json_object_new ();
  json_object_set_string_member (output, "stateMachineArn", arn);
  practice_set_time (output, "creationDate", known ? known->created : practice_now ());

  return output;
}

static JsonObject *
describe_state_machine (PracticeCall  *call,
                        JsonObject    *input,
                        GError       **error)
{
  g_autoptr(PracticeResource) machine = require_machine (call, input, error);
  JsonObject *output;

  if (machine == NULL)
    return NULL;

  output = json_object_new ();
  json_object_set_string_member (output, "stateMachineArn", practice_property_string (machine->attributes, "Arn"));
  json_object_set_string_member (output, "name", machine->id);
  json_object_set_string_member (output, "status", "ACTIVE");
  json_object_set_string_member (output, "definition", practice_property_string (machine->properties, "definition"));
  json_object_set_string_member (output, "roleArn", practice_property_string (machine->properties, "roleArn"));
  json_object_set_string_member (output, "type", "STANDARD");
  practice_set_time (output, "creationDate", machine->created);
  json_object_set_string_member (output, "revisionId", practice_property_string (machine->attributes, "revision"));

  return output;
}

static JsonObject *
list_state_machines (PracticeCall  *call,
                     JsonObject    *input,
                     GError       **error)
{
  g_autoptr(GPtrArray) machines = practice_resource_list (call->practice, PRACTICE_MACHINE_TYPE, call->region);
  JsonObject *output = json_object_new ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < machines->len; i++)
    {
      PracticeResource *machine = g_ptr_array_index (machines, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "stateMachineArn", practice_property_string (machine->attributes, "Arn"));
      json_object_set_string_member (object, "name", machine->id);
      json_object_set_string_member (object, "type", "STANDARD");
      practice_set_time (object, "creationDate", machine->created);
      json_array_add_object_element (list, object);
    }
  json_object_set_array_member (output, "stateMachines", list);

  return output;
}

static JsonObject *
delete_state_machine (PracticeCall  *call,
                      JsonObject    *input,
                      GError       **error)
{
  const char *arn = practice_input_require (input, "stateMachineArn", BAD, error);
  g_autoptr(PracticeResource) machine = arn ? find_machine (call->practice, arn) : NULL;

  if (arn == NULL || !is_arn (arn, "stateMachine", error))
    return NULL;

  return machine == NULL || practice_resource_remove (call->practice, PRACTICE_MACHINE_TYPE, machine->region, machine->id, error) ? json_object_new () : NULL;
}

/* ---- runs ---- */

static char *
insert_run (Practice          *practice,
            PracticeResource  *machine,
            const char        *given_name,
            const char        *given_input,
            gint64            *started,
            GError           **error)
{
  g_autofree char *random = practice_uuid ();
  const char *name = given_name ? given_name : random, *text = given_input ? given_input : "{}";
  g_autofree char *arn = g_strdup_printf ("arn:aws:states:%s:%s:execution:%s:%s", machine->region, practice->account, machine->id, name);
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(JsonNode) node = json_from_string (text, NULL);

  if (!check_name (name, error))
    return NULL;
  if (node == NULL || strlen (text) > INPUT_LIMIT)
    {
      practice_refuse_as (error, 400, "InvalidExecutionInput", "Invalid State Machine Execution Input: 'the input is not JSON, or is longer than 262144 bytes'");
      return NULL;
    }

  /* The same once more is no second run while the first is running */
  rows = practice_db_query (practice->db, "SELECT input, status, started FROM state_runs WHERE arn = ?", "s", arn);
  if (practice_rows_next (rows))
    {
      *started = practice_rows_int (rows, 2);
      if (g_str_equal (practice_rows_text (rows, 0), text) && g_str_equal (practice_rows_text (rows, 1), "RUNNING"))
        return g_steal_pointer (&arn);
      practice_refuse_as (error, 400, "ExecutionAlreadyExists", "Execution Already Exists: '%s'", arn);
      return NULL;
    }

  *started = practice_now ();
  if (!practice_db_run (practice->db, error,
                        "INSERT INTO state_runs (arn, region, machine, name, status, started, definition, role, input) VALUES (?, ?, ?, ?, 'RUNNING', ?, ?, ?, ?)",
                        "ssssisss", arn, machine->region, practice_property_string (machine->attributes, "Arn"), name, *started,
                        practice_property_string (machine->properties, "definition"), practice_property_string (machine->properties, "roleArn"), text))
    return NULL;

  practice_states_begin (practice, arn);

  return g_steal_pointer (&arn);
}

char *
practice_stepfunctions_start (Practice    *practice,
                              const char  *machine_arn,
                              const char  *name,
                              const char  *input,
                              GError     **error)
{
  g_autoptr(PracticeResource) machine = find_machine (practice, machine_arn);
  gint64 started;

  if (machine != NULL)
    return insert_run (practice, machine, name, input, &started, error);

  practice_refuse_as (error, 400, "StateMachineDoesNotExist", "State Machine Does Not Exist: '%s'", machine_arn);

  return NULL;
}

char *
practice_stepfunctions_dup_status (Practice    *practice,
                                   const char  *arn,
                                   char       **cause)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT status, error, cause FROM state_runs WHERE arn = ?", "s", arn);

  if (!practice_rows_next (rows))
    return NULL;
  if (cause != NULL && !practice_rows_is_null (rows, 1))
    *cause = g_strdup_printf ("%s: %s", practice_rows_text (rows, 1), practice_rows_text (rows, 2) ? practice_rows_text (rows, 2) : "");

  return practice_rows_dup_text (rows, 0);
}

static JsonObject *
start_execution (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  g_autoptr(PracticeResource) machine = require_machine (call, input, error);
  gint64 started = 0;
  g_autofree char *arn = machine ? insert_run (call->practice, machine, aws_json_get_string (input, "name"), aws_json_get_string (input, "input"), &started, error) : NULL;
  JsonObject *output;

  if (arn == NULL)
    return NULL;

  output = json_object_new ();
  json_object_set_string_member (output, "executionArn", arn);
  practice_set_time (output, "startDate", started);

  return output;
}

#define SELECT_RUN "SELECT arn, machine, name, status, started, stopped, input, output, error, cause FROM state_runs "

static void
set_text (JsonObject   *object,
          const char   *name,
          PracticeRows *rows,
          int           column)
{
  if (!practice_rows_is_null (rows, column))
    json_object_set_string_member (object, name, practice_rows_text (rows, column));
}

static JsonObject *
describe_run (PracticeRows *rows,
              gboolean      whole)
{
  JsonObject *run = json_object_new ();

  json_object_set_string_member (run, "executionArn", practice_rows_text (rows, 0));
  json_object_set_string_member (run, "stateMachineArn", practice_rows_text (rows, 1));
  json_object_set_string_member (run, "name", practice_rows_text (rows, 2));
  json_object_set_string_member (run, "status", practice_rows_text (rows, 3));
  practice_set_time (run, "startDate", practice_rows_int (rows, 4));
  if (!practice_rows_is_null (rows, 5))
    practice_set_time (run, "stopDate", practice_rows_int (rows, 5));
  if (whole)
    {
      set_text (run, "input", rows, 6);
      set_text (run, "output", rows, 7);
      set_text (run, "error", rows, 8);
      set_text (run, "cause", rows, 9);
    }

  return run;
}

/* The ARN of a run that is there */
static const char *
require_run (PracticeCall  *call,
             JsonObject    *input,
             GError       **error)
{
  const char *arn = practice_input_require (input, "executionArn", BAD, error);
  g_autofree char *status = NULL;

  if (arn == NULL || !is_arn (arn, "execution", error))
    return NULL;

  status = practice_stepfunctions_dup_status (call->practice, arn, NULL);
  if (status == NULL)
    practice_refuse_as (error, 400, "ExecutionDoesNotExist", "Execution Does Not Exist: '%s'", arn);

  return status ? arn : NULL;
}

static JsonObject *
describe_execution (PracticeCall  *call,
                    JsonObject    *input,
                    GError       **error)
{
  const char *arn = require_run (call, input, error);
  g_autoptr(PracticeRows) rows = arn ? practice_db_query (call->practice->db, SELECT_RUN "WHERE arn = ?", "s", arn) : NULL;

  return rows && practice_rows_next (rows) ? describe_run (rows, TRUE) : NULL;
}

static JsonObject *
stop_execution (PracticeCall  *call,
                JsonObject    *input,
                GError       **error)
{
  const char *arn = require_run (call, input, error);
  JsonObject *output;

  if (arn == NULL || !practice_states_stop (call->practice, arn, aws_json_get_string (input, "error"), aws_json_get_string (input, "cause"), error))
    return NULL;

  output = json_object_new ();
  practice_set_time (output, "stopDate", practice_now ());

  return output;
}

static JsonObject *
list_executions (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  g_autoptr(PracticeResource) machine = require_machine (call, input, error);
  g_autoptr(JsonObject) output = json_object_new ();
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *runs = json_array_new ();
  guint begin, length, at = 0;

  json_object_set_array_member (output, "executions", runs);
  if (machine == NULL || !practice_page_read (input, "nextToken", "maxResults", 1000, "InvalidToken", &begin, &length, error))
    return NULL;

  rows = practice_db_query (call->practice->db, SELECT_RUN "WHERE machine = ?1 AND (?2 IS NULL OR status = ?2) ORDER BY started DESC, arn",
                            "ss", practice_property_string (machine->attributes, "Arn"), aws_json_get_string (input, "statusFilter"));
  for (; practice_rows_next (rows); at++)
    if (at >= begin && at - begin < length)
      json_array_add_object_element (runs, describe_run (rows, FALSE));
  practice_page_end (output, "nextToken", begin, length, at);

  return g_steal_pointer (&output);
}

static JsonObject *
get_execution_history (PracticeCall  *call,
                       JsonObject    *input,
                       GError       **error)
{
  const char *arn = require_run (call, input, error);
  gboolean reverse = aws_json_get_bool (input, "reverseOrder");
  g_autoptr(JsonObject) output = json_object_new ();
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *events = json_array_new ();
  guint begin, length, at = 0;

  json_object_set_array_member (output, "events", events);
  if (arn == NULL || !practice_page_read (input, "nextToken", "maxResults", 1000, "InvalidToken", &begin, &length, error))
    return NULL;
  if (!json_object_has_member (input, "maxResults"))
    length = 100;

  rows = practice_db_query (call->practice->db, reverse ? "SELECT id, time, type, details FROM state_events WHERE run = ? ORDER BY id DESC"
                                                        : "SELECT id, time, type, details FROM state_events WHERE run = ? ORDER BY id", "s", arn);
  for (; practice_rows_next (rows); at++)
    {
      JsonObject *event;

      if (at < begin || at - begin >= length)
        continue;
      event = practice_parse_object (practice_rows_text (rows, 3));
      json_object_set_int_member (event, "id", practice_rows_int (rows, 0));
      json_object_set_int_member (event, "previousEventId", practice_rows_int (rows, 0) - 1);
      practice_set_time (event, "timestamp", practice_rows_int (rows, 1));
      json_object_set_string_member (event, "type", practice_rows_text (rows, 2));
      json_array_add_object_element (events, event);
    }
  practice_page_end (output, "nextToken", begin, length, at);

  return g_steal_pointer (&output);
}

static const PracticeOperation operations[] = {
  { "CreateStateMachine", create_state_machine },
  { "DescribeStateMachine", describe_state_machine },
  { "ListStateMachines", list_state_machines },
  { "DeleteStateMachine", delete_state_machine },
  { "StartExecution", start_execution },
  { "DescribeExecution", describe_execution },
  { "StopExecution", stop_execution },
  { "ListExecutions", list_executions },
  { "GetExecutionHistory", get_execution_history },
  { NULL, }
};

static char *
dup_resource (PracticeCall *call,
              JsonObject   *input)
{
  const char *arn = aws_json_get_string (input, "executionArn");

  if (arn == NULL)
    arn = aws_json_get_string (input, "stateMachineArn");

  return arn == NULL && aws_json_get_string (input, "name") ? make_machine_arn (call->practice, call->region, aws_json_get_string (input, "name"))
                                                            : g_strdup (arn ? arn : "*");
}

static void
handle (PracticeCall *call)
{
  practice_operations_handle (call, operations, "states", dup_resource);
}

static const PracticeService service = {
  .name = "states",
  .protocol = PRACTICE_PROTOCOL_JSON_1_0,
  .target_prefix = "AWSStepFunctions",
  .handle = handle,
};

gboolean
practice_stepfunctions_init (Practice  *practice,
                             GError   **error)
{
  practice_register_service (practice, &service);

  return practice_states_init (practice, error);
}
