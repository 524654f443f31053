/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "aws-uri.h"
#include "porch-practice-route53-private.h"
#include "porch-practice-sts.h"

#define XMLNS         "https://route53.amazonaws.com/doc/2013-04-01/"
#define ROOT          "/2013-04-01/"
#define SPREADING     30.0   /* seconds at AWS until all servers know of a change */
#define MOST_ZONES    500
#define MOST_TAGS     10

/* Zones, changes and tags. Records are in a file of their own. */

void
practice_route53_answer (PracticeCall *call,
                         guint         status,
                         const char   *root,
                         GString      *inner)
{
  g_autofree char *xml = g_strdup_printf ("<%s xmlns=\"" XMLNS "\">%s</%s>", root, inner->str, root);

  practice_call_answer_xml (call, status, xml);
}

void
practice_route53_refuse (PracticeCall *call,
                         const GError *error)
{
  if (practice_fault_is_refusal (error))
    practice_call_answer_error (call, practice_fault_get_status (error), practice_fault_get_code (error), "%s", error->message);
  else
    practice_call_answer_internal (call, error);
}

gboolean
practice_route53_get_limit (PracticeCall *call,
                            gint64        most,
                            gint64       *limit)
{
  const char *text = practice_call_get_query (call, "maxitems");

  *limit = most;
  if (text == NULL)
    return TRUE;

  if (!g_ascii_string_to_signed (text, 10, 1, G_MAXINT, limit, NULL))
    {
      practice_call_answer_error (call, 400, "InvalidInput", "The value '%s' for maxitems is not valid.", text);

      return FALSE;
    }
  *limit = MIN (*limit, most);

  return TRUE;
}

/* Changes */

static void
append_change (GString    *xml,
               const char *id,
               gint64      submitted,
               gint64      ready,
               const char *comment)
{
  g_autofree char *full = g_strconcat ("/change/", id, NULL);
  g_autofree char *time = practice_format_time (submitted);

  g_string_append (xml, "<ChangeInfo>");
  aws_xml_append_element (xml, "Id", full);
  aws_xml_append_element (xml, "Status", practice_now () >= ready ? "INSYNC" : "PENDING");
  aws_xml_append_element (xml, "SubmittedAt", time);
  if (comment != NULL)
    aws_xml_append_element (xml, "Comment", comment);
  g_string_append (xml, "</ChangeInfo>");
}

gboolean
practice_route53_add_change (PracticeCall  *call,
                             const char    *comment,
                             GString       *xml,
                             GError       **error)
{
  g_autofree char *random = practice_random_id (20, NULL);
  g_autofree char *id = g_strconcat ("C", random, NULL);
  gint64 now = practice_now ();
  gint64 ready = now + practice_scale_delay (call->practice, SPREADING) * G_GINT64_CONSTANT (1000);

  if (!practice_db_run (call->practice->db, error, "INSERT INTO zone_changes (id, submitted, ready, comment) VALUES (?, ?, ?, ?)",
                        "siis", id, now, ready, comment))
    return FALSE;

  /* An answer to a change always says that it is under way */
  append_change (xml, id, now, G_MAXINT64, comment);

  return TRUE;
}

static void
get_change (PracticeCall *call,
            GStrv         parts)
{
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);

  rows = practice_db_query (call->practice->db, "SELECT submitted, ready, comment FROM zone_changes WHERE id = ?", "s", parts[1]);
  if (!practice_rows_next (rows))
    {
      practice_call_answer_error (call, 404, "NoSuchChange", "Could not find resource with ID: %s", parts[1]);

      return;
    }

  append_change (xml, parts[1], practice_rows_int (rows, 0), practice_rows_int (rows, 1), practice_rows_text (rows, 2));
  practice_route53_answer (call, 200, "GetChangeResponse", xml);
}

/* Zones */

static char *
find_zone (PracticeCall *call,
           const char   *id)
{
  char *name = practice_db_lookup (call->practice->db, "SELECT name FROM zones WHERE id = ?", "s", id);

  if (name == NULL)
    practice_call_answer_error (call, 404, "NoSuchHostedZone", "No hosted zone found with ID: %s", id);

  return name;
}

