/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-sts.h"

#include "aws-document.h"
#include "aws-operations-private.h"

AWS_DEFINE_DOCUMENT (AwsIdentity, aws_identity)

/**
 * aws_identity_get_account:
 * @self: an identity
 *
 * Returns: (transfer none): the number of the account
 */
AWS_DOCUMENT_STRING (AwsIdentity, aws_identity, account, "Account")

/**
 * aws_identity_get_arn:
 * @self: an identity
 *
 * Returns: (transfer none): the ARN of the user or of the session of a role
 */
AWS_DOCUMENT_STRING (AwsIdentity, aws_identity, arn, "Arn")

/**
 * aws_identity_get_user_id:
 * @self: an identity
 *
 * Returns: (transfer none) (nullable): the unique number of the user
 */
AWS_DOCUMENT_STRING (AwsIdentity, aws_identity, user_id, "UserId")

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

  return g_str_has_suffix (aws_identity_get_arn (self), ":root");
}

static const AwsShape get_caller_identity_output[] = {
  { "UserId" },
  { "Account" },
  { "Arn" },
  { NULL }
};

static const AwsOperation get_caller_identity = {
  "sts", "GetCallerIdentity", .output = get_caller_identity_output,
};

static const AwsShape role_session[] = {
  { "AccessKeyId" },
  { "SecretAccessKey", AWS_SHAPE_STRING },
  { "SessionToken", AWS_SHAPE_STRING },
  { "Expiration", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape assume_role_input[] = {
  { "RoleArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "RoleSessionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "DurationSeconds", AWS_SHAPE_INTEGER },
  { "ExternalId" },
  { NULL }
};

static const AwsShape assume_role_output[] = {
  { "Credentials", AWS_STRUCTURE (role_session) },
  { NULL }
};

static const AwsOperation assume_role = {
  "sts", "AssumeRole", .input = assume_role_input, .output = assume_role_output,
};

const AwsOperation * const aws_sts_operations[] = {
  &get_caller_identity,
  &assume_role,
  NULL
};

static DexFuture *
check_identity (DexFuture *completed,
                gpointer   user_data)
{
  AwsIdentity *identity = g_value_get_boxed (dex_future_get_value (completed, NULL));

  if (aws_identity_get_account (identity) == NULL || aws_identity_get_arn (identity) == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer does not say whose account it is");

  return dex_ref (completed);
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
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return dex_future_then (aws_operation_call_document (&get_caller_identity, client, NULL, AWS_TYPE_IDENTITY, NULL),
                          check_identity, NULL, NULL);
}

static DexFuture *
resolve_credentials (DexFuture *completed,
                     gpointer   user_data)
{
  JsonObject *output = g_value_get_boxed (dex_future_get_value (completed, NULL));
  JsonObject *found = aws_json_get_object (output, "Credentials");
  const char *id = aws_json_get_string (found, "AccessKeyId");
  const char *secret = aws_json_get_string (found, "SecretAccessKey");
  g_autoptr(GDateTime) expiration = aws_json_dup_time (found, "Expiration");

  if (id == NULL || secret == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer holds no credentials");

  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS,
                                    aws_credentials_new (id, secret, aws_json_get_string (found, "SessionToken"), expiration));
}

/**
 * aws_sts_assume_role:
 * @client: a client
 * @role_arn: the role
 * @session_name: a name for the session, seen in logs of the account
 * @external_id: (nullable): a word that the owner of the role has agreed on with its users
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
                     const char *external_id,
                     guint       seconds)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (role_arn != NULL);
  dex_return_error_if_fail (session_name != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "RoleArn", role_arn);
  aws_input_set_string (input, "RoleSessionName", session_name);
  aws_input_set_string (input, "ExternalId", external_id);
  if (seconds > 0)
    aws_input_set_int (input, "DurationSeconds", seconds);

  return dex_future_then (aws_operation_call (&assume_role, client, input), resolve_credentials, NULL, NULL);
}
