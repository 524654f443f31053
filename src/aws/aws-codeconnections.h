/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* A connection to a place where code is kept */
#define AWS_TYPE_CONNECTION (aws_connection_get_type ())

AWS_DECLARE_BOXED (AwsConnection, aws_connection)

const char *aws_connection_get_name     (AwsConnection *self);
const char *aws_connection_get_arn      (AwsConnection *self);
const char *aws_connection_get_provider (AwsConnection *self);
const char *aws_connection_get_status   (AwsConnection *self);
const char *aws_connection_get_owner    (AwsConnection *self);

DexFuture *aws_codeconnections_create_connection (AwsClient  *client,
                                                  const char *name,
                                                  const char *provider,
                                                  const char *tag,
                                                  const char *value) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codeconnections_get_connection    (AwsClient  *client,
                                                  const char *arn) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codeconnections_list_connections  (AwsClient  *client,
                                                  const char *provider) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codeconnections_delete_connection (AwsClient  *client,
                                                  const char *arn) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
