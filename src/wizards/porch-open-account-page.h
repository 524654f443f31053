/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_TYPE_OPEN_ACCOUNT_PAGE (porch_open_account_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchOpenAccountPage, porch_open_account_page, PORCH, OPEN_ACCOUNT_PAGE, AdwNavigationPage)

G_END_DECLS
