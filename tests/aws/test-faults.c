/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Everything that can come back instead of an answer, and everything that can be wrong before one is asked for. Each call
 * ends: with what was stored, or with the right error. */

#include <string.h>

#include "aws-error.h"
#include "aws-operation.h"
#include "aws-s3.h"
#include "raw-server.h"
#include "test-util.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TOKEN  "IQoJb3JpZ2luX2VjEXAMPLETOKEN=="

#define XML "Content-Type: text/xml\r\n"
#define JSON "Content-Type: application/x-amz-json-1.0\r\n"

typedef struct
{
  const char *name;             /* "service.Operation", or one of S3 */
  const char *input;
  const char *headers;
  const char *body;
} Call;

static const Call calls[] = {
  { "sts.GetCallerIdentity", "{}", XML,
    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>a</Arn>"
    "<UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>" },
  { "sts.AssumeRole", "{\"RoleArn\": \"arn:aws:iam::123456789012:role/r\", \"RoleSessionName\": \"s\"}", XML,
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
    "<SessionToken>t</SessionToken><Expiration>2026-01-02T03:04:05Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>" },
  { "dynamodb.GetItem", "{\"TableName\": \"t\", \"Key\": {\"pk\": {\"S\": \"a\"}}}", JSON,
    "{\"Item\": {\"pk\": {\"S\": \"a\"}, \"n\": {\"N\": \"12\"}, \"l\": {\"L\": [{\"S\": \"\\u00fc\"}]}}}" },
  { "acm.DescribeCertificate", "{\"CertificateArn\": \"arn:aws:acm:us-east-1:1:certificate/a\"}", JSON,
    "{\"Certificate\": {\"CertificateArn\": \"a\", \"Status\": \"ISSUED\", \"NotAfter\": 1767323045.5}}" },
  { "sesv2.GetEmailIdentity", "{\"EmailIdentity\": \"a@example.org\"}", "x-amzn-RequestId: r\r\n",
    "{\"IdentityType\": \"EMAIL_ADDRESS\", \"VerifiedForSendingStatus\": true}" },
  { "cloudfront.GetInvalidation", "{\"DistributionId\": \"E1\", \"Id\": \"I1\"}", XML,
    "<Invalidation><Id>I1</Id><Status>Completed</Status><CreateTime>2026-01-02T03:04:05Z</CreateTime><InvalidationBatch><Paths>"
    "<Quantity>1</Quantity><Items><Path>/*</Path></Items></Paths><CallerReference>c</CallerReference></InvalidationBatch></Invalidation>" },
  { "get", NULL, "ETag: \"e\"\r\n", "what is stored" },
  { "put", NULL, "ETag: \"e\"\r\n", "" },
  { "copy", NULL, XML, "<CopyObjectResult><ETag>&quot;e&quot;</ETag></CopyObjectResult>" },
  { "list", NULL, XML,
    "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>a+b</Key><Size>1</Size></Contents>"
    "<IsTruncated>false</IsTruncated></ListBucketResult>" },
};

static AwsClient *
new_client (RawServer *server)
{
  g_autoptr(AwsCredentials) credentials = aws_credentials_new ("AKIDEXAMPLE", SECRET, TOKEN, NULL);
  g_autoptr(AwsCredentialsProvider) provider = aws_static_credentials_new (credentials);
  AwsClient *client = aws_client_new (provider, "eu-central-1");

  aws_client_set_endpoint (client, NULL, raw_server_get_endpoint (server));

  return client;
}

