/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-area.h"

G_BEGIN_DECLS

/* The day of the prices below, for people to judge them by */
#define PORCH_COST_DATE "2026-11-21"

/* What a visit is taken to be: three pages with pictures, what the browser keeps not counted twice */
#define PORCH_COST_VISIT_REQUESTS  25
#define PORCH_COST_VISIT_MEGABYTES 3

/* One price of the provider, in US dollars without taxes. */
typedef struct
{
  const char *id;
  const char *unit;      /* of what it is the price */
  double      free;      /* so many units a month cost nothing, for all sites of an account together */
  double      amount;    /* each further unit, where it is cheapest */
  const char *source;
} PorchPrice;

const PorchPrice  *porch_cost_list_prices      (guint            *n_prices);
double             porch_cost_estimate         (const PorchArea  *area,
                                                guint             visits,
                                                guint             messages);
guint              porch_cost_get_free_visits  (void);
char              *porch_cost_describe         (double            amount);

G_END_DECLS
