/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-attribute.h"
#include "porch-practice-dynamodb-private.h"
#include "porch-practice-fault.h"

/* Longer than any sort key, so that its bytes are above them all */
#define ABOVE_ALL_KEYS 1025

/* What Query and Scan have in common. */
typedef struct
{
  JsonObject              *input;
  PracticeTable           *table;
  PracticeExpressionScope *scope;
  PracticeExpression      *filter;
  PracticeExpression      *projection;
  PracticeExpression      *key_condition;
  gboolean                 count_only;
  gint64                   limit;
  gboolean                 has_start;
  PracticeKey              start;

  JsonArray               *items;
  JsonObject              *last;
  gint64                   count;
  gint64                   scanned;
  gsize                    bytes;
} Reader;

/* Sort keys from low to high, each end with or without the key itself. */
typedef struct
{
  GBytes   *low;
  GBytes   *high;
  gboolean  without_low;
  gboolean  without_high;
} Range;

static void
reader_clear (Reader *self)
{
  g_clear_pointer (&self->table, practice_table_free);
  g_clear_pointer (&self->scope, practice_expression_scope_free);
  g_clear_pointer (&self->filter, practice_expression_free);
  g_clear_pointer (&self->projection, practice_expression_free);
  g_clear_pointer (&self->key_condition, practice_expression_free);
  g_clear_pointer (&self->items, json_array_unref);
  g_clear_pointer (&self->last, json_object_unref);
  practice_key_clear (&self->start);
}

static void
range_clear (Range *range)
{
  g_clear_pointer (&range->low, g_bytes_unref);
  g_clear_pointer (&range->high, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Range, range_clear)

static gboolean
parse_member (Reader                  *self,
              const char              *member,
              PracticeExpressionKind   kind,
              PracticeExpression     **expression,
              GError                 **error)
{
  const char *text = aws_json_get_string (self->input, member);

  return text == NULL || (*expression = practice_expression_new (kind, text, self->scope, error)) != NULL;
}

static gboolean
check_select (Reader  *self,
              GError **error)
{
  static const char *all[] = { "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT", NULL };
  const char *select = aws_json_get_string (self->input, "Select");

  if (select == NULL)
    return TRUE;
  if (!g_strv_contains (all, select))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value '%s' at 'select' failed to satisfy constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]", select);
  if (self->projection && !g_str_equal (select, "SPECIFIC_ATTRIBUTES"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Cannot specify the ProjectionExpression when choosing to get %s",
                            g_str_equal (select, "COUNT") ? "only the Count" : select);
  if (g_str_equal (select, "ALL_PROJECTED_ATTRIBUTES"))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: Select type ALL_PROJECTED_ATTRIBUTES is not supported for a query or scan without an index");
  self->count_only = g_str_equal (select, "COUNT");

  return TRUE;
}

static gboolean
check_start (Reader  *self,
             GError **error)
{
  JsonObject *start = aws_json_get_object (self->input, "ExclusiveStartKey");

  if (start == NULL)
    return TRUE;
  if (!practice_attribute_check_map (start, error))
    return FALSE;

  self->has_start = TRUE;
  if (!practice_table_read_key (self->table, start, TRUE, &self->start, NULL))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "The provided starting key is invalid: The provided key element does not match the schema");

  return TRUE;
}

static gboolean
reader_prepare (Reader           *self,
                DynamodbContext  *context,
                JsonObject       *input,
                GError          **error)
{
  const char *index = aws_json_get_string (input, "IndexName");

  self->input = input;
  self->items = json_array_new ();
  self->limit = aws_json_get_int (input, "Limit", G_MAXINT64);
  if (self->limit < 1)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value '%" G_GINT64_FORMAT "' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
                            self->limit);

  if (!practice_dynamodb_refuse_legacy (input, error) ||
      !(self->scope = practice_expression_scope_new (input, error)) ||
      !parse_member (self, "KeyConditionExpression", PRACTICE_EXPRESSION_KEY_CONDITION, &self->key_condition, error) ||
      !parse_member (self, "FilterExpression", PRACTICE_EXPRESSION_FILTER, &self->filter, error) ||
      !parse_member (self, "ProjectionExpression", PRACTICE_EXPRESSION_PROJECTION, &self->projection, error) ||
      !check_select (self, error) ||
      !practice_expression_scope_check_unused (self->scope, error) ||
      !(self->table = practice_table_for_input (context, input, error)) ||
      !check_start (self, error))
    return FALSE;
  if (index)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "The table does not have the specified index: %s", index);

  return TRUE;
}

