/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-iam-private.h"

#include "aws-json.h"
#include "porch-practice-account.h"
#include "porch-practice-rights.h"

#include <string.h>

#define NAME_PATTERN "[\\w+=,.@-]+"
#define ARN_PATTERN "arn:aws:iam::(aws|[0-9]{12}):policy/[!-~]+"
/* Of a policy that can be attached, without white space */
#define POLICY_LIMIT 6144
#define POLICIES_PER_USER 10

/* ---- policies that can be attached ---- */

static gsize
count_characters (const char *text)
{
  gsize n = 0;

  for (const char *c = text; *c != '\0'; c++)
    n += !g_ascii_isspace (*c);

  return n;
}

static gboolean
is_attached (JsonNode   *managed,
             const char *arn,
             guint      *position)
{
  JsonArray *array = json_node_get_array (managed);

  for (guint i = 0; i < json_array_get_length (array); i++)
    if (g_strcmp0 (aws_json_array_get_string (array, i), arn) == 0)
      {
        *position = i;

        return TRUE;
      }

  return FALSE;
}

static guint
count_attachments (PracticeCall *call,
                   const char   *arn)
{
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db, "SELECT managed FROM iam_users", NULL);
  guint n = 0;

  while (practice_rows_next (rows))
    {
      g_autoptr(JsonNode) managed = json_from_string (practice_rows_text (rows, 0), NULL);
      guint position;

      n += is_attached (managed, arn, &position);
    }

  return n;
}

static void
append_policy (PracticeCall *call,
               GString      *xml,
               PracticeRows *rows)
{
  g_autofree char *attached = g_strdup_printf ("%u", count_attachments (call, practice_rows_text (rows, 0)));

  aws_xml_append_element (xml, "PolicyName", practice_rows_text (rows, 1));
  aws_xml_append_element (xml, "PolicyId", practice_rows_text (rows, 2));
  aws_xml_append_element (xml, "Arn", practice_rows_text (rows, 0));
  aws_xml_append_element (xml, "Path", practice_rows_text (rows, 3));
  aws_xml_append_element (xml, "DefaultVersionId", "v1");
  aws_xml_append_element (xml, "AttachmentCount", attached);
  aws_xml_append_element (xml, "PermissionsBoundaryUsageCount", "0");
  aws_xml_append_element (xml, "IsAttachable", "true");
  iam_append_time (xml, "CreateDate", practice_rows_int (rows, 4));
  iam_append_time (xml, "UpdateDate", practice_rows_int (rows, 4));
}

static void
answer_policy (PracticeCall *call,
               const char   *arn)
{
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db,
                                                    "SELECT arn, name, policy_id, path, created FROM iam_policies WHERE arn = ?",
                                                    "s", arn);
  g_autoptr(GString) xml = g_string_new ("<Policy>");

  if (!practice_rows_next (rows))
    {
      practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "NoSuchEntity", "Policy %s was not found.", arn);

      return;
    }

  append_policy (call, xml, rows);
  g_string_append (xml, "</Policy>");
  practice_call_answer_query (call, xml->str);
}

