/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-cloudformation.h"

#include <string.h>

#include "aws-operations-private.h"
#include "aws-stack-private.h"

#define SERVICE "cloudformation"

#define NAME_MEMBER  { "StackName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED }
#define SET_MEMBER   { "ChangeSetName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED }
#define SPEC_MEMBERS \
  NAME_MEMBER, \
  { "TemplateBody" }, \
  { "Parameters", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (parameter) }) }, \
  { "Tags", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (tag_members) }) }, \
  { "Capabilities", AWS_LIST_OF ({ NULL }) }

static const AwsShape parameter[] = {
  { "ParameterKey" },
  { "ParameterValue" },
  { "UsePreviousValue", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape tag_members[] = {
  { "Key", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape started_output[] = {
  { "StackId" },
  { "OperationId" },
  { NULL }
};

static const AwsShape create_input[] = {
  SPEC_MEMBERS,
  { "ClientRequestToken" },
  { "OnFailure" },
  { NULL }
};

static const AwsOperation create_stack = {
  SERVICE, "CreateStack", .input = create_input, .output = started_output,
};

static const AwsShape update_input[] = {
  SPEC_MEMBERS,
  { "ClientRequestToken" },
  { "UsePreviousTemplate", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsOperation update_stack = {
  SERVICE, "UpdateStack", .input = update_input, .output = started_output,
};

static const AwsShape output[] = {
  { "OutputKey" },
  { "OutputValue" },
  { NULL }
};

static const AwsShape last_operation[] = {
  { "OperationType" },
  { "OperationId" },
  { NULL }
};

static const AwsShape stack[] = {
  { "StackId" },
  { "StackName" },
  { "StackStatus" },
  { "StackStatusReason" },
  { "CreationTime", AWS_SHAPE_TIMESTAMP },
  { "LastUpdatedTime", AWS_SHAPE_TIMESTAMP },
  { "Outputs", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (output) }) },
  { "Parameters", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (parameter) }) },
  { "Tags", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (tag_members) }) },
  { "LastOperations", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (last_operation) }) },
  { NULL }
};

static const AwsShape describe_stacks_input[] = {
  { "StackName" },
  { "NextToken" },
  { NULL }
};

