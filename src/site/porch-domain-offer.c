/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-offer-private.h"

#include <glib/gi18n-lib.h>

/**
 * PorchDomainOffer:
 *
 * A domain, whether it can be bought, and what it costs. Never changes.
 */
struct _PorchDomainOffer
{
  GObject                parent_instance;

  PorchDomainName       *name;
  char                  *sentence;
  char                  *currency;
  double                 price;
  double                 renewal;
  PorchDomainOfferState  state;
};

G_DEFINE_FINAL_TYPE (PorchDomainOffer, porch_domain_offer, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchDomainOfferState, porch_domain_offer_state,
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_OFFER_AVAILABLE, "available"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_OFFER_TAKEN, "taken"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_OFFER_UNSERVED, "unserved"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_OFFER_INVALID, "invalid"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_OFFER_UNKNOWN, "unknown"))

enum
{
  PROP_NAME = 1,
  PROP_SHOWN,
  PROP_STATE,
  PROP_SENTENCE,
  PROP_PRICE,
  PROP_RENEWAL,
  PROP_CURRENCY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
porch_domain_offer_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  PorchDomainOffer *self = PORCH_DOMAIN_OFFER (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_boxed (value, self->name);
      break;
    case PROP_SHOWN:
      g_value_set_string (value, porch_domain_offer_get_shown (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_SENTENCE:
      g_value_set_string (value, self->sentence);
      break;
    case PROP_PRICE:
      g_value_set_double (value, self->price);
      break;
    case PROP_RENEWAL:
      g_value_set_double (value, self->renewal);
      break;
    case PROP_CURRENCY:
      g_value_set_string (value, self->currency);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_domain_offer_finalize (GObject *object)
{
  PorchDomainOffer *self = PORCH_DOMAIN_OFFER (object);

  g_clear_pointer (&self->name, porch_domain_name_unref);
  g_clear_pointer (&self->sentence, g_free);
  g_clear_pointer (&self->currency, g_free);

  G_OBJECT_CLASS (porch_domain_offer_parent_class)->finalize (object);
}

static void
porch_domain_offer_class_init (PorchDomainOfferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_domain_offer_get_property;
  object_class->finalize = porch_domain_offer_finalize;

  properties[PROP_NAME] = g_param_spec_boxed ("name", NULL, NULL, PORCH_TYPE_DOMAIN_NAME, flags);
  properties[PROP_SHOWN] = g_param_spec_string ("shown", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_DOMAIN_OFFER_STATE, PORCH_DOMAIN_OFFER_AVAILABLE,
                                              flags);
  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, NULL, flags);
  properties[PROP_PRICE] = g_param_spec_double ("price", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_RENEWAL] = g_param_spec_double ("renewal", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_CURRENCY] = g_param_spec_string ("currency", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_domain_offer_init (PorchDomainOffer *self)
{
}

/* @sentence is NULL for one that can be bought: its price says it then. */
PorchDomainOffer *
porch_domain_offer_new (PorchDomainName       *name,
                        PorchDomainOfferState  state,
                        const char            *sentence,
                        double                 price,
                        double                 renewal,
                        const char            *currency)
{
  PorchDomainOffer *self = g_object_new (PORCH_TYPE_DOMAIN_OFFER, NULL);

  self->name = porch_domain_name_ref (name);
  self->state = state;
  self->price = price;
  self->renewal = renewal;
  self->currency = g_strdup (currency);
  self->sentence = sentence != NULL ? g_strdup (sentence) : porch_domain_offer_dup_price_words (self);

  return self;
}

/**
 * porch_domain_offer_get_name:
 * @self: an offer
 *
 * Returns: (transfer none): the domain
 */
PorchDomainName *
porch_domain_offer_get_name (PorchDomainOffer *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_OFFER (self), NULL);

  return self->name;
}

/**
 * porch_domain_offer_get_shown:
 * @self: an offer
 *
 * Returns: (transfer none): the domain as people write it
 */
const char *
porch_domain_offer_get_shown (PorchDomainOffer *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_OFFER (self), NULL);

  return porch_domain_name_get_shown (self->name);
}

PorchDomainOfferState
porch_domain_offer_get_state (PorchDomainOffer *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_OFFER (self), PORCH_DOMAIN_OFFER_UNKNOWN);

  return self->state;
}

/**
 * porch_domain_offer_get_sentence:
 * @self: an offer
 *
 * Returns: (transfer none): what it costs, or why it can't be bought
 */
const char *
porch_domain_offer_get_sentence (PorchDomainOffer *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_OFFER (self), NULL);

  return self->sentence;
}

/**
 * porch_domain_offer_get_price:
 * @self: an offer
 *
 * Returns: what the first year costs, without taxes; 0 if it is not known
 */
double
porch_domain_offer_get_price (PorchDomainOffer *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_OFFER (self), 0);

  return self->price;
}

/**
 * porch_domain_offer_get_renewal:
 * @self: an offer
 *
 * Returns: what every further year costs at today's price, without taxes; 0 if it is not known
 */
double
porch_domain_offer_get_renewal (PorchDomainOffer *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_OFFER (self), 0);

  return self->renewal;
}

/**
 * porch_domain_offer_get_currency:
 * @self: an offer
 *
 * Returns: (transfer none) (nullable): the three letters of the currency of both prices
 */
const char *
porch_domain_offer_get_currency (PorchDomainOffer *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_OFFER (self), NULL);

  return self->currency;
}

/**
 * porch_domain_offer_dup_price_words:
 * @self: an offer
 *
 * Returns: (transfer full): what it costs, in a sentence; "" if it is not known
 */
char *
porch_domain_offer_dup_price_words (PorchDomainOffer *self)
{
  g_autofree char *first = NULL;
  g_autofree char *further = NULL;

  g_return_val_if_fail (PORCH_IS_DOMAIN_OFFER (self), NULL);

  if (self->currency == NULL || self->price <= 0)
    return g_strdup ("");

  first = porch_domain_shop_format_price (self->price, self->currency);
  further = porch_domain_shop_format_price (self->renewal, self->currency);

  if (self->renewal <= 0 || g_str_equal (first, further))
    /* Translators: %s is an amount of money */
    return g_strdup_printf (_("%s a year, without taxes"), first);

  /* Translators: both %s are amounts of money */
  return g_strdup_printf (_("%s for the first year, %s for each further one, without taxes"), first, further);
}
