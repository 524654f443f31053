/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"
#include "porch-plan.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CREATE_OPERATION (porch_create_operation_get_type ())

G_DECLARE_FINAL_TYPE (PorchCreateOperation, porch_create_operation, PORCH, CREATE_OPERATION, PorchOperation)

PorchOperation  *porch_create_operation_new  (PorchEngine  *engine,
                                              PorchPlan    *plan);

G_END_DECLS
