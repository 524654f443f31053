/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Domains, their DNS, certificates and mail: what the client makes of answers, and in which order and at which pace it asks. */

#include <string.h>

#include "aws-acm.h"
#include "aws-pace.h"
#include "aws-route53.h"
#include "aws-route53domains.h"
#include "aws-sesv2.h"
#include "aws-tag.h"
#include "aws-turns.h"
#include "test-calls.h"

/* Names and texts */

static void
test_dns_names (void)
{
  static const struct
  {
    const char *written;
    const char *readable;
  } names[] = {
    { "example.org.", "example.org" },
    { "example.org", "example.org" },
    { "\\052.example.org.", "*.example.org" },
    { "\\303\\274.example.org.", "ü.example.org" },
    { "a\\056b.example.org.", "a\\056b.example.org" },      /* a dot inside of a label */
    { "a\\040b.example.org.", "a\\040b.example.org" },
    { "\\377.example.org.", "\\377.example.org" },           /* no text */
    { "a\\12", "a\\12" },
    { "a\\", "a\\" },
    { "a\\999", "a\\999" },
    { ".", "." },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *readable = aws_dns_name_decode (names[i].written);

      g_assert_cmpstr (readable, ==, names[i].readable);
    }

  g_assert_true (aws_dns_name_equal ("Example.ORG", "example.org."));
  g_assert_true (aws_dns_name_equal ("*.example.org", "\\052.example.org."));
  g_assert_false (aws_dns_name_equal ("www.example.org", "example.org"));
}

static void
test_dns_texts (void)
{
  static const char * const texts[] = { "", "plain", "with \"quotes\" and \\ more", "Grüße\n", "a;b", "  two  spaces ", NULL };
  g_autofree char *long_text = g_strnfill (600, 'x');
  g_autofree char *value = aws_dns_text_quote (long_text);
  g_auto(GStrv) parts = g_strsplit (value, " ", -1);
  g_autofree char *back = aws_dns_text_unquote (value);
  g_autofree char *broken = aws_dns_text_unquote ("\"\\377\" \"x");

  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_autofree char *quoted = aws_dns_text_quote (texts[i]);
      g_autofree char *text = aws_dns_text_unquote (quoted);

      g_assert_cmpstr (text, ==, texts[i]);
      g_assert_true (quoted[0] == '"' && quoted[strlen (quoted) - 1] == '"');
      g_assert_true (g_str_is_ascii (quoted));
    }

  /* 255 bytes in each string */
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  g_assert_cmpuint (strlen (parts[0]), ==, 257);
  g_assert_cmpuint (strlen (parts[2]), ==, 92);
  g_assert_cmpstr (back, ==, long_text);
  g_assert_true (g_utf8_validate (broken, -1, NULL));
}

/* Pace and turns */

static void
test_pace (void)
{
  g_autoptr(AwsPace) pace = aws_pace_new (4, G_USEC_PER_SEC);
  g_autoptr(AwsPace) route53 = aws_pace_new_for_service ("route53");
  gint64 starts[40];

  /* The first ones at once, then never more than four in any second, whatever the rhythm of asking */
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      gint64 now = i * 70000;
      gint64 delay = aws_pace_take (pace, now);

      g_assert_cmpint (delay, >=, 0);
      g_assert_true (i >= 4 || delay == 0);
      starts[i] = now + delay;
      if (i >= 4)
        g_assert_cmpint (starts[i] - starts[i - 4], >=, G_USEC_PER_SEC);
    }

  /* Who has waited long enough does not wait */
  g_assert_cmpint (aws_pace_take (pace, starts[39] + 2 * G_USEC_PER_SEC), ==, 0);

  g_assert_nonnull (route53);
  g_assert_null (aws_pace_new_for_service ("s3"));
}

