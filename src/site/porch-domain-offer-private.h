/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-domain-shop.h"

G_BEGIN_DECLS

PorchDomainOffer *porch_domain_offer_new (PorchDomainName       *name,
                                          PorchDomainOfferState  state,
                                          const char            *sentence,
                                          double                 price,
                                          double                 renewal,
                                          const char            *currency);

G_END_DECLS
