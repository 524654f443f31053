/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-s3-private.h"

#include "aws-checksum.h"
#include "aws-xml.h"

/* Parts are files of their own, and stay so in the finished object: completing gigabytes only writes a row. */

typedef struct
{
  char         *id;
  PracticeSum   sum;
  gboolean      asked;         /* the client chose it, and every part must keep to it */
  gboolean      composite;     /* checksum of the checksums, rather than of the bytes */
  char         *properties;
} Upload;

static void
upload_free (Upload *upload)
{
  g_free (upload->id);
  g_free (upload->properties);
  g_free (upload);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Upload, upload_free)

static Upload *
find_upload (PracticeCall *call,
             const char   *bucket,
             const char   *key)
{
  const char *id = practice_call_get_query (call, "uploadId");
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) extra = g_string_new (NULL);
  Upload *upload;

  rows = practice_db_query (call->practice->db,
                            "SELECT sum, composite, properties, asked FROM uploads WHERE id = ? AND bucket = ? AND key = ?",
                            "sss", id, bucket, key);
  if (!practice_rows_next (rows))
    {
      aws_xml_append_element (extra, "UploadId", id);
      practice_call_answer_error_extra (call, 404, "NoSuchUpload", extra->str, NULL,
                                        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.");

      return NULL;
    }

  upload = g_new0 (Upload, 1);
  upload->id = g_strdup (id);
  upload->sum = practice_rows_int (rows, 0);
  upload->composite = practice_rows_int (rows, 1) != 0;
  upload->properties = practice_rows_dup_text (rows, 2);
  upload->asked = practice_rows_int (rows, 3) != 0;

  return upload;
}

static gboolean
choose_sum (PracticeCall *call,
            PracticeSum  *sum,
            gboolean     *composite)
{
  const char *algorithm = practice_call_get_header (call, "x-amz-checksum-algorithm");
  const char *type = practice_call_get_header (call, "x-amz-checksum-type");

  *sum = PRACTICE_SUM_CRC64NVME;
  if (algorithm != NULL && !practice_sum_parse (algorithm, sum))
    {
      practice_call_answer_error (call, 400, "InvalidRequest",
                                  "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");

      return FALSE;
    }

  if (type != NULL && !g_str_equal (type, "COMPOSITE") && !g_str_equal (type, "FULL_OBJECT"))
    {
      practice_call_answer_error (call, 400, "InvalidRequest", "Value for x-amz-checksum-type header is invalid.");

      return FALSE;
    }

  if (type != NULL && algorithm == NULL)
    {
      practice_call_answer_error (call, 400, "InvalidRequest",
                                  "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");

      return FALSE;
    }

  *composite = type != NULL ? g_str_equal (type, "COMPOSITE") : *sum != PRACTICE_SUM_CRC64NVME;
  if ((*composite && *sum == PRACTICE_SUM_CRC64NVME) || (!*composite && !practice_sum_is_crc (*sum)))
    {
      practice_call_answer_error (call, 400, "InvalidRequest", "The %s checksum type cannot be used with the %s checksum algorithm.",
                                  *composite ? "COMPOSITE" : "FULL_OBJECT", practice_sum_get_name (*sum));

      return FALSE;
    }

  return TRUE;
}

