/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"

G_BEGIN_DECLS

#define AWS_TYPE_QUERY (aws_query_get_type ())

/* The form body of the query protocol (STS, CloudFormation, IAM). */
AWS_DECLARE_BOXED (AwsQuery, aws_query)

AwsQuery   *aws_query_new         (const char  *action,
                                   const char  *version);
AwsQuery   *aws_query_new_parse   (const char  *text,
                                   gssize       length);
void        aws_query_add         (AwsQuery    *self,
                                   const char  *name,
                                   const char  *value);
const char *aws_query_lookup      (AwsQuery    *self,
                                   const char  *name);
guint       aws_query_get_length  (AwsQuery    *self);
const char *aws_query_get_name    (AwsQuery    *self,
                                   guint        index);
const char *aws_query_get_value   (AwsQuery    *self,
                                   guint        index);
char       *aws_query_to_string   (AwsQuery    *self);
GBytes     *aws_query_to_bytes    (AwsQuery    *self);

G_END_DECLS
