/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-cloudformation-private.h"
#include "porch-practice-fault.h"

#define COMPUTING        3.0   /* seconds at AWS */
#define CHANGES_PER_PAGE 100

/* A change set is computed when it is made, and shown as finished a little later. Its content: {"type", "status", "reason",
 * "ready", "executed", "operation", "token", "template", "values", "tags", "capabilities", "changes", "description"}. */

typedef struct
{
  char          *arn;
  char          *name;
  gint64         created;
  JsonObject    *content;
  PracticeStack *stack;
} ChangeSet;

static void
change_set_free (ChangeSet *set)
{
  g_free (set->arn);
  g_free (set->name);
  g_clear_pointer (&set->content, json_object_unref);
  g_clear_pointer (&set->stack, practice_stack_free);
  g_free (set);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChangeSet, change_set_free)

static ChangeSet *
lookup (PracticeCall  *call,
        GError       **error)
{
  const char *name = cloudformation_get (call, "ChangeSetName");
  const char *stack_name = cloudformation_get (call, "StackName");
  g_autoptr(PracticeStack) stack = stack_name ? practice_stack_lookup (call->practice, call->region, stack_name) : NULL;
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(JsonNode) content = NULL;
  ChangeSet *set;

  if (name == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "1 validation error detected: Value null at 'changeSetName' failed to satisfy constraint: Member must not be null"), NULL;
  if (!g_str_has_prefix (name, "arn:") && stack_name == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "StackName must be specified if ChangeSetName is not specified as an ARN."), NULL;
  if (stack_name && stack == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Stack [%s] does not exist", stack_name), NULL;

  if (g_str_has_prefix (name, "arn:"))
    rows = practice_db_query (call->practice->db, "SELECT arn, name, created, content, stack FROM change_sets WHERE arn = ?", "s", name);
  else
    rows = practice_db_query (call->practice->db, "SELECT arn, name, created, content, stack FROM change_sets WHERE name = ? AND stack = ?", "ss", name, stack->arn);
  if (!practice_rows_next (rows))
    return practice_refuse (error, PRACTICE_FAULT_CHANGE_SET_NOT_FOUND, "ChangeSet [%s] does not exist", name), NULL;

  content = json_from_string (practice_rows_text (rows, 3), NULL);
  set = g_new0 (ChangeSet, 1);
  set->arn = practice_rows_dup_text (rows, 0);
  set->name = practice_rows_dup_text (rows, 1);
  set->created = practice_rows_int (rows, 2);
  set->content = json_object_ref (json_node_get_object (content));
  set->stack = practice_stack_lookup (call->practice, call->region, practice_rows_text (rows, 4));

  return set;
}

static gboolean
save (PracticeCall  *call,
      ChangeSet     *set,
      GError       **error)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), set->content);
  g_autofree char *text = json_to_string (node, FALSE);

  return practice_db_run (call->practice->db, error,
                          "INSERT INTO change_sets VALUES (?, ?, ?, ?, ?) ON CONFLICT (arn) DO UPDATE SET content = excluded.content",
                          "sssis", set->arn, set->name, set->stack->arn, set->created, text);
}

static const char *
get_status (ChangeSet *set)
{
  if (practice_now () < aws_json_get_int (set->content, "ready", 0))
    return "CREATE_IN_PROGRESS";

  return json_object_get_string_member (set->content, "status");
}

static const char *
execution_status (ChangeSet *set)
{
  if (json_object_get_boolean_member (set->content, "executed"))
    return "EXECUTE_COMPLETE";

  return g_str_equal (get_status (set), "CREATE_COMPLETE") ? "AVAILABLE" : "UNAVAILABLE";
}

static JsonArray *
describe_changes (GPtrArray *changes)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < changes->len; i++)
    {
      PracticeStackChange *change = g_ptr_array_index (changes, i);
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "Action", change->action);
      json_object_set_string_member (entry, "LogicalResourceId", change->logical_id);
      if (change->physical_id)
        json_object_set_string_member (entry, "PhysicalResourceId", change->physical_id);
      json_object_set_string_member (entry, "ResourceType", change->type);
      if (change->replacement)
        json_object_set_string_member (entry, "Replacement", change->replacement);
      json_array_add_object_element (list, entry);
    }

  return list;
}

