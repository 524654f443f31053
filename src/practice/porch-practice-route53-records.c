/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "aws-json.h"
#include "porch-practice-internet.h"
#include "porch-practice-operations.h"
#include "porch-practice-route53-private.h"

#define MOST_RECORDS      300    /* on a page */
#define MOST_CHANGES      1000   /* in a batch; an upsert is two */
#define MOST_CHARACTERS   32000
#define LONGEST_STRING    255
#define LONGEST_VALUE     4000
#define MOST_VALUES       400    /* of a record set */
#define MOST_IN_ZONE      10000
#define CLOUDFRONT_ZONE   "Z2FDTNDATAQYW2"

/* Names */

static gboolean
is_plain (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || c == '.';
}

static gboolean
check_labels (const char  *name,
              const char  *normal,
              GError     **error)
{
  g_auto(GStrv) labels = g_strsplit (normal, ".", -1);
  guint n = g_strv_length (labels);

  if (strlen (normal) > 1024 || n < 2)
    return practice_refuse_as (error, 400, "InvalidDomainName", "FATAL problem: DomainNameTooLong (Domain name is too long) encountered with '%s'", name);

  for (guint i = 0; i + 1 < n; i++)
    {
      if (*labels[i] == '\0')
        return practice_refuse_as (error, 400, "InvalidDomainName", "FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with '%s'", name);
      if (strlen (labels[i]) > 63 && strchr (labels[i], '\\') == NULL)
        return practice_refuse_as (error, 400, "InvalidDomainName", "FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with '%s'", name);
    }

  return TRUE;
}

char *
practice_dns_normalize (const char  *name,
                        GError     **error)
{
  g_autoptr(GString) normal = g_string_new (NULL);

  for (const char *c = name; *c != '\0'; c++)
    {
      if (is_plain (*c))
        g_string_append_c (normal, g_ascii_tolower (*c));
      else if (*c != '\\' || !g_ascii_isdigit (c[1]) || !g_ascii_isdigit (c[2]) || !g_ascii_isdigit (c[3]))
        g_string_append_printf (normal, "\\%03o", (guchar) *c);
      else
        {
          g_string_append_len (normal, c, 4);
          c += 3;
        }
    }
  if (normal->len == 0 || normal->str[normal->len - 1] != '.')
    g_string_append_c (normal, '.');

  return check_labels (name, normal->str, error) ? g_string_free_and_steal (g_steal_pointer (&normal)) : NULL;
}

char *
practice_dns_sort_key (const char *name)
{
  g_auto(GStrv) labels = g_strsplit (name, ".", -1);
  g_autoptr(GString) key = g_string_new (NULL);

  for (guint i = g_strv_length (labels); i > 0; i--)
    if (*labels[i - 1] != '\0')
      g_string_append_printf (key, "%s.", labels[i - 1]);

  return g_string_free_and_steal (g_steal_pointer (&key));
}

static gboolean
is_in_zone (const char *name,
            const char *zone)
{
  gsize length = strlen (name);
  gsize zone_length = strlen (zone);

  return length >= zone_length && g_str_equal (name + length - zone_length, zone) &&
         (length == zone_length || name[length - zone_length - 1] == '.');
}

/* Reading */

/* What else Route 53 can do with record sets; kept as it came, for tools that use it */
static const char * const routing[] = {
  "Weight", "Region", "GeoLocation", "Failover", "MultiValueAnswer", "HealthCheckId", "TrafficPolicyInstanceId",
};

static void
append_node (GString    *xml,
             AwsXmlNode *node)
{
  AwsXmlNode *child = aws_xml_node_first (node, NULL);
  g_autofree char *text = NULL;

  if (child == NULL)
    {
      text = aws_xml_node_dup_text (node, NULL);
      aws_xml_append_element (xml, aws_xml_node_get_name (node), text != NULL ? text : "");

      return;
    }

  g_string_append_printf (xml, "<%s>", aws_xml_node_get_name (node));
  for (; child != NULL; child = aws_xml_node_next (child, NULL))
    append_node (xml, child);
  g_string_append_printf (xml, "</%s>", aws_xml_node_get_name (node));
}

static void
read_routing (AwsXmlNode *node,
              JsonObject *record)
{
  g_autoptr(GString) xml = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (routing); i++)
    {
      AwsXmlNode *child = aws_xml_node_first (node, routing[i]);

      if (child != NULL)
        append_node (xml, child);
    }

  if (xml->len > 0)
    json_object_set_string_member (record, "Routing", xml->str);
}

/* Sets of one name and type that are told apart need both, a name and what tells them apart. */
static gboolean
check_routing (AwsXmlNode  *node,
               const char  *identifier,
               const char  *describe,
               GError     **error)
{
  gboolean routed = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (routing); i++)
    routed |= !g_str_equal (routing[i], "HealthCheckId") && !g_str_equal (routing[i], "TrafficPolicyInstanceId") &&
              aws_xml_node_first (node, routing[i]) != NULL;

  if (routed && identifier == NULL)
    return practice_refuse_as (error, 400, "InvalidInput", "Invalid request: Missing field 'SetIdentifier' in Change with [%s]", describe);
  if (!routed && identifier != NULL)
    return practice_refuse_as (error, 400, "InvalidInput", "Invalid request: Missing field 'Weight', or another one that tells record sets apart, in Change with [%s]", describe);

  return TRUE;
}

