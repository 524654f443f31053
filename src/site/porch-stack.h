/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libdex.h>

#include "aws-client.h"
#include "aws-cloudformation.h"
#include "porch-operation.h"
#include "porch-stack-changes.h"

G_BEGIN_DECLS

/* The mark on everything that Porchlight makes */
#define PORCH_STACK_TAG       "application"
#define PORCH_STACK_TAG_VALUE "porchlight"
#define PORCH_STACK_SITE_TAG  "site"

#define PORCH_TYPE_STACK (porch_stack_get_type ())

G_DECLARE_FINAL_TYPE (PorchStack, porch_stack, PORCH, STACK, GObject)

PorchStack  *porch_stack_new            (AwsClient       *client,
                                         const char      *name,
                                         const char      *site_id);
const char  *porch_stack_get_name       (PorchStack      *self);
const char  *porch_stack_get_status     (PorchStack      *self);
AwsStack    *porch_stack_get_answer     (PorchStack      *self);
gboolean     porch_stack_exists         (PorchStack      *self);
gboolean     porch_stack_is_busy        (PorchStack      *self);
gboolean     porch_stack_is_usable      (PorchStack      *self);
gboolean     porch_stack_is_empty       (PorchStack      *self);
gboolean     porch_stack_is_ours        (PorchStack      *self);
DexFuture   *porch_stack_describe       (PorchStack      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture   *porch_stack_prepare        (PorchStack      *self,
                                         JsonObject      *parameters,
                                         const char      *token) G_GNUC_WARN_UNUSED_RESULT;
DexFuture   *porch_stack_change         (PorchStack      *self,
                                         JsonObject      *parameters,
                                         const char      *token) G_GNUC_WARN_UNUSED_RESULT;
DexFuture   *porch_stack_drop_changes   (PorchStack      *self,
                                         const char      *token) G_GNUC_WARN_UNUSED_RESULT;
gboolean     porch_stack_await_creation (PorchStack      *self,
                                         PorchOperation  *operation,
                                         JsonObject      *parameters,
                                         GError         **error);
gboolean     porch_stack_await_change   (PorchStack      *self,
                                         PorchOperation  *operation,
                                         JsonObject      *parameters,
                                         GError         **error);
DexFuture   *porch_stack_delete         (PorchStack      *self,
                                         const char      *token) G_GNUC_WARN_UNUSED_RESULT;
gboolean     porch_stack_await_end      (PorchStack      *self,
                                         PorchOperation  *operation,
                                         gboolean         is_quick,
                                         GError         **error);

const char  *porch_stack_get_failed_part
                                        (PorchStack      *self);

DexFuture   *porch_stack_fit_template   (PorchStack      *self) G_GNUC_WARN_UNUSED_RESULT;
GBytes      *porch_stack_load_template  (GError         **error);

G_END_DECLS
