/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-account-private.h"
#include "porch-keys.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-keyring.h"
#include "porch-session.h"

#include "aws-environment.h"
#include "aws-json.h"
#include "aws-login-credentials.h"
#include "aws-sso-credentials.h"
#include "aws-sts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * PorchAccount:
 *
 * Where sites live: the practice cloud, or an account of the person's own. Secrets are in the keyring only; without
 * one they are kept for as long as this process runs, which [property@Porch.Account:session-only] tells.
 */
struct _PorchAccount
{
  GObject                 parent_instance;

  PorchStore             *store;
  AwsCredentialsProvider *provider;
  GHashTable             *clients;       /* region -> AwsClient */
  PorchProblem           *problem;
  char                   *id;
  char                   *name;
  char                   *region;
  char                   *number;
  char                   *key_id;
  char                   *endpoint;
  PorchSession           *session;       /* of a sign-in */
  JsonObject             *details;       /* what else the store has to know; no secrets */
  PorchProblem           *keyring_problem;
  PorchAccountKind        kind;
  PorchAccountState       state;
  gboolean                session_only;
};

G_DEFINE_FINAL_TYPE (PorchAccount, porch_account, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchAccountKind, porch_account_kind,
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_PRACTICE, "practice"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_KEYS, "keys"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_ENVIRONMENT, "environment"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_SIGN_IN, "sign-in"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_SSO, "sso"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_PROFILE, "profile"))

G_DEFINE_ENUM_TYPE (PorchAccountState, porch_account_state,
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_NEEDS_SIGN_IN, "needs-sign-in"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_UNREACHABLE, "unreachable"))

G_DEFINE_ENUM_TYPE (PorchAccountRenewal, porch_account_renewal,
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_RENEWAL_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_RENEWAL_BROWSER, "browser"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_RENEWAL_KEYS, "keys"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_RENEWAL_OUTSIDE, "outside"))

/* The members of the details */
#define ARN         "arn"
#define PROFILE     "profile"
#define ROLE        "role"
#define SIGNED_IN   "signedIn"
#define SIGN_REGION "signInRegion"
#define START_URL   "startUrl"

/* How long a session of the console sign-in can be renewed */
#define SESSION_HOURS 12

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_KIND,
  PROP_STATE,
  PROP_PROBLEM,
  PROP_REGION,
  PROP_NUMBER,
  PROP_KEY_ID,
  PROP_SESSION_ONLY,
  PROP_KEYRING_PROBLEM,
  PROP_PRACTICE,
  PROP_RENEWAL,
  PROP_EXPIRES,
  PROP_ARN,
  PROP_USER,
  PROP_ROOT,
  PROP_PROFILE,
  PROP_START_URL,
  PROP_ROLE,
  N_PROPS
};

enum
{
  RENEWED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GParamSpec *properties[N_PROPS];

static const char * const kinds[] = { "practice", "keys", "environment", "sign-in", "sso", "profile" };

const char *
porch_account_kind_to_string (PorchAccountKind kind)
{
  return kinds[kind];
}

gboolean
porch_account_kind_from_string (const char       *text,
                                PorchAccountKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (text, kinds[i]) == 0)
      {
        *kind = i;
        return TRUE;
      }

  return FALSE;
}

static void
set_state (PorchAccount      *self,
           PorchAccountState  state,
           const GError      *error)
{
  g_autoptr(PorchProblem) problem = error != NULL ? porch_problem_from_error (error) : NULL;
  gboolean is_renewed = self->state == PORCH_ACCOUNT_NEEDS_SIGN_IN && state == PORCH_ACCOUNT_READY;

  if (g_set_object (&self->problem, problem))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);

  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);

  if (is_renewed && porch_account_get_renewal (self) != PORCH_ACCOUNT_RENEWAL_NONE)
    g_signal_emit (self, signals[RENEWED], 0);
}

