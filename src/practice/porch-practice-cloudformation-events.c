/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "porch-practice-cloudformation-private.h"
#include "porch-practice-fault.h"

#define EVENTS_PER_PAGE 100

/* Newest first; the token names the oldest event of the page before, so that new events move nothing. */
gboolean
cloudformation_describe_stack_events (PracticeCall  *call,
                                      GString       *xml,
                                      GError       **error)
{
  g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack [%s] does not exist", error);
  g_autoptr(PracticeRows) rows = NULL;
  guint before, count = 0;
  gint64 last = 0;

  if (stack == NULL || !cloudformation_read_token (call, &before, error))
    return FALSE;

  g_string_append (xml, "<StackEvents>");
  rows = practice_db_query (call->practice->db,
                            "SELECT number, id, logical_id, physical_id, type, status, reason, token, time FROM stack_events "
                            "WHERE stack = ? AND number < ? ORDER BY number DESC LIMIT ?",
                            "sii", stack->arn, before ? (gint64) before : G_MAXINT64, (gint64) EVENTS_PER_PAGE + 1);
  while (practice_rows_next (rows))
    {
      if (++count > EVENTS_PER_PAGE)
        break;
      last = practice_rows_int (rows, 0);
      g_string_append (xml, "<member>");
      aws_xml_append_element (xml, "StackId", stack->arn);
      aws_xml_append_element (xml, "EventId", practice_rows_text (rows, 1));
      aws_xml_append_element (xml, "StackName", stack->name);
      aws_xml_append_element (xml, "LogicalResourceId", practice_rows_text (rows, 2));
      aws_xml_append_element (xml, "PhysicalResourceId", practice_rows_text (rows, 3));
      aws_xml_append_element (xml, "ResourceType", practice_rows_text (rows, 4));
      cloudformation_append_time (xml, "Timestamp", practice_rows_int (rows, 8));
      aws_xml_append_element (xml, "ResourceStatus", practice_rows_text (rows, 5));
      aws_xml_append_element (xml, "ResourceStatusReason", practice_rows_text (rows, 6));
      aws_xml_append_element (xml, "ClientRequestToken", practice_rows_text (rows, 7));
      g_string_append (xml, "</member>");
    }
  g_string_append (xml, "</StackEvents>");
  if (count > EVENTS_PER_PAGE)
    g_string_append_printf (xml, "<NextToken>%" G_GINT64_FORMAT "</NextToken>", last);

  return TRUE;
}


/* ---- events by operation ---- */

#define STACK_TYPE "AWS::CloudFormation::Stack"

#define SELECT_EVENTS \
  "SELECT e.number, e.id, e.logical_id, e.physical_id, e.type, e.status, e.reason, e.token, e.time, o.id, o.type, e.stack " \
  "FROM stack_events AS e JOIN stack_operations AS o ON o.number = " \
  "(SELECT max(number) FROM stack_operations WHERE stack = e.stack AND first_event <= e.number) "

static const char *
operation_status (const char *status,
                  const char *operation)
{
  if (g_str_has_suffix (status, "_IN_PROGRESS"))
    return "IN_PROGRESS";
  if (g_str_equal (status, "UPDATE_ROLLBACK_COMPLETE"))
    return g_str_equal (operation, "CONTINUE_ROLLBACK") ? "SUCCEEDED" : "FAILED";

  return g_str_has_suffix (status, "_FAILED") || g_str_equal (status, "ROLLBACK_COMPLETE") ? "FAILED" : "SUCCEEDED";
}

