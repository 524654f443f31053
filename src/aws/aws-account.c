/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-account.h"

#include "aws-document.h"
#include "aws-operation.h"
#include "aws-operations-private.h"

AWS_DEFINE_DOCUMENT (AwsAccountRegion, aws_account_region)
AWS_DEFINE_DOCUMENT (AwsAccountInformation, aws_account_information)

static const AwsShape region_input[] = {
  { "RegionName", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape region[] = {
  { "RegionName" },
  { "RegionOptStatus" },
  { NULL }
};

static const AwsOperation get_region_opt_status = {
  "account", "GetRegionOptStatus",
  .uri = "/getRegionOptStatus",
  .input = region_input,
  .output = region,
};

static const AwsShape regions_input[] = {
  { "MaxResults", AWS_SHAPE_INTEGER },
  { "NextToken" },
  { "RegionOptStatusContains", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsShape regions_output[] = {
  { "NextToken" },
  { "Regions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (region) }) },
  { NULL }
};

static const AwsOperation list_regions = {
  "account", "ListRegions",
  .uri = "/listRegions",
  .input = regions_input,
  .output = regions_output,
  .pages = { "Regions", "NextToken" },
};

static const AwsShape information_output[] = {
  { "AccountId" },
  { "AccountName" },
  { "AccountCreatedDate", AWS_SHAPE_TIMESTAMP, .time_format = AWS_TIME_ISO_8601 },
  { "AccountState" },
  { NULL }
};

static const AwsOperation get_account_information = {
  "account", "GetAccountInformation",
  .uri = "/getAccountInformation",
  .output = information_output,
};

const AwsOperation * const aws_account_operations[] = {
  &get_region_opt_status,
  &list_regions,
  &get_account_information,
  NULL
};

/**
 * aws_account_get_region_opt_status:
 * @client: a client
 * @region_name: a region
 *
 * Returns: (transfer full): a future that resolves to a string: `ENABLED`, `ENABLED_BY_DEFAULT`, `ENABLING`, `DISABLING` or
 *   `DISABLED`
 */
DexFuture *
aws_account_get_region_opt_status (AwsClient  *client,
                                   const char *region_name)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (region_name != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "RegionName", region_name);

  return aws_operation_call_string (&get_region_opt_status, client, input, "RegionOptStatus");
}

/**
 * aws_account_list_regions:
 * @client: a client
 * @statuses: (nullable) (array zero-terminated=1): only those in one of these states
 *
 * Returns: (transfer full): a future that resolves to a `GPtrArray` of [struct@Aws.AccountRegion]
 */
DexFuture *
aws_account_list_regions (AwsClient          *client,
                          const char * const *statuses)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  input = json_object_new ();
  json_object_set_int_member (input, "MaxResults", 50);
  aws_input_set_strings (input, "RegionOptStatusContains", statuses);

  return aws_operation_call_documents (&list_regions, client, input, AWS_TYPE_ACCOUNT_REGION);
}

/**
 * aws_account_get_account_information:
 * @client: a client
 *
 * Tells what the account is called.
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.AccountInformation]
 */
DexFuture *
aws_account_get_account_information (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return aws_operation_call_document (&get_account_information, client, NULL, AWS_TYPE_ACCOUNT_INFORMATION, NULL);
}

/**
 * aws_account_region_get_name:
 * @self: a region
 *
 * Returns: (nullable): its id, `eu-central-1`
 */
AWS_DOCUMENT_STRING (AwsAccountRegion, aws_account_region, name, "RegionName")

/**
 * aws_account_region_get_status:
 * @self: a region
 *
 * Returns: (nullable): whether it is switched on, in AWS's words
 */
AWS_DOCUMENT_STRING (AwsAccountRegion, aws_account_region, status, "RegionOptStatus")

/**
 * aws_account_region_is_enabled:
 * @self: a region
 *
 * Returns: whether it can be used
 */
gboolean
aws_account_region_is_enabled (AwsAccountRegion *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_account_region_get_status (self), "ENABLED") == 0 ||
         g_strcmp0 (aws_account_region_get_status (self), "ENABLED_BY_DEFAULT") == 0;
}

/**
 * aws_account_information_get_number:
 * @self: what is known of an account
 *
 * Returns: (nullable): its number, twelve digits
 */
AWS_DOCUMENT_STRING (AwsAccountInformation, aws_account_information, number, "AccountId")

/**
 * aws_account_information_get_name:
 * @self: what is known of an account
 *
 * Returns: (nullable): what its owner called it
 */
AWS_DOCUMENT_STRING (AwsAccountInformation, aws_account_information, name, "AccountName")

/**
 * aws_account_information_get_state:
 * @self: what is known of an account
 *
 * Returns: (nullable): `PENDING_ACTIVATION`, `ACTIVE`, `SUSPENDED` or `CLOSED`
 */
AWS_DOCUMENT_STRING (AwsAccountInformation, aws_account_information, state, "AccountState")

/**
 * aws_account_information_dup_created:
 * @self: what is known of an account
 *
 * Returns: (transfer full) (nullable): when it was opened
 */
AWS_DOCUMENT_TIME (AwsAccountInformation, aws_account_information, created, "AccountCreatedDate")
