/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *aws_uri_encode         (const char *text);
char     *aws_uri_encode_path    (const char *path);
void      aws_uri_append_encoded (GString    *string,
                                  const char *text,
                                  gssize      length,
                                  gboolean    keep_slash);
void      aws_uri_append_parameter (GString  *uri,
                                  const char *name,
                                  const char *value);
char     *aws_uri_decode         (const char *text,
                                  gssize      length,
                                  gboolean    plus_is_space);

G_END_DECLS
