/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "aws-headers.h"
#include "aws-xml.h"

G_BEGIN_DECLS

#define AWS_TYPE_RESPONSE (aws_response_get_type ())

AWS_DECLARE_BOXED (AwsResponse, aws_response)

guint       aws_response_get_status     (AwsResponse  *self);
const char *aws_response_get_header     (AwsResponse  *self,
                                         const char   *name);
AwsHeaders *aws_response_get_headers    (AwsResponse  *self);
GBytes     *aws_response_get_body       (AwsResponse  *self);
guint64     aws_response_get_length     (AwsResponse  *self);
const char *aws_response_get_request_id (AwsResponse  *self);
AwsXml     *aws_response_load_xml       (AwsResponse  *self,
                                         GError      **error);
JsonObject *aws_response_load_json      (AwsResponse  *self,
                                         GError      **error);

G_END_DECLS
