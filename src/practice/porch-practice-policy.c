/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-policy.h"

#include "aws-json.h"

/* What of S3's actions is about the bucket and what about the objects in it */
static const char * const bucket_actions[] = {
  "s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:DeleteBucketWebsite", "s3:GetAccelerateConfiguration",
  "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLocation", "s3:GetBucketLogging", "s3:GetBucketNotification",
  "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy", "s3:GetBucketPolicyStatus",
  "s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite",
  "s3:GetEncryptionConfiguration", "s3:GetInventoryConfiguration", "s3:GetLifecycleConfiguration", "s3:GetMetricsConfiguration",
  "s3:GetReplicationConfiguration", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions",
  "s3:PutAccelerateConfiguration", "s3:PutBucketAcl", "s3:PutBucketCORS", "s3:PutBucketLogging", "s3:PutBucketNotification",
  "s3:PutBucketObjectLockConfiguration", "s3:PutBucketOwnershipControls", "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock",
  "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutBucketWebsite", "s3:PutEncryptionConfiguration",
  "s3:PutInventoryConfiguration", "s3:PutLifecycleConfiguration", "s3:PutMetricsConfiguration", "s3:PutReplicationConfiguration",
  NULL,
};

static const char * const object_actions[] = {
  "s3:AbortMultipartUpload", "s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectTagging", "s3:DeleteObjectVersion",
  "s3:DeleteObjectVersionTagging", "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectAttributes", "s3:GetObjectLegalHold",
  "s3:GetObjectRetention", "s3:GetObjectTagging", "s3:GetObjectTorrent", "s3:GetObjectVersion", "s3:GetObjectVersionAcl",
  "s3:GetObjectVersionAttributes", "s3:GetObjectVersionTagging", "s3:ListMultipartUploadParts", "s3:PutObject", "s3:PutObjectAcl",
  "s3:PutObjectLegalHold", "s3:PutObjectRetention", "s3:PutObjectTagging", "s3:PutObjectVersionAcl", "s3:PutObjectVersionTagging",
  "s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags", "s3:RestoreObject",
  NULL,
};

static const char * const known_services[] = {
  "apigateway.amazonaws.com", "cloudformation.amazonaws.com", "cloudfront.amazonaws.com", "cloudtrail.amazonaws.com",
  "codebuild.amazonaws.com", "codedeploy.amazonaws.com", "codepipeline.amazonaws.com", "config.amazonaws.com",
  "delivery.logs.amazonaws.com", "dynamodb.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com",
  "edgelambda.amazonaws.com", "events.amazonaws.com", "lambda.amazonaws.com", "logger.cloudfront.amazonaws.com",
  "logging.s3.amazonaws.com", "logs.amazonaws.com", "pipes.amazonaws.com", "s3.amazonaws.com", "scheduler.amazonaws.com",
  "serverlessrepo.amazonaws.com", "ses.amazonaws.com", "sns.amazonaws.com", "sqs.amazonaws.com", "states.amazonaws.com",
  NULL,
};

static const char * const operators[] = {
  "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
  "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Bool", "Null", "NumericEquals", "NumericNotEquals",
  "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals",
  "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "BinaryEquals", "IpAddress", "NotIpAddress",
  NULL,
};

gboolean
practice_policy_matches (const char *pattern,
                         const char *text,
                         gboolean    ignore_case)
{
  const char *star = NULL;
  const char *retry = NULL;

  /* a "*" first takes nothing, then one character more whenever the rest does not fit */
  while (*text != '\0')
    {
      gboolean same = ignore_case ? g_ascii_tolower (*pattern) == g_ascii_tolower (*text) : *pattern == *text;

      if (*pattern == '*')
        {
          star = pattern++;
          retry = text;
        }
      else if (*pattern == '?' || same)
        {
          pattern++;
          text++;
        }
      else if (star != NULL)
        {
          pattern = star + 1;
          text = ++retry;
        }
      else
        {
          return FALSE;
        }
    }

  while (*pattern == '*')
    pattern++;

  return *pattern == '\0';
}

