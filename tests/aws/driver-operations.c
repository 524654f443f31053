/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Operations by their names, and what the tables say, for tests that hold both against others' work. */

#include "driver-operations.h"

#include <string.h>

#include "aws-error.h"

static gboolean
find (char                **arguments,
      const AwsOperation  **operation,
      JsonObject          **input,
      GError              **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (arguments[2], strlen (arguments[2]));

  *operation = aws_operation_find (arguments[0], arguments[1]);
  if (*operation == NULL)
    {
      g_set_error (error, AWS_ERROR, AWS_ERROR_INVALID, "There is no %s of %s", arguments[1], arguments[0]);
      return FALSE;
    }

  *input = aws_json_load_object (bytes, error);

  return *input != NULL;
}

/* service operation input */
gboolean
driver_operation (AwsClient    *client,
                  char        **arguments,
                  JsonBuilder  *builder,
                  GError      **error)
{
  g_autoptr(JsonObject) output = NULL;
  const AwsOperation *operation;
  JsonObject *input = NULL;
  JsonNode *node;

  if (!find (arguments, &operation, &input, error) ||
      !(output = dex_await_boxed (aws_operation_call (operation, client, input), error)))
    return FALSE;

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, output);
  json_builder_set_member_name (builder, "output");
  json_builder_add_value (builder, node);

  return TRUE;
}

/* service operation input: all pages */
gboolean
driver_pages (AwsClient    *client,
              char        **arguments,
              JsonBuilder  *builder,
              GError      **error)
{
  g_autoptr(JsonArray) items = NULL;
  const AwsOperation *operation;
  JsonObject *input = NULL;
  JsonNode *node;

  if (!find (arguments, &operation, &input, error) ||
      !(items = dex_await_boxed (aws_operation_call_pages (operation, client, input), error)))
    return FALSE;

  node = json_node_new (JSON_NODE_ARRAY);
  json_node_set_array (node, items);
  json_builder_set_member_name (builder, "items");
  json_builder_add_value (builder, node);

  return TRUE;
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *text)
{
  if (text == NULL)
    return;

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void add_members (JsonBuilder    *builder,
                         const char     *name,
                         const AwsShape *members,
                         GSList         *around);

static void
add_shape (JsonBuilder    *builder,
           const AwsShape *shape,
           GSList         *around)
{
  static const char * const types[] = {
    "string", "integer", "double", "boolean", "timestamp", "blob", "document", "structure", "list", "map",
  };
  static const char * const places[] = { "body", "payload", "uri", "querystring", "header", "headers", "statusCode" };
  static const char * const times[] = { NULL, "unixTimestamp", "iso8601", "rfc822" };
  static const char * const flags[] = {
    "required", "flattened", "xmlAttribute", "idempotencyToken", "jsonvalue", "sensitive", "union",
  };

  json_builder_begin_object (builder);
  add_text (builder, "name", shape->name);
  add_text (builder, "type", types[shape->type]);
  add_text (builder, "place", places[shape->place]);
  add_text (builder, "wireName", shape->wire_name);
  add_text (builder, "timestampFormat", times[shape->time_format]);
  add_text (builder, "xmlNamespace", shape->xml_namespace);
  add_text (builder, "xmlPrefix", shape->xml_prefix);
  json_builder_set_member_name (builder, "flags");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      if (shape->flags & 1 << i)
        json_builder_add_string_value (builder, flags[i]);
    }
  json_builder_end_array (builder);

  if (shape->members != NULL)
    add_members (builder, "members", shape->members, around);
  if (shape->item != NULL)
    {
      json_builder_set_member_name (builder, "item");
      add_shape (builder, shape->item, around);
    }
  if (shape->key != NULL)
    {
      json_builder_set_member_name (builder, "key");
      add_shape (builder, shape->key, around);
    }
  json_builder_end_object (builder);
}

/* A table that is in itself is written once */
static void
add_members (JsonBuilder    *builder,
             const char     *name,
             const AwsShape *members,
             GSList         *around)
{
  GSList *path;

  if (g_slist_find (around, members) != NULL)
    {
      add_text (builder, name, "recursive");
      return;
    }

  path = g_slist_prepend (around, (gpointer) members);
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (const AwsShape *member = members; member->name != NULL; member++)
    add_shape (builder, member, path);
  json_builder_end_array (builder);
  g_slist_free_1 (path);
}

static void
add_service (JsonBuilder      *builder,
             const AwsService *service)
{
  static const char * const protocols[] = { "query", "json", "rest-json", "rest-xml" };

  json_builder_begin_object (builder);
  add_text (builder, "id", service->id);
  add_text (builder, "host", service->host);
  add_text (builder, "signingName", service->signing_name);
  add_text (builder, "region", service->region);
  add_text (builder, "environment", service->environment);
  add_text (builder, "protocol", protocols[service->protocol]);
  add_text (builder, "apiVersion", service->api_version);
  add_text (builder, "targetPrefix", service->target_prefix);
  add_text (builder, "jsonVersion", service->json_version);
  add_text (builder, "xmlNamespace", service->xml_namespace);
  json_builder_end_object (builder);
}

static void
add_operation (JsonBuilder        *builder,
               const AwsOperation *operation)
{
  json_builder_begin_object (builder);
  add_text (builder, "service", operation->service);
  add_text (builder, "name", operation->name);
  add_text (builder, "method", operation->method);
  add_text (builder, "uri", operation->uri);
  add_text (builder, "inputElement", operation->input_element);
  add_text (builder, "outputElement", operation->output_element);
  add_text (builder, "hostPrefix", operation->host_prefix);
  add_text (builder, "items", operation->pages.items);
  add_text (builder, "token", operation->pages.token);
  add_text (builder, "inputToken", operation->pages.input_token);
  add_text (builder, "more", operation->pages.more);
  add_text (builder, "region", operation->region);
  json_builder_set_member_name (builder, "unsigned");
  json_builder_add_boolean_value (builder, operation->unsigned_request);
  if (operation->input != NULL)
    add_members (builder, "input", operation->input, NULL);
  if (operation->output != NULL)
    add_members (builder, "output", operation->output, NULL);
  json_builder_end_object (builder);
}

/* All services and operations */
gboolean
driver_tables (JsonBuilder *builder)
{
  const AwsOperation * const *operations;
  const AwsService *services;
  guint n_operations;
  guint n_services;

  services = aws_service_list (&n_services);
  json_builder_set_member_name (builder, "services");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_services; i++)
    add_service (builder, &services[i]);
  json_builder_end_array (builder);

  operations = aws_operation_list (&n_operations);
  json_builder_set_member_name (builder, "operations");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_operations; i++)
    add_operation (builder, operations[i]);
  json_builder_end_array (builder);

  return TRUE;
}
