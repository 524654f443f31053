/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-cloudfront-private.h"
#include "porch-practice-edge.h"
#include "porch-practice-js.h"
#include "porch-practice-kvs.h"
#include "porch-practice-logs.h"
#include "porch-practice-metrics.h"
#include "porch-practice-resources.h"

#define FUNCTION_TYPE CLOUDFRONT_FUNCTION_TYPE

/* Bodies that functions make */
#define MAX_BODY_BYTES (40 * 1024)

typedef struct
{
  Practice  *practice;
  char      *name;
  char      *store;
  char      *revision;
  GPtrArray *logs;       /* of a test; else lines go to the log group */
} Instance;

static GPrivate instances = G_PRIVATE_INIT ((GDestroyNotify) g_hash_table_unref);

static void
instance_free (Instance *self)
{
  g_free (self->name);
  g_free (self->store);
  g_free (self->revision);
  g_free (self);
}

/* Loaded functions by ARN. */
static GHashTable *
get_instances (void)
{
  if (g_private_get (&instances) == NULL)
    g_private_set (&instances, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) practice_script_free));

  return g_private_get (&instances);
}

void
practice_edge_forget_functions (void)
{
  g_private_replace (&instances, NULL);
}

void
practice_edge_request_clear (PracticeEdgeRequest *request)
{
  g_clear_pointer (&request->uri, g_free);
  g_clear_pointer (&request->query, g_free);
  g_clear_pointer (&request->headers, soup_message_headers_unref);
}

static char *
to_text (JsonObject *object)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (object);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static char *
describe_store (Instance *self)
{
  g_autoptr(PracticeKvs) store = self->store ? practice_kvs_lookup (self->practice, self->store) : NULL;
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *created = NULL, *modified = NULL;

  if (store == NULL)
    return NULL;

  created = practice_format_time (store->created);
  modified = practice_format_time (store->modified);
  json_object_set_string_member (object, "creationDateTime", created);
  json_object_set_string_member (object, "lastUpdatedDateTime", modified);
  json_object_set_int_member (object, "keyCount", store->item_count);

  return to_text (object);
}

/* Functions at the edge write to one region, wherever they ran */
static void
write_log (Practice   *practice,
           const char *name,
           const char *text)
{
  g_autofree char *group = g_strconcat ("/aws/cloudfront/function/", name, NULL);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stream = g_date_time_format (now, "%Y/%-m/%-d/practice");

  practice_log_write (practice, "us-east-1", group, stream, practice_now (), text);
}

static char *
host (const char *name,
      const char *text,
      gpointer    data)
{
  Instance *self = data;

  if (g_str_equal (name, "kvs"))
    {
      g_autoptr(JsonNode) node = json_from_string (text, NULL);

      return self->store ? practice_kvs_get (self->practice, self->store, aws_json_array_get_string (json_node_get_array (node), 1)) : NULL;
    }
  if (g_str_equal (name, "kvs-meta"))
    return describe_store (self);
  if (g_str_equal (name, "log") && self->logs)
    {
      g_ptr_array_add (self->logs, g_strdup (text));
    }
  else if (g_str_equal (name, "log"))
    {
      write_log (self->practice, self->name, text);
    }

  return NULL;
}

/* The engine takes a module's import only from files, so the loader turns the one kind there is into a look-up. */
static char *
wrap_code (const char *code)
{
  g_autoptr(GRegex) import = g_regex_new ("^[ \\t]*import[ \\t]+([A-Za-z_$][\\w$]*)[ \\t]+from[ \\t]+(['\"])([^'\"\\n]+)\\2[ \\t]*;?",
                                          G_REGEX_MULTILINE, G_REGEX_MATCH_DEFAULT, NULL);
  g_autofree char *loaded = g_regex_replace (import, code, -1, 0, "const \\1 = __import('\\3');", G_REGEX_MATCH_DEFAULT, NULL);

  return g_strdup_printf ("(function (__import, console) { 'use strict'; %s\nreturn typeof handler === 'function' ? handler : undefined; })", loaded);
}

