/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-practice-internet-private.h"

#include "aws-json.h"
#include "porch-practice-operations.h"
#include "porch-practice-route53domains.h"

#include <string.h>

#define DEEPEST_ALIAS    8
#define DISTRIBUTION_TTL 60
#define REGISTRY_TTL     900
#define CLOUDFRONT_ZONE  "Z2FDTNDATAQYW2"

/* Names here end so. Of others only those are known that have a zone: they stand for domains of the whole world, which
 * nobody can register here for visitors. */
#define OWN_ENDING ".localhost"

void
practice_dns_record_free (gpointer data)
{
  PracticeDnsRecord *record = data;

  g_free (record->name);
  g_free (record->type);
  g_free (record->value);
  g_free (record);
}

void
practice_dns_record_add (GPtrArray  *records,
                         const char *name,
                         const char *type,
                         gint64      ttl,
                         const char *value)
{
  PracticeDnsRecord *record = g_new0 (PracticeDnsRecord, 1);

  record->name = g_strdup (name);
  record->type = g_strdup (type);
  record->ttl = ttl;
  record->value = g_strdup (value);
  g_ptr_array_add (records, record);
}

/* What the registry knows of a domain (without the dot at its end), wherever it was bought. @servers is NULL for one that
 * is suspended. */
static gboolean
find_registration (Practice    *practice,
                   const char  *domain,
                   char       **servers)
{
  g_autofree char *bought = practice_db_lookup (practice->db, "SELECT servers FROM domains WHERE name = ?", "s", domain);

  if (bought == NULL)
    {
      *servers = practice_db_lookup (practice->db, "SELECT servers FROM elsewhere WHERE name = ?", "s", domain);

      return *servers != NULL;
    }

  *servers = practice_route53domains_is_suspended (practice, domain) ? NULL : g_steal_pointer (&bought);

  return TRUE;
}

/* Among the zones of one name the one that has this server */
static char *
find_zone_on_server (Practice   *practice,
                     const char *name,
                     const char *server)
{
  g_autofree char *lower = g_ascii_strdown (server, -1);
  g_autoptr(PracticeRows) rows = NULL;

  if (g_str_has_suffix (lower, "."))
    lower[strlen (lower) - 1] = '\0';

  if (g_strv_contains ((const char * const []) { "ns1" PRACTICE_ELSEWHERE_NAME, "ns2" PRACTICE_ELSEWHERE_NAME, NULL }, lower))
    {
      g_autofree char *bare = g_strndup (name, strlen (name) - 1);
      g_autofree char *known = practice_db_lookup (practice->db, "SELECT name FROM elsewhere WHERE name = ?", "s", bare);

      return known != NULL ? g_strconcat (PRACTICE_ELSEWHERE_PREFIX, name, NULL) : NULL;
    }

  rows = practice_db_query (practice->db, "SELECT id, servers FROM zones WHERE name = ?", "s", name);
  while (practice_rows_next (rows))
    {
      g_auto(GStrv) own = g_strsplit (practice_rows_text (rows, 1), ",", -1);

      if (g_strv_contains ((const char * const *) own, lower))
        return practice_rows_dup_text (rows, 0);
    }

  return NULL;
}

/* The zone on the first of the servers that knows the name. Each question begins with another server, as resolvers do, so
 * that what is only half moved is answered now by one side and now by the other. */
static char *
find_served_zone (Practice           *practice,
                  const char         *name,
                  const char * const *servers)
{
  guint n_servers = g_strv_length ((GStrv) servers);

  for (guint i = 0; i < n_servers; i++)
    {
      char *zone = find_zone_on_server (practice, name, servers[(practice->dns_turn + i) % n_servers]);

      if (zone != NULL)
        return zone;
    }

  return NULL;
}

