/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-request.h"
#include "aws-service.h"

G_BEGIN_DECLS

struct _AwsRequest
{
  const AwsService *service;
  char             *region;
  char             *method;
  char             *path;
  GString          *query;
  AwsHeaders       *headers;
  char             *bucket;
  char             *host_prefix;   /* with the dot at its end */

  GBytes           *body;
  GFile            *file;
  goffset           offset;
  goffset           length;
  char             *payload_hash;
  GFile            *output;

  AwsProgressFunc   progress;
  gpointer          progress_data;
  GDestroyNotify    progress_notify;

  guint             attempts;
  gboolean          error_in_200;
  gboolean          is_unsigned;
};

AwsRequest *aws_request_new_for_service  (const AwsService *service,
                                          const char       *region,
                                          const char       *method,
                                          const char       *path);

const char   *aws_request_get_payload_hash (AwsRequest *self);
guint64       aws_request_get_length       (AwsRequest *self);
GInputStream *aws_request_open_body        (AwsRequest *self);

G_END_DECLS
