/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-sts.h"

#include <string.h>

#define VERSION "2011-06-15"

struct _AwsIdentity
{
  char *account;
  char *arn;
  char *user_id;
};

static void
aws_identity_clear (AwsIdentity *self)
{
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->arn, g_free);
  g_clear_pointer (&self->user_id, g_free);
}

AWS_DEFINE_BOXED (AwsIdentity, aws_identity, aws_identity_clear)

/**
 * aws_identity_get_account:
 * @self: an identity
 *
 * Returns: (transfer none): the number of the account
 */
AWS_DEFINE_GETTER (AwsIdentity, aws_identity, const char *, account)

/**
 * aws_identity_get_arn:
 * @self: an identity
 *
 * Returns: (transfer none): the ARN of the user or of the session of a role
 */
AWS_DEFINE_GETTER (AwsIdentity, aws_identity, const char *, arn)

/**
 * aws_identity_get_user_id:
 * @self: an identity
 *
 * Returns: (transfer none) (nullable): the unique number of the user
 */
AWS_DEFINE_GETTER (AwsIdentity, aws_identity, const char *, user_id)

/**
 * aws_identity_is_root:
 * @self: an identity
 *
 * Returns: whether it is the owner of the account, who may do everything but assume roles
 */
gboolean
aws_identity_is_root (AwsIdentity *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_str_has_suffix (self->arn, ":root");
}

static DexFuture *
parse_identity (DexFuture *completed,
                gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsIdentity) identity = g_atomic_rc_box_new0 (AwsIdentity);
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;
  AwsXmlNode *result;

  if (!(xml = aws_response_load_xml (g_value_get_boxed (value), &error)))
    return dex_future_new_for_error (error);

  result = aws_xml_node_find (aws_xml_get_root (xml), "GetCallerIdentityResult");
  identity->account = aws_xml_node_dup_text (result, "Account");
  identity->arn = aws_xml_node_dup_text (result, "Arn");
  identity->user_id = aws_xml_node_dup_text (result, "UserId");
  if (identity->account == NULL || identity->arn == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer does not say whose account it is");

  return dex_future_new_take_boxed (AWS_TYPE_IDENTITY, g_steal_pointer (&identity));
}

/**
 * aws_sts_get_caller_identity:
 * @client: a client
 *
 * Asks whose the credentials are. No permission is needed for that.
 *
 * Returns: (transfer full): resolves to an [struct@AwsIdentity], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sts_get_caller_identity (AwsClient *client)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autoptr(AwsQuery) query = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  query = aws_query_new ("GetCallerIdentity", VERSION);
  request = aws_request_new_query ("sts", NULL, query);

  return dex_future_then (aws_client_send (client, request), parse_identity, NULL, NULL);
}

static DexFuture *
parse_role (DexFuture *completed,
            gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autofree char *id = NULL;
  g_autofree char *secret = NULL;
  g_autofree char *token = NULL;
  g_autoptr(GDateTime) expiration = NULL;
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;
  AwsXmlNode *node;

  if (!(xml = aws_response_load_xml (g_value_get_boxed (value), &error)))
    return dex_future_new_for_error (error);

  node = aws_xml_node_find (aws_xml_get_root (xml), "AssumeRoleResult/Credentials");
  id = aws_xml_node_dup_text (node, "AccessKeyId");
  secret = aws_xml_node_dup_text (node, "SecretAccessKey");
  token = aws_xml_node_dup_text (node, "SessionToken");
  expiration = aws_xml_node_dup_time (node, "Expiration");
  if (id == NULL || secret == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer holds no credentials");

  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS, aws_credentials_new (id, secret, token, expiration));
}

/**
 * aws_sts_assume_role:
 * @client: a client
 * @role_arn: the role
 * @session_name: a name for the session, seen in logs of the account
 * @seconds: how long the credentials are to be good, at least 900; 0 for what the service thinks
 *
 * Asks for credentials of a role.
 *
 * Returns: (transfer full): resolves to an [struct@AwsCredentials], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sts_assume_role (AwsClient  *client,
                     const char *role_arn,
                     const char *session_name,
                     guint       seconds)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autoptr(AwsQuery) query = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (role_arn != NULL);
  dex_return_error_if_fail (session_name != NULL);

  query = aws_query_new ("AssumeRole", VERSION);
  aws_query_add (query, "RoleArn", role_arn);
  aws_query_add (query, "RoleSessionName", session_name);
  if (seconds > 0)
    aws_query_add_int (query, "DurationSeconds", seconds);
  request = aws_request_new_query ("sts", NULL, query);

  return dex_future_then (aws_client_send (client, request), parse_role, NULL, NULL);
}
