/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-checksum.h"
#include "aws-error-private.h"
#include "aws-pages.h"
#include "aws-s3-private.h"
#include "aws-uri.h"

struct _AwsS3Part
{
  guint    number;
  char    *etag;
  char    *checksum;
  guint64  size;
};

static void
aws_s3_part_clear (AwsS3Part *self)
{
  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->checksum, g_free);
}

AWS_DEFINE_BOXED (AwsS3Part, aws_s3_part, aws_s3_part_clear)

/**
 * aws_s3_part_new:
 * @number: the number of the part, from 1
 * @etag: its ETag
 * @checksum: (nullable): its CRC-64/NVME in Base64
 * @size: its size
 *
 * Makes a part, from what was remembered of it.
 *
 * Returns: (transfer full): the part
 */
AwsS3Part *
aws_s3_part_new (guint       number,
                 const char *etag,
                 const char *checksum,
                 guint64     size)
{
  AwsS3Part *self = g_atomic_rc_box_new0 (AwsS3Part);

  self->number = number;
  self->etag = g_strdup (etag);
  self->checksum = g_strdup (checksum);
  self->size = size;

  return self;
}

/**
 * aws_s3_part_get_number:
 * @self: a part
 *
 * Returns: its number, from 1
 */
AWS_DEFINE_GETTER (AwsS3Part, aws_s3_part, guint, number)

/**
 * aws_s3_part_get_etag:
 * @self: a part
 *
 * Returns: (transfer none): its ETag
 */
AWS_DEFINE_GETTER (AwsS3Part, aws_s3_part, const char *, etag)

/**
 * aws_s3_part_get_checksum:
 * @self: a part
 *
 * Returns: (transfer none) (nullable): its CRC-64/NVME in Base64
 */
AWS_DEFINE_GETTER (AwsS3Part, aws_s3_part, const char *, checksum)

/**
 * aws_s3_part_get_size:
 * @self: a part
 *
 * Returns: its size
 */
AWS_DEFINE_GETTER (AwsS3Part, aws_s3_part, guint64, size)

struct _AwsS3Upload
{
  char      *key;
  char      *upload_id;
  GDateTime *initiated;
};

static void
aws_s3_upload_clear (AwsS3Upload *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->upload_id, g_free);
  g_clear_pointer (&self->initiated, g_date_time_unref);
}

AWS_DEFINE_BOXED (AwsS3Upload, aws_s3_upload, aws_s3_upload_clear)

/**
 * aws_s3_upload_get_key:
 * @self: an upload
 *
 * Returns: (transfer none): the key that the object will have
 */
AWS_DEFINE_GETTER (AwsS3Upload, aws_s3_upload, const char *, key)

/**
 * aws_s3_upload_get_upload_id:
 * @self: an upload
 *
 * Returns: (transfer none): what to name it by
 */
AWS_DEFINE_GETTER (AwsS3Upload, aws_s3_upload, const char *, upload_id)

/**
 * aws_s3_upload_get_initiated:
 * @self: an upload
 *
 * Returns: (transfer none) (nullable): when it was begun
 */
AWS_DEFINE_GETTER (AwsS3Upload, aws_s3_upload, GDateTime *, initiated)

static DexFuture *
resolve_upload_id (DexFuture *completed,
                   gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;
  char *upload_id;

  if (!(xml = aws_response_load_xml (g_value_get_boxed (value), &error)))
    return dex_future_new_for_error (error);

  upload_id = aws_xml_node_dup_text (aws_xml_get_root (xml), "UploadId");
  if (upload_id == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer does not name the upload");

  return dex_future_new_take_string (upload_id);
}

/**
 * aws_s3_create_upload:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 * @headers: (nullable): headers to store with the object
 *
 * Begins to store a large object in parts, summed up by CRC-64/NVME.
 *
 * Returns: (transfer full): resolves to the id of the upload as a string, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_create_upload (AwsClient  *client,
                      const char *bucket,
                      const char *key,
                      AwsHeaders *headers)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');

  request = aws_s3_object_request ("POST", bucket, key);
  aws_request_add_query (request, "uploads", NULL);
  aws_s3_add_headers (request, headers);
  aws_request_set_header (request, "x-amz-checksum-algorithm", "CRC64NVME");
  aws_request_set_header (request, "x-amz-checksum-type", "FULL_OBJECT");

  return dex_future_then (aws_client_send (client, request), resolve_upload_id, NULL, NULL);
}

/* A part on its way */
typedef struct
{
  AwsClient  *client;
  AwsRequest *request;
  GFile      *file;
  goffset     offset;
  goffset     length;
  guint       number;
  char       *sha256;
  char       *checksum;
} PartPut;

static void
part_put_clear (gpointer data)
{
  PartPut *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->request, aws_request_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->checksum, g_free);
}

