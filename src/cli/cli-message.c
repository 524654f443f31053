/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"
#include "porch-error.h"

#include <glib/gi18n.h>

static PorchInbox *
await_inbox (Cli        *cli,
             PorchSite **site,
             GError    **error)
{
  PorchInbox *inbox;

  if ((*site = cli_await_site (cli, cli->arguments[0], error)) == NULL)
    return NULL;

  inbox = porch_site_get_inbox (*site);

  if (porch_site_get_table (*site) == NULL)
    return inbox;

  return dex_await (porch_inbox_refresh (inbox), error) ? inbox : NULL;
}

gboolean
cli_message_list (Cli     *cli,
                  GError **error)
{
  PorchSite *site = NULL;
  PorchInbox *inbox = await_inbox (cli, &site, error);
  g_autoptr(JsonArray) array = json_array_new ();
  GListModel *messages;

  if (inbox == NULL)
    return FALSE;

  porch_inbox_set_view (inbox, cli->options.unread ? PORCH_INBOX_UNREAD : PORCH_INBOX_ALL);

  if (!dex_await (porch_inbox_load (inbox), error))
    return FALSE;

  messages = porch_inbox_get_messages (inbox);

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(PorchMessage) message = g_list_model_get_item (messages, i);
      g_autofree char *date = cli_format_time (porch_message_get_received (message));
      JsonObject *json = porch_message_to_json (message);

      json_object_remove_member (json, "fields");
      json_array_add_object_element (array, json);

      if (!cli->options.json)
        cli_print ("%c %s  %s  %s: %s%s\n", porch_message_get_unread (message) ? '*' : ' ',
                   porch_message_get_id (message), date, porch_message_get_sender (message),
                   porch_message_get_preview (message), porch_message_get_spam (message) ? _(" (spam)") : "");
    }

  if (cli->options.json)
    cli_print_array (array);
  else if (json_array_get_length (array) == 0)
    cli_print (_("No messages.\n"));

  return TRUE;
}

gboolean
cli_message_show (Cli     *cli,
                  GError **error)
{
  PorchSite *site = NULL;
  PorchInbox *inbox = await_inbox (cli, &site, error);
  g_autoptr(PorchMessage) message = NULL;
  g_autofree char *date = NULL;
  GListModel *fields;

  if (inbox == NULL || (message = dex_await_object (porch_inbox_find (inbox, cli->arguments[1]), error)) == NULL)
    return FALSE;

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = porch_message_to_json (message);

      cli_print_object (json);
      return TRUE;
    }

  date = cli_format_time (porch_message_get_received (message));
  fields = porch_message_get_fields (message);
  cli_print (_("Received: %s\n"), date);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);

      cli_print ("%s: %s\n", porch_field_get_label (field), porch_field_get_value (field));
    }

  return TRUE;
}

gboolean
cli_message_export (Cli     *cli,
                    GError **error)
{
  PorchSite *site = NULL;
  PorchInbox *inbox = await_inbox (cli, &site, error);
  g_autoptr(GFile) file = cli_get_file (cli, cli->arguments[1]);
  g_autoptr(GError) local_error = NULL;
  guint count;

  if (inbox == NULL)
    return FALSE;

  count = dex_await_uint (porch_inbox_export (inbox, file), &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = json_object_new ();

      json_object_set_string_member (json, "id", porch_site_get_id (site));
      json_object_set_int_member (json, "messages", count);
      json_object_set_boolean_member (json, "done", TRUE);
      cli_print_object (json);
    }
  else
    {
      cli_print (ngettext ("%u message saved.\n", "%u messages saved.\n", count), count);
    }

  return TRUE;
}

typedef DexFuture *(*Change) (PorchInbox   *inbox,
                              PorchMessage *message);

static DexFuture *
mark_read (PorchInbox   *inbox,
           PorchMessage *message)
{
  return porch_inbox_mark_read (inbox, message, TRUE);
}

static DexFuture *
archive (PorchInbox   *inbox,
         PorchMessage *message)
{
  return porch_inbox_archive (inbox, message, TRUE);
}

static DexFuture *
mark_spam (PorchInbox   *inbox,
           PorchMessage *message)
{
  return porch_inbox_mark_spam (inbox, message, TRUE);
}

/* The cloud knows when the command ends: nobody is there to undo it */
static gboolean
change_messages (Cli     *cli,
                 Change   change,
                 GError **error)
{
  PorchSite *site = NULL;
  PorchInbox *inbox = await_inbox (cli, &site, error);
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);

  if (inbox == NULL)
    return FALSE;

  /* All of them have to be there before the first is changed */
  for (guint i = 1; i < cli->n_arguments; i++)
    {
      PorchMessage *message = dex_await_object (porch_inbox_find (inbox, cli->arguments[i]), error);

      if (message == NULL)
        return FALSE;

      g_ptr_array_add (messages, message);
    }

  for (guint i = 0; i < messages->len; i++)
    if (!dex_await (change (inbox, g_ptr_array_index (messages, i)), error))
      return FALSE;

  if (!dex_await (porch_inbox_commit (inbox), error))
    return FALSE;

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = json_object_new ();

      json_object_set_string_member (json, "id", porch_site_get_id (site));
      json_object_set_int_member (json, "messages", messages->len);
      json_object_set_boolean_member (json, "done", TRUE);
      cli_print_object (json);
    }

  return TRUE;
}

gboolean
cli_message_mark_read (Cli     *cli,
                       GError **error)
{
  return change_messages (cli, mark_read, error);
}

gboolean
cli_message_archive (Cli     *cli,
                     GError **error)
{
  return change_messages (cli, archive, error);
}

gboolean
cli_message_spam (Cli     *cli,
                  GError **error)
{
  return change_messages (cli, mark_spam, error);
}

gboolean
cli_message_delete (Cli     *cli,
                    GError **error)
{
  return change_messages (cli, porch_inbox_delete, error);
}
