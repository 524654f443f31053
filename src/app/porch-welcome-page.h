/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_TYPE_WELCOME_PAGE (porch_welcome_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchWelcomePage, porch_welcome_page, PORCH, WELCOME_PAGE, AdwBin)

G_END_DECLS
