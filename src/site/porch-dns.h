/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * PorchDnsType:
 *
 * The types of records that are asked for, by their numbers (IANA, DNS parameters).
 */
typedef enum
{
  PORCH_DNS_A     = 1,
  PORCH_DNS_NS    = 2,
  PORCH_DNS_CNAME = 5,
  PORCH_DNS_SOA   = 6,
  PORCH_DNS_MX    = 15,
  PORCH_DNS_TXT   = 16,
  PORCH_DNS_AAAA  = 28,
  PORCH_DNS_SRV   = 33,
  PORCH_DNS_DS    = 43,
  PORCH_DNS_CAA   = 257,
} PorchDnsType;

/**
 * PorchDnsStatus:
 * @PORCH_DNS_FOUND: there are records of the type
 * @PORCH_DNS_NO_DATA: the name is there, but has no record of the type
 * @PORCH_DNS_NO_NAME: there is no such name
 * @PORCH_DNS_BROKEN: the name servers of the name don't work: they refuse, or their signatures are wrong
 *
 * What a name server says.
 */
typedef enum
{
  PORCH_DNS_FOUND,
  PORCH_DNS_NO_DATA,
  PORCH_DNS_NO_NAME,
  PORCH_DNS_BROKEN,
} PorchDnsStatus;

/**
 * PorchDnsRecord:
 * @name: whose record it is, in small letters, without a dot at its end
 * @type: its type; may be another one than was asked for, as with `CNAME`
 * @ttl: for how many seconds others may remember it
 * @value: what it says, as in a zone file; names without a dot at their end, texts without quotes
 *
 * A record. Belongs to its answer.
 */
typedef struct
{
  char         *name;
  PorchDnsType  type;
  guint         ttl;
  char         *value;
} PorchDnsRecord;

/**
 * PorchDnsAnswer:
 *
 * What a name server answered.
 */
typedef struct _PorchDnsAnswer PorchDnsAnswer;

#define PORCH_TYPE_DNS_ANSWER (porch_dns_answer_get_type ())

GType            porch_dns_answer_get_type       (void) G_GNUC_CONST;
PorchDnsAnswer  *porch_dns_answer_ref            (PorchDnsAnswer  *self);
void             porch_dns_answer_unref          (PorchDnsAnswer  *self);
PorchDnsStatus   porch_dns_answer_get_status     (PorchDnsAnswer  *self);
gboolean         porch_dns_answer_is_authoritative
                                                 (PorchDnsAnswer  *self);
GPtrArray       *porch_dns_answer_get_records    (PorchDnsAnswer  *self);
GPtrArray       *porch_dns_answer_get_authority  (PorchDnsAnswer  *self);
GPtrArray       *porch_dns_answer_get_additional (PorchDnsAnswer  *self);
char           **porch_dns_answer_dup_values     (PorchDnsAnswer  *self,
                                                  PorchDnsType     type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchDnsAnswer, porch_dns_answer_unref)

#define PORCH_TYPE_DNS (porch_dns_get_type ())
G_DECLARE_FINAL_TYPE (PorchDns, porch_dns, PORCH, DNS, GObject)

PorchDns   *porch_dns_new           (const char         *servers);
DexFuture  *porch_dns_lookup        (PorchDns           *self,
                                     const char         *name,
                                     PorchDnsType        type) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_dns_lookup_at     (PorchDns           *self,
                                     const char * const *addresses,
                                     const char         *name,
                                     PorchDnsType        type) G_GNUC_WARN_UNUSED_RESULT;
gboolean    porch_dns_is_fixed      (PorchDns           *self);
const char *porch_dns_type_to_string
                                    (PorchDnsType        type);

G_END_DECLS
