/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-private.h"

#include "porch-error.h"
#include "porch-site-private.h"

#include "aws-error.h"
#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* An order whose answer was lost shows up in the list of orders within moments. So often is it looked for, with pauses. */
#define N_LOOKS 4
#define LOOK_PAUSE 3000
#define QUICK_PAUSE 40

/* The clocks of both sides may differ by so many minutes */
#define SLACK 10

/* Buying the domain of an address: a step of PorchAddressOperation. The member "ordered" of its data is written before the
 * order is sent, "order" when its answer is there. With the first but not the second nobody knows whether it arrived: it is
 * looked for then, and sent again only if it did not. */

static JsonObject *
get_data (PorchAddressOperation *self)
{
  return porch_operation_get_data (PORCH_OPERATION (self));
}

static const char *
get_domain (PorchAddressOperation *self)
{
  return aws_json_get_string (get_data (self), "domain");
}

static gboolean
is_quick (PorchAddressOperation *self)
{
  PorchSite *site = porch_operation_get_site (PORCH_OPERATION (self));

  return porch_account_get_endpoint (porch_site_get_account (site)) != NULL;
}

static DexFuture *
until_stopped (PorchAddressOperation *self,
               DexFuture             *work)
{
  return porch_operation_until_stopped (PORCH_OPERATION (self), work);
}

static gboolean
set_not_bought (GError     **error,
                const char  *domain,
                const char  *details)
{
  g_autofree char *shown = porch_domain_name_show (domain);
  GError *local_error = NULL;

  local_error = g_error_new (PORCH_ERROR, PORCH_ERROR_NOT_BOUGHT,
                             /* Translators: %s is the name of a domain */
                             _("The registry did not accept the order of %s. Nothing was bought."), shown);
  porch_error_set_details (local_error, details);
  g_propagate_error (error, local_error);

  return FALSE;
}

/* The domain can still be bought, at the price that was agreed to. */
static gboolean
await_agreed_offer (PorchAddressOperation  *self,
                    GError                **error)
{
  PorchSite *site = porch_operation_get_site (PORCH_OPERATION (self));
  PorchDomainFlags flags = porch_account_is_practice (porch_site_get_account (site)) ? PORCH_DOMAIN_PRACTICE : PORCH_DOMAIN_DEFAULT;
  g_autoptr(PorchDomainShop) shop = porch_domain_shop_new (porch_site_get_account (site));
  g_autoptr(PorchDomainName) name = porch_domain_name_parse (get_domain (self), flags, error);
  g_autoptr(PorchDomainOffer) offer = NULL;
  g_autofree char *words = NULL;

  if (name == NULL || !(offer = dex_await_object (until_stopped (self, porch_domain_shop_quote (shop, name)), error)))
    return FALSE;

  if (porch_domain_offer_get_state (offer) != PORCH_DOMAIN_OFFER_AVAILABLE)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_BOUGHT, porch_domain_offer_get_sentence (offer));
      return FALSE;
    }

  if (fabs (porch_domain_offer_get_price (offer) - aws_json_get_double (get_data (self), "price", 0)) < 0.005 &&
      g_strcmp0 (porch_domain_offer_get_currency (offer), aws_json_get_string (get_data (self), "currency")) == 0)
    return TRUE;

  /* Kept, so that the owner can agree to exactly this */
  json_object_set_double_member (get_data (self), "newPrice", porch_domain_offer_get_price (offer));
  json_object_set_string_member (get_data (self), "newCurrency", porch_domain_offer_get_currency (offer));
  words = porch_domain_offer_dup_price_words (offer);
  /* Translators: the first %s is the name of a domain, the second a price, such as “14.00 USD a year” */
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_PRICE, _("The price of %s is another one now: %s."), porch_domain_offer_get_shown (offer), words);

  return FALSE;
}

