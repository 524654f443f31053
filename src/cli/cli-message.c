/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean list_unread;
static gboolean list_all;
static gboolean undo;

const GOptionEntry cli_message_list_options[] = {
  { "unread", 0, 0, G_OPTION_ARG_NONE, &list_unread, N_("Only those that nobody has read"), NULL },
  { "all", 0, 0, G_OPTION_ARG_NONE, &list_all, N_("Also archived ones and spam"), NULL },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_message_undo_options[] = {
  { "undo", 0, 0, G_OPTION_ARG_NONE, &undo, N_("Take it back"), NULL },
  G_OPTION_ENTRY_NULL
};

/* The inbox of a site with what has come in by now. */
static PorchInbox *
await_inbox (Cli         *cli,
             const char  *name,
             GError     **error)
{
  PorchSite *site = cli_open (cli, error) ? cli_find_ready_site (cli, name, error) : NULL;

  if (site == NULL || !dex_await (porch_inbox_refresh (porch_site_get_inbox (site)), error))
    return NULL;

  return porch_site_get_inbox (site);
}

static char **
build_row (PorchMessage *message)
{
  char **row = g_new0 (char *, 6);

  row[0] = g_strdup (porch_message_get_unread (message) ? "*" : "");
  row[1] = g_strdup (porch_message_get_id (message));
  row[2] = cli_format_time (porch_message_get_received (message));
  row[3] = cli_clean_text (porch_message_get_sender (message), FALSE);
  row[4] = cli_clean_text (porch_message_get_preview (message), FALSE);

  return row;
}

gboolean
cli_message_list (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  const char *titles[] = { _("New"), _("Id"), _("Received"), _("From"), _("Message"), NULL };
  PorchInbox *inbox = await_inbox (cli, arguments[0], error);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(JsonArray) array = json_array_new ();
  GListModel *messages;

  if (inbox == NULL)
    return FALSE;

  porch_inbox_set_view (inbox, list_all ? PORCH_INBOX_ALL : list_unread ? PORCH_INBOX_UNREAD : PORCH_INBOX_MESSAGES);

  if (!dex_await (porch_inbox_load (inbox), error))
    return FALSE;

  messages = porch_inbox_get_messages (inbox);

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(PorchMessage) message = g_list_model_get_item (messages, i);

      if (list_unread && !porch_message_get_unread (message))
        continue;

      g_ptr_array_add (rows, build_row (message));
      json_array_add_object_element (array, porch_message_to_json (message));
    }

  if (cli->is_json)
    cli_print_array (array);
  else if (rows->len > 0)
    cli_print_table (titles, rows);
  else
    cli_print ("%s\n", list_unread ? _("No unread messages.") : _("No messages."));

  return TRUE;
}

static PorchMessage *
await_message (PorchInbox  *inbox,
               const char  *id,
               GError     **error)
{
  return inbox != NULL ? dex_await_object (porch_inbox_find (inbox, id), error) : NULL;
}

static void
print_message (PorchMessage *message)
{
  GListModel *fields = porch_message_get_fields (message);
  g_autofree char *received = cli_format_time (porch_message_get_received (message));

  cli_print ("%s: %s\n", _("Received"), received);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);
      g_autofree char *label = cli_clean_text (porch_field_get_label (field), FALSE);
      g_autofree char *value = cli_clean_text (porch_field_get_value (field), TRUE);

      cli_print (strchr (value, '\n') != NULL ? "%s:\n%s\n" : "%s: %s\n", label, value);
    }

  if (porch_message_get_mail_state (message) == PORCH_MAIL_FAILED)
    {
      g_autofree char *why = cli_clean_text (porch_message_get_mail_error (message), FALSE);

      cli_print ("%s: %s\n", _("Not mailed"), why);
    }
}

gboolean
cli_message_show (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  g_autoptr(PorchMessage) message = await_message (await_inbox (cli, arguments[0], error), arguments[1], error);

  if (message == NULL)
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = porch_message_to_json (message);

      cli_print_object (object);
    }
  else
    {
      print_message (message);
    }

  return TRUE;
}

gboolean
cli_message_export (Cli                *cli,
                    const char * const *arguments,
                    GError            **error)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (arguments[1]);
  g_autofree char *name = g_file_get_parse_name (file);
  g_autoptr(GError) local_error = NULL;
  PorchInbox *inbox = await_inbox (cli, arguments[0], error);
  guint count;

  if (inbox == NULL)
    return FALSE;

  count = dex_await_uint (porch_inbox_export (inbox, file), &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "id", name);
      json_object_set_string_member (object, "file", name);
      json_object_set_int_member (object, "messages", count);
      cli_print_object (object);
    }
  else
    {
      cli_print (ngettext ("%u message was saved to %s\n", "%u messages were saved to %s\n", count), count, name);
    }

  return TRUE;
}

/* The change counts when the cloud knows it, since nobody is there to tell it later. */
static gboolean
await_changed (Cli           *cli,
               PorchInbox    *inbox,
               const char    *id,
               DexFuture     *change,
               const char    *text,
               GError       **error)
{
  g_autoptr(PorchMessage) message = NULL;
  g_autoptr(JsonObject) object = NULL;

  if (!dex_await (change, error) || !dex_await (porch_inbox_commit (inbox), error) ||
      (message = await_message (inbox, id, error)) == NULL)
    return FALSE;

  object = porch_message_to_json (message);

  if (cli->is_json)
    cli_print_object (object);
  else
    cli_print ("%s\n", text);

  return TRUE;
}

gboolean
cli_message_mark_read (Cli                *cli,
                       const char * const *arguments,
                       GError            **error)
{
  PorchInbox *inbox = await_inbox (cli, arguments[0], error);
  g_autoptr(PorchMessage) message = await_message (inbox, arguments[1], error);

  return message != NULL &&
         await_changed (cli, inbox, arguments[1], porch_inbox_mark_read (inbox, message, !undo),
                        undo ? _("Marked as unread.") : _("Marked as read."), error);
}

gboolean
cli_message_archive (Cli                *cli,
                     const char * const *arguments,
                     GError            **error)
{
  PorchInbox *inbox = await_inbox (cli, arguments[0], error);
  g_autoptr(PorchMessage) message = await_message (inbox, arguments[1], error);

  return message != NULL &&
         await_changed (cli, inbox, arguments[1], porch_inbox_archive (inbox, message, !undo),
                        undo ? _("Back among the messages.") : _("Archived."), error);
}

gboolean
cli_message_spam (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  PorchInbox *inbox = await_inbox (cli, arguments[0], error);
  g_autoptr(PorchMessage) message = await_message (inbox, arguments[1], error);

  return message != NULL &&
         await_changed (cli, inbox, arguments[1], porch_inbox_mark_spam (inbox, message, !undo),
                        undo ? _("No longer spam.") : _("Marked as spam."), error);
}

gboolean
cli_message_delete (Cli                *cli,
                    const char * const *arguments,
                    GError            **error)
{
  PorchInbox *inbox = await_inbox (cli, arguments[0], error);
  g_autoptr(PorchMessage) message = await_message (inbox, arguments[1], error);

  if (message == NULL || !dex_await (porch_inbox_delete (inbox, message), error) ||
      !dex_await (porch_inbox_commit (inbox), error))
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "id", arguments[1]);
      json_object_set_boolean_member (object, "deleted", TRUE);
      cli_print_object (object);
    }
  else
    {
      cli_print ("%s\n", _("Deleted."));
    }

  return TRUE;
}