/* A zone below another one is asked only where the upper one says so. */
static char *
find_delegated_zone (Practice   *practice,
                     const char *name)
{
  g_autofree char *upper = NULL;
  g_autoptr(JsonObject) record = NULL;
  JsonArray *values;
  g_autoptr(GStrvBuilder) servers = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;

  if (!(upper = practice_internet_find_zone (practice, strchr (name, '.') + 1, NULL)) ||
      !(record = practice_record_find (practice, upper, name, "NS")))
    return NULL;

  values = aws_json_get_array (record, "Values");
  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    g_strv_builder_add (servers, json_array_get_string_element (values, i));
  names = g_strv_builder_end (servers);

  return find_served_zone (practice, name, (const char * const *) names);
}

char *
practice_internet_find_zone (Practice   *practice,
                             const char *name,
                             gboolean   *is_registered)
{
  const char *end = name;

  if (is_registered != NULL)
    *is_registered = FALSE;

  while (end != NULL && *end != '\0')
    {
      g_autofree char *bare = g_strndup (end, strlen (end) - 1);
      g_autofree char *servers = NULL;
      char *zone = NULL;

      if (find_registration (practice, bare, &servers))
        {
          g_auto(GStrv) names = g_strsplit (servers != NULL ? servers : "", ",", -1);

          if (is_registered != NULL)
            *is_registered = servers != NULL;

          return find_served_zone (practice, end, (const char * const *) names);
        }

      if (!g_str_has_suffix (bare, OWN_ENDING))
        zone = practice_db_lookup (practice->db, "SELECT id FROM zones WHERE name = ? ORDER BY created DESC", "s", end);
      else if (strchr (bare, '.') != strrchr (bare, '.'))
        zone = find_delegated_zone (practice, end);

      if (zone != NULL)
        return zone;

      end = strchr (end, '.');
      end = end != NULL ? end + 1 : NULL;
    }

  return NULL;
}

static gboolean
has_name (Practice   *practice,
          const char *zone,
          const char *name)
{
  g_autofree char *key = practice_dns_sort_key (name);
  g_autofree char *any = practice_db_lookup (practice->db,
                                             "SELECT 1 FROM zone_records WHERE zone = ? AND (sort = ? OR substr (sort, 1, length (?)) = ?)",
                                             "ssss", zone, key, key, key);

  return any != NULL;
}

/* A distribution is wherever the practice cloud is: on this computer. */
static PracticeDnsStatus
add_distribution (GPtrArray  *records,
                  const char *name,
                  const char *type)
{
  if (g_str_equal (type, "A"))
    practice_dns_record_add (records, name, type, DISTRIBUTION_TTL, "127.0.0.1");
  else if (g_str_equal (type, "AAAA"))
    practice_dns_record_add (records, name, type, DISTRIBUTION_TTL, "::1");
  else
    return PRACTICE_DNS_NO_DATA;

  return PRACTICE_DNS_FOUND;
}

/* Names that nobody has registered and that are there all the same: of distributions, of name servers, of the company where
 * the domains of others were bought. */
static gboolean
look_up_fixed (Practice          *practice,
               const char        *normal,
               const char        *type,
               GPtrArray         *records,
               PracticeDnsStatus *status)
{
  g_autofree char *bare = g_strndup (normal, strlen (normal) - 1);
  g_autofree char *label = g_strndup (bare, strcspn (bare, "."));
  g_autofree char *id = NULL;

  *status = PRACTICE_DNS_NO_DATA;

  /* The ending itself is there, for those who climb up */
  if (g_str_equal (bare, OWN_ENDING + 1) || g_str_equal (bare, PRACTICE_ELSEWHERE_NAME + 1))
    return TRUE;

  if (g_str_has_suffix (bare, ".cloudfront.net"))
    {
      *status = add_distribution (records, normal, type);

      return TRUE;
    }

  if (g_str_equal (bare + strlen (label), OWN_ENDING) &&
      (id = practice_db_lookup (practice->db, "SELECT id FROM distributions WHERE label = ?", "s", label)))
    {
      *status = add_distribution (records, normal, type);

      return TRUE;
    }

  if (g_regex_match_simple ("^ns-[0-9]+\\.awsdns-[0-9]+\\.", bare, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT) ||
      g_str_has_suffix (bare, PRACTICE_ELSEWHERE_NAME))
    {
      gboolean is_server = g_str_has_prefix (bare, "ns");

      if (g_str_equal (type, "A"))
        {
          practice_dns_record_add (records, normal, type, REGISTRY_TTL, is_server ? "127.0.0.1" : PRACTICE_PARKING_ADDRESS);
          *status = PRACTICE_DNS_FOUND;
        }

      return TRUE;
    }

  return FALSE;
}