/* Whether an order could be ours and has not failed */
static gboolean
is_good_order (PorchAddressOperation *self,
               AwsDomainOperation    *order)
{
  const char *status = aws_domain_operation_get_status (order);

  return g_strcmp0 (aws_domain_operation_get_operation_type (order), "REGISTER_DOMAIN") == 0 &&
         g_ascii_strcasecmp (aws_domain_operation_get_domain_name (order) != NULL ? aws_domain_operation_get_domain_name (order) : "",
                             get_domain (self)) == 0 &&
         g_strcmp0 (status, "FAILED") != 0 && g_strcmp0 (status, "ERROR") != 0;
}

/* The order that was sent before a kill or whose answer was lost; @order is NULL if it never arrived. */
static gboolean
await_lost_order (PorchAddressOperation  *self,
                  AwsClient              *client,
                  char                  **order,
                  GError                **error)
{
  static const char * const types[] = { "REGISTER_DOMAIN", NULL };
  const char *text = aws_json_get_string (get_data (self), "ordered");
  g_autoptr(GDateTime) ordered = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : g_date_time_new_now_utc ();
  g_autoptr(GDateTime) since = g_date_time_add_minutes (ordered, -SLACK);

  for (guint i = 0; i < N_LOOKS && *order == NULL; i++)
    {
      g_autoptr(GPtrArray) all = NULL;

      if (i > 0)
        dex_await (until_stopped (self, dex_timeout_new_msec (is_quick (self) ? QUICK_PAUSE : LOOK_PAUSE)), NULL);

      all = dex_await_boxed (until_stopped (self, aws_route53domains_list_operations (client, since, NULL, types)), error);

      if (all == NULL)
        return FALSE;

      for (guint j = 0; j < all->len && *order == NULL; j++)
        if (is_good_order (self, g_ptr_array_index (all, j)))
          *order = g_strdup (aws_domain_operation_get_id (g_ptr_array_index (all, j)));
    }

  return TRUE;
}

static gboolean
await_noted (PorchAddressOperation  *self,
             const char             *member,
             const char             *value,
             GError                **error)
{
  json_object_set_string_member (get_data (self), member, value);

  return dex_await (porch_operation_save (PORCH_OPERATION (self)), error);
}

static gboolean
await_order_sent (PorchAddressOperation  *self,
                  AwsClient              *client,
                  char                  **order,
                  GError                **error)
{
  JsonObject *json = aws_json_get_object (get_data (self), "contact");
  g_autoptr(PorchDomainContact) contact = json != NULL ? porch_domain_contact_new_from_json (json, error) : NULL;
  g_autoptr(AwsDomainContact) details = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  g_autoptr(GError) local_error = NULL;

  if (contact == NULL || !porch_domain_contact_check (contact, NULL, error))
    return FALSE;

  details = porch_domain_contact_to_aws (contact);

  if (!await_agreed_offer (self, error) || !await_noted (self, "ordered", time, error))
    return FALSE;

  *order = dex_await_string (until_stopped (self, aws_route53domains_register (client, get_domain (self), 1,
                                                                              aws_json_get_bool (get_data (self), "autoRenew"), TRUE,
                                                                              details, details, details, NULL)),
                             &local_error);

  /* An order that was refused was not made. Whatever else went wrong, it may have been. */
  if (local_error == NULL)
    return TRUE;

  if (g_strcmp0 (aws_error_get_code_string (local_error), "DuplicateRequest") == 0)
    return await_lost_order (self, client, order, error);

  if (local_error->domain == AWS_ERROR && aws_error_get_status (local_error) >= 400 && aws_error_get_status (local_error) < 500 &&
      !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_EXPIRED))
    json_object_remove_member (get_data (self), "ordered");

  if (g_error_matches (local_error, AWS_ERROR, AWS_ERROR_INVALID) || g_error_matches (local_error, AWS_ERROR, AWS_ERROR_FAILED))
    return set_not_bought (error, get_domain (self), local_error->message);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
await_ordered (PorchAddressOperation  *self,
               AwsClient              *client,
               GError                **error)
{
  g_autofree char *order = NULL;

  if (aws_json_get_string (get_data (self), "order") != NULL)
    return TRUE;

  if (aws_json_get_string (get_data (self), "ordered") != NULL && !await_lost_order (self, client, &order, error))
    return FALSE;

  if (order == NULL && !await_order_sent (self, client, &order, error))
    return FALSE;

  if (order == NULL)
    return set_not_bought (error, get_domain (self), NULL);

  return await_noted (self, "order", order, error);
}

