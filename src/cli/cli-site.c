/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"
#include "porch-error.h"
#include "porch-settings-operation.h"
#include "porch-stack.h"

#include "aws-error.h"
#include "aws-cloudformation.h"

#include <glib/gi18n.h>

static const char *
get_state (PorchSite *site)
{
  static const char * const states[] = { "creating", "empty", "live", "unreachable", "deleting", "failed" };

  return states[porch_site_get_state (site)];
}

static JsonObject *
site_to_json (PorchSite *site)
{
  JsonObject *json = json_object_new ();
  GFile *folder = porch_site_get_folder (site);
  g_autofree char *path = folder != NULL ? g_file_get_path (folder) : NULL;

  json_object_set_string_member (json, "id", porch_site_get_id (site));
  json_object_set_string_member (json, "name", porch_site_get_name (site));
  json_object_set_string_member (json, "slug", porch_site_get_slug (site));
  json_object_set_string_member (json, "account", porch_account_get_name (porch_site_get_account (site)));
  json_object_set_string_member (json, "region", porch_site_get_region (site));
  json_object_set_string_member (json, "address", porch_site_get_address (site));
  json_object_set_string_member (json, "state", get_state (site));
  cli_set_time (json, "created", porch_site_get_created (site));
  cli_set_time (json, "lastPublished", porch_site_get_last_published (site));
  json_object_set_string_member (json, "liveRelease", porch_site_get_live_release (site));
  json_object_set_int_member (json, "unread", porch_site_get_unread_count (site));
  json_object_set_boolean_member (json, "formEnabled", porch_site_get_form_enabled (site));
  json_object_set_string_member (json, "formPath", porch_site_get_form_path (site));
  json_object_set_string_member (json, "mailTo", porch_site_get_mail_to (site));
  json_object_set_string_member (json, "folder", path);

  return json;
}

static gboolean
is_out_of_reach (const GError *error)
{
  return g_error_matches (error, AWS_ERROR, AWS_ERROR_UNREACHABLE) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_TIMED_OUT) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER);
}

/* What the store knows is worth more than nothing when the network is away */
static gboolean
tolerate (GError  *problem,
          GError **error)
{
  if (problem != NULL && is_out_of_reach (problem))
    {
      g_autoptr(PorchProblem) words = porch_problem_from_error (problem);

      cli_warn (_("%s. This is what was known last."), porch_problem_get_title (words));
      g_error_free (problem);
      return TRUE;
    }

  if (problem != NULL)
    g_propagate_error (error, problem);

  return problem == NULL;
}

gboolean
cli_site_list (Cli     *cli,
               GError **error)
{
  GListModel *sites = porch_engine_get_sites (cli->engine);
  gboolean is_explicit = cli->options.account != NULL || cli_uses_environment (cli);
  g_autoptr(JsonArray) array = json_array_new ();
  PorchAccount *account = NULL;
  GError *local_error = NULL;

  if (is_explicit || porch_engine_get_default_account (cli->engine) != NULL)
    {
      if ((account = cli_await_account (cli, &local_error)) != NULL)
        dex_await (porch_engine_import (cli->engine, account), &local_error);

      if (!tolerate (local_error, error))
        return FALSE;
    }

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);

      if (is_explicit && porch_site_get_account (site) != account)
        continue;

      json_array_add_object_element (array, site_to_json (site));

      if (!cli->options.json)
        cli_print ("%-28s %-12s %s\n", porch_site_get_name (site), get_state (site),
                   porch_site_get_address (site) != NULL ? porch_site_get_address (site) : "");
    }

  if (cli->options.json)
    cli_print_array (array);
  else if (json_array_get_length (array) == 0)
    cli_print (_("No sites yet. “porchlight-cli site create NAME” makes one.\n"));

  return TRUE;
}

gboolean
cli_site_show (Cli     *cli,
               GError **error)
{
  PorchSite *site = cli_await_site (cli, cli->arguments[0], error);
  GError *local_error = NULL;
  g_autofree char *published = NULL;

  if (site == NULL)
    return FALSE;

  dex_await (porch_site_refresh (site), &local_error);

  if (!tolerate (local_error, error))
    return FALSE;

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = site_to_json (site);

      cli_print_object (json);
      return TRUE;
    }

  published = cli_format_time (porch_site_get_last_published (site));
  cli_print ("%s\n", porch_site_get_name (site));
  cli_print (_("  Address:    %s\n"), porch_site_get_address (site) != NULL ? porch_site_get_address (site) : "-");
  cli_print (_("  State:      %s\n"), get_state (site));
  cli_print (_("  Published:  %s\n"), published);
  cli_print (_("  Live:       %s\n"), porch_site_get_live_release (site) != NULL ? porch_site_get_live_release (site) : "-");
  cli_print (_("  Form:       %s\n"), !porch_site_get_form_enabled (site) ? _("off")
                                      : porch_site_get_mail_to (site) != NULL ? porch_site_get_mail_to (site) : _("on"));
  cli_print (_("  Unread:     %u\n"), porch_site_get_unread_count (site));
  cli_print (_("  Account:    %s, %s\n"), porch_account_get_name (porch_site_get_account (site)), porch_site_get_region (site));
  cli_print (_("  Id:         %s\n"), porch_site_get_id (site));

  return TRUE;
}

