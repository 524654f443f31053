/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-signing-key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <string.h>

#include "aws-checksum.h"
#include "aws-signer.h"

#define ECDSA_ALGORITHM "AWS4-ECDSA-P256-SHA256"
#define CACHED_KEYS     16

/* The order of P-256 minus two */
static const guint8 order_minus_two[32] = {
  0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
  0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x4F,
};

/* Keys depend on the day at most, so they are worked out once. An entry is known by a hash of what it is made
 * from, so that secrets are not kept in one more place. */
typedef struct
{
  guint8    id[32];
  guint8    key[32];
  EVP_PKEY *pair;
  gboolean  used;
} CachedKey;

static GMutex cache_lock;
static CachedKey cache[CACHED_KEYS];
static guint cache_next;

static void
cache_id (guint8       id[32],
          const char **parts,
          guint        n_parts)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_parts; i++)
    {
      g_string_append (text, parts[i]);
      g_string_append_c (text, '\n');
    }

  aws_hmac_sha256 ("cache", 5, text->str, id);
  OPENSSL_cleanse (text->str, text->len);
}

static gboolean
cache_lookup (const guint8   id[32],
              guint8         key[32],
              EVP_PKEY     **pair)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&cache_lock);

  for (guint i = 0; i < CACHED_KEYS; i++)
    {
      if (cache[i].used && memcmp (cache[i].id, id, 32) == 0)
        {
          if (key != NULL)
            memcpy (key, cache[i].key, 32);
          if (pair != NULL && cache[i].pair != NULL && EVP_PKEY_up_ref (cache[i].pair))
            *pair = cache[i].pair;
          return TRUE;
        }
    }

  return FALSE;
}

static void
cache_insert (const guint8  id[32],
              const guint8  key[32],
              EVP_PKEY     *pair)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&cache_lock);
  CachedKey *entry = &cache[cache_next];

  cache_next = (cache_next + 1) % CACHED_KEYS;
  g_clear_pointer (&entry->pair, EVP_PKEY_free);
  OPENSSL_cleanse (entry, sizeof *entry);

  memcpy (entry->id, id, 32);
  if (key != NULL)
    memcpy (entry->key, key, 32);
  if (pair != NULL && EVP_PKEY_up_ref (pair))
    entry->pair = pair;
  entry->used = TRUE;
}

/* One without a key. Looking the algorithms up costs more than the rest, so copies of it are given keys. */
static EVP_MAC_CTX *
get_keyless (void)
{
  static EVP_MAC_CTX *keyless;

  if (g_once_init_enter (&keyless))
    {
      EVP_MAC *mac = EVP_MAC_fetch (NULL, "HMAC", NULL);
      EVP_MAC_CTX *context = EVP_MAC_CTX_new (mac);
      g_autofree char *digest = g_strdup ("SHA256");
      OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end (),
      };

      if (context == NULL || !EVP_MAC_CTX_set_params (context, params))
        g_error ("HMAC-SHA256 is not available");
      EVP_MAC_free (mac);
      g_once_init_leave (&keyless, context);
    }

  return keyless;
}

/* HMAC-SHA256 of a text. */
void
aws_hmac_sha256 (gconstpointer  key,
                 gsize          key_length,
                 const char    *text,
                 guint8         result[32])
{
  EVP_MAC_CTX *context = EVP_MAC_CTX_dup (get_keyless ());
  gsize size;

  if (context == NULL || !EVP_MAC_init (context, key, key_length, NULL) ||
      !EVP_MAC_update (context, (const guchar *) text, strlen (text)) ||
      !EVP_MAC_final (context, result, &size, 32))
    g_error ("HMAC-SHA256 is not available");

  EVP_MAC_CTX_free (context);
}

/* The signing key of SigV4: four nested HMACs. */
void
aws_signing_key_v4 (const char *secret_access_key,
                    const char *date,
                    const char *region,
                    const char *service,
                    guint8      key[32])
{
  const char *parts[] = { "v4", secret_access_key, date, region, service };
  g_autofree char *start = NULL;
  guint8 id[32];

  cache_id (id, parts, G_N_ELEMENTS (parts));
  if (cache_lookup (id, key, NULL))
    return;

  start = g_strconcat ("AWS4", secret_access_key, NULL);
  aws_hmac_sha256 (start, strlen (start), date, key);
  aws_hmac_sha256 (key, 32, region, key);
  aws_hmac_sha256 (key, 32, service, key);
  aws_hmac_sha256 (key, 32, "aws4_request", key);
  OPENSSL_cleanse (start, strlen (start));

  cache_insert (id, key, NULL);
}

