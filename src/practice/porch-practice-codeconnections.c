/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-codeconnections.h"
#include "porch-practice-operations.h"
#include "porch-practice-resources.h"

/* CodeConnections. As at AWS no call can finish a connection: somebody has to press a button on a page of the console.
 * The page is at console.localhost, on the port of the practice cloud. */

#define CONNECTION_TYPE "AWS::CodeConnections::Connection"
#define CONSOLE_HOST    "console.localhost"
#define CONSOLE_PATH    "/codesuite/settings/connections"

static const char BAD[] = "ValidationException";

static char *
make_arn (Practice   *practice,
          const char *region,
          const char *id)
{
  return g_strdup_printf ("arn:aws:codeconnections:%s:%s:connection/%s", region, practice->account, id);
}

static PracticeResource *
find_connection (Practice   *practice,
                 const char *region,
                 const char *arn)
{
  const char *slash = strrchr (arn, '/');
  PracticeResource *connection = slash ? practice_resource_lookup (practice, CONNECTION_TYPE, region, slash + 1) : NULL;

  /* The ARN may have the older name of the service */
  if (connection == NULL || !g_regex_match_simple ("^arn:aws:(codeconnections|codestar-connections):", arn, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    g_clear_pointer (&connection, practice_resource_free);

  return connection;
}

char *
practice_connection_dup_status (Practice   *practice,
                                const char *region,
                                const char *arn)
{
  g_autoptr(PracticeResource) connection = find_connection (practice, region, arn);

  return connection ? g_strdup (practice_property_string (connection->attributes, "ConnectionStatus")) : NULL;
}

static PracticeResource *
require_connection (PracticeCall  *call,
                    JsonObject    *input,
                    GError       **error)
{
  const char *arn = practice_input_require (input, "ConnectionArn", BAD, error);
  PracticeResource *connection = arn ? find_connection (call->practice, call->region, arn) : NULL;

  if (arn != NULL && connection == NULL)
    practice_refuse_as (error, 400, "ResourceNotFoundException", "Connection not found: %s", arn);

  return connection;
}

static char *
dup_resource (PracticeCall *call,
              JsonObject   *input)
{
  const char *arn = aws_json_get_string (input, "ConnectionArn");

  return g_strdup (arn ? arn : "*");
}

static JsonObject *
create_connection (PracticeCall  *call,
                   JsonObject    *input,
                   GError       **error)
{
  static const char * const providers[] = { "Bitbucket", "GitHub", "GitHubEnterpriseServer", "GitLab", "GitLabSelfManaged", "AzureDevOps", NULL };
  const char *name = practice_input_require (input, "ConnectionName", BAD, error);
  const char *provider = aws_json_get_string (input, "ProviderType");
  JsonArray *tags = aws_json_get_array (input, "Tags");
  g_autoptr(JsonObject) attributes = json_object_new ();
  g_autofree char *id = practice_uuid (), *arn = make_arn (call->practice, call->region, id);
  JsonObject *output;

  if (name == NULL)
    return NULL;

  if (strlen (name) > 32)
    practice_refuse_as (error, 400, BAD, "1 validation error detected: Value '%s' at 'connectionName' failed to satisfy constraint: Member must have length less than or equal to 32", name);
  else if (json_object_has_member (input, "HostArn"))
    practice_refuse_as (error, 400, "ResourceNotFoundException", "Host not found: the practice cloud has no hosts");
  else if (provider == NULL || !g_strv_contains (providers, provider))
    practice_refuse_as (error, 400, BAD, "1 validation error detected: Value '%s' at 'providerType' failed to satisfy constraint: Member must satisfy enum value set: [Bitbucket, GitHub, GitHubEnterpriseServer, GitLab, GitLabSelfManaged, AzureDevOps]", provider ? provider : "null");
  else
    {
      json_object_set_string_member (attributes, "ConnectionArn", arn);
      json_object_set_string_member (attributes, "ConnectionStatus", "PENDING");
      if (!practice_resource_put (call->practice, CONNECTION_TYPE, call->region, id, input, attributes, error))
        return NULL;

      output = json_object_new ();
      json_object_set_string_member (output, "ConnectionArn", arn);
      json_object_set_array_member (output, "Tags", tags ? json_array_ref (tags) : json_array_new ());
      return output;
    }

  return NULL;
}

static JsonObject *
describe_connection (Practice         *practice,
                     PracticeResource *connection)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "ConnectionName", practice_property_string (connection->properties, "ConnectionName"));
  json_object_set_string_member (object, "ConnectionArn", practice_property_string (connection->attributes, "ConnectionArn"));
  json_object_set_string_member (object, "ProviderType", practice_property_string (connection->properties, "ProviderType"));
  json_object_set_string_member (object, "OwnerAccountId", practice->account);
  json_object_set_string_member (object, "ConnectionStatus", practice_property_string (connection->attributes, "ConnectionStatus"));

  return object;
}

