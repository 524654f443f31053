/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the values say that are read from answers of Lambda, CloudWatch, Logs, CodePipeline, CodeBuild, CodeConnections
 * and Step Functions, and how their pages end.
 */

#include <json-glib/json-glib.h>
#include <math.h>

#include "aws-cloudwatch.h"
#include "aws-codebuild.h"
#include "aws-codeconnections.h"
#include "aws-codepipeline.h"
#include "aws-lambda.h"
#include "aws-logs.h"
#include "aws-step-functions.h"
#include "test-calls.h"

static void
assert_time (GDateTime  *time,
             const char *expected)
{
  g_autoptr(GDateTime) owned = time;
  g_autofree char *text = owned != NULL ? g_date_time_format (owned, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_sent (FakeAws    *aws,
             guint       index,
             const char *expected)
{
  g_autoptr(JsonNode) sent = json_from_string (fake_aws_get_body (aws, index), NULL);
  g_autoptr(JsonNode) wanted = json_from_string (expected, NULL);

  if (sent == NULL || !json_node_equal (sent, wanted))
    g_assert_cmpstr (fake_aws_get_body (aws, index), ==, expected);
}

/* Lambda */

#define FUNCTION \
  "{\"FunctionName\":\"porch\",\"FunctionArn\":\"arn:f\",\"Runtime\":\"nodejs22.x\",\"Handler\":\"index.handler\",\"Timeout\":5,\"MemorySize\":256," \
  "\"LastModified\":\"2026-01-02T03:04:05.000+0000\",\"LastUpdateStatus\":\"InProgress\",\"RevisionId\":\"r1\",\"New\":{}," \
  "\"Environment\":{\"Variables\":{\"A\":\"1\"}},\"LoggingConfig\":{\"LogGroup\":\"/porch\"},\"CodeSha256\":\"sum\",\"CodeSize\":123}"

static void
test_lambda_function (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsLambdaPackage) package = NULL;
  g_autoptr(AwsLambdaFunction) function = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"Configuration\":" FUNCTION ",\"Code\":{\"Location\":\"http://code\"},\"Tags\":{\"application\":\"porchlight\"}}");
  package = dex_await_boxed (aws_lambda_get_function (client, "arn:aws:lambda:eu:1:function:porch"), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "GET", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu%3A1%3Afunction%3Aporch", NULL);
  g_assert_cmpstr (aws_lambda_package_get_code_location (package), ==, "http://code");
  g_assert_cmpint (aws_lambda_package_get_reserved_concurrency (package), ==, -1);
  g_assert_cmpstr (aws_lambda_package_get_tag (package, "application"), ==, "porchlight");
  g_assert_null (aws_lambda_package_get_tag (package, "other"));

  function = aws_lambda_package_dup_function (package);
  g_assert_cmpstr (aws_lambda_function_get_name (function), ==, "porch");
  g_assert_cmpstr (aws_lambda_function_get_runtime (function), ==, "nodejs22.x");
  g_assert_cmpint (aws_lambda_function_get_memory (function), ==, 256);
  g_assert_cmpint (aws_lambda_function_get_code_size (function), ==, 123);
  g_assert_cmpstr (aws_lambda_function_get_update_status (function), ==, "InProgress");
  g_assert_cmpstr (aws_lambda_function_get_variable (function, "A"), ==, "1");
  g_assert_null (aws_lambda_function_get_variable (function, "B"));
  g_assert_cmpstr (aws_lambda_function_get_log_group (function), ==, "/porch");
  g_assert_null (aws_lambda_function_get_description (function));
  assert_time (aws_lambda_function_dup_changed (function), "2026-01-02T03:04:05Z");

  fake_aws_answer (aws, 404, "x-amzn-ErrorType: ResourceNotFoundException", "{\"Type\":\"User\",\"Message\":\"Function not found: arn\"}");
  assert_refused (aws_lambda_get_function_configuration (client, "porch"), AWS_ERROR_NOT_FOUND);
}

static void
test_lambda_change (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsLambdaChange) change = aws_lambda_change_new ("porch");
  g_autoptr(GBytes) zip = g_bytes_new_static ("PK", 2);

  aws_lambda_change_set_limits (change, 10, 512);
  aws_lambda_change_add_variable (change, "A", "1");
  aws_lambda_change_add_variable (change, "B", "ü");
  fake_aws_answer (aws, 200, NULL, FUNCTION);
  assert_good (aws_lambda_update_function_configuration (client, change));
  assert_request (aws, 0, "PUT", "/2015-03-31/functions/porch/configuration", NULL);
  assert_sent (aws, 0, "{\"Timeout\":10,\"MemorySize\":512,\"Environment\":{\"Variables\":{\"A\":\"1\",\"B\":\"ü\"}}}");

  fake_aws_answer (aws, 409, "x-amzn-ErrorType: ResourceConflictException", "{\"message\":\"An update is in progress\"}");
  g_assert_false (dex_await (aws_lambda_update_function_code (client, "porch", zip, "r1", FALSE, FALSE), NULL));
  assert_sent (aws, 1, "{\"ZipFile\":\"UEs=\",\"RevisionId\":\"r1\",\"Publish\":false,\"DryRun\":false}");
}

