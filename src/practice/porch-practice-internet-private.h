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

/* porch-practice-registrar.c: the pages where an owner changes them */
void      practice_registrar_init           (Practice    *practice);

/* porch-practice-resolver.c: the name server */
gboolean  practice_resolver_start           (Practice    *practice,
                                             GError     **error);
void      practice_resolver_stop            (Practice    *practice);

G_END_DECLS
