/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-sso-credentials.h"

#include <string.h>

#include "aws-error-private.h"
#include "aws-json.h"
#include "aws-sso.h"
#include "aws-xml.h"

/* AWS's tools do the same, so that programs that share a session agree on when it is due */
#define TOKEN_MARGIN (15 * G_TIME_SPAN_MINUTE)

/**
 * AwsSsoCredentials:
 *
 * The credentials of a role for somebody who signed in through IAM Identity Center. The token of the session is renewed
 * where that is possible; credentials are asked for with it.
 */
struct _AwsSsoCredentials
{
  AwsRenewingCredentials  parent_instance;

  AwsSessionStore        *store;
  char                   *account;
  char                   *role;
};

G_DEFINE_FINAL_TYPE (AwsSsoCredentials, aws_sso_credentials, AWS_TYPE_RENEWING_CREDENTIALS)

/* One renewal of the token underway */
typedef struct
{
  AwsSsoCredentials *self;
  JsonObject        *session;
  GError            *error;
} Renewal;

static Renewal *
renewal_new (AwsSsoCredentials *self,
             JsonObject        *session,
             const GError      *error)
{
  Renewal *renewal = g_new0 (Renewal, 1);

  renewal->self = g_object_ref (self);
  renewal->session = json_object_ref (session);
  renewal->error = error != NULL ? g_error_copy (error) : NULL;

  return renewal;
}

static void
renewal_free (gpointer data)
{
  Renewal *renewal = data;

  g_clear_object (&renewal->self);
  g_clear_pointer (&renewal->session, json_object_unref);
  g_clear_error (&renewal->error);
  g_free (renewal);
}

/* Older tools wrote the zone as letters */
static GDateTime *
dup_end (JsonObject *session,
         const char *member)
{
  const char *text = aws_json_get_string (session, member);
  g_autofree char *plain = NULL;

  if (text == NULL || !g_str_has_suffix (text, "UTC"))
    return aws_json_dup_time (session, member);

  plain = g_strndup (text, strlen (text) - strlen ("UTC"));

  return aws_time_parse (plain);
}

static gboolean
is_due (AwsSsoCredentials *self,
        JsonObject        *session,
        GTimeSpan          margin)
{
  g_autoptr(GDateTime) end = dup_end (session, "expiresAt");

  return end == NULL || aws_renewing_credentials_ends_within (AWS_RENEWING_CREDENTIALS (self), end, margin);
}

static gboolean
can_refresh (AwsSsoCredentials *self,
             JsonObject        *session)
{
  g_autoptr(GDateTime) end = dup_end (session, "registrationExpiresAt");

  return aws_json_get_string (session, "refreshToken") != NULL &&
         aws_json_get_string (session, "clientId") != NULL &&
         aws_json_get_string (session, "clientSecret") != NULL &&
         !aws_renewing_credentials_ends_within (AWS_RENEWING_CREDENTIALS (self), end, 0);
}

static DexFuture *
reject_expired (const GError *error)
{
  return dex_future_new_for_error (aws_error_new (AWS_ERROR_EXPIRED, aws_error_get_code_string (error),
                                                  error != NULL ? error->message : "The session is over",
                                                  aws_error_get_status (error), aws_error_get_request_id (error)));
}

/* A dead token is no missing right */
static DexFuture *
not_given_cb (DexFuture *completed,
              gpointer   user_data)
{
  g_autoptr(GError) error = NULL;

  dex_future_get_value (completed, &error);

  return aws_error_get_status (error) == 401 ? reject_expired (error) : NULL;
}

static DexFuture *
ask_for_role (AwsSsoCredentials *self,
              JsonObject        *session)
{
  AwsClient *client = aws_renewing_credentials_get_client (AWS_RENEWING_CREDENTIALS (self));

  return dex_future_catch (aws_sso_get_role_credentials (client, aws_json_get_string (session, "accessToken"),
                                                         self->account, self->role),
                           not_given_cb, NULL, NULL);
}

