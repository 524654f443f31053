/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-login-credentials.h"

#include "aws-error-private.h"
#include "aws-json.h"
#include "aws-xml.h"

/* AWS's tools do the same, so that programs that share a session agree on when it is due */
#define MARGIN (5 * G_TIME_SPAN_MINUTE)

/**
 * AwsLoginCredentials:
 *
 * The credentials of somebody who signed in in the browser: good for a quarter of an hour each, renewed with a token that
 * serves once and that only the holder of a key can use.
 */
struct _AwsLoginCredentials
{
  AwsRenewingCredentials  parent_instance;

  AwsSessionStore        *store;
};

G_DEFINE_FINAL_TYPE (AwsLoginCredentials, aws_login_credentials, AWS_TYPE_RENEWING_CREDENTIALS)

/* One renewal underway */
typedef struct
{
  AwsLoginCredentials *self;
  JsonObject          *session;
  AwsCredentials      *credentials;
  GError              *error;
} Renewal;

static Renewal *
renewal_new (AwsLoginCredentials *self,
             JsonObject          *session,
             AwsCredentials      *credentials,
             const GError        *error)
{
  Renewal *renewal = g_new0 (Renewal, 1);

  renewal->self = g_object_ref (self);
  renewal->session = json_object_ref (session);
  renewal->credentials = aws_credentials_ref (credentials);
  renewal->error = error != NULL ? g_error_copy (error) : NULL;

  return renewal;
}

static void
renewal_free (gpointer data)
{
  Renewal *renewal = data;

  g_clear_object (&renewal->self);
  g_clear_pointer (&renewal->session, json_object_unref);
  g_clear_pointer (&renewal->credentials, aws_credentials_unref);
  g_clear_error (&renewal->error);
  g_free (renewal);
}

static DexFuture *
resolve (AwsCredentials *credentials)
{
  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, aws_credentials_ref (credentials));
}

/* All that a session must have, as the other readers of such files want it */
static AwsCredentials *
parse_session (JsonObject  *session,
               GError     **error)
{
  static const char * const members[] = { "refreshToken", "clientId", "dpopKey" };
  JsonObject *token = aws_json_get_object (session, "accessToken");
  const char *id = aws_json_get_string (token, "accessKeyId");
  const char *secret = aws_json_get_string (token, "secretAccessKey");
  const char *session_token = aws_json_get_string (token, "sessionToken");
  g_autoptr(GDateTime) end = aws_json_dup_time (token, "expiresAt");
  gboolean is_complete = id != NULL && secret != NULL && session_token != NULL && end != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    is_complete &= aws_json_get_string (session, members[i]) != NULL;

  if (is_complete)
    return aws_credentials_new (id, secret, session_token, end);

  g_propagate_error (error, aws_error_new (AWS_ERROR_CREDENTIALS, NULL, "What is kept of the session is not complete", 0, NULL));

  return NULL;
}

static gboolean
is_due (AwsLoginCredentials *self,
        AwsCredentials      *credentials,
        GTimeSpan            margin)
{
  AwsRenewingCredentials *parent = AWS_RENEWING_CREDENTIALS (self);

  return aws_renewing_credentials_ends_within (parent, aws_credentials_get_expiration (credentials), margin) ||
         aws_renewing_credentials_is_rejected (parent, credentials);
}

