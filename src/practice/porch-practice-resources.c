/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-resources.h"

#define SELECT_RESOURCE "SELECT type, region, id, properties, attributes, created FROM resources "

void
practice_resource_free (PracticeResource *resource)
{
  if (resource == NULL)
    return;

  g_free (resource->type);
  g_free (resource->region);
  g_free (resource->id);
  g_clear_pointer (&resource->properties, json_object_unref);
  g_clear_pointer (&resource->attributes, json_object_unref);
  g_free (resource);
}

static JsonObject *
parse_object (const char *text)
{
  g_autoptr(JsonNode) node = json_from_string (text, NULL);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_object_ref (json_node_get_object (node)) : json_object_new ();
}

static char *
print_object (JsonObject *object)
{
  g_autoptr(GBytes) bytes = object ? aws_json_object_to_bytes (object) : NULL;

  return bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : g_strdup ("{}");
}

static PracticeResource *
read_resource (PracticeRows *rows)
{
  PracticeResource *resource = g_new0 (PracticeResource, 1);

  resource->type = practice_rows_dup_text (rows, 0);
  resource->region = practice_rows_dup_text (rows, 1);
  resource->id = practice_rows_dup_text (rows, 2);
  resource->properties = parse_object (practice_rows_text (rows, 3));
  resource->attributes = parse_object (practice_rows_text (rows, 4));
  resource->created = practice_rows_int (rows, 5);

  return resource;
}

gboolean
practice_resources_init (Practice  *practice,
                         GError   **error)
{
  return practice_db_script (practice->db,
                             "CREATE TABLE IF NOT EXISTS resources (type TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL,"
                             "  properties TEXT NOT NULL, attributes TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (type, region, id));",
                             error);
}

gboolean
practice_resource_put (Practice    *practice,
                       const char  *type,
                       const char  *region,
                       const char  *id,
                       JsonObject  *properties,
                       JsonObject  *attributes,
                       GError     **error)
{
  g_autofree char *first = print_object (properties);
  g_autofree char *second = print_object (attributes);

  return practice_db_run (practice->db, error,
                          "INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (type, region, id) "
                          "DO UPDATE SET properties = excluded.properties, attributes = excluded.attributes",
                          "sssssi", type, region, id, first, second, practice_now ());
}

PracticeResource *
practice_resource_lookup (Practice   *practice,
                          const char *type,
                          const char *region,
                          const char *id)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, SELECT_RESOURCE "WHERE type = ? AND region = ? AND id = ?",
                                                    "sss", type, region, id);

  return practice_rows_next (rows) ? read_resource (rows) : NULL;
}

/* One attribute alone, for what is asked with every request of a visitor. */
char *
practice_resource_dup_attribute (Practice   *practice,
                                 const char *type,
                                 const char *region,
                                 const char *id,
                                 const char *attribute)
{
  g_autofree char *text = practice_db_lookup (practice->db, "SELECT attributes FROM resources WHERE type = ? AND region = ? AND id = ?",
                                              "sss", type, region, id);
  g_autoptr(JsonObject) attributes = text ? parse_object (text) : NULL;

  return g_strdup (practice_property_string (attributes, attribute));
}

gboolean
practice_resource_remove (Practice    *practice,
                          const char  *type,
                          const char  *region,
                          const char  *id,
                          GError     **error)
{
  return practice_db_run (practice->db, error, "DELETE FROM resources WHERE type = ? AND region = ? AND id = ?", "sss", type, region, id);
}

/* @region may be NULL for all of them. */
GPtrArray *
practice_resource_list (Practice   *practice,
                        const char *type,
                        const char *region)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) practice_resource_free);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, SELECT_RESOURCE "WHERE type = ? AND region = coalesce(?, region) ORDER BY created, id",
                                                    "ss", type, region);

  while (practice_rows_next (rows))
    g_ptr_array_add (list, read_resource (rows));

  return list;
}

const PracticeResourceHandler *
practice_resource_handler (const char *type)
{
  const PracticeResourceHandler *lists[] = { practice_storage_handlers, practice_edge_handlers, practice_compute_handlers };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (const PracticeResourceHandler *handler = lists[i]; handler->type; handler++)
      if (g_str_equal (handler->type, type))
        return handler;

  return NULL;
}

/**
 * practice_provision_name:
 * @provision: what is made
 * @property: the property that may give the name
 * @limit: longest name
 * @lower: whether names have no capitals
 *
 * Returns: (transfer full): the name as given, or "stack-Resource-random" as CloudFormation makes it up
 */
char *
practice_provision_name (PracticeProvision *provision,
                         const char        *property,
                         gsize              limit,
                         gboolean           lower)
{
  const char *given = practice_property_string (provision->properties, property);
  g_autofree char *random = NULL, *stem = NULL, *name = NULL;

  if (given && *given)
    return g_strdup (given);

  random = practice_random_id (12, lower ? "abcdefghijklmnopqrstuvwxyz0123456789" : NULL);
  stem = g_strdup_printf ("%s-%s", provision->stack_name, provision->logical_id);
  if (strlen (stem) > limit - 13)
    stem[limit - 13] = '\0';
  name = g_strdup_printf ("%s-%s", stem, random);

  return lower ? g_ascii_strdown (name, -1) : g_steal_pointer (&name);
}

/* The reason of a *_FAILED event in the form that resource providers give it. */
gboolean
practice_provision_refuse (PracticeProvision  *provision,
                           GError            **error,
                           const char         *service,
                           guint               status,
                           const char         *format,
                           ...)
{
  g_autofree char *text = NULL, *request = practice_uuid ();
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR,
                          "Resource handler returned message: \"%s (Service: %s, Status Code: %u, Request ID: %s)\" (RequestToken: %s, HandlerErrorCode: %s)",
                          text, service, status, request, request,
                          status == 404 ? "NotFound" : status == 409 ? "AlreadyExists" : status >= 500 ? "InternalFailure" : "InvalidRequest");
}

gboolean
practice_provision_refuse_error (PracticeProvision  *provision,
                                 GError            **error,
                                 const char         *service,
                                 guint               status,
                                 const GError       *cause)
{
  return practice_provision_refuse (provision, error, service, status, "%s", cause->message);
}

/* Writes the resource down under its id; @provision has id and attributes by now. */
gboolean
practice_provision_save (PracticeProvision  *provision,
                         const char         *type,
                         gboolean            global,
                         GError            **error)
{
  return practice_resource_put (provision->practice, type, global ? "" : provision->region, provision->id,
                                provision->properties, provision->attributes, error);
}

void
practice_provision_set (PracticeProvision *provision,
                        const char        *attribute,
                        const char        *value)
{
  if (provision->attributes == NULL)
    provision->attributes = json_object_new ();

  json_object_set_string_member (provision->attributes, attribute, value);
}

gint64
practice_property_int (JsonObject *object,
                       const char *name,
                       gint64      fallback)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_ascii_strtoll (json_node_get_string (node), NULL, 10);

  return json_node_get_int (node);
}

gboolean
practice_property_bool (JsonObject *object,
                        const char *name,
                        gboolean    fallback)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_ascii_strcasecmp (json_node_get_string (node), "true") == 0;

  return json_node_get_boolean (node);
}

const char *
practice_property_string (JsonObject *object,
                          const char *name)
{
  return object ? aws_json_get_string (object, name) : NULL;
}
