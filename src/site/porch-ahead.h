/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-folder.h"
#include "porch-manifest.h"
#include "porch-target.h"

G_BEGIN_DECLS

/**
 * PorchAhead:
 *
 * Sends the large new files of a folder while the others are still being read.
 */
#define PORCH_TYPE_AHEAD (porch_ahead_get_type ())
G_DECLARE_FINAL_TYPE (PorchAhead, porch_ahead, PORCH, AHEAD, GObject)

PorchAhead *porch_ahead_new            (PorchTarget   *target,
                                        PorchFolder   *folder,
                                        const char    *note);
DexFuture  *porch_ahead_run            (PorchAhead    *self,
                                        PorchManifest *live) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_ahead_until_ended    (PorchAhead    *self,
                                        DexFuture     *work) G_GNUC_WARN_UNUSED_RESULT;
void        porch_ahead_end            (PorchAhead    *self);
void        porch_ahead_stop           (PorchAhead    *self);
guint       porch_ahead_get_n_sent     (PorchAhead    *self);
guint64     porch_ahead_get_bytes_sent (PorchAhead    *self);

G_END_DECLS
