/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-oauth.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "aws-json.h"
#include "porch-practice-sts.h"

/* The console sign-in: codes for whoever presses Allow, credentials for a quarter of an hour that are bound to a key */

#define SAME_DEVICE  "arn:aws:signin:::devtools/same-device"
#define CROSS_DEVICE "arn:aws:signin:::devtools/cross-device"

#define CODE_SECONDS    300
#define KEY_SECONDS     900
#define SESSION_SECONDS (12 * 3600)
#define PROOF_SECONDS   300

static void
refuse (PracticeCall *call,
        guint         status,
        const char   *exception,
        const char   *reason,
        const char   *message)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "error", reason);
  json_object_set_string_member (object, "message", message);
  practice_call_set_header (call, "x-amzn-ErrorType", exception);
  practice_call_answer_json (call, status, object);
}

static void
refuse_invalid (PracticeCall *call,
                const char   *message)
{
  refuse (call, SOUP_STATUS_BAD_REQUEST, "ValidationException", "INVALID_REQUEST", message);
}

/* Asking for a code */

static char *
dup_confirmation (PracticeCall *call)
{
  return g_strconcat ("http://", call->authority, "/v1/sessions/confirmation", NULL);
}

/* What is wrong with it; NULL for nothing */
static const char *
check_authorize (PracticeCall *call,
                 GHashTable   *parameters)
{
  const char *client = g_hash_table_lookup (parameters, "client_id");
  const char *state = g_hash_table_lookup (parameters, "state");
  const char *redirect_uri = g_hash_table_lookup (parameters, "redirect_uri");
  g_autofree char *confirmation = dup_confirmation (call);

  if (g_strcmp0 (g_hash_table_lookup (parameters, "response_type"), "code") != 0)
    return "response_type is not code";
  if (g_strcmp0 (g_hash_table_lookup (parameters, "scope"), "openid") != 0)
    return "scope is not openid";
  if (g_strcmp0 (g_hash_table_lookup (parameters, "code_challenge_method"), "SHA-256") != 0)
    return "code_challenge_method is not SHA-256";
  if (!practice_oauth_is_challenge (g_hash_table_lookup (parameters, "code_challenge")))
    return "code_challenge is not the hash of anything";
  if (state == NULL || *state == '\0' || strlen (state) > 128)
    return "state is missing or too long";

  if (g_strcmp0 (client, SAME_DEVICE) == 0)
    return practice_oauth_is_loopback (redirect_uri) ? NULL : "redirect_uri is not that of a program on this computer";
  if (g_strcmp0 (client, CROSS_DEVICE) == 0)
    return g_strcmp0 (redirect_uri, confirmation) == 0 ? NULL : "redirect_uri is not the confirmation page";

  return "client_id is not known";
}

static void
show_authorize (PracticeCall *call)
{
  practice_oauth_show (call, check_authorize (call, call->query), "A program on this computer asks for the rights of the practice user.");
}

static void
decide_authorize (PracticeCall *call)
{
  g_autoptr(GHashTable) form = practice_oauth_dup_form (call);
  const char *wrong = form != NULL ? check_authorize (call, form) : "no form was sent";

  practice_oauth_decide (call, form, wrong, "signin-code", CODE_SECONDS, "The request was denied");
}

static void
show_confirmation (PracticeCall *call)
{
  const char *code = practice_call_get_query (call, "code");
  const char *state = practice_call_get_query (call, "state");
  g_autofree char *text = NULL;
  g_autofree char *base64 = NULL;
  g_autofree char *html = NULL;

  if (code == NULL || state == NULL)
    {
      practice_oauth_answer_page (call, SOUP_STATUS_OK, "Not Signed In", "<p>You can close this page.</p>");
      return;
    }

  text = g_strdup_printf ("state=%s&code=%s", state, code);
  base64 = g_base64_encode ((const guchar *) text, strlen (text));
  html = g_strdup_printf ("<p>Copy this code into the program:</p><p><code id=\"code\" style=\"word-break:break-all\">%s</code></p>",
                          base64);
  practice_oauth_answer_page (call, SOUP_STATUS_OK, "Your Code", html);
}

/* The proof of a key */

