/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "aws-checksum.h"
#include "aws-s3.h"
#include "aws-sts.h"
#include "fake-aws.h"
#include "test-util.h"

#define IDENTITY \
  "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>" \
  "<Arn>arn:aws:iam::123456789012:user/ann</Arn><UserId>AIDA</UserId><Account>123456789012</Account>" \
  "</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
#define SLOW_DOWN \
  "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
#define MEGABYTE (1024 * 1024)

static void
assert_identity (AwsClient *client)
{
  g_autoptr(AwsIdentity) identity = NULL;
  g_autoptr(GError) error = NULL;

  identity = dex_await_boxed (aws_sts_get_caller_identity (client), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_identity_get_account (identity), ==, "123456789012");
}

static void
pause_msec (int msec)
{
  dex_await (dex_timeout_new_msec (msec), NULL);
}

static void
test_retry_server_error (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  fake_aws_answer (aws, 500, NULL, "<ErrorResponse><Error><Code>InternalFailure</Code></Error></ErrorResponse>");
  fake_aws_answer (aws, 503, "Content-Type: text/html", "<html>busy</html>");
  fake_aws_answer (aws, 200, NULL, IDENTITY);
  assert_identity (client);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
  g_assert_cmpuint (aws_client_get_request_count (client), ==, 3);
  /* The one that was busy */
  g_assert_cmpuint (aws_client_get_throttle_count (client), ==, 1);
}

static void
test_retry_throttled (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GBytes) body = g_bytes_new_static ("hello", 5);
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 503, NULL, SLOW_DOWN);
  fake_aws_answer (aws, 200, "ETag: \"e\"", NULL);
  object = dex_await_boxed (aws_s3_put_object (client, "bucket", "key", body, NULL), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  g_assert_cmpuint (aws_client_get_throttle_count (client), ==, 1);

  /* The body is sent again, all of it */
  g_assert_cmpstr (fake_aws_get_body (aws, 0), ==, "hello");
  g_assert_cmpstr (fake_aws_get_body (aws, 1), ==, "hello");
  g_assert_cmpuint (aws_client_get_bytes_sent (client), ==, 10);
}

static void
test_retry_cut (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  fake_aws_answer_raw (aws, "");
  fake_aws_answer_raw (aws, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<GetCaller");
  fake_aws_answer (aws, 200, NULL, IDENTITY);
  assert_identity (client);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
}

static void
test_retry_gives_up (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    fake_aws_answer (aws, 500, "x-amzn-RequestId: r-7",
                     "<ErrorResponse><Error><Code>InternalFailure</Code><Message>Oh no</Message></Error></ErrorResponse>");
  g_assert_false (dex_await (aws_sts_get_caller_identity (client), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_SERVER);
  g_assert_cmpstr (error->message, ==, "Oh no");
  g_assert_cmpstr (aws_error_get_code_string (error), ==, "InternalFailure");
  g_assert_cmpstr (aws_error_get_request_id (error), ==, "r-7");
  g_assert_cmpuint (aws_error_get_status (error), ==, 500);
  g_assert_true (aws_error_is_retryable (error));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
}

static void
test_retry_not_for_refusals (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 400, NULL, "<ErrorResponse><Error><Code>ValidationError</Code><Message>No</Message></Error></ErrorResponse>");
  g_assert_false (dex_await (aws_sts_get_caller_identity (client), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_INVALID);
  g_assert_false (aws_error_is_retryable (error));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);
}

/* A service in trouble is not asked three times for everything for ever */
static void
test_retry_budget (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  for (guint i = 0; i < 150; i++)
    fake_aws_answer (aws, 500, NULL, NULL);
  for (guint i = 0; i < 50; i++)
    g_assert_false (dex_await (aws_sts_get_caller_identity (client), NULL));

  /* 500 tokens are 35 retries */
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 50 + 35);
}

static void
answer_at (FakeAws    *aws,
           GDateTime  *time,
           const char *status,
           const char *body)
{
  g_autofree char *date = g_date_time_format (time, "%a, %d %b %Y %H:%M:%S GMT");
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %s\r\nDate: %s\r\nx-amzn-RequestId: r-1\r\nConnection: close\r\n"
                                           "Content-Length: %zu\r\n\r\n%s", status, date, strlen (body), body);

  fake_aws_answer_raw (aws, text);
}

