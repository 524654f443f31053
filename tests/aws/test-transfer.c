/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Bodies that are files, on the way there and back. */

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aws-checksum.h"
#include "aws-s3.h"
#include "fake-aws.h"
#include "test-util.h"

#define MEGABYTE (1024 * 1024)

static char *folder;

/* A file of some megabytes, no two pieces of it alike */
static GFile *
make_file (const char *name,
           gsize       size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GRand) rand = g_rand_new_with_seed (size);
  g_autofree guint32 *chunk = g_new (guint32, MEGABYTE / 4);
  FILE *stream = g_fopen (path, "wb");

  g_assert_nonnull (stream);
  for (guint i = 0; i < MEGABYTE / 4; i++)
    chunk[i] = g_rand_int (rand);
  for (gsize done = 0; done < size; done += MEGABYTE)
    {
      chunk[0] = done;
      g_assert_cmpuint (fwrite (chunk, 1, MIN (MEGABYTE, size - done), stream), ==, MIN (MEGABYTE, size - done));
    }
  fclose (stream);

  return g_file_new_for_path (path);
}

static AwsFileSums *
sum_up (GFile   *file,
        goffset  offset,
        goffset  length)
{
  g_autoptr(GError) error = NULL;
  AwsFileSums *sums = dex_await_boxed (aws_file_sums_load (file, offset, length, aws_digest_new ("SHA256")), &error);

  g_assert_no_error (error);

  return sums;
}

static gsize
resident (void)
{
  g_autofree char *text = NULL;
  unsigned long all = 0, pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  sscanf (text, "%lu %lu", &all, &pages);

  return pages * sysconf (_SC_PAGESIZE);
}

typedef struct
{
  guint64 done;
  guint64 total;
  guint   calls;
  gsize   most;
} Progress;

static void
progress_cb (guint64  done,
             guint64  total,
             gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_cmpuint (done, >=, progress->done);
  g_assert_cmpuint (done, <=, total);
  progress->done = done;
  progress->total = total;
  if (progress->calls++ % 64 == 0)
    progress->most = MAX (progress->most, resident ());
}

static void
test_large_file (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GFile) file = make_file ("large", 64 * MEGABYTE);
  g_autofree AwsFileSums *sums = sum_up (file, 0, -1);
  g_autoptr(GError) error = NULL;
  gsize before = resident ();
  Progress progress = { 0 };

  g_assert_true (dex_await (aws_s3_put_file (client, "bucket", "large", file, 64 * MEGABYTE, sums->sha256, NULL,
                                             progress_cb, &progress, NULL), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fake_aws_get_body_length (aws, 0), ==, 64 * MEGABYTE);
  g_assert_cmpstr (fake_aws_get_body_sha256 (aws, 0), ==, sums->sha256);
  g_assert_cmpuint (progress.done, ==, 64 * MEGABYTE);
  g_assert_cmpuint (progress.total, ==, 64 * MEGABYTE);
  g_assert_cmpuint (aws_client_get_bytes_sent (client), ==, 64 * MEGABYTE);

  /* Sent and received in this process, a piece at a time */
  g_test_message ("%zu kB more", (progress.most - MIN (before, progress.most)) / 1024);
#ifndef __SANITIZE_ADDRESS__
  /* AddressSanitizer keeps what was freed for a while */
  g_assert_cmpuint (progress.most, <, before + 24 * MEGABYTE);
#endif
}

