/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-quotas.h"

#include "aws-json.h"
#include "porch-practice-operations.h"
#include "porch-practice-sts.h"

/* How long people at AWS think about a wish, here */
#define THINKING_SECONDS 60

/* The quotas that a site can run into, as new accounts have them */
static const struct
{
  const char *service;
  const char *service_name;
  const char *code;
  const char *name;
  double      usual;
  double      value;
  gboolean    is_adjustable;
  gboolean    is_global;
} quotas[] = {
  { "acm", "AWS Certificate Manager (ACM)", "L-F141DD1D", "ACM certificates", 2500, 2500, TRUE, FALSE },
  { "cloudformation", "AWS CloudFormation", "L-0485CB21", "Stack count", 2000, 2000, TRUE, FALSE },
  { "cloudfront", "Amazon CloudFront", "L-24B04930", "Web distributions per AWS account", 500, 500, TRUE, TRUE },
  { "codebuild", "AWS CodeBuild", "L-9D07B6EF", "Concurrently running builds for Linux/Small environment", 1, 1, TRUE, FALSE },
  { "dynamodb", "Amazon DynamoDB", "L-F98FE922", "Maximum number of tables", 2500, 2500, TRUE, FALSE },
  { "iam", "AWS Identity and Access Management (IAM)", "L-FE177D64", "Roles per account", 1000, 1000, TRUE, TRUE },
  { "lambda", "AWS Lambda", "L-B99A9384", "Concurrent executions", 1000, 10, TRUE, FALSE },
  { "route53", "Amazon Route 53", "L-4EA4796A", "Hosted zones", 500, 500, TRUE, TRUE },
  { "s3", "Amazon Simple Storage Service (Amazon S3)", "L-DC2B2D3D", "General purpose buckets", 10000, 10000, TRUE, TRUE },
};

static void
refuse (PracticeCall *call,
        const char   *code,
        const char   *message)
{
  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, code, "%s", message);
}

/* Global ones are asked for in one region only */
static gboolean
is_here (PracticeCall *call,
         guint         quota)
{
  return !quotas[quota].is_global || g_str_equal (call->region, "us-east-1");
}

static gboolean
check_code (PracticeCall *call,
            const char   *member)
{
  const char *value = aws_json_get_string (call->json, member);

  if (value != NULL && g_regex_match_simple ("^[a-zA-Z][a-zA-Z0-9-]{1,127}$", value, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT))
    return TRUE;

  refuse (call, "IllegalArgumentException", value != NULL ? "The code is not valid." : "A code is needed.");

  return FALSE;
}

/* -1 after an error was answered */
static int
require_quota (PracticeCall *call)
{
  const char *service = aws_json_get_string (call->json, "ServiceCode");
  const char *code = aws_json_get_string (call->json, "QuotaCode");

  if (!check_code (call, "ServiceCode") || !check_code (call, "QuotaCode"))
    return -1;

  for (guint i = 0; i < G_N_ELEMENTS (quotas); i++)
    if (g_str_equal (quotas[i].service, service) && g_str_equal (quotas[i].code, code) && is_here (call, i))
      return i;

  refuse (call, "NoSuchResourceException", "The request failed because the specified service quota does not exist.");

  return -1;
}

/* ---- wishes: they are granted after some time ---- */

static gboolean
is_granted (PracticeCall *call,
            gint64        created)
{
  return practice_now () >= created + practice_scale_delay (call->practice, THINKING_SECONDS) * G_GINT64_CONSTANT (1000);
}

static double
get_value (PracticeCall *call,
           guint         quota)
{
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db,
                                                    "SELECT value, created FROM quota_changes WHERE region = ? AND service = ? AND "
                                                    "code = ? ORDER BY created", "sss", call->region, quotas[quota].service,
                                                    quotas[quota].code);
  double value = quotas[quota].value;

  while (practice_rows_next (rows))
    if (is_granted (call, practice_rows_int (rows, 1)))
      value = practice_rows_double (rows, 0);

  return value;
}

static char *
build_arn (PracticeCall *call,
           guint         quota)
{
  return g_strdup_printf ("arn:aws:servicequotas:%s:%s:%s/%s", call->region, call->practice->account, quotas[quota].service,
                          quotas[quota].code);
}

