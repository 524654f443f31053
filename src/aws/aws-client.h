/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "aws-credentials.h"
#include "aws-error.h"
#include "aws-request.h"
#include "aws-response.h"

G_BEGIN_DECLS

#define AWS_TYPE_CLIENT (aws_client_get_type ())

G_DECLARE_FINAL_TYPE (AwsClient, aws_client, AWS, CLIENT, GObject)

AwsClient              *aws_client_new                       (AwsCredentialsProvider *provider,
                                                              const char             *region);
AwsClient              *aws_client_copy                      (AwsClient              *self,
                                                              AwsCredentialsProvider *provider,
                                                              const char             *region);
AwsCredentialsProvider *aws_client_get_provider              (AwsClient              *self);
const char             *aws_client_get_region                (AwsClient              *self);
void                    aws_client_set_endpoint              (AwsClient              *self,
                                                              const char             *service,
                                                              const char             *url);
const char             *aws_client_get_endpoint              (AwsClient              *self,
                                                              const char             *service);
char                   *aws_client_dup_address                (AwsClient              *self,
                                                              const char             *service,
                                                              const char             *path);
void                    aws_client_set_environment_endpoints (AwsClient              *self);
void                    aws_client_set_profile_endpoints     (AwsClient              *self,
                                                              const char             *profile);
void                    aws_client_set_timeout               (AwsClient              *self,
                                                              guint                   seconds);
guint64                 aws_client_get_request_count         (AwsClient              *self);
guint64                 aws_client_get_throttle_count        (AwsClient              *self);
guint64                 aws_client_get_bytes_sent            (AwsClient              *self);
guint64                 aws_client_get_bytes_received        (AwsClient              *self);
GTimeSpan               aws_client_get_clock_offset          (AwsClient              *self);
DexFuture              *aws_client_send                      (AwsClient              *self,
                                                              AwsRequest             *request) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
