/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The REST protocols: members in the address and in headers, and what is left in the body. */

#include "aws-codec-private.h"

#include <string.h>

#include "aws-error.h"
#include "aws-request-private.h"
#include "aws-uri.h"

static const AwsShape *
find_by_wire_name (const AwsShape *members,
                   AwsPlace        place,
                   const char     *name,
                   gsize           length)
{
  for (const AwsShape *member = members; member != NULL && member->name != NULL; member++)
    {
      const char *wire_name = aws_shape_get_wire_name (member);

      if (member->place == place && strlen (wire_name) == length && strncmp (wire_name, name, length) == 0)
        return member;
    }

  return NULL;
}

static gboolean
append_label (GString         *path,
              const AwsShape  *members,
              const char      *label,
              gsize            length,
              JsonObject      *input,
              GError         **error)
{
  gboolean is_greedy = length > 0 && label[length - 1] == '+';
  const AwsShape *member = find_by_wire_name (members, AWS_PLACE_URI, label, is_greedy ? length - 1 : length);
  g_autoptr(JsonNode) value = NULL;
  g_autofree char *text = NULL;

  if (member != NULL && !aws_codec_get_member (member, input, &value, error))
    return FALSE;
  if (value != NULL && !(text = aws_codec_write_text (member, value, AWS_TIME_ISO_8601, error)))
    return FALSE;

  if (text == NULL || *text == '\0')
    {
      g_set_error (error, AWS_ERROR, AWS_ERROR_INVALID, "“%.*s” is missing", (int) length, label);
      return FALSE;
    }

  aws_uri_append_encoded (path, text, -1, is_greedy);

  return TRUE;
}

/* "/path/{Label}/{Greedy+}", without the query */
static char *
build_path (const AwsOperation  *operation,
            JsonObject          *input,
            GError             **error)
{
  g_autoptr(GString) path = g_string_new (NULL);
  const char *at = operation->uri != NULL ? operation->uri : "/";

  while (*at != '\0' && *at != '?')
    {
      gsize length;

      if (*at != '{')
        {
          g_string_append_c (path, *at++);
          continue;
        }

      length = strcspn (at, "}");
      if (!append_label (path, operation->input, at + 1, length - 1, input, error))
        return NULL;
      at += length + 1;
    }

  return g_string_free (g_steal_pointer (&path), FALSE);
}

static void
add_fixed_query (AwsRequest         *request,
                 const AwsOperation *operation)
{
  const char *question = operation->uri != NULL ? strchr (operation->uri, '?') : NULL;
  g_auto(GStrv) parts = question != NULL ? g_strsplit (question + 1, "&", -1) : NULL;

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals != NULL)
        *equals++ = '\0';
      aws_request_add_query (request, parts[i], equals);
    }
}

static gboolean
add_query_value (AwsRequest      *request,
                 const AwsShape  *shape,
                 const char      *name,
                 JsonNode        *value,
                 GError         **error)
{
  g_autofree char *text = NULL;

  if (shape->type == AWS_SHAPE_LIST && JSON_NODE_HOLDS_ARRAY (value))
    {
      JsonArray *array = json_node_get_array (value);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *element = json_array_get_element (array, i);

          if (!JSON_NODE_HOLDS_NULL (element) && !add_query_value (request, shape->item, name, element, error))
            return FALSE;
        }

      return TRUE;
    }

  if (!(text = aws_codec_write_text (shape, value, AWS_TIME_ISO_8601, error)))
    return FALSE;

  aws_request_add_query (request, name, text);

  return TRUE;
}

/* A map gives parameters of any name; those that members of their own have win */
static gboolean
add_query_map (AwsRequest          *request,
               const AwsOperation  *operation,
               const AwsShape      *shape,
               JsonNode            *value,
               GError             **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *element;

  if (!JSON_NODE_HOLDS_OBJECT (value))
    {
      aws_codec_fail_input (shape, "an object", error);
      return FALSE;
    }

  json_object_iter_init_ordered (&iter, json_node_get_object (value));
  while (json_object_iter_next_ordered (&iter, &key, &element))
    {
      const AwsShape *own = find_by_wire_name (operation->input, AWS_PLACE_QUERY, key, strlen (key));

      if (JSON_NODE_HOLDS_NULL (element) || (own != NULL && own != shape))
        continue;
      if (!add_query_value (request, shape->item, key, element, error))
        return FALSE;
    }

  return TRUE;
}

