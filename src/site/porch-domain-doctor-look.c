/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-doctor-private.h"

#include "aws-acm.h"
#include "aws-cloudfront.h"
#include "aws-error.h"
#include "aws-response.h"
#include "aws-route53.h"
#include "aws-soup.h"

#include "porch-address.h"
#include "porch-certificate.h"
#include "porch-fiber.h"
#include "porch-operation.h"
#include "porch-site.h"

#include <libsoup/soup.h>
#include <string.h>

/* How long one answer may take, in seconds */
#define ANSWER_TIME 9
#define VISIT_TIME  20

/* One look. It holds what it needs itself: the site may change meanwhile. */
typedef struct
{
  PorchSite        *site;
  PorchAccount     *account;
  PorchAddress     *address;
  PorchDomainName  *name;       /* belongs to the address */
  PorchDns         *dns;
  DexFuture        *stop;
  PorchDoctorFacts *facts;
  SoupSession      *session;
  char             *distribution;
} Look;

/* A visit of one name, as a fiber beside the others */
typedef struct
{
  Look             *look;
  PorchDoctorVisit *visit;
} Visit;

static DexFuture *
limit (Look      *look,
       DexFuture *future,
       int        seconds)
{
  return dex_future_first (future, dex_timeout_new_seconds (seconds), dex_ref (look->stop), NULL);
}

static PorchDnsAnswer *
await_answer (Look      *look,
              DexFuture *future)
{
  g_autoptr(DexFuture) limited = limit (look, future, ANSWER_TIME);
  const GValue *value;

  dex_await (dex_ref (limited), NULL);
  value = dex_future_get_value (limited, NULL);

  return value != NULL && G_VALUE_HOLDS (value, PORCH_TYPE_DNS_ANSWER) ? g_value_dup_boxed (value) : NULL;
}

static void
replace_strv (char               ***place,
              const char * const   *items)
{
  g_strfreev (*place);
  *place = g_strdupv ((char **) items);
}

/* Name servers, and whether a certificate may be issued */
static void
await_domain (Look *look)
{
  PorchDoctorFacts *facts = look->facts;
  g_autoptr(PorchDomainSurvey) survey = porch_domain_survey_new (look->dns, look->name);
  g_autoptr(PorchDnsAnswer) remembered = NULL;

  if (!dex_await (limit (look, porch_domain_survey_run_brief (survey), 120), NULL))
    return;

  facts->has_dns = TRUE;
  facts->registration = porch_domain_survey_get_registration (survey);
  facts->service = porch_domain_survey_get_service (survey);
  facts->issue = porch_domain_survey_get_issue (survey);
  facts->is_signed = porch_domain_survey_is_signed (survey);
  facts->delegation_ttl = porch_domain_survey_get_delegation_ttl (survey);
  facts->host = g_object_ref (porch_domain_survey_get_host (survey));
  facts->issue_name = g_strdup (porch_domain_survey_get_issue_name (survey));
  replace_strv (&facts->issuers, porch_domain_survey_get_issuers (survey));
  replace_strv (&facts->delegated, porch_domain_survey_get_delegated (survey));
  replace_strv (&facts->lame, porch_domain_survey_get_lame (survey));

  /* What whoever asks the resolver gets may be older than what the registry says. */
  if ((remembered = await_answer (look, porch_dns_lookup (look->dns, facts->domain, PORCH_DNS_NS))) != NULL)
    {
      g_strfreev (facts->remembered);
      facts->remembered = porch_dns_answer_dup_values (remembered, PORCH_DNS_NS);
    }
}

/* The account */

static AwsClient *
dup_client (Look *look)
{
  return porch_account_dup_client_for_region (look->account, PORCH_CERTIFICATE_REGION);
}

/* In small letters, without a dot at its end */
static char *
dup_name (const char *name)
{
  gsize length = strlen (name);

  return g_ascii_strdown (name, length > 0 && name[length - 1] == '.' ? (gssize) length - 1 : -1);
}

static void
await_zone (Look *look)
{
  const char *zone = porch_address_get_zone (look->address);
  g_autoptr(AwsClient) client = dup_client (look);
  g_autoptr(AwsHostedZone) answer = NULL;

  if (zone == NULL || (answer = dex_await_boxed (limit (look, aws_route53_get_zone (client, zone), VISIT_TIME), NULL)) == NULL)
    return;

  g_strfreev (look->facts->zone_servers);
  look->facts->zone_servers = aws_hosted_zone_dup_name_servers (answer);

  for (guint i = 0; look->facts->zone_servers[i] != NULL; i++)
    {
      g_autofree char *server = look->facts->zone_servers[i];

      look->facts->zone_servers[i] = dup_name (server);
    }
}

