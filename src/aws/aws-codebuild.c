/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-codebuild.h"

#include "aws-document.h"
#include "aws-operations-private.h"

static const AwsShape batch_get_builds_input[] = {
  { "ids", AWS_LIST_OF ({ NULL }), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape phase_context_members[] = {
  { "statusCode" },
  { "message" },
  { NULL }
};

static const AwsShape phase_members[] = {
  { "phaseType" },
  { "phaseStatus" },
  { "startTime", AWS_SHAPE_TIMESTAMP },
  { "endTime", AWS_SHAPE_TIMESTAMP },
  { "durationInSeconds", AWS_SHAPE_INTEGER },
  { "contexts", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (phase_context_members) }) },
  { NULL }
};

static const AwsShape logs_members[] = {
  { "groupName" },
  { "streamName" },
  { "deepLink" },
  { NULL }
};

static const AwsShape exported_variable_members[] = {
  { "name" },
  { "value" },
  { NULL }
};

static const AwsShape build_members[] = {
  { "id" },
  { "arn" },
  { "buildNumber", AWS_SHAPE_INTEGER },
  { "startTime", AWS_SHAPE_TIMESTAMP },
  { "endTime", AWS_SHAPE_TIMESTAMP },
  { "currentPhase" },
  { "buildStatus" },
  { "sourceVersion" },
  { "resolvedSourceVersion" },
  { "projectName" },
  { "phases", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (phase_members) }) },
  { "logs", AWS_STRUCTURE (logs_members) },
  { "buildComplete", AWS_SHAPE_BOOLEAN },
  { "initiator" },
  { "exportedEnvironmentVariables", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (exported_variable_members) }) },
  { NULL }
};