static void
test_lambda_invoke (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsLambdaResult) result = NULL, other = NULL;
  g_autoptr(GBytes) event = g_bytes_new_static ("{\"n\":1}", 7);
  g_autoptr(GBytes) payload = NULL;
  g_autofree char *log = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, "X-Amz-Function-Error: Unhandled\nX-Amz-Log-Result: bGluZQo=\nX-Amz-Executed-Version: $LATEST", "{\"errorType\":\"TypeError\"}");
  result = dex_await_boxed (aws_lambda_invoke (client, "porch", event, NULL, TRUE), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "POST", "/2015-03-31/functions/porch/invocations", NULL);
  g_assert_cmpstr (fake_aws_get_body (aws, 0), ==, "{\"n\":1}");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "X-Amz-Log-Type"), ==, "Tail");
  g_assert_null (fake_aws_get_header (aws, 0, "X-Amz-Invocation-Type"));
  g_assert_cmpint (aws_lambda_result_get_status (result), ==, 200);
  g_assert_cmpstr (aws_lambda_result_get_error (result), ==, "Unhandled");
  payload = aws_lambda_result_dup_payload (result);
  g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), "{\"errorType\":\"TypeError\"}", 25);
  log = aws_lambda_result_dup_log (result);
  g_assert_cmpstr (log, ==, "line\n");

  fake_aws_answer (aws, 202, NULL, "");
  other = dex_await_boxed (aws_lambda_invoke (client, "porch", NULL, "Event", FALSE), &error);
  g_assert_no_error (error);
  g_assert_cmpint (aws_lambda_result_get_status (other), ==, 202);
  g_assert_null (aws_lambda_result_dup_log (other));
  g_assert_null (aws_lambda_result_get_error (other));
}

static void
test_lambda_concurrency (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsLambdaConcurrency) none = NULL, off = NULL;
  g_autoptr(AwsLambdaAccount) account = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{}");
  none = dex_await_boxed (aws_lambda_get_function_concurrency (client, "porch"), &error);
  g_assert_cmpint (aws_lambda_concurrency_get_reserved (none), ==, -1);
  fake_aws_answer (aws, 200, NULL, "{\"ReservedConcurrentExecutions\":0}");
  off = dex_await_boxed (aws_lambda_get_function_concurrency (client, "porch"), &error);
  g_assert_cmpint (aws_lambda_concurrency_get_reserved (off), ==, 0);
  fake_aws_answer (aws, 204, NULL, "");
  assert_good (aws_lambda_delete_function_concurrency (client, "porch"));
  fake_aws_answer (aws, 200, NULL, "{\"AccountLimit\":{\"ConcurrentExecutions\":10,\"UnreservedConcurrentExecutions\":9},\"AccountUsage\":{\"FunctionCount\":3}}");
  account = dex_await_boxed (aws_lambda_get_account_settings (client), &error);
  g_assert_no_error (error);
  g_assert_cmpint (aws_lambda_account_get_unreserved_concurrency (account), ==, 9);
  g_assert_cmpint (aws_lambda_account_get_functions (account), ==, 3);
}

