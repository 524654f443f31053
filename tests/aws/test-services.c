/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Of each call: the request that it makes, a good answer, a refusal; and that letting go of any of them cancels it. */

#include <string.h>

#include "aws-cloudformation.h"
#include "aws-cloudfront.h"
#include "aws-dynamodb.h"
#include "aws-keyvaluestore.h"
#include "aws-s3.h"
#include "aws-sts.h"
#include "test-calls.h"

#define ARN      "arn:aws:cloudfront::123456789012:key-value-store/0a1b"
#define ARN_PATH "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2F0a1b"
#define FORM     "application/x-www-form-urlencoded; charset=utf-8"

static void
assert_form (FakeAws    *aws,
             guint       index,
             const char *body)
{
  assert_request (aws, index, "POST", "/", NULL);
  g_assert_cmpstr (fake_aws_get_header (aws, index, "Content-Type"), ==, FORM);
  g_assert_cmpstr (fake_aws_get_body (aws, index), ==, body);
}

static void
assert_json (FakeAws    *aws,
             guint       index,
             const char *operation,
             const char *body)
{
  g_autofree char *target = g_strconcat ("DynamoDB_20120810.", operation, NULL);
  g_autoptr(JsonNode) sent = json_from_string (fake_aws_get_body (aws, index), NULL);
  g_autoptr(JsonNode) expected = json_from_string (body, NULL);

  assert_request (aws, index, "POST", "/", NULL);
  g_assert_cmpstr (fake_aws_get_header (aws, index, "Content-Type"), ==, "application/x-amz-json-1.0");
  g_assert_cmpstr (fake_aws_get_header (aws, index, "X-Amz-Target"), ==, target);

  /* The order of members says nothing */
  if (sent == NULL || !json_node_equal (sent, expected))
    g_assert_cmpstr (fake_aws_get_body (aws, index), ==, body);
}

/* STS */

static void
test_caller_identity (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsIdentity) identity = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:root</Arn>"
                   "<UserId>1</UserId><Account>1</Account><New>x</New></GetCallerIdentityResult></GetCallerIdentityResponse>");
  identity = dex_await_boxed (aws_sts_get_caller_identity (client), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_identity_get_account (identity), ==, "1");
  g_assert_cmpstr (aws_identity_get_arn (identity), ==, "arn:aws:iam::1:root");
  g_assert_true (aws_identity_is_root (identity));
  assert_form (aws, 0, "Action=GetCallerIdentity&Version=2011-06-15");

  fake_aws_answer (aws, 403, NULL, "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>");
  assert_refused (aws_sts_get_caller_identity (client), AWS_ERROR_UNKNOWN_KEY);
}

static void
test_assume_role (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>"
                   "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>"
                   "</Credentials></AssumeRoleResult></AssumeRoleResponse>");
  credentials = dex_await_boxed (aws_sts_assume_role (client, "arn:aws:iam::1:role/r", "porchlight", NULL, 900), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_credentials_get_session_token (credentials), ==, "t");
  g_assert_false (aws_credentials_is_expired (credentials, 0));
  assert_form (aws, 0, "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&"
               "RoleSessionName=porchlight&DurationSeconds=900");

  fake_aws_answer (aws, 403, NULL, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
  assert_refused (aws_sts_assume_role (client, "arn", "n", NULL, 0), AWS_ERROR_ACCESS_DENIED);
  fake_aws_answer (aws, 200, NULL, "<AssumeRoleResponse/>");
  assert_refused (aws_sts_assume_role (client, "arn", "n", NULL, 0), AWS_ERROR_BAD_ANSWER);
}

/* CloudFormation */

static AwsStackSpec *
make_spec (const char *template)
{
  AwsStackSpec *spec = aws_stack_spec_new ("porchlight-a-1", template);

  aws_stack_spec_add_parameter (spec, "SiteName", "Bäckerei & Söhne");
  aws_stack_spec_keep_parameter (spec, "ApiSecret");
  aws_stack_spec_add_tag (spec, "application", "porchlight");
  aws_stack_spec_add_capability (spec, "CAPABILITY_IAM");
  aws_stack_spec_set_client_token (spec, "token-1");

  return spec;
}

static void
test_create_stack (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsStackSpec) spec = make_spec ("{\"a\": 1}");
  g_autoptr(AwsStackSpec) update = make_spec (NULL);
  g_autofree char *id = NULL;
  g_autofree char *updated = NULL;
  g_autoptr(GError) error = NULL;

  aws_stack_spec_set_on_failure (spec, "ROLLBACK");
  fake_aws_answer (aws, 200, NULL, "<CreateStackResponse><CreateStackResult><StackId>arn:1</StackId></CreateStackResult></CreateStackResponse>");
  id = dex_await_string (aws_cloudformation_create_stack (client, spec), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "arn:1");
  assert_form (aws, 0, "Action=CreateStack&Version=2010-05-15&StackName=porchlight-a-1&TemplateBody=%7B%22a%22%3A%201%7D&"
               "Parameters.member.1.ParameterKey=SiteName&Parameters.member.1.ParameterValue=B%C3%A4ckerei%20%26%20S%C3%B6hne&"
               "Parameters.member.2.ParameterKey=ApiSecret&Parameters.member.2.UsePreviousValue=true&"
               "Tags.member.1.Key=application&Tags.member.1.Value=porchlight&Capabilities.member.1=CAPABILITY_IAM&"
               "ClientRequestToken=token-1&OnFailure=ROLLBACK");
  fake_aws_answer (aws, 400, NULL, "<ErrorResponse><Error><Code>AlreadyExistsException</Code></Error></ErrorResponse>");
  assert_refused (aws_cloudformation_create_stack (client, spec), AWS_ERROR_ALREADY_EXISTS);

  fake_aws_answer (aws, 200, NULL, "<UpdateStackResponse><UpdateStackResult><StackId>arn:1</StackId></UpdateStackResult></UpdateStackResponse>");
  updated = dex_await_string (aws_cloudformation_update_stack (client, update), &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 2), "Action=UpdateStack&"));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 2), "UsePreviousTemplate=true"));
  fake_aws_answer (aws, 400, NULL, "<ErrorResponse><Error><Code>ValidationError</Code><Message>No updates are to be performed.</Message></Error></ErrorResponse>");
  assert_refused (aws_cloudformation_update_stack (client, update), AWS_ERROR_NO_UPDATE);
}

