/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-codebuild.h"
#include "porch-practice-logs.h"
#include "porch-practice-operations.h"
#include "porch-practice-resources.h"
#include "porch-practice-sts.h"

/* CodeBuild. Projects are kept, and builds are started, counted and stopped as at AWS. But a build is the commands of
 * whoever wrote the source, and the practice cloud does not run them: this computer is no container. So every build
 * fails when its machine should be made ready, and says why in its phases and in its log. */

#define PROJECT_TYPE "AWS::CodeBuild::Project"
#define QUEUED_AFTER      1.0
#define PROVISIONED_AFTER 3.0
#define ENDED_AFTER       20.0
#define TOKEN_USEC        (G_GINT64_CONSTANT (5) * 60 * G_USEC_PER_SEC)

static const char BAD[] = "InvalidInputException";
static const char WHY[] = "The practice cloud does not run builds: it has no machines of its own, and commands of a project are not run on this computer.";

typedef struct
{
  char       *id;
  char       *project;
  char       *initiator;
  gint64      number;
  gint64      started;
  gint64      stopped;      /* 0: nobody stopped it */
  JsonObject *input;        /* of StartBuild */
} Build;

static void
build_free (Build *build)
{
  g_free (build->id);
  g_free (build->project);
  g_free (build->initiator);
  json_object_unref (build->input);
  g_free (build);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Build, build_free)

#define SELECT_BUILD "SELECT id, project, initiator, number, started, stopped, input FROM builds "

static Build *
read_build (PracticeRows *rows)
{
  Build *build = g_new0 (Build, 1);

  build->id = practice_rows_dup_text (rows, 0);
  build->project = practice_rows_dup_text (rows, 1);
  build->initiator = practice_rows_dup_text (rows, 2);
  build->number = practice_rows_int (rows, 3);
  build->started = practice_rows_int (rows, 4);
  build->stopped = practice_rows_int (rows, 5);
  build->input = practice_parse_object (practice_rows_text (rows, 6));
  if (build->input == NULL)
    build->input = json_object_new ();

  return build;
}

static Build *
find_build (Practice   *practice,
            const char *region,
            const char *id)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, SELECT_BUILD "WHERE region = ? AND id = ?", "ss", region, id);

  return practice_rows_next (rows) ? read_build (rows) : NULL;
}

static gint64
after (Practice *practice,
       Build    *build,
       double    seconds)
{
  return build->started + practice_scale_delay (practice, seconds) * G_GINT64_CONSTANT (1000);
}

/* When it ended, or 0 */
static gint64
get_end (Practice *practice,
         Build    *build)
{
  gint64 end = after (practice, build, ENDED_AFTER);

  if (build->stopped > 0)
    return build->stopped;

  return end <= practice_now () ? end : 0;
}

static void
add_phase (JsonArray  *phases,
           const char *name,
           gint64      began,
           gint64      ended,
           const char *status,
           const char *message)
{
  JsonObject *phase = json_object_new ();
  JsonArray *contexts = json_array_new ();
  JsonObject *context;

  json_object_set_string_member (phase, "phaseType", name);
  practice_set_time (phase, "startTime", began);
  if (ended > 0)
    {
      json_object_set_string_member (phase, "phaseStatus", status);
      practice_set_time (phase, "endTime", ended);
      json_object_set_int_member (phase, "durationInSeconds", (ended - began) / G_USEC_PER_SEC);
      context = json_object_new ();
      json_object_set_string_member (context, "statusCode", message != NULL ? "CLIENT_ERROR" : "");
      json_object_set_string_member (context, "message", message != NULL ? message : "");
      json_array_add_object_element (contexts, context);
      json_object_set_array_member (phase, "contexts", contexts);
    }
  else
    {
      json_array_unref (contexts);
    }
  json_array_add_object_element (phases, phase);
}

/* The phases so far; gives the name of the last one. */
static const char *
describe_phases (Practice  *practice,
                 Build     *build,
                 JsonArray *phases)
{
  const struct { const char *name; gint64 began, ended; } steps[] = {
    { "SUBMITTED", build->started, after (practice, build, QUEUED_AFTER) },
    { "QUEUED", after (practice, build, QUEUED_AFTER), after (practice, build, PROVISIONED_AFTER) },
    { "PROVISIONING", after (practice, build, PROVISIONED_AFTER), after (practice, build, ENDED_AFTER) },
  };
  gint64 end = get_end (practice, build);
  gint64 now = end > 0 ? end : practice_now ();
  const char *last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (steps) && (i == 0 || steps[i].began <= now); i++)
    {
      gboolean stopped = build->stopped > 0 && steps[i].ended > build->stopped;
      gboolean failed = !stopped && i == 2;

      last = steps[i].name;
      add_phase (phases, last, steps[i].began, steps[i].ended <= now ? steps[i].ended : end,
                 stopped ? "STOPPED" : failed ? "FAILED" : "SUCCEEDED", failed ? WHY : NULL);
      if (stopped)
        break;
    }
  if (end == 0)
    return last;

  add_phase (phases, "COMPLETED", end, 0, NULL, NULL);

  return "COMPLETED";
}

