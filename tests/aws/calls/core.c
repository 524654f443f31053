/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "calls.h"

#include <glib/gstdio.h>

#include "aws-cloudformation.h"
#include "aws-cloudfront.h"
#include "aws-dynamodb.h"
#include "aws-keyvaluestore.h"
#include "aws-s3.h"
#include "aws-sts.h"

#define ARN "arn:aws:cloudfront::123456789012:key-value-store/0a1b2c3d-0000-1111-2222-333344445555"
#define MEGABYTE (1024 * 1024)

static GFile *file;

/* Large enough to be sent in parts */
static GFile *
large_file (void)
{
  g_autofree char *path = NULL;
  g_autofree char *contents = g_malloc0 (17 * MEGABYTE);
  int fd = g_file_open_tmp ("porchlight-calls-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, contents, 17 * MEGABYTE, NULL));
  file = g_file_new_for_path (path);

  return file;
}

void
core_calls_clean_up (void)
{
  g_autofree char *back = NULL;

  if (file == NULL)
    return;

  back = g_strconcat (g_file_peek_path (file), ".back", NULL);
  g_unlink (g_file_peek_path (file));
  g_unlink (back);
  g_clear_object (&file);
}

static AwsHeaders *
headers (void)
{
  AwsHeaders *all = aws_headers_new ();

  aws_headers_set (all, "Content-Type", "text/html");
  aws_headers_set (all, "Cache-Control", "no-cache");
  aws_headers_set (all, "x-amz-meta-note", "n");

  return all;
}

static AwsHeaders *
condition (void)
{
  AwsHeaders *all = headers ();

  aws_headers_set (all, "If-None-Match", "*");

  return all;
}

static AwsStackSpec *
stack (gboolean update)
{
  AwsStackSpec *spec = aws_stack_spec_new ("porchlight-a", update ? NULL : "{}");

  aws_stack_spec_add_parameter (spec, "SiteName", "a");
  aws_stack_spec_keep_parameter (spec, "ApiSecret");
  aws_stack_spec_add_tag (spec, "application", "porchlight");
  aws_stack_spec_add_capability (spec, "CAPABILITY_IAM");
  aws_stack_spec_set_client_token (spec, "token-1");
  if (!update)
    aws_stack_spec_set_on_failure (spec, "ROLLBACK");

  return spec;
}

static AwsItem *
item (void)
{
  const char * const list[] = { "a", "b", NULL };
  g_autoptr(AwsItem) map = aws_item_new ();
  AwsItem *all = aws_item_new ();

  aws_item_set_strings (map, "list", list);
  aws_item_set_string (all, "pk", "p");
  aws_item_set_int (all, "number", 1);
  aws_item_set_bool (all, "flag", TRUE);
  aws_item_set_null (all, "nothing");
  aws_item_set_map (all, "map", map);

  return all;
}

static AwsItemChange *
change (gboolean update)
{
  g_autoptr(AwsItem) key = item ();
  AwsItemChange *all = aws_item_change_new ("table", key);

  aws_item_change_set_condition (all, "attribute_exists(#p)");
  aws_item_change_add_name (all, "#p", "pk");
  aws_item_change_set_values (all, key);
  if (update)
    aws_item_change_set_update (all, "SET a = :b");

  return all;
}

static AwsTableQuery *
question (gboolean key)
{
  g_autoptr(AwsItem) values = item ();
  AwsTableQuery *all = aws_table_query_new ("table", key ? "pk = :pk" : NULL);

  aws_table_query_set_index (all, "index");
  aws_table_query_set_projection (all, "#p");
  aws_table_query_add_name (all, "#p", "pk");
  aws_table_query_set_values (all, values);
  aws_table_query_set_consistent (all, TRUE);
  aws_table_query_set_limit (all, 1000);
  if (key)
    aws_table_query_set_backwards (all, TRUE);

  return all;
}

static const char * const two[] = { "a", "b", NULL };
static const char * const paths[] = { "/a", "/b/*", NULL };

CALL (get_caller_identity, , aws_sts_get_caller_identity (client))
CALL (assume_role, , aws_sts_assume_role (client, "arn:aws:iam::123456789012:role/r", "porchlight", "word", 900))
CALL (create_bucket, , aws_s3_create_bucket (client, "bucket"))
CALL (head_bucket, , aws_s3_head_bucket (client, "bucket"))
CALL (delete_bucket, , aws_s3_delete_bucket (client, "bucket"))
CALL (put_object, g_autoptr(AwsHeaders) all = condition (); g_autoptr(GBytes) body = g_bytes_new_static ("x", 1);,
      aws_s3_put_object (client, "bucket", "key", body, all))
CALL (put_file, g_autoptr(AwsHeaders) all = condition ();,
      aws_s3_put_file (client, "bucket", "key", large_file (), 17 * MEGABYTE, NULL, all, NULL, NULL, NULL))
CALL (get_object, , aws_s3_get_object (client, "bucket", "key"))
CALL (download, g_autofree char *path = g_strconcat (g_file_peek_path (large_file ()), ".back", NULL); g_autoptr(GFile) to = g_file_new_for_path (path);,
      aws_s3_download (client, "bucket", "key", to))
CALL (head_object, , aws_s3_head_object (client, "bucket", "key"))
CALL (copy_object, g_autoptr(AwsHeaders) all = headers ();, aws_s3_copy_object (client, "bucket", "a b", "bucket", "key", all))
CALL (delete_object, , aws_s3_delete_object (client, "bucket", "key"))
CALL (delete_objects, , aws_s3_delete_objects (client, "bucket", two))
CALL (delete_versions, , aws_s3_delete_versions (client, "bucket"))
CALL (list_objects, , aws_s3_list_objects (client, "bucket", "prefix/", "/"))
CALL (create_upload, g_autoptr(AwsHeaders) all = headers ();, aws_s3_create_upload (client, "bucket", "key", all))
CALL (upload_part, , aws_s3_upload_part (client, "bucket", "key", "u", 2, large_file (), 10, 20, NULL, NULL, NULL, NULL))
CALL (complete_upload, g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_s3_part_unref);
      g_ptr_array_add (parts, aws_s3_part_new (1, "\"e\"", "AAAAAAAAAAA=", 5));,
      aws_s3_complete_upload (client, "bucket", "key", "u", parts, NULL))