static void
test_small_file (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GFile) file = make_file ("small", 1234);
  g_autoptr(GFile) middle = make_file ("middle", MEGABYTE);
  g_autofree AwsFileSums *sums = sum_up (file, 0, -1);
  g_autofree AwsFileSums *middle_sums = sum_up (middle, 0, -1);
  g_autofree char *checksum = aws_base64_from_hex (sums->sha256);
  g_autoptr(GError) error = NULL;

  /* with the sum known, and not */
  g_assert_true (dex_await (aws_s3_put_file (client, "bucket", "small", file, 1234, sums->sha256, NULL, NULL, NULL, NULL), &error));
  g_assert_true (dex_await (aws_s3_put_file (client, "bucket", "small", file, 1234, NULL, NULL, NULL, NULL, NULL), &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (fake_aws_get_body_length (aws, i), ==, 1234);
      g_assert_cmpstr (fake_aws_get_body_sha256 (aws, i), ==, sums->sha256);
      g_assert_cmpstr (fake_aws_get_header (aws, i, "x-amz-content-sha256"), ==, sums->sha256);
      g_assert_cmpstr (fake_aws_get_header (aws, i, "x-amz-checksum-sha256"), ==, checksum);
    }

  g_assert_true (dex_await (aws_s3_put_file (client, "bucket", "middle", middle, MEGABYTE, NULL, NULL, NULL, NULL, NULL), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fake_aws_get_body_sha256 (aws, 2), ==, middle_sums->sha256);
}

typedef struct
{
  AwsClient *client;
  guint      left;
} Sending;

static DexFuture *
send_next (DexFuture *completed,
           gpointer   user_data)
{
  Sending *sending = user_data;
  g_autoptr(GFile) file = NULL;
  g_autofree char *key = NULL;
  g_autofree char *text = NULL;
  g_autofree char *sha256 = NULL;

  if (completed != NULL)
    g_assert_true (dex_future_is_resolved (completed));
  if (sending->left == 0)
    return NULL;

  key = g_strdup_printf ("%03u", sending->left--);
  text = g_strnfill (atoi (key) * 700, 'a' + atoi (key) % 26);
  file = g_file_new_build_filename (folder, key, NULL);
  g_assert_true (g_file_set_contents (g_file_peek_path (file), text, -1, NULL));
  sha256 = aws_sha256_hex (text, strlen (text));

  return aws_s3_put_file (sending->client, "bucket", key, file, strlen (text), sha256, NULL, NULL, NULL, NULL);
}

/* Each arrives as it is, however many are underway side by side, over few connections: one more than those at most for each
 * that has just answered */
static void
test_many_files (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  Sending sending = { .client = client, .left = 300 };
  DexFuture *underway[20];

  for (guint i = 0; i < G_N_ELEMENTS (underway); i++)
    underway[i] = dex_future_finally_loop (send_next (NULL, &sending), send_next, &sending, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (underway); i++)
    dex_await (underway[i], NULL);

  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 300);
  g_assert_cmpuint (fake_aws_get_n_connections (aws), <=, 2 * G_N_ELEMENTS (underway));
  for (guint i = 0; i < 300; i++)
    {
      const char *key = strrchr (fake_aws_get_path (aws, i), '/') + 1;

      g_assert_true (g_hash_table_add (keys, (gpointer) key));
      g_assert_cmpuint (fake_aws_get_body_length (aws, i), ==, atoi (key) * 700);
      g_assert_cmpstr (fake_aws_get_body_sha256 (aws, i), ==, fake_aws_get_header (aws, i, "x-amz-content-sha256"));
    }
}

static void
test_empty_file (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GFile) file = make_file ("empty", 0);
  g_autoptr(GError) error = NULL;

  g_assert_true (dex_await (aws_s3_put_file (client, "bucket", "empty", file, 0, NULL, NULL, NULL, NULL, NULL), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "Content-Length"), ==, "0");
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "x-amz-checksum-sha256"), ==, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

