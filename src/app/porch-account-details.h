/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-engine.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ACCOUNT_DETAILS (porch_account_details_get_type ())

G_DECLARE_FINAL_TYPE (PorchAccountDetails, porch_account_details, PORCH, ACCOUNT_DETAILS, AdwNavigationPage)

AdwNavigationPage *porch_account_details_new (PorchEngine  *engine,
                                              PorchAccount *account);

G_END_DECLS
