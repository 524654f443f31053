/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-rights.h"

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-stack.h"
#include "porch-practice-sts.h"

#include <string.h>

/* AWS's own policies that our roles name */
static const struct
{
  const char *arn;
  const char *actions;   /* patterns, with commas between */
} managed_policies[] = {
  { "arn:aws:iam::aws:policy/AdministratorAccess", "*" },
  { "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess", "dynamodb:*" },
  { "arn:aws:iam::aws:policy/AmazonS3FullAccess", "s3:*" },
  { "arn:aws:iam::aws:policy/AmazonSESFullAccess", "ses:*" },
  { "arn:aws:iam::aws:policy/ReadOnlyAccess", "*:Get*,*:List*,*:Describe*" },
  { "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "logs:CreateLogGroup,logs:CreateLogStream,logs:PutLogEvents" },
  { "arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole",
    "logs:CreateLogGroup,logs:CreateLogStream,logs:PutLogEvents,"
    "dynamodb:DescribeStream,dynamodb:GetRecords,dynamodb:GetShardIterator,dynamodb:ListStreams" },
};

const char *
practice_principal_get_subject (PracticePrincipal *principal)
{
  return principal->role_arn != NULL ? principal->role_arn : principal->user_arn;
}

/* ---- the policies of a subject ---- */

static JsonNode *
load_json (const char *text)
{
  return text != NULL ? json_from_string (text, NULL) : NULL;
}

gboolean
practice_managed_exists (const char *arn)
{
  for (guint i = 0; i < G_N_ELEMENTS (managed_policies); i++)
    if (g_str_equal (managed_policies[i].arn, arn))
      return TRUE;

  return FALSE;
}

static JsonNode *
build_managed (const char *actions)
{
  g_auto(GStrv) patterns = g_strsplit (actions, ",", -1);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *policy = json_object_new ();
  JsonObject *statement = json_object_new ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; patterns[i] != NULL; i++)
    json_array_add_string_element (list, patterns[i]);

  json_object_set_string_member (statement, "Effect", "Allow");
  json_object_set_array_member (statement, "Action", list);
  json_object_set_string_member (statement, "Resource", "*");
  json_object_set_string_member (policy, "Version", "2012-10-17");
  json_object_set_object_member (policy, "Statement", statement);
  json_node_take_object (node, policy);

  return node;
}

static void
add_managed (Practice  *practice,
             JsonArray *arns,
             GPtrArray *policies)
{
  for (guint i = 0; arns != NULL && i < json_array_get_length (arns); i++)
    {
      const char *arn = aws_json_array_get_string (arns, i);
      g_autofree char *text = NULL;
      JsonNode *document;

      if (arn == NULL)
        continue;

      for (guint j = 0; j < G_N_ELEMENTS (managed_policies); j++)
        if (g_str_equal (managed_policies[j].arn, arn))
          g_ptr_array_add (policies, build_managed (managed_policies[j].actions));

      text = practice_db_lookup (practice->db, "SELECT document FROM iam_policies WHERE arn = ?", "s", arn);
      if ((document = load_json (text)) != NULL)
        g_ptr_array_add (policies, document);
    }
}

/* Inline policies are stored as [{"PolicyName", "PolicyDocument"}, ...] */
static void
add_inline (JsonArray *entries,
            GPtrArray *policies)
{
  for (guint i = 0; entries != NULL && i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = aws_json_array_get_object (entries, i);

      if (entry != NULL && json_object_has_member (entry, "PolicyDocument"))
        g_ptr_array_add (policies, json_node_copy (json_object_get_member (entry, "PolicyDocument")));
    }
}

