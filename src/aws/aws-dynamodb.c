/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-dynamodb.h"

#include "aws-document.h"
#include "aws-operations-private.h"
#include "aws-retry.h"

#define SERVICE        "dynamodb"
#define MAX_BATCH      25
#define BATCH_ATTEMPTS 8

/* Items are passed on as they are: AwsItem knows how DynamoDB writes values */
#define TABLE_MEMBER { "TableName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED }
#define EXPRESSION_MEMBERS \
  { "ExpressionAttributeNames", AWS_MAP_OF ({ NULL }) }, \
  { "ExpressionAttributeValues", AWS_SHAPE_DOCUMENT }

static const AwsShape table_input[] = {
  TABLE_MEMBER,
  { NULL }
};

static const AwsShape table_description[] = {
  { "TableName" },
  { "TableStatus" },
  { "TableArn" },
  { "ItemCount", AWS_SHAPE_INTEGER },
  { "TableSizeBytes", AWS_SHAPE_INTEGER },
  { "CreationDateTime", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape describe_table_output[] = {
  { "Table", AWS_STRUCTURE (table_description) },
  { NULL }
};

static const AwsOperation describe_table = {
  SERVICE, "DescribeTable", .input = table_input, .output = describe_table_output,
};

static const AwsShape delete_table_output[] = {
  { "TableDescription", AWS_STRUCTURE (table_description) },
  { NULL }
};

static const AwsOperation delete_table = {
  SERVICE, "DeleteTable", .input = table_input, .output = delete_table_output,
};

static const AwsShape recovery_description[] = {
  { "PointInTimeRecoveryStatus" },
  { "RecoveryPeriodInDays", AWS_SHAPE_INTEGER },
  { "EarliestRestorableDateTime", AWS_SHAPE_TIMESTAMP },
  { "LatestRestorableDateTime", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape backups_description[] = {
  { "ContinuousBackupsStatus" },
  { "PointInTimeRecoveryDescription", AWS_STRUCTURE (recovery_description) },
  { NULL }
};

static const AwsShape backups_output[] = {
  { "ContinuousBackupsDescription", AWS_STRUCTURE (backups_description) },
  { NULL }
};

static const AwsOperation describe_backups = {
  SERVICE, "DescribeContinuousBackups", .input = table_input, .output = backups_output,
};

static const AwsShape recovery_specification[] = {
  { "PointInTimeRecoveryEnabled", AWS_SHAPE_BOOLEAN, AWS_SHAPE_REQUIRED },
  { "RecoveryPeriodInDays", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape update_backups_input[] = {
  TABLE_MEMBER,
  { "PointInTimeRecoverySpecification", AWS_STRUCTURE (recovery_specification), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsOperation update_backups = {
  SERVICE, "UpdateContinuousBackups", .input = update_backups_input, .output = backups_output,
};

#define SEARCH_MEMBERS \
  TABLE_MEMBER, \
  { "IndexName" }, \
  { "FilterExpression" }, \
  { "ProjectionExpression" }, \
  EXPRESSION_MEMBERS, \
  { "ConsistentRead", AWS_SHAPE_BOOLEAN }, \
  { "Limit", AWS_SHAPE_INTEGER }, \
  { "ExclusiveStartKey", AWS_SHAPE_DOCUMENT }

static const AwsShape query_input[] = {
  SEARCH_MEMBERS,
  { "KeyConditionExpression" },
  { "ScanIndexForward", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape scan_input[] = {
  SEARCH_MEMBERS,
  { NULL }
};

static const AwsShape search_output[] = {
  { "Items", AWS_LIST_OF ({ NULL, AWS_SHAPE_DOCUMENT }) },
  { "Count", AWS_SHAPE_INTEGER },
  { "ScannedCount", AWS_SHAPE_INTEGER },
  { "LastEvaluatedKey", AWS_SHAPE_DOCUMENT },
  { NULL }
};

static const AwsOperation query_table = {
  SERVICE, "Query", .input = query_input, .output = search_output,
};

static const AwsOperation scan_table = {
  SERVICE, "Scan", .input = scan_input, .output = search_output,
};

static const AwsShape get_item_input[] = {
  TABLE_MEMBER,
  { "Key", AWS_SHAPE_DOCUMENT, AWS_SHAPE_REQUIRED },
  { "ConsistentRead", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape get_item_output[] = {
  { "Item", AWS_SHAPE_DOCUMENT },
  { NULL }
};

static const AwsOperation get_item = {
  SERVICE, "GetItem", .input = get_item_input, .output = get_item_output,
};

static const AwsShape put_item_input[] = {
  TABLE_MEMBER,
  { "Item", AWS_SHAPE_DOCUMENT, AWS_SHAPE_REQUIRED },
  { "ConditionExpression" },
  EXPRESSION_MEMBERS,
  { NULL }
};

static const AwsShape changed_output[] = {
  { "Attributes", AWS_SHAPE_DOCUMENT },
  { NULL }
};

static const AwsOperation put_item = {
  SERVICE, "PutItem", .input = put_item_input, .output = changed_output,
};

static const AwsShape update_item_input[] = {
  TABLE_MEMBER,
  { "Key", AWS_SHAPE_DOCUMENT, AWS_SHAPE_REQUIRED },
  { "UpdateExpression" },
  { "ConditionExpression" },
  EXPRESSION_MEMBERS,
  { "ReturnValues" },
  { NULL }
};

static const AwsOperation update_item = {
  SERVICE, "UpdateItem", .input = update_item_input, .output = changed_output,
};

static const AwsShape delete_item_input[] = {
  TABLE_MEMBER,
  { "Key", AWS_SHAPE_DOCUMENT, AWS_SHAPE_REQUIRED },
  { "ConditionExpression" },
  EXPRESSION_MEMBERS,
  { NULL }
};

static const AwsOperation delete_item = {
  SERVICE, "DeleteItem", .input = delete_item_input, .output = changed_output,
};

static const AwsShape put_request[] = {
  { "Item", AWS_SHAPE_DOCUMENT, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape delete_request[] = {
  { "Key", AWS_SHAPE_DOCUMENT, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape write_request[] = {
  { "PutRequest", AWS_STRUCTURE (put_request) },
  { "DeleteRequest", AWS_STRUCTURE (delete_request) },
  { NULL }
};

static const AwsShape batch_input[] = {
  { "RequestItems", AWS_MAP_OF ({ NULL, AWS_LIST_OF ({ NULL, AWS_STRUCTURE (write_request) }) }), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape batch_output[] = {
  { "UnprocessedItems", AWS_MAP_OF ({ NULL, AWS_LIST_OF ({ NULL, AWS_STRUCTURE (write_request) }) }) },
  { NULL }
};

static const AwsOperation batch_write = {
  SERVICE, "BatchWriteItem", .input = batch_input, .output = batch_output,
};

const AwsOperation * const aws_dynamodb_operations[] = {
  &describe_table,
  &delete_table,
  &describe_backups,
  &update_backups,
  &query_table,
  &scan_table,
  &get_item,
  &put_item,
  &update_item,
  &delete_item,
  &batch_write,
  NULL
};

struct _AwsTableQuery
{
  JsonObject *input;
  guint       limit;
};

static void
aws_table_query_clear (AwsTableQuery *self)
{
  g_clear_pointer (&self->input, json_object_unref);
}

AWS_DEFINE_BOXED (AwsTableQuery, aws_table_query, aws_table_query_clear)

static void
set_values (JsonObject *input,
            AwsItem    *values)
{
  aws_input_set_object (input, "ExpressionAttributeValues", json_object_ref (aws_item_get_json (values)));
}

static void
add_name (JsonObject *input,
          const char *placeholder,
          const char *name)
{
  JsonObject *names = aws_json_get_object (input, "ExpressionAttributeNames");

  if (names == NULL)
    {
      names = json_object_new ();
      json_object_set_object_member (input, "ExpressionAttributeNames", names);
    }
  json_object_set_string_member (names, placeholder, name);
}

/**
 * aws_table_query_new:
 * @table: a table
 * @key_condition: (nullable): which items are meant, as `pk = :pk`; %NULL to scan
 *
 * Begins a question to a table.
 *
 * Returns: (transfer full): the question
 */
AwsTableQuery *
aws_table_query_new (const char *table,
                     const char *key_condition)
{
  AwsTableQuery *self;

  g_return_val_if_fail (table != NULL, NULL);

  self = g_atomic_rc_box_new0 (AwsTableQuery);
  self->input = json_object_new ();
  aws_input_set_string (self->input, "TableName", table);
  aws_input_set_string (self->input, "KeyConditionExpression", key_condition);

  return self;
}

/**
 * aws_table_query_set_index:
 * @self: a question
 * @index: an index of the table
 *
 * Asks an index in place of the table itself.
 */
void
aws_table_query_set_index (AwsTableQuery *self,
                           const char    *index)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->input, "IndexName", index);
}

/**
 * aws_table_query_set_filter:
 * @self: a question
 * @filter: a condition
 *
 * Leaves out of what was found the items that don't fit.
 */
void
aws_table_query_set_filter (AwsTableQuery *self,
                            const char    *filter)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->input, "FilterExpression", filter);
}

/**
 * aws_table_query_set_projection:
 * @self: a question
 * @projection: attributes, separated by commas
 *
 * Asks for some attributes only.
 */
void
aws_table_query_set_projection (AwsTableQuery *self,
                                const char    *projection)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->input, "ProjectionExpression", projection);
}

/**
 * aws_table_query_set_values:
 * @self: a question
 * @values: what the names that begin with `:` stand for
 *
 * Sets the values in the conditions.
 */
void
aws_table_query_set_values (AwsTableQuery *self,
                            AwsItem       *values)
{
  g_return_if_fail (self != NULL && values != NULL);

  set_values (self->input, values);
}

/**
 * aws_table_query_add_name:
 * @self: a question
 * @placeholder: a name that begins with `#`
 * @name: the attribute that it stands for
 *
 * Names an attribute that can't be written in a condition, since the word is reserved.
 */
void
aws_table_query_add_name (AwsTableQuery *self,
                          const char    *placeholder,
                          const char    *name)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (placeholder != NULL && name != NULL);

  add_name (self->input, placeholder, name);
}

/**
 * aws_table_query_set_backwards:
 * @self: a question
 * @backwards: whether the greatest sort key comes first
 *
 * Sets the order of the answer.
 */
void
aws_table_query_set_backwards (AwsTableQuery *self,
                               gboolean       backwards)
{
  g_return_if_fail (self != NULL);

  json_object_set_boolean_member (self->input, "ScanIndexForward", !backwards);
}

/**
 * aws_table_query_set_consistent:
 * @self: a question
 * @consistent: whether all that was written before must be seen
 *
 * Sets how fresh the answer is.
 */
void
aws_table_query_set_consistent (AwsTableQuery *self,
                                gboolean       consistent)
{
  g_return_if_fail (self != NULL);

  json_object_set_boolean_member (self->input, "ConsistentRead", consistent);
}

/**
 * aws_table_query_set_limit:
 * @self: a question
 * @limit: how many items are wanted at most, 0 for all
 *
 * Sets where to stop.
 */
void
aws_table_query_set_limit (AwsTableQuery *self,
                           guint          limit)
{
  g_return_if_fail (self != NULL);

  self->limit = limit;
}

struct _AwsItemChange
{
  JsonObject *input;
  AwsItem    *item;
};

static void
aws_item_change_clear (AwsItemChange *self)
{
  g_clear_pointer (&self->input, json_object_unref);
  g_clear_pointer (&self->item, aws_item_unref);
}

AWS_DEFINE_BOXED (AwsItemChange, aws_item_change, aws_item_change_clear)

/**
 * aws_item_change_new:
 * @table: a table
 * @item_or_key: the item to put, or the key of the item to update or delete
 *
 * Begins a change.
 *
 * Returns: (transfer full): the change
 */
AwsItemChange *
aws_item_change_new (const char *table,
                     AwsItem    *item_or_key)
{
  AwsItemChange *self;

  g_return_val_if_fail (table != NULL, NULL);
  g_return_val_if_fail (item_or_key != NULL, NULL);

  self = g_atomic_rc_box_new0 (AwsItemChange);
  self->input = json_object_new ();
  self->item = aws_item_ref (item_or_key);
  aws_input_set_string (self->input, "TableName", table);

  return self;
}

/**
 * aws_item_change_set_update:
 * @self: a change
 * @expression: what to do, as `SET unread = :no`
 *
 * Sets what an update does.
 */
void
aws_item_change_set_update (AwsItemChange *self,
                            const char    *expression)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->input, "UpdateExpression", expression);
}

/**
 * aws_item_change_set_condition:
 * @self: a change
 * @condition: what must be so, as `attribute_exists(pk)`
 *
 * Sets under which condition the change is made.
 */
void
aws_item_change_set_condition (AwsItemChange *self,
                               const char    *condition)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->input, "ConditionExpression", condition);
}

/**
 * aws_item_change_set_values:
 * @self: a change
 * @values: what the names that begin with `:` stand for
 *
 * Sets the values in the expressions.
 */
void
aws_item_change_set_values (AwsItemChange *self,
                            AwsItem       *values)
{
  g_return_if_fail (self != NULL && values != NULL);

  set_values (self->input, values);
}

/**
 * aws_item_change_add_name:
 * @self: a change
 * @placeholder: a name that begins with `#`
 * @name: the attribute that it stands for
 *
 * Names an attribute that can't be written in an expression, since the word is reserved.
 */
void
aws_item_change_add_name (AwsItemChange *self,
                          const char    *placeholder,
                          const char    *name)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (placeholder != NULL && name != NULL);

  add_name (self->input, placeholder, name);
}

AWS_DEFINE_DOCUMENT (AwsTableBackups, aws_table_backups)

/**
 * aws_table_backups_is_on:
 * @self: the state of backups
 *
 * Returns: whether the table can be brought back to what it was at any moment
 */
gboolean
aws_table_backups_is_on (AwsTableBackups *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_json_get_string (aws_json_get_object (self->document.object, "PointInTimeRecoveryDescription"),
                                         "PointInTimeRecoveryStatus"), "ENABLED") == 0;
}

/**
 * aws_table_backups_get_days:
 * @self: the state of backups
 *
 * Returns: how many days the moments go back, 0 if it is not said
 */
gint64
aws_table_backups_get_days (AwsTableBackups *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_json_get_int (aws_json_get_object (self->document.object, "PointInTimeRecoveryDescription"), "RecoveryPeriodInDays", 0);
}

/**
 * aws_table_backups_dup_earliest:
 * @self: the state of backups
 *
 * Returns: (transfer full) (nullable): the first moment that the table can be brought back to
 */
GDateTime *
aws_table_backups_dup_earliest (AwsTableBackups *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_dup_time (aws_json_get_object (self->document.object, "PointInTimeRecoveryDescription"), "EarliestRestorableDateTime");
}

static DexFuture *
resolve_true (DexFuture *completed,
              gpointer   user_data)
{
  return dex_future_new_true ();
}

/* A member of the answer that is an item; without it the answer is the error that @missing is the text of */
static DexFuture *
resolve_item (DexFuture  *completed,
              const char *name,
              const char *missing)
{
  JsonObject *attributes = aws_json_get_object (g_value_get_boxed (dex_future_get_value (completed, NULL)), name);

  if (attributes == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_NOT_FOUND, "%s", missing);

  return dex_future_new_take_boxed (AWS_TYPE_ITEM, aws_item_new_from_json (attributes));
}

static DexFuture *
resolve_got (DexFuture *completed,
             gpointer   user_data)
{
  return resolve_item (completed, "Item", "There is no such item");
}

static DexFuture *
resolve_updated (DexFuture *completed,
                 gpointer   user_data)
{
  return resolve_item (completed, "Attributes", "The answer does not show the item");
}

static JsonObject *
new_input (const char *table)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "TableName", table);

  return input;
}

/**
 * aws_dynamodb_describe_table:
 * @client: a client
 * @table: a table
 *
 * Asks how a table is.
 *
 * Returns: (transfer full): resolves to its status as a string, or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is none
 */
DexFuture *
aws_dynamodb_describe_table (AwsClient  *client,
                             const char *table)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (table != NULL);

  return aws_operation_call_string (&describe_table, client, new_input (table), "Table.TableStatus");
}

/**
 * aws_dynamodb_delete_table:
 * @client: a client
 * @table: a table
 *
 * Begins to delete a table with all that is in it.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is none, `CONFLICT` if
 *   something else is being done to it
 */
DexFuture *
aws_dynamodb_delete_table (AwsClient  *client,
                           const char *table)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (table != NULL);

  return aws_operation_call_done (&delete_table, client, new_input (table));
}

/**
 * aws_dynamodb_describe_backups:
 * @client: a client
 * @table: a table
 *
 * Asks whether a table can be brought back to what it was.
 *
 * Returns: (transfer full): resolves to an [struct@AwsTableBackups], or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is no table
 */
DexFuture *
aws_dynamodb_describe_backups (AwsClient  *client,
                               const char *table)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (table != NULL);

  return aws_operation_call_document (&describe_backups, client, new_input (table), AWS_TYPE_TABLE_BACKUPS,
                                      "ContinuousBackupsDescription");
}

