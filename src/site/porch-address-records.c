/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-private.h"

#include "porch-certificate.h"
#include "porch-error.h"
#include "porch-site-private.h"

#include "aws-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How many record sets go into one change, well below the limit of 1,000 records and 32,000 characters */
#define BATCH 40

/* How long a proof may be remembered, in seconds */
#define PROOF_TTL 300

/* The records of an own address in a zone of the account. Each function looks at what is there first, so that the same call
 * after a kill changes nothing more. */

/* What a site's name can be led elsewhere with; a name that has one of them is taken. */
static const char * const leading_types[] = { "A", "AAAA", "CNAME", "HTTPS", "SVCB", NULL };

/* As porch_operation_until_stopped(), also for work without an operation. */
DexFuture *
porch_address_until_stopped (PorchOperation *operation,
                             DexFuture      *work)
{
  return operation != NULL ? porch_operation_until_stopped (operation, work) : work;
}

static char *
dup_normal (const char *name)
{
  char *normal = g_ascii_strdown (name, -1);

  if (g_str_has_suffix (normal, "."))
    normal[strlen (normal) - 1] = '\0';

  return normal;
}

static gboolean
is_same_name (const char *a,
              const char *b)
{
  g_autofree char *first = dup_normal (a);
  g_autofree char *second = dup_normal (b);

  return g_str_equal (first, second);
}

/* How many of the servers that the internet asks about the zone's domain are the zone's own */
static guint
await_served (PorchOperation *operation,
              AwsClient      *client,
              PorchDns       *dns,
              const char     *id,
              const char     *name)
{
  g_autoptr(AwsHostedZone) zone = dex_await_boxed (porch_address_until_stopped (operation, aws_route53_get_zone (client, id)), NULL);
  g_autoptr(PorchDnsAnswer) answer = NULL;
  g_auto(GStrv) own = zone != NULL ? aws_hosted_zone_dup_name_servers (zone) : NULL;
  g_auto(GStrv) asked = NULL;
  guint count = 0;

  if (own == NULL)
    return 0;

  answer = dex_await_boxed (porch_address_until_stopped (operation, porch_dns_lookup (dns, name, PORCH_DNS_NS)), NULL);
  asked = answer != NULL ? porch_dns_answer_dup_values (answer, PORCH_DNS_NS) : NULL;

  for (guint i = 0; asked != NULL && asked[i] != NULL; i++)
    for (guint j = 0; own[j] != NULL; j++)
      count += is_same_name (asked[i], own[j]);

  return count;
}

/* Of several zones of one name the one that the internet asks; if it asks none, the oldest */
static char *
await_best (PorchOperation *operation,
            AwsClient      *client,
            PorchDns       *dns,
            GPtrArray      *ids,
            const char     *name)
{
  guint best = 0;
  guint most = 0;

  for (guint i = 0; ids->len > 1 && i < ids->len; i++)
    {
      guint served = await_served (operation, client, dns, g_ptr_array_index (ids, i), name);

      if (served > most)
        {
          best = i;
          most = served;
        }
    }

  return g_strdup (g_ptr_array_index (ids, best));
}

/* Finds the public zone in the account that a name's records are in: that of the longest name. @zone is NULL if there is
 * none. */
gboolean
porch_address_await_zone (PorchOperation   *operation,
                          AwsClient        *client,
                          PorchDns         *dns,
                          PorchDomainName  *name,
                          char            **zone,
                          GError          **error)
{
  const char *registrable = porch_domain_name_get_registrable (name);

  g_clear_pointer (zone, g_free);

  for (const char *at = porch_domain_name_get_ascii (name);; at = strchr (at, '.') + 1)
    {
      g_autoptr(GPtrArray) found = NULL;
      g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

      found = dex_await_boxed (porch_address_until_stopped (operation, aws_route53_find_zones (client, at)), error);

      if (found == NULL)
        return FALSE;

      for (guint i = 0; i < found->len; i++)
        if (!aws_hosted_zone_is_private (g_ptr_array_index (found, i)))
          g_ptr_array_add (ids, g_strdup (aws_hosted_zone_get_id (g_ptr_array_index (found, i))));

      if (ids->len > 0)
        *zone = await_best (operation, client, dns, ids, at);

      if (*zone != NULL || strlen (at) <= strlen (registrable))
        return TRUE;
    }
}

