/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-lambda.h"
#include "porch-practice-sts.h"

/* What Lambda takes as settings of a function, whether they come from a template or from a call. */

#define refuse(error, ...) practice_refuse_as (error, 400, "InvalidParameterValueException", __VA_ARGS__)

static gboolean
check_environment (JsonObject  *properties,
                   GError     **error)
{
  static const char *reserved[] = {
    "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_EXECUTION_ENV", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "_HANDLER", NULL
  };
  JsonObject *environment = aws_json_get_object (properties, "Environment");
  JsonObject *variables = environment ? aws_json_get_object (environment, "Variables") : NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  gsize size = 0;

  if (variables == NULL)
    return TRUE;

  json_object_iter_init (&iter, variables);
  while (json_object_iter_next (&iter, &name, &value))
    {
      if (!JSON_NODE_HOLDS_VALUE (value))
        return refuse (error, "Environment variable %s is not a text", name);
      if (g_strv_contains (reserved, name))
        return refuse (error, "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", name);
      if (!g_regex_match_simple ("^[a-zA-Z][a-zA-Z0-9_]+$", name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
        return refuse (error, "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]");
      size += strlen (name) + (json_node_get_string (value) ? strlen (json_node_get_string (value)) : 8);
    }

  return size <= 4096 ||
         refuse (error, "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.");
}

/**
 * practice_lambda_check_settings:
 * @practice: the practice cloud
 * @properties: a function as in a template
 * @error: return location for an error
 *
 * Returns: whether Lambda takes it
 */
gboolean
practice_lambda_check_settings (Practice    *practice,
                                JsonObject  *properties,
                                GError     **error)
{
  static const char *runtimes[] = {
    "nodejs20.x", "nodejs22.x", "nodejs24.x", "nodejs26.x", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14", "python3.15",
    "java17", "java21", "java25", "dotnet8", "dotnet10", "ruby3.3", "ruby3.4", "provided.al2", "provided.al2023", NULL
  };
  const char *runtime = practice_property_string (properties, "Runtime");
  const char *handler = practice_property_string (properties, "Handler");
  const char *code = practice_property_string (aws_json_get_object (properties, "Code"), "ZipFile");
  const char *role = practice_property_string (properties, "Role");
  gint64 timeout = practice_property_int (properties, "Timeout", 3);
  gint64 memory = practice_property_int (properties, "MemorySize", 128);

  if (runtime == NULL || handler == NULL)
    return refuse (error, "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
  if (!g_strv_contains (runtimes, runtime))
    return refuse (error, "Value %s at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [nodejs22.x, nodejs24.x, python3.13, python3.14] or be a valid ARN", runtime);
  if (code == NULL || *code == '\0')
    return refuse (error, "Please provide a source for function code.");
  if (!g_str_has_prefix (runtime, "nodejs") && !g_str_has_prefix (runtime, "python"))
    return refuse (error, "ZipFile can only be used when Runtime is set to a Node.js or Python runtime.");
  if (strlen (code) > 4 * 1024 * 1024)
    return practice_refuse_as (error, 413, "RequestTooLargeException", "Zip file exceeds the 4 MB limit of inline code.");
  if (!practice_role_trusts_service (practice, role, "lambda.amazonaws.com"))
    return refuse (error, "The role defined for the function cannot be assumed by Lambda.");
  if (timeout < 1 || timeout > 900)
    return refuse (error, "1 validation error detected: Value '%" G_GINT64_FORMAT "' at 'timeout' failed to satisfy constraint: Member must have value %s", timeout, timeout < 1 ? "greater than or equal to 1" : "less than or equal to 900");
  if (memory < 128 || memory > 10240)
    return refuse (error, "1 validation error detected: Value '%" G_GINT64_FORMAT "' at 'memorySize' failed to satisfy constraint: Member must have value %s", memory, memory < 128 ? "greater than or equal to 128" : "less than or equal to 10240");
  if (practice_property_int (properties, "ReservedConcurrentExecutions", 0) > 0)
    return refuse (error, "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].");

  return check_environment (properties, error);
}
