/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

/* The plan of an account, and what of it is free. */

#define AWS_TYPE_ACCOUNT_PLAN (aws_account_plan_get_type ())
#define AWS_TYPE_FREE_TIER_USAGE (aws_free_tier_usage_get_type ())

AWS_DECLARE_BOXED (AwsAccountPlan, aws_account_plan)
/* How much of something that is free was used this month. */
AWS_DECLARE_BOXED (AwsFreeTierUsage, aws_free_tier_usage)

DexFuture    *aws_free_tier_get_account_plan_state (AwsClient         *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_free_tier_get_free_tier_usage    (AwsClient         *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_free_tier_upgrade_account_plan   (AwsClient         *client,
                                                    const char        *plan) G_GNUC_WARN_UNUSED_RESULT;

const char   *aws_account_plan_get_account         (AwsAccountPlan    *self);
const char   *aws_account_plan_get_kind            (AwsAccountPlan    *self);
const char   *aws_account_plan_get_status          (AwsAccountPlan    *self);
gboolean      aws_account_plan_has_credits         (AwsAccountPlan    *self);
double        aws_account_plan_get_credits         (AwsAccountPlan    *self);
const char   *aws_account_plan_get_currency        (AwsAccountPlan    *self);
GDateTime    *aws_account_plan_dup_end             (AwsAccountPlan    *self);

const char   *aws_free_tier_usage_get_service      (AwsFreeTierUsage  *self);
const char   *aws_free_tier_usage_get_kind         (AwsFreeTierUsage  *self);
const char   *aws_free_tier_usage_get_usage_type   (AwsFreeTierUsage  *self);
const char   *aws_free_tier_usage_get_region       (AwsFreeTierUsage  *self);
const char   *aws_free_tier_usage_get_unit         (AwsFreeTierUsage  *self);
const char   *aws_free_tier_usage_get_description  (AwsFreeTierUsage  *self);
double        aws_free_tier_usage_get_used         (AwsFreeTierUsage  *self);
double        aws_free_tier_usage_get_forecast     (AwsFreeTierUsage  *self);
double        aws_free_tier_usage_get_limit        (AwsFreeTierUsage  *self);

G_END_DECLS
