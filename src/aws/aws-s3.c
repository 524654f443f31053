/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-s3-private.h"

#include <string.h>

#include "aws-checksum.h"
#include "aws-client-private.h"
#include "aws-error-private.h"
#include "aws-thread.h"
#include "aws-uri.h"

/* Files up to this size are read at once; for more a piece at a time is kept in memory */
#define READ_AT_ONCE (512 * 1024)

#define LOCATION \
  "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" \
  "<LocationConstraint>%s</LocationConstraint>" \
  "</CreateBucketConfiguration>"

static void
aws_s3_object_clear (AwsS3Object *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->modified, g_date_time_unref);
  g_clear_pointer (&self->headers, aws_headers_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
}

AWS_DEFINE_BOXED (AwsS3Object, aws_s3_object, aws_s3_object_clear)

/**
 * aws_s3_object_get_key:
 * @self: an object
 *
 * Returns: (transfer none): its key
 */
AWS_DEFINE_GETTER (AwsS3Object, aws_s3_object, const char *, key)

/**
 * aws_s3_object_get_size:
 * @self: an object
 *
 * Returns: its size in bytes
 */
AWS_DEFINE_GETTER (AwsS3Object, aws_s3_object, guint64, size)

/**
 * aws_s3_object_get_etag:
 * @self: an object
 *
 * Returns: (transfer none) (nullable): its ETag with the quotes
 */
AWS_DEFINE_GETTER (AwsS3Object, aws_s3_object, const char *, etag)

/**
 * aws_s3_object_get_modified:
 * @self: an object
 *
 * Returns: (transfer none) (nullable): when it was written
 */
AWS_DEFINE_GETTER (AwsS3Object, aws_s3_object, GDateTime *, modified)

/**
 * aws_s3_object_get_body:
 * @self: an object
 *
 * Returns: (transfer none) (nullable): its content, if that was asked for
 */
AWS_DEFINE_GETTER (AwsS3Object, aws_s3_object, GBytes *, body)

/**
 * aws_s3_object_get_header:
 * @self: an object
 * @name: the name of a header
 *
 * Returns: (transfer none) (nullable): what the answer said there
 */
const char *
aws_s3_object_get_header (AwsS3Object *self,
                          const char  *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->headers != NULL ? aws_headers_lookup (self->headers, name) : NULL;
}

/**
 * aws_s3_object_get_content_type:
 * @self: an object
 *
 * Returns: (transfer none) (nullable): its media type
 */
const char *
aws_s3_object_get_content_type (AwsS3Object *self)
{
  return aws_s3_object_get_header (self, "Content-Type");
}

/**
 * aws_s3_object_get_cache_control:
 * @self: an object
 *
 * Returns: (transfer none) (nullable): how long it may be kept by caches
 */
const char *
aws_s3_object_get_cache_control (AwsS3Object *self)
{
  return aws_s3_object_get_header (self, "Cache-Control");
}

/**
 * aws_s3_object_get_metadata:
 * @self: an object
 * @name: a name, without `x-amz-meta-`
 *
 * Returns: (transfer none) (nullable): what was stored under that name
 */
const char *
aws_s3_object_get_metadata (AwsS3Object *self,
                            const char  *name)
{
  g_autofree char *header = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  header = g_strconcat ("x-amz-meta-", name, NULL);

  return aws_s3_object_get_header (self, header);
}

/* An object from the headers of an answer. */
AwsS3Object *
aws_s3_object_new_for_response (const char  *key,
                                AwsResponse *response)
{
  AwsS3Object *self = g_atomic_rc_box_new0 (AwsS3Object);
  const char *length = aws_response_get_header (response, "Content-Length");
  const char *modified = aws_response_get_header (response, "Last-Modified");

  self->key = g_strdup (key);
  self->headers = aws_headers_ref (aws_response_get_headers (response));
  self->etag = g_strdup (aws_response_get_header (response, "ETag"));
  self->modified = modified != NULL ? aws_time_parse (modified) : NULL;
  if (length == NULL || !g_ascii_string_to_unsigned (length, 10, 0, G_MAXUINT64, &self->size, NULL))
    self->size = aws_response_get_length (response);

  return self;
}