/* @trouble says why what is secret can't be kept; %NULL if it is */
static void
set_trouble (PorchAccount *self,
             const GError *trouble)
{
  g_autoptr(PorchProblem) problem = trouble != NULL ? porch_problem_from_error (trouble) : NULL;

  if (g_set_object (&self->keyring_problem, problem))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEYRING_PROBLEM]);

  if (self->session_only == (trouble != NULL))
    return;

  self->session_only = trouble != NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION_ONLY]);
}

static void
session_notify_cb (PorchAccount *self)
{
  set_trouble (self, porch_session_get_trouble (self->session));
}

/* What a failed request says about the account itself, if anything. */
void
porch_account_note_error (PorchAccount *self,
                          const GError *error)
{
  if (error == NULL)
    set_state (self, PORCH_ACCOUNT_READY, NULL);
  else if (g_error_matches (error, AWS_ERROR, AWS_ERROR_EXPIRED) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_SIGNATURE) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_UNKNOWN_KEY) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_CREDENTIALS) ||
           g_error_matches (error, PORCH_ERROR, PORCH_ERROR_SIGN_IN) ||
           g_error_matches (error, PORCH_ERROR, PORCH_ERROR_KEYRING))
    set_state (self, PORCH_ACCOUNT_NEEDS_SIGN_IN, error);
  else if (g_error_matches (error, AWS_ERROR, AWS_ERROR_UNREACHABLE) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_TIMED_OUT) ||
           g_error_matches (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER) ||
           g_error_matches (error, PORCH_ERROR, PORCH_ERROR_PRACTICE_OFF))
    set_state (self, PORCH_ACCOUNT_UNREACHABLE, error);
}