CALL (abort_upload, , aws_s3_abort_upload (client, "bucket", "key", "u"))
CALL (list_parts, , aws_s3_list_parts (client, "bucket", "key", "u"))
CALL (list_uploads, , aws_s3_list_uploads (client, "bucket", "prefix/"))
CALL (upload_file, g_autoptr(AwsHeaders) all = headers ();,
      aws_s3_upload_file (client, "bucket", "key", large_file (), 17 * MEGABYTE, NULL, all, NULL, NULL, NULL))
CALL (create_stack, g_autoptr(AwsStackSpec) spec = stack (FALSE);, aws_cloudformation_create_stack (client, spec))
CALL (update_stack, g_autoptr(AwsStackSpec) spec = stack (TRUE);, aws_cloudformation_update_stack (client, spec))
CALL (describe_stack, , aws_cloudformation_describe_stack (client, "porchlight-a"))
CALL (list_stacks, , aws_cloudformation_list_stacks (client, "application", NULL))
CALL (describe_stack_events, , aws_cloudformation_describe_stack_events (client, "porchlight-a", NULL))
CALL (describe_stack_resources, , aws_cloudformation_describe_stack_resources (client, "porchlight-a"))
CALL (get_template, , aws_cloudformation_get_template (client, "porchlight-a"))
CALL (delete_stack, , aws_cloudformation_delete_stack (client, "porchlight-a", "token-1", two))
CALL (describe_events, , aws_cloudformation_describe_events (client, "porchlight-a", "operation", TRUE))
CALL (validate_template, , aws_cloudformation_validate_template (client, "{}"))
CALL (continue_update_rollback, , aws_cloudformation_continue_update_rollback (client, "porchlight-a", "token-1", two))
CALL (create_change_set, g_autoptr(AwsStackSpec) spec = stack (FALSE);, aws_cloudformation_create_change_set (client, spec, "change-1", TRUE))
CALL (describe_change_set, , aws_cloudformation_describe_change_set (client, "porchlight-a", "change-1"))
CALL (list_changes, , aws_cloudformation_list_changes (client, "porchlight-a", "change-1"))
CALL (execute_change_set, , aws_cloudformation_execute_change_set (client, "porchlight-a", "change-1", "token-1"))
CALL (delete_change_set, , aws_cloudformation_delete_change_set (client, "porchlight-a", "change-1"))
CALL (kvs_describe, , aws_keyvaluestore_describe (client, ARN))
CALL (kvs_list, , aws_keyvaluestore_list (client, ARN))
CALL (kvs_get, , aws_keyvaluestore_get (client, ARN, "a b"))
CALL (kvs_put, , aws_keyvaluestore_put (client, ARN, "e", "a b", "v"))
CALL (kvs_delete, , aws_keyvaluestore_delete (client, ARN, "e", "a b"))
CALL (kvs_update, g_autoptr(GPtrArray) puts = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_key_value_unref);
      g_ptr_array_add (puts, aws_key_value_new ("a", "b"));,
      aws_keyvaluestore_update (client, ARN, "e", puts, two))