/* An element of a list in a header is quoted if it would read as several */
static void
append_list_text (GString        *list,
                  const AwsShape *item,
                  const char     *text)
{
  if (list->len > 0)
    g_string_append (list, ", ");

  if (item->type != AWS_SHAPE_STRING || strpbrk (text, ",\"") == NULL)
    {
      g_string_append (list, text);
      return;
    }

  g_string_append_c (list, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\')
        g_string_append_c (list, '\\');
      g_string_append_c (list, *text);
    }
  g_string_append_c (list, '"');
}

static char *
write_header_list (const AwsShape  *shape,
                   JsonArray       *array,
                   GError         **error)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *text = NULL;

      if (JSON_NODE_HOLDS_NULL (element))
        continue;
      if (!(text = aws_codec_write_text (shape->item, element, AWS_TIME_RFC_822, error)))
        return NULL;
      append_list_text (list, shape->item, text);
    }

  return g_string_free (g_steal_pointer (&list), FALSE);
}

static char *
write_header (const AwsShape  *shape,
              JsonNode        *value,
              GError         **error)
{
  g_autofree char *text = NULL;

  if (shape->type == AWS_SHAPE_LIST && JSON_NODE_HOLDS_ARRAY (value))
    return write_header_list (shape, json_node_get_array (value), error);

  text = aws_codec_write_text (shape, value, AWS_TIME_RFC_822, error);
  if (text != NULL && (shape->flags & AWS_SHAPE_JSON_VALUE))
    return g_base64_encode ((const guchar *) text, strlen (text));

  return g_steal_pointer (&text);
}

static gboolean
set_header (AwsRequest      *request,
            const AwsShape  *shape,
            const char      *name,
            JsonNode        *value,
            GError         **error)
{
  g_autofree char *text = write_header (shape, value, error);

  if (text == NULL)
    return FALSE;

  /* Nothing of what is in a value may become a header of its own */
  if (strpbrk (text, "\r\n") != NULL)
    {
      aws_codec_fail_input (shape, "a text of one line", error);
      return FALSE;
    }

  aws_request_set_header (request, name, text);

  return TRUE;
}