static char *
run_s3 (const char  *name,
        AwsClient   *client,
        GError     **error)
{
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(AwsS3Listing) listing = NULL;
  g_autoptr(GBytes) body = g_bytes_new_static ("body", 4);
  gsize length;
  const char *text;

  if (g_str_equal (name, "list"))
    {
      listing = dex_await_boxed (aws_s3_list_objects (client, "bucket", NULL, NULL), error);
      if (listing == NULL)
        return NULL;
      if (aws_s3_listing_get_objects (listing)->len != 1)
        return g_strdup_printf ("%u objects", aws_s3_listing_get_objects (listing)->len);
      return g_strdup (aws_s3_object_get_key (g_ptr_array_index (aws_s3_listing_get_objects (listing), 0)));
    }

  if (g_str_equal (name, "get"))
    object = dex_await_boxed (aws_s3_get_object (client, "bucket", "key"), error);
  else if (g_str_equal (name, "put"))
    object = dex_await_boxed (aws_s3_put_object (client, "bucket", "key", body, NULL), error);
  else
    object = dex_await_boxed (aws_s3_copy_object (client, "bucket", "from", "bucket", "key", NULL), error);
  if (object == NULL)
    return NULL;

  text = aws_s3_object_get_body (object) != NULL ? g_bytes_get_data (aws_s3_object_get_body (object), &length) : NULL;

  return g_strdup_printf ("%s %.*s", aws_s3_object_get_etag (object), text != NULL ? (int) length : 0, text != NULL ? text : "");
}

/* What came of a call, as a text; NULL with an error if it failed. */
static char *
run_call (const Call  *call,
          AwsClient   *client,
          GError     **error)
{
  g_auto(GStrv) parts = g_strsplit (call->name, ".", 2);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) text = NULL;
  g_autoptr(JsonObject) output = NULL;
  const AwsOperation *operation;

  if (parts[1] == NULL)
    return run_s3 (call->name, client, error);

  operation = aws_operation_find (parts[0], parts[1]);
  g_assert_nonnull (operation);
  bytes = g_bytes_new_static (call->input, strlen (call->input));
  output = dex_await_boxed (aws_operation_call (operation, client, aws_json_load_object (bytes, NULL)), error);
  if (output == NULL)
    return NULL;

  text = aws_json_object_to_bytes (output);

  return g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
}

/* Errors are ours, have a sentence, and tell nobody the secret */
static void
assert_is_error (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == AWS_ERROR);
  g_assert_true (*error->message != '\0' && g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, 4096);
  g_assert_null (strstr (error->message, SECRET));
  g_assert_null (strstr (error->message, TOKEN));
}

static void
answer_text (RawServer  *server,
             const char *text)
{
  raw_server_answer (server, text, strlen (text), FALSE);
}

static void
answer_with (RawServer  *server,
             guint       status,
             const char *headers,
             const char *body)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %u Reason\r\nConnection: close\r\n%sContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                                           status, headers, strlen (body), body);

  answer_text (server, text);
}

/* No piece of an answer is taken for the whole of it, wherever it was cut off */
static void
test_cut_anywhere (void)
{
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *text = NULL;
      gsize length;

      text = g_strdup_printf ("HTTP/1.1 200 OK\r\nConnection: close\r\n%sContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                              calls[i].headers, strlen (calls[i].body), calls[i].body);
      length = strlen (text);
      for (gsize cut = 0; cut <= length; cut++)
        {
          g_autoptr(GError) error = NULL;
          g_autofree char *result = NULL;

          raw_server_answer (server, text, cut, FALSE);
          result = run_call (&calls[i], client, &error);
          if (cut == length)
            {
              g_assert_no_error (error);
              continue;
            }

          /* Without a body, nothing is lost when only the empty line behind the headers is */
          if (*calls[i].body == '\0' && cut >= length - 2)
            continue;
          if (result != NULL)
            g_test_message ("%s cut at %" G_GSIZE_FORMAT ": %s", calls[i].name, cut, result);
          g_assert_null (result);
          assert_is_error (error);
          g_assert_true (error->code == AWS_ERROR_UNREACHABLE || error->code == AWS_ERROR_BAD_ANSWER);
        }
    }
}

