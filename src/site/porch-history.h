/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-release.h"
#include "porch-target.h"

G_BEGIN_DECLS

/**
 * PorchHistory:
 *
 * The releases of a site, newest first: a [iface@Gio.ListModel] of [class@Porch.Release]. It knows the drafts and the
 * receipts, too.
 */
#define PORCH_TYPE_HISTORY (porch_history_get_type ())
G_DECLARE_FINAL_TYPE (PorchHistory, porch_history, PORCH, HISTORY, GObject)

PorchHistory *porch_history_new       (PorchStore   *store,
                                       const char   *site_id);
DexFuture    *porch_history_load      (PorchHistory *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *porch_history_refresh   (PorchHistory *self,
                                       PorchTarget  *target) G_GNUC_WARN_UNUSED_RESULT;
PorchRelease *porch_history_lookup    (PorchHistory *self,
                                       const char   *release);
PorchRelease *porch_history_get_live  (PorchHistory *self);
void          porch_history_set_live  (PorchHistory *self,
                                       const char   *release);
GListModel   *porch_history_get_drafts  (PorchHistory *self);
PorchDraft   *porch_history_lookup_draft
                                        (PorchHistory *self,
                                         const char   *id);
void          porch_history_set_address (PorchHistory *self,
                                         const char   *address);
void          porch_history_add_draft   (PorchHistory *self,
                                         PorchDraft   *draft);
void          porch_history_drop_draft  (PorchHistory *self,
                                         PorchDraft   *draft);
void          porch_history_drop_drafts_of
                                        (PorchHistory *self,
                                         const char   *release);
void          porch_history_take_receipt
                                        (PorchHistory *self,
                                         PorchReceipt *receipt);
DexFuture    *porch_history_load_drafts (PorchHistory *self,
                                         PorchTarget  *target) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *porch_history_remove    (PorchHistory *self,
                                       PorchTarget  *target,
                                       const char   *release) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
