/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A practice cloud for tests: serve STATE [PORT [FAULTS [DELAYS]]]. Prints the line of `porchlight-cli practice serve`
 * and serves until its standard input ends, so it never outlives the test that started it. Lines on standard input:
 *
 *   faults [SPEC]   other faults from now on; answers {"faults": …}
 *   trace           answers {"trace": [lines]} with what was called since the last time
 *   pass TIME       lets time pass, such as 72h; answers {"passed": seconds}
 *
 * When a fault holds a call, {"held": true} is printed. */

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "porch-practice.h"

typedef struct
{
  PorchPractice *practice;
  GMainLoop     *loop;
  DexFuture     *held;       /* of the faults that are set */
} Server;

static void
print_object (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = json_to_string (node, FALSE);

  printf ("%s\n", text);
  fflush (stdout);
}

static DexFuture *
print_held (DexFuture *completed,
            gpointer   user_data)
{
  g_autoptr(JsonObject) object = json_object_new ();

  json_object_set_boolean_member (object, "held", TRUE);
  print_object (object);

  return NULL;
}

static void
change_faults (Server     *server,
               const char *spec)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GError) error = NULL;
  gboolean good = porch_practice_set_faults (server->practice, *spec != '\0' ? spec : NULL, &error);

  json_object_set_string_member (object, good ? "faults" : "error", good ? spec : error->message);
  print_object (object);

  if (good)
    {
      dex_clear (&server->held);
      server->held = dex_future_then (porch_practice_wait_held (server->practice), print_held, NULL, NULL);
    }
}

static void
print_trace (Server *server)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_auto(GStrv) lines = porch_practice_take_trace (server->practice);
  JsonArray *array = json_array_new ();

  for (gsize i = 0; lines[i] != NULL; i++)
    json_array_add_string_element (array, lines[i]);

  json_object_set_array_member (object, "trace", array);
  print_object (object);
}

static void
pass_time (Server     *server,
           const char *text)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GError) error = NULL;
  gint64 seconds = porch_practice_parse_time (text);

  if (seconds < 0)
    json_object_set_string_member (object, "error", "Times are like 72h.");
  else if (!porch_practice_pass_time (server->practice, seconds, &error))
    json_object_set_string_member (object, "error", error->message);
  else
    json_object_set_int_member (object, "passed", seconds);

  print_object (object);
}

static gboolean
line_cb (GIOChannel   *channel,
         GIOCondition  condition,
         gpointer      user_data)
{
  Server *server = user_data;
  g_autofree char *line = NULL;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    {
      g_main_loop_quit (server->loop);

      return G_SOURCE_REMOVE;
    }

  g_strchomp (line);
  if (g_str_equal (line, "trace"))
    print_trace (server);
  else if (g_str_has_prefix (line, "pass "))
    pass_time (server, g_strchug (line + strlen ("pass ")));
  else if (g_str_has_prefix (line, "faults"))
    change_faults (server, g_strchug (line + strlen ("faults")));

  return G_SOURCE_CONTINUE;
}

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
  g_autoptr(GIOChannel) input = g_io_channel_unix_new (STDIN_FILENO);
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Server server = { 0 };
  gboolean good;

  if (argc < 2)
    return 2;

  dex_init ();
  folder = g_file_new_for_path (argv[1]);
  practice = porch_practice_new (folder);
  porch_practice_set_port (practice, argc > 2 ? (guint) atoi (argv[2]) : 0);
  porch_practice_set_delays (practice, argc > 4 ? g_ascii_strtod (argv[4], NULL) : 0.0);
  porch_practice_set_trace (practice, TRUE);

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

  server.practice = practice;
  server.loop = loop;
  g_io_channel_set_encoding (input, NULL, NULL);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, line_cb, &server);
  g_main_loop_run (loop);

  dex_clear (&server.held);
  good = await (porch_practice_stop (practice), &error);

  return good ? 0 : 1;
}