static gboolean
set_prefix_headers (AwsRequest          *request,
                    const AwsOperation  *operation,
                    const AwsShape      *shape,
                    JsonNode            *value,
                    GError             **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *element;

  if (!JSON_NODE_HOLDS_OBJECT (value))
    {
      aws_codec_fail_input (shape, "an object", error);
      return FALSE;
    }

  json_object_iter_init_ordered (&iter, json_node_get_object (value));
  while (json_object_iter_next_ordered (&iter, &key, &element))
    {
      g_autofree char *name = g_strconcat (shape->wire_name != NULL ? shape->wire_name : "", key, NULL);

      if (!JSON_NODE_HOLDS_NULL (element) && !set_header (request, shape->item, name, element, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
bind_member (AwsRequest          *request,
             const AwsOperation  *operation,
             const AwsShape      *member,
             JsonNode            *value,
             GError             **error)
{
  const char *name = aws_shape_get_wire_name (member);

  switch (member->place)
    {
    case AWS_PLACE_QUERY:
      if (member->type == AWS_SHAPE_MAP)
        return add_query_map (request, operation, member, value, error);
      return add_query_value (request, member, name, value, error);

    case AWS_PLACE_HEADER:
      return set_header (request, member, name, value, error);

    case AWS_PLACE_HEADERS:
      return set_prefix_headers (request, operation, member, value, error);

    case AWS_PLACE_BODY:
    case AWS_PLACE_PAYLOAD:
    case AWS_PLACE_URI:
    case AWS_PLACE_STATUS:
    default:
      return TRUE;
    }
}

/* Headers of any name first, so that those of members of their own win */
static gboolean
bind_members (AwsRequest          *request,
              const AwsOperation  *operation,
              JsonObject          *input,
              GError             **error)
{
  for (guint pass = 0; pass < 2; pass++)
    {
      for (const AwsShape *member = operation->input; member != NULL && member->name != NULL; member++)
        {
          g_autoptr(JsonNode) value = NULL;

          if (member->place == AWS_PLACE_BODY || member->place == AWS_PLACE_PAYLOAD || member->place == AWS_PLACE_URI ||
              (member->place == AWS_PLACE_HEADERS) != (pass == 0))
            continue;
          if (!aws_codec_get_member (member, input, &value, error) ||
              (value != NULL && !bind_member (request, operation, member, value, error)))
            return FALSE;
        }
    }

  return TRUE;
}

static const AwsShape *
find_place (const AwsShape *members,
            AwsPlace        place)
{
  for (const AwsShape *member = members; member != NULL && member->name != NULL; member++)
    {
      if (member->place == place)
        return member;
    }

  return NULL;
}

/* The type of a body that a header of the input gives is better than the usual one */
static void
set_body (AwsRequest *request,
          GBytes     *body,
          const char *content_type)
{
  gboolean has_type = aws_headers_lookup (request->headers, "Content-Type") != NULL;

  aws_request_set_body (request, body, has_type ? NULL : content_type);
}

static gboolean
set_raw_payload (AwsRequest      *request,
                 const AwsShape  *shape,
                 JsonNode        *value,
                 GError         **error)
{
  g_autofree char *text = aws_codec_write_text (shape, value, AWS_TIME_DEFAULT, error);
  g_autoptr(GBytes) bytes = NULL;

  if (text == NULL)
    return FALSE;

  if (shape->type == AWS_SHAPE_BLOB)
    {
      gsize length = 0;
      guchar *data = g_base64_decode (text, &length);

      bytes = g_bytes_new_take (data, length);
      set_body (request, bytes, "application/octet-stream");
    }
  else
    {
      bytes = g_bytes_new (text, strlen (text));
      set_body (request, bytes, "text/plain");
    }

  return TRUE;
}

static gboolean
set_json_body (AwsRequest *request,
               JsonNode   *node)
{
  g_autoptr(JsonNode) taken = node;
  g_autoptr(GBytes) bytes = NULL;

  if (taken == NULL)
    return FALSE;

  bytes = aws_json_to_bytes (taken);
  set_body (request, bytes, "application/json");

  return TRUE;
}

static gboolean
set_payload (AwsRequest        *request,
             const AwsService  *service,
             const AwsShape    *shape,
             JsonNode          *value,
             GError           **error)
{
  g_autoptr(GString) xml = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (shape->type == AWS_SHAPE_BLOB || shape->type == AWS_SHAPE_STRING)
    return set_raw_payload (request, shape, value, error);

  if (service->protocol == AWS_PROTOCOL_REST_JSON)
    return set_json_body (request, aws_codec_write_json (shape, value, error));

  xml = g_string_new (NULL);
  if (!aws_codec_write_xml (xml, shape, aws_shape_get_wire_name (shape), service->xml_namespace, value, error))
    return FALSE;

  bytes = g_bytes_new (xml->str, xml->len);
  set_body (request, bytes, "application/xml");

  return TRUE;
}

static gboolean
has_body_members (const AwsShape *members,
                  JsonObject     *input)
{
  for (const AwsShape *member = members; member != NULL && member->name != NULL; member++)
    {
      JsonNode *value = input != NULL ? json_object_get_member (input, member->name) : NULL;

      if (member->place == AWS_PLACE_BODY &&
          ((value != NULL && !JSON_NODE_HOLDS_NULL (value)) || (member->flags & (AWS_SHAPE_TOKEN | AWS_SHAPE_REQUIRED))))
        return TRUE;
    }

  return FALSE;
}

static gboolean
set_members_body (AwsRequest          *request,
                  const AwsService    *service,
                  const AwsOperation  *operation,
                  JsonObject          *input,
                  GError             **error)
{
  g_autofree char *usual = NULL;
  g_autoptr(GString) xml = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (service->protocol == AWS_PROTOCOL_REST_JSON)
    return set_json_body (request, aws_codec_write_json_members (operation->input, input, error));

  if (!has_body_members (operation->input, input))
    return TRUE;

  usual = g_strconcat (operation->name, "Request", NULL);
  xml = g_string_new (NULL);
  if (!aws_codec_write_xml_members (xml, operation->input, operation->input_element != NULL ? operation->input_element : usual,
                                    service->xml_namespace, input, error))
    return FALSE;

  bytes = g_bytes_new (xml->str, xml->len);
  set_body (request, bytes, "application/xml");

  return TRUE;
}

static gboolean
write_body (AwsRequest          *request,
            const AwsService    *service,
            const AwsOperation  *operation,
            JsonObject          *input,
            GError             **error)
{
  const AwsShape *payload = find_place (operation->input, AWS_PLACE_PAYLOAD);
  g_autoptr(JsonObject) nothing = json_object_new ();
  g_autoptr(JsonNode) value = NULL;

  if (payload != NULL)
    {
      if (!aws_codec_get_member (payload, input, &value, error))
        return FALSE;

      if (value != NULL)
        return set_payload (request, service, payload, value, error);

      /* A structure that is not there is an empty one */
      return service->protocol == AWS_PROTOCOL_REST_XML || payload->type != AWS_SHAPE_STRUCTURE ||
             (payload->flags & AWS_SHAPE_UNION) || set_json_body (request, json_node_init_object (json_node_alloc (), nothing));
    }

  if (find_place (operation->input, AWS_PLACE_BODY) == NULL)
    return TRUE;

  return set_members_body (request, service, operation, input, error);
}

/* The request for an operation of a REST protocol. */
AwsRequest *
aws_codec_new_rest (const AwsService    *service,
                    const AwsOperation  *operation,
                    JsonObject          *input,
                    GError             **error)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autofree char *path = NULL;

  if (!aws_codec_check_names (operation->input, input, error) || !(path = build_path (operation, input, error)))
    return NULL;

  request = aws_request_new_for_service (service, operation->region, operation->method != NULL ? operation->method : "POST", path);
  add_fixed_query (request, operation);
  if (!bind_members (request, operation, input, error) || !write_body (request, service, operation, input, error))
    return NULL;

  return g_steal_pointer (&request);
}

/* The elements of a list in a header: texts may be quoted, times have a comma in them */
static GStrv
split_header (const AwsShape *item,
              const char     *text)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  gboolean is_time = item->type == AWS_SHAPE_TIMESTAMP && (item->time_format == AWS_TIME_DEFAULT || item->time_format == AWS_TIME_RFC_822);
  g_autoptr(GString) element = g_string_new (NULL);
  gboolean is_quoted = FALSE;
  guint n_commas = 0;

  for (const char *at = text; ; at++)
    {
      gboolean is_end = *at == '\0' || (*at == ',' && !is_quoted && !(is_time && n_commas++ % 2 == 0));

      if (is_end)
        {
          g_strv_builder_add (builder, g_strstrip (element->str));
          g_string_truncate (element, 0);
          if (*at == '\0')
            break;
        }
      else if (*at == '"')
        {
          is_quoted = !is_quoted;
        }
      else
        {
          if (*at == '\\' && is_quoted && at[1] != '\0')
            at++;
          g_string_append_c (element, *at);
        }
    }

  return g_strv_builder_end (builder);
}

static JsonNode *
read_header_list (const AwsShape  *shape,
                  const char      *text,
                  GError         **error)
{
  g_autoptr(JsonArray) array = json_array_new ();
  g_auto(GStrv) elements = split_header (shape->item, text);
  JsonNode *node;

  for (guint i = 0; elements[i] != NULL; i++)
    {
      if (!(node = aws_codec_read_text (shape->item, elements[i], error)))
        return NULL;

      json_array_add_element (array, node);
    }

  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, g_steal_pointer (&array));

  return node;
}

static JsonNode *
read_header (const AwsShape  *shape,
             const char      *text,
             GError         **error)
{
  g_autofree char *valid = NULL;

  if (shape->flags & AWS_SHAPE_JSON_VALUE)
    {
      gsize length = 0;
      g_autofree guchar *decoded = g_base64_decode (text, &length);

      valid = g_utf8_make_valid ((const char *) decoded, length);
      return json_node_init_string (json_node_alloc (), valid);
    }

  valid = g_utf8_make_valid (text, -1);
  if (shape->type == AWS_SHAPE_LIST)
    return read_header_list (shape, valid, error);

  return aws_codec_read_text (shape, valid, error);
}

static JsonNode *
read_prefix_headers (const AwsShape *shape,
                     AwsHeaders     *headers)
{
  const char *prefix = shape->wire_name != NULL ? shape->wire_name : "";
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < aws_headers_get_length (headers); i++)
    {
      const char *name = aws_headers_get_name (headers, i);
      g_autofree char *valid = NULL;

      if (g_ascii_strncasecmp (name, prefix, strlen (prefix)) != 0)
        continue;

      valid = g_utf8_make_valid (aws_headers_get_value (headers, i), -1);
      json_object_set_string_member (object, name + strlen (prefix), valid);
    }
  json_node_take_object (node, object);

  return node;
}

