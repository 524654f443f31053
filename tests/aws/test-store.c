/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-keyvaluestore.h"
#include "test-calls.h"

#define ARN      "arn:aws:cloudfront::123456789012:key-value-store/0a1b"
#define ARN_PATH "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2F0a1b"
#define ROLE     "arn:aws:iam::123456789012:role/publisher"
#define DENIED   "x-amzn-ErrorType: AccessDeniedException"

/* A write makes two requests: it asks for the version and names it */

static DexFuture *
write_live (AwsClient  *client,
            const char *arn,
            const char *etag,
            gpointer    user_data)
{
  guint *calls = user_data;

  g_assert_cmpstr (arn, ==, ARN);
  if (calls != NULL)
    (*calls)++;

  return aws_keyvaluestore_put (client, arn, etag, "live", "v");
}

static void
answer_version (FakeAws    *aws,
                const char *etag)
{
  g_autofree char *header = g_strconcat ("ETag: ", etag, NULL);

  fake_aws_answer (aws, 200, header, "{\"ItemCount\":1,\"TotalSizeInBytes\":3,\"KvsARN\":\"" ARN "\",\"Status\":\"READY\"}");
}

/* Each of the three answers that can mean "somebody was faster" */
static void
test_write_stale (void)
{
  static const char * const versions[] = { "KV1", "KV2", "KV3", "KV4" };
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autofree char *etag = NULL;
  g_autoptr(GError) error = NULL;
  guint calls = 0;

  answer_version (aws, "KV1");
  fake_aws_answer (aws, 409, "x-amzn-ErrorType: ConflictException", "{\"Message\":\"Resource is not in expected state\"}");
  answer_version (aws, "KV2");
  fake_aws_answer (aws, 412, NULL, NULL);
  answer_version (aws, "KV3");
  fake_aws_answer (aws, 400, "x-amzn-ErrorType: ValidationException", "{\"Message\":\"The ETag is not the current one\"}");
  answer_version (aws, "KV4");
  fake_aws_answer (aws, 200, "ETag: KV5", "{\"ItemCount\":1,\"TotalSizeInBytes\":3}");

  etag = dex_await_string (aws_keyvaluestore_write (client, ARN, write_live, &calls, NULL), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (etag, ==, "KV5");
  g_assert_cmpuint (calls, ==, 4);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 8);
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      assert_request (aws, 2 * i, "GET", ARN_PATH, NULL);
      assert_request (aws, 2 * i + 1, "PUT", ARN_PATH "/keys/live", NULL);
      g_assert_cmpstr (fake_aws_get_header (aws, 2 * i + 1, "If-Match"), ==, versions[i]);
    }
}

/* It gives up some time, and at once where trying again is of no use */
static void
test_write_gives_up (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  guint calls = 0;

  for (guint i = 0; i < 6; i++)
    {
      answer_version (aws, "KV1");
      fake_aws_answer (aws, 409, "x-amzn-ErrorType: ConflictException", "{\"Message\":\"m\"}");
    }
  assert_refused (aws_keyvaluestore_write (client, ARN, write_live, &calls, NULL), AWS_ERROR_CONFLICT);
  g_assert_cmpuint (calls, ==, 6);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 12);

  answer_version (aws, "KV1");
  fake_aws_answer (aws, 402, "x-amzn-ErrorType: ServiceQuotaExceededException", "{\"Message\":\"m\"}");
  assert_refused (aws_keyvaluestore_write (client, ARN, write_live, NULL, NULL), AWS_ERROR_LIMIT);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 14);

  answer_version (aws, "KV1");
  fake_aws_answer (aws, 400, "x-amzn-ErrorType: ValidationException", "{\"Message\":\"The value is too long\"}");
  assert_refused (aws_keyvaluestore_write (client, ARN, write_live, NULL, NULL), AWS_ERROR_INVALID);

  fake_aws_answer (aws, 404, "x-amzn-ErrorType: ResourceNotFoundException", "{\"Message\":\"m\"}");
  assert_refused (aws_keyvaluestore_write (client, ARN, write_live, &calls, NULL), AWS_ERROR_NOT_FOUND);
  g_assert_cmpuint (calls, ==, 6);
}

static void
count_free (gpointer data)
{
  (*(guint *) data)++;
}

