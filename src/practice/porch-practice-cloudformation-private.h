/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-cloudformation.h"
#include "porch-practice-stack.h"

G_BEGIN_DECLS

/* An operation of the API writes the inside of its result into @xml. */
typedef gboolean (*CloudformationOperation) (PracticeCall  *call,
                                             GString       *xml,
                                             GError       **error);

/* What CreateStack, UpdateStack and CreateChangeSet have in common. */
typedef struct
{
  PracticeTemplate *template;
  JsonObject       *values;
  JsonArray        *tags;
  JsonArray        *capabilities;
} StackRequest;

/* ---- porch-practice-cloudformation.c ---- */

const char    *cloudformation_get              (PracticeCall   *call,
                                                const char     *name);
PracticeStack *cloudformation_require_stack    (PracticeCall   *call,
                                                const char     *message,
                                                GError        **error);
gboolean       cloudformation_read_request     (PracticeCall   *call,
                                                PracticeStack  *stack,
                                                StackRequest   *request,
                                                GError        **error);
void           stack_request_clear             (StackRequest   *request);
char          *cloudformation_begin_create     (PracticeStack  *stack,
                                                StackRequest   *request);
char          *cloudformation_begin_update     (PracticeStack  *stack,
                                                StackRequest   *request);
gboolean       cloudformation_check_token      (const char     *token,
                                                const char     *member,
                                                GError        **error);
gboolean       cloudformation_read_token       (PracticeCall   *call,
                                                guint          *start,
                                                GError        **error);
void           cloudformation_append_next      (GString        *xml,
                                                guint           next,
                                                guint           total);
gboolean       cloudformation_start            (PracticeStack  *stack,
                                                GError        **error);
gboolean       cloudformation_check_name       (const char     *name,
                                                const char     *member,
                                                GError        **error);
gboolean       cloudformation_can_update       (PracticeStack  *stack,
                                                GError        **error);
void           cloudformation_append_time      (GString        *xml,
                                                const char     *element,
                                                gint64          time);
void           cloudformation_append_tags      (GString        *xml,
                                                JsonArray      *tags);
void           cloudformation_append_parameters (GString       *xml,
                                                PracticeTemplate *template,
                                                JsonObject     *values);

/* ---- porch-practice-cloudformation-describe.c ---- */

gboolean cloudformation_describe_stacks          (PracticeCall *, GString *, GError **);
gboolean cloudformation_list_stacks              (PracticeCall *, GString *, GError **);
gboolean cloudformation_describe_stack_resources (PracticeCall *, GString *, GError **);
gboolean cloudformation_describe_stack_resource  (PracticeCall *, GString *, GError **);
gboolean cloudformation_list_stack_resources     (PracticeCall *, GString *, GError **);
gboolean cloudformation_get_template             (PracticeCall *, GString *, GError **);
gboolean cloudformation_validate_template        (PracticeCall *, GString *, GError **);

/* ---- porch-practice-cloudformation-changes.c ---- */

gboolean cloudformation_create_change_set        (PracticeCall *, GString *, GError **);
gboolean cloudformation_describe_change_set      (PracticeCall *, GString *, GError **);
gboolean cloudformation_execute_change_set       (PracticeCall *, GString *, GError **);
gboolean cloudformation_delete_change_set        (PracticeCall *, GString *, GError **);
gboolean cloudformation_list_change_sets         (PracticeCall *, GString *, GError **);
char    *cloudformation_find_change_set_operation (PracticeCall *, GError **);

/* ---- porch-practice-cloudformation-events.c ---- */

gboolean cloudformation_describe_stack_events    (PracticeCall *, GString *, GError **);
gboolean cloudformation_describe_events          (PracticeCall *, GString *, GError **);
void     cloudformation_append_last_operations   (GString *, PracticeStack *);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StackRequest, stack_request_clear)

G_END_DECLS
