/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-billing.h"

#include "aws-json.h"
#include "porch-practice-account.h"
#include "porch-practice-operations.h"
#include "porch-practice-rights.h"
#include "porch-practice-sts.h"

#include <string.h>

/* Nothing in the practice cloud costs anything: budgets are never reached, and Cost Explorer says what it says in a new
 * account, that it has no data yet. Unless account.json has "dailyCost". */

#define FAR_END 3706473600.0   /* what AWS makes of a budget without an end */
#define NAME_PATTERN "^[^:\\\\]{1,100}$"
#define MAIL_PATTERN "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$"
#define MOST_WARNINGS 10
#define MOST_SUBSCRIBERS 11

/* ---- what is asked for ---- */

static gboolean
answer_invalid (PracticeCall *call,
                const char   *format,
                const char   *detail)
{
  g_autofree char *message = g_strdup_printf (format, detail);

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "InvalidParameterException", "%s", message);

  return FALSE;
}

static gboolean
is_one_of (const char         *text,
           const char * const *choices)
{
  return text != NULL && g_strv_contains (choices, text);
}

static gboolean
check_account (PracticeCall *call)
{
  const char *account = aws_json_get_string (call->json, "AccountId");

  if (account == NULL || !g_regex_match_simple ("^[0-9]{12}$", account, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT))
    return answer_invalid (call, "1 validation error detected: Value at 'accountId' failed to satisfy constraint%s", "");
  if (g_str_equal (account, call->practice->account))
    return TRUE;

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "AccessDeniedException", "Access denied to account %s", account);

  return FALSE;
}

static gboolean
check_name (PracticeCall *call,
            const char   *name)
{
  return (name != NULL && g_regex_match_simple (NAME_PATTERN, name, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT)) ||
         answer_invalid (call, "1 validation error detected: Value at 'budgetName' failed to satisfy constraint%s", "");
}

static gboolean
check_budget (PracticeCall *call,
              JsonObject   *budget)
{
  static const char * const periods[] = { "DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY", NULL };
  static const char * const kinds[] = {
    "USAGE", "COST", "RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE", NULL,
  };
  JsonObject *limit;
  const char *amount;

  if (budget == NULL)
    return answer_invalid (call, "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not "
                           "be null", "budget");
  if (!check_name (call, aws_json_get_string (budget, "BudgetName")))
    return FALSE;
  if (!is_one_of (aws_json_get_string (budget, "TimeUnit"), periods))
    return answer_invalid (call, "1 validation error detected: Value at '%s' failed to satisfy constraint", "budget.timeUnit");
  if (!is_one_of (aws_json_get_string (budget, "BudgetType"), kinds))
    return answer_invalid (call, "1 validation error detected: Value at '%s' failed to satisfy constraint", "budget.budgetType");

  limit = aws_json_get_object (budget, "BudgetLimit");
  if (limit == NULL)
    return answer_invalid (call, "%s", "Either BudgetLimit or PlannedBudgetLimits must be present.");

  amount = aws_json_get_string (limit, "Amount");
  if (amount == NULL || !g_regex_match_simple ("^([0-9]*\\.)?[0-9]+$", amount, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT) ||
      g_ascii_strtod (amount, NULL) <= 0)
    return answer_invalid (call, "%s", "Budget limit must be a positive number.");
  if (g_str_equal (aws_json_get_string (budget, "BudgetType"), "COST") &&
      g_strcmp0 (aws_json_get_string (limit, "Unit"), "USD") != 0)
    return answer_invalid (call, "%s", "The unit of the budget limit must be the currency of the account: USD.");

  return TRUE;
}

static gboolean
check_notification (PracticeCall *call,
                    JsonObject   *notification)
{
  static const char * const kinds[] = { "ACTUAL", "FORECASTED", NULL };
  static const char * const operators[] = { "GREATER_THAN", "LESS_THAN", "EQUAL_TO", NULL };
  static const char * const units[] = { "PERCENTAGE", "ABSOLUTE_VALUE", NULL };
  const char *unit = notification != NULL ? aws_json_get_string (notification, "ThresholdType") : NULL;

  return (notification != NULL &&
          is_one_of (aws_json_get_string (notification, "NotificationType"), kinds) &&
          is_one_of (aws_json_get_string (notification, "ComparisonOperator"), operators) &&
          aws_json_get_double (notification, "Threshold", -1) >= 0 &&
          (unit == NULL || g_strv_contains (units, unit))) ||
         answer_invalid (call, "1 validation error detected: Value at '%s' failed to satisfy constraint", "notification");
}