/* Dropped while the store is asked, and while it is written to: nothing is left over */
static void
test_write_dropped (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  AwsClient *client = fake_aws_new_client (aws);
  DexFuture *future;
  guint freed = 0;

  fake_aws_hang (aws);
  future = aws_keyvaluestore_write (client, ARN, write_live, &freed, count_free);
  while (fake_aws_get_n_requests (aws) < 1)
    dex_await (dex_timeout_new_msec (1), NULL);
  dex_clear (&future);

  answer_version (aws, "KV1");
  fake_aws_hang (aws);
  future = aws_keyvaluestore_write (client, ARN, write_live, NULL, NULL);
  while (fake_aws_get_n_requests (aws) < 3)
    dex_await (dex_timeout_new_msec (1), NULL);
  dex_clear (&future);

  fake_aws_assert_gone (client);
  g_assert_cmpuint (freed, ==, 1);
}

static void
answer_role (FakeAws *aws)
{
  fake_aws_answer (aws, 200, NULL, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>"
                   "<SecretAccessKey>s</SecretAccessKey><SessionToken>version-2</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>"
                   "</Credentials></AssumeRoleResult></AssumeRoleResponse>");
}

/* A token that is taken is not asked about again; keys for good need no question */
static void
test_client_taken (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsCredentials) keys = aws_credentials_new ("AKIA", "secret", NULL, NULL);
  g_autoptr(AwsCredentialsProvider) provider = aws_static_credentials_new (keys);
  g_autoptr(AwsClient) lasting = aws_client_copy (client, provider, NULL);
  g_autoptr(AwsClient) first = NULL;
  g_autoptr(AwsClient) second = NULL;
  g_autoptr(AwsClient) third = NULL;
  g_autoptr(GError) error = NULL;

  answer_version (aws, "KV1");
  first = dex_await_object (aws_keyvaluestore_find_client (client, ARN, ROLE), &error);
  g_assert_no_error (error);
  g_assert_true (first == client);
  second = dex_await_object (aws_keyvaluestore_find_client (client, ARN, ROLE), &error);
  g_assert_no_error (error);
  g_assert_true (second == client);
  third = dex_await_object (aws_keyvaluestore_find_client (lasting, ARN, ROLE), &error);
  g_assert_no_error (error);
  g_assert_true (third == lasting);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);
  assert_request (aws, 0, "GET", ARN_PATH, NULL);
}

/* A token of version 1: the role's is of version 2 */
static void
test_client_of_role (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsClient) found = NULL;
  g_autoptr(AwsCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 403, DENIED, "{\"Message\":\"Authentication failed\"}");
  answer_role (aws);
  found = dex_await_object (aws_keyvaluestore_find_client (client, ARN, ROLE), &error);
  g_assert_no_error (error);
  g_assert_true (found != client);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  g_assert_true (g_str_has_prefix (fake_aws_get_body (aws, 1), "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fpublisher&"));
  credentials = dex_await_boxed (aws_credentials_provider_load (aws_client_get_provider (found)), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_credentials_get_session_token (credentials), ==, "version-2");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
}

/* The root user can't assume roles; then it is about the token, and other errors are what they are */
static void
test_client_refused (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsClient) found = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 403, DENIED, "{\"Message\":\"Authentication failed\"}");
  fake_aws_answer (aws, 403, NULL, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Roles may not be assumed by root accounts.</Message></Error></ErrorResponse>");
  found = dex_await_object (aws_keyvaluestore_find_client (client, ARN, ROLE), &error);
  g_assert_null (found);
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
  g_assert_true (aws_keyvaluestore_error_is_token (error));
  g_clear_error (&error);

  fake_aws_answer (aws, 403, DENIED, "{\"Message\":\"User: u is not authorized to perform: cloudfront-keyvaluestore:DescribeKeyValueStore\"}");
  found = dex_await_object (aws_keyvaluestore_find_client (client, ARN, NULL), &error);
  g_assert_null (found);
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
  g_assert_false (aws_keyvaluestore_error_is_token (error));
  g_clear_error (&error);

  fake_aws_answer (aws, 404, "x-amzn-ErrorType: ResourceNotFoundException", "{\"Message\":\"m\"}");
  assert_refused (aws_keyvaluestore_find_client (client, ARN, ROLE), AWS_ERROR_NOT_FOUND);
  fake_aws_answer (aws, 403, DENIED, "{\"Message\":\"Authentication failed\"}");
  fake_aws_answer (aws, 403, NULL, "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>m</Message></Error></ErrorResponse>");
  assert_refused (aws_keyvaluestore_find_client (client, ARN, ROLE), AWS_ERROR_EXPIRED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/store/write/stale", test_write_stale);
  test_add_fiber ("/store/write/gives-up", test_write_gives_up);
  test_add_fiber ("/store/write/dropped", test_write_dropped);
  test_add_fiber ("/store/client/taken", test_client_taken);
  test_add_fiber ("/store/client/of-role", test_client_of_role);
  test_add_fiber ("/store/client/refused", test_client_refused);

  return g_test_run ();
}
