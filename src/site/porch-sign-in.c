/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-sign-in.h"
#include "porch-account-private.h"
#include "porch-callback.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"

#include "aws-environment.h"
#include "aws-login-credentials.h"
#include "aws-pkce.h"
#include "aws-sso-credentials.h"
#include "aws-sso.h"
#include "aws-sts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How long somebody may take in the browser */
#define TIME_LIMIT 600

/* Where nobody said where to sign in; the service tells if it is somewhere else */
#define REGION "us-east-1"

#define CLIENT_NAME       "Porchlight"
#define REDIRECT_URI      "http://127.0.0.1/oauth/callback"
#define INTERVAL          5
#define ROLES_AT_ONCE     8

/**
 * PorchSignInChoice:
 *
 * An account, and a role in it as which the person may use it.
 */
struct _PorchSignInChoice
{
  GObject  parent_instance;

  char    *number;
  char    *name;
  char    *mail;
  char    *role;
};

G_DEFINE_FINAL_TYPE (PorchSignInChoice, porch_sign_in_choice, G_TYPE_OBJECT)

/**
 * PorchSignIn:
 *
 * One attempt to sign in: what has to be opened in the browser, what came back from there, and the account in the end.
 */
struct _PorchSignIn
{
  GObject           parent_instance;

  PorchEngine      *engine;
  PorchAccount     *renewed;       /* the account that needs signing in, %NULL for a new one */
  char             *start_url;
  char             *sign_in_region;
  char             *region;
  PorchSignInKind   kind;
  PorchSignInState  state;
  guint             time_limit;
  gboolean          by_code;
  gboolean          is_running;

  /* of the attempt underway */
  char             *uri;
  char             *user_code;
  char             *secret_state;
  GListStore       *choices;
  DexPromise       *stop;          /* rejected to cancel or to begin anew */
  DexPromise       *limit;         /* rejected when it took too long */
  guint             timer;
  DexPromise       *answer;        /* a pasted code or a choice */
  gboolean          is_cancelled;

  PorchAccount     *account;
  PorchProblem     *problem;
};

G_DEFINE_FINAL_TYPE (PorchSignIn, porch_sign_in, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchSignInKind, porch_sign_in_kind,
                    G_DEFINE_ENUM_VALUE (PORCH_SIGN_IN_CONSOLE, "console"),
                    G_DEFINE_ENUM_VALUE (PORCH_SIGN_IN_SSO, "sso"))