static const AwsShape describe_stacks_output[] = {
  { "Stacks", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (stack) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation describe_stacks = {
  SERVICE, "DescribeStacks", .input = describe_stacks_input, .output = describe_stacks_output,
  .pages = { "Stacks", "NextToken" },
};

/* The older and the newer call tell of events in almost the same words */
#define EVENT_MEMBERS \
  { "EventId" }, \
  { "LogicalResourceId" }, \
  { "PhysicalResourceId" }, \
  { "ResourceType" }, \
  { "Timestamp", AWS_SHAPE_TIMESTAMP }, \
  { "ResourceStatus" }, \
  { "ResourceStatusReason" }, \
  { "ClientRequestToken" }

static const AwsShape stack_event[] = {
  EVENT_MEMBERS,
  { NULL }
};

static const AwsShape describe_stack_events_input[] = {
  NAME_MEMBER,
  { "NextToken" },
  { NULL }
};

static const AwsShape describe_stack_events_output[] = {
  { "StackEvents", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (stack_event) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation describe_stack_events = {
  SERVICE, "DescribeStackEvents", .input = describe_stack_events_input, .output = describe_stack_events_output,
  .pages = { "StackEvents", "NextToken" },
};

static const AwsShape operation_event[] = {
  EVENT_MEMBERS,
  { "OperationId" },
  { "OperationType" },
  { "OperationStatus" },
  { "EventType" },
  { "ValidationStatusReason" },
  { NULL }
};

static const AwsShape event_filter[] = {
  { "FailedEvents", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape describe_events_input[] = {
  { "StackName" },
  { "OperationId" },
  { "Filters", AWS_STRUCTURE (event_filter) },
  { "NextToken" },
  { NULL }
};

static const AwsShape describe_events_output[] = {
  { "OperationEvents", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (operation_event) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation describe_events = {
  SERVICE, "DescribeEvents", .input = describe_events_input, .output = describe_events_output,
  .pages = { "OperationEvents", "NextToken" },
};

static const AwsShape resource[] = {
  { "LogicalResourceId" },
  { "PhysicalResourceId" },
  { "ResourceType" },
  { "ResourceStatus" },
  { NULL }
};

static const AwsShape describe_resources_input[] = {
  { "StackName" },
  { NULL }
};

static const AwsShape describe_resources_output[] = {
  { "StackResources", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (resource) }) },
  { NULL }
};

static const AwsOperation describe_stack_resources = {
  SERVICE, "DescribeStackResources", .input = describe_resources_input, .output = describe_resources_output,
  .pages = { "StackResources" },
};

static const AwsShape get_template_input[] = {
  { "StackName" },
  { "TemplateStage" },
  { NULL }
};

static const AwsShape get_template_output[] = {
  { "TemplateBody" },
  { NULL }
};

static const AwsOperation get_template = {
  SERVICE, "GetTemplate", .input = get_template_input, .output = get_template_output,
};

static const AwsShape validate_input[] = {
  { "TemplateBody" },
  { NULL }
};

static const AwsShape validate_output[] = {
  { "Description" },
  { "Capabilities", AWS_LIST_OF ({ NULL }) },
  { "CapabilitiesReason" },
  { NULL }
};

static const AwsOperation validate_template = {
  SERVICE, "ValidateTemplate", .input = validate_input, .output = validate_output,
};

static const AwsShape continue_input[] = {
  NAME_MEMBER,
  { "ResourcesToSkip", AWS_LIST_OF ({ NULL }) },
  { "ClientRequestToken" },
  { NULL }
};

static const AwsOperation continue_update_rollback = {
  SERVICE, "ContinueUpdateRollback", .input = continue_input,
};

static const AwsShape delete_input[] = {
  NAME_MEMBER,
  { "ClientRequestToken" },
  { "RetainResources", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsOperation delete_stack = {
  SERVICE, "DeleteStack", .input = delete_input,
};

static const AwsShape create_set_input[] = {
  SPEC_MEMBERS,
  { "UsePreviousTemplate", AWS_SHAPE_BOOLEAN },
  SET_MEMBER,
  { "ClientToken" },
  { "ChangeSetType" },
  { "OnStackFailure" },
  { NULL }
};

static const AwsShape create_set_output[] = {
  { "Id" },
  { "StackId" },
  { NULL }
};

static const AwsOperation create_change_set = {
  SERVICE, "CreateChangeSet", .input = create_set_input, .output = create_set_output,
};

static const AwsShape set_input[] = {
  SET_MEMBER,
  { "StackName" },
  { "NextToken" },
  { NULL }
};

static const AwsShape resource_change[] = {
  { "Action" },
  { "LogicalResourceId" },
  { "PhysicalResourceId" },
  { "ResourceType" },
  { "Replacement" },
  { NULL }
};

static const AwsShape set_change[] = {
  { "Type" },
  { "ResourceChange", AWS_STRUCTURE (resource_change) },
  { NULL }
};

static const AwsShape set_output[] = {
  { "ChangeSetName" },
  { "ChangeSetId" },
  { "StackId" },
  { "StackName" },
  { "CreationTime", AWS_SHAPE_TIMESTAMP },
  { "ExecutionStatus" },
  { "Status" },
  { "StatusReason" },
  { "Changes", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (set_change) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation describe_change_set = {
  SERVICE, "DescribeChangeSet", .input = set_input, .output = set_output, .pages = { "Changes", "NextToken" },
};

static const AwsShape execute_input[] = {
  SET_MEMBER,
  { "StackName" },
  { "ClientRequestToken" },
  { NULL }
};

static const AwsOperation execute_change_set = {
  SERVICE, "ExecuteChangeSet", .input = execute_input,
};

static const AwsShape delete_set_input[] = {
  SET_MEMBER,
  { "StackName" },
  { NULL }
};

static const AwsOperation delete_change_set = {
  SERVICE, "DeleteChangeSet", .input = delete_set_input,
};

const AwsOperation * const aws_cloudformation_operations[] = {
  &create_stack,
  &update_stack,
  &describe_stacks,
  &describe_stack_events,
  &describe_events,
  &describe_stack_resources,
  &get_template,
  &validate_template,
  &continue_update_rollback,
  &delete_stack,
  &create_change_set,
  &describe_change_set,
  &execute_change_set,
  &delete_change_set,
  NULL
};

/* A copy, since each call adds something of its own */
static JsonObject *
copy_spec (AwsStackSpec *spec)
{
  g_autoptr(GList) names = json_object_get_members (spec->input);
  JsonObject *input = json_object_new ();

  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (input, l->data, json_node_copy (json_object_get_member (spec->input, l->data)));

  return input;
}

/* Where there is no template, the stack keeps the one that it has */
static void
keep_template (JsonObject *input)
{
  if (!json_object_has_member (input, "TemplateBody"))
    aws_input_set_bool (input, "UsePreviousTemplate", TRUE);
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
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (spec != NULL && json_object_has_member (spec->input, "TemplateBody"));

  input = copy_spec (spec);
  aws_input_set_string (input, "OnFailure", spec->on_failure);
  aws_input_set_string (input, "ClientRequestToken", spec->client_token);

  return aws_operation_call_string (&create_stack, client, input, "StackId");
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
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (spec != NULL);

  input = copy_spec (spec);
  keep_template (input);
  aws_input_set_string (input, "ClientRequestToken", spec->client_token);

  return aws_operation_call_string (&update_stack, client, input, "StackId");
}

static JsonObject *
new_input (const char *stack_name)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "StackName", stack_name);

  return input;
}

static DexFuture *
resolve_stack (DexFuture *completed,
               gpointer   user_data)
{
  JsonObject *answer = g_value_get_boxed (dex_future_get_value (completed, NULL));
  JsonArray *stacks = aws_json_get_array (answer, "Stacks");

  if (stacks == NULL || json_array_get_length (stacks) == 0)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_NOT_FOUND, "Stack with id %s does not exist", (const char *) user_data);

  return dex_future_new_take_boxed (AWS_TYPE_STACK, aws_document_new (aws_json_array_get_object (stacks, 0)));
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
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return dex_future_then (aws_operation_call (&describe_stacks, client, new_input (name)), resolve_stack, g_strdup (name), g_free);
}

/* Which stacks are asked for */
typedef struct
{
  char *tag;
  char *value;
} Filter;

static void
filter_free (gpointer data)
{
  Filter *filter = data;

  g_free (filter->tag);
  g_free (filter->value);
  g_free (filter);
}

static DexFuture *
filter_stacks (DexFuture *completed,
               gpointer   user_data)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_stack_unref);
  GPtrArray *all = g_value_get_boxed (dex_future_get_value (completed, NULL));
  Filter *filter = user_data;

  for (guint i = 0; i < all->len; i++)
    {
      AwsStack *each = g_ptr_array_index (all, i);
      const char *value = aws_stack_get_tag (each, filter->tag);

      if (value != NULL && (filter->value == NULL || g_str_equal (value, filter->value)))
        g_ptr_array_add (found, aws_stack_ref (each));
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&found));
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

  return dex_future_then (aws_operation_call_documents (&describe_stacks, client, NULL, AWS_TYPE_STACK),
                          filter_stacks, filter, filter_free);
}

/* Events come newest first: pages end at the one that is known */
typedef struct
{
  AwsClient  *client;
  JsonObject *input;
  char       *known_id;
  GPtrArray  *events;
} EventSearch;

static void
event_search_clear (gpointer data)
{
  EventSearch *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->input, json_object_unref);
  g_clear_pointer (&self->known_id, g_free);
  g_clear_pointer (&self->events, g_ptr_array_unref);
}

static void
event_search_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, event_search_clear);
}

static DexFuture *
ask_for_events (EventSearch *self)
{
  return aws_operation_call (&describe_stack_events, self->client, json_object_ref (self->input));
}

static DexFuture *
events_arrived (DexFuture *completed,
                gpointer   user_data)
{
  EventSearch *self = user_data;
  JsonObject *answer = g_value_get_boxed (dex_future_get_value (completed, NULL));
  JsonArray *events = aws_json_get_array (answer, "StackEvents");
  const char *token = aws_json_get_string (answer, "NextToken");

  for (guint i = 0; events != NULL && i < json_array_get_length (events); i++)
    {
      AwsStackEvent *event = aws_document_new (aws_json_array_get_object (events, i));

      if (self->known_id != NULL && g_strcmp0 (aws_stack_event_get_id (event), self->known_id) == 0)
        {
          aws_stack_event_unref (event);
          return NULL;
        }
      g_ptr_array_add (self->events, event);
    }

  if (token == NULL || *token == '\0')
    return NULL;

  /* Or the pages would never end */
  if (g_strcmp0 (aws_json_get_string (self->input, "NextToken"), token) == 0)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The service gave the same page twice");

  aws_input_set_string (self->input, "NextToken", token);

  return ask_for_events (self);
}

static DexFuture *
events_ended (DexFuture *completed,
              gpointer   user_data)
{
  EventSearch *self = user_data;

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_ref (self->events));
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
  EventSearch *search;
  DexFuture *future;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  search = g_atomic_rc_box_new0 (EventSearch);
  search->client = g_object_ref (client);
  search->input = new_input (name);
  search->known_id = g_strdup (known_id);
  search->events = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_stack_event_unref);

  future = dex_future_then_loop (ask_for_events (search), events_arrived, g_atomic_rc_box_acquire (search), event_search_unref);

  return dex_future_then (future, events_ended, search, event_search_unref);
}

