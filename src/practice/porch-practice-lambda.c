/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "aws-json.h"
#include "porch-practice-dynamodb.h"
#include "porch-practice-fault.h"
#include "porch-practice-js.h"
#include "porch-practice-lambda.h"
#include "porch-practice-ses.h"
#include "porch-practice-policy.h"
#include "porch-practice-sts.h"

#define FUNCTION_TYPE   "AWS::Lambda::Function"
#define PERMISSION_TYPE "AWS::Lambda::Permission"

/* What a running function may ask its host about. */
typedef struct
{
  Practice *practice;
  char     *region;
  char     *name;
  char     *role;
  char     *revision;
  char     *log_group;
} Instance;

static void
instance_free (Instance *self)
{
  g_free (self->region);
  g_free (self->name);
  g_free (self->role);
  g_free (self->revision);
  g_free (self->log_group);
  g_free (self);
}

/* Warm instances by ARN; as at AWS, what a module keeps in its variables lives on between calls. */
static GPrivate instances = G_PRIVATE_INIT ((GDestroyNotify) g_hash_table_unref);

static GHashTable *
get_instances (void)
{
  if (g_private_get (&instances) == NULL)
    g_private_set (&instances, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) practice_script_free));

  return g_private_get (&instances);
}

PracticeResource *
practice_lambda_lookup (Practice   *practice,
                        const char *region,
                        const char *name_or_arn)
{
  g_auto(GStrv) parts = NULL;

  if (!g_str_has_prefix (name_or_arn, "arn:"))
    return practice_resource_lookup (practice, FUNCTION_TYPE, region, name_or_arn);

  /* arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER] */
  parts = g_strsplit (name_or_arn, ":", 8);
  if (g_strv_length (parts) < 7 || !g_str_equal (parts[4], practice->account))
    return NULL;

  return practice_resource_lookup (practice, FUNCTION_TYPE, parts[3], parts[6]);
}

gboolean
practice_lambda_permits (Practice   *practice,
                         const char *region,
                         const char *name_or_arn,
                         const char *principal,
                         const char *source_arn)
{
  g_autoptr(GPtrArray) permissions = practice_resource_list (practice, PERMISSION_TYPE, region);
  g_autoptr(PracticeResource) function = practice_lambda_lookup (practice, region, name_or_arn);

  for (guint i = 0; function && i < permissions->len; i++)
    {
      PracticeResource *permission = g_ptr_array_index (permissions, i);
      g_autoptr(PracticeResource) target = practice_lambda_lookup (practice, region, practice_property_string (permission->properties, "FunctionName"));
      const char *action = practice_property_string (permission->properties, "Action");
      const char *source = practice_property_string (permission->properties, "SourceArn");

      if (target && g_str_equal (target->id, function->id) &&
          practice_policy_matches (action, "lambda:InvokeFunction", TRUE) &&
          g_str_equal (practice_property_string (permission->properties, "Principal"), principal) &&
          (source == NULL || practice_policy_matches (source, source_arn, FALSE)))
        return TRUE;
    }

  return FALSE;
}

static char *
to_text (JsonObject *object)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (object);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static char *
quote (const char *text)
{
  return g_strdup_printf ("\"%s\"", text);
}

static char *
make_digest (JsonObject *request)
{
  gsize length, key_length = 0;
  g_autofree guchar *data = g_base64_decode (aws_json_get_string (request, "data"), &length);
  const char *key_text = aws_json_get_string (request, "key");
  g_autofree guchar *key = key_text ? g_base64_decode (key_text, &key_length) : NULL;
  const EVP_MD *algorithm = EVP_get_digestbyname (aws_json_get_string (request, "algorithm"));
  guchar result[EVP_MAX_MD_SIZE];
  guint size = 0;
  g_autofree char *text = NULL;

  if (algorithm == NULL)
    return NULL;
  if (key_text)
    HMAC (algorithm, key ? key : (guchar *) "", key_length, data ? data : (guchar *) "", length, result, &size);
  else
    EVP_Digest (data ? data : (guchar *) "", length, result, &size, algorithm, NULL);
  text = g_base64_encode (result, size);

  return quote (text);
}

