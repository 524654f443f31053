/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "aws-boxed.h"
#include "aws-cloudformation.h"
#include "porch-stack-progress.h"

G_BEGIN_DECLS

#define PORCH_TYPE_STACK_CHANGES (porch_stack_changes_get_type ())

/* What changing the resources of a site would do, in plain words. */
AWS_DECLARE_BOXED (PorchStackChanges, porch_stack_changes)

PorchStackChanges   *porch_stack_changes_new           (GPtrArray          *changes,
                                                        AwsStack           *before,
                                                        JsonObject         *parameters);
gboolean             porch_stack_changes_is_empty      (PorchStackChanges  *self);
const char * const  *porch_stack_changes_get_sentences (PorchStackChanges  *self);
gboolean             porch_stack_changes_check         (PorchStackChanges  *self,
                                                        GError            **error);
void                 porch_stack_changes_expect        (PorchStackChanges  *self,
                                                        PorchStackProgress *progress);
JsonArray           *porch_stack_changes_to_json       (PorchStackChanges  *self);

G_END_DECLS
