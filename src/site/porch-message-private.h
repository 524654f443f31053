/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-dynamodb.h"
#include "porch-message.h"
#include "porch-store.h"

G_BEGIN_DECLS

/* The columns in the order in which porch_message_new_from_row() reads them */
#define PORCH_MESSAGE_COLUMNS \
  "id, sk, received, name, mail, preview, page, fields, unread, archived, spam, mail_state, mail_error"

PorchMessage  *porch_message_new_from_row   (PorchRows     *rows,
                                             guint          row);
PorchMessage  *porch_message_new_from_item  (AwsItem       *item);
void           porch_message_take           (PorchMessage  *self,
                                             PorchMessage  *newer);
gboolean       porch_message_is_same        (PorchMessage  *self,
                                             PorchMessage  *other);
void           porch_message_set_unread     (PorchMessage  *self,
                                             gboolean       unread);
void           porch_message_set_archived   (PorchMessage  *self,
                                             gboolean       archived);
void           porch_message_set_spam       (PorchMessage  *self,
                                             gboolean       spam);
const char    *porch_message_get_sort_key   (PorchMessage  *self);
char          *porch_message_dup_fields     (PorchMessage  *self);
char          *porch_message_dup_words      (PorchMessage  *self);
const char    *porch_mail_state_to_string   (PorchMailState state);

G_END_DECLS
