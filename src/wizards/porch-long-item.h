/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PORCH_TYPE_LONG_ITEM (porch_long_item_get_type ())

G_DECLARE_FINAL_TYPE (PorchLongItem, porch_long_item, PORCH, LONG_ITEM, GObject)

PorchLongItem *porch_long_item_new          (const char    *title,
                                             const char    *subtitle);
const char    *porch_long_item_get_title    (PorchLongItem *self);
const char    *porch_long_item_get_subtitle (PorchLongItem *self);

G_END_DECLS
