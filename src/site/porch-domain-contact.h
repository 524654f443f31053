/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "aws-route53domains.h"

G_BEGIN_DECLS

/**
 * PorchDomainContactKind:
 *
 * Who a domain is for.
 */
typedef enum
{
  PORCH_DOMAIN_CONTACT_PERSON,
  PORCH_DOMAIN_CONTACT_COMPANY,
  PORCH_DOMAIN_CONTACT_ASSOCIATION,
  PORCH_DOMAIN_CONTACT_PUBLIC_BODY,
} PorchDomainContactKind;

/**
 * PorchDomainContactField:
 *
 * What the owner of a domain has to say. The names are those of the properties of [class@Porch.DomainContact].
 */
typedef enum
{
  PORCH_DOMAIN_CONTACT_FIRST_NAME,
  PORCH_DOMAIN_CONTACT_LAST_NAME,
  PORCH_DOMAIN_CONTACT_ORGANIZATION,
  PORCH_DOMAIN_CONTACT_ADDRESS_1,
  PORCH_DOMAIN_CONTACT_ADDRESS_2,
  PORCH_DOMAIN_CONTACT_CITY,
  PORCH_DOMAIN_CONTACT_STATE,
  PORCH_DOMAIN_CONTACT_ZIP,
  PORCH_DOMAIN_CONTACT_COUNTRY,
  PORCH_DOMAIN_CONTACT_PHONE,
  PORCH_DOMAIN_CONTACT_MAIL,
  PORCH_DOMAIN_CONTACT_N_FIELDS,
} PorchDomainContactField;

#define PORCH_TYPE_DOMAIN_CONTACT_KIND (porch_domain_contact_kind_get_type ())
#define PORCH_TYPE_DOMAIN_CONTACT_FIELD (porch_domain_contact_field_get_type ())
#define PORCH_TYPE_DOMAIN_CONTACT (porch_domain_contact_get_type ())

GType                   porch_domain_contact_kind_get_type    (void) G_GNUC_CONST;
GType                   porch_domain_contact_field_get_type   (void) G_GNUC_CONST;

G_DECLARE_FINAL_TYPE (PorchDomainContact, porch_domain_contact, PORCH, DOMAIN_CONTACT, GObject)

PorchDomainContact     *porch_domain_contact_new              (void);
PorchDomainContact     *porch_domain_contact_new_from_json    (JsonObject               *json,
                                                               GError                  **error);
JsonObject             *porch_domain_contact_to_json          (PorchDomainContact       *self);
AwsDomainContact       *porch_domain_contact_to_aws           (PorchDomainContact       *self);
PorchDomainContactKind  porch_domain_contact_get_kind         (PorchDomainContact       *self);
void                    porch_domain_contact_set_kind         (PorchDomainContact       *self,
                                                               PorchDomainContactKind    kind);
const char             *porch_domain_contact_get              (PorchDomainContact       *self,
                                                               PorchDomainContactField   field);
void                    porch_domain_contact_set              (PorchDomainContact       *self,
                                                               PorchDomainContactField   field,
                                                               const char               *value);
gboolean                porch_domain_contact_check_field      (PorchDomainContact       *self,
                                                               PorchDomainContactField   field,
                                                               GError                  **error);
gboolean                porch_domain_contact_check            (PorchDomainContact       *self,
                                                               PorchDomainContactField  *field,
                                                               GError                  **error);
gboolean                porch_domain_contact_needs            (const char               *country,
                                                               PorchDomainContactField   field);

/* Countries */
#define PORCH_TYPE_COUNTRY (porch_country_get_type ())

G_DECLARE_FINAL_TYPE (PorchCountry, porch_country, PORCH, COUNTRY, GObject)

const char             *porch_country_get_code                (PorchCountry             *self);
const char             *porch_country_get_name                (PorchCountry             *self);
const char             *porch_country_get_dial_code           (PorchCountry             *self);
GListModel             *porch_country_list                    (void);
PorchCountry           *porch_country_find                    (const char               *code);
const char             *porch_country_guess                   (void);

/* A part of a country that belongs into an address there. Registries want its code. */
typedef struct
{
  const char *code;
  const char *name;
} PorchCountryState;

const PorchCountryState *porch_country_list_states            (const char               *code);
const char             *porch_country_state_get_name          (const PorchCountryState  *self);

G_END_DECLS