#define ZONE_COLUMNS "id, name, reference, comment, (SELECT count(*) FROM zone_records WHERE zone = zones.id), servers"

static void
append_zone (GString      *xml,
             PracticeRows *rows)
{
  g_autofree char *id = g_strconcat ("/hostedzone/", practice_rows_text (rows, 0), NULL);

  g_string_append (xml, "<HostedZone>");
  aws_xml_append_element (xml, "Id", id);
  aws_xml_append_element (xml, "Name", practice_rows_text (rows, 1));
  aws_xml_append_element (xml, "CallerReference", practice_rows_text (rows, 2));
  g_string_append (xml, "<Config>");
  if (!practice_rows_is_null (rows, 3))
    aws_xml_append_element (xml, "Comment", practice_rows_text (rows, 3));
  g_string_append_printf (xml, "<PrivateZone>false</PrivateZone></Config><ResourceRecordSetCount>%" G_GINT64_FORMAT
                          "</ResourceRecordSetCount></HostedZone>", practice_rows_int (rows, 4));
}

static void
append_servers (GString    *xml,
                const char *servers)
{
  g_auto(GStrv) names = g_strsplit (servers, ",", -1);

  g_string_append (xml, "<DelegationSet><NameServers>");
  for (guint i = 0; names[i] != NULL; i++)
    aws_xml_append_element (xml, "NameServer", names[i]);
  g_string_append (xml, "</NameServers></DelegationSet>");
}

/* Four servers, one below each of four ends */
static char *
make_servers (void)
{
  static const char * const ends[] = { "com", "net", "org", "co.uk" };
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    g_string_append_printf (names, "%sns-%d.awsdns-%02d.%s", i > 0 ? "," : "", g_random_int_range (1, 2048),
                            g_random_int_range (0, 64), ends[i]);

  return g_string_free_and_steal (g_steal_pointer (&names));
}

static gboolean
put_own_records (Practice    *practice,
                 const char  *id,
                 const char  *name,
                 const char  *servers,
                 GError     **error)
{
  g_auto(GStrv) names = g_strsplit (servers, ",", -1);
  g_autoptr(JsonObject) ns = json_object_new ();
  g_autoptr(JsonObject) soa = json_object_new ();
  JsonArray *values = json_array_new ();
  JsonArray *start = json_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *value = g_strconcat (names[i], ".", NULL);

      json_array_add_string_element (values, value);
      if (i == 0)
        {
          g_autofree char *text = g_strconcat (value, " awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400", NULL);

          json_array_add_string_element (start, text);
        }
    }

  json_object_set_string_member (ns, "Name", name);
  json_object_set_string_member (ns, "Type", "NS");
  json_object_set_int_member (ns, "TTL", 172800);
  json_object_set_array_member (ns, "Values", values);
  json_object_set_string_member (soa, "Name", name);
  json_object_set_string_member (soa, "Type", "SOA");
  json_object_set_int_member (soa, "TTL", 900);
  json_object_set_array_member (soa, "Values", start);

  return practice_record_put (practice, id, ns, error) && practice_record_put (practice, id, soa, error);
}

static gboolean
check_zone (Practice    *practice,
            const char  *name,
            const char  *reference,
            GError     **error)
{
  g_autofree char *taken = practice_db_lookup (practice->db, "SELECT id FROM zones WHERE reference = ?", "s", reference);
  g_autofree char *count = practice_db_lookup (practice->db, "SELECT count(*) FROM zones", NULL);

  if (taken != NULL)
    return practice_refuse_as (error, 409, "HostedZoneAlreadyExists",
                               "A hosted zone has already been created with the specified caller reference.");
  if (g_ascii_strtoll (count, NULL, 10) >= MOST_ZONES)
    return practice_refuse_as (error, 400, "TooManyHostedZones", "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more hosted zones.");
  if (strchr (name, '.') == name + strlen (name) - 1)
    return practice_refuse_as (error, 400, "InvalidDomainName", "%s is reserved by AWS!", name);

  return TRUE;
}