/**
 * aws_dynamodb_update_backups:
 * @client: a client
 * @table: a table
 * @enabled: whether it shall be possible to bring the table back to what it was
 * @days: how many days back, 1 to 35; 0 for what the service thinks
 *
 * Switches the keeping of earlier states of a table on or off. It is paid for by the size of the table.
 *
 * Returns: (transfer full): resolves to an [struct@AwsTableBackups], or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is no
 *   table, `CONFLICT` while it is being prepared
 */
DexFuture *
aws_dynamodb_update_backups (AwsClient  *client,
                             const char *table,
                             gboolean    enabled,
                             guint       days)
{
  JsonObject *input;
  JsonObject *specification;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (table != NULL);
  dex_return_error_if_fail (days <= 35);

  specification = json_object_new ();
  aws_input_set_bool (specification, "PointInTimeRecoveryEnabled", enabled);
  if (enabled && days > 0)
    aws_input_set_int (specification, "RecoveryPeriodInDays", days);

  input = new_input (table);
  aws_input_set_object (input, "PointInTimeRecoverySpecification", specification);

  return aws_operation_call_document (&update_backups, client, input, AWS_TYPE_TABLE_BACKUPS, "ContinuousBackupsDescription");
}

/* A question whose answer comes in pages; the place to go on is an object here, not a text */
typedef struct
{
  AwsClient          *client;
  const AwsOperation *operation;
  JsonObject         *input;
  guint               limit;
  GPtrArray          *items;
} Search;

