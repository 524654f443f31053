/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-profile.h"

#include <string.h>

struct _AwsProfile
{
  char       *name;
  gboolean    exists;
  GHashTable *keys;          /* a key in a nested block is "block.key" */
  GHashTable *services;      /* of the section that `services` names */
  GHashTable *sso_session;   /* of the section that `sso_session` names */
};

static void
aws_profile_clear (AwsProfile *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->services, g_hash_table_unref);
  g_clear_pointer (&self->sso_session, g_hash_table_unref);
}

AWS_DEFINE_BOXED (AwsProfile, aws_profile, aws_profile_clear)

static char *
shared_file (const char *variable,
             const char *name)
{
  const char *path = g_getenv (variable);

  if (path != NULL && *path != '\0')
    return g_strdup (path);

  return g_build_filename (g_get_home_dir (), ".aws", name, NULL);
}

static char *
config_file (void)
{
  return shared_file ("AWS_CONFIG_FILE", "config");
}

static char *
credentials_file (void)
{
  return shared_file ("AWS_SHARED_CREDENTIALS_FILE", "credentials");
}

static GStrv
load_lines (const char *path)
{
  g_autofree char *text = NULL;
  const char *start;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_utf8_validate (text, -1, NULL))
    return NULL;

  start = g_str_has_prefix (text, "\xEF\xBB\xBF") ? text + 3 : text;

  return g_strsplit (start, "\n", -1);
}

/* A comment behind a value begins with white space */
static void
cut_comment (char *text)
{
  for (char *at = text; *at != '\0'; at++)
    {
      if ((at[0] == ' ' || at[0] == '\t') && (at[1] == '#' || at[1] == ';'))
        {
          *at = '\0';
          return;
        }
    }
}

/* "[profile 'my name'] # comment" is "profile my name" */
static char *
dup_section_name (const char *line)
{
  const char *end = strchr (line, ']');
  g_autofree char *inner = NULL;
  g_auto(GStrv) words = NULL;
  g_autoptr(GString) name = g_string_new (NULL);

  if (end == NULL)
    return NULL;

  inner = g_strndup (line + 1, end - line - 1);
  g_strdelimit (inner, "\"'\t", ' ');
  words = g_strsplit (g_strstrip (inner), " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0')
        g_string_append_printf (name, "%s%s", name->len > 0 ? " " : "", words[i]);
    }

  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* "Key = value # comment", with the key in lower case; FALSE if it is none */
static gboolean
split_property (const char  *line,
                char       **key,
                char       **value)
{
  const char *equals = strchr (line, '=');
  g_autofree char *raw_key = NULL;

  if (equals == NULL)
    return FALSE;

  raw_key = g_strndup (line, equals - line);
  *key = g_ascii_strdown (g_strstrip (raw_key), -1);
  *value = g_strdup (equals + 1);
  cut_comment (*value);
  g_strstrip (*value);

  return TRUE;
}

/* Takes the properties of one section over. Sections of one name are one, and the last value counts. */
static gboolean
load_section (GHashTable *keys,
              const char *path,
              const char *section)
{
  g_auto(GStrv) lines = load_lines (path);
  g_autofree char *block = NULL;
  gboolean inside = FALSE;
  gboolean found = FALSE;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      const char *line = lines[i];
      g_autofree char *name = NULL;
      g_autofree char *key = NULL;
      g_autofree char *value = NULL;

      if (*line == '#' || *line == ';' || line[strspn (line, " \t\r")] == '\0')
        continue;

      if (*line == '[')
        {
          name = dup_section_name (line);
          inside = g_strcmp0 (name, section) == 0;
          found |= inside;
          g_clear_pointer (&block, g_free);
        }
      else if (inside && split_property (line, &key, &value))
        {
          /* What is indented belongs to the property before */
          if (g_ascii_isspace (*line) && block != NULL)
            g_hash_table_insert (keys, g_strconcat (block, ".", key, NULL), g_steal_pointer (&value));
          else
            {
              g_set_str (&block, key);
              g_hash_table_insert (keys, g_steal_pointer (&key), g_steal_pointer (&value));
            }
        }
    }

  return found;
}

