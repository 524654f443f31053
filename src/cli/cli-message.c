/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include <glib/gi18n.h>
#include <string.h>

/* Asked for in one go, so that a long list is never in memory as a whole */
#define CHUNK 200

static gboolean list_unread;
static gboolean list_all;
static gboolean list_archived;
static gboolean list_spam;
static gboolean list_unmailed;
static char *list_form;
static char *list_page;
static char *list_words;
static gboolean undo;

#define LIST_OPTIONS \
  { "unread", 0, 0, G_OPTION_ARG_NONE, &list_unread, N_("Only those that nobody has read"), NULL }, \
  { "archived", 0, 0, G_OPTION_ARG_NONE, &list_archived, N_("Only archived ones"), NULL }, \
  { "spam", 0, 0, G_OPTION_ARG_NONE, &list_spam, N_("Only what is held for spam"), NULL }, \
  { "not-mailed", 0, 0, G_OPTION_ARG_NONE, &list_unmailed, N_("Only those whose mail to you failed"), NULL }, \
  { "all", 0, 0, G_OPTION_ARG_NONE, &list_all, N_("Also archived ones and spam"), NULL }, \
  { "form", 0, 0, G_OPTION_ARG_STRING, &list_form, N_("Only those of one form"), N_("NAME") }, \
  { "page", 0, 0, G_OPTION_ARG_STRING, &list_page, N_("Only those sent from one page"), N_("PATH") }

