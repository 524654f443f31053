/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean practice_codeconnections_init        (Practice    *practice,
                                               GError     **error);

/* "PENDING", "AVAILABLE", or NULL when there is no such connection. */
char    *practice_connection_dup_status       (Practice    *practice,
                                               const char  *region,
                                               const char  *arn);

G_END_DECLS
