/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The search for what is private: what it finds lies in the file, and is found in small pieces too. */

#include "porch-secret.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static PorchSecretKind
search (const guint8 *data,
        gsize         size,
        gsize         piece)
{
  PorchSecretSearch self;

  porch_secret_search_init (&self, size > 0 && data[0] == '<' ? "page.html" : "file.js");
  for (gsize at = 0; at < size; at += piece)
    porch_secret_search_feed (&self, data + at, MIN (piece, size - at));

  g_assert_true (self.kind == PORCH_SECRET_NONE || self.offset < size);
  porch_secret_search_clear (&self);

  return self.kind;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  search (data, size, MAX (size, 1));
  search (data, size, 100);
  search (data, size, 7);

  return 0;
}
