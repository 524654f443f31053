/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cloud-util.h"
#include "porch-error.h"
#include "porch-keyring.h"
#include "porch-session.h"

#include <glib/gstdio.h>
#include <string.h>

#include "test-util.h"

/* The keyring of these tests is a file: libsecret's own back end for sandboxes */
static char *folder;
static char *program;

static void
test_store (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *missing = NULL;
  g_autofree char *found = NULL;
  g_autofree char *gone = NULL;

  missing = dex_await_string (porch_keyring_lookup ("nobody"), &error);
  g_assert_no_error (error);
  g_assert_null (missing);

  dex_await (porch_keyring_store ("somebody", "Keys of somebody", "sesame ä"), &error);
  g_assert_no_error (error);
  found = dex_await_string (porch_keyring_lookup ("somebody"), &error);
  g_assert_cmpstr (found, ==, "sesame ä");

  dex_await (porch_keyring_clear ("somebody"), &error);
  g_assert_no_error (error);
  gone = dex_await_string (porch_keyring_lookup ("somebody"), &error);
  g_assert_null (gone);
  dex_await (porch_keyring_clear ("somebody"), &error);
  g_assert_no_error (error);
}

static gboolean
contains (const char *path,
          const char *text)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_autofree char *contents = NULL;
      gsize length;

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        {
          if (contains (child, text))
            return TRUE;
        }
      else if (g_file_get_contents (child, &contents, &length, NULL) && memmem (contents, length, text, strlen (text)) != NULL)
        {
          return TRUE;
        }
    }

  return FALSE;
}

static void
use_endpoint (Cloud *cloud)
{
  g_setenv ("AWS_ENDPOINT_URL", porch_practice_get_endpoint (cloud->practice), TRUE);
}

static void
test_account (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  const char *key_id = porch_practice_get_access_key_id (cloud->practice);
  const char *secret = porch_practice_get_secret_access_key (cloud->practice);
  g_autofree char *data = g_build_filename (cloud->path, "data", NULL);
  g_autofree char *id = NULL;
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(PorchAccount) again = NULL;
  g_autoptr(GError) error = NULL;
  PorchAccount *restored;

  use_endpoint (cloud);
  account = dex_await_object (porch_engine_add_account_keys (cloud->engine, key_id, secret, NULL, "eu-west-1", "Mine"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_account_get_state (account), ==, PORCH_ACCOUNT_READY);
  g_assert_false (porch_account_is_session_only (account));
  g_assert_nonnull (porch_account_get_number (account));
  id = g_strdup (porch_account_get_id (account));

  /* The same account again is the same account */
  again = dex_await_object (porch_engine_add_account_keys (cloud->engine, key_id, secret, NULL, "eu-west-1", NULL), &error);
  g_assert_no_error (error);
  g_assert_true (again == account);
  g_assert_cmpstr (porch_account_get_name (account), ==, "Mine");

  /* After a restart the keyring has the keys, and nothing else has */
  g_clear_object (&again);
  g_clear_object (&account);
  cloud_restart (cloud);
  g_assert_false (contains (data, secret));
  restored = porch_engine_find_account (cloud->engine, "Mine");
  g_assert_cmpstr (porch_account_get_id (restored), ==, id);
  dex_await (porch_account_check (restored), &error);
  g_assert_no_error (error);

  dex_await (porch_engine_remove_account (cloud->engine, restored), &error);
  g_assert_no_error (error);
  g_assert_null (dex_await_string (porch_keyring_lookup (id), NULL));
  g_unsetenv ("AWS_ENDPOINT_URL");
}

static void
test_wrong_secret (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(PorchProblem) problem = NULL;
  g_autoptr(GError) error = NULL;

  use_endpoint (cloud);
  account = dex_await_object (porch_engine_add_account_keys (cloud->engine, porch_practice_get_access_key_id (cloud->practice),
                                                             "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL,
                                                             "eu-west-1", NULL), &error);
  g_assert_null (account);
  g_assert_error (error, AWS_ERROR, AWS_ERROR_SIGNATURE);
  problem = porch_problem_from_error (error);
  g_assert_true (porch_problem_needs_sign_in (problem));
  g_assert_null (strstr (porch_problem_get_details (problem), "wJalr"));
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_accounts (cloud->engine)), ==, 1);
  g_unsetenv ("AWS_ENDPOINT_URL");
}

/* libsecret opens its keyring once for a process, so that this one has a process of its own */
static void
test_none (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, program, "--none", NULL);

  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

/* The file of the keyring can't be read: as good as none */
static void
test_session_only (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  PorchAccount *restored;

  use_endpoint (cloud);
  account = dex_await_object (porch_engine_add_account_keys (cloud->engine,
                                                             porch_practice_get_access_key_id (cloud->practice),
                                                             porch_practice_get_secret_access_key (cloud->practice),
                                                             NULL, "eu-west-1", "Guest"), &error);
  g_assert_no_error (error);
  g_assert_true (porch_account_is_session_only (account));
  dex_await (porch_account_check (account), &error);
  g_assert_no_error (error);

  /* Another process has to ask for the keys */
  g_clear_object (&account);
  cloud_restart (cloud);
  restored = porch_engine_find_account (cloud->engine, "Guest");
  g_assert_nonnull (restored);
  g_assert_false (dex_await (porch_account_check (restored), &error));
  g_assert_cmpint (porch_account_get_state (restored), ==, PORCH_ACCOUNT_NEEDS_SIGN_IN);
  g_assert_nonnull (porch_account_get_problem (restored));

  g_clear_error (&error);
  dex_await (porch_account_set_keys (restored, porch_practice_get_access_key_id (cloud->practice),
                                     porch_practice_get_secret_access_key (cloud->practice), NULL), &error);
  g_assert_no_error (error);
  dex_await (porch_account_check (restored), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_account_get_state (restored), ==, PORCH_ACCOUNT_READY);
  g_unsetenv ("AWS_ENDPOINT_URL");
}

