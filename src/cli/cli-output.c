/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"
#include "porch-error.h"
#include "porch-problem.h"

#include "aws-json.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#define BAR_WIDTH 24

G_DEFINE_QUARK (cli-error-quark, cli_error)

void
cli_print (const char *format,
           ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  fputs (text, stdout);
  fflush (stdout);
}

void
cli_warn (const char *format,
          ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  fprintf (stderr, "%s\n", text);
}

void
cli_print_array (JsonArray *array)
{
  g_autoptr(JsonNode) node = json_node_init_array (json_node_alloc (), array);
  g_autofree char *text = json_to_string (node, FALSE);

  cli_print ("%s\n", text);
}

void
cli_print_object (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = json_to_string (node, FALSE);

  cli_print ("%s\n", text);
}

char *
cli_format_time (GDateTime *time)
{
  g_autoptr(GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("-");
}

/* ISO 8601 in UTC, null if there is no time */
void
cli_set_time (JsonObject *object,
              const char *name,
              GDateTime  *time)
{
  g_autoptr(GDateTime) utc = time != NULL ? g_date_time_to_utc (time) : NULL;
  g_autofree char *text = utc != NULL ? g_date_time_format_iso8601 (utc) : NULL;

  json_object_set_string_member (object, name, text);
}

/* Says what went wrong, and finds the exit code for it. */
CliExit
cli_report (Cli          *cli,
            const GError *error)
{
  g_autoptr(PorchProblem) problem = NULL;
  g_autofree char *line = NULL;

  if (g_error_matches (error, CLI_ERROR, CLI_ERROR_USAGE))
    {
      cli_warn ("porchlight-cli: %s", error->message);
      cli_warn (_("Try “porchlight-cli --help”."));
      return CLI_USAGE;
    }

  if (g_error_matches (error, CLI_ERROR, CLI_ERROR_QUIET))
    return CLI_FAILED;

  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_STOPPED))
    {
      g_autofree char *id = cli->operation != NULL ? g_strdup (porch_operation_get_id (cli->operation)) : NULL;

      if (id != NULL)
        cli_warn (_("Stopped: There is work left. Take it up again with “porchlight-cli operation resume %s”."), id);
      else
        cli_warn (_("Stopped: There is work left. “porchlight-cli operation list” shows it."));
      return CLI_STOPPED;
    }

  problem = porch_problem_from_error (error);
  line = porch_problem_to_line (problem);
  cli_warn ("%s", line);

  if (g_getenv ("PORCHLIGHT_DEBUG") != NULL)
    cli_warn ("%s", porch_problem_get_details (problem));

  return porch_problem_needs_sign_in (problem) ? CLI_SIGN_IN : CLI_FAILED;
}

/* Progress: a bar for people, lines of JSON for scripts */
typedef struct
{
  Cli            *cli;
  PorchOperation *operation;
  double          shown;
  char           *shown_step;
  gboolean        has_bar;
} Progress;

static void
clear_bar (Progress *progress)
{
  if (progress->has_bar)
    fputs ("\r\033[K", stderr);
}

static void
draw_bar (Progress *progress)
{
  double fraction = porch_operation_get_progress (progress->operation);
  const char *detail = porch_operation_get_detail (progress->operation);
  PorchStep *step = porch_operation_get_current_step (progress->operation);
  g_autoptr(GString) bar = g_string_new (NULL);

  for (guint i = 0; i < BAR_WIDTH; i++)
    g_string_append (bar, i < fraction * BAR_WIDTH ? "█" : "░");

  fprintf (stderr, "\r\033[K%s %3.0f %%  %s", bar->str, fraction * 100,
           detail != NULL ? detail : step != NULL ? porch_step_get_title (step) : "");
  fflush (stderr);
}

static void
print_progress (Progress *progress)
{
  g_autoptr(JsonObject) object = json_object_new ();
  PorchStep *step = porch_operation_get_current_step (progress->operation);

  json_object_set_string_member (object, "id", porch_operation_get_id (progress->operation));
  json_object_set_double_member (object, "progress", porch_operation_get_progress (progress->operation));
  json_object_set_string_member (object, "step", step != NULL ? porch_step_get_id (step) : NULL);
  json_object_set_string_member (object, "detail", porch_operation_get_detail (progress->operation));
  cli_print_object (object);
}

static void
progress_cb (Progress *progress)
{
  PorchStep *step = porch_operation_get_current_step (progress->operation);
  double fraction = porch_operation_get_progress (progress->operation);
  gboolean is_new_step;

  if (!porch_operation_is_active (progress->operation))
    return;

  if (progress->has_bar)
    {
      draw_bar (progress);
      return;
    }

  is_new_step = g_set_str (&progress->shown_step, step != NULL ? porch_step_get_id (step) : NULL);

  if (progress->cli->options.json)
    {
      /* Enough for a progress bar, and not a line for every file */
      if (is_new_step || fraction - progress->shown >= 0.01)
        {
          progress->shown = fraction;
          print_progress (progress);
        }
    }
  else if (is_new_step && step != NULL)
    {
      cli_print ("%s…\n", porch_step_get_title (step));
    }
}

static void
print_end (Cli            *cli,
           PorchOperation *operation,
           const GError   *error)
{
  JsonObject *result = porch_operation_get_result (operation);
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GList) names = result != NULL ? json_object_get_members (result) : NULL;

  if (!cli->options.json)
    return;

  json_object_set_string_member (object, "id", porch_operation_get_id (operation));
  json_object_set_boolean_member (object, "done", error == NULL);

  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (object, l->data, json_node_copy (json_object_get_member (result, l->data)));

  if (error != NULL)
    {
      g_autoptr(PorchProblem) problem = porch_problem_from_error (error);

      json_object_set_object_member (object, "problem", porch_problem_to_json (problem));
    }

  cli_print_object (object);
}

/* Shows an operation until it ends. */
gboolean
cli_await_operation (Cli             *cli,
                     PorchOperation  *operation,
                     GError         **error)
{
  Progress progress = { .cli = cli, .operation = operation, .shown = -1 };
  g_autoptr(GError) local_error = NULL;
  gulong handlers[3];

  g_set_object (&cli->operation, operation);
  progress.has_bar = !cli->options.json && isatty (STDERR_FILENO);
  handlers[0] = g_signal_connect_swapped (operation, "notify::progress", G_CALLBACK (progress_cb), &progress);
  handlers[1] = g_signal_connect_swapped (operation, "notify::current-step", G_CALLBACK (progress_cb), &progress);
  handlers[2] = g_signal_connect_swapped (operation, "notify::detail", G_CALLBACK (progress_cb), &progress);

  if (cli->interrupt != NULL && !dex_future_is_pending (DEX_FUTURE (cli->interrupt)))
    porch_operation_stop (operation);

  dex_await (porch_operation_wait (operation), &local_error);

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_handler_disconnect (operation, handlers[i]);

  clear_bar (&progress);
  g_clear_pointer (&progress.shown_step, g_free);
  print_end (cli, operation, local_error);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}
