/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean    practice_dynamodb_init         (Practice    *practice,
                                            GError     **error);

/* One operation with input and output as on the wire; errors are PRACTICE_FAULT. @details may be set along with an
 * error to members that belong into the error's body. For callers inside: CloudFormation and the functions. */
JsonObject *practice_dynamodb_call         (Practice    *practice,
                                            const char  *region,
                                            const char  *operation,
                                            JsonObject  *input,
                                            JsonObject **details,
                                            GError     **error);

/* What a policy has to allow for such a call: the ARN of the table it names, "*" when it names none. */
char       *practice_dynamodb_get_resource (Practice    *practice,
                                            const char  *region,
                                            JsonObject  *input);

G_END_DECLS
