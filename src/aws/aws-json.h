/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode   *aws_json_load          (GBytes      *bytes,
                                    GError     **error);
JsonObject *aws_json_load_object   (GBytes      *bytes,
                                    GError     **error);
GBytes     *aws_json_to_bytes      (JsonNode    *node);
GBytes     *aws_json_object_to_bytes (JsonObject *object);

/* Absent, null and wrongly typed members read as NULL, the fallback or FALSE. */
const char *aws_json_get_string    (JsonObject  *object,
                                    const char  *name);
gint64      aws_json_get_int       (JsonObject  *object,
                                    const char  *name,
                                    gint64       fallback);
double      aws_json_get_double    (JsonObject  *object,
                                    const char  *name,
                                    double       fallback);
gboolean    aws_json_get_bool      (JsonObject  *object,
                                    const char  *name);
JsonObject *aws_json_get_object    (JsonObject  *object,
                                    const char  *name);
JsonArray  *aws_json_get_array     (JsonObject  *object,
                                    const char  *name);
GDateTime  *aws_json_dup_time      (JsonObject  *object,
                                    const char  *name);
JsonObject *aws_json_array_get_object (JsonArray *array,
                                       guint      index);
const char *aws_json_array_get_string (JsonArray *array,
                                       guint      index);

G_END_DECLS
