/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-resources.h"

G_BEGIN_DECLS

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

/* Whether a permission lets @principal call the function for @source_arn. */
gboolean          practice_lambda_permits (Practice    *practice,
                                           const char  *region,
                                           const char  *name_or_arn,
                                           const char  *principal,
                                           const char  *source_arn);

G_END_DECLS
