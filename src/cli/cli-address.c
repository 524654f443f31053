/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-address-operation.h"
#include "porch-address-plan.h"
#include "porch-domain-shop.h"
#include "porch-error.h"
#include "porch-site-private.h"

#include "aws-json.h"

#include <glib/gi18n.h>
#include <math.h>

static gboolean set_www;
static gboolean set_main_www;
static gboolean set_replace;
static gboolean set_buy;
static gboolean set_no_renew;
static gboolean set_wait;
static char *set_dns;
static char *set_contact;
static double set_price = -1;

const GOptionEntry cli_domain_set_options[] = {
  { "www", 0, 0, G_OPTION_ARG_NONE, &set_www, N_("Both example.org and www.example.org lead to the site"), NULL },
  { "main-www", 0, 0, G_OPTION_ARG_NONE, &set_main_www, N_("Pages are shown under the other one of both"), NULL },
  { "dns", 0, 0, G_OPTION_ARG_STRING, &set_dns,
    N_("Where the records are to be: “route53” is in the account, “other” where they are now"), N_("WHERE") },
  { "replace", 0, 0, G_OPTION_ARG_NONE, &set_replace, N_("Replace what the names show now"), NULL },
  { "buy", 0, 0, G_OPTION_ARG_NONE, &set_buy, N_("Buy the domain"), NULL },
  { "contact", 0, 0, G_OPTION_ARG_FILENAME, &set_contact, N_("A JSON file with the details of the domain’s owner"), N_("FILE") },
  { "price", 0, 0, G_OPTION_ARG_DOUBLE, &set_price, N_("What the first year may cost, exactly, as “domain search” tells"), N_("AMOUNT") },
  { "no-renew", 0, 0, G_OPTION_ARG_NONE, &set_no_renew, N_("Let the domain end after the first year"), NULL },
  { "wait", 0, 0, G_OPTION_ARG_NONE, &set_wait, N_("Wait while you do your part elsewhere, instead of ending"), NULL },
  G_OPTION_ENTRY_NULL
};

static const char *
get_nick (GType type,
          int   value)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);

  return g_enum_get_value (klass, value)->value_nick;
}

static JsonObject *
build_offer (PorchDomainOffer *offer)
{
  JsonObject *object = json_object_new ();
  const char *name = porch_domain_name_get_ascii (porch_domain_offer_get_name (offer));

  json_object_set_string_member (object, "id", name);
  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "shown", porch_domain_offer_get_shown (offer));
  json_object_set_string_member (object, "state", get_nick (PORCH_TYPE_DOMAIN_OFFER_STATE, porch_domain_offer_get_state (offer)));
  json_object_set_string_member (object, "sentence", porch_domain_offer_get_sentence (offer));
  json_object_set_double_member (object, "price", porch_domain_offer_get_price (offer));
  json_object_set_double_member (object, "renewal", porch_domain_offer_get_renewal (offer));
  json_object_set_string_member (object, "currency", porch_domain_offer_get_currency (offer));

  return object;
}

gboolean
cli_domain_search (Cli                *cli,
                   const char * const *arguments,
                   GError            **error)
{
  const char *titles[] = { _("Domain"), _("Price"), NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(JsonArray) array = json_array_new ();
  g_autoptr(PorchDomainShop) shop = NULL;
  g_autoptr(GListModel) offers = NULL;
  PorchAccount *account;

  if (!cli_open (cli, error) || !(account = cli_require_account (cli, error)))
    return FALSE;

  shop = porch_domain_shop_new (account);

  if (!(offers = dex_await_object (porch_domain_shop_search (shop, arguments[0]), error)))
    return FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (offers); i++)
    {
      g_autoptr(PorchDomainOffer) offer = g_list_model_get_item (offers, i);
      char **row = g_new0 (char *, 3);

      row[0] = g_strdup (porch_domain_offer_get_shown (offer));
      row[1] = g_strdup (porch_domain_offer_get_sentence (offer));
      g_ptr_array_add (rows, row);
      json_array_add_object_element (array, build_offer (offer));
    }

  if (cli->is_json)
    cli_print_array (array);
  else
    cli_print_table (titles, rows);

  return TRUE;
}

static gboolean
fail_usage (GError     **error,
            const char  *text)
{
  g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, text);

  return FALSE;
}

static gboolean
check_options (GError **error)
{
  if (set_dns != NULL && !g_str_equal (set_dns, "route53") && !g_str_equal (set_dns, "other"))
    return fail_usage (error, _("Wrong usage: --dns is either “route53” or “other”."));

  if (set_buy && (set_contact == NULL || set_price < 0))
    return fail_usage (error, _("Wrong usage: --buy needs --contact and --price. What a domain costs is told by “domain search”."));

  if (set_buy && set_dns != NULL)
    return fail_usage (error, _("Wrong usage: the records of a domain that is bought are in the account; leave --dns out."));

  if (set_main_www && !set_www)
    return fail_usage (error, _("Wrong usage: --main-www needs --www."));

  return TRUE;
}

