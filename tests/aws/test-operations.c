/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Operations as tables, from the input to typed values: what is refused before it is sent, pages, bad answers, errors of all
 * protocols, and what may be tried again.
 */

#include <string.h>

#include "aws-document.h"
#include "aws-error-private.h"
#include "aws-operation.h"
#include "aws-request-private.h"
#include "aws-response-private.h"
#include "aws-retry.h"
#include "test-calls.h"

/* A service of each protocol with an operation that has a bit of everything */
static const AwsShape thing[] = {
  { "Id", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Count", AWS_SHAPE_INTEGER },
  { "Share", AWS_SHAPE_DOUBLE },
  { "Ready", AWS_SHAPE_BOOLEAN },
  { "Made", AWS_SHAPE_TIMESTAMP },
  { "Data", AWS_SHAPE_BLOB },
  { "Names", AWS_LIST_OF ({ NULL }) },
  { "Notes", AWS_MAP_OF ({ NULL }) },
  { NULL }
};
static const AwsShape answer[] = {
  { "Thing", AWS_STRUCTURE (thing) },
  { "Things", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (thing) }) },
  { "NextToken" },
  { "NextType" },
  { "IsTruncated", AWS_SHAPE_BOOLEAN },
  { NULL }
};
static const AwsShape question[] = {
  { "Thing", AWS_STRUCTURE (thing) },
  { "Token", AWS_SHAPE_STRING, AWS_SHAPE_TOKEN },
  { "NextToken" },
  { "StartType" },
  { NULL }
};
static const AwsShape rest_question[] = {
  { "Id", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { "Note", .place = AWS_PLACE_HEADER, .wire_name = "x-amz-note" },
  { "Thing", AWS_STRUCTURE (thing) },
  { NULL }
};

static const AwsOperation json_operation = {
  "acm", "GetThing", .input = question, .output = answer, .pages = { "Things", "NextToken" },
};
static const AwsOperation query_operation = {
  "cloudformation", "GetThing", .input = question, .output = answer,
};
static const AwsOperation rest_json_operation = {
  "lambda", "GetThing", "PUT", "/things/{Id}?all", .input = rest_question, .output = answer,
};
static const AwsOperation rest_xml_operation = {
  "route53", "GetThing", "PUT", "/things/{Id}", .input = rest_question, .output = answer,
};
static const AwsOperation silent_operation = { "acm", "DeleteThing", .input = question };
static const AwsOperation typed_pages = {
  "acm", "ListThings", .input = question, .output = answer,
  .pages = { "Things", "NextToken,NextType", "NextToken,StartType", .more = "IsTruncated" },
};
static const AwsOperation public_operation = {
  "sso-oidc", "CreateThing", .uri = "/things", .input = question, .output = answer, .unsigned_request = TRUE,
};
static const AwsOperation once = { "acm", "BuyThing", .input = question, .output = answer, .attempts = 1 };
static const AwsOperation prefixed = {
  "cloudfront-keyvaluestore", "GetThing", .uri = "/things/{Id}", .input = rest_question, .output = answer,
  .host_prefix = "{Id:account}.",
};

typedef struct _TestThing TestThing;

GType       test_thing_get_type   (void);
TestThing  *test_thing_ref        (TestThing *self);
void        test_thing_unref      (TestThing *self);
const char *test_thing_get_id     (TestThing *self);
gint64      test_thing_get_count  (TestThing *self);
double      test_thing_get_share  (TestThing *self);
gboolean    test_thing_get_ready  (TestThing *self);
GDateTime  *test_thing_dup_made   (TestThing *self);
GStrv       test_thing_dup_names  (TestThing *self);
GPtrArray  *test_thing_dup_things (TestThing *self);
TestThing  *test_thing_dup_thing  (TestThing *self);
const char *test_thing_get_inner  (TestThing *self);

AWS_DEFINE_DOCUMENT (TestThing, test_thing)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestThing, test_thing_unref)
AWS_DOCUMENT_STRING (TestThing, test_thing, id, "Id")
AWS_DOCUMENT_INT (TestThing, test_thing, count, "Count")
AWS_DOCUMENT_DOUBLE (TestThing, test_thing, share, "Share")
AWS_DOCUMENT_BOOL (TestThing, test_thing, ready, "Ready")
AWS_DOCUMENT_TIME (TestThing, test_thing, made, "Made")
AWS_DOCUMENT_STRINGS (TestThing, test_thing, names, "Names")
AWS_DOCUMENT_LIST (TestThing, test_thing, things, "Things")
AWS_DOCUMENT_DOCUMENT (TestThing, test_thing, thing, TestThing, "Thing")
AWS_DOCUMENT_INNER_STRING (TestThing, test_thing, inner, "Thing", "Id")

