/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-codepipeline.h"
#include "porch-practice-operations.h"
#include "porch-practice-sts.h"

/* CodePipeline: pipelines as they are declared, and what is known of their runs. */

static const char BAD[] = "ValidationException";

static char *
make_arn (Practice   *practice,
          const char *region,
          const char *name)
{
  return g_strdup_printf ("arn:aws:codepipeline:%s:%s:%s", region, practice->account, name);
}

/* The name is in a member that is called otherwise by each operation */
static PracticeResource *
require_pipeline (PracticeCall  *call,
                  JsonObject    *input,
                  const char    *member,
                  GError       **error)
{
  const char *name = practice_input_require (input, member, BAD, error);
  PracticeResource *pipeline = name ? practice_resource_lookup (call->practice, PRACTICE_PIPELINE_TYPE, call->region, name) : NULL;

  if (name != NULL && pipeline == NULL)
    practice_refuse_as (error, 400, "PipelineNotFoundException", "Account '%s' does not have a pipeline with name '%s'", call->practice->account, name);

  return pipeline;
}

/* ---- declarations ---- */

static gboolean
check_action (JsonObject  *action,
              gboolean     first_stage,
              GHashTable  *names,
              GError     **error)
{
  static const char * const members[] = { "category", "owner", "provider", "version" };
  JsonObject *type = aws_json_get_object (action, "actionTypeId");
  const char *name = aws_json_get_string (action, "name");
  gboolean source = g_strcmp0 (aws_json_get_string (type, "category"), "Source") == 0;

  if (name == NULL || !g_regex_match_simple ("^[A-Za-z0-9.@\\-_]{1,100}$", name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return practice_refuse_as (error, 400, "InvalidActionDeclarationException", "Action name is not valid: %s", name ? name : "null");
  if (!g_hash_table_add (names, (gpointer) name))
    return practice_refuse_as (error, 400, "InvalidActionDeclarationException", "Action names must be unique within a stage: %s", name);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (aws_json_get_string (type, members[i]) == NULL)
      return practice_refuse_as (error, 400, BAD, "1 validation error detected: Value null at 'actionTypeId.%s' failed to satisfy constraint: Member must not be null", members[i]);

  return source == first_stage ||
         practice_refuse_as (error, 400, "InvalidStructureException",
                             first_stage ? "Pipeline stage [first] should contain only source actions" : "Only the first stage of a pipeline may contain source actions: %s", name);
}

static gboolean
check_pipeline (PracticeCall  *call,
                JsonObject    *pipeline,
                GError       **error)
{
  const char *name = practice_input_require (pipeline, "name", BAD, error);
  const char *role = name ? practice_input_require (pipeline, "roleArn", BAD, error) : NULL;
  JsonArray *stages = aws_json_get_array (pipeline, "stages");

  if (role == NULL)
    return FALSE;
  if (!g_regex_match_simple ("^[A-Za-z0-9.@\\-_]{1,100}$", name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return practice_refuse_as (error, 400, BAD, "1 validation error detected: Value '%s' at 'pipeline.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9.@\\-_]+", name);
  if (!practice_role_trusts_service (call->practice, role, "codepipeline.amazonaws.com"))
    return practice_refuse_as (error, 400, "InvalidStructureException", "CodePipeline is not authorized to perform AssumeRole on role %s", role);
  if (stages == NULL || json_array_get_length (stages) < 2)
    return practice_refuse_as (error, 400, "InvalidStructureException", "Pipeline has only %u stage(s). There should be a minimum of 2 stages in a pipeline",
                               stages ? json_array_get_length (stages) : 0);
  if (aws_json_get_object (pipeline, "artifactStore") == NULL && aws_json_get_object (pipeline, "artifactStores") == NULL)
    return practice_refuse_as (error, 400, "InvalidStructureException", "Pipeline should have artifactStore or artifactStores set");

  for (guint i = 0; i < json_array_get_length (stages); i++)
    {
      JsonObject *stage = aws_json_array_get_object (stages, i);
      JsonArray *actions = aws_json_get_array (stage, "actions");
      g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

      if (aws_json_get_string (stage, "name") == NULL || actions == NULL || json_array_get_length (actions) == 0)
        return practice_refuse_as (error, 400, "InvalidStageDeclarationException", "Each stage must have a name and at least one action");
      for (guint j = 0; j < json_array_get_length (actions); j++)
        if (!check_action (aws_json_array_get_object (actions, j), i == 0, names, error))
          return FALSE;
    }

  return TRUE;
}

static gboolean
save_pipeline (PracticeCall  *call,
               JsonObject    *declaration,
               gint64         version,
               GError       **error)
{
  g_autoptr(JsonObject) attributes = json_object_new ();
  const char *name = aws_json_get_string (declaration, "name");
  g_autofree char *arn = make_arn (call->practice, call->region, name), *now = g_strdup_printf ("%" G_GINT64_FORMAT, practice_now ());

  json_object_set_int_member (declaration, "version", version);
  if (!json_object_has_member (declaration, "pipelineType"))
    json_object_set_string_member (declaration, "pipelineType", "V1");
  if (!json_object_has_member (declaration, "executionMode"))
    json_object_set_string_member (declaration, "executionMode", "SUPERSEDED");
  json_object_set_string_member (attributes, "Arn", arn);
  json_object_set_string_member (attributes, "updated", now);

  return practice_resource_put (call->practice, PRACTICE_PIPELINE_TYPE, call->region, name, declaration, attributes, error);
}

static JsonObject *
wrap_pipeline (JsonObject *declaration)
{
  JsonObject *output = json_object_new ();

  json_object_set_object_member (output, "pipeline", json_object_ref (declaration));

  return output;
}

static const char *
get_user (PracticeCall *call)
{
  return call->principal->arn;
}

static JsonObject *
create_pipeline (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  JsonObject *declaration = aws_json_get_object (input, "pipeline");
  g_autoptr(PracticeResource) known = NULL, made = NULL;
  g_autofree char *run = NULL;
  const char *name;

  if (declaration == NULL)
    {
      practice_refuse_as (error, 400, BAD, "1 validation error detected: Value null at 'pipeline' failed to satisfy constraint: Member must not be null");
      return NULL;
    }
  if (!check_pipeline (call, declaration, error))
    return NULL;

  name = aws_json_get_string (declaration, "name");
  known = practice_resource_lookup (call->practice, PRACTICE_PIPELINE_TYPE, call->region, name);
  if (known != NULL)
    {
      practice_refuse_as (error, 400, "PipelineNameInUseException", "A pipeline with the name '%s' already exists in account '%s'", name, call->practice->account);
      return NULL;
    }
  if (!save_pipeline (call, declaration, 1, error))
    return NULL;

  /* A new pipeline runs once by itself */
  made = practice_resource_lookup (call->practice, PRACTICE_PIPELINE_TYPE, call->region, name);
  run = practice_pipeline_start (call->practice, made, "CreatePipeline", get_user (call), NULL, error);

  return run ? wrap_pipeline (declaration) : NULL;
}

static JsonObject *
update_pipeline (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  JsonObject *declaration = aws_json_get_object (input, "pipeline");
  g_autoptr(JsonObject) empty = json_object_new ();
  g_autoptr(PracticeResource) known = require_pipeline (call, declaration ? declaration : empty, "name", error);

  return known != NULL && check_pipeline (call, declaration, error) &&
         save_pipeline (call, declaration, practice_property_int (known->properties, "version", 1) + 1, error) ? wrap_pipeline (declaration) : NULL;
}

static JsonObject *
get_pipeline (PracticeCall  *call,
              JsonObject    *input,
              GError       **error)
{
  g_autoptr(PracticeResource) pipeline = require_pipeline (call, input, "name", error);
  gint64 version = practice_property_int (input, "version", 0);
  JsonObject *output, *metadata;

  if (pipeline == NULL)
    return NULL;
  if (version != 0 && version != practice_property_int (pipeline->properties, "version", 1))
    {
      practice_refuse_as (error, 400, "PipelineVersionNotFoundException", "The practice cloud keeps the last version of the pipeline only");
      return NULL;
    }

  output = wrap_pipeline (pipeline->properties);
  metadata = json_object_new ();
  json_object_set_string_member (metadata, "pipelineArn", practice_property_string (pipeline->attributes, "Arn"));
  practice_set_time (metadata, "created", pipeline->created);
  practice_set_time (metadata, "updated", g_ascii_strtoll (practice_property_string (pipeline->attributes, "updated"), NULL, 10));
  json_object_set_object_member (output, "metadata", metadata);

  return output;
}

static JsonObject *
list_pipelines (PracticeCall  *call,
                JsonObject    *input,
                GError       **error)
{
  g_autoptr(GPtrArray) pipelines = practice_resource_list (call->practice, PRACTICE_PIPELINE_TYPE, call->region);
  JsonObject *output = json_object_new ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < pipelines->len; i++)
    {
      PracticeResource *pipeline = g_ptr_array_index (pipelines, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "name", pipeline->id);
      json_object_set_int_member (object, "version", practice_property_int (pipeline->properties, "version", 1));
      practice_set_time (object, "created", pipeline->created);
      json_array_add_object_element (list, object);
    }
  json_object_set_array_member (output, "pipelines", list);

  return output;
}

static JsonObject *
delete_pipeline (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  const char *name = practice_input_require (input, "name", BAD, error);

  return name != NULL && practice_resource_remove (call->practice, PRACTICE_PIPELINE_TYPE, call->region, name, error) ? json_object_new () : NULL;
}

/* ---- runs ---- */

#define SELECT_RUN "SELECT id, version, status, started, changed, trigger, detail, reason FROM pipeline_runs "

static JsonArray *
describe_revisions (PracticeCall *call,
                    const char   *run,
                    const char   *name_member)
{
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db,
                                                    "SELECT action, revision, summary FROM pipeline_actions WHERE run = ? AND revision IS NOT NULL ORDER BY seq", "s", run);
  JsonArray *revisions = json_array_new ();

  while (practice_rows_next (rows))
    {
      JsonObject *revision = json_object_new ();

      json_object_set_string_member (revision, name_member, practice_rows_text (rows, 0));
      json_object_set_string_member (revision, "revisionId", practice_rows_text (rows, 1));
      json_object_set_string_member (revision, "revisionSummary", practice_rows_text (rows, 2));
      json_array_add_object_element (revisions, revision);
    }

  return revisions;
}

static JsonObject *
describe_run (PracticeCall     *call,
              PracticeResource *pipeline,
              PracticeRows     *rows)
{
  JsonObject *run = json_object_new (), *trigger = json_object_new ();

  json_object_set_string_member (run, "pipelineExecutionId", practice_rows_text (rows, 0));
  json_object_set_string_member (run, "status", practice_rows_text (rows, 2));
  if (!practice_rows_is_null (rows, 7))
    json_object_set_string_member (run, "statusSummary", practice_rows_text (rows, 7));
  json_object_set_string_member (trigger, "triggerType", practice_rows_text (rows, 5));
  json_object_set_string_member (trigger, "triggerDetail", practice_rows_text (rows, 6));
  json_object_set_object_member (run, "trigger", trigger);
  json_object_set_string_member (run, "executionMode", practice_property_string (pipeline->properties, "executionMode"));
  json_object_set_string_member (run, "executionType", "STANDARD");

  return run;
}

static JsonObject *
list_pipeline_executions (PracticeCall  *call,
                          JsonObject    *input,
                          GError       **error)
{
  g_autoptr(PracticeResource) pipeline = require_pipeline (call, input, "pipelineName", error);
  g_autoptr(JsonObject) output = json_object_new ();
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *list = json_array_new ();
  guint begin, length, at = 0;

  json_object_set_array_member (output, "pipelineExecutionSummaries", list);
  if (pipeline == NULL || !practice_page_read (input, "nextToken", "maxResults", 100, "InvalidNextTokenException", &begin, &length, error))
    return NULL;

  rows = practice_db_query (call->practice->db, SELECT_RUN "WHERE region = ? AND pipeline = ? ORDER BY number DESC", "ss", call->region, pipeline->id);
  for (; practice_rows_next (rows); at++)
    {
      JsonObject *run;

      if (at < begin || at - begin >= length)
        continue;
      run = describe_run (call, pipeline, rows);
      practice_set_time (run, "startTime", practice_rows_int (rows, 3));
      practice_set_time (run, "lastUpdateTime", practice_rows_int (rows, 4));
      json_object_set_array_member (run, "sourceRevisions", describe_revisions (call, practice_rows_text (rows, 0), "actionName"));
      json_array_add_object_element (list, run);
    }
  practice_page_end (output, "nextToken", begin, length, at);

  return g_steal_pointer (&output);
}

/* Rows that stand at the run that an input names; %NULL and an error when there is none. */
static PracticeRows *
require_run (PracticeCall      *call,
             PracticeResource  *pipeline,
             const char        *id,
             GError           **error)
{
  PracticeRows *rows = practice_db_query (call->practice->db, SELECT_RUN "WHERE region = ? AND pipeline = ? AND id = ?", "sss", call->region, pipeline->id, id);

  if (practice_rows_next (rows))
    return rows;

  practice_rows_free (rows);
  practice_refuse_as (error, 400, "PipelineExecutionNotFoundException", "The pipeline execution with ID '%s' was not found for the pipeline '%s'", id, pipeline->id);

  return NULL;
}

static JsonObject *
get_pipeline_execution (PracticeCall  *call,
                        JsonObject    *input,
                        GError       **error)
{
  g_autoptr(PracticeResource) pipeline = require_pipeline (call, input, "pipelineName", error);
  const char *id = pipeline ? practice_input_require (input, "pipelineExecutionId", BAD, error) : NULL;
  g_autoptr(PracticeRows) rows = id ? require_run (call, pipeline, id, error) : NULL;
  JsonObject *output, *run;

  if (rows == NULL)
    return NULL;

  run = describe_run (call, pipeline, rows);
  json_object_set_string_member (run, "pipelineName", pipeline->id);
  json_object_set_int_member (run, "pipelineVersion", practice_rows_int (rows, 1));
  json_object_set_array_member (run, "artifactRevisions", describe_revisions (call, id, "name"));
  output = json_object_new ();
  json_object_set_object_member (output, "pipelineExecution", run);

  return output;
}

#define SELECT_ACTION "SELECT run, stage, action, id, pipeline_actions.status, pipeline_actions.started, pipeline_actions.changed, external_id, external_url, summary, " \
                      "  revision, error_code, error_message, pipeline_actions.variables FROM pipeline_actions "

static void
set_text (JsonObject   *object,
          const char   *name,
          PracticeRows *rows,
          int           column)
{
  if (!practice_rows_is_null (rows, column))
    json_object_set_string_member (object, name, practice_rows_text (rows, column));
}

static void
set_error (JsonObject   *object,
           PracticeRows *rows)
{
  JsonObject *details;

  if (practice_rows_is_null (rows, 11))
    return;

  details = json_object_new ();
  set_text (details, "code", rows, 11);
  set_text (details, "message", rows, 12);
  json_object_set_object_member (object, "errorDetails", details);
}

static JsonObject *
describe_step (PracticeRows *rows)
{
  JsonObject *step = json_object_new (), *output = json_object_new (), *result = json_object_new ();

  set_text (step, "pipelineExecutionId", rows, 0);
  set_text (step, "stageName", rows, 1);
  set_text (step, "actionName", rows, 2);
  set_text (step, "actionExecutionId", rows, 3);
  set_text (step, "status", rows, 4);
  practice_set_time (step, "startTime", practice_rows_int (rows, 5));
  practice_set_time (step, "lastUpdateTime", practice_rows_int (rows, 6));
  set_text (result, "externalExecutionId", rows, 7);
  set_text (result, "externalExecutionUrl", rows, 8);
  set_text (result, "externalExecutionSummary", rows, 9);
  set_error (result, rows);
  json_object_set_object_member (output, "executionResult", result);
  json_object_set_object_member (output, "outputVariables", practice_parse_object (practice_rows_text (rows, 13)));
  json_object_set_object_member (step, "output", output);

  return step;
}

static JsonObject *
list_action_executions (PracticeCall  *call,
                        JsonObject    *input,
                        GError       **error)
{
  g_autoptr(PracticeResource) pipeline = require_pipeline (call, input, "pipelineName", error);
  const char *id = aws_json_get_string (aws_json_get_object (input, "filter"), "pipelineExecutionId");
  g_autoptr(PracticeRows) run = pipeline && id ? require_run (call, pipeline, id, error) : NULL;
  g_autoptr(JsonObject) output = json_object_new ();
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *list = json_array_new ();
  guint begin, length, at = 0;

  json_object_set_array_member (output, "actionExecutionDetails", list);
  if (pipeline == NULL || (id != NULL && run == NULL) ||
      !practice_page_read (input, "nextToken", "maxResults", 100, "InvalidNextTokenException", &begin, &length, error))
    return NULL;

  rows = practice_db_query (call->practice->db, SELECT_ACTION "WHERE (?3 IS NULL OR run = ?3) AND run IN (SELECT id FROM pipeline_runs WHERE region = ?1 AND pipeline = ?2) ORDER BY seq DESC",
                            "sss", call->region, pipeline->id, id);
  for (; practice_rows_next (rows); at++)
    if (at >= begin && at - begin < length)
      json_array_add_object_element (list, describe_step (rows));
  practice_page_end (output, "nextToken", begin, length, at);

  return g_steal_pointer (&output);
}

static JsonObject *
wrap_id (const char *id)
{
  JsonObject *output = json_object_new ();

  json_object_set_string_member (output, "pipelineExecutionId", id);

  return output;
}

static JsonObject *
start_pipeline_execution (PracticeCall  *call,
                          JsonObject    *input,
                          GError       **error)
{
  g_autoptr(PracticeResource) pipeline = require_pipeline (call, input, "name", error);
  JsonArray *revisions = aws_json_get_array (input, "sourceRevisions");
  g_autofree char *id = NULL;

  if (pipeline == NULL)
    return NULL;
  if (revisions != NULL && json_array_get_length (revisions) > 0)
    {
      practice_refuse_as (error, 400, BAD, "The practice cloud runs pipelines with the last state of their sources only");
      return NULL;
    }

  id = practice_pipeline_start (call->practice, pipeline, "StartPipelineExecution", get_user (call), aws_json_get_string (input, "clientRequestToken"), error);

  return id ? wrap_id (id) : NULL;
}

static JsonObject *
stop_pipeline_execution (PracticeCall  *call,
                         JsonObject    *input,
                         GError       **error)
{
  g_autoptr(PracticeResource) pipeline = require_pipeline (call, input, "pipelineName", error);
  const char *id = pipeline ? practice_input_require (input, "pipelineExecutionId", BAD, error) : NULL;
  g_autoptr(PracticeRows) rows = id ? require_run (call, pipeline, id, error) : NULL;
  gboolean abandon = aws_json_get_bool (input, "abandon");
  const char *status = rows ? practice_rows_text (rows, 2) : NULL;

  if (rows == NULL)
    return NULL;
  if (!practice_pipeline_is_active (status))
    {
      practice_refuse_as (error, 400, "PipelineExecutionNotStoppableException", "Unable to stop pipeline execution. The pipeline execution with ID '%s' cannot be stopped because it is in the status %s", id, status);
      return NULL;
    }
  if (g_str_equal (status, "Stopping") && !abandon)
    {
      practice_refuse_as (error, 400, "DuplicatedStopRequestException", "The pipeline execution with ID '%s' is already in a 'Stopping' state", id);
      return NULL;
    }

  if (!practice_db_run (call->practice->db, error, "UPDATE pipeline_runs SET status = 'Stopping', abandon = ?, reason = ? WHERE id = ?",
                        "iss", (gint64) abandon, aws_json_get_string (input, "reason"), id))
    return NULL;
  practice_pipeline_wake (call->practice, id);

  return wrap_id (id);
}

/* ---- the state of a pipeline ---- */

static JsonObject *
describe_action_state (PracticeCall *call,
                       JsonObject   *declaration,
                       const char   *run,
                       const char   *stage)
{
  JsonObject *state = json_object_new (), *latest, *revision;
  const char *name = aws_json_get_string (declaration, "name");
  g_autoptr(PracticeRows) rows = run ? practice_db_query (call->practice->db, SELECT_ACTION "WHERE run = ? AND stage = ? AND action = ?", "sss", run, stage, name) : NULL;
  gboolean approval = g_strcmp0 (aws_json_get_string (aws_json_get_object (declaration, "actionTypeId"), "category"), "Approval") == 0;

  json_object_set_string_member (state, "actionName", name);
  if (rows == NULL || !practice_rows_next (rows))
    return state;

  latest = json_object_new ();
  set_text (latest, "actionExecutionId", rows, 3);
  set_text (latest, "status", rows, 4);
  practice_set_time (latest, "lastStatusChange", practice_rows_int (rows, 6));
  if (approval && g_str_equal (practice_rows_text (rows, 4), "InProgress"))
    set_text (latest, "token", rows, 7);
  else if (!approval)
    set_text (latest, "externalExecutionId", rows, 7);
  set_text (latest, "externalExecutionUrl", rows, 8);
  set_text (latest, "summary", rows, 9);
  set_error (latest, rows);
  json_object_set_object_member (state, "latestExecution", latest);
  if (!practice_rows_is_null (rows, 10))
    {
      revision = json_object_new ();
      set_text (revision, "revisionId", rows, 10);
      set_text (revision, "revisionChangeId", rows, 10);
      practice_set_time (revision, "created", practice_rows_int (rows, 5));
      json_object_set_object_member (state, "currentRevision", revision);
    }

  return state;
}

static JsonObject *
describe_stage_state (PracticeCall     *call,
                      PracticeResource *pipeline,
                      JsonObject       *stage)
{
  const char *name = aws_json_get_string (stage, "name");
  JsonArray *actions = aws_json_get_array (stage, "actions"), *states = json_array_new ();
  JsonObject *state = json_object_new (), *transition = json_object_new (), *latest;
  g_autofree char *run = NULL;
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db,
                                                    "SELECT run, pipeline_stages.status FROM pipeline_stages JOIN pipeline_runs ON run = id "
                                                    "WHERE region = ? AND pipeline = ? AND pipeline_stages.stage = ? ORDER BY pipeline_stages.number DESC LIMIT 1",
                                                    "sss", call->region, pipeline->id, name);

  json_object_set_string_member (state, "stageName", name);
  json_object_set_boolean_member (transition, "enabled", TRUE);
  json_object_set_object_member (state, "inboundTransitionState", transition);
  if (practice_rows_next (rows))
    {
      run = practice_rows_dup_text (rows, 0);
      latest = json_object_new ();
      json_object_set_string_member (latest, "pipelineExecutionId", run);
      json_object_set_string_member (latest, "status", practice_rows_text (rows, 1));
      json_object_set_object_member (state, "latestExecution", latest);
    }
  for (guint i = 0; i < json_array_get_length (actions); i++)
    json_array_add_object_element (states, describe_action_state (call, aws_json_array_get_object (actions, i), run, name));
  json_object_set_array_member (state, "actionStates", states);

  return state;
}

static JsonObject *
get_pipeline_state (PracticeCall  *call,
                    JsonObject    *input,
                    GError       **error)
{
  g_autoptr(PracticeResource) pipeline = require_pipeline (call, input, "name", error);
  JsonArray *stages, *states = NULL;
  JsonObject *output;

  if (pipeline == NULL)
    return NULL;

  stages = aws_json_get_array (pipeline->properties, "stages");
  states = json_array_new ();
  for (guint i = 0; i < json_array_get_length (stages); i++)
    json_array_add_object_element (states, describe_stage_state (call, pipeline, aws_json_array_get_object (stages, i)));

  output = json_object_new ();
  json_object_set_string_member (output, "pipelineName", pipeline->id);
  json_object_set_int_member (output, "pipelineVersion", practice_property_int (pipeline->properties, "version", 1));
  json_object_set_array_member (output, "stageStates", states);
  practice_set_time (output, "created", pipeline->created);
  practice_set_time (output, "updated", g_ascii_strtoll (practice_property_string (pipeline->attributes, "updated"), NULL, 10));

  return output;
}

static JsonObject *
put_approval_result (PracticeCall  *call,
                     JsonObject    *input,
                     GError       **error)
{
  g_autoptr(PracticeResource) pipeline = require_pipeline (call, input, "pipelineName", error);
  JsonObject *result = aws_json_get_object (input, "result");
  const char *status = aws_json_get_string (result, "status"), *token = aws_json_get_string (input, "token");
  gboolean approved = g_strcmp0 (status, "Approved") == 0;
  g_autofree char *run = NULL;
  JsonObject *output;

  if (pipeline == NULL)
    return NULL;

  run = practice_db_lookup (call->practice->db, "SELECT run FROM pipeline_actions WHERE external_id = ? AND status = 'InProgress' AND stage = ? AND action = ?",
                            "sss", token, aws_json_get_string (input, "stageName"), aws_json_get_string (input, "actionName"));
  if (run == NULL)
    {
      practice_refuse_as (error, 400, "InvalidApprovalTokenException", "The approval token is invalid");
      return NULL;
    }
  if (!practice_db_run (call->practice->db, error, "UPDATE pipeline_actions SET status = ?, summary = ?, changed = ?, error_code = ?, error_message = ? WHERE external_id = ?",
                        "ssisss", approved ? "Succeeded" : "Failed", aws_json_get_string (result, "summary"), practice_now (),
                        approved ? NULL : "JobFailed", approved ? NULL : "The approval was rejected", token))
    return NULL;

  practice_pipeline_wake (call->practice, run);
  output = json_object_new ();
  practice_set_time (output, "approvedAt", practice_now ());

  return output;
}

static const PracticeOperation operations[] = {
  { "CreatePipeline", create_pipeline },
  { "UpdatePipeline", update_pipeline },
  { "GetPipeline", get_pipeline },
  { "ListPipelines", list_pipelines },
  { "DeletePipeline", delete_pipeline },
  { "GetPipelineState", get_pipeline_state },
  { "ListPipelineExecutions", list_pipeline_executions },
  { "GetPipelineExecution", get_pipeline_execution },
  { "ListActionExecutions", list_action_executions },
  { "StartPipelineExecution", start_pipeline_execution },
  { "StopPipelineExecution", stop_pipeline_execution },
  { "PutApprovalResult", put_approval_result },
  { NULL, }
};

static char *
dup_resource (PracticeCall *call,
              JsonObject   *input)
{
  const char *name = aws_json_get_string (input, "pipelineName");

  if (name == NULL)
    name = aws_json_get_string (input, "name");
  if (name == NULL)
    name = aws_json_get_string (aws_json_get_object (input, "pipeline"), "name");

  return name ? make_arn (call->practice, call->region, name) : g_strdup ("*");
}

static void
handle (PracticeCall *call)
{
  practice_operations_handle (call, operations, "codepipeline", dup_resource);
}

static const PracticeService service = {
  .name = "codepipeline",
  .protocol = PRACTICE_PROTOCOL_JSON_1_1,
  .target_prefix = "CodePipeline_20150709",
  .handle = handle,
};

gboolean
practice_codepipeline_init (Practice  *practice,
                            GError   **error)
{
  practice_register_service (practice, &service);

  return practice_pipeline_runs_init (practice, error);
}