static void
create_policy (PracticeCall *call)
{
  const char *name = practice_call_get_form (call, "PolicyName");
  const char *path = practice_call_get_form (call, "Path");
  const char *text = practice_call_get_form (call, "PolicyDocument");
  g_autofree char *random = practice_random_id (17, NULL);
  g_autofree char *id = g_strconcat ("ANPA", random, NULL);
  g_autoptr(JsonNode) document = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *known = NULL;
  g_autofree char *arn = NULL;
  g_autoptr(GError) error = NULL;

  if (!iam_check_member (call, "PolicyName", "policyName", 128, NAME_PATTERN) ||
      !iam_check_member (call, "PolicyDocument", "policyDocument", 131072, "[\\x09\\x0A\\x0D\\x20-\\xFF]+"))
    return;

  if (path == NULL)
    path = "/";
  arn = g_strdup_printf ("arn:aws:iam::%s:policy%s%s", call->practice->account, path, name);
  known = practice_db_lookup (call->practice->db, "SELECT arn FROM iam_policies WHERE name = ?", "s", name);
  document = json_from_string (text, NULL);
  problem = practice_policy_check (document, PRACTICE_POLICY_IDENTITY, NULL);

  if (known != NULL)
    practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "EntityAlreadyExists",
                                "A policy called %s already exists. Duplicate names are not allowed.", name);
  else if (problem != NULL)
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "MalformedPolicyDocument", "%s", problem);
  else if (count_characters (text) > POLICY_LIMIT)
    practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "LimitExceeded", "Cannot exceed quota for PolicySize: %d",
                                POLICY_LIMIT);
  else if (practice_db_run (call->practice->db, &error,
                            "INSERT INTO iam_policies (arn, name, policy_id, path, document, created) VALUES (?, ?, ?, ?, ?, ?)",
                            "sssssi", arn, name, id, path, text, practice_call_now (call)))
    answer_policy (call, arn);
  else
    practice_call_answer_internal (call, error);
}

static void
get_policy (PracticeCall *call)
{
  if (iam_check_member (call, "PolicyArn", "policyArn", 2048, ARN_PATTERN))
    answer_policy (call, practice_call_get_form (call, "PolicyArn"));
}

static void
delete_policy (PracticeCall *call)
{
  const char *arn = practice_call_get_form (call, "PolicyArn");
  g_autoptr(GError) error = NULL;

  if (!iam_check_member (call, "PolicyArn", "policyArn", 2048, ARN_PATTERN))
    return;

  if (count_attachments (call, arn) > 0)
    practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "DeleteConflict", "Cannot delete a policy attached to entities.");
  else if (!practice_db_run (call->practice->db, &error, "DELETE FROM iam_policies WHERE arn = ?", "s", arn))
    practice_call_answer_internal (call, error);
  else if (practice_db_changes (call->practice->db) == 0)
    practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "NoSuchEntity", "Policy %s was not found.", arn);
  else
    practice_call_answer_query (call, NULL);
}

static void
list_policies (PracticeCall *call)
{
  g_autofree char *count = practice_db_lookup (call->practice->db, "SELECT count(*) FROM iam_policies", NULL);
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new ("<Policies>");
  guint n = g_ascii_strtoull (count, NULL, 10);
  guint from;
  guint to;

  if (!iam_get_page (call, n, &from, &to))
    return;

  rows = practice_db_query (call->practice->db,
                            "SELECT arn, name, policy_id, path, created FROM iam_policies ORDER BY name LIMIT ? OFFSET ?",
                            "ii", (gint64) (to - from), (gint64) from);
  while (practice_rows_next (rows))
    {
      g_string_append (xml, "<member>");
      append_policy (call, xml, rows);
      g_string_append (xml, "</member>");
    }

  g_string_append (xml, "</Policies>");
  iam_append_page (xml, n, to);
  practice_call_answer_query (call, xml->str);
}

/* ---- which user has which ---- */

static gboolean
exists (PracticeCall *call,
        const char   *arn)
{
  g_autofree char *known = practice_db_lookup (call->practice->db, "SELECT arn FROM iam_policies WHERE arn = ?", "s", arn);

  return known != NULL || practice_managed_exists (arn);
}

static IamUser *
require_changeable (PracticeCall *call)
{
  g_autoptr(IamUser) user = NULL;

  if (!iam_check_member (call, "UserName", "userName", 64, NAME_PATTERN) ||
      !iam_check_member (call, "PolicyArn", "policyArn", 2048, ARN_PATTERN) || (user = iam_require_user (call)) == NULL)
    return NULL;
  if (user->policies != NULL)
    return g_steal_pointer (&user);

  practice_call_answer_error (call, SOUP_STATUS_FORBIDDEN, "AccessDenied",
                              "The practice cloud’s own user can’t be changed. Make another user with CreateUser.");

  return NULL;
}

