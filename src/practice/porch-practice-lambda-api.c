/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-checksum.h"
#include "aws-json.h"
#include "aws-uri.h"
#include "porch-practice-js.h"
#include "porch-practice-lambda.h"
#include "porch-practice-operations.h"
#include "porch-practice-sts.h"

/* Lambda, for the functions that stacks have made. */

#define CODE_HOST       "awslambda-tasks.localhost"
#define CODE_SECONDS    600
#define UPDATE_SECONDS  2.0
#define RETRY_SECONDS   60.0
#define PAYLOAD_LIMIT   (6 * 1024 * 1024)
#define EVENT_LIMIT     (1024 * 1024)
#define LOG_TAIL        4096

static const char INVALID[] = "InvalidParameterValueException";

static const struct
{
  const char *method;
  const char *prefix;
  const char *suffix;       /* NULL: the name is the last part */
  const char *operation;
} routes[] = {
  { "GET", "/2015-03-31/functions/", NULL, "GetFunction" },
  { "GET", "/2015-03-31/functions/", "/configuration", "GetFunctionConfiguration" },
  { "PUT", "/2015-03-31/functions/", "/configuration", "UpdateFunctionConfiguration" },
  { "PUT", "/2015-03-31/functions/", "/code", "UpdateFunctionCode" },
  { "POST", "/2015-03-31/functions/", "/invocations", "Invoke" },
  { "PUT", "/2017-10-31/functions/", "/concurrency", "PutFunctionConcurrency" },
  { "DELETE", "/2017-10-31/functions/", "/concurrency", "DeleteFunctionConcurrency" },
  { "GET", "/2019-09-30/functions/", "/concurrency", "GetFunctionConcurrency" },
};

/* The name between prefix and suffix, decoded; %NULL when the path is another */
static char *
dup_name (const char *path,
          const char *prefix,
          const char *suffix)
{
  const char *name = path + strlen (prefix);
  const char *slash;

  if (!g_str_has_prefix (path, prefix) || *name == '\0')
    return NULL;

  slash = strchr (name, '/');
  if (suffix == NULL)
    return slash == NULL ? aws_uri_decode (name, -1, FALSE) : NULL;

  return slash != NULL && g_str_equal (slash, suffix) ? aws_uri_decode (name, slash - name, FALSE) : NULL;
}

static const char *
name_operation (PracticeCall *call)
{
  const char *path = call->raw_path;

  if (g_str_equal (call->method, "GET") && (g_str_equal (path, "/2015-03-31/functions/") || g_str_equal (path, "/2015-03-31/functions")))
    return "ListFunctions";
  if (g_str_equal (call->method, "GET") && g_str_has_prefix (path, "/2016-08-19/account-settings"))
    return "GetAccountSettings";

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      g_autofree char *name = g_str_equal (routes[i].method, call->method) ? dup_name (path, routes[i].prefix, routes[i].suffix) : NULL;

      if (name != NULL)
        return routes[i].operation;
    }

  return NULL;
}

/* The name as given in the path; an ARN may be given too */
static char *
dup_function_name (PracticeCall *call)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      char *name = g_strcmp0 (routes[i].operation, call->operation) == 0 ? dup_name (call->raw_path, routes[i].prefix, routes[i].suffix) : NULL;

      if (name != NULL)
        return name;
    }

  return NULL;
}

static char *
dup_resource (PracticeCall *call,
              JsonObject   *input)
{
  g_autofree char *name = dup_function_name (call);

  if (name == NULL)
    return g_strdup ("*");
  if (g_str_has_prefix (name, "arn:"))
    return g_steal_pointer (&name);

  return g_strdup_printf ("arn:aws:lambda:%s:%s:function:%s", call->region, call->practice->account, name);
}

static PracticeResource *
find_function (PracticeCall  *call,
               GError       **error)
{
  g_autofree char *name = dup_function_name (call), *arn = dup_resource (call, NULL);
  const char *qualifier = practice_call_get_query (call, "Qualifier");
  PracticeResource *function = practice_lambda_lookup (call->practice, call->region, name);

  if (function != NULL && (qualifier == NULL || g_str_equal (qualifier, "$LATEST")))
    return function;

  practice_resource_free (function);
  practice_refuse_as (error, 404, "ResourceNotFoundException", "Function not found: %s%s%s", arn, qualifier ? ":" : "", qualifier ? qualifier : "");

  return NULL;
}

/* ---- what a function looks like ---- */

