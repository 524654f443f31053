/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-manifest.h"

#include "porch-thread.h"

/* A manifest and its text, for the thread that turns one into the other. */
typedef struct
{
  PorchManifest *manifest;
  GBytes        *json;
} Conversion;

static Conversion *
conversion_new (PorchManifest *manifest,
                GBytes        *json)
{
  Conversion *conversion = g_atomic_rc_box_new0 (Conversion);

  g_set_object (&conversion->manifest, manifest);
  conversion->json = json != NULL ? g_bytes_ref (json) : NULL;

  return conversion;
}

static void
clear_conversion (gpointer data)
{
  Conversion *conversion = data;

  g_clear_object (&conversion->manifest);
  g_clear_pointer (&conversion->json, g_bytes_unref);
}

static void
conversion_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_conversion);
}

static gboolean
parse (gpointer   data,
       GError   **error)
{
  Conversion *conversion = data;

  conversion->manifest = porch_manifest_new_from_json (conversion->json, error);

  return conversion->manifest != NULL;
}

static gboolean
print (gpointer   data,
       GError   **error)
{
  Conversion *conversion = data;

  conversion->json = porch_manifest_to_json (conversion->manifest);

  return TRUE;
}

static DexFuture *
answer_manifest (DexFuture *completed,
                 gpointer   user_data)
{
  Conversion *conversion = user_data;

  return dex_future_new_take_object (g_steal_pointer (&conversion->manifest));
}

static DexFuture *
answer_json (DexFuture *completed,
             gpointer   user_data)
{
  Conversion *conversion = user_data;

  return dex_future_new_take_boxed (G_TYPE_BYTES, g_steal_pointer (&conversion->json));
}

static DexFuture *
convert (Conversion        *conversion,
         PorchThreadFunc    func,
         DexFutureCallback  answer)
{
  DexFuture *future = porch_thread_run (func, g_atomic_rc_box_acquire (conversion), conversion_unref);

  return dex_future_then (future, answer, conversion, conversion_unref);
}

/**
 * porch_manifest_parse:
 * @json: a manifest as kept in the bucket
 *
 * Reads a manifest on a thread; one of a large site takes longer than a frame.
 *
 * Returns: (transfer full): a future that resolves to a [class@Porch.Manifest], or is rejected with
 *   %PORCH_ERROR_DAMAGED
 */
DexFuture *
porch_manifest_parse (GBytes *json)
{
  dex_return_error_if_fail (json != NULL);

  return convert (conversion_new (NULL, json), parse, answer_manifest);
}

/**
 * porch_manifest_print:
 * @self: a manifest
 *
 * Writes a manifest on a thread.
 *
 * Returns: (transfer full): a future that resolves to a [struct@GLib.Bytes], the manifest as kept in the bucket
 */
DexFuture *
porch_manifest_print (PorchManifest *self)
{
  dex_return_error_if_fail (PORCH_IS_MANIFEST (self));

  return convert (conversion_new (self, NULL), print, answer_json);
}
