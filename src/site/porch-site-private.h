/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-site.h"
#include "porch-stack.h"

G_BEGIN_DECLS

/* The columns in the order in which porch_site_new_from_row() reads them */
#define PORCH_SITE_COLUMNS \
  "id, account, name, slug, region, state, stack, created, published, live, unread, form, form_path, mail_to, folder, " \
  "outputs, synced, settings"

#define PORCH_SITE_RECORD "site.json"

struct _PorchSite
{
  GObject         parent_instance;

  PorchEngine    *engine;        /* a weak pointer: the engine owns its sites */
  PorchStore     *store;
  PorchAccount   *account;
  PorchHistory   *history;
  PorchInbox     *inbox;
  PorchOperation *operation;
  PorchProblem   *problem;
  GFile          *folder;
  GDateTime      *created;
  GDateTime      *published;
  JsonObject     *outputs;
  char           *id;
  char           *name;
  char           *slug;
  char           *region;
  char           *stack;
  char           *address;
  char           *live;
  char           *form_path;
  char           *mail_to;
  gint64          synced;        /* when all messages were last compared with the cloud */
  PorchSiteState  state;
  PorchTreatments *treatments;   /* NULL for none */
  guint           kept_versions;
  guint           unread;
  gboolean        has_form;
  gboolean        single_page;
};

PorchSite  *porch_site_new              (PorchEngine     *engine,
                                         PorchAccount    *account,
                                         const char      *id,
                                         const char      *name,
                                         const char      *region);
PorchSite  *porch_site_new_from_row     (PorchEngine     *engine,
                                         PorchAccount    *account,
                                         PorchRows       *rows,
                                         guint            row);
DexFuture  *porch_site_insert           (PorchSite       *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_site_reload           (PorchSite       *self) G_GNUC_WARN_UNUSED_RESULT;
void        porch_site_set_state        (PorchSite       *self,
                                         PorchSiteState   state);
void        porch_site_set_problem      (PorchSite       *self,
                                         const GError    *error);
void        porch_site_set_operation    (PorchSite       *self,
                                         PorchOperation  *operation);
void        porch_site_set_stack_name   (PorchSite       *self,
                                         const char      *name);
void        porch_site_set_time         (PorchSite       *self,
                                         GDateTime      **where,
                                         gint64           seconds,
                                         const char      *property);
void        porch_site_set_name         (PorchSite       *self,
                                         const char      *name);
void        porch_site_set_slug         (PorchSite       *self,
                                         const char      *slug);
void        porch_site_set_form         (PorchSite       *self,
                                         gboolean         enabled,
                                         const char      *mail_to);
void        porch_site_set_unread       (PorchSite       *self,
                                         guint            unread);
void        porch_site_take_answer      (PorchSite       *self,
                                         AwsStack        *answer);
gint64      porch_site_get_synced       (PorchSite       *self);
void        porch_site_set_synced       (PorchSite       *self,
                                         gint64           synced);
JsonObject *porch_site_build_settings   (PorchSite       *self);
void        porch_site_take_settings    (PorchSite       *self,
                                         JsonObject      *settings);
DexFuture  *porch_site_write_record     (PorchSite       *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_site_read_record      (PorchSite       *self) G_GNUC_WARN_UNUSED_RESULT;
void        porch_site_update_address   (PorchSite       *self);

G_END_DECLS
