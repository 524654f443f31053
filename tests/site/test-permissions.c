/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "user-util.h"

#include "porch-permissions.h"

#include <string.h>

#include "test-util.h"

#define POLICY_LIMIT 6144

static const PorchRole roles[] = { PORCH_ROLE_OWNER, PORCH_ROLE_EDITOR };

static JsonObject *
load_policy (PorchRole   role,
             JsonNode  **node)
{
  g_autofree char *text = porch_permissions_dup_policy (role);
  g_autoptr(GError) error = NULL;

  *node = json_from_string (text, &error);
  g_assert_no_error (error);

  return json_node_get_object (*node);
}

static gboolean
state_is (GListModel           *list,
          const char           *id,
          PorchPermissionState  state)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(PorchPermission) permission = g_list_model_get_item (list, i);

      if (g_str_equal (porch_permission_get_id (permission), id))
        return porch_permission_get_state (permission) == state;
    }

  return FALSE;
}

static void
assert_all (GListModel           *list,
            PorchPermissionState  state)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(PorchPermission) permission = g_list_model_get_item (list, i);

      if (porch_permission_get_state (permission) != state)
        {
          g_autofree char *missing = g_strjoinv (" ", (GStrv) porch_permission_get_missing (permission));

          g_error ("%s is %d and lacks %s", porch_permission_get_id (permission), porch_permission_get_state (permission), missing);
        }
    }
}

/* "sites,publish" of all that are not allowed */
static char *
list_missing (GListModel *list)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(PorchPermission) permission = g_list_model_get_item (list, i);

      if (porch_permission_get_state (permission) != PORCH_PERMISSION_ALLOWED)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", porch_permission_get_id (permission));
    }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
test_lists (void)
{
  g_autoptr(GListModel) owner = porch_permissions_new_list (PORCH_ROLE_OWNER);
  g_autoptr(GListModel) editor = porch_permissions_new_list (PORCH_ROLE_EDITOR);
  PorchRole role;

  g_assert_cmpuint (g_list_model_get_n_items (owner), ==, 7);
  g_assert_cmpuint (g_list_model_get_n_items (editor), ==, 2);
  assert_all (owner, PORCH_PERMISSION_UNCHECKED);

  for (guint i = 0; i < g_list_model_get_n_items (owner); i++)
    {
      g_autoptr(PorchPermission) permission = g_list_model_get_item (owner, i);

      g_assert_nonnull (porch_permission_get_title (permission));
      g_assert_cmpstr (porch_permission_get_subtitle (permission), ==, "Not checked");
      g_assert_nonnull (porch_permission_get_missing (permission));
      g_assert_null (porch_permission_get_missing (permission)[0]);
      g_assert_cmpint (porch_permission_is_essential (permission), ==, i < 2);
    }

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_assert_true (porch_role_from_string (porch_role_to_string (roles[i]), &role));
      g_assert_cmpint (role, ==, roles[i]);
    }

  g_assert_false (porch_role_from_string ("reader", &role));
  g_assert_false (porch_role_from_string (NULL, &role));
}

static void
test_policies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autoptr(JsonNode) node = NULL;
      JsonObject *policy = load_policy (roles[i], &node);
      g_autofree char *compact = json_to_string (node, FALSE);
      JsonArray *statements = json_object_get_array_member (policy, "Statement");
      gsize size = 0;

      for (const char *c = compact; *c != '\0'; c++)
        size += !g_ascii_isspace (*c);

      g_assert_cmpuint (size, <=, POLICY_LIMIT);
      g_assert_cmpstr (json_object_get_string_member (policy, "Version"), ==, "2012-10-17");

      for (guint j = 0; j < json_array_get_length (statements); j++)
        {
          JsonObject *statement = json_array_get_object_element (statements, j);
          JsonNode *actions = json_object_get_member (statement, "Action");
          g_autofree char *text = json_to_string (actions, FALSE);

          g_assert_cmpstr (json_object_get_string_member (statement, "Effect"), ==, "Allow");
          g_assert_null (strchr (text, '*'));
        }
    }
}

