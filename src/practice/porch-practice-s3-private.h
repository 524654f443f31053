/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-digest.h"
#include "porch-practice-s3.h"
#include "porch-practice-server.h"
#include "porch-practice-sts.h"

G_BEGIN_DECLS

/* What the files of S3 share. */

#define S3_XMLNS "http://s3.amazonaws.com/doc/2006-03-01/"

#define S3_LARGEST_PUT      (G_GINT64_CONSTANT (5) * 1024 * 1024 * 1024)
#define S3_SMALLEST_PART    (G_GINT64_CONSTANT (5) * 1024 * 1024)
#define S3_LARGEST_PART_NO  10000
#define S3_LONGEST_KEY      1024
#define S3_MOST_METADATA    2048
#define S3_MOST_KEYS        1000

/* A handler of S3 gets a call whose bucket exists in the call's region, and whose caller may do it. */
typedef void (*S3Handler) (PracticeCall *call,
                           const char   *bucket,
                           const char   *key);

typedef struct
{
  const char  *name;        /* "GetObject" */
  const char  *method;
  gboolean     on_key;
  const char  *query;       /* the parameter that marks it; NULL: none */
  const char  *header;      /* the header that marks it; NULL: none */
  const char  *action;      /* "s3:GetObject"; NULL: the handler asks itself */
  S3Handler    handle;      /* NULL: known to AWS, not to us */
  gboolean     any_bucket;  /* works without a bucket, or with one in another region */
} S3Operation;

/* ---- porch-practice-s3.c ---- */

void        practice_s3_split_address    (PracticeCall      *call,
                                          char             **bucket,
                                          char             **key);
gboolean    practice_s3_caller_may       (PracticeCall      *call,
                                          const char        *action,
                                          const char        *bucket,
                                          const char        *key);
/* All of these answer. */
void        practice_s3_answer_no_bucket (PracticeCall      *call,
                                          const char        *bucket);
void        practice_s3_answer_no_key    (PracticeCall      *call,
                                          const char        *bucket,
                                          const char        *key);
void        practice_s3_answer_argument  (PracticeCall      *call,
                                          const char        *name,
                                          const char        *value,
                                          const char        *message);
void        practice_s3_answer_condition (PracticeCall      *call,
                                          const char        *condition);
void        practice_s3_answer_denied    (PracticeCall      *call,
                                          const char        *action,
                                          const char        *bucket,
                                          const char        *key);
char       *practice_s3_arn              (const char        *bucket,
                                          const char        *key);
/* FALSE after answering MalformedXML */
gboolean    practice_s3_parse_body       (PracticeCall      *call,
                                          const char        *root,
                                          gpointer          *xml);   /* AwsXml ** */
/* Checks of bucket and region that begin_body needs before the body; answers and returns FALSE */
gboolean    practice_s3_check_bucket     (PracticeCall      *call,
                                          const char        *bucket);

/* ---- porch-practice-s3-store.c: the tables and the files ---- */

gboolean    practice_s3_store_init       (Practice          *practice,
                                          GError           **error);
PracticeObject *practice_object_new      (const char        *bucket,
                                          const char        *key);
char       *practice_object_dup_properties (PracticeObject  *object);
void        practice_object_set_properties (PracticeObject  *object,
                                          const char        *properties);
/* Writes the row and forgets the bytes of the object that was there. */
gboolean    practice_s3_save             (Practice          *practice,
                                          PracticeObject    *object,
                                          GError           **error);
/* The row alone, for transactions: the bytes of @old may be forgotten after the commit, not before. */
gboolean    practice_s3_replace          (Practice          *practice,
                                          PracticeObject    *object,
                                          char             **old,
                                          GError           **error);
/* Not inside of a transaction, like practice_s3_save(). */
gboolean    practice_s3_remove           (Practice          *practice,
                                          const char        *bucket,
                                          const char        *key,
                                          GError           **error);
char       *practice_s3_new_file         (Practice          *practice);
char       *practice_s3_file_path        (Practice          *practice,
                                          const char        *file);
void        practice_s3_forget_segments  (Practice          *practice,
                                          const char        *segments);
/* The same bytes under new names: hard links, so a copy of gigabytes takes no time. NULL on errors. */
char       *practice_s3_link_segments    (Practice          *practice,
                                          const char        *segments,
                                          GError           **error);
/* Whether a policy with this caller is fulfilled. @key NULL: the bucket. */
gboolean    practice_s3_policy_allows    (Practice          *practice,
                                          const char        *bucket,
                                          const char        *key,
                                          const char        *action,
                                          const char        *principal_type,
                                          const char        *principal,
                                          GHashTable        *context);

/* ---- porch-practice-s3-upload.c: bodies on their way to disk ---- */

typedef struct _PracticeUpload PracticeUpload;

gboolean    practice_s3_begin_body       (PracticeCall      *call);
void        practice_s3_receive_body     (PracticeCall      *call,
                                          GBytes            *piece);

typedef struct
{
  char        *segments;   /* "file:size", "" for nothing; taken away from the upload, so files are the caller's now */
  gint64       size;
  char        *md5;        /* hex */
  PracticeSum  sum;
  char        *value;      /* of the checksum, base64 */
  gboolean     asked;      /* the client named the checksum */
} PracticeBody;