static gboolean
has_wish (PorchDoctorFacts *facts,
          const char       *name)
{
  for (guint i = 0; i < facts->wishes->len; i++)
    if (g_str_equal (((PorchDoctorWish *) g_ptr_array_index (facts->wishes, i))->name, name))
      return TRUE;

  return FALSE;
}

/* Names that share a proof have it once. */
static void
add_proofs (PorchDoctorFacts *facts,
            AwsCertificate   *certificate)
{
  g_autoptr(GPtrArray) proofs = aws_certificate_dup_proofs (certificate);

  for (guint i = 0; i < proofs->len; i++)
    {
      AwsCertificateProof *proof = g_ptr_array_index (proofs, i);
      const char *record_name = aws_certificate_proof_get_record_name (proof);
      const char *record_value = aws_certificate_proof_get_record_value (proof);
      g_autofree char *name = record_name != NULL ? dup_name (record_name) : NULL;
      g_autofree char *value = record_value != NULL ? dup_name (record_value) : NULL;

      if (name != NULL && value != NULL && !has_wish (facts, name))
        porch_doctor_facts_add_wish (facts, PORCH_DOCTOR_PROOF, name, aws_certificate_proof_get_record_type (proof), value);
    }
}

static void
take_certificate (Look           *look,
                  AwsCertificate *certificate)
{
  PorchDoctorFacts *facts = look->facts;
  g_autoptr(GStrvBuilder) uncovered = g_strv_builder_new ();

  facts->certificate = g_strdup (aws_certificate_get_status (certificate));
  facts->failure = g_strdup (aws_certificate_get_failure_reason (certificate));
  facts->renewal = g_strdup (aws_certificate_get_renewal_status (certificate));
  facts->requested = aws_certificate_dup_created (certificate);
  facts->expires = aws_certificate_dup_expires (certificate);

  for (guint i = 0; facts->names[i] != NULL; i++)
    if (!aws_certificate_covers (certificate, facts->names[i]))
      g_strv_builder_add (uncovered, facts->names[i]);

  g_strfreev (facts->uncovered);
  facts->uncovered = g_strv_builder_end (uncovered);
  add_proofs (facts, certificate);
}