static JsonObject *
get_connection (PracticeCall  *call,
                JsonObject    *input,
                GError       **error)
{
  g_autoptr(PracticeResource) connection = require_connection (call, input, error);
  JsonObject *output;

  if (connection == NULL)
    return NULL;

  output = json_object_new ();
  json_object_set_object_member (output, "Connection", describe_connection (call->practice, connection));

  return output;
}

static JsonObject *
list_connections (PracticeCall  *call,
                  JsonObject    *input,
                  GError       **error)
{
  g_autoptr(GPtrArray) connections = practice_resource_list (call->practice, CONNECTION_TYPE, call->region);
  const char *provider = aws_json_get_string (input, "ProviderTypeFilter");
  g_autoptr(JsonObject) output = json_object_new ();
  JsonArray *list = json_array_new ();
  guint begin, length, at = 0;

  json_object_set_array_member (output, "Connections", list);
  if (!practice_page_read (input, "NextToken", "MaxResults", 100, BAD, &begin, &length, error))
    return NULL;

  for (guint i = 0; i < connections->len; i++)
    {
      PracticeResource *connection = g_ptr_array_index (connections, i);

      if (provider != NULL && g_strcmp0 (provider, practice_property_string (connection->properties, "ProviderType")) != 0)
        continue;
      if (at >= begin && at - begin < length)
        json_array_add_object_element (list, describe_connection (call->practice, connection));
      at++;
    }
  practice_page_end (output, "NextToken", begin, length, at);

  return g_steal_pointer (&output);
}

static JsonObject *
delete_connection (PracticeCall  *call,
                   JsonObject    *input,
                   GError       **error)
{
  g_autoptr(PracticeResource) connection = require_connection (call, input, error);

  return connection != NULL && practice_resource_remove (call->practice, CONNECTION_TYPE, call->region, connection->id, error)
         ? json_object_new () : NULL;
}

static JsonObject *
list_tags (PracticeCall  *call,
           JsonObject    *input,
           GError       **error)
{
  const char *arn = practice_input_require (input, "ResourceArn", BAD, error);
  g_autoptr(PracticeResource) connection = arn ? find_connection (call->practice, call->region, arn) : NULL;
  JsonArray *tags = connection ? aws_json_get_array (connection->properties, "Tags") : NULL;
  JsonObject *output;

  if (arn == NULL)
    return NULL;
  if (connection == NULL)
    {
      practice_refuse_as (error, 400, "ResourceNotFoundException", "Resource not found: %s", arn);
      return NULL;
    }

  output = json_object_new ();
  json_object_set_array_member (output, "Tags", tags ? json_array_ref (tags) : json_array_new ());

  return output;
}

static const PracticeOperation operations[] = {
  { "CreateConnection", create_connection },
  { "GetConnection", get_connection },
  { "ListConnections", list_connections },
  { "DeleteConnection", delete_connection },
  { "ListTagsForResource", list_tags },
  { NULL, }
};

static void
handle (PracticeCall *call)
{
  practice_operations_handle (call, operations, "codeconnections", dup_resource);
}

/* ---- the page ---- */

/* Only who has seen the page can press its button */
static char *
make_token (Practice   *practice,
            const char *region,
            const char *id)
{
  g_autofree char *text = g_strdup_printf ("connection/%s/%s", region, id);

  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) practice->secret_access_key, strlen (practice->secret_access_key), text, -1);
}

static gboolean
owns_console (Practice   *practice,
              const char *host)
{
  return g_str_equal (host, CONSOLE_HOST);
}

