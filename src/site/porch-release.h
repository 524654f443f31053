/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "porch-draft.h"
#include "porch-manifest.h"
#include "porch-receipt.h"

G_BEGIN_DECLS

/**
 * PorchRelease:
 *
 * One published state of a site, as the history shows it. All but whether it is live, its receipt and its draft never
 * changes.
 */
#define PORCH_TYPE_RELEASE (porch_release_get_type ())
G_DECLARE_FINAL_TYPE (PorchRelease, porch_release, PORCH, RELEASE, GObject)

PorchRelease           *porch_release_new                (const PorchManifestSummary *summary);
const char             *porch_release_get_id             (PorchRelease               *self);
GDateTime              *porch_release_get_date           (PorchRelease               *self);
const char             *porch_release_get_note           (PorchRelease               *self);
const char             *porch_release_get_author         (PorchRelease               *self);
const char             *porch_release_get_source         (PorchRelease               *self);
const char             *porch_release_get_previous       (PorchRelease               *self);
guint                   porch_release_get_n_files        (PorchRelease               *self);
guint64                 porch_release_get_n_bytes        (PorchRelease               *self);
guint                   porch_release_get_n_added        (PorchRelease               *self);
guint                   porch_release_get_n_changed      (PorchRelease               *self);
guint                   porch_release_get_n_removed      (PorchRelease               *self);
guint                   porch_release_get_n_renamed      (PorchRelease               *self);
guint                   porch_release_get_n_pages        (PorchRelease               *self);
guint                   porch_release_get_n_page_changes (PorchRelease               *self);
const PorchPageChange  *porch_release_get_page_change    (PorchRelease               *self,
                                                          guint                       position);
gboolean                porch_release_was_draft          (PorchRelease               *self);
gboolean                porch_release_get_live           (PorchRelease               *self);
void                    porch_release_set_live           (PorchRelease               *self,
                                                          gboolean                    live);
PorchReceipt           *porch_release_get_receipt        (PorchRelease               *self);
void                    porch_release_set_receipt        (PorchRelease               *self,
                                                          PorchReceipt               *receipt);
PorchDraft             *porch_release_get_draft          (PorchRelease               *self);
void                    porch_release_set_draft          (PorchRelease               *self,
                                                          PorchDraft                 *draft);

G_END_DECLS
