/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-codec-private.h"

#include <string.h>

#include "aws-error.h"
#include "aws-request-private.h"

/* The fifth field of an ARN is the account */
static char *
dup_arn_part (const char *arn,
              const char *part)
{
  static const char * const names[] = { "arn", "partition", "service", "region", "account", NULL };
  g_auto(GStrv) fields = g_strsplit (arn, ":", 6);

  for (guint i = 0; fields[i] != NULL && names[i] != NULL; i++)
    {
      if (g_str_equal (names[i], part))
        return g_strdup (fields[i]);
    }

  return NULL;
}

/* Text from the input becomes part of the name of a server, so nothing but labels may be in it */
static gboolean
is_host_label (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]) && text[i] != '-')
        return FALSE;
    }

  return length > 0 && length <= 63;
}

static char *
dup_host_prefix (const AwsOperation  *operation,
                 JsonObject          *input,
                 GError             **error)
{
  g_autoptr(GString) prefix = g_string_new (NULL);
  const char *at = operation->host_prefix;

  while (*at != '\0')
    {
      gsize literal = strcspn (at, "{");
      gsize length = at[literal] == '{' ? strcspn (at + literal, "}") : 0;
      g_autofree char *label = length > 0 ? g_strndup (at + literal + 1, length - 1) : NULL;
      char *colon = label != NULL ? strchr (label, ':') : NULL;
      g_autofree char *value = NULL;

      g_string_append_len (prefix, at, literal);
      at += literal + (length > 0 ? length + 1 : 0);
      if (label == NULL)
        continue;

      if (colon != NULL)
        *colon++ = '\0';
      value = g_strdup (aws_json_get_string (input, label));
      if (colon != NULL && value != NULL)
        {
          g_autofree char *arn = g_steal_pointer (&value);

          value = dup_arn_part (arn, colon);
        }
      if (!is_host_label (value))
        {
          g_set_error (error, AWS_ERROR, AWS_ERROR_INVALID, "“%s” can't be part of the name of a server", label);
          return NULL;
        }
      g_string_append (prefix, value);
    }

  return g_string_free (g_steal_pointer (&prefix), FALSE);
}

static AwsRequest *
new_json (const AwsService    *service,
          const AwsOperation  *operation,
          JsonObject          *input,
          GError             **error)
{
  g_autoptr(JsonNode) body = aws_codec_write_json_members (operation->input, input, error);
  g_autofree char *content_type = NULL;
  g_autofree char *target = NULL;
  g_autoptr(GBytes) bytes = NULL;
  AwsRequest *request;

  if (body == NULL)
    return NULL;

  request = aws_request_new_for_service (service, operation->region, "POST", "/");
  target = g_strdup_printf ("%s.%s", service->target_prefix, operation->name);
  content_type = g_strconcat ("application/x-amz-json-", service->json_version, NULL);
  bytes = aws_json_to_bytes (body);
  aws_request_set_header (request, "X-Amz-Target", target);
  aws_request_set_body (request, bytes, content_type);

  return request;
}

static AwsRequest *
new_query (const AwsService    *service,
           const AwsOperation  *operation,
           JsonObject          *input,
           GError             **error)
{
  g_autoptr(AwsQuery) query = aws_query_new (operation->name, service->api_version);
  g_autoptr(GBytes) bytes = NULL;
  AwsRequest *request;

  if (!aws_codec_write_query (query, operation->input, input, error))
    return NULL;

  request = aws_request_new_for_service (service, operation->region, "POST", "/");
  bytes = aws_query_to_bytes (query);
  aws_request_set_body (request, bytes, "application/x-www-form-urlencoded; charset=utf-8");

  return request;
}

static AwsRequest *
new_for_protocol (const AwsService    *service,
                  const AwsOperation  *operation,
                  JsonObject          *input,
                  GError             **error)
{
  switch (service->protocol)
    {
    case AWS_PROTOCOL_JSON:
      return new_json (service, operation, input, error);

    case AWS_PROTOCOL_QUERY:
      return new_query (service, operation, input, error);

    case AWS_PROTOCOL_REST_JSON:
    case AWS_PROTOCOL_REST_XML:
    default:
      return aws_codec_new_rest (service, operation, input, error);
    }
}

