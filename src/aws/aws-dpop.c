/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-dpop.h"

#include <json-glib/json-glib.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "aws-error-private.h"
#include "aws-json.h"
#include "aws-pkce.h"

#define COORDINATE_SIZE 32

struct _AwsDpopKey
{
  EVP_PKEY *key;
};

static void
aws_dpop_key_clear (AwsDpopKey *self)
{
  g_clear_pointer (&self->key, EVP_PKEY_free);
}

AWS_DEFINE_BOXED (AwsDpopKey, aws_dpop_key, aws_dpop_key_clear)

static AwsDpopKey *
take (EVP_PKEY *key)
{
  AwsDpopKey *self = g_atomic_rc_box_new0 (AwsDpopKey);

  self->key = key;

  return self;
}

/**
 * aws_dpop_key_new:
 *
 * Makes a new key on the curve P-256.
 *
 * Returns: (transfer full): the key
 */
AwsDpopKey *
aws_dpop_key_new (void)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");

  if (key == NULL)
    g_error ("OpenSSL can't make a key");

  return take (key);
}

static gboolean
is_p256 (EVP_PKEY *key)
{
  char group[32] = "";

  return EVP_PKEY_is_a (key, "EC") && EVP_PKEY_get_group_name (key, group, sizeof group, NULL) == 1 &&
         (g_str_equal (group, "prime256v1") || g_str_equal (group, "P-256"));
}

/* A key with a password is none of ours, and nobody is to be asked for one */
static int
no_password (char *buffer,
             int   size,
             int   writing,
             void *user_data)
{
  return -1;
}

/**
 * aws_dpop_key_from_pem:
 * @pem: a private key, in the form of SEC 1 (`EC PRIVATE KEY`) or PKCS #8 (`PRIVATE KEY`)
 * @error: return location
 *
 * Returns: (transfer full): the key, or %NULL with `AWS_ERROR_CREDENTIALS` if it is not one on the curve P-256
 */
AwsDpopKey *
aws_dpop_key_from_pem (const char  *pem,
                       GError     **error)
{
  BIO *bio;
  EVP_PKEY *key;

  g_return_val_if_fail (pem != NULL, NULL);

  bio = BIO_new_mem_buf (pem, strlen (pem));
  key = PEM_read_bio_PrivateKey (bio, NULL, no_password, NULL);
  BIO_free (bio);

  if (key != NULL && is_p256 (key))
    return take (key);

  EVP_PKEY_free (key);
  g_propagate_error (error, aws_error_new (AWS_ERROR_CREDENTIALS, NULL, "The key of the session can't be read", 0, NULL));

  return NULL;
}

/**
 * aws_dpop_key_to_pem:
 * @self: a key
 *
 * Returns: (transfer full): the key in the form of SEC 1, as AWS's own tools write it; never to be logged
 */
char *
aws_dpop_key_to_pem (AwsDpopKey *self)
{
  OSSL_ENCODER_CTX *context;
  unsigned char *data = NULL;
  size_t length = 0;
  char *pem = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  context = OSSL_ENCODER_CTX_new_for_pkey (self->key, OSSL_KEYMGMT_SELECT_ALL, "PEM", "type-specific", NULL);

  if (OSSL_ENCODER_to_data (context, &data, &length) != 1)
    g_error ("OpenSSL can't write a key");

  pem = g_strndup ((const char *) data, length);
  OSSL_ENCODER_CTX_free (context);
  OPENSSL_clear_free (data, length);

  return pem;
}

static char *
dup_coordinate (EVP_PKEY   *key,
                const char *name)
{
  BIGNUM *number = NULL;
  guchar bytes[COORDINATE_SIZE] = { 0 };

  if (EVP_PKEY_get_bn_param (key, name, &number) != 1 || BN_bn2binpad (number, bytes, sizeof bytes) != sizeof bytes)
    g_error ("OpenSSL can't read its key");

  BN_free (number);

  return aws_base64url_encode (bytes, sizeof bytes);
}

static char *
encode_object (JsonObject *object)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (object);
  gsize size;
  const guchar *data = g_bytes_get_data (bytes, &size);

  return aws_base64url_encode (data, size);
}

static char *
dup_header (AwsDpopKey *self)
{
  g_autoptr(JsonObject) header = json_object_new ();
  JsonObject *jwk = json_object_new ();
  g_autofree char *x = dup_coordinate (self->key, OSSL_PKEY_PARAM_EC_PUB_X);
  g_autofree char *y = dup_coordinate (self->key, OSSL_PKEY_PARAM_EC_PUB_Y);

  json_object_set_string_member (jwk, "kty", "EC");
  json_object_set_string_member (jwk, "x", x);
  json_object_set_string_member (jwk, "y", y);
  json_object_set_string_member (jwk, "crv", "P-256");
  json_object_set_string_member (header, "typ", "dpop+jwt");
  json_object_set_string_member (header, "alg", "ES256");
  json_object_set_object_member (header, "jwk", jwk);

  return encode_object (header);
}

static char *
dup_payload (const char *method,
             const char *url,
             gint64      seconds)
{
  g_autoptr(JsonObject) payload = json_object_new ();
  g_autofree char *id = g_uuid_string_random ();

  json_object_set_string_member (payload, "jti", id);
  json_object_set_string_member (payload, "htm", method);
  json_object_set_string_member (payload, "htu", url);
  json_object_set_int_member (payload, "iat", seconds);

  return encode_object (payload);
}

/* The two numbers of the signature one after another, where OpenSSL gives them as DER */
static char *
dup_signature (AwsDpopKey *self,
               const char *text)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guchar der[128];
  guchar bytes[2 * COORDINATE_SIZE] = { 0 };
  const guchar *at = der;
  size_t length = sizeof der;
  ECDSA_SIG *signature;

  if (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, self->key) != 1 ||
      EVP_DigestSign (context, der, &length, (const guchar *) text, strlen (text)) != 1 ||
      (signature = d2i_ECDSA_SIG (NULL, &at, length)) == NULL ||
      BN_bn2binpad (ECDSA_SIG_get0_r (signature), bytes, COORDINATE_SIZE) != COORDINATE_SIZE ||
      BN_bn2binpad (ECDSA_SIG_get0_s (signature), bytes + COORDINATE_SIZE, COORDINATE_SIZE) != COORDINATE_SIZE)
    g_error ("OpenSSL can't sign");

  ECDSA_SIG_free (signature);
  EVP_MD_CTX_free (context);

  return aws_base64url_encode (bytes, sizeof bytes);
}

/**
 * aws_dpop_key_dup_proof:
 * @self: a key
 * @method: the method of the request
 * @url: its address
 * @seconds: the time at the server, in seconds since 1970
 *
 * Signs a proof for one request (RFC 9449, section 4.2). Each serves once.
 *
 * Returns: (transfer full): the value of the header `DPoP`
 */
char *
aws_dpop_key_dup_proof (AwsDpopKey *self,
                        const char *method,
                        const char *url,
                        gint64      seconds)
{
  g_autofree char *header = NULL;
  g_autofree char *payload = NULL;
  g_autofree char *text = NULL;
  g_autofree char *signature = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (method != NULL && url != NULL, NULL);

  header = dup_header (self);
  payload = dup_payload (method, url, seconds);
  text = g_strconcat (header, ".", payload, NULL);
  signature = dup_signature (self, text);

  return g_strconcat (text, ".", signature, NULL);
}
