/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-site-private.h"

#include "porch-domain-shop.h"
#include "porch-error.h"
#include "porch-fiber.h"

#include "aws-error.h"
#include "aws-json.h"

#include <glib/gi18n-lib.h>

/* After so many days the registry switches a domain off whose owner has not opened the link in its mail
 * ([Route 53](https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-register.html)). */
#define DAYS 15

/* The registry's mail to the owner of a domain that was bought: it is to be remembered, also after the purchase is over and
 * on other computers, until its link was opened. */

static void
set_unconfirmed (PorchSite  *self,
                 const char *domain,
                 GDateTime  *until)
{
  g_clear_pointer (&self->confirm_until, g_date_time_unref);
  self->confirm_until = domain != NULL && until != NULL ? g_date_time_ref (until) : NULL;

  if (g_set_str (&self->unconfirmed, domain))
    g_object_notify (G_OBJECT (self), "unconfirmed-domain");
}

void
porch_site_begin_confirmation (PorchSite  *self,
                               const char *domain)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) until = g_date_time_add_days (now, DAYS);

  set_unconfirmed (self, domain, until);
}

/* @json: (nullable): as porch_site_build_confirmation() made it */
void
porch_site_take_confirmation (PorchSite  *self,
                              JsonObject *json)
{
  const char *until = json != NULL ? aws_json_get_string (json, "until") : NULL;
  g_autoptr(GDateTime) time = until != NULL ? g_date_time_new_from_iso8601 (until, NULL) : NULL;

  set_unconfirmed (self, json != NULL ? aws_json_get_string (json, "domain") : NULL, time);
}

JsonObject *
porch_site_build_confirmation (PorchSite *self)
{
  JsonObject *json = json_object_new ();
  g_autofree char *until = self->confirm_until != NULL ? g_date_time_format_iso8601 (self->confirm_until) : NULL;

  json_object_set_string_member (json, "domain", self->unconfirmed);
  json_object_set_string_member (json, "until", until);

  return json;
}

/* In a fiber: asks whether the link was opened meanwhile. A domain that is no longer there has nothing to be confirmed; an
 * editor may not ask. */
void
porch_site_await_confirmed (PorchSite *self)
{
  g_autofree char *domain = g_strdup (self->unconfirmed);
  g_autoptr(PorchDomainShop) shop = NULL;
  g_autofree char *state = NULL;
  g_autoptr(GError) error = NULL;

  if (domain == NULL)
    return;

  shop = porch_domain_shop_new (porch_site_get_account (self));
  state = dex_await_string (porch_domain_shop_look_at_mail (shop, domain), &error);

  if (g_strcmp0 (self->unconfirmed, domain) != 0)
    return;

  if (g_strcmp0 (state, "done") == 0 || g_error_matches (error, AWS_ERROR, AWS_ERROR_NOT_FOUND) ||
      g_error_matches (error, AWS_ERROR, AWS_ERROR_INVALID))
    set_unconfirmed (self, NULL, NULL);
  else if (error != NULL)
    g_debug ("Whether a mail was read is not known: %s", error->message);
}

static DexFuture *
send_fiber (gpointer user_data)
{
  PorchSite *self = user_data;
  g_autofree char *domain = g_strdup (self->unconfirmed);
  g_autoptr(PorchDomainShop) shop = NULL;
  g_autofree char *state = NULL;
  g_autoptr(GError) error = NULL;

  if (domain == NULL)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "%s", _("There is nothing to confirm."));

  shop = porch_domain_shop_new (porch_site_get_account (self));

  if (!(state = dex_await_string (porch_domain_shop_resend_mail (shop, domain), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (!g_str_equal (state, "done") || g_strcmp0 (self->unconfirmed, domain) != 0)
    return dex_future_new_true ();

  set_unconfirmed (self, NULL, NULL);

  return porch_site_save (self);
}

/**
 * porch_site_get_unconfirmed_domain:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): a domain that was bought for it and whose owner has yet to open the link in the mail
 *   of the registry
 */
const char *
porch_site_get_unconfirmed_domain (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->unconfirmed;
}

/**
 * porch_site_get_confirm_until:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): when the domain is switched off if the link was not opened before
 */
GDateTime *
porch_site_get_confirm_until (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->confirm_until;
}

/**
 * porch_site_send_confirmation:
 * @self: a site with a domain that is to be confirmed
 *
 * Has the mail of the registry sent again. If its link was opened already, that is noted instead.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_NOT_FOUND or an `AWS_ERROR`
 */
DexFuture *
porch_site_send_confirmation (PorchSite *self)
{
  dex_return_error_if_fail (PORCH_IS_SITE (self));

  return porch_fiber_spawn (send_fiber, g_object_ref (self), g_object_unref, NULL);
}
