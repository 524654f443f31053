/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cloud-util.h"
#include "porch-address-operation.h"
#include "porch-address-plan.h"
#include "porch-domain-doctor.h"
#include "porch-domain-shop.h"
#include "porch-error.h"
#include "porch-practice-mail.h"

#include "aws-cloudfront.h"
#include "aws-route53domains.h"

#include <string.h>

#include "test-util.h"

/* What becomes of an own address after it was bought, and between the websites of one account */

#define PRICE 14

static PorchDomainContact *
contact_new (void)
{
  static const char * const values[PORCH_DOMAIN_CONTACT_N_FIELDS] = {
    "Anna", "Müller", "", "Gartenweg 1", "", "Berlin", "", "10115", "DE", "030 1234567", "anna@example.org"
  };
  PorchDomainContact *contact = porch_domain_contact_new ();

  for (guint i = 0; i < PORCH_DOMAIN_CONTACT_N_FIELDS; i++)
    porch_domain_contact_set (contact, i, values[i]);

  return contact;
}

static PorchAddressPlan *
make_plan (PorchSite       *site,
           PorchAddressWay  way,
           const char      *domain)
{
  PorchAddressPlan *plan = porch_address_plan_new (site);
  g_autoptr(GError) error = NULL;

  porch_address_plan_set_with_sibling (plan, FALSE);
  porch_address_plan_parse_name (plan, domain, &error);
  g_assert_no_error (error);
  porch_address_plan_set_way (plan, way);

  return plan;
}

static PorchOperation *
order (PorchSite  *site,
       const char *domain)
{
  g_autoptr(PorchAddressPlan) plan = make_plan (site, PORCH_ADDRESS_BUY, domain);
  g_autoptr(PorchDomainShop) shop = porch_domain_shop_new (porch_site_get_account (site));
  g_autoptr(PorchDomainContact) contact = contact_new ();
  g_autoptr(PorchDomainOffer) offer = NULL;
  g_autoptr(GError) error = NULL;

  offer = dex_await_object (porch_domain_shop_quote (shop, porch_address_plan_get_name (plan)), &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (porch_domain_offer_get_price (offer), ==, PRICE);
  porch_address_plan_set_contact (plan, contact);
  porch_address_plan_set_offer (plan, offer);
  g_assert_true (porch_address_plan_is_ready (plan));

  return porch_site_change_address (site, plan);
}

static void
await_done (PorchOperation *operation)
{
  g_autoptr(GError) error = NULL;

  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);
}

static guint
count_mails (Cloud      *cloud,
             const char *domain)
{
  g_autoptr(GPtrArray) mails = porch_practice_list_mails (cloud->practice);
  guint n = 0;

  for (guint i = 0; i < mails->len; i++)
    n += strstr (porch_practice_mail_get_subject (g_ptr_array_index (mails, i)), domain) != NULL;

  return n;
}

static void
refresh (PorchSite *site)
{
  g_autoptr(GError) error = NULL;

  dex_await (porch_site_refresh (site), &error);
  g_assert_no_error (error);
}

static PorchSite *
get_first_site (PorchEngine *engine)
{
  g_autoptr(PorchSite) site = g_list_model_get_item (porch_engine_get_sites (engine), 0);

  g_assert_nonnull (site);

  return site;
}

