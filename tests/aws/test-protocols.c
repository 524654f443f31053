/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Runs every published case of the protocols that is found: the tables are made from the shapes of the case, and what
 * writes the request and reads the answer is what ships.
 */

#include <math.h>
#include <string.h>

#include <libxml/tree.h>
#include <libxml/parser.h>

#include "aws-codec-private.h"
#include "aws-error-private.h"
#include "aws-request-private.h"
#include "aws-response-private.h"

#define TOKEN "00000000-0000-4000-8000-000000000000"

/* What no operation of ours has */
static const struct
{
  const char *part;     /* of the name of the case */
  const char *reason;
} skipped[] = {
  { "SDKApplied", "no operation of ours compresses what it sends" },
  { "SDKAppended", "no operation of ours compresses what it sends" },
  { "SDKAppends", "no operation of ours compresses what it sends" },
  { "RestJsonHttpChecksumRequired", "only S3 has operations that need Content-MD5, and those are not written by tables" },
};

typedef struct
{
  JsonObject *suite;
  JsonObject *test;
} Case;

/* What is made of a case lives as long as the program */
static GPtrArray *kept;
static GPtrArray *documents;

static gpointer
keep (gsize size)
{
  gpointer data = g_malloc0 (size);

  g_ptr_array_add (kept, data);

  return data;
}

/* Structures that hold themselves are found again by name */
typedef struct
{
  JsonObject *shapes;
  GHashTable *members;
} Tables;

static AwsShape *make_members (Tables     *self,
                               const char *name,
                               gboolean    is_output);

static AwsShapeType
parse_type (JsonObject *shape)
{
  const char *type = aws_json_get_string (shape, "type");

  if (aws_json_get_bool (shape, "document"))
    return AWS_SHAPE_DOCUMENT;
  if (g_str_equal (type, "string"))
    return AWS_SHAPE_STRING;
  if (g_str_equal (type, "integer") || g_str_equal (type, "long"))
    return AWS_SHAPE_INTEGER;
  if (g_str_equal (type, "float") || g_str_equal (type, "double"))
    return AWS_SHAPE_DOUBLE;
  if (g_str_equal (type, "boolean"))
    return AWS_SHAPE_BOOLEAN;
  if (g_str_equal (type, "timestamp"))
    return AWS_SHAPE_TIMESTAMP;
  if (g_str_equal (type, "blob"))
    return AWS_SHAPE_BLOB;
  if (g_str_equal (type, "list"))
    return AWS_SHAPE_LIST;
  if (g_str_equal (type, "map"))
    return AWS_SHAPE_MAP;
  g_assert_cmpstr (type, ==, "structure");

  return AWS_SHAPE_STRUCTURE;
}

/* What a reference says, or else the shape itself */
static const char *
get_trait (JsonObject *reference,
           JsonObject *shape,
           const char *name)
{
  const char *text = aws_json_get_string (reference, name);

  return text != NULL ? text : aws_json_get_string (shape, name);
}

static void
set_namespace (AwsShape   *self,
               JsonObject *reference,
               JsonObject *shape)
{
  JsonObject *holder = json_object_has_member (reference, "xmlNamespace") ? reference : shape;
  JsonObject *object = aws_json_get_object (holder, "xmlNamespace");

  self->xml_namespace = object != NULL ? aws_json_get_string (object, "uri") : aws_json_get_string (holder, "xmlNamespace");
  self->xml_prefix = aws_json_get_string (object, "prefix");
}

static void
set_place (AwsShape   *self,
           JsonObject *reference)
{
  static const char * const names[] = { "", "", "uri", "querystring", "header", "headers", "statusCode" };
  const char *location = aws_json_get_string (reference, "location");

  for (guint i = 2; location != NULL && i < G_N_ELEMENTS (names); i++)
    {
      if (g_str_equal (names[i], location))
        self->place = i;
    }
  g_assert_true (location == NULL || self->place != AWS_PLACE_BODY);
}