static char *
make_random (gint64 size)
{
  gsize length = CLAMP (size, 0, 65536);
  g_autofree guchar *data = g_malloc (length + 1);
  g_autofree char *text = NULL;

  if (RAND_bytes (data, length) != 1)
    return NULL;
  text = g_base64_encode (data, length);

  return quote (text);
}

static JsonObject *
call_service (Instance    *self,
              const char  *service,
              const char  *operation,
              JsonObject  *input,
              JsonObject **details,
              GError     **error)
{
  gboolean dynamodb = g_strcmp0 (service, "DynamoDB") == 0;
  g_autofree char *action = g_strdup_printf ("%s:%s", dynamodb ? "dynamodb" : "ses", operation);
  g_autofree char *resource = dynamodb ? practice_dynamodb_get_resource (self->practice, self->region, input)
                                       : practice_mail_get_resource (self->practice, self->region, input);

  if (!practice_role_allows (self->practice, self->role, action, resource))
    {
      const char *role = strrchr (self->role, '/');

      practice_refuse (error, PRACTICE_FAULT_ACCESS_DENIED,
                       "User: arn:aws:sts::%s:assumed-role/%s/%s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action",
                       self->practice->account, role ? role + 1 : self->role, self->name, action, resource, action);
      return NULL;
    }

  return dynamodb ? practice_dynamodb_call (self->practice, self->region, operation, input, details, error)
                  : practice_mail_call (self->practice, self->region, operation, input, error);
}

static char *
answer_service (Instance   *self,
                JsonObject *request)
{
  JsonObject *input = aws_json_get_object (request, "input");
  g_autoptr(JsonObject) empty = json_object_new ();
  g_autoptr(JsonObject) answer = json_object_new ();
  JsonObject *details = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = practice_uuid ();
  JsonObject *output = call_service (self, aws_json_get_string (request, "service"), aws_json_get_string (request, "operation"),
                                     input ? input : empty, &details, &error);

  json_object_set_string_member (answer, "requestId", id);
  json_object_set_int_member (answer, "status", output ? 200 : practice_fault_get_status (error));
  if (output)
    {
      json_object_set_object_member (answer, "output", output);
    }
  else
    {
      JsonObject *problem = json_object_new ();

      json_object_set_string_member (problem, "code", practice_fault_get_code (error));
      json_object_set_string_member (problem, "message", error->message);
      if (details)
        json_object_set_object_member (problem, "details", details);
      json_object_set_object_member (answer, "error", problem);
    }

  return to_text (answer);
}

static char *
host (const char *name,
      const char *text,
      gpointer    data)
{
  Instance *self = data;
  g_autoptr(JsonNode) node = NULL;

  if (g_str_equal (name, "log"))
    {
      practice_log_append (self->practice, self->log_group, text);
      return NULL;
    }

  node = json_from_string (text, NULL);
  if (g_str_equal (name, "random"))
    return make_random (json_node_get_int (node));
  if (g_str_equal (name, "uuid"))
    {
      g_autofree char *id = practice_uuid ();

      return quote (id);
    }
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  if (g_str_equal (name, "digest"))
    return make_digest (json_node_get_object (node));
  if (g_str_equal (name, "aws"))
    return answer_service (self, json_node_get_object (node));

  return NULL;
}

static char *
make_options (PracticeResource *function)
{
  g_autoptr(JsonObject) options = json_object_new ();
  JsonObject *environment = aws_json_get_object (function->properties, "Environment");
  JsonObject *variables = environment ? aws_json_get_object (environment, "Variables") : NULL;
  JsonObject *all = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (variables)
    {
      json_object_iter_init (&iter, variables);
      while (json_object_iter_next (&iter, &name, &value))
        {
          g_autofree char *text = json_node_get_value_type (value) == G_TYPE_STRING ? json_node_dup_string (value) : json_to_string (value, FALSE);

          json_object_set_string_member (all, name, text);
        }
    }
  json_object_set_string_member (all, "AWS_REGION", function->region);
  json_object_set_string_member (all, "AWS_LAMBDA_FUNCTION_NAME", function->id);
  json_object_set_object_member (options, "environment", all);
  json_object_set_string_member (options, "region", function->region);
  json_object_set_string_member (options, "handler", practice_property_string (function->properties, "Handler"));
  json_object_set_int_member (options, "timeout", practice_property_int (function->properties, "Timeout", 3));

  return to_text (options);
}

