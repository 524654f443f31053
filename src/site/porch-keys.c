/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-keys.h"
#include "porch-error.h"
#include "porch-keyring.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * PorchKeys:
 *
 * The keys of an account for the clients that sign with them: given by somebody, or read from the keyring when the
 * first request needs them.
 */
struct _PorchKeys
{
  GObject         parent_instance;

  char           *account_id;
  AwsCredentials *credentials;
  gboolean        in_keyring;
};

static void credentials_provider_init (AwsCredentialsProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchKeys, porch_keys, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AWS_TYPE_CREDENTIALS_PROVIDER, credentials_provider_init))

static AwsCredentials *
parse (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(JsonObject) json = aws_json_load_object (bytes, NULL);
  const char *key_id;
  const char *secret;

  if (json == NULL ||
      (key_id = aws_json_get_string (json, "accessKeyId")) == NULL ||
      (secret = aws_json_get_string (json, "secretAccessKey")) == NULL)
    return NULL;

  return aws_credentials_new (key_id, secret, aws_json_get_string (json, "sessionToken"), NULL);
}

static DexFuture *
looked_up_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchKeys *self = user_data;
  const char *text = g_value_get_string (dex_future_get_value (future, NULL));

  if (self->credentials == NULL && text != NULL)
    self->credentials = parse (text);

  if (self->credentials == NULL)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_SIGN_IN, "%s",
                                  _("The keyring holds no keys for this account."));

  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, aws_credentials_ref (self->credentials));
}

static DexFuture *
porch_keys_load (AwsCredentialsProvider *provider)
{
  PorchKeys *self = PORCH_KEYS (provider);

  if (self->credentials != NULL)
    return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, aws_credentials_ref (self->credentials));

  if (!self->in_keyring)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_PRACTICE_OFF, "%s",
                                  _("It runs only while Porchlight runs, and it was not started."));

  return dex_future_then (porch_keyring_lookup (self->account_id), looked_up_cb, g_object_ref (self), g_object_unref);
}

static void
credentials_provider_init (AwsCredentialsProviderInterface *iface)
{
  iface->load = porch_keys_load;
}

static void
porch_keys_finalize (GObject *object)
{
  PorchKeys *self = PORCH_KEYS (object);

  g_clear_pointer (&self->account_id, g_free);
  g_clear_pointer (&self->credentials, aws_credentials_unref);

  G_OBJECT_CLASS (porch_keys_parent_class)->finalize (object);
}

static void
porch_keys_class_init (PorchKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_keys_finalize;
}

static void
porch_keys_init (PorchKeys *self)
{
}

PorchKeys *
porch_keys_new (const char *account_id,
                        gboolean    in_keyring)
{
  PorchKeys *self = g_object_new (PORCH_TYPE_KEYS, NULL);

  self->account_id = g_strdup (account_id);
  self->in_keyring = in_keyring;

  return self;
}

void
porch_keys_set (PorchKeys *self,
                        AwsCredentials   *credentials)
{
  g_clear_pointer (&self->credentials, aws_credentials_unref);
  self->credentials = credentials != NULL ? aws_credentials_ref (credentials) : NULL;
}

/* Those in use, %NULL before anybody asked for them. */
AwsCredentials *
porch_keys_get (PorchKeys *self)
{
  return self->credentials;
}

/* The form in which keys lie in the keyring. */
char *
porch_keys_to_text (AwsCredentials *credentials)
{
  g_autoptr(JsonObject) json = json_object_new ();
  g_autoptr(GBytes) bytes = NULL;
  gsize size;
  const char *text;

  json_object_set_string_member (json, "accessKeyId", aws_credentials_get_access_key_id (credentials));
  json_object_set_string_member (json, "secretAccessKey", aws_credentials_get_secret_access_key (credentials));

  if (aws_credentials_get_session_token (credentials) != NULL)
    json_object_set_string_member (json, "sessionToken", aws_credentials_get_session_token (credentials));

  bytes = aws_json_object_to_bytes (json);
  text = g_bytes_get_data (bytes, &size);

  return g_strndup (text, size);
}
