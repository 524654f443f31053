/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-environment.h"

#include <string.h>

#include "aws-error-private.h"
#include "aws-json.h"
#include "aws-profile.h"
#include "aws-assumed-credentials.h"
#include "aws-xml.h"

/* How long what the shared files said is believed, and how long before their end credentials are renewed */
#define FRESH  (30 * G_TIME_SPAN_SECOND)
#define MARGIN (5 * G_TIME_SPAN_MINUTE)

struct _AwsEnvironmentCredentials
{
  GObject                 parent_instance;

  char                   *profile;
  AwsCredentials         *loaded;
  gint64                  loaded_at;
  AwsCredentialsProvider *provider;      /* for profiles that are more than keys */
  char                   *provider_key;  /* what it was made from */
  gint64                  provider_at;
};

static const char *
environment_get (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL && *value != '\0' ? value : NULL;
}

static DexFuture *
reject_credentials (const char *format,
                    const char *name)
{
  g_autofree char *message = g_strdup_printf (format, name);

  return dex_future_new_for_error (aws_error_new (AWS_ERROR_CREDENTIALS, NULL, message, 0, NULL));
}

static DexFuture *
remember (AwsEnvironmentCredentials *self,
          AwsCredentials            *credentials)
{
  g_clear_pointer (&self->loaded, aws_credentials_unref);
  self->loaded = aws_credentials_ref (credentials);
  self->loaded_at = g_get_monotonic_time ();

  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, credentials);
}

static void
communicate_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  g_autofree char *output = NULL;
  GError *error = NULL;

  if (!g_subprocess_communicate_utf8_finish (G_SUBPROCESS (object), result, &output, NULL, &error))
    dex_promise_reject (promise, error);
  else if (!g_subprocess_get_successful (G_SUBPROCESS (object)))
    dex_promise_reject (promise, g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "the program failed"));
  else
    dex_promise_resolve_string (promise, g_steal_pointer (&output));
}

/* What the program printed is not part of any message, since it may be secret */
static DexFuture *
process_ended (DexFuture *completed,
               gpointer   user_data)
{
  AwsEnvironmentCredentials *self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonObject) object = NULL;
  g_autoptr(GDateTime) expiration = NULL;
  const char *id, *secret;

  if (value == NULL)
    return aws_error_is_cancelled (error) ? NULL : reject_credentials ("“credential_process” of the profile: %s", error->message);

  bytes = g_bytes_new (g_value_get_string (value), strlen (g_value_get_string (value)));
  object = aws_json_load_object (bytes, NULL);
  id = aws_json_get_string (object, "AccessKeyId");
  secret = aws_json_get_string (object, "SecretAccessKey");
  if (aws_json_get_int (object, "Version", 0) != 1 || id == NULL || secret == NULL)
    return reject_credentials ("“credential_process” of the profile: %s", "the program printed no credentials");

  expiration = aws_json_dup_time (object, "Expiration");

  return remember (self, aws_credentials_new (id, secret, aws_json_get_string (object, "SessionToken"), expiration));
}

static DexFuture *
run_process (AwsEnvironmentCredentials *self,
             const char                *command)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) arguments = NULL;
  DexPromise *promise;

  if (!g_shell_parse_argv (command, NULL, &arguments, &error) ||
      !(process = g_subprocess_newv ((const char * const *) arguments,
                                     G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error)))
    return reject_credentials ("“credential_process” of the profile: %s", error->message);

  promise = dex_promise_new_cancellable ();
  g_subprocess_communicate_utf8_async (process, NULL, dex_promise_get_cancellable (promise), communicate_cb, dex_ref (promise));

  return dex_future_finally (DEX_FUTURE (promise), process_ended, g_object_ref (self), g_object_unref);
}

/* What the provider of a profile is made from, so that an unchanged one is kept with what it has */
static char *
dup_provider_key (AwsProfile *profile)
{
  static const char * const names[] = {
    "role_arn", "source_profile", "external_id", "sso_session", "sso_start_url", "sso_region", "sso_account_id",
    "sso_role_name", "login_session", "region", "endpoint_url",
  };
  g_autoptr(GString) key = g_string_new (aws_profile_get_name (profile));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = aws_profile_lookup (profile, names[i]);

      g_string_append_printf (key, "\n%s", value != NULL ? value : "");
    }

  return g_string_free (g_steal_pointer (&key), FALSE);
}

static DexFuture *
load_from_provider (AwsEnvironmentCredentials *self,
                    AwsProfile                *profile,
                    AwsCredentialsProvider    *provider)
{
  g_autofree char *key = dup_provider_key (profile);

  if (self->provider == NULL || g_strcmp0 (key, self->provider_key) != 0)
    {
      g_set_object (&self->provider, provider);
      g_set_str (&self->provider_key, key);
    }

  self->provider_at = g_get_monotonic_time ();
  g_object_unref (provider);

  return aws_credentials_provider_load (self->provider);
}

