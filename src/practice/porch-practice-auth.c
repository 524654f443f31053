/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-server.h"

#include "aws-checksum.h"
#include "aws-signer.h"
#include "aws-uri.h"

#define S3_SKEW      (15 * 60)
#define SKEW         (5 * 60)
#define LONGEST_URL  604800

struct _PracticeAuth
{
  PracticePayload  payload;
  char            *sha256;       /* of the body, when it is promised */
  char            *time;         /* 20261120T100000Z */
  char            *scope;        /* 20261120/eu-central-1/s3/aws4_request */
  char            *signature;    /* the header's: chunks chain on it */
  guint8           key[32];
};

typedef enum
{
  REFUSED_MISSING,
  REFUSED_INCOMPLETE,
  REFUSED_UNKNOWN_KEY,
  REFUSED_SIGNATURE,
  REFUSED_TOKEN,
  REFUSED_EXPIRED,
  N_REFUSALS,
} Refusal;

typedef struct
{
  guint        status;
  const char  *code;
  const char  *message;
} Answer;

#define NO_MATCH "The request signature we calculated does not match the signature you provided. " \
                 "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
#define BAD_TOKEN "The security token included in the request is invalid."
#define OLD_TOKEN "The security token included in the request is expired"

static const Answer s3_answers[N_REFUSALS] = {
  [REFUSED_MISSING] = { 403, "AccessDenied", "Access Denied" },
  [REFUSED_INCOMPLETE] = { 400, "AuthorizationHeaderMalformed", "The authorization header that you provided is not valid." },
  [REFUSED_UNKNOWN_KEY] = { 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records." },
  [REFUSED_SIGNATURE] = { 403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method." },
  [REFUSED_TOKEN] = { 400, "InvalidToken", "The provided token is malformed or otherwise invalid." },
  [REFUSED_EXPIRED] = { 400, "ExpiredToken", "The provided token has expired." },
};

static const Answer xml_answers[N_REFUSALS] = {
  [REFUSED_MISSING] = { 403, "MissingAuthenticationToken", "Request is missing Authentication Token" },
  [REFUSED_INCOMPLETE] = { 400, "IncompleteSignature", "The Authorization header is not complete." },
  [REFUSED_UNKNOWN_KEY] = { 403, "InvalidClientTokenId", BAD_TOKEN },
  [REFUSED_SIGNATURE] = { 403, "SignatureDoesNotMatch", NO_MATCH },
  [REFUSED_TOKEN] = { 403, "InvalidClientTokenId", BAD_TOKEN },
  [REFUSED_EXPIRED] = { 403, "ExpiredToken", OLD_TOKEN },
};

static const Answer json_answers[N_REFUSALS] = {
  [REFUSED_MISSING] = { 400, "com.amazon.coral.service#MissingAuthenticationTokenException", "Request is missing Authentication Token" },
  [REFUSED_INCOMPLETE] = { 400, "com.amazon.coral.service#IncompleteSignatureException", "The Authorization header is not complete." },
  [REFUSED_UNKNOWN_KEY] = { 400, "com.amazon.coral.service#UnrecognizedClientException", BAD_TOKEN },
  [REFUSED_SIGNATURE] = { 400, "com.amazon.coral.service#InvalidSignatureException", NO_MATCH },
  [REFUSED_TOKEN] = { 400, "com.amazon.coral.service#UnrecognizedClientException", BAD_TOKEN },
  [REFUSED_EXPIRED] = { 400, "com.amazon.coral.service#ExpiredTokenException", OLD_TOKEN },
};

static const Answer rest_json_answers[N_REFUSALS] = {
  [REFUSED_MISSING] = { 403, "MissingAuthenticationTokenException", "Missing Authentication Token" },
  [REFUSED_INCOMPLETE] = { 403, "IncompleteSignatureException", "The Authorization header is not complete." },
  [REFUSED_UNKNOWN_KEY] = { 403, "UnrecognizedClientException", BAD_TOKEN },
  [REFUSED_SIGNATURE] = { 403, "InvalidSignatureException", NO_MATCH },
  [REFUSED_TOKEN] = { 403, "UnrecognizedClientException", BAD_TOKEN },
  [REFUSED_EXPIRED] = { 403, "ExpiredTokenException", OLD_TOKEN },
};

static const Answer *
find_answer (PracticeCall *call,
             Refusal       refusal)
{
  switch (call->protocol)
    {
    case PRACTICE_PROTOCOL_S3:
      return &s3_answers[refusal];

    case PRACTICE_PROTOCOL_REST_XML:
    case PRACTICE_PROTOCOL_QUERY:
      return &xml_answers[refusal];

    case PRACTICE_PROTOCOL_JSON_1_0:
    case PRACTICE_PROTOCOL_JSON_1_1:
      return &json_answers[refusal];

    case PRACTICE_PROTOCOL_REST_JSON:
    case PRACTICE_PROTOCOL_SITE:
    default:
      return &rest_json_answers[refusal];
    }
}

/* Always FALSE, for "return refuse (...)". @message and @extra (XML) may be NULL. */
static gboolean
refuse (PracticeCall *call,
        Refusal       refusal,
        const char   *message,
        const char   *extra)
{
  const Answer *answer = find_answer (call, refusal);

  /* the KeyValueStore's data plane does not say more */
  if (call->service != NULL && call->service->asymmetric_only)
    practice_call_answer_error (call, 403, "AccessDeniedException", "Authentication failed");
  else
    practice_call_answer_error_extra (call, answer->status, answer->code, extra, NULL,
                                      message != NULL ? message : answer->message);

  return FALSE;
}

/* Always FALSE; for refusals that only S3 has. */
static gboolean
refuse_s3 (PracticeCall *call,
           guint         status,
           const char   *code,
           const char   *extra,
           const char   *message)
{
  practice_call_answer_error_extra (call, status, code, extra, NULL, message);

  return FALSE;
}

gboolean
practice_auth_is_signed (PracticeCall *call)
{
  const char *authorization = practice_call_get_header (call, "Authorization");

  if (authorization != NULL && (g_str_has_prefix (authorization, "AWS4-") || g_str_has_prefix (authorization, "AWS ")))
    return TRUE;

  return g_hash_table_contains (call->query, "X-Amz-Credential") ||
         g_hash_table_contains (call->query, "X-Amz-Signature") ||
         (g_hash_table_contains (call->query, "AWSAccessKeyId") && g_hash_table_contains (call->query, "Signature"));
}

char *
practice_auth_dup_service (PracticeCall *call)
{
  const char *authorization = practice_call_get_header (call, "Authorization");
  const char *credential = practice_call_get_query (call, "X-Amz-Credential");
  g_auto(GStrv) parts = NULL;
  guint n_parts;

  if (authorization != NULL && g_str_has_prefix (authorization, "AWS4-"))
    {
      const char *start = strstr (authorization, "Credential=");

      credential = start != NULL ? start + strlen ("Credential=") : NULL;
    }

  if (credential == NULL)
    return NULL;

  parts = g_strsplit_set (credential, "/, ", 6);
  for (n_parts = 0; parts[n_parts] != NULL; n_parts++)
    if (n_parts > 0 && g_str_equal (parts[n_parts], "aws4_request"))
      return g_strdup (parts[n_parts - 1]);

  return NULL;
}

static gboolean
refuse_unsigned (PracticeCall *call)
{
  const char *authorization = practice_call_get_header (call, "Authorization");
  gboolean old = (authorization != NULL && g_str_has_prefix (authorization, "AWS ")) ||
                 g_hash_table_contains (call->query, "AWSAccessKeyId");

  if (call->protocol != PRACTICE_PROTOCOL_S3)
    return refuse (call, REFUSED_MISSING, NULL, NULL);

  /* SigV2, which regions opened since 2014 have never known */
  if (old)
    return refuse_s3 (call, 400, "InvalidRequest", NULL,
                      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
  if (authorization != NULL)
    return refuse_s3 (call, 400, "InvalidArgument", NULL, "Unsupported Authorization Type");

  return TRUE;
}

static AwsHeaders *
collect_headers (PracticeCall *call)
{
  AwsHeaders *headers = aws_headers_new ();
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_iter_init (&iter, call->headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    aws_headers_append (headers, name, value);

  return headers;
}

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdefABCDEF") == 64;
}

/* What the signature says of the body: S3 takes a header's word for it and checks the body later. */
static gboolean
choose_payload (PracticeCall  *call,
                PracticeAuth  *auth,
                gboolean       in_query,
                const char   **signed_hash)
{
  static const struct
  {
    const char      *literal;
    PracticePayload  payload;
  } literals[] = {
    { AWS_PAYLOAD_UNSIGNED, PRACTICE_PAYLOAD_UNSIGNED },
    { "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", PRACTICE_PAYLOAD_CHUNKED },
    { "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", PRACTICE_PAYLOAD_CHUNKED_TRAILER },
    { "STREAMING-UNSIGNED-PAYLOAD-TRAILER", PRACTICE_PAYLOAD_UNSIGNED_TRAILER },
  };
  const char *header = practice_call_get_header (call, "X-Amz-Content-Sha256");

  if (call->protocol != PRACTICE_PROTOCOL_S3)
    {
      auth->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, call->body);
      *signed_hash = auth->sha256;

      return TRUE;
    }

  if (header == NULL)
    header = practice_call_get_query (call, "X-Amz-Content-Sha256");
  if (header == NULL && in_query)
    header = AWS_PAYLOAD_UNSIGNED;
  if (header == NULL)
    return refuse_s3 (call, 400, "InvalidRequest", NULL, "Missing required header for this request: x-amz-content-sha256");

  *signed_hash = header;
  for (guint i = 0; i < G_N_ELEMENTS (literals); i++)
    if (g_str_equal (header, literals[i].literal))
      {
        auth->payload = literals[i].payload;

        return TRUE;
      }

  if (!is_sha256 (header))
    return refuse_s3 (call, 400, "InvalidArgument",
                      "<ArgumentName>x-amz-content-sha256</ArgumentName>",
                      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.");

  auth->payload = PRACTICE_PAYLOAD_HASHED;
  auth->sha256 = g_ascii_strdown (header, -1);

  return TRUE;
}

static gboolean
check_clock (PracticeCall *call,
             GDateTime    *time,
             gint64        expires)
{
  gint64 now = practice_call_now (call) / G_USEC_PER_SEC;
  gint64 then = g_date_time_to_unix (time);
  gboolean s3 = call->protocol == PRACTICE_PROTOCOL_S3;
  gint64 tolerance = s3 ? S3_SKEW : SKEW;
  g_autofree char *sent = aws_signing_time_format (time);
  g_autofree char *server = practice_format_time (practice_call_now (call));
  g_autofree char *message = NULL;
  g_autofree char *extra = NULL;

  if (s3 && expires > 0)
    {
      if (then > now + tolerance)
        return refuse_s3 (call, 403, "AccessDenied", NULL, "Request is not yet valid");

      if (now > then + expires)
        {
          g_autofree char *end = practice_format_time ((then + expires) * G_USEC_PER_SEC);

          extra = g_strdup_printf ("<X-Amz-Expires>%" G_GINT64_FORMAT "</X-Amz-Expires><Expires>%s</Expires>"
                                   "<ServerTime>%s</ServerTime>", expires, end, server);

          return refuse_s3 (call, 403, "AccessDenied", extra, "Request has expired");
        }

      return TRUE;
    }

  if (ABS (now - then) <= tolerance || (expires > 0 && then <= now && now <= then + expires))
    return TRUE;

  if (s3)
    {
      extra = g_strdup_printf ("<RequestTime>%s</RequestTime><ServerTime>%s</ServerTime>"
                               "<MaxAllowedSkewMilliseconds>%d</MaxAllowedSkewMilliseconds>", sent, server, S3_SKEW * 1000);

      return refuse_s3 (call, 403, "RequestTimeTooSkewed", extra,
                        "The difference between the request time and the current time is too large.");
    }

  if (then < now)
    message = g_strdup_printf ("Signature expired: %s is now earlier than %s (5 min.)", sent, server);
  else
    message = g_strdup_printf ("Signature not yet current: %s is still later than %s (5 min.)", sent, server);

  return refuse (call, REFUSED_SIGNATURE, message, NULL);
}

/* Nothing that S3 acts upon may come from somebody on the way. */
static gboolean
check_signed_headers (PracticeCall *call,
                      const char   *signed_headers)
{
  g_auto(GStrv) names = g_strsplit (signed_headers, ";", -1);
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  if (!g_strv_contains ((const char * const *) names, "host"))
    return refuse (call, REFUSED_INCOMPLETE,
                   "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.", NULL);

  soup_message_headers_iter_init (&iter, call->headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      g_autofree char *lower = g_ascii_strdown (name, -1);

      if (call->protocol == PRACTICE_PROTOCOL_S3 && g_str_has_prefix (lower, "x-amz-") &&
          !g_str_equal (lower, "x-amz-content-sha256") &&
          !g_strv_contains ((const char * const *) names, lower))
        {
          g_autoptr(GString) extra = g_string_new (NULL);

          aws_xml_append_element (extra, "HeadersNotSigned", lower);

          return refuse_s3 (call, 403, "AccessDenied", extra->str,
                            "There were headers present in the request which were not signed");
        }
    }

  return TRUE;
}

/* A presigned URL has rules of its own; returns its lifetime, 0 for a header, -1 after a refusal. */
static gint64
check_lifetime (PracticeCall     *call,
                AwsAuthorization *authorization)
{
  const char *text = practice_call_get_query (call, "X-Amz-Expires");
  gint64 expires = 0;

  if (!aws_authorization_is_query (authorization))
    return 0;

  if (text == NULL && call->protocol != PRACTICE_PROTOCOL_S3)
    return SKEW;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, 1, G_MAXINT, &expires, NULL))
    {
      refuse_s3 (call, 400, "AuthorizationQueryParametersError", NULL,
                 "X-Amz-Expires should be a number of at least one second");

      return -1;
    }

  if (expires > LONGEST_URL)
    {
      refuse_s3 (call, 400, "AuthorizationQueryParametersError", NULL,
                 "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds");

      return -1;
    }

  return expires;
}

static gboolean
check_key (PracticeCall     *call,
           AwsAuthorization *authorization,
           PracticeKey      *key)
{
  const char *token = practice_call_get_header (call, "X-Amz-Security-Token");
  g_autoptr(GString) extra = g_string_new (NULL);

  if (token == NULL)
    token = aws_authorization_get_session_token (authorization);

  if (key == NULL || (key->token != NULL && token == NULL))
    {
      aws_xml_append_element (extra, "AWSAccessKeyId", aws_authorization_get_access_key_id (authorization));

      return refuse (call, REFUSED_UNKNOWN_KEY, NULL, call->protocol == PRACTICE_PROTOCOL_S3 ? extra->str : NULL);
    }

  if (g_strcmp0 (key->token, token) != 0)
    return refuse (call, REFUSED_TOKEN, NULL, NULL);

  if (key->expires != 0 && key->expires <= practice_call_now (call))
    return refuse (call, REFUSED_EXPIRED, NULL, NULL);

  return TRUE;
}

static gboolean
refuse_signature (PracticeCall     *call,
                  AwsAuthorization *authorization,
                  const char       *canonical_request,
                  const char       *string_to_sign)
{
  g_autoptr(GString) extra = g_string_new (NULL);

  if (call->protocol != PRACTICE_PROTOCOL_S3)
    return refuse (call, REFUSED_SIGNATURE, NULL, NULL);

  aws_xml_append_element (extra, "AWSAccessKeyId", aws_authorization_get_access_key_id (authorization));
  aws_xml_append_element (extra, "StringToSign", string_to_sign);
  aws_xml_append_element (extra, "SignatureProvided", aws_authorization_get_signature (authorization));
  aws_xml_append_element (extra, "CanonicalRequest", canonical_request);

  return refuse (call, REFUSED_SIGNATURE, NULL, extra->str);
}

static void
derive_key (PracticeAuth     *auth,
            AwsAuthorization *authorization,
            const char       *secret)
{
  const char *steps[] = {
    aws_authorization_get_date (authorization),
    aws_authorization_get_region (authorization),
    aws_authorization_get_service (authorization),
    "aws4_request",
  };
  g_autofree char *first = g_strconcat ("AWS4", secret, NULL);
  gsize length = strlen (first);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, i == 0 ? (const guchar *) first : auth->key, length);

      g_hmac_update (hmac, (const guchar *) steps[i], -1);
      length = sizeof auth->key;
      g_hmac_get_digest (hmac, auth->key, &length);
    }

  auth->scope = g_strjoin ("/", steps[0], steps[1], steps[2], steps[3], NULL);
}

