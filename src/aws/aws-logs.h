/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* A group of logs */
#define AWS_TYPE_LOG_GROUP (aws_log_group_get_type ())

AWS_DECLARE_BOXED (AwsLogGroup, aws_log_group)

const char *aws_log_group_get_name      (AwsLogGroup *self);
const char *aws_log_group_get_arn       (AwsLogGroup *self);
gint64      aws_log_group_get_retention (AwsLogGroup *self);
gint64      aws_log_group_get_size      (AwsLogGroup *self);
GDateTime  *aws_log_group_dup_created   (AwsLogGroup *self);

/* A series of messages from one source */
#define AWS_TYPE_LOG_STREAM (aws_log_stream_get_type ())

AWS_DECLARE_BOXED (AwsLogStream, aws_log_stream)

const char *aws_log_stream_get_name        (AwsLogStream *self);
const char *aws_log_stream_get_arn         (AwsLogStream *self);
GDateTime  *aws_log_stream_dup_created     (AwsLogStream *self);
GDateTime  *aws_log_stream_dup_first_event (AwsLogStream *self);
GDateTime  *aws_log_stream_dup_last_event  (AwsLogStream *self);

/* A message */
#define AWS_TYPE_LOG_EVENT (aws_log_event_get_type ())

AWS_DECLARE_BOXED (AwsLogEvent, aws_log_event)

const char *aws_log_event_get_message  (AwsLogEvent *self);
const char *aws_log_event_get_stream   (AwsLogEvent *self);
const char *aws_log_event_get_id       (AwsLogEvent *self);
GDateTime  *aws_log_event_dup_time     (AwsLogEvent *self);
GDateTime  *aws_log_event_dup_ingested (AwsLogEvent *self);

DexFuture *aws_logs_describe_log_groups  (AwsClient  *client,
                                          const char *prefix) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_logs_describe_log_streams (AwsClient  *client,
                                          const char *group,
                                          const char *prefix,
                                          gboolean    newest_first) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_logs_filter_log_events    (AwsClient          *client,
                                          const char         *group,
                                          const char * const *streams,
                                          const char         *pattern,
                                          GDateTime          *start,
                                          GDateTime          *end) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_logs_get_log_events       (AwsClient  *client,
                                          const char *group,
                                          const char *stream,
                                          GDateTime  *start,
                                          GDateTime  *end) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_logs_put_retention_policy (AwsClient  *client,
                                          const char *group,
                                          guint       days) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