/**
 * aws_cloudformation_describe_events:
 * @client: a client
 * @name: (nullable): the name or the ARN of a stack
 * @operation: (nullable): the id of an operation, as aws_stack_get_last_operation() tells it; one of the two is needed
 * @failures_only: whether only what failed is asked for
 *
 * Asks what has happened to a stack, by operation. The service knows by itself which failures are only consequences.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsStackEvent], newest first, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_describe_events (AwsClient  *client,
                                    const char *name,
                                    const char *operation,
                                    gboolean    failures_only)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL || operation != NULL);

  input = new_input (name);
  aws_input_set_string (input, "OperationId", operation);
  if (failures_only)
    {
      JsonObject *filter = json_object_new ();

      aws_input_set_bool (filter, "FailedEvents", TRUE);
      aws_input_set_object (input, "Filters", filter);
    }

  return aws_operation_call_documents (&describe_events, client, input, AWS_TYPE_STACK_EVENT);
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
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_documents (&describe_stack_resources, client, new_input (name), AWS_TYPE_STACK_RESOURCE);
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
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  input = new_input (name);
  aws_input_set_string (input, "TemplateStage", "Original");

  return aws_operation_call_string (&get_template, client, input, "TemplateBody");
}

/**
 * aws_cloudformation_validate_template:
 * @client: a client
 * @template_body: a template, up to 51,200 bytes
 *
 * Asks whether a template can be read. That is about its form only: properties of resources are not looked at.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`: `INVALID` says what is wrong
 */
