/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-domain-name.h"
#include "porch-error.h"

#include <locale.h>

/* What is typed, and what is made of it; names without one are refused, with a word that the sentence must have. */
static const struct
{
  const char      *typed;
  const char      *ascii;
  const char      *shown;         /* as ascii if NULL */
  const char      *registrable;   /* as ascii if NULL */
  PorchDomainKind  kind;
} good[] = {
  { "example.org", "example.org" },
  { "Example.ORG", "example.org" },
  { "  example.org  ", "example.org" },
  { "example.org.", "example.org" },
  { "www.example.org", "www.example.org", NULL, "example.org", PORCH_DOMAIN_WWW },
  { "WWW.Example.org.", "www.example.org", NULL, "example.org", PORCH_DOMAIN_WWW },
  { "http://example.org", "example.org" },
  { "https://www.example.org/", "www.example.org", NULL, "example.org", PORCH_DOMAIN_WWW },
  { "https://example.org/about/us.html?x=1#team", "example.org" },
  { "https://example.org:8443/about", "example.org" },
  { "//example.org/about", "example.org" },
  { "example.org/blog", "example.org" },
  { "example.org?source=card", "example.org" },
  { "HTTPS://EXAMPLE.ORG", "example.org" },
  { "blog.example.org", "blog.example.org", NULL, "example.org", PORCH_DOMAIN_SUB },
  { "www.blog.example.org", "www.blog.example.org", NULL, "example.org", PORCH_DOMAIN_SUB },
  { "a.b.c.example.org", "a.b.c.example.org", NULL, "example.org", PORCH_DOMAIN_SUB },
  { "example.co.uk", "example.co.uk" },
  { "www.example.co.uk", "www.example.co.uk", NULL, "example.co.uk", PORCH_DOMAIN_WWW },
  { "shop.example.co.uk", "shop.example.co.uk", NULL, "example.co.uk", PORCH_DOMAIN_SUB },
  { "example.com.au", "example.com.au" },
  { "example.gov.uk", "example.gov.uk" },
  { "example.k12.ca.us", "example.k12.ca.us" },
  { "www.ck", "www.ck" },                       /* an exception of the list: *.ck, but not www.ck */
  { "city.kawasaki.jp", "city.kawasaki.jp" },   /* likewise */
  { "example.museum", "example.museum" },
  { "example.photography", "example.photography" },
  { "müller.de", "xn--mller-kva.de", "müller.de" },
  { "MÜLLER.de", "xn--mller-kva.de", "müller.de" },
  { "mu\xcc\x88ller.de", "xn--mller-kva.de", "müller.de" },
  { "www.müller.de", "www.xn--mller-kva.de", "www.müller.de", "xn--mller-kva.de", PORCH_DOMAIN_WWW },
  { "xn--mller-kva.de", "xn--mller-kva.de", "müller.de" },
  { "straße.de", "xn--strae-oqa.de", "straße.de" },
  { "例え.jp", "xn--r8jz45g.jp", "例え.jp" },
  { "例え。jp", "xn--r8jz45g.jp", "例え.jp" },
  { "пример.рф", "xn--e1afmkfd.xn--p1ai", "пример.рф" },
  { "παράδειγμα.ελ", "xn--hxajbheg2az3al.xn--qxam", "παράδειγμα.ελ" },
  { "دامنه.ایران", "xn--mgbp1eef.xn--mgba3a4f16a", "دامنه.ایران" },
  { "ｅｘａｍｐｌｅ．ｏｒｇ", "example.org" },
  { "1und1.de", "1und1.de" },
  { "3com.com", "3com.com" },
  { "house--party.org", "house--party.org" },
  { "friends.eu.org", "friends.eu.org" },
};

