/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "porch-practice-api.h"

#include <string.h>

#include "aws-json.h"
#include "aws-uri.h"
#include "porch-practice-js.h"
#include "porch-practice-lambda.h"

#define STAGE_TYPE       "AWS::ApiGatewayV2::Stage"
#define INTEGRATION_TYPE "AWS::ApiGatewayV2::Integration"
#define ROUTE_TYPE       "AWS::ApiGatewayV2::Route"

/* A token bucket: full at first, filled up with time. */
typedef struct
{
  double tokens;
  gint64 time;
} Throttle;

static GPrivate throttles = G_PRIVATE_INIT ((GDestroyNotify) g_hash_table_unref);

void
practice_answer_init (PracticeAnswer *answer)
{
  answer->status = 200;
  answer->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  answer->body = NULL;
  answer->cache_result = "Miss from cloudfront";
}

void
practice_answer_clear (PracticeAnswer *answer)
{
  g_clear_pointer (&answer->headers, soup_message_headers_unref);
  g_clear_pointer (&answer->body, g_bytes_unref);
}

/* Takes the place of whatever the answer was. */
void
practice_answer_set_text (PracticeAnswer *answer,
                          guint           status,
                          const char     *content_type,
                          const char     *text)
{
  practice_answer_clear (answer);
  practice_answer_init (answer);
  answer->status = status;
  answer->body = g_bytes_new (text, strlen (text));
  soup_message_headers_replace (answer->headers, "Content-Type", content_type);
}

static void
answer_message (PracticeAnswer *answer,
                guint           status,
                const char     *message)
{
  g_autofree char *text = g_strdup_printf ("{\"message\":\"%s\"}", message);

  practice_answer_set_text (answer, status, "application/json", text);
}

gboolean
practice_api_parse_host (const char  *host,
                         char       **api_id,
                         char       **region)
{
  static const char *mark = ".execute-api.";
  const char *found = strstr (host, mark);
  const char *rest = found ? found + strlen (mark) : NULL;

  if (found == NULL || (!g_str_equal (rest, "localhost") && !g_str_has_suffix (rest, ".amazonaws.com")))
    return FALSE;

  *api_id = g_strndup (host, found - host);
  *region = g_str_equal (rest, "localhost") ? NULL : g_strndup (rest, strlen (rest) - strlen (".amazonaws.com"));

  return TRUE;
}

/* Each route has a bucket of its own, with the settings that the stage has for all. */
static gboolean
is_throttled (PracticeResource *stage,
              PracticeResource *route)
{
  JsonObject *settings = aws_json_get_object (stage->properties, "DefaultRouteSettings");
  double rate = settings && json_object_has_member (settings, "ThrottlingRateLimit")
                ? json_object_get_double_member (settings, "ThrottlingRateLimit") : 10000;
  double burst = practice_property_int (settings, "ThrottlingBurstLimit", 5000);
  GHashTable *table = g_private_get (&throttles);
  g_autofree char *key = g_strdup_printf ("%s %s", stage->id, route->id);
  gint64 now = g_get_monotonic_time ();
  Throttle *throttle;

  if (table == NULL)
    {
      table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_private_set (&throttles, table);
    }

  throttle = g_hash_table_lookup (table, key);
  if (throttle == NULL)
    {
      throttle = g_new0 (Throttle, 1);
      throttle->tokens = burst;
      throttle->time = now;
      g_hash_table_insert (table, g_steal_pointer (&key), throttle);
    }

  throttle->tokens = MIN (burst, throttle->tokens + rate * (now - throttle->time) / G_USEC_PER_SEC);
  throttle->time = now;
  if (throttle->tokens < 1)
    return TRUE;

  throttle->tokens--;

  return FALSE;
}

/* The $default stage takes all paths, a named one those under its name. */
static PracticeResource *
find_stage (Practice                  *practice,
            const PracticeApiRequest  *request,
            const char               **path)
{
  g_auto(GStrv) parts = g_strsplit (request->raw_path, "/", 3);
  g_autofree char *own = g_strdup_printf ("%s/%s", request->api_id, g_strv_length (parts) > 1 ? parts[1] : "");
  g_autofree char *fallback = g_strdup_printf ("%s/$default", request->api_id);
  PracticeResource *stage = practice_resource_lookup (practice, STAGE_TYPE, request->region, own);

  *path = request->raw_path;
  if (stage)
    {
      *path += 1 + strlen (parts[1]);
      if (**path == '\0')
        *path = "/";
      return stage;
    }

  return practice_resource_lookup (practice, STAGE_TYPE, request->region, fallback);
}