/* In pieces, as large answers come: what is taken for an answer is all of it */
static void
test_cut_in_chunks (void)
{
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr(GString) text = g_string_new ("HTTP/1.1 200 OK\r\nConnection: close\r\n");
      g_autofree char *whole = NULL;
      gsize body;

      g_string_append_printf (text, "%sTransfer-Encoding: chunked\r\n\r\n", calls[i].headers);
      body = text->len;
      for (const char *at = calls[i].body; *at != '\0'; at += MIN (strlen (at), 19))
        g_string_append_printf (text, "%zx\r\n%.19s\r\n", MIN (strlen (at), 19), at);
      g_string_append (text, "0\r\n\r\n");

      raw_server_answer (server, text->str, text->len, FALSE);
      whole = run_call (&calls[i], client, NULL);
      g_assert_nonnull (whole);

      for (gsize cut = body; cut < text->len; cut++)
        {
          g_autoptr(GError) error = NULL;
          g_autofree char *result = NULL;

          raw_server_answer (server, text->str, cut, FALSE);
          result = run_call (&calls[i], client, &error);
          if (result != NULL)
            g_assert_cmpstr (result, ==, whole);
          else
            assert_is_error (error);
          if (cut < text->len - strlen ("0\r\n\r\n"))
            g_assert_null (result);
        }
    }
}

/* Texts that are no answer to anything, with a status of success */
static void
test_wrong_bodies (void)
{
  static const char * const bodies[] = {
    "<!DOCTYPE html><html><body><h1>Welcome</h1><p>Please sign in to the Wi-Fi<br></body></html>",
    "<html><head><meta http-equiv=refresh content=0></head></html>",
    "Bad gateway", "\xff\xfe\x00", "%PDF-1.7", "\x1f\x8b\x08", "<", "{", "[", "\"", "{\"a\":", "<a>", "<a></b>", "]", "null null",
    "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
  };
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (bodies); j++)
        {
          g_autoptr(GError) error = NULL;
          g_autofree char *result = NULL;

          answer_with (server, 200, "Content-Type: text/html\r\n", bodies[j]);
          result = run_call (&calls[i], client, &error);

          /* Objects may hold anything, and what comes back from storing one is of no matter */
          if (g_str_equal (calls[i].name, "get") || g_str_equal (calls[i].name, "put"))
            {
              g_assert_no_error (error);
              continue;
            }
          if (result != NULL)
            g_test_message ("%s with “%s”: %s", calls[i].name, bodies[j], result);
          g_assert_null (result);
          assert_is_error (error);
          g_assert_cmpint (error->code, ==, AWS_ERROR_BAD_ANSWER);
        }
    }
}

/* Documents that are well formed, but not what was asked for: any end is good that is one */
static void
test_odd_documents (void)
{
  static const char * const bodies[] = {
    "{}", "[]", "null", "true", "1e999", "\"text\"", "<a/>", "<a xmlns='b'><c/></a>", "{\"Item\": 1}", "{\"Item\": [{}]}",
    "{\"Item\": {\"pk\": {\"S\": 1}}, \"Item\": {\"pk\": {\"S\": \"b\"}}}",
    "{\"Certificate\": [], \"Certificate\": {\"Status\": {\"a\": []}}}", "{\"Certificate\": {\"NotAfter\": \"never\"}}",
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account><a>1</a></Account><Account>2</Account></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>",
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
    "<ListBucketResult><Contents/><Contents><Key>%zz%</Key><Size>-1</Size><LastModified>soon</LastModified></Contents></ListBucketResult>",
    "<DescribeStacksResponse><DescribeStacksResult><Stacks><member/><other/></Stacks><Stacks><member><CreationTime>x</CreationTime>"
    "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>",
  };
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (bodies); j++)
        {
          g_autoptr(GError) error = NULL;
          g_autofree char *result = NULL;

          answer_with (server, 200, "Content-Type: application/json\r\n", bodies[j]);
          result = run_call (&calls[i], client, &error);
          if (result == NULL)
            assert_is_error (error);
        }
    }
}

static char *
repeat (const char *text,
        guint       times)
{
  GString *string = g_string_sized_new (strlen (text) * times);

  for (guint i = 0; i < times; i++)
    g_string_append (string, text);

  return g_string_free (string, FALSE);
}

