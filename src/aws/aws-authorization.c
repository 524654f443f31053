/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "aws-error.h"
#include "aws-query.h"
#include "aws-signer.h"

struct _AwsAuthorization
{
  AwsSignatureVersion  version;
  gboolean             query;
  char                *access_key_id;
  char                *date;
  char                *region;
  char                *service;
  char                *signed_headers;
  char                *signature;
  char                *session_token;
  GDateTime           *time;
  guint                expires;
};

static void
aws_authorization_clear (AwsAuthorization *self)
{
  g_clear_pointer (&self->access_key_id, g_free);
  g_clear_pointer (&self->date, g_free);
  g_clear_pointer (&self->region, g_free);
  g_clear_pointer (&self->service, g_free);
  g_clear_pointer (&self->signed_headers, g_free);
  g_clear_pointer (&self->signature, g_free);
  g_clear_pointer (&self->session_token, g_free);
  g_clear_pointer (&self->time, g_date_time_unref);
}

AWS_DEFINE_BOXED (AwsAuthorization, aws_authorization, aws_authorization_clear)

static gboolean
set_algorithm (AwsAuthorization  *self,
               const char        *algorithm,
               gsize              length,
               GError           **error)
{
  if (length == strlen ("AWS4-HMAC-SHA256") && strncmp (algorithm, "AWS4-HMAC-SHA256", length) == 0)
    self->version = AWS_SIGNATURE_V4;
  else if (length == strlen ("AWS4-ECDSA-P256-SHA256") && strncmp (algorithm, "AWS4-ECDSA-P256-SHA256", length) == 0)
    self->version = AWS_SIGNATURE_V4A;
  else
    {
      g_set_error (error, AWS_ERROR, AWS_ERROR_INVALID, "Unsupported algorithm “%.*s”", (int) MIN (length, 40), algorithm);
      return FALSE;
    }

  return TRUE;
}

/* An access key id may hold slashes, the scope can't: it is taken apart from its end */
static gboolean
set_credential (AwsAuthorization  *self,
                const char        *credential,
                GError           **error)
{
  g_auto(GStrv) parts = g_strsplit (credential, "/", -1);
  guint length = g_strv_length (parts);
  guint wanted = self->version == AWS_SIGNATURE_V4A ? 4 : 5;

  if (length < wanted || !g_str_equal (parts[length - 1], "aws4_request"))
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_INVALID, "The credential scope is malformed");
      return FALSE;
    }

  self->service = g_strdup (parts[length - 2]);
  if (self->version == AWS_SIGNATURE_V4)
    self->region = g_strdup (parts[length - 3]);
  self->date = g_strdup (parts[length - wanted + 1]);
  g_clear_pointer (&parts[length - wanted + 1], g_free);
  for (guint i = length - wanted + 2; i < length; i++)
    g_clear_pointer (&parts[i], g_free);
  self->access_key_id = g_strjoinv ("/", parts);

  return TRUE;
}

/**
 * aws_authorization_new_for_header:
 * @authorization: the value of an `Authorization` header
 * @error: return location
 *
 * Takes the header apart.
 *
 * Returns: (transfer full) (nullable): what it says, or %NULL with `AWS_ERROR_INVALID` if it is malformed
 */
AwsAuthorization *
aws_authorization_new_for_header (const char  *authorization,
                                  GError     **error)
{
  g_autoptr(AwsAuthorization) self = g_atomic_rc_box_new0 (AwsAuthorization);
  g_autofree char *credential = NULL;
  g_auto(GStrv) fields = NULL;
  const char *space;

  g_return_val_if_fail (authorization != NULL, NULL);

  space = strchr (authorization, ' ');
  if (!set_algorithm (self, authorization, space ? (gsize) (space - authorization) : strlen (authorization), error))
    return NULL;

  fields = g_strsplit (space != NULL ? space : "", ",", -1);
  for (guint i = 0; fields[i] != NULL; i++)
    {
      char *field = g_strstrip (fields[i]);

      if (g_str_has_prefix (field, "Credential="))
        g_set_str (&credential, field + strlen ("Credential="));
      else if (g_str_has_prefix (field, "SignedHeaders="))
        g_set_str (&self->signed_headers, field + strlen ("SignedHeaders="));
      else if (g_str_has_prefix (field, "Signature="))
        g_set_str (&self->signature, field + strlen ("Signature="));
    }

  if (credential == NULL || self->signed_headers == NULL || self->signature == NULL)
    {
      g_set_error (error, AWS_ERROR, AWS_ERROR_INVALID,
                   "The authorization header requires %s",
                   credential == NULL ? "Credential" : self->signed_headers == NULL ? "SignedHeaders" : "Signature");
      return NULL;
    }
  if (!set_credential (self, credential, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * aws_authorization_new_for_query:
 * @query: the query of a request, as it was sent
 * @error: return location
 *
 * Finds the parameters of a signature in a query.
 *
 * Returns: (transfer full) (nullable): what they say, or %NULL with `AWS_ERROR_INVALID` if they are not all there
 */
AwsAuthorization *
aws_authorization_new_for_query (const char  *query,
                                 GError     **error)
{
  g_autoptr(AwsAuthorization) self = g_atomic_rc_box_new0 (AwsAuthorization);
  g_autoptr(AwsQuery) form = NULL;
  const char *algorithm;
  const char *credential;
  const char *time;
  const char *expires;
  guint64 seconds = 0;

  g_return_val_if_fail (query != NULL, NULL);

  form = aws_query_new_parse (query, -1);
  algorithm = aws_query_lookup (form, "X-Amz-Algorithm");
  credential = aws_query_lookup (form, "X-Amz-Credential");
  time = aws_query_lookup (form, "X-Amz-Date");
  expires = aws_query_lookup (form, "X-Amz-Expires");
  self->query = TRUE;
  self->signed_headers = g_strdup (aws_query_lookup (form, "X-Amz-SignedHeaders"));
  self->signature = g_strdup (aws_query_lookup (form, "X-Amz-Signature"));
  self->session_token = g_strdup (aws_query_lookup (form, "X-Amz-Security-Token"));

  if (algorithm == NULL || credential == NULL || time == NULL || expires == NULL ||
      self->signed_headers == NULL || self->signature == NULL)
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_INVALID,
                           "Query-string authentication requires the X-Amz-Algorithm, X-Amz-Credential, "
                           "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
      return NULL;
    }

  if (!set_algorithm (self, algorithm, strlen (algorithm), error) || !set_credential (self, credential, error))
    return NULL;

  self->time = aws_signing_time_parse (time);
  if (self->time == NULL)
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_INVALID,
                           "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
      return NULL;
    }

  if (!g_ascii_string_to_unsigned (expires, 10, 1, 604800, &seconds, NULL))
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_INVALID,
                           "X-Amz-Expires must be a number between 1 and 604800 seconds");
      return NULL;
    }
  self->expires = seconds;

  return g_steal_pointer (&self);
}

