/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "aws-response.h"

G_BEGIN_DECLS

AwsResponse *aws_response_new           (SoupMessage *message,
                                         GBytes      *body,
                                         guint64      length);
AwsResponse *aws_response_new_for_parts (guint        status,
                                         AwsHeaders  *headers,
                                         GBytes      *body);

G_END_DECLS
