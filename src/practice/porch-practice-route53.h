/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean  practice_route53_init        (Practice            *practice,
                                        GError             **error);

/* Makes a public zone with its NS and SOA records; its id ("Z...") or NULL. */
char     *practice_route53_create_zone (Practice            *practice,
                                        const char          *name,
                                        const char          *reference,
                                        const char          *comment,
                                        GError             **error);
GStrv     practice_route53_get_servers (Practice            *practice,
                                        const char          *zone_id);

/* What the practice internet answers for a name (with or without a dot at its end, any case): the values of its records of
 * @type ("A", "TXT", "CNAME"), NULL where there are none. Asked is the zone that the longest end of the name is of, and of
 * several for one domain that which the registration names. CNAMEs are followed unless they are asked for, a star stands
 * for names that have no records. @alias_zone and @alias_name (both may be NULL) are set when the records are those of a
 * target outside of Route 53, such as a distribution. */
GStrv     practice_route53_resolve     (Practice            *practice,
                                        const char          *name,
                                        const char          *type,
                                        char               **alias_zone,
                                        char               **alias_name);

G_END_DECLS