static PracticeDnsStatus look_up (Practice   *practice,
                                  const char *name,
                                  const char *type,
                                  gboolean    check_signatures,
                                  GPtrArray  *records,
                                  guint       depth);

/* What an alias stands for goes by the name that was asked for. */
static PracticeDnsStatus
look_up_alias (Practice   *practice,
               const char *target,
               const char *name,
               const char *type,
               gboolean    check_signatures,
               GPtrArray  *records,
               guint       depth)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func (practice_dns_record_free);
  PracticeDnsStatus status = look_up (practice, target, type, check_signatures, found, depth + 1);

  for (guint i = 0; i < found->len; i++)
    {
      PracticeDnsRecord *record = g_ptr_array_index (found, i);

      if (g_str_equal (record->type, type))
        practice_dns_record_add (records, name, type, record->ttl, record->value);
    }

  if (status == PRACTICE_DNS_BROKEN)
    return status;

  return records->len > 0 ? PRACTICE_DNS_FOUND : PRACTICE_DNS_NO_DATA;
}

static PracticeDnsStatus
add_values (GPtrArray  *records,
            JsonObject *record,
            const char *name,
            const char *type)
{
  JsonArray *values = aws_json_get_array (record, "Values");

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    practice_dns_record_add (records, name, type, aws_json_get_int (record, "TTL", 0), json_array_get_string_element (values, i));

  return PRACTICE_DNS_FOUND;
}

static char *
dup_first_value (JsonObject *record)
{
  return record != NULL ? g_strdup (json_array_get_string_element (aws_json_get_array (record, "Values"), 0)) : NULL;
}

/* What the company where a domain was bought has set up for a name in the place of addresses */
static char *
find_pretended (Practice   *practice,
                const char *zone,
                const char *name,
                const char *kind)
{
  g_autoptr(JsonObject) record = NULL;

  if (!g_str_has_prefix (zone, PRACTICE_ELSEWHERE_PREFIX))
    return NULL;

  record = practice_record_find (practice, zone, name, kind);

  return dup_first_value (record);
}

static gboolean
look_up_pretended (Practice          *practice,
                   const char        *zone,
                   const char        *name,
                   const char        *type,
                   GPtrArray         *records,
                   guint              depth,
                   PracticeDnsStatus *status)
{
  g_autofree char *alias = NULL;
  g_autofree char *forward = NULL;

  if (!g_str_equal (type, "A") && !g_str_equal (type, "AAAA"))
    return FALSE;

  if ((alias = find_pretended (practice, zone, name, PRACTICE_ELSEWHERE_ALIAS)))
    {
      *status = look_up_alias (practice, alias, name, type, FALSE, records, depth);

      return TRUE;
    }

  if (!g_str_equal (type, "A") || !(forward = find_pretended (practice, zone, name, PRACTICE_ELSEWHERE_FORWARD)))
    return FALSE;

  practice_dns_record_add (records, name, type, REGISTRY_TTL, PRACTICE_PARKING_ADDRESS);
  *status = PRACTICE_DNS_FOUND;

  return TRUE;
}