static gint64
get_moment (PracticeResource *function,
            const char       *attribute,
            gint64            fallback)
{
  const char *text = practice_property_string (function->attributes, attribute);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : fallback;
}

static void
set_moment (PracticeResource *function,
            const char       *attribute,
            gint64            time)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, time);

  json_object_set_string_member (function->attributes, attribute, text);
}

static void
copy_text (JsonObject *target,
           const char *name,
           JsonObject *source,
           const char *fallback)
{
  const char *text = practice_property_string (source, name);

  if (text != NULL || fallback != NULL)
    json_object_set_string_member (target, name, text != NULL ? text : fallback);
}

static char *
dup_sum (GBytes *archive)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, g_bytes_get_data (archive, NULL), g_bytes_get_size (archive));
  g_checksum_get_digest (checksum, digest, &length);

  return g_base64_encode (digest, length);
}

static void
describe_environment (JsonObject       *configuration,
                      PracticeResource *function)
{
  JsonObject *environment = aws_json_get_object (function->properties, "Environment");
  JsonObject *variables = aws_json_get_object (environment, "Variables");
  JsonObject *texts = json_object_new ();
  JsonObject *whole;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (variables != NULL)
    {
      json_object_iter_init (&iter, variables);
      while (json_object_iter_next (&iter, &name, &value))
        {
          g_autofree char *text = json_node_get_value_type (value) == G_TYPE_STRING ? json_node_dup_string (value) : json_to_string (value, FALSE);

          json_object_set_string_member (texts, name, text);
        }
      whole = json_object_new ();
      json_object_set_object_member (whole, "Variables", texts);
      json_object_set_object_member (configuration, "Environment", whole);
    }
  else
    {
      json_object_unref (texts);
    }
}

static void
describe_logging (JsonObject       *configuration,
                  PracticeResource *function)
{
  JsonObject *given = aws_json_get_object (function->properties, "LoggingConfig");
  JsonObject *logging = json_object_new ();
  g_autofree char *group = g_strconcat ("/aws/lambda/", function->id, NULL);

  copy_text (logging, "LogFormat", given, "Text");
  copy_text (logging, "LogGroup", given, group);
  json_object_set_object_member (configuration, "LoggingConfig", logging);
}

static JsonObject *
describe_function (Practice         *practice,
                   PracticeResource *function)
{
  g_autoptr(GBytes) archive = practice_lambda_code_dup_archive (practice, function);
  g_autofree char *sum = dup_sum (archive);
  g_autoptr(GDateTime) modified = g_date_time_new_from_unix_utc_usec (get_moment (function, "modified", function->created));
  g_autofree char *seconds = g_date_time_format (modified, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *time = g_strdup_printf ("%s.%03d+0000", seconds, g_date_time_get_microsecond (modified) / 1000);
  JsonObject *configuration = json_object_new ();
  JsonObject *tracing = json_object_new (), *storage = json_object_new ();
  JsonArray *architectures = json_array_new ();

  json_object_set_string_member (configuration, "FunctionName", function->id);
  json_object_set_string_member (configuration, "FunctionArn", practice_property_string (function->attributes, "Arn"));
  copy_text (configuration, "Runtime", function->properties, NULL);
  copy_text (configuration, "Role", function->properties, NULL);
  copy_text (configuration, "Handler", function->properties, NULL);
  copy_text (configuration, "Description", function->properties, "");
  json_object_set_int_member (configuration, "CodeSize", g_bytes_get_size (archive));
  json_object_set_string_member (configuration, "CodeSha256", sum);
  json_object_set_int_member (configuration, "Timeout", practice_property_int (function->properties, "Timeout", 3));
  json_object_set_int_member (configuration, "MemorySize", practice_property_int (function->properties, "MemorySize", 128));
  json_object_set_string_member (configuration, "LastModified", time);
  json_object_set_string_member (configuration, "Version", "$LATEST");
  json_object_set_string_member (tracing, "Mode", "PassThrough");
  json_object_set_object_member (configuration, "TracingConfig", tracing);
  json_object_set_string_member (configuration, "RevisionId", practice_property_string (function->attributes, "revision"));
  json_object_set_string_member (configuration, "State", "Active");
  json_object_set_string_member (configuration, "LastUpdateStatus",
                                 get_moment (function, "updateUntil", 0) > practice_now () ? "InProgress" : "Successful");
  json_object_set_string_member (configuration, "PackageType", "Zip");
  json_array_add_string_element (architectures, "x86_64");
  json_object_set_array_member (configuration, "Architectures", architectures);
  json_object_set_int_member (storage, "Size", 512);
  json_object_set_object_member (configuration, "EphemeralStorage", storage);
  describe_environment (configuration, function);
  describe_logging (configuration, function);

  return configuration;
}

static void
describe_tags (JsonObject       *output,
               PracticeResource *function)
{
  JsonArray *tags = aws_json_get_array (function->properties, "Tags");
  JsonObject *map = json_object_new ();

  for (guint i = 0; tags != NULL && i < json_array_get_length (tags); i++)
    {
      JsonObject *tag = aws_json_array_get_object (tags, i);

      if (practice_property_string (tag, "Key") && practice_property_string (tag, "Value"))
        json_object_set_string_member (map, practice_property_string (tag, "Key"), practice_property_string (tag, "Value"));
    }
  json_object_set_object_member (output, "Tags", map);
}

/* ---- the code, for whoever has its address ---- */

static char *
sign_code (Practice   *practice,
           const char *region,
           const char *name,
           gint64      expires)
{
  g_autofree char *text = g_strdup_printf ("%s/%s/%" G_GINT64_FORMAT, region, name, expires);

  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) practice->secret_access_key, strlen (practice->secret_access_key), text, -1);
}

