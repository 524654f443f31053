/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-error.h"
#include "aws-response.h"

G_BEGIN_DECLS

GError *aws_error_new              (AwsError       code,
                                    const char    *code_string,
                                    const char    *message,
                                    guint          status,
                                    const char    *request_id);
GError *aws_error_new_for_code     (const char    *code_string,
                                    const char    *message,
                                    guint          status,
                                    const char    *request_id);
GError *aws_error_new_for_response (AwsResponse   *response);
GError *aws_error_new_for_failure  (const GError  *failure,
                                    const char    *host);

G_END_DECLS
