/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

/* What an account has cost. EVERY PAGE OF EVERY ANSWER COSTS THE PERSON MONEY (USD 0.01 at the time of writing): only ever
 * on a click that says so, never to poll, and kept for a day. Days are texts, "2026-11-01"; the end is not part of a period.
 */

#define AWS_TYPE_COST_PERIOD (aws_cost_period_get_type ())
#define AWS_TYPE_COST_GROUP (aws_cost_group_get_type ())
#define AWS_TYPE_COST_FORECAST (aws_cost_forecast_get_type ())

/* A day or a month. */
AWS_DECLARE_BOXED (AwsCostPeriod, aws_cost_period)
/* A part of it: one service, or one value of a tag. */
AWS_DECLARE_BOXED (AwsCostGroup, aws_cost_group)
AWS_DECLARE_BOXED (AwsCostForecast, aws_cost_forecast)

DexFuture   *aws_cost_explorer_get_cost_and_usage (AwsClient          *client,
                                                   const char         *start,
                                                   const char         *end,
                                                   const char         *granularity,
                                                   const char         *tag,
                                                   const char * const *tag_values,
                                                   const char         *group_kind,
                                                   const char         *group_key) G_GNUC_WARN_UNUSED_RESULT;
DexFuture   *aws_cost_explorer_get_cost_forecast  (AwsClient          *client,
                                                   const char         *start,
                                                   const char         *end,
                                                   const char         *granularity) G_GNUC_WARN_UNUSED_RESULT;

const char  *aws_cost_period_get_start            (AwsCostPeriod      *self);
const char  *aws_cost_period_get_end              (AwsCostPeriod      *self);
gboolean     aws_cost_period_get_is_estimated     (AwsCostPeriod      *self);
const char  *aws_cost_period_get_amount           (AwsCostPeriod      *self);
const char  *aws_cost_period_get_currency         (AwsCostPeriod      *self);
GPtrArray   *aws_cost_period_dup_groups           (AwsCostPeriod      *self);

GStrv        aws_cost_group_dup_keys              (AwsCostGroup       *self);
const char  *aws_cost_group_get_amount            (AwsCostGroup       *self);
const char  *aws_cost_group_get_currency          (AwsCostGroup       *self);

const char  *aws_cost_forecast_get_amount         (AwsCostForecast    *self);
const char  *aws_cost_forecast_get_currency       (AwsCostForecast    *self);

G_END_DECLS