/* "text" and ["text", ...] mean the same in policies; NULL when it is neither */
static GPtrArray *
list_strings (JsonNode *node)
{
  g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);

  if (node == NULL)
    return NULL;

  if (JSON_NODE_HOLDS_VALUE (node))
    {
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_ptr_array_add (strings, g_strdup (json_node_get_string (node)));
      else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
        g_ptr_array_add (strings, g_strdup (json_node_get_boolean (node) ? "true" : "false"));
      else if (json_node_get_value_type (node) == G_TYPE_INT64)
        g_ptr_array_add (strings, g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node)));
      else
        return NULL;

      return g_steal_pointer (&strings);
    }

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      g_autoptr(GPtrArray) inner = list_strings (json_array_get_element (json_node_get_array (node), i));

      if (inner == NULL || inner->len != 1)
        return NULL;
      g_ptr_array_add (strings, g_strdup (g_ptr_array_index (inner, 0)));
    }

  return g_steal_pointer (&strings);
}

static JsonArray *
list_statements (JsonNode *policy)
{
  JsonObject *object = json_node_get_object (policy);
  JsonNode *node = json_object_get_member (object, "Statement");
  JsonArray *statements;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return json_array_ref (json_node_get_array (node));

  statements = json_array_new ();
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    json_array_add_element (statements, json_node_copy (node));

  return statements;
}

/* Is it well formed? */

static gboolean
is_account_principal (const char *text)
{
  if (g_str_equal (text, "*"))
    return TRUE;

  return g_regex_match_simple ("^([0-9]{12}|arn:aws:(iam|sts)::([0-9]{12}|cloudfront):"
                               "(root|(user|role|assumed-role|federated-user)/[\\w+=,.@/-]+))$",
                               text, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

static char *
check_principal (JsonNode *node)
{
  g_autoptr(GList) members = NULL;

  if (JSON_NODE_HOLDS_VALUE (node))
    return g_strcmp0 (json_node_get_string (node), "*") == 0 ? NULL : g_strdup ("Invalid principal in policy");
  if (!JSON_NODE_HOLDS_OBJECT (node) || json_object_get_size (json_node_get_object (node)) == 0)
    return g_strdup ("Invalid principal in policy");

  members = json_object_get_members (json_node_get_object (node));
  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *kind = l->data;
      g_autoptr(GPtrArray) values = list_strings (json_object_get_member (json_node_get_object (node), kind));

      if (values == NULL || values->len == 0)
        return g_strdup ("Invalid principal in policy");

      for (guint i = 0; i < values->len; i++)
        {
          const char *value = g_ptr_array_index (values, i);
          gboolean good;

          if (g_str_equal (kind, "AWS"))
            good = is_account_principal (value);
          else if (g_str_equal (kind, "Service"))
            good = g_strv_contains (known_services, value);
          else
            good = g_str_equal (kind, "CanonicalUser") || g_str_equal (kind, "Federated");

          if (!good)
            return g_strdup ("Invalid principal in policy");
        }
    }

  return NULL;
}

static char *
check_condition (JsonNode *node)
{
  g_autoptr(GList) members = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return g_strdup ("Syntax errors in policy.");

  members = json_object_get_members (json_node_get_object (node));
  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *name = l->data;
      g_autofree char *plain = NULL;

      if (g_str_has_prefix (name, "ForAllValues:") || g_str_has_prefix (name, "ForAnyValue:"))
        name = strchr (name, ':') + 1;
      plain = g_strdup (name);
      if (g_str_has_suffix (plain, "IfExists"))
        plain[strlen (plain) - strlen ("IfExists")] = '\0';

      if (!g_strv_contains (operators, plain))
        return g_strdup_printf ("Invalid Condition type : %s", (const char *) l->data);
      if (!JSON_NODE_HOLDS_OBJECT (json_object_get_member (json_node_get_object (node), l->data)))
        return g_strdup ("Syntax errors in policy.");
    }

  return NULL;
}

static gboolean
matches_any (const char         *pattern,
             const char * const *actions)
{
  for (guint i = 0; actions[i] != NULL; i++)
    if (practice_policy_matches (pattern, actions[i], TRUE))
      return TRUE;

  return FALSE;
}