/* A request to a bucket itself. */
AwsRequest *
aws_s3_bucket_request (const char *method,
                       const char *bucket)
{
  AwsRequest *request = aws_request_new ("s3", NULL, method, "/");

  aws_request_set_bucket (request, bucket);

  return request;
}

/* A request to an object. */
AwsRequest *
aws_s3_object_request (const char *method,
                       const char *bucket,
                       const char *key)
{
  g_autofree char *encoded = aws_uri_encode_path (key);
  g_autofree char *path = g_strconcat ("/", encoded, NULL);
  AwsRequest *request = aws_request_new ("s3", NULL, method, path);

  aws_request_set_bucket (request, bucket);

  return request;
}

/* Takes the headers over that a caller gave. */
void
aws_s3_add_headers (AwsRequest *request,
                    AwsHeaders *headers)
{
  for (guint i = 0; headers != NULL && i < aws_headers_get_length (headers); i++)
    aws_request_set_header (request, aws_headers_get_name (headers, i), aws_headers_get_value (headers, i));
}

static DexFuture *
resolve_true (DexFuture *completed,
              gpointer   user_data)
{
  return dex_future_new_true ();
}

static DexFuture *
resolve_object (DexFuture *completed,
                gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);

  return dex_future_new_take_boxed (AWS_TYPE_S3_OBJECT,
                                    aws_s3_object_new_for_response (user_data, g_value_get_boxed (value)));
}

static DexFuture *
resolve_object_with_body (DexFuture *completed,
                          gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  AwsResponse *response = g_value_get_boxed (value);
  AwsS3Object *object = aws_s3_object_new_for_response (user_data, response);

  object->body = g_bytes_ref (aws_response_get_body (response));

  return dex_future_new_take_boxed (AWS_TYPE_S3_OBJECT, object);
}

static DexFuture *
send_for_object (AwsClient  *client,
                 AwsRequest *request,
                 const char *key)
{
  return dex_future_then (aws_client_send (client, request), resolve_object, g_strdup (key), g_free);
}

/**
 * aws_s3_create_bucket:
 * @client: a client
 * @bucket: the name
 *
 * Makes a bucket in the region of @client.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`: `ALREADY_EXISTS` if the name is taken
 */
DexFuture *
aws_s3_create_bucket (AwsClient  *client,
                      const char *bucket)
{
  g_autoptr(AwsRequest) request = NULL;
  const char *region;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);

  region = aws_client_get_region (client);
  request = aws_s3_bucket_request ("PUT", bucket);

  /* us-east-1 is the one region that must not be named */
  if (!g_str_equal (region, "us-east-1"))
    aws_request_take_xml (request, g_markup_printf_escaped (LOCATION, region));

  return dex_future_then (aws_client_send (client, request), resolve_true, NULL, NULL);
}

static DexFuture *
resolve_region (DexFuture *completed,
                gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  const char *region = aws_response_get_header (g_value_get_boxed (value), "x-amz-bucket-region");

  return dex_future_new_for_string (region != NULL ? region : user_data);
}

/**
 * aws_s3_head_bucket:
 * @client: a client
 * @bucket: a bucket
 *
 * Asks whether a bucket is there and may be used.
 *
 * Returns: (transfer full): resolves to its region as a string, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_head_bucket (AwsClient  *client,
                    const char *bucket)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);

  request = aws_s3_bucket_request ("HEAD", bucket);

  return dex_future_then (aws_client_send (client, request), resolve_region,
                          g_strdup (aws_client_get_region (client)), g_free);
}

/**
 * aws_s3_delete_bucket:
 * @client: a client
 * @bucket: a bucket
 *
 * Deletes a bucket, which must be empty.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`: `NOT_EMPTY` if something is in it
 */
