/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-codepipeline.h"
#include "porch-practice-operations.h"

/* Runs of pipelines. Each goes from stage to stage; in a stage, actions of the same order run side by side. A stage has
 * one run at a time, but in PARALLEL pipelines; in SUPERSEDED ones only the newest of those that wait stays. */

#define LOOK_MSEC 200

typedef struct
{
  Practice         *practice;
  PracticeResource *pipeline;
  char             *id;
  gint64            number;
  char             *status;
  guint             stage;
  gboolean          entered;
  gboolean          abandon;
  JsonObject       *variables;
} Run;

static void
run_free (Run *run)
{
  practice_resource_free (run->pipeline);
  g_free (run->id);
  g_free (run->status);
  g_clear_pointer (&run->variables, json_object_unref);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

gboolean
practice_pipeline_is_active (const char *status)
{
  return g_strcmp0 (status, "InProgress") == 0 || g_strcmp0 (status, "Stopping") == 0;
}

static Run *
load_run (Practice   *practice,
          const char *id)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db,
                                                    "SELECT region, pipeline, number, status, stage, entered, abandon, variables FROM pipeline_runs WHERE id = ?", "s", id);
  Run *run;

  if (!practice_rows_next (rows) || !practice_pipeline_is_active (practice_rows_text (rows, 3)))
    return NULL;

  run = g_new0 (Run, 1);
  run->practice = practice;
  run->pipeline = practice_resource_lookup (practice, PRACTICE_PIPELINE_TYPE, practice_rows_text (rows, 0), practice_rows_text (rows, 1));
  run->id = g_strdup (id);
  run->number = practice_rows_int (rows, 2);
  run->status = practice_rows_dup_text (rows, 3);
  run->stage = practice_rows_int (rows, 4);
  run->entered = practice_rows_int (rows, 5) != 0;
  run->abandon = practice_rows_int (rows, 6) != 0;
  run->variables = practice_parse_object (practice_rows_text (rows, 7));

  return run;
}

static void
save_run (Run *run)
{
  g_autofree char *variables = practice_print_object (run->variables);

  practice_db_run (run->practice->db, NULL, "UPDATE pipeline_runs SET status = ?, stage = ?, entered = ?, variables = ?, changed = ? WHERE id = ?",
                   "siisis", run->status, (gint64) run->stage, (gint64) run->entered, variables, practice_now (), run->id);
}

static void
set_stage_status (Run        *run,
                  const char *stage,
                  const char *status)
{
  practice_db_run (run->practice->db, NULL, "INSERT INTO pipeline_stages VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET status = excluded.status",
                   "ssis", run->id, stage, run->number, status);
}

static void
end_run (Run        *run,
         const char *status)
{
  g_set_str (&run->status, status);
  run->entered = FALSE;
  save_run (run);
}

/* ---- actions ---- */

static void
save_action (Run            *run,
             const char     *stage,
             const char     *name,
             PracticeAction *action)
{
  g_autofree char *id = practice_uuid (), *variables = action->variables ? practice_print_object (action->variables) : g_strdup ("{}");

  practice_db_run (run->practice->db, NULL,
                   "INSERT INTO pipeline_actions (run, stage, action, id, status, started, changed, external_id, external_url, summary, revision, error_code, error_message, variables) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (run, stage, action) DO UPDATE SET status = excluded.status, changed = excluded.changed, "
                   "error_code = excluded.error_code, error_message = excluded.error_message, summary = excluded.summary",
                   "sssssisssssss", run->id, stage, name, id, action->status, practice_now (), action->external_id, action->external_url, action->summary,
                   action->revision, action->error_code, action->error_message, variables);
}

static gboolean
load_action (Run            *run,
             const char     *stage,
             const char     *name,
             PracticeAction *action)
{
  g_autoptr(PracticeRows) rows = practice_db_query (run->practice->db,
                                                    "SELECT status, external_id, external_url, summary FROM pipeline_actions WHERE run = ? AND stage = ? AND action = ?",
                                                    "sss", run->id, stage, name);

  if (!practice_rows_next (rows))
    return FALSE;

  action->status = g_intern_string (practice_rows_text (rows, 0));
  action->external_id = practice_rows_dup_text (rows, 1);
  action->external_url = practice_rows_dup_text (rows, 2);
  action->summary = practice_rows_dup_text (rows, 3);

  return TRUE;
}

/* What it gives goes on under its namespace */
static void
keep_variables (Run            *run,
                JsonObject     *declaration,
                PracticeAction *action)
{
  const char *space = aws_json_get_string (declaration, "namespace");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (space == NULL || action->variables == NULL)
    return;

  json_object_iter_init (&iter, action->variables);
  while (json_object_iter_next (&iter, &name, &value))
    {
      g_autofree char *whole = g_strdup_printf ("%s.%s", space, name);

      json_object_set_member (run->variables, whole, json_node_copy (value));
    }
}

