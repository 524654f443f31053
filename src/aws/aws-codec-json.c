/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Bodies of JSON, for the JSON and REST-JSON protocols. */

#include "aws-codec-private.h"

#include <math.h>

#include "aws-error.h"

static JsonNode *
take_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);

  return node;
}

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);

  return node;
}

static JsonNode *
write_time (const AwsShape  *shape,
            JsonNode        *value,
            GError         **error)
{
  g_autofree char *text = aws_codec_write_text (shape, value, AWS_TIME_EPOCH, error);

  if (text == NULL)
    return NULL;

  if (shape->time_format == AWS_TIME_DEFAULT || shape->time_format == AWS_TIME_EPOCH)
    return json_node_copy (value);

  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
write_list (const AwsShape  *shape,
            JsonNode        *value,
            GError         **error)
{
  g_autoptr(JsonArray) written = json_array_new ();
  JsonArray *array = json_node_get_array (value);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonNode *node;

      if (JSON_NODE_HOLDS_NULL (element))
        node = json_node_copy (element);
      else if (!(node = aws_codec_write_json (shape->item, element, error)))
        return NULL;

      json_array_add_element (written, node);
    }

  return take_array (g_steal_pointer (&written));
}

static JsonNode *
write_map (const AwsShape  *shape,
           JsonNode        *value,
           GError         **error)
{
  g_autoptr(JsonObject) written = json_object_new ();
  JsonObjectIter iter;
  const char *key;
  JsonNode *element;

  json_object_iter_init_ordered (&iter, json_node_get_object (value));
  while (json_object_iter_next_ordered (&iter, &key, &element))
    {
      JsonNode *node;

      if (JSON_NODE_HOLDS_NULL (element))
        node = json_node_copy (element);
      else if (!(node = aws_codec_write_json (shape->item, element, error)))
        return NULL;

      json_object_set_member (written, key, node);
    }

  return take_object (g_steal_pointer (&written));
}

static gboolean
has_type (const AwsShape *shape,
          JsonNode       *value)
{
  switch (shape->type)
    {
    case AWS_SHAPE_STRUCTURE:
    case AWS_SHAPE_MAP:
      return JSON_NODE_HOLDS_OBJECT (value);

    case AWS_SHAPE_LIST:
      return JSON_NODE_HOLDS_ARRAY (value);

    case AWS_SHAPE_DOCUMENT:
      return TRUE;

    case AWS_SHAPE_STRING:
    case AWS_SHAPE_INTEGER:
    case AWS_SHAPE_DOUBLE:
    case AWS_SHAPE_BOOLEAN:
    case AWS_SHAPE_TIMESTAMP:
    case AWS_SHAPE_BLOB:
    default:
      return JSON_NODE_HOLDS_VALUE (value);
    }
}

static const char *
describe_type (const AwsShape *shape)
{
  return shape->type == AWS_SHAPE_LIST ? "a list" : aws_shape_is_scalar (shape) ? "a single value" : "an object";
}

/* A value as it is sent. */
JsonNode *
aws_codec_write_json (const AwsShape  *shape,
                      JsonNode        *value,
                      GError         **error)
{
  g_autofree char *text = NULL;

  if (!has_type (shape, value))
    {
      aws_codec_fail_input (shape, describe_type (shape), error);
      return NULL;
    }

  switch (shape->type)
    {
    case AWS_SHAPE_STRUCTURE:
      return aws_codec_write_json_members (shape->members, json_node_get_object (value), error);

    case AWS_SHAPE_LIST:
      return write_list (shape, value, error);

    case AWS_SHAPE_MAP:
      return write_map (shape, value, error);

    case AWS_SHAPE_TIMESTAMP:
      return write_time (shape, value, error);

    case AWS_SHAPE_DOCUMENT:
      return json_node_copy (value);

    case AWS_SHAPE_STRING:
    case AWS_SHAPE_INTEGER:
    case AWS_SHAPE_DOUBLE:
    case AWS_SHAPE_BOOLEAN:
    case AWS_SHAPE_BLOB:
    default:
      text = aws_codec_write_text (shape, value, AWS_TIME_EPOCH, error);
      return text != NULL ? json_node_copy (value) : NULL;
    }
}

/* The members of a structure that belong into the body, as an object. */
JsonNode *
aws_codec_write_json_members (const AwsShape  *members,
                              JsonObject      *input,
                              GError         **error)
{
  g_autoptr(JsonObject) written = json_object_new ();

  if (!aws_codec_check_names (members, input, error))
    return NULL;

  for (const AwsShape *member = members; member != NULL && member->name != NULL; member++)
    {
      g_autoptr(JsonNode) value = NULL;
      JsonNode *node;

      if (member->place != AWS_PLACE_BODY)
        continue;
      if (!aws_codec_get_member (member, input, &value, error))
        return NULL;
      if (value == NULL)
        continue;
      if (!(node = aws_codec_write_json (member, value, error)))
        return NULL;

      json_object_set_member (written, aws_shape_get_wire_name (member), node);
    }

  return take_object (g_steal_pointer (&written));
}

