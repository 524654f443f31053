/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The readers of pages: whatever people have is read, and mending local links changes those links only. */

#include "porch-local-links.h"
#include "porch-page.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static gboolean
exists (const char *path,
        gpointer    data)
{
  return strlen (path) % 3 != 0;
}

/* All that stands between the links is there, in its order. */
static void
check_rest (const char   *text,
            gsize         length,
            const GArray *links,
            GByteArray   *result)
{
  gsize at = 0;
  gsize told = 0;

  for (guint i = 0; i <= links->len; i++)
    {
      const PorchLocalLink *link = i < links->len ? &g_array_index (links, PorchLocalLink, i) : NULL;
      gsize next = link != NULL ? link->offset : length;
      const guint8 *found;

      g_assert_cmpuint (next, >=, told);
      g_assert_cmpuint (next, <=, length);
      found = next > told ? memmem (result->data + at, result->len - at, text + told, next - told) : result->data + at;
      g_assert_nonnull (found);
      at = found - result->data + (next - told);

      if (link != NULL)
        {
          g_assert_cmpuint (link->path_offset, >=, link->offset);
          g_assert_cmpuint (link->end, >=, link->path_offset);
          told = link->end;
        }
    }
}

static void
mend (const char     *text,
      gsize           length,
      PorchLocalKind  kind)
{
  g_autoptr(GArray) links = porch_local_links_find (text, length, kind);
  g_autoptr(PorchLocalBases) bases = porch_local_bases_new (exists, NULL);
  g_autoptr(GByteArray) result = NULL;

  if (links == NULL)
    return;

  porch_local_bases_add (bases, links);
  porch_local_bases_elect (bases);

  if ((result = porch_local_bases_rewrite (bases, text, length, links)) != NULL)
    check_rest (text, length, links, result);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *whole = g_malloc (size + 1);
  g_autoptr(PorchPage) page = NULL;
  g_autoptr(PorchPage) style = NULL;

  memcpy (whole, data, size);
  whole[size] = '\0';

  page = porch_page_new_html (whole, size);
  style = porch_page_new_css (text, strlen (text));

  for (guint i = 0; i < porch_page_get_n_links (page); i++)
    {
      const PorchLink *link = porch_page_get_link (page, i);

      g_assert_cmpuint (porch_page_measure_scheme (link->address), <=, strlen (link->address));
      porch_local_link_parse (link->address, NULL, NULL, NULL);
    }

  for (guint kind = PORCH_LOCAL_PAGE; kind <= PORCH_LOCAL_XML; kind++)
    mend (whole, size, kind);

  return 0;
}
