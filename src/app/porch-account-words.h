/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-account.h"

G_BEGIN_DECLS

char *porch_account_summary_words (PorchAccountKind  kind,
                                   const char       *number);
char *porch_account_kind_words    (PorchAccount     *account);
char *porch_account_secret_words  (PorchAccount     *account);
char *porch_account_renewal_label (PorchAccount     *account);

G_END_DECLS
