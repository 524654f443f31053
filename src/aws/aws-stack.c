/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-stack-private.h"

static void
entry_clear (gpointer data)
{
  AwsStackEntry *entry = data;

  g_clear_pointer (&entry->key, g_free);
  g_clear_pointer (&entry->value, g_free);
}

static void
aws_stack_spec_clear (AwsStackSpec *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->template_body, g_free);
  g_clear_pointer (&self->parameters, g_array_unref);
  g_clear_pointer (&self->tags, g_array_unref);
  g_clear_pointer (&self->capabilities, g_ptr_array_unref);
  g_clear_pointer (&self->client_token, g_free);
  g_clear_pointer (&self->on_failure, g_free);
}

AWS_DEFINE_BOXED (AwsStackSpec, aws_stack_spec, aws_stack_spec_clear)

static void
add_entry (GArray     *entries,
           const char *key,
           const char *value)
{
  AwsStackEntry entry = { g_strdup (key), g_strdup (value) };

  g_array_append_val (entries, entry);
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
  self->name = g_strdup (name);
  self->template_body = g_strdup (template_body);
  self->parameters = g_array_new (FALSE, FALSE, sizeof (AwsStackEntry));
  g_array_set_clear_func (self->parameters, entry_clear);
  self->tags = g_array_new (FALSE, FALSE, sizeof (AwsStackEntry));
  g_array_set_clear_func (self->tags, entry_clear);
  self->capabilities = g_ptr_array_new_with_free_func (g_free);

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

  add_entry (self->parameters, key, value);
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

  add_entry (self->parameters, key, NULL);
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

  add_entry (self->tags, key, value);
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

  g_ptr_array_add (self->capabilities, g_strdup (capability));
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

static void
aws_stack_clear (AwsStack *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->status_reason, g_free);
  g_clear_pointer (&self->created, g_date_time_unref);
  g_clear_pointer (&self->updated, g_date_time_unref);
  g_clear_pointer (&self->outputs, g_hash_table_unref);
  g_clear_pointer (&self->parameters, g_hash_table_unref);
  g_clear_pointer (&self->tags, g_hash_table_unref);
}

AWS_DEFINE_BOXED (AwsStack, aws_stack, aws_stack_clear)

/**
 * aws_stack_get_id:
 * @self: a stack
 *
 * Returns: (transfer none): its ARN
 */
AWS_DEFINE_GETTER (AwsStack, aws_stack, const char *, id)

/**
 * aws_stack_get_name:
 * @self: a stack
 *
 * Returns: (transfer none): its name
 */
AWS_DEFINE_GETTER (AwsStack, aws_stack, const char *, name)

/**
 * aws_stack_get_status:
 * @self: a stack
 *
 * Returns: (transfer none): its status, as `CREATE_COMPLETE`
 */
AWS_DEFINE_GETTER (AwsStack, aws_stack, const char *, status)

/**
 * aws_stack_get_status_reason:
 * @self: a stack
 *
 * Returns: (transfer none) (nullable): why it has that status
 */
AWS_DEFINE_GETTER (AwsStack, aws_stack, const char *, status_reason)

/**
 * aws_stack_get_created:
 * @self: a stack
 *
 * Returns: (transfer none) (nullable): when it was created
 */
AWS_DEFINE_GETTER (AwsStack, aws_stack, GDateTime *, created)

/**
 * aws_stack_get_updated:
 * @self: a stack
 *
 * Returns: (transfer none) (nullable): when it was last updated
 */
AWS_DEFINE_GETTER (AwsStack, aws_stack, GDateTime *, updated)

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

  return g_hash_table_lookup (self->outputs, key);
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

  return g_hash_table_lookup (self->parameters, key);
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

  return g_hash_table_lookup (self->tags, key);
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

  return g_str_has_suffix (self->status, "_IN_PROGRESS");
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

  return g_strv_contains (usable, self->status);
}

