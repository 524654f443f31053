/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-account.h"

G_BEGIN_DECLS

#define PORCH_TYPE_PLAN (porch_plan_get_type ())

G_DECLARE_FINAL_TYPE (PorchPlan, porch_plan, PORCH, PLAN, GObject)

PorchPlan     *porch_plan_new            (PorchAccount  *account);

PorchAccount  *porch_plan_get_account    (PorchPlan     *self);
void           porch_plan_set_account    (PorchPlan     *self,
                                          PorchAccount  *account);
GFile         *porch_plan_get_source     (PorchPlan     *self);
void           porch_plan_set_source     (PorchPlan     *self,
                                          GFile         *source);
const char    *porch_plan_get_name       (PorchPlan     *self);
void           porch_plan_set_name       (PorchPlan     *self,
                                          const char    *name);
const char    *porch_plan_get_template   (PorchPlan     *self);
void           porch_plan_set_template   (PorchPlan     *self,
                                          const char    *id);
GFile         *porch_plan_get_folder     (PorchPlan     *self);
void           porch_plan_set_folder     (PorchPlan     *self,
                                          GFile         *folder);
gboolean       porch_plan_get_with_form  (PorchPlan     *self);
void           porch_plan_set_with_form  (PorchPlan     *self,
                                          gboolean       with_form);
const char    *porch_plan_get_mail_to    (PorchPlan     *self);
void           porch_plan_set_mail_to    (PorchPlan     *self,
                                          const char    *mail_to);
const char    *porch_plan_get_region     (PorchPlan     *self);
void           porch_plan_set_region     (PorchPlan     *self,
                                          const char    *region);
const char    *porch_plan_get_area       (PorchPlan     *self);
void           porch_plan_set_area       (PorchPlan     *self,
                                          const char    *area);

gboolean       porch_plan_check_name     (const char    *name,
                                          GError       **error);
gboolean       porch_plan_check_mail     (const char    *mail,
                                          GError       **error);
DexFuture     *porch_plan_check_folder   (GFile         *folder) G_GNUC_WARN_UNUSED_RESULT;
DexFuture     *porch_plan_check          (PorchPlan     *self) G_GNUC_WARN_UNUSED_RESULT;
char          *porch_plan_dup_slug       (const char    *name);

G_END_DECLS