static GHashTable *
new_keys (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * aws_profile_new:
 * @name: (nullable): the profile, or %NULL for the one that `AWS_PROFILE` names, or the default one
 *
 * Reads a profile from the shared files. One that is not there is empty.
 *
 * Returns: (transfer full): the profile
 */
AwsProfile *
aws_profile_new (const char *name)
{
  AwsProfile *self = g_atomic_rc_box_new0 (AwsProfile);
  g_autofree char *config = config_file ();
  g_autofree char *credentials = credentials_file ();
  g_autofree char *section = NULL;
  const char *services, *sso_session;

  if (name == NULL || *name == '\0')
    name = g_getenv ("AWS_PROFILE");
  if (name == NULL || *name == '\0')
    name = "default";

  self->name = g_strdup (name);
  self->keys = new_keys ();
  section = g_strconcat ("profile ", name, NULL);

  /* What is read later counts more */
  if (g_str_equal (name, "default"))
    self->exists |= load_section (self->keys, config, name);
  self->exists |= load_section (self->keys, config, section);
  self->exists |= load_section (self->keys, credentials, name);

  services = g_hash_table_lookup (self->keys, "services");
  if (services != NULL)
    {
      g_autofree char *services_section = g_strconcat ("services ", services, NULL);

      self->services = new_keys ();
      load_section (self->services, config, services_section);
    }

  sso_session = g_hash_table_lookup (self->keys, "sso_session");
  if (sso_session != NULL)
    {
      g_autofree char *sso_section = g_strconcat ("sso-session ", sso_session, NULL);

      self->sso_session = new_keys ();
      load_section (self->sso_session, config, sso_section);
    }

  return self;
}

static void
add_names (GHashTable *names,
           const char *path,
           gboolean    prefixed)
{
  g_auto(GStrv) lines = load_lines (path);

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      g_autofree char *name = *lines[i] == '[' ? dup_section_name (lines[i]) : NULL;

      if (name == NULL)
        continue;

      if (!prefixed || g_str_equal (name, "default"))
        g_hash_table_add (names, g_steal_pointer (&name));
      else if (g_str_has_prefix (name, "profile "))
        g_hash_table_add (names, g_strdup (name + strlen ("profile ")));
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/**
 * aws_profile_list_names:
 *
 * Lists the profiles of the shared files.
 *
 * Returns: (transfer full): their names, sorted
 */
GStrv
aws_profile_list_names (void)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *config = config_file ();
  g_autofree char *credentials = credentials_file ();
  g_autoptr(GPtrArray) sorted = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  GHashTableIter iter;
  gpointer name;

  add_names (names, config, TRUE);
  add_names (names, credentials, FALSE);

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (sorted, g_strdup (name));
  g_ptr_array_sort (sorted, compare_names);

  return (GStrv) g_ptr_array_steal (sorted, NULL);
}

/**
 * aws_profile_get_name:
 * @self: a profile
 *
 * Returns: (transfer none): its name
 */
AWS_DEFINE_GETTER (AwsProfile, aws_profile, const char *, name)

/**
 * aws_profile_exists:
 * @self: a profile
 *
 * Returns: whether one of the files has it
 */
gboolean
aws_profile_exists (AwsProfile *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->exists;
}

static const char *
lookup (GHashTable *keys,
        const char *key)
{
  const char *value = keys != NULL ? g_hash_table_lookup (keys, key) : NULL;

  return value != NULL && *value != '\0' ? value : NULL;
}

/**
 * aws_profile_lookup:
 * @self: a profile
 * @key: a key in lower case; one in a nested block is `block.key`
 *
 * Returns: (transfer none) (nullable): its value, or %NULL if there is none or it is empty
 */
const char *
aws_profile_lookup (AwsProfile *self,
                    const char *key)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return lookup (self->keys, key);
}

/**
 * aws_profile_lookup_sso:
 * @self: a profile
 * @key: `sso_start_url` or `sso_region`
 *
 * Finds a setting of IAM Identity Center: in the section that the profile names, or in the profile itself, where older
 * tools wrote it.
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_profile_lookup_sso (AwsProfile *self,
                        const char *key)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return lookup (self->sso_session != NULL ? self->sso_session : self->keys, key);
}

/**
 * aws_profile_lookup_service:
 * @self: a profile
 * @service: a service as the files write it: `s3`, `cloudfront_keyvaluestore`
 * @key: a key in lower case
 *
 * Finds a setting for one service, in the section of services that the profile names.
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_profile_lookup_service (AwsProfile *self,
                            const char *service,
                            const char *key)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (service != NULL && key != NULL, NULL);

  name = g_strconcat (service, ".", key, NULL);

  return lookup (self->services, name);
}
