/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PORCH_TYPE_PRACTICE_MAIL (porch_practice_mail_get_type ())
G_DECLARE_FINAL_TYPE (PorchPracticeMail, porch_practice_mail, PORCH, PRACTICE_MAIL, GObject)

PorchPracticeMail *porch_practice_mail_load           (const char         *path,
                                                       GError            **error);
GPtrArray         *porch_practice_mail_list           (const char         *folder);

const char        *porch_practice_mail_get_id         (PorchPracticeMail  *self);
const char        *porch_practice_mail_get_subject    (PorchPracticeMail  *self);
const char        *porch_practice_mail_get_sender     (PorchPracticeMail  *self);
const char        *porch_practice_mail_get_recipients (PorchPracticeMail  *self);
const char        *porch_practice_mail_get_reply_to   (PorchPracticeMail  *self);
GDateTime         *porch_practice_mail_get_received   (PorchPracticeMail  *self);
const char        *porch_practice_mail_get_text       (PorchPracticeMail  *self);

/* For the service that writes the mails. */
typedef struct
{
  const char         *id;
  const char         *sender;
  const char * const *to;
  const char * const *cc;
  const char * const *reply_to;
  const char         *subject;
  const char         *text;       /* NULL: none */
  const char         *html;       /* NULL: none */
  GDateTime          *date;
} PorchPracticeLetter;

char              *porch_practice_mail_format         (const PorchPracticeLetter *letter);

G_END_DECLS
