/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "aws-uri.h"
#include "porch-practice-cloudformation-private.h"
#include "porch-practice-fault.h"
#include "porch-practice-rights.h"
#include "porch-practice-s3.h"
#include "porch-practice-sts.h"

#define MAX_INLINE_TEMPLATE 51200
#define MAX_TEMPLATE        (1024 * 1024)

void
stack_request_clear (StackRequest *request)
{
  g_clear_pointer (&request->template, practice_template_free);
  g_clear_pointer (&request->values, json_object_unref);
  g_clear_pointer (&request->tags, json_array_unref);
  g_clear_pointer (&request->capabilities, json_array_unref);
}

/* NULL also when it is empty. */
const char *
cloudformation_get (PracticeCall *call,
                    const char   *name)
{
  const char *value = practice_call_get_form (call, name);

  return value && *value ? value : NULL;
}

static gboolean
get_flag (PracticeCall *call,
          const char   *name)
{
  return g_strcmp0 (practice_call_get_form (call, name), "true") == 0;
}

void
cloudformation_append_time (GString    *xml,
                            const char *element,
                            gint64      time)
{
  g_autofree char *text = time ? practice_format_time (time) : NULL;

  aws_xml_append_element (xml, element, text);
}

void
cloudformation_append_tags (GString   *xml,
                            JsonArray *tags)
{
  g_string_append (xml, "<Tags>");
  for (guint i = 0; i < json_array_get_length (tags); i++)
    {
      JsonObject *tag = json_array_get_object_element (tags, i);

      g_string_append (xml, "<member>");
      aws_xml_append_element (xml, "Key", json_object_get_string_member (tag, "Key"));
      aws_xml_append_element (xml, "Value", json_object_get_string_member (tag, "Value"));
      g_string_append (xml, "</member>");
    }
  g_string_append (xml, "</Tags>");
}

void
cloudformation_append_parameters (GString          *xml,
                                  PracticeTemplate *template,
                                  JsonObject       *values)
{
  JsonObjectIter iter;
  const char *name;

  g_string_append (xml, "<Parameters>");
  json_object_iter_init_ordered (&iter, values);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      g_string_append (xml, "<member>");
      aws_xml_append_element (xml, "ParameterKey", name);
      aws_xml_append_element (xml, "ParameterValue", template && practice_template_is_no_echo (template, name)
                                                     ? "****" : json_object_get_string_member (values, name));
      g_string_append (xml, "</member>");
    }
  g_string_append (xml, "</Parameters>");
}

gboolean
cloudformation_check_name (const char  *name,
                           const char  *member,
                           GError     **error)
{
  if (name == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                            "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member);
  if (strlen (name) > 128)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                            "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must have length less than or equal to 128", name, member);

  return g_regex_match_simple ("^[a-zA-Z][-a-zA-Z0-9]*$", name, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT) ||
         practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                          "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*", name, member);
}

/* @message has a %s for the name. */
PracticeStack *
cloudformation_require_stack (PracticeCall  *call,
                              const char    *message,
                              GError       **error)
{
  const char *name = cloudformation_get (call, "StackName");
  PracticeStack *stack = name ? practice_stack_lookup (call->practice, call->region, name) : NULL;

  if (name == NULL)
    practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                     "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null");
  else if (stack == NULL)
    practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, message, name);

  return stack;
}

/* ---- reading a request ---- */

