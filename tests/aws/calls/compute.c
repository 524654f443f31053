/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "calls.h"

#include "aws-cloudwatch.h"
#include "aws-codebuild.h"
#include "aws-codeconnections.h"
#include "aws-codepipeline.h"
#include "aws-lambda.h"
#include "aws-logs.h"
#include "aws-step-functions.h"

#define FUNCTION   "arn:aws:lambda:eu-central-1:123456789012:function:porch"
#define MACHINE    "arn:aws:states:eu-central-1:123456789012:stateMachine:porch"
#define EXECUTION  "arn:aws:states:eu-central-1:123456789012:execution:porch:run-1"
#define RUN        "0a1b2c3d-0000-1111-2222-333344445555"
#define CONNECTION "arn:aws:codeconnections:eu-central-1:123456789012:connection/" RUN

#define TIMES \
  g_autoptr(GDateTime) start = g_date_time_new_utc (2026, 1, 2, 3, 0, 0); \
  g_autoptr(GDateTime) end = g_date_time_new_utc (2026, 1, 2, 4, 0, 0);

static const char * const names[] = { "porch-a", "porch-b", NULL };
static const char * const statistics[] = { "Sum", "Average", NULL };
static const char * const targets[] = { "arn:aws:sns:eu-central-1:123456789012:porch", NULL };

static GBytes *
text (const char *contents)
{
  return g_bytes_new_static (contents, strlen (contents));
}

static AwsLambdaChange *
function_change (void)
{
  AwsLambdaChange *all = aws_lambda_change_new ("porch");

  aws_lambda_change_set_revision (all, "revision-1");
  aws_lambda_change_set_code (all, "nodejs22.x", "index.handler");
  aws_lambda_change_set_description (all, "A form");
  aws_lambda_change_set_role (all, "arn:aws:iam::123456789012:role/porch");
  aws_lambda_change_set_limits (all, 10, 256);
  aws_lambda_change_set_log_group (all, "/porch/form");
  aws_lambda_change_add_variable (all, "TABLE", "t");
  aws_lambda_change_add_variable (all, "MAIL", "a@example.org");

  return all;
}

static AwsMetric *
metric (void)
{
  return aws_metric_new ("AWS/CloudFront", "Requests", "DistributionId", "E1", "Region", "Global", NULL);
}

static GPtrArray *
queries (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_metric_query_unref);
  g_autoptr(AwsMetric) what = metric ();

  g_ptr_array_add (list, aws_metric_query_new ("requests", what, 300, "Sum"));
  g_ptr_array_add (list, aws_metric_query_new ("requests_average", what, 3600, "Average"));

  return list;
}

static AwsAlarmSpec *
alarm_spec (void)
{
  g_autoptr(AwsMetric) what = metric ();
  AwsAlarmSpec *spec = aws_alarm_spec_new ("porch-a", what, "Sum", 300, 2, "GreaterThanThreshold", 2.5);

  aws_alarm_spec_set_description (spec, "Many visitors");
  aws_alarm_spec_set_missing_data (spec, "notBreaching");
  aws_alarm_spec_set_actions (spec, targets, targets);
  aws_alarm_spec_add_tag (spec, "application", "porchlight");

  return spec;
}

static GHashTable *
variables (void)
{
  GHashTable *all = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (all, (gpointer) "SITE", (gpointer) "porch");
  g_hash_table_insert (all, (gpointer) "BRANCH", (gpointer) "main");

  return all;
}

