/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Names of files as people compare them: without the difference of upper and lower case. Lists end with NULL. */

static inline gboolean
porch_name_is_in (const char         *name,
                  const char * const *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0)
      return TRUE;

  return FALSE;
}

/* Whether there is something before one of the endings, too */
static inline gboolean
porch_name_ends_in (const char         *name,
                    const char * const *endings)
{
  gsize length = strlen (name);

  for (gsize i = 0; endings[i] != NULL; i++)
    {
      gsize ending_length = strlen (endings[i]);

      if (length > ending_length && g_ascii_strcasecmp (name + length - ending_length, endings[i]) == 0)
        return TRUE;
    }

  return FALSE;
}

G_END_DECLS