GPtrArray *
practice_subject_list_policies (Practice   *practice,
                                const char *subject)
{
  g_autofree char *own = g_strdup_printf ("arn:aws:iam::%s:", practice->account);
  g_autoptr(GPtrArray) policies = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(JsonNode) entries = NULL;
  g_autoptr(JsonNode) managed = NULL;
  const char *kind;

  if (!g_str_has_prefix (subject, own) || strrchr (subject, '/') == NULL)
    return NULL;

  kind = subject + strlen (own);
  if (g_str_has_prefix (kind, "role/"))
    rows = practice_db_query (practice->db, "SELECT policies, managed FROM roles WHERE name = ?", "s", strrchr (subject, '/') + 1);
  else
    rows = practice_db_query (practice->db, "SELECT policies, managed FROM iam_users WHERE arn = ?", "s", subject);

  if (!practice_rows_next (rows))
    return NULL;

  entries = load_json (practice_rows_text (rows, 0));
  managed = load_json (practice_rows_text (rows, 1));
  if (entries != NULL && JSON_NODE_HOLDS_ARRAY (entries))
    add_inline (json_node_get_array (entries), policies);
  if (managed != NULL && JSON_NODE_HOLDS_ARRAY (managed))
    add_managed (practice, json_node_get_array (managed), policies);

  return g_steal_pointer (&policies);
}

PracticeDecision
practice_subject_decide (Practice   *practice,
                         const char *subject,
                         const char *action,
                         const char *resource,
                         GHashTable *context)
{
  PracticeAccess access = { .account = practice->account, .action = action, .resource = resource, .context = context };
  PracticeDecision decision = PRACTICE_DECISION_NONE;
  g_autoptr(GPtrArray) policies = NULL;

  if (subject == NULL)
    return PRACTICE_DECISION_ALLOW;

  policies = practice_subject_list_policies (practice, subject);
  for (guint i = 0; policies != NULL && i < policies->len; i++)
    decision = MAX (decision, practice_policy_evaluate (g_ptr_array_index (policies, i), PRACTICE_POLICY_IDENTITY, &access));

  return decision;
}

/* ---- what conditions can ask for ---- */

static void
add_tags (GHashTable *context,
          JsonArray  *tags,
          const char *prefix)
{
  for (guint i = 0; tags != NULL && i < json_array_get_length (tags); i++)
    {
      JsonObject *tag = aws_json_array_get_object (tags, i);
      const char *key = tag != NULL ? aws_json_get_string (tag, "Key") : NULL;
      const char *value = tag != NULL ? aws_json_get_string (tag, "Value") : NULL;

      if (key != NULL && value != NULL)
        g_hash_table_insert (context, g_strconcat (prefix, key, NULL), g_strdup (value));
    }
}

static GHashTable *
context_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* What a stack made carries the stack's tags */
static GHashTable *
find_tags (Practice   *practice,
           const char *resource)
{
  GHashTable *context = context_new ();
  const char *slash = strrchr (resource, '/');
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) tags = NULL;

  if (slash == NULL || slash[1] == '\0' || slash[1] == '*')
    return context;

  text = practice_db_lookup (practice->db,
                             "SELECT s.tags FROM stack_resources r JOIN stacks s ON s.arn = r.stack WHERE r.physical_id = ?",
                             "s", slash + 1);
  if ((tags = load_json (text)) != NULL && JSON_NODE_HOLDS_ARRAY (tags))
    add_tags (context, json_node_get_array (tags), "aws:ResourceTag/");

  return context;
}

/* ---- calls ---- */

PracticeDecision
practice_call_decide (PracticeCall *call,
                      const char   *action,
                      const char   *resource)
{
  const char *subject = practice_principal_get_subject (call->principal);
  g_autoptr(GHashTable) context = NULL;

  if (subject == NULL)
    return PRACTICE_DECISION_ALLOW;

  context = find_tags (call->practice, resource);

  return practice_subject_decide (call->practice, subject, action, resource, context);
}

