/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-streams.h"

/* Patterns of event source mappings: objects follow the record, a list at the end names what is accepted. */

static gboolean
is_text (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
check_rule (JsonNode  *rule,
            GError   **error)
{
  static const char *operators[] = { "prefix", "suffix", "exists", "anything-but", "equals-ignore-case", NULL };
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *operand = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (rule))
    return !JSON_NODE_HOLDS_ARRAY (rule) || practice_refuse (error, PRACTICE_FAULT_VALIDATION, "A list can't stand inside a list");
  if (json_object_get_size (json_node_get_object (rule)) != 1)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Only one key allowed in match expression");

  json_object_iter_init (&iter, json_node_get_object (rule));
  json_object_iter_next (&iter, &name, &operand);
  if (!g_strv_contains (operators, name))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Unrecognized match type %s", name);
  if (g_str_equal (name, "exists"))
    return (JSON_NODE_HOLDS_VALUE (operand) && json_node_get_value_type (operand) == G_TYPE_BOOLEAN) ||
           practice_refuse (error, PRACTICE_FAULT_VALIDATION, "exists match pattern must be either true or false.");
  if (g_str_equal (name, "anything-but"))
    return TRUE;

  return is_text (operand) || practice_refuse (error, PRACTICE_FAULT_VALIDATION, "%s match pattern must be a string", name);
}

static gboolean
check_pattern (JsonObject  *pattern,
               GError     **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, pattern);
  while (json_object_iter_next (&iter, &name, &value))
    {
      if (JSON_NODE_HOLDS_OBJECT (value))
        {
          if (!check_pattern (json_node_get_object (value), error))
            return FALSE;
          continue;
        }
      if (!JSON_NODE_HOLDS_ARRAY (value) || json_array_get_length (json_node_get_array (value)) == 0)
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "\"%s\" must be an object or an array", name);
      for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
        if (!check_rule (json_array_get_element (json_node_get_array (value), i), error))
          return FALSE;
    }

  return TRUE;
}

/**
 * practice_filter_check:
 * @pattern: a pattern as JSON
 * @error: return location for an error
 *
 * Returns: whether it is one that can be used
 */
gboolean
practice_filter_check (const char  *pattern,
                       GError     **error)
{
  g_autoptr(JsonNode) node = json_from_string (pattern, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "The pattern is not a JSON object");

  return check_pattern (json_node_get_object (node), error);
}

static gboolean
anything_but (JsonNode *operand,
              JsonNode *value)
{
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (operand) ? json_node_get_array (operand) : NULL;

  if (JSON_NODE_HOLDS_OBJECT (operand))
    {
      const char *prefix = aws_json_get_string (json_node_get_object (operand), "prefix");

      return !(prefix && is_text (value) && g_str_has_prefix (json_node_get_string (value), prefix));
    }
  for (guint i = 0; list && i < json_array_get_length (list); i++)
    if (json_node_equal (json_array_get_element (list, i), value))
      return FALSE;

  return list != NULL || !json_node_equal (operand, value);
}

static gboolean
rule_matches (JsonNode *rule,
              JsonNode *value)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (rule) ? json_node_get_object (rule) : NULL;
  const char *text = is_text (value) ? json_node_get_string (value) : NULL;
  const char *operand;

  if (object == NULL)
    return value && json_node_equal (rule, value);
  if (json_object_has_member (object, "exists"))
    return json_object_get_boolean_member (object, "exists") == (value != NULL);
  if (json_object_has_member (object, "anything-but"))
    return value && anything_but (json_object_get_member (object, "anything-but"), value);
  if ((operand = aws_json_get_string (object, "prefix")))
    return text && g_str_has_prefix (text, operand);
  if ((operand = aws_json_get_string (object, "suffix")))
    return text && g_str_has_suffix (text, operand);
  if ((operand = aws_json_get_string (object, "equals-ignore-case")))
    return text && g_ascii_strcasecmp (text, operand) == 0;

  return FALSE;
}

/**
 * practice_filter_matches:
 * @pattern: a checked pattern
 * @record: a record of a stream
 *
 * Returns: whether the record is wanted
 */
gboolean
practice_filter_matches (JsonObject *pattern,
                         JsonObject *record)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *wanted;

  json_object_iter_init (&iter, pattern);
  while (json_object_iter_next (&iter, &name, &wanted))
    {
      JsonNode *value = record ? json_object_get_member (record, name) : NULL;
      gboolean found = FALSE;

      if (JSON_NODE_HOLDS_OBJECT (wanted))
        {
          if (!practice_filter_matches (json_node_get_object (wanted),
                                        value && JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL))
            return FALSE;
          continue;
        }
      for (guint i = 0; !found && i < json_array_get_length (json_node_get_array (wanted)); i++)
        found = rule_matches (json_array_get_element (json_node_get_array (wanted), i), value);
      if (!found)
        return FALSE;
    }

  return TRUE;
}
