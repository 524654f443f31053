/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-error.h"

#include <glib/gi18n.h>

static const char *
get_nick (PorchOperationState state)
{
  g_autoptr(GEnumClass) states = g_type_class_ref (PORCH_TYPE_OPERATION_STATE);

  return g_enum_get_value (states, state)->value_nick;
}

/* One that another process works on is underway, whatever was written down last. */
static const char *
get_state (PorchOperation *operation)
{
  return get_nick (porch_operation_is_elsewhere (operation) ? PORCH_OPERATION_RUNNING : porch_operation_get_state (operation));
}

static JsonArray *
list_steps (PorchOperation *operation)
{
  GListModel *steps = porch_operation_get_steps (operation);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr(PorchStep) step = g_list_model_get_item (steps, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", porch_step_get_id (step));
      json_object_set_string_member (object, "title", porch_step_get_title (step));
      json_object_set_string_member (object, "state", get_nick (porch_step_get_state (step)));
      json_array_add_object_element (array, object);
    }

  return array;
}

static JsonObject *
build_operation (PorchOperation *operation)
{
  JsonObject *object = json_object_new ();
  PorchProblem *problem = porch_operation_get_problem (operation);

  json_object_set_string_member (object, "id", porch_operation_get_id (operation));
  json_object_set_string_member (object, "kind", porch_operation_get_kind (operation));
  json_object_set_string_member (object, "title", porch_operation_get_title (operation));
  json_object_set_string_member (object, "site", porch_operation_get_site_id (operation));
  json_object_set_string_member (object, "state", get_state (operation));
  json_object_set_double_member (object, "progress", porch_operation_get_progress (operation));
  json_object_set_string_member (object, "detail", porch_operation_get_detail (operation));
  json_object_set_boolean_member (object, "canResume", porch_operation_can_resume (operation));
  cli_set_time (object, "started", porch_operation_get_started (operation));
  json_object_set_array_member (object, "steps", list_steps (operation));

  if (problem != NULL)
    json_object_set_object_member (object, "problem", porch_problem_to_json (problem));
  else
    json_object_set_null_member (object, "problem");

  return object;
}

static char **
build_row (PorchOperation *operation)
{
  char **row = g_new0 (char *, 5);

  row[0] = g_strdup (porch_operation_get_id (operation));
  row[1] = g_strdup (get_state (operation));
  row[2] = cli_format_time (porch_operation_get_started (operation));
  row[3] = cli_clean_text (porch_operation_get_title (operation), FALSE);

  return row;
}

gboolean
cli_operation_list (Cli                *cli,
                    const char * const *arguments,
                    GError            **error)
{
  const char *titles[] = { _("Id"), _("State"), _("Begun"), _("What"), NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(JsonArray) array = json_array_new ();
  GListModel *operations;

  /* What is written down can be listed whatever has become of the accounts */
  cli->engine = porch_engine_new (NULL);

  if (!dex_await (porch_engine_open (cli->engine), error))
    return FALSE;

  operations = porch_engine_get_operations (cli->engine);

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (operations, i);

      g_ptr_array_add (rows, build_row (operation));
      json_array_add_object_element (array, build_operation (operation));
    }

  if (cli->is_json)
    cli_print_array (array);
  else if (rows->len == 0)
    cli_print ("%s\n", _("Nothing is underway, and nothing waits to be taken up again."));
  else
    cli_print_table (titles, rows);

  return TRUE;
}

gboolean
cli_operation_resume (Cli                *cli,
                      const char * const *arguments,
                      GError            **error)
{
  g_autoptr(PorchOperation) operation = NULL;
  PorchSite *site;

  if (!cli_open (cli, error))
    return FALSE;

  if (!g_set_object (&operation, porch_engine_find_operation (cli->engine, arguments[0])))
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no operation “%s”."), arguments[0]);
      return FALSE;
    }

  if (porch_operation_is_elsewhere (operation))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_BUSY, _("Another process works on it."));
      return FALSE;
    }

  site = porch_operation_get_site (operation);

  if (site != NULL && !cli_may_use (cli, porch_site_get_account (site), error))
    return FALSE;

  porch_engine_resume_operation (cli->engine, operation);

  if (!cli_run_operation (cli, operation, NULL, error))
    return FALSE;

  if (!cli->is_json)
    cli_print (_("Done: %s\n"), porch_operation_get_title (operation));

  return TRUE;
}
