/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

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
void           porch_account_take_region   (PorchAccount      *self,
                                            const char        *region);
void           porch_account_set_details   (PorchAccount      *self,
                                            JsonObject        *details);
JsonObject    *porch_account_get_details   (PorchAccount      *self);
void           porch_account_take_session  (PorchAccount      *self,
                                            JsonObject        *session);
JsonObject    *porch_account_get_session   (PorchAccount      *self);
void           porch_account_take_over     (PorchAccount      *self,
                                            PorchAccount      *tried);
void           porch_account_forget_credentials (PorchAccount *self);
gboolean       porch_account_has_secret    (PorchAccount      *self);
DexFuture     *porch_account_keep          (PorchAccount      *self) G_GNUC_WARN_UNUSED_RESULT;
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
