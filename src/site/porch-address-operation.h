/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-address-plan.h"
#include "porch-operation.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ADDRESS_OPERATION (porch_address_operation_get_type ())

G_DECLARE_FINAL_TYPE (PorchAddressOperation, porch_address_operation, PORCH, ADDRESS_OPERATION, PorchOperation)

PorchOperation  *porch_address_operation_new              (PorchAddressPlan      *plan);
PorchAddress    *porch_address_operation_dup_address      (PorchAddressOperation *self);
gboolean         porch_address_operation_needs_owner      (PorchAddressOperation *self);
JsonArray       *porch_address_operation_get_wanted       (PorchAddressOperation *self);
GDateTime       *porch_address_operation_get_next_look    (PorchAddressOperation *self);
void             porch_address_operation_look_again       (PorchAddressOperation *self);
gboolean         porch_address_operation_can_agree        (PorchAddressOperation *self);
void             porch_address_operation_agree            (PorchAddressOperation *self);

G_END_DECLS
