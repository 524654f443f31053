/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-internet.h"
#include "porch-practice-route53-private.h"

G_BEGIN_DECLS

/* Of domains that were bought elsewhere, as long as nobody changed them; sorted */
#define PRACTICE_ELSEWHERE_SERVERS "ns1.pretended-names.localhost,ns2.pretended-names.localhost"
#define PRACTICE_ELSEWHERE_PREFIX  "elsewhere:"

/* Names of that company itself, and where its web server is */
#define PRACTICE_ELSEWHERE_NAME    ".pretended-names.localhost"
#define PRACTICE_PARKING_ADDRESS   "192.0.2.80"

/* What can be set up there and is no record of the DNS: another name's addresses in the place of own ones, and a web
 * server that sends visitors on */
#define PRACTICE_ELSEWHERE_ALIAS   "ALIAS"
#define PRACTICE_ELSEWHERE_FORWARD "FORWARD"

void      practice_dns_record_add           (GPtrArray   *records,
                                             const char  *name,
                                             const char  *type,
                                             gint64       ttl,
                                             const char  *value);

/* The domain of a name (normal form), wherever it was bought, without the dot at its end; NULL if nobody has it. */
char     *practice_internet_find_domain     (Practice    *practice,
                                             const char  *name);

/* Whether nobody may buy this name (without the dot at its end): it is somebody's, or has another meaning here. */
gboolean  practice_internet_is_taken        (Practice    *practice,
                                             const char  *domain);

/* porch-practice-cache.c */
typedef struct _PracticeCache PracticeCache;

PracticeCache *practice_cache_new           (void);
void           practice_cache_free          (PracticeCache *cache);
void           practice_cache_age           (PracticeCache *cache,
                                             gint64         seconds);

/* @domain is in lower case, without a dot at its end; @name a name in it. */
gboolean  practice_elsewhere_add            (Practice    *practice,
                                             const char  *domain,
                                             GError     **error);
gboolean  practice_elsewhere_put_record     (Practice    *practice,
                                             const char  *domain,
                                             const char  *name,
                                             const char  *type,
                                             gint64       ttl,
                                             const char  *value,
                                             GError     **error);
gboolean  practice_elsewhere_remove_records (Practice    *practice,
                                             const char  *domain,
                                             const char  *name,
                                             const char  *type,
                                             GError     **error);

/* What shall go wrong with a question, porch-practice-faults.c */
typedef struct
{
  guint              delay;        /* milliseconds */
  gboolean           is_lost;      /* no answer */
  gboolean           has_status;
  gboolean           whole_ttl;    /* what is remembered is remembered as long as it says */
  PracticeDnsStatus  status;
  const char        *answer;       /* a lie; belongs to the faults */
} PracticeDnsFault;

/* @name in normal form */
void      practice_faults_resolve           (Practice          *practice,
                                             const char        *name,
                                             const char        *type,
                                             PracticeDnsFault  *fault);
gboolean  practice_dns_fault_apply          (const PracticeDnsFault *fault,
                                             const char        *name,
                                             const char        *type,
                                             GPtrArray         *records,
                                             PracticeDnsStatus *status);

/* porch-practice-registrar.c: the pages where an owner changes them */
void      practice_registrar_init           (Practice    *practice);

/* porch-practice-resolver.c: the name server */
gboolean  practice_resolver_start           (Practice    *practice,
                                             GError     **error);
void      practice_resolver_stop            (Practice    *practice);

G_END_DECLS