void
practice_s3_create_upload (PracticeCall *call,
                           const char   *bucket,
                           const char   *key)
{
  g_autoptr(PracticeObject) object = practice_object_new (bucket, key);
  g_autoptr(GString) xml = g_string_new ("<InitiateMultipartUploadResult xmlns=\"" S3_XMLNS "\">");
  g_autofree char *id = practice_random_id (64, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._");
  g_autofree char *properties = NULL;
  g_autoptr(GError) error = NULL;
  gboolean asked = practice_call_get_header (call, "x-amz-checksum-algorithm") != NULL;
  PracticeSum sum;
  gboolean composite;

  if (!practice_s3_read_properties (call, object) || !choose_sum (call, &sum, &composite))
    return;

  properties = practice_object_dup_properties (object);
  if (!practice_db_run (call->practice->db, &error,
                        "INSERT INTO uploads (id, bucket, key, initiated, sum, asked, composite, properties) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        "sssiiiis", id, bucket, key, practice_now (), (gint64) sum, (gint64) asked, (gint64) composite,
                        properties))
    {
      practice_call_answer_internal (call, error);

      return;
    }

  aws_xml_append_element (xml, "Bucket", bucket);
  aws_xml_append_element (xml, "Key", key);
  aws_xml_append_element (xml, "UploadId", id);
  g_string_append (xml, "</InitiateMultipartUploadResult>");
  practice_call_set_header (call, "x-amz-server-side-encryption", "AES256");
  if (asked)
    {
      practice_call_set_header (call, "x-amz-checksum-algorithm", practice_sum_get_name (sum));
      practice_call_set_header (call, "x-amz-checksum-type", composite ? "COMPOSITE" : "FULL_OBJECT");
    }
  practice_call_answer_xml (call, 200, xml->str);
}

static gboolean
get_part_number (PracticeCall *call,
                 gint64       *number)
{
  const char *text = practice_call_get_query (call, "partNumber");

  if (text != NULL && g_ascii_string_to_signed (text, 10, 1, S3_LARGEST_PART_NO, number, NULL))
    return TRUE;

  practice_s3_answer_argument (call, "partNumber", text, "Part number must be an integer between 1 and 10000, inclusive");

  return FALSE;
}

static gboolean
save_part (Practice    *practice,
           const char  *id,
           gint64       number,
           const char  *md5,
           gint64       size,
           const char  *sum,
           const char  *segments,
           GError     **error)
{
  g_autofree char *old = practice_db_lookup (practice->db, "SELECT segments FROM parts WHERE upload_id = ? AND number = ?",
                                             "si", id, number);

  if (!practice_db_run (practice->db, error,
                        "INSERT OR REPLACE INTO parts (upload_id, number, md5, size, modified, sum, segments) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?)",
                        "sisiiss", id, number, md5, size, practice_now (), sum, segments))
    return FALSE;

  practice_s3_forget_segments (practice, old);

  return TRUE;
}

void
practice_s3_upload_part (PracticeCall *call,
                         const char   *bucket,
                         const char   *key)
{
  g_autoptr(Upload) upload = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *header = NULL;
  PracticeBody body = { NULL, };
  gint64 number;

  if (!get_part_number (call, &number) ||
      !(upload = find_upload (call, bucket, key)) ||
      !practice_s3_end_body (call, &body))
    {
      practice_body_clear (&body);

      return;
    }

  /* without a choice at the beginning, the parts may come with any checksum: it is checked, and the object gets CRC64NVME */
  if (upload->asked && ((body.asked && body.sum != upload->sum) || (!body.asked && upload->composite)))
    {
      practice_call_answer_error (call, 400, "InvalidRequest",
                                  "Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s",
                                  practice_sum_get_name (upload->sum), body.asked ? practice_sum_get_name (body.sum) : "null");
    }
  else if (!save_part (call->practice, upload->id, number, body.md5, body.size,
                       body.sum == upload->sum ? body.value : NULL, body.segments, &error))
    {
      practice_call_answer_internal (call, error);
    }
  else
    {
      g_autofree char *lower = g_ascii_strdown (practice_sum_get_name (body.sum), -1);

      etag = g_strdup_printf ("\"%s\"", body.md5);
      header = g_strconcat ("x-amz-checksum-", lower, NULL);
      practice_call_set_header (call, "ETag", etag);
      practice_call_set_header (call, "x-amz-server-side-encryption", "AES256");
      practice_call_set_header (call, header, body.value);
      practice_call_answer_empty (call, 200);
      practice_body_clear (&body);

      return;
    }

  practice_s3_forget_segments (call->practice, body.segments);
  practice_body_clear (&body);
}

static gboolean
read_copy_range (PracticeCall   *call,
                 PracticeObject *source,
                 gint64         *offset,
                 gint64         *length)
{
  const char *range = practice_call_get_header (call, "x-amz-copy-source-range");
  char *end = NULL;
  gint64 last;

  *offset = 0;
  *length = source->size;
  if (range == NULL)
    return TRUE;

  if (g_str_has_prefix (range, "bytes=") && g_ascii_isdigit (range[6]))
    {
      *offset = g_ascii_strtoll (range + 6, &end, 10);
      if (*end == '-' && g_ascii_isdigit (end[1]))
        {
          last = g_ascii_strtoll (end + 1, &end, 10);
          *length = last - *offset + 1;
          if (*end == '\0' && last >= *offset && last < source->size)
            return TRUE;
        }
    }

  practice_s3_answer_argument (call, "x-amz-copy-source-range", range,
                               "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last "
                               "are the zero-based offsets of the first and last bytes to copy");

  return FALSE;
}

/* A range of a segment can't be shared like a whole one, so the bytes are written again. */
static char *
write_copy (Practice        *practice,
            PracticeObject  *source,
            gint64           offset,
            gint64           length,
            PracticeDigest  *digest,
            GError         **error)
{
  g_autoptr(GPtrArray) pieces = practice_object_read (practice, source, offset, length, error);
  g_autofree char *file = practice_s3_new_file (practice);
  g_autofree char *path = practice_s3_file_path (practice, file);
  g_autoptr(GFile) target = g_file_new_for_path (path);
  g_autoptr(GFileOutputStream) stream = NULL;
  gboolean good;

  if (pieces == NULL || !(stream = g_file_create (target, G_FILE_CREATE_PRIVATE, NULL, error)))
    return NULL;

  good = TRUE;
  for (guint i = 0; good && i < pieces->len; i++)
    {
      GBytes *piece = g_ptr_array_index (pieces, i);

      practice_digest_update (digest, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));
      good = g_output_stream_write_all (G_OUTPUT_STREAM (stream), g_bytes_get_data (piece, NULL),
                                        g_bytes_get_size (piece), NULL, NULL, error);
    }

  if (!good || !g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error))
    {
      g_file_delete (target, NULL, NULL);

      return NULL;
    }

  return g_strdup_printf ("%s:%" G_GINT64_FORMAT, file, length);
}