/* CloudWatch */

#define DATA(inside) "<GetMetricDataResponse><GetMetricDataResult>" inside "</GetMetricDataResult></GetMetricDataResponse>"
#define SERIES(id, time, value, status) \
  "<member><Id>" id "</Id><Label>L</Label><Timestamps><member>" time "</member></Timestamps><Values><member>" value "</member></Values><StatusCode>" status "</StatusCode></member>"

static void
test_metric_data (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsMetric) metric = aws_metric_new ("AWS/CloudFront", "Requests", "DistributionId", "E1", "Region", "Global", NULL);
  g_autoptr(GPtrArray) queries = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_metric_query_unref);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GDateTime) start = g_date_time_new_utc (2026, 1, 2, 0, 0, 0);
  g_autoptr(GDateTime) end = g_date_time_new_utc (2026, 1, 3, 0, 0, 0);
  g_autoptr(GError) error = NULL;
  AwsMetricSeries *first;

  g_assert_cmpstr (aws_metric_get_dimension (metric, "Region"), ==, "Global");
  g_assert_null (aws_metric_get_dimension (metric, "Other"));
  g_ptr_array_add (queries, aws_metric_query_new ("a", metric, 300, "Sum"));

  /* The series goes on in the next page */
  fake_aws_answer (aws, 200, NULL, DATA ("<MetricDataResults>" SERIES ("a", "2026-01-02T00:00:00Z", "1.5", "PartialData") SERIES ("b", "2026-01-02T00:00:00Z", "NaN", "Complete")
                                         "</MetricDataResults><NextToken>t</NextToken>"));
  fake_aws_answer (aws, 200, NULL, DATA ("<MetricDataResults>" SERIES ("a", "2026-01-02T00:05:00Z", "2e3", "Complete") "</MetricDataResults>"));
  all = dex_await_boxed (aws_cloudwatch_get_metric_data (client, queries, start, end), &error);
  g_assert_no_error (error);
  g_assert_cmpint (all->len, ==, 2);
  first = g_ptr_array_index (all, 0);
  g_assert_cmpstr (aws_metric_series_get_id (first), ==, "a");
  g_assert_cmpstr (aws_metric_series_get_status (first), ==, "Complete");
  g_assert_cmpint (aws_metric_series_get_length (first), ==, 2);
  g_assert_cmpfloat (aws_metric_series_get_value (first, 0), ==, 1.5);
  g_assert_cmpfloat (aws_metric_series_get_value (first, 1), ==, 2000);
  assert_time (aws_metric_series_dup_time (first, 1), "2026-01-02T00:05:00Z");
  g_assert_true (isnan (aws_metric_series_get_value (g_ptr_array_index (all, 1), 0)));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 0), "MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.2.Value=Global"));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 1), "NextToken=t"));
}

