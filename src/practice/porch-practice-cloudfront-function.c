/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-cloudfront-private.h"
#include "porch-practice-edge.h"
#include "porch-practice-kvs.h"

#define MAX_FUNCTION_BYTES 10240
#define MAX_EVENT_BYTES    40960

/* A function has two stages. The properties of the resource are the DEVELOPMENT one; its attributes tell of both:
 *   "etag", "changed"   of DEVELOPMENT
 *   "live"              the LIVE one, what the edge runs: {"Name", "FunctionCode", "FunctionConfig", "etag", "changed"}
 *   "revision"          changes with the LIVE one
 */

static JsonArray *
get_stores (JsonObject *properties)
{
  return aws_json_get_array (aws_json_get_object (properties, "FunctionConfig"), "KeyValueStoreAssociations");
}

static const char *
get_store (JsonObject *properties)
{
  JsonArray *stores = get_stores (properties);

  return stores && json_array_get_length (stores) > 0
         ? practice_property_string (aws_json_array_get_object (stores, 0), "KeyValueStoreARN") : NULL;
}

/* Returns: (transfer full) (nullable): what is wrong with a function */
char *
practice_function_check (Practice    *practice,
                         JsonObject  *properties,
                         const char **code,
                         guint       *status)
{
  JsonObject *config = aws_json_get_object (properties, "FunctionConfig");
  JsonArray *stores = get_stores (properties);
  const char *arn = get_store (properties);
  g_autoptr(PracticeKvs) store = arn ? practice_kvs_lookup (practice, arn) : NULL;
  g_autoptr(GError) problem = NULL;

  *code = "InvalidArgument";
  *status = 400;
  if (!g_regex_match_simple ("^[a-zA-Z0-9-_]{1,64}$", practice_property_string (properties, "Name"), G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT))
    return g_strdup ("The parameter Name is invalid: it has 1 to 64 letters, digits, hyphens and underscores");
  if (stores && json_array_get_length (stores) > 1)
    return g_strdup ("A function can be associated with one key value store only");
  if (arn && g_strcmp0 (practice_property_string (config, "Runtime"), "cloudfront-js-2.0") != 0)
    return g_strdup ("Key value stores need the runtime cloudfront-js-2.0");
  if (strlen (practice_property_string (properties, "FunctionCode")) > MAX_FUNCTION_BYTES)
    {
      *code = "FunctionSizeLimitExceeded";
      *status = 413;
      return g_strdup_printf ("The function size is too large. Max size is %d bytes", MAX_FUNCTION_BYTES);
    }
  if (arn && store == NULL)
    {
      *code = "EntityNotFound";
      *status = 404;
      return g_strdup ("The specified key value store does not exist.");
    }
  if (!practice_edge_check_function (practice, properties, &problem))
    return g_strdup_printf ("The function code is not valid: %s", problem->message);

  return NULL;
}

static char *
make_etag (void)
{
  g_autofree char *random = practice_random_id (13, NULL);

  return g_strconcat ("E", random, NULL);
}

/* The attributes that a function has with @properties as its DEVELOPMENT stage, which become the LIVE one too if it is
 * published. @known are those before.
 *
 * Returns: (transfer full): the attributes */
