/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean practice_cloudwatch_init (Practice  *practice,
                                   GError   **error);

G_END_DECLS