/* A sign-in goes on being renewed without a keyring, and says why nothing is kept */
static void
test_session_without_keyring (void)
{
  g_autoptr(PorchSession) session = porch_session_new ("nobody", "Sign-in");
  g_autoptr(JsonObject) first = json_object_new ();
  g_autoptr(JsonObject) second = json_object_new ();
  g_autoptr(JsonObject) found = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (dex_await (aws_session_store_load (AWS_SESSION_STORE (session)), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_KEYRING);
  g_clear_error (&error);

  porch_session_set (session, first);
  g_assert_no_error (porch_session_get_trouble (session));
  dex_await (porch_session_keep (session), &error);
  g_assert_no_error (error);
  g_assert_error (porch_session_get_trouble (session), PORCH_ERROR, PORCH_ERROR_KEYRING);

  dex_await (aws_session_store_save (AWS_SESSION_STORE (session), second), &error);
  g_assert_no_error (error);
  found = dex_await_boxed (aws_session_store_load (AWS_SESSION_STORE (session)), &error);
  g_assert_no_error (error);
  g_assert_true (found == second);
}

/* The other window of Porchlight may have renewed it */
static void
test_session_in_keyring (void)
{
  g_autoptr(PorchSession) session = porch_session_new ("shared", "Sign-in");
  g_autoptr(PorchSession) other = porch_session_new ("shared", "Sign-in");
  g_autoptr(JsonObject) first = json_object_new ();
  g_autoptr(JsonObject) second = json_object_new ();
  g_autoptr(JsonObject) found = NULL;
  g_autoptr(GError) error = NULL;

  json_object_set_string_member (first, "refreshToken", "one");
  json_object_set_string_member (second, "refreshToken", "two");
  porch_session_set (session, first);
  dex_await (porch_session_keep (session), &error);
  g_assert_no_error (error);
  g_assert_no_error (porch_session_get_trouble (session));

  g_assert_true (dex_await (aws_session_store_load (AWS_SESSION_STORE (other)), &error));
  dex_await (aws_session_store_save (AWS_SESSION_STORE (other), second), &error);
  g_assert_no_error (error);
  found = dex_await_boxed (aws_session_store_load (AWS_SESSION_STORE (session)), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_object_get_string_member (found, "refreshToken"), ==, "two");

  dex_await (porch_keyring_clear ("shared"), &error);
  g_assert_no_error (error);
  dex_await (porch_keyring_check (), &error);
  g_assert_no_error (error);
}

static void
test_environment (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(PorchAccount) again = NULL;
  g_autofree char *data = g_build_filename (cloud->path, "data", NULL);
  g_autoptr(GError) error = NULL;

  use_endpoint (cloud);
  g_setenv ("AWS_ACCESS_KEY_ID", porch_practice_get_access_key_id (cloud->practice), TRUE);
  g_setenv ("AWS_SECRET_ACCESS_KEY", porch_practice_get_secret_access_key (cloud->practice), TRUE);
  account = dex_await_object (porch_engine_add_environment (cloud->engine), &error);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_REGION);
  g_clear_error (&error);

  g_setenv ("AWS_REGION", "eu-north-1", TRUE);
  account = dex_await_object (porch_engine_add_environment (cloud->engine), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (porch_account_get_region (account), ==, "eu-north-1");

  g_setenv ("AWS_REGION", "us-west-2", TRUE);
  again = dex_await_object (porch_engine_add_environment (cloud->engine), &error);
  g_assert_no_error (error);
  g_assert_true (again == account);
  g_assert_cmpstr (porch_account_get_region (account), ==, "us-west-2");
  g_assert_false (contains (data, porch_practice_get_secret_access_key (cloud->practice)));

  /* Never the default: nobody put it there on purpose */
  g_assert_true (porch_account_is_practice (porch_engine_get_default_account (cloud->engine)));
  g_unsetenv ("AWS_ENDPOINT_URL");
  g_unsetenv ("AWS_ACCESS_KEY_ID");
  g_unsetenv ("AWS_SECRET_ACCESS_KEY");
  g_unsetenv ("AWS_REGION");
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *file = NULL;
  gboolean none = argc == 2 && g_str_equal (argv[1], "--none");
  int result;

  program = argv[0];
  argc = none ? 1 : argc;
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  folder = test_new_folder ();
  file = none ? g_strdup ("/proc/porchlight/none.keyring") : g_build_filename (folder, "test.keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", file, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "password", TRUE);
  g_setenv ("AWS_CONFIG_FILE", "/nonexistent", TRUE);
  g_setenv ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", TRUE);

  if (none)
    {
      test_add_fiber ("/site/keyring/session-only", test_session_only);
      test_add_fiber ("/site/keyring/session-without-keyring", test_session_without_keyring);
    }
  else
    {
      test_add_fiber ("/site/keyring/store", test_store);
      test_add_fiber ("/site/keyring/account", test_account);
      test_add_fiber ("/site/keyring/wrong-secret", test_wrong_secret);
      test_add_fiber ("/site/keyring/environment", test_environment);
      test_add_fiber ("/site/keyring/session", test_session_in_keyring);
      g_test_add_func ("/site/keyring/none", test_none);
    }

  result = g_test_run ();
  test_remove_folder (folder);
  g_free (folder);

  return result;
}
