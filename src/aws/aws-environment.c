/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-environment.h"

#include <string.h>

#include "aws-error.h"
#include "aws-xml.h"

struct _AwsEnvironmentCredentials
{
  GObject parent_instance;
};

static const char *
environment_get (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL && *value != '\0' ? value : NULL;
}

static char *
shared_file (const char *variable,
             const char *name)
{
  const char *path = environment_get (variable);

  if (path != NULL)
    return g_strdup (path);

  return g_build_filename (g_get_home_dir (), ".aws", name, NULL);
}

/* A comment inside of a value begins with a space */
static char *
clean_value (const char *value)
{
  char *copy = g_strdup (value);

  for (char *at = copy; *at != '\0'; at++)
    {
      if ((at[0] == ' ' || at[0] == '\t') && (at[1] == '#' || at[1] == ';'))
        {
          *at = '\0';
          break;
        }
    }

  return g_strstrip (copy);
}

/* Reads the plain keys of one section; what it does not know it passes over. Later lines win. */
static void
load_section (GHashTable *keys,
              const char *path,
              const char *section)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  gboolean inside = FALSE;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_utf8_validate (text, -1, NULL))
    return;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = lines[i];
      const char *end;
      const char *equals;

      if (g_str_has_prefix (line, "\xEF\xBB\xBF"))
        line += 3;

      if (*line == '\0' || *line == '#' || *line == ';' || g_ascii_isspace (*line))
        continue;

      if (*line == '[')
        {
          g_autofree char *name = NULL;

          end = strchr (line, ']');
          name = g_strstrip (g_strndup (line + 1, end != NULL ? (gsize) (end - line - 1) : strlen (line + 1)));
          inside = g_str_equal (name, section);
        }
      else if (inside && (equals = strchr (line, '=')))
        {
          g_autofree char *raw = g_strndup (line, equals - line);
          g_autofree char *name = g_ascii_strdown (g_strstrip (raw), -1);

          g_hash_table_insert (keys, g_steal_pointer (&name), clean_value (equals + 1));
        }
    }
}

static GHashTable *
load_profile (const char *profile)
{
  g_autoptr(GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *config = shared_file ("AWS_CONFIG_FILE", "config");
  g_autofree char *credentials = shared_file ("AWS_SHARED_CREDENTIALS_FILE", "credentials");
  g_autofree char *section = g_strconcat ("profile ", profile, NULL);

  if (g_str_equal (profile, "default"))
    load_section (keys, config, profile);
  load_section (keys, config, section);

  /* The credentials file wins over the config file */
  load_section (keys, credentials, profile);

  return g_steal_pointer (&keys);
}

static const char *
profile_name (void)
{
  const char *name = environment_get ("AWS_PROFILE");

  return name != NULL ? name : "default";
}

static DexFuture *
aws_environment_credentials_load (AwsCredentialsProvider *provider)
{
  g_autoptr(GHashTable) keys = NULL;
  g_autoptr(GDateTime) expiration = NULL;
  const char *id = environment_get ("AWS_ACCESS_KEY_ID");
  const char *secret = environment_get ("AWS_SECRET_ACCESS_KEY");
  const char *token = environment_get ("AWS_SESSION_TOKEN");

  /* A profile that is named leaves the keys of the environment aside */
  if (environment_get ("AWS_PROFILE") != NULL || id == NULL)
    {
      keys = load_profile (profile_name ());
      id = g_hash_table_lookup (keys, "aws_access_key_id");
      secret = g_hash_table_lookup (keys, "aws_secret_access_key");
      token = g_hash_table_lookup (keys, "aws_session_token");
    }
  else if (environment_get ("AWS_CREDENTIAL_EXPIRATION") != NULL)
    {
      expiration = aws_time_parse (environment_get ("AWS_CREDENTIAL_EXPIRATION"));
    }

  if (id == NULL || secret == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_CREDENTIALS,
                                  "There are no access keys in the environment or in profile “%s”", profile_name ());

  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, aws_credentials_new (id, secret, token, expiration));
}

static void
aws_environment_credentials_iface_init (AwsCredentialsProviderInterface *iface)
{
  iface->load = aws_environment_credentials_load;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (AwsEnvironmentCredentials, aws_environment_credentials, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AWS_TYPE_CREDENTIALS_PROVIDER, aws_environment_credentials_iface_init))

static void
aws_environment_credentials_class_init (AwsEnvironmentCredentialsClass *klass)
{
}

static void
aws_environment_credentials_init (AwsEnvironmentCredentials *self)
{
}

/**
 * aws_environment_credentials_new:
 *
 * Makes a provider that looks at `AWS_ACCESS_KEY_ID` and its companions, or at the plain keys of the profile
 * `AWS_PROFILE` in the shared files, each time anew.
 *
 * Returns: (transfer full): the provider
 */
AwsCredentialsProvider *
aws_environment_credentials_new (void)
{
  return g_object_new (AWS_TYPE_ENVIRONMENT_CREDENTIALS, NULL);
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
  g_autoptr(GHashTable) keys = NULL;
  const char *region;

  if ((region = environment_get ("AWS_REGION")) || (region = environment_get ("AWS_DEFAULT_REGION")))
    return g_strdup (region);

  keys = load_profile (profile_name ());

  return g_strdup (g_hash_table_lookup (keys, "region"));
}
