/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-cloudformation.h"

#include "aws-pages.h"
#include "aws-stack-private.h"

#define VERSION "2010-05-15"

static void
add_spec (AwsQuery     *query,
          AwsStackSpec *spec)
{
  aws_query_add (query, "StackName", spec->name);
  aws_query_add (query, "TemplateBody", spec->template_body);
  for (guint i = 0; i < spec->parameters->len; i++)
    {
      AwsStackEntry *entry = &g_array_index (spec->parameters, AwsStackEntry, i);

      aws_query_add_member (query, "Parameters", i + 1, "ParameterKey", entry->key);
      aws_query_add_member (query, "Parameters", i + 1, "ParameterValue", entry->value);
      aws_query_add_member (query, "Parameters", i + 1, "UsePreviousValue", entry->value == NULL ? "true" : NULL);
    }
  for (guint i = 0; i < spec->tags->len; i++)
    {
      AwsStackEntry *entry = &g_array_index (spec->tags, AwsStackEntry, i);

      aws_query_add_member (query, "Tags", i + 1, "Key", entry->key);
      aws_query_add_member (query, "Tags", i + 1, "Value", entry->value);
    }
  for (guint i = 0; i < spec->capabilities->len; i++)
    aws_query_add_member (query, "Capabilities", i + 1, NULL, g_ptr_array_index (spec->capabilities, i));
  aws_query_add (query, "ClientRequestToken", spec->client_token);
}

static DexFuture *
send_query (AwsClient *client,
            AwsQuery  *query)
{
  g_autoptr(AwsRequest) request = aws_request_new_query ("cloudformation", NULL, query);

  return aws_client_send (client, request);
}