static DexFuture *
load_profile (AwsEnvironmentCredentials *self)
{
  g_autoptr(AwsProfile) profile = aws_profile_new (self->profile);
  const char *name = aws_profile_get_name (profile);
  const char *id = aws_profile_lookup (profile, "aws_access_key_id");
  const char *secret = aws_profile_lookup (profile, "aws_secret_access_key");
  const char *command = aws_profile_lookup (profile, "credential_process");
  AwsCredentialsProvider *provider;
  GError *error = NULL;

  if ((provider = aws_profile_new_provider (profile, &error)) != NULL)
    return load_from_provider (self, profile, provider);

  if (error != NULL)
    return dex_future_new_for_error (error);

  g_clear_object (&self->provider);

  if (id != NULL && secret != NULL)
    return remember (self, aws_credentials_new (id, secret, aws_profile_lookup (profile, "aws_session_token"), NULL));

  if (command != NULL)
    return run_process (self, command);

  return reject_credentials (aws_profile_exists (profile)
                             ? "There are no access keys in the environment or in profile “%s”"
                             : "There are no access keys in the environment, and there is no profile “%s”", name);
}

static DexFuture *
aws_environment_credentials_load (AwsCredentialsProvider *provider)
{
  AwsEnvironmentCredentials *self = AWS_ENVIRONMENT_CREDENTIALS (provider);
  const char *id = environment_get ("AWS_ACCESS_KEY_ID");
  const char *secret = environment_get ("AWS_SECRET_ACCESS_KEY");
  const char *expiration = environment_get ("AWS_CREDENTIAL_EXPIRATION");

  /* A profile that is named leaves the keys of the environment aside */
  if (self->profile == NULL && environment_get ("AWS_PROFILE") == NULL && id != NULL && secret != NULL)
    {
      g_autoptr(GDateTime) end = expiration != NULL ? aws_time_parse (expiration) : NULL;

      return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS,
                                        aws_credentials_new (id, secret, environment_get ("AWS_SESSION_TOKEN"), end));
    }

  if (self->loaded != NULL && !aws_credentials_is_expired (self->loaded, MARGIN) &&
      (aws_credentials_get_expiration (self->loaded) != NULL || g_get_monotonic_time () - self->loaded_at < FRESH))
    return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, aws_credentials_ref (self->loaded));

  if (self->provider != NULL && g_get_monotonic_time () - self->provider_at < FRESH)
    return aws_credentials_provider_load (self->provider);

  return load_profile (self);
}

static gboolean
aws_environment_credentials_reject (AwsCredentialsProvider *provider,
                                    AwsCredentials         *credentials)
{
  AwsEnvironmentCredentials *self = AWS_ENVIRONMENT_CREDENTIALS (provider);

  if (self->provider != NULL)
    return aws_credentials_provider_reject (self->provider, credentials);

  if (self->loaded != credentials)
    return FALSE;

  g_clear_pointer (&self->loaded, aws_credentials_unref);

  return TRUE;
}

static void
aws_environment_credentials_iface_init (AwsCredentialsProviderInterface *iface)
{
  iface->load = aws_environment_credentials_load;
  iface->reject = aws_environment_credentials_reject;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (AwsEnvironmentCredentials, aws_environment_credentials, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AWS_TYPE_CREDENTIALS_PROVIDER, aws_environment_credentials_iface_init))

static void
aws_environment_credentials_finalize (GObject *object)
{
  AwsEnvironmentCredentials *self = AWS_ENVIRONMENT_CREDENTIALS (object);

  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->loaded, aws_credentials_unref);
  g_clear_object (&self->provider);
  g_clear_pointer (&self->provider_key, g_free);

  G_OBJECT_CLASS (aws_environment_credentials_parent_class)->finalize (object);
}

static void
aws_environment_credentials_class_init (AwsEnvironmentCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aws_environment_credentials_finalize;
}

static void
aws_environment_credentials_init (AwsEnvironmentCredentials *self)
{
}

/**
 * aws_environment_credentials_new:
 *
 * Makes a provider that looks at `AWS_ACCESS_KEY_ID` and its companions, or at the profile `AWS_PROFILE` in the shared
 * files: its keys, its `credential_process`, a role, or a session that AWS's own tools keep.
 *
 * Returns: (transfer full): the provider
 */
AwsCredentialsProvider *
aws_environment_credentials_new (void)
{
  return g_object_new (AWS_TYPE_ENVIRONMENT_CREDENTIALS, NULL);
}

/**
 * aws_profile_credentials_new:
 * @profile: the name of a profile
 *
 * Makes a provider that looks at one profile of the shared files, whatever the environment says.
 *
 * Returns: (transfer full): the provider
 */
AwsCredentialsProvider *
aws_profile_credentials_new (const char *profile)
{
  AwsEnvironmentCredentials *self;

  g_return_val_if_fail (profile != NULL && *profile != '\0', NULL);

  self = g_object_new (AWS_TYPE_ENVIRONMENT_CREDENTIALS, NULL);
  self->profile = g_strdup (profile);

  return AWS_CREDENTIALS_PROVIDER (self);
}

/**
 * aws_environment_has_credentials:
 *
 * Returns: whether the environment names credentials, by keys or by a profile
 */
gboolean
aws_environment_has_credentials (void)
{
  return environment_get ("AWS_PROFILE") != NULL ||
         (environment_get ("AWS_ACCESS_KEY_ID") != NULL && environment_get ("AWS_SECRET_ACCESS_KEY") != NULL);
}

/**
 * aws_environment_dup_region:
 *
 * Finds the region in `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile.
 *
 * Returns: (transfer full) (nullable): the region
 */
char *
aws_environment_dup_region (void)
{
  g_autoptr(AwsProfile) profile = NULL;
  const char *region;

  if ((region = environment_get ("AWS_REGION")) || (region = environment_get ("AWS_DEFAULT_REGION")))
    return g_strdup (region);

  profile = aws_profile_new (NULL);

  return g_strdup (aws_profile_lookup (profile, "region"));
}