static void
await_certificate (Look *look)
{
  const char *arn = porch_address_get_certificate (look->address);
  g_autoptr(AwsClient) client = dup_client (look);
  g_autoptr(AwsCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;

  if (arn == NULL)
    return;

  look->facts->has_certificate = TRUE;
  certificate = dex_await_boxed (limit (look, aws_acm_describe_certificate (client, arn), VISIT_TIME), &error);

  if (certificate != NULL)
    take_certificate (look, certificate);
  else
    look->facts->is_certificate_gone = g_error_matches (error, AWS_ERROR, AWS_ERROR_NOT_FOUND);
}

/* The ids of others come with stars in place of most letters; what is left tells one's own account well enough. */
static gboolean
is_own_account (const char *account,
                const char *number)
{
  const char *tail = account != NULL ? strrchr (account, '*') : NULL;

  if (account == NULL || number == NULL)
    return FALSE;

  return tail != NULL ? tail[1] != '\0' && g_str_has_suffix (number, tail + 1) : g_str_equal (account, number);
}

static void
set_claim (Look             *look,
           const char       *name,
           PorchDoctorClaim  claim)
{
  look->facts->claim = claim;
  g_set_str (&look->facts->claimed_name, name);
}

/* Another site of the same account */
static gboolean
await_claim_here (Look       *look,
                  const char *name)
{
  g_autoptr(AwsClient) client = dup_client (look);
  g_autoptr(GPtrArray) distributions = dex_await_boxed (limit (look, aws_cloudfront_list_distributions (client), VISIT_TIME), NULL);

  for (guint i = 0; distributions != NULL && i < distributions->len; i++)
    {
      AwsDistribution *distribution = g_ptr_array_index (distributions, i);
      g_auto(GStrv) aliases = aws_distribution_dup_aliases (distribution);

      if (g_strcmp0 (aws_distribution_get_id (distribution), look->distribution) != 0 && g_strv_contains ((const char * const *) aliases, name))
        return TRUE;
    }

  return FALSE;
}

/* What was said when the name was to be connected: nobody tells it later, since the distribution got no certificate then. */
static gboolean
was_refused (Look *look)
{
  PorchOperation *operation = porch_site_get_operation (look->site);
  PorchProblem *problem = operation != NULL && g_str_equal (porch_operation_get_kind (operation), "address") ? porch_operation_get_problem (operation) : NULL;
  const char *details = problem != NULL ? porch_problem_get_details (problem) : NULL;

  return details != NULL && (strstr (details, "CNAMEAlreadyExists") != NULL || strstr (details, "already associated") != NULL ||
                             strstr (details, "incorrectly configured DNS record") != NULL);
}

/* Who has a name that the site does not answer to */
static void
await_claim (Look       *look,
             const char *name)
{
  g_autoptr(AwsClient) client = dup_client (look);
  g_autoptr(GPtrArray) conflicts = NULL;
  const char *number = porch_account_get_number (look->account);

  conflicts = dex_await_boxed (limit (look, aws_cloudfront_list_domain_conflicts (client, name, look->distribution), VISIT_TIME), NULL);

  for (guint i = 0; conflicts != NULL && i < conflicts->len; i++)
    {
      AwsDomainConflict *conflict = g_ptr_array_index (conflicts, i);

      if (g_strcmp0 (aws_domain_conflict_get_resource_id (conflict), look->distribution) != 0)
        set_claim (look, name, is_own_account (aws_domain_conflict_get_account (conflict), number) ? PORCH_DOCTOR_CLAIM_HERE
                                                                                                   : PORCH_DOCTOR_CLAIM_ELSEWHERE);
    }

  if (conflicts == NULL && await_claim_here (look, name))
    set_claim (look, name, PORCH_DOCTOR_CLAIM_HERE);
  else if (conflicts == NULL && was_refused (look))
    set_claim (look, name, PORCH_DOCTOR_CLAIM_ELSEWHERE);
}

/* The practice cloud tells a port, too, which is no part of a name. */
static char *
dup_host (const char *domain)
{
  return domain != NULL ? g_strndup (domain, strcspn (domain, ":")) : NULL;
}

static void
await_distribution (Look *look)
{
  PorchDoctorFacts *facts = look->facts;
  g_autoptr(AwsClient) client = dup_client (look);
  g_autoptr(AwsDistribution) distribution = NULL;
  g_autoptr(GStrvBuilder) missing = g_strv_builder_new ();
  g_auto(GStrv) aliases = NULL;
  g_autoptr(GError) error = NULL;

  if (look->distribution == NULL)
    return;

  distribution = dex_await_boxed (limit (look, aws_cloudfront_get_distribution (client, look->distribution), VISIT_TIME), &error);
  facts->has_cloud = distribution != NULL || g_error_matches (error, AWS_ERROR, AWS_ERROR_NOT_FOUND);

  if (distribution == NULL)
    return;

  aliases = aws_distribution_dup_aliases (distribution);
  facts->has_distribution = TRUE;
  facts->is_enabled = aws_distribution_is_enabled (distribution);
  facts->is_deployed = aws_distribution_is_deployed (distribution);
  facts->site_host = dup_host (aws_distribution_get_domain (distribution));

  /* Records know no ports, which only the practice cloud has */

  for (guint i = 0; facts->names[i] != NULL; i++)
    if (!g_strv_contains ((const char * const *) aliases, facts->names[i]))
      {
        g_strv_builder_add (missing, facts->names[i]);

        /* Without a certificate that covers the name nobody tells who has it. */
        if (g_strcmp0 (facts->certificate, "ISSUED") == 0 && facts->claim == PORCH_DOCTOR_CLAIM_NONE)
          await_claim (look, facts->names[i]);
      }

  g_strfreev (facts->missing_names);
  facts->missing_names = g_strv_builder_end (missing);
}

/* The records */

static char **
dup_addresses (PorchDnsAnswer *a,
               PorchDnsAnswer *aaaa)
{
  g_auto(GStrv) first = a != NULL ? porch_dns_answer_dup_values (a, PORCH_DNS_A) : NULL;
  g_auto(GStrv) second = aaaa != NULL ? porch_dns_answer_dup_values (aaaa, PORCH_DNS_AAAA) : NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (first != NULL)
    g_strv_builder_addv (builder, (const char **) first);
  if (second != NULL)
    g_strv_builder_addv (builder, (const char **) second);

  return g_strv_builder_end (builder);
}

static void
await_site_addresses (Look *look)
{
  g_autoptr(PorchDnsAnswer) a = NULL;
  g_autoptr(PorchDnsAnswer) aaaa = NULL;

  if (look->facts->site_host == NULL)
    return;

  a = await_answer (look, porch_dns_lookup (look->dns, look->facts->site_host, PORCH_DNS_A));
  aaaa = await_answer (look, porch_dns_lookup (look->dns, look->facts->site_host, PORCH_DNS_AAAA));
  g_strfreev (look->facts->site_addresses);
  look->facts->site_addresses = dup_addresses (a, aaaa);
}

static void
add_aliases (GStrvBuilder   *builder,
             PorchDnsAnswer *answer)
{
  GPtrArray *records = answer != NULL ? porch_dns_answer_get_records (answer) : NULL;

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const PorchDnsRecord *record = g_ptr_array_index (records, i);

      if (record->type == PORCH_DNS_CNAME)
        g_strv_builder_add (builder, record->value);
    }
}

