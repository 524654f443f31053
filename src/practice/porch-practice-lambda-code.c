/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-lambda.h"

/* The code of functions. What a template has is text; what is uploaded is an archive and goes before it. */

#define UNPACKED_LIMIT (G_GINT64_CONSTANT (262144000))
#define TEXT_LIMIT     (8 * 1024 * 1024)

static gboolean
refuse (GError     **error,
        const char  *message)
{
  return practice_refuse_as (error, 400, "InvalidParameterValueException", "%s", message);
}

gboolean
practice_lambda_code_init (Practice  *practice,
                           GError   **error)
{
  return practice_db_script (practice->db,
                             "CREATE TABLE IF NOT EXISTS function_code (region TEXT NOT NULL, name TEXT NOT NULL, archive BLOB NOT NULL,"
                             "  PRIMARY KEY (region, name));",
                             error);
}

gboolean
practice_lambda_code_put (Practice    *practice,
                          const char  *region,
                          const char  *name,
                          GBytes      *archive,
                          GError     **error)
{
  return practice_db_run (practice->db, error, "INSERT OR REPLACE INTO function_code VALUES (?, ?, ?)", "ssb", region, name, archive);
}

gboolean
practice_lambda_code_forget (Practice    *practice,
                             const char  *region,
                             const char  *name,
                             GError     **error)
{
  return practice_db_run (practice->db, error, "DELETE FROM function_code WHERE region = ? AND name = ?", "ss", region, name);
}

static GBytes *
lookup_archive (Practice         *practice,
                PracticeResource *function)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT archive FROM function_code WHERE region = ? AND name = ?",
                                                    "ss", function->region, function->id);

  return practice_rows_next (rows) ? practice_rows_dup_bytes (rows, 0) : NULL;
}

static const char *
get_inline (PracticeResource *function)
{
  const char *code = practice_property_string (aws_json_get_object (function->properties, "Code"), "ZipFile");

  return code != NULL ? code : "";
}

/* Inline code of Node.js is called index.js, that of Python index.py. */
static const char *
get_inline_name (PracticeResource *function)
{
  const char *runtime = practice_property_string (function->properties, "Runtime");

  return runtime != NULL && g_str_has_prefix (runtime, "python") ? "index.py" : "index.js";
}

GBytes *
practice_lambda_code_dup_archive (Practice         *practice,
                                  PracticeResource *function)
{
  GBytes *uploaded = lookup_archive (practice, function);
  const char *code = get_inline (function);
  gsize size = strlen (code), used = 0, room = size + 4096;
  struct archive_entry *entry;
  struct archive *archive;
  guchar *data;

  if (uploaded != NULL)
    return uploaded;

  data = g_malloc (room);
  archive = archive_write_new ();
  archive_write_set_format_zip (archive);
  archive_write_set_bytes_per_block (archive, 0);
  archive_write_open_memory (archive, data, room, &used);
  entry = archive_entry_new ();
  archive_entry_set_pathname (entry, get_inline_name (function));
  archive_entry_set_size (entry, size);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  /* Always the same, so that the sum is */
  archive_entry_set_mtime (entry, 315532800, 0);
  archive_write_header (archive, entry);
  archive_write_data (archive, code, size);
  archive_write_close (archive);
  archive_entry_free (entry);
  archive_write_free (archive);

  return g_bytes_new_take (data, used);
}

static gboolean
is_text_name (const char *name)
{
  return g_str_has_suffix (name, ".js") || g_str_has_suffix (name, ".cjs") || g_str_has_suffix (name, ".json");
}

/* Reads what the entry has; FALSE when it is damaged or too much. */
static gboolean
read_entry (struct archive *archive,
            GString        *text,
            gint64         *total)
{
  char buffer[65536];
  la_ssize_t length;

  while ((length = archive_read_data (archive, buffer, sizeof buffer)) > 0)
    {
      *total += length;
      if (*total > UNPACKED_LIMIT || (text != NULL && text->len + length > TEXT_LIMIT))
        return FALSE;
      if (text != NULL)
        g_string_append_len (text, buffer, length);
    }

  return length == 0;
}

static gboolean
unpack (GBytes      *bytes,
        GHashTable  *files,
        GError     **error)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  gint64 total = 0;
  int result;
  gboolean good;

  archive_read_support_format_zip (archive);
  good = size > 0 && archive_read_open_memory (archive, data, size) == ARCHIVE_OK;
  while (good && (result = archive_read_next_header (archive, &entry)) != ARCHIVE_EOF)
    {
      const char *name = result >= ARCHIVE_WARN ? archive_entry_pathname (entry) : NULL;
      g_autoptr(GString) text = name != NULL && is_text_name (name) ? g_string_new (NULL) : NULL;

      good = name != NULL && read_entry (archive, text, &total);
      if (good && text != NULL && g_utf8_validate (text->str, text->len, NULL))
        g_hash_table_replace (files, g_strdup (g_str_has_prefix (name, "./") ? name + 2 : name), g_strdup (text->str));
    }
  archive_read_free (archive);

  if (total > UNPACKED_LIMIT)
    return refuse (error, "Unzipped size must be smaller than 262144000 bytes");

  return good || refuse (error, "Could not unzip uploaded file. Please check your file, then try to upload again.");
}

gboolean
practice_lambda_code_check (GBytes  *archive,
                            GError **error)
{
  g_autoptr(GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return unpack (archive, files, error);
}

GHashTable *
practice_lambda_code_load (Practice          *practice,
                           PracticeResource  *function,
                           GError           **error)
{
  g_autoptr(GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GBytes) archive = lookup_archive (practice, function);

  if (archive == NULL)
    g_hash_table_insert (files, g_strdup (get_inline_name (function)), g_strdup (get_inline (function)));
  else if (!unpack (archive, files, error))
    return NULL;

  return g_steal_pointer (&files);
}