static void
check_clock (GTimeSpan   skew,
             const char *code)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) there = g_date_time_add (now, skew);
  g_autofree char *prefix = g_date_time_format (there, "%Y%m%dT%H");
  g_autofree char *body = g_strdup_printf ("<ErrorResponse><Error><Code>%s</Code><Message>Signature expired</Message></Error></ErrorResponse>", code);

  answer_at (aws, there, "403 Forbidden", body);
  answer_at (aws, there, "200 OK", IDENTITY);
  answer_at (aws, there, "200 OK", IDENTITY);
  assert_identity (client);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  g_assert_true (g_str_has_prefix (fake_aws_get_header (aws, 1, "X-Amz-Date"), prefix));
  g_assert_cmpint (ABS (aws_client_get_clock_offset (client) - skew), <, 5 * G_TIME_SPAN_SECOND);

  /* What was learned stays */
  assert_identity (client);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
}

static void
test_clock (void)
{
  check_clock (20 * G_TIME_SPAN_MINUTE, "RequestTimeTooSkewed");
  check_clock (-20 * G_TIME_SPAN_MINUTE, "SignatureDoesNotMatch");
  check_clock (2 * G_TIME_SPAN_DAY, "InvalidSignatureException");
  check_clock (-2 * G_TIME_SPAN_DAY, "RequestTimeTooSkewed");
}

/* A wrong secret looks alike, but the clocks agree */
static void
test_clock_right (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 403, "x-amzn-RequestId: r",
                   "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>It does not match</Message></Error></ErrorResponse>");
  g_assert_false (dex_await (aws_sts_get_caller_identity (client), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_SIGNATURE);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);
  g_assert_cmpint (aws_client_get_clock_offset (client), ==, 0);
}

