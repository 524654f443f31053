/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean porch_archive_is_name (const char  *name);
gboolean porch_archive_unpack  (const char  *archive,
                                const char  *folder,
                                int         *cancelled,
                                guint       *n_skipped,
                                GError     **error);

G_END_DECLS