static gboolean
read_values (AwsXmlNode  *node,
             JsonObject  *record,
             GError     **error)
{
  AwsXmlNode *list = aws_xml_node_first (node, "ResourceRecords");
  JsonArray *values = json_array_new ();

  for (AwsXmlNode *each = aws_xml_node_first (list, "ResourceRecord"); each != NULL; each = aws_xml_node_next (each, "ResourceRecord"))
    {
      g_autofree char *value = aws_xml_node_dup_text (each, "Value");

      json_array_add_string_element (values, value != NULL ? value : "");
    }
  json_object_set_array_member (record, "Values", values);

  if (json_array_get_length (values) == 0)
    return practice_refuse_as (error, 400, "InvalidInput", "1 validation error detected: Value '[]' at 'changeBatch.changes.1.member.resourceRecordSet.resourceRecords' failed to satisfy constraint: Member must have length greater than or equal to 1");

  for (guint i = 0; i < json_array_get_length (values); i++)
    if (strlen (json_array_get_string_element (values, i)) > LONGEST_VALUE)
      return practice_refuse_as (error, 400, "InvalidInput", "1 validation error detected: Value at 'changeBatch.changes.1.member.resourceRecordSet.resourceRecords.%u.member.value' failed to satisfy constraint: Member must have length less than or equal to %d", i + 1, LONGEST_VALUE);

  return TRUE;
}

static gboolean
read_alias (AwsXmlNode  *node,
            JsonObject  *record,
            GError     **error)
{
  AwsXmlNode *target = aws_xml_node_first (node, "AliasTarget");
  g_autofree char *zone = aws_xml_node_dup_text (target, "HostedZoneId");
  g_autofree char *name = aws_xml_node_dup_text (target, "DNSName");
  g_autofree char *normal = NULL;
  JsonObject *alias;
  char *port;

  if (zone == NULL || name == NULL || aws_xml_node_first (target, "EvaluateTargetHealth") == NULL)
    return practice_refuse_as (error, 400, "InvalidInput", "1 validation error detected: Value null at 'changeBatch.changes.1.member.resourceRecordSet.aliasTarget' failed to satisfy constraint: Member must not be null");

  /* Distributions here have a port in their name, which the DNS knows nothing of */
  if ((port = strchr (name, ':')))
    *port = '\0';
  if (!(normal = practice_dns_normalize (name, error)))
    return FALSE;

  alias = json_object_new ();
  json_object_set_string_member (alias, "HostedZoneId", zone);
  json_object_set_string_member (alias, "DNSName", normal);
  json_object_set_boolean_member (alias, "EvaluateTargetHealth", aws_xml_node_get_bool (target, "EvaluateTargetHealth"));
  json_object_set_object_member (record, "AliasTarget", alias);

  return TRUE;
}

static gboolean
read_content (AwsXmlNode  *node,
              const char  *describe,
              JsonObject  *record,
              GError     **error)
{
  gboolean has_alias = aws_xml_node_first (node, "AliasTarget") != NULL;
  gboolean has_ttl = aws_xml_node_first (node, "TTL") != NULL;
  gboolean has_values = aws_xml_node_first (node, "ResourceRecords") != NULL;

  if (has_alias && (has_ttl || has_values))
    return practice_refuse_as (error, 400, "InvalidInput", "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found more than one in Change with [%s]", describe);
  if (!has_alias && !has_ttl && !has_values)
    return practice_refuse_as (error, 400, "InvalidInput", "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [%s]", describe);
  if (has_alias)
    return read_alias (node, record, error);
  if (!has_ttl || !has_values)
    return practice_refuse_as (error, 400, "InvalidInput", "Invalid request: Missing field '%s' in Change with [%s]", has_ttl ? "ResourceRecords" : "TTL", describe);

  json_object_set_int_member (record, "TTL", aws_xml_node_get_int (node, "TTL", -1));
  if (json_object_get_int_member (record, "TTL") < 0 || json_object_get_int_member (record, "TTL") > G_MAXINT32)
    return practice_refuse_as (error, 400, "InvalidInput", "Invalid request: The TTL is not valid in Change with [%s]", describe);

  return read_values (node, record, error);
}

