/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-cloudformation.h"
#include "aws-cloudfront.h"
#include "aws-dynamodb.h"
#include "test-calls.h"

#define STORE "arn:aws:cloudfront::123456789012:key-value-store/0a1b2c3d-0000-1111-2222-333344445555"

static void
answer_change_set (FakeAws    *aws,
                   const char *members)
{
  g_autofree char *xml = g_strdup_printf ("<DescribeChangeSetResponse><DescribeChangeSetResult><ChangeSetId>arn:c</ChangeSetId><StackId>arn:s</StackId>%s"
                                          "</DescribeChangeSetResult></DescribeChangeSetResponse>", members);

  fake_aws_answer (aws, 200, NULL, xml);
}

static void
test_change_set (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsStackSpec) spec = aws_stack_spec_new ("n", NULL);
  g_autoptr(AwsChangeSet) busy = NULL;
  g_autoptr(AwsChangeSet) ready = NULL;
  g_autoptr(GPtrArray) changes = NULL;
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;
  AwsStackChange *change;

  aws_stack_spec_set_client_token (spec, "t");
  aws_stack_spec_set_on_failure (spec, "ROLLBACK");
  fake_aws_answer (aws, 200, NULL, "<CreateChangeSetResponse><CreateChangeSetResult><Id>arn:c</Id><StackId>arn:s</StackId></CreateChangeSetResult></CreateChangeSetResponse>");
  id = dex_await_string (aws_cloudformation_create_change_set (client, spec, "c", FALSE), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "arn:c");
  g_assert_cmpstr (fake_aws_get_body (aws, 0), ==, "Action=CreateChangeSet&Version=2010-05-15&StackName=n&UsePreviousTemplate=true&"
                   "ChangeSetName=c&ClientToken=t&ChangeSetType=UPDATE&OnStackFailure=ROLLBACK");

  answer_change_set (aws, "<Status>CREATE_IN_PROGRESS</Status><ExecutionStatus>UNAVAILABLE</ExecutionStatus>");
  busy = dex_await_boxed (aws_cloudformation_describe_change_set (client, NULL, id), &error);
  g_assert_no_error (error);
  g_assert_true (aws_change_set_is_busy (busy));
  answer_change_set (aws, "<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>");
  ready = dex_await_boxed (aws_cloudformation_describe_change_set (client, "n", "c"), &error);
  g_assert_no_error (error);
  g_assert_false (aws_change_set_is_busy (ready));
  g_assert_cmpstr (aws_change_set_get_execution_status (ready), ==, "AVAILABLE");

  answer_change_set (aws, "<Changes><member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>Bucket</LogicalResourceId>"
                     "<PhysicalResourceId>b</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><Replacement>True</Replacement><Scope/></ResourceChange></member></Changes><NextToken>t</NextToken>");
  answer_change_set (aws, "<Changes><member><ResourceChange><Action>Add</Action></ResourceChange></member></Changes>");
  changes = dex_await_boxed (aws_cloudformation_list_changes (client, "n", "c"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 2);
  change = g_ptr_array_index (changes, 0);
  g_assert_cmpstr (aws_stack_change_get_action (change), ==, "Modify");
  g_assert_cmpstr (aws_stack_change_get_logical_id (change), ==, "Bucket");
  g_assert_cmpstr (aws_stack_change_get_physical_id (change), ==, "b");
  g_assert_cmpstr (aws_stack_change_get_resource_type (change), ==, "AWS::S3::Bucket");
  g_assert_cmpstr (aws_stack_change_get_replacement (change), ==, "True");
  g_assert_null (aws_stack_change_get_replacement (g_ptr_array_index (changes, 1)));

  fake_aws_answer (aws, 200, NULL, "<ExecuteChangeSetResponse><ExecuteChangeSetResult/></ExecuteChangeSetResponse>");
  assert_good (aws_cloudformation_execute_change_set (client, NULL, "arn:c", "t"));
  fake_aws_answer (aws, 404, NULL, "<ErrorResponse><Error><Code>ChangeSetNotFound</Code></Error></ErrorResponse>");
  assert_refused (aws_cloudformation_describe_change_set (client, "n", "c"), AWS_ERROR_NOT_FOUND);
}

