/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Who serves a domain, by the names of its servers, and what its owner is told to do there */

#include "porch-domain-hosts.h"
#include "porch-domain-survey-private.h"

#include "test-util.h"

#include <string.h>

static void
test_find (void)
{
  const struct { const char *server; const char *id; PorchDomainApex apex; const char *type; } cases[] = {
    { "ns37.domaincontrol.com", "godaddy", PORCH_DOMAIN_APEX_NONE, NULL },
    { "dns1.registrar-servers.com", "namecheap", PORCH_DOMAIN_APEX_ALIAS, "ALIAS" },
    { "ada.ns.cloudflare.com", "cloudflare", PORCH_DOMAIN_APEX_FLATTENED, "CNAME" },
    { "ns1055.ui-dns.biz", "ionos", PORCH_DOMAIN_APEX_UNKNOWN, NULL },
    { "shades04.rzone.de", "strato", PORCH_DOMAIN_APEX_NONE, NULL },
    { "ns109.ovh.net", "ovh", PORCH_DOMAIN_APEX_NONE, NULL },
    { "ns-12-a.gandi.net", "gandi", PORCH_DOMAIN_APEX_ALIAS, "ALIAS" },
    { "hydrogen.ns.hetzner.com", "hetzner", PORCH_DOMAIN_APEX_NONE, NULL },
    { "ns-cloud-a1.googledomains.com", "google-cloud", PORCH_DOMAIN_APEX_ALIAS, "ALIAS" },
    { "ns1.googledomains.com", "google-domains", PORCH_DOMAIN_APEX_UNKNOWN, NULL },
    { "horizon.dns-parking.com", "hostinger", PORCH_DOMAIN_APEX_FLATTENED, "CNAME" },
    { "curitiba.ns.porkbun.com", "porkbun", PORCH_DOMAIN_APEX_ALIAS, "ALIAS" },
    { "ns1abc.name.com", "name.com", PORCH_DOMAIN_APEX_ANAME, "ANAME" },
    { "ns8.wixdns.net", "wix", PORCH_DOMAIN_APEX_UNKNOWN, NULL },
    { "ns0.transip.net", "transip", PORCH_DOMAIN_APEX_ALIAS, "ALIAS" },
    { "ns1.loopia.se", "loopia", PORCH_DOMAIN_APEX_NONE, NULL },
    { "ns-123.awsdns-15.com", "route53", PORCH_DOMAIN_APEX_ALIAS, "A" },
    { "ns-9.awsdns-01.co.uk", "route53", PORCH_DOMAIN_APEX_ALIAS, "A" },
    { "ns1-04.azure-dns.com", "azure", PORCH_DOMAIN_APEX_NONE, NULL },
    { "dns1.p04.nsone.net", "netlify", PORCH_DOMAIN_APEX_UNKNOWN, NULL },
    { "ns1.vercel-dns.com", "vercel", PORCH_DOMAIN_APEX_ALIAS, "ALIAS" },
    { "ns1.digitalocean.com", "digitalocean", PORCH_DOMAIN_APEX_UNKNOWN, NULL },
    { "ns1.pretended-names.localhost", "practice", PORCH_DOMAIN_APEX_ALIAS, "ALIAS" },
    { "ns1.example.org", "unknown", PORCH_DOMAIN_APEX_UNKNOWN, NULL },
    { "ns1.notloopia.se", "unknown", PORCH_DOMAIN_APEX_UNKNOWN, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char * const servers[] = { "ns9.example.net", cases[i].server, NULL };
      g_autoptr(PorchDomainHost) host = porch_domain_host_find (servers);

      g_assert_cmpstr (porch_domain_host_get_id (host), ==, cases[i].id);
      g_assert_cmpint (porch_domain_host_get_apex (host), ==, cases[i].apex);
      g_assert_cmpstr (porch_domain_host_get_apex_type (host), ==, cases[i].type);
      g_assert_true (porch_domain_host_is_known (host) == !g_str_equal (cases[i].id, "unknown"));
      g_assert_true ((porch_domain_host_get_name (host) != NULL) == porch_domain_host_is_known (host));
    }
}

static void
check_steps (char **steps)
{
  g_assert_cmpuint (g_strv_length (steps), >=, 3);

  for (guint i = 0; steps[i] != NULL; i++)
    {
      g_assert_true (g_unichar_isupper (g_utf8_get_char (steps[i])));
      g_assert_true (g_str_has_suffix (steps[i], "."));
      g_assert_null (strchr (steps[i], '%'));
      g_assert_null (strchr (steps[i], '\n'));
    }

  g_strfreev (steps);
}

static void
test_steps (void)
{
  const char * const ids[] = { "godaddy", "cloudflare", "strato", "digitalocean", "name.com", "practice", "unknown" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(PorchDomainHost) host = porch_domain_host_get (ids[i]);
      g_autofree char *text = porch_domain_host_dup_apex_text (host, "example.org");

      check_steps (porch_domain_host_dup_server_steps (host, "example.org"));
      check_steps (porch_domain_host_dup_record_steps (host, "example.org"));
      check_steps (porch_domain_host_dup_signing_steps (host, "example.org"));
      g_assert_nonnull (strstr (text, "example.org"));
    }
}

/* Where domains are only served, but not sold, the name servers are changed elsewhere. */
static void
test_not_sold_there (void)
{
  g_autoptr(PorchDomainHost) host = porch_domain_host_get ("digitalocean");
  g_auto(GStrv) servers = porch_domain_host_dup_server_steps (host, "example.org");
  g_auto(GStrv) records = porch_domain_host_dup_record_steps (host, "example.org");

  g_assert_null (strstr (servers[0], "DigitalOcean"));
  g_assert_nonnull (strstr (records[0], "DigitalOcean"));
}

static void
test_issuers (void)
{
  const struct { const char *records; PorchDomainIssue issue; } cases[] = {
    { "0 issue amazon.com", PORCH_DOMAIN_ISSUE_ALLOWED },
    { "0 issue Amazon.COM ; account=1", PORCH_DOMAIN_ISSUE_ALLOWED },
    { "0 ISSUE amazontrust.com", PORCH_DOMAIN_ISSUE_ALLOWED },
    { "0 issue letsencrypt.org|0 issue awstrust.com", PORCH_DOMAIN_ISSUE_ALLOWED },
    { "128 issue amazonaws.com", PORCH_DOMAIN_ISSUE_ALLOWED },
    { "0 issue letsencrypt.org", PORCH_DOMAIN_ISSUE_FORBIDDEN },
    { "0 issue ;", PORCH_DOMAIN_ISSUE_FORBIDDEN },
    { "0 issue notamazon.com", PORCH_DOMAIN_ISSUE_FORBIDDEN },
    { "0 issue", PORCH_DOMAIN_ISSUE_FORBIDDEN },
    { "0 issuewild letsencrypt.org", PORCH_DOMAIN_ISSUE_ALLOWED },
    { "0 iodef mailto:me@example.org", PORCH_DOMAIN_ISSUE_ALLOWED },
    { "128 unheard of|0 issue amazon.com", PORCH_DOMAIN_ISSUE_FORBIDDEN },
    { "0 unheard of", PORCH_DOMAIN_ISSUE_ALLOWED },
    { "", PORCH_DOMAIN_ISSUE_ALLOWED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) records = g_strsplit (cases[i].records, "|", -1);

      g_assert_cmpint (porch_domain_judge_issuers ((const char * const *) records), ==, cases[i].issue);
    }
}

static void
test_records (void)
{
  const struct { const char *name; const char *type; const char *value; PorchDomainGroup group; gboolean is_copied; } cases[] = {
    { "example.org", "MX", "10 mail.example.org", PORCH_DOMAIN_GROUP_MAIL, TRUE },
    { "example.org", "TXT", "v=spf1 -all", PORCH_DOMAIN_GROUP_MAIL, TRUE },
    { "example.org", "TXT", "google-site-verification=abc", PORCH_DOMAIN_GROUP_PROOF, TRUE },
    { "example.org", "TXT", "hello", PORCH_DOMAIN_GROUP_OTHER, TRUE },
    { "_dmarc.example.org", "TXT", "v=DMARC1; p=none", PORCH_DOMAIN_GROUP_MAIL, TRUE },
    { "s1._domainkey.example.org", "CNAME", "s1.domainkey.example.net", PORCH_DOMAIN_GROUP_MAIL, TRUE },
    { "autodiscover.example.org", "CNAME", "autodiscover.outlook.com", PORCH_DOMAIN_GROUP_MAIL, TRUE },
    { "_imaps._tcp.example.org", "SRV", "0 1 993 imap.example.org", PORCH_DOMAIN_GROUP_MAIL, TRUE },
    { "_sip._tls.example.org", "SRV", "0 1 443 sip.example.org", PORCH_DOMAIN_GROUP_OTHER, TRUE },
    { "example.org", "CAA", "0 issue amazon.com", PORCH_DOMAIN_GROUP_PROOF, TRUE },
    { "_x.example.org", "CNAME", "_y.acm-validations.aws", PORCH_DOMAIN_GROUP_PROOF, TRUE },
    { "shop.example.org", "A", "192.0.2.1", PORCH_DOMAIN_GROUP_WEB, TRUE },
    { "www.example.org", "A", "192.0.2.1", PORCH_DOMAIN_GROUP_WEB, FALSE },
    { "www.example.org", "TXT", "hello", PORCH_DOMAIN_GROUP_OTHER, TRUE },
    { "example.org", "CNAME", "elsewhere.example.net", PORCH_DOMAIN_GROUP_WEB, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(PorchDomainRecord) record = porch_domain_record_new (cases[i].name, cases[i].type, 300, cases[i].value, "example.org", "www.example.org");

      g_assert_cmpint (porch_domain_record_get_group (record), ==, cases[i].group);
      g_assert_true ((porch_domain_record_get_obstacle (record) == NULL) == cases[i].is_copied);
      g_assert_cmpstr (porch_domain_record_get_purpose (record), !=, "");
    }
}

static void
test_times (void)
{
  const struct { guint seconds; const char *text; } cases[] = {
    { 0, "1 minute" }, { 60, "1 minute" }, { 61, "2 minutes" }, { 3600, "1 hour" }, { 3000, "50 minutes" }, { 5400, "90 minutes" }, { 7200, "2 hours" },
    { 86400, "24 hours" }, { 172800, "48 hours" }, { 172801, "3 days" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = porch_domain_show_time (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* What an operation keeps of a survey is the survey. */
static void
test_json (void)
{
  const char *text = "{\"name\": \"www.xn--mller-kva.de\", \"registration\": \"taken\", \"service\": \"partial\", \"nameServers\": [\"ns1.rzone.de\", 7, null],"
                     " \"lameNameServers\": [\"ns2.rzone.de\"], \"mail\": true, \"signed\": true, \"issue\": \"forbidden\", \"issueName\": \"xn--mller-kva.de\","
                     " \"issuers\": [\"0 issue letsencrypt.org\"], \"current\": [\"192.0.2.1\"], \"currentTtl\": 300, \"records\": ["
                     "{\"name\": \"xn--mller-kva.de\", \"type\": \"MX\", \"ttl\": 60, \"value\": \"10 mx.example.net\"}, {\"name\": 1}, 5]}";
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  g_autoptr(PorchDomainSurvey) survey = porch_domain_survey_from_json (json_node_get_object (node));
  g_autoptr(JsonObject) first = porch_domain_survey_to_json (survey);
  g_autoptr(PorchDomainSurvey) again = porch_domain_survey_from_json (first);
  g_autoptr(JsonObject) second = porch_domain_survey_to_json (again);
  g_autoptr(JsonNode) a = json_node_init_object (json_node_alloc (), first);
  g_autoptr(JsonNode) b = json_node_init_object (json_node_alloc (), second);
  g_autoptr(JsonObject) none = json_object_new ();

  g_assert_true (json_node_equal (a, b));
  g_assert_cmpstr (porch_domain_host_get_id (porch_domain_survey_get_host (again)), ==, "strato");
  g_assert_cmpuint (g_list_model_get_n_items (porch_domain_survey_get_records (again)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (porch_domain_survey_get_notes (again)), >=, 5);
  g_assert_cmpstr (porch_domain_survey_get_advice (again), ==, "elsewhere");
  g_assert_null (porch_domain_survey_from_json (none));
}

/* A look that nobody waits for any more ends by itself, though no server ever answers, and another one can begin. */
static void
test_survey_dropped (void)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocket) silent = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr(GSocketAddress) local = NULL;
  g_autoptr(PorchDns) dns = NULL;
  g_autoptr(PorchDomainName) name = porch_domain_name_parse ("www.example.org", PORCH_DOMAIN_DEFAULT, NULL);
  g_autoptr(PorchDomainSurvey) survey = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *servers = NULL;
  DexFuture *future;

  g_assert_true (g_socket_bind (silent, address, FALSE, NULL));
  local = g_socket_get_local_address (silent, NULL);
  servers = g_strdup_printf ("127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));
  dns = porch_dns_new (servers);
  survey = porch_domain_survey_new (dns, name);

  future = porch_domain_survey_run (survey);
  g_assert_true (porch_domain_survey_is_running (survey));
  dex_await (dex_timeout_new_msec (20), NULL);
  dex_clear (&future);

  while (porch_domain_survey_is_running (survey))
    dex_await (dex_timeout_new_msec (5), NULL);

  g_assert_cmpint (porch_domain_survey_get_registration (survey), ==, PORCH_DOMAIN_REGISTRATION_UNKNOWN);
  g_assert_cmpfloat (porch_domain_survey_get_fraction (survey), <, 1);

  future = porch_domain_survey_run_brief (survey);
  porch_domain_survey_stop (survey);
  g_assert_false (dex_await (future, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/site/domain-hosts/find", test_find);
  g_test_add_func ("/site/domain-hosts/steps", test_steps);
  g_test_add_func ("/site/domain-hosts/not-sold-there", test_not_sold_there);
  g_test_add_func ("/site/domain-hosts/issuers", test_issuers);
  g_test_add_func ("/site/domain-hosts/records", test_records);
  g_test_add_func ("/site/domain-hosts/times", test_times);
  g_test_add_func ("/site/domain-hosts/json", test_json);
  test_add_fiber ("/site/domain-hosts/survey-dropped", test_survey_dropped);

  return g_test_run ();
}
