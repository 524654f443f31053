/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-account.h"
#include "porch-address.h"
#include "porch-certificate.h"
#include "porch-dns.h"
#include "porch-domain-doctor.h"
#include "porch-form.h"
#include "porch-inbox.h"
#include "porch-history.h"
#include "porch-store.h"
#include "porch-target.h"

G_BEGIN_DECLS

/* How many versions the clean-up always keeps. */
#define PORCH_SITE_MIN_KEPT_VERSIONS       2
#define PORCH_SITE_MAX_KEPT_VERSIONS     100
#define PORCH_SITE_DEFAULT_KEPT_VERSIONS  10

typedef struct _PorchAddressPlan PorchAddressPlan;
typedef struct _PorchOperation PorchOperation;

/**
 * PorchSiteState:
 * @PORCH_SITE_CREATING: being made; there is nothing to open yet
 * @PORCH_SITE_EMPTY: there, but nothing has been published
 * @PORCH_SITE_LIVE: there for everybody to see
 * @PORCH_SITE_UNREACHABLE: can't be asked at the moment
 * @PORCH_SITE_DELETING: being taken down
 * @PORCH_SITE_FAILED: making it failed
 *
 * What a site is to its owner.
 */
typedef enum
{
  PORCH_SITE_CREATING,
  PORCH_SITE_EMPTY,
  PORCH_SITE_LIVE,
  PORCH_SITE_UNREACHABLE,
  PORCH_SITE_DELETING,
  PORCH_SITE_FAILED,
} PorchSiteState;

#define PORCH_TYPE_SITE_STATE (porch_site_state_get_type ())
#define PORCH_TYPE_SITE (porch_site_get_type ())

GType            porch_site_state_get_type       (void) G_GNUC_CONST;

G_DECLARE_FINAL_TYPE (PorchSite, porch_site, PORCH, SITE, GObject)

/* What windows show */
const char      *porch_site_get_id               (PorchSite       *self);
const char      *porch_site_get_name             (PorchSite       *self);
const char      *porch_site_get_slug             (PorchSite       *self);
PorchAccount    *porch_site_get_account          (PorchSite       *self);
const char      *porch_site_get_region           (PorchSite       *self);
const char      *porch_site_get_address          (PorchSite       *self);
const char      *porch_site_get_free_address     (PorchSite       *self);
PorchAddress    *porch_site_get_own_address      (PorchSite       *self);
PorchCertificate *porch_site_get_certificate     (PorchSite       *self);
PorchDomainDoctor *porch_site_get_doctor         (PorchSite       *self);
const char      *porch_site_get_unconfirmed_domain (PorchSite     *self);
GDateTime       *porch_site_get_confirm_until    (PorchSite       *self);
DexFuture       *porch_site_send_confirmation    (PorchSite       *self) G_GNUC_WARN_UNUSED_RESULT;
PorchSiteState   porch_site_get_state            (PorchSite       *self);
PorchProblem    *porch_site_get_problem          (PorchSite       *self);
GDateTime       *porch_site_get_created          (PorchSite       *self);
GDateTime       *porch_site_get_last_published   (PorchSite       *self);
const char      *porch_site_get_live_release     (PorchSite       *self);
guint            porch_site_get_unread_count     (PorchSite       *self);
gboolean         porch_site_get_form_enabled     (PorchSite       *self);
PorchForm       *porch_site_get_form             (PorchSite       *self);
const char      *porch_site_get_form_path        (PorchSite       *self);
const char      *porch_site_get_mail_to          (PorchSite       *self);
GFile           *porch_site_get_folder           (PorchSite       *self);
guint            porch_site_get_kept_versions    (PorchSite       *self);
gboolean         porch_site_get_single_page      (PorchSite       *self);
PorchTreatments *porch_site_get_treatments       (PorchSite       *self);
PorchOperation  *porch_site_get_operation        (PorchSite       *self);
GListModel      *porch_site_get_releases         (PorchSite       *self);
GListModel      *porch_site_get_messages         (PorchSite       *self);
GListModel      *porch_site_get_drafts           (PorchSite       *self);
PorchHistory    *porch_site_get_history          (PorchSite       *self);
PorchInbox      *porch_site_get_inbox            (PorchSite       *self);

/* What can be done */
DexFuture       *porch_site_refresh              (PorchSite       *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_site_rename               (PorchSite       *self,
                                                  const char      *name) G_GNUC_WARN_UNUSED_RESULT;
void             porch_site_set_folder           (PorchSite       *self,
                                                  GFile           *folder);
DexFuture       *porch_site_set_kept_versions    (PorchSite       *self,
                                                  guint            kept) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_site_set_single_page      (PorchSite       *self,
                                                  gboolean         single_page) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_site_set_treatments       (PorchSite       *self,
                                                  PorchTreatments *treatments) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_site_extend_draft         (PorchSite       *self,
                                                  PorchDraft      *draft,
                                                  guint            days) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_site_remove_draft         (PorchSite       *self,
                                                  PorchDraft      *draft) G_GNUC_WARN_UNUSED_RESULT;
PorchOperation  *porch_site_change_form          (PorchSite       *self,
                                                  PorchForm       *form);
char            *porch_site_dup_form_snippet     (PorchSite       *self);
PorchOperation  *porch_site_change_address       (PorchSite       *self,
                                                  PorchAddressPlan *plan);

/* For the engine's other parts */
PorchEngine     *porch_site_get_engine           (PorchSite       *self);
PorchStore      *porch_site_get_store            (PorchSite       *self);
AwsClient       *porch_site_dup_client           (PorchSite       *self);
AwsClient       *porch_site_dup_address_client   (PorchSite       *self);
PorchDns        *porch_site_dup_dns              (PorchSite       *self);
const char      *porch_site_get_stack            (PorchSite       *self);
const char      *porch_site_get_bucket           (PorchSite       *self);
const char      *porch_site_get_store_arn        (PorchSite       *self);
const char      *porch_site_get_edge_function    (PorchSite       *self);
const char      *porch_site_get_distribution     (PorchSite       *self);
const char      *porch_site_get_publisher_role   (PorchSite       *self);
const char      *porch_site_get_table            (PorchSite       *self);
const char      *porch_site_get_distribution_host (PorchSite      *self);
DexFuture       *porch_site_open_target          (PorchSite       *self) G_GNUC_WARN_UNUSED_RESULT;
void             porch_site_set_live             (PorchSite       *self,
                                                  PorchRelease    *release,
                                                  GDateTime       *date);
DexFuture       *porch_site_save                 (PorchSite       *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
