/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-renewing-credentials.h"

#include "aws-error-private.h"

/* How long before their end credentials are renewed, and how long after a failure it is tried again */
#define MARGIN (5 * G_TIME_SPAN_MINUTE)
#define PAUSE  (30 * G_USEC_PER_SEC)

/**
 * AwsRenewingCredentials:
 *
 * Credentials that end and are renewed in good time, once for all requests that wait for it. When that fails, those at
 * hand serve until their end.
 */
typedef struct
{
  AwsClient      *client;
  AwsCredentials *current;
  DexFuture      *pending;
  gint64          retry_at;      /* monotonic */
  gboolean        is_rejected;
} AwsRenewingCredentialsPrivate;

static void credentials_provider_init (AwsCredentialsProviderInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (AwsRenewingCredentials, aws_renewing_credentials, G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (AwsRenewingCredentials)
                                  G_IMPLEMENT_INTERFACE (AWS_TYPE_CREDENTIALS_PROVIDER, credentials_provider_init))

enum
{
  PROP_CLIENT = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define PRIV(self) ((AwsRenewingCredentialsPrivate *) aws_renewing_credentials_get_instance_private (self))

static DexFuture *
resolve_current (AwsRenewingCredentials *self)
{
  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, aws_credentials_ref (PRIV (self)->current));
}

static gboolean
is_good_for (AwsRenewingCredentials *self,
             GTimeSpan               margin)
{
  AwsRenewingCredentialsPrivate *priv = PRIV (self);

  return priv->current != NULL && !priv->is_rejected &&
         !aws_renewing_credentials_ends_within (self, aws_credentials_get_expiration (priv->current), margin);
}

static DexFuture *
renewed_cb (DexFuture *completed,
            gpointer   user_data)
{
  AwsRenewingCredentials *self = user_data;
  AwsRenewingCredentialsPrivate *priv = PRIV (self);
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);

  if (value != NULL)
    {
      g_clear_pointer (&priv->current, aws_credentials_unref);
      priv->current = g_value_dup_boxed (value);
      priv->is_rejected = FALSE;
    }
  else if (is_good_for (self, 0))
    {
      g_debug ("Renewing failed, the old credentials serve on: %s", error->message);
      aws_renewing_credentials_pause (self);

      return resolve_current (self);
    }

  return NULL;
}

static DexFuture *
aws_renewing_credentials_load (AwsCredentialsProvider *provider)
{
  AwsRenewingCredentials *self = AWS_RENEWING_CREDENTIALS (provider);
  AwsRenewingCredentialsPrivate *priv = PRIV (self);

  if (is_good_for (self, MARGIN) ||
      (is_good_for (self, 0) && g_get_monotonic_time () < priv->retry_at))
    return resolve_current (self);

  if (priv->pending != NULL && dex_future_is_pending (priv->pending))
    return dex_ref (priv->pending);

  /* It goes on when the request that wanted it is gone: what comes in answer may be the only way to go on */
  dex_clear (&priv->pending);
  priv->pending = dex_future_finally (AWS_RENEWING_CREDENTIALS_GET_CLASS (self)->renew (self),
                                      renewed_cb, g_object_ref (self), g_object_unref);

  return dex_ref (priv->pending);
}

static gboolean
is_same (AwsCredentials *a,
         AwsCredentials *b)
{
  return g_str_equal (aws_credentials_get_access_key_id (a), aws_credentials_get_access_key_id (b)) &&
         g_strcmp0 (aws_credentials_get_session_token (a), aws_credentials_get_session_token (b)) == 0;
}

static gboolean
aws_renewing_credentials_reject (AwsCredentialsProvider *provider,
                                 AwsCredentials         *credentials)
{
  AwsRenewingCredentialsPrivate *priv = PRIV (AWS_RENEWING_CREDENTIALS (provider));

  if (priv->current != NULL && is_same (priv->current, credentials))
    priv->is_rejected = TRUE;

  return TRUE;
}

static void
credentials_provider_init (AwsCredentialsProviderInterface *iface)
{
  iface->load = aws_renewing_credentials_load;
  iface->reject = aws_renewing_credentials_reject;
}