void
practice_call_answer_denied (PracticeCall *call,
                             const char   *action,
                             const char   *resource,
                             const char   *why)
{
  gboolean is_json = call->protocol == PRACTICE_PROTOCOL_JSON_1_0 || call->protocol == PRACTICE_PROTOCOL_JSON_1_1;
  const char *code = is_json || call->protocol == PRACTICE_PROTOCOL_REST_JSON ? "AccessDeniedException" : "AccessDenied";
  guint status = is_json ? SOUP_STATUS_BAD_REQUEST : SOUP_STATUS_FORBIDDEN;

  if (call->principal == NULL)
    practice_call_answer_error (call, status, code, "Access Denied");
  else if (why != NULL)
    practice_call_answer_error (call, status, code,
                                "User: %s is not authorized to perform: %s on resource: %s with an explicit deny in %s",
                                call->principal->arn, action, resource, why);
  else
    practice_call_answer_error (call, status, code,
                                "User: %s is not authorized to perform: %s on resource: %s because no identity-based policy "
                                "allows the %s action", call->principal->arn, action, resource, action);
}

gboolean
practice_call_authorize (PracticeCall *call,
                         const char   *action,
                         const char   *resource)
{
  PracticeDecision decision = PRACTICE_DECISION_NONE;

  if (call->principal != NULL)
    decision = practice_call_decide (call, action, resource);
  if (decision == PRACTICE_DECISION_ALLOW)
    return TRUE;

  practice_call_answer_denied (call, action, resource,
                               decision == PRACTICE_DECISION_DENY ? "an identity-based policy" : NULL);

  return FALSE;
}

/* ---- stacks ---- */

char *
practice_stack_call_dup_arn (PracticeCall *call)
{
  const char *name = practice_call_get_form (call, "StackName");
  const char *change_set = practice_call_get_form (call, "ChangeSetName");
  g_autoptr(PracticeStack) stack = NULL;
  char *found = NULL;

  if (name == NULL && change_set != NULL)
    found = practice_db_lookup (call->practice->db, "SELECT stack FROM change_sets WHERE arn = ?", "s", change_set);
  if (found != NULL)
    return found;
  if (name == NULL)
    return g_strdup ("*");
  if (g_str_has_prefix (name, "arn:"))
    return g_strdup (name);

  stack = practice_stack_lookup (call->practice, call->region, name);

  return stack != NULL ? g_strdup (stack->arn)
                       : g_strdup_printf ("arn:aws:cloudformation:%s:%s:stack/%s/*", call->region, call->practice->account, name);
}

/* "REGION/NAME": a stack that is still to be made has no ARN */
static char *
dup_actor_key (const char *stack_arn)
{
  g_auto(GStrv) parts = g_strsplit (stack_arn, ":", 6);
  g_auto(GStrv) names = g_strv_length (parts) == 6 ? g_strsplit (parts[5], "/", 3) : NULL;

  return names != NULL && g_strv_length (names) >= 2 ? g_strdup_printf ("%s/%s", parts[3], names[1]) : NULL;
}

gboolean
practice_stack_note_actor (PracticeCall  *call,
                           const char    *stack_arn,
                           GError       **error)
{
  const char *subject = practice_principal_get_subject (call->principal);
  g_autofree char *key = dup_actor_key (stack_arn);

  if (key == NULL)
    return TRUE;
  if (subject == NULL)
    return practice_db_run (call->practice->db, error, "DELETE FROM stack_actors WHERE stack = ?", "s", key);

  return practice_db_run (call->practice->db, error,
                          "INSERT INTO stack_actors (stack, subject, arn) VALUES (?, ?, ?) "
                          "ON CONFLICT (stack) DO UPDATE SET subject = excluded.subject, arn = excluded.arn",
                          "sss", key, subject, call->principal->arn);
}

/* What the handlers of CloudFormation's resource types do at the services, for the properties that our templates use. In
 * resources: REGION and ACCOUNT, ID for the physical id, a PROPERTY in <> for what the template says. */
