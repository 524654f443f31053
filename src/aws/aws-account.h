/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

/* The account itself: its name, and the regions that are switched on. */

#define AWS_TYPE_ACCOUNT_REGION (aws_account_region_get_type ())
#define AWS_TYPE_ACCOUNT_INFORMATION (aws_account_information_get_type ())

AWS_DECLARE_BOXED (AwsAccountRegion, aws_account_region)
AWS_DECLARE_BOXED (AwsAccountInformation, aws_account_information)

DexFuture    *aws_account_get_region_opt_status    (AwsClient              *client,
                                                    const char             *region_name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_account_list_regions             (AwsClient              *client,
                                                    const char * const     *statuses) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_account_get_account_information  (AwsClient              *client) G_GNUC_WARN_UNUSED_RESULT;

const char   *aws_account_region_get_name          (AwsAccountRegion       *self);
const char   *aws_account_region_get_status        (AwsAccountRegion       *self);
gboolean      aws_account_region_is_enabled        (AwsAccountRegion       *self);

const char   *aws_account_information_get_number   (AwsAccountInformation  *self);
const char   *aws_account_information_get_name     (AwsAccountInformation  *self);
const char   *aws_account_information_get_state    (AwsAccountInformation  *self);
GDateTime    *aws_account_information_dup_created  (AwsAccountInformation  *self);

G_END_DECLS
