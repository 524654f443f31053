/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-session.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SESSION (porch_session_get_type ())

G_DECLARE_FINAL_TYPE (PorchSession, porch_session, PORCH, SESSION, GObject)

PorchSession  *porch_session_new          (const char    *account_id,
                                           const char    *label);
void           porch_session_set          (PorchSession  *self,
                                           JsonObject    *session);
JsonObject    *porch_session_get          (PorchSession  *self);
DexFuture     *porch_session_keep         (PorchSession  *self) G_GNUC_WARN_UNUSED_RESULT;
const GError  *porch_session_get_trouble  (PorchSession  *self);

G_END_DECLS