/* What stands at a name: the names on its way, if it is an alias, then addresses */
static char **
dup_found (PorchDnsAnswer *answer,
           PorchDnsAnswer *second)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) addresses = dup_addresses (answer, second);

  add_aliases (builder, answer);
  g_strv_builder_addv (builder, (const char **) addresses);

  return g_strv_builder_end (builder);
}

/* A domain's own servers tell of an alias only what they hold themselves; where it leads is known to whoever follows it. */
static void
follow_alias (PorchDoctorWish *wish)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (*wish->found == NULL || g_hostname_is_ip_address (wish->found[0]) || g_strcmp0 (wish->found[0], wish->old[0]) != 0)
    return;

  g_strv_builder_addv (builder, (const char **) wish->old);
  g_strfreev (wish->found);
  wish->found = g_strv_builder_end (builder);
}

static guint
get_ttl (PorchDnsAnswer *answer)
{
  GPtrArray *records = porch_dns_answer_get_records (answer);
  guint ttl = 0;

  for (guint i = 0; i < records->len; i++)
    ttl = MAX (ttl, ((const PorchDnsRecord *) g_ptr_array_index (records, i))->ttl);

  return ttl;
}

/* Addresses of the servers that hold the domain now */
static char **
await_holders (Look *look)
{
  PorchDoctorFacts *facts = look->facts;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; !porch_dns_is_fixed (look->dns) && facts->delegated[i] != NULL && i < 4; i++)
    {
      g_autoptr(PorchDnsAnswer) a = NULL;
      g_auto(GStrv) addresses = NULL;

      if (g_strv_contains ((const char * const *) facts->lame, facts->delegated[i]))
        continue;

      a = await_answer (look, porch_dns_lookup (look->dns, facts->delegated[i], PORCH_DNS_A));
      addresses = dup_addresses (a, NULL);
      g_strv_builder_addv (builder, (const char **) addresses);
    }

  return g_strv_builder_end (builder);
}

/* What the domain's own servers say, where they can be asked; what anybody gets otherwise */
static DexFuture *
ask_truth (Look         *look,
           char        **holders,
           const char   *name,
           PorchDnsType  type)
{
  if (*holders != NULL || porch_dns_is_fixed (look->dns))
    return porch_dns_lookup_at (look->dns, (const char * const *) holders, name, type);

  return porch_dns_lookup (look->dns, name, type);
}

/* A server that passes questions on, or has none of the domain, tells nothing itself. */
static gboolean
is_truth (PorchDnsAnswer *answer)
{
  return answer != NULL && (porch_dns_answer_is_authoritative (answer) || porch_dns_answer_get_status (answer) == PORCH_DNS_FOUND);
}

/* Companies add the domain to a name by themselves; who enters the whole name gets it twice. */
static void
await_doubled (Look            *look,
               char           **holders,
               PorchDoctorWish *wish)
{
  g_autofree char *doubled = g_strconcat (wish->name, ".", look->facts->domain, NULL);
  g_autoptr(PorchDnsAnswer) answer = await_answer (look, ask_truth (look, holders, doubled, PORCH_DNS_CNAME));
  g_auto(GStrv) found = dup_found (answer, NULL);

  if (g_strv_contains ((const char * const *) found, wish->value))
    wish->doubled = g_steal_pointer (&doubled);
}

