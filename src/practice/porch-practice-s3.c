/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-rights.h"
#include "porch-practice-s3-private.h"

#include "aws-json.h"
#include "aws-uri.h"
#include "aws-xml.h"

/* What marks an operation comes first; of two that fit, the earlier row is meant. */
static const S3Operation operations[] = {
  { "GetBucketLocation", "GET", FALSE, "location", NULL, "s3:GetBucketLocation", practice_s3_get_location, TRUE },
  { "GetBucketPolicy", "GET", FALSE, "policy", NULL, "s3:GetBucketPolicy", practice_s3_get_config },
  { "PutBucketPolicy", "PUT", FALSE, "policy", NULL, "s3:PutBucketPolicy", practice_s3_put_config },
  { "DeleteBucketPolicy", "DELETE", FALSE, "policy", NULL, "s3:DeleteBucketPolicy", practice_s3_delete_config },
  { "GetBucketPolicyStatus", "GET", FALSE, "policyStatus", NULL, "s3:GetBucketPolicyStatus", practice_s3_get_config },
  { "GetPublicAccessBlock", "GET", FALSE, "publicAccessBlock", NULL, "s3:GetBucketPublicAccessBlock", practice_s3_get_config },
  { "PutPublicAccessBlock", "PUT", FALSE, "publicAccessBlock", NULL, "s3:PutBucketPublicAccessBlock", practice_s3_put_config },
  { "DeletePublicAccessBlock", "DELETE", FALSE, "publicAccessBlock", NULL, "s3:PutBucketPublicAccessBlock", practice_s3_delete_config },
  { "GetBucketOwnershipControls", "GET", FALSE, "ownershipControls", NULL, "s3:GetBucketOwnershipControls", practice_s3_get_config },
  { "PutBucketOwnershipControls", "PUT", FALSE, "ownershipControls", NULL, "s3:PutBucketOwnershipControls", practice_s3_put_config },
  { "DeleteBucketOwnershipControls", "DELETE", FALSE, "ownershipControls", NULL, "s3:PutBucketOwnershipControls", practice_s3_delete_config },
  { "GetBucketLifecycleConfiguration", "GET", FALSE, "lifecycle", NULL, "s3:GetLifecycleConfiguration", practice_s3_get_config },
  { "PutBucketLifecycleConfiguration", "PUT", FALSE, "lifecycle", NULL, "s3:PutLifecycleConfiguration", practice_s3_put_config },
  { "DeleteBucketLifecycle", "DELETE", FALSE, "lifecycle", NULL, "s3:PutLifecycleConfiguration", practice_s3_delete_config },
  { "GetBucketEncryption", "GET", FALSE, "encryption", NULL, "s3:GetEncryptionConfiguration", practice_s3_get_config },
  { "PutBucketEncryption", "PUT", FALSE, "encryption", NULL, "s3:PutEncryptionConfiguration", practice_s3_put_config },
  { "GetBucketTagging", "GET", FALSE, "tagging", NULL, "s3:GetBucketTagging", practice_s3_get_config },
  { "PutBucketTagging", "PUT", FALSE, "tagging", NULL, "s3:PutBucketTagging", practice_s3_put_config },
  { "DeleteBucketTagging", "DELETE", FALSE, "tagging", NULL, "s3:PutBucketTagging", practice_s3_delete_config },
  { "GetBucketVersioning", "GET", FALSE, "versioning", NULL, "s3:GetBucketVersioning", practice_s3_get_config },
  { "ListMultipartUploads", "GET", FALSE, "uploads", NULL, "s3:ListBucketMultipartUploads", practice_s3_list_uploads },
  { "ListObjectVersions", "GET", FALSE, "versions", NULL, "s3:ListBucketVersions", practice_s3_list_versions },
  { "ListObjectsV2", "GET", FALSE, "list-type", NULL, "s3:ListBucket", practice_s3_list_objects_v2 },
  { "DeleteObjects", "POST", FALSE, "delete", NULL, NULL, practice_s3_delete_objects },
  { "GetBucketAcl", "GET", FALSE, "acl", NULL, NULL, NULL },
  { "PutBucketAcl", "PUT", FALSE, "acl", NULL, NULL, NULL },
  { "GetBucketCors", "GET", FALSE, "cors", NULL, NULL, NULL },
  { "PutBucketCors", "PUT", FALSE, "cors", NULL, NULL, NULL },
  { "GetBucketWebsite", "GET", FALSE, "website", NULL, NULL, NULL },
  { "PutBucketWebsite", "PUT", FALSE, "website", NULL, NULL, NULL },
  { "DeleteBucketWebsite", "DELETE", FALSE, "website", NULL, NULL, NULL },
  { "PutBucketVersioning", "PUT", FALSE, "versioning", NULL, NULL, NULL },
  { "GetBucketLogging", "GET", FALSE, "logging", NULL, NULL, NULL },
  { "PutBucketLogging", "PUT", FALSE, "logging", NULL, NULL, NULL },
  { "GetBucketNotificationConfiguration", "GET", FALSE, "notification", NULL, NULL, NULL },
  { "PutBucketNotificationConfiguration", "PUT", FALSE, "notification", NULL, NULL, NULL },
  { "GetBucketReplication", "GET", FALSE, "replication", NULL, NULL, NULL },
  { "PutBucketReplication", "PUT", FALSE, "replication", NULL, NULL, NULL },
  { "GetObjectLockConfiguration", "GET", FALSE, "object-lock", NULL, NULL, NULL },
  { "GetBucketAccelerateConfiguration", "GET", FALSE, "accelerate", NULL, NULL, NULL },
  { "GetBucketRequestPayment", "GET", FALSE, "requestPayment", NULL, NULL, NULL },
  { "ListObjects", "GET", FALSE, NULL, NULL, "s3:ListBucket", practice_s3_list_objects },
  { "HeadBucket", "HEAD", FALSE, NULL, NULL, "s3:ListBucket", practice_s3_head_bucket, TRUE },
  { "CreateBucket", "PUT", FALSE, NULL, NULL, "s3:CreateBucket", practice_s3_put_bucket, TRUE },
  { "DeleteBucket", "DELETE", FALSE, NULL, NULL, "s3:DeleteBucket", practice_s3_remove_bucket },

  { "GetObjectTagging", "GET", TRUE, "tagging", NULL, "s3:GetObjectTagging", practice_s3_get_tagging },
  { "PutObjectTagging", "PUT", TRUE, "tagging", NULL, "s3:PutObjectTagging", practice_s3_put_tagging },
  { "DeleteObjectTagging", "DELETE", TRUE, "tagging", NULL, "s3:DeleteObjectTagging", practice_s3_delete_tagging },
  { "GetObjectAcl", "GET", TRUE, "acl", NULL, NULL, NULL },
  { "PutObjectAcl", "PUT", TRUE, "acl", NULL, NULL, NULL },
  { "GetObjectAttributes", "GET", TRUE, "attributes", NULL, NULL, NULL },
  { "GetObjectRetention", "GET", TRUE, "retention", NULL, NULL, NULL },
  { "PutObjectRetention", "PUT", TRUE, "retention", NULL, NULL, NULL },
  { "GetObjectLegalHold", "GET", TRUE, "legal-hold", NULL, NULL, NULL },
  { "PutObjectLegalHold", "PUT", TRUE, "legal-hold", NULL, NULL, NULL },
  { "GetObjectTorrent", "GET", TRUE, "torrent", NULL, NULL, NULL },
  { "SelectObjectContent", "POST", TRUE, "select", NULL, NULL, NULL },
  { "RestoreObject", "POST", TRUE, "restore", NULL, NULL, NULL },
  { "CreateMultipartUpload", "POST", TRUE, "uploads", NULL, "s3:PutObject", practice_s3_create_upload },
  { "CompleteMultipartUpload", "POST", TRUE, "uploadId", NULL, "s3:PutObject", practice_s3_complete_upload },
  { "UploadPartCopy", "PUT", TRUE, "uploadId", "x-amz-copy-source", "s3:PutObject", practice_s3_upload_part_copy },
  { "UploadPart", "PUT", TRUE, "uploadId", NULL, "s3:PutObject", practice_s3_upload_part },
  { "AbortMultipartUpload", "DELETE", TRUE, "uploadId", NULL, "s3:AbortMultipartUpload", practice_s3_abort_upload },
  { "ListParts", "GET", TRUE, "uploadId", NULL, "s3:ListMultipartUploadParts", practice_s3_list_parts },
  { "CopyObject", "PUT", TRUE, NULL, "x-amz-copy-source", "s3:PutObject", practice_s3_copy_object },
  { "PutObject", "PUT", TRUE, NULL, NULL, "s3:PutObject", practice_s3_put_object },
  { "GetObject", "GET", TRUE, NULL, NULL, "s3:GetObject", practice_s3_get_object },
  { "HeadObject", "HEAD", TRUE, NULL, NULL, "s3:GetObject", practice_s3_head_object },
  { "DeleteObject", "DELETE", TRUE, NULL, NULL, "s3:DeleteObject", practice_s3_delete_object },
};

