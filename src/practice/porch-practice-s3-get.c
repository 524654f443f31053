/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-s3-private.h"

/* Reads of one object: conditions, ranges, the headers it was put with. */

typedef enum
{
  CONDITION_GOOD,
  CONDITION_FAILED,
  CONDITION_NOT_MODIFIED,
} Condition;

static Condition
check_conditions (PracticeCall   *call,
                  PracticeObject *object,
                  const char    **failed)
{
  const char *match = practice_call_get_header (call, "If-Match");
  const char *none_match = practice_call_get_header (call, "If-None-Match");
  const char *modified = practice_call_get_header (call, "If-Modified-Since");
  const char *unmodified = practice_call_get_header (call, "If-Unmodified-Since");
  g_autoptr(GDateTime) since = modified != NULL ? soup_date_time_new_from_http_string (modified) : NULL;
  g_autoptr(GDateTime) before = unmodified != NULL ? soup_date_time_new_from_http_string (unmodified) : NULL;
  gint64 seconds = object->modified / G_USEC_PER_SEC;

  if (match != NULL && !practice_s3_same_etag (match, object->etag))
    {
      *failed = "If-Match";

      return CONDITION_FAILED;
    }

  if (match == NULL && before != NULL && seconds > g_date_time_to_unix (before))
    {
      *failed = "If-Unmodified-Since";

      return CONDITION_FAILED;
    }

  if (none_match != NULL)
    return practice_s3_same_etag (none_match, object->etag) ? CONDITION_NOT_MODIFIED : CONDITION_GOOD;

  return since != NULL && seconds <= g_date_time_to_unix (since) ? CONDITION_NOT_MODIFIED : CONDITION_GOOD;
}

typedef struct
{
  gint64    offset;
  gint64    length;
  gboolean  partial;
  guint     parts;     /* of the object, when a part was asked for */
} Range;

/* "bytes=0-99", "bytes=100-", "bytes=-100". Anything else is no range to S3, and the whole object is the answer. */
static gboolean
parse_range (const char *header,
             gint64      size,
             Range      *range)
{
  const char *text = header;
  gint64 first = -1;
  gint64 last = -1;
  char *end;

  range->offset = 0;
  range->length = size;
  range->partial = FALSE;

  if (!g_str_has_prefix (text, "bytes=") || strchr (text, ',') != NULL)
    return TRUE;

  text += strlen ("bytes=");
  if (g_ascii_isdigit (*text))
    first = g_ascii_strtoll (text, &end, 10);
  else
    end = (char *) text;
  if (*end != '-')
    return TRUE;
  if (g_ascii_isdigit (end[1]))
    last = g_ascii_strtoll (end + 1, &end, 10);
  else
    end++;
  if (*end != '\0' || (first < 0 && last < 0) || (first >= 0 && last >= 0 && last < first))
    return TRUE;

  if (first < 0)
    {
      first = MAX (size - last, 0);
      if (last == 0)
        return FALSE;
      last = size - 1;
    }

  if (first >= size)
    return FALSE;

  if (last < 0 || last >= size)
    last = size - 1;
  range->offset = first;
  range->length = last - first + 1;
  range->partial = TRUE;

  return TRUE;
}

/* ?partNumber=N of an object that was put in parts */
static gboolean
find_part (PracticeObject *object,
           const char     *text,
           Range          *range)
{
  g_auto(GStrv) segments = g_strsplit (object->segments, " ", -1);
  guint count = MAX (g_strv_length (segments), 1);
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, 1, S3_LARGEST_PART_NO, &number, NULL) || number > count)
    return FALSE;

  range->parts = strchr (object->etag, '-') != NULL ? count : 0;
  range->partial = TRUE;
  range->offset = 0;
  range->length = object->size;
  for (gint64 i = 0; i < number && segments[i] != NULL; i++)
    {
      if (i > 0)
        range->offset += range->length;
      range->length = g_ascii_strtoll (strchr (segments[i], ':') + 1, NULL, 10);
    }

  return TRUE;
}