static void
set_flags (AwsShape   *self,
           JsonObject *reference,
           JsonObject *shape)
{
  static const struct
  {
    const char   *name;
    AwsShapeFlags flag;
  } flags[] = {
    { "flattened", AWS_SHAPE_FLATTENED },
    { "xmlAttribute", AWS_SHAPE_XML_ATTRIBUTE },
    { "idempotencyToken", AWS_SHAPE_TOKEN },
    { "jsonvalue", AWS_SHAPE_JSON_VALUE },
    { "union", AWS_SHAPE_UNION },
  };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      if (aws_json_get_bool (reference, flags[i].name) || aws_json_get_bool (shape, flags[i].name))
        self->flags |= flags[i].flag;
    }
}

static void
set_time_format (AwsShape   *self,
                 const char *format)
{
  if (format == NULL)
    return;

  self->time_format = g_str_equal (format, "unixTimestamp") ? AWS_TIME_EPOCH
                      : g_str_equal (format, "iso8601") ? AWS_TIME_ISO_8601 : AWS_TIME_RFC_822;
}

static void
fill_shape (Tables     *self,
            AwsShape   *shape,
            const char *name,
            JsonObject *reference)
{
  const char *target = aws_json_get_string (reference, "shape");
  JsonObject *definition = aws_json_get_object (self->shapes, target);

  g_assert_nonnull (definition);
  shape->name = name;
  shape->type = parse_type (definition);
  shape->wire_name = aws_json_get_string (reference, "locationName");
  set_place (shape, reference);
  set_flags (shape, reference, definition);
  set_namespace (shape, reference, definition);
  set_time_format (shape, get_trait (reference, definition, "timestampFormat"));

  if (shape->type == AWS_SHAPE_STRUCTURE)
    shape->members = make_members (self, target, FALSE);
  else if (shape->type == AWS_SHAPE_LIST || shape->type == AWS_SHAPE_MAP)
    {
      AwsShape *item = keep (sizeof (AwsShape));

      shape->item = item;
      fill_shape (self, item, NULL, aws_json_get_object (definition, shape->type == AWS_SHAPE_LIST ? "member" : "value"));
      if (shape->type == AWS_SHAPE_MAP)
        {
          AwsShape *key = keep (sizeof (AwsShape));

          shape->key = key;
          fill_shape (self, key, NULL, aws_json_get_object (definition, "key"));
        }
    }
}

/* Of the places that members of requests have, those in the address mean nothing in answers. A payload that is XML is
 * called like its structure, unless it was given another name than that of the member. */
static void
set_root_place (Tables     *self,
                AwsShape   *shape,
                JsonObject *reference,
                gboolean    is_payload,
                gboolean    is_output)
{
  if (is_output && (shape->place == AWS_PLACE_URI || shape->place == AWS_PLACE_QUERY))
    shape->place = AWS_PLACE_BODY;

  if (!is_payload)
    return;

  shape->place = AWS_PLACE_PAYLOAD;
  if (shape->wire_name == NULL || g_str_equal (shape->wire_name, shape->name))
    {
      const char *target = aws_json_get_string (reference, "shape");
      const char *name = aws_json_get_string (aws_json_get_object (self->shapes, target), "locationName");

      shape->wire_name = name != NULL ? name : target;
    }
}

static AwsShape *
make_members (Tables     *self,
              const char *name,
              gboolean    is_output)
{
  JsonObject *definition = aws_json_get_object (self->shapes, name);
  JsonObject *members = aws_json_get_object (definition, "members");
  JsonArray *required = aws_json_get_array (definition, "required");
  const char *payload = aws_json_get_string (definition, "payload");
  AwsShape *table = g_hash_table_lookup (self->members, name);
  g_autoptr(GList) names = NULL;
  guint i = 0;

  if (table != NULL)
    return table;

  table = keep ((json_object_get_size (members) + 1) * sizeof (AwsShape));
  g_hash_table_insert (self->members, (gpointer) name, table);
  names = json_object_get_members (members);
  for (GList *each = names; each != NULL; each = each->next)
    {
      AwsShape *shape = &table[i++];

      fill_shape (self, shape, each->data, json_object_get_object_member (members, each->data));
      set_root_place (self, shape, json_object_get_object_member (members, each->data),
                      g_strcmp0 (payload, each->data) == 0, is_output);
      for (guint j = 0; required != NULL && j < json_array_get_length (required); j++)
        {
          if (g_strcmp0 (aws_json_array_get_string (required, j), each->data) == 0)
            shape->flags |= AWS_SHAPE_REQUIRED;
        }
    }

  return table;
}

