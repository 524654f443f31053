/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-server.h"

G_BEGIN_DECLS

gboolean     practice_iam_init         (Practice    *practice,
                                        GError     **error);

/* A key of a user, NULL if there is no such key or it is switched off */
PracticeKey *practice_iam_lookup_key   (Practice    *practice,
                                        const char  *access_key_id);

G_END_DECLS
