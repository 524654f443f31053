/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* How a pipeline is set up */
#define AWS_TYPE_PIPELINE (aws_pipeline_get_type ())

AWS_DECLARE_BOXED (AwsPipeline, aws_pipeline)

const char *aws_pipeline_get_name    (AwsPipeline *self);
const char *aws_pipeline_get_arn     (AwsPipeline *self);
gint64      aws_pipeline_get_version (AwsPipeline *self);
const char *aws_pipeline_get_role    (AwsPipeline *self);
const char *aws_pipeline_get_mode    (AwsPipeline *self);
const char *aws_pipeline_get_kind    (AwsPipeline *self);
GDateTime  *aws_pipeline_dup_created (AwsPipeline *self);
GPtrArray  *aws_pipeline_dup_stages  (AwsPipeline *self);

/* A stage as it is set up */
#define AWS_TYPE_PIPELINE_STAGE (aws_pipeline_stage_get_type ())

AWS_DECLARE_BOXED (AwsPipelineStage, aws_pipeline_stage)

const char *aws_pipeline_stage_get_name    (AwsPipelineStage *self);
GPtrArray  *aws_pipeline_stage_dup_actions (AwsPipelineStage *self);

/* An action as it is set up */
#define AWS_TYPE_PIPELINE_ACTION (aws_pipeline_action_get_type ())

AWS_DECLARE_BOXED (AwsPipelineAction, aws_pipeline_action)

const char *aws_pipeline_action_get_name      (AwsPipelineAction *self);
const char *aws_pipeline_action_get_category  (AwsPipelineAction *self);
const char *aws_pipeline_action_get_provider  (AwsPipelineAction *self);
const char *aws_pipeline_action_get_namespace (AwsPipelineAction *self);
const char *aws_pipeline_action_get_setting   (AwsPipelineAction *self,
                                               const char        *name);

/* What a pipeline does and did last */
#define AWS_TYPE_PIPELINE_STATE (aws_pipeline_state_get_type ())

AWS_DECLARE_BOXED (AwsPipelineState, aws_pipeline_state)

const char *aws_pipeline_state_get_name    (AwsPipelineState *self);
gint64      aws_pipeline_state_get_version (AwsPipelineState *self);
GDateTime  *aws_pipeline_state_dup_created (AwsPipelineState *self);
GDateTime  *aws_pipeline_state_dup_changed (AwsPipelineState *self);
GPtrArray  *aws_pipeline_state_dup_stages  (AwsPipelineState *self);

/* What a stage did last */
#define AWS_TYPE_PIPELINE_STAGE_STATE (aws_pipeline_stage_state_get_type ())

AWS_DECLARE_BOXED (AwsPipelineStageState, aws_pipeline_stage_state)

const char *aws_pipeline_stage_state_get_name      (AwsPipelineStageState *self);
const char *aws_pipeline_stage_state_get_status    (AwsPipelineStageState *self);
const char *aws_pipeline_stage_state_get_execution (AwsPipelineStageState *self);
GPtrArray  *aws_pipeline_stage_state_dup_actions   (AwsPipelineStageState *self);

/* What an action did last */
#define AWS_TYPE_PIPELINE_ACTION_STATE (aws_pipeline_action_state_get_type ())

AWS_DECLARE_BOXED (AwsPipelineActionState, aws_pipeline_action_state)

const char *aws_pipeline_action_state_get_name          (AwsPipelineActionState *self);
const char *aws_pipeline_action_state_get_status        (AwsPipelineActionState *self);
const char *aws_pipeline_action_state_get_summary       (AwsPipelineActionState *self);
const char *aws_pipeline_action_state_get_revision      (AwsPipelineActionState *self);
const char *aws_pipeline_action_state_get_revision_url  (AwsPipelineActionState *self);
const char *aws_pipeline_action_state_get_external_id   (AwsPipelineActionState *self);
const char *aws_pipeline_action_state_get_external_url  (AwsPipelineActionState *self);
const char *aws_pipeline_action_state_get_error_code    (AwsPipelineActionState *self);
const char *aws_pipeline_action_state_get_error_message (AwsPipelineActionState *self);
GDateTime  *aws_pipeline_action_state_dup_changed       (AwsPipelineActionState *self);

