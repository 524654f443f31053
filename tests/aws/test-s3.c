/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Of each call to S3: the request that it makes, a good answer, a refusal. */

#include <string.h>

#include "aws-s3.h"
#include "aws-signer.h"
#include "test-calls.h"

static void
test_buckets (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsClient) elsewhere = aws_client_copy (client, NULL, "us-east-1");
  g_autofree char *region = NULL;

  assert_good (aws_s3_create_bucket (client, "bucket"));
  assert_request (aws, 0, "PUT", "/bucket", NULL);
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 0), "<LocationConstraint>eu-central-1</LocationConstraint>"));
  assert_good (aws_s3_create_bucket (elsewhere, "bucket"));
  g_assert_cmpuint (fake_aws_get_body_length (aws, 1), ==, 0);
  fake_aws_answer (aws, 409, NULL, "<Error><Code>BucketAlreadyExists</Code></Error>");
  assert_refused (aws_s3_create_bucket (client, "bucket"), AWS_ERROR_ALREADY_EXISTS);

  fake_aws_answer (aws, 200, "x-amz-bucket-region: eu-west-3", NULL);
  region = dex_await_string (aws_s3_head_bucket (client, "bucket"), NULL);
  g_assert_cmpstr (region, ==, "eu-west-3");
  assert_request (aws, 3, "HEAD", "/bucket", NULL);
  fake_aws_answer (aws, 404, "x-amz-request-id: r", NULL);
  assert_refused (aws_s3_head_bucket (client, "bucket"), AWS_ERROR_NOT_FOUND);

  fake_aws_answer (aws, 204, NULL, NULL);
  assert_good (aws_s3_delete_bucket (client, "bucket"));
  assert_request (aws, 5, "DELETE", "/bucket", NULL);
  fake_aws_answer (aws, 409, NULL, "<Error><Code>BucketNotEmpty</Code></Error>");
  assert_refused (aws_s3_delete_bucket (client, "bucket"), AWS_ERROR_NOT_EMPTY);
}

static void
test_put_object (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(GBytes) body = g_bytes_new_static ("hello", 5);
  g_autoptr(GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;

  aws_headers_set (headers, "Content-Type", "text/html; charset=utf-8");
  aws_headers_set (headers, "Cache-Control", "no-cache");
  aws_headers_set (headers, "x-amz-meta-release", "r1");
  aws_headers_set (headers, "If-None-Match", "*");
  fake_aws_answer (aws, 200, "ETag: \"5d41\"", NULL);
  object = dex_await_boxed (aws_s3_put_object (client, "bucket", "a/ü +%.html", body, headers), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_s3_object_get_etag (object), ==, "\"5d41\"");
  g_assert_cmpstr (aws_s3_object_get_key (object), ==, "a/ü +%.html");
  assert_request (aws, 0, "PUT", "/bucket/a/%C3%BC%20%2B%25.html", NULL);
  g_assert_cmpstr (fake_aws_get_body (aws, 0), ==, "hello");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "Content-Type"), ==, "text/html; charset=utf-8");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "Cache-Control"), ==, "no-cache");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "x-amz-meta-release"), ==, "r1");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "If-None-Match"), ==, "*");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "Content-Length"), ==, "5");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "x-amz-checksum-sha256"), ==, "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
  g_assert_null (fake_aws_get_header (aws, 0, "Accept-Encoding"));
  g_assert_null (fake_aws_get_header (aws, 0, "Transfer-Encoding"));

  fake_aws_answer (aws, 412, NULL, "<Error><Code>PreconditionFailed</Code></Error>");
  assert_refused (aws_s3_put_object (client, "bucket", "k", body, headers), AWS_ERROR_PRECONDITION_FAILED);
  assert_good (aws_s3_put_object (client, "bucket", "k", nothing, NULL));
  g_assert_cmpstr (fake_aws_get_header (aws, 2, "Content-Length"), ==, "0");
}