/* Ends the body and checks everything that was promised of it. Answers and returns FALSE when it is not as promised. */
gboolean    practice_s3_end_body         (PracticeCall      *call,
                                          PracticeBody      *body);
void        practice_body_clear          (PracticeBody      *body);

/* The checksum header of a request, parsed. Answers and returns FALSE when there are several, or a malformed one.
 * @value is NULL when there is none. */
gboolean    practice_s3_find_checksum    (PracticeCall      *call,
                                          PracticeSum       *sum,
                                          const char       **value);
/* Content-MD5 and x-amz-checksum-* against a body in memory (DeleteObjects, configurations). @needed: one must be there. */
gboolean    practice_s3_check_integrity  (PracticeCall      *call,
                                          gboolean           needed);

/* ---- porch-practice-chunked.c: the aws-chunked coding ---- */

typedef struct _PracticeChunked PracticeChunked;
typedef gboolean (*PracticeSink) (gconstpointer  data,
                                  gsize          length,
                                  gpointer       user_data);

typedef enum
{
  PRACTICE_CHUNKED_GOOD,
  PRACTICE_CHUNKED_MALFORMED,
  PRACTICE_CHUNKED_SMALL,       /* a signed chunk that is not the last has less than 8 KiB */
  PRACTICE_CHUNKED_SIGNATURE,
} PracticeChunkedResult;

PracticeChunked       *practice_chunked_new         (PracticePayload   payload,
                                                     PracticeAuth     *auth,
                                                     PracticeSink      sink,
                                                     gpointer          user_data);
PracticeChunkedResult  practice_chunked_feed        (PracticeChunked  *chunked,
                                                     gconstpointer     data,
                                                     gsize             length);
/* Whether the last chunk was there. */
PracticeChunkedResult  practice_chunked_finish      (PracticeChunked  *chunked);
const char            *practice_chunked_get_trailer (PracticeChunked  *chunked,
                                                     const char       *name);
void                   practice_chunked_free        (PracticeChunked  *chunked);

/* ---- porch-practice-s3-object.c ---- */

/* Headers that become properties: Content-Type ... x-amz-meta-*. Answers and returns FALSE when one is not allowed. */
gboolean    practice_s3_read_properties  (PracticeCall      *call,
                                          PracticeObject    *object);
void        practice_s3_append_checksum  (GString           *xml,
                                          PracticeObject    *object);
void        practice_s3_set_checksum_headers (PracticeCall  *call,
                                          PracticeObject    *object);
/* If-Match and If-None-Match of a write. Answers and returns FALSE when they are not fulfilled. */
gboolean    practice_s3_check_write      (PracticeCall      *call,
                                          const char        *bucket,
                                          const char        *key);
/* Whether @list (If-Match ...) names @etag, or is "*". */
gboolean    practice_s3_same_etag        (const char        *list,
                                          const char        *etag);
PracticeObject *practice_s3_find_copy_source (PracticeCall  *call);
char       *practice_s3_http_date        (gint64             time);

void        practice_s3_put_object       (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_copy_object      (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_delete_object    (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_delete_objects   (PracticeCall      *call, const char *bucket, const char *key);
/* ---- porch-practice-s3-get.c ---- */

void        practice_s3_get_object       (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_head_object      (PracticeCall      *call, const char *bucket, const char *key);

/* ---- porch-practice-s3-config.c: tags of objects ---- */

void        practice_s3_get_tagging      (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_put_tagging      (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_delete_tagging   (PracticeCall      *call, const char *bucket, const char *key);

/* ---- porch-practice-s3-list.c ---- */

void        practice_s3_list_objects     (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_list_objects_v2  (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_list_versions    (PracticeCall      *call, const char *bucket, const char *key);
/* max-keys, max-parts, max-uploads; answers and returns FALSE when it is not a number */
gboolean    practice_s3_get_limit        (PracticeCall      *call,
                                          const char        *name,
                                          guint             *limit);
gboolean    practice_s3_get_encoding     (PracticeCall      *call,
                                          gboolean          *encode);
void        practice_s3_append_name      (GString           *xml,
                                          const char        *element,
                                          const char        *name,
                                          gboolean           encode);

/* ---- porch-practice-s3-multipart.c ---- */

gboolean    practice_s3_multipart_init   (Practice          *practice,
                                          GError           **error);
void        practice_s3_create_upload    (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_upload_part      (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_upload_part_copy (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_complete_upload  (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_abort_upload     (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_list_parts       (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_list_uploads     (PracticeCall      *call, const char *bucket, const char *key);

/* ---- porch-practice-s3-bucket.c ---- */

void        practice_s3_list_buckets     (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_put_bucket       (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_head_bucket      (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_remove_bucket    (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_get_location     (PracticeCall      *call, const char *bucket, const char *key);

/* ---- porch-practice-s3-config.c ---- */

void        practice_s3_get_config       (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_put_config       (PracticeCall      *call, const char *bucket, const char *key);
void        practice_s3_delete_config    (PracticeCall      *call, const char *bucket, const char *key);
char       *practice_s3_check_config     (const char        *bucket,
                                          const char        *setting,
                                          JsonNode          *value);
gboolean    practice_s3_policy_is_public (JsonNode          *policy);

G_END_DECLS
