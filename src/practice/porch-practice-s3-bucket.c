/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-s3-private.h"

#include "aws-xml.h"

static void
append_owner (GString    *xml,
              const char *element,
              Practice   *practice)
{
  g_autofree char *id = g_compute_checksum_for_string (G_CHECKSUM_SHA256, practice->account, -1);

  g_string_append_printf (xml, "<%s><ID>%s</ID></%s>", element, id, element);
}

void
practice_s3_list_buckets (PracticeCall *call,
                          const char   *bucket,
                          const char   *key)
{
  g_autoptr(GString) xml = g_string_new ("<ListAllMyBucketsResult xmlns=\"" S3_XMLNS "\">");
  const char *prefix = practice_call_get_query (call, "prefix");
  const char *region = practice_call_get_query (call, "bucket-region");
  const char *after = practice_call_get_query (call, "continuation-token");
  guint limit = 10000;
  guint count = 0;
  g_autofree char *last = NULL;
  g_autoptr(PracticeRows) rows = NULL;

  if (g_hash_table_contains (call->query, "max-buckets") && !practice_s3_get_limit (call, "max-buckets", &limit))
    return;

  append_owner (xml, "Owner", call->practice);
  g_string_append (xml, "<Buckets>");
  rows = practice_db_query (call->practice->db, "SELECT name, created, region FROM buckets WHERE name > ? ORDER BY name", "s",
                            after != NULL ? after : "");
  while (practice_rows_next (rows))
    {
      g_autofree char *created = practice_format_time (practice_rows_int (rows, 1));
      const char *name = practice_rows_text (rows, 0);

      if ((prefix != NULL && !g_str_has_prefix (name, prefix)) ||
          (region != NULL && !g_str_equal (practice_rows_text (rows, 2), region)))
        continue;
      if (count++ == limit)
        break;

      g_string_append (xml, "<Bucket>");
      aws_xml_append_element (xml, "Name", name);
      aws_xml_append_element (xml, "CreationDate", created);
      if (g_hash_table_size (call->query) > 0)
        aws_xml_append_element (xml, "BucketRegion", practice_rows_text (rows, 2));
      g_string_append (xml, "</Bucket>");
      g_set_str (&last, name);
    }
  g_string_append (xml, "</Buckets>");
  if (count > limit)
    aws_xml_append_element (xml, "ContinuationToken", last);
  g_string_append (xml, "</ListAllMyBucketsResult>");

  practice_call_answer_xml (call, 200, xml->str);
}

static gboolean
is_region (const char *text)
{
  return g_regex_match_simple ("^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(central|north|south|east|west|northeast|northwest|southeast|southwest)-[1-9]$",
                               text, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/* The region that is asked for: it must be the one of the endpoint, but at us-east-1, the global one. */
static char *
choose_region (PracticeCall *call)
{
  g_autoptr(AwsXml) xml = NULL;
  g_autofree char *wanted = NULL;

  if (g_bytes_get_size (call->body) > 0)
    {
      if (!practice_s3_parse_body (call, "CreateBucketConfiguration", (gpointer *) &xml))
        return NULL;
      wanted = aws_xml_node_dup_text (aws_xml_get_root (xml), "LocationConstraint");
      if (wanted != NULL && *wanted == '\0')
        g_clear_pointer (&wanted, g_free);
    }

  if (wanted == NULL && g_str_equal (call->region, "us-east-1"))
    return g_strdup (call->region);

  if (wanted == NULL)
    {
      practice_call_answer_error (call, 400, "IllegalLocationConstraintException",
                                  "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.");

      return NULL;
    }

  /* "EU" is the name of old for Ireland */
  if (g_str_equal (wanted, "EU"))
    g_set_str (&wanted, "eu-west-1");

  if (!is_region (wanted) || g_str_equal (wanted, "us-east-1"))
    {
      g_autoptr(GString) extra = g_string_new (NULL);

      aws_xml_append_element (extra, "LocationConstraint", wanted);
      practice_call_answer_error_extra (call, 400, "InvalidLocationConstraint", extra->str, NULL,
                                        "The specified location-constraint is not valid");

      return NULL;
    }

  if (!g_str_equal (wanted, call->region) && !g_str_equal (call->region, "us-east-1"))
    {
      practice_call_answer_error (call, 400, "IllegalLocationConstraintException",
                                  "The %s location constraint is incompatible for the region specific endpoint this request was sent to.",
                                  wanted);

      return NULL;
    }

  return g_steal_pointer (&wanted);
}

void
practice_s3_put_bucket (PracticeCall *call,
                        const char   *bucket,
                        const char   *key)
{
  g_autofree char *region = NULL;
  g_autofree char *present = practice_s3_dup_bucket_region (call->practice, bucket);
  g_autofree char *location = g_strconcat ("/", bucket, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) extra = g_string_new (NULL);

  if (!practice_s3_check_integrity (call, FALSE) || !(region = choose_region (call)))
    return;

  /* creating again is no error in the oldest region */
  if ((present != NULL && g_str_equal (present, "us-east-1") && g_str_equal (region, "us-east-1")) ||
      practice_s3_create_bucket (call->practice, bucket, region, &error))
    {
      practice_call_set_header (call, "Location", location);
      practice_call_answer_empty (call, 200);
    }
  else if (g_error_matches (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_INVALID_NAME))
    {
      aws_xml_append_element (extra, "BucketName", bucket);
      practice_call_answer_error_extra (call, 400, "InvalidBucketName", extra->str, NULL, error->message);
    }
  else if (g_error_matches (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_EXISTS))
    {
      aws_xml_append_element (extra, "BucketName", bucket);
      practice_call_answer_error_extra (call, 409, "BucketAlreadyOwnedByYou", extra->str, NULL, error->message);
    }
  else
    {
      practice_call_answer_internal (call, error);
    }
}

void
practice_s3_head_bucket (PracticeCall *call,
                         const char   *bucket,
                         const char   *key)
{
  g_autofree char *region = practice_s3_dup_bucket_region (call->practice, bucket);

  if (!practice_s3_check_bucket (call, bucket))
    return;

  practice_call_set_header (call, "x-amz-bucket-region", region);
  practice_call_set_header (call, "Content-Type", "application/xml");
  practice_call_answer_empty (call, 200);
}

void
practice_s3_remove_bucket (PracticeCall *call,
                           const char   *bucket,
                           const char   *key)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) extra = g_string_new (NULL);

  aws_xml_append_element (extra, "BucketName", bucket);
  if (practice_s3_delete_bucket (call->practice, bucket, &error))
    practice_call_answer_empty (call, 204);
  else if (g_error_matches (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_NOT_EMPTY))
    practice_call_answer_error_extra (call, 409, "BucketNotEmpty", extra->str, NULL, error->message);
  else
    practice_call_answer_internal (call, error);
}

void
practice_s3_get_location (PracticeCall *call,
                          const char   *bucket,
                          const char   *key)
{
  g_autofree char *region = practice_s3_dup_bucket_region (call->practice, bucket);
  g_autoptr(GString) xml = g_string_new ("<LocationConstraint xmlns=\"" S3_XMLNS "\">");

  if (region == NULL)
    {
      practice_s3_answer_no_bucket (call, bucket);

      return;
    }

  /* the global endpoint knows where each bucket is; a region knows its own */
  if (!g_str_equal (call->region, "us-east-1") && !practice_s3_check_bucket (call, bucket))
    return;

  if (!g_str_equal (region, "us-east-1"))
    g_string_append (xml, region);
  g_string_append (xml, "</LocationConstraint>");

  practice_call_answer_xml (call, 200, xml->str);
}