/* Both wordings of "nothing to do"; other failures are told by the status */
static void
test_change_set_of_nothing (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsChangeSet) failed = NULL;
  g_autoptr(GError) error = NULL;

  answer_change_set (aws, "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes. Submit different information to create a change set.</StatusReason>");
  assert_refused (aws_cloudformation_describe_change_set (client, "n", "c"), AWS_ERROR_NO_UPDATE);
  answer_change_set (aws, "<Status>FAILED</Status><StatusReason>No updates are to be performed.</StatusReason>");
  assert_refused (aws_cloudformation_describe_change_set (client, "n", "c"), AWS_ERROR_NO_UPDATE);
  answer_change_set (aws, "<Status>FAILED</Status><StatusReason>Transform failed</StatusReason>");
  failed = dex_await_boxed (aws_cloudformation_describe_change_set (client, "n", "c"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_change_set_get_status_reason (failed), ==, "Transform failed");
}

static void
test_operation_events (void)
{
  const char * const skip[] = { "Function", NULL };
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) events = NULL;
  g_autoptr(GError) error = NULL;
  AwsStackEvent *event;

  fake_aws_answer (aws, 200, NULL, "<DescribeEventsResponse><DescribeEventsResult><OperationEvents>"
                   "<member><EventId>2</EventId><OperationId>o</OperationId><EventType>VALIDATION_ERROR</EventType><ValidationStatusReason>name taken</ValidationStatusReason></member>"
                   "<member><EventId>1</EventId><OperationId>o</OperationId><EventType>PROVISIONING_ERROR</EventType><ResourceStatus>CREATE_FAILED</ResourceStatus>"
                   "<ResourceStatusReason>why</ResourceStatusReason></member></OperationEvents></DescribeEventsResult></DescribeEventsResponse>");
  events = dex_await_boxed (aws_cloudformation_describe_events (client, NULL, "o", TRUE), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fake_aws_get_body (aws, 0), ==, "Action=DescribeEvents&Version=2010-05-15&OperationId=o&Filters.FailedEvents=true");
  g_assert_cmpuint (events->len, ==, 2);
  event = g_ptr_array_index (events, 0);
  g_assert_true (aws_stack_event_is_failure (event));
  g_assert_cmpstr (aws_stack_event_get_reason (event), ==, "name taken");
  g_assert_cmpstr (aws_stack_event_get_event_type (event), ==, "VALIDATION_ERROR");
  event = g_ptr_array_index (events, 1);
  g_assert_true (aws_stack_event_is_failure (event));
  g_assert_cmpstr (aws_stack_event_get_operation (event), ==, "o");
  g_assert_cmpstr (aws_stack_event_get_reason (event), ==, "why");

  fake_aws_answer (aws, 200, NULL, "<ContinueUpdateRollbackResponse><ContinueUpdateRollbackResult/></ContinueUpdateRollbackResponse>");
  assert_good (aws_cloudformation_continue_update_rollback (client, "n", "t", skip));
  g_assert_cmpstr (fake_aws_get_body (aws, 1), ==, "Action=ContinueUpdateRollback&Version=2010-05-15&StackName=n&ResourcesToSkip.member.1=Function&ClientRequestToken=t");
}

#define SUMMARY(stage) \
  "<FunctionSummary xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Name>f</Name><Status>UNPUBLISHED</Status><FunctionConfig><Comment>c</Comment>" \
  "<Runtime>cloudfront-js-2.0</Runtime><KeyValueStoreAssociations><Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>" STORE \
  "</KeyValueStoreARN></KeyValueStoreAssociation></Items></KeyValueStoreAssociations></FunctionConfig><FunctionMetadata><FunctionARN>arn:f</FunctionARN>" \
  "<Stage>" stage "</Stage></FunctionMetadata></FunctionSummary>"

