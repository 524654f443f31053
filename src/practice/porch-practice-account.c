/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-account.h"

#include "aws-json.h"
#include "porch-practice-rights.h"
#include "porch-practice-sts.h"

#include <string.h>

static const char * const regions[] = {
  "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
  "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
  "us-west-2", NULL,
};

/* These can be switched off */
static const char * const optional_regions[] = {
  "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7",
  "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", NULL,
};

/* Signing names of services that have one host for all regions */
static const char * const global_services[] = {
  "account", "budgets", "ce", "cloudfront", "cloudfront-keyvaluestore", "freetier", "iam", "route53", "support", NULL,
};

/* And of those that accounts with a home region may use in us-east-1 as well */
static const char * const shared_services[] = {
  "acm", "logs", "monitoring", "pricing", "route53domains", "servicequotas", "signin", "sso", "sts", NULL,
};

/* ---- what kind of account ---- */

static char *
dup_path (Practice *practice)
{
  return g_build_filename (practice->folder, "account.json", NULL);
}

JsonObject *
practice_account_load (Practice *practice)
{
  g_autofree char *path = dup_path (practice);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;
  JsonObject *account;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return json_object_new ();

  bytes = g_bytes_new (text, length);
  if ((account = aws_json_load_object (bytes, &error)) != NULL)
    return account;

  g_message ("%s is left out: %s", path, error->message);

  return json_object_new ();
}

gboolean
practice_account_save (Practice    *practice,
                       JsonObject  *account,
                       GError     **error)
{
  g_autofree char *path = dup_path (practice);
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (account);

  return g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

static gboolean
lists (JsonObject *account,
       const char *member,
       const char *text)
{
  JsonArray *array = aws_json_get_array (account, member);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (g_strcmp0 (aws_json_array_get_string (array, i), text) == 0)
      return TRUE;

  return FALSE;
}

/* ---- the rules of an organization ---- */

gboolean
practice_account_has_rules (Practice *practice)
{
  g_autoptr(JsonObject) account = practice_account_load (practice);

  return aws_json_get_string (account, "homeRegion") != NULL;
}

static gboolean
is_allowed_in (JsonObject *account,
               const char *service,
               const char *region)
{
  const char *home = aws_json_get_string (account, "homeRegion");

  if (home == NULL || *region == '\0' || g_str_equal (region, home) || g_strv_contains (global_services, service))
    return TRUE;

  return g_str_equal (region, "us-east-1") && g_strv_contains (shared_services, service);
}

gboolean
practice_account_allows (Practice   *practice,
                         const char *action,
                         const char *resource)
{
  g_autoptr(JsonObject) account = practice_account_load (practice);
  g_auto(GStrv) parts = g_strsplit (resource, ":", 6);
  g_autofree char *service = g_strndup (action, strcspn (action, ":"));

  return g_strv_length (parts) < 6 || is_allowed_in (account, service, parts[3]);
}

/* Credentials are not known in regions that are not switched on */
static void
answer_switched_off (PracticeCall *call)
{
  gboolean is_xml = call->protocol == PRACTICE_PROTOCOL_QUERY || call->protocol == PRACTICE_PROTOCOL_REST_XML;

  if (call->protocol == PRACTICE_PROTOCOL_S3)
    practice_call_answer_error (call, SOUP_STATUS_FORBIDDEN, "InvalidAccessKeyId",
                                "The AWS Access Key Id you provided does not exist in our records.");
  else
    practice_call_answer_error (call, SOUP_STATUS_FORBIDDEN, is_xml ? "InvalidClientTokenId" : "UnrecognizedClientException",
                                "The security token included in the request is invalid");
}

gboolean
practice_account_permits_call (PracticeCall *call)
{
  g_autoptr(JsonObject) account = NULL;
  g_autofree char *action = NULL;
  const char *prefix;

  /* nothing can forbid the question who one is */
  if (call->principal == NULL || call->service == NULL || call->any_region ||
      g_strcmp0 (call->operation, "GetCallerIdentity") == 0)
    return TRUE;

  account = practice_account_load (call->practice);
  prefix = call->service->name;

  if (lists (account, "disabledRegions", call->region) && g_strv_contains (optional_regions, call->region))
    {
      answer_switched_off (call);

      return FALSE;
    }

  if (is_allowed_in (account, prefix, call->region))
    return TRUE;

  if (g_str_equal (prefix, "monitoring"))
    prefix = "cloudwatch";
  action = g_strdup_printf ("%s:%s", prefix, call->operation != NULL ? call->operation : "*");
  practice_call_answer_denied (call, action, "*", "a service control policy");

  return FALSE;
}

/* ---- Account ---- */

static void
answer_invalid (PracticeCall *call,
                const char   *message)
{
  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationException", "%s", message);
}

static const char *
get_status (JsonObject *account,
            const char *region)
{
  if (g_strv_contains (regions, region))
    return "ENABLED_BY_DEFAULT";
  if (!g_strv_contains (optional_regions, region))
    return NULL;

  return lists (account, "disabledRegions", region) ? "DISABLED" : "ENABLED";
}

static JsonObject *
describe_region (const char *region,
                 const char *status)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "RegionName", region);
  json_object_set_string_member (object, "RegionOptStatus", status);

  return object;
}

