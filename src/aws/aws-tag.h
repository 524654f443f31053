/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "aws-boxed.h"

G_BEGIN_DECLS

/* A name and a value on something at AWS. */
#define AWS_TYPE_TAG (aws_tag_get_type ())

AWS_DECLARE_BOXED (AwsTag, aws_tag)

const char *aws_tag_get_key   (AwsTag             *self);
const char *aws_tag_get_value (AwsTag             *self);

void        aws_input_set_tags (JsonObject         *input,
                                const char         *name,
                                const char * const *tags);

G_END_DECLS