/* Large and deep ones, with any status */
static void
test_large_and_deep (void)
{
  static const guint statuses[] = { 200, 403, 404, 503 };
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);
  char *bodies[] = {
    repeat ("<p>This page is long.</p>\n", 10 * 1024 * 1024 / 26),
    repeat ("<a>", 50000),
    repeat ("[", 50000),
    repeat ("{\"a\":", 50000),
    repeat ("{\"a\":\"", 50000),
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      /* The ten megabytes with one reader of XML and one of JSON are enough */
      for (guint j = i == 0 || i == 2 ? 0 : 1; j < G_N_ELEMENTS (bodies); j++)
        {
          for (guint k = 0; k < G_N_ELEMENTS (statuses); k++)
            {
              g_autoptr(GError) error = NULL;
              g_autofree char *result = NULL;

              answer_with (server, statuses[k], "", bodies[j]);
              result = run_call (&calls[i], client, &error);
              if (statuses[k] == 200 && (g_str_equal (calls[i].name, "get") || g_str_equal (calls[i].name, "put")))
                continue;
              g_assert_null (result);
              assert_is_error (error);
              g_assert_cmpint (error->code, ==, AWS_ERROR_BAD_ANSWER);
            }
        }
    }

  for (guint j = 0; j < G_N_ELEMENTS (bodies); j++)
    g_free (bodies[j]);
}

/* HTTP itself gone wrong */
static void
test_odd_framing (void)
{
  enum { BAD, GOOD, EITHER };
  static const struct
  {
    const char *text;
    int         end;
  } answers[] = {
    { "", BAD },
    { "\r\n\r\n", BAD },
    { "hello\n", BAD },
    { "HTTP/1.1\r\n\r\n", BAD },
    { "HTTP/1.1 abc OK\r\n\r\n", BAD },
    { "HTTP/1.1 99999 OK\r\nContent-Length: 2\r\n\r\n{}", BAD },
    { "HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}", BAD },
    { "SSH-2.0-OpenSSH_9.9\r\n", BAD },
    { "\x15\x03\x01\x00\x02\x02\x46", BAD },
    { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nwhat is stored", GOOD },
    { "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nwhat is stored", BAD },
    { "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nwhat is stored", BAD },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ne\r\nwhat is stored\r\n0\r\n\r\n", GOOD },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ne;x=y\r\nwhat is stored\r\n0\r\nTrailer: x\r\n\r\n", GOOD },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhat is stored", BAD },
    /* libsoup takes this for the last one */
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nwhat is stored\r\n0\r\n\r\n", EITHER },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1e\r\nwhat is stored\r\n0\r\n\r\n", BAD },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ne\r\nwhat is stored", BAD },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\ne\r\nwhat is stored\r\n0\r\n\r\n", GOOD },
  };
  const Call get = { "get" };
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *result = NULL;

      answer_text (server, answers[i].text);
      result = run_call (&get, client, &error);
      g_test_message ("%u: %s", i, result != NULL ? result : error->message);
      if (answers[i].end == GOOD)
        g_assert_true (result != NULL && g_str_has_suffix (result, "what is stored"));
      else if (answers[i].end == BAD)
        g_assert_null (result);
      if (result == NULL)
        assert_is_error (error);
    }
}

