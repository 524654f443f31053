/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-cost-explorer.h"

#include "aws-document.h"
#include "aws-operation.h"
#include "aws-operations-private.h"

/* What was used times its price, before reductions are spread over an organization */
#define METRIC "UnblendedCost"

AWS_DEFINE_DOCUMENT (AwsCostPeriod, aws_cost_period)
AWS_DEFINE_DOCUMENT (AwsCostGroup, aws_cost_group)
AWS_DEFINE_DOCUMENT (AwsCostForecast, aws_cost_forecast)

static const AwsShape interval[] = {
  { "Start", .flags = AWS_SHAPE_REQUIRED },
  { "End", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape values[] = {
  { "Key" },
  { "Values", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsShape expression[] = {
  { "Dimensions", AWS_STRUCTURE (values) },
  { "Tags", AWS_STRUCTURE (values) },
  { NULL }
};

static const AwsShape group_definition[] = {
  { "Type" },
  { "Key" },
  { NULL }
};

static const AwsShape cost_input[] = {
  { "TimePeriod", AWS_STRUCTURE (interval), .flags = AWS_SHAPE_REQUIRED },
  { "Granularity", .flags = AWS_SHAPE_REQUIRED },
  { "Filter", AWS_STRUCTURE (expression) },
  { "Metrics", AWS_LIST_OF ({ NULL }), .flags = AWS_SHAPE_REQUIRED },
  { "GroupBy", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (group_definition) }) },
  { "NextPageToken" },
  { NULL }
};

static const AwsShape metric[] = {
  { "Amount" },
  { "Unit" },
  { NULL }
};

static const AwsShape group[] = {
  { "Keys", AWS_LIST_OF ({ NULL }) },
  { "Metrics", AWS_MAP_OF ({ NULL, AWS_STRUCTURE (metric) }) },
  { NULL }
};

static const AwsShape result_by_time[] = {
  { "TimePeriod", AWS_STRUCTURE (interval) },
  { "Total", AWS_MAP_OF ({ NULL, AWS_STRUCTURE (metric) }) },
  { "Groups", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (group) }) },
  { "Estimated", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape cost_output[] = {
  { "ResultsByTime", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (result_by_time) }) },
  { "NextPageToken" },
  { NULL }
};

/* Each attempt that reaches the service is charged */
static const AwsOperation get_cost_and_usage = {
  "ce", "GetCostAndUsage",
  .input = cost_input,
  .output = cost_output,
  .pages = { "ResultsByTime", "NextPageToken" },
  .attempts = 2,
};