static PracticeScript *
load_function (Practice    *practice,
               JsonObject  *properties,
               const char  *revision,
               GError     **error)
{
  JsonObject *config = aws_json_get_object (properties, "FunctionConfig");
  JsonArray *stores = aws_json_get_array (config, "KeyValueStoreAssociations");
  const char *store = stores && json_array_get_length (stores) > 0
                      ? practice_property_string (aws_json_array_get_object (stores, 0), "KeyValueStoreARN") : NULL;
  g_autofree char *wrapped = wrap_code (practice_property_string (properties, "FunctionCode"));
  g_autoptr(JsonObject) options = json_object_new ();
  g_autofree char *text = NULL;
  Instance *instance = g_new0 (Instance, 1);

  instance->practice = practice;
  instance->name = g_strdup (practice_property_string (properties, "Name"));
  instance->store = g_strdup (store);
  instance->revision = g_strdup (revision);

  json_object_set_string_member (options, "store", store ? store : "");
  json_object_set_string_member (options, "region", practice->region);
  text = to_text (options);

  return practice_script_new ("edge-runtime.js", text, wrapped, "function.js", host, instance, (GDestroyNotify) instance_free, error);
}

gboolean
practice_edge_check_function (Practice    *practice,
                              JsonObject  *properties,
                              GError     **error)
{
  g_autoptr(PracticeScript) script = load_function (practice, properties, NULL, error);

  return script != NULL;
}

/**
 * practice_edge_test_function:
 * @practice: the practice cloud
 * @properties: a stage of a function
 * @event: the event, as JSON
 * @logs: (element-type utf8): where the lines go that it writes
 * @error: return location for an error
 *
 * Runs a function without a visitor.
 *
 * Returns: (transfer full) (nullable): what it made of the event: {"request": ...} or {"response": ...}
 */
char *
practice_edge_test_function (Practice    *practice,
                             JsonObject  *properties,
                             const char  *event,
                             GPtrArray   *logs,
                             GError     **error)
{
  g_autoptr(PracticeScript) script = load_function (practice, properties, NULL, error);
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonObject) output = NULL;
  gboolean answered;

  if (script == NULL)
    return NULL;

  ((Instance *) practice_script_get_data (script))->logs = logs;
  if (!(text = practice_script_call (script, event, error)))
    return NULL;

  node = json_from_string (text, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_THROWN, "The function returned an invalid value.");
      return NULL;
    }
  answered = json_object_has_member (json_node_get_object (node), "statusCode");
  output = json_object_new ();
  json_object_set_member (output, answered ? "response" : "request", g_steal_pointer (&node));

  return to_text (output);
}

static PracticeScript *
get_function (Practice    *practice,
              const char  *arn,
              GError     **error)
{
  PracticeScript *script = g_hash_table_lookup (get_instances (), arn);
  g_autofree char *revision = practice_resource_dup_attribute (practice, FUNCTION_TYPE, "", arn, "revision");
  g_autoptr(PracticeResource) function = NULL;

  if (script && revision && g_strcmp0 (((Instance *) practice_script_get_data (script))->revision, revision) == 0)
    return script;

  if (!(function = practice_resource_lookup (practice, FUNCTION_TYPE, "", arn)))
    {
      g_set_error (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_SYNTAX, "The function %s does not exist", arn);
      return NULL;
    }

  script = load_function (practice, practice_function_get_live (function), revision, error);
  if (script)
    g_hash_table_replace (get_instances (), g_strdup (arn), script);

  return script;
}

/* ---- the event ---- */