DexFuture *
aws_cloudformation_validate_template (AwsClient  *client,
                                      const char *template_body)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (template_body != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "TemplateBody", template_body);

  return aws_operation_call_done (&validate_template, client, input);
}

/**
 * aws_cloudformation_continue_update_rollback:
 * @client: a client
 * @name: the name or the ARN of a stack that is `UPDATE_ROLLBACK_FAILED`
 * @client_token: (nullable): what makes a repeated call the same call, and marks its events
 * @skip: (nullable): resources that failed and are to be left as they are
 *
 * Goes on with bringing a stack back to what it was before an update.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_continue_update_rollback (AwsClient          *client,
                                             const char         *name,
                                             const char         *client_token,
                                             const char * const *skip)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  input = new_input (name);
  aws_input_set_string (input, "ClientRequestToken", client_token);
  aws_input_set_strings (input, "ResourcesToSkip", skip);

  return aws_operation_call_done (&continue_update_rollback, client, input);
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
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  input = new_input (name);
  aws_input_set_string (input, "ClientRequestToken", client_token);
  aws_input_set_strings (input, "RetainResources", retain);

  return aws_operation_call_done (&delete_stack, client, input);
}

static JsonObject *
new_set_input (const char *stack_name,
               const char *name)
{
  JsonObject *input = new_input (stack_name);

  aws_input_set_string (input, "ChangeSetName", name);

  return input;
}

/**
 * aws_cloudformation_create_change_set:
 * @client: a client
 * @spec: what the stack is to be
 * @name: a name for the change set: a letter first, then letters, digits and hyphens, up to 128
 * @new_stack: whether the stack is to be created
 *
 * Lets the service find out what would have to be done. Nothing is done yet; but for a new stack, there is one afterwards,
 * in the state `REVIEW_IN_PROGRESS`, which has to be deleted if nothing comes of it.
 *
 * Returns: (transfer full): resolves to the ARN of the change set as a string, or rejects with an `AWS_ERROR`:
 *   `ALREADY_EXISTS` if there is one with that name that was made with another client token
 */
