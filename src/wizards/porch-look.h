/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-changes.h"
#include "porch-folder.h"
#include "porch-site.h"
#include "porch-treatment.h"

G_BEGIN_DECLS

#define PORCH_TYPE_LOOK (porch_look_get_type ())

G_DECLARE_FINAL_TYPE (PorchLook, porch_look, PORCH, LOOK, GObject)

PorchLook       *porch_look_new            (PorchSite       *site,
                                            GFile           *chosen,
                                            PorchTreatments *treatments,
                                            gboolean         thorough);
DexFuture       *porch_look_run            (PorchLook       *self) G_GNUC_WARN_UNUSED_RESULT;

GFile           *porch_look_get_root       (PorchLook       *self);
PorchFolder     *porch_look_get_folder     (PorchLook       *self);
PorchChanges    *porch_look_get_changes    (PorchLook       *self);
GListModel      *porch_look_get_findings   (PorchLook       *self);
PorchTreatments *porch_look_dup_answers    (PorchLook       *self);
gboolean         porch_look_is_blocked     (PorchLook       *self);
guint            porch_look_get_n_seen     (PorchLook       *self);

G_END_DECLS