/* Whether a route's path, which may have {name} and {name+}, matches; a better match has the higher rank. */
static gboolean
path_matches (const char *pattern,
              const char *path,
              JsonObject *parameters,
              guint      *rank)
{
  g_auto(GStrv) wanted = g_strsplit (pattern, "/", -1);
  g_auto(GStrv) given = g_strsplit (path, "/", -1);
  guint i;

  *rank = 0;
  for (i = 0; wanted[i]; i++)
    {
      gsize length = strlen (wanted[i]);

      if (length > 2 && wanted[i][0] == '{' && g_str_has_suffix (wanted[i], "+}"))
        {
          g_autofree char *name = g_strndup (wanted[i] + 1, length - 3);
          g_autofree char *rest = given[i] ? g_strjoinv ("/", given + i) : NULL;

          if (rest == NULL)
            return FALSE;
          json_object_set_string_member (parameters, name, rest);
          return TRUE;
        }
      if (given[i] == NULL)
        return FALSE;
      if (length > 2 && wanted[i][0] == '{' && wanted[i][length - 1] == '}')
        {
          g_autofree char *name = g_strndup (wanted[i] + 1, length - 2);

          if (*given[i] == '\0')
            return FALSE;
          json_object_set_string_member (parameters, name, given[i]);
          *rank += 1;
        }
      else if (!g_str_equal (wanted[i], given[i]))
        {
          return FALSE;
        }
      else
        {
          *rank += 2;
        }
    }

  return given[i] == NULL;
}

static PracticeResource *
find_route (Practice                  *practice,
            const PracticeApiRequest  *request,
            const char                *path,
            JsonObject               **parameters)
{
  g_autoptr(GPtrArray) routes = practice_resource_list (practice, ROUTE_TYPE, request->region);
  int best = -1;
  guint best_rank = 0;

  for (guint i = 0; i < routes->len; i++)
    {
      PracticeResource *route = g_ptr_array_index (routes, i);
      const char *key = practice_property_string (route->properties, "RouteKey");
      const char *space = strchr (key, ' ');
      g_autoptr(JsonObject) found = json_object_new ();
      guint rank = 0;

      if (g_strcmp0 (practice_property_string (route->properties, "ApiId"), request->api_id) != 0)
        continue;
      if (space && !g_str_has_prefix (key, "ANY ") &&
          (strlen (request->method) != (gsize) (space - key) || strncmp (key, request->method, space - key) != 0))
        continue;
      if (space && !path_matches (space + 1, path, found, &rank))
        continue;

      rank = space ? 2 + 2 * rank + !g_str_has_prefix (key, "ANY ") : 1;
      if (rank > best_rank)
        {
          best = i;
          best_rank = rank;
          g_clear_pointer (parameters, json_object_unref);
          *parameters = g_steal_pointer (&found);
        }
    }

  return best < 0 ? NULL : g_ptr_array_steal_index (routes, best);
}

static gboolean
is_text_type (const char *type)
{
  static const char *types[] = { "application/json", "application/xml", "application/javascript", NULL };
  g_autofree char *bare = type ? g_ascii_strdown (type, strcspn (type, ";")) : NULL;

  return bare && (g_str_has_prefix (bare, "text/") || g_strv_contains (types, g_strstrip (bare)));
}

/* Who called is written behind whom the caller speaks for. */
static void
add_forwarded (JsonObject *all,
               const char *source_ip)
{
  const char *before = aws_json_get_string (all, "x-forwarded-for");
  g_autofree char *forwarded = before != NULL ? g_strdup_printf ("%s, %s", before, source_ip) : g_strdup (source_ip);

  json_object_set_string_member (all, "x-forwarded-for", forwarded);
}

static void
add_headers (JsonObject               *event,
             const PracticeApiRequest *request)
{
  JsonObject *all = json_object_new ();
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, request->headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      g_autofree char *lower = g_ascii_strdown (name, -1);
      g_autofree char *text = g_utf8_make_valid (value, -1);

      if (g_str_equal (lower, "cookie"))
        {
          g_auto(GStrv) cookies = g_strsplit (text, ";", -1);
          JsonArray *list = json_array_new ();

          for (guint i = 0; cookies[i]; i++)
            json_array_add_string_element (list, g_strstrip (cookies[i]));
          json_object_set_array_member (event, "cookies", list);
        }
      else if (json_object_has_member (all, lower))
        {
          g_autofree char *joined = g_strdup_printf ("%s,%s", json_object_get_string_member (all, lower), text);

          json_object_set_string_member (all, lower, joined);
        }
      else
        {
          json_object_set_string_member (all, lower, text);
        }
    }

  add_forwarded (all, request->source_ip);
  json_object_set_object_member (event, "headers", all);
}

