/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address.h"
#include "porch-certificate.h"
#include "porch-domain-contact.h"
#include "porch-domain-offer-private.h"
#include "porch-error.h"
#include "test-util.h"

#include "aws-document.h"

/* What can be judged without asking anybody: addresses as they are kept, certificates, details of owners, prices */

static PorchDomainName *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  PorchDomainName *name = porch_domain_name_parse (text, PORCH_DOMAIN_DEFAULT, &error);

  g_assert_no_error (error);

  return name;
}

static void
test_kept (void)
{
  g_autoptr(PorchDomainName) name = parse ("www.bücherei.de");
  g_autoptr(PorchDomainName) other = porch_domain_name_dup_sibling (name);
  g_autoptr(PorchAddress) first = porch_address_new (PORCH_ADDRESS_MOVE, name, other);
  g_autoptr(PorchAddress) address = porch_address_with_parts (first, "Z1", "arn:aws:acm:us-east-1:1:certificate/1");
  g_autoptr(PorchAddress) live = porch_address_with_state (address, PORCH_ADDRESS_LIVE);
  g_autoptr(JsonObject) json = porch_address_to_json (live);
  g_autoptr(PorchAddress) back = porch_address_new_from_json (json);

  g_assert_true (porch_address_equal (live, back));
  g_assert_false (porch_address_equal (live, address));
  g_assert_cmpstr (porch_address_get_ascii (back), ==, "www.xn--bcherei-n2a.de");
  g_assert_cmpstr (porch_address_get_shown (back), ==, "www.bücherei.de");
  g_assert_cmpstr (porch_address_get_names (back)[1], ==, "xn--bcherei-n2a.de");
  g_assert_null (porch_address_get_names (back)[2]);
  g_assert_true (porch_address_is_in_account (back));

  json_object_set_string_member (json, "way", "by-ship");
  g_assert_null (porch_address_new_from_json (json));
  g_assert_null (porch_address_new_from_json (NULL));
}

static AwsCertificate *
certificate_new (const char *json)
{
  g_autoptr(GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr(JsonObject) object = aws_json_load_object (bytes, NULL);

  g_assert_nonnull (object);

  return aws_document_new (object);
}

#define NOW 1800000000
#define DAY 86400

/* @days: until its end; @more: further members */
static AwsCertificate *
build (const char *status,
       const char *names,
       int         days,
       const char *more)
{
  g_autofree char *json = NULL;

  json = g_strdup_printf ("{\"CertificateArn\": \"arn:1\", \"DomainName\": \"example.net\", \"SubjectAlternativeNames\": [%s],"
                          " \"Status\": \"%s\", \"Type\": \"AMAZON_ISSUED\", \"KeyAlgorithm\": \"RSA-2048\", \"NotAfter\": %d%s%s}",
                          names, status, NOW + days * DAY, *more != '\0' ? ", " : "", more);

  return certificate_new (json);
}

static void
test_fitting (void)
{
  static const char * const both[] = { "example.org", "www.example.org", NULL };
  static const char * const deep[] = { "a.b.example.org", NULL };
  static const struct
  {
    const char         *names;
    const char         *status;
    int                 days;
    const char         *more;
    const char * const *wanted;
    gboolean            fits;
  } table[] = {
    { "\"example.org\", \"www.example.org\"", "ISSUED", 100, "", both, TRUE },
    { "\"example.org\", \"*.example.org\"", "ISSUED", 100, "", both, TRUE },
    { "\"EXAMPLE.org\", \"www.example.org\", \"other.net\"", "ISSUED", 31, "", both, TRUE },
    { "\"*.example.org\"", "ISSUED", 100, "", both, FALSE },
    { "\"example.org\", \"*.example.org\"", "ISSUED", 100, "", deep, FALSE },
    { "\"example.org\", \"www.example.org\"", "ISSUED", 29, "", both, FALSE },
    { "\"example.org\", \"www.example.org\"", "PENDING_VALIDATION", 100, "", both, FALSE },
    { "\"example.org\", \"www.example.org\"", "EXPIRED", -1, "", both, FALSE },
    { "\"example.org\", \"www.example.org\"", "ISSUED", 100, "\"Type\": \"IMPORTED\"", both, FALSE },
    { "\"example.org\", \"www.example.org\"", "ISSUED", 100, "\"ExportOption\": \"ENABLED\"", both, FALSE },
    { "\"example.org\", \"www.example.org\"", "ISSUED", 100, "\"ExportOption\": \"DISABLED\"", both, TRUE },
    { "\"example.org\", \"www.example.org\"", "ISSUED", 100, "\"ManagedBy\": \"CLOUDFRONT\"", both, FALSE },
    { "\"example.org\", \"www.example.org\"", "ISSUED", 100, "\"KeyAlgorithm\": \"RSA_4096\"", both, FALSE },
    { "\"example.org\", \"www.example.org\"", "ISSUED", 100, "\"KeyAlgorithm\": \"EC_prime256v1\"", both, TRUE },
  };
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (NOW);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(AwsCertificate) certificate = build (table[i].status, table[i].names, table[i].days, table[i].more);

      if (porch_certificate_is_fitting (certificate, table[i].wanted, now) != table[i].fits)
        g_error ("Row %u is judged wrongly", i);
    }
}