gboolean
cli_site_create (Cli     *cli,
                 GError **error)
{
  PorchAccount *account = NULL;
  g_autoptr(PorchPlan) plan = NULL;
  g_autoptr(PorchOperation) operation = NULL;

  if (cli->options.from != NULL && cli->options.template != NULL)
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, _("Give either --from or --template, not both"));
      return FALSE;
    }

  if (!porch_plan_check_name (cli->arguments[0], error) || (account = cli_await_account (cli, error)) == NULL)
    return FALSE;

  plan = porch_plan_new (account);
  porch_plan_set_name (plan, cli->arguments[0]);
  porch_plan_set_region (plan, cli->options.region);
  porch_plan_set_template (plan, cli->options.template);
  porch_plan_set_with_form (plan, cli->options.to != NULL);
  porch_plan_set_mail_to (plan, cli->options.to);

  if (cli->options.from != NULL)
    {
      g_autoptr(GFile) folder = cli_get_file (cli, cli->options.from);

      porch_plan_set_folder (plan, folder);
    }

  if (!dex_await (porch_plan_check (plan), error))
    return FALSE;

  operation = g_object_ref (porch_engine_create_site (cli->engine, plan));

  if (!cli_await_operation (cli, operation, error))
    return FALSE;

  if (!cli->options.json)
    cli_print (_("“%s” is online: %s\n"), porch_site_get_name (porch_operation_get_site (operation)),
               porch_site_get_address (porch_operation_get_site (operation)));

  return TRUE;
}

gboolean
cli_site_delete (Cli     *cli,
                 GError **error)
{
  PorchSite *site = cli_await_site (cli, cli->arguments[0], error);
  g_autoptr(GFile) messages = NULL;
  g_autoptr(PorchOperation) operation = NULL;

  if (site == NULL)
    return FALSE;

  if (cli->options.keep_messages != NULL)
    messages = cli_get_file (cli, cli->options.keep_messages);

  operation = g_object_ref (porch_engine_delete_site (cli->engine, site, messages));

  if (!cli_await_operation (cli, operation, error))
    return FALSE;

  if (!cli->options.json)
    cli_print (_("Deleted.\n"));

  return TRUE;
}

gboolean
cli_site_import (Cli     *cli,
                 GError **error)
{
  PorchAccount *account = cli_await_account (cli, error);
  g_autoptr(GError) local_error = NULL;
  guint n_found;

  if (account == NULL)
    return FALSE;

  n_found = dex_await_uint (porch_engine_import (cli->engine, account), &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = json_object_new ();

      json_object_set_string_member (json, "id", porch_account_get_id (account));
      json_object_set_int_member (json, "found", n_found);
      json_object_set_boolean_member (json, "done", TRUE);
      cli_print_object (json);
    }
  else
    {
      cli_print (ngettext ("Found %u site that was not known here.\n", "Found %u sites that were not known here.\n", n_found),
                 n_found);
    }

  return TRUE;
}

gboolean
cli_form_enable (Cli     *cli,
                 GError **error)
{
  PorchSite *site = NULL;
  g_autoptr(PorchOperation) operation = NULL;

  if (cli->options.to == NULL)
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, _("Say with --to who gets the messages"));
      return FALSE;
    }

  if (!porch_plan_check_mail (cli->options.to, error) || (site = cli_await_site (cli, cli->arguments[0], error)) == NULL)
    return FALSE;

  operation = porch_settings_operation_new (site, TRUE, cli->options.to);

  if (cli->options.path != NULL &&
      !porch_settings_operation_set_path (PORCH_SETTINGS_OPERATION (operation), cli->options.path, error))
    return FALSE;

  porch_engine_run_operation (cli->engine, operation);

  if (!cli_await_operation (cli, operation, error))
    return FALSE;

  if (!cli->options.json)
    cli_print (_("The contact form of “%s” is on: its messages are sent to %s.\n"),
               porch_site_get_name (site), cli->options.to);

  return TRUE;
}

gboolean
cli_form_disable (Cli     *cli,
                  GError **error)
{
  PorchSite *site = cli_await_site (cli, cli->arguments[0], error);
  g_autoptr(PorchOperation) operation = NULL;

  if (site == NULL)
    return FALSE;

  operation = g_object_ref (porch_site_change_form (site, FALSE, porch_site_get_mail_to (site)));

  if (!cli_await_operation (cli, operation, error))
    return FALSE;

  if (!cli->options.json)
    cli_print (_("The contact form of “%s” is off. Its messages are kept.\n"), porch_site_get_name (site));

  return TRUE;
}

gboolean
cli_form_snippet (Cli     *cli,
                  GError **error)
{
  PorchSite *site = cli_await_site (cli, cli->arguments[0], error);
  g_autofree char *snippet = NULL;

  if (site == NULL)
    return FALSE;

  snippet = porch_site_dup_form_snippet (site);

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = json_object_new ();

      json_object_set_string_member (json, "id", porch_site_get_id (site));
      json_object_set_string_member (json, "snippet", snippet);
      cli_print_object (json);
    }
  else
    {
      cli_print ("%s", snippet);
    }

  return TRUE;
}

gboolean
cli_stack_template (Cli     *cli,
                    GError **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  if (cli->n_arguments == 0)
    {
      if ((bytes = porch_stack_load_template (error)) == NULL)
        return FALSE;

      text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
  else
    {
      PorchSite *site = cli_await_site (cli, cli->arguments[0], error);
      g_autoptr(AwsClient) client = site != NULL ? porch_site_dup_client (site) : NULL;

      if (site == NULL ||
          (text = dex_await_string (aws_cloudformation_get_template (client, porch_site_get_stack (site)), error)) == NULL)
        return FALSE;
    }

  cli_print ("%s\n", g_strchomp (text));

  return TRUE;
}