static gboolean
check_subscribers (PracticeCall *call,
                   JsonArray    *subscribers)
{
  static const char * const kinds[] = { "EMAIL", "SNS", NULL };

  if (subscribers == NULL || json_array_get_length (subscribers) < 1 || json_array_get_length (subscribers) > MOST_SUBSCRIBERS)
    return answer_invalid (call, "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have "
                           "length less than or equal to 11 and greater than or equal to 1", "subscribers");

  for (guint i = 0; i < json_array_get_length (subscribers); i++)
    {
      JsonObject *subscriber = aws_json_array_get_object (subscribers, i);
      const char *kind = subscriber != NULL ? aws_json_get_string (subscriber, "SubscriptionType") : NULL;
      const char *address = subscriber != NULL ? aws_json_get_string (subscriber, "Address") : NULL;

      if (!is_one_of (kind, kinds) || address == NULL)
        return answer_invalid (call, "1 validation error detected: Value at '%s' failed to satisfy constraint", "subscriber");
      if (g_str_equal (kind, "EMAIL") &&
          !g_regex_match_simple (MAIL_PATTERN, address, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT))
        return answer_invalid (call, "The e-mail address %s is not valid.", address);
    }

  return TRUE;
}

static gboolean
check_warnings (PracticeCall *call,
                JsonArray    *warnings)
{
  if (warnings != NULL && json_array_get_length (warnings) > MOST_WARNINGS)
    return answer_invalid (call, "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have "
                           "length less than or equal to 10", "notificationsWithSubscribers");

  for (guint i = 0; warnings != NULL && i < json_array_get_length (warnings); i++)
    {
      JsonObject *warning = aws_json_array_get_object (warnings, i);

      if (warning == NULL)
        return answer_invalid (call, "1 validation error detected: Value at '%s' failed to satisfy constraint",
                               "notificationsWithSubscribers");
      if (!check_notification (call, aws_json_get_object (warning, "Notification")) ||
          !check_subscribers (call, aws_json_get_array (warning, "Subscribers")))
        return FALSE;
    }

  return TRUE;
}

/* ---- budgets ---- */

static JsonObject *
load_object (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return aws_json_load_object (bytes, NULL);
}

static double
find_month (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) start = g_date_time_new_utc (g_date_time_get_year (now), g_date_time_get_month (now), 1, 0, 0, 0);

  return g_date_time_to_unix (start);
}

static JsonObject *
build_spend (const char *amount,
             const char *unit)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "Amount", amount);
  json_object_set_string_member (object, "Unit", unit);

  return object;
}

static JsonObject *
build_month (double days,
             double daily)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return build_spend (g_ascii_formatd (text, sizeof text, "%.3f", days * daily), "USD");
}

/* What the month has cost so far, and is expected to cost */
static JsonObject *
count_spend (PracticeCall *call)
{
  g_autoptr(JsonObject) account = practice_account_load (call->practice);
  JsonObject *costs = aws_json_get_object (account, "dailyCost");
  g_autoptr(GList) services = costs != NULL ? json_object_get_members (costs) : NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  JsonObject *spend = json_object_new ();
  double daily = 0;

  for (GList *l = services; l != NULL; l = l->next)
    daily += aws_json_get_double (costs, l->data, 0);

  json_object_set_object_member (spend, "ActualSpend", build_month (g_date_time_get_day_of_month (now) - 1, daily));
  if (costs != NULL)
    json_object_set_object_member (spend, "ForecastedSpend",
                                   build_month (g_date_get_days_in_month (g_date_time_get_month (now), g_date_time_get_year (now)),
                                                daily));

  return spend;
}

/* What AWS adds to what was asked for */
static void
fill_in (PracticeCall *call,
         JsonObject   *budget)
{
  json_object_set_double_member (budget, "LastUpdatedTime", practice_call_now (call) / 1e6);

  if (!json_object_has_member (budget, "TimePeriod"))
    {
      JsonObject *period = json_object_new ();

      json_object_set_double_member (period, "Start", find_month ());
      json_object_set_double_member (period, "End", FAR_END);
      json_object_set_object_member (budget, "TimePeriod", period);
    }
}

static char *
print_object (JsonObject *object)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (object);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static char *
print_warnings (JsonArray *warnings)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, warnings != NULL ? json_array_ref (warnings) : json_array_new ());

  return json_to_string (node, FALSE);
}

