/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-dynamodb.h"
#include "porch-practice-fault.h"
#include "porch-practice-js.h"
#include "porch-practice-kvs.h"
#include "porch-practice-lambda.h"
#include "porch-practice-operations.h"
#include "porch-practice-states.h"
#include "porch-practice-sts.h"

/* What workflows can call: functions, key value stores, tables. */

typedef struct
{
  Practice   *practice;
  const char *region;
  const char *role;
  const char *operation;     /* "putKey" */
  JsonObject *parameters;
} Task;

typedef JsonNode *(*TaskFunc) (Task *task, GError **error);

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);

  return node;
}

static gboolean
check_rights (Task        *task,
              const char  *service,
              const char  *action,
              const char  *resource,
              GError     **error)
{
  g_autofree char *name = g_strconcat (service, ".AccessDeniedException", NULL);

  return practice_role_allows (task->practice, task->role, action, resource) ||
         practice_states_fail (error, g_intern_string (name), "User: %s is not authorized to perform: %s on resource: %s", task->role, action, resource);
}

static const char *
require (Task        *task,
         const char  *name,
         GError     **error)
{
  const char *text = aws_json_get_string (task->parameters, name);

  if (text == NULL)
    practice_states_fail (error, "States.Runtime", "The parameter %s is missing", name);

  return text;
}

/* ---- functions ---- */

static JsonNode *
invoke (Task        *task,
        const char  *name_or_arn,
        JsonNode    *payload,
        GError     **error)
{
  g_autoptr(PracticeResource) function = practice_lambda_lookup (task->practice, task->region, name_or_arn);
  g_autofree char *event = json_to_string (payload, FALSE), *request_id = NULL, *log = NULL, *result = NULL, *cause = NULL;
  g_autoptr(JsonObject) description = NULL;
  g_autoptr(GError) problem = NULL;
  JsonNode *node;

  if (function == NULL)
    {
      practice_states_fail (error, "Lambda.ResourceNotFoundException", "Function not found: %s", name_or_arn);
      return NULL;
    }
  if (!check_rights (task, "Lambda", "lambda:InvokeFunction", practice_property_string (function->attributes, "Arn"), error))
    return NULL;

  result = practice_lambda_run (task->practice, function, event, &request_id, &log, &problem);
  if (result == NULL)
    {
      const char *name;

      description = practice_lambda_describe_error (function, request_id, problem);
      name = problem->code == PRACTICE_SCRIPT_ERROR_THROTTLED ? "Lambda.TooManyRequestsException" : aws_json_get_string (description, "errorType");
      cause = practice_print_object (description);
      practice_states_fail (error, g_intern_string (name ? name : "Lambda.Unknown"), "%s", cause);
      return NULL;
    }

  node = json_from_string (result, NULL);

  return node != NULL ? node : json_node_new (JSON_NODE_NULL);
}

static JsonNode *
invoke_named (Task    *task,
              GError **error)
{
  const char *name = require (task, "FunctionName", error);
  g_autoptr(JsonNode) empty = take_object (json_object_new ());
  JsonNode *payload = json_object_has_member (task->parameters, "Payload") ? json_object_get_member (task->parameters, "Payload") : empty;
  JsonNode *result = name ? invoke (task, name, payload, error) : NULL;
  JsonObject *answer;

  if (result == NULL)
    return NULL;

  answer = json_object_new ();
  json_object_set_string_member (answer, "ExecutedVersion", "$LATEST");
  json_object_set_member (answer, "Payload", result);
  json_object_set_int_member (answer, "StatusCode", 200);

  return take_object (answer);
}

/* ---- key value stores ---- */

static JsonNode *
describe_store (PracticeKvs *kvs)
{
  JsonObject *answer = json_object_new ();

  json_object_set_string_member (answer, "ETag", kvs->data_etag);
  json_object_set_int_member (answer, "ItemCount", kvs->item_count);
  json_object_set_int_member (answer, "TotalSizeInBytes", kvs->size);
  json_object_set_string_member (answer, "KvsARN", kvs->arn);

  return take_object (answer);
}

static JsonNode *
get_key (Task         *task,
         PracticeKvs  *kvs,
         GError      **error)
{
  const char *key = require (task, "Key", error);
  g_autofree char *value = key ? practice_kvs_get (task->practice, kvs->arn, key) : NULL;
  JsonObject *answer;

  if (value == NULL)
    {
      if (key != NULL)
        practice_states_fail (error, "CloudFrontKeyValueStore.ResourceNotFoundException", "Key %s was not found", key);
      return NULL;
    }

  answer = json_object_new ();
  json_object_set_string_member (answer, "Key", key);
  json_object_set_string_member (answer, "Value", value);

  return take_object (answer);
}