static void
porch_account_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchAccount *self = PORCH_ACCOUNT (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PROBLEM:
      g_value_set_object (value, self->problem);
      break;
    case PROP_REGION:
      g_value_set_string (value, self->region);
      break;
    case PROP_NUMBER:
      g_value_set_string (value, self->number);
      break;
    case PROP_KEY_ID:
      g_value_set_string (value, self->key_id);
      break;
    case PROP_SESSION_ONLY:
      g_value_set_boolean (value, self->session_only);
      break;
    case PROP_KEYRING_PROBLEM:
      g_value_set_object (value, self->keyring_problem);
      break;
    case PROP_PRACTICE:
      g_value_set_boolean (value, porch_account_is_practice (self));
      break;
    case PROP_RENEWAL:
      g_value_set_enum (value, porch_account_get_renewal (self));
      break;
    case PROP_EXPIRES:
      g_value_take_boxed (value, porch_account_dup_expires (self));
      break;
    case PROP_ARN:
      g_value_set_string (value, porch_account_get_arn (self));
      break;
    case PROP_USER:
      g_value_set_string (value, porch_account_get_user (self));
      break;
    case PROP_ROOT:
      g_value_set_boolean (value, porch_account_is_root (self));
      break;
    case PROP_PROFILE:
      g_value_set_string (value, porch_account_get_profile (self));
      break;
    case PROP_START_URL:
      g_value_set_string (value, porch_account_get_start_url (self));
      break;
    case PROP_ROLE:
      g_value_set_string (value, porch_account_get_role (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_account_finalize (GObject *object)
{
  PorchAccount *self = PORCH_ACCOUNT (object);

  g_clear_pointer (&self->clients, g_hash_table_unref);
  g_clear_object (&self->provider);
  g_clear_object (&self->problem);
  g_clear_object (&self->keyring_problem);
  g_clear_object (&self->session);
  g_clear_pointer (&self->details, json_object_unref);
  g_clear_object (&self->store);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->region, g_free);
  g_clear_pointer (&self->number, g_free);
  g_clear_pointer (&self->key_id, g_free);
  g_clear_pointer (&self->endpoint, g_free);

  G_OBJECT_CLASS (porch_account_parent_class)->finalize (object);
}

static void
porch_account_class_init (PorchAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_account_get_property;
  object_class->finalize = porch_account_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, PORCH_TYPE_ACCOUNT_KIND,
                                             PORCH_ACCOUNT_PRACTICE, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_ACCOUNT_STATE,
                                              PORCH_ACCOUNT_UNKNOWN, flags);
  properties[PROP_PROBLEM] = g_param_spec_object ("problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);
  properties[PROP_REGION] = g_param_spec_string ("region", NULL, NULL, NULL, flags);
  properties[PROP_NUMBER] = g_param_spec_string ("number", NULL, NULL, NULL, flags);
  properties[PROP_KEY_ID] = g_param_spec_string ("key-id", NULL, NULL, NULL, flags);
  properties[PROP_SESSION_ONLY] = g_param_spec_boolean ("session-only", NULL, NULL, FALSE, flags);
  properties[PROP_PRACTICE] = g_param_spec_boolean ("practice", NULL, NULL, FALSE, flags);
  properties[PROP_KEYRING_PROBLEM] = g_param_spec_object ("keyring-problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);
  properties[PROP_RENEWAL] = g_param_spec_enum ("renewal", NULL, NULL, PORCH_TYPE_ACCOUNT_RENEWAL,
                                                PORCH_ACCOUNT_RENEWAL_NONE, flags);
  properties[PROP_EXPIRES] = g_param_spec_boxed ("expires", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_ARN] = g_param_spec_string ("arn", NULL, NULL, NULL, flags);
  properties[PROP_USER] = g_param_spec_string ("user", NULL, NULL, NULL, flags);
  properties[PROP_ROOT] = g_param_spec_boolean ("root", NULL, NULL, FALSE, flags);
  properties[PROP_PROFILE] = g_param_spec_string ("profile", NULL, NULL, NULL, flags);
  properties[PROP_START_URL] = g_param_spec_string ("start-url", NULL, NULL, NULL, flags);
  properties[PROP_ROLE] = g_param_spec_string ("role", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * PorchAccount::renewed:
   * @self: the account
   *
   * It needed signing in, and can be used again.
   */
  signals[RENEWED] = g_signal_new ("renewed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
porch_account_init (PorchAccount *self)
{
  self->details = json_object_new ();
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/* A client that asks about sessions: it signs nothing, so it needs no credentials */
static AwsClient *
new_session_client (const char *region)
{
  AwsClient *client = aws_client_new (NULL, region);

  aws_client_set_environment_endpoints (client);

  return client;
}

static AwsCredentialsProvider *
new_session_provider (PorchAccount *self)
{
  const char *region = aws_json_get_string (self->details, SIGN_REGION);
  g_autoptr(AwsClient) client = new_session_client (region != NULL ? region : self->region);
  g_autofree char *label = NULL;

  /* Translators: how the keyring lists the sign-in of an account; the name is the one given by the person */
  label = g_strdup_printf (_("Porchlight sign-in for %s"), self->name);
  self->session = porch_session_new (self->id, label);
  g_signal_connect_object (self->session, "notify::trouble", G_CALLBACK (session_notify_cb), self, G_CONNECT_SWAPPED);

  if (self->kind == PORCH_ACCOUNT_SIGN_IN)
    return aws_login_credentials_new (client, AWS_SESSION_STORE (self->session));

  return aws_sso_credentials_new (client, AWS_SESSION_STORE (self->session),
                                  self->number != NULL ? self->number : "",
                                  porch_account_get_role (self) != NULL ? porch_account_get_role (self) : "");
}

static AwsCredentialsProvider *
new_provider (PorchAccount *self)
{
  switch (self->kind)
    {
    case PORCH_ACCOUNT_ENVIRONMENT:
      return aws_environment_credentials_new ();
    case PORCH_ACCOUNT_PROFILE:
      return aws_profile_credentials_new (porch_account_get_profile (self) != NULL ? porch_account_get_profile (self) : "default");
    case PORCH_ACCOUNT_SIGN_IN:
    case PORCH_ACCOUNT_SSO:
      return new_session_provider (self);
    case PORCH_ACCOUNT_PRACTICE:
    case PORCH_ACCOUNT_KEYS:
    default:
      return AWS_CREDENTIALS_PROVIDER (porch_keys_new (self->id, self->kind == PORCH_ACCOUNT_KEYS));
    }
}

/* Where its keys come from depends on the details, so that it is found out when the first request needs it */
static AwsCredentialsProvider *
ensure_provider (PorchAccount *self)
{
  if (self->provider == NULL)
    self->provider = new_provider (self);

  return self->provider;
}

PorchAccount *
porch_account_new (PorchStore       *store,
                   const char       *id,
                   PorchAccountKind  kind,
                   const char       *name,
                   const char       *region)
{
  PorchAccount *self = g_object_new (PORCH_TYPE_ACCOUNT, NULL);

  self->store = g_object_ref (store);
  self->id = g_strdup (id);
  self->kind = kind;
  self->name = g_strdup (name);
  self->region = g_strdup (region);

  return self;
}

static void
notify_details (PorchAccount *self)
{
  static const int all[] = { PROP_EXPIRES, PROP_ARN, PROP_USER, PROP_ROOT, PROP_PROFILE, PROP_START_URL, PROP_ROLE };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[all[i]]);
}

/* What the store has of it, %NULL for nothing. Before the first request, and again when somebody signed in anew. */
void
porch_account_set_details (PorchAccount *self,
                           JsonObject   *details)
{
  g_autoptr(JsonObject) copy = details != NULL ? aws_session_copy (details) : json_object_new ();

  g_clear_pointer (&self->details, json_object_unref);
  self->details = g_steal_pointer (&copy);
  notify_details (self);
}

JsonObject *
porch_account_get_details (PorchAccount *self)
{
  return self->details;
}

static char *
dup_details_text (PorchAccount *self)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (self->details);
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  return g_strndup (text, length);
}

/* Takes a session into use that somebody began just now, for this process until porch_account_keep(). */
void
porch_account_take_session (PorchAccount *self,
                            JsonObject   *session)
{
  g_autoptr(AwsCredentialsProvider) provider = g_object_ref (ensure_provider (self));

  porch_session_set (self->session, session);
  aws_renewing_credentials_forget (AWS_RENEWING_CREDENTIALS (provider));
}

JsonObject *
porch_account_get_session (PorchAccount *self)
{
  return self->session != NULL ? porch_session_get (self->session) : NULL;
}

void
porch_account_set_number (PorchAccount *self,
                          const char   *number)
{
  if (g_set_str (&self->number, number))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NUMBER]);
}

void
porch_account_take_region (PorchAccount *self,
                           const char   *region)
{
  if (g_set_str (&self->region, region))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REGION]);
}

void
porch_account_set_key_id (PorchAccount *self,
                          const char   *key_id)
{
  if (g_set_str (&self->key_id, key_id))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEY_ID]);
}