static void
append_connection (GString          *html,
                   Practice         *practice,
                   PracticeResource *connection)
{
  g_autofree char *name = g_markup_escape_text (practice_property_string (connection->properties, "ConnectionName"), -1);
  g_autofree char *provider = g_markup_escape_text (practice_property_string (connection->properties, "ProviderType"), -1);
  g_autofree char *token = make_token (practice, connection->region, connection->id);
  gboolean pending = g_strcmp0 (practice_property_string (connection->attributes, "ConnectionStatus"), "PENDING") == 0;

  g_string_append_printf (html, "<li><h2>%s</h2><p>%s, %s</p>", name, provider, pending ? "waiting to be connected" : "connected");
  if (pending)
    g_string_append_printf (html, "<form method=\"post\" action=\"" CONSOLE_PATH "?region=%s\"><input type=\"hidden\" name=\"connection\" value=\"%s\">"
                            "<input type=\"hidden\" name=\"token\" value=\"%s\"><button>Connect %s</button></form>",
                            connection->region, connection->id, token, name);
  g_string_append (html, "</li>");
}

static void
answer_page (PracticeCall *call,
             const char   *region)
{
  g_autoptr(GPtrArray) connections = practice_resource_list (call->practice, CONNECTION_TYPE, region);
  g_autoptr(GString) html = g_string_new ("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Connections</title>"
                                          "<meta name=\"viewport\" content=\"width=device-width\"></head><body><h1>Connections</h1>"
                                          "<p>This is the practice cloud. At AWS this page leads to the place where your code is, which asks whether AWS may read it.</p>");

  g_string_append (html, connections->len > 0 ? "<ul>" : "<p>There are no connections.</p>");
  for (guint i = 0; i < connections->len; i++)
    append_connection (html, call->practice, g_ptr_array_index (connections, i));
  g_string_append (html, connections->len > 0 ? "</ul></body></html>\n" : "</body></html>\n");

  practice_call_set_header (call, "Cache-Control", "no-store");
  practice_call_set_header (call, "Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
  practice_call_answer_text (call, 200, "text/html; charset=utf-8", html->str);
}

static void
connect_now (PracticeCall *call,
             const char   *region)
{
  g_autofree char *body = call->body ? g_strndup (g_bytes_get_data (call->body, NULL), g_bytes_get_size (call->body)) : g_strdup ("");
  g_autoptr(GHashTable) form = soup_form_decode (body);
  const char *id = g_hash_table_lookup (form, "connection");
  g_autoptr(PracticeResource) connection = id ? practice_resource_lookup (call->practice, CONNECTION_TYPE, region, id) : NULL;
  g_autofree char *token = connection ? make_token (call->practice, region, id) : NULL;
  g_autofree char *page = g_strdup_printf (CONSOLE_PATH "?region=%s", region);
  g_autoptr(GError) error = NULL;

  if (token == NULL || g_strcmp0 (token, g_hash_table_lookup (form, "token")) != 0)
    {
      practice_call_answer_text (call, 403, "text/plain; charset=utf-8", "There is no such connection.\n");
      return;
    }

  json_object_set_string_member (connection->attributes, "ConnectionStatus", "AVAILABLE");
  if (!practice_resource_put (call->practice, CONNECTION_TYPE, region, id, connection->properties, connection->attributes, &error))
    {
      practice_call_answer_text (call, 500, "text/plain; charset=utf-8", error->message);
      return;
    }

  practice_call_set_header (call, "Location", page);
  practice_call_answer_empty (call, 303);
}

static void
handle_console (PracticeCall *call)
{
  const char *region = practice_call_get_query (call, "region");

  /* It becomes part of the page */
  if (region == NULL || !g_regex_match_simple ("^[a-z]{2}(-[a-z]+)+-[0-9]$", region, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    region = call->practice->region;

  if (!g_str_equal (call->path, CONSOLE_PATH))
    practice_call_answer_text (call, 404, "text/plain; charset=utf-8", "The practice cloud’s console has the page " CONSOLE_PATH " only.\n");
  else if (g_str_equal (call->method, "POST"))
    connect_now (call, region);
  else
    answer_page (call, region);
}

static const PracticeService service = {
  .name = "codeconnections",
  .protocol = PRACTICE_PROTOCOL_JSON_1_0,
  .target_prefix = "com.amazonaws.codeconnections.CodeConnections_20231201",
  .handle = handle,
};

gboolean
practice_codeconnections_init (Practice  *practice,
                               GError   **error)
{
  practice_register_service (practice, &service);
  practice_register_hosts (practice, owns_console, handle_console);

  return TRUE;
}
