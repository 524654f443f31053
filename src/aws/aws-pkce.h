/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Proof Key for Code Exchange (RFC 7636), and the Base64 of URLs (RFC 4648, section 5) without padding. */
char   *aws_pkce_new_verifier   (void);
char   *aws_pkce_dup_challenge  (const char   *verifier);
char   *aws_base64url_encode    (const guchar *data,
                                 gsize         length);
guchar *aws_base64url_decode    (const char   *text,
                                 gssize        length,
                                 gsize        *size);

G_END_DECLS