static void
test_metric_points_and_alarms (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsMetric) metric = aws_metric_new ("S", "N", "D", "v", NULL);
  g_autoptr(GDateTime) start = g_date_time_new_utc (2026, 1, 2, 0, 0, 0);
  g_autoptr(GPtrArray) points = NULL, alarms = NULL;
  static const char * const statistics[] = { "Sum", NULL };
  static const char * const names[] = { "a", NULL };
  g_autoptr(GError) error = NULL;
  AwsAlarm *alarm_;

  /* In no order */
  fake_aws_answer (aws, 200, NULL, "<R><GetMetricStatisticsResult><Datapoints><member><Timestamp>2026-01-02T00:01:00Z</Timestamp><Sum>2</Sum><Unit>Count</Unit></member>"
                   "<member><Timestamp>2026-01-02T00:00:00Z</Timestamp><Sum>1.25</Sum></member></Datapoints></GetMetricStatisticsResult></R>");
  points = dex_await_boxed (aws_cloudwatch_get_metric_statistics (client, metric, start, start, 60, statistics), &error);
  g_assert_no_error (error);
  g_assert_cmpint (points->len, ==, 2);
  g_assert_cmpfloat (aws_metric_point_get_sum (g_ptr_array_index (points, 0)), ==, 1.25);
  g_assert_cmpstr (aws_metric_point_get_unit (g_ptr_array_index (points, 1)), ==, "Count");

  fake_aws_answer (aws, 200, NULL, "<R><DescribeAlarmsResult><MetricAlarms><member><AlarmName>a</AlarmName><StateValue>ALARM</StateValue><Threshold>2.5</Threshold>"
                   "<Period>300</Period><ActionsEnabled>true</ActionsEnabled><AlarmActions><member>arn:1</member></AlarmActions></member></MetricAlarms></DescribeAlarmsResult></R>");
  alarms = dex_await_boxed (aws_cloudwatch_describe_alarms (client, names, NULL), &error);
  g_assert_no_error (error);
  alarm_ = g_ptr_array_index (alarms, 0);
  g_assert_cmpstr (aws_alarm_get_state (alarm_), ==, "ALARM");
  g_assert_cmpfloat (aws_alarm_get_threshold (alarm_), ==, 2.5);
  g_assert_cmpint (aws_alarm_get_period (alarm_), ==, 300);
  g_assert_true (aws_alarm_get_enabled (alarm_));
  {
    g_auto(GStrv) actions = aws_alarm_dup_actions (alarm_);

    g_assert_cmpstr (actions[0], ==, "arn:1");
  }

  fake_aws_answer (aws, 404, NULL, "<ErrorResponse><Error><Code>ResourceNotFound</Code><Message>no</Message></Error></ErrorResponse>");
  g_assert_false (dex_await (aws_cloudwatch_delete_alarms (client, names), NULL));
}

/* Logs */

static void
test_log_pages_end (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) events = NULL;
  g_autoptr(GError) error = NULL;

  /* An empty page is not the end; the same token is */
  fake_aws_answer (aws, 200, NULL, "{\"events\":[{\"timestamp\":1767323045000,\"message\":\"one\"}],\"nextForwardToken\":\"f/1\",\"nextBackwardToken\":\"b/1\"}");
  fake_aws_answer (aws, 200, NULL, "{\"events\":[],\"nextForwardToken\":\"f/2\"}");
  fake_aws_answer (aws, 200, NULL, "{\"events\":[{\"timestamp\":1767323046000,\"message\":\"two\"}],\"nextForwardToken\":\"f/3\"}");
  fake_aws_answer (aws, 200, NULL, "{\"events\":[],\"nextForwardToken\":\"f/3\"}");
  events = dex_await_boxed (aws_logs_get_log_events (client, "group", "stream", NULL, NULL), &error);
  g_assert_no_error (error);
  g_assert_cmpint (fake_aws_get_n_requests (aws), ==, 4);
  assert_sent (aws, 0, "{\"logGroupName\":\"group\",\"logStreamName\":\"stream\",\"startFromHead\":true}");
  assert_sent (aws, 3, "{\"logGroupName\":\"group\",\"logStreamName\":\"stream\",\"startFromHead\":true,\"nextToken\":\"f/3\"}");
  g_assert_cmpint (events->len, ==, 2);
  g_assert_cmpstr (aws_log_event_get_message (g_ptr_array_index (events, 1)), ==, "two");
  assert_time (aws_log_event_dup_time (g_ptr_array_index (events, 0)), "2026-01-02T03:04:05Z");
}

