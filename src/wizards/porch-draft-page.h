/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-publish-operation.h"

G_BEGIN_DECLS

#define PORCH_TYPE_DRAFT_PAGE (porch_draft_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchDraftPage, porch_draft_page, PORCH, DRAFT_PAGE, AdwNavigationPage)

PorchDraftPage *porch_draft_page_new           (void);
guint           porch_draft_page_get_days      (PorchDraftPage *self);
void            porch_draft_page_set_operation (PorchDraftPage *self,
                                                PorchOperation *operation);

G_END_DECLS
