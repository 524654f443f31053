/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* An account that the person may use. */
#define AWS_TYPE_SSO_ACCOUNT (aws_sso_account_get_type ())

AWS_DECLARE_BOXED (AwsSsoAccount, aws_sso_account)

const char *aws_sso_account_get_id               (AwsSsoAccount *self);
const char *aws_sso_account_get_name             (AwsSsoAccount *self);
const char *aws_sso_account_get_mail             (AwsSsoAccount *self);

/* As what the person may use it. */
#define AWS_TYPE_SSO_ROLE (aws_sso_role_get_type ())

AWS_DECLARE_BOXED (AwsSsoRole, aws_sso_role)

const char *aws_sso_role_get_name                (AwsSsoRole    *self);

DexFuture  *aws_sso_list_accounts                (AwsClient     *client,
                                                  const char    *access_token) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sso_list_account_roles           (AwsClient     *client,
                                                  const char    *access_token,
                                                  const char    *account) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sso_get_role_credentials         (AwsClient     *client,
                                                  const char    *access_token,
                                                  const char    *account,
                                                  const char    *role) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sso_logout                       (AwsClient     *client,
                                                  const char    *access_token) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
