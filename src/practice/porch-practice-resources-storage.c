/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-dynamodb.h"
#include "porch-practice-fault.h"
#include "porch-practice-logs.h"
#include "porch-practice-resources.h"
#include "porch-practice-s3.h"

/* Buckets, their policies, tables and log groups. */

static const struct
{
  const char *property;
  const char *setting;
} bucket_settings[] = {
  { "PublicAccessBlockConfiguration", "public-access-block" },
  { "OwnershipControls", "ownership" },
  { "LifecycleConfiguration", "lifecycle" },
  { "BucketEncryption", "encryption" },
  { "VersioningConfiguration", "versioning" },
  { "CorsConfiguration", "cors" },
  { "Tags", "tags" },
};

static gboolean
refuse_s3 (PracticeProvision  *provision,
           const GError       *cause,
           GError            **error)
{
  guint status = g_error_matches (cause, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_EXISTS) ||
                 g_error_matches (cause, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_NOT_EMPTY) ? 409 : 400;

  return practice_provision_refuse_error (provision, error, "S3", status, cause);
}

static gboolean
set_bucket (PracticeProvision  *provision,
            GError            **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (bucket_settings); i++)
    {
      JsonNode *value = json_object_get_member (provision->properties, bucket_settings[i].property);
      g_autoptr(GError) problem = NULL;

      if (value == NULL && provision->previous == NULL)
        continue;
      if (!practice_s3_set_bucket_config (provision->practice, provision->id, bucket_settings[i].setting, value, &problem))
        return refuse_s3 (provision, problem, error);
    }

  return TRUE;
}

static char *
bucket_name (PracticeProvision *provision)
{
  const char *prefix = practice_property_string (provision->properties, "BucketNamePrefix");

  /* The namespace of the account puts its own end to the name */
  if (g_strcmp0 (practice_property_string (provision->properties, "BucketNamespace"), "account-regional") == 0 && prefix)
    return g_strdup_printf ("%s-%s-%s-an", prefix, provision->practice->account, provision->region);

  return practice_provision_name (provision, "BucketName", 63, TRUE);
}

static gboolean
create_bucket (PracticeProvision  *provision,
               GError            **error)
{
  g_autoptr(GError) problem = NULL;
  g_autofree char *arn = NULL, *domain = NULL, *dual = NULL, *regional = NULL, *website = NULL;

  provision->id = bucket_name (provision);
  if (!practice_s3_create_bucket (provision->practice, provision->id, provision->region, &problem))
    return refuse_s3 (provision, problem, error);

  arn = g_strdup_printf ("arn:aws:s3:::%s", provision->id);
  domain = g_strdup_printf ("%s.s3.amazonaws.com", provision->id);
  dual = g_strdup_printf ("%s.s3.dualstack.%s.amazonaws.com", provision->id, provision->region);
  regional = g_strdup_printf ("%s.s3.%s.amazonaws.com", provision->id, provision->region);
  website = g_strdup_printf ("http://%s.s3-website.%s.amazonaws.com", provision->id, provision->region);
  practice_provision_set (provision, "Arn", arn);
  practice_provision_set (provision, "DomainName", domain);
  practice_provision_set (provision, "DualStackDomainName", dual);
  practice_provision_set (provision, "RegionalDomainName", regional);
  practice_provision_set (provision, "WebsiteURL", website);

  return set_bucket (provision, error);
}

static gboolean
delete_bucket (PracticeProvision  *provision,
               GError            **error)
{
  g_autoptr(GError) problem = NULL;

  if (practice_s3_delete_bucket (provision->practice, provision->id, &problem) ||
      g_error_matches (problem, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_NO_SUCH_BUCKET))
    return TRUE;

  return refuse_s3 (provision, problem, error);
}

static gboolean
put_bucket_policy (PracticeProvision  *provision,
                   GError            **error)
{
  JsonNode *policy = json_object_get_member (provision->properties, "PolicyDocument");
  g_autoptr(GError) problem = NULL;

  if (provision->id == NULL)
    provision->id = g_strdup (practice_property_string (provision->properties, "Bucket"));
  if (!practice_s3_set_bucket_config (provision->practice, provision->id, "policy", policy, &problem))
    return refuse_s3 (provision, problem, error);

  return TRUE;
}

static gboolean
delete_bucket_policy (PracticeProvision  *provision,
                      GError            **error)
{
  if (practice_s3_bucket_exists (provision->practice, provision->id))
    practice_s3_set_bucket_config (provision->practice, provision->id, "policy", NULL, NULL);

  return TRUE;
}

/* ---- DynamoDB ---- */

static JsonObject *
call_dynamodb (PracticeProvision  *provision,
               const char         *operation,
               JsonObject         *input,
               GError            **error)
{
  g_autoptr(GError) problem = NULL;
  JsonObject *output = practice_dynamodb_call (provision->practice, provision->region, operation, input, NULL, &problem);

  if (output == NULL)
    practice_provision_refuse_error (provision, error, "DynamoDb", problem->domain == PRACTICE_FAULT ? practice_fault_get_status (problem) : 500, problem);

  return output;
}

static void
set_table_attributes (PracticeProvision *provision,
                      JsonObject        *description)
{
  const char *stream = aws_json_get_string (description, "LatestStreamArn");

  g_clear_pointer (&provision->attributes, json_object_unref);
  practice_provision_set (provision, "Arn", aws_json_get_string (description, "TableArn"));
  if (stream)
    practice_provision_set (provision, "StreamArn", stream);
}

