/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-folder.h"
#include "porch-manifest.h"
#include "porch-target.h"

G_BEGIN_DECLS

DexFuture *porch_arrivals_find   (PorchTarget   *target,
                                  PorchFolder   *folder,
                                  PorchManifest *planned,
                                  PorchManifest *next) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_arrivals_verify (PorchTarget   *target,
                                  PorchManifest *next) G_GNUC_WARN_UNUSED_RESULT;

DexFuture *porch_arrivals_remove (PorchTarget   *target,
                                  const char    *release) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
