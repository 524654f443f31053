/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-operation.h"

gboolean driver_operation (AwsClient    *client,
                           char        **arguments,
                           JsonBuilder  *builder,
                           GError      **error);
gboolean driver_pages     (AwsClient    *client,
                           char        **arguments,
                           JsonBuilder  *builder,
                           GError      **error);
gboolean driver_tables    (JsonBuilder  *builder);