static void
test_root (void)
{
  g_autoptr(GListModel) list = porch_permissions_new_list (PORCH_ROLE_OWNER);
  g_autoptr(AwsClient) client = aws_client_new (NULL, "eu-central-1");
  g_autoptr(GError) error = NULL;

  /* Nobody needs to be asked */
  aws_client_set_endpoint (client, NULL, "http://127.0.0.1:9");
  g_assert_cmpuint (dex_await_uint (porch_permissions_check (list, client, "arn:aws:iam::123456789012:root"), &error), ==, 0);
  g_assert_no_error (error);
  assert_all (list, PORCH_PERMISSION_ALLOWED);

  g_assert_false (dex_await (porch_permissions_check (list, client, "nonsense"), &error));
  g_assert_nonnull (error);
}

static guint
check_arn (Cloud      *cloud,
           GListModel *list,
           const char *arn)
{
  g_autoptr(AwsClient) client = user_new_client (cloud);
  g_autoptr(GError) error = NULL;
  guint n = dex_await_uint (porch_permissions_check (list, client, arn), &error);

  g_assert_no_error (error);

  return n;
}

/* Each policy allows what its role needs; the editor's nothing of the rest */
static void
test_own_policies (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *owner_policy = porch_permissions_dup_policy (PORCH_ROLE_OWNER);
  g_autofree char *editor_policy = porch_permissions_dup_policy (PORCH_ROLE_EDITOR);
  g_autofree char *owner = user_make (cloud, "olga", owner_policy);
  g_autofree char *editor = user_make (cloud, "edgar", editor_policy);
  g_autoptr(GListModel) list = porch_permissions_new_list (PORCH_ROLE_OWNER);
  g_autoptr(GListModel) edits = porch_permissions_new_list (PORCH_ROLE_EDITOR);
  g_autofree char *missing = NULL;

  g_assert_cmpuint (check_arn (cloud, list, owner), ==, 0);
  assert_all (list, PORCH_PERMISSION_ALLOWED);
  g_assert_cmpuint (check_arn (cloud, edits, owner), ==, 0);

  g_assert_cmpuint (check_arn (cloud, edits, editor), ==, 0);
  assert_all (edits, PORCH_PERMISSION_ALLOWED);
  g_assert_cmpuint (check_arn (cloud, list, editor), ==, 5);
  missing = list_missing (list);
  g_assert_cmpstr (missing, ==, "sites,form,messages,address,account");
}

