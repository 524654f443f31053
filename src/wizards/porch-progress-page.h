/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-engine.h"

G_BEGIN_DECLS

#define PORCH_TYPE_PROGRESS_PAGE (porch_progress_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchProgressPage, porch_progress_page, PORCH, PROGRESS_PAGE, AdwNavigationPage)

PorchProgressPage *porch_progress_page_new (PorchOperation *operation);

G_END_DECLS
