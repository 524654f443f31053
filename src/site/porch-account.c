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

#include "aws-environment.h"
#include "aws-sts.h"

#include <glib/gi18n-lib.h>

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
  PorchAccountKind        kind;
  PorchAccountState       state;
  gboolean                session_only;
};

G_DEFINE_FINAL_TYPE (PorchAccount, porch_account, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchAccountKind, porch_account_kind,
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_PRACTICE, "practice"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_KEYS, "keys"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_ENVIRONMENT, "environment"))

G_DEFINE_ENUM_TYPE (PorchAccountState, porch_account_state,
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_NEEDS_SIGN_IN, "needs-sign-in"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_UNREACHABLE, "unreachable"))

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
  PROP_PRACTICE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char * const kinds[] = { "practice", "keys", "environment" };

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

  if (g_set_object (&self->problem, problem))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);

  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
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
    case PROP_PRACTICE:
      g_value_set_boolean (value, porch_account_is_practice (self));
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

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_account_init (PorchAccount *self)
{
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
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
  self->provider = kind == PORCH_ACCOUNT_ENVIRONMENT
                   ? aws_environment_credentials_new ()
                   : AWS_CREDENTIALS_PROVIDER (porch_keys_new (id, kind == PORCH_ACCOUNT_KEYS));

  return self;
}

void
porch_account_set_number (PorchAccount *self,
                          const char   *number)
{
  if (g_set_str (&self->number, number))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NUMBER]);
}

void
porch_account_set_region (PorchAccount *self,
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
  porch_keys_set (PORCH_KEYS (self->provider), credentials);
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

  porch_keys_set (PORCH_KEYS (self->provider), credentials);
  g_hash_table_remove_all (self->clients);
  set_state (self, endpoint != NULL ? PORCH_ACCOUNT_READY : PORCH_ACCOUNT_UNREACHABLE, NULL);
}

/* Writes all but the secret to the store. */
DexFuture *
porch_account_save (PorchAccount *self)
{
  return porch_store_write (self->store,
                            "INSERT INTO accounts (id, name, kind, region, number, key_id, created)"
                            " VALUES (?, ?, ?, ?, ?, ?, unixepoch ())"
                            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, region = excluded.region,"
                            " number = excluded.number, key_id = excluded.key_id",
                            "ssssss", self->id, self->name, kinds[self->kind], self->region, self->number, self->key_id);
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
      client = aws_client_new (self->provider, region);

      if (self->kind == PORCH_ACCOUNT_PRACTICE)
        aws_client_set_endpoint (client, NULL, self->endpoint);
      else
        aws_client_set_environment_endpoints (client);

      if (self->kind == PORCH_ACCOUNT_ENVIRONMENT)
        aws_client_set_profile_endpoints (client, NULL);

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
update_number (PorchAccount *self)
{
  return porch_store_write (self->store, "UPDATE accounts SET number = ? WHERE id = ?", "ss", self->number, self->id);
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

  if (self->kind == PORCH_ACCOUNT_KEYS && self->number != NULL &&
      g_strcmp0 (self->number, aws_identity_get_account (identity)) != 0)
    {
      error = g_error_new (PORCH_ERROR, PORCH_ERROR_SIGN_IN,
                           _("These keys belong to another account (%s) than the sites of “%s”, which is %s."),
                           aws_identity_get_account (identity), self->name, self->number);
      porch_account_note_error (self, error);

      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  porch_account_note_error (self, NULL);

  if (g_strcmp0 (self->number, aws_identity_get_account (identity)) != 0)
    {
      porch_account_set_number (self, aws_identity_get_account (identity));

      return update_number (self);
    }

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

static DexFuture *
not_kept_cb (DexFuture *future,
             gpointer   user_data)
{
  PorchAccount *self = user_data;
  g_autoptr(GError) error = NULL;

  dex_future_get_value (future, &error);

  if (!g_error_matches (error, PORCH_ERROR, PORCH_ERROR_KEYRING))
    return dex_future_new_for_error (g_steal_pointer (&error));

  g_debug ("Keys are kept for this session only: %s", error->message);
  self->session_only = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION_ONLY]);

  return dex_future_new_true ();
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
  g_autofree char *text = NULL;
  g_autofree char *label = NULL;

  dex_return_error_if_fail (PORCH_IS_ACCOUNT (self));
  dex_return_error_if_fail (self->kind == PORCH_ACCOUNT_KEYS);
  dex_return_error_if_fail (key_id != NULL && secret != NULL);

  credentials = aws_credentials_new (key_id, secret, token, NULL);
  porch_account_use (self, credentials);
  self->session_only = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION_ONLY]);

  text = porch_keys_to_text (credentials);
  /* Translators: how the keyring lists the keys of an account; the name is the one given by the person */
  label = g_strdup_printf (_("Porchlight keys for %s"), self->name);

  return dex_future_catch (porch_keyring_store (self->id, label, text), not_kept_cb,
                           g_object_ref (self), g_object_unref);
}