static const struct
{
  guint       status;
  const char *headers;
  const char *body;
  AwsError    code;
  const char *code_string;
  const char *message;
  const char *request_id;
} refusals[] = {
  /* query */
  { 403, NULL, "<ErrorResponse xmlns=\"u\"><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>m</Message></Error><RequestId>q</RequestId></ErrorResponse>",
    AWS_ERROR_UNKNOWN_KEY, "InvalidClientTokenId", "m", "q" },
  { 400, NULL, "<ErrorResponse><Error><Code>ValidationError</Code><Message>No updates are to be performed.</Message></Error></ErrorResponse>",
    AWS_ERROR_NO_UPDATE, "ValidationError", "No updates are to be performed.", NULL },
  { 400, NULL, "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error></ErrorResponse>",
    AWS_ERROR_NOT_FOUND, "ValidationError", "Stack with id x does not exist", NULL },
  { 400, NULL, "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack:a is in UPDATE_IN_PROGRESS state and can not be updated.</Message></Error></ErrorResponse>",
    AWS_ERROR_CONFLICT, "ValidationError", NULL, NULL },
  { 400, NULL, "<ErrorResponse><Error><Code>AlreadyExistsException</Code><Message>m</Message></Error></ErrorResponse>",
    AWS_ERROR_ALREADY_EXISTS, "AlreadyExistsException", "m", NULL },
  { 403, NULL, "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>m</Message></Error></ErrorResponse>",
    AWS_ERROR_EXPIRED, "ExpiredToken", "m", NULL },
  /* rest-xml of S3 */
  { 403, "x-amz-request-id: h", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>b</RequestId></Error>",
    AWS_ERROR_ACCESS_DENIED, "AccessDenied", "Access Denied", "h" },
  { 404, NULL, "   \n <?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code><Message>m</Message><RequestId>b</RequestId></Error>",
    AWS_ERROR_NO_SUCH_BUCKET, "NoSuchBucket", "m", "b" },
  { 409, NULL, "<Error><Code>BucketNotEmpty</Code></Error>", AWS_ERROR_NOT_EMPTY, "BucketNotEmpty", "The service answered “BucketNotEmpty”", NULL },
  { 412, NULL, "<Error><Code>PreconditionFailed</Code><Message><![CDATA[a < b]]></Message></Error>",
    AWS_ERROR_PRECONDITION_FAILED, "PreconditionFailed", "a < b", NULL },
  { 412, "x-amz-request-id: h", NULL, AWS_ERROR_PRECONDITION_FAILED, NULL, "The service answered with status 412", "h" },
  { 400, NULL, "<Error><Code>BadDigest</Code><Message>m</Message></Error>", AWS_ERROR_CHECKSUM, "BadDigest", "m", NULL },
  /* rest-xml of CloudFront and Route 53 */
  { 404, NULL, "<ErrorResponse xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Error><Type>Sender</Type><Code>NoSuchDistribution</Code><Message>m</Message></Error><RequestId>c</RequestId></ErrorResponse>",
    AWS_ERROR_NOT_FOUND, "NoSuchDistribution", "m", "c" },
  { 400, NULL, "<InvalidChangeBatch xmlns=\"u\"><Messages><Message>one</Message><Message>two</Message></Messages><RequestId>c</RequestId></InvalidChangeBatch>",
    AWS_ERROR_INVALID, "InvalidChangeBatch", "one two", "c" },
  /* json */
  { 400, "x-amzn-RequestId: j", "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\",\"message\":\"m\"}",
    AWS_ERROR_PRECONDITION_FAILED, "ConditionalCheckFailedException", "m", "j" },
  { 400, NULL, "{\"__type\":\"ResourceNotFoundException:http://internal\",\"Message\":\"m\"}", AWS_ERROR_NOT_FOUND, "ResourceNotFoundException", "m", NULL },
  { 400, NULL, "{\"__type\":\"UnrecognizedClientException\"}", AWS_ERROR_UNKNOWN_KEY, "UnrecognizedClientException", NULL, NULL },
  /* rest-json */
  { 402, "x-amzn-ErrorType: ServiceQuotaExceededException:http://x", "{\"Message\":\"m\"}", AWS_ERROR_LIMIT, "ServiceQuotaExceededException", "m", NULL },
  { 409, "x-amzn-ErrorType: ConflictException", "{\"Message\":\"m\"}", AWS_ERROR_CONFLICT, "ConflictException", "m", NULL },
  { 400, "x-amzn-ErrorType: ValidationException", "{\"Message\":\"The provided ETag is stale\"}", AWS_ERROR_PRECONDITION_FAILED, "ValidationException", NULL, NULL },
  { 400, NULL, "{\"error\":\"invalid_grant\",\"error_description\":\"d\"}", AWS_ERROR_INVALID, "invalid_grant", "d", NULL },
  { 418, NULL, "{\"code\":\"Strange\",\"message\":null}", AWS_ERROR_INVALID, "Strange", "The service answered “Strange”", NULL },
  { 400, "x-amzn-ErrorType: Other", "<ErrorResponse><Error><Code>ValidationError</Code><Message>m</Message></Error></ErrorResponse>",
    AWS_ERROR_INVALID, "ValidationError", "m", NULL },
  { 400, "x-amzn-ErrorType: Other", "<InvalidChangeBatch><Messages><Message>one</Message></Messages></InvalidChangeBatch>",
    AWS_ERROR_INVALID, "InvalidChangeBatch", "one", NULL },
  /* none of the services' */
  { 403, "Content-Type: text/html", "<html><body>Blocked by the office</body></html>", AWS_ERROR_BAD_ANSWER, NULL, NULL, NULL },
  { 404, NULL, "not found", AWS_ERROR_BAD_ANSWER, NULL, NULL, NULL },
  { 400, NULL, "{\"broken\": ", AWS_ERROR_BAD_ANSWER, NULL, NULL, NULL },
  { 400, NULL, "<Error><Code>Cut", AWS_ERROR_BAD_ANSWER, NULL, NULL, NULL },
  { 400, NULL, "<!DOCTYPE a [<!ENTITY b \"c\">]><Error><Code>&b;</Code></Error>", AWS_ERROR_BAD_ANSWER, NULL, NULL, NULL },
  { 400, NULL, "[1, 2]", AWS_ERROR_BAD_ANSWER, NULL, NULL, NULL },
  { 204, NULL, NULL, AWS_ERROR_BAD_ANSWER, NULL, NULL, NULL },
  { 200, NULL, "<html>Sign in to the hotel</html>", AWS_ERROR_BAD_ANSWER, NULL, NULL, NULL },
  { 304, NULL, NULL, AWS_ERROR_FAILED, NULL, NULL, NULL },
};

