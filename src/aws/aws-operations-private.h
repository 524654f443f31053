/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-operation.h"

G_BEGIN_DECLS

/* The operations of each service, ended by NULL. A table is written in the file of its service and named in
 * aws-operations.c.
 */
extern const AwsOperation * const aws_account_operations[];
extern const AwsOperation * const aws_acm_operations[];
extern const AwsOperation * const aws_budgets_operations[];
extern const AwsOperation * const aws_cloudformation_operations[];
extern const AwsOperation * const aws_cloudfront_operations[];
extern const AwsOperation * const aws_cloudwatch_operations[];
extern const AwsOperation * const aws_codebuild_operations[];
extern const AwsOperation * const aws_codeconnections_operations[];
extern const AwsOperation * const aws_codepipeline_operations[];
extern const AwsOperation * const aws_cost_explorer_operations[];
extern const AwsOperation * const aws_dynamodb_operations[];
extern const AwsOperation * const aws_free_tier_operations[];
extern const AwsOperation * const aws_iam_operations[];
extern const AwsOperation * const aws_keyvaluestore_operations[];
extern const AwsOperation * const aws_lambda_operations[];
extern const AwsOperation * const aws_logs_operations[];
extern const AwsOperation * const aws_route53_operations[];
extern const AwsOperation * const aws_route53domains_operations[];
extern const AwsOperation * const aws_service_quotas_operations[];
extern const AwsOperation * const aws_sesv2_operations[];
extern const AwsOperation * const aws_signin_operations[];
extern const AwsOperation * const aws_sso_operations[];
extern const AwsOperation * const aws_sso_oidc_operations[];
extern const AwsOperation * const aws_step_functions_operations[];
extern const AwsOperation * const aws_sts_operations[];

G_END_DECLS
