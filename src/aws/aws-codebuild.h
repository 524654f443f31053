/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* One run of a project */
#define AWS_TYPE_BUILD (aws_build_get_type ())

AWS_DECLARE_BOXED (AwsBuild, aws_build)

const char *aws_build_get_id             (AwsBuild *self);
const char *aws_build_get_arn            (AwsBuild *self);
gint64      aws_build_get_number         (AwsBuild *self);
const char *aws_build_get_project        (AwsBuild *self);
const char *aws_build_get_status         (AwsBuild *self);
const char *aws_build_get_phase          (AwsBuild *self);
gboolean    aws_build_get_complete       (AwsBuild *self);
GDateTime  *aws_build_dup_started        (AwsBuild *self);
GDateTime  *aws_build_dup_ended          (AwsBuild *self);
const char *aws_build_get_source_version (AwsBuild *self);
const char *aws_build_get_initiator      (AwsBuild *self);
const char *aws_build_get_log_group      (AwsBuild *self);
const char *aws_build_get_log_stream     (AwsBuild *self);
const char *aws_build_get_log_link       (AwsBuild *self);
GPtrArray  *aws_build_dup_phases         (AwsBuild *self);
const char *aws_build_get_variable       (AwsBuild   *self,
                                          const char *name);

/* A part of a build */
#define AWS_TYPE_BUILD_PHASE (aws_build_phase_get_type ())

AWS_DECLARE_BOXED (AwsBuildPhase, aws_build_phase)

const char *aws_build_phase_get_name    (AwsBuildPhase *self);
const char *aws_build_phase_get_status  (AwsBuildPhase *self);
GDateTime  *aws_build_phase_dup_started (AwsBuildPhase *self);
GDateTime  *aws_build_phase_dup_ended   (AwsBuildPhase *self);
gint64      aws_build_phase_get_seconds (AwsBuildPhase *self);
const char *aws_build_phase_get_code    (AwsBuildPhase *self);
const char *aws_build_phase_get_message (AwsBuildPhase *self);

/* How builds are made */
#define AWS_TYPE_BUILD_PROJECT (aws_build_project_get_type ())

AWS_DECLARE_BOXED (AwsBuildProject, aws_build_project)

const char *aws_build_project_get_name         (AwsBuildProject *self);
const char *aws_build_project_get_arn          (AwsBuildProject *self);
const char *aws_build_project_get_description  (AwsBuildProject *self);
const char *aws_build_project_get_source_type  (AwsBuildProject *self);
const char *aws_build_project_get_buildspec    (AwsBuildProject *self);
const char *aws_build_project_get_image        (AwsBuildProject *self);
const char *aws_build_project_get_compute_type (AwsBuildProject *self);
const char *aws_build_project_get_role         (AwsBuildProject *self);
gint64      aws_build_project_get_timeout      (AwsBuildProject *self);
GDateTime  *aws_build_project_dup_created      (AwsBuildProject *self);
GDateTime  *aws_build_project_dup_changed      (AwsBuildProject *self);

DexFuture *aws_codebuild_batch_get_builds        (AwsClient          *client,
                                                  const char * const *ids) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codebuild_start_build             (AwsClient  *client,
                                                  const char *project,
                                                  const char *token,
                                                  const char *source_version,
                                                  const char *buildspec,
                                                  GHashTable *variables) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codebuild_stop_build              (AwsClient  *client,
                                                  const char *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codebuild_list_builds_for_project (AwsClient  *client,
                                                  const char *project) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_codebuild_batch_get_projects      (AwsClient          *client,
                                                  const char * const *names) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
