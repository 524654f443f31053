/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-codepipeline.h"

#include "aws-document.h"
#include "aws-operations-private.h"

static const AwsShape get_pipeline_input[] = {
  { "name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "version", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape artifact_store_members[] = {
  { "type" },
  { "location" },
  { NULL }
};

static const AwsShape action_type_members[] = {
  { "category" },
  { "owner" },
  { "provider" },
  { "version" },
  { NULL }
};

static const AwsShape action_members[] = {
  { "name" },
  { "actionTypeId", AWS_STRUCTURE (action_type_members) },
  { "runOrder", AWS_SHAPE_INTEGER },
  { "configuration", AWS_MAP_OF ({ NULL }) },
  { "namespace" },
  { NULL }
};

static const AwsShape stage_members[] = {
  { "name" },
  { "actions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (action_members) }) },
  { NULL }
};

static const AwsShape pipeline_members[] = {
  { "name" },
  { "roleArn" },
  { "artifactStore", AWS_STRUCTURE (artifact_store_members) },
  { "stages", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (stage_members) }) },
  { "version", AWS_SHAPE_INTEGER },
  { "executionMode" },
  { "pipelineType" },
  { NULL }
};

static const AwsShape metadata_members[] = {
  { "pipelineArn" },
  { "created", AWS_SHAPE_TIMESTAMP },
  { "updated", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape get_pipeline_output[] = {
  { "pipeline", AWS_STRUCTURE (pipeline_members) },
  { "metadata", AWS_STRUCTURE (metadata_members) },
  { NULL }
};

static const AwsOperation get_pipeline = {
  "codepipeline", "GetPipeline", .input = get_pipeline_input, .output = get_pipeline_output,
};

static const AwsShape get_pipeline_state_input[] = {
  { "name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape stage_execution_members[] = {
  { "pipelineExecutionId" },
  { "status" },
  { NULL }
};

static const AwsShape action_revision_members[] = {
  { "revisionId" },
  { "revisionChangeId" },
  { "created", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape error_details_members[] = {
  { "code" },
  { "message" },
  { NULL }
};

static const AwsShape action_execution_members[] = {
  { "actionExecutionId" },
  { "status" },
  { "summary" },
  { "lastStatusChange", AWS_SHAPE_TIMESTAMP },
  { "externalExecutionId" },
  { "externalExecutionUrl" },
  { "percentComplete", AWS_SHAPE_INTEGER },
  { "errorDetails", AWS_STRUCTURE (error_details_members) },
  { NULL }
};

static const AwsShape action_state_members[] = {
  { "actionName" },
  { "currentRevision", AWS_STRUCTURE (action_revision_members) },
  { "latestExecution", AWS_STRUCTURE (action_execution_members) },
  { "entityUrl" },
  { "revisionUrl" },
  { NULL }
};

static const AwsShape stage_state_members[] = {
  { "stageName" },
  { "latestExecution", AWS_STRUCTURE (stage_execution_members) },
  { "actionStates", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (action_state_members) }) },
  { NULL }
};

static const AwsShape get_pipeline_state_output[] = {
  { "pipelineName" },
  { "pipelineVersion", AWS_SHAPE_INTEGER },
  { "stageStates", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (stage_state_members) }) },
  { "created", AWS_SHAPE_TIMESTAMP },
  { "updated", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsOperation get_pipeline_state = {
  "codepipeline", "GetPipelineState", .input = get_pipeline_state_input, .output = get_pipeline_state_output,
};

static const AwsShape list_pipeline_executions_input[] = {
  { "pipelineName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "maxResults", AWS_SHAPE_INTEGER },
  { "nextToken" },
  { NULL }
};

static const AwsShape source_revision_members[] = {
  { "actionName" },
  { "revisionId" },
  { "revisionSummary" },
  { "revisionUrl" },
  { NULL }
};

static const AwsShape trigger_members[] = {
  { "triggerType" },
  { "triggerDetail" },
  { NULL }
};

static const AwsShape execution_summary_members[] = {
  { "pipelineExecutionId" },
  { "status" },
  { "statusSummary" },
  { "startTime", AWS_SHAPE_TIMESTAMP },
  { "lastUpdateTime", AWS_SHAPE_TIMESTAMP },
  { "sourceRevisions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (source_revision_members) }) },
  { "trigger", AWS_STRUCTURE (trigger_members) },
  { "executionMode" },
  { NULL }
};

static const AwsShape list_pipeline_executions_output[] = {
  { "pipelineExecutionSummaries", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (execution_summary_members) }) },
  { "nextToken" },
  { NULL }
};

static const AwsOperation list_pipeline_executions = {
  "codepipeline", "ListPipelineExecutions", .input = list_pipeline_executions_input,
  .output = list_pipeline_executions_output, .pages = { "pipelineExecutionSummaries", "nextToken" },
};

static const AwsShape get_pipeline_execution_input[] = {
  { "pipelineName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "pipelineExecutionId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape artifact_revision_members[] = {
  { "name" },
  { "revisionId" },
  { "revisionSummary" },
  { "created", AWS_SHAPE_TIMESTAMP },
  { "revisionUrl" },
  { NULL }
};

static const AwsShape execution_members[] = {
  { "pipelineName" },
  { "pipelineVersion", AWS_SHAPE_INTEGER },
  { "pipelineExecutionId" },
  { "status" },
  { "statusSummary" },
  { "artifactRevisions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (artifact_revision_members) }) },
  { "trigger", AWS_STRUCTURE (trigger_members) },
  { "executionMode" },
  { NULL }
};

static const AwsShape get_pipeline_execution_output[] = {
  { "pipelineExecution", AWS_STRUCTURE (execution_members) },
  { NULL }
};

static const AwsOperation get_pipeline_execution = {
  "codepipeline", "GetPipelineExecution", .input = get_pipeline_execution_input,
  .output = get_pipeline_execution_output,
};

static const AwsShape action_filter_members[] = {
  { "pipelineExecutionId" },
  { NULL }
};

static const AwsShape list_action_executions_input[] = {
  { "pipelineName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "filter", AWS_STRUCTURE (action_filter_members) },
  { "maxResults", AWS_SHAPE_INTEGER },
  { "nextToken" },
  { NULL }
};

static const AwsShape action_result_members[] = {
  { "externalExecutionId" },
  { "externalExecutionSummary" },
  { "externalExecutionUrl" },
  { "errorDetails", AWS_STRUCTURE (error_details_members) },
  { NULL }
};

static const AwsShape action_output_members[] = {
  { "executionResult", AWS_STRUCTURE (action_result_members) },
  { "outputVariables", AWS_MAP_OF ({ NULL }) },
  { NULL }
};

static const AwsShape action_detail_members[] = {
  { "pipelineExecutionId" },
  { "actionExecutionId" },
  { "stageName" },
  { "actionName" },
  { "startTime", AWS_SHAPE_TIMESTAMP },
  { "lastUpdateTime", AWS_SHAPE_TIMESTAMP },
  { "status" },
  { "output", AWS_STRUCTURE (action_output_members) },
  { NULL }
};

static const AwsShape list_action_executions_output[] = {
  { "actionExecutionDetails", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (action_detail_members) }) },
  { "nextToken" },
  { NULL }
};

static const AwsOperation list_action_executions = {
  "codepipeline", "ListActionExecutions", .input = list_action_executions_input,
  .output = list_action_executions_output, .pages = { "actionExecutionDetails", "nextToken" },
};

static const AwsShape variable_members[] = {
  { "name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape revision_override_members[] = {
  { "actionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "revisionType", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "revisionValue", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape start_pipeline_execution_input[] = {
  { "name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "variables", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (variable_members) }) },
  { "clientRequestToken", AWS_SHAPE_STRING, AWS_SHAPE_TOKEN },
  { "sourceRevisions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (revision_override_members) }) },
  { NULL }
};

static const AwsShape start_pipeline_execution_output[] = {
  { "pipelineExecutionId" },
  { NULL }
};

static const AwsOperation start_pipeline_execution = {
  "codepipeline", "StartPipelineExecution", .input = start_pipeline_execution_input,
  .output = start_pipeline_execution_output,
};

static const AwsShape stop_pipeline_execution_input[] = {
  { "pipelineName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "pipelineExecutionId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "abandon", AWS_SHAPE_BOOLEAN },
  { "reason" },
  { NULL }
};

static const AwsShape stop_pipeline_execution_output[] = {
  { "pipelineExecutionId" },
  { NULL }
};

static const AwsOperation stop_pipeline_execution = {
  "codepipeline", "StopPipelineExecution", .input = stop_pipeline_execution_input,
  .output = stop_pipeline_execution_output,
};

const AwsOperation * const aws_codepipeline_operations[] = {
  &get_pipeline,
  &get_pipeline_state,
  &list_pipeline_executions,
  &get_pipeline_execution,
  &list_action_executions,
  &start_pipeline_execution,
  &stop_pipeline_execution,
  NULL
};

static JsonObject *
find_inner (AwsDocument *document,
            const char  *outer,
            const char  *inner)
{
  return aws_json_get_object (aws_json_get_object (document->object, outer), inner);
}

AWS_DEFINE_DOCUMENT (AwsPipeline, aws_pipeline)

/**
 * aws_pipeline_get_name:
 * @self: a pipeline
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_INNER_STRING (AwsPipeline, aws_pipeline, name, "pipeline", "name")

/**
 * aws_pipeline_get_arn:
 * @self: a pipeline
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_INNER_STRING (AwsPipeline, aws_pipeline, arn, "metadata", "pipelineArn")

/**
 * aws_pipeline_get_version:
 * @self: a pipeline
 *
 * Returns: how often it was changed, from 1
 */
gint64
aws_pipeline_get_version (AwsPipeline *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_json_get_int (aws_json_get_object (self->document.object, "pipeline"), "version", 0);
}

/**
 * aws_pipeline_get_role:
 * @self: a pipeline
 *
 * Returns: (transfer none) (nullable): the ARN of the role that it runs as
 */
AWS_DOCUMENT_INNER_STRING (AwsPipeline, aws_pipeline, role, "pipeline", "roleArn")

/**
 * aws_pipeline_get_mode:
 * @self: a pipeline
 *
 * Returns: (transfer none) (nullable): what happens to runs at the same time: `QUEUED`, `SUPERSEDED` or
 *   `PARALLEL`
 */
AWS_DOCUMENT_INNER_STRING (AwsPipeline, aws_pipeline, mode, "pipeline", "executionMode")

/**
 * aws_pipeline_get_kind:
 * @self: a pipeline
 *
 * Returns: (transfer none) (nullable): `V1` or `V2`
 */
AWS_DOCUMENT_INNER_STRING (AwsPipeline, aws_pipeline, kind, "pipeline", "pipelineType")

AWS_DEFINE_DOCUMENT (AwsPipelineStage, aws_pipeline_stage)

/**
 * aws_pipeline_stage_get_name:
 * @self: a stage
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsPipelineStage, aws_pipeline_stage, name, "name")

/**
 * aws_pipeline_stage_dup_actions:
 * @self: a stage
 *
 * Returns: (transfer full) (element-type AwsPipelineAction): its actions
 */
AWS_DOCUMENT_LIST (AwsPipelineStage, aws_pipeline_stage, actions, "actions")

AWS_DEFINE_DOCUMENT (AwsPipelineAction, aws_pipeline_action)

/**
 * aws_pipeline_action_get_name:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsPipelineAction, aws_pipeline_action, name, "name")

/**
 * aws_pipeline_action_get_category:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): like `Source` or `Build`
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineAction, aws_pipeline_action, category, "actionTypeId", "category")

/**
 * aws_pipeline_action_get_provider:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): like `CodeStarSourceConnection` or `CodeBuild`
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineAction, aws_pipeline_action, provider, "actionTypeId", "provider")

/**
 * aws_pipeline_action_get_namespace:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): what its variables begin with
 */
AWS_DOCUMENT_STRING (AwsPipelineAction, aws_pipeline_action, namespace, "namespace")

AWS_DEFINE_DOCUMENT (AwsPipelineState, aws_pipeline_state)

/**
 * aws_pipeline_state_get_name:
 * @self: a state
 *
 * Returns: (transfer none) (nullable): the name of the pipeline
 */
AWS_DOCUMENT_STRING (AwsPipelineState, aws_pipeline_state, name, "pipelineName")

/**
 * aws_pipeline_state_get_version:
 * @self: a state
 *
 * Returns: how often it was changed, from 1
 */
AWS_DOCUMENT_INT (AwsPipelineState, aws_pipeline_state, version, "pipelineVersion")

/**
 * aws_pipeline_state_dup_created:
 * @self: a state
 *
 * Returns: (transfer full) (nullable): when it was made
 */
AWS_DOCUMENT_TIME (AwsPipelineState, aws_pipeline_state, created, "created")

/**
 * aws_pipeline_state_dup_changed:
 * @self: a state
 *
 * Returns: (transfer full) (nullable): when it was changed
 */
AWS_DOCUMENT_TIME (AwsPipelineState, aws_pipeline_state, changed, "updated")

/**
 * aws_pipeline_state_dup_stages:
 * @self: a state
 *
 * Returns: (transfer full) (element-type AwsPipelineStageState): its stages, in order
 */
AWS_DOCUMENT_LIST (AwsPipelineState, aws_pipeline_state, stages, "stageStates")

AWS_DEFINE_DOCUMENT (AwsPipelineStageState, aws_pipeline_stage_state)

/**
 * aws_pipeline_stage_state_get_name:
 * @self: a stage
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsPipelineStageState, aws_pipeline_stage_state, name, "stageName")

/**
 * aws_pipeline_stage_state_get_status:
 * @self: a stage
 *
 * Returns: (transfer none) (nullable): `InProgress`, `Succeeded`, `Failed`, `Stopped`, `Stopping`, `Cancelled` or
 *   `Skipped`
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineStageState, aws_pipeline_stage_state, status, "latestExecution", "status")

/**
 * aws_pipeline_stage_state_get_execution:
 * @self: a stage
 *
 * Returns: (transfer none) (nullable): the id of the run that it was part of
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineStageState, aws_pipeline_stage_state, execution, "latestExecution", "pipelineExecutionId")

/**
 * aws_pipeline_stage_state_dup_actions:
 * @self: a stage
 *
 * Returns: (transfer full) (element-type AwsPipelineActionState): its actions
 */
AWS_DOCUMENT_LIST (AwsPipelineStageState, aws_pipeline_stage_state, actions, "actionStates")

AWS_DEFINE_DOCUMENT (AwsPipelineActionState, aws_pipeline_action_state)

/**
 * aws_pipeline_action_state_get_name:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsPipelineActionState, aws_pipeline_action_state, name, "actionName")

/**
 * aws_pipeline_action_state_get_status:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): `InProgress`, `Succeeded`, `Failed` or `Abandoned`
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineActionState, aws_pipeline_action_state, status, "latestExecution", "status")

/**
 * aws_pipeline_action_state_get_summary:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): what it says about it
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineActionState, aws_pipeline_action_state, summary, "latestExecution", "summary")

/**
 * aws_pipeline_action_state_get_revision:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): the commit, for sources
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineActionState, aws_pipeline_action_state, revision, "currentRevision", "revisionId")

/**
 * aws_pipeline_action_state_get_revision_url:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): the page of the commit
 */
AWS_DOCUMENT_STRING (AwsPipelineActionState, aws_pipeline_action_state, revision_url, "revisionUrl")

/**
 * aws_pipeline_action_state_get_external_id:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): the id of what it started, like a build
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineActionState, aws_pipeline_action_state, external_id, "latestExecution", "externalExecutionId")

/**
 * aws_pipeline_action_state_get_external_url:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): the page of what it started
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineActionState, aws_pipeline_action_state, external_url, "latestExecution", "externalExecutionUrl")

/**
 * aws_pipeline_action_state_get_error_code:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): the code of what went wrong
 */
const char *
aws_pipeline_action_state_get_error_code (AwsPipelineActionState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (find_inner (&self->document, "latestExecution", "errorDetails"), "code");
}

/**
 * aws_pipeline_action_state_get_error_message:
 * @self: an action
 *
 * Returns: (transfer none) (nullable): what went wrong, in the words of the service
 */
const char *
aws_pipeline_action_state_get_error_message (AwsPipelineActionState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (find_inner (&self->document, "latestExecution", "errorDetails"), "message");
}

AWS_DEFINE_DOCUMENT (AwsPipelineExecution, aws_pipeline_execution)

/**
 * aws_pipeline_execution_get_id:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): its id
 */
AWS_DOCUMENT_STRING (AwsPipelineExecution, aws_pipeline_execution, id, "pipelineExecutionId")

/**
 * aws_pipeline_execution_get_status:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): `InProgress`, `Succeeded`, `Failed`, `Stopped`, `Stopping`, `Superseded`
 *   or `Cancelled`
 */
AWS_DOCUMENT_STRING (AwsPipelineExecution, aws_pipeline_execution, status, "status")

/**
 * aws_pipeline_execution_get_summary:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): what is said about it
 */
AWS_DOCUMENT_STRING (AwsPipelineExecution, aws_pipeline_execution, summary, "statusSummary")

/**
 * aws_pipeline_execution_dup_started:
 * @self: a run
 *
 * Returns: (transfer full) (nullable): when it began; in lists only
 */
AWS_DOCUMENT_TIME (AwsPipelineExecution, aws_pipeline_execution, started, "startTime")

/**
 * aws_pipeline_execution_dup_changed:
 * @self: a run
 *
 * Returns: (transfer full) (nullable): when its status changed; in lists only
 */
AWS_DOCUMENT_TIME (AwsPipelineExecution, aws_pipeline_execution, changed, "lastUpdateTime")

/**
 * aws_pipeline_execution_get_trigger:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): what started it, like `WebhookV2` or `StartPipelineExecution`
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineExecution, aws_pipeline_execution, trigger, "trigger", "triggerType")

/**
 * aws_pipeline_execution_get_trigger_detail:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): who or what exactly
 */
AWS_DOCUMENT_INNER_STRING (AwsPipelineExecution, aws_pipeline_execution, trigger_detail, "trigger", "triggerDetail")

AWS_DEFINE_DOCUMENT (AwsPipelineRevision, aws_pipeline_revision)

/**
 * aws_pipeline_revision_get_id:
 * @self: a revision
 *
 * Returns: (transfer none) (nullable): the commit
 */
AWS_DOCUMENT_STRING (AwsPipelineRevision, aws_pipeline_revision, id, "revisionId")

/**
 * aws_pipeline_revision_get_summary:
 * @self: a revision
 *
 * Returns: (transfer none) (nullable): the message of the commit
 */
AWS_DOCUMENT_STRING (AwsPipelineRevision, aws_pipeline_revision, summary, "revisionSummary")

/**
 * aws_pipeline_revision_get_url:
 * @self: a revision
 *
 * Returns: (transfer none) (nullable): the page of the commit
 */
AWS_DOCUMENT_STRING (AwsPipelineRevision, aws_pipeline_revision, url, "revisionUrl")

AWS_DEFINE_DOCUMENT (AwsPipelineStep, aws_pipeline_step)

/**
 * aws_pipeline_step_get_execution:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): the id of the run
 */
AWS_DOCUMENT_STRING (AwsPipelineStep, aws_pipeline_step, execution, "pipelineExecutionId")

/**
 * aws_pipeline_step_get_id:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): its id
 */
AWS_DOCUMENT_STRING (AwsPipelineStep, aws_pipeline_step, id, "actionExecutionId")

/**
 * aws_pipeline_step_get_stage:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): the name of the stage
 */
AWS_DOCUMENT_STRING (AwsPipelineStep, aws_pipeline_step, stage, "stageName")

/**
 * aws_pipeline_step_get_name:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): the name of the action
 */
AWS_DOCUMENT_STRING (AwsPipelineStep, aws_pipeline_step, name, "actionName")

/**
 * aws_pipeline_step_get_status:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): `InProgress`, `Succeeded`, `Failed` or `Abandoned`
 */
AWS_DOCUMENT_STRING (AwsPipelineStep, aws_pipeline_step, status, "status")

/**
 * aws_pipeline_step_dup_started:
 * @self: a step
 *
 * Returns: (transfer full) (nullable): when it began
 */
AWS_DOCUMENT_TIME (AwsPipelineStep, aws_pipeline_step, started, "startTime")

/**
 * aws_pipeline_step_dup_changed:
 * @self: a step
 *
 * Returns: (transfer full) (nullable): when its status changed
 */
AWS_DOCUMENT_TIME (AwsPipelineStep, aws_pipeline_step, changed, "lastUpdateTime")

/**
 * aws_pipeline_step_get_external_id:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): the id of what it started, like a build
 */
const char *
aws_pipeline_step_get_external_id (AwsPipelineStep *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (find_inner (&self->document, "output", "executionResult"), "externalExecutionId");
}

/**
 * aws_pipeline_step_get_external_url:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): the page of what it started
 */
const char *
aws_pipeline_step_get_external_url (AwsPipelineStep *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (find_inner (&self->document, "output", "executionResult"), "externalExecutionUrl");
}

/**
 * aws_pipeline_step_get_summary:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): what it says about it
 */
const char *
aws_pipeline_step_get_summary (AwsPipelineStep *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (find_inner (&self->document, "output", "executionResult"), "externalExecutionSummary");
}

/**
 * aws_pipeline_step_get_error_code:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): the code of what went wrong
 */
const char *
aws_pipeline_step_get_error_code (AwsPipelineStep *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (aws_json_get_object (find_inner (&self->document, "output", "executionResult"), "errorDetails"), "code");
}

/**
 * aws_pipeline_step_get_error_message:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): what went wrong, in the words of the service
 */
const char *
aws_pipeline_step_get_error_message (AwsPipelineStep *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (aws_json_get_object (find_inner (&self->document, "output", "executionResult"), "errorDetails"), "message");
}

/**
 * aws_pipeline_dup_created:
 * @self: a pipeline
 *
 * Returns: (transfer full) (nullable): when it was made
 */
GDateTime *
aws_pipeline_dup_created (AwsPipeline *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_dup_time (aws_json_get_object (self->document.object, "metadata"), "created");
}

/**
 * aws_pipeline_dup_stages:
 * @self: a pipeline
 *
 * Returns: (transfer full) (element-type AwsPipelineStage): its stages, in order
 */
GPtrArray *
aws_pipeline_dup_stages (AwsPipeline *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_document_new_list (aws_json_get_array (aws_json_get_object (self->document.object, "pipeline"), "stages"));
}

/**
 * aws_pipeline_action_get_setting:
 * @self: an action
 * @name: the name of a setting, like `FullRepositoryId`
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_pipeline_action_get_setting (AwsPipelineAction *self,
                                 const char        *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return aws_json_get_string (aws_json_get_object (self->document.object, "configuration"), name);
}

/**
 * aws_pipeline_action_state_dup_changed:
 * @self: an action
 *
 * Returns: (transfer full) (nullable): when its status changed
 */
GDateTime *
aws_pipeline_action_state_dup_changed (AwsPipelineActionState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_dup_time (aws_json_get_object (self->document.object, "latestExecution"), "lastStatusChange");
}

/**
 * aws_pipeline_execution_dup_revisions:
 * @self: a run
 *
 * Returns: (transfer full) (element-type AwsPipelineRevision): what it was about, one for each source
 */
GPtrArray *
aws_pipeline_execution_dup_revisions (AwsPipelineExecution *self)
{
  JsonArray *revisions;

  g_return_val_if_fail (self != NULL, NULL);

  /* A list of runs has the ones, the details of a run have the others */
  revisions = aws_json_get_array (self->document.object, "sourceRevisions");
  if (revisions == NULL)
    revisions = aws_json_get_array (self->document.object, "artifactRevisions");

  return aws_document_new_list (revisions);
}

/**
 * aws_pipeline_step_get_variable:
 * @self: a step
 * @name: the name of a variable
 *
 * Returns: (transfer none) (nullable): the value that the step gave it
 */
const char *
aws_pipeline_step_get_variable (AwsPipelineStep *self,
                                const char      *name)
{
  JsonObject *variables;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  variables = aws_json_get_object (aws_json_get_object (self->document.object, "output"), "outputVariables");

  return aws_json_get_string (variables, name);
}

static JsonObject *
new_input (const char *member,
           const char *pipeline_name)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, member, pipeline_name);

  return input;
}

/**
 * aws_codepipeline_get_pipeline:
 * @client: the client
 * @name: the name of a pipeline
 *
 * Asks how a pipeline is set up.
 *
 * Returns: a future of an [struct@Pipeline]
 */
DexFuture *
aws_codepipeline_get_pipeline (AwsClient  *client,
                               const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_document (&get_pipeline, client, new_input ("name", name), AWS_TYPE_PIPELINE, NULL);
}

/**
 * aws_codepipeline_get_pipeline_state:
 * @client: the client
 * @name: the name of a pipeline
 *
 * Asks what a pipeline does and did last.
 *
 * Returns: a future of an [struct@PipelineState]
 */
DexFuture *
aws_codepipeline_get_pipeline_state (AwsClient  *client,
                                     const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_document (&get_pipeline_state, client, new_input ("name", name), AWS_TYPE_PIPELINE_STATE, NULL);
}

/**
 * aws_codepipeline_list_pipeline_executions:
 * @client: the client
 * @name: the name of a pipeline
 *
 * Lists the runs of a pipeline within the last year, the newest first, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@PipelineExecution]
 */
DexFuture *
aws_codepipeline_list_pipeline_executions (AwsClient  *client,
                                           const char *name)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  input = new_input ("pipelineName", name);
  aws_input_set_int (input, "maxResults", 100);

  return aws_operation_call_documents (&list_pipeline_executions, client, input, AWS_TYPE_PIPELINE_EXECUTION);
}

/**
 * aws_codepipeline_get_pipeline_execution:
 * @client: the client
 * @name: the name of a pipeline
 * @id: the id of a run
 *
 * Asks for one run.
 *
 * Returns: a future of an [struct@PipelineExecution]
 */
DexFuture *
aws_codepipeline_get_pipeline_execution (AwsClient  *client,
                                         const char *name,
                                         const char *id)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);
  dex_return_error_if_fail (id != NULL);

  input = new_input ("pipelineName", name);
  aws_input_set_string (input, "pipelineExecutionId", id);

  return aws_operation_call_document (&get_pipeline_execution, client, input, AWS_TYPE_PIPELINE_EXECUTION, "pipelineExecution");
}

/**
 * aws_codepipeline_list_action_executions:
 * @client: the client
 * @name: the name of a pipeline
 * @id: (nullable): the id of a run, %NULL for all of them
 *
 * Lists what actions did, the newest first, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@PipelineStep]
 */
DexFuture *
aws_codepipeline_list_action_executions (AwsClient  *client,
                                         const char *name,
                                         const char *id)
{
  JsonObject *input;
  JsonObject *filter;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  input = new_input ("pipelineName", name);
  aws_input_set_int (input, "maxResults", 100);
  if (id != NULL)
    {
      filter = json_object_new ();
      aws_input_set_string (filter, "pipelineExecutionId", id);
      json_object_set_object_member (input, "filter", filter);
    }

  return aws_operation_call_documents (&list_action_executions, client, input, AWS_TYPE_PIPELINE_STEP);
}

/**
 * aws_codepipeline_start_pipeline_execution:
 * @client: the client
 * @name: the name of a pipeline
 * @token: (nullable): 1 to 128 letters, digits and hyphens; a second call with the same one starts no second run
 * @source: (nullable): the name of the source action that @commit is for
 * @commit: (nullable): the commit to run with, %NULL for the last one
 *
 * Starts a run with the last state of the sources, or with another commit of one of them.
 *
 * Returns: a future of the id of the run
 */
DexFuture *
aws_codepipeline_start_pipeline_execution (AwsClient  *client,
                                           const char *name,
                                           const char *token,
                                           const char *source,
                                           const char *commit)
{
  JsonObject *input;
  JsonObject *revision;
  JsonArray *revisions;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);
  dex_return_error_if_fail ((source == NULL) == (commit == NULL));

  input = new_input ("name", name);
  aws_input_set_string (input, "clientRequestToken", token);
  if (source != NULL)
    {
      revision = json_object_new ();
      aws_input_set_string (revision, "actionName", source);
      aws_input_set_string (revision, "revisionType", "COMMIT_ID");
      aws_input_set_string (revision, "revisionValue", commit);
      revisions = json_array_new ();
      json_array_add_object_element (revisions, revision);
      json_object_set_array_member (input, "sourceRevisions", revisions);
    }

  return aws_operation_call_string (&start_pipeline_execution, client, input, "pipelineExecutionId");
}

/**
 * aws_codepipeline_stop_pipeline_execution:
 * @client: the client
 * @name: the name of a pipeline
 * @id: the id of a run
 * @abandon: whether not to wait for the actions that are running
 * @reason: (nullable): at most 200 characters
 *
 * Stops a run.
 *
 * Returns: a future of the id of the run
 */
DexFuture *
aws_codepipeline_stop_pipeline_execution (AwsClient  *client,
                                          const char *name,
                                          const char *id,
                                          gboolean    abandon,
                                          const char *reason)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);
  dex_return_error_if_fail (id != NULL);

  input = new_input ("pipelineName", name);
  aws_input_set_string (input, "pipelineExecutionId", id);
  aws_input_set_bool (input, "abandon", abandon);
  aws_input_set_string (input, "reason", reason);

  return aws_operation_call_string (&stop_pipeline_execution, client, input, "pipelineExecutionId");
}