static const S3Operation list_buckets = {
  "ListBuckets", "GET", FALSE, NULL, NULL, "s3:ListAllMyBuckets", practice_s3_list_buckets, TRUE,
};

/* "bucket.s3.eu-west-1.localhost", "bucket.s3.localhost" and "bucket.localhost"; NULL: the bucket is in the path */
static char *
bucket_of_host (const char  *host,
                char       **region)
{
  g_autofree char *bucket = NULL;
  char *service;

  if (!g_str_has_suffix (host, ".localhost"))
    return NULL;

  bucket = g_strndup (host, strlen (host) - strlen (".localhost"));
  if (g_str_equal (bucket, "s3") || g_str_has_prefix (bucket, "s3."))
    return NULL;

  if ((service = g_strrstr (bucket, ".s3")) && (service[3] == '\0' || service[3] == '.'))
    {
      *service = '\0';
      if (service[3] == '.' && region != NULL)
        *region = g_strdup (service + 4);
    }

  return g_steal_pointer (&bucket);
}

void
practice_s3_split_address (PracticeCall  *call,
                           char         **bucket,
                           char         **key)
{
  const char *path = call->raw_path + 1;
  const char *slash;

  if (!(*bucket = bucket_of_host (call->host, NULL)) && *path != '\0')
    {
      slash = strchr (path, '/');
      *bucket = aws_uri_decode (path, slash != NULL ? slash - path : -1, FALSE);
      path = slash != NULL ? slash + 1 : "";
    }

  *key = *path != '\0' ? aws_uri_decode (path, -1, FALSE) : NULL;
}

