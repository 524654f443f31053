/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "aws-json.h"
#include "porch-practice-attribute.h"
#include "porch-practice-dynamodb-private.h"
#include "porch-practice-fault.h"

/* One write: the table, the item before, what the expressions say. */
typedef struct
{
  gboolean                 is_update;
  PracticeTable           *table;
  PracticeKey              key;
  PracticeExpressionScope *scope;
  PracticeExpression      *condition;
  PracticeExpression      *update;
  JsonObject              *before;
} Write;

static void
write_clear (Write *self)
{
  g_clear_pointer (&self->table, practice_table_free);
  practice_key_clear (&self->key);
  g_clear_pointer (&self->scope, practice_expression_scope_free);
  g_clear_pointer (&self->condition, practice_expression_free);
  g_clear_pointer (&self->update, practice_expression_free);
  g_clear_pointer (&self->before, json_object_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Write, write_clear)

static JsonObject *
parse_item (const char *text)
{
  g_autoptr(JsonNode) node = json_from_string (text, NULL);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_object_ref (json_node_get_object (node)) : NULL;
}

static char *
print_item (JsonObject *item)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (item);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

JsonObject *
practice_item_load (Practice      *practice,
                    PracticeTable *table,
                    PracticeKey   *key)
{
  g_autofree char *text = practice_db_lookup (practice->db, "SELECT item FROM dynamodb_items WHERE table_id = ? AND pk = ? AND sk = ?",
                                              "ibb", table->id, key->pk, key->sk);

  return text ? parse_item (text) : NULL;
}

static gboolean
write_row (Practice       *practice,
           PracticeTable  *table,
           PracticeKey    *key,
           JsonObject     *after,
           GError        **error)
{
  g_autofree char *text = NULL;

  if (after == NULL)
    return practice_db_run (practice->db, error, "DELETE FROM dynamodb_items WHERE table_id = ? AND pk = ? AND sk = ?",
                            "ibb", table->id, key->pk, key->sk);

  text = print_item (after);

  return practice_db_run (practice->db, error,
                          "INSERT INTO dynamodb_items (table_id, pk, sk, item, size) VALUES (?, ?, ?, ?, ?) "
                          "ON CONFLICT (table_id, pk, sk) DO UPDATE SET item = excluded.item, size = excluded.size",
                          "ibbsi", table->id, key->pk, key->sk, text, (gint64) practice_attribute_get_map_size (after));
}

/**
 * practice_item_write:
 * @practice: the practice cloud
 * @table: the table
 * @key: which item
 * @before: (nullable): the item as it is
 * @after: (nullable): the item as it shall be
 * @expired: whether its time to live has ended
 * @error: return location for an error
 *
 * Writes the item and the record of the table's stream, both or none.
 *
 * Returns: whether it was written
 */
gboolean
practice_item_write (Practice       *practice,
                     PracticeTable  *table,
                     PracticeKey    *key,
                     JsonObject     *before,
                     JsonObject     *after,
                     gboolean        expired,
                     GError        **error)
{
  if (before == NULL && after == NULL)
    return TRUE;
  if (!practice_db_begin (practice->db, error))
    return FALSE;

  if (write_row (practice, table, key, after, error) &&
      practice_stream_append (practice, table, before, after, expired, error))
    return practice_db_commit (practice->db, error);

  practice_db_rollback (practice->db);

  return FALSE;
}

gboolean
practice_dynamodb_refuse_legacy (JsonObject  *input,
                                 GError     **error)
{
  static const char *legacy[] = {
    "Expected", "AttributeUpdates", "AttributesToGet", "KeyConditions", "QueryFilter", "ScanFilter", "ConditionalOperator",
  };

  for (guint i = 0; i < G_N_ELEMENTS (legacy); i++)
    if (json_object_has_member (input, legacy[i]))
      return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                              "The practice cloud has no %s: use an expression instead", legacy[i]);

  return TRUE;
}

void
practice_dynamodb_add_capacity (JsonObject    *input,
                                JsonObject    *output,
                                PracticeTable *table,
                                gsize          bytes,
                                gsize          unit)
{
  const char *wanted = aws_json_get_string (input, "ReturnConsumedCapacity");
  double share = unit == 4096 && !aws_json_get_bool (input, "ConsistentRead") ? 0.5 : 1;
  JsonObject *capacity;

  if (wanted == NULL || g_str_equal (wanted, "NONE"))
    return;

  capacity = json_object_new ();
  json_object_set_string_member (capacity, "TableName", table->name);
  json_object_set_double_member (capacity, "CapacityUnits", share * MAX (1, ceil ((double) bytes / unit)));
  json_object_set_object_member (output, "ConsumedCapacity", capacity);
}

