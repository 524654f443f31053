/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "porch-treatment.h"

G_BEGIN_DECLS

/**
 * PorchSeverity:
 * @PORCH_SEVERITY_INFO: worth knowing, for instance a file that is left out
 * @PORCH_SEVERITY_WARNING: something that visitors may stumble over
 * @PORCH_SEVERITY_ERROR: stops the publishing
 */
typedef enum
{
  PORCH_SEVERITY_INFO,
  PORCH_SEVERITY_WARNING,
  PORCH_SEVERITY_ERROR,
} PorchSeverity;

/**
 * PorchFindingPlace:
 * @path: the file, relative to the published folder, in readable UTF-8
 * @line: the line in it, or 0
 *
 * One of the places where the same thing is wrong.
 */
typedef struct
{
  const char *path;
  guint       line;
} PorchFindingPlace;

/* So many places of a finding are kept; [method@Porch.Finding.get_n_places] goes on counting. */
#define PORCH_FINDING_MAX_PLACES 200

#define PORCH_TYPE_FINDING (porch_finding_get_type ())
G_DECLARE_FINAL_TYPE (PorchFinding, porch_finding, PORCH, FINDING, GObject)

PorchFinding            *porch_finding_new             (PorchSeverity            severity,
                                                        const char              *rule,
                                                        const char              *path,
                                                        guint                    line,
                                                        const char              *text,
                                                        const char              *fix);
PorchSeverity            porch_finding_get_severity    (PorchFinding            *self);
const char              *porch_severity_to_string      (PorchSeverity            severity);
const char              *porch_finding_get_rule        (PorchFinding            *self);
const char              *porch_finding_get_path        (PorchFinding            *self);
guint                    porch_finding_get_line        (PorchFinding            *self);
const char              *porch_finding_get_text        (PorchFinding            *self);
const char              *porch_finding_get_fix         (PorchFinding            *self);
PorchTreatment           porch_finding_get_treatment   (PorchFinding            *self);
gboolean                 porch_finding_get_is_treated  (PorchFinding            *self);
void                     porch_finding_set_treatment   (PorchFinding            *self,
                                                        PorchTreatment           treatment,
                                                        gboolean                 is_treated);
const char              *porch_finding_get_subject     (PorchFinding            *self);
void                     porch_finding_set_subject     (PorchFinding            *self,
                                                        const char              *subject);
guint64                  porch_finding_get_bytes       (PorchFinding            *self);
void                     porch_finding_set_bytes       (PorchFinding            *self,
                                                        guint64                  bytes);
const char              *porch_finding_get_command     (PorchFinding            *self);
void                     porch_finding_set_command     (PorchFinding            *self,
                                                        const char              *command);
guint                    porch_finding_get_n_places    (PorchFinding            *self);
guint                    porch_finding_get_n_kept      (PorchFinding            *self);
PorchFindingPlace        porch_finding_get_place       (PorchFinding            *self,
                                                        guint                    position);
void                     porch_finding_set_places      (PorchFinding            *self,
                                                        const GArray            *places,
                                                        guint                    n_places);

G_END_DECLS
