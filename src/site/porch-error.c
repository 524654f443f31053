/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-error.h"

#include <gio/gio.h>
#include <libdex.h>

/* What a service said word for word, for the details that can be copied; never the sentence that is shown */
typedef struct
{
  char *details;
} PorchErrorPrivate;

static void
porch_error_private_init (PorchErrorPrivate *priv)
{
  priv->details = NULL;
}

static void
porch_error_private_copy (const PorchErrorPrivate *source,
                          PorchErrorPrivate       *copy)
{
  copy->details = g_strdup (source->details);
}

static void
porch_error_private_clear (PorchErrorPrivate *priv)
{
  g_clear_pointer (&priv->details, g_free);
}

G_DEFINE_EXTENDED_ERROR (PorchError, porch_error)

/**
 * porch_error_is_cancelled:
 * @error: (nullable): an error
 *
 * Whether @error only says that somebody lost interest. Such an error is not shown to anybody.
 *
 * Returns: %TRUE for the cancellation errors of GIO and libdex
 */
gboolean
porch_error_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);
}

/**
 * porch_error_set_details:
 * @error: an error of %PORCH_ERROR
 * @details: (nullable): what a service said, word for word
 *
 * Adds what belongs into the details that can be copied.
 */
void
porch_error_set_details (GError     *error,
                         const char *details)
{
  g_return_if_fail (error != NULL && error->domain == PORCH_ERROR);

  g_set_str (&porch_error_get_private (error)->details, details);
}

/**
 * porch_error_get_details:
 * @error: any error
 *
 * Returns: (nullable) (transfer none): the details, `NULL` if there are none
 */
const char *
porch_error_get_details (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == PORCH_ERROR ? porch_error_get_private (error)->details : NULL;
}
