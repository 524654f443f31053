/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-codebuild.h"
#include "porch-practice-codeconnections.h"
#include "porch-practice-codepipeline.h"
#include "porch-practice-s3.h"
#include "porch-practice-states.h"
#include "porch-practice-sts.h"

/* Actions that are known: sources in buckets, connections (which lead nowhere from here), builds, workflows, and the
 * approval of a person. All others fail and say so. */

typedef struct
{
  Practice         *practice;
  PracticeResource *pipeline;
  JsonObject       *configuration;
  JsonObject       *variables;
  const char       *run;
} Context;

void
practice_action_clear (PracticeAction *action)
{
  g_clear_pointer (&action->external_id, g_free);
  g_clear_pointer (&action->external_url, g_free);
  g_clear_pointer (&action->summary, g_free);
  g_clear_pointer (&action->revision, g_free);
  g_clear_pointer (&action->error_code, g_free);
  g_clear_pointer (&action->error_message, g_free);
  g_clear_pointer (&action->variables, json_object_unref);
}

static void
fail (PracticeAction *action,
      const char     *code,
      const char     *format,
      ...) G_GNUC_PRINTF (3, 4);

static void
fail (PracticeAction *action,
      const char     *code,
      const char     *format,
      ...)
{
  va_list args;

  g_free (action->error_code);
  g_free (action->error_message);
  va_start (args, format);
  action->error_message = g_strdup_vprintf (format, args);
  va_end (args);
  action->error_code = g_strdup (code);
  action->status = "Failed";
}

static gboolean
check_rights (Context        *context,
              PracticeAction *action,
              const char     *right,
              const char     *resource)
{
  const char *role = practice_property_string (context->pipeline->properties, "roleArn");

  if (practice_role_allows (context->practice, role, right, resource))
    return TRUE;

  fail (action, "PermissionError", "The provided role does not have the %s permission on %s", right, resource);

  return FALSE;
}

/* "#{build.LIVE}" becomes what the action with that namespace gave. */
static char *
resolve (Context    *context,
         const char *text)
{
  g_autoptr(GString) result = g_string_new (NULL);
  const char *begin, *end;

  while ((begin = strstr (text, "#{")) != NULL && (end = strchr (begin, '}')) != NULL)
    {
      g_autofree char *name = g_strndup (begin + 2, end - begin - 2);
      const char *value = g_str_equal (name, "codepipeline.PipelineExecutionId") ? context->run : aws_json_get_string (context->variables, name);

      g_string_append_len (result, text, begin - text);
      g_string_append (result, value != NULL ? value : "");
      text = end + 1;
    }
  g_string_append (result, text);

  return g_string_free (g_steal_pointer (&result), FALSE);
}

static const char *
get_setting (Context        *context,
             PracticeAction *action,
             const char     *name)
{
  const char *text = aws_json_get_string (context->configuration, name);

  if (text == NULL)
    fail (action, "ConfigurationError", "The action configuration is missing the required key '%s'", name);

  return text;
}

static void
begin_bucket_source (Context        *context,
                     PracticeAction *action)
{
  const char *bucket = get_setting (context, action, "S3Bucket");
  const char *key = bucket ? get_setting (context, action, "S3ObjectKey") : NULL;
  g_autofree char *resource = key ? g_strdup_printf ("arn:aws:s3:::%s/%s", bucket, key) : NULL;
  g_autoptr(PracticeObject) object = NULL;

  if (key == NULL || !check_rights (context, action, "s3:GetObject", resource))
    return;

  object = practice_s3_lookup (context->practice, bucket, key);
  if (object == NULL)
    {
      fail (action, "ConfigurationError", "The object with key '%s' was not found in the bucket '%s'", key, bucket);
      return;
    }

  action->status = "Succeeded";
  action->revision = g_strndup (object->etag + 1, strlen (object->etag) - 2);
  action->summary = g_strdup_printf ("Amazon S3 version id: %s", action->revision);
  action->variables = json_object_new ();
  json_object_set_string_member (action->variables, "BucketName", bucket);
  json_object_set_string_member (action->variables, "ObjectKey", key);
  json_object_set_string_member (action->variables, "ETag", action->revision);
}

static void
begin_connection_source (Context        *context,
                         PracticeAction *action)
{
  const char *arn = get_setting (context, action, "ConnectionArn");
  const char *repository = arn ? get_setting (context, action, "FullRepositoryId") : NULL;
  g_autofree char *status = NULL;

  if (repository == NULL || !check_rights (context, action, "codeconnections:UseConnection", arn))
    return;

  status = practice_connection_dup_status (context->practice, context->pipeline->region, arn);
  if (status == NULL)
    fail (action, "ConfigurationError", "The connection was not found: %s", arn);
  else if (!g_str_equal (status, "AVAILABLE"))
    fail (action, "ConfigurationError", "The connection is not available: %s. Finish it in the console first.", arn);
  else
    fail (action, "ConfigurationError", "The practice cloud has no way to the repository %s: it reaches nothing outside of this computer.", repository);
}

