/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-s3.h"

G_BEGIN_DECLS

struct _AwsS3Object
{
  char       *key;
  guint64     size;
  char       *etag;
  GDateTime  *modified;
  AwsHeaders *headers;
  GBytes     *body;
};

AwsS3Object *aws_s3_object_new_for_response (const char  *key,
                                             AwsResponse *response);
AwsRequest  *aws_s3_bucket_request          (const char  *method,
                                             const char  *bucket);
AwsRequest  *aws_s3_object_request          (const char  *method,
                                             const char  *bucket,
                                             const char  *key);
void         aws_s3_add_headers             (AwsRequest  *request,
                                             AwsHeaders  *headers);

G_END_DECLS