DexFuture *
aws_s3_delete_bucket (AwsClient  *client,
                      const char *bucket)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);

  request = aws_s3_bucket_request ("DELETE", bucket);

  return dex_future_then (aws_client_send (client, request), resolve_true, NULL, NULL);
}

/* With the hash in the headers S3 refuses what is not what was hashed, and keeps it for those who ask later */
static void
set_hash (AwsRequest *request,
          const char *sha256)
{
  g_autofree char *checksum = aws_base64_from_hex (sha256);

  aws_request_set_payload_hash (request, sha256);
  aws_request_set_header (request, "x-amz-checksum-sha256", checksum);
}

/**
 * aws_s3_put_object:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 * @body: the content
 * @headers: (nullable): headers to store or to decide by: `Content-Type`, `Cache-Control`, `x-amz-meta-*`, `If-Match`,
 *   `If-None-Match` and so on
 *
 * Stores a small object with its SHA-256.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Object], or rejects with an `AWS_ERROR`:
 *   `PRECONDITION_FAILED` if a condition in @headers does not hold
 */
DexFuture *
aws_s3_put_object (AwsClient  *client,
                   const char *bucket,
                   const char *key,
                   GBytes     *body,
                   AwsHeaders *headers)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autofree char *sha256 = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (body != NULL);

  sha256 = aws_sha256_hex (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  request = aws_s3_object_request ("PUT", bucket, key);
  aws_request_set_body (request, body, NULL);
  aws_s3_add_headers (request, headers);
  set_hash (request, sha256);

  return send_for_object (client, request, key);
}

/* A file on its way into the store */
typedef struct
{
  AwsClient  *client;
  AwsRequest *request;
  char       *key;
  GFile      *file;
  goffset     size;
  char       *sha256;
} FilePut;

static void
file_put_clear (gpointer data)
{
  FilePut *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->request, aws_request_unref);
  g_clear_pointer (&self->key, g_free);
  g_clear_object (&self->file);
  g_clear_pointer (&self->sha256, g_free);
}

static void
file_put_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, file_put_clear);
}

static DexFuture *
reject_file (GFile      *file,
             const char *reason)
{
  g_autofree char *path = g_file_get_parse_name (file);

  return dex_future_new_reject (AWS_ERROR, AWS_ERROR_FILE, "%s: %s", path, reason);
}

static DexFuture *
file_failed (DexFuture *completed,
             gpointer   user_data)
{
  FilePut *self = user_data;
  g_autoptr(GError) error = NULL;

  dex_future_get_value (completed, &error);
  if (aws_error_is_cancelled (error) || error->domain == AWS_ERROR)
    return NULL;

  return reject_file (self->file, error->message);
}

/* On a worker thread */
static DexFuture *
read_file (gpointer user_data)
{
  FilePut *self = user_data;
  g_autoptr(GBytes) bytes = NULL;
  GError *error = NULL;

  if (!(bytes = g_file_load_bytes (self->file, NULL, NULL, &error)))
    return dex_future_new_for_error (error);

  if (g_bytes_get_size (bytes) != (gsize) self->size)
    return reject_file (self->file, "The file changed while it was sent");

  if (self->sha256 == NULL)
    self->sha256 = aws_sha256_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return dex_future_new_take_boxed (G_TYPE_BYTES, g_steal_pointer (&bytes));
}

static DexFuture *
put_bytes (DexFuture *completed,
           gpointer   user_data)
{
  FilePut *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);

  aws_request_set_body (self->request, g_value_get_boxed (value), NULL);
  set_hash (self->request, self->sha256);

  return send_for_object (self->client, self->request, self->key);
}

static DexFuture *
put_stream (FilePut *self)
{
  aws_request_set_body_file (self->request, self->file, 0, self->size);
  set_hash (self->request, self->sha256);

  return send_for_object (self->client, self->request, self->key);
}