JsonObject *
practice_record_read (AwsXmlNode  *node,
                      const char  *action,
                      GError     **error)
{
  g_autoptr(JsonObject) record = json_object_new ();
  g_autofree char *name = aws_xml_node_dup_text (node, "Name");
  g_autofree char *type = aws_xml_node_dup_text (node, "Type");
  g_autofree char *identifier = aws_xml_node_dup_text (node, "SetIdentifier");
  g_autofree char *normal = NULL;
  g_autofree char *describe = NULL;

  if (name == NULL || type == NULL)
    {
      practice_refuse_as (error, 400, "InvalidInput", "1 validation error detected: Value null at 'changeBatch.changes.1.member.resourceRecordSet.%s' failed to satisfy constraint: Member must not be null", name == NULL ? "name" : "type");

      return NULL;
    }

  describe = g_strdup_printf ("Action=%s, Name=%s, Type=%s, SetIdentifier=%s", action, name, type, identifier != NULL ? identifier : "null");
  if (!(normal = practice_dns_normalize (name, error)))
    return NULL;

  json_object_set_string_member (record, "Name", normal);
  json_object_set_string_member (record, "Type", type);
  if (identifier != NULL)
    json_object_set_string_member (record, "SetIdentifier", identifier);
  read_routing (node, record);
  if (!check_routing (node, identifier, describe, error))
    return NULL;

  return read_content (node, describe, record, error) ? g_steal_pointer (&record) : NULL;
}

/* Checking */

