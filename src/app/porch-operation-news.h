/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-operation.h"

G_BEGIN_DECLS

AdwToast      *porch_operation_create_toast         (PorchOperation *operation);
GNotification *porch_operation_create_notification  (PorchOperation *operation);

G_END_DECLS
