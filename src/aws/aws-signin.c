/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-signin.h"

#include <string.h>

#include "aws-document.h"
#include "aws-error-private.h"
#include "aws-operation.h"
#include "aws-operations-private.h"
#include "aws-pkce.h"
#include "aws-retry.h"
#include "aws-uri.h"

#define TOKEN_PATH "/v1/token"

/* A proof that is this far off is not believed */
#define SKEW_LIMIT (4 * G_TIME_SPAN_MINUTE)

#define ATTEMPTS 3
#define DELAY    (50 * G_TIME_SPAN_MILLISECOND)

static const AwsShape token_input[] = {
  { "clientId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "grantType", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "code" },
  { "redirectUri" },
  { "codeVerifier" },
  { "refreshToken" },
  { NULL }
};

static const AwsShape input_members[] = {
  { "tokenInput", AWS_STRUCTURE (token_input), .flags = AWS_SHAPE_REQUIRED, .place = AWS_PLACE_PAYLOAD },
  { "DPoP", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_HEADER },
  { NULL }
};

static const AwsShape access_token[] = {
  { "accessKeyId" },
  { "secretAccessKey" },
  { "sessionToken" },
  { NULL }
};

static const AwsShape token_output[] = {
  { "accessToken", AWS_STRUCTURE (access_token) },
  { "tokenType" },
  { "expiresIn", AWS_SHAPE_INTEGER },
  { "refreshToken" },
  { "idToken" },
  { NULL }
};

static const AwsShape output_members[] = {
  { "tokenOutput", AWS_STRUCTURE (token_output), .place = AWS_PLACE_PAYLOAD },
  { NULL }
};

/* Each attempt needs a proof of its own, so that repeating is done here */
static const AwsOperation create_token = {
  "signin", "CreateOAuth2Token", "POST", TOKEN_PATH,
  .input = input_members, .output = output_members, .attempts = 1, .unsigned_request = TRUE,
};

const AwsOperation * const aws_signin_operations[] = {
  &create_token,
  NULL
};

AWS_DEFINE_DOCUMENT (AwsSigninToken, aws_signin_token)

/**
 * aws_signin_token_dup_credentials:
 * @self: a token
 * @expiration: (nullable): when they end
 *
 * Returns: (transfer full) (nullable): the credentials, %NULL if the answer has none
 */
AwsCredentials *
aws_signin_token_dup_credentials (AwsSigninToken *self,
                                  GDateTime      *expiration)
{
  JsonObject *object;
  const char *id, *secret;

  g_return_val_if_fail (self != NULL, NULL);

  object = aws_json_get_object (self->document.object, "accessToken");
  id = aws_json_get_string (object, "accessKeyId");
  secret = aws_json_get_string (object, "secretAccessKey");

  if (id == NULL || secret == NULL)
    return NULL;

  return aws_credentials_new (id, secret, aws_json_get_string (object, "sessionToken"), expiration);
}

/**
 * aws_signin_token_get_seconds:
 * @self: a token
 *
 * Returns: for how many seconds from the answer on the credentials are good
 */
AWS_DOCUMENT_INT (AwsSigninToken, aws_signin_token, seconds, "expiresIn")

/**
 * aws_signin_token_get_type_name:
 * @self: a token
 *
 * Returns: (transfer none) (nullable): what kind it is: `aws_sigv4`
 */
AWS_DOCUMENT_STRING (AwsSigninToken, aws_signin_token, type_name, "tokenType")

/**
 * aws_signin_token_get_refresh_token:
 * @self: a token
 *
 * Returns: (transfer none) (nullable): what the next one is got with; never to be logged
 */
AWS_DOCUMENT_STRING (AwsSigninToken, aws_signin_token, refresh_token, "refreshToken")

/**
 * aws_signin_token_get_id_token:
 * @self: a token
 *
 * Returns: (transfer none) (nullable): what tells who signed in; refreshing does not give another
 */
AWS_DOCUMENT_STRING (AwsSigninToken, aws_signin_token, id_token, "idToken")

/* One token that is asked for, as often as makes sense */
typedef struct
{
  AwsClient  *client;
  AwsDpopKey *key;
  JsonObject *body;
  GTimeSpan   offset;
  guint       attempts;
  gboolean    clock_corrected;
} TokenCall;

static void
token_call_clear (gpointer data)
{
  TokenCall *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->key, aws_dpop_key_unref);
  g_clear_pointer (&self->body, json_object_unref);
}

static void
token_call_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, token_call_clear);
}