static void
aws_renewing_credentials_set_property (GObject      *object,
                                       guint         prop_id,
                                       const GValue *value,
                                       GParamSpec   *pspec)
{
  AwsRenewingCredentialsPrivate *priv = PRIV (AWS_RENEWING_CREDENTIALS (object));

  if (prop_id == PROP_CLIENT)
    priv->client = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
aws_renewing_credentials_finalize (GObject *object)
{
  AwsRenewingCredentialsPrivate *priv = PRIV (AWS_RENEWING_CREDENTIALS (object));

  dex_clear (&priv->pending);
  g_clear_object (&priv->client);
  g_clear_pointer (&priv->current, aws_credentials_unref);

  G_OBJECT_CLASS (aws_renewing_credentials_parent_class)->finalize (object);
}

static void
aws_renewing_credentials_class_init (AwsRenewingCredentialsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = aws_renewing_credentials_set_property;
  object_class->finalize = aws_renewing_credentials_finalize;

  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, AWS_TYPE_CLIENT,
                                                 G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
aws_renewing_credentials_init (AwsRenewingCredentials *self)
{
}

/**
 * aws_renewing_credentials_get_client:
 * @self: credentials
 *
 * Returns: (transfer none): the client to renew them with
 */
AwsClient *
aws_renewing_credentials_get_client (AwsRenewingCredentials *self)
{
  g_return_val_if_fail (AWS_IS_RENEWING_CREDENTIALS (self), NULL);

  return PRIV (self)->client;
}

/**
 * aws_renewing_credentials_get_current:
 * @self: credentials
 *
 * Returns: (transfer none) (nullable): those at hand, which may have ended
 */
AwsCredentials *
aws_renewing_credentials_get_current (AwsRenewingCredentials *self)
{
  g_return_val_if_fail (AWS_IS_RENEWING_CREDENTIALS (self), NULL);

  return PRIV (self)->current;
}

/**
 * aws_renewing_credentials_is_rejected:
 * @self: credentials
 * @credentials: some that are kept somewhere
 *
 * Returns: whether a service said that these have expired
 */
gboolean
aws_renewing_credentials_is_rejected (AwsRenewingCredentials *self,
                                      AwsCredentials         *credentials)
{
  AwsRenewingCredentialsPrivate *priv;

  g_return_val_if_fail (AWS_IS_RENEWING_CREDENTIALS (self), FALSE);
  g_return_val_if_fail (credentials != NULL, FALSE);

  priv = PRIV (self);

  return priv->is_rejected && priv->current != NULL && is_same (priv->current, credentials);
}

/**
 * aws_renewing_credentials_get_now:
 * @self: credentials
 *
 * Returns: the time at the services, in microseconds since 1970
 */
gint64
aws_renewing_credentials_get_now (AwsRenewingCredentials *self)
{
  g_return_val_if_fail (AWS_IS_RENEWING_CREDENTIALS (self), 0);

  return g_get_real_time () + aws_client_get_clock_offset (PRIV (self)->client);
}

/**
 * aws_renewing_credentials_ends_within:
 * @self: credentials
 * @end: (nullable): an end, %NULL for none
 * @margin: a time from now on
 *
 * Returns: whether the end is nearer than @margin, by the clock of the services
 */
gboolean
aws_renewing_credentials_ends_within (AwsRenewingCredentials *self,
                                      GDateTime              *end,
                                      GTimeSpan               margin)
{
  g_return_val_if_fail (AWS_IS_RENEWING_CREDENTIALS (self), FALSE);

  return end != NULL && g_date_time_to_unix_usec (end) - aws_renewing_credentials_get_now (self) <= margin;
}

/**
 * aws_renewing_credentials_pause:
 * @self: credentials
 *
 * Leaves the credentials at hand alone for a while, as long as they are good.
 */
void
aws_renewing_credentials_pause (AwsRenewingCredentials *self)
{
  g_return_if_fail (AWS_IS_RENEWING_CREDENTIALS (self));

  PRIV (self)->retry_at = g_get_monotonic_time () + PAUSE;
}

/**
 * aws_renewing_credentials_forget:
 * @self: credentials
 *
 * Lets go of the credentials at hand: somebody signed in again.
 */
void
aws_renewing_credentials_forget (AwsRenewingCredentials *self)
{
  AwsRenewingCredentialsPrivate *priv;

  g_return_if_fail (AWS_IS_RENEWING_CREDENTIALS (self));

  priv = PRIV (self);
  g_clear_pointer (&priv->current, aws_credentials_unref);
  priv->is_rejected = FALSE;
  priv->retry_at = 0;
}
