/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-codeconnections.h"

#include "aws-document.h"
#include "aws-operations-private.h"

static const AwsShape tag_members[] = {
  { "Key", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape create_connection_input[] = {
  { "ProviderType" },
  { "ConnectionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Tags", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (tag_members) }) },
  { NULL }
};

static const AwsShape create_connection_output[] = {
  { "ConnectionArn" },
  { NULL }
};

static const AwsOperation create_connection = {
  "codeconnections", "CreateConnection", .input = create_connection_input, .output = create_connection_output,
};

static const AwsShape get_connection_input[] = {
  { "ConnectionArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape connection_members[] = {
  { "ConnectionName" },
  { "ConnectionArn" },
  { "ProviderType" },
  { "OwnerAccountId" },
  { "ConnectionStatus" },
  { "HostArn" },
  { NULL }
};

static const AwsShape get_connection_output[] = {
  { "Connection", AWS_STRUCTURE (connection_members) },
  { NULL }
};

static const AwsOperation get_connection = {
  "codeconnections", "GetConnection", .input = get_connection_input, .output = get_connection_output,
};

static const AwsShape list_connections_input[] = {
  { "ProviderTypeFilter" },
  { "MaxResults", AWS_SHAPE_INTEGER },
  { "NextToken" },
  { NULL }
};

static const AwsShape list_connections_output[] = {
  { "Connections", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (connection_members) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation list_connections = {
  "codeconnections", "ListConnections", .input = list_connections_input, .output = list_connections_output,
  .pages = { "Connections", "NextToken" },
};

static const AwsShape delete_connection_input[] = {
  { "ConnectionArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsOperation delete_connection = {
  "codeconnections", "DeleteConnection", .input = delete_connection_input,
};

const AwsOperation * const aws_codeconnections_operations[] = {
  &create_connection,
  &get_connection,
  &list_connections,
  &delete_connection,
  NULL
};

AWS_DEFINE_DOCUMENT (AwsConnection, aws_connection)

/**
 * aws_connection_get_name:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsConnection, aws_connection, name, "ConnectionName")

/**
 * aws_connection_get_arn:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsConnection, aws_connection, arn, "ConnectionArn")

/**
 * aws_connection_get_provider:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): `GitHub`, `GitLab`, `Bitbucket` or another
 */
AWS_DOCUMENT_STRING (AwsConnection, aws_connection, provider, "ProviderType")

/**
 * aws_connection_get_status:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): `PENDING` until somebody has finished it in the console, then `AVAILABLE`;
 *   or `ERROR`
 */
AWS_DOCUMENT_STRING (AwsConnection, aws_connection, status, "ConnectionStatus")

/**
 * aws_connection_get_owner:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): the number of the account it is in
 */
AWS_DOCUMENT_STRING (AwsConnection, aws_connection, owner, "OwnerAccountId")

/**
 * aws_codeconnections_create_connection:
 * @client: the client
 * @name: at most 32 characters
 * @provider: `GitHub`, `GitLab` or `Bitbucket`
 * @tag: (nullable): the name of a tag
 * @value: (nullable): the value of the tag
 *
 * Makes a connection. It is `PENDING` until the owner of the code has finished it in the console; no call can do
 * that.
 *
 * Returns: a future of the ARN
 */
DexFuture *
aws_codeconnections_create_connection (AwsClient  *client,
                                       const char *name,
                                       const char *provider,
                                       const char *tag,
                                       const char *value)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);
  dex_return_error_if_fail (provider != NULL);
  dex_return_error_if_fail ((tag == NULL) == (value == NULL));

  input = json_object_new ();
  aws_input_set_string (input, "ConnectionName", name);
  aws_input_set_string (input, "ProviderType", provider);
  if (tag != NULL)
    {
      JsonArray *tags = json_array_new ();
      JsonObject *pair = json_object_new ();

      aws_input_set_string (pair, "Key", tag);
      aws_input_set_string (pair, "Value", value);
      json_array_add_object_element (tags, pair);
      json_object_set_array_member (input, "Tags", tags);
    }

  return aws_operation_call_string (&create_connection, client, input, "ConnectionArn");
}

/**
 * aws_codeconnections_get_connection:
 * @client: the client
 * @arn: the ARN of a connection
 *
 * Asks for a connection, to see whether it is finished.
 *
 * Returns: a future of an [struct@Connection]
 */
DexFuture *
aws_codeconnections_get_connection (AwsClient  *client,
                                    const char *arn)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "ConnectionArn", arn);

  return aws_operation_call_document (&get_connection, client, input, AWS_TYPE_CONNECTION, "Connection");
}

/**
 * aws_codeconnections_list_connections:
 * @client: the client
 * @provider: (nullable): only those of this provider
 *
 * Lists connections, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@Connection]
 */
DexFuture *
aws_codeconnections_list_connections (AwsClient  *client,
                                      const char *provider)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  input = json_object_new ();
  aws_input_set_string (input, "ProviderTypeFilter", provider);

  return aws_operation_call_documents (&list_connections, client, input, AWS_TYPE_CONNECTION);
}

/**
 * aws_codeconnections_delete_connection:
 * @client: the client
 * @arn: the ARN of a connection
 *
 * Deletes a connection.
 *
 * Returns: a future of %TRUE
 */
DexFuture *
aws_codeconnections_delete_connection (AwsClient  *client,
                                       const char *arn)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "ConnectionArn", arn);

  return aws_operation_call_done (&delete_connection, client, input);
}