char *
practice_route53_create_zone (Practice    *practice,
                              const char  *name,
                              const char  *reference,
                              const char  *comment,
                              GError     **error)
{
  g_autofree char *random = practice_random_id (20, NULL);
  g_autofree char *id = g_strconcat ("Z", random, NULL);
  g_autofree char *normal = practice_dns_normalize (name, error);
  g_autofree char *key = NULL;
  g_autofree char *servers = make_servers ();

  if (normal == NULL || !check_zone (practice, normal, reference, error) || !practice_db_begin (practice->db, error))
    return NULL;

  key = practice_dns_sort_key (normal);
  if (!practice_db_run (practice->db, error,
                        "INSERT INTO zones (id, name, sort, reference, comment, servers, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
                        "ssssssi", id, normal, key, reference, comment, servers, practice_now ()) ||
      !put_own_records (practice, id, normal, servers, error))
    {
      practice_db_rollback (practice->db);

      return NULL;
    }

  return practice_db_commit (practice->db, error) ? g_steal_pointer (&id) : NULL;
}

GStrv
practice_route53_get_servers (Practice   *practice,
                              const char *zone_id)
{
  g_autofree char *servers = practice_db_lookup (practice->db, "SELECT servers FROM zones WHERE id = ?", "s", zone_id);

  return servers != NULL ? g_strsplit (servers, ",", -1) : NULL;
}

static AwsXml *
parse_body (PracticeCall *call,
            const char   *root)
{
  g_autoptr(AwsXml) document = call->body != NULL && g_bytes_get_size (call->body) > 0 ? aws_xml_new (call->body, NULL) : NULL;

  if (document != NULL && g_strcmp0 (aws_xml_node_get_name (aws_xml_get_root (document)), root) == 0)
    return g_steal_pointer (&document);

  practice_call_answer_error (call, 400, "MalformedInput", "Unexpected complex element termination: %s was expected", root);

  return NULL;
}

static void
answer_new_zone (PracticeCall *call,
                 const char   *id)
{
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *location = g_strconcat ("https://route53.amazonaws.com" ROOT "hostedzone/", id, NULL);

  rows = practice_db_query (call->practice->db, "SELECT " ZONE_COLUMNS " FROM zones WHERE id = ?", "s", id);
  if (!practice_rows_next (rows))
    return;

  append_zone (xml, rows);
  if (!practice_route53_add_change (call, NULL, xml, &error))
    {
      practice_call_answer_internal (call, error);

      return;
    }
  append_servers (xml, practice_rows_text (rows, 5));
  practice_call_set_header (call, "Location", location);
  practice_route53_answer (call, 201, "CreateHostedZoneResponse", xml);
}

static void
create_zone (PracticeCall *call,
             GStrv         parts)
{
  g_autoptr(AwsXml) document = parse_body (call, "CreateHostedZoneRequest");
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *reference = NULL;
  g_autofree char *comment = NULL;
  g_autofree char *id = NULL;
  AwsXmlNode *root;

  if (document == NULL)
    return;

  root = aws_xml_get_root (document);
  name = aws_xml_node_dup_text (root, "Name");
  reference = aws_xml_node_dup_text (root, "CallerReference");
  comment = aws_xml_node_dup_text (root, "HostedZoneConfig/Comment");
  if (name == NULL || reference == NULL || *reference == '\0' || strlen (reference) > 128)
    practice_refuse_as (&error, 400, "InvalidInput", "1 validation error detected: Value at '%s' failed to satisfy constraint",
                        name == NULL ? "name" : "callerReference");
  else if (comment != NULL && strlen (comment) > 256)
    practice_refuse_as (&error, 400, "InvalidInput", "1 validation error detected: Value at 'hostedZoneConfig.comment' failed to satisfy constraint: Member must have length less than or equal to 256");
  else if (aws_xml_node_find (root, "VPC") != NULL || aws_xml_node_get_bool (root, "HostedZoneConfig/PrivateZone"))
    practice_refuse_as (&error, 400, "InvalidInput", "The practice cloud has no networks, and so no private zones.");
  else if (aws_xml_node_find (root, "DelegationSetId") != NULL)
    practice_refuse_as (&error, 400, "NoSuchDelegationSet", "A reusable delegation set with the specified ID does not exist.");
  else
    id = practice_route53_create_zone (call->practice, name, reference, comment, &error);

  if (id != NULL)
    answer_new_zone (call, id);
  else
    practice_route53_refuse (call, error);
}

