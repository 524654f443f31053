/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-address-plan.h"
#include "porch-wizard-page.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ADDRESS_LEAVE_PAGE (porch_address_leave_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchAddressLeavePage, porch_address_leave_page, PORCH, ADDRESS_LEAVE_PAGE, PorchWizardPage)

PorchAddressLeavePage *porch_address_leave_page_new (PorchAddressPlan *plan);

G_END_DECLS
