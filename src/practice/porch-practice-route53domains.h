/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean practice_route53domains_init      (Practice    *practice,
                                            GError     **error);

/* Confirms the address of a domain's owner; FALSE if no mail has had the token. */
gboolean practice_route53domains_open_link (Practice    *practice,
                                            const char  *token);

G_END_DECLS