/* A case as tables */
typedef struct
{
  AwsService   service;
  AwsOperation operation;
} Made;

static AwsProtocol
parse_protocol (const char *protocol)
{
  return g_str_equal (protocol, "query") ? AWS_PROTOCOL_QUERY
         : g_str_equal (protocol, "json") ? AWS_PROTOCOL_JSON
         : g_str_equal (protocol, "rest-json") ? AWS_PROTOCOL_REST_JSON : AWS_PROTOCOL_REST_XML;
}

static void
make_input (Made       *self,
            Tables     *tables,
            JsonObject *reference)
{
  const char *name = aws_json_get_string (reference, "shape");
  JsonObject *definition = aws_json_get_object (tables->shapes, name);
  const char *element = get_trait (definition, reference, "locationName");
  AwsShape root = { NULL };

  set_namespace (&root, reference, definition);
  self->service.xml_namespace = root.xml_namespace;
  self->operation.input = make_members (tables, name, FALSE);
  self->operation.input_element = element != NULL ? element : name;
}

static Made *
make (Case *data)
{
  Made *self = keep (sizeof (Made));
  Tables tables = { aws_json_get_object (data->suite, "shapes"), g_hash_table_new (g_str_hash, g_str_equal) };
  JsonObject *metadata = aws_json_get_object (data->suite, "metadata");
  JsonObject *given = aws_json_get_object (data->test, "given");
  JsonObject *http = aws_json_get_object (given, "http");
  JsonObject *input = aws_json_get_object (given, "input");
  JsonObject *output = aws_json_get_object (given, "output");

  self->service.id = "vectors";
  self->service.host = "example.com";
  self->service.signing_name = "vectors";
  self->service.attempts = 1;
  self->service.protocol = parse_protocol (aws_json_get_string (metadata, "protocol"));
  self->service.api_version = aws_json_get_string (metadata, "apiVersion");
  self->service.target_prefix = aws_json_get_string (metadata, "targetPrefix");
  self->service.json_version = aws_json_get_string (metadata, "jsonVersion");

  self->operation.service = "vectors";
  self->operation.name = aws_json_get_string (given, "name");
  self->operation.method = aws_json_get_string (http, "method");
  self->operation.uri = aws_json_get_string (http, "requestUri");
  self->operation.host_prefix = aws_json_get_string (aws_json_get_object (given, "endpoint"), "hostPrefix");
  if (input != NULL)
    make_input (self, &tables, input);
  if (output != NULL)
    self->operation.output = make_members (&tables, aws_json_get_string (output, "shape"), TRUE);
  g_hash_table_unref (tables.members);

  return self;
}

/* Vectors have bytes as they are, we have them as Base64 */
static JsonNode *
convert (const AwsShape *shape,
         JsonNode       *value)
{
  JsonNode *node;

  if (shape->type == AWS_SHAPE_BLOB && JSON_NODE_HOLDS_VALUE (value))
    {
      const char *text = json_node_get_string (value);
      g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

      return json_node_init_string (json_node_alloc (), encoded);
    }

  if (shape->type == AWS_SHAPE_LIST && JSON_NODE_HOLDS_ARRAY (value))
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
        json_array_add_element (array, convert (shape->item, json_array_get_element (json_node_get_array (value), i)));
      node = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (node, array);
      return node;
    }

  if ((shape->type == AWS_SHAPE_STRUCTURE || shape->type == AWS_SHAPE_MAP) && JSON_NODE_HOLDS_OBJECT (value))
    {
      JsonObject *object = json_object_new ();
      JsonObjectIter iter;
      const char *name;
      JsonNode *each;

      json_object_iter_init_ordered (&iter, json_node_get_object (value));
      while (json_object_iter_next_ordered (&iter, &name, &each))
        {
          const AwsShape *inner = shape->item;

          for (const AwsShape *member = shape->members; member != NULL && member->name != NULL; member++)
            inner = g_str_equal (member->name, name) ? member : inner;
          g_assert_nonnull (inner);
          json_object_set_member (object, name, convert (inner, each));
        }
      node = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (node, object);
      return node;
    }

  return json_node_copy (value);
}

