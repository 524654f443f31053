/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-inbox.h"

G_BEGIN_DECLS

char  *porch_message_words_for_spam      (PorchMessage  *message);
char  *porch_message_words_for_mail      (PorchMessage  *message);
char  *porch_message_words_for_unmailed  (guint          count);

G_END_DECLS
