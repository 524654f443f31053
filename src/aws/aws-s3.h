/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

/* S3's own limits. */
#define AWS_S3_MAX_DELETE      1000
#define AWS_S3_MAX_PARTS       10000
#define AWS_S3_MIN_PART        (5 * 1024 * 1024)
#define AWS_S3_PART            (8 * 1024 * 1024)
#define AWS_S3_MULTIPART_FROM  (16 * 1024 * 1024)

#define AWS_TYPE_S3_OBJECT (aws_s3_object_get_type ())

/* What is known of an object: from a list only key, size, etag and time. */
AWS_DECLARE_BOXED (AwsS3Object, aws_s3_object)

const char *aws_s3_object_get_key           (AwsS3Object *self);
guint64     aws_s3_object_get_size          (AwsS3Object *self);
const char *aws_s3_object_get_etag          (AwsS3Object *self);
GDateTime  *aws_s3_object_get_modified      (AwsS3Object *self);
const char *aws_s3_object_get_content_type  (AwsS3Object *self);
const char *aws_s3_object_get_cache_control (AwsS3Object *self);
const char *aws_s3_object_get_metadata      (AwsS3Object *self,
                                             const char  *name);
const char *aws_s3_object_get_header        (AwsS3Object *self,
                                             const char  *name);
GBytes     *aws_s3_object_get_body          (AwsS3Object *self);

#define AWS_TYPE_S3_LISTING (aws_s3_listing_get_type ())

AWS_DECLARE_BOXED (AwsS3Listing, aws_s3_listing)

GPtrArray          *aws_s3_listing_get_objects  (AwsS3Listing *self);
const char * const *aws_s3_listing_get_prefixes (AwsS3Listing *self);

#define AWS_TYPE_S3_FAILURE (aws_s3_failure_get_type ())

/* One key that DeleteObjects did not delete. */
AWS_DECLARE_BOXED (AwsS3Failure, aws_s3_failure)

const char *aws_s3_failure_get_key     (AwsS3Failure *self);
const char *aws_s3_failure_get_code    (AwsS3Failure *self);
const char *aws_s3_failure_get_message (AwsS3Failure *self);

#define AWS_TYPE_S3_PART (aws_s3_part_get_type ())

/* A part of a multipart upload that has arrived. */
AWS_DECLARE_BOXED (AwsS3Part, aws_s3_part)

AwsS3Part  *aws_s3_part_new           (guint        number,
                                       const char  *etag,
                                       const char  *checksum,
                                       guint64      size);
guint       aws_s3_part_get_number    (AwsS3Part   *self);
const char *aws_s3_part_get_etag      (AwsS3Part   *self);
const char *aws_s3_part_get_checksum  (AwsS3Part   *self);
guint64     aws_s3_part_get_size      (AwsS3Part   *self);

#define AWS_TYPE_S3_UPLOAD (aws_s3_upload_get_type ())

/* A multipart upload that was begun and not finished. */
AWS_DECLARE_BOXED (AwsS3Upload, aws_s3_upload)

const char *aws_s3_upload_get_key       (AwsS3Upload *self);
const char *aws_s3_upload_get_upload_id (AwsS3Upload *self);
GDateTime  *aws_s3_upload_get_initiated (AwsS3Upload *self);

/* Buckets */

DexFuture *aws_s3_create_bucket     (AwsClient  *client,
                                     const char *bucket) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_head_bucket       (AwsClient  *client,
                                     const char *bucket) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_delete_bucket     (AwsClient  *client,
                                     const char *bucket) G_GNUC_WARN_UNUSED_RESULT;

/* Objects */

DexFuture *aws_s3_put_object        (AwsClient  *client,
                                     const char *bucket,
                                     const char *key,
                                     GBytes     *body,
                                     AwsHeaders *headers) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_put_file          (AwsClient       *client,
                                     const char      *bucket,
                                     const char      *key,
                                     GFile           *file,
                                     goffset          size,
                                     const char      *sha256,
                                     AwsHeaders      *headers,
                                     AwsProgressFunc  progress,
                                     gpointer         progress_data,
                                     GDestroyNotify   progress_notify) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_get_object        (AwsClient  *client,
                                     const char *bucket,
                                     const char *key) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_download          (AwsClient  *client,
                                     const char *bucket,
                                     const char *key,
                                     GFile      *file) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_head_object       (AwsClient  *client,
                                     const char *bucket,
                                     const char *key) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_copy_object       (AwsClient  *client,
                                     const char *source_bucket,
                                     const char *source_key,
                                     const char *bucket,
                                     const char *key,
                                     AwsHeaders *headers) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_delete_object     (AwsClient  *client,
                                     const char *bucket,
                                     const char *key) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_delete_objects    (AwsClient          *client,
                                     const char         *bucket,
                                     const char * const *keys) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_delete_versions   (AwsClient  *client,
                                     const char *bucket) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_list_objects      (AwsClient  *client,
                                     const char *bucket,
                                     const char *prefix,
                                     const char *delimiter) G_GNUC_WARN_UNUSED_RESULT;

/* How long an address can be good, in seconds; more is refused by S3. */
#define AWS_S3_MAX_PRESIGNED (7 * 24 * 60 * 60)

DexFuture *aws_s3_presign           (AwsClient  *client,
                                     const char *method,
                                     const char *bucket,
                                     const char *key,
                                     guint       seconds) G_GNUC_WARN_UNUSED_RESULT;

/* Large objects */

DexFuture *aws_s3_create_upload     (AwsClient  *client,
                                     const char *bucket,
                                     const char *key,
                                     AwsHeaders *headers) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_upload_part       (AwsClient       *client,
                                     const char      *bucket,
                                     const char      *key,
                                     const char      *upload_id,
                                     guint            number,
                                     GFile           *file,
                                     goffset          offset,
                                     goffset          length,
                                     const char      *sha256,
                                     AwsProgressFunc  progress,
                                     gpointer         progress_data,
                                     GDestroyNotify   progress_notify) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_complete_upload   (AwsClient  *client,
                                     const char *bucket,
                                     const char *key,
                                     const char *upload_id,
                                     GPtrArray  *parts,
                                     AwsHeaders *headers) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_abort_upload      (AwsClient  *client,
                                     const char *bucket,
                                     const char *key,
                                     const char *upload_id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_list_parts        (AwsClient  *client,
                                     const char *bucket,
                                     const char *key,
                                     const char *upload_id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_list_uploads      (AwsClient  *client,
                                     const char *bucket,
                                     const char *prefix) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *aws_s3_upload_file       (AwsClient       *client,
                                     const char      *bucket,
                                     const char      *key,
                                     GFile           *file,
                                     goffset          size,
                                     GBytes          *sums,
                                     AwsHeaders      *headers,
                                     AwsProgressFunc  progress,
                                     gpointer         progress_data,
                                     GDestroyNotify   progress_notify) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
