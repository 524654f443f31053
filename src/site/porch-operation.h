/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <libdex.h>

#include "porch-problem.h"
#include "porch-site.h"

G_BEGIN_DECLS

/**
 * PorchOperationState:
 * @PORCH_OPERATION_PENDING: not begun
 * @PORCH_OPERATION_RUNNING: at work
 * @PORCH_OPERATION_WAITING: at work, but waiting for something outside
 * @PORCH_OPERATION_STOPPED: stopped by the person or by a crash; can go on
 * @PORCH_OPERATION_FAILED: failed; can be tried again from the step that failed
 * @PORCH_OPERATION_DONE: finished
 *
 * Where an operation is.
 */
typedef enum
{
  PORCH_OPERATION_PENDING,
  PORCH_OPERATION_RUNNING,
  PORCH_OPERATION_WAITING,
  PORCH_OPERATION_STOPPED,
  PORCH_OPERATION_FAILED,
  PORCH_OPERATION_DONE,
} PorchOperationState;

#define PORCH_TYPE_OPERATION_STATE (porch_operation_state_get_type ())
#define PORCH_TYPE_STEP (porch_step_get_type ())
#define PORCH_TYPE_OPERATION (porch_operation_get_type ())

GType                 porch_operation_state_get_type     (void) G_GNUC_CONST;

G_DECLARE_FINAL_TYPE (PorchStep, porch_step, PORCH, STEP, GObject)

const char           *porch_step_get_id                  (PorchStep            *self);
const char           *porch_step_get_title               (PorchStep            *self);
const char           *porch_step_get_detail              (PorchStep            *self);
PorchOperationState   porch_step_get_state               (PorchStep            *self);

G_DECLARE_DERIVABLE_TYPE (PorchOperation, porch_operation, PORCH, OPERATION, GObject)

/**
 * PorchOperationClass:
 * @kind: the word under which the operation is written down, such as `publish`
 * @lock: (nullable): what of the site only one operation may work on at a time; `NULL` for the site as a whole
 * @goes_on: whether it goes on by itself after a restart, see [method@Porch.Engine.go_on]
 * @setup: adds the steps and sets the title; called once, when site and data are known
 * @await_step: does one step, in the operation's own fiber on the main thread. Has to go on where an earlier,
 *   interrupted call left off
 * @run_step: the same for steps that are a future; used if there is no @await_step
 * @discard: gives up for good and cleans what was begun; may be %NULL
 *
 * A kind of long work. What a step has to remember goes into porch_operation_get_data(), followed by an awaited
 * porch_operation_save() *before* the call that depends on it.
 */
struct _PorchOperationClass
{
  GObjectClass   parent_class;

  const char    *kind;
  const char    *lock;
  gboolean       goes_on;

  void         (*setup)     (PorchOperation *self);
  gboolean     (*await_step) (PorchOperation *self,
                              const char     *step,
                              GError        **error);
  DexFuture   *(*run_step)  (PorchOperation *self,
                             const char     *step);
  DexFuture   *(*discard)   (PorchOperation *self);

  gpointer       padding[4];
};

/* What windows show */
const char           *porch_operation_get_id             (PorchOperation       *self);
const char           *porch_operation_get_kind           (PorchOperation       *self);
const char           *porch_operation_get_title          (PorchOperation       *self);
PorchSite            *porch_operation_get_site           (PorchOperation       *self);
const char           *porch_operation_get_site_id        (PorchOperation       *self);
PorchOperationState   porch_operation_get_state          (PorchOperation       *self);
double                porch_operation_get_progress       (PorchOperation       *self);
const char           *porch_operation_get_detail         (PorchOperation       *self);
PorchProblem         *porch_operation_get_problem        (PorchOperation       *self);
const GError         *porch_operation_get_error          (PorchOperation       *self);
GListModel           *porch_operation_get_steps          (PorchOperation       *self);
PorchStep            *porch_operation_get_current_step   (PorchOperation       *self);
GDateTime            *porch_operation_get_started        (PorchOperation       *self);
gboolean              porch_operation_is_active          (PorchOperation       *self);
gboolean              porch_operation_is_busy            (PorchOperation       *self);
gboolean              porch_operation_is_elsewhere       (PorchOperation       *self);
gboolean              porch_operation_can_resume         (PorchOperation       *self);
gboolean              porch_operation_can_discard        (PorchOperation       *self);
const char           *porch_operation_get_changes        (PorchOperation       *self);
JsonObject           *porch_operation_get_result         (PorchOperation       *self);

/* What can be done */
void                  porch_operation_start              (PorchOperation       *self);
void                  porch_operation_stop               (PorchOperation       *self);
void                  porch_operation_resume             (PorchOperation       *self);
DexFuture            *porch_operation_discard            (PorchOperation       *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture            *porch_operation_wait               (PorchOperation       *self) G_GNUC_WARN_UNUSED_RESULT;

/* For the kinds of operations */
PorchEngine          *porch_operation_get_engine         (PorchOperation       *self);
JsonObject           *porch_operation_get_data           (PorchOperation       *self);
DexFuture            *porch_operation_save               (PorchOperation       *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture            *porch_operation_until_stopped      (PorchOperation       *self,
                                                          DexFuture            *work) G_GNUC_WARN_UNUSED_RESULT;
gboolean              porch_operation_is_stopping        (PorchOperation       *self);
void                  porch_operation_set_title          (PorchOperation       *self,
                                                          const char           *title);
void                  porch_operation_set_site           (PorchOperation       *self,
                                                          PorchSite            *site);
void                  porch_operation_add_step           (PorchOperation       *self,
                                                          const char           *id,
                                                          const char           *title,
                                                          double                weight);
void                  porch_operation_set_step_progress  (PorchOperation       *self,
                                                          double                fraction);
void                  porch_operation_set_detail         (PorchOperation       *self,
                                                          const char           *detail);
void                  porch_operation_set_changes        (PorchOperation       *self,
                                                          const char * const   *sentences);
void                  porch_operation_set_waiting        (PorchOperation       *self,
                                                          gboolean              waiting);
void                  porch_operation_take_result        (PorchOperation       *self,
                                                          JsonObject           *result);

G_END_DECLS