static const S3Operation *
find_operation (PracticeCall *call)
{
  g_autofree char *bucket = NULL;
  g_autofree char *key = NULL;

  practice_s3_split_address (call, &bucket, &key);
  if (bucket == NULL)
    return g_str_equal (call->method, "GET") ? &list_buckets : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      const S3Operation *operation = &operations[i];

      if (operation->on_key == (key != NULL) &&
          g_str_equal (operation->method, call->method) &&
          (operation->query == NULL || g_hash_table_contains (call->query, operation->query)) &&
          (operation->header == NULL || practice_call_get_header (call, operation->header) != NULL))
        return operation;
    }

  return NULL;
}

static const char *
name_operation (PracticeCall *call)
{
  const S3Operation *operation = find_operation (call);

  return operation != NULL ? operation->name : NULL;
}

/* Answers that several operations give */

void
practice_s3_answer_no_bucket (PracticeCall *call,
                              const char   *bucket)
{
  g_autoptr(GString) extra = g_string_new (NULL);

  aws_xml_append_element (extra, "BucketName", bucket);
  practice_call_answer_error_extra (call, 404, "NoSuchBucket", extra->str, NULL, "The specified bucket does not exist");
}

void
practice_s3_answer_no_key (PracticeCall *call,
                           const char   *bucket,
                           const char   *key)
{
  g_autoptr(GString) extra = g_string_new (NULL);

  /* whoever may not list does not learn what is there */
  if (!practice_s3_caller_may (call, "s3:ListBucket", bucket, NULL))
    {
      practice_s3_answer_denied (call, "s3:ListBucket", bucket, NULL);

      return;
    }

  aws_xml_append_element (extra, "Key", key);
  practice_call_answer_error_extra (call, 404, "NoSuchKey", extra->str, NULL, "The specified key does not exist.");
}

