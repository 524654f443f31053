/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void porch_json_append_string (GString    *string,
                               const char *text);
void porch_json_append_member (GString    *string,
                               const char *name,
                               const char *text);

G_END_DECLS
