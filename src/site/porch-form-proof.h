/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-problem.h"

G_BEGIN_DECLS

typedef struct _PorchEngine PorchEngine;
typedef struct _PorchSite PorchSite;

/* After so many days a form is tried again by itself */
#define PORCH_FORM_PROOF_DAYS 7

/**
 * PorchProofState:
 * @PORCH_PROOF_NEVER: never tried
 * @PORCH_PROOF_RUNNING: a test message is under way
 * @PORCH_PROOF_PROVEN: the last test message arrived
 * @PORCH_PROOF_FAILED: the last test message did not arrive
 *
 * Whether a form is known to work.
 */
typedef enum
{
  PORCH_PROOF_NEVER,
  PORCH_PROOF_RUNNING,
  PORCH_PROOF_PROVEN,
  PORCH_PROOF_FAILED,
} PorchProofState;

#define PORCH_TYPE_PROOF_STATE (porch_proof_state_get_type ())
#define PORCH_TYPE_FORM_PROOF  (porch_form_proof_get_type ())

GType            porch_proof_state_get_type    (void) G_GNUC_CONST;

G_DECLARE_FINAL_TYPE (PorchFormProof, porch_form_proof, PORCH, FORM_PROOF, GObject)

/* The one of a site, made when it is first asked for; the site owns it */
PorchFormProof  *porch_site_get_form_proof     (PorchSite        *site);

PorchProofState  porch_form_proof_get_state    (PorchFormProof   *self);
GDateTime       *porch_form_proof_get_proven   (PorchFormProof   *self);
GDateTime       *porch_form_proof_get_tried    (PorchFormProof   *self);
PorchProblem    *porch_form_proof_get_problem  (PorchFormProof   *self);
const char      *porch_form_proof_get_detail   (PorchFormProof   *self);
const char      *porch_form_proof_get_receipt  (PorchFormProof   *self);
DexFuture       *porch_form_proof_load         (PorchFormProof   *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean         porch_form_proof_is_due       (PorchFormProof   *self,
                                                GDateTime        *now);
DexFuture       *porch_form_proof_run          (PorchFormProof   *self,
                                                gboolean          with_mail) G_GNUC_WARN_UNUSED_RESULT;

/* Tries the forms of all sites that are due; resolves to the number that were tried */
DexFuture       *porch_form_proof_run_due      (PorchEngine      *engine) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
