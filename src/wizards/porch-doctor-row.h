/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-domain-doctor.h"

G_BEGIN_DECLS

#define PORCH_TYPE_DOCTOR_ROW (porch_doctor_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchDoctorRow, porch_doctor_row, PORCH, DOCTOR_ROW, AdwActionRow)

GtkWidget *porch_doctor_row_new  (PorchDoctorStep  *step);

char      *porch_doctor_mark     (GObject          *object,
                                  PorchDoctorState  state);

G_END_DECLS
