/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-cloudformation-private.h"
#include "porch-practice-fault.h"

#define STACKS_PER_PAGE    20
#define RESOURCES_PER_PAGE 100

/* The page after NextToken, a number that only we read. */
gboolean
cloudformation_read_token (PracticeCall  *call,
                           guint         *start,
                           GError       **error)
{
  const char *token = cloudformation_get (call, "NextToken");
  guint64 number = 0;

  if (token && !g_ascii_string_to_unsigned (token, 10, 0, G_MAXINT, &number, NULL))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Invalid NextToken");

  *start = number;

  return TRUE;
}

void
cloudformation_append_next (GString *xml,
                            guint    next,
                            guint    total)
{
  if (next < total)
    g_string_append_printf (xml, "<NextToken>%u</NextToken>", next);
}

static void
append_stack (GString       *xml,
              PracticeStack *stack)
{
  g_autoptr(PracticeTemplate) template = practice_template_new (stack->template, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_string_append (xml, "<member>");
  aws_xml_append_element (xml, "StackId", stack->arn);
  aws_xml_append_element (xml, "StackName", stack->name);
  if (template)
    aws_xml_append_element (xml, "Description", practice_property_string (template->root, "Description"));
  cloudformation_append_parameters (xml, template, stack->values);
  cloudformation_append_time (xml, "CreationTime", stack->created);
  cloudformation_append_time (xml, "LastUpdatedTime", stack->updated);
  cloudformation_append_time (xml, "DeletionTime", stack->deleted);
  g_string_append (xml, "<RollbackConfiguration/>");
  aws_xml_append_element (xml, "StackStatus", stack->status);
  aws_xml_append_element (xml, "StackStatusReason", stack->reason);
  aws_xml_append_element (xml, "DisableRollback", g_str_equal (stack->on_failure, "DO_NOTHING") ? "true" : "false");
  g_string_append (xml, "<NotificationARNs/><Capabilities>");
  for (guint i = 0; i < json_array_get_length (stack->capabilities); i++)
    aws_xml_append_element (xml, "member", json_array_get_string_element (stack->capabilities, i));
  g_string_append (xml, "</Capabilities>");

  if (json_object_get_size (stack->outputs) > 0)
    {
      g_string_append (xml, "<Outputs>");
      json_object_iter_init_ordered (&iter, stack->outputs);
      while (json_object_iter_next_ordered (&iter, &name, &node))
        {
          g_string_append (xml, "<member>");
          aws_xml_append_element (xml, "OutputKey", name);
          aws_xml_append_element (xml, "OutputValue", practice_property_string (json_node_get_object (node), "Value"));
          aws_xml_append_element (xml, "Description", practice_property_string (json_node_get_object (node), "Description"));
          g_string_append (xml, "</member>");
        }
      g_string_append (xml, "</Outputs>");
    }

  cloudformation_append_tags (xml, stack->tags);
  aws_xml_append_element (xml, "EnableTerminationProtection", stack->is_protected ? "true" : "false");
  cloudformation_append_last_operations (xml, stack);
  g_string_append (xml, "<DriftInformation><StackDriftStatus>NOT_CHECKED</StackDriftStatus></DriftInformation></member>");
}

gboolean
cloudformation_describe_stacks (PracticeCall  *call,
                                GString       *xml,
                                GError       **error)
{
  g_autoptr(GPtrArray) stacks = NULL;
  guint start = 0;

  if (cloudformation_get (call, "StackName"))
    {
      g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack with id %s does not exist", error);

      if (stack == NULL)
        return FALSE;
      g_string_append (xml, "<Stacks>");
      append_stack (xml, stack);
      g_string_append (xml, "</Stacks>");
      return TRUE;
    }

  if (!cloudformation_read_token (call, &start, error))
    return FALSE;

  stacks = practice_stack_list (call->practice, call->region, FALSE);
  g_string_append (xml, "<Stacks>");
  for (guint i = start; i < MIN (start + STACKS_PER_PAGE, stacks->len); i++)
    append_stack (xml, g_ptr_array_index (stacks, i));
  g_string_append (xml, "</Stacks>");
  cloudformation_append_next (xml, start + STACKS_PER_PAGE, stacks->len);

  return TRUE;
}

static gboolean
is_asked_for (PracticeCall  *call,
              PracticeStack *stack)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *name = g_strdup_printf ("StackStatusFilter.member.%u", i);
      const char *status = practice_call_get_form (call, name);

      if (status == NULL)
        return i == 1;
      if (g_str_equal (status, stack->status))
        return TRUE;
    }
}

gboolean
cloudformation_list_stacks (PracticeCall  *call,
                            GString       *xml,
                            GError       **error)
{
  g_autoptr(GPtrArray) stacks = practice_stack_list (call->practice, call->region, TRUE);
  guint start;

  if (!cloudformation_read_token (call, &start, error))
    return FALSE;

  g_string_append (xml, "<StackSummaries>");
  for (guint i = start; i < MIN (start + STACKS_PER_PAGE, stacks->len); i++)
    {
      PracticeStack *stack = g_ptr_array_index (stacks, i);

      if (!is_asked_for (call, stack))
        continue;
      g_string_append (xml, "<member>");
      aws_xml_append_element (xml, "StackId", stack->arn);
      aws_xml_append_element (xml, "StackName", stack->name);
      cloudformation_append_time (xml, "CreationTime", stack->created);
      cloudformation_append_time (xml, "LastUpdatedTime", stack->updated);
      cloudformation_append_time (xml, "DeletionTime", stack->deleted);
      aws_xml_append_element (xml, "StackStatus", stack->status);
      aws_xml_append_element (xml, "StackStatusReason", stack->reason);
      g_string_append (xml, "<DriftInformation><StackDriftStatus>NOT_CHECKED</StackDriftStatus></DriftInformation></member>");
    }
  g_string_append (xml, "</StackSummaries>");
  cloudformation_append_next (xml, start + STACKS_PER_PAGE, stacks->len);

  return TRUE;
}

