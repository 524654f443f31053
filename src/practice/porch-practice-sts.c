/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-sts.h"

#include "aws-json.h"
#include "porch-practice-iam.h"
#include "porch-practice-policy.h"
#include "porch-practice-rights.h"
#include "porch-practice-server.h"

#define STS_VERSION "2011-06-15"
#define SECRET_ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
#define SHORTEST_SESSION 900
#define LONGEST_SESSION  43200
#define CHAINED_SESSION  3600
#define TOKEN_LENGTH     320

/* What the tokens begin with, which tells their version */
#define TOKEN_VERSION_1 "FwoGZXIvYXdz"
#define TOKEN_VERSION_2 "IQoJb3JpZ2lu"

static JsonNode *
load_json (const char *text)
{
  return text != NULL ? json_from_string (text, NULL) : NULL;
}

/* Keys */

PracticeKey *
practice_key_lookup (Practice   *practice,
                     const char *access_key_id)
{
  PracticeKey *key;
  g_autoptr(PracticeRows) rows = NULL;

  if (g_str_equal (access_key_id, practice->access_key_id))
    {
      g_autofree char *id = practice_db_get_setting (practice->db, "user-id");

      key = g_new0 (PracticeKey, 1);
      key->secret = g_strdup (practice->secret_access_key);
      key->arn = g_strdup (practice->user_arn);
      key->user_id = g_steal_pointer (&id);

      return key;
    }

  rows = practice_db_query (practice->db,
                            "SELECT secret, token, expires, arn, user_id, role_arn FROM sessions WHERE access_key_id = ?",
                            "s", access_key_id);
  if (!practice_rows_next (rows))
    return practice_iam_lookup_key (practice, access_key_id);

  key = g_new0 (PracticeKey, 1);
  key->secret = practice_rows_dup_text (rows, 0);
  key->token = practice_rows_dup_text (rows, 1);
  key->expires = practice_rows_int (rows, 2);
  key->arn = practice_rows_dup_text (rows, 3);
  key->user_id = practice_rows_dup_text (rows, 4);
  key->role_arn = practice_rows_dup_text (rows, 5);
  /* a session of a user has the limits of the user */
  if (key->role_arn == NULL && !g_str_equal (key->arn, practice->user_arn))
    key->user_arn = g_strdup (key->arn);

  return key;
}

void
practice_key_free (PracticeKey *key)
{
  g_free (key->secret);
  g_free (key->token);
  g_free (key->arn);
  g_free (key->user_id);
  g_free (key->role_arn);
  g_free (key->user_arn);
  g_free (key);
}

/* Roles */

gboolean
practice_role_put (Practice    *practice,
                   const char  *name,
                   JsonNode    *trust,
                   JsonArray   *policies,
                   JsonArray   *managed,
                   guint        max_session_seconds,
                   char       **arn,
                   char       **role_id,
                   GError     **error)
{
  g_autofree char *id = practice_db_lookup (practice->db, "SELECT role_id FROM roles WHERE name = ?", "s", name);
  g_autofree char *trust_text = json_to_string (trust, FALSE);
  g_autoptr(JsonNode) policies_node = json_node_new (JSON_NODE_ARRAY);
  g_autoptr(JsonNode) managed_node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *policies_text = NULL;
  g_autofree char *managed_text = NULL;

  json_node_take_array (policies_node, policies != NULL ? json_array_ref (policies) : json_array_new ());
  json_node_take_array (managed_node, managed != NULL ? json_array_ref (managed) : json_array_new ());
  policies_text = json_to_string (policies_node, FALSE);
  managed_text = json_to_string (managed_node, FALSE);

  if (id == NULL)
    {
      g_autofree char *random = practice_random_id (17, NULL);

      id = g_strconcat ("AROA", random, NULL);
    }

  if (!practice_db_run (practice->db, error,
                        "INSERT INTO roles (name, role_id, trust, policies, managed, max_session) VALUES (?, ?, ?, ?, ?, ?) "
                        "ON CONFLICT (name) DO UPDATE SET trust = excluded.trust, policies = excluded.policies, "
                        "managed = excluded.managed, max_session = excluded.max_session",
                        "sssssi", name, id, trust_text, policies_text, managed_text,
                        (gint64) (max_session_seconds != 0 ? max_session_seconds : CHAINED_SESSION)))
    return FALSE;

  if (arn != NULL)
    *arn = g_strdup_printf ("arn:aws:iam::%s:role/%s", practice->account, name);
  if (role_id != NULL)
    *role_id = g_steal_pointer (&id);

  return TRUE;
}

