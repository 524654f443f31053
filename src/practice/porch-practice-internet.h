/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

/* The internet around the practice cloud: domains that were bought elsewhere, with name servers of their own, and what
 * the DNS as a whole answers. Their zones are kept with those of Route 53, under the id "elsewhere:NAME.". */

typedef enum
{
  PRACTICE_DNS_FOUND,
  PRACTICE_DNS_NO_DATA,
  PRACTICE_DNS_NO_NAME,
  PRACTICE_DNS_BROKEN,    /* the registration names servers that don't know the domain */
  PRACTICE_DNS_REFUSED,   /* none of our names */
} PracticeDnsStatus;

typedef struct
{
  char   *name;           /* with a dot at its end */
  char   *type;           /* "A" */
  gint64  ttl;
  char   *value;          /* as in a zone file */
} PracticeDnsRecord;

gboolean           practice_internet_init       (Practice       *practice,
                                                 GError        **error);
void               practice_internet_shutdown   (Practice       *practice);

/* The zone that answers for a name (normal form): of the longest end of the name, and the one that the registration of
 * the domain names; NULL if none does. */
char              *practice_internet_find_zone  (Practice       *practice,
                                                 const char     *name,
                                                 gboolean       *is_registered);

/* What the servers of a name say now; records are appended to @records (element-type PracticeDnsRecord), aliases on the
 * way too. With @check_signatures it is what somebody finds who believes only what is signed as the registry says. */
PracticeDnsStatus  practice_internet_look_up    (Practice       *practice,
                                                 const char     *name,
                                                 const char     *type,
                                                 gboolean        check_signatures,
                                                 GPtrArray      *records);

/* The values of a name's records of one type, for services that check signatures and remember nothing; NULL without any. */
GStrv              practice_internet_dup_values (Practice       *practice,
                                                 const char     *name,
                                                 const char     *type);

/* What a resolver answers that remembers, and that faults may befall; porch-practice-cache.c. @delay (nullable) is set to
 * the milliseconds that it takes. FALSE for no answer at all. */
gboolean           practice_internet_resolve    (Practice          *practice,
                                                 const char        *name,
                                                 const char        *type,
                                                 GPtrArray         *records,
                                                 PracticeDnsStatus *status,
                                                 guint             *delay);
void               practice_dns_record_free     (gpointer        data);

/* Where a browser ends up that wants to see a name */
typedef enum
{
  PRACTICE_VISIT_NOBODY,       /* no domain of anybody here */
  PRACTICE_VISIT_EDGE,         /* CloudFront */
  PRACTICE_VISIT_PARKED,       /* the page of the company where the domain was bought */
  PRACTICE_VISIT_FORWARDED,    /* the same company sends it on to another name */
  PRACTICE_VISIT_ELSEWHERE,    /* another address */
  PRACTICE_VISIT_NOWHERE,      /* it has none, or its name servers don't work */
} PracticeVisit;

/* Whether a name is of somebody's domain. */
gboolean           practice_internet_knows      (Practice       *practice,
                                                 const char     *host);

/* @text (nullable) is set to the address, to the name it is sent on to, or to a sentence on what is wrong. */
PracticeVisit      practice_internet_visit      (Practice       *practice,
                                                 const char     *host,
                                                 char          **text);

/* Lets everything that has to do with names and certificates become older, as if so much time had passed. No clock is
 * changed: what is told of them stays right against that of whoever asks. porch-practice-time.c */
gboolean           practice_pass_time           (Practice       *practice,
                                                 gint64          seconds,
                                                 GError        **error);

/* "72h": a number with s, m, h or d; -1 for what is none */
gint64             practice_parse_time          (const char     *text);

/* "127.0.0.1:PORT" of the server that answers for all of it, by UDP and TCP */
const char        *practice_internet_get_server (Practice       *practice);

G_END_DECLS