CALL (lambda_get_function, , aws_lambda_get_function (client, "porch"))
CALL (lambda_get_function_configuration, , aws_lambda_get_function_configuration (client, FUNCTION))
CALL (lambda_update_function_code, g_autoptr(GBytes) zip = text ("PK");, aws_lambda_update_function_code (client, "porch", zip, "revision-1", TRUE, TRUE))
CALL (lambda_update_function_configuration, g_autoptr(AwsLambdaChange) all = function_change ();, aws_lambda_update_function_configuration (client, all))
CALL (lambda_invoke, g_autoptr(GBytes) event = text ("{\"a\": 1}");, aws_lambda_invoke (client, "porch", event, "RequestResponse", TRUE))
CALL (lambda_get_account_settings, , aws_lambda_get_account_settings (client))
CALL (lambda_put_function_concurrency, , aws_lambda_put_function_concurrency (client, "porch", 0))
CALL (lambda_delete_function_concurrency, , aws_lambda_delete_function_concurrency (client, "porch"))
CALL (lambda_get_function_concurrency, , aws_lambda_get_function_concurrency (client, "porch"))
CALL (cloudwatch_get_metric_data, g_autoptr(GPtrArray) list = queries (); TIMES, aws_cloudwatch_get_metric_data (client, list, start, end))
CALL (cloudwatch_get_metric_statistics, g_autoptr(AwsMetric) what = metric (); TIMES, aws_cloudwatch_get_metric_statistics (client, what, start, end, 300, statistics))
CALL (cloudwatch_list_metrics, , aws_cloudwatch_list_metrics (client, "AWS/CloudFront", "Requests", "DistributionId", "E1"))
CALL (cloudwatch_put_metric_alarm, g_autoptr(AwsAlarmSpec) spec = alarm_spec ();, aws_cloudwatch_put_metric_alarm (client, spec))
CALL (cloudwatch_describe_alarms, , aws_cloudwatch_describe_alarms (client, names, NULL))
CALL (cloudwatch_delete_alarms, , aws_cloudwatch_delete_alarms (client, names))
CALL (logs_describe_log_groups, , aws_logs_describe_log_groups (client, "/aws/lambda/"))
CALL (logs_describe_log_streams, , aws_logs_describe_log_streams (client, "/aws/lambda/porch", "2026/", FALSE))
CALL (logs_filter_log_events, TIMES, aws_logs_filter_log_events (client, "/aws/lambda/porch", names, "ERROR", start, end))
CALL (logs_get_log_events, TIMES, aws_logs_get_log_events (client, "/aws/lambda/porch", "2026/01/02/[$LATEST]0a", start, end))
CALL (logs_put_retention_policy, , aws_logs_put_retention_policy (client, "/aws/lambda/porch", 30))
CALL (codepipeline_get_pipeline, , aws_codepipeline_get_pipeline (client, "porch"))
CALL (codepipeline_get_pipeline_state, , aws_codepipeline_get_pipeline_state (client, "porch"))
CALL (codepipeline_list_pipeline_executions, , aws_codepipeline_list_pipeline_executions (client, "porch"))
CALL (codepipeline_get_pipeline_execution, , aws_codepipeline_get_pipeline_execution (client, "porch", RUN))
CALL (codepipeline_list_action_executions, , aws_codepipeline_list_action_executions (client, "porch", RUN))
CALL (codepipeline_start_pipeline_execution, , aws_codepipeline_start_pipeline_execution (client, "porch", "token-1", "Source", "0123abc"))
CALL (codepipeline_stop_pipeline_execution, , aws_codepipeline_stop_pipeline_execution (client, "porch", RUN, TRUE, "No longer needed"))
CALL (codebuild_batch_get_builds, , aws_codebuild_batch_get_builds (client, names))
CALL (codebuild_start_build, g_autoptr(GHashTable) all = variables ();, aws_codebuild_start_build (client, "porch", "token-1", "main", "version: 0.2", all))
CALL (codebuild_stop_build, , aws_codebuild_stop_build (client, "porch:" RUN))
CALL (codebuild_list_builds_for_project, , aws_codebuild_list_builds_for_project (client, "porch"))
CALL (codebuild_batch_get_projects, , aws_codebuild_batch_get_projects (client, names))
CALL (codeconnections_create_connection, , aws_codeconnections_create_connection (client, "porch", "GitHub", "application", "porchlight"))
CALL (codeconnections_get_connection, , aws_codeconnections_get_connection (client, CONNECTION))
CALL (codeconnections_list_connections, , aws_codeconnections_list_connections (client, "GitHub"))
CALL (codeconnections_delete_connection, , aws_codeconnections_delete_connection (client, CONNECTION))
CALL (step_functions_start_execution, , aws_step_functions_start_execution (client, MACHINE, "run-1", "{}"))
CALL (step_functions_describe_execution, , aws_step_functions_describe_execution (client, EXECUTION))
CALL (step_functions_get_execution_history, , aws_step_functions_get_execution_history (client, EXECUTION, TRUE))
CALL (step_functions_list_executions, , aws_step_functions_list_executions (client, MACHINE, "FAILED"))
CALL (step_functions_stop_execution, , aws_step_functions_stop_execution (client, EXECUTION, "Stopped", "No longer needed"))
CALL (step_functions_describe_state_machine, , aws_step_functions_describe_state_machine (client, MACHINE))