#define PROOF "\"DomainValidationOptions\": [{\"DomainName\": \"example.org\", \"ValidationStatus\": \"SUCCESS\"," \
              " \"ResourceRecord\": {\"Name\": \"_a.example.org.\", \"Type\": \"CNAME\", \"Value\": \"_b.acm-validations.aws.\"}}]"

static void
test_health (void)
{
  static const char * const missing[] = { "_a.example.org", NULL };
  static const struct
  {
    const char            *status;
    int                    days;
    const char            *more;
    gboolean               is_missing;
    PorchCertificateState  state;
    const char            *title;
  } table[] = {
    { "ISSUED", 100, PROOF, FALSE, PORCH_CERTIFICATE_ISSUED, NULL },
    { "ISSUED", 100, PROOF, TRUE, PORCH_CERTIFICATE_ENDING, "The certificate will not be renewed" },
    { "ISSUED", 29, PROOF, FALSE, PORCH_CERTIFICATE_ENDING, "The certificate will not be renewed" },
    { "ISSUED", 29, PROOF ", \"RenewalSummary\": {\"RenewalStatus\": \"PENDING_AUTO_RENEWAL\"}", FALSE, PORCH_CERTIFICATE_ISSUED, NULL },
    { "ISSUED", 40, PROOF ", \"RenewalSummary\": {\"RenewalStatus\": \"PENDING_VALIDATION\"}", FALSE, PORCH_CERTIFICATE_ENDING,
      "The certificate will not be renewed" },
    { "ISSUED", 40, PROOF ", \"RenewalSummary\": {\"RenewalStatus\": \"FAILED\"}", FALSE, PORCH_CERTIFICATE_ENDING,
      "The certificate will not be renewed" },
    { "PENDING_VALIDATION", 0, PROOF, TRUE, PORCH_CERTIFICATE_PENDING, NULL },
    { "VALIDATION_TIMED_OUT", 0, PROOF, FALSE, PORCH_CERTIFICATE_FAILED, "The certificate was refused" },
    { "FAILED", 0, "\"FailureReason\": \"CAA_ERROR\"", FALSE, PORCH_CERTIFICATE_FAILED, "The domain forbids the certificate" },
    { "FAILED", 0, "\"FailureReason\": \"ADDITIONAL_VERIFICATION_REQUIRED\"", FALSE, PORCH_CERTIFICATE_FAILED,
      "The certificate was refused" },
    { "FAILED", 0, "\"FailureReason\": \"SOMETHING_NEW\"", FALSE, PORCH_CERTIFICATE_FAILED, "The certificate was refused" },
    { "EXPIRED", -1, PROOF, FALSE, PORCH_CERTIFICATE_FAILED, "The certificate was refused" },
    { "REVOKED", 50, PROOF, FALSE, PORCH_CERTIFICATE_FAILED, "The certificate was refused" },
  };
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (NOW);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(AwsCertificate) answer = build (table[i].status, "\"example.org\"", table[i].days, table[i].more);
      g_autoptr(PorchCertificate) certificate = porch_certificate_new (answer, table[i].is_missing ? missing : NULL, now);
      PorchProblem *problem = porch_certificate_get_problem (certificate);

      if (porch_certificate_get_state (certificate) != table[i].state || (problem != NULL) != (table[i].title != NULL))
        g_error ("Row %u is judged wrongly", i);

      g_assert_cmpstr (porch_certificate_get_sentence (certificate), !=, "");
      g_assert_cmpstr (problem != NULL ? porch_problem_get_title (problem) : NULL, ==, table[i].title);
    }
}