static void
await_wish (Look             *look,
            char            **holders,
            PorchDoctorWish  *wish)
{
  gboolean is_proof = wish->purpose == PORCH_DOCTOR_PROOF;
  PorchDnsType type = is_proof ? PORCH_DNS_CNAME : PORCH_DNS_A;
  g_autoptr(DexFuture) first = ask_truth (look, holders, wish->name, type);
  g_autoptr(DexFuture) second = is_proof ? NULL : ask_truth (look, holders, wish->name, PORCH_DNS_AAAA);
  g_autoptr(PorchDnsAnswer) others = await_answer (look, porch_dns_lookup (look->dns, wish->name, type));
  g_autoptr(PorchDnsAnswer) truth = await_answer (look, dex_ref (first));
  g_autoptr(PorchDnsAnswer) more = second != NULL ? await_answer (look, dex_ref (second)) : NULL;

  if (!is_truth (truth) && others != NULL)
    {
      g_clear_pointer (&truth, porch_dns_answer_unref);
      truth = porch_dns_answer_ref (others);
    }

  wish->is_known = TRUE;
  wish->status = truth != NULL ? porch_dns_answer_get_status (truth) : PORCH_DNS_BROKEN;
  g_strfreev (wish->found);
  wish->found = dup_found (truth, more);

  if (others != NULL && porch_dns_answer_get_status (others) == PORCH_DNS_FOUND)
    {
      g_strfreev (wish->old);
      wish->old = dup_found (others, NULL);
      wish->old_ttl = get_ttl (others);
      follow_alias (wish);
    }

  if (*wish->found == NULL && wish->status != PORCH_DNS_BROKEN)
    await_doubled (look, holders, wish);
}

static void
await_wishes (Look *look)
{
  PorchDoctorFacts *facts = look->facts;
  g_auto(GStrv) holders = NULL;
  gboolean is_dead;

  if (!facts->has_dns)
    return;

  holders = await_holders (look);
  is_dead = facts->service == PORCH_DOMAIN_SERVICE_BROKEN && *holders == NULL && !porch_dns_is_fixed (look->dns);

  for (guint i = 0; i < facts->wishes->len; i++)
    {
      PorchDoctorWish *wish = g_ptr_array_index (facts->wishes, i);

      if (wish->purpose == PORCH_DOCTOR_SERVER)
        {
          wish->is_known = facts->registration != PORCH_DOMAIN_REGISTRATION_UNKNOWN;
          replace_strv (&wish->found, (const char * const *) facts->delegated);
        }
      else if (is_dead)
        {
          wish->is_known = TRUE;
          wish->status = PORCH_DNS_BROKEN;
        }
      else
        {
          await_wish (look, holders, wish);
        }
    }
}

/* The visit */

/* Each answer of the network that shows the site has this
 * ([CloudFront](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html)). */
static gboolean
is_from_site (SoupMessage *message)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (message), "X-Amz-Cf-Id") != NULL;
}

static gboolean
leads_to (SoupMessage *message,
          const char  *host)
{
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
  g_autoptr(GUri) uri = NULL;

  if (!SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (message)) || location == NULL)
    return FALSE;

  uri = g_uri_parse_relative (soup_message_get_uri (message), location, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && g_strcmp0 (g_uri_get_host (uri), host) == 0;
}

static PorchDoctorOutcome
judge_failure (const GError *error)
{
  if (error->domain == G_RESOLVER_ERROR)
    return PORCH_DOCTOR_VISIT_NO_NAME;

  if (error->domain == G_TLS_ERROR)
    return PORCH_DOCTOR_VISIT_BAD_CERTIFICATE;

  return PORCH_DOCTOR_VISIT_SILENT;
}

static char *
dup_stranger (SoupMessage *message)
{
  const char *server = soup_message_headers_get_one (soup_message_get_response_headers (message), "Server");

  return server != NULL ? g_utf8_make_valid (server, MIN ((gssize) strlen (server), 60)) : g_strdup_printf ("HTTP %u", soup_message_get_status (message));
}

/* @is_main is the name that the site is shown at; any other has to send visitors on to it. A company that does that in the
 * place of the site answers for itself. */
static PorchDoctorOutcome
judge_message (Look             *look,
               PorchDoctorVisit *visit,
               SoupMessage      *message)
{
  gboolean is_main = g_str_equal (visit->name, look->facts->name);

  visit->status = soup_message_get_status (message);

  if (!is_main && leads_to (message, look->facts->name))
    return PORCH_DOCTOR_VISIT_GOOD;

  if (!is_from_site (message))
    {
      visit->detail = dup_stranger (message);
      return PORCH_DOCTOR_VISIT_FOREIGN;
    }

  if (visit->status == SOUP_STATUS_FORBIDDEN || visit->status == 421)
    return PORCH_DOCTOR_VISIT_REFUSED;

  if (visit->status == SOUP_STATUS_SERVICE_UNAVAILABLE && porch_site_get_live_release (look->site) == NULL)
    return PORCH_DOCTOR_VISIT_EMPTY;

  if (visit->status >= 400)
    return PORCH_DOCTOR_VISIT_ERROR;

  return is_main ? PORCH_DOCTOR_VISIT_GOOD : PORCH_DOCTOR_VISIT_NOT_SENT_ON;
}

