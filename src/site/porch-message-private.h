/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-dynamodb.h"
#include "porch-message.h"
#include "porch-store.h"

G_BEGIN_DECLS

/* The columns in the order in which porch_message_take_row() reads them: what a list shows, and all of it */
#define PORCH_MESSAGE_HEAD \
  "key, id, sk, received, name, mail, preview, page, form, unread, archived, spam, mail_state, mail_error, given_up, " \
  "spam_at, why, clues"
#define PORCH_MESSAGE_COLUMNS PORCH_MESSAGE_HEAD ", fields"

PorchMessage  *porch_message_new_for_key      (gint64         key);
PorchMessage  *porch_message_new_from_row     (PorchRows     *rows,
                                               guint          row);
PorchMessage  *porch_message_new_from_item    (AwsItem       *item);
void           porch_message_take_row         (PorchMessage  *self,
                                               PorchRows     *rows,
                                               guint          row,
                                               gboolean       is_whole);
void           porch_message_set_snippet      (PorchMessage  *self,
                                               const char    *snippet);
void           porch_message_set_flags        (PorchMessage  *self,
                                               gboolean       unread,
                                               gboolean       archived,
                                               gboolean       spam);
void           porch_message_emit_changed     (PorchMessage  *self);
gint64         porch_message_get_key          (PorchMessage  *self);
gint64         porch_message_get_unread_at    (PorchMessage  *self);
gint64         porch_message_get_archived_at  (PorchMessage  *self);
gint64         porch_message_get_spam_at      (PorchMessage  *self);
const char    *porch_message_get_again        (PorchMessage  *self);
const char    *porch_message_get_sort_key     (PorchMessage  *self);
char          *porch_message_dup_fields       (PorchMessage  *self);
char          *porch_message_dup_words        (PorchMessage  *self);
const char    *porch_mail_state_to_string     (PorchMailState state);

G_END_DECLS