static void
check_file_error (GFile      *file,
                  goffset     size,
                  const char *sha256)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autofree char *path = g_file_get_parse_name (file);
  g_autoptr(GError) error = NULL;

  g_assert_false (dex_await (aws_s3_put_file (client, "bucket", "key", file, size, sha256, NULL, NULL, NULL, NULL), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_false (aws_error_is_retryable (error));
}

static void
test_file_errors (void)
{
  g_autofree char *missing_path = g_build_filename (folder, "missing", NULL);
  g_autoptr(GFile) missing = g_file_new_for_path (missing_path);
  g_autoptr(GFile) file = make_file ("shorter", 3 * MEGABYTE);
  g_autofree AwsFileSums *sums = sum_up (file, 0, -1);

  check_file_error (missing, 10, NULL);
  check_file_error (missing, 10 * MEGABYTE, NULL);
  check_file_error (missing, 10 * MEGABYTE, sums->sha256);
  check_file_error (file, 10, NULL);
  check_file_error (file, 5 * MEGABYTE, NULL);

  /* It gets shorter while it is sent */
  check_file_error (file, 5 * MEGABYTE, sums->sha256);
}

/* To a server that takes in no more than the kernel does for it */
static void
test_cancelled (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GFile) file = make_file ("cancelled", 64 * MEGABYTE);
  g_autofree AwsFileSums *sums = sum_up (file, 0, -1);
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autofree char *endpoint = g_strdup_printf ("http://127.0.0.1:%u", g_socket_listener_add_any_inet_port (listener, NULL, NULL));
  Progress progress = { 0 };
  DexFuture *future;

  aws_client_set_endpoint (client, NULL, endpoint);
  future = aws_s3_put_file (client, "bucket", "key", file, 64 * MEGABYTE, sums->sha256, NULL, progress_cb, &progress, NULL);
  while (progress.calls == 0)
    dex_await (dex_timeout_new_msec (1), NULL);
  dex_clear (&future);
  dex_await (dex_timeout_new_msec (50), NULL);
  g_assert_cmpuint (progress.done, <, 64 * MEGABYTE);

  fake_aws_assert_gone (g_steal_pointer (&client));
}

static void
test_retried (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GFile) file = make_file ("retried", 2 * MEGABYTE);
  g_autofree AwsFileSums *sums = sum_up (file, 0, -1);
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 500, NULL, NULL);
  g_assert_true (dex_await (aws_s3_put_file (client, "bucket", "key", file, 2 * MEGABYTE, sums->sha256, NULL, NULL, NULL, NULL), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fake_aws_get_body_sha256 (aws, 1), ==, sums->sha256);
}

static void
test_download (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autofree char *path = g_build_filename (folder, "download", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autofree guint8 *data = g_malloc (3 * MEGABYTE);
  g_autoptr(GBytes) body = NULL;
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  for (guint i = 0; i < 3 * MEGABYTE; i++)
    data[i] = i * 31 >> 7;
  body = g_bytes_new (data, 3 * MEGABYTE);
  fake_aws_answer_bytes (aws, 200, "Content-Encoding: gzip\nETag: \"e\"", body);
  object = dex_await_boxed (aws_s3_download (client, "bucket", "key", file), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (aws_s3_object_get_size (object), ==, 3 * MEGABYTE);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpmem (contents, length, data, 3 * MEGABYTE);
}

static gboolean
has_part (void)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      if (g_str_has_suffix (name, ".part"))
        return TRUE;
    }

  return FALSE;
}

