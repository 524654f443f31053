/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_IDENTITY (aws_identity_get_type ())

/* Whose credentials these are. */
AWS_DECLARE_BOXED (AwsIdentity, aws_identity)

const char *aws_identity_get_account     (AwsIdentity *self);
const char *aws_identity_get_arn         (AwsIdentity *self);
const char *aws_identity_get_user_id     (AwsIdentity *self);
gboolean    aws_identity_is_root         (AwsIdentity *self);

DexFuture  *aws_sts_get_caller_identity  (AwsClient   *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sts_assume_role          (AwsClient   *client,
                                          const char  *role_arn,
                                          const char  *session_name,
                                          const char  *external_id,
                                          guint        seconds) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