/* NIST SP 800-108 in counter mode; tries counters until the result is a valid scalar. */
static BIGNUM *
derive_scalar (const char *access_key_id,
               const char *secret_access_key)
{
  g_autofree char *start = g_strconcat ("AWS4A", secret_access_key, NULL);
  g_autoptr(GByteArray) input = g_byte_array_new ();
  BIGNUM *scalar = NULL;
  guint8 candidate[32];
  guint size = 32;

  for (guint counter = 1; counter <= 254 && scalar == NULL; counter++)
    {
      guint8 byte = counter;

      g_byte_array_set_size (input, 0);
      g_byte_array_append (input, (const guint8 *) "\0\0\0\1", 4);
      g_byte_array_append (input, (const guint8 *) ECDSA_ALGORITHM, strlen (ECDSA_ALGORITHM) + 1);
      g_byte_array_append (input, (const guint8 *) access_key_id, strlen (access_key_id));
      g_byte_array_append (input, &byte, 1);
      g_byte_array_append (input, (const guint8 *) "\0\0\1\0", 4);

      if (HMAC (EVP_sha256 (), start, strlen (start), input->data, input->len, candidate, &size) == NULL)
        g_error ("HMAC-SHA256 is not available");

      if (memcmp (candidate, order_minus_two, 32) <= 0)
        {
          scalar = BN_secure_new ();
          if (!BN_bin2bn (candidate, 32, scalar) || !BN_add_word (scalar, 1))
            g_clear_pointer (&scalar, BN_clear_free);
        }
    }

  OPENSSL_cleanse (candidate, sizeof candidate);
  OPENSSL_cleanse (start, strlen (start));

  return scalar;
}

static EVP_PKEY *
make_pair (const BIGNUM *scalar)
{
  EC_GROUP *group = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
  EC_POINT *point = EC_POINT_new (group);
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new ();
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  OSSL_PARAM *params = NULL;
  EVP_PKEY *pair = NULL;
  guint8 public[65];

  if (EC_POINT_mul (group, point, scalar, NULL, NULL, NULL) &&
      EC_POINT_point2oct (group, point, POINT_CONVERSION_UNCOMPRESSED, public, sizeof public, NULL) == sizeof public &&
      OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
      OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar) &&
      OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_PUB_KEY, public, sizeof public) &&
      (params = OSSL_PARAM_BLD_to_param (builder)) &&
      EVP_PKEY_fromdata_init (context) > 0)
    EVP_PKEY_fromdata (context, &pair, EVP_PKEY_KEYPAIR, params);

  OSSL_PARAM_free (params);
  OSSL_PARAM_BLD_free (builder);
  EVP_PKEY_CTX_free (context);
  EC_POINT_free (point);
  EC_GROUP_free (group);

  return pair;
}

/* The key pair of SigV4A, derived from the ordinary secret; to be freed, or NULL if OpenSSL can't. */
EVP_PKEY *
aws_signing_key_v4a (const char *access_key_id,
                     const char *secret_access_key)
{
  const char *parts[] = { "v4a", secret_access_key, access_key_id };
  EVP_PKEY *pair = NULL;
  BIGNUM *scalar;
  guint8 id[32];

  cache_id (id, parts, G_N_ELEMENTS (parts));
  if (cache_lookup (id, NULL, &pair) && pair != NULL)
    return pair;

  scalar = derive_scalar (access_key_id, secret_access_key);
  if (scalar == NULL)
    return NULL;

  pair = make_pair (scalar);
  BN_clear_free (scalar);
  if (pair != NULL)
    cache_insert (id, NULL, pair);

  return pair;
}

static char *
dup_number (EVP_PKEY   *pair,
            const char *name)
{
  BIGNUM *number = NULL;
  guint8 bytes[32];
  char *hex = NULL;

  if (EVP_PKEY_get_bn_param (pair, name, &number) && BN_bn2binpad (number, bytes, 32) == 32)
    hex = aws_hex_encode (bytes, 32);

  OPENSSL_cleanse (bytes, sizeof bytes);
  BN_clear_free (number);

  return hex;
}

/**
 * aws_derive_ecdsa:
 * @access_key_id: the public half of credentials
 * @secret_access_key: the secret half
 * @private_key: (out) (optional): the scalar in hexadecimal
 * @public_x: (out) (optional): one coordinate of the public point
 * @public_y: (out) (optional): the other
 *
 * Works out the key pair that SigV4A signs with.
 *
 * Returns: whether that was possible
 */
gboolean
aws_derive_ecdsa (const char  *access_key_id,
                  const char  *secret_access_key,
                  char       **private_key,
                  char       **public_x,
                  char       **public_y)
{
  EVP_PKEY *pair;

  g_return_val_if_fail (access_key_id != NULL, FALSE);
  g_return_val_if_fail (secret_access_key != NULL, FALSE);

  pair = aws_signing_key_v4a (access_key_id, secret_access_key);
  if (pair == NULL)
    return FALSE;

  if (private_key != NULL)
    *private_key = dup_number (pair, OSSL_PKEY_PARAM_PRIV_KEY);
  if (public_x != NULL)
    *public_x = dup_number (pair, OSSL_PKEY_PARAM_EC_PUB_X);
  if (public_y != NULL)
    *public_y = dup_number (pair, OSSL_PKEY_PARAM_EC_PUB_Y);
  EVP_PKEY_free (pair);

  return TRUE;
}

