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
  char           *free_address;
  char           *address;       /* the one to share */
  char           *live;
  PorchForm      *form;
  char           *mail_to;       /* of the form, as one text */
  gint64          synced;        /* when all messages were last compared with the cloud */
  PorchAddress   *own_address;   /* NULL while there is only the free one */
  PorchAddress   *last_address;  /* the own one that worked last, while another is set up; PORCH_ADDRESS_SETTING_UP: retired */
  PorchCertificate *certificate; /* as the last refresh saw it */
  PorchDomainDoctor *doctor;
  PorchSiteState  state;
  PorchTreatments *treatments;   /* NULL for none */
  guint           kept_versions;
  guint           unread;
  gboolean        single_page;
  char           *unconfirmed;   /* a domain that was bought, and whose owner has not opened the link in the registry's mail */
  GDateTime      *confirm_until;
  gint64          certificate_seen;   /* monotonic; when the certificate was last looked at, 0 for never */
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
void        porch_site_take_form        (PorchSite       *self,
                                         PorchForm       *form);
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

/* porch-site-confirm.c */
void        porch_site_begin_confirmation (PorchSite     *self,
                                         const char      *domain);
void        porch_site_take_confirmation (PorchSite      *self,
                                         JsonObject      *json);
JsonObject *porch_site_build_confirmation (PorchSite     *self);
void        porch_site_await_confirmed  (PorchSite       *self);

void        porch_site_set_own_address  (PorchSite       *self,
                                         PorchAddress    *address);
PorchAddress *porch_site_get_last_address (PorchSite      *self);
void        porch_site_set_last_address (PorchSite       *self,
                                         PorchAddress    *address);
void        porch_site_set_certificate  (PorchSite       *self,
                                         PorchCertificate *certificate);
gboolean    porch_site_await_certificate (PorchSite      *self,
                                         GError         **error);

G_END_DECLS
