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

/* What a resolver answers; records are appended to @records (element-type PracticeDnsRecord), aliases on the way too. */
PracticeDnsStatus  practice_internet_look_up    (Practice       *practice,
                                                 const char     *name,
                                                 const char     *type,
                                                 GPtrArray      *records);
void               practice_dns_record_free     (gpointer        data);

/* "127.0.0.1:PORT" of the server that answers for all of it, by UDP and TCP */
const char        *practice_internet_get_server (Practice       *practice);

G_END_DECLS
