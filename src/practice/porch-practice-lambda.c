/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "aws-json.h"
#include "porch-practice-dynamodb-private.h"
#include "porch-practice-dynamodb.h"
#include "porch-practice-fault.h"
#include "porch-practice-js.h"
#include "porch-practice-lambda.h"
#include "porch-practice-logs.h"
#include "porch-practice-metrics.h"
#include "porch-practice-policy.h"
#include "porch-practice-rights.h"
#include "porch-practice-ses.h"
#include "porch-practice-sts.h"

#define FUNCTION_TYPE   PRACTICE_FUNCTION_TYPE
#define PERMISSION_TYPE "AWS::Lambda::Permission"

/* One line that a function wrote. */
typedef struct
{
  gint64  time;
  char   *text;
} Line;

/* What a running function may ask its host about. */
typedef struct
{
  Practice   *practice;
  char       *region;
  char       *name;
  char       *role;
  char       *revision;
  char       *log_group;
  char       *log_stream;
  const char *request_id;   /* of the run underway */
  GArray     *lines;        /* of the run underway */
} Instance;

static void
line_clear (gpointer data)
{
  Line *line = data;

  g_free (line->text);
}

static void
instance_free (Instance *self)
{
  g_free (self->region);
  g_free (self->name);
  g_free (self->role);
  g_free (self->revision);
  g_free (self->log_group);
  g_free (self->log_stream);
  g_clear_pointer (&self->lines, g_array_unref);
  g_free (self);
}

static void
add_line (Instance   *self,
          const char *format,
          ...) G_GNUC_PRINTF (2, 3);

static void
add_line (Instance   *self,
          const char *format,
          ...)
{
  Line line = { practice_now (), NULL };
  va_list args;

  va_start (args, format);
  line.text = g_strdup_vprintf (format, args);
  va_end (args);

  g_array_append_val (self->lines, line);
}

/* "2026-11-20T10:00:00.123Z REQUEST LEVEL text", separated by tabs; @text begins with the level. */
static void
add_message (Instance   *self,
             const char *text)
{
  g_autofree char *time = practice_format_time (practice_now ());

  add_line (self, "%s\t%s\t%s\n", time, self->request_id != NULL ? self->request_id : "undefined", text);
}

/* Writes the lines of a run to the log, all at once. */
static char *
write_lines (Instance *self)
{
  GString *log = g_string_new (NULL);
  gboolean begun = practice_db_begin (self->practice->db, NULL);

  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = &g_array_index (self->lines, Line, i);

      practice_log_write (self->practice, self->region, self->log_group, self->log_stream, line->time, line->text);
      g_string_append (log, line->text);
    }
  if (begun)
    practice_db_commit (self->practice->db, NULL);
  g_array_set_size (self->lines, 0);

  return g_string_free (log, FALSE);
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

/* What a policy may ask about a call of DynamoDB: the partition that it is for. NULL when it is for several. */
static char *
find_leading_key (Instance   *self,
                  JsonObject *input)
{
  const char *name = aws_json_get_string (input, "TableName");
  g_autoptr(PracticeTable) table = name != NULL ? practice_table_lookup (self->practice, self->region, name) : NULL;
  JsonObject *item = aws_json_get_object (input, "Key");
  JsonObject *values = aws_json_get_object (input, "ExpressionAttributeValues");
  const char *condition = aws_json_get_string (input, "KeyConditionExpression");
  g_auto(GStrv) words = NULL;
  JsonObject *value = NULL;

  if (table == NULL)
    return NULL;
  if (item == NULL)
    item = aws_json_get_object (input, "Item");

  if (item != NULL)
    {
      value = aws_json_get_object (item, table->pk);
    }
  else if (condition != NULL && values != NULL)
    {
      /* "pk = :pk" or "#pk = :pk AND ..." */
      words = g_strsplit_set (condition, " =", -1);
      for (guint i = 0; words[i] != NULL && value == NULL; i++)
        if (*words[i] == ':')
          value = aws_json_get_object (values, words[i]);
    }

  return g_strdup (value != NULL ? aws_json_get_string (value, "S") : NULL);
}

