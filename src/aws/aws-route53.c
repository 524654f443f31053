/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-route53.h"

#include <string.h>

#include "aws-client-private.h"
#include "aws-document.h"
#include "aws-operations-private.h"
#include "aws-tag.h"
#include "aws-turns.h"

#define ROOT "/2013-04-01/"

static const AwsShape config[] = {
  { "Comment" },
  { "PrivateZone", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape hosted_zone[] = {
  { "Id" },
  { "Name" },
  { "CallerReference" },
  { "Config", AWS_STRUCTURE (config) },
  { "ResourceRecordSetCount", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape change_info[] = {
  { "Id" },
  { "Status" },
  { "SubmittedAt", AWS_SHAPE_TIMESTAMP },
  { "Comment" },
  { NULL }
};

static const AwsShape delegation_set[] = {
  { "NameServers", AWS_LIST_OF ({ "NameServer" }) },
  { NULL }
};

static const AwsShape create_hosted_zone_input[] = {
  { "Name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "CallerReference", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "HostedZoneConfig", AWS_STRUCTURE (config) },
  { NULL }
};

static const AwsShape create_hosted_zone_output[] = {
  { "HostedZone", AWS_STRUCTURE (hosted_zone) },
  { "ChangeInfo", AWS_STRUCTURE (change_info) },
  { "DelegationSet", AWS_STRUCTURE (delegation_set) },
  { NULL }
};

static const AwsOperation create_hosted_zone = {
  "route53", "CreateHostedZone", "POST", ROOT "hostedzone",
  .input = create_hosted_zone_input, .output = create_hosted_zone_output,
};

static const AwsShape zone_id_input[] = {
  { "Id", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { NULL }
};

static const AwsShape get_hosted_zone_output[] = {
  { "HostedZone", AWS_STRUCTURE (hosted_zone) },
  { "DelegationSet", AWS_STRUCTURE (delegation_set) },
  { NULL }
};

static const AwsOperation get_hosted_zone = {
  "route53", "GetHostedZone", "GET", ROOT "hostedzone/{Id}",
  .input = zone_id_input, .output = get_hosted_zone_output,
};

static const AwsShape list_hosted_zones_input[] = {
  { "Marker", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY, .wire_name = "marker" },
  { "MaxItems", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY, .wire_name = "maxitems" },
  { NULL }
};

static const AwsShape list_hosted_zones_output[] = {
  { "HostedZones", AWS_LIST_OF ({ "HostedZone", AWS_STRUCTURE (hosted_zone) }) },
  { "Marker" },
  { "IsTruncated", AWS_SHAPE_BOOLEAN },
  { "NextMarker" },
  { "MaxItems" },
  { NULL }
};

static const AwsOperation list_hosted_zones = {
  "route53", "ListHostedZones", "GET", ROOT "hostedzone",
  .input = list_hosted_zones_input, .output = list_hosted_zones_output,
  .pages = { "HostedZones", "NextMarker", "Marker", "IsTruncated" },
};

static const AwsShape list_hosted_zones_by_name_input[] = {
  { "DNSName", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY, .wire_name = "dnsname" },
  { "HostedZoneId", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY, .wire_name = "hostedzoneid" },
  { "MaxItems", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY, .wire_name = "maxitems" },
  { NULL }
};

static const AwsShape list_hosted_zones_by_name_output[] = {
  { "HostedZones", AWS_LIST_OF ({ "HostedZone", AWS_STRUCTURE (hosted_zone) }) },
  { "DNSName" },
  { "HostedZoneId" },
  { "IsTruncated", AWS_SHAPE_BOOLEAN },
  { "NextDNSName" },
  { "NextHostedZoneId" },
  { "MaxItems" },
  { NULL }
};

static const AwsOperation list_hosted_zones_by_name = {
  "route53", "ListHostedZonesByName", "GET", ROOT "hostedzonesbyname",
  .input = list_hosted_zones_by_name_input, .output = list_hosted_zones_by_name_output,
  .pages = { "HostedZones", "NextDNSName,NextHostedZoneId", "DNSName,HostedZoneId", "IsTruncated" },
};

static const AwsShape get_hosted_zone_count_output[] = {
  { "HostedZoneCount", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsOperation get_hosted_zone_count = {
  "route53", "GetHostedZoneCount", "GET", ROOT "hostedzonecount", .output = get_hosted_zone_count_output,
};

static const AwsShape change_output[] = {
  { "ChangeInfo", AWS_STRUCTURE (change_info) },
  { NULL }
};

static const AwsOperation delete_hosted_zone = {
  "route53", "DeleteHostedZone", "DELETE", ROOT "hostedzone/{Id}", .input = zone_id_input, .output = change_output,
};

static const AwsShape record[] = {
  { "Value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape alias_target[] = {
  { "HostedZoneId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "DNSName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "EvaluateTargetHealth", AWS_SHAPE_BOOLEAN, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape geo_location[] = {
  { "ContinentCode" },
  { "CountryCode" },
  { "SubdivisionCode" },
  { NULL }
};

/* What others have made with Route 53's routing must survive being read and written back */
static const AwsShape record_set[] = {
  { "Name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Type", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "SetIdentifier" },
  { "Weight", AWS_SHAPE_INTEGER },
  { "Region" },
  { "GeoLocation", AWS_STRUCTURE (geo_location) },
  { "Failover" },
  { "MultiValueAnswer", AWS_SHAPE_BOOLEAN },
  { "TTL", AWS_SHAPE_INTEGER },
  { "ResourceRecords", AWS_LIST_OF ({ "ResourceRecord", AWS_STRUCTURE (record) }) },
  { "AliasTarget", AWS_STRUCTURE (alias_target) },
  { "HealthCheckId" },
  { "TrafficPolicyInstanceId" },
  { NULL }
};

static const AwsShape list_records_input[] = {
  { "HostedZoneId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI, "Id" },
  { "StartRecordName", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY, .wire_name = "name" },
  { "StartRecordType", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY, .wire_name = "type" },
  { "StartRecordIdentifier", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY, .wire_name = "identifier" },
  { "MaxItems", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY, .wire_name = "maxitems" },
  { NULL }
};

static const AwsShape list_records_output[] = {
  { "ResourceRecordSets", AWS_LIST_OF ({ "ResourceRecordSet", AWS_STRUCTURE (record_set) }) },
  { "IsTruncated", AWS_SHAPE_BOOLEAN },
  { "NextRecordName" },
  { "NextRecordType" },
  { "NextRecordIdentifier" },
  { "MaxItems" },
  { NULL }
};

static const AwsOperation list_records = {
  "route53", "ListResourceRecordSets", "GET", ROOT "hostedzone/{Id}/rrset",
  .input = list_records_input, .output = list_records_output,
  .pages = { "ResourceRecordSets", "NextRecordName,NextRecordType,NextRecordIdentifier",
             "StartRecordName,StartRecordType,StartRecordIdentifier", "IsTruncated" },
};

static const AwsShape change[] = {
  { "Action", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "ResourceRecordSet", AWS_STRUCTURE (record_set), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape change_batch[] = {
  { "Comment" },
  { "Changes", AWS_LIST_OF ({ "Change", AWS_STRUCTURE (change) }), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape change_records_input[] = {
  { "HostedZoneId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI, "Id" },
  { "ChangeBatch", AWS_STRUCTURE (change_batch), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsOperation change_records = {
  "route53", "ChangeResourceRecordSets", "POST", ROOT "hostedzone/{Id}/rrset/",
  .input = change_records_input, .output = change_output,
};

static const AwsOperation get_change = {
  "route53", "GetChange", "GET", ROOT "change/{Id}", .input = zone_id_input, .output = change_output,
};

static const AwsShape tag[] = {
  { "Key" },
  { "Value" },
  { NULL }
};

static const AwsShape change_tags_input[] = {
  { "ResourceType", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { "ResourceId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { "AddTags", AWS_LIST_OF ({ "Tag", AWS_STRUCTURE (tag) }) },
  { "RemoveTagKeys", AWS_LIST_OF ({ "Key" }) },
  { NULL }
};

static const AwsOperation change_tags = {
  "route53", "ChangeTagsForResource", "POST", ROOT "tags/{ResourceType}/{ResourceId}", .input = change_tags_input,
};

static const AwsShape list_tags_input[] = {
  { "ResourceType", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { "ResourceId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { NULL }
};

static const AwsShape tag_set[] = {
  { "ResourceType" },
  { "ResourceId" },
  { "Tags", AWS_LIST_OF ({ "Tag", AWS_STRUCTURE (tag) }) },
  { NULL }
};

static const AwsShape list_tags_output[] = {
  { "ResourceTagSet", AWS_STRUCTURE (tag_set) },
  { NULL }
};

static const AwsOperation list_tags = {
  "route53", "ListTagsForResource", "GET", ROOT "tags/{ResourceType}/{ResourceId}",
  .input = list_tags_input, .output = list_tags_output, .pages = { "ResourceTagSet.Tags" },
};

static const AwsShape signing_status[] = {
  { "ServeSignature" },
  { "StatusMessage" },
  { NULL }
};

static const AwsShape signing_key[] = {
  { "Name" },
  { "KeyTag", AWS_SHAPE_INTEGER },
  { "DSRecord" },
  { "Status" },
  { NULL }
};

static const AwsShape get_signing_input[] = {
  { "HostedZoneId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI, "Id" },
  { NULL }
};

static const AwsShape get_signing_output[] = {
  { "Status", AWS_STRUCTURE (signing_status) },
  { "KeySigningKeys", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (signing_key) }) },
  { NULL }
};

static const AwsOperation get_signing = {
  "route53", "GetDNSSEC", "GET", ROOT "hostedzone/{Id}/dnssec", .input = get_signing_input, .output = get_signing_output,
};

const AwsOperation * const aws_route53_operations[] = {
  &create_hosted_zone,
  &get_hosted_zone,
  &list_hosted_zones,
  &list_hosted_zones_by_name,
  &get_hosted_zone_count,
  &delete_hosted_zone,
  &list_records,
  &change_records,
  &get_change,
  &change_tags,
  &list_tags,
  &get_signing,
  NULL
};

/* "Z1" of "/hostedzone/Z1", "C1" of "/change/C1": ids are given with their kind, and taken with or without it */
static const char *
strip_kind (const char *id)
{
  const char *slash = id != NULL ? strrchr (id, '/') : NULL;

  return slash != NULL ? slash + 1 : id;
}

/* Zones */

AWS_DEFINE_DOCUMENT (AwsHostedZone, aws_hosted_zone)

/* A list has zones as such, the others have them beside their name servers */
static JsonObject *
get_zone_object (AwsHostedZone *self)
{
  JsonObject *object = aws_json_get_object (self->document.object, "HostedZone");

  return object != NULL ? object : self->document.object;
}

/**
 * aws_hosted_zone_get_id:
 * @self: a zone
 *
 * Returns: (transfer none) (nullable): its id, such as `Z0123456789ABCDEFGHIJ`
 */
const char *
aws_hosted_zone_get_id (AwsHostedZone *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return strip_kind (aws_json_get_string (get_zone_object (self), "Id"));
}

/**
 * aws_hosted_zone_dup_name:
 * @self: a zone
 *
 * Returns: (transfer full) (nullable): the domain, without a dot at its end
 */
char *
aws_hosted_zone_dup_name (AwsHostedZone *self)
{
  const char *name;

  g_return_val_if_fail (self != NULL, NULL);

  name = aws_json_get_string (get_zone_object (self), "Name");

  return name != NULL ? aws_dns_name_decode (name) : NULL;
}

/**
 * aws_hosted_zone_get_caller_reference:
 * @self: a zone
 *
 * Returns: (transfer none) (nullable): what it was made with, so that the same request again is known as such;
 *   `RISWorkflow-RD:` and a number if it was made by registering the domain
 */
const char *
aws_hosted_zone_get_caller_reference (AwsHostedZone *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (get_zone_object (self), "CallerReference");
}

/**
 * aws_hosted_zone_get_comment:
 * @self: a zone
 *
 * Returns: (transfer none) (nullable): its comment
 */
const char *
aws_hosted_zone_get_comment (AwsHostedZone *self)
{
  JsonObject *object;

  g_return_val_if_fail (self != NULL, NULL);

  object = aws_json_get_object (get_zone_object (self), "Config");

  return object != NULL ? aws_json_get_string (object, "Comment") : NULL;
}

/**
 * aws_hosted_zone_is_private:
 * @self: a zone
 *
 * Returns: whether only networks inside of AWS see it, so that it is of no use for a site
 */
gboolean
aws_hosted_zone_is_private (AwsHostedZone *self)
{
  JsonObject *object;

  g_return_val_if_fail (self != NULL, FALSE);

  object = aws_json_get_object (get_zone_object (self), "Config");

  return object != NULL && aws_json_get_bool (object, "PrivateZone");
}

/**
 * aws_hosted_zone_get_record_count:
 * @self: a zone
 *
 * Returns: how many record sets it has; 2 in a fresh one
 */
gint64
aws_hosted_zone_get_record_count (AwsHostedZone *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_json_get_int (get_zone_object (self), "ResourceRecordSetCount", 0);
}

/**
 * aws_hosted_zone_dup_name_servers:
 * @self: a zone that was made or looked at, not one of a list
 *
 * Returns: (transfer full): the four servers that the domain's registrar must name
 */
GStrv
aws_hosted_zone_dup_name_servers (AwsHostedZone *self)
{
  JsonObject *object;
  AwsDocument set;

  g_return_val_if_fail (self != NULL, NULL);

  object = aws_json_get_object (self->document.object, "DelegationSet");
  if (object == NULL)
    return g_new0 (char *, 1);

  set.object = object;

  return aws_document_dup_strings (&set, "NameServers");
}

/**
 * aws_hosted_zone_get_change_id:
 * @self: a zone that was just made
 *
 * Returns: (transfer none) (nullable): the change to wait for until the zone answers everywhere
 */
const char *
aws_hosted_zone_get_change_id (AwsHostedZone *self)
{
  JsonObject *object;

  g_return_val_if_fail (self != NULL, NULL);

  object = aws_json_get_object (self->document.object, "ChangeInfo");

  return object != NULL ? strip_kind (aws_json_get_string (object, "Id")) : NULL;
}

/* Records */

AWS_DEFINE_DOCUMENT (AwsRecordSet, aws_record_set)

static AwsRecordSet *
record_set_new (const char *name,
                const char *type,
                JsonObject *object)
{
  json_object_set_string_member (object, "Name", name);
  json_object_set_string_member (object, "Type", type);

  return aws_document_new (object);
}

/**
 * aws_record_set_new:
 * @name: the name, with or without a dot at its end
 * @type: `A`, `AAAA`, `CNAME`, `TXT`, `MX`, `CAA` and so on
 * @ttl: how long answers may be kept, in seconds
 * @values: the values as zone files have them
 *
 * Describes records.
 *
 * Returns: (transfer full): the records
 */
AwsRecordSet *
aws_record_set_new (const char         *name,
                    const char         *type,
                    guint               ttl,
                    const char * const *values)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *records = json_array_new ();

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (values != NULL, NULL);

  for (guint i = 0; values[i] != NULL; i++)
    {
      JsonObject *each = json_object_new ();

      json_object_set_string_member (each, "Value", values[i]);
      json_array_add_object_element (records, each);
    }
  json_object_set_int_member (object, "TTL", ttl);
  json_object_set_array_member (object, "ResourceRecords", records);

  return record_set_new (name, type, object);
}

/**
 * aws_record_set_new_text:
 * @name: the name
 * @ttl: how long answers may be kept, in seconds
 * @text: a text of any length, not quoted
 *
 * Describes a TXT record.
 *
 * Returns: (transfer full): the record
 */
AwsRecordSet *
aws_record_set_new_text (const char *name,
                         guint       ttl,
                         const char *text)
{
  g_autofree char *value = NULL;
  const char *values[] = { NULL, NULL };

  g_return_val_if_fail (text != NULL, NULL);

  values[0] = value = aws_dns_text_quote (text);

  return aws_record_set_new (name, "TXT", ttl, values);
}

/**
 * aws_record_set_new_alias:
 * @name: the name, possibly that of the zone itself
 * @type: `A`, `AAAA` or `HTTPS`
 * @target_zone_id: the zone of the target, `AWS_ROUTE53_CLOUDFRONT_ZONE` for a distribution
 * @target: the name of the target, such as `d111111abcdef8.cloudfront.net`
 *
 * Describes records that are whatever those of the target are.
 *
 * Returns: (transfer full): the records
 */
AwsRecordSet *
aws_record_set_new_alias (const char *name,
                          const char *type,
                          const char *target_zone_id,
                          const char *target)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonObject *alias = json_object_new ();

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (target_zone_id != NULL, NULL);
  g_return_val_if_fail (target != NULL, NULL);

  json_object_set_string_member (alias, "HostedZoneId", target_zone_id);
  json_object_set_string_member (alias, "DNSName", target);
  json_object_set_boolean_member (alias, "EvaluateTargetHealth", FALSE);
  json_object_set_object_member (object, "AliasTarget", alias);

  return record_set_new (name, type, object);
}

/**
 * aws_record_set_dup_name:
 * @self: records
 *
 * Returns: (transfer full) (nullable): their name, readable and without a dot at its end
 */
char *
aws_record_set_dup_name (AwsRecordSet *self)
{
  const char *name;

  g_return_val_if_fail (self != NULL, NULL);

  name = aws_json_get_string (self->document.object, "Name");

  return name != NULL ? aws_dns_name_decode (name) : NULL;
}

/**
 * aws_record_set_get_record_type:
 * @self: records
 *
 * Returns: (transfer none) (nullable): their type, such as `A`
 */
AWS_DOCUMENT_STRING (AwsRecordSet, aws_record_set, record_type, "Type")

/**
 * aws_record_set_get_ttl:
 * @self: records
 *
 * Returns: how long answers may be kept, in seconds; 0 for an alias
 */
AWS_DOCUMENT_INT (AwsRecordSet, aws_record_set, ttl, "TTL")

/**
 * aws_record_set_get_identifier:
 * @self: records
 *
 * Returns: (transfer none) (nullable): what tells them from others of the same name and type, where somebody has set up
 *   routing by weight, place or the like
 */
AWS_DOCUMENT_STRING (AwsRecordSet, aws_record_set, identifier, "SetIdentifier")

/**
 * aws_record_set_dup_values:
 * @self: records
 *
 * Returns: (transfer full): the values as they are written; none for an alias
 */
GStrv
aws_record_set_dup_values (AwsRecordSet *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *records;

  g_return_val_if_fail (self != NULL, NULL);

  records = aws_json_get_array (self->document.object, "ResourceRecords");
  for (guint i = 0; records != NULL && i < json_array_get_length (records); i++)
    {
      JsonObject *each = aws_json_array_get_object (records, i);
      const char *value = each != NULL ? aws_json_get_string (each, "Value") : NULL;

      if (value != NULL)
        g_strv_builder_add (builder, value);
    }

  return g_strv_builder_end (builder);
}

/**
 * aws_record_set_dup_texts:
 * @self: TXT records
 *
 * Returns: (transfer full): the texts, without quotes and joined where they are in parts
 */
GStrv
aws_record_set_dup_texts (AwsRecordSet *self)
{
  GStrv values = aws_record_set_dup_values (self);

  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    {
      char *text = aws_dns_text_unquote (values[i]);

      g_free (values[i]);
      values[i] = text;
    }

  return values;
}

/**
 * aws_record_set_is_alias:
 * @self: records
 *
 * Returns: whether they are those of another name
 */
gboolean
aws_record_set_is_alias (AwsRecordSet *self)
{
  return aws_record_set_get_alias_zone_id (self) != NULL;
}

static const char *
get_alias (AwsRecordSet *self,
           const char   *member)
{
  JsonObject *alias = aws_json_get_object (self->document.object, "AliasTarget");

  return alias != NULL ? aws_json_get_string (alias, member) : NULL;
}

/**
 * aws_record_set_get_alias_zone_id:
 * @self: records
 *
 * Returns: (transfer none) (nullable): the zone that an alias points into
 */
const char *
aws_record_set_get_alias_zone_id (AwsRecordSet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_alias (self, "HostedZoneId");
}

/**
 * aws_record_set_dup_alias_target:
 * @self: records
 *
 * Returns: (transfer full) (nullable): the name that an alias points to, without a dot at its end
 */
char *
aws_record_set_dup_alias_target (AwsRecordSet *self)
{
  const char *name;

  g_return_val_if_fail (self != NULL, NULL);

  name = get_alias (self, "DNSName");

  return name != NULL ? aws_dns_name_decode (name) : NULL;
}

/* Batches */

AWS_DEFINE_DOCUMENT (AwsRecordBatch, aws_record_batch)

/**
 * aws_record_batch_new:
 * @comment: (nullable): a note on the change, 256 characters at most
 *
 * Begins a batch of changes.
 *
 * Returns: (transfer full): the batch, without changes
 */
AwsRecordBatch *
aws_record_batch_new (const char *comment)
{
  g_autoptr(JsonObject) object = json_object_new ();

  aws_input_set_string (object, "Comment", comment);
  json_object_set_array_member (object, "Changes", json_array_new ());

  return aws_document_new (object);
}

/**
 * aws_record_batch_add:
 * @self: a batch that was not sent yet
 * @action: what to do; upserting replaces what there is or makes it, deleting needs the records exactly as they are
 * @records: the records
 *
 * Adds a change. A batch may have 1,000 records and 32,000 characters of values, and upserted ones count twice.
 */
void
aws_record_batch_add (AwsRecordBatch  *self,
                      AwsRecordAction  action,
                      AwsRecordSet    *records)
{
  static const char * const names[] = { "CREATE", "UPSERT", "DELETE" };
  JsonObject *object;

  g_return_if_fail (self != NULL);
  g_return_if_fail (records != NULL);

  object = json_object_new ();
  json_object_set_string_member (object, "Action", names[action]);
  json_object_set_object_member (object, "ResourceRecordSet", json_object_ref (records->document.object));
  json_array_add_object_element (aws_json_get_array (self->document.object, "Changes"), object);
}

/**
 * aws_record_batch_get_length:
 * @self: a batch
 *
 * Returns: how many changes it has
 */
guint
aws_record_batch_get_length (AwsRecordBatch *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return json_array_get_length (aws_json_get_array (self->document.object, "Changes"));
}

/* Changes */

AWS_DEFINE_DOCUMENT (AwsZoneChange, aws_zone_change)

/**
 * aws_zone_change_get_id:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): its id
 */
const char *
aws_zone_change_get_id (AwsZoneChange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return strip_kind (aws_json_get_string (self->document.object, "Id"));
}

/**
 * aws_zone_change_is_in_sync:
 * @self: a change
 *
 * Returns: whether all name servers of the zone know of it
 */
gboolean
aws_zone_change_is_in_sync (AwsZoneChange *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_json_get_string (self->document.object, "Status"), "INSYNC") == 0;
}

/**
 * aws_zone_change_dup_submitted:
 * @self: a change
 *
 * Returns: (transfer full) (nullable): when it was asked for
 */
AWS_DOCUMENT_TIME (AwsZoneChange, aws_zone_change, submitted, "SubmittedAt")

/* Signing */

AWS_DEFINE_DOCUMENT (AwsZoneSigning, aws_zone_signing)

static const char *
get_signing_status (AwsZoneSigning *self,
                    const char     *member)
{
  JsonObject *status = aws_json_get_object (self->document.object, "Status");

  return status != NULL ? aws_json_get_string (status, member) : NULL;
}

/**
 * aws_zone_signing_get_status:
 * @self: how a zone is signed
 *
 * Returns: (transfer none) (nullable): `NOT_SIGNING`, `SIGNING`, `DELETING`, `ACTION_NEEDED` or `INTERNAL_FAILURE`
 */
const char *
aws_zone_signing_get_status (AwsZoneSigning *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_signing_status (self, "ServeSignature");
}

/**
 * aws_zone_signing_get_message:
 * @self: how a zone is signed
 *
 * Returns: (transfer none) (nullable): what is to be done about it, if anything
 */
const char *
aws_zone_signing_get_message (AwsZoneSigning *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_signing_status (self, "StatusMessage");
}

/**
 * aws_zone_signing_dup_ds_records:
 * @self: how a zone is signed
 *
 * Returns: (transfer full): what the zone above must say of its keys
 */
GStrv
aws_zone_signing_dup_ds_records (AwsZoneSigning *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *keys;

  g_return_val_if_fail (self != NULL, NULL);

  keys = aws_json_get_array (self->document.object, "KeySigningKeys");
  for (guint i = 0; keys != NULL && i < json_array_get_length (keys); i++)
    {
      JsonObject *key = aws_json_array_get_object (keys, i);
      const char *text = key != NULL ? aws_json_get_string (key, "DSRecord") : NULL;

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }

  return g_strv_builder_end (builder);
}

/* Calls */

static JsonObject *
new_id_input (const char *member,
              const char *id)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, member, strip_kind (id));

  return input;
}

/**
 * aws_route53_create_zone:
 * @client: a client
 * @name: a domain
 * @caller_reference: 1 to 128 characters; the same again is refused with `AWS_ERROR_ALREADY_EXISTS` instead of making
 *   another zone with other name servers
 * @comment: (nullable): a note, 256 characters at most
 *
 * Makes a zone, which costs something every month. Look for one before, see [func@aws_route53_find_zones].
 *
 * Returns: (transfer full): resolves to an [struct@AwsHostedZone], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_create_zone (AwsClient  *client,
                         const char *name,
                         const char *caller_reference,
                         const char *comment)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);
  dex_return_error_if_fail (caller_reference != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "Name", name);
  aws_input_set_string (input, "CallerReference", caller_reference);
  if (comment != NULL)
    {
      JsonObject *settings = json_object_new ();

      json_object_set_string_member (settings, "Comment", comment);
      json_object_set_object_member (input, "HostedZoneConfig", settings);
    }

  return aws_operation_call_document (&create_hosted_zone, client, input, AWS_TYPE_HOSTED_ZONE, NULL);
}

/**
 * aws_route53_get_zone:
 * @client: a client
 * @id: a zone
 *
 * Looks at a zone and its name servers.
 *
 * Returns: (transfer full): resolves to an [struct@AwsHostedZone], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_get_zone (AwsClient  *client,
                      const char *id)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL);

  return aws_operation_call_document (&get_hosted_zone, client, new_id_input ("Id", id), AWS_TYPE_HOSTED_ZONE, NULL);
}

/**
 * aws_route53_list_zones:
 * @client: a client
 *
 * Lists the zones of the account.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsHostedZone], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_list_zones (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return aws_operation_call_documents (&list_hosted_zones, client, NULL, AWS_TYPE_HOSTED_ZONE);
}

/* Zones come in order of their names from the one that is looked for, so pages end where another name begins */
typedef struct
{
  AwsClient *client;
  char      *name;
  GPtrArray *zones;
} Search;

static void
search_clear (gpointer data)
{
  Search *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->zones, g_ptr_array_unref);
}

static void
search_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, search_clear);
}

static DexFuture *
search_ask (Search     *self,
            const char *name,
            const char *id)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "DNSName", name);
  aws_input_set_string (input, "HostedZoneId", id);

  return aws_operation_call (&list_hosted_zones_by_name, self->client, input);
}

static DexFuture *
search_answered (DexFuture *completed,
                 gpointer   user_data)
{
  Search *self = user_data;
  JsonObject *output = g_value_get_boxed (dex_future_get_value (completed, NULL));
  const char *next = aws_json_get_string (output, "NextDNSName");
  g_autoptr(GPtrArray) zones = aws_document_new_list (aws_json_get_array (output, "HostedZones"));
  guint found = 0;

  for (guint i = 0; i < zones->len; i++)
    {
      AwsHostedZone *zone = g_ptr_array_index (zones, i);
      g_autofree char *name = aws_hosted_zone_dup_name (zone);

      if (name == NULL || !aws_dns_name_equal (name, self->name))
        continue;

      g_ptr_array_add (self->zones, aws_hosted_zone_ref (zone));
      found++;
    }

  if (found > 0 && found == zones->len && aws_json_get_bool (output, "IsTruncated") &&
      next != NULL && aws_dns_name_equal (next, self->name))
    return search_ask (self, next, aws_json_get_string (output, "NextHostedZoneId"));

  return NULL;
}

static DexFuture *
search_ended (DexFuture *completed,
              gpointer   user_data)
{
  Search *self = user_data;

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_ref (self->zones));
}

/**
 * aws_route53_find_zones:
 * @client: a client
 * @name: a domain, with or without a dot at its end
 *
 * Looks for the zones of exactly that domain; there can be several, also private ones.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsHostedZone], possibly empty, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_find_zones (AwsClient  *client,
                        const char *name)
{
  DexFuture *future;
  Search *search;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  search = g_atomic_rc_box_new0 (Search);
  search->client = g_object_ref (client);
  search->name = g_strdup (name);
  search->zones = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_hosted_zone_unref);

  future = dex_future_then_loop (search_ask (search, name, NULL), search_answered, g_atomic_rc_box_acquire (search), search_unref);

  return dex_future_then (future, search_ended, search, search_unref);
}

static DexFuture *
read_count (DexFuture *completed,
            gpointer   user_data)
{
  JsonObject *output = g_value_get_boxed (dex_future_get_value (completed, NULL));

  if (!json_object_has_member (output, "HostedZoneCount"))
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer has no number of zones");

  return dex_future_new_for_int64 (aws_json_get_int (output, "HostedZoneCount", 0));
}

/**
 * aws_route53_count_zones:
 * @client: a client
 *
 * Counts the zones of the account, for comparing with the limit of 500.
 *
 * Returns: (transfer full): resolves to a `gint64`, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_count_zones (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return dex_future_then (aws_operation_call (&get_hosted_zone_count, client, NULL), read_count, NULL, NULL);
}

/**
 * aws_route53_delete_zone:
 * @client: a client
 * @id: a zone that has no records but its own NS and SOA
 *
 * Deletes a zone; `AWS_ERROR_NOT_EMPTY` while there are other records.
 *
 * Returns: (transfer full): resolves to an [struct@AwsZoneChange], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_delete_zone (AwsClient  *client,
                         const char *id)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL);

  return aws_operation_call_document (&delete_hosted_zone, client, new_id_input ("Id", id), AWS_TYPE_ZONE_CHANGE, "ChangeInfo");
}

/**
 * aws_route53_list_records:
 * @client: a client
 * @zone_id: a zone
 *
 * Lists all records of a zone.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsRecordSet], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_list_records (AwsClient  *client,
                          const char *zone_id)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (zone_id != NULL);

  return aws_operation_call_documents (&list_records, client, new_id_input ("HostedZoneId", zone_id), AWS_TYPE_RECORD_SET);
}

typedef struct
{
  AwsClient  *client;
  JsonObject *input;
  AwsTurn    *turn;
} Change;

static void
change_clear (gpointer data)
{
  Change *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->input, json_object_unref);
  g_clear_pointer (&self->turn, aws_turn_free);
}

static void
change_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, change_clear);
}

static DexFuture *
change_begin (DexFuture *completed,
              gpointer   user_data)
{
  Change *self = user_data;

  return aws_operation_call_document (&change_records, self->client, json_object_ref (self->input),
                                      AWS_TYPE_ZONE_CHANGE, "ChangeInfo");
}

static DexFuture *
change_ended (DexFuture *completed,
              gpointer   user_data)
{
  Change *self = user_data;

  g_clear_pointer (&self->turn, aws_turn_free);

  return NULL;
}

/**
 * aws_route53_change_records:
 * @client: a client
 * @zone_id: a zone
 * @batch: what to change
 *
 * Changes records, all or none. A zone takes one change after the other, so a change waits here until those before it
 * have been accepted, whichever client of the account they came from.
 *
 * Returns: (transfer full): resolves to an [struct@AwsZoneChange], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_change_records (AwsClient      *client,
                            const char     *zone_id,
                            AwsRecordBatch *batch)
{
  DexFuture *future;
  Change *self;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (zone_id != NULL);
  dex_return_error_if_fail (batch != NULL);

  self = g_atomic_rc_box_new0 (Change);
  self->client = g_object_ref (client);
  self->input = new_id_input ("HostedZoneId", zone_id);
  json_object_set_object_member (self->input, "ChangeBatch", json_object_ref (batch->document.object));
  self->turn = aws_turn_new (aws_transport_get_turns (client->transport), strip_kind (zone_id));

  future = dex_future_then (aws_turn_wait (self->turn), change_begin, g_atomic_rc_box_acquire (self), change_unref);

  return dex_future_finally (future, change_ended, self, change_unref);
}

/**
 * aws_route53_get_change:
 * @client: a client
 * @id: a change
 *
 * Asks how far a change has got. It takes up to a minute; every five seconds is often enough.
 *
 * Returns: (transfer full): resolves to an [struct@AwsZoneChange], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_get_change (AwsClient  *client,
                        const char *id)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL);

  return aws_operation_call_document (&get_change, client, new_id_input ("Id", id), AWS_TYPE_ZONE_CHANGE, "ChangeInfo");
}

static JsonObject *
new_tags_input (const char *zone_id)
{
  JsonObject *input = new_id_input ("ResourceId", zone_id);

  aws_input_set_string (input, "ResourceType", "hostedzone");

  return input;
}

/**
 * aws_route53_change_tags:
 * @client: a client
 * @zone_id: a zone
 * @set_tags: (nullable): name and value of the first tag to set, of the second and so on; 10 at most
 * @remove_keys: (nullable): names of tags to remove
 *
 * Changes the tags of a zone.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_change_tags (AwsClient          *client,
                         const char         *zone_id,
                         const char * const *set_tags,
                         const char * const *remove_keys)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (zone_id != NULL);

  input = new_tags_input (zone_id);
  aws_input_set_tags (input, "AddTags", set_tags);
  if (remove_keys != NULL && remove_keys[0] != NULL)
    aws_input_set_strings (input, "RemoveTagKeys", remove_keys);

  return aws_operation_call_done (&change_tags, client, input);
}

/**
 * aws_route53_list_tags:
 * @client: a client
 * @zone_id: a zone
 *
 * Lists the tags of a zone.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsTag], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_list_tags (AwsClient  *client,
                       const char *zone_id)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (zone_id != NULL);

  return aws_operation_call_documents (&list_tags, client, new_tags_input (zone_id), AWS_TYPE_TAG);
}

/**
 * aws_route53_get_signing:
 * @client: a client
 * @zone_id: a zone
 *
 * Asks whether the answers of a zone are signed. Name servers of a domain must not be changed while they are.
 *
 * Returns: (transfer full): resolves to an [struct@AwsZoneSigning], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53_get_signing (AwsClient  *client,
                         const char *zone_id)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (zone_id != NULL);

  return aws_operation_call_document (&get_signing, client, new_id_input ("HostedZoneId", zone_id), AWS_TYPE_ZONE_SIGNING, NULL);
}