static char *
format_time (gint64 microseconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc_usec (microseconds);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

/* What the service gave goes into the session; FALSE if something is missing */
static gboolean
put_token (JsonObject   *session,
           AwsSsoToken  *token,
           gint64        now,
           GError      **error)
{
  g_autofree char *end = format_time (now + CLAMP (aws_sso_token_get_seconds (token), 0, 7 * 86400) * G_USEC_PER_SEC);

  if (aws_sso_token_get_access_token (token) == NULL)
    {
      g_propagate_error (error, aws_error_new (AWS_ERROR_BAD_ANSWER, NULL, "The answer has no token", 0, NULL));
      return FALSE;
    }

  json_object_set_string_member (session, "accessToken", aws_sso_token_get_access_token (token));
  json_object_set_string_member (session, "expiresAt", end);

  if (aws_sso_token_get_refresh_token (token) != NULL)
    json_object_set_string_member (session, "refreshToken", aws_sso_token_get_refresh_token (token));

  return TRUE;
}

static DexFuture *
saved_cb (DexFuture *completed,
          gpointer   user_data)
{
  Renewal *renewal = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (completed, &error) == NULL)
    g_debug ("The session could not be kept: %s", error->message);

  return ask_for_role (renewal->self, renewal->session);
}

static DexFuture *
take_token (AwsSsoCredentials *self,
            JsonObject        *old_session,
            AwsSsoToken       *token)
{
  g_autoptr(JsonObject) session = aws_session_copy (old_session);
  GError *error = NULL;

  if (!put_token (session, token, aws_renewing_credentials_get_now (AWS_RENEWING_CREDENTIALS (self)), &error))
    return dex_future_new_for_error (error);

  return dex_future_finally (aws_session_store_save (self->store, session), saved_cb,
                             renewal_new (self, session, NULL), renewal_free);
}

/* Perhaps another program was faster; if not, the token serves as long as it is good */
static DexFuture *
reloaded_cb (DexFuture *completed,
             gpointer   user_data)
{
  Renewal *renewal = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  JsonObject *session = value != NULL ? g_value_get_boxed (value) : NULL;
  guint status = aws_error_get_status (renewal->error);

  if (session != NULL && aws_json_get_string (session, "accessToken") != NULL && !is_due (renewal->self, session, 0))
    return ask_for_role (renewal->self, session);

  if (renewal->error->domain == AWS_ERROR && (status == 400 || status == 401))
    return reject_expired (renewal->error);

  return dex_future_new_for_error (g_error_copy (renewal->error));
}

static DexFuture *
refreshed_cb (DexFuture *completed,
              gpointer   user_data)
{
  Renewal *renewal = user_data;
  AwsSsoCredentials *self = renewal->self;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);

  if (value != NULL)
    return take_token (self, renewal->session, g_value_get_boxed (value));

  return dex_future_finally (aws_session_store_load (self->store), reloaded_cb,
                             renewal_new (self, renewal->session, error), renewal_free);
}

static DexFuture *
loaded_cb (DexFuture *completed,
           gpointer   user_data)
{
  AwsSsoCredentials *self = user_data;
  JsonObject *session = g_value_get_boxed (dex_future_get_value (completed, NULL));
  AwsClient *client = aws_renewing_credentials_get_client (AWS_RENEWING_CREDENTIALS (self));
  DexFuture *future;

  if (aws_json_get_string (session, "accessToken") == NULL)
    return dex_future_new_for_error (aws_error_new (AWS_ERROR_CREDENTIALS, NULL,
                                                    "What is kept of the session is not complete", 0, NULL));

  if (!is_due (self, session, TOKEN_MARGIN))
    return ask_for_role (self, session);

  if (!can_refresh (self, session))
    return is_due (self, session, 0) ? reject_expired (NULL) : ask_for_role (self, session);

  future = aws_sso_oidc_refresh (client, aws_json_get_string (session, "clientId"),
                                 aws_json_get_string (session, "clientSecret"),
                                 aws_json_get_string (session, "refreshToken"));

  return dex_future_finally (future, refreshed_cb, renewal_new (self, session, NULL), renewal_free);
}