static DexFuture *
put_summed (DexFuture *completed,
            gpointer   user_data)
{
  FilePut *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  AwsFileSums *sums = g_value_get_boxed (value);

  if (sums->length != (guint64) self->size)
    return reject_file (self->file, "The file changed while it was sent");

  self->sha256 = g_strdup (sums->sha256);

  return put_stream (self);
}

/**
 * aws_s3_put_file:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 * @file: the file to send
 * @size: its size
 * @sha256: (nullable): its SHA-256 in hexadecimal, if known
 * @headers: (nullable): headers as for aws_s3_put_object()
 * @progress: (nullable): called as it is sent
 * @progress_data: given to it
 * @progress_notify: (nullable): frees @progress_data
 *
 * Stores a file with its SHA-256. The file is read on worker threads and never kept in memory as a whole if it is large.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Object], or rejects with an `AWS_ERROR`: `FILE` or `CHECKSUM` if
 *   the file can't be read or is not what @size and @sha256 say
 */
DexFuture *
aws_s3_put_file (AwsClient       *client,
                 const char      *bucket,
                 const char      *key,
                 GFile           *file,
                 goffset          size,
                 const char      *sha256,
                 AwsHeaders      *headers,
                 AwsProgressFunc  progress,
                 gpointer         progress_data,
                 GDestroyNotify   progress_notify)
{
  DexFuture *future;
  FilePut *self;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (G_IS_FILE (file));
  dex_return_error_if_fail (size >= 0);

  self = g_atomic_rc_box_new0 (FilePut);
  self->client = g_object_ref (client);
  self->key = g_strdup (key);
  self->file = g_object_ref (file);
  self->size = size;
  self->sha256 = g_strdup (sha256);
  self->request = aws_s3_object_request ("PUT", bucket, key);
  aws_s3_add_headers (self->request, headers);
  aws_request_set_progress (self->request, progress, progress_data, progress_notify);

  if (sha256 != NULL)
    {
      future = put_stream (self);
      file_put_unref (self);

      return future;
    }

  if (size <= READ_AT_ONCE)
    future = aws_thread_run (read_file, g_atomic_rc_box_acquire (self), file_put_unref);
  else
    future = aws_file_sums_load (file, 0, -1, aws_digest_new ("SHA256"));

  future = dex_future_catch (future, file_failed, g_atomic_rc_box_acquire (self), file_put_unref);

  return dex_future_then (future, size <= READ_AT_ONCE ? put_bytes : put_summed, self, file_put_unref);
}

/**
 * aws_s3_get_object:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 *
 * Fetches a small object.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Object] with its body, or rejects with an `AWS_ERROR`:
 *   `NOT_FOUND` if there is none
 */
DexFuture *
aws_s3_get_object (AwsClient  *client,
                   const char *bucket,
                   const char *key)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');

  request = aws_s3_object_request ("GET", bucket, key);

  return dex_future_then (aws_client_send (client, request), resolve_object_with_body, g_strdup (key), g_free);
}

/**
 * aws_s3_download:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 * @file: where to
 *
 * Fetches an object into a file, which is replaced when all of it has arrived.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Object], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_download (AwsClient  *client,
                 const char *bucket,
                 const char *key,
                 GFile      *file)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (G_IS_FILE (file));

  request = aws_s3_object_request ("GET", bucket, key);
  aws_request_set_output (request, file);

  return send_for_object (client, request, key);
}

/**
 * aws_s3_head_object:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 *
 * Asks what is known of an object.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Object], or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is
 *   none, or `ACCESS_DENIED` if the bucket may not be listed either
 */
DexFuture *
aws_s3_head_object (AwsClient  *client,
                    const char *bucket,
                    const char *key)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');

  request = aws_s3_object_request ("HEAD", bucket, key);
  aws_request_set_header (request, "x-amz-checksum-mode", "ENABLED");

  return send_for_object (client, request, key);
}