static EVP_PKEY *
load_key (JsonObject *jwk)
{
  const char *x_text = aws_json_get_string (jwk, "x");
  const char *y_text = aws_json_get_string (jwk, "y");
  gsize x_length = 0, y_length = 0;
  g_autofree guint8 *x = x_text != NULL ? practice_oauth_decode (x_text, &x_length) : NULL;
  g_autofree guint8 *y = y_text != NULL ? practice_oauth_decode (y_text, &y_length) : NULL;
  guint8 point[65] = { 4 };
  OSSL_PARAM parameters[3];
  EVP_PKEY_CTX *context;
  EVP_PKEY *key = NULL;

  if (g_strcmp0 (aws_json_get_string (jwk, "kty"), "EC") != 0 || g_strcmp0 (aws_json_get_string (jwk, "crv"), "P-256") != 0 ||
      x == NULL || y == NULL || x_length != 32 || y_length != 32 || json_object_has_member (jwk, "d"))
    return NULL;

  memcpy (point + 1, x, 32);
  memcpy (point + 33, y, 32);
  parameters[0] = OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) "prime256v1", 0);
  parameters[1] = OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
  parameters[2] = OSSL_PARAM_construct_end ();

  context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  if (EVP_PKEY_fromdata_init (context) != 1 || EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    key = NULL;
  EVP_PKEY_CTX_free (context);

  return key;
}

static gboolean
is_signed_by (EVP_PKEY   *key,
              const char *text,
              gsize       text_length,
              const char *signature_text)
{
  gsize length = 0;
  g_autofree guint8 *numbers = practice_oauth_decode (signature_text, &length);
  ECDSA_SIG *signature;
  unsigned char *der = NULL;
  int der_length;
  EVP_MD_CTX *context;
  gboolean good;

  if (numbers == NULL || length != 64)
    return FALSE;

  signature = ECDSA_SIG_new ();
  ECDSA_SIG_set0 (signature, BN_bin2bn (numbers, 32, NULL), BN_bin2bn (numbers + 32, 32, NULL));
  der_length = i2d_ECDSA_SIG (signature, &der);
  context = EVP_MD_CTX_new ();
  good = EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key) == 1 &&
         EVP_DigestVerify (context, der, der_length, (const unsigned char *) text, text_length) == 1;
  EVP_MD_CTX_free (context);
  OPENSSL_free (der);
  ECDSA_SIG_free (signature);

  return good;
}

static JsonObject *
load_part (const char *part)
{
  gsize length;
  guint8 *text = practice_oauth_decode (part, &length);
  g_autoptr(GBytes) bytes = NULL;

  if (text == NULL)
    return NULL;

  bytes = g_bytes_new_take (text, length);

  return aws_json_load_object (bytes, NULL);
}

/* RFC 7638 */
static char *
dup_thumbprint (JsonObject *jwk)
{
  g_autofree char *text = g_strdup_printf ("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}",
                                           aws_json_get_string (jwk, "x"), aws_json_get_string (jwk, "y"));

  return practice_oauth_hash (text);
}

static const char *
check_claims (PracticeCall *call,
              JsonObject   *claims)
{
  g_autofree char *url = g_strconcat ("http://", call->authority, "/v1/token", NULL);
  gint64 age = practice_call_now (call) / G_USEC_PER_SEC - aws_json_get_int (claims, "iat", 0);
  const char *id = aws_json_get_string (claims, "jti");
  g_autoptr(JsonObject) used = NULL;

  if (g_strcmp0 (aws_json_get_string (claims, "htm"), "POST") != 0)
    return "DPoP: htm is not POST";
  if (g_strcmp0 (aws_json_get_string (claims, "htu"), url) != 0)
    return "DPoP: htu is not the address of this request";
  if (ABS (age) > PROOF_SECONDS)
    return "DPoP: iat is too far from now";
  if (id == NULL || strlen (id) < 8)
    return "DPoP: jti is missing";
  if ((used = practice_oauth_dup (call, "signin-proof", id, NULL)) != NULL)
    return "DPoP: jti was used before";

  return NULL;
}

/* The thumbprint of the key; NULL after a refusal was answered */
static char *
check_proof (PracticeCall *call)
{
  const char *header_text = practice_call_get_header (call, "DPoP");
  g_auto(GStrv) parts = g_strsplit (header_text != NULL ? header_text : "", ".", -1);
  g_autoptr(JsonObject) header = g_strv_length (parts) == 3 ? load_part (parts[0]) : NULL;
  g_autoptr(JsonObject) claims = g_strv_length (parts) == 3 ? load_part (parts[1]) : NULL;
  JsonObject *jwk = aws_json_get_object (header, "jwk");
  const char *wrong = NULL;
  EVP_PKEY *key = NULL;

  if (header == NULL || claims == NULL)
    wrong = "DPoP: the header is missing or no JWS";
  else if (g_strcmp0 (aws_json_get_string (header, "typ"), "dpop+jwt") != 0 ||
           g_strcmp0 (aws_json_get_string (header, "alg"), "ES256") != 0 || jwk == NULL || !(key = load_key (jwk)))
    wrong = "DPoP: the header is not that of a proof with a key on P-256";
  else if (!is_signed_by (key, header_text, strlen (parts[0]) + 1 + strlen (parts[1]), parts[2]))
    wrong = "DPoP: the signature does not match";
  else
    wrong = check_claims (call, claims);

  EVP_PKEY_free (key);

  if (wrong != NULL)
    {
      refuse_invalid (call, wrong);
      return NULL;
    }

  if (!practice_oauth_put (call, "signin-proof", aws_json_get_string (claims, "jti"), json_object_new (),
                           practice_call_now (call) + 2 * PROOF_SECONDS * G_USEC_PER_SEC))
    return NULL;

  return dup_thumbprint (jwk);
}

