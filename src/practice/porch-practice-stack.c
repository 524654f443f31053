/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "porch-practice-stack.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"

#define SELECT_STACK \
  "SELECT arn, region, name, status, reason, created, updated, deleted, template, parameters, tags, capabilities, outputs," \
  " on_failure, token, creation_token, protected, retain_except_on_create, work FROM stacks "

#define SELECT_RESOURCE \
  "SELECT logical_id, physical_id, type, status, reason, policy, properties, attributes, position, updated FROM stack_resources "

static JsonObject *
parse_object (const char *text)
{
  g_autoptr(JsonNode) node = text ? json_from_string (text, NULL) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_object_ref (json_node_get_object (node)) : json_object_new ();
}

static JsonArray *
parse_array (const char *text)
{
  g_autoptr(JsonNode) node = text ? json_from_string (text, NULL) : NULL;

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_array_ref (json_node_get_array (node)) : json_array_new ();
}

static char *
print_object (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return json_to_string (node, FALSE);
}

static char *
print_array (JsonArray *array)
{
  g_autoptr(JsonNode) node = json_node_init_array (json_node_alloc (), array);

  return json_to_string (node, FALSE);
}

gboolean
practice_stacks_init (Practice  *practice,
                      GError   **error)
{
  return practice_db_script (practice->db,
                             "CREATE TABLE IF NOT EXISTS stacks (arn TEXT PRIMARY KEY, region TEXT NOT NULL, name TEXT NOT NULL,"
                             "  status TEXT NOT NULL, reason TEXT, created INTEGER NOT NULL, updated INTEGER NOT NULL, deleted INTEGER NOT NULL,"
                             "  template TEXT NOT NULL, parameters TEXT NOT NULL, tags TEXT NOT NULL, capabilities TEXT NOT NULL, outputs TEXT NOT NULL,"
                             "  on_failure TEXT NOT NULL, token TEXT, creation_token TEXT, protected INTEGER NOT NULL,"
                             "  retain_except_on_create INTEGER NOT NULL, work TEXT NOT NULL);"
                             "CREATE INDEX IF NOT EXISTS stacks_by_name ON stacks (region, name);"
                             "CREATE TABLE IF NOT EXISTS stack_resources (stack TEXT NOT NULL, logical_id TEXT NOT NULL, physical_id TEXT,"
                             "  type TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, policy TEXT, properties TEXT NOT NULL, attributes TEXT NOT NULL,"
                             "  position INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (stack, logical_id));"
                             "CREATE TABLE IF NOT EXISTS stack_events (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, stack TEXT NOT NULL,"
                             "  logical_id TEXT NOT NULL, physical_id TEXT, type TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, token TEXT, time INTEGER NOT NULL);"
                             "CREATE INDEX IF NOT EXISTS stack_events_by_stack ON stack_events (stack, number);"
                             "CREATE TABLE IF NOT EXISTS change_sets (arn TEXT PRIMARY KEY, name TEXT NOT NULL, stack TEXT NOT NULL, created INTEGER NOT NULL,"
                             "  content TEXT NOT NULL);"
                             "CREATE TABLE IF NOT EXISTS stack_operations (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, stack TEXT NOT NULL,"
                             "  type TEXT NOT NULL, first_event INTEGER NOT NULL);"
                             "CREATE INDEX IF NOT EXISTS stack_operations_by_stack ON stack_operations (stack, number);",
                             error);
}

void
practice_stack_free (PracticeStack *stack)
{
  if (stack == NULL)
    return;

  g_free (stack->arn);
  g_free (stack->region);
  g_free (stack->name);
  g_free (stack->status);
  g_free (stack->reason);
  g_free (stack->template);
  g_free (stack->on_failure);
  g_free (stack->token);
  g_free (stack->creation_token);
  g_clear_pointer (&stack->values, json_object_unref);
  g_clear_pointer (&stack->tags, json_array_unref);
  g_clear_pointer (&stack->capabilities, json_array_unref);
  g_clear_pointer (&stack->outputs, json_object_unref);
  g_clear_pointer (&stack->work, json_object_unref);
  g_free (stack);
}

PracticeStack *
practice_stack_new (Practice   *practice,
                    const char *region,
                    const char *name)
{
  PracticeStack *stack = g_new0 (PracticeStack, 1);
  g_autofree char *uuid = practice_uuid ();

  stack->practice = practice;
  stack->arn = g_strdup_printf ("arn:aws:cloudformation:%s:%s:stack/%s/%s", region, practice->account, name, uuid);
  stack->region = g_strdup (region);
  stack->name = g_strdup (name);
  stack->created = practice_now ();
  stack->template = g_strdup ("{}");
  stack->values = json_object_new ();
  stack->tags = json_array_new ();
  stack->capabilities = json_array_new ();
  stack->outputs = json_object_new ();
  stack->work = json_object_new ();
  stack->on_failure = g_strdup ("ROLLBACK");

  return stack;
}