static void
get_zone (PracticeCall *call,
          GStrv         parts)
{
  g_autofree char *name = find_zone (call, parts[1]);
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);

  if (name == NULL)
    return;

  rows = practice_db_query (call->practice->db, "SELECT " ZONE_COLUMNS " FROM zones WHERE id = ?", "s", parts[1]);
  practice_rows_next (rows);
  append_zone (xml, rows);
  append_servers (xml, practice_rows_text (rows, 5));
  practice_route53_answer (call, 200, "GetHostedZoneResponse", xml);
}

static void
delete_zone (PracticeCall *call,
             GStrv         parts)
{
  g_autofree char *name = find_zone (call, parts[1]);
  g_autofree char *others = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  PracticeDb *db = call->practice->db;

  if (name == NULL)
    return;

  others = practice_db_lookup (db, "SELECT 1 FROM zone_records WHERE zone = ? AND NOT (name = ? AND type IN ('NS', 'SOA')) LIMIT 1",
                               "ss", parts[1], name);
  if (others != NULL)
    {
      practice_call_answer_error (call, 400, "HostedZoneNotEmpty",
                                  "The specified hosted zone contains non-required resource record sets  and so cannot be deleted.");

      return;
    }

  if (practice_db_run (db, &error, "DELETE FROM zone_records WHERE zone = ?", "s", parts[1]) &&
      practice_db_run (db, &error, "DELETE FROM zone_tags WHERE zone = ?", "s", parts[1]) &&
      practice_db_run (db, &error, "DELETE FROM zones WHERE id = ?", "s", parts[1]) &&
      practice_route53_add_change (call, NULL, xml, &error))
    practice_route53_answer (call, 200, "DeleteHostedZoneResponse", xml);
  else
    practice_call_answer_internal (call, error);
}

static void
append_max_items (GString *xml,
                  gint64   limit)
{
  g_string_append_printf (xml, "<MaxItems>%" G_GINT64_FORMAT "</MaxItems>", limit);
}

static void
list_zones (PracticeCall *call,
            GStrv         parts)
{
  const char *marker = practice_call_get_query (call, "marker");
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new ("<HostedZones>");
  g_autofree char *next = NULL;
  gint64 limit;
  gint64 count = 0;

  if (!practice_route53_get_limit (call, 100, &limit))
    return;

  rows = practice_db_query (call->practice->db, "SELECT " ZONE_COLUMNS " FROM zones WHERE id >= ? ORDER BY id", "s",
                            marker != NULL ? marker : "");
  while (practice_rows_next (rows))
    {
      if (count++ == limit)
        {
          next = practice_rows_dup_text (rows, 0);
          break;
        }
      append_zone (xml, rows);
    }

  g_string_append (xml, "</HostedZones>");
  if (marker != NULL)
    aws_xml_append_element (xml, "Marker", marker);
  aws_xml_append_element (xml, "IsTruncated", next != NULL ? "true" : "false");
  if (next != NULL)
    aws_xml_append_element (xml, "NextMarker", next);
  append_max_items (xml, limit);
  practice_route53_answer (call, 200, "ListHostedZonesResponse", xml);
}

