/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-s3-private.h"

#include "aws-json.h"
#include "aws-uri.h"
#include "aws-xml.h"
#include "porch-practice-policy.h"

#define LARGEST_POLICY 20480

/* Settings of a bucket are kept as JSON in the form of a template's properties; here they become S3's XML and back. */
typedef struct
{
  const char  *query;       /* of the request */
  const char  *setting;
  const char  *root;        /* of the XML */
  const char  *missing;     /* the code when it isn't set */
  const char  *sentence;
  void       (*to_xml) (JsonNode *value, GString *xml);
  JsonNode  *(*from_xml) (AwsXmlNode *root);
} Config;

static const char * const block_names[] = {
  "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets",
};

static JsonNode *
object_node (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);

  return node;
}

static void
block_to_xml (JsonNode *value,
              GString  *xml)
{
  for (guint i = 0; i < G_N_ELEMENTS (block_names); i++)
    aws_xml_append_element (xml, block_names[i],
                            aws_json_get_bool (json_node_get_object (value), block_names[i]) ? "true" : "false");
}

static JsonNode *
block_from_xml (AwsXmlNode *root)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (block_names); i++)
    json_object_set_boolean_member (object, block_names[i], aws_xml_node_get_bool (root, block_names[i]));

  return object_node (object);
}

static void
ownership_to_xml (JsonNode *value,
                  GString  *xml)
{
  JsonObject *rule = aws_json_array_get_object (aws_json_get_array (json_node_get_object (value), "Rules"), 0);

  g_string_append (xml, "<Rule>");
  aws_xml_append_element (xml, "ObjectOwnership", aws_json_get_string (rule, "ObjectOwnership"));
  g_string_append (xml, "</Rule>");
}

static JsonNode *
ownership_from_xml (AwsXmlNode *root)
{
  g_autofree char *text = aws_xml_node_dup_text (root, "Rule/ObjectOwnership");
  JsonObject *object = json_object_new ();
  JsonObject *rule = json_object_new ();
  JsonArray *rules = json_array_new ();

  json_object_set_string_member (rule, "ObjectOwnership", text != NULL ? text : "");
  json_array_add_object_element (rules, rule);
  json_object_set_array_member (object, "Rules", rules);

  return object_node (object);
}

static void
encryption_to_xml (JsonNode *value,
                   GString  *xml)
{
  JsonArray *rules = aws_json_get_array (json_node_get_object (value), "ServerSideEncryptionConfiguration");

  for (guint i = 0; rules != NULL && i < json_array_get_length (rules); i++)
    {
      JsonObject *rule = aws_json_array_get_object (rules, i);
      JsonObject *by_default = aws_json_get_object (rule, "ServerSideEncryptionByDefault");

      g_string_append (xml, "<Rule><ApplyServerSideEncryptionByDefault>");
      aws_xml_append_element (xml, "SSEAlgorithm", aws_json_get_string (by_default, "SSEAlgorithm"));
      g_string_append (xml, "</ApplyServerSideEncryptionByDefault>");
      aws_xml_append_element (xml, "BucketKeyEnabled", aws_json_get_bool (rule, "BucketKeyEnabled") ? "true" : "false");
      g_string_append (xml, "</Rule>");
    }
}

static JsonNode *
encryption_from_xml (AwsXmlNode *root)
{
  g_autofree char *text = aws_xml_node_dup_text (root, "Rule/ApplyServerSideEncryptionByDefault/SSEAlgorithm");
  JsonObject *object = json_object_new ();
  JsonObject *rule = json_object_new ();
  JsonObject *by_default = json_object_new ();
  JsonArray *rules = json_array_new ();

  json_object_set_string_member (by_default, "SSEAlgorithm", text != NULL ? text : "");
  json_object_set_object_member (rule, "ServerSideEncryptionByDefault", by_default);
  json_object_set_boolean_member (rule, "BucketKeyEnabled", aws_xml_node_get_bool (root, "Rule/BucketKeyEnabled"));
  json_array_add_object_element (rules, rule);
  json_object_set_array_member (object, "ServerSideEncryptionConfiguration", rules);

  return object_node (object);
}

/* Lifecycle: the parts that are about days */

