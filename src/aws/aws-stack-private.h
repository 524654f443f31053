/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-cloudformation.h"
#include "aws-document.h"
#include "aws-operation.h"

G_BEGIN_DECLS

/* What is called differently in different operations stands beside the input */
struct _AwsStackSpec
{
  JsonObject *input;
  char       *client_token;
  char       *on_failure;
};

G_END_DECLS