static GPtrArray *
await_records (PorchOperation  *operation,
               AwsClient       *client,
               const char      *zone,
               GError         **error)
{
  return dex_await_boxed (porch_address_until_stopped (operation, aws_route53_list_records (client, zone)), error);
}

/* A change counts once all name servers know it. */
static gboolean
await_change (PorchOperation  *operation,
              AwsClient       *client,
              const char      *zone,
              AwsRecordBatch  *batch,
              GError         **error)
{
  g_autoptr(AwsZoneChange) change = NULL;
  guint pause = 50;

  if (aws_record_batch_get_length (batch) == 0)
    return TRUE;

  change = dex_await_boxed (porch_address_until_stopped (operation, aws_route53_change_records (client, zone, batch)), error);

  while (change != NULL && !aws_zone_change_is_in_sync (change))
    {
      g_autofree char *id = g_strdup (aws_zone_change_get_id (change));

      dex_await (porch_address_until_stopped (operation, dex_timeout_new_msec (pause)), NULL);
      pause = MIN (pause * 2, 5000);
      g_clear_pointer (&change, aws_zone_change_unref);
      change = dex_await_boxed (porch_address_until_stopped (operation, aws_route53_get_change (client, id)), error);
    }

  return change != NULL;
}

/* In the practice cloud the host of a site has a port, which no record has */
static char *
dup_target (const char *host)
{
  return g_strndup (host, strcspn (host, ":"));
}

static gboolean
leads_to (AwsRecordSet *records,
          const char   *target)
{
  g_autofree char *alias = aws_record_set_is_alias (records) ? aws_record_set_dup_alias_target (records) : NULL;
  g_auto(GStrv) values = aws_record_set_dup_values (records);

  if (alias != NULL)
    return is_same_name (alias, target);

  return g_strcmp0 (aws_record_set_get_record_type (records), "CNAME") == 0 && values[0] != NULL && is_same_name (values[0], target);
}

static gboolean
is_leading (AwsRecordSet *records,
            const char   *name)
{
  g_autofree char *own = aws_record_set_dup_name (records);

  return own != NULL && is_same_name (own, name) && g_strv_contains (leading_types, aws_record_set_get_record_type (records));
}

static char *
describe_values (AwsRecordSet *records)
{
  g_auto(GStrv) values = aws_record_set_dup_values (records);

  return aws_record_set_is_alias (records) ? aws_record_set_dup_alias_target (records) : g_strjoinv (", ", values);
}

/* The records of @names that lead elsewhere than to @host, as PorchAddressConflict. */
GPtrArray *
porch_address_await_conflicts (PorchOperation      *operation,
                               AwsClient           *client,
                               const char          *zone,
                               const char * const  *names,
                               const char          *host,
                               GError             **error)
{
  g_autoptr(GPtrArray) records = await_records (operation, client, zone, error);
  g_autoptr(GPtrArray) conflicts = NULL;
  g_autofree char *target = dup_target (host);

  if (records == NULL)
    return NULL;

  conflicts = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; names[i] != NULL; i++)
    for (guint j = 0; j < records->len; j++)
      {
        AwsRecordSet *each = g_ptr_array_index (records, j);
        g_autofree char *values = NULL;

        if (!is_leading (each, names[i]) || leads_to (each, target))
          continue;

        values = describe_values (each);
        g_ptr_array_add (conflicts, porch_address_conflict_new_records (names[i], aws_record_set_get_record_type (each), values));
      }

  return g_steal_pointer (&conflicts);
}