static void
test_describe_stack (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsStack) stack = NULL;
  g_autoptr(AwsStack) bare = NULL;
  g_autoptr(GPtrArray) stacks = NULL;
  g_autoptr(GDateTime) created = NULL;
  g_autoptr(GDateTime) updated = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><DescribeStacksResult><Stacks><member>"
                   "<StackId>arn:1</StackId><StackName>n</StackName><StackStatus>UPDATE_COMPLETE_CLEANUP_IN_PROGRESS</StackStatus><StackStatusReason>why</StackStatusReason>"
                   "<CreationTime>2026-01-02T03:04:05.678Z</CreationTime><LastUpdatedTime>2026-01-03T03:04:05Z</LastUpdatedTime>"
                   "<Outputs><member><OutputKey>Bucket</OutputKey><OutputValue>b</OutputValue></member></Outputs>"
                   "<Parameters><member><ParameterKey>SiteName</ParameterKey><ParameterValue>s</ParameterValue></member></Parameters>"
                   "<Tags><member><Key>site</Key><Value>id</Value></member></Tags></member></Stacks></DescribeStacksResult></DescribeStacksResponse>");
  stack = dex_await_boxed (aws_cloudformation_describe_stack (client, "n"), &error);
  g_assert_no_error (error);
  assert_form (aws, 0, "Action=DescribeStacks&Version=2010-05-15&StackName=n");
  g_assert_cmpstr (aws_stack_get_id (stack), ==, "arn:1");
  g_assert_cmpstr (aws_stack_get_name (stack), ==, "n");
  g_assert_cmpstr (aws_stack_get_status_reason (stack), ==, "why");
  g_assert_cmpstr (aws_stack_get_output (stack, "Bucket"), ==, "b");
  g_assert_cmpstr (aws_stack_get_parameter (stack, "SiteName"), ==, "s");
  g_assert_cmpstr (aws_stack_get_tag (stack, "site"), ==, "id");
  g_assert_null (aws_stack_get_output (stack, "Other"));
  g_assert_nonnull (created = aws_stack_dup_created (stack));
  g_assert_nonnull (updated = aws_stack_dup_updated (stack));
  g_assert_true (aws_stack_is_busy (stack));
  g_assert_true (aws_stack_is_usable (stack));

  fake_aws_answer (aws, 200, NULL, "<DescribeStacksResponse><DescribeStacksResult><Stacks><member/></Stacks></DescribeStacksResult></DescribeStacksResponse>");
  bare = dex_await_boxed (aws_cloudformation_describe_stack (client, "n"), &error);
  g_assert_no_error (error);
  g_assert_false (aws_stack_is_busy (bare));
  fake_aws_answer (aws, 400, NULL, "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id n does not exist</Message></Error></ErrorResponse>");
  assert_refused (aws_cloudformation_describe_stack (client, "n"), AWS_ERROR_NOT_FOUND);
  fake_aws_answer (aws, 200, NULL, "<DescribeStacksResponse><DescribeStacksResult/></DescribeStacksResponse>");
  assert_refused (aws_cloudformation_describe_stack (client, "n"), AWS_ERROR_NOT_FOUND);

  fake_aws_answer (aws, 200, NULL, "<DescribeStacksResponse><DescribeStacksResult><Stacks>"
                   "<member><StackId>1</StackId><Tags><member><Key>application</Key><Value>porchlight</Value></member></Tags></member>"
                   "<member><StackId>2</StackId></member></Stacks><NextToken>n t</NextToken></DescribeStacksResult></DescribeStacksResponse>");
  fake_aws_answer (aws, 200, NULL, "<DescribeStacksResponse><DescribeStacksResult><Stacks>"
                   "<member><StackId>3</StackId><Tags><member><Key>application</Key><Value>other</Value></member></Tags></member>"
                   "<member><StackId>4</StackId><Tags><member><Key>application</Key><Value>porchlight</Value></member></Tags></member>"
                   "</Stacks></DescribeStacksResult></DescribeStacksResponse>");
  stacks = dex_await_boxed (aws_cloudformation_list_stacks (client, "application", "porchlight"), &error);
  g_assert_no_error (error);
  assert_form (aws, 5, "Action=DescribeStacks&Version=2010-05-15&NextToken=n%20t");
  g_assert_cmpuint (stacks->len, ==, 2);
  g_assert_cmpstr (aws_stack_get_id (g_ptr_array_index (stacks, 1)), ==, "4");
}