static void
test_refusals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr(FakeAws) aws = fake_aws_new ();
      g_autoptr(AwsClient) client = fake_aws_new_client (aws);
      g_autoptr(GError) error = NULL;

      g_test_message ("%u %s", refusals[i].status, refusals[i].body);
      fake_aws_answer (aws, refusals[i].status, refusals[i].headers, refusals[i].body);
      g_assert_false (dex_await (aws_sts_get_caller_identity (client), &error));
      g_assert_error (error, AWS_ERROR, (int) refusals[i].code);
      g_assert_cmpstr (aws_error_get_code_string (error), ==, refusals[i].code_string);
      g_assert_cmpstr (aws_error_get_request_id (error), ==, refusals[i].request_id);
      if (refusals[i].message != NULL)
        g_assert_cmpstr (error->message, ==, refusals[i].message);
      g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);
    }
}

static void
test_large_error_page (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GString) page = g_string_new ("<html>");
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GError) error = NULL;

  while (page->len < 10 * MEGABYTE)
    g_string_append (page, "<p>This page is very long and nobody knows why.\n");
  body = g_bytes_new (page->str, page->len);
  fake_aws_answer_bytes (aws, 404, "Content-Type: text/html", body);
  g_assert_false (dex_await (aws_sts_get_caller_identity (client), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER);
  g_assert_cmpuint (strlen (error->message), <, 200);
}

static void
test_deep_nesting (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GString) xml = g_string_new (NULL);

  for (guint i = 0; i < 100000; i++)
    {
      g_string_append (json, "{\"a\":");
      g_string_append (xml, "<a>");
    }
  fake_aws_answer (aws, 400, NULL, json->str);
  fake_aws_answer (aws, 400, NULL, xml->str);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (dex_await (aws_sts_get_caller_identity (client), &error));
      g_assert_error (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER);
    }
}

static void
test_error_in_200 (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;

  /* Tried again if it makes sense, */
  fake_aws_answer (aws, 200, NULL, "  \n<Error><Code>InternalError</Code><Message>m</Message></Error>");
  fake_aws_answer (aws, 200, NULL, "<CopyObjectResult><ETag>\"e\"</ETag><LastModified>2026-01-02T03:04:05.000Z</LastModified></CopyObjectResult>");
  object = dex_await_boxed (aws_s3_copy_object (client, "from", "a b", "to", "c", NULL), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_s3_object_get_etag (object), ==, "\"e\"");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);

  /* and told if not */
  fake_aws_answer (aws, 200, NULL, "<Error><Code>AccessDenied</Code><Message>m</Message></Error>");
  g_assert_false (dex_await (aws_s3_copy_object (client, "from", "a b", "to", "c", NULL), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
}

static gboolean
is_signed_for (FakeAws    *aws,
               guint       index,
               const char *region)
{
  g_autofree char *part = g_strdup_printf ("/%s/s3/aws4_request", region);

  return strstr (fake_aws_get_header (aws, index, "Authorization"), part) != NULL;
}

static void
test_redirect (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 301, "x-amz-bucket-region: us-west-2\nLocation: http://127.0.0.1:1/",
                   "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3.us-west-2.amazonaws.com</Endpoint></Error>");
  fake_aws_answer (aws, 200, "ETag: \"e\"", NULL);
  fake_aws_answer (aws, 200, "ETag: \"e\"", NULL);
  g_assert_true (dex_await (aws_s3_head_object (client, "bucket", "key"), &error));
  g_assert_no_error (error);
  g_assert_true (is_signed_for (aws, 0, FAKE_AWS_REGION));
  g_assert_true (is_signed_for (aws, 1, "us-west-2"));

  /* Where a bucket is, is not forgotten */
  g_assert_true (dex_await (aws_s3_head_object (client, "bucket", "other"), &error));
  g_assert_true (is_signed_for (aws, 2, "us-west-2"));
}

static void
test_redirect_in_body (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 400, NULL, "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'eu-central-1' is wrong; expecting 'eu-west-1'</Message><Region>eu-west-1</Region></Error>");
  g_assert_true (dex_await (aws_s3_get_object (client, "bucket", "key"), &error));
  g_assert_no_error (error);
  g_assert_true (is_signed_for (aws, 1, "eu-west-1"));
}

