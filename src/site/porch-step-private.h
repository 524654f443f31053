/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"

G_BEGIN_DECLS

PorchStep  *porch_step_new         (const char           *id,
                                    const char           *title,
                                    double                weight);
double      porch_step_get_weight  (PorchStep            *self);
void        porch_step_set_state   (PorchStep            *self,
                                    PorchOperationState   state);
void        porch_step_set_detail  (PorchStep            *self,
                                    const char           *detail);

G_END_DECLS