static void
test_stack_events (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) events = NULL;
  g_autoptr(GDateTime) time = NULL;
  g_autoptr(GError) error = NULL;
  AwsStackEvent *event;

  fake_aws_answer (aws, 200, NULL, "<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents><member><EventId>3</EventId>"
                   "<LogicalResourceId>Bucket</LogicalResourceId><PhysicalResourceId>p</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType>"
                   "<ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>taken</ResourceStatusReason><ClientRequestToken>t</ClientRequestToken>"
                   "<Timestamp>2026-01-02T03:04:05.678Z</Timestamp></member></StackEvents><NextToken>t</NextToken></DescribeStackEventsResult></DescribeStackEventsResponse>");
  fake_aws_answer (aws, 200, NULL, "<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>"
                   "<member><EventId>2</EventId><ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>Resource creation cancelled</ResourceStatusReason></member>"
                   "<member><EventId>1</EventId></member><member><EventId>0</EventId></member></StackEvents><NextToken>u</NextToken></DescribeStackEventsResult></DescribeStackEventsResponse>");
  events = dex_await_boxed (aws_cloudformation_describe_stack_events (client, "n", "1"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  assert_form (aws, 1, "Action=DescribeStackEvents&Version=2010-05-15&StackName=n&NextToken=t");
  g_assert_cmpuint (events->len, ==, 2);
  event = g_ptr_array_index (events, 0);
  g_assert_cmpstr (aws_stack_event_get_id (event), ==, "3");
  g_assert_cmpstr (aws_stack_event_get_logical_id (event), ==, "Bucket");
  g_assert_cmpstr (aws_stack_event_get_physical_id (event), ==, "p");
  g_assert_cmpstr (aws_stack_event_get_resource_type (event), ==, "AWS::S3::Bucket");
  g_assert_cmpstr (aws_stack_event_get_status (event), ==, "CREATE_FAILED");
  g_assert_cmpstr (aws_stack_event_get_reason (event), ==, "taken");
  g_assert_cmpstr (aws_stack_event_get_client_token (event), ==, "t");
  g_assert_nonnull (time = aws_stack_event_dup_time (event));
  g_assert_true (aws_stack_event_is_failure (event));
  g_assert_false (aws_stack_event_is_failure (g_ptr_array_index (events, 1)));

  fake_aws_answer (aws, 400, NULL, "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack [n] does not exist</Message></Error></ErrorResponse>");
  assert_refused (aws_cloudformation_describe_stack_events (client, "n", NULL), AWS_ERROR_NOT_FOUND);
}

static void
test_stack_rest (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  const char * const retain[] = { "Bucket", "Table", NULL };
  g_autoptr(GPtrArray) resources = NULL;
  g_autofree char *template = NULL;
  g_autoptr(GError) error = NULL;
  AwsStackResource *resource;

  fake_aws_answer (aws, 200, NULL, "<DescribeStackResourcesResponse><DescribeStackResourcesResult><StackResources><member><LogicalResourceId>Bucket</LogicalResourceId>"
                   "<PhysicalResourceId>p</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>"
                   "<member/></StackResources></DescribeStackResourcesResult></DescribeStackResourcesResponse>");
  resources = dex_await_boxed (aws_cloudformation_describe_stack_resources (client, "n"), &error);
  g_assert_no_error (error);
  assert_form (aws, 0, "Action=DescribeStackResources&Version=2010-05-15&StackName=n");
  g_assert_cmpuint (resources->len, ==, 2);
  resource = g_ptr_array_index (resources, 0);
  g_assert_cmpstr (aws_stack_resource_get_logical_id (resource), ==, "Bucket");
  g_assert_cmpstr (aws_stack_resource_get_physical_id (resource), ==, "p");
  g_assert_cmpstr (aws_stack_resource_get_resource_type (resource), ==, "AWS::S3::Bucket");
  g_assert_cmpstr (aws_stack_resource_get_status (resource), ==, "CREATE_COMPLETE");

  fake_aws_answer (aws, 200, NULL, "<GetTemplateResponse><GetTemplateResult><TemplateBody>{&quot;a&quot;: &lt;1&gt;}</TemplateBody></GetTemplateResult></GetTemplateResponse>");
  template = dex_await_string (aws_cloudformation_get_template (client, "n"), &error);
  g_assert_cmpstr (template, ==, "{\"a\": <1>}");
  assert_form (aws, 1, "Action=GetTemplate&Version=2010-05-15&StackName=n&TemplateStage=Original");

  fake_aws_answer (aws, 200, NULL, "<DeleteStackResponse/>");
  assert_good (aws_cloudformation_delete_stack (client, "n", "t", retain));
  assert_form (aws, 2, "Action=DeleteStack&Version=2010-05-15&StackName=n&ClientRequestToken=t&RetainResources.member.1=Bucket&RetainResources.member.2=Table");
  fake_aws_answer (aws, 403, NULL, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
  assert_refused (aws_cloudformation_delete_stack (client, "n", NULL, NULL), AWS_ERROR_ACCESS_DENIED);
  fake_aws_answer (aws, 400, NULL, "<ErrorResponse><Error><Code>ValidationError</Code><Message>x does not exist</Message></Error></ErrorResponse>");
  assert_refused (aws_cloudformation_get_template (client, "n"), AWS_ERROR_NOT_FOUND);
}

/* KeyValueStore */

static void
test_store_read (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsKeyValueStore) store = NULL;
  g_autoptr(GPtrArray) pairs = NULL;
  g_autofree char *value = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, "ETag: KV1", "{\"ItemCount\":2,\"TotalSizeInBytes\":70,\"KvsARN\":\"" ARN "\",\"Created\":1.7e9,\"Status\":\"READY\",\"New\":[1]}");
  store = dex_await_boxed (aws_keyvaluestore_describe (client, ARN), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "GET", ARN_PATH, NULL);
  g_assert_nonnull (strstr (fake_aws_get_header (aws, 0, "Authorization"), "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/"));
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "X-Amz-Region-Set"), ==, "*");
  g_assert_cmpstr (aws_key_value_store_get_etag (store), ==, "KV1");
  g_assert_cmpstr (aws_key_value_store_get_arn (store), ==, ARN);
  g_assert_cmpstr (aws_key_value_store_get_status (store), ==, "READY");
  g_assert_cmpuint (aws_key_value_store_get_items (store), ==, 2);
  g_assert_cmpuint (aws_key_value_store_get_size (store), ==, 70);
  fake_aws_answer (aws, 200, NULL, "{}");
  assert_refused (aws_keyvaluestore_describe (client, ARN), AWS_ERROR_BAD_ANSWER);

  fake_aws_answer (aws, 200, NULL, "{\"Key\":\"a b/c\",\"Value\":\"{\\\"x\\\": 1}\"}");
  value = dex_await_string (aws_keyvaluestore_get (client, ARN, "a b/c"), &error);
  g_assert_cmpstr (value, ==, "{\"x\": 1}");
  assert_request (aws, 2, "GET", ARN_PATH "/keys/a%20b%2Fc", NULL);
  fake_aws_answer (aws, 404, "x-amzn-ErrorType: ResourceNotFoundException", "{\"Message\":\"m\"}");
  assert_refused (aws_keyvaluestore_get (client, ARN, "k"), AWS_ERROR_NOT_FOUND);

  fake_aws_answer (aws, 200, NULL, "{\"Items\":[{\"Key\":\"a\",\"Value\":\"1\"},{\"Key\":\"b\"}],\"NextToken\":\"t\"}");
  fake_aws_answer (aws, 200, NULL, "{\"Items\":[{\"Key\":\"c\",\"Value\":\"\"}]}");
  pairs = dex_await_boxed (aws_keyvaluestore_list (client, ARN), &error);
  g_assert_no_error (error);
  assert_request (aws, 4, "GET", ARN_PATH "/keys", "MaxResults=50");
  assert_request (aws, 5, "GET", ARN_PATH "/keys", "MaxResults=50&NextToken=t");
  g_assert_cmpuint (pairs->len, ==, 2);
  g_assert_cmpstr (aws_key_value_get_key (g_ptr_array_index (pairs, 1)), ==, "c");
  g_assert_cmpstr (aws_key_value_get_value (g_ptr_array_index (pairs, 1)), ==, "");
  fake_aws_answer (aws, 403, "x-amzn-ErrorType: AccessDeniedException", "{\"Message\":\"Authentication failed\"}");
  assert_refused (aws_keyvaluestore_list (client, ARN), AWS_ERROR_ACCESS_DENIED);
}