static PracticeScript *
start_instance (Practice          *practice,
                PracticeResource  *function,
                GError           **error)
{
  JsonObject *logging = aws_json_get_object (function->properties, "LoggingConfig");
  const char *group = logging ? practice_property_string (logging, "LogGroup") : NULL;
  const char *code = practice_property_string (aws_json_get_object (function->properties, "Code"), "ZipFile");
  g_autofree char *wrapped = g_strdup_printf ("(function (exports, require, module, __filename, __dirname) {%s\n})", code ? code : "");
  g_autofree char *options = make_options (function);
  Instance *instance;

  if (!g_str_has_prefix (practice_property_string (function->properties, "Runtime"), "nodejs"))
    {
      g_set_error (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_SYNTAX,
                   "The practice cloud runs functions for Node.js only, not for %s", practice_property_string (function->properties, "Runtime"));
      return NULL;
    }

  instance = g_new0 (Instance, 1);
  instance->practice = practice;
  instance->region = g_strdup (function->region);
  instance->name = g_strdup (function->id);
  instance->role = g_strdup (practice_property_string (function->properties, "Role"));
  instance->revision = g_strdup (practice_property_string (function->attributes, "revision"));
  instance->log_group = group ? g_strdup (group) : g_strconcat ("/aws/lambda/", function->id, NULL);

  return practice_script_new ("node-runtime.js", options, wrapped, "/var/task/index.js", host, instance, (GDestroyNotify) instance_free, error);
}

static char *
make_call (PracticeResource *function,
           const char       *event)
{
  g_autoptr(JsonObject) context = json_object_new ();
  g_autofree char *id = practice_uuid ();
  g_autofree char *text = NULL;

  json_object_set_string_member (context, "awsRequestId", id);
  json_object_set_string_member (context, "functionName", function->id);
  json_object_set_string_member (context, "functionVersion", "$LATEST");
  json_object_set_string_member (context, "invokedFunctionArn", practice_property_string (function->attributes, "Arn"));
  json_object_set_string_member (context, "memoryLimitInMB", "128");
  text = to_text (context);

  return g_strdup_printf ("{\"event\":%s,\"context\":%s}", event, text);
}

char *
practice_lambda_invoke (Practice    *practice,
                        const char  *region,
                        const char  *name_or_arn,
                        const char  *event,
                        GError     **error)
{
  g_autoptr(PracticeResource) function = practice_lambda_lookup (practice, region, name_or_arn);
  const char *arn = function ? practice_property_string (function->attributes, "Arn") : NULL;
  PracticeScript *script = arn ? g_hash_table_lookup (get_instances (), arn) : NULL;
  g_autofree char *call = NULL;
  g_autofree char *result = NULL;
  g_autoptr(GError) problem = NULL;

  if (function == NULL)
    {
      g_set_error (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_SYNTAX, "Function not found: %s", name_or_arn);
      return NULL;
    }

  if (script)
    {
      Instance *instance = practice_script_get_data (script);

      if (instance->practice != practice ||
          g_strcmp0 (instance->revision, practice_property_string (function->attributes, "revision")) != 0)
        script = NULL;
    }
  if (script == NULL && (script = start_instance (practice, function, &problem)))
    g_hash_table_replace (get_instances (), g_strdup (arn), script);

  if (script)
    {
      call = make_call (function, event);
      result = practice_script_call (script, call, &problem);
      if (practice_script_is_spent (script))
        g_hash_table_remove (get_instances (), arn);
    }

  if (result == NULL)
    {
      g_autofree char *group = g_strconcat ("/aws/lambda/", function->id, NULL);
      g_autofree char *line = g_strconcat ("ERROR\t", problem->message, NULL);

      practice_log_append (practice, group, line);
      g_propagate_error (error, g_steal_pointer (&problem));
    }

  return g_steal_pointer (&result);
}

void
practice_lambda_shutdown (Practice *practice)
{
  g_private_replace (&instances, NULL);
}
