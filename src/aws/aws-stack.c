/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-stack-private.h"

#include <string.h>

static void
aws_stack_spec_clear (AwsStackSpec *self)
{
  g_clear_pointer (&self->input, json_object_unref);
  g_clear_pointer (&self->client_token, g_free);
  g_clear_pointer (&self->on_failure, g_free);
}

AWS_DEFINE_BOXED (AwsStackSpec, aws_stack_spec, aws_stack_spec_clear)

static JsonArray *
get_list (AwsStackSpec *self,
          const char   *name)
{
  if (!json_object_has_member (self->input, name))
    json_object_set_array_member (self->input, name, json_array_new ());

  return json_object_get_array_member (self->input, name);
}

static void
add_pair (AwsStackSpec *self,
          const char   *list,
          const char   *key_name,
          const char   *key,
          const char   *value_name,
          const char   *value)
{
  JsonObject *pair = json_object_new ();

  json_object_set_string_member (pair, key_name, key);
  if (value != NULL)
    json_object_set_string_member (pair, value_name, value);
  else
    json_object_set_boolean_member (pair, "UsePreviousValue", TRUE);
  json_array_add_object_element (get_list (self, list), pair);
}

/**
 * aws_stack_spec_new:
 * @name: the name of the stack
 * @template_body: (nullable): the template, or %NULL to keep the one that it has
 *
 * Begins to say what a stack is to be.
 *
 * Returns: (transfer full): the specification
 */
AwsStackSpec *
aws_stack_spec_new (const char *name,
                    const char *template_body)
{
  AwsStackSpec *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_atomic_rc_box_new0 (AwsStackSpec);
  self->input = json_object_new ();
  aws_input_set_string (self->input, "StackName", name);
  aws_input_set_string (self->input, "TemplateBody", template_body);

  return self;
}

/**
 * aws_stack_spec_add_parameter:
 * @self: a specification
 * @key: the name of a parameter
 * @value: its value
 *
 * Gives a parameter of the template a value.
 */
void
aws_stack_spec_add_parameter (AwsStackSpec *self,
                              const char   *key,
                              const char   *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL && value != NULL);

  add_pair (self, "Parameters", "ParameterKey", key, "ParameterValue", value);
}

/**
 * aws_stack_spec_keep_parameter:
 * @self: a specification
 * @key: the name of a parameter
 *
 * Lets a parameter keep its value in an update.
 */
void
aws_stack_spec_keep_parameter (AwsStackSpec *self,
                               const char   *key)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);

  add_pair (self, "Parameters", "ParameterKey", key, NULL, NULL);
}

/**
 * aws_stack_spec_add_tag:
 * @self: a specification
 * @key: the name of a tag
 * @value: its value
 *
 * Adds a tag, which the resources of the stack get too.
 */
void
aws_stack_spec_add_tag (AwsStackSpec *self,
                        const char   *key,
                        const char   *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL && value != NULL);

  add_pair (self, "Tags", "Key", key, "Value", value);
}

/**
 * aws_stack_spec_add_capability:
 * @self: a specification
 * @capability: for example `CAPABILITY_IAM`
 *
 * Acknowledges something that the template does.
 */
void
aws_stack_spec_add_capability (AwsStackSpec *self,
                               const char   *capability)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (capability != NULL);

  json_array_add_string_element (get_list (self, "Capabilities"), capability);
}

/**
 * aws_stack_spec_set_client_token:
 * @self: a specification
 * @token: a token of letters, digits and hyphens
 *
 * Sets what makes a repeated call the same call, and marks its events.
 */
void
aws_stack_spec_set_client_token (AwsStackSpec *self,
                                 const char   *token)
{
  g_return_if_fail (self != NULL);

  g_set_str (&self->client_token, token);
}

/**
 * aws_stack_spec_set_on_failure:
 * @self: a specification
 * @on_failure: `ROLLBACK`, `DELETE` or `DO_NOTHING`
 *
 * Says what becomes of a stack that can't be created.
 */
void
aws_stack_spec_set_on_failure (AwsStackSpec *self,
                               const char   *on_failure)
{
  g_return_if_fail (self != NULL);

  g_set_str (&self->on_failure, on_failure);
}