static gboolean
is_signed_for (FakeAws    *aws,
               guint       index,
               const char *region)
{
  g_autofree char *part = g_strdup_printf ("/%s/s3/aws4_request", region);

  return strstr (fake_aws_get_header (aws, index, "Authorization"), part) != NULL;
}

/* A new bucket answers with 307 for a while, also to writes; the body and the conditions go along to the right region */
static void
test_other_region (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(GBytes) body = g_bytes_new_static ("hello", 5);

  aws_headers_set (headers, "If-None-Match", "*");
  fake_aws_answer (aws, 307, "x-amz-bucket-region: ap-south-1\nLocation: http://127.0.0.1:1/k",
                   "<Error><Code>TemporaryRedirect</Code><Endpoint>new.s3.ap-south-1.amazonaws.com</Endpoint><Bucket>new</Bucket></Error>");
  assert_good (aws_s3_put_object (client, "new", "k", body, headers));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  g_assert_true (is_signed_for (aws, 0, FAKE_AWS_REGION));
  g_assert_true (is_signed_for (aws, 1, "ap-south-1"));
  assert_request (aws, 1, "PUT", "/new/k", NULL);
  g_assert_cmpstr (fake_aws_get_body (aws, 1), ==, "hello");
  g_assert_cmpstr (fake_aws_get_header (aws, 1, "If-None-Match"), ==, "*");

  /* Without a body, as HEAD has it, the header is all there is */
  fake_aws_answer (aws, 400, "x-amz-bucket-region: sa-east-1", NULL);
  assert_good (aws_s3_head_object (client, "third", "k"));
  g_assert_true (is_signed_for (aws, 3, "sa-east-1"));
  fake_aws_answer (aws, 400, "x-amz-bucket-region: sa-east-1", NULL);
  assert_refused (aws_s3_head_object (client, "third", "k"), AWS_ERROR_INVALID);

  /* Two that write the same key at once: one of them is asked to try again */
  fake_aws_answer (aws, 409, NULL, "<Error><Code>ConditionalRequestConflict</Code></Error>");
  fake_aws_answer (aws, 412, NULL, "<Error><Code>PreconditionFailed</Code></Error>");
  assert_refused (aws_s3_put_object (client, "new", "k", body, headers), AWS_ERROR_PRECONDITION_FAILED);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 7);
}

/* Dot segments are not among them, since the server takes them out of what it got */
static void
test_odd_keys (void)
{
  static const char * const keys[][2] = {
    { "a b", "/bucket/a%20b" }, { "a+b", "/bucket/a%2Bb" }, { "100%", "/bucket/100%25" }, { "%41", "/bucket/%2541" },
    { "a//b", "/bucket/a//b" }, { "/a", "/bucket//a" }, { "a#b?c&d=e", "/bucket/a%23b%3Fc%26d%3De" },
    { "🏮", "/bucket/%F0%9F%8F%AE" }, { "a/", "/bucket/a/" }, { "~-_.", "/bucket/~-_." }, { "a;b:c@d,e$f!'()*", "/bucket/a%3Bb%3Ac%40d%2Ce%24f%21%27%28%29%2A" },
    { "\\\"<>", "/bucket/%5C%22%3C%3E" },
  };
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      assert_good (aws_s3_head_object (client, "bucket", keys[i][0]));
      assert_request (aws, i, "HEAD", keys[i][1], NULL);
    }
}

