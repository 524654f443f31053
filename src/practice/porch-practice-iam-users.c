/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-iam-private.h"

#include "aws-json.h"
#include "porch-practice-policy.h"

#include <string.h>

#define NAME_PATTERN "[\\w+=,.@-]+"
#define SECRET_ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
#define KEYS_PER_USER 2
/* Of all policies written into a user, without white space */
#define INLINE_LIMIT 2048

static void
append_user (GString *xml,
             IamUser *user)
{
  aws_xml_append_element (xml, "Path", user->path);
  aws_xml_append_element (xml, "UserName", user->name);
  aws_xml_append_element (xml, "UserId", user->id);
  aws_xml_append_element (xml, "Arn", user->arn);
  iam_append_time (xml, "CreateDate", user->created);
}

static void
answer_user (PracticeCall *call,
             IamUser      *user)
{
  g_autoptr(GString) xml = g_string_new ("<User>");

  append_user (xml, user);
  g_string_append (xml, "</User>");
  practice_call_answer_query (call, xml->str);
}

static void
create_user (PracticeCall *call)
{
  const char *name = practice_call_get_form (call, "UserName");
  const char *path = practice_call_get_form (call, "Path");
  g_autoptr(IamUser) known = NULL;
  g_autoptr(IamUser) user = g_new0 (IamUser, 1);
  g_autofree char *random = practice_random_id (17, NULL);
  g_autoptr(GError) error = NULL;

  if (!iam_check_member (call, "UserName", "userName", 64, NAME_PATTERN))
    return;

  if (path != NULL && !g_regex_match_simple ("^(/|/[!-~]+/)$", path, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT))
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                  "The specified value for path is invalid. It must begin and end with / and contain only "
                                  "alphanumeric characters and/or / characters.");

      return;
    }

  if ((known = iam_user_lookup (call, name)) != NULL)
    {
      practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "EntityAlreadyExists", "User with name %s already exists.", name);

      return;
    }

  user->name = g_strdup (name);
  user->path = g_strdup (path != NULL ? path : "/");
  user->id = g_strconcat ("AIDA", random, NULL);
  user->arn = g_strdup_printf ("arn:aws:iam::%s:user%s%s", call->practice->account, user->path, name);
  user->created = practice_call_now (call);

  if (practice_db_run (call->practice->db, &error,
                       "INSERT INTO iam_users (name, user_id, arn, path, created, policies, managed) "
                       "VALUES (?, ?, ?, ?, ?, '[]', '[]')",
                       "ssssi", name, user->id, user->arn, user->path, user->created))
    answer_user (call, user);
  else
    practice_call_answer_internal (call, error);
}

static void
get_user (PracticeCall *call)
{
  g_autoptr(IamUser) user = iam_require_user (call);

  if (user != NULL)
    answer_user (call, user);
}

static void
answer_done (PracticeCall *call,
             gboolean      done,
             const GError *error)
{
  if (done)
    practice_call_answer_query (call, NULL);
  else
    practice_call_answer_internal (call, error);
}

/* Changes of the account's own user would lock the person out */
static gboolean
refuse_owner (PracticeCall *call,
              IamUser      *user)
{
  if (user->policies != NULL)
    return FALSE;

  practice_call_answer_error (call, SOUP_STATUS_FORBIDDEN, "AccessDenied",
                              "The practice cloud’s own user can’t be changed. Make another user with CreateUser.");

  return TRUE;
}

static void
delete_user (PracticeCall *call)
{
  g_autoptr(IamUser) user = NULL;
  g_autofree char *key = NULL;
  g_autoptr(GError) error = NULL;

  if (!iam_check_member (call, "UserName", "userName", 64, NAME_PATTERN) ||
      (user = iam_require_user (call)) == NULL || refuse_owner (call, user))
    return;

  key = practice_db_lookup (call->practice->db, "SELECT access_key_id FROM iam_keys WHERE user = ?", "s", user->name);
  if (key != NULL)
    practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "DeleteConflict",
                                "Cannot delete entity, must delete access keys first.");
  else if (!g_str_equal (user->policies, "[]"))
    practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "DeleteConflict", "Cannot delete entity, must delete policies first.");
  else if (!g_str_equal (user->managed, "[]"))
    practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "DeleteConflict",
                                "Cannot delete entity, must detach all policies first.");
  else
    answer_done (call, practice_db_run (call->practice->db, &error, "DELETE FROM iam_users WHERE name = ?", "s", user->name),
                 error);
}