/* Takes one row in; FALSE when the page is full. */
static gboolean
reader_take (Reader     *self,
             const char *text,
             gsize       size)
{
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  JsonObject *item = json_node_get_object (node);

  self->scanned++;
  self->bytes += size;
  if (self->filter == NULL || practice_expression_matches (self->filter, item))
    {
      self->count++;
      if (!self->count_only)
        json_array_add_object_element (self->items, self->projection ? practice_expression_project (self->projection, item)
                                                                     : json_object_ref (item));
    }

  if (self->scanned < self->limit && self->bytes < DYNAMODB_PAGE_BYTES)
    return TRUE;

  self->last = practice_table_pick_key (self->table, item);

  return FALSE;
}

static JsonObject *
reader_finish (Reader *self)
{
  JsonObject *output = json_object_new ();

  if (!self->count_only)
    json_object_set_array_member (output, "Items", json_array_ref (self->items));
  json_object_set_int_member (output, "Count", self->count);
  json_object_set_int_member (output, "ScannedCount", self->scanned);
  if (self->last)
    json_object_set_object_member (output, "LastEvaluatedKey", json_object_ref (self->last));
  practice_dynamodb_add_capacity (self->input, output, self->table, self->bytes, 4096);

  return output;
}

static GBytes *
above_all (void)
{
  guint8 *data = g_malloc (ABOVE_ALL_KEYS);

  memset (data, 0xff, ABOVE_ALL_KEYS);

  return g_bytes_new_take (data, ABOVE_ALL_KEYS);
}

/* The first key after all keys that begin with @prefix. */
static GBytes *
after_prefix (GBytes *prefix)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (prefix, &length);
  g_autofree guint8 *copy = NULL;

  while (length > 0 && data[length - 1] == 0xff)
    length--;
  if (length == 0)
    return above_all ();

  copy = g_memdup2 (data, length);
  copy[length - 1]++;

  return g_bytes_new_take (g_steal_pointer (&copy), length);
}

static gboolean
apply_sort_condition (PracticeTable         *table,
                      PracticeKeyCondition  *condition,
                      Range                 *range,
                      GError               **error)
{
  const char *type = practice_attribute_get_type (condition->first);
  g_autoptr(GBytes) first = NULL;

  if (!g_str_equal (type, table->sk_type) ||
      (condition->second && !g_str_equal (practice_attribute_get_type (condition->second), type)))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: Condition parameter type does not match schema type");

  first = practice_attribute_encode_key (condition->first);
  switch (condition->operator)
    {
    case PRACTICE_KEY_EQUAL:
      range->low = g_bytes_ref (first);
      range->high = g_bytes_ref (first);
      break;

    case PRACTICE_KEY_LESS:
    case PRACTICE_KEY_LESS_OR_EQUAL:
      range->high = g_bytes_ref (first);
      range->without_high = condition->operator == PRACTICE_KEY_LESS;
      break;

    case PRACTICE_KEY_GREATER:
    case PRACTICE_KEY_GREATER_OR_EQUAL:
      range->low = g_bytes_ref (first);
      range->without_low = condition->operator == PRACTICE_KEY_GREATER;
      break;

    case PRACTICE_KEY_BETWEEN:
      range->low = g_bytes_ref (first);
      range->high = practice_attribute_encode_key (condition->second);
      break;

    case PRACTICE_KEY_BEGINS_WITH:
      if (*type == 'N')
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N");
      range->low = g_bytes_ref (first);
      range->high = after_prefix (first);
      range->without_high = TRUE;
      break;

    default:
      g_assert_not_reached ();
    }

  return TRUE;
}

