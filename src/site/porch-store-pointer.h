/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"
#include "porch-pointer.h"

G_BEGIN_DECLS

/* The key of the CloudFront KeyValueStore that data/functions/edge.js reads. */
#define PORCH_STORE_POINTER_KEY "live"

#define PORCH_TYPE_STORE_POINTER (porch_store_pointer_get_type ())
G_DECLARE_FINAL_TYPE (PorchStorePointer, porch_store_pointer, PORCH, STORE_POINTER, GObject)

PorchPointer *porch_store_pointer_new (AwsClient  *client,
                                       const char *store_arn);

G_END_DECLS
