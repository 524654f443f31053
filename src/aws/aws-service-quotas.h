/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

/* How many of something an account may have. Quotas are of one region; those of CloudFront and Route 53 are asked for in
 * us-east-1: give a client of that region.
 */

#define AWS_TYPE_QUOTA (aws_quota_get_type ())
#define AWS_TYPE_QUOTA_CHANGE (aws_quota_change_get_type ())

AWS_DECLARE_BOXED (AwsQuota, aws_quota)
/* A wish for a higher quota. */
AWS_DECLARE_BOXED (AwsQuotaChange, aws_quota_change)

DexFuture       *aws_service_quotas_get_service_quota              (AwsClient      *client,
                                                                    const char     *service,
                                                                    const char     *code) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *aws_service_quotas_get_aws_default_service_quota  (AwsClient      *client,
                                                                    const char     *service,
                                                                    const char     *code) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *aws_service_quotas_list_service_quotas            (AwsClient      *client,
                                                                    const char     *service) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *aws_service_quotas_request_service_quota_increase (AwsClient      *client,
                                                                    const char     *service,
                                                                    const char     *code,
                                                                    double          value) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *aws_service_quotas_list_requested_service_quota_change_history (AwsClient *client,
                                                                    const char     *service) G_GNUC_WARN_UNUSED_RESULT;

const char      *aws_quota_get_service                             (AwsQuota       *self);
const char      *aws_quota_get_code                                (AwsQuota       *self);
const char      *aws_quota_get_name                                (AwsQuota       *self);
double           aws_quota_get_value                               (AwsQuota       *self);
gboolean         aws_quota_get_is_adjustable                       (AwsQuota       *self);
gboolean         aws_quota_get_is_global                           (AwsQuota       *self);

const char      *aws_quota_change_get_id                           (AwsQuotaChange *self);
const char      *aws_quota_change_get_case_id                      (AwsQuotaChange *self);
const char      *aws_quota_change_get_service                      (AwsQuotaChange *self);
const char      *aws_quota_change_get_code                         (AwsQuotaChange *self);
double           aws_quota_change_get_value                        (AwsQuotaChange *self);
const char      *aws_quota_change_get_status                       (AwsQuotaChange *self);
GDateTime       *aws_quota_change_dup_created                      (AwsQuotaChange *self);

G_END_DECLS