static DexFuture *
send_attempt (TokenCall *self)
{
  g_autofree char *url = aws_client_dup_address (self->client, "signin", TOKEN_PATH);
  g_autofree char *proof = NULL;
  JsonObject *input = json_object_new ();

  self->offset = aws_client_get_clock_offset (self->client);
  self->attempts++;
  proof = aws_dpop_key_dup_proof (self->key, "POST", url, (g_get_real_time () + self->offset) / G_USEC_PER_SEC);
  json_object_set_object_member (input, "tokenInput", json_object_ref (self->body));
  aws_input_set_string (input, "DPoP", proof);

  return aws_operation_call_document (&create_token, self->client, input, AWS_TYPE_SIGNIN_TOKEN, "tokenOutput");
}

static DexFuture *
paused (DexFuture *completed,
        gpointer   user_data)
{
  return send_attempt (user_data);
}

static DexFuture *
attempted (DexFuture *completed,
           gpointer   user_data)
{
  TokenCall *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (completed, &error) != NULL)
    return NULL;

  /* A wrong clock is not told by a code of its own */
  if (!self->clock_corrected && ABS (aws_client_get_clock_offset (self->client) - self->offset) > SKEW_LIMIT)
    {
      self->clock_corrected = TRUE;
      return send_attempt (self);
    }

  if (!aws_error_is_retryable (error) || self->attempts >= ATTEMPTS)
    return NULL;

  return dex_future_finally (dex_timeout_new_usec (aws_retry_delay (AWS_RETRY_TRANSIENT, self->attempts - 1, DELAY, NULL)),
                             paused, g_atomic_rc_box_acquire (self), token_call_unref);
}

static DexFuture *
create (AwsClient  *client,
        AwsDpopKey *key,
        JsonObject *body)
{
  TokenCall *self = g_atomic_rc_box_new0 (TokenCall);

  self->client = g_object_ref (client);
  self->key = aws_dpop_key_ref (key);
  self->body = body;

  return dex_future_finally_loop (send_attempt (self), attempted, self, token_call_unref);
}

/**
 * aws_signin_redeem_code:
 * @client: a client for the region in which the person signed in
 * @key: the key that the session is to be bound to
 * @client_id: `AWS_SIGNIN_SAME_DEVICE` or `AWS_SIGNIN_CROSS_DEVICE`
 * @code: what came from the browser
 * @verifier: what the challenge in the address was made of
 * @redirect_uri: where the browser was to come back to
 *
 * Turns a code into a session. A code serves once, for some minutes.
 *
 * Returns: (transfer full): resolves to an [struct@AwsSigninToken]
 */
DexFuture *
aws_signin_redeem_code (AwsClient  *client,
                        AwsDpopKey *key,
                        const char *client_id,
                        const char *code,
                        const char *verifier,
                        const char *redirect_uri)
{
  JsonObject *body;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (key != NULL);
  dex_return_error_if_fail (client_id != NULL && code != NULL && verifier != NULL && redirect_uri != NULL);

  body = json_object_new ();
  aws_input_set_string (body, "clientId", client_id);
  aws_input_set_string (body, "grantType", "authorization_code");
  aws_input_set_string (body, "code", code);
  aws_input_set_string (body, "codeVerifier", verifier);
  aws_input_set_string (body, "redirectUri", redirect_uri);

  return create (client, key, body);
}

/**
 * aws_signin_refresh:
 * @client: a client for the region in which the person signed in
 * @key: the key that the session is bound to
 * @client_id: with which it began
 * @refresh_token: of the last token; it serves once
 *
 * Asks for new credentials. The new refresh token must be kept before anything is done with them.
 *
 * Returns: (transfer full): resolves to an [struct@AwsSigninToken] without an id token
 */
DexFuture *
aws_signin_refresh (AwsClient  *client,
                    AwsDpopKey *key,
                    const char *client_id,
                    const char *refresh_token)
{
  JsonObject *body;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (key != NULL);
  dex_return_error_if_fail (client_id != NULL && refresh_token != NULL);

  body = json_object_new ();
  aws_input_set_string (body, "clientId", client_id);
  aws_input_set_string (body, "grantType", "refresh_token");
  aws_input_set_string (body, "refreshToken", refresh_token);

  return create (client, key, body);
}

/**
 * aws_signin_dup_authorize_uri:
 * @client: a client for the region to sign in in
 * @client_id: `AWS_SIGNIN_SAME_DEVICE` or `AWS_SIGNIN_CROSS_DEVICE`
 * @redirect_uri: `http://127.0.0.1:PORT/oauth/callback`, or what [func@aws_signin_dup_confirmation_uri] gives
 * @state: a random text that comes back with the code
 * @verifier: the secret of this attempt
 *
 * Returns: (transfer full): what to open in the browser
 */