static void
search_clear (gpointer data)
{
  Search *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->input, json_object_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
}

static void
search_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, search_clear);
}

static DexFuture *
ask_for_items (Search *self)
{
  return aws_operation_call (self->operation, self->client, json_object_ref (self->input));
}

static DexFuture *
items_arrived (DexFuture *completed,
               gpointer   user_data)
{
  Search *self = user_data;
  JsonObject *answer = g_value_get_boxed (dex_future_get_value (completed, NULL));
  JsonArray *items = aws_json_get_array (answer, "Items");
  JsonObject *last = aws_json_get_object (answer, "LastEvaluatedKey");

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = aws_json_array_get_object (items, i);

      if (item != NULL && (self->limit == 0 || self->items->len < self->limit))
        g_ptr_array_add (self->items, aws_item_new_from_json (item));
    }

  /* A page can be empty, since it is cut before it is filtered */
  if (last == NULL || (self->limit > 0 && self->items->len >= self->limit))
    return NULL;

  aws_input_set_object (self->input, "ExclusiveStartKey", json_object_ref (last));

  return ask_for_items (self);
}

static DexFuture *
resolve_items (DexFuture *completed,
               gpointer   user_data)
{
  Search *self = user_data;

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_ref (self->items));
}

static DexFuture *
search (AwsClient          *client,
        const AwsOperation *operation,
        AwsTableQuery      *query)
{
  Search *self = g_atomic_rc_box_new0 (Search);
  g_autoptr(GList) names = json_object_get_members (query->input);
  DexFuture *future;

  self->client = g_object_ref (client);
  self->operation = operation;
  self->limit = query->limit;
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_item_unref);

  /* A copy, since the place to go on is set in it */
  self->input = json_object_new ();
  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (self->input, l->data, json_node_copy (json_object_get_member (query->input, l->data)));

  /* With a filter, the limit would be about what is looked at */
  if (query->limit > 0 && !json_object_has_member (self->input, "FilterExpression"))
    aws_input_set_int (self->input, "Limit", query->limit);

  future = dex_future_then_loop (ask_for_items (self), items_arrived, g_atomic_rc_box_acquire (self), search_unref);

  return dex_future_then (future, resolve_items, self, search_unref);
}