static void
test_token (void)
{
  static const char * const names[] = { "example.org", "www.example.org", NULL };
  g_autofree char *first = porch_certificate_build_token ("site", names, 0);
  g_autofree char *again = porch_certificate_build_token ("site", names, 0);
  g_autofree char *next = porch_certificate_build_token ("site", names, 1);
  g_autofree char *other = porch_certificate_build_token ("other", names, 0);

  g_assert_true (g_regex_match_simple ("^\\w{1,32}$", first, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT));
  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, next);
  g_assert_cmpstr (first, !=, other);
}

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

static void
test_contact (void)
{
  static const struct
  {
    PorchDomainContactField  field;
    const char              *value;
    const char              *country;
    const char              *state;
    gboolean                 is_good;
  } table[] = {
    { PORCH_DOMAIN_CONTACT_FIRST_NAME, "  ", "DE", "", FALSE },
    { PORCH_DOMAIN_CONTACT_FIRST_NAME, "Анна", "DE", "", FALSE },
    { PORCH_DOMAIN_CONTACT_FIRST_NAME, "Zoë-Łucja", "DE", "", TRUE },
    { PORCH_DOMAIN_CONTACT_ADDRESS_2, "", "DE", "", TRUE },
    { PORCH_DOMAIN_CONTACT_ZIP, "1011", "DE", "", FALSE },
    { PORCH_DOMAIN_CONTACT_ZIP, "1011", "AT", "", TRUE },
    { PORCH_DOMAIN_CONTACT_ZIP, "10115", "US", "NY", TRUE },
    { PORCH_DOMAIN_CONTACT_ZIP, "10115-1234", "US", "NY", TRUE },
    { PORCH_DOMAIN_CONTACT_ZIP, "SW1A 1AA", "GB", "", TRUE },
    { PORCH_DOMAIN_CONTACT_ZIP, "SW1A1AA", "GB", "", TRUE },
    { PORCH_DOMAIN_CONTACT_ZIP, "12345", "GB", "", FALSE },
    { PORCH_DOMAIN_CONTACT_ZIP, "K1A 0B1", "CA", "ON", TRUE },
    { PORCH_DOMAIN_CONTACT_ZIP, "K1A 0B", "CA", "ON", FALSE },
    { PORCH_DOMAIN_CONTACT_ZIP, "00-950", "PL", "", TRUE },
    { PORCH_DOMAIN_CONTACT_ZIP, "00950", "PL", "", FALSE },
    { PORCH_DOMAIN_CONTACT_ZIP, "", "HK", "", TRUE },
    { PORCH_DOMAIN_CONTACT_ZIP, "", "FR", "", FALSE },
    { PORCH_DOMAIN_CONTACT_ZIP, "anything", "GE", "", TRUE },
    { PORCH_DOMAIN_CONTACT_STATE, "", "DE", "", TRUE },
    { PORCH_DOMAIN_CONTACT_STATE, "", "US", "", FALSE },
    { PORCH_DOMAIN_CONTACT_STATE, "New York", "US", "New York", FALSE },
    { PORCH_DOMAIN_CONTACT_STATE, "NSW", "AU", "NSW", TRUE },
    { PORCH_DOMAIN_CONTACT_COUNTRY, "XX", "XX", "", FALSE },
    { PORCH_DOMAIN_CONTACT_COUNTRY, "KP", "KP", "", FALSE },
    { PORCH_DOMAIN_CONTACT_MAIL, "anna", "DE", "", FALSE },
    { PORCH_DOMAIN_CONTACT_MAIL, "anna@example", "DE", "", FALSE },
    { PORCH_DOMAIN_CONTACT_PHONE, "", "DE", "", FALSE },
    { PORCH_DOMAIN_CONTACT_PHONE, "030 CALL ME", "DE", "", FALSE },
    { PORCH_DOMAIN_CONTACT_PHONE, "+49", "DE", "", FALSE },
    { PORCH_DOMAIN_CONTACT_PHONE, "+999 1234567", "DE", "", FALSE },
    { PORCH_DOMAIN_CONTACT_PHONE, "+49 30 1234567 1234567", "DE", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(PorchDomainContact) contact = contact_new ();
      g_autoptr(GError) error = NULL;
      gboolean is_good;

      porch_domain_contact_set (contact, PORCH_DOMAIN_CONTACT_COUNTRY, table[i].country);
      porch_domain_contact_set (contact, PORCH_DOMAIN_CONTACT_STATE, table[i].state);
      porch_domain_contact_set (contact, table[i].field, table[i].value);
      is_good = porch_domain_contact_check_field (contact, table[i].field, &error);

      if (is_good != table[i].is_good)
        g_error ("“%s” in row %u is judged wrongly: %s", table[i].value, i, error != NULL ? error->message : "good");
      if (!is_good)
        g_assert_error (error, PORCH_ERROR, PORCH_ERROR_CONTACT);
    }
}

static void
test_phone (void)
{
  static const struct
  {
    const char *typed;
    const char *country;
    const char *sent;
  } table[] = {
    { "030 1234567", "DE", "+49.301234567" },
    { "+49 30 1234567", "DE", "+49.301234567" },
    { "0049 (0)30 / 123-4567", "DE", "+49.301234567" },
    { "+49.301234567", "DE", "+49.301234567" },
    { "06 1234 5678", "IT", "+39.0612345678" },
    { "(202) 555-0123", "US", "+1.2025550123" },
    { "+44 20 7946 0958", "US", "+44.2079460958" },
    { "+852 2123 4567", "DE", "+852.21234567" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(PorchDomainContact) contact = contact_new ();
      g_autoptr(AwsDomainContact) sent = NULL;

      porch_domain_contact_set (contact, PORCH_DOMAIN_CONTACT_COUNTRY, table[i].country);
      porch_domain_contact_set (contact, PORCH_DOMAIN_CONTACT_PHONE, table[i].typed);
      sent = porch_domain_contact_to_aws (contact);
      g_assert_cmpstr (aws_domain_contact_get (sent, AWS_DOMAIN_CONTACT_PHONE), ==, table[i].sent);
    }
}

static void
test_contact_kept (void)
{
  g_autoptr(PorchDomainContact) contact = contact_new ();
  g_autoptr(PorchDomainContact) back = NULL;
  g_autoptr(PorchDomainContact) none = NULL;
  g_autoptr(JsonObject) json = NULL;
  g_autoptr(JsonObject) again = NULL;
  g_autoptr(AwsDomainContact) sent = NULL;
  g_autoptr(GError) error = NULL;
  PorchDomainContactField field = PORCH_DOMAIN_CONTACT_N_FIELDS;

  g_assert_true (porch_domain_contact_check (contact, &field, &error));
  g_assert_no_error (error);

  porch_domain_contact_set_kind (contact, PORCH_DOMAIN_CONTACT_ASSOCIATION);
  g_assert_false (porch_domain_contact_check (contact, &field, NULL));
  g_assert_cmpint (field, ==, PORCH_DOMAIN_CONTACT_ORGANIZATION);
  porch_domain_contact_set (contact, PORCH_DOMAIN_CONTACT_ORGANIZATION, "Verein");

  json = porch_domain_contact_to_json (contact);
  back = porch_domain_contact_new_from_json (json, &error);
  g_assert_no_error (error);
  again = porch_domain_contact_to_json (back);
  g_assert_cmpuint (json_object_get_size (json), ==, json_object_get_size (again));
  sent = porch_domain_contact_to_aws (back);
  g_assert_cmpstr (aws_domain_contact_get (sent, AWS_DOMAIN_CONTACT_TYPE), ==, "ASSOCIATION");
  g_assert_cmpstr (aws_domain_contact_get (sent, AWS_DOMAIN_CONTACT_ORGANIZATION), ==, "Verein");
  g_assert_cmpstr (aws_domain_contact_get (sent, AWS_DOMAIN_CONTACT_LAST_NAME), ==, "Müller");

  json_object_set_string_member (json, "shoeSize", "42");
  none = porch_domain_contact_new_from_json (json, &error);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_CONTACT);
  g_assert_null (none);
}

static void
test_countries (void)
{
  GListModel *list = porch_country_list ();

  g_assert_cmpuint (g_list_model_get_n_items (list), >, 200);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(PorchCountry) country = g_list_model_get_item (list, i);

      g_assert_true (g_regex_match_simple ("^[A-Z]{2}$", porch_country_get_code (country), G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT));
      g_assert_true (g_regex_match_simple ("^[1-9][0-9]{0,2}$", porch_country_get_dial_code (country), G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT));
      g_assert_true (porch_country_find (porch_country_get_code (country)) == country);
    }

  for (const PorchCountryState *state = porch_country_list_states ("US"); state->code != NULL; state++)
    g_assert_true (g_regex_match_simple ("^[A-Z]{2}$", state->code, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT) &&
                   *porch_country_state_get_name (state) != '\0');

  g_assert_null (porch_country_find ("??"));
  g_assert_null (porch_country_list_states ("DE"));
}