static void
aws_stack_event_clear (AwsStackEvent *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->logical_id, g_free);
  g_clear_pointer (&self->physical_id, g_free);
  g_clear_pointer (&self->resource_type, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->reason, g_free);
  g_clear_pointer (&self->client_token, g_free);
  g_clear_pointer (&self->time, g_date_time_unref);
}

AWS_DEFINE_BOXED (AwsStackEvent, aws_stack_event, aws_stack_event_clear)

/**
 * aws_stack_event_get_id:
 * @self: an event
 *
 * Returns: (transfer none): its id
 */
AWS_DEFINE_GETTER (AwsStackEvent, aws_stack_event, const char *, id)

/**
 * aws_stack_event_get_logical_id:
 * @self: an event
 *
 * Returns: (transfer none): the name of the resource in the template
 */
AWS_DEFINE_GETTER (AwsStackEvent, aws_stack_event, const char *, logical_id)

/**
 * aws_stack_event_get_physical_id:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): the name of the resource in the account
 */
AWS_DEFINE_GETTER (AwsStackEvent, aws_stack_event, const char *, physical_id)

/**
 * aws_stack_event_get_resource_type:
 * @self: an event
 *
 * Returns: (transfer none): the type of the resource
 */
AWS_DEFINE_GETTER (AwsStackEvent, aws_stack_event, const char *, resource_type)

/**
 * aws_stack_event_get_status:
 * @self: an event
 *
 * Returns: (transfer none): the status that the resource got
 */
AWS_DEFINE_GETTER (AwsStackEvent, aws_stack_event, const char *, status)

/**
 * aws_stack_event_get_reason:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): why
 */
AWS_DEFINE_GETTER (AwsStackEvent, aws_stack_event, const char *, reason)

/**
 * aws_stack_event_get_client_token:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): the token of the call that led to it
 */
AWS_DEFINE_GETTER (AwsStackEvent, aws_stack_event, const char *, client_token)

/**
 * aws_stack_event_get_time:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): when it happened
 */
AWS_DEFINE_GETTER (AwsStackEvent, aws_stack_event, GDateTime *, time)

/**
 * aws_stack_event_is_failure:
 * @self: an event
 *
 * Returns: whether something failed here, and not only because something else had
 */
gboolean
aws_stack_event_is_failure (AwsStackEvent *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_str_has_suffix (self->status, "_FAILED") &&
         (self->reason == NULL ||
          (g_strrstr (self->reason, "creation cancelled") == NULL && g_strrstr (self->reason, "update cancelled") == NULL));
}

static void
aws_stack_resource_clear (AwsStackResource *self)
{
  g_clear_pointer (&self->logical_id, g_free);
  g_clear_pointer (&self->physical_id, g_free);
  g_clear_pointer (&self->resource_type, g_free);
  g_clear_pointer (&self->status, g_free);
}

AWS_DEFINE_BOXED (AwsStackResource, aws_stack_resource, aws_stack_resource_clear)

/**
 * aws_stack_resource_get_logical_id:
 * @self: a resource
 *
 * Returns: (transfer none): its name in the template
 */
AWS_DEFINE_GETTER (AwsStackResource, aws_stack_resource, const char *, logical_id)

/**
 * aws_stack_resource_get_physical_id:
 * @self: a resource
 *
 * Returns: (transfer none) (nullable): its name in the account
 */
AWS_DEFINE_GETTER (AwsStackResource, aws_stack_resource, const char *, physical_id)

/**
 * aws_stack_resource_get_resource_type:
 * @self: a resource
 *
 * Returns: (transfer none): its type
 */
AWS_DEFINE_GETTER (AwsStackResource, aws_stack_resource, const char *, resource_type)

/**
 * aws_stack_resource_get_status:
 * @self: a resource
 *
 * Returns: (transfer none): its status
 */
AWS_DEFINE_GETTER (AwsStackResource, aws_stack_resource, const char *, status)