static gboolean
choose_range (PracticeCall   *call,
              PracticeObject *object,
              Range          *range)
{
  const char *header = practice_call_get_header (call, "Range");
  const char *part = practice_call_get_query (call, "partNumber");
  g_autoptr(GString) extra = g_string_new (NULL);

  if (part != NULL && header != NULL)
    {
      practice_call_answer_error (call, 400, "InvalidRequest", "Cannot specify both Range header and partNumber query parameter");

      return FALSE;
    }

  *range = (Range) { 0, object->size, FALSE, 0 };
  if (part != NULL)
    {
      if (find_part (object, part, range))
        return TRUE;
      practice_call_answer_error (call, 416, "InvalidPartNumber", "The requested partnumber is not satisfiable");

      return FALSE;
    }

  if (header == NULL || parse_range (header, object->size, range))
    return TRUE;

  aws_xml_append_element (extra, "RangeRequested", header);
  g_string_append_printf (extra, "<ActualObjectSize>%" G_GINT64_FORMAT "</ActualObjectSize>", object->size);
  practice_call_answer_error_extra (call, 416, "InvalidRange", extra->str, NULL, "The requested range is not satisfiable");

  return FALSE;
}

static void
set_header (PracticeCall *call,
            const char   *name,
            const char   *value)
{
  if (value != NULL)
    practice_call_set_header (call, name, value);
}

static void
set_object_headers (PracticeCall   *call,
                    PracticeObject *object,
                    Range          *range)
{
  static const struct
  {
    const char *query;
    const char *header;
  } overrides[] = {
    { "response-content-type", "Content-Type" },
    { "response-content-language", "Content-Language" },
    { "response-expires", "Expires" },
    { "response-cache-control", "Cache-Control" },
    { "response-content-disposition", "Content-Disposition" },
    { "response-content-encoding", "Content-Encoding" },
  };
  g_autofree char *modified = practice_s3_http_date (object->modified);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  set_header (call, "ETag", object->etag);
  set_header (call, "Last-Modified", modified);
  set_header (call, "Accept-Ranges", "bytes");
  set_header (call, "Content-Type", object->content_type);
  set_header (call, "Cache-Control", object->cache_control);
  set_header (call, "Content-Encoding", object->content_encoding);
  set_header (call, "Content-Disposition", object->content_disposition);
  set_header (call, "Content-Language", object->content_language);
  set_header (call, "Expires", object->expires);
  set_header (call, "x-amz-storage-class", object->storage_class);
  set_header (call, "x-amz-server-side-encryption", "AES256");

  g_hash_table_iter_init (&iter, object->metadata);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *header = g_strconcat ("x-amz-meta-", name, NULL);

      set_header (call, header, value);
    }

  if (range->parts > 0)
    {
      g_autofree char *count = g_strdup_printf ("%u", range->parts);

      set_header (call, "x-amz-mp-parts-count", count);
    }

  /* the checksum is of the whole object, so a range has none */
  if (g_strcmp0 (practice_call_get_header (call, "x-amz-checksum-mode"), "ENABLED") == 0 && !range->partial)
    practice_s3_set_checksum_headers (call, object);

  for (guint i = 0; i < G_N_ELEMENTS (overrides); i++)
    set_header (call, overrides[i].header, practice_call_get_query (call, overrides[i].query));
}

static void
answer_object (PracticeCall *call,
               const char   *bucket,
               const char   *key)
{
  g_autoptr(PracticeObject) object = practice_s3_lookup (call->practice, bucket, key);
  g_autoptr(GPtrArray) pieces = NULL;
  g_autoptr(GError) error = NULL;
  const char *failed = NULL;
  Range range;

  if (object == NULL)
    {
      practice_s3_answer_no_key (call, bucket, key);

      return;
    }

  switch (check_conditions (call, object, &failed))
    {
    case CONDITION_FAILED:
      practice_s3_answer_condition (call, failed);
      return;

    case CONDITION_NOT_MODIFIED:
      practice_call_set_header (call, "ETag", object->etag);
      practice_call_answer_empty (call, 304);
      return;

    case CONDITION_GOOD:
    default:
      break;
    }

  if (!choose_range (call, object, &range))
    return;

  if (!g_str_equal (call->method, "HEAD") &&
      !(pieces = practice_object_read (call->practice, object, range.offset, range.length, &error)))
    {
      practice_call_answer_internal (call, error);

      return;
    }

  set_object_headers (call, object, &range);
  soup_message_headers_set_content_length (soup_server_message_get_response_headers (call->message), range.length);
  if (range.partial && range.length > 0)
    soup_message_headers_set_content_range (soup_server_message_get_response_headers (call->message), range.offset,
                                            range.offset + range.length - 1, object->size);
  practice_call_answer_pieces (call, range.partial ? 206 : 200, NULL, pieces);
}

void
practice_s3_get_object (PracticeCall *call,
                        const char   *bucket,
                        const char   *key)
{
  answer_object (call, bucket, key);
}

void
practice_s3_head_object (PracticeCall *call,
                         const char   *bucket,
                         const char   *key)
{
  answer_object (call, bucket, key);
}