static JsonObject *
parse (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  JsonObject *object = aws_json_load_object (bytes, &error);

  g_assert_no_error (error);

  return object;
}

static void
test_refused_input (void)
{
  static const struct
  {
    const AwsOperation *operation;
    const char         *input;
    const char         *message;
  } cases[] = {
    { &json_operation, "{\"Thing\": {}}", "“Id” is missing" },
    { &json_operation, "{\"Thing\": {\"Id\": null}}", "“Id” is missing" },
    { &json_operation, "{\"Thing\": {\"Id\": \"a\", \"Colour\": 1}}", "“Colour” is not known here" },
    { &json_operation, "{\"Thong\": 1}", "“Thong” is not known here" },
    { &json_operation, "{\"Thing\": 1}", "“Thing” is not an object" },
    { &json_operation, "{\"Thing\": {\"Id\": 1}}", "“Id” is not a text" },
    { &json_operation, "{\"Thing\": {\"Id\": \"a\", \"Count\": \"1\"}}", "“Count” is not a number" },
    { &json_operation, "{\"Thing\": {\"Id\": \"a\", \"Count\": 1.5}}", "“Count” is not a number" },
    { &json_operation, "{\"Thing\": {\"Id\": \"a\", \"Made\": \"now\"}}", "“Made” is not a time" },
    { &json_operation, "{\"Thing\": {\"Id\": \"a\", \"Names\": {}}}", "“Names” is not a list" },
    { &json_operation, "{\"Thing\": {\"Id\": \"a\", \"Names\": [1]}}", "An element is not a text" },
    { &json_operation, "{\"Thing\": {\"Id\": \"a\", \"Notes\": []}}", "“Notes” is not an object" },
    { &query_operation, "{\"Thing\": {}}", "“Id” is missing" },
    { &query_operation, "{\"Thing\": {\"Id\": \"a\", \"Names\": \"b\"}}", "“Names” is not a list" },
    { &query_operation, "{\"Thing\": {\"Id\": \"a\", \"Ready\": 1}}", "“Ready” is not a truth value" },
    { &rest_json_operation, "{}", "“Id” is missing" },
    { &rest_json_operation, "{\"Id\": \"\"}", "“Id” is missing" },
    { &rest_json_operation, "{\"Id\": \"a\", \"Note\": \"a\\r\\nx-amz-evil: b\"}", "“Note” is not a text of one line" },
    { &rest_json_operation, "{\"Id\": \"a\", \"Thong\": 1}", "“Thong” is not known here" },
    { &rest_xml_operation, "{\"Id\": \"a\", \"Thing\": {\"Id\": \"b\", \"Colour\": \"c\"}}", "“Colour” is not known here" },
    { &rest_xml_operation, "{\"Id\": \"a\", \"Thing\": []}", "“Thing” is not an object" },
    { &prefixed, "{\"Id\": \"no-arn\"}", "“Id” can't be part of the name of a server" },
    { &prefixed, "{\"Id\": \"arn:aws:x::evil.example/:y\"}", "“Id” can't be part of the name of a server" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonObject) input = parse (cases[i].input);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].input);
      g_assert_null (aws_operation_new_request (cases[i].operation, input, &error));
      g_assert_error (error, AWS_ERROR, AWS_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_host_prefix (void)
{
  g_autoptr(JsonObject) input = parse ("{\"Id\": \"arn:aws:cloudfront::123456789012:key-value-store/a b\"}");
  g_autoptr(AwsRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  request = aws_operation_new_request (&prefixed, input, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (request->host_prefix, ==, "123456789012.");
  g_assert_cmpstr (request->path, ==, "/things/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2Fa%20b");
}

/* A token that nobody gave is made once for a call, so that every attempt has the same */
static void
test_token (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  fake_aws_answer (aws, 500, NULL, NULL);
  fake_aws_answer (aws, 200, NULL, "{}");
  assert_good (aws_operation_call (&json_operation, client, NULL));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 0), "\"Token\":\""));
  g_assert_cmpstr (fake_aws_get_body (aws, 0), ==, fake_aws_get_body (aws, 1));

  fake_aws_answer (aws, 200, NULL, "{}");
  assert_good (aws_operation_call (&json_operation, client, NULL));
  g_assert_cmpstr (fake_aws_get_body (aws, 2), !=, fake_aws_get_body (aws, 0));

  fake_aws_answer (aws, 200, NULL, "{}");
  assert_good (aws_operation_call (&json_operation, client, parse ("{\"Token\": \"mine\"}")));
  g_assert_cmpstr (fake_aws_get_body (aws, 3), ==, "{\"Token\":\"mine\"}");
}