/* One run of a pipeline */
#define AWS_TYPE_PIPELINE_EXECUTION (aws_pipeline_execution_get_type ())

AWS_DECLARE_BOXED (AwsPipelineExecution, aws_pipeline_execution)

const char *aws_pipeline_execution_get_id             (AwsPipelineExecution *self);
const char *aws_pipeline_execution_get_status         (AwsPipelineExecution *self);
const char *aws_pipeline_execution_get_summary        (AwsPipelineExecution *self);
GDateTime  *aws_pipeline_execution_dup_started        (AwsPipelineExecution *self);
GDateTime  *aws_pipeline_execution_dup_changed        (AwsPipelineExecution *self);
const char *aws_pipeline_execution_get_trigger        (AwsPipelineExecution *self);
const char *aws_pipeline_execution_get_trigger_detail (AwsPipelineExecution *self);
GPtrArray  *aws_pipeline_execution_dup_revisions      (AwsPipelineExecution *self);

/* What a run was about */
#define AWS_TYPE_PIPELINE_REVISION (aws_pipeline_revision_get_type ())

AWS_DECLARE_BOXED (AwsPipelineRevision, aws_pipeline_revision)

const char *aws_pipeline_revision_get_id      (AwsPipelineRevision *self);
const char *aws_pipeline_revision_get_summary (AwsPipelineRevision *self);
const char *aws_pipeline_revision_get_url     (AwsPipelineRevision *self);

/* What an action did in a run */
#define AWS_TYPE_PIPELINE_STEP (aws_pipeline_step_get_type ())

AWS_DECLARE_BOXED (AwsPipelineStep, aws_pipeline_step)

const char *aws_pipeline_step_get_execution     (AwsPipelineStep *self);
const char *aws_pipeline_step_get_id            (AwsPipelineStep *self);
const char *aws_pipeline_step_get_stage         (AwsPipelineStep *self);
const char *aws_pipeline_step_get_name          (AwsPipelineStep *self);
const char *aws_pipeline_step_get_status        (AwsPipelineStep *self);
GDateTime  *aws_pipeline_step_dup_started       (AwsPipelineStep *self);
GDateTime  *aws_pipeline_step_dup_changed       (AwsPipelineStep *self);
const char *aws_pipeline_step_get_external_id   (AwsPipelineStep *self);
const char *aws_pipeline_step_get_external_url  (AwsPipelineStep *self);
const char *aws_pipeline_step_get_summary       (AwsPipelineStep *self);
const char *aws_pipeline_step_get_error_code    (AwsPipelineStep *self);
const char *aws_pipeline_step_get_error_message (AwsPipelineStep *self);
const char *aws_pipeline_step_get_variable      (AwsPipelineStep *self,
                                                 const char      *name);

DexFuture *aws_codepipeline_get_pipeline             (AwsClient  *client,
                                                      const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codepipeline_get_pipeline_state       (AwsClient  *client,
                                                      const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codepipeline_list_pipeline_executions (AwsClient  *client,
                                                      const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codepipeline_get_pipeline_execution   (AwsClient  *client,
                                                      const char *name,
                                                      const char *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codepipeline_list_action_executions   (AwsClient  *client,
                                                      const char *name,
                                                      const char *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codepipeline_start_pipeline_execution (AwsClient  *client,
                                                      const char *name,
                                                      const char *token,
                                                      const char *source,
                                                      const char *commit) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codepipeline_stop_pipeline_execution  (AwsClient  *client,
                                                      const char *name,
                                                      const char *id,
                                                      gboolean    abandon,
                                                      const char *reason) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