static gboolean
has_records (GPtrArray  *records,
             const char *name,
             const char *type)
{
  for (guint i = 0; i < records->len; i++)
    {
      AwsRecordSet *each = g_ptr_array_index (records, i);
      g_autofree char *own = aws_record_set_dup_name (each);

      /* An alias of the name is in the way of everything that leads elsewhere */
      if (own != NULL && is_same_name (own, name) &&
          (g_strcmp0 (aws_record_set_get_record_type (each), type) == 0 ||
           (g_str_equal (type, "CNAME") != (g_strcmp0 (aws_record_set_get_record_type (each), "CNAME") == 0))))
        return TRUE;
    }

  return FALSE;
}

/* How a value is written in a zone of the account */
static char *
format_value (const char *type,
              const char *value)
{
  if (g_str_equal (type, "TXT") || g_str_equal (type, "SPF"))
    return aws_dns_text_quote (value);

  /* Flags and tag come first; what is behind them stands in quotes */
  if (g_str_equal (type, "CAA") && strchr (value, '"') == NULL)
    {
      g_auto(GStrv) parts = g_strsplit (value, " ", 3);

      if (g_strv_length (parts) == 3)
        return g_strdup_printf ("%s %s \"%s\"", parts[0], parts[1], parts[2]);
    }

  return g_strdup (value);
}

/* What the names of the address show now goes along, too, so that it is shown until the site takes its place. Only an alias of
 * the domain itself can't be. */
static gboolean
goes_along (PorchDomainRecord  *record,
            const char         *domain,
            const char * const *names)
{
  const char *name = porch_domain_record_get_name (record);
  const char *type = porch_domain_record_get_record_type (record);

  return porch_domain_record_get_obstacle (record) == NULL ||
         (g_strv_contains (names, name) && (!g_str_equal (type, "CNAME") || !is_same_name (name, domain)));
}

/* All values that were found for one name and type, as one record set; NULL if it does not go along */
static AwsRecordSet *
gather (GListModel         *found,
        PorchDomainRecord  *first,
        const char         *domain,
        const char * const *names,
        const char * const *left_out)
{
  const char *name = porch_domain_record_get_name (first);
  const char *type = porch_domain_record_get_record_type (first);
  g_autoptr(GStrvBuilder) values = g_strv_builder_new ();
  g_auto(GStrv) list = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (found); i++)
    {
      g_autoptr(PorchDomainRecord) each = g_list_model_get_item (found, i);
      g_autofree char *key = porch_address_build_record_key (each);

      if (is_same_name (porch_domain_record_get_name (each), name) &&
          g_str_equal (porch_domain_record_get_record_type (each), type) &&
          goes_along (each, domain, names) && (left_out == NULL || !g_strv_contains (left_out, key)))
        g_strv_builder_take (values, format_value (type, porch_domain_record_get_value (each)));
    }

  list = g_strv_builder_end (values);

  return list[0] != NULL ? aws_record_set_new (name, type, MAX (porch_domain_record_get_ttl (first), 60), (const char * const *) list)
                         : NULL;
}

/* Copies what was found of a domain into its zone, except for what is there already. @names are those of the address. */
gboolean
porch_address_await_copies (PorchOperation      *operation,
                            AwsClient           *client,
                            const char          *zone,
                            PorchDomainSurvey   *survey,
                            const char * const  *names,
                            const char * const  *left_out,
                            GError             **error)
{
  GListModel *found = porch_domain_survey_get_records (survey);
  const char *domain = porch_domain_name_get_registrable (porch_domain_survey_get_name (survey));
  g_autoptr(GPtrArray) there = await_records (operation, client, zone, error);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(AwsRecordBatch) batch = aws_record_batch_new ("Porchlight: copied");

  if (there == NULL)
    return FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (found); i++)
    {
      g_autoptr(PorchDomainRecord) record = g_list_model_get_item (found, i);
      const char *name = porch_domain_record_get_name (record);
      const char *type = porch_domain_record_get_record_type (record);
      g_autoptr(AwsRecordSet) set = NULL;

      if (!g_hash_table_add (seen, g_strdup_printf ("%s %s", type, name)) || has_records (there, name, type) ||
          !(set = gather (found, record, domain, names, left_out)))
        continue;

      aws_record_batch_add (batch, AWS_RECORD_ACTION_UPSERT, set);

      if (aws_record_batch_get_length (batch) < BATCH)
        continue;

      if (!await_change (operation, client, zone, batch, error))
        return FALSE;

      g_clear_pointer (&batch, aws_record_batch_unref);
      batch = aws_record_batch_new ("Porchlight: copied");
    }

  return await_change (operation, client, zone, batch, error);
}

