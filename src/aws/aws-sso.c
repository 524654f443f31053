/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-sso.h"

#include "aws-credentials.h"
#include "aws-document.h"
#include "aws-error-private.h"
#include "aws-operation.h"
#include "aws-operations-private.h"

/* The most that the service gives at once */
#define PAGE_LENGTH 100

#define ACCESS_TOKEN \
  { "accessToken", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_HEADER, "x-amz-sso_bearer_token" }

static const AwsShape list_accounts_input[] = {
  { "nextToken", .place = AWS_PLACE_QUERY, .wire_name = "next_token" },
  { "maxResults", AWS_SHAPE_INTEGER, 0, AWS_PLACE_QUERY, "max_result" },
  ACCESS_TOKEN,
  { NULL }
};

static const AwsShape account_shape[] = {
  { "accountId" },
  { "accountName" },
  { "emailAddress" },
  { NULL }
};

static const AwsShape list_accounts_output[] = {
  { "nextToken" },
  { "accountList", AWS_LIST_OF ({ "member", AWS_STRUCTURE (account_shape) }) },
  { NULL }
};

static const AwsOperation list_accounts = {
  "sso", "ListAccounts", "GET", "/assignment/accounts",
  .input = list_accounts_input, .output = list_accounts_output,
  .pages = { "accountList", "nextToken" }, .unsigned_request = TRUE,
};