static void
test_pages (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(JsonObject) input = parse ("{\"Token\": \"t\"}");
  g_autoptr(GPtrArray) things = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"Things\": [{\"Id\": \"a\"}, {\"Id\": \"b\"}], \"NextToken\": \"2\"}");
  fake_aws_answer (aws, 200, NULL, "{\"NextToken\": \"3\"}");
  fake_aws_answer (aws, 200, NULL, "{\"Things\": [{\"Id\": \"c\"}], \"NextToken\": \"\"}");
  things = dex_await_boxed (aws_operation_call_documents (&json_operation, client, json_object_ref (input),
                                                          test_thing_get_type ()), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (things->len, ==, 3);
  g_assert_cmpstr (test_thing_get_id (g_ptr_array_index (things, 2)), ==, "c");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
  g_assert_cmpstr (fake_aws_get_body (aws, 0), ==, "{\"Token\":\"t\"}");
  g_assert_cmpstr (fake_aws_get_body (aws, 1), ==, "{\"Token\":\"t\",\"NextToken\":\"2\"}");
  g_assert_cmpstr (fake_aws_get_body (aws, 2), ==, "{\"Token\":\"t\",\"NextToken\":\"3\"}");

  /* What the caller gave stays as it was */
  g_assert_false (json_object_has_member (input, "NextToken"));
}

static void
test_pages_with_types (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(JsonArray) items = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL,
                   "{\"Things\": [{\"Id\": \"a\"}], \"IsTruncated\": true, \"NextToken\": \"n\", \"NextType\": \"MX\"}");
  fake_aws_answer (aws, 200, NULL, "{\"Things\": [{\"Id\": \"b\"}], \"IsTruncated\": true, \"NextToken\": \"o\"}");
  fake_aws_answer (aws, 200, NULL, "{\"Things\": [{\"Id\": \"c\"}], \"IsTruncated\": false, \"NextToken\": \"p\"}");
  items = dex_await_boxed (aws_operation_call_pages (&typed_pages, client, parse ("{\"Token\": \"t\"}")), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (items), ==, 3);
  g_assert_cmpstr (fake_aws_get_body (aws, 1), ==, "{\"Token\":\"t\",\"NextToken\":\"n\",\"StartType\":\"MX\"}");
  g_assert_cmpstr (fake_aws_get_body (aws, 2), ==, "{\"Token\":\"t\",\"NextToken\":\"o\"}");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
}

static void
test_pages_without_end (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  fake_aws_answer (aws, 200, NULL, "{\"NextToken\": \"2\"}");
  fake_aws_answer (aws, 200, NULL, "{\"NextToken\": \"2\"}");
  assert_refused (aws_operation_call_pages (&json_operation, client, NULL), AWS_ERROR_BAD_ANSWER);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);

  fake_aws_answer (aws, 200, NULL, "{\"IsTruncated\": true}");
  assert_refused (aws_operation_call_pages (&typed_pages, client, NULL), AWS_ERROR_BAD_ANSWER);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);

  /* A page that fails is the end of it */
  fake_aws_answer (aws, 200, NULL, "{\"NextToken\": \"2\"}");
  fake_aws_answer (aws, 403, NULL, "{\"__type\": \"AccessDeniedException\"}");
  assert_refused (aws_operation_call_pages (&json_operation, client, NULL), AWS_ERROR_ACCESS_DENIED);
}

static void
test_pages_cancelled (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(DexFuture) future = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"NextToken\": \"2\"}");
  fake_aws_hang (aws);
  future = aws_operation_call_pages (&json_operation, client, NULL);
  while (fake_aws_get_n_requests (aws) < 2)
    dex_await (dex_timeout_new_msec (1), NULL);
  dex_clear (&future);
  fake_aws_assert_gone (g_steal_pointer (&client));
}

