/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-iam.h"

#include "porch-practice-iam-private.h"
#include "porch-practice-sts.h"

#include <string.h>

/* Users with limits, so that it can be tried what a too small policy does. The account's own user has none. */

#define IAM_VERSION "2010-05-08"

void
iam_user_free (IamUser *user)
{
  g_free (user->name);
  g_free (user->id);
  g_free (user->arn);
  g_free (user->path);
  g_free (user->policies);
  g_free (user->managed);
  g_free (user);
}

static IamUser *
owner_new (Practice *practice)
{
  g_autofree char *id = practice_db_get_setting (practice->db, "user-id");
  g_autofree char *created = practice_db_get_setting (practice->db, "user-created");
  IamUser *user = g_new0 (IamUser, 1);

  user->name = g_strdup (IAM_OWNER);
  user->id = g_steal_pointer (&id);
  user->arn = g_strdup (practice->user_arn);
  user->path = g_strdup ("/");
  user->created = created != NULL ? g_ascii_strtoll (created, NULL, 10) : 0;

  return user;
}

IamUser *
iam_user_lookup (PracticeCall *call,
                 const char   *name)
{
  g_autoptr(PracticeRows) rows = NULL;
  IamUser *user;

  if (g_ascii_strcasecmp (name, IAM_OWNER) == 0)
    return owner_new (call->practice);

  rows = practice_db_query (call->practice->db,
                            "SELECT name, user_id, arn, path, created, policies, managed FROM iam_users WHERE name = ?",
                            "s", name);
  if (!practice_rows_next (rows))
    return NULL;

  user = g_new0 (IamUser, 1);
  user->name = practice_rows_dup_text (rows, 0);
  user->id = practice_rows_dup_text (rows, 1);
  user->arn = practice_rows_dup_text (rows, 2);
  user->path = practice_rows_dup_text (rows, 3);
  user->created = practice_rows_int (rows, 4);
  user->policies = practice_rows_dup_text (rows, 5);
  user->managed = practice_rows_dup_text (rows, 6);

  return user;
}

void
iam_answer_missing (PracticeCall *call,
                    const char   *kind,
                    const char   *name)
{
  practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "NoSuchEntity", "The %s with name %s cannot be found.", kind, name);
}

IamUser *
iam_require_user (PracticeCall *call)
{
  const char *name = practice_call_get_form (call, "UserName");
  const char *slash = strrchr (call->principal->arn, '/');
  IamUser *user;

  if (name == NULL && call->principal->role_arn != NULL)
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                  "Must specify userName when calling with non-User credentials");

      return NULL;
    }

  if (name == NULL)
    name = slash + 1;
  if ((user = iam_user_lookup (call, name)) == NULL)
    iam_answer_missing (call, "user", name);

  return user;
}

gboolean
iam_check_member (PracticeCall *call,
                  const char   *form_name,
                  const char   *member,
                  guint         longest,
                  const char   *pattern)
{
  const char *value = practice_call_get_form (call, form_name);
  g_autofree char *whole = g_strdup_printf ("^%s$", pattern);

  if (value == NULL)
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                "1 validation error detected: Value null at '%s' failed to satisfy constraint: "
                                "Member must not be null", member);
  else if (g_utf8_strlen (value, -1) > longest)
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                "1 validation error detected: Value at '%s' failed to satisfy constraint: "
                                "Member must have length less than or equal to %u", member, longest);
  else if (*value == '\0')
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                "1 validation error detected: Value at '%s' failed to satisfy constraint: "
                                "Member must have length greater than or equal to 1", member);
  else if (!g_regex_match_simple (whole, value, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT))
    practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                "The specified value for %s is invalid. It must contain only alphanumeric characters and/or "
                                "the following: +=,.@_-", member);
  else
    return TRUE;

  return FALSE;
}

void
iam_append_time (GString    *xml,
                 const char *name,
                 gint64      time)
{
  g_autofree char *text = practice_format_time (time);

  /* whole seconds, as IAM gives them */
  strcpy (strchr (text, '.'), "Z");
  aws_xml_append_element (xml, name, text);
}

GStrv
iam_dup_list (PracticeCall *call,
              const char   *name)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 1;; i++)
    {
      g_autofree char *member = g_strdup_printf ("%s.member.%u", name, i);
      const char *value = practice_call_get_form (call, member);

      if (value == NULL)
        return g_strv_builder_end (builder);

      g_strv_builder_add (builder, value);
    }
}