static void
part_put_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, part_put_clear);
}

static DexFuture *
part_arrived (DexFuture *completed,
              gpointer   user_data)
{
  PartPut *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  const char *etag = aws_response_get_header (g_value_get_boxed (value), "ETag");

  if (etag == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer does not name the part");

  return dex_future_new_take_boxed (AWS_TYPE_S3_PART,
                                    aws_s3_part_new (self->number, etag, self->checksum, self->length));
}

static DexFuture *
part_summed (DexFuture *completed,
             gpointer   user_data)
{
  PartPut *self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);
  g_autofree char *path = g_file_get_parse_name (self->file);
  AwsFileSums *sums;

  if (value == NULL)
    {
      if (aws_error_is_cancelled (error))
        return NULL;
      return dex_future_new_reject (AWS_ERROR, AWS_ERROR_FILE, "%s: %s", path, error->message);
    }

  sums = g_value_get_boxed (value);
  if (sums->length != (guint64) self->length)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_FILE, "%s: The file became shorter while it was sent", path);

  self->checksum = aws_crc64nvme_base64 (sums->crc64nvme);
  aws_request_set_body_file (self->request, self->file, self->offset, self->length);
  aws_request_set_payload_hash (self->request, self->sha256 != NULL ? self->sha256 : sums->sha256);
  aws_request_set_header (self->request, "x-amz-checksum-crc64nvme", self->checksum);

  return dex_future_then (aws_client_send (self->client, self->request),
                          part_arrived,
                          g_atomic_rc_box_acquire (self), part_put_unref);
}

/**
 * aws_s3_upload_part:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 * @upload_id: the upload
 * @number: the number of the part, from 1
 * @file: the file it is in
 * @offset: where it begins in it
 * @length: how long it is; all parts but the last must have 5 MiB at least
 * @sha256: (nullable): its SHA-256 in hexadecimal, if known
 * @progress: (nullable): called as it is sent
 * @progress_data: given to it
 * @progress_notify: (nullable): frees @progress_data
 *
 * Sends a part of a file with its checksums.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Part], or rejects with an `AWS_ERROR`: `CHECKSUM` if it is not what
 *   @sha256 says
 */
DexFuture *
aws_s3_upload_part (AwsClient       *client,
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
                    GDestroyNotify   progress_notify)
{
  char number_text[16];
  PartPut *self;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (upload_id != NULL);
  dex_return_error_if_fail (number > 0 && number <= AWS_S3_MAX_PARTS);
  dex_return_error_if_fail (G_IS_FILE (file));
  dex_return_error_if_fail (offset >= 0 && length >= 0);

  self = g_atomic_rc_box_new0 (PartPut);
  self->client = g_object_ref (client);
  self->file = g_object_ref (file);
  self->offset = offset;
  self->length = length;
  self->number = number;
  self->sha256 = g_strdup (sha256);
  self->request = aws_s3_object_request ("PUT", bucket, key);
  g_snprintf (number_text, sizeof number_text, "%u", number);
  aws_request_add_query (self->request, "partNumber", number_text);
  aws_request_add_query (self->request, "uploadId", upload_id);
  aws_request_set_progress (self->request, progress, progress_data, progress_notify);

  return dex_future_finally (aws_file_sums_load (file, offset, length, sha256 != NULL ? NULL : aws_digest_new ("SHA256")),
                             part_summed, self, part_put_unref);
}

/* Some servers leave the quotes out here, but not elsewhere */
static char *
dup_etag (AwsXmlNode *node)
{
  g_autofree char *etag = aws_xml_node_dup_text (node, "ETag");

  if (etag == NULL || *etag == '\0' || *etag == '"')
    return g_steal_pointer (&etag);

  return g_strdup_printf ("\"%s\"", etag);
}

