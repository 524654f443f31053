/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-inbox.h"

G_BEGIN_DECLS

void   porch_message_deeds_follow  (GtkWidget       *widget,
                                    PorchInbox      *inbox,
                                    DexFuture       *deed);
char  *porch_message_deeds_words   (PorchInboxDeed   deed,
                                    guint            count);

G_END_DECLS
