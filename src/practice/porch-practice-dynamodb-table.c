/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-attribute.h"
#include "porch-practice-dynamodb-private.h"
#include "porch-practice-fault.h"

#define SELECT_TABLE "SELECT id, region, name, definition, stream_label, created, active_from FROM dynamodb_tables "

/* Members of CreateTable that change nothing here but are given back or harmless. */
static const char *accepted_members[] = {
  "TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput", "StreamSpecification",
  "SSESpecification", "Tags", "TableClass", "DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput",
  "PointInTimeRecoverySpecification", "TimeToLiveSpecification", NULL
};

void
practice_key_clear (PracticeKey *key)
{
  g_clear_pointer (&key->pk, g_bytes_unref);
  g_clear_pointer (&key->sk, g_bytes_unref);
}

void
practice_table_free (PracticeTable *table)
{
  if (table == NULL)
    return;

  g_free (table->name);
  g_free (table->arn);
  g_free (table->region);
  g_free (table->pk);
  g_free (table->pk_type);
  g_free (table->sk);
  g_free (table->sk_type);
  g_free (table->stream_view);
  g_free (table->stream_label);
  g_clear_pointer (&table->definition, json_object_unref);
  g_free (table);
}

static char *
find_type (JsonObject *definition,
           const char *attribute)
{
  JsonArray *list = aws_json_get_array (definition, "AttributeDefinitions");

  for (guint i = 0; list && i < json_array_get_length (list); i++)
    {
      JsonObject *entry = aws_json_array_get_object (list, i);

      if (entry && g_strcmp0 (aws_json_get_string (entry, "AttributeName"), attribute) == 0)
        return g_strdup (aws_json_get_string (entry, "AttributeType"));
    }

  return NULL;
}

static void
read_definition (PracticeTable *table)
{
  JsonArray *keys = aws_json_get_array (table->definition, "KeySchema");
  JsonObject *stream = aws_json_get_object (table->definition, "StreamSpecification");

  for (guint i = 0; keys && i < json_array_get_length (keys); i++)
    {
      JsonObject *key = aws_json_array_get_object (keys, i);
      const char *name = aws_json_get_string (key, "AttributeName");
      gboolean hash = g_strcmp0 (aws_json_get_string (key, "KeyType"), "HASH") == 0;

      g_set_str (hash ? &table->pk : &table->sk, name);
      g_free (hash ? table->pk_type : table->sk_type);
      *(hash ? &table->pk_type : &table->sk_type) = find_type (table->definition, name);
    }

  /* The API says StreamEnabled, a template only names the view */
  if (stream && (!json_object_has_member (stream, "StreamEnabled") || aws_json_get_bool (stream, "StreamEnabled")))
    table->stream_view = g_strdup (aws_json_get_string (stream, "StreamViewType"));
}

static PracticeTable *
read_table (Practice     *practice,
            PracticeRows *rows)
{
  g_autoptr(PracticeTable) table = NULL;
  g_autoptr(JsonNode) node = NULL;

  if (!practice_rows_next (rows))
    return NULL;

  node = json_from_string (practice_rows_text (rows, 3), NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  table = g_new0 (PracticeTable, 1);
  table->id = practice_rows_int (rows, 0);
  table->region = practice_rows_dup_text (rows, 1);
  table->name = practice_rows_dup_text (rows, 2);
  table->definition = json_object_ref (json_node_get_object (node));
  table->stream_label = practice_rows_dup_text (rows, 4);
  table->created = practice_rows_int (rows, 5);
  table->active_from = practice_rows_int (rows, 6);
  table->arn = g_strdup_printf ("arn:aws:dynamodb:%s:%s:table/%s", table->region, practice->account, table->name);
  read_definition (table);

  return g_steal_pointer (&table);
}

/**
 * practice_table_lookup:
 * @practice: the practice cloud
 * @region: where to look
 * @name_or_arn: the table
 *
 * Returns: (transfer full) (nullable): the table, whether it is active or not
 */
PracticeTable *
practice_table_lookup (Practice   *practice,
                       const char *region,
                       const char *name_or_arn)
{
  g_auto(GStrv) parts = g_str_has_prefix (name_or_arn, "arn:") ? g_strsplit (name_or_arn, ":", 6) : NULL;
  const char *name = name_or_arn;
  g_autoptr(PracticeRows) rows = NULL;

  if (parts)
    {
      if (g_strv_length (parts) < 6 || !g_str_has_prefix (parts[5], "table/") || !g_str_equal (parts[4], practice->account))
        return NULL;
      region = parts[3];
      name = parts[5] + strlen ("table/");
    }

  rows = practice_db_query (practice->db, SELECT_TABLE "WHERE region = ? AND name = ?", "ss", region, name);

  return read_table (practice, rows);
}

PracticeTable *
practice_table_lookup_id (Practice *practice,
                          gint64    id)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, SELECT_TABLE "WHERE id = ?", "i", id);

  return read_table (practice, rows);
}

