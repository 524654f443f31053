/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * PorchDroppedKind:
 * @PORCH_DROPPED_SITE: a folder or a ZIP of this computer
 * @PORCH_DROPPED_FILES: files; a folder is needed
 * @PORCH_DROPPED_SEVERAL: more than one thing, and a folder or ZIP among them
 * @PORCH_DROPPED_ELSEWHERE: something that is not on this computer
 * @PORCH_DROPPED_GONE: something that is not there any more, or may not be looked at
 */
typedef enum
{
  PORCH_DROPPED_SITE,
  PORCH_DROPPED_FILES,
  PORCH_DROPPED_SEVERAL,
  PORCH_DROPPED_ELSEWHERE,
  PORCH_DROPPED_GONE,
} PorchDroppedKind;

PorchDroppedKind  porch_dropped_judge    (GPtrArray  *files,
                                          GFile     **folder);
DexFuture        *porch_dropped_resolve  (GtkWidget  *widget,
                                          GPtrArray  *files) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