static void
test_documents (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(TestThing) whole = NULL;
  g_autoptr(TestThing) part = NULL;
  g_autoptr(TestThing) same = NULL;
  g_autoptr(GPtrArray) things = NULL;
  g_autoptr(GDateTime) made = NULL;
  g_auto(GStrv) names = NULL;
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;
  const char *text = "{\"Thing\": {\"Id\": \"a\", \"Count\": 3, \"Share\": \"0.25\", \"Ready\": true, \"Made\": 1767323045.5,"
                     " \"Names\": [\"x\", null, \"y\"], \"Unknown\": [{}]}, \"Things\": [{\"Id\": \"b\"}, null]}";

  for (guint i = 0; i < 3; i++)
    fake_aws_answer (aws, 200, NULL, text);
  whole = dex_await_boxed (aws_operation_call_document (&json_operation, client, NULL, test_thing_get_type (), NULL), &error);
  g_assert_no_error (error);
  part = dex_await_boxed (aws_operation_call_document (&json_operation, client, NULL, test_thing_get_type (), "Thing"), &error);
  g_assert_no_error (error);
  id = dex_await_string (aws_operation_call_string (&json_operation, client, NULL, "Thing.Id"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "a");

  g_assert_cmpstr (test_thing_get_id (part), ==, "a");
  g_assert_cmpint (test_thing_get_count (part), ==, 3);
  g_assert_cmpfloat (test_thing_get_share (part), ==, 0.25);
  g_assert_true (test_thing_get_ready (part));
  made = test_thing_dup_made (part);
  g_assert_cmpint (g_date_time_to_unix_usec (made), ==, 1767323045500000);
  names = test_thing_dup_names (part);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[1], ==, "y");

  things = test_thing_dup_things (whole);
  g_assert_cmpuint (things->len, ==, 1);
  g_assert_cmpstr (test_thing_get_inner (whole), ==, "a");
  same = test_thing_dup_thing (whole);
  g_assert_cmpstr (test_thing_get_id (same), ==, "a");
  g_assert_cmpstr (test_thing_get_id (whole), ==, NULL);
  g_assert_null (test_thing_dup_made (whole));

  fake_aws_answer (aws, 200, "x-amzn-RequestId: r-1", "{}");
  assert_refused (aws_operation_call_document (&json_operation, client, NULL, test_thing_get_type (), "Thing"), AWS_ERROR_BAD_ANSWER);
  fake_aws_answer (aws, 200, NULL, "{\"Thing\": {\"Id\": null}}");
  assert_refused (aws_operation_call_string (&json_operation, client, NULL, "Thing.Id"), AWS_ERROR_BAD_ANSWER);
}

static void
test_bad_answers (void)
{
  static const struct
  {
    const AwsOperation *operation;
    const char         *body;
  } bad[] = {
    { &json_operation, "<html><body>Welcome to the hotel</body></html>" },
    { &json_operation, "[]" },
    { &json_operation, "{\"Thing\": " },
    { &json_operation, "{\"Thing\": []}" },
    { &json_operation, "{\"Thing\": \"a\"}" },
    { &json_operation, "{\"Thing\": {\"Id\": {}}}" },
    { &json_operation, "{\"Thing\": {\"Id\": true}}" },
    { &json_operation, "{\"Thing\": {\"Count\": \"many\"}}" },
    { &json_operation, "{\"Thing\": {\"Ready\": 1}}" },
    { &json_operation, "{\"Thing\": {\"Made\": \"yesterday\"}}" },
    { &json_operation, "{\"Things\": {}}" },
    { &json_operation, "{\"Things\": [1]}" },
    { &json_operation, "{\"Thing\": {\"Notes\": {\"a\": []}}}" },
    { &silent_operation, "\n <!DOCTYPE html><html></html>" },
    { &query_operation, "" },
    { &query_operation, "{}" },
    { &query_operation, "<html><body/></html>" },
    { &query_operation, "<GetThingResponse/>" },
    { &query_operation, "<GetThingResponse><GetThingResult><Thing><Count>many</Count></Thing></GetThingResult></GetThingResponse>" },
    { &rest_json_operation, "<?xml version=\"1.0\"?><a/>" },
    { &rest_json_operation, "{\"Thing\": 1}" },
    { &rest_xml_operation, "{}" },
    { &rest_xml_operation, "<GetThingResponse><Thing><Made>x</Made></Thing></GetThingResponse>" },
    { &rest_xml_operation, "<GetThingResponse>" },
    { &rest_xml_operation, "<!DOCTYPE html>\n<html/>" },
    { &rest_xml_operation, "<?xml version=\"1.0\"?><html><head/></html>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(AwsHeaders) headers = aws_headers_new ();
      g_autoptr(GBytes) body = g_bytes_new (bad[i].body, strlen (bad[i].body));
      g_autoptr(AwsResponse) response = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i].body);
      aws_headers_set (headers, "x-amzn-RequestId", "r-1");
      response = aws_response_new_for_parts (200, headers, body);
      g_assert_null (aws_operation_read_response (bad[i].operation, response, &error));
      g_assert_error (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER);
      g_assert_cmpstr (aws_error_get_request_id (error), ==, "r-1");
      g_assert_cmpuint (aws_error_get_status (error), ==, 200);
    }
}