static JsonObject *
require_attributes (JsonObject  *input,
                    const char  *member,
                    GError     **error)
{
  JsonObject *attributes = aws_json_get_object (input, member);

  if (attributes == NULL)
    {
      practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                       "1 validation error detected: Value null at '%c%s' failed to satisfy constraint: Member must not be null",
                       g_ascii_tolower (*member), member + 1);
      return NULL;
    }

  return practice_attribute_check_map (attributes, error) ? attributes : NULL;
}

static gboolean
check_return_values (JsonObject  *input,
                     gboolean     update,
                     GError     **error)
{
  static const char *all[] = { "NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW", NULL };
  const char *value = aws_json_get_string (input, "ReturnValues");

  if (value == NULL)
    return TRUE;
  if (!g_strv_contains (all, value))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value '%s' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]", value);
  if (!update && !g_str_equal (value, "NONE") && !g_str_equal (value, "ALL_OLD"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Return values set to invalid value");

  return TRUE;
}

static gboolean
parse_expressions (Write       *self,
                   JsonObject  *input,
                   GError     **error)
{
  const char *condition = aws_json_get_string (input, "ConditionExpression");
  const char *update = aws_json_get_string (input, "UpdateExpression");

  if (!condition && !update && json_object_has_member (input, "ExpressionAttributeValues"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "ExpressionAttributeValues can only be specified when using expressions");
  if (!condition && !update && json_object_has_member (input, "ExpressionAttributeNames"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "ExpressionAttributeNames can only be specified when using expressions");

  if (!(self->scope = practice_expression_scope_new (input, error)))
    return FALSE;
  if (update && !(self->update = practice_expression_new (PRACTICE_EXPRESSION_UPDATE, update, self->scope, error)))
    return FALSE;
  if (condition && !(self->condition = practice_expression_new (PRACTICE_EXPRESSION_CONDITION, condition, self->scope, error)))
    return FALSE;

  return practice_expression_scope_check_unused (self->scope, error);
}

static gboolean
check_condition (Write            *self,
                 DynamodbContext  *context,
                 JsonObject       *input,
                 GError          **error)
{
  g_autoptr(JsonObject) nothing = json_object_new ();

  if (self->condition == NULL || practice_expression_matches (self->condition, self->before ? self->before : nothing))
    return TRUE;

  if (context->details && self->before &&
      g_strcmp0 (aws_json_get_string (input, "ReturnValuesOnConditionCheckFailure"), "ALL_OLD") == 0)
    {
      *context->details = json_object_new ();
      json_object_set_object_member (*context->details, "Item", json_object_ref (self->before));
    }

  return practice_refuse (error, PRACTICE_FAULT_CONDITION_FAILED, "The conditional request failed");
}

/* Everything up to the write itself: table, key, expressions, the item as it is, the condition. */
static gboolean
prepare (Write            *self,
         DynamodbContext  *context,
         JsonObject       *input,
         const char       *member,
         JsonObject      **attributes,
         GError          **error)
{
  if (!practice_dynamodb_refuse_legacy (input, error) ||
      !check_return_values (input, self->is_update, error) ||
      !(*attributes = require_attributes (input, member, error)) ||
      !parse_expressions (self, input, error) ||
      !(self->table = practice_table_for_input (context, input, error)) ||
      !practice_table_read_key (self->table, *attributes, g_str_equal (member, "Key"), &self->key, error))
    return FALSE;

  self->before = practice_item_load (context->practice, self->table, &self->key);

  return check_condition (self, context, input, error);
}

static JsonObject *
finish (Write      *self,
        JsonObject *input,
        JsonObject *after)
{
  const char *wanted = aws_json_get_string (input, "ReturnValues");
  JsonObject *output = json_object_new ();
  g_autoptr(JsonObject) attributes = NULL;
  gsize bytes = MAX (self->before ? practice_attribute_get_map_size (self->before) : 0,
                     after ? practice_attribute_get_map_size (after) : 0);

  if (g_strcmp0 (wanted, "ALL_OLD") == 0)
    attributes = self->before ? json_object_ref (self->before) : NULL;
  else if (g_strcmp0 (wanted, "ALL_NEW") == 0)
    attributes = json_object_ref (after);
  else if (g_strcmp0 (wanted, "UPDATED_OLD") == 0)
    attributes = self->update && self->before ? practice_expression_pick_changed (self->update, self->before) : NULL;
  else if (g_strcmp0 (wanted, "UPDATED_NEW") == 0)
    attributes = self->update ? practice_expression_pick_changed (self->update, after) : NULL;

  if (attributes && json_object_get_size (attributes) > 0)
    json_object_set_object_member (output, "Attributes", g_steal_pointer (&attributes));
  practice_dynamodb_add_capacity (input, output, self->table, bytes, 1024);

  return output;
}

JsonObject *
dynamodb_put_item (DynamodbContext  *context,
                   JsonObject       *input,
                   GError          **error)
{
  g_auto(Write) write = { FALSE, };
  JsonObject *item;

  if (!prepare (&write, context, input, "Item", &item, error))
    return NULL;
  if (practice_attribute_get_map_size (item) > DYNAMODB_ITEM_BYTES)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Item size has exceeded the maximum allowed size"), NULL;
  if (!practice_item_write (context->practice, write.table, &write.key, write.before, item, FALSE, error))
    return NULL;

  return finish (&write, input, item);
}

JsonObject *
dynamodb_delete_item (DynamodbContext  *context,
                      JsonObject       *input,
                      GError          **error)
{
  g_auto(Write) write = { FALSE, };
  JsonObject *key;

  if (!prepare (&write, context, input, "Key", &key, error) ||
      !practice_item_write (context->practice, write.table, &write.key, write.before, NULL, FALSE, error))
    return NULL;

  return finish (&write, input, NULL);
}

JsonObject *
dynamodb_update_item (DynamodbContext  *context,
                      JsonObject       *input,
                      GError          **error)
{
  g_auto(Write) write = { TRUE, };
  g_autoptr(JsonObject) after = NULL;
  JsonObject *key;

  if (!prepare (&write, context, input, "Key", &key, error))
    return NULL;

  for (guint i = 0; i < 2; i++)
    {
      const char *name = i == 0 ? write.table->pk : write.table->sk;

      if (write.update && name && practice_expression_changes (write.update, name))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                "One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key", name), NULL;
    }

  /* The update works in place, so it gets a copy of its own: the one before is still wanted */
  after = write.before ? practice_item_load (context->practice, write.table, &write.key)
                       : practice_table_pick_key (write.table, key);
  if (write.update && !practice_expression_update (write.update, after, error))
    return NULL;
  if (practice_attribute_get_map_size (after) > DYNAMODB_ITEM_BYTES)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Item size to update has exceeded the maximum allowed size"), NULL;
  if (!practice_item_write (context->practice, write.table, &write.key, write.before, after, FALSE, error))
    return NULL;

  return finish (&write, input, after);
}

JsonObject *
dynamodb_get_item (DynamodbContext  *context,
                   JsonObject       *input,
                   GError          **error)
{
  const char *projection = aws_json_get_string (input, "ProjectionExpression");
  g_autoptr(PracticeTable) table = NULL;
  g_auto(PracticeKey) key = { NULL, };
  g_autoptr(PracticeExpressionScope) scope = NULL;
  g_autoptr(PracticeExpression) expression = NULL;
  g_autoptr(JsonObject) item = NULL;
  JsonObject *attributes, *output;

  if (!practice_dynamodb_refuse_legacy (input, error) ||
      !(attributes = require_attributes (input, "Key", error)) ||
      !(scope = practice_expression_scope_new (input, error)) ||
      (projection && !(expression = practice_expression_new (PRACTICE_EXPRESSION_PROJECTION, projection, scope, error))) ||
      !practice_expression_scope_check_unused (scope, error) ||
      !(table = practice_table_for_input (context, input, error)) ||
      !practice_table_read_key (table, attributes, TRUE, &key, error))
    return NULL;

  output = json_object_new ();
  item = practice_item_load (context->practice, table, &key);
  if (item)
    json_object_set_object_member (output, "Item", expression ? practice_expression_project (expression, item) : json_object_ref (item));
  practice_dynamodb_add_capacity (input, output, table, item ? practice_attribute_get_map_size (item) : 0, 4096);

  return output;
}