static void
get_region_opt_status (PracticeCall *call)
{
  g_autoptr(JsonObject) account = practice_account_load (call->practice);
  const char *region = aws_json_get_string (call->json, "RegionName");
  const char *status;

  if (aws_json_get_string (account, "homeRegion") != NULL)
    practice_call_answer_denied (call, "account:GetRegionOptStatus", "*", "a service control policy");
  else if (region == NULL)
    answer_invalid (call, "1 validation error detected: Value at 'regionName' failed to satisfy constraint: Member must not be "
                          "null");
  else if ((status = get_status (account, region)) == NULL)
    answer_invalid (call, "The Region name that you specified is not valid.");
  else
    practice_call_answer_json (call, 200, describe_region (region, status));
}

static gboolean
is_wanted (JsonArray  *wanted,
           const char *status)
{
  if (wanted == NULL || json_array_get_length (wanted) == 0)
    return TRUE;

  for (guint i = 0; i < json_array_get_length (wanted); i++)
    if (g_strcmp0 (aws_json_array_get_string (wanted, i), status) == 0)
      return TRUE;

  return FALSE;
}

static GPtrArray *
list_wanted (JsonObject *account,
             JsonArray  *wanted)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  const char * const *lists_of[] = { optional_regions, regions };

  for (guint i = 0; i < G_N_ELEMENTS (lists_of); i++)
    for (guint j = 0; lists_of[i][j] != NULL; j++)
      if (is_wanted (wanted, get_status (account, lists_of[i][j])))
        g_ptr_array_add (found, describe_region (lists_of[i][j], get_status (account, lists_of[i][j])));

  return found;
}

static void
list_regions (PracticeCall *call)
{
  static const char * const states[] = { "ENABLED", "ENABLING", "DISABLING", "DISABLED", "ENABLED_BY_DEFAULT", NULL };
  g_autoptr(JsonObject) account = practice_account_load (call->practice);
  JsonArray *wanted = aws_json_get_array (call->json, "RegionOptStatusContains");
  gint64 limit = aws_json_get_int (call->json, "MaxResults", 50);
  const char *token = aws_json_get_string (call->json, "NextToken");
  g_autoptr(GPtrArray) found = list_wanted (account, wanted);
  g_autoptr(JsonArray) page = json_array_new ();
  JsonObject *output;
  guint64 start = 0;

  for (guint i = 0; wanted != NULL && i < json_array_get_length (wanted); i++)
    if (!g_strv_contains (states, aws_json_array_get_string (wanted, i) != NULL ? aws_json_array_get_string (wanted, i) : ""))
      {
        answer_invalid (call, "1 validation error detected: Value at 'regionOptStatusContains' failed to satisfy constraint");

        return;
      }

  if (limit < 1 || limit > 50 || (token != NULL && !g_ascii_string_to_unsigned (token, 10, 0, found->len, &start, NULL)))
    {
      answer_invalid (call, "1 validation error detected: Value at 'maxResults' or 'nextToken' failed to satisfy constraint");

      return;
    }

  for (guint i = start; i < found->len && i < start + limit; i++)
    json_array_add_object_element (page, json_object_ref (g_ptr_array_index (found, i)));

  output = json_object_new ();
  json_object_set_array_member (output, "Regions", g_steal_pointer (&page));
  if (start + limit < found->len)
    {
      g_autofree char *next = g_strdup_printf ("%" G_GUINT64_FORMAT, start + limit);

      json_object_set_string_member (output, "NextToken", next);
    }

  practice_call_answer_json (call, 200, output);
}

