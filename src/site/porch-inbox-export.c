/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-message-private.h"
#include "porch-store-private.h"
#include "porch-thread.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* So many messages are in memory at a time */
#define CHUNK 500

/* Without it a spreadsheet takes the text for one of the old character sets */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

typedef struct
{
  PorchInbox    *inbox;
  GFile         *file;
  GArray        *keys;        /* gint64 of those that are saved; NULL for all */
  GPtrArray     *columns;     /* names of fields, in the order in which they turned up */
  GHashTable    *seen;
  GOutputStream *stream;
  GChecksum     *written;
  PorchRows     *rows;        /* what the thread is to write next */
  gboolean       is_json;
  gboolean       is_first;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_clear_object (&export->inbox);
  g_clear_object (&export->file);
  g_clear_object (&export->stream);
  g_clear_pointer (&export->keys, g_array_unref);
  g_clear_pointer (&export->seen, g_hash_table_unref);
  g_clear_pointer (&export->columns, g_ptr_array_unref);
  g_clear_pointer (&export->written, g_checksum_free);
  g_clear_pointer (&export->rows, porch_rows_unref);
  g_free (export);
}

/* What makes a spreadsheet compute, also in the wide forms that it reads the same */
static gboolean
is_formula_sign (const char *text)
{
  static const gunichar signs[] = { '=', '+', '-', '@', '\t', '\r', '\n', 0xff1d, 0xff0b, 0xff0d, 0xff20 };
  gunichar sign = g_utf8_get_char (text);

  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (sign == signs[i])
      return TRUE;

  return FALSE;
}

/* A cell that begins like a formula would be computed by a spreadsheet, and visitors write what they like. One that takes
 * semicolons, tabs or line ends for the ends of cells would find a beginning behind each of them. */
static void
append_cell (GString    *csv,
             const char *text)
{
  gboolean begins = TRUE;

  g_string_append_c (csv, '"');

  for (const char *sign = text != NULL ? text : ""; *sign != '\0'; sign = g_utf8_next_char (sign))
    {
      if (begins && is_formula_sign (sign) && (sign == text || strchr ("\t\r\n", *sign) == NULL))
        g_string_append_c (csv, '\'');

      /* Spaces and quotes are looked through */
      begins = strchr (";,|\t\r\n", *sign) != NULL || (begins && strchr (" \"'", *sign) != NULL);

      if (*sign == '"')
        g_string_append_c (csv, '"');

      g_string_append_len (csv, sign, g_utf8_next_char (sign) - sign);
    }

  g_string_append_c (csv, '"');
}

static const char *
find_value (GListModel *fields,
            const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);

      if (g_str_equal (porch_field_get_name (field), name))
        return porch_field_get_value (field);
    }

  return NULL;
}

static const char *
yes_or_no (gboolean value)
{
  return value ? "true" : "false";
}

/* What is known of every message comes first; a field of the same name steps aside */
static const char * const own_columns[] = { "id", "received", "page", "form", "unread", "archived", "spam", "mail", NULL };

static void
append_header (GString   *csv,
               GPtrArray *columns)
{
  g_string_append (csv, BYTE_ORDER_MARK);

  for (guint i = 0; own_columns[i] != NULL; i++)
    {
      g_string_append (csv, i > 0 ? "," : "");
      append_cell (csv, own_columns[i]);
    }

  for (guint i = 0; i < columns->len; i++)
    {
      const char *name = g_ptr_array_index (columns, i);
      g_autofree char *other = g_strdup_printf ("%s (field)", name);

      g_string_append_c (csv, ',');
      append_cell (csv, g_strv_contains (own_columns, name) ? other : name);
    }

  g_string_append (csv, "\r\n");
}

static void
append_line (GString      *csv,
             PorchMessage *message,
             GPtrArray    *columns)
{
  g_autofree char *received = g_date_time_format_iso8601 (porch_message_get_received (message));
  const char *cells[] = { porch_message_get_id (message), received, porch_message_get_page (message),
                          porch_message_get_form (message), yes_or_no (porch_message_get_unread (message)),
                          yes_or_no (porch_message_get_archived (message)), yes_or_no (porch_message_get_spam (message)),
                          porch_mail_state_to_string (porch_message_get_mail_state (message)) };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_string_append (csv, i > 0 ? "," : "");
      append_cell (csv, cells[i]);
    }

  for (guint i = 0; i < columns->len; i++)
    {
      g_string_append_c (csv, ',');
      append_cell (csv, find_value (porch_message_get_fields (message), g_ptr_array_index (columns, i)));
    }

  g_string_append (csv, "\r\n");
}