char *
aws_signin_dup_authorize_uri (AwsClient  *client,
                              const char *client_id,
                              const char *redirect_uri,
                              const char *state,
                              const char *verifier)
{
  g_autofree char *base = NULL;
  g_autofree char *challenge = NULL;
  g_autoptr(GString) uri = NULL;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (client_id != NULL && redirect_uri != NULL && state != NULL && verifier != NULL, NULL);

  base = aws_client_dup_address (client, "signin", "/v1/authorize");
  challenge = aws_pkce_dup_challenge (verifier);
  uri = g_string_new (base);
  g_string_append (uri, "?response_type=code");
  aws_uri_append_parameter (uri, "client_id", client_id);
  aws_uri_append_parameter (uri, "state", state);
  aws_uri_append_parameter (uri, "code_challenge_method", "SHA-256");
  aws_uri_append_parameter (uri, "scope", "openid");
  aws_uri_append_parameter (uri, "redirect_uri", redirect_uri);
  aws_uri_append_parameter (uri, "code_challenge", challenge);

  return g_string_free (g_steal_pointer (&uri), FALSE);
}

/**
 * aws_signin_dup_confirmation_uri:
 * @client: a client for the region to sign in in
 *
 * Returns: (transfer full): the page that shows a code, for browsers on other computers
 */
char *
aws_signin_dup_confirmation_uri (AwsClient *client)
{
  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);

  return aws_client_dup_address (client, "signin", "/v1/sessions/confirmation");
}

/* Parameters as of an address; the value of @name */
static char *
dup_parameter (const char *text,
               const char *name)
{
  g_auto(GStrv) pairs = g_strsplit (text, "&", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      const char *equals = strchr (pairs[i], '=');

      if (equals != NULL && strlen (name) == (gsize) (equals - pairs[i]) && g_str_has_prefix (pairs[i], name))
        return aws_uri_decode (equals + 1, -1, FALSE);
    }

  return NULL;
}

/**
 * aws_signin_parse_code:
 * @pasted: what the page showed: Base64 of `state=...&code=...`
 * @state: the text that was sent along
 * @error: return location
 *
 * Reads the code that the person copied from the browser. Spaces and line ends do no harm.
 *
 * Returns: (transfer full): the code, or %NULL with `AWS_ERROR_INVALID` if it is none, or belongs to another attempt
 */
char *
aws_signin_parse_code (const char  *pasted,
                       const char  *state,
                       GError     **error)
{
  g_autofree char *clean = NULL;
  g_autofree char *text = NULL;
  g_autofree char *code = NULL;
  g_autofree char *found = NULL;
  const char *message = "This is not the code that the page shows";
  gsize size;

  g_return_val_if_fail (pasted != NULL && state != NULL, NULL);

  clean = aws_credentials_clean_text (pasted);
  text = (char *) aws_base64url_decode (clean, -1, &size);

  if (text != NULL && g_utf8_validate (text, size, NULL) && strlen (text) == size)
    {
      code = dup_parameter (text, "code");
      found = dup_parameter (text, "state");
    }

  if (code != NULL && *code != '\0' && found != NULL)
    {
      if (g_str_equal (found, state))
        return g_steal_pointer (&code);

      message = "The code belongs to another attempt to sign in";
    }

  g_propagate_error (error, aws_error_new (AWS_ERROR_INVALID, NULL, message, 0, NULL));

  return NULL;
}

/**
 * aws_signin_dup_session_arn:
 * @id_token: of a token
 *
 * Reads who signed in. The signature is not looked at: the token came straight from the service.
 *
 * Returns: (transfer full) (nullable): the ARN of the user, the root user or the session of a role
 */
char *
aws_signin_dup_session_arn (const char *id_token)
{
  g_auto(GStrv) parts = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonObject) claims = NULL;
  guchar *payload;
  gsize size;

  g_return_val_if_fail (id_token != NULL, NULL);

  parts = g_strsplit (id_token, ".", 3);
  if (g_strv_length (parts) != 3 || (payload = aws_base64url_decode (parts[1], -1, &size)) == NULL)
    return NULL;

  bytes = g_bytes_new_take (payload, size);
  claims = aws_json_load_object (bytes, NULL);

  return g_strdup (aws_json_get_string (claims, "sub"));
}