static void
get_account_information (PracticeCall *call)
{
  g_autoptr(JsonObject) account = practice_account_load (call->practice);
  g_autofree char *created = practice_db_get_setting (call->practice->db, "user-created");
  g_autofree char *time = practice_format_time (g_ascii_strtoll (created, NULL, 10));
  const char *name = aws_json_get_string (account, "name");
  JsonObject *output = json_object_new ();

  strcpy (strchr (time, '.'), "Z");
  json_object_set_string_member (output, "AccountId", call->practice->account);
  json_object_set_string_member (output, "AccountName", name != NULL ? name : "Practice");
  json_object_set_string_member (output, "AccountCreatedDate", time);
  json_object_set_string_member (output, "AccountState", "ACTIVE");
  practice_call_answer_json (call, 200, output);
}

static const struct
{
  const char      *name;
  const char      *path;
  PracticeHandler  handle;
} account_operations[] = {
  { "GetRegionOptStatus", "/getRegionOptStatus", get_region_opt_status },
  { "ListRegions", "/listRegions", list_regions },
  { "GetAccountInformation", "/getAccountInformation", get_account_information },
};

static const char *
name_account_operation (PracticeCall *call)
{
  for (guint i = 0; i < G_N_ELEMENTS (account_operations); i++)
    if (g_str_equal (call->method, "POST") && g_str_equal (call->raw_path, account_operations[i].path))
      return account_operations[i].name;

  return NULL;
}

static void
handle_account (PracticeCall *call)
{
  const char *other = aws_json_get_string (call->json, "AccountId");
  g_autofree char *action = g_strconcat ("account:", call->operation, NULL);
  g_autofree char *arn = g_strdup_printf ("arn:aws:account::%s:account", call->practice->account);

  if (!practice_call_authorize (call, action, arn))
    return;

  /* only for accounts of an organization, from its first one */
  if (other != NULL)
    {
      practice_call_answer_error (call, SOUP_STATUS_FORBIDDEN, "AccessDeniedException",
                                  "User: %s is not authorized to perform: %s on resource: %s (You specified an account that is "
                                  "in a different organization)", call->principal->arn, action, other);

      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (account_operations); i++)
    if (g_str_equal (call->operation, account_operations[i].name))
      account_operations[i].handle (call);
}

static const PracticeService account_service = {
  .name = "account",
  .protocol = PRACTICE_PROTOCOL_REST_JSON,
  .handle = handle_account,
  .name_operation = name_account_operation,
};

/* ---- Free Tier ---- */

static JsonObject *
describe_plan (PracticeCall *call,
               JsonObject   *account)
{
  const char *status = aws_json_get_string (account, "planStatus");
  JsonObject *output = json_object_new ();

  json_object_set_string_member (output, "accountId", call->practice->account);
  json_object_set_string_member (output, "accountPlanType", aws_json_get_string (account, "plan"));
  json_object_set_string_member (output, "accountPlanStatus", status != NULL ? status : "ACTIVE");

  return output;
}