static void
test_log_refusals (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  DexFuture *future;

  /* In the middle of the pages */
  fake_aws_answer (aws, 200, NULL, "{\"events\":[],\"nextForwardToken\":\"f/1\"}");
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"The specified log group does not exist.\"}");
  assert_refused (aws_logs_get_log_events (client, "group", "stream", NULL, NULL), AWS_ERROR_NOT_FOUND);

  fake_aws_hang (aws);
  future = aws_logs_get_log_events (client, "group", "stream", NULL, NULL);
  dex_clear (&future);
  g_assert_finalize_object (g_steal_pointer (&client));
}

static void
test_log_groups (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) groups = NULL, events = NULL;
  static const char * const streams[] = { "a", NULL };
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc_usec (G_GINT64_CONSTANT (1767323045123456));
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"logGroups\":[{\"logGroupName\":\"/a\",\"retentionInDays\":30,\"storedBytes\":5,\"creationTime\":1767323045000}],\"nextToken\":\"t\"}");
  fake_aws_answer (aws, 200, NULL, "{\"logGroups\":[{\"logGroupName\":\"/b\"}]}");
  groups = dex_await_boxed (aws_logs_describe_log_groups (client, "/"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (groups->len, ==, 2);
  g_assert_cmpint (aws_log_group_get_retention (g_ptr_array_index (groups, 0)), ==, 30);
  assert_time (aws_log_group_dup_created (g_ptr_array_index (groups, 0)), "2026-01-02T03:04:05Z");
  g_assert_null (aws_log_group_dup_created (g_ptr_array_index (groups, 1)));

  fake_aws_answer (aws, 200, NULL, "{\"events\":[{\"message\":\"m\",\"eventId\":\"1\",\"logStreamName\":\"a\"}]}");
  events = dex_await_boxed (aws_logs_filter_log_events (client, "/a", streams, NULL, start, NULL), &error);
  assert_sent (aws, 2, "{\"logGroupName\":\"/a\",\"logStreamNames\":[\"a\"],\"startTime\":1767323045123}");
  g_assert_cmpstr (aws_log_event_get_stream (g_ptr_array_index (events, 0)), ==, "a");
}

/* CodePipeline, CodeBuild, CodeConnections */

static void
test_pipeline (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsPipeline) pipeline = NULL;
  g_autoptr(AwsPipelineState) state = NULL;
  g_autoptr(GPtrArray) stages = NULL, actions = NULL, states = NULL, action_states = NULL, runs = NULL, revisions = NULL;
  g_autoptr(GError) error = NULL;
  AwsPipelineActionState *action;

  fake_aws_answer (aws, 200, NULL, "{\"pipeline\":{\"name\":\"p\",\"version\":3,\"stages\":[{\"name\":\"Source\",\"actions\":[{\"name\":\"S\",\"actionTypeId\":{\"category\":\"Source\","
                   "\"provider\":\"CodeStarSourceConnection\"},\"configuration\":{\"FullRepositoryId\":\"a/b\"}}]}]},\"metadata\":{\"pipelineArn\":\"arn:p\",\"created\":1767323045.5}}");
  pipeline = dex_await_boxed (aws_codepipeline_get_pipeline (client, "p"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (aws_pipeline_get_version (pipeline), ==, 3);
  assert_time (aws_pipeline_dup_created (pipeline), "2026-01-02T03:04:05Z");
  stages = aws_pipeline_dup_stages (pipeline);
  actions = aws_pipeline_stage_dup_actions (g_ptr_array_index (stages, 0));
  g_assert_cmpstr (aws_pipeline_action_get_provider (g_ptr_array_index (actions, 0)), ==, "CodeStarSourceConnection");
  g_assert_cmpstr (aws_pipeline_action_get_setting (g_ptr_array_index (actions, 0), "FullRepositoryId"), ==, "a/b");

  fake_aws_answer (aws, 200, NULL, "{\"pipelineName\":\"p\",\"stageStates\":[{\"stageName\":\"Build\",\"latestExecution\":{\"pipelineExecutionId\":\"r\",\"status\":\"Failed\"},"
                   "\"actionStates\":[{\"actionName\":\"B\",\"latestExecution\":{\"status\":\"Failed\",\"lastStatusChange\":1767323045,\"externalExecutionId\":\"b:1\","
                   "\"errorDetails\":{\"code\":\"JobFailed\",\"message\":\"no\"}}}]}]}");
  state = dex_await_boxed (aws_codepipeline_get_pipeline_state (client, "p"), &error);
  g_assert_no_error (error);
  states = aws_pipeline_state_dup_stages (state);
  g_assert_cmpstr (aws_pipeline_stage_state_get_status (g_ptr_array_index (states, 0)), ==, "Failed");
  action_states = aws_pipeline_stage_state_dup_actions (g_ptr_array_index (states, 0));
  action = g_ptr_array_index (action_states, 0);
  g_assert_cmpstr (aws_pipeline_action_state_get_external_id (action), ==, "b:1");
  g_assert_cmpstr (aws_pipeline_action_state_get_error_message (action), ==, "no");
  assert_time (aws_pipeline_action_state_dup_changed (action), "2026-01-02T03:04:05Z");

  fake_aws_answer (aws, 200, NULL, "{\"pipelineExecutionSummaries\":[{\"pipelineExecutionId\":\"r\",\"status\":\"InProgress\",\"trigger\":{\"triggerType\":\"WebhookV2\"},"
                   "\"sourceRevisions\":[{\"actionName\":\"S\",\"revisionId\":\"abc\",\"revisionSummary\":\"words\"}]}]}");
  runs = dex_await_boxed (aws_codepipeline_list_pipeline_executions (client, "p"), &error);
  g_assert_cmpstr (aws_pipeline_execution_get_trigger (g_ptr_array_index (runs, 0)), ==, "WebhookV2");
  revisions = aws_pipeline_execution_dup_revisions (g_ptr_array_index (runs, 0));
  g_assert_cmpstr (aws_pipeline_revision_get_id (g_ptr_array_index (revisions, 0)), ==, "abc");

  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"PipelineNotFoundException\",\"message\":\"no\"}");
  assert_refused (aws_codepipeline_start_pipeline_execution (client, "p", "token", NULL, NULL), AWS_ERROR_NOT_FOUND);
  assert_sent (aws, 3, "{\"name\":\"p\",\"clientRequestToken\":\"token\"}");
}

static void
test_pipeline_steps (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsPipelineExecution) run = NULL;
  g_autoptr(GPtrArray) steps = NULL, revisions = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"actionExecutionDetails\":[{\"actionName\":\"B\",\"stageName\":\"Build\",\"status\":\"Succeeded\",\"output\":{\"outputVariables\":{\"LIVE\":\"d1\"},"
                   "\"executionResult\":{\"externalExecutionUrl\":\"http://b\"}}}]}");
  steps = dex_await_boxed (aws_codepipeline_list_action_executions (client, "p", "r"), &error);
  g_assert_no_error (error);
  assert_sent (aws, 0, "{\"pipelineName\":\"p\",\"maxResults\":100,\"filter\":{\"pipelineExecutionId\":\"r\"}}");
  g_assert_cmpstr (aws_pipeline_step_get_variable (g_ptr_array_index (steps, 0), "LIVE"), ==, "d1");
  g_assert_cmpstr (aws_pipeline_step_get_external_url (g_ptr_array_index (steps, 0)), ==, "http://b");

  fake_aws_answer (aws, 200, NULL, "{\"pipelineExecution\":{\"status\":\"Succeeded\",\"artifactRevisions\":[{\"name\":\"S\",\"revisionId\":\"abc\"}]}}");
  run = dex_await_boxed (aws_codepipeline_get_pipeline_execution (client, "p", "r"), &error);
  g_assert_no_error (error);
  revisions = aws_pipeline_execution_dup_revisions (run);
  g_assert_cmpstr (aws_pipeline_revision_get_id (g_ptr_array_index (revisions, 0)), ==, "abc");

  fake_aws_answer (aws, 200, NULL, "{}");
  assert_refused (aws_codepipeline_get_pipeline_execution (client, "p", "r"), AWS_ERROR_BAD_ANSWER);
}