/* {"value": first, "multiValue": [...]} of headers, cookies and fields of the query; the second only when there are more. */
static void
add_value (JsonObject *object,
           const char *name,
           const char *value)
{
  JsonObject *entry = aws_json_get_object (object, name);
  JsonObject *one = json_object_new ();
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  json_object_set_string_member (one, "value", valid);
  if (entry == NULL)
    {
      json_object_set_object_member (object, name, one);
      return;
    }

  if (!json_object_has_member (entry, "multiValue"))
    {
      JsonArray *list = json_array_new ();
      JsonObject *first = json_object_new ();

      json_object_set_string_member (first, "value", json_object_get_string_member (entry, "value"));
      json_array_add_object_element (list, first);
      json_object_set_array_member (entry, "multiValue", list);
    }
  json_array_add_object_element (json_object_get_array_member (entry, "multiValue"), one);
}

static JsonObject *
split_fields (const char *text,
              const char *separator)
{
  g_auto(GStrv) parts = g_strsplit (text ? text : "", separator, -1);
  JsonObject *fields = json_object_new ();

  for (guint i = 0; parts[i]; i++)
    {
      char *equals = strchr (parts[i], '=');
      g_autofree char *name = NULL;

      if (equals)
        *equals++ = '\0';
      name = g_utf8_make_valid (g_strstrip (parts[i]), -1);
      if (*name)
        add_value (fields, name, equals ? equals : "");
    }

  return fields;
}

static JsonObject *
describe_request (PracticeEdgeRequest *request)
{
  JsonObject *object = json_object_new ();
  JsonObject *headers = json_object_new ();
  const char *cookies = soup_message_headers_get_list (request->headers, "Cookie");
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, request->headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      g_autofree char *lower = g_ascii_strdown (name, -1);

      if (!g_str_equal (lower, "cookie"))
        add_value (headers, lower, value);
    }

  json_object_set_string_member (object, "method", request->method);
  json_object_set_string_member (object, "uri", request->uri);
  json_object_set_object_member (object, "querystring", split_fields (request->query, "&"));
  json_object_set_string_member (object, "rawQueryString", request->query ? request->query : "");
  json_object_set_object_member (object, "headers", headers);
  json_object_set_object_member (object, "cookies", split_fields (cookies, ";"));

  return object;
}

static char *
make_event (PracticeCall         *call,
            PracticeDistribution *distribution,
            PracticeEdgeRequest  *request)
{
  g_autoptr(JsonObject) event = json_object_new ();
  JsonObject *context = json_object_new ();
  JsonObject *viewer = json_object_new ();

  json_object_set_string_member (event, "version", "1.0");
  json_object_set_string_member (context, "distributionDomainName", distribution->domain_name);
  json_object_set_string_member (context, "distributionId", distribution->id);
  json_object_set_string_member (context, "eventType", "viewer-request");
  json_object_set_string_member (context, "requestId", call->request_id);
  json_object_set_object_member (event, "context", context);
  json_object_set_string_member (viewer, "ip", soup_server_message_get_remote_host (call->message));
  json_object_set_object_member (event, "viewer", viewer);
  json_object_set_object_member (event, "request", describe_request (request));

  return to_text (event);
}

/* ---- the result ---- */

/* Headers that a function must not write. */
static gboolean
is_forbidden (const char *name)
{
  static const char *names[] = {
    "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "trailer", "upgrade",
    "x-accel-buffering", "x-accel-charset", "x-accel-limit-rate", "x-accel-redirect", "x-cache", "x-forwarded-proto", "x-real-ip",
    "via", "transfer-encoding", "content-length", NULL
  };

  return g_strv_contains (names, name) || g_str_has_prefix (name, "x-amz-cf-") || g_str_has_prefix (name, "x-edge-");
}

static void
append_values (SoupMessageHeaders *headers,
               const char         *name,
               JsonObject         *entry)
{
  JsonArray *list = aws_json_get_array (entry, "multiValue");

  for (guint i = 0; list && i < json_array_get_length (list); i++)
    {
      const char *value = practice_property_string (aws_json_array_get_object (list, i), "value");

      if (value)
        soup_message_headers_append (headers, name, value);
    }
  if (list == NULL)
    soup_message_headers_append (headers, name, practice_property_string (entry, "value"));
}