static void
append_object (GString      *text,
               PorchMessage *message,
               gboolean      is_first)
{
  g_autoptr(JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *object = NULL;

  json_node_take_object (root, porch_message_to_json (message));
  object = json_to_string (root, TRUE);
  g_string_append (text, is_first ? "\n" : ",\n");
  g_string_append (text, object);
}

static gboolean
write_text (Export      *export,
            GString     *text,
            GError     **error)
{
  g_checksum_update (export->written, (const guchar *) text->str, text->len);

  return g_output_stream_write_all (export->stream, text->str, text->len, NULL, NULL, error);
}

/* The next messages, and before the first of them what stands at the beginning */
static gboolean
write_rows (gpointer   data,
            GError   **error)
{
  Export *export = data;
  g_autoptr(GString) text = g_string_new (NULL);

  if (export->is_first && export->is_json)
    g_string_append_c (text, '[');
  else if (export->is_first)
    append_header (text, export->columns);

  for (guint i = 0; i < porch_rows_get_length (export->rows); i++)
    {
      g_autoptr(PorchMessage) message = porch_message_new_from_row (export->rows, i);

      if (export->is_json)
        append_object (text, message, export->is_first);
      else
        append_line (text, message, export->columns);

      export->is_first = FALSE;
    }

  export->is_first = FALSE;

  return write_text (export, text, error);
}

static gboolean
begin_file (gpointer   data,
            GError   **error)
{
  Export *export = data;
  GFileOutputStream *stream = g_file_replace (export->file, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, error);

  export->stream = stream != NULL ? G_OUTPUT_STREAM (stream) : NULL;

  return stream != NULL;
}

/* What is there already stays as it is */
static gboolean
give_up_file (gpointer   data,
              GError   **error)
{
  Export *export = data;
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();

  g_cancellable_cancel (cancelled);

  if (export->stream != NULL)
    g_output_stream_close (export->stream, cancelled, NULL);

  return TRUE;
}

/* Messages may be deleted next, so what is on the disk is read once more */
static gboolean
end_file (gpointer   data,
          GError   **error)
{
  Export *export = data;
  g_autoptr(GString) end = g_string_new (export->is_json ? "\n]\n" : "");
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GChecksum) read = g_checksum_new (G_CHECKSUM_SHA256);
  guchar buffer[16384];
  gssize size;

  if (!write_text (export, end, error) ||
      !g_output_stream_close (export->stream, NULL, error) ||
      !(stream = g_file_read (export->file, NULL, error)))
    return FALSE;

  while ((size = g_input_stream_read (G_INPUT_STREAM (stream), buffer, sizeof buffer, NULL, error)) > 0)
    g_checksum_update (read, buffer, size);

  if (size == 0 && !g_str_equal (g_checksum_get_string (read), g_checksum_get_string (export->written)))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_EXPORT, _("it is not as it was written"));
      return FALSE;
    }

  return size == 0;
}

static void
add_columns (Export    *export,
             PorchRows *rows)
{
  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    {
      const char *name = porch_rows_get_string (rows, i, 0);

      if (name != NULL && !g_hash_table_contains (export->seen, name))
        {
          g_ptr_array_add (export->columns, g_strdup (name));
          g_hash_table_add (export->seen, g_ptr_array_index (export->columns, export->columns->len - 1));
        }
    }
}

static char *
format_chunk (Export *export,
              guint   from)
{
  return porch_inbox_list_format_keys (&g_array_index (export->keys, gint64, from), MIN (CHUNK, export->keys->len - from));
}

static gboolean
await_columns (Export  *export,
               GError **error)
{
  for (guint from = 0; from < export->keys->len; from += CHUNK)
    {
      g_autofree char *keys = format_chunk (export, from);
      g_autoptr(PorchRows) rows = NULL;

      rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (export->inbox),
                                                 "SELECT json_extract (f.value, '$[0]') AS column_name"
                                                 " FROM messages m, json_each (m.fields) f"
                                                 " WHERE m.key IN (SELECT value FROM json_each (?)) AND json_valid (m.fields)"
                                                 " GROUP BY column_name ORDER BY min (m.received * 1000 + f.key)", "s", keys), error);

      if (rows == NULL)
        return FALSE;

      add_columns (export, rows);
    }

  return TRUE;
}

