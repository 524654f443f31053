/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-release.h"

G_BEGIN_DECLS

#define PORCH_TYPE_RELEASE_ROW (porch_release_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchReleaseRow, porch_release_row, PORCH, RELEASE_ROW, AdwExpanderRow)

GtkWidget    *porch_release_row_new         (PorchRelease    *release);
PorchRelease *porch_release_row_get_release (PorchReleaseRow *self);

G_END_DECLS
