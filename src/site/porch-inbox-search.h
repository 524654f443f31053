/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GStrv     porch_inbox_search_split       (const char          *search);
char     *porch_inbox_search_build_match (const char          *search);
gboolean  porch_inbox_search_find        (const char          *text,
                                          const char * const  *words,
                                          gsize               *start,
                                          gsize               *end);
char     *porch_inbox_search_dup_snippet (const char          *text,
                                          const char * const  *words);

G_END_DECLS