static gboolean
is_allowed (Instance   *self,
            const char *action,
            const char *resource,
            JsonObject *input)
{
  g_autoptr(GHashTable) context = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  char *key = g_str_has_prefix (action, "dynamodb:") ? find_leading_key (self, input) : NULL;

  if (key != NULL)
    g_hash_table_insert (context, g_strdup ("dynamodb:LeadingKeys"), key);

  return practice_subject_decide (self->practice, self->role, action, resource, context) == PRACTICE_DECISION_ALLOW;
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

  if (!is_allowed (self, action, resource, input))
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
  const char *service = aws_json_get_string (request, "service");
  const char *operation = aws_json_get_string (request, "operation");
  g_autoptr(JsonObject) empty = json_object_new ();
  g_autoptr(JsonObject) answer = json_object_new ();
  JsonObject *details = NULL, *output = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = practice_uuid ();
  gboolean cut_before, cut_after;

  if (practice_faults_apply_to_function (self->practice, g_strcmp0 (service, "DynamoDB") == 0 ? "dynamodb" : "ses", operation,
                                         &cut_before, &cut_after, &error) && !cut_before)
    output = call_service (self, service, operation, input ? input : empty, &details, &error);

  json_object_set_boolean_member (answer, "cut", cut_before || cut_after);
  json_object_set_string_member (answer, "requestId", id);
  json_object_set_int_member (answer, "status", error ? practice_fault_get_status (error) : 200);
  if (output)
    {
      json_object_set_object_member (answer, "output", output);
    }
  else if (error)
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
      add_message (self, text);
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
make_options (PracticeResource *function,
              GHashTable       *files,
              const char       *main_file)
{
  g_autoptr(JsonObject) options = json_object_new ();
  JsonObject *environment = aws_json_get_object (function->properties, "Environment");
  JsonObject *variables = environment ? aws_json_get_object (environment, "Variables") : NULL;
  JsonObject *all = json_object_new ();
  JsonObject *texts = json_object_new ();
  GHashTableIter file;
  gpointer path, contents;
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
  json_object_set_string_member (options, "main", main_file);
  json_object_set_object_member (options, "files", texts);
  g_hash_table_iter_init (&file, files);
  while (g_hash_table_iter_next (&file, &path, &contents))
    json_object_set_string_member (texts, path, contents);

  return to_text (options);
}

/* The stream that an instance writes to */
static char *
make_stream_name (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *day = g_date_time_format (now, "%Y/%m/%d");
  g_autofree char *random = practice_random_id (32, "0123456789abcdef");

  return g_strdup_printf ("%s/[$LATEST]%s", day, random);
}

static Instance *
instance_new (Practice         *practice,
              PracticeResource *function)
{
  JsonObject *logging = aws_json_get_object (function->properties, "LoggingConfig");
  const char *group = logging ? practice_property_string (logging, "LogGroup") : NULL;
  Instance *instance = g_new0 (Instance, 1);

  instance->practice = practice;
  instance->region = g_strdup (function->region);
  instance->name = g_strdup (function->id);
  instance->role = g_strdup (practice_property_string (function->properties, "Role"));
  instance->revision = g_strdup (practice_property_string (function->attributes, "revision"));
  instance->log_group = group ? g_strdup (group) : g_strconcat ("/aws/lambda/", function->id, NULL);
  instance->log_stream = make_stream_name ();
  instance->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_array_set_clear_func (instance->lines, line_clear);

  return instance;
}

/* "index.handler" is in index.js */
static char *
find_main_file (PracticeResource  *function,
                GHashTable        *files,
                GError           **error)
{
  static const char * const endings[] = { ".js", ".cjs" };
  const char *handler = practice_property_string (function->properties, "Handler");
  const char *slash = strrchr (handler, '/');
  const char *dot = strchr (slash ? slash : handler, '.');
  g_autofree char *stem = dot ? g_strndup (handler, dot - handler) : g_strdup (handler);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (stem, endings[i], NULL);

      if (g_hash_table_contains (files, name))
        return g_steal_pointer (&name);
    }

  g_set_error (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_SYNTAX,
               "Runtime.ImportModuleError: Error: Cannot find module '%s'", stem);

  return NULL;
}

