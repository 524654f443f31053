/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "aws-environment.h"
#include "porch-error.h"

#include <glib/gi18n.h>

void
cli_init (Cli *cli)
{
  *cli = (Cli) { 0 };
}

void
cli_clear (Cli *cli)
{
  g_clear_object (&cli->operation);
  g_clear_object (&cli->account);
  g_clear_object (&cli->engine);
  g_clear_object (&cli->practice);
  dex_clear (&cli->interrupt);
  g_clear_pointer (&cli->account_name, g_free);
}

/* Stops what is underway in an orderly manner. */
void
cli_interrupt (Cli *cli)
{
  cli->is_stopping = TRUE;

  if (cli->operation != NULL)
    porch_operation_stop (cli->operation);

  if (cli->interrupt != NULL && dex_future_is_pending (DEX_FUTURE (cli->interrupt)))
    dex_promise_resolve_boolean (cli->interrupt, TRUE);
}

/* The practice cloud lives in this process unless the app or another command runs it already. */
gboolean
cli_start_practice (Cli     *cli,
                    GError **error)
{
  g_autoptr(GFile) state = NULL;

  if (cli->practice != NULL)
    return TRUE;

  state = g_file_get_child (porch_engine_get_folder (cli->engine), "practice");
  cli->practice = porch_practice_new (state);

  if (!dex_await (porch_practice_start (cli->practice), error))
    {
      g_clear_object (&cli->practice);
      return FALSE;
    }

  porch_engine_set_practice_endpoint (cli->engine,
                                      porch_practice_get_endpoint (cli->practice),
                                      porch_practice_get_access_key_id (cli->practice),
                                      porch_practice_get_secret_access_key (cli->practice),
                                      porch_practice_get_region (cli->practice),
                                      porch_practice_get_name_server (cli->practice));

  return TRUE;
}

/* The environment's keys may be those of another account than last time. */
gboolean
cli_may_use (Cli           *cli,
             PorchAccount  *account,
             GError       **error)
{
  if (porch_account_is_practice (account))
    return cli_start_practice (cli, error);

  if (porch_account_get_kind (account) != PORCH_ACCOUNT_ENVIRONMENT || account == cli->account)
    return TRUE;

  /* Translators: %s is the name of an account */
  g_set_error (error, CLI_ERROR, CLI_ERROR_SIGN_IN,
               _("Sign in needed: this belongs to “%s”, whose keys are expected in the environment. Set AWS_ACCESS_KEY_ID and "
                 "AWS_SECRET_ACCESS_KEY to them."), porch_account_get_name (account));

  return FALSE;
}

static gboolean
await_account (Cli     *cli,
               GError **error)
{
  PorchAccount *account;

  if (cli->account_name != NULL)
    {
      if ((account = porch_engine_find_account (cli->engine, cli->account_name)) == NULL)
        {
          g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no account “%s”."), cli->account_name);
          return FALSE;
        }

      g_set_object (&cli->account, account);
      cli->is_chosen = TRUE;
    }
  else if (aws_environment_has_credentials ())
    {
      cli->account = dex_await_object (porch_engine_add_environment (cli->engine), error);
      cli->is_chosen = TRUE;

      return cli->account != NULL;
    }
  else
    {
      g_set_object (&cli->account, porch_engine_get_default_account (cli->engine));
    }

  return TRUE;
}

/**
 * cli_open:
 * @cli: the run
 * @error: return location
 *
 * Opens the record of this computer and finds the account to work with: the one that was named, else that of the
 * environment, else the app's default one.
 *
 * Returns: whether it worked; there may be no account even so
 */
gboolean
cli_open (Cli     *cli,
          GError **error)
{
  cli->engine = porch_engine_new (NULL);

  if (!dex_await (porch_engine_open (cli->engine), error))
    return FALSE;

  if (porch_engine_get_notice (cli->engine) != NULL)
    cli_print_notice (porch_engine_get_notice (cli->engine));

  return await_account (cli, error);
}

/* Lets what nobody waits for reach the disk, and ends the practice cloud of this process. */
void
cli_close (Cli *cli)
{
  g_autoptr(GError) error = NULL;

  if (cli->engine != NULL && porch_engine_is_open (cli->engine) &&
      !dex_await (porch_store_query (porch_engine_get_store (cli->engine), "SELECT 1", NULL), &error))
    g_debug ("The last changes may be missing: %s", error->message);

  g_clear_error (&error);

  if (cli->practice != NULL && !dex_await (porch_practice_stop (cli->practice), &error))
    g_debug ("The practice cloud did not stop: %s", error->message);
}