/* The system says nothing here, so it is the time zone that tells */
static void
test_country_guess (void)
{
  static const struct
  {
    const char *zone;
    const char *country;
  } table[] = {
    { "Europe/Berlin", "DE" },
    { "America/Sao_Paulo", "BR" },
    { "Australia/Sydney", "AU" },
    { "UTC", NULL },
    { "Nowhere/Atoll", NULL },
  };

  if (!g_file_test ("/usr/share/zoneinfo/zone.tab", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("This system has no list of time zones");
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_setenv ("TZ", table[i].zone, TRUE);
      g_assert_cmpstr (porch_country_guess (), ==, table[i].country);
    }
}

static void
test_prices (void)
{
  g_autoptr(PorchDomainName) name = parse ("example.org");
  g_autoptr(PorchDomainOffer) same = porch_domain_offer_new (name, PORCH_DOMAIN_OFFER_AVAILABLE, NULL, 14, 14, "USD");
  g_autoptr(PorchDomainOffer) cheap = porch_domain_offer_new (name, PORCH_DOMAIN_OFFER_AVAILABLE, NULL, 3, 12.5, "USD");
  g_autoptr(PorchDomainOffer) taken = porch_domain_offer_new (name, PORCH_DOMAIN_OFFER_TAKEN, "Somebody has it.", 0, 0, NULL);
  g_autofree char *none = porch_domain_offer_dup_price_words (taken);

  g_assert_cmpstr (porch_domain_offer_get_sentence (same), ==, "14.00 USD a year, without taxes");
  g_assert_cmpstr (porch_domain_offer_get_sentence (cheap), ==,
                   "3.00 USD for the first year, 12.50 USD for each further one, without taxes");
  g_assert_cmpstr (porch_domain_offer_get_sentence (taken), ==, "Somebody has it.");
  g_assert_cmpstr (none, ==, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/site/address/kept", test_kept);
  g_test_add_func ("/site/address/certificate/fitting", test_fitting);
  g_test_add_func ("/site/address/certificate/health", test_health);
  g_test_add_func ("/site/address/certificate/token", test_token);
  g_test_add_func ("/site/address/contact/fields", test_contact);
  g_test_add_func ("/site/address/contact/phone", test_phone);
  g_test_add_func ("/site/address/contact/kept", test_contact_kept);
  g_test_add_func ("/site/address/countries", test_countries);
  g_test_add_func ("/site/address/countries/guess", test_country_guess);
  g_test_add_func ("/site/address/prices", test_prices);

  return g_test_run ();
}