DexFuture *
aws_cloudformation_create_change_set (AwsClient    *client,
                                      AwsStackSpec *spec,
                                      const char   *name,
                                      gboolean      new_stack)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (spec != NULL);
  dex_return_error_if_fail (name != NULL);

  input = copy_spec (spec);
  keep_template (input);
  aws_input_set_string (input, "ChangeSetName", name);
  aws_input_set_string (input, "ChangeSetType", new_stack ? "CREATE" : "UPDATE");
  aws_input_set_string (input, "OnStackFailure", spec->on_failure);
  aws_input_set_string (input, "ClientToken", spec->client_token);

  return aws_operation_call_string (&create_change_set, client, input, "Id");
}

/* "Nothing to do" is told as a failure, in words only */
static DexFuture *
check_change_set (DexFuture *completed,
                  gpointer   user_data)
{
  AwsChangeSet *set = g_value_get_boxed (dex_future_get_value (completed, NULL));
  const char *reason = aws_change_set_get_status_reason (set);

  if (g_strcmp0 (aws_change_set_get_status (set), "FAILED") == 0 && reason != NULL &&
      (strstr (reason, "didn't contain changes") != NULL || strstr (reason, "No updates are to be performed") != NULL))
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_NO_UPDATE, "%s", reason);

  return dex_ref (completed);
}

/**
 * aws_cloudformation_describe_change_set:
 * @client: a client
 * @stack_name: (nullable): the name or the ARN of the stack; needed if @name is not an ARN
 * @name: the name or the ARN of a change set
 *
 * Asks how far a change set is.
 *
 * Returns: (transfer full): resolves to an [struct@AwsChangeSet], or rejects with an `AWS_ERROR`: `NO_UPDATE` if the stack is
 *   as asked already, and the change set of no use; `NOT_FOUND` if there is none
 */
DexFuture *
aws_cloudformation_describe_change_set (AwsClient  *client,
                                        const char *stack_name,
                                        const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return dex_future_then (aws_operation_call_document (&describe_change_set, client, new_set_input (stack_name, name),
                                                       AWS_TYPE_CHANGE_SET, NULL),
                          check_change_set, NULL, NULL);
}

/**
 * aws_cloudformation_list_changes:
 * @client: a client
 * @stack_name: (nullable): the name or the ARN of the stack; needed if @name is not an ARN
 * @name: the name or the ARN of a change set that is complete
 *
 * Asks what would be done.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsStackChange], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_list_changes (AwsClient  *client,
                                 const char *stack_name,
                                 const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_documents (&describe_change_set, client, new_set_input (stack_name, name), AWS_TYPE_STACK_CHANGE);
}

/**
 * aws_cloudformation_execute_change_set:
 * @client: a client
 * @stack_name: (nullable): the name or the ARN of the stack; needed if @name is not an ARN
 * @name: the name or the ARN of a change set that is complete
 * @client_token: (nullable): what makes a repeated call the same call, and marks its events
 *
 * Begins to do what a change set says.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_execute_change_set (AwsClient  *client,
                                       const char *stack_name,
                                       const char *name,
                                       const char *client_token)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  input = new_set_input (stack_name, name);
  aws_input_set_string (input, "ClientRequestToken", client_token);

  return aws_operation_call_done (&execute_change_set, client, input);
}

/**
 * aws_cloudformation_delete_change_set:
 * @client: a client
 * @stack_name: (nullable): the name or the ARN of the stack; needed if @name is not an ARN
 * @name: the name or the ARN of a change set
 *
 * Deletes a change set. What it was about stays as it is.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudformation_delete_change_set (AwsClient  *client,
                                      const char *stack_name,
                                      const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_done (&delete_change_set, client, new_set_input (stack_name, name));
}