static void
answer_done (PracticeCall *call,
             gboolean      done,
             const GError *error)
{
  if (done)
    practice_call_answer_json (call, 200, json_object_new ());
  else
    practice_call_answer_internal (call, error);
}

static void
create_budget (PracticeCall *call)
{
  JsonObject *budget = aws_json_get_object (call->json, "Budget");
  JsonArray *warnings = aws_json_get_array (call->json, "NotificationsWithSubscribers");
  g_autofree char *known = NULL;
  g_autofree char *text = NULL;
  g_autofree char *list = NULL;
  g_autoptr(GError) error = NULL;
  const char *name;

  if (!check_budget (call, budget) || !check_warnings (call, warnings))
    return;

  name = aws_json_get_string (budget, "BudgetName");
  known = practice_db_lookup (call->practice->db, "SELECT name FROM budgets WHERE name = ?", "s", name);
  if (known != NULL)
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "DuplicateRecordException",
                                  "Error creating budget: %s - the budget already exists.", name);

      return;
    }

  fill_in (call, budget);
  text = print_object (budget);
  list = print_warnings (warnings);
  answer_done (call, practice_db_run (call->practice->db, &error, "INSERT INTO budgets (name, budget, warnings) VALUES (?, ?, ?)",
                                      "sss", name, text, list), error);
}

static void
answer_no_budget (PracticeCall *call,
                  const char   *name)
{
  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "NotFoundException",
                              "Unable to get budget: %s - the budget doesn't exist.", name);
}

static void
update_budget (PracticeCall *call)
{
  JsonObject *budget = aws_json_get_object (call->json, "NewBudget");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  const char *name;
  gboolean done;

  if (!check_budget (call, budget))
    return;

  name = aws_json_get_string (budget, "BudgetName");
  fill_in (call, budget);
  text = print_object (budget);
  done = practice_db_run (call->practice->db, &error, "UPDATE budgets SET budget = ? WHERE name = ?", "ss", text, name);
  if (done && practice_db_changes (call->practice->db) == 0)
    answer_no_budget (call, name);
  else
    answer_done (call, done, error);
}

static void
delete_budget (PracticeCall *call)
{
  const char *name = aws_json_get_string (call->json, "BudgetName");
  g_autoptr(GError) error = NULL;
  gboolean done;

  if (!check_name (call, name))
    return;

  done = practice_db_run (call->practice->db, &error, "DELETE FROM budgets WHERE name = ?", "s", name);
  if (done && practice_db_changes (call->practice->db) == 0)
    answer_no_budget (call, name);
  else
    answer_done (call, done, error);
}

static void
describe_budget (PracticeCall *call)
{
  const char *name = aws_json_get_string (call->json, "BudgetName");
  g_autofree char *text = NULL;
  JsonObject *budget;
  JsonObject *output;

  if (!check_name (call, name))
    return;

  if ((text = practice_db_lookup (call->practice->db, "SELECT budget FROM budgets WHERE name = ?", "s", name)) == NULL)
    {
      answer_no_budget (call, name);

      return;
    }

  budget = load_object (text);
  json_object_set_object_member (budget, "CalculatedSpend", count_spend (call));
  output = json_object_new ();
  json_object_set_object_member (output, "Budget", budget);
  practice_call_answer_json (call, 200, output);
}

/* Answers a page of @items (taken) */
static void
answer_page (PracticeCall *call,
             const char   *member,
             JsonArray    *items,
             gint64        most)
{
  g_autoptr(JsonArray) all = items;
  gint64 limit = aws_json_get_int (call->json, "MaxResults", 100);
  const char *token = aws_json_get_string (call->json, "NextToken");
  guint n = json_array_get_length (all);
  guint64 start = 0;

  if (limit < 1 || limit > most)
    {
      answer_invalid (call, "1 validation error detected: Value at '%s' failed to satisfy constraint", "maxResults");

      return;
    }
  if (token != NULL && !g_ascii_string_to_unsigned (token, 10, 0, n, &start, NULL))
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "InvalidNextTokenException", "Invalid next token.");

      return;
    }

  practice_page_answer (call, member, all, start, limit);
}

