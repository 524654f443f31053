/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean practice_acm_init       (Practice            *practice,
                                  GError             **error);

/* Looks at the DNS for all that wait, now. */
void     practice_acm_look       (Practice            *practice);

/* Whether a certificate of us-east-1 is there, issued, and good for all of the names. */
gboolean practice_acm_is_usable  (Practice            *practice,
                                  const char          *arn,
                                  const char * const  *names);

G_END_DECLS
