/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-credentials.h"

#include <openssl/crypto.h>
#include <string.h>

struct _AwsCredentials
{
  char      *access_key_id;
  char      *secret_access_key;
  char      *session_token;
  GDateTime *expiration;
};

static void
wipe (char **secret)
{
  if (*secret != NULL)
    OPENSSL_cleanse (*secret, strlen (*secret));

  g_clear_pointer (secret, g_free);
}

static void
aws_credentials_clear (AwsCredentials *self)
{
  g_clear_pointer (&self->access_key_id, g_free);
  wipe (&self->secret_access_key);
  wipe (&self->session_token);
  g_clear_pointer (&self->expiration, g_date_time_unref);
}

AWS_DEFINE_BOXED (AwsCredentials, aws_credentials, aws_credentials_clear)

/* A copy, without the white space that comes along when keys are copied from a page or a file */
static char *
dup_bare (const char *text)
{
  const char *end;

  while (g_ascii_isspace (*text))
    text++;
  end = text + strlen (text);
  while (end > text && g_ascii_isspace (end[-1]))
    end--;

  return g_strndup (text, end - text);
}

/**
 * aws_credentials_new:
 * @access_key_id: the public half
 * @secret_access_key: the secret half
 * @session_token: (nullable): the token that temporary credentials have
 * @expiration: (nullable): when they end
 *
 * Makes credentials, without white space around any part. The secrets are wiped when the last reference goes.
 *
 * Returns: (transfer full): the credentials
 */
AwsCredentials *
aws_credentials_new (const char *access_key_id,
                     const char *secret_access_key,
                     const char *session_token,
                     GDateTime  *expiration)
{
  AwsCredentials *self;

  g_return_val_if_fail (access_key_id != NULL, NULL);
  g_return_val_if_fail (secret_access_key != NULL, NULL);

  self = g_atomic_rc_box_new0 (AwsCredentials);
  self->access_key_id = dup_bare (access_key_id);
  self->secret_access_key = dup_bare (secret_access_key);
  self->session_token = session_token != NULL && *session_token != '\0' ? dup_bare (session_token) : NULL;
  self->expiration = expiration != NULL ? g_date_time_ref (expiration) : NULL;

  return self;
}

/**
 * aws_credentials_get_access_key_id:
 * @self: credentials
 *
 * Returns: (transfer none): the public half
 */
AWS_DEFINE_GETTER (AwsCredentials, aws_credentials, const char *, access_key_id)

/**
 * aws_credentials_get_secret_access_key:
 * @self: credentials
 *
 * Returns: (transfer none): the secret half; never to be logged
 */
AWS_DEFINE_GETTER (AwsCredentials, aws_credentials, const char *, secret_access_key)

/**
 * aws_credentials_get_session_token:
 * @self: credentials
 *
 * Returns: (transfer none) (nullable): the session token; never to be logged
 */
AWS_DEFINE_GETTER (AwsCredentials, aws_credentials, const char *, session_token)

/**
 * aws_credentials_get_expiration:
 * @self: credentials
 *
 * Returns: (transfer none) (nullable): when they end, or %NULL if never
 */
AWS_DEFINE_GETTER (AwsCredentials, aws_credentials, GDateTime *, expiration)

/**
 * aws_credentials_is_expired:
 * @self: credentials
 * @margin: how long they must still be good
 *
 * Returns: whether they end within @margin from now
 */
gboolean
aws_credentials_is_expired (AwsCredentials *self,
                            GTimeSpan       margin)
{
  g_autoptr(GDateTime) now = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->expiration == NULL)
    return FALSE;

  now = g_date_time_new_now_utc ();

  return g_date_time_difference (self->expiration, now) <= margin;
}

/**
 * aws_credentials_clean_text:
 * @pasted: a key as it was pasted
 *
 * Removes what comes along when a key is copied: spaces, line ends, quotes around it and
 * characters of no width.
 *
 * Returns: (transfer full): the key
 */