static gboolean
owns_code_host (Practice   *practice,
                const char *host)
{
  return g_str_equal (host, CODE_HOST);
}

static void
handle_code (PracticeCall *call)
{
  g_auto(GStrv) parts = g_strsplit (call->path, "/", -1);
  const char *expires = practice_call_get_query (call, "expires");
  gint64 end = expires != NULL ? g_ascii_strtoll (expires, NULL, 10) : 0;
  g_autofree char *signature = g_strv_length (parts) == 4 ? sign_code (call->practice, parts[2], parts[3], end) : NULL;
  g_autoptr(PracticeResource) function = NULL;
  g_autoptr(GBytes) archive = NULL;

  if (signature == NULL || g_strcmp0 (signature, practice_call_get_query (call, "signature")) != 0 || end < practice_now () / G_USEC_PER_SEC ||
      !(function = practice_lambda_lookup (call->practice, parts[2], parts[3])))
    {
      practice_call_answer_text (call, 403, "text/plain; charset=utf-8", "Access denied\n");
      return;
    }

  archive = practice_lambda_code_dup_archive (call->practice, function);
  practice_call_answer (call, 200, "application/zip", archive);
}

/* ---- operations ---- */

static JsonObject *
get_function (PracticeCall  *call,
              JsonObject    *input,
              GError       **error)
{
  g_autoptr(PracticeResource) function = find_function (call, error);
  gint64 expires = practice_now () / G_USEC_PER_SEC + CODE_SECONDS;
  g_autofree char *signature = NULL, *location = NULL;
  JsonObject *output, *code, *concurrency;

  if (function == NULL)
    return NULL;

  signature = sign_code (call->practice, function->region, function->id, expires);
  location = g_strdup_printf ("http://" CODE_HOST ":%u/snapshots/%s/%s?expires=%" G_GINT64_FORMAT "&signature=%s",
                              call->practice->port, function->region, function->id, expires, signature);
  output = json_object_new ();
  code = json_object_new ();
  json_object_set_object_member (output, "Configuration", describe_function (call->practice, function));
  json_object_set_string_member (code, "RepositoryType", "S3");
  json_object_set_string_member (code, "Location", location);
  json_object_set_object_member (output, "Code", code);
  describe_tags (output, function);
  if (json_object_has_member (function->properties, "ReservedConcurrentExecutions"))
    {
      concurrency = json_object_new ();
      json_object_set_int_member (concurrency, "ReservedConcurrentExecutions",
                                  practice_property_int (function->properties, "ReservedConcurrentExecutions", 0));
      json_object_set_object_member (output, "Concurrency", concurrency);
    }

  return output;
}

static JsonObject *
get_function_configuration (PracticeCall  *call,
                            JsonObject    *input,
                            GError       **error)
{
  g_autoptr(PracticeResource) function = find_function (call, error);

  return function != NULL ? describe_function (call->practice, function) : NULL;
}

static JsonObject *
list_functions (PracticeCall  *call,
                JsonObject    *input,
                GError       **error)
{
  g_autoptr(GPtrArray) functions = practice_resource_list (call->practice, PRACTICE_FUNCTION_TYPE, call->region);
  JsonObject *output = json_object_new ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < functions->len; i++)
    json_array_add_object_element (list, describe_function (call->practice, g_ptr_array_index (functions, i)));
  json_object_set_array_member (output, "Functions", list);

  return output;
}

