/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-account.h"
#include "porch-domain-contact.h"
#include "porch-domain-name.h"

G_BEGIN_DECLS

/**
 * PorchDomainOfferState:
 * @PORCH_DOMAIN_OFFER_AVAILABLE: can be bought
 * @PORCH_DOMAIN_OFFER_TAKEN: belongs to somebody
 * @PORCH_DOMAIN_OFFER_UNSERVED: can't be bought here, perhaps elsewhere: its ending is not offered or asks for papers,
 *   or the registry wants more for it
 * @PORCH_DOMAIN_OFFER_INVALID: the registry of the ending does not give out such a name
 * @PORCH_DOMAIN_OFFER_UNKNOWN: the registry does not answer
 *
 * Whether a domain can be bought.
 */
typedef enum
{
  PORCH_DOMAIN_OFFER_AVAILABLE,
  PORCH_DOMAIN_OFFER_TAKEN,
  PORCH_DOMAIN_OFFER_UNSERVED,
  PORCH_DOMAIN_OFFER_INVALID,
  PORCH_DOMAIN_OFFER_UNKNOWN,
} PorchDomainOfferState;

#define PORCH_TYPE_DOMAIN_OFFER_STATE (porch_domain_offer_state_get_type ())
#define PORCH_TYPE_DOMAIN_OFFER (porch_domain_offer_get_type ())
#define PORCH_TYPE_DOMAIN_SHOP (porch_domain_shop_get_type ())

GType                  porch_domain_offer_state_get_type   (void) G_GNUC_CONST;

/* A domain and what it costs; never changes. */
G_DECLARE_FINAL_TYPE (PorchDomainOffer, porch_domain_offer, PORCH, DOMAIN_OFFER, GObject)

PorchDomainName       *porch_domain_offer_get_name         (PorchDomainOffer *self);
const char            *porch_domain_offer_get_shown        (PorchDomainOffer *self);
PorchDomainOfferState  porch_domain_offer_get_state        (PorchDomainOffer *self);
const char            *porch_domain_offer_get_sentence     (PorchDomainOffer *self);
double                 porch_domain_offer_get_price        (PorchDomainOffer *self);
double                 porch_domain_offer_get_renewal      (PorchDomainOffer *self);
const char            *porch_domain_offer_get_currency     (PorchDomainOffer *self);
char                  *porch_domain_offer_dup_price_words  (PorchDomainOffer *self);

G_DECLARE_FINAL_TYPE (PorchDomainShop, porch_domain_shop, PORCH, DOMAIN_SHOP, GObject)

PorchDomainShop       *porch_domain_shop_new               (PorchAccount     *account);
DexFuture             *porch_domain_shop_search            (PorchDomainShop  *self,
                                                            const char       *typed) G_GNUC_WARN_UNUSED_RESULT;
DexFuture             *porch_domain_shop_quote             (PorchDomainShop  *self,
                                                            PorchDomainName  *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture             *porch_domain_shop_look_at_mail      (PorchDomainShop  *self,
                                                            const char       *domain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture             *porch_domain_shop_resend_mail       (PorchDomainShop  *self,
                                                            const char       *domain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture             *porch_domain_shop_set_auto_renew    (PorchDomainShop  *self,
                                                            const char       *domain,
                                                            gboolean          auto_renew) G_GNUC_WARN_UNUSED_RESULT;

char                  *porch_domain_shop_format_price      (double            amount,
                                                            const char       *currency);

G_END_DECLS