/* Whatever a good answer is cut down to, it is read as part of it or refused */
static void
test_cut_answers (void)
{
  static const struct
  {
    const AwsOperation *operation;
    const char         *body;
  } good[] = {
    { &json_operation, "{\"Thing\": {\"Id\": \"\\u00fc\", \"Count\": 1e2, \"Names\": [\"a\"], \"Notes\": {\"k\": \"v\"}}}" },
    { &query_operation, "<GetThingResponse><GetThingResult><Thing><Id>&#252;</Id><Names><member>a</member></Names><Notes><entry>"
                        "<key>k</key><value>v</value></entry></Notes></Thing></GetThingResult></GetThingResponse>" },
    { &rest_xml_operation, "<R><Thing><Id><![CDATA[a]]></Id><Made>2026-01-02T03:04:05Z</Made></Thing></R>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      for (gsize length = 0; length <= strlen (good[i].body); length++)
        {
          g_autoptr(AwsHeaders) headers = aws_headers_new ();
          g_autoptr(GBytes) body = g_bytes_new (good[i].body, length);
          g_autoptr(AwsResponse) response = aws_response_new_for_parts (200, headers, body);
          g_autoptr(JsonObject) output = NULL;
          g_autoptr(GError) error = NULL;

          output = aws_operation_read_response (good[i].operation, response, &error);
          if (length == strlen (good[i].body))
            g_assert_no_error (error);
          else if (length > 0)
            g_assert_error (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER);
        }
    }
}

/* What services write in other types than they say */
static void
test_lenient (void)
{
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  const char *text = "{\"Thing\": {\"Id\": 12, \"Count\": \"3\", \"Ready\": \"True\", \"Made\": \"2026-01-02T03:04:05Z\","
                     " \"Share\": \"NaN\"}}";
  g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr(AwsResponse) response = aws_response_new_for_parts (200, headers, body);
  g_autoptr(JsonObject) output = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *object;

  output = aws_operation_read_response (&json_operation, response, &error);
  g_assert_no_error (error);
  object = aws_json_get_object (output, "Thing");
  g_assert_cmpstr (aws_json_get_string (object, "Id"), ==, "12");
  g_assert_cmpint (aws_json_get_int (object, "Count", 0), ==, 3);
  g_assert_true (aws_json_get_bool (object, "Ready"));
  g_assert_cmpint (aws_json_get_int (object, "Made", 0), ==, 1767323045);
  g_assert_cmpstr (aws_json_get_string (object, "Share"), ==, "NaN");
}

static void
test_unsigned (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) nobody = aws_client_new (NULL, FAKE_AWS_REGION);
  g_autoptr(AwsClient) copy = NULL;

  aws_client_set_endpoint (nobody, NULL, fake_aws_get_endpoint (aws));
  copy = aws_client_copy (nobody, NULL, "eu-west-1");
  fake_aws_expect_unsigned (aws);
  fake_aws_answer (aws, 200, NULL, "{}");
  assert_good (aws_operation_call (&public_operation, copy, NULL));
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "Authorization"), ==, NULL);
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "X-Amz-Date"), ==, NULL);
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "Content-Type"), ==, "application/json");

  /* Nobody is there who could renew anything */
  fake_aws_answer (aws, 401, NULL, "{\"__type\": \"ExpiredTokenException\"}");
  assert_refused (aws_operation_call (&public_operation, nobody, NULL), AWS_ERROR_EXPIRED);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);

  assert_refused (aws_operation_call (&json_operation, nobody, NULL), AWS_ERROR_CREDENTIALS);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
}

/* What can't be repeated is sent once, whatever happens */
static void
test_once (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  fake_aws_answer (aws, 200, NULL, "{}");
  assert_good (aws_operation_call (&json_operation, client, NULL));
  fake_aws_answer_raw (aws, "");
  assert_refused (aws_operation_call (&once, client, NULL), AWS_ERROR_UNREACHABLE);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  fake_aws_answer (aws, 503, NULL, "{\"__type\": \"ServiceUnavailable\"}");
  assert_refused (aws_operation_call (&once, client, NULL), AWS_ERROR_SERVER);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
}