static void
test_function (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GBytes) code = g_bytes_new_static ("handler", 7);
  g_autoptr(AwsEdgeFunction) known = NULL;
  g_autoptr(AwsEdgeFunction) changed = NULL;
  g_autoptr(AwsEdgeFunction) published = NULL;
  g_autoptr(AwsFunctionTest) tested = NULL;
  g_autoptr(GBytes) back = NULL;
  g_auto(GStrv) logs = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, "ETag: E1", SUMMARY ("LIVE"));
  known = dex_await_boxed (aws_cloudfront_describe_function (client, "f", TRUE), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "GET", "/2020-05-31/function/f/describe", "Stage=LIVE");
  g_assert_cmpstr (aws_edge_function_get_etag (known), ==, "E1");
  g_assert_cmpstr (aws_edge_function_get_stage (known), ==, "LIVE");
  g_assert_cmpstr (aws_edge_function_get_store (known), ==, STORE);
  g_assert_cmpstr (aws_edge_function_get_comment (known), ==, "c");
  g_assert_cmpstr (aws_edge_function_get_runtime (known), ==, "cloudfront-js-2.0");
  g_assert_cmpstr (aws_edge_function_get_arn (known), ==, "arn:f");

  fake_aws_answer (aws, 200, "ETag: E1\nContent-Type: application/octet-stream", "the code");
  back = dex_await_boxed (aws_cloudfront_get_function (client, "f", FALSE), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (back, NULL), g_bytes_get_size (back), "the code", 8);

  /* The header of this answer has a name of its own */
  fake_aws_answer (aws, 200, "ETtag: E2", SUMMARY ("DEVELOPMENT"));
  changed = dex_await_boxed (aws_cloudfront_update_function (client, "f", "E1", code, "", STORE), &error);
  g_assert_no_error (error);
  assert_request (aws, 2, "PUT", "/2020-05-31/function/f", NULL);
  g_assert_cmpstr (fake_aws_get_header (aws, 2, "If-Match"), ==, "E1");
  g_assert_cmpstr (fake_aws_get_body (aws, 2), ==, "<UpdateFunctionRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><FunctionConfig><Comment></Comment>"
                   "<Runtime>cloudfront-js-2.0</Runtime><KeyValueStoreAssociations><Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>" STORE
                   "</KeyValueStoreARN></KeyValueStoreAssociation></Items></KeyValueStoreAssociations></FunctionConfig><FunctionCode>aGFuZGxlcg==</FunctionCode></UpdateFunctionRequest>");
  g_assert_cmpstr (aws_edge_function_get_etag (changed), ==, "E2");

  fake_aws_answer (aws, 200, NULL, SUMMARY ("LIVE"));
  published = dex_await_boxed (aws_cloudfront_publish_function (client, "f", "E2"), &error);
  g_assert_no_error (error);
  assert_request (aws, 3, "POST", "/2020-05-31/function/f/publish", NULL);
  g_assert_cmpstr (aws_edge_function_get_stage (published), ==, "LIVE");
  g_assert_null (aws_edge_function_get_etag (published));

  fake_aws_answer (aws, 200, NULL, "<TestResult><ComputeUtilization>12</ComputeUtilization><FunctionExecutionLogs><member>a</member><member>b</member></FunctionExecutionLogs>"
                   "<FunctionErrorMessage/><FunctionOutput>{}</FunctionOutput></TestResult>");
  tested = dex_await_boxed (aws_cloudfront_test_function (client, "f", "E2", FALSE, "{}"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_function_test_get_output (tested), ==, "{}");
  g_assert_cmpstr (aws_function_test_get_utilization (tested), ==, "12");
  logs = aws_function_test_dup_logs (tested);
  g_assert_cmpuint (g_strv_length (logs), ==, 2);

  fake_aws_answer (aws, 412, NULL, "<ErrorResponse><Error><Code>PreconditionFailed</Code></Error></ErrorResponse>");
  assert_refused (aws_cloudfront_publish_function (client, "f", "E1"), AWS_ERROR_PRECONDITION_FAILED);
  fake_aws_answer (aws, 404, NULL, "<ErrorResponse><Error><Code>NoSuchFunctionExists</Code></Error></ErrorResponse>");
  assert_refused (aws_cloudfront_describe_function (client, "f", FALSE), AWS_ERROR_NOT_FOUND);
}