gboolean
iam_get_page (PracticeCall *call,
              guint         n_items,
              guint        *from,
              guint        *to)
{
  const char *marker = practice_call_get_form (call, "Marker");
  const char *limit = practice_call_get_form (call, "MaxItems");
  guint64 start = 0;
  guint64 length = 100;

  if (marker != NULL && !g_ascii_string_to_unsigned (marker, 10, 0, n_items, &start, NULL))
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError", "Invalid Marker.");

      return FALSE;
    }
  if (limit != NULL && !g_ascii_string_to_unsigned (limit, 10, 1, 1000, &length, NULL))
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "ValidationError",
                                  "1 validation error detected: Value '%s' at 'maxItems' failed to satisfy constraint: "
                                  "Member must have value between 1 and 1000", limit);

      return FALSE;
    }

  *from = start;
  *to = MIN (start + length, n_items);

  return TRUE;
}

void
iam_append_page (GString *xml,
                 guint    n_items,
                 guint    to)
{
  g_autofree char *marker = g_strdup_printf ("%u", to);

  aws_xml_append_element (xml, "IsTruncated", to < n_items ? "true" : "false");
  if (to < n_items)
    aws_xml_append_element (xml, "Marker", marker);
}

PracticeKey *
practice_iam_lookup_key (Practice   *practice,
                         const char *access_key_id)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db,
                                                    "SELECT k.secret, u.arn, u.user_id, k.user FROM iam_keys k "
                                                    "LEFT JOIN iam_users u ON u.name = k.user "
                                                    "WHERE k.access_key_id = ? AND k.status = 'Active'", "s", access_key_id);
  PracticeKey *key;

  if (!practice_rows_next (rows))
    return NULL;

  key = g_new0 (PracticeKey, 1);
  key->secret = practice_rows_dup_text (rows, 0);

  if (g_strcmp0 (practice_rows_text (rows, 3), IAM_OWNER) == 0)
    {
      key->arn = g_strdup (practice->user_arn);
      key->user_id = practice_db_get_setting (practice->db, "user-id");
    }
  else
    {
      key->arn = practice_rows_dup_text (rows, 1);
      key->user_id = practice_rows_dup_text (rows, 2);
      key->user_arn = g_strdup (key->arn);
    }

  return key;
}

/* ---- the service ---- */

static const IamOperation *
find_operation (const char *name)
{
  const IamOperation * const tables[] = { iam_user_operations, iam_policy_operations, iam_account_operations };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (guint j = 0; tables[i][j].name != NULL; j++)
      if (g_str_equal (tables[i][j].name, name))
        return &tables[i][j];

  return NULL;
}

static char *
build_resource (PracticeCall *call)
{
  const char *principal = practice_call_get_form (call, "PolicySourceArn");
  const char *user = practice_call_get_form (call, "UserName");
  const char *role = practice_call_get_form (call, "RoleName");
  const char *policy = practice_call_get_form (call, "PolicyArn");

  if (principal != NULL)
    return g_strdup (principal);
  if (user != NULL)
    return g_strdup_printf ("arn:aws:iam::%s:user/%s", call->practice->account, user);
  if (role != NULL)
    return g_strdup_printf ("arn:aws:iam::%s:role/%s", call->practice->account, role);

  return g_strdup (policy != NULL ? policy : "*");
}

static void
handle_iam (PracticeCall *call)
{
  const IamOperation *operation = find_operation (call->operation);
  g_autofree char *action = g_strconcat ("iam:", call->operation, NULL);
  g_autofree char *resource = build_resource (call);

  if (operation == NULL || g_strcmp0 (practice_call_get_form (call, "Version"), IAM_VERSION) != 0)
    practice_call_answer_unknown_operation (call);
  else if (practice_call_authorize (call, action, resource))
    operation->handle (call);
}

static const PracticeService iam_service = {
  .name = "iam",
  .protocol = PRACTICE_PROTOCOL_QUERY,
  .xmlns = "https://iam.amazonaws.com/doc/2010-05-08/",
  .handle = handle_iam,
};

gboolean
practice_iam_init (Practice  *practice,
                   GError   **error)
{
  g_autofree char *created = NULL;
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, practice_now ());

  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS iam_users (name TEXT PRIMARY KEY COLLATE NOCASE, user_id TEXT NOT NULL,"
                           "  arn TEXT NOT NULL UNIQUE, path TEXT NOT NULL, created INTEGER NOT NULL, policies TEXT NOT NULL,"
                           "  managed TEXT NOT NULL) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS iam_keys (access_key_id TEXT PRIMARY KEY, user TEXT NOT NULL COLLATE NOCASE,"
                           "  secret TEXT NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS iam_policies (arn TEXT PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE,"
                           "  policy_id TEXT NOT NULL, path TEXT NOT NULL, document TEXT NOT NULL, created INTEGER NOT NULL)"
                           "  WITHOUT ROWID;",
                           error))
    return FALSE;

  if ((created = practice_db_get_setting (practice->db, "user-created")) == NULL &&
      !practice_db_set_setting (practice->db, "user-created", now, error))
    return FALSE;

  practice_register_service (practice, &iam_service);

  return TRUE;
}