static void
test_pace_of_requests (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsClient) other = aws_client_copy (client, NULL, NULL);
  g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  gint64 begin;

  for (guint i = 0; i < 9; i++)
    fake_aws_answer (aws, 200, NULL, "<GetHostedZoneCountResponse><HostedZoneCount>7</HostedZoneCount></GetHostedZoneCountResponse>");

  /* Two clients of one account share what the account may ask: the ninth request is in the third second */
  begin = g_get_monotonic_time ();
  for (guint i = 0; i < 9; i++)
    g_ptr_array_add (futures, aws_route53_count_zones (i % 2 ? client : other));
  for (guint i = 0; i < 9; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (dex_await_int64 (dex_ref (g_ptr_array_index (futures, i)), &error), ==, 7);
      g_assert_no_error (error);
    }
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 2 * G_USEC_PER_SEC);
}

static void
test_turns (void)
{
  g_autoptr(AwsTurns) turns = aws_turns_new ();
  AwsTurn *first = aws_turn_new (turns, "a");
  AwsTurn *second = aws_turn_new (turns, "a");
  AwsTurn *third = aws_turn_new (turns, "a");
  AwsTurn *elsewhere = aws_turn_new (turns, "b");
  g_autoptr(DexFuture) second_wait = aws_turn_wait (second);
  g_autoptr(DexFuture) third_wait = aws_turn_wait (third);

  assert_good (aws_turn_wait (first));
  assert_good (aws_turn_wait (elsewhere));
  g_assert_true (dex_future_is_pending (second_wait));

  /* Who gives up in the line does not stop it, and takes no turn */
  aws_turn_free (second);
  g_assert_true (dex_future_is_pending (third_wait));
  aws_turn_free (first);
  assert_good (dex_ref (third_wait));
  aws_turn_free (third);

  /* An empty line begins anew */
  first = aws_turn_new (turns, "a");
  assert_good (aws_turn_wait (first));
  aws_turn_free (first);
  aws_turn_free (elsewhere);
}

/* Route 53 */

#define CHANGED "<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status>" \
                "<SubmittedAt>2026-01-02T03:04:05Z</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>"

static AwsRecordBatch *
new_batch (void)
{
  const char * const values[] = { "192.0.2.1", NULL };
  g_autoptr(AwsRecordSet) record = aws_record_set_new ("www.example.org", "A", 300, values);
  AwsRecordBatch *batch = aws_record_batch_new (NULL);

  aws_record_batch_add (batch, AWS_RECORD_ACTION_UPSERT, record);

  return batch;
}

static void
test_changes_one_by_one (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsClient) other = aws_client_copy (client, NULL, NULL);
  g_autoptr(AwsRecordBatch) batch = new_batch ();
  g_autoptr(AwsZoneChange) change = NULL;
  g_autoptr(DexFuture) first = NULL;
  g_autoptr(DexFuture) second = NULL;
  g_autoptr(DexFuture) third = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (aws_record_batch_get_length (batch), ==, 1);

  /* The first is not answered, so the second and the third wait; the second is given up */
  fake_aws_hang (aws);
  fake_aws_answer (aws, 200, NULL, "<GetHostedZoneCountResponse><HostedZoneCount>7</HostedZoneCount></GetHostedZoneCountResponse>");
  first = aws_route53_change_records (client, "Z1", batch);
  second = aws_route53_change_records (other, "/hostedzone/Z1", batch);
  third = aws_route53_change_records (other, "Z1", batch);
  while (fake_aws_get_n_requests (aws) < 1)
    dex_await (dex_timeout_new_msec (5), NULL);
  assert_good (aws_route53_count_zones (client));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  dex_clear (&second);
  g_assert_true (dex_future_is_pending (third));

  fake_aws_answer (aws, 200, NULL, CHANGED);
  dex_clear (&first);
  change = dex_await_boxed (g_steal_pointer (&third), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_zone_change_get_id (change), ==, "C1");
  g_assert_false (aws_zone_change_is_in_sync (change));
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 3);
  assert_request (aws, 2, "POST", "/2013-04-01/hostedzone/Z1/rrset/", NULL);

  /* After a refusal too the next one goes on */
  fake_aws_answer (aws, 400, NULL, "<InvalidChangeBatch xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Messages>"
                   "<Message>It already exists</Message></Messages></InvalidChangeBatch>");
  fake_aws_answer (aws, 200, NULL, CHANGED);
  first = aws_route53_change_records (client, "Z1", batch);
  second = aws_route53_change_records (client, "Z1", batch);
  g_assert_null (dex_await_boxed (g_steal_pointer (&first), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "already exists"));
  assert_good (g_steal_pointer (&second));
}

