/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-domain-doctor.h"

G_BEGIN_DECLS

#define PORCH_TYPE_DOCTOR_CARD (porch_doctor_card_get_type ())

G_DECLARE_FINAL_TYPE (PorchDoctorCard, porch_doctor_card, PORCH, DOCTOR_CARD, AdwBin)

GtkWidget *porch_doctor_card_new (PorchDomainDoctor *doctor,
                                  PorchDoctorStep   *step);

G_END_DECLS
