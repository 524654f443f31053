/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/* How many folders are listened to; the system has a limit for all programs together. */
#define PORCH_FOLDER_MONITOR_MAX 1024

/**
 * PorchFolderMonitor:
 *
 * Tells when something below a folder changes, for as long as it is followed.
 */
#define PORCH_TYPE_FOLDER_MONITOR (porch_folder_monitor_get_type ())
G_DECLARE_FINAL_TYPE (PorchFolderMonitor, porch_folder_monitor, PORCH, FOLDER_MONITOR, GObject)

PorchFolderMonitor *porch_folder_monitor_new           (void);
DexFuture          *porch_folder_monitor_follow        (PorchFolderMonitor *self,
                                                        const char         *root,
                                                        const char         *other) G_GNUC_WARN_UNUSED_RESULT;
void                porch_folder_monitor_stop          (PorchFolderMonitor *self);
guint               porch_folder_monitor_get_n_folders (PorchFolderMonitor *self);

G_END_DECLS