gboolean
practice_role_exists (Practice   *practice,
                      const char *name)
{
  g_autofree char *found = practice_db_lookup (practice->db, "SELECT name FROM roles WHERE name = ?", "s", name);

  return found != NULL;
}

gboolean
practice_role_delete (Practice    *practice,
                      const char  *name,
                      GError     **error)
{
  g_autofree char *arn = g_strdup_printf ("arn:aws:iam::%s:role/%s", practice->account, name);

  return practice_db_run (practice->db, error, "DELETE FROM roles WHERE name = ?", "s", name) &&
         practice_db_run (practice->db, error, "DELETE FROM sessions WHERE role_arn = ?", "s", arn);
}

/* Of this account, with or without a path */
static const char *
role_name_of_arn (Practice   *practice,
                  const char *arn)
{
  g_autofree char *prefix = g_strdup_printf ("arn:aws:iam::%s:role/", practice->account);

  return g_str_has_prefix (arn, prefix) ? strrchr (arn, '/') + 1 : NULL;
}

gboolean
practice_role_allows (Practice   *practice,
                      const char *role_arn,
                      const char *action,
                      const char *resource)
{
  return role_name_of_arn (practice, role_arn) != NULL &&
         practice_subject_decide (practice, role_arn, action, resource, NULL) == PRACTICE_DECISION_ALLOW;
}

static gboolean
role_trusts (Practice   *practice,
             const char *name,
             const char *principal_type,
             const char *principal)
{
  PracticeAccess access = {
    .principal_type = principal_type,
    .principal = principal,
    .account = practice->account,
    .action = "sts:AssumeRole",
  };
  g_autofree char *text = practice_db_lookup (practice->db, "SELECT trust FROM roles WHERE name = ?", "s", name);
  g_autoptr(JsonNode) trust = load_json (text);

  return practice_policy_evaluate (trust, PRACTICE_POLICY_TRUST, &access) == PRACTICE_DECISION_ALLOW;
}

gboolean
practice_role_trusts_service (Practice   *practice,
                              const char *role_arn,
                              const char *service)
{
  const char *name = role_name_of_arn (practice, role_arn);

  return name != NULL && role_trusts (practice, name, "Service", service);
}

/* The service */

void
practice_session_free (PracticeSession *session)
{
  g_free (session->access_key_id);
  g_free (session->secret);
  g_free (session->token);
  g_free (session);
}

static char *
make_token (const char *version)
{
  g_autofree char *random = practice_random_id (TOKEN_LENGTH, SECRET_ALPHABET);

  return g_strconcat (version, random, NULL);
}

/* Whether the caller's session token is one that SigV4A goes with. */
gboolean
practice_call_has_new_token (PracticeCall *call)
{
  const char *token = practice_call_get_header (call, "X-Amz-Security-Token");

  return token == NULL || !g_str_has_prefix (token, TOKEN_VERSION_1);
}

/* The fault: the session gets a token of version 1, unless the account has said that it wants none. */
void
practice_call_age_session (PracticeCall    *call,
                           PracticeSession *session)
{
  g_autofree char *preference = practice_db_get_setting (call->practice->db, "global-endpoint-token-version");

  if (!call->old_token || g_strcmp0 (preference, "v2Token") == 0)
    return;

  g_free (session->token);
  session->token = make_token (TOKEN_VERSION_1);
  practice_db_run (call->practice->db, NULL, "UPDATE sessions SET token = ? WHERE access_key_id = ?", "ss",
                   session->token, session->access_key_id);
}

PracticeSession *
practice_session_new (Practice    *practice,
                      gint64       now,
                      gint64       seconds,
                      const char  *arn,
                      const char  *user_id,
                      const char  *role_arn,
                      GError     **error)
{
  g_autoptr(PracticeSession) session = g_new0 (PracticeSession, 1);
  g_autofree char *id = practice_random_id (16, NULL);

  session->access_key_id = g_strconcat ("ASIA", id, NULL);
  session->secret = practice_random_id (40, SECRET_ALPHABET);
  session->token = make_token (TOKEN_VERSION_2);
  session->expires = now + seconds * G_USEC_PER_SEC;

  if (!practice_db_run (practice->db, error, "DELETE FROM sessions WHERE expires < ?",
                        "i", practice_now () - G_USEC_PER_SEC * G_GINT64_CONSTANT (86400)) ||
      !practice_db_run (practice->db, error,
                        "INSERT INTO sessions (access_key_id, secret, token, expires, arn, user_id, role_arn) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?)",
                        "sssisss", session->access_key_id, session->secret, session->token, session->expires,
                        arn, user_id, role_arn))
    return NULL;

  return g_steal_pointer (&session);
}

