/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_DISTRIBUTION (aws_distribution_get_type ())

AWS_DECLARE_BOXED (AwsDistribution, aws_distribution)

const char         *aws_distribution_get_id      (AwsDistribution *self);
const char         *aws_distribution_get_arn     (AwsDistribution *self);
const char         *aws_distribution_get_status  (AwsDistribution *self);
const char         *aws_distribution_get_domain  (AwsDistribution *self);
const char         *aws_distribution_get_etag    (AwsDistribution *self);
const char * const *aws_distribution_get_aliases (AwsDistribution *self);
gboolean            aws_distribution_is_enabled  (AwsDistribution *self);
gboolean            aws_distribution_is_deployed (AwsDistribution *self);

#define AWS_TYPE_INVALIDATION (aws_invalidation_get_type ())

AWS_DECLARE_BOXED (AwsInvalidation, aws_invalidation)

const char *aws_invalidation_get_id     (AwsInvalidation *self);
const char *aws_invalidation_get_status (AwsInvalidation *self);

DexFuture *aws_cloudfront_get_distribution    (AwsClient          *client,
                                               const char         *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_create_invalidation (AwsClient          *client,
                                               const char         *id,
                                               const char * const *paths,
                                               const char         *caller_reference) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_get_invalidation    (AwsClient          *client,
                                               const char         *id,
                                               const char         *invalidation) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