static const struct
{
  guint       status;
  const char *header;
  const char *value;
  const char *body;
  AwsError    code;
  const char *code_string;
  const char *message;
} errors[] = {
  { 400, NULL, NULL,
    "{\"__type\": \"com.amazonaws.acm#ResourceNotFoundException\", \"message\": \"m\"}",
    AWS_ERROR_NOT_FOUND, "ResourceNotFoundException", "m" },
  { 400, NULL, NULL,
    "{\"__type\": \"ThrottlingException:http://internal/\", \"Message\": \"m\"}",
    AWS_ERROR_THROTTLED, "ThrottlingException", "m" },
  { 404, "x-amzn-ErrorType", "NotFoundException:http://internal.amazon.com/",
    "{\"message\": \"m\"}",
    AWS_ERROR_NOT_FOUND, "NotFoundException", "m" },
  { 404, "x-amzn-ErrorType", "NotFoundException",
    "{\"__type\": \"Other\", \"message\": \"m\"}",
    AWS_ERROR_NOT_FOUND, "NotFoundException", "m" },
  { 400, "x-amzn-ErrorType", "a#Code:http://b#c",
    "{}",
    AWS_ERROR_INVALID, "Code", "The service answered “Code”" },
  { 400, "x-amzn-query-error", "ResourceNotFound;Sender",
    "{\"__type\": \"com.amazonaws.cloudwatch#ResourceNotFoundException\", \"message\": \"m\"}",
    AWS_ERROR_NOT_FOUND, "ResourceNotFound", "m" },
  { 409, NULL, NULL,
    "{\"code\": \"ConflictException\", \"message\": \"m\"}",
    AWS_ERROR_CONFLICT, "ConflictException", "m" },
  { 409, NULL, NULL,
    "{\"Code\": \"ConflictException\", \"Message\": \"m\"}",
    AWS_ERROR_CONFLICT, "ConflictException", "m" },
  { 400, "x-amzn-ErrorType", "AuthorizationPendingException",
    "{\"error\": \"authorization_pending\", \"error_description\": \"m\"}",
    AWS_ERROR_INVALID, "AuthorizationPendingException", "m" },
  { 400, "x-amzn-RequestId", "r",
    "{\"error\": \"slow_down\", \"error_description\": \"m\"}",
    AWS_ERROR_INVALID, "slow_down", "m" },
  { 401, "x-amzn-ErrorType", "AccessDeniedException",
    "{\"error\": \"TOKEN_EXPIRED\", \"message\": \"m\"}",
    AWS_ERROR_EXPIRED, "TOKEN_EXPIRED", "m" },
  { 403, "x-amzn-ErrorType", "AccessDeniedException",
    "{\"error\": \"INSUFFICIENT_PERMISSIONS\", \"message\": \"m\"}",
    AWS_ERROR_ACCESS_DENIED, "INSUFFICIENT_PERMISSIONS", "m" },
  { 429, "x-amzn-ErrorType", "TooManyRequestsError",
    "{\"error\": \"INVALID_REQUEST\", \"message\": \"m\"}",
    AWS_ERROR_THROTTLED, "TooManyRequestsError", "m" },
  { 500, "x-amzn-ErrorType", "InternalServerException",
    "{\"error\": \"server_error\", \"message\": \"m\"}",
    AWS_ERROR_SERVER, "InternalServerException", "m" },
  { 400, NULL, NULL,
    "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>m</Message></Error>"
    "<RequestId>r</RequestId></ErrorResponse>",
    AWS_ERROR_INVALID, "ValidationError", "m" },
  { 404, NULL, NULL,
    "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchBucket</Code><Message>m</Message><BucketName>b"
    "</BucketName></Error>",
    AWS_ERROR_NO_SUCH_BUCKET, "NoSuchBucket", "m" },
  { 400, NULL, NULL,
    "<Response><Errors><Error><Code>OptInRequired</Code><Message>m</Message></Error></Errors>"
    "<RequestID>r</RequestID></Response>",
    AWS_ERROR_ACCESS_DENIED, "OptInRequired", "m" },
  { 400, NULL, NULL,
    "<InvalidChangeBatch xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Messages><Message>a"
    "</Message><Message>b</Message></Messages></InvalidChangeBatch>",
    AWS_ERROR_INVALID, "InvalidChangeBatch", "a b" },
  { 400, NULL, NULL,
    "<ErrorResponse><Error><Code>InvalidChangeBatch</Code><Message>[m]</Message></Error></ErrorResponse>",
    AWS_ERROR_INVALID, "InvalidChangeBatch", "[m]" },
  { 403, NULL, NULL,
    "",
    AWS_ERROR_ACCESS_DENIED, NULL, "The service answered with status 403" },
  { 412, NULL, NULL,
    "",
    AWS_ERROR_PRECONDITION_FAILED, NULL, "The service answered with status 412" },
  { 502, NULL, NULL,
    "<html><h1>502 Bad Gateway</h1></html>",
    AWS_ERROR_BAD_ANSWER, NULL, "Something between this computer and the service answered (status 502)" },
  { 403, NULL, NULL,
    "<!DOCTYPE html><html><p>Blocked &copy;</html>",
    AWS_ERROR_BAD_ANSWER, NULL, "Something between this computer and the service answered (status 403)" },
  { 400, NULL, NULL,
    "garbage \xff\xfe",
    AWS_ERROR_BAD_ANSWER, NULL, "Something between this computer and the service answered (status 400)" },
  { 400, NULL, NULL,
    "{\"__type\": 3, \"message\": []}",
    AWS_ERROR_BAD_ANSWER, NULL, "Something between this computer and the service answered (status 400)" },
  { 503, "x-amzn-RequestId", "r",
    "<html>busy</html>",
    AWS_ERROR_SERVER, NULL, "The service answered with status 503" },
  { 400, "x-amzn-RequestId", "r",
    "{\"__type\": \"#\"}",
    AWS_ERROR_INVALID, NULL, "The service answered with status 400" },
};