void
practice_s3_answer_argument (PracticeCall *call,
                             const char   *name,
                             const char   *value,
                             const char   *message)
{
  g_autoptr(GString) extra = g_string_new (NULL);

  aws_xml_append_element (extra, "ArgumentName", name);
  aws_xml_append_element (extra, "ArgumentValue", value);
  practice_call_answer_error_extra (call, 400, "InvalidArgument", extra->str, NULL, message);
}

void
practice_s3_answer_condition (PracticeCall *call,
                              const char   *condition)
{
  g_autoptr(GString) extra = g_string_new (NULL);

  aws_xml_append_element (extra, "Condition", condition);
  practice_call_answer_error_extra (call, 412, "PreconditionFailed", extra->str, NULL,
                                    "At least one of the pre-conditions you specified did not hold");
}

char *
practice_s3_arn (const char *bucket,
                 const char *key)
{
  return g_strconcat ("arn:aws:s3:::", bucket, key != NULL ? "/" : NULL, key, NULL);
}

void
practice_s3_answer_denied (PracticeCall *call,
                           const char   *action,
                           const char   *bucket,
                           const char   *key)
{
  g_autofree char *arn = practice_s3_arn (bucket, key);

  if (call->principal == NULL)
    practice_call_answer_error (call, 403, "AccessDenied", "Access Denied");
  else
    practice_call_answer_error (call, 403, "AccessDenied",
                                "User: %s is not authorized to perform: %s on resource: \"%s\" because no identity-based "
                                "policy allows the %s action", call->principal->arn, action, arn, action);
}

gboolean
practice_s3_parse_body (PracticeCall *call,
                        const char   *root,
                        gpointer     *xml)
{
  AwsXml *document = g_bytes_get_size (call->body) > 0 ? aws_xml_new (call->body, NULL) : NULL;

  if (document != NULL && g_strcmp0 (aws_xml_node_get_name (aws_xml_get_root (document)), root) == 0)
    {
      *xml = document;

      return TRUE;
    }

  g_clear_pointer (&document, aws_xml_unref);
  practice_call_answer_error (call, 400, "MalformedXML",
                              "The XML you provided was not well-formed or did not validate against our published schema");

  return FALSE;
}

/* Who may do what, where */

gboolean
practice_s3_caller_may (PracticeCall *call,
                        const char   *action,
                        const char   *bucket,
                        const char   *key)
{
  g_autofree char *arn = practice_s3_arn (bucket, key);
  g_autoptr(JsonNode) block = NULL;

  if (call->principal != NULL)
    {
      PracticeDecision decision = practice_call_decide (call, action, arn);

      return decision == PRACTICE_DECISION_ALLOW ||
             (decision == PRACTICE_DECISION_NONE &&
              practice_s3_policy_allows (call->practice, bucket, key, action, "AWS",
                                         practice_principal_get_subject (call->principal), NULL));
    }

  /* the public: only by a policy, and only where the block of public access lets it */
  block = practice_s3_dup_bucket_config (call->practice, bucket, "public-access-block");

  return (block == NULL || !aws_json_get_bool (json_node_get_object (block), "RestrictPublicBuckets")) &&
         practice_s3_policy_allows (call->practice, bucket, key, action, NULL, NULL, NULL);
}

