/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How long the engine looks at a folder, with nothing remembered: bench-folder [--check] FOLDER. One line of JSON. With
 * --check pages are looked into, as before they are published; without it files are hashed only. */

#include "config.h"

#include "porch-folder.h"

#include <locale.h>
#include <sys/resource.h>

typedef struct
{
  GMainLoop *loop;
  char      *folder;
  gboolean   check;
  int        exit;
} Bench;

static double
processor_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static DexFuture *
scan_fiber (gpointer user_data)
{
  Bench *self = user_data;
  g_autoptr(GFile) root = g_file_new_for_commandline_arg (self->folder);
  g_autoptr(PorchFolder) folder = porch_folder_new (root, NULL);
  g_autoptr(GError) error = NULL;
  gint64 began = g_get_monotonic_time ();
  double before = processor_seconds ();

  if (dex_await (porch_folder_scan (folder, PORCH_SCAN_THOROUGH | (self->check ? PORCH_SCAN_CHECK : 0)), &error))
    g_print ("{\"seconds\": %.4f, \"processor\": %.4f, \"files\": %u, \"bytes\": %" G_GUINT64_FORMAT ", \"findings\": %u}\n",
             (g_get_monotonic_time () - began) / 1e6, processor_seconds () - before, porch_folder_get_n_files (folder),
             porch_folder_get_n_bytes (folder), g_list_model_get_n_items (porch_folder_get_findings (folder)));
  else
    g_printerr ("bench-folder: %s\n", error->message);

  self->exit = error != NULL;
  g_main_loop_quit (self->loop);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  Bench self = { 0 };
  const GOptionEntry entries[] = {
    { "check", 0, 0, G_OPTION_ARG_NONE, &self.check, "Look into pages", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("FOLDER");

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || argc != 2)
    return 2;

  dex_init ();
  self.folder = argv[1];
  self.loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (dex_scheduler_spawn (NULL, 256 * 1024, scan_fiber, &self, NULL));
  g_main_loop_run (self.loop);
  g_main_loop_unref (self.loop);

  return self.exit;
}
