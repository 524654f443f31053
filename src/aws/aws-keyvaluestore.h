/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_KEY_VALUE_STORE (aws_key_value_store_get_type ())

/* What DescribeKeyValueStore says. */
AWS_DECLARE_BOXED (AwsKeyValueStore, aws_key_value_store)

const char *aws_key_value_store_get_arn    (AwsKeyValueStore *self);
const char *aws_key_value_store_get_etag   (AwsKeyValueStore *self);
const char *aws_key_value_store_get_status (AwsKeyValueStore *self);
gint64      aws_key_value_store_get_items  (AwsKeyValueStore *self);
gint64      aws_key_value_store_get_size   (AwsKeyValueStore *self);

#define AWS_TYPE_KEY_VALUE (aws_key_value_get_type ())

AWS_DECLARE_BOXED (AwsKeyValue, aws_key_value)

AwsKeyValue *aws_key_value_new       (const char  *key,
                                      const char  *value);
const char  *aws_key_value_get_key   (AwsKeyValue *self);
const char  *aws_key_value_get_value (AwsKeyValue *self);

/**
 * AwsKeyValueWriteFunc:
 * @client: the client
 * @arn: the ARN of the store
 * @etag: the version that the write must name
 * @user_data: what was given with the function
 *
 * Returns: (transfer full): a future of the write
 */
typedef DexFuture *(*AwsKeyValueWriteFunc) (AwsClient  *client,
                                            const char *arn,
                                            const char *etag,
                                            gpointer    user_data);

gboolean   aws_keyvaluestore_error_is_stale (const GError         *error);
gboolean   aws_keyvaluestore_error_is_token (const GError         *error);

DexFuture *aws_keyvaluestore_describe       (AwsClient            *client,
                                             const char           *arn) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_keyvaluestore_list           (AwsClient            *client,
                                             const char           *arn) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_keyvaluestore_get            (AwsClient            *client,
                                             const char           *arn,
                                             const char           *key) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_keyvaluestore_put            (AwsClient            *client,
                                             const char           *arn,
                                             const char           *etag,
                                             const char           *key,
                                             const char           *value) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_keyvaluestore_delete         (AwsClient            *client,
                                             const char           *arn,
                                             const char           *etag,
                                             const char           *key) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_keyvaluestore_update         (AwsClient            *client,
                                             const char           *arn,
                                             const char           *etag,
                                             GPtrArray            *puts,
                                             const char * const   *deletes) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_keyvaluestore_write          (AwsClient            *client,
                                             const char           *arn,
                                             AwsKeyValueWriteFunc  func,
                                             gpointer              data,
                                             GDestroyNotify        destroy) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_keyvaluestore_find_client    (AwsClient            *client,
                                             const char           *arn,
                                             const char           *role_arn) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
