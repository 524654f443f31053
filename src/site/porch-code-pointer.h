/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"
#include "porch-key-pointer.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CODE_POINTER (porch_code_pointer_get_type ())
G_DECLARE_FINAL_TYPE (PorchCodePointer, porch_code_pointer, PORCH, CODE_POINTER, PorchKeyPointer)

PorchPointer *porch_code_pointer_new (AwsClient  *client,
                                      const char *function);

G_END_DECLS
