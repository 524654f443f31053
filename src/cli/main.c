/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "porchlight-cli"

/* Commands call deep into the engine, and sanitizers want room too */
#define FIBER_ROOM (1024 * 1024)

static const CliCommand commands[] = {
  { "account", "list", "", N_("List the accounts"), NULL, NULL, cli_account_list },
  { "account", "add-practice", "", N_("Add the practice cloud on this computer"), NULL,
    cli_account_practice_options, cli_account_add_practice },
  { "account", "add-keys", "", N_("Add an account by its access keys"),
    N_("The keys are read from a file that the account’s console offers, or else from standard input: the file’s text, or "
       "both keys one after the other. They are kept in the keyring only."),
    cli_account_keys_options, cli_account_add_keys },
  { "account", "add-profile", "NAME", N_("Add a profile of AWS’s own tools as an account"),
    N_("What the profile says is read from ~/.aws each time; nothing of it is copied."),
    cli_profile_options, cli_account_add_profile },
  { "account", "sign-in", "", N_("Sign in in the browser"),
    N_("The account is the one that is signed in to there. The session is kept in the keyring and renewed for up to twelve hours."),
    cli_sign_in_options, cli_account_sign_in },
  { "account", "sign-in-sso", "URL", N_("Sign in through the sign-in page of an organization"), NULL,
    cli_sign_in_sso_options, cli_account_sign_in_sso },
  { "account", "renew", "NAME", N_("Sign in again to an account"),
    N_("Work that stopped because the sign-in was over can go on after this."),
    cli_renew_options, cli_account_renew },
  { "account", "remove", "NAME", N_("Forget an account and its keys"), NULL, NULL, cli_account_remove },
  { "practice", "serve", "", N_("Run the practice cloud until it is interrupted"),
    N_("The first line of output is a JSON object with the endpoint and the keys."),
    cli_practice_options, cli_practice_serve },
  { "site", "list", "", N_("List the sites"), NULL, NULL, cli_site_list },
  { "site", "show", "SITE", N_("Show a site"), NULL, NULL, cli_site_show },
  { "site", "create", "NAME", N_("Create a site"),
    N_("Its first pages come from a folder or a template; without one, visitors see that there is nothing yet."),
    cli_site_create_options, cli_site_create },
  { "site", "set", "SITE", N_("Change how a site is published and shown"), NULL, cli_site_set_options, cli_site_set },
  { "site", "delete", "SITE", N_("Delete a site with all that belongs to it"), NULL,
    cli_site_delete_options, cli_site_delete },
  { "check", NULL, "PATH", N_("Look for what would be wrong with a folder as a site"), NULL, cli_check_options, cli_check },
  { "publish", NULL, "SITE PATH", N_("Publish a folder as a site"), NULL, cli_publish_options, cli_publish },
  { "release", "list", "SITE", N_("List what was published, newest first"), NULL, NULL, cli_release_list },
  { "release", "show", "SITE RELEASE", N_("Show a release and its files"), NULL, NULL, cli_release_show },
  { "release", "go-live", "SITE RELEASE", N_("Make a release live again"), NULL, NULL, cli_release_go_live },
  { "release", "remove", "SITE RELEASE", N_("Remove a release that is not live"), NULL, NULL, cli_release_remove },
  { "draft", "list", "SITE", N_("List the drafts that can be seen, with their secret links"), NULL, NULL, cli_draft_list },
  { "draft", "remove", "SITE ID", N_("End a draft, and remove its files"), NULL, NULL, cli_draft_remove },
  { "draft", "extend", "SITE ID", N_("Let a draft be seen longer"), NULL, cli_draft_extend_options, cli_draft_extend },
  { "form", "enable", "SITE", N_("Give a site a contact form, or change who gets its messages"), NULL,
    cli_form_enable_options, cli_form_enable },
  { "form", "disable", "SITE", N_("Take no more messages; those that came in are kept"), NULL, NULL, cli_form_disable },
  { "form", "show", "SITE", N_("Show how a site takes messages, and whether that works"), NULL, NULL, cli_form_show },
  { "form", "test", "SITE", N_("Send a test message through the form, and look whether it arrives"),
    N_("The test message is removed again and never shown among the messages."), cli_form_test_options, cli_form_test },
  { "form", "snippet", "SITE", N_("Print the form’s HTML, to be put into a page"), NULL,
    cli_form_snippet_options, cli_form_snippet },
  { "form", "find", "SITE|PATH", N_("List the forms in the pages of a site or folder, and where they lead"), NULL, NULL, cli_form_find },
  { "form", "connect", "SITE FORM", N_("Let a form of the pages be sent to the site, in the copy that is published"), NULL,
    cli_form_connect_options, cli_form_connect },
  { "message", "list", "SITE", N_("List the messages of a site, newest first"), NULL,
    cli_message_list_options, cli_message_list },
  { "message", "search", "SITE WORDS", N_("List the messages that have all these words, or words that begin so"), NULL,
    cli_message_list_options, cli_message_search },
  { "message", "show", "SITE ID", N_("Show a message"), NULL, NULL, cli_message_show },
  { "message", "export", "SITE FILE", N_("Save the messages to a file, .csv or .json; all of them without an option"), NULL,
    cli_message_export_options, cli_message_export },
  { "message", "mark-read", "SITE ID", N_("Mark a message as read"), NULL, cli_message_undo_options, cli_message_mark_read },
  { "message", "archive", "SITE ID", N_("Put a message into the archive"), NULL, cli_message_undo_options, cli_message_archive },
  { "message", "spam", "SITE ID", N_("Mark a message as spam"), NULL, cli_message_undo_options, cli_message_spam },
  { "message", "mail-again", "SITE ID", N_("Have a message mailed to you once more"), NULL, NULL, cli_message_mail_again },
  { "message", "delete", "SITE ID", N_("Delete a message for good"), NULL, NULL, cli_message_delete },
  { "domain", "check", "NAME", N_("Look at a domain, and tell how it could become the address of a site"),
    N_("Only asks the name servers, and changes nothing anywhere. Needs no account."), NULL, cli_domain_check },
  { "domain", "status", "SITE", N_("Show how the own address of a site is, step by step, and what to do about it"),
    N_("Looks at the name servers, the records, the certificate, the connection, and the site as a visitor."), NULL, cli_domain_status },
  { "domain", "search", "NAME", N_("Look whether a domain can be bought, what it costs, and what is like it"),
    N_("Nothing is bought or reserved by this."), NULL, cli_domain_search },
  { "domain", "set", "SITE NAME", N_("Give a site an address of its own, or another one"),
    N_("Where something is to be entered at another company, it is shown, and the command ends; “operation resume” goes on after "
       "that, or --wait waits for it."),
    cli_domain_set_options, cli_domain_set },
  { "domain", "remove", "SITE", N_("Give a site its free address back"), NULL, NULL, cli_domain_remove },
  { "certificate", "status", "SITE", N_("Show how the certificate of a site’s own address is"), NULL, NULL,
    cli_certificate_status },
  { "policy", NULL, "ROLE", N_("Print what an account has to allow, as JSON"),
    N_("ROLE is owner, for whoever makes and deletes sites, or editor, for whoever only publishes. The person who administers "
       "the account makes a policy of it and gives it to the user."),
    NULL, cli_policy },
  { "stack", "changes", "SITE", N_("Tell what would be changed to bring the parts of a site up to date"), NULL, NULL, cli_stack_changes },
  { "stack", "template", "[SITE]", N_("Print the CloudFormation template, as JSON"), NULL, NULL, cli_stack_template },
  { "operation", "list", "", N_("List what is underway, was stopped or failed"), NULL, NULL, cli_operation_list },
  { "operation", "resume", "ID", N_("Go on with what was stopped or failed"), NULL, NULL, cli_operation_resume },
};

