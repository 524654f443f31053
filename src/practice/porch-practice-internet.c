/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-practice-internet-private.h"

#include "aws-json.h"
#include "porch-practice-operations.h"

#include <string.h>

#define DEEPEST_ALIAS   8
#define DISTRIBUTION_TTL 60
#define CLOUDFRONT_ZONE "Z2FDTNDATAQYW2"

void
practice_dns_record_free (gpointer data)
{
  PracticeDnsRecord *record = data;

  g_free (record->name);
  g_free (record->type);
  g_free (record->value);
  g_free (record);
}

static void
add_record (GPtrArray  *records,
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

/* The servers that the registration of a domain (without the dot at its end) names, wherever it was bought */
static char *
find_servers (Practice   *practice,
              const char *domain)
{
  char *servers = practice_db_lookup (practice->db, "SELECT servers FROM domains WHERE name = ?", "s", domain);

  return servers != NULL ? servers : practice_db_lookup (practice->db, "SELECT servers FROM elsewhere WHERE name = ?", "s", domain);
}

static char *
sort_servers (const char *servers)
{
  g_auto(GStrv) names = g_strsplit (servers, ",", -1);
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (sorted, g_ascii_strdown (g_strstrip (names[i]), -1));

  g_ptr_array_set_free_func (sorted, g_free);
  g_ptr_array_sort_values (sorted, (GCompareFunc) strcmp);
  g_ptr_array_add (sorted, NULL);

  return g_strjoinv (",", (char **) sorted->pdata);
}

/* Among the zones of one name the one that has these servers. A few of them are enough to be found. */
static char *
find_served_zone (Practice   *practice,
                  const char *name,
                  const char *servers)
{
  g_auto(GStrv) wanted = g_strsplit (servers, ",", -1);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT id, servers FROM zones WHERE name = ?", "s", name);

  while (practice_rows_next (rows))
    {
      g_auto(GStrv) own = g_strsplit (practice_rows_text (rows, 1), ",", -1);

      for (guint i = 0; wanted[i] != NULL; i++)
        if (g_strv_contains ((const char * const *) own, wanted[i]))
          return practice_rows_dup_text (rows, 0);
    }

  return NULL;
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
      g_autofree char *servers = find_servers (practice, bare);
      g_autofree char *sorted = servers != NULL ? sort_servers (servers) : NULL;
      char *zone;

      if (g_strcmp0 (sorted, PRACTICE_ELSEWHERE_SERVERS) == 0)
        zone = g_strconcat (PRACTICE_ELSEWHERE_PREFIX, end, NULL);
      else if (servers != NULL)
        zone = find_served_zone (practice, end, sorted);
      else
        zone = practice_db_lookup (practice->db, "SELECT id FROM zones WHERE name = ? ORDER BY created DESC", "s", end);

      if (is_registered != NULL && servers != NULL)
        *is_registered = TRUE;

      if (zone != NULL || servers != NULL)
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
                                             "SELECT 1 FROM zone_records WHERE zone = ? AND (sort = ? OR substr (sort, 1, length (?) + 1) = ? || '.')",
                                             "ssss", zone, key, key, key);

  return any != NULL;
}

/* A distribution is wherever the practice cloud is: on this computer. */
static void
add_distribution (GPtrArray  *records,
                  const char *name,
                  const char *type)
{
  if (g_str_equal (type, "A"))
    add_record (records, name, type, DISTRIBUTION_TTL, "127.0.0.1");
  else if (g_str_equal (type, "AAAA"))
    add_record (records, name, type, DISTRIBUTION_TTL, "::1");
}

static PracticeDnsStatus look_up (Practice   *practice,
                                  const char *name,
                                  const char *type,
                                  GPtrArray  *records,
                                  guint       depth);

/* Records of an alias go by the name that was asked for. */
static PracticeDnsStatus
look_up_alias (Practice   *practice,
               JsonObject *alias,
               const char *name,
               const char *type,
               GPtrArray  *records,
               guint       depth)
{
  guint before = records->len;
  PracticeDnsStatus status;

  if (g_str_equal (aws_json_get_string (alias, "HostedZoneId"), CLOUDFRONT_ZONE))
    {
      add_distribution (records, name, type);

      return records->len > before ? PRACTICE_DNS_FOUND : PRACTICE_DNS_NO_DATA;
    }

  status = look_up (practice, aws_json_get_string (alias, "DNSName"), type, records, depth + 1);
  for (guint i = before; i < records->len; i++)
    g_set_str (&((PracticeDnsRecord *) g_ptr_array_index (records, i))->name, name);

  return status;
}

static PracticeDnsStatus
add_values (GPtrArray  *records,
            JsonObject *record,
            const char *name,
            const char *type)
{
  JsonArray *values = aws_json_get_array (record, "Values");

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    add_record (records, name, type, aws_json_get_int (record, "TTL", 0), json_array_get_string_element (values, i));

  return PRACTICE_DNS_FOUND;
}

static PracticeDnsStatus
look_up_in_zone (Practice   *practice,
                 const char *zone,
                 const char *name,
                 const char *type,
                 GPtrArray  *records,
                 guint       depth)
{
  g_autoptr(JsonObject) record = practice_record_find (practice, zone, name, type);
  PracticeDnsStatus status;

  if (record != NULL && aws_json_get_object (record, "AliasTarget") != NULL)
    return look_up_alias (practice, aws_json_get_object (record, "AliasTarget"), name, type, records, depth);

  if (record != NULL)
    return add_values (records, record, name, type);

  if (g_str_equal (type, "CNAME") || !(record = practice_record_find (practice, zone, name, "CNAME")))
    return has_name (practice, zone, name) ? PRACTICE_DNS_NO_DATA : PRACTICE_DNS_NO_NAME;

  add_values (records, record, name, "CNAME");
  status = look_up (practice, json_array_get_string_element (aws_json_get_array (record, "Values"), 0), type, records, depth + 1);

  /* The alias itself is an answer, also when its target is in nobody's zone here. */
  return status == PRACTICE_DNS_REFUSED ? PRACTICE_DNS_FOUND : status;
}