/**
 * aws_dynamodb_query:
 * @client: a client
 * @query: a question with a key condition
 *
 * Finds items by their key, all pages of them.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsItem], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_dynamodb_query (AwsClient     *client,
                    AwsTableQuery *query)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (query != NULL);

  return search (client, &query_table, query);
}

/**
 * aws_dynamodb_scan:
 * @client: a client
 * @query: a question without a key condition
 *
 * Looks at every item of a table, all pages of it.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsItem], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_dynamodb_scan (AwsClient     *client,
                   AwsTableQuery *query)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (query != NULL);

  return search (client, &scan_table, query);
}

/**
 * aws_dynamodb_get_item:
 * @client: a client
 * @table: a table
 * @key: the key of an item
 *
 * Fetches an item, with all that was written before.
 *
 * Returns: (transfer full): resolves to an [struct@AwsItem], or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is none
 */
DexFuture *
aws_dynamodb_get_item (AwsClient  *client,
                       const char *table,
                       AwsItem    *key)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (table != NULL);
  dex_return_error_if_fail (key != NULL);

  input = new_input (table);
  aws_input_set_object (input, "Key", json_object_ref (aws_item_get_json (key)));
  aws_input_set_bool (input, "ConsistentRead", TRUE);

  return dex_future_then (aws_operation_call (&get_item, client, input), resolve_got, NULL, NULL);
}

