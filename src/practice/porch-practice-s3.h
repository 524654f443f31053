/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

/* What others than S3's own callers need of the bucket store. Errors are PRACTICE_S3_ERROR with AWS's words. */

typedef enum
{
  PRACTICE_S3_ERROR_FAILED,
  PRACTICE_S3_ERROR_INVALID_NAME,       /* InvalidBucketName */
  PRACTICE_S3_ERROR_EXISTS,             /* BucketAlreadyExists, BucketAlreadyOwnedByYou */
  PRACTICE_S3_ERROR_NO_SUCH_BUCKET,
  PRACTICE_S3_ERROR_NOT_EMPTY,          /* BucketNotEmpty */
  PRACTICE_S3_ERROR_MALFORMED_POLICY,
  PRACTICE_S3_ERROR_INVALID,            /* a setting that S3 refuses */
  PRACTICE_S3_ERROR_ACCESS_DENIED,      /* public policy while BlockPublicPolicy */
} PracticeS3Error;

#define PRACTICE_S3_ERROR (practice_s3_error_quark ())
GQuark          practice_s3_error_quark        (void);

gboolean        practice_s3_init               (Practice        *practice,
                                                GError         **error);

/* Buckets */
gboolean        practice_s3_create_bucket      (Practice        *practice,
                                                const char      *bucket,
                                                const char      *region,
                                                GError         **error);
gboolean        practice_s3_bucket_exists      (Practice        *practice,
                                                const char      *bucket);
char           *practice_s3_dup_bucket_region  (Practice        *practice,
                                                const char      *bucket);      /* NULL: no such bucket */
gboolean        practice_s3_delete_bucket      (Practice        *practice,
                                                const char      *bucket,
                                                GError         **error);      /* NOT_EMPTY while objects are in it */

/* Settings are JSON as in a template's properties: "policy" (PolicyDocument), "public-access-block"
 * (PublicAccessBlockConfiguration), "ownership" (OwnershipControls), "lifecycle" (LifecycleConfiguration),
 * "encryption", "tags" (array of Key/Value), "versioning", "cors". NULL removes. Policies are checked as PutBucketPolicy checks. */
gboolean        practice_s3_set_bucket_config  (Practice        *practice,
                                                const char      *bucket,
                                                const char      *setting,
                                                JsonNode        *value,
                                                GError         **error);
JsonNode       *practice_s3_dup_bucket_config  (Practice        *practice,
                                                const char      *bucket,
                                                const char      *setting);

/* Objects, for the edge. */
typedef struct
{
  grefcount    ref_count;
  char        *bucket;
  char        *key;
  char        *etag;               /* with the quotes */
  gint64       size;
  gint64       modified;           /* microseconds since 1970 */
  char        *content_type;
  char        *cache_control;      /* NULL when not set; so are these: */
  char        *content_encoding;
  char        *content_disposition;
  char        *content_language;
  char        *expires;
  char        *storage_class;
  GHashTable  *metadata;           /* names without "x-amz-meta-" */
  char        *tags;               /* form-encoded, as in x-amz-tagging */
  char        *checksum_algorithm; /* "CRC64NVME" */
  char        *checksum;           /* base64, with "-N" when composite */
  char        *checksum_type;      /* "FULL_OBJECT", "COMPOSITE" */
  char        *segments;           /* where the bytes are: "file:size file:size" */
} PracticeObject;

PracticeObject *practice_s3_lookup             (Practice        *practice,
                                                const char      *bucket,
                                                const char      *key);
PracticeObject *practice_object_ref            (PracticeObject  *object);
void            practice_object_unref          (PracticeObject  *object);

/* Bytes @offset to @offset + @length (-1: to the end), mapped from disk, not read; one GBytes per segment.
 * NULL with @error when a body can't be opened. */
GPtrArray      *practice_object_read           (Practice        *practice,
                                                PracticeObject  *object,
                                                gint64           offset,
                                                gint64           length,
                                                GError         **error);
/* All of it in one piece: mapped when it is one segment. For small things. */
GBytes         *practice_object_dup_body       (Practice        *practice,
                                                PracticeObject  *object,
                                                GError         **error);

/* Whether the bucket's policy lets CloudFront's @distribution_arn do @action: "s3:GetObject" on @key, or
 * "s3:ListBucket" (@key NULL), which decides between 404 and 403 for what is missing. */
gboolean        practice_s3_edge_allowed       (Practice        *practice,
                                                const char      *bucket,
                                                const char      *key,
                                                const char      *action,
                                                const char      *distribution_arn);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeObject, practice_object_unref)

G_END_DECLS
