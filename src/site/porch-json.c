/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-json.h"

/**
 * porch_json_append_string: (skip)
 * @string: JSON in the making
 * @text: a text in UTF-8
 *
 * Appends a JSON string. Manifests have thousands of entries and the pointer's size is limited; this is faster and its
 * result shorter than what a generator of trees makes.
 */
void
porch_json_append_string (GString    *string,
                          const char *text)
{
  const char *start = text;
  const char *p;

  g_string_append_c (string, '"');

  for (p = text; *p != '\0'; p++)
    {
      if (*p != '"' && *p != '\\' && (guchar) *p >= 0x20)
        continue;

      g_string_append_len (string, start, p - start);
      start = p + 1;

      if ((guchar) *p < 0x20)
        g_string_append_printf (string, "\\u%04x", (guint) (guchar) *p);
      else
        g_string_append_printf (string, "\\%c", *p);
    }

  g_string_append_len (string, start, p - start);
  g_string_append_c (string, '"');
}

/* Appends `,"name":"text"`, or nothing if there is no text. */
void
porch_json_append_member (GString    *string,
                          const char *name,
                          const char *text)
{
  if (text == NULL)
    return;

  g_string_append_printf (string, ",\"%s\":", name);
  porch_json_append_string (string, text);
}
