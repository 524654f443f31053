/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_TYPE_CONNECT_PAGE (porch_connect_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchConnectPage, porch_connect_page, PORCH, CONNECT_PAGE, AdwNavigationPage)

void porch_connect_page_set_has_profiles (PorchConnectPage *self,
                                          gboolean          has_profiles);

G_END_DECLS
