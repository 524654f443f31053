/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "aws-error.h"
#include "porch-error.h"
#include "porch-problem.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdarg.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

G_DEFINE_QUARK (cli-error-quark, cli_error)

void
cli_print (const char *format,
           ...)
{
  va_list arguments;

  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
}

/* FALSE, after saying so, if not everything could be written. */
gboolean
cli_finish_output (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;

  /* Whoever reads had enough; that is no failure */
  if (errno != EPIPE)
    fprintf (stderr, _("The output could not be written: %s. Check where it goes and try again.\n"), g_strerror (errno));

  return errno == EPIPE;
}

/* What visitors and other computers wrote must not give orders to the terminal. */
char *
cli_clean_text (const char *text,
                gboolean    keep_lines)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\r')
        continue;
      else if (c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029)
        g_string_append_c (clean, keep_lines ? (c == '\t' ? '\t' : '\n') : ' ');
      else if (g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
        g_string_append_unichar (clean, 0xfffd);
      else
        g_string_append_unichar (clean, c);
    }

  return g_string_free (clean, FALSE);
}

/* The service's own words, which a window has in its details */
static char *
dup_details (const GError *error)
{
  if (error->domain == AWS_ERROR)
    {
      const char *code = aws_error_get_code_string (error);

      return g_strconcat (code != NULL ? code : "", code != NULL ? ": " : "", error->message, NULL);
    }

  return error->domain == PORCH_ERROR ? g_strdup (porch_error_get_details (error)) : NULL;
}

static char *
build_practice_line (const GError *error)
{
  const char *what = _("The practice cloud could not be started");
  const char *remedy = _("Try again");

  switch ((PorchPracticeError) error->code)
    {
    case PORCH_PRACTICE_ERROR_PORT_TAKEN:
      what = _("The port is taken");
      remedy = _("Choose another with --port, or leave it out for a free one");
      break;
    case PORCH_PRACTICE_ERROR_STATE:
      what = _("The folder of the practice cloud can’t be used");
      remedy = _("Choose another with --state, or make room and allow writing there");
      break;
    case PORCH_PRACTICE_ERROR_FAULTS:
      what = _("The faults are not understood");
      remedy = _("Correct what follows --faults");
      break;
    case PORCH_PRACTICE_ERROR_FAILED:
    default:
      break;
    }

  return g_strdup_printf ("%s: %s%s %s.", what, error->message,
                          g_str_has_suffix (error->message, ".") ? "" : ".", remedy);
}

static CliExit
find_exit (const GError *error,
           PorchProblem *problem)
{
  if (g_error_matches (error, CLI_ERROR, CLI_ERROR_USAGE) ||
      g_error_matches (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_FAULTS))
    return CLI_EXIT_USAGE;

  if (g_error_matches (error, CLI_ERROR, CLI_ERROR_SIGN_IN) ||
      (problem != NULL && porch_problem_needs_sign_in (problem)))
    return CLI_EXIT_SIGN_IN;

  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_STOPPED))
    return CLI_EXIT_STOPPED;

  return CLI_EXIT_FAILED;
}

/* One line: what happened, why, and what to do. */
CliExit
cli_print_error (Cli          *cli,
                 const GError *error)
{
  g_autoptr(PorchProblem) problem = NULL;
  g_autofree char *line = NULL;
  g_autofree char *details = dup_details (error);
  g_autofree char *clean = NULL;
  g_autoptr(GString) text = NULL;

  if (error->domain == CLI_ERROR)
    line = g_strdup (error->message);
  else if (error->domain == PORCH_PRACTICE_ERROR)
    line = build_practice_line (error);
  else
    {
      problem = porch_problem_from_error (error);
      line = porch_problem_to_line (problem);
    }

  text = g_string_new (line);

  /* Translators: %s is the id of an operation, and what is before it the command to be typed */
  if (cli->operation != NULL && porch_operation_can_resume (cli->operation))
    g_string_append_printf (text, _(" To go on: porchlight-cli operation resume %s"), porch_operation_get_id (cli->operation));

  if (details != NULL)
    g_string_append_printf (text, " [%s]", details);

  clean = cli_clean_text (text->str, FALSE);
  fflush (stdout);
  fprintf (stderr, "%s\n", clean);

  return find_exit (error, problem);
}

void
cli_print_notice (const char *text)
{
  fprintf (stderr, "%s\n", text);
}

static void
print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  cli_print ("%s\n", text);
}

void
cli_print_object (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);

  print_json (node);
}

void
cli_print_array (JsonArray *array)
{
  g_autoptr(JsonNode) node = json_node_init_array (json_node_alloc (), array);

  print_json (node);
}

/* Whoever reads along sees each line at once. */
void
cli_print_json_line (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = json_to_string (node, FALSE);

  cli_print ("%s\n", text);
  fflush (stdout);
}

static guint
get_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

/* Prints @rows, each a GStrv with as many cells as there are titles, in columns; the last may be as long as it likes. */
void
cli_print_table (const char * const *titles,
                 GPtrArray          *rows)
{
  guint n_columns = g_strv_length ((GStrv) titles);
  g_autofree guint *widths = g_new0 (guint, n_columns);

  for (guint column = 0; column < n_columns; column++)
    {
      widths[column] = get_width (titles[column]);

      for (guint i = 0; i < rows->len; i++)
        widths[column] = MAX (widths[column], get_width (((GStrv) g_ptr_array_index (rows, i))[column]));
    }

  for (guint i = 0; i <= rows->len; i++)
    {
      const char * const *cells = i == 0 ? titles : g_ptr_array_index (rows, i - 1);

      for (guint column = 0; column < n_columns; column++)
        {
          int padding = column + 1 < n_columns ? (int) (widths[column] - get_width (cells[column])) + 2 : 0;

          cli_print ("%s%*s", cells[column], padding, "");
        }

      cli_print ("\n");
    }
}

/* For people: their own time of day. */
char *
cli_format_time (GDateTime *time)
{
  g_autoptr(GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("–");
}

/* For programs: ISO 8601 in UTC. */
void
cli_set_time (JsonObject *object,
              const char *name,
              GDateTime  *time)
{
  g_autoptr(GDateTime) utc = time != NULL ? g_date_time_to_utc (time) : NULL;
  g_autofree char *text = utc != NULL ? g_date_time_format_iso8601 (utc) : NULL;

  json_object_set_string_member (object, name, text);
}

static void
ignore_cb (int number)
{
}

/* One line from the terminal, which shows none of it if it is a secret; NULL if there is none. The main loop does not
 * run meanwhile, so that an interrupt has to end the reading itself. */
char *
cli_ask (const char *question,
         gboolean    is_secret)
{
  const struct sigaction interrupting = { .sa_handler = ignore_cb };
  struct sigaction usual;
  struct termios shown;
  g_autofree char *line = NULL;
  size_t size = 0;
  gboolean is_hidden = is_secret && tcgetattr (STDIN_FILENO, &shown) == 0;
  gboolean has_line;

  fprintf (stderr, "%s ", question);
  fflush (stderr);
  sigaction (SIGINT, &interrupting, &usual);

  if (is_hidden)
    {
      struct termios hidden = shown;

      hidden.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
    }

  has_line = getline (&line, &size, stdin) > 0;

  if (is_hidden)
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);

  sigaction (SIGINT, &usual, NULL);

  if (is_hidden || !has_line)
    fputc ('\n', stderr);

  return has_line ? g_strstrip (g_steal_pointer (&line)) : NULL;
}
