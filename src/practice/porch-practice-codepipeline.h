/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-resources.h"

G_BEGIN_DECLS

#define PRACTICE_PIPELINE_TYPE "AWS::CodePipeline::Pipeline"

gboolean    practice_codepipeline_init   (Practice    *practice,
                                          GError     **error);

/* ---- porch-practice-pipeline-actions.c: what actions do ---- */

/* How an action stands: the members of ActionExecution. NULL where there is nothing to say. */
typedef struct
{
  const char *status;       /* "InProgress", "Succeeded", "Failed" */
  char       *external_id;
  char       *external_url;
  char       *summary;
  char       *revision;     /* of sources */
  char       *error_code;
  char       *error_message;
  JsonObject *variables;    /* that it gives to later ones */
} PracticeAction;

void        practice_action_clear        (PracticeAction   *action);

/* Begins an action. @variables: "namespace.name" to values. */
void        practice_action_begin        (Practice         *practice,
                                          PracticeResource *pipeline,
                                          JsonObject       *declaration,
                                          JsonObject       *variables,
                                          const char       *run,
                                          PracticeAction   *action);
/* Asks how one is going that is in progress; action->external_id is what it began. */
void        practice_action_look         (Practice         *practice,
                                          PracticeResource *pipeline,
                                          JsonObject       *declaration,
                                          PracticeAction   *action);

/* ---- porch-practice-pipeline-runs.c: runs ---- */

gboolean    practice_pipeline_runs_init  (Practice         *practice,
                                          GError          **error);
/* (transfer full): the id of the run, of the one before if @token is known */
char       *practice_pipeline_start      (Practice         *practice,
                                          PracticeResource *pipeline,
                                          const char       *trigger,
                                          const char       *detail,
                                          const char       *token,
                                          GError          **error);
/* Has a run go on, when something that it waits for may have happened. */
void        practice_pipeline_wake       (Practice         *practice,
                                          const char       *run);
gboolean    practice_pipeline_is_active  (const char       *status);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeAction, practice_action_clear)

G_END_DECLS
