/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"

G_BEGIN_DECLS

typedef struct
{
  PorchEngine         *engine;       /* a weak pointer: the engine owns its operations */
  PorchSite           *site;
  GListStore          *steps;
  PorchStep           *current;
  DexPromise          *stop;         /* rejected to stop */
  DexPromise          *finished;
  JsonObject          *data;
  JsonObject          *result;
  PorchProblem        *problem;
  GError              *error;
  GDateTime           *started;
  char                *id;
  char                *site_id;
  char                *title;
  char                *detail;
  double               step_progress;
  double               progress;
  PorchOperationState  state;
  int                  lock;
  gboolean             is_set_up;
  gboolean             is_written;    /* stands in the store */
  gboolean             is_elsewhere;
  gboolean             was_underway;  /* when an earlier process ended */
} PorchOperationPrivate;

PorchOperationPrivate *porch_operation_get_private (PorchOperation *self);

void       porch_operation_ensure_set_up   (PorchOperation      *self);
void       porch_operation_update_progress (PorchOperation      *self);
void       porch_operation_set_problem     (PorchOperation      *self,
                                            PorchProblem        *problem);
void       porch_operation_set_current_step (PorchOperation     *self,
                                            PorchStep           *step);
void       porch_operation_set_state       (PorchOperation      *self,
                                            PorchOperationState  state);
void       porch_operation_set_elsewhere   (PorchOperation      *self,
                                            gboolean             is_elsewhere);

void       porch_operation_restore         (PorchOperation  *self,
                                            const char      *id,
                                            const char      *site_id,
                                            const char      *title,
                                            const char      *state,
                                            JsonArray       *done,
                                            JsonObject      *data,
                                            JsonObject      *problem,
                                            gint64           started);
DexFuture *porch_operation_forget          (PorchOperation  *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean   porch_operation_supersedes      (PorchOperation  *self,
                                            PorchOperation  *other);
gboolean   porch_operation_is_written      (PorchOperation  *self);
gboolean   porch_operation_may_go_on       (PorchOperation  *self);
void       porch_operation_look_elsewhere  (PorchOperation  *self);

G_END_DECLS
