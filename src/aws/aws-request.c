/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-request-private.h"

#include <string.h>

#include "aws-checksum.h"
#include "aws-file-stream.h"
#include "aws-uri.h"

static void
aws_request_clear (AwsRequest *self)
{
  g_clear_pointer (&self->region, g_free);
  g_clear_pointer (&self->method, g_free);
  g_clear_pointer (&self->path, g_free);
  if (self->query != NULL)
    g_string_free (g_steal_pointer (&self->query), TRUE);
  g_clear_pointer (&self->headers, aws_headers_unref);
  g_clear_pointer (&self->bucket, g_free);
  g_clear_pointer (&self->host_prefix, g_free);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->payload_hash, g_free);
  g_clear_object (&self->output);
  if (self->progress_notify != NULL)
    self->progress_notify (self->progress_data);
}

AWS_DEFINE_BOXED (AwsRequest, aws_request, aws_request_clear)

/* Begins a request to a service, which must outlive it. */
AwsRequest *
aws_request_new_for_service (const AwsService *service,
                             const char       *region,
                             const char       *method,
                             const char       *path)
{
  AwsRequest *self = g_atomic_rc_box_new0 (AwsRequest);

  self->service = service;
  self->region = g_strdup (region);
  self->method = g_strdup (method);
  self->path = g_strdup (path);
  self->query = g_string_new (NULL);
  self->headers = aws_headers_new ();
  self->attempts = service->attempts;

  return self;
}

/**
 * aws_request_new:
 * @service: the service, for example `s3` or `cloudfront-keyvaluestore`
 * @region: (nullable): the region, or %NULL for that of the client
 * @method: the method
 * @path: the path as it goes on the wire, percent-encoded; for S3 without the bucket
 *
 * Begins a request.
 *
 * Returns: (transfer full): the request
 */
AwsRequest *
aws_request_new (const char *service,
                 const char *region,
                 const char *method,
                 const char *path)
{
  const AwsService *found;

  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (path != NULL && *path == '/', NULL);

  found = aws_service_find (service);
  g_return_val_if_fail (found != NULL, NULL);

  return aws_request_new_for_service (found, region, method, path);
}

/**
 * aws_request_add_query:
 * @self: a request
 * @name: the name of a parameter, not encoded
 * @value: (nullable): its value, not encoded; %NULL for a name alone, as `?uploads`
 *
 * Adds a parameter to the address.
 */
void
aws_request_add_query (AwsRequest *self,
                       const char *name,
                       const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  if (self->query->len > 0)
    g_string_append_c (self->query, '&');
  aws_uri_append_encoded (self->query, name, -1, FALSE);
  if (value != NULL)
    {
      g_string_append_c (self->query, '=');
      aws_uri_append_encoded (self->query, value, -1, FALSE);
    }
}

/**
 * aws_request_set_header:
 * @self: a request
 * @name: the name of a header
 * @value: (nullable): its value; nothing is set for %NULL
 *
 * Sets a header, which will be signed.
 */
void
aws_request_set_header (AwsRequest *self,
                        const char *name,
                        const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  if (value != NULL)
    aws_headers_set (self->headers, name, value);
}

/**
 * aws_request_set_body:
 * @self: a request
 * @body: the body
 * @content_type: (nullable): its type
 *
 * Sets the body.
 */
void
aws_request_set_body (AwsRequest *self,
                      GBytes     *body,
                      const char *content_type)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (body != NULL);

  g_bytes_ref (body);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = body;
  g_clear_object (&self->file);
  g_clear_pointer (&self->payload_hash, g_free);
  aws_request_set_header (self, "Content-Type", content_type);
}

/**
 * aws_request_take_xml:
 * @self: a request
 * @xml: (transfer full): a document
 *
 * Sets a body of XML.
 */
void
aws_request_take_xml (AwsRequest *self,
                      char       *xml)
{
  g_autoptr(GBytes) body = g_bytes_new_take (xml, strlen (xml));

  aws_request_set_body (self, body, "application/xml");
}

/**
 * aws_request_set_body_file:
 * @self: a request
 * @file: a file
 * @offset: where the body begins in it
 * @length: how long the body is
 *
 * Sets a body that is read from a file while it is sent, on a worker thread and a piece at a time.
 * aws_request_set_payload_hash() must follow.
 */
