/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-data.h"
#include "porch-practice-fault.h"
#include "porch-practice-resources.h"

/* resource-types.json: for each type its attributes (Fn::GetAtt), what makes a new resource when it changes
 * (createOnly), and a shape: required, properties, and what AWS has and the practice cloud has not (later).
 * A property is a scalar type, "object" (free form), "any" (object or text), ["…"] for a list, "@Name" for a shape
 * of the definitions, or {"type", "enum", "pattern", "min", "max"}. */

typedef struct
{
  const char *logical_id;
  JsonObject *definitions;
  GString    *problems;
} Check;

static JsonObject *
get_types (void)
{
  static JsonNode *types = NULL;

  if (g_once_init_enter_pointer (&types))
    {
      g_autofree char *text = practice_data_load ("resource-types.json");
      JsonNode *node = json_from_string (text, NULL);

      g_assert (node != NULL);
      g_once_init_leave_pointer (&types, node);
    }

  return json_node_get_object (types);
}

gboolean
practice_type_is_known (const char *type)
{
  return json_object_has_member (get_types (), type);
}

static gboolean
list_has (JsonArray  *list,
          const char *text)
{
  for (guint i = 0; list && i < json_array_get_length (list); i++)
    if (g_str_equal (json_array_get_string_element (list, i), text))
      return TRUE;

  return FALSE;
}

gboolean
practice_type_has_attribute (const char *type,
                             const char *attribute)
{
  JsonObject *entry = aws_json_get_object (get_types (), type);

  return entry && list_has (aws_json_get_array (entry, "attributes"), attribute);
}

static void
complain (Check      *check,
          const char *path,
          const char *format,
          ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  g_string_append_printf (check->problems, "%s#%s: %s", check->problems->len ? ", " : "", path, text);
}

static const char *
name_type (JsonNode *value)
{
  if (JSON_NODE_HOLDS_OBJECT (value))
    return "JSONObject";
  if (JSON_NODE_HOLDS_ARRAY (value))
    return "JSONArray";
  if (json_node_get_value_type (value) == G_TYPE_STRING)
    return "String";
  if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    return "Boolean";

  return json_node_get_value_type (value) == G_TYPE_INT64 ? "Integer" : "Double";
}

static void check_shape (Check      *check,
                         JsonObject *shape,
                         JsonObject *value,
                         const char *path);

/* Templates may write numbers and truth values as text, and text as numbers; CloudFormation turns them round. */
static gboolean
is_of_type (JsonNode   *value,
            const char *type)
{
  const char *text;
  char *end = NULL;

  if (!JSON_NODE_HOLDS_VALUE (value))
    return FALSE;
  if (g_str_equal (type, "string"))
    return TRUE;

  text = json_node_get_value_type (value) == G_TYPE_STRING ? json_node_get_string (value) : NULL;
  if (g_str_equal (type, "boolean"))
    return text ? g_ascii_strcasecmp (text, "true") == 0 || g_ascii_strcasecmp (text, "false") == 0
                : json_node_get_value_type (value) == G_TYPE_BOOLEAN;
  if (text && g_str_equal (type, "integer"))
    return *text && (g_ascii_strtoll (text, &end, 10), *end == '\0');
  if (text)
    return *text && (g_ascii_strtod (text, &end), *end == '\0');

  return json_node_get_value_type (value) == G_TYPE_INT64 ||
         (g_str_equal (type, "number") && json_node_get_value_type (value) == G_TYPE_DOUBLE);
}

static char *
scalar_text (JsonNode *value)
{
  return json_node_get_value_type (value) == G_TYPE_STRING ? json_node_dup_string (value) : json_to_string (value, FALSE);
}

static gboolean
is_in_enum (JsonArray  *list,
            const char *text)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      g_autofree char *one = scalar_text (json_array_get_element (list, i));

      if (g_str_equal (one, text))
        return TRUE;
    }

  return FALSE;
}

