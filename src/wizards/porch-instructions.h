/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void porch_instructions_fill (GtkListBox         *list,
                              const char * const *sentences);

G_END_DECLS