/* The registry's mail is remembered until its link was opened, whatever becomes of the purchase and of the app */
static void
test_confirmation (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GError) error = NULL;

  g_assert_null (porch_site_get_unconfirmed_domain (site));
  g_assert_false (dex_await (porch_site_send_confirmation (site), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  await_done (order (site, "pottery.localhost"));
  g_assert_cmpstr (porch_site_get_unconfirmed_domain (site), ==, "pottery.localhost");
  g_assert_cmpint (g_date_time_difference (porch_site_get_confirm_until (site), now) / G_TIME_SPAN_DAY, ==, 15);
  g_assert_cmpuint (count_mails (cloud, "pottery"), ==, 1);

  g_assert_true (dex_await (porch_site_send_confirmation (site), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_mails (cloud, "pottery"), ==, 2);
  g_assert_nonnull (porch_site_get_unconfirmed_domain (site));

  cloud_restart (cloud);
  site = get_first_site (cloud->engine);
  g_assert_cmpstr (porch_site_get_unconfirmed_domain (site), ==, "pottery.localhost");
  g_assert_nonnull (porch_site_get_confirm_until (site));
  refresh (site);
  g_assert_nonnull (porch_site_get_unconfirmed_domain (site));

  g_assert_cmpuint (cloud_open_links (cloud), >, 0);
  refresh (site);
  g_assert_null (porch_site_get_unconfirmed_domain (site));
  g_assert_null (porch_site_get_confirm_until (site));

  cloud_restart (cloud);
  g_assert_null (porch_site_get_unconfirmed_domain (get_first_site (cloud->engine)));
}

static void
check_renewal (PorchSite  *site,
               const char *domain)
{
  g_autoptr(AwsClient) client = porch_account_dup_client_for_region (porch_site_get_account (site), "us-east-1");
  g_autoptr(PorchDomainShop) shop = porch_domain_shop_new (porch_site_get_account (site));
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(AwsDomain) bought = NULL;

      g_assert_true (dex_await (porch_domain_shop_set_auto_renew (shop, domain, i == 1), &error));
      g_assert_no_error (error);
      bought = dex_await_boxed (aws_route53domains_get_domain (client, domain), &error);
      g_assert_no_error (error);
      g_assert_cmpint (aws_domain_get_auto_renew (bought), ==, i == 1);
    }
}

/* Nothing is bought at another price before its owner has agreed to exactly that. Whoever opened the link meanwhile gets no
 * other mail. */
static void
test_price (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  PorchOperation *operation;
  g_autoptr(GError) error = NULL;

  cloud_change_faults (cloud, "op=ListPrices,fail=dearer,after=1");
  operation = order (site, "saddlery.localhost");
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_PRICE);
  g_assert_nonnull (strstr (error->message, "19"));
  g_assert_null (porch_site_get_unconfirmed_domain (site));
  g_assert_true (porch_address_operation_can_agree (PORCH_ADDRESS_OPERATION (operation)));

  porch_address_operation_agree (PORCH_ADDRESS_OPERATION (operation));
  await_done (operation);
  g_assert_cmpstr (porch_address_get_ascii (porch_site_get_own_address (site)), ==, "saddlery.localhost");

  g_clear_error (&error);
  g_assert_cmpuint (cloud_open_links (cloud), >, 0);
  g_assert_true (dex_await (porch_site_send_confirmation (site), &error));
  g_assert_no_error (error);
  g_assert_null (porch_site_get_unconfirmed_domain (site));
  g_assert_cmpuint (count_mails (cloud, "saddlery"), ==, 1);
  check_renewal (site, "saddlery.localhost");
}

static void
look (PorchSite *site)
{
  g_autoptr(GError) error = NULL;

  dex_await (porch_domain_doctor_look (porch_site_get_doctor (site)), &error);
  g_assert_no_error (error);
}

/* An address that stops working is known as broken, after a restart, too, until it works again */
static void
test_broken (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autofree char *address = NULL;

  await_done (order (site, "tailor.localhost"));
  address = g_strdup (porch_site_get_address (site));
  look (site);
  g_assert_cmpint (porch_address_get_state (porch_site_get_own_address (site)), ==, PORCH_ADDRESS_LIVE);

  cloud_change_faults (cloud, "op=Visit,status=503");
  look (site);
  g_assert_cmpint (porch_domain_doctor_get_state (porch_site_get_doctor (site)), ==, PORCH_DOCTOR_WRONG);
  g_assert_cmpint (porch_address_get_state (porch_site_get_own_address (site)), ==, PORCH_ADDRESS_BROKEN);

  /* It is still the one to share: the free one leads there */
  g_assert_cmpstr (porch_site_get_address (site), ==, address);

  cloud_restart (cloud);
  site = get_first_site (cloud->engine);
  g_assert_cmpint (porch_address_get_state (porch_site_get_own_address (site)), ==, PORCH_ADDRESS_BROKEN);

  /* Nobody can be asked: what was known stays */
  dex_await (porch_practice_stop (cloud->practice), NULL);
  look (site);
  g_assert_cmpint (porch_address_get_state (porch_site_get_own_address (site)), ==, PORCH_ADDRESS_BROKEN);

  cloud_set_faults (cloud, NULL);
  look (site);
  g_assert_cmpint (porch_address_get_state (porch_site_get_own_address (site)), ==, PORCH_ADDRESS_LIVE);
}