static PracticeScript *
start_instance (Practice          *practice,
                PracticeResource  *function,
                Instance          *instance,
                GError           **error)
{
  const char *runtime = practice_property_string (function->properties, "Runtime");
  g_autoptr(GHashTable) files = NULL;
  g_autofree char *main_file = NULL, *wrapped = NULL, *options = NULL, *path = NULL;

  if (!g_str_has_prefix (runtime, "nodejs"))
    g_set_error (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_SYNTAX,
                 "The practice cloud runs functions for Node.js only, not for %s", runtime);
  else if ((files = practice_lambda_code_load (practice, function, error)))
    main_file = find_main_file (function, files, error);

  if (main_file == NULL)
    {
      instance_free (instance);
      return NULL;
    }

  wrapped = g_strdup_printf ("(function (exports, require, module, __filename, __dirname) {%s\n})", (char *) g_hash_table_lookup (files, main_file));
  options = make_options (function, files, main_file);
  path = g_strconcat ("/var/task/", main_file, NULL);

  return practice_script_new ("node-runtime.js", options, wrapped, path, host, instance, (GDestroyNotify) instance_free, error);
}

static char *
make_call (PracticeResource *function,
           Instance         *instance,
           const char       *event)
{
  g_autoptr(JsonObject) context = json_object_new ();
  g_autofree char *memory = g_strdup_printf ("%" G_GINT64_FORMAT, practice_property_int (function->properties, "MemorySize", 128));
  g_autofree char *text = NULL;

  json_object_set_string_member (context, "awsRequestId", instance->request_id);
  json_object_set_string_member (context, "functionName", function->id);
  json_object_set_string_member (context, "functionVersion", "$LATEST");
  json_object_set_string_member (context, "invokedFunctionArn", practice_property_string (function->attributes, "Arn"));
  json_object_set_string_member (context, "memoryLimitInMB", memory);
  json_object_set_string_member (context, "logGroupName", instance->log_group);
  json_object_set_string_member (context, "logStreamName", instance->log_stream);
  text = to_text (context);

  return g_strdup_printf ("{\"event\":%s,\"context\":%s}", event, text);
}