static PorchDomainContact *
read_contact (GError **error)
{
  g_autofree char *text = NULL;
  gsize size;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonObject) json = NULL;

  if (!g_file_get_contents (set_contact, &text, &size, error))
    return NULL;

  bytes = g_bytes_new (text, size);
  json = aws_json_load_object (bytes, error);

  return json != NULL ? porch_domain_contact_new_from_json (json, error) : NULL;
}

/* The domain at the price that was named, and at no other */
static gboolean
await_offer (PorchAddressPlan *plan,
             GError          **error)
{
  g_autoptr(PorchDomainShop) shop = porch_domain_shop_new (porch_site_get_account (porch_address_plan_get_site (plan)));
  g_autoptr(PorchDomainContact) contact = read_contact (error);
  g_autoptr(PorchDomainName) domain = NULL;
  g_autoptr(PorchDomainOffer) offer = NULL;
  const char *registrable = porch_domain_name_get_registrable (porch_address_plan_get_name (plan));

  if (contact == NULL || !porch_domain_contact_check (contact, NULL, error))
    return FALSE;

  domain = porch_domain_name_parse (registrable, g_str_has_suffix (registrable, ".localhost") ? PORCH_DOMAIN_PRACTICE
                                                                                            : PORCH_DOMAIN_DEFAULT, error);

  if (domain == NULL || !(offer = dex_await_object (porch_domain_shop_quote (shop, domain), error)))
    return FALSE;

  if (porch_domain_offer_get_state (offer) != PORCH_DOMAIN_OFFER_AVAILABLE)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_BOUGHT, porch_domain_offer_get_sentence (offer));
      return FALSE;
    }

  if (fabs (porch_domain_offer_get_price (offer) - set_price) >= 0.005)
    {
      g_autofree char *words = porch_domain_offer_dup_price_words (offer);

      g_set_error (error, PORCH_ERROR, PORCH_ERROR_PRICE, _("The price of %s is another one now: %s."), porch_domain_offer_get_shown (offer), words);
      return FALSE;
    }

  porch_address_plan_set_contact (plan, contact);
  porch_address_plan_set_offer (plan, offer);
  porch_address_plan_set_auto_renew (plan, !set_no_renew);

  return TRUE;
}

/* A domain whose records are in the account needs no word about where they are to be */
static gboolean
await_way (PorchAddressPlan  *plan,
           GError           **error)
{
  if (set_buy)
    {
      porch_address_plan_set_way (plan, PORCH_ADDRESS_BUY);
      return await_offer (plan, error);
    }

  porch_address_plan_set_way (plan, g_strcmp0 (set_dns, "other") == 0 ? PORCH_ADDRESS_ELSEWHERE : PORCH_ADDRESS_MOVE);

  if (!dex_await (porch_address_plan_look (plan), error))
    return FALSE;

  if (g_strcmp0 (set_dns, "other") == 0)
    return TRUE;

  if (porch_address_plan_get_zone_id (plan) != NULL)
    porch_address_plan_set_way (plan, PORCH_ADDRESS_ACCOUNT);
  else if (set_dns == NULL)
    return fail_usage (error, _("Wrong usage: the records of this domain are not in the account. Choose --dns route53 to move them "
                                "there, or --dns other to leave them where they are."));

  return TRUE;
}

static gboolean
check_conflicts (PorchAddressPlan  *plan,
                 GError           **error)
{
  GListModel *conflicts = porch_address_plan_list_conflicts (plan);

  for (guint i = 0; i < g_list_model_get_n_items (conflicts); i++)
    {
      g_autoptr(PorchAddressConflict) each = g_list_model_get_item (conflicts, i);
      PorchAddressConflictKind kind = porch_address_conflict_get_kind (each);

      if (kind == PORCH_ADDRESS_CONFLICT_HINT)
        continue;

      if (kind == PORCH_ADDRESS_CONFLICT_AGREE && set_replace)
        {
          porch_address_conflict_set_agreed (each, TRUE);
          continue;
        }

      /* Translators: what is in the way, why, and what to do */
      g_set_error (error, CLI_ERROR, CLI_ERROR_FAILED, _("%s: %s %s%s"), porch_address_conflict_get_title (each),
                   porch_address_conflict_get_cause (each), porch_address_conflict_get_remedy (each),
                   kind == PORCH_ADDRESS_CONFLICT_AGREE ? _(" To agree, add --replace.") : "");
      return FALSE;
    }

  return TRUE;
}

