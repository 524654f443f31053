/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-json.h"

#include <string.h>

#include "aws-error.h"
#include "aws-xml.h"

/* Deeper than any answer; json-glib reads recursively */
#define MAX_DEPTH 256

/* Whether the brackets outside of strings nest too deeply to be read safely */
static gboolean
is_too_deep (const char *text,
             gsize       length)
{
  gboolean inside = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (inside)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            inside = FALSE;
        }
      else if (c == '"')
        inside = TRUE;
      else if ((c == '{' || c == '[') && ++depth > MAX_DEPTH)
        return TRUE;
      else if ((c == '}' || c == ']') && depth > 0)
        depth--;
    }

  return FALSE;
}

/**
 * aws_json_load:
 * @bytes: a body
 * @error: return location
 *
 * Reads JSON. The empty body reads as an empty object.
 *
 * Returns: (transfer full) (nullable): the document, or %NULL with `AWS_ERROR_BAD_ANSWER`
 */
JsonNode *
aws_json_load (GBytes  *bytes,
               GError **error)
{
  g_autoptr(JsonParser) parser = NULL;
  g_autoptr(GError) parse_error = NULL;
  const char *text;
  JsonNode *root;
  gsize length;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = g_bytes_get_data (bytes, &length);
  if (length == 0)
    {
      root = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (root, json_object_new ());
      return root;
    }

  if (!g_utf8_validate_len (text, length, NULL) || is_too_deep (text, length))
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer is not JSON");
      return NULL;
    }

  /* One that seals what it reads stops the program over a second document behind the first */
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, length, &parse_error))
    {
      g_set_error (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer is not JSON: %s", parse_error->message);
      return NULL;
    }

  root = json_parser_steal_root (parser);
  if (root == NULL)
    {
      root = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (root, json_object_new ());
    }
  json_node_seal (root);

  return root;
}

/**
 * aws_json_load_object:
 * @bytes: a body
 * @error: return location
 *
 * Reads JSON that must be an object.
 *
 * Returns: (transfer full) (nullable): the object, or %NULL with `AWS_ERROR_BAD_ANSWER`
 */
JsonObject *
aws_json_load_object (GBytes  *bytes,
                      GError **error)
{
  g_autoptr(JsonNode) root = aws_json_load (bytes, error);

  if (root == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer is not a JSON object");
      return NULL;
    }

  return json_node_dup_object (root);
}

/**
 * aws_json_to_bytes:
 * @node: a document
 *
 * Returns: (transfer full): the document as the body of a request
 */
GBytes *
aws_json_to_bytes (JsonNode *node)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  gsize length = 0;
  char *text;

  g_return_val_if_fail (node != NULL, NULL);

  json_generator_set_root (generator, node);
  text = json_generator_to_data (generator, &length);

  return g_bytes_new_take (text, length);
}

/**
 * aws_json_object_to_bytes:
 * @object: an object
 *
 * Returns: (transfer full): the object as the body of a request
 */
GBytes *
aws_json_object_to_bytes (JsonObject *object)
{
  g_autoptr(JsonNode) node = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);

  return aws_json_to_bytes (node);
}

static JsonNode *
get_value (JsonObject *object,
           const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

/**
 * aws_json_get_string:
 * @object: (nullable): an object
 * @name: the name of a member
 *
 * Returns: (transfer none) (nullable): its text, or %NULL if there is none
 */
const char *
aws_json_get_string (JsonObject *object,
                     const char *name)
{
  JsonNode *node = get_value (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

/**
 * aws_json_get_int:
 * @object: (nullable): an object
 * @name: the name of a member
 * @fallback: what to return if there is no number
 *
 * Returns: the number; a text that is a number counts too
 */
gint64
aws_json_get_int (JsonObject *object,
                  const char *name,
                  gint64      fallback)
{
  JsonNode *node = get_value (object, name);
  gint64 number = fallback;

  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64, G_MAXINT64, &number, NULL) ? number : fallback;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return fallback;

  return json_node_get_int (node);
}

/**
 * aws_json_get_double:
 * @object: (nullable): an object
 * @name: the name of a member
 * @fallback: what to return if there is no number
 *
 * Returns: the number; a text that is a number counts too, so that amounts of money and `NaN` can be read
 */
double
aws_json_get_double (JsonObject *object,
                     const char *name,
                     double      fallback)
{
  JsonNode *node = get_value (object, name);
  const char *text;
  char *end = NULL;
  double number;

  if (node == NULL || json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return fallback;
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return json_node_get_double (node);

  text = json_node_get_string (node);
  number = g_ascii_strtod (text, &end);

  return end != text && *end == '\0' ? number : fallback;
}

/**
 * aws_json_get_bool:
 * @object: (nullable): an object
 * @name: the name of a member
 *
 * Returns: whether it is there and true
 */
gboolean
aws_json_get_bool (JsonObject *object,
                   const char *name)
{
  JsonNode *node = get_value (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

/**
 * aws_json_get_object:
 * @object: (nullable): an object
 * @name: the name of a member
 *
 * Returns: (transfer none) (nullable): the object in it
 */
JsonObject *
aws_json_get_object (JsonObject *object,
                     const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * aws_json_get_array:
 * @object: (nullable): an object
 * @name: the name of a member
 *
 * Returns: (transfer none) (nullable): the array in it
 */
JsonArray *
aws_json_get_array (JsonObject *object,
                    const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * aws_json_dup_time:
 * @object: (nullable): an object
 * @name: the name of a member
 *
 * Reads a time in any of the forms that the services use: seconds since 1970, ISO 8601 or RFC 1123.
 *
 * Returns: (transfer full) (nullable): the time
 */
GDateTime *
aws_json_dup_time (JsonObject *object,
                   const char *name)
{
  JsonNode *node = get_value (object, name);

  if (node == NULL)
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return aws_time_parse (json_node_get_string (node));

  return aws_time_from_seconds (json_node_get_double (node));
}

/**
 * aws_json_array_get_object:
 * @array: (nullable): an array
 * @index: which element
 *
 * Returns: (transfer none) (nullable): the object in it
 */
JsonObject *
aws_json_array_get_object (JsonArray *array,
                           guint      index)
{
  JsonNode *node = array != NULL && index < json_array_get_length (array) ? json_array_get_element (array, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * aws_json_array_get_string:
 * @array: (nullable): an array
 * @index: which element
 *
 * Returns: (transfer none) (nullable): the text in it
 */
const char *
aws_json_array_get_string (JsonArray *array,
                           guint      index)
{
  JsonNode *node = array != NULL && index < json_array_get_length (array) ? json_array_get_element (array, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
         ? json_node_get_string (node) : NULL;
}
