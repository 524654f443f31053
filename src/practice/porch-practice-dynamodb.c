/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-checksum.h"
#include "aws-json.h"
#include "porch-practice-attribute.h"
#include "porch-practice-dynamodb-private.h"
#include "porch-practice-fault.h"
#include "porch-practice-sts.h"

#define EXPIRY_SWEEP_MSEC (60 * 1000)

static const struct
{
  const char        *name;
  DynamodbOperation  operation;
} operations[] = {
  { "CreateTable", dynamodb_create_table },
  { "DescribeTable", dynamodb_describe_table },
  { "DeleteTable", dynamodb_delete_table },
  { "UpdateTable", dynamodb_update_table },
  { "ListTables", dynamodb_list_tables },
  { "UpdateTimeToLive", dynamodb_update_ttl },
  { "DescribeTimeToLive", dynamodb_describe_ttl },
  { "DescribeContinuousBackups", dynamodb_describe_backups },
  { "UpdateContinuousBackups", dynamodb_update_backups },
  { "ListTagsOfResource", dynamodb_list_tags },
  { "PutItem", dynamodb_put_item },
  { "GetItem", dynamodb_get_item },
  { "UpdateItem", dynamodb_update_item },
  { "DeleteItem", dynamodb_delete_item },
  { "Query", dynamodb_query },
  { "Scan", dynamodb_scan },
  { "BatchWriteItem", dynamodb_batch_write_item },
  { "BatchGetItem", dynamodb_batch_get_item },
};

JsonObject *
practice_dynamodb_call (Practice    *practice,
                        const char  *region,
                        const char  *operation,
                        JsonObject  *input,
                        JsonObject **details,
                        GError     **error)
{
  DynamodbContext context = { practice, region, details };

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_strcmp0 (operations[i].name, operation) == 0)
      return operations[i].operation (&context, input, error);

  practice_refuse (error, PRACTICE_FAULT_UNKNOWN_OPERATION, "Unknown operation: %s", operation);

  return NULL;
}

char *
practice_dynamodb_get_resource (Practice   *practice,
                                const char *region,
                                JsonObject *input)
{
  const char *name = aws_json_get_string (input, "TableName");

  if (name == NULL)
    return g_strdup ("*");
  if (g_str_has_prefix (name, "arn:"))
    return g_strdup (name);

  return g_strdup_printf ("arn:aws:dynamodb:%s:%s:table/%s", region, practice->account, name);
}

static gboolean
is_operation (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_strcmp0 (operations[i].name, name) == 0)
      return TRUE;

  return FALSE;
}

static void
handle (PracticeCall *call)
{
  g_autoptr(JsonObject) output = NULL;
  g_autoptr(JsonObject) details = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autofree char *resource = NULL, *action = NULL, *sum = NULL;

  if (!is_operation (call->operation))
    {
      practice_call_answer_unknown_operation (call);
      return;
    }

  resource = practice_dynamodb_get_resource (call->practice, call->region, call->json);
  action = g_strconcat ("dynamodb:", call->operation, NULL);
  if (!practice_call_authorize (call, action, resource))
    return;

  output = practice_dynamodb_call (call->practice, call->region, call->operation, call->json, &details, &error);
  if (output == NULL && error->domain == PRACTICE_FAULT)
    {
      practice_call_answer_error_extra (call, practice_fault_get_status (error), practice_fault_get_code (error), NULL,
                                        g_steal_pointer (&details), error->message);
      return;
    }
  if (output == NULL)
    {
      practice_call_answer_internal (call, error);
      return;
    }

  body = aws_json_object_to_bytes (output);
  sum = g_strdup_printf ("%u", aws_crc32 (0, g_bytes_get_data (body, NULL), g_bytes_get_size (body)));
  practice_call_set_header (call, "x-amz-crc32", sum);
  practice_call_answer (call, 200, "application/x-amz-json-1.0", body);
}

static const PracticeService service = {
  .name = "dynamodb",
  .protocol = PRACTICE_PROTOCOL_JSON_1_0,
  .target_prefix = "DynamoDB_20120810",
  .handle = handle,
};

static void
expire_items (Practice      *practice,
              PracticeTable *table,
              const char    *attribute)
{
  g_autoptr(GPtrArray) expired = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT item FROM dynamodb_items WHERE table_id = ?", "i", table->id);
  double now = practice_now () / 1e6;

  while (practice_rows_next (rows))
    {
      g_autoptr(JsonNode) node = json_from_string (practice_rows_text (rows, 0), NULL);
      JsonObject *item = json_node_get_object (node);
      JsonObject *value = aws_json_get_object (item, attribute);
      const char *seconds = value ? aws_json_get_string (value, "N") : NULL;

      /* What ended more than five years ago is taken for a mistake, as AWS does */
      if (seconds && g_ascii_strtod (seconds, NULL) < now && g_ascii_strtod (seconds, NULL) > now - 5 * 365.25 * 86400)
        g_ptr_array_add (expired, json_object_ref (item));
    }

  for (guint i = 0; i < expired->len; i++)
    {
      g_auto(PracticeKey) key = { NULL, };
      JsonObject *item = g_ptr_array_index (expired, i);

      if (practice_table_read_key (table, item, FALSE, &key, NULL))
        practice_item_write (practice, table, &key, item, NULL, TRUE, NULL);
    }
}

static gboolean
sweep_cb (gpointer data)
{
  Practice *practice = data;
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT id FROM dynamodb_tables", NULL);

  while (practice_rows_next (rows))
    {
      gint64 id = practice_rows_int (rows, 0);

      g_array_append_val (ids, id);
    }

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr(PracticeTable) table = practice_table_lookup_id (practice, g_array_index (ids, gint64, i));
      JsonObject *ttl = table ? aws_json_get_object (table->definition, "TimeToLiveSpecification") : NULL;

      if (ttl && aws_json_get_bool (ttl, "Enabled") && aws_json_get_string (ttl, "AttributeName"))
        expire_items (practice, table, aws_json_get_string (ttl, "AttributeName"));
    }

  practice_later (practice, EXPIRY_SWEEP_MSEC, sweep_cb, practice, NULL);

  return G_SOURCE_REMOVE;
}

gboolean
practice_dynamodb_init (Practice  *practice,
                        GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS dynamodb_tables (id INTEGER PRIMARY KEY AUTOINCREMENT, region TEXT NOT NULL,"
                           "  name TEXT NOT NULL, definition TEXT NOT NULL, stream_label TEXT NOT NULL, created INTEGER NOT NULL,"
                           "  active_from INTEGER NOT NULL, UNIQUE (region, name));"
                           "CREATE TABLE IF NOT EXISTS dynamodb_items (table_id INTEGER NOT NULL, pk BLOB NOT NULL, sk BLOB NOT NULL,"
                           "  item TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (table_id, pk, sk));"
                           "CREATE TABLE IF NOT EXISTS dynamodb_stream (sequence INTEGER PRIMARY KEY AUTOINCREMENT, table_id INTEGER NOT NULL,"
                           "  created INTEGER NOT NULL, record TEXT NOT NULL);"
                           "CREATE INDEX IF NOT EXISTS dynamodb_stream_by_table ON dynamodb_stream (table_id, sequence);",
                           error))
    return FALSE;

  practice_register_service (practice, &service);
  practice_later (practice, EXPIRY_SWEEP_MSEC, sweep_cb, practice, NULL);

  return TRUE;
}