static const char *
drive_action (Run        *run,
              const char *stage,
              JsonObject *declaration,
              gboolean    may_begin)
{
  const char *name = aws_json_get_string (declaration, "name");
  g_auto(PracticeAction) action = { NULL, };

  if (!load_action (run, stage, name, &action))
    {
      if (!may_begin)
        return NULL;
      practice_action_begin (run->practice, run->pipeline, declaration, run->variables, run->id, &action);
      keep_variables (run, declaration, &action);
      save_action (run, stage, name, &action);
    }
  else if (g_str_equal (action.status, "InProgress"))
    {
      practice_action_look (run->practice, run->pipeline, declaration, &action);
      if (run->abandon && g_str_equal (action.status, "InProgress"))
        action.status = "Abandoned";
      if (!g_str_equal (action.status, "InProgress"))
        save_action (run, stage, name, &action);
    }

  return g_intern_string (action.status);
}

/* ---- stages ---- */

typedef struct
{
  guint unfinished;     /* not begun */
  guint running;
  guint failed;
} Progress;

/* All actions of one order */
static void
drive_order (Run        *run,
             JsonObject *stage,
             gint64      order,
             gboolean    may_begin,
             Progress   *progress)
{
  JsonArray *actions = aws_json_get_array (stage, "actions");

  for (guint i = 0; i < json_array_get_length (actions); i++)
    {
      JsonObject *declaration = aws_json_array_get_object (actions, i);
      const char *status;

      if (practice_property_int (declaration, "runOrder", 1) != order)
        continue;
      status = drive_action (run, aws_json_get_string (stage, "name"), declaration, may_begin);
      progress->unfinished += status == NULL;
      progress->running += g_strcmp0 (status, "InProgress") == 0;
      progress->failed += g_strcmp0 (status, "Failed") == 0 || g_strcmp0 (status, "Abandoned") == 0;
    }
}

static Progress
drive_stage (Run        *run,
             JsonObject *stage)
{
  gboolean stopping = g_str_equal (run->status, "Stopping");
  JsonArray *actions = aws_json_get_array (stage, "actions");
  Progress progress = { 0, };
  gint64 last = 1;

  for (guint i = 0; i < json_array_get_length (actions); i++)
    last = MAX (last, practice_property_int (aws_json_array_get_object (actions, i), "runOrder", 1));

  for (gint64 order = 1; order <= last && progress.running + progress.failed + progress.unfinished == 0; order++)
    drive_order (run, stage, order, !stopping, &progress);

  return progress;
}

/* Whether another run is in the stage, or comes first; a run that a newer one makes needless ends here. */
static gboolean
must_wait (Run *run)
{
  const char *mode = practice_property_string (run->pipeline->properties, "executionMode");
  g_autofree char *inside = NULL, *before = NULL, *newer = NULL;
  PracticeDb *db = run->practice->db;

  if (g_strcmp0 (mode, "PARALLEL") == 0)
    return FALSE;

  inside = practice_db_lookup (db, "SELECT id FROM pipeline_runs WHERE region = ? AND pipeline = ? AND entered = 1 AND stage = ? AND id <> ?",
                               "ssis", run->pipeline->region, run->pipeline->id, (gint64) run->stage, run->id);
  if (inside == NULL)
    {
      before = practice_db_lookup (db, "SELECT id FROM pipeline_runs WHERE region = ? AND pipeline = ? AND status = 'InProgress' AND entered = 0 AND stage = ? AND number < ?",
                                   "ssii", run->pipeline->region, run->pipeline->id, (gint64) run->stage, run->number);
      return before != NULL && g_strcmp0 (mode, "QUEUED") == 0;
    }

  newer = practice_db_lookup (db, "SELECT id FROM pipeline_runs WHERE region = ? AND pipeline = ? AND status = 'InProgress' AND entered = 0 AND stage = ? AND number > ?",
                              "ssii", run->pipeline->region, run->pipeline->id, (gint64) run->stage, run->number);
  if (newer != NULL && g_strcmp0 (mode, "QUEUED") != 0)
    end_run (run, "Superseded");

  return TRUE;
}

/* A run that goes on later */
typedef struct
{
  Practice *practice;
  char     *id;
} Turn;

static void
turn_free (gpointer data)
{
  Turn *turn = data;

  g_free (turn->id);
  g_free (turn);
}

static gboolean step_cb (gpointer data);

static void
come_back (Practice   *practice,
           const char *id,
           guint       msec)
{
  Turn *turn = g_new0 (Turn, 1);

  turn->practice = practice;
  turn->id = g_strdup (id);
  practice_later (practice, msec, step_cb, turn, turn_free);
}