const GOptionEntry cli_message_list_options[] = {
  LIST_OPTIONS,
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_message_export_options[] = {
  LIST_OPTIONS,
  { "search", 0, 0, G_OPTION_ARG_STRING, &list_words, N_("Only those with these words"), N_("WORDS") },
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

static PorchInboxView
get_view (PorchInboxView otherwise)
{
  if (list_all)
    return PORCH_INBOX_ALL;
  else if (list_spam)
    return PORCH_INBOX_SPAM;
  else if (list_archived)
    return PORCH_INBOX_ARCHIVE;
  else if (list_unmailed)
    return PORCH_INBOX_UNMAILED;

  return list_unread ? PORCH_INBOX_UNREAD : otherwise;
}

/* The inbox with its list as the options and @search want it. */
static PorchInbox *
await_list (Cli             *cli,
            const char      *name,
            const char      *search,
            PorchInboxView   otherwise,
            GError         **error)
{
  PorchInbox *inbox = await_inbox (cli, name, error);

  if (inbox == NULL)
    return NULL;

  porch_inbox_set_view (inbox, get_view (otherwise));
  porch_inbox_set_form (inbox, list_form);
  porch_inbox_set_page (inbox, list_page);
  porch_inbox_set_search (inbox, search);

  return dex_await (porch_inbox_load (inbox), error) ? inbox : NULL;
}

/* All of the messages from @position on; what they hold is read here, since scripts want it */
static gboolean
await_chunk (PorchInbox  *inbox,
             guint        position,
             GPtrArray   *rows,
             JsonArray   *array,
             guint       *count,
             GError     **error)
{
  g_autoptr(GPtrArray) messages = dex_await_boxed (porch_inbox_fetch (inbox, position, CHUNK), error);

  if (messages == NULL)
    return FALSE;

  *count = messages->len;

  for (guint i = 0; i < messages->len; i++)
    {
      PorchMessage *message = g_ptr_array_index (messages, i);
      g_autoptr(GObject) complete = NULL;

      /* Deleted by another program while it was listed */
      if (!porch_message_is_known (message))
        continue;

      if (rows != NULL)
        g_ptr_array_add (rows, build_row (message));
      else if ((complete = dex_await_object (porch_inbox_complete (inbox, message), NULL)) != NULL)
        json_array_add_object_element (array, porch_message_to_json (message));
    }

  return TRUE;
}

static gboolean
print_list (Cli         *cli,
            PorchInbox  *inbox,
            const char  *nothing,
            GError     **error)
{
  const char *titles[] = { _("New"), _("Id"), _("Received"), _("From"), _("Message"), NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(JsonArray) array = json_array_new ();
  guint count = 0;

  for (guint position = 0; position == 0 || count == CHUNK; position += CHUNK)
    if (!await_chunk (inbox, position, cli->is_json ? NULL : rows, array, &count, error))
      return FALSE;

  if (cli->is_json)
    cli_print_array (array);
  else if (rows->len > 0)
    cli_print_table (titles, rows);
  else
    cli_print ("%s\n", nothing);

  return TRUE;
}

gboolean
cli_message_list (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  PorchInbox *inbox = await_list (cli, arguments[0], NULL, PORCH_INBOX_MESSAGES, error);

  return inbox != NULL && print_list (cli, inbox, list_unread ? _("No unread messages.") : _("No messages."), error);
}

/* Everything is looked through, as long as no option says otherwise */
gboolean
cli_message_search (Cli                *cli,
                    const char * const *arguments,
                    GError            **error)
{
  PorchInbox *inbox = await_list (cli, arguments[0], arguments[1], PORCH_INBOX_ALL, error);

  return inbox != NULL && print_list (cli, inbox, _("Nothing was found."), error);
}

static PorchMessage *
await_message (PorchInbox  *inbox,
               const char  *id,
               GError     **error)
{
  return inbox != NULL ? dex_await_object (porch_inbox_find (inbox, id), error) : NULL;
}

static void
print_spam (PorchMessage *message)
{
  const char * const *strings = porch_message_get_spam_source (message) == PORCH_SPAM_BY_FILTER
                                  ? porch_message_get_clues (message) : porch_message_get_reasons (message);
  g_autofree char *joined = strings != NULL ? g_strjoinv (", ", (char **) strings) : g_strdup ("");
  g_autofree char *why = cli_clean_text (joined, FALSE);

  if (porch_message_get_spam_source (message) == PORCH_SPAM_BY_PERSON)
    cli_print ("%s\n", _("Marked as spam."));
  else if (*why != '\0')
    cli_print ("%s: %s\n", _("Held for spam"), why);
  else
    cli_print ("%s\n", _("Held for spam."));
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
      const char *error = porch_message_get_mail_error (message);
      g_autofree char *why = cli_clean_text (error != NULL ? error : "", FALSE);

      cli_print ("%s: %s\n", _("Not mailed"), why);
    }

  if (porch_message_get_spam (message))
    print_spam (message);
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
  PorchInbox *inbox = await_list (cli, arguments[0], list_words, PORCH_INBOX_ALL, error);
  guint count;

  if (inbox == NULL)
    return FALSE;

  count = dex_await_uint (porch_inbox_export_shown (inbox, file), &local_error);

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
         await_changed (cli, inbox, arguments[1], porch_inbox_do_one (inbox, undo ? PORCH_INBOX_MARK_UNREAD : PORCH_INBOX_MARK_READ, message),
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
         await_changed (cli, inbox, arguments[1], porch_inbox_do_one (inbox, undo ? PORCH_INBOX_FETCH_BACK : PORCH_INBOX_PUT_AWAY, message),
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
         await_changed (cli, inbox, arguments[1], porch_inbox_do_one (inbox, undo ? PORCH_INBOX_IS_GOOD : PORCH_INBOX_IS_SPAM, message),
                        undo ? _("No longer spam.") : _("Marked as spam."), error);
}

gboolean
cli_message_mail_again (Cli                *cli,
                        const char * const *arguments,
                        GError            **error)
{
  PorchInbox *inbox = await_inbox (cli, arguments[0], error);
  g_autoptr(PorchMessage) message = await_message (inbox, arguments[1], error);

  return message != NULL &&
         await_changed (cli, inbox, arguments[1], porch_inbox_mail_again (inbox, message), _("It will be mailed once more."), error);
}

gboolean
cli_message_delete (Cli                *cli,
                    const char * const *arguments,
                    GError            **error)
{
  PorchInbox *inbox = await_inbox (cli, arguments[0], error);
  g_autoptr(PorchMessage) message = await_message (inbox, arguments[1], error);

  if (message == NULL || !dex_await (porch_inbox_do_one (inbox, PORCH_INBOX_DELETE, message), error) ||
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
