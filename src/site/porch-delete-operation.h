/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"

G_BEGIN_DECLS

#define PORCH_TYPE_DELETE_OPERATION (porch_delete_operation_get_type ())

G_DECLARE_FINAL_TYPE (PorchDeleteOperation, porch_delete_operation, PORCH, DELETE_OPERATION, PorchOperation)

PorchOperation  *porch_delete_operation_new  (PorchSite  *site,
                                              GFile      *messages);

G_END_DECLS
