/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <openssl/evp.h>

G_BEGIN_DECLS

void      aws_hmac_sha256     (gconstpointer  key,
                               gsize          key_length,
                               const char    *text,
                               guint8         result[32]);
void      aws_signing_key_v4  (const char    *secret_access_key,
                               const char    *date,
                               const char    *region,
                               const char    *service,
                               guint8         key[32]);
EVP_PKEY *aws_signing_key_v4a (const char    *access_key_id,
                               const char    *secret_access_key);

G_END_DECLS