/* Takes keys into use for this process. */
void
porch_account_use (PorchAccount   *self,
                   AwsCredentials *credentials)
{
  porch_keys_set (PORCH_KEYS (ensure_provider (self)), credentials);
  porch_account_set_key_id (self, aws_credentials_get_access_key_id (credentials));
  g_hash_table_remove_all (self->clients);
}

/* The practice cloud was started: where it listens and what it lets in. */
void
porch_account_set_practice (PorchAccount *self,
                            const char   *endpoint,
                            const char   *key_id,
                            const char   *secret)
{
  g_autoptr(AwsCredentials) credentials = NULL;

  g_set_str (&self->endpoint, endpoint);

  if (endpoint != NULL)
    credentials = aws_credentials_new (key_id, secret, NULL, NULL);

  porch_keys_set (PORCH_KEYS (ensure_provider (self)), credentials);
  g_hash_table_remove_all (self->clients);
  set_state (self, endpoint != NULL ? PORCH_ACCOUNT_READY : PORCH_ACCOUNT_UNREACHABLE, NULL);
}

/* Writes all but the secret to the store. */
DexFuture *
porch_account_save (PorchAccount *self)
{
  g_autofree char *details = dup_details_text (self);

  return porch_store_write (self->store,
                            "INSERT INTO accounts (id, name, kind, region, number, key_id, details, created)"
                            " VALUES (?, ?, ?, ?, ?, ?, ?, unixepoch ())"
                            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, region = excluded.region,"
                            " number = excluded.number, key_id = excluded.key_id, details = excluded.details",
                            "sssssss", self->id, self->name, kinds[self->kind], self->region, self->number, self->key_id,
                            details);
}