static DexFuture *
resolve_completed (DexFuture *completed,
                   gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsS3Object) object = g_atomic_rc_box_new0 (AwsS3Object);
  AwsResponse *response = g_value_get_boxed (value);
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;

  if (!(xml = aws_response_load_xml (response, &error)))
    return dex_future_new_for_error (error);

  object->key = g_strdup (user_data);
  object->headers = aws_headers_ref (aws_response_get_headers (response));
  object->etag = dup_etag (aws_xml_get_root (xml));

  return dex_future_new_take_boxed (AWS_TYPE_S3_OBJECT, g_steal_pointer (&object));
}

static int
compare_parts (gconstpointer a,
               gconstpointer b)
{
  const AwsS3Part *part_a = *(AwsS3Part * const *) a;
  const AwsS3Part *part_b = *(AwsS3Part * const *) b;

  return (part_a->number > part_b->number) - (part_a->number < part_b->number);
}

/**
 * aws_s3_complete_upload:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 * @upload_id: the upload
 * @parts: (element-type AwsS3Part): all parts, in any order
 * @headers: (nullable): `If-Match` or `If-None-Match`
 *
 * Makes one object of the parts.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Object] of no known size, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_complete_upload (AwsClient  *client,
                        const char *bucket,
                        const char *key,
                        const char *upload_id,
                        GPtrArray  *parts,
                        AwsHeaders *headers)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autoptr(GPtrArray) sorted = NULL;
  GString *xml;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (upload_id != NULL);
  dex_return_error_if_fail (parts != NULL && parts->len > 0);

  sorted = g_ptr_array_copy (parts, (GCopyFunc) (void (*) (void)) aws_s3_part_ref, NULL);
  g_ptr_array_set_free_func (sorted, (GDestroyNotify) aws_s3_part_unref);
  g_ptr_array_sort (sorted, compare_parts);

  xml = g_string_new ("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
  for (guint i = 0; i < sorted->len; i++)
    {
      AwsS3Part *part = g_ptr_array_index (sorted, i);

      g_string_append (xml, "<Part>");
      aws_xml_append_element (xml, "ChecksumCRC64NVME", part->checksum);
      aws_xml_append_element (xml, "ETag", part->etag);
      g_string_append_printf (xml, "<PartNumber>%u</PartNumber></Part>", part->number);
    }
  g_string_append (xml, "</CompleteMultipartUpload>");

  request = aws_s3_object_request ("POST", bucket, key);
  aws_request_add_query (request, "uploadId", upload_id);
  aws_request_take_xml (request, g_string_free (xml, FALSE));
  aws_request_set_header (request, "x-amz-checksum-type", "FULL_OBJECT");
  aws_s3_add_headers (request, headers);
  aws_request_set_error_in_200 (request, TRUE);

  return dex_future_then (aws_client_send (client, request), resolve_completed, g_strdup (key), g_free);
}

static DexFuture *
resolve_true (DexFuture *completed,
              gpointer   user_data)
{
  return dex_future_new_true ();
}

/**
 * aws_s3_abort_upload:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 * @upload_id: the upload
 *
 * Gives an upload up, and with it the parts that have arrived.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_abort_upload (AwsClient  *client,
                     const char *bucket,
                     const char *key,
                     const char *upload_id)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (upload_id != NULL);

  request = aws_s3_object_request ("DELETE", bucket, key);
  aws_request_add_query (request, "uploadId", upload_id);

  return dex_future_then (aws_client_send (client, request), resolve_true, NULL, NULL);
}

/* What a list of parts or uploads is asked for with */
typedef struct
{
  char *bucket;
  char *key;
  char *upload_id;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *self = data;

  g_free (self->bucket);
  g_free (self->key);
  g_free (self->upload_id);
  g_free (self);
}

static Listing *
listing_new (const char *bucket,
             const char *key,
             const char *upload_id)
{
  Listing *self = g_new0 (Listing, 1);

  self->bucket = g_strdup (bucket);
  self->key = g_strdup (key);
  self->upload_id = g_strdup (upload_id);

  return self;
}

static AwsRequest *
make_parts_request (AwsPages *pages)
{
  Listing *listing = pages->data;
  AwsRequest *request = aws_s3_object_request ("GET", listing->bucket, listing->key);

  aws_request_add_query (request, "uploadId", listing->upload_id);
  if (pages->token != NULL)
    aws_request_add_query (request, "part-number-marker", pages->token);

  return request;
}