static void
test_errors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr(AwsHeaders) headers = aws_headers_new ();
      g_autoptr(GBytes) body = g_bytes_new (errors[i].body, strlen (errors[i].body));
      g_autoptr(AwsResponse) response = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("error %u: %s", i, errors[i].message);
      if (errors[i].header != NULL)
        aws_headers_set (headers, errors[i].header, errors[i].value);
      response = aws_response_new_for_parts (errors[i].status, headers, body);
      error = aws_error_new_for_response (response);
      g_assert_error (error, AWS_ERROR, (int) errors[i].code);
      g_assert_cmpstr (aws_error_get_code_string (error), ==, errors[i].code_string);
      g_assert_cmpstr (error->message, ==, errors[i].message);
      g_assert_cmpuint (aws_error_get_status (error), ==, errors[i].status);
    }
}

/* Codes come before statuses */
static void
test_classes (void)
{
  static const char * const throttling[] = {
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
    "ProvisionedThroughputExceededException", "TransactionInProgressException", "LimitExceededException",
    "RequestLimitExceeded", "BandwidthLimitExceeded", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
    "EC2ThrottledException",
  };
  static const char * const transient[] = {
    "RequestTimeout", "RequestTimeoutException", "InternalError", "IDPCommunicationError", "OperationAborted",
  };
  static const guint again[] = { 500, 502, 503, 504 };
  static const guint final[] = { 301, 400, 401, 403, 404, 409, 412, 413, 501, 505 };

  for (guint i = 0; i < G_N_ELEMENTS (throttling); i++)
    {
      g_assert_cmpint (aws_retry_classify (throttling[i], 400), ==, AWS_RETRY_THROTTLING);
      g_assert_cmpint (aws_retry_classify (throttling[i], 500), ==, AWS_RETRY_THROTTLING);
    }
  for (guint i = 0; i < G_N_ELEMENTS (transient); i++)
    g_assert_cmpint (aws_retry_classify (transient[i], 400), ==, AWS_RETRY_TRANSIENT);
  for (guint i = 0; i < G_N_ELEMENTS (again); i++)
    g_assert_cmpint (aws_retry_classify (NULL, again[i]), ==, AWS_RETRY_TRANSIENT);
  for (guint i = 0; i < G_N_ELEMENTS (final); i++)
    g_assert_cmpint (aws_retry_classify ("SomethingElse", final[i]), ==, AWS_RETRY_NONE);
}

static void
test_bucket (void)
{
  g_autofree AwsRetryBucket *bucket = aws_retry_bucket_new ();

  g_assert_cmpint (bucket->tokens, ==, 500);
  g_assert_cmpint (aws_retry_bucket_take (bucket, AWS_RETRY_TRANSIENT), ==, 14);
  g_assert_cmpint (aws_retry_bucket_take (bucket, AWS_RETRY_THROTTLING), ==, 5);
  g_assert_cmpint (bucket->tokens, ==, 481);
  aws_retry_bucket_give (bucket, 5);
  g_assert_cmpint (bucket->tokens, ==, 486);
  aws_retry_bucket_give (bucket, 0);
  g_assert_cmpint (bucket->tokens, ==, 487);
  for (guint i = 0; i < 100; i++)
    aws_retry_bucket_give (bucket, 14);
  g_assert_cmpint (bucket->tokens, ==, 500);

  bucket->tokens = 13;
  g_assert_cmpint (aws_retry_bucket_take (bucket, AWS_RETRY_TRANSIENT), ==, 0);
  g_assert_cmpint (aws_retry_bucket_take (bucket, AWS_RETRY_THROTTLING), ==, 5);
  g_assert_cmpint (bucket->tokens, ==, 8);
}

/* Each is spread from nothing to twice as long as the one before */
static void
test_jitter (void)
{
  for (guint retry = 0; retry < 4; retry++)
    {
      gint64 limit = 25000 << retry;
      gint64 shortest = limit;
      gint64 longest = 0;

      for (guint i = 0; i < 2000; i++)
        {
          gint64 delay = aws_retry_delay (AWS_RETRY_TRANSIENT, retry, 25000, NULL);

          g_assert_cmpint (delay, >=, 0);
          g_assert_cmpint (delay, <=, limit);
          g_assert_cmpint (aws_retry_delay (AWS_RETRY_THROTTLING, retry, 25000, NULL), <=, G_USEC_PER_SEC << retry);
          shortest = MIN (shortest, delay);
          longest = MAX (longest, delay);
        }
      g_assert_cmpint (shortest, <, limit / 10);
      g_assert_cmpint (longest, >, limit - limit / 10);
    }

  /* What the service asks for is kept between what was worked out and five seconds more */
  g_assert_cmpint (aws_retry_delay (AWS_RETRY_TRANSIENT, 0, 0, "0"), ==, 0);
  g_assert_cmpint (aws_retry_delay (AWS_RETRY_TRANSIENT, 0, 0, "250"), ==, 250000);
  g_assert_cmpint (aws_retry_delay (AWS_RETRY_TRANSIENT, 0, 0, "60000"), ==, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (aws_retry_delay (AWS_RETRY_TRANSIENT, 0, 0, "soon"), ==, 0);
}

/* A quota is reached more often than somebody was hasty: once more at most */
static void
test_limit (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  for (guint i = 0; i < 3; i++)
    fake_aws_answer (aws, 400, "x-amz-retry-after: 1", "{\"__type\": \"LimitExceededException\", \"message\": \"m\"}");
  assert_refused (aws_operation_call (&json_operation, client, NULL), AWS_ERROR_LIMIT);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
}

/* Not by the server's own means, which has its own opinion of the time */
static void
answer_at (FakeAws    *aws,
           const char *status,
           GTimeSpan   skew,
           const char *body)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) time = g_date_time_add (now, skew);
  g_autofree char *date = g_date_time_format (time, "%a, %d %b %Y %H:%M:%S GMT");
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %s\r\nDate: %s\r\nx-amzn-RequestId: r\r\nConnection: close\r\n"
                                           "Content-Length: %zu\r\n\r\n%s", status, date, strlen (body), body);

  fake_aws_answer_raw (aws, text);
}

