/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"

G_BEGIN_DECLS

#define AWS_TYPE_HEADERS (aws_headers_get_type ())

/* An ordered list of header names and values; names compare without case. */
AWS_DECLARE_BOXED (AwsHeaders, aws_headers)

AwsHeaders *aws_headers_new        (void);
AwsHeaders *aws_headers_copy       (AwsHeaders *self);
void        aws_headers_append     (AwsHeaders *self,
                                    const char *name,
                                    const char *value);
void        aws_headers_set        (AwsHeaders *self,
                                    const char *name,
                                    const char *value);
gboolean    aws_headers_remove     (AwsHeaders *self,
                                    const char *name);
const char *aws_headers_lookup     (AwsHeaders *self,
                                    const char *name);
guint       aws_headers_get_length (AwsHeaders *self);
const char *aws_headers_get_name   (AwsHeaders *self,
                                    guint       index);
const char *aws_headers_get_value  (AwsHeaders *self,
                                    guint       index);

G_END_DECLS