static void
list_zones_by_name (PracticeCall *call,
                    GStrv         parts)
{
  const char *from = practice_call_get_query (call, "dnsname");
  const char *from_id = practice_call_get_query (call, "hostedzoneid");
  g_autofree char *normal = NULL;
  g_autofree char *key = NULL;
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new ("<HostedZones>");
  g_autoptr(GString) next = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gint64 limit;
  gint64 count = 0;

  if (!practice_route53_get_limit (call, 100, &limit))
    return;

  if (from_id != NULL && from == NULL)
    practice_refuse_as (&error, 400, "InvalidInput", "The request must include dnsname when it includes hostedzoneid.");
  else if (from != NULL)
    normal = practice_dns_normalize (from, &error);
  if (error != NULL)
    {
      practice_route53_refuse (call, error);

      return;
    }

  key = normal != NULL ? practice_dns_sort_key (normal) : g_strdup ("");
  rows = practice_db_query (call->practice->db,
                            "SELECT " ZONE_COLUMNS " FROM zones WHERE sort > ? OR (sort = ? AND id >= ?) ORDER BY sort, id", "sss",
                            key, key, from_id != NULL ? from_id : "");
  while (practice_rows_next (rows))
    {
      if (count++ == limit)
        {
          aws_xml_append_element (next, "NextDNSName", practice_rows_text (rows, 1));
          aws_xml_append_element (next, "NextHostedZoneId", practice_rows_text (rows, 0));
          break;
        }
      append_zone (xml, rows);
    }

  g_string_append (xml, "</HostedZones>");
  if (from != NULL)
    aws_xml_append_element (xml, "DNSName", from);
  if (from_id != NULL)
    aws_xml_append_element (xml, "HostedZoneId", from_id);
  aws_xml_append_element (xml, "IsTruncated", next->len > 0 ? "true" : "false");
  g_string_append (xml, next->str);
  append_max_items (xml, limit);
  practice_route53_answer (call, 200, "ListHostedZonesByNameResponse", xml);
}

static void
count_zones (PracticeCall *call,
             GStrv         parts)
{
  g_autofree char *count = practice_db_lookup (call->practice->db, "SELECT count(*) FROM zones", NULL);
  g_autoptr(GString) xml = g_string_new (NULL);

  aws_xml_append_element (xml, "HostedZoneCount", count);
  practice_route53_answer (call, 200, "GetHostedZoneCountResponse", xml);
}

static void
get_dnssec (PracticeCall *call,
            GStrv         parts)
{
  g_autofree char *name = find_zone (call, parts[1]);
  g_autoptr(GString) xml = g_string_new ("<Status><ServeSignature>NOT_SIGNING</ServeSignature></Status><KeySigningKeys/>");

  if (name != NULL)
    practice_route53_answer (call, 200, "GetDNSSECResponse", xml);
}

static void
list_records (PracticeCall *call,
              GStrv         parts)
{
  g_autofree char *name = find_zone (call, parts[1]);

  if (name != NULL)
    practice_route53_list_records (call, parts[1]);
}

static void
change_records (PracticeCall *call,
                GStrv         parts)
{
  g_autofree char *name = find_zone (call, parts[1]);

  if (name != NULL)
    practice_route53_change_records (call, parts[1], name);
}

/* Tags */

static gboolean
check_tagged (PracticeCall *call,
              GStrv         parts)
{
  g_autofree char *name = NULL;

  if (g_str_equal (parts[1], "hostedzone"))
    {
      name = practice_db_lookup (call->practice->db, "SELECT name FROM zones WHERE id = ?", "s", parts[2]);
      if (name == NULL)
        practice_call_answer_error (call, 404, "NoSuchHostedZone", "No hosted zone found with ID: %s", parts[2]);
    }
  else if (g_str_equal (parts[1], "healthcheck"))
    {
      practice_call_answer_error (call, 404, "NoSuchHealthCheck", "No health check exists with the specified ID %s.", parts[2]);
    }
  else
    {
      practice_call_answer_error (call, 400, "InvalidInput", "1 validation error detected: Value '%s' at 'resourceType' failed to satisfy constraint: Member must satisfy enum value set: [healthcheck, hostedzone]", parts[1]);
    }

  return name != NULL;
}

