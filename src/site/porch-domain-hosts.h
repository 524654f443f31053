/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PorchDomainApex:
 * @PORCH_DOMAIN_APEX_UNKNOWN: nobody knows, as with a company that is not in the table
 * @PORCH_DOMAIN_APEX_NONE: the bare domain can only have addresses made of numbers
 * @PORCH_DOMAIN_APEX_ALIAS: a record that the company calls ALIAS
 * @PORCH_DOMAIN_APEX_ANAME: a record that the company calls ANAME
 * @PORCH_DOMAIN_APEX_FLATTENED: a CNAME record, which the company makes addresses of
 *
 * Whether a bare domain such as `example.org` can point to a name, which the DNS itself does not know.
 */
typedef enum
{
  PORCH_DOMAIN_APEX_UNKNOWN,
  PORCH_DOMAIN_APEX_NONE,
  PORCH_DOMAIN_APEX_ALIAS,
  PORCH_DOMAIN_APEX_ANAME,
  PORCH_DOMAIN_APEX_FLATTENED,
} PorchDomainApex;

#define PORCH_TYPE_DOMAIN_APEX (porch_domain_apex_get_type ())
#define PORCH_TYPE_DOMAIN_HOST (porch_domain_host_get_type ())

GType            porch_domain_apex_get_type            (void) G_GNUC_CONST;

/* Who answers for a domain. Immutable. Properties "id", "name", "known", "sells", "apex", "apex-type", "uri". */
G_DECLARE_FINAL_TYPE (PorchDomainHost, porch_domain_host, PORCH, DOMAIN_HOST, GObject)

PorchDomainHost *porch_domain_host_find                (const char * const *name_servers);
PorchDomainHost *porch_domain_host_get                 (const char         *id);

const char      *porch_domain_host_get_id              (PorchDomainHost    *self);   /* "godaddy"; "unknown" */
const char      *porch_domain_host_get_name            (PorchDomainHost    *self);   /* "GoDaddy"; NULL if it is not known */
gboolean         porch_domain_host_is_known            (PorchDomainHost    *self);
/* Whether domains are bought there, too, so that their name servers are most likely changed in the same place. */
gboolean         porch_domain_host_sells               (PorchDomainHost    *self);
PorchDomainApex  porch_domain_host_get_apex            (PorchDomainHost    *self);
/* What the type of the record for the bare domain is called there: "ALIAS"; NULL if there is none */
const char      *porch_domain_host_get_apex_type       (PorchDomainHost    *self);
/* Where an owner begins; NULL if it is not known */
const char      *porch_domain_host_get_uri             (PorchDomainHost    *self);

/* Sentences for people, one step each; never empty. @domain is what is shown ("example.org"). */
char           **porch_domain_host_dup_server_steps    (PorchDomainHost    *self,
                                                        const char         *domain);
char           **porch_domain_host_dup_record_steps    (PorchDomainHost    *self,
                                                        const char         *domain);
char           **porch_domain_host_dup_signing_steps   (PorchDomainHost    *self,
                                                        const char         *domain);
/* A sentence about whether and how the bare domain can point to the site. */
char            *porch_domain_host_dup_apex_text       (PorchDomainHost    *self,
                                                        const char         *domain);

G_END_DECLS