static char *
format_seconds (gint64 seconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

/* What the service gave goes into the session; FALSE if something is missing */
static gboolean
put_token (JsonObject      *session,
           AwsSigninToken  *token,
           gint64           now,
           GError         **error)
{
  g_autoptr(AwsCredentials) credentials = aws_signin_token_dup_credentials (token, NULL);
  g_autofree char *end = format_seconds (now / G_USEC_PER_SEC + CLAMP (aws_signin_token_get_seconds (token), 0, 86400));
  JsonObject *access = aws_json_get_object (session, "accessToken");

  if (credentials == NULL || aws_credentials_get_session_token (credentials) == NULL ||
      aws_signin_token_get_refresh_token (token) == NULL)
    {
      g_propagate_error (error, aws_error_new (AWS_ERROR_BAD_ANSWER, NULL, "The answer has no credentials", 0, NULL));
      return FALSE;
    }

  if (access == NULL)
    {
      access = json_object_new ();
      json_object_set_object_member (session, "accessToken", access);
    }

  json_object_set_string_member (access, "accessKeyId", aws_credentials_get_access_key_id (credentials));
  json_object_set_string_member (access, "secretAccessKey", aws_credentials_get_secret_access_key (credentials));
  json_object_set_string_member (access, "sessionToken", aws_credentials_get_session_token (credentials));
  json_object_set_string_member (access, "expiresAt", end);
  json_object_set_string_member (session, "refreshToken", aws_signin_token_get_refresh_token (token));

  return TRUE;
}

/* The service has forgotten the old token by now: better to go on with the new one here than not at all */
static DexFuture *
saved_cb (DexFuture *completed,
          gpointer   user_data)
{
  Renewal *renewal = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (completed, &error) == NULL)
    g_debug ("The session could not be kept: %s", error->message);

  return resolve (renewal->credentials);
}

static DexFuture *
take_token (AwsLoginCredentials *self,
            JsonObject          *old_session,
            AwsSigninToken      *token)
{
  g_autoptr(JsonObject) session = aws_session_copy (old_session);
  g_autoptr(AwsCredentials) credentials = NULL;
  GError *error = NULL;

  if (!put_token (session, token, aws_renewing_credentials_get_now (AWS_RENEWING_CREDENTIALS (self)), &error) ||
      !(credentials = parse_session (session, &error)))
    return dex_future_new_for_error (error);

  return dex_future_finally (aws_session_store_save (self->store, session), saved_cb,
                             renewal_new (self, session, credentials, NULL), renewal_free);
}

static gboolean
is_refusal (const GError *error)
{
  guint status = aws_error_get_status (error);

  return error->domain == AWS_ERROR && (status == 400 || status == 401) &&
         !g_error_matches (error, AWS_ERROR, AWS_ERROR_THROTTLED);
}

static DexFuture *
give_up (Renewal *renewal)
{
  if (!is_due (renewal->self, renewal->credentials, 0))
    {
      aws_renewing_credentials_pause (AWS_RENEWING_CREDENTIALS (renewal->self));
      return resolve (renewal->credentials);
    }

  if (is_refusal (renewal->error))
    return dex_future_new_for_error (aws_error_new (AWS_ERROR_EXPIRED, aws_error_get_code_string (renewal->error),
                                                    renewal->error->message, aws_error_get_status (renewal->error),
                                                    aws_error_get_request_id (renewal->error)));

  return dex_future_new_for_error (g_error_copy (renewal->error));
}

/* The token serves once: perhaps another program was faster with it */
static DexFuture *
reloaded_cb (DexFuture *completed,
             gpointer   user_data)
{
  Renewal *renewal = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsCredentials) credentials = NULL;

  if (value != NULL)
    credentials = parse_session (g_value_get_boxed (value), NULL);

  if (credentials != NULL && !is_due (renewal->self, credentials, MARGIN))
    return resolve (credentials);

  return give_up (renewal);
}

static DexFuture *
refreshed_cb (DexFuture *completed,
              gpointer   user_data)
{
  Renewal *renewal = user_data;
  AwsLoginCredentials *self = renewal->self;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);

  if (value != NULL)
    return take_token (self, renewal->session, g_value_get_boxed (value));

  return dex_future_finally (aws_session_store_load (self->store), reloaded_cb,
                             renewal_new (self, renewal->session, renewal->credentials, error), renewal_free);
}

static DexFuture *
loaded_cb (DexFuture *completed,
           gpointer   user_data)
{
  AwsLoginCredentials *self = user_data;
  JsonObject *session = g_value_get_boxed (dex_future_get_value (completed, NULL));
  g_autoptr(AwsCredentials) credentials = NULL;
  g_autoptr(AwsDpopKey) key = NULL;
  GError *error = NULL;
  DexFuture *future;

  if (!(credentials = parse_session (session, &error)))
    return dex_future_new_for_error (error);

  if (!is_due (self, credentials, MARGIN))
    return resolve (credentials);

  if (!(key = aws_dpop_key_from_pem (aws_json_get_string (session, "dpopKey"), &error)))
    return dex_future_new_for_error (error);

  future = aws_signin_refresh (aws_renewing_credentials_get_client (AWS_RENEWING_CREDENTIALS (self)), key,
                               aws_json_get_string (session, "clientId"), aws_json_get_string (session, "refreshToken"));

  return dex_future_finally (future, refreshed_cb, renewal_new (self, session, credentials, NULL), renewal_free);
}

