/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* A fiber here may call down into libsoup and SQLite, and sanitizers want room too. */
#define PORCH_FIBER_ROOM (512 * 1024)

DexFuture *porch_fiber_spawn (DexFiberFunc   func,
                              gpointer       data,
                              GDestroyNotify destroy,
                              GDestroyNotify dropped) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