G_DEFINE_ENUM_TYPE (PorchSignInState, porch_sign_in_state,
                    G_DEFINE_ENUM_VALUE (PORCH_SIGN_IN_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (PORCH_SIGN_IN_BROWSER, "browser"),
                    G_DEFINE_ENUM_VALUE (PORCH_SIGN_IN_CODE, "code"),
                    G_DEFINE_ENUM_VALUE (PORCH_SIGN_IN_CHOOSE, "choose"),
                    G_DEFINE_ENUM_VALUE (PORCH_SIGN_IN_FINISHING, "finishing"),
                    G_DEFINE_ENUM_VALUE (PORCH_SIGN_IN_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (PORCH_SIGN_IN_FAILED, "failed"))

enum
{
  CHOICE_PROP_NUMBER = 1,
  CHOICE_PROP_NAME,
  CHOICE_PROP_MAIL,
  CHOICE_PROP_ROLE,
  N_CHOICE_PROPS
};

static GParamSpec *choice_properties[N_CHOICE_PROPS];

enum
{
  PROP_KIND = 1,
  PROP_STATE,
  PROP_BY_CODE,
  PROP_URI,
  PROP_USER_CODE,
  PROP_CHOICES,
  PROP_ACCOUNT,
  PROP_PROBLEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
porch_sign_in_choice_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  PorchSignInChoice *self = PORCH_SIGN_IN_CHOICE (object);

  switch (prop_id)
    {
    case CHOICE_PROP_NUMBER:
      g_value_set_string (value, self->number);
      break;
    case CHOICE_PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case CHOICE_PROP_MAIL:
      g_value_set_string (value, self->mail);
      break;
    case CHOICE_PROP_ROLE:
      g_value_set_string (value, self->role);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_sign_in_choice_finalize (GObject *object)
{
  PorchSignInChoice *self = PORCH_SIGN_IN_CHOICE (object);

  g_clear_pointer (&self->number, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->mail, g_free);
  g_clear_pointer (&self->role, g_free);

  G_OBJECT_CLASS (porch_sign_in_choice_parent_class)->finalize (object);
}

static void
porch_sign_in_choice_class_init (PorchSignInChoiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_sign_in_choice_get_property;
  object_class->finalize = porch_sign_in_choice_finalize;

  choice_properties[CHOICE_PROP_NUMBER] = g_param_spec_string ("number", NULL, NULL, NULL, flags);
  choice_properties[CHOICE_PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  choice_properties[CHOICE_PROP_MAIL] = g_param_spec_string ("mail", NULL, NULL, NULL, flags);
  choice_properties[CHOICE_PROP_ROLE] = g_param_spec_string ("role", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_CHOICE_PROPS, choice_properties);
}

static void
porch_sign_in_choice_init (PorchSignInChoice *self)
{
}

static void
set_state (PorchSignIn      *self,
           PorchSignInState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_uri (PorchSignIn *self,
         const char  *uri,
         const char  *user_code)
{
  if (g_set_str (&self->user_code, user_code))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USER_CODE]);

  if (g_set_str (&self->uri, uri))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_URI]);
}

static void
set_problem (PorchSignIn  *self,
             PorchProblem *problem)
{
  if (g_set_object (&self->problem, problem))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

/* What is waited for goes through this, so that cancelling ends it at once and nobody waits for ever. */
static DexFuture *
until_stopped (PorchSignIn *self,
               DexFuture   *work)
{
  return dex_future_first (work, dex_ref (DEX_FUTURE (self->stop)), dex_ref (DEX_FUTURE (self->limit)), NULL);
}

static AwsClient *
new_client (const char *region)
{
  AwsClient *client = aws_client_new (NULL, region);

  aws_client_set_environment_endpoints (client);

  return client;
}

/* What the browser brought, or what was pasted */
static char *
await_code (PorchSignIn    *self,
            PorchCallback  *callback,
            GError        **error)
{
  set_state (self, callback != NULL ? PORCH_SIGN_IN_BROWSER : PORCH_SIGN_IN_CODE);

  if (callback != NULL)
    return dex_await_string (until_stopped (self, porch_callback_wait (callback)), error);

  dex_clear (&self->answer);
  self->answer = dex_promise_new ();

  return dex_await_string (until_stopped (self, dex_ref (DEX_FUTURE (self->answer))), error);
}

static JsonObject *
await_console_session (PorchSignIn  *self,
                       AwsClient    *client,
                       GError      **error)
{
  const char *client_id = self->by_code ? AWS_SIGNIN_CROSS_DEVICE : AWS_SIGNIN_SAME_DEVICE;
  g_autoptr(AwsDpopKey) key = aws_dpop_key_new ();
  g_autofree char *verifier = aws_pkce_new_verifier ();
  g_autofree char *redirect_uri = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *code = NULL;
  g_autoptr(PorchCallback) callback = NULL;
  g_autoptr(AwsSigninToken) token = NULL;

  if (self->by_code)
    redirect_uri = aws_signin_dup_confirmation_uri (client);
  else if ((callback = porch_callback_new (self->secret_state, error)) != NULL)
    redirect_uri = g_strdup (porch_callback_get_uri (callback));
  else
    return NULL;

  uri = aws_signin_dup_authorize_uri (client, client_id, redirect_uri, self->secret_state, verifier);
  set_uri (self, uri, NULL);

  if ((code = await_code (self, callback, error)) == NULL)
    return NULL;

  set_state (self, PORCH_SIGN_IN_FINISHING);
  token = dex_await_boxed (until_stopped (self, aws_signin_redeem_code (client, key, client_id, code, verifier,
                                                                        redirect_uri)), error);

  return token != NULL ? aws_login_credentials_new_session (client, key, client_id, token, error) : NULL;
}

static AwsSsoToken *
await_token_by_browser (PorchSignIn         *self,
                        AwsClient           *client,
                        AwsSsoRegistration **registration,
                        GError             **error)
{
  g_autofree char *verifier = aws_pkce_new_verifier ();
  g_autofree char *uri = NULL;
  g_autofree char *code = NULL;
  g_autoptr(PorchCallback) callback = NULL;

  *registration = dex_await_boxed (until_stopped (self, aws_sso_oidc_register_client (client, CLIENT_NAME, self->start_url,
                                                                                      REDIRECT_URI)), error);

  if (*registration == NULL || (callback = porch_callback_new (self->secret_state, error)) == NULL)
    return NULL;

  uri = aws_sso_oidc_dup_authorize_uri (client, *registration, porch_callback_get_uri (callback), self->secret_state, verifier);
  set_uri (self, uri, NULL);

  if ((code = await_code (self, callback, error)) == NULL)
    return NULL;

  set_state (self, PORCH_SIGN_IN_FINISHING);

  return dex_await_boxed (until_stopped (self, aws_sso_oidc_redeem_code (client, *registration, code, verifier,
                                                                         porch_callback_get_uri (callback))), error);
}

static gboolean
is_code (const GError *error,
         const char   *exception,
         const char   *name)
{
  const char *code = aws_error_get_code_string (error);

  return g_strcmp0 (code, exception) == 0 || g_strcmp0 (code, name) == 0;
}

static void
explain_device (GError **error)
{
  const char *message = NULL;
  GError *explained;
  int code = PORCH_ERROR_SIGN_IN_LATE;

  if (is_code (*error, "ExpiredTokenException", "expired_token"))
    message = _("The code was not confirmed in time.");
  else if (is_code (*error, "AccessDeniedException", "access_denied"))
    {
      code = PORCH_ERROR_SIGN_IN_REFUSED;
      message = _("The code was refused in the browser.");
    }
  else
    return;

  explained = g_error_new_literal (PORCH_ERROR, code, message);
  porch_error_set_details (explained, (*error)->message);
  g_clear_error (error);
  *error = explained;
}

static AwsSsoToken *
await_confirmed (PorchSignIn         *self,
                 AwsClient           *client,
                 AwsSsoRegistration  *registration,
                 AwsSsoDevice        *device,
                 GError             **error)
{
  gint64 interval = aws_sso_device_get_interval (device) > 0 ? aws_sso_device_get_interval (device) : INTERVAL;

  while (TRUE)
    {
      g_autoptr(GError) local_error = NULL;
      AwsSsoToken *token;

      token = dex_await_boxed (until_stopped (self, aws_sso_oidc_redeem_device (client, registration,
                                                                                aws_sso_device_get_device_code (device))),
                               &local_error);

      if (token != NULL)
        return token;

      if (is_code (local_error, "SlowDownException", "slow_down"))
        {
          interval += INTERVAL;
        }
      else if (!is_code (local_error, "AuthorizationPendingException", "authorization_pending") &&
               !aws_error_is_retryable (local_error))
        {
          explain_device (&local_error);
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }

      dex_await (until_stopped (self, dex_timeout_new_seconds (interval)), NULL);

      if (!dex_future_is_pending (DEX_FUTURE (self->limit)) || !dex_future_is_pending (DEX_FUTURE (self->stop)))
        {
          dex_await (until_stopped (self, dex_ref (DEX_FUTURE (self->stop))), error);
          return NULL;
        }
    }
}

static AwsSsoToken *
await_token_by_device (PorchSignIn         *self,
                       AwsClient           *client,
                       AwsSsoRegistration **registration,
                       GError             **error)
{
  g_autoptr(AwsSsoDevice) device = NULL;
  const char *uri;

  *registration = dex_await_boxed (until_stopped (self, aws_sso_oidc_register_client (client, CLIENT_NAME, NULL, NULL)),
                                   error);

  if (*registration == NULL)
    return NULL;

  device = dex_await_boxed (until_stopped (self, aws_sso_oidc_start_device_authorization (client, *registration,
                                                                                          self->start_url)), error);

  if (device == NULL)
    return NULL;

  if (aws_sso_device_get_device_code (device) == NULL || aws_sso_device_get_uri (device) == NULL)
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer has no code");
      return NULL;
    }

  uri = aws_sso_device_get_complete_uri (device);
  set_uri (self, uri != NULL ? uri : aws_sso_device_get_uri (device), aws_sso_device_get_user_code (device));
  set_state (self, PORCH_SIGN_IN_CODE);

  return await_confirmed (self, client, *registration, device, error);
}

/* An organization whose pages are in another region than was thought is asked there */
static JsonObject *
await_sso_session (PorchSignIn  *self,
                   AwsClient   **client,
                   GError      **error)
{
  for (gboolean again = TRUE; ; again = FALSE)
    {
      g_autoptr(AwsSsoRegistration) registration = NULL;
      g_autoptr(AwsSsoToken) token = NULL;
      g_autoptr(GError) local_error = NULL;
      const char *region;

      token = self->by_code ? await_token_by_device (self, *client, &registration, &local_error)
                            : await_token_by_browser (self, *client, &registration, &local_error);

      if (token != NULL)
        return aws_sso_credentials_new_session (*client, self->start_url, registration, token, error);

      region = aws_error_get_region (local_error);

      if (!again || !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_WRONG_REGION) || region == NULL ||
          !porch_account_check_region (region, NULL))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }

      g_object_unref (*client);
      *client = new_client (region);
    }
}