static void
set_principal (PracticeCall     *call,
               AwsAuthorization *authorization,
               PracticeKey      *key)
{
  call->principal = g_new0 (PracticePrincipal, 1);
  call->principal->arn = g_strdup (key->arn);
  call->principal->user_id = g_strdup (key->user_id);
  call->principal->role_arn = g_strdup (key->role_arn);
  call->principal->user_arn = g_strdup (key->user_arn);

  /* the scope of SigV4A names no region */
  call->any_region = aws_authorization_get_version (authorization) == AWS_SIGNATURE_V4A;
  call->region = g_strdup (call->any_region ? call->practice->region : aws_authorization_get_region (authorization));
}

static GDateTime *
find_time (PracticeCall     *call,
           AwsAuthorization *authorization)
{
  const char *header = practice_call_get_header (call, "X-Amz-Date");
  const char *date = practice_call_get_header (call, "Date");

  if (aws_authorization_is_query (authorization))
    header = practice_call_get_query (call, "X-Amz-Date");

  if (header != NULL)
    return aws_signing_time_parse (header);

  return date != NULL ? soup_date_time_new_from_http_string (date) : NULL;
}

static gboolean
check_signature (PracticeCall     *call,
                 PracticeAuth     *auth,
                 AwsAuthorization *authorization)
{
  g_autoptr(AwsHeaders) headers = collect_headers (call);
  g_autoptr(GDateTime) time = find_time (call, authorization);
  g_autoptr(PracticeKey) key = NULL;
  g_autofree char *path = NULL;
  g_autofree char *canonical_request = NULL;
  g_autofree char *string_to_sign = NULL;
  AwsSigningRequest request;
  const char *payload_hash = NULL;
  gint64 lifetime;

  if (time == NULL)
    return refuse (call, REFUSED_INCOMPLETE, "Authorization requires existence of either a 'X-Amz-Date' or a 'Date' header.", NULL);

  auth->time = aws_signing_time_format (time);
  auth->signature = g_strdup (aws_authorization_get_signature (authorization));

  if ((lifetime = check_lifetime (call, authorization)) < 0 ||
      !check_signed_headers (call, aws_authorization_get_signed_headers (authorization)) ||
      !check_clock (call, time, lifetime))
    return FALSE;

  key = practice_key_lookup (call->practice, aws_authorization_get_access_key_id (authorization));
  if (!check_key (call, authorization, key) ||
      !choose_payload (call, auth, aws_authorization_is_query (authorization), &payload_hash))
    return FALSE;

  aws_signing_request_init (&request, aws_authorization_get_version (authorization),
                            aws_authorization_get_service (authorization));
  request.method = call->method;
  /* S3 signs the key, however it was written in the address */
  request.path = call->protocol == PRACTICE_PROTOCOL_S3 ? (path = aws_uri_encode_path (call->path)) : call->raw_path;
  request.query = call->raw_query;
  request.headers = headers;
  request.payload_hash = payload_hash;
  request.region = aws_authorization_get_region (authorization);
  request.time = time;

  if (!g_str_has_prefix (auth->time, aws_authorization_get_date (authorization)) ||
      !aws_verify_request (&request, authorization, key->secret, &canonical_request, &string_to_sign))
    return refuse_signature (call, authorization, canonical_request, string_to_sign);

  if (call->service != NULL && call->service->asymmetric_only &&
      aws_authorization_get_version (authorization) != AWS_SIGNATURE_V4A)
    return refuse (call, REFUSED_SIGNATURE, NULL, NULL);

  if (aws_authorization_get_version (authorization) == AWS_SIGNATURE_V4)
    derive_key (auth, authorization, key->secret);
  set_principal (call, authorization, key);

  return TRUE;
}

