/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-free-tier.h"

#include "aws-document.h"
#include "aws-operation.h"
#include "aws-operations-private.h"

AWS_DEFINE_DOCUMENT (AwsAccountPlan, aws_account_plan)
AWS_DEFINE_DOCUMENT (AwsFreeTierUsage, aws_free_tier_usage)

static const AwsShape amount[] = {
  { "amount", AWS_SHAPE_DOUBLE },
  { "unit" },
  { NULL }
};

static const AwsShape plan_output[] = {
  { "accountId" },
  { "accountPlanType" },
  { "accountPlanStatus" },
  { "accountPlanRemainingCredits", AWS_STRUCTURE (amount) },
  { "accountPlanExpirationDate", AWS_SHAPE_TIMESTAMP, .time_format = AWS_TIME_ISO_8601 },
  { NULL }
};

static const AwsOperation get_account_plan_state = {
  "freetier", "GetAccountPlanState",
  .output = plan_output,
};

static const AwsShape usage_input[] = {
  { "maxResults", AWS_SHAPE_INTEGER },
  { "nextToken" },
  { NULL }
};

static const AwsShape usage[] = {
  { "service" },
  { "operation" },
  { "usageType" },
  { "region" },
  { "actualUsageAmount", AWS_SHAPE_DOUBLE },
  { "forecastedUsageAmount", AWS_SHAPE_DOUBLE },
  { "limit", AWS_SHAPE_DOUBLE },
  { "unit" },
  { "description" },
  { "freeTierType" },
  { NULL }
};

static const AwsShape usage_output[] = {
  { "freeTierUsages", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (usage) }) },
  { "nextToken" },
  { NULL }
};

static const AwsOperation get_free_tier_usage = {
  "freetier", "GetFreeTierUsage",
  .input = usage_input,
  .output = usage_output,
  .pages = { "freeTierUsages", "nextToken" },
};

