/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-cost.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MEGABYTES_PER_GIGABYTE 1000.0

/* What the owner of a small site does in a month */
#define PUBLISHES         10
#define FILES_PER_PUBLISH 100
#define KEPT_GIGABYTES    0.5
#define CALLS_PER_PUBLISH 3      /* to the note of what is live */

/* Files that are fetched anew after a publish, once for each part of the world */
#define FETCHES           5000

#define CLOUDFRONT "https://aws.amazon.com/cloudfront/pricing/"
#define STORAGE    "https://aws.amazon.com/s3/pricing/"
#define LAMBDA     "https://aws.amazon.com/lambda/pricing/"
#define API        "https://aws.amazon.com/api-gateway/pricing/"
#define DYNAMODB   "https://aws.amazon.com/dynamodb/pricing/on-demand/"
#define MAIL       "https://aws.amazon.com/ses/pricing/"

enum
{
  PRICE_TRAFFIC,
  PRICE_REQUESTS,
  PRICE_FUNCTIONS,
  PRICE_READS,
  PRICE_CALLS,
  PRICE_KEPT,
  PRICE_WRITES,
  PRICE_FETCHES,
  PRICE_API,
  PRICE_LAMBDA,
  PRICE_TABLE,
  PRICE_MAILS,
};

/* Only what is free for good counts as free: the credit and the first-year offers of new accounts come on top. */
static const PorchPrice prices[] = {
  [PRICE_TRAFFIC] = { "traffic", "GB", 1000, 0.085, CLOUDFRONT },
  [PRICE_REQUESTS] = { "requests", "10,000 requests", 1000, 0.010, CLOUDFRONT },
  [PRICE_FUNCTIONS] = { "functions", "1,000,000 calls", 2, 0.10, CLOUDFRONT },
  [PRICE_READS] = { "reads", "1,000,000 reads", 2, 0.03, CLOUDFRONT },
  [PRICE_CALLS] = { "calls", "1,000 calls", 0, 1.00, CLOUDFRONT },
  [PRICE_KEPT] = { "kept", "GB and month", 0, 0.023, STORAGE },
  [PRICE_WRITES] = { "writes", "1,000 writes", 0, 0.005, STORAGE },
  [PRICE_FETCHES] = { "fetches", "1,000 reads", 0, 0.0004, STORAGE },
  [PRICE_API] = { "api", "1,000,000 calls", 0, 1.00, API },
  [PRICE_LAMBDA] = { "lambda", "1,000,000 calls", 1, 0.20, LAMBDA },
  [PRICE_TABLE] = { "table", "1,000,000 writes", 0, 0.625, DYNAMODB },
  [PRICE_MAILS] = { "mails", "1,000 mails", 0, 0.10, MAIL },
};

/* What is dearer elsewhere: traffic and requests by where the visitors are, storage by where the files are */
static const struct
{
  const char *area;
  double      traffic;
  double      requests;
  double      storage;   /* times the price above */
} local[] = {
  { "europe", 0.085, 0.012, 1.1 },
  { "north-america", 0.085, 0.010, 1.0 },
  { "south-america", 0.110, 0.022, 1.8 },
  { "asia", 0.120, 0.012, 1.1 },
  { "oceania", 0.114, 0.0125, 1.1 },
  { "middle-east", 0.110, 0.012, 1.1 },
  { "africa", 0.110, 0.012, 1.2 },
  { "world", 0.120, 0.022, 1.1 },
};

static guint
find_local (const PorchArea *area)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (local) - 1 && g_strcmp0 (local[i].area, area->id) != 0)
    i++;

  return i;
}

static double
charge (guint  price,
        double units,
        double amount)
{
  return MAX (units - prices[price].free, 0) * amount;
}

static double
charge_usual (guint  price,
              double units)
{
  return charge (price, units, prices[price].amount);
}

/* What visits cost; each request runs the edge's function, which reads what is live */
static double
estimate_visits (const PorchArea *area,
                 double           visits)
{
  double requests = visits * PORCH_COST_VISIT_REQUESTS;
  guint place = find_local (area);

  return charge (PRICE_TRAFFIC, visits * PORCH_COST_VISIT_MEGABYTES / MEGABYTES_PER_GIGABYTE, local[place].traffic) +
         charge (PRICE_REQUESTS, requests / 10000, local[place].requests) +
         charge_usual (PRICE_FUNCTIONS, requests / 1e6) +
         charge_usual (PRICE_READS, requests / 1e6);
}

static double
estimate_storage (const PorchArea *area)
{
  double kept = charge_usual (PRICE_KEPT, KEPT_GIGABYTES) +
                charge_usual (PRICE_WRITES, PUBLISHES * FILES_PER_PUBLISH / 1000.0) +
                charge_usual (PRICE_FETCHES, FETCHES / 1000.0);

  return kept * local[find_local (area)].storage + charge_usual (PRICE_CALLS, PUBLISHES * CALLS_PER_PUBLISH / 1000.0);
}

/* Each message is one call, some writes (the message, the throttle, the states of its mail) and a mail */
static double
estimate_messages (double messages)
{
  return charge_usual (PRICE_API, messages / 1e6) + charge_usual (PRICE_LAMBDA, 2 * messages / 1e6) +
         charge_usual (PRICE_TABLE, 6 * messages / 1e6) + charge_usual (PRICE_MAILS, messages / 1000);
}

/**
 * porch_cost_list_prices:
 * @n_prices: (out): how many there are
 *
 * Returns: (transfer none): all prices that the estimates are made from, of the day %PORCH_COST_DATE
 */
const PorchPrice *
porch_cost_list_prices (guint *n_prices)
{
  g_return_val_if_fail (n_prices != NULL, NULL);

  *n_prices = G_N_ELEMENTS (prices);

  return prices;
}

/**
 * porch_cost_estimate:
 * @area: where most visitors are
 * @visits: visits a month
 * @messages: messages a month
 *
 * Estimates a site that is changed ten times a month and is alone in its account.
 *
 * Returns: US dollars a month, without taxes
 */
double
porch_cost_estimate (const PorchArea *area,
                     guint            visits,
                     guint            messages)
{
  g_return_val_if_fail (area != NULL, 0);

  return estimate_visits (area, visits) + estimate_storage (area) + estimate_messages (messages);
}

/**
 * porch_cost_get_free_visits:
 *
 * Returns: up to how many visits a month, in round figures, nothing at all is charged for delivering them
 */
guint
porch_cost_get_free_visits (void)
{
  double requests = MIN (prices[PRICE_REQUESTS].free * 1e4, MIN (prices[PRICE_FUNCTIONS].free, prices[PRICE_READS].free) * 1e6);
  double traffic = prices[PRICE_TRAFFIC].free * MEGABYTES_PER_GIGABYTE / PORCH_COST_VISIT_MEGABYTES;

  return (guint) (MIN (traffic, requests / PORCH_COST_VISIT_REQUESTS) / 1000) * 1000;
}

/**
 * porch_cost_describe:
 * @amount: US dollars
 *
 * Returns: (transfer full): the amount for people, never less than it is
 */
char *
porch_cost_describe (double amount)
{
  if (amount >= 10)
    /* Translators: an amount of money in whole US dollars */
    return g_strdup_printf (_("About %.0f US dollars"), ceil (amount));

  /* Translators: an amount of money in US dollars, such as 0.05 */
  return g_strdup_printf (_("About %.2f US dollars"), MAX (ceil (amount * 100 - 1e-6) / 100, 0.01));
}
