/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"
#include "porch-error.h"

#include "aws-environment.h"
#include "aws-error.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
cli_uses_environment (Cli *cli)
{
  return cli->options.account == NULL && aws_environment_has_credentials ();
}

/* A file as the person named it, from where the command was given. */
GFile *
cli_get_file (Cli        *cli,
              const char *name)
{
  return g_file_new_for_commandline_arg (name);
}

/* Starts the practice cloud inside this process if @account is practice, or if it is NULL and there is such an account. */
gboolean
cli_await_practice (Cli           *cli,
                    PorchAccount  *account,
                    GError       **error)
{
  GListModel *accounts = porch_engine_get_accounts (cli->engine);
  g_autoptr(GFile) folder = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean is_wanted = account != NULL && porch_account_is_practice (account);

  for (guint i = 0; account == NULL && i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(PorchAccount) candidate = g_list_model_get_item (accounts, i);

      is_wanted = is_wanted || porch_account_is_practice (candidate);
    }

  if (!is_wanted || cli->practice != NULL)
    return TRUE;

  folder = g_file_get_child (porch_engine_get_folder (cli->engine), "practice");
  cli->practice = porch_practice_new (folder);

  if (!dex_await (porch_practice_start (cli->practice), &local_error))
    {
      g_clear_object (&cli->practice);
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_PRACTICE_OFF, local_error->message);
      return FALSE;
    }

  porch_engine_set_practice_endpoint (cli->engine,
                                      porch_practice_get_endpoint (cli->practice),
                                      porch_practice_get_access_key_id (cli->practice),
                                      porch_practice_get_secret_access_key (cli->practice),
                                      porch_practice_get_region (cli->practice));

  return TRUE;
}

/* The account that the command is about: named, of the environment, or the default one. */
PorchAccount *
cli_await_account (Cli     *cli,
                   GError **error)
{
  PorchAccount *account;

  if (cli_uses_environment (cli))
    {
      g_autoptr(PorchAccount) environment = dex_await_object (porch_engine_add_environment (cli->engine), error);

      /* The engine keeps it */
      return environment;
    }

  account = cli->options.account != NULL ? porch_engine_find_account (cli->engine, cli->options.account)
                                         : porch_engine_get_default_account (cli->engine);

  if (account == NULL && cli->options.account != NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no account “%s”"), cli->options.account);
  else if (account == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_SIGN_IN, "%s",
                 _("There is no account yet; “account add-practice” makes one on this computer, “account add-keys” adds one of yours"));
  else if (!cli_await_practice (cli, account, error))
    return NULL;

  return account;
}

static gboolean
is_called (PorchSite  *site,
           const char *name)
{
  g_autofree char *first = g_utf8_casefold (porch_site_get_name (site), -1);
  g_autofree char *second = g_utf8_casefold (name, -1);

  return g_str_equal (first, second) || g_strcmp0 (porch_site_get_slug (site), name) == 0;
}

/* By id; by name or slug if that is clear. @account may be NULL for all. */
static PorchSite *
find_site (Cli           *cli,
           PorchAccount  *account,
           const char    *name,
           GError       **error)
{
  GListModel *sites = porch_engine_get_sites (cli->engine);
  PorchSite *found = NULL;
  guint n_found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);

      if (account != NULL && porch_site_get_account (site) != account)
        continue;

      if (g_str_equal (porch_site_get_id (site), name))
        return site;

      if (is_called (site, name))
        {
          found = site;
          n_found++;
        }
    }

  if (n_found == 1)
    return found;

  if (n_found > 1)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_EXISTS,
                 _("There are %u sites called “%s”; name it by its id, which “site list --json” shows"), n_found, name);

  return NULL;
}

/* The site that the command is about, with its account ready for use. */
PorchSite *
cli_await_site (Cli         *cli,
                const char  *name,
                GError     **error)
{
  gboolean is_explicit = cli->options.account != NULL || cli_uses_environment (cli);
  PorchAccount *account = NULL;
  PorchSite *site;
  g_autoptr(GError) local_error = NULL;

  if ((is_explicit || porch_engine_get_default_account (cli->engine) == NULL) &&
      (account = cli_await_account (cli, error)) == NULL)
    return NULL;

  site = find_site (cli, is_explicit ? account : NULL, name, &local_error);

  /* Made from another computer, perhaps */
  if (site == NULL && local_error == NULL)
    {
      if (account == NULL && (account = cli_await_account (cli, error)) == NULL)
        return NULL;

      dex_await (porch_engine_import (cli->engine, account), &local_error);

      if (local_error == NULL)
        site = find_site (cli, is_explicit ? account : NULL, name, &local_error);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (site == NULL)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no site “%s”"), name);
      return NULL;
    }

  return cli_await_practice (cli, porch_site_get_account (site), error) ? site : NULL;
}