/* What a header can hold that has no business there; none of it may crash, and none may be taken for something else */
static void
test_odd_headers (void)
{
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);
  g_autofree char *long_header = repeat ("x", 100 * 1024);
  g_autofree char *many_headers = repeat ("X-A: b\r\n", 5000);
  g_autofree char *long_line = g_strconcat ("X-Long: ", long_header, "\r\n", NULL);
  const char *headers[] = {
    "Date: yesterday\r\n", "Date: Fri, 31 Dec 9999 23:59:59 GMT\r\n", "Date: \xff\r\n", "ETag:\r\n", "ETag: \xff\xfe\r\n",
    "x-amzn-errortype: \xff#\xff:\r\n", "x-amz-crc32: 12\r\n", "x-amz-crc32: many\r\n", "Retry-After: -1\r\n", "Set-Cookie: a=b\r\n",
    "x-amz-bucket-region: ../../etc\r\n", "Content-Encoding: gzip\r\n", "Content-Type: \r\n", "WWW-Authenticate: Basic realm=\"x\"\r\n",
    "Last-Modified: soon\r\n", "Alt-Svc: h3=\":443\"\r\n", "Upgrade: h2c\r\n", "Strict-Transport-Security: max-age=1\r\n",
    long_line, many_headers,
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (calls); j++)
        {
          for (guint status = 200; status <= 400; status += 200)
            {
              g_autoptr(GError) error = NULL;
              g_autofree char *result = NULL;

              answer_with (server, status, headers[i], calls[j].body);
              result = run_call (&calls[j], client, &error);
              if (result == NULL)
                assert_is_error (error);
              if (status == 400)
                g_assert_null (result);
            }
        }
    }
}

typedef struct
{
  guint       status;
  const char *body;
  AwsError    code;
} Refusal;

/* Each protocol's way to say what is wrong, through the call that a person makes */
static void
test_refusals (void)
{
  static const Refusal refusals[] = {
    { 403, "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>", AWS_ERROR_EXPIRED },
    { 400, "<Error><Code>ExpiredToken</Code><Message>m</Message></Error>", AWS_ERROR_EXPIRED },
    { 400, "{\"__type\": \"com.amazon.coral.service#ExpiredTokenException\", \"message\": \"m\"}", AWS_ERROR_EXPIRED },
    { 403, "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>m</Message></Error></ErrorResponse>", AWS_ERROR_UNKNOWN_KEY },
    { 403, "<Error><Code>InvalidAccessKeyId</Code></Error>", AWS_ERROR_UNKNOWN_KEY },
    { 400, "<Error><Code>InvalidToken</Code></Error>", AWS_ERROR_UNKNOWN_KEY },
    { 400, "{\"__type\": \"UnrecognizedClientException\", \"message\": \"m\"}", AWS_ERROR_UNKNOWN_KEY },
    { 403, "{\"Message\": \"User: a is not authorized\", \"Code\": \"AccessDeniedException\"}", AWS_ERROR_ACCESS_DENIED },
    { 403, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>The Canonical String for this request should have been "
           "'x-amz-security-token:" TOKEN "' " SECRET "</Message></Error></ErrorResponse>", AWS_ERROR_SIGNATURE },
    { 403, "", AWS_ERROR_ACCESS_DENIED },
    { 404, "", AWS_ERROR_NOT_FOUND },
    { 412, "", AWS_ERROR_PRECONDITION_FAILED },
    { 500, "", AWS_ERROR_SERVER },
    { 503, "<html><body>Service Unavailable</body></html>", AWS_ERROR_BAD_ANSWER },
    { 407, "<html><body>Proxy Authentication Required</body></html>", AWS_ERROR_BAD_ANSWER },
    { 511, "<html><body>Sign in</body></html>", AWS_ERROR_BAD_ANSWER },
    { 302, "<html><body>Moved</body></html>", AWS_ERROR_BAD_ANSWER },
    { 204, "", AWS_ERROR_BAD_ANSWER },
  };

  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (calls); j++)
        {
          g_autoptr(GError) error = NULL;
          g_autofree char *result = NULL;

          answer_with (server, refusals[i].status, "", refusals[i].body);
          result = run_call (&calls[j], client, &error);
          if (refusals[i].status == 204)
            continue;
          g_assert_null (result);
          assert_is_error (error);
          if (error->code != (int) refusals[i].code)
            g_test_message ("%s: %u %s", calls[j].name, refusals[i].status, refusals[i].body);
          g_assert_error (error, AWS_ERROR, (int) refusals[i].code);
        }
    }
}

