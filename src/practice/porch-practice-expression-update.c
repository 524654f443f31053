/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "porch-practice-attribute.h"
#include "porch-practice-expression-private.h"
#include "porch-practice-fault.h"

/* One attribute to write; no value means to remove it. */
typedef struct
{
  GArray   *path;
  JsonNode *value;
} Change;

static void
change_clear (Change *change)
{
  g_clear_pointer (&change->value, json_node_unref);
}

static gboolean
refuse_operand (GError **error)
{
  return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                          "An operand in the update expression has an incorrect data type");
}

static gboolean
is_type (JsonNode   *value,
         const char *type)
{
  return g_str_equal (practice_attribute_get_type (value), type);
}

static JsonNode *
append_lists (JsonNode *first,
              JsonNode *second)
{
  JsonNode *result = json_node_new (JSON_NODE_OBJECT);
  JsonArray *joined = json_array_new ();
  JsonNode *parts[] = { first, second };

  for (guint i = 0; i < 2; i++)
    {
      JsonArray *list = json_node_get_array (practice_attribute_get_content (parts[i]));

      for (guint j = 0; j < json_array_get_length (list); j++)
        json_array_add_element (joined, json_node_ref (json_array_get_element (list, j)));
    }

  json_node_take_object (result, json_object_new ());
  json_object_set_array_member (json_node_get_object (result), "L", joined);

  return result;
}

static JsonNode *
add_numbers (JsonNode  *first,
             JsonNode  *second,
             gboolean   subtract,
             GError   **error)
{
  g_autofree char *sum = practice_number_add (json_node_get_string (practice_attribute_get_content (first)),
                                              json_node_get_string (practice_attribute_get_content (second)),
                                              subtract, error);

  return sum ? practice_attribute_new_string ("N", sum) : NULL;
}

static JsonNode *
evaluate (Node        *node,
          JsonObject  *item,
          GError     **error)
{
  g_autoptr(JsonNode) first = NULL;
  g_autoptr(JsonNode) second = NULL;
  JsonNode *found;

  if (node->kind == NODE_VALUE)
    return json_node_ref (node->value);

  if (node->kind == NODE_PATH || node->kind == NODE_IF_NOT_EXISTS)
    {
      Node *path = node->kind == NODE_PATH ? node : node_child (node, 0);

      if ((found = practice_path_find (path->path, path->path->len, item)))
        return json_node_ref (found);
      if (node->kind == NODE_IF_NOT_EXISTS)
        return evaluate (node_child (node, 1), item, error);
      practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                       "The provided expression refers to an attribute that does not exist in the item");
      return NULL;
    }

  if (!(first = evaluate (node_child (node, 0), item, error)) ||
      !(second = evaluate (node_child (node, 1), item, error)))
    return NULL;

  if (node->kind == NODE_LIST_APPEND)
    return is_type (first, "L") && is_type (second, "L") ? append_lists (first, second)
                                                         : (refuse_operand (error), NULL);

  return is_type (first, "N") && is_type (second, "N") ? add_numbers (first, second, node->kind == NODE_MINUS, error)
                                                       : (refuse_operand (error), NULL);
}

static gboolean
set_has (JsonArray  *set,
         const char *text)
{
  for (guint i = 0; i < json_array_get_length (set); i++)
    if (g_str_equal (json_array_get_string_element (set, i), text))
      return TRUE;

  return FALSE;
}

/* ADD joins @operand to the set @current, DELETE takes it away. */
static JsonNode *
combine_sets (JsonNode *current,
              JsonNode *operand,
              gboolean  remove)
{
  JsonArray *old = json_node_get_array (practice_attribute_get_content (current));
  JsonArray *other = json_node_get_array (practice_attribute_get_content (operand));
  g_autoptr(JsonArray) result = json_array_new ();
  JsonNode *node;

  for (guint i = 0; i < json_array_get_length (old); i++)
    if (!remove || !set_has (other, json_array_get_string_element (old, i)))
      json_array_add_string_element (result, json_array_get_string_element (old, i));
  for (guint i = 0; !remove && i < json_array_get_length (other); i++)
    if (!set_has (result, json_array_get_string_element (other, i)))
      json_array_add_string_element (result, json_array_get_string_element (other, i));

  if (json_array_get_length (result) == 0)
    return NULL;

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, json_object_new ());
  json_object_set_array_member (json_node_get_object (node), practice_attribute_get_type (current), g_steal_pointer (&result));

  return node;
}

