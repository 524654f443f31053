/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-iam.h"

#include "aws-document.h"
#include "aws-operation.h"
#include "aws-operations-private.h"

AWS_DEFINE_DOCUMENT (AwsSimulation, aws_simulation)
AWS_DEFINE_DOCUMENT (AwsAccountSummary, aws_account_summary)
AWS_DEFINE_DOCUMENT (AwsUser, aws_user)
AWS_DEFINE_DOCUMENT (AwsRole, aws_role)

static const AwsShape context_entry[] = {
  { "ContextKeyName" },
  { "ContextKeyValues", AWS_LIST_OF ({ NULL }) },
  { "ContextKeyType" },
  { NULL }
};

static const AwsShape simulate_input[] = {
  { "PolicySourceArn", .flags = AWS_SHAPE_REQUIRED },
  { "ActionNames", AWS_LIST_OF ({ NULL }), .flags = AWS_SHAPE_REQUIRED },
  { "ResourceArns", AWS_LIST_OF ({ NULL }) },
  { "ContextEntries", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (context_entry) }) },
  { "Marker" },
  { "MaxItems", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape organizations_detail[] = {
  { "AllowedByOrganizations", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape boundary_detail[] = {
  { "AllowedByPermissionsBoundary", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape evaluation[] = {
  { "EvalActionName" },
  { "EvalResourceName" },
  { "EvalDecision" },
  { "MissingContextValues", AWS_LIST_OF ({ NULL }) },
  { "OrganizationsDecisionDetail", AWS_STRUCTURE (organizations_detail) },
  { "PermissionsBoundaryDecisionDetail", AWS_STRUCTURE (boundary_detail) },
  { NULL }
};

static const AwsShape simulate_output[] = {
  { "EvaluationResults", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (evaluation) }) },
  { "IsTruncated", AWS_SHAPE_BOOLEAN },
  { "Marker" },
  { NULL }
};

static const AwsOperation simulate_principal_policy = {
  "iam", "SimulatePrincipalPolicy",
  .input = simulate_input,
  .output = simulate_output,
  .pages = { "EvaluationResults", "Marker", NULL, "IsTruncated" },
};

static const AwsShape summary_output[] = {
  { "SummaryMap", AWS_MAP_OF ({ NULL, AWS_SHAPE_INTEGER }) },
  { NULL }
};

static const AwsOperation get_account_summary = {
  "iam", "GetAccountSummary",
  .output = summary_output,
};

static const AwsShape page_input[] = {
  { "Marker" },
  { "MaxItems", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape aliases_output[] = {
  { "AccountAliases", AWS_LIST_OF ({ NULL }) },
  { "IsTruncated", AWS_SHAPE_BOOLEAN },
  { "Marker" },
  { NULL }
};

static const AwsOperation list_account_aliases = {
  "iam", "ListAccountAliases",
  .input = page_input,
  .output = aliases_output,
  .pages = { "AccountAliases", "Marker", NULL, "IsTruncated" },
};

static const AwsShape preferences_input[] = {
  { "GlobalEndpointTokenVersion", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsOperation set_security_token_service_preferences = {
  "iam", "SetSecurityTokenServicePreferences",
  .input = preferences_input,
};

static const AwsShape boundary[] = {
  { "PermissionsBoundaryType" },
  { "PermissionsBoundaryArn" },
  { NULL }
};

static const AwsShape user[] = {
  { "Path" },
  { "UserName" },
  { "UserId" },
  { "Arn" },
  { "CreateDate", AWS_SHAPE_TIMESTAMP },
  { "PermissionsBoundary", AWS_STRUCTURE (boundary) },
  { NULL }
};

static const AwsShape user_input[] = {
  { "UserName" },
  { NULL }
};

static const AwsShape user_output[] = {
  { "User", AWS_STRUCTURE (user) },
  { NULL }
};

static const AwsOperation get_user = {
  "iam", "GetUser",
  .input = user_input,
  .output = user_output,
};

static const AwsShape role[] = {
  { "Path" },
  { "RoleName" },
  { "RoleId" },
  { "Arn" },
  { "CreateDate", AWS_SHAPE_TIMESTAMP },
  { "AssumeRolePolicyDocument" },
  { "MaxSessionDuration", AWS_SHAPE_INTEGER },
  { "PermissionsBoundary", AWS_STRUCTURE (boundary) },
  { NULL }
};

static const AwsShape role_input[] = {
  { "RoleName", .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape role_output[] = {
  { "Role", AWS_STRUCTURE (role) },
  { NULL }
};

static const AwsOperation get_role = {
  "iam", "GetRole",
  .input = role_input,
  .output = role_output,
};

const AwsOperation * const aws_iam_operations[] = {
  &simulate_principal_policy,
  &get_account_summary,
  &list_account_aliases,
  &set_security_token_service_preferences,
  &get_user,
  &get_role,
  NULL
};

static JsonArray *
make_context (const AwsContextEntry *context)
{
  JsonArray *entries = json_array_new ();

  for (guint i = 0; context[i].name != NULL; i++)
    {
      const char * const values[] = { context[i].value, NULL };
      JsonObject *entry = json_object_new ();

      aws_input_set_string (entry, "ContextKeyName", context[i].name);
      aws_input_set_strings (entry, "ContextKeyValues", values);
      aws_input_set_string (entry, "ContextKeyType", "string");
      json_array_add_object_element (entries, entry);
    }

  return entries;
}

/**
 * aws_iam_simulate_principal_policy:
 * @client: a client
 * @principal_arn: the ARN of a user or a role; what STS says of an assumed role is not one
 * @actions: (array zero-terminated=1): actions, `s3:PutObject`; at least one
 * @resources: (nullable) (array zero-terminated=1): ARNs that each action is tried on; %NULL: all resources
 * @context: (nullable): values of condition keys, ended by an entry without a name
 *
 * Asks what the policies of a user or role say about actions. It needs a permission of its own, can't be asked about the
 * root user, and takes no policies of resources into account: a hint, no proof.
 *
 * Returns: (transfer full): a future that resolves to a `GPtrArray` of [struct@Aws.Simulation]
 */
DexFuture *
aws_iam_simulate_principal_policy (AwsClient             *client,
                                   const char            *principal_arn,
                                   const char * const    *actions,
                                   const char * const    *resources,
                                   const AwsContextEntry *context)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (principal_arn != NULL);
  dex_return_error_if_fail (actions != NULL && actions[0] != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "PolicySourceArn", principal_arn);
  aws_input_set_strings (input, "ActionNames", actions);
  aws_input_set_strings (input, "ResourceArns", resources);
  if (context != NULL && context[0].name != NULL)
    json_object_set_array_member (input, "ContextEntries", make_context (context));

  return aws_operation_call_documents (&simulate_principal_policy, client, input, AWS_TYPE_SIMULATION);
}

/**
 * aws_iam_get_account_summary:
 * @client: a client
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.AccountSummary]
 */
DexFuture *
aws_iam_get_account_summary (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return aws_operation_call_document (&get_account_summary, client, NULL, AWS_TYPE_ACCOUNT_SUMMARY, "SummaryMap");
}

static DexFuture *
aliases_cb (DexFuture *future,
            gpointer   user_data)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = g_value_get_boxed (dex_future_get_value (future, NULL));
  GValue value = G_VALUE_INIT;
  DexFuture *result;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *alias = aws_json_array_get_string (array, i);

      if (alias != NULL)
        g_strv_builder_add (builder, alias);
    }

  g_value_init (&value, G_TYPE_STRV);
  g_value_take_boxed (&value, g_strv_builder_end (builder));
  result = dex_future_new_for_value (&value);
  g_value_unset (&value);

  return result;
}

/**
 * aws_iam_list_account_aliases:
 * @client: a client
 *
 * Returns: (transfer full): a future that resolves to a `GStrv` (boxed) of the names the account was given: one or none
 */
DexFuture *
aws_iam_list_account_aliases (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return dex_future_then (aws_operation_call_pages (&list_account_aliases, client, NULL), aliases_cb, NULL, NULL);
}

/**
 * aws_iam_set_security_token_service_preferences:
 * @client: a client
 * @token_version: `v1Token` or `v2Token`
 *
 * Sets which tokens the global host of STS makes. Version 2 is the one that is valid in all regions and with the
 * KeyValueStore.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
aws_iam_set_security_token_service_preferences (AwsClient  *client,
                                                const char *token_version)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (token_version != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "GlobalEndpointTokenVersion", token_version);

  return aws_operation_call_done (&set_security_token_service_preferences, client, input);
}

/**
 * aws_iam_get_user:
 * @client: a client
 * @name: (nullable): the name of a user; %NULL: the one whose keys are used
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.User]
 */
DexFuture *
aws_iam_get_user (AwsClient  *client,
                  const char *name)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  input = json_object_new ();
  aws_input_set_string (input, "UserName", name);

  return aws_operation_call_document (&get_user, client, input, AWS_TYPE_USER, "User");
}

/**
 * aws_iam_get_role:
 * @client: a client
 * @name: the name of a role, without its path
 *
 * The way to learn the whole ARN of an assumed role: what STS tells leaves the path out.
 *
 * Returns: (transfer full): a future that resolves to the [struct@Aws.Role]
 */
DexFuture *
aws_iam_get_role (AwsClient  *client,
                  const char *name)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "RoleName", name);

  return aws_operation_call_document (&get_role, client, input, AWS_TYPE_ROLE, "Role");
}

/**
 * aws_simulation_get_action:
 * @self: a result
 *
 * Returns: (nullable): the action it is about
 */
AWS_DOCUMENT_STRING (AwsSimulation, aws_simulation, action, "EvalActionName")

/**
 * aws_simulation_get_resource:
 * @self: a result
 *
 * Returns: (nullable): the ARN the action was tried on, `*` for all
 */
AWS_DOCUMENT_STRING (AwsSimulation, aws_simulation, resource, "EvalResourceName")

/**
 * aws_simulation_get_decision:
 * @self: a result
 *
 * Returns: (nullable): `allowed`, `explicitDeny` or `implicitDeny`
 */
AWS_DOCUMENT_STRING (AwsSimulation, aws_simulation, decision, "EvalDecision")

/**
 * aws_simulation_is_allowed:
 * @self: a result
 *
 * Returns: whether the action is allowed
 */
gboolean
aws_simulation_is_allowed (AwsSimulation *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_simulation_get_decision (self), "allowed") == 0;
}

/**
 * aws_simulation_is_explicit:
 * @self: a result
 *
 * Returns: whether a policy forbids the action in so many words
 */
gboolean
aws_simulation_is_explicit (AwsSimulation *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_simulation_get_decision (self), "explicitDeny") == 0;
}

static gboolean
is_refused_by (AwsSimulation *self,
               const char    *detail,
               const char    *member)
{
  JsonObject *object = aws_json_get_object (self->document.object, detail);

  return object != NULL && json_object_has_member (object, member) && !aws_json_get_bool (object, member);
}

/**
 * aws_simulation_is_organization:
 * @self: a result
 *
 * Returns: whether it is the organization of the account that does not allow the action
 */
gboolean
aws_simulation_is_organization (AwsSimulation *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return is_refused_by (self, "OrganizationsDecisionDetail", "AllowedByOrganizations");
}

/**
 * aws_simulation_is_boundary:
 * @self: a result
 *
 * Returns: whether it is the permissions boundary of the user or role that does not allow the action
 */
gboolean
aws_simulation_is_boundary (AwsSimulation *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return is_refused_by (self, "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary");
}

/**
 * aws_simulation_dup_missing_context:
 * @self: a result
 *
 * Returns: (transfer full): condition keys that the policies ask for and that were given no value
 */
AWS_DOCUMENT_STRINGS (AwsSimulation, aws_simulation, missing_context, "MissingContextValues")

/**
 * aws_account_summary_get_figure:
 * @self: a summary
 * @name: `Users`, `RolesQuota` and so on
 *
 * Returns: the figure of that name, 0 where there is none
 */
gint64
aws_account_summary_get_figure (AwsAccountSummary *self,
                                const char        *name)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (name != NULL, 0);

  return aws_json_get_int (self->document.object, name, 0);
}

