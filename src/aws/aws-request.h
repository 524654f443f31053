/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "aws-headers.h"

G_BEGIN_DECLS

#define AWS_TYPE_REQUEST (aws_request_get_type ())

/* One call to a service, not yet signed; can be sent as often as needed. */
AWS_DECLARE_BOXED (AwsRequest, aws_request)

/**
 * AwsProgressFunc:
 * @done: bytes sent of this request, from 0 again when it is retried
 * @total: bytes to send
 * @user_data: what was given with the function
 */
typedef void (*AwsProgressFunc) (guint64  done,
                                 guint64  total,
                                 gpointer user_data);

AwsRequest *aws_request_new              (const char      *service,
                                          const char      *region,
                                          const char      *method,
                                          const char      *path);

void        aws_request_add_query        (AwsRequest      *self,
                                          const char      *name,
                                          const char      *value);
void        aws_request_set_header       (AwsRequest      *self,
                                          const char      *name,
                                          const char      *value);
void        aws_request_set_body         (AwsRequest      *self,
                                          GBytes          *body,
                                          const char      *content_type);
void        aws_request_take_xml         (AwsRequest      *self,
                                          char            *xml);
void        aws_request_set_body_file    (AwsRequest      *self,
                                          GFile           *file,
                                          goffset          offset,
                                          goffset          length);
void        aws_request_set_payload_hash (AwsRequest      *self,
                                          const char      *hash);
void        aws_request_set_bucket       (AwsRequest      *self,
                                          const char      *bucket);
void        aws_request_set_output       (AwsRequest      *self,
                                          GFile           *file);
void        aws_request_set_progress     (AwsRequest      *self,
                                          AwsProgressFunc  func,
                                          gpointer         user_data,
                                          GDestroyNotify   notify);
void        aws_request_set_attempts     (AwsRequest      *self,
                                          guint            attempts);
void        aws_request_set_error_in_200 (AwsRequest      *self,
                                          gboolean         error_in_200);
void        aws_request_set_unsigned     (AwsRequest      *self,
                                          gboolean         is_unsigned);

G_END_DECLS