static void
append_days (GString    *xml,
             const char *element,
             const char *inner,
             gint64      days)
{
  if (days > 0)
    g_string_append_printf (xml, "<%s><%s>%" G_GINT64_FORMAT "</%s></%s>", element, inner, days, inner, element);
}

static gint64
get_days (JsonObject *rule,
          const char *member,
          const char *inner)
{
  JsonObject *object = aws_json_get_object (rule, member);

  return object != NULL ? aws_json_get_int (object, inner, 0) : 0;
}

static void
lifecycle_to_xml (JsonNode *value,
                  GString  *xml)
{
  JsonArray *rules = aws_json_get_array (json_node_get_object (value), "Rules");

  for (guint i = 0; rules != NULL && i < json_array_get_length (rules); i++)
    {
      JsonObject *rule = aws_json_array_get_object (rules, i);
      const char *prefix = aws_json_get_string (rule, "Prefix");

      g_string_append (xml, "<Rule>");
      aws_xml_append_element (xml, "ID", aws_json_get_string (rule, "Id"));
      g_string_append (xml, "<Filter>");
      aws_xml_append_element (xml, "Prefix", prefix != NULL ? prefix : "");
      g_string_append (xml, "</Filter>");
      aws_xml_append_element (xml, "Status", aws_json_get_string (rule, "Status"));
      append_days (xml, "Expiration", "Days", aws_json_get_int (rule, "ExpirationInDays", 0));
      append_days (xml, "NoncurrentVersionExpiration", "NoncurrentDays",
                   get_days (rule, "NoncurrentVersionExpiration", "NoncurrentDays"));
      append_days (xml, "AbortIncompleteMultipartUpload", "DaysAfterInitiation",
                   get_days (rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation"));
      g_string_append (xml, "</Rule>");
    }
}

static void
set_days (JsonObject *rule,
          const char *member,
          const char *inner,
          gint64      days)
{
  JsonObject *object;

  if (days < 0)
    return;

  object = json_object_new ();
  json_object_set_int_member (object, inner, days);
  json_object_set_object_member (rule, member, object);
}

static JsonNode *
lifecycle_from_xml (AwsXmlNode *root)
{
  JsonObject *object = json_object_new ();
  JsonArray *rules = json_array_new ();

  for (AwsXmlNode *node = aws_xml_node_first (root, "Rule"); node != NULL; node = aws_xml_node_next (node, "Rule"))
    {
      JsonObject *rule = json_object_new ();
      g_autofree char *given = aws_xml_node_dup_text (node, "ID");
      g_autofree char *id = given != NULL && *given != '\0' ? g_strdup (given) : practice_uuid ();
      g_autofree char *status = aws_xml_node_dup_text (node, "Status");
      g_autofree char *filter = aws_xml_node_dup_text (node, "Filter/Prefix");
      g_autofree char *old = aws_xml_node_dup_text (node, "Prefix");
      gint64 days = aws_xml_node_get_int (node, "Expiration/Days", -1);

      json_object_set_string_member (rule, "Id", id);
      json_object_set_string_member (rule, "Status", status != NULL ? status : "");
      if (filter != NULL || old != NULL)
        json_object_set_string_member (rule, "Prefix", filter != NULL ? filter : old);
      if (days >= 0)
        json_object_set_int_member (rule, "ExpirationInDays", days);
      set_days (rule, "NoncurrentVersionExpiration", "NoncurrentDays",
                aws_xml_node_get_int (node, "NoncurrentVersionExpiration/NoncurrentDays", -1));
      set_days (rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation",
                aws_xml_node_get_int (node, "AbortIncompleteMultipartUpload/DaysAfterInitiation", -1));
      json_array_add_object_element (rules, rule);
    }
  json_object_set_array_member (object, "Rules", rules);

  return object_node (object);
}

static void
tags_to_xml (JsonNode *value,
             GString  *xml)
{
  JsonArray *tags = json_node_get_array (value);

  g_string_append (xml, "<TagSet>");
  for (guint i = 0; i < json_array_get_length (tags); i++)
    {
      JsonObject *tag = aws_json_array_get_object (tags, i);

      g_string_append (xml, "<Tag>");
      aws_xml_append_element (xml, "Key", aws_json_get_string (tag, "Key"));
      aws_xml_append_element (xml, "Value", aws_json_get_string (tag, "Value"));
      g_string_append (xml, "</Tag>");
    }
  g_string_append (xml, "</TagSet>");
}

static JsonNode *
tags_from_xml (AwsXmlNode *root)
{
  AwsXmlNode *set = aws_xml_node_first (root, "TagSet");
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *tags = json_array_new ();

  for (AwsXmlNode *tag = set != NULL ? aws_xml_node_first (set, "Tag") : NULL; tag != NULL; tag = aws_xml_node_next (tag, "Tag"))
    {
      JsonObject *object = json_object_new ();
      g_autofree char *key = aws_xml_node_dup_text (tag, "Key");
      g_autofree char *value = aws_xml_node_dup_text (tag, "Value");

      json_object_set_string_member (object, "Key", key != NULL ? key : "");
      json_object_set_string_member (object, "Value", value != NULL ? value : "");
      json_array_add_object_element (tags, object);
    }
  json_node_take_array (node, tags);

  return node;
}

static void
versioning_to_xml (JsonNode *value,
                   GString  *xml)
{
  aws_xml_append_element (xml, "Status", aws_json_get_string (json_node_get_object (value), "Status"));
}

static const Config configs[] = {
  { "policy", "policy", NULL, "NoSuchBucketPolicy", "The bucket policy does not exist", NULL, NULL },
  { "policyStatus", "policy", NULL, "NoSuchBucketPolicy", "The bucket policy does not exist", NULL, NULL },
  { "publicAccessBlock", "public-access-block", "PublicAccessBlockConfiguration", "NoSuchPublicAccessBlockConfiguration",
    "The public access block configuration was not found", block_to_xml, block_from_xml },
  { "ownershipControls", "ownership", "OwnershipControls", "OwnershipControlsNotFoundError",
    "The bucket ownership controls were not found", ownership_to_xml, ownership_from_xml },
  { "lifecycle", "lifecycle", "LifecycleConfiguration", "NoSuchLifecycleConfiguration",
    "The lifecycle configuration does not exist", lifecycle_to_xml, lifecycle_from_xml },
  { "encryption", "encryption", "ServerSideEncryptionConfiguration", "ServerSideEncryptionConfigurationNotFoundError",
    "The server side encryption configuration was not found", encryption_to_xml, encryption_from_xml },
  { "tagging", "tags", "Tagging", "NoSuchTagSet", "The TagSet does not exist", tags_to_xml, tags_from_xml },
  { "versioning", "versioning", "VersioningConfiguration", NULL, NULL, versioning_to_xml, NULL },
};

static const Config *
find_config (PracticeCall *call)
{
  for (guint i = 0; i < G_N_ELEMENTS (configs); i++)
    if (g_hash_table_contains (call->query, configs[i].query))
      return &configs[i];

  g_assert_not_reached ();
}

/* Checks that hold for templates and for calls alike. The problem, or NULL. */

static char *
check_ownership (JsonNode *value)
{
  static const char * const kinds[] = { "BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter", NULL };
  JsonArray *rules = JSON_NODE_HOLDS_OBJECT (value) ? aws_json_get_array (json_node_get_object (value), "Rules") : NULL;
  JsonObject *rule = rules != NULL && json_array_get_length (rules) == 1 ? aws_json_array_get_object (rules, 0) : NULL;
  const char *kind = rule != NULL ? aws_json_get_string (rule, "ObjectOwnership") : NULL;

  return kind != NULL && g_strv_contains (kinds, kind) ? NULL : g_strdup ("The ownership controls are not well formed.");
}

static char *
check_lifecycle (JsonNode *value)
{
  JsonArray *rules = JSON_NODE_HOLDS_OBJECT (value) ? aws_json_get_array (json_node_get_object (value), "Rules") : NULL;
  g_autoptr(GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  if (rules == NULL || json_array_get_length (rules) == 0 || json_array_get_length (rules) > 1000)
    return g_strdup ("A lifecycle configuration has 1 to 1,000 rules.");

  for (guint i = 0; i < json_array_get_length (rules); i++)
    {
      JsonObject *rule = aws_json_array_get_object (rules, i);
      const char *status = rule != NULL ? aws_json_get_string (rule, "Status") : NULL;
      const char *id = rule != NULL ? aws_json_get_string (rule, "Id") : NULL;
      static const char * const actions[] = {
        "ExpirationInDays", "ExpirationDate", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration",
        "NoncurrentVersionExpirationInDays", "ExpiredObjectDeleteMarker", "Transitions", "Transition",
        "NoncurrentVersionTransitions",
      };
      guint n_actions = 0;

      if (g_strcmp0 (status, "Enabled") != 0 && g_strcmp0 (status, "Disabled") != 0)
        return g_strdup ("The status of a lifecycle rule is Enabled or Disabled.");
      if (id != NULL && !g_hash_table_add (ids, (gpointer) id))
        return g_strdup ("Rule ID must be unique. Found same ID for more than one rule");

      for (guint j = 0; j < G_N_ELEMENTS (actions); j++)
        n_actions += json_object_has_member (rule, actions[j]);
      if (n_actions == 0)
        return g_strdup ("At least one action needs to be specified in a rule");
      if (aws_json_get_int (rule, "ExpirationInDays", 1) < 1 ||
          (json_object_has_member (rule, "AbortIncompleteMultipartUpload") &&
           get_days (rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation") < 1))
        return g_strdup ("'Days' for Expiration action must be a positive integer");
    }

  return NULL;
}

static char *
check_encryption (JsonNode *value)
{
  JsonArray *rules = JSON_NODE_HOLDS_OBJECT (value)
                   ? aws_json_get_array (json_node_get_object (value), "ServerSideEncryptionConfiguration") : NULL;
  JsonObject *rule = rules != NULL && json_array_get_length (rules) == 1 ? aws_json_array_get_object (rules, 0) : NULL;
  JsonObject *by_default = rule != NULL ? aws_json_get_object (rule, "ServerSideEncryptionByDefault") : NULL;

  if (by_default != NULL && g_strcmp0 (aws_json_get_string (by_default, "SSEAlgorithm"), "AES256") == 0)
    return NULL;

  return g_strdup ("The practice cloud encrypts with AES256 only.");
}

static char *
check_tags (JsonNode *value)
{
  g_autoptr(GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);

  if (!JSON_NODE_HOLDS_ARRAY (value) || json_array_get_length (json_node_get_array (value)) > 50)
    return g_strdup ("A bucket has at most 50 tags.");

  for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
    {
      JsonObject *tag = aws_json_array_get_object (json_node_get_array (value), i);
      const char *key = tag != NULL ? aws_json_get_string (tag, "Key") : NULL;
      const char *text = tag != NULL ? aws_json_get_string (tag, "Value") : NULL;

      if (key == NULL || *key == '\0' || g_utf8_strlen (key, -1) > 128 || g_str_has_prefix (key, "aws:"))
        return g_strdup ("The TagKey you have provided is invalid");
      if (text == NULL || g_utf8_strlen (text, -1) > 256)
        return g_strdup ("The TagValue you have provided is invalid");
      if (!g_hash_table_add (keys, (gpointer) key))
        return g_strdup ("Cannot provide multiple Tags with the same key");
    }

  return NULL;
}

char *
practice_s3_check_config (const char *bucket,
                          const char *setting,
                          JsonNode   *value)
{
  if (g_str_equal (setting, "policy"))
    return practice_policy_check (value, PRACTICE_POLICY_RESOURCE, bucket);
  if (g_str_equal (setting, "ownership"))
    return check_ownership (value);
  if (g_str_equal (setting, "lifecycle"))
    return check_lifecycle (value);
  if (g_str_equal (setting, "encryption"))
    return check_encryption (value);
  if (g_str_equal (setting, "tags"))
    return check_tags (value);
  if (!JSON_NODE_HOLDS_OBJECT (value))
    return g_strdup_printf ("The setting %s is not well formed.", setting);

  return NULL;
}

/* Whether somebody without credentials gains something by it, as far as block public access is concerned */
gboolean
practice_s3_policy_is_public (JsonNode *policy)
{
  JsonObject *object = json_node_get_object (policy);
  JsonArray *statements = aws_json_get_array (object, "Statement");
  guint count = statements != NULL ? json_array_get_length (statements) : 1;

  for (guint i = 0; i < count; i++)
    {
      JsonObject *statement = statements != NULL ? aws_json_array_get_object (statements, i)
                                                 : aws_json_get_object (object, "Statement");
      JsonNode *principal = json_object_get_member (statement, "Principal");
      JsonNode *aws;
      g_autofree char *text = NULL;

      if (g_strcmp0 (aws_json_get_string (statement, "Effect"), "Allow") != 0 ||
          json_object_has_member (statement, "Condition"))
        continue;
      if (principal == NULL || JSON_NODE_HOLDS_VALUE (principal))
        return TRUE;

      aws = json_object_get_member (json_node_get_object (principal), "AWS");
      text = aws != NULL ? json_to_string (aws, FALSE) : NULL;
      if (text != NULL && strstr (text, "\"*\"") != NULL)
        return TRUE;
    }

  return FALSE;
}

/* Calls */

static void
answer_policy_status (PracticeCall *call,
                      JsonNode     *policy)
{
  g_autoptr(GString) xml = g_string_new ("<PolicyStatus xmlns=\"" S3_XMLNS "\">");

  aws_xml_append_element (xml, "IsPublic", practice_s3_policy_is_public (policy) ? "true" : "false");
  g_string_append (xml, "</PolicyStatus>");
  practice_call_answer_xml (call, 200, xml->str);
}

void
practice_s3_get_config (PracticeCall *call,
                        const char   *bucket,
                        const char   *key)
{
  const Config *config = find_config (call);
  g_autoptr(JsonNode) value = practice_s3_dup_bucket_config (call->practice, bucket, config->setting);
  g_autoptr(GString) xml = g_string_new (NULL);

  if (value == NULL && config->missing != NULL)
    {
      aws_xml_append_element (xml, "BucketName", bucket);
      practice_call_answer_error_extra (call, 404, config->missing, xml->str, NULL, config->sentence);

      return;
    }

  if (g_str_equal (config->query, "policyStatus"))
    {
      answer_policy_status (call, value);

      return;
    }

  if (config->root == NULL)
    {
      g_autofree char *text = json_to_string (value, FALSE);

      practice_call_answer_text (call, 200, "application/json", text);

      return;
    }

  g_string_append_printf (xml, "<%s xmlns=\"" S3_XMLNS "\">", config->root);
  if (value != NULL)
    config->to_xml (value, xml);
  g_string_append_printf (xml, "</%s>", config->root);
  practice_call_answer_xml (call, 200, xml->str);
}

static void
answer_config_error (PracticeCall *call,
                     const char   *bucket,
                     const char   *setting,
                     const GError *error)
{
  if (g_error_matches (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_MALFORMED_POLICY))
    practice_call_answer_error (call, 400, "MalformedPolicy", "%s", error->message);
  else if (g_error_matches (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_ACCESS_DENIED))
    practice_call_answer_error (call, 403, "AccessDenied",
                                "User: %s is not authorized to perform: s3:PutBucketPolicy on resource: \"arn:aws:s3:::%s\" because %s",
                                call->principal->arn, bucket, error->message);
  else if (!g_error_matches (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_INVALID))
    practice_call_answer_internal (call, error);
  else if (g_str_equal (setting, "tags"))
    practice_call_answer_error (call, 400, "InvalidTag", "%s", error->message);
  else if (g_str_equal (setting, "lifecycle"))
    practice_call_answer_error (call, 400, "InvalidRequest", "%s", error->message);
  else
    practice_call_answer_error (call, 400, "MalformedXML",
                                "The XML you provided was not well-formed or did not validate against our published schema");
}

void
practice_s3_put_config (PracticeCall *call,
                        const char   *bucket,
                        const char   *key)
{
  const Config *config = find_config (call);
  gboolean policy = g_str_equal (config->setting, "policy");
  gboolean needed = g_str_equal (config->setting, "lifecycle") || g_str_equal (config->setting, "tags");
  g_autoptr(AwsXml) document = NULL;
  g_autoptr(JsonNode) value = NULL;
  g_autoptr(GError) error = NULL;

  if (!practice_s3_check_integrity (call, needed) ||
      (!policy && !practice_s3_parse_body (call, config->root, (gpointer *) &document)))
    return;

  if (policy && g_bytes_get_size (call->body) > LARGEST_POLICY)
    {
      practice_call_answer_error (call, 400, "PolicyTooLarge", "Your policy exceeds the maximum allowed size of %d bytes", LARGEST_POLICY);

      return;
    }

  if (!policy)
    value = config->from_xml (aws_xml_get_root (document));
  else if (!(value = aws_json_load (call->body, NULL)))
    value = json_node_new (JSON_NODE_NULL);

  if (!practice_s3_set_bucket_config (call->practice, bucket, config->setting, value, &error))
    answer_config_error (call, bucket, config->setting, error);
  else
    practice_call_answer_empty (call, policy || g_str_equal (config->setting, "tags") ? 204 : 200);
}

void
practice_s3_delete_config (PracticeCall *call,
                           const char   *bucket,
                           const char   *key)
{
  const Config *config = find_config (call);
  g_autoptr(GError) error = NULL;

  if (practice_s3_set_bucket_config (call->practice, bucket, config->setting, NULL, &error))
    practice_call_answer_empty (call, 204);
  else
    practice_call_answer_internal (call, error);
}

/* Tags of objects, kept as the header gives them: name=value&name=value */

static PracticeObject *
find_object (PracticeCall *call,
             const char   *bucket,
             const char   *key)
{
  PracticeObject *object = practice_s3_lookup (call->practice, bucket, key);

  if (object == NULL)
    practice_s3_answer_no_key (call, bucket, key);

  return object;
}

void
practice_s3_get_tagging (PracticeCall *call,
                         const char   *bucket,
                         const char   *key)
{
  g_autoptr(PracticeObject) object = find_object (call, bucket, key);
  g_autoptr(GString) xml = g_string_new ("<Tagging xmlns=\"" S3_XMLNS "\"><TagSet>");
  g_auto(GStrv) pairs = NULL;

  if (object == NULL)
    return;

  pairs = g_strsplit (object->tags != NULL ? object->tags : "", "&", -1);
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      char *equals = strchr (pairs[i], '=');
      g_autofree char *name = aws_uri_decode (pairs[i], equals != NULL ? equals - pairs[i] : -1, TRUE);
      g_autofree char *value = aws_uri_decode (equals != NULL ? equals + 1 : "", -1, TRUE);

      if (*name == '\0')
        continue;
      g_string_append (xml, "<Tag>");
      aws_xml_append_element (xml, "Key", name);
      aws_xml_append_element (xml, "Value", value);
      g_string_append (xml, "</Tag>");
    }
  g_string_append (xml, "</TagSet></Tagging>");

  practice_call_answer_xml (call, 200, xml->str);
}

static void
save_tags (PracticeCall   *call,
           PracticeObject *object,
           const char     *tags,
           guint           status)
{
  g_autoptr(GError) error = NULL;

  g_set_str (&object->tags, tags);
  if (practice_s3_save (call->practice, object, &error))
    practice_call_answer_empty (call, status);
  else
    practice_call_answer_internal (call, error);
}

void
practice_s3_put_tagging (PracticeCall *call,
                         const char   *bucket,
                         const char   *key)
{
  g_autoptr(PracticeObject) object = NULL;
  g_autoptr(AwsXml) document = NULL;
  g_autoptr(JsonNode) value = NULL;
  g_autoptr(GString) tags = g_string_new (NULL);
  g_autofree char *problem = NULL;
  JsonArray *list;

  if (!practice_s3_check_integrity (call, TRUE) || !practice_s3_parse_body (call, "Tagging", (gpointer *) &document) ||
      !(object = find_object (call, bucket, key)))
    return;

  value = tags_from_xml (aws_xml_get_root (document));
  list = json_node_get_array (value);
  if ((problem = check_tags (value)))
    {
      practice_call_answer_error (call, 400, "InvalidTag", "%s", problem);

      return;
    }

  if (json_array_get_length (list) > 10)
    {
      practice_call_answer_error (call, 400, "BadRequest", "Object tags cannot be greater than 10");

      return;
    }

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *tag = aws_json_array_get_object (list, i);

      g_string_append (tags, i > 0 ? "&" : "");
      aws_uri_append_encoded (tags, aws_json_get_string (tag, "Key"), -1, FALSE);
      g_string_append_c (tags, '=');
      aws_uri_append_encoded (tags, aws_json_get_string (tag, "Value"), -1, FALSE);
    }

  save_tags (call, object, tags->str, 200);
}

void
practice_s3_delete_tagging (PracticeCall *call,
                            const char   *bucket,
                            const char   *key)
{
  g_autoptr(PracticeObject) object = find_object (call, bucket, key);

  if (object != NULL)
    save_tags (call, object, NULL, 204);
}