static void
add_choices (PorchSignIn   *self,
             AwsSsoAccount *account,
             GPtrArray     *roles)
{
  for (guint i = 0; i < roles->len; i++)
    {
      g_autoptr(PorchSignInChoice) choice = g_object_new (PORCH_TYPE_SIGN_IN_CHOICE, NULL);

      choice->number = g_strdup (aws_sso_account_get_id (account));
      choice->name = g_strdup (aws_sso_account_get_name (account));
      choice->mail = g_strdup (aws_sso_account_get_mail (account));
      choice->role = g_strdup (aws_sso_role_get_name (g_ptr_array_index (roles, i)));

      if (choice->number != NULL && choice->role != NULL)
        g_list_store_append (self->choices, choice);
    }
}

static gboolean
await_some_roles (PorchSignIn  *self,
                  AwsClient    *client,
                  const char   *access_token,
                  GPtrArray    *accounts,
                  guint         first,
                  GError      **error)
{
  g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = first; i < MIN (first + ROLES_AT_ONCE, accounts->len); i++)
    {
      const char *number = aws_sso_account_get_id (g_ptr_array_index (accounts, i));

      g_ptr_array_add (futures, aws_sso_list_account_roles (client, access_token, number != NULL ? number : ""));
    }

  if (!dex_await (until_stopped (self, dex_future_allv ((DexFuture **) futures->pdata, futures->len)), error))
    return FALSE;

  for (guint i = 0; i < futures->len; i++)
    {
      const GValue *value = dex_future_get_value (g_ptr_array_index (futures, i), NULL);

      if (value != NULL)
        add_choices (self, g_ptr_array_index (accounts, first + i), g_value_get_boxed (value));
    }

  return TRUE;
}