static void
test_distributions (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) conflicts = NULL;
  g_autoptr(AwsEdgeStore) store = NULL;
  g_auto(GStrv) aliases = NULL;
  g_auto(GStrv) origins = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "<DistributionList><Marker/><NextMarker>E1</NextMarker><IsTruncated>true</IsTruncated><Items><DistributionSummary><Id>E1</Id>"
                   "<Aliases><Quantity>1</Quantity><Items><CNAME>www.example.org</CNAME></Items></Aliases><Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id>"
                   "<DomainName>b.s3.eu-west-1.amazonaws.com</DomainName></Origin></Items></Origins><Comment>c</Comment><Enabled>true</Enabled></DistributionSummary></Items></DistributionList>");
  fake_aws_answer (aws, 200, NULL, "<DistributionList><Marker>E1</Marker><IsTruncated>false</IsTruncated><Items><DistributionSummary><Id>E2</Id></DistributionSummary></Items></DistributionList>");
  all = dex_await_boxed (aws_cloudfront_list_distributions (client), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 2);
  assert_request (aws, 1, "GET", "/2020-05-31/distribution", "Marker=E1");
  aliases = aws_distribution_dup_aliases (g_ptr_array_index (all, 0));
  origins = aws_distribution_dup_origins (g_ptr_array_index (all, 0));
  g_assert_cmpstr (aliases[0], ==, "www.example.org");
  g_assert_cmpstr (origins[0], ==, "b.s3.eu-west-1.amazonaws.com");
  g_assert_cmpstr (aws_distribution_get_comment (g_ptr_array_index (all, 0)), ==, "c");
  g_assert_true (aws_distribution_is_enabled (g_ptr_array_index (all, 0)));
  g_assert_false (aws_distribution_is_enabled (g_ptr_array_index (all, 1)));

  fake_aws_answer (aws, 200, NULL, "<ListDomainConflictsResult><DomainConflicts><DomainConflicts><Domain>www.example.org</Domain><ResourceType>distribution</ResourceType>"
                   "<ResourceId>*******ABCDE</ResourceId><AccountId>******112233</AccountId></DomainConflicts></DomainConflicts></ListDomainConflictsResult>");
  conflicts = dex_await_boxed (aws_cloudfront_list_domain_conflicts (client, "www.example.org", "E1"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (conflicts->len, ==, 1);
  g_assert_cmpstr (aws_domain_conflict_get_domain (g_ptr_array_index (conflicts, 0)), ==, "www.example.org");
  g_assert_cmpstr (aws_domain_conflict_get_resource_id (g_ptr_array_index (conflicts, 0)), ==, "*******ABCDE");
  g_assert_cmpstr (aws_domain_conflict_get_account (g_ptr_array_index (conflicts, 0)), ==, "******112233");

  fake_aws_answer (aws, 200, "ETag: E3", "<UpdateDomainAssociationResult><Domain>www.example.org</Domain><ResourceId>E1</ResourceId></UpdateDomainAssociationResult>");
  assert_good (aws_cloudfront_update_domain_association (client, "www.example.org", "E1", NULL));
  assert_request (aws, 3, "POST", "/2020-05-31/domain-association", NULL);
  g_assert_null (fake_aws_get_header (aws, 3, "If-Match"));

  fake_aws_answer (aws, 200, "ETag: E4", "<KeyValueStore><Name>n</Name><ARN>" STORE "</ARN><Status>READY</Status></KeyValueStore>");
  store = dex_await_boxed (aws_cloudfront_describe_store (client, "n"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_edge_store_get_arn (store), ==, STORE);
  g_assert_cmpstr (aws_edge_store_get_status (store), ==, "READY");
}

static void
test_backups (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsTableBackups) backups = NULL;
  g_autoptr(GDateTime) earliest = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"ContinuousBackupsDescription\":{\"ContinuousBackupsStatus\":\"ENABLED\",\"PointInTimeRecoveryDescription\":"
                   "{\"PointInTimeRecoveryStatus\":\"ENABLED\",\"RecoveryPeriodInDays\":7,\"EarliestRestorableDateTime\":1767322800.5}}}");
  backups = dex_await_boxed (aws_dynamodb_update_backups (client, "t", TRUE, 7), &error);
  g_assert_no_error (error);
  g_assert_true (aws_table_backups_is_on (backups));
  g_assert_cmpint (aws_table_backups_get_days (backups), ==, 7);
  earliest = aws_table_backups_dup_earliest (backups);
  g_assert_cmpint (g_date_time_to_unix (earliest), ==, 1767322800);
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ContinuousBackupsUnavailableException\",\"message\":\"m\"}");
  assert_refused (aws_dynamodb_update_backups (client, "t", FALSE, 0), AWS_ERROR_CONFLICT);
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 1), "\"PointInTimeRecoveryEnabled\":false"));
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TableNotFoundException\",\"message\":\"m\"}");
  assert_refused (aws_dynamodb_describe_backups (client, "t"), AWS_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/control/change-set", test_change_set);
  test_add_fiber ("/control/change-set-of-nothing", test_change_set_of_nothing);
  test_add_fiber ("/control/operation-events", test_operation_events);
  test_add_fiber ("/control/function", test_function);
  test_add_fiber ("/control/distributions", test_distributions);
  test_add_fiber ("/control/backups", test_backups);

  return g_test_run ();
}
