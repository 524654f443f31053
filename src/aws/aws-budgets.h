/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

/* Budgets warn, they stop nothing. Amounts are decimal texts: "5", "0.52". */

#define AWS_TYPE_BUDGET (aws_budget_get_type ())
#define AWS_TYPE_BUDGET_WARNING (aws_budget_warning_get_type ())
#define AWS_TYPE_BUDGET_SUBSCRIBER (aws_budget_subscriber_get_type ())

AWS_DECLARE_BOXED (AwsBudget, aws_budget)
/* When somebody is told. */
AWS_DECLARE_BOXED (AwsBudgetWarning, aws_budget_warning)
/* Who is told. */
AWS_DECLARE_BOXED (AwsBudgetSubscriber, aws_budget_subscriber)

/* A mail is sent when the cost is above so many percent of the limit. */
typedef struct
{
  gboolean forecast;     /* already when it is expected to be, by the end of the month */
  double   percent;      /* 0 ends an array */
} AwsBudgetThreshold;

DexFuture           *aws_budgets_create_budget              (AwsClient                *client,
                                                             const char               *account,
                                                             const char               *name,
                                                             const char               *amount,
                                                             const char               *currency,
                                                             const AwsBudgetThreshold *thresholds,
                                                             const char * const       *addresses) G_GNUC_WARN_UNUSED_RESULT;
DexFuture           *aws_budgets_update_budget              (AwsClient                *client,
                                                             const char               *account,
                                                             const char               *name,
                                                             const char               *amount,
                                                             const char               *currency) G_GNUC_WARN_UNUSED_RESULT;
DexFuture           *aws_budgets_delete_budget              (AwsClient                *client,
                                                             const char               *account,
                                                             const char               *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture           *aws_budgets_describe_budget            (AwsClient                *client,
                                                             const char               *account,
                                                             const char               *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture           *aws_budgets_describe_budgets           (AwsClient                *client,
                                                             const char               *account) G_GNUC_WARN_UNUSED_RESULT;
DexFuture           *aws_budgets_describe_notifications_for_budget (AwsClient         *client,
                                                             const char               *account,
                                                             const char               *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture           *aws_budgets_describe_subscribers_for_notification (AwsClient     *client,
                                                             const char               *account,
                                                             const char               *name,
                                                             gboolean                  forecast,
                                                             double                    percent) G_GNUC_WARN_UNUSED_RESULT;

const char          *aws_budget_get_name                    (AwsBudget                *self);
const char          *aws_budget_get_kind                    (AwsBudget                *self);
const char          *aws_budget_get_period                  (AwsBudget                *self);
const char          *aws_budget_get_limit                   (AwsBudget                *self);
const char          *aws_budget_get_currency                (AwsBudget                *self);
const char          *aws_budget_get_spent                   (AwsBudget                *self);
const char          *aws_budget_get_forecast                (AwsBudget                *self);
GDateTime           *aws_budget_dup_updated                 (AwsBudget                *self);

gboolean             aws_budget_warning_is_forecast         (AwsBudgetWarning         *self);
gboolean             aws_budget_warning_is_percentage       (AwsBudgetWarning         *self);
double               aws_budget_warning_get_threshold       (AwsBudgetWarning         *self);
gboolean             aws_budget_warning_is_reached          (AwsBudgetWarning         *self);

const char          *aws_budget_subscriber_get_kind         (AwsBudgetSubscriber      *self);
const char          *aws_budget_subscriber_get_address      (AwsBudgetSubscriber      *self);

G_END_DECLS
