/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_DISTRIBUTION (aws_distribution_get_type ())

AWS_DECLARE_BOXED (AwsDistribution, aws_distribution)

const char *aws_distribution_get_id      (AwsDistribution *self);
const char *aws_distribution_get_arn     (AwsDistribution *self);
const char *aws_distribution_get_status  (AwsDistribution *self);
const char *aws_distribution_get_domain  (AwsDistribution *self);
const char *aws_distribution_get_etag    (AwsDistribution *self);
const char *aws_distribution_get_comment (AwsDistribution *self);
GStrv       aws_distribution_dup_aliases (AwsDistribution *self);
GStrv       aws_distribution_dup_origins (AwsDistribution *self);
gboolean    aws_distribution_is_enabled  (AwsDistribution *self);
gboolean    aws_distribution_is_deployed (AwsDistribution *self);

#define AWS_TYPE_INVALIDATION (aws_invalidation_get_type ())

AWS_DECLARE_BOXED (AwsInvalidation, aws_invalidation)

const char *aws_invalidation_get_id     (AwsInvalidation *self);
const char *aws_invalidation_get_status (AwsInvalidation *self);

#define AWS_TYPE_EDGE_FUNCTION (aws_edge_function_get_type ())

/* One stage of a function: what is worked on, or what the edge runs. */
AWS_DECLARE_BOXED (AwsEdgeFunction, aws_edge_function)

const char *aws_edge_function_get_name    (AwsEdgeFunction *self);
const char *aws_edge_function_get_status  (AwsEdgeFunction *self);
const char *aws_edge_function_get_etag    (AwsEdgeFunction *self);
const char *aws_edge_function_get_comment (AwsEdgeFunction *self);
const char *aws_edge_function_get_runtime (AwsEdgeFunction *self);
const char *aws_edge_function_get_arn     (AwsEdgeFunction *self);
const char *aws_edge_function_get_stage   (AwsEdgeFunction *self);
const char *aws_edge_function_get_store   (AwsEdgeFunction *self);

#define AWS_TYPE_FUNCTION_TEST (aws_function_test_get_type ())

AWS_DECLARE_BOXED (AwsFunctionTest, aws_function_test)

const char *aws_function_test_get_output      (AwsFunctionTest *self);
const char *aws_function_test_get_problem     (AwsFunctionTest *self);
const char *aws_function_test_get_utilization (AwsFunctionTest *self);
GStrv       aws_function_test_dup_logs        (AwsFunctionTest *self);

#define AWS_TYPE_EDGE_STORE (aws_edge_store_get_type ())

/* A key value store, as the one that makes it sees it. */
AWS_DECLARE_BOXED (AwsEdgeStore, aws_edge_store)

const char *aws_edge_store_get_name   (AwsEdgeStore *self);
const char *aws_edge_store_get_arn    (AwsEdgeStore *self);
const char *aws_edge_store_get_status (AwsEdgeStore *self);

#define AWS_TYPE_DOMAIN_CONFLICT (aws_domain_conflict_get_type ())

AWS_DECLARE_BOXED (AwsDomainConflict, aws_domain_conflict)

const char *aws_domain_conflict_get_domain        (AwsDomainConflict *self);
const char *aws_domain_conflict_get_resource_type (AwsDomainConflict *self);
const char *aws_domain_conflict_get_resource_id   (AwsDomainConflict *self);
const char *aws_domain_conflict_get_account       (AwsDomainConflict *self);

DexFuture *aws_cloudfront_get_distribution          (AwsClient          *client,
                                                     const char         *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_list_distributions        (AwsClient          *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_create_invalidation       (AwsClient          *client,
                                                     const char         *id,
                                                     const char * const *paths,
                                                     const char         *caller_reference) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_get_invalidation          (AwsClient          *client,
                                                     const char         *id,
                                                     const char         *invalidation) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_describe_function         (AwsClient          *client,
                                                     const char         *name,
                                                     gboolean            live) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_get_function              (AwsClient          *client,
                                                     const char         *name,
                                                     gboolean            live) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_update_function           (AwsClient          *client,
                                                     const char         *name,
                                                     const char         *etag,
                                                     GBytes             *code,
                                                     const char         *comment,
                                                     const char         *store_arn) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_publish_function          (AwsClient          *client,
                                                     const char         *name,
                                                     const char         *etag) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_test_function             (AwsClient          *client,
                                                     const char         *name,
                                                     const char         *etag,
                                                     gboolean            live,
                                                     const char         *event) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_describe_store            (AwsClient          *client,
                                                     const char         *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_list_domain_conflicts     (AwsClient          *client,
                                                     const char         *domain,
                                                     const char         *distribution) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_cloudfront_update_domain_association (AwsClient          *client,
                                                     const char         *domain,
                                                     const char         *distribution,
                                                     const char         *etag) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
