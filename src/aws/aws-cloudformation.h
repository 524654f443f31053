/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_STACK_SPEC (aws_stack_spec_get_type ())

/* What CreateStack and UpdateStack are told. */
AWS_DECLARE_BOXED (AwsStackSpec, aws_stack_spec)

AwsStackSpec *aws_stack_spec_new                   (const char   *name,
                                                    const char   *template_body);
void          aws_stack_spec_add_parameter         (AwsStackSpec *self,
                                                    const char   *key,
                                                    const char   *value);
void          aws_stack_spec_keep_parameter        (AwsStackSpec *self,
                                                    const char   *key);
void          aws_stack_spec_add_tag               (AwsStackSpec *self,
                                                    const char   *key,
                                                    const char   *value);
void          aws_stack_spec_add_capability        (AwsStackSpec *self,
                                                    const char   *capability);
void          aws_stack_spec_set_client_token      (AwsStackSpec *self,
                                                    const char   *token);
void          aws_stack_spec_set_on_failure        (AwsStackSpec *self,
                                                    const char   *on_failure);

#define AWS_TYPE_STACK (aws_stack_get_type ())

AWS_DECLARE_BOXED (AwsStack, aws_stack)

const char *aws_stack_get_id            (AwsStack *self);
const char *aws_stack_get_name          (AwsStack *self);
const char *aws_stack_get_status        (AwsStack *self);
const char *aws_stack_get_status_reason (AwsStack *self);
GDateTime  *aws_stack_dup_created       (AwsStack *self);
GDateTime  *aws_stack_dup_updated       (AwsStack *self);
const char *aws_stack_get_output        (AwsStack *self,
                                         const char *key);
const char *aws_stack_get_parameter     (AwsStack *self,
                                         const char *key);
const char *aws_stack_get_tag           (AwsStack *self,
                                         const char *key);
const char *aws_stack_get_last_operation (AwsStack *self);
gboolean    aws_stack_is_busy           (AwsStack *self);
gboolean    aws_stack_is_usable         (AwsStack *self);

#define AWS_TYPE_STACK_EVENT (aws_stack_event_get_type ())

AWS_DECLARE_BOXED (AwsStackEvent, aws_stack_event)

const char *aws_stack_event_get_id            (AwsStackEvent *self);
const char *aws_stack_event_get_operation     (AwsStackEvent *self);
const char *aws_stack_event_get_event_type    (AwsStackEvent *self);
const char *aws_stack_event_get_logical_id    (AwsStackEvent *self);
const char *aws_stack_event_get_physical_id   (AwsStackEvent *self);
const char *aws_stack_event_get_resource_type (AwsStackEvent *self);
const char *aws_stack_event_get_status        (AwsStackEvent *self);
const char *aws_stack_event_get_reason        (AwsStackEvent *self);
const char *aws_stack_event_get_client_token  (AwsStackEvent *self);
GDateTime  *aws_stack_event_dup_time          (AwsStackEvent *self);
gboolean    aws_stack_event_is_failure        (AwsStackEvent *self);

#define AWS_TYPE_STACK_RESOURCE (aws_stack_resource_get_type ())

AWS_DECLARE_BOXED (AwsStackResource, aws_stack_resource)

const char *aws_stack_resource_get_logical_id    (AwsStackResource *self);
const char *aws_stack_resource_get_physical_id   (AwsStackResource *self);
const char *aws_stack_resource_get_resource_type (AwsStackResource *self);
const char *aws_stack_resource_get_status        (AwsStackResource *self);

#define AWS_TYPE_CHANGE_SET (aws_change_set_get_type ())

/* What an update would do, found out by the service before anything is done. */
AWS_DECLARE_BOXED (AwsChangeSet, aws_change_set)

const char *aws_change_set_get_id               (AwsChangeSet *self);
const char *aws_change_set_get_stack_id         (AwsChangeSet *self);
const char *aws_change_set_get_status           (AwsChangeSet *self);
const char *aws_change_set_get_execution_status (AwsChangeSet *self);
const char *aws_change_set_get_status_reason    (AwsChangeSet *self);
gboolean    aws_change_set_is_busy              (AwsChangeSet *self);

#define AWS_TYPE_STACK_CHANGE (aws_stack_change_get_type ())

AWS_DECLARE_BOXED (AwsStackChange, aws_stack_change)

const char *aws_stack_change_get_action        (AwsStackChange *self);
const char *aws_stack_change_get_logical_id    (AwsStackChange *self);
const char *aws_stack_change_get_physical_id   (AwsStackChange *self);
const char *aws_stack_change_get_resource_type (AwsStackChange *self);
const char *aws_stack_change_get_replacement   (AwsStackChange *self);

DexFuture *aws_cloudformation_create_stack             (AwsClient          *client,
                                                        AwsStackSpec       *spec) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_update_stack             (AwsClient          *client,
                                                        AwsStackSpec       *spec) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_describe_stack           (AwsClient          *client,
                                                        const char         *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_list_stacks              (AwsClient          *client,
                                                        const char         *tag,
                                                        const char         *value) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_describe_stack_events    (AwsClient          *client,
                                                        const char         *name,
                                                        const char         *known_id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_describe_events          (AwsClient          *client,
                                                        const char         *name,
                                                        const char         *operation,
                                                        gboolean            failures_only) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_describe_stack_resources (AwsClient          *client,
                                                        const char         *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_get_template             (AwsClient          *client,
                                                        const char         *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_validate_template        (AwsClient          *client,
                                                        const char         *template_body) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_continue_update_rollback (AwsClient          *client,
                                                        const char         *name,
                                                        const char         *client_token,
                                                        const char * const *skip) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_delete_stack             (AwsClient          *client,
                                                        const char         *name,
                                                        const char         *client_token,
                                                        const char * const *retain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_create_change_set        (AwsClient          *client,
                                                        AwsStackSpec       *spec,
                                                        const char         *name,
                                                        gboolean            new_stack) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_describe_change_set      (AwsClient          *client,
                                                        const char         *stack_name,
                                                        const char         *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_list_changes             (AwsClient          *client,
                                                        const char         *stack_name,
                                                        const char         *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_execute_change_set       (AwsClient          *client,
                                                        const char         *stack_name,
                                                        const char         *name,
                                                        const char         *client_token) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudformation_delete_change_set        (AwsClient          *client,
                                                        const char         *stack_name,
                                                        const char         *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