/* "https://bucket.s3.region.amazonaws.com/key", ".../bucket/key" of S3 or of this endpoint. */
static char *
load_from_s3 (PracticeCall  *call,
              const char    *url,
              GError       **error)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;
  const char *s3 = host ? strstr (host, ".s3") : NULL;
  g_autofree char *bucket = NULL, *key = NULL;
  g_autoptr(PracticeObject) object = NULL;
  g_autoptr(GBytes) body = NULL;

  if (host == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "S3 error: Domain name specified in %s is not a valid S3 domain", url), NULL;

  if (s3)
    {
      bucket = g_strndup (host, s3 - host);
      key = g_strdup (g_uri_get_path (uri) + 1);
    }
  else
    {
      g_auto(GStrv) parts = g_strsplit (g_uri_get_path (uri), "/", 3);

      if (g_strv_length (parts) == 3)
        {
          bucket = g_strdup (parts[1]);
          key = g_strdup (parts[2]);
        }
    }

  object = bucket && key ? practice_s3_lookup (call->practice, bucket, key) : NULL;
  if (object == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"), NULL;
  if (object->size > MAX_TEMPLATE)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Template may not exceed 1000000 bytes in size."), NULL;
  if (!(body = practice_object_dup_body (call->practice, object, error)))
    return NULL;

  return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static PracticeTemplate *
read_template (PracticeCall   *call,
               PracticeStack  *stack,
               GError        **error)
{
  const char *body = cloudformation_get (call, "TemplateBody");
  const char *url = cloudformation_get (call, "TemplateURL");
  g_autofree char *loaded = NULL;

  if (body && url)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Specify either TemplateBody or TemplateURL, not both."), NULL;
  if (body && strlen (body) > MAX_INLINE_TEMPLATE)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200"), NULL;
  if (url && !(loaded = load_from_s3 (call, url, error)))
    return NULL;
  if (body == NULL && url == NULL && stack && get_flag (call, "UsePreviousTemplate"))
    body = stack->template;
  if (body == NULL && loaded == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Either Template URL or Template Body must be specified."), NULL;

  return practice_template_new (loaded ? loaded : body, error);
}

static gboolean
read_parameters (PracticeCall  *call,
                 JsonObject    *given,
                 GError       **error)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *key_name = g_strdup_printf ("Parameters.member.%u.ParameterKey", i);
      g_autofree char *value_name = g_strdup_printf ("Parameters.member.%u.ParameterValue", i);
      g_autofree char *previous_name = g_strdup_printf ("Parameters.member.%u.UsePreviousValue", i);
      const char *key = practice_call_get_form (call, key_name);
      const char *value = practice_call_get_form (call, value_name);

      if (key == NULL)
        return TRUE;
      if (json_object_has_member (given, key))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Duplicate parameter key: %s", key);
      if (value && get_flag (call, previous_name))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Invalid input for parameter key %s. Cannot specify usePreviousValue as true and non empty value for a parameter", key);

      if (get_flag (call, previous_name))
        json_object_set_null_member (given, key);
      else if (value)
        json_object_set_string_member (given, key, value);
      else
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Invalid input for parameter key %s. Need to specify either usePreviousValue as true or a value for the parameter", key);
    }
}

static gboolean
read_tags (PracticeCall  *call,
           JsonArray     *tags,
           GError       **error)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *key_name = g_strdup_printf ("Tags.member.%u.Key", i);
      g_autofree char *value_name = g_strdup_printf ("Tags.member.%u.Value", i);
      const char *key = practice_call_get_form (call, key_name);
      const char *value = practice_call_get_form (call, value_name);
      JsonObject *tag;

      if (key == NULL)
        return TRUE;
      if (i > 50)
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50");
      if (g_str_has_prefix (key, "aws:"))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "aws: prefixed tag key names are not allowed for external use.");

      tag = json_object_new ();
      json_object_set_string_member (tag, "Key", key);
      json_object_set_string_member (tag, "Value", value ? value : "");
      json_array_add_object_element (tags, tag);
    }
}

static gboolean
check_capabilities (PracticeCall      *call,
                    PracticeTemplate  *template,
                    JsonArray         *capabilities,
                    GError           **error)
{
  gboolean has_iam = FALSE, has_named = FALSE, named;
  gboolean needs = practice_template_needs_iam (template, &named);

  for (guint i = 1;; i++)
    {
      g_autofree char *name = g_strdup_printf ("Capabilities.member.%u", i);
      const char *value = practice_call_get_form (call, name);

      if (value == NULL)
        break;
      if (!g_str_equal (value, "CAPABILITY_IAM") && !g_str_equal (value, "CAPABILITY_NAMED_IAM") && !g_str_equal (value, "CAPABILITY_AUTO_EXPAND"))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                                "1 validation error detected: Value '[%s]' at 'capabilities' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [CAPABILITY_NAMED_IAM, CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND]]", value);
      has_iam |= g_str_equal (value, "CAPABILITY_IAM");
      has_named |= g_str_equal (value, "CAPABILITY_NAMED_IAM");
      json_array_add_string_element (capabilities, value);
    }

  if (needs && named && !has_named)
    return practice_refuse (error, PRACTICE_FAULT_INSUFFICIENT_CAPABILITIES, "Requires capabilities : [CAPABILITY_NAMED_IAM]");
  if (needs && !has_named && !has_iam)
    return practice_refuse (error, PRACTICE_FAULT_INSUFFICIENT_CAPABILITIES, "Requires capabilities : [CAPABILITY_IAM]");

  return TRUE;
}

