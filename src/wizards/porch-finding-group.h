/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "porch-finding.h"

G_BEGIN_DECLS

/**
 * PorchCare:
 * @PORCH_CARE_STOPS: has to be put right before anything can be published
 * @PORCH_CARE_PRIVATE: a file that looks private; it is left out unless its owner says otherwise
 * @PORCH_CARE_FIXABLE: can be put right in the copies that are sent
 * @PORCH_CARE_WARNING: visitors may stumble over it
 * @PORCH_CARE_HINT: worth knowing
 *
 * How a finding is to be dealt with, the most urgent first.
 */
typedef enum
{
  PORCH_CARE_STOPS,
  PORCH_CARE_PRIVATE,
  PORCH_CARE_FIXABLE,
  PORCH_CARE_WARNING,
  PORCH_CARE_HINT,
  PORCH_N_CARES,
} PorchCare;

#define PORCH_TYPE_FINDING_GROUP (porch_finding_group_get_type ())

G_DECLARE_FINAL_TYPE (PorchFindingGroup, porch_finding_group, PORCH, FINDING_GROUP, GObject)

GListModel        *porch_finding_groups_new            (GListModel        *findings);

PorchCare          porch_finding_group_get_care        (PorchFindingGroup *self);
const char        *porch_finding_group_get_key         (PorchFindingGroup *self);
PorchTreatment     porch_finding_group_get_treatment   (PorchFindingGroup *self);
gboolean           porch_finding_group_get_is_treated  (PorchFindingGroup *self);
guint              porch_finding_group_get_n_findings  (PorchFindingGroup *self);
PorchFinding      *porch_finding_group_get_finding     (PorchFindingGroup *self,
                                                        guint              position);
guint              porch_finding_group_get_count       (PorchFindingGroup *self);
guint64            porch_finding_group_get_bytes       (PorchFindingGroup *self);
char              *porch_finding_group_dup_title       (PorchFindingGroup *self);
char              *porch_finding_group_dup_reason      (PorchFindingGroup *self);

G_END_DECLS
