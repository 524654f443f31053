/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-watch.h"

#include "aws-headers.h"
#include "aws-s3.h"
#include "porch-error.h"
#include "porch-receipt-store.h"
#include "porch-visitor.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TICK_MSEC 100

/* After so many ticks without an end it is asked whether it is still our release that is to be seen. */
#define ASK_TICKS 30

#define REPLACED _("Another version of the site went live meanwhile.")

/* Looking at the site after a release went live, shared by the operations that make one live. */

typedef struct
{
  PorchOperation *operation;
  PorchSite      *site;
  PorchTarget    *target;
  PorchManifest  *manifest;
  PorchManifest  *before;      /* or NULL */
  const char     *release;
  const char     *previous;    /* or NULL */
} Watch;

static void
show_progress (Watch        *self,
               PorchVisitor *visitor)
{
  guint n_pages = porch_visitor_get_n_pages (visitor);
  guint n_seen = porch_visitor_get_n_seen (visitor);
  g_autofree char *detail = NULL;

  if (n_pages == 0)
    return;

  /* Translators: how many of how many pages were looked at so far */
  detail = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u of %u page", "%u of %u pages", n_pages), n_seen, n_pages);
  porch_operation_set_detail (self->operation, detail);
  porch_operation_set_step_progress (self->operation, n_seen / (double) n_pages);
}

/* What shows may be a release that somebody made live meanwhile: then there was nothing to see of ours. */
static gboolean
await_replaced (Watch *self)
{
  g_autoptr(PorchPointerValue) value = NULL;

  if (self->target != NULL)
    value = dex_await_boxed (porch_pointer_read (porch_target_get_pointer (self->target)), NULL);

  return value != NULL && g_strcmp0 (porch_pointer_value_get_release (value), self->release) != 0;
}

/* Nobody could look: that is noted, and nothing else. */
static PorchReceipt *
make_blind_receipt (Watch      *self,
                    const char *reason)
{
  const char *address = porch_site_get_address (self->site);
  PorchReceipt *receipt = porch_receipt_new (self->release, self->previous, address != NULL ? address : "");

  porch_receipt_set_state (receipt, PORCH_RECEIPT_NOT_LOOKED, reason);

  return receipt;
}

static PorchReceipt *
await_visit (Watch   *self,
             double   patience,
             GError **error)
{
  g_autoptr(PorchVisitor) visitor = porch_visitor_new (porch_site_get_address (self->site), self->manifest, self->before);
  g_autoptr(DexFuture) visit = NULL;
  guint n_ticks = 0;

  porch_visitor_set_patience (visitor, patience);
  visit = porch_visitor_run (visitor);

  while (dex_future_is_pending (visit))
    {
      show_progress (self, visitor);
      dex_await (porch_operation_until_stopped (self->operation, dex_future_first (dex_ref (visit), dex_timeout_new_msec (TICK_MSEC),
                                                                                   NULL)),
                 NULL);

      if (porch_operation_is_stopping (self->operation))
        {
          porch_visitor_stop (visitor);
          break;
        }

      if (++n_ticks % ASK_TICKS == 0 && await_replaced (self))
        {
          porch_visitor_stop (visitor);
          return make_blind_receipt (self, REPLACED);
        }
    }

  return dex_await_object (dex_ref (visit), error);
}

/* It is only a note: the release is as live without it. */
static void
await_kept (Watch        *self,
            PorchReceipt *receipt)
{
  PorchStore *store = porch_site_get_store (self->site);
  g_autofree char *key = porch_receipt_build_key (self->release);
  g_autofree char *json = porch_receipt_to_json (receipt);
  g_autoptr(GBytes) body = g_bytes_new (json, strlen (json));
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;

  aws_headers_set (headers, "Content-Type", "application/json");
  aws_headers_set (headers, "Cache-Control", "no-store");

  if (self->target != NULL &&
      !(object = dex_await_boxed (aws_s3_put_object (porch_target_get_client (self->target),
                                                     porch_target_get_bucket (self->target), key, body, headers),
                                  &error)))
    g_debug ("A receipt can't be kept beside the site: %s", error->message);

  g_clear_error (&error);

  if (!dex_await (porch_receipt_store_save (store, porch_site_get_id (self->site), receipt,
                                            object != NULL ? aws_s3_object_get_etag (object) : NULL),
                  &error))
    g_debug ("A receipt can't be kept: %s", error->message);

  porch_history_take_receipt (porch_site_get_history (self->site), receipt);
}