/* Some services write numbers and truth values as text, and some numbers where a text is meant */
static JsonNode *
read_scalar (const AwsShape  *shape,
             JsonNode        *value,
             GError         **error)
{
  GType type = json_node_get_value_type (value);
  gboolean is_number = type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
  g_autofree char *text = NULL;

  if (type == G_TYPE_STRING)
    return aws_codec_read_text (shape, json_node_get_string (value), error);

  if (shape->type == AWS_SHAPE_BOOLEAN ? type == G_TYPE_BOOLEAN
                                       : is_number && shape->type != AWS_SHAPE_STRING && shape->type != AWS_SHAPE_BLOB)
    {
      if (shape->type == AWS_SHAPE_INTEGER && type == G_TYPE_DOUBLE && fabs (json_node_get_double (value)) < 9e18)
        return json_node_init_int (json_node_alloc (), (gint64) json_node_get_double (value));

      return json_node_copy (value);
    }

  if (shape->type == AWS_SHAPE_STRING && is_number)
    return json_node_init_string (json_node_alloc (), (text = json_to_string (value, FALSE)));

  aws_codec_fail_output (shape, shape->type == AWS_SHAPE_BOOLEAN ? "a truth value" : is_number ? "a text" : "a number", error);

  return NULL;
}

static JsonNode *
read_list (const AwsShape  *shape,
           JsonNode        *value,
           GError         **error)
{
  g_autoptr(JsonArray) read = json_array_new ();
  JsonArray *array = json_node_get_array (value);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonNode *node;

      if (JSON_NODE_HOLDS_NULL (element))
        continue;
      if (!(node = aws_codec_read_json (shape->item, element, error)))
        return NULL;

      json_array_add_element (read, node);
    }

  return take_array (g_steal_pointer (&read));
}

static JsonNode *
read_map (const AwsShape  *shape,
          JsonNode        *value,
          GError         **error)
{
  g_autoptr(JsonObject) read = json_object_new ();
  JsonObjectIter iter;
  const char *key;
  JsonNode *element;

  json_object_iter_init_ordered (&iter, json_node_get_object (value));
  while (json_object_iter_next_ordered (&iter, &key, &element))
    {
      JsonNode *node;

      if (JSON_NODE_HOLDS_NULL (element))
        continue;
      if (!(node = aws_codec_read_json (shape->item, element, error)))
        return NULL;

      json_object_set_member (read, key, node);
    }

  return take_object (g_steal_pointer (&read));
}

static JsonNode *
read_structure (const AwsShape  *shape,
                JsonNode        *value,
                GError         **error)
{
  g_autoptr(JsonObject) read = json_object_new ();

  if (!aws_codec_read_json_members (shape->members, json_node_get_object (value), read, error))
    return NULL;

  return take_object (g_steal_pointer (&read));
}

/* A value as it was received; not for null. */
JsonNode *
aws_codec_read_json (const AwsShape  *shape,
                     JsonNode        *value,
                     GError         **error)
{
  if (!has_type (shape, value))
    {
      aws_codec_fail_output (shape, describe_type (shape), error);
      return NULL;
    }

  switch (shape->type)
    {
    case AWS_SHAPE_STRUCTURE:
      return read_structure (shape, value, error);

    case AWS_SHAPE_LIST:
      return read_list (shape, value, error);

    case AWS_SHAPE_MAP:
      return read_map (shape, value, error);

    case AWS_SHAPE_DOCUMENT:
      return json_node_copy (value);

    case AWS_SHAPE_STRING:
    case AWS_SHAPE_INTEGER:
    case AWS_SHAPE_DOUBLE:
    case AWS_SHAPE_BOOLEAN:
    case AWS_SHAPE_TIMESTAMP:
    case AWS_SHAPE_BLOB:
    default:
      return read_scalar (shape, value, error);
    }
}

/* The members of a structure that are in the body, into @output. */
gboolean
aws_codec_read_json_members (const AwsShape  *members,
                             JsonObject      *object,
                             JsonObject      *output,
                             GError         **error)
{
  for (const AwsShape *member = members; member != NULL && member->name != NULL; member++)
    {
      JsonNode *value = json_object_get_member (object, aws_shape_get_wire_name (member));
      JsonNode *node;

      if (member->place != AWS_PLACE_BODY || value == NULL || JSON_NODE_HOLDS_NULL (value))
        continue;
      if (!(node = aws_codec_read_json (member, value, error)))
        return FALSE;

      json_object_set_member (output, member->name, node);
    }

  return TRUE;
}