/* What was there stays until all of the new has arrived */
static void
test_download_refused (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autofree char *path = g_build_filename (folder, "kept", NULL);
  g_autofree char *elsewhere_path = g_build_filename (folder, "no", "such", "folder", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFile) elsewhere = g_file_new_for_path (elsewhere_path);
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;

  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  fake_aws_answer (aws, 404, NULL, "<Error><Code>NoSuchKey</Code><Message>m</Message></Error>");
  g_assert_false (dex_await (aws_s3_download (client, "bucket", "key", file), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  for (guint i = 0; i < 5; i++)
    fake_aws_answer_raw (aws, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nafter");
  g_assert_false (dex_await (aws_s3_download (client, "bucket", "key", file), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_UNREACHABLE);
  g_clear_error (&error);

  fake_aws_answer (aws, 200, NULL, "after");
  g_assert_false (dex_await (aws_s3_download (client, "bucket", "key", elsewhere), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_FILE);

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "before");
  g_assert_false (has_part ());
}

static void
test_download_cancelled (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autofree char *path = g_build_filename (folder, "stopped", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GBytes) body = g_bytes_new_take (g_malloc0 (16 * MEGABYTE), 16 * MEGABYTE);
  DexFuture *future;

  fake_aws_answer_bytes (aws, 200, NULL, body);
  future = aws_s3_download (client, "bucket", "key", file);
  while (!has_part ())
    dex_await (dex_timeout_new_usec (100), NULL);
  dex_clear (&future);
  fake_aws_assert_gone (g_steal_pointer (&client));
  g_assert_false (has_part ());
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
answer_upload (FakeAws *aws,
               guint    n_parts)
{
  fake_aws_answer (aws, 200, NULL, "<InitiateMultipartUploadResult><UploadId>u+1</UploadId></InitiateMultipartUploadResult>");
  for (guint i = 0; i < n_parts; i++)
    fake_aws_answer (aws, 200, "ETag: \"part\"", NULL);
  fake_aws_answer (aws, 200, NULL, "<CompleteMultipartUploadResult><ETag>\"whole-3\"</ETag></CompleteMultipartUploadResult>");
}

static void
test_upload (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GFile) file = make_file ("upload", 20 * MEGABYTE);
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;
  Progress progress = { 0 };
  guint64 sent = 0;

  aws_headers_set (headers, "Content-Type", "video/mp4");
  fake_aws_answer (aws, 200, NULL, "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
  answer_upload (aws, 3);
  object = dex_await_boxed (aws_s3_upload_file (client, "bucket", "a film.mp4", file, 20 * MEGABYTE, NULL, headers,
                                                progress_cb, &progress, NULL), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_s3_object_get_etag (object), ==, "\"whole-3\"");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 6);
  g_assert_cmpstr (fake_aws_get_method (aws, 1), ==, "POST");
  g_assert_cmpstr (fake_aws_get_path (aws, 1), ==, "/bucket/a%20film.mp4");
  g_assert_cmpstr (fake_aws_get_query (aws, 1), ==, "uploads");
  g_assert_cmpstr (fake_aws_get_header (aws, 1, "Content-Type"), ==, "video/mp4");
  g_assert_cmpstr (fake_aws_get_header (aws, 1, "x-amz-checksum-algorithm"), ==, "CRC64NVME");
  for (guint i = 2; i < 5; i++)
    {
      g_assert_cmpstr (fake_aws_get_method (aws, i), ==, "PUT");
      g_assert_true (g_str_has_suffix (fake_aws_get_query (aws, i), "&uploadId=u%2B1"));
      g_assert_nonnull (fake_aws_get_header (aws, i, "x-amz-checksum-crc64nvme"));
      sent += fake_aws_get_body_length (aws, i);
    }
  g_assert_cmpuint (sent, ==, 20 * MEGABYTE);
  g_assert_cmpuint (progress.done, ==, 20 * MEGABYTE);
  g_assert_cmpstr (fake_aws_get_query (aws, 5), ==, "uploadId=u%2B1");
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 5), "<PartNumber>1</PartNumber></Part><Part>"));
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 5), "<ETag>&quot;part&quot;</ETag><PartNumber>3</PartNumber></Part></Complete"));
}