/* A busy service: retries while there are tokens for them, then none, so that nobody makes it worse */
static void
test_storm (void)
{
  const Call call = calls[0];
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);
  guint n_requests = 0;

  answer_with (server, 503, "", "<ErrorResponse><Error><Code>ServiceUnavailable</Code></Error></ErrorResponse>");
  for (guint i = 0; i < 60; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *result = run_call (&call, client, &error);

      g_assert_null (result);
      g_assert_error (error, AWS_ERROR, AWS_ERROR_SERVER);
      g_assert_true (aws_error_is_retryable (error));
      n_requests = aws_client_get_request_count (client);
    }

  /* 500 tokens, 14 for each */
  g_assert_cmpuint (n_requests, ==, 60 + 500 / 14);
}

/* Nobody who answers with another address gets a signed request there */
static void
test_redirects (void)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(RawServer) evil = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);
  g_autofree char *headers = NULL;

  answer_with (evil, 200, "", calls[0].body);
  headers = g_strdup_printf ("Location: %s/bucket/key\r\nx-amz-bucket-region: evil.example.org/\r\n", raw_server_get_endpoint (evil));
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (calls); j++)
        {
          g_autoptr(GError) error = NULL;
          g_autofree char *result = NULL;
          g_autofree char *body = NULL;

          body = g_strdup_printf ("<Error><Code>PermanentRedirect</Code><Message>m</Message><Endpoint>%s</Endpoint><Region>x@y</Region></Error>",
                                  raw_server_get_endpoint (evil));
          answer_with (server, statuses[i], headers, body);
          result = run_call (&calls[j], client, &error);
          g_assert_null (result);
          g_assert_error (error, AWS_ERROR, AWS_ERROR_WRONG_REGION);
        }
    }
  g_assert_cmpuint (raw_server_get_n_connections (evil), ==, 0);
}

/* 301 and 307 of S3: once more, signed for the region that it names, at the address that was set */
static void
test_other_region (void)
{
  static const guint statuses[] = { 301, 307 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(RawServer) server = raw_server_new ();
      g_autoptr(AwsClient) client = new_client (server);
      const Call get = { "get" };
      g_autoptr(GError) error = NULL;
      g_autofree char *result = NULL;
      g_autofree char *request = NULL;

      answer_with (server, statuses[i], "x-amz-bucket-region: eu-west-3\r\n",
                   "<Error><Code>TemporaryRedirect</Code><Message>m</Message></Error>");
      result = run_call (&get, client, &error);
      g_assert_null (result);
      g_assert_error (error, AWS_ERROR, AWS_ERROR_WRONG_REGION);
      g_assert_cmpuint (aws_client_get_request_count (client), ==, 2);
      request = raw_server_dup_request (server);
      g_assert_nonnull (strstr (request, "/eu-west-3/s3/aws4_request"));
    }
}

/* Clocks that differ: found out by the first refusal, and right from then on */
static void
test_clocks (void)
{
  static const int minutes[] = { 20, -20, 2 * 24 * 60, -2 * 24 * 60 };
  static const char * const bodies[] = {
    "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>",
    "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired: a is now earlier than b</Message></Error></ErrorResponse>",
    "{\"__type\": \"InvalidSignatureException\", \"message\": \"Signature not yet current\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (bodies); j++)
        {
          g_autoptr(RawServer) server = raw_server_new ();
          g_autoptr(AwsClient) client = new_client (server);
          g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
          g_autoptr(GDateTime) theirs = g_date_time_add_minutes (now, minutes[i]);
          g_autofree char *date = g_date_time_format (theirs, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n");
          g_autofree char *stamp = g_date_time_format (theirs, "X-Amz-Date: %Y%m%dT");
          g_autofree char *request = NULL;
          g_autofree char *result = NULL;
          g_autoptr(GError) error = NULL;
          GTimeSpan offset;

          answer_with (server, 403, date, bodies[j]);
          result = run_call (&calls[0], client, &error);
          g_assert_null (result);
          g_assert_cmpuint (aws_client_get_request_count (client), ==, 2);
          request = raw_server_dup_request (server);
          g_assert_nonnull (strstr (request, stamp));
          offset = aws_client_get_clock_offset (client) / G_TIME_SPAN_SECOND - minutes[i] * 60;
          g_assert_cmpint (ABS (offset), <, 120);
        }
    }
}

static void
assert_unreachable (AwsClient *client,
                    AwsError   code)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i += 3)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *result = run_call (&calls[i], client, &error);

      g_assert_null (result);
      assert_is_error (error);
      g_assert_error (error, AWS_ERROR, (int) code);
    }
}