static void
append_session (GString         *xml,
                PracticeSession *session)
{
  g_autofree char *expires = practice_format_time (session->expires);

  /* whole seconds, as STS gives them */
  g_string_append (xml, "<Credentials>");
  aws_xml_append_element (xml, "AccessKeyId", session->access_key_id);
  aws_xml_append_element (xml, "SecretAccessKey", session->secret);
  aws_xml_append_element (xml, "SessionToken", session->token);
  strcpy (strchr (expires, '.'), "Z");
  aws_xml_append_element (xml, "Expiration", expires);
  g_string_append (xml, "</Credentials>");
}

static void
get_caller_identity (PracticeCall *call)
{
  g_autoptr(GString) xml = g_string_new (NULL);

  aws_xml_append_element (xml, "Arn", call->principal->arn);
  aws_xml_append_element (xml, "UserId", call->principal->user_id);
  aws_xml_append_element (xml, "Account", call->practice->account);

  practice_call_answer_query (call, xml->str);
}

static gboolean
get_duration (PracticeCall *call,
              gint64        fallback,
              gint64        longest,
              gint64       *seconds)
{
  const char *text = practice_call_get_form (call, "DurationSeconds");

  *seconds = fallback;
  if (text == NULL || g_ascii_string_to_signed (text, 10, SHORTEST_SESSION, longest, seconds, NULL))
    return TRUE;

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                              "1 validation error detected: Value '%s' at 'durationSeconds' failed to satisfy constraint: "
                              "Member must have value between %d and %" G_GINT64_FORMAT, text, SHORTEST_SESSION, longest);

  return FALSE;
}

static gboolean
check_member (PracticeCall *call,
              const char   *form_name,
              const char   *member,
              const char   *pattern)
{
  const char *value = practice_call_get_form (call, form_name);

  if (value == NULL)
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                "1 validation error detected: Value null at '%s' failed to satisfy constraint: "
                                "Member must not be null", member);
  else if (!g_regex_match_simple (pattern, value, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: "
                                "Member must satisfy regular expression pattern: %s", value, member, pattern);
  else
    return TRUE;

  return FALSE;
}

static void
assume_role (PracticeCall *call)
{
  Practice *practice = call->practice;
  const char *role_arn = practice_call_get_form (call, "RoleArn");
  const char *session_name = practice_call_get_form (call, "RoleSessionName");
  gboolean chained = call->principal->role_arn != NULL;
  const char *subject = practice_principal_get_subject (call->principal);
  const char *name;
  gint64 seconds;
  gint64 longest = 0;
  g_autofree char *role_id = NULL;
  g_autofree char *longest_text = NULL;
  g_autofree char *arn = NULL;
  g_autofree char *user_id = NULL;
  g_autoptr(PracticeSession) session = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);

  if (!check_member (call, "RoleArn", "roleArn", "^arn:aws:iam::[0-9]{12}:role/[\\w+=,.@/-]+$") ||
      !check_member (call, "RoleSessionName", "roleSessionName", "^[\\w+=,.@-]{2,64}$") ||
      !get_duration (call, CHAINED_SESSION, LONGEST_SESSION, &seconds))
    return;

  name = role_name_of_arn (practice, role_arn);
  if (name == NULL || !role_trusts (practice, name, "AWS", chained ? call->principal->role_arn : call->principal->arn) ||
      practice_subject_decide (practice, subject, "sts:AssumeRole", role_arn, NULL) != PRACTICE_DECISION_ALLOW)
    {
      practice_call_answer_error (call, SOUP_STATUS_FORBIDDEN, "AccessDenied",
                                  "User: %s is not authorized to perform: sts:AssumeRole on resource: %s",
                                  call->principal->arn, role_arn);

      return;
    }

  longest_text = practice_db_lookup (practice->db, "SELECT max_session FROM roles WHERE name = ?", "s", name);
  longest = g_ascii_strtoll (longest_text, NULL, 10);
  if (seconds > (chained ? CHAINED_SESSION : longest))
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                  chained ? "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
                                          : "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");

      return;
    }

  role_id = practice_db_lookup (practice->db, "SELECT role_id FROM roles WHERE name = ?", "s", name);
  arn = g_strdup_printf ("arn:aws:sts::%s:assumed-role/%s/%s", practice->account, name, session_name);
  user_id = g_strconcat (role_id, ":", session_name, NULL);
  if (!(session = practice_session_new (call->practice, practice_call_now (call), seconds, arn, user_id, role_arn, &error)))
    {
      practice_call_answer_internal (call, error);

      return;
    }

  g_string_append (xml, "<AssumedRoleUser>");
  aws_xml_append_element (xml, "AssumedRoleId", user_id);
  aws_xml_append_element (xml, "Arn", arn);
  g_string_append (xml, "</AssumedRoleUser>");
  practice_call_age_session (call, session);
  append_session (xml, session);
  practice_call_answer_query (call, xml->str);
}

