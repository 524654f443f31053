/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-account.h"
#include "porch-dns.h"
#include "porch-operation.h"
#include "porch-plan.h"
#include "porch-site.h"
#include "porch-store.h"

G_BEGIN_DECLS

#define PORCH_TYPE_ENGINE (porch_engine_get_type ())

G_DECLARE_FINAL_TYPE (PorchEngine, porch_engine, PORCH, ENGINE, GObject)

PorchEngine     *porch_engine_new                    (GFile           *folder);
GFile           *porch_engine_dup_default_folder     (void);
DexFuture       *porch_engine_open                   (PorchEngine     *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean         porch_engine_is_open                (PorchEngine     *self);
GFile           *porch_engine_get_folder             (PorchEngine     *self);
PorchStore      *porch_engine_get_store              (PorchEngine     *self);
const char      *porch_engine_get_notice             (PorchEngine     *self);

GListModel      *porch_engine_get_accounts           (PorchEngine     *self);
GListModel      *porch_engine_get_sites              (PorchEngine     *self);
GListModel      *porch_engine_get_operations         (PorchEngine     *self);

/* Accounts */
PorchAccount    *porch_engine_get_default_account    (PorchEngine     *self);
DexFuture       *porch_engine_set_default_account    (PorchEngine     *self,
                                                      PorchAccount    *account) G_GNUC_WARN_UNUSED_RESULT;
PorchAccount    *porch_engine_find_account           (PorchEngine     *self,
                                                      const char      *id_or_name);
DexFuture       *porch_engine_add_account_keys       (PorchEngine     *self,
                                                      const char      *key_id,
                                                      const char      *secret,
                                                      const char      *token,
                                                      const char      *region,
                                                      const char      *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_add_practice           (PorchEngine     *self,
                                                      const char      *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_add_environment        (PorchEngine     *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_add_profile            (PorchEngine     *self,
                                                      const char      *profile,
                                                      const char      *region,
                                                      const char      *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_try_account_keys       (PorchEngine     *self,
                                                      const char      *key_id,
                                                      const char      *secret,
                                                      const char      *token,
                                                      const char      *region) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_try_profile            (PorchEngine     *self,
                                                      const char      *profile,
                                                      const char      *region) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_add_account            (PorchEngine     *self,
                                                      PorchAccount    *account,
                                                      const char      *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_check_keyring          (PorchEngine     *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_forget_account         (PorchEngine     *self,
                                                      PorchAccount    *account) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_recheck_account        (PorchEngine     *self,
                                                      PorchAccount    *account) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_remove_account         (PorchEngine     *self,
                                                      PorchAccount    *account) G_GNUC_WARN_UNUSED_RESULT;
void             porch_engine_set_practice_endpoint  (PorchEngine     *self,
                                                      const char      *url,
                                                      const char      *key_id,
                                                      const char      *secret,
                                                      const char      *region,
                                                      const char      *name_server);
PorchDns        *porch_engine_dup_dns                (PorchEngine     *self,
                                                      PorchAccount    *account);

/* Sites */
PorchSite       *porch_engine_find_site              (PorchEngine     *self,
                                                      const char      *id);
DexFuture       *porch_engine_refresh                (PorchEngine     *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_engine_import                 (PorchEngine     *self,
                                                      PorchAccount    *account) G_GNUC_WARN_UNUSED_RESULT;
PorchOperation  *porch_engine_create_site            (PorchEngine     *self,
                                                      PorchPlan       *plan);
PorchOperation  *porch_engine_delete_site            (PorchEngine     *self,
                                                      PorchSite       *site,
                                                      GFile           *messages);

/* Operations */
PorchOperation  *porch_engine_find_operation         (PorchEngine     *self,
                                                      const char      *id);
void             porch_engine_run_operation          (PorchEngine     *self,
                                                      PorchOperation  *operation);
void             porch_engine_resume_operation       (PorchEngine     *self,
                                                      PorchOperation  *operation);
void             porch_engine_go_on                  (PorchEngine     *self);
void             porch_engine_dismiss_operation      (PorchEngine     *self,
                                                      PorchOperation  *operation);
gboolean         porch_engine_is_busy                (PorchEngine     *self);
void             porch_engine_set_goes_on            (PorchEngine     *self,
                                                      gboolean         goes_on);

G_END_DECLS
