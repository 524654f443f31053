/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-renewing-credentials.h"
#include "aws-session.h"
#include "aws-signin.h"

G_BEGIN_DECLS

#define AWS_TYPE_LOGIN_CREDENTIALS (aws_login_credentials_get_type ())

G_DECLARE_FINAL_TYPE (AwsLoginCredentials, aws_login_credentials, AWS, LOGIN_CREDENTIALS, AwsRenewingCredentials)

AwsCredentialsProvider *aws_login_credentials_new         (AwsClient       *client,
                                                           AwsSessionStore *store);
JsonObject             *aws_login_credentials_new_session (AwsClient       *client,
                                                           AwsDpopKey      *key,
                                                           const char      *client_id,
                                                           AwsSigninToken  *token,
                                                           GError         **error);

G_END_DECLS