/* Writes the records that a certificate waits for, and needs for each renewal. A fitting certificate may have other names,
 * which are not this zone's. */
gboolean
porch_address_await_proofs (PorchOperation  *operation,
                            AwsClient       *client,
                            const char      *zone,
                            GPtrArray       *proofs,
                            GError         **error)
{
  g_autoptr(AwsHostedZone) answer = dex_await_boxed (porch_address_until_stopped (operation, aws_route53_get_zone (client, zone)),
                                                     error);
  g_autoptr(AwsRecordBatch) batch = aws_record_batch_new ("Porchlight: certificate");
  g_autofree char *end = NULL;

  if (answer == NULL)
    return FALSE;

  end = aws_hosted_zone_dup_name (answer);

  for (guint i = 0; i < proofs->len; i++)
    {
      PorchCertificateProof *proof = g_ptr_array_index (proofs, i);
      const char *values[] = { proof->value, NULL };
      g_autoptr(AwsRecordSet) set = NULL;

      if (proof->name == NULL || proof->value == NULL || !g_str_has_suffix (proof->name, end))
        continue;

      set = aws_record_set_new (proof->name, "CNAME", PROOF_TTL, values);
      aws_record_batch_add (batch, AWS_RECORD_ACTION_UPSERT, set);
    }

  return await_change (operation, client, zone, batch, error);
}

/* RFC 8659: whom a set of CAA records lets issue */
static gboolean
allows_amazon (AwsRecordSet *records)
{
  g_auto(GStrv) values = aws_record_set_dup_values (records);
  gboolean has_rule = FALSE;

  for (guint i = 0; values[i] != NULL; i++)
    {
      has_rule |= strstr (values[i], " issue ") != NULL;

      if (strstr (values[i], " issue ") != NULL && (strstr (values[i], "\"amazon.com") || strstr (values[i], "\"amazontrust.com") ||
                                                    strstr (values[i], "\"awstrust.com") || strstr (values[i], "\"amazonaws.com")))
        return TRUE;
    }

  return !has_rule;
}

/* Adds the issuer of the certificate to every set of CAA records in the zone that leaves it out. */
gboolean
porch_address_await_issue_allowed (PorchOperation  *operation,
                                   AwsClient       *client,
                                   const char      *zone,
                                   GError         **error)
{
  g_autoptr(GPtrArray) records = await_records (operation, client, zone, error);
  g_autoptr(AwsRecordBatch) batch = aws_record_batch_new ("Porchlight: certificate");

  if (records == NULL)
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    {
      AwsRecordSet *each = g_ptr_array_index (records, i);
      g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
      g_auto(GStrv) before = aws_record_set_dup_values (each);
      g_auto(GStrv) values = NULL;
      g_autofree char *name = aws_record_set_dup_name (each);
      g_autoptr(AwsRecordSet) set = NULL;

      if (g_strcmp0 (aws_record_set_get_record_type (each), "CAA") != 0 || allows_amazon (each))
        continue;

      g_strv_builder_addv (builder, (const char **) before);
      g_strv_builder_add (builder, "0 issue \"amazon.com\"");
      values = g_strv_builder_end (builder);
      set = aws_record_set_new (name, "CAA", aws_record_set_get_ttl (each), (const char * const *) values);
      aws_record_batch_add (batch, AWS_RECORD_ACTION_UPSERT, set);
    }

  return await_change (operation, client, zone, batch, error);
}

static gboolean
is_plain_address (AwsRecordSet *records)
{
  const char *type = aws_record_set_get_record_type (records);

  return aws_record_set_get_identifier (records) == NULL && (g_strcmp0 (type, "A") == 0 || g_strcmp0 (type, "AAAA") == 0);
}