/* Credentials */

static char *
build_id_token (PracticeCall *call)
{
  Practice *practice = call->practice;
  gint64 now = practice_call_now (call) / G_USEC_PER_SEC;
  g_autoptr(JsonObject) claims = json_object_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *header = practice_oauth_encode ("{\"typ\":\"JWT\",\"alg\":\"ES384\"}", strlen ("{\"typ\":\"JWT\",\"alg\":\"ES384\"}"));
  g_autofree char *payload = NULL;
  g_autofree char *signature = practice_random_id (128, NULL);

  json_object_set_string_member (claims, "sub", practice->user_arn);
  json_object_set_string_member (claims, "aud", SAME_DEVICE);
  json_object_set_string_member (claims, "iss", practice->endpoint);
  json_object_set_string_member (claims, "session_arn", practice->user_arn);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "exp", now + KEY_SECONDS);
  bytes = aws_json_object_to_bytes (claims);
  payload = practice_oauth_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return g_strjoin (".", header, payload, signature, NULL);
}

static void
answer_token (PracticeCall *call,
              const char   *client_id,
              const char   *thumbprint,
              gint64        session_ends,
              gboolean      is_first)
{
  Practice *practice = call->practice;
  g_autofree char *user_id = practice_db_get_setting (practice->db, "user-id");
  g_autofree char *refresh_token = practice_random_id (96, NULL);
  g_autofree char *id_token = is_first ? build_id_token (call) : NULL;
  g_autoptr(PracticeSession) session = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *record = json_object_new ();
  JsonObject *answer, *access;

  json_object_set_string_member (record, "clientId", client_id);
  json_object_set_string_member (record, "thumbprint", thumbprint);

  if (!practice_oauth_put (call, "signin-refresh", refresh_token, record, session_ends))
    return;

  session = practice_session_new (practice, practice_call_now (call), KEY_SECONDS, practice->user_arn, user_id, NULL, &error);
  if (session != NULL)
    practice_call_age_session (call, session);
  if (session == NULL ||
      !practice_db_run (practice->db, &error, "INSERT INTO sign_ins (kind, id, record, expires) VALUES ('key', ?, '{}', ?)",
                        "si", session->access_key_id, session->expires))
    {
      practice_call_answer_internal (call, error);
      return;
    }

  answer = json_object_new ();
  access = json_object_new ();
  json_object_set_string_member (access, "accessKeyId", session->access_key_id);
  json_object_set_string_member (access, "secretAccessKey", session->secret);
  json_object_set_string_member (access, "sessionToken", session->token);
  json_object_set_object_member (answer, "accessToken", access);
  json_object_set_string_member (answer, "tokenType", "aws_sigv4");
  json_object_set_int_member (answer, "expiresIn", KEY_SECONDS);
  json_object_set_string_member (answer, "refreshToken", refresh_token);
  if (id_token != NULL)
    json_object_set_string_member (answer, "idToken", id_token);
  practice_call_answer_json (call, SOUP_STATUS_OK, answer);
}

static void
redeem_code (PracticeCall *call,
             const char   *thumbprint)
{
  const char *code = aws_json_get_string (call->json, "code");
  const char *verifier = aws_json_get_string (call->json, "codeVerifier");
  const char *client_id = aws_json_get_string (call->json, "clientId");
  gboolean has_ended = FALSE;
  g_autoptr(JsonObject) record = practice_oauth_dup (call, "signin-code", code, &has_ended);
  g_autofree char *challenge = NULL;

  if (record == NULL)
    {
      refuse_invalid (call, "The authorization code is not known, or was used");
      return;
    }

  /* whatever comes of it, it serves once */
  practice_oauth_remove (call, "signin-code", code);
  challenge = verifier != NULL ? practice_oauth_hash (verifier) : NULL;

  if (has_ended)
    refuse (call, SOUP_STATUS_UNAUTHORIZED, "AccessDeniedException", "AUTHCODE_EXPIRED", "The authorization code has expired");
  else if (g_strcmp0 (aws_json_get_string (record, "clientId"), client_id) != 0)
    refuse_invalid (call, "clientId is not that of the authorization code");
  else if (g_strcmp0 (aws_json_get_string (record, "redirectUri"), aws_json_get_string (call->json, "redirectUri")) != 0)
    refuse_invalid (call, "redirectUri is not that of the authorization code");
  else if (verifier == NULL || strlen (verifier) < 43 || strlen (verifier) > 128 ||
           g_strcmp0 (challenge, aws_json_get_string (record, "challenge")) != 0)
    refuse_invalid (call, "codeVerifier does not fit the challenge");
  else
    answer_token (call, client_id, thumbprint, practice_call_now (call) + (gint64) SESSION_SECONDS * G_USEC_PER_SEC, TRUE);
}