static const char *
require_table_name (JsonObject  *input,
                    GError     **error)
{
  const char *name = aws_json_get_string (input, "TableName");

  if (name == NULL)
    practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                     "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null");
  else if (!g_regex_match_simple ("^(arn:.+|[a-zA-Z0-9_.-]{3,255})$", name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                     strlen (name) < 3
                     ? "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'"
                     : "1 validation error detected: Value '%s' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
                     name);
  else
    return name;

  return NULL;
}

/* The table that an operation on items is about. */
PracticeTable *
practice_table_for_input (DynamodbContext  *context,
                          JsonObject       *input,
                          GError          **error)
{
  const char *name = require_table_name (input, error);
  g_autoptr(PracticeTable) table = name ? practice_table_lookup (context->practice, context->region, name) : NULL;

  if (name && (table == NULL || table->active_from > practice_now ()))
    return practice_refuse (error, PRACTICE_FAULT_RESOURCE_NOT_FOUND, "Requested resource not found"), NULL;

  return g_steal_pointer (&table);
}

char *
practice_table_stream_arn (PracticeTable *table)
{
  return table->stream_view ? g_strdup_printf ("%s/stream/%s", table->arn, table->stream_label) : NULL;
}

static gboolean
read_key_part (JsonObject  *attributes,
               const char  *name,
               const char  *type,
               gsize        limit,
               gboolean     exact,
               GBytes     **bytes,
               GError     **error)
{
  JsonNode *value = json_object_get_member (attributes, name);
  const char *actual = value ? practice_attribute_get_type (value) : NULL;

  if (exact && (value == NULL || !g_str_equal (actual, type)))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "The provided key element does not match the schema");
  if (value == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: Missing the key %s in the item", name);
  if (!g_str_equal (actual, type))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: Type mismatch for key %s expected: %s actual: %s",
                            name, type, actual);

  *bytes = practice_attribute_encode_key (value);
  if (*type != 'N' && g_bytes_get_size (*bytes) == 0)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s",
                            *type == 'S' ? "string" : "binary", name);
  if (g_bytes_get_size (*bytes) > limit)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            limit > 1024
                            ? "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
                            : "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes");

  return TRUE;
}

/**
 * practice_table_read_key:
 * @table: a table
 * @attributes: checked attributes
 * @exact: whether they must be the key and nothing else
 * @key: (out caller-allocates): the key
 * @error: return location for an error
 *
 * Returns: whether the key is complete and of the right types
 */
gboolean
practice_table_read_key (PracticeTable  *table,
                         JsonObject     *attributes,
                         gboolean        exact,
                         PracticeKey    *key,
                         GError        **error)
{
  if (exact && json_object_get_size (attributes) != (table->sk ? 2 : 1))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "The provided key element does not match the schema");
  if (!read_key_part (attributes, table->pk, table->pk_type, 2048, exact, &key->pk, error))
    return FALSE;
  if (table->sk)
    return read_key_part (attributes, table->sk, table->sk_type, 1024, exact, &key->sk, error);

  key->sk = g_bytes_new (NULL, 0);

  return TRUE;
}

JsonObject *
practice_table_pick_key (PracticeTable *table,
                         JsonObject    *item)
{
  JsonObject *key = json_object_new ();

  json_object_set_member (key, table->pk, json_node_ref (json_object_get_member (item, table->pk)));
  if (table->sk)
    json_object_set_member (key, table->sk, json_node_ref (json_object_get_member (item, table->sk)));

  return key;
}

static void
copy_member (JsonObject *from,
             JsonObject *to,
             const char *name)
{
  if (json_object_has_member (from, name))
    json_object_set_member (to, name, json_node_ref (json_object_get_member (from, name)));
}

