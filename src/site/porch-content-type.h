/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Goes up when the same file would get another type, or when more is known about what is private; what the hash cache
 * holds is then made anew. */
#define PORCH_CONTENT_TYPE_RULES 2

/* How much of a file's beginning porch_content_type_guess() likes to see. */
#define PORCH_CONTENT_TYPE_HEAD 4096

/**
 * PorchCacheRule:
 * @PORCH_CACHE_PAGE: always asked for again; kept at the edge, where a release has addresses of its own
 * @PORCH_CACHE_ASSET: the name changes with the content, so it never has to be asked for again
 * @PORCH_CACHE_REST: a few minutes
 */
typedef enum
{
  PORCH_CACHE_PAGE,
  PORCH_CACHE_ASSET,
  PORCH_CACHE_REST,
} PorchCacheRule;

char           *porch_content_type_guess         (const char     *path,
                                                  const guint8   *head,
                                                  gsize           head_length,
                                                  gboolean        is_utf8);
gboolean        porch_content_type_is_text       (const char     *type);
gboolean        porch_content_type_is_page       (const char     *type);
gboolean        porch_content_type_is_fingerprinted
                                                 (const char     *path);
PorchCacheRule  porch_cache_rule_for             (const char     *path,
                                                  const char     *type);
const char     *porch_cache_rule_get_header      (PorchCacheRule  rule);
gboolean        porch_cache_header_is_immutable  (const char     *header);

G_END_DECLS
