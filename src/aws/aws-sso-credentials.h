/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-renewing-credentials.h"
#include "aws-session.h"
#include "aws-sso-oidc.h"

G_BEGIN_DECLS

#define AWS_TYPE_SSO_CREDENTIALS (aws_sso_credentials_get_type ())

G_DECLARE_FINAL_TYPE (AwsSsoCredentials, aws_sso_credentials, AWS, SSO_CREDENTIALS, AwsRenewingCredentials)

AwsCredentialsProvider *aws_sso_credentials_new         (AwsClient          *client,
                                                         AwsSessionStore    *store,
                                                         const char         *account,
                                                         const char         *role);
JsonObject             *aws_sso_credentials_new_session (AwsClient          *client,
                                                         const char         *start_url,
                                                         AwsSsoRegistration *registration,
                                                         AwsSsoToken        *token,
                                                         GError            **error);

G_END_DECLS