/* One attempt, for what takes long */
static void
assert_one_fails (AwsClient *client,
                  AwsError   code)
{
  g_autoptr(AwsRequest) request = aws_request_new ("s3", NULL, "GET", "/key");
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;

  aws_request_set_bucket (request, "bucket");
  aws_request_set_attempts (request, 1);
  response = dex_await_boxed (aws_client_send (client, request), &error);
  g_assert_null (response);
  assert_is_error (error);
  g_assert_error (error, AWS_ERROR, (int) code);
}

/* Something listens, but it does not speak TLS: it hangs up, or waits for more */
static void
test_no_tls (void)
{
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);
  g_autofree char *endpoint = g_strconcat ("https", raw_server_get_endpoint (server) + strlen ("http"), NULL);

  aws_client_set_endpoint (client, NULL, endpoint);
  aws_client_set_timeout (client, 1);
  assert_one_fails (client, AWS_ERROR_TIMED_OUT);
  raw_server_hang_up (server);
  assert_unreachable (client, AWS_ERROR_UNREACHABLE);
}

static void
test_silence (void)
{
  static const char * const beginnings[] = { "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<a>" };
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);

  aws_client_set_timeout (client, 1);
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      raw_server_answer (server, beginnings[i], strlen (beginnings[i]), TRUE);
      assert_one_fails (client, AWS_ERROR_TIMED_OUT);
    }
}

/* A call that is dropped ends its connection, wherever it was */
static void
test_dropped (void)
{
  static const char * const beginnings[] = { "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<a>" };

  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autoptr(RawServer) server = raw_server_new ();
      g_autoptr(AwsClient) client = new_client (server);
      DexFuture *future = aws_s3_get_object (client, "bucket", "key");
      g_autofree char *request = NULL;

      raw_server_answer (server, beginnings[i], strlen (beginnings[i]), TRUE);
      while (request == NULL)
        {
          dex_await (dex_timeout_new_msec (5), NULL);
          request = raw_server_dup_request (server);
        }
      g_assert_true (dex_future_is_pending (future));
      g_assert_cmpuint (raw_server_get_n_visits (server), ==, 1);
      dex_clear (&future);
      while (raw_server_get_n_visits (server) > 0)
        dex_await (dex_timeout_new_msec (5), NULL);
    }
}

/* Names that nobody knows, without asking the network */
#define FAKE_TYPE_RESOLVER (fake_resolver_get_type ())

G_DECLARE_FINAL_TYPE (FakeResolver, fake_resolver, FAKE, RESOLVER, GResolver)

struct _FakeResolver
{
  GResolver parent_instance;
};

G_DEFINE_FINAL_TYPE (FakeResolver, fake_resolver, G_TYPE_RESOLVER)

static void
fake_resolver_lookup_async (GResolver                *resolver,
                            const char               *name,
                            GResolverNameLookupFlags  flags,
                            GCancellable             *cancellable,
                            GAsyncReadyCallback       callback,
                            gpointer                  user_data)
{
  g_autoptr(GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "Nobody knows “%s”", name);
}

static void
fake_resolver_lookup_plain_async (GResolver           *resolver,
                                  const char          *name,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  fake_resolver_lookup_async (resolver, name, 0, cancellable, callback, user_data);
}

