/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-dynamodb.h"
#include "porch-practice-expression.h"

G_BEGIN_DECLS

#define DYNAMODB_PAGE_BYTES (1024 * 1024)
#define DYNAMODB_ITEM_BYTES (400 * 1024)

typedef struct
{
  gint64      id;
  char       *name;
  char       *arn;
  char       *region;
  char       *pk;             /* name of the partition key, its type, the same of the sort key (NULL when there is none) */
  char       *pk_type;
  char       *sk;
  char       *sk_type;
  char       *stream_view;    /* NULL without a stream */
  char       *stream_label;
  JsonObject *definition;     /* as given to CreateTable */
  gint64      created;
  gint64      active_from;
} PracticeTable;

/* A key in the form in which rows are found and sorted. */
typedef struct
{
  GBytes *pk;
  GBytes *sk;
} PracticeKey;

typedef struct
{
  Practice    *practice;
  const char  *region;
  JsonObject **details;
} DynamodbContext;

typedef JsonObject *(*DynamodbOperation) (DynamodbContext *context,
                                          JsonObject      *input,
                                          GError         **error);

/* ---- porch-practice-dynamodb-table.c ---- */

PracticeTable *practice_table_lookup      (Practice         *practice,
                                           const char       *region,
                                           const char       *name_or_arn);
PracticeTable *practice_table_lookup_id   (Practice         *practice,
                                           gint64            id);
PracticeTable *practice_table_for_input   (DynamodbContext  *context,
                                           JsonObject       *input,
                                           GError          **error);
void           practice_table_free        (PracticeTable    *table);
char          *practice_table_stream_arn  (PracticeTable    *table);
gboolean       practice_table_read_key    (PracticeTable    *table,
                                           JsonObject       *attributes,
                                           gboolean          exact,
                                           PracticeKey      *key,
                                           GError          **error);
JsonObject    *practice_table_pick_key    (PracticeTable    *table,
                                           JsonObject       *item);
void           practice_key_clear         (PracticeKey      *key);

JsonObject    *dynamodb_create_table      (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_describe_table    (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_delete_table      (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_update_table      (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_list_tables       (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_update_ttl        (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_describe_ttl      (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_describe_backups  (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_update_backups    (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_list_tags         (DynamodbContext *, JsonObject *, GError **);

/* ---- porch-practice-dynamodb-item.c ---- */

JsonObject    *practice_item_load         (Practice         *practice,
                                           PracticeTable    *table,
                                           PracticeKey      *key);
gboolean       practice_item_write        (Practice         *practice,
                                           PracticeTable    *table,
                                           PracticeKey      *key,
                                           JsonObject       *before,
                                           JsonObject       *after,
                                           gboolean          expired,
                                           GError          **error);
gboolean       practice_dynamodb_refuse_legacy (JsonObject  *input,
                                           GError          **error);
void           practice_dynamodb_add_capacity (JsonObject   *input,
                                           JsonObject       *output,
                                           PracticeTable    *table,
                                           gsize             bytes,
                                           gsize             unit);

JsonObject    *dynamodb_put_item          (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_get_item          (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_update_item       (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_delete_item       (DynamodbContext *, JsonObject *, GError **);

/* ---- porch-practice-dynamodb-query.c ---- */

JsonObject    *dynamodb_query             (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_scan              (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_batch_write_item  (DynamodbContext *, JsonObject *, GError **);
JsonObject    *dynamodb_batch_get_item    (DynamodbContext *, JsonObject *, GError **);

/* ---- porch-practice-streams.c ---- */

gboolean       practice_stream_append     (Practice         *practice,
                                           PracticeTable    *table,
                                           JsonObject       *before,
                                           JsonObject       *after,
                                           gboolean          expired,
                                           GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeTable, practice_table_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeKey, practice_key_clear)

G_END_DECLS