static const AwsShape list_account_roles_input[] = {
  { "nextToken", .place = AWS_PLACE_QUERY, .wire_name = "next_token" },
  { "maxResults", AWS_SHAPE_INTEGER, 0, AWS_PLACE_QUERY, "max_result" },
  ACCESS_TOKEN,
  { "accountId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_QUERY, "account_id" },
  { NULL }
};

static const AwsShape role_shape[] = {
  { "roleName" },
  { "accountId" },
  { NULL }
};

static const AwsShape list_account_roles_output[] = {
  { "nextToken" },
  { "roleList", AWS_LIST_OF ({ "member", AWS_STRUCTURE (role_shape) }) },
  { NULL }
};

static const AwsOperation list_account_roles = {
  "sso", "ListAccountRoles", "GET", "/assignment/roles",
  .input = list_account_roles_input, .output = list_account_roles_output,
  .pages = { "roleList", "nextToken" }, .unsigned_request = TRUE,
};

static const AwsShape get_role_credentials_input[] = {
  { "roleName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_QUERY, "role_name" },
  { "accountId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_QUERY, "account_id" },
  ACCESS_TOKEN,
  { NULL }
};

static const AwsShape role_credentials[] = {
  { "accessKeyId" },
  { "secretAccessKey" },
  { "sessionToken" },
  { "expiration", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape get_role_credentials_output[] = {
  { "roleCredentials", AWS_STRUCTURE (role_credentials) },
  { NULL }
};

static const AwsOperation get_role_credentials = {
  "sso", "GetRoleCredentials", "GET", "/federation/credentials",
  .input = get_role_credentials_input, .output = get_role_credentials_output, .unsigned_request = TRUE,
};

static const AwsShape logout_input[] = {
  ACCESS_TOKEN,
  { NULL }
};

static const AwsOperation logout_operation = {
  "sso", "Logout", "POST", "/logout",
  .input = logout_input, .unsigned_request = TRUE,
};

const AwsOperation * const aws_sso_operations[] = {
  &list_accounts,
  &list_account_roles,
  &get_role_credentials,
  &logout_operation,
  NULL
};

AWS_DEFINE_DOCUMENT (AwsSsoAccount, aws_sso_account)

/**
 * aws_sso_account_get_id:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): its twelve digits
 */
AWS_DOCUMENT_STRING (AwsSsoAccount, aws_sso_account, id, "accountId")

/**
 * aws_sso_account_get_name:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): what the organization calls it
 */
AWS_DOCUMENT_STRING (AwsSsoAccount, aws_sso_account, name, "accountName")

/**
 * aws_sso_account_get_mail:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the mail address that it was opened with
 */
AWS_DOCUMENT_STRING (AwsSsoAccount, aws_sso_account, mail, "emailAddress")

AWS_DEFINE_DOCUMENT (AwsSsoRole, aws_sso_role)

/**
 * aws_sso_role_get_name:
 * @self: a role
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsSsoRole, aws_sso_role, name, "roleName")

/**
 * aws_sso_list_accounts:
 * @client: a client for the region of the instance
 * @access_token: of a session
 *
 * Lists the accounts that the person may use, all pages of them.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsSsoAccount]
 */
DexFuture *
aws_sso_list_accounts (AwsClient  *client,
                       const char *access_token)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (access_token != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "accessToken", access_token);
  aws_input_set_int (input, "maxResults", PAGE_LENGTH);

  return aws_operation_call_documents (&list_accounts, client, input, AWS_TYPE_SSO_ACCOUNT);
}

/**
 * aws_sso_list_account_roles:
 * @client: a client for the region of the instance
 * @access_token: of a session
 * @account: the digits of an account
 *
 * Lists as what the person may use an account, all pages of it.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsSsoRole]
 */
DexFuture *
aws_sso_list_account_roles (AwsClient  *client,
                            const char *access_token,
                            const char *account)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (access_token != NULL);
  dex_return_error_if_fail (account != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "accessToken", access_token);
  aws_input_set_string (input, "accountId", account);
  aws_input_set_int (input, "maxResults", PAGE_LENGTH);

  return aws_operation_call_documents (&list_account_roles, client, input, AWS_TYPE_SSO_ROLE);
}

static DexFuture *
got_role_credentials (DexFuture *completed,
                      gpointer   user_data)
{
  JsonObject *answer = aws_json_get_object (g_value_get_boxed (dex_future_get_value (completed, NULL)), "roleCredentials");
  const char *id = aws_json_get_string (answer, "accessKeyId");
  const char *secret = aws_json_get_string (answer, "secretAccessKey");
  gint64 milliseconds = aws_json_get_int (answer, "expiration", 0);
  g_autoptr(GDateTime) expiration = NULL;

  if (id == NULL || secret == NULL || milliseconds <= 0 || milliseconds > G_MAXINT64 / 1000)
    return dex_future_new_for_error (aws_error_new (AWS_ERROR_BAD_ANSWER, NULL, "The answer has no credentials", 0, NULL));

  expiration = g_date_time_new_from_unix_utc_usec (milliseconds * 1000);

  return dex_future_new_take_boxed (AWS_TYPE_CREDENTIALS,
                                    aws_credentials_new (id, secret, aws_json_get_string (answer, "sessionToken"), expiration));
}

/**
 * aws_sso_get_role_credentials:
 * @client: a client for the region of the instance
 * @access_token: of a session
 * @account: the digits of an account
 * @role: the name of a role in it
 *
 * Asks for credentials. Unlike elsewhere, their end is told in milliseconds.
 *
 * Returns: (transfer full): resolves to an [struct@AwsCredentials]
 */
DexFuture *
aws_sso_get_role_credentials (AwsClient  *client,
                              const char *access_token,
                              const char *account,
                              const char *role)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (access_token != NULL);
  dex_return_error_if_fail (account != NULL && role != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "accessToken", access_token);
  aws_input_set_string (input, "accountId", account);
  aws_input_set_string (input, "roleName", role);

  return dex_future_then (aws_operation_call (&get_role_credentials, client, input), got_role_credentials, NULL, NULL);
}

/**
 * aws_sso_logout:
 * @client: a client for the region of the instance
 * @access_token: of a session
 *
 * Ends a session. Credentials that it gave stay good until they end by themselves.
 *
 * Returns: (transfer full): resolves to %TRUE
 */
DexFuture *
aws_sso_logout (AwsClient  *client,
                const char *access_token)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (access_token != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "accessToken", access_token);

  return aws_operation_call_done (&logout_operation, client, input);
}
