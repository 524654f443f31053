/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-step-functions.h"

#include "aws-document.h"
#include "aws-operations-private.h"

static const AwsShape start_execution_input[] = {
  { "stateMachineArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "name" },
  { "input", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape start_execution_output[] = {
  { "executionArn" },
  { "startDate", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsOperation start_execution = {
  "stepfunctions", "StartExecution", .input = start_execution_input, .output = start_execution_output,
};

static const AwsShape describe_execution_input[] = {
  { "executionArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape describe_execution_output[] = {
  { "executionArn" },
  { "stateMachineArn" },
  { "name" },
  { "status" },
  { "startDate", AWS_SHAPE_TIMESTAMP },
  { "stopDate", AWS_SHAPE_TIMESTAMP },
  { "input", AWS_SHAPE_STRING },
  { "output", AWS_SHAPE_STRING },
  { "error", AWS_SHAPE_STRING },
  { "cause", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsOperation describe_execution = {
  "stepfunctions", "DescribeExecution", .input = describe_execution_input, .output = describe_execution_output,
};

static const AwsShape get_execution_history_input[] = {
  { "executionArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "maxResults", AWS_SHAPE_INTEGER },
  { "reverseOrder", AWS_SHAPE_BOOLEAN },
  { "nextToken" },
  { "includeExecutionData", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape task_failed_members[] = {
  { "resourceType" },
  { "resource" },
  { "error", AWS_SHAPE_STRING },
  { "cause", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape task_scheduled_members[] = {
  { "resourceType" },
  { "resource" },
  { "region" },
  { "parameters", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape task_succeeded_members[] = {
  { "resourceType" },
  { "resource" },
  { "output", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape task_timed_out_members[] = {
  { "resourceType" },
  { "resource" },
  { "error", AWS_SHAPE_STRING },
  { "cause", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape execution_failed_members[] = {
  { "error", AWS_SHAPE_STRING },
  { "cause", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape execution_started_members[] = {
  { "input", AWS_SHAPE_STRING },
  { "roleArn" },
  { NULL }
};

static const AwsShape execution_succeeded_members[] = {
  { "output", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape execution_aborted_members[] = {
  { "error", AWS_SHAPE_STRING },
  { "cause", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape execution_timed_out_members[] = {
  { "error", AWS_SHAPE_STRING },
  { "cause", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape state_entered_members[] = {
  { "name" },
  { "input", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape state_exited_members[] = {
  { "name" },
  { "output", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape evaluation_failed_members[] = {
  { "error", AWS_SHAPE_STRING },
  { "cause", AWS_SHAPE_STRING },
  { "location", AWS_SHAPE_STRING },
  { "state" },
  { NULL }
};

static const AwsShape history_event_members[] = {
  { "timestamp", AWS_SHAPE_TIMESTAMP },
  { "type" },
  { "id", AWS_SHAPE_INTEGER },
  { "previousEventId", AWS_SHAPE_INTEGER },
  { "taskFailedEventDetails", AWS_STRUCTURE (task_failed_members) },
  { "taskScheduledEventDetails", AWS_STRUCTURE (task_scheduled_members) },
  { "taskSucceededEventDetails", AWS_STRUCTURE (task_succeeded_members) },
  { "taskTimedOutEventDetails", AWS_STRUCTURE (task_timed_out_members) },
  { "executionFailedEventDetails", AWS_STRUCTURE (execution_failed_members) },
  { "executionStartedEventDetails", AWS_STRUCTURE (execution_started_members) },
  { "executionSucceededEventDetails", AWS_STRUCTURE (execution_succeeded_members) },
  { "executionAbortedEventDetails", AWS_STRUCTURE (execution_aborted_members) },
  { "executionTimedOutEventDetails", AWS_STRUCTURE (execution_timed_out_members) },
  { "stateEnteredEventDetails", AWS_STRUCTURE (state_entered_members) },
  { "stateExitedEventDetails", AWS_STRUCTURE (state_exited_members) },
  { "evaluationFailedEventDetails", AWS_STRUCTURE (evaluation_failed_members) },
  { NULL }
};

static const AwsShape get_execution_history_output[] = {
  { "events", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (history_event_members) }) },
  { "nextToken" },
  { NULL }
};

static const AwsOperation get_execution_history = {
  "stepfunctions", "GetExecutionHistory", .input = get_execution_history_input,
  .output = get_execution_history_output, .pages = { "events", "nextToken" },
};

static const AwsShape list_executions_input[] = {
  { "stateMachineArn" },
  { "statusFilter" },
  { "maxResults", AWS_SHAPE_INTEGER },
  { "nextToken" },
  { NULL }
};

static const AwsShape execution_item_members[] = {
  { "executionArn" },
  { "stateMachineArn" },
  { "name" },
  { "status" },
  { "startDate", AWS_SHAPE_TIMESTAMP },
  { "stopDate", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape list_executions_output[] = {
  { "executions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (execution_item_members) }) },
  { "nextToken" },
  { NULL }
};

static const AwsOperation list_executions = {
  "stepfunctions", "ListExecutions", .input = list_executions_input, .output = list_executions_output,
  .pages = { "executions", "nextToken" },
};

static const AwsShape stop_execution_input[] = {
  { "executionArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "error", AWS_SHAPE_STRING },
  { "cause", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape stop_execution_output[] = {
  { "stopDate", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsOperation stop_execution = {
  "stepfunctions", "StopExecution", .input = stop_execution_input, .output = stop_execution_output,
};

static const AwsShape describe_state_machine_input[] = {
  { "stateMachineArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape describe_state_machine_output[] = {
  { "stateMachineArn" },
  { "name" },
  { "status" },
  { "definition", AWS_SHAPE_STRING },
  { "roleArn" },
  { "type" },
  { "creationDate", AWS_SHAPE_TIMESTAMP },
  { "revisionId" },
  { "description", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsOperation describe_state_machine = {
  "stepfunctions", "DescribeStateMachine", .input = describe_state_machine_input,
  .output = describe_state_machine_output,
};

const AwsOperation * const aws_step_functions_operations[] = {
  &start_execution,
  &describe_execution,
  &get_execution_history,
  &list_executions,
  &stop_execution,
  &describe_state_machine,
  NULL
};

AWS_DEFINE_DOCUMENT (AwsStateMachine, aws_state_machine)

/**
 * aws_state_machine_get_arn:
 * @self: a machine
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsStateMachine, aws_state_machine, arn, "stateMachineArn")

/**
 * aws_state_machine_get_name:
 * @self: a machine
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsStateMachine, aws_state_machine, name, "name")

/**
 * aws_state_machine_get_status:
 * @self: a machine
 *
 * Returns: (transfer none) (nullable): `ACTIVE` or `DELETING`
 */
AWS_DOCUMENT_STRING (AwsStateMachine, aws_state_machine, status, "status")

/**
 * aws_state_machine_get_definition:
 * @self: a machine
 *
 * Returns: (transfer none) (nullable): its states, as JSON in the Amazon States Language
 */
AWS_DOCUMENT_STRING (AwsStateMachine, aws_state_machine, definition, "definition")

/**
 * aws_state_machine_get_role:
 * @self: a machine
 *
 * Returns: (transfer none) (nullable): the ARN of the role that it runs as
 */
AWS_DOCUMENT_STRING (AwsStateMachine, aws_state_machine, role, "roleArn")

/**
 * aws_state_machine_get_kind:
 * @self: a machine
 *
 * Returns: (transfer none) (nullable): `STANDARD` or `EXPRESS`
 */
AWS_DOCUMENT_STRING (AwsStateMachine, aws_state_machine, kind, "type")

/**
 * aws_state_machine_get_description:
 * @self: a machine
 *
 * Returns: (transfer none) (nullable): what it is for
 */
AWS_DOCUMENT_STRING (AwsStateMachine, aws_state_machine, description, "description")

/**
 * aws_state_machine_get_revision:
 * @self: a machine
 *
 * Returns: (transfer none) (nullable): what changes with every change
 */
AWS_DOCUMENT_STRING (AwsStateMachine, aws_state_machine, revision, "revisionId")

/**
 * aws_state_machine_dup_created:
 * @self: a machine
 *
 * Returns: (transfer full) (nullable): when it was made
 */
AWS_DOCUMENT_TIME (AwsStateMachine, aws_state_machine, created, "creationDate")

AWS_DEFINE_DOCUMENT (AwsStateExecution, aws_state_execution)

/**
 * aws_state_execution_get_arn:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsStateExecution, aws_state_execution, arn, "executionArn")

/**
 * aws_state_execution_get_machine:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): the ARN of the workflow
 */
AWS_DOCUMENT_STRING (AwsStateExecution, aws_state_execution, machine, "stateMachineArn")

/**
 * aws_state_execution_get_name:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsStateExecution, aws_state_execution, name, "name")

/**
 * aws_state_execution_get_status:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED` or
 *   `PENDING_REDRIVE`
 */
AWS_DOCUMENT_STRING (AwsStateExecution, aws_state_execution, status, "status")

/**
 * aws_state_execution_dup_started:
 * @self: a run
 *
 * Returns: (transfer full) (nullable): when it began
 */
AWS_DOCUMENT_TIME (AwsStateExecution, aws_state_execution, started, "startDate")

/**
 * aws_state_execution_dup_ended:
 * @self: a run
 *
 * Returns: (transfer full) (nullable): when it ended
 */
AWS_DOCUMENT_TIME (AwsStateExecution, aws_state_execution, ended, "stopDate")

/**
 * aws_state_execution_get_input:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): what it was given, as JSON; not in lists
 */
AWS_DOCUMENT_STRING (AwsStateExecution, aws_state_execution, input, "input")

/**
 * aws_state_execution_get_output:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): what it gave, as JSON; not in lists
 */
AWS_DOCUMENT_STRING (AwsStateExecution, aws_state_execution, output, "output")

/**
 * aws_state_execution_get_error:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): the name of the error it ended with; not in lists
 */
AWS_DOCUMENT_STRING (AwsStateExecution, aws_state_execution, error, "error")

/**
 * aws_state_execution_get_cause:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): what went wrong; not in lists
 */
AWS_DOCUMENT_STRING (AwsStateExecution, aws_state_execution, cause, "cause")

AWS_DEFINE_DOCUMENT (AwsStateEvent, aws_state_event)

/**
 * aws_state_event_get_id:
 * @self: an event
 *
 * Returns: its number in the run, from 1
 */
AWS_DOCUMENT_INT (AwsStateEvent, aws_state_event, id, "id")

/**
 * aws_state_event_get_previous:
 * @self: an event
 *
 * Returns: the number of the event that led to it, 0 for none
 */
AWS_DOCUMENT_INT (AwsStateEvent, aws_state_event, previous, "previousEventId")

/**
 * aws_state_event_get_kind:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): what happened, like `TaskStateEntered`
 */
AWS_DOCUMENT_STRING (AwsStateEvent, aws_state_event, kind, "type")

/**
 * aws_state_event_dup_time:
 * @self: an event
 *
 * Returns: (transfer full) (nullable): when
 */
AWS_DOCUMENT_TIME (AwsStateEvent, aws_state_event, time, "timestamp")

/* What an event tells besides is in a structure named after its kind */
static const char *
find_detail (AwsStateEvent *self,
             const char    *member)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, self->document.object);
  while (json_object_iter_next (&iter, &name, &value))
    {
      if (JSON_NODE_HOLDS_OBJECT (value) && aws_json_get_string (json_node_get_object (value), member) != NULL)
        return aws_json_get_string (json_node_get_object (value), member);
    }

  return NULL;
}

/**
 * aws_state_event_get_state:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): the name of the state that was entered or left
 */
const char *
aws_state_event_get_state (AwsStateEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return find_detail (self, "name");
}

/**
 * aws_state_event_get_error:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): the name of an error
 */
const char *
aws_state_event_get_error (AwsStateEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return find_detail (self, "error");
}

/**
 * aws_state_event_get_cause:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): what went wrong
 */
const char *
aws_state_event_get_cause (AwsStateEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return find_detail (self, "cause");
}

/**
 * aws_state_event_get_input:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): what the run or the state was given, as JSON
 */
const char *
aws_state_event_get_input (AwsStateEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return find_detail (self, "input");
}

/**
 * aws_state_event_get_output:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): what the run, the state or the task gave, as JSON
 */
const char *
aws_state_event_get_output (AwsStateEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return find_detail (self, "output");
}

/**
 * aws_state_event_get_resource:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): what a task called
 */
const char *
aws_state_event_get_resource (AwsStateEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return find_detail (self, "resource");
}

/**
 * aws_step_functions_start_execution:
 * @client: the client
 * @machine: the ARN of a workflow
 * @name: (nullable): a name for the run, at most 80 characters; a second call with the same name and input starts
 *   no second run
 * @json: (nullable): what it is given, as JSON
 *
 * Starts a run.
 *
 * Returns: a future of the ARN of the run
 */
DexFuture *
aws_step_functions_start_execution (AwsClient  *client,
                                    const char *machine,
                                    const char *name,
                                    const char *json)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (machine != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "stateMachineArn", machine);
  aws_input_set_string (input, "name", name);
  aws_input_set_string (input, "input", json);

  return aws_operation_call_string (&start_execution, client, input, "executionArn");
}

/**
 * aws_step_functions_describe_execution:
 * @client: the client
 * @arn: the ARN of a run
 *
 * Asks how a run is going or went.
 *
 * Returns: a future of an [struct@StateExecution]
 */
DexFuture *
aws_step_functions_describe_execution (AwsClient  *client,
                                       const char *arn)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "executionArn", arn);

  return aws_operation_call_document (&describe_execution, client, input, AWS_TYPE_STATE_EXECUTION, NULL);
}

/**
 * aws_step_functions_get_execution_history:
 * @client: the client
 * @arn: the ARN of a run
 * @newest_first: whether the last event comes first
 *
 * Lists what happened in a run, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@StateEvent]
 */
DexFuture *
aws_step_functions_get_execution_history (AwsClient  *client,
                                          const char *arn,
                                          gboolean    newest_first)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "executionArn", arn);
  aws_input_set_int (input, "maxResults", 1000);
  aws_input_set_bool (input, "reverseOrder", newest_first);
  aws_input_set_bool (input, "includeExecutionData", TRUE);

  return aws_operation_call_documents (&get_execution_history, client, input, AWS_TYPE_STATE_EVENT);
}

/**
 * aws_step_functions_list_executions:
 * @client: the client
 * @machine: the ARN of a workflow
 * @status: (nullable): only those with this status
 *
 * Lists the runs of a workflow, the newest first, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@StateExecution]
 */
DexFuture *
aws_step_functions_list_executions (AwsClient  *client,
                                    const char *machine,
                                    const char *status)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (machine != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "stateMachineArn", machine);
  aws_input_set_string (input, "statusFilter", status);
  aws_input_set_int (input, "maxResults", 1000);

  return aws_operation_call_documents (&list_executions, client, input, AWS_TYPE_STATE_EXECUTION);
}

/**
 * aws_step_functions_stop_execution:
 * @client: the client
 * @arn: the ARN of a run
 * @error: (nullable): the name of an error, at most 256 characters
 * @cause: (nullable): why
 *
 * Stops a run, which is `ABORTED` then.
 *
 * Returns: a future of %TRUE
 */
DexFuture *
aws_step_functions_stop_execution (AwsClient  *client,
                                   const char *arn,
                                   const char *error,
                                   const char *cause)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "executionArn", arn);
  aws_input_set_string (input, "error", error);
  aws_input_set_string (input, "cause", cause);

  return aws_operation_call_done (&stop_execution, client, input);
}

/**
 * aws_step_functions_describe_state_machine:
 * @client: the client
 * @arn: the ARN of a workflow
 *
 * Asks for a workflow as it is written.
 *
 * Returns: a future of an [struct@StateMachine]
 */
DexFuture *
aws_step_functions_describe_state_machine (AwsClient  *client,
                                           const char *arn)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "stateMachineArn", arn);

  return aws_operation_call_document (&describe_state_machine, client, input, AWS_TYPE_STATE_MACHINE, NULL);
}