static gboolean
await_choices (PorchSignIn  *self,
               AwsClient    *client,
               const char   *access_token,
               GError      **error)
{
  g_autoptr(GPtrArray) accounts = dex_await_boxed (until_stopped (self, aws_sso_list_accounts (client, access_token)), error);

  if (accounts == NULL)
    return FALSE;

  for (guint i = 0; i < accounts->len; i += ROLES_AT_ONCE)
    if (!await_some_roles (self, client, access_token, accounts, i, error))
      return FALSE;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->choices)) > 0)
    return TRUE;

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_SIGN_IN_REFUSED,
                       _("The organization has not given you any account to use. Ask whoever manages it."));

  return FALSE;
}

static PorchSignInChoice *
await_choice (PorchSignIn  *self,
              AwsClient    *client,
              const char   *access_token,
              GError      **error)
{
  if (!await_choices (self, client, access_token, error))
    return NULL;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->choices)) == 1)
    return g_list_model_get_item (G_LIST_MODEL (self->choices), 0);

  dex_clear (&self->answer);
  self->answer = dex_promise_new ();
  set_state (self, PORCH_SIGN_IN_CHOOSE);

  return dex_await_object (until_stopped (self, dex_ref (DEX_FUTURE (self->answer))), error);
}

static PorchAccount *
new_account (PorchSignIn *self,
             AwsClient   *client,
             const char  *number,
             const char  *role)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr(JsonObject) details = json_object_new ();
  PorchAccount *account;

  json_object_set_string_member (details, "signInRegion", aws_client_get_region (client));
  json_object_set_int_member (details, "signedIn", g_get_real_time () / G_USEC_PER_SEC);

  if (self->start_url != NULL)
    json_object_set_string_member (details, "startUrl", self->start_url);
  if (role != NULL)
    json_object_set_string_member (details, "role", role);

  account = porch_account_new (porch_engine_get_store (self->engine), id,
                               self->kind == PORCH_SIGN_IN_SSO ? PORCH_ACCOUNT_SSO : PORCH_ACCOUNT_SIGN_IN, "",
                               self->renewed != NULL ? porch_account_get_region (self->renewed) : self->region);
  porch_account_set_number (account, number);
  porch_account_set_details (account, details);

  return account;
}

static gboolean
await_renewed (PorchSignIn   *self,
               PorchAccount  *account,
               GError       **error)
{
  const char *number = porch_account_get_number (self->renewed);

  if (number != NULL && g_strcmp0 (number, porch_account_get_number (account)) != 0)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_OTHER_ACCOUNT,
                   _("You signed in to account %s, but “%s” is account %s."),
                   porch_account_get_number (account), porch_account_get_name (self->renewed), number);
      return FALSE;
    }

  porch_account_take_over (self->renewed, account);

  return dex_await (porch_account_keep (self->renewed), error) &&
         dex_await (porch_account_save (self->renewed), error) &&
         dex_await (porch_account_check (self->renewed), error);
}

static PorchAccount *
await_account (PorchSignIn  *self,
               AwsClient    *client,
               JsonObject   *session,
               const char   *number,
               const char   *role,
               GError      **error)
{
  g_autoptr(PorchAccount) account = new_account (self, client, number, role);

  set_state (self, PORCH_SIGN_IN_FINISHING);
  porch_account_take_session (account, session);

  if (!dex_await (until_stopped (self, porch_account_check (account)), error) ||
      (self->renewed != NULL && !await_renewed (self, account, error)))
    return NULL;

  return g_object_ref (self->renewed != NULL ? self->renewed : account);
}