/**
 * aws_account_summary_get_has_mfa:
 * @self: a summary
 *
 * Returns: whether the root user needs more than a password
 */
gboolean
aws_account_summary_get_has_mfa (AwsAccountSummary *self)
{
  return aws_account_summary_get_figure (self, "AccountMFAEnabled") > 0;
}

/**
 * aws_account_summary_get_has_root_keys:
 * @self: a summary
 *
 * Returns: whether the root user has access keys, which nobody should have
 */
gboolean
aws_account_summary_get_has_root_keys (AwsAccountSummary *self)
{
  return aws_account_summary_get_figure (self, "AccountAccessKeysPresent") > 0;
}

/**
 * aws_account_summary_get_token_version:
 * @self: a summary
 *
 * Returns: 1 or 2: which tokens the global host of STS makes; 0 if it is not told
 */
gint64
aws_account_summary_get_token_version (AwsAccountSummary *self)
{
  return aws_account_summary_get_figure (self, "GlobalEndpointTokenVersion");
}

/**
 * aws_user_get_name:
 * @self: a user
 *
 * Returns: (nullable): its name; the root user has none
 */
AWS_DOCUMENT_STRING (AwsUser, aws_user, name, "UserName")

/**
 * aws_user_get_id:
 * @self: a user
 *
 * Returns: (nullable): its unique id, `AIDA…`
 */