static PracticeDnsStatus
look_up_in_zone (Practice   *practice,
                 const char *zone,
                 const char *name,
                 const char *type,
                 gboolean    check_signatures,
                 GPtrArray  *records,
                 guint       depth)
{
  g_autoptr(JsonObject) record = practice_record_find (practice, zone, name, type);
  JsonObject *alias = record != NULL ? aws_json_get_object (record, "AliasTarget") : NULL;
  PracticeDnsStatus status;
  g_autofree char *target = NULL;

  if (alias != NULL && g_str_equal (aws_json_get_string (alias, "HostedZoneId"), CLOUDFRONT_ZONE))
    return add_distribution (records, name, type);
  if (alias != NULL)
    return look_up_alias (practice, aws_json_get_string (alias, "DNSName"), name, type, check_signatures, records, depth);

  if (record != NULL)
    return add_values (records, record, name, type);

  if (look_up_pretended (practice, zone, name, type, records, depth, &status))
    return status;

  if (g_str_equal (type, "CNAME") || !(record = practice_record_find (practice, zone, name, "CNAME")))
    return has_name (practice, zone, name) ? PRACTICE_DNS_NO_DATA : PRACTICE_DNS_NO_NAME;

  add_values (records, record, name, "CNAME");
  target = dup_first_value (record);
  status = look_up (practice, target, type, check_signatures, records, depth + 1);

  /* The alias itself is an answer, also when its target is in nobody's zone here. */
  return status == PRACTICE_DNS_REFUSED ? PRACTICE_DNS_FOUND : status;
}

char *
practice_internet_find_domain (Practice   *practice,
                               const char *name)
{
  const char *end = name;

  for (; end != NULL && *end != '\0'; end = strchr (end, '.') != NULL ? strchr (end, '.') + 1 : NULL)
    {
      g_autofree char *bare = g_strndup (end, strlen (end) - 1);
      g_autofree char *servers = NULL;

      if (find_registration (practice, bare, &servers))
        return g_steal_pointer (&bare);
    }

  return NULL;
}

/* NS and DS at a domain are what its registration says: the registry is asked for them, and believed first. */
static gboolean
look_up_delegation (Practice          *practice,
                    const char        *normal,
                    const char        *type,
                    GPtrArray         *records,
                    PracticeDnsStatus *status)
{
  g_autofree char *bare = g_strndup (normal, strlen (normal) - 1);
  g_autofree char *servers = NULL;
  g_autofree char *signed_by = NULL;
  g_auto(GStrv) names = NULL;

  if (!(g_str_equal (type, "NS") || g_str_equal (type, "DS")) || !find_registration (practice, bare, &servers) || servers == NULL)
    return FALSE;

  names = g_strsplit (servers, ",", -1);
  signed_by = practice_db_lookup (practice->db, "SELECT ds FROM elsewhere WHERE name = ? AND ds IS NOT NULL", "s", bare);

  for (guint i = 0; g_str_equal (type, "NS") && names[i] != NULL; i++)
    {
      g_autofree char *value = g_strconcat (names[i], ".", NULL);

      practice_dns_record_add (records, normal, type, REGISTRY_TTL, value);
    }

  if (g_str_equal (type, "DS") && signed_by != NULL)
    practice_dns_record_add (records, normal, type, REGISTRY_TTL, signed_by);

  *status = records->len > 0 ? PRACTICE_DNS_FOUND : PRACTICE_DNS_NO_DATA;

  return TRUE;
}

/* Signed by servers that are no longer asked: nobody who checks signatures finds it any more. */
static gboolean
is_signature_broken (Practice   *practice,
                     const char *normal,
                     const char *zone)
{
  g_autofree char *domain = practice_internet_find_domain (practice, normal);
  g_autofree char *ds = NULL;

  if (domain != NULL)
    ds = practice_db_lookup (practice->db, "SELECT ds FROM elsewhere WHERE name = ? AND ds IS NOT NULL", "s", domain);

  return ds != NULL && !g_str_has_prefix (zone, PRACTICE_ELSEWHERE_PREFIX);
}

