/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "porch-practice-attribute.h"
#include "porch-practice-expression-private.h"
#include "porch-practice-fault.h"

static JsonObject *
get_map (JsonObject  *request,
         const char  *member,
         GError     **error)
{
  JsonNode *node = json_object_get_member (request, member);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    practice_refuse (error, PRACTICE_FAULT_SERIALIZATION, "Unexpected field type: %s must be a map", member);
  else if (json_object_get_size (json_node_get_object (node)) == 0)
    practice_refuse (error, PRACTICE_FAULT_VALIDATION, "%s must not be empty", member);
  else
    return json_node_get_object (node);

  return NULL;
}

static gboolean
check_names (JsonObject  *names,
             GError     **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, names);
  while (json_object_iter_next (&iter, &name, &value))
    {
      if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
        return practice_refuse (error, PRACTICE_FAULT_SERIALIZATION, "Unexpected field type: a name must be a string");
      if (*name != '#' || practice_expression_span (name + 1, TRUE) == 0 || practice_expression_span (name + 1, TRUE) != strlen (name + 1))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                "ExpressionAttributeNames contains invalid key: Syntax error; key: \"%s\"", name);
    }

  return TRUE;
}

static gboolean
check_values (JsonObject  *values,
              GError     **error)
{
  g_autoptr(GList) members = json_object_get_members (values);

  for (GList *link = members; link; link = link->next)
    {
      const char *name = link->data;
      g_autoptr(GError) problem = NULL;

      if (*name != ':' || practice_expression_span (name + 1, FALSE) == 0 || practice_expression_span (name + 1, FALSE) != strlen (name + 1))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                "ExpressionAttributeValues contains invalid key: Syntax error; key: \"%s\"", name);
      if (!practice_attribute_check (json_object_get_member (values, name), &problem))
        return practice_refuse (error, problem->code,
                                problem->code == PRACTICE_FAULT_VALIDATION
                                ? "ExpressionAttributeValues contains invalid value: %s for key %s" : "%s (%s)",
                                problem->message, name);
    }

  return TRUE;
}

/**
 * practice_expression_scope_new:
 * @request: a request with the members ExpressionAttributeNames and ExpressionAttributeValues
 * @error: return location for an error
 *
 * Returns: (transfer full): the names and values for all expressions of the request
 */
PracticeExpressionScope *
practice_expression_scope_new (JsonObject  *request,
                               GError     **error)
{
  g_autoptr(PracticeExpressionScope) scope = g_new0 (PracticeExpressionScope, 1);
  g_autoptr(GError) problem = NULL;
  JsonObject *names = get_map (request, "ExpressionAttributeNames", &problem);
  JsonObject *values = problem ? NULL : get_map (request, "ExpressionAttributeValues", &problem);

  scope->used_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  scope->used_values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (problem ||
      (names && !check_names (names, &problem)) ||
      (values && !check_values (values, &problem)))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }

  scope->names = names ? json_object_ref (names) : NULL;
  scope->values = values ? json_object_ref (values) : NULL;

  return g_steal_pointer (&scope);
}

void
practice_expression_scope_free (PracticeExpressionScope *scope)
{
  g_clear_pointer (&scope->names, json_object_unref);
  g_clear_pointer (&scope->values, json_object_unref);
  g_hash_table_unref (scope->used_names);
  g_hash_table_unref (scope->used_values);
  g_free (scope);
}

static char *
list_unused (JsonObject *defined,
             GHashTable *used)
{
  g_autoptr(GString) list = g_string_new (NULL);
  g_autoptr(GList) members = defined ? json_object_get_members (defined) : NULL;

  for (GList *link = members; link; link = link->next)
    if (!g_hash_table_contains (used, link->data))
      g_string_append_printf (list, "%s%s", list->len ? ", " : "", (char *) link->data);

  return list->len ? g_string_free (g_steal_pointer (&list), FALSE) : NULL;
}

gboolean
practice_expression_scope_check_unused (PracticeExpressionScope  *scope,
                                        GError                  **error)
{
  g_autofree char *names = list_unused (scope->names, scope->used_names);
  g_autofree char *values = list_unused (scope->values, scope->used_values);

  if (names)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", names);
  if (values)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", values);

  return TRUE;
}
