/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_TYPE_DROP_AREA (porch_drop_area_get_type ())

G_DECLARE_FINAL_TYPE (PorchDropArea, porch_drop_area, PORCH, DROP_AREA, AdwBin)

gboolean  porch_drop_area_get_active (PorchDropArea *self);
void      porch_drop_area_set_active (PorchDropArea *self,
                                      gboolean       active);

G_END_DECLS