/* S3's own rules: actions it knows, resources of this bucket, and one that the action can be about */
static char *
check_bucket_statement (GPtrArray  *actions,
                        GPtrArray  *resources,
                        const char *bucket)
{
  g_autofree char *arn = g_strconcat ("arn:aws:s3:::", bucket, NULL);
  g_autofree char *inside = g_strconcat (arn, "/", NULL);
  gboolean for_bucket = FALSE;
  gboolean for_objects = FALSE;

  for (guint i = 0; i < resources->len; i++)
    {
      const char *resource = g_ptr_array_index (resources, i);

      if (g_str_equal (resource, arn))
        for_bucket = TRUE;
      else if (g_str_has_prefix (resource, inside))
        for_objects = TRUE;
      else if (g_str_has_prefix (resource, arn) && strchr ("*?", resource[strlen (arn)]) != NULL)
        for_bucket = for_objects = TRUE;
      else
        return g_strdup ("Policy has invalid resource");
    }

  for (guint i = 0; i < actions->len; i++)
    {
      const char *action = g_ptr_array_index (actions, i);
      gboolean about_bucket = matches_any (action, bucket_actions);
      gboolean about_objects = matches_any (action, object_actions);

      if (!about_bucket && !about_objects)
        return g_strdup ("Policy has invalid action");
      if (!(about_bucket && for_bucket) && !(about_objects && for_objects))
        return g_strdup ("Action does not apply to any resource(s) in statement");
    }

  return NULL;
}

static char *
check_statement (JsonObject         *statement,
                 PracticePolicyKind  kind,
                 const char         *bucket)
{
  static const char * const fields[] = {
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition", NULL,
  };
  g_autoptr(GList) members = json_object_get_members (statement);
  const char *effect = aws_json_get_string (statement, "Effect");
  JsonNode *principal = json_object_get_member (statement, "Principal");
  JsonNode *condition = json_object_get_member (statement, "Condition");
  g_autoptr(GPtrArray) actions = NULL;
  g_autoptr(GPtrArray) resources = NULL;
  char *problem = NULL;

  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (fields, l->data))
      return g_strdup_printf ("Unknown field %s", (const char *) l->data);

  if (!json_object_has_member (statement, "Effect"))
    return g_strdup ("Missing required field Effect");
  if (g_strcmp0 (effect, "Allow") != 0 && g_strcmp0 (effect, "Deny") != 0)
    return g_strdup_printf ("Invalid effect: %s", effect != NULL ? effect : "");

  if (principal == NULL)
    principal = json_object_get_member (statement, "NotPrincipal");
  if (kind == PRACTICE_POLICY_IDENTITY && principal != NULL)
    return g_strdup ("Policy document should not specify a principal.");
  if (kind != PRACTICE_POLICY_IDENTITY && principal == NULL)
    return g_strdup ("Missing required field Principal");
  if (principal != NULL && (problem = check_principal (principal)))
    return problem;

  actions = list_strings (json_object_has_member (statement, "Action") ? json_object_get_member (statement, "Action")
                                                                       : json_object_get_member (statement, "NotAction"));
  if (actions == NULL || actions->len == 0)
    return g_strdup ("Missing required field Action");
  for (guint i = 0; i < actions->len; i++)
    {
      const char *action = g_ptr_array_index (actions, i);

      if (!g_str_equal (action, "*") && strchr (action, ':') == NULL)
        return g_strdup ("Policy has invalid action");
    }

  resources = list_strings (json_object_has_member (statement, "Resource") ? json_object_get_member (statement, "Resource")
                                                                           : json_object_get_member (statement, "NotResource"));
  if (kind == PRACTICE_POLICY_TRUST && resources != NULL)
    return g_strdup ("Has prohibited field Resource");
  if (kind != PRACTICE_POLICY_TRUST && (resources == NULL || resources->len == 0))
    return g_strdup ("Missing required field Resource");
  for (guint i = 0; resources != NULL && i < resources->len; i++)
    {
      const char *resource = g_ptr_array_index (resources, i);

      if (!g_str_equal (resource, "*") && !g_str_has_prefix (resource, "arn:"))
        return g_strdup_printf (kind == PRACTICE_POLICY_RESOURCE ? "Policy has invalid resource"
                                : "Resource %s must be in ARN format or \"*\".", resource);
    }

  if (condition != NULL && (problem = check_condition (condition)))
    return problem;

  return bucket != NULL ? check_bucket_statement (actions, resources, bucket) : NULL;
}