static DexFuture *
write_key (AwsClient  *client,
           const char *arn,
           const char *etag,
           gpointer    user_data)
{
  return aws_keyvaluestore_put (client, arn, etag, "a b", "v");
}

/* Only where there is a session token, the store is asked whether it takes it */
static AwsClient *
client_with_token (AwsClient *client)
{
  g_autoptr(AwsCredentials) credentials = aws_credentials_new ("ASIA", "s", "token", NULL);
  g_autoptr(AwsCredentialsProvider) provider = aws_static_credentials_new (credentials);

  return aws_client_copy (client, provider, NULL);
}

CALL (kvs_write, , aws_keyvaluestore_write (client, ARN, write_key, NULL, NULL))
CALL (kvs_find_client, g_autoptr(AwsClient) session = client_with_token (client);,
      aws_keyvaluestore_find_client (session, ARN, "arn:aws:iam::123456789012:role/r"))
CALL (describe_backups, , aws_dynamodb_describe_backups (client, "table"))
CALL (update_backups, , aws_dynamodb_update_backups (client, "table", TRUE, 35))
CALL (describe_table, , aws_dynamodb_describe_table (client, "table"))
CALL (delete_table, , aws_dynamodb_delete_table (client, "table"))
CALL (query, g_autoptr(AwsTableQuery) all = question (TRUE);, aws_dynamodb_query (client, all))
CALL (scan, g_autoptr(AwsTableQuery) all = question (FALSE);, aws_dynamodb_scan (client, all))
CALL (get_item, g_autoptr(AwsItem) key = item ();, aws_dynamodb_get_item (client, "table", key))
CALL (put_item, g_autoptr(AwsItemChange) all = change (FALSE);, aws_dynamodb_put_item (client, all))
CALL (update_item, g_autoptr(AwsItemChange) all = change (TRUE);, aws_dynamodb_update_item (client, all))
CALL (delete_item, g_autoptr(AwsItemChange) all = change (FALSE);, aws_dynamodb_delete_item (client, all))
CALL (batch_write, g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_item_unref);
      g_ptr_array_add (items, item ());,
      aws_dynamodb_batch_write (client, "table", items, items))
CALL (get_distribution, , aws_cloudfront_get_distribution (client, "E1"))
CALL (create_invalidation, , aws_cloudfront_create_invalidation (client, "E1", paths, "reference"))
CALL (get_invalidation, , aws_cloudfront_get_invalidation (client, "E1", "I1"))
CALL (list_distributions, , aws_cloudfront_list_distributions (client))
CALL (describe_function, , aws_cloudfront_describe_function (client, "porchlight-edge", TRUE))
CALL (get_function, , aws_cloudfront_get_function (client, "porchlight-edge", TRUE))
CALL (update_function, g_autoptr(GBytes) code = g_bytes_new_static ("x", 1);,
      aws_cloudfront_update_function (client, "porchlight-edge", "E1", code, "", ARN))
CALL (publish_function, , aws_cloudfront_publish_function (client, "porchlight-edge", "E1"))
CALL (test_function, , aws_cloudfront_test_function (client, "porchlight-edge", "E1", TRUE, "{}"))
CALL (describe_store, , aws_cloudfront_describe_store (client, "porchlight-store"))
CALL (list_domain_conflicts, , aws_cloudfront_list_domain_conflicts (client, "www.example.org", "E1"))
CALL (update_domain_association, , aws_cloudfront_update_domain_association (client, "www.example.org", "E1", "E2"))