/* The input of the change with the item under the name that the operation has for it. The change itself stays as it is:
 * the codec takes no member that an operation does not know. */
static JsonObject *
new_change_input (AwsItemChange *change,
                  const char    *name)
{
  g_autoptr(GList) names = json_object_get_members (change->input);
  JsonObject *input = json_object_new ();

  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (input, l->data, json_node_copy (json_object_get_member (change->input, l->data)));
  aws_input_set_object (input, name, json_object_ref (aws_item_get_json (change->item)));

  return input;
}

/**
 * aws_dynamodb_put_item:
 * @client: a client
 * @change: the item, and maybe a condition
 *
 * Writes an item, in place of the one with the same key.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`: `PRECONDITION_FAILED` if the condition does not hold
 */
DexFuture *
aws_dynamodb_put_item (AwsClient     *client,
                       AwsItemChange *change)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (change != NULL);

  return aws_operation_call_done (&put_item, client, new_change_input (change, "Item"));
}

/**
 * aws_dynamodb_update_item:
 * @client: a client
 * @change: the key, what to do, and maybe a condition
 *
 * Changes an item; makes it if there is none, unless the condition says otherwise.
 *
 * Returns: (transfer full): resolves to the item as it is now, an [struct@AwsItem], or rejects with an `AWS_ERROR`:
 *   `PRECONDITION_FAILED` if the condition does not hold
 */
