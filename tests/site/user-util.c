/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "user-util.h"

#include "aws-query.h"
#include "aws-response.h"

AwsClient *
user_new_client (Cloud *cloud)
{
  g_autoptr(AwsCredentials) credentials = aws_credentials_new (porch_practice_get_access_key_id (cloud->practice),
                                                               porch_practice_get_secret_access_key (cloud->practice), NULL, NULL);
  g_autoptr(AwsCredentialsProvider) provider = aws_static_credentials_new (credentials);
  AwsClient *client = aws_client_new (provider, porch_practice_get_region (cloud->practice));

  aws_client_set_endpoint (client, NULL, porch_practice_get_endpoint (cloud->practice));

  return client;
}

static AwsXml *
send_query (Cloud    *cloud,
            AwsQuery *query)
{
  g_autoptr(AwsClient) client = user_new_client (cloud);
  g_autoptr(AwsRequest) request = aws_request_new ("iam", "us-east-1", "POST", "/");
  g_autoptr(GBytes) body = aws_query_to_bytes (query);
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;
  AwsXml *xml;

  aws_request_set_body (request, body, "application/x-www-form-urlencoded");
  response = dex_await_boxed (aws_client_send (client, request), &error);
  g_assert_no_error (error);
  xml = aws_response_load_xml (response, &error);
  g_assert_no_error (error);

  return xml;
}

static char *
find_text (AwsXmlNode *node,
           const char *element)
{
  for (AwsXmlNode *child = aws_xml_node_first (node, NULL); child != NULL; child = aws_xml_node_next (child, NULL))
    {
      char *found = g_str_equal (aws_xml_node_get_name (child), element) ? aws_xml_node_dup_text (child, NULL)
                                                                        : find_text (child, element);

      if (found != NULL)
        return found;
    }

  return NULL;
}

char *
user_call_iam (Cloud      *cloud,
               const char *action,
               const char *element,
               ...)
{
  g_autoptr(AwsQuery) query = aws_query_new (action, "2010-05-08");
  g_autoptr(AwsXml) xml = NULL;
  const char *name;
  va_list more;

  va_start (more, element);
  while ((name = va_arg (more, const char *)) != NULL)
    aws_query_add (query, name, va_arg (more, const char *));
  va_end (more);

  xml = send_query (cloud, query);

  return element != NULL ? find_text (aws_xml_get_root (xml), element) : NULL;
}

char *
user_make (Cloud      *cloud,
           const char *name,
           const char *policy)
{
  g_autofree char *arn = user_call_iam (cloud, "CreateUser", "Arn", "UserName", name, NULL);
  g_autofree char *policy_arn = user_call_iam (cloud, "CreatePolicy", "Arn", "PolicyName", name, "PolicyDocument", policy, NULL);

  g_free (user_call_iam (cloud, "AttachUserPolicy", NULL, "UserName", name, "PolicyArn", policy_arn, NULL));

  return g_steal_pointer (&arn);
}

void
user_become (Cloud      *cloud,
             const char *name)
{
  g_autoptr(AwsQuery) query = aws_query_new ("CreateAccessKey", "2010-05-08");
  g_autofree char *key_id = NULL;
  g_autofree char *secret = NULL;
  g_autoptr(AwsXml) xml = NULL;

  aws_query_add (query, "UserName", name);
  xml = send_query (cloud, query);
  key_id = find_text (aws_xml_get_root (xml), "AccessKeyId");
  secret = find_text (aws_xml_get_root (xml), "SecretAccessKey");

  porch_engine_set_practice_endpoint (cloud->engine, porch_practice_get_endpoint (cloud->practice), key_id, secret,
                                      porch_practice_get_region (cloud->practice), porch_practice_get_name_server (cloud->practice));
}

void
user_play_account (Cloud      *cloud,
                   const char *json)
{
  g_autofree char *path = g_build_filename (cloud->path, "practice", "account.json", NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, json, -1, &error);
  g_assert_no_error (error);
}
