/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-credentials.h"

G_BEGIN_DECLS

#define PORCH_TYPE_KEYS (porch_keys_get_type ())

G_DECLARE_FINAL_TYPE (PorchKeys, porch_keys, PORCH, KEYS, GObject)

PorchKeys       *porch_keys_new      (const char      *account_id,
                                      gboolean         in_keyring);
void             porch_keys_set      (PorchKeys       *self,
                                      AwsCredentials  *credentials);
AwsCredentials  *porch_keys_get      (PorchKeys       *self);
char            *porch_keys_to_text  (AwsCredentials  *credentials);

G_END_DECLS