char *
practice_policy_check (JsonNode           *policy,
                       PracticePolicyKind  kind,
                       const char         *bucket)
{
  g_autoptr(JsonArray) statements = NULL;
  g_autoptr(GList) members = NULL;
  JsonObject *object;
  const char *version;

  if (policy == NULL || !JSON_NODE_HOLDS_OBJECT (policy))
    return g_strdup ("Policies must be valid JSON and the first byte must be '{'");

  object = json_node_get_object (policy);
  version = aws_json_get_string (object, "Version");
  members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next)
    if (!g_str_equal (l->data, "Version") && !g_str_equal (l->data, "Id") && !g_str_equal (l->data, "Statement"))
      return g_strdup_printf ("Unknown field %s", (const char *) l->data);

  if (json_object_has_member (object, "Version") &&
      g_strcmp0 (version, "2012-10-17") != 0 && g_strcmp0 (version, "2008-10-17") != 0)
    return g_strdup ("The policy must contain a valid version string");
  if (!json_object_has_member (object, "Statement"))
    return g_strdup ("Missing required field Statement");

  statements = list_statements (policy);
  if (json_array_get_length (statements) == 0)
    return g_strdup ("Could not parse the policy: Statement is empty!");

  for (guint i = 0; i < json_array_get_length (statements); i++)
    {
      JsonObject *statement = aws_json_array_get_object (statements, i);
      char *problem = statement != NULL ? check_statement (statement, kind, bucket) : g_strdup ("Syntax errors in policy.");

      if (problem != NULL)
        return problem;
    }

  return NULL;
}

/* Does it allow something? */

static gboolean
pattern_list_matches (JsonNode   *node,
                      const char *text,
                      gboolean    ignore_case)
{
  g_autoptr(GPtrArray) patterns = list_strings (node);

  for (guint i = 0; patterns != NULL && i < patterns->len; i++)
    if (practice_policy_matches (g_ptr_array_index (patterns, i), text, ignore_case))
      return TRUE;

  return FALSE;
}

static gboolean
principal_matches (JsonNode             *node,
                   const PracticeAccess *access)
{
  g_autoptr(GPtrArray) values = NULL;
  g_autofree char *root = g_strdup_printf ("arn:aws:iam::%s:root", access->account);

  if (node == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_VALUE (node))
    return TRUE;   /* "*", as checked */
  if (access->principal_type == NULL)
    {
      JsonNode *all = json_object_get_member (json_node_get_object (node), "AWS");

      return all != NULL && JSON_NODE_HOLDS_VALUE (all) && g_strcmp0 (json_node_get_string (all), "*") == 0;
    }

  values = list_strings (json_object_get_member (json_node_get_object (node), access->principal_type));
  for (guint i = 0; values != NULL && i < values->len; i++)
    {
      const char *value = g_ptr_array_index (values, i);

      if (g_str_equal (value, "*") || g_str_equal (value, access->principal))
        return TRUE;
      /* the account as a whole */
      if (g_str_equal (access->principal_type, "AWS") &&
          (g_strcmp0 (value, access->account) == 0 || g_str_equal (value, root)))
        return TRUE;
    }

  return FALSE;
}

static const char *
lookup_context (GHashTable *context,
                const char *name)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (context == NULL)
    return NULL;

  g_hash_table_iter_init (&iter, context);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_ascii_strcasecmp (key, name) == 0)
      return value;

  return NULL;
}

/* 1, 0, or -1 for an operator that isn't evaluated here */
static int
test_operator (const char *operator,
               const char *actual,
               JsonNode   *expected)
{
  g_autoptr(GPtrArray) values = list_strings (expected);
  gboolean negated = strstr (operator, "Not") != NULL;
  gboolean ignore_case = strstr (operator, "IgnoreCase") != NULL || g_str_equal (operator, "Bool");
  gboolean wild = strstr (operator, "Like") != NULL || g_str_has_prefix (operator, "Arn");
  gboolean found = FALSE;

  if (!g_str_has_prefix (operator, "String") && !g_str_has_prefix (operator, "Arn") && !g_str_equal (operator, "Bool"))
    return -1;

  for (guint i = 0; values != NULL && actual != NULL && i < values->len && !found; i++)
    {
      const char *value = g_ptr_array_index (values, i);

      if (wild)
        found = practice_policy_matches (value, actual, FALSE);
      else
        found = ignore_case ? g_ascii_strcasecmp (value, actual) == 0 : g_str_equal (value, actual);
    }

  return found != negated;
}