static gboolean
read_bindings (const AwsOperation  *operation,
               AwsResponse         *response,
               JsonObject          *output,
               GError             **error)
{
  for (const AwsShape *member = operation->output; member != NULL && member->name != NULL; member++)
    {
      JsonNode *node = NULL;

      if (member->place == AWS_PLACE_HEADER)
        {
          const char *text = aws_response_get_header (response, aws_shape_get_wire_name (member));

          if (text == NULL || (*text == '\0' && member->type != AWS_SHAPE_STRING))
            continue;
          if (!(node = read_header (member, text, error)))
            return FALSE;
        }
      else if (member->place == AWS_PLACE_HEADERS)
        {
          node = read_prefix_headers (member, aws_response_get_headers (response));
        }
      else if (member->place == AWS_PLACE_STATUS)
        {
          node = json_node_init_int (json_node_alloc (), aws_response_get_status (response));
        }

      if (node != NULL)
        json_object_set_member (output, member->name, node);
    }

  return TRUE;
}

static JsonNode *
read_raw_payload (const AwsShape  *shape,
                  GBytes          *body,
                  GError         **error)
{
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  g_autofree char *text = NULL;

  if (shape->type == AWS_SHAPE_BLOB)
    text = g_base64_encode ((const guchar *) data, length);
  else if (g_utf8_validate_len (data != NULL ? data : "", length, NULL))
    text = g_strndup (data, length);

  if (text == NULL)
    {
      aws_codec_fail_output (shape, "a text", error);
      return NULL;
    }

  return json_node_init_string (json_node_alloc (), text);
}