const AwsTestCall compute_calls[] = {
  { "aws_lambda_get_function", "GetFunction", call_lambda_get_function },
  { "aws_lambda_get_function_configuration", "GetFunctionConfiguration", call_lambda_get_function_configuration },
  { "aws_lambda_update_function_code", "UpdateFunctionCode", call_lambda_update_function_code },
  { "aws_lambda_update_function_configuration", "UpdateFunctionConfiguration", call_lambda_update_function_configuration },
  { "aws_lambda_invoke", "Invoke", call_lambda_invoke },
  { "aws_lambda_get_account_settings", "GetAccountSettings", call_lambda_get_account_settings },
  { "aws_lambda_put_function_concurrency", "PutFunctionConcurrency", call_lambda_put_function_concurrency },
  { "aws_lambda_delete_function_concurrency", "DeleteFunctionConcurrency", call_lambda_delete_function_concurrency },
  { "aws_lambda_get_function_concurrency", "GetFunctionConcurrency", call_lambda_get_function_concurrency },
  { "aws_cloudwatch_get_metric_data", "GetMetricData", call_cloudwatch_get_metric_data },
  { "aws_cloudwatch_get_metric_statistics", "GetMetricStatistics", call_cloudwatch_get_metric_statistics },
  { "aws_cloudwatch_list_metrics", "ListMetrics", call_cloudwatch_list_metrics },
  { "aws_cloudwatch_put_metric_alarm", "PutMetricAlarm", call_cloudwatch_put_metric_alarm },
  { "aws_cloudwatch_describe_alarms", "DescribeAlarms", call_cloudwatch_describe_alarms },
  { "aws_cloudwatch_delete_alarms", "DeleteAlarms", call_cloudwatch_delete_alarms },
  { "aws_logs_describe_log_groups", "DescribeLogGroups", call_logs_describe_log_groups },
  { "aws_logs_describe_log_streams", "DescribeLogStreams", call_logs_describe_log_streams },
  { "aws_logs_filter_log_events", "FilterLogEvents", call_logs_filter_log_events },
  { "aws_logs_get_log_events", "GetLogEvents", call_logs_get_log_events },
  { "aws_logs_put_retention_policy", "PutRetentionPolicy", call_logs_put_retention_policy },
  { "aws_codepipeline_get_pipeline", "GetPipeline", call_codepipeline_get_pipeline },
  { "aws_codepipeline_get_pipeline_state", "GetPipelineState", call_codepipeline_get_pipeline_state },
  { "aws_codepipeline_list_pipeline_executions", "ListPipelineExecutions", call_codepipeline_list_pipeline_executions },
  { "aws_codepipeline_get_pipeline_execution", "GetPipelineExecution", call_codepipeline_get_pipeline_execution },
  { "aws_codepipeline_list_action_executions", "ListActionExecutions", call_codepipeline_list_action_executions },
  { "aws_codepipeline_start_pipeline_execution", "StartPipelineExecution", call_codepipeline_start_pipeline_execution },
  { "aws_codepipeline_stop_pipeline_execution", "StopPipelineExecution", call_codepipeline_stop_pipeline_execution },
  { "aws_codebuild_batch_get_builds", "BatchGetBuilds", call_codebuild_batch_get_builds },
  { "aws_codebuild_start_build", "StartBuild", call_codebuild_start_build },
  { "aws_codebuild_stop_build", "StopBuild", call_codebuild_stop_build },
  { "aws_codebuild_list_builds_for_project", "ListBuildsForProject", call_codebuild_list_builds_for_project },
  { "aws_codebuild_batch_get_projects", "BatchGetProjects", call_codebuild_batch_get_projects },
  { "aws_codeconnections_create_connection", "CreateConnection", call_codeconnections_create_connection },
  { "aws_codeconnections_get_connection", "GetConnection", call_codeconnections_get_connection },
  { "aws_codeconnections_list_connections", "ListConnections", call_codeconnections_list_connections },
  { "aws_codeconnections_delete_connection", "DeleteConnection", call_codeconnections_delete_connection },
  { "aws_step_functions_start_execution", "StartExecution", call_step_functions_start_execution },
  { "aws_step_functions_describe_execution", "DescribeExecution", call_step_functions_describe_execution },
  { "aws_step_functions_get_execution_history", "GetExecutionHistory", call_step_functions_get_execution_history },
  { "aws_step_functions_list_executions", "ListExecutions", call_step_functions_list_executions },
  { "aws_step_functions_stop_execution", "StopExecution", call_step_functions_stop_execution },
  { "aws_step_functions_describe_state_machine", "DescribeStateMachine", call_step_functions_describe_state_machine },
  { NULL }
};
