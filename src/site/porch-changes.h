/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "porch-folder.h"
#include "porch-manifest.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CHANGE (porch_change_get_type ())
G_DECLARE_FINAL_TYPE (PorchChange, porch_change, PORCH, CHANGE, GObject)

PorchChangeKind  porch_change_get_kind      (PorchChange *self);
const char      *porch_change_get_path      (PorchChange *self);
const char      *porch_change_get_old_path  (PorchChange *self);
const char      *porch_change_get_title     (PorchChange *self);
guint64          porch_change_get_size      (PorchChange *self);

/**
 * PorchChanges:
 *
 * What a publish will do: the differences between a folder and what is live, as a list of
 * [class@Porch.Change] sorted by path, and the counts.
 */
#define PORCH_TYPE_CHANGES (porch_changes_get_type ())
G_DECLARE_FINAL_TYPE (PorchChanges, porch_changes, PORCH, CHANGES, GObject)

PorchChanges  *porch_changes_new               (PorchManifest *live,
                                                PorchManifest *next);
guint          porch_changes_get_n_added       (PorchChanges  *self);
guint          porch_changes_get_n_changed     (PorchChanges  *self);
guint          porch_changes_get_n_removed     (PorchChanges  *self);
guint          porch_changes_get_n_renamed     (PorchChanges  *self);
guint          porch_changes_get_n_unchanged   (PorchChanges  *self);
guint          porch_changes_get_n_to_send     (PorchChanges  *self);
guint64        porch_changes_get_bytes_to_send (PorchChanges  *self);
gboolean       porch_changes_is_empty          (PorchChanges  *self);
gboolean       porch_changes_is_first          (PorchChanges  *self);

G_END_DECLS
