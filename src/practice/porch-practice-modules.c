/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-account.h"
#include "porch-practice-acm.h"
#include "porch-practice-billing.h"
#include "porch-practice-cloudformation.h"
#include "porch-practice-cloudfront.h"
#include "porch-practice-cloudwatch.h"
#include "porch-practice-codebuild.h"
#include "porch-practice-codeconnections.h"
#include "porch-practice-codepipeline.h"
#include "porch-practice-dynamodb.h"
#include "porch-practice-edge.h"
#include "porch-practice-iam.h"
#include "porch-practice-internet.h"
#include "porch-practice-kvs.h"
#include "porch-practice-lambda.h"
#include "porch-practice-logs.h"
#include "porch-practice-metrics.h"
#include "porch-practice-oauth.h"
#include "porch-practice-private.h"
#include "porch-practice-quotas.h"
#include "porch-practice-resources.h"
#include "porch-practice-rights.h"
#include "porch-practice-route53.h"
#include "porch-practice-route53domains.h"
#include "porch-practice-s3.h"
#include "porch-practice-ses.h"
#include "porch-practice-states.h"
#include "porch-practice-streams.h"
#include "porch-practice-sts.h"

const PracticeModule practice_modules[] = {
  { "sts", practice_sts_init, NULL },
  { "oauth", practice_oauth_init, NULL },
  { "rights", practice_rights_init, NULL },
  { "iam", practice_iam_init, NULL },
  { "account", practice_account_init, NULL },
  { "billing", practice_billing_init, NULL },
  { "quotas", practice_quotas_init, NULL },
  { "s3", practice_s3_init, NULL },
  { "keyvaluestore", practice_kvs_init, NULL },
  { "cloudfront", practice_cloudfront_init, NULL },
  { "resources", practice_resources_init, practice_lambda_shutdown },
  { "logs", practice_logs_init, NULL },
  { "cloudwatch", practice_cloudwatch_init, practice_metrics_shutdown },
  { "lambda", practice_lambda_api_init, NULL },
  { "codeconnections", practice_codeconnections_init, NULL },
  { "codebuild", practice_codebuild_init, NULL },
  { "dynamodb", practice_dynamodb_init, NULL },
  { "streams", practice_streams_init, practice_streams_shutdown },
  { "stepfunctions", practice_stepfunctions_init, NULL },
  { "codepipeline", practice_codepipeline_init, NULL },
  { "route53", practice_route53_init, NULL },
  { "domains", practice_route53domains_init, NULL },
  { "internet", practice_internet_init, practice_internet_shutdown },
  { "certificates", practice_acm_init, NULL },
  { "mail", practice_ses_init, NULL },
  { "edge", practice_edge_init, practice_edge_shutdown },
  { "cloudformation", practice_cloudformation_init, NULL },
};

const guint practice_n_modules = G_N_ELEMENTS (practice_modules);