DexFuture *
aws_dynamodb_update_item (AwsClient     *client,
                          AwsItemChange *change)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (change != NULL);

  input = new_change_input (change, "Key");
  aws_input_set_string (input, "ReturnValues", "ALL_NEW");

  return dex_future_then (aws_operation_call (&update_item, client, input), resolve_updated, NULL, NULL);
}

/**
 * aws_dynamodb_delete_item:
 * @client: a client
 * @change: the key, and maybe a condition
 *
 * Deletes an item. It is no error if there is none, unless the condition says otherwise.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`: `PRECONDITION_FAILED` if the condition does not hold
 */
DexFuture *
aws_dynamodb_delete_item (AwsClient     *client,
                          AwsItemChange *change)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (change != NULL);

  return aws_operation_call_done (&delete_item, client, new_change_input (change, "Key"));
}

/* Many writes, some at a time. What the table is too busy for comes back and is tried again. */
typedef struct
{
  AwsClient *client;
  char      *table;
  GPtrArray *left;       /* JsonNode of a write request */
  guint      failures;   /* in a row */
} Batch;

static void
batch_clear (gpointer data)
{
  Batch *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->table, g_free);
  g_clear_pointer (&self->left, g_ptr_array_unref);
}

static void
batch_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, batch_clear);
}

