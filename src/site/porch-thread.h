/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * PorchThreadFunc:
 * @data: what was given to porch_thread_run()
 * @error: return location
 *
 * Work for a thread of its own; touches nothing but @data.
 *
 * Returns: %TRUE, or %FALSE with @error set
 */
typedef gboolean (*PorchThreadFunc) (gpointer   data,
                                     GError   **error);

DexFuture *porch_thread_run (PorchThreadFunc  func,
                             gpointer         data,
                             GDestroyNotify   destroy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
