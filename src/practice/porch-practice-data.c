/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "porch-practice-data.h"

#include "practice-data.h"

/* Asking for the resource by name keeps the linker from leaving it out of the program. */
char *
practice_data_load (const char *name)
{
  g_autofree char *path = g_strconcat (PORCH_RESOURCE_PATH "/practice/", name, NULL);
  g_autoptr(GBytes) bytes = g_resource_lookup_data (porch_practice_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (bytes != NULL);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}