/* Whether everything that depends only on parameters can be carried out. */
static gboolean
check_resolvable (PracticeCall   *call,
                  PracticeStack  *stack,
                  StackRequest   *request,
                  GError        **error)
{
  g_autoptr(PracticeStack) nobody = stack ? NULL : practice_stack_new (call->practice, call->region, "none");
  g_auto(PracticeResolver) resolver = { NULL, };
  g_autoptr(GPtrArray) order = NULL;

  if (!practice_stack_init_resolver (stack ? stack : nobody, request->template, request->values, &resolver, error) ||
      !(order = practice_template_get_order (&resolver, error)))
    return FALSE;

  return order->len > 0 ||
         practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Template format error: At least one Resources member must be defined.");
}

/* @stack is the one that is updated, NULL for a new one. */
gboolean
cloudformation_read_request (PracticeCall   *call,
                             PracticeStack  *stack,
                             StackRequest   *request,
                             GError        **error)
{
  g_autoptr(JsonObject) given = json_object_new ();

  request->tags = json_array_new ();
  request->capabilities = json_array_new ();

  if (!(request->template = read_template (call, stack, error)) ||
      !read_parameters (call, given, error) ||
      !(request->values = practice_template_bind (request->template, given, stack ? stack->values : NULL, error)) ||
      !read_tags (call, request->tags, error) ||
      !check_capabilities (call, request->template, request->capabilities, error))
    return FALSE;

  /* No tags in an update means: as they are */
  if (stack && json_array_get_length (request->tags) == 0 && cloudformation_get (call, "Tags.member.1.Key") == NULL && !g_hash_table_contains (call->form, "Tags"))
    {
      json_array_unref (request->tags);
      request->tags = json_array_ref (stack->tags);
    }

  return check_resolvable (call, stack, request, error);
}

/* ---- operations that change something ---- */

static void
take_request (PracticeStack *stack,
              StackRequest  *request)
{
  g_set_str (&stack->template, request->template->text);
  json_object_unref (stack->values);
  stack->values = json_object_ref (request->values);
  json_array_unref (stack->tags);
  stack->tags = json_array_ref (request->tags);
  json_array_unref (stack->capabilities);
  stack->capabilities = json_array_ref (request->capabilities);
}

/* Returns: (transfer full): the id of the operation */
char *
cloudformation_begin_create (PracticeStack *stack,
                             StackRequest  *request)
{
  char *id = practice_stack_begin_operation (stack, "CREATE_STACK");

  take_request (stack, request);
  practice_stack_set_status (stack, "CREATE_IN_PROGRESS", "User Initiated");

  return id;
}

/* Returns: (transfer full): the id of the operation */
char *
cloudformation_begin_update (PracticeStack *stack,
                             StackRequest  *request)
{
  char *id = practice_stack_begin_operation (stack, "UPDATE_STACK");

  json_object_unref (stack->work);
  stack->work = json_object_new ();
  json_object_set_string_member (stack->work, "template", stack->template);
  json_object_set_object_member (stack->work, "values", json_object_ref (stack->values));
  json_object_set_array_member (stack->work, "tags", json_array_ref (stack->tags));
  take_request (stack, request);
  stack->updated = practice_now ();
  practice_stack_set_status (stack, "UPDATE_IN_PROGRESS", "User Initiated");

  return id;
}

/* Saves the stack with its first event and sets it going. */
gboolean
cloudformation_start (PracticeStack  *stack,
                      GError        **error)
{
  if (!practice_stack_save (stack, error))
    return FALSE;

  practice_stack_run (stack->practice, stack->arn);

  return TRUE;
}

gboolean
cloudformation_check_token (const char  *token,
                            const char  *member,
                            GError     **error)
{
  return token == NULL ||
         (strlen (token) <= 128 && g_regex_match_simple ("^[a-zA-Z0-9][-a-zA-Z0-9]*$", token, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT)) ||
         practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                          "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*",
                          token, member);
}

