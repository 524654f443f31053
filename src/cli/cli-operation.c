/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"
#include "porch-error.h"

#include <glib/gi18n.h>

static const char *
get_state (PorchOperation *operation)
{
  static const char * const states[] = { "pending", "running", "waiting", "stopped", "failed", "done" };

  return porch_operation_is_elsewhere (operation) ? "running" : states[porch_operation_get_state (operation)];
}

static JsonObject *
operation_to_json (PorchOperation *operation)
{
  JsonObject *json = json_object_new ();
  PorchProblem *problem = porch_operation_get_problem (operation);

  json_object_set_string_member (json, "id", porch_operation_get_id (operation));
  json_object_set_string_member (json, "kind", porch_operation_get_kind (operation));
  json_object_set_string_member (json, "title", porch_operation_get_title (operation));
  json_object_set_string_member (json, "site", porch_operation_get_site_id (operation));
  json_object_set_string_member (json, "state", get_state (operation));
  json_object_set_double_member (json, "progress", porch_operation_get_progress (operation));
  cli_set_time (json, "started", porch_operation_get_started (operation));

  if (problem != NULL)
    json_object_set_object_member (json, "problem", porch_problem_to_json (problem));
  else
    json_object_set_null_member (json, "problem");

  return json;
}

gboolean
cli_operation_list (Cli     *cli,
                    GError **error)
{
  GListModel *operations = porch_engine_get_operations (cli->engine);
  g_autoptr(JsonArray) array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (operations, i);

      json_array_add_object_element (array, operation_to_json (operation));

      if (!cli->options.json)
        cli_print ("%s  %-8s %3.0f %%  %s\n", porch_operation_get_id (operation), get_state (operation),
                   porch_operation_get_progress (operation) * 100, porch_operation_get_title (operation));
    }

  if (cli->options.json)
    cli_print_array (array);
  else if (json_array_get_length (array) == 0)
    cli_print (_("Nothing is underway.\n"));

  return TRUE;
}

static PorchOperation *
require_operation (Cli     *cli,
                   GError **error)
{
  PorchOperation *operation = porch_engine_find_operation (cli->engine, cli->arguments[0]);
  PorchSite *site;

  if (operation == NULL)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND,
                   _("Nothing with the id “%s” is underway"), cli->arguments[0]);
      return NULL;
    }

  if (porch_operation_is_elsewhere (operation))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_BUSY, _("Another program is working on it"));
      return NULL;
    }

  site = porch_operation_get_site (operation);

  return cli_await_practice (cli, site != NULL ? porch_site_get_account (site) : NULL, error) ? operation : NULL;
}

gboolean
cli_operation_resume (Cli     *cli,
                      GError **error)
{
  g_autoptr(PorchOperation) operation = NULL;
  PorchOperation *found = require_operation (cli, error);

  if (found == NULL)
    return FALSE;

  operation = g_object_ref (found);
  porch_engine_resume_operation (cli->engine, operation);

  if (!cli_await_operation (cli, operation, error))
    return FALSE;

  if (!cli->options.json)
    cli_print (_("Done.\n"));

  return TRUE;
}

gboolean
cli_operation_discard (Cli     *cli,
                       GError **error)
{
  PorchOperation *found = require_operation (cli, error);
  g_autoptr(PorchOperation) operation = found != NULL ? g_object_ref (found) : NULL;

  if (operation == NULL || !dex_await (porch_operation_discard (operation), error))
    return FALSE;

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = json_object_new ();

      json_object_set_string_member (json, "id", porch_operation_get_id (operation));
      json_object_set_boolean_member (json, "done", TRUE);
      cli_print_object (json);
    }
  else
    {
      cli_print (_("Given up.\n"));
    }

  return TRUE;
}