static JsonObject *
describe_quota (PracticeCall *call,
                guint         quota,
                double        value)
{
  g_autofree char *arn = build_arn (call, quota);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "ServiceCode", quotas[quota].service);
  json_object_set_string_member (object, "ServiceName", quotas[quota].service_name);
  json_object_set_string_member (object, "QuotaArn", arn);
  json_object_set_string_member (object, "QuotaCode", quotas[quota].code);
  json_object_set_string_member (object, "QuotaName", quotas[quota].name);
  json_object_set_double_member (object, "Value", value);
  json_object_set_string_member (object, "Unit", "None");
  json_object_set_boolean_member (object, "Adjustable", quotas[quota].is_adjustable);
  json_object_set_boolean_member (object, "GlobalQuota", quotas[quota].is_global);

  return object;
}

static JsonObject *
describe_change (PracticeCall *call,
                 const char   *id,
                 guint         quota,
                 double        value,
                 gint64        created,
                 const char   *requester)
{
  g_autofree char *arn = build_arn (call, quota);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "Id", id);
  json_object_set_string_member (object, "ServiceCode", quotas[quota].service);
  json_object_set_string_member (object, "ServiceName", quotas[quota].service_name);
  json_object_set_string_member (object, "QuotaCode", quotas[quota].code);
  json_object_set_string_member (object, "QuotaName", quotas[quota].name);
  json_object_set_double_member (object, "DesiredValue", value);
  json_object_set_string_member (object, "Status", is_granted (call, created) ? "APPROVED" : "PENDING");
  json_object_set_double_member (object, "Created", created / 1e6);
  json_object_set_string_member (object, "Requester", requester);
  json_object_set_string_member (object, "QuotaArn", arn);
  json_object_set_boolean_member (object, "GlobalQuota", quotas[quota].is_global);
  json_object_set_string_member (object, "Unit", "None");

  return object;
}

/* ---- operations ---- */

static void
answer_object (PracticeCall *call,
               const char   *member,
               JsonObject   *object)
{
  JsonObject *output = json_object_new ();

  json_object_set_object_member (output, member, object);
  practice_call_answer_json (call, 200, output);
}

static void
get_service_quota (PracticeCall *call)
{
  int quota = require_quota (call);

  if (quota >= 0)
    answer_object (call, "Quota", describe_quota (call, quota, get_value (call, quota)));
}

static void
get_default_quota (PracticeCall *call)
{
  int quota = require_quota (call);

  if (quota >= 0)
    answer_object (call, "Quota", describe_quota (call, quota, quotas[quota].usual));
}

/* Takes @items */
static void
answer_page (PracticeCall *call,
             const char   *member,
             JsonArray    *items)
{
  g_autoptr(JsonArray) all = items;
  gint64 limit = aws_json_get_int (call->json, "MaxResults", 100);
  const char *token = aws_json_get_string (call->json, "NextToken");
  guint n = json_array_get_length (all);
  guint64 start = 0;

  if (limit < 1 || limit > 100)
    {
      refuse (call, "IllegalArgumentException", "MaxResults must be between 1 and 100.");

      return;
    }
  if (token != NULL && !g_ascii_string_to_unsigned (token, 10, 0, n, &start, NULL))
    {
      refuse (call, "InvalidPaginationTokenException", "Invalid pagination token.");

      return;
    }

  practice_page_answer (call, member, all, start, limit);
}

static void
list_service_quotas (PracticeCall *call)
{
  const char *service = aws_json_get_string (call->json, "ServiceCode");
  g_autoptr(JsonArray) items = json_array_new ();
  gboolean known = FALSE;

  if (!check_code (call, "ServiceCode"))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (quotas); i++)
    {
      known = known || g_str_equal (quotas[i].service, service);
      if (g_str_equal (quotas[i].service, service) && is_here (call, i))
        json_array_add_object_element (items, describe_quota (call, i, get_value (call, i)));
    }

  if (known)
    answer_page (call, "Quotas", g_steal_pointer (&items));
  else
    refuse (call, "NoSuchResourceException", "The request failed because the specified service does not exist.");
}

