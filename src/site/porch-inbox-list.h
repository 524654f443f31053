/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "porch-message.h"
#include "porch-store.h"

G_BEGIN_DECLS

#define PORCH_TYPE_INBOX_LIST (porch_inbox_list_get_type ())

G_DECLARE_FINAL_TYPE (PorchInboxList, porch_inbox_list, PORCH, INBOX_LIST, GObject)

PorchInboxList  *porch_inbox_list_new          (PorchStore      *store);
void             porch_inbox_list_set_keys     (PorchInboxList  *self,
                                                GArray          *keys);
void             porch_inbox_list_set_search   (PorchInboxList  *self,
                                                const char      *search);
void             porch_inbox_list_prefill      (PorchInboxList  *self,
                                                PorchRows       *rows);
gint64           porch_inbox_list_get_key      (PorchInboxList  *self,
                                                guint            position);
PorchMessage    *porch_inbox_list_lookup       (PorchInboxList  *self,
                                                gint64           key);
void             porch_inbox_list_take_out     (PorchInboxList  *self,
                                                const gint64    *keys,
                                                guint            n_keys);
guint            porch_inbox_list_count_kept   (PorchInboxList  *self);
DexFuture       *porch_inbox_list_fill         (PorchInboxList  *self,
                                                guint            position,
                                                guint            count) G_GNUC_WARN_UNUSED_RESULT;
void             porch_inbox_list_look_again   (PorchInboxList  *self);
void             porch_inbox_list_hurry        (PorchInboxList  *self,
                                                guint            position);

/* On the store's thread: the messages as porch_inbox_list_prefill() wants them */
PorchRows       *porch_inbox_list_read         (sqlite3         *db,
                                                const gint64    *keys,
                                                guint            n_keys,
                                                const char      *search,
                                                GError         **error);

/* Keys as a list in JSON, for `IN (SELECT value FROM json_each (?))` */
char            *porch_inbox_list_format_keys  (const gint64    *keys,
                                                guint            n_keys);

G_END_DECLS