/* One look at everything that is underway. Returns the pause before the next; G_MAXUINT at the end. */
static guint
step (Run *run)
{
  JsonArray *stages = run->pipeline ? aws_json_get_array (run->pipeline->properties, "stages") : NULL;
  gboolean stopping = g_str_equal (run->status, "Stopping");
  JsonObject *stage = stages ? aws_json_array_get_object (stages, run->stage) : NULL;
  const char *name = aws_json_get_string (stage, "name");
  Progress progress;

  /* The pipeline was deleted or made shorter meanwhile */
  if (stage == NULL)
    {
      end_run (run, "Cancelled");
      return G_MAXUINT;
    }
  if (!run->entered)
    {
      if (stopping)
        {
          end_run (run, "Stopped");
          return G_MAXUINT;
        }
      if (must_wait (run))
        return practice_pipeline_is_active (run->status) ? LOOK_MSEC : G_MAXUINT;
      run->entered = TRUE;
      set_stage_status (run, name, "InProgress");
      save_run (run);
    }

  progress = drive_stage (run, stage);
  if (progress.running > 0)
    return LOOK_MSEC;

  if (stopping || progress.failed > 0)
    {
      set_stage_status (run, name, stopping ? "Stopped" : "Failed");
      end_run (run, stopping ? "Stopped" : "Failed");
      return G_MAXUINT;
    }

  set_stage_status (run, name, "Succeeded");
  run->stage++;
  run->entered = FALSE;
  if (run->stage == json_array_get_length (stages))
    {
      end_run (run, "Succeeded");
      return G_MAXUINT;
    }
  save_run (run);

  return 0;
}

static gboolean
step_cb (gpointer data)
{
  Turn *turn = data;
  g_autoptr(Run) run = load_run (turn->practice, turn->id);
  guint pause = run ? step (run) : G_MAXUINT;

  if (pause != G_MAXUINT)
    come_back (turn->practice, turn->id, pause);

  return G_SOURCE_REMOVE;
}

void
practice_pipeline_wake (Practice   *practice,
                        const char *run)
{
  come_back (practice, run, 0);
}

char *
practice_pipeline_start (Practice          *practice,
                         PracticeResource  *pipeline,
                         const char        *trigger,
                         const char        *detail,
                         const char        *token,
                         GError           **error)
{
  g_autofree char *id = token ? practice_db_lookup (practice->db, "SELECT id FROM pipeline_runs WHERE region = ? AND pipeline = ? AND token = ?",
                                                    "sss", pipeline->region, pipeline->id, token) : NULL;

  if (id != NULL)
    return g_steal_pointer (&id);

  id = practice_uuid ();
  if (!practice_db_run (practice->db, error,
                        "INSERT INTO pipeline_runs (id, region, pipeline, number, version, status, started, changed, trigger, detail, token) "
                        "SELECT ?1, ?2, ?3, coalesce(max(number), 0) + 1, ?4, 'InProgress', ?5, ?5, ?6, ?7, ?8 FROM pipeline_runs WHERE region = ?2 AND pipeline = ?3",
                        "sssiisss", id, pipeline->region, pipeline->id, practice_property_int (pipeline->properties, "version", 1), practice_now (),
                        trigger, detail, token))
    return NULL;

  come_back (practice, id, 0);

  return g_steal_pointer (&id);
}

gboolean
practice_pipeline_runs_init (Practice  *practice,
                             GError   **error)
{
  g_autoptr(PracticeRows) rows = NULL;

  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS pipeline_runs (id TEXT PRIMARY KEY, region TEXT NOT NULL, pipeline TEXT NOT NULL, number INTEGER NOT NULL,"
                           "  version INTEGER NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, changed INTEGER NOT NULL, trigger TEXT NOT NULL,"
                           "  detail TEXT NOT NULL, token TEXT, stage INTEGER NOT NULL DEFAULT 0, entered INTEGER NOT NULL DEFAULT 0,"
                           "  abandon INTEGER NOT NULL DEFAULT 0, reason TEXT, variables TEXT NOT NULL DEFAULT '{}') WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS pipeline_stages (run TEXT NOT NULL, stage TEXT NOT NULL, number INTEGER NOT NULL, status TEXT NOT NULL,"
                           "  PRIMARY KEY (run, stage)) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS pipeline_actions (seq INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, stage TEXT NOT NULL,"
                           "  action TEXT NOT NULL, id TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, changed INTEGER NOT NULL, external_id TEXT,"
                           "  external_url TEXT, summary TEXT, revision TEXT, error_code TEXT, error_message TEXT, variables TEXT NOT NULL, UNIQUE (run, stage, action));",
                           error))
    return FALSE;

  rows = practice_db_query (practice->db, "SELECT id FROM pipeline_runs WHERE status IN ('InProgress', 'Stopping')", NULL);
  while (practice_rows_next (rows))
    come_back (practice, practice_rows_text (rows, 0), 0);

  return TRUE;
}
