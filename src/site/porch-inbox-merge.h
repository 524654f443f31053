/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-dynamodb.h"
#include "porch-inbox-private.h"

G_BEGIN_DECLS

typedef struct _PorchInboxMerge PorchInboxMerge;

PorchInboxMerge  *porch_inbox_merge_new            (PorchInbox        *inbox,
                                                    const char        *after,
                                                    const char        *until,
                                                    GPtrArray         *items,
                                                    gboolean           judge);
void              porch_inbox_merge_free           (PorchInboxMerge   *self);
DexFuture        *porch_inbox_merge_run            (PorchInboxMerge   *self,
                                                    PorchStore        *store) G_GNUC_WARN_UNUSED_RESULT;
gboolean          porch_inbox_merge_has_changes    (PorchInboxMerge   *self);
GArray           *porch_inbox_merge_get_arrived    (PorchInboxMerge   *self);

gboolean          porch_inbox_merge_apply_changes  (sqlite3           *db,
                                                    const char        *site,
                                                    const char * const *changes,
                                                    guint             *n_changed,
                                                    GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchInboxMerge, porch_inbox_merge_free)

G_END_DECLS
