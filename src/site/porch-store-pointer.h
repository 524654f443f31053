/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"
#include "porch-key-pointer.h"

G_BEGIN_DECLS

/* The key that says what is live. */
#define PORCH_STORE_POINTER_KEY PORCH_KEY_POINTER_LIVE

#define PORCH_TYPE_STORE_POINTER (porch_store_pointer_get_type ())
G_DECLARE_FINAL_TYPE (PorchStorePointer, porch_store_pointer, PORCH, STORE_POINTER, PorchKeyPointer)

PorchPointer *porch_store_pointer_new (AwsClient  *client,
                                       const char *store_arn);

G_END_DECLS