static JsonNode *
convert_members (const AwsShape *members,
                 JsonNode       *value)
{
  const AwsShape shape = { .type = AWS_SHAPE_STRUCTURE, .members = members };

  return value != NULL ? convert (&shape, value) : NULL;
}

static gboolean
is_number (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE;
}

static gboolean
same_json (JsonNode *one,
           JsonNode *other)
{
  if (json_node_get_node_type (one) != json_node_get_node_type (other))
    return FALSE;

  if (JSON_NODE_HOLDS_OBJECT (one))
    {
      JsonObject *object = json_node_get_object (one);
      JsonObject *against = json_node_get_object (other);
      g_autoptr(GList) names = json_object_get_members (object);

      if (json_object_get_size (object) != json_object_get_size (against))
        return FALSE;
      for (GList *each = names; each != NULL; each = each->next)
        {
          JsonNode *value = json_object_get_member (against, each->data);

          if (value == NULL || !same_json (json_object_get_member (object, each->data), value))
            return FALSE;
        }
      return TRUE;
    }

  if (JSON_NODE_HOLDS_ARRAY (one))
    {
      JsonArray *array = json_node_get_array (one);
      JsonArray *against = json_node_get_array (other);

      if (json_array_get_length (array) != json_array_get_length (against))
        return FALSE;
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          if (!same_json (json_array_get_element (array, i), json_array_get_element (against, i)))
            return FALSE;
        }
      return TRUE;
    }

  if (JSON_NODE_HOLDS_VALUE (one) && is_number (one) && is_number (other))
    return fabs (json_node_get_double (one) - json_node_get_double (other)) <= 1e-12 * fabs (json_node_get_double (one));

  return json_node_equal (one, other);
}

static void
assert_same_json (JsonNode *ours,
                  JsonNode *expected)
{
  if (!same_json (ours, expected))
    {
      g_autofree char *one = json_to_string (ours, FALSE);
      g_autofree char *other = json_to_string (expected, FALSE);

      g_test_message ("ours: %s", one);
      g_test_message ("theirs: %s", other);
      g_test_fail ();
    }
}

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);

  return node != NULL ? node : json_node_new (JSON_NODE_NULL);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const xmlNode *one = *(xmlNode **) a;
  const xmlNode *other = *(xmlNode **) b;

  return strcmp ((const char *) one->name, (const char *) other->name);
}

/* One text for all documents that mean the same: elements of one name keep their order, others have none. Prefixes of
 * namespaces mean something to some of the vectors. */
static void
append_canonical (GString *canonical,
                  xmlNode *element)
{
  g_autoptr(GPtrArray) children = g_ptr_array_new ();
  g_autoptr(GPtrArray) attributes = g_ptr_array_new ();
  g_autofree char *text = NULL;

  g_string_append_printf (canonical, "<%s", (const char *) element->name);
  for (xmlNs *ns = element->nsDef; ns != NULL; ns = ns->next)
    g_string_append_printf (canonical, " xmlns:%s=%s", (const char *) ns->prefix, (const char *) ns->href);
  for (xmlAttr *attribute = element->properties; attribute != NULL; attribute = attribute->next)
    g_ptr_array_add (attributes, attribute);
  g_ptr_array_sort (attributes, compare_names);
  for (guint i = 0; i < attributes->len; i++)
    {
      xmlAttr *attribute = g_ptr_array_index (attributes, i);
      xmlChar *value = xmlNodeGetContent ((xmlNode *) attribute);

      g_string_append_printf (canonical, " %s%s%s=%s", attribute->ns ? (const char *) attribute->ns->prefix : "",
                              attribute->ns ? ":" : "", (const char *) attribute->name, (const char *) value);
      xmlFree (value);
    }
  g_string_append_c (canonical, '>');

  for (xmlNode *child = element->children; child != NULL; child = child->next)
    {
      if (child->type == XML_ELEMENT_NODE)
        g_ptr_array_add (children, child);
    }
  g_ptr_array_sort (children, compare_names);
  for (guint i = 0; i < children->len; i++)
    append_canonical (canonical, g_ptr_array_index (children, i));
  if (children->len == 0)
    {
      xmlChar *content = xmlNodeGetContent (element);

      g_string_append (canonical, (const char *) content);
      xmlFree (content);
    }
  g_string_append (canonical, "</>");
}