void
practice_s3_upload_part_copy (PracticeCall *call,
                              const char   *bucket,
                              const char   *key)
{
  g_autoptr(PracticeObject) source = NULL;
  g_autoptr(Upload) upload = NULL;
  g_autoptr(PracticeDigest) digest = NULL;
  g_autoptr(GString) xml = g_string_new ("<CopyPartResult xmlns=\"" S3_XMLNS "\">");
  g_autoptr(GError) error = NULL;
  g_autofree char *segments = NULL;
  g_autofree char *md5 = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *element = NULL;
  g_autofree char *modified = practice_format_time (practice_now ());
  gint64 number;
  gint64 offset;
  gint64 length;

  if (!get_part_number (call, &number) ||
      !(upload = find_upload (call, bucket, key)) ||
      !(source = practice_s3_find_copy_source (call)) ||
      !read_copy_range (call, source, &offset, &length))
    return;

  digest = practice_digest_new ((1u << PRACTICE_SUM_MD5) | (1u << upload->sum));
  if (!(segments = write_copy (call->practice, source, offset, length, digest, &error)))
    {
      practice_call_answer_internal (call, error);

      return;
    }

  md5 = practice_digest_finish_hex (digest, PRACTICE_SUM_MD5);
  sum = practice_digest_finish_base64 (digest, upload->sum);
  if (!save_part (call->practice, upload->id, number, md5, length, sum, segments, &error))
    {
      practice_s3_forget_segments (call->practice, segments);
      practice_call_answer_internal (call, error);

      return;
    }

  etag = g_strdup_printf ("\"%s\"", md5);
  element = g_strconcat ("Checksum", practice_sum_get_name (upload->sum), NULL);
  aws_xml_append_element (xml, "LastModified", modified);
  aws_xml_append_element (xml, "ETag", etag);
  aws_xml_append_element (xml, element, sum);
  g_string_append (xml, "</CopyPartResult>");
  practice_call_answer_xml (call, 200, xml->str);
}

/* Completing */

typedef struct
{
  GPtrArray      *segments;
  GChecksum      *md5s;        /* MD5 of the parts' MD5s */
  PracticeDigest *sums;        /* the same for composite checksums */
  char           *full;        /* CRC of all so far */
  gint64          size;
  guint           count;
} Assembly;

