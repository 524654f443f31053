/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-shop.h"

#include "porch-certificate.h"
#include "porch-domain-offer-private.h"
#include "porch-error.h"
#include "porch-fiber.h"

#include "aws-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How many names are suggested, and for how long the list of prices is good, in microseconds */
#define N_SUGGESTIONS 20
#define PRICES_AGE (24 * 3600 * (gint64) G_USEC_PER_SEC)

/* A registry that is slow has its answer when it is asked again. Milliseconds. */
#define N_TRIES 5
#define TRY_PAUSE 1500
#define QUICK_PAUSE 50

/**
 * PorchDomainShop:
 *
 * What domains can be bought with an account, and for what. Nothing here buys anything: [class@Porch.AddressOperation] does.
 */
struct _PorchDomainShop
{
  GObject       parent_instance;

  PorchAccount *account;
  AwsClient    *client;
  GHashTable   *prices;       /* ending -> AwsDomainPrice */
  gint64        loaded;       /* monotonic; 0 for never */
};

G_DEFINE_FINAL_TYPE (PorchDomainShop, porch_domain_shop, G_TYPE_OBJECT)

/* Endings whose registries ask for numbers of papers and the like (Amazon Route 53 API Reference, ExtraParam) */
static const char * const with_papers[] = {
  "ar", "au", "ca", "es", "eu", "fi", "fr", "it", "nu", "ru", "se", "sg", "uk", NULL
};

/* What is tried for a word without an ending, most wanted first */
static const char * const usual_endings[] = { "com", "org", "net", "info", "me", NULL };
static const char * const practice_endings[] = { "localhost", NULL };

static void
porch_domain_shop_finalize (GObject *object)
{
  PorchDomainShop *self = PORCH_DOMAIN_SHOP (object);

  g_clear_object (&self->account);
  g_clear_object (&self->client);
  g_clear_pointer (&self->prices, g_hash_table_unref);

  G_OBJECT_CLASS (porch_domain_shop_parent_class)->finalize (object);
}

static void
porch_domain_shop_class_init (PorchDomainShopClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_domain_shop_finalize;
}

static void
porch_domain_shop_init (PorchDomainShop *self)
{
  self->prices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) aws_domain_price_unref);
}

/**
 * porch_domain_shop_new:
 * @account: an account
 *
 * Returns: (transfer full): the shop of the account
 */
PorchDomainShop *
porch_domain_shop_new (PorchAccount *account)
{
  PorchDomainShop *self;

  g_return_val_if_fail (PORCH_IS_ACCOUNT (account), NULL);

  self = g_object_new (PORCH_TYPE_DOMAIN_SHOP, NULL);
  self->account = g_object_ref (account);
  self->client = porch_account_dup_client_for_region (account, PORCH_CERTIFICATE_REGION);

  return self;
}

/**
 * porch_domain_shop_format_price:
 * @amount: an amount of money
 * @currency: the three letters of its currency
 *
 * Returns: (transfer full): the amount as people write it
 */
char *
porch_domain_shop_format_price (double      amount,
                                const char *currency)
{
  g_return_val_if_fail (currency != NULL, NULL);

  /* Translators: an amount of money, first the number, then the three letters of the currency, such as 14.00 USD */
  return g_strdup_printf (_("%'.2f %s"), amount, currency);
}

static PorchDomainFlags
get_flags (PorchDomainShop *self)
{
  return porch_account_is_practice (self->account) ? PORCH_DOMAIN_PRACTICE : PORCH_DOMAIN_DEFAULT;
}

/* What stands behind the first dot is what is sold */
static const char *
get_ending (const char *domain)
{
  const char *dot = strchr (domain, '.');

  return dot != NULL ? dot + 1 : domain;
}

static void
keep_prices (PorchDomainShop *self,
             GPtrArray       *prices)
{
  for (guint i = 0; i < prices->len; i++)
    {
      AwsDomainPrice *price = g_ptr_array_index (prices, i);

      if (aws_domain_price_get_name (price) != NULL)
        g_hash_table_replace (self->prices, g_strdup (aws_domain_price_get_name (price)), aws_domain_price_ref (price));
    }
}

static gboolean
await_prices (PorchDomainShop  *self,
              GError          **error)
{
  g_autoptr(GPtrArray) prices = NULL;

  if (self->loaded != 0 && g_get_monotonic_time () - self->loaded < PRICES_AGE)
    return TRUE;

  if (!(prices = dex_await_boxed (aws_route53domains_list_prices (self->client, NULL), error)))
    return FALSE;

  keep_prices (self, prices);
  self->loaded = g_get_monotonic_time ();

  return TRUE;
}

