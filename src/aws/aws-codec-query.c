/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Forms of the query protocol; its answers are XML. */

#include "aws-codec-private.h"

#include "aws-error.h"

static gboolean write_value (AwsQuery        *query,
                             const AwsShape  *shape,
                             const char      *prefix,
                             JsonNode        *value,
                             GError         **error);

static const char *
get_item_name (const AwsShape *shape,
               const char     *usual)
{
  const char *name = shape != NULL ? aws_shape_get_wire_name (shape) : NULL;

  return name != NULL ? name : usual;
}

static gboolean
write_list (AwsQuery        *query,
            const AwsShape  *shape,
            const char      *prefix,
            JsonArray       *array,
            GError         **error)
{
  g_autofree char *base = NULL;
  guint number = 0;

  if (json_array_get_length (array) == 0)
    {
      aws_query_add (query, prefix, "");
      return TRUE;
    }

  base = shape->flags & AWS_SHAPE_FLATTENED
         ? g_strdup (prefix)
         : g_strdup_printf ("%s.%s", prefix, get_item_name (shape->item, "member"));

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *value = json_array_get_element (array, i);
      g_autofree char *name = NULL;

      if (JSON_NODE_HOLDS_NULL (value))
        continue;

      name = g_strdup_printf ("%s.%u", base, ++number);
      if (!write_value (query, shape->item, name, value, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_map (AwsQuery        *query,
           const AwsShape  *shape,
           const char      *prefix,
           JsonObject      *object,
           GError         **error)
{
  guint number = 0;
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      g_autofree char *base = NULL;
      g_autofree char *key_name = NULL;
      g_autofree char *value_name = NULL;

      if (JSON_NODE_HOLDS_NULL (value))
        continue;

      base = g_strdup_printf ("%s%s.%u", prefix, shape->flags & AWS_SHAPE_FLATTENED ? "" : ".entry", ++number);
      key_name = g_strdup_printf ("%s.%s", base, get_item_name (shape->key, "key"));
      value_name = g_strdup_printf ("%s.%s", base, get_item_name (shape->item, "value"));
      aws_query_add (query, key_name, key);
      if (!write_value (query, shape->item, value_name, value, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_structure (AwsQuery        *query,
                 const AwsShape  *members,
                 const char      *prefix,
                 JsonObject      *input,
                 GError         **error)
{
  if (!aws_codec_check_names (members, input, error))
    return FALSE;

  for (const AwsShape *member = members; member != NULL && member->name != NULL; member++)
    {
      g_autoptr(JsonNode) value = NULL;
      g_autofree char *name = NULL;

      if (!aws_codec_get_member (member, input, &value, error))
        return FALSE;
      if (value == NULL)
        continue;

      name = prefix != NULL
             ? g_strdup_printf ("%s.%s", prefix, aws_shape_get_wire_name (member))
             : g_strdup (aws_shape_get_wire_name (member));
      if (!write_value (query, member, name, value, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_value (AwsQuery        *query,
             const AwsShape  *shape,
             const char      *prefix,
             JsonNode        *value,
             GError         **error)
{
  g_autofree char *text = NULL;

  if (shape->type == AWS_SHAPE_LIST ? !JSON_NODE_HOLDS_ARRAY (value) : !aws_shape_is_scalar (shape) && !JSON_NODE_HOLDS_OBJECT (value))
    {
      aws_codec_fail_input (shape, shape->type == AWS_SHAPE_LIST ? "a list" : "an object", error);
      return FALSE;
    }

  if (shape->type == AWS_SHAPE_STRUCTURE)
    return write_structure (query, shape->members, prefix, json_node_get_object (value), error);
  if (shape->type == AWS_SHAPE_LIST)
    return write_list (query, shape, prefix, json_node_get_array (value), error);
  if (shape->type == AWS_SHAPE_MAP)
    return write_map (query, shape, prefix, json_node_get_object (value), error);

  if (!(text = aws_codec_write_text (shape, value, AWS_TIME_ISO_8601, error)))
    return FALSE;

  aws_query_add (query, prefix, text);

  return TRUE;
}

/* Writes an input into a form. */
gboolean
aws_codec_write_query (AwsQuery        *query,
                       const AwsShape  *members,
                       JsonObject      *input,
                       GError         **error)
{
  return write_structure (query, members, NULL, input, error);
}
