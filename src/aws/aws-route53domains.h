/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_DOMAIN_CONTACT      (aws_domain_contact_get_type ())
#define AWS_TYPE_DOMAIN_SUGGESTION   (aws_domain_suggestion_get_type ())
#define AWS_TYPE_DOMAIN_PRICE        (aws_domain_price_get_type ())
#define AWS_TYPE_DOMAIN_OPERATION    (aws_domain_operation_get_type ())
#define AWS_TYPE_DOMAIN              (aws_domain_get_type ())
#define AWS_TYPE_DOMAIN_REACHABILITY (aws_domain_reachability_get_type ())

/* A person or organization that a domain belongs to. */
AWS_DECLARE_BOXED (AwsDomainContact, aws_domain_contact)

/**
 * AwsDomainContactField:
 * @AWS_DOMAIN_CONTACT_TYPE: `PERSON`, `COMPANY`, `ASSOCIATION`, `PUBLIC_BODY` or `RESELLER`
 * @AWS_DOMAIN_CONTACT_ORGANIZATION: needed unless it is a person
 * @AWS_DOMAIN_CONTACT_STATE: needed in some countries
 * @AWS_DOMAIN_CONTACT_COUNTRY: two letters
 * @AWS_DOMAIN_CONTACT_PHONE: `+49.301234567`: a plus, the country, a dot, the number
 * @AWS_DOMAIN_CONTACT_FAX: like the phone
 */
typedef enum
{
  AWS_DOMAIN_CONTACT_FIRST_NAME,
  AWS_DOMAIN_CONTACT_LAST_NAME,
  AWS_DOMAIN_CONTACT_TYPE,
  AWS_DOMAIN_CONTACT_ORGANIZATION,
  AWS_DOMAIN_CONTACT_ADDRESS_1,
  AWS_DOMAIN_CONTACT_ADDRESS_2,
  AWS_DOMAIN_CONTACT_CITY,
  AWS_DOMAIN_CONTACT_STATE,
  AWS_DOMAIN_CONTACT_COUNTRY,
  AWS_DOMAIN_CONTACT_ZIP_CODE,
  AWS_DOMAIN_CONTACT_PHONE,
  AWS_DOMAIN_CONTACT_EMAIL,
  AWS_DOMAIN_CONTACT_FAX,
} AwsDomainContactField;

AwsDomainContact *aws_domain_contact_new       (void);
void              aws_domain_contact_set       (AwsDomainContact      *self,
                                                AwsDomainContactField  field,
                                                const char            *value);
const char       *aws_domain_contact_get       (AwsDomainContact      *self,
                                                AwsDomainContactField  field);
void              aws_domain_contact_set_extra (AwsDomainContact      *self,
                                                const char            *name,
                                                const char            *value);
const char       *aws_domain_contact_get_extra (AwsDomainContact      *self,
                                                const char            *name);

/* A name that is like the one that is wanted. */
AWS_DECLARE_BOXED (AwsDomainSuggestion, aws_domain_suggestion)

const char       *aws_domain_suggestion_get_name         (AwsDomainSuggestion *self);
const char       *aws_domain_suggestion_get_availability (AwsDomainSuggestion *self);

/* What domains below one name cost a year, without taxes. */
AWS_DECLARE_BOXED (AwsDomainPrice, aws_domain_price)

const char       *aws_domain_price_get_name         (AwsDomainPrice *self);
const char       *aws_domain_price_get_currency     (AwsDomainPrice *self);
double            aws_domain_price_get_registration (AwsDomainPrice *self);
double            aws_domain_price_get_renewal      (AwsDomainPrice *self);
double            aws_domain_price_get_transfer     (AwsDomainPrice *self);
double            aws_domain_price_get_restoration  (AwsDomainPrice *self);

/* Something that takes its time at the registry. */
AWS_DECLARE_BOXED (AwsDomainOperation, aws_domain_operation)

const char       *aws_domain_operation_get_id             (AwsDomainOperation *self);
const char       *aws_domain_operation_get_status         (AwsDomainOperation *self);
gboolean          aws_domain_operation_is_done            (AwsDomainOperation *self);
gboolean          aws_domain_operation_is_successful      (AwsDomainOperation *self);
const char       *aws_domain_operation_get_message        (AwsDomainOperation *self);
const char       *aws_domain_operation_get_status_flag    (AwsDomainOperation *self);
const char       *aws_domain_operation_get_domain_name    (AwsDomainOperation *self);
const char       *aws_domain_operation_get_operation_type (AwsDomainOperation *self);
GDateTime        *aws_domain_operation_dup_submitted      (AwsDomainOperation *self);
GDateTime        *aws_domain_operation_dup_updated        (AwsDomainOperation *self);

/* A domain of the account. */
AWS_DECLARE_BOXED (AwsDomain, aws_domain)

const char       *aws_domain_get_name                (AwsDomain *self);
gboolean          aws_domain_get_auto_renew          (AwsDomain *self);
GDateTime        *aws_domain_dup_created             (AwsDomain *self);
GDateTime        *aws_domain_dup_expires             (AwsDomain *self);
GStrv             aws_domain_dup_name_servers        (AwsDomain *self);
GStrv             aws_domain_dup_statuses            (AwsDomain *self);
gboolean          aws_domain_has_status              (AwsDomain *self,
                                                      const char *status);
const char       *aws_domain_get_registrar           (AwsDomain *self);
gboolean          aws_domain_get_registrant_privacy  (AwsDomain *self);
AwsDomainContact *aws_domain_dup_registrant          (AwsDomain *self);
AwsDomainContact *aws_domain_dup_admin               (AwsDomain *self);
AwsDomainContact *aws_domain_dup_tech                (AwsDomain *self);

/* Whether the owner of a domain has confirmed the mail address. */
AWS_DECLARE_BOXED (AwsDomainReachability, aws_domain_reachability)

const char       *aws_domain_reachability_get_status          (AwsDomainReachability *self);
const char       *aws_domain_reachability_get_email           (AwsDomainReachability *self);
gboolean          aws_domain_reachability_is_already_verified (AwsDomainReachability *self);

DexFuture *aws_route53domains_check_availability   (AwsClient          *client,
                                                    const char         *domain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_suggest              (AwsClient          *client,
                                                    const char         *domain,
                                                    guint               count,
                                                    gboolean            only_available) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_list_prices          (AwsClient          *client,
                                                    const char         *tld) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_register             (AwsClient          *client,
                                                    const char         *domain,
                                                    guint               years,
                                                    gboolean            auto_renew,
                                                    gboolean            privacy,
                                                    AwsDomainContact   *registrant,
                                                    AwsDomainContact   *admin,
                                                    AwsDomainContact   *tech,
                                                    AwsDomainContact   *billing) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_get_operation        (AwsClient          *client,
                                                    const char         *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_list_operations      (AwsClient          *client,
                                                    GDateTime          *since,
                                                    const char * const *statuses,
                                                    const char * const *types) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_list_domains         (AwsClient          *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_get_domain           (AwsClient          *client,
                                                    const char         *domain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_set_name_servers     (AwsClient          *client,
                                                    const char         *domain,
                                                    const char * const *servers) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_get_reachability     (AwsClient          *client,
                                                    const char         *domain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_resend_reachability  (AwsClient          *client,
                                                    const char         *domain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_enable_auto_renew    (AwsClient          *client,
                                                    const char         *domain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_route53domains_disable_auto_renew   (AwsClient          *client,
                                                    const char         *domain) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