/* The root may be called anything but this */
static AwsXml *
load_xml (GBytes  *body,
          GError **error)
{
  g_autoptr(AwsXml) xml = aws_xml_new (body, error);

  if (xml != NULL && g_ascii_strcasecmp (aws_xml_node_get_name (aws_xml_get_root (xml)), "html") == 0)
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER,
                           "Something between this computer and the service answered with a page");
      return NULL;
    }

  return g_steal_pointer (&xml);
}

static gboolean
read_payload (const AwsService  *service,
              const AwsShape    *shape,
              AwsResponse       *response,
              JsonObject        *output,
              GError           **error)
{
  GBytes *body = aws_response_get_body (response);
  JsonNode *node;

  if (g_bytes_get_size (body) == 0)
    return TRUE;

  if (shape->type == AWS_SHAPE_BLOB || shape->type == AWS_SHAPE_STRING)
    {
      node = read_raw_payload (shape, body, error);
    }
  else if (service->protocol == AWS_PROTOCOL_REST_JSON)
    {
      g_autoptr(JsonNode) root = aws_json_load (body, error);

      if (root == NULL)
        return FALSE;
      if (JSON_NODE_HOLDS_NULL (root))
        return TRUE;
      node = aws_codec_read_json (shape, root, error);
    }
  else
    {
      g_autoptr(AwsXml) xml = load_xml (body, error);

      node = xml != NULL ? aws_codec_read_xml (shape, aws_xml_get_root (xml), error) : NULL;
    }

  if (node == NULL)
    return FALSE;

  json_object_set_member (output, shape->name, node);

  return TRUE;
}

/* Reads an answer of a REST protocol. */
gboolean
aws_codec_read_rest (const AwsService    *service,
                     const AwsOperation  *operation,
                     AwsResponse         *response,
                     JsonObject          *output,
                     GError             **error)
{
  const AwsShape *payload = find_place (operation->output, AWS_PLACE_PAYLOAD);

  if (!read_bindings (operation, response, output, error))
    return FALSE;

  if (payload != NULL)
    return read_payload (service, payload, response, output, error);

  if (find_place (operation->output, AWS_PLACE_BODY) == NULL || g_bytes_get_size (aws_response_get_body (response)) == 0)
    return TRUE;

  if (service->protocol == AWS_PROTOCOL_REST_JSON)
    {
      g_autoptr(JsonObject) object = aws_response_load_json (response, error);

      return object != NULL && aws_codec_read_json_members (operation->output, object, output, error);
    }
  else
    {
      g_autoptr(AwsXml) xml = load_xml (aws_response_get_body (response), error);

      return xml != NULL && aws_codec_read_xml_members (operation->output, aws_xml_get_root (xml), output, error);
    }
}