/* The price of one ending as it is now */
static gboolean
await_fresh_price (PorchDomainShop  *self,
                   const char       *ending,
                   GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) prices = dex_await_boxed (aws_route53domains_list_prices (self->client, ending), &local_error);

  if (prices != NULL)
    keep_prices (self, prices);

  if (prices != NULL || g_strcmp0 (aws_error_get_code_string (local_error), "UnsupportedTLD") == 0)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* Why nobody can buy a domain with such a name here, whoever may have it; NULL if they can */
static char *
explain_unserved (PorchDomainShop *self,
                  PorchDomainName *name)
{
  const char *ending = get_ending (porch_domain_name_get_ascii (name));
  const char *last = strrchr (ending, '.') != NULL ? strrchr (ending, '.') + 1 : ending;

  if (g_hash_table_lookup (self->prices, ending) == NULL)
    /* Translators: %s is the end of the name of a domain, such as org */
    return g_strdup_printf (_("Domains that end in “.%s” are not sold here. Buy it from another company and connect it then."), ending);

  if (g_strv_contains (with_papers, last))
    return g_strdup_printf (_("The registry of “.%s” asks for numbers of papers. Buy it from another company and connect it then."), ending);

  if (strstr (porch_domain_name_get_ascii (name), "xn--") != NULL)
    return g_strdup (_("Domains with letters like these are not sold here. Buy it from another company and connect it then."));

  return NULL;
}

static PorchDomainOffer *
build_offer (PorchDomainShop *self,
             PorchDomainName *name,
             const char      *availability)
{
  static const struct
  {
    const char            *availability;
    PorchDomainOfferState  state;
    const char            *sentence;
  } table[] = {
    { "AVAILABLE", PORCH_DOMAIN_OFFER_AVAILABLE, NULL },
    { "UNAVAILABLE", PORCH_DOMAIN_OFFER_TAKEN, N_("Somebody has it already.") },
    { "UNAVAILABLE_PREMIUM", PORCH_DOMAIN_OFFER_UNSERVED, N_("The registry sells it at a special price. It can be bought from other companies.") },
    { "UNAVAILABLE_RESTRICTED", PORCH_DOMAIN_OFFER_UNSERVED, N_("The registry does not give it to everybody.") },
    { "RESERVED", PORCH_DOMAIN_OFFER_UNSERVED, N_("The registry keeps it back.") },
    { "AVAILABLE_RESERVED", PORCH_DOMAIN_OFFER_UNSERVED, N_("The registry keeps it back.") },
    { "AVAILABLE_PREORDER", PORCH_DOMAIN_OFFER_UNSERVED, N_("The registry does not sell it yet.") },
    { "INVALID_NAME_FOR_TLD", PORCH_DOMAIN_OFFER_INVALID, N_("The registry does not allow such a name. Try a longer one.") },
    { NULL, PORCH_DOMAIN_OFFER_UNKNOWN, N_("The registry does not answer at the moment. Try again later.") },
  };
  AwsDomainPrice *price = g_hash_table_lookup (self->prices, get_ending (porch_domain_name_get_ascii (name)));
  guint i = 0;

  while (table[i].availability != NULL && g_strcmp0 (table[i].availability, availability) != 0)
    i++;

  return porch_domain_offer_new (name, table[i].state, table[i].sentence != NULL ? _(table[i].sentence) : NULL,
                                 price != NULL ? aws_domain_price_get_registration (price) : 0,
                                 price != NULL ? aws_domain_price_get_renewal (price) : 0,
                                 price != NULL ? aws_domain_price_get_currency (price) : NULL);
}

/* What a question is about */
typedef struct
{
  PorchDomainShop *shop;
  PorchDomainName *name;
  char            *text;
  gboolean         flag;
} Task;

static Task *
task_new (PorchDomainShop *shop,
          PorchDomainName *name,
          const char      *text)
{
  Task *task = g_new0 (Task, 1);

  task->shop = g_object_ref (shop);
  task->name = name != NULL ? porch_domain_name_ref (name) : NULL;
  task->text = g_strdup (text);

  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_object_unref (task->shop);
  g_clear_pointer (&task->name, porch_domain_name_unref);
  g_free (task->text);
  g_free (task);
}

static char *
await_availability (PorchDomainShop  *self,
                    const char       *domain,
                    GError          **error)
{
  guint pause = porch_account_get_endpoint (self->account) != NULL ? QUICK_PAUSE : TRY_PAUSE;

  for (guint i = 0; i < N_TRIES; i++)
    {
      g_autofree char *availability = dex_await_string (aws_route53domains_check_availability (self->client, domain), error);

      if (g_strcmp0 (availability, "PENDING") != 0)
        return g_steal_pointer (&availability);

      dex_await (dex_timeout_new_msec (pause), NULL);
    }

  return g_strdup ("PENDING");
}