static gboolean
write_tags (PracticeCall  *call,
            const char    *zone,
            AwsXmlNode    *root,
            GError       **error)
{
  PracticeDb *db = call->practice->db;
  AwsXmlNode *add = aws_xml_node_find (root, "AddTags");
  AwsXmlNode *remove = aws_xml_node_find (root, "RemoveTagKeys");
  g_autofree char *count = NULL;

  for (AwsXmlNode *node = remove != NULL ? aws_xml_node_first (remove, "Key") : NULL; node != NULL; node = aws_xml_node_next (node, "Key"))
    {
      g_autofree char *key = aws_xml_node_dup_text (node, NULL);

      if (!practice_db_run (db, error, "DELETE FROM zone_tags WHERE zone = ? AND key = ?", "ss", zone, key))
        return FALSE;
    }

  for (AwsXmlNode *node = add != NULL ? aws_xml_node_first (add, "Tag") : NULL; node != NULL; node = aws_xml_node_next (node, "Tag"))
    {
      g_autofree char *key = aws_xml_node_dup_text (node, "Key");
      g_autofree char *value = aws_xml_node_dup_text (node, "Value");

      if (key == NULL || *key == '\0' || strlen (key) > 128 || (value != NULL && strlen (value) > 256))
        return practice_refuse_as (error, 400, "InvalidInput", "1 validation error detected: Value at 'addTags' failed to satisfy constraint");
      if (!practice_db_run (db, error, "INSERT OR REPLACE INTO zone_tags (zone, key, value) VALUES (?, ?, ?)", "sss", zone, key,
                            value != NULL ? value : ""))
        return FALSE;
    }

  count = practice_db_lookup (db, "SELECT count(*) FROM zone_tags WHERE zone = ?", "s", zone);
  if (g_ascii_strtoll (count, NULL, 10) > MOST_TAGS)
    return practice_refuse_as (error, 400, "InvalidInput", "The number of tags for the resource exceeds the limit of %d.", MOST_TAGS);

  return TRUE;
}

static void
change_tags (PracticeCall *call,
             GStrv         parts)
{
  g_autoptr(AwsXml) document = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  AwsXmlNode *root;

  if (!check_tagged (call, parts) || !(document = parse_body (call, "ChangeTagsForResourceRequest")))
    return;

  root = aws_xml_get_root (document);
  if (aws_xml_node_find (root, "AddTags") == NULL && aws_xml_node_find (root, "RemoveTagKeys") == NULL)
    {
      practice_call_answer_error (call, 400, "InvalidInput", "At least one of AddTags and RemoveTagKeys must be specified.");

      return;
    }

  if (!practice_db_begin (call->practice->db, &error))
    {
      practice_call_answer_internal (call, error);
    }
  else if (!write_tags (call, parts[2], root, &error))
    {
      practice_db_rollback (call->practice->db);
      practice_route53_refuse (call, error);
    }
  else if (!practice_db_commit (call->practice->db, &error))
    {
      practice_call_answer_internal (call, error);
    }
  else
    {
      practice_route53_answer (call, 200, "ChangeTagsForResourceResponse", xml);
    }
}

static void
list_tags (PracticeCall *call,
           GStrv         parts)
{
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new ("<ResourceTagSet>");

  if (!check_tagged (call, parts))
    return;

  aws_xml_append_element (xml, "ResourceType", parts[1]);
  aws_xml_append_element (xml, "ResourceId", parts[2]);
  g_string_append (xml, "<Tags>");
  rows = practice_db_query (call->practice->db, "SELECT key, value FROM zone_tags WHERE zone = ? ORDER BY key", "s", parts[2]);
  while (practice_rows_next (rows))
    {
      g_string_append (xml, "<Tag>");
      aws_xml_append_element (xml, "Key", practice_rows_text (rows, 0));
      aws_xml_append_element (xml, "Value", practice_rows_text (rows, 1));
      g_string_append (xml, "</Tag>");
    }
  g_string_append (xml, "</Tags></ResourceTagSet>");
  practice_route53_answer (call, 200, "ListTagsForResourceResponse", xml);
}

/* The service */

static const struct
{
  const char *method;
  const char *pattern;
  const char *name;
  void      (*run) (PracticeCall *call,
                    GStrv         parts);
} operations[] = {
  { "POST", "hostedzone", "CreateHostedZone", create_zone },
  { "GET", "hostedzone", "ListHostedZones", list_zones },
  { "GET", "hostedzonesbyname", "ListHostedZonesByName", list_zones_by_name },
  { "GET", "hostedzonecount", "GetHostedZoneCount", count_zones },
  { "GET", "hostedzone/*", "GetHostedZone", get_zone },
  { "DELETE", "hostedzone/*", "DeleteHostedZone", delete_zone },
  { "GET", "hostedzone/*/rrset", "ListResourceRecordSets", list_records },
  { "POST", "hostedzone/*/rrset", "ChangeResourceRecordSets", change_records },
  { "GET", "hostedzone/*/dnssec", "GetDNSSEC", get_dnssec },
  { "GET", "change/*", "GetChange", get_change },
  { "POST", "tags/*/*", "ChangeTagsForResource", change_tags },
  { "GET", "tags/*/*", "ListTagsForResource", list_tags },
};

