/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-operation.h"
#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_PUBLISH_DIALOG (porch_publish_dialog_get_type ())

G_DECLARE_FINAL_TYPE (PorchPublishDialog, porch_publish_dialog, PORCH, PUBLISH_DIALOG, AdwDialog)

PorchPublishDialog *porch_publish_dialog_new           (PorchSite          *site,
                                                        GFile              *chosen);
PorchOperation     *porch_publish_dialog_get_operation (PorchPublishDialog *self);

G_END_DECLS