static PorchAccount *
await_console (PorchSignIn  *self,
               GError      **error)
{
  g_autoptr(AwsClient) client = new_client (self->sign_in_region);
  g_autoptr(JsonObject) session = await_console_session (self, client, error);

  return session != NULL ? await_account (self, client, session, NULL, NULL, error) : NULL;
}

static PorchAccount *
await_sso (PorchSignIn  *self,
           GError      **error)
{
  g_autoptr(AwsClient) client = new_client (self->sign_in_region);
  g_autoptr(JsonObject) session = await_sso_session (self, &client, error);
  g_autoptr(PorchSignInChoice) choice = NULL;

  if (session == NULL)
    return NULL;

  set_state (self, PORCH_SIGN_IN_FINISHING);

  if (self->renewed != NULL)
    return await_account (self, client, session, porch_account_get_number (self->renewed),
                          porch_account_get_role (self->renewed), error);

  choice = await_choice (self, client, json_object_get_string_member (session, "accessToken"), error);

  return choice != NULL ? await_account (self, client, session, choice->number, choice->role, error) : NULL;
}

static gboolean
limit_cb (gpointer user_data)
{
  PorchSignIn *self = user_data;

  self->timer = 0;
  dex_promise_reject (self->limit, g_error_new_literal (PORCH_ERROR, PORCH_ERROR_SIGN_IN_LATE,
                                                        _("Nobody signed in for too long.")));

  return G_SOURCE_REMOVE;
}

static void
end_attempt (PorchSignIn *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  dex_clear (&self->stop);
  dex_clear (&self->limit);
  dex_clear (&self->answer);
}

static void
begin_attempt (PorchSignIn *self)
{
  end_attempt (self);
  self->stop = dex_promise_new ();
  self->limit = dex_promise_new ();
  self->timer = g_timeout_add_seconds (self->time_limit, limit_cb, self);
  g_free (self->secret_state);
  self->secret_state = g_uuid_string_random ();
  g_list_store_remove_all (self->choices);
  set_problem (self, NULL);
  set_state (self, PORCH_SIGN_IN_STARTING);
}

static DexFuture *
run_fiber (gpointer user_data)
{
  PorchSignIn *self = user_data;
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(GError) error = NULL;

  while ((account = self->kind == PORCH_SIGN_IN_SSO ? await_sso (self, &error) : await_console (self, &error)) == NULL &&
         porch_error_is_cancelled (error) && !self->is_cancelled)
    {
      g_clear_error (&error);
      begin_attempt (self);
    }

  self->is_running = FALSE;
  end_attempt (self);

  if (account == NULL)
    {
      g_autoptr(PorchProblem) problem = porch_error_is_cancelled (error) ? NULL : porch_problem_from_error (error);

      set_problem (self, problem);
      set_state (self, PORCH_SIGN_IN_FAILED);

      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  if (g_set_object (&self->account, account))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT]);

  set_state (self, PORCH_SIGN_IN_DONE);

  return dex_future_new_take_object (g_steal_pointer (&account));
}

