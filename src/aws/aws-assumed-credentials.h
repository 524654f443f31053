/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-profile.h"
#include "aws-renewing-credentials.h"

G_BEGIN_DECLS

#define AWS_TYPE_ASSUMED_CREDENTIALS (aws_assumed_credentials_get_type ())

G_DECLARE_FINAL_TYPE (AwsAssumedCredentials, aws_assumed_credentials, AWS, ASSUMED_CREDENTIALS, AwsRenewingCredentials)

AwsCredentialsProvider *aws_assumed_credentials_new (AwsClient   *client,
                                                  const char  *role_arn,
                                                  const char  *session_name,
                                                  const char  *external_id,
                                                  guint        seconds);

/* For profiles that are more than a pair of keys or a program; NULL without an error for those that are not */
AwsCredentialsProvider *aws_profile_new_provider (AwsProfile  *profile,
                                                  GError     **error);

G_END_DECLS