typedef struct
{
  Cli                 cli;
  const CliCommand   *command;
  GStrv               arguments;
  GMainLoop          *loop;
  CliExit             exit;
} Run;

static gboolean show_version;

static char *
build_name (const CliCommand *command)
{
  return g_strconcat (command->group, command->name != NULL ? " " : "", command->name, NULL);
}

static void
print_commands (const char *group)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *name = build_name (&commands[i]);
      g_autofree char *usage = g_strconcat (name, " ", commands[i].arguments, NULL);

      if (group == NULL || g_str_equal (commands[i].group, group))
        cli_print ("  %-32s  %s\n", usage, _(commands[i].summary));
    }
}

static void
print_help (const char *group)
{
  cli_print ("%s\n  %s [--account NAME] [--json] %s …\n\n", _("Usage:"), PROGRAM, group != NULL ? group : _("COMMAND"));

  if (group == NULL)
    cli_print ("%s\n\n", _("Puts a website online in your own account."));

  cli_print ("%s\n", _("Commands:"));
  print_commands (group);
  cli_print ("\n%s\n"
             "  %-32s  %s\n"
             "  %-32s  %s\n"
             "  %-32s  %s\n"
             "  %-32s  %s\n\n",
             _("Options:"),
             "--account NAME", _("The account to work with"),
             "--json", _("Print JSON, for scripts"),
             "--help", _("Show this help, or that of the command"),
             "--version", _("Show the version"));
  cli_print ("%s\n", _("SITE is the name, short name or id of a site. Without --account, keys in the environment are used if there are "
                       "any, else the accounts of the app."));
}

