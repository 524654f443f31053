/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-address-operation.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Often enough to look alive, seldom enough not to be work; in milliseconds */
#define BAR_PAUSE 100
#define LINE_PAUSE 500

#define BAR_CELLS 24

/* How an operation is shown while it runs: a bar on a terminal, lines of JSON for scripts, nothing otherwise */
typedef struct
{
  Cli            *cli;
  PorchOperation *operation;
  PorchStep      *step;         /* shown last */
  guint           timer;
  gboolean        has_changed;
  gboolean        has_bar;      /* to be wiped */
} Progress;

/**
 * cli_wipe_bar:
 *
 * Makes room for a line of text where the progress of an operation may be shown.
 */
void
cli_wipe_bar (void)
{
  if (isatty (STDERR_FILENO))
    fputs ("\r\033[K", stderr);
}

static guint
get_columns (void)
{
  struct winsize size;

  return ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static void
wipe_bar (Progress *self)
{
  if (self->has_bar)
    cli_wipe_bar ();

  self->has_bar = FALSE;
}

static void
draw_bar (Progress *self)
{
  double progress = porch_operation_get_progress (self->operation);
  const char *detail = porch_operation_get_detail (self->operation);
  PorchStep *step = porch_operation_get_current_step (self->operation);
  const char *text = detail != NULL ? detail : step != NULL ? porch_step_get_title (step) : "";
  g_autofree char *clean = cli_clean_text (text, FALSE);
  guint room = MAX (get_columns (), BAR_CELLS + 20) - BAR_CELLS - 10;
  guint filled = (guint) (progress * BAR_CELLS);
  g_autoptr(GString) bar = g_string_new ("\r\033[K[");

  for (guint i = 0; i < BAR_CELLS; i++)
    g_string_append_c (bar, i < filled ? '#' : '-');

  *g_utf8_offset_to_pointer (clean, MIN (g_utf8_strlen (clean, -1), (long) room)) = '\0';
  g_string_append_printf (bar, "] %3.0f %% %s", progress * 100, clean);
  fputs (bar->str, stderr);
  fflush (stderr);
  self->has_bar = TRUE;
}

static const char *
get_state (PorchOperation *operation)
{
  g_autoptr(GEnumClass) states = g_type_class_ref (PORCH_TYPE_OPERATION_STATE);

  return g_enum_get_value (states, porch_operation_get_state (operation))->value_nick;
}

static JsonObject *
build_line (Progress *self)
{
  JsonObject *line = json_object_new ();
  PorchStep *step = porch_operation_get_current_step (self->operation);

  json_object_set_string_member (line, "id", porch_operation_get_site_id (self->operation));
  json_object_set_string_member (line, "operation", porch_operation_get_id (self->operation));
  json_object_set_string_member (line, "kind", porch_operation_get_kind (self->operation));
  json_object_set_string_member (line, "state", get_state (self->operation));
  json_object_set_string_member (line, "step", step != NULL ? porch_step_get_id (step) : NULL);
  json_object_set_double_member (line, "progress", porch_operation_get_progress (self->operation));
  json_object_set_string_member (line, "detail", porch_operation_get_detail (self->operation));

  /* The step that only looks: what it looks at is live */
  if (step != NULL && g_str_equal (porch_step_get_id (step), "watch") && porch_operation_get_site (self->operation) != NULL)
    json_object_set_string_member (line, "address", porch_site_get_address (porch_operation_get_site (self->operation)));

  if (PORCH_IS_ADDRESS_OPERATION (self->operation))
    {
      JsonArray *wanted = porch_address_operation_get_wanted (PORCH_ADDRESS_OPERATION (self->operation));

      if (wanted != NULL)
        json_object_set_array_member (line, "wanted", json_array_ref (wanted));
    }

  return line;
}

/* Nobody is there to enter records while a command runs: it says which, and ends. The work can be taken up again. */
static void
print_wanted (Progress *self)
{
  JsonArray *wanted = porch_address_operation_get_wanted (PORCH_ADDRESS_OPERATION (self->operation));
  const char *titles[] = { _("Name"), _("Type"), _("Value"), NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; wanted != NULL && i < json_array_get_length (wanted); i++)
    {
      JsonObject *record = json_array_get_object_element (wanted, i);
      char **row = g_new0 (char *, 4);

      row[0] = g_strdup (json_object_get_string_member (record, "name"));
      row[1] = g_strdup (json_object_get_string_member (record, "type"));
      row[2] = g_strdup (json_object_get_string_member (record, "value"));
      g_ptr_array_add (rows, row);
    }

  wipe_bar (self);
  cli_print ("%s\n", porch_operation_get_detail (self->operation));

  if (rows->len > 0)
    cli_print_table (titles, rows);
}

static void
show (Progress *self)
{
  self->has_changed = FALSE;

  if (self->cli->is_json)
    {
      g_autoptr(JsonObject) line = build_line (self);

      json_object_set_boolean_member (line, "done", FALSE);
      cli_print_json_line (line);
    }
  else if (isatty (STDERR_FILENO))
    {
      draw_bar (self);
    }
}

static gboolean
timer_cb (gpointer user_data)
{
  Progress *self = user_data;

  if (self->has_changed)
    show (self);

  return G_SOURCE_CONTINUE;
}

static void
changed_cb (PorchOperation *operation,
            GParamSpec     *pspec,
            Progress       *self)
{
  PorchStep *step = porch_operation_get_current_step (operation);

  self->has_changed = TRUE;

  /* Each step is seen, however short */
  if (porch_operation_is_active (operation) && g_set_object (&self->step, step) && step != NULL)
    show (self);
}

static void
owner_cb (PorchOperation *operation,
          GParamSpec     *pspec,
          Progress       *self)
{
  if (!porch_address_operation_needs_owner (PORCH_ADDRESS_OPERATION (operation)))
    return;

  if (self->cli->is_json)
    show (self);
  else
    print_wanted (self);

  if (!self->cli->waits_for_owner)
    porch_operation_stop (operation);
}

static void
print_end (Progress   *self,
           gboolean    is_done)
{
  g_autoptr(JsonObject) line = build_line (self);
  JsonObject *result = porch_operation_get_result (self->operation);
  PorchProblem *problem = porch_operation_get_problem (self->operation);
  g_autoptr(GList) names = result != NULL && is_done ? json_object_get_members (result) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    json_object_set_member (line, name->data, json_node_copy (json_object_get_member (result, name->data)));

  if (!is_done && problem != NULL)
    json_object_set_object_member (line, "problem", porch_problem_to_json (problem));

  json_object_set_boolean_member (line, "done", is_done);
  cli_print_json_line (line);
}

/**
 * cli_run_operation:
 * @cli: the run
 * @operation: an operation that was begun
 * @result: (out) (optional) (transfer full): what it brought about
 * @error: return location
 *
 * Shows an operation until it ends. With JSON, all there is to say is said by this.
 *
 * Returns: whether it was done; if not, it stays in @cli so that the error can say how to go on
 */
gboolean
cli_run_operation (Cli             *cli,
                   PorchOperation  *operation,
                   JsonObject     **result,
                   GError         **error)
{
  Progress progress = { .cli = cli, .operation = operation };
  gulong handler;
  gulong owner_handler = 0;
  gboolean is_done;

  g_set_object (&cli->operation, operation);
  handler = g_signal_connect (operation, "notify", G_CALLBACK (changed_cb), &progress);

  if (PORCH_IS_ADDRESS_OPERATION (operation))
    owner_handler = g_signal_connect (operation, "notify::needs-owner", G_CALLBACK (owner_cb), &progress);

  changed_cb (operation, NULL, &progress);
  progress.timer = g_timeout_add (cli->is_json ? LINE_PAUSE : BAR_PAUSE, timer_cb, &progress);

  is_done = dex_await (porch_operation_wait (operation), error);

  g_source_remove (progress.timer);
  g_signal_handler_disconnect (operation, handler);
  g_clear_signal_handler (&owner_handler, operation);
  g_clear_object (&progress.step);
  wipe_bar (&progress);

  if (cli->is_json)
    print_end (&progress, is_done);

  if (result != NULL && is_done && porch_operation_get_result (operation) != NULL)
    *result = json_object_ref (porch_operation_get_result (operation));

  if (is_done)
    g_clear_object (&cli->operation);

  return is_done;
}