static char *
without_action (const char *policy,
                const char *action)
{
  g_autofree char *pattern = g_strdup_printf ("\\s*\"%s\",?", action);
  g_autoptr(GRegex) regex = g_regex_new (pattern, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  g_autoptr(GRegex) comma = g_regex_new (",(\\s*\\])", G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  g_autofree char *text = g_regex_replace_literal (regex, policy, -1, 0, "", G_REGEX_MATCH_DEFAULT, NULL);

  return g_regex_replace (comma, text, -1, 0, "\\1", G_REGEX_MATCH_DEFAULT, NULL);
}

static void
test_missing (void)
{
  static const struct
  {
    const char *action;
    const char *features;
  } cases[] = {
    { "cloudformation:CreateChangeSet", "sites" },
    { "s3:PutObject", "sites,publish" },
    { "cloudfront-keyvaluestore:PutKey", "publish" },
    { "cloudfront:CreateInvalidation", "refresh" },
    { "lambda:CreateFunction", "form" },
    { "dynamodb:Query", "messages" },
    { "freetier:GetAccountPlanState", "account" },
  };
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *policy = porch_permissions_dup_policy (PORCH_ROLE_OWNER);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("user-%u", i);
      g_autofree char *less = without_action (policy, cases[i].action);
      g_autofree char *arn = user_make (cloud, name, less);
      g_autoptr(GListModel) list = porch_permissions_new_list (PORCH_ROLE_OWNER);
      g_autofree char *missing = NULL;

      check_arn (cloud, list, arn);
      missing = list_missing (list);
      g_assert_cmpstr (missing, ==, cases[i].features);

      for (guint j = 0; j < g_list_model_get_n_items (list); j++)
        {
          g_autoptr(PorchPermission) permission = g_list_model_get_item (list, j);
          const char * const *actions = porch_permission_get_missing (permission);

          if (porch_permission_get_state (permission) == PORCH_PERMISSION_ALLOWED)
            {
              g_assert_null (actions[0]);
              continue;
            }

          g_assert_cmpint (porch_permission_get_state (permission), ==, PORCH_PERMISSION_MISSING);
          g_assert_cmpstr (actions[0], ==, cases[i].action);
          g_assert_null (actions[1]);
          g_assert_nonnull (strstr (porch_permission_get_subtitle (permission), "can’t"));
        }
    }
}

/* Whoever may not ask is told nothing, and nothing stops */
static void
test_not_allowed_to_ask (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *policy = porch_permissions_dup_policy (PORCH_ROLE_EDITOR);
  g_autofree char *arn = user_make (cloud, "edgar", policy);
  g_autoptr(GListModel) list = porch_permissions_new_list (PORCH_ROLE_EDITOR);
  g_autoptr(AwsClient) client = NULL;
  g_autoptr(GError) error = NULL;

  user_become (cloud, "edgar");
  client = porch_account_dup_client (porch_engine_get_default_account (cloud->engine));
  g_assert_false (dex_await (porch_permissions_check (list, client, arn), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
  assert_all (list, PORCH_PERMISSION_UNCHECKED);
}

static void
test_organization (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *policy = porch_permissions_dup_policy (PORCH_ROLE_OWNER);
  g_autofree char *arn = user_make (cloud, "olga", policy);
  g_autoptr(GListModel) list = porch_permissions_new_list (PORCH_ROLE_OWNER);
  g_autoptr(AwsClient) client = user_new_client (cloud);
  g_autoptr(GError) error = NULL;

  /* The client is in another region */
  user_play_account (cloud, "{\"homeRegion\": \"eu-north-1\"}");
  g_assert_cmpuint (dex_await_uint (porch_permissions_check (list, client, arn), &error), >, 0);
  g_assert_no_error (error);
  g_assert_true (state_is (list, "sites", PORCH_PERMISSION_BLOCKED));
  g_assert_true (state_is (list, "messages", PORCH_PERMISSION_BLOCKED));
  g_assert_true (state_is (list, "refresh", PORCH_PERMISSION_ALLOWED));
}

/* What STS tells of an assumed role is nothing that policies belong to */
static void
test_assumed_role (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  const char *role = porch_site_get_publisher_role (site);
  g_auto(GStrv) parts = g_strsplit (role, ":", 6);
  g_autofree char *arn = g_strdup_printf ("arn:aws:sts::%s:assumed-%s/session", parts[4], parts[5]);
  g_autoptr(GListModel) list = porch_permissions_new_list (PORCH_ROLE_EDITOR);
  g_autoptr(PorchPermission) publish = NULL;

  g_assert_cmpuint (check_arn (cloud, list, arn), ==, 2);
  publish = g_list_model_get_item (list, 0);
  g_assert_cmpstr (porch_permission_get_id (publish), ==, "publish");
  g_assert_true (g_strv_contains (porch_permission_get_missing (publish), "s3:PutObject"));
}

static void
test_dropped (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *policy = porch_permissions_dup_policy (PORCH_ROLE_OWNER);
  g_autofree char *arn = user_make (cloud, "olga", policy);
  g_autoptr(GListModel) list = porch_permissions_new_list (PORCH_ROLE_OWNER);
  g_autoptr(AwsClient) client = user_new_client (cloud);
  DexFuture *future = porch_permissions_check (list, client, arn);

  dex_clear (&future);

  /* Another one finds everything as it was */
  g_assert_cmpuint (check_arn (cloud, list, arn), ==, 0);
  assert_all (list, PORCH_PERMISSION_ALLOWED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/site/permissions/lists", test_lists);
  g_test_add_func ("/site/permissions/policies", test_policies);
  test_add_fiber ("/site/permissions/root", test_root);
  test_add_fiber ("/site/permissions/own-policies", test_own_policies);
  test_add_fiber ("/site/permissions/missing", test_missing);
  test_add_fiber ("/site/permissions/not-allowed-to-ask", test_not_allowed_to_ask);
  test_add_fiber ("/site/permissions/organization", test_organization);
  test_add_fiber ("/site/permissions/assumed-role", test_assumed_role);
  test_add_fiber ("/site/permissions/dropped", test_dropped);

  return g_test_run ();
}
