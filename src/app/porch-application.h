/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-engine.h"
#include "porch-practice.h"

G_BEGIN_DECLS

#define PORCH_TYPE_APPLICATION (porch_application_get_type ())

G_DECLARE_FINAL_TYPE (PorchApplication, porch_application, PORCH, APPLICATION, AdwApplication)

PorchApplication *porch_application_new                 (void);
PorchEngine      *porch_application_get_engine          (PorchApplication *self);
PorchPractice    *porch_application_get_practice        (PorchApplication *self);
GSettings        *porch_application_get_settings        (PorchApplication *self);
DexFuture        *porch_application_open_sites          (PorchApplication *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture        *porch_application_start_practice      (PorchApplication *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
