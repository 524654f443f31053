/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-practice.h"

G_BEGIN_DECLS

#define PORCH_TYPE_OUTBOX_DIALOG (porch_outbox_dialog_get_type ())

G_DECLARE_FINAL_TYPE (PorchOutboxDialog, porch_outbox_dialog, PORCH, OUTBOX_DIALOG, AdwDialog)

AdwDialog *porch_outbox_dialog_new (PorchPractice *practice);

G_END_DECLS
