/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-account.h"
#include "porch-store.h"

G_BEGIN_DECLS

PorchAccount  *porch_account_new           (PorchStore        *store,
                                            const char        *id,
                                            PorchAccountKind   kind,
                                            const char        *name,
                                            const char        *region);
void           porch_account_set_number    (PorchAccount      *self,
                                            const char        *number);
void           porch_account_set_region    (PorchAccount      *self,
                                            const char        *region);
void           porch_account_set_key_id    (PorchAccount      *self,
                                            const char        *key_id);
void           porch_account_set_practice  (PorchAccount      *self,
                                            const char        *endpoint,
                                            const char        *key_id,
                                            const char        *secret);
void           porch_account_use           (PorchAccount      *self,
                                            AwsCredentials    *credentials);
void           porch_account_note_error    (PorchAccount      *self,
                                            const GError      *error);
DexFuture     *porch_account_save          (PorchAccount      *self) G_GNUC_WARN_UNUSED_RESULT;

const char    *porch_account_kind_to_string    (PorchAccountKind  kind);
gboolean       porch_account_kind_from_string  (const char       *text,
                                                PorchAccountKind *kind);

G_END_DECLS