static int
test_condition (const char *name,
                GHashTable *context,
                const char *key,
                JsonNode   *expected)
{
  const char *actual = lookup_context (context, key);
  g_autofree char *plain = NULL;

  if (g_str_has_prefix (name, "ForAllValues:") || g_str_has_prefix (name, "ForAnyValue:"))
    name = strchr (name, ':') + 1;
  plain = g_strdup (name);
  if (g_str_has_suffix (plain, "IfExists"))
    {
      if (actual == NULL)
        return 1;
      plain[strlen (plain) - strlen ("IfExists")] = '\0';
    }

  if (g_str_equal (plain, "Null"))
    {
      g_autoptr(GPtrArray) values = list_strings (expected);
      gboolean wanted = values != NULL && values->len > 0 && g_ascii_strcasecmp (g_ptr_array_index (values, 0), "true") == 0;

      return (actual == NULL) == wanted;
    }

  return test_operator (plain, actual, expected);
}

static int
test_conditions (JsonObject *conditions,
                 GHashTable *context)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (conditions == NULL)
    return 1;

  json_object_iter_init (&iter, conditions);
  while (json_object_iter_next (&iter, &name, &node))
    {
      JsonObjectIter keys;
      const char *key;
      JsonNode *expected;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return -1;
      json_object_iter_init (&keys, json_node_get_object (node));
      while (json_object_iter_next (&keys, &key, &expected))
        {
          int result = test_condition (name, context, key, expected);

          if (result != 1)
            return result;
        }
    }

  return 1;
}

static PracticeDecision
evaluate_statement (JsonObject           *statement,
                    PracticePolicyKind    kind,
                    const PracticeAccess *access)
{
  gboolean deny = g_strcmp0 (aws_json_get_string (statement, "Effect"), "Deny") == 0;
  int conditions;

  if (kind != PRACTICE_POLICY_IDENTITY)
    {
      gboolean named = json_object_has_member (statement, "Principal")
                     ? principal_matches (json_object_get_member (statement, "Principal"), access)
                     : !principal_matches (json_object_get_member (statement, "NotPrincipal"), access);

      if (!named)
        return PRACTICE_DECISION_NONE;
    }

  if (json_object_has_member (statement, "Action")
      ? !pattern_list_matches (json_object_get_member (statement, "Action"), access->action, TRUE)
      : pattern_list_matches (json_object_get_member (statement, "NotAction"), access->action, TRUE))
    return PRACTICE_DECISION_NONE;

  if (kind != PRACTICE_POLICY_TRUST &&
      (json_object_has_member (statement, "Resource")
       ? !pattern_list_matches (json_object_get_member (statement, "Resource"), access->resource, FALSE)
       : pattern_list_matches (json_object_get_member (statement, "NotResource"), access->resource, FALSE)))
    return PRACTICE_DECISION_NONE;

  conditions = test_conditions (aws_json_get_object (statement, "Condition"), access->context);
  if (deny)
    return conditions != 0 ? PRACTICE_DECISION_DENY : PRACTICE_DECISION_NONE;

  return conditions == 1 ? PRACTICE_DECISION_ALLOW : PRACTICE_DECISION_NONE;
}

PracticeDecision
practice_policy_evaluate (JsonNode             *policy,
                          PracticePolicyKind    kind,
                          const PracticeAccess *access)
{
  PracticeDecision decision = PRACTICE_DECISION_NONE;
  g_autoptr(JsonArray) statements = NULL;

  if (policy == NULL || !JSON_NODE_HOLDS_OBJECT (policy))
    return PRACTICE_DECISION_NONE;

  statements = list_statements (policy);
  for (guint i = 0; i < json_array_get_length (statements); i++)
    {
      JsonObject *statement = aws_json_array_get_object (statements, i);

      if (statement != NULL)
        decision = MAX (decision, evaluate_statement (statement, kind, access));
    }

  return decision;
}
