/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "porch-practice-attribute.h"
#include "porch-practice-expression-private.h"
#include "porch-practice-fault.h"

char *
practice_path_describe (GArray *path)
{
  g_autoptr(GString) text = g_string_new ("[");

  for (guint i = 0; i < path->len; i++)
    {
      Step *step = path_step (path, i);

      if (i > 0)
        g_string_append (text, ", ");
      if (step->name)
        g_string_append (text, step->name);
      else
        g_string_append_printf (text, "[%u]", step->index);
    }
  g_string_append_c (text, ']');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The value inside @value that @step leads to. */
static JsonNode *
step_into (JsonNode *value,
           Step     *step)
{
  const char *type = practice_attribute_get_type (value);
  JsonNode *content = practice_attribute_get_content (value);

  if (step->name != NULL && g_str_equal (type, "M"))
    return json_object_get_member (json_node_get_object (content), step->name);
  if (step->name == NULL && g_str_equal (type, "L") && step->index < json_array_get_length (json_node_get_array (content)))
    return json_array_get_element (json_node_get_array (content), step->index);

  return NULL;
}

/* Follows the first @length steps. */
JsonNode *
practice_path_find (GArray     *path,
                    guint       length,
                    JsonObject *item)
{
  JsonNode *value = json_object_get_member (item, path_step (path, 0)->name);

  for (guint i = 1; value != NULL && i < length; i++)
    value = step_into (value, path_step (path, i));

  return value;
}

static JsonNode *
evaluate_size (JsonNode *value)
{
  const char *type = practice_attribute_get_type (value);
  JsonNode *content = practice_attribute_get_content (value);

  if (g_str_equal (type, "S"))
    return practice_attribute_new_number (g_utf8_strlen (json_node_get_string (content), -1));
  if (g_str_equal (type, "B"))
    return practice_attribute_new_number (practice_attribute_get_size (value));
  if (JSON_NODE_HOLDS_ARRAY (content))
    return practice_attribute_new_number (json_array_get_length (json_node_get_array (content)));
  if (JSON_NODE_HOLDS_OBJECT (content))
    return practice_attribute_new_number (json_object_get_size (json_node_get_object (content)));

  return NULL;
}

/* Returns: (transfer full) (nullable): what the operand stands for, NULL when the item has no such attribute */
static JsonNode *
evaluate_operand (Node       *node,
                  JsonObject *item)
{
  g_autoptr(JsonNode) inner = NULL;
  JsonNode *found;

  if (node->kind == NODE_VALUE)
    return json_node_ref (node->value);
  if (node->kind == NODE_PATH)
    return (found = practice_path_find (node->path, node->path->len, item)) ? json_node_ref (found) : NULL;

  inner = evaluate_operand (node_child (node, 0), item);

  return inner ? evaluate_size (inner) : NULL;
}

static gboolean
begins_with (JsonNode *value,
             JsonNode *prefix)
{
  const char *type = practice_attribute_get_type (value);

  if (!g_str_equal (type, practice_attribute_get_type (prefix)))
    return FALSE;

  if (g_str_equal (type, "S"))
    return g_str_has_prefix (json_node_get_string (practice_attribute_get_content (value)),
                             json_node_get_string (practice_attribute_get_content (prefix)));
  if (g_str_equal (type, "B"))
    {
      g_autoptr(GBytes) whole = practice_attribute_encode_key (value);
      g_autoptr(GBytes) start = practice_attribute_encode_key (prefix);
      gsize length = g_bytes_get_size (start);

      return length <= g_bytes_get_size (whole) &&
             (length == 0 || memcmp (g_bytes_get_data (whole, NULL), g_bytes_get_data (start, NULL), length) == 0);
    }

  return FALSE;
}

static gboolean
contains (JsonNode *value,
          JsonNode *part)
{
  const char *type = practice_attribute_get_type (value);
  const char *part_type = practice_attribute_get_type (part);
  JsonNode *content = practice_attribute_get_content (value);

  if (g_str_equal (type, "S"))
    return g_str_equal (part_type, "S") &&
           strstr (json_node_get_string (content), json_node_get_string (practice_attribute_get_content (part))) != NULL;
  if (!JSON_NODE_HOLDS_ARRAY (content))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (json_node_get_array (content)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (content), i);

      if (g_str_equal (type, "L") ? practice_attribute_equal (element, part)
                                  : (*type == *part_type && part_type[1] == '\0' &&
                                     g_str_equal (json_node_get_string (element),
                                                  json_node_get_string (practice_attribute_get_content (part)))))
        return TRUE;
    }

  return FALSE;
}