static void
describe_budgets (PracticeCall *call)
{
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db, "SELECT budget FROM budgets ORDER BY name", NULL);
  JsonArray *items = json_array_new ();

  while (practice_rows_next (rows))
    {
      JsonObject *budget = load_object (practice_rows_text (rows, 0));

      json_object_set_object_member (budget, "CalculatedSpend", count_spend (call));
      json_array_add_object_element (items, budget);
    }

  answer_page (call, "Budgets", items, 1000);
}

/* (transfer full) (nullable): the warnings of a budget, after an error was answered NULL */
static JsonNode *
require_warnings (PracticeCall *call)
{
  const char *name = aws_json_get_string (call->json, "BudgetName");
  g_autofree char *text = NULL;

  if (!check_name (call, name))
    return NULL;

  if ((text = practice_db_lookup (call->practice->db, "SELECT warnings FROM budgets WHERE name = ?", "s", name)) != NULL)
    return json_from_string (text, NULL);

  answer_no_budget (call, name);

  return NULL;
}

static void
describe_notifications (PracticeCall *call)
{
  g_autoptr(JsonNode) warnings = require_warnings (call);
  JsonArray *items;

  if (warnings == NULL)
    return;

  items = json_array_new ();
  for (guint i = 0; i < json_array_get_length (json_node_get_array (warnings)); i++)
    {
      JsonObject *warning = json_array_get_object_element (json_node_get_array (warnings), i);
      g_autoptr(JsonNode) copy = json_node_copy (json_object_get_member (warning, "Notification"));
      g_autofree char *text = print_object (json_node_get_object (copy));
      JsonObject *notification = load_object (text);

      json_object_set_string_member (notification, "NotificationState", "OK");
      json_array_add_object_element (items, notification);
    }

  answer_page (call, "Notifications", items, 100);
}

static gboolean
is_same (JsonObject *a,
         JsonObject *b)
{
  const char *a_unit = aws_json_get_string (a, "ThresholdType");
  const char *b_unit = aws_json_get_string (b, "ThresholdType");

  return g_strcmp0 (aws_json_get_string (a, "NotificationType"), aws_json_get_string (b, "NotificationType")) == 0 &&
         g_strcmp0 (aws_json_get_string (a, "ComparisonOperator"), aws_json_get_string (b, "ComparisonOperator")) == 0 &&
         aws_json_get_double (a, "Threshold", 0) == aws_json_get_double (b, "Threshold", 0) &&
         g_strcmp0 (a_unit != NULL ? a_unit : "PERCENTAGE", b_unit != NULL ? b_unit : "PERCENTAGE") == 0;
}

static void
describe_subscribers (PracticeCall *call)
{
  JsonObject *wanted = aws_json_get_object (call->json, "Notification");
  g_autoptr(JsonNode) warnings = NULL;

  if (!check_notification (call, wanted) || (warnings = require_warnings (call)) == NULL)
    return;

  for (guint i = 0; i < json_array_get_length (json_node_get_array (warnings)); i++)
    {
      JsonObject *warning = json_array_get_object_element (json_node_get_array (warnings), i);

      if (is_same (aws_json_get_object (warning, "Notification"), wanted))
        {
          answer_page (call, "Subscribers", json_array_ref (aws_json_get_array (warning, "Subscribers")), 100);

          return;
        }
    }

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "NotFoundException",
                              "Unable to get subscribers: the notification doesn't exist.");
}

/* Seeing what an account costs has to be allowed to its users by the root user first */
static gboolean
may_see_billing (PracticeCall *call,
                 const char   *action,
                 const char   *resource)
{
  g_autoptr(JsonObject) account = practice_account_load (call->practice);

  if (!json_object_has_member (account, "billingAccess") || aws_json_get_bool (account, "billingAccess"))
    return practice_call_authorize (call, action, resource);

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "AccessDeniedException",
                              "User: %s is not authorized to perform: %s on resource: %s", call->principal->arn, action, resource);

  return FALSE;
}

static const struct
{
  const char      *name;
  const char      *action;
  PracticeHandler  handle;
} budget_operations[] = {
  { "CreateBudget", "budgets:ModifyBudget", create_budget },
  { "UpdateBudget", "budgets:ModifyBudget", update_budget },
  { "DeleteBudget", "budgets:ModifyBudget", delete_budget },
  { "DescribeBudget", "budgets:ViewBudget", describe_budget },
  { "DescribeBudgets", "budgets:ViewBudget", describe_budgets },
  { "DescribeNotificationsForBudget", "budgets:ViewBudget", describe_notifications },
  { "DescribeSubscribersForNotification", "budgets:ViewBudget", describe_subscribers },
};