static void
count_run (Practice   *practice,
           const char *region,
           const char *name,
           gboolean    failed,
           gboolean    throttled,
           double      msec)
{
  const struct { const char *name, *unit; double value; gboolean wanted; } counts[] = {
    { "Invocations", "Count", 1, !throttled },
    { "Errors", "Count", failed ? 1 : 0, !throttled },
    { "Duration", "Milliseconds", msec, !throttled },
    { "Throttles", "Count", throttled ? 1 : 0, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      if (!counts[i].wanted)
        continue;
      practice_metric_add (practice, region, "AWS/Lambda", counts[i].name, counts[i].unit, counts[i].value, "FunctionName", name, NULL);
      practice_metric_add (practice, region, "AWS/Lambda", counts[i].name, counts[i].unit, counts[i].value, NULL);
    }
}

JsonObject *
practice_lambda_describe_error (PracticeResource *function,
                                const char       *request_id,
                                const GError     *error)
{
  g_autoptr(JsonNode) node = json_from_string (error->message, NULL);
  const char *message = error->message + (g_str_has_prefix (error->message, "Error: Runtime.") ? strlen ("Error: ") : 0);
  const char *colon = g_str_has_prefix (message, "Runtime.") ? strstr (message, ": ") : NULL;
  JsonObject *description = NULL;
  g_autofree char *text = NULL;

  /* What was thrown comes described already */
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_dup_object (node);

  description = json_object_new ();
  if (error->code == PRACTICE_SCRIPT_ERROR_TIMEOUT)
    {
      text = g_strdup_printf ("RequestId: %s Error: Task timed out after %" G_GINT64_FORMAT ".00 seconds", request_id,
                              practice_property_int (function->properties, "Timeout", 3));
      json_object_set_string_member (description, "errorType", "Sandbox.Timedout");
      json_object_set_string_member (description, "errorMessage", text);
      return description;
    }

  if (colon != NULL)
    text = g_strndup (message, colon - message);
  else
    text = g_strdup (error->code == PRACTICE_SCRIPT_ERROR_SYNTAX ? "Runtime.UserCodeSyntaxError" : "Error");
  json_object_set_string_member (description, "errorType", text);
  json_object_set_string_member (description, "errorMessage", colon != NULL ? colon + 2 : message);
  json_object_set_array_member (description, "trace", json_array_new ());

  return description;
}

/* The warm instance, if its code is that of the function */
static PracticeScript *
find_instance (Practice         *practice,
               PracticeResource *function,
               const char       *arn)
{
  PracticeScript *script = g_hash_table_lookup (get_instances (), arn);
  Instance *instance = script ? practice_script_get_data (script) : NULL;

  return instance && instance->practice == practice &&
         g_strcmp0 (instance->revision, practice_property_string (function->attributes, "revision")) == 0 ? script : NULL;
}

static char *
run (Practice          *practice,
     PracticeResource  *function,
     const char        *event,
     const char        *request_id,
     Instance          *failed,
     Instance         **instance,
     GError           **error)
{
  const char *arn = practice_property_string (function->attributes, "Arn");
  PracticeScript *script = find_instance (practice, function, arn);
  g_autofree char *call = NULL;
  char *result = NULL;

  if (script == NULL && (script = start_instance (practice, function, instance_new (practice, function), error)))
    g_hash_table_replace (get_instances (), g_strdup (arn), script);

  *instance = script ? practice_script_get_data (script) : failed;
  (*instance)->request_id = request_id;
  add_line (*instance, "START RequestId: %s Version: $LATEST\n", request_id);
  if (script != NULL)
    {
      call = make_call (function, *instance, event);
      result = practice_script_call (script, call, error);
    }

  return result;
}

/**
 * practice_lambda_run:
 * @practice: the practice cloud
 * @function: a function
 * @event: the event, as JSON
 * @request_id: (out): the number of the run
 * @log: (out) (nullable): everything that was logged
 * @error: return location for an error
 *
 * Runs a function. What it logs goes to its group of logs.
 *
 * Returns: (transfer full) (nullable): what it returned, as JSON
 */
char *
practice_lambda_run (Practice          *practice,
                     PracticeResource  *function,
                     const char        *event,
                     char             **request_id,
                     char             **log,
                     GError           **error)
{
  const char *arn = practice_property_string (function->attributes, "Arn");
  Instance *failed, *instance = NULL;
  gint64 began = g_get_monotonic_time ();
  g_autoptr(GError) problem = NULL;
  PracticeScript *script;
  char *result;
  double msec;

  *log = NULL;
  *request_id = practice_uuid ();
  if (practice_property_int (function->properties, "ReservedConcurrentExecutions", -1) == 0)
    {
      count_run (practice, function->region, function->id, FALSE, TRUE, 0);
      g_set_error_literal (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_THROTTLED, "Rate Exceeded.");
      return NULL;
    }

  /* What can't be loaded has its words in the log too */
  failed = instance_new (practice, function);
  result = run (practice, function, event, *request_id, failed, &instance, &problem);
  if (problem != NULL)
    {
      g_autoptr(JsonObject) description = practice_lambda_describe_error (function, *request_id, problem);
      g_autofree char *text = to_text (description);
      g_autofree char *message = g_strconcat ("ERROR\tInvoke Error \t", text, NULL);

      add_message (instance, message);
    }

  msec = (g_get_monotonic_time () - began) / 1000.0;
  add_line (instance, "END RequestId: %s\n", *request_id);
  /* AWS ends the line with the memory that was used, which nobody measures here */
  add_line (instance, "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %" G_GINT64_FORMAT " MB\t\n",
            *request_id, msec, ceil (msec), practice_property_int (function->properties, "MemorySize", 128));
  *log = write_lines (instance);
  instance->request_id = NULL;
  count_run (practice, function->region, function->id, result == NULL, FALSE, msec);

  instance_free (failed);
  script = g_hash_table_lookup (get_instances (), arn);
  if (script != NULL && practice_script_is_spent (script))
    g_hash_table_remove (get_instances (), arn);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));

  return result;
}

char *
practice_lambda_invoke (Practice    *practice,
                        const char  *region,
                        const char  *name_or_arn,
                        const char  *event,
                        GError     **error)
{
  g_autoptr(PracticeResource) function = practice_lambda_lookup (practice, region, name_or_arn);
  g_autofree char *request_id = NULL, *log = NULL;

  if (function == NULL)
    {
      g_set_error (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_SYNTAX, "Function not found: %s", name_or_arn);
      return NULL;
    }

  return practice_lambda_run (practice, function, event, &request_id, &log, error);
}

void
practice_lambda_shutdown (Practice *practice)
{
  g_private_replace (&instances, NULL);
}