static gboolean
read_key_condition (Reader  *self,
                    GBytes **pk,
                    Range   *range,
                    GError **error)
{
  g_autoptr(GArray) conditions = g_array_new (FALSE, FALSE, sizeof (PracticeKeyCondition));
  PracticeKeyCondition *partition = NULL, *sort = NULL;
  PracticeTable *table = self->table;

  if (!practice_expression_get_key_conditions (self->key_condition, conditions, error))
    return FALSE;

  for (guint i = 0; i < conditions->len; i++)
    {
      PracticeKeyCondition *condition = &g_array_index (conditions, PracticeKeyCondition, i);
      gboolean is_pk = g_str_equal (condition->attribute, table->pk);

      if (is_pk ? partition != NULL : (sort != NULL && g_strcmp0 (condition->attribute, table->sk) == 0))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                "KeyConditionExpressions must only contain one condition per key");
      if (is_pk)
        partition = condition;
      else if (table->sk && g_str_equal (condition->attribute, table->sk))
        sort = condition;
      else
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Query condition missed key schema element: %s",
                                table->sk && partition ? table->sk : table->pk);
    }

  if (partition == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Query condition missed key schema element: %s", table->pk);
  if (partition->operator != PRACTICE_KEY_EQUAL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Query key condition not supported");
  if (!g_str_equal (practice_attribute_get_type (partition->first), table->pk_type))
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: Condition parameter type does not match schema type");

  *pk = practice_attribute_encode_key (partition->first);
  if (*table->pk_type != 'N' && g_bytes_get_size (*pk) == 0)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", table->pk);

  return sort == NULL || apply_sort_condition (table, sort, range, error);
}

static gboolean
outside (Range  *range,
         GBytes *sk)
{
  return (range->without_low && g_bytes_equal (sk, range->low)) ||
         (range->without_high && g_bytes_equal (sk, range->high));
}

JsonObject *
dynamodb_query (DynamodbContext  *context,
                JsonObject       *input,
                GError          **error)
{
  g_auto(Reader) reader = { NULL, };
  g_auto(Range) range = { NULL, };
  g_autoptr(GBytes) pk = NULL;
  g_autoptr(PracticeRows) rows = NULL;
  gboolean backwards = json_object_has_member (input, "ScanIndexForward") && !aws_json_get_bool (input, "ScanIndexForward");

  if (!reader_prepare (&reader, context, input, error))
    return NULL;
  if (reader.key_condition == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."), NULL;
  if (!read_key_condition (&reader, &pk, &range, error))
    return NULL;

  if (reader.has_start)
    {
      GBytes **end = backwards ? &range.high : &range.low;

      if (!g_bytes_equal (reader.start.pk, pk))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "The provided starting key is outside query boundaries based on provided conditions"), NULL;
      g_clear_pointer (end, g_bytes_unref);
      *end = g_bytes_ref (reader.start.sk);
      *(backwards ? &range.without_high : &range.without_low) = TRUE;
    }
  if (range.low == NULL)
    range.low = g_bytes_new (NULL, 0);
  if (range.high == NULL)
    range.high = above_all ();

  rows = practice_db_query (context->practice->db,
                            backwards ? "SELECT item, size, sk FROM dynamodb_items WHERE table_id = ? AND pk = ? AND sk >= ? AND sk <= ? ORDER BY sk DESC"
                                      : "SELECT item, size, sk FROM dynamodb_items WHERE table_id = ? AND pk = ? AND sk >= ? AND sk <= ? ORDER BY sk",
                            "ibbb", reader.table->id, pk, range.low, range.high);
  while (practice_rows_next (rows))
    {
      g_autoptr(GBytes) sk = practice_rows_dup_bytes (rows, 2);

      if (!outside (&range, sk) && !reader_take (&reader, practice_rows_text (rows, 0), practice_rows_int (rows, 1)))
        break;
    }

  return reader_finish (&reader);
}

static gboolean
read_segment (JsonObject  *input,
              gint64      *segment,
              gint64      *total,
              GError     **error)
{
  *segment = aws_json_get_int (input, "Segment", -1);
  *total = aws_json_get_int (input, "TotalSegments", -1);

  if (*segment == -1 && *total == -1)
    return TRUE;
  if (*segment == -1 || *total == -1)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "The %s parameter is required but was not present in the request when %s parameter is present",
                            *segment == -1 ? "Segment" : "TotalSegments", *segment == -1 ? "TotalSegments" : "Segment");
  if (*total < 1 || *segment < 0 || *segment >= *total)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %" G_GINT64_FORMAT " is not less than TotalSegments: %" G_GINT64_FORMAT,
                            *segment, *total);

  return TRUE;
}

