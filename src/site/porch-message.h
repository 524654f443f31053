/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PorchMailState:
 * @PORCH_MAIL_NONE: no mail is sent for this message
 * @PORCH_MAIL_WAITING: not sent yet
 * @PORCH_MAIL_SENT: sent
 * @PORCH_MAIL_FAILED: could not be sent
 *
 * What became of the mail that tells the owner about a message.
 */
typedef enum
{
  PORCH_MAIL_NONE,
  PORCH_MAIL_WAITING,
  PORCH_MAIL_SENT,
  PORCH_MAIL_FAILED,
} PorchMailState;

/**
 * PorchSpamSource:
 * @PORCH_SPAM_BY_FORM: the form's own rules, when the message came in
 * @PORCH_SPAM_BY_FILTER: the filter that learns on this computer or on another one
 * @PORCH_SPAM_BY_PERSON: somebody pressed a button
 *
 * Who decided whether a message is spam.
 */
typedef enum
{
  PORCH_SPAM_BY_FORM,
  PORCH_SPAM_BY_FILTER,
  PORCH_SPAM_BY_PERSON,
} PorchSpamSource;

#define PORCH_TYPE_MAIL_STATE (porch_mail_state_get_type ())
#define PORCH_TYPE_SPAM_SOURCE (porch_spam_source_get_type ())
#define PORCH_TYPE_FIELD (porch_field_get_type ())
#define PORCH_TYPE_MESSAGE (porch_message_get_type ())

GType            porch_mail_state_get_type      (void) G_GNUC_CONST;
GType            porch_spam_source_get_type     (void) G_GNUC_CONST;

G_DECLARE_FINAL_TYPE (PorchField, porch_field, PORCH, FIELD, GObject)

const char      *porch_field_get_name           (PorchField    *self);
const char      *porch_field_get_label          (PorchField    *self);
const char      *porch_field_get_value          (PorchField    *self);
const char * const *porch_field_get_values      (PorchField    *self);

G_DECLARE_FINAL_TYPE (PorchMessage, porch_message, PORCH, MESSAGE, GObject)

const char      *porch_message_get_id           (PorchMessage  *self);
GDateTime       *porch_message_get_received     (PorchMessage  *self);
const char      *porch_message_get_sender       (PorchMessage  *self);
const char      *porch_message_get_sender_name  (PorchMessage  *self);
const char      *porch_message_get_sender_mail  (PorchMessage  *self);
const char      *porch_message_get_subject      (PorchMessage  *self);
const char      *porch_message_get_text         (PorchMessage  *self);
const char      *porch_message_get_preview      (PorchMessage  *self);
const char      *porch_message_get_summary      (PorchMessage  *self);
const char      *porch_message_get_page         (PorchMessage  *self);
const char      *porch_message_get_form         (PorchMessage  *self);
GListModel      *porch_message_get_fields       (PorchMessage  *self);
gboolean         porch_message_get_unread       (PorchMessage  *self);
gboolean         porch_message_get_archived     (PorchMessage  *self);
gboolean         porch_message_get_spam         (PorchMessage  *self);
PorchMailState   porch_message_get_mail_state   (PorchMessage  *self);
const char      *porch_message_get_mail_error   (PorchMessage  *self);
gboolean         porch_message_get_given_up     (PorchMessage  *self);
PorchSpamSource  porch_message_get_spam_source  (PorchMessage  *self);
const char * const *porch_message_get_reasons   (PorchMessage  *self);
const char * const *porch_message_get_clues     (PorchMessage  *self);
gboolean         porch_message_is_known         (PorchMessage  *self);
gboolean         porch_message_is_complete      (PorchMessage  *self);
char            *porch_message_dup_reply_uri    (PorchMessage  *self);
char            *porch_message_dup_plain_text   (PorchMessage  *self);
GStrv            porch_message_dup_links        (PorchMessage  *self);
JsonObject      *porch_message_to_json          (PorchMessage  *self);

G_END_DECLS