static gboolean
is_group (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].group, word))
      return TRUE;

  return FALSE;
}

static const CliCommand *
find_command (const char *group,
              const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].group, group) &&
        (commands[i].name == NULL || g_strcmp0 (commands[i].name, name) == 0))
      return &commands[i];

  return NULL;
}

static gboolean
fail_usage (GError    **error,
            const char *why)
{
  /* Translators: %s is a sentence without its full stop */
  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE, _("Wrong usage: %s. See %s --help"), why, PROGRAM);

  return FALSE;
}

static gboolean
check_arguments (Run     *run,
                 GError **error)
{
  g_auto(GStrv) wanted = g_strsplit (run->command->arguments, " ", -1);
  g_autofree char *name = build_name (run->command);
  g_autofree char *why = NULL;
  guint n_wanted = *run->command->arguments != '\0' ? g_strv_length (wanted) : 0;
  guint n_given = g_strv_length (run->arguments);

  for (guint i = 0; i < n_given; i++)
    if (!g_utf8_validate (run->arguments[i], -1, NULL) &&
        (i >= n_wanted || (!g_str_equal (wanted[i], "PATH") && !g_str_equal (wanted[i], "FILE"))))
      return fail_usage (error, _("an argument is not text in UTF-8"));

  if (n_given > n_wanted)
    /* Translators: the first %s is a command, the second an argument that it doesn't take */
    why = g_strdup_printf (_("“%s” does not take “%s”"), name, run->arguments[n_wanted]);
  else if (n_given < n_wanted && wanted[n_given][0] != '[')
    /* Translators: the first %s is a command, the second what has to follow it, such as SITE */
    why = g_strdup_printf (_("“%s” needs %s"), name, wanted[n_given]);

  return why == NULL || fail_usage (error, why);
}

static GOptionContext *
build_context (Run              *run,
               const CliCommand *command)
{
  const GOptionEntry common[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &run->cli.account_name, N_("The account to work with"), N_("NAME") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &run->cli.is_json, N_("Print JSON, for scripts"), NULL },
    { "version", 0, command != NULL ? G_OPTION_FLAG_HIDDEN : 0, G_OPTION_ARG_NONE, &show_version, N_("Show the version"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autofree char *name = command != NULL ? build_name (command) : NULL;
  g_autofree char *usage = command != NULL ? g_strconcat (name, " ", command->arguments, NULL) : NULL;
  GOptionContext *context = g_option_context_new (usage);

  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  g_option_context_set_help_enabled (context, FALSE);

  if (command == NULL)
    {
      /* What follows the command is the command's */
      g_option_context_set_strict_posix (context, TRUE);
      return context;
    }

  if (command->options != NULL)
    g_option_context_add_main_entries (context, command->options, GETTEXT_PACKAGE);

  g_option_context_set_summary (context, _(command->summary));

  if (command->description != NULL)
    g_option_context_set_description (context, _(command->description));

  return context;
}

static gboolean
take_help (GStrv argv)
{
  gboolean wants_help = FALSE;

  for (guint i = 1; argv[i] != NULL && !g_str_equal (argv[i], "--"); )
    {
      if (g_str_equal (argv[i], "--help") || g_str_equal (argv[i], "-h"))
        {
          g_free (argv[i]);
          memmove (&argv[i], &argv[i + 1], sizeof (char *) * g_strv_length (&argv[i + 1]) + sizeof (char *));
          wants_help = TRUE;
        }
      else
        {
          i++;
        }
    }

  return wants_help;
}

static void
print_command_help (Run              *run,
                    const CliCommand *command)
{
  g_autoptr(GOptionContext) context = build_context (run, command);
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

  cli_print ("%s", help);
}

static GStrv
drop_words (GStrv    argv,
            gboolean two)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, PROGRAM);

  for (guint i = two ? 3 : 2; argv[1] != NULL && (!two || argv[2] != NULL) && argv[i] != NULL; i++)
    g_strv_builder_add (builder, argv[i]);

  return g_strv_builder_end (builder);
}

static gboolean
parse_options (GOptionContext  *context,
               GStrv           *argv,
               GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *why = NULL;

  if (g_option_context_parse_strv (context, argv, &local_error))
    return TRUE;

  why = g_strchomp (g_strdup (local_error->message));

  return fail_usage (error, why);
}