static void
append_event (GString      *xml,
              PracticeRows *rows)
{
  const char *type = practice_rows_text (rows, 4);
  const char *status = practice_rows_text (rows, 5);
  gboolean of_stack = g_str_equal (type, STACK_TYPE);
  const char *kind = of_stack ? "STACK_EVENT" : g_str_has_suffix (status, "_FAILED") ? "PROVISIONING_ERROR" : "PROGRESS_EVENT";

  g_string_append (xml, "<member>");
  aws_xml_append_element (xml, "EventId", practice_rows_text (rows, 1));
  aws_xml_append_element (xml, "StackId", practice_rows_text (rows, 11));
  aws_xml_append_element (xml, "OperationId", practice_rows_text (rows, 9));
  aws_xml_append_element (xml, "OperationType", practice_rows_text (rows, 10));
  if (of_stack)
    aws_xml_append_element (xml, "OperationStatus", operation_status (status, practice_rows_text (rows, 10)));
  aws_xml_append_element (xml, "EventType", kind);
  aws_xml_append_element (xml, "LogicalResourceId", practice_rows_text (rows, 2));
  aws_xml_append_element (xml, "PhysicalResourceId", practice_rows_text (rows, 3));
  aws_xml_append_element (xml, "ResourceType", type);
  cloudformation_append_time (xml, "Timestamp", practice_rows_int (rows, 8));
  aws_xml_append_element (xml, "ResourceStatus", status);
  aws_xml_append_element (xml, "ResourceStatusReason", practice_rows_text (rows, 6));
  aws_xml_append_element (xml, "ClientRequestToken", practice_rows_text (rows, 7));
  g_string_append (xml, "</member>");
}

/* Which events are asked for. Of the operation of a change set there is nothing here but that it was made. */
static gboolean
read_question (PracticeCall   *call,
               char          **stack_arn,
               char          **operation,
               GError        **error)
{
  *operation = g_strdup (cloudformation_get (call, "OperationId"));

  if (cloudformation_get (call, "ChangeSetName"))
    return (*operation = cloudformation_find_change_set_operation (call, error)) != NULL;
  if (cloudformation_get (call, "StackName"))
    {
      g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack [%s] does not exist", error);

      *stack_arn = stack ? g_strdup (stack->arn) : NULL;
      return stack != NULL;
    }

  return *operation != NULL ||
         practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "At least one of StackName, ChangeSetName and OperationId must be specified.");
}

gboolean
cloudformation_describe_events (PracticeCall  *call,
                                GString       *xml,
                                GError       **error)
{
  gboolean failed = g_strcmp0 (practice_call_get_form (call, "Filters.FailedEvents"), "true") == 0;
  g_autofree char *stack = NULL, *operation = NULL;
  g_autoptr(PracticeRows) rows = NULL;
  guint before, count = 0;
  gint64 last = 0;

  if (!cloudformation_read_token (call, &before, error) || !read_question (call, &stack, &operation, error))
    return FALSE;

  g_string_append (xml, "<OperationEvents>");
  rows = practice_db_query (call->practice->db,
                            SELECT_EVENTS "WHERE e.stack = coalesce(?, e.stack) AND o.id = coalesce(?, o.id) AND e.number < ? "
                            "AND (NOT ? OR (e.type <> '" STACK_TYPE "' AND e.status LIKE '%\\_FAILED' ESCAPE '\\')) "
                            "ORDER BY e.number DESC LIMIT ?",
                            "ssiii", stack, operation, before ? (gint64) before : G_MAXINT64, (gint64) failed,
                            (gint64) EVENTS_PER_PAGE + 1);
  while (practice_rows_next (rows))
    {
      if (++count > EVENTS_PER_PAGE)
        break;
      last = practice_rows_int (rows, 0);
      append_event (xml, rows);
    }
  g_string_append (xml, "</OperationEvents>");
  if (count > EVENTS_PER_PAGE)
    g_string_append_printf (xml, "<NextToken>%" G_GINT64_FORMAT "</NextToken>", last);

  return TRUE;
}

/* The newest operation, as DescribeStacks tells it. */
void
cloudformation_append_last_operations (GString       *xml,
                                       PracticeStack *stack)
{
  g_autoptr(PracticeRows) rows = practice_db_query (stack->practice->db,
                                                    "SELECT type, id FROM stack_operations WHERE stack = ? ORDER BY number DESC LIMIT 1",
                                                    "s", stack->arn);

  if (!practice_rows_next (rows))
    return;

  g_string_append (xml, "<LastOperations><member>");
  aws_xml_append_element (xml, "OperationType", practice_rows_text (rows, 0));
  aws_xml_append_element (xml, "OperationId", practice_rows_text (rows, 1));
  g_string_append (xml, "</member></LastOperations>");
}
