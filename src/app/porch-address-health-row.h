/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-health-row.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ADDRESS_HEALTH_ROW (porch_address_health_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchAddressHealthRow, porch_address_health_row, PORCH, ADDRESS_HEALTH_ROW, PorchHealthRow)

G_END_DECLS