static PracticeDnsStatus
look_up (Practice   *practice,
         const char *name,
         const char *type,
         gboolean    check_signatures,
         GPtrArray  *records,
         guint       depth)
{
  g_autofree char *normal = practice_dns_normalize (name, NULL);
  g_autofree char *zone = NULL;
  PracticeDnsStatus status;
  gboolean is_registered;

  if (normal == NULL || depth > DEEPEST_ALIAS)
    return PRACTICE_DNS_BROKEN;

  if (look_up_delegation (practice, normal, type, records, &status) || look_up_fixed (practice, normal, type, records, &status))
    return status;

  zone = practice_internet_find_zone (practice, normal, &is_registered);

  if (zone != NULL && check_signatures && is_signature_broken (practice, normal, zone))
    return PRACTICE_DNS_BROKEN;

  if (zone != NULL)
    return look_up_in_zone (practice, zone, normal, type, check_signatures, records, depth);

  if (is_registered)
    return PRACTICE_DNS_BROKEN;

  return g_str_has_suffix (normal, OWN_ENDING ".") ? PRACTICE_DNS_NO_NAME : PRACTICE_DNS_REFUSED;
}

PracticeDnsStatus
practice_internet_look_up (Practice   *practice,
                           const char *name,
                           const char *type,
                           gboolean    check_signatures,
                           GPtrArray  *records)
{
  PracticeDnsStatus status;

  practice->dns_turn++;
  status = look_up (practice, name, type, check_signatures, records, 0);

  if (status == PRACTICE_DNS_BROKEN)
    g_ptr_array_set_size (records, 0);

  return status;
}

GStrv
practice_internet_dup_values (Practice   *practice,
                              const char *name,
                              const char *type)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func (practice_dns_record_free);
  g_autoptr(GStrvBuilder) values = g_strv_builder_new ();
  gboolean any = FALSE;

  practice_internet_look_up (practice, name, type, TRUE, records);
  for (guint i = 0; i < records->len; i++)
    {
      PracticeDnsRecord *record = g_ptr_array_index (records, i);

      if (!g_str_equal (record->type, type))
        continue;

      g_strv_builder_add (values, record->value);
      any = TRUE;
    }

  return any ? g_strv_builder_end (values) : NULL;
}

gboolean
practice_internet_is_taken (Practice   *practice,
                            const char *domain)
{
  static const char * const others[] = { "console", "execute-api", "pretended-names", "practice", "s3", NULL };
  g_autofree char *label = g_strndup (domain, strcspn (domain, "."));
  g_autofree char *servers = NULL;
  g_autofree char *distribution = NULL;

  if (find_registration (practice, domain, &servers))
    return TRUE;

  distribution = practice_db_lookup (practice->db, "SELECT id FROM distributions WHERE label = ?", "s", label);

  return g_str_equal (domain + strlen (label), OWN_ENDING) &&
         (distribution != NULL || g_strv_contains (others, label));
}

/* Visitors */

static const char *
find_address (GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      PracticeDnsRecord *record = g_ptr_array_index (records, i);

      if (g_str_equal (record->type, "A") || g_str_equal (record->type, "AAAA"))
        return record->value;
    }

  return NULL;
}

static const char *
explain_failure (PracticeDnsStatus status)
{
  switch (status)
    {
    case PRACTICE_DNS_NO_NAME:
      return "There is no such name on the internet.";

    case PRACTICE_DNS_BROKEN:
      return "The name servers of the domain don’t work, or its signatures (DNSSEC) are wrong.";

    case PRACTICE_DNS_FOUND:
    case PRACTICE_DNS_NO_DATA:
    case PRACTICE_DNS_REFUSED:
    default:
      return "The name is there, but it has no address.";
    }
}

gboolean
practice_internet_knows (Practice   *practice,
                         const char *host)
{
  g_autofree char *normal = practice_dns_normalize (host, NULL);
  g_autofree char *domain = normal != NULL ? practice_internet_find_domain (practice, normal) : NULL;
  g_autofree char *zone = normal != NULL ? practice_internet_find_zone (practice, normal, NULL) : NULL;

  return domain != NULL || zone != NULL;
}