/* A resolved future that somebody keeps does not hold up the zone */
static void
test_changes_kept_futures (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsRecordBatch) batch = new_batch ();
  g_autoptr(DexFuture) kept = NULL;

  fake_aws_answer (aws, 200, NULL, CHANGED);
  fake_aws_answer (aws, 200, NULL, CHANGED);
  kept = aws_route53_change_records (client, "Z1", batch);
  assert_good (dex_ref (kept));
  assert_good (aws_route53_change_records (client, "Z1", batch));
}

static void
test_find_zones (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) zones = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;

  /* The same name goes on on the second page; the third one is not asked for, since another name has begun */
  fake_aws_answer (aws, 200, NULL, "<R><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.org.</Name></HostedZone></HostedZones>"
                   "<IsTruncated>true</IsTruncated><NextDNSName>example.org.</NextDNSName><NextHostedZoneId>Z2</NextHostedZoneId></R>");
  fake_aws_answer (aws, 200, NULL, "<R><HostedZones><HostedZone><Id>/hostedzone/Z2</Id><Name>example.org.</Name><Config>"
                   "<PrivateZone>true</PrivateZone></Config></HostedZone><HostedZone><Id>/hostedzone/Z3</Id><Name>a.example.org.</Name></HostedZone>"
                   "</HostedZones><IsTruncated>true</IsTruncated><NextDNSName>b.example.org.</NextDNSName><NextHostedZoneId>Z4</NextHostedZoneId></R>");
  zones = dex_await_boxed (aws_route53_find_zones (client, "Example.org"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (zones->len, ==, 2);
  g_assert_cmpstr (aws_hosted_zone_get_id (g_ptr_array_index (zones, 0)), ==, "Z1");
  g_assert_false (aws_hosted_zone_is_private (g_ptr_array_index (zones, 0)));
  g_assert_cmpstr (aws_hosted_zone_get_id (g_ptr_array_index (zones, 1)), ==, "Z2");
  g_assert_true (aws_hosted_zone_is_private (g_ptr_array_index (zones, 1)));
  name = aws_hosted_zone_dup_name (g_ptr_array_index (zones, 1));
  g_assert_cmpstr (name, ==, "example.org");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  assert_request (aws, 0, "GET", "/2013-04-01/hostedzonesbyname", "dnsname=Example.org");
  assert_request (aws, 1, "GET", "/2013-04-01/hostedzonesbyname", "dnsname=example.org.&hostedzoneid=Z2");

  /* Another domain that only begins there is not it */
  g_clear_pointer (&zones, g_ptr_array_unref);
  fake_aws_answer (aws, 200, NULL, "<R><HostedZones><HostedZone><Id>/hostedzone/Z9</Id><Name>zebra.org.</Name></HostedZone></HostedZones>"
                   "<IsTruncated>false</IsTruncated></R>");
  zones = dex_await_boxed (aws_route53_find_zones (client, "example.org"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (zones->len, ==, 0);
}

static void
test_records (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) records = NULL;
  g_auto(GStrv) texts = NULL;
  g_autofree char *name = NULL;
  g_autofree char *target = NULL;
  g_autoptr(GError) error = NULL;

  /* The token of a page has three parts, and those that are missing from an answer are not sent again */
  fake_aws_answer (aws, 200, NULL, "<R><ResourceRecordSets><ResourceRecordSet><Name>\\052.example.org.</Name><Type>TXT</Type><TTL>60</TTL>"
                   "<ResourceRecords><ResourceRecord><Value>\"a\" \"b\"</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></ResourceRecordSets>"
                   "<IsTruncated>true</IsTruncated><NextRecordName>w.example.org.</NextRecordName><NextRecordType>A</NextRecordType>"
                   "<NextRecordIdentifier>one</NextRecordIdentifier></R>");
  fake_aws_answer (aws, 200, NULL, "<R><ResourceRecordSets/><IsTruncated>true</IsTruncated><NextRecordName>x.example.org.</NextRecordName>"
                   "<NextRecordType>AAAA</NextRecordType></R>");
  fake_aws_answer (aws, 200, NULL, "<R><ResourceRecordSets><ResourceRecordSet><Name>x.example.org.</Name><Type>AAAA</Type><AliasTarget>"
                   "<HostedZoneId>Z2FDTNDATAQYW2</HostedZoneId><DNSName>d1.cloudfront.net.</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth>"
                   "</AliasTarget></ResourceRecordSet></ResourceRecordSets><IsTruncated>false</IsTruncated></R>");
  records = dex_await_boxed (aws_route53_list_records (client, "/hostedzone/Z1"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 2);
  assert_request (aws, 0, "GET", "/2013-04-01/hostedzone/Z1/rrset", NULL);
  assert_request (aws, 1, "GET", "/2013-04-01/hostedzone/Z1/rrset", "name=w.example.org.&type=A&identifier=one");
  assert_request (aws, 2, "GET", "/2013-04-01/hostedzone/Z1/rrset", "name=x.example.org.&type=AAAA");

  name = aws_record_set_dup_name (g_ptr_array_index (records, 0));
  texts = aws_record_set_dup_texts (g_ptr_array_index (records, 0));
  g_assert_cmpstr (name, ==, "*.example.org");
  g_assert_cmpstr (texts[0], ==, "ab");
  g_assert_null (texts[1]);
  g_assert_false (aws_record_set_is_alias (g_ptr_array_index (records, 0)));
  g_assert_cmpint (aws_record_set_get_ttl (g_ptr_array_index (records, 0)), ==, 60);

  target = aws_record_set_dup_alias_target (g_ptr_array_index (records, 1));
  g_assert_true (aws_record_set_is_alias (g_ptr_array_index (records, 1)));
  g_assert_cmpstr (target, ==, "d1.cloudfront.net");
}

/* ACM */

static void
test_certificate (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsCertificate) certificate = NULL;
  g_autoptr(GPtrArray) proofs = NULL;
  g_autoptr(GDateTime) expires = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"Certificate\":{\"CertificateArn\":\"arn\",\"DomainName\":\"example.org\",\"Status\":\"PENDING_VALIDATION\","
                   "\"SubjectAlternativeNames\":[\"example.org\",\"*.example.org\"],\"NotAfter\":1.767323045E9,\"DomainValidationOptions\":["
                   "{\"DomainName\":\"example.org\",\"ResourceRecord\":{\"Name\":\"_a.example.org.\",\"Type\":\"CNAME\",\"Value\":\"_b.\"}},"
                   "{\"DomainName\":\"*.example.org\",\"ResourceRecord\":{\"Name\":\"_a.example.org.\",\"Type\":\"CNAME\",\"Value\":\"_b.\"}},"
                   "{\"DomainName\":\"other.org\",\"ValidationStatus\":\"PENDING_VALIDATION\"}]}}");
  certificate = dex_await_boxed (aws_acm_describe_certificate (client, "arn"), &error);
  g_assert_no_error (error);
  g_assert_true (aws_certificate_is_pending (certificate));
  g_assert_false (aws_certificate_is_issued (certificate));
  expires = aws_certificate_dup_expires (certificate);
  g_assert_cmpint (g_date_time_to_unix (expires), ==, 1767323045);

  /* One record for both names, none yet for the third */
  proofs = aws_certificate_dup_proofs (certificate);
  g_assert_cmpuint (proofs->len, ==, 1);
  g_assert_cmpstr (aws_certificate_proof_get_record_name (g_ptr_array_index (proofs, 0)), ==, "_a.example.org.");

  g_assert_true (aws_certificate_covers (certificate, "Example.org"));
  g_assert_true (aws_certificate_covers (certificate, "www.example.org"));
  g_assert_false (aws_certificate_covers (certificate, "a.www.example.org"));
  g_assert_false (aws_certificate_covers (certificate, ".example.org"));
  g_assert_false (aws_certificate_covers (certificate, "example.com"));

  fake_aws_answer (aws, 400, NULL, "{\"__type\":\"ResourceInUseException\",\"message\":\"Certificate is in use.\"}");
  assert_refused (aws_acm_delete_certificate (client, "arn"), AWS_ERROR_CONFLICT);
}

/* Domains */

static void
test_contact (void)
{
  g_autoptr(AwsDomainContact) contact = aws_domain_contact_new ();

  aws_domain_contact_set (contact, AWS_DOMAIN_CONTACT_CITY, "Berlin");
  aws_domain_contact_set (contact, AWS_DOMAIN_CONTACT_STATE, "BE");
  aws_domain_contact_set (contact, AWS_DOMAIN_CONTACT_STATE, "");
  aws_domain_contact_set (contact, AWS_DOMAIN_CONTACT_FAX, NULL);
  aws_domain_contact_set_extra (contact, "UK_CONTACT_TYPE", "IND");
  aws_domain_contact_set_extra (contact, "UK_CONTACT_TYPE", "FIND");
  g_assert_cmpstr (aws_domain_contact_get (contact, AWS_DOMAIN_CONTACT_CITY), ==, "Berlin");
  g_assert_null (aws_domain_contact_get (contact, AWS_DOMAIN_CONTACT_STATE));
  g_assert_null (aws_domain_contact_get (contact, AWS_DOMAIN_CONTACT_FAX));
  g_assert_cmpstr (aws_domain_contact_get_extra (contact, "UK_CONTACT_TYPE"), ==, "FIND");
  g_assert_null (aws_domain_contact_get_extra (contact, "IT_PIN"));
}

/* What orders something is sent once, whatever the answer */
static void
test_orders_are_not_repeated (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsDomainContact) contact = aws_domain_contact_new ();
  const char * const recipients[] = { "rosa@example.org", NULL };
  g_autoptr(AwsEmail) email = aws_email_new ("rosa@example.org", recipients, "Subject");

  aws_email_set_text (email, "Text");
  fake_aws_answer (aws, 500, NULL, "{\"__type\":\"InternalFailure\"}");
  assert_refused (aws_route53domains_register (client, "example.org", 1, TRUE, TRUE, contact, contact, contact, NULL), AWS_ERROR_SERVER);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);

  fake_aws_answer (aws, 500, "x-amzn-ErrorType: InternalServerException", "{}");
  assert_refused (aws_sesv2_send (client, email), AWS_ERROR_SERVER);
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
}