static JsonNode *
put_key (Task         *task,
         PracticeKvs  *kvs,
         GError      **error)
{
  const char *key = require (task, "Key", error);
  const char *value = key ? require (task, "Value", error) : NULL;
  const char *etag = value ? require (task, "IfMatch", error) : NULL;
  g_autoptr(GError) problem = NULL;
  g_autoptr(PracticeKvs) now = etag ? practice_kvs_put (task->practice, kvs->arn, key, value, etag, &problem) : NULL;
  g_autofree char *name = NULL;

  if (problem != NULL)
    {
      name = g_strconcat ("CloudFrontKeyValueStore.", practice_fault_get_code (problem), NULL);
      practice_states_fail (error, g_intern_string (name), "%s", problem->message);
    }

  return now != NULL ? describe_store (now) : NULL;
}

static JsonNode *
use_store (Task    *task,
           GError **error)
{
  static const char * const operations[] = { "describeKeyValueStore", "getKey", "putKey", NULL };
  const char *arn = require (task, "KvsARN", error);
  g_autoptr(PracticeKvs) kvs = arn ? practice_kvs_lookup (task->practice, arn) : NULL;
  g_autofree char *action = g_strdup_printf ("cloudfront-keyvaluestore:%c%s", g_ascii_toupper (*task->operation), task->operation + 1);

  if (arn == NULL || !check_rights (task, "CloudFrontKeyValueStore", action, arn, error))
    return NULL;
  if (!g_strv_contains (operations, task->operation))
    {
      practice_states_fail (error, "States.Runtime", "The practice cloud has no task %s", task->operation);
      return NULL;
    }
  if (kvs == NULL)
    {
      practice_states_fail (error, "CloudFrontKeyValueStore.ResourceNotFoundException", "The key value store was not found: %s", arn);
      return NULL;
    }
  if (g_str_equal (task->operation, "getKey"))
    return get_key (task, kvs, error);

  return g_str_equal (task->operation, "putKey") ? put_key (task, kvs, error) : describe_store (kvs);
}

/* ---- tables ---- */

static JsonNode *
use_table (Task    *task,
           GError **error)
{
  g_autofree char *operation = g_strdup_printf ("%c%s", g_ascii_toupper (*task->operation), task->operation + 1);
  g_autofree char *action = g_strconcat ("dynamodb:", operation, NULL), *name = NULL;
  g_autofree char *resource = practice_dynamodb_get_resource (task->practice, task->region, task->parameters);
  g_autoptr(JsonObject) details = NULL;
  g_autoptr(GError) problem = NULL;
  JsonObject *output;

  if (!check_rights (task, "DynamoDb", action, resource, error))
    return NULL;

  output = practice_dynamodb_call (task->practice, task->region, operation, task->parameters, &details, &problem);
  if (output != NULL)
    return take_object (output);

  name = g_strconcat ("DynamoDb.", practice_fault_get_code (problem), NULL);
  practice_states_fail (error, g_intern_string (name), "%s", problem->message);

  return NULL;
}

JsonNode *
practice_task_run (Practice    *practice,
                   const char  *region,
                   const char  *role,
                   const char  *resource,
                   JsonNode    *parameters,
                   GError     **error)
{
  static const struct { const char *prefix; TaskFunc run; } kinds[] = {
    { "arn:aws:states:::lambda:invoke", invoke_named },
    { "arn:aws:states:::aws-sdk:lambda:invoke", invoke_named },
    { "arn:aws:states:::aws-sdk:cloudfrontkeyvaluestore:", use_store },
    { "arn:aws:states:::dynamodb:", use_table },
    { "arn:aws:states:::aws-sdk:dynamodb:", use_table },
  };
  Task task = { practice, region, role, strrchr (resource, ':') + 1, NULL };

  if (g_str_has_prefix (resource, "arn:aws:lambda:"))
    return invoke (&task, resource, parameters, error);

  if (!JSON_NODE_HOLDS_OBJECT (parameters))
    {
      practice_states_fail (error, "States.Runtime", "The parameters of the task are not an object");
      return NULL;
    }
  task.parameters = json_node_get_object (parameters);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (resource, kinds[i].prefix) && *task.operation != '\0')
      return kinds[i].run (&task, error);

  practice_states_fail (error, "States.Runtime", "The practice cloud has no task for the resource %s", resource);

  return NULL;
}