/* The clock of this computer was set right while we kept what it was off by */
static void
test_stale_offset (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  const char *refusal = "{\"__type\": \"InvalidSignatureException\", \"message\": \"Signature expired\"}";

  answer_at (aws, "200 OK", 20 * G_TIME_SPAN_MINUTE, "{}");
  assert_good (aws_operation_call (&json_operation, client, NULL));
  g_assert_cmpint (ABS (aws_client_get_clock_offset (client) - 20 * G_TIME_SPAN_MINUTE), <, 10 * G_TIME_SPAN_SECOND);

  answer_at (aws, "403 Forbidden", 0, refusal);
  answer_at (aws, "200 OK", 0, "{}");
  assert_good (aws_operation_call (&json_operation, client, NULL));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
  g_assert_cmpint (aws_client_get_clock_offset (client), ==, 0);

  /* Once only: the second refusal is final */
  answer_at (aws, "403 Forbidden", 20 * G_TIME_SPAN_MINUTE, refusal);
  answer_at (aws, "403 Forbidden", 40 * G_TIME_SPAN_MINUTE, refusal);
  assert_refused (aws_operation_call (&json_operation, client, NULL), AWS_ERROR_CLOCK);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 5);

  /* Within four minutes it is no matter of the clock */
  answer_at (aws, "200 OK", 0, "{}");
  assert_good (aws_operation_call (&json_operation, client, NULL));
  answer_at (aws, "403 Forbidden", 3 * G_TIME_SPAN_MINUTE, "{\"__type\": \"AccessDeniedException\"}");
  assert_refused (aws_operation_call (&json_operation, client, NULL), AWS_ERROR_ACCESS_DENIED);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 7);
}

/* What each table has, found by its names */
static void
test_registry (void)
{
  const AwsOperation * const *operations;
  guint n_operations;

  operations = aws_operation_list (&n_operations);
  g_assert_cmpuint (n_operations, >, 0);
  for (guint i = 0; i < n_operations; i++)
    {
      g_assert_true (aws_operation_find (operations[i]->service, operations[i]->name) == operations[i]);
      g_assert_nonnull (aws_service_find (operations[i]->service));
    }
  g_assert_null (aws_operation_find ("acm", "NoSuchThing"));
  g_assert_null (aws_operation_find ("nothing", "GetThing"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/operations/registry", test_registry);
  g_test_add_func ("/operations/input/refused", test_refused_input);
  g_test_add_func ("/operations/input/host-prefix", test_host_prefix);
  test_add_fiber ("/operations/input/token", test_token);
  test_add_fiber ("/operations/pages/all", test_pages);
  test_add_fiber ("/operations/pages/with-types", test_pages_with_types);
  test_add_fiber ("/operations/pages/without-end", test_pages_without_end);
  test_add_fiber ("/operations/pages/cancelled", test_pages_cancelled);
  test_add_fiber ("/operations/documents", test_documents);
  g_test_add_func ("/operations/answers/bad", test_bad_answers);
  g_test_add_func ("/operations/answers/cut", test_cut_answers);
  g_test_add_func ("/operations/answers/lenient", test_lenient);
  g_test_add_func ("/operations/answers/errors", test_errors);
  test_add_fiber ("/operations/unsigned", test_unsigned);
  test_add_fiber ("/operations/retry/once", test_once);
  test_add_fiber ("/operations/retry/limit", test_limit);
  g_test_add_func ("/operations/retry/classes", test_classes);
  g_test_add_func ("/operations/retry/bucket", test_bucket);
  g_test_add_func ("/operations/retry/jitter", test_jitter);
  test_add_fiber ("/operations/clock/stale", test_stale_offset);

  return g_test_run ();
}