static void
agree_to_all (PorchAddressPlan *plan)
{
  GListModel *conflicts = porch_address_plan_list_conflicts (plan);

  for (guint i = 0; i < g_list_model_get_n_items (conflicts); i++)
    {
      g_autoptr(PorchAddressConflict) conflict = g_list_model_get_item (conflicts, i);

      g_assert_cmpint (porch_address_conflict_get_kind (conflict), ==, PORCH_ADDRESS_CONFLICT_AGREE);
      porch_address_conflict_set_agreed (conflict, TRUE);
    }
}

static gboolean
has_alias (PorchSite  *site,
           const char *name)
{
  g_autoptr(AwsClient) client = porch_account_dup_client_for_region (porch_site_get_account (site), "us-east-1");
  g_autofree char *id = g_strdup (porch_site_get_distribution (site));
  g_autoptr(AwsDistribution) distribution = dex_await_boxed (aws_cloudfront_get_distribution (client, id), NULL);
  g_auto(GStrv) aliases = NULL;

  g_assert_nonnull (distribution);
  aliases = aws_distribution_dup_aliases (distribution);

  return g_strv_contains ((const char * const *) aliases, name);
}

/* What another computer made is another website of the account, of which this one knows nothing */
static void
test_moves_here (void)
{
  g_autoptr(Cloud) cloud = cloud_new_with_trace ();
  g_autoptr(PorchEngine) here = g_object_ref (cloud->engine);
  g_autoptr(PorchEngine) there = cloud_open_engine (cloud, "other");
  PorchSite *site, *other;
  g_autoptr(PorchAddressPlan) plan = NULL;
  g_autofree char *trace = NULL;
  g_auto(GStrv) calls = NULL;
  g_autoptr(GError) error = NULL;

  g_set_object (&cloud->engine, there);
  other = cloud_create_site (cloud, FALSE);
  await_done (order (other, "hill.localhost"));
  g_assert_true (has_alias (other, "hill.localhost"));

  g_set_object (&cloud->engine, here);
  site = cloud_create_site (cloud, FALSE);
  plan = make_plan (site, PORCH_ADDRESS_ACCOUNT, "hill.localhost");
  dex_await (porch_address_plan_look (plan), &error);
  g_assert_no_error (error);
  g_assert_false (porch_address_plan_is_ready (plan));
  g_assert_cmpint (porch_domain_survey_get_issue (porch_address_plan_get_survey (plan)), ==, PORCH_DOMAIN_ISSUE_ALLOWED);
  agree_to_all (plan);
  g_assert_true (porch_address_plan_is_ready (plan));

  await_done (porch_site_change_address (site, plan));
  g_assert_true (has_alias (site, "hill.localhost"));
  g_assert_false (has_alias (other, "hill.localhost"));

  calls = porch_practice_take_trace (cloud->practice);
  trace = g_strjoinv ("\n", calls);
  g_assert_nonnull (strstr (trace, "UpdateDomainAssociation"));
  look (site);
  g_assert_cmpint (porch_domain_doctor_get_state (porch_site_get_doctor (site)), ==, PORCH_DOCTOR_GOOD);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add_fiber ("/site/own-address/confirmation", test_confirmation);
  test_add_fiber ("/site/own-address/price", test_price);
  test_add_fiber ("/site/own-address/broken", test_broken);
  test_add_fiber ("/site/own-address/moves-here", test_moves_here);

  return g_test_run ();
}