static void
test_get_object (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(AwsS3Object) head = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, "ETag: \"e\"\nContent-Type: text/css\nCache-Control: no-cache\nLast-Modified: Fri, 24 May 2013 01:02:03 GMT\n"
                   "x-amz-meta-a: b", "body");
  object = dex_await_boxed (aws_s3_get_object (client, "bucket", "k"), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "GET", "/bucket/k", NULL);
  g_assert_cmpmem (g_bytes_get_data (aws_s3_object_get_body (object), NULL), g_bytes_get_size (aws_s3_object_get_body (object)), "body", 4);
  g_assert_cmpuint (aws_s3_object_get_size (object), ==, 4);
  g_assert_cmpstr (aws_s3_object_get_content_type (object), ==, "text/css");
  g_assert_cmpstr (aws_s3_object_get_cache_control (object), ==, "no-cache");
  g_assert_cmpstr (aws_s3_object_get_metadata (object, "a"), ==, "b");
  g_assert_cmpint (g_date_time_to_unix (aws_s3_object_get_modified (object)), ==, 1369357323);

  fake_aws_answer (aws, 200, "ETag: \"e\"\nx-amz-checksum-sha256: c", NULL);
  head = dex_await_boxed (aws_s3_head_object (client, "bucket", "k"), &error);
  g_assert_no_error (error);
  g_assert_null (aws_s3_object_get_body (head));
  g_assert_cmpstr (aws_s3_object_get_header (head, "x-amz-checksum-sha256"), ==, "c");
  g_assert_cmpstr (fake_aws_get_header (aws, 1, "x-amz-checksum-mode"), ==, "ENABLED");

  fake_aws_answer (aws, 404, NULL, "<Error><Code>NoSuchKey</Code></Error>");
  assert_refused (aws_s3_get_object (client, "bucket", "k"), AWS_ERROR_NOT_FOUND);
  fake_aws_answer (aws, 404, "x-amz-request-id: r", NULL);
  assert_refused (aws_s3_head_object (client, "bucket", "k"), AWS_ERROR_NOT_FOUND);
  fake_aws_answer (aws, 403, "x-amz-request-id: r", NULL);
  assert_refused (aws_s3_head_object (client, "bucket", "k"), AWS_ERROR_ACCESS_DENIED);
}

static void
test_copy_object (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsHeaders) headers = aws_headers_new ();

  fake_aws_answer (aws, 200, NULL, "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>");
  assert_good (aws_s3_copy_object (client, "from", "a b/ü", "to", "k", NULL));
  assert_request (aws, 0, "PUT", "/to/k", NULL);
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "x-amz-copy-source"), ==, "/from/a%20b/%C3%BC");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "x-amz-metadata-directive"), ==, "COPY");

  aws_headers_set (headers, "cache-control", "no-cache");
  fake_aws_answer (aws, 200, NULL, "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>");
  assert_good (aws_s3_copy_object (client, "from", "a", "to", "k", headers));
  g_assert_cmpstr (fake_aws_get_header (aws, 1, "x-amz-metadata-directive"), ==, "REPLACE");

  fake_aws_answer (aws, 404, NULL, "<Error><Code>NoSuchKey</Code></Error>");
  assert_refused (aws_s3_copy_object (client, "from", "a", "to", "k", NULL), AWS_ERROR_NOT_FOUND);
}

static void
test_list_objects (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsS3Listing) listing = NULL;
  g_autoptr(GError) error = NULL;
  AwsS3Object *object;

  fake_aws_answer (aws, 200, NULL, "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><EncodingType>url</EncodingType>"
                   "<IsTruncated>true</IsTruncated><NextContinuationToken>t/1=</NextContinuationToken>"
                   "<Contents><Key>r/a+b%2B%C3%BC</Key><Size>12</Size><ETag>&quot;e&quot;</ETag><LastModified>2026-01-02T03:04:05.678Z</LastModified></Contents>"
                   "<CommonPrefixes><Prefix>r/x+y/</Prefix></CommonPrefixes></ListBucketResult>");
  fake_aws_answer (aws, 200, NULL, "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
                   "<Contents><Key>r/z</Key><Size>5368709120</Size></Contents><CommonPrefixes><Prefix>r/%F0%9F%8F%AE/</Prefix></CommonPrefixes></ListBucketResult>");
  listing = dex_await_boxed (aws_s3_list_objects (client, "bucket", "r/", "/"), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "GET", "/bucket", "list-type=2&encoding-type=url&prefix=r%2F&delimiter=%2F");
  assert_request (aws, 1, "GET", "/bucket", "list-type=2&encoding-type=url&prefix=r%2F&delimiter=%2F&continuation-token=t%2F1%3D");
  g_assert_cmpuint (aws_s3_listing_get_objects (listing)->len, ==, 2);
  object = g_ptr_array_index (aws_s3_listing_get_objects (listing), 0);
  g_assert_cmpstr (aws_s3_object_get_key (object), ==, "r/a b+ü");
  g_assert_cmpstr (aws_s3_object_get_etag (object), ==, "\"e\"");
  g_assert_cmpint (g_date_time_get_microsecond (aws_s3_object_get_modified (object)), ==, 678000);
  object = g_ptr_array_index (aws_s3_listing_get_objects (listing), 1);
  g_assert_cmpuint (aws_s3_object_get_size (object), ==, G_GUINT64_CONSTANT (5368709120));
  g_assert_cmpstr (aws_s3_listing_get_prefixes (listing)[0], ==, "r/x y/");
  g_assert_cmpstr (aws_s3_listing_get_prefixes (listing)[1], ==, "r/🏮/");
  g_assert_null (aws_s3_listing_get_prefixes (listing)[2]);

  fake_aws_answer (aws, 404, NULL, "<Error><Code>NoSuchBucket</Code></Error>");
  assert_refused (aws_s3_list_objects (client, "bucket", NULL, NULL), AWS_ERROR_NO_SUCH_BUCKET);

  /* Pages that go round in a circle come to an end */
  for (guint i = 0; i < 3; i++)
    fake_aws_answer (aws, 200, NULL, "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>");
  assert_refused (aws_s3_list_objects (client, "bucket", NULL, NULL), AWS_ERROR_BAD_ANSWER);
}