static gboolean
replaces_metadata (AwsHeaders *headers)
{
  for (guint i = 0; headers != NULL && i < aws_headers_get_length (headers); i++)
    {
      g_autofree char *name = g_ascii_strdown (aws_headers_get_name (headers, i), -1);

      if (g_str_has_prefix (name, "content-") || g_str_has_prefix (name, "x-amz-meta-") ||
          g_str_equal (name, "cache-control") || g_str_equal (name, "expires"))
        return TRUE;
    }

  return FALSE;
}

static DexFuture *
resolve_copy (DexFuture *completed,
              gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  AwsResponse *response = g_value_get_boxed (value);
  AwsS3Object *object = aws_s3_object_new_for_response (user_data, response);
  g_autoptr(AwsXml) xml = aws_response_load_xml (response, NULL);

  object->size = 0;
  if (xml != NULL)
    {
      g_clear_pointer (&object->etag, g_free);
      g_clear_pointer (&object->modified, g_date_time_unref);
      object->etag = aws_xml_node_dup_text (aws_xml_get_root (xml), "ETag");
      object->modified = aws_xml_node_dup_time (aws_xml_get_root (xml), "LastModified");
    }

  return dex_future_new_take_boxed (AWS_TYPE_S3_OBJECT, object);
}

/**
 * aws_s3_copy_object:
 * @client: a client
 * @source_bucket: where from
 * @source_key: its key there
 * @bucket: where to
 * @key: its key there
 * @headers: (nullable): headers; if they set the type, the cache rule or metadata, all of these are replaced,
 *   else all are kept
 *
 * Copies an object without sending its content.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Object] of no known size, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_copy_object (AwsClient  *client,
                    const char *source_bucket,
                    const char *source_key,
                    const char *bucket,
                    const char *key,
                    AwsHeaders *headers)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autofree char *encoded = NULL;
  g_autofree char *source = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (source_bucket != NULL);
  dex_return_error_if_fail (source_key != NULL && *source_key != '\0');
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');

  encoded = aws_uri_encode_path (source_key);
  source = g_strconcat ("/", source_bucket, "/", encoded, NULL);
  request = aws_s3_object_request ("PUT", bucket, key);
  aws_request_set_header (request, "x-amz-copy-source", source);
  aws_request_set_header (request, "x-amz-metadata-directive", replaces_metadata (headers) ? "REPLACE" : "COPY");
  aws_s3_add_headers (request, headers);
  aws_request_set_error_in_200 (request, TRUE);

  return dex_future_then (aws_client_send (client, request), resolve_copy, g_strdup (key), g_free);
}

/**
 * aws_s3_presign:
 * @client: a client
 * @method: `GET`, `HEAD`, `PUT` or `DELETE`
 * @bucket: a bucket
 * @key: the key of an object, which need not exist
 * @seconds: for how long the address is good, 1 to `AWS_S3_MAX_PRESIGNED`; with temporary credentials it ends with them
 *
 * Makes an address with which somebody without credentials can do one thing to one object: read it with a browser, for
 * example, or store it. Nothing is sent, so a bucket in a region that is neither that of @client nor known from
 * an earlier answer gives an address that S3 refuses. Whoever has the address can use it: it is to be kept as a secret.
 *
 * Returns: (transfer full): resolves to the address as a string, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_presign (AwsClient  *client,
                const char *method,
                const char *bucket,
                const char *key,
                guint       seconds)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (method != NULL);
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (seconds > 0 && seconds <= AWS_S3_MAX_PRESIGNED);

  request = aws_s3_object_request (method, bucket, key);

  return aws_call_presign (client, request, seconds);
}

/**
 * aws_s3_delete_object:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 *
 * Deletes an object. It is no error if there is none.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_delete_object (AwsClient  *client,
                      const char *bucket,
                      const char *key)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');

  request = aws_s3_object_request ("DELETE", bucket, key);

  return dex_future_then (aws_client_send (client, request), resolve_true, NULL, NULL);
}
