/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include <glib/gi18n.h>

static int practice_port;
static char *practice_state;
static char *practice_faults;
static double practice_delays = -1;

const GOptionEntry cli_practice_options[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &practice_port, N_("Where to listen; that of the last time, or a free one"), N_("PORT") },
  { "state", 0, 0, G_OPTION_ARG_FILENAME, &practice_state, N_("The folder that everything is kept in"), N_("FOLDER") },
  { "faults", 0, 0, G_OPTION_ARG_STRING, &practice_faults,
    N_("What shall go wrong, such as “op=PutObject,rate=0.1,status=503”"), N_("RULES") },
  { "delays", 0, 0, G_OPTION_ARG_DOUBLE, &practice_delays,
    N_("How long things take: 1 is about as long as in reality, 0 is at once"), N_("FACTOR") },
  G_OPTION_ENTRY_NULL
};

static GFile *
dup_state_folder (void)
{
  g_autoptr(GFile) data = NULL;

  if (practice_state != NULL)
    return g_file_new_for_commandline_arg (practice_state);

  data = porch_engine_dup_default_folder ();

  return g_file_get_child (data, "practice");
}

static gboolean
set_up (PorchPractice  *practice,
        GError        **error)
{
  if (practice_port < 0 || practice_port > 65535)
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   _("Wrong usage: there is no port %d. Choose one from 1 to 65535."), practice_port);
      return FALSE;
    }

  porch_practice_set_port (practice, practice_port);

  if (practice_delays >= 0)
    porch_practice_set_delays (practice, practice_delays);

  return practice_faults == NULL || porch_practice_set_faults (practice, practice_faults, error);
}

gboolean
cli_practice_serve (Cli                *cli,
                    const char * const *arguments,
                    GError            **error)
{
  g_autoptr(GFile) state = dup_state_folder ();
  g_autoptr(JsonObject) line = json_object_new ();

  cli->practice = porch_practice_new (state);
  cli->interrupt = dex_promise_new ();

  if (!set_up (cli->practice, error) || !dex_await (porch_practice_start (cli->practice), error))
    return FALSE;

  if (porch_practice_is_attached (cli->practice))
    {
      /* Translators: %s is an address */
      g_set_error (error, CLI_ERROR, CLI_ERROR_FAILED,
                   _("The practice cloud is running already: another program serves this folder at %s. Use that one, or choose "
                     "another folder with --state."), porch_practice_get_endpoint (cli->practice));
      return FALSE;
    }

  json_object_set_string_member (line, "endpoint", porch_practice_get_endpoint (cli->practice));
  json_object_set_string_member (line, "accessKeyId", porch_practice_get_access_key_id (cli->practice));
  json_object_set_string_member (line, "secretAccessKey", porch_practice_get_secret_access_key (cli->practice));
  json_object_set_string_member (line, "region", porch_practice_get_region (cli->practice));
  json_object_set_string_member (line, "nameServer", porch_practice_get_name_server (cli->practice));
  cli_print_json_line (line);

  return dex_await (dex_ref (DEX_FUTURE (cli->interrupt)), error);
}
