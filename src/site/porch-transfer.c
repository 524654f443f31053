/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-transfer.h"

static const PorchManifestEntry *
find_source (GHashTable               *sources,
             const PorchManifestEntry *entry)
{
  const PorchManifestEntry *source = g_hash_table_lookup (sources, entry->sha256);

  return source != NULL && source->size == entry->size && source->size <= PORCH_MAX_COPY_SIZE ? source : NULL;
}

/* An object with the same headers as well is the better source: its copy needs none. */
static void
offer_source (GHashTable               *sources,
              const PorchManifestEntry *entry)
{
  if (!g_hash_table_contains (sources, entry->sha256))
    g_hash_table_insert (sources, entry->sha256, (gpointer) entry);
}

/**
 * porch_transfers_new: (skip)
 * @next: the release to make
 * @live: (nullable): the live release, whose objects can be copied
 * @arrived: (nullable) (element-type utf8 gpointer): paths of @next whose objects are there already
 *
 * Works out how the objects of a release come to be. Bytes that are in the bucket already, or that are needed under two
 * names, are sent at most once.
 *
 * Returns: (transfer full) (element-type PorchTransfer): what to do, in the order of the entries
 */
GArray *
porch_transfers_new (PorchManifest *next,
                     PorchManifest *live,
                     GHashTable    *arrived)
{
  GArray *transfers = g_array_new (FALSE, FALSE, sizeof (PorchTransfer));
  g_autoptr(GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) sent = g_hash_table_new (g_str_hash, g_str_equal);
  const char *release = porch_manifest_get_release (next);

  for (guint i = 0; live != NULL && i < porch_manifest_get_n_entries (live); i++)
    offer_source (there, porch_manifest_get_entry (live, i));

  for (guint i = 0; arrived != NULL && i < porch_manifest_get_n_entries (next); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (next, i);

      if (g_hash_table_contains (arrived, entry->path))
        offer_source (there, entry);
    }

  for (guint i = 0; i < porch_manifest_get_n_entries (next); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (next, i);
      const PorchManifestEntry *same = live != NULL ? porch_manifest_lookup (live, entry->path) : NULL;
      PorchTransfer transfer = { .entry = entry };

      if (!g_str_equal (entry->release, release) ||
          (arrived != NULL && g_hash_table_contains (arrived, entry->path)))
        continue;

      /* The file itself, if it is there unchanged, else any with the same content. */
      if (same != NULL && g_str_equal (same->sha256, entry->sha256) && same->size <= PORCH_MAX_COPY_SIZE)
        transfer.source = same;
      else
        transfer.source = find_source (there, entry);

      if (transfer.source != NULL)
        {
          transfer.kind = PORCH_TRANSFER_COPY;
        }
      else if ((transfer.source = find_source (sent, entry)) != NULL)
        {
          transfer.kind = PORCH_TRANSFER_COPY_SENT;
        }
      else
        {
          transfer.kind = PORCH_TRANSFER_SEND;
          offer_source (sent, entry);
        }

      g_array_append_val (transfers, transfer);
    }

  return transfers;
}

/**
 * porch_transfers_use_earlier: (skip)
 * @transfers: (element-type PorchTransfer): what to do
 * @earlier: a release that was stopped before it went live, and is not the one to make
 * @arrived: (element-type utf8 gpointer): paths of @earlier whose objects are there
 *
 * Lets what has arrived under another release be copied instead of sent again.
 */
void
porch_transfers_use_earlier (GArray        *transfers,
                             PorchManifest *earlier,
                             GHashTable    *arrived)
{
  g_autoptr(GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < porch_manifest_get_n_entries (earlier); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (earlier, i);

      if (g_hash_table_contains (arrived, entry->path))
        offer_source (there, entry);
    }

  for (guint i = 0; i < transfers->len; i++)
    {
      PorchTransfer *transfer = &g_array_index (transfers, PorchTransfer, i);
      const PorchManifestEntry *source = find_source (there, transfer->entry);

      if (transfer->kind != PORCH_TRANSFER_COPY && source != NULL)
        {
          transfer->kind = PORCH_TRANSFER_COPY;
          transfer->source = source;
        }
    }
}