static void
test_build (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) builds = NULL, phases = NULL;
  g_auto(GStrv) listed = NULL;
  static const char * const ids[] = { "p:1", NULL };
  g_autoptr(GError) error = NULL;
  AwsBuild *build;

  fake_aws_answer (aws, 200, NULL, "{\"builds\":[{\"id\":\"p:1\",\"buildNumber\":7,\"buildStatus\":\"FAILED\",\"buildComplete\":true,\"startTime\":1767323045.123,"
                   "\"logs\":{\"groupName\":\"/g\",\"streamName\":\"s\"},\"exportedEnvironmentVariables\":[{\"name\":\"LIVE\",\"value\":\"d1\"}],"
                   "\"phases\":[{\"phaseType\":\"BUILD\",\"phaseStatus\":\"FAILED\",\"durationInSeconds\":3,\"contexts\":[{\"statusCode\":\"COMMAND_EXECUTION_ERROR\",\"message\":\"npm\"}]}]}],"
                   "\"buildsNotFound\":[\"p:2\"]}");
  builds = dex_await_boxed (aws_codebuild_batch_get_builds (client, ids), &error);
  g_assert_no_error (error);
  g_assert_cmpint (builds->len, ==, 1);
  build = g_ptr_array_index (builds, 0);
  g_assert_cmpint (aws_build_get_number (build), ==, 7);
  g_assert_true (aws_build_get_complete (build));
  g_assert_cmpstr (aws_build_get_log_group (build), ==, "/g");
  g_assert_cmpstr (aws_build_get_variable (build, "LIVE"), ==, "d1");
  g_assert_null (aws_build_get_variable (build, "OTHER"));
  assert_time (aws_build_dup_started (build), "2026-01-02T03:04:05Z");
  phases = aws_build_dup_phases (build);
  g_assert_cmpstr (aws_build_phase_get_code (g_ptr_array_index (phases, 0)), ==, "COMMAND_EXECUTION_ERROR");
  g_assert_cmpstr (aws_build_phase_get_message (g_ptr_array_index (phases, 0)), ==, "npm");
  g_assert_cmpint (aws_build_phase_get_seconds (g_ptr_array_index (phases, 0)), ==, 3);

  fake_aws_answer (aws, 200, NULL, "{\"ids\":[\"p:2\"],\"nextToken\":\"t\"}");
  fake_aws_answer (aws, 200, NULL, "{\"ids\":[\"p:1\"]}");
  listed = dex_await_boxed (aws_codebuild_list_builds_for_project (client, "p"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_strv_length (listed), ==, 2);
  g_assert_cmpstr (listed[1], ==, "p:1");

  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"AccountLimitExceededException\",\"message\":\"Cannot have more than 0 builds in queue for the account\"}");
  assert_refused (aws_codebuild_start_build (client, "p", "t", NULL, NULL, NULL), AWS_ERROR_LIMIT);
}