static void
porch_sign_in_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchSignIn *self = PORCH_SIGN_IN (object);

  switch (prop_id)
    {
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_BY_CODE:
      g_value_set_boolean (value, self->by_code);
      break;
    case PROP_URI:
      g_value_set_string (value, self->uri);
      break;
    case PROP_USER_CODE:
      g_value_set_string (value, self->user_code);
      break;
    case PROP_CHOICES:
      g_value_set_object (value, self->choices);
      break;
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_PROBLEM:
      g_value_set_object (value, self->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_sign_in_finalize (GObject *object)
{
  PorchSignIn *self = PORCH_SIGN_IN (object);

  end_attempt (self);
  g_clear_object (&self->engine);
  g_clear_object (&self->renewed);
  g_clear_object (&self->choices);
  g_clear_object (&self->account);
  g_clear_object (&self->problem);
  g_clear_pointer (&self->start_url, g_free);
  g_clear_pointer (&self->sign_in_region, g_free);
  g_clear_pointer (&self->region, g_free);
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->user_code, g_free);
  g_clear_pointer (&self->secret_state, g_free);

  G_OBJECT_CLASS (porch_sign_in_parent_class)->finalize (object);
}

static void
porch_sign_in_class_init (PorchSignInClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_sign_in_get_property;
  object_class->finalize = porch_sign_in_finalize;

  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, PORCH_TYPE_SIGN_IN_KIND, PORCH_SIGN_IN_CONSOLE, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_SIGN_IN_STATE, PORCH_SIGN_IN_STARTING, flags);
  properties[PROP_BY_CODE] = g_param_spec_boolean ("by-code", NULL, NULL, FALSE, flags);
  properties[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, flags);
  properties[PROP_USER_CODE] = g_param_spec_string ("user-code", NULL, NULL, NULL, flags);
  properties[PROP_CHOICES] = g_param_spec_object ("choices", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, PORCH_TYPE_ACCOUNT, flags);
  properties[PROP_PROBLEM] = g_param_spec_object ("problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_sign_in_init (PorchSignIn *self)
{
  self->choices = g_list_store_new (PORCH_TYPE_SIGN_IN_CHOICE);
  self->time_limit = TIME_LIMIT;
}

static PorchSignIn *
new_sign_in (PorchEngine     *engine,
             PorchSignInKind  kind,
             const char      *sign_in_region,
             const char      *region)
{
  PorchSignIn *self = g_object_new (PORCH_TYPE_SIGN_IN, NULL);
  g_autofree char *usual = aws_environment_dup_region ();

  self->engine = g_object_ref (engine);
  self->kind = kind;
  self->sign_in_region = g_strdup (sign_in_region != NULL ? sign_in_region : REGION);
  self->region = g_strdup (region != NULL ? region : usual != NULL ? usual : porch_account_list_regions ()[0]);

  return self;
}

/**
 * porch_sign_in_new_console:
 * @engine: an open engine
 * @region: (nullable): the region to work in
 *
 * Prepares to sign in the way the account's own pages do it.
 *
 * Returns: (transfer full): the attempt
 */
PorchSignIn *
porch_sign_in_new_console (PorchEngine *engine,
                           const char  *region)
{
  g_autofree char *usual = NULL;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);

  usual = aws_environment_dup_region ();

  return new_sign_in (engine, PORCH_SIGN_IN_CONSOLE, region != NULL ? region : usual, region);
}

/**
 * porch_sign_in_new_sso:
 * @engine: an open engine
 * @start_url: the sign-in page of the organization, see [func@Porch.SignIn.parse_start_url]
 * @sso_region: (nullable): the region of that page
 * @region: (nullable): the region to work in
 *
 * Prepares to sign in through IAM Identity Center.
 *
 * Returns: (transfer full): the attempt
 */
PorchSignIn *
porch_sign_in_new_sso (PorchEngine *engine,
                       const char  *start_url,
                       const char  *sso_region,
                       const char  *region)
{
  PorchSignIn *self;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (start_url != NULL, NULL);

  self = new_sign_in (engine, PORCH_SIGN_IN_SSO, sso_region, region);
  self->start_url = g_strdup (start_url);

  return self;
}

/**
 * porch_sign_in_new_renewal:
 * @engine: an open engine
 * @account: an account of the kinds that are signed in to in the browser
 *
 * Prepares to sign in again to an account that is there. Another account is refused.
 *
 * Returns: (transfer full): the attempt
 */
PorchSignIn *
porch_sign_in_new_renewal (PorchEngine  *engine,
                           PorchAccount *account)
{
  PorchSignIn *self;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (PORCH_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (porch_account_get_renewal (account) == PORCH_ACCOUNT_RENEWAL_BROWSER, NULL);

  self = new_sign_in (engine,
                      porch_account_get_kind (account) == PORCH_ACCOUNT_SSO ? PORCH_SIGN_IN_SSO : PORCH_SIGN_IN_CONSOLE,
                      porch_account_get_sign_in_region (account), porch_account_get_region (account));
  self->renewed = g_object_ref (account);
  self->start_url = g_strdup (porch_account_get_start_url (account));

  return self;
}

/**
 * porch_sign_in_set_by_code:
 * @self: an attempt
 * @by_code: whether there is no browser on this computer that could come back to it
 *
 * Chooses between the browser coming back by itself, and a code that is pasted or confirmed. While somebody is in the
 * browser, it begins anew with another address.
 */
void
porch_sign_in_set_by_code (PorchSignIn *self,
                           gboolean     by_code)
{
  g_return_if_fail (PORCH_IS_SIGN_IN (self));

  if (self->by_code == !!by_code)
    return;

  self->by_code = !!by_code;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BY_CODE]);

  if (self->is_running && self->stop != NULL && dex_future_is_pending (DEX_FUTURE (self->stop)) &&
      (self->state == PORCH_SIGN_IN_STARTING || self->state == PORCH_SIGN_IN_BROWSER || self->state == PORCH_SIGN_IN_CODE))
    dex_promise_reject (self->stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Begun anew"));
}

/**
 * porch_sign_in_set_time_limit:
 * @self: an attempt that does not run
 * @seconds: how long the whole of it may take; 600 if nobody says otherwise
 *
 * Sets how long to wait for the person.
 */
void
porch_sign_in_set_time_limit (PorchSignIn *self,
                              guint        seconds)
{
  g_return_if_fail (PORCH_IS_SIGN_IN (self));

  self->time_limit = seconds;
}

/**
 * porch_sign_in_run:
 * @self: an attempt that does not run
 *
 * Signs in. Its properties tell what the person has to do. Dropping the future does not end it.
 *
 * Returns: (transfer full): a future that resolves to the [class@Porch.Account], which is not among those of the engine
 *   before [method@Porch.Engine.add_account] unless it is one that was renewed; rejected with
 *   %PORCH_ERROR_SIGN_IN_LATE, %PORCH_ERROR_SIGN_IN_REFUSED, %PORCH_ERROR_OTHER_ACCOUNT, %G_IO_ERROR_CANCELLED, or what
 *   the service says
 */
DexFuture *
porch_sign_in_run (PorchSignIn *self)
{
  dex_return_error_if_fail (PORCH_IS_SIGN_IN (self));
  dex_return_error_if_fail (!self->is_running);

  self->is_running = TRUE;
  self->is_cancelled = FALSE;
  begin_attempt (self);

  return porch_fiber_spawn (run_fiber, g_object_ref (self), g_object_unref, NULL);
}

/**
 * porch_sign_in_cancel:
 * @self: an attempt
 *
 * Gives up. Nothing is kept of it.
 */
void
porch_sign_in_cancel (PorchSignIn *self)
{
  g_return_if_fail (PORCH_IS_SIGN_IN (self));

  if (!self->is_running)
    return;

  self->is_cancelled = TRUE;

  if (dex_future_is_pending (DEX_FUTURE (self->stop)))
    dex_promise_reject (self->stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
}

/**
 * porch_sign_in_submit_code:
 * @self: an attempt that waits for a code from the browser
 * @text: what was pasted
 * @error: return location
 *
 * Goes on with a code. A wrong one leaves the attempt as it is.
 *
 * Returns: whether it was a code; else %FALSE with %PORCH_ERROR_CODE
 */
gboolean
porch_sign_in_submit_code (PorchSignIn  *self,
                           const char   *text,
                           GError      **error)
{
  g_autofree char *code = NULL;

  g_return_val_if_fail (PORCH_IS_SIGN_IN (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (self->state != PORCH_SIGN_IN_CODE || self->answer == NULL || !dex_future_is_pending (DEX_FUTURE (self->answer)))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_CODE, _("No code is expected at the moment."));
      return FALSE;
    }

  if ((code = aws_signin_parse_code (text, self->secret_state, NULL)) == NULL)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_CODE,
                           _("This is not the code that the page shows, or it is from an earlier attempt."));
      return FALSE;
    }

  dex_promise_resolve_string (self->answer, g_steal_pointer (&code));

  return TRUE;
}