static const struct
{
  const char *typed;
  const char *word;
} bad[] = {
  { "", "Type the address" },
  { "   ", "Type the address" },
  { "https://", "Type the address" },
  { "example", "needs an ending" },
  { "localhost", "needs an ending" },
  { "anna@example.org", "mail address" },
  { "my site.org", "space" },
  { "example,org", "comma" },
  { "*.example.org", "many addresses" },
  { "192.0.2.1", "number of a computer" },
  { "http://192.0.2.1:8080/", "number of a computer" },
  { "2001:db8::1", "number of a computer" },
  { "http://[2001:db8::1]/", "number of a computer" },
  { "example..org", "dot too many" },
  { ".example.org", "dot too many" },
  { "-example.org", "hyphen" },
  { "example-.org", "hyphen" },
  { "my_site.org", "letters, digits" },
  { "exam!ple.org", "can’t be an address" },
  { "my--house.org", "can’t be an address" },   /* reserved: two hyphens after two letters */
  { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.org", "too long" },
  { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
    "aaaaaaaaaaaaaaaaaaaaaaaa.org", "too long" },
  { "co.uk", "many addresses share" },
  { "com.au", "many addresses share" },
  { "example.ck", "many addresses share" },
  { "kawasaki.jp", "many addresses share" },
  { "github.io", "gives out addresses" },
  { "cloudfront.net", "gives out addresses" },
  { "example.lcoal", "does not exist" },
  { "example.orgg", "does not exist" },
  { "example.123", "does not exist" },
  { "printer.local", "reached from the internet" },
  { "shop.localhost", "reached from the internet" },
  { "site.test", "reached from the internet" },
  { "router.lan", "reached from the internet" },
  { "hidden.onion", "reached from the internet" },
  { "box.home.arpa", "reached from the internet" },
  { "ab\xff.org", "can’t be an address" },
  { "xn--zzzzzzzzzzz-.de", "can’t be an address" },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      const char *shown = good[i].shown != NULL ? good[i].shown : good[i].ascii;
      const char *registrable = good[i].registrable != NULL ? good[i].registrable : good[i].ascii;
      g_autoptr(GError) error = NULL;
      g_autoptr(PorchDomainName) name = porch_domain_name_parse (good[i].typed, PORCH_DOMAIN_DEFAULT, &error);

      g_test_message ("%s", good[i].typed);
      g_assert_no_error (error);
      g_assert_cmpstr (porch_domain_name_get_ascii (name), ==, good[i].ascii);
      g_assert_cmpstr (porch_domain_name_get_shown (name), ==, shown);
      g_assert_cmpstr (porch_domain_name_get_registrable (name), ==, registrable);
      g_assert_cmpint (porch_domain_name_get_kind (name), ==, good[i].kind);
    }
}

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(PorchDomainName) name = porch_domain_name_parse (bad[i].typed, PORCH_DOMAIN_DEFAULT, &error);

      g_test_message ("%s: %s", bad[i].typed, error != NULL ? error->message : porch_domain_name_get_ascii (name));
      g_assert_null (name);
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DOMAIN);
      g_assert_nonnull (strstr (error->message, bad[i].word));
    }
}

static void
test_practice (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchDomainName) apex = porch_domain_name_parse ("Bakery.localhost", PORCH_DOMAIN_PRACTICE, &error);
  g_autoptr(PorchDomainName) below = NULL;
  g_autoptr(PorchDomainName) outside = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (porch_domain_name_get_ascii (apex), ==, "bakery.localhost");
  g_assert_cmpstr (porch_domain_name_get_registrable (apex), ==, "bakery.localhost");
  g_assert_cmpint (porch_domain_name_get_kind (apex), ==, PORCH_DOMAIN_APEX);

  below = porch_domain_name_parse ("blog.bakery.localhost", PORCH_DOMAIN_PRACTICE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (porch_domain_name_get_registrable (below), ==, "bakery.localhost");
  g_assert_cmpint (porch_domain_name_get_kind (below), ==, PORCH_DOMAIN_SUB);

  outside = porch_domain_name_parse ("example.org", PORCH_DOMAIN_PRACTICE, &error);
  g_assert_null (outside);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DOMAIN);
}

static void
test_siblings (void)
{
  g_autoptr(PorchDomainName) apex = porch_domain_name_parse ("müller.co.uk", PORCH_DOMAIN_DEFAULT, NULL);
  g_autoptr(PorchDomainName) www = porch_domain_name_dup_sibling (apex);
  g_autoptr(PorchDomainName) back = porch_domain_name_dup_sibling (www);
  g_autoptr(PorchDomainName) below = porch_domain_name_parse ("blog.example.org", PORCH_DOMAIN_DEFAULT, NULL);

  g_assert_cmpstr (porch_domain_name_get_ascii (www), ==, "www.xn--mller-kva.co.uk");
  g_assert_cmpstr (porch_domain_name_get_shown (www), ==, "www.müller.co.uk");
  g_assert_cmpstr (porch_domain_name_get_registrable (www), ==, "xn--mller-kva.co.uk");
  g_assert_cmpint (porch_domain_name_get_kind (www), ==, PORCH_DOMAIN_WWW);
  g_assert_true (porch_domain_name_equal (apex, back));
  g_assert_null (porch_domain_name_dup_sibling (below));
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/domain-name/good", test_good);
  g_test_add_func ("/domain-name/bad", test_bad);
  g_test_add_func ("/domain-name/practice", test_practice);
  g_test_add_func ("/domain-name/siblings", test_siblings);

  return g_test_run ();
}
