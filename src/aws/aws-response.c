/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-response-private.h"

#include "aws-json.h"

struct _AwsResponse
{
  guint       status;
  AwsHeaders *headers;
  GBytes     *body;
  guint64     length;
};

static void
aws_response_clear (AwsResponse *self)
{
  g_clear_pointer (&self->headers, aws_headers_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
}

AWS_DEFINE_BOXED (AwsResponse, aws_response, aws_response_clear)

/* What came back: @body is NULL when it went to a file, where it was @length long. */
AwsResponse *
aws_response_new (SoupMessage *message,
                  GBytes      *body,
                  guint64      length)
{
  AwsResponse *self = g_atomic_rc_box_new0 (AwsResponse);
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  self->status = soup_message_get_status (message);
  self->body = body != NULL ? g_bytes_ref (body) : g_bytes_new (NULL, 0);
  self->length = body != NULL ? g_bytes_get_size (body) : length;
  self->headers = aws_headers_new ();
  soup_message_headers_iter_init (&iter, soup_message_get_response_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      g_autofree char *valid = g_utf8_make_valid (value, -1);

      aws_headers_append (self->headers, name, valid);
    }

  return self;
}

/* An answer of these parts. */
AwsResponse *
aws_response_new_for_parts (guint       status,
                            AwsHeaders *headers,
                            GBytes     *body)
{
  AwsResponse *self = g_atomic_rc_box_new0 (AwsResponse);

  self->status = status;
  self->headers = aws_headers_ref (headers);
  self->body = g_bytes_ref (body);
  self->length = g_bytes_get_size (body);

  return self;
}

/**
 * aws_response_get_status:
 * @self: an answer
 *
 * Returns: the HTTP status
 */
AWS_DEFINE_GETTER (AwsResponse, aws_response, guint, status)

/**
 * aws_response_get_headers:
 * @self: an answer
 *
 * Returns: (transfer none): all headers
 */
AWS_DEFINE_GETTER (AwsResponse, aws_response, AwsHeaders *, headers)

/**
 * aws_response_get_body:
 * @self: an answer
 *
 * Returns: (transfer none): the body, empty if it went to a file
 */
AWS_DEFINE_GETTER (AwsResponse, aws_response, GBytes *, body)

/**
 * aws_response_get_length:
 * @self: an answer
 *
 * Returns: the length of the body, also if it went to a file
 */
AWS_DEFINE_GETTER (AwsResponse, aws_response, guint64, length)

/**
 * aws_response_get_header:
 * @self: an answer
 * @name: the name of a header
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_response_get_header (AwsResponse *self,
                         const char  *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_headers_lookup (self->headers, name);
}

/**
 * aws_response_get_request_id:
 * @self: an answer
 *
 * Returns: (transfer none) (nullable): the number that the service gave the request
 */
const char *
aws_response_get_request_id (AwsResponse *self)
{
  const char *id;

  g_return_val_if_fail (self != NULL, NULL);

  id = aws_headers_lookup (self->headers, "x-amzn-requestid");

  return id != NULL ? id : aws_headers_lookup (self->headers, "x-amz-request-id");
}

/**
 * aws_response_load_xml:
 * @self: an answer
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the body as XML, or %NULL with `AWS_ERROR_BAD_ANSWER`
 */
AwsXml *
aws_response_load_xml (AwsResponse  *self,
                       GError      **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_xml_new (self->body, error);
}

/**
 * aws_response_load_json:
 * @self: an answer
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the body as a JSON object, or %NULL with `AWS_ERROR_BAD_ANSWER`
 */
JsonObject *
aws_response_load_json (AwsResponse  *self,
                        GError      **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_load_object (self->body, error);
}