static DexFuture *
write_some (Batch *self)
{
  JsonObject *input = json_object_new ();
  JsonObject *tables = json_object_new ();
  JsonArray *writes = json_array_new ();
  guint length = MIN (self->left->len, MAX_BATCH);

  for (guint i = 0; i < length; i++)
    json_array_add_element (writes, g_ptr_array_steal_index_fast (self->left, self->left->len - 1));
  json_object_set_array_member (tables, self->table, writes);
  aws_input_set_object (input, "RequestItems", tables);

  return aws_operation_call (&batch_write, self->client, input);
}

static DexFuture *
write_after_pause (DexFuture *completed,
                   gpointer   user_data)
{
  return write_some (user_data);
}

static DexFuture *
some_written (DexFuture *completed,
              gpointer   user_data)
{
  Batch *self = user_data;
  JsonObject *answer = g_value_get_boxed (dex_future_get_value (completed, NULL));
  JsonArray *unprocessed = aws_json_get_array (aws_json_get_object (answer, "UnprocessedItems"), self->table);
  guint n_unprocessed = unprocessed != NULL ? json_array_get_length (unprocessed) : 0;

  for (guint i = 0; i < n_unprocessed; i++)
    g_ptr_array_add (self->left, json_array_dup_element (unprocessed, i));

  if (n_unprocessed == 0)
    {
      self->failures = 0;
      return self->left->len > 0 ? write_some (self) : NULL;
    }

  if (++self->failures >= BATCH_ATTEMPTS)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_THROTTLED, "The table does not take more writes now");

  return dex_future_finally (dex_timeout_new_usec (aws_retry_delay (AWS_RETRY_TRANSIENT, self->failures, 50000, NULL)),
                             write_after_pause,
                             g_atomic_rc_box_acquire (self), batch_unref);
}

static void
add_writes (Batch      *self,
            GPtrArray  *items,
            const char *kind,
            const char *name)
{
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      JsonNode *node = json_node_new (JSON_NODE_OBJECT);
      JsonObject *write = json_object_new ();
      JsonObject *inner = json_object_new ();

      json_object_set_object_member (inner, name, json_object_ref (aws_item_get_json (g_ptr_array_index (items, i))));
      json_object_set_object_member (write, kind, inner);
      json_node_take_object (node, write);
      g_ptr_array_add (self->left, node);
    }
}

/**
 * aws_dynamodb_batch_write:
 * @client: a client
 * @table: a table
 * @puts: (nullable) (element-type AwsItem): items to write
 * @deletes: (nullable) (element-type AwsItem): keys of items to delete
 *
 * Writes and deletes any number of items, each key once, in no order.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_dynamodb_batch_write (AwsClient  *client,
                          const char *table,
                          GPtrArray  *puts,
                          GPtrArray  *deletes)
{
  DexFuture *future;
  Batch *self;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (table != NULL);

  self = g_atomic_rc_box_new0 (Batch);
  self->client = g_object_ref (client);
  self->table = g_strdup (table);
  self->left = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  add_writes (self, puts, "PutRequest", "Item");
  add_writes (self, deletes, "DeleteRequest", "Key");
  if (self->left->len == 0)
    {
      batch_unref (self);
      return dex_future_new_true ();
    }

  future = dex_future_then_loop (write_some (self), some_written, self, batch_unref);

  return dex_future_then (future, resolve_true, NULL, NULL);
}
