/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-lambda.h"
#include "porch-practice-policy.h"
#include "porch-practice-resources.h"
#include "porch-practice-streams.h"
#include "porch-practice-sts.h"

#define FUNCTION_TYPE    "AWS::Lambda::Function"
#define PERMISSION_TYPE  "AWS::Lambda::Permission"
#define API_TYPE         "AWS::ApiGatewayV2::Api"
#define STAGE_TYPE       "AWS::ApiGatewayV2::Stage"
#define INTEGRATION_TYPE "AWS::ApiGatewayV2::Integration"
#define ROUTE_TYPE       "AWS::ApiGatewayV2::Route"

#define LOWER_AND_DIGITS "abcdefghijklmnopqrstuvwxyz0123456789"

/* Roles, functions and what calls them. */

static const char *
get (PracticeProvision *provision,
     const char        *name)
{
  return practice_property_string (provision->properties, name);
}

static gboolean
save (PracticeProvision  *provision,
      const char         *type,
      GError            **error)
{
  return practice_provision_save (provision, type, FALSE, error);
}

static gboolean
drop (PracticeProvision  *provision,
      const char         *type,
      GError            **error)
{
  return practice_resource_remove (provision->practice, type, provision->region, provision->id, error);
}

/* ---- roles ---- */

static gboolean
put_role (PracticeProvision  *provision,
          GError            **error)
{
  g_autofree char *arn = NULL, *role_id = NULL;
  g_autoptr(GError) problem = NULL;

  if (!practice_role_put (provision->practice, provision->id,
                          json_object_get_member (provision->properties, "AssumeRolePolicyDocument"),
                          aws_json_get_array (provision->properties, "Policies"),
                          aws_json_get_array (provision->properties, "ManagedPolicyArns"),
                          practice_property_int (provision->properties, "MaxSessionDuration", 3600),
                          &arn, &role_id, &problem))
    return practice_provision_refuse_error (provision, error, "Iam", 400, problem);

  practice_provision_set (provision, "Arn", arn);
  practice_provision_set (provision, "RoleId", role_id);

  return TRUE;
}

static gboolean
create_role (PracticeProvision  *provision,
             GError            **error)
{
  provision->id = practice_provision_name (provision, "RoleName", 64, FALSE);
  if (practice_role_exists (provision->practice, provision->id))
    return practice_provision_refuse (provision, error, "Iam", 409, "Role with name %s already exists.", provision->id);

  return put_role (provision, error);
}

static gboolean
delete_role (PracticeProvision  *provision,
             GError            **error)
{
  g_autoptr(GError) problem = NULL;

  if (!practice_role_exists (provision->practice, provision->id))
    return TRUE;

  return practice_role_delete (provision->practice, provision->id, &problem) ||
         practice_provision_refuse_error (provision, error, "Iam", 409, problem);
}

/* ---- functions ---- */

static gboolean
refuse_lambda (PracticeProvision  *provision,
               GError            **error,
               guint               status,
               const char         *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  return practice_provision_refuse (provision, error, "Lambda", status, "%s", text);
}

static gboolean
put_function (PracticeProvision  *provision,
              GError            **error)
{
  g_autofree char *arn = g_strdup_printf ("arn:aws:lambda:%s:%s:function:%s", provision->region, provision->practice->account, provision->id);
  g_autofree char *revision = practice_uuid ();
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, practice_now ());
  g_autoptr(GError) problem = NULL;

  if (!practice_lambda_check_settings (provision->practice, provision->properties, &problem))
    return practice_provision_refuse_error (provision, error, "Lambda", practice_fault_get_status (problem), problem);

  /* Code that was uploaded since is gone with the template's next code */
  if (provision->previous &&
      !json_node_equal (json_object_get_member (provision->previous, "Code"), json_object_get_member (provision->properties, "Code")) &&
      !practice_lambda_code_forget (provision->practice, provision->region, provision->id, error))
    return FALSE;

  practice_provision_set (provision, "Arn", arn);
  practice_provision_set (provision, "revision", revision);
  practice_provision_set (provision, "modified", now);

  return save (provision, FUNCTION_TYPE, error);
}

static gboolean
create_function (PracticeProvision  *provision,
                 GError            **error)
{
  g_autoptr(PracticeResource) known = NULL;

  provision->id = practice_provision_name (provision, "FunctionName", 64, FALSE);
  if ((known = practice_lambda_lookup (provision->practice, provision->region, provision->id)))
    return refuse_lambda (provision, error, 409, "Function already exist: %s", provision->id);

  return put_function (provision, error);
}