JsonObject *
dynamodb_scan (DynamodbContext  *context,
               JsonObject       *input,
               GError          **error)
{
  g_auto(Reader) reader = { NULL, };
  g_autoptr(PracticeRows) rows = NULL;
  gint64 segment, total;

  if (!reader_prepare (&reader, context, input, error) || !read_segment (input, &segment, &total, error))
    return NULL;

  if (reader.has_start)
    rows = practice_db_query (context->practice->db,
                              "SELECT item, size, pk FROM dynamodb_items WHERE table_id = ? AND (pk, sk) > (?, ?) ORDER BY pk, sk",
                              "ibb", reader.table->id, reader.start.pk, reader.start.sk);
  else
    rows = practice_db_query (context->practice->db,
                              "SELECT item, size, pk FROM dynamodb_items WHERE table_id = ? ORDER BY pk, sk",
                              "i", reader.table->id);

  while (practice_rows_next (rows))
    {
      g_autoptr(GBytes) pk = practice_rows_dup_bytes (rows, 2);

      if (total > 1 && g_bytes_hash (pk) % (guint) total != (guint) segment)
        continue;
      if (!reader_take (&reader, practice_rows_text (rows, 0), practice_rows_int (rows, 1)))
        break;
    }

  return reader_finish (&reader);
}

static JsonObject *
require_requests (JsonObject  *input,
                  GError     **error)
{
  JsonObject *requests = aws_json_get_object (input, "RequestItems");

  if (requests == NULL || json_object_get_size (requests) == 0)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1"), NULL;

  return requests;
}

static gboolean
remember_key (GHashTable     *seen,
              PracticeTable  *table,
              PracticeKey    *key,
              GError        **error)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guchar *) table->arn, strlen (table->arn) + 1);
  g_checksum_update (sum, g_bytes_get_data (key->pk, NULL), g_bytes_get_size (key->pk));
  g_checksum_update (sum, (const guchar *) "\0\xff\0", 3);
  g_checksum_update (sum, g_bytes_get_data (key->sk, NULL), g_bytes_get_size (key->sk));

  return g_hash_table_add (seen, g_strdup (g_checksum_get_string (sum))) ||
         practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Provided list of item keys contains duplicates");
}

typedef struct
{
  PracticeTable *table;
  PracticeKey    key;
  JsonObject    *item;
} BatchWrite;

static void
batch_write_free (BatchWrite *self)
{
  practice_table_free (self->table);
  practice_key_clear (&self->key);
  g_free (self);
}

