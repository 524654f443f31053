/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

typedef void (*TestFiberFunc) (void);

/* Runs @func in a fiber under a main loop; the test ends when the fiber does. */
void   test_add_fiber  (const char    *path,
                        TestFiberFunc  func);

/* A new empty folder below the temporary folder; test_remove_folder() ends it. */
char  *test_new_folder    (void);
void   test_remove_folder (const char *path);

/* Awaits @future (swallowed) outside of a fiber, spinning the main context. */
gboolean test_await (DexFuture  *future,
                     GError    **error);

G_END_DECLS