JsonObject *
practice_function_next_attributes (const char *id,
                                   JsonObject *properties,
                                   JsonObject *known,
                                   gboolean    publish)
{
  JsonObject *attributes = json_object_new ();
  JsonObject *live = known ? aws_json_get_object (known, "live") : NULL;
  g_autofree char *etag = make_etag ();
  g_autofree char *changed = practice_format_time (practice_now ());
  g_autofree char *revision = known ? g_strdup (aws_json_get_string (known, "revision")) : NULL;

  json_object_set_string_member (attributes, "FunctionARN", id);
  json_object_set_string_member (attributes, "FunctionMetadata.FunctionARN", id);
  json_object_set_string_member (attributes, "etag", etag);
  json_object_set_string_member (attributes, "changed", changed);
  if (publish)
    {
      g_autofree char *live_etag = make_etag ();

      live = json_object_new ();
      json_object_set_string_member (live, "Name", practice_property_string (properties, "Name"));
      json_object_set_string_member (live, "FunctionCode", practice_property_string (properties, "FunctionCode"));
      json_object_set_object_member (live, "FunctionConfig", json_object_ref (aws_json_get_object (properties, "FunctionConfig")));
      json_object_set_string_member (live, "etag", live_etag);
      json_object_set_string_member (live, "changed", changed);
      json_object_set_object_member (attributes, "live", live);
      g_free (revision);
      revision = practice_uuid ();
    }
  else if (live)
    {
      json_object_set_object_member (attributes, "live", json_object_ref (live));
    }
  json_object_set_string_member (attributes, "Stage", live ? "LIVE" : "DEVELOPMENT");
  json_object_set_string_member (attributes, "revision", revision);

  return attributes;
}

/* What the edge runs. States of earlier versions have one stage only. */
JsonObject *
practice_function_get_live (PracticeResource *function)
{
  JsonObject *live = aws_json_get_object (function->attributes, "live");

  return live ? live : function->properties;
}

/* A store is in use by a function if either stage names it. */
gboolean
practice_function_use_stores (Practice    *practice,
                              const char  *id,
                              JsonObject  *properties,
                              JsonObject  *attributes,
                              GError     **error)
{
  JsonObject *live = aws_json_get_object (attributes, "live");
  const char *store = get_store (properties);
  const char *live_store = live ? get_store (live) : NULL;

  practice_kvs_dissociate (practice, id);

  return (store == NULL || practice_kvs_associate (practice, store, id, error)) &&
         (live_store == NULL || practice_kvs_associate (practice, live_store, id, error));
}

/* ---- the API ---- */

static PracticeResource *
find_function (PracticeCall *call,
               const char   *name)
{
  g_autofree char *arn = g_strdup_printf ("arn:aws:cloudfront::%s:function/%s", call->practice->account, name);
  PracticeResource *function = practice_resource_lookup (call->practice, CLOUDFRONT_FUNCTION_TYPE, "", arn);

  if (function == NULL)
    practice_call_answer_error (call, 404, "NoSuchFunctionExists", "The specified function does not exist.");

  return function;
}

/* DEVELOPMENT unless the caller says LIVE; NULL after an answer. */
static const char *
get_stage (PracticeCall     *call,
           PracticeResource *function,
           const char       *asked)
{
  if (asked == NULL || *asked == '\0' || g_str_equal (asked, "DEVELOPMENT"))
    return "DEVELOPMENT";
  if (!g_str_equal (asked, "LIVE"))
    practice_call_answer_error (call, 400, "InvalidArgument", "The parameter Stage is not valid.");
  else if (g_strcmp0 (aws_json_get_string (function->attributes, "Stage"), "LIVE") != 0)
    practice_call_answer_error (call, 404, "NoSuchFunctionExists", "The specified function does not exist.");
  else
    return "LIVE";

  return NULL;
}

static JsonObject *
get_version (PracticeResource *function,
             const char       *stage)
{
  return g_str_equal (stage, "LIVE") ? practice_function_get_live (function) : function->properties;
}

static const char *
get_etag (PracticeResource *function,
          const char       *stage)
{
  const char *etag = g_str_equal (stage, "LIVE") ? practice_property_string (practice_function_get_live (function), "etag")
                                                 : aws_json_get_string (function->attributes, "etag");

  return etag ? etag : "E0000000000000";
}

static const char *
get_status (PracticeCall     *call,
            PracticeResource *function,
            const char       *stage)
{
  JsonObject *live = aws_json_get_object (function->attributes, "live");
  g_autofree char *user = practice_db_lookup (call->practice->db, "SELECT id FROM distributions WHERE instr (config, ?) > 0 LIMIT 1",
                                              "s", function->id);

  if (g_str_equal (stage, "DEVELOPMENT") &&
      (live == NULL || g_strcmp0 (aws_json_get_string (live, "changed"), aws_json_get_string (function->attributes, "changed")) != 0))
    return "UNPUBLISHED";

  return user ? "DEPLOYED" : "UNASSOCIATED";
}