static void
list_users (PracticeCall *call)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db, "SELECT name FROM iam_users ORDER BY name", NULL);
  g_autoptr(GString) xml = g_string_new ("<Users>");
  guint from;
  guint to;

  g_ptr_array_add (names, g_strdup (IAM_OWNER));
  while (practice_rows_next (rows))
    g_ptr_array_add (names, practice_rows_dup_text (rows, 0));

  if (!iam_get_page (call, names->len, &from, &to))
    return;

  for (guint i = from; i < to; i++)
    {
      g_autoptr(IamUser) user = iam_user_lookup (call, g_ptr_array_index (names, i));

      g_string_append (xml, "<member>");
      append_user (xml, user);
      g_string_append (xml, "</member>");
    }

  g_string_append (xml, "</Users>");
  iam_append_page (xml, names->len, to);
  practice_call_answer_query (call, xml->str);
}

/* ---- policies written into a user ---- */

static gsize
count_characters (const char *text)
{
  gsize n = 0;

  for (const char *c = text; *c != '\0'; c++)
    n += !g_ascii_isspace (*c);

  return n;
}

static int
find_policy (JsonArray  *policies,
             const char *name)
{
  for (guint i = 0; i < json_array_get_length (policies); i++)
    if (g_strcmp0 (aws_json_get_string (json_array_get_object_element (policies, i), "PolicyName"), name) == 0)
      return i;

  return -1;
}

static gsize
count_policies (JsonArray *policies)
{
  gsize n = 0;

  for (guint i = 0; i < json_array_get_length (policies); i++)
    {
      g_autofree char *text = json_to_string (json_object_get_member (json_array_get_object_element (policies, i),
                                                                      "PolicyDocument"), FALSE);

      n += count_characters (text);
    }

  return n;
}

static void
save_policies (PracticeCall *call,
               IamUser      *user,
               JsonNode     *policies)
{
  g_autofree char *text = json_to_string (policies, FALSE);
  g_autoptr(GError) error = NULL;

  answer_done (call, practice_db_run (call->practice->db, &error, "UPDATE iam_users SET policies = ? WHERE name = ?",
                                      "ss", text, user->name), error);
}

static void
put_user_policy (PracticeCall *call)
{
  const char *name = practice_call_get_form (call, "PolicyName");
  const char *text = practice_call_get_form (call, "PolicyDocument");
  g_autoptr(JsonNode) document = NULL;
  g_autoptr(JsonNode) policies = NULL;
  g_autoptr(IamUser) user = NULL;
  g_autofree char *problem = NULL;
  JsonObject *entry;
  int known;

  if (!iam_check_member (call, "UserName", "userName", 64, NAME_PATTERN) ||
      !iam_check_member (call, "PolicyName", "policyName", 128, NAME_PATTERN) ||
      !iam_check_member (call, "PolicyDocument", "policyDocument", 131072, "[\\x09\\x0A\\x0D\\x20-\\xFF]+") ||
      (user = iam_require_user (call)) == NULL || refuse_owner (call, user))
    return;

  document = json_from_string (text, NULL);
  if ((problem = practice_policy_check (document, PRACTICE_POLICY_IDENTITY, NULL)) != NULL)
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "MalformedPolicyDocument", "%s", problem);

      return;
    }

  policies = json_from_string (user->policies, NULL);
  if ((known = find_policy (json_node_get_array (policies), name)) >= 0)
    json_array_remove_element (json_node_get_array (policies), known);

  entry = json_object_new ();
  json_object_set_string_member (entry, "PolicyName", name);
  json_object_set_member (entry, "PolicyDocument", g_steal_pointer (&document));
  json_array_add_object_element (json_node_get_array (policies), entry);

  if (count_policies (json_node_get_array (policies)) > INLINE_LIMIT)
    practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "LimitExceeded",
                                "Maximum policy size of %d bytes exceeded for user %s", INLINE_LIMIT, user->name);
  else
    save_policies (call, user, policies);
}