/**
 * porch_account_get_id:
 * @self: an account
 *
 * Returns: (transfer none): what it is called in scripts and in the store
 */
const char *
porch_account_get_id (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return self->id;
}

/**
 * porch_account_get_name:
 * @self: an account
 *
 * Returns: (transfer none): what the person calls it
 */
const char *
porch_account_get_name (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return self->name;
}

/**
 * porch_account_get_kind:
 * @self: an account
 *
 * Returns: where its keys come from
 */
PorchAccountKind
porch_account_get_kind (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), PORCH_ACCOUNT_PRACTICE);

  return self->kind;
}

/**
 * porch_account_get_state:
 * @self: an account
 *
 * Returns: whether it can be used
 */
PorchAccountState
porch_account_get_state (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), PORCH_ACCOUNT_UNKNOWN);

  return self->state;
}

/**
 * porch_account_get_problem:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): why it can't be used
 */
PorchProblem *
porch_account_get_problem (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return self->problem;
}

/**
 * porch_account_get_region:
 * @self: an account
 *
 * Returns: (transfer none): the region in which its sites are made
 */
const char *
porch_account_get_region (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return self->region;
}

/**
 * porch_account_get_number:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the twelve digits by which the provider knows it, once they are known
 */
const char *
porch_account_get_number (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return self->number;
}

/**
 * porch_account_get_key_id:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the part of the keys that is no secret
 */
const char *
porch_account_get_key_id (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return self->key_id;
}

/**
 * porch_account_is_session_only:
 * @self: an account
 *
 * Returns: whether its keys are forgotten when this process ends, since there is no keyring
 */
gboolean
porch_account_is_session_only (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), FALSE);

  return self->session_only;
}

/**
 * porch_account_is_practice:
 * @self: an account
 *
 * Returns: whether it is the practice cloud
 */
gboolean
porch_account_is_practice (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), FALSE);

  return self->kind == PORCH_ACCOUNT_PRACTICE;
}

/**
 * porch_account_get_endpoint:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the address that stands in for the provider's own, `NULL` if there is none
 */
const char *
porch_account_get_endpoint (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  if (self->kind != PORCH_ACCOUNT_PRACTICE)
    {
      g_autoptr(AwsClient) client = porch_account_dup_client (self);

      g_set_str (&self->endpoint, aws_client_get_endpoint (client, "cloudformation"));
    }

  return self->endpoint;
}

/**
 * porch_account_dup_client:
 * @self: an account
 *
 * Returns: (transfer full): a client for the account's own region
 */
AwsClient *
porch_account_dup_client (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return porch_account_dup_client_for_region (self, self->region);
}

/**
 * porch_account_dup_client_for_region:
 * @self: an account
 * @region: a region
 *
 * Returns: (transfer full): a client for @region; the same one as long as the keys do not change
 */
AwsClient *
porch_account_dup_client_for_region (PorchAccount *self,
                                     const char   *region)
{
  AwsClient *client;

  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);
  g_return_val_if_fail (region != NULL, NULL);

  if ((client = g_hash_table_lookup (self->clients, region)) == NULL)
    {
      client = aws_client_new (ensure_provider (self), region);

      if (self->kind == PORCH_ACCOUNT_PRACTICE)
        aws_client_set_endpoint (client, NULL, self->endpoint);
      else
        aws_client_set_environment_endpoints (client);

      if (self->kind == PORCH_ACCOUNT_ENVIRONMENT)
        aws_client_set_profile_endpoints (client, NULL);
      else if (self->kind == PORCH_ACCOUNT_PROFILE)
        aws_client_set_profile_endpoints (client, porch_account_get_profile (self));

      g_hash_table_insert (self->clients, g_strdup (region), client);
    }

  return g_object_ref (client);
}