static void
append_summary (GString          *xml,
                PracticeCall     *call,
                PracticeResource *function,
                const char       *stage)
{
  JsonObject *version = get_version (function, stage);
  JsonObject *config = aws_json_get_object (version, "FunctionConfig");
  const char *store = get_store (version);
  const char *changed = g_str_equal (stage, "LIVE") ? practice_property_string (version, "changed")
                                                    : aws_json_get_string (function->attributes, "changed");
  g_autofree char *created = practice_format_time (function->created);

  aws_xml_append_element (xml, "Name", practice_property_string (version, "Name"));
  aws_xml_append_element (xml, "Status", get_status (call, function, stage));
  g_string_append (xml, "<FunctionConfig>");
  aws_xml_append_element (xml, "Comment", practice_property_string (config, "Comment"));
  aws_xml_append_element (xml, "Runtime", practice_property_string (config, "Runtime"));
  g_string_append_printf (xml, "<KeyValueStoreAssociations><Quantity>%d</Quantity>", store ? 1 : 0);
  if (store)
    {
      g_string_append (xml, "<Items><KeyValueStoreAssociation>");
      aws_xml_append_element (xml, "KeyValueStoreARN", store);
      g_string_append (xml, "</KeyValueStoreAssociation></Items>");
    }
  g_string_append (xml, "</KeyValueStoreAssociations></FunctionConfig><FunctionMetadata>");
  aws_xml_append_element (xml, "FunctionARN", function->id);
  aws_xml_append_element (xml, "Stage", stage);
  aws_xml_append_element (xml, "CreatedTime", created);
  aws_xml_append_element (xml, "LastModifiedTime", changed ? changed : created);
  g_string_append (xml, "</FunctionMetadata>");
}

void
cloudfront_list_functions (PracticeCall *call,
                           GStrv         parts)
{
  g_autoptr(GPtrArray) functions = practice_resource_list (call->practice, CLOUDFRONT_FUNCTION_TYPE, "");
  const char *marker = practice_call_get_query (call, "Marker");
  const char *asked = practice_call_get_query (call, "Stage");
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GString) items = g_string_new (NULL);
  const char *last = NULL;
  gboolean more = FALSE;
  guint count = 0;
  gint64 limit;

  if (!cloudfront_get_limit (call, &limit))
    return;

  for (guint i = 0; i < functions->len && !more; i++)
    {
      PracticeResource *function = g_ptr_array_index (functions, i);
      gboolean live = g_strcmp0 (aws_json_get_string (function->attributes, "Stage"), "LIVE") == 0;

      if ((g_strcmp0 (asked, "LIVE") == 0 && !live) || (marker && strcmp (function->id, marker) <= 0))
        continue;
      if ((more = count == limit))
        break;
      count++;
      last = function->id;
      g_string_append (items, "<FunctionSummary>");
      append_summary (items, call, function, g_strcmp0 (asked, "LIVE") == 0 ? "LIVE" : "DEVELOPMENT");
      g_string_append (items, "</FunctionSummary>");
    }

  aws_xml_append_element (xml, "NextMarker", more ? last : NULL);
  g_string_append_printf (xml, "<MaxItems>%" G_GINT64_FORMAT "</MaxItems><Quantity>%u</Quantity>", limit, count);
  if (count > 0)
    g_string_append_printf (xml, "<Items>%s</Items>", items->str);
  cloudfront_answer_document (call, 200, "FunctionList", xml);
}