void
aws_request_set_body_file (AwsRequest *self,
                           GFile      *file,
                           goffset     offset,
                           goffset     length)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (offset >= 0 && length >= 0);

  g_set_object (&self->file, file);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->payload_hash, g_free);
  self->offset = offset;
  self->length = length;
}

/**
 * aws_request_set_payload_hash:
 * @self: a request
 * @hash: the SHA-256 of the body in hexadecimal, or one of the literals of S3
 *
 * Says what the hash of the body is, so that it need not be computed.
 */
void
aws_request_set_payload_hash (AwsRequest *self,
                              const char *hash)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (hash != NULL);

  g_set_str (&self->payload_hash, hash);
}

/**
 * aws_request_set_bucket:
 * @self: a request to S3
 * @bucket: the bucket
 *
 * Says which bucket the path is in. The client makes it part of the host or of the path.
 */
void
aws_request_set_bucket (AwsRequest *self,
                        const char *bucket)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (bucket != NULL);

  g_set_str (&self->bucket, bucket);
}

/**
 * aws_request_set_output:
 * @self: a request
 * @file: a file
 *
 * Lets the body of the answer be written to a file, which is replaced only when all of it has arrived.
 * The body of an error is not written there.
 */
void
aws_request_set_output (AwsRequest *self,
                        GFile      *file)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_FILE (file));

  g_set_object (&self->output, file);
}

/**
 * aws_request_set_progress:
 * @self: a request
 * @func: (nullable): called as the body is sent
 * @user_data: given to it
 * @notify: (nullable): frees @user_data
 *
 * Asks to be told how much of the body was sent.
 */
void
aws_request_set_progress (AwsRequest      *self,
                          AwsProgressFunc  func,
                          gpointer         user_data,
                          GDestroyNotify   notify)
{
  g_return_if_fail (self != NULL);

  if (self->progress_notify != NULL)
    self->progress_notify (self->progress_data);

  self->progress = func;
  self->progress_data = user_data;
  self->progress_notify = notify;
}

/**
 * aws_request_set_attempts:
 * @self: a request
 * @attempts: how often to try in all
 *
 * Sets another number of attempts than the service usually gets.
 */
void
aws_request_set_attempts (AwsRequest *self,
                          guint       attempts)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (attempts > 0);

  self->attempts = attempts;
}

/**
 * aws_request_set_error_in_200:
 * @self: a request
 * @error_in_200: whether that can be
 *
 * Says that this operation can answer with success and an error in the body, as copying in S3 does.
 */
void
aws_request_set_error_in_200 (AwsRequest *self,
                              gboolean    error_in_200)
{
  g_return_if_fail (self != NULL);

  self->error_in_200 = error_in_200;
}

/**
 * aws_request_set_unsigned:
 * @self: a request
 * @is_unsigned: whether it goes without a signature
 *
 * Says that nobody's credentials are needed, as before somebody has signed in.
 */
void
aws_request_set_unsigned (AwsRequest *self,
                          gboolean    is_unsigned)
{
  g_return_if_fail (self != NULL);

  self->is_unsigned = is_unsigned;
}

/* The hash of the body, worked out when it is first needed; NULL for the empty body. */
const char *
aws_request_get_payload_hash (AwsRequest *self)
{
  if (self->payload_hash == NULL && self->body != NULL && g_bytes_get_size (self->body) > 0)
    self->payload_hash = aws_sha256_hex (g_bytes_get_data (self->body, NULL), g_bytes_get_size (self->body));

  return self->payload_hash;
}

/* A new stream of the body, which has a length. */
GInputStream *
aws_request_open_body (AwsRequest *self)
{
  return self->file != NULL
         ? aws_file_stream_new (self->file, self->offset, self->length)
         : g_memory_input_stream_new_from_bytes (self->body);
}

/* The length of the body. */
guint64
aws_request_get_length (AwsRequest *self)
{
  if (self->file != NULL)
    return self->length;

  return self->body != NULL ? g_bytes_get_size (self->body) : 0;
}
