/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-error.h"
#include "porch-sign-in.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *account_name;
static char *account_region;
static char *sso_region;
static char *account_number;
static char *account_role;
static gboolean by_code;
static gboolean no_browser;
static int patience;

#define COMMON_OPTIONS \
  { "name", 0, 0, G_OPTION_ARG_STRING, &account_name, N_("What to call it"), N_("NAME") }, \
  { "region", 0, 0, G_OPTION_ARG_STRING, &account_region, N_("Where its sites are made, such as eu-central-1"), N_("REGION") }

#define BROWSER_OPTIONS \
  { "no-browser", 0, 0, G_OPTION_ARG_NONE, &no_browser, N_("Print the address only"), NULL }, \
  { "wait", 0, 0, G_OPTION_ARG_INT, &patience, N_("How long to wait, 600 seconds if not given"), N_("SECONDS") }

const GOptionEntry cli_sign_in_options[] = {
  COMMON_OPTIONS,
  BROWSER_OPTIONS,
  { "remote", 0, 0, G_OPTION_ARG_NONE, &by_code, N_("The browser is on another computer: paste a code"), NULL },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_sign_in_sso_options[] = {
  COMMON_OPTIONS,
  BROWSER_OPTIONS,
  { "sso-region", 0, 0, G_OPTION_ARG_STRING, &sso_region, N_("Where the sign-in page is, if it is known"), N_("REGION") },
  { "device", 0, 0, G_OPTION_ARG_NONE, &by_code, N_("The browser is on another computer: confirm a code"), NULL },
  { "number", 0, 0, G_OPTION_ARG_STRING, &account_number, N_("Which account, where there are several"), N_("DIGITS") },
  { "role", 0, 0, G_OPTION_ARG_STRING, &account_role, N_("As what, where there is a choice"), N_("ROLE") },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_renew_options[] = {
  BROWSER_OPTIONS,
  { "remote", 0, 0, G_OPTION_ARG_NONE, &by_code, N_("The browser is on another computer: use a code"), NULL },
  { "device", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &by_code, NULL, NULL },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_profile_options[] = {
  COMMON_OPTIONS,
  G_OPTION_ENTRY_NULL
};

/* What the person does while the attempt waits */
typedef struct
{
  Cli         *cli;
  PorchSignIn *sign_in;
  DexPromise  *failed;     /* rejected when there is nobody to answer */
} Session;

static void
print_state (Session    *session,
             const char *state,
             JsonArray  *choices)
{
  g_autoptr(JsonObject) object = json_object_new ();
  const char *user_code = porch_sign_in_get_user_code (session->sign_in);

  json_object_set_boolean_member (object, "done", FALSE);
  json_object_set_string_member (object, "state", state);
  json_object_set_string_member (object, "uri", porch_sign_in_get_uri (session->sign_in));

  if (user_code != NULL)
    json_object_set_string_member (object, "userCode", user_code);
  if (choices != NULL)
    json_object_set_array_member (object, "choices", json_array_ref (choices));

  cli_print_json_line (object);
}

static void
show_uri (Session *session)
{
  const char *uri = porch_sign_in_get_uri (session->sign_in);
  const char *user_code = porch_sign_in_get_user_code (session->sign_in);
  gboolean is_code = porch_sign_in_get_state (session->sign_in) == PORCH_SIGN_IN_CODE;
  g_autoptr(GError) error = NULL;

  if (session->cli->is_json)
    print_state (session, is_code ? "code" : "browser", NULL);
  else
    cli_print (_("Sign in in the browser, at this address:\n\n  %s\n\n"), uri);

  if (!session->cli->is_json && user_code != NULL)
    cli_print (_("The page has to show this code: %s\n"), user_code);

  fflush (stdout);

  if (!no_browser && !(is_code && user_code == NULL) && !g_app_info_launch_default_for_uri (uri, NULL, &error))
    g_debug ("No browser could be opened: %s", error->message);
}

static void
give_up (Session    *session,
         const char *message)
{
  if (dex_future_is_pending (DEX_FUTURE (session->failed)))
    dex_promise_reject (session->failed, g_error_new_literal (CLI_ERROR, CLI_ERROR_FAILED, message));
}

/* A script gets one try, a person as many as it takes */
static void
ask_for_code (Session *session)
{
  while (TRUE)
    {
      g_autofree char *text = cli_ask (_("The code that the page shows:"), FALSE);
      g_autoptr(GError) error = NULL;

      if (text != NULL && porch_sign_in_submit_code (session->sign_in, text, &error))
        return;

      if (text == NULL || !isatty (STDIN_FILENO))
        {
          give_up (session, error != NULL ? error->message : _("Nobody is there to paste the code. Run it in a terminal."));
          return;
        }

      cli_print_notice (error->message);
    }
}

static gboolean
is_wanted (PorchSignInChoice *choice)
{
  return (account_number == NULL || g_strcmp0 (account_number, porch_sign_in_choice_get_number (choice)) == 0) &&
         (account_role == NULL || g_strcmp0 (account_role, porch_sign_in_choice_get_role (choice)) == 0);
}

static void
print_choices (Session   *session,
               GPtrArray *wanted)
{
  g_autoptr(JsonArray) array = json_array_new ();

  for (guint i = 0; i < wanted->len; i++)
    {
      PorchSignInChoice *choice = g_ptr_array_index (wanted, i);
      const char *name = porch_sign_in_choice_get_name (choice);
      g_autofree char *clean = cli_clean_text (name != NULL ? name : "", FALSE);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "number", porch_sign_in_choice_get_number (choice));
      json_object_set_string_member (object, "name", name);
      json_object_set_string_member (object, "mail", porch_sign_in_choice_get_mail (choice));
      json_object_set_string_member (object, "role", porch_sign_in_choice_get_role (choice));
      json_array_add_object_element (array, object);

      if (!session->cli->is_json)
        cli_print ("%3u  %s  %s  %s\n", i + 1, porch_sign_in_choice_get_number (choice), clean,
                   porch_sign_in_choice_get_role (choice));
    }

  if (session->cli->is_json)
    print_state (session, "choose", array);
}

static void
choose (Session *session)
{
  GListModel *choices = porch_sign_in_get_choices (session->sign_in);
  g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *answer = NULL;
  guint64 number;

  for (guint i = 0; i < g_list_model_get_n_items (choices); i++)
    {
      g_autoptr(PorchSignInChoice) choice = g_list_model_get_item (choices, i);

      if (is_wanted (choice))
        g_ptr_array_add (wanted, g_steal_pointer (&choice));
    }

  if (wanted->len == 1)
    {
      porch_sign_in_choose (session->sign_in, g_ptr_array_index (wanted, 0));
      return;
    }

  if (wanted->len == 0)
    {
      give_up (session, _("No account of the organization fits --number and --role."));
      return;
    }

  print_choices (session, wanted);

  if (!isatty (STDIN_FILENO) || session->cli->is_json)
    give_up (session, _("There are several accounts to choose from. Name one with --number and --role."));
  else if ((answer = cli_ask (_("Which one:"), FALSE)) != NULL &&
           g_ascii_string_to_unsigned (answer, 10, 1, wanted->len, &number, NULL))
    porch_sign_in_choose (session->sign_in, g_ptr_array_index (wanted, number - 1));
  else
    give_up (session, _("Nothing was chosen."));
}

static void
state_cb (Session *session)
{
  switch (porch_sign_in_get_state (session->sign_in))
    {
    case PORCH_SIGN_IN_BROWSER:
      show_uri (session);
      break;
    case PORCH_SIGN_IN_CODE:
      show_uri (session);
      break;
    case PORCH_SIGN_IN_CHOOSE:
      choose (session);
      break;
    case PORCH_SIGN_IN_STARTING:
    case PORCH_SIGN_IN_FINISHING:
    case PORCH_SIGN_IN_DONE:
    case PORCH_SIGN_IN_FAILED:
    default:
      break;
    }
}

/* The question is asked when the attempt waits for the answer, not before */
static gboolean
ask_cb (gpointer user_data)
{
  Session *session = user_data;

  if (porch_sign_in_get_state (session->sign_in) != PORCH_SIGN_IN_CODE || porch_sign_in_get_user_code (session->sign_in) != NULL)
    return G_SOURCE_CONTINUE;

  ask_for_code (session);

  return G_SOURCE_REMOVE;
}

static PorchAccount *
await_signed_in (Cli          *cli,
                 PorchSignIn  *sign_in,
                 GError      **error)
{
  Session session = { cli, sign_in, dex_promise_new () };
  PorchAccount *account;
  guint asking = 0;

  porch_sign_in_set_by_code (sign_in, by_code);
  if (patience > 0)
    porch_sign_in_set_time_limit (sign_in, patience);

  g_signal_connect_swapped (sign_in, "notify::state", G_CALLBACK (state_cb), &session);

  if (by_code && porch_sign_in_get_kind (sign_in) == PORCH_SIGN_IN_CONSOLE)
    asking = g_timeout_add_full (G_PRIORITY_DEFAULT, 50, ask_cb, &session, NULL);

  cli->interrupt = dex_promise_new ();
  account = dex_await_object (dex_future_first (porch_sign_in_run (sign_in), dex_ref (DEX_FUTURE (session.failed)),
                                                dex_ref (DEX_FUTURE (cli->interrupt)), NULL), error);

  /* An interrupt resolves to a boolean, which is no object */
  if (cli->is_stopping)
    {
      g_clear_error (error);
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_STOPPED, _("Signing in was stopped."));
    }

  porch_sign_in_cancel (sign_in);
  if (asking != 0 && g_main_context_find_source_by_id (NULL, asking) != NULL)
    g_source_remove (asking);
  g_signal_handlers_disconnect_by_data (sign_in, &session);
  dex_unref (session.failed);

  return account;
}

static gboolean
await_engine (Cli     *cli,
              GError **error)
{
  cli->engine = porch_engine_new (NULL);

  return dex_await (porch_engine_open (cli->engine), error);
}

/* Without a keyring the session would be gone with this process */
static gboolean
check_kept (Cli           *cli,
            PorchAccount  *account,
            gboolean       is_new,
            GError       **error)
{
  if (!porch_account_is_session_only (account))
    return TRUE;

  if (is_new)
    dex_await (porch_engine_remove_account (cli->engine, account), NULL);

  g_set_error_literal (error, CLI_ERROR, CLI_ERROR_FAILED,
                       _("The sign-in can’t be kept: the keyring is missing or locked. Unlock it and sign in again."));

  return FALSE;
}

static void
print_done (Cli          *cli,
            PorchAccount *account,
            const char   *text)
{
  g_autoptr(JsonObject) object = NULL;

  if (!cli->is_json)
    {
      cli_print (text, porch_account_get_name (account));
      return;
    }

  object = cli_build_account (cli, account);
  json_object_set_boolean_member (object, "done", TRUE);
  cli_print_json_line (object);
}

static gboolean
sign_in_and_add (Cli          *cli,
                 PorchSignIn  *sign_in,
                 GError      **error)
{
  g_autoptr(PorchAccount) found = await_signed_in (cli, sign_in, error);
  g_autoptr(PorchAccount) account = NULL;
  gboolean is_new;

  if (found == NULL)
    return FALSE;

  account = dex_await_object (porch_engine_add_account (cli->engine, found, account_name), error);

  if (account == NULL)
    return FALSE;

  is_new = account == found;

  if (!check_kept (cli, account, is_new, error))
    return FALSE;

  print_done (cli, account, _("You are signed in. The account is called “%s”.\n"));

  return TRUE;
}

gboolean
cli_account_sign_in (Cli                *cli,
                     const char * const *arguments,
                     GError            **error)
{
  g_autoptr(PorchSignIn) sign_in = NULL;

  if (account_region != NULL && !porch_account_check_region (account_region, error))
    return FALSE;

  if (!await_engine (cli, error))
    return FALSE;

  sign_in = porch_sign_in_new_console (cli->engine, account_region);

  return sign_in_and_add (cli, sign_in, error);
}

gboolean
cli_account_sign_in_sso (Cli                *cli,
                         const char * const *arguments,
                         GError            **error)
{
  g_autoptr(PorchSignIn) sign_in = NULL;
  g_autofree char *url = NULL;
  g_autofree char *region = NULL;

  if ((account_region != NULL && !porch_account_check_region (account_region, error)) ||
      (sso_region != NULL && !porch_account_check_region (sso_region, error)) ||
      !porch_sign_in_parse_start_url (arguments[0], &url, &region, error) ||
      !await_engine (cli, error))
    return FALSE;

  sign_in = porch_sign_in_new_sso (cli->engine, url, sso_region != NULL ? sso_region : region, account_region);

  return sign_in_and_add (cli, sign_in, error);
}

gboolean
cli_account_add_profile (Cli                *cli,
                         const char * const *arguments,
                         GError            **error)
{
  g_autoptr(PorchAccount) account = NULL;

  if (!await_engine (cli, error))
    return FALSE;

  account = dex_await_object (porch_engine_add_profile (cli->engine, arguments[0], account_region, account_name), error);

  if (account == NULL)
    return FALSE;

  print_done (cli, account, _("The profile works. The account is called “%s”.\n"));

  return TRUE;
}

/* What waited for the sign-in */
static void
print_waiting (Cli          *cli,
               PorchAccount *account)
{
  GListModel *operations = porch_engine_get_operations (cli->engine);

  for (guint i = 0; !cli->is_json && i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (operations, i);
      PorchSite *site = porch_operation_get_site (operation);
      PorchProblem *problem = porch_operation_get_problem (operation);

      if (site != NULL && porch_site_get_account (site) == account && porch_operation_can_resume (operation) &&
          problem != NULL && porch_problem_needs_sign_in (problem))
        {
          g_autofree char *title = cli_clean_text (porch_operation_get_title (operation), FALSE);

          cli_print (_("This waited for it: %s. Go on with “porchlight-cli operation resume %s”.\n"),
                     title, porch_operation_get_id (operation));
        }
    }
}

static gboolean
renew_in_browser (Cli           *cli,
                  PorchAccount  *account,
                  GError       **error)
{
  g_autoptr(PorchSignIn) sign_in = porch_sign_in_new_renewal (cli->engine, account);
  g_autoptr(PorchAccount) renewed = await_signed_in (cli, sign_in, error);

  return renewed != NULL && check_kept (cli, account, FALSE, error);
}

gboolean
cli_account_renew (Cli                *cli,
                   const char * const *arguments,
                   GError            **error)
{
  PorchAccount *account;

  if (!await_engine (cli, error))
    return FALSE;

  if ((account = porch_engine_find_account (cli->engine, arguments[0])) == NULL)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no account “%s”."), arguments[0]);
      return FALSE;
    }

  porch_engine_set_goes_on (cli->engine, FALSE);

  if (porch_account_get_renewal (account) == PORCH_ACCOUNT_RENEWAL_KEYS)
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_FAILED,
                           _("This account has keys: enter new ones with “porchlight-cli account add-keys”."));
      return FALSE;
    }

  if (porch_account_get_renewal (account) == PORCH_ACCOUNT_RENEWAL_BROWSER
      ? !renew_in_browser (cli, account, error)
      : !cli_may_use (cli, account, error) || !dex_await (porch_engine_recheck_account (cli->engine, account), error))
    return FALSE;

  print_done (cli, account, _("“%s” can be used again.\n"));
  print_waiting (cli, account);

  return TRUE;
}