static gboolean
read_on_failure (PracticeCall   *call,
                 PracticeStack  *stack,
                 GError        **error)
{
  static const char *all[] = { "ROLLBACK", "DELETE", "DO_NOTHING", NULL };
  const char *on_failure = cloudformation_get (call, "OnFailure");
  const char *disable = cloudformation_get (call, "DisableRollback");

  if (on_failure && disable)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Only one of the parameters DisableRollback and OnFailure can be specified.");
  if (on_failure && !g_strv_contains (all, on_failure))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                            "1 validation error detected: Value '%s' at 'onFailure' failed to satisfy constraint: Member must satisfy enum value set: [ROLLBACK, DELETE, DO_NOTHING]", on_failure);

  g_set_str (&stack->on_failure, on_failure ? on_failure : get_flag (call, "DisableRollback") ? "DO_NOTHING" : "ROLLBACK");

  return TRUE;
}

static gboolean
create_stack (PracticeCall  *call,
              GString       *xml,
              GError       **error)
{
  const char *name = cloudformation_get (call, "StackName");
  const char *token = cloudformation_get (call, "ClientRequestToken");
  g_autoptr(PracticeStack) stack = NULL;
  g_auto(StackRequest) request = { NULL, };
  g_autofree char *operation = NULL;

  if (!cloudformation_check_name (name, "stackName", error) || !cloudformation_check_token (token, "clientRequestToken", error))
    return FALSE;

  if ((stack = practice_stack_lookup (call->practice, call->region, name)))
    {
      if (token && g_strcmp0 (stack->creation_token, token) == 0)
        {
          aws_xml_append_element (xml, "StackId", stack->arn);
          return TRUE;
        }
      if (!g_str_equal (stack->status, "REVIEW_IN_PROGRESS"))
        return practice_refuse (error, PRACTICE_FAULT_ALREADY_EXISTS_STACK, "Stack [%s] already exists", name);
    }

  if (!cloudformation_read_request (call, NULL, &request, error))
    return FALSE;

  if (stack == NULL)
    stack = practice_stack_new (call->practice, call->region, name);
  if (!read_on_failure (call, stack, error))
    return FALSE;
  stack->is_protected = get_flag (call, "EnableTerminationProtection");
  stack->retain_except_on_create = get_flag (call, "RetainExceptOnCreate");
  g_set_str (&stack->token, token);
  g_set_str (&stack->creation_token, token);
  operation = cloudformation_begin_create (stack, &request);
  aws_xml_append_element (xml, "StackId", stack->arn);
  aws_xml_append_element (xml, "OperationId", operation);

  return cloudformation_start (stack, error);
}

gboolean
cloudformation_can_update (PracticeStack  *stack,
                           GError        **error)
{
  static const char *states[] = { "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", NULL };

  return g_strv_contains (states, stack->status) ||
         practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Stack:%s is in %s state and can not be updated.", stack->arn, stack->status);
}

static gboolean
tags_equal (JsonArray *a,
            JsonArray *b)
{
  g_autoptr(JsonNode) first = json_node_init_array (json_node_alloc (), a);
  g_autoptr(JsonNode) second = json_node_init_array (json_node_alloc (), b);

  return json_node_equal (first, second);
}

static gboolean
update_stack (PracticeCall  *call,
              GString       *xml,
              GError       **error)
{
  const char *token = cloudformation_get (call, "ClientRequestToken");
  g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack [%s] does not exist", error);
  g_auto(StackRequest) request = { NULL, };
  g_autoptr(GPtrArray) changes = NULL;
  g_autofree char *operation = NULL;
  gboolean outputs_change;

  if (stack == NULL || !cloudformation_check_token (token, "clientRequestToken", error))
    return FALSE;
  if (token && g_strcmp0 (stack->token, token) == 0 && g_strcmp0 (stack->creation_token, token) != 0)
    {
      aws_xml_append_element (xml, "StackId", stack->arn);
      return TRUE;
    }
  if (token && g_strcmp0 (stack->creation_token, token) == 0)
    return practice_refuse (error, PRACTICE_FAULT_TOKEN_ALREADY_EXISTS, "Token with value %s already exists for a different operation", token);

  if (!cloudformation_can_update (stack, error) ||
      !cloudformation_read_request (call, stack, &request, error) ||
      !(changes = practice_stack_compare (stack, request.template, request.values, &outputs_change, error)))
    return FALSE;
  if (changes->len == 0 && !outputs_change && tags_equal (stack->tags, request.tags))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "No updates are to be performed.");

  g_set_str (&stack->token, token);
  operation = cloudformation_begin_update (stack, &request);
  aws_xml_append_element (xml, "StackId", stack->arn);
  aws_xml_append_element (xml, "OperationId", operation);

  return cloudformation_start (stack, error);
}