static void
test_store_write (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) puts = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_key_value_unref);
  const char * const deletes[] = { "c", NULL };
  g_autofree char *etag = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, "ETag: KV2", "{\"ItemCount\":1,\"TotalSizeInBytes\":3}");
  etag = dex_await_string (aws_keyvaluestore_put (client, ARN, "KV1", "live", "{\"\": \"r\"}"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (etag, ==, "KV2");
  assert_request (aws, 0, "PUT", ARN_PATH "/keys/live", NULL);
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "If-Match"), ==, "KV1");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "Content-Type"), ==, "application/json");
  g_assert_cmpstr (fake_aws_get_body (aws, 0), ==, "{\"Value\":\"{\\\"\\\": \\\"r\\\"}\"}");
  fake_aws_answer (aws, 409, "x-amzn-ErrorType: ConflictException", "{\"Message\":\"m\"}");
  assert_refused (aws_keyvaluestore_put (client, ARN, "KV1", "live", "v"), AWS_ERROR_CONFLICT);
  fake_aws_answer (aws, 400, "x-amzn-ErrorType: ValidationException", "{\"Message\":\"Pre-Condition failed: ETag\"}");
  assert_refused (aws_keyvaluestore_put (client, ARN, "KV1", "live", "v"), AWS_ERROR_PRECONDITION_FAILED);

  fake_aws_answer (aws, 200, "ETag: KV3", "{}");
  assert_good (aws_keyvaluestore_delete (client, ARN, "KV2", "live"));
  assert_request (aws, 3, "DELETE", ARN_PATH "/keys/live", NULL);
  g_assert_cmpstr (fake_aws_get_header (aws, 3, "If-Match"), ==, "KV2");
  fake_aws_answer (aws, 200, NULL, "{}");
  assert_refused (aws_keyvaluestore_delete (client, ARN, "KV2", "live"), AWS_ERROR_BAD_ANSWER);

  g_ptr_array_add (puts, aws_key_value_new ("a", "1"));
  fake_aws_answer (aws, 200, "ETag: KV4", "{}");
  assert_good (aws_keyvaluestore_update (client, ARN, "KV3", puts, deletes));
  assert_request (aws, 5, "POST", ARN_PATH "/keys", NULL);
  g_assert_cmpstr (fake_aws_get_body (aws, 5), ==, "{\"Puts\":[{\"Key\":\"a\",\"Value\":\"1\"}],\"Deletes\":[{\"Key\":\"c\"}]}");
  fake_aws_answer (aws, 402, "x-amzn-ErrorType: ServiceQuotaExceededException", "{\"Message\":\"m\"}");
  assert_refused (aws_keyvaluestore_update (client, ARN, "KV3", puts, NULL), AWS_ERROR_LIMIT);
}

/* DynamoDB */

static AwsItem *
make_key (void)
{
  AwsItem *key = aws_item_new ();

  aws_item_set_string (key, "pk", "form#contact");

  return key;
}

static void
test_items (void)
{
  const char * const colours[] = { "red", "blue", NULL };
  g_autoptr(AwsItem) item = make_key ();
  g_autoptr(AwsItem) fields = aws_item_new ();
  g_autoptr(AwsItem) map = NULL;
  g_auto(GStrv) strings = NULL;
  g_auto(GStrv) single = NULL;
  g_auto(GStrv) names = NULL;

  aws_item_set_int (item, "size", -12);
  aws_item_set_bool (item, "unread", TRUE);
  aws_item_set_null (item, "page");
  aws_item_set_strings (fields, "colours", colours);
  aws_item_set_string (fields, "name", "Ann");
  aws_item_set_map (item, "fields", fields);

  g_assert_cmpstr (aws_item_get_string (item, "pk"), ==, "form#contact");
  g_assert_cmpint (aws_item_get_int (item, "size", 0), ==, -12);
  g_assert_cmpint (aws_item_get_int (item, "pk", 7), ==, 7);
  g_assert_true (aws_item_get_bool (item, "unread"));
  g_assert_false (aws_item_get_bool (item, "missing"));
  g_assert_true (aws_item_has (item, "page"));
  g_assert_null (aws_item_get_string (item, "page"));
  map = aws_item_dup_map (item, "fields");
  strings = aws_item_dup_strings (map, "colours");
  single = aws_item_dup_strings (map, "name");
  names = aws_item_dup_names (map);
  g_assert_cmpstrv (strings, colours);
  g_assert_cmpstr (single[0], ==, "Ann");
  g_assert_null (aws_item_dup_strings (item, "size"));
  g_assert_cmpstr (names[0], ==, "colours");
  g_assert_cmpstr (names[1], ==, "name");
}