static DexFuture *
aws_sso_credentials_renew (AwsRenewingCredentials *parent)
{
  AwsSsoCredentials *self = AWS_SSO_CREDENTIALS (parent);

  return dex_future_then (aws_session_store_load (self->store), loaded_cb, g_object_ref (self), g_object_unref);
}

static void
aws_sso_credentials_finalize (GObject *object)
{
  AwsSsoCredentials *self = AWS_SSO_CREDENTIALS (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->role, g_free);

  G_OBJECT_CLASS (aws_sso_credentials_parent_class)->finalize (object);
}

static void
aws_sso_credentials_class_init (AwsSsoCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aws_sso_credentials_finalize;
  AWS_RENEWING_CREDENTIALS_CLASS (klass)->renew = aws_sso_credentials_renew;
}

static void
aws_sso_credentials_init (AwsSsoCredentials *self)
{
}

/**
 * aws_sso_credentials_new:
 * @client: a client for the region of the instance; its own credentials are not asked for
 * @store: where the session is kept: `accessToken`, `expiresAt`, and to renew it `refreshToken`, `clientId`,
 *   `clientSecret` and `registrationExpiresAt`
 * @account: the digits of an account
 * @role: the name of a role in it
 *
 * Makes a provider for a role in a session of IAM Identity Center.
 *
 * Returns: (transfer full): the provider
 */
AwsCredentialsProvider *
aws_sso_credentials_new (AwsClient       *client,
                         AwsSessionStore *store,
                         const char      *account,
                         const char      *role)
{
  AwsSsoCredentials *self;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (AWS_IS_SESSION_STORE (store), NULL);
  g_return_val_if_fail (account != NULL && role != NULL, NULL);

  self = g_object_new (AWS_TYPE_SSO_CREDENTIALS, "client", client, NULL);
  self->store = g_object_ref (store);
  self->account = g_strdup (account);
  self->role = g_strdup (role);

  return AWS_CREDENTIALS_PROVIDER (self);
}

/**
 * aws_sso_credentials_new_session:
 * @client: the client that redeemed the code
 * @start_url: the person's sign-in page
 * @registration: with which the session began
 * @token: what came of the code
 * @error: return location
 *
 * Makes what a store keeps of a session that begins.
 *
 * Returns: (transfer full): the session, or %NULL with `AWS_ERROR_BAD_ANSWER` if @token is not complete
 */
JsonObject *
aws_sso_credentials_new_session (AwsClient          *client,
                                 const char         *start_url,
                                 AwsSsoRegistration *registration,
                                 AwsSsoToken        *token,
                                 GError            **error)
{
  g_autoptr(JsonObject) session = NULL;
  g_autoptr(GDateTime) end = NULL;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (start_url != NULL && registration != NULL && token != NULL, NULL);

  session = json_object_new ();
  json_object_set_string_member (session, "startUrl", start_url);
  json_object_set_string_member (session, "region", aws_client_get_region (client));

  if (!put_token (session, token, g_get_real_time () + aws_client_get_clock_offset (client), error))
    return NULL;

  json_object_set_string_member (session, "clientId", aws_sso_registration_get_client_id (registration));
  json_object_set_string_member (session, "clientSecret", aws_sso_registration_get_client_secret (registration));

  if ((end = aws_sso_registration_dup_expires (registration)) != NULL)
    {
      g_autofree char *text = format_time (g_date_time_to_unix_usec (end));

      json_object_set_string_member (session, "registrationExpiresAt", text);
    }

  return g_steal_pointer (&session);
}
