/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-s3-private.h"

#include "aws-uri.h"
#include "aws-xml.h"

/* Properties: the headers of a put that a get gives back */

static const char * const storage_classes[] = {
  "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE",
  "GLACIER_IR", NULL,
};

char *
practice_s3_http_date (gint64 time)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return soup_date_time_to_string (date, SOUP_DATE_HTTP);
}

static gboolean
read_metadata (PracticeCall   *call,
               PracticeObject *object)
{
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;
  gsize size = 0;

  soup_message_headers_iter_init (&iter, call->headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (g_ascii_strncasecmp (name, "x-amz-meta-", strlen ("x-amz-meta-")) == 0)
      {
        g_autofree char *lower = g_ascii_strdown (name + strlen ("x-amz-meta-"), -1);
        const char *before = g_hash_table_lookup (object->metadata, lower);
        g_autofree char *valid = g_utf8_make_valid (value, -1);
        char *all = before != NULL ? g_strconcat (before, ",", valid, NULL) : g_steal_pointer (&valid);

        size += strlen (lower) + strlen (value);
        g_hash_table_replace (object->metadata, g_steal_pointer (&lower), all);
      }

  if (size <= S3_MOST_METADATA)
    return TRUE;

  practice_call_answer_error (call, 400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");

  return FALSE;
}

/* Headers for features that a bucket here does not have; S3 refuses them on such a bucket, too. */
static gboolean
check_features (PracticeCall *call)
{
  static const char * const grants[] = {
    "x-amz-grant-full-control", "x-amz-grant-read", "x-amz-grant-read-acp", "x-amz-grant-write-acp",
  };
  const char *acl = practice_call_get_header (call, "x-amz-acl");
  const char *encryption = practice_call_get_header (call, "x-amz-server-side-encryption");
  gboolean granted = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (grants); i++)
    granted = granted || practice_call_get_header (call, grants[i]) != NULL;

  if ((acl != NULL && !g_str_equal (acl, "bucket-owner-full-control")) || granted)
    practice_call_answer_error (call, 400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
  else if (practice_call_get_header (call, "x-amz-object-lock-mode") != NULL ||
           practice_call_get_header (call, "x-amz-object-lock-legal-hold") != NULL)
    practice_call_answer_error (call, 400, "InvalidRequest", "Bucket is missing Object Lock Configuration");
  else if (practice_call_get_header (call, "x-amz-website-redirect-location") != NULL ||
           practice_call_get_header (call, "x-amz-server-side-encryption-customer-algorithm") != NULL ||
           (encryption != NULL && g_str_has_prefix (encryption, "aws:")))
    practice_call_answer_error (call, 501, "NotImplemented", "A header you provided implies functionality that is not implemented");
  else if (encryption != NULL && !g_str_equal (encryption, "AES256"))
    practice_s3_answer_argument (call, "x-amz-server-side-encryption", encryption,
                                 "The encryption method specified is not supported");
  else
    return TRUE;

  return FALSE;
}

/* "aws-chunked" is about the transfer and is not kept */
static char *
read_encoding (PracticeCall *call)
{
  const char *header = practice_call_get_header (call, "Content-Encoding");
  g_auto(GStrv) parts = NULL;
  g_autoptr(GString) kept = g_string_new (NULL);

  if (header == NULL)
    return NULL;

  parts = g_strsplit (header, ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (g_ascii_strcasecmp (g_strstrip (parts[i]), "aws-chunked") != 0 && *parts[i] != '\0')
      g_string_append_printf (kept, "%s%s", kept->len > 0 ? "," : "", parts[i]);

  return kept->len > 0 ? g_string_free_and_steal (g_steal_pointer (&kept)) : NULL;
}

static guint
count_tags (const char *tags)
{
  guint count = 0;

  if (tags == NULL || *tags == '\0')
    return 0;

  for (const char *c = tags; *c != '\0'; c++)
    count += *c == '&';

  return count + 1;
}

gboolean
practice_s3_read_properties (PracticeCall   *call,
                             PracticeObject *object)
{
  const char *class = practice_call_get_header (call, "x-amz-storage-class");
  const char *type = practice_call_get_header (call, "Content-Type");
  const char *tags = practice_call_get_header (call, "x-amz-tagging");

  if (!check_features (call) || !read_metadata (call, object))
    return FALSE;

  if (class != NULL && !g_strv_contains (storage_classes, class))
    {
      practice_call_answer_error (call, 400, "InvalidStorageClass", "The storage class you specified is not valid");

      return FALSE;
    }

  if (count_tags (tags) > 10)
    {
      practice_call_answer_error (call, 400, "BadRequest", "Object tags cannot be greater than 10");

      return FALSE;
    }

  g_set_str (&object->content_type, type != NULL ? type : "binary/octet-stream");
  g_set_str (&object->cache_control, practice_call_get_header (call, "Cache-Control"));
  g_set_str (&object->content_disposition, practice_call_get_header (call, "Content-Disposition"));
  g_set_str (&object->content_language, practice_call_get_header (call, "Content-Language"));
  g_set_str (&object->expires, practice_call_get_header (call, "Expires"));
  g_set_str (&object->storage_class, class != NULL && !g_str_equal (class, "STANDARD") ? class : NULL);
  g_set_str (&object->tags, tags);
  g_free (object->content_encoding);
  object->content_encoding = read_encoding (call);

  return TRUE;
}

void
practice_s3_append_checksum (GString        *xml,
                             PracticeObject *object)
{
  g_autofree char *element = NULL;

  if (object->checksum == NULL)
    return;

  element = g_strconcat ("Checksum", object->checksum_algorithm, NULL);
  aws_xml_append_element (xml, element, object->checksum);
  aws_xml_append_element (xml, "ChecksumType", object->checksum_type);
}

void
practice_s3_set_checksum_headers (PracticeCall   *call,
                                  PracticeObject *object)
{
  g_autofree char *lower = NULL;
  g_autofree char *name = NULL;

  if (object->checksum == NULL)
    return;

  lower = g_ascii_strdown (object->checksum_algorithm, -1);
  name = g_strconcat ("x-amz-checksum-", lower, NULL);
  practice_call_set_header (call, name, object->checksum);
  practice_call_set_header (call, "x-amz-checksum-type", object->checksum_type);
}

/* Writes */

gboolean
practice_s3_same_etag (const char *list,
                       const char *etag)
{
  g_auto(GStrv) tags = g_strsplit (list, ",", -1);
  g_autofree char *bare = g_strndup (etag + 1, strlen (etag) - 2);

  for (guint i = 0; tags[i] != NULL; i++)
    {
      const char *tag = g_strstrip (tags[i]);

      if (g_str_has_prefix (tag, "W/"))
        tag += 2;
      if (g_str_equal (tag, "*") || g_str_equal (tag, etag) || g_str_equal (tag, bare))
        return TRUE;
    }

  return FALSE;
}

gboolean
practice_s3_check_write (PracticeCall *call,
                         const char   *bucket,
                         const char   *key)
{
  const char *match = practice_call_get_header (call, "If-Match");
  const char *none_match = practice_call_get_header (call, "If-None-Match");
  g_autoptr(PracticeObject) present = NULL;
  g_autoptr(GString) extra = g_string_new (NULL);

  if (match == NULL && none_match == NULL)
    return TRUE;

  /* S3 knows only "create, never replace" */
  if (none_match != NULL && (!g_str_equal (none_match, "*") || match != NULL))
    {
      aws_xml_append_element (extra, "Header", "If-None-Match");
      practice_call_answer_error_extra (call, 501, "NotImplemented", extra->str, NULL,
                                        "A header you provided implies functionality that is not implemented");

      return FALSE;
    }

  present = practice_s3_lookup (call->practice, bucket, key);
  if (match != NULL && present == NULL)
    {
      aws_xml_append_element (extra, "Key", key);
      practice_call_answer_error_extra (call, 404, "NoSuchKey", extra->str, NULL, "The specified key does not exist.");
    }
  else if (match != NULL && (call->stale_etag || !practice_s3_same_etag (match, present->etag)))
    practice_s3_answer_condition (call, "If-Match");
  else if (none_match != NULL && present != NULL)
    practice_s3_answer_condition (call, "If-None-Match");
  else
    return TRUE;

  return FALSE;
}

void
practice_s3_put_object (PracticeCall *call,
                        const char   *bucket,
                        const char   *key)
{
  g_autoptr(PracticeObject) object = practice_object_new (bucket, key);
  g_autoptr(GError) error = NULL;
  PracticeBody body = { NULL, };

  if (!practice_s3_read_properties (call, object) ||
      !practice_s3_check_write (call, bucket, key) ||
      !practice_s3_end_body (call, &body))
    {
      practice_body_clear (&body);

      return;
    }

  object->etag = g_strdup_printf ("\"%s\"", body.md5);
  object->size = body.size;
  object->modified = practice_now ();
  object->segments = g_strdup (body.segments);
  object->checksum_algorithm = g_strdup (practice_sum_get_name (body.sum));
  object->checksum = g_strdup (body.value);
  object->checksum_type = g_strdup ("FULL_OBJECT");

  if (practice_s3_save (call->practice, object, &error))
    {
      practice_call_set_header (call, "ETag", object->etag);
      practice_call_set_header (call, "x-amz-server-side-encryption", "AES256");
      practice_s3_set_checksum_headers (call, object);
      practice_call_answer_empty (call, 200);
    }
  else
    {
      practice_s3_forget_segments (call->practice, body.segments);
      practice_call_answer_internal (call, error);
    }

  practice_body_clear (&body);
}

static gboolean
check_source_condition (PracticeCall   *call,
                        PracticeObject *source)
{
  const char *match = practice_call_get_header (call, "x-amz-copy-source-if-match");
  const char *none_match = practice_call_get_header (call, "x-amz-copy-source-if-none-match");
  const char *modified = practice_call_get_header (call, "x-amz-copy-source-if-modified-since");
  const char *unmodified = practice_call_get_header (call, "x-amz-copy-source-if-unmodified-since");
  g_autoptr(GDateTime) since = modified != NULL ? soup_date_time_new_from_http_string (modified) : NULL;
  g_autoptr(GDateTime) before = unmodified != NULL ? soup_date_time_new_from_http_string (unmodified) : NULL;
  gint64 seconds = source->modified / G_USEC_PER_SEC;

  if (match != NULL && !practice_s3_same_etag (match, source->etag))
    practice_s3_answer_condition (call, "x-amz-copy-source-If-Match");
  else if (match == NULL && before != NULL && seconds > g_date_time_to_unix (before))
    practice_s3_answer_condition (call, "x-amz-copy-source-If-Unmodified-Since");
  else if (none_match != NULL && practice_s3_same_etag (none_match, source->etag))
    practice_s3_answer_condition (call, "x-amz-copy-source-If-None-Match");
  else if (none_match == NULL && since != NULL && seconds <= g_date_time_to_unix (since))
    practice_s3_answer_condition (call, "x-amz-copy-source-If-Modified-Since");
  else
    return TRUE;

  return FALSE;
}

PracticeObject *
practice_s3_find_copy_source (PracticeCall *call)
{
  const char *header = practice_call_get_header (call, "x-amz-copy-source");
  g_autofree char *path = NULL;
  g_autofree char *bucket = NULL;
  g_autoptr(PracticeObject) source = NULL;
  g_autoptr(GString) extra = g_string_new (NULL);
  const char *question = strstr (header, "?versionId=");
  char *slash;

  path = aws_uri_decode (*header == '/' ? header + 1 : header, question != NULL ? question - header - (*header == '/') : -1, FALSE);
  slash = strchr (path, '/');
  if (slash == NULL || slash == path || slash[1] == '\0' || !g_utf8_validate (path, -1, NULL) ||
      (question != NULL && !g_str_equal (question, "?versionId=null")))
    {
      practice_s3_answer_argument (call, "x-amz-copy-source", header, "Invalid copy source object key");

      return NULL;
    }

  bucket = g_strndup (path, slash - path);
  if (!practice_s3_bucket_exists (call->practice, bucket))
    {
      practice_s3_answer_no_bucket (call, bucket);

      return NULL;
    }

  if (!practice_s3_caller_may (call, "s3:GetObject", bucket, slash + 1))
    {
      practice_s3_answer_denied (call, "s3:GetObject", bucket, slash + 1);

      return NULL;
    }

  if (!(source = practice_s3_lookup (call->practice, bucket, slash + 1)))
    {
      practice_s3_answer_no_key (call, bucket, slash + 1);

      return NULL;
    }

  return check_source_condition (call, source) ? g_steal_pointer (&source) : NULL;
}

static gboolean
check_directive (PracticeCall *call,
                 const char   *header)
{
  const char *directive = practice_call_get_header (call, header);

  if (directive == NULL || g_str_equal (directive, "COPY") || g_str_equal (directive, "REPLACE"))
    return TRUE;

  practice_s3_answer_argument (call, header, directive, "Unknown metadata directive.");

  return FALSE;
}

/* The checksum of a copy: as asked, else as the source had it. A copy is one object, so it is always a full one. */
static gboolean
set_copy_checksum (PracticeCall    *call,
                   PracticeObject  *object,
                   PracticeObject  *source,
                   GError         **error)
{
  const char *asked = practice_call_get_header (call, "x-amz-checksum-algorithm");
  const char *name = asked != NULL ? asked : source->checksum_algorithm;
  PracticeSum sum = PRACTICE_SUM_CRC64NVME;
  gboolean same;
  g_autoptr(PracticeDigest) digest = NULL;
  g_autoptr(GPtrArray) pieces = NULL;
  guint needed;

  if (name != NULL && !practice_sum_parse (name, &sum))
    {
      practice_call_answer_error (call, 400, "InvalidRequest", "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");

      return FALSE;
    }

  object->checksum_algorithm = g_strdup (practice_sum_get_name (sum));
  object->checksum_type = g_strdup ("FULL_OBJECT");
  same = g_strcmp0 (source->checksum_algorithm, object->checksum_algorithm) == 0 &&
         g_strcmp0 (source->checksum_type, "FULL_OBJECT") == 0;

  /* a source of one part has the MD5 of its bytes already */
  if (same && strchr (source->etag, '-') == NULL)
    {
      object->checksum = g_strdup (source->checksum);
      object->etag = g_strdup (source->etag);

      return TRUE;
    }

  if (!(pieces = practice_object_read (call->practice, source, 0, -1, error)))
    return FALSE;

  needed = (1u << PRACTICE_SUM_MD5) | (1u << sum);
  digest = practice_digest_new (needed);
  for (guint i = 0; i < pieces->len; i++)
    practice_digest_update (digest, g_bytes_get_data (g_ptr_array_index (pieces, i), NULL),
                            g_bytes_get_size (g_ptr_array_index (pieces, i)));

  object->checksum = practice_digest_finish_base64 (digest, sum);
  {
    g_autofree char *md5 = practice_digest_finish_hex (digest, PRACTICE_SUM_MD5);

    object->etag = g_strdup_printf ("\"%s\"", md5);
  }

  return TRUE;
}

static gboolean
changes_something (PracticeCall *call)
{
  return practice_call_get_header (call, "x-amz-storage-class") != NULL ||
         practice_call_get_header (call, "x-amz-server-side-encryption") != NULL ||
         g_strcmp0 (practice_call_get_header (call, "x-amz-metadata-directive"), "REPLACE") == 0;
}

void
practice_s3_copy_object (PracticeCall *call,
                         const char   *bucket,
                         const char   *key)
{
  g_autoptr(PracticeObject) object = practice_object_new (bucket, key);
  g_autoptr(PracticeObject) source = NULL;
  g_autoptr(GString) xml = g_string_new ("<CopyObjectResult xmlns=\"" S3_XMLNS "\">");
  g_autoptr(GError) error = NULL;
  g_autofree char *modified = NULL;
  g_autofree char *properties = NULL;
  gboolean replace = g_strcmp0 (practice_call_get_header (call, "x-amz-metadata-directive"), "REPLACE") == 0;
  gboolean replace_tags = g_strcmp0 (practice_call_get_header (call, "x-amz-tagging-directive"), "REPLACE") == 0;

  if (!check_directive (call, "x-amz-metadata-directive") || !check_directive (call, "x-amz-tagging-directive") ||
      !(source = practice_s3_find_copy_source (call)) ||
      !practice_s3_check_write (call, bucket, key) ||
      !practice_s3_read_properties (call, object))
    return;

  if (g_str_equal (source->bucket, bucket) && g_str_equal (source->key, key) && !changes_something (call))
    {
      practice_call_answer_error (call, 400, "InvalidRequest",
                                  "This copy request is illegal because it is trying to copy an object to itself without changing "
                                  "the object's metadata, storage class, website redirect location or encryption attributes.");

      return;
    }

  if (source->size > S3_LARGEST_PUT)
    {
      practice_call_answer_error (call, 400, "InvalidRequest",
                                  "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");

      return;
    }

  if (!replace)
    {
      g_autofree char *class = g_steal_pointer (&object->storage_class);
      g_autofree char *tags = g_steal_pointer (&object->tags);

      properties = practice_object_dup_properties (source);
      practice_object_set_properties (object, properties);
      g_set_str (&object->storage_class, class);
      if (replace_tags)
        g_set_str (&object->tags, tags);
    }
  else if (!replace_tags)
    {
      g_set_str (&object->tags, source->tags);
    }

  object->size = source->size;
  object->modified = practice_now ();
  if (!set_copy_checksum (call, object, source, &error) ||
      !(object->segments = practice_s3_link_segments (call->practice, source->segments, &error)) ||
      !practice_s3_save (call->practice, object, &error))
    {
      practice_s3_forget_segments (call->practice, object->segments);
      if (!call->answered)
        practice_call_answer_internal (call, error);

      return;
    }

  modified = practice_format_time (object->modified);
  aws_xml_append_element (xml, "LastModified", modified);
  aws_xml_append_element (xml, "ETag", object->etag);
  practice_s3_append_checksum (xml, object);
  g_string_append (xml, "</CopyObjectResult>");
  practice_call_set_header (call, "x-amz-server-side-encryption", "AES256");
  practice_call_answer_xml (call, 200, xml->str);
}

void
practice_s3_delete_object (PracticeCall *call,
                           const char   *bucket,
                           const char   *key)
{
  const char *match = practice_call_get_header (call, "If-Match");
  g_autoptr(GError) error = NULL;

  if (match != NULL && !practice_s3_check_write (call, bucket, key))
    return;

  if (practice_s3_remove (call->practice, bucket, key, &error))
    practice_call_answer_empty (call, 204);
  else
    practice_call_answer_internal (call, error);
}

static void
delete_one (PracticeCall *call,
            const char   *bucket,
            AwsXmlNode   *node,
            gboolean      quiet,
            GString      *xml)
{
  g_autofree char *key = aws_xml_node_dup_text (node, "Key");
  g_autofree char *version = aws_xml_node_dup_text (node, "VersionId");
  g_autofree char *etag = aws_xml_node_dup_text (node, "ETag");
  g_autoptr(PracticeObject) object = etag != NULL ? practice_s3_lookup (call->practice, bucket, key) : NULL;
  g_autoptr(GError) error = NULL;
  const char *code = NULL;
  const char *message = NULL;

  if (!practice_s3_caller_may (call, "s3:DeleteObject", bucket, key))
    {
      code = "AccessDenied";
      message = "Access Denied";
    }
  else if (version != NULL && !g_str_equal (version, "null"))
    {
      code = "NoSuchVersion";
      message = "The specified version does not exist.";
    }
  else if (etag != NULL && (object == NULL || !practice_s3_same_etag (etag, object->etag)))
    {
      code = "PreconditionFailed";
      message = "At least one of the pre-conditions you specified did not hold";
    }
  else if (!practice_s3_remove (call->practice, bucket, key, &error))
    {
      code = "InternalError";
      message = error->message;
    }

  if (code == NULL && quiet)
    return;

  g_string_append (xml, code != NULL ? "<Error>" : "<Deleted>");
  aws_xml_append_element (xml, "Key", key);
  aws_xml_append_element (xml, "VersionId", version);
  aws_xml_append_element (xml, "Code", code);
  aws_xml_append_element (xml, "Message", message);
  g_string_append (xml, code != NULL ? "</Error>" : "</Deleted>");
}

static gboolean
check_delete_list (AwsXmlNode *root)
{
  guint count = 0;

  for (AwsXmlNode *node = aws_xml_node_first (root, "Object"); node != NULL; node = aws_xml_node_next (node, "Object"))
    {
      g_autofree char *key = aws_xml_node_dup_text (node, "Key");

      if (key == NULL || *key == '\0')
        return FALSE;
      count++;
    }

  return count > 0 && count <= S3_MOST_KEYS;
}

void
practice_s3_delete_objects (PracticeCall *call,
                            const char   *bucket,
                            const char   *key)
{
  g_autoptr(AwsXml) document = NULL;
  g_autoptr(GString) xml = g_string_new ("<DeleteResult xmlns=\"" S3_XMLNS "\">");
  AwsXmlNode *root;
  gboolean quiet;

  if (!practice_s3_check_integrity (call, TRUE) ||
      !practice_s3_parse_body (call, "Delete", (gpointer *) &document))
    return;

  root = aws_xml_get_root (document);
  if (!check_delete_list (root))
    {
      practice_call_answer_error (call, 400, "MalformedXML",
                                  "The XML you provided was not well-formed or did not validate against our published schema");

      return;
    }

  quiet = aws_xml_node_get_bool (root, "Quiet");
  for (AwsXmlNode *node = aws_xml_node_first (root, "Object"); node != NULL; node = aws_xml_node_next (node, "Object"))
    delete_one (call, bucket, node, quiet, xml);

  g_string_append (xml, "</DeleteResult>");
  practice_call_answer_xml (call, 200, xml->str);
}
