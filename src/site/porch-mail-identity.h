/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-problem.h"

G_BEGIN_DECLS

typedef struct _PorchSite PorchSite;

/**
 * PorchMailState:
 * @PORCH_MAIL_IDENTITY_UNKNOWN: not looked yet
 * @PORCH_MAIL_IDENTITY_NOT_ASKED: nobody was asked to confirm it
 * @PORCH_MAIL_IDENTITY_WAITING: a mail with a link was sent there
 * @PORCH_MAIL_IDENTITY_CONFIRMED: the link was followed
 * @PORCH_MAIL_IDENTITY_EXPIRED: the link was not followed in time
 * @PORCH_MAIL_IDENTITY_RETURNED: a mail came back from there, or its reader complained, so that no more are sent there
 *
 * Whether a mail address was confirmed by whoever reads its mail, and gets any.
 */
typedef enum
{
  PORCH_MAIL_IDENTITY_UNKNOWN,
  PORCH_MAIL_IDENTITY_NOT_ASKED,
  PORCH_MAIL_IDENTITY_WAITING,
  PORCH_MAIL_IDENTITY_CONFIRMED,
  PORCH_MAIL_IDENTITY_EXPIRED,
  PORCH_MAIL_IDENTITY_RETURNED,
} PorchMailIdentityState;

#define PORCH_TYPE_MAIL_IDENTITY_STATE (porch_mail_identity_state_get_type ())
#define PORCH_TYPE_MAIL_IDENTITY       (porch_mail_identity_get_type ())
#define PORCH_TYPE_MAIL_IDENTITIES     (porch_mail_identities_get_type ())

GType                   porch_mail_identity_state_get_type      (void) G_GNUC_CONST;

/* One address that mails go to or come from */
G_DECLARE_FINAL_TYPE (PorchMailIdentity, porch_mail_identity, PORCH, MAIL_IDENTITY, GObject)

const char             *porch_mail_identity_get_mail            (PorchMailIdentity    *self);
PorchMailIdentityState  porch_mail_identity_get_state           (PorchMailIdentity    *self);
gboolean                porch_mail_identity_get_needed          (PorchMailIdentity    *self);
char                   *porch_mail_identity_dup_sentence        (PorchMailIdentity    *self);

/* Those of a site's form: a list model of PorchMailIdentity, in the order of the form */
G_DECLARE_FINAL_TYPE (PorchMailIdentities, porch_mail_identities, PORCH, MAIL_IDENTITIES, GObject)

PorchMailIdentities    *porch_mail_identities_new               (PorchSite            *site);
PorchSite              *porch_mail_identities_get_site          (PorchMailIdentities  *self);
void                    porch_mail_identities_set_mails         (PorchMailIdentities  *self,
                                                                 const char * const   *mails);
gboolean                porch_mail_identities_get_looked        (PorchMailIdentities  *self);
gboolean                porch_mail_identities_get_sandbox       (PorchMailIdentities  *self);
gboolean                porch_mail_identities_get_can_send      (PorchMailIdentities  *self);
gboolean                porch_mail_identities_get_ready         (PorchMailIdentities  *self);
const char             *porch_mail_identities_get_review        (PorchMailIdentities  *self);
PorchMailIdentity      *porch_mail_identities_get_hindrance     (PorchMailIdentities  *self);
gboolean                porch_mail_identities_needs_production  (PorchMailIdentities  *self);
PorchProblem           *porch_mail_identities_get_problem       (PorchMailIdentities  *self);
DexFuture              *porch_mail_identities_look              (PorchMailIdentities  *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture              *porch_mail_identities_ask               (PorchMailIdentities  *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture              *porch_mail_identities_ask_again         (PorchMailIdentities  *self,
                                                                 const char           *mail) G_GNUC_WARN_UNUSED_RESULT;
void                    porch_mail_identities_set_watching      (PorchMailIdentities  *self,
                                                                 gboolean              watching);
gboolean                porch_mail_identities_get_watching      (PorchMailIdentities  *self);
char                   *porch_mail_identities_dup_reason        (PorchMailIdentities  *self);
DexFuture              *porch_mail_identities_request_production (PorchMailIdentities *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
