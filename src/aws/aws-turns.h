/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* Queues of work that must be done one after the other, one queue for each thing that it is done to. */
typedef struct _AwsTurns AwsTurns;
typedef struct _AwsTurn AwsTurn;

AwsTurns  *aws_turns_new   (void);
void       aws_turns_unref (AwsTurns   *self);

AwsTurn   *aws_turn_new    (AwsTurns   *turns,
                            const char *thing);
DexFuture *aws_turn_wait   (AwsTurn    *self) G_GNUC_WARN_UNUSED_RESULT;
void       aws_turn_free   (AwsTurn    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AwsTurns, aws_turns_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AwsTurn, aws_turn_free)

G_END_DECLS