static void
check_limits (Check      *check,
              JsonObject *spec,
              const char *text,
              const char *path)
{
  JsonArray *list = aws_json_get_array (spec, "enum");
  const char *pattern = aws_json_get_string (spec, "pattern");
  gboolean is_text = g_str_equal (aws_json_get_string (spec, "type"), "string");
  double amount = is_text ? g_utf8_strlen (text, -1) : g_ascii_strtod (text, NULL);
  double low = aws_json_get_int (spec, "min", G_MININT64);
  double high = aws_json_get_int (spec, "max", G_MAXINT64);

  if (list && !is_in_enum (list, text))
    complain (check, path, "%s is not a valid enum value", text);
  if (pattern)
    {
      g_autoptr(GRegex) regex = g_regex_new (pattern, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);

      if (regex && !g_regex_match (regex, text, G_REGEX_MATCH_DEFAULT, NULL))
        complain (check, path, "failed validation constraint for keyword [pattern]");
    }
  if (amount < low)
    complain (check, path, "failed validation constraint for keyword [%s]", is_text ? "minLength" : "minimum");
  if (amount > high)
    complain (check, path, "failed validation constraint for keyword [%s]", is_text ? "maxLength" : "maximum");
}

static void
check_list (Check      *check,
            JsonNode   *spec,
            JsonNode   *value,
            const char *path);

static void
check_value (Check      *check,
             JsonNode   *spec,
             JsonNode   *value,
             const char *path)
{
  JsonObject *limits = JSON_NODE_HOLDS_OBJECT (spec) ? json_node_get_object (spec) : NULL;
  const char *type = limits ? aws_json_get_string (limits, "type") : JSON_NODE_HOLDS_VALUE (spec) ? json_node_get_string (spec) : NULL;
  static const struct { const char *type; const char *name; } names[] = {
    { "string", "String" }, { "boolean", "Boolean" }, { "integer", "Integer" }, { "number", "Number" },
  };
  g_autofree char *text = NULL;

  if (JSON_NODE_HOLDS_ARRAY (spec))
    {
      check_list (check, json_array_get_element (json_node_get_array (spec), 0), value, path);
      return;
    }
  if (g_str_equal (type, "any"))
    return;
  if (g_str_equal (type, "object") || *type == '@')
    {
      if (!JSON_NODE_HOLDS_OBJECT (value))
        complain (check, path, "expected type: JSONObject, found: %s", name_type (value));
      else if (*type == '@')
        check_shape (check, aws_json_get_object (check->definitions, type + 1), json_node_get_object (value), path);
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].type, type) && !is_of_type (value, type))
      {
        complain (check, path, "expected type: %s, found: %s", names[i].name, name_type (value));
        return;
      }

  text = scalar_text (value);
  if (limits)
    check_limits (check, limits, text, path);
}

static void
check_list (Check      *check,
            JsonNode   *spec,
            JsonNode   *value,
            const char *path)
{
  if (!JSON_NODE_HOLDS_ARRAY (value))
    {
      complain (check, path, "expected type: JSONArray, found: %s", name_type (value));
      return;
    }

  for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
    {
      g_autofree char *inner = g_strdup_printf ("%s/%u", path, i);

      check_value (check, spec, json_array_get_element (json_node_get_array (value), i), inner);
    }
}

static void
check_shape (Check      *check,
             JsonObject *shape,
             JsonObject *value,
             const char *path)
{
  JsonObject *properties = aws_json_get_object (shape, "properties");
  JsonArray *required = aws_json_get_array (shape, "required");
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  for (guint i = 0; required && i < json_array_get_length (required); i++)
    if (!json_object_has_member (value, json_array_get_string_element (required, i)))
      complain (check, path, "required key [%s] not found", json_array_get_string_element (required, i));

  json_object_iter_init (&iter, value);
  while (json_object_iter_next (&iter, &name, &member))
    {
      g_autofree char *inner = g_strdup_printf ("%s/%s", path, name);

      if (json_object_has_member (properties, name))
        check_value (check, json_object_get_member (properties, name), member, inner);
      else if (list_has (aws_json_get_array (shape, "later"), name))
        complain (check, inner, "AWS has this property, the practice cloud has not");
      else
        complain (check, path, "extraneous key [%s] is not permitted", name);
    }
}

static JsonNode *coerce_value (JsonObject *definitions,
                               JsonNode   *spec,
                               JsonNode   *value);