static gboolean
delete_function (PracticeProvision  *provision,
                 GError            **error)
{
  return practice_lambda_code_forget (provision->practice, provision->region, provision->id, error) &&
         drop (provision, FUNCTION_TYPE, error);
}

static gboolean
create_permission (PracticeProvision  *provision,
                   GError            **error)
{
  g_autoptr(PracticeResource) function = practice_lambda_lookup (provision->practice, provision->region, get (provision, "FunctionName"));

  if (function == NULL)
    return refuse_lambda (provision, error, 404, "Function not found: %s", get (provision, "FunctionName"));
  if (!g_regex_match_simple ("^(lambda:[*]|lambda:[a-zA-Z]+|[*])$", get (provision, "Action"), G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return refuse_lambda (provision, error, 400, "1 validation error detected: Value '%s' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])", get (provision, "Action"));

  provision->id = practice_provision_name (provision, "Id", 100, FALSE);
  practice_provision_set (provision, "Id", provision->id);

  return save (provision, PERMISSION_TYPE, error);
}

static gboolean
delete_permission (PracticeProvision  *provision,
                   GError            **error)
{
  return drop (provision, PERMISSION_TYPE, error);
}

/* ---- event source mappings ---- */

static gboolean
check_filters (PracticeProvision  *provision,
               GError            **error)
{
  JsonObject *criteria = aws_json_get_object (provision->properties, "FilterCriteria");
  JsonArray *filters = criteria ? aws_json_get_array (criteria, "Filters") : NULL;

  if (filters && json_array_get_length (filters) > 5)
    return refuse_lambda (provision, error, 400, "A maximum of 5 filters can be defined per event source mapping.");

  for (guint i = 0; filters && i < json_array_get_length (filters); i++)
    {
      const char *pattern = practice_property_string (aws_json_array_get_object (filters, i), "Pattern");
      g_autoptr(GError) problem = NULL;

      if (pattern && !practice_filter_check (pattern, &problem))
        return refuse_lambda (provision, error, 400, "Invalid filter pattern definition. %s", problem->message);
    }

  return TRUE;
}

static gboolean
check_mapping (PracticeProvision  *provision,
               PracticeResource   *function,
               GError            **error)
{
  static const char *actions[] = { "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams" };
  const char *source = get (provision, "EventSourceArn");
  gint64 age = practice_property_int (provision->properties, "MaximumRecordAgeInSeconds", -1);

  if (source == NULL || !practice_stream_exists (provision->practice, source))
    return refuse_lambda (provision, error, 400, "Unrecognized event source, must be the stream of a DynamoDB table: %s", source ? source : "");
  if (get (provision, "StartingPosition") == NULL)
    return refuse_lambda (provision, error, 400, "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.");
  if (g_str_equal (get (provision, "StartingPosition"), "AT_TIMESTAMP"))
    return refuse_lambda (provision, error, 400, "Unsupported starting position for DynamoDB event source. Please use TRIM_HORIZON or LATEST.");
  if (age != -1 && (age < 60 || age > 604800))
    return refuse_lambda (provision, error, 400, "MaximumRecordAgeInSeconds must be -1 or from 60 to 604800.");

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (!practice_role_allows (provision->practice, practice_property_string (function->properties, "Role"), actions[i], source))
      return refuse_lambda (provision, error, 400, "Cannot access stream %s. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.", source);

  return check_filters (provision, error);
}

static gboolean
put_mapping (PracticeProvision  *provision,
             GError            **error)
{
  g_autoptr(PracticeResource) function = practice_lambda_lookup (provision->practice, provision->region, get (provision, "FunctionName"));
  g_autofree char *arn = NULL;

  if (function == NULL)
    return refuse_lambda (provision, error, 404, "Function does not exist: %s", get (provision, "FunctionName"));
  if (!check_mapping (provision, function, error))
    return FALSE;

  if (provision->id == NULL)
    {
      provision->id = practice_uuid ();
      if (!practice_stream_start_mapping (provision->practice, provision->id, get (provision, "EventSourceArn"),
                                          g_str_equal (get (provision, "StartingPosition"), "LATEST"), error))
        return FALSE;
    }
  arn = g_strdup_printf ("arn:aws:lambda:%s:%s:event-source-mapping:%s", provision->region, provision->practice->account, provision->id);
  practice_provision_set (provision, "Id", provision->id);
  practice_provision_set (provision, "EventSourceMappingArn", arn);

  return save (provision, PRACTICE_MAPPING_TYPE, error);
}

static gboolean
delete_mapping (PracticeProvision  *provision,
                GError            **error)
{
  return practice_stream_end_mapping (provision->practice, provision->id, error) && drop (provision, PRACTICE_MAPPING_TYPE, error);
}

/* ---- HTTP APIs ---- */

static gboolean
refuse_api (PracticeProvision  *provision,
            GError            **error,
            guint               status,
            const char         *format,
            ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  return practice_provision_refuse (provision, error, "AmazonApiGatewayV2", status, "%s", text);
}

static gboolean
put_api (PracticeProvision  *provision,
         GError            **error)
{
  g_autofree char *endpoint = NULL;

  if (get (provision, "Name") == NULL || get (provision, "ProtocolType") == NULL)
    return refuse_api (provision, error, 400, "Name and ProtocolType must be specified");
  if (!g_str_equal (get (provision, "ProtocolType"), "HTTP"))
    return refuse_api (provision, error, 400, "The practice cloud has HTTP APIs only");

  if (provision->id == NULL)
    provision->id = practice_random_id (10, LOWER_AND_DIGITS);
  endpoint = g_strdup_printf ("https://%s.execute-api.%s.amazonaws.com", provision->id, provision->region);
  practice_provision_set (provision, "ApiId", provision->id);
  practice_provision_set (provision, "ApiEndpoint", endpoint);

  return save (provision, API_TYPE, error);
}

static gboolean
delete_api (PracticeProvision  *provision,
            GError            **error)
{
  return drop (provision, API_TYPE, error);
}

static gboolean
check_api (PracticeProvision  *provision,
           GError            **error)
{
  g_autoptr(PracticeResource) api = practice_resource_lookup (provision->practice, API_TYPE, provision->region, get (provision, "ApiId"));

  return api != NULL || refuse_api (provision, error, 404, "Invalid API identifier specified %s:%s", provision->practice->account, get (provision, "ApiId"));
}

/* What belongs to an API is kept as "<api>/<own id>", so that it can be found by either. */
static char *
member_id (PracticeProvision *provision,
           const char        *id)
{
  return g_strdup_printf ("%s/%s", get (provision, "ApiId"), id);
}

static gboolean
put_stage (PracticeProvision  *provision,
           GError            **error)
{
  const char *name = get (provision, "StageName");
  g_autofree char *key = member_id (provision, name);
  g_autoptr(PracticeResource) known = NULL;

  if (!check_api (provision, error))
    return FALSE;
  if (!g_regex_match_simple ("^(\\$default|[a-zA-Z0-9_-]+)$", name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return refuse_api (provision, error, 400, "Stage name only allows a-zA-Z0-9_- or $default");
  if (provision->id == NULL && (known = practice_resource_lookup (provision->practice, STAGE_TYPE, provision->region, key)))
    return refuse_api (provision, error, 409, "Stage already exists");
  if (!practice_property_bool (provision->properties, "AutoDeploy", FALSE))
    return refuse_api (provision, error, 400, "The practice cloud has stages with AutoDeploy only");

  g_set_str (&provision->id, name);
  practice_provision_set (provision, "Id", name);

  return practice_resource_put (provision->practice, STAGE_TYPE, provision->region, key, provision->properties, provision->attributes, error);
}

static gboolean
put_integration (PracticeProvision  *provision,
                 GError            **error)
{
  g_autofree char *key = NULL;
  const char *uri = get (provision, "IntegrationUri");
  g_autoptr(PracticeResource) function = NULL;

  if (!check_api (provision, error))
    return FALSE;
  if (!g_str_equal (get (provision, "IntegrationType"), "AWS_PROXY"))
    return refuse_api (provision, error, 400, "The practice cloud has integrations of the type AWS_PROXY only");
  if (uri == NULL || !(function = practice_lambda_lookup (provision->practice, provision->region, uri)))
    return refuse_api (provision, error, 400, "Invalid integration URI specified");
  if (g_strcmp0 (get (provision, "PayloadFormatVersion"), "2.0") != 0)
    return refuse_api (provision, error, 400, get (provision, "PayloadFormatVersion") ? "The practice cloud has the payload format 2.0 only"
                                                                                     : "PayloadFormatVersion is a required parameter for integration");

  if (provision->id == NULL)
    provision->id = practice_random_id (7, LOWER_AND_DIGITS);
  key = member_id (provision, provision->id);
  practice_provision_set (provision, "IntegrationId", provision->id);

  return practice_resource_put (provision->practice, INTEGRATION_TYPE, provision->region, key, provision->properties, provision->attributes, error);
}

static gboolean
check_route (PracticeProvision  *provision,
             GError            **error)
{
  const char *target = get (provision, "Target");
  g_autoptr(GPtrArray) routes = practice_resource_list (provision->practice, ROUTE_TYPE, provision->region);
  g_autofree char *own = provision->id ? member_id (provision, provision->id) : NULL;

  if (!g_regex_match_simple ("^(\\$default|(ANY|GET|HEAD|OPTIONS|PUT|POST|PATCH|DELETE) /[^ ]*)$", get (provision, "RouteKey"), G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return refuse_api (provision, error, 400, "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"");
  if (g_strcmp0 (get (provision, "AuthorizationType"), "NONE") != 0 && get (provision, "AuthorizationType"))
    return refuse_api (provision, error, 400, "The practice cloud has routes without authorization only");

  for (guint i = 0; i < routes->len; i++)
    {
      PracticeResource *other = g_ptr_array_index (routes, i);

      if (g_str_equal (practice_property_string (other->properties, "ApiId"), get (provision, "ApiId")) &&
          g_str_equal (practice_property_string (other->properties, "RouteKey"), get (provision, "RouteKey")) &&
          g_strcmp0 (other->id, own) != 0)
        return refuse_api (provision, error, 409, "Route with key %s already exists for this API", get (provision, "RouteKey"));
    }

  if (target)
    {
      g_autofree char *key = g_str_has_prefix (target, "integrations/") ? member_id (provision, target + strlen ("integrations/")) : NULL;
      g_autoptr(PracticeResource) integration = key ? practice_resource_lookup (provision->practice, INTEGRATION_TYPE, provision->region, key) : NULL;

      if (integration == NULL)
        return refuse_api (provision, error, 404, "Invalid Integration identifier specified");
    }

  return TRUE;
}

static gboolean
put_route (PracticeProvision  *provision,
           GError            **error)
{
  g_autofree char *key = NULL;

  if (!check_api (provision, error) || !check_route (provision, error))
    return FALSE;

  if (provision->id == NULL)
    provision->id = practice_random_id (7, LOWER_AND_DIGITS);
  key = member_id (provision, provision->id);
  practice_provision_set (provision, "RouteId", provision->id);

  return practice_resource_put (provision->practice, ROUTE_TYPE, provision->region, key, provision->properties, provision->attributes, error);
}

static gboolean
drop_member (PracticeProvision  *provision,
             const char         *type,
             GError            **error)
{
  g_autofree char *key = member_id (provision, provision->id);

  return practice_resource_remove (provision->practice, type, provision->region, key, error);
}

static gboolean
delete_stage (PracticeProvision  *provision,
              GError            **error)
{
  return drop_member (provision, STAGE_TYPE, error);
}

static gboolean
delete_integration (PracticeProvision  *provision,
                    GError            **error)
{
  return drop_member (provision, INTEGRATION_TYPE, error);
}

static gboolean
delete_route (PracticeProvision  *provision,
              GError            **error)
{
  return drop_member (provision, ROUTE_TYPE, error);
}

const PracticeResourceHandler practice_compute_handlers[] = {
  { "AWS::IAM::Role", 10, create_role, put_role, delete_role },
  { FUNCTION_TYPE, 8, create_function, put_function, delete_function },
  { PERMISSION_TYPE, 5, create_permission, NULL, delete_permission },
  { PRACTICE_MAPPING_TYPE, 10, put_mapping, put_mapping, delete_mapping },
  { API_TYPE, 5, put_api, put_api, delete_api },
  { STAGE_TYPE, 3, put_stage, put_stage, delete_stage },
  { INTEGRATION_TYPE, 3, put_integration, put_integration, delete_integration },
  { ROUTE_TYPE, 3, put_route, put_route, delete_route },
  { NULL, }
};
