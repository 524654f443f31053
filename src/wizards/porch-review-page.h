/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_REVIEW_PAGE (porch_review_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchReviewPage, porch_review_page, PORCH, REVIEW_PAGE, PorchWizardPage)

G_END_DECLS