static gboolean
check_region (PracticeCall *call,
              const char   *bucket,
              const char   *region)
{
  g_autofree char *host_region = NULL;
  g_autofree char *host_bucket = bucket_of_host (call->host, &host_region);
  g_autoptr(GString) extra = g_string_new (NULL);

  if (call->principal == NULL || call->any_region || g_strcmp0 (call->region, region) == 0)
    return TRUE;

  practice_call_set_header (call, "x-amz-bucket-region", region);

  /* asked at the right place, but signed for another one */
  if (g_strcmp0 (host_region, region) == 0)
    {
      g_autofree char *message = g_strdup_printf ("The authorization header is malformed; the region '%s' is wrong; "
                                                  "expecting '%s'", call->region, region);

      aws_xml_append_element (extra, "Region", region);
      practice_call_answer_error_extra (call, 400, "AuthorizationHeaderMalformed", extra->str, NULL, message);

      return FALSE;
    }

  {
    g_autofree char *endpoint = g_strdup_printf ("%s.s3.%s.localhost:%u", bucket, region, call->practice->port);

    aws_xml_append_element (extra, "Endpoint", endpoint);
    aws_xml_append_element (extra, "Bucket", bucket);
    practice_call_answer_error_extra (call, 301, "PermanentRedirect", extra->str, NULL,
                                      "The bucket you are attempting to access must be addressed using the specified endpoint. "
                                      "Please send all future requests to this endpoint.");
  }

  return FALSE;
}

gboolean
practice_s3_check_bucket (PracticeCall *call,
                          const char   *bucket)
{
  g_autofree char *region = practice_s3_dup_bucket_region (call->practice, bucket);
  const char *owner = practice_call_get_header (call, "x-amz-expected-bucket-owner");

  if (region == NULL)
    practice_s3_answer_no_bucket (call, bucket);
  else if (!check_region (call, bucket, region))
    return FALSE;
  else if (owner != NULL && !g_str_equal (owner, call->practice->account))
    practice_call_answer_error (call, 403, "AccessDenied", "Access Denied");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_version (PracticeCall *call)
{
  const char *version = practice_call_get_query (call, "versionId");

  if (version == NULL || g_str_equal (version, "null"))
    return TRUE;

  practice_s3_answer_argument (call, "versionId", version, "Invalid version id specified");

  return FALSE;
}

static void
handle_s3 (PracticeCall *call)
{
  const S3Operation *operation = find_operation (call);
  g_autofree char *bucket = NULL;
  g_autofree char *key = NULL;

  practice_s3_split_address (call, &bucket, &key);

  if (operation->handle == NULL)
    {
      practice_call_answer_error (call, 501, "NotImplemented",
                                  "The practice cloud does not have %s.", operation->name);

      return;
    }

  if (key != NULL && strlen (key) > S3_LONGEST_KEY)
    {
      practice_call_answer_error (call, 400, "KeyTooLongError", "Your key is too long");

      return;
    }

  if (!operation->any_bucket && !practice_s3_check_bucket (call, bucket))
    return;

  if (operation->action != NULL && !practice_s3_caller_may (call, operation->action, bucket != NULL ? bucket : "*", key))
    {
      practice_s3_answer_denied (call, operation->action, bucket != NULL ? bucket : "*", key);

      return;
    }

  if (check_version (call))
    operation->handle (call, bucket, key);
}

static const PracticeService s3_service = {
  .name = "s3",
  .protocol = PRACTICE_PROTOCOL_S3,
  .handle = handle_s3,
  .name_operation = name_operation,
  .begin_body = practice_s3_begin_body,
  .receive_body = practice_s3_receive_body,
};

gboolean
practice_s3_init (Practice  *practice,
                  GError   **error)
{
  if (!practice_s3_store_init (practice, error))
    return FALSE;

  practice_register_service (practice, &s3_service);

  return TRUE;
}