/**
 * porch_sign_in_choose:
 * @self: an attempt that waits for a choice
 * @choice: one of the choices
 *
 * Goes on with an account of the organization.
 */
void
porch_sign_in_choose (PorchSignIn       *self,
                      PorchSignInChoice *choice)
{
  g_return_if_fail (PORCH_IS_SIGN_IN (self));
  g_return_if_fail (PORCH_IS_SIGN_IN_CHOICE (choice));

  if (self->state == PORCH_SIGN_IN_CHOOSE && dex_future_is_pending (DEX_FUTURE (self->answer)))
    dex_promise_resolve_object (self->answer, g_object_ref (choice));
}

/**
 * porch_sign_in_get_kind:
 * @self: an attempt
 *
 * Returns: how somebody signs in
 */
PorchSignInKind
porch_sign_in_get_kind (PorchSignIn *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN (self), PORCH_SIGN_IN_CONSOLE);

  return self->kind;
}

/**
 * porch_sign_in_get_state:
 * @self: an attempt
 *
 * Returns: where it is
 */
PorchSignInState
porch_sign_in_get_state (PorchSignIn *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN (self), PORCH_SIGN_IN_STARTING);

  return self->state;
}

/**
 * porch_sign_in_is_by_code:
 * @self: an attempt
 *
 * Returns: whether a code is pasted or confirmed, since the browser can't come back by itself
 */
gboolean
porch_sign_in_is_by_code (PorchSignIn *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN (self), FALSE);

  return self->by_code;
}

/**
 * porch_sign_in_get_uri:
 * @self: an attempt
 *
 * Returns: (transfer none) (nullable): what to open in the browser
 */
const char *
porch_sign_in_get_uri (PorchSignIn *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN (self), NULL);

  return self->uri;
}

/**
 * porch_sign_in_get_user_code:
 * @self: an attempt
 *
 * Returns: (transfer none) (nullable): what the page in the browser has to show, or asks for
 */
const char *
porch_sign_in_get_user_code (PorchSignIn *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN (self), NULL);

  return self->user_code;
}