static void
describe_logs (Practice   *practice,
               const char *region,
               Build      *build,
               JsonObject *object)
{
  JsonObject *logs = json_object_new ();
  const char *stream = strchr (build->id, ':') + 1;
  g_autofree char *group = g_strconcat ("/aws/codebuild/", build->project, NULL);
  g_autofree char *link = g_strdup_printf ("https://console.aws.amazon.com/cloudwatch/home?region=%s#logEvent:group=%s;stream=%s", region, group, stream);

  json_object_set_string_member (logs, "groupName", group);
  json_object_set_string_member (logs, "streamName", stream);
  json_object_set_string_member (logs, "deepLink", link);
  json_object_set_object_member (object, "logs", logs);
}

static void
copy_member (JsonObject *target,
             const char *name,
             JsonObject *source)
{
  if (source != NULL && json_object_has_member (source, name))
    json_object_set_member (target, name, json_object_dup_member (source, name));
}

static JsonObject *
describe_build (Practice   *practice,
                const char *region,
                Build      *build)
{
  JsonObject *object = json_object_new ();
  JsonArray *phases = json_array_new ();
  gint64 end = get_end (practice, build);
  g_autofree char *arn = g_strdup_printf ("arn:aws:codebuild:%s:%s:build/%s", region, practice->account, build->id);
  g_autoptr(PracticeResource) project = practice_resource_lookup (practice, PROJECT_TYPE, region, build->project);

  json_object_set_string_member (object, "id", build->id);
  json_object_set_string_member (object, "arn", arn);
  json_object_set_int_member (object, "buildNumber", build->number);
  json_object_set_string_member (object, "projectName", build->project);
  json_object_set_string_member (object, "initiator", build->initiator);
  practice_set_time (object, "startTime", build->started);
  if (end > 0)
    practice_set_time (object, "endTime", end);
  json_object_set_string_member (object, "currentPhase", describe_phases (practice, build, phases));
  json_object_set_array_member (object, "phases", phases);
  json_object_set_string_member (object, "buildStatus", end == 0 ? "IN_PROGRESS" : build->stopped > 0 ? "STOPPED" : "FAILED");
  json_object_set_boolean_member (object, "buildComplete", end > 0);
  json_object_set_int_member (object, "timeoutInMinutes", project ? practice_property_int (project->properties, "timeoutInMinutes", 60) : 60);
  copy_member (object, "sourceVersion", build->input);
  if (project != NULL)
    {
      copy_member (object, "source", project->properties);
      copy_member (object, "environment", project->properties);
      copy_member (object, "serviceRole", project->properties);
    }
  describe_logs (practice, region, build, object);

  return object;
}

JsonObject *
practice_codebuild_describe (Practice   *practice,
                             const char *region,
                             const char *id)
{
  g_autoptr(Build) build = find_build (practice, region, id);

  return build ? describe_build (practice, region, build) : NULL;
}

/* ---- projects ---- */

static PracticeResource *
find_project (Practice   *practice,
              const char *region,
              const char *name_or_arn)
{
  const char *slash = g_str_has_prefix (name_or_arn, "arn:") ? strchr (name_or_arn, '/') : NULL;

  return practice_resource_lookup (practice, PROJECT_TYPE, region, slash ? slash + 1 : name_or_arn);
}

static PracticeResource *
require_project (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  const char *name = practice_input_require (input, "projectName", BAD, error);
  PracticeResource *project = name ? find_project (call->practice, call->region, name) : NULL;

  if (name != NULL && project == NULL)
    practice_refuse_as (error, 400, "ResourceNotFoundException", "Project cannot be found: arn:aws:codebuild:%s:%s:project/%s",
                        call->region, call->practice->account, name);

  return project;
}

