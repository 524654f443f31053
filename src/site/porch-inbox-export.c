/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-message-private.h"
#include "porch-thread.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  PorchInbox *inbox;
  GFile      *file;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_clear_object (&export->inbox);
  g_clear_object (&export->file);
  g_free (export);
}

/* A cell that begins like a formula would be run by a spreadsheet, and visitors write what they like */
static gboolean
is_formula (const char *text)
{
  return strchr ("=+-@\t\r", *text) != NULL && *text != '\0';
}

static void
append_cell (GString    *csv,
             const char *text,
             char        separator)
{
  g_auto(GStrv) parts = NULL;
  g_autofree char *quoted = NULL;

  text = text != NULL ? text : "";
  parts = g_strsplit (text, "\"", -1);
  quoted = g_strjoinv ("\"\"", parts);

  if (is_formula (text) || strpbrk (text, "\",\r\n'") != NULL || g_ascii_isspace (*text))
    g_string_append_printf (csv, "\"%s%s\"", is_formula (text) ? "'" : "", quoted);
  else
    g_string_append (csv, text);

  if (separator != '\0')
    g_string_append_c (csv, separator);
}

static void
collect_columns (GPtrArray  *messages,
                 GPtrArray  *columns)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < messages->len; i++)
    {
      GListModel *fields = porch_message_get_fields (g_ptr_array_index (messages, i));

      for (guint j = 0; j < g_list_model_get_n_items (fields); j++)
        {
          g_autoptr(PorchField) field = g_list_model_get_item (fields, j);
          const char *name = porch_field_get_name (field);

          if (g_hash_table_add (seen, (char *) name))
            g_ptr_array_add (columns, g_strdup (name));
        }
    }
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
static const char * const own_columns[] = { "id", "received", "page", "unread", "archived", "spam", "mail", NULL };

static void
append_header (GString   *csv,
               GPtrArray *columns)
{
  g_autofree char *own = g_strjoinv (",", (char **) own_columns);

  g_string_append (csv, own);

  for (guint i = 0; i < columns->len; i++)
    {
      const char *name = g_ptr_array_index (columns, i);
      g_autofree char *other = g_strdup_printf ("%s (field)", name);

      g_string_append_c (csv, ',');
      append_cell (csv, g_strv_contains (own_columns, name) ? other : name, '\0');
    }

  g_string_append (csv, "\r\n");
}

static GBytes *
build_csv (GPtrArray *messages)
{
  g_autoptr(GString) csv = g_string_new (NULL);
  g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);

  collect_columns (messages, columns);
  append_header (csv, columns);

  for (guint i = 0; i < messages->len; i++)
    {
      PorchMessage *message = g_ptr_array_index (messages, i);
      g_autofree char *received = g_date_time_format_iso8601 (porch_message_get_received (message));

      append_cell (csv, porch_message_get_id (message), ',');
      append_cell (csv, received, ',');
      append_cell (csv, porch_message_get_page (message), ',');
      append_cell (csv, yes_or_no (porch_message_get_unread (message)), ',');
      append_cell (csv, yes_or_no (porch_message_get_archived (message)), ',');
      append_cell (csv, yes_or_no (porch_message_get_spam (message)), ',');
      append_cell (csv, porch_mail_state_to_string (porch_message_get_mail_state (message)), '\0');

      for (guint j = 0; j < columns->len; j++)
        {
          g_string_append_c (csv, ',');
          append_cell (csv, find_value (porch_message_get_fields (message), g_ptr_array_index (columns, j)), '\0');
        }

      g_string_append (csv, "\r\n");
    }

  return g_string_free_to_bytes (g_steal_pointer (&csv));
}

static GBytes *
build_json (GPtrArray *messages)
{
  g_autoptr(JsonArray) array = json_array_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;
  char *lines;

  for (guint i = 0; i < messages->len; i++)
    json_array_add_object_element (array, porch_message_to_json (g_ptr_array_index (messages, i)));

  root = json_node_init_array (json_node_alloc (), array);
  text = json_to_string (root, TRUE);
  lines = g_strconcat (text, "\n", NULL);

  return g_bytes_new_take (lines, strlen (lines));
}

typedef struct
{
  GFile  *file;
  GBytes *bytes;
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_clear_object (&writing->file);
  g_clear_pointer (&writing->bytes, g_bytes_unref);
  g_free (writing);
}

static gboolean
write_file (gpointer   data,
            GError   **error)
{
  Writing *writing = data;
  g_autofree char *name = g_file_get_parse_name (writing->file);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) read = NULL;

  /* Messages may be deleted next, so what is on the disk is read once more */
  if (g_file_replace_contents (writing->file, g_bytes_get_data (writing->bytes, NULL), g_bytes_get_size (writing->bytes),
                               NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, NULL, &local_error) &&
      (read = g_file_load_bytes (writing->file, NULL, NULL, &local_error)) != NULL &&
      g_bytes_equal (read, writing->bytes))
    return TRUE;

  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DISK_FULL, _("There is no room left on the disk."));
  else
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_EXPORT, _("“%s” can’t be written (%s)."), name,
                 local_error != NULL ? local_error->message : _("it is not as it was written"));

  return FALSE;
}

static DexFuture *
export_fiber (gpointer user_data)
{
  Export *export = user_data;
  g_autofree char *name = g_file_get_basename (export->file);
  g_autoptr(PorchRows) rows = NULL;
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  Writing *writing;

  rows = dex_await_boxed (porch_store_query (porch_inbox_get_store (export->inbox),
                                             "SELECT " PORCH_MESSAGE_COLUMNS " FROM messages"
                                             " WHERE site = ? AND deleted = 0 ORDER BY received, id",
                                             "s", porch_inbox_get_site_id (export->inbox)), &error);

  if (rows == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    g_ptr_array_add (messages, porch_message_new_from_row (rows, i));

  writing = g_new0 (Writing, 1);
  writing->file = g_object_ref (export->file);
  writing->bytes = g_str_has_suffix (name, ".json") ? build_json (messages) : build_csv (messages);

  if (!dex_await (porch_thread_run (write_file, writing, writing_free), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_uint (messages->len);
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
  g_autofree char *name = NULL;
  Export *export;

  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (G_IS_FILE (file));

  name = g_file_get_basename (file);

  if (!g_str_has_suffix (name, ".csv") && !g_str_has_suffix (name, ".json"))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_EXPORT, "%s",
                                  _("The name of the file has to end in .csv or .json."));

  export = g_new0 (Export, 1);
  export->inbox = g_object_ref (self);
  export->file = g_object_ref (file);

  return porch_fiber_spawn (export_fiber, export, export_free, NULL);
}