static void
assembly_clear (Assembly *assembly)
{
  g_ptr_array_unref (assembly->segments);
  g_checksum_free (assembly->md5s);
  practice_digest_free (assembly->sums);
  g_free (assembly->full);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Assembly, assembly_clear)

static void
refuse_part (PracticeCall *call,
             const char   *id,
             gint64        number,
             const char   *etag)
{
  g_autoptr(GString) extra = g_string_new (NULL);

  aws_xml_append_element (extra, "UploadId", id);
  g_string_append_printf (extra, "<PartNumber>%" G_GINT64_FORMAT "</PartNumber>", number);
  aws_xml_append_element (extra, "ETag", etag);
  practice_call_answer_error_extra (call, 400, "InvalidPart", extra->str, NULL,
                                    "One or more of the specified parts could not be found.  The part may not have been uploaded, "
                                    "or the specified entity tag may not match the part's entity tag.");
}

/* The checksum of a part, made now when the part came with another one or none */
static char *
find_part_sum (Practice   *practice,
               Upload     *upload,
               const char *sum,
               gint64      size,
               const char *segments)
{
  g_autoptr(PracticeObject) part = NULL;
  g_autoptr(PracticeDigest) digest = NULL;
  g_autoptr(GPtrArray) pieces = NULL;

  if (sum != NULL)
    return g_strdup (sum);

  part = practice_object_new ("", "");
  part->segments = g_strdup (segments);
  part->size = size;
  digest = practice_digest_new (1u << upload->sum);
  pieces = practice_object_read (practice, part, 0, -1, NULL);
  for (guint i = 0; pieces != NULL && i < pieces->len; i++)
    practice_digest_update (digest, g_bytes_get_data (g_ptr_array_index (pieces, i), NULL),
                            g_bytes_get_size (g_ptr_array_index (pieces, i)));

  return practice_digest_finish_base64 (digest, upload->sum);
}

static void
add_part (Practice   *practice,
          Upload     *upload,
          Assembly   *assembly,
          const char *md5,
          const char *sum,
          gint64      size,
          const char *segments)
{
  g_autofree char *part_sum = find_part_sum (practice, upload, sum, size, segments);
  guint8 raw_md5[16];

  aws_hex_decode (md5, raw_md5, sizeof raw_md5);
  g_checksum_update (assembly->md5s, raw_md5, sizeof raw_md5);

  if (upload->composite)
    {
      gsize length;
      g_autofree guint8 *raw = g_base64_decode (part_sum, &length);

      practice_digest_update (assembly->sums, raw, length);
    }
  else
    {
      char *all = assembly->full != NULL ? practice_crc_combine (upload->sum, assembly->full, part_sum, size)
                                         : g_strdup (part_sum);

      g_free (assembly->full);
      assembly->full = all;
    }

  if (*segments != '\0')
    g_ptr_array_add (assembly->segments, g_strdup (segments));
  assembly->size += size;
  assembly->count++;
}

