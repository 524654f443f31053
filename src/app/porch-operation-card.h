/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-operation.h"

G_BEGIN_DECLS

#define PORCH_TYPE_OPERATION_CARD (porch_operation_card_get_type ())

G_DECLARE_FINAL_TYPE (PorchOperationCard, porch_operation_card, PORCH, OPERATION_CARD, AdwBin)

void porch_operation_card_set_operation (PorchOperationCard *self,
                                         PorchOperation     *operation);

G_END_DECLS