static gboolean
is_on_this_computer (const char  *endpoint,
                     int         *port)
{
  g_autoptr(GUri) uri = endpoint != NULL ? g_uri_parse (endpoint, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || g_strcmp0 (g_uri_get_scheme (uri), "http") != 0)
    return FALSE;

  *port = g_uri_get_port (uri);

  return g_str_equal (host, "localhost") || g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1") ||
         g_str_has_suffix (host, ".localhost");
}

/**
 * porch_account_dup_address:
 * @self: an account
 * @host: the host name of a site, as its resources tell it
 *
 * Returns: (transfer full): the address to open in a browser
 */
char *
porch_account_dup_address (PorchAccount *self,
                           const char   *host)
{
  g_auto(GStrv) parts = NULL;
  int port = -1;

  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);
  g_return_val_if_fail (host != NULL, NULL);

  if (!is_on_this_computer (porch_account_get_endpoint (self), &port))
    return g_strdup_printf (strstr (host, ".localhost") != NULL ? "http://%s/" : "https://%s/", host);

  parts = g_strsplit (host, ":", 2);

  /* The practice cloud may have found another port free than when the site was made */
  if (port > 0 && g_str_has_suffix (parts[0], ".localhost"))
    return g_strdup_printf ("http://%s:%d/", parts[0], port);

  return g_strdup_printf ("http://%s/", host);
}

/* An account that is only being tried out has no row yet, and gets none by this */
static DexFuture *
update_identity (PorchAccount *self)
{
  g_autofree char *details = dup_details_text (self);

  return porch_store_write (self->store, "UPDATE accounts SET number = ?, details = ? WHERE id = ?",
                            "sss", self->number, details, self->id);
}

/* Whether anything was news */
static gboolean
take_identity (PorchAccount *self,
               AwsIdentity  *identity)
{
  const char *number = aws_identity_get_account (identity);
  const char *arn = aws_identity_get_arn (identity);

  if (g_strcmp0 (self->number, number) == 0 && g_strcmp0 (porch_account_get_arn (self), arn) == 0)
    return FALSE;

  porch_account_set_number (self, number);
  json_object_set_string_member (self->details, ARN, arn);
  notify_details (self);

  return TRUE;
}

static DexFuture *
check_fiber (gpointer user_data)
{
  PorchAccount *self = user_data;
  g_autoptr(AwsClient) client = porch_account_dup_client (self);
  g_autoptr(AwsIdentity) identity = NULL;
  g_autoptr(GError) error = NULL;

  identity = dex_await_boxed (aws_sts_get_caller_identity (client), &error);

  if (identity == NULL)
    {
      if (!porch_error_is_cancelled (error))
        porch_account_note_error (self, error);

      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  if (self->kind != PORCH_ACCOUNT_ENVIRONMENT && self->kind != PORCH_ACCOUNT_PRACTICE && self->number != NULL &&
      g_strcmp0 (self->number, aws_identity_get_account (identity)) != 0)
    {
      error = g_error_new (PORCH_ERROR, PORCH_ERROR_SIGN_IN,
                           _("These keys belong to another account (%s) than the sites of “%s”, which is %s."),
                           aws_identity_get_account (identity), self->name, self->number);
      porch_account_note_error (self, error);

      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  porch_account_note_error (self, NULL);

  if (take_identity (self, identity))
    return update_identity (self);

  return dex_future_new_true ();
}

/**
 * porch_account_check:
 * @self: an account
 *
 * Asks whose keys these are; that tells whether they work. Updates state and number.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with what is wrong with the keys or the way
 */
DexFuture *
porch_account_check (PorchAccount *self)
{
  dex_return_error_if_fail (PORCH_IS_ACCOUNT (self));

  return porch_fiber_spawn (check_fiber, g_object_ref (self), g_object_unref, NULL);
}

/**
 * porch_account_rename:
 * @self: an account
 * @name: the new name
 *
 * Returns: (transfer full): a future that resolves when the name is written; rejected with %PORCH_ERROR_NAME
 */
DexFuture *
porch_account_rename (PorchAccount *self,
                      const char   *name)
{
  g_autofree char *clean = NULL;

  dex_return_error_if_fail (PORCH_IS_ACCOUNT (self));
  dex_return_error_if_fail (name != NULL);

  clean = g_strstrip (g_strdup (name));

  if (*clean == '\0' || g_utf8_strlen (clean, -1) > 80)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NAME, "%s", _("A name has 1 to 80 characters."));

  if (g_set_str (&self->name, clean))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);

  return porch_account_save (self);
}

