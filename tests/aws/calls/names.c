/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "calls.h"

#include "aws-acm.h"
#include "aws-route53.h"
#include "aws-route53domains.h"
#include "aws-sesv2.h"

#define CERTIFICATE "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555"

static const char * const names[] = { "www.example.org", "*.example.org", NULL };
static const char * const tags[] = { "application", "porchlight", "site", "a b", NULL };
static const char * const keys[] = { "old", NULL };
static const char * const statuses[] = { "PENDING_VALIDATION", "ISSUED", NULL };
static const char * const operation_statuses[] = { "SUBMITTED", "IN_PROGRESS", NULL };
static const char * const operation_types[] = { "REGISTER_DOMAIN", "UPDATE_NAMESERVER", NULL };
static const char * const servers[] = { "ns-1.awsdns-00.com", "ns-2.awsdns-01.net", NULL };
static const char * const addresses[] = { "rosa@example.org", "emil@example.org", NULL };

/* One of each kind: plain values, an alias for the zone itself, a long text */
static AwsRecordBatch *
batch (void)
{
  const char * const values[] = { "192.0.2.1", "192.0.2.2", NULL };
  g_autofree char *text = g_strnfill (300, 'x');
  g_autoptr(AwsRecordSet) plain = aws_record_set_new ("www.example.org", "A", 300, values);
  g_autoptr(AwsRecordSet) alias = aws_record_set_new_alias ("example.org", "AAAA", AWS_ROUTE53_CLOUDFRONT_ZONE, "d1.cloudfront.net");
  g_autoptr(AwsRecordSet) note = aws_record_set_new_text ("example.org", 60, text);
  AwsRecordBatch *all = aws_record_batch_new ("Porchlight");

  aws_record_batch_add (all, AWS_RECORD_ACTION_UPSERT, plain);
  aws_record_batch_add (all, AWS_RECORD_ACTION_CREATE, alias);
  aws_record_batch_add (all, AWS_RECORD_ACTION_DELETE, note);

  return all;
}

static AwsDomainContact *
contact (void)
{
  static const char * const values[] = {
    [AWS_DOMAIN_CONTACT_FIRST_NAME] = "Rosa", [AWS_DOMAIN_CONTACT_LAST_NAME] = "Beispiel",
    [AWS_DOMAIN_CONTACT_TYPE] = "COMPANY", [AWS_DOMAIN_CONTACT_ORGANIZATION] = "Beispiel GmbH",
    [AWS_DOMAIN_CONTACT_ADDRESS_1] = "Weg 1", [AWS_DOMAIN_CONTACT_ADDRESS_2] = "Hinterhaus",
    [AWS_DOMAIN_CONTACT_CITY] = "Berlin", [AWS_DOMAIN_CONTACT_STATE] = "BE", [AWS_DOMAIN_CONTACT_COUNTRY] = "DE",
    [AWS_DOMAIN_CONTACT_ZIP_CODE] = "10115", [AWS_DOMAIN_CONTACT_PHONE] = "+49.301234567",
    [AWS_DOMAIN_CONTACT_EMAIL] = "rosa@example.org", [AWS_DOMAIN_CONTACT_FAX] = "+49.301234568",
  };
  AwsDomainContact *all = aws_domain_contact_new ();

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    aws_domain_contact_set (all, i, values[i]);
  aws_domain_contact_set_extra (all, "EU_COUNTRY_OF_CITIZENSHIP", "DE");
  aws_domain_contact_set_extra (all, "VAT_NUMBER", "DE1");

  return all;
}

static AwsEmail *
email (void)
{
  AwsEmail *all = aws_email_new ("Rosa <rosa@example.org>", addresses, "Grüße");

  aws_email_set_text (all, "Text");
  aws_email_set_html (all, "<p>Text</p>");
  aws_email_set_reply_to (all, addresses);

  return all;
}

CALL (request_certificate, , aws_acm_request_certificate (client, "example.org", names, "EC_prime256v1", "token_1", tags))
CALL (describe_certificate, , aws_acm_describe_certificate (client, CERTIFICATE))
CALL (list_certificates, , aws_acm_list_certificates (client, statuses))
CALL (delete_certificate, , aws_acm_delete_certificate (client, CERTIFICATE))
CALL (add_tags, , aws_acm_add_tags (client, CERTIFICATE, tags))
CALL (list_tags, , aws_acm_list_tags (client, CERTIFICATE))
CALL (create_zone, , aws_route53_create_zone (client, "example.org", "reference-1", "Porchlight"))
CALL (get_zone, , aws_route53_get_zone (client, "/hostedzone/Z1"))
CALL (list_zones, , aws_route53_list_zones (client))
CALL (find_zones, , aws_route53_find_zones (client, "text"))
CALL (count_zones, , aws_route53_count_zones (client))
CALL (delete_zone, , aws_route53_delete_zone (client, "Z1"))
CALL (list_records, , aws_route53_list_records (client, "Z1"))
CALL (change_records, g_autoptr(AwsRecordBatch) all = batch ();, aws_route53_change_records (client, "Z1", all))
CALL (get_change, , aws_route53_get_change (client, "/change/C1"))
CALL (change_tags, , aws_route53_change_tags (client, "Z1", tags, keys))
CALL (list_zone_tags, , aws_route53_list_tags (client, "Z1"))
CALL (get_signing, , aws_route53_get_signing (client, "Z1"))
CALL (check_availability, , aws_route53domains_check_availability (client, "example.org"))
CALL (suggest, , aws_route53domains_suggest (client, "example.org", 50, TRUE))
CALL (list_prices, , aws_route53domains_list_prices (client, "org"))
CALL (register_domain, g_autoptr(AwsDomainContact) one = contact ();,
      aws_route53domains_register (client, "example.org", 10, TRUE, TRUE, one, one, one, one))