static gboolean
check_change (PracticeCall      *call,
              PracticeResource  *function,
              JsonObject        *input,
              GError           **error)
{
  const char *revision = aws_json_get_string (input, "RevisionId");

  if (get_moment (function, "updateUntil", 0) > practice_now ())
    return practice_refuse_as (error, 409, "ResourceConflictException",
                               "The operation cannot be performed at this time. An update is in progress for resource: %s",
                               practice_property_string (function->attributes, "Arn"));

  return revision == NULL || g_strcmp0 (revision, practice_property_string (function->attributes, "revision")) == 0 ||
         practice_refuse_as (error, 412, "PreconditionFailedException",
                             "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetFunctionConfiguration API to retrieve the latest RevisionId for your resource.");
}

static gboolean
save_function (PracticeCall      *call,
               PracticeResource  *function,
               GError           **error)
{
  return practice_resource_put (call->practice, PRACTICE_FUNCTION_TYPE, function->region, function->id,
                                function->properties, function->attributes, error);
}

/* A new revision, so that the next run begins with an instance of its own */
static gboolean
save_change (PracticeCall      *call,
             PracticeResource  *function,
             GError           **error)
{
  g_autofree char *revision = practice_uuid ();

  json_object_set_string_member (function->attributes, "revision", revision);
  set_moment (function, "modified", practice_now ());
  set_moment (function, "updateUntil", practice_now () + practice_scale_delay (call->practice, UPDATE_SECONDS) * 1000);

  return save_function (call, function, error);
}

static JsonObject *
update_function_code (PracticeCall  *call,
                      JsonObject    *input,
                      GError       **error)
{
  g_autoptr(PracticeResource) function = find_function (call, error);
  const char *text = aws_json_get_string (input, "ZipFile");
  g_autoptr(GBytes) archive = NULL;
  g_autofree char *sum = NULL;
  JsonObject *output;
  gsize length = 0;
  guchar *data;

  if (function == NULL || !check_change (call, function, input, error))
    return NULL;
  if (text == NULL)
    {
      practice_refuse_as (error, 400, INVALID, "Please provide a source for function code. The practice cloud takes it as ZipFile only.");
      return NULL;
    }

  data = g_base64_decode (text, &length);
  archive = g_bytes_new_take (data, length);
  if (!practice_lambda_code_check (archive, error))
    return NULL;

  /* A trial tells what would be */
  if (aws_json_get_bool (input, "DryRun"))
    {
      sum = dup_sum (archive);
      output = describe_function (call->practice, function);
      json_object_set_int_member (output, "CodeSize", length);
      json_object_set_string_member (output, "CodeSha256", sum);
      return output;
    }

  return practice_lambda_code_put (call->practice, function->region, function->id, archive, error) &&
         save_change (call, function, error) ? describe_function (call->practice, function) : NULL;
}

static JsonObject *
update_function_configuration (PracticeCall  *call,
                               JsonObject    *input,
                               GError       **error)
{
  static const char * const names[] = { "Role", "Handler", "Description", "Timeout", "MemorySize", "Environment", "Runtime", "LoggingConfig" };
  g_autoptr(PracticeResource) function = find_function (call, error);

  if (function == NULL || !check_change (call, function, input, error))
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (input, names[i]) && !json_object_get_null_member (input, names[i]))
      json_object_set_member (function->properties, names[i], json_object_dup_member (input, names[i]));

  return practice_lambda_check_settings (call->practice, function->properties, error) &&
         save_change (call, function, error) ? describe_function (call->practice, function) : NULL;
}

static JsonObject *
get_account_settings (PracticeCall  *call,
                      JsonObject    *input,
                      GError       **error)
{
  g_autoptr(GPtrArray) functions = practice_resource_list (call->practice, PRACTICE_FUNCTION_TYPE, call->region);
  JsonObject *output = json_object_new (), *limit = json_object_new (), *usage = json_object_new ();
  gint64 size = 0;

  for (guint i = 0; i < functions->len; i++)
    {
      g_autoptr(GBytes) archive = practice_lambda_code_dup_archive (call->practice, g_ptr_array_index (functions, i));

      size += g_bytes_get_size (archive);
    }

  json_object_set_int_member (limit, "TotalCodeSize", G_GINT64_CONSTANT (80530636800));
  json_object_set_int_member (limit, "CodeSizeUnzipped", 262144000);
  json_object_set_int_member (limit, "CodeSizeZipped", 52428800);
  json_object_set_int_member (limit, "ConcurrentExecutions", PRACTICE_CONCURRENCY);
  json_object_set_int_member (limit, "UnreservedConcurrentExecutions", PRACTICE_CONCURRENCY);
  json_object_set_int_member (usage, "TotalCodeSize", size);
  json_object_set_int_member (usage, "FunctionCount", functions->len);
  json_object_set_object_member (output, "AccountLimit", limit);
  json_object_set_object_member (output, "AccountUsage", usage);

  return output;
}

