/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

/* What kind of account the practice cloud plays. It is read from account.json in the state folder, whenever it is needed,
 * so that it can be changed by hand; every member may be left out:
 *
 *   "plan"             "FREE" or "PAID"; without it, the account is from before there were plans
 *   "planStatus"       "NOT_STARTED", "ACTIVE", "EXPIRED"
 *   "planEnds"         "2027-02-01T00:00:00Z"
 *   "credits"          87.5, in USD
 *   "name"             what its owner calls the account
 *   "homeRegion"       the only region of the account; a rule of an organization forbids the others
 *   "disabledRegions"  ["eu-south-1", ...]: not switched on
 *   "dailyCost"        {"AmazonS3": 0.01, ...}: what it costs, in USD; without it, there is no data yet
 *   "billingAccess"    false: its root user has not let others see what it costs
 */
gboolean  practice_account_init         (Practice      *practice,
                                         GError       **error);

/* (transfer full) */
JsonObject *practice_account_load       (Practice      *practice);
gboolean  practice_account_save         (Practice      *practice,
                                         JsonObject    *account,
                                         GError       **error);

/* Rules of an organization */
gboolean  practice_account_has_rules    (Practice      *practice);
gboolean  practice_account_allows       (Practice      *practice,
                                         const char    *action,
                                         const char    *resource);
/* Answers and returns FALSE when the account's kind forbids the call. */
gboolean  practice_account_permits_call (PracticeCall  *call);

G_END_DECLS