static gboolean
read_parts (AwsPages     *pages,
            AwsResponse  *response,
            GError      **error)
{
  g_autoptr(AwsXml) xml = aws_response_load_xml (response, error);
  AwsXmlNode *root;

  if (xml == NULL)
    return FALSE;

  root = aws_xml_get_root (xml);
  for (AwsXmlNode *node = aws_xml_node_first (root, "Part"); node != NULL; node = aws_xml_node_next (node, "Part"))
    {
      g_autofree char *etag = aws_xml_node_dup_text (node, "ETag");
      g_autofree char *checksum = aws_xml_node_dup_text (node, "ChecksumCRC64NVME");

      g_ptr_array_add (pages->results,
                       aws_s3_part_new (aws_xml_node_get_int (node, "PartNumber", 0), etag, checksum,
                                        aws_xml_node_get_int (node, "Size", 0)));
    }

  if (aws_xml_node_get_bool (root, "IsTruncated"))
    pages->token = aws_xml_node_dup_text (root, "NextPartNumberMarker");

  return TRUE;
}

/**
 * aws_s3_list_parts:
 * @client: a client
 * @bucket: a bucket
 * @key: the key
 * @upload_id: the upload
 *
 * Lists the parts that have arrived.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsS3Part], or rejects with an `AWS_ERROR`:
 *   `NOT_FOUND` if there is no such upload any more
 */
DexFuture *
aws_s3_list_parts (AwsClient  *client,
                   const char *bucket,
                   const char *key,
                   const char *upload_id)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (upload_id != NULL);

  return aws_pages_run (client, make_parts_request, read_parts,
                        listing_new (bucket, key, upload_id), listing_free,
                        (GDestroyNotify) aws_s3_part_unref);
}

static AwsRequest *
make_uploads_request (AwsPages *pages)
{
  Listing *listing = pages->data;
  AwsRequest *request = aws_s3_bucket_request ("GET", listing->bucket);

  aws_request_add_query (request, "uploads", NULL);
  aws_request_add_query (request, "encoding-type", "url");
  if (listing->key != NULL)
    aws_request_add_query (request, "prefix", listing->key);
  if (pages->token != NULL)
    aws_request_add_query (request, "upload-id-marker", pages->token);
  if (pages->second_token != NULL)
    aws_request_add_query (request, "key-marker", pages->second_token);

  return request;
}

static char *
dup_upload_key (AwsXmlNode *node,
                const char *name,
                gboolean    encoded)
{
  g_autofree char *text = aws_xml_node_dup_text (node, name);

  return text != NULL && encoded ? aws_uri_decode (text, -1, TRUE) : g_steal_pointer (&text);
}

static gboolean
read_uploads (AwsPages     *pages,
              AwsResponse  *response,
              GError      **error)
{
  g_autoptr(AwsXml) xml = aws_response_load_xml (response, error);
  g_autofree char *encoding = NULL;
  AwsXmlNode *root;
  gboolean encoded;

  if (xml == NULL)
    return FALSE;

  root = aws_xml_get_root (xml);
  encoding = aws_xml_node_dup_text (root, "EncodingType");
  encoded = g_strcmp0 (encoding, "url") == 0;
  for (AwsXmlNode *node = aws_xml_node_first (root, "Upload"); node != NULL; node = aws_xml_node_next (node, "Upload"))
    {
      AwsS3Upload *upload = g_atomic_rc_box_new0 (AwsS3Upload);

      upload->key = dup_upload_key (node, "Key", encoded);
      upload->upload_id = aws_xml_node_dup_text (node, "UploadId");
      upload->initiated = aws_xml_node_dup_time (node, "Initiated");
      g_ptr_array_add (pages->results, upload);
    }

  g_clear_pointer (&pages->second_token, g_free);
  if (aws_xml_node_get_bool (root, "IsTruncated"))
    {
      pages->token = aws_xml_node_dup_text (root, "NextUploadIdMarker");
      pages->second_token = dup_upload_key (root, "NextKeyMarker", encoded);
    }

  return TRUE;
}

/**
 * aws_s3_list_uploads:
 * @client: a client
 * @bucket: a bucket
 * @prefix: (nullable): how the keys must begin
 *
 * Lists uploads that were begun and not finished.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsS3Upload], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_list_uploads (AwsClient  *client,
                     const char *bucket,
                     const char *prefix)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);

  return aws_pages_run (client, make_uploads_request, read_uploads,
                        listing_new (bucket, prefix, NULL), listing_free,
                        (GDestroyNotify) aws_s3_upload_unref);
}