static PracticeStack *
read_stack (Practice     *practice,
            PracticeRows *rows)
{
  PracticeStack *stack = g_new0 (PracticeStack, 1);

  stack->practice = practice;
  stack->arn = practice_rows_dup_text (rows, 0);
  stack->region = practice_rows_dup_text (rows, 1);
  stack->name = practice_rows_dup_text (rows, 2);
  stack->status = practice_rows_dup_text (rows, 3);
  stack->reason = practice_rows_dup_text (rows, 4);
  stack->created = practice_rows_int (rows, 5);
  stack->updated = practice_rows_int (rows, 6);
  stack->deleted = practice_rows_int (rows, 7);
  stack->template = practice_rows_dup_text (rows, 8);
  stack->values = parse_object (practice_rows_text (rows, 9));
  stack->tags = parse_array (practice_rows_text (rows, 10));
  stack->capabilities = parse_array (practice_rows_text (rows, 11));
  stack->outputs = parse_object (practice_rows_text (rows, 12));
  stack->on_failure = practice_rows_dup_text (rows, 13);
  stack->token = practice_rows_dup_text (rows, 14);
  stack->creation_token = practice_rows_dup_text (rows, 15);
  stack->is_protected = practice_rows_int (rows, 16) != 0;
  stack->retain_except_on_create = practice_rows_int (rows, 17) != 0;
  stack->work = parse_object (practice_rows_text (rows, 18));

  return stack;
}

/**
 * practice_stack_lookup:
 * @practice: the practice cloud
 * @region: where to look for a name
 * @name_or_arn: a name of a stack that is not deleted, or any ARN
 *
 * Returns: (transfer full) (nullable): the stack
 */
PracticeStack *
practice_stack_lookup (Practice   *practice,
                       const char *region,
                       const char *name_or_arn)
{
  g_autoptr(PracticeRows) rows = NULL;

  if (g_str_has_prefix (name_or_arn, "arn:"))
    rows = practice_db_query (practice->db, SELECT_STACK "WHERE arn = ?", "s", name_or_arn);
  else
    rows = practice_db_query (practice->db, SELECT_STACK "WHERE region = ? AND name = ? AND deleted = 0", "ss", region, name_or_arn);

  return practice_rows_next (rows) ? read_stack (practice, rows) : NULL;
}

/* @region may be NULL for all. Newest first. */
GPtrArray *
practice_stack_list (Practice   *practice,
                     const char *region,
                     gboolean    with_deleted)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) practice_stack_free);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db,
                                                    SELECT_STACK "WHERE region = coalesce(?, region) AND (deleted = 0 OR ?) ORDER BY created DESC, arn",
                                                    "si", region, (gint64) with_deleted);

  while (practice_rows_next (rows))
    g_ptr_array_add (list, read_stack (practice, rows));

  return list;
}

gboolean
practice_stack_save (PracticeStack  *stack,
                     GError        **error)
{
  g_autofree char *values = print_object (stack->values);
  g_autofree char *tags = print_array (stack->tags);
  g_autofree char *capabilities = print_array (stack->capabilities);
  g_autofree char *outputs = print_object (stack->outputs);
  g_autofree char *work = print_object (stack->work);

  return practice_db_run (stack->practice->db, error,
                          "INSERT INTO stacks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (arn) DO UPDATE SET "
                          "status = excluded.status, reason = excluded.reason, updated = excluded.updated, deleted = excluded.deleted,"
                          "template = excluded.template, parameters = excluded.parameters, tags = excluded.tags, capabilities = excluded.capabilities,"
                          "outputs = excluded.outputs, on_failure = excluded.on_failure, token = excluded.token, creation_token = excluded.creation_token,"
                          "protected = excluded.protected, retain_except_on_create = excluded.retain_except_on_create, work = excluded.work",
                          "sssssiiissssssssiis", stack->arn, stack->region, stack->name, stack->status, stack->reason,
                          stack->created, stack->updated, stack->deleted, stack->template, values, tags, capabilities, outputs,
                          stack->on_failure, stack->token, stack->creation_token, (gint64) stack->is_protected,
                          (gint64) stack->retain_except_on_create, work);
}