static void
test_connection (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsConnection) connection = NULL;
  g_autofree char *arn = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"ConnectionArn\":\"arn:c\"}");
  arn = dex_await_string (aws_codeconnections_create_connection (client, "porch", "GitHub", NULL, NULL), &error);
  g_assert_cmpstr (arn, ==, "arn:c");
  assert_sent (aws, 0, "{\"ConnectionName\":\"porch\",\"ProviderType\":\"GitHub\"}");
  fake_aws_answer (aws, 200, NULL, "{\"Connection\":{\"ConnectionName\":\"porch\",\"ConnectionStatus\":\"PENDING\",\"OwnerAccountId\":\"1\"}}");
  connection = dex_await_boxed (aws_codeconnections_get_connection (client, "arn:c"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_connection_get_status (connection), ==, "PENDING");
  g_assert_cmpstr (aws_connection_get_owner (connection), ==, "1");
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"no\"}");
  assert_refused (aws_codeconnections_delete_connection (client, "arn:c"), AWS_ERROR_NOT_FOUND);
}

/* Step Functions */

static void
test_workflow (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsStateExecution) run = NULL;
  g_autoptr(GPtrArray) events = NULL;
  g_autofree char *arn = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"executionArn\":\"arn:e\",\"startDate\":1767323045.5}");
  arn = dex_await_string (aws_step_functions_start_execution (client, "arn:m", NULL, "{\"live\":\"d1\"}"), &error);
  g_assert_cmpstr (arn, ==, "arn:e");
  assert_sent (aws, 0, "{\"stateMachineArn\":\"arn:m\",\"input\":\"{\\\"live\\\":\\\"d1\\\"}\"}");
  fake_aws_answer (aws, 200, NULL, "{\"executionArn\":\"arn:e\",\"stateMachineArn\":\"arn:m\",\"status\":\"FAILED\",\"startDate\":1767323045.5,\"error\":\"E\",\"cause\":\"why\"}");
  run = dex_await_boxed (aws_step_functions_describe_execution (client, "arn:e"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_state_execution_get_error (run), ==, "E");
  g_assert_null (aws_state_execution_dup_ended (run));
  assert_time (aws_state_execution_dup_started (run), "2026-01-02T03:04:05Z");

  fake_aws_answer (aws, 200, NULL, "{\"events\":[{\"timestamp\":1767323045,\"type\":\"TaskStateEntered\",\"id\":2,\"previousEventId\":1,\"stateEnteredEventDetails\":{\"name\":\"Put\",\"input\":\"{}\"}},"
                   "{\"timestamp\":1767323045,\"type\":\"TaskFailed\",\"id\":3,\"taskFailedEventDetails\":{\"resourceType\":\"x\",\"resource\":\"putKey\",\"error\":\"E\",\"cause\":\"why\"}}]}");
  events = dex_await_boxed (aws_step_functions_get_execution_history (client, "arn:e", FALSE), &error);
  g_assert_no_error (error);
  g_assert_cmpint (aws_state_event_get_previous (g_ptr_array_index (events, 0)), ==, 1);
  g_assert_cmpstr (aws_state_event_get_state (g_ptr_array_index (events, 0)), ==, "Put");
  g_assert_null (aws_state_event_get_error (g_ptr_array_index (events, 0)));
  g_assert_cmpstr (aws_state_event_get_cause (g_ptr_array_index (events, 1)), ==, "why");
  g_assert_cmpstr (aws_state_event_get_resource (g_ptr_array_index (events, 1)), ==, "putKey");

  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"ExecutionDoesNotExist\",\"message\":\"no\"}");
  g_assert_false (dex_await (aws_step_functions_stop_execution (client, "arn:e", NULL, NULL), &error));
  g_assert_cmpstr (aws_error_get_code_string (error), ==, "ExecutionDoesNotExist");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/aws/lambda/function", test_lambda_function);
  test_add_fiber ("/aws/lambda/change", test_lambda_change);
  test_add_fiber ("/aws/lambda/invoke", test_lambda_invoke);
  test_add_fiber ("/aws/lambda/concurrency", test_lambda_concurrency);
  test_add_fiber ("/aws/cloudwatch/data", test_metric_data);
  test_add_fiber ("/aws/cloudwatch/points-and-alarms", test_metric_points_and_alarms);
  test_add_fiber ("/aws/logs/pages-end", test_log_pages_end);
  test_add_fiber ("/aws/logs/refusals", test_log_refusals);
  test_add_fiber ("/aws/logs/groups", test_log_groups);
  test_add_fiber ("/aws/codepipeline/pipeline", test_pipeline);
  test_add_fiber ("/aws/codepipeline/steps", test_pipeline_steps);
  test_add_fiber ("/aws/codebuild/build", test_build);
  test_add_fiber ("/aws/codeconnections/connection", test_connection);
  test_add_fiber ("/aws/stepfunctions/workflow", test_workflow);

  return g_test_run ();
}