static void
get_session_token (PracticeCall *call)
{
  g_autoptr(PracticeSession) session = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);
  gint64 seconds;

  if (call->principal->role_arn != NULL)
    {
      practice_call_answer_error (call, SOUP_STATUS_FORBIDDEN, "AccessDenied",
                                  "Cannot call GetSessionToken with session credentials");

      return;
    }

  if (!get_duration (call, LONGEST_SESSION, 129600, &seconds))
    return;

  if ((session = practice_session_new (call->practice, practice_call_now (call), seconds, call->principal->arn, call->principal->user_id, NULL, &error)))
    {
      practice_call_age_session (call, session);
      append_session (xml, session);
      practice_call_answer_query (call, xml->str);
    }
  else
    {
      practice_call_answer_internal (call, error);
    }
}

static void
handle_sts (PracticeCall *call)
{
  static const struct
  {
    const char       *name;
    PracticeHandler   handle;
  } operations[] = {
    { "GetCallerIdentity", get_caller_identity },
    { "AssumeRole", assume_role },
    { "GetSessionToken", get_session_token },
  };

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (operations[i].name, call->operation) &&
        g_strcmp0 (practice_call_get_form (call, "Version"), STS_VERSION) == 0)
      {
        operations[i].handle (call);

        return;
      }

  practice_call_answer_unknown_operation (call);
}

static const PracticeService sts_service = {
  .name = "sts",
  .protocol = PRACTICE_PROTOCOL_QUERY,
  .xmlns = "https://sts.amazonaws.com/doc/2011-06-15/",
  .handle = handle_sts,
};

/* A value that is made once and then kept; @value is set to it */
static gboolean
keep_setting (Practice    *practice,
              const char  *name,
              char        *fresh,
              char       **value,
              GError     **error)
{
  g_autofree char *owned = fresh;

  *value = practice_db_get_setting (practice->db, name);
  if (*value != NULL)
    return TRUE;

  *value = g_steal_pointer (&owned);

  return practice_db_set_setting (practice->db, name, *value, error);
}

gboolean
practice_sts_init (Practice  *practice,
                   GError   **error)
{
  g_autofree char *first = practice_random_id (1, "123456789");
  g_autofree char *rest = practice_random_id (11, "0123456789");
  g_autofree char *key_id = practice_random_id (16, NULL);
  g_autofree char *id = practice_random_id (17, NULL);
  g_autofree char *user_id = NULL;

  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS roles ("
                           "  name TEXT PRIMARY KEY, role_id TEXT NOT NULL, trust TEXT NOT NULL, policies TEXT NOT NULL,"
                           "  managed TEXT NOT NULL, max_session INTEGER NOT NULL) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS sessions ("
                           "  access_key_id TEXT PRIMARY KEY, secret TEXT NOT NULL, token TEXT NOT NULL, expires INTEGER NOT NULL,"
                           "  arn TEXT NOT NULL, user_id TEXT NOT NULL, role_arn TEXT) WITHOUT ROWID;",
                           error) ||
      !keep_setting (practice, "account", g_strconcat (first, rest, NULL), &practice->account, error) ||
      !keep_setting (practice, "access-key-id", g_strconcat ("AKIA", key_id, NULL), &practice->access_key_id, error) ||
      !keep_setting (practice, "secret-access-key", practice_random_id (40, SECRET_ALPHABET),
                     &practice->secret_access_key, error) ||
      !keep_setting (practice, "user-id", g_strconcat ("AIDA", id, NULL), &user_id, error))
    return FALSE;

  practice->user_arn = g_strdup_printf ("arn:aws:iam::%s:user/practice", practice->account);
  practice_register_service (practice, &sts_service);

  return TRUE;
}