static void
test_delete_objects (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  const char * const two[] = { "a & <b>", "c\r\n", NULL };
  g_autoptr(GPtrArray) failures = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) many = NULL;
  g_autoptr(GError) error = NULL;
  AwsS3Failure *failure;

  fake_aws_answer (aws, 200, NULL, "<DeleteResult><Error><Key>a &amp; &lt;b&gt;</Key><Code>AccessDenied</Code><Message>m</Message></Error></DeleteResult>");
  failures = dex_await_boxed (aws_s3_delete_objects (client, "bucket", two), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "POST", "/bucket", "delete");
  g_assert_nonnull (fake_aws_get_header (aws, 0, "x-amz-checksum-sha256"));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 0), "<Quiet>true</Quiet>"));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 0), "<Object><Key>a &amp; &lt;b&gt;</Key></Object>"));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 0), "<Object><Key>c&#13;&#10;</Key></Object>"));
  g_assert_cmpuint (failures->len, ==, 1);
  failure = g_ptr_array_index (failures, 0);
  g_assert_cmpstr (aws_s3_failure_get_key (failure), ==, "a & <b>");
  g_assert_cmpstr (aws_s3_failure_get_code (failure), ==, "AccessDenied");
  g_assert_cmpstr (aws_s3_failure_get_message (failure), ==, "m");

  /* More than fit one request; and one that the service was too busy for */
  for (guint i = 0; i < 2500; i++)
    g_strv_builder_take (builder, g_strdup_printf ("key-%u", i));
  many = g_strv_builder_end (builder);
  fake_aws_answer (aws, 200, NULL, "<DeleteResult/>");
  fake_aws_answer (aws, 200, NULL, "<DeleteResult/>");
  fake_aws_answer (aws, 200, NULL, "<DeleteResult><Error><Key>key-7</Key><Code>InternalError</Code></Error></DeleteResult>");
  fake_aws_answer (aws, 200, NULL, "<DeleteResult/>");
  none = dex_await_boxed (aws_s3_delete_objects (client, "bucket", (const char * const *) many), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 5);
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 4), "<Quiet>true</Quiet><Object><Key>key-7</Key></Object></Delete>"));

  fake_aws_answer (aws, 403, NULL, "<Error><Code>AccessDenied</Code></Error>");
  assert_refused (aws_s3_delete_objects (client, "bucket", two), AWS_ERROR_ACCESS_DENIED);
  assert_good (aws_s3_delete_objects (client, "bucket", two + 2));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 6);

  fake_aws_answer (aws, 204, NULL, NULL);
  assert_good (aws_s3_delete_object (client, "bucket", "k"));
  assert_request (aws, 6, "DELETE", "/bucket/k", NULL);
}

