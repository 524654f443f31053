/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"
#include "porch-error.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

/* Commands run in one fiber; JSON and TLS want room */
#define STACK (1024 * 1024)

static const CliCommand commands[] = {
  { "account", "list", "", "", N_("List the accounts"), 0, 0, TRUE, cli_account_list },
  { "account", "add-practice", "", "name", N_("Add the practice cloud on this computer"), 0, 0, TRUE, cli_account_add_practice },
  { "account", "add-keys", "", "csv region name", N_("Add an account by its keys, from a file or from standard input"), 0, 0, TRUE, cli_account_add_keys },
  { "account", "remove", "NAME", "", N_("Forget an account; nothing in it is touched"), 1, 1, TRUE, cli_account_remove },
  { "practice", "serve", "", "port state faults", N_("Run the practice cloud until it is stopped"), 0, 0, FALSE, cli_practice_serve },
  { "site", "list", "", "", N_("List the sites"), 0, 0, TRUE, cli_site_list },
  { "site", "show", "SITE", "", N_("Show a site"), 1, 1, TRUE, cli_site_show },
  { "site", "create", "NAME", "region from template to", N_("Create a site"), 1, 1, TRUE, cli_site_create },
  { "site", "delete", "SITE", "keep-messages", N_("Delete a site with all that belongs to it"), 1, 1, TRUE, cli_site_delete },
  { "site", "import", "", "", N_("Find sites that were made from another computer"), 0, 0, TRUE, cli_site_import },
  { "check", NULL, "PATH", "", N_("Look for trouble in a folder before it is published"), 1, 1, FALSE, cli_check },
  { "publish", NULL, "SITE PATH", "note dry-run", N_("Publish a folder"), 2, 2, TRUE, cli_publish },
  { "release", "list", "SITE", "", N_("List what was published, newest first"), 1, 1, TRUE, cli_release_list },
  { "release", "show", "SITE RELEASE", "", N_("List the files of a release"), 2, 2, TRUE, cli_release_show },
  { "release", "go-live", "SITE RELEASE", "", N_("Make a release live again"), 2, 2, TRUE, cli_release_go_live },
  { "release", "remove", "SITE RELEASE", "", N_("Remove a release that is not live"), 2, 2, TRUE, cli_release_remove },
  { "form", "enable", "SITE", "to path", N_("Switch the contact form on"), 1, 1, TRUE, cli_form_enable },
  { "form", "disable", "SITE", "", N_("Switch the contact form off; messages are kept"), 1, 1, TRUE, cli_form_disable },
  { "form", "snippet", "SITE", "", N_("Print a form to put into a page"), 1, 1, TRUE, cli_form_snippet },
  { "message", "list", "SITE", "unread", N_("List the messages, newest first"), 1, 1, TRUE, cli_message_list },
  { "message", "show", "SITE ID", "", N_("Show a message as it was sent"), 2, 2, TRUE, cli_message_show },
  { "message", "export", "SITE FILE", "", N_("Save all messages to a .csv or .json file"), 2, 2, TRUE, cli_message_export },
  { "message", "mark-read", "SITE ID…", "", N_("Mark messages as read"), 2, G_MAXUINT, TRUE, cli_message_mark_read },
  { "message", "archive", "SITE ID…", "", N_("Put messages away"), 2, G_MAXUINT, TRUE, cli_message_archive },
  { "message", "spam", "SITE ID…", "", N_("Mark messages as spam"), 2, G_MAXUINT, TRUE, cli_message_spam },
  { "message", "delete", "SITE ID…", "", N_("Delete messages for good"), 2, G_MAXUINT, TRUE, cli_message_delete },
  { "stack", "template", "[SITE]", "", N_("Print the template that sites are made from"), 0, 1, TRUE, cli_stack_template },
  { "operation", "list", "", "", N_("List what is underway or waits to go on"), 0, 0, TRUE, cli_operation_list },
  { "operation", "resume", "ID", "", N_("Go on with something that was stopped or failed"), 1, 1, TRUE, cli_operation_resume },
  { "operation", "discard", "ID", "", N_("Give up something that was stopped or failed"), 1, 1, TRUE, cli_operation_discard },
};