static char *
dup_canonical (const char *text,
               gsize       length)
{
  GString *canonical = g_string_new (NULL);
  xmlDoc *document = xmlReadMemory (text, length, NULL, NULL, XML_PARSE_NONET);

  g_assert_nonnull (document);
  append_canonical (canonical, xmlDocGetRootElement (document));
  xmlFreeDoc (document);

  return g_string_free (canonical, FALSE);
}

static char *
dup_sorted (const char *form)
{
  g_auto(GStrv) pairs = g_strsplit (form, "&", -1);

  for (guint i = 1; pairs[0] != NULL && pairs[i] != NULL; i++)
    {
      for (guint j = i; j > 0 && strcmp (pairs[j - 1], pairs[j]) > 0; j--)
        {
          char *pair = pairs[j];

          pairs[j] = pairs[j - 1];
          pairs[j - 1] = pair;
        }
    }

  return g_strjoinv ("&", pairs);
}

/* A token that was made up is the one that the vectors make up */
static char *
replace_token (const char *text,
               const char *expected)
{
  g_autoptr(GRegex) regex = g_regex_new ("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", 0, 0, NULL);

  if (expected == NULL || strstr (expected, TOKEN) == NULL)
    return g_strdup (text);

  return g_regex_replace_literal (regex, text, -1, 0, TOKEN, 0, NULL);
}

static void
check_body (Made       *made,
            AwsRequest *request,
            JsonObject *serialized)
{
  const char *expected = aws_json_get_string (serialized, "body");
  AwsProtocol protocol = made->service.protocol;
  g_autofree char *given = NULL;
  g_autofree char *body = NULL;
  gsize length = 0;
  const char *data = request->body != NULL ? g_bytes_get_data (request->body, &length) : "";
  const char *type = aws_headers_lookup (request->headers, "Content-Type");

  if (expected == NULL)
    return;

  given = g_strndup (data, length);
  body = replace_token (given, expected);

  if (*expected == '\0' || *body == '\0')
    g_assert_cmpstr (body, ==, expected);
  else if (protocol == AWS_PROTOCOL_QUERY)
    {
      g_autofree char *one = dup_sorted (body);
      g_autofree char *other = dup_sorted (expected);

      g_assert_cmpstr (one, ==, other);
    }
  else if (protocol == AWS_PROTOCOL_JSON || (protocol == AWS_PROTOCOL_REST_JSON && g_strcmp0 (type, "application/json") == 0))
    {
      g_autoptr(JsonNode) one = parse (body);
      g_autoptr(JsonNode) other = parse (expected);

      assert_same_json (one, other);
    }
  else if (protocol == AWS_PROTOCOL_REST_XML && g_strcmp0 (type, "application/xml") == 0)
    {
      g_autofree char *one = dup_canonical (body, strlen (body));
      g_autofree char *other = dup_canonical (expected, strlen (expected));

      g_assert_cmpstr (one, ==, other);
    }
  else
    {
      g_assert_cmpstr (body, ==, expected);
    }
}