void
practice_stack_add_event (PracticeStack *stack,
                          const char    *logical_id,
                          const char    *physical_id,
                          const char    *type,
                          const char    *status,
                          const char    *reason)
{
  g_autofree char *uuid = practice_uuid ();
  g_autofree char *id = g_str_equal (type, "AWS::CloudFormation::Stack") ? g_strdup (uuid)
                                                                         : g_strdup_printf ("%s-%s-%s", logical_id, status, uuid);

  practice_db_run (stack->practice->db, NULL,
                   "INSERT INTO stack_events (id, stack, logical_id, physical_id, type, status, reason, token, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   "ssssssssi", id, stack->arn, logical_id, physical_id ? physical_id : "", type, status, reason, stack->token, practice_now ());
}

/* Events from here on belong to a new operation.
 *
 * Returns: (transfer full): its id */
char *
practice_stack_begin_operation (PracticeStack *stack,
                                const char    *type)
{
  char *id = practice_uuid ();

  practice_db_run (stack->practice->db, NULL,
                   "INSERT INTO stack_operations (id, stack, type, first_event) "
                   "VALUES (?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM stack_events))",
                   "sss", id, stack->arn, type);

  return id;
}

/* The new status and its event; the caller saves the stack. */
void
practice_stack_set_status (PracticeStack *stack,
                           const char    *status,
                           const char    *reason)
{
  g_set_str (&stack->status, status);
  g_set_str (&stack->reason, reason);
  practice_stack_add_event (stack, stack->name, stack->arn, "AWS::CloudFormation::Stack", status, reason);
}

gboolean
practice_stack_is_busy (PracticeStack *stack)
{
  return g_str_has_suffix (stack->status, "_IN_PROGRESS") && !g_str_equal (stack->status, "REVIEW_IN_PROGRESS");
}

/* ---- resources ---- */

PracticeStackResource *
practice_stack_resource_new (const char *logical_id,
                             const char *type)
{
  PracticeStackResource *resource = g_new0 (PracticeStackResource, 1);

  resource->logical_id = g_strdup (logical_id);
  resource->type = g_strdup (type);
  resource->properties = json_object_new ();
  resource->attributes = json_object_new ();

  return resource;
}

void
practice_stack_resource_free (PracticeStackResource *resource)
{
  if (resource == NULL)
    return;

  g_free (resource->logical_id);
  g_free (resource->physical_id);
  g_free (resource->type);
  g_free (resource->status);
  g_free (resource->reason);
  g_free (resource->policy);
  g_clear_pointer (&resource->properties, json_object_unref);
  g_clear_pointer (&resource->attributes, json_object_unref);
  g_free (resource);
}

static PracticeStackResource *
read_resource (PracticeRows *rows)
{
  PracticeStackResource *resource = g_new0 (PracticeStackResource, 1);

  resource->logical_id = practice_rows_dup_text (rows, 0);
  resource->physical_id = practice_rows_dup_text (rows, 1);
  resource->type = practice_rows_dup_text (rows, 2);
  resource->status = practice_rows_dup_text (rows, 3);
  resource->reason = practice_rows_dup_text (rows, 4);
  resource->policy = practice_rows_dup_text (rows, 5);
  resource->properties = parse_object (practice_rows_text (rows, 6));
  resource->attributes = parse_object (practice_rows_text (rows, 7));
  resource->position = practice_rows_int (rows, 8);
  resource->updated = practice_rows_int (rows, 9);

  return resource;
}

/* In the order in which they were made. */
GPtrArray *
practice_stack_get_resources (PracticeStack *stack)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) practice_stack_resource_free);
  g_autoptr(PracticeRows) rows = practice_db_query (stack->practice->db, SELECT_RESOURCE "WHERE stack = ? ORDER BY position", "s", stack->arn);

  while (practice_rows_next (rows))
    g_ptr_array_add (list, read_resource (rows));

  return list;
}

PracticeStackResource *
practice_stack_get_resource (PracticeStack *stack,
                             const char    *logical_id)
{
  g_autoptr(PracticeRows) rows = practice_db_query (stack->practice->db, SELECT_RESOURCE "WHERE stack = ? AND logical_id = ?", "ss", stack->arn, logical_id);

  return practice_rows_next (rows) ? read_resource (rows) : NULL;
}

void
practice_stack_save_resource (PracticeStack         *stack,
                              PracticeStackResource *resource)
{
  g_autofree char *properties = print_object (resource->properties);
  g_autofree char *attributes = print_object (resource->attributes);

  resource->updated = practice_now ();
  practice_db_run (stack->practice->db, NULL,
                   "INSERT INTO stack_resources VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, (SELECT coalesce(max(position), 0) + 1 FROM stack_resources WHERE stack = ?1), ?10) "
                   "ON CONFLICT (stack, logical_id) DO UPDATE SET physical_id = excluded.physical_id, status = excluded.status, reason = excluded.reason,"
                   "policy = excluded.policy, properties = excluded.properties, attributes = excluded.attributes, updated = excluded.updated",
                   "sssssssssi", stack->arn, resource->logical_id, resource->physical_id, resource->type, resource->status, resource->reason,
                   resource->policy, properties, attributes, resource->updated);
}