static GOptionEntry *
list_options (CliOptions *options,
              const char *wanted)
{
  const GOptionEntry all[] = {
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &options->csv, N_("The file with the keys"), N_("FILE") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options->dry_run, N_("Only tell what would be done"), NULL },
    { "faults", 0, 0, G_OPTION_ARG_STRING, &options->faults, N_("Faults to inject, for tests"), N_("SPEC") },
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &options->from, N_("Start from this folder"), N_("PATH") },
    { "keep-messages", 0, 0, G_OPTION_ARG_FILENAME, &options->keep_messages, N_("Save the messages to this file first"), N_("FILE") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &options->name, N_("What to call it"), N_("NAME") },
    { "note", 0, 0, G_OPTION_ARG_STRING, &options->note, N_("A note for the history"), N_("TEXT") },
    { "path", 0, 0, G_OPTION_ARG_STRING, &options->path, N_("The address on the site that takes the form"), N_("PATH") },
    { "port", 0, 0, G_OPTION_ARG_INT, &options->port, N_("The port to listen on"), N_("N") },
    { "region", 0, 0, G_OPTION_ARG_STRING, &options->region, N_("The region"), N_("REGION") },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &options->state, N_("The folder that holds the practice cloud"), N_("DIR") },
    { "template", 0, 0, G_OPTION_ARG_STRING, &options->template, N_("Start from this template"), N_("NAME") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options->to, N_("With a contact form whose messages are mailed there"), N_("MAIL") },
    { "unread", 0, 0, G_OPTION_ARG_NONE, &options->unread, N_("Only what nobody has read"), NULL },
    { "account", 0, 0, G_OPTION_ARG_STRING, &options->account, N_("The account to use"), N_("NAME") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, N_("Print JSON"), NULL },
  };
  g_auto(GStrv) names = g_strsplit (wanted, " ", -1);
  GOptionEntry *entries = g_new0 (GOptionEntry, G_N_ELEMENTS (all) + 1);
  guint n_entries = 0;

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (g_strv_contains ((const char * const *) names, all[i].long_name) ||
        g_str_equal (all[i].long_name, "account") || g_str_equal (all[i].long_name, "json"))
      entries[n_entries++] = all[i];

  return entries;
}

static void
print_help (const char *group)
{
  cli_print (_("Usage: porchlight-cli [--account NAME] [--json] COMMAND\n\n"));

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      const CliCommand *command = &commands[i];
      g_autoptr(GString) line = g_string_new (command->group);
      g_auto(GStrv) options = g_strsplit (command->options, " ", -1);

      if (group != NULL && !g_str_equal (group, command->group))
        continue;

      if (command->name != NULL)
        g_string_append_printf (line, " %s", command->name);
      if (*command->usage != '\0')
        g_string_append_printf (line, " %s", command->usage);

      for (guint j = 0; options[j] != NULL && *options[j] != '\0'; j++)
        g_string_append_printf (line, " [--%s]", options[j]);

      cli_print ("  %s\n      %s\n", line->str, _(command->help));
    }

  cli_print (_("\nWithout --account, keys from the environment are used if they are set, else the default account.\n"
               "“porchlight-cli COMMAND --help” explains the options of a command.\n"));
}

static const CliCommand *
find_command (char  ***arguments,
              int     *n_arguments)
{
  const char *group = (*arguments)[0];

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      const CliCommand *command = &commands[i];
      int n_words = command->name != NULL ? 2 : 1;

      if (!g_str_equal (command->group, group) || *n_arguments < n_words ||
          (command->name != NULL && !g_str_equal (command->name, (*arguments)[1])))
        continue;

      *arguments += n_words;
      *n_arguments -= n_words;
      return command;
    }

  return NULL;
}

static gboolean
is_group (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].group, word))
      return TRUE;

  return FALSE;
}

static gboolean
parse_command (Cli               *cli,
               const CliCommand  *command,
               char             **arguments,
               int                n_arguments,
               GError           **error)
{
  g_autofree char *summary = g_strdup_printf ("%s%s%s %s", command->group, command->name != NULL ? " " : "",
                                              command->name != NULL ? command->name : "", command->usage);
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autofree GOptionEntry *entries = list_options (&cli->options, command->options);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GError) local_error = NULL;

  g_option_context_set_summary (context, _(command->help));
  g_option_context_add_main_entries (context, entries, NULL);
  g_strv_builder_add (builder, g_strconcat ("porchlight-cli ", summary, NULL));

  for (int i = 0; i < n_arguments; i++)
    g_strv_builder_add (builder, arguments[i]);

  cli->arguments = g_strv_builder_end (builder);
  g_set_prgname (cli->arguments[0]);

  if (!g_option_context_parse_strv (context, &cli->arguments, &local_error))
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, local_error->message);
      return FALSE;
    }

  g_set_prgname ("porchlight-cli");

  /* The name of the program is not an argument, and neither is the “--” before those that look like options */
  for (guint skip = 1; skip > 0; skip--)
    {
      g_free (cli->arguments[0]);
      memmove (cli->arguments, cli->arguments + 1, g_strv_length (cli->arguments + 1) * sizeof (char *) + sizeof (char *));

      if (cli->arguments[0] != NULL && g_str_equal (cli->arguments[0], "--"))
        skip++;
    }

  cli->n_arguments = g_strv_length (cli->arguments);

  if (cli->n_arguments >= command->min_arguments && cli->n_arguments <= command->max_arguments)
    return TRUE;

  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE, _("The command is: %s"), summary);

  return FALSE;
}

