/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-budgets.h"

#include "aws-document.h"
#include "aws-operation.h"
#include "aws-operations-private.h"

AWS_DEFINE_DOCUMENT (AwsBudget, aws_budget)
AWS_DEFINE_DOCUMENT (AwsBudgetWarning, aws_budget_warning)
AWS_DEFINE_DOCUMENT (AwsBudgetSubscriber, aws_budget_subscriber)

static const AwsShape spend[] = {
  { "Amount", .flags = AWS_SHAPE_REQUIRED },
  { "Unit", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape calculated_spend[] = {
  { "ActualSpend", AWS_STRUCTURE (spend), .flags = AWS_SHAPE_REQUIRED },
  { "ForecastedSpend", AWS_STRUCTURE (spend) },
  { NULL }
};

static const AwsShape budget[] = {
  { "BudgetName", .flags = AWS_SHAPE_REQUIRED },
  { "BudgetLimit", AWS_STRUCTURE (spend) },
  { "TimeUnit", .flags = AWS_SHAPE_REQUIRED },
  { "BudgetType", .flags = AWS_SHAPE_REQUIRED },
  { "CalculatedSpend", AWS_STRUCTURE (calculated_spend) },
  { "LastUpdatedTime", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape notification[] = {
  { "NotificationType", .flags = AWS_SHAPE_REQUIRED },
  { "ComparisonOperator", .flags = AWS_SHAPE_REQUIRED },
  { "Threshold", AWS_SHAPE_DOUBLE, .flags = AWS_SHAPE_REQUIRED },
  { "ThresholdType" },
  { "NotificationState" },
  { NULL }
};

static const AwsShape subscriber[] = {
  { "SubscriptionType", .flags = AWS_SHAPE_REQUIRED },
  { "Address", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape notification_with_subscribers[] = {
  { "Notification", AWS_STRUCTURE (notification), .flags = AWS_SHAPE_REQUIRED },
  { "Subscribers", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (subscriber) }), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape create_input[] = {
  { "AccountId", .flags = AWS_SHAPE_REQUIRED },
  { "Budget", AWS_STRUCTURE (budget), .flags = AWS_SHAPE_REQUIRED },
  { "NotificationsWithSubscribers", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (notification_with_subscribers) }) },
  { NULL }
};

static const AwsOperation create_budget = {
  "budgets", "CreateBudget",
  .input = create_input,
};

static const AwsShape update_input[] = {
  { "AccountId", .flags = AWS_SHAPE_REQUIRED },
  { "NewBudget", AWS_STRUCTURE (budget), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsOperation update_budget = {
  "budgets", "UpdateBudget",
  .input = update_input,
};

static const AwsShape name_input[] = {
  { "AccountId", .flags = AWS_SHAPE_REQUIRED },
  { "BudgetName", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape budget_output[] = {
  { "Budget", AWS_STRUCTURE (budget) },
  { NULL }
};

static const AwsOperation delete_budget = {
  "budgets", "DeleteBudget",
  .input = name_input,
};

static const AwsOperation describe_budget = {
  "budgets", "DescribeBudget",
  .input = name_input,
  .output = budget_output,
};

static const AwsShape budgets_input[] = {
  { "AccountId", .flags = AWS_SHAPE_REQUIRED },
  { "MaxResults", AWS_SHAPE_INTEGER },
  { "NextToken" },
  { NULL }
};

static const AwsShape budgets_output[] = {
  { "Budgets", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (budget) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation describe_budgets = {
  "budgets", "DescribeBudgets",
  .input = budgets_input,
  .output = budgets_output,
  .pages = { "Budgets", "NextToken" },
};

static const AwsShape notifications_input[] = {
  { "AccountId", .flags = AWS_SHAPE_REQUIRED },
  { "BudgetName", .flags = AWS_SHAPE_REQUIRED },
  { "MaxResults", AWS_SHAPE_INTEGER },
  { "NextToken" },
  { NULL }
};

static const AwsShape notifications_output[] = {
  { "Notifications", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (notification) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation describe_notifications_for_budget = {
  "budgets", "DescribeNotificationsForBudget",
  .input = notifications_input,
  .output = notifications_output,
  .pages = { "Notifications", "NextToken" },
};

static const AwsShape subscribers_input[] = {
  { "AccountId", .flags = AWS_SHAPE_REQUIRED },
  { "BudgetName", .flags = AWS_SHAPE_REQUIRED },
  { "Notification", AWS_STRUCTURE (notification), .flags = AWS_SHAPE_REQUIRED },
  { "MaxResults", AWS_SHAPE_INTEGER },
  { "NextToken" },
  { NULL }
};

static const AwsShape subscribers_output[] = {
  { "Subscribers", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (subscriber) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation describe_subscribers_for_notification = {
  "budgets", "DescribeSubscribersForNotification",
  .input = subscribers_input,
  .output = subscribers_output,
  .pages = { "Subscribers", "NextToken" },
};

const AwsOperation * const aws_budgets_operations[] = {
  &create_budget,
  &update_budget,
  &delete_budget,
  &describe_budget,
  &describe_budgets,
  &describe_notifications_for_budget,
  &describe_subscribers_for_notification,
  NULL
};

static JsonObject *
make_budget (const char *name,
             const char *amount,
             const char *currency)
{
  JsonObject *object = json_object_new ();
  JsonObject *limit = json_object_new ();

  aws_input_set_string (limit, "Amount", amount);
  aws_input_set_string (limit, "Unit", currency);
  aws_input_set_string (object, "BudgetName", name);
  json_object_set_object_member (object, "BudgetLimit", limit);
  aws_input_set_string (object, "TimeUnit", "MONTHLY");
  aws_input_set_string (object, "BudgetType", "COST");

  return object;
}

static JsonObject *
make_notification (gboolean forecast,
                   double   percent)
{
  JsonObject *object = json_object_new ();

  aws_input_set_string (object, "NotificationType", forecast ? "FORECASTED" : "ACTUAL");
  aws_input_set_string (object, "ComparisonOperator", "GREATER_THAN");
  json_object_set_double_member (object, "Threshold", percent);
  aws_input_set_string (object, "ThresholdType", "PERCENTAGE");

  return object;
}

static JsonArray *
make_subscribers (const char * const *addresses)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; addresses[i] != NULL; i++)
    {
      JsonObject *object = json_object_new ();

      aws_input_set_string (object, "SubscriptionType", "EMAIL");
      aws_input_set_string (object, "Address", addresses[i]);
      json_array_add_object_element (array, object);
    }

  return array;
}

/**
 * aws_budgets_create_budget:
 * @client: a client
 * @account: the number of the account, twelve digits
 * @name: a name that no other budget has, up to 100 characters without `:` and `\`
 * @amount: the limit for a month, a decimal number
 * @currency: `USD`; it must be the one the account is billed in
 * @thresholds: (nullable): when to send mails, up to ten (five of each kind), ended by one of 0 percent
 * @addresses: (nullable) (array zero-terminated=1): who gets the mails, up to ten
 *
 * Makes a budget for the cost of each month. It is rejected with %AWS_ERROR_ALREADY_EXISTS if there is one of that name, so it
 * can be repeated. Budgets without actions cost nothing.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
aws_budgets_create_budget (AwsClient                *client,
                           const char               *account,
                           const char               *name,
                           const char               *amount,
                           const char               *currency,
                           const AwsBudgetThreshold *thresholds,
                           const char * const       *addresses)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (account != NULL);
  dex_return_error_if_fail (name != NULL);
  dex_return_error_if_fail (amount != NULL);
  dex_return_error_if_fail (currency != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "AccountId", account);
  json_object_set_object_member (input, "Budget", make_budget (name, amount, currency));

  if (thresholds != NULL && thresholds[0].percent > 0 && addresses != NULL && addresses[0] != NULL)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; thresholds[i].percent > 0; i++)
        {
          JsonObject *object = json_object_new ();

          json_object_set_object_member (object, "Notification",
                                         make_notification (thresholds[i].forecast, thresholds[i].percent));
          json_object_set_array_member (object, "Subscribers", make_subscribers (addresses));
          json_array_add_object_element (array, object);
        }

      json_object_set_array_member (input, "NotificationsWithSubscribers", array);
    }

  return aws_operation_call_done (&create_budget, client, input);
}

/**
 * aws_budgets_update_budget:
 * @client: a client
 * @account: the number of the account
 * @name: the name of a budget
 * @amount: the new limit for a month, a decimal number
 * @currency: `USD`
 *
 * Changes the limit. Who is told and when stays as it is.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
aws_budgets_update_budget (AwsClient  *client,
                           const char *account,
                           const char *name,
                           const char *amount,
                           const char *currency)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (account != NULL);
  dex_return_error_if_fail (name != NULL);
  dex_return_error_if_fail (amount != NULL);
  dex_return_error_if_fail (currency != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "AccountId", account);
  json_object_set_object_member (input, "NewBudget", make_budget (name, amount, currency));

  return aws_operation_call_done (&update_budget, client, input);
}

static JsonObject *
make_name_input (const char *account,
                 const char *name)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "AccountId", account);
  aws_input_set_string (input, "BudgetName", name);

  return input;
}

/**
 * aws_budgets_delete_budget:
 * @client: a client
 * @account: the number of the account
 * @name: the name of a budget
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
aws_budgets_delete_budget (AwsClient  *client,
                           const char *account,
                           const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (account != NULL);
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_done (&delete_budget, client, make_name_input (account, name));
}

/**
 * aws_budgets_describe_budget:
 * @client: a client
 * @account: the number of the account
 * @name: the name of a budget
 *
 * The way to the cost of the month that costs nothing. AWS counts anew up to three times a day.
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.Budget]
 */
DexFuture *
aws_budgets_describe_budget (AwsClient  *client,
                             const char *account,
                             const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (account != NULL);
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_document (&describe_budget, client, make_name_input (account, name), AWS_TYPE_BUDGET, "Budget");
}

/**
 * aws_budgets_describe_budgets:
 * @client: a client
 * @account: the number of the account
 *
 * Returns: (transfer full): a future that resolves to a `GPtrArray` of [struct@Aws.Budget]
 */
DexFuture *
aws_budgets_describe_budgets (AwsClient  *client,
                              const char *account)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (account != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "AccountId", account);

  return aws_operation_call_documents (&describe_budgets, client, input, AWS_TYPE_BUDGET);
}

/**
 * aws_budgets_describe_notifications_for_budget:
 * @client: a client
 * @account: the number of the account
 * @name: the name of a budget
 *
 * Returns: (transfer full): a future that resolves to a `GPtrArray` of [struct@Aws.BudgetWarning]
 */
DexFuture *
aws_budgets_describe_notifications_for_budget (AwsClient  *client,
                                               const char *account,
                                               const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (account != NULL);
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_documents (&describe_notifications_for_budget, client, make_name_input (account, name),
                                       AWS_TYPE_BUDGET_WARNING);
}

/**
 * aws_budgets_describe_subscribers_for_notification:
 * @client: a client
 * @account: the number of the account
 * @name: the name of a budget
 * @forecast: whether the warning is about what is expected
 * @percent: the threshold of the warning
 *
 * Returns: (transfer full): a future that resolves to a `GPtrArray` of [struct@Aws.BudgetSubscriber]
 */
DexFuture *
aws_budgets_describe_subscribers_for_notification (AwsClient  *client,
                                                   const char *account,
                                                   const char *name,
                                                   gboolean    forecast,
                                                   double      percent)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (account != NULL);
  dex_return_error_if_fail (name != NULL);

  input = make_name_input (account, name);
  json_object_set_object_member (input, "Notification", make_notification (forecast, percent));

  return aws_operation_call_documents (&describe_subscribers_for_notification, client, input, AWS_TYPE_BUDGET_SUBSCRIBER);
}

/**
 * aws_budget_get_name:
 * @self: a budget
 *
 * Returns: (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsBudget, aws_budget, name, "BudgetName")

/**
 * aws_budget_get_kind:
 * @self: a budget
 *
 * Returns: (nullable): what it counts, `COST` for money
 */
AWS_DOCUMENT_STRING (AwsBudget, aws_budget, kind, "BudgetType")

/**
 * aws_budget_get_period:
 * @self: a budget
 *
 * Returns: (nullable): `MONTHLY` and so on
 */
AWS_DOCUMENT_STRING (AwsBudget, aws_budget, period, "TimeUnit")

/**
 * aws_budget_get_limit:
 * @self: a budget
 *
 * Returns: (nullable): the limit of one period, a decimal number
 */
AWS_DOCUMENT_INNER_STRING (AwsBudget, aws_budget, limit, "BudgetLimit", "Amount")

/**
 * aws_budget_get_currency:
 * @self: a budget
 *
 * Returns: (nullable): what the limit is counted in
 */
AWS_DOCUMENT_INNER_STRING (AwsBudget, aws_budget, currency, "BudgetLimit", "Unit")

static const char *
get_spend (AwsBudget  *self,
           const char *member)
{
  JsonObject *spends = aws_json_get_object (self->document.object, "CalculatedSpend");
  JsonObject *object = spends != NULL ? aws_json_get_object (spends, member) : NULL;

  return object != NULL ? aws_json_get_string (object, "Amount") : NULL;
}

/**
 * aws_budget_get_spent:
 * @self: a budget
 *
 * Returns: (nullable): what the period has cost so far, a decimal number
 */
const char *
aws_budget_get_spent (AwsBudget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_spend (self, "ActualSpend");
}

/**
 * aws_budget_get_forecast:
 * @self: a budget
 *
 * Returns: (nullable): what the whole period is expected to cost; new accounts have no forecast
 */
const char *
aws_budget_get_forecast (AwsBudget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_spend (self, "ForecastedSpend");
}

/**
 * aws_budget_dup_updated:
 * @self: a budget
 *
 * Returns: (transfer full) (nullable): when it was changed last
 */
AWS_DOCUMENT_TIME (AwsBudget, aws_budget, updated, "LastUpdatedTime")

/**
 * aws_budget_warning_is_forecast:
 * @self: a warning
 *
 * Returns: whether it comes when the cost is only expected
 */
gboolean
aws_budget_warning_is_forecast (AwsBudgetWarning *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_json_get_string (self->document.object, "NotificationType"), "FORECASTED") == 0;
}

/**
 * aws_budget_warning_is_percentage:
 * @self: a warning
 *
 * Returns: whether the threshold is in percent of the limit, as it is unless said otherwise
 */
gboolean
aws_budget_warning_is_percentage (AwsBudgetWarning *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_json_get_string (self->document.object, "ThresholdType"), "ABSOLUTE_VALUE") != 0;
}

/**
 * aws_budget_warning_get_threshold:
 * @self: a warning
 *
 * Returns: the threshold
 */
AWS_DOCUMENT_DOUBLE (AwsBudgetWarning, aws_budget_warning, threshold, "Threshold")

/**
 * aws_budget_warning_is_reached:
 * @self: a warning
 *
 * Returns: whether the cost is above the threshold now
 */
gboolean
aws_budget_warning_is_reached (AwsBudgetWarning *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_json_get_string (self->document.object, "NotificationState"), "ALARM") == 0;
}

/**
 * aws_budget_subscriber_get_kind:
 * @self: somebody who is told
 *
 * Returns: (nullable): `EMAIL` or `SNS`
 */
AWS_DOCUMENT_STRING (AwsBudgetSubscriber, aws_budget_subscriber, kind, "SubscriptionType")

/**
 * aws_budget_subscriber_get_address:
 * @self: somebody who is told
 *
 * Returns: (nullable): the mail address
 */
AWS_DOCUMENT_STRING (AwsBudgetSubscriber, aws_budget_subscriber, address, "Address")