static void
handle_budgets (PracticeCall *call)
{
  const char *name = aws_json_get_string (call->json, "BudgetName");
  g_autofree char *arn = NULL;
  const char * const inside[] = { "Budget", "NewBudget" };

  for (guint i = 0; name == NULL && i < G_N_ELEMENTS (inside); i++)
    if (aws_json_get_object (call->json, inside[i]) != NULL)
      name = aws_json_get_string (aws_json_get_object (call->json, inside[i]), "BudgetName");

  arn = g_strdup_printf ("arn:aws:budgets::%s:budget/%s", call->practice->account, name != NULL ? name : "*");

  for (guint i = 0; i < G_N_ELEMENTS (budget_operations); i++)
    if (g_str_equal (budget_operations[i].name, call->operation))
      {
        if (may_see_billing (call, budget_operations[i].action, arn) && check_account (call))
          budget_operations[i].handle (call);

        return;
      }

  practice_call_answer_unknown_operation (call);
}

static const PracticeService budgets_service = {
  .name = "budgets",
  .protocol = PRACTICE_PROTOCOL_JSON_1_1,
  .target_prefix = "AWSBudgetServiceGateway",
  .handle = handle_budgets,
};

/* ---- Cost Explorer ---- */

static gboolean
check_period (PracticeCall *call)
{
  static const char * const steps[] = { "DAILY", "MONTHLY", "HOURLY", NULL };
  JsonObject *period = aws_json_get_object (call->json, "TimePeriod");
  const char *start = period != NULL ? aws_json_get_string (period, "Start") : NULL;
  const char *end = period != NULL ? aws_json_get_string (period, "End") : NULL;
  const char *problem = NULL;

  if (start == NULL || end == NULL)
    problem = "1 validation error detected: Value null at 'timePeriod' failed to satisfy constraint: Member must not be null";
  else if (strcmp (start, end) >= 0)
    problem = "Start date (and hour) should be before end date (and hour)";
  else if (!is_one_of (aws_json_get_string (call->json, "Granularity"), steps))
    problem = "1 validation error detected: Value at 'granularity' failed to satisfy constraint: Member must satisfy enum value "
              "set: [MONTHLY, DAILY, HOURLY]";

  if (problem != NULL)
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationException", "%s", problem);

  return problem == NULL;
}

/* What account.json says: {"AmazonS3": 0.01, ...}, in USD a day; answers the error if it says nothing */
static JsonObject *
require_costs (PracticeCall *call)
{
  g_autoptr(JsonObject) account = practice_account_load (call->practice);
  JsonObject *costs = aws_json_get_object (account, "dailyCost");

  if (costs != NULL)
    return json_object_ref (costs);

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "DataUnavailableException",
                              "Data is not available. Please try to adjust the time period. If just enabled Cost Explorer, "
                              "data might not be ingested yet");

  return NULL;
}

typedef struct
{
  GDateTime *start;
  GDateTime *end;
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_date_time_unref (step->start);
  g_date_time_unref (step->end);
  g_free (step);
}

static GDateTime *
read_day (JsonObject *period,
          const char *name)
{
  g_autofree char *text = g_strconcat (aws_json_get_string (period, name), "T00:00:00Z", NULL);

  return g_date_time_new_from_iso8601 (text, NULL);
}

/* The days or months of the period; the first and the last month may be cut off */
static GPtrArray *
split_period (PracticeCall *call)
{
  JsonObject *period = aws_json_get_object (call->json, "TimePeriod");
  gboolean is_daily = g_strcmp0 (aws_json_get_string (call->json, "Granularity"), "MONTHLY") != 0;
  g_autoptr(GDateTime) start = read_day (period, "Start");
  g_autoptr(GDateTime) end = read_day (period, "End");
  GPtrArray *steps = g_ptr_array_new_with_free_func (step_free);

  while (start != NULL && end != NULL && g_date_time_compare (start, end) < 0)
    {
      g_autoptr(GDateTime) first = g_date_time_add_days (start, 1 - g_date_time_get_day_of_month (start));
      g_autoptr(GDateTime) next = is_daily ? g_date_time_add_days (start, 1) : g_date_time_add_months (first, 1);
      Step *step = g_new0 (Step, 1);

      if (g_date_time_compare (next, end) > 0)
        {
          g_clear_pointer (&next, g_date_time_unref);
          next = g_date_time_ref (end);
        }

      step->start = g_date_time_ref (start);
      step->end = g_date_time_ref (next);
      g_ptr_array_add (steps, step);
      g_date_time_unref (start);
      start = g_steal_pointer (&next);
    }

  return steps;
}

