/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"
#include "aws-dpop.h"

G_BEGIN_DECLS

/* The two programs that everybody may say to be: one on the computer of the browser, one anywhere */
#define AWS_SIGNIN_SAME_DEVICE  "arn:aws:signin:::devtools/same-device"
#define AWS_SIGNIN_CROSS_DEVICE "arn:aws:signin:::devtools/cross-device"

#define AWS_TYPE_SIGNIN_TOKEN (aws_signin_token_get_type ())

/* Credentials for a quarter of an hour, and what the next ones are got with. */
AWS_DECLARE_BOXED (AwsSigninToken, aws_signin_token)

AwsCredentials *aws_signin_token_dup_credentials  (AwsSigninToken  *self,
                                                   GDateTime       *expiration);
gint64          aws_signin_token_get_seconds      (AwsSigninToken  *self);
const char     *aws_signin_token_get_type_name    (AwsSigninToken  *self);
const char     *aws_signin_token_get_refresh_token (AwsSigninToken *self);
const char     *aws_signin_token_get_id_token     (AwsSigninToken  *self);

DexFuture      *aws_signin_redeem_code            (AwsClient       *client,
                                                   AwsDpopKey      *key,
                                                   const char      *client_id,
                                                   const char      *code,
                                                   const char      *verifier,
                                                   const char      *redirect_uri) G_GNUC_WARN_UNUSED_RESULT;
DexFuture      *aws_signin_refresh                (AwsClient       *client,
                                                   AwsDpopKey      *key,
                                                   const char      *client_id,
                                                   const char      *refresh_token) G_GNUC_WARN_UNUSED_RESULT;

char           *aws_signin_dup_authorize_uri      (AwsClient       *client,
                                                   const char      *client_id,
                                                   const char      *redirect_uri,
                                                   const char      *state,
                                                   const char      *verifier);
char           *aws_signin_dup_confirmation_uri   (AwsClient       *client);
char           *aws_signin_parse_code             (const char      *pasted,
                                                   const char      *state,
                                                   GError         **error);
char           *aws_signin_dup_session_arn        (const char      *id_token);

G_END_DECLS