AWS_DEFINE_DOCUMENT (AwsStack, aws_stack)

/**
 * aws_stack_get_id:
 * @self: a stack
 *
 * Returns: (transfer none): its ARN
 */
const char *
aws_stack_get_id (AwsStack *self)
{
  const char *id;

  g_return_val_if_fail (self != NULL, NULL);

  id = aws_json_get_string (self->document.object, "StackId");

  return id != NULL ? id : "";
}

/**
 * aws_stack_get_name:
 * @self: a stack
 *
 * Returns: (transfer none): its name
 */
AWS_DOCUMENT_STRING (AwsStack, aws_stack, name, "StackName")

/**
 * aws_stack_get_status:
 * @self: a stack
 *
 * Returns: (transfer none): its status, as `CREATE_COMPLETE`
 */
const char *
aws_stack_get_status (AwsStack *self)
{
  const char *status;

  g_return_val_if_fail (self != NULL, NULL);

  status = aws_json_get_string (self->document.object, "StackStatus");

  return status != NULL ? status : "";
}

/**
 * aws_stack_get_status_reason:
 * @self: a stack
 *
 * Returns: (transfer none) (nullable): why it has that status
 */
AWS_DOCUMENT_STRING (AwsStack, aws_stack, status_reason, "StackStatusReason")

/**
 * aws_stack_dup_created:
 * @self: a stack
 *
 * Returns: (transfer full) (nullable): when it was created
 */
AWS_DOCUMENT_TIME (AwsStack, aws_stack, created, "CreationTime")

/**
 * aws_stack_dup_updated:
 * @self: a stack
 *
 * Returns: (transfer full) (nullable): when it was last updated
 */
AWS_DOCUMENT_TIME (AwsStack, aws_stack, updated, "LastUpdatedTime")

static const char *
look_up (AwsStack   *self,
         const char *list,
         const char *key_name,
         const char *value_name,
         const char *key)
{
  JsonArray *pairs = aws_json_get_array (self->document.object, list);

  for (guint i = 0; pairs != NULL && i < json_array_get_length (pairs); i++)
    {
      JsonObject *pair = aws_json_array_get_object (pairs, i);

      if (g_strcmp0 (aws_json_get_string (pair, key_name), key) == 0)
        return aws_json_get_string (pair, value_name);
    }

  return NULL;
}

/**
 * aws_stack_get_output:
 * @self: a stack
 * @key: the name of an output
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_stack_get_output (AwsStack   *self,
                      const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  return look_up (self, "Outputs", "OutputKey", "OutputValue", key);
}

/**
 * aws_stack_get_parameter:
 * @self: a stack
 * @key: the name of a parameter
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_stack_get_parameter (AwsStack   *self,
                         const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  return look_up (self, "Parameters", "ParameterKey", "ParameterValue", key);
}

/**
 * aws_stack_get_tag:
 * @self: a stack
 * @key: the name of a tag
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_stack_get_tag (AwsStack   *self,
                   const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  return look_up (self, "Tags", "Key", "Value", key);
}

/**
 * aws_stack_get_last_operation:
 * @self: a stack
 *
 * Returns: (transfer none) (nullable): the id of what was done to it last, for aws_cloudformation_describe_events()
 */
const char *
aws_stack_get_last_operation (AwsStack *self)
{
  JsonArray *operations;

  g_return_val_if_fail (self != NULL, NULL);

  operations = aws_json_get_array (self->document.object, "LastOperations");

  return operations != NULL && json_array_get_length (operations) > 0
         ? aws_json_get_string (aws_json_array_get_object (operations, 0), "OperationId") : NULL;
}

/**
 * aws_stack_is_busy:
 * @self: a stack
 *
 * Returns: whether something is being done to it
 */
gboolean
aws_stack_is_busy (AwsStack *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  /* One that has been reviewed only waits for a change set */
  return g_str_has_suffix (aws_stack_get_status (self), "_IN_PROGRESS") &&
         !g_str_equal (aws_stack_get_status (self), "REVIEW_IN_PROGRESS");
}

