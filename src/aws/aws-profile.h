/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"

G_BEGIN_DECLS

#define AWS_TYPE_PROFILE (aws_profile_get_type ())

/* A profile of the files that AWS's own tools share: ~/.aws/config and ~/.aws/credentials. */
AWS_DECLARE_BOXED (AwsProfile, aws_profile)

AwsProfile *aws_profile_new               (const char *name);
GStrv       aws_profile_list_names        (void);
const char *aws_profile_get_name          (AwsProfile *self);
gboolean    aws_profile_exists            (AwsProfile *self);
const char *aws_profile_lookup            (AwsProfile *self,
                                           const char *key);
const char *aws_profile_lookup_sso        (AwsProfile *self,
                                           const char *key);
const char *aws_profile_lookup_service    (AwsProfile *self,
                                           const char *service,
                                           const char *key);

G_END_DECLS
