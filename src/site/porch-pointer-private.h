/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-pointer.h"

G_BEGIN_DECLS

PorchPointerValue *porch_pointer_value_parse        (const char         *json,
                                                     GError            **error);
PorchPointerValue *porch_pointer_value_new_empty    (void);
PorchPointerValue *porch_pointer_value_with_changes (PorchPointerValue  *self,
                                                     GHashTable         *changes);

G_END_DECLS
