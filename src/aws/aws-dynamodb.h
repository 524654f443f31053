/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"
#include "aws-json.h"

G_BEGIN_DECLS

#define AWS_TYPE_ITEM (aws_item_get_type ())

/* An item of a table, or a map inside one: names with typed values. */
AWS_DECLARE_BOXED (AwsItem, aws_item)

AwsItem            *aws_item_new            (void);
AwsItem            *aws_item_new_from_json  (JsonObject         *attributes);
JsonObject         *aws_item_get_json       (AwsItem            *self);

void                aws_item_set_string     (AwsItem            *self,
                                             const char         *name,
                                             const char         *value);
void                aws_item_set_int        (AwsItem            *self,
                                             const char         *name,
                                             gint64              value);
void                aws_item_set_bool       (AwsItem            *self,
                                             const char         *name,
                                             gboolean            value);
void                aws_item_set_map        (AwsItem            *self,
                                             const char         *name,
                                             AwsItem            *value);
void                aws_item_set_strings    (AwsItem            *self,
                                             const char         *name,
                                             const char * const *values);
void                aws_item_set_null       (AwsItem            *self,
                                             const char         *name);

gboolean            aws_item_has            (AwsItem            *self,
                                             const char         *name);
const char         *aws_item_get_string     (AwsItem            *self,
                                             const char         *name);
gint64              aws_item_get_int        (AwsItem            *self,
                                             const char         *name,
                                             gint64              fallback);
gboolean            aws_item_get_bool       (AwsItem            *self,
                                             const char         *name);
AwsItem            *aws_item_dup_map        (AwsItem            *self,
                                             const char         *name);
GStrv               aws_item_dup_strings    (AwsItem            *self,
                                             const char         *name);
GStrv               aws_item_dup_names      (AwsItem            *self);

#define AWS_TYPE_TABLE_QUERY (aws_table_query_get_type ())

/* A question to a table; built, then given to aws_dynamodb_query() or _scan(). */
AWS_DECLARE_BOXED (AwsTableQuery, aws_table_query)

AwsTableQuery *aws_table_query_new            (const char    *table,
                                               const char    *key_condition);
void           aws_table_query_set_index      (AwsTableQuery *self,
                                               const char    *index);
void           aws_table_query_set_filter     (AwsTableQuery *self,
                                               const char    *filter);
void           aws_table_query_set_projection (AwsTableQuery *self,
                                               const char    *projection);
void           aws_table_query_set_values     (AwsTableQuery *self,
                                               AwsItem       *values);
void           aws_table_query_add_name       (AwsTableQuery *self,
                                               const char    *placeholder,
                                               const char    *name);
void           aws_table_query_set_backwards  (AwsTableQuery *self,
                                               gboolean       backwards);
void           aws_table_query_set_consistent (AwsTableQuery *self,
                                               gboolean       consistent);
void           aws_table_query_set_limit      (AwsTableQuery *self,
                                               guint          limit);

#define AWS_TYPE_ITEM_CHANGE (aws_item_change_get_type ())

/* A change to one item: its key, what to do and under which condition. */
AWS_DECLARE_BOXED (AwsItemChange, aws_item_change)

AwsItemChange *aws_item_change_new           (const char    *table,
                                              AwsItem       *item_or_key);
void           aws_item_change_set_update    (AwsItemChange *self,
                                              const char    *expression);
void           aws_item_change_set_condition (AwsItemChange *self,
                                              const char    *condition);
void           aws_item_change_set_values    (AwsItemChange *self,
                                              AwsItem       *values);
void           aws_item_change_add_name      (AwsItemChange *self,
                                              const char    *placeholder,
                                              const char    *name);

#define AWS_TYPE_TABLE_BACKUPS (aws_table_backups_get_type ())

/* Whether and how far back a table can be brought back to what it was. */
AWS_DECLARE_BOXED (AwsTableBackups, aws_table_backups)

gboolean   aws_table_backups_is_on        (AwsTableBackups *self);
gint64     aws_table_backups_get_days     (AwsTableBackups *self);
GDateTime *aws_table_backups_dup_earliest (AwsTableBackups *self);

DexFuture *aws_dynamodb_describe_backups (AwsClient    *client,
                                          const char   *table) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_update_backups   (AwsClient    *client,
                                          const char   *table,
                                          gboolean      enabled,
                                          guint         days) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_describe_table (AwsClient     *client,
                                        const char    *table) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_delete_table   (AwsClient     *client,
                                        const char    *table) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_query          (AwsClient     *client,
                                        AwsTableQuery *query) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_scan           (AwsClient     *client,
                                        AwsTableQuery *query) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_get_item       (AwsClient     *client,
                                        const char    *table,
                                        AwsItem       *key) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_put_item       (AwsClient     *client,
                                        AwsItemChange *change) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_update_item    (AwsClient     *client,
                                        AwsItemChange *change) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_delete_item    (AwsClient     *client,
                                        AwsItemChange *change) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_dynamodb_batch_write    (AwsClient     *client,
                                        const char    *table,
                                        GPtrArray     *puts,
                                        GPtrArray     *deletes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