static void
answer_no_policy (PracticeCall *call,
                  const char   *name)
{
  practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "NoSuchEntity", "The user policy with name %s cannot be found.", name);
}

static void
delete_user_policy (PracticeCall *call)
{
  g_autoptr(JsonNode) policies = NULL;
  g_autoptr(IamUser) user = NULL;
  int known;

  if (!iam_check_member (call, "UserName", "userName", 64, NAME_PATTERN) ||
      !iam_check_member (call, "PolicyName", "policyName", 128, NAME_PATTERN) ||
      (user = iam_require_user (call)) == NULL || refuse_owner (call, user))
    return;

  policies = json_from_string (user->policies, NULL);
  if ((known = find_policy (json_node_get_array (policies), practice_call_get_form (call, "PolicyName"))) < 0)
    {
      answer_no_policy (call, practice_call_get_form (call, "PolicyName"));

      return;
    }

  json_array_remove_element (json_node_get_array (policies), known);
  save_policies (call, user, policies);
}

static void
get_user_policy (PracticeCall *call)
{
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(JsonNode) policies = NULL;
  g_autoptr(IamUser) user = NULL;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  int known;

  if (!iam_check_member (call, "UserName", "userName", 64, NAME_PATTERN) ||
      !iam_check_member (call, "PolicyName", "policyName", 128, NAME_PATTERN) ||
      (user = iam_require_user (call)) == NULL)
    return;

  policies = json_from_string (user->policies != NULL ? user->policies : "[]", NULL);
  if ((known = find_policy (json_node_get_array (policies), practice_call_get_form (call, "PolicyName"))) < 0)
    {
      answer_no_policy (call, practice_call_get_form (call, "PolicyName"));

      return;
    }

  text = json_to_string (json_object_get_member (json_array_get_object_element (json_node_get_array (policies), known),
                                                 "PolicyDocument"), FALSE);
  escaped = g_uri_escape_string (text, NULL, FALSE);
  aws_xml_append_element (xml, "UserName", user->name);
  aws_xml_append_element (xml, "PolicyName", practice_call_get_form (call, "PolicyName"));
  aws_xml_append_element (xml, "PolicyDocument", escaped);
  practice_call_answer_query (call, xml->str);
}

static void
list_user_policies (PracticeCall *call)
{
  g_autoptr(GString) xml = g_string_new ("<PolicyNames>");
  g_autoptr(JsonNode) policies = NULL;
  g_autoptr(IamUser) user = NULL;
  JsonArray *array;
  guint from;
  guint to;

  if (!iam_check_member (call, "UserName", "userName", 64, NAME_PATTERN) || (user = iam_require_user (call)) == NULL)
    return;

  policies = json_from_string (user->policies != NULL ? user->policies : "[]", NULL);
  array = json_node_get_array (policies);
  if (!iam_get_page (call, json_array_get_length (array), &from, &to))
    return;

  for (guint i = from; i < to; i++)
    aws_xml_append_element (xml, "member", aws_json_get_string (json_array_get_object_element (array, i), "PolicyName"));

  g_string_append (xml, "</PolicyNames>");
  iam_append_page (xml, json_array_get_length (array), to);
  practice_call_answer_query (call, xml->str);
}

/* ---- keys ---- */

static void
create_access_key (PracticeCall *call)
{
  g_autoptr(IamUser) user = iam_require_user (call);
  g_autofree char *random = practice_random_id (16, NULL);
  g_autofree char *id = g_strconcat ("AKIA", random, NULL);
  g_autofree char *secret = practice_random_id (40, SECRET_ALPHABET);
  g_autofree char *known = NULL;
  g_autoptr(GString) xml = g_string_new ("<AccessKey>");
  g_autoptr(GError) error = NULL;
  gint64 now = practice_call_now (call);
  guint limit = KEYS_PER_USER;

  if (user == NULL)
    return;

  /* the account's own user was born with one */
  if (user->policies == NULL)
    limit--;

  known = practice_db_lookup (call->practice->db, "SELECT count(*) FROM iam_keys WHERE user = ?", "s", user->name);
  if (g_ascii_strtoull (known, NULL, 10) >= limit)
    {
      practice_call_answer_error (call, SOUP_STATUS_CONFLICT, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: %d",
                                  KEYS_PER_USER);

      return;
    }

  if (!practice_db_run (call->practice->db, &error,
                        "INSERT INTO iam_keys (access_key_id, user, secret, status, created) VALUES (?, ?, ?, 'Active', ?)",
                        "sssi", id, user->name, secret, now))
    {
      practice_call_answer_internal (call, error);

      return;
    }

  aws_xml_append_element (xml, "UserName", user->name);
  aws_xml_append_element (xml, "AccessKeyId", id);
  aws_xml_append_element (xml, "Status", "Active");
  aws_xml_append_element (xml, "SecretAccessKey", secret);
  iam_append_time (xml, "CreateDate", now);
  g_string_append (xml, "</AccessKey>");
  practice_call_answer_query (call, xml->str);
}