static PracticeDnsStatus
look_up (Practice   *practice,
         const char *name,
         const char *type,
         GPtrArray  *records,
         guint       depth)
{
  g_autofree char *normal = practice_dns_normalize (name, NULL);
  g_autofree char *zone = NULL;
  guint before = records->len;
  gboolean is_registered;

  if (normal == NULL || depth > DEEPEST_ALIAS)
    return PRACTICE_DNS_BROKEN;

  if (g_str_has_suffix (normal, ".cloudfront.net."))
    {
      add_distribution (records, normal, type);

      return records->len > before ? PRACTICE_DNS_FOUND : PRACTICE_DNS_NO_DATA;
    }

  zone = practice_internet_find_zone (practice, normal, &is_registered);

  if (zone != NULL)
    return look_up_in_zone (practice, zone, normal, type, records, depth);

  if (is_registered)
    return PRACTICE_DNS_BROKEN;

  return g_str_has_suffix (normal, ".localhost.") ? PRACTICE_DNS_NO_NAME : PRACTICE_DNS_REFUSED;
}

/* A domain of one's own, or a name of which it is the end; NULL if it is nobody's. */
static char *
find_domain (Practice   *practice,
             const char *normal)
{
  const char *end = normal;

  for (; end != NULL && *end != '\0'; end = strchr (end, '.') != NULL ? strchr (end, '.') + 1 : NULL)
    {
      g_autofree char *bare = g_strndup (end, strlen (end) - 1);
      g_autofree char *servers = find_servers (practice, bare);

      if (servers != NULL)
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
  g_autofree char *domain = find_domain (practice, normal);
  g_autofree char *servers = NULL;
  g_autofree char *signed_by = NULL;
  g_auto(GStrv) names = NULL;

  if (domain == NULL || strlen (domain) + 1 != strlen (normal) || !(g_str_equal (type, "NS") || g_str_equal (type, "DS")))
    return FALSE;

  servers = find_servers (practice, domain);
  names = g_strsplit (servers, ",", -1);
  signed_by = practice_db_lookup (practice->db, "SELECT ds FROM elsewhere WHERE name = ? AND ds IS NOT NULL", "s", domain);

  for (guint i = 0; g_str_equal (type, "NS") && names[i] != NULL; i++)
    {
      g_autofree char *value = g_strconcat (names[i], ".", NULL);

      add_record (records, normal, type, 172800, value);
    }

  if (g_str_equal (type, "DS") && signed_by != NULL)
    add_record (records, normal, type, 86400, signed_by);

  *status = records->len > 0 ? PRACTICE_DNS_FOUND : PRACTICE_DNS_NO_DATA;

  return TRUE;
}

/* Signed by servers that are no longer asked: nobody who checks signatures finds it any more. */
static gboolean
is_signature_broken (Practice   *practice,
                     const char *normal)
{
  g_autofree char *domain = find_domain (practice, normal);
  g_autofree char *servers = NULL;
  g_autofree char *sorted = NULL;
  g_autofree char *ds = NULL;

  if (domain == NULL)
    return FALSE;

  ds = practice_db_lookup (practice->db, "SELECT ds FROM elsewhere WHERE name = ? AND ds IS NOT NULL", "s", domain);
  servers = find_servers (practice, domain);
  sorted = sort_servers (servers);

  return ds != NULL && !g_str_equal (sorted, PRACTICE_ELSEWHERE_SERVERS);
}

PracticeDnsStatus
practice_internet_look_up (Practice   *practice,
                           const char *name,
                           const char *type,
                           GPtrArray  *records)
{
  g_autofree char *normal = practice_dns_normalize (name, NULL);
  PracticeDnsStatus status;

  if (normal == NULL)
    return PRACTICE_DNS_REFUSED;

  if (look_up_delegation (practice, normal, type, records, &status))
    return status;

  if (is_signature_broken (practice, normal))
    return PRACTICE_DNS_BROKEN;

  return look_up (practice, normal, type, records, 0);
}

/* The domains that were bought elsewhere */

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
      !g_str_equal (type, "CNAME"))
    for (guint i = 0; i < json_array_get_length (aws_json_get_array (found, "Values")); i++)
      json_array_add_string_element (values, json_array_get_string_element (aws_json_get_array (found, "Values"), i));

  json_array_add_string_element (values, value);
  json_object_set_string_member (record, "Name", normal);
  json_object_set_string_member (record, "Type", type);
  json_object_set_int_member (record, "TTL", ttl);
  json_object_set_array_member (record, "Values", values);

  /* The pretended host is as strict as Route 53, so that nothing works here that would not elsewhere. */
  return practice_record_check (record, zone_name, error) &&
         practice_record_check_conflicts (practice, zone, zone_name, record, error) &&
         practice_record_put (practice, zone, record, error);
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
    { "", "A", 3600, "192.0.2.80" },
    { "www.", "CNAME", 3600, "parking.pretended-names.localhost." },
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

  practice_registrar_init (practice);

  return practice_resolver_start (practice, error);
}

void
practice_internet_shutdown (Practice *practice)
{
  practice_resolver_stop (practice);
}
