/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-engine.h"
#include "porch-site-list.h"

G_BEGIN_DECLS

struct _PorchEngine
{
  GObject        parent_instance;

  GFile         *folder;
  PorchStore    *store;
  GListStore    *accounts;
  PorchSiteList *sites;
  GListStore    *operations;
  char          *default_account;
  char          *notice;
  char          *practice_url;
  char          *practice_key_id;
  char          *practice_secret;
  char          *practice_region;
  char          *practice_names;   /* its name server */
  gint64         data_version;
  guint          watch;
  gboolean       is_busy;
  gboolean       is_open;
  gboolean       is_watching;
  gboolean       leaves_stopped;   /* what stopped for want of a sign-in is not gone on with after it */
};

void      porch_engine_operation_began         (PorchEngine     *self,
                                                PorchOperation  *operation);
void      porch_engine_operation_ended         (PorchEngine     *self,
                                                PorchOperation  *operation);
void      porch_engine_keep_operation          (PorchEngine     *self,
                                                PorchOperation  *operation);
void      porch_engine_add_site                (PorchEngine     *self,
                                                PorchSite       *site);
void      porch_engine_forget_site             (PorchEngine     *self,
                                                PorchSite       *site);
void      porch_engine_insert_account          (PorchEngine     *self,
                                                PorchAccount    *account);
void      porch_engine_notify_default_account  (PorchEngine     *self);
gboolean  porch_engine_await_old_accounts      (PorchEngine     *self,
                                                GError         **error);

G_END_DECLS
