/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-pkce.h"

#include <openssl/rand.h>
#include <string.h>

/* RFC 7636 allows 43 to 128 characters of this alphabet */
#define VERIFIER_LENGTH 64

static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

/**
 * aws_pkce_new_verifier:
 *
 * Makes the secret that proves, when a code is redeemed, that the same program asked for it.
 *
 * Returns: (transfer full): 64 random characters
 */
char *
aws_pkce_new_verifier (void)
{
  g_autofree char *verifier = g_malloc0 (VERIFIER_LENGTH + 1);
  const gsize n_characters = sizeof unreserved - 1;

  for (gsize i = 0; i < VERIFIER_LENGTH;)
    {
      guchar byte;

      if (RAND_bytes (&byte, 1) != 1)
        g_error ("There are no random numbers");

      /* What lies beyond the last whole round would make the first characters likelier */
      if (byte < 256 - 256 % n_characters)
        verifier[i++] = unreserved[byte % n_characters];
    }

  return g_steal_pointer (&verifier);
}

/**
 * aws_pkce_dup_challenge:
 * @verifier: what [func@aws_pkce_new_verifier] made
 *
 * Returns: (transfer full): what the browser is sent with: the SHA-256 of @verifier
 */
char *
aws_pkce_dup_challenge (const char *verifier)
{
  g_autoptr(GChecksum) checksum = NULL;
  guint8 digest[32];
  gsize length = sizeof digest;

  g_return_val_if_fail (verifier != NULL, NULL);

  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, (const guchar *) verifier, strlen (verifier));
  g_checksum_get_digest (checksum, digest, &length);

  return aws_base64url_encode (digest, length);
}

/**
 * aws_base64url_encode:
 * @data: (array length=length): bytes
 * @length: how many
 *
 * Returns: (transfer full): the bytes with the alphabet for URLs, without padding
 */
char *
aws_base64url_encode (const guchar *data,
                      gsize         length)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  text = g_base64_encode (data, length);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return g_steal_pointer (&text);
}

/**
 * aws_base64url_decode:
 * @text: Base64 with either alphabet, padded or not
 * @length: its length, -1 if it ends with a zero
 * @size: (out): how many bytes there are
 *
 * Returns: (transfer full) (nullable): the bytes, with a zero behind them; %NULL if it is not Base64
 */
guchar *
aws_base64url_decode (const char *text,
                      gssize      length,
                      gsize      *size)
{
  g_autoptr(GString) padded = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (size != NULL, NULL);

  padded = g_string_new_len (text, length);
  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');

  while (padded->len > 0 && padded->str[padded->len - 1] == '=')
    g_string_truncate (padded, padded->len - 1);

  for (gsize i = 0; i < padded->len; i++)
    if (!g_ascii_isalnum (padded->str[i]) && padded->str[i] != '+' && padded->str[i] != '/')
      return NULL;

  if (padded->len % 4 == 1)
    return NULL;

  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');

  return g_base64_decode (padded->str, size);
}