static JsonObject *
describe_concurrency (PracticeResource *function)
{
  JsonObject *output = json_object_new ();

  if (json_object_has_member (function->properties, "ReservedConcurrentExecutions"))
    json_object_set_int_member (output, "ReservedConcurrentExecutions", practice_property_int (function->properties, "ReservedConcurrentExecutions", 0));

  return output;
}

static JsonObject *
put_function_concurrency (PracticeCall  *call,
                          JsonObject    *input,
                          GError       **error)
{
  g_autoptr(PracticeResource) function = find_function (call, error);
  gint64 reserved = practice_property_int (input, "ReservedConcurrentExecutions", -1);

  if (function == NULL)
    return NULL;

  if (reserved < 0)
    practice_refuse_as (error, 400, INVALID, "1 validation error detected: Value at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0");
  else if (reserved > 0)
    practice_refuse_as (error, 400, INVALID, "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d].", PRACTICE_CONCURRENCY);
  else
    {
      json_object_set_int_member (function->properties, "ReservedConcurrentExecutions", reserved);
      if (save_function (call, function, error))
        return describe_concurrency (function);
    }

  return NULL;
}

static JsonObject *
delete_function_concurrency (PracticeCall  *call,
                             JsonObject    *input,
                             GError       **error)
{
  g_autoptr(PracticeResource) function = find_function (call, error);

  if (function == NULL)
    return NULL;

  if (json_object_has_member (function->properties, "ReservedConcurrentExecutions"))
    json_object_remove_member (function->properties, "ReservedConcurrentExecutions");

  return save_function (call, function, error) ? json_object_new () : NULL;
}

static JsonObject *
get_function_concurrency (PracticeCall  *call,
                          JsonObject    *input,
                          GError       **error)
{
  g_autoptr(PracticeResource) function = find_function (call, error);

  return function != NULL ? describe_concurrency (function) : NULL;
}

/* ---- running ---- */

/* An event that nobody waits for; what fails is tried twice more. */
typedef struct
{
  Practice *practice;
  char     *region;
  char     *name;
  char     *event;
  guint     tries;
} Event;

static void
event_free (gpointer data)
{
  Event *event = data;

  g_free (event->region);
  g_free (event->name);
  g_free (event->event);
  g_free (event);
}

static gboolean
run_event_cb (gpointer data)
{
  Event *event = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *result = practice_lambda_invoke (event->practice, event->region, event->name, event->event, &error);

  if (result == NULL && event->tries < 3)
    {
      Event *again = g_new0 (Event, 1);

      *again = *event;
      again->tries++;
      event->region = event->name = event->event = NULL;
      practice_later (again->practice, practice_scale_delay (again->practice, RETRY_SECONDS * event->tries), run_event_cb, again, event_free);
    }

  return G_SOURCE_REMOVE;
}

static void
take_event (PracticeCall     *call,
            PracticeResource *function,
            const char       *text)
{
  Event *event = g_new0 (Event, 1);

  event->practice = call->practice;
  event->region = g_strdup (function->region);
  event->name = g_strdup (function->id);
  event->event = g_strdup (text);
  event->tries = 1;
  practice_later (call->practice, 0, run_event_cb, event, event_free);
  practice_call_answer_empty (call, 202);
}