/**
 * porch_sign_in_get_choices:
 * @self: an attempt
 *
 * Returns: (transfer none): a list of [class@Porch.SignInChoice]
 */
GListModel *
porch_sign_in_get_choices (PorchSignIn *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN (self), NULL);

  return G_LIST_MODEL (self->choices);
}

/**
 * porch_sign_in_get_account:
 * @self: an attempt
 *
 * Returns: (transfer none) (nullable): the account, when it is done
 */
PorchAccount *
porch_sign_in_get_account (PorchSignIn *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN (self), NULL);

  return self->account;
}

/**
 * porch_sign_in_get_problem:
 * @self: an attempt
 *
 * Returns: (transfer none) (nullable): why it failed; %NULL if it was cancelled
 */
PorchProblem *
porch_sign_in_get_problem (PorchSignIn *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN (self), NULL);

  return self->problem;
}

/**
 * porch_sign_in_choice_get_number:
 * @self: a choice
 *
 * Returns: (transfer none): the digits of the account
 */
const char *
porch_sign_in_choice_get_number (PorchSignInChoice *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN_CHOICE (self), NULL);

  return self->number;
}

/**
 * porch_sign_in_choice_get_name:
 * @self: a choice
 *
 * Returns: (transfer none) (nullable): what the organization calls the account
 */
const char *
porch_sign_in_choice_get_name (PorchSignInChoice *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN_CHOICE (self), NULL);

  return self->name;
}

/**
 * porch_sign_in_choice_get_mail:
 * @self: a choice
 *
 * Returns: (transfer none) (nullable): the mail address of the account
 */
const char *
porch_sign_in_choice_get_mail (PorchSignInChoice *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN_CHOICE (self), NULL);

  return self->mail;
}

/**
 * porch_sign_in_choice_get_role:
 * @self: a choice
 *
 * Returns: (transfer none): as what the account is used
 */
const char *
porch_sign_in_choice_get_role (PorchSignInChoice *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN_CHOICE (self), NULL);

  return self->role;
}

/* eu-west-1 in x.portal.eu-west-1.app.aws and x.eu-west-1.portal.amazonaws.com */
static char *
dup_region_of_host (const char *host)
{
  static const char * const patterns[] = {
    "\\.portal\\.([a-z0-9-]+)\\.app\\.aws$", "\\.([a-z0-9-]+)\\.portal\\.amazonaws\\.com$",
  };

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr(GRegex) regex = g_regex_new (patterns[i], G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
      g_autoptr(GMatchInfo) match = NULL;
      g_autofree char *region = NULL;

      if (g_regex_match (regex, host, G_REGEX_MATCH_DEFAULT, &match) &&
          porch_account_check_region (region = g_match_info_fetch (match, 1), NULL))
        return g_steal_pointer (&region);
    }

  return NULL;
}

/**
 * porch_sign_in_parse_start_url:
 * @text: what was typed
 * @url: (out): the address of the sign-in page
 * @region: (out) (nullable): its region, where the address tells it
 * @error: return location
 *
 * Reads the address of an organization's sign-in page. What a browser shows behind it, and a missing “https://”, do no
 * harm.
 *
 * Returns: whether it can be one; else %FALSE with %PORCH_ERROR_SIGN_IN_PAGE
 */
gboolean
porch_sign_in_parse_start_url (const char  *text,
                               char       **url,
                               char       **region,
                               GError     **error)
{
  g_autofree char *clean = NULL;
  g_autofree char *full = NULL;
  g_autoptr(GUri) uri = NULL;
  const char *path;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (url != NULL && region != NULL, FALSE);

  clean = aws_credentials_clean_text (text);
  full = strstr (clean, "://") != NULL ? g_strdup (clean) : g_strconcat ("https://", clean, NULL);
  uri = g_uri_parse (full, G_URI_FLAGS_ENCODED_PATH, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || strchr (g_uri_get_host (uri), '.') == NULL ||
      (g_strcmp0 (g_uri_get_scheme (uri), "https") != 0 && g_strcmp0 (g_uri_get_scheme (uri), "http") != 0))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_SIGN_IN_PAGE,
                           _("This is not the address of a sign-in page, such as https://example.awsapps.com/start."));
      return FALSE;
    }

  /* The browser adds “#/?tab=accounts” and the like */
  path = g_uri_get_path (uri);
  *url = g_uri_join (G_URI_FLAGS_ENCODED_PATH, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri), g_uri_get_port (uri),
                     g_str_equal (path, "/") ? "" : path, NULL, NULL);
  *region = dup_region_of_host (g_uri_get_host (uri));

  if (g_str_has_suffix (*url, "/"))
    (*url)[strlen (*url) - 1] = '\0';

  return TRUE;
}
