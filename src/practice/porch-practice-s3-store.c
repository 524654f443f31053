/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-s3-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "aws-json.h"
#include "porch-practice-policy.h"

/* Bodies are files below objects/, written once and never changed; a row says which of them make an object. The row is
 * written when the bytes are there, and a file that no row names is nobody's: it is removed at the next start. */

#define FILE_ALPHABET "abcdefghijklmnopqrstuvwxyz234567"

G_DEFINE_QUARK (practice-s3-error-quark, practice_s3_error)

static const char * const property_names[] = {
  "contentType", "cacheControl", "contentEncoding", "contentDisposition", "contentLanguage", "expires", "storageClass",
};

static char **
property_field (PracticeObject *object,
                guint           index)
{
  char **fields[] = {
    &object->content_type, &object->cache_control, &object->content_encoding, &object->content_disposition,
    &object->content_language, &object->expires, &object->storage_class,
  };

  return fields[index];
}

PracticeObject *
practice_object_new (const char *bucket,
                     const char *key)
{
  PracticeObject *object = g_new0 (PracticeObject, 1);

  g_ref_count_init (&object->ref_count);
  object->bucket = g_strdup (bucket);
  object->key = g_strdup (key);
  object->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return object;
}

PracticeObject *
practice_object_ref (PracticeObject *object)
{
  g_ref_count_inc (&object->ref_count);

  return object;
}

void
practice_object_unref (PracticeObject *object)
{
  if (!g_ref_count_dec (&object->ref_count))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (property_names); i++)
    g_free (*property_field (object, i));
  g_hash_table_unref (object->metadata);
  g_free (object->bucket);
  g_free (object->key);
  g_free (object->etag);
  g_free (object->tags);
  g_free (object->checksum_algorithm);
  g_free (object->checksum);
  g_free (object->checksum_type);
  g_free (object->segments);
  g_free (object);
}

char *
practice_object_dup_properties (PracticeObject *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *properties = json_object_new ();
  JsonObject *metadata = json_object_new ();
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  json_node_take_object (node, properties);
  for (guint i = 0; i < G_N_ELEMENTS (property_names); i++)
    if (*property_field (object, i) != NULL)
      json_object_set_string_member (properties, property_names[i], *property_field (object, i));
  if (object->tags != NULL)
    json_object_set_string_member (properties, "tags", object->tags);

  g_hash_table_iter_init (&iter, object->metadata);
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (metadata, name, value);
  json_object_set_object_member (properties, "metadata", metadata);

  return json_to_string (node, FALSE);
}

void
practice_object_set_properties (PracticeObject *object,
                                const char     *properties)
{
  g_autoptr(JsonNode) node = json_from_string (properties, NULL);
  JsonObject *members = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObject *metadata;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (members == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (property_names); i++)
    g_set_str (property_field (object, i), aws_json_get_string (members, property_names[i]));
  g_set_str (&object->tags, aws_json_get_string (members, "tags"));

  g_hash_table_remove_all (object->metadata);
  metadata = aws_json_get_object (members, "metadata");
  if (metadata == NULL)
    return;

  json_object_iter_init (&iter, metadata);
  while (json_object_iter_next (&iter, &name, &value))
    g_hash_table_insert (object->metadata, g_strdup (name), g_strdup (json_node_get_string (value)));
}

/* Files */

char *
practice_s3_new_file (Practice *practice)
{
  return practice_random_id (26, FILE_ALPHABET);
}

char *
practice_s3_file_path (Practice   *practice,
                       const char *file)
{
  return g_build_filename (practice->objects_folder, file, NULL);
}

/* Calls "file:size" apart; returns FALSE at the end. */
static gboolean
next_segment (const char **segments,
              char       **file,
              gint64      *size)
{
  const char *colon = *segments != NULL ? strchr (*segments, ':') : NULL;
  char *end;

  if (colon == NULL)
    return FALSE;

  *file = g_strndup (*segments, colon - *segments);
  *size = g_ascii_strtoll (colon + 1, &end, 10);
  *segments = *end == ' ' ? end + 1 : end;

  return TRUE;
}

void
practice_s3_forget_segments (Practice   *practice,
                             const char *segments)
{
  char *file;
  gint64 size;

  while (next_segment (&segments, &file, &size))
    {
      g_autofree char *path = practice_s3_file_path (practice, file);

      g_unlink (path);
      g_free (file);
    }
}

