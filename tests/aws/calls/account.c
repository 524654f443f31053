/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "calls.h"

#include "aws-account.h"
#include "aws-budgets.h"
#include "aws-cost-explorer.h"
#include "aws-free-tier.h"
#include "aws-iam.h"
#include "aws-service-quotas.h"

/* Debian's botocore has no GetAccountPlanState, UpgradeAccountPlan (both from July 2025) and GetAccountInformation (2026):
 * tests/aws/models has what AWS's reference says of them */

#define ACCOUNT "123456789012"
#define USER_ARN "arn:aws:iam::123456789012:user/anna"

static const char * const actions[] = { "s3:PutObject", "s3:GetObject", NULL };
static const char * const resources[] = { "arn:aws:s3:::porchlight-example/*", NULL };
static const char * const addresses[] = { "anna@example.org", "rosa@example.org", NULL };
static const char * const sites[] = { "0f1e2d", "4c5b6a", NULL };
static const char * const statuses[] = { "ENABLED", "ENABLED_BY_DEFAULT", NULL };

static const AwsContextEntry context[] = {
  { "aws:ResourceTag/application", "porchlight" },
  { "aws:RequestTag/application", "porchlight" },
  { NULL }
};

static const AwsBudgetThreshold thresholds[] = {
  { FALSE, 80 },
  { TRUE, 100 },
  { FALSE, 0 }
};

CALL (simulate, , aws_iam_simulate_principal_policy (client, USER_ARN, actions, resources, context))
CALL (account_summary, , aws_iam_get_account_summary (client))
CALL (account_aliases, , aws_iam_list_account_aliases (client))
CALL (token_preferences, , aws_iam_set_security_token_service_preferences (client, "v2Token"))
CALL (get_user, , aws_iam_get_user (client, "anna"))
CALL (get_role, , aws_iam_get_role (client, "publisher"))

CALL (create_budget, , aws_budgets_create_budget (client, ACCOUNT, "Porchlight", "5", "USD", thresholds, addresses))
CALL (update_budget, , aws_budgets_update_budget (client, ACCOUNT, "Porchlight", "7.50", "USD"))
CALL (delete_budget, , aws_budgets_delete_budget (client, ACCOUNT, "Porchlight"))
CALL (describe_budget, , aws_budgets_describe_budget (client, ACCOUNT, "Porchlight"))
CALL (describe_budgets, , aws_budgets_describe_budgets (client, ACCOUNT))
CALL (describe_notifications, , aws_budgets_describe_notifications_for_budget (client, ACCOUNT, "Porchlight"))
CALL (describe_subscribers, , aws_budgets_describe_subscribers_for_notification (client, ACCOUNT, "Porchlight", TRUE, 100))

CALL (cost, , aws_cost_explorer_get_cost_and_usage (client, "2026-10-01", "2026-11-01", "MONTHLY", "site", sites, "DIMENSION", "SERVICE"))
CALL (forecast, , aws_cost_explorer_get_cost_forecast (client, "2026-11-22", "2026-12-01", "MONTHLY"))

CALL (quota, , aws_service_quotas_get_service_quota (client, "lambda", "L-B99A9384"))
CALL (default_quota, , aws_service_quotas_get_aws_default_service_quota (client, "lambda", "L-B99A9384"))
CALL (quotas, , aws_service_quotas_list_service_quotas (client, "cloudfront"))
CALL (increase, , aws_service_quotas_request_service_quota_increase (client, "lambda", "L-B99A9384", 1000))
CALL (changes, , aws_service_quotas_list_requested_service_quota_change_history (client, "lambda"))

CALL (plan, , aws_free_tier_get_account_plan_state (client))
CALL (usage, , aws_free_tier_get_free_tier_usage (client))
CALL (upgrade, , aws_free_tier_upgrade_account_plan (client, "PAID"))

CALL (region_status, , aws_account_get_region_opt_status (client, "eu-south-1"))
CALL (list_regions, , aws_account_list_regions (client, statuses))
CALL (information, , aws_account_get_account_information (client))

const AwsTestCall account_calls[] = {
  { "aws_iam_simulate_principal_policy", "SimulatePrincipalPolicy", call_simulate },
  { "aws_iam_get_account_summary", "GetAccountSummary", call_account_summary },
  { "aws_iam_list_account_aliases", "ListAccountAliases", call_account_aliases },
  { "aws_iam_set_security_token_service_preferences", "SetSecurityTokenServicePreferences", call_token_preferences },
  { "aws_iam_get_user", "GetUser", call_get_user },
  { "aws_iam_get_role", "GetRole", call_get_role },
  { "aws_budgets_create_budget", "CreateBudget", call_create_budget },
  { "aws_budgets_update_budget", "UpdateBudget", call_update_budget },
  { "aws_budgets_delete_budget", "DeleteBudget", call_delete_budget },
  { "aws_budgets_describe_budget", "DescribeBudget", call_describe_budget },
  { "aws_budgets_describe_budgets", "DescribeBudgets", call_describe_budgets },
  { "aws_budgets_describe_notifications_for_budget", "DescribeNotificationsForBudget", call_describe_notifications },
  { "aws_budgets_describe_subscribers_for_notification", "DescribeSubscribersForNotification", call_describe_subscribers },
  { "aws_cost_explorer_get_cost_and_usage", "GetCostAndUsage", call_cost },
  { "aws_cost_explorer_get_cost_forecast", "GetCostForecast", call_forecast },
  { "aws_service_quotas_get_service_quota", "GetServiceQuota", call_quota },
  { "aws_service_quotas_get_aws_default_service_quota", "GetAWSDefaultServiceQuota", call_default_quota },
  { "aws_service_quotas_list_service_quotas", "ListServiceQuotas", call_quotas },
  { "aws_service_quotas_request_service_quota_increase", "RequestServiceQuotaIncrease", call_increase },
  { "aws_service_quotas_list_requested_service_quota_change_history", "ListRequestedServiceQuotaChangeHistory", call_changes },
  { "aws_free_tier_get_account_plan_state", "GetAccountPlanState", call_plan },
  { "aws_free_tier_get_free_tier_usage", "GetFreeTierUsage", call_usage },
  { "aws_free_tier_upgrade_account_plan", "UpgradeAccountPlan", call_upgrade },
  { "aws_account_get_region_opt_status", "GetRegionOptStatus", call_region_status },
  { "aws_account_list_regions", "ListRegions", call_list_regions },
  { "aws_account_get_account_information", "GetAccountInformation", call_information },
  { NULL }
};
