/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-redirects.h"

G_BEGIN_DECLS

PorchRedirect  *porch_redirect_new               (const char      *from,
                                                  const char      *to,
                                                  guint            status);
void            porch_redirect_free              (PorchRedirect   *rule);
gboolean        porch_redirect_is_pattern        (const char      *from);
GHashTable     *porch_redirect_match             (const char      *from,
                                                  const char      *path);
char           *porch_redirect_dup_key           (const char      *address);
gboolean        porch_redirect_target_is_valid   (const char      *to);

PorchRedirects *porch_redirects_new_from_rules   (GPtrArray       *rules,
                                                  gboolean         is_single_page,
                                                  GPtrArray       *findings);
void            porch_redirects_add_finding      (GPtrArray       *findings,
                                                  const char      *rule,
                                                  guint            line,
                                                  char            *text,
                                                  const char      *fix);

G_END_DECLS