static BatchWrite *
parse_batch_write (DynamodbContext  *context,
                   const char       *table,
                   JsonObject       *request,
                   GError          **error)
{
  JsonObject *put = request ? aws_json_get_object (request, "PutRequest") : NULL;
  JsonObject *drop = request ? aws_json_get_object (request, "DeleteRequest") : NULL;
  JsonObject *attributes = put ? aws_json_get_object (put, "Item") : drop ? aws_json_get_object (drop, "Key") : NULL;
  g_autoptr(JsonObject) named = json_object_new ();
  BatchWrite *write;

  if ((put != NULL) == (drop != NULL) || attributes == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"), NULL;

  write = g_new0 (BatchWrite, 1);
  write->item = put ? attributes : NULL;
  json_object_set_string_member (named, "TableName", table);
  if (!practice_attribute_check_map (attributes, error) ||
      !(write->table = practice_table_for_input (context, named, error)) ||
      !practice_table_read_key (write->table, attributes, drop != NULL, &write->key, error) ||
      (put && practice_attribute_get_map_size (attributes) > DYNAMODB_ITEM_BYTES &&
       !practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Item size has exceeded the maximum allowed size")))
    {
      batch_write_free (write);
      return NULL;
    }

  return write;
}

JsonObject *
dynamodb_batch_write_item (DynamodbContext  *context,
                           JsonObject       *input,
                           GError          **error)
{
  JsonObject *requests = require_requests (input, error);
  g_autoptr(GPtrArray) writes = g_ptr_array_new_with_free_func ((GDestroyNotify) batch_write_free);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GList) tables = requests ? json_object_get_members (requests) : NULL;
  JsonObject *output;

  for (GList *link = tables; link; link = link->next)
    {
      JsonArray *list = aws_json_get_array (requests, link->data);

      for (guint i = 0; list && i < json_array_get_length (list); i++)
        {
          BatchWrite *write = parse_batch_write (context, link->data, aws_json_array_get_object (list, i), error);

          if (write == NULL)
            return NULL;
          g_ptr_array_add (writes, write);
          if (!remember_key (seen, write->table, &write->key, error))
            return NULL;
          if (writes->len > 25)
            return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Too many items requested for the BatchWriteItem call"), NULL;
        }
    }
  if (requests == NULL)
    return NULL;

  for (guint i = 0; i < writes->len; i++)
    {
      BatchWrite *write = g_ptr_array_index (writes, i);
      g_autoptr(JsonObject) before = practice_item_load (context->practice, write->table, &write->key);

      if (!practice_item_write (context->practice, write->table, &write->key, before, write->item, FALSE, error))
        return NULL;
    }

  output = json_object_new ();
  json_object_set_object_member (output, "UnprocessedItems", json_object_new ());

  return output;
}

static gboolean
batch_get_table (DynamodbContext  *context,
                 const char       *name,
                 JsonObject       *request,
                 GHashTable       *seen,
                 JsonObject       *responses,
                 GError          **error)
{
  JsonArray *keys = request ? aws_json_get_array (request, "Keys") : NULL;
  const char *projection = request ? aws_json_get_string (request, "ProjectionExpression") : NULL;
  g_autoptr(PracticeExpressionScope) scope = NULL;
  g_autoptr(PracticeExpression) expression = NULL;
  g_autoptr(PracticeTable) table = NULL;
  g_autoptr(JsonObject) named = json_object_new ();
  JsonArray *found = json_array_new ();

  json_object_set_array_member (responses, name, found);
  json_object_set_string_member (named, "TableName", name);
  if (keys == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "1 validation error detected: Value null at 'requestItems.%s.member.keys' failed to satisfy constraint: Member must not be null", name);
  if (!(table = practice_table_for_input (context, named, error)) ||
      !(scope = practice_expression_scope_new (request, error)) ||
      (projection && !(expression = practice_expression_new (PRACTICE_EXPRESSION_PROJECTION, projection, scope, error))) ||
      !practice_expression_scope_check_unused (scope, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (keys); i++)
    {
      JsonObject *attributes = aws_json_array_get_object (keys, i);
      g_auto(PracticeKey) key = { NULL, };
      g_autoptr(JsonObject) item = NULL;

      if (attributes == NULL ||
          !practice_attribute_check_map (attributes, error) ||
          !practice_table_read_key (table, attributes, TRUE, &key, error) ||
          !remember_key (seen, table, &key, error))
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "The provided key element does not match the schema");
      if (g_hash_table_size (seen) > 100)
        return practice_refuse (error, PRACTICE_FAULT_VALIDATION, "Too many items requested for the BatchGetItem call");

      if ((item = practice_item_load (context->practice, table, &key)))
        json_array_add_object_element (found, expression ? practice_expression_project (expression, item) : json_object_ref (item));
    }

  return TRUE;
}

JsonObject *
dynamodb_batch_get_item (DynamodbContext  *context,
                         JsonObject       *input,
                         GError          **error)
{
  JsonObject *requests = require_requests (input, error);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GList) tables = requests ? json_object_get_members (requests) : NULL;
  g_autoptr(JsonObject) responses = json_object_new ();
  JsonObject *output;

  if (requests == NULL)
    return NULL;

  for (GList *link = tables; link; link = link->next)
    if (!batch_get_table (context, link->data, aws_json_get_object (requests, link->data), seen, responses, error))
      return NULL;

  output = json_object_new ();
  json_object_set_object_member (output, "Responses", g_steal_pointer (&responses));
  json_object_set_object_member (output, "UnprocessedKeys", json_object_new ());

  return output;
}
