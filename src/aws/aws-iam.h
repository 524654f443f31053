/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

/* Who may do what. IAM has one host for all regions. */

#define AWS_TYPE_SIMULATION (aws_simulation_get_type ())
#define AWS_TYPE_ACCOUNT_SUMMARY (aws_account_summary_get_type ())
#define AWS_TYPE_USER (aws_user_get_type ())
#define AWS_TYPE_ROLE (aws_role_get_type ())

/* What the policies say about one action. */
AWS_DECLARE_BOXED (AwsSimulation, aws_simulation)
/* Figures of an account. */
AWS_DECLARE_BOXED (AwsAccountSummary, aws_account_summary)
AWS_DECLARE_BOXED (AwsUser, aws_user)
AWS_DECLARE_BOXED (AwsRole, aws_role)

/* A condition key, and the value it is taken to have */
typedef struct
{
  const char *name;      /* "aws:ResourceTag/application"; NULL ends an array */
  const char *value;
} AwsContextEntry;

DexFuture    *aws_iam_simulate_principal_policy  (AwsClient             *client,
                                                  const char            *principal_arn,
                                                  const char * const    *actions,
                                                  const char * const    *resources,
                                                  const AwsContextEntry *context) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_iam_get_account_summary        (AwsClient             *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_iam_list_account_aliases       (AwsClient             *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_iam_set_security_token_service_preferences (AwsClient *client,
                                                  const char            *token_version) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_iam_get_user                   (AwsClient             *client,
                                                  const char            *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_iam_get_role                   (AwsClient             *client,
                                                  const char            *name) G_GNUC_WARN_UNUSED_RESULT;

const char   *aws_simulation_get_action          (AwsSimulation         *self);
const char   *aws_simulation_get_resource        (AwsSimulation         *self);
const char   *aws_simulation_get_decision        (AwsSimulation         *self);
gboolean      aws_simulation_is_allowed          (AwsSimulation         *self);
gboolean      aws_simulation_is_explicit         (AwsSimulation         *self);
gboolean      aws_simulation_is_organization     (AwsSimulation         *self);
gboolean      aws_simulation_is_boundary         (AwsSimulation         *self);
GStrv         aws_simulation_dup_missing_context (AwsSimulation         *self);

gboolean      aws_account_summary_get_has_mfa    (AwsAccountSummary     *self);
gboolean      aws_account_summary_get_has_root_keys (AwsAccountSummary  *self);
gint64        aws_account_summary_get_token_version (AwsAccountSummary  *self);
gint64        aws_account_summary_get_figure     (AwsAccountSummary     *self,
                                                  const char            *name);

const char   *aws_user_get_name                  (AwsUser               *self);
const char   *aws_user_get_id                    (AwsUser               *self);
const char   *aws_user_get_arn                   (AwsUser               *self);
const char   *aws_user_get_path                  (AwsUser               *self);
const char   *aws_user_get_boundary              (AwsUser               *self);
GDateTime    *aws_user_dup_created               (AwsUser               *self);

const char   *aws_role_get_name                  (AwsRole               *self);
const char   *aws_role_get_id                    (AwsRole               *self);
const char   *aws_role_get_arn                   (AwsRole               *self);
const char   *aws_role_get_path                  (AwsRole               *self);
const char   *aws_role_get_boundary              (AwsRole               *self);
gint64        aws_role_get_longest_session        (AwsRole               *self);
char         *aws_role_dup_trust                 (AwsRole               *self);

G_END_DECLS