const AwsTestCall core_calls[] = {
  { "aws_sts_get_caller_identity", "GetCallerIdentity", call_get_caller_identity },
  { "aws_sts_assume_role", "AssumeRole", call_assume_role },
  { "aws_s3_create_bucket", "CreateBucket", call_create_bucket },
  { "aws_s3_head_bucket", "HeadBucket", call_head_bucket },
  { "aws_s3_delete_bucket", "DeleteBucket", call_delete_bucket },
  { "aws_s3_put_object", "PutObject", call_put_object },
  { "aws_s3_put_file", "PutObject", call_put_file },
  { "aws_s3_get_object", "GetObject", call_get_object },
  { "aws_s3_download", "GetObject", call_download },
  { "aws_s3_head_object", "HeadObject", call_head_object },
  { "aws_s3_copy_object", "CopyObject", call_copy_object },
  { "aws_s3_delete_object", "DeleteObject", call_delete_object },
  { "aws_s3_delete_objects", "DeleteObjects", call_delete_objects },
  { "aws_s3_delete_versions", "ListObjectVersions DeleteObjects", call_delete_versions },
  { "aws_s3_list_objects", "ListObjectsV2", call_list_objects },
  { "aws_s3_create_upload", "CreateMultipartUpload", call_create_upload },
  { "aws_s3_upload_part", "UploadPart", call_upload_part },
  { "aws_s3_complete_upload", "CompleteMultipartUpload", call_complete_upload },
  { "aws_s3_abort_upload", "AbortMultipartUpload", call_abort_upload },
  { "aws_s3_list_parts", "ListParts", call_list_parts },
  { "aws_s3_list_uploads", "ListMultipartUploads", call_list_uploads },
  { "aws_s3_upload_file", "ListMultipartUploads ListParts CreateMultipartUpload UploadPart CompleteMultipartUpload", call_upload_file },
  { "aws_cloudformation_create_stack", "CreateStack", call_create_stack },
  { "aws_cloudformation_update_stack", "UpdateStack", call_update_stack },
  { "aws_cloudformation_describe_stack", "DescribeStacks", call_describe_stack },
  { "aws_cloudformation_list_stacks", "DescribeStacks", call_list_stacks },
  { "aws_cloudformation_describe_stack_events", "DescribeStackEvents", call_describe_stack_events },
  { "aws_cloudformation_describe_stack_resources", "DescribeStackResources", call_describe_stack_resources },
  { "aws_cloudformation_get_template", "GetTemplate", call_get_template },
  { "aws_cloudformation_delete_stack", "DeleteStack", call_delete_stack },
  { "aws_cloudformation_describe_events", "DescribeEvents", call_describe_events },
  { "aws_cloudformation_validate_template", "ValidateTemplate", call_validate_template },
  { "aws_cloudformation_continue_update_rollback", "ContinueUpdateRollback", call_continue_update_rollback },
  { "aws_cloudformation_create_change_set", "CreateChangeSet", call_create_change_set },
  { "aws_cloudformation_describe_change_set", "DescribeChangeSet", call_describe_change_set },
  { "aws_cloudformation_list_changes", "DescribeChangeSet", call_list_changes },
  { "aws_cloudformation_execute_change_set", "ExecuteChangeSet", call_execute_change_set },
  { "aws_cloudformation_delete_change_set", "DeleteChangeSet", call_delete_change_set },
  { "aws_keyvaluestore_describe", "DescribeKeyValueStore", call_kvs_describe },
  { "aws_keyvaluestore_list", "ListKeys", call_kvs_list },
  { "aws_keyvaluestore_get", "GetKey", call_kvs_get },
  { "aws_keyvaluestore_put", "PutKey", call_kvs_put },
  { "aws_keyvaluestore_delete", "DeleteKey", call_kvs_delete },
  { "aws_keyvaluestore_update", "UpdateKeys", call_kvs_update },
  { "aws_keyvaluestore_write", "DescribeKeyValueStore PutKey", call_kvs_write },
  { "aws_keyvaluestore_find_client", "DescribeKeyValueStore", call_kvs_find_client },
  { "aws_dynamodb_describe_backups", "DescribeContinuousBackups", call_describe_backups },
  { "aws_dynamodb_update_backups", "UpdateContinuousBackups", call_update_backups },
  { "aws_dynamodb_describe_table", "DescribeTable", call_describe_table },
  { "aws_dynamodb_delete_table", "DeleteTable", call_delete_table },
  { "aws_dynamodb_query", "Query", call_query },
  { "aws_dynamodb_scan", "Scan", call_scan },
  { "aws_dynamodb_get_item", "GetItem", call_get_item },
  { "aws_dynamodb_put_item", "PutItem", call_put_item },
  { "aws_dynamodb_update_item", "UpdateItem", call_update_item },
  { "aws_dynamodb_delete_item", "DeleteItem", call_delete_item },
  { "aws_dynamodb_batch_write", "BatchWriteItem", call_batch_write },
  { "aws_cloudfront_get_distribution", "GetDistribution", call_get_distribution },
  { "aws_cloudfront_create_invalidation", "CreateInvalidation", call_create_invalidation },
  { "aws_cloudfront_get_invalidation", "GetInvalidation", call_get_invalidation },
  { "aws_cloudfront_list_distributions", "ListDistributions", call_list_distributions },
  { "aws_cloudfront_describe_function", "DescribeFunction", call_describe_function },
  { "aws_cloudfront_get_function", "GetFunction", call_get_function },
  { "aws_cloudfront_update_function", "UpdateFunction", call_update_function },
  { "aws_cloudfront_publish_function", "PublishFunction", call_publish_function },
  { "aws_cloudfront_test_function", "TestFunction", call_test_function },
  { "aws_cloudfront_describe_store", "DescribeKeyValueStore", call_describe_store },
  { "aws_cloudfront_list_domain_conflicts", "ListDomainConflicts", call_list_domain_conflicts },
  { "aws_cloudfront_update_domain_association", "UpdateDomainAssociation", call_update_domain_association },
  { NULL }
};