char *
aws_credentials_clean_text (const char *pasted)
{
  g_autoptr(GString) string = NULL;

  g_return_val_if_fail (pasted != NULL, NULL);

  string = g_string_new (NULL);
  for (const char *at = pasted; *at != '\0';)
    {
      gunichar c = g_utf8_get_char_validated (at, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          at++;
          continue;
        }

      if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c) && !g_unichar_iszerowidth (c) && c != 0xFEFF &&
          c != '"' && c != '\'' && c != 0x201C && c != 0x201D)
        g_string_append_unichar (string, c);

      at = g_utf8_next_char (at);
    }

  return g_string_free (g_steal_pointer (&string), FALSE);
}

G_DEFINE_INTERFACE (AwsCredentialsProvider, aws_credentials_provider, G_TYPE_OBJECT)

static void
aws_credentials_provider_default_init (AwsCredentialsProviderInterface *iface)
{
}

/**
 * aws_credentials_provider_load:
 * @self: a provider
 *
 * Asks for the credentials to sign with.
 *
 * Returns: (transfer full): resolves to an [struct@AwsCredentials], or rejects with
 *   `AWS_ERROR_CREDENTIALS` or `AWS_ERROR_EXPIRED`
 */
DexFuture *
aws_credentials_provider_load (AwsCredentialsProvider *self)
{
  dex_return_error_if_fail (AWS_IS_CREDENTIALS_PROVIDER (self));

  return AWS_CREDENTIALS_PROVIDER_GET_IFACE (self)->load (self);
}

/**
 * aws_credentials_provider_reject:
 * @self: a provider
 * @credentials: what it gave
 *
 * Tells the provider that the service no longer takes these credentials.
 *
 * Returns: whether loading again may give others
 */
gboolean
aws_credentials_provider_reject (AwsCredentialsProvider *self,
                                 AwsCredentials         *credentials)
{
  AwsCredentialsProviderInterface *iface;

  g_return_val_if_fail (AWS_IS_CREDENTIALS_PROVIDER (self), FALSE);
  g_return_val_if_fail (credentials != NULL, FALSE);

  iface = AWS_CREDENTIALS_PROVIDER_GET_IFACE (self);

  return iface->reject != NULL && iface->reject (self, credentials);
}

struct _AwsStaticCredentials
{
  GObject         parent_instance;

  AwsCredentials *credentials;
};

static DexFuture *
aws_static_credentials_load (AwsCredentialsProvider *provider)
{
  AwsStaticCredentials *self = AWS_STATIC_CREDENTIALS (provider);

  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, aws_credentials_ref (self->credentials));
}

static void
aws_static_credentials_iface_init (AwsCredentialsProviderInterface *iface)
{
  iface->load = aws_static_credentials_load;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (AwsStaticCredentials, aws_static_credentials, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AWS_TYPE_CREDENTIALS_PROVIDER, aws_static_credentials_iface_init))

static void
aws_static_credentials_finalize (GObject *object)
{
  AwsStaticCredentials *self = AWS_STATIC_CREDENTIALS (object);

  g_clear_pointer (&self->credentials, aws_credentials_unref);

  G_OBJECT_CLASS (aws_static_credentials_parent_class)->finalize (object);
}

static void
aws_static_credentials_class_init (AwsStaticCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aws_static_credentials_finalize;
}

static void
aws_static_credentials_init (AwsStaticCredentials *self)
{
}

/**
 * aws_static_credentials_new:
 * @credentials: the credentials
 *
 * Makes a provider that always gives the same credentials.
 *
 * Returns: (transfer full): the provider
 */
AwsCredentialsProvider *
aws_static_credentials_new (AwsCredentials *credentials)
{
  AwsStaticCredentials *self;

  g_return_val_if_fail (credentials != NULL, NULL);

  self = g_object_new (AWS_TYPE_STATIC_CREDENTIALS, NULL);
  self->credentials = aws_credentials_ref (credentials);

  return AWS_CREDENTIALS_PROVIDER (self);
}