static void
test_table (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autofree char *status = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"Table\":{\"TableStatus\":\"ACTIVE\"}}");
  status = dex_await_string (aws_dynamodb_describe_table (client, "t"), NULL);
  g_assert_cmpstr (status, ==, "ACTIVE");
  assert_json (aws, 0, "DescribeTable", "{\"TableName\":\"t\"}");
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\"}");
  assert_refused (aws_dynamodb_describe_table (client, "t"), AWS_ERROR_NOT_FOUND);

  fake_aws_answer (aws, 200, NULL, "{}");
  assert_good (aws_dynamodb_delete_table (client, "t"));
  assert_json (aws, 2, "DeleteTable", "{\"TableName\":\"t\"}");
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"x#ResourceInUseException\"}");
  assert_refused (aws_dynamodb_delete_table (client, "t"), AWS_ERROR_CONFLICT);
}

static void
test_query (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsTableQuery) query = aws_table_query_new ("t", "pk = :pk");
  g_autoptr(AwsTableQuery) all = aws_table_query_new ("t", NULL);
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) scanned = NULL;
  g_autoptr(GError) error = NULL;

  aws_item_set_string (values, ":pk", "p");
  aws_table_query_set_values (query, values);
  aws_table_query_set_backwards (query, TRUE);
  aws_table_query_set_consistent (query, TRUE);
  aws_table_query_set_index (query, "i");
  aws_table_query_set_projection (query, "#s");
  aws_table_query_add_name (query, "#s", "state");
  aws_table_query_set_limit (query, 3);
  fake_aws_answer (aws, 200, "x-amz-crc32: 1", "{}");
  fake_aws_answer (aws, 200, NULL, "{\"Items\":[{\"pk\":{\"S\":\"1\"}}],\"LastEvaluatedKey\":{\"pk\":{\"S\":\"1\"}}}");
  fake_aws_answer (aws, 200, NULL, "{\"Items\":[],\"LastEvaluatedKey\":{\"pk\":{\"S\":\"2\"}}}");
  fake_aws_answer (aws, 200, NULL, "{\"Items\":[{\"pk\":{\"S\":\"3\"}},{\"pk\":{\"S\":\"4\"}},{\"pk\":{\"S\":\"5\"}}],\"LastEvaluatedKey\":{\"pk\":{\"S\":\"5\"}}}");
  items = dex_await_boxed (aws_dynamodb_query (client, query), &error);
  g_assert_no_error (error);

  /* The first answer was damaged, its sum says; the second page is empty and yet not the end */
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 4);
  assert_json (aws, 1, "Query", "{\"TableName\":\"t\",\"KeyConditionExpression\":\"pk = :pk\",\"ExpressionAttributeValues\":{\":pk\":{\"S\":\"p\"}},"
               "\"ScanIndexForward\":false,\"ConsistentRead\":true,\"IndexName\":\"i\",\"ProjectionExpression\":\"#s\","
               "\"ExpressionAttributeNames\":{\"#s\":\"state\"},\"Limit\":3}");
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 3), "\"ExclusiveStartKey\":{\"pk\":{\"S\":\"2\"}}"));
  g_assert_cmpuint (items->len, ==, 3);
  g_assert_cmpstr (aws_item_get_string (g_ptr_array_index (items, 2), "pk"), ==, "4");

  aws_table_query_set_filter (all, "spam = :no");
  fake_aws_answer (aws, 200, NULL, "{}");
  scanned = dex_await_boxed (aws_dynamodb_scan (client, all), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scanned->len, ==, 0);
  assert_json (aws, 4, "Scan", "{\"TableName\":\"t\",\"FilterExpression\":\"spam = :no\"}");

  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"ValidationException\",\"message\":\"m\"}");
  assert_refused (aws_dynamodb_query (client, query), AWS_ERROR_INVALID);
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"AccessDeniedException\",\"Message\":\"m\"}");
  assert_refused (aws_dynamodb_scan (client, all), AWS_ERROR_ACCESS_DENIED);
}