static gboolean
read_retained (PracticeCall   *call,
               PracticeStack  *stack,
               GError        **error)
{
  JsonArray *retain = json_array_new ();

  json_object_set_array_member (stack->work, "retain", retain);
  for (guint i = 1;; i++)
    {
      g_autofree char *name = g_strdup_printf ("RetainResources.member.%u", i);
      const char *value = practice_call_get_form (call, name);

      if (value == NULL)
        break;
      json_array_add_string_element (retain, value);
    }

  return json_array_get_length (retain) == 0 || g_str_equal (stack->status, "DELETE_FAILED") ||
         practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                          "Invalid operation on stack [%s]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.", stack->arn);
}

static gboolean
delete_stack (PracticeCall  *call,
              GString       *xml,
              GError       **error)
{
  const char *name = cloudformation_get (call, "StackName");
  g_autoptr(PracticeStack) stack = name ? practice_stack_lookup (call->practice, call->region, name) : NULL;
  g_autofree char *operation = NULL;

  if (name == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                            "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null");

  /* Deleting what is not there, or is on its way out, is no error */
  if (stack == NULL || stack->deleted || g_str_equal (stack->status, "DELETE_IN_PROGRESS"))
    return TRUE;
  if (stack->is_protected)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Stack [%s] cannot be deleted while TerminationProtection is enabled", stack->name);
  if (practice_stack_is_busy (stack) && !g_str_equal (stack->status, "CREATE_IN_PROGRESS"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "Stack [%s] cannot be deleted while in status %s", stack->name, stack->status);

  if (!cloudformation_check_token (cloudformation_get (call, "ClientRequestToken"), "clientRequestToken", error) ||
      !read_retained (call, stack, error))
    return FALSE;
  g_set_str (&stack->token, cloudformation_get (call, "ClientRequestToken"));
  operation = practice_stack_begin_operation (stack, "DELETE_STACK");

  /* There is nothing yet but change sets */
  if (g_str_equal (stack->status, "REVIEW_IN_PROGRESS"))
    {
      practice_stack_set_status (stack, "DELETE_COMPLETE", "User Initiated");
      stack->deleted = practice_now ();
      return practice_stack_save (stack, error) &&
             practice_db_run (call->practice->db, error, "DELETE FROM change_sets WHERE stack = ?", "s", stack->arn);
    }

  /* The walk of a creation under way turns round by itself */
  if (g_str_equal (stack->status, "CREATE_IN_PROGRESS"))
    {
      json_object_set_boolean_member (stack->work, "created", FALSE);
      practice_stack_set_status (stack, "DELETE_IN_PROGRESS", "User Initiated");
      return practice_stack_save (stack, error);
    }

  practice_stack_set_status (stack, "DELETE_IN_PROGRESS", "User Initiated");

  return cloudformation_start (stack, error);
}

/* Leaves out of the way back what can't be brought back, resources that failed only. */
static gboolean
skip_resources (PracticeCall   *call,
                PracticeStack  *stack,
                GError        **error)
{
  JsonArray *undo = aws_json_get_array (stack->work, "undo");

  for (guint i = 1;; i++)
    {
      g_autofree char *name = g_strdup_printf ("ResourcesToSkip.member.%u", i);
      const char *logical_id = practice_call_get_form (call, name);
      g_autoptr(PracticeStackResource) resource = logical_id ? practice_stack_get_resource (stack, logical_id) : NULL;

      if (logical_id == NULL)
        return TRUE;
      if (resource == NULL || !g_str_equal (resource->status, "UPDATE_FAILED"))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                                "Resources [%s] can't be skipped: only resources that are in the UPDATE_FAILED state can be", logical_id);

      for (guint j = undo ? json_array_get_length (undo) : 0; j > 0; j--)
        if (g_strcmp0 (aws_json_get_string (json_array_get_object_element (undo, j - 1), "id"), logical_id) == 0)
          json_array_remove_element (undo, j - 1);
      practice_stack_set_resource (stack, resource, "UPDATE_COMPLETE", "Resource skipped by user request");
    }
}