/**
 * aws_stack_is_usable:
 * @self: a stack
 *
 * Returns: whether all that it should have is there
 */
gboolean
aws_stack_is_usable (AwsStack *self)
{
  static const char * const usable[] = {
    "CREATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE", NULL,
  };

  g_return_val_if_fail (self != NULL, FALSE);

  return g_strv_contains (usable, aws_stack_get_status (self));
}

AWS_DEFINE_DOCUMENT (AwsStackEvent, aws_stack_event)

/**
 * aws_stack_event_get_id:
 * @self: an event
 *
 * Returns: (transfer none): its id
 */
AWS_DOCUMENT_STRING (AwsStackEvent, aws_stack_event, id, "EventId")

/**
 * aws_stack_event_get_operation:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): the id of the operation that it belongs to; aws_cloudformation_describe_events() tells it
 */
AWS_DOCUMENT_STRING (AwsStackEvent, aws_stack_event, operation, "OperationId")

/**
 * aws_stack_event_get_event_type:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): what kind of event it is, as `PROVISIONING_ERROR`; aws_cloudformation_describe_events() tells it
 */
AWS_DOCUMENT_STRING (AwsStackEvent, aws_stack_event, event_type, "EventType")

/**
 * aws_stack_event_get_logical_id:
 * @self: an event
 *
 * Returns: (transfer none): the name of the resource in the template
 */
AWS_DOCUMENT_STRING (AwsStackEvent, aws_stack_event, logical_id, "LogicalResourceId")

/**
 * aws_stack_event_get_physical_id:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): the name of the resource in the account
 */
AWS_DOCUMENT_STRING (AwsStackEvent, aws_stack_event, physical_id, "PhysicalResourceId")

/**
 * aws_stack_event_get_resource_type:
 * @self: an event
 *
 * Returns: (transfer none): the type of the resource
 */
AWS_DOCUMENT_STRING (AwsStackEvent, aws_stack_event, resource_type, "ResourceType")

/**
 * aws_stack_event_get_status:
 * @self: an event
 *
 * Returns: (transfer none): the status that the resource got
 */
const char *
aws_stack_event_get_status (AwsStackEvent *self)
{
  const char *status;

  g_return_val_if_fail (self != NULL, NULL);

  status = aws_json_get_string (self->document.object, "ResourceStatus");

  return status != NULL ? status : "";
}

/**
 * aws_stack_event_get_reason:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): why
 */
const char *
aws_stack_event_get_reason (AwsStackEvent *self)
{
  const char *reason;

  g_return_val_if_fail (self != NULL, NULL);

  reason = aws_json_get_string (self->document.object, "ResourceStatusReason");

  return reason != NULL ? reason : aws_json_get_string (self->document.object, "ValidationStatusReason");
}

/**
 * aws_stack_event_get_client_token:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): the token of the call that led to it
 */
AWS_DOCUMENT_STRING (AwsStackEvent, aws_stack_event, client_token, "ClientRequestToken")

/**
 * aws_stack_event_dup_time:
 * @self: an event
 *
 * Returns: (transfer full) (nullable): when it happened
 */
AWS_DOCUMENT_TIME (AwsStackEvent, aws_stack_event, time, "Timestamp")

/**
 * aws_stack_event_is_failure:
 * @self: an event
 *
 * Returns: whether something failed here, and not only because something else had
 */
gboolean
aws_stack_event_is_failure (AwsStackEvent *self)
{
  const char *reason;

  g_return_val_if_fail (self != NULL, FALSE);

  if (g_strcmp0 (aws_stack_event_get_event_type (self), "VALIDATION_ERROR") == 0)
    return TRUE;

  reason = aws_stack_event_get_reason (self);

  return g_str_has_suffix (aws_stack_event_get_status (self), "_FAILED") &&
         (reason == NULL || (strstr (reason, "creation cancelled") == NULL && strstr (reason, "update cancelled") == NULL));
}

AWS_DEFINE_DOCUMENT (AwsStackResource, aws_stack_resource)

/**
 * aws_stack_resource_get_logical_id:
 * @self: a resource
 *
 * Returns: (transfer none): its name in the template
 */