static void
answer_run (PracticeCall     *call,
            PracticeResource *function,
            const char       *text)
{
  g_autofree char *request_id = NULL, *log = NULL, *result = NULL, *tail = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) extra = NULL;

  result = practice_lambda_run (call->practice, function, text, &request_id, &log, &error);
  if (g_error_matches (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_THROTTLED))
    {
      extra = json_object_new ();
      json_object_set_string_member (extra, "Reason", "ReservedFunctionConcurrentInvocationLimitExceeded");
      json_object_set_string_member (extra, "Type", "User");
      practice_call_answer_error_extra (call, 429, "TooManyRequestsException", NULL, g_steal_pointer (&extra), error->message);
      return;
    }

  if (result == NULL)
    {
      g_autoptr(JsonObject) description = practice_lambda_describe_error (function, request_id, error);

      result = practice_print_object (description);
      practice_call_set_header (call, "X-Amz-Function-Error", "Unhandled");
    }
  if (g_strcmp0 (practice_call_get_header (call, "X-Amz-Log-Type"), "Tail") == 0)
    {
      gsize length = strlen (log);
      gsize skipped = length > LOG_TAIL ? length - LOG_TAIL : 0;

      tail = g_base64_encode ((const guchar *) log + skipped, length - skipped);
      practice_call_set_header (call, "X-Amz-Log-Result", tail);
    }
  practice_call_set_header (call, "X-Amz-Executed-Version", "$LATEST");
  practice_call_answer_text (call, 200, "application/json", result);
}

static void
invoke (PracticeCall *call)
{
  const char *type = practice_call_get_header (call, "X-Amz-Invocation-Type");
  gsize length = g_bytes_get_size (call->body);
  g_autofree char *text = length > 0 ? g_strndup (g_bytes_get_data (call->body, NULL), length) : g_strdup ("{}");
  g_autoptr(PracticeResource) function = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *resource = dup_resource (call, NULL);
  gboolean event = g_strcmp0 (type, "Event") == 0;

  if (!practice_call_authorize (call, "lambda:InvokeFunction", resource))
    return;

  if (!(function = find_function (call, &error)))
    practice_call_answer_error (call, practice_fault_get_status (error), practice_fault_get_code (error), "%s", error->message);
  else if (length > (event ? EVENT_LIMIT : PAYLOAD_LIMIT))
    practice_call_answer_error (call, 413, "RequestTooLargeException", "Request must be smaller than %d bytes for the %s invocation type",
                                event ? EVENT_LIMIT : PAYLOAD_LIMIT, event ? "Event" : "RequestResponse");
  else if (!(node = json_from_string (text, &error)))
    practice_call_answer_error (call, 400, "InvalidRequestContentException", "Could not parse request body into json: %s",
                                error ? error->message : "nothing is there");
  else if (g_strcmp0 (type, "DryRun") == 0)
    practice_call_answer_empty (call, 204);
  else if (event)
    take_event (call, function, text);
  else if (type == NULL || g_str_equal (type, "RequestResponse"))
    answer_run (call, function, text);
  else
    practice_call_answer_error (call, 400, INVALID, "Value '%s' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]", type);
}

static const PracticeOperation operations[] = {
  { "GetFunction", get_function },
  { "GetFunctionConfiguration", get_function_configuration },
  { "ListFunctions", list_functions },
  { "UpdateFunctionCode", update_function_code },
  { "UpdateFunctionConfiguration", update_function_configuration },
  { "GetAccountSettings", get_account_settings },
  { "PutFunctionConcurrency", put_function_concurrency },
  { "DeleteFunctionConcurrency", delete_function_concurrency },
  { "GetFunctionConcurrency", get_function_concurrency },
  { NULL, }
};

static void
handle (PracticeCall *call)
{
  g_autoptr(JsonObject) input = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *output;

  /* An event may be any JSON */
  if (g_strcmp0 (call->operation, "Invoke") == 0)
    {
      invoke (call);
      return;
    }

  input = g_bytes_get_size (call->body) > 0 ? aws_json_load_object (call->body, &error) : json_object_new ();
  if (input == NULL)
    {
      practice_call_answer_error (call, 400, "InvalidRequestContentException", "Could not parse request body into json: %s", error->message);
      return;
    }

  output = practice_operations_run (call, operations, "lambda", dup_resource, input);
  if (output != NULL && g_strcmp0 (call->operation, "DeleteFunctionConcurrency") == 0)
    {
      json_object_unref (output);
      practice_call_answer_empty (call, 204);
    }
  else if (output != NULL)
    {
      practice_call_answer_json (call, 200, output);
    }
}

static const PracticeService service = {
  .name = "lambda",
  .protocol = PRACTICE_PROTOCOL_REST_JSON,
  .handle = handle,
  .name_operation = name_operation,
  .raw_bodies = TRUE,
};

gboolean
practice_lambda_api_init (Practice  *practice,
                          GError   **error)
{
  if (!practice_lambda_code_init (practice, error))
    return FALSE;

  practice_register_service (practice, &service);
  practice_register_hosts (practice, owns_code_host, handle_code);

  return TRUE;
}
