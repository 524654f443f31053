/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-service.h"

#include <string.h>

/* Uploads are worth more attempts; DynamoDB is fast to try again. Certificates for CloudFront live in one region. What has
 * no region in its host is signed for one all the same.
 */
static const AwsService services[] = {
  { "account", "account.%s.amazonaws.com", "account", "us-east-1", "ACCOUNT",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_REST_JSON, "2021-02-01" },
  { "acm", "acm.%s.amazonaws.com", "acm", "us-east-1", "ACM",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2015-12-08",
    .target_prefix = "CertificateManager", .json_version = "1.1" },
  { "budgets", "budgets.amazonaws.com", "budgets", "us-east-1", "BUDGETS",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2016-10-20",
    .target_prefix = "AWSBudgetServiceGateway", .json_version = "1.1" },
  { "ce", "ce.%s.amazonaws.com", "ce", "us-east-1", "COST_EXPLORER",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2017-10-25",
    .target_prefix = "AWSInsightsIndexService", .json_version = "1.1" },
  { "cloudformation", "cloudformation.%s.amazonaws.com", "cloudformation", NULL, "CLOUDFORMATION",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_QUERY, "2010-05-15" },
  { "cloudfront", "cloudfront.amazonaws.com", "cloudfront", "us-east-1", "CLOUDFRONT",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_REST_XML, "2020-05-31",
    .xml_namespace = "http://cloudfront.amazonaws.com/doc/2020-05-31/" },
  { "cloudfront-keyvaluestore", "cloudfront-kvs.global.api.aws", "cloudfront-keyvaluestore", "*", "CLOUDFRONT_KEYVALUESTORE",
    AWS_SIGNATURE_V4A, 3, 50, AWS_PROTOCOL_REST_JSON, "2022-07-26" },
  { "cloudwatch", "monitoring.%s.amazonaws.com", "monitoring", NULL, "CLOUDWATCH",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_QUERY, "2010-08-01" },
  { "codebuild", "codebuild.%s.amazonaws.com", "codebuild", NULL, "CODEBUILD",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2016-10-06",
    .target_prefix = "CodeBuild_20161006", .json_version = "1.1" },
  { "codeconnections", "codeconnections.%s.amazonaws.com", "codeconnections", NULL, "CODECONNECTIONS",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2023-12-01",
    .target_prefix = "com.amazonaws.codeconnections.CodeConnections_20231201", .json_version = "1.0" },
  { "codepipeline", "codepipeline.%s.amazonaws.com", "codepipeline", NULL, "CODEPIPELINE",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2015-07-09",
    .target_prefix = "CodePipeline_20150709", .json_version = "1.1" },
  { "dynamodb", "dynamodb.%s.amazonaws.com", "dynamodb", NULL, "DYNAMODB",
    AWS_SIGNATURE_V4, 4, 25, AWS_PROTOCOL_JSON, "2012-08-10",
    .target_prefix = "DynamoDB_20120810", .json_version = "1.0" },
  { "freetier", "freetier.%s.api.aws", "freetier", "us-east-1", "FREETIER",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2023-09-07",
    .target_prefix = "AWSFreeTierService", .json_version = "1.0" },
  { "iam", "iam.amazonaws.com", "iam", "us-east-1", "IAM",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_QUERY, "2010-05-08" },
  { "lambda", "lambda.%s.amazonaws.com", "lambda", NULL, "LAMBDA",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_REST_JSON, "2015-03-31" },
  { "logs", "logs.%s.amazonaws.com", "logs", NULL, "CLOUDWATCH_LOGS",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2014-03-28",
    .target_prefix = "Logs_20140328", .json_version = "1.1" },
  { "route53", "route53.amazonaws.com", "route53", "us-east-1", "ROUTE_53",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_REST_XML, "2013-04-01",
    .xml_namespace = "https://route53.amazonaws.com/doc/2013-04-01/" },
  { "route53domains", "route53domains.%s.amazonaws.com", "route53domains", "us-east-1", "ROUTE_53_DOMAINS",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2014-05-15",
    .target_prefix = "Route53Domains_v20140515", .json_version = "1.1" },
  { "s3", "s3.%s.amazonaws.com", "s3", NULL, "S3",
    AWS_SIGNATURE_V4, 5, 50, AWS_PROTOCOL_REST_XML, "2006-03-01",
    .xml_namespace = "http://s3.amazonaws.com/doc/2006-03-01/" },
  { "service-quotas", "servicequotas.%s.amazonaws.com", "servicequotas", NULL, "SERVICE_QUOTAS",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2019-06-24",
    .target_prefix = "ServiceQuotasV20190624", .json_version = "1.1" },
  { "sesv2", "email.%s.amazonaws.com", "ses", NULL, "SESV2",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_REST_JSON, "2019-09-27" },
  { "signin", "%s.signin.aws.amazon.com", "signin", NULL, "SIGNIN",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_REST_JSON, "2023-01-01" },
  { "sso", "portal.sso.%s.amazonaws.com", "awsssoportal", NULL, "SSO",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_REST_JSON, "2019-06-10" },
  { "sso-oidc", "oidc.%s.amazonaws.com", "sso-oauth", NULL, "SSO_OIDC",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_REST_JSON, "2019-06-10" },
  { "stepfunctions", "states.%s.amazonaws.com", "states", NULL, "SFN",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_JSON, "2016-11-23",
    .target_prefix = "AWSStepFunctions", .json_version = "1.0" },
  { "sts", "sts.%s.amazonaws.com", "sts", NULL, "STS",
    AWS_SIGNATURE_V4, 3, 50, AWS_PROTOCOL_QUERY, "2011-06-15" },
};

/* The service with that id, or NULL. */
const AwsService *
aws_service_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      if (g_str_equal (services[i].id, id))
        return &services[i];
    }

  return NULL;
}

/* All of them. */
const AwsService *
aws_service_list (guint *n_services)
{
  *n_services = G_N_ELEMENTS (services);

  return services;
}

/* The host in a region. */
char *
aws_service_dup_host (const AwsService *self,
                      const char       *region)
{
  g_auto(GStrv) parts = g_strsplit (self->host, "%s", -1);

  return g_strjoinv (region, parts);
}

/* Regions become part of host names, also those that an answer names. */
gboolean
aws_region_is_valid (const char *region)
{
  gsize length = region != NULL ? strlen (region) : 0;

  if (length < 3 || length > 32 || !g_ascii_islower (region[0]) || !g_ascii_isalnum (region[length - 1]))
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_islower (region[i]) && !g_ascii_isdigit (region[i]) && region[i] != '-')
        return FALSE;
    }

  return TRUE;
}