static JsonObject *
describe_step (Step *step)
{
  g_autofree char *start = g_date_time_format (step->start, "%Y-%m-%d");
  g_autofree char *end = g_date_time_format (step->end, "%Y-%m-%d");
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "Start", start);
  json_object_set_string_member (object, "End", end);

  return object;
}

static double
count_days (Step *step)
{
  return g_date_time_difference (step->end, step->start) / (double) G_TIME_SPAN_DAY;
}

/* Everything here carries the mark of the app, and no other tag */
static gboolean
is_counted (PracticeCall *call,
            const char   *service)
{
  JsonObject *filter = aws_json_get_object (call->json, "Filter");
  JsonObject *tags = filter != NULL ? aws_json_get_object (filter, "Tags") : NULL;
  JsonObject *dimensions = filter != NULL ? aws_json_get_object (filter, "Dimensions") : NULL;
  JsonObject *wanted = tags != NULL ? tags : dimensions;
  const char *actual = tags != NULL ? "porchlight" : service;
  const char *key = tags != NULL ? "application" : "SERVICE";
  JsonArray *choices = wanted != NULL ? aws_json_get_array (wanted, "Values") : NULL;

  if (wanted == NULL)
    return TRUE;

  for (guint i = 0; choices != NULL && i < json_array_get_length (choices); i++)
    if (g_strcmp0 (aws_json_get_string (wanted, "Key"), key) == 0 &&
        g_strcmp0 (aws_json_array_get_string (choices, i), actual) == 0)
      return TRUE;

  return FALSE;
}

static char *
format_amount (double amount)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.10f", amount));
}

static JsonObject *
build_metrics (PracticeCall *call,
               double        amount)
{
  JsonArray *names = aws_json_get_array (call->json, "Metrics");
  g_autofree char *text = format_amount (amount);
  JsonObject *metrics = json_object_new ();

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    json_object_set_object_member (metrics, aws_json_array_get_string (names, i), build_spend (text, "USD"));

  return metrics;
}

static void
add_group (PracticeCall *call,
           JsonArray    *groups,
           const char   *service,
           double        amount)
{
  JsonObject *group = json_object_new ();
  JsonArray *keys = json_array_new ();

  json_array_add_string_element (keys, service);
  json_object_set_array_member (group, "Keys", keys);
  json_object_set_object_member (group, "Metrics", build_metrics (call, amount));
  json_array_add_object_element (groups, group);
}

static JsonObject *
describe_costs (PracticeCall *call,
                JsonObject   *costs,
                Step         *step,
                gboolean      is_grouped)
{
  g_autoptr(GList) services = g_list_sort (json_object_get_members (costs), (GCompareFunc) strcmp);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  JsonArray *groups = json_array_new ();
  JsonObject *result = json_object_new ();
  double total = 0;

  for (GList *l = services; l != NULL; l = l->next)
    if (is_counted (call, l->data))
      {
        double amount = aws_json_get_double (costs, l->data, 0) * count_days (step);

        total += amount;
        if (is_grouped)
          add_group (call, groups, l->data, amount);
      }

  json_object_set_object_member (result, "TimePeriod", describe_step (step));
  json_object_set_object_member (result, "Total", is_grouped ? json_object_new () : build_metrics (call, total));
  json_object_set_array_member (result, "Groups", groups);
  json_object_set_boolean_member (result, "Estimated", g_date_time_compare (step->end, now) > 0);

  return result;
}

static gboolean
check_metrics (PracticeCall *call)
{
  static const char * const known[] = {
    "AmortizedCost", "BlendedCost", "NetAmortizedCost", "NetUnblendedCost", "UnblendedCost", NULL,
  };
  JsonArray *names = aws_json_get_array (call->json, "Metrics");

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    if (!is_one_of (aws_json_array_get_string (names, i), known))
      {
        practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationException", "Metric is not valid.");

        return FALSE;
      }

  if (names != NULL && json_array_get_length (names) > 0)
    return TRUE;

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationException", "Metrics are needed.");

  return FALSE;
}