/* The request for an operation, as its protocol writes it; @input may be %NULL. */
AwsRequest *
aws_codec_new_request (const AwsService    *service,
                       const AwsOperation  *operation,
                       JsonObject          *input,
                       GError             **error)
{
  g_autoptr(AwsRequest) request = new_for_protocol (service, operation, input, error);

  if (request == NULL)
    return NULL;

  if (operation->host_prefix != NULL)
    {
      request->host_prefix = dup_host_prefix (operation, input, error);
      if (request->host_prefix == NULL)
        return NULL;
    }

  if (operation->attempts > 0)
    aws_request_set_attempts (request, operation->attempts);
  aws_request_set_unsigned (request, operation->unsigned_request);
  aws_request_set_error_in_200 (request, operation->error_in_200);

  return g_steal_pointer (&request);
}

static gboolean
read_json_body (const AwsOperation  *operation,
                AwsResponse         *response,
                JsonObject          *output,
                GError             **error)
{
  g_autoptr(JsonObject) object = NULL;

  /* What nobody wants to know may be anything */
  if (operation->output == NULL)
    return TRUE;

  object = aws_response_load_json (response, error);

  return object != NULL && aws_codec_read_json_members (operation->output, object, output, error);
}

static gboolean
read_query_body (const AwsOperation  *operation,
                 AwsResponse         *response,
                 JsonObject          *output,
                 GError             **error)
{
  g_autoptr(AwsXml) xml = NULL;
  g_autofree char *usual = g_strconcat (operation->name, "Result", NULL);
  const char *element = operation->output_element != NULL ? operation->output_element : usual;
  gboolean has_members = operation->output != NULL && operation->output->name != NULL;
  AwsXmlNode *result;

  if (!has_members && g_bytes_get_size (aws_response_get_body (response)) == 0)
    return TRUE;
  if (!(xml = aws_response_load_xml (response, error)))
    return FALSE;

  result = aws_xml_node_first (aws_xml_get_root (xml), element);
  if (result == NULL && has_members)
    {
      g_set_error (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer has no %s", element);
      return FALSE;
    }

  return result == NULL || aws_codec_read_xml_members (operation->output, result, output, error);
}

/* Bytes that a payload takes as they are may be anything; other bodies are never pages for people, as those who stand
 * between us and the service answer with */
static gboolean
is_page (const AwsOperation *operation,
         AwsResponse        *response)
{
  gsize length;
  const char *text = g_bytes_get_data (aws_response_get_body (response), &length);

  for (const AwsShape *member = operation->output; member != NULL && member->name != NULL; member++)
    {
      if (member->place == AWS_PLACE_PAYLOAD && aws_shape_is_scalar (member))
        return FALSE;
    }

  while (length > 0 && g_ascii_isspace (*text))
    {
      text++;
      length--;
    }

  return (length >= strlen ("<!doctype") && g_ascii_strncasecmp (text, "<!doctype", strlen ("<!doctype")) == 0) ||
         (length >= strlen ("<html") && g_ascii_strncasecmp (text, "<html", strlen ("<html")) == 0);
}

/* What a successful answer says. */
JsonObject *
aws_codec_read_response (const AwsService    *service,
                         const AwsOperation  *operation,
                         AwsResponse         *response,
                         GError             **error)
{
  g_autoptr(JsonObject) output = json_object_new ();
  gboolean read;

  if (is_page (operation, response))
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER,
                           "Something between this computer and the service answered with a page");
      return NULL;
    }

  if (service->protocol == AWS_PROTOCOL_JSON)
    read = read_json_body (operation, response, output, error);
  else if (service->protocol == AWS_PROTOCOL_QUERY)
    read = read_query_body (operation, response, output, error);
  else
    read = aws_codec_read_rest (service, operation, response, output, error);

  return read ? g_steal_pointer (&output) : NULL;
}