static void
test_item_calls (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsItem) key = make_key ();
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(AwsItemChange) put = aws_item_change_new ("t", key);
  g_autoptr(AwsItemChange) update = aws_item_change_new ("t", key);
  g_autoptr(AwsItemChange) delete = aws_item_change_new ("t", key);
  g_autoptr(AwsItem) got = NULL;
  g_autoptr(AwsItem) updated = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"Item\":{\"pk\":{\"S\":\"form#contact\"}}}");
  got = dex_await_boxed (aws_dynamodb_get_item (client, "t", key), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_item_get_string (got, "pk"), ==, "form#contact");
  assert_json (aws, 0, "GetItem", "{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"form#contact\"}},\"ConsistentRead\":true}");
  fake_aws_answer (aws, 200, NULL, "{}");
  assert_refused (aws_dynamodb_get_item (client, "t", key), AWS_ERROR_NOT_FOUND);

  aws_item_change_set_condition (put, "attribute_not_exists(pk)");
  assert_good (aws_dynamodb_put_item (client, put));
  assert_json (aws, 2, "PutItem", "{\"TableName\":\"t\",\"ConditionExpression\":\"attribute_not_exists(pk)\",\"Item\":{\"pk\":{\"S\":\"form#contact\"}}}");
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\"}");
  assert_refused (aws_dynamodb_put_item (client, put), AWS_ERROR_PRECONDITION_FAILED);

  aws_item_set_bool (values, ":no", FALSE);
  aws_item_change_set_update (update, "SET #u = :no");
  aws_item_change_add_name (update, "#u", "unread");
  aws_item_change_set_values (update, values);
  fake_aws_answer (aws, 200, NULL, "{\"Attributes\":{\"unread\":{\"BOOL\":false}}}");
  updated = dex_await_boxed (aws_dynamodb_update_item (client, update), &error);
  g_assert_no_error (error);
  g_assert_true (aws_item_has (updated, "unread"));
  assert_json (aws, 4, "UpdateItem", "{\"TableName\":\"t\",\"UpdateExpression\":\"SET #u = :no\",\"ExpressionAttributeNames\":{\"#u\":\"unread\"},"
               "\"ExpressionAttributeValues\":{\":no\":{\"BOOL\":false}},\"Key\":{\"pk\":{\"S\":\"form#contact\"}},\"ReturnValues\":\"ALL_NEW\"}");
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"ConditionalCheckFailedException\"}");
  assert_refused (aws_dynamodb_update_item (client, update), AWS_ERROR_PRECONDITION_FAILED);

  fake_aws_answer (aws, 200, NULL, "{}");
  assert_good (aws_dynamodb_delete_item (client, delete));
  assert_json (aws, 6, "DeleteItem", "{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"form#contact\"}}}");
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"ResourceNotFoundException\"}");
  assert_refused (aws_dynamodb_delete_item (client, delete), AWS_ERROR_NOT_FOUND);
}

static void
test_batch_write (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) puts = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_item_unref);
  g_autoptr(GPtrArray) deletes = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_item_unref);

  for (guint i = 0; i < 30; i++)
    g_ptr_array_add (puts, make_key ());
  g_ptr_array_add (deletes, make_key ());
  fake_aws_answer (aws, 200, NULL, "{\"UnprocessedItems\":{\"t\":[{\"PutRequest\":{\"Item\":{\"pk\":{\"S\":\"again\"}}}}]}}");
  fake_aws_answer (aws, 200, NULL, "{\"UnprocessedItems\":{}}");
  assert_good (aws_dynamodb_batch_write (client, "t", puts, deletes));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  g_assert_true (g_str_has_prefix (fake_aws_get_body (aws, 0), "{\"RequestItems\":{\"t\":[{\"DeleteRequest\":{\"Key\":{\"pk\":{\"S\":\"form#contact\"}}}},{\"PutRequest\""));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 1), "again"));

  assert_good (aws_dynamodb_batch_write (client, "t", NULL, NULL));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"ValidationException\"}");
  assert_refused (aws_dynamodb_batch_write (client, "t", puts, NULL), AWS_ERROR_INVALID);
}

/* CloudFront */

static void
test_distribution (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsDistribution) distribution = NULL;
  g_auto(GStrv) aliases = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, "ETag: E2", "<Distribution xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Id>E1</Id><ARN>arn</ARN><Status>Deployed</Status>"
                   "<DomainName>d1.cloudfront.net</DomainName><DistributionConfig><Aliases><Quantity>1</Quantity><Items><CNAME>www.example.org</CNAME></Items></Aliases>"
                   "<Enabled>true</Enabled></DistributionConfig></Distribution>");
  distribution = dex_await_boxed (aws_cloudfront_get_distribution (client, "E1"), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "GET", "/2020-05-31/distribution/E1", NULL);
  g_assert_nonnull (strstr (fake_aws_get_header (aws, 0, "Authorization"), "/us-east-1/cloudfront/aws4_request"));
  g_assert_cmpstr (aws_distribution_get_id (distribution), ==, "E1");
  g_assert_cmpstr (aws_distribution_get_arn (distribution), ==, "arn");
  g_assert_cmpstr (aws_distribution_get_domain (distribution), ==, "d1.cloudfront.net");
  g_assert_cmpstr (aws_distribution_get_status (distribution), ==, "Deployed");
  g_assert_cmpstr (aws_distribution_get_etag (distribution), ==, "E2");
  aliases = aws_distribution_dup_aliases (distribution);
  g_assert_cmpstr (aliases[0], ==, "www.example.org");
  g_assert_true (aws_distribution_is_enabled (distribution));
  g_assert_true (aws_distribution_is_deployed (distribution));
  fake_aws_answer (aws, 404, NULL, "<ErrorResponse><Error><Code>NoSuchDistribution</Code></Error></ErrorResponse>");
  assert_refused (aws_cloudfront_get_distribution (client, "E1"), AWS_ERROR_NOT_FOUND);
}

static void
test_invalidation (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  const char * const paths[] = { "/a%20b", "/c&d/*", NULL };
  g_autoptr(AwsInvalidation) invalidation = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 201, NULL, "<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>");
  invalidation = dex_await_boxed (aws_cloudfront_create_invalidation (client, "E1", paths, "ref"), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "POST", "/2020-05-31/distribution/E1/invalidation", NULL);
  g_assert_cmpstr (fake_aws_get_body (aws, 0), ==,
                   "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">"
                   "<Paths><Quantity>2</Quantity><Items><Path>/a%20b</Path><Path>/c&amp;d/*</Path></Items></Paths>"
                   "<CallerReference>ref</CallerReference></InvalidationBatch>");
  g_assert_cmpstr (aws_invalidation_get_id (invalidation), ==, "I1");
  g_assert_cmpstr (aws_invalidation_get_status (invalidation), ==, "InProgress");
  fake_aws_answer (aws, 400, NULL, "<ErrorResponse><Error><Code>TooManyInvalidationsInProgress</Code></Error></ErrorResponse>");
  assert_refused (aws_cloudfront_create_invalidation (client, "E1", paths, "ref"), AWS_ERROR_LIMIT);

  fake_aws_answer (aws, 200, NULL, "<Invalidation><Id>I1</Id><Status>Completed</Status></Invalidation>");
  assert_good (aws_cloudfront_get_invalidation (client, "E1", "I1"));
  assert_request (aws, 2, "GET", "/2020-05-31/distribution/E1/invalidation/I1", NULL);
  fake_aws_answer (aws, 404, NULL, "<ErrorResponse><Error><Code>NoSuchInvalidation</Code></Error></ErrorResponse>");
  assert_refused (aws_cloudfront_get_invalidation (client, "E1", "I1"), AWS_ERROR_NOT_FOUND);
}