char *
practice_s3_link_segments (Practice    *practice,
                           const char  *segments,
                           GError     **error)
{
  g_autoptr(GString) links = g_string_new (NULL);
  char *file;
  gint64 size;

  while (next_segment (&segments, &file, &size))
    {
      g_autofree char *owned = file;
      g_autofree char *old = practice_s3_file_path (practice, owned);
      g_autofree char *name = practice_s3_new_file (practice);
      g_autofree char *new = practice_s3_file_path (practice, name);

      if (link (old, new) != 0)
        {
          g_set_error (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_FAILED,
                       "the body can’t be copied: %s", g_strerror (errno));
          practice_s3_forget_segments (practice, links->str);

          return NULL;
        }

      g_string_append_printf (links, "%s%s:%" G_GINT64_FORMAT, links->len > 0 ? " " : "", name, size);
    }

  return g_string_free_and_steal (g_steal_pointer (&links));
}

GPtrArray *
practice_object_read (Practice        *practice,
                      PracticeObject  *object,
                      gint64           offset,
                      gint64           length,
                      GError         **error)
{
  g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  const char *segments = object->segments;
  gint64 left = length < 0 ? object->size - offset : length;
  char *file;
  gint64 size;

  while (left > 0 && next_segment (&segments, &file, &size))
    {
      g_autofree char *path = practice_s3_file_path (practice, file);
      g_autoptr(GMappedFile) mapped = NULL;
      g_autoptr(GBytes) whole = NULL;
      gint64 part;

      g_free (file);
      if (offset >= size)
        {
          offset -= size;
          continue;
        }

      if (!(mapped = g_mapped_file_new (path, FALSE, error)))
        return NULL;

      whole = g_mapped_file_get_bytes (mapped);
      if ((gint64) g_bytes_get_size (whole) != size)
        {
          g_set_error_literal (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_FAILED, "the file of the object was changed");

          return NULL;
        }

      part = MIN (size - offset, left);
      g_ptr_array_add (pieces, g_bytes_new_from_bytes (whole, offset, part));
      left -= part;
      offset = 0;
    }

  return g_steal_pointer (&pieces);
}