static gboolean
continue_update_rollback (PracticeCall  *call,
                          GString       *xml,
                          GError       **error)
{
  g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack [%s] does not exist", error);
  const char *token = cloudformation_get (call, "ClientRequestToken");
  g_autofree char *operation = NULL;

  if (stack == NULL || !cloudformation_check_token (token, "clientRequestToken", error))
    return FALSE;
  if (token && g_strcmp0 (stack->token, token) == 0)
    return TRUE;
  if (!g_str_equal (stack->status, "UPDATE_ROLLBACK_FAILED"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                            "Stack:%s is in %s state and can not continue rolling back an update.", stack->arn, stack->status);

  g_set_str (&stack->token, token);
  operation = practice_stack_begin_operation (stack, "CONTINUE_ROLLBACK");
  practice_stack_set_status (stack, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated");

  return skip_resources (call, stack, error) && cloudformation_start (stack, error);
}

static gboolean
update_termination_protection (PracticeCall  *call,
                               GString       *xml,
                               GError       **error)
{
  g_autoptr(PracticeStack) stack = cloudformation_require_stack (call, "Stack [%s] does not exist", error);

  if (stack == NULL)
    return FALSE;

  stack->is_protected = get_flag (call, "EnableTerminationProtection");
  aws_xml_append_element (xml, "StackId", stack->arn);

  return practice_stack_save (stack, error);
}

static const struct
{
  const char              *name;
  CloudformationOperation  operation;
} operations[] = {
  { "CreateStack", create_stack },
  { "UpdateStack", update_stack },
  { "DeleteStack", delete_stack },
  { "DescribeStacks", cloudformation_describe_stacks },
  { "ListStacks", cloudformation_list_stacks },
  { "ContinueUpdateRollback", continue_update_rollback },
  { "DescribeStackEvents", cloudformation_describe_stack_events },
  { "DescribeEvents", cloudformation_describe_events },
  { "DescribeStackResources", cloudformation_describe_stack_resources },
  { "DescribeStackResource", cloudformation_describe_stack_resource },
  { "ListStackResources", cloudformation_list_stack_resources },
  { "GetTemplate", cloudformation_get_template },
  { "ValidateTemplate", cloudformation_validate_template },
  { "CreateChangeSet", cloudformation_create_change_set },
  { "DescribeChangeSet", cloudformation_describe_change_set },
  { "ExecuteChangeSet", cloudformation_execute_change_set },
  { "DeleteChangeSet", cloudformation_delete_change_set },
  { "ListChangeSets", cloudformation_list_change_sets },
  { "UpdateTerminationProtection", update_termination_protection },
};

/* What goes on after the answer, with the rights of whoever asked for it */
static gboolean
is_work (const char *operation)
{
  static const char * const names[] = {
    "ContinueUpdateRollback", "CreateStack", "DeleteStack", "ExecuteChangeSet", "RollbackStack", "UpdateStack", NULL,
  };

  return g_strv_contains (names, operation);
}

static void
handle (PracticeCall *call)
{
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *action = NULL;
  g_autofree char *resource = NULL;
  CloudformationOperation operation = NULL;
  gboolean done;

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_strcmp0 (operations[i].name, call->operation) == 0)
      operation = operations[i].operation;
  if (operation == NULL)
    {
      practice_call_answer_unknown_operation (call);
      return;
    }

  action = g_strconcat ("cloudformation:", call->operation, NULL);
  resource = practice_stack_call_dup_arn (call);
  if (!practice_call_authorize (call, action, resource))
    return;
  if (!practice_db_begin (call->practice->db, &error))
    {
      practice_call_answer_internal (call, error);
      return;
    }

  done = (!is_work (call->operation) || practice_stack_note_actor (call, resource, &error)) &&
         operation (call, xml, &error);
  if (!done)
    practice_db_rollback (call->practice->db);
  else if (practice_db_commit (call->practice->db, &error))
    {
      practice_call_answer_query (call, xml->str);
      return;
    }

  if (error && error->domain == PRACTICE_FAULT)
    practice_call_answer_error (call, practice_fault_get_status (error), practice_fault_get_code (error), "%s", error->message);
  else
    practice_call_answer_internal (call, error);
}

static const PracticeService service = {
  .name = "cloudformation",
  .protocol = PRACTICE_PROTOCOL_QUERY,
  .xmlns = "http://cloudformation.amazonaws.com/doc/2010-05-15/",
  .handle = handle,
};

gboolean
practice_cloudformation_init (Practice  *practice,
                              GError   **error)
{
  if (!practice_stacks_init (practice, error))
    return FALSE;

  practice_register_service (practice, &service);
  practice_stacks_take_up (practice);

  return TRUE;
}
