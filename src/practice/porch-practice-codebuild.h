/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean    practice_codebuild_init        (Practice    *practice,
                                            GError     **error);

/* For pipelines: starts a build and gives its id; and asks how it is going (NULL when there is none). */
char       *practice_codebuild_start       (Practice    *practice,
                                            const char  *region,
                                            const char  *project,
                                            const char  *initiator,
                                            GError     **error);
JsonObject *practice_codebuild_describe    (Practice    *practice,
                                            const char  *region,
                                            const char  *id);

G_END_DECLS
