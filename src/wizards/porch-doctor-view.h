/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-domain-doctor.h"

G_BEGIN_DECLS

#define PORCH_TYPE_DOCTOR_VIEW (porch_doctor_view_get_type ())

G_DECLARE_FINAL_TYPE (PorchDoctorView, porch_doctor_view, PORCH, DOCTOR_VIEW, AdwBin)

void porch_doctor_view_set_doctor (PorchDoctorView   *self,
                                   PorchDomainDoctor *doctor);

G_END_DECLS
