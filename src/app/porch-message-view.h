/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-inbox.h"

G_BEGIN_DECLS

#define PORCH_TYPE_MESSAGE_VIEW (porch_message_view_get_type ())

G_DECLARE_FINAL_TYPE (PorchMessageView, porch_message_view, PORCH, MESSAGE_VIEW, AdwBin)

PorchMessage *porch_message_view_get_message (PorchMessageView *self);
void          porch_message_view_set_message (PorchMessageView *self,
                                              PorchMessage     *message);
void          porch_message_view_set_inbox   (PorchMessageView *self,
                                              PorchInbox       *inbox);

G_END_DECLS
