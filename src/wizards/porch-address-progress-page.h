/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-address-operation.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ADDRESS_PROGRESS_PAGE (porch_address_progress_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchAddressProgressPage, porch_address_progress_page, PORCH, ADDRESS_PROGRESS_PAGE, AdwNavigationPage)

PorchAddressProgressPage *porch_address_progress_page_new (PorchOperation *operation);

G_END_DECLS