static void
save_managed (PracticeCall *call,
              IamUser      *user,
              JsonNode     *managed)
{
  g_autofree char *text = json_to_string (managed, FALSE);
  g_autoptr(GError) error = NULL;

  if (practice_db_run (call->practice->db, &error, "UPDATE iam_users SET managed = ? WHERE name = ?", "ss", text, user->name))
    practice_call_answer_query (call, NULL);
  else
    practice_call_answer_internal (call, error);
}

static void
attach_user_policy (PracticeCall *call)
{
  const char *arn = practice_call_get_form (call, "PolicyArn");
  g_autoptr(IamUser) user = require_changeable (call);
  g_autoptr(JsonNode) managed = NULL;
  guint position;

  if (user == NULL)
    return;

  managed = json_from_string (user->managed, NULL);
  if (!exists (call, arn))
    {
      practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "NoSuchEntity",
                                  "Policy %s does not exist or is not attachable.", arn);

      return;
    }

  if (!is_attached (managed, arn, &position))
    {
      if (json_array_get_length (json_node_get_array (managed)) >= POLICIES_PER_USER)
        {
          practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "LimitExceeded", "Cannot exceed quota for PoliciesPerUser: %d",
                                      POLICIES_PER_USER);

          return;
        }

      json_array_add_string_element (json_node_get_array (managed), arn);
    }

  save_managed (call, user, managed);
}

static void
detach_user_policy (PracticeCall *call)
{
  const char *arn = practice_call_get_form (call, "PolicyArn");
  g_autoptr(IamUser) user = require_changeable (call);
  g_autoptr(JsonNode) managed = NULL;
  guint position;

  if (user == NULL)
    return;

  managed = json_from_string (user->managed, NULL);
  if (!is_attached (managed, arn, &position))
    {
      practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "NoSuchEntity", "Policy %s was not found.", arn);

      return;
    }

  json_array_remove_element (json_node_get_array (managed), position);
  save_managed (call, user, managed);
}

static void
list_attached_user_policies (PracticeCall *call)
{
  g_autoptr(GString) xml = g_string_new ("<AttachedPolicies>");
  g_autoptr(IamUser) user = NULL;
  g_autoptr(JsonNode) managed = NULL;
  JsonArray *array;
  guint from;
  guint to;

  if (!iam_check_member (call, "UserName", "userName", 64, NAME_PATTERN) || (user = iam_require_user (call)) == NULL)
    return;

  /* what the account's own user may do is what this policy says */
  managed = json_from_string (user->managed != NULL ? user->managed : "[\"arn:aws:iam::aws:policy/AdministratorAccess\"]", NULL);
  array = json_node_get_array (managed);
  if (!iam_get_page (call, json_array_get_length (array), &from, &to))
    return;

  for (guint i = from; i < to; i++)
    {
      const char *arn = aws_json_array_get_string (array, i);

      g_string_append (xml, "<member>");
      aws_xml_append_element (xml, "PolicyName", strrchr (arn, '/') + 1);
      aws_xml_append_element (xml, "PolicyArn", arn);
      g_string_append (xml, "</member>");
    }

  g_string_append (xml, "</AttachedPolicies>");
  iam_append_page (xml, json_array_get_length (array), to);
  practice_call_answer_query (call, xml->str);
}

/* ---- what would be allowed ---- */

typedef struct
{
  PracticeCall *call;
  const char   *subject;     /* NULL: nothing limits it */
  GHashTable   *context;
  GPtrArray    *policies;    /* that came with the request */
  GPtrArray    *keys;        /* of conditions of all policies */
} Simulation;

static void
simulation_clear (Simulation *simulation)
{
  g_clear_pointer (&simulation->context, g_hash_table_unref);
  g_clear_pointer (&simulation->policies, g_ptr_array_unref);
  g_clear_pointer (&simulation->keys, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Simulation, simulation_clear)

static GHashTable *
read_context (PracticeCall *call)
{
  GHashTable *context = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 1;; i++)
    {
      g_autofree char *name = g_strdup_printf ("ContextEntries.member.%u.ContextKeyName", i);
      g_autofree char *value = g_strdup_printf ("ContextEntries.member.%u.ContextKeyValues.member.1", i);

      if (practice_call_get_form (call, name) == NULL)
        return context;
      if (practice_call_get_form (call, value) != NULL)
        g_hash_table_insert (context, g_strdup (practice_call_get_form (call, name)),
                             g_strdup (practice_call_get_form (call, value)));
    }
}

