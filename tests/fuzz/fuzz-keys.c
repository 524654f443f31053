/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The reader of pasted keys and of the files with them: what it takes for keys can be signed with. */

#include <string.h>

#include "porch-account.h"
#include "porch-error.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
assert_bare (const char *text)
{
  g_assert_true (*text != '\0');
  g_assert_null (strpbrk (text, " \t\r\n\""));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *key_id = NULL;
  g_autofree char *secret = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) rows = porch_account_list_keys (text, &error);

  g_assert_true ((rows == NULL) == (error != NULL));
  g_assert_true (error == NULL || error->domain == PORCH_ERROR);
  g_assert_true (rows == NULL || g_list_model_get_n_items (rows) > 0);
  for (guint i = 0; rows != NULL && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(PorchKeyRow) row = g_list_model_get_item (rows, i);
      const char *user = porch_key_row_get_user (row);

      assert_bare (porch_key_row_get_key_id (row));
      assert_bare (porch_key_row_get_secret (row));
      g_assert_true (user == NULL || g_utf8_validate (user, -1, NULL));
    }

  if (porch_account_parse_keys (text, &key_id, &secret, NULL))
    {
      g_assert_nonnull (rows);
      assert_bare (key_id);
      assert_bare (secret);
    }

  return 0;
}