static void
test_redirect_once (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 301, "x-amz-bucket-region: us-west-2", NULL);
  fake_aws_answer (aws, 301, "x-amz-bucket-region: us-west-1", NULL);
  g_assert_false (dex_await (aws_s3_head_object (client, "bucket", "key"), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_WRONG_REGION);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);

  /* What is no region is not believed */
  g_clear_error (&error);
  fake_aws_answer (aws, 301, "x-amz-bucket-region: evil.example/", NULL);
  g_assert_false (dex_await (aws_s3_head_object (client, "other", "key"), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_WRONG_REGION);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
}

/* Credentials that end, and others when they are asked for again */

#define TYPE_RENEWING (renewing_get_type ())
G_DECLARE_FINAL_TYPE (Renewing, renewing, TEST, RENEWING, GObject)

struct _Renewing
{
  GObject  parent_instance;
  guint    n_rejected;
};

static DexFuture *
renewing_load (AwsCredentialsProvider *provider)
{
  g_autofree char *token = g_strdup_printf ("token-%u", TEST_RENEWING (provider)->n_rejected);

  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, aws_credentials_new (FAKE_AWS_KEY, FAKE_AWS_SECRET, token, NULL));
}

static gboolean
renewing_reject (AwsCredentialsProvider *provider,
                 AwsCredentials         *credentials)
{
  TEST_RENEWING (provider)->n_rejected++;

  return TRUE;
}

static void
renewing_iface_init (AwsCredentialsProviderInterface *iface)
{
  iface->load = renewing_load;
  iface->reject = renewing_reject;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Renewing, renewing, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AWS_TYPE_CREDENTIALS_PROVIDER, renewing_iface_init))

static void
renewing_class_init (RenewingClass *klass)
{
}

static void
renewing_init (Renewing *self)
{
}

static void
test_expired (void)
{
  static const char expired[] = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>m</Message></Error></ErrorResponse>";
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsCredentialsProvider) provider = g_object_new (TYPE_RENEWING, NULL);
  g_autoptr(AwsClient) renewing = aws_client_copy (client, provider, NULL);
  g_autoptr(GError) error = NULL;

  /* Nothing to be done: said at once */
  fake_aws_answer (aws, 403, NULL, expired);
  g_assert_false (dex_await (aws_sts_get_caller_identity (client), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_EXPIRED);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);
  g_clear_error (&error);

  /* Renewed once */
  fake_aws_answer (aws, 403, NULL, expired);
  fake_aws_answer (aws, 200, NULL, IDENTITY);
  assert_identity (renewing);
  g_assert_cmpstr (fake_aws_get_header (aws, 1, "X-Amz-Security-Token"), ==, "token-0");
  g_assert_cmpstr (fake_aws_get_header (aws, 2, "X-Amz-Security-Token"), ==, "token-1");

  /* and not for ever */
  fake_aws_answer (aws, 403, NULL, expired);
  fake_aws_answer (aws, 403, NULL, expired);
  g_assert_false (dex_await (aws_sts_get_caller_identity (renewing), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_EXPIRED);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 5);
}

static void
test_unreachable (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GError) error = NULL;

  aws_client_set_endpoint (client, NULL, "http://127.0.0.1:9");
  g_assert_false (dex_await (aws_sts_get_caller_identity (client), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_UNREACHABLE);
  g_assert_cmpuint (aws_client_get_request_count (client), ==, 3);
  g_assert_true (aws_error_is_retryable (error));
}

static void
test_timeout (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GError) error = NULL;

  aws_client_set_timeout (client, 1);
  for (guint i = 0; i < 3; i++)
    fake_aws_hang (aws);
  g_assert_false (dex_await (aws_sts_get_caller_identity (client), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_TIMED_OUT);
}

static void
test_cancelled (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(DexFuture) future = NULL;

  /* before anything was sent, */
  future = aws_sts_get_caller_identity (client);
  dex_clear (&future);
  pause_msec (20);

  /* and while the answer is waited for */
  fake_aws_hang (aws);
  future = aws_sts_get_caller_identity (client);
  while (fake_aws_get_n_requests (aws) == 0)
    pause_msec (10);
  dex_clear (&future);
  pause_msec (50);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);

  fake_aws_assert_gone (g_steal_pointer (&client));
}

static void
test_cancelled_while_pausing (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(DexFuture) future = NULL;

  fake_aws_answer (aws, 503, "x-amz-retry-after: 5000", SLOW_DOWN);
  future = aws_s3_head_object (client, "bucket", "key");
  while (fake_aws_get_n_requests (aws) == 0)
    pause_msec (10);
  g_assert_true (dex_future_is_pending (future));
  dex_clear (&future);

  fake_aws_assert_gone (g_steal_pointer (&client));
}