static JsonObject *
describe_project (PracticeResource *project)
{
  JsonObject *object = practice_parse_object ("{}");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, project->properties);
  while (json_object_iter_next (&iter, &name, &value))
    json_object_set_member (object, name, json_node_copy (value));
  json_object_set_string_member (object, "arn", practice_property_string (project->attributes, "Arn"));
  practice_set_time (object, "created", project->created);
  practice_set_time (object, "lastModified", project->created);
  if (!json_object_has_member (object, "timeoutInMinutes"))
    json_object_set_int_member (object, "timeoutInMinutes", 60);
  if (!json_object_has_member (object, "queuedTimeoutInMinutes"))
    json_object_set_int_member (object, "queuedTimeoutInMinutes", 480);

  return object;
}

static gboolean
check_project (PracticeCall  *call,
               JsonObject    *input,
               GError       **error)
{
  static const char * const parts[] = { "source", "artifacts", "environment" };
  const char *name = practice_input_require (input, "name", BAD, error);
  const char *role = name ? practice_input_require (input, "serviceRole", BAD, error) : NULL;
  JsonObject *environment = aws_json_get_object (input, "environment");

  if (role == NULL)
    return FALSE;
  if (!g_regex_match_simple ("^[A-Za-z0-9][A-Za-z0-9\\-_]{1,149}$", name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return practice_refuse_as (error, 400, BAD, "Project name is not valid: %s", name);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (aws_json_get_string (aws_json_get_object (input, parts[i]), "type") == NULL)
      return practice_refuse_as (error, 400, BAD, "1 validation error detected: Value null at '%s.type' failed to satisfy constraint: Member must not be null", parts[i]);
  if (aws_json_get_string (environment, "image") == NULL || aws_json_get_string (environment, "computeType") == NULL)
    return practice_refuse_as (error, 400, BAD, "1 validation error detected: Value null at 'environment.image' failed to satisfy constraint: Member must not be null");
  if (!practice_role_trusts_service (call->practice, role, "codebuild.amazonaws.com"))
    return practice_refuse_as (error, 400, BAD, "CodeBuild is not authorized to perform: sts:AssumeRole on service role. Please verify that: 1) The provided service role exists, 2) The role name is case-sensitive and matches exactly, and 3) The role has the necessary trust policy configured.");

  return TRUE;
}

static JsonObject *
create_project (PracticeCall  *call,
                JsonObject    *input,
                GError       **error)
{
  const char *name = aws_json_get_string (input, "name");
  g_autoptr(PracticeResource) known = name ? find_project (call->practice, call->region, name) : NULL;
  g_autoptr(PracticeResource) made = NULL;
  g_autoptr(JsonObject) attributes = json_object_new ();
  g_autofree char *arn = g_strdup_printf ("arn:aws:codebuild:%s:%s:project/%s", call->region, call->practice->account, name);
  JsonObject *output;

  if (!check_project (call, input, error))
    return NULL;
  if (known != NULL)
    {
      practice_refuse_as (error, 400, "ResourceAlreadyExistsException", "Project already exists: %s", arn);
      return NULL;
    }

  json_object_set_string_member (attributes, "Arn", arn);
  if (!practice_resource_put (call->practice, PROJECT_TYPE, call->region, name, input, attributes, error))
    return NULL;

  made = find_project (call->practice, call->region, name);
  output = json_object_new ();
  json_object_set_object_member (output, "project", describe_project (made));

  return output;
}

static JsonObject *
delete_project (PracticeCall  *call,
                JsonObject    *input,
                GError       **error)
{
  const char *name = practice_input_require (input, "name", BAD, error);

  /* One that is not there is as good as deleted */
  return name != NULL && practice_resource_remove (call->practice, PROJECT_TYPE, call->region, name, error) ? json_object_new () : NULL;
}

static JsonObject *
list_projects (PracticeCall  *call,
               JsonObject    *input,
               GError       **error)
{
  g_autoptr(GPtrArray) projects = practice_resource_list (call->practice, PROJECT_TYPE, call->region);
  JsonObject *output = json_object_new ();
  JsonArray *names = json_array_new ();

  for (guint i = 0; i < projects->len; i++)
    json_array_add_string_element (names, ((PracticeResource *) g_ptr_array_index (projects, i))->id);
  json_object_set_array_member (output, "projects", names);

  return output;
}

/* The list of 1 to 100 that an input has to have */
static JsonArray *
require_list (JsonObject  *input,
              const char  *name,
              GError     **error)
{
  JsonArray *list = aws_json_get_array (input, name);

  if (list != NULL && json_array_get_length (list) >= 1 && json_array_get_length (list) <= 100)
    return list;

  practice_refuse_as (error, 400, BAD, "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length between 1 and 100", name);

  return NULL;
}

static JsonObject *
batch_get_projects (PracticeCall  *call,
                    JsonObject    *input,
                    GError       **error)
{
  JsonArray *names = require_list (input, "names", error);
  JsonArray *found = json_array_new (), *missing = json_array_new ();
  JsonObject *output = json_object_new ();

  json_object_set_array_member (output, "projects", found);
  json_object_set_array_member (output, "projectsNotFound", missing);
  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    {
      const char *name = aws_json_array_get_string (names, i);
      g_autoptr(PracticeResource) project = name ? find_project (call->practice, call->region, name) : NULL;

      if (project != NULL)
        json_array_add_object_element (found, describe_project (project));
      else if (name != NULL)
        json_array_add_string_element (missing, name);
    }
  if (names == NULL)
    g_clear_pointer (&output, json_object_unref);

  return output;
}

/* ---- builds ---- */

typedef struct
{
  Practice *practice;
  char     *region;
  char     *id;
} Ending;

static void
ending_free (gpointer data)
{
  Ending *ending = data;

  g_free (ending->region);
  g_free (ending->id);
  g_free (ending);
}

/* The log says the same as the phases */
static gboolean
end_cb (gpointer data)
{
  Ending *ending = data;
  g_autoptr(Build) build = find_build (ending->practice, ending->region, ending->id);
  g_autofree char *group = NULL, *line = NULL;

  if (build == NULL || build->stopped > 0)
    return G_SOURCE_REMOVE;

  group = g_strconcat ("/aws/codebuild/", build->project, NULL);
  line = g_strdup_printf ("[Container] Phase is PROVISIONING: FAILED\n%s\n", WHY);
  practice_log_write (ending->practice, ending->region, group, strchr (build->id, ':') + 1, practice_now (), line);

  return G_SOURCE_REMOVE;
}

static char *
insert_build (Practice    *practice,
              const char  *region,
              const char  *project,
              const char  *initiator,
              JsonObject  *input,
              GError     **error)
{
  g_autofree char *random = practice_uuid (), *id = g_strdup_printf ("%s:%s", project, random), *text = practice_print_object (input);
  Ending *ending;

  if (!practice_db_run (practice->db, error,
                        "INSERT INTO builds SELECT ?1, ?2, ?3, coalesce(max(number), 0) + 1, ?4, ?5, 0, ?6, ?7 FROM builds WHERE region = ?1 AND project = ?3",
                        "ssssiss", region, id, project, initiator, practice_now (), text, aws_json_get_string (input, "idempotencyToken")))
    return NULL;

  ending = g_new0 (Ending, 1);
  ending->practice = practice;
  ending->region = g_strdup (region);
  ending->id = g_strdup (id);
  practice_later (practice, practice_scale_delay (practice, ENDED_AFTER), end_cb, ending, ending_free);

  return g_steal_pointer (&id);
}

char *
practice_codebuild_start (Practice    *practice,
                          const char  *region,
                          const char  *project,
                          const char  *initiator,
                          GError     **error)
{
  g_autoptr(PracticeResource) found = find_project (practice, region, project);
  g_autoptr(JsonObject) input = json_object_new ();

  if (found == NULL)
    {
      practice_refuse_as (error, 400, "ResourceNotFoundException", "Project cannot be found: %s", project);
      return NULL;
    }

  return insert_build (practice, region, found->id, initiator, input, error);
}

static JsonObject *
wrap_build (PracticeCall *call,
            const char   *id)
{
  JsonObject *output = json_object_new ();

  json_object_set_object_member (output, "build", practice_codebuild_describe (call->practice, call->region, id));

  return output;
}

static JsonObject *
start_build (PracticeCall  *call,
             JsonObject    *input,
             GError       **error)
{
  g_autoptr(PracticeResource) project = require_project (call, input, error);
  const char *slash = strrchr (call->principal->arn, '/');
  g_autofree char *id = NULL;

  if (project == NULL)
    return NULL;

  id = practice_db_lookup (call->practice->db, "SELECT id FROM builds WHERE region = ? AND project = ? AND token = ? AND started > ?",
                           "sssi", call->region, project->id, aws_json_get_string (input, "idempotencyToken"), practice_now () - TOKEN_USEC);
  if (id == NULL)
    id = insert_build (call->practice, call->region, project->id, slash ? slash + 1 : call->principal->arn, input, error);

  return id != NULL ? wrap_build (call, id) : NULL;
}

static JsonObject *
stop_build (PracticeCall  *call,
            JsonObject    *input,
            GError       **error)
{
  const char *id = practice_input_require (input, "id", BAD, error);
  g_autoptr(Build) build = id ? find_build (call->practice, call->region, id) : NULL;

  if (id == NULL)
    return NULL;
  if (build == NULL)
    {
      practice_refuse_as (error, 400, "ResourceNotFoundException", "Build cannot be found: %s", id);
      return NULL;
    }

  if (get_end (call->practice, build) == 0 &&
      !practice_db_run (call->practice->db, error, "UPDATE builds SET stopped = ? WHERE region = ? AND id = ?", "iss", practice_now (), call->region, id))
    return NULL;

  return wrap_build (call, id);
}

static JsonObject *
batch_get_builds (PracticeCall  *call,
                  JsonObject    *input,
                  GError       **error)
{
  JsonArray *ids = require_list (input, "ids", error);
  JsonArray *found = json_array_new (), *missing = json_array_new ();
  JsonObject *output = json_object_new ();

  json_object_set_array_member (output, "builds", found);
  json_object_set_array_member (output, "buildsNotFound", missing);
  for (guint i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    {
      const char *id = aws_json_array_get_string (ids, i);
      JsonObject *build = id ? practice_codebuild_describe (call->practice, call->region, id) : NULL;

      if (build != NULL)
        json_array_add_object_element (found, build);
      else if (id != NULL)
        json_array_add_string_element (missing, id);
    }
  if (ids == NULL)
    g_clear_pointer (&output, json_object_unref);

  return output;
}

static JsonObject *
list_builds_for_project (PracticeCall  *call,
                         JsonObject    *input,
                         GError       **error)
{
  g_autoptr(PracticeResource) project = require_project (call, input, error);
  gboolean ascending = g_strcmp0 (aws_json_get_string (input, "sortOrder"), "ASCENDING") == 0;
  g_autoptr(JsonObject) output = json_object_new ();
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *ids = json_array_new ();
  guint begin, length, at = 0;

  json_object_set_array_member (output, "ids", ids);
  if (project == NULL || !practice_page_read (input, "nextToken", NULL, 100, BAD, &begin, &length, error))
    return NULL;

  rows = practice_db_query (call->practice->db, ascending ? "SELECT id FROM builds WHERE region = ? AND project = ? ORDER BY number"
                                                          : "SELECT id FROM builds WHERE region = ? AND project = ? ORDER BY number DESC",
                            "ss", call->region, project->id);
  for (; practice_rows_next (rows); at++)
    if (at >= begin && at - begin < length)
      json_array_add_string_element (ids, practice_rows_text (rows, 0));
  practice_page_end (output, "nextToken", begin, length, at);

  return g_steal_pointer (&output);
}

static char *
dup_resource (PracticeCall *call,
              JsonObject   *input)
{
  const char *name = aws_json_get_string (input, "projectName");
  const char *id = aws_json_get_string (input, "id");
  g_auto(GStrv) parts = id != NULL ? g_strsplit (id, ":", 2) : NULL;

  if (name == NULL)
    name = parts != NULL ? parts[0] : aws_json_get_string (input, "name");

  return name != NULL ? g_strdup_printf ("arn:aws:codebuild:%s:%s:project/%s", call->region, call->practice->account, name) : g_strdup ("*");
}

static const PracticeOperation operations[] = {
  { "CreateProject", create_project },
  { "DeleteProject", delete_project },
  { "ListProjects", list_projects },
  { "BatchGetProjects", batch_get_projects },
  { "StartBuild", start_build },
  { "StopBuild", stop_build },
  { "BatchGetBuilds", batch_get_builds },
  { "ListBuildsForProject", list_builds_for_project },
  { NULL, }
};

static void
handle (PracticeCall *call)
{
  practice_operations_handle (call, operations, "codebuild", dup_resource);
}

static const PracticeService service = {
  .name = "codebuild",
  .protocol = PRACTICE_PROTOCOL_JSON_1_1,
  .target_prefix = "CodeBuild_20161006",
  .handle = handle,
};

gboolean
practice_codebuild_init (Practice  *practice,
                         GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS builds (region TEXT NOT NULL, id TEXT NOT NULL, project TEXT NOT NULL, number INTEGER NOT NULL,"
                           "  initiator TEXT NOT NULL, started INTEGER NOT NULL, stopped INTEGER NOT NULL, input TEXT NOT NULL, token TEXT,"
                           "  PRIMARY KEY (region, id)) WITHOUT ROWID;",
                           error))
    return FALSE;

  practice_register_service (practice, &service);

  return TRUE;
}
