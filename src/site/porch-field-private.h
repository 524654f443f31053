/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-message.h"

G_BEGIN_DECLS

PorchField  *porch_field_new      (const char          *name,
                                   const char * const  *values,
                                   gboolean             is_list);
gboolean     porch_field_is_list  (PorchField          *self);

G_END_DECLS