static PracticeStack *
find_stack (PracticeCall  *call,
            const char    *type,
            char         **operation,
            GError       **error)
{
  const char *name = cloudformation_get (call, "StackName");
  g_autoptr(PracticeStack) stack = name ? practice_stack_lookup (call->practice, call->region, name) : NULL;

  if (g_str_equal (type, "UPDATE"))
    {
      if (stack == NULL)
        practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Stack [%s] does not exist", name ? name : "");
      else if (cloudformation_can_update (stack, error))
        return g_steal_pointer (&stack);
      return NULL;
    }

  if (stack && !g_str_equal (stack->status, "REVIEW_IN_PROGRESS"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Stack [%s] already exists and cannot be created again with the changeSet [%s].",
                            name, cloudformation_get (call, "ChangeSetName")), NULL;
  if (stack)
    return g_steal_pointer (&stack);
  if (!cloudformation_check_name (name, "stackName", error))
    return NULL;

  stack = practice_stack_new (call->practice, call->region, name);
  *operation = practice_stack_begin_operation (stack, "CREATE_CHANGESET");
  practice_stack_set_status (stack, "REVIEW_IN_PROGRESS", "User Initiated");

  return practice_stack_save (stack, error) ? g_steal_pointer (&stack) : NULL;
}

static gboolean
compute (PracticeCall  *call,
         ChangeSet     *set,
         const char    *type,
         GError       **error)
{
  gboolean update = g_str_equal (type, "UPDATE");
  g_auto(StackRequest) request = { NULL, };
  g_autoptr(GPtrArray) changes = NULL;
  gboolean outputs_change;

  if (!cloudformation_read_request (call, update ? set->stack : NULL, &request, error) ||
      !(changes = practice_stack_compare (set->stack, request.template, request.values, &outputs_change, error)))
    return FALSE;

  json_object_set_string_member (set->content, "type", type);
  json_object_set_string_member (set->content, "template", request.template->text);
  json_object_set_object_member (set->content, "values", json_object_ref (request.values));
  json_object_set_array_member (set->content, "tags", json_array_ref (request.tags));
  json_object_set_array_member (set->content, "capabilities", json_array_ref (request.capabilities));
  json_object_set_array_member (set->content, "changes", describe_changes (changes));
  json_object_set_boolean_member (set->content, "executed", FALSE);
  json_object_set_int_member (set->content, "ready", set->created + practice_scale_delay (call->practice, COMPUTING) * G_GINT64_CONSTANT (1000));
  json_object_set_string_member (set->content, "status", "CREATE_COMPLETE");
  if (changes->len == 0 && !(update && outputs_change))
    {
      json_object_set_string_member (set->content, "status", "FAILED");
      json_object_set_string_member (set->content, "reason", "The submitted information didn't contain changes. Submit different information to create a change set.");
    }

  return TRUE;
}

/* The same call again, by its token, is the same change set; any other with the name is refused. */
static gboolean
answer_known (PracticeCall  *call,
              ChangeSet     *known,
              GString       *xml,
              GError       **error)
{
  const char *token = cloudformation_get (call, "ClientToken");

  if (token == NULL || g_strcmp0 (aws_json_get_string (known->content, "token"), token) != 0)
    return practice_refuse (error, PRACTICE_FAULT_ALREADY_EXISTS_STACK,
                            "ChangeSet %s cannot be created due to a mismatch with existing attribute Template", known->arn);

  aws_xml_append_element (xml, "Id", known->arn);
  aws_xml_append_element (xml, "StackId", known->stack->arn);

  return TRUE;
}

gboolean
cloudformation_create_change_set (PracticeCall  *call,
                                  GString       *xml,
                                  GError       **error)
{
  const char *type = cloudformation_get (call, "ChangeSetType");
  const char *name = cloudformation_get (call, "ChangeSetName");
  const char *token = cloudformation_get (call, "ClientToken");
  g_autoptr(ChangeSet) set = g_new0 (ChangeSet, 1);
  g_autoptr(ChangeSet) known = NULL;
  g_autofree char *uuid = practice_uuid ();
  g_autofree char *operation = NULL;

  type = type ? type : "UPDATE";
  if (!g_str_equal (type, "CREATE") && !g_str_equal (type, "UPDATE"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                            "1 validation error detected: Value '%s' at 'changeSetType' failed to satisfy constraint: Member must satisfy enum value set: [CREATE, UPDATE, IMPORT]", type);
  if (!cloudformation_check_name (name, "changeSetName", error) || !cloudformation_check_token (token, "clientToken", error))
    return FALSE;
  if ((known = lookup (call, NULL)))
    return answer_known (call, known, xml, error);
  if (!(set->stack = find_stack (call, type, &operation, error)))
    return FALSE;
  if (operation == NULL)
    operation = practice_stack_begin_operation (set->stack, "CREATE_CHANGESET");

  set->name = g_strdup (name);
  set->arn = g_strdup_printf ("arn:aws:cloudformation:%s:%s:changeSet/%s/%s", call->region, call->practice->account, name, uuid);
  set->created = practice_now ();
  set->content = json_object_new ();
  json_object_set_string_member (set->content, "operation", operation);
  json_object_set_string_member (set->content, "token", token);
  if (cloudformation_get (call, "Description"))
    json_object_set_string_member (set->content, "description", cloudformation_get (call, "Description"));
  if (!compute (call, set, type, error) || !save (call, set, error))
    return FALSE;

  aws_xml_append_element (xml, "Id", set->arn);
  aws_xml_append_element (xml, "StackId", set->stack->arn);

  return TRUE;
}

gboolean
cloudformation_describe_change_set (PracticeCall  *call,
                                    GString       *xml,
                                    GError       **error)
{
  g_autoptr(ChangeSet) set = lookup (call, error);
  g_autoptr(PracticeTemplate) template = NULL;
  JsonArray *changes;
  guint start;

  if (set == NULL || !cloudformation_read_token (call, &start, error))
    return FALSE;

  template = practice_template_new (json_object_get_string_member (set->content, "template"), NULL);
  changes = json_object_get_array_member (set->content, "changes");
  aws_xml_append_element (xml, "ChangeSetName", set->name);
  aws_xml_append_element (xml, "ChangeSetId", set->arn);
  aws_xml_append_element (xml, "StackId", set->stack->arn);
  aws_xml_append_element (xml, "StackName", set->stack->name);
  aws_xml_append_element (xml, "Description", practice_property_string (set->content, "description"));
  cloudformation_append_parameters (xml, template, json_object_get_object_member (set->content, "values"));
  cloudformation_append_time (xml, "CreationTime", set->created);
  aws_xml_append_element (xml, "ExecutionStatus", execution_status (set));
  aws_xml_append_element (xml, "Status", get_status (set));
  if (g_str_equal (get_status (set), "FAILED"))
    aws_xml_append_element (xml, "StatusReason", practice_property_string (set->content, "reason"));
  cloudformation_append_tags (xml, json_object_get_array_member (set->content, "tags"));

  g_string_append (xml, "<Changes>");
  for (guint i = start; i < MIN (start + CHANGES_PER_PAGE, json_array_get_length (changes)); i++)
    {
      static const char *members[] = { "Action", "LogicalResourceId", "PhysicalResourceId", "ResourceType", "Replacement" };
      JsonObject *change = json_array_get_object_element (changes, i);

      g_string_append (xml, "<member><Type>Resource</Type><ResourceChange>");
      for (guint j = 0; j < G_N_ELEMENTS (members); j++)
        aws_xml_append_element (xml, members[j], practice_property_string (change, members[j]));
      g_string_append (xml, "<Scope/><Details/></ResourceChange></member>");
    }
  g_string_append (xml, "</Changes>");
  cloudformation_append_next (xml, start + CHANGES_PER_PAGE, json_array_get_length (changes));

  return TRUE;
}

gboolean
cloudformation_list_change_sets (PracticeCall  *call,
                                 GString       *xml,
                                 GError       **error)
{
  g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack [%s] does not exist", error);
  g_autoptr(PracticeRows) rows = NULL;

  if (stack == NULL)
    return FALSE;

  g_string_append (xml, "<Summaries>");
  rows = practice_db_query (call->practice->db, "SELECT arn, name, created FROM change_sets WHERE stack = ? ORDER BY created", "s", stack->arn);
  while (practice_rows_next (rows))
    {
      g_string_append (xml, "<member>");
      aws_xml_append_element (xml, "StackId", stack->arn);
      aws_xml_append_element (xml, "StackName", stack->name);
      aws_xml_append_element (xml, "ChangeSetId", practice_rows_text (rows, 0));
      aws_xml_append_element (xml, "ChangeSetName", practice_rows_text (rows, 1));
      cloudformation_append_time (xml, "CreationTime", practice_rows_int (rows, 2));
      g_string_append (xml, "</member>");
    }
  g_string_append (xml, "</Summaries>");

  return TRUE;
}

gboolean
cloudformation_execute_change_set (PracticeCall  *call,
                                   GString       *xml,
                                   GError       **error)
{
  g_autoptr(ChangeSet) set = lookup (call, error);
  const char *token = cloudformation_get (call, "ClientRequestToken");
  g_auto(StackRequest) request = { NULL, };
  g_autofree char *operation = NULL;

  if (set == NULL || !cloudformation_check_token (token, "clientRequestToken", error))
    return FALSE;
  if (token && json_object_get_boolean_member (set->content, "executed") && g_strcmp0 (set->stack->token, token) == 0)
    return TRUE;
  if (!g_str_equal (execution_status (set), "AVAILABLE"))
    return practice_refuse (error, PRACTICE_FAULT_INVALID_CHANGE_SET_STATUS,
                            "ChangeSet [%s] cannot be executed in its current status of [%s]", set->arn, get_status (set));

  if (!(request.template = practice_template_new (json_object_get_string_member (set->content, "template"), error)))
    return FALSE;
  request.values = json_object_ref (json_object_get_object_member (set->content, "values"));
  request.tags = json_array_ref (json_object_get_array_member (set->content, "tags"));
  request.capabilities = json_array_ref (json_object_get_array_member (set->content, "capabilities"));

  g_set_str (&set->stack->token, token);
  if (g_str_equal (json_object_get_string_member (set->content, "type"), "CREATE"))
    operation = cloudformation_begin_create (set->stack, &request);
  else if (cloudformation_can_update (set->stack, error))
    operation = cloudformation_begin_update (set->stack, &request);
  else
    return FALSE;

  /* The others were made for the stack as it was */
  json_object_set_boolean_member (set->content, "executed", TRUE);

  return save (call, set, error) &&
         practice_db_run (call->practice->db, error, "DELETE FROM change_sets WHERE stack = ? AND arn <> ?", "ss", set->stack->arn, set->arn) &&
         cloudformation_start (set->stack, error);
}

gboolean
cloudformation_delete_change_set (PracticeCall  *call,
                                  GString       *xml,
                                  GError       **error)
{
  g_autoptr(ChangeSet) set = lookup (call, error);

  return set != NULL && practice_db_run (call->practice->db, error, "DELETE FROM change_sets WHERE arn = ?", "s", set->arn);
}

/* Returns: (transfer full): the id of the operation that made a change set */
char *
cloudformation_find_change_set_operation (PracticeCall  *call,
                                          GError       **error)
{
  g_autoptr(ChangeSet) set = lookup (call, error);

  return set ? g_strdup (aws_json_get_string (set->content, "operation")) : NULL;
}