static gboolean
fail_command (const char  *group,
              const char  *name,
              GError     **error)
{
  g_autofree char *clean_group = cli_clean_text (group, FALSE);
  g_autofree char *clean_name = cli_clean_text (name, FALSE);
  g_autofree char *why = NULL;

  if (group == NULL)
    why = g_strdup (_("a command is missing"));
  else if (!is_group (group))
    /* Translators: %s is what was typed in place of a command */
    why = g_strdup_printf (_("there is no command “%s”"), clean_group);
  else if (name == NULL)
    /* Translators: %s is the first word of a command whose second is missing */
    why = g_strdup_printf (_("“%s” needs to know what to do"), clean_group);
  else
    /* Translators: the words of a command that does not exist, such as “fly” and “site” */
    why = g_strdup_printf (_("“%s” can’t be done with “%s”"), clean_name, clean_group);

  return fail_usage (error, why);
}

static gboolean
parse_command (Run     *run,
               GStrv    argv,
               GError **error)
{
  g_autoptr(GOptionContext) context = build_context (run, run->command);
  g_auto(GStrv) rest = drop_words (argv, run->command->name != NULL);

  if (!parse_options (context, &rest, error))
    return FALSE;

  /* A lone -- only says that what follows are no options */
  run->arguments = g_strdupv (rest + 1 + (g_strcmp0 (rest[1], "--") == 0));

  return check_arguments (run, error);
}

/* Finds the command and fills its options. FALSE without an error: everything is said already. */
static gboolean
parse (Run     *run,
       GStrv   *argv,
       GError **error)
{
  gboolean wants_help = take_help (*argv);
  g_autoptr(GOptionContext) global = build_context (run, NULL);
  const char *group;
  const char *name;

  if (!parse_options (global, argv, error))
    return FALSE;

  group = (*argv)[1];
  name = group != NULL ? (*argv)[2] : NULL;
  run->command = group != NULL ? find_command (group, name) : NULL;

  if (show_version)
    cli_print ("%s %s\n", PROGRAM, PORCH_VERSION);
  else if (wants_help && (group == NULL || (is_group (group) && run->command == NULL && name == NULL)))
    print_help (group);
  else if (run->command == NULL)
    return fail_command (group, name, error);
  else if (wants_help)
    print_command_help (run, run->command);
  else
    return parse_command (run, *argv, error);

  return FALSE;
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Run *run = user_data;
  g_autoptr(GError) error = NULL;

  if (run->command->run (&run->cli, (const char * const *) run->arguments, &error))
    run->exit = CLI_EXIT_DONE;
  else
    run->exit = cli_print_error (&run->cli, error);

  cli_close (&run->cli);
  g_main_loop_quit (run->loop);

  return dex_future_new_true ();
}

static gboolean
interrupted_cb (gpointer user_data)
{
  Run *run = user_data;

  /* Nothing to bring to an end, or the person does not want to wait for it. What is written down is whole at any
   * moment, so leaving at once is safe. */
  if (run->cli.is_stopping || (run->cli.operation == NULL && run->cli.interrupt == NULL))
    {
      cli_finish_output ();
      _exit (run->cli.operation != NULL ? CLI_EXIT_STOPPED : CLI_EXIT_FAILED);
    }

  cli_interrupt (&run->cli);

  return G_SOURCE_CONTINUE;
}

/* Names and notes are UTF-8 whatever the locale of a script is */
static void
set_up_locale (void)
{
  setlocale (LC_ALL, "");

  if (!g_str_equal (nl_langinfo (CODESET), "UTF-8"))
    setlocale (LC_CTYPE, "C.UTF-8");

  bindtextdomain (GETTEXT_PACKAGE, PORCH_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

int
main (int    argc,
      char **argv)
{
  g_auto(GStrv) words = g_strdupv (argv);
  g_autoptr(GError) error = NULL;
  Run run = { .exit = CLI_EXIT_DONE };

  set_up_locale ();
  dex_init ();
  cli_init (&run.cli);

  if (parse (&run, &words, &error))
    {
      run.loop = g_main_loop_new (NULL, FALSE);
      g_unix_signal_add (SIGINT, interrupted_cb, &run);
      g_unix_signal_add (SIGTERM, interrupted_cb, &run);

      /* Nobody waits for the fiber itself: it ends the main loop */
      dex_future_disown (dex_scheduler_spawn (NULL, FIBER_ROOM, run_fiber, &run, NULL));
      g_main_loop_run (run.loop);
      g_main_loop_unref (run.loop);
    }
  else if (error != NULL)
    {
      run.exit = cli_print_error (&run.cli, error);
    }

  g_strfreev (run.arguments);
  cli_clear (&run.cli);

  if (!cli_finish_output () && run.exit == CLI_EXIT_DONE)
    run.exit = CLI_EXIT_FAILED;

  return run.exit;
}
