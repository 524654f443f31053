/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-signer.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "aws-checksum.h"
#include "aws-signing-key.h"
#include "aws-uri.h"

#define V4_ALGORITHM  "AWS4-HMAC-SHA256"
#define V4A_ALGORITHM "AWS4-ECDSA-P256-SHA256"

/* Headers that are changed on the way, or by the HTTP layer */
static const char * const unsigned_headers[] = {
  "authorization", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
  "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id", NULL,
};

static const char *
algorithm (const AwsSigningRequest *request)
{
  return request->version == AWS_SIGNATURE_V4A ? V4A_ALGORITHM : V4_ALGORITHM;
}

/**
 * aws_signing_request_init:
 * @request: the request to fill
 * @version: which algorithm
 * @service: the signing name
 *
 * Sets everything to nothing, but what the service decides: the path of S3 is signed as it is,
 * that of the others is normalized and encoded twice.
 */
void
aws_signing_request_init (AwsSigningRequest   *request,
                          AwsSignatureVersion  version,
                          const char          *service)
{
  gboolean s3;

  g_return_if_fail (request != NULL);
  g_return_if_fail (service != NULL);

  s3 = g_str_equal (service, "s3") || g_str_has_prefix (service, "s3-") || g_str_equal (service, "s3express");

  memset (request, 0, sizeof *request);
  request->version = version;
  request->service = service;
  request->normalize_path = !s3;
  request->double_encode = !s3;
}

/**
 * aws_signing_time_format:
 * @time: a time
 *
 * Returns: (transfer full): the time as `X-Amz-Date` has it
 */
char *
aws_signing_time_format (GDateTime *time)
{
  g_autoptr(GDateTime) utc = NULL;

  g_return_val_if_fail (time != NULL, NULL);

  utc = g_date_time_to_utc (time);

  return g_strdup_printf ("%04d%02d%02dT%02d%02d%02dZ",
                          g_date_time_get_year (utc), g_date_time_get_month (utc), g_date_time_get_day_of_month (utc),
                          g_date_time_get_hour (utc), g_date_time_get_minute (utc), g_date_time_get_second (utc));
}

/**
 * aws_signing_time_parse:
 * @text: the value of `X-Amz-Date`
 *
 * Returns: (transfer full) (nullable): the time, or %NULL if it is none
 */
GDateTime *
aws_signing_time_parse (const char *text)
{
  int number[6];

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) != 16 || text[8] != 'T' || text[15] != 'Z')
    return NULL;
  for (guint i = 0; i < 15; i++)
    {
      if (i != 8 && !g_ascii_isdigit (text[i]))
        return NULL;
    }

  sscanf (text, "%4d%2d%2dT%2d%2d%2d", &number[0], &number[1], &number[2], &number[3], &number[4], &number[5]);

  return g_date_time_new_utc (number[0], number[1], number[2], number[3], number[4], number[5]);
}

/* RFC 3986, 5.2.4, and one slash where there are several */
static char *
normalize_path (const char *path)
{
  g_auto(GStrv) segments = g_strsplit (path, "/", -1);
  g_autoptr(GPtrArray) kept = g_ptr_array_new ();
  gboolean folder = FALSE;
  GString *normal;

  for (guint i = 0; segments[i] != NULL; i++)
    {
      const char *segment = segments[i];
      gboolean dots = g_str_equal (segment, ".") || g_str_equal (segment, "..");

      folder = dots || *segment == '\0';
      if (g_str_equal (segment, "..") && kept->len > 0)
        g_ptr_array_set_size (kept, kept->len - 1);
      else if (!folder)
        g_ptr_array_add (kept, (gpointer) segment);
    }

  normal = g_string_new (NULL);
  for (guint i = 0; i < kept->len; i++)
    {
      g_string_append_c (normal, '/');
      g_string_append (normal, g_ptr_array_index (kept, i));
    }
  if (folder || kept->len == 0)
    g_string_append_c (normal, '/');

  return g_string_free (normal, FALSE);
}