AWS_DOCUMENT_STRING (AwsUser, aws_user, id, "UserId")

/**
 * aws_user_get_arn:
 * @self: a user
 *
 * Returns: (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsUser, aws_user, arn, "Arn")

/**
 * aws_user_get_path:
 * @self: a user
 *
 * Returns: (nullable): its path, `/` for most
 */
AWS_DOCUMENT_STRING (AwsUser, aws_user, path, "Path")

/**
 * aws_user_get_boundary:
 * @self: a user
 *
 * Returns: (nullable): the ARN of its permissions boundary
 */
AWS_DOCUMENT_INNER_STRING (AwsUser, aws_user, boundary, "PermissionsBoundary", "PermissionsBoundaryArn")

/**
 * aws_user_dup_created:
 * @self: a user
 *
 * Returns: (transfer full) (nullable): when it was made
 */
AWS_DOCUMENT_TIME (AwsUser, aws_user, created, "CreateDate")

/**
 * aws_role_get_name:
 * @self: a role
 *
 * Returns: (nullable): its name, without the path
 */
AWS_DOCUMENT_STRING (AwsRole, aws_role, name, "RoleName")

/**
 * aws_role_get_id:
 * @self: a role
 *
 * Returns: (nullable): its unique id, `AROA…`
 */
AWS_DOCUMENT_STRING (AwsRole, aws_role, id, "RoleId")

