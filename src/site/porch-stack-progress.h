/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "aws-cloudformation.h"

G_BEGIN_DECLS

#define PORCH_TYPE_STACK_PROGRESS (porch_stack_progress_get_type ())

G_DECLARE_FINAL_TYPE (PorchStackProgress, porch_stack_progress, PORCH, STACK_PROGRESS, GObject)

PorchStackProgress  *porch_stack_progress_new            (JsonObject          *resources,
                                                          JsonObject          *times,
                                                          double               scale);
void                 porch_stack_progress_expect         (PorchStackProgress  *self,
                                                          const char          *logical_id,
                                                          const char          *type,
                                                          const char          *action);
void                 porch_stack_progress_begin          (PorchStackProgress  *self,
                                                          gint64               when);
void                 porch_stack_progress_take           (PorchStackProgress  *self,
                                                          AwsStackEvent       *event);
double               porch_stack_progress_get_fraction   (PorchStackProgress  *self,
                                                          gint64               now);
int                  porch_stack_progress_get_remaining  (PorchStackProgress  *self,
                                                          gint64               now);
const char          *porch_stack_progress_get_work       (PorchStackProgress  *self,
                                                          gint64               now,
                                                          gboolean            *is_removed);
char                *porch_stack_progress_describe       (int                  seconds);
JsonObject          *porch_stack_progress_dup_times      (PorchStackProgress  *self);

G_END_DECLS
