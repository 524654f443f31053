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

G_END_DECLS