static const AwsShape upgrade_input[] = {
  { "accountPlanType", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape upgrade_output[] = {
  { "accountId" },
  { "accountPlanType" },
  { "accountPlanStatus" },
  { NULL }
};

static const AwsOperation upgrade_account_plan = {
  "freetier", "UpgradeAccountPlan",
  .input = upgrade_input,
  .output = upgrade_output,
};

const AwsOperation * const aws_free_tier_operations[] = {
  &get_account_plan_state,
  &get_free_tier_usage,
  &upgrade_account_plan,
  NULL
};

/**
 * aws_free_tier_get_account_plan_state:
 * @client: a client
 *
 * Tells the plan of the account. Accounts from before there were plans are thought to be answered with an error, which
 * means no more than that nothing is known.
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.AccountPlan]
 */
DexFuture *
aws_free_tier_get_account_plan_state (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return aws_operation_call_document (&get_account_plan_state, client, NULL, AWS_TYPE_ACCOUNT_PLAN, NULL);
}

/**
 * aws_free_tier_get_free_tier_usage:
 * @client: a client
 *
 * Returns: (transfer full): a future that resolves to a `GPtrArray` of [struct@Aws.FreeTierUsage]
 */
DexFuture *
aws_free_tier_get_free_tier_usage (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return aws_operation_call_documents (&get_free_tier_usage, client, NULL, AWS_TYPE_FREE_TIER_USAGE);
}

/**
 * aws_free_tier_upgrade_account_plan:
 * @client: a client
 * @plan: `PAID`
 *
 * Changes the plan of the account. **From then on the person is charged, and there is no way back**: only ever call it
 * after the person has said so in a dialog that names both.
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.AccountPlan], without credits and end
 */
DexFuture *
aws_free_tier_upgrade_account_plan (AwsClient  *client,
                                    const char *plan)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (plan != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "accountPlanType", plan);

  return aws_operation_call_document (&upgrade_account_plan, client, input, AWS_TYPE_ACCOUNT_PLAN, NULL);
}

/**
 * aws_account_plan_get_account:
 * @self: a plan
 *
 * Returns: (nullable): the number of the account
 */
AWS_DOCUMENT_STRING (AwsAccountPlan, aws_account_plan, account, "accountId")

/**
 * aws_account_plan_get_kind:
 * @self: a plan
 *
 * Returns: (nullable): `FREE` or `PAID`
 */
AWS_DOCUMENT_STRING (AwsAccountPlan, aws_account_plan, kind, "accountPlanType")

/**
 * aws_account_plan_get_status:
 * @self: a plan
 *
 * Returns: (nullable): `NOT_STARTED`, `ACTIVE` or `EXPIRED`
 */
AWS_DOCUMENT_STRING (AwsAccountPlan, aws_account_plan, status, "accountPlanStatus")

/**
 * aws_account_plan_has_credits:
 * @self: a plan
 *
 * Returns: whether it is known how much credit is left
 */
gboolean
aws_account_plan_has_credits (AwsAccountPlan *self)
{
  JsonObject *credits;

  g_return_val_if_fail (self != NULL, FALSE);

  credits = aws_json_get_object (self->document.object, "accountPlanRemainingCredits");

  return credits != NULL && json_object_has_member (credits, "amount");
}

/**
 * aws_account_plan_get_credits:
 * @self: a plan
 *
 * Returns: how much credit is left, 0 if it is not known
 */
double
aws_account_plan_get_credits (AwsAccountPlan *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_account_plan_has_credits (self)
         ? aws_json_get_double (aws_json_get_object (self->document.object, "accountPlanRemainingCredits"), "amount", 0) : 0;
}

/**
 * aws_account_plan_get_currency:
 * @self: a plan
 *
 * Returns: (nullable): what the credit is counted in, `USD`
 */
AWS_DOCUMENT_INNER_STRING (AwsAccountPlan, aws_account_plan, currency, "accountPlanRemainingCredits", "unit")

/**
 * aws_account_plan_dup_end:
 * @self: a plan
 *
 * Returns: (transfer full) (nullable): when it ends
 */
AWS_DOCUMENT_TIME (AwsAccountPlan, aws_account_plan, end, "accountPlanExpirationDate")

/**
 * aws_free_tier_usage_get_service:
 * @self: a use
 *
 * Returns: (nullable): the service, as it is called on bills
 */
AWS_DOCUMENT_STRING (AwsFreeTierUsage, aws_free_tier_usage, service, "service")

/**
 * aws_free_tier_usage_get_kind:
 * @self: a use
 *
 * Returns: (nullable): `Always Free`, `12 Months Free` or `Free Trial`
 */
AWS_DOCUMENT_STRING (AwsFreeTierUsage, aws_free_tier_usage, kind, "freeTierType")

/**
 * aws_free_tier_usage_get_usage_type:
 * @self: a use
 *
 * Returns: (nullable): what of the service was used
 */
AWS_DOCUMENT_STRING (AwsFreeTierUsage, aws_free_tier_usage, usage_type, "usageType")

/**
 * aws_free_tier_usage_get_region:
 * @self: a use
 *
 * Returns: (nullable): where, `global` for everywhere
 */
AWS_DOCUMENT_STRING (AwsFreeTierUsage, aws_free_tier_usage, region, "region")

/**
 * aws_free_tier_usage_get_unit:
 * @self: a use
 *
 * Returns: (nullable): what the figures count
 */
AWS_DOCUMENT_STRING (AwsFreeTierUsage, aws_free_tier_usage, unit, "unit")

/**
 * aws_free_tier_usage_get_description:
 * @self: a use
 *
 * Returns: (nullable): what is free, in AWS's words
 */
AWS_DOCUMENT_STRING (AwsFreeTierUsage, aws_free_tier_usage, description, "description")

/**
 * aws_free_tier_usage_get_used:
 * @self: a use
 *
 * Returns: how much was used this month
 */
AWS_DOCUMENT_DOUBLE (AwsFreeTierUsage, aws_free_tier_usage, used, "actualUsageAmount")

/**
 * aws_free_tier_usage_get_forecast:
 * @self: a use
 *
 * Returns: how much is expected to be used by the end of the month
 */
AWS_DOCUMENT_DOUBLE (AwsFreeTierUsage, aws_free_tier_usage, forecast, "forecastedUsageAmount")

/**
 * aws_free_tier_usage_get_limit:
 * @self: a use
 *
 * Returns: how much of it is free
 */
AWS_DOCUMENT_DOUBLE (AwsFreeTierUsage, aws_free_tier_usage, limit, "limit")
