/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Prints the forms that the app makes, for tests with a browser:
 *
 *   form-driver snippet [THANKS]     the form to be pasted; THANKS is the page that is shown afterwards
 *   form-driver connect < PAGE       a page whose forms are sent to the site, as it is published
 */

#include "config.h"

#include "porch-form-reader.h"
#include "porch-form-snippet.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

static gboolean
print_snippet (const char  *thanks,
               GError     **error)
{
  g_autoptr(PorchForm) bare = porch_form_new ();
  g_autoptr(PorchForm) form = porch_form_with_thanks (bare, thanks, error);
  g_autofree char *snippet = NULL;

  if (form == NULL)
    return FALSE;

  snippet = porch_form_dup_snippet (form, PORCH_SNIPPET_DEFAULT | PORCH_SNIPPET_PHONE | PORCH_SNIPPET_SUBJECT);
  fputs (snippet, stdout);

  return TRUE;
}

static gboolean
print_connected (GError **error)
{
  g_autoptr(GIOChannel) input = g_io_channel_unix_new (fileno (stdin));
  g_autoptr(PorchTreatments) treatments = NULL;
  g_autoptr(GPtrArray) forms = NULL;
  g_autoptr(GArray) lines = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GByteArray) page = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (g_io_channel_set_encoding (input, NULL, error) != G_IO_STATUS_NORMAL ||
      g_io_channel_read_to_end (input, &text, &length, error) != G_IO_STATUS_NORMAL)
    return FALSE;

  xmlInitParser ();
  forms = porch_form_reader_read (text, length, porch_treatments_get_form_path (NULL));

  for (guint i = 0; i < forms->len; i++)
    {
      PorchReadForm *form = g_ptr_array_index (forms, i);
      g_autoptr(PorchTreatments) before = g_steal_pointer (&treatments);

      treatments = porch_treatments_with_form (before, form->id);
    }

  page = porch_form_reader_connect (text, length, forms, treatments, lines);

  if (page == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no form of the page can be connected");
      return FALSE;
    }

  fwrite (page->data, 1, page->len, stdout);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;
  gboolean is_done = FALSE;

  if (argc > 1 && strcmp (argv[1], "snippet") == 0)
    is_done = print_snippet (argv[2], &error);
  else if (argc > 1 && strcmp (argv[1], "connect") == 0)
    is_done = print_connected (&error);

  if (!is_done)
    g_printerr ("form-driver: %s\n", error != NULL ? error->message : "snippet [THANKS] or connect");

  return is_done ? 0 : 1;
}