static gboolean
require_plan (PracticeCall *call,
              JsonObject   *account)
{
  if (aws_json_get_string (account, "plan") != NULL)
    return TRUE;

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "com.amazonaws.freetier#ResourceNotFoundException",
                              "No account plan was found for account %s.", call->practice->account);

  return FALSE;
}

static void
get_account_plan_state (PracticeCall *call)
{
  g_autoptr(JsonObject) account = practice_account_load (call->practice);
  JsonObject *output;

  if (!require_plan (call, account))
    return;

  output = describe_plan (call, account);
  if (json_object_has_member (account, "credits"))
    {
      JsonObject *credits = json_object_new ();

      json_object_set_double_member (credits, "amount", aws_json_get_double (account, "credits", 0));
      json_object_set_string_member (credits, "unit", "USD");
      json_object_set_object_member (output, "accountPlanRemainingCredits", credits);
    }
  if (aws_json_get_string (account, "planEnds") != NULL)
    json_object_set_string_member (output, "accountPlanExpirationDate", aws_json_get_string (account, "planEnds"));

  practice_call_answer_json (call, 200, output);
}

static void
upgrade_account_plan (PracticeCall *call)
{
  g_autoptr(JsonObject) account = practice_account_load (call->practice);
  const char *plan = aws_json_get_string (call->json, "accountPlanType");
  g_autoptr(GError) error = NULL;

  if (g_strcmp0 (plan, "FREE") != 0 && g_strcmp0 (plan, "PAID") != 0)
    {
      answer_invalid (call, "1 validation error detected: Value at 'accountPlanType' failed to satisfy constraint: Member must "
                            "satisfy enum value set: [FREE, PAID]");

      return;
    }

  if (!require_plan (call, account))
    return;

  if (!g_str_equal (plan, "PAID") || g_strcmp0 (aws_json_get_string (account, "plan"), "FREE") != 0)
    {
      answer_invalid (call, "The account plan can only be changed from FREE to PAID.");

      return;
    }

  json_object_set_string_member (account, "plan", "PAID");
  json_object_set_string_member (account, "planStatus", "ACTIVE");
  json_object_remove_member (account, "planEnds");
  if (practice_account_save (call->practice, account, &error))
    practice_call_answer_json (call, 200, describe_plan (call, account));
  else
    practice_call_answer_internal (call, error);
}

/* Nothing here is counted as a free offer, so there is nothing to list */
static void
get_free_tier_usage (PracticeCall *call)
{
  gint64 limit = aws_json_get_int (call->json, "maxResults", 1000);
  JsonObject *output;

  if (limit < 1 || limit > 1000)
    {
      answer_invalid (call, "1 validation error detected: Value at 'maxResults' failed to satisfy constraint: Member must have "
                            "value between 1 and 1000");

      return;
    }

  output = json_object_new ();
  json_object_set_array_member (output, "freeTierUsages", json_array_new ());
  practice_call_answer_json (call, 200, output);
}

static const struct
{
  const char      *name;
  PracticeHandler  handle;
} free_tier_operations[] = {
  { "GetAccountPlanState", get_account_plan_state },
  { "GetFreeTierUsage", get_free_tier_usage },
  { "UpgradeAccountPlan", upgrade_account_plan },
};

static void
handle_free_tier (PracticeCall *call)
{
  g_autofree char *action = g_strconcat ("freetier:", call->operation, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (free_tier_operations); i++)
    if (g_str_equal (call->operation, free_tier_operations[i].name))
      {
        if (practice_call_authorize (call, action, "*"))
          free_tier_operations[i].handle (call);

        return;
      }

  practice_call_answer_unknown_operation (call);
}

static const PracticeService free_tier_service = {
  .name = "freetier",
  .protocol = PRACTICE_PROTOCOL_JSON_1_0,
  .target_prefix = "AWSFreeTierService",
  .handle = handle_free_tier,
};

gboolean
practice_account_init (Practice  *practice,
                       GError   **error)
{
  practice_register_service (practice, &account_service);
  practice_register_service (practice, &free_tier_service);

  return TRUE;
}