static void
test_prices (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(GPtrArray) prices = NULL;
  g_autoptr(GError) error = NULL;
  AwsDomainPrice *price;

  fake_aws_answer (aws, 200, NULL, "{\"Prices\":[{\"Name\":\"org\",\"RenewalPrice\":{\"Price\":14.5,\"Currency\":\"USD\"}}]}");
  prices = dex_await_boxed (aws_route53domains_list_prices (client, "org"), &error);
  g_assert_no_error (error);
  price = g_ptr_array_index (prices, 0);
  g_assert_cmpstr (aws_domain_price_get_name (price), ==, "org");
  g_assert_cmpfloat (aws_domain_price_get_renewal (price), ==, 14.5);
  g_assert_cmpfloat (aws_domain_price_get_registration (price), ==, -1);
  g_assert_cmpstr (aws_domain_price_get_currency (price), ==, "USD");
}

/* Mail */

static void
test_email_identity (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = fake_aws_new_client (aws);
  g_autoptr(AwsEmailIdentity) identity = NULL;
  g_autoptr(AwsEmailIdentity) older = NULL;
  g_autoptr(AwsEmailAccount) account = NULL;
  g_auto(GStrv) tokens = NULL;
  g_autoptr(GError) error = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"IdentityType\":\"DOMAIN\",\"VerifiedForSendingStatus\":false,\"VerificationStatus\":\"PENDING\",\"DkimAttributes\":"
                   "{\"Status\":\"PENDING\",\"Tokens\":[\"a\",\"b\",\"c\"],\"SigningHostedZone\":\"dkim.eu-north-1.amazonses.com\"},"
                   "\"VerificationInfo\":{\"ErrorType\":\"HOST_NOT_FOUND\"}}");
  identity = dex_await_boxed (aws_sesv2_get_identity (client, "a b@example.org"), &error);
  g_assert_no_error (error);
  assert_request (aws, 0, "GET", "/v2/email/identities/a%20b%40example.org", NULL);
  tokens = aws_email_identity_dup_dkim_tokens (identity);
  g_assert_cmpuint (g_strv_length (tokens), ==, 3);
  g_assert_true (aws_email_identity_is_domain (identity));
  g_assert_false (aws_email_identity_is_verified (identity));
  g_assert_cmpstr (aws_email_identity_get_dkim_zone (identity), ==, "dkim.eu-north-1.amazonses.com");
  g_assert_cmpstr (aws_email_identity_get_verification_error (identity), ==, "HOST_NOT_FOUND");

  fake_aws_answer (aws, 200, NULL, "{\"IdentityType\":\"DOMAIN\",\"VerifiedForSendingStatus\":true,\"DkimAttributes\":{}}");
  older = dex_await_boxed (aws_sesv2_get_identity (client, "example.org"), &error);
  g_assert_no_error (error);
  g_assert_true (aws_email_identity_is_verified (older));
  g_assert_cmpstr (aws_email_identity_get_dkim_zone (older), ==, "dkim.amazonses.com");

  fake_aws_answer (aws, 200, NULL, "{\"ProductionAccessEnabled\":false,\"SendingEnabled\":true,\"SendQuota\":{\"Max24HourSend\":200.0,\"MaxSendRate\":1,"
                   "\"SentLast24Hours\":3},\"Details\":{\"ReviewDetails\":{\"Status\":\"PENDING\",\"CaseId\":\"c\"}}}");
  account = dex_await_boxed (aws_sesv2_get_account (client), &error);
  g_assert_no_error (error);
  g_assert_false (aws_email_account_has_production_access (account));
  g_assert_true (aws_email_account_can_send (account));
  g_assert_cmpfloat (aws_email_account_get_daily_quota (account), ==, 200);
  g_assert_cmpfloat (aws_email_account_get_sent_today (account), ==, 3);
  g_assert_cmpstr (aws_email_account_get_review_status (account), ==, "PENDING");
}