static void
append_resource (GString               *xml,
                 PracticeStack         *stack,
                 PracticeStackResource *resource,
                 const char            *time_element)
{
  if (stack)
    {
      aws_xml_append_element (xml, "StackName", stack->name);
      aws_xml_append_element (xml, "StackId", stack->arn);
    }
  aws_xml_append_element (xml, "LogicalResourceId", resource->logical_id);
  aws_xml_append_element (xml, "PhysicalResourceId", resource->physical_id);
  aws_xml_append_element (xml, "ResourceType", resource->type);
  cloudformation_append_time (xml, time_element, resource->updated);
  aws_xml_append_element (xml, "ResourceStatus", resource->status);
  aws_xml_append_element (xml, "ResourceStatusReason", resource->reason);
  g_string_append (xml, "<DriftInformation><StackResourceDriftStatus>NOT_CHECKED</StackResourceDriftStatus></DriftInformation>");
}

gboolean
cloudformation_describe_stack_resources (PracticeCall  *call,
                                         GString       *xml,
                                         GError       **error)
{
  g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack with id %s does not exist", error);
  const char *logical_id = cloudformation_get (call, "LogicalResourceId");
  g_autoptr(GPtrArray) resources = stack ? practice_stack_get_resources (stack) : NULL;

  if (stack == NULL)
    return FALSE;

  g_string_append (xml, "<StackResources>");
  for (guint i = 0; i < MIN (resources->len, 100); i++)
    {
      PracticeStackResource *resource = g_ptr_array_index (resources, i);

      if (logical_id && !g_str_equal (logical_id, resource->logical_id))
        continue;
      g_string_append (xml, "<member>");
      append_resource (xml, stack, resource, "Timestamp");
      g_string_append (xml, "</member>");
    }
  g_string_append (xml, "</StackResources>");

  return TRUE;
}

gboolean
cloudformation_describe_stack_resource (PracticeCall  *call,
                                        GString       *xml,
                                        GError       **error)
{
  g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack '%s' does not exist", error);
  const char *logical_id = cloudformation_get (call, "LogicalResourceId");
  g_autoptr(PracticeStackResource) resource = stack && logical_id ? practice_stack_get_resource (stack, logical_id) : NULL;

  if (stack && resource == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Resource %s does not exist for stack %s", logical_id ? logical_id : "", stack->name);
  if (stack == NULL)
    return FALSE;

  g_string_append (xml, "<StackResourceDetail>");
  append_resource (xml, stack, resource, "LastUpdatedTimestamp");
  g_string_append (xml, "</StackResourceDetail>");

  return TRUE;
}

gboolean
cloudformation_list_stack_resources (PracticeCall  *call,
                                     GString       *xml,
                                     GError       **error)
{
  g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack with id %s does not exist", error);
  g_autoptr(GPtrArray) resources = stack ? practice_stack_get_resources (stack) : NULL;
  guint start;

  if (stack == NULL || !cloudformation_read_token (call, &start, error))
    return FALSE;

  g_string_append (xml, "<StackResourceSummaries>");
  for (guint i = start; i < MIN (start + RESOURCES_PER_PAGE, resources->len); i++)
    {
      g_string_append (xml, "<member>");
      append_resource (xml, NULL, g_ptr_array_index (resources, i), "LastUpdatedTimestamp");
      g_string_append (xml, "</member>");
    }
  g_string_append (xml, "</StackResourceSummaries>");
  cloudformation_append_next (xml, start + RESOURCES_PER_PAGE, resources->len);

  return TRUE;
}

gboolean
cloudformation_get_template (PracticeCall  *call,
                             GString       *xml,
                             GError       **error)
{
  g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack with id %s does not exist", error);

  if (stack == NULL)
    return FALSE;

  aws_xml_append_element (xml, "TemplateBody", stack->template);
  g_string_append (xml, "<StagesAvailable><member>Original</member><member>Processed</member></StagesAvailable>");

  return TRUE;
}

gboolean
cloudformation_validate_template (PracticeCall  *call,
                                  GString       *xml,
                                  GError       **error)
{
  const char *body = cloudformation_get (call, "TemplateBody");
  g_autoptr(PracticeTemplate) template = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  gboolean named;

  if (body == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Either Template URL or Template Body must be specified.");
  if (!(template = practice_template_new (body, error)))
    return FALSE;

  g_string_append (xml, "<Parameters>");
  json_object_iter_init_ordered (&iter, template->parameters);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonObject *parameter = json_node_get_object (node);

      g_string_append (xml, "<member>");
      aws_xml_append_element (xml, "ParameterKey", name);
      aws_xml_append_element (xml, "DefaultValue", practice_property_string (parameter, "Default"));
      aws_xml_append_element (xml, "NoEcho", practice_template_is_no_echo (template, name) ? "true" : "false");
      aws_xml_append_element (xml, "Description", practice_property_string (parameter, "Description"));
      g_string_append (xml, "</member>");
    }
  g_string_append (xml, "</Parameters>");
  aws_xml_append_element (xml, "Description", practice_property_string (template->root, "Description"));
  if (practice_template_needs_iam (template, &named))
    {
      g_string_append_printf (xml, "<Capabilities><member>%s</member></Capabilities>", named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM");
      aws_xml_append_element (xml, "CapabilitiesReason", "The following resource(s) require capabilities: [AWS::IAM::Role]");
    }

  return TRUE;
}
