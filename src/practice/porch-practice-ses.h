/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean    practice_ses_init          (Practice    *practice,
                                        GError     **error);

/* One operation of SES v2; parameters of the path are members of @input. Errors are PRACTICE_FAULT. */
JsonObject *practice_mail_call         (Practice    *practice,
                                        const char  *region,
                                        const char  *operation,
                                        JsonObject  *input,
                                        GError     **error);
char       *practice_mail_get_resource (Practice    *practice,
                                        const char  *region,
                                        JsonObject  *input);

/* Puts a mail of a service into the outbox. */
gboolean    practice_mail_deliver      (Practice    *practice,
                                        const char  *sender,
                                        const char  *recipient,
                                        const char  *subject,
                                        const char  *text,
                                        GError     **error);
/* The address that confirms what a mail with the token asked for. */
char       *practice_mail_link         (Practice    *practice,
                                        const char  *token);

G_END_DECLS