/* Many at once, all let go at the same time */
static void
test_cancelled_many (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  g_autoptr(GBytes) body = g_bytes_new_take (g_malloc0 (100000), 100000);

  for (guint i = 0; i < 64; i++)
    g_ptr_array_add (futures, aws_s3_put_object (client, "bucket", "key", body, NULL));
  while (fake_aws_get_n_requests (aws) < 20)
    pause_msec (1);
  g_ptr_array_set_size (futures, 0);

  fake_aws_assert_gone (g_steal_pointer (&client));
}

static void
test_reuse (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  for (guint i = 0; i < 20; i++)
    fake_aws_answer (aws, 200, NULL, IDENTITY);
  for (guint i = 0; i < 20; i++)
    assert_identity (client);
  g_assert_cmpuint (fake_aws_get_n_connections (aws), ==, 1);
}

typedef struct
{
  AwsClient *client;
  GBytes    *body;
  guint      left;
  guint      n_good;
} Stream;

static DexFuture *
put_next (DexFuture *completed,
          gpointer   user_data)
{
  Stream *stream = user_data;
  g_autofree char *key = NULL;

  if (completed != NULL && dex_future_is_resolved (completed))
    stream->n_good++;
  if (stream->left == 0)
    return NULL;

  key = g_strdup_printf ("key-%u", --stream->left);

  return aws_s3_put_object (stream->client, "bucket", key, stream->body, NULL);
}

/* Connections that are closed as soon as they were used, with or without an answer, while others are underway */
static void
test_closed_behind (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  g_autoptr(GBytes) body = g_bytes_new_take (g_malloc0 (3000), 3000);
  Stream stream = { client, body, 600, 0 };

  for (guint i = 0; i < 900; i++)
    {
      if (i % 5 == 0)
        fake_aws_answer_raw (aws, "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n");
      else if (i % 13 == 0)
        fake_aws_answer_raw (aws, "");
      else
        fake_aws_answer (aws, 200, "ETag: \"e\"", NULL);
    }
  for (guint i = 0; i < 16; i++)
    g_ptr_array_add (futures, dex_future_finally_loop (put_next (NULL, &stream), put_next, &stream, NULL));
  dex_await (dex_future_allv ((DexFuture * const *) futures->pdata, futures->len), NULL);
  g_assert_cmpuint (stream.n_good, ==, 600);
}

static void
test_endpoint (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autofree char *url = g_strconcat (fake_aws_get_endpoint (aws), "/under/here/", NULL);
  g_autoptr(GError) error = NULL;

  aws_client_set_endpoint (client, "s3", url);
  g_assert_true (dex_await (aws_s3_head_object (client, "bucket", "a/b"), &error));
  g_assert_cmpstr (fake_aws_get_path (aws, 0), ==, "/under/here/bucket/a/b");
  g_assert_true (dex_await (aws_s3_head_bucket (client, "bucket"), &error));
  g_assert_cmpstr (fake_aws_get_path (aws, 1), ==, "/under/here/bucket");

  aws_client_set_endpoint (client, "s3", "not an address");
  g_assert_false (dex_await (aws_s3_head_object (client, "bucket", "a/b"), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_INVALID);
}

static void
test_endpoint_from_environment (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  g_setenv ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", TRUE);
  g_setenv ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:2", TRUE);
  g_setenv ("AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE", "http://127.0.0.1:3", TRUE);
  aws_client_set_endpoint (client, NULL, NULL);
  aws_client_set_environment_endpoints (client);
  g_assert_cmpstr (aws_client_get_endpoint (client, "s3"), ==, "http://127.0.0.1:2");
  g_assert_cmpstr (aws_client_get_endpoint (client, "cloudfront-keyvaluestore"), ==, "http://127.0.0.1:3");
  g_assert_cmpstr (aws_client_get_endpoint (client, "sts"), ==, "http://127.0.0.1:1");

  g_setenv ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true", TRUE);
  aws_client_set_endpoint (client, NULL, NULL);
  aws_client_set_endpoint (client, "s3", NULL);
  aws_client_set_environment_endpoints (client);
  g_assert_null (aws_client_get_endpoint (client, "s3"));
  g_assert_null (aws_client_get_endpoint (client, "sts"));

  g_unsetenv ("AWS_ENDPOINT_URL");
  g_unsetenv ("AWS_ENDPOINT_URL_S3");
  g_unsetenv ("AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE");
  g_unsetenv ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
}

static void
test_copy_counts_for_itself (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsClient) copy = aws_client_copy (client, NULL, "us-west-2");

  g_assert_true (dex_await (aws_s3_head_object (copy, "bucket", "key"), NULL));
  g_assert_true (is_signed_for (aws, 0, "us-west-2"));
  g_assert_cmpuint (aws_client_get_request_count (copy), ==, 1);
  g_assert_cmpuint (aws_client_get_request_count (client), ==, 0);
}

