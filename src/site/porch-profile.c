/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-profile.h"

#include "aws-profile.h"

#include <glib/gi18n-lib.h>

/**
 * PorchProfile:
 *
 * A profile of the files that AWS's own tools share, as far as a person has to know it to choose.
 */
struct _PorchProfile
{
  GObject     parent_instance;

  AwsProfile *profile;
  char       *number;
  char       *words;
  char       *reason;
};

G_DEFINE_FINAL_TYPE (PorchProfile, porch_profile, G_TYPE_OBJECT)

enum
{
  PROP_NAME = 1,
  PROP_WORDS,
  PROP_REGION,
  PROP_NUMBER,
  PROP_USABLE,
  PROP_REASON,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
has (PorchProfile *self,
     const char   *key)
{
  return aws_profile_lookup (self->profile, key) != NULL;
}

/* The digits in arn:aws:iam::123456789012:role/... */
static char *
dup_number_of_arn (const char *arn)
{
  g_auto(GStrv) parts = arn != NULL ? g_strsplit (arn, ":", 6) : NULL;

  if (parts == NULL || g_strv_length (parts) != 6 ||
      !g_regex_match_simple ("^[0-9]{12}$", parts[4], G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return NULL;

  return g_strdup (parts[4]);
}

static void
describe_role (PorchProfile *self)
{
  const char *source = aws_profile_lookup (self->profile, "source_profile");

  self->number = dup_number_of_arn (aws_profile_lookup (self->profile, "role_arn"));

  if (has (self, "mfa_serial"))
    self->reason = g_strdup (_("It asks for a code from a device each time, which Porchlight can’t do."));
  else if (source == NULL)
    self->reason = g_strdup (_("It gets its rights in a way that Porchlight does not know."));

  /* Translators: how a profile signs in: %s is the name of another profile */
  self->words = source != NULL ? g_strdup_printf (_("A role, by way of “%s”"), source) : g_strdup (_("A role"));
}

static void
describe (PorchProfile *self)
{
  if (!aws_profile_exists (self->profile))
    {
      self->words = g_strdup ("");
      self->reason = g_strdup_printf (_("There is no profile “%s”."), aws_profile_get_name (self->profile));
    }
  else if (has (self, "web_identity_token_file"))
    {
      self->words = g_strdup (_("A role"));
      self->reason = g_strdup (_("It gets its rights in a way that Porchlight does not know."));
    }
  else if (has (self, "role_arn"))
    {
      describe_role (self);
    }
  else if (has (self, "sso_session") || has (self, "sso_start_url") || has (self, "sso_account_id"))
    {
      self->words = g_strdup (_("Sign-in page of an organization"));
      self->number = g_strdup (aws_profile_lookup (self->profile, "sso_account_id"));
    }
  else if (has (self, "aws_access_key_id") && has (self, "aws_secret_access_key"))
    {
      self->words = g_strdup (_("Keys"));
      self->number = g_strdup (aws_profile_lookup (self->profile, "aws_account_id"));
    }
  else if (has (self, "login_session"))
    {
      self->words = g_strdup (_("Signed in with AWS’s own tools"));
      self->number = dup_number_of_arn (aws_profile_lookup (self->profile, "login_session"));
    }
  else if (has (self, "credential_process"))
    {
      self->words = g_strdup (_("Another program"));
    }
  else
    {
      self->words = g_strdup (_("Settings only"));
      self->reason = g_strdup (_("It has no keys and does not say how to sign in."));
    }
}

static void
porch_profile_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchProfile *self = PORCH_PROFILE (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, porch_profile_get_name (self));
      break;
    case PROP_WORDS:
      g_value_set_string (value, self->words);
      break;
    case PROP_REGION:
      g_value_set_string (value, porch_profile_get_region (self));
      break;
    case PROP_NUMBER:
      g_value_set_string (value, self->number);
      break;
    case PROP_USABLE:
      g_value_set_boolean (value, self->reason == NULL);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_profile_finalize (GObject *object)
{
  PorchProfile *self = PORCH_PROFILE (object);

  g_clear_pointer (&self->profile, aws_profile_unref);
  g_clear_pointer (&self->number, g_free);
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->reason, g_free);

  G_OBJECT_CLASS (porch_profile_parent_class)->finalize (object);
}

static void
porch_profile_class_init (PorchProfileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_profile_get_property;
  object_class->finalize = porch_profile_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_WORDS] = g_param_spec_string ("words", NULL, NULL, NULL, flags);
  properties[PROP_REGION] = g_param_spec_string ("region", NULL, NULL, NULL, flags);
  properties[PROP_NUMBER] = g_param_spec_string ("number", NULL, NULL, NULL, flags);
  properties[PROP_USABLE] = g_param_spec_boolean ("usable", NULL, NULL, FALSE, flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_profile_init (PorchProfile *self)
{
}

/**
 * porch_profile_new:
 * @name: the name of a profile
 *
 * Returns: (transfer full): what the files say about it; one that is not there is not usable
 */
PorchProfile *
porch_profile_new (const char *name)
{
  PorchProfile *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (PORCH_TYPE_PROFILE, NULL);
  self->profile = aws_profile_new (name);
  describe (self);

  return self;
}

/**
 * porch_profile_list:
 *
 * Returns: (transfer full): a list of [class@Porch.Profile], sorted by name
 */
GListModel *
porch_profile_list (void)
{
  g_auto(GStrv) names = aws_profile_list_names ();
  GListStore *list = g_list_store_new (PORCH_TYPE_PROFILE);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr(PorchProfile) profile = porch_profile_new (names[i]);

      g_list_store_append (list, profile);
    }

  return G_LIST_MODEL (list);
}

/**
 * porch_profile_get_name:
 * @self: a profile
 *
 * Returns: (transfer none): its name
 */
const char *
porch_profile_get_name (PorchProfile *self)
{
  g_return_val_if_fail (PORCH_IS_PROFILE (self), NULL);

  return aws_profile_get_name (self->profile);
}

/**
 * porch_profile_get_words:
 * @self: a profile
 *
 * Returns: (transfer none): how it signs in, for people
 */
const char *
porch_profile_get_words (PorchProfile *self)
{
  g_return_val_if_fail (PORCH_IS_PROFILE (self), NULL);

  return self->words;
}

/**
 * porch_profile_get_region:
 * @self: a profile
 *
 * Returns: (transfer none) (nullable): its region
 */
const char *
porch_profile_get_region (PorchProfile *self)
{
  g_return_val_if_fail (PORCH_IS_PROFILE (self), NULL);

  return aws_profile_lookup (self->profile, "region");
}

/**
 * porch_profile_get_number:
 * @self: a profile
 *
 * Returns: (transfer none) (nullable): the account, if the files tell it
 */
const char *
porch_profile_get_number (PorchProfile *self)
{
  g_return_val_if_fail (PORCH_IS_PROFILE (self), NULL);

  return self->number;
}

/**
 * porch_profile_is_usable:
 * @self: a profile
 *
 * Returns: whether Porchlight can use it
 */
gboolean
porch_profile_is_usable (PorchProfile *self)
{
  g_return_val_if_fail (PORCH_IS_PROFILE (self), FALSE);

  return self->reason == NULL;
}

/**
 * porch_profile_get_reason:
 * @self: a profile
 *
 * Returns: (transfer none) (nullable): why Porchlight can't use it
 */
const char *
porch_profile_get_reason (PorchProfile *self)
{
  g_return_val_if_fail (PORCH_IS_PROFILE (self), NULL);

  return self->reason;
}
