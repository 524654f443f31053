/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-domain-doctor.h"

G_BEGIN_DECLS

#define PORCH_TYPE_RECORD_ROW (porch_record_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchRecordRow, porch_record_row, PORCH, RECORD_ROW, AdwExpanderRow)

GtkWidget *porch_record_row_new (PorchDoctorRecord *record);

G_END_DECLS
