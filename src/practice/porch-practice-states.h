/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

/* Workflows of Step Functions while they run. Errors of the language are PRACTICE_STATES; the message is the cause. */

#define PRACTICE_MACHINE_TYPE "AWS::StepFunctions::StateMachine"

/* Refuses with an error that workflows can catch by its name: "States.Runtime". Always FALSE. */
gboolean    practice_states_fail        (GError     **error,
                                         const char  *name,
                                         const char  *format,
                                         ...) G_GNUC_PRINTF (3, 4);
/* The name of such an error; "States.Runtime" for all others. */
const char *practice_states_get_name    (const GError *error);

/* ---- porch-practice-states-path.c ---- */

/* "$.a.b[0]" of @data; a path that begins with "$$" is of @context. NULL and an error when there is nothing. */
JsonNode   *practice_path_read          (const char  *path,
                                         JsonNode    *data,
                                         JsonObject  *context,
                                         GError     **error);
gboolean    practice_path_exists        (const char  *path,
                                         JsonNode    *data,
                                         JsonObject  *context);
/* Puts @value there; "$" replaces all. */
JsonNode   *practice_path_write         (const char  *path,
                                         JsonNode    *data,
                                         JsonNode    *value,
                                         GError     **error);
/* Parameters and ResultSelector: members whose names end in ".$" are paths. */
JsonNode   *practice_template_fill      (JsonNode    *template,
                                         JsonNode    *data,
                                         JsonObject  *context,
                                         GError     **error);

/* ---- porch-practice-states-query.c ---- */

/* JSONata, as much of it as paths, texts, numbers, comparisons, "and", "or", "&" and a few functions need. @variables has
 * "states" and whatever was assigned. Texts in "{% %}" are evaluated, at any depth. */
JsonNode   *practice_query_fill         (JsonNode    *template,
                                         JsonObject  *variables,
                                         GError     **error);

/* ---- porch-practice-states-tasks.c ---- */

/* Runs what a task names, with the rights of the workflow's role. */
JsonNode   *practice_task_run           (Practice    *practice,
                                         const char  *region,
                                         const char  *role,
                                         const char  *resource,
                                         JsonNode    *parameters,
                                         GError     **error);

/* ---- porch-practice-states.c ---- */

gboolean    practice_states_check       (const char  *definition,
                                         GError     **error);
gboolean    practice_states_init        (Practice    *practice,
                                         GError     **error);
/* A run that is in the table: from its first state on, or from where it was. */
void        practice_states_begin       (Practice    *practice,
                                         const char  *arn);
gboolean    practice_states_stop        (Practice    *practice,
                                         const char  *arn,
                                         const char  *name,
                                         const char  *cause,
                                         GError     **error);

/* ---- porch-practice-stepfunctions.c ---- */

gboolean    practice_stepfunctions_init (Practice    *practice,
                                         GError     **error);
/* For pipelines. */
char       *practice_stepfunctions_start (Practice   *practice,
                                         const char  *machine_arn,
                                         const char  *name,
                                         const char  *input,
                                         GError     **error);
/* (transfer full): "RUNNING", ...; NULL when there is no such run. @cause is set when it failed */
char       *practice_stepfunctions_dup_status (Practice *practice,
                                         const char  *arn,
                                         char       **cause);

G_END_DECLS