static gboolean
refuse_batch (GError     **error,
              const char  *format,
              ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse_batch (GError     **error,
              const char  *format,
              ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  return practice_refuse_as (error, 400, "InvalidChangeBatch", "%s", message);
}

static gboolean
refuse_value (GError     **error,
              const char  *problem,
              const char  *value)
{
  return refuse_batch (error, "Invalid Resource Record: 'FATAL problem: %s encountered with '%s''", problem, value);
}

/* Quoted strings, separated by spaces */
static gboolean
check_text (const char  *value,
            GError     **error)
{
  const char *c = value;

  while (*c != '\0')
    {
      guint length = 0;

      if (*c != '"')
        return refuse_value (error, "InvalidCharacterString (Value should be enclosed in quotation marks)", value);
      for (c++; *c != '"'; c++, length++)
        {
          if (*c == '\0')
            return refuse_value (error, "InvalidCharacterString (Value should be enclosed in quotation marks)", value);
          if (*c == '\\' && c[1] != '\0')
            c += g_ascii_isdigit (c[1]) && g_ascii_isdigit (c[2]) && g_ascii_isdigit (c[3]) ? 3 : 1;
        }
      if (length > LONGEST_STRING)
        return refuse_value (error, "CharacterStringTooLong (Value is too long)", value);
      for (c++; *c == ' '; c++)
        ;
    }

  return *value != '\0' || refuse_value (error, "InvalidCharacterString (Value should be enclosed in quotation marks)", value);
}

static gboolean
check_host (const char  *name,
            const char  *value,
            GError     **error)
{
  g_autofree char *normal = *name != '\0' && strchr (name, ' ') == NULL ? practice_dns_normalize (name, NULL) : NULL;

  /* "." stands for none */
  return normal != NULL || g_str_equal (name, ".") || refuse_value (error, "DomainNameInvalid (Value is not a valid domain name)", value);
}

static gboolean
check_fields (const char  *value,
              guint        n_numbers,
              guint        n_fields,
              const char  *problem,
              GError     **error)
{
  g_auto(GStrv) fields = g_strsplit (value, " ", -1);

  if (g_strv_length (fields) != n_fields)
    return refuse_value (error, problem, value);
  for (guint i = 0; i < n_numbers; i++)
    if (!g_ascii_string_to_unsigned (fields[i], 10, 0, G_MAXUINT16, NULL, NULL))
      return refuse_value (error, problem, value);

  return TRUE;
}

static gboolean
check_value (const char  *type,
             const char  *value,
             GError     **error)
{
  g_autoptr(GInetAddress) address = NULL;

  if (g_str_equal (type, "A") || g_str_equal (type, "AAAA"))
    {
      gboolean four = g_str_equal (type, "A");

      address = g_inet_address_new_from_string (value);
      if (address == NULL || g_inet_address_get_family (address) != (four ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6))
        return refuse_value (error, four ? "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"
                                         : "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)", value);
    }
  else if (g_str_equal (type, "TXT") || g_str_equal (type, "SPF"))
    {
      return check_text (value, error);
    }
  else if (g_str_equal (type, "CNAME") || g_str_equal (type, "NS") || g_str_equal (type, "PTR"))
    {
      return check_host (value, value, error);
    }
  else if (g_str_equal (type, "MX"))
    {
      return check_fields (value, 1, 2, "MXRRDATANotTwoFields (Record doesn't have 2 fields)", error) &&
             check_host (strrchr (value, ' ') + 1, value, error);
    }
  else if (g_str_equal (type, "SRV"))
    {
      return check_fields (value, 3, 4, "SRVRRDATANotFourFields (Record doesn't have 4 fields)", error) &&
             check_host (strrchr (value, ' ') + 1, value, error);
    }
  else if (g_str_equal (type, "SOA"))
    {
      return check_fields (value, 0, 7, "SOARRDATANotSevenFields (Record doesn't have 7 fields)", error);
    }
  else if (g_str_equal (type, "DS"))
    {
      if (!g_regex_match_simple ("^[0-9]{1,5} [0-9]{1,3} [0-9]{1,3} [0-9A-Fa-f]+$", value, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
        return refuse_value (error, "DSRRDATANotFourFields (Record doesn't have 4 fields)", value);
    }
  else if (g_str_equal (type, "CAA"))
    {
      if (g_ascii_strtoull (value, NULL, 10) > 255 || !g_regex_match_simple ("^[0-9]{1,3} [A-Za-z0-9]+ \".*\"$", value, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
        return refuse_value (error, "CAARRDATANotThreeFields (Record doesn't have 3 fields)", value);
    }

  return TRUE;
}

/* The names of those that are here; those of the whole world can't be known */
static gboolean
is_distribution (Practice   *practice,
                 const char *target)
{
  g_autofree char *label = g_strndup (target, strcspn (target, "."));
  g_autofree char *id = NULL;

  if (g_str_has_suffix (target, ".cloudfront.net."))
    return TRUE;

  id = practice_db_lookup (practice->db, "SELECT id FROM distributions WHERE label = ?", "s", label);

  return id != NULL && g_str_equal (target + strlen (label), ".localhost.");
}

static gboolean
check_alias (Practice    *practice,
             JsonObject  *record,
             GError     **error)
{
  JsonObject *alias = aws_json_get_object (record, "AliasTarget");
  const char *type = aws_json_get_string (record, "Type");
  const char *target = aws_json_get_string (alias, "DNSName");
  const char *zone = aws_json_get_string (alias, "HostedZoneId");

  if (g_str_equal (type, "NS") || g_str_equal (type, "SOA"))
    return refuse_batch (error, "Tried to create an alias that targets %s, type %s in zone %s, but an alias can't be of that type", target, type, zone);

  if (g_str_equal (zone, CLOUDFRONT_ZONE))
    {
      if (!g_str_equal (type, "A") && !g_str_equal (type, "AAAA") && !g_str_equal (type, "HTTPS"))
        return refuse_batch (error, "Tried to create an alias that targets %s, type %s in zone %s, but the alias target is not of that type", target, type, zone);
      if (!is_distribution (practice, target))
        return refuse_batch (error, "Tried to create an alias that targets %s, type %s in zone %s, but the alias target name does not lie within the target zone", target, type, zone);
      if (aws_json_get_bool (alias, "EvaluateTargetHealth"))
        return refuse_batch (error, "EvaluateTargetHealth may not be true for an alias to a CloudFront distribution");
    }

  return TRUE;
}

gboolean
practice_record_check (Practice    *practice,
                       JsonObject  *record,
                       const char  *zone_name,
                       GError     **error)
{
  static const char * const types[] = {
    "SOA", "A", "TXT", "NS", "CNAME", "MX", "NAPTR", "PTR", "SRV", "SPF", "AAAA", "CAA", "DS", "TLSA", "SSHFP", "SVCB", "HTTPS", NULL,
  };
  const char *name = aws_json_get_string (record, "Name");
  const char *type = aws_json_get_string (record, "Type");
  JsonArray *values = aws_json_get_array (record, "Values");
  gboolean apex = g_str_equal (name, zone_name);

  if (!g_strv_contains (types, type))
    return practice_refuse_as (error, 400, "InvalidInput", "1 validation error detected: Value '%s' at 'changeBatch.changes.1.member.resourceRecordSet.type' failed to satisfy constraint: Member must satisfy enum value set", type);
  if (!is_in_zone (name, zone_name))
    return refuse_batch (error, "RRSet with DNS name %s is not permitted in zone %s", name, zone_name);
  if (apex && g_str_equal (type, "CNAME"))
    return refuse_batch (error, "RRSet of type CNAME with DNS name %s is not permitted at apex in zone %s", name, zone_name);
  if (!apex && g_str_equal (type, "SOA"))
    return refuse_batch (error, "RRSet of type SOA with DNS name %s is not permitted because it is not at apex in zone %s", name, zone_name);
  if (g_str_equal (type, "NS") && g_str_has_prefix (name, "\\052."))
    return refuse_batch (error, "RRSet of type NS with DNS name %s is not permitted because it has a wildcard", name);
  if (json_object_has_member (record, "AliasTarget"))
    return check_alias (practice, record, error);
  if (json_array_get_length (values) > MOST_VALUES)
    return refuse_batch (error, "Invalid Resource Record: '%s' has more than %d values", name, MOST_VALUES);
  if ((g_str_equal (type, "CNAME") || g_str_equal (type, "SOA")) && json_array_get_length (values) > 1)
    return refuse_batch (error, "Invalid Resource Record: 'FATAL problem: TooManyRecords (A %s has one value)' encountered with '%s'", type, name);

  for (guint i = 0; i < json_array_get_length (values); i++)
    {
      const char *value = json_array_get_string_element (values, i);

      if (!check_value (type, value, error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        if (g_str_equal (json_array_get_string_element (values, j), value))
          return refuse_batch (error, "Duplicate Resource Record: '%s'", value);
    }

  return TRUE;
}

/* Showing */

void
practice_record_append (JsonObject *record,
                        GString    *xml)
{
  JsonObject *alias = aws_json_get_object (record, "AliasTarget");
  JsonArray *values = aws_json_get_array (record, "Values");

  g_string_append (xml, "<ResourceRecordSet>");
  aws_xml_append_element (xml, "Name", aws_json_get_string (record, "Name"));
  aws_xml_append_element (xml, "Type", aws_json_get_string (record, "Type"));
  if (json_object_has_member (record, "SetIdentifier"))
    aws_xml_append_element (xml, "SetIdentifier", aws_json_get_string (record, "SetIdentifier"));
  if (json_object_has_member (record, "Routing"))
    g_string_append (xml, aws_json_get_string (record, "Routing"));

  if (alias != NULL)
    {
      g_string_append (xml, "<AliasTarget>");
      aws_xml_append_element (xml, "HostedZoneId", aws_json_get_string (alias, "HostedZoneId"));
      aws_xml_append_element (xml, "DNSName", aws_json_get_string (alias, "DNSName"));
      aws_xml_append_element (xml, "EvaluateTargetHealth", aws_json_get_bool (alias, "EvaluateTargetHealth") ? "true" : "false");
      g_string_append (xml, "</AliasTarget>");
    }
  else
    {
      g_string_append_printf (xml, "<TTL>%" G_GINT64_FORMAT "</TTL><ResourceRecords>", aws_json_get_int (record, "TTL", 0));
      for (guint i = 0; i < json_array_get_length (values); i++)
        {
          g_string_append (xml, "<ResourceRecord>");
          aws_xml_append_element (xml, "Value", json_array_get_string_element (values, i));
          g_string_append (xml, "</ResourceRecord>");
        }
      g_string_append (xml, "</ResourceRecords>");
    }
  g_string_append (xml, "</ResourceRecordSet>");
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* The order of values does not matter */
static char *
sorted_values (JsonObject *record)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  JsonArray *values = aws_json_get_array (record, "Values");

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    g_ptr_array_add (sorted, (gpointer) json_array_get_string_element (values, i));
  g_ptr_array_sort (sorted, compare_texts);
  g_ptr_array_add (sorted, NULL);

  return g_strjoinv ("\n", (char **) sorted->pdata);
}

gboolean
practice_record_equal (JsonObject *a,
                       JsonObject *b)
{
  JsonObject *first = aws_json_get_object (a, "AliasTarget");
  JsonObject *second = aws_json_get_object (b, "AliasTarget");
  g_autofree char *values = sorted_values (a);
  g_autofree char *others = sorted_values (b);

  if ((first != NULL) != (second != NULL) || !g_str_equal (values, others) ||
      g_strcmp0 (aws_json_get_string (a, "Routing"), aws_json_get_string (b, "Routing")) != 0)
    return FALSE;
  if (first == NULL)
    return aws_json_get_int (a, "TTL", 0) == aws_json_get_int (b, "TTL", 0);

  return g_strcmp0 (aws_json_get_string (first, "DNSName"), aws_json_get_string (second, "DNSName")) == 0 &&
         g_strcmp0 (aws_json_get_string (first, "HostedZoneId"), aws_json_get_string (second, "HostedZoneId")) == 0 &&
         aws_json_get_bool (first, "EvaluateTargetHealth") == aws_json_get_bool (second, "EvaluateTargetHealth");
}

/* The store */

static JsonObject *
load_record (Practice   *practice,
             const char *zone,
             const char *name,
             const char *type,
             const char *identifier)
{
  g_autofree char *key = practice_dns_sort_key (name);
  g_autofree char *text = practice_db_lookup (practice->db,
                                              "SELECT record FROM zone_records WHERE zone = ? AND sort = ? AND type = ? AND identifier = ?",
                                              "ssss", zone, key, type, identifier != NULL ? identifier : "");

  return text != NULL ? practice_parse_object (text) : NULL;
}

gboolean
practice_record_put (Practice    *practice,
                     const char  *zone_id,
                     JsonObject  *record,
                     GError     **error)
{
  const char *name = aws_json_get_string (record, "Name");
  const char *identifier = aws_json_get_string (record, "SetIdentifier");
  g_autofree char *key = practice_dns_sort_key (name);
  g_autofree char *text = practice_print_object (record);

  return practice_db_run (practice->db, error,
                          "INSERT OR REPLACE INTO zone_records (zone, sort, type, identifier, name, record) VALUES (?, ?, ?, ?, ?, ?)",
                          "ssssss", zone_id, key, aws_json_get_string (record, "Type"), identifier != NULL ? identifier : "", name, text);
}

/* A CNAME tolerates nothing beside it */
gboolean
practice_record_check_conflicts (Practice    *practice,
                                 const char  *zone_id,
                                 const char  *zone_name,
                                 JsonObject  *record,
                                 GError     **error)
{
  const char *name = aws_json_get_string (record, "Name");
  const char *type = aws_json_get_string (record, "Type");
  gboolean cname = g_str_equal (type, "CNAME");
  g_autofree char *key = practice_dns_sort_key (name);
  g_autofree char *other = NULL;
  g_autofree char *mixed = practice_db_lookup (practice->db,
                                               "SELECT 1 FROM zone_records WHERE zone = ? AND sort = ? AND type = ? AND (identifier = '') = ?", "sssi",
                                               zone_id, key, type, (gint64) json_object_has_member (record, "SetIdentifier"));

  if (mixed != NULL)
    return refuse_batch (error, "RRSet with DNS name %s, type %s cannot be created as other RRSets exist with the same name and type", name, type);

  other = practice_db_lookup (practice->db,
                              cname ? "SELECT 1 FROM zone_records WHERE zone = ? AND sort = ? AND type != 'CNAME'"
                                    : "SELECT 1 FROM zone_records WHERE zone = ? AND sort = ? AND type = 'CNAME'",
                              "ss", zone_id, key);
  if (other == NULL)
    return TRUE;
  if (cname)
    return refuse_batch (error, "RRSet of type CNAME with DNS name %s is not permitted as it conflicts with other records with the same DNS name in zone %s", name, zone_name);

  return refuse_batch (error, "RRSet of type %s with DNS name %s is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone %s", type, name, zone_name);
}

static gboolean
delete_record (Practice    *practice,
               const char  *zone_id,
               const char  *zone_name,
               JsonObject  *record,
               GError     **error)
{
  const char *name = aws_json_get_string (record, "Name");
  const char *type = aws_json_get_string (record, "Type");
  const char *identifier = aws_json_get_string (record, "SetIdentifier");
  g_autoptr(JsonObject) present = load_record (practice, zone_id, name, type, identifier);
  g_autofree char *key = practice_dns_sort_key (name);

  if (present == NULL)
    return refuse_batch (error, "Tried to delete resource record set [name='%s', type='%s'] but it was not found", name, type);
  if (!practice_record_equal (present, record))
    return refuse_batch (error, "Tried to delete resource record set [name='%s', type='%s'] but the values provided do not match the current values", name, type);
  if (g_str_equal (name, zone_name) && g_str_equal (type, "SOA"))
    return refuse_batch (error, "A HostedZone must contain exactly one SOA record.");
  if (g_str_equal (name, zone_name) && g_str_equal (type, "NS"))
    return refuse_batch (error, "A HostedZone must contain at least one NS record for the zone itself.");

  return practice_db_run (practice->db, error, "DELETE FROM zone_records WHERE zone = ? AND sort = ? AND type = ? AND identifier = ?",
                          "ssss", zone_id, key, type, identifier != NULL ? identifier : "");
}

static gboolean
apply_change (Practice    *practice,
              const char  *zone_id,
              const char  *zone_name,
              const char  *action,
              JsonObject  *record,
              GError     **error)
{
  const char *name = aws_json_get_string (record, "Name");
  const char *type = aws_json_get_string (record, "Type");
  g_autoptr(JsonObject) present = NULL;

  if (g_str_equal (action, "DELETE"))
    return delete_record (practice, zone_id, zone_name, record, error);

  present = load_record (practice, zone_id, name, type, aws_json_get_string (record, "SetIdentifier"));
  if (present != NULL && g_str_equal (action, "CREATE"))
    return refuse_batch (error, "Tried to create resource record set [name='%s', type='%s'] but it already exists", name, type);

  return practice_record_check (practice, record, zone_name, error) &&
         practice_record_check_conflicts (practice, zone_id, zone_name, record, error) &&
         practice_record_put (practice, zone_id, record, error);
}

/* Changes */

/* Route 53 tells all that is wrong with a batch at once, in a document of its own */
static void
answer_problems (PracticeCall *call,
                 GPtrArray    *problems)
{
  g_autofree char *list = NULL;

  g_ptr_array_add (problems, NULL);
  list = g_strjoinv (", ", (char **) problems->pdata);
  practice_call_answer_error (call, 400, "InvalidChangeBatch", "[%s]", list);
}

static gboolean
read_action (AwsXmlNode  *change,
             char       **action,
             GError     **error)
{
  static const char * const actions[] = { "CREATE", "UPSERT", "DELETE", NULL };

  *action = aws_xml_node_dup_text (change, "Action");
  if (*action == NULL || !g_strv_contains (actions, *action))
    return practice_refuse_as (error, 400, "InvalidInput", "1 validation error detected: Value '%s' at 'changeBatch.changes.1.member.action' failed to satisfy constraint: Member must satisfy enum value set: [CREATE, DELETE, UPSERT]", *action != NULL ? *action : "null");
  if (aws_xml_node_first (change, "ResourceRecordSet") == NULL)
    return practice_refuse_as (error, 400, "InvalidInput", "1 validation error detected: Value null at 'changeBatch.changes.1.member.resourceRecordSet' failed to satisfy constraint: Member must not be null");

  return TRUE;
}

static void
count_values (JsonObject *record,
              gboolean    twice,
              guint      *n_records,
              gsize      *n_characters)
{
  JsonArray *values = aws_json_get_array (record, "Values");
  guint factor = twice ? 2 : 1;

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      *n_records += factor;
      *n_characters += factor * strlen (json_array_get_string_element (values, i));
    }
}

/* A batch says one thing of each record set, or takes it away and makes it anew. */
static gboolean
note_change (GHashTable  *seen,
             const char  *action,
             JsonObject  *record,
             GError     **error)
{
  const char *name = aws_json_get_string (record, "Name");
  const char *type = aws_json_get_string (record, "Type");
  const char *identifier = aws_json_get_string (record, "SetIdentifier");
  g_autofree char *key = g_strdup_printf ("%s %s %s", type, name, identifier != NULL ? identifier : "");
  const char *before = g_hash_table_lookup (seen, key);

  if (before != NULL && !(g_str_equal (before, "DELETE") && g_str_equal (action, "CREATE")))
    return refuse_batch (error, "The request contains an invalid set of changes for a resource record set '%s %s'", type, name);

  g_hash_table_replace (seen, g_steal_pointer (&key), g_strdup (action));

  return TRUE;
}

/* An alias is for a record that is there when all of the batch is done. */
static gboolean
check_target (Practice    *practice,
              const char  *zone_id,
              const char  *zone_name,
              JsonObject  *record,
              GError     **error)
{
  JsonObject *alias = aws_json_get_object (record, "AliasTarget");
  const char *type = aws_json_get_string (record, "Type");
  const char *zone = aws_json_get_string (alias, "HostedZoneId");
  const char *target = aws_json_get_string (alias, "DNSName");
  g_autoptr(JsonObject) found = NULL;

  if (g_str_equal (zone, CLOUDFRONT_ZONE))
    return TRUE;
  if (g_str_equal (zone, zone_id) && !is_in_zone (target, zone_name))
    return refuse_batch (error, "Tried to create an alias that targets %s, type %s in zone %s, but the alias target name does not lie within the target zone", target, type, zone);
  if (g_str_equal (zone, zone_id))
    found = load_record (practice, zone_id, target, type, NULL);

  return found != NULL || refuse_batch (error, "Tried to create an alias that targets %s, type %s in zone %s, but that target was not found", target, type, zone);
}

static void
collect_problem (GPtrArray *problems,
                 GError    *problem)
{
  g_ptr_array_add (problems, g_strdup (problem->message));
  g_error_free (problem);
}

static void
check_whole (Practice    *practice,
             const char  *zone_id,
             const char  *zone_name,
             GPtrArray   *aliases,
             GPtrArray   *problems)
{
  g_autofree char *count = practice_db_lookup (practice->db, "SELECT count(*) FROM zone_records WHERE zone = ?", "s", zone_id);

  for (guint i = 0; i < aliases->len; i++)
    {
      GError *problem = NULL;

      if (!check_target (practice, zone_id, zone_name, g_ptr_array_index (aliases, i), &problem))
        collect_problem (problems, problem);
    }

  if (g_ascii_strtoll (count, NULL, 10) > MOST_IN_ZONE)
    g_ptr_array_add (problems, g_strdup_printf ("The hosted zone %s can't have more than %d resource record sets", zone_name, MOST_IN_ZONE));
}

/* FALSE with an error for what is wrong with the request itself; what is wrong with the changes is collected */
static gboolean
apply_batch (PracticeCall  *call,
             const char    *zone_id,
             const char    *zone_name,
             AwsXmlNode    *changes,
             GPtrArray     *problems,
             GError       **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) aliases = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  guint n_records = 0;
  gsize n_characters = 0;

  for (AwsXmlNode *each = aws_xml_node_first (changes, "Change"); each != NULL; each = aws_xml_node_next (each, "Change"))
    {
      g_autoptr(JsonObject) record = NULL;
      g_autoptr(GError) problem = NULL;
      g_autofree char *action = NULL;

      if (!read_action (each, &action, error) ||
          !(record = practice_record_read (aws_xml_node_first (each, "ResourceRecordSet"), action, error)))
        return FALSE;

      count_values (record, g_str_equal (action, "UPSERT"), &n_records, &n_characters);
      if (n_records > MOST_CHANGES || n_characters > MOST_CHARACTERS)
        return practice_refuse_as (error, 400, "InvalidChangeBatch", "[Number of records limit of %d exceeded.]", MOST_CHANGES);

      if (!g_str_equal (action, "DELETE") && json_object_has_member (record, "AliasTarget"))
        g_ptr_array_add (aliases, json_object_ref (record));
      if (note_change (seen, action, record, &problem) &&
          apply_change (call->practice, zone_id, zone_name, action, record, &problem))
        continue;
      if (g_strcmp0 (practice_fault_get_code (problem), "InvalidChangeBatch") != 0)
        {
          g_propagate_error (error, g_steal_pointer (&problem));

          return FALSE;
        }
      collect_problem (problems, g_steal_pointer (&problem));
    }

  if (problems->len == 0)
    check_whole (call->practice, zone_id, zone_name, aliases, problems);

  return TRUE;
}

void
practice_route53_change_records (PracticeCall *call,
                                 const char   *zone_id,
                                 const char   *zone_name)
{
  g_autoptr(AwsXml) document = call->body != NULL && g_bytes_get_size (call->body) > 0 ? aws_xml_new (call->body, NULL) : NULL;
  AwsXmlNode *root = document != NULL ? aws_xml_get_root (document) : NULL;
  AwsXmlNode *changes = root != NULL ? aws_xml_node_find (root, "ChangeBatch/Changes") : NULL;
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *comment = NULL;
  gboolean good;

  if (root == NULL || !g_str_equal (aws_xml_node_get_name (root), "ChangeResourceRecordSetsRequest") || changes == NULL ||
      aws_xml_node_first (changes, "Change") == NULL)
    {
      practice_call_answer_error (call, 400, root == NULL ? "MalformedInput" : "InvalidInput", "1 validation error detected: Value '[]' at 'changeBatch.changes' failed to satisfy constraint: Member must have length greater than or equal to 1");

      return;
    }

  if (!practice_db_begin (call->practice->db, &error))
    {
      practice_call_answer_internal (call, error);

      return;
    }

  comment = aws_xml_node_dup_text (root, "ChangeBatch/Comment");
  good = apply_batch (call, zone_id, zone_name, changes, problems, &error) && problems->len == 0 &&
         practice_route53_add_change (call, comment, xml, &error);
  if (!good)
    practice_db_rollback (call->practice->db);
  else
    good = practice_db_commit (call->practice->db, &error);

  if (good)
    practice_route53_answer (call, 200, "ChangeResourceRecordSetsResponse", xml);
  else if (error != NULL)
    practice_route53_refuse (call, error);
  else
    answer_problems (call, problems);
}

void
practice_route53_list_records (PracticeCall *call,
                               const char   *zone_id)
{
  const char *name = practice_call_get_query (call, "name");
  const char *type = practice_call_get_query (call, "type");
  const char *identifier = practice_call_get_query (call, "identifier");
  g_autofree char *normal = NULL;
  g_autofree char *key = NULL;
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new ("<ResourceRecordSets>");
  g_autoptr(GString) next = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gint64 limit;
  gint64 count = 0;

  if (!practice_route53_get_limit (call, MOST_RECORDS, &limit))
    return;

  if ((type != NULL && name == NULL) || (identifier != NULL && type == NULL))
    practice_refuse_as (&error, 400, "InvalidInput", "The input is not valid");
  else if (name != NULL)
    normal = practice_dns_normalize (name, &error);
  if (error != NULL)
    {
      practice_route53_refuse (call, error);

      return;
    }

  key = normal != NULL ? practice_dns_sort_key (normal) : g_strdup ("");
  rows = practice_db_query (call->practice->db,
                            "SELECT record, name, type, identifier FROM zone_records WHERE zone = ?"
                            " AND (sort, type, identifier) >= (?, ?, ?) ORDER BY sort, type, identifier", "ssss",
                            zone_id, key, type != NULL ? type : "", identifier != NULL ? identifier : "");
  while (practice_rows_next (rows))
    {
      g_autoptr(JsonObject) record = practice_parse_object (practice_rows_text (rows, 0));

      if (count++ == limit)
        {
          aws_xml_append_element (next, "NextRecordName", practice_rows_text (rows, 1));
          aws_xml_append_element (next, "NextRecordType", practice_rows_text (rows, 2));
          if (*practice_rows_text (rows, 3) != '\0')
            aws_xml_append_element (next, "NextRecordIdentifier", practice_rows_text (rows, 3));
          break;
        }
      practice_record_append (record, xml);
    }

  g_string_append (xml, "</ResourceRecordSets>");
  aws_xml_append_element (xml, "IsTruncated", next->len > 0 ? "true" : "false");
  g_string_append (xml, next->str);
  g_string_append_printf (xml, "<MaxItems>%" G_GINT64_FORMAT "</MaxItems>", limit);
  practice_route53_answer (call, 200, "ListResourceRecordSetsResponse", xml);
}

/* Answers */

JsonObject *
practice_record_find (Practice   *practice,
                      const char *zone,
                      const char *name,
                      const char *type)
{
  g_autofree char *key = practice_dns_sort_key (name);
  g_autofree char *text = NULL;
  g_autofree char *any = NULL;
  const char *dot;

  text = practice_db_lookup (practice->db, "SELECT record FROM zone_records WHERE zone = ? AND sort = ? AND type = ?", "sss", zone, key, type);
  if (text != NULL)
    return practice_parse_object (text);

  /* A star stands for names that have no records at all, at any depth */
  any = practice_db_lookup (practice->db, "SELECT 1 FROM zone_records WHERE zone = ? AND substr (sort, 1, length (?)) = ?", "sss", zone, key, key);
  dot = strchr (name, '.');
  if (any != NULL || dot == NULL || g_str_has_prefix (name, "\\052."))
    return NULL;

  for (; dot != NULL && dot[1] != '\0'; dot = strchr (dot + 1, '.'))
    {
      g_autofree char *star = g_strconcat ("\\052", dot, NULL);
      g_autofree char *star_key = practice_dns_sort_key (star);
      g_autofree char *star_text = NULL;

      star_text = practice_db_lookup (practice->db, "SELECT record FROM zone_records WHERE zone = ? AND sort = ? AND type = ?", "sss", zone, star_key, type);
      if (star_text != NULL)
        return practice_parse_object (star_text);
    }

  return NULL;
}