GBytes *
practice_object_dup_body (Practice        *practice,
                          PracticeObject  *object,
                          GError         **error)
{
  g_autoptr(GPtrArray) pieces = practice_object_read (practice, object, 0, -1, error);
  g_autoptr(GByteArray) all = NULL;

  if (pieces == NULL)
    return NULL;
  if (pieces->len == 1)
    return g_bytes_ref (g_ptr_array_index (pieces, 0));

  all = g_byte_array_new ();
  for (guint i = 0; i < pieces->len; i++)
    {
      GBytes *piece = g_ptr_array_index (pieces, i);

      g_byte_array_append (all, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

/* Rows */

PracticeObject *
practice_s3_lookup (Practice   *practice,
                    const char *bucket,
                    const char *key)
{
  g_autoptr(PracticeRows) rows = NULL;
  PracticeObject *object;

  rows = practice_db_query (practice->db,
                            "SELECT etag, size, modified, sum_algorithm, sum, sum_type, segments, properties "
                            "FROM objects WHERE bucket = ? AND key = ?", "ss", bucket, key);
  if (!practice_rows_next (rows))
    return NULL;

  object = practice_object_new (bucket, key);
  object->etag = practice_rows_dup_text (rows, 0);
  object->size = practice_rows_int (rows, 1);
  object->modified = practice_rows_int (rows, 2);
  object->checksum_algorithm = practice_rows_dup_text (rows, 3);
  object->checksum = practice_rows_dup_text (rows, 4);
  object->checksum_type = practice_rows_dup_text (rows, 5);
  object->segments = practice_rows_dup_text (rows, 6);
  practice_object_set_properties (object, practice_rows_text (rows, 7));

  return object;
}

static char *
lookup_segments (Practice   *practice,
                 const char *bucket,
                 const char *key)
{
  return practice_db_lookup (practice->db, "SELECT segments FROM objects WHERE bucket = ? AND key = ?", "ss", bucket, key);
}

gboolean
practice_s3_replace (Practice        *practice,
                     PracticeObject  *object,
                     char           **old,
                     GError         **error)
{
  g_autofree char *properties = practice_object_dup_properties (object);

  *old = lookup_segments (practice, object->bucket, object->key);

  return practice_db_run (practice->db, error,
                          "INSERT OR REPLACE INTO objects (bucket, key, etag, size, modified, sum_algorithm, sum, sum_type,"
                          " segments, properties) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          "sssiisssss", object->bucket, object->key, object->etag, object->size, object->modified,
                          object->checksum_algorithm, object->checksum, object->checksum_type, object->segments, properties);
}

gboolean
practice_s3_save (Practice        *practice,
                  PracticeObject  *object,
                  GError         **error)
{
  g_autofree char *old = NULL;

  if (!practice_s3_replace (practice, object, &old, error))
    return FALSE;

  /* the same segments: only the properties changed */
  if (g_strcmp0 (old, object->segments) != 0)
    practice_s3_forget_segments (practice, old);

  return TRUE;
}

gboolean
practice_s3_remove (Practice    *practice,
                    const char  *bucket,
                    const char  *key,
                    GError     **error)
{
  g_autofree char *old = lookup_segments (practice, bucket, key);

  if (old == NULL)
    return TRUE;

  if (!practice_db_run (practice->db, error, "DELETE FROM objects WHERE bucket = ? AND key = ?", "ss", bucket, key))
    return FALSE;

  practice_s3_forget_segments (practice, old);

  return TRUE;
}

/* Buckets */

gboolean
practice_s3_bucket_exists (Practice   *practice,
                           const char *bucket)
{
  g_autofree char *region = practice_s3_dup_bucket_region (practice, bucket);

  return region != NULL;
}

char *
practice_s3_dup_bucket_region (Practice   *practice,
                               const char *bucket)
{
  return practice_db_lookup (practice->db, "SELECT region FROM buckets WHERE name = ?", "s", bucket);
}

static gboolean
is_bucket_name (const char *name)
{
  static const char * const prefixes[] = { "xn--", "sthree-", "amzn-s3-demo-" };
  static const char * const suffixes[] = { "-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3" };

  if (!g_regex_match_simple ("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", name, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT) ||
      strstr (name, "..") != NULL ||
      g_hostname_is_ip_address (name))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (name, suffixes[i]))
      return FALSE;

  return TRUE;
}

/* Since 2023 every new bucket has them */
static gboolean
set_default_configs (Practice    *practice,
                     const char  *bucket,
                     GError     **error)
{
  static const struct
  {
    const char *setting;
    const char *value;
  } defaults[] = {
    { "public-access-block",
      "{\"BlockPublicAcls\":true,\"IgnorePublicAcls\":true,\"BlockPublicPolicy\":true,\"RestrictPublicBuckets\":true}" },
    { "ownership", "{\"Rules\":[{\"ObjectOwnership\":\"BucketOwnerEnforced\"}]}" },
    { "encryption",
      "{\"ServerSideEncryptionConfiguration\":[{\"ServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"AES256\"},\"BucketKeyEnabled\":false}]}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    {
      g_autoptr(JsonNode) value = json_from_string (defaults[i].value, NULL);

      if (!practice_s3_set_bucket_config (practice, bucket, defaults[i].setting, value, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
practice_s3_create_bucket (Practice    *practice,
                           const char  *bucket,
                           const char  *region,
                           GError     **error)
{
  if (!is_bucket_name (bucket))
    {
      g_set_error_literal (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_INVALID_NAME, "The specified bucket is not valid.");

      return FALSE;
    }

  if (practice_s3_bucket_exists (practice, bucket))
    {
      g_set_error_literal (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_EXISTS,
                           "Your previous request to create the named bucket succeeded and you already own it.");

      return FALSE;
    }

  if (!practice_db_begin (practice->db, error))
    return FALSE;

  if (!practice_db_run (practice->db, error, "INSERT INTO buckets (name, region, created) VALUES (?, ?, ?)",
                        "ssi", bucket, region, practice_now ()) ||
      !set_default_configs (practice, bucket, error))
    {
      practice_db_rollback (practice->db);

      return FALSE;
    }

  return practice_db_commit (practice->db, error);
}

gboolean
practice_s3_delete_bucket (Practice    *practice,
                           const char  *bucket,
                           GError     **error)
{
  g_autofree char *object = NULL;
  g_autofree char *upload = NULL;

  if (!practice_s3_bucket_exists (practice, bucket))
    {
      g_set_error_literal (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_NO_SUCH_BUCKET, "The specified bucket does not exist");

      return FALSE;
    }

  object = practice_db_lookup (practice->db, "SELECT key FROM objects WHERE bucket = ? LIMIT 1", "s", bucket);
  upload = practice_db_lookup (practice->db, "SELECT id FROM uploads WHERE bucket = ? LIMIT 1", "s", bucket);
  if (object != NULL || upload != NULL)
    {
      g_set_error_literal (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_NOT_EMPTY, "The bucket you tried to delete is not empty");

      return FALSE;
    }

  return practice_db_run (practice->db, error, "DELETE FROM buckets WHERE name = ?", "s", bucket);
}

gboolean
practice_s3_set_bucket_config (Practice    *practice,
                               const char  *bucket,
                               const char  *setting,
                               JsonNode    *value,
                               GError     **error)
{
  g_autofree char *problem = NULL;
  g_autofree char *text = NULL;

  if (value == NULL)
    return practice_db_run (practice->db, error, "DELETE FROM bucket_configs WHERE bucket = ? AND setting = ?",
                            "ss", bucket, setting);

  if ((problem = practice_s3_check_config (bucket, setting, value)))
    {
      gboolean policy = g_str_equal (setting, "policy");

      g_set_error_literal (error, PRACTICE_S3_ERROR,
                           policy ? PRACTICE_S3_ERROR_MALFORMED_POLICY : PRACTICE_S3_ERROR_INVALID, problem);

      return FALSE;
    }

  if (g_str_equal (setting, "policy") && practice_s3_policy_is_public (value))
    {
      g_autoptr(JsonNode) block = practice_s3_dup_bucket_config (practice, bucket, "public-access-block");

      if (block != NULL && aws_json_get_bool (json_node_get_object (block), "BlockPublicPolicy"))
        {
          g_set_error_literal (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_ACCESS_DENIED,
                               "public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.");

          return FALSE;
        }
    }

  text = json_to_string (value, FALSE);

  return practice_db_run (practice->db, error, "INSERT OR REPLACE INTO bucket_configs (bucket, setting, value) VALUES (?, ?, ?)",
                          "sss", bucket, setting, text);
}

JsonNode *
practice_s3_dup_bucket_config (Practice   *practice,
                               const char *bucket,
                               const char *setting)
{
  g_autofree char *text = practice_db_lookup (practice->db,
                                              "SELECT value FROM bucket_configs WHERE bucket = ? AND setting = ?",
                                              "ss", bucket, setting);

  return text != NULL ? json_from_string (text, NULL) : NULL;
}

gboolean
practice_s3_policy_allows (Practice   *practice,
                           const char *bucket,
                           const char *key,
                           const char *action,
                           const char *principal_type,
                           const char *principal,
                           GHashTable *context)
{
  g_autoptr(JsonNode) policy = practice_s3_dup_bucket_config (practice, bucket, "policy");
  g_autofree char *arn = practice_s3_arn (bucket, key);
  PracticeAccess access = {
    .principal_type = principal_type,
    .principal = principal,
    .account = practice->account,
    .action = action,
    .resource = arn,
    .context = context,
  };

  return practice_policy_evaluate (policy, PRACTICE_POLICY_RESOURCE, &access) == PRACTICE_DECISION_ALLOW;
}

gboolean
practice_s3_edge_allowed (Practice   *practice,
                          const char *bucket,
                          const char *key,
                          const char *action,
                          const char *distribution_arn)
{
  g_autoptr(GHashTable) context = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (context, (gpointer) "aws:SourceArn", (gpointer) distribution_arn);
  g_hash_table_insert (context, (gpointer) "aws:SourceAccount", practice->account);
  /* there is no TLS on this computer, but nobody to overhear either */
  g_hash_table_insert (context, (gpointer) "aws:SecureTransport", (gpointer) "true");

  return practice_s3_policy_allows (practice, bucket, key, action, "Service", "cloudfront.amazonaws.com", context);
}

/* Start */

static void
add_files (GHashTable *files,
           const char *segments)
{
  char *file;
  gint64 size;

  while (next_segment (&segments, &file, &size))
    g_hash_table_add (files, file);
}

/* What a killed server had begun to write */
static void
remove_orphans (Practice *practice)
{
  g_autoptr(GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GDir) dir = g_dir_open (practice->objects_folder, 0, NULL);
  const char *name;
  guint removed = 0;

  rows = practice_db_query (practice->db, "SELECT segments FROM objects UNION ALL SELECT segments FROM parts", NULL);
  while (practice_rows_next (rows))
    add_files (files, practice_rows_text (rows, 0));

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!g_hash_table_contains (files, name))
      {
        g_autofree char *path = practice_s3_file_path (practice, name);

        g_unlink (path);
        removed++;
      }

  if (removed > 0)
    g_debug ("Removed %u unfinished uploads", removed);
}

gboolean
practice_s3_store_init (Practice  *practice,
                        GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS buckets ("
                           "  name TEXT PRIMARY KEY, region TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS bucket_configs ("
                           "  bucket TEXT NOT NULL REFERENCES buckets ON DELETE CASCADE, setting TEXT NOT NULL,"
                           "  value TEXT NOT NULL, PRIMARY KEY (bucket, setting)) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS objects ("
                           "  bucket TEXT NOT NULL REFERENCES buckets, key TEXT NOT NULL, etag TEXT NOT NULL, size INTEGER NOT NULL,"
                           "  modified INTEGER NOT NULL, sum_algorithm TEXT, sum TEXT, sum_type TEXT,"
                           "  segments TEXT NOT NULL, properties TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;",
                           error) ||
      !practice_s3_multipart_init (practice, error))
    return FALSE;

  remove_orphans (practice);

  return TRUE;
}