static gboolean
compare (NodeKind  kind,
         JsonNode *left,
         JsonNode *right)
{
  int order;

  if (kind == NODE_EQUAL || kind == NODE_NOT_EQUAL)
    {
      gboolean equal = left && right && practice_attribute_equal (left, right);

      return kind == NODE_EQUAL ? equal : !equal;
    }

  if (!left || !right || !practice_attribute_compare (left, right, &order))
    return FALSE;

  return kind == NODE_LESS ? order < 0
         : kind == NODE_LESS_OR_EQUAL ? order <= 0
         : kind == NODE_GREATER ? order > 0
         : order >= 0;
}

static gboolean
matches (Node       *node,
         JsonObject *item)
{
  g_autoptr(JsonNode) first = NULL;
  g_autoptr(JsonNode) second = NULL;

  if (node->kind == NODE_OR)
    return matches (node_child (node, 0), item) || matches (node_child (node, 1), item);
  if (node->kind == NODE_AND)
    return matches (node_child (node, 0), item) && matches (node_child (node, 1), item);
  if (node->kind == NODE_NOT)
    return !matches (node_child (node, 0), item);

  first = evaluate_operand (node_child (node, 0), item);
  if (node->kind == NODE_ATTRIBUTE_EXISTS)
    return first != NULL;
  if (node->kind == NODE_ATTRIBUTE_NOT_EXISTS)
    return first == NULL;

  if (node->kind == NODE_IN)
    {
      for (guint i = 1; i < node->children->len; i++)
        {
          g_autoptr(JsonNode) candidate = evaluate_operand (node_child (node, i), item);

          if (compare (NODE_EQUAL, first, candidate))
            return TRUE;
        }
      return FALSE;
    }

  second = evaluate_operand (node_child (node, 1), item);
  if (node->kind == NODE_BETWEEN)
    {
      g_autoptr(JsonNode) third = evaluate_operand (node_child (node, 2), item);

      return compare (NODE_GREATER_OR_EQUAL, first, second) && compare (NODE_LESS_OR_EQUAL, first, third);
    }
  if (node->kind == NODE_ATTRIBUTE_TYPE)
    return first && g_str_equal (practice_attribute_get_type (first),
                                 json_node_get_string (practice_attribute_get_content (second)));
  if (node->kind == NODE_BEGINS_WITH)
    return first && second && begins_with (first, second);
  if (node->kind == NODE_CONTAINS)
    return first && second && contains (first, second);

  return compare (node->kind, first, second);
}

/**
 * practice_expression_matches:
 * @self: a condition
 * @item: an item; an item that does not exist is an empty object
 *
 * Returns: whether the item meets the condition
 */
gboolean
practice_expression_matches (PracticeExpression *self,
                             JsonObject         *item)
{
  return matches (self->root, item);
}

static gboolean
append_key_condition (Node    *node,
                      GArray  *conditions,
                      GError **error)
{
  static const struct { NodeKind kind; PracticeKeyOperator operator; } operators[] = {
    { NODE_EQUAL, PRACTICE_KEY_EQUAL }, { NODE_LESS, PRACTICE_KEY_LESS },
    { NODE_LESS_OR_EQUAL, PRACTICE_KEY_LESS_OR_EQUAL }, { NODE_GREATER, PRACTICE_KEY_GREATER },
    { NODE_GREATER_OR_EQUAL, PRACTICE_KEY_GREATER_OR_EQUAL }, { NODE_BETWEEN, PRACTICE_KEY_BETWEEN },
    { NODE_BEGINS_WITH, PRACTICE_KEY_BEGINS_WITH },
  };
  PracticeKeyCondition condition = { NULL, PRACTICE_KEY_EQUAL, NULL, NULL };

  if (node->kind == NODE_AND)
    return append_key_condition (node_child (node, 0), conditions, error) &&
           append_key_condition (node_child (node, 1), conditions, error);

  for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
    {
      if (operators[i].kind != node->kind)
        continue;
      if (node_child (node, 0)->kind != NODE_PATH || node_child (node, 0)->path->len != 1)
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes");
      for (guint j = 1; j < node->children->len; j++)
        if (node_child (node, j)->kind != NODE_VALUE)
          return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                  "Invalid KeyConditionExpression: KeyConditionExpressions must have a value on the right side of each condition");

      condition.attribute = path_step (node_child (node, 0)->path, 0)->name;
      condition.operator = operators[i].operator;
      condition.first = node_child (node, 1)->value;
      condition.second = node->children->len > 2 ? node_child (node, 2)->value : NULL;
      g_array_append_val (conditions, condition);
      return TRUE;
    }

  return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                          "Invalid operator used in KeyConditionExpression: %s",
                          node->kind == NODE_OR ? "OR" : node->kind == NODE_NOT ? "NOT" : node->kind == NODE_IN ? "IN"
                          : node->kind == NODE_NOT_EQUAL ? "<>" : "a function");
}

/**
 * practice_expression_get_key_conditions:
 * @self: a key condition
 * @conditions: (element-type PracticeKeyCondition): filled
 * @error: return location for an error
 *
 * Returns: whether the expression is one that a query can use
 */