/* One of each, let go while the answer is waited for */
static GPtrArray *
begin_all (AwsClient *client)
{
  GPtrArray *futures = g_ptr_array_new_with_free_func (dex_unref);
  const char * const list[] = { "/a", NULL };
  g_autoptr(GBytes) body = g_bytes_new_static ("x", 1);
  g_autoptr(AwsStackSpec) spec = make_spec ("{}");
  g_autoptr(AwsItem) key = make_key ();
  g_autoptr(AwsItemChange) change = aws_item_change_new ("t", key);
  g_autoptr(AwsTableQuery) query = aws_table_query_new ("t", "pk = :pk");
  g_autoptr(AwsTableQuery) scan = aws_table_query_new ("t", NULL);
  g_autoptr(GPtrArray) items = g_ptr_array_new ();
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_s3_part_unref);

  g_ptr_array_add (items, key);
  g_ptr_array_add (parts, aws_s3_part_new (1, "e", NULL, 1));
  g_ptr_array_add (futures, aws_sts_get_caller_identity (client));
  g_ptr_array_add (futures, aws_sts_assume_role (client, "a", "b", NULL, 0));
  g_ptr_array_add (futures, aws_s3_create_bucket (client, "b"));
  g_ptr_array_add (futures, aws_s3_head_bucket (client, "b"));
  g_ptr_array_add (futures, aws_s3_delete_bucket (client, "b"));
  g_ptr_array_add (futures, aws_s3_put_object (client, "b", "k", body, NULL));
  g_ptr_array_add (futures, aws_s3_get_object (client, "b", "k"));
  g_ptr_array_add (futures, aws_s3_head_object (client, "b", "k"));
  g_ptr_array_add (futures, aws_s3_copy_object (client, "b", "k", "b", "l", NULL));
  g_ptr_array_add (futures, aws_s3_delete_object (client, "b", "k"));
  g_ptr_array_add (futures, aws_s3_delete_objects (client, "b", list));
  g_ptr_array_add (futures, aws_s3_delete_versions (client, "b"));
  g_ptr_array_add (futures, aws_s3_list_objects (client, "b", NULL, NULL));
  g_ptr_array_add (futures, aws_s3_create_upload (client, "b", "k", NULL));
  g_ptr_array_add (futures, aws_s3_complete_upload (client, "b", "k", "u", parts, NULL));
  g_ptr_array_add (futures, aws_s3_abort_upload (client, "b", "k", "u"));
  g_ptr_array_add (futures, aws_s3_list_parts (client, "b", "k", "u"));
  g_ptr_array_add (futures, aws_s3_list_uploads (client, "b", NULL));
  g_ptr_array_add (futures, aws_cloudformation_create_stack (client, spec));
  g_ptr_array_add (futures, aws_cloudformation_update_stack (client, spec));
  g_ptr_array_add (futures, aws_cloudformation_describe_stack (client, "n"));
  g_ptr_array_add (futures, aws_cloudformation_list_stacks (client, "t", NULL));
  g_ptr_array_add (futures, aws_cloudformation_describe_stack_events (client, "n", NULL));
  g_ptr_array_add (futures, aws_cloudformation_describe_stack_resources (client, "n"));
  g_ptr_array_add (futures, aws_cloudformation_get_template (client, "n"));
  g_ptr_array_add (futures, aws_cloudformation_delete_stack (client, "n", NULL, NULL));
  g_ptr_array_add (futures, aws_keyvaluestore_describe (client, ARN));
  g_ptr_array_add (futures, aws_keyvaluestore_list (client, ARN));
  g_ptr_array_add (futures, aws_keyvaluestore_get (client, ARN, "k"));
  g_ptr_array_add (futures, aws_keyvaluestore_put (client, ARN, "e", "k", "v"));
  g_ptr_array_add (futures, aws_keyvaluestore_delete (client, ARN, "e", "k"));
  g_ptr_array_add (futures, aws_keyvaluestore_update (client, ARN, "e", NULL, list));
  g_ptr_array_add (futures, aws_dynamodb_describe_table (client, "t"));
  g_ptr_array_add (futures, aws_dynamodb_delete_table (client, "t"));
  g_ptr_array_add (futures, aws_dynamodb_query (client, query));
  g_ptr_array_add (futures, aws_dynamodb_scan (client, scan));
  g_ptr_array_add (futures, aws_dynamodb_get_item (client, "t", key));
  g_ptr_array_add (futures, aws_dynamodb_put_item (client, change));
  g_ptr_array_add (futures, aws_dynamodb_update_item (client, change));
  g_ptr_array_add (futures, aws_dynamodb_delete_item (client, change));
  g_ptr_array_add (futures, aws_dynamodb_batch_write (client, "t", items, NULL));
  g_ptr_array_add (futures, aws_cloudfront_get_distribution (client, "E"));
  g_ptr_array_add (futures, aws_cloudfront_create_invalidation (client, "E", list, "r"));
  g_ptr_array_add (futures, aws_cloudfront_get_invalidation (client, "E", "I"));

  return futures;
}