static GList *
fake_resolver_lookup_finish (GResolver     *resolver,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_resolver_class_init (FakeResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_async = fake_resolver_lookup_plain_async;
  resolver_class->lookup_by_name_finish = fake_resolver_lookup_finish;
  resolver_class->lookup_by_name_with_flags_async = fake_resolver_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = fake_resolver_lookup_finish;
}

static void
fake_resolver_init (FakeResolver *self)
{
}

static void
test_no_name (void)
{
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);
  g_autoptr(GResolver) usual = g_resolver_get_default ();
  g_autoptr(GResolver) fake = g_object_new (FAKE_TYPE_RESOLVER, NULL);

  g_resolver_set_default (fake);
  aws_client_set_endpoint (client, NULL, NULL);
  assert_unreachable (client, AWS_ERROR_UNREACHABLE);
  g_resolver_set_default (usual);
}

/* What is told before the answer is none, however it comes */
static void
test_told_before (void)
{
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *result = NULL;
      g_autofree char *text = NULL;

      text = g_strdup_printf ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\nX-A: b\r\n\r\n"
                              "HTTP/1.1 200 OK\r\nConnection: close\r\n%sContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                              calls[i].headers, strlen (calls[i].body), calls[i].body);
      answer_text (server, text);
      result = run_call (&calls[i], client, &error);
      g_assert_no_error (error);
      g_assert_nonnull (result);
    }
}

/* A connection that the server closed although it said nothing of that is not used again, and costs no attempt */
static void
test_closed_meanwhile (void)
{
  g_autoptr(RawServer) server = raw_server_new ();
  g_autoptr(AwsClient) client = new_client (server);
  g_autoptr(GBytes) body = g_bytes_new_static ("body", 4);

  answer_text (server, "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n");
  for (guint i = 1; i <= 20; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_true (dex_await (aws_s3_put_object (client, "bucket", "key", body, NULL), &error));
      g_assert_no_error (error);
      g_assert_cmpuint (raw_server_get_n_connections (server), ==, i);
      g_assert_cmpuint (aws_client_get_request_count (client), ==, i);
    }
}

/* Nothing stays open when nobody needs it any more */
static void
test_connections_end (void)
{
  g_autoptr(RawServer) server = raw_server_new ();
  AwsClient *client = new_client (server);
  g_autoptr(GBytes) body = g_bytes_new_static ("body", 4);
  static const char text[] = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n";

  raw_server_answer (server, text, strlen (text), TRUE);
  g_assert_true (dex_await (aws_s3_put_object (client, "bucket", "key", body, NULL), NULL));
  g_assert_cmpuint (raw_server_get_n_visits (server), ==, 1);
  g_object_unref (client);
  while (raw_server_get_n_visits (server) > 0)
    dex_await (dex_timeout_new_msec (5), NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  /* Whoever tests here may be behind a proxy */
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);

  test_add_fiber ("/faults/cut/anywhere", test_cut_anywhere);
  test_add_fiber ("/faults/cut/in-chunks", test_cut_in_chunks);
  test_add_fiber ("/faults/wrong-bodies", test_wrong_bodies);
  test_add_fiber ("/faults/odd-documents", test_odd_documents);
  test_add_fiber ("/faults/large-and-deep", test_large_and_deep);
  test_add_fiber ("/faults/odd-framing", test_odd_framing);
  test_add_fiber ("/faults/odd-headers", test_odd_headers);
  test_add_fiber ("/faults/told-before", test_told_before);
  test_add_fiber ("/faults/closed-meanwhile", test_closed_meanwhile);
  test_add_fiber ("/faults/connections-end", test_connections_end);
  test_add_fiber ("/faults/refusals", test_refusals);
  test_add_fiber ("/faults/storm", test_storm);
  test_add_fiber ("/faults/redirects", test_redirects);
  test_add_fiber ("/faults/other-region", test_other_region);
  test_add_fiber ("/faults/clocks", test_clocks);
  test_add_fiber ("/faults/no-tls", test_no_tls);
  test_add_fiber ("/faults/silence", test_silence);
  test_add_fiber ("/faults/dropped", test_dropped);
  test_add_fiber ("/faults/no-name", test_no_name);

  return g_test_run ();
}