/* Whatever is logged, secrets are not in it */

static GString *logged;

static GLogWriterOutput
remember_log (GLogLevelFlags   level,
              const GLogField *fields,
              gsize            n_fields,
              gpointer         user_data)
{
  g_autofree char *line = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  if (logged != NULL)
    g_string_append_printf (logged, "%s\n", line);

  return level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO | G_LOG_LEVEL_MESSAGE)
         ? G_LOG_WRITER_HANDLED
         : g_log_writer_standard_streams (level, fields, n_fields, user_data);
}

static void
test_secrets_not_logged (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GString) log = g_string_new (NULL);
  const char *authorization;

  logged = log;
  fake_aws_answer (aws, 403, NULL, "<Error><Code>SignatureDoesNotMatch</Code><Message>m</Message><StringToSign>s</StringToSign></Error>");
  fake_aws_answer (aws, 502, NULL, "<html>gateway</html>");
  fake_aws_answer (aws, 404, NULL, "{}");
  g_assert_false (dex_await (aws_sts_get_caller_identity (client), NULL));
  g_assert_false (dex_await (aws_sts_get_caller_identity (client), NULL));
  authorization = fake_aws_get_header (aws, 0, "Authorization");
  g_assert_nonnull (strstr (log->str, "SignatureDoesNotMatch"));
  g_assert_null (strstr (log->str, FAKE_AWS_SECRET));
  g_assert_null (strstr (log->str, "session-token"));
  g_assert_null (strstr (log->str, g_strrstr (authorization, "Signature=") + strlen ("Signature=")));
  logged = NULL;
}

int
main (int    argc,
      char **argv)
{
  g_log_set_writer_func (remember_log, NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/client/retry/server-error", test_retry_server_error);
  test_add_fiber ("/client/retry/throttled", test_retry_throttled);
  test_add_fiber ("/client/retry/cut", test_retry_cut);
  test_add_fiber ("/client/retry/gives-up", test_retry_gives_up);
  test_add_fiber ("/client/retry/not-for-refusals", test_retry_not_for_refusals);
  test_add_fiber ("/client/retry/budget", test_retry_budget);
  test_add_fiber ("/client/clock/corrected", test_clock);
  test_add_fiber ("/client/clock/right", test_clock_right);
  test_add_fiber ("/client/refusals", test_refusals);
  test_add_fiber ("/client/large-error-page", test_large_error_page);
  test_add_fiber ("/client/deep-nesting", test_deep_nesting);
  test_add_fiber ("/client/error-in-200", test_error_in_200);
  test_add_fiber ("/client/redirect/header", test_redirect);
  test_add_fiber ("/client/redirect/body", test_redirect_in_body);
  test_add_fiber ("/client/redirect/once", test_redirect_once);
  test_add_fiber ("/client/expired", test_expired);
  test_add_fiber ("/client/unreachable", test_unreachable);
  test_add_fiber ("/client/timeout", test_timeout);
  test_add_fiber ("/client/cancelled/waiting", test_cancelled);
  test_add_fiber ("/client/cancelled/pausing", test_cancelled_while_pausing);
  test_add_fiber ("/client/cancelled/many", test_cancelled_many);
  test_add_fiber ("/client/reuse", test_reuse);
  test_add_fiber ("/client/closed-behind", test_closed_behind);
  test_add_fiber ("/client/endpoint/path", test_endpoint);
  test_add_fiber ("/client/endpoint/environment", test_endpoint_from_environment);
  test_add_fiber ("/client/copy", test_copy_counts_for_itself);
  test_add_fiber ("/client/secrets-not-logged", test_secrets_not_logged);

  return g_test_run ();
}
