/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-s3-private.h"

#include "aws-uri.h"

/* What a page of keys begins after and what it may hold */
typedef struct
{
  const char  *prefix;
  const char  *delimiter;
  const char  *after;        /* keys up to and including this one are left out */
  guint        limit;
  gboolean     encode;
  gboolean     owner;
  gboolean     versions;
} Listing;

typedef struct
{
  GString     *contents;
  GString     *prefixes;
  guint        count;
  gboolean     truncated;
  char        *last;         /* the last key or common prefix on the page */
} Page;

static void
page_clear (Page *page)
{
  g_string_free (page->contents, TRUE);
  g_string_free (page->prefixes, TRUE);
  g_free (page->last);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

gboolean
practice_s3_get_limit (PracticeCall *call,
                       const char   *name,
                       guint        *limit)
{
  const char *text = practice_call_get_query (call, name);
  gint64 number = *limit;

  if (text != NULL && *text != '\0' && !g_ascii_string_to_signed (text, 10, 0, G_MAXINT, &number, NULL))
    {
      g_autofree char *message = g_strdup_printf ("Argument %s must be an integer between 0 and 2147483647", name);

      practice_s3_answer_argument (call, name, text, message);

      return FALSE;
    }

  *limit = MIN (number, *limit);

  return TRUE;
}

gboolean
practice_s3_get_encoding (PracticeCall *call,
                          gboolean     *encode)
{
  const char *type = practice_call_get_query (call, "encoding-type");

  *encode = g_strcmp0 (type, "url") == 0;
  if (type == NULL || *encode)
    return TRUE;

  practice_s3_answer_argument (call, "encoding-type", type, "Invalid Encoding Method specified in Request");

  return FALSE;
}

/* As S3 encodes names: "/" stays, a space becomes "+" */
void
practice_s3_append_name (GString    *xml,
                         const char *element,
                         const char *name,
                         gboolean    encode)
{
  g_autoptr(GString) encoded = NULL;

  if (!encode || name == NULL)
    {
      aws_xml_append_element (xml, element, name);

      return;
    }

  encoded = g_string_new (NULL);
  aws_uri_append_encoded (encoded, name, -1, TRUE);
  g_string_replace (encoded, "%20", "+", 0);
  aws_xml_append_element (xml, element, encoded->str);
}

static void
append_owner (GString  *xml,
              Practice *practice)
{
  g_autofree char *id = g_compute_checksum_for_string (G_CHECKSUM_SHA256, practice->account, -1);

  g_string_append_printf (xml, "<Owner><ID>%s</ID></Owner>", id);
}

static void
append_object (Practice      *practice,
               const Listing *listing,
               PracticeRows  *rows,
               GString       *xml)
{
  g_autofree char *modified = practice_format_time (practice_rows_int (rows, 3));
  const char *element = listing->versions ? "Version" : "Contents";
  const char *class = practice_rows_text (rows, 6);

  g_string_append_printf (xml, "<%s>", element);
  practice_s3_append_name (xml, "Key", practice_rows_text (rows, 0), listing->encode);
  if (listing->versions)
    g_string_append (xml, "<VersionId>null</VersionId><IsLatest>true</IsLatest>");
  aws_xml_append_element (xml, "LastModified", modified);
  aws_xml_append_element (xml, "ETag", practice_rows_text (rows, 1));
  aws_xml_append_element (xml, "ChecksumAlgorithm", practice_rows_text (rows, 4));
  aws_xml_append_element (xml, "ChecksumType", practice_rows_text (rows, 5));
  aws_xml_append_element (xml, "Size", practice_rows_text (rows, 2));
  if (listing->owner)
    append_owner (xml, practice);
  aws_xml_append_element (xml, "StorageClass", class != NULL ? class : "STANDARD");
  g_string_append_printf (xml, "</%s>", element);
}

/* The first text that is after all that begin with @prefix; NULL when there is none */
static char *
after_prefix (const char *prefix)
{
  g_autofree char *text = g_strdup (prefix);

  for (gsize length = strlen (text); length > 0; length--)
    {
      if ((guchar) text[length - 1] != 0xff)
        {
          text[length - 1]++;
          text[length] = '\0';

          return g_steal_pointer (&text);
        }
    }

  return NULL;
}

static const char *query_from =
  "SELECT key, etag, size, modified, sum_algorithm, sum_type, json_extract (properties, '$.storageClass') "
  "FROM objects WHERE bucket = ? AND key >= ? ORDER BY key";
static const char *query_after =
  "SELECT key, etag, size, modified, sum_algorithm, sum_type, json_extract (properties, '$.storageClass') "
  "FROM objects WHERE bucket = ? AND key > ? ORDER BY key";

/* The index is walked from a key on; a common prefix is one row, and the walk starts again behind all that have it. */
static void
collect_page (Practice      *practice,
              const char    *bucket,
              const Listing *listing,
              Page          *page)
{
  g_autofree char *start = g_strdup (listing->prefix);
  gboolean inclusive = TRUE;
  gsize prefix_length = strlen (listing->prefix);

  if (listing->after != NULL && strcmp (listing->after, start) >= 0)
    {
      gboolean was_prefix = listing->delimiter != NULL && g_str_has_suffix (listing->after, listing->delimiter) &&
                            g_str_has_prefix (listing->after, listing->prefix) &&
                            strlen (listing->after) > prefix_length;

      g_free (start);
      start = was_prefix ? after_prefix (listing->after) : g_strdup (listing->after);
      inclusive = was_prefix;
    }

  while (start != NULL && !page->truncated)
    {
      g_autoptr(PracticeRows) rows = practice_db_query (practice->db, inclusive ? query_from : query_after, "ss", bucket, start);
      gboolean jumped = FALSE;

      while (!jumped && practice_rows_next (rows))
        {
          const char *key = practice_rows_text (rows, 0);
          const char *end;

          if (strncmp (key, listing->prefix, prefix_length) != 0)
            return;

          if (page->count == listing->limit)
            {
              page->truncated = TRUE;

              return;
            }

          page->count++;
          end = listing->delimiter != NULL ? strstr (key + prefix_length, listing->delimiter) : NULL;
          if (end == NULL)
            {
              append_object (practice, listing, rows, page->contents);
              g_set_str (&page->last, key);
            }
          else
            {
              g_autofree char *common = g_strndup (key, end - key + strlen (listing->delimiter));

              g_string_append (page->prefixes, "<CommonPrefixes>");
              practice_s3_append_name (page->prefixes, "Prefix", common, listing->encode);
              g_string_append (page->prefixes, "</CommonPrefixes>");
              g_set_str (&page->last, common);
              g_free (start);
              start = after_prefix (common);
              inclusive = TRUE;
              jumped = TRUE;
            }
        }

      if (!jumped)
        return;
    }
}

static gboolean
read_listing (PracticeCall *call,
              Listing      *listing)
{
  const char *delimiter = practice_call_get_query (call, "delimiter");

  listing->prefix = practice_call_get_query (call, "prefix");
  if (listing->prefix == NULL)
    listing->prefix = "";
  listing->delimiter = delimiter != NULL && *delimiter != '\0' ? delimiter : NULL;
  listing->limit = S3_MOST_KEYS;

  return practice_s3_get_limit (call, "max-keys", &listing->limit) &&
         practice_s3_get_encoding (call, &listing->encode);
}

static void
append_head (GString       *xml,
             const char    *bucket,
             const Listing *listing,
             const Page    *page)
{
  aws_xml_append_element (xml, "Name", bucket);
  practice_s3_append_name (xml, "Prefix", listing->prefix, listing->encode);
  practice_s3_append_name (xml, "Delimiter", listing->delimiter, listing->encode);
  g_string_append_printf (xml, "<MaxKeys>%u</MaxKeys>", listing->limit);
  if (listing->encode)
    g_string_append (xml, "<EncodingType>url</EncodingType>");
  /* a page of no keys is always the last one */
  aws_xml_append_element (xml, "IsTruncated", page->truncated && listing->limit > 0 ? "true" : "false");
}

void
practice_s3_list_objects (PracticeCall *call,
                          const char   *bucket,
                          const char   *key)
{
  g_autoptr(GString) xml = g_string_new ("<ListBucketResult xmlns=\"" S3_XMLNS "\">");
  g_auto(Page) page = { g_string_new (NULL), g_string_new (NULL), };
  Listing listing = { .owner = TRUE };

  if (!read_listing (call, &listing))
    return;

  listing.after = practice_call_get_query (call, "marker");
  collect_page (call->practice, bucket, &listing, &page);
  append_head (xml, bucket, &listing, &page);
  practice_s3_append_name (xml, "Marker", listing.after != NULL ? listing.after : "", listing.encode);
  /* without a delimiter, the last key says as much */
  if (page.truncated && listing.delimiter != NULL)
    practice_s3_append_name (xml, "NextMarker", page.last, listing.encode);
  g_string_append_printf (xml, "%s%s</ListBucketResult>", page.contents->str, page.prefixes->str);

  practice_call_answer_xml (call, 200, xml->str);
}

/* A token is opaque to clients: here, the base64 of where to go on */
static gboolean
read_token (PracticeCall  *call,
            char         **after)
{
  const char *token = practice_call_get_query (call, "continuation-token");
  gsize length = 0;

  if (token == NULL)
    return TRUE;

  *after = (char *) g_base64_decode (token, &length);
  if (length > 1 && (*after)[0] == '1')
    {
      char *text = g_strndup (*after + 1, length - 1);

      g_free (*after);
      *after = text;
      if (g_utf8_validate (text, -1, NULL))
        return TRUE;
    }

  practice_s3_answer_argument (call, "continuation-token", token, "The continuation token provided is incorrect");

  return FALSE;
}

void
practice_s3_list_objects_v2 (PracticeCall *call,
                             const char   *bucket,
                             const char   *key)
{
  g_autoptr(GString) xml = g_string_new ("<ListBucketResult xmlns=\"" S3_XMLNS "\">");
  g_auto(Page) page = { g_string_new (NULL), g_string_new (NULL), };
  g_autofree char *token_after = NULL;
  const char *start_after = practice_call_get_query (call, "start-after");
  const char *type = practice_call_get_query (call, "list-type");
  Listing listing = { .owner = g_strcmp0 (practice_call_get_query (call, "fetch-owner"), "true") == 0 };

  if (!g_str_equal (type, "2"))
    {
      practice_s3_answer_argument (call, "list-type", type, "Invalid List Type specified in Request");

      return;
    }

  if (!read_listing (call, &listing) || !read_token (call, &token_after))
    return;

  listing.after = token_after != NULL ? token_after : start_after;
  collect_page (call->practice, bucket, &listing, &page);
  append_head (xml, bucket, &listing, &page);
  g_string_append_printf (xml, "<KeyCount>%u</KeyCount>", page.count);
  aws_xml_append_element (xml, "ContinuationToken", practice_call_get_query (call, "continuation-token"));
  practice_s3_append_name (xml, "StartAfter", start_after, listing.encode);
  if (page.truncated && listing.limit > 0)
    {
      g_autofree char *text = g_strconcat ("1", page.last, NULL);
      g_autofree char *token = g_base64_encode ((const guchar *) text, strlen (text));

      aws_xml_append_element (xml, "NextContinuationToken", token);
    }
  g_string_append_printf (xml, "%s%s</ListBucketResult>", page.contents->str, page.prefixes->str);

  practice_call_answer_xml (call, 200, xml->str);
}

void
practice_s3_list_versions (PracticeCall *call,
                           const char   *bucket,
                           const char   *key)
{
  g_autoptr(GString) xml = g_string_new ("<ListVersionsResult xmlns=\"" S3_XMLNS "\">");
  g_auto(Page) page = { g_string_new (NULL), g_string_new (NULL), };
  Listing listing = { .owner = TRUE, .versions = TRUE };

  if (!read_listing (call, &listing))
    return;

  listing.after = practice_call_get_query (call, "key-marker");
  collect_page (call->practice, bucket, &listing, &page);
  append_head (xml, bucket, &listing, &page);
  practice_s3_append_name (xml, "KeyMarker", listing.after != NULL ? listing.after : "", listing.encode);
  g_string_append (xml, "<VersionIdMarker/>");
  if (page.truncated)
    {
      practice_s3_append_name (xml, "NextKeyMarker", page.last, listing.encode);
      g_string_append (xml, "<NextVersionIdMarker>null</NextVersionIdMarker>");
    }
  g_string_append_printf (xml, "%s%s</ListVersionsResult>", page.contents->str, page.prefixes->str);

  practice_call_answer_xml (call, 200, xml->str);
}