static void
add_query (JsonObject *event,
           const char *raw_query)
{
  g_auto(GStrv) pairs = g_strsplit (raw_query ? raw_query : "", "&", -1);
  JsonObject *all = json_object_new ();

  for (guint i = 0; pairs[i]; i++)
    {
      char *equals = strchr (pairs[i], '=');
      g_autofree char *name = aws_uri_decode (pairs[i], equals ? equals - pairs[i] : -1, TRUE);
      g_autofree char *value = equals ? aws_uri_decode (equals + 1, -1, TRUE) : g_strdup ("");

      if (name == NULL || value == NULL || *name == '\0')
        continue;
      if (json_object_has_member (all, name))
        {
          g_autofree char *joined = g_strdup_printf ("%s,%s", json_object_get_string_member (all, name), value);

          json_object_set_string_member (all, name, joined);
        }
      else
        {
          json_object_set_string_member (all, name, value);
        }
    }

  if (json_object_get_size (all) > 0)
    json_object_set_object_member (event, "queryStringParameters", all);
  else
    json_object_unref (all);
}

static void
add_body (JsonObject               *event,
          const PracticeApiRequest *request)
{
  gsize size = 0;
  const char *data = request->body ? g_bytes_get_data (request->body, &size) : NULL;
  gboolean text = is_text_type (soup_message_headers_get_one (request->headers, "Content-Type")) &&
                  (size == 0 || g_utf8_validate_len (data, size, NULL));

  json_object_set_boolean_member (event, "isBase64Encoded", size > 0 && !text);
  if (size > 0)
    {
      g_autofree char *body = text ? g_strndup (data, size) : g_base64_encode ((const guchar *) data, size);

      json_object_set_string_member (event, "body", body);
    }
}

static JsonObject *
make_context (Practice                 *practice,
              const PracticeApiRequest *request,
              const char               *route_key,
              const char               *stage)
{
  JsonObject *context = json_object_new ();
  JsonObject *http = json_object_new ();
  const char *agent = soup_message_headers_get_one (request->headers, "User-Agent");
  g_autofree char *domain = g_strdup_printf ("%s.execute-api.%s.amazonaws.com", request->api_id, request->region);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%d/%b/%Y:%H:%M:%S +0000");

  json_object_set_string_member (context, "accountId", practice->account);
  json_object_set_string_member (context, "apiId", request->api_id);
  json_object_set_string_member (context, "domainName", domain);
  json_object_set_string_member (context, "domainPrefix", request->api_id);
  json_object_set_string_member (http, "method", request->method);
  json_object_set_string_member (http, "path", request->raw_path);
  json_object_set_string_member (http, "protocol", "HTTP/1.1");
  json_object_set_string_member (http, "sourceIp", request->source_ip);
  json_object_set_string_member (http, "userAgent", agent ? agent : "");
  json_object_set_object_member (context, "http", http);
  json_object_set_string_member (context, "requestId", request->request_id);
  json_object_set_string_member (context, "routeKey", route_key);
  json_object_set_string_member (context, "stage", stage);
  json_object_set_string_member (context, "time", time);
  json_object_set_int_member (context, "timeEpoch", practice_now () / 1000);

  return context;
}