static gboolean
has_open_wish (PracticeCall *call,
               guint         quota)
{
  g_autofree char *created = practice_db_lookup (call->practice->db,
                                                 "SELECT max(created) FROM quota_changes WHERE region = ? AND service = ? AND "
                                                 "code = ?", "sss", call->region, quotas[quota].service, quotas[quota].code);

  return created != NULL && !is_granted (call, g_ascii_strtoll (created, NULL, 10));
}

static void
request_increase (PracticeCall *call)
{
  int quota = require_quota (call);
  double value = aws_json_get_double (call->json, "DesiredValue", -1);
  g_autofree char *id = practice_uuid ();
  gint64 now = practice_call_now (call);
  g_autoptr(GError) error = NULL;

  if (quota < 0)
    return;

  if (value < 0)
    refuse (call, "IllegalArgumentException", "DesiredValue is needed.");
  else if (has_open_wish (call, quota))
    refuse (call, "ResourceAlreadyExistsException", "Only one open service quota increase request is allowed per quota.");
  else if (!quotas[quota].is_adjustable)
    refuse (call, "IllegalArgumentException", "The quota can't be changed.");
  else if (value <= get_value (call, quota))
    refuse (call, "IllegalArgumentException", "You must provide a quota value greater than the current quota value.");
  else if (practice_db_run (call->practice->db, &error,
                            "INSERT INTO quota_changes (id, region, service, code, value, created, requester) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?)",
                            "ssssdis", id, call->region, quotas[quota].service, quotas[quota].code, value, now,
                            call->principal->arn))
    answer_object (call, "RequestedQuota", describe_change (call, id, quota, value, now, call->principal->arn));
  else
    practice_call_answer_internal (call, error);
}

static void
list_changes (PracticeCall *call)
{
  const char *service = aws_json_get_string (call->json, "ServiceCode");
  const char *status = aws_json_get_string (call->json, "Status");
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *items;

  if (service != NULL && !check_code (call, "ServiceCode"))
    return;

  items = json_array_new ();
  rows = practice_db_query (call->practice->db,
                            "SELECT id, service, code, value, created, requester FROM quota_changes WHERE region = ? "
                            "ORDER BY created DESC", "s", call->region);
  while (practice_rows_next (rows))
    for (guint i = 0; i < G_N_ELEMENTS (quotas); i++)
      if (g_str_equal (quotas[i].service, practice_rows_text (rows, 1)) &&
          g_str_equal (quotas[i].code, practice_rows_text (rows, 2)) &&
          (service == NULL || g_str_equal (service, quotas[i].service)) &&
          (status == NULL || g_str_equal (status, is_granted (call, practice_rows_int (rows, 4)) ? "APPROVED" : "PENDING")))
        json_array_add_object_element (items, describe_change (call, practice_rows_text (rows, 0), i, practice_rows_double (rows, 3),
                                                               practice_rows_int (rows, 4), practice_rows_text (rows, 5)));

  answer_page (call, "RequestedQuotas", items);
}

static const struct
{
  const char      *name;
  PracticeHandler  handle;
} operations[] = {
  { "GetServiceQuota", get_service_quota },
  { "GetAWSDefaultServiceQuota", get_default_quota },
  { "ListServiceQuotas", list_service_quotas },
  { "RequestServiceQuotaIncrease", request_increase },
  { "ListRequestedServiceQuotaChangeHistory", list_changes },
};

static void
handle (PracticeCall *call)
{
  g_autofree char *action = g_strconcat ("servicequotas:", call->operation, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (operations[i].name, call->operation))
      {
        if (practice_call_authorize (call, action, "*"))
          operations[i].handle (call);

        return;
      }

  practice_call_answer_unknown_operation (call);
}

static const PracticeService service = {
  .name = "servicequotas",
  .protocol = PRACTICE_PROTOCOL_JSON_1_1,
  .target_prefix = "ServiceQuotasV20190624",
  .handle = handle,
};

gboolean
practice_quotas_init (Practice  *practice,
                      GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS quota_changes ("
                           "  id TEXT PRIMARY KEY, region TEXT NOT NULL, service TEXT NOT NULL, code TEXT NOT NULL,"
                           "  value REAL NOT NULL, created INTEGER NOT NULL, requester TEXT NOT NULL) WITHOUT ROWID;",
                           error))
    return FALSE;

  practice_register_service (practice, &service);

  return TRUE;
}