static gboolean
verify_with (EVP_PKEY   *key,
             const char *string_to_sign,
             const char *signature)
{
  EVP_MD_CTX *context;
  guint8 der[80];
  gsize length = strlen (signature) / 2;
  gboolean good;

  if (length > sizeof der || !aws_hex_decode (signature, der, length))
    return FALSE;

  context = EVP_MD_CTX_new ();
  good = EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key) > 0 &&
         EVP_DigestVerify (context, der, length, (const guchar *) string_to_sign, strlen (string_to_sign)) == 1;
  EVP_MD_CTX_free (context);

  return good;
}

/**
 * aws_verify_ecdsa:
 * @public_x: one coordinate of the public key in hexadecimal
 * @public_y: the other
 * @string_to_sign: what should have been signed
 * @signature: the signature in hexadecimal
 *
 * Checks a signature of SigV4A with a public key.
 *
 * Returns: whether it is good
 */
gboolean
aws_verify_ecdsa (const char *public_x,
                  const char *public_y,
                  const char *string_to_sign,
                  const char *signature)
{
  g_autofree char *group = g_strdup ("prime256v1");
  guint8 point[65] = { POINT_CONVERSION_UNCOMPRESSED };
  OSSL_PARAM params[3];
  EVP_PKEY_CTX *context;
  EVP_PKEY *key = NULL;
  gboolean good = FALSE;

  g_return_val_if_fail (public_x != NULL && public_y != NULL, FALSE);
  g_return_val_if_fail (string_to_sign != NULL && signature != NULL, FALSE);

  if (!aws_hex_decode (public_x, point + 1, 32) || !aws_hex_decode (public_y, point + 33, 32))
    return FALSE;

  params[0] = OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
  params[1] = OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
  params[2] = OSSL_PARAM_construct_end ();

  context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  if (EVP_PKEY_fromdata_init (context) > 0 && EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, params) > 0)
    good = verify_with (key, string_to_sign, signature);
  EVP_PKEY_CTX_free (context);
  EVP_PKEY_free (key);

  return good;
}

/**
 * aws_signing_key:
 * @secret_access_key: the secret half of credentials
 * @date: a day as YYYYMMDD
 * @region: a region
 * @service: a signing name
 *
 * Works out the key of SigV4 for a day, a region and a service; for signatures other than those of requests.
 *
 * Returns: (transfer full): 32 bytes
 */
GBytes *
aws_signing_key (const char *secret_access_key,
                 const char *date,
                 const char *region,
                 const char *service)
{
  guint8 key[32];

  g_return_val_if_fail (secret_access_key != NULL, NULL);
  g_return_val_if_fail (date != NULL && region != NULL && service != NULL, NULL);

  aws_signing_key_v4 (secret_access_key, date, region, service, key);

  return g_bytes_new (key, sizeof key);
}

/**
 * aws_verify_signature:
 * @request: what was signed
 * @access_key_id: the public half of the credentials
 * @secret_access_key: the secret half
 * @string_to_sign: what should have been signed
 * @signature: the signature in hexadecimal
 *
 * Checks a signature: by comparing in constant time (SigV4), or with the derived public key (SigV4A).
 *
 * Returns: whether it is good
 */
gboolean
aws_verify_signature (const AwsSigningRequest *request,
                      const char              *access_key_id,
                      const char              *secret_access_key,
                      const char              *string_to_sign,
                      const char              *signature)
{
  g_autoptr(AwsCredentials) credentials = NULL;
  g_autofree char *expected = NULL;

  g_return_val_if_fail (request != NULL, FALSE);
  g_return_val_if_fail (access_key_id != NULL && secret_access_key != NULL, FALSE);
  g_return_val_if_fail (string_to_sign != NULL && signature != NULL, FALSE);

  if (request->version == AWS_SIGNATURE_V4A)
    {
      EVP_PKEY *pair = aws_signing_key_v4a (access_key_id, secret_access_key);
      gboolean good = pair != NULL && verify_with (pair, string_to_sign, signature);

      EVP_PKEY_free (pair);

      return good;
    }

  credentials = aws_credentials_new (access_key_id, secret_access_key, NULL, NULL);
  expected = aws_sign_signature (request, credentials, string_to_sign);

  return strlen (expected) == strlen (signature) &&
         CRYPTO_memcmp (expected, signature, strlen (expected)) == 0;
}
