/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-service-quotas.h"

#include "aws-document.h"
#include "aws-operation.h"
#include "aws-operations-private.h"

AWS_DEFINE_DOCUMENT (AwsQuota, aws_quota)
AWS_DEFINE_DOCUMENT (AwsQuotaChange, aws_quota_change)

static const AwsShape quota[] = {
  { "ServiceCode" },
  { "QuotaCode" },
  { "QuotaName" },
  { "Value", AWS_SHAPE_DOUBLE },
  { "Adjustable", AWS_SHAPE_BOOLEAN },
  { "GlobalQuota", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape quota_input[] = {
  { "ServiceCode", .flags = AWS_SHAPE_REQUIRED },
  { "QuotaCode", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape quota_output[] = {
  { "Quota", AWS_STRUCTURE (quota) },
  { NULL }
};

static const AwsOperation get_service_quota = {
  "service-quotas", "GetServiceQuota",
  .input = quota_input,
  .output = quota_output,
};

static const AwsOperation get_aws_default_service_quota = {
  "service-quotas", "GetAWSDefaultServiceQuota",
  .input = quota_input,
  .output = quota_output,
};

static const AwsShape quotas_input[] = {
  { "ServiceCode", .flags = AWS_SHAPE_REQUIRED },
  { "NextToken" },
  { "MaxResults", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape quotas_output[] = {
  { "NextToken" },
  { "Quotas", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (quota) }) },
  { NULL }
};

static const AwsOperation list_service_quotas = {
  "service-quotas", "ListServiceQuotas",
  .input = quotas_input,
  .output = quotas_output,
  .pages = { "Quotas", "NextToken" },
};

static const AwsShape change[] = {
  { "Id" },
  { "CaseId" },
  { "ServiceCode" },
  { "QuotaCode" },
  { "DesiredValue", AWS_SHAPE_DOUBLE },
  { "Status" },
  { "Created", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape increase_input[] = {
  { "ServiceCode", .flags = AWS_SHAPE_REQUIRED },
  { "QuotaCode", .flags = AWS_SHAPE_REQUIRED },
  { "DesiredValue", AWS_SHAPE_DOUBLE, .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape increase_output[] = {
  { "RequestedQuota", AWS_STRUCTURE (change) },
  { NULL }
};

static const AwsOperation request_service_quota_increase = {
  "service-quotas", "RequestServiceQuotaIncrease",
  .input = increase_input,
  .output = increase_output,
};

static const AwsShape history_input[] = {
  { "ServiceCode" },
  { "NextToken" },
  { "MaxResults", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape history_output[] = {
  { "NextToken" },
  { "RequestedQuotas", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (change) }) },
  { NULL }
};

static const AwsOperation list_requested_service_quota_change_history = {
  "service-quotas", "ListRequestedServiceQuotaChangeHistory",
  .input = history_input,
  .output = history_output,
  .pages = { "RequestedQuotas", "NextToken" },
};

const AwsOperation * const aws_service_quotas_operations[] = {
  &get_service_quota,
  &get_aws_default_service_quota,
  &list_service_quotas,
  &request_service_quota_increase,
  &list_requested_service_quota_change_history,
  NULL
};

static JsonObject *
make_input (const char *service,
            const char *code)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "ServiceCode", service);
  aws_input_set_string (input, "QuotaCode", code);

  return input;
}

/**
 * aws_service_quotas_get_service_quota:
 * @client: a client of the region in question
 * @service: `lambda`, `cloudfront`
 * @code: the code of the quota, `L-B99A9384`
 *
 * Tells what the account may have. Some quotas that were never changed are only known as defaults: then it is rejected with
 * %AWS_ERROR_NOT_FOUND.
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.Quota]
 */
DexFuture *
aws_service_quotas_get_service_quota (AwsClient  *client,
                                      const char *service,
                                      const char *code)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (service != NULL);
  dex_return_error_if_fail (code != NULL);

  return aws_operation_call_document (&get_service_quota, client, make_input (service, code), AWS_TYPE_QUOTA, "Quota");
}

/**
 * aws_service_quotas_get_aws_default_service_quota:
 * @client: a client of the region in question
 * @service: the code of a service
 * @code: the code of the quota
 *
 * Tells what accounts are given unless they ask for more. New accounts often have less.
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.Quota]
 */
DexFuture *
aws_service_quotas_get_aws_default_service_quota (AwsClient  *client,
                                                  const char *service,
                                                  const char *code)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (service != NULL);
  dex_return_error_if_fail (code != NULL);

  return aws_operation_call_document (&get_aws_default_service_quota, client, make_input (service, code),
                                      AWS_TYPE_QUOTA, "Quota");
}

/**
 * aws_service_quotas_list_service_quotas:
 * @client: a client of the region in question
 * @service: the code of a service
 *
 * Returns: (transfer full): a future that resolves to a `GPtrArray` of [struct@Aws.Quota]
 */
DexFuture *
aws_service_quotas_list_service_quotas (AwsClient  *client,
                                        const char *service)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (service != NULL);

  return aws_operation_call_documents (&list_service_quotas, client, make_input (service, NULL), AWS_TYPE_QUOTA);
}

/**
 * aws_service_quotas_request_service_quota_increase:
 * @client: a client of the region in question
 * @service: the code of a service
 * @code: the code of the quota
 * @value: how many there should be
 *
 * Asks AWS for more. People may look at it, which takes days; one wish per quota can be open.
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.QuotaChange]
 */
DexFuture *
aws_service_quotas_request_service_quota_increase (AwsClient  *client,
                                                   const char *service,
                                                   const char *code,
                                                   double      value)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (service != NULL);
  dex_return_error_if_fail (code != NULL);

  input = make_input (service, code);
  json_object_set_double_member (input, "DesiredValue", value);

  return aws_operation_call_document (&request_service_quota_increase, client, input, AWS_TYPE_QUOTA_CHANGE, "RequestedQuota");
}

/**
 * aws_service_quotas_list_requested_service_quota_change_history:
 * @client: a client of the region in question
 * @service: (nullable): the code of a service; %NULL: of all
 *
 * Lists the wishes of the last 90 days, to be looked at before another is sent.
 *
 * Returns: (transfer full): a future that resolves to a `GPtrArray` of [struct@Aws.QuotaChange]
 */
DexFuture *
aws_service_quotas_list_requested_service_quota_change_history (AwsClient  *client,
                                                                const char *service)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return aws_operation_call_documents (&list_requested_service_quota_change_history, client, make_input (service, NULL),
                                       AWS_TYPE_QUOTA_CHANGE);
}

/**
 * aws_quota_get_service:
 * @self: a quota
 *
 * Returns: (nullable): the code of the service
 */
AWS_DOCUMENT_STRING (AwsQuota, aws_quota, service, "ServiceCode")

/**
 * aws_quota_get_code:
 * @self: a quota
 *
 * Returns: (nullable): its code
 */
AWS_DOCUMENT_STRING (AwsQuota, aws_quota, code, "QuotaCode")

/**
 * aws_quota_get_name:
 * @self: a quota
 *
 * Returns: (nullable): what it is called, in English
 */
AWS_DOCUMENT_STRING (AwsQuota, aws_quota, name, "QuotaName")

/**
 * aws_quota_get_value:
 * @self: a quota
 *
 * Returns: how many there may be
 */
AWS_DOCUMENT_DOUBLE (AwsQuota, aws_quota, value, "Value")

/**
 * aws_quota_get_is_adjustable:
 * @self: a quota
 *
 * Returns: whether asking for more makes sense
 */
AWS_DOCUMENT_BOOL (AwsQuota, aws_quota, is_adjustable, "Adjustable")

/**
 * aws_quota_get_is_global:
 * @self: a quota
 *
 * Returns: whether it is for all regions together
 */
AWS_DOCUMENT_BOOL (AwsQuota, aws_quota, is_global, "GlobalQuota")

/**
 * aws_quota_change_get_id:
 * @self: a wish
 *
 * Returns: (nullable): its id
 */
AWS_DOCUMENT_STRING (AwsQuotaChange, aws_quota_change, id, "Id")

/**
 * aws_quota_change_get_case_id:
 * @self: a wish
 *
 * Returns: (nullable): the support case, if people look at it
 */
AWS_DOCUMENT_STRING (AwsQuotaChange, aws_quota_change, case_id, "CaseId")

/**
 * aws_quota_change_get_service:
 * @self: a wish
 *
 * Returns: (nullable): the code of the service
 */
AWS_DOCUMENT_STRING (AwsQuotaChange, aws_quota_change, service, "ServiceCode")

/**
 * aws_quota_change_get_code:
 * @self: a wish
 *
 * Returns: (nullable): the code of the quota
 */
AWS_DOCUMENT_STRING (AwsQuotaChange, aws_quota_change, code, "QuotaCode")

/**
 * aws_quota_change_get_value:
 * @self: a wish
 *
 * Returns: how many were asked for
 */
AWS_DOCUMENT_DOUBLE (AwsQuotaChange, aws_quota_change, value, "DesiredValue")

/**
 * aws_quota_change_get_status:
 * @self: a wish
 *
 * Returns: (nullable): `PENDING`, `CASE_OPENED`, `APPROVED`, `DENIED`, `CASE_CLOSED`, `NOT_APPROVED`, `INVALID_REQUEST`
 */
AWS_DOCUMENT_STRING (AwsQuotaChange, aws_quota_change, status, "Status")

/**
 * aws_quota_change_dup_created:
 * @self: a wish
 *
 * Returns: (transfer full) (nullable): when it was sent
 */
AWS_DOCUMENT_TIME (AwsQuotaChange, aws_quota_change, created, "Created")
