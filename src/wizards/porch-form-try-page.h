/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-operation.h"

G_BEGIN_DECLS

#define PORCH_TYPE_FORM_TRY_PAGE (porch_form_try_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchFormTryPage, porch_form_try_page, PORCH, FORM_TRY_PAGE, AdwNavigationPage)

PorchFormTryPage  *porch_form_try_page_new  (PorchSite       *site,
                                             PorchOperation  *operation,
                                             gboolean         needs_publish);

G_END_DECLS