/* Letting go ends a call, also one that still waits for its turn or its place */
static void
test_cancel (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  AwsClient *client = fake_aws_new_client (aws);
  g_autoptr(AwsRecordBatch) batch = new_batch ();
  DexFuture *futures[12];

  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      fake_aws_hang (aws);
      futures[i] = i % 2 ? aws_route53_change_records (client, "Z1", batch) : aws_route53_find_zones (client, "example.org");
    }
  dex_await (dex_timeout_new_msec (20), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    dex_clear (&futures[i]);

  fake_aws_assert_gone (client);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/aws/names/dns-names", test_dns_names);
  g_test_add_func ("/aws/names/dns-texts", test_dns_texts);
  g_test_add_func ("/aws/names/pace", test_pace);
  test_add_fiber ("/aws/names/pace-of-requests", test_pace_of_requests);
  test_add_fiber ("/aws/names/turns", test_turns);
  test_add_fiber ("/aws/names/changes-one-by-one", test_changes_one_by_one);
  test_add_fiber ("/aws/names/changes-kept-futures", test_changes_kept_futures);
  test_add_fiber ("/aws/names/find-zones", test_find_zones);
  test_add_fiber ("/aws/names/records", test_records);
  test_add_fiber ("/aws/names/certificate", test_certificate);
  g_test_add_func ("/aws/names/contact", test_contact);
  test_add_fiber ("/aws/names/orders-are-not-repeated", test_orders_are_not_repeated);
  test_add_fiber ("/aws/names/prices", test_prices);
  test_add_fiber ("/aws/names/email-identity", test_email_identity);
  test_add_fiber ("/aws/names/cancel", test_cancel);

  return g_test_run ();
}