/* Checks header objects; what the visitor sent may stay, forbidden or not. */
static gboolean
check_headers (JsonObject         *headers,
               SoupMessageHeaders *sent)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, headers);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonObject *entry = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *value = entry ? practice_property_string (entry, "value") : NULL;
      const char *old = sent ? soup_message_headers_get_one (sent, name) : NULL;

      if (value == NULL || strpbrk (value, "\r\n") || *name == '\0')
        return FALSE;
      if (is_forbidden (name) && g_strcmp0 (old, value) != 0)
        return FALSE;
      if (sent && g_str_equal (name, "host") && g_strcmp0 (old, value) != 0)
        return FALSE;
    }

  return TRUE;
}

static char *
join_fields (JsonObject *fields,
             const char *separator)
{
  g_autoptr(GString) text = g_string_new (NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, fields);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonObject *entry = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonArray *list = entry ? aws_json_get_array (entry, "multiValue") : NULL;

      for (guint i = 0; i < (list ? json_array_get_length (list) : 1); i++)
        {
          const char *value = practice_property_string (list ? aws_json_array_get_object (list, i) : entry, "value");

          g_string_append_printf (text, "%s%s", text->len ? separator : "", name);
          if (value && *value)
            g_string_append_printf (text, "=%s", value);
        }
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
take_request (PracticeEdgeRequest *request,
              JsonObject          *result)
{
  const char *uri = practice_property_string (result, "uri");
  JsonObject *headers = aws_json_get_object (result, "headers");
  JsonObject *cookies = aws_json_get_object (result, "cookies");
  JsonObject *query = aws_json_get_object (result, "querystring");
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (uri == NULL || *uri != '/' || strpbrk (uri, "\r\n ?#") || headers == NULL || !check_headers (headers, request->headers) ||
      g_strcmp0 (practice_property_string (result, "method"), request->method) != 0)
    return FALSE;

  g_set_str (&request->uri, uri);
  g_clear_pointer (&request->headers, soup_message_headers_unref);
  request->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  json_object_iter_init_ordered (&iter, headers);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    append_values (request->headers, name, json_node_get_object (node));

  if (cookies && json_object_get_size (cookies) > 0)
    {
      g_autofree char *text = join_fields (cookies, "; ");

      soup_message_headers_replace (request->headers, "Cookie", text);
    }
  if (query)
    {
      g_free (request->query);
      request->query = join_fields (query, "&");
    }

  return TRUE;
}

static gboolean
take_body (PracticeAnswer *answer,
           JsonObject     *result)
{
  JsonNode *body = json_object_get_member (result, "body");
  JsonObject *object = body && JSON_NODE_HOLDS_OBJECT (body) ? json_node_get_object (body) : NULL;
  const char *encoding = object ? practice_property_string (object, "encoding") : "text";
  const char *data = object ? practice_property_string (object, "data") : practice_property_string (result, "body");

  if (body == NULL)
    return TRUE;
  if (data == NULL || (g_strcmp0 (encoding, "text") != 0 && g_strcmp0 (encoding, "base64") != 0))
    return FALSE;

  if (*encoding == 't')
    {
      answer->body = g_bytes_new (data, strlen (data));
    }
  else
    {
      gsize length;
      guchar *bytes = g_base64_decode (data, &length);

      answer->body = g_bytes_new_take (bytes, length);
    }

  return g_bytes_get_size (answer->body) <= MAX_BODY_BYTES;
}

static gboolean
take_response (PracticeAnswer *answer,
               JsonObject     *result)
{
  JsonObject *headers = aws_json_get_object (result, "headers");
  JsonObject *cookies = aws_json_get_object (result, "cookies");
  gint64 status = practice_property_int (result, "statusCode", 0);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (status < 200 || status > 599 || (headers && !check_headers (headers, NULL)))
    return FALSE;

  practice_answer_clear (answer);
  practice_answer_init (answer);
  answer->status = status;
  answer->cache_result = "FunctionGeneratedResponse from cloudfront";
  if (headers)
    {
      json_object_iter_init_ordered (&iter, headers);
      while (json_object_iter_next_ordered (&iter, &name, &node))
        append_values (answer->headers, name, json_node_get_object (node));
    }
  if (cookies)
    {
      json_object_iter_init_ordered (&iter, cookies);
      while (json_object_iter_next_ordered (&iter, &name, &node))
        {
          JsonObject *cookie = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
          const char *attributes = cookie ? practice_property_string (cookie, "attributes") : NULL;
          const char *value = cookie ? practice_property_string (cookie, "value") : NULL;
          g_autofree char *text = g_strdup_printf ("%s=%s%s%s", name, value ? value : "", attributes ? "; " : "", attributes ? attributes : "");

          if (!strpbrk (text, "\r\n"))
            soup_message_headers_append (answer->headers, "Set-Cookie", text);
        }
    }

  return take_body (answer, result);
}

static PracticeEdgeOutcome
run_function (PracticeCall         *call,
              PracticeDistribution *distribution,
              const char           *function_arn,
              PracticeEdgeRequest  *request,
              PracticeAnswer       *answer)
{
  g_autoptr(GError) error = NULL;
  PracticeScript *script = get_function (call->practice, function_arn, &error);
  g_autofree char *event = script ? make_event (call, distribution, request) : NULL;
  g_autofree char *text = script ? practice_script_call (script, event, &error) : NULL;
  g_autoptr(JsonNode) node = text ? json_from_string (text, NULL) : NULL;
  JsonObject *result;

  if (script && practice_script_is_spent (script))
    g_hash_table_remove (get_instances (), function_arn);
  if (text == NULL)
    {
      g_debug ("An edge function failed: %s", error->message);
      write_log (call->practice, strrchr (function_arn, '/') + 1, error->message);
      return PRACTICE_EDGE_THROWN;
    }

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return PRACTICE_EDGE_INVALID;
  result = json_node_get_object (node);
  if (json_object_has_member (result, "statusCode"))
    return take_response (answer, result) ? PRACTICE_EDGE_ANSWERED : PRACTICE_EDGE_INVALID;

  return take_request (request, result) ? PRACTICE_EDGE_GO_ON : PRACTICE_EDGE_INVALID;
}

static void
count_run (Practice            *practice,
           const char          *name,
           PracticeEdgeOutcome  outcome)
{
  practice_metric_add (practice, "us-east-1", "AWS/CloudFront", "FunctionInvocations", "None", 1, "FunctionName", name, "Region", "Global", NULL);
  practice_metric_add (practice, "us-east-1", "AWS/CloudFront", "FunctionExecutionErrors", "None", outcome == PRACTICE_EDGE_THROWN,
                       "FunctionName", name, "Region", "Global", NULL);
  practice_metric_add (practice, "us-east-1", "AWS/CloudFront", "FunctionValidationErrors", "None", outcome == PRACTICE_EDGE_INVALID,
                       "FunctionName", name, "Region", "Global", NULL);
}

/**
 * practice_edge_run_function:
 * @call: the visitor's call
 * @distribution: the site
 * @function_arn: its function for viewer requests
 * @request: (inout): the request
 * @answer: (inout): set when the function answers
 *
 * Returns: what became of it
 */
PracticeEdgeOutcome
practice_edge_run_function (PracticeCall         *call,
                            PracticeDistribution *distribution,
                            const char           *function_arn,
                            PracticeEdgeRequest  *request,
                            PracticeAnswer       *answer)
{
  PracticeEdgeOutcome outcome = run_function (call, distribution, function_arn, request, answer);

  count_run (call->practice, strrchr (function_arn, '/') + 1, outcome);

  return outcome;
}
