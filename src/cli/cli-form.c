/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-settings-operation.h"

#include <glib/gi18n.h>

static char *form_mail;
static char *form_path;

const GOptionEntry cli_form_enable_options[] = {
  { "to", 0, 0, G_OPTION_ARG_STRING, &form_mail, N_("Who gets its messages; several addresses with commas between"), N_("MAIL") },
  { "path", 0, 0, G_OPTION_ARG_STRING, &form_path, N_("Where on the site the form is sent to"), N_("PATH") },
  G_OPTION_ENTRY_NULL
};

static gboolean
await_change (Cli         *cli,
              PorchSite   *site,
              gboolean     is_enabled,
              const char  *mail,
              GError     **error)
{
  g_autoptr(PorchOperation) operation = porch_settings_operation_new (site, is_enabled, mail);

  if (form_path != NULL && !porch_settings_operation_set_path (PORCH_SETTINGS_OPERATION (operation), form_path, error))
    return FALSE;

  porch_engine_run_operation (cli->engine, operation);

  return cli_run_operation (cli, operation, NULL, error);
}

gboolean
cli_form_enable (Cli                *cli,
                 const char * const *arguments,
                 GError            **error)
{
  PorchSite *site;

  if (form_mail == NULL)
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE,
                           _("Wrong usage: it is not said who gets the messages. Add --to MAIL."));
      return FALSE;
    }

  if (!porch_plan_check_mail (form_mail, error) || !cli_open (cli, error) ||
      (site = cli_find_ready_site (cli, arguments[0], error)) == NULL ||
      !await_change (cli, site, TRUE, form_mail, error))
    return FALSE;

  if (!cli->is_json)
    cli_print (_("“%s” takes messages and mails them to %s. The form for its pages: porchlight-cli form snippet %s\n"),
               porch_site_get_name (site), form_mail, porch_site_get_slug (site));

  return TRUE;
}

gboolean
cli_form_disable (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  PorchSite *site;

  if (!cli_open (cli, error) || (site = cli_find_ready_site (cli, arguments[0], error)) == NULL ||
      !await_change (cli, site, FALSE, porch_site_get_mail_to (site), error))
    return FALSE;

  if (!cli->is_json)
    cli_print (_("“%s” takes no messages any more. Those that came in are kept.\n"), porch_site_get_name (site));

  return TRUE;
}

gboolean
cli_form_snippet (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  g_autofree char *html = NULL;
  PorchSite *site;

  if (!cli_open (cli, error) || (site = cli_find_ready_site (cli, arguments[0], error)) == NULL)
    return FALSE;

  if (!porch_site_get_form_enabled (site))
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_FAILED,
                   _("The site has no contact form: nothing would receive its messages. Enable it with: porchlight-cli form enable %s --to MAIL"),
                   porch_site_get_slug (site));
      return FALSE;
    }

  html = porch_site_dup_form_snippet (site);

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "id", porch_site_get_id (site));
      json_object_set_string_member (object, "path", porch_site_get_form_path (site));
      json_object_set_string_member (object, "html", html);
      cli_print_object (object);
    }
  else
    {
      cli_print ("%s", html);
    }

  return TRUE;
}
