/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"
#include "porch-error.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <unistd.h>

/* Nobody's keys are larger */
#define MAX_INPUT (64 * 1024)

static const char *
get_kind (PorchAccount *account)
{
  static const char * const kinds[] = { "practice", "keys", "environment" };

  return kinds[porch_account_get_kind (account)];
}

static JsonObject *
account_to_json (Cli          *cli,
                 PorchAccount *account)
{
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "id", porch_account_get_id (account));
  json_object_set_string_member (json, "name", porch_account_get_name (account));
  json_object_set_string_member (json, "kind", get_kind (account));
  json_object_set_string_member (json, "region", porch_account_get_region (account));
  json_object_set_string_member (json, "number", porch_account_get_number (account));
  json_object_set_string_member (json, "keyId", porch_account_get_key_id (account));
  json_object_set_boolean_member (json, "sessionOnly", porch_account_is_session_only (account));
  json_object_set_boolean_member (json, "default", account == porch_engine_get_default_account (cli->engine));

  return json;
}

static void
print_account (Cli          *cli,
               PorchAccount *account)
{
  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = account_to_json (cli, account);

      cli_print_object (json);
    }
  else
    {
      cli_print (_("Added “%s”.\n"), porch_account_get_name (account));
    }
}

gboolean
cli_account_list (Cli     *cli,
                  GError **error)
{
  GListModel *accounts = porch_engine_get_accounts (cli->engine);
  g_autoptr(JsonArray) array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (accounts, i);

      json_array_add_object_element (array, account_to_json (cli, account));

      if (!cli->options.json)
        cli_print ("%c %-24s %-12s %-16s %s\n",
                   account == porch_engine_get_default_account (cli->engine) ? '*' : ' ',
                   porch_account_get_name (account), get_kind (account), porch_account_get_region (account),
                   porch_account_get_number (account) != NULL ? porch_account_get_number (account) : "");
    }

  if (cli->options.json)
    cli_print_array (array);
  else if (json_array_get_length (array) == 0)
    cli_print (_("No accounts yet. “porchlight-cli account add-practice” makes one on this computer.\n"));

  return TRUE;
}

gboolean
cli_account_add_practice (Cli     *cli,
                          GError **error)
{
  g_autoptr(PorchAccount) account = NULL;

  if ((account = dex_await_object (porch_engine_add_practice (cli->engine, cli->options.name), error)) == NULL ||
      !cli_await_practice (cli, account, error) ||
      !dex_await (porch_account_check (account), error))
    return FALSE;

  print_account (cli, account);

  return TRUE;
}

static char *
read_input (Cli     *cli,
            GError **error)
{
  g_autoptr(GInputStream) stream = NULL;
  g_autofree char *buffer = g_malloc0 (MAX_INPUT + 1);
  gsize length;

  if (cli->options.csv != NULL)
    {
      g_autoptr(GFile) file = cli_get_file (cli, cli->options.csv);

      stream = G_INPUT_STREAM (g_file_read (file, NULL, error));
    }
  else
    {
      if (isatty (STDIN_FILENO))
        cli_warn (_("Paste the access key and the secret key, one in a line, and end with Ctrl+D."));

      stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
    }

  if (stream == NULL || !g_input_stream_read_all (stream, buffer, MAX_INPUT, &length, NULL, error))
    return NULL;

  return g_steal_pointer (&buffer);
}

gboolean
cli_account_add_keys (Cli     *cli,
                      GError **error)
{
  g_autofree char *text = read_input (cli, error);
  g_autofree char *key_id = NULL;
  g_autofree char *secret = NULL;
  g_autoptr(PorchAccount) account = NULL;

  if (text == NULL || !porch_account_parse_keys (text, &key_id, &secret, error))
    return FALSE;

  account = dex_await_object (porch_engine_add_account_keys (cli->engine, key_id, secret, NULL,
                                                             cli->options.region, cli->options.name), error);

  if (account == NULL)
    return FALSE;

  if (porch_account_is_session_only (account))
    cli_warn (_("There is no keyring to keep the keys in: they are forgotten when this command ends. "
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead, or unlock the keyring."));

  print_account (cli, account);

  return TRUE;
}

gboolean
cli_account_remove (Cli     *cli,
                    GError **error)
{
  PorchAccount *account = porch_engine_find_account (cli->engine, cli->arguments[0]);
  g_autofree char *id = NULL;

  if (account == NULL)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no account “%s”"), cli->arguments[0]);
      return FALSE;
    }

  id = g_strdup (porch_account_get_id (account));

  if (!dex_await (porch_engine_remove_account (cli->engine, account), error))
    return FALSE;

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = json_object_new ();

      json_object_set_string_member (json, "id", id);
      json_object_set_boolean_member (json, "done", TRUE);
      cli_print_object (json);
    }

  return TRUE;
}

gboolean
cli_practice_serve (Cli     *cli,
                    GError **error)
{
  g_autoptr(GFile) data = porch_engine_dup_default_folder ();
  g_autoptr(GFile) folder = cli->options.state != NULL ? cli_get_file (cli, cli->options.state)
                                                       : g_file_get_child (data, "practice");
  g_autoptr(JsonObject) json = json_object_new ();
  g_autoptr(GError) local_error = NULL;

  cli->practice = porch_practice_new (folder);

  if (cli->options.port < 0 || cli->options.port > 65535)
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE, _("A port is a number from 1 to 65535, not %d"), cli->options.port);
      return FALSE;
    }

  if (cli->options.port != 0)
    porch_practice_set_port (cli->practice, cli->options.port);

  if (cli->options.faults != NULL && !porch_practice_set_faults (cli->practice, cli->options.faults, &local_error))
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE, _("The faults were not understood: %s"), local_error->message);
      return FALSE;
    }

  if (!dex_await (porch_practice_start (cli->practice), &local_error))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_PRACTICE_OFF, local_error->message);
      return FALSE;
    }

  if (porch_practice_is_attached (cli->practice))
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_EXISTS,
                   _("Another program serves this folder already, at %s"), porch_practice_get_endpoint (cli->practice));
      return FALSE;
    }

  json_object_set_string_member (json, "endpoint", porch_practice_get_endpoint (cli->practice));
  json_object_set_string_member (json, "accessKeyId", porch_practice_get_access_key_id (cli->practice));
  json_object_set_string_member (json, "secretAccessKey", porch_practice_get_secret_access_key (cli->practice));
  json_object_set_string_member (json, "region", porch_practice_get_region (cli->practice));
  cli_print_object (json);

  /* Ctrl+C is the way to end it */
  dex_await (dex_ref (DEX_FUTURE (cli->interrupt)), NULL);

  return TRUE;
}