static void
test_delete_versions (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) failures = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextKeyMarker>a+b</NextKeyMarker>"
                   "<NextVersionIdMarker>v1</NextVersionIdMarker><Version><Key>a+b</Key><VersionId>v1</VersionId></Version></ListVersionsResult>");
  fake_aws_answer (aws, 200, NULL, "<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
                   "<DeleteMarker><Key>a+b</Key><VersionId>v2</VersionId></DeleteMarker></ListVersionsResult>");
  fake_aws_answer (aws, 200, NULL, "<DeleteResult/>");
  failures = dex_await_boxed (aws_s3_delete_versions (client, "bucket"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (failures->len, ==, 0);
  assert_request (aws, 0, "GET", "/bucket", "versions&encoding-type=url");
  assert_request (aws, 1, "GET", "/bucket", "versions&encoding-type=url&key-marker=a%20b&version-id-marker=v1");
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 2), "<Object><Key>a b</Key><VersionId>v1</VersionId></Object>"));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 2), "<Object><Key>a b</Key><VersionId>v2</VersionId></Object>"));

  fake_aws_answer (aws, 404, NULL, "<Error><Code>NoSuchBucket</Code></Error>");
  assert_refused (aws_s3_delete_versions (client, "bucket"), AWS_ERROR_NO_SUCH_BUCKET);
}

static void
test_multipart (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_s3_part_unref);
  g_autoptr(GPtrArray) listed = NULL;
  g_autoptr(GPtrArray) uploads = NULL;
  g_autoptr(GError) error = NULL;
  AwsS3Upload *upload;

  fake_aws_answer (aws, 200, NULL, "<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>1</NextPartNumberMarker>"
                   "<Part><PartNumber>1</PartNumber><ETag>\"a\"</ETag><Size>5</Size><ChecksumCRC64NVME>c</ChecksumCRC64NVME></Part></ListPartsResult>");
  fake_aws_answer (aws, 200, NULL, "<ListPartsResult><Part><PartNumber>2</PartNumber><ETag>\"b\"</ETag><Size>6</Size></Part></ListPartsResult>");
  listed = dex_await_boxed (aws_s3_list_parts (client, "bucket", "k", "u"), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "GET", "/bucket/k", "uploadId=u");
  assert_request (aws, 1, "GET", "/bucket/k", "uploadId=u&part-number-marker=1");
  g_assert_cmpuint (listed->len, ==, 2);
  g_assert_cmpstr (aws_s3_part_get_checksum (g_ptr_array_index (listed, 0)), ==, "c");
  g_assert_cmpuint (aws_s3_part_get_size (g_ptr_array_index (listed, 1)), ==, 6);
  fake_aws_answer (aws, 404, NULL, "<Error><Code>NoSuchUpload</Code></Error>");
  assert_refused (aws_s3_list_parts (client, "bucket", "k", "u"), AWS_ERROR_NOT_FOUND);

  g_ptr_array_add (parts, aws_s3_part_new (2, "\"b\"", "d", 6));
  g_ptr_array_add (parts, aws_s3_part_new (1, "\"a\"", "c", 5));
  fake_aws_answer (aws, 200, NULL, "<CompleteMultipartUploadResult><ETag>\"w\"</ETag></CompleteMultipartUploadResult>");
  assert_good (aws_s3_complete_upload (client, "bucket", "k", "u", parts, NULL));
  assert_request (aws, 3, "POST", "/bucket/k", "uploadId=u");
  g_assert_cmpstr (fake_aws_get_body (aws, 3), ==,
                   "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                   "<Part><ChecksumCRC64NVME>c</ChecksumCRC64NVME><ETag>&quot;a&quot;</ETag><PartNumber>1</PartNumber></Part>"
                   "<Part><ChecksumCRC64NVME>d</ChecksumCRC64NVME><ETag>&quot;b&quot;</ETag><PartNumber>2</PartNumber></Part>"
                   "</CompleteMultipartUpload>");
  fake_aws_answer (aws, 200, NULL, "<Error><Code>InvalidPart</Code><Message>m</Message></Error>");
  assert_refused (aws_s3_complete_upload (client, "bucket", "k", "u", parts, NULL), AWS_ERROR_FAILED);

  fake_aws_answer (aws, 200, NULL, "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>"
                   "<Upload><Key>a+b</Key><UploadId>u1</UploadId><Initiated>2026-01-02T03:04:05.000Z</Initiated></Upload></ListMultipartUploadsResult>");
  uploads = dex_await_boxed (aws_s3_list_uploads (client, "bucket", "a"), &error);
  g_assert_no_error (error);
  assert_request (aws, 5, "GET", "/bucket", "uploads&encoding-type=url&prefix=a");
  upload = g_ptr_array_index (uploads, 0);
  g_assert_cmpstr (aws_s3_upload_get_key (upload), ==, "a b");
  g_assert_cmpstr (aws_s3_upload_get_upload_id (upload), ==, "u1");
  g_assert_nonnull (aws_s3_upload_get_initiated (upload));

  fake_aws_answer (aws, 204, NULL, NULL);
  assert_good (aws_s3_abort_upload (client, "bucket", "k", "u"));
  assert_request (aws, 6, "DELETE", "/bucket/k", "uploadId=u");
  fake_aws_answer (aws, 200, NULL, "<InitiateMultipartUploadResult/>");
  assert_refused (aws_s3_create_upload (client, "bucket", "k", NULL), AWS_ERROR_BAD_ANSWER);
}