static const AwsShape batch_get_builds_output[] = {
  { "builds", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (build_members) }) },
  { "buildsNotFound", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsOperation batch_get_builds = {
  "codebuild", "BatchGetBuilds", .input = batch_get_builds_input, .output = batch_get_builds_output,
  .pages = { "builds" },
};

static const AwsShape variable_members[] = {
  { "name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "type" },
  { NULL }
};

static const AwsShape start_build_input[] = {
  { "projectName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "sourceVersion" },
  { "environmentVariablesOverride", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (variable_members) }) },
  { "buildspecOverride" },
  { "idempotencyToken" },
  { NULL }
};

static const AwsShape start_build_output[] = {
  { "build", AWS_STRUCTURE (build_members) },
  { NULL }
};

static const AwsOperation start_build = {
  "codebuild", "StartBuild", .input = start_build_input, .output = start_build_output,
};

static const AwsShape stop_build_input[] = {
  { "id", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape stop_build_output[] = {
  { "build", AWS_STRUCTURE (build_members) },
  { NULL }
};

static const AwsOperation stop_build = {
  "codebuild", "StopBuild", .input = stop_build_input, .output = stop_build_output,
};

static const AwsShape list_builds_for_project_input[] = {
  { "projectName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "sortOrder" },
  { "nextToken" },
  { NULL }
};

static const AwsShape list_builds_for_project_output[] = {
  { "ids", AWS_LIST_OF ({ NULL }) },
  { "nextToken" },
  { NULL }
};

static const AwsOperation list_builds_for_project = {
  "codebuild", "ListBuildsForProject", .input = list_builds_for_project_input,
  .output = list_builds_for_project_output, .pages = { "ids", "nextToken" },
};

static const AwsShape batch_get_projects_input[] = {
  { "names", AWS_LIST_OF ({ NULL }), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape source_members[] = {
  { "type" },
  { "location" },
  { "buildspec" },
  { NULL }
};

static const AwsShape environment_members[] = {
  { "type" },
  { "image" },
  { "computeType" },
  { NULL }
};

static const AwsShape project_members[] = {
  { "name" },
  { "arn" },
  { "description" },
  { "source", AWS_STRUCTURE (source_members) },
  { "environment", AWS_STRUCTURE (environment_members) },
  { "serviceRole" },
  { "timeoutInMinutes", AWS_SHAPE_INTEGER },
  { "created", AWS_SHAPE_TIMESTAMP },
  { "lastModified", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape batch_get_projects_output[] = {
  { "projects", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (project_members) }) },
  { "projectsNotFound", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsOperation batch_get_projects = {
  "codebuild", "BatchGetProjects", .input = batch_get_projects_input, .output = batch_get_projects_output,
  .pages = { "projects" },
};

const AwsOperation * const aws_codebuild_operations[] = {
  &batch_get_builds,
  &start_build,
  &stop_build,
  &list_builds_for_project,
  &batch_get_projects,
  NULL
};

AWS_DEFINE_DOCUMENT (AwsBuild, aws_build)

/**
 * aws_build_get_id:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): its id, `project:number`
 */
AWS_DOCUMENT_STRING (AwsBuild, aws_build, id, "id")

/**
 * aws_build_get_arn:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsBuild, aws_build, arn, "arn")

/**
 * aws_build_get_number:
 * @self: a build
 *
 * Returns: which run of the project it is, from 1
 */
AWS_DOCUMENT_INT (AwsBuild, aws_build, number, "buildNumber")

/**
 * aws_build_get_project:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): the name of its project
 */
AWS_DOCUMENT_STRING (AwsBuild, aws_build, project, "projectName")

/**
 * aws_build_get_status:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): `IN_PROGRESS`, `SUCCEEDED`, `FAILED`, `FAULT`, `TIMED_OUT` or `STOPPED`
 */
AWS_DOCUMENT_STRING (AwsBuild, aws_build, status, "buildStatus")

/**
 * aws_build_get_phase:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): where it is, like `BUILD`
 */
AWS_DOCUMENT_STRING (AwsBuild, aws_build, phase, "currentPhase")

/**
 * aws_build_get_complete:
 * @self: a build
 *
 * Returns: whether it has ended
 */
AWS_DOCUMENT_BOOL (AwsBuild, aws_build, complete, "buildComplete")

/**
 * aws_build_dup_started:
 * @self: a build
 *
 * Returns: (transfer full) (nullable): when it began
 */
AWS_DOCUMENT_TIME (AwsBuild, aws_build, started, "startTime")

/**
 * aws_build_dup_ended:
 * @self: a build
 *
 * Returns: (transfer full) (nullable): when it ended
 */
AWS_DOCUMENT_TIME (AwsBuild, aws_build, ended, "endTime")

/**
 * aws_build_get_source_version:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): the commit that was built
 */
AWS_DOCUMENT_STRING (AwsBuild, aws_build, source_version, "resolvedSourceVersion")

/**
 * aws_build_get_initiator:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): who started it
 */
AWS_DOCUMENT_STRING (AwsBuild, aws_build, initiator, "initiator")

/**
 * aws_build_get_log_group:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): the group of its log
 */
AWS_DOCUMENT_INNER_STRING (AwsBuild, aws_build, log_group, "logs", "groupName")

/**
 * aws_build_get_log_stream:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): the stream of its log
 */
AWS_DOCUMENT_INNER_STRING (AwsBuild, aws_build, log_stream, "logs", "streamName")

/**
 * aws_build_get_log_link:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): the page of the console with its log
 */
AWS_DOCUMENT_INNER_STRING (AwsBuild, aws_build, log_link, "logs", "deepLink")

/**
 * aws_build_dup_phases:
 * @self: a build
 *
 * Returns: (transfer full) (element-type AwsBuildPhase): what it did, in order
 */
AWS_DOCUMENT_LIST (AwsBuild, aws_build, phases, "phases")

AWS_DEFINE_DOCUMENT (AwsBuildPhase, aws_build_phase)

/**
 * aws_build_phase_get_name:
 * @self: a phase
 *
 * Returns: (transfer none) (nullable): like `INSTALL`
 */
AWS_DOCUMENT_STRING (AwsBuildPhase, aws_build_phase, name, "phaseType")

/**
 * aws_build_phase_get_status:
 * @self: a phase
 *
 * Returns: (transfer none) (nullable): how it went, as of the build; nothing while it runs
 */
AWS_DOCUMENT_STRING (AwsBuildPhase, aws_build_phase, status, "phaseStatus")

/**
 * aws_build_phase_dup_started:
 * @self: a phase
 *
 * Returns: (transfer full) (nullable): when it began
 */
AWS_DOCUMENT_TIME (AwsBuildPhase, aws_build_phase, started, "startTime")

/**
 * aws_build_phase_dup_ended:
 * @self: a phase
 *
 * Returns: (transfer full) (nullable): when it ended
 */
AWS_DOCUMENT_TIME (AwsBuildPhase, aws_build_phase, ended, "endTime")

/**
 * aws_build_phase_get_seconds:
 * @self: a phase
 *
 * Returns: how long it took
 */
AWS_DOCUMENT_INT (AwsBuildPhase, aws_build_phase, seconds, "durationInSeconds")

AWS_DEFINE_DOCUMENT (AwsBuildProject, aws_build_project)

/**
 * aws_build_project_get_name:
 * @self: a project
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsBuildProject, aws_build_project, name, "name")

/**
 * aws_build_project_get_arn:
 * @self: a project
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsBuildProject, aws_build_project, arn, "arn")

/**
 * aws_build_project_get_description:
 * @self: a project
 *
 * Returns: (transfer none) (nullable): what it is for
 */
AWS_DOCUMENT_STRING (AwsBuildProject, aws_build_project, description, "description")

/**
 * aws_build_project_get_source_type:
 * @self: a project
 *
 * Returns: (transfer none) (nullable): where the source comes from, like `CODEPIPELINE`
 */
AWS_DOCUMENT_INNER_STRING (AwsBuildProject, aws_build_project, source_type, "source", "type")

/**
 * aws_build_project_get_buildspec:
 * @self: a project
 *
 * Returns: (transfer none) (nullable): the commands, or the file in the source that has them
 */
AWS_DOCUMENT_INNER_STRING (AwsBuildProject, aws_build_project, buildspec, "source", "buildspec")

/**
 * aws_build_project_get_image:
 * @self: a project
 *
 * Returns: (transfer none) (nullable): what it runs in
 */
AWS_DOCUMENT_INNER_STRING (AwsBuildProject, aws_build_project, image, "environment", "image")

/**
 * aws_build_project_get_compute_type:
 * @self: a project
 *
 * Returns: (transfer none) (nullable): the size of the computer
 */
AWS_DOCUMENT_INNER_STRING (AwsBuildProject, aws_build_project, compute_type, "environment", "computeType")

/**
 * aws_build_project_get_role:
 * @self: a project
 *
 * Returns: (transfer none) (nullable): the ARN of the role that it runs as
 */
AWS_DOCUMENT_STRING (AwsBuildProject, aws_build_project, role, "serviceRole")

/**
 * aws_build_project_get_timeout:
 * @self: a project
 *
 * Returns: the longest time of a build, in minutes
 */
AWS_DOCUMENT_INT (AwsBuildProject, aws_build_project, timeout, "timeoutInMinutes")

/**
 * aws_build_project_dup_created:
 * @self: a project
 *
 * Returns: (transfer full) (nullable): when it was made
 */
AWS_DOCUMENT_TIME (AwsBuildProject, aws_build_project, created, "created")

/**
 * aws_build_project_dup_changed:
 * @self: a project
 *
 * Returns: (transfer full) (nullable): when it was changed
 */
AWS_DOCUMENT_TIME (AwsBuildProject, aws_build_project, changed, "lastModified")

/**
 * aws_build_get_variable:
 * @self: a build
 * @name: the name of a variable that the build exports
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_build_get_variable (AwsBuild   *self,
                        const char *name)
{
  JsonArray *variables;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  variables = aws_json_get_array (self->document.object, "exportedEnvironmentVariables");
  for (guint i = 0; variables != NULL && i < json_array_get_length (variables); i++)
    {
      JsonObject *each = aws_json_array_get_object (variables, i);

      if (g_strcmp0 (aws_json_get_string (each, "name"), name) == 0)
        return aws_json_get_string (each, "value");
    }

  return NULL;
}

/**
 * aws_build_phase_get_code:
 * @self: a phase
 *
 * Returns: (transfer none) (nullable): the code of what went wrong, like `COMMAND_EXECUTION_ERROR`
 */
const char *
aws_build_phase_get_code (AwsBuildPhase *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (aws_json_array_get_object (aws_json_get_array (self->document.object, "contexts"), 0), "statusCode");
}

/**
 * aws_build_phase_get_message:
 * @self: a phase
 *
 * Returns: (transfer none) (nullable): what went wrong, in the words of the service
 */
const char *
aws_build_phase_get_message (AwsBuildPhase *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (aws_json_array_get_object (aws_json_get_array (self->document.object, "contexts"), 0), "message");
}

static DexFuture *
collect_ids (DexFuture *completed,
             gpointer   user_data)
{
  JsonArray *array = g_value_get_boxed (dex_future_get_value (completed, NULL));
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *id = aws_json_array_get_string (array, i);

      if (id != NULL)
        g_strv_builder_add (builder, id);
    }

  return dex_future_new_take_boxed (G_TYPE_STRV, g_strv_builder_end (builder));
}

/**
 * aws_codebuild_batch_get_builds:
 * @client: the client
 * @ids: the ids of 1 to 100 builds
 *
 * Asks for builds. Those that are not there are left out.
 *
 * Returns: a future of a `GPtrArray` of [struct@Build]
 */
DexFuture *
aws_codebuild_batch_get_builds (AwsClient          *client,
                                const char * const *ids)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (ids != NULL && ids[0] != NULL);

  input = json_object_new ();
  aws_input_set_strings (input, "ids", ids);

  return aws_operation_call_documents (&batch_get_builds, client, input, AWS_TYPE_BUILD);
}

/**
 * aws_codebuild_start_build:
 * @client: the client
 * @project: the name of a project
 * @token: (nullable): at most 64 characters; a second call with the same one within five minutes starts no second
 *   build
 * @source_version: (nullable): what to build, like a commit or a branch
 * @buildspec: (nullable): commands instead of those of the project
 * @variables: (nullable) (element-type utf8 utf8): variables of the environment besides those of the project
 *
 * Starts a build. Fresh accounts may not run any: `AccountLimitExceededException`.
 *
 * Returns: a future of an [struct@Build]
 */
DexFuture *
aws_codebuild_start_build (AwsClient  *client,
                           const char *project,
                           const char *token,
                           const char *source_version,
                           const char *buildspec,
                           GHashTable *variables)
{
  JsonObject *input;
  JsonArray *overrides;
  GHashTableIter iter;
  gpointer name, value;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (project != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "projectName", project);
  aws_input_set_string (input, "idempotencyToken", token);
  aws_input_set_string (input, "sourceVersion", source_version);
  aws_input_set_string (input, "buildspecOverride", buildspec);

  if (variables != NULL)
    {
      overrides = json_array_new ();
      g_hash_table_iter_init (&iter, variables);
      while (g_hash_table_iter_next (&iter, &name, &value))
        {
          JsonObject *each = json_object_new ();

          aws_input_set_string (each, "name", name);
          aws_input_set_string (each, "value", value);
          aws_input_set_string (each, "type", "PLAINTEXT");
          json_array_add_object_element (overrides, each);
        }
      json_object_set_array_member (input, "environmentVariablesOverride", overrides);
    }

  return aws_operation_call_document (&start_build, client, input, AWS_TYPE_BUILD, "build");
}

/**
 * aws_codebuild_stop_build:
 * @client: the client
 * @id: the id of a build
 *
 * Stops a build.
 *
 * Returns: a future of an [struct@Build]
 */
DexFuture *
aws_codebuild_stop_build (AwsClient  *client,
                          const char *id)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "id", id);

  return aws_operation_call_document (&stop_build, client, input, AWS_TYPE_BUILD, "build");
}

/**
 * aws_codebuild_list_builds_for_project:
 * @client: the client
 * @project: the name of a project
 *
 * Lists the builds of a project, the newest first, all pages.
 *
 * Returns: a future of a `GStrv` of ids
 */
DexFuture *
aws_codebuild_list_builds_for_project (AwsClient  *client,
                                       const char *project)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (project != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "projectName", project);
  aws_input_set_string (input, "sortOrder", "DESCENDING");

  return dex_future_then (aws_operation_call_pages (&list_builds_for_project, client, input), collect_ids, NULL, NULL);
}

/**
 * aws_codebuild_batch_get_projects:
 * @client: the client
 * @names: the names of 1 to 100 projects
 *
 * Asks for projects. Those that are not there are left out.
 *
 * Returns: a future of a `GPtrArray` of [struct@BuildProject]
 */
DexFuture *
aws_codebuild_batch_get_projects (AwsClient          *client,
                                  const char * const *names)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (names != NULL && names[0] != NULL);

  input = json_object_new ();
  aws_input_set_strings (input, "names", names);

  return aws_operation_call_documents (&batch_get_projects, client, input, AWS_TYPE_BUILD_PROJECT);
}