static const struct
{
  const char *type;
  const char *resource;
  const char *service;
  const char *actions[3];
} type_rights[] = {
  { "AWS::S3::Bucket", "arn:aws:s3:::ID", "S3",
    { "s3:CreateBucket s3:PutBucketOwnershipControls s3:PutBucketPublicAccessBlock s3:PutLifecycleConfiguration "
      "s3:PutBucketTagging",
      "s3:PutBucketOwnershipControls s3:PutBucketPublicAccessBlock s3:PutLifecycleConfiguration s3:PutBucketTagging",
      "s3:DeleteBucket" } },
  { "AWS::S3::BucketPolicy", "arn:aws:s3:::<Bucket>", "S3",
    { "s3:GetBucketPolicy s3:PutBucketPolicy", "s3:GetBucketPolicy s3:PutBucketPolicy",
      "s3:GetBucketPolicy s3:DeleteBucketPolicy" } },
  { "AWS::CloudFront::KeyValueStore", "arn:aws:cloudfront::ACCOUNT:key-value-store/*", "CloudFront",
    { "cloudfront:CreateKeyValueStore cloudfront:DescribeKeyValueStore",
      "cloudfront:UpdateKeyValueStore cloudfront:DescribeKeyValueStore",
      "cloudfront:DeleteKeyValueStore cloudfront:DescribeKeyValueStore" } },
  { "AWS::CloudFront::Function", "arn:aws:cloudfront::ACCOUNT:function/<Name>", "CloudFront",
    { "cloudfront:CreateFunction cloudfront:PublishFunction cloudfront:DescribeFunction",
      "cloudfront:UpdateFunction cloudfront:PublishFunction cloudfront:DescribeFunction",
      "cloudfront:DeleteFunction cloudfront:DescribeFunction" } },
  { "AWS::CloudFront::OriginAccessControl", "arn:aws:cloudfront::ACCOUNT:origin-access-control/ID", "CloudFront",
    { "cloudfront:CreateOriginAccessControl", "cloudfront:GetOriginAccessControl cloudfront:UpdateOriginAccessControl",
      "cloudfront:GetOriginAccessControl cloudfront:DeleteOriginAccessControl" } },
  { "AWS::CloudFront::Distribution", "arn:aws:cloudfront::ACCOUNT:distribution/ID", "CloudFront",
    { "cloudfront:CreateDistribution cloudfront:TagResource cloudfront:GetDistribution cloudfront:GetDistributionConfig",
      "cloudfront:GetDistribution cloudfront:GetDistributionConfig cloudfront:UpdateDistribution "
      "cloudfront:ListTagsForResource",
      "cloudfront:GetDistribution cloudfront:GetDistributionConfig cloudfront:DeleteDistribution" } },
  { "AWS::IAM::Role", "arn:aws:iam::ACCOUNT:role/ID", "Iam",
    { "iam:CreateRole iam:PutRolePolicy iam:TagRole iam:GetRole", "iam:UpdateAssumeRolePolicy iam:PutRolePolicy iam:UpdateRole",
      "iam:GetRole iam:ListRolePolicies iam:ListAttachedRolePolicies iam:DeleteRolePolicy iam:DeleteRole" } },
  { "AWS::DynamoDB::Table", "arn:aws:dynamodb:REGION:ACCOUNT:table/ID", "DynamoDb",
    { "dynamodb:CreateTable dynamodb:DescribeTable dynamodb:UpdateTimeToLive dynamodb:DescribeTimeToLive dynamodb:TagResource",
      "dynamodb:UpdateTable dynamodb:DescribeTable dynamodb:UpdateTimeToLive dynamodb:DescribeTimeToLive",
      "dynamodb:DeleteTable dynamodb:DescribeTable" } },
  { "AWS::Lambda::Function", "arn:aws:lambda:REGION:ACCOUNT:function:ID", "Lambda",
    { "lambda:CreateFunction lambda:GetFunction lambda:TagResource",
      "lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration lambda:GetFunction",
      "lambda:DeleteFunction lambda:GetFunction" } },
  { "AWS::Lambda::Permission", "arn:aws:lambda:REGION:ACCOUNT:function:<FunctionName>", "Lambda",
    { "lambda:AddPermission lambda:GetPolicy", "lambda:AddPermission lambda:RemovePermission", "lambda:RemovePermission" } },
  { "AWS::Lambda::EventSourceMapping", "arn:aws:lambda:REGION:ACCOUNT:event-source-mapping:ID", "Lambda",
    { "lambda:CreateEventSourceMapping lambda:GetEventSourceMapping lambda:TagResource",
      "lambda:UpdateEventSourceMapping lambda:GetEventSourceMapping",
      "lambda:DeleteEventSourceMapping lambda:GetEventSourceMapping" } },
  { "AWS::ApiGatewayV2::Api", "arn:aws:apigateway:REGION::/apis/ID", "ApiGatewayV2",
    { "apigateway:POST apigateway:TagResource", "apigateway:PATCH apigateway:GET", "apigateway:DELETE apigateway:GET" } },
  { "AWS::ApiGatewayV2::Stage", "arn:aws:apigateway:REGION::/apis/<ApiId>/stages", "ApiGatewayV2",
    { "apigateway:POST apigateway:TagResource", "apigateway:PATCH", "apigateway:DELETE" } },
  { "AWS::ApiGatewayV2::Integration", "arn:aws:apigateway:REGION::/apis/<ApiId>/integrations", "ApiGatewayV2",
    { "apigateway:POST", "apigateway:PATCH", "apigateway:DELETE" } },
  { "AWS::ApiGatewayV2::Route", "arn:aws:apigateway:REGION::/apis/<ApiId>/routes", "ApiGatewayV2",
    { "apigateway:POST", "apigateway:PATCH", "apigateway:DELETE" } },
  { "AWS::Logs::LogGroup", "arn:aws:logs:REGION:ACCOUNT:log-group:<LogGroupName>", "CloudWatchLogs",
    { "logs:CreateLogGroup logs:PutRetentionPolicy logs:TagResource", "logs:PutRetentionPolicy", "logs:DeleteLogGroup" } },
};