static gboolean
check_part (PracticeCall *call,
            Upload       *upload,
            AwsXmlNode   *node,
            gint64        number,
            gboolean      last,
            Assembly     *assembly)
{
  g_autofree char *etag = aws_xml_node_dup_text (node, "ETag");
  g_autofree char *bare = etag != NULL ? g_strdelimit (g_strdup (etag), "\"", ' ') : g_strdup ("");
  g_autofree char *element = g_strconcat ("Checksum", practice_sum_get_name (upload->sum), NULL);
  g_autofree char *promised = aws_xml_node_dup_text (node, element);
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) extra = g_string_new (NULL);
  gint64 size;

  rows = practice_db_query (call->practice->db,
                            "SELECT md5, size, sum, segments FROM parts WHERE upload_id = ? AND number = ?",
                            "si", upload->id, number);
  if (!practice_rows_next (rows) || !g_str_equal (g_strstrip (bare), practice_rows_text (rows, 0)) ||
      (promised != NULL && g_strcmp0 (promised, practice_rows_text (rows, 2)) != 0))
    {
      refuse_part (call, upload->id, number, etag);

      return FALSE;
    }

  if (upload->asked && upload->composite && promised == NULL)
    {
      practice_call_answer_error (call, 400, "InvalidRequest",
                                  "The upload was created using a %s checksum. The complete request must include the checksum "
                                  "for each part. It was missing for part %" G_GINT64_FORMAT " in the request.",
                                  practice_sum_get_name (upload->sum), number);

      return FALSE;
    }

  size = practice_rows_int (rows, 1);
  if (!last && size < S3_SMALLEST_PART)
    {
      g_string_append_printf (extra, "<ProposedSize>%" G_GINT64_FORMAT "</ProposedSize>"
                              "<MinSizeAllowed>%" G_GINT64_FORMAT "</MinSizeAllowed>"
                              "<PartNumber>%" G_GINT64_FORMAT "</PartNumber>", size, S3_SMALLEST_PART, number);
      practice_call_answer_error_extra (call, 400, "EntityTooSmall", extra->str, NULL,
                                        "Your proposed upload is smaller than the minimum allowed size");

      return FALSE;
    }

  add_part (call->practice, upload, assembly, practice_rows_text (rows, 0), practice_rows_text (rows, 2), size,
            practice_rows_text (rows, 3));

  return TRUE;
}

/* All of them, before any part is looked at */
static gboolean
check_order (PracticeCall *call,
             AwsXmlNode   *root)
{
  AwsXmlNode *node = aws_xml_node_first (root, "Part");
  gint64 before = 0;

  if (node == NULL)
    {
      practice_call_answer_error (call, 400, "MalformedXML",
                                  "The XML you provided was not well-formed or did not validate against our published schema");

      return FALSE;
    }

  for (; node != NULL; node = aws_xml_node_next (node, "Part"))
    {
      gint64 number = aws_xml_node_get_int (node, "PartNumber", 0);

      if (number <= before)
        {
          practice_call_answer_error (call, 400, "InvalidPartOrder",
                                      "The list of parts was not in ascending order. Parts must be ordered by part number.");

          return FALSE;
        }
      before = number;
    }

  return TRUE;
}

static gboolean
check_parts (PracticeCall *call,
             Upload       *upload,
             AwsXmlNode   *root,
             Assembly     *assembly)
{
  AwsXmlNode *next;

  if (!check_order (call, root))
    return FALSE;

  for (AwsXmlNode *node = aws_xml_node_first (root, "Part"); node != NULL; node = next)
    {
      next = aws_xml_node_next (node, "Part");
      if (!check_part (call, upload, node, aws_xml_node_get_int (node, "PartNumber", 0), next == NULL, assembly))
        return FALSE;
    }

  return TRUE;
}

/* The result against what the client promised in headers */
static gboolean
check_promises (PracticeCall   *call,
                PracticeObject *object)
{
  const char *size = practice_call_get_header (call, "x-amz-mp-object-size");
  const char *type = practice_call_get_header (call, "x-amz-checksum-type");
  const char *value;
  PracticeSum sum;
  gint64 expected;

  if (!practice_s3_find_checksum (call, &sum, &value))
    return FALSE;

  if (type != NULL && !g_str_equal (type, object->checksum_type))
    practice_call_answer_error (call, 400, "InvalidRequest",
                                "The upload was created using the %s checksum mode. The complete request must use the same checksum mode.",
                                object->checksum_type);
  else if (value != NULL && g_str_equal (practice_sum_get_name (sum), object->checksum_algorithm) &&
           g_str_equal (object->checksum_type, "FULL_OBJECT") && !g_str_equal (value, object->checksum))
    practice_call_answer_error (call, 400, "BadDigest", "The %s you specified did not match the calculated checksum.",
                                object->checksum_algorithm);
  else if (size != NULL && (!g_ascii_string_to_signed (size, 10, 0, G_MAXINT64, &expected, NULL) || expected != object->size))
    practice_call_answer_error (call, 400, "InvalidRequest",
                                "The provided 'x-amz-mp-object-size' header value %s does not match what was computed: %" G_GINT64_FORMAT,
                                size, object->size);
  else
    return TRUE;

  return FALSE;
}

