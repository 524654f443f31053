/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Attribute values of DynamoDB as they travel: {"S": "text"}. All functions
 * below but practice_attribute_check() expect values that passed the check. */

const char *practice_attribute_get_type     (JsonNode    *value);
JsonNode   *practice_attribute_get_content  (JsonNode    *value);
JsonNode   *practice_attribute_new_string   (const char  *type,
                                             const char  *content);
JsonNode   *practice_attribute_new_number   (gint64       number);

gboolean    practice_attribute_check        (JsonNode    *value,
                                             GError     **error);
gboolean    practice_attribute_check_map    (JsonObject  *attributes,
                                             GError     **error);
gboolean    practice_attribute_equal        (JsonNode    *a,
                                             JsonNode    *b);
gboolean    practice_attribute_compare      (JsonNode    *a,
                                             JsonNode    *b,
                                             int         *result);
gsize       practice_attribute_get_size     (JsonNode    *value);
gsize       practice_attribute_get_map_size (JsonObject  *attributes);
GBytes     *practice_attribute_encode_key   (JsonNode    *value);

char       *practice_number_normalize       (const char  *text,
                                             GError     **error);
int         practice_number_compare         (const char  *a,
                                             const char  *b);
char       *practice_number_add             (const char  *a,
                                             const char  *b,
                                             gboolean     subtract,
                                             GError     **error);

G_END_DECLS
