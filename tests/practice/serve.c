/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A practice cloud for tests: serve STATE [PORT [FAULTS [DELAYS]]]. Prints the line of `porchlight-cli practice serve`
 * and serves until its standard input ends, so it never outlives the test that started it. */

#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "porch-practice.h"

static gboolean
await (DexFuture  *future,
       GError    **error)
{
  const GValue *value;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);

  value = dex_future_get_value (future, error);
  dex_unref (future);

  return value != NULL;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GFile) folder = NULL;
  g_autoptr(PorchPractice) practice = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  char byte;

  if (argc < 2)
    return 2;

  dex_init ();
  folder = g_file_new_for_path (argv[1]);
  practice = porch_practice_new (folder);
  porch_practice_set_port (practice, argc > 2 ? (guint) atoi (argv[2]) : 0);
  porch_practice_set_delays (practice, argc > 4 ? g_ascii_strtod (argv[4], NULL) : 0.0);

  if ((argc > 3 && *argv[3] != '\0' && !porch_practice_set_faults (practice, argv[3], &error)) ||
      !await (porch_practice_start (practice), &error))
    {
      fprintf (stderr, "%s\n", error->message);

      return 1;
    }

  printf ("{\"endpoint\":\"%s\",\"accessKeyId\":\"%s\",\"secretAccessKey\":\"%s\",\"region\":\"%s\",\"nameServer\":\"%s\",\"attached\":%s}\n",
          porch_practice_get_endpoint (practice), porch_practice_get_access_key_id (practice),
          porch_practice_get_secret_access_key (practice), porch_practice_get_region (practice),
          porch_practice_get_name_server (practice),
          porch_practice_is_attached (practice) ? "true" : "false");
  fflush (stdout);

  while (g_input_stream_read (input, &byte, 1, NULL, NULL) > 0)
    ;

  return await (porch_practice_stop (practice), &error) ? 0 : 1;
}