static void
check_headers (AwsRequest *request,
               JsonObject *serialized)
{
  JsonObject *expected = aws_json_get_object (serialized, "headers");
  JsonArray *required = aws_json_get_array (serialized, "requireHeaders");
  JsonArray *forbidden = aws_json_get_array (serialized, "forbidHeaders");
  g_autoptr(GList) names = expected != NULL ? json_object_get_members (expected) : NULL;

  for (GList *each = names; each != NULL; each = each->next)
    {
      const char *value = aws_headers_lookup (request->headers, each->data);
      const char *wanted = aws_json_get_string (expected, each->data);
      g_autofree char *given = value != NULL ? replace_token (value, wanted) : NULL;

      /* Which characters a form is in may be said, too */
      if (g_ascii_strcasecmp (each->data, "Content-Type") == 0 && given != NULL &&
          g_str_equal (wanted, "application/x-www-form-urlencoded") && g_str_has_prefix (given, wanted))
        continue;

      if (g_strcmp0 (given, wanted) != 0)
        g_test_message ("header %s", (const char *) each->data);
      g_assert_cmpstr (given, ==, wanted);
    }

  for (guint i = 0; required != NULL && i < json_array_get_length (required); i++)
    {
      const char *name = aws_json_array_get_string (required, i);

      /* That one comes from the body when it is sent */
      if (g_ascii_strcasecmp (name, "Content-Length") == 0)
        g_assert_nonnull (request->body);
      else
        g_assert_nonnull (aws_headers_lookup (request->headers, name));
    }

  for (guint i = 0; forbidden != NULL && i < json_array_get_length (forbidden); i++)
    {
      const char *name = aws_json_array_get_string (forbidden, i);

      if (g_ascii_strcasecmp (name, "Content-Length") == 0)
        g_assert_null (request->body);
      g_assert_cmpstr (aws_headers_lookup (request->headers, name), ==, NULL);
    }
}

/* The path of the endpoint comes first, which is the client's part */
static void
check_address (Case       *data,
               AwsRequest *request,
               JsonObject *serialized)
{
  g_auto(GStrv) expected = g_strsplit (aws_json_get_string (serialized, "uri"), "?", 2);
  g_autofree char *query = replace_token (request->query->str, expected[0] != NULL ? expected[1] : NULL);
  g_autofree char *one = dup_sorted (query);
  g_autofree char *other = dup_sorted (expected[0] != NULL && expected[1] != NULL ? expected[1] : "");
  const char *endpoint = aws_json_get_string (data->suite, "clientEndpoint");
  const char *host = aws_json_get_string (serialized, "host");
  g_autoptr(GUri) uri = g_uri_parse (endpoint != NULL ? endpoint : "https://example.com", G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *path = g_strconcat (g_uri_get_path (uri), request->path, NULL);

  g_assert_cmpstr (path, ==, *expected[0] != '\0' ? expected[0] : "/");
  g_assert_cmpstr (one, ==, other);
  g_assert_cmpstr (request->method, ==, aws_json_get_string (serialized, "method"));

  if (host != NULL)
    {
      g_autofree char *given = g_strconcat (request->host_prefix != NULL ? request->host_prefix : "", g_uri_get_host (uri),
                                            g_uri_get_path (uri), NULL);

      g_assert_cmpstr (given, ==, host);
    }
}

static void
test_input (gconstpointer user_data)
{
  Case *data = (Case *) user_data;
  JsonObject *serialized = aws_json_get_object (data->test, "serialized");
  JsonNode *params = json_object_get_member (data->test, "params");
  Made *made = make (data);
  g_autoptr(JsonNode) input = convert_members (made->operation.input, params);
  g_autoptr(AwsRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  request = aws_codec_new_request (&made->service, &made->operation,
                                   made->operation.input != NULL && input != NULL ? json_node_get_object (input) : NULL, &error);
  g_assert_no_error (error);
  if (request == NULL)
    return;

  check_address (data, request, serialized);
  check_headers (request, serialized);
  check_body (made, request, serialized);
}

static AwsResponse *
make_response (JsonObject *response)
{
  JsonObject *given = aws_json_get_object (response, "headers");
  const char *body = aws_json_get_string (response, "body");
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(GBytes) bytes = g_bytes_new (body, body != NULL ? strlen (body) : 0);
  g_autoptr(GList) names = given != NULL ? json_object_get_members (given) : NULL;

  for (GList *each = names; each != NULL; each = each->next)
    aws_headers_append (headers, each->data, aws_json_get_string (given, each->data));

  return aws_response_new_for_parts (aws_json_get_int (response, "status_code", 200), headers, bytes);
}

static void
check_error (Case        *data,
             AwsResponse *response)
{
  g_autoptr(GError) error = aws_error_new_for_response (response);
  const char *message = aws_json_get_string (data->test, "errorMessage");

  g_assert_cmpstr (aws_error_get_code_string (error), ==, aws_json_get_string (data->test, "errorCode"));
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpuint (aws_error_get_status (error), ==, aws_response_get_status (response));
}

static void
test_output (gconstpointer user_data)
{
  Case *data = (Case *) user_data;
  Made *made = make (data);
  g_autoptr(AwsResponse) response = make_response (aws_json_get_object (data->test, "response"));
  g_autoptr(JsonObject) output = NULL;
  g_autoptr(JsonNode) expected = NULL;
  g_autoptr(JsonNode) given = NULL;
  g_autoptr(GError) error = NULL;

  if (json_object_has_member (data->test, "errorCode"))
    {
      check_error (data, response);
      return;
    }

  output = aws_codec_read_response (&made->service, &made->operation, response, &error);
  g_assert_no_error (error);
  if (output == NULL)
    return;

  expected = convert_members (made->operation.output, json_object_get_member (data->test, "result"));
  given = json_node_init_object (json_node_alloc (), output);
  assert_same_json (given, expected);
}

static void
test_skipped (gconstpointer user_data)
{
  g_test_skip (user_data);
}

static void
test_no_vectors (void)
{
  g_test_skip ("There are no vectors of the protocols here; PORCHLIGHT_VECTORS says where those of signing are");
}

/* The document stays, too */
static JsonArray *
load (const char *folder,
      const char *direction,
      const char *name)
{
  g_autofree char *path = g_build_filename (folder, direction, name, NULL);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);

  g_ptr_array_add (documents, json_parser_steal_root (parser));

  return json_node_get_array (g_ptr_array_index (documents, documents->len - 1));
}

static const char *
find_reason (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (skipped); i++)
    {
      if (g_str_has_prefix (id, skipped[i].part))
        return skipped[i].reason;
    }

  return NULL;
}