static gboolean
read_grouping (PracticeCall *call,
               gboolean     *is_grouped)
{
  JsonArray *definitions = aws_json_get_array (call->json, "GroupBy");
  JsonObject *definition = NULL;

  if (definitions != NULL && json_array_get_length (definitions) > 0)
    definition = aws_json_array_get_object (definitions, 0);

  *is_grouped = definition != NULL;
  if (definition == NULL || (json_array_get_length (definitions) == 1 &&
                             g_strcmp0 (aws_json_get_string (definition, "Type"), "DIMENSION") == 0 &&
                             g_strcmp0 (aws_json_get_string (definition, "Key"), "SERVICE") == 0))
    return TRUE;

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationException",
                              "The practice cloud splits costs by service only.");

  return FALSE;
}

static void
get_cost_and_usage (PracticeCall *call)
{
  g_autoptr(JsonObject) costs = NULL;
  g_autoptr(GPtrArray) steps = NULL;
  JsonArray *results;
  JsonObject *output;
  gboolean is_grouped;

  if (!check_period (call) || !check_metrics (call) || !read_grouping (call, &is_grouped) || (costs = require_costs (call)) == NULL)
    return;

  steps = split_period (call);
  results = json_array_new ();
  for (guint i = 0; i < steps->len; i++)
    json_array_add_object_element (results, describe_costs (call, costs, g_ptr_array_index (steps, i), is_grouped));

  output = json_object_new ();
  json_object_set_array_member (output, "ResultsByTime", results);
  json_object_set_array_member (output, "DimensionValueAttributes", json_array_new ());
  practice_call_answer_json (call, 200, output);
}

static void
get_cost_forecast (PracticeCall *call)
{
  g_autofree char *today = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(JsonObject) costs = NULL;
  g_autoptr(GPtrArray) steps = NULL;
  g_autoptr(GList) services = NULL;
  g_autofree char *text = NULL;
  JsonArray *results;
  JsonObject *output;
  double total = 0;
  double daily = 0;

  if (!check_period (call))
    return;

  today = g_date_time_format (now, "%Y-%m-%d");
  if (strcmp (aws_json_get_string (aws_json_get_object (call->json, "TimePeriod"), "Start"), today) < 0)
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationException",
                                  "Start date should be equal to or no later than the current date");

      return;
    }

  if ((costs = require_costs (call)) == NULL)
    return;

  services = json_object_get_members (costs);
  for (GList *l = services; l != NULL; l = l->next)
    daily += is_counted (call, l->data) ? aws_json_get_double (costs, l->data, 0) : 0;

  steps = split_period (call);
  results = json_array_new ();
  for (guint i = 0; i < steps->len; i++)
    {
      double amount = daily * count_days (g_ptr_array_index (steps, i));
      g_autofree char *mean = format_amount (amount);
      JsonObject *result = json_object_new ();

      total += amount;
      json_object_set_object_member (result, "TimePeriod", describe_step (g_ptr_array_index (steps, i)));
      json_object_set_string_member (result, "MeanValue", mean);
      json_array_add_object_element (results, result);
    }

  text = format_amount (total);
  output = json_object_new ();
  json_object_set_object_member (output, "Total", build_spend (text, "USD"));
  json_object_set_array_member (output, "ForecastResultsByTime", results);
  practice_call_answer_json (call, 200, output);
}

static void
handle_cost_explorer (PracticeCall *call)
{
  g_autofree char *action = g_strconcat ("ce:", call->operation, NULL);
  PracticeHandler function = NULL;

  if (g_str_equal (call->operation, "GetCostAndUsage"))
    function = get_cost_and_usage;
  else if (g_str_equal (call->operation, "GetCostForecast"))
    function = get_cost_forecast;

  if (function == NULL)
    practice_call_answer_unknown_operation (call);
  else if (may_see_billing (call, action, "*"))
    function (call);
}

static const PracticeService cost_explorer_service = {
  .name = "ce",
  .protocol = PRACTICE_PROTOCOL_JSON_1_1,
  .target_prefix = "AWSInsightsIndexService",
  .handle = handle_cost_explorer,
};

gboolean
practice_billing_init (Practice  *practice,
                       GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS budgets ("
                           "  name TEXT PRIMARY KEY, budget TEXT NOT NULL, warnings TEXT NOT NULL) WITHOUT ROWID;",
                           error))
    return FALSE;

  practice_register_service (practice, &budgets_service);
  practice_register_service (practice, &cost_explorer_service);

  return TRUE;
}