static PorchDomainOffer *
await_offer (PorchDomainShop  *self,
             PorchDomainName  *name,
             GError          **error)
{
  g_autofree char *reason = explain_unserved (self, name);
  g_autofree char *availability = NULL;

  if (reason != NULL)
    return porch_domain_offer_new (name, PORCH_DOMAIN_OFFER_UNSERVED, reason, 0, 0, NULL);

  if (!(availability = await_availability (self, porch_domain_name_get_ascii (name), error)))
    return NULL;

  return build_offer (self, name, availability);
}

static gboolean
has_offer (GListStore      *offers,
           PorchDomainName *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (offers)); i++)
    {
      g_autoptr(PorchDomainOffer) each = g_list_model_get_item (G_LIST_MODEL (offers), i);

      if (porch_domain_name_equal (porch_domain_offer_get_name (each), name))
        return TRUE;
    }

  return FALSE;
}

/* Suggestions are there for comfort: a search without them is still one. */
static void
await_suggestions (PorchDomainShop *self,
                   GListStore      *offers,
                   const char      *domain)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = dex_await_boxed (aws_route53domains_suggest (self->client, domain, N_SUGGESTIONS, TRUE), &error);

  if (all == NULL)
    g_debug ("Nothing is suggested: %s", error->message);

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      AwsDomainSuggestion *each = g_ptr_array_index (all, i);
      const char *text = aws_domain_suggestion_get_name (each);
      g_autoptr(PorchDomainName) name = text != NULL ? porch_domain_name_parse (text, get_flags (self), NULL) : NULL;
      g_autofree char *reason = name != NULL ? explain_unserved (self, name) : NULL;
      g_autoptr(PorchDomainOffer) offer = NULL;

      if (name == NULL || reason != NULL || has_offer (offers, name) ||
          g_strcmp0 (aws_domain_suggestion_get_availability (each), "AVAILABLE") != 0)
        continue;

      offer = build_offer (self, name, "AVAILABLE");
      g_list_store_append (offers, offer);
    }
}

/* A few words become one label: people search for “Anna’s Bakery” */
static char *
build_label (const char *typed)
{
  g_autofree char *small = g_utf8_strdown (typed, -1);
  GString *label = g_string_new (NULL);

  for (const char *at = small; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isalnum (c) || c == '-')
        g_string_append_unichar (label, c);
    }

  return g_string_free (label, FALSE);
}

/* The names that somebody means, those that are meant most first */
static GPtrArray *
list_meant (PorchDomainShop  *self,
            const char       *typed,
            GError          **error)
{
  const char * const *endings = porch_account_is_practice (self->account) ? practice_endings : usual_endings;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_domain_name_unref);
  g_autoptr(PorchDomainName) name = NULL;

  if (strchr (typed, '.') != NULL)
    {
      if (!(name = porch_domain_name_parse (typed, get_flags (self), error)))
        return NULL;

      g_ptr_array_add (names, porch_domain_name_parse (porch_domain_name_get_registrable (name), get_flags (self), NULL));
    }
  else
    {
      g_autofree char *label = build_label (typed);

      for (guint i = 0; endings[i] != NULL; i++)
        {
          g_autofree char *text = g_strdup_printf ("%s.%s", label, endings[i]);
          PorchDomainName *each = porch_domain_name_parse (text, get_flags (self), i == 0 ? error : NULL);

          if (each == NULL)
            return NULL;

          g_ptr_array_add (names, each);
        }
    }

  return g_steal_pointer (&names);
}