static DexFuture *
aws_login_credentials_renew (AwsRenewingCredentials *parent)
{
  AwsLoginCredentials *self = AWS_LOGIN_CREDENTIALS (parent);

  return dex_future_then (aws_session_store_load (self->store), loaded_cb, g_object_ref (self), g_object_unref);
}

static void
aws_login_credentials_finalize (GObject *object)
{
  g_clear_object (&AWS_LOGIN_CREDENTIALS (object)->store);

  G_OBJECT_CLASS (aws_login_credentials_parent_class)->finalize (object);
}

static void
aws_login_credentials_class_init (AwsLoginCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aws_login_credentials_finalize;
  AWS_RENEWING_CREDENTIALS_CLASS (klass)->renew = aws_login_credentials_renew;
}

static void
aws_login_credentials_init (AwsLoginCredentials *self)
{
}

/**
 * aws_login_credentials_new:
 * @client: a client for the region in which the person signed in; its own credentials are not asked for
 * @store: where the session is kept: `accessToken` (`accessKeyId`, `secretAccessKey`, `sessionToken`, `accountId`,
 *   `expiresAt`), `clientId`, `refreshToken`, `idToken` and `dpopKey` (PEM)
 *
 * Makes a provider for a session of the console sign-in.
 *
 * Returns: (transfer full): the provider
 */
AwsCredentialsProvider *
aws_login_credentials_new (AwsClient       *client,
                           AwsSessionStore *store)
{
  AwsLoginCredentials *self;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (AWS_IS_SESSION_STORE (store), NULL);

  self = g_object_new (AWS_TYPE_LOGIN_CREDENTIALS, "client", client, NULL);
  self->store = g_object_ref (store);

  return AWS_CREDENTIALS_PROVIDER (self);
}

/* arn:aws:sts::123456789012:assumed-role/... */
static char *
dup_account (const char *arn)
{
  g_auto(GStrv) parts = g_strsplit (arn, ":", 6);

  return g_strv_length (parts) == 6 ? g_strdup (parts[4]) : NULL;
}

/**
 * aws_login_credentials_new_session:
 * @client: the client that redeemed the code
 * @key: the key of the session
 * @client_id: with which it began
 * @token: what came of the code
 * @error: return location
 *
 * Makes what a store keeps of a session that begins.
 *
 * Returns: (transfer full): the session, or %NULL with `AWS_ERROR_BAD_ANSWER` if @token is not complete
 */
JsonObject *
aws_login_credentials_new_session (AwsClient       *client,
                                   AwsDpopKey      *key,
                                   const char      *client_id,
                                   AwsSigninToken  *token,
                                   GError         **error)
{
  g_autoptr(JsonObject) session = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *arn = NULL;
  g_autofree char *account = NULL;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (key != NULL && client_id != NULL && token != NULL, NULL);

  session = json_object_new ();
  if (!put_token (session, token, g_get_real_time () + aws_client_get_clock_offset (client), error))
    return NULL;

  if (aws_signin_token_get_id_token (token) != NULL)
    {
      json_object_set_string_member (session, "idToken", aws_signin_token_get_id_token (token));
      arn = aws_signin_dup_session_arn (aws_signin_token_get_id_token (token));
    }

  if (arn != NULL && (account = dup_account (arn)) != NULL)
    json_object_set_string_member (aws_json_get_object (session, "accessToken"), "accountId", account);

  pem = aws_dpop_key_to_pem (key);
  json_object_set_string_member (session, "tokenType", "aws_sigv4");
  json_object_set_string_member (session, "clientId", client_id);
  json_object_set_string_member (session, "dpopKey", pem);

  return g_steal_pointer (&session);
}