/**
 * aws_authorization_is_query:
 * @self: an authorization
 *
 * Returns: whether it came in the query
 */
gboolean
aws_authorization_is_query (AwsAuthorization *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->query;
}

/**
 * aws_authorization_get_version:
 * @self: an authorization
 *
 * Returns: the algorithm
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, AwsSignatureVersion, version)

/**
 * aws_authorization_get_access_key_id:
 * @self: an authorization
 *
 * Returns: (transfer none): whose secret signed
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, const char *, access_key_id)

/**
 * aws_authorization_get_date:
 * @self: an authorization
 *
 * Returns: (transfer none): the day in the scope
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, const char *, date)

/**
 * aws_authorization_get_region:
 * @self: an authorization
 *
 * Returns: (transfer none) (nullable): the region in the scope; SigV4A has none
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, const char *, region)

/**
 * aws_authorization_get_service:
 * @self: an authorization
 *
 * Returns: (transfer none): the signing name in the scope
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, const char *, service)

/**
 * aws_authorization_get_signed_headers:
 * @self: an authorization
 *
 * Returns: (transfer none): the names of the headers that were signed, joined with `;`
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, const char *, signed_headers)

/**
 * aws_authorization_get_signature:
 * @self: an authorization
 *
 * Returns: (transfer none): the signature in hexadecimal
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, const char *, signature)

/**
 * aws_authorization_get_session_token:
 * @self: an authorization
 *
 * Returns: (transfer none) (nullable): the session token in the query
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, const char *, session_token)

/**
 * aws_authorization_get_time:
 * @self: an authorization
 *
 * Returns: (transfer none) (nullable): when it was signed, if it came in the query
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, GDateTime *, time)

/**
 * aws_authorization_get_expires:
 * @self: an authorization
 *
 * Returns: for how many seconds it is good, if it came in the query
 */
AWS_DEFINE_GETTER (AwsAuthorization, aws_authorization, guint, expires)

static char *
query_without_signature (const char *query)
{
  g_auto(GStrv) parts = g_strsplit (query, "&", -1);
  g_autoptr(GStrvBuilder) kept = g_strv_builder_new ();
  g_auto(GStrv) rest = NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (!g_str_has_prefix (parts[i], "X-Amz-Signature="))
        g_strv_builder_add (kept, parts[i]);
    }
  rest = g_strv_builder_end (kept);

  return g_strjoinv ("&", rest);
}

/**
 * aws_verify_request:
 * @request: what was received; the region may be %NULL to take that of the scope
 * @authorization: what it says about its signature
 * @secret_access_key: the secret that belongs to the access key id
 * @canonical_request: (out) (optional): the canonical request as it should be
 * @string_to_sign: (out) (optional): the string to sign as it should be
 *
 * Checks the signature of a request.
 *
 * Returns: whether it is good
 */
gboolean
aws_verify_request (const AwsSigningRequest  *request,
                    AwsAuthorization         *authorization,
                    const char               *secret_access_key,
                    char                    **canonical_request,
                    char                    **string_to_sign)
{
  g_autofree char *canonical = NULL;
  g_autofree char *query = NULL;
  g_autofree char *text = NULL;
  AwsSigningRequest signing;
  gboolean good;

  g_return_val_if_fail (request != NULL, FALSE);
  g_return_val_if_fail (authorization != NULL, FALSE);
  g_return_val_if_fail (secret_access_key != NULL, FALSE);

  signing = *request;
  if (authorization->query && request->query != NULL)
    signing.query = query = query_without_signature (request->query);
  if (signing.region == NULL)
    signing.region = authorization->region;
  if (signing.time == NULL)
    signing.time = authorization->time;

  canonical = aws_sign_canonical_request (&signing, authorization->signed_headers);
  text = aws_sign_string_to_sign (&signing, canonical);
  good = text != NULL &&
         aws_verify_signature (&signing, authorization->access_key_id, secret_access_key, text, authorization->signature);

  if (canonical_request != NULL)
    *canonical_request = g_steal_pointer (&canonical);
  if (string_to_sign != NULL)
    *string_to_sign = g_steal_pointer (&text);

  return good;
}
