/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>
#include <glib-object.h>

G_BEGIN_DECLS

#define PORCH_TYPE_CALLBACK (porch_callback_get_type ())

G_DECLARE_FINAL_TYPE (PorchCallback, porch_callback, PORCH, CALLBACK, GObject)

PorchCallback  *porch_callback_new      (const char     *state,
                                         GError        **error);
const char     *porch_callback_get_uri  (PorchCallback  *self);
DexFuture      *porch_callback_wait     (PorchCallback  *self) G_GNUC_WARN_UNUSED_RESULT;
void            porch_callback_close    (PorchCallback  *self);

G_END_DECLS