static JsonObject *
describe (Practice      *practice,
          PracticeTable *table,
          const char    *status)
{
  JsonObject *text = json_object_new ();
  JsonObject *throughput = json_object_new ();
  JsonObject *asked = aws_json_get_object (table->definition, "ProvisionedThroughput");
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT count(*), coalesce(sum(size), 0) FROM dynamodb_items WHERE table_id = ?", "i", table->id);
  g_autofree char *stream_arn = practice_table_stream_arn (table);
  g_autofree char *id = g_strdup_printf ("%08x-0000-4000-8000-%012" G_GINT64_MODIFIER "x", (guint) g_str_hash (table->arn), table->id);

  practice_rows_next (rows);
  copy_member (table->definition, text, "AttributeDefinitions");
  json_object_set_string_member (text, "TableName", table->name);
  copy_member (table->definition, text, "KeySchema");
  json_object_set_string_member (text, "TableStatus", status);
  json_object_set_double_member (text, "CreationDateTime", table->created / 1e6);
  json_object_set_int_member (throughput, "NumberOfDecreasesToday", 0);
  json_object_set_int_member (throughput, "ReadCapacityUnits", asked ? aws_json_get_int (asked, "ReadCapacityUnits", 0) : 0);
  json_object_set_int_member (throughput, "WriteCapacityUnits", asked ? aws_json_get_int (asked, "WriteCapacityUnits", 0) : 0);
  json_object_set_object_member (text, "ProvisionedThroughput", throughput);
  json_object_set_int_member (text, "TableSizeBytes", practice_rows_int (rows, 1));
  json_object_set_int_member (text, "ItemCount", practice_rows_int (rows, 0));
  json_object_set_string_member (text, "TableArn", table->arn);
  json_object_set_string_member (text, "TableId", id);

  if (g_strcmp0 (aws_json_get_string (table->definition, "BillingMode"), "PAY_PER_REQUEST") == 0)
    {
      JsonObject *billing = json_object_new ();

      json_object_set_string_member (billing, "BillingMode", "PAY_PER_REQUEST");
      json_object_set_object_member (text, "BillingModeSummary", billing);
    }
  if (stream_arn)
    {
      JsonObject *stream = json_object_new ();

      json_object_set_boolean_member (stream, "StreamEnabled", TRUE);
      json_object_set_string_member (stream, "StreamViewType", table->stream_view);
      json_object_set_object_member (text, "StreamSpecification", stream);
      json_object_set_string_member (text, "LatestStreamLabel", table->stream_label);
      json_object_set_string_member (text, "LatestStreamArn", stream_arn);
    }
  json_object_set_boolean_member (text, "DeletionProtectionEnabled", aws_json_get_bool (table->definition, "DeletionProtectionEnabled"));

  return text;
}

static JsonObject *
wrap (const char *name,
      JsonObject *inner)
{
  JsonObject *object = json_object_new ();

  json_object_set_object_member (object, name, inner);

  return object;
}

static gboolean
check_key_schema (JsonObject  *input,
                  GError     **error)
{
  JsonArray *keys = aws_json_get_array (input, "KeySchema");
  JsonArray *attributes = aws_json_get_array (input, "AttributeDefinitions");
  guint n_keys = keys ? json_array_get_length (keys) : 0;

  if (n_keys == 0 || n_keys > 2)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value at 'keySchema' failed to satisfy constraint: Member must have length between 1 and 2");

  for (guint i = 0; i < n_keys; i++)
    {
      JsonObject *key = aws_json_array_get_object (keys, i);
      const char *name = key ? aws_json_get_string (key, "AttributeName") : NULL;
      const char *type = key ? aws_json_get_string (key, "KeyType") : NULL;
      g_autofree char *attribute_type = name ? find_type (input, name) : NULL;

      if (g_strcmp0 (type, i == 0 ? "HASH" : "RANGE") != 0)
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Invalid KeySchema: The %s KeySchemaElement is not a %s key type",
                                i == 0 ? "first" : "second", i == 0 ? "HASH" : "RANGE");
      if (attribute_type == NULL)
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: []",
                                name ? name : "");
      if (strlen (attribute_type) != 1 || !strchr ("SNB", *attribute_type))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                "1 validation error detected: Value '%s' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
                                attribute_type);
    }

  if (json_array_get_length (attributes) != n_keys)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions");

  return TRUE;
}