static void
add_cases (const char *folder,
           const char *direction,
           const char *name)
{
  JsonArray *suites = load (folder, direction, name);
  gboolean is_input = g_str_equal (direction, "input");

  for (guint i = 0; i < json_array_get_length (suites); i++)
    {
      JsonObject *suite = json_array_get_object_element (suites, i);
      JsonArray *tests = aws_json_get_array (suite, "cases");

      for (guint j = 0; j < json_array_get_length (tests); j++)
        {
          JsonObject *test = json_array_get_object_element (tests, j);
          const char *id = aws_json_get_string (test, "id");
          const char *reason = find_reason (id);
          g_autofree char *protocol = g_strndup (name, strlen (name) - strlen (".json"));
          g_autofree char *path = g_strdup_printf ("/protocols/%s/%s/%u-%s", protocol, direction, i, id);
          Case *data = keep (sizeof (Case));

          data->suite = suite;
          data->test = test;
          if (reason != NULL)
            g_test_add_data_func (path, reason, test_skipped);
          else
            g_test_add_data_func (path, data, is_input ? test_input : test_output);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  static const char * const names[] = { "json.json", "json_1_0.json", "query.json", "rest-json.json", "rest-xml.json" };
  g_autofree char *folder = NULL;
  int result;

  if (g_getenv ("PORCHLIGHT_VECTORS") != NULL)
    folder = g_build_filename (g_getenv ("PORCHLIGHT_VECTORS"), "..", "protocol", NULL);
  else if (g_getenv ("PORCHLIGHT_SOURCE") != NULL)
    folder = g_build_filename (g_getenv ("PORCHLIGHT_SOURCE"), "..", "shared", "vectors", "protocol", NULL);

  g_test_init (&argc, &argv, NULL);
  kept = g_ptr_array_new_with_free_func (g_free);
  documents = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_test_set_nonfatal_assertions ();

  if (folder == NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_add_func ("/protocols/vectors", test_no_vectors);
    }
  else
    {
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          add_cases (folder, "input", names[i]);
          add_cases (folder, "output", names[i]);
        }
    }

  result = g_test_run ();
  g_clear_pointer (&kept, g_ptr_array_unref);
  g_clear_pointer (&documents, g_ptr_array_unref);

  return result;
}
