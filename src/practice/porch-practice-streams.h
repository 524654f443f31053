/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-resources.h"

G_BEGIN_DECLS

#define PRACTICE_MAPPING_TYPE "AWS::Lambda::EventSourceMapping"

/* Records of tables' streams on their way to functions (event source mappings). */
gboolean practice_streams_init         (Practice    *practice,
                                        GError     **error);
void     practice_streams_shutdown     (Practice    *practice);

/* Where a new mapping begins to read; written with the mapping. */
gboolean practice_stream_start_mapping (Practice    *practice,
                                        const char  *id,
                                        const char  *stream_arn,
                                        gboolean     from_now,
                                        GError     **error);
gboolean practice_stream_end_mapping   (Practice    *practice,
                                        const char  *id,
                                        GError     **error);
gboolean practice_stream_exists        (Practice    *practice,
                                        const char  *stream_arn);

/* Patterns of FilterCriteria. */
gboolean practice_filter_check         (const char  *pattern,
                                        GError     **error);
gboolean practice_filter_matches       (JsonObject  *pattern,
                                        JsonObject  *record);

G_END_DECLS
