/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

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

#define PORCH_TYPE_FINDING (porch_finding_get_type ())
G_DECLARE_FINAL_TYPE (PorchFinding, porch_finding, PORCH, FINDING, GObject)

PorchFinding  *porch_finding_new           (PorchSeverity  severity,
                                            const char    *rule,
                                            const char    *path,
                                            guint          line,
                                            const char    *text,
                                            const char    *fix);
PorchSeverity  porch_finding_get_severity  (PorchFinding  *self);
const char    *porch_severity_to_string    (PorchSeverity  severity);
const char    *porch_finding_get_rule      (PorchFinding  *self);
const char    *porch_finding_get_path      (PorchFinding  *self);
guint          porch_finding_get_line      (PorchFinding  *self);
const char    *porch_finding_get_text      (PorchFinding  *self);
const char    *porch_finding_get_fix       (PorchFinding  *self);

G_END_DECLS