void
cloudfront_describe_function (PracticeCall *call,
                              GStrv         parts)
{
  g_autoptr(PracticeResource) function = find_function (call, parts[1]);
  const char *stage = function ? get_stage (call, function, practice_call_get_query (call, "Stage")) : NULL;
  g_autoptr(GString) xml = g_string_new (NULL);

  if (stage == NULL)
    return;

  append_summary (xml, call, function, stage);
  practice_call_set_header (call, "ETag", get_etag (function, stage));
  cloudfront_answer_document (call, 200, "FunctionSummary", xml);
}

void
cloudfront_get_function (PracticeCall *call,
                         GStrv         parts)
{
  g_autoptr(PracticeResource) function = find_function (call, parts[1]);
  const char *stage = function ? get_stage (call, function, practice_call_get_query (call, "Stage")) : NULL;

  if (stage == NULL)
    return;

  practice_call_set_header (call, "ETag", get_etag (function, stage));
  practice_call_answer_text (call, 200, "application/octet-stream", practice_property_string (get_version (function, stage), "FunctionCode"));
}

static char *
decode_text (AwsXmlNode *root,
             const char *name)
{
  g_autofree char *encoded = aws_xml_node_dup_text (root, name);
  g_autofree guchar *data = NULL;
  gsize length = 0;

  if (encoded == NULL)
    return NULL;
  data = g_base64_decode (encoded, &length);

  return g_utf8_validate_len ((const char *) data, length, NULL) ? g_strndup ((const char *) data, length) : NULL;
}

static JsonObject *
read_config (AwsXmlNode *node)
{
  JsonObject *config = json_object_new ();
  JsonArray *stores = json_array_new ();
  AwsXmlNode *item = aws_xml_node_find (node, "KeyValueStoreAssociations/Items/KeyValueStoreAssociation");
  g_autofree char *comment = aws_xml_node_dup_text (node, "Comment");
  g_autofree char *runtime = aws_xml_node_dup_text (node, "Runtime");

  json_object_set_string_member (config, "Comment", comment ? comment : "");
  json_object_set_string_member (config, "Runtime", runtime ? runtime : "");
  for (; item; item = aws_xml_node_next (item, "KeyValueStoreAssociation"))
    {
      g_autofree char *arn = aws_xml_node_dup_text (item, "KeyValueStoreARN");
      JsonObject *store = json_object_new ();

      json_object_set_string_member (store, "KeyValueStoreARN", arn);
      json_array_add_object_element (stores, store);
    }
  if (json_array_get_length (stores) > 0)
    json_object_set_array_member (config, "KeyValueStoreAssociations", stores);
  else
    json_array_unref (stores);

  return config;
}

/* The function as the request wants it; NULL after an answer. */
static JsonObject *
read_function (PracticeCall     *call,
               PracticeResource *function)
{
  g_autoptr(AwsXml) document = cloudfront_parse_body (call, "UpdateFunctionRequest");
  AwsXmlNode *root = document ? aws_xml_get_root (document) : NULL;
  AwsXmlNode *config = root ? aws_xml_node_find (root, "FunctionConfig") : NULL;
  g_autofree char *text = root ? decode_text (root, "FunctionCode") : NULL;
  g_autoptr(JsonObject) properties = NULL;
  g_autofree char *problem = NULL;
  const char *code;
  guint status;

  if (root == NULL)
    return NULL;
  if (config == NULL || text == NULL)
    {
      practice_call_answer_error (call, 400, "InvalidArgument", "The parameters FunctionConfig and FunctionCode are required.");
      return NULL;
    }

  properties = json_object_new ();
  json_object_set_string_member (properties, "Name", practice_property_string (function->properties, "Name"));
  json_object_set_string_member (properties, "FunctionCode", text);
  json_object_set_object_member (properties, "FunctionConfig", read_config (config));
  if ((problem = practice_function_check (call->practice, properties, &code, &status)))
    {
      practice_call_answer_error (call, status, code, "%s", problem);
      return NULL;
    }

  return g_steal_pointer (&properties);
}