static const AwsShape forecast_input[] = {
  { "TimePeriod", AWS_STRUCTURE (interval), .flags = AWS_SHAPE_REQUIRED },
  { "Metric", .flags = AWS_SHAPE_REQUIRED },
  { "Granularity", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape forecast_output[] = {
  { "Total", AWS_STRUCTURE (metric) },
  { NULL }
};

static const AwsOperation get_cost_forecast = {
  "ce", "GetCostForecast",
  .input = forecast_input,
  .output = forecast_output,
  .attempts = 2,
};

const AwsOperation * const aws_cost_explorer_operations[] = {
  &get_cost_and_usage,
  &get_cost_forecast,
  NULL
};

static JsonObject *
make_input (const char *start,
            const char *end,
            const char *granularity)
{
  JsonObject *input = json_object_new ();
  JsonObject *period = json_object_new ();

  aws_input_set_string (period, "Start", start);
  aws_input_set_string (period, "End", end);
  json_object_set_object_member (input, "TimePeriod", period);
  aws_input_set_string (input, "Granularity", granularity);

  return input;
}

static void
set_filter (JsonObject         *input,
            const char         *tag,
            const char * const *tag_values)
{
  JsonObject *filter = json_object_new ();
  JsonObject *tags = json_object_new ();

  aws_input_set_string (tags, "Key", tag);
  aws_input_set_strings (tags, "Values", tag_values);
  json_object_set_object_member (filter, "Tags", tags);
  json_object_set_object_member (input, "Filter", filter);
}

static void
set_group (JsonObject *input,
           const char *kind,
           const char *key)
{
  JsonArray *groups = json_array_new ();
  JsonObject *definition = json_object_new ();

  aws_input_set_string (definition, "Type", kind);
  aws_input_set_string (definition, "Key", key);
  json_array_add_object_element (groups, definition);
  json_object_set_array_member (input, "GroupBy", groups);
}

/**
 * aws_cost_explorer_get_cost_and_usage:
 * @client: a client
 * @start: the first day
 * @end: the day after the last
 * @granularity: `DAILY` or `MONTHLY`
 * @tag: (nullable): only what carries this tag; it must have been switched on as a cost allocation tag, and what was spent
 *   before that day isn't counted
 * @tag_values: (nullable) (array zero-terminated=1): with one of these values
 * @group_kind: (nullable): what to split by: `DIMENSION` or `TAG`; %NULL: not at all
 * @group_key: (nullable): `SERVICE`, or the name of the tag
 *
 * Tells what the account has cost. **Each page of the answer costs the person money**: never call it without having been
 * asked to. It is rejected with `DataUnavailableException` until a day after it was first used in an account.
 *
 * Returns: (transfer full): a future that resolves to a `GPtrArray` of [struct@Aws.CostPeriod]
 */
DexFuture *
aws_cost_explorer_get_cost_and_usage (AwsClient          *client,
                                      const char         *start,
                                      const char         *end,
                                      const char         *granularity,
                                      const char         *tag,
                                      const char * const *tag_values,
                                      const char         *group_kind,
                                      const char         *group_key)
{
  const char * const metrics[] = { METRIC, NULL };
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (start != NULL);
  dex_return_error_if_fail (end != NULL);
  dex_return_error_if_fail (granularity != NULL);
  dex_return_error_if_fail (tag == NULL || tag_values != NULL);
  dex_return_error_if_fail (group_kind == NULL || group_key != NULL);

  input = make_input (start, end, granularity);
  aws_input_set_strings (input, "Metrics", metrics);

  if (tag != NULL)
    set_filter (input, tag, tag_values);
  if (group_kind != NULL)
    set_group (input, group_kind, group_key);

  return aws_operation_call_documents (&get_cost_and_usage, client, input, AWS_TYPE_COST_PERIOD);
}

/**
 * aws_cost_explorer_get_cost_forecast:
 * @client: a client
 * @start: the first day, today or later
 * @end: the day after the last
 * @granularity: `DAILY` or `MONTHLY`
 *
 * Tells what the account is expected to cost. **It costs the person money** like [func@Aws.cost_explorer_get_cost_and_usage].
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.CostForecast]
 */
DexFuture *
aws_cost_explorer_get_cost_forecast (AwsClient  *client,
                                     const char *start,
                                     const char *end,
                                     const char *granularity)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (start != NULL);
  dex_return_error_if_fail (end != NULL);
  dex_return_error_if_fail (granularity != NULL);

  input = make_input (start, end, granularity);
  aws_input_set_string (input, "Metric", "UNBLENDED_COST");

  return aws_operation_call_document (&get_cost_forecast, client, input, AWS_TYPE_COST_FORECAST, NULL);
}

static const char *
get_metric (JsonObject *object,
            const char *map,
            const char *member)
{
  JsonObject *metrics = aws_json_get_object (object, map);
  JsonObject *value = metrics != NULL ? aws_json_get_object (metrics, METRIC) : NULL;

  return value != NULL ? aws_json_get_string (value, member) : NULL;
}

/**
 * aws_cost_period_get_start:
 * @self: a period
 *
 * Returns: (nullable): its first day
 */
AWS_DOCUMENT_INNER_STRING (AwsCostPeriod, aws_cost_period, start, "TimePeriod", "Start")

/**
 * aws_cost_period_get_end:
 * @self: a period
 *
 * Returns: (nullable): the day after its last
 */
AWS_DOCUMENT_INNER_STRING (AwsCostPeriod, aws_cost_period, end, "TimePeriod", "End")

/**
 * aws_cost_period_get_is_estimated:
 * @self: a period
 *
 * Returns: whether the figures may still change
 */
AWS_DOCUMENT_BOOL (AwsCostPeriod, aws_cost_period, is_estimated, "Estimated")

/**
 * aws_cost_period_get_amount:
 * @self: a period
 *
 * Returns: (nullable): what it cost, a decimal number; %NULL where it is split into groups
 */
const char *
aws_cost_period_get_amount (AwsCostPeriod *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_metric (self->document.object, "Total", "Amount");
}

/**
 * aws_cost_period_get_currency:
 * @self: a period
 *
 * Returns: (nullable): `USD`
 */
const char *
aws_cost_period_get_currency (AwsCostPeriod *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_metric (self->document.object, "Total", "Unit");
}

/**
 * aws_cost_period_dup_groups:
 * @self: a period
 *
 * Returns: (transfer full): its parts, as [struct@Aws.CostGroup]
 */
AWS_DOCUMENT_LIST (AwsCostPeriod, aws_cost_period, groups, "Groups")

/**
 * aws_cost_group_dup_keys:
 * @self: a part
 *
 * Returns: (transfer full): the service, or the tag and its value as `name$value`
 */
AWS_DOCUMENT_STRINGS (AwsCostGroup, aws_cost_group, keys, "Keys")

/**
 * aws_cost_group_get_amount:
 * @self: a part
 *
 * Returns: (nullable): what it cost, a decimal number
 */
const char *
aws_cost_group_get_amount (AwsCostGroup *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_metric (self->document.object, "Metrics", "Amount");
}

/**
 * aws_cost_group_get_currency:
 * @self: a part
 *
 * Returns: (nullable): `USD`
 */
const char *
aws_cost_group_get_currency (AwsCostGroup *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_metric (self->document.object, "Metrics", "Unit");
}

/**
 * aws_cost_forecast_get_amount:
 * @self: a forecast
 *
 * Returns: (nullable): what the time is expected to cost, a decimal number
 */
AWS_DOCUMENT_INNER_STRING (AwsCostForecast, aws_cost_forecast, amount, "Total", "Amount")

/**
 * aws_cost_forecast_get_currency:
 * @self: a forecast
 *
 * Returns: (nullable): `USD`
 */
AWS_DOCUMENT_INNER_STRING (AwsCostForecast, aws_cost_forecast, currency, "Total", "Unit")