/* The new status, its event, and the resource saved. */
void
practice_stack_set_resource (PracticeStack         *stack,
                             PracticeStackResource *resource,
                             const char            *status,
                             const char            *reason)
{
  g_set_str (&resource->status, status);
  g_set_str (&resource->reason, reason);
  practice_stack_save_resource (stack, resource);
  practice_stack_add_event (stack, resource->logical_id, resource->physical_id, resource->type, status, reason);
}

void
practice_stack_forget_resource (PracticeStack *stack,
                                const char    *logical_id)
{
  practice_db_run (stack->practice->db, NULL, "DELETE FROM stack_resources WHERE stack = ? AND logical_id = ?", "ss", stack->arn, logical_id);
}

/* ---- resolving ---- */

static JsonNode *
look_up (PracticeResolver  *resolver,
         const char        *logical_id,
         const char        *attribute,
         GError           **error)
{
  g_autoptr(PracticeStackResource) resource = practice_stack_get_resource (resolver->data, logical_id);
  const char *value;

  if (resource == NULL || resource->physical_id == NULL)
    {
      practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Resource %s is not there yet", logical_id);
      return NULL;
    }

  value = attribute ? practice_property_string (resource->attributes, attribute) : resource->physical_id;
  if (value == NULL)
    {
      practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Attribute '%s' does not exist on resource %s", attribute, logical_id);
      return NULL;
    }

  return json_node_init_string (json_node_alloc (), value);
}

gboolean
practice_stack_init_resolver (PracticeStack     *stack,
                              PracticeTemplate  *template,
                              JsonObject        *values,
                              PracticeResolver  *resolver,
                              GError           **error)
{
  memset (resolver, 0, sizeof *resolver);
  resolver->template = template;
  resolver->account = stack->practice->account;
  resolver->region = stack->region;
  resolver->stack_name = stack->name;
  resolver->stack_arn = stack->arn;
  resolver->values = values;
  resolver->decided = json_object_new ();
  resolver->lookup = look_up;
  resolver->data = stack;

  return practice_resolver_decide (resolver, error);
}

void
practice_resolver_clear (PracticeResolver *resolver)
{
  g_clear_pointer (&resolver->decided, json_object_unref);
}

/* Returns: (transfer full): {name: {"Value", "Description"}} */
JsonObject *
practice_stack_resolve_outputs (PracticeResolver  *resolver,
                                GError           **error)
{
  g_autoptr(JsonObject) outputs = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, resolver->template->outputs);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonObject *entry = json_node_get_object (node);
      g_autoptr(JsonNode) value = NULL;
      JsonObject *output;

      if (!practice_resolver_is_included (resolver, entry))
        continue;
      if (!(value = practice_resolver_resolve (resolver, json_object_get_member (entry, "Value"), error)))
        return NULL;
      if (!JSON_NODE_HOLDS_VALUE (value))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Template format error: Output %s is malformed. The Value field of every Outputs member must evaluate to a String.", name), NULL;

      output = json_object_new ();
      if (json_node_get_value_type (value) == G_TYPE_STRING)
        {
          json_object_set_member (output, "Value", g_steal_pointer (&value));
        }
      else
        {
          g_autofree char *text = json_to_string (value, FALSE);

          json_object_set_string_member (output, "Value", text);
        }
      if (practice_property_string (entry, "Description"))
        json_object_set_string_member (output, "Description", practice_property_string (entry, "Description"));
      json_object_set_object_member (outputs, name, output);
    }

  return g_steal_pointer (&outputs);
}

JsonObject *
practice_stack_resolve_properties (PracticeResolver  *resolver,
                                   const char        *logical_id,
                                   GError           **error)
{
  JsonObject *resource = aws_json_get_object (resolver->template->resources, logical_id);
  JsonNode *properties = json_object_get_member (resource, "Properties");
  g_autoptr(JsonNode) resolved = NULL;

  if (properties == NULL)
    return json_object_new ();
  if (!(resolved = practice_resolver_resolve (resolver, properties, error)))
    return NULL;

  return JSON_NODE_HOLDS_OBJECT (resolved) ? json_object_ref (json_node_get_object (resolved)) : json_object_new ();
}