static DexFuture *
search_fiber (gpointer user_data)
{
  Task *task = user_data;
  PorchDomainShop *self = task->shop;
  g_autoptr(GListStore) offers = g_list_store_new (PORCH_TYPE_DOMAIN_OFFER);
  g_autoptr(GPtrArray) meant = NULL;
  g_autoptr(GError) error = NULL;

  if (!(meant = list_meant (self, task->text, &error)) || !await_prices (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (guint i = 0; i < meant->len; i++)
    {
      g_autoptr(PorchDomainOffer) offer = await_offer (self, g_ptr_array_index (meant, i), &error);

      if (offer == NULL)
        return dex_future_new_for_error (g_steal_pointer (&error));

      g_list_store_append (offers, offer);
    }

  await_suggestions (self, offers, porch_domain_name_get_ascii (g_ptr_array_index (meant, 0)));

  return dex_future_new_take_object (g_steal_pointer (&offers));
}

/**
 * porch_domain_shop_search:
 * @self: a shop
 * @typed: a domain, or some words
 *
 * Looks whether a domain can be bought, what it costs, and what is like it. Of words without an ending the usual endings
 * are tried. Nothing is bought or reserved.
 *
 * Returns: (transfer full): a future that resolves to a [iface@Gio.ListModel] of [class@Porch.DomainOffer]: what was meant,
 *   then suggestions that can be bought; rejected with %PORCH_ERROR_DOMAIN or an `AWS_ERROR`
 */
DexFuture *
porch_domain_shop_search (PorchDomainShop *self,
                          const char      *typed)
{
  dex_return_error_if_fail (PORCH_IS_DOMAIN_SHOP (self));
  dex_return_error_if_fail (typed != NULL);

  return porch_fiber_spawn (search_fiber, task_new (self, NULL, typed), task_free, NULL);
}

static DexFuture *
quote_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(PorchDomainOffer) offer = NULL;
  g_autoptr(GError) error = NULL;

  if (!await_fresh_price (task->shop, get_ending (porch_domain_name_get_ascii (task->name)), &error) ||
      !(offer = await_offer (task->shop, task->name, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_object (g_steal_pointer (&offer));
}

/**
 * porch_domain_shop_quote:
 * @self: a shop
 * @name: a domain
 *
 * Asks for one domain and its price as they are now.
 *
 * Returns: (transfer full): a future that resolves to a [class@Porch.DomainOffer]; rejected with an `AWS_ERROR`
 */
DexFuture *
porch_domain_shop_quote (PorchDomainShop *self,
                         PorchDomainName *name)
{
  dex_return_error_if_fail (PORCH_IS_DOMAIN_SHOP (self));
  dex_return_error_if_fail (name != NULL);

  return porch_fiber_spawn (quote_fiber, task_new (self, name, NULL), task_free, NULL);
}

static DexFuture *
mail_fiber (gpointer user_data)
{
  Task *task = user_data;
  g_autoptr(AwsDomainReachability) answer = NULL;
  g_autoptr(GError) error = NULL;

  answer = dex_await_boxed (task->flag ? aws_route53domains_resend_reachability (task->shop->client, task->text)
                                       : aws_route53domains_get_reachability (task->shop->client, task->text), &error);

  if (answer == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (aws_domain_reachability_is_already_verified (answer))
    return dex_future_new_take_string (g_strdup ("done"));

  return dex_future_new_take_string (task->flag ? g_strdup ("pending")
                                                : g_ascii_strdown (aws_domain_reachability_get_status (answer), -1));
}

/**
 * porch_domain_shop_look_at_mail:
 * @self: a shop
 * @domain: a domain of the account
 *
 * Whether the owner has opened the link in the mail of the registry. A domain whose owner doesn't within 15 days is
 * switched off.
 *
 * Returns: (transfer full): a future that resolves to `done`, `pending` or `expired`; rejected with an `AWS_ERROR`
 */
DexFuture *
porch_domain_shop_look_at_mail (PorchDomainShop *self,
                                const char      *domain)
{
  dex_return_error_if_fail (PORCH_IS_DOMAIN_SHOP (self));
  dex_return_error_if_fail (domain != NULL);

  return porch_fiber_spawn (mail_fiber, task_new (self, NULL, domain), task_free, NULL);
}

/**
 * porch_domain_shop_resend_mail:
 * @self: a shop
 * @domain: a domain of the account
 *
 * Has the mail of the registry sent again.
 *
 * Returns: (transfer full): a future that resolves to `pending`, or to `done` if the link was opened already; rejected with
 *   an `AWS_ERROR`
 */
DexFuture *
porch_domain_shop_resend_mail (PorchDomainShop *self,
                               const char      *domain)
{
  Task *task;

  dex_return_error_if_fail (PORCH_IS_DOMAIN_SHOP (self));
  dex_return_error_if_fail (domain != NULL);

  task = task_new (self, NULL, domain);
  task->flag = TRUE;

  return porch_fiber_spawn (mail_fiber, task, task_free, NULL);
}

/**
 * porch_domain_shop_set_auto_renew:
 * @self: a shop
 * @domain: a domain of the account
 * @auto_renew: whether it is to be renewed, and paid for, each year until that is switched off
 *
 * Returns: (transfer full): a future that resolves when it is so; rejected with an `AWS_ERROR`
 */
DexFuture *
porch_domain_shop_set_auto_renew (PorchDomainShop *self,
                                  const char      *domain,
                                  gboolean         auto_renew)
{
  dex_return_error_if_fail (PORCH_IS_DOMAIN_SHOP (self));
  dex_return_error_if_fail (domain != NULL);

  return auto_renew ? aws_route53domains_enable_auto_renew (self->client, domain)
                    : aws_route53domains_disable_auto_renew (self->client, domain);
}
