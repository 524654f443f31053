/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

/* What the two ways to sign in have in common. */

/* BASE64URL of the SHA-256 of @text, without padding. */
char       *practice_oauth_hash         (const char   *text);
char       *practice_oauth_encode       (gconstpointer data,
                                         gsize         length);
guint8     *practice_oauth_decode       (const char   *text,
                                         gsize        *length);

/* "http://127.0.0.1:PORT/oauth/callback", and nothing else */
gboolean    practice_oauth_is_loopback  (const char   *uri);
gboolean    practice_oauth_is_challenge (const char   *challenge);

/* A page with a form that is sent back to the same path; all of @parameters is in it. */
void        practice_oauth_answer_form  (PracticeCall *call,
                                         const char   *text,
                                         const char   *field,
                                         GHashTable   *parameters);
void        practice_oauth_answer_page  (PracticeCall *call,
                                         guint         status,
                                         const char   *title,
                                         const char   *html);
/* The form that the browser sent; NULL if it sent none. */
GHashTable *practice_oauth_dup_form     (PracticeCall *call);
/* Sends the browser to @uri with parameters: name, value, ..., NULL. */
void        practice_oauth_redirect     (PracticeCall *call,
                                         const char   *uri,
                                         ...) G_GNUC_NULL_TERMINATED;

/* The page that asks, or what is wrong with the request for it. */
void        practice_oauth_show         (PracticeCall *call,
                                         const char   *wrong,
                                         const char   *text);
/* The answer of the person: a code of that kind, good for so many seconds, or a refusal with @denied as its description
 * (may be NULL). */
void        practice_oauth_decide       (PracticeCall *call,
                                         GHashTable   *form,
                                         const char   *wrong,
                                         const char   *kind,
                                         gint64        seconds,
                                         const char   *denied);

/* Codes, tokens, clients and devices: records with an end (microseconds; 0: none). @record is taken. FALSE answers an
 * internal error. */
gboolean    practice_oauth_put          (PracticeCall *call,
                                         const char   *kind,
                                         const char   *id,
                                         JsonObject   *record,
                                         gint64        expires);
/* Also those that have ended, which is told by @has_ended (may be NULL); NULL if there is none. */
JsonObject *practice_oauth_dup          (PracticeCall *call,
                                         const char   *kind,
                                         const char   *id,
                                         gboolean     *has_ended);
void        practice_oauth_remove       (PracticeCall *call,
                                         const char   *kind,
                                         const char   *id);
gboolean    practice_oauth_init         (Practice     *practice,
                                         GError      **error);

gboolean    practice_signin_init        (Practice     *practice,
                                         GError      **error);
gboolean    practice_sso_init           (Practice     *practice,
                                         GError      **error);

G_END_DECLS