/* Gives every scalar the type that the table says, so that nobody has to ask again. */
static void
coerce_shape (JsonObject *definitions,
              JsonObject *shape,
              JsonObject *value)
{
  JsonObject *properties = aws_json_get_object (shape, "properties");
  g_autoptr(GList) members = json_object_get_members (value);

  for (GList *link = members; link; link = link->next)
    {
      JsonNode *old = json_object_get_member (value, link->data);
      g_autoptr(JsonNode) node = coerce_value (definitions, json_object_get_member (properties, link->data), old);

      /* Setting a member to what it is already would not take the node over */
      if (node != old)
        json_object_set_member (value, link->data, g_steal_pointer (&node));
    }
}

static JsonNode *
coerce_list (JsonObject *definitions,
             JsonNode   *spec,
             JsonArray  *list)
{
  JsonNode *node = json_node_init_array (json_node_alloc (), NULL);
  JsonArray *copy = json_array_sized_new (json_array_get_length (list));

  for (guint i = 0; i < json_array_get_length (list); i++)
    json_array_add_element (copy, coerce_value (definitions, spec, json_array_get_element (list, i)));
  json_node_take_array (node, copy);

  return node;
}

static JsonNode *
coerce_value (JsonObject *definitions,
              JsonNode   *spec,
              JsonNode   *value)
{
  const char *type = JSON_NODE_HOLDS_OBJECT (spec) ? aws_json_get_string (json_node_get_object (spec), "type")
                     : JSON_NODE_HOLDS_VALUE (spec) ? json_node_get_string (spec) : NULL;
  g_autofree char *text = NULL;

  if (type == NULL)
    return coerce_list (definitions, json_array_get_element (json_node_get_array (spec), 0), json_node_get_array (value));
  if (*type == '@')
    coerce_shape (definitions, aws_json_get_object (definitions, type + 1), json_node_get_object (value));
  if (!JSON_NODE_HOLDS_VALUE (value))
    return json_node_ref (value);

  text = scalar_text (value);
  if (g_str_equal (type, "string"))
    return json_node_init_string (json_node_alloc (), text);
  if (g_str_equal (type, "boolean"))
    return json_node_init_boolean (json_node_alloc (), g_ascii_strcasecmp (text, "true") == 0);
  if (g_str_equal (type, "integer"))
    return json_node_init_int (json_node_alloc (), g_ascii_strtoll (text, NULL, 10));
  if (g_str_equal (type, "number"))
    return json_node_init_double (json_node_alloc (), g_ascii_strtod (text, NULL));

  return json_node_ref (value);
}

/**
 * practice_type_check:
 * @type: a known type
 * @logical_id: how the template calls the resource
 * @properties: its properties, functions carried out
 * @error: return location for an error
 *
 * Checks the properties, and gives their scalars the types of the table: templates may write a number as text.
 *
 * Returns: whether the properties are such as the type has
 */
gboolean
practice_type_check (const char  *type,
                     const char  *logical_id,
                     JsonObject  *properties,
                     GError     **error)
{
  JsonObject *entry = aws_json_get_object (get_types (), type);
  g_autoptr(GString) problems = g_string_new (NULL);
  Check check = { logical_id, aws_json_get_object (entry, "definitions"), problems };

  check_shape (&check, entry, properties, "");

  if (problems->len > 0)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                            "Properties validation failed for resource %s with message:\n[%s]", logical_id, problems->str);

  coerce_shape (check.definitions, entry, properties);

  return TRUE;
}

/**
 * practice_type_replaces:
 * @type: a known type
 * @before: properties as they are
 * @after: properties as they shall be
 *
 * Returns: whether the change can only be made with a new resource
 */
gboolean
practice_type_replaces (const char *type,
                        JsonObject *before,
                        JsonObject *after)
{
  JsonArray *list = aws_json_get_array (aws_json_get_object (get_types (), type), "createOnly");

  for (guint i = 0; list && i < json_array_get_length (list); i++)
    {
      const char *name = json_array_get_string_element (list, i);
      JsonNode *first = json_object_get_member (before, name);
      JsonNode *second = json_object_get_member (after, name);

      if ((first == NULL) != (second == NULL) || (first && !json_node_equal (first, second)))
        return TRUE;
    }

  return FALSE;
}
