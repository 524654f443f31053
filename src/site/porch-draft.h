/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "porch-pointer.h"

G_BEGIN_DECLS

/* For how many days a draft can be seen. */
#define PORCH_DRAFT_MIN_DAYS      1
#define PORCH_DRAFT_MAX_DAYS     30
#define PORCH_DRAFT_DEFAULT_DAYS  7

/**
 * PorchDraft:
 *
 * A release that only those see who have its secret link, until a given time. All but
 * [property@Porch.Draft:until] never changes.
 */
#define PORCH_TYPE_DRAFT (porch_draft_get_type ())
G_DECLARE_FINAL_TYPE (PorchDraft, porch_draft, PORCH, DRAFT, GObject)

PorchDraft         *porch_draft_new          (PorchPointerDraft *entry,
                                              const char        *address);
const char         *porch_draft_get_id       (PorchDraft        *self);
const char         *porch_draft_get_release  (PorchDraft        *self);
const char         *porch_draft_get_link     (PorchDraft        *self);
GDateTime          *porch_draft_get_until    (PorchDraft        *self);
gboolean            porch_draft_is_over      (PorchDraft        *self);
const char         *porch_draft_get_token    (PorchDraft        *self);
PorchPointerValue  *porch_draft_get_value    (PorchDraft        *self);
void                porch_draft_set_until    (PorchDraft        *self,
                                              gint64             until);
gint64              porch_draft_build_until  (guint              days);

G_END_DECLS