static void
test_cancelled (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  GPtrArray *futures;
  guint n_futures;

  for (guint i = 0; i < 100; i++)
    fake_aws_hang (aws);
  futures = begin_all (client);
  n_futures = futures->len;

  /* None has ended, or it would never ask */
  for (guint i = 0; i < n_futures; i++)
    {
      g_test_message ("call %u", i);
      g_assert_true (dex_future_is_pending (g_ptr_array_index (futures, i)));
    }
  while (fake_aws_get_n_requests (aws) < n_futures)
    dex_await (dex_timeout_new_msec (10), NULL);

  g_ptr_array_unref (futures);
  fake_aws_assert_gone (g_steal_pointer (&client));
}

/* Whatever nonsense comes back, each call ends, and with an error of ours unless it has nothing to read */
static void
test_nonsense (void)
{
  static const char * const bodies[] = {
    "", "{}", "null", "[]", "<a/>", "{\"Items\": 5, \"Table\": [], \"Item\": null}", "<html><body>hello</body></html>", "\xff\xfe\x00", "{\"Items\":[1,null,{}]}",
    "<ListBucketResult><Contents/><CommonPrefixes/></ListBucketResult>",
    "<R><DescribeStacksResult><Stacks><member/></Stacks></DescribeStacksResult><DescribeStackEventsResult><StackEvents><member/></StackEvents></DescribeStackEventsResult></R>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(FakeAws) aws = fake_aws_new ();
      g_autoptr(AwsClient) client = fake_aws_new_client (aws);
      g_autoptr(GPtrArray) futures = NULL;

      for (guint j = 0; j < 200; j++)
        fake_aws_answer (aws, 200, NULL, bodies[i]);
      futures = begin_all (client);
      for (guint j = 0; j < futures->len; j++)
        {
          g_autoptr(GError) error = NULL;

          if (!dex_await (dex_ref (g_ptr_array_index (futures, j)), &error))
            g_assert_true (error->domain == AWS_ERROR);
        }
    }
}

/* Where nothing is set, the host is AWS's own; no name is looked up */

#define TYPE_NO_RESOLVER (no_resolver_get_type ())
G_DECLARE_FINAL_TYPE (NoResolver, no_resolver, NO, RESOLVER, GResolver)

struct _NoResolver
{
  GResolver parent_instance;
};

G_DEFINE_FINAL_TYPE (NoResolver, no_resolver, G_TYPE_RESOLVER)

static void
lookup_async (GResolver                *resolver,
              const char               *hostname,
              GResolverNameLookupFlags  flags,
              GCancellable             *cancellable,
              GAsyncReadyCallback       callback,
              gpointer                  user_data)
{
  g_autoptr(GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no names here");
}

static GList *
lookup_finish (GResolver     *resolver,
               GAsyncResult  *result,
               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
lookup_plain_async (GResolver           *resolver,
                    const char          *hostname,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  lookup_async (resolver, hostname, 0, cancellable, callback, user_data);
}

static void
no_resolver_class_init (NoResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_async = lookup_plain_async;
  resolver_class->lookup_by_name_finish = lookup_finish;
  resolver_class->lookup_by_name_with_flags_async = lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = lookup_finish;
}

static void
no_resolver_init (NoResolver *self)
{
}

static void
assert_host (DexFuture  *future,
             const char *host)
{
  g_autofree char *start = g_strconcat (host, ":", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (dex_await (future, &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_UNREACHABLE);
  if (!g_str_has_prefix (error->message, start))
    g_error ("%s is not at %s", error->message, host);
}

static void
test_hosts (void)
{
  g_autoptr(GResolver) usual = g_resolver_get_default ();
  g_autoptr(GResolver) none = g_object_new (TYPE_NO_RESOLVER, NULL);
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsClient) odd = aws_client_copy (client, NULL, "evil.example/");

  g_resolver_set_default (none);
  aws_client_set_endpoint (client, NULL, NULL);
  assert_host (aws_sts_get_caller_identity (client), "sts.eu-central-1.amazonaws.com");
  assert_host (aws_s3_head_object (client, "bucket", "k"), "bucket.s3.eu-central-1.amazonaws.com");
  assert_host (aws_s3_head_object (client, "bucket.with.dots", "k"), "s3.eu-central-1.amazonaws.com");
  assert_host (aws_cloudformation_describe_stack (client, "n"), "cloudformation.eu-central-1.amazonaws.com");
  assert_host (aws_dynamodb_describe_table (client, "t"), "dynamodb.eu-central-1.amazonaws.com");
  assert_host (aws_cloudfront_get_distribution (client, "E"), "cloudfront.amazonaws.com");
  assert_host (aws_keyvaluestore_describe (client, ARN), "123456789012.cloudfront-kvs.global.api.aws");
  assert_refused (aws_sts_get_caller_identity (odd), AWS_ERROR_INVALID);
  g_resolver_set_default (usual);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/sts/caller-identity", test_caller_identity);
  test_add_fiber ("/sts/assume-role", test_assume_role);
  test_add_fiber ("/cloudformation/create-and-update", test_create_stack);
  test_add_fiber ("/cloudformation/describe", test_describe_stack);
  test_add_fiber ("/cloudformation/events", test_stack_events);
  test_add_fiber ("/cloudformation/rest", test_stack_rest);
  test_add_fiber ("/keyvaluestore/read", test_store_read);
  test_add_fiber ("/keyvaluestore/write", test_store_write);
  test_add_fiber ("/dynamodb/items", test_items);
  test_add_fiber ("/dynamodb/table", test_table);
  test_add_fiber ("/dynamodb/query", test_query);
  test_add_fiber ("/dynamodb/item-calls", test_item_calls);
  test_add_fiber ("/dynamodb/batch-write", test_batch_write);
  test_add_fiber ("/cloudfront/distribution", test_distribution);
  test_add_fiber ("/cloudfront/invalidation", test_invalidation);
  test_add_fiber ("/services/cancelled", test_cancelled);
  test_add_fiber ("/services/nonsense", test_nonsense);
  test_add_fiber ("/services/hosts", test_hosts);

  return g_test_run ();
}
