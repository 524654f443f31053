/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

#define PORCH_TYPE_SOURCE (porch_source_get_type ())
G_DECLARE_FINAL_TYPE (PorchSource, porch_source, PORCH, SOURCE, GObject)

DexFuture  *porch_source_open         (GFile       *dropped) G_GNUC_WARN_UNUSED_RESULT;
gboolean    porch_source_is_archive   (GFile       *file);

GFile      *porch_source_get_dropped  (PorchSource *self);
GFile      *porch_source_get_folder   (PorchSource *self);
GListModel *porch_source_get_findings (PorchSource *self);

const char *porch_error_get_command   (const GError *error);

G_END_DECLS
