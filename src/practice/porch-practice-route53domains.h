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

/* Ends the orders whose time has come. */
void     practice_route53domains_look      (Practice    *practice);

/* Whether the registry leaves a domain of the account out: its owner was not reached in time, or it has run out. */
gboolean practice_route53domains_is_suspended
                                           (Practice    *practice,
                                            const char  *domain);

G_END_DECLS