/**
 * cli_require_account:
 * @cli: an open run
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the account to work with, ready for use
 */
PorchAccount *
cli_require_account (Cli     *cli,
                     GError **error)
{
  if (cli->account == NULL)
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_SIGN_IN,
                           _("Sign in needed: there is no account on this computer. Add one with “porchlight-cli account add-practice” "
                             "or “porchlight-cli account add-keys”."));
      return NULL;
    }

  return cli_may_use (cli, cli->account, error) ? cli->account : NULL;
}

static gboolean
is_called (PorchSite  *site,
           const char *name)
{
  return g_strcmp0 (porch_site_get_slug (site), name) == 0 || g_strcmp0 (porch_site_get_name (site), name) == 0;
}

static GPtrArray *
find_sites (Cli        *cli,
            const char *name)
{
  GListModel *sites = porch_engine_get_sites (cli->engine);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);

      if (cli->is_chosen && porch_site_get_account (site) != cli->account)
        continue;

      if (g_str_equal (porch_site_get_id (site), name))
        {
          g_ptr_array_set_size (found, 0);
          g_ptr_array_add (found, g_steal_pointer (&site));
          break;
        }

      if (is_called (site, name))
        g_ptr_array_add (found, g_steal_pointer (&site));
    }

  return found;
}

static void
set_unclear (GError     **error,
             const char  *name,
             GPtrArray   *sites)
{
  g_autoptr(GString) ids = g_string_new (NULL);

  for (guint i = 0; i < sites->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", porch_site_get_id (g_ptr_array_index (sites, i)));

  /* Translators: the first %s is a name, the second a list of ids */
  g_set_error (error, CLI_ERROR, CLI_ERROR_FAILED,
               _("The site is not clear: more than one is called “%s”. Give the id of one: %s"), name, ids->str);
}

/**
 * cli_find_site:
 * @cli: an open run
 * @name: id, short name or name
 * @error: return location
 *
 * Finds a site, if need be by asking the account for those that were made on other computers.
 *
 * Returns: (transfer none) (nullable): the site
 */
PorchSite *
cli_find_site (Cli         *cli,
               const char  *name,
               GError     **error)
{
  g_autoptr(GPtrArray) found = find_sites (cli, name);
  PorchSite *site;

  if (found->len == 0)
    {
      PorchAccount *account = cli_require_account (cli, error);

      if (account == NULL || !dex_await (porch_engine_import (cli->engine, account), error))
        return NULL;

      g_clear_pointer (&found, g_ptr_array_unref);
      found = find_sites (cli, name);
    }

  if (found->len == 0)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no site “%s”."), name);
      return NULL;
    }

  if (found->len > 1)
    {
      set_unclear (error, name, found);
      return NULL;
    }

  /* The engine's list holds it */
  site = g_ptr_array_index (found, 0);

  return cli_may_use (cli, porch_site_get_account (site), error) ? site : NULL;
}

/**
 * cli_find_ready_site:
 * @cli: an open run
 * @name: id, short name or name
 * @error: return location
 *
 * As cli_find_site(), for what can only be done with a site that was made to its end.
 *
 * Returns: (transfer none) (nullable): the site
 */
PorchSite *
cli_find_ready_site (Cli         *cli,
                     const char  *name,
                     GError     **error)
{
  PorchSite *site = cli_find_site (cli, name, error);
  PorchOperation *operation;
  PorchSiteState state;

  if (site == NULL)
    return NULL;

  operation = porch_site_get_operation (site);
  state = porch_site_get_state (site);

  if (operation == NULL || !porch_operation_can_resume (operation) ||
      (state != PORCH_SITE_CREATING && state != PORCH_SITE_FAILED && state != PORCH_SITE_DELETING))
    return site;

  g_set_error (error, CLI_ERROR, CLI_ERROR_FAILED,
               state == PORCH_SITE_DELETING
               ? _("“%s” is being deleted: that was stopped before its end. Go on with: porchlight-cli operation resume %s")
               : _("“%s” is not ready: creating it was stopped before its end. Go on with: porchlight-cli operation resume %s"),
               porch_site_get_name (site), porch_operation_get_id (operation));

  return NULL;
}