static gboolean
check_definition (JsonObject  *input,
                  GError     **error)
{
  static const char *views[] = { "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY", NULL };
  const char *billing = aws_json_get_string (input, "BillingMode");
  JsonObject *stream = aws_json_get_object (input, "StreamSpecification");
  g_autoptr(GList) members = json_object_get_members (input);

  for (GList *link = members; link; link = link->next)
    if (!g_strv_contains (accepted_members, link->data))
      return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                              "The practice cloud has no %s for tables", (char *) link->data);

  if (billing && !g_str_equal (billing, "PAY_PER_REQUEST") && !g_str_equal (billing, "PROVISIONED"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value '%s' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]", billing);
  if (g_strcmp0 (billing, "PAY_PER_REQUEST") != 0 && !aws_json_get_object (input, "ProvisionedThroughput"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
  if (g_strcmp0 (billing, "PAY_PER_REQUEST") == 0 && aws_json_get_object (input, "ProvisionedThroughput"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
  if (stream && aws_json_get_string (stream, "StreamViewType") &&
      !g_strv_contains (views, aws_json_get_string (stream, "StreamViewType")))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value '%s' at 'streamSpecification.streamViewType' failed to satisfy constraint: Member must satisfy enum value set: [NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES, KEYS_ONLY]",
                            aws_json_get_string (stream, "StreamViewType"));

  return check_key_schema (input, error);
}

static char *
make_stream_label (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *seconds = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03d", seconds, g_date_time_get_microsecond (now) / 1000);
}

JsonObject *
dynamodb_create_table (DynamodbContext  *context,
                       JsonObject       *input,
                       GError          **error)
{
  const char *name = require_table_name (input, error);
  g_autoptr(PracticeTable) table = NULL;
  g_autoptr(GBytes) definition = aws_json_object_to_bytes (input);
  g_autofree char *text = g_strndup (g_bytes_get_data (definition, NULL), g_bytes_get_size (definition));
  g_autofree char *label = make_stream_label ();
  gint64 now = practice_now ();

  if (name == NULL || !check_definition (input, error))
    return NULL;
  if ((table = practice_table_lookup (context->practice, context->region, name)))
    return practice_refuse (error, PRACTICE_FAULT_RESOURCE_IN_USE, "Table already exists: %s", name), NULL;

  if (!practice_db_run (context->practice->db, error,
                        "INSERT INTO dynamodb_tables (region, name, definition, stream_label, created, active_from) VALUES (?, ?, ?, ?, ?, ?)",
                        "ssssii", context->region, name, text, label, now,
                        now + 1000 * (gint64) practice_scale_delay (context->practice, 5)))
    return NULL;

  table = practice_table_lookup (context->practice, context->region, name);

  return wrap ("TableDescription", describe (context->practice, table, "CREATING"));
}

static PracticeTable *
require_table (DynamodbContext  *context,
               JsonObject       *input,
               GError          **error)
{
  const char *name = require_table_name (input, error);
  PracticeTable *table = name ? practice_table_lookup (context->practice, context->region, name) : NULL;

  if (name && table == NULL)
    practice_refuse (error, PRACTICE_FAULT_RESOURCE_NOT_FOUND, "Requested resource not found: Table: %s not found", name);

  return table;
}

JsonObject *
dynamodb_describe_table (DynamodbContext  *context,
                         JsonObject       *input,
                         GError          **error)
{
  g_autoptr(PracticeTable) table = require_table (context, input, error);

  return table ? wrap ("Table", describe (context->practice, table, table->active_from > practice_now () ? "CREATING" : "ACTIVE"))
               : NULL;
}

JsonObject *
dynamodb_delete_table (DynamodbContext  *context,
                       JsonObject       *input,
                       GError          **error)
{
  g_autoptr(PracticeTable) table = require_table (context, input, error);
  PracticeDb *db = context->practice->db;
  JsonObject *text;

  if (table == NULL)
    return NULL;
  if (aws_json_get_bool (table->definition, "DeletionProtectionEnabled"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."), NULL;

  text = describe (context->practice, table, "DELETING");
  if (!practice_db_begin (db, error))
    return json_object_unref (text), NULL;
  if (practice_db_run (db, error, "DELETE FROM dynamodb_items WHERE table_id = ?", "i", table->id) &&
      practice_db_run (db, error, "DELETE FROM dynamodb_stream WHERE table_id = ?", "i", table->id) &&
      practice_db_run (db, error, "DELETE FROM dynamodb_tables WHERE id = ?", "i", table->id))
    return practice_db_commit (db, error) ? wrap ("TableDescription", text) : (json_object_unref (text), NULL);

  practice_db_rollback (db);
  json_object_unref (text);

  return NULL;
}

static gboolean
save_definition (DynamodbContext  *context,
                 PracticeTable    *table,
                 GError          **error)
{
  g_autoptr(GBytes) definition = aws_json_object_to_bytes (table->definition);
  g_autofree char *text = g_strndup (g_bytes_get_data (definition, NULL), g_bytes_get_size (definition));

  return practice_db_run (context->practice->db, error, "UPDATE dynamodb_tables SET definition = ?, stream_label = ? WHERE id = ?",
                          "ssi", text, table->stream_label, table->id);
}

/* Changes what can be changed of a table that exists; the rest of the definition stays. */
JsonObject *
dynamodb_update_table (DynamodbContext  *context,
                       JsonObject       *input,
                       GError          **error)
{
  static const char *changeable[] = {
    "BillingMode", "ProvisionedThroughput", "StreamSpecification", "SSESpecification", "TableClass",
    "DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput", NULL
  };
  g_autoptr(PracticeTable) table = require_table (context, input, error);
  gboolean had_stream;

  if (table == NULL)
    return NULL;

  had_stream = table->stream_view != NULL;
  if (g_strcmp0 (aws_json_get_string (input, "BillingMode"), "PAY_PER_REQUEST") == 0)
    json_object_remove_member (table->definition, "ProvisionedThroughput");
  for (guint i = 0; changeable[i]; i++)
    copy_member (input, table->definition, changeable[i]);
  if (!check_definition (table->definition, error))
    return NULL;

  g_clear_pointer (&table->stream_view, g_free);
  read_definition (table);
  if (table->stream_view && !had_stream)
    {
      g_free (table->stream_label);
      table->stream_label = make_stream_label ();
    }

  return save_definition (context, table, error) ? wrap ("TableDescription", describe (context->practice, table, "UPDATING")) : NULL;
}

JsonObject *
dynamodb_list_tables (DynamodbContext  *context,
                      JsonObject       *input,
                      GError          **error)
{
  const char *start = aws_json_get_string (input, "ExclusiveStartTableName");
  gint64 limit = aws_json_get_int (input, "Limit", 100);
  JsonObject *output = json_object_new ();
  JsonArray *names = json_array_new ();
  g_autoptr(PracticeRows) rows = practice_db_query (context->practice->db,
                                                    "SELECT name FROM dynamodb_tables WHERE region = ? AND name > ? ORDER BY name LIMIT ?",
                                                    "ssi", context->region, start ? start : "", CLAMP (limit, 1, 100) + 1);

  json_object_set_array_member (output, "TableNames", names);
  while (practice_rows_next (rows))
    {
      if (json_array_get_length (names) == CLAMP (limit, 1, 100))
        {
          json_object_set_string_member (output, "LastEvaluatedTableName",
                                         json_array_get_string_element (names, json_array_get_length (names) - 1));
          break;
        }
      json_array_add_string_element (names, practice_rows_text (rows, 0));
    }

  return output;
}

JsonObject *
dynamodb_update_ttl (DynamodbContext  *context,
                     JsonObject       *input,
                     GError          **error)
{
  g_autoptr(PracticeTable) table = require_table (context, input, error);
  JsonObject *asked = aws_json_get_object (input, "TimeToLiveSpecification");
  JsonObject *known;

  if (table == NULL)
    return NULL;
  if (asked == NULL || !aws_json_get_string (asked, "AttributeName") || !json_object_has_member (asked, "Enabled"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value null at 'timeToLiveSpecification' failed to satisfy constraint: Member must not be null"), NULL;

  known = aws_json_get_object (table->definition, "TimeToLiveSpecification");
  if ((known && aws_json_get_bool (known, "Enabled")) == aws_json_get_bool (asked, "Enabled"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "TimeToLive is already %s",
                            aws_json_get_bool (asked, "Enabled") ? "enabled" : "disabled"), NULL;

  json_object_set_object_member (table->definition, "TimeToLiveSpecification", json_object_ref (asked));

  return save_definition (context, table, error) ? wrap ("TimeToLiveSpecification", json_object_ref (asked)) : NULL;
}

JsonObject *
dynamodb_describe_ttl (DynamodbContext  *context,
                       JsonObject       *input,
                       GError          **error)
{
  g_autoptr(PracticeTable) table = require_table (context, input, error);
  JsonObject *known = table ? aws_json_get_object (table->definition, "TimeToLiveSpecification") : NULL;
  gboolean enabled = known && aws_json_get_bool (known, "Enabled");
  JsonObject *text;

  if (table == NULL)
    return NULL;

  text = json_object_new ();
  json_object_set_string_member (text, "TimeToLiveStatus", enabled ? "ENABLED" : "DISABLED");
  if (enabled)
    json_object_set_string_member (text, "AttributeName", aws_json_get_string (known, "AttributeName"));

  return wrap ("TimeToLiveDescription", text);
}

/* Since when there are states to go back to: from when it was switched on, but not further than the period. */
static JsonObject *
describe_recovery (PracticeTable *table)
{
  JsonObject *known = aws_json_get_object (table->definition, "PointInTimeRecoverySpecification");
  JsonObject *text = json_object_new ();
  JsonObject *recovery = json_object_new ();

  json_object_set_string_member (text, "ContinuousBackupsStatus", "ENABLED");
  json_object_set_object_member (text, "PointInTimeRecoveryDescription", recovery);
  if (known && aws_json_get_bool (known, "PointInTimeRecoveryEnabled"))
    {
      gint64 days = aws_json_get_int (known, "RecoveryPeriodInDays", 35);
      double now = practice_now () / 1e6;

      json_object_set_string_member (recovery, "PointInTimeRecoveryStatus", "ENABLED");
      json_object_set_int_member (recovery, "RecoveryPeriodInDays", days);
      json_object_set_double_member (recovery, "EarliestRestorableDateTime",
                                     MAX (aws_json_get_int (table->definition, "recoverableSince", now), now - days * 86400.0));
      json_object_set_double_member (recovery, "LatestRestorableDateTime", now);
    }
  else
    {
      json_object_set_string_member (recovery, "PointInTimeRecoveryStatus", "DISABLED");
    }

  return wrap ("ContinuousBackupsDescription", text);
}

static PracticeTable *
require_backed_table (DynamodbContext  *context,
                      JsonObject       *input,
                      GError          **error)
{
  const char *name = require_table_name (input, error);
  PracticeTable *table = name ? practice_table_lookup (context->practice, context->region, name) : NULL;

  if (name && table == NULL)
    practice_refuse (error, PRACTICE_FAULT_TABLE_NOT_FOUND, "Table not found: %s", name);

  return table;
}

JsonObject *
dynamodb_describe_backups (DynamodbContext  *context,
                           JsonObject       *input,
                           GError          **error)
{
  g_autoptr(PracticeTable) table = require_backed_table (context, input, error);

  return table ? describe_recovery (table) : NULL;
}

JsonObject *
dynamodb_update_backups (DynamodbContext  *context,
                         JsonObject       *input,
                         GError          **error)
{
  g_autoptr(PracticeTable) table = require_backed_table (context, input, error);
  JsonObject *asked = aws_json_get_object (input, "PointInTimeRecoverySpecification");
  gint64 days = asked ? aws_json_get_int (asked, "RecoveryPeriodInDays", 35) : 0;
  JsonObject *known;

  if (table == NULL)
    return NULL;
  if (asked == NULL || !json_object_has_member (asked, "PointInTimeRecoveryEnabled"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value null at 'pointInTimeRecoverySpecification' failed to satisfy constraint: Member must not be null"), NULL;
  if (days < 1 || days > 35)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value '%" G_GINT64_FORMAT "' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have value between 1 and 35", days), NULL;

  known = aws_json_get_object (table->definition, "PointInTimeRecoverySpecification");
  if (!(known && aws_json_get_bool (known, "PointInTimeRecoveryEnabled")))
    json_object_set_int_member (table->definition, "recoverableSince", practice_now () / G_USEC_PER_SEC);
  json_object_set_object_member (table->definition, "PointInTimeRecoverySpecification", json_object_ref (asked));

  return save_definition (context, table, error) ? describe_recovery (table) : NULL;
}

JsonObject *
dynamodb_list_tags (DynamodbContext  *context,
                    JsonObject       *input,
                    GError          **error)
{
  const char *arn = aws_json_get_string (input, "ResourceArn");
  g_autoptr(PracticeTable) table = arn ? practice_table_lookup (context->practice, context->region, arn) : NULL;
  JsonArray *tags = table ? aws_json_get_array (table->definition, "Tags") : NULL;
  JsonObject *output;

  if (table == NULL)
    return practice_refuse (error, PRACTICE_FAULT_RESOURCE_NOT_FOUND, "Requested resource not found: ResourcArn: %s not found", arn ? arn : ""), NULL;

  output = json_object_new ();
  json_object_set_array_member (output, "Tags", tags ? json_array_ref (tags) : json_array_new ());

  return output;
}
