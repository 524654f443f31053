/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-error.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Nothing that holds two keys is larger */
#define MAX_KEYS_SIZE (64 * 1024)

static char *account_name;
static char *account_region;
static char *keys_file;

const GOptionEntry cli_account_practice_options[] = {
  { "name", 0, 0, G_OPTION_ARG_STRING, &account_name, N_("What to call it"), N_("NAME") },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_account_keys_options[] = {
  { "csv", 0, 0, G_OPTION_ARG_FILENAME, &keys_file, N_("The file with the keys"), N_("FILE") },
  { "name", 0, 0, G_OPTION_ARG_STRING, &account_name, N_("What to call it"), N_("NAME") },
  { "region", 0, 0, G_OPTION_ARG_STRING, &account_region, N_("Where its sites are made, such as eu-central-1"), N_("REGION") },
  G_OPTION_ENTRY_NULL
};

static const char *
get_kind (PorchAccount *account)
{
  g_autoptr(GEnumClass) kinds = g_type_class_ref (PORCH_TYPE_ACCOUNT_KIND);

  return g_enum_get_value (kinds, porch_account_get_kind (account))->value_nick;
}

/* An account for scripts. */
JsonObject *
cli_build_account (Cli          *cli,
                   PorchAccount *account)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", porch_account_get_id (account));
  json_object_set_string_member (object, "name", porch_account_get_name (account));
  json_object_set_string_member (object, "kind", get_kind (account));
  json_object_set_string_member (object, "region", porch_account_get_region (account));
  json_object_set_string_member (object, "number", porch_account_get_number (account));
  json_object_set_string_member (object, "accessKeyId", porch_account_get_key_id (account));
  json_object_set_string_member (object, "user", porch_account_get_user (account));
  json_object_set_string_member (object, "profile", porch_account_get_profile (account));
  json_object_set_string_member (object, "startUrl", porch_account_get_start_url (account));
  json_object_set_string_member (object, "role", porch_account_get_role (account));
  json_object_set_boolean_member (object, "default", account == porch_engine_get_default_account (cli->engine));

  return object;
}

static void
print_account (Cli          *cli,
               PorchAccount *account,
               const char   *text)
{
  g_autoptr(JsonObject) object = cli_build_account (cli, account);

  if (cli->is_json)
    cli_print_object (object);
  else
    cli_print (text, porch_account_get_name (account));
}

gboolean
cli_account_list (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  static const char * const titles[] = { N_("Name"), N_("Kind"), N_("Region"), N_("Number"), N_("Default"), NULL };
  const char *shown[G_N_ELEMENTS (titles)] = { NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(JsonArray) array = json_array_new ();
  GListModel *accounts;

  if (!cli_open (cli, error))
    return FALSE;

  accounts = porch_engine_get_accounts (cli->engine);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (accounts, i);
      const char *number = porch_account_get_number (account);
      char **row = g_new0 (char *, G_N_ELEMENTS (titles));

      row[0] = cli_clean_text (porch_account_get_name (account), FALSE);
      row[1] = g_strdup (get_kind (account));
      row[2] = g_strdup (porch_account_get_region (account));
      row[3] = g_strdup (number != NULL ? number : "–");
      row[4] = g_strdup (account == porch_engine_get_default_account (cli->engine) ? _("yes") : "");
      g_ptr_array_add (rows, row);
      json_array_add_object_element (array, cli_build_account (cli, account));
    }

  for (guint i = 0; titles[i] != NULL; i++)
    shown[i] = _(titles[i]);

  if (cli->is_json)
    cli_print_array (array);
  else if (rows->len == 0)
    cli_print ("%s\n", _("No accounts yet. Try it on this computer: porchlight-cli account add-practice"));
  else
    cli_print_table (shown, rows);

  return TRUE;
}

gboolean
cli_account_add_practice (Cli                *cli,
                          const char * const *arguments,
                          GError            **error)
{
  g_autoptr(PorchAccount) account = NULL;

  if (!cli_open (cli, error) || !cli_start_practice (cli, error))
    return FALSE;

  account = dex_await_object (porch_engine_add_practice (cli->engine, account_name), error);

  if (account == NULL)
    return FALSE;

  print_account (cli, account, _("The practice cloud is an account now, called “%s”.\n"));

  return TRUE;
}

static char *
read_input (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  char buffer[4096];
  size_t size;

  while (text->len <= MAX_KEYS_SIZE && (size = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_string_append_len (text, buffer, size);

  return text->len <= MAX_KEYS_SIZE ? g_string_free (g_steal_pointer (&text), FALSE) : g_strdup ("");
}

static char *
read_keys (GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *key_id = NULL;
  g_autofree char *secret = NULL;
  gsize length;

  if (keys_file != NULL)
    {
      if (!g_file_get_contents (keys_file, &text, &length, &local_error))
        g_set_error (error, CLI_ERROR, CLI_ERROR_FAILED,
                     _("The keys can’t be read: %s. Give the file with --csv, or the keys on standard input."),
                     local_error->message);
      else if (strlen (text) == length && length <= MAX_KEYS_SIZE)
        return g_steal_pointer (&text);
      else
        g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_KEYS, _("This is not a text file."));

      return NULL;
    }

  if (!isatty (STDIN_FILENO))
    return read_input ();

  if ((key_id = cli_ask (_("Access key:"), FALSE)) == NULL ||
      (secret = cli_ask (_("Secret key (not shown):"), TRUE)) == NULL)
    return g_strdup ("");

  return g_strconcat (key_id, "\n", secret, NULL);
}

gboolean
cli_account_add_keys (Cli                *cli,
                      const char * const *arguments,
                      GError            **error)
{
  g_autofree char *text = read_keys (error);
  g_autofree char *key_id = NULL;
  g_autofree char *secret = NULL;
  g_autoptr(PorchAccount) account = NULL;

  if (text == NULL || !porch_account_parse_keys (text, &key_id, &secret, error))
    return FALSE;

  cli->engine = porch_engine_new (NULL);

  if (!dex_await (porch_engine_open (cli->engine), error))
    return FALSE;

  account = dex_await_object (porch_engine_add_account_keys (cli->engine, key_id, secret, NULL, account_region, account_name),
                              error);

  if (account == NULL)
    return FALSE;

  /* Without a keyring the keys would be gone with this process */
  if (porch_account_is_session_only (account))
    {
      dex_await (porch_engine_remove_account (cli->engine, account), NULL);
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_FAILED,
                           _("The keys can’t be kept: the keyring is missing or locked. Unlock it, or put the keys into the environment "
                             "as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."));
      return FALSE;
    }

  print_account (cli, account, _("The keys work. The account is called “%s”.\n"));

  return TRUE;
}

gboolean
cli_account_remove (Cli                *cli,
                    const char * const *arguments,
                    GError            **error)
{
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(JsonObject) object = NULL;

  cli->engine = porch_engine_new (NULL);

  if (!dex_await (porch_engine_open (cli->engine), error))
    return FALSE;

  g_set_object (&account, porch_engine_find_account (cli->engine, arguments[0]));

  if (account == NULL)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no account “%s”."), arguments[0]);
      return FALSE;
    }

  object = cli_build_account (cli, account);

  if (!dex_await (porch_engine_remove_account (cli->engine, account), error))
    return FALSE;

  json_object_set_boolean_member (object, "removed", TRUE);

  if (cli->is_json)
    cli_print_object (object);
  else
    cli_print (_("“%s” is forgotten. Nothing in the account itself was touched.\n"), porch_account_get_name (account));

  return TRUE;
}