static gboolean
create_table (PracticeProvision  *provision,
              GError            **error)
{
  g_autoptr(JsonObject) input = json_object_new ();
  g_autoptr(JsonObject) output = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  provision->id = practice_provision_name (provision, "TableName", 255, FALSE);
  json_object_iter_init (&iter, provision->properties);
  while (json_object_iter_next (&iter, &name, &value))
    json_object_set_member (input, name, json_node_ref (value));
  json_object_set_string_member (input, "TableName", provision->id);
  if (provision->tags && !json_object_has_member (input, "Tags"))
    json_object_set_array_member (input, "Tags", json_array_ref (provision->tags));

  if (!(output = call_dynamodb (provision, "CreateTable", input, error)))
    return FALSE;

  set_table_attributes (provision, aws_json_get_object (output, "TableDescription"));

  /* CloudFormation goes on only with an active table */
  return practice_db_run (provision->practice->db, error, "UPDATE dynamodb_tables SET active_from = created WHERE region = ? AND name = ?",
                          "ss", provision->region, provision->id);
}

static gboolean
update_ttl (PracticeProvision  *provision,
            GError            **error)
{
  JsonObject *before = aws_json_get_object (provision->previous, "TimeToLiveSpecification");
  JsonObject *after = aws_json_get_object (provision->properties, "TimeToLiveSpecification");
  gboolean was = practice_property_bool (before, "Enabled", FALSE);
  gboolean shall = practice_property_bool (after, "Enabled", FALSE);
  g_autoptr(JsonObject) input = json_object_new ();
  g_autoptr(JsonObject) output = NULL;

  if (was == shall)
    return TRUE;

  json_object_set_string_member (input, "TableName", provision->id);
  if (shall)
    {
      json_object_set_object_member (input, "TimeToLiveSpecification", json_object_ref (after));
    }
  else
    {
      JsonObject *off = json_object_new ();

      json_object_set_string_member (off, "AttributeName", practice_property_string (before, "AttributeName"));
      json_object_set_boolean_member (off, "Enabled", FALSE);
      json_object_set_object_member (input, "TimeToLiveSpecification", off);
    }
  output = call_dynamodb (provision, "UpdateTimeToLive", input, error);

  return output != NULL;
}

static gboolean
update_table (PracticeProvision  *provision,
              GError            **error)
{
  static const char *changeable[] = { "BillingMode", "ProvisionedThroughput", "SSESpecification", "TableClass", "DeletionProtectionEnabled" };
  g_autoptr(JsonObject) input = json_object_new ();
  g_autoptr(JsonObject) output = NULL;
  JsonObject *stream = aws_json_get_object (provision->properties, "StreamSpecification");
  JsonObject *asked = json_object_new ();

  json_object_set_string_member (input, "TableName", provision->id);
  for (guint i = 0; i < G_N_ELEMENTS (changeable); i++)
    if (json_object_has_member (provision->properties, changeable[i]))
      json_object_set_member (input, changeable[i], json_node_ref (json_object_get_member (provision->properties, changeable[i])));
  json_object_set_boolean_member (asked, "StreamEnabled", stream != NULL);
  if (stream)
    json_object_set_string_member (asked, "StreamViewType", practice_property_string (stream, "StreamViewType"));
  json_object_set_object_member (input, "StreamSpecification", asked);

  if (!update_ttl (provision, error) || !(output = call_dynamodb (provision, "UpdateTable", input, error)))
    return FALSE;

  set_table_attributes (provision, aws_json_get_object (output, "TableDescription"));

  return TRUE;
}

static gboolean
delete_table (PracticeProvision  *provision,
              GError            **error)
{
  g_autoptr(JsonObject) input = json_object_new ();
  g_autoptr(JsonObject) output = NULL;
  g_autoptr(GError) problem = NULL;

  json_object_set_string_member (input, "TableName", provision->id);
  output = practice_dynamodb_call (provision->practice, provision->region, "DeleteTable", input, NULL, &problem);
  if (output || g_error_matches (problem, PRACTICE_FAULT, PRACTICE_FAULT_RESOURCE_NOT_FOUND))
    return TRUE;

  return practice_provision_refuse_error (provision, error, "DynamoDb", 400, problem);
}

/* ---- log groups ---- */

static gboolean
put_log_group (PracticeProvision  *provision,
               GError            **error)
{
  g_autofree char *arn = NULL;

  if (provision->id == NULL)
    {
      provision->id = practice_provision_name (provision, "LogGroupName", 512, FALSE);
      if (practice_log_group_exists (provision->practice, provision->region, provision->id))
        return practice_provision_refuse (provision, error, "CloudWatchLogs", 400, "Resource of type 'AWS::Logs::LogGroup' with identifier '{\"/properties/LogGroupName\":\"%s\"}' already exists.", provision->id);
    }

  arn = g_strdup_printf ("arn:aws:logs:%s:%s:log-group:%s:*", provision->region, provision->practice->account, provision->id);
  practice_provision_set (provision, "Arn", arn);

  return practice_log_group_put (provision->practice, provision->region, provision->id,
                                 practice_property_int (provision->properties, "RetentionInDays", 0), error) &&
         practice_provision_save (provision, "AWS::Logs::LogGroup", FALSE, error);
}

static gboolean
delete_log_group (PracticeProvision  *provision,
                  GError            **error)
{
  return practice_log_group_delete (provision->practice, provision->region, provision->id, error) &&
         practice_resource_remove (provision->practice, "AWS::Logs::LogGroup", provision->region, provision->id, error);
}

const PracticeResourceHandler practice_storage_handlers[] = {
  { "AWS::S3::Bucket", 15, create_bucket, set_bucket, delete_bucket },
  { "AWS::S3::BucketPolicy", 2, put_bucket_policy, put_bucket_policy, delete_bucket_policy },
  { "AWS::DynamoDB::Table", 12, create_table, update_table, delete_table },
  { "AWS::Logs::LogGroup", 3, put_log_group, put_log_group, delete_log_group },
  { NULL, }
};