static gboolean
await_keys (Export  *export,
            GError **error)
{
  g_autoptr(PorchRows) rows = NULL;

  if (export->keys != NULL)
    return TRUE;

  rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (export->inbox),
                                             "SELECT key FROM messages WHERE site = ? AND deleted = 0 ORDER BY received, id", "s",
                                             porch_inbox_get_site_id (export->inbox)), error);

  if (rows == NULL)
    return FALSE;

  export->keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    {
      gint64 key = porch_rows_get_int (rows, i, 0);

      g_array_append_val (export->keys, key);
    }

  return TRUE;
}

static gboolean
await_written (Export  *export,
               guint   *count,
               GError **error)
{
  guint from = 0;

  /* Once at least, for what stands at the beginning */
  do
    {
      g_autofree char *keys = format_chunk (export, from);

      g_clear_pointer (&export->rows, porch_rows_unref);
      export->rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (export->inbox),
                                                         "SELECT " PORCH_MESSAGE_COLUMNS " FROM messages WHERE deleted = 0"
                                                         " AND key IN (SELECT value FROM json_each (?)) ORDER BY received, id",
                                                         "s", keys), error);

      if (export->rows == NULL || !dex_await (porch_thread_run (write_rows, export, NULL), error))
        return FALSE;

      *count += porch_rows_get_length (export->rows);
      from += CHUNK;
    }
  while (from < export->keys->len);

  return dex_await (porch_thread_run (end_file, export, NULL), error);
}

static void
explain (Export  *export,
         GError **error)
{
  g_autofree char *name = g_file_get_parse_name (export->file);
  g_autoptr(GError) cause = g_steal_pointer (error);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DISK_FULL, _("There is no room left on the disk."));
  else
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_EXPORT, _("“%s” can’t be written (%s)."), name, cause->message);
}

static DexFuture *
export_fiber (gpointer user_data)
{
  Export *export = user_data;
  g_autoptr(GError) error = NULL;
  guint count = 0;

  if (!await_keys (export, &error) || (!export->is_json && !await_columns (export, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (!dex_await (porch_thread_run (begin_file, export, NULL), &error) || !await_written (export, &count, &error))
    {
      dex_await (porch_thread_run (give_up_file, export, NULL), NULL);
      explain (export, &error);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_for_uint (count);
}

static DexFuture *
begin_export (PorchInbox *self,
              GFile      *file,
              GArray     *keys)
{
  g_autofree char *name = g_file_get_basename (file);
  Export *export;

  if (!g_str_has_suffix (name, ".csv") && !g_str_has_suffix (name, ".json"))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_EXPORT, "%s",
                                  _("The name of the file has to end in .csv or .json."));

  export = g_new0 (Export, 1);
  export->inbox = g_object_ref (self);
  export->file = g_object_ref (file);
  export->keys = keys != NULL ? g_array_ref (keys) : NULL;
  export->columns = g_ptr_array_new_with_free_func (g_free);
  export->seen = g_hash_table_new (g_str_hash, g_str_equal);
  export->written = g_checksum_new (G_CHECKSUM_SHA256);
  export->is_json = g_str_has_suffix (name, ".json");
  export->is_first = TRUE;

  return porch_fiber_spawn (export_fiber, export, export_free, NULL);
}

/**
 * porch_inbox_export:
 * @self: an inbox
 * @file: where to; its name ends in `.csv` or `.json`
 *
 * Saves all messages of the site that this computer knows: as a table for spreadsheets, in which no cell can be taken for a
 * formula, or as JSON with the fields as they were sent. What was written is read back and compared.
 *
 * Returns: (transfer full): a future that resolves to the number of messages, a guint; rejected with %PORCH_ERROR_EXPORT or
 *   %PORCH_ERROR_DISK_FULL
 */
DexFuture *
porch_inbox_export (PorchInbox *self,
                    GFile      *file)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (G_IS_FILE (file));

  return begin_export (self, file, NULL);
}

/**
 * porch_inbox_export_shown:
 * @self: an inbox whose list is loaded
 * @file: where to; its name ends in `.csv` or `.json`
 *
 * As [method@Porch.Inbox.export], but only what the list shows at the moment.
 *
 * Returns: (transfer full): a future that resolves to the number of messages, a guint
 */
DexFuture *
porch_inbox_export_shown (PorchInbox *self,
                          GFile      *file)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (G_IS_FILE (file));

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->messages)); i > 0; i--)
    {
      gint64 key = porch_inbox_list_get_key (self->messages, i - 1);

      g_array_append_val (keys, key);
    }

  return begin_export (self, file, keys);
}
