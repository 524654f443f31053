/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* A program that Identity Center knows; good until it expires, after about 90 days. */
#define AWS_TYPE_SSO_REGISTRATION (aws_sso_registration_get_type ())

AWS_DECLARE_BOXED (AwsSsoRegistration, aws_sso_registration)

const char *aws_sso_registration_get_client_id     (AwsSsoRegistration *self);
const char *aws_sso_registration_get_client_secret (AwsSsoRegistration *self);
GDateTime  *aws_sso_registration_dup_expires       (AwsSsoRegistration *self);

/* A device that asks to be let in. */
#define AWS_TYPE_SSO_DEVICE (aws_sso_device_get_type ())

AWS_DECLARE_BOXED (AwsSsoDevice, aws_sso_device)

const char *aws_sso_device_get_device_code         (AwsSsoDevice       *self);
const char *aws_sso_device_get_user_code           (AwsSsoDevice       *self);
const char *aws_sso_device_get_uri                 (AwsSsoDevice       *self);
const char *aws_sso_device_get_complete_uri        (AwsSsoDevice       *self);
gint64      aws_sso_device_get_seconds             (AwsSsoDevice       *self);
gint64      aws_sso_device_get_interval            (AwsSsoDevice       *self);

/* What lets somebody in. */
#define AWS_TYPE_SSO_TOKEN (aws_sso_token_get_type ())

AWS_DECLARE_BOXED (AwsSsoToken, aws_sso_token)

const char *aws_sso_token_get_access_token         (AwsSsoToken        *self);
const char *aws_sso_token_get_refresh_token        (AwsSsoToken        *self);
gint64      aws_sso_token_get_seconds              (AwsSsoToken        *self);

DexFuture  *aws_sso_oidc_register_client            (AwsClient          *client,
                                                     const char         *name,
                                                     const char         *start_url,
                                                     const char         *redirect_uri) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sso_oidc_start_device_authorization (AwsClient          *client,
                                                     AwsSsoRegistration *registration,
                                                     const char         *start_url) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sso_oidc_redeem_code                (AwsClient          *client,
                                                     AwsSsoRegistration *registration,
                                                     const char         *code,
                                                     const char         *verifier,
                                                     const char         *redirect_uri) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sso_oidc_redeem_device              (AwsClient          *client,
                                                     AwsSsoRegistration *registration,
                                                     const char         *device_code) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sso_oidc_refresh                    (AwsClient          *client,
                                                     const char         *client_id,
                                                     const char         *client_secret,
                                                     const char         *refresh_token) G_GNUC_WARN_UNUSED_RESULT;
char       *aws_sso_oidc_dup_authorize_uri          (AwsClient          *client,
                                                     AwsSsoRegistration *registration,
                                                     const char         *redirect_uri,
                                                     const char         *state,
                                                     const char         *verifier);

G_END_DECLS