static void
append_key (GString    *xml,
            const char *user,
            const char *id,
            const char *status,
            gint64      created)
{
  g_string_append (xml, "<member>");
  aws_xml_append_element (xml, "UserName", user);
  aws_xml_append_element (xml, "AccessKeyId", id);
  aws_xml_append_element (xml, "Status", status);
  iam_append_time (xml, "CreateDate", created);
  g_string_append (xml, "</member>");
}

static void
list_access_keys (PracticeCall *call)
{
  g_autoptr(IamUser) user = iam_require_user (call);
  g_autoptr(GString) xml = g_string_new ("<AccessKeyMetadata>");
  g_autoptr(PracticeRows) rows = NULL;

  if (user == NULL)
    return;

  if (user->policies == NULL)
    append_key (xml, user->name, call->practice->access_key_id, "Active", user->created);

  rows = practice_db_query (call->practice->db,
                            "SELECT access_key_id, status, created FROM iam_keys WHERE user = ? ORDER BY created", "s", user->name);
  while (practice_rows_next (rows))
    append_key (xml, user->name, practice_rows_text (rows, 0), practice_rows_text (rows, 1), practice_rows_int (rows, 2));

  g_string_append (xml, "</AccessKeyMetadata>");
  aws_xml_append_element (xml, "IsTruncated", "false");
  practice_call_answer_query (call, xml->str);
}

static void
change_key (PracticeCall *call,
            const char   *sql,
            const char   *status)
{
  const char *id = practice_call_get_form (call, "AccessKeyId");
  g_autoptr(IamUser) user = NULL;
  g_autoptr(GError) error = NULL;
  gboolean done;

  if (!iam_check_member (call, "AccessKeyId", "accessKeyId", 128, "[\\w]+") || (user = iam_require_user (call)) == NULL)
    return;

  done = status != NULL ? practice_db_run (call->practice->db, &error, sql, "sss", status, id, user->name)
                        : practice_db_run (call->practice->db, &error, sql, "ss", id, user->name);
  if (done && practice_db_changes (call->practice->db) == 0)
    practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "NoSuchEntity", "The Access Key with id %s cannot be found.", id);
  else
    answer_done (call, done, error);
}

static void
update_access_key (PracticeCall *call)
{
  const char *status = practice_call_get_form (call, "Status");

  if (g_strcmp0 (status, "Active") != 0 && g_strcmp0 (status, "Inactive") != 0)
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                "1 validation error detected: Value '%s' at 'status' failed to satisfy constraint: Member must "
                                "satisfy enum value set: [Active, Inactive]", status != NULL ? status : "null");
  else
    change_key (call, "UPDATE iam_keys SET status = ? WHERE access_key_id = ? AND user = ?", status);
}

static void
delete_access_key (PracticeCall *call)
{
  change_key (call, "DELETE FROM iam_keys WHERE access_key_id = ? AND user = ?", NULL);
}

const IamOperation iam_user_operations[] = {
  { "CreateUser", create_user },
  { "GetUser", get_user },
  { "DeleteUser", delete_user },
  { "ListUsers", list_users },
  { "PutUserPolicy", put_user_policy },
  { "GetUserPolicy", get_user_policy },
  { "DeleteUserPolicy", delete_user_policy },
  { "ListUserPolicies", list_user_policies },
  { "CreateAccessKey", create_access_key },
  { "ListAccessKeys", list_access_keys },
  { "UpdateAccessKey", update_access_key },
  { "DeleteAccessKey", delete_access_key },
  { NULL }
};
