/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* How a function is set up */
#define AWS_TYPE_LAMBDA_FUNCTION (aws_lambda_function_get_type ())

AWS_DECLARE_BOXED (AwsLambdaFunction, aws_lambda_function)

const char *aws_lambda_function_get_name          (AwsLambdaFunction *self);
const char *aws_lambda_function_get_arn           (AwsLambdaFunction *self);
const char *aws_lambda_function_get_runtime       (AwsLambdaFunction *self);
const char *aws_lambda_function_get_handler       (AwsLambdaFunction *self);
const char *aws_lambda_function_get_role          (AwsLambdaFunction *self);
const char *aws_lambda_function_get_description   (AwsLambdaFunction *self);
gint64      aws_lambda_function_get_timeout       (AwsLambdaFunction *self);
gint64      aws_lambda_function_get_memory        (AwsLambdaFunction *self);
gint64      aws_lambda_function_get_code_size     (AwsLambdaFunction *self);
const char *aws_lambda_function_get_code_sha256   (AwsLambdaFunction *self);
const char *aws_lambda_function_get_version       (AwsLambdaFunction *self);
const char *aws_lambda_function_get_revision      (AwsLambdaFunction *self);
GDateTime  *aws_lambda_function_dup_changed       (AwsLambdaFunction *self);
const char *aws_lambda_function_get_state         (AwsLambdaFunction *self);
const char *aws_lambda_function_get_state_reason  (AwsLambdaFunction *self);
const char *aws_lambda_function_get_update_status (AwsLambdaFunction *self);
const char *aws_lambda_function_get_update_reason (AwsLambdaFunction *self);
const char *aws_lambda_function_get_log_group     (AwsLambdaFunction *self);
const char *aws_lambda_function_get_variable      (AwsLambdaFunction *self,
                                                   const char        *name);

/* A function with its code and its share of the account */
#define AWS_TYPE_LAMBDA_PACKAGE (aws_lambda_package_get_type ())

AWS_DECLARE_BOXED (AwsLambdaPackage, aws_lambda_package)

const char        *aws_lambda_package_get_code_location        (AwsLambdaPackage *self);
gint64             aws_lambda_package_get_reserved_concurrency (AwsLambdaPackage *self);
AwsLambdaFunction *aws_lambda_package_dup_function             (AwsLambdaPackage *self);
const char        *aws_lambda_package_get_tag                  (AwsLambdaPackage *self,
                                                                const char       *name);

/* What a function answered */
#define AWS_TYPE_LAMBDA_RESULT (aws_lambda_result_get_type ())

AWS_DECLARE_BOXED (AwsLambdaResult, aws_lambda_result)

gint64      aws_lambda_result_get_status  (AwsLambdaResult *self);
const char *aws_lambda_result_get_error   (AwsLambdaResult *self);
const char *aws_lambda_result_get_version (AwsLambdaResult *self);
GBytes     *aws_lambda_result_dup_payload (AwsLambdaResult *self);
char       *aws_lambda_result_dup_log     (AwsLambdaResult *self);

/* What the account may use in this region */
#define AWS_TYPE_LAMBDA_ACCOUNT (aws_lambda_account_get_type ())

AWS_DECLARE_BOXED (AwsLambdaAccount, aws_lambda_account)

gint64 aws_lambda_account_get_concurrency            (AwsLambdaAccount *self);
gint64 aws_lambda_account_get_unreserved_concurrency (AwsLambdaAccount *self);
gint64 aws_lambda_account_get_code_limit             (AwsLambdaAccount *self);
gint64 aws_lambda_account_get_code_size              (AwsLambdaAccount *self);
gint64 aws_lambda_account_get_functions              (AwsLambdaAccount *self);

/* The limit of one function */
#define AWS_TYPE_LAMBDA_CONCURRENCY (aws_lambda_concurrency_get_type ())

AWS_DECLARE_BOXED (AwsLambdaConcurrency, aws_lambda_concurrency)

gint64 aws_lambda_concurrency_get_reserved (AwsLambdaConcurrency *self);

/* A change of how a function is set up */
#define AWS_TYPE_LAMBDA_CHANGE (aws_lambda_change_get_type ())

AWS_DECLARE_BOXED (AwsLambdaChange, aws_lambda_change)

AwsLambdaChange *aws_lambda_change_new             (const char *name);
void             aws_lambda_change_set_revision    (AwsLambdaChange *self,
                                                    const char      *revision);
void             aws_lambda_change_set_code        (AwsLambdaChange *self,
                                                    const char      *runtime,
                                                    const char      *handler);
void             aws_lambda_change_set_description (AwsLambdaChange *self,
                                                    const char      *description);
void             aws_lambda_change_set_role        (AwsLambdaChange *self,
                                                    const char      *role);
void             aws_lambda_change_set_limits      (AwsLambdaChange *self,
                                                    guint            timeout,
                                                    guint            memory);
void             aws_lambda_change_set_log_group   (AwsLambdaChange *self,
                                                    const char      *group);
void             aws_lambda_change_add_variable    (AwsLambdaChange *self,
                                                    const char      *variable,
                                                    const char      *value);

DexFuture *aws_lambda_get_function                  (AwsClient  *client,
                                                     const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_lambda_get_function_configuration    (AwsClient  *client,
                                                     const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_lambda_update_function_code          (AwsClient  *client,
                                                     const char *name,
                                                     GBytes     *archive,
                                                     const char *revision,
                                                     gboolean    publish,
                                                     gboolean    dry_run) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_lambda_update_function_configuration (AwsClient       *client,
                                                     AwsLambdaChange *change) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_lambda_invoke                        (AwsClient  *client,
                                                     const char *name,
                                                     GBytes     *payload,
                                                     const char *type,
                                                     gboolean    with_log) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_lambda_get_account_settings          (AwsClient *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_lambda_put_function_concurrency      (AwsClient  *client,
                                                     const char *name,
                                                     guint       reserved) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_lambda_delete_function_concurrency   (AwsClient  *client,
                                                     const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_lambda_get_function_concurrency      (AwsClient  *client,
                                                     const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