/**
 * porch_account_set_region:
 * @self: an account
 * @region: a region
 *
 * Chooses where its new sites are made. An account that was not added yet only remembers it.
 *
 * Returns: (transfer full): a future that resolves when it is written; rejected with %PORCH_ERROR_REGION
 */
DexFuture *
porch_account_set_region (PorchAccount *self,
                          const char   *region)
{
  GError *error = NULL;

  dex_return_error_if_fail (PORCH_IS_ACCOUNT (self));
  dex_return_error_if_fail (region != NULL);

  if (!porch_account_check_region (region, &error))
    return dex_future_new_for_error (error);

  porch_account_take_region (self, region);

  return porch_store_write (self->store, "UPDATE accounts SET region = ? WHERE id = ?", "ss", region, self->id);
}

static DexFuture *
kept_cb (DexFuture *future,
         gpointer   user_data)
{
  PorchAccount *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL &&
      !g_error_matches (error, PORCH_ERROR, PORCH_ERROR_KEYRING))
    return dex_future_new_for_error (g_steal_pointer (&error));

  set_trouble (self, error);

  return dex_future_new_true ();
}

/* Puts what is secret into the keyring; without one it serves until the process ends, and session-only is set. */
DexFuture *
porch_account_keep (PorchAccount *self)
{
  AwsCredentials *credentials;
  g_autofree char *text = NULL;
  g_autofree char *label = NULL;

  if (self->session != NULL)
    return porch_session_keep (self->session);

  if (self->kind != PORCH_ACCOUNT_KEYS || (credentials = porch_keys_get (PORCH_KEYS (ensure_provider (self)))) == NULL)
    return dex_future_new_true ();

  text = porch_keys_to_text (credentials);
  /* Translators: how the keyring lists the keys of an account; the name is the one given by the person */
  label = g_strdup_printf (_("Porchlight keys for %s"), self->name);

  return dex_future_finally (porch_keyring_store (self->id, label, text), kept_cb, g_object_ref (self), g_object_unref);
}

/* Whether the keyring has something of it */
gboolean
porch_account_has_secret (PorchAccount *self)
{
  return self->kind == PORCH_ACCOUNT_KEYS || self->kind == PORCH_ACCOUNT_SIGN_IN || self->kind == PORCH_ACCOUNT_SSO;
}

/* Takes over what was tried out with another object for the same account. */
void
porch_account_take_over (PorchAccount *self,
                         PorchAccount *tried)
{
  g_autoptr(JsonObject) session = NULL;

  if (self == tried)
    return;

  if (self->kind == PORCH_ACCOUNT_KEYS)
    {
      porch_account_use (self, porch_keys_get (PORCH_KEYS (ensure_provider (tried))));
    }
  else if (porch_account_get_session (tried) != NULL)
    {
      session = json_object_ref (porch_account_get_session (tried));
      /* Made anew: the session may have begun in another region */
      g_clear_object (&self->provider);
      g_clear_object (&self->session);
      g_hash_table_remove_all (self->clients);
      porch_account_set_details (self, tried->details);
      porch_account_take_session (self, session);
    }
}

/* Asks the files again whether somebody signed in meanwhile. */
void
porch_account_forget_credentials (PorchAccount *self)
{
  if (self->kind != PORCH_ACCOUNT_PROFILE && self->kind != PORCH_ACCOUNT_ENVIRONMENT)
    return;

  g_clear_object (&self->provider);
  g_hash_table_remove_all (self->clients);
}