/**
 * aws_role_get_arn:
 * @self: a role
 *
 * Returns: (nullable): its ARN with the path
 */
AWS_DOCUMENT_STRING (AwsRole, aws_role, arn, "Arn")

/**
 * aws_role_get_path:
 * @self: a role
 *
 * Returns: (nullable): its path, `/` for most
 */
AWS_DOCUMENT_STRING (AwsRole, aws_role, path, "Path")

/**
 * aws_role_get_boundary:
 * @self: a role
 *
 * Returns: (nullable): the ARN of its permissions boundary
 */
AWS_DOCUMENT_INNER_STRING (AwsRole, aws_role, boundary, "PermissionsBoundary", "PermissionsBoundaryArn")

/**
 * aws_role_get_longest_session:
 * @self: a role
 *
 * Returns: for how many seconds it can be assumed at most
 */
AWS_DOCUMENT_INT (AwsRole, aws_role, longest_session, "MaxSessionDuration")

/**
 * aws_role_dup_trust:
 * @self: a role
 *
 * Returns: (transfer full) (nullable): the policy that says who may assume it, as JSON; IAM sends it percent-encoded
 */
char *
aws_role_dup_trust (AwsRole *self)
{
  const char *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = aws_json_get_string (self->document.object, "AssumeRolePolicyDocument");

  return text != NULL ? g_uri_unescape_string (text, NULL) : NULL;
}
