/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-resources.h"

G_BEGIN_DECLS

#define PRACTICE_FUNCTION_TYPE "AWS::Lambda::Function"

/* What a new account may run at a time; all of it must stay unreserved */
#define PRACTICE_CONCURRENCY 10

void              practice_lambda_shutdown (Practice   *practice);

/* By name or ARN. */
PracticeResource *practice_lambda_lookup  (Practice    *practice,
                                           const char  *region,
                                           const char  *name_or_arn);

/* Runs a function with an event (JSON) and gives what it returned (JSON). Errors are PRACTICE_SCRIPT_ERROR. */
char             *practice_lambda_invoke  (Practice    *practice,
                                           const char  *region,
                                           const char  *name_or_arn,
                                           const char  *event,
                                           GError     **error);
/* The same for a function that was looked up, with all that it logged. */
char             *practice_lambda_run     (Practice          *practice,
                                           PracticeResource  *function,
                                           const char        *event,
                                           char             **request_id,
                                           char             **log,
                                           GError           **error);
/* The error of a run as the function's answer: errorType, errorMessage, trace. */
JsonObject       *practice_lambda_describe_error (PracticeResource *function,
                                           const char  *request_id,
                                           const GError *error);

/* Whether a permission lets @principal call the function for @source_arn. */
gboolean          practice_lambda_permits (Practice    *practice,
                                           const char  *region,
                                           const char  *name_or_arn,
                                           const char  *principal,
                                           const char  *source_arn);

/* ---- porch-practice-lambda-settings.c ---- */

/* Properties as of a template; refusals are those of Lambda. */
gboolean          practice_lambda_check_settings (Practice   *practice,
                                           JsonObject  *properties,
                                           GError     **error);

/* ---- porch-practice-lambda-code.c ---- */

gboolean          practice_lambda_code_init (Practice  *practice,
                                           GError     **error);
gboolean          practice_lambda_code_put (Practice   *practice,
                                           const char  *region,
                                           const char  *name,
                                           GBytes      *archive,
                                           GError     **error);
/* From now on the code is the template's again. */
gboolean          practice_lambda_code_forget (Practice *practice,
                                           const char  *region,
                                           const char  *name,
                                           GError     **error);
/* The ZIP archive of a function. */
GBytes           *practice_lambda_code_dup_archive (Practice *practice,
                                           PracticeResource *function);
/* Texts by their names in the archive. */
GHashTable       *practice_lambda_code_load (Practice   *practice,
                                           PracticeResource *function,
                                           GError     **error);
/* Whether it can be opened. */
gboolean          practice_lambda_code_check (GBytes    *archive,
                                           GError     **error);

/* ---- porch-practice-lambda-api.c ---- */

gboolean          practice_lambda_api_init (Practice   *practice,
                                           GError     **error);

G_END_DECLS
