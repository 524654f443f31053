/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-stack.h"

static void
change_free (PracticeStackChange *change)
{
  g_free (change->logical_id);
  g_free (change->physical_id);
  g_free (change->type);
  g_free (change);
}

static void
add_change (GPtrArray  *changes,
            const char *action,
            const char *logical_id,
            const char *physical_id,
            const char *type,
            const char *replacement)
{
  PracticeStackChange *change = g_new0 (PracticeStackChange, 1);

  change->action = action;
  change->logical_id = g_strdup (logical_id);
  change->physical_id = g_strdup (physical_id);
  change->type = g_strdup (type);
  change->replacement = replacement;
  g_ptr_array_add (changes, change);
}

static gboolean
objects_equal (JsonObject *a,
               JsonObject *b)
{
  g_autoptr(JsonNode) first = json_node_init_object (json_node_alloc (), a);
  g_autoptr(JsonNode) second = json_node_init_object (json_node_alloc (), b);

  return json_node_equal (first, second);
}

static gboolean
compare_resource (PracticeResolver       *resolver,
                  PracticeStackResource  *known,
                  const char             *logical_id,
                  GPtrArray              *changes,
                  GError                **error)
{
  JsonObject *entry = aws_json_get_object (resolver->template->resources, logical_id);
  const char *type = aws_json_get_string (entry, "Type");
  const char *policy = aws_json_get_string (entry, "DeletionPolicy");
  g_autoptr(JsonObject) properties = NULL;
  g_autoptr(GError) unknown = NULL;

  if (known == NULL)
    {
      add_change (changes, "Add", logical_id, NULL, type, NULL);
      return TRUE;
    }
  if (!g_str_equal (known->type, type))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Update of resource type is not permitted. The new template modifies resource type of the following resources: [%s]", logical_id);

  /* What refers to something that is only made by the update can't be resolved before, and changes for sure */
  properties = practice_stack_resolve_properties (resolver, logical_id, &unknown);
  if (properties)
    practice_type_check (type, logical_id, properties, NULL);
  if (properties == NULL)
    add_change (changes, "Modify", logical_id, known->physical_id, type, "Conditional");
  else if (!objects_equal (properties, known->properties))
    add_change (changes, "Modify", logical_id, known->physical_id, type,
                practice_type_replaces (type, known->properties, properties) ? "True" : "False");
  else if (g_strcmp0 (policy, known->policy) != 0)
    add_change (changes, "Modify", logical_id, known->physical_id, type, "False");

  return TRUE;
}

/**
 * practice_stack_compare:
 * @stack: a stack at rest
 * @template: its next template
 * @values: the values of that template's parameters
 * @outputs_change: (out): whether the outputs would differ
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type PracticeStackChange): the changes in the order of the template
 */
GPtrArray *
practice_stack_compare (PracticeStack     *stack,
                        PracticeTemplate  *template,
                        JsonObject        *values,
                        gboolean          *outputs_change,
                        GError           **error)
{
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) change_free);
  g_autoptr(GPtrArray) known = practice_stack_get_resources (stack);
  g_autoptr(GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto(PracticeResolver) resolver = { NULL, };
  g_autoptr(GPtrArray) order = NULL;
  g_autoptr(JsonObject) outputs = NULL;

  if (!practice_stack_init_resolver (stack, template, values, &resolver, error) ||
      !(order = practice_template_get_order (&resolver, error)))
    return NULL;

  for (guint i = 0; i < order->len; i++)
    {
      const char *logical_id = g_ptr_array_index (order, i);
      g_autoptr(PracticeStackResource) resource = practice_stack_get_resource (stack, logical_id);

      g_hash_table_add (wanted, (gpointer) logical_id);
      if (!compare_resource (&resolver, resource, logical_id, changes, error))
        return NULL;
    }

  for (guint i = 0; i < known->len; i++)
    {
      PracticeStackResource *resource = g_ptr_array_index (known, i);

      if (!g_hash_table_contains (wanted, resource->logical_id))
        add_change (changes, "Remove", resource->logical_id, resource->physical_id, resource->type, NULL);
    }

  outputs = practice_stack_resolve_outputs (&resolver, NULL);
  *outputs_change = outputs == NULL || !objects_equal (outputs, stack->outputs);

  return g_steal_pointer (&changes);
}