static gboolean
has_alias (GPtrArray  *records,
           const char *name,
           const char *type,
           const char *target)
{
  for (guint i = 0; i < records->len; i++)
    {
      AwsRecordSet *each = g_ptr_array_index (records, i);

      if (is_leading (each, name) && is_plain_address (each) && leads_to (each, target) && aws_record_set_is_alias (each) &&
          g_strcmp0 (aws_record_set_get_record_type (each), type) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Lets @names lead to @host, by aliases for both kinds of addresses, and takes away what leads elsewhere: the caller has the
 * owner's word for that. */
gboolean
porch_address_await_pointed (PorchOperation      *operation,
                             AwsClient           *client,
                             const char          *zone,
                             const char * const  *names,
                             const char          *host,
                             GError             **error)
{
  static const char * const types[] = { "A", "AAAA", NULL };
  g_autoptr(GPtrArray) records = await_records (operation, client, zone, error);
  g_autoptr(AwsRecordBatch) batch = aws_record_batch_new ("Porchlight: address");
  g_autofree char *target = dup_target (host);

  if (records == NULL)
    return FALSE;

  for (guint i = 0; names[i] != NULL; i++)
    {
      /* What is of the same name and type is replaced by the new record itself */
      for (guint j = 0; j < records->len; j++)
        if (is_leading (g_ptr_array_index (records, j), names[i]) && !is_plain_address (g_ptr_array_index (records, j)))
          aws_record_batch_add (batch, AWS_RECORD_ACTION_DELETE, g_ptr_array_index (records, j));

      for (guint j = 0; types[j] != NULL; j++)
        {
          g_autoptr(AwsRecordSet) alias = NULL;

          if (has_alias (records, names[i], types[j], target))
            continue;

          alias = aws_record_set_new_alias (names[i], types[j], AWS_ROUTE53_CLOUDFRONT_ZONE, target);
          aws_record_batch_add (batch, AWS_RECORD_ACTION_UPSERT, alias);
        }
    }

  return await_change (operation, client, zone, batch, error);
}

/* Takes away those records of @names that lead to @host; what else there is stays. */
gboolean
porch_address_await_unpointed (PorchOperation      *operation,
                               AwsClient           *client,
                               const char          *zone,
                               const char * const  *names,
                               const char          *host,
                               GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) records = await_records (operation, client, zone, &local_error);
  g_autoptr(AwsRecordBatch) batch = aws_record_batch_new ("Porchlight: address");
  g_autofree char *target = dup_target (host);

  /* The zone may be gone with all that was in it */
  if (g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    return TRUE;

  if (records == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  for (guint i = 0; names[i] != NULL; i++)
    for (guint j = 0; j < records->len; j++)
      if (is_leading (g_ptr_array_index (records, j), names[i]) && leads_to (g_ptr_array_index (records, j), target))
        aws_record_batch_add (batch, AWS_RECORD_ACTION_DELETE, g_ptr_array_index (records, j));

  return await_change (operation, client, zone, batch, error);
}

/* Takes away what leads to a site that is about to go: a name without a site would show an error, and who answers to it
 * next nobody knows. Zones, domains and certificates stay. */
gboolean
porch_address_await_taken_away (PorchOperation  *operation,
                                PorchSite       *site,
                                GError         **error)
{
  PorchAddress *addresses[] = { porch_site_get_own_address (site), porch_site_get_last_address (site) };
  g_autoptr(AwsClient) client = porch_site_dup_address_client (site);
  g_autofree char *host = g_strdup (porch_site_get_distribution_host (site));

  for (guint i = 0; host != NULL && i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(PorchAddress) address = addresses[i] != NULL ? porch_address_ref (addresses[i]) : NULL;
      g_autoptr(GError) local_error = NULL;

      if (address == NULL || porch_address_get_zone (address) == NULL ||
          porch_address_await_unpointed (operation, client, porch_address_get_zone (address), porch_address_get_names (address),
                                         host, &local_error) ||
          g_error_matches (local_error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED))
        continue;

      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}