static void
begin_build (Context        *context,
             PracticeAction *action)
{
  const char *project = get_setting (context, action, "ProjectName");
  g_autofree char *resource = project ? g_strdup_printf ("arn:aws:codebuild:%s:%s:project/%s", context->pipeline->region, context->practice->account, project) : NULL;
  g_autofree char *initiator = g_strconcat ("codepipeline/", context->pipeline->id, NULL);
  g_autoptr(GError) error = NULL;

  if (project == NULL || !check_rights (context, action, "codebuild:StartBuild", resource))
    return;

  action->external_id = practice_codebuild_start (context->practice, context->pipeline->region, project, initiator, &error);
  if (action->external_id == NULL)
    {
      fail (action, "ConfigurationError", "Error calling startBuild: %s", error->message);
      return;
    }

  action->status = "InProgress";
  action->external_url = g_strdup_printf ("https://console.aws.amazon.com/codebuild/home?region=%s#/builds/%s/view/new", context->pipeline->region, action->external_id);
}

static void
look_at_build (Context        *context,
               PracticeAction *action)
{
  g_autoptr(JsonObject) build = practice_codebuild_describe (context->practice, context->pipeline->region, action->external_id);
  const char *status = practice_property_string (build, "buildStatus");

  if (g_strcmp0 (status, "IN_PROGRESS") == 0)
    return;

  fail (action, "JobFailed", "Build terminated with state: %s. Phase: PROVISIONING, Code: CLIENT_ERROR, Message: the practice cloud does not run builds",
        status ? status : "UNKNOWN");
}

static void
begin_workflow (Context        *context,
                PracticeAction *action)
{
  const char *arn = get_setting (context, action, "StateMachineArn");
  const char *input = aws_json_get_string (context->configuration, "Input");
  const char *prefix = aws_json_get_string (context->configuration, "ExecutionNamePrefix");
  g_autofree char *random = practice_uuid (), *name = NULL, *text = NULL;
  g_autoptr(GError) error = NULL;

  if (arn == NULL || !check_rights (context, action, "states:StartExecution", arn))
    return;
  if (g_strcmp0 (aws_json_get_string (context->configuration, "InputType"), "FilePath") == 0)
    {
      fail (action, "ConfigurationError", "The practice cloud takes the input of a workflow as it is only, not from a file");
      return;
    }

  name = prefix ? g_strdup_printf ("%s-%s", prefix, random) : g_strdup (random);
  text = input ? resolve (context, input) : g_strdup ("{}");
  action->external_id = practice_stepfunctions_start (context->practice, arn, name, text, &error);
  if (action->external_id == NULL)
    {
      fail (action, "ConfigurationError", "Error calling startExecution: %s", error->message);
      return;
    }

  action->status = "InProgress";
  action->variables = json_object_new ();
  json_object_set_string_member (action->variables, "ExecutionArn", action->external_id);
  json_object_set_string_member (action->variables, "StateMachineArn", arn);
}

static void
look_at_workflow (Context        *context,
                  PracticeAction *action)
{
  g_autofree char *cause = NULL, *status = practice_stepfunctions_dup_status (context->practice, action->external_id, &cause);

  if (g_strcmp0 (status, "RUNNING") == 0)
    return;
  if (g_strcmp0 (status, "SUCCEEDED") == 0)
    action->status = "Succeeded";
  else
    fail (action, "JobFailed", "The state machine execution ended with the status %s. %s", status ? status : "UNKNOWN", cause ? cause : "");
}

/* A person decides, with the token that the state of the pipeline shows. */
static void
begin_approval (Context        *context,
                PracticeAction *action)
{
  action->status = "InProgress";
  action->external_id = practice_uuid ();
}

static void
look_at_approval (Context        *context,
                  PracticeAction *action)
{
}

static const struct
{
  const char *category;
  const char *provider;
  void      (*begin) (Context *context, PracticeAction *action);
  void      (*look)  (Context *context, PracticeAction *action);
} kinds[] = {
  { "Source", "S3", begin_bucket_source, NULL },
  { "Source", "CodeStarSourceConnection", begin_connection_source, NULL },
  { "Build", "CodeBuild", begin_build, look_at_build },
  { "Test", "CodeBuild", begin_build, look_at_build },
  { "Invoke", "StepFunctions", begin_workflow, look_at_workflow },
  { "Approval", "Manual", begin_approval, look_at_approval },
};

static int
find_kind (JsonObject *declaration)
{
  JsonObject *type = aws_json_get_object (declaration, "actionTypeId");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].category, aws_json_get_string (type, "category")) == 0 &&
        g_strcmp0 (kinds[i].provider, aws_json_get_string (type, "provider")) == 0)
      return i;

  return -1;
}

void
practice_action_begin (Practice         *practice,
                       PracticeResource *pipeline,
                       JsonObject       *declaration,
                       JsonObject       *variables,
                       const char       *run,
                       PracticeAction   *action)
{
  Context context = { practice, pipeline, aws_json_get_object (declaration, "configuration"), variables, run };
  int kind = find_kind (declaration);

  if (kind >= 0)
    kinds[kind].begin (&context, action);
  else
    fail (action, "ConfigurationError", "The practice cloud has no actions of the provider %s",
          aws_json_get_string (aws_json_get_object (declaration, "actionTypeId"), "provider"));
}

void
practice_action_look (Practice         *practice,
                      PracticeResource *pipeline,
                      JsonObject       *declaration,
                      PracticeAction   *action)
{
  Context context = { practice, pipeline, aws_json_get_object (declaration, "configuration"), NULL, NULL };
  int kind = find_kind (declaration);

  if (kind >= 0 && kinds[kind].look != NULL)
    kinds[kind].look (&context, action);
}
