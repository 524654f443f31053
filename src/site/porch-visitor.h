/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-manifest.h"
#include "porch-receipt.h"

G_BEGIN_DECLS

/* How long the edge may take to show a new release, in seconds. */
#define PORCH_VISITOR_PATIENCE 90

/* How many of the pages that changed are looked at. */
#define PORCH_VISITOR_PAGES 20

/**
 * PorchVisitor:
 *
 * Looks at a site from outside, as anybody may, whether it shows a release.
 */
#define PORCH_TYPE_VISITOR (porch_visitor_get_type ())
G_DECLARE_FINAL_TYPE (PorchVisitor, porch_visitor, PORCH, VISITOR, GObject)

PorchVisitor *porch_visitor_new           (const char    *address,
                                           PorchManifest *manifest,
                                           PorchManifest *before);
double        porch_visitor_get_patience  (PorchVisitor  *self);
void          porch_visitor_set_patience  (PorchVisitor  *self,
                                           double         seconds);
guint         porch_visitor_get_n_pages   (PorchVisitor  *self);
guint         porch_visitor_get_n_seen    (PorchVisitor  *self);
DexFuture    *porch_visitor_run           (PorchVisitor  *self) G_GNUC_WARN_UNUSED_RESULT;
void          porch_visitor_stop          (PorchVisitor  *self);

G_END_DECLS