AWS_DOCUMENT_STRING (AwsStackResource, aws_stack_resource, logical_id, "LogicalResourceId")

/**
 * aws_stack_resource_get_physical_id:
 * @self: a resource
 *
 * Returns: (transfer none) (nullable): its name in the account
 */
AWS_DOCUMENT_STRING (AwsStackResource, aws_stack_resource, physical_id, "PhysicalResourceId")

/**
 * aws_stack_resource_get_resource_type:
 * @self: a resource
 *
 * Returns: (transfer none): its type
 */
AWS_DOCUMENT_STRING (AwsStackResource, aws_stack_resource, resource_type, "ResourceType")

/**
 * aws_stack_resource_get_status:
 * @self: a resource
 *
 * Returns: (transfer none): its status
 */
AWS_DOCUMENT_STRING (AwsStackResource, aws_stack_resource, status, "ResourceStatus")

AWS_DEFINE_DOCUMENT (AwsChangeSet, aws_change_set)

/**
 * aws_change_set_get_id:
 * @self: a change set
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsChangeSet, aws_change_set, id, "ChangeSetId")

/**
 * aws_change_set_get_stack_id:
 * @self: a change set
 *
 * Returns: (transfer none) (nullable): the ARN of the stack
 */
AWS_DOCUMENT_STRING (AwsChangeSet, aws_change_set, stack_id, "StackId")

/**
 * aws_change_set_get_status:
 * @self: a change set
 *
 * Returns: (transfer none) (nullable): how far the service is with it: `CREATE_PENDING`, `CREATE_IN_PROGRESS`, `CREATE_COMPLETE` or `FAILED`
 */
AWS_DOCUMENT_STRING (AwsChangeSet, aws_change_set, status, "Status")

/**
 * aws_change_set_get_execution_status:
 * @self: a change set
 *
 * Returns: (transfer none) (nullable): whether it can be carried out: `AVAILABLE`, or why not
 */
AWS_DOCUMENT_STRING (AwsChangeSet, aws_change_set, execution_status, "ExecutionStatus")

/**
 * aws_change_set_get_status_reason:
 * @self: a change set
 *
 * Returns: (transfer none) (nullable): why it has its status
 */
AWS_DOCUMENT_STRING (AwsChangeSet, aws_change_set, status_reason, "StatusReason")

/**
 * aws_change_set_is_busy:
 * @self: a change set
 *
 * Returns: whether the service is still finding out what would change
 */
gboolean
aws_change_set_is_busy (AwsChangeSet *self)
{
  const char *status = aws_change_set_get_status (self);

  return g_strcmp0 (status, "CREATE_PENDING") == 0 || g_strcmp0 (status, "CREATE_IN_PROGRESS") == 0;
}

AWS_DEFINE_DOCUMENT (AwsStackChange, aws_stack_change)

/**
 * aws_stack_change_get_action:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): `Add`, `Modify`, `Remove`, `Import` or `Dynamic`
 */
AWS_DOCUMENT_INNER_STRING (AwsStackChange, aws_stack_change, action, "ResourceChange", "Action")

/**
 * aws_stack_change_get_logical_id:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): the name of the resource in the template
 */
AWS_DOCUMENT_INNER_STRING (AwsStackChange, aws_stack_change, logical_id, "ResourceChange", "LogicalResourceId")

/**
 * aws_stack_change_get_physical_id:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): the name of the resource in the account
 */
AWS_DOCUMENT_INNER_STRING (AwsStackChange, aws_stack_change, physical_id, "ResourceChange", "PhysicalResourceId")

/**
 * aws_stack_change_get_resource_type:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): the type of the resource
 */
AWS_DOCUMENT_INNER_STRING (AwsStackChange, aws_stack_change, resource_type, "ResourceChange", "ResourceType")

/**
 * aws_stack_change_get_replacement:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): whether a new resource takes the place of the old one: `True`, `False` or `Conditional`
 */
AWS_DOCUMENT_INNER_STRING (AwsStackChange, aws_stack_change, replacement, "ResourceChange", "Replacement")