static gboolean
finish_upload (Practice        *practice,
               Upload          *upload,
               PracticeObject  *object,
               GError         **error)
{
  g_autoptr(GPtrArray) unused = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) used = g_strsplit (object->segments, " ", -1);
  g_autofree char *old = NULL;
  g_autoptr(PracticeRows) rows = NULL;

  if (!practice_db_begin (practice->db, error))
    return FALSE;

  rows = practice_db_query (practice->db, "SELECT segments FROM parts WHERE upload_id = ?", "s", upload->id);
  while (practice_rows_next (rows))
    if (!g_strv_contains ((const char * const *) used, practice_rows_text (rows, 0)))
      g_ptr_array_add (unused, practice_rows_dup_text (rows, 0));
  g_clear_pointer (&rows, practice_rows_free);

  if (!practice_s3_replace (practice, object, &old, error) ||
      !practice_db_run (practice->db, error, "DELETE FROM parts WHERE upload_id = ?", "s", upload->id) ||
      !practice_db_run (practice->db, error, "DELETE FROM uploads WHERE id = ?", "s", upload->id))
    {
      practice_db_rollback (practice->db);

      return FALSE;
    }

  if (!practice_db_commit (practice->db, error))
    return FALSE;

  practice_s3_forget_segments (practice, old);
  for (guint i = 0; i < unused->len; i++)
    practice_s3_forget_segments (practice, g_ptr_array_index (unused, i));

  return TRUE;
}

static void
answer_completed (PracticeCall   *call,
                  PracticeObject *object)
{
  g_autoptr(GString) xml = g_string_new ("<CompleteMultipartUploadResult xmlns=\"" S3_XMLNS "\">");
  g_autofree char *location = g_strdup_printf ("http://%s%s", call->authority, call->raw_path);

  aws_xml_append_element (xml, "Location", location);
  aws_xml_append_element (xml, "Bucket", object->bucket);
  aws_xml_append_element (xml, "Key", object->key);
  aws_xml_append_element (xml, "ETag", object->etag);
  practice_s3_append_checksum (xml, object);
  g_string_append (xml, "</CompleteMultipartUploadResult>");
  practice_call_set_header (call, "x-amz-server-side-encryption", "AES256");
  practice_call_answer_xml (call, 200, xml->str);
}

void
practice_s3_complete_upload (PracticeCall *call,
                             const char   *bucket,
                             const char   *key)
{
  g_autoptr(Upload) upload = NULL;
  g_autoptr(AwsXml) document = NULL;
  g_autoptr(PracticeObject) object = practice_object_new (bucket, key);
  g_autoptr(GError) error = NULL;
  g_auto(Assembly) assembly = {
    .segments = g_ptr_array_new_with_free_func (g_free),
    .md5s = g_checksum_new (G_CHECKSUM_MD5),
  };

  assembly.sums = practice_digest_new ((1u << PRACTICE_N_CHECKSUMS) - 1);
  if (!(upload = find_upload (call, bucket, key)) ||
      !practice_s3_parse_body (call, "CompleteMultipartUpload", (gpointer *) &document) ||
      !check_parts (call, upload, aws_xml_get_root (document), &assembly) ||
      !practice_s3_check_write (call, bucket, key))
    return;

  g_ptr_array_add (assembly.segments, NULL);
  practice_object_set_properties (object, upload->properties);
  object->segments = g_strjoinv (" ", (char **) assembly.segments->pdata);
  object->size = assembly.size;
  object->modified = practice_now ();
  object->etag = g_strdup_printf ("\"%s-%u\"", g_checksum_get_string (assembly.md5s), assembly.count);
  object->checksum_algorithm = g_strdup (practice_sum_get_name (upload->sum));
  object->checksum_type = g_strdup (upload->composite ? "COMPOSITE" : "FULL_OBJECT");
  if (upload->composite)
    {
      g_autofree char *value = practice_digest_finish_base64 (assembly.sums, upload->sum);

      object->checksum = g_strdup_printf ("%s-%u", value, assembly.count);
    }
  else
    {
      object->checksum = g_steal_pointer (&assembly.full);
    }

  if (!check_promises (call, object))
    return;

  if (finish_upload (call->practice, upload, object, &error))
    answer_completed (call, object);
  else
    practice_call_answer_internal (call, error);
}