/* The text of the first element that a path leads to in the result, as a string */
static DexFuture *
resolve_text (DexFuture *completed,
              gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;
  char *text;

  if (!(xml = aws_response_load_xml (g_value_get_boxed (value), &error)))
    return dex_future_new_for_error (error);

  text = aws_xml_node_dup_text (aws_xml_get_root (xml), user_data);
  if (text == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer lacks “%s”", (const char *) user_data);

  return dex_future_new_take_string (text);
}

/**
 * aws_cloudformation_create_stack:
 * @client: a client
 * @spec: what it is to be
 *
 * Begins to create a stack.
 *
 * Returns: (transfer full): resolves to its ARN as a string, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_create_stack (AwsClient    *client,
                                 AwsStackSpec *spec)
{
  g_autoptr(AwsQuery) query = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (spec != NULL && spec->template_body != NULL);

  query = aws_query_new ("CreateStack", VERSION);
  add_spec (query, spec);
  aws_query_add (query, "OnFailure", spec->on_failure);

  return dex_future_then (send_query (client, query), resolve_text, (gpointer) "CreateStackResult/StackId", NULL);
}

/**
 * aws_cloudformation_update_stack:
 * @client: a client
 * @spec: what it is to be
 *
 * Begins to update a stack.
 *
 * Returns: (transfer full): resolves to its ARN as a string, or rejects with an `AWS_ERROR`: `NO_UPDATE` if it is
 *   already as asked, `CONFLICT` if something else is being done to it
 */
DexFuture *
aws_cloudformation_update_stack (AwsClient    *client,
                                 AwsStackSpec *spec)
{
  g_autoptr(AwsQuery) query = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (spec != NULL);

  query = aws_query_new ("UpdateStack", VERSION);
  add_spec (query, spec);
  if (spec->template_body == NULL)
    aws_query_add_boolean (query, "UsePreviousTemplate", TRUE);

  return dex_future_then (send_query (client, query), resolve_text, (gpointer) "UpdateStackResult/StackId", NULL);
}

static GHashTable *
read_map (AwsXmlNode *node,
          const char *key_name,
          const char *value_name)
{
  GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (AwsXmlNode *member = aws_xml_node_first (node, "member"); member != NULL; member = aws_xml_node_next (member, "member"))
    {
      char *key = aws_xml_node_dup_text (member, key_name);

      if (key != NULL)
        g_hash_table_insert (map, key, aws_xml_node_dup_text (member, value_name));
    }

  return map;
}

static AwsStack *
read_stack (AwsXmlNode *node)
{
  AwsStack *stack = g_atomic_rc_box_new0 (AwsStack);

  stack->id = aws_xml_node_dup_text (node, "StackId");
  stack->name = aws_xml_node_dup_text (node, "StackName");
  stack->status = aws_xml_node_dup_text (node, "StackStatus");
  stack->status_reason = aws_xml_node_dup_text (node, "StackStatusReason");
  stack->created = aws_xml_node_dup_time (node, "CreationTime");
  stack->updated = aws_xml_node_dup_time (node, "LastUpdatedTime");
  stack->outputs = read_map (aws_xml_node_find (node, "Outputs"), "OutputKey", "OutputValue");
  stack->parameters = read_map (aws_xml_node_find (node, "Parameters"), "ParameterKey", "ParameterValue");
  stack->tags = read_map (aws_xml_node_find (node, "Tags"), "Key", "Value");

  if (stack->id == NULL)
    stack->id = g_strdup ("");
  if (stack->status == NULL)
    stack->status = g_strdup ("");

  return stack;
}

static DexFuture *
resolve_stack (DexFuture *completed,
               gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;
  AwsXmlNode *node;

  if (!(xml = aws_response_load_xml (g_value_get_boxed (value), &error)))
    return dex_future_new_for_error (error);

  node = aws_xml_node_find (aws_xml_get_root (xml), "DescribeStacksResult/Stacks/member");
  if (node == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_NOT_FOUND, "Stack with id %s does not exist", (const char *) user_data);

  return dex_future_new_take_boxed (AWS_TYPE_STACK, read_stack (node));
}

/**
 * aws_cloudformation_describe_stack:
 * @client: a client
 * @name: the name or the ARN of a stack; a deleted one is known by its ARN only
 *
 * Asks how a stack is.
 *
 * Returns: (transfer full): resolves to an [struct@AwsStack], or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is none
 */
DexFuture *
aws_cloudformation_describe_stack (AwsClient  *client,
                                   const char *name)
{
  g_autoptr(AwsQuery) query = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  query = aws_query_new ("DescribeStacks", VERSION);
  aws_query_add (query, "StackName", name);

  return dex_future_then (send_query (client, query), resolve_stack, g_strdup (name), g_free);
}

/* Which stacks or events are asked for */
typedef struct
{
  char *name;
  char *tag;
  char *value;
  char *known_id;
} Filter;

static void
filter_free (gpointer data)
{
  Filter *filter = data;

  g_free (filter->name);
  g_free (filter->tag);
  g_free (filter->value);
  g_free (filter->known_id);
  g_free (filter);
}

static AwsRequest *
make_stacks_request (AwsPages *pages)
{
  g_autoptr(AwsQuery) query = aws_query_new ("DescribeStacks", VERSION);

  aws_query_add (query, "NextToken", pages->token);

  return aws_request_new_query ("cloudformation", NULL, query);
}

static gboolean
read_stacks (AwsPages     *pages,
             AwsResponse  *response,
             GError      **error)
{
  Filter *filter = pages->data;
  g_autoptr(AwsXml) xml = aws_response_load_xml (response, error);
  AwsXmlNode *result;

  if (xml == NULL)
    return FALSE;

  result = aws_xml_node_find (aws_xml_get_root (xml), "DescribeStacksResult");
  for (AwsXmlNode *node = aws_xml_node_find (result, "Stacks/member"); node != NULL; node = aws_xml_node_next (node, "member"))
    {
      g_autoptr(AwsStack) stack = read_stack (node);
      const char *tag = aws_stack_get_tag (stack, filter->tag);

      if (tag != NULL && (filter->value == NULL || g_str_equal (tag, filter->value)))
        g_ptr_array_add (pages->results, g_steal_pointer (&stack));
    }
  pages->token = aws_xml_node_dup_text (result, "NextToken");

  return TRUE;
}

/**
 * aws_cloudformation_list_stacks:
 * @client: a client
 * @tag: the name of a tag
 * @value: (nullable): its value, or %NULL for any
 *
 * Lists the stacks of a region that have a tag.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsStack], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_list_stacks (AwsClient  *client,
                                const char *tag,
                                const char *value)
{
  Filter *filter;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (tag != NULL);

  filter = g_new0 (Filter, 1);
  filter->tag = g_strdup (tag);
  filter->value = g_strdup (value);

  return aws_pages_run (client, make_stacks_request, read_stacks, filter, filter_free, (GDestroyNotify) aws_stack_unref);
}

static AwsRequest *
make_events_request (AwsPages *pages)
{
  Filter *filter = pages->data;
  g_autoptr(AwsQuery) query = aws_query_new ("DescribeStackEvents", VERSION);

  aws_query_add (query, "StackName", filter->name);
  aws_query_add (query, "NextToken", pages->token);

  return aws_request_new_query ("cloudformation", NULL, query);
}

static gboolean
read_events (AwsPages     *pages,
             AwsResponse  *response,
             GError      **error)
{
  Filter *filter = pages->data;
  g_autoptr(AwsXml) xml = aws_response_load_xml (response, error);
  AwsXmlNode *result;

  if (xml == NULL)
    return FALSE;

  result = aws_xml_node_find (aws_xml_get_root (xml), "DescribeStackEventsResult");
  for (AwsXmlNode *node = aws_xml_node_find (result, "StackEvents/member"); node != NULL; node = aws_xml_node_next (node, "member"))
    {
      g_autoptr(AwsStackEvent) event = g_atomic_rc_box_new0 (AwsStackEvent);

      event->id = aws_xml_node_dup_text (node, "EventId");
      if (filter->known_id != NULL && g_strcmp0 (event->id, filter->known_id) == 0)
        return TRUE;

      event->logical_id = aws_xml_node_dup_text (node, "LogicalResourceId");
      event->physical_id = aws_xml_node_dup_text (node, "PhysicalResourceId");
      event->resource_type = aws_xml_node_dup_text (node, "ResourceType");
      event->status = aws_xml_node_dup_text (node, "ResourceStatus");
      event->reason = aws_xml_node_dup_text (node, "ResourceStatusReason");
      event->client_token = aws_xml_node_dup_text (node, "ClientRequestToken");
      event->time = aws_xml_node_dup_time (node, "Timestamp");
      if (event->status == NULL)
        event->status = g_strdup ("");
      g_ptr_array_add (pages->results, g_steal_pointer (&event));
    }
  pages->token = aws_xml_node_dup_text (result, "NextToken");

  return TRUE;
}

/**
 * aws_cloudformation_describe_stack_events:
 * @client: a client
 * @name: the name or the ARN of a stack
 * @known_id: (nullable): the newest event that is known already
 *
 * Asks what has happened to a stack.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsStackEvent], newest first, those after @known_id;
 *   or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_describe_stack_events (AwsClient  *client,
                                          const char *name,
                                          const char *known_id)
{
  Filter *filter;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  filter = g_new0 (Filter, 1);
  filter->name = g_strdup (name);
  filter->known_id = g_strdup (known_id);

  return aws_pages_run (client, make_events_request, read_events, filter, filter_free, (GDestroyNotify) aws_stack_event_unref);
}

static DexFuture *
resolve_resources (DexFuture *completed,
                   gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(GPtrArray) resources = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_stack_resource_unref);
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;
  AwsXmlNode *node;

  if (!(xml = aws_response_load_xml (g_value_get_boxed (value), &error)))
    return dex_future_new_for_error (error);

  node = aws_xml_node_find (aws_xml_get_root (xml), "DescribeStackResourcesResult/StackResources/member");
  for (; node != NULL; node = aws_xml_node_next (node, "member"))
    {
      AwsStackResource *resource = g_atomic_rc_box_new0 (AwsStackResource);

      resource->logical_id = aws_xml_node_dup_text (node, "LogicalResourceId");
      resource->physical_id = aws_xml_node_dup_text (node, "PhysicalResourceId");
      resource->resource_type = aws_xml_node_dup_text (node, "ResourceType");
      resource->status = aws_xml_node_dup_text (node, "ResourceStatus");
      g_ptr_array_add (resources, resource);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&resources));
}

/**
 * aws_cloudformation_describe_stack_resources:
 * @client: a client
 * @name: the name or the ARN of a stack
 *
 * Asks what belongs to a stack, up to 100 resources.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsStackResource], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_describe_stack_resources (AwsClient  *client,
                                             const char *name)
{
  g_autoptr(AwsQuery) query = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  query = aws_query_new ("DescribeStackResources", VERSION);
  aws_query_add (query, "StackName", name);

  return dex_future_then (send_query (client, query), resolve_resources, NULL, NULL);
}

/**
 * aws_cloudformation_get_template:
 * @client: a client
 * @name: the name or the ARN of a stack
 *
 * Asks for the template of a stack as it was given.
 *
 * Returns: (transfer full): resolves to the template as a string, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_get_template (AwsClient  *client,
                                 const char *name)
{
  g_autoptr(AwsQuery) query = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  query = aws_query_new ("GetTemplate", VERSION);
  aws_query_add (query, "StackName", name);
  aws_query_add (query, "TemplateStage", "Original");

  return dex_future_then (send_query (client, query), resolve_text, (gpointer) "GetTemplateResult/TemplateBody", NULL);
}

static DexFuture *
resolve_true (DexFuture *completed,
              gpointer   user_data)
{
  return dex_future_new_true ();
}

/**
 * aws_cloudformation_delete_stack:
 * @client: a client
 * @name: the name or the ARN of a stack
 * @client_token: (nullable): what marks the events of this call
 * @retain: (nullable): resources to leave behind, allowed when deleting has failed before
 *
 * Begins to delete a stack. It is no error if there is none.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_delete_stack (AwsClient          *client,
                                 const char         *name,
                                 const char         *client_token,
                                 const char * const *retain)
{
  g_autoptr(AwsQuery) query = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  query = aws_query_new ("DeleteStack", VERSION);
  aws_query_add (query, "StackName", name);
  aws_query_add (query, "ClientRequestToken", client_token);
  for (guint i = 0; retain != NULL && retain[i] != NULL; i++)
    aws_query_add_member (query, "RetainResources", i + 1, NULL, retain[i]);

  return dex_future_then (send_query (client, query), resolve_true, NULL, NULL);
}
