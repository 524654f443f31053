/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-iam-private.h"

#include "aws-json.h"

#define ALIAS_PATTERN "[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]"

/* ---- roles, as CloudFormation makes them ---- */

static void
get_role (PracticeCall *call)
{
  const char *name = practice_call_get_form (call, "RoleName");
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new ("<Role>");
  g_autofree char *arn = NULL;
  g_autofree char *trust = NULL;
  g_autofree char *created = NULL;

  if (!iam_check_member (call, "RoleName", "roleName", 64, "[\\w+=,.@-]+"))
    return;

  rows = practice_db_query (call->practice->db, "SELECT name, role_id, trust, max_session FROM roles WHERE name = ?", "s", name);
  if (!practice_rows_next (rows))
    {
      iam_answer_missing (call, "role", name);

      return;
    }

  arn = g_strdup_printf ("arn:aws:iam::%s:role/%s", call->practice->account, practice_rows_text (rows, 0));
  trust = g_uri_escape_string (practice_rows_text (rows, 2), NULL, FALSE);
  created = practice_db_lookup (call->practice->db, "SELECT updated FROM stack_resources WHERE type = 'AWS::IAM::Role' AND "
                                "physical_id = ?", "s", practice_rows_text (rows, 0));
  aws_xml_append_element (xml, "Path", "/");
  aws_xml_append_element (xml, "RoleName", practice_rows_text (rows, 0));
  aws_xml_append_element (xml, "RoleId", practice_rows_text (rows, 1));
  aws_xml_append_element (xml, "Arn", arn);
  iam_append_time (xml, "CreateDate", created != NULL ? g_ascii_strtoll (created, NULL, 10) : practice_call_now (call));
  aws_xml_append_element (xml, "AssumeRolePolicyDocument", trust);
  aws_xml_append_element (xml, "MaxSessionDuration", practice_rows_text (rows, 3));
  g_string_append (xml, "</Role>");
  practice_call_answer_query (call, xml->str);
}

/* ---- figures ---- */

static gint64
count (PracticeCall *call,
       const char   *sql)
{
  g_autofree char *text = practice_db_lookup (call->practice->db, sql, NULL);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static void
append_figure (GString    *xml,
               const char *name,
               gint64      value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  g_string_append (xml, "<entry>");
  aws_xml_append_element (xml, "key", name);
  aws_xml_append_element (xml, "value", text);
  g_string_append (xml, "</entry>");
}

static void
get_account_summary (PracticeCall *call)
{
  g_autofree char *version = practice_db_get_setting (call->practice->db, "global-endpoint-token-version");
  g_autoptr(GString) xml = g_string_new ("<SummaryMap>");

  append_figure (xml, "Users", 1 + count (call, "SELECT count(*) FROM iam_users"));
  append_figure (xml, "UsersQuota", 5000);
  append_figure (xml, "Groups", 0);
  append_figure (xml, "GroupsQuota", 300);
  append_figure (xml, "Roles", count (call, "SELECT count(*) FROM roles"));
  append_figure (xml, "RolesQuota", 1000);
  append_figure (xml, "Policies", count (call, "SELECT count(*) FROM iam_policies"));
  append_figure (xml, "PoliciesQuota", 1500);
  append_figure (xml, "PolicySizeQuota", 6144);
  append_figure (xml, "UserPolicySizeQuota", 2048);
  append_figure (xml, "AccessKeysPerUserQuota", 2);
  append_figure (xml, "AttachedPoliciesPerUserQuota", 10);
  append_figure (xml, "AccountMFAEnabled", 0);
  append_figure (xml, "AccountAccessKeysPresent", 0);
  append_figure (xml, "GlobalEndpointTokenVersion", g_strcmp0 (version, "v2Token") == 0 ? 2 : 1);
  g_string_append (xml, "</SummaryMap>");
  practice_call_answer_query (call, xml->str);
}

static void
set_token_version (PracticeCall *call)
{
  const char *version = practice_call_get_form (call, "GlobalEndpointTokenVersion");
  g_autoptr(GError) error = NULL;

  if (g_strcmp0 (version, "v1Token") != 0 && g_strcmp0 (version, "v2Token") != 0)
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                "1 validation error detected: Value '%s' at 'globalEndpointTokenVersion' failed to satisfy "
                                "constraint: Member must satisfy enum value set: [v1Token, v2Token]",
                                version != NULL ? version : "null");
  else if (practice_db_set_setting (call->practice->db, "global-endpoint-token-version", version, &error))
    practice_call_answer_query (call, NULL);
  else
    practice_call_answer_internal (call, error);
}

/* ---- the account's name ---- */

static char *
get_alias (PracticeCall *call)
{
  g_autofree char *alias = practice_db_get_setting (call->practice->db, "account-alias");

  return alias != NULL && *alias != '\0' ? g_steal_pointer (&alias) : NULL;
}

static void
list_account_aliases (PracticeCall *call)
{
  g_autofree char *alias = get_alias (call);
  g_autoptr(GString) xml = g_string_new ("<AccountAliases>");
  guint from;
  guint to;

  if (!iam_get_page (call, alias != NULL, &from, &to))
    return;

  if (to > from)
    aws_xml_append_element (xml, "member", alias);
  g_string_append (xml, "</AccountAliases>");
  iam_append_page (xml, alias != NULL, to);
  practice_call_answer_query (call, xml->str);
}

static void
set_alias (PracticeCall *call,
           const char   *alias)
{
  g_autoptr(GError) error = NULL;

  if (practice_db_set_setting (call->practice->db, "account-alias", alias, &error))
    practice_call_answer_query (call, NULL);
  else
    practice_call_answer_internal (call, error);
}

static void
create_account_alias (PracticeCall *call)
{
  /* there is one at most; another takes its place */
  if (iam_check_member (call, "AccountAlias", "accountAlias", 63, ALIAS_PATTERN))
    set_alias (call, practice_call_get_form (call, "AccountAlias"));
}

static void
delete_account_alias (PracticeCall *call)
{
  g_autofree char *alias = get_alias (call);

  if (!iam_check_member (call, "AccountAlias", "accountAlias", 63, ALIAS_PATTERN))
    return;

  if (g_strcmp0 (alias, practice_call_get_form (call, "AccountAlias")) != 0)
    practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "NoSuchEntity", "The account alias with name %s cannot be found.",
                                practice_call_get_form (call, "AccountAlias"));
  else
    set_alias (call, "");
}

const IamOperation iam_account_operations[] = {
  { "GetRole", get_role },
  { "GetAccountSummary", get_account_summary },
  { "SetSecurityTokenServicePreferences", set_token_version },
  { "ListAccountAliases", list_account_aliases },
  { "CreateAccountAlias", create_account_alias },
  { "DeleteAccountAlias", delete_account_alias },
  { NULL }
};