PracticeVisit
practice_internet_visit (Practice    *practice,
                         const char  *host,
                         char       **text)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func (practice_dns_record_free);
  g_autofree char *normal = practice_dns_normalize (host, NULL);
  g_autofree char *zone = NULL;
  PracticeDnsStatus status;
  const char *address;

  *text = NULL;
  if (normal == NULL || !practice_internet_knows (practice, host))
    return PRACTICE_VISIT_NOBODY;

  zone = practice_internet_find_zone (practice, normal, NULL);
  if (!practice_internet_resolve (practice, normal, "A", records, &status, NULL))
    status = PRACTICE_DNS_BROKEN;
  if (status == PRACTICE_DNS_NO_DATA)
    practice_internet_resolve (practice, normal, "AAAA", records, &status, NULL);

  if (!(address = find_address (records)))
    {
      *text = g_strdup (explain_failure (status));

      return PRACTICE_VISIT_NOWHERE;
    }

  if (g_str_equal (address, "127.0.0.1") || g_str_equal (address, "::1"))
    return PRACTICE_VISIT_EDGE;

  if (g_str_equal (address, PRACTICE_PARKING_ADDRESS) && zone != NULL &&
      (*text = find_pretended (practice, zone, normal, PRACTICE_ELSEWHERE_FORWARD)))
    return PRACTICE_VISIT_FORWARDED;

  if (g_str_equal (address, PRACTICE_PARKING_ADDRESS))
    return PRACTICE_VISIT_PARKED;

  *text = g_strdup (address);

  return PRACTICE_VISIT_ELSEWHERE;
}

/* The domains that were bought elsewhere */

/* An alias and a forwarding stand in the place of addresses, so that nothing else may say them. */
static gboolean
check_pretended (Practice    *practice,
                 const char  *zone,
                 JsonObject  *record,
                 GError     **error)
{
  const char *type = aws_json_get_string (record, "Type");
  const char *value = json_array_get_string_element (aws_json_get_array (record, "Values"), 0);
  g_autofree char *key = practice_dns_sort_key (aws_json_get_string (record, "Name"));
  g_autofree char *other = NULL;
  g_autofree char *target = *value != '\0' && strchr (value, ' ') == NULL ? practice_dns_normalize (value, NULL) : NULL;

  if (target == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not a name on the internet.", value);

      return FALSE;
    }

  other = practice_db_lookup (practice->db,
                              "SELECT type FROM zone_records WHERE zone = ? AND sort = ? AND type != ?"
                              " AND type IN ('A', 'AAAA', 'CNAME', 'ALIAS', 'FORWARD')", "sss", zone, key, type);
  if (other != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "The name has a record of type %s already. Remove that one first.", other);

  return other == NULL;
}

static gboolean
is_pretended (const char *type)
{
  return g_str_equal (type, PRACTICE_ELSEWHERE_ALIAS) || g_str_equal (type, PRACTICE_ELSEWHERE_FORWARD);
}

static gboolean
check_elsewhere (Practice    *practice,
                 const char  *zone,
                 const char  *zone_name,
                 JsonObject  *record,
                 GError     **error)
{
  const char *type = aws_json_get_string (record, "Type");
  g_autofree char *key = practice_dns_sort_key (aws_json_get_string (record, "Name"));
  g_autofree char *pretended = NULL;

  if (is_pretended (type))
    return check_pretended (practice, zone, record, error);

  if (g_str_equal (type, "A") || g_str_equal (type, "AAAA") || g_str_equal (type, "CNAME"))
    pretended = practice_db_lookup (practice->db, "SELECT type FROM zone_records WHERE zone = ? AND sort = ? AND type IN ('ALIAS', 'FORWARD')",
                                    "ss", zone, key);
  if (pretended != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "The name has a record of type %s already. Remove that one first.", pretended);

      return FALSE;
    }

  /* As strict as Route 53, so that nothing works here that would not elsewhere */
  return practice_record_check (practice, record, zone_name, error) &&
         practice_record_check_conflicts (practice, zone, zone_name, record, error);
}