/* Of three parts one has arrived, another has other content now */
static void
test_upload_resumed (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GFile) file = make_file ("resumed", 20 * MEGABYTE);
  g_autofree AwsFileSums *sums = sum_up (file, 8 * MEGABYTE, 8 * MEGABYTE);
  g_autofree char *checksum = aws_crc64nvme_base64 (sums->crc64nvme);
  g_autofree char *parts = NULL;
  g_autoptr(GError) error = NULL;
  Progress progress = { 0 };

  parts = g_strdup_printf ("<ListPartsResult><IsTruncated>false</IsTruncated>"
                           "<Part><PartNumber>1</PartNumber><ETag>\"x\"</ETag><Size>8388608</Size><ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME></Part>"
                           "<Part><PartNumber>2</PartNumber><ETag>\"known\"</ETag><Size>8388608</Size><ChecksumCRC64NVME>%s</ChecksumCRC64NVME></Part>"
                           "</ListPartsResult>", checksum);
  fake_aws_answer (aws, 200, NULL, "<ListMultipartUploadsResult><EncodingType>url</EncodingType><Upload><Key>a+film.mp4</Key><UploadId>u-0</UploadId></Upload></ListMultipartUploadsResult>");
  fake_aws_answer (aws, 200, NULL, parts);
  fake_aws_answer (aws, 200, "ETag: \"part\"", NULL);
  fake_aws_answer (aws, 200, "ETag: \"part\"", NULL);
  fake_aws_answer (aws, 200, NULL, "<CompleteMultipartUploadResult><ETag>\"whole-3\"</ETag></CompleteMultipartUploadResult>");
  g_assert_true (dex_await (aws_s3_upload_file (client, "bucket", "a film.mp4", file, 20 * MEGABYTE, NULL, NULL,
                                                progress_cb, &progress, NULL), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 5);
  g_assert_cmpuint (fake_aws_get_body_length (aws, 2) + fake_aws_get_body_length (aws, 3), ==, 12 * MEGABYTE);
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 4), "<ETag>&quot;known&quot;</ETag><PartNumber>2</PartNumber>"));
  g_assert_cmpuint (progress.done, ==, 20 * MEGABYTE);
  g_assert_cmpuint (aws_client_get_bytes_sent (client), <, 13 * MEGABYTE);
}

static void
test_upload_stopped (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GFile) file = make_file ("upload-stopped", 40 * MEGABYTE);
  Progress progress = { 0 };
  DexFuture *future;

  fake_aws_answer (aws, 200, NULL, "<ListMultipartUploadsResult></ListMultipartUploadsResult>");
  answer_upload (aws, 5);
  future = aws_s3_upload_file (client, "bucket", "key", file, 40 * MEGABYTE, NULL, NULL, progress_cb, &progress, NULL);
  while (progress.done < MEGABYTE)
    dex_await (dex_timeout_new_msec (1), NULL);
  dex_clear (&future);
  dex_await (dex_timeout_new_msec (100), NULL);
  g_assert_cmpuint (progress.done, <, 40 * MEGABYTE);

  fake_aws_assert_gone (g_steal_pointer (&client));
}

static void
test_upload_part_fails (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GFile) file = make_file ("part-fails", 20 * MEGABYTE);
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "<ListMultipartUploadsResult></ListMultipartUploadsResult>");
  fake_aws_answer (aws, 200, NULL, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
  for (guint i = 0; i < 3; i++)
    fake_aws_answer (aws, 403, NULL, "<Error><Code>AccessDenied</Code><Message>m</Message></Error>");
  g_assert_false (dex_await (aws_s3_upload_file (client, "bucket", "key", file, 20 * MEGABYTE, NULL, NULL, NULL, NULL, NULL), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);

  fake_aws_assert_gone (g_steal_pointer (&client));
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  dex_init ();
  folder = test_new_folder ();

  test_add_fiber ("/transfer/put/large", test_large_file);
  test_add_fiber ("/transfer/put/small", test_small_file);
  test_add_fiber ("/transfer/put/many", test_many_files);
  test_add_fiber ("/transfer/put/empty", test_empty_file);
  test_add_fiber ("/transfer/put/file-errors", test_file_errors);
  test_add_fiber ("/transfer/put/cancelled", test_cancelled);
  test_add_fiber ("/transfer/put/retried", test_retried);
  test_add_fiber ("/transfer/download/whole", test_download);
  test_add_fiber ("/transfer/download/refused", test_download_refused);
  test_add_fiber ("/transfer/download/cancelled", test_download_cancelled);
  test_add_fiber ("/transfer/upload/parts", test_upload);
  test_add_fiber ("/transfer/upload/resumed", test_upload_resumed);
  test_add_fiber ("/transfer/upload/stopped", test_upload_stopped);
  test_add_fiber ("/transfer/upload/part-fails", test_upload_part_fails);
  status = g_test_run ();

  test_remove_folder (folder);
  g_free (folder);

  return status;
}