static DexFuture *
visit_fiber (gpointer user_data)
{
  Visit *visit = user_data;
  Look *look = visit->look;
  g_autofree char *address = porch_account_dup_address (look->account, visit->visit->name);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();

  if (message == NULL)
    return dex_future_new_true ();

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  response = dex_await_boxed (limit (look, aws_soup_send (look->session, message, NULL), VISIT_TIME), &error);
  visit->visit->seconds = (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC;

  if (response != NULL)
    {
      visit->visit->outcome = judge_message (look, visit->visit, message);
    }
  else if (dex_future_is_pending (look->stop))
    {
      visit->visit->outcome = judge_failure (error);
      visit->visit->detail = g_strdup (error->message);
    }

  return dex_future_new_true ();
}

static void
await_visits (Look *look)
{
  PorchDoctorFacts *facts = look->facts;
  g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  g_autofree Visit *visits = g_new0 (Visit, g_strv_length (facts->names));

  for (guint i = 0; facts->names[i] != NULL; i++)
    {
      visits[i].look = look;
      visits[i].visit = porch_doctor_facts_add_visit (facts, facts->names[i], PORCH_DOCTOR_VISIT_UNKNOWN);
      g_ptr_array_add (futures, porch_fiber_spawn (visit_fiber, &visits[i], NULL, NULL));
    }

  if (futures->len > 0)
    dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), NULL);
}

static void
look_clear (Look *look)
{
  g_clear_object (&look->site);
  g_clear_object (&look->account);
  g_clear_object (&look->dns);
  g_clear_object (&look->session);
  g_clear_pointer (&look->address, porch_address_unref);
  g_clear_pointer (&look->facts, porch_doctor_facts_free);
  g_clear_pointer (&look->distribution, g_free);
}

static void
look_begin (Look *look)
{
  PorchDoctorFacts *facts = look->facts;
  PorchDomainName *name = porch_address_get_name (look->address);
  PorchAddressWay way = porch_address_get_way (look->address);

  look->name = name;
  facts->name = g_strdup (porch_domain_name_get_ascii (name));
  facts->domain = g_strdup (porch_domain_name_get_registrable (name));
  facts->is_in_account = porch_address_is_in_account (look->address);
  facts->is_bought = way == PORCH_ADDRESS_BUY;
  facts->is_live = porch_address_get_state (look->address) != PORCH_ADDRESS_SETTING_UP;
  replace_strv (&facts->names, porch_address_get_names (look->address));
  look->distribution = g_strdup (porch_site_get_distribution (look->site));
  look->session = soup_session_new_with_options ("timeout", VISIT_TIME, "user-agent", "Porchlight", NULL);
}

/* In a fiber: what the name servers say about a name. The facts know nothing but names, and which records are wanted. */
void
porch_doctor_await_name (PorchDoctorFacts *facts,
                         PorchDns         *dns,
                         PorchDomainName  *name,
                         DexFuture        *stop)
{
  Look look = { .facts = facts, .dns = dns, .name = name, .stop = stop };

  await_domain (&look);
  await_site_addresses (&look);
  await_wishes (&look);
}

/* Looks at everything; NULL if the site has no own address, or the look was stopped. */
PorchDoctorFacts *
porch_doctor_await_facts (PorchSite *site,
                          DexFuture *stop)
{
  Look look = { .stop = stop };
  PorchAddress *address = porch_site_get_own_address (site);
  PorchDoctorFacts *facts = NULL;

  if (address == NULL)
    return NULL;

  look.site = g_object_ref (site);
  look.account = g_object_ref (porch_site_get_account (site));
  look.address = porch_address_ref (address);
  look.dns = porch_site_dup_dns (site);
  look.facts = porch_doctor_facts_new ();
  look_begin (&look);

  await_domain (&look);
  await_zone (&look);
  await_certificate (&look);
  await_distribution (&look);
  porch_doctor_facts_plan (look.facts);
  await_site_addresses (&look);
  await_wishes (&look);
  await_visits (&look);

  if (dex_future_is_pending (stop))
    facts = g_steal_pointer (&look.facts);

  look_clear (&look);

  return facts;
}