static gboolean
await_change (Cli               *cli,
              PorchSite         *site,
              PorchAddressPlan  *plan,
              const char        *sentence,
              GError           **error)
{
  PorchOperation *operation = porch_site_change_address (site, plan);

  cli->waits_for_owner = set_wait;

  if (!cli_run_operation (cli, operation, NULL, error))
    return FALSE;

  if (!cli->is_json)
    cli_print (sentence, porch_site_get_name (site), porch_site_get_address (site));

  if (!cli->is_json && porch_site_get_unconfirmed_domain (site) != NULL)
    cli_print ("%s\n", _("The registry has sent you a mail. Open the link in it within 15 days, or the domain is switched off."));

  return TRUE;
}

gboolean
cli_domain_set (Cli                *cli,
                const char * const *arguments,
                GError            **error)
{
  g_autoptr(PorchAddressPlan) plan = NULL;
  PorchSite *site;

  if (!check_options (error) || !cli_open (cli, error) || !(site = cli_find_ready_site (cli, arguments[0], error)))
    return FALSE;

  plan = porch_address_plan_new (site);
  porch_address_plan_set_with_sibling (plan, set_www);
  porch_address_plan_set_main_is_sibling (plan, set_main_www);

  if (!porch_address_plan_parse_name (plan, arguments[1], error) || !await_way (plan, error))
    return FALSE;

  /* What is in the way depends on the way */
  if (!dex_await (porch_address_plan_look (plan), error) || !check_conflicts (plan, error))
    return FALSE;

  /* Translators: the first %s is the name of a site, the second its address */
  return await_change (cli, site, plan, _("“%s” is at %s now.\n"), error);
}

gboolean
cli_domain_remove (Cli                *cli,
                   const char * const *arguments,
                   GError            **error)
{
  g_autoptr(PorchAddressPlan) plan = NULL;
  PorchSite *site;

  if (!cli_open (cli, error) || !(site = cli_find_ready_site (cli, arguments[0], error)))
    return FALSE;

  if (porch_site_get_own_address (site) == NULL)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("The site has no address of its own."));
      return FALSE;
    }

  plan = porch_address_plan_new (site);

  return await_change (cli, site, plan, _("“%s” is at %s now.\n"), error);
}

static JsonArray *
build_proofs (PorchCertificate *certificate)
{
  GPtrArray *proofs = porch_certificate_get_proofs (certificate);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < proofs->len; i++)
    {
      PorchCertificateProof *proof = g_ptr_array_index (proofs, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "domain", proof->domain);
      json_object_set_string_member (object, "name", proof->name);
      json_object_set_string_member (object, "type", "CNAME");
      json_object_set_string_member (object, "value", proof->value);
      json_object_set_boolean_member (object, "missing", proof->is_missing);
      json_array_add_object_element (array, object);
    }

  return array;
}

static JsonObject *
build_certificate (PorchCertificate *certificate)
{
  JsonObject *object = json_object_new ();
  JsonArray *names = json_array_new ();
  PorchProblem *problem = porch_certificate_get_problem (certificate);
  const char * const *list = porch_certificate_get_names (certificate);

  for (guint i = 0; list[i] != NULL; i++)
    json_array_add_string_element (names, list[i]);

  json_object_set_string_member (object, "id", porch_certificate_get_arn (certificate));
  json_object_set_string_member (object, "state",
                                 get_nick (PORCH_TYPE_CERTIFICATE_STATE, porch_certificate_get_state (certificate)));
  json_object_set_array_member (object, "names", names);
  cli_set_time (object, "issued", porch_certificate_get_issued (certificate));
  cli_set_time (object, "expires", porch_certificate_get_expires (certificate));
  json_object_set_string_member (object, "sentence", porch_certificate_get_sentence (certificate));
  json_object_set_array_member (object, "records", build_proofs (certificate));

  if (problem != NULL)
    json_object_set_object_member (object, "problem", porch_problem_to_json (problem));
  else
    json_object_set_null_member (object, "problem");

  return object;
}

gboolean
cli_certificate_status (Cli                *cli,
                        const char * const *arguments,
                        GError            **error)
{
  PorchSite *site;
  PorchCertificate *certificate;
  g_autoptr(JsonObject) object = NULL;

  if (!cli_open (cli, error) || !(site = cli_find_ready_site (cli, arguments[0], error)) ||
      !porch_site_await_certificate (site, error))
    return FALSE;

  if ((certificate = porch_site_get_certificate (site)) == NULL)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND,
                           _("The site has no certificate of its own: its free address comes with one."));
      return FALSE;
    }

  object = build_certificate (certificate);

  if (cli->is_json)
    {
      cli_print_object (object);
    }
  else
    {
      g_autofree char *names = g_strjoinv (", ", (char **) porch_certificate_get_names (certificate));
      PorchProblem *problem = porch_certificate_get_problem (certificate);

      cli_print ("%s\n%s\n", names, porch_certificate_get_sentence (certificate));

      if (problem != NULL)
        cli_print ("%s.\n", porch_problem_get_remedy (problem));
    }

  return TRUE;
}
