/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_EMAIL_IDENTITY (aws_email_identity_get_type ())
#define AWS_TYPE_EMAIL_ACCOUNT  (aws_email_account_get_type ())
#define AWS_TYPE_EMAIL          (aws_email_get_type ())

/* An address or a domain that mails may come from. */
AWS_DECLARE_BOXED (AwsEmailIdentity, aws_email_identity)

const char *aws_email_identity_get_name             (AwsEmailIdentity *self);
gboolean    aws_email_identity_is_domain            (AwsEmailIdentity *self);
gboolean    aws_email_identity_is_verified          (AwsEmailIdentity *self);
const char *aws_email_identity_get_status           (AwsEmailIdentity *self);
const char *aws_email_identity_get_verification_error (AwsEmailIdentity *self);
const char *aws_email_identity_get_dkim_status      (AwsEmailIdentity *self);
GStrv       aws_email_identity_dup_dkim_tokens      (AwsEmailIdentity *self);
const char *aws_email_identity_get_dkim_zone        (AwsEmailIdentity *self);
const char *aws_email_identity_get_mail_from        (AwsEmailIdentity *self);
const char *aws_email_identity_get_mail_from_status (AwsEmailIdentity *self);

/* What an account may send in a region. */
AWS_DECLARE_BOXED (AwsEmailAccount, aws_email_account)

gboolean    aws_email_account_has_production_access (AwsEmailAccount *self);
gboolean    aws_email_account_can_send              (AwsEmailAccount *self);
const char *aws_email_account_get_enforcement       (AwsEmailAccount *self);
double      aws_email_account_get_daily_quota       (AwsEmailAccount *self);
double      aws_email_account_get_sent_today        (AwsEmailAccount *self);
double      aws_email_account_get_rate              (AwsEmailAccount *self);
const char *aws_email_account_get_review_status     (AwsEmailAccount *self);
const char *aws_email_account_get_review_case       (AwsEmailAccount *self);

/* A mail. */
AWS_DECLARE_BOXED (AwsEmail, aws_email)

AwsEmail   *aws_email_new                           (const char         *sender,
                                                     const char * const *recipients,
                                                     const char         *subject);
void        aws_email_set_text                      (AwsEmail           *self,
                                                     const char         *plain);
void        aws_email_set_html                      (AwsEmail           *self,
                                                     const char         *html);
void        aws_email_set_reply_to                  (AwsEmail           *self,
                                                     const char * const *addresses);

DexFuture  *aws_sesv2_create_identity               (AwsClient          *client,
                                                     const char         *identity,
                                                     const char * const *tags) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sesv2_get_identity                  (AwsClient          *client,
                                                     const char         *identity) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sesv2_list_identities               (AwsClient          *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sesv2_delete_identity               (AwsClient          *client,
                                                     const char         *identity) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sesv2_set_mail_from                 (AwsClient          *client,
                                                     const char         *identity,
                                                     const char         *domain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sesv2_get_account                   (AwsClient          *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sesv2_request_production_access     (AwsClient          *client,
                                                     const char         *website,
                                                     const char         *language,
                                                     const char * const *contacts) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sesv2_is_suppressed                 (AwsClient          *client,
                                                     const char         *address) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_sesv2_send                          (AwsClient          *client,
                                                     AwsEmail           *email) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