CALL (get_operation, , aws_route53domains_get_operation (client, "0a1b2c3d"))
CALL (list_operations, g_autoptr(GDateTime) since = g_date_time_new_from_unix_utc_usec (1767323045500000);,
      aws_route53domains_list_operations (client, since, operation_statuses, operation_types))
CALL (list_domains, , aws_route53domains_list_domains (client))
CALL (get_domain, , aws_route53domains_get_domain (client, "example.org"))
CALL (set_name_servers, , aws_route53domains_set_name_servers (client, "example.org", servers))
CALL (get_reachability, , aws_route53domains_get_reachability (client, "example.org"))
CALL (resend_reachability, , aws_route53domains_resend_reachability (client, "example.org"))
CALL (enable_auto_renew, , aws_route53domains_enable_auto_renew (client, "example.org"))
CALL (disable_auto_renew, , aws_route53domains_disable_auto_renew (client, "example.org"))
CALL (create_identity, , aws_sesv2_create_identity (client, "rosa+site@example.org", tags))
CALL (get_identity, , aws_sesv2_get_identity (client, "rosa+site@example.org"))
CALL (list_identities, , aws_sesv2_list_identities (client))
CALL (delete_identity, , aws_sesv2_delete_identity (client, "rosa+site@example.org"))
CALL (set_mail_from, , aws_sesv2_set_mail_from (client, "example.org", "mail.example.org"))
CALL (get_account, , aws_sesv2_get_account (client))
CALL (request_production_access, , aws_sesv2_request_production_access (client, "https://example.org/", "EN", addresses))
CALL (is_suppressed, , aws_sesv2_is_suppressed (client, "rosa+site@example.org"))
CALL (send_email, g_autoptr(AwsEmail) mail = email ();, aws_sesv2_send (client, mail))

const AwsTestCall names_calls[] = {
  { "aws_acm_request_certificate", "RequestCertificate", call_request_certificate },
  { "aws_acm_describe_certificate", "DescribeCertificate", call_describe_certificate },
  { "aws_acm_list_certificates", "ListCertificates", call_list_certificates },
  { "aws_acm_delete_certificate", "DeleteCertificate", call_delete_certificate },
  { "aws_acm_add_tags", "AddTagsToCertificate", call_add_tags },
  { "aws_acm_list_tags", "ListTagsForCertificate", call_list_tags },
  { "aws_route53_create_zone", "CreateHostedZone", call_create_zone },
  { "aws_route53_get_zone", "GetHostedZone", call_get_zone },
  { "aws_route53_list_zones", "ListHostedZones", call_list_zones },
  { "aws_route53_find_zones", "ListHostedZonesByName", call_find_zones },
  { "aws_route53_count_zones", "GetHostedZoneCount", call_count_zones },
  { "aws_route53_delete_zone", "DeleteHostedZone", call_delete_zone },
  { "aws_route53_list_records", "ListResourceRecordSets", call_list_records },
  { "aws_route53_change_records", "ChangeResourceRecordSets", call_change_records },
  { "aws_route53_get_change", "GetChange", call_get_change },
  { "aws_route53_change_tags", "ChangeTagsForResource", call_change_tags },
  { "aws_route53_list_tags", "ListTagsForResource", call_list_zone_tags },
  { "aws_route53_get_signing", "GetDNSSEC", call_get_signing },
  { "aws_route53domains_check_availability", "CheckDomainAvailability", call_check_availability },
  { "aws_route53domains_suggest", "GetDomainSuggestions", call_suggest },
  { "aws_route53domains_list_prices", "ListPrices", call_list_prices },
  { "aws_route53domains_register", "RegisterDomain", call_register_domain },
  { "aws_route53domains_get_operation", "GetOperationDetail", call_get_operation },
  { "aws_route53domains_list_operations", "ListOperations", call_list_operations },
  { "aws_route53domains_list_domains", "ListDomains", call_list_domains },
  { "aws_route53domains_get_domain", "GetDomainDetail", call_get_domain },
  { "aws_route53domains_set_name_servers", "UpdateDomainNameservers", call_set_name_servers },
  { "aws_route53domains_get_reachability", "GetContactReachabilityStatus", call_get_reachability },
  { "aws_route53domains_resend_reachability", "ResendContactReachabilityEmail", call_resend_reachability },
  { "aws_route53domains_enable_auto_renew", "EnableDomainAutoRenew", call_enable_auto_renew },
  { "aws_route53domains_disable_auto_renew", "DisableDomainAutoRenew", call_disable_auto_renew },
  { "aws_sesv2_create_identity", "CreateEmailIdentity", call_create_identity },
  { "aws_sesv2_get_identity", "GetEmailIdentity", call_get_identity },
  { "aws_sesv2_list_identities", "ListEmailIdentities", call_list_identities },
  { "aws_sesv2_delete_identity", "DeleteEmailIdentity", call_delete_identity },
  { "aws_sesv2_set_mail_from", "PutEmailIdentityMailFromAttributes", call_set_mail_from },
  { "aws_sesv2_get_account", "GetAccount", call_get_account },
  { "aws_sesv2_request_production_access", "PutAccountDetails", call_request_production_access },
  { "aws_sesv2_is_suppressed", "GetSuppressedDestination", call_is_suppressed },
  { "aws_sesv2_send", "SendEmail", call_send_email },
  { NULL }
};
