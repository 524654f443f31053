/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "aws-boxed.h"

G_BEGIN_DECLS

#define AWS_TYPE_CREDENTIALS (aws_credentials_get_type ())

AWS_DECLARE_BOXED (AwsCredentials, aws_credentials)

AwsCredentials *aws_credentials_new                   (const char     *access_key_id,
                                                       const char     *secret_access_key,
                                                       const char     *session_token,
                                                       GDateTime      *expiration);
const char     *aws_credentials_get_access_key_id     (AwsCredentials *self);
const char     *aws_credentials_get_secret_access_key (AwsCredentials *self);
const char     *aws_credentials_get_session_token     (AwsCredentials *self);
GDateTime      *aws_credentials_get_expiration        (AwsCredentials *self);
gboolean        aws_credentials_is_expired            (AwsCredentials *self,
                                                       GTimeSpan       margin);
char           *aws_credentials_clean_text            (const char     *pasted);

#define AWS_TYPE_CREDENTIALS_PROVIDER (aws_credentials_provider_get_type ())

G_DECLARE_INTERFACE (AwsCredentialsProvider, aws_credentials_provider, AWS, CREDENTIALS_PROVIDER, GObject)

/**
 * AwsCredentialsProviderInterface:
 * @load: resolves to the credentials to sign with, an [struct@AwsCredentials];
 *   called before every request, so an implementation keeps what is still valid
 * @reject: the service said that these credentials have expired; the next
 *   @load should fetch new ones if it can. Optional.
 */
struct _AwsCredentialsProviderInterface
{
  GTypeInterface parent_iface;

  DexFuture *(*load)   (AwsCredentialsProvider *self);
  gboolean   (*reject) (AwsCredentialsProvider *self,
                        AwsCredentials         *credentials);
};

DexFuture *aws_credentials_provider_load   (AwsCredentialsProvider *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean   aws_credentials_provider_reject (AwsCredentialsProvider *self,
                                            AwsCredentials         *credentials);

#define AWS_TYPE_STATIC_CREDENTIALS (aws_static_credentials_get_type ())

G_DECLARE_FINAL_TYPE (AwsStaticCredentials, aws_static_credentials, AWS, STATIC_CREDENTIALS, GObject)

AwsCredentialsProvider *aws_static_credentials_new (AwsCredentials *credentials);

G_END_DECLS