static const CliCommand *
parse (Cli     *cli,
       int      argc,
       char   **argv,
       GError **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  gboolean version = FALSE;
  gboolean help = FALSE;
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &cli->options.account, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->options.json, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, NULL, NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL },
    { NULL }
  };
  g_auto(GStrv) words = g_strdupv (argv);
  char **rest;
  int n_rest;
  const CliCommand *command;
  g_autoptr(GError) local_error = NULL;

  /* Up to the first word that is no option; what follows belongs to the command */
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse_strv (context, &words, &local_error))
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, local_error->message);
      return NULL;
    }

  rest = words + 1;
  n_rest = g_strv_length (rest);

  if (version)
    cli_print ("porchlight-cli %s\n", PORCH_VERSION);
  else if (help || (n_rest == 2 && is_group (rest[0]) && g_str_equal (rest[1], "--help")))
    print_help (n_rest > 0 && is_group (rest[0]) ? rest[0] : NULL);
  else if (n_rest == 0)
    g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, _("A command is missing"));
  else if ((command = find_command (&rest, &n_rest)) != NULL)
    return parse_command (cli, command, rest, n_rest, error) ? command : NULL;
  else if (is_group (rest[0]))
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE, _("There is no command “%s %s”"), rest[0], n_rest > 1 ? rest[1] : "");
  else
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE, _("There is no command “%s”"), rest[0]);

  return NULL;
}

typedef struct
{
  Cli              *cli;
  const CliCommand *command;
  GMainLoop        *loop;
  CliExit           status;
} Run;

static DexFuture *
run_fiber (gpointer user_data)
{
  Run *run = user_data;
  Cli *cli = run->cli;
  g_autoptr(GError) error = NULL;

  if (run->command->needs_engine)
    {
      cli->engine = porch_engine_new (NULL);

      if (dex_await (porch_engine_open (cli->engine), &error) && porch_engine_get_notice (cli->engine) != NULL)
        cli_warn ("%s", porch_engine_get_notice (cli->engine));
    }

  run->status = error == NULL && run->command->run (cli, &error) ? CLI_DONE : cli_report (cli, error);

  if (cli->practice != NULL)
    dex_await (porch_practice_stop (cli->practice), NULL);

  g_main_loop_quit (run->loop);

  return dex_future_new_true ();
}

static gboolean
interrupt_cb (gpointer user_data)
{
  Run *run = user_data;
  Cli *cli = run->cli;

  if (dex_future_is_pending (DEX_FUTURE (cli->interrupt)))
    dex_promise_reject (cli->interrupt, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Interrupted"));

  /* An operation ends by itself within moments; what is not one has nothing to lose */
  if (cli->operation != NULL && porch_operation_is_active (cli->operation))
    {
      porch_operation_stop (cli->operation);
    }
  else if (run->command->run != cli_practice_serve)
    {
      run->status = CLI_STOPPED;
      g_main_loop_quit (run->loop);
    }

  return G_SOURCE_CONTINUE;
}

static void
cli_clear (Cli *cli)
{
  CliOptions *options = &cli->options;
  char *texts[] = { options->account, options->csv, options->faults, options->from, options->keep_messages, options->name,
                    options->note, options->path, options->region, options->state, options->template, options->to };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);

  g_clear_object (&cli->operation);
  g_clear_object (&cli->engine);
  g_clear_object (&cli->practice);
  g_clear_pointer (&cli->arguments, g_strfreev);
  dex_clear (&cli->interrupt);
}

int
main (int    argc,
      char **argv)
{
  Cli cli = { 0 };
  Run run = { .cli = &cli };
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PORCH_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("porchlight-cli");
  dex_init ();

  run.command = parse (&cli, argc, argv, &error);

  if (run.command != NULL)
    {
      g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
      guint sources[2];

      run.loop = loop;
      cli.interrupt = dex_promise_new ();
      sources[0] = g_unix_signal_add (SIGINT, interrupt_cb, &run);
      sources[1] = g_unix_signal_add (SIGTERM, interrupt_cb, &run);

      /* The loop ends with the fiber */
      dex_future_disown (dex_scheduler_spawn (NULL, STACK, run_fiber, &run, NULL));
      g_main_loop_run (loop);

      g_source_remove (sources[0]);
      g_source_remove (sources[1]);
    }
  else if (error != NULL)
    {
      run.status = cli_report (&cli, error);
    }

  cli_clear (&cli);

  return run.status;
}
