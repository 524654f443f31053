/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* A workflow as it is written */
#define AWS_TYPE_STATE_MACHINE (aws_state_machine_get_type ())

AWS_DECLARE_BOXED (AwsStateMachine, aws_state_machine)

const char *aws_state_machine_get_arn         (AwsStateMachine *self);
const char *aws_state_machine_get_name        (AwsStateMachine *self);
const char *aws_state_machine_get_status      (AwsStateMachine *self);
const char *aws_state_machine_get_definition  (AwsStateMachine *self);
const char *aws_state_machine_get_role        (AwsStateMachine *self);
const char *aws_state_machine_get_kind        (AwsStateMachine *self);
const char *aws_state_machine_get_description (AwsStateMachine *self);
const char *aws_state_machine_get_revision    (AwsStateMachine *self);
GDateTime  *aws_state_machine_dup_created     (AwsStateMachine *self);

/* One run of a workflow */
#define AWS_TYPE_STATE_EXECUTION (aws_state_execution_get_type ())

AWS_DECLARE_BOXED (AwsStateExecution, aws_state_execution)

const char *aws_state_execution_get_arn     (AwsStateExecution *self);
const char *aws_state_execution_get_machine (AwsStateExecution *self);
const char *aws_state_execution_get_name    (AwsStateExecution *self);
const char *aws_state_execution_get_status  (AwsStateExecution *self);
GDateTime  *aws_state_execution_dup_started (AwsStateExecution *self);
GDateTime  *aws_state_execution_dup_ended   (AwsStateExecution *self);
const char *aws_state_execution_get_input   (AwsStateExecution *self);
const char *aws_state_execution_get_output  (AwsStateExecution *self);
const char *aws_state_execution_get_error   (AwsStateExecution *self);
const char *aws_state_execution_get_cause   (AwsStateExecution *self);

/* Something that happened in a run */
#define AWS_TYPE_STATE_EVENT (aws_state_event_get_type ())

AWS_DECLARE_BOXED (AwsStateEvent, aws_state_event)

gint64      aws_state_event_get_id       (AwsStateEvent *self);
gint64      aws_state_event_get_previous (AwsStateEvent *self);
const char *aws_state_event_get_kind     (AwsStateEvent *self);
GDateTime  *aws_state_event_dup_time     (AwsStateEvent *self);
const char *aws_state_event_get_state    (AwsStateEvent *self);
const char *aws_state_event_get_error    (AwsStateEvent *self);
const char *aws_state_event_get_cause    (AwsStateEvent *self);
const char *aws_state_event_get_input    (AwsStateEvent *self);
const char *aws_state_event_get_output   (AwsStateEvent *self);
const char *aws_state_event_get_resource (AwsStateEvent *self);

DexFuture *aws_step_functions_start_execution        (AwsClient  *client,
                                                      const char *machine,
                                                      const char *name,
                                                      const char *json) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_step_functions_describe_execution     (AwsClient  *client,
                                                      const char *arn) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_step_functions_get_execution_history  (AwsClient  *client,
                                                      const char *arn,
                                                      gboolean    newest_first) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_step_functions_list_executions        (AwsClient  *client,
                                                      const char *machine,
                                                      const char *status) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_step_functions_stop_execution         (AwsClient  *client,
                                                      const char *arn,
                                                      const char *error,
                                                      const char *cause) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_step_functions_describe_state_machine (AwsClient  *client,
                                                      const char *arn) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
