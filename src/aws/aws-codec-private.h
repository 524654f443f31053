/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-operation.h"
#include "aws-query.h"
#include "aws-xml.h"

G_BEGIN_DECLS

/* The protocols, each written once. Errors are AWS_ERROR_INVALID for what is to be sent and AWS_ERROR_BAD_ANSWER for what
 * was received.
 */
AwsRequest *aws_codec_new_request        (const AwsService   *service,
                                          const AwsOperation *operation,
                                          JsonObject         *input,
                                          GError            **error);
JsonObject *aws_codec_read_response      (const AwsService   *service,
                                          const AwsOperation *operation,
                                          AwsResponse        *response,
                                          GError            **error);

/* Single values as text */
const char *aws_shape_get_wire_name      (const AwsShape     *shape);
gboolean    aws_shape_is_scalar          (const AwsShape     *shape);
char       *aws_codec_write_text         (const AwsShape     *shape,
                                          JsonNode           *value,
                                          AwsTimeFormat       usual,
                                          GError            **error);
JsonNode   *aws_codec_read_text          (const AwsShape     *shape,
                                          const char         *text,
                                          GError            **error);
char       *aws_codec_format_time        (double              seconds,
                                          AwsTimeFormat       format);

/* What the input says for a member of a structure: NULL if nothing; missing members that are required are an error, missing
 * tokens are made up. */
gboolean    aws_codec_get_member         (const AwsShape     *member,
                                          JsonObject         *input,
                                          JsonNode          **value,
                                          GError            **error);
gboolean    aws_codec_check_names        (const AwsShape     *members,
                                          JsonObject         *input,
                                          GError            **error);
void        aws_codec_fail_input         (const AwsShape     *shape,
                                          const char         *wanted,
                                          GError            **error);
void        aws_codec_fail_output        (const AwsShape     *shape,
                                          const char         *wanted,
                                          GError            **error);

/* JSON; members elsewhere than in the body are left out */
JsonNode   *aws_codec_write_json         (const AwsShape     *shape,
                                          JsonNode           *value,
                                          GError            **error);
JsonNode   *aws_codec_write_json_members (const AwsShape     *members,
                                          JsonObject         *input,
                                          GError            **error);
JsonNode   *aws_codec_read_json          (const AwsShape     *shape,
                                          JsonNode           *value,
                                          GError            **error);
gboolean    aws_codec_read_json_members  (const AwsShape     *members,
                                          JsonObject         *object,
                                          JsonObject         *output,
                                          GError            **error);

/* XML */
gboolean    aws_codec_write_xml          (GString            *xml,
                                          const AwsShape     *shape,
                                          const char         *element,
                                          const char         *xml_namespace,
                                          JsonNode           *value,
                                          GError            **error);
gboolean    aws_codec_write_xml_members  (GString            *xml,
                                          const AwsShape     *members,
                                          const char         *element,
                                          const char         *xml_namespace,
                                          JsonObject         *input,
                                          GError            **error);
JsonNode   *aws_codec_read_xml           (const AwsShape     *shape,
                                          AwsXmlNode         *node,
                                          GError            **error);
gboolean    aws_codec_read_xml_members   (const AwsShape     *members,
                                          AwsXmlNode         *node,
                                          JsonObject         *output,
                                          GError            **error);

/* Forms */
gboolean    aws_codec_write_query        (AwsQuery           *query,
                                          const AwsShape     *members,
                                          JsonObject         *input,
                                          GError            **error);

/* Members in the address, in headers and as the body itself */
AwsRequest *aws_codec_new_rest           (const AwsService   *service,
                                          const AwsOperation *operation,
                                          JsonObject         *input,
                                          GError            **error);
gboolean    aws_codec_read_rest          (const AwsService   *service,
                                          const AwsOperation *operation,
                                          AwsResponse        *response,
                                          JsonObject         *output,
                                          GError            **error);

G_END_DECLS
