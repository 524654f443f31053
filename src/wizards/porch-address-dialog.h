/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-operation.h"
#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ADDRESS_DIALOG (porch_address_dialog_get_type ())

G_DECLARE_FINAL_TYPE (PorchAddressDialog, porch_address_dialog, PORCH, ADDRESS_DIALOG, AdwDialog)

PorchAddressDialog *porch_address_dialog_new          (PorchSite          *site);
PorchAddressDialog *porch_address_dialog_new_for_work (PorchOperation     *operation);
PorchSite          *porch_address_dialog_get_site     (PorchAddressDialog *self);

PorchOperation     *porch_address_find_work           (PorchSite          *site);

G_END_DECLS