static char *
make_event (Practice                 *practice,
            const PracticeApiRequest *request,
            PracticeResource         *route,
            PracticeResource         *stage,
            JsonObject               *parameters)
{
  g_autoptr(JsonObject) event = json_object_new ();
  const char *route_key = practice_property_string (route->properties, "RouteKey");
  g_autofree char *path = aws_uri_decode (request->raw_path, -1, FALSE);
  g_autoptr(GBytes) bytes = NULL;

  json_object_set_string_member (event, "version", "2.0");
  json_object_set_string_member (event, "routeKey", route_key);
  json_object_set_string_member (event, "rawPath", path ? path : request->raw_path);
  json_object_set_string_member (event, "rawQueryString", request->raw_query ? request->raw_query : "");
  add_headers (event, request);
  add_query (event, request->raw_query);
  if (parameters && json_object_get_size (parameters) > 0)
    json_object_set_object_member (event, "pathParameters", json_object_ref (parameters));
  json_object_set_object_member (event, "requestContext",
                                 make_context (practice, request, route_key, practice_property_string (stage->properties, "StageName")));
  add_body (event, request);
  bytes = aws_json_object_to_bytes (event);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
take_headers (PracticeAnswer *answer,
              JsonObject     *result)
{
  JsonObject *headers = aws_json_get_object (result, "headers");
  JsonArray *cookies = aws_json_get_array (result, "cookies");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (headers)
    {
      json_object_iter_init_ordered (&iter, headers);
      while (json_object_iter_next_ordered (&iter, &name, &value))
        {
          g_autofree char *text = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING
                                  ? json_node_dup_string (value) : json_to_string (value, FALSE);

          if (strpbrk (text, "\r\n"))
            return FALSE;
          soup_message_headers_replace (answer->headers, name, text);
        }
    }
  for (guint i = 0; cookies && i < json_array_get_length (cookies); i++)
    if (aws_json_array_get_string (cookies, i))
      soup_message_headers_append (answer->headers, "Set-Cookie", aws_json_array_get_string (cookies, i));

  return TRUE;
}

/* Turns what the function returned into an answer, by the rules of payload format 2.0. */
static gboolean
take_result (PracticeAnswer *answer,
             const char     *text)
{
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  JsonObject *result = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *body = result ? json_object_get_member (result, "body") : NULL;
  const char *content;

  /* Without a status the whole value is the body */
  if (result == NULL || !json_object_has_member (result, "statusCode"))
    {
      practice_answer_set_text (answer, 200, "application/json", text);
      return TRUE;
    }
  if (body && !JSON_NODE_HOLDS_NULL (body) && !(JSON_NODE_HOLDS_VALUE (body) && json_node_get_value_type (body) == G_TYPE_STRING))
    return FALSE;

  content = body && !JSON_NODE_HOLDS_NULL (body) ? json_node_get_string (body) : "";
  practice_answer_set_text (answer, practice_property_int (result, "statusCode", 0), "text/plain;charset=UTF-8", content);
  if (answer->status < 100 || answer->status > 599)
    return FALSE;
  if (practice_property_bool (result, "isBase64Encoded", FALSE))
    {
      gsize length;
      guchar *data = g_base64_decode (content, &length);

      g_bytes_unref (answer->body);
      answer->body = g_bytes_new_take (data, length);
    }

  return take_headers (answer, result);
}

static gboolean
invoke (Practice                  *practice,
        const PracticeApiRequest  *request,
        PracticeResource          *route,
        PracticeResource          *stage,
        JsonObject                *parameters,
        PracticeAnswer            *answer)
{
  const char *target = practice_property_string (route->properties, "Target");
  g_autofree char *key = target ? g_strdup_printf ("%s/%s", request->api_id, target + strlen ("integrations/")) : NULL;
  g_autoptr(PracticeResource) integration = key ? practice_resource_lookup (practice, INTEGRATION_TYPE, request->region, key) : NULL;
  const char *function = integration ? practice_property_string (integration->properties, "IntegrationUri") : NULL;
  const char *route_key = practice_property_string (route->properties, "RouteKey");
  const char *space = strchr (route_key, ' ');
  g_autofree char *method = space ? g_strndup (route_key, space - route_key) : NULL;
  g_autofree char *source = NULL, *event = NULL, *result = NULL;
  g_autoptr(GError) error = NULL;

  if (function == NULL)
    return FALSE;

  source = g_strdup_printf ("arn:aws:execute-api:%s:%s:%s/%s/%s%s", request->region, practice->account, request->api_id,
                            practice_property_string (stage->properties, "StageName"),
                            method == NULL ? "$default" : g_str_equal (method, "ANY") ? "*" : method, space ? space + 1 : "");
  if (!practice_lambda_permits (practice, request->region, function, "apigateway.amazonaws.com", source))
    return FALSE;

  event = make_event (practice, request, route, stage, parameters);
  result = practice_lambda_invoke (practice, request->region, function, event, &error);
  if (result == NULL)
    g_debug ("The function of an API failed: %s", error->message);

  return result && take_result (answer, result);
}

/**
 * practice_api_answer:
 * @practice: the practice cloud
 * @request: what is asked
 * @answer: (inout): filled
 *
 * Answers as an HTTP API of API Gateway does.
 */
void
practice_api_answer (Practice                  *practice,
                     const PracticeApiRequest  *request,
                     PracticeAnswer            *answer)
{
  const char *path = request->raw_path;
  g_autoptr(PracticeResource) stage = find_stage (practice, request, &path);
  g_autoptr(PracticeResource) route = NULL;
  g_autoptr(JsonObject) parameters = NULL;

  if (stage == NULL)
    answer_message (answer, 404, "Not Found");
  else if (request->too_large || (request->body && g_bytes_get_size (request->body) > PRACTICE_API_LIMIT))
    answer_message (answer, 413, "Request Entity Too Large");
  else if (!(route = find_route (practice, request, path, &parameters)))
    answer_message (answer, 404, "Not Found");
  else if (is_throttled (stage, route))
    answer_message (answer, 429, "Too Many Requests");
  else if (!invoke (practice, request, route, stage, parameters, answer))
    answer_message (answer, 500, "Internal Server Error");

  soup_message_headers_replace (answer->headers, "apigw-requestid", request->request_id);
}

void
practice_api_shutdown (Practice *practice)
{
  g_private_replace (&throttles, NULL);
}