/* Writes the function down with its next attributes and answers with its summary. */
static void
put_function (PracticeCall     *call,
              PracticeResource *function,
              JsonObject       *properties,
              gboolean          publish)
{
  g_autoptr(JsonObject) attributes = practice_function_next_attributes (function->id, properties, function->attributes, publish);
  g_autoptr(PracticeResource) changed = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean done;

  if (!practice_db_begin (call->practice->db, &error))
    {
      practice_call_answer_internal (call, error);
      return;
    }

  done = practice_function_use_stores (call->practice, function->id, properties, attributes, &error) &&
         practice_resource_put (call->practice, CLOUDFRONT_FUNCTION_TYPE, "", function->id, properties, attributes, &error);
  if (!done)
    practice_db_rollback (call->practice->db);
  if (!done || !practice_db_commit (call->practice->db, &error))
    {
      practice_call_answer_internal (call, error);
      return;
    }

  changed = practice_resource_lookup (call->practice, CLOUDFRONT_FUNCTION_TYPE, "", function->id);
  append_summary (xml, call, changed, publish ? "LIVE" : "DEVELOPMENT");
  /* That is how CloudFront spells it in the answer to UpdateFunction */
  if (!publish)
    practice_call_set_header (call, "ETtag", get_etag (changed, "DEVELOPMENT"));
  cloudfront_answer_document (call, 200, "FunctionSummary", xml);
}

void
cloudfront_update_function (PracticeCall *call,
                            GStrv         parts)
{
  g_autoptr(PracticeResource) function = find_function (call, parts[1]);
  g_autoptr(JsonObject) properties = NULL;

  if (function && cloudfront_check_version (call, get_etag (function, "DEVELOPMENT")) &&
      (properties = read_function (call, function)))
    put_function (call, function, properties, FALSE);
}

void
cloudfront_publish_function (PracticeCall *call,
                             GStrv         parts)
{
  g_autoptr(PracticeResource) function = find_function (call, parts[1]);

  if (function && cloudfront_check_version (call, get_etag (function, "DEVELOPMENT")))
    put_function (call, function, function->properties, TRUE);
}

static void
append_result (GString    *xml,
               const char *output,
               GPtrArray  *logs,
               GError     *error)
{
  g_string_append (xml, "<ComputeUtilization>12</ComputeUtilization><FunctionExecutionLogs>");
  for (guint i = 0; i < logs->len; i++)
    aws_xml_append_element (xml, "member", g_ptr_array_index (logs, i));
  g_string_append (xml, "</FunctionExecutionLogs>");
  aws_xml_append_element (xml, "FunctionErrorMessage", error ? error->message : "");
  aws_xml_append_element (xml, "FunctionOutput", output ? output : "");
}

void
cloudfront_test_function (PracticeCall *call,
                          GStrv         parts)
{
  g_autoptr(PracticeResource) function = find_function (call, parts[1]);
  g_autoptr(AwsXml) document = function ? cloudfront_parse_body (call, "TestFunctionRequest") : NULL;
  AwsXmlNode *root = document ? aws_xml_get_root (document) : NULL;
  g_autofree char *asked = root ? aws_xml_node_dup_text (root, "Stage") : NULL;
  const char *stage = root ? get_stage (call, function, asked) : NULL;
  g_autofree char *event = stage ? decode_text (root, "EventObject") : NULL;
  g_autoptr(JsonNode) node = event ? json_from_string (event, NULL) : NULL;
  g_autoptr(GPtrArray) logs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GString) xml = g_string_new ("<FunctionSummary>");
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;

  if (stage == NULL || !cloudfront_check_version (call, get_etag (function, stage)))
    return;
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) || strlen (event) > MAX_EVENT_BYTES)
    {
      practice_call_answer_error (call, 400, "InvalidArgument", "The event object is not valid.");
      return;
    }

  output = practice_edge_test_function (call->practice, get_version (function, stage), event, logs, &error);
  append_summary (xml, call, function, stage);
  g_string_append (xml, "</FunctionSummary>");
  append_result (xml, output, logs, error);
  cloudfront_answer_document (call, 200, "TestResult", xml);
}