/* The name itself where a template gives an ARN */
static const char *
get_name (JsonObject *properties,
          const char *property)
{
  const char *value = practice_property_string (properties, property);
  const char *colon = value != NULL ? strrchr (value, ':') : NULL;

  return value != NULL && g_str_has_prefix (value, "arn:aws:lambda:") ? colon + 1 : value;
}

static char *
build_resource (PracticeProvision *provision,
                const char        *type,
                const char        *template)
{
  g_autofree char *made_up = g_strdup_printf ("%s-%s-new", provision->stack_name, provision->logical_id);
  g_autofree char *id = g_strdup (provision->id != NULL ? provision->id : made_up);
  g_autoptr(GString) text = g_string_new (template);
  char *open;

  /* buckets have no capitals */
  if (g_str_equal (type, "AWS::S3::Bucket") && provision->id == NULL)
    {
      g_free (id);
      id = g_ascii_strdown (made_up, -1);
    }

  if ((open = strchr (text->str, '<')) != NULL)
    {
      gsize at = open - text->str;
      gsize length = strcspn (open, ">") + 1;
      g_autofree char *property = g_strndup (open + 1, length - 2);
      const char *name = get_name (provision->properties, property);

      g_string_erase (text, at, length);
      g_string_insert (text, at, name != NULL ? name : id);
    }
  else
    {
      g_string_replace (text, "ID", id, 0);
    }

  g_string_replace (text, "REGION", provision->region, 0);
  g_string_replace (text, "ACCOUNT", provision->practice->account, 0);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static GHashTable *
build_context (PracticeProvision *provision)
{
  GHashTable *context = context_new ();
  const char *function = get_name (provision->properties, "FunctionName");

  add_tags (context, provision->tags, "aws:ResourceTag/");
  add_tags (context, provision->tags, "aws:RequestTag/");
  g_hash_table_insert (context, g_strdup ("aws:CalledViaFirst"), g_strdup ("cloudformation.amazonaws.com"));

  if (function != NULL)
    g_hash_table_insert (context, g_strdup ("lambda:FunctionArn"),
                         g_strdup_printf ("arn:aws:lambda:%s:%s:function:%s", provision->region,
                                          provision->practice->account, function));

  return context;
}

typedef struct
{
  PracticeProvision *provision;
  const char        *service;
  char              *subject;
  char              *arn;
  GHashTable        *context;
} Actor;

static void
actor_clear (Actor *actor)
{
  g_clear_pointer (&actor->context, g_hash_table_unref);
  g_clear_pointer (&actor->subject, g_free);
  g_clear_pointer (&actor->arn, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Actor, actor_clear)

static gboolean
check_action (Actor       *actor,
              const char  *action,
              const char  *resource,
              GError     **error)
{
  if (practice_subject_decide (actor->provision->practice, actor->subject, action, resource,
                               actor->context) == PRACTICE_DECISION_ALLOW)
    return TRUE;

  return practice_refuse (error, PRACTICE_FAULT_ACCESS_DENIED,
                          "Resource handler returned message: \"User: %s is not authorized to perform: %s on resource: %s "
                          "because no identity-based policy allows the %s action (Service: %s, Status Code: 403)\" "
                          "(HandlerErrorCode: AccessDenied)", actor->arn, action, resource, action, actor->service);
}

/* A function is given its role by whoever makes it */
static gboolean
check_pass_role (Actor       *actor,
                 GError     **error)
{
  const char *role = practice_property_string (actor->provision->properties, "Role");

  g_hash_table_insert (actor->context, g_strdup ("iam:PassedToService"), g_strdup ("lambda.amazonaws.com"));

  return role == NULL || check_action (actor, "iam:PassRole", role, error);
}

static gboolean
check_type (Actor         *actor,
            guint          row,
            PracticeVerb   verb,
            GError       **error)
{
  const char *type = type_rights[row].type;
  g_autofree char *resource = build_resource (actor->provision, type, type_rights[row].resource);
  g_auto(GStrv) actions = g_strsplit (type_rights[row].actions[verb], " ", -1);

  for (guint i = 0; actions[i] != NULL; i++)
    {
      /* an API that is still to be made is made at /apis */
      gboolean is_root = verb == PRACTICE_VERB_CREATE && g_str_equal (type, "AWS::ApiGatewayV2::Api");
      g_autofree char *apis = is_root ? g_strdup_printf ("arn:aws:apigateway:%s::/apis", actor->provision->region) : NULL;

      if (!check_action (actor, actions[i], is_root ? apis : resource, error))
        return FALSE;
    }

  return verb == PRACTICE_VERB_DELETE || !g_str_equal (type, "AWS::Lambda::Function") || check_pass_role (actor, error);
}

gboolean
practice_provision_permitted (PracticeProvision  *provision,
                              const char         *type,
                              PracticeVerb        verb,
                              GError            **error)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", provision->region, provision->stack_name);
  g_autoptr(PracticeRows) rows = practice_db_query (provision->practice->db,
                                                    "SELECT subject, arn FROM stack_actors WHERE stack = ?", "s", key);
  g_auto(Actor) actor = { provision, };

  if (!practice_rows_next (rows))
    return TRUE;

  actor.subject = practice_rows_dup_text (rows, 0);
  actor.arn = practice_rows_dup_text (rows, 1);
  actor.context = build_context (provision);

  for (guint i = 0; i < G_N_ELEMENTS (type_rights); i++)
    if (g_str_equal (type_rights[i].type, type))
      {
        actor.service = type_rights[i].service;

        return check_type (&actor, i, verb, error);
      }

  return practice_refuse (error, PRACTICE_FAULT_ACCESS_DENIED,
                          "The practice cloud does not know which permissions %s needs, and makes it for the account’s own "
                          "user only", type);
}

gboolean
practice_rights_init (Practice  *practice,
                      GError   **error)
{
  return practice_db_script (practice->db,
                             "CREATE TABLE IF NOT EXISTS stack_actors ("
                             "  stack TEXT PRIMARY KEY, subject TEXT NOT NULL, arn TEXT NOT NULL) WITHOUT ROWID;",
                             error);
}