static void
collect_keys (JsonNode  *policy,
              GPtrArray *keys)
{
  JsonNode *node = json_object_get_member (json_node_get_object (policy), "Statement");
  g_autoptr(GPtrArray) statements = g_ptr_array_new ();

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    g_ptr_array_add (statements, json_node_get_object (node));
  for (guint i = 0; node != NULL && JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node)); i++)
    g_ptr_array_add (statements, aws_json_array_get_object (json_node_get_array (node), i));

  for (guint i = 0; i < statements->len; i++)
    {
      JsonObject *conditions = aws_json_get_object (g_ptr_array_index (statements, i), "Condition");
      g_autoptr(GList) operators = conditions != NULL ? json_object_get_members (conditions) : NULL;

      for (GList *l = operators; l != NULL; l = l->next)
        {
          JsonObject *test = aws_json_get_object (conditions, l->data);
          g_autoptr(GList) names = test != NULL ? json_object_get_members (test) : NULL;

          for (GList *k = names; k != NULL; k = k->next)
            if (!g_ptr_array_find_with_equal_func (keys, k->data, g_str_equal, NULL))
              g_ptr_array_add (keys, g_strdup (k->data));
        }
    }
}

static gboolean
read_policies (Simulation *simulation)
{
  g_auto(GStrv) texts = iam_dup_list (simulation->call, "PolicyInputList");
  g_autoptr(GPtrArray) own = NULL;

  simulation->policies = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  simulation->keys = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_autoptr(JsonNode) policy = json_from_string (texts[i], NULL);
      g_autofree char *problem = practice_policy_check (policy, PRACTICE_POLICY_IDENTITY, NULL);

      if (problem != NULL)
        {
          practice_call_answer_error (simulation->call, SOUP_STATUS_BAD_REQUEST, "InvalidInput", "%s", problem);

          return FALSE;
        }

      collect_keys (policy, simulation->keys);
      g_ptr_array_add (simulation->policies, g_steal_pointer (&policy));
    }

  if (simulation->subject != NULL)
    own = practice_subject_list_policies (simulation->call->practice, simulation->subject);
  for (guint i = 0; own != NULL && i < own->len; i++)
    collect_keys (g_ptr_array_index (own, i), simulation->keys);

  return TRUE;
}

static PracticeDecision
decide (Simulation *simulation,
        const char *action,
        const char *resource)
{
  Practice *practice = simulation->call->practice;
  PracticeAccess access = {
    .account = practice->account, .action = action, .resource = resource, .context = simulation->context,
  };
  PracticeDecision decision = practice_subject_decide (practice, simulation->subject, action, resource, simulation->context);

  for (guint i = 0; i < simulation->policies->len; i++)
    decision = MAX (decision, practice_policy_evaluate (g_ptr_array_index (simulation->policies, i),
                                                        PRACTICE_POLICY_IDENTITY, &access));

  return decision;
}

static void
append_missing (Simulation *simulation,
                GString    *xml)
{
  g_string_append (xml, "<MissingContextValues>");

  for (guint i = 0; i < simulation->keys->len; i++)
    if (!g_hash_table_contains (simulation->context, g_ptr_array_index (simulation->keys, i)))
      aws_xml_append_element (xml, "member", g_ptr_array_index (simulation->keys, i));

  g_string_append (xml, "</MissingContextValues>");
}

