/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-assumed-credentials.h"

#include "aws-sts.h"

/**
 * AwsAssumedCredentials:
 *
 * The credentials of a role, got with those of somebody who may take it on.
 */
struct _AwsAssumedCredentials
{
  AwsRenewingCredentials  parent_instance;

  char                   *role_arn;
  char                   *session_name;
  char                   *external_id;
  guint                   seconds;
};

G_DEFINE_FINAL_TYPE (AwsAssumedCredentials, aws_assumed_credentials, AWS_TYPE_RENEWING_CREDENTIALS)

static DexFuture *
aws_assumed_credentials_renew (AwsRenewingCredentials *parent)
{
  AwsAssumedCredentials *self = AWS_ASSUMED_CREDENTIALS (parent);

  return aws_sts_assume_role (aws_renewing_credentials_get_client (parent), self->role_arn, self->session_name,
                              self->external_id, self->seconds);
}

static void
aws_assumed_credentials_finalize (GObject *object)
{
  AwsAssumedCredentials *self = AWS_ASSUMED_CREDENTIALS (object);

  g_clear_pointer (&self->role_arn, g_free);
  g_clear_pointer (&self->session_name, g_free);
  g_clear_pointer (&self->external_id, g_free);

  G_OBJECT_CLASS (aws_assumed_credentials_parent_class)->finalize (object);
}

static void
aws_assumed_credentials_class_init (AwsAssumedCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aws_assumed_credentials_finalize;
  AWS_RENEWING_CREDENTIALS_CLASS (klass)->renew = aws_assumed_credentials_renew;
}

static void
aws_assumed_credentials_init (AwsAssumedCredentials *self)
{
}

/**
 * aws_assumed_credentials_new:
 * @client: a client with the credentials of somebody who may take the role on
 * @role_arn: the role
 * @session_name: (nullable): a name for the session, seen in logs of the account
 * @external_id: (nullable): a word that the owner of the role has agreed on with its users
 * @seconds: how long each of the credentials is to be good, at least 900; 0 for what the service thinks
 *
 * Makes a provider for a role.
 *
 * Returns: (transfer full): the provider
 */
AwsCredentialsProvider *
aws_assumed_credentials_new (AwsClient  *client,
                          const char *role_arn,
                          const char *session_name,
                          const char *external_id,
                          guint       seconds)
{
  AwsAssumedCredentials *self;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (role_arn != NULL, NULL);

  self = g_object_new (AWS_TYPE_ASSUMED_CREDENTIALS, "client", client, NULL);
  self->role_arn = g_strdup (role_arn);
  self->session_name = g_strdup (session_name != NULL ? session_name : "porchlight");
  self->external_id = g_strdup (external_id);
  self->seconds = seconds;

  return AWS_CREDENTIALS_PROVIDER (self);
}