static void
take_live (Watch      *self,
           const char *release)
{
  PorchHistory *history = porch_site_get_history (self->site);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  PorchRelease *shown;

  porch_history_set_live (history, release);

  if ((shown = porch_history_lookup (history, release)) != NULL)
    porch_site_set_live (self->site, shown, now);
}

/* Somebody who made yet another release live meanwhile wins. */
static void
await_gone_back (Watch        *self,
                 PorchReceipt *receipt)
{
  g_autofree char *reason = g_strdup (porch_receipt_get_reason (receipt));
  g_autoptr(GError) error = NULL;

  if (self->before == NULL || self->target == NULL)
    return;

  if (dex_await (porch_target_go_live (self->target, self->release, self->before), &error))
    {
      porch_receipt_set_state (receipt, PORCH_RECEIPT_WENT_BACK, reason);
      take_live (self, self->previous);
    }
  else
    {
      g_debug ("The release before can't be made live again: %s", error->message);
    }
}

static gboolean
set_error (PorchReceipt  *receipt,
           GError       **error)
{
  const char *reason = porch_receipt_get_reason (receipt);
  const char *outcome;

  if (porch_receipt_get_state (receipt) == PORCH_RECEIPT_WENT_BACK)
    outcome = _("The version before is live again.");
  else if (porch_receipt_get_previous (receipt) != NULL)
    outcome = _("The version before could not be made live again.");
  else
    outcome = _("There is no version to go back to.");

  g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_SHOWN, "%s %s", reason != NULL ? reason : "", outcome);

  return FALSE;
}

static gboolean
await_looked (Watch         *self,
              double         patience,
              PorchReceipt **receipt,
              GError       **error)
{
  g_autoptr(GError) local = NULL;

  if (self->target == NULL)
    self->target = dex_await_object (porch_operation_until_stopped (self->operation, porch_site_open_target (self->site)), &local);

  if (self->target != NULL)
    self->manifest = dex_await_object (porch_operation_until_stopped (self->operation,
                                                                      porch_target_load_manifest (self->target, self->release)),
                                       &local);

  if (self->manifest != NULL && self->previous != NULL)
    self->before = dex_await_object (porch_target_load_manifest (self->target, self->previous), NULL);

  if (self->manifest != NULL && porch_site_get_address (self->site) != NULL)
    {
      *receipt = await_visit (self, patience, error);
      return *receipt != NULL;
    }

  if (local != NULL && porch_error_is_cancelled (local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  *receipt = make_blind_receipt (self, local != NULL ? local->message : NULL);

  return TRUE;
}

/**
 * porch_watch_await: (skip)
 * @operation: the operation whose step this is
 * @target: (nullable): where the site's files live, if it is open already
 * @release: the release that is live
 * @previous: (nullable): the one that was live before
 * @patience: how long to wait for visitors to see it, in seconds
 * @receipt: (out) (transfer full) (nullable): what was seen
 * @error: return location
 *
 * Looks at the site as a visitor and keeps a receipt, in the bucket and in the store. If the start page does not answer as
 * it should, the release before is made live again. To be called in a fiber; it can be called again after a stop or a kill.
 *
 * Returns: whether all is well as far as can be seen; %FALSE with %PORCH_ERROR_NOT_SHOWN when the start page is broken, or
 *   when the operation was stopped
 */
gboolean
porch_watch_await (PorchOperation  *operation,
                   PorchTarget     *target,
                   const char      *release,
                   const char      *previous,
                   double           patience,
                   PorchReceipt   **receipt,
                   GError         **error)
{
  Watch self = {
    .operation = operation,
    .site = porch_operation_get_site (operation),
    .release = release,
    .previous = previous,
  };
  PorchReceiptState state;
  gboolean looked;

  g_set_object (&self.target, target);
  looked = await_looked (&self, patience, receipt, error);

  if (looked && porch_receipt_get_state (*receipt) == PORCH_RECEIPT_BROKEN)
    {
      if (await_replaced (&self))
        porch_receipt_set_state (*receipt, PORCH_RECEIPT_NOT_LOOKED, REPLACED);
      else
        await_gone_back (&self, *receipt);
    }

  if (looked)
    await_kept (&self, *receipt);

  g_clear_object (&self.target);
  g_clear_object (&self.manifest);
  g_clear_object (&self.before);

  if (!looked)
    return FALSE;

  state = porch_receipt_get_state (*receipt);

  return (state != PORCH_RECEIPT_BROKEN && state != PORCH_RECEIPT_WENT_BACK) || set_error (*receipt, error);
}