/* An order that came to nothing is followed by a new one when it is tried again. */
static gboolean
fail_order (PorchAddressOperation  *self,
            AwsDomainOperation     *order,
            GError                **error)
{
  json_object_remove_member (get_data (self), "order");
  json_object_remove_member (get_data (self), "ordered");

  return set_not_bought (error, get_domain (self), aws_domain_operation_get_message (order));
}

static void
show_order (PorchAddressOperation *self,
            AwsDomainOperation    *order)
{
  static const struct
  {
    const char *flag;
    const char *sentence;
  } table[] = {
    { "PENDING_CUSTOMER_ACTION", N_("The registry waits for you: open the link in the mail that it has sent.") },
    { "PENDING_PAYMENT_VERIFICATION", N_("The payment is being checked, which can take a day.") },
    { "PENDING_AUTHORIZATION", N_("The registry waits for a permission, which can take some days.") },
    { "PENDING_SUPPORT_CASE", N_("The provider’s support has a question: look into your mail.") },
  };
  const char *flag = aws_domain_operation_get_status_flag (order);
  const char *sentence = _("The registry enters the domain. Most take some minutes, some up to three days.");

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_strcmp0 (table[i].flag, flag) == 0)
      sentence = _(table[i].sentence);

  porch_operation_set_detail (PORCH_OPERATION (self), sentence);
}

static gboolean
await_registered (PorchAddressOperation  *self,
                  AwsClient              *client,
                  GError                **error)
{
  guint pause = 0;

  for (;;)
    {
      g_autofree char *id = g_strdup (aws_json_get_string (get_data (self), "order"));
      g_autoptr(AwsDomainOperation) order = dex_await_boxed (until_stopped (self, aws_route53domains_get_operation (client, id)), error);

      if (order == NULL)
        return FALSE;

      if (aws_domain_operation_is_successful (order))
        return TRUE;

      if (aws_domain_operation_is_done (order))
        return fail_order (self, order, error);

      show_order (self, order);

      if (!porch_address_operation_await_pause (self, &pause,
                                                g_strcmp0 (aws_domain_operation_get_status_flag (order), "PENDING_CUSTOMER_ACTION") == 0 ||
                                                g_strcmp0 (aws_domain_operation_get_status_flag (order), "PENDING_SUPPORT_CASE") == 0,
                                                error))
        return FALSE;
    }
}

/* Takes the owner's details out of the store, where earlier tries may have them, too, and what was written last out of the
 * file beside it. The store overwrites what it forgets. */
static gboolean
await_forgotten (PorchAddressOperation  *self,
                 GError                **error)
{
  PorchSite *site = porch_operation_get_site (PORCH_OPERATION (self));
  g_autoptr(PorchRows) rows = NULL;

  json_object_remove_member (get_data (self), "contact");

  if (!dex_await (porch_operation_save (PORCH_OPERATION (self)), error) ||
      !dex_await (porch_store_write (porch_site_get_store (site),
                                     "UPDATE operations SET data = json_remove (data, '$.contact') WHERE site = ? AND kind = ?",
                                     "ss", porch_site_get_id (site), porch_operation_get_kind (PORCH_OPERATION (self))),
                  error))
    return FALSE;

  rows = dex_await_boxed (porch_store_query (porch_site_get_store (site), "PRAGMA wal_checkpoint (TRUNCATE)", NULL), error);

  return rows != NULL;
}

/* Buys the domain, once, and waits until it is there. The owner's details are forgotten after it. */
gboolean
porch_address_await_purchase (PorchAddressOperation  *self,
                              AwsClient              *client,
                              GError                **error)
{
  PorchSite *site = porch_operation_get_site (PORCH_OPERATION (self));

  if (!await_ordered (self, client, error) || !await_registered (self, client, error))
    return FALSE;

  porch_site_begin_confirmation (site, get_domain (self));

  return dex_await (porch_site_save (site), error) && await_forgotten (self, error);
}