static void
append_canonical_path (GString                 *string,
                       const AwsSigningRequest *request)
{
  const char *path = request->path != NULL && *request->path != '\0' ? request->path : "/";
  g_autofree char *normal = NULL;

  if (request->normalize_path)
    path = normal = normalize_path (path);

  if (request->double_encode)
    aws_uri_append_encoded (string, path, -1, TRUE);
  else
    g_string_append (string, path);
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* Pairs sort by name and then by value. Joined by a byte below every other, they sort as strings do. */
static void
append_canonical_query (GString    *string,
                        const char *query)
{
  g_autoptr(GPtrArray) pairs = NULL;
  g_auto(GStrv) parts = NULL;

  if (query == NULL || *query == '\0')
    return;

  pairs = g_ptr_array_new_with_free_func (g_free);
  parts = g_strsplit (query, "&", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *equals = strchr (parts[i], '=');
      g_autofree char *name = aws_uri_decode (parts[i], equals ? equals - parts[i] : -1, FALSE);
      g_autofree char *value = equals ? aws_uri_decode (equals + 1, -1, FALSE) : g_strdup ("");
      GString *pair;

      if (*parts[i] == '\0')
        continue;

      pair = g_string_sized_new (64);
      aws_uri_append_encoded (pair, name, -1, FALSE);
      g_string_append_c (pair, '\1');
      aws_uri_append_encoded (pair, value, -1, FALSE);
      g_ptr_array_add (pairs, g_string_free (pair, FALSE));
    }

  g_ptr_array_sort (pairs, compare_strings);
  for (guint i = 0; i < pairs->len; i++)
    {
      char *pair = g_ptr_array_index (pairs, i);

      *strchr (pair, '\1') = '=';
      if (i > 0)
        g_string_append_c (string, '&');
      g_string_append (string, pair);
    }
}

/* Without spaces around it, and one space for several inside */
static void
append_trimmed (GString    *string,
                const char *value)
{
  gboolean space = FALSE;
  gboolean begun = FALSE;

  for (; *value != '\0'; value++)
    {
      if (g_ascii_isspace (*value))
        {
          space = begun;
          continue;
        }
      if (space)
        g_string_append_c (string, ' ');
      g_string_append_c (string, *value);
      space = FALSE;
      begun = TRUE;
    }
}

/* Each header that is signed, in the order given, all values of one name joined */
static void
append_canonical_headers (GString                 *string,
                          const AwsSigningRequest *request,
                          const char              *signed_headers)
{
  g_auto(GStrv) names = g_strsplit (signed_headers, ";", -1);
  guint length = request->headers != NULL ? aws_headers_get_length (request->headers) : 0;

  for (guint n = 0; names[n] != NULL; n++)
    {
      gboolean first = TRUE;

      g_string_append (string, names[n]);
      g_string_append_c (string, ':');
      for (guint i = 0; i < length; i++)
        {
          if (g_ascii_strcasecmp (aws_headers_get_name (request->headers, i), names[n]) != 0)
            continue;
          if (!first)
            g_string_append_c (string, ',');
          append_trimmed (string, aws_headers_get_value (request->headers, i));
          first = FALSE;
        }
      g_string_append_c (string, '\n');
    }
}

/**
 * aws_sign_signed_headers:
 * @request: a request
 *
 * Lists the headers of @request that are to be signed: all but those which change on the way.
 *
 * Returns: (transfer full): sorted lower-case names, joined with `;`
 */
char *
aws_sign_signed_headers (const AwsSigningRequest *request)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GString *string;

  g_return_val_if_fail (request != NULL, NULL);

  for (guint i = 0; request->headers != NULL && i < aws_headers_get_length (request->headers); i++)
    {
      g_autofree char *name = g_ascii_strdown (aws_headers_get_name (request->headers, i), -1);

      if (!g_strv_contains (unsigned_headers, name) &&
          !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  g_ptr_array_sort (names, compare_strings);

  string = g_string_sized_new (128);
  for (guint i = 0; i < names->len; i++)
    {
      if (i > 0)
        g_string_append_c (string, ';');
      g_string_append (string, g_ptr_array_index (names, i));
    }

  return g_string_free (string, FALSE);
}

/**
 * aws_sign_canonical_request:
 * @request: a request
 * @signed_headers: (nullable): names joined with `;`, or %NULL for all that should be signed
 *
 * Writes the request in the one way that both sides agree on. Nothing is added to it and nothing left out.
 *
 * Returns: (transfer full): the canonical request
 */
char *
aws_sign_canonical_request (const AwsSigningRequest *request,
                            const char              *signed_headers)
{
  g_autofree char *names = NULL;
  GString *string;

  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (request->method != NULL, NULL);

  if (signed_headers == NULL)
    signed_headers = names = aws_sign_signed_headers (request);

  string = g_string_sized_new (512);
  g_string_append (string, request->method);
  g_string_append_c (string, '\n');
  append_canonical_path (string, request);
  g_string_append_c (string, '\n');
  append_canonical_query (string, request->query);
  g_string_append_c (string, '\n');
  append_canonical_headers (string, request, signed_headers);
  g_string_append_c (string, '\n');
  g_string_append (string, signed_headers);
  g_string_append_c (string, '\n');
  g_string_append (string, request->payload_hash != NULL ? request->payload_hash : AWS_PAYLOAD_EMPTY);

  return g_string_free (string, FALSE);
}

static char *
dup_scope (const AwsSigningRequest *request,
           const char              *time)
{
  if (request->version == AWS_SIGNATURE_V4A)
    return g_strdup_printf ("%.8s/%s/aws4_request", time, request->service);

  return g_strdup_printf ("%.8s/%s/%s/aws4_request", time, request->region, request->service);
}

/**
 * aws_sign_string_to_sign:
 * @request: a request
 * @canonical_request: its canonical form
 *
 * Writes what the key is applied to.
 *
 * Returns: (transfer full): the string to sign
 */
char *
aws_sign_string_to_sign (const AwsSigningRequest *request,
                         const char              *canonical_request)
{
  g_autofree char *time = NULL;
  g_autofree char *scope = NULL;
  g_autofree char *hash = NULL;

  g_return_val_if_fail (request != NULL && request->time != NULL, NULL);
  g_return_val_if_fail (canonical_request != NULL, NULL);

  time = aws_signing_time_format (request->time);
  scope = dup_scope (request, time);
  hash = aws_sha256_hex (canonical_request, strlen (canonical_request));

  return g_strjoin ("\n", algorithm (request), time, scope, hash, NULL);
}

static char *
sign_ecdsa (AwsCredentials *credentials,
            const char     *string_to_sign)
{
  EVP_PKEY *pair = aws_signing_key_v4a (aws_credentials_get_access_key_id (credentials),
                                        aws_credentials_get_secret_access_key (credentials));
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 signature[80];
  gsize length = sizeof signature;

  if (pair == NULL ||
      EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, pair) <= 0 ||
      EVP_DigestSign (context, signature, &length, (const guchar *) string_to_sign, strlen (string_to_sign)) <= 0)
    g_error ("ECDSA with P-256 is not available");

  EVP_MD_CTX_free (context);
  EVP_PKEY_free (pair);

  return aws_hex_encode (signature, length);
}

/**
 * aws_sign_signature:
 * @request: a request
 * @credentials: who signs
 * @string_to_sign: what is signed
 *
 * Applies the key. A signature of SigV4A is another one each time.
 *
 * Returns: (transfer full): the signature in hexadecimal
 */
char *
aws_sign_signature (const AwsSigningRequest *request,
                    AwsCredentials          *credentials,
                    const char              *string_to_sign)
{
  g_autofree char *time = NULL;
  guint8 key[32];
  guint8 signature[32];

  g_return_val_if_fail (request != NULL && request->time != NULL, NULL);
  g_return_val_if_fail (credentials != NULL, NULL);
  g_return_val_if_fail (string_to_sign != NULL, NULL);

  if (request->version == AWS_SIGNATURE_V4A)
    return sign_ecdsa (credentials, string_to_sign);

  time = aws_signing_time_format (request->time);
  time[8] = '\0';
  aws_signing_key_v4 (aws_credentials_get_secret_access_key (credentials),
                      time, request->region, request->service, key);
  aws_hmac_sha256 (key, sizeof key, string_to_sign, signature);
  OPENSSL_cleanse (key, sizeof key);

  return aws_hex_encode (signature, sizeof signature);
}

/**
 * aws_sign_prepare_headers:
 * @request: a request
 * @credentials: who signs
 *
 * Sets the headers that a request needs before it is signed in the header form.
 */
void
aws_sign_prepare_headers (const AwsSigningRequest *request,
                          AwsCredentials          *credentials)
{
  g_autofree char *time = NULL;
  const char *token;

  g_return_if_fail (request != NULL && request->time != NULL && request->headers != NULL);
  g_return_if_fail (credentials != NULL);

  aws_headers_remove (request->headers, "Authorization");
  time = aws_signing_time_format (request->time);
  aws_headers_set (request->headers, "X-Amz-Date", time);

  if (request->version == AWS_SIGNATURE_V4A)
    aws_headers_set (request->headers, "X-Amz-Region-Set", request->region);

  token = aws_credentials_get_session_token (credentials);
  if (token != NULL && !request->omit_session_token)
    aws_headers_set (request->headers, "X-Amz-Security-Token", token);
}

/**
 * aws_sign_headers:
 * @request: a request
 * @credentials: who signs
 *
 * Signs in the header form: sets `X-Amz-Date`, `Authorization` and what goes with them in the headers of @request.
 */
void
aws_sign_headers (const AwsSigningRequest *request,
                  AwsCredentials          *credentials)
{
  g_autofree char *time = NULL;
  g_autofree char *scope = NULL;
  g_autofree char *names = NULL;
  g_autofree char *canonical_request = NULL;
  g_autofree char *string_to_sign = NULL;
  g_autofree char *signature = NULL;
  g_autofree char *authorization = NULL;
  const char *token;

  g_return_if_fail (request != NULL);
  g_return_if_fail (credentials != NULL);

  aws_sign_prepare_headers (request, credentials);
  names = aws_sign_signed_headers (request);
  canonical_request = aws_sign_canonical_request (request, names);
  string_to_sign = aws_sign_string_to_sign (request, canonical_request);
  signature = aws_sign_signature (request, credentials, string_to_sign);

  time = aws_signing_time_format (request->time);
  scope = dup_scope (request, time);
  authorization = g_strdup_printf ("%s Credential=%s/%s, SignedHeaders=%s, Signature=%s",
                                   algorithm (request), aws_credentials_get_access_key_id (credentials),
                                   scope, names, signature);
  aws_headers_set (request->headers, "Authorization", authorization);

  token = aws_credentials_get_session_token (credentials);
  if (token != NULL && request->omit_session_token)
    aws_headers_set (request->headers, "X-Amz-Security-Token", token);
}

static void
append_pair (GString    *query,
             const char *name,
             const char *value)
{
  if (query->len > 0)
    g_string_append_c (query, '&');
  g_string_append (query, name);
  g_string_append_c (query, '=');
  aws_uri_append_encoded (query, value, -1, FALSE);
}

/**
 * aws_sign_prepare_query:
 * @request: a request
 * @credentials: who signs
 *
 * Writes the query that is signed in the query form: that of @request and the parameters that signing adds.
 *
 * Returns: (transfer full): the query
 */
char *
aws_sign_prepare_query (const AwsSigningRequest *request,
                        AwsCredentials          *credentials)
{
  g_autofree char *time = NULL;
  g_autofree char *scope = NULL;
  g_autofree char *credential = NULL;
  g_autofree char *names = NULL;
  const char *token;
  char expires[16];
  GString *query;

  g_return_val_if_fail (request != NULL && request->time != NULL, NULL);
  g_return_val_if_fail (credentials != NULL, NULL);

  time = aws_signing_time_format (request->time);
  scope = dup_scope (request, time);
  credential = g_strconcat (aws_credentials_get_access_key_id (credentials), "/", scope, NULL);
  names = aws_sign_signed_headers (request);
  g_snprintf (expires, sizeof expires, "%u", request->expires);

  query = g_string_new (request->query);
  append_pair (query, "X-Amz-Algorithm", algorithm (request));
  append_pair (query, "X-Amz-Credential", credential);
  append_pair (query, "X-Amz-Date", time);
  append_pair (query, "X-Amz-Expires", expires);
  if (request->version == AWS_SIGNATURE_V4A)
    append_pair (query, "X-Amz-Region-Set", request->region);
  append_pair (query, "X-Amz-SignedHeaders", names);
  token = aws_credentials_get_session_token (credentials);
  if (token != NULL && !request->omit_session_token)
    append_pair (query, "X-Amz-Security-Token", token);

  return g_string_free (query, FALSE);
}

/**
 * aws_sign_query:
 * @request: a request
 * @credentials: who signs
 *
 * Signs in the query form, which makes an address that works for as long as @request says.
 *
 * Returns: (transfer full): the query with the signature
 */
char *
aws_sign_query (const AwsSigningRequest *request,
                AwsCredentials          *credentials)
{
  g_autofree char *prepared = NULL;
  g_autofree char *canonical_request = NULL;
  g_autofree char *string_to_sign = NULL;
  g_autofree char *signature = NULL;
  AwsSigningRequest signing;
  const char *token;
  GString *query;

  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (credentials != NULL, NULL);

  prepared = aws_sign_prepare_query (request, credentials);
  signing = *request;
  signing.query = prepared;
  canonical_request = aws_sign_canonical_request (&signing, NULL);
  string_to_sign = aws_sign_string_to_sign (&signing, canonical_request);
  signature = aws_sign_signature (&signing, credentials, string_to_sign);

  query = g_string_new (prepared);
  token = aws_credentials_get_session_token (credentials);
  if (token != NULL && request->omit_session_token)
    append_pair (query, "X-Amz-Security-Token", token);
  append_pair (query, "X-Amz-Signature", signature);

  return g_string_free (query, FALSE);
}