void
practice_s3_abort_upload (PracticeCall *call,
                          const char   *bucket,
                          const char   *key)
{
  g_autoptr(Upload) upload = find_upload (call, bucket, key);
  g_autoptr(GPtrArray) segments = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GError) error = NULL;

  if (upload == NULL)
    return;

  rows = practice_db_query (call->practice->db, "SELECT segments FROM parts WHERE upload_id = ?", "s", upload->id);
  while (practice_rows_next (rows))
    g_ptr_array_add (segments, practice_rows_dup_text (rows, 0));
  g_clear_pointer (&rows, practice_rows_free);

  if (!practice_db_run (call->practice->db, &error, "DELETE FROM uploads WHERE id = ?", "s", upload->id))
    {
      practice_call_answer_internal (call, error);

      return;
    }

  for (guint i = 0; i < segments->len; i++)
    practice_s3_forget_segments (call->practice, g_ptr_array_index (segments, i));
  practice_call_answer_empty (call, 204);
}

void
practice_s3_list_parts (PracticeCall *call,
                        const char   *bucket,
                        const char   *key)
{
  g_autoptr(Upload) upload = NULL;
  g_autoptr(GString) xml = g_string_new ("<ListPartsResult xmlns=\"" S3_XMLNS "\">");
  g_autoptr(GString) parts = g_string_new (NULL);
  g_autoptr(PracticeRows) rows = NULL;
  g_autofree char *element = NULL;
  const char *marker = practice_call_get_query (call, "part-number-marker");
  guint limit = 1000;
  guint count = 0;
  gint64 last = 0;
  gboolean encode;

  if (!practice_s3_get_limit (call, "max-parts", &limit) || !practice_s3_get_encoding (call, &encode) ||
      !(upload = find_upload (call, bucket, key)))
    return;

  element = g_strconcat ("Checksum", practice_sum_get_name (upload->sum), NULL);
  rows = practice_db_query (call->practice->db,
                            "SELECT number, modified, md5, size, sum FROM parts WHERE upload_id = ? AND number > ? ORDER BY number",
                            "si", upload->id, marker != NULL ? g_ascii_strtoll (marker, NULL, 10) : G_GINT64_CONSTANT (0));
  while (practice_rows_next (rows) && count++ < limit)
    {
      g_autofree char *modified = practice_format_time (practice_rows_int (rows, 1));
      g_autofree char *etag = g_strdup_printf ("\"%s\"", practice_rows_text (rows, 2));

      last = practice_rows_int (rows, 0);
      g_string_append_printf (parts, "<Part><PartNumber>%" G_GINT64_FORMAT "</PartNumber>", last);
      aws_xml_append_element (parts, "LastModified", modified);
      aws_xml_append_element (parts, "ETag", etag);
      aws_xml_append_element (parts, "Size", practice_rows_text (rows, 3));
      aws_xml_append_element (parts, element, practice_rows_text (rows, 4));
      g_string_append (parts, "</Part>");
    }

  aws_xml_append_element (xml, "Bucket", bucket);
  practice_s3_append_name (xml, "Key", key, encode);
  aws_xml_append_element (xml, "UploadId", upload->id);
  aws_xml_append_element (xml, "StorageClass", "STANDARD");
  aws_xml_append_element (xml, "ChecksumAlgorithm", practice_sum_get_name (upload->sum));
  aws_xml_append_element (xml, "ChecksumType", upload->composite ? "COMPOSITE" : "FULL_OBJECT");
  aws_xml_append_element (xml, "PartNumberMarker", marker != NULL ? marker : "0");
  g_string_append_printf (xml, "<NextPartNumberMarker>%" G_GINT64_FORMAT "</NextPartNumberMarker><MaxParts>%u</MaxParts>",
                          last, limit);
  aws_xml_append_element (xml, "IsTruncated", count > limit ? "true" : "false");
  g_string_append_printf (xml, "%s</ListPartsResult>", parts->str);

  practice_call_answer_xml (call, 200, xml->str);
}

