/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ADDRESS_PAGE (porch_address_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchAddressPage, porch_address_page, PORCH, ADDRESS_PAGE, AdwNavigationPage)

AdwNavigationPage *porch_address_page_new (PorchSite *site);

G_END_DECLS
