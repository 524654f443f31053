/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-receipt-store.h"

/**
 * porch_receipt_store_expect: (skip)
 * @store: the store
 * @site: id of the site
 * @release: the release that is about to go live
 *
 * Notes that a look at the site is due, so that it is not forgotten when the program ends before it.
 *
 * Returns: (transfer full): a future that resolves when it is written
 */
DexFuture *
porch_receipt_store_expect (PorchStore *store,
                            const char *site,
                            const char *release)
{
  return porch_store_write (store, "INSERT OR REPLACE INTO receipts (site, release) VALUES (?, ?)", "ss", site, release);
}

static DexFuture *
answer_any (DexFuture *completed,
            gpointer   user_data)
{
  PorchRows *rows = g_value_get_boxed (dex_future_get_value (completed, NULL));

  return dex_future_new_for_boolean (porch_rows_get_length (rows) > 0);
}

/**
 * porch_receipt_store_is_expected: (skip)
 * @store: the store
 * @site: id of the site
 * @release: the release that is live
 *
 * Returns: (transfer full): a future that resolves to whether a look at it is due
 */
DexFuture *
porch_receipt_store_is_expected (PorchStore *store,
                                 const char *site,
                                 const char *release)
{
  return dex_future_then (porch_store_query (store,
                                             "SELECT 1 FROM receipts WHERE site = ? AND release = ? AND receipt IS NULL",
                                             "ss", site, release),
                          answer_any, NULL, NULL);
}

/**
 * porch_receipt_store_save: (skip)
 * @store: the store
 * @site: id of the site
 * @receipt: a receipt
 * @etag: (nullable): of its object in the bucket
 *
 * Returns: (transfer full): a future that resolves when it is written
 */
DexFuture *
porch_receipt_store_save (PorchStore   *store,
                          const char   *site,
                          PorchReceipt *receipt,
                          const char   *etag)
{
  g_autofree char *json = porch_receipt_to_json (receipt);

  return porch_store_write (store, "INSERT OR REPLACE INTO receipts (site, release, receipt, etag) VALUES (?, ?, ?, ?)",
                            "ssss", site, porch_receipt_get_release (receipt), json, etag);
}

static DexFuture *
answer_receipts (DexFuture *completed,
                 gpointer   user_data)
{
  PorchRows *rows = g_value_get_boxed (dex_future_get_value (completed, NULL));
  GHashTable *receipts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    {
      PorchReceipt *receipt = porch_receipt_new_from_json (porch_rows_get_string (rows, i, 1), NULL);

      if (receipt != NULL)
        g_hash_table_insert (receipts, g_strdup (porch_rows_get_string (rows, i, 0)), receipt);
    }

  return dex_future_new_take_boxed (G_TYPE_HASH_TABLE, receipts);
}

/**
 * porch_receipt_store_list: (skip)
 * @store: the store
 * @site: id of the site
 *
 * Returns: (transfer full): a future that resolves to a [struct@GLib.HashTable], release to [class@Porch.Receipt]
 */
DexFuture *
porch_receipt_store_list (PorchStore *store,
                          const char *site)
{
  return dex_future_then (porch_store_query (store,
                                             "SELECT release, receipt FROM receipts WHERE site = ? AND receipt IS NOT NULL",
                                             "s", site),
                          answer_receipts, NULL, NULL);
}

static DexFuture *
answer_etags (DexFuture *completed,
              gpointer   user_data)
{
  PorchRows *rows = g_value_get_boxed (dex_future_get_value (completed, NULL));
  GHashTable *etags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    g_hash_table_insert (etags, g_strdup (porch_rows_get_string (rows, i, 0)), g_strdup (porch_rows_get_string (rows, i, 1)));

  return dex_future_new_take_boxed (G_TYPE_HASH_TABLE, etags);
}

/**
 * porch_receipt_store_list_etags: (skip)
 * @store: the store
 * @site: id of the site
 *
 * Returns: (transfer full): a future that resolves to a [struct@GLib.HashTable], release to the tag that the object in the
 *   bucket had
 */
DexFuture *
porch_receipt_store_list_etags (PorchStore *store,
                                const char *site)
{
  return dex_future_then (porch_store_query (store, "SELECT release, etag FROM receipts WHERE site = ? AND etag IS NOT NULL",
                                             "s", site),
                          answer_etags, NULL, NULL);
}

/**
 * porch_receipt_store_drop: (skip)
 * @store: the store
 * @site: id of the site
 * @release: a release that is removed, or that nobody needs to look at any more
 *
 * Returns: (transfer full): a future that resolves when it is gone
 */
DexFuture *
porch_receipt_store_drop (PorchStore *store,
                          const char *site,
                          const char *release)
{
  return porch_store_write (store, "DELETE FROM receipts WHERE site = ? AND release = ?", "ss", site, release);
}