/* "/2013-04-01/hostedzone/Z1/rrset/": the parts after the version, without empty ones at the end */
static GStrv
split_path (PracticeCall *call)
{
  GStrv parts;

  if (!g_str_has_prefix (call->raw_path, ROOT))
    return NULL;

  parts = g_strsplit (call->raw_path + strlen (ROOT), "/", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *decoded = aws_uri_decode (parts[i], -1, FALSE);

      g_free (parts[i]);
      parts[i] = decoded;
      if (decoded == NULL || (*decoded == '\0' && parts[i + 1] == NULL))
        {
          g_clear_pointer (&parts[i], g_free);
          break;
        }
    }

  return parts;
}

static int
find_operation (PracticeCall *call,
                GStrv         parts)
{
  for (guint i = 0; parts != NULL && i < G_N_ELEMENTS (operations); i++)
    {
      g_auto(GStrv) pattern = g_strsplit (operations[i].pattern, "/", -1);
      gboolean same = g_strv_length (pattern) == g_strv_length (parts) && g_str_equal (operations[i].method, call->method);

      for (guint j = 0; same && pattern[j] != NULL; j++)
        same = g_str_equal (pattern[j], "*") ? *parts[j] != '\0' : g_str_equal (pattern[j], parts[j]);
      if (same)
        return i;
    }

  return -1;
}

static const char *
name_operation (PracticeCall *call)
{
  g_auto(GStrv) parts = split_path (call);
  int index = find_operation (call, parts);

  return index >= 0 ? operations[index].name : NULL;
}

static char *
dup_resource (GStrv parts)
{
  if (g_strv_length (parts) >= 2 && g_str_equal (parts[0], "tags"))
    return g_strdup_printf ("arn:aws:route53:::%s/%s", parts[1], parts[2]);
  if (g_strv_length (parts) >= 2)
    return g_strdup_printf ("arn:aws:route53:::%s/%s", parts[0], parts[1]);

  return g_strdup ("*");
}

static void
handle (PracticeCall *call)
{
  g_auto(GStrv) parts = split_path (call);
  int index = find_operation (call, parts);
  g_autofree char *action = NULL;
  g_autofree char *resource = NULL;

  if (index < 0)
    {
      practice_call_answer_unknown_operation (call);

      return;
    }

  action = g_strconcat ("route53:", operations[index].name, NULL);
  resource = dup_resource (parts);
  if (practice_call_authorize (call, action, resource))
    operations[index].run (call, parts);
}

static const PracticeService service = {
  .name = "route53",
  .protocol = PRACTICE_PROTOCOL_REST_XML,
  .xmlns = XMLNS,
  .handle = handle,
  .name_operation = name_operation,
};

gboolean
practice_route53_init (Practice  *practice,
                       GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS zones (id TEXT PRIMARY KEY, name TEXT NOT NULL, sort TEXT NOT NULL,"
                           "  reference TEXT NOT NULL UNIQUE, comment TEXT, servers TEXT NOT NULL, created INTEGER NOT NULL);"
                           "CREATE TABLE IF NOT EXISTS zone_records (zone TEXT NOT NULL, sort TEXT NOT NULL, type TEXT NOT NULL,"
                           "  identifier TEXT NOT NULL, name TEXT NOT NULL, record TEXT NOT NULL,"
                           "  PRIMARY KEY (zone, sort, type, identifier)) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS zone_changes (id TEXT PRIMARY KEY, submitted INTEGER NOT NULL,"
                           "  ready INTEGER NOT NULL, comment TEXT);"
                           "CREATE TABLE IF NOT EXISTS zone_tags (zone TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,"
                           "  PRIMARY KEY (zone, key)) WITHOUT ROWID;",
                           error))
    return FALSE;

  practice_register_service (practice, &service);

  return TRUE;
}
