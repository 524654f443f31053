/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_TYPE_LONG_PAGE (porch_long_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchLongPage, porch_long_page, PORCH, LONG_PAGE, AdwNavigationPage)

PorchLongPage *porch_long_page_new (const char *title,
                                    GListModel *items);

G_END_DECLS