/* The address is good for whoever has it, and nothing is sent to make it */
static void
test_presign (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autofree char *start = g_strconcat (fake_aws_get_endpoint (aws), "/bucket/a%20b/%C3%BC%2B%25?", NULL);
  g_autofree char *address = NULL;
  g_autoptr(AwsAuthorization) authorization = NULL;
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(GError) error = NULL;
  AwsSigningRequest request;

  address = dex_await_string (aws_s3_presign (client, "PUT", "bucket", "a b/ü+%", AWS_S3_MAX_PRESIGNED), &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (address, start));
  g_assert_null (strstr (address, FAKE_AWS_SECRET));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 0);

  authorization = aws_authorization_new_for_query (address + strlen (start), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (aws_authorization_get_expires (authorization), ==, 604800);
  g_assert_cmpstr (aws_authorization_get_signed_headers (authorization), ==, "host");
  aws_signing_request_init (&request, AWS_SIGNATURE_V4, "s3");
  aws_headers_set (headers, "Host", fake_aws_get_endpoint (aws) + strlen ("http://"));
  request.method = "PUT";
  request.path = "/bucket/a%20b/%C3%BC%2B%25";
  request.query = address + strlen (start);
  request.headers = headers;
  request.payload_hash = "UNSIGNED-PAYLOAD";
  g_assert_true (aws_verify_request (&request, authorization, FAKE_AWS_SECRET, NULL, NULL));
  request.method = "GET";
  g_assert_false (aws_verify_request (&request, authorization, FAKE_AWS_SECRET, NULL, NULL));

  aws_client_set_endpoint (client, NULL, "nowhere");
  assert_refused (aws_s3_presign (client, "GET", "bucket", "key", 1), AWS_ERROR_INVALID);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/s3/buckets", test_buckets);
  test_add_fiber ("/s3/put-object", test_put_object);
  test_add_fiber ("/s3/other-region", test_other_region);
  test_add_fiber ("/s3/odd-keys", test_odd_keys);
  test_add_fiber ("/s3/get-object", test_get_object);
  test_add_fiber ("/s3/copy-object", test_copy_object);
  test_add_fiber ("/s3/list-objects", test_list_objects);
  test_add_fiber ("/s3/delete-objects", test_delete_objects);
  test_add_fiber ("/s3/delete-versions", test_delete_versions);
  test_add_fiber ("/s3/multipart", test_multipart);
  test_add_fiber ("/s3/presign", test_presign);

  return g_test_run ();
}