gboolean
practice_auth_check (PracticeCall *call)
{
  g_autoptr(AwsAuthorization) authorization = NULL;
  g_autoptr(GError) error = NULL;
  const char *header = practice_call_get_header (call, "Authorization");
  PracticeAuth *auth = g_new0 (PracticeAuth, 1);

  auth->payload = PRACTICE_PAYLOAD_UNSIGNED;
  call->auth = auth;

  if (header != NULL && g_str_has_prefix (header, "AWS4-"))
    {
      authorization = aws_authorization_new_for_header (header, &error);
      if (authorization == NULL)
        return refuse (call, REFUSED_INCOMPLETE, error->message, NULL);
    }
  else if (g_hash_table_contains (call->query, "X-Amz-Credential") || g_hash_table_contains (call->query, "X-Amz-Signature"))
    {
      authorization = aws_authorization_new_for_query (call->raw_query, &error);
      if (authorization == NULL && call->protocol == PRACTICE_PROTOCOL_S3)
        return refuse_s3 (call, 400, "AuthorizationQueryParametersError", NULL,
                          "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                          "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
      if (authorization == NULL)
        return refuse (call, REFUSED_INCOMPLETE, error->message, NULL);
    }
  else
    {
      return refuse_unsigned (call);
    }

  return check_signature (call, auth, authorization);
}

PracticePayload
practice_auth_get_payload (PracticeAuth *auth)
{
  return auth->payload;
}

const char *
practice_auth_get_sha256 (PracticeAuth *auth)
{
  return auth->sha256;
}

char *
practice_auth_sign_chunk (PracticeAuth *auth,
                          const char   *kind,
                          const char   *previous,
                          const char   *data_hash)
{
  g_autofree char *string_to_sign = g_strdup_printf ("%s\n%s\n%s\n%s\n%s", kind, auth->time,
                                                     auth->scope != NULL ? auth->scope : "",
                                                     previous != NULL ? previous : auth->signature, data_hash);

  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, auth->key, sizeof auth->key, string_to_sign, -1);
}

void
practice_auth_free (gpointer data)
{
  PracticeAuth *auth = data;

  g_free (auth->sha256);
  g_free (auth->time);
  g_free (auth->scope);
  g_free (auth->signature);
  g_free (auth);
}