/**
 * porch_account_set_keys:
 * @self: an account with keys
 * @key_id: access key id
 * @secret: secret access key
 * @token: (nullable): session token
 *
 * Takes new keys into use and into the keyring. Without a keyring they serve until the process ends, and
 * [property@Porch.Account:session-only] is set.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_account_set_keys (PorchAccount *self,
                        const char   *key_id,
                        const char   *secret,
                        const char   *token)
{
  g_autoptr(AwsCredentials) credentials = NULL;

  dex_return_error_if_fail (PORCH_IS_ACCOUNT (self));
  dex_return_error_if_fail (self->kind == PORCH_ACCOUNT_KEYS);
  dex_return_error_if_fail (key_id != NULL && secret != NULL);

  credentials = aws_credentials_new (key_id, secret, token, NULL);
  porch_account_use (self, credentials);

  return porch_account_keep (self);
}

/**
 * porch_account_get_keyring_problem:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): why [property@Porch.Account:session-only] is set
 */
PorchProblem *
porch_account_get_keyring_problem (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return self->keyring_problem;
}

/**
 * porch_account_get_renewal:
 * @self: an account
 *
 * Returns: what makes it usable again when it needs signing in
 */
PorchAccountRenewal
porch_account_get_renewal (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), PORCH_ACCOUNT_RENEWAL_NONE);

  switch (self->kind)
    {
    case PORCH_ACCOUNT_SIGN_IN:
    case PORCH_ACCOUNT_SSO:
      return PORCH_ACCOUNT_RENEWAL_BROWSER;
    case PORCH_ACCOUNT_KEYS:
      return PORCH_ACCOUNT_RENEWAL_KEYS;
    case PORCH_ACCOUNT_PROFILE:
    case PORCH_ACCOUNT_ENVIRONMENT:
      return PORCH_ACCOUNT_RENEWAL_OUTSIDE;
    case PORCH_ACCOUNT_PRACTICE:
    default:
      return PORCH_ACCOUNT_RENEWAL_NONE;
    }
}

/**
 * porch_account_dup_expires:
 * @self: an account
 *
 * Returns: (transfer full) (nullable): when somebody has to sign in again at the latest, if that is known
 */
GDateTime *
porch_account_dup_expires (PorchAccount *self)
{
  g_autoptr(GDateTime) begun = NULL;

  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  begun = aws_json_dup_time (self->details, SIGNED_IN);

  return begun != NULL && self->kind == PORCH_ACCOUNT_SIGN_IN ? g_date_time_add_hours (begun, SESSION_HOURS) : NULL;
}

/**
 * porch_account_get_arn:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): who is signed in, as the provider writes it
 */
const char *
porch_account_get_arn (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return aws_json_get_string (self->details, ARN);
}

/**
 * porch_account_get_user:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): who is signed in, for people
 */
const char *
porch_account_get_user (PorchAccount *self)
{
  const char *arn;
  const char *slash;

  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  if ((arn = porch_account_get_arn (self)) == NULL)
    return NULL;

  slash = strrchr (arn, '/');

  return slash != NULL ? slash + 1 : porch_account_is_root (self) ? _("The account’s owner") : arn;
}

/**
 * porch_account_is_root:
 * @self: an account
 *
 * Returns: whether whoever is signed in is the account's root user, who may do everything
 */
gboolean
porch_account_is_root (PorchAccount *self)
{
  const char *arn;

  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), FALSE);

  arn = porch_account_get_arn (self);

  return arn != NULL && g_str_has_suffix (arn, ":root");
}

/**
 * porch_account_get_profile:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the profile of the shared files that it is
 */
const char *
porch_account_get_profile (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return aws_json_get_string (self->details, PROFILE);
}

/**
 * porch_account_get_start_url:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the sign-in page of the organization
 */
const char *
porch_account_get_start_url (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return aws_json_get_string (self->details, START_URL);
}

/**
 * porch_account_get_sign_in_region:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the region in which somebody signed in
 */
const char *
porch_account_get_sign_in_region (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return aws_json_get_string (self->details, SIGN_REGION);
}

/**
 * porch_account_get_role:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): as what the person uses it, for those of an organization
 */
const char *
porch_account_get_role (PorchAccount *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (self), NULL);

  return aws_json_get_string (self->details, ROLE);
}
