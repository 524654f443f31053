/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-address-plan.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ADDRESS_REVIEW_PAGE (porch_address_review_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchAddressReviewPage, porch_address_review_page, PORCH, ADDRESS_REVIEW_PAGE, PorchWizardPage)

PorchAddressReviewPage *porch_address_review_page_new (PorchAddressPlan *plan);

G_END_DECLS
