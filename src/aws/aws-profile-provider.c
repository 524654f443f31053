/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-assumed-credentials.h"

#include "aws-environment.h"
#include "aws-error-private.h"
#include "aws-login-credentials.h"
#include "aws-sso-credentials.h"

/* Where a profile does not say */
#define REGION "us-east-1"

/* One profile that names another, and so on */
#define CHAIN_LIMIT 5

static AwsCredentialsProvider *new_provider (AwsProfile  *profile,
                                             guint        depth,
                                             GError     **error);

static gboolean
fail (GError     **error,
      const char  *format,
      const char  *name)
{
  g_autofree char *message = g_strdup_printf (format, name);

  g_propagate_error (error, aws_error_new (AWS_ERROR_CREDENTIALS, NULL, message, 0, NULL));

  return FALSE;
}

static AwsClient *
new_client (AwsProfile             *profile,
            AwsCredentialsProvider *provider,
            const char             *region)
{
  AwsClient *client = aws_client_new (provider, region != NULL ? region : REGION);

  aws_client_set_environment_endpoints (client);
  aws_client_set_profile_endpoints (client, aws_profile_get_name (profile));

  return client;
}

static gboolean
has_keys (AwsProfile *profile)
{
  return aws_profile_lookup (profile, "aws_access_key_id") != NULL &&
         aws_profile_lookup (profile, "aws_secret_access_key") != NULL;
}

static AwsCredentialsProvider *
new_static (AwsProfile *profile)
{
  g_autoptr(AwsCredentials) credentials = NULL;

  credentials = aws_credentials_new (aws_profile_lookup (profile, "aws_access_key_id"),
                                     aws_profile_lookup (profile, "aws_secret_access_key"),
                                     aws_profile_lookup (profile, "aws_session_token"), NULL);

  return aws_static_credentials_new (credentials);
}

/* Who takes the role on. A profile that names itself means its own keys. */
static AwsCredentialsProvider *
new_source (AwsProfile  *profile,
            guint        depth,
            GError     **error)
{
  const char *name = aws_profile_get_name (profile);
  const char *source = aws_profile_lookup (profile, "source_profile");
  g_autoptr(AwsProfile) source_profile = NULL;
  g_autoptr(GError) local_error = NULL;
  AwsCredentialsProvider *provider;

  if (source == NULL)
    {
      fail (error, "Profile “%s” takes on a role, but does not say with which other profile", name);
      return NULL;
    }

  if (g_str_equal (source, name) && has_keys (profile))
    return new_static (profile);

  if (g_str_equal (source, name) || depth >= CHAIN_LIMIT)
    {
      fail (error, "Profile “%s” takes on roles in a circle", name);
      return NULL;
    }

  source_profile = aws_profile_new (source);
  if (!aws_profile_exists (source_profile))
    {
      fail (error, "There is no profile “%s”", source);
      return NULL;
    }

  provider = new_provider (source_profile, depth + 1, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (provider == NULL)
    provider = aws_profile_credentials_new (source);

  return provider;
}

static AwsCredentialsProvider *
new_role (AwsProfile  *profile,
          guint        depth,
          GError     **error)
{
  g_autoptr(AwsCredentialsProvider) source = NULL;
  g_autoptr(AwsClient) client = NULL;
  g_autofree char *region = NULL;
  const char *seconds = aws_profile_lookup (profile, "duration_seconds");
  guint64 duration = 0;

  if (aws_profile_lookup (profile, "mfa_serial") != NULL)
    {
      fail (error, "Profile “%s” asks for a code from a device for every sign-in (mfa_serial), which is not supported here",
            aws_profile_get_name (profile));
      return NULL;
    }

  if (seconds != NULL && !g_ascii_string_to_unsigned (seconds, 10, 900, 43200, &duration, NULL))
    duration = 0;

  if ((source = new_source (profile, depth, error)) == NULL)
    return NULL;

  region = aws_profile_lookup (profile, "region") != NULL ? g_strdup (aws_profile_lookup (profile, "region"))
                                                          : aws_environment_dup_region ();
  client = new_client (profile, source, region);

  return aws_assumed_credentials_new (client, aws_profile_lookup (profile, "role_arn"),
                                   aws_profile_lookup (profile, "role_session_name"),
                                   aws_profile_lookup (profile, "external_id"), duration);
}

static AwsCredentialsProvider *
new_sso (AwsProfile  *profile,
         GError     **error)
{
  const char *session = aws_profile_lookup (profile, "sso_session");
  const char *start_url = aws_profile_lookup_sso (profile, "sso_start_url");
  const char *region = aws_profile_lookup_sso (profile, "sso_region");
  const char *account = aws_profile_lookup (profile, "sso_account_id");
  const char *role = aws_profile_lookup (profile, "sso_role_name");
  g_autofree char *path = NULL;
  g_autoptr(AwsSessionStore) store = NULL;
  g_autoptr(AwsClient) client = NULL;

  if (start_url == NULL || region == NULL || account == NULL || role == NULL)
    {
      fail (error, "Profile “%s” leaves out a part of how it signs in (sso_…)", aws_profile_get_name (profile));
      return NULL;
    }

  path = aws_session_dup_sso_path (session != NULL ? session : start_url);
  store = aws_session_file_new (path);
  client = new_client (profile, NULL, region);

  return aws_sso_credentials_new (client, store, account, role);
}

static AwsCredentialsProvider *
new_login (AwsProfile *profile)
{
  g_autofree char *path = aws_session_dup_login_path (aws_profile_lookup (profile, "login_session"));
  g_autoptr(AwsSessionStore) store = aws_session_file_new (path);
  g_autoptr(AwsClient) client = new_client (profile, NULL, aws_profile_lookup (profile, "region"));

  return aws_login_credentials_new (client, store);
}

/* The first that is there counts, in the order of AWS's own tools */
static AwsCredentialsProvider *
new_provider (AwsProfile  *profile,
              guint        depth,
              GError     **error)
{
  if (aws_profile_lookup (profile, "role_arn") != NULL && aws_profile_lookup (profile, "web_identity_token_file") == NULL)
    return new_role (profile, depth, error);

  if (aws_profile_lookup (profile, "web_identity_token_file") != NULL)
    {
      fail (error, "Profile “%s” signs in in a way that is not supported here (web_identity_token_file)",
            aws_profile_get_name (profile));
      return NULL;
    }

  if (aws_profile_lookup (profile, "sso_account_id") != NULL || aws_profile_lookup (profile, "sso_session") != NULL ||
      aws_profile_lookup (profile, "sso_start_url") != NULL)
    return new_sso (profile, error);

  if (!has_keys (profile) && aws_profile_lookup (profile, "login_session") != NULL)
    return new_login (profile);

  return NULL;
}

/**
 * aws_profile_new_provider:
 * @profile: a profile
 * @error: return location
 *
 * Makes a provider for a profile that takes on a role or that AWS's own tools signed in in the browser.
 *
 * Returns: (transfer full) (nullable): the provider; %NULL without an error for profiles with keys or a program, %NULL
 *   with `AWS_ERROR_CREDENTIALS` for what can't be used
 */
AwsCredentialsProvider *
aws_profile_new_provider (AwsProfile  *profile,
                          GError     **error)
{
  g_return_val_if_fail (profile != NULL, NULL);

  return new_provider (profile, 0, error);
}
