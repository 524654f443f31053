/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-session.h"
#include "porch-error.h"
#include "porch-keyring.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * PorchSession:
 *
 * The session of an account, in the keyring: read from there each time, since another window of Porchlight may have
 * renewed it. As long as it is not to be kept, or nothing can be kept, it lives in this process.
 */
struct _PorchSession
{
  GObject     parent_instance;

  char       *account_id;
  char       *label;
  JsonObject *session;        /* the newest that this process knows */
  GError     *trouble;        /* why it is not in the keyring */
  gboolean    is_kept;        /* whether it belongs into the keyring */
};

static void session_store_init (AwsSessionStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchSession, porch_session, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AWS_TYPE_SESSION_STORE, session_store_init))

enum
{
  PROP_TROUBLE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_trouble (PorchSession *self,
             const GError *trouble)
{
  if (self->trouble == NULL && trouble == NULL)
    return;

  g_clear_error (&self->trouble);
  self->trouble = trouble != NULL ? g_error_copy (trouble) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
}

static DexFuture *
resolve_own (PorchSession *self)
{
  return dex_future_new_take_boxed (JSON_TYPE_OBJECT, json_object_ref (self->session));
}

static DexFuture *
looked_up_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchSession *self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  const char *text = value != NULL ? g_value_get_string (value) : NULL;
  g_autoptr(JsonObject) session = NULL;

  if (text != NULL)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

      session = aws_json_load_object (bytes, NULL);
    }

  if (session != NULL)
    {
      g_clear_pointer (&self->session, json_object_unref);
      self->session = json_object_ref (session);
    }

  if (self->session != NULL)
    return resolve_own (self);

  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_SIGN_IN, "%s",
                                _("The keyring holds no session for this account."));
}

static DexFuture *
porch_session_load (AwsSessionStore *store)
{
  PorchSession *self = PORCH_SESSION (store);

  if (self->session != NULL && (!self->is_kept || self->trouble != NULL))
    return resolve_own (self);

  return dex_future_finally (porch_keyring_lookup (self->account_id), looked_up_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
stored_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchSession *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    {
      set_trouble (self, NULL);
      return NULL;
    }

  if (!g_error_matches (error, PORCH_ERROR, PORCH_ERROR_KEYRING))
    return NULL;

  g_debug ("The session is kept in this process only: %s", error->message);
  set_trouble (self, error);

  return dex_future_new_true ();
}

static DexFuture *
store (PorchSession *self)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (self->session);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_strndup (data, length);

  return dex_future_finally (porch_keyring_store (self->account_id, self->label, text), stored_cb,
                             g_object_ref (self), g_object_unref);
}

static DexFuture *
porch_session_save (AwsSessionStore *session_store,
                    JsonObject      *session)
{
  PorchSession *self = PORCH_SESSION (session_store);

  porch_session_set (self, session);

  return self->is_kept ? store (self) : dex_future_new_true ();
}

static void
session_store_init (AwsSessionStoreInterface *iface)
{
  iface->load = porch_session_load;
  iface->save = porch_session_save;
}

static void
porch_session_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchSession *self = PORCH_SESSION (object);

  if (prop_id == PROP_TROUBLE)
    g_value_set_boxed (value, self->trouble);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
porch_session_finalize (GObject *object)
{
  PorchSession *self = PORCH_SESSION (object);

  g_clear_pointer (&self->account_id, g_free);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->session, json_object_unref);
  g_clear_error (&self->trouble);

  G_OBJECT_CLASS (porch_session_parent_class)->finalize (object);
}

static void
porch_session_class_init (PorchSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = porch_session_get_property;
  object_class->finalize = porch_session_finalize;

  properties[PROP_TROUBLE] = g_param_spec_boxed ("trouble", NULL, NULL, G_TYPE_ERROR,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_session_init (PorchSession *self)
{
  self->is_kept = TRUE;
}

/**
 * porch_session_new:
 * @account_id: the account
 * @label: what the keyring shows for it
 *
 * Returns: (transfer full): the session that the keyring has for it
 */
PorchSession *
porch_session_new (const char *account_id,
                   const char *label)
{
  PorchSession *self;

  g_return_val_if_fail (account_id != NULL, NULL);
  g_return_val_if_fail (label != NULL, NULL);

  self = g_object_new (PORCH_TYPE_SESSION, NULL);
  self->account_id = g_strdup (account_id);
  self->label = g_strdup (label);

  return self;
}

/**
 * porch_session_set:
 * @self: a session
 * @session: what it consists of
 *
 * Takes another session into use, in this process only until it is kept.
 */
void
porch_session_set (PorchSession *self,
                   JsonObject   *session)
{
  g_return_if_fail (PORCH_IS_SESSION (self));
  g_return_if_fail (session != NULL);

  if (self->session == NULL)
    self->is_kept = FALSE;

  json_object_ref (session);
  g_clear_pointer (&self->session, json_object_unref);
  self->session = session;
}

/**
 * porch_session_get:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what it consists of, as far as this process knows
 */
JsonObject *
porch_session_get (PorchSession *self)
{
  g_return_val_if_fail (PORCH_IS_SESSION (self), NULL);

  return self->session;
}

/**
 * porch_session_keep:
 * @self: a session that was set
 *
 * Puts it into the keyring, now and whenever it changes. Without a keyring it serves until the process ends, and
 * [method@Porch.Session.get_trouble] says why.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_session_keep (PorchSession *self)
{
  dex_return_error_if_fail (PORCH_IS_SESSION (self));
  dex_return_error_if_fail (self->session != NULL);

  self->is_kept = TRUE;

  return store (self);
}

/**
 * porch_session_get_trouble:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): why it is not in the keyring
 */
const GError *
porch_session_get_trouble (PorchSession *self)
{
  g_return_val_if_fail (PORCH_IS_SESSION (self), NULL);

  return self->trouble;
}