void
practice_s3_list_uploads (PracticeCall *call,
                          const char   *bucket,
                          const char   *key)
{
  g_autoptr(GString) xml = g_string_new ("<ListMultipartUploadsResult xmlns=\"" S3_XMLNS "\">");
  g_autoptr(GString) uploads = g_string_new (NULL);
  g_autoptr(PracticeRows) rows = NULL;
  const char *prefix = practice_call_get_query (call, "prefix");
  const char *key_marker = practice_call_get_query (call, "key-marker");
  const char *id_marker = practice_call_get_query (call, "upload-id-marker");
  g_autofree char *last_key = NULL;
  g_autofree char *last_id = NULL;
  guint limit = 1000;
  guint count = 0;
  gboolean encode;

  if (!practice_s3_get_limit (call, "max-uploads", &limit) || !practice_s3_get_encoding (call, &encode))
    return;

  rows = practice_db_query (call->practice->db,
                            "SELECT key, id, initiated, sum, composite FROM uploads "
                            "WHERE bucket = ?1 AND (key > ?2 OR (key = ?2 AND ?3 IS NOT NULL AND id > ?3)) ORDER BY key, id",
                            "sss", bucket, key_marker != NULL ? key_marker : "", id_marker);
  while (practice_rows_next (rows))
    {
      g_autofree char *initiated = practice_format_time (practice_rows_int (rows, 2));

      if (prefix != NULL && !g_str_has_prefix (practice_rows_text (rows, 0), prefix))
        continue;
      if (count++ == limit)
        break;

      g_set_str (&last_key, practice_rows_text (rows, 0));
      g_set_str (&last_id, practice_rows_text (rows, 1));
      g_string_append (uploads, "<Upload>");
      practice_s3_append_name (uploads, "Key", last_key, encode);
      aws_xml_append_element (uploads, "UploadId", last_id);
      aws_xml_append_element (uploads, "StorageClass", "STANDARD");
      aws_xml_append_element (uploads, "Initiated", initiated);
      aws_xml_append_element (uploads, "ChecksumAlgorithm", practice_sum_get_name (practice_rows_int (rows, 3)));
      aws_xml_append_element (uploads, "ChecksumType", practice_rows_int (rows, 4) != 0 ? "COMPOSITE" : "FULL_OBJECT");
      g_string_append (uploads, "</Upload>");
    }

  aws_xml_append_element (xml, "Bucket", bucket);
  practice_s3_append_name (xml, "KeyMarker", key_marker != NULL ? key_marker : "", encode);
  aws_xml_append_element (xml, "UploadIdMarker", id_marker != NULL ? id_marker : "");
  practice_s3_append_name (xml, "Prefix", prefix, encode);
  if (encode)
    aws_xml_append_element (xml, "EncodingType", "url");
  g_string_append_printf (xml, "<MaxUploads>%u</MaxUploads>", limit);
  aws_xml_append_element (xml, "IsTruncated", count > limit ? "true" : "false");
  if (count > limit)
    {
      practice_s3_append_name (xml, "NextKeyMarker", last_key, encode);
      aws_xml_append_element (xml, "NextUploadIdMarker", last_id);
    }
  g_string_append_printf (xml, "%s</ListMultipartUploadsResult>", uploads->str);

  practice_call_answer_xml (call, 200, xml->str);
}

gboolean
practice_s3_multipart_init (Practice  *practice,
                            GError   **error)
{
  return practice_db_script (practice->db,
                             "CREATE TABLE IF NOT EXISTS uploads ("
                             "  id TEXT PRIMARY KEY, bucket TEXT NOT NULL REFERENCES buckets, key TEXT NOT NULL,"
                             "  initiated INTEGER NOT NULL, sum INTEGER NOT NULL, asked INTEGER NOT NULL, composite INTEGER NOT NULL,"
                             "  properties TEXT NOT NULL);"
                             "CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, id);"
                             "CREATE TABLE IF NOT EXISTS parts ("
                             "  upload_id TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE, number INTEGER NOT NULL,"
                             "  md5 TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, sum TEXT,"
                             "  segments TEXT NOT NULL, PRIMARY KEY (upload_id, number)) WITHOUT ROWID;",
                             error);
}
