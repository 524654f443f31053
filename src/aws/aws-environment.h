/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-credentials.h"

G_BEGIN_DECLS

#define AWS_TYPE_ENVIRONMENT_CREDENTIALS (aws_environment_credentials_get_type ())

G_DECLARE_FINAL_TYPE (AwsEnvironmentCredentials, aws_environment_credentials, AWS, ENVIRONMENT_CREDENTIALS, GObject)

AwsCredentialsProvider *aws_environment_credentials_new (void);
AwsCredentialsProvider *aws_profile_credentials_new     (const char *profile);

gboolean aws_environment_has_credentials (void);
char    *aws_environment_dup_region      (void);

G_END_DECLS
