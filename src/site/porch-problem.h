/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PorchProblemAction:
 * @PORCH_PROBLEM_ACTION_NONE: nothing to press
 * @PORCH_PROBLEM_ACTION_RETRY: try again
 * @PORCH_PROBLEM_ACTION_SIGN_IN: enter or renew the keys of the account
 * @PORCH_PROBLEM_ACTION_CHOOSE_FOLDER: choose another folder
 * @PORCH_PROBLEM_ACTION_SHOW_FINDINGS: look at what the check found
 * @PORCH_PROBLEM_ACTION_START_PRACTICE: start the practice cloud
 * @PORCH_PROBLEM_ACTION_SUPPORT: open the support page of the account
 * @PORCH_PROBLEM_ACTION_CHANGE: change what was entered
 *
 * The button beside a problem. A window shows [property@Porch.Problem:action-label] on it and decides by this what it does.
 */
typedef enum
{
  PORCH_PROBLEM_ACTION_NONE,
  PORCH_PROBLEM_ACTION_RETRY,
  PORCH_PROBLEM_ACTION_SIGN_IN,
  PORCH_PROBLEM_ACTION_CHOOSE_FOLDER,
  PORCH_PROBLEM_ACTION_SHOW_FINDINGS,
  PORCH_PROBLEM_ACTION_START_PRACTICE,
  PORCH_PROBLEM_ACTION_SUPPORT,
  PORCH_PROBLEM_ACTION_CHANGE,
} PorchProblemAction;

#define PORCH_TYPE_PROBLEM_ACTION (porch_problem_action_get_type ())

GType               porch_problem_action_get_type    (void) G_GNUC_CONST;

#define PORCH_TYPE_PROBLEM (porch_problem_get_type ())

G_DECLARE_FINAL_TYPE (PorchProblem, porch_problem, PORCH, PROBLEM, GObject)

PorchProblem       *porch_problem_from_error         (const GError       *error);
PorchProblem       *porch_problem_from_json          (JsonObject         *json);
JsonObject         *porch_problem_to_json            (PorchProblem       *self);

const char         *porch_problem_get_title          (PorchProblem       *self);
const char         *porch_problem_get_cause          (PorchProblem       *self);
const char         *porch_problem_get_remedy         (PorchProblem       *self);
const char         *porch_problem_get_body           (PorchProblem       *self);
const char         *porch_problem_get_details        (PorchProblem       *self);
PorchProblemAction  porch_problem_get_action         (PorchProblem       *self);
const char         *porch_problem_get_action_label   (PorchProblem       *self);
gboolean            porch_problem_needs_sign_in      (PorchProblem       *self);
char               *porch_problem_to_line            (PorchProblem       *self);

G_END_DECLS