static void
append_result (Simulation *simulation,
               GString    *xml,
               const char *action,
               const char *resource)
{
  static const char * const names[] = { "implicitDeny", "allowed", "explicitDeny" };
  PracticeDecision decision = decide (simulation, action, resource);
  gboolean has_rules = practice_account_has_rules (simulation->call->practice);
  gboolean is_allowed = !has_rules || practice_account_allows (simulation->call->practice, action, resource);

  if (!is_allowed)
    decision = PRACTICE_DECISION_DENY;

  g_string_append (xml, "<member>");
  aws_xml_append_element (xml, "EvalActionName", action);
  aws_xml_append_element (xml, "EvalResourceName", resource);
  aws_xml_append_element (xml, "EvalDecision", names[decision]);
  g_string_append (xml, "<MatchedStatements/>");
  append_missing (simulation, xml);

  if (has_rules)
    {
      g_string_append (xml, "<OrganizationsDecisionDetail>");
      aws_xml_append_element (xml, "AllowedByOrganizations", is_allowed ? "true" : "false");
      g_string_append (xml, "</OrganizationsDecisionDetail>");
    }

  g_string_append (xml, "</member>");
}

/* Whom the simulation is about; FALSE after an error was answered */
static gboolean
read_subject (Simulation *simulation)
{
  PracticeCall *call = simulation->call;
  const char *arn = practice_call_get_form (call, "PolicySourceArn");
  g_autoptr(GPtrArray) policies = NULL;

  if (arn == NULL)
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                  "1 validation error detected: Value null at 'policySourceArn' failed to satisfy constraint: "
                                  "Member must not be null");

      return FALSE;
    }

  if (!g_regex_match_simple ("^arn:aws:iam::[0-9]{12}:(user|role|group)/.+$", arn, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "InvalidInput", "Invalid Entity Arn: %s does not clearly define "
                                  "entity type and name.", arn);

      return FALSE;
    }

  if (g_str_equal (arn, call->practice->user_arn))
    return TRUE;

  if ((policies = practice_subject_list_policies (call->practice, arn)) == NULL)
    {
      iam_answer_missing (call, strstr (arn, ":role/") != NULL ? "role" : "user", strrchr (arn, '/') + 1);

      return FALSE;
    }

  simulation->subject = arn;

  return TRUE;
}

static gboolean
check_actions (PracticeCall *call,
               GStrv         actions)
{
  if (actions[0] == NULL)
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                  "1 validation error detected: Value null at 'actionNames' failed to satisfy constraint: "
                                  "Member must not be null");

      return FALSE;
    }

  for (guint i = 0; actions[i] != NULL; i++)
    if (strlen (actions[i]) < 3 || strlen (actions[i]) > 128 || strchr (actions[i], ':') == NULL)
      {
        practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "InvalidInput", "Invalid Action: %s", actions[i]);

        return FALSE;
      }

  return TRUE;
}

static void
simulate_principal_policy (PracticeCall *call)
{
  static const char * const everything[] = { "*", NULL };
  g_auto(Simulation) simulation = { .call = call };
  g_auto(GStrv) actions = iam_dup_list (call, "ActionNames");
  g_auto(GStrv) given = iam_dup_list (call, "ResourceArns");
  const char * const *resources = given[0] != NULL ? (const char * const *) given : everything;
  g_autoptr(GString) xml = g_string_new ("<EvaluationResults>");
  guint n_resources = g_strv_length ((GStrv) resources);
  guint n;
  guint from;
  guint to;

  n = g_strv_length (actions) * n_resources;
  if (!read_subject (&simulation) || !check_actions (call, actions) || !read_policies (&simulation) ||
      !iam_get_page (call, n, &from, &to))
    return;

  simulation.context = read_context (call);
  for (guint i = from; i < to; i++)
    append_result (&simulation, xml, actions[i / n_resources], resources[i % n_resources]);

  g_string_append (xml, "</EvaluationResults>");
  iam_append_page (xml, n, to);
  practice_call_answer_query (call, xml->str);
}

const IamOperation iam_policy_operations[] = {
  { "CreatePolicy", create_policy },
  { "GetPolicy", get_policy },
  { "DeletePolicy", delete_policy },
  { "ListPolicies", list_policies },
  { "AttachUserPolicy", attach_user_policy },
  { "DetachUserPolicy", detach_user_policy },
  { "ListAttachedUserPolicies", list_attached_user_policies },
  { "SimulatePrincipalPolicy", simulate_principal_policy },
  { NULL }
};