static gboolean
evaluate_action (NodeKind     kind,
                 Node        *action,
                 JsonObject  *item,
                 Change      *change,
                 GError     **error)
{
  Node *operand = action->children->len > 1 ? node_child (action, 1) : NULL;
  JsonNode *current;

  change->path = node_child (action, 0)->path;
  change->value = NULL;

  if (kind == NODE_REMOVE)
    return TRUE;
  if (kind == NODE_SET)
    return (change->value = evaluate (operand, item, error)) != NULL;

  current = practice_path_find (change->path, change->path->len, item);
  if (current == NULL)
    {
      change->value = kind == NODE_ADD ? json_node_ref (operand->value) : NULL;
      return TRUE;
    }
  if (!is_type (current, practice_attribute_get_type (operand->value)))
    return refuse_operand (error);

  if (is_type (current, "N"))
    return (change->value = add_numbers (current, operand->value, FALSE, error)) != NULL;

  change->value = combine_sets (current, operand->value, kind == NODE_DELETE);

  return TRUE;
}

static void
list_write (JsonNode *list,
            guint     index,
            JsonNode *value)
{
  JsonArray *old = json_node_get_array (practice_attribute_get_content (list));
  JsonArray *copy;
  guint length = json_array_get_length (old);

  if (value == NULL)
    {
      if (index < length)
        json_array_remove_element (old, index);
      return;
    }
  if (index >= length)
    {
      json_array_add_element (old, json_node_ref (value));
      return;
    }

  copy = json_array_sized_new (length);
  for (guint i = 0; i < length; i++)
    json_array_add_element (copy, json_node_ref (i == index ? value : json_array_get_element (old, i)));
  json_object_set_array_member (json_node_get_object (list), "L", copy);
}

/* json-glib does not take a node over that is the member already, as in "SET a = a". */
static void
write_member (JsonObject *object,
              const char *name,
              JsonNode   *value)
{
  if (value == NULL)
    json_object_remove_member (object, name);
  else if (json_object_get_member (object, name) != value)
    json_object_set_member (object, name, json_node_ref (value));
}

static gboolean
apply (Change      *change,
       JsonObject  *item,
       GError     **error)
{
  Step *last = path_step (change->path, change->path->len - 1);
  JsonNode *parent;

  if (change->path->len == 1)
    {
      write_member (item, last->name, change->value);
      return TRUE;
    }

  parent = practice_path_find (change->path, change->path->len - 1, item);
  if (parent == NULL || !is_type (parent, last->name ? "M" : "L"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "The document path provided in the update expression is invalid for update");

  if (last->name == NULL)
    list_write (parent, last->index, change->value);
  else
    write_member (json_node_get_object (practice_attribute_get_content (parent)), last->name, change->value);

  return TRUE;
}

/* Later elements first, so that removing one does not move the next. */
static int
compare_removals (gconstpointer a,
                  gconstpointer b)
{
  const Change *first = a, *second = b;
  guint one = path_step (first->path, first->path->len - 1)->index;
  guint two = path_step (second->path, second->path->len - 1)->index;

  return one < two ? 1 : one > two ? -1 : 0;
}

/**
 * practice_expression_update:
 * @self: an update
 * @item: the item, changed in place; must not be shared
 * @error: return location for an error
 *
 * Carries an update out. All right-hand sides see the item as it was before.
 *
 * Returns: whether it could be done; @item is useless when not
 */
gboolean
practice_expression_update (PracticeExpression  *self,
                            JsonObject          *item,
                            GError             **error)
{
  g_autoptr(GArray) changes = g_array_new (FALSE, TRUE, sizeof (Change));
  g_autoptr(GArray) removals = g_array_new (FALSE, TRUE, sizeof (Change));

  g_array_set_clear_func (changes, (GDestroyNotify) change_clear);

  for (guint i = 0; i < self->root->children->len; i++)
    {
      Node *clause = node_child (self->root, i);

      for (guint j = 0; j < clause->children->len; j++)
        {
          Change change = { NULL, NULL };

          if (!evaluate_action (clause->kind, node_child (clause, j), item, &change, error))
            return FALSE;
          g_array_append_val (change.value ? changes : removals, change);
        }
    }

  g_array_sort (removals, compare_removals);

  for (guint i = 0; i < changes->len; i++)
    if (!apply (&g_array_index (changes, Change, i), item, error))
      return FALSE;
  for (guint i = 0; i < removals->len; i++)
    if (!apply (&g_array_index (removals, Change, i), item, error))
      return FALSE;

  return TRUE;
}