gboolean
practice_elsewhere_put_record (Practice    *practice,
                               const char  *domain,
                               const char  *name,
                               const char  *type,
                               gint64       ttl,
                               const char  *value,
                               GError     **error)
{
  g_autofree char *zone_name = g_strconcat (domain, ".", NULL);
  g_autofree char *zone = g_strconcat (PRACTICE_ELSEWHERE_PREFIX, zone_name, NULL);
  g_autofree char *normal = practice_dns_normalize (name, error);
  g_autoptr(JsonObject) record = NULL;
  g_autoptr(JsonObject) found = NULL;
  JsonArray *values;

  if (normal == NULL)
    return FALSE;

  record = json_object_new ();
  values = json_array_new ();

  if ((found = practice_record_find (practice, zone, normal, type)) != NULL && g_str_equal (aws_json_get_string (found, "Name"), normal) &&
      !g_str_equal (type, "CNAME") && !is_pretended (type))
    for (guint i = 0; i < json_array_get_length (aws_json_get_array (found, "Values")); i++)
      json_array_add_string_element (values, json_array_get_string_element (aws_json_get_array (found, "Values"), i));

  json_array_add_string_element (values, value);
  json_object_set_string_member (record, "Name", normal);
  json_object_set_string_member (record, "Type", type);
  json_object_set_int_member (record, "TTL", ttl);
  json_object_set_array_member (record, "Values", values);

  return check_elsewhere (practice, zone, zone_name, record, error) && practice_record_put (practice, zone, record, error);
}

gboolean
practice_elsewhere_remove_records (Practice    *practice,
                                   const char  *domain,
                                   const char  *name,
                                   const char  *type,
                                   GError     **error)
{
  g_autofree char *zone = g_strconcat (PRACTICE_ELSEWHERE_PREFIX, domain, ".", NULL);
  g_autofree char *normal = practice_dns_normalize (name, error);
  g_autofree char *key = normal != NULL ? practice_dns_sort_key (normal) : NULL;

  return normal != NULL &&
         practice_db_run (practice->db, error, "DELETE FROM zone_records WHERE zone = ? AND sort = ? AND type = ?", "sss", zone, key, type);
}

/* What a domain has that somebody bought long ago: a page that says so, and mail. */
gboolean
practice_elsewhere_add (Practice    *practice,
                        const char  *domain,
                        GError     **error)
{
  const struct { const char *prefix; const char *type; gint64 ttl; const char *value; } records[] = {
    { "", "NS", 86400, "ns1.pretended-names.localhost." },
    { "", "NS", 86400, "ns2.pretended-names.localhost." },
    { "", "SOA", 3600, "ns1.pretended-names.localhost. hostmaster.pretended-names.localhost. 1 7200 900 1209600 300" },
    { "", "A", 600, PRACTICE_PARKING_ADDRESS },
    { "www.", "CNAME", 600, "parking.pretended-names.localhost." },
    { "", "MX", 3600, "10 mail.pretended-names.localhost." },
    { "", "TXT", 3600, "\"v=spf1 include:mail.pretended-names.localhost -all\"" },
    { "autodiscover.", "CNAME", 3600, "autodiscover.pretended-names.localhost." },
  };

  if (!practice_db_run (practice->db, error, "INSERT INTO elsewhere (name, servers, ds, created) VALUES (?, ?, NULL, ?)", "ssi",
                        domain, PRACTICE_ELSEWHERE_SERVERS, practice_now ()))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autofree char *name = g_strconcat (records[i].prefix, domain, ".", NULL);

      if (!practice_elsewhere_put_record (practice, domain, name, records[i].type, records[i].ttl, records[i].value, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
practice_internet_init (Practice  *practice,
                        GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS elsewhere (name TEXT PRIMARY KEY, servers TEXT NOT NULL, ds TEXT,"
                           "  created INTEGER NOT NULL);",
                           error))
    return FALSE;

  practice->dns_cache = practice_cache_new ();
  practice_registrar_init (practice);

  return practice_resolver_start (practice, error);
}

void
practice_internet_shutdown (Practice *practice)
{
  practice_resolver_stop (practice);
  g_clear_pointer (&practice->dns_cache, practice_cache_free);
}