static void
refresh (PracticeCall *call,
         const char   *thumbprint)
{
  const char *token = aws_json_get_string (call->json, "refreshToken");
  const char *client_id = aws_json_get_string (call->json, "clientId");
  gboolean has_ended = FALSE;
  g_autoptr(JsonObject) record = practice_oauth_dup (call, "signin-refresh", token, &has_ended);
  g_autofree char *ends = NULL;

  if (record == NULL)
    {
      refuse_invalid (call, "The authorization grant is invalid");
      return;
    }

  if (has_ended)
    {
      refuse (call, SOUP_STATUS_UNAUTHORIZED, "AccessDeniedException", "TOKEN_EXPIRED", "The refresh token has expired");
      return;
    }

  if (g_strcmp0 (aws_json_get_string (record, "thumbprint"), thumbprint) != 0 ||
      g_strcmp0 (aws_json_get_string (record, "clientId"), client_id) != 0 ||
      json_object_has_member (call->json, "code") || json_object_has_member (call->json, "codeVerifier") ||
      json_object_has_member (call->json, "redirectUri"))
    {
      refuse_invalid (call, "The refresh token belongs to another key or client, or there are members that do not belong here");
      return;
    }

  ends = practice_db_lookup (call->practice->db, "SELECT expires FROM sign_ins WHERE kind = 'signin-refresh' AND id = ?", "s", token);
  practice_oauth_remove (call, "signin-refresh", token);
  answer_token (call, client_id, thumbprint, g_ascii_strtoll (ends, NULL, 10), FALSE);
}

static void
create_token (PracticeCall *call)
{
  const char *client_id = aws_json_get_string (call->json, "clientId");
  const char *grant = aws_json_get_string (call->json, "grantType");
  g_autofree char *thumbprint = NULL;

  if (g_strcmp0 (client_id, SAME_DEVICE) != 0 && g_strcmp0 (client_id, CROSS_DEVICE) != 0)
    {
      refuse_invalid (call, "clientId is not known");
      return;
    }

  if ((thumbprint = check_proof (call)) == NULL)
    return;

  if (g_strcmp0 (grant, "authorization_code") == 0)
    redeem_code (call, thumbprint);
  else if (g_strcmp0 (grant, "refresh_token") == 0)
    refresh (call, thumbprint);
  else
    refuse_invalid (call, "grantType is neither authorization_code nor refresh_token");
}

/* Signing out everywhere, as the pages of an account can do it */

static void
show_sessions (PracticeCall *call)
{
  practice_oauth_answer_page (call, SOUP_STATUS_OK, "Sessions",
                              "<form method=\"post\" action=\"/v1/sessions/end\"><button id=\"end\">End All Sessions</button></form>");
}

static void
end_sessions (PracticeCall *call)
{
  g_autoptr(GError) error = NULL;

  if (practice_db_run (call->practice->db, &error,
                       "UPDATE sessions SET expires = ? WHERE access_key_id IN (SELECT id FROM sign_ins WHERE kind = 'key')",
                       "i", practice_call_now (call)) &&
      practice_db_run (call->practice->db, &error,
                       "UPDATE sign_ins SET expires = ? WHERE kind IN ('key', 'signin-refresh', 'sso-token', 'sso-refresh')",
                       "i", practice_call_now (call)))
    practice_oauth_answer_page (call, SOUP_STATUS_OK, "Signed Out", "<p>All sessions are over.</p>");
  else
    practice_oauth_answer_page (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "Failed", error->message);
}

static const PracticeService signin_service = {
  .name = "signin",
  .protocol = PRACTICE_PROTOCOL_REST_JSON,
  .handle = practice_call_answer_unknown_operation,
};

static const PracticeRoute signin_routes[] = {
  { "GET", "/v1/authorize", NULL, show_authorize },
  { "POST", "/v1/authorize", NULL, decide_authorize },
  { "GET", "/v1/sessions/confirmation", NULL, show_confirmation },
  { "GET", "/v1/sessions", NULL, show_sessions },
  { "POST", "/v1/sessions/end", NULL, end_sessions },
  { "POST", "/v1/token", "CreateOAuth2Token", create_token },
  { NULL }
};

gboolean
practice_signin_init (Practice  *practice,
                      GError   **error)
{
  practice_register_routes (practice, &signin_service, signin_routes);

  return TRUE;
}
