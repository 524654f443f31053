/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * AwsThreadFunc:
 * @user_data: what was given with the function
 *
 * Blocks as it likes, on a worker thread.
 *
 * Returns: (transfer full): a future that is completed already
 */
typedef DexFuture *(*AwsThreadFunc) (gpointer user_data);

DexFuture *aws_thread_run (AwsThreadFunc   func,
                           gpointer        user_data,
                           GDestroyNotify  notify) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