gboolean
practice_expression_get_key_conditions (PracticeExpression  *self,
                                        GArray              *conditions,
                                        GError             **error)
{
  return append_key_condition (self->root, conditions, error);
}

static JsonNode *
wrap (const char *type,
      JsonNode   *content)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, json_object_new ());
  json_object_set_member (json_node_get_object (node), type, content);

  return node;
}

/* Copies what @paths name; list elements move together, as DynamoDB does it. */
static JsonNode *
project_value (JsonNode  *value,
               GPtrArray *paths,
               guint      depth)
{
  const char *type = practice_attribute_get_type (value);
  JsonNode *content = practice_attribute_get_content (value);
  gboolean is_map = g_str_equal (type, "M");
  JsonNode *result;
  guint count;

  for (guint i = 0; i < paths->len; i++)
    if (((GArray *) g_ptr_array_index (paths, i))->len == depth)
      return json_node_ref (value);

  if (!is_map && !g_str_equal (type, "L"))
    return NULL;

  result = json_node_new (is_map ? JSON_NODE_OBJECT : JSON_NODE_ARRAY);
  if (is_map)
    json_node_take_object (result, json_object_new ());
  else
    json_node_take_array (result, json_array_new ());

  count = is_map ? 0 : json_array_get_length (json_node_get_array (content));
  for (guint i = 0; i < (is_map ? paths->len : count); i++)
    {
      g_autoptr(GPtrArray) deeper = g_ptr_array_new ();
      const char *name = is_map ? path_step ((GArray *) g_ptr_array_index (paths, i), depth)->name : NULL;
      JsonNode *inner, *part;

      if (is_map && (name == NULL || json_object_has_member (json_node_get_object (result), name)))
        continue;
      for (guint j = 0; j < paths->len; j++)
        {
          Step *step = path_step ((GArray *) g_ptr_array_index (paths, j), depth);

          if (is_map ? g_strcmp0 (step->name, name) == 0 : (step->name == NULL && step->index == i))
            g_ptr_array_add (deeper, g_ptr_array_index (paths, j));
        }

      inner = is_map ? json_object_get_member (json_node_get_object (content), name)
                     : json_array_get_element (json_node_get_array (content), i);
      part = inner && deeper->len ? project_value (inner, deeper, depth + 1) : NULL;
      if (part && is_map)
        json_object_set_member (json_node_get_object (result), name, part);
      else if (part)
        json_array_add_element (json_node_get_array (result), part);
    }

  if (is_map ? json_object_get_size (json_node_get_object (result)) == 0
             : json_array_get_length (json_node_get_array (result)) == 0)
    {
      json_node_unref (result);
      return NULL;
    }

  return wrap (type, result);
}

static JsonObject *
project_paths (GPtrArray  *paths,
               JsonObject *item)
{
  g_autoptr(JsonNode) whole = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonNode) value = NULL;
  g_autoptr(JsonNode) result = NULL;

  json_node_set_object (whole, item);
  value = wrap ("M", g_steal_pointer (&whole));
  result = project_value (value, paths, 0);

  return result ? json_object_ref (json_node_get_object (practice_attribute_get_content (result))) : json_object_new ();
}

/**
 * practice_expression_project:
 * @self: a projection
 * @item: an item
 *
 * Returns: (transfer full): the part of @item that the projection names
 */
JsonObject *
practice_expression_project (PracticeExpression *self,
                             JsonObject         *item)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();

  for (guint i = 0; i < self->root->children->len; i++)
    g_ptr_array_add (paths, node_child (self->root, i)->path);

  return project_paths (paths, item);
}

/**
 * practice_expression_pick_changed:
 * @self: an update
 * @item: an item, before or after the update
 *
 * Returns: (transfer full): those attributes of @item that the update names (UPDATED_OLD, UPDATED_NEW)
 */
JsonObject *
practice_expression_pick_changed (PracticeExpression *self,
                                  JsonObject         *item)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();

  for (guint i = 0; i < self->root->children->len; i++)
    for (guint j = 0; j < node_child (self->root, i)->children->len; j++)
      g_ptr_array_add (paths, node_child (node_child (node_child (self->root, i), j), 0)->path);

  return project_paths (paths, item);
}

/**
 * practice_expression_changes:
 * @self: an update
 * @attribute: name of an attribute
 *
 * Returns: whether the update writes to the attribute or into it
 */
gboolean
practice_expression_changes (PracticeExpression *self,
                             const char         *attribute)
{
  for (guint i = 0; i < self->root->children->len; i++)
    for (guint j = 0; j < node_child (self->root, i)->children->len; j++)
      {
        GArray *path = node_child (node_child (node_child (self->root, i), j), 0)->path;

        if (g_str_equal (path_step (path, 0)->name, attribute))
          return TRUE;
      }

  return FALSE;
}
