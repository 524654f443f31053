/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cloud-util.h"
#include "porch-callback.h"
#include "porch-error.h"
#include "porch-profile.h"
#include "porch-publish-operation.h"
#include "porch-sign-in.h"

#include "aws-soup.h"

#include <libsoup/soup.h>
#include <string.h>

#include "test-util.h"

#define START_URL "https://practice.awsapps.com/start"

static char *folder;

/* The person in the browser */

static char *
await_answer (const char *method,
              const char *uri,
              const char *form,
              guint      *status)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(SoupMessage) message = soup_message_new (method, uri);
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;
  const char *location;

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);

  if (form != NULL)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (form, strlen (form));

      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", bytes);
    }

  response = dex_await_boxed (aws_soup_send (session, message, NULL), &error);
  g_assert_no_error (error);
  *status = soup_message_get_status (message);
  location = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");

  return location != NULL ? g_strdup (location)
                          : g_strndup (g_bytes_get_data (aws_response_get_body (response), NULL),
                                       g_bytes_get_size (aws_response_get_body (response)));
}

/* Presses a button on the page at @uri; gives the address to which it leads */
static char *
await_decision (const char *uri,
                const char *decision)
{
  const char *query = strchr (uri, '?');
  g_autofree char *page = g_strndup (uri, query - uri);
  g_autofree char *form = g_strdup_printf ("%s&decision=%s", query + 1, decision);
  char *location;
  guint status;

  location = await_answer ("POST", page, form, &status);
  g_assert_cmpuint (status, ==, 302);

  return location;
}

static void
await_allowed (const char *uri)
{
  g_autofree char *location = await_decision (uri, "allow");
  g_autofree char *page = NULL;
  guint status;

  page = await_answer ("GET", location, NULL, &status);
  g_assert_cmpuint (status, ==, 200);
}

static void
await_state (PorchSignIn      *sign_in,
             PorchSignInState  state)
{
  while (porch_sign_in_get_state (sign_in) != state)
    {
      g_assert_cmpint (porch_sign_in_get_state (sign_in), !=, PORCH_SIGN_IN_FAILED);
      cloud_pause (2);
    }
}

static void
use_endpoint (Cloud *cloud)
{
  g_setenv ("AWS_ENDPOINT_URL", porch_practice_get_endpoint (cloud->practice), TRUE);
}

static PorchAccount *
await_signed_in (Cloud      *cloud,
                 const char *name)
{
  g_autoptr(PorchSignIn) sign_in = porch_sign_in_new_console (cloud->engine, "eu-central-1");
  g_autoptr(DexFuture) future = porch_sign_in_run (sign_in);
  g_autoptr(PorchAccount) found = NULL;
  g_autoptr(GError) error = NULL;
  PorchAccount *account;

  await_state (sign_in, PORCH_SIGN_IN_BROWSER);
  await_allowed (porch_sign_in_get_uri (sign_in));
  found = dex_await_object (dex_ref (future), &error);
  g_assert_no_error (error);
  account = dex_await_object (porch_engine_add_account (cloud->engine, found, name), &error);
  g_assert_no_error (error);

  return account;
}

static void
end_sessions (Cloud *cloud)
{
  g_autofree char *uri = g_strconcat (porch_practice_get_endpoint (cloud->practice), "/v1/sessions/end", NULL);
  g_autofree char *page = NULL;
  guint status;

  page = await_answer ("POST", uri, NULL, &status);
  g_assert_cmpuint (status, ==, 200);
}

static void
test_console (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSignIn) sign_in = NULL;
  g_autoptr(DexFuture) future = NULL;
  g_autoptr(PorchAccount) found = NULL;
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(GDateTime) expires = NULL;
  g_autoptr(GError) error = NULL;
  guint n_accounts = g_list_model_get_n_items (porch_engine_get_accounts (cloud->engine));

  use_endpoint (cloud);
  sign_in = porch_sign_in_new_console (cloud->engine, "eu-central-1");
  future = porch_sign_in_run (sign_in);
  await_state (sign_in, PORCH_SIGN_IN_BROWSER);
  g_assert_nonnull (strstr (porch_sign_in_get_uri (sign_in), "same-device"));
  await_allowed (porch_sign_in_get_uri (sign_in));
  found = dex_await_object (dex_ref (future), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_sign_in_get_state (sign_in), ==, PORCH_SIGN_IN_DONE);

  /* Nothing is kept before somebody says so */
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_accounts (cloud->engine)), ==, n_accounts);
  g_assert_cmpint (porch_account_get_kind (found), ==, PORCH_ACCOUNT_SIGN_IN);
  g_assert_cmpstr (porch_account_get_user (found), ==, "practice");
  g_assert_false (porch_account_is_root (found));
  g_assert_cmpint (porch_account_get_renewal (found), ==, PORCH_ACCOUNT_RENEWAL_BROWSER);
  expires = porch_account_dup_expires (found);
  g_assert_nonnull (expires);

  account = dex_await_object (porch_engine_add_account (cloud->engine, found, "Mine"), &error);
  g_assert_no_error (error);
  g_assert_true (account == found);
  g_assert_false (porch_account_is_session_only (account));
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_accounts (cloud->engine)), ==, n_accounts + 1);
}

static void
test_after_restart (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(PorchEngine) later = NULL;
  g_autoptr(GError) error = NULL;
  PorchAccount *restored;

  use_endpoint (cloud);
  account = await_signed_in (cloud, "Mine");
  later = cloud_open_engine (cloud, "data");
  restored = porch_engine_find_account (later, "Mine");
  g_assert_nonnull (restored);
  g_assert_cmpint (porch_account_get_kind (restored), ==, PORCH_ACCOUNT_SIGN_IN);
  g_assert_cmpstr (porch_account_get_arn (restored), ==, porch_account_get_arn (account));
  dex_await (porch_account_check (restored), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_account_get_state (restored), ==, PORCH_ACCOUNT_READY);

  dex_await (porch_engine_remove_account (later, restored), &error);
  g_assert_no_error (error);
  g_assert_null (porch_engine_find_account (later, "Mine"));
}

static void
test_cancelled (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSignIn) sign_in = NULL;
  g_autoptr(DexFuture) future = NULL;
  g_autoptr(GError) error = NULL;

  use_endpoint (cloud);
  sign_in = porch_sign_in_new_console (cloud->engine, NULL);
  future = porch_sign_in_run (sign_in);
  await_state (sign_in, PORCH_SIGN_IN_BROWSER);
  porch_sign_in_cancel (sign_in);
  g_assert_null (dex_await_object (dex_ref (future), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (porch_sign_in_get_state (sign_in), ==, PORCH_SIGN_IN_FAILED);
  g_assert_null (porch_sign_in_get_problem (sign_in));

  /* And once more with the same object */
  dex_clear (&future);
  g_clear_error (&error);
  future = porch_sign_in_run (sign_in);
  await_state (sign_in, PORCH_SIGN_IN_BROWSER);
  await_allowed (porch_sign_in_get_uri (sign_in));
  g_assert_true (dex_await (dex_ref (future), &error));
  g_assert_no_error (error);
}

static void
test_by_code_after_all (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSignIn) sign_in = NULL;
  g_autoptr(DexFuture) future = NULL;
  g_autofree char *page = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *first = NULL;
  g_autofree char *location = NULL;
  g_autoptr(GRegex) regex = g_regex_new ("<code id=\"code\"[^>]*>([^<]+)<", G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(GError) error = NULL;
  guint status;

  use_endpoint (cloud);
  sign_in = porch_sign_in_new_console (cloud->engine, NULL);
  future = porch_sign_in_run (sign_in);
  await_state (sign_in, PORCH_SIGN_IN_BROWSER);
  g_assert_false (porch_sign_in_submit_code (sign_in, "too early", &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_CODE);
  g_clear_error (&error);
  first = g_strdup (porch_sign_in_get_uri (sign_in));
  porch_sign_in_set_by_code (sign_in, TRUE);
  await_state (sign_in, PORCH_SIGN_IN_CODE);
  g_assert_cmpstr (first, !=, porch_sign_in_get_uri (sign_in));

  location = await_decision (porch_sign_in_get_uri (sign_in), "allow");
  page = await_answer ("GET", location, NULL, &status);
  g_assert_true (g_regex_match (regex, page, G_REGEX_MATCH_DEFAULT, &match));
  shown = g_match_info_fetch (match, 1);

  /* A wrong paste does no harm */
  g_assert_false (porch_sign_in_submit_code (sign_in, "hello", &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_CODE);
  g_clear_error (&error);
  while (!porch_sign_in_submit_code (sign_in, shown, NULL))
    cloud_pause (2);
  g_assert_true (dex_await (dex_ref (future), &error));
  g_assert_no_error (error);
}

static void
test_refused (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSignIn) sign_in = NULL;
  g_autoptr(DexFuture) future = NULL;
  g_autofree char *location = NULL;
  g_autofree char *page = NULL;
  g_autoptr(GError) error = NULL;
  guint status;

  use_endpoint (cloud);
  sign_in = porch_sign_in_new_console (cloud->engine, NULL);
  future = porch_sign_in_run (sign_in);
  await_state (sign_in, PORCH_SIGN_IN_BROWSER);
  location = await_decision (porch_sign_in_get_uri (sign_in), "deny");
  page = await_answer ("GET", location, NULL, &status);
  g_assert_null (dex_await_object (dex_ref (future), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_SIGN_IN_REFUSED);
  g_assert_nonnull (porch_sign_in_get_problem (sign_in));
}

static void
test_too_late (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSignIn) sign_in = NULL;
  g_autoptr(GError) error = NULL;

  use_endpoint (cloud);
  sign_in = porch_sign_in_new_console (cloud->engine, NULL);
  porch_sign_in_set_time_limit (sign_in, 1);
  g_assert_null (dex_await_object (porch_sign_in_run (sign_in), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_SIGN_IN_LATE);
}

static void
test_organization (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSignIn) sign_in = NULL;
  g_autoptr(DexFuture) future = NULL;
  g_autoptr(PorchSignInChoice) choice = NULL;
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(GError) error = NULL;

  use_endpoint (cloud);
  sign_in = porch_sign_in_new_sso (cloud->engine, START_URL, "eu-central-1", "eu-west-1");
  future = porch_sign_in_run (sign_in);
  await_state (sign_in, PORCH_SIGN_IN_BROWSER);
  await_allowed (porch_sign_in_get_uri (sign_in));
  await_state (sign_in, PORCH_SIGN_IN_CHOOSE);
  g_assert_cmpuint (g_list_model_get_n_items (porch_sign_in_get_choices (sign_in)), ==, 2);
  choice = g_list_model_get_item (porch_sign_in_get_choices (sign_in), 1);
  g_assert_cmpstr (porch_sign_in_choice_get_role (choice), ==, "ViewOnlyAccess");
  g_assert_cmpstr (porch_sign_in_choice_get_name (choice), ==, "Practice");
  porch_sign_in_choose (sign_in, choice);
  account = dex_await_object (dex_ref (future), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_account_get_kind (account), ==, PORCH_ACCOUNT_SSO);
  g_assert_cmpstr (porch_account_get_role (account), ==, "ViewOnlyAccess");
  g_assert_cmpstr (porch_account_get_start_url (account), ==, START_URL);
  g_assert_cmpstr (porch_account_get_region (account), ==, "eu-west-1");
}

static void
ended_cb (PorchAccount *account,
          GParamSpec   *pspec,
          guint        *n_notified)
{
  if (porch_account_get_state (account) == PORCH_ACCOUNT_NEEDS_SIGN_IN)
    (*n_notified)++;
}

static char *
write_page (const char *text)
{
  char *path = g_build_filename (folder, "pages", NULL);
  g_autofree char *file = g_build_filename (path, "index.html", NULL);

  g_mkdir_with_parents (path, 0700);
  g_assert_true (g_file_set_contents (file, text, -1, NULL));

  return path;
}

/* What was underway when the session ended goes on by itself after signing in again */
static void
test_work_goes_on (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(PorchSignIn) sign_in = NULL;
  g_autoptr(DexFuture) future = NULL;
  g_autoptr(PorchPlan) plan = NULL;
  g_autofree char *path = write_page ("<!DOCTYPE html><html lang=\"en\"><title>On</title><h1>It went on</h1></html>");
  g_autofree char *body = NULL;
  g_autoptr(GFile) pages = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  PorchOperation *operation;
  PorchSite *site;
  guint n_notified = 0;

  use_endpoint (cloud);
  account = await_signed_in (cloud, "Mine");
  plan = porch_plan_new (account);
  porch_plan_set_name (plan, "Going On");
  porch_plan_set_template (plan, "coming-soon");
  operation = porch_engine_create_site (cloud->engine, plan);
  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);
  site = porch_operation_get_site (operation);

  g_signal_connect (account, "notify::state", G_CALLBACK (ended_cb), &n_notified);
  end_sessions (cloud);
  operation = porch_publish_operation_new (site, pages, NULL);
  porch_engine_run_operation (cloud->engine, operation);
  g_object_unref (operation);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_EXPIRED);
  g_assert_true (porch_problem_needs_sign_in (porch_operation_get_problem (operation)));
  g_assert_cmpint (porch_account_get_state (account), ==, PORCH_ACCOUNT_NEEDS_SIGN_IN);
  g_assert_cmpuint (n_notified, ==, 1);
  g_clear_error (&error);

  sign_in = porch_sign_in_new_renewal (cloud->engine, account);
  future = porch_sign_in_run (sign_in);
  await_state (sign_in, PORCH_SIGN_IN_BROWSER);
  await_allowed (porch_sign_in_get_uri (sign_in));
  g_assert_true (dex_await (dex_ref (future), &error));
  g_assert_no_error (error);
  g_assert_cmpint (porch_account_get_state (account), ==, PORCH_ACCOUNT_READY);

  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (site), &body), ==, 200);
  g_assert_nonnull (strstr (body, "It went on"));
  g_signal_handlers_disconnect_by_data (account, &n_notified);
}

static void
test_other_account (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(PorchSignIn) sign_in = NULL;
  g_autoptr(GError) error = NULL;

  /* Another account in the browser renews nothing */
  use_endpoint (cloud);
  account = await_signed_in (cloud, "Mine");

  {
    g_autoptr(Cloud) other = cloud_new ();
    g_autoptr(DexFuture) future = NULL;

    use_endpoint (other);
    sign_in = porch_sign_in_new_renewal (cloud->engine, account);
    future = porch_sign_in_run (sign_in);
    await_state (sign_in, PORCH_SIGN_IN_BROWSER);
    await_allowed (porch_sign_in_get_uri (sign_in));
    g_assert_null (dex_await_object (dex_ref (future), &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_OTHER_ACCOUNT);
    g_assert_nonnull (strstr (error->message, porch_account_get_number (account)));
    g_clear_error (&error);
  }

  use_endpoint (cloud);
  dex_await (porch_account_check (account), &error);
  g_assert_no_error (error);
}

/* Keys made a moment ago are not known everywhere at once */
static void
test_new_keys (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchAccount) tried = NULL;
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  guint n_accounts = g_list_model_get_n_items (porch_engine_get_accounts (cloud->engine));

  cloud_set_faults (cloud, "op=GetCallerIdentity,times=1,status=403,code=InvalidClientTokenId");
  use_endpoint (cloud);
  tried = dex_await_object (porch_engine_try_account_keys (cloud->engine,
                                                           porch_practice_get_access_key_id (cloud->practice),
                                                           porch_practice_get_secret_access_key (cloud->practice),
                                                           NULL, "eu-west-1"), &error);
  g_assert_no_error (error);
  g_assert_nonnull (porch_account_get_number (tried));
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_accounts (cloud->engine)), ==, n_accounts);

  dex_await (porch_account_set_region (tried, "eu-west-3"), &error);
  g_assert_no_error (error);
  account = dex_await_object (porch_engine_add_account (cloud->engine, tried, "Keys"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (porch_account_get_region (account), ==, "eu-west-3");
  g_assert_true (porch_engine_find_account (cloud->engine, "Keys") == account);
}

/* Sites stay online, and are found again */
static void
test_forgotten (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(PorchAccount) again = NULL;
  g_autoptr(PorchPlan) plan = NULL;
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;
  PorchOperation *operation;

  use_endpoint (cloud);
  account = await_signed_in (cloud, "Mine");
  plan = porch_plan_new (account);
  porch_plan_set_name (plan, "Staying");
  porch_plan_set_template (plan, "coming-soon");
  operation = porch_engine_create_site (cloud->engine, plan);
  g_assert_false (dex_await (porch_engine_forget_account (cloud->engine, account), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BUSY);
  g_clear_error (&error);
  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);
  address = g_strdup (porch_site_get_address (porch_operation_get_site (operation)));

  g_assert_false (dex_await (porch_engine_remove_account (cloud->engine, account), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE);
  g_clear_error (&error);
  dex_await (porch_engine_forget_account (cloud->engine, account), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_sites (cloud->engine)), ==, 0);
  g_assert_cmpuint (cloud_fetch (address, NULL), ==, 200);

  again = await_signed_in (cloud, "Again");
  dex_await (porch_engine_import (cloud->engine, again), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_sites (cloud->engine)), ==, 1);
}

static void
test_callback (void)
{
  g_autoptr(PorchCallback) callback = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *good = NULL;
  g_autofree char *wrong = NULL;
  g_autofree char *page = NULL;
  g_autofree char *other = NULL;
  g_autofree char *code = NULL;
  guint status;

  callback = porch_callback_new ("state", &error);
  g_assert_no_error (error);
  g_assert_true (g_regex_match_simple ("^http://127\\.0\\.0\\.1:[0-9]+/oauth/callback$", porch_callback_get_uri (callback),
                                       G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT));
  wrong = g_strconcat (porch_callback_get_uri (callback), "?code=c&state=other", NULL);
  page = await_answer ("GET", wrong, NULL, &status);
  g_assert_cmpuint (status, ==, 400);
  good = g_strconcat (porch_callback_get_uri (callback), "?code=a%2Fb%3C&state=state", NULL);
  other = await_answer ("POST", good, "x=y", &status);
  g_assert_cmpuint (status, ==, 404);
  g_free (page);
  page = await_answer ("GET", good, NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_null (strstr (page, "a/b"));
  code = dex_await_string (porch_callback_wait (callback), &error);
  g_assert_cmpstr (code, ==, "a/b<");
}

static void
test_start_urls (void)
{
  const struct
  {
    const char *text;
    const char *url;       /* NULL: refused */
    const char *region;
  } table[] = {
    { "https://d-1234567890.awsapps.com/start", "https://d-1234567890.awsapps.com/start", NULL },
    { " d-1234567890.awsapps.com/start/#/?tab=accounts\n", "https://d-1234567890.awsapps.com/start", NULL },
    { "https://ssoins-1.portal.eu-west-2.app.aws", "https://ssoins-1.portal.eu-west-2.app.aws", "eu-west-2" },
    { "https://ssoins-1.portal.eu-west-2.app.aws/", "https://ssoins-1.portal.eu-west-2.app.aws", "eu-west-2" },
    { "https://x.us-east-2.portal.amazonaws.com", "https://x.us-east-2.portal.amazonaws.com", "us-east-2" },
    { "https://identitycenter.amazonaws.com/ssoins-1", "https://identitycenter.amazonaws.com/ssoins-1", NULL },
    { "", NULL, NULL }, { "hello", NULL, NULL }, { "ftp://a.b/start", NULL, NULL }, { "https://", NULL, NULL }, { "https://a b.c", "https://ab.c", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *url = NULL;
      g_autofree char *region = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", table[i].text);
      g_assert_cmpint (porch_sign_in_parse_start_url (table[i].text, &url, &region, &error), ==, table[i].url != NULL);
      g_assert_cmpstr (url, ==, table[i].url);
      g_assert_cmpstr (region, ==, table[i].region);
      if (table[i].url == NULL)
        g_assert_error (error, PORCH_ERROR, PORCH_ERROR_SIGN_IN_PAGE);
    }
}

#define KEY_A    "AKIAIOSFODNN7EXAMPLE"
#define KEY_B    "AKIAI44QH8DHBEXAMPLE"
#define SECRET_A "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define SECRET_B "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"

static void
test_key_files (void)
{
  const struct
  {
    const char *text;
    guint       n_rows;
    const char *user;      /* of the first */
  } good[] = {
    { "\xef\xbb\xbf" "Access key ID,Secret access key\r\n" KEY_A "," SECRET_A "\r\n", 1, NULL },
    { "User name,Access key ID,Secret access key\nanna," KEY_A "," SECRET_A "\nbert," KEY_B "," SECRET_B "\n", 2, "anna" },
    { "User name,Password,Access key ID,Secret access key,Console login link\n\"Doe, Jane\",\"p\"\"w\"," KEY_A "," SECRET_A ",https://x\n", 1, "Doe, Jane" },
    { "User Name;Access Key Id;Secret Access Key\nanna;" KEY_A ";" SECRET_A "\n", 1, "anna" },
    { "User name,Access key ID,Secret access key\nnobody,,\nanna," KEY_A "," SECRET_A "\n", 1, "anna" },
    { "AWSAccessKeyId=" KEY_A "\r\nAWSSecretKey=" SECRET_A "\r\n", 1, NULL },
  };
  const struct
  {
    const char *text;
    const char *says;
  } bad[] = {
    { "User name,Password,Console sign-in URL\r\nanna,pw,https://x\r\n", "password for the browser" },
    { "User name,Password,Console login link\nanna,pw,https://x\n", "password for the browser" },
    { "Date,Amount,Currency\n2026-01-01,5,EUR\n", "no columns" },
    { "Access key ID,Secret access key\n", "no keys" },
    { "Access key ID,Secret access key\n" KEY_A ",short\n", "40 letters" },
    { "", "nothing" }, { "\xff\xfe", "not a text" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GListModel) rows = porch_account_list_keys (good[i].text, &error);
      g_autoptr(PorchKeyRow) row = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (g_list_model_get_n_items (rows), ==, good[i].n_rows);
      row = g_list_model_get_item (rows, 0);
      g_assert_cmpstr (porch_key_row_get_user (row), ==, good[i].user);
      g_assert_cmpstr (porch_key_row_get_key_id (row), ==, KEY_A);
      g_assert_cmpstr (porch_key_row_get_secret (row), ==, SECRET_A);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (porch_account_list_keys (bad[i].text, &error));
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_KEYS);
      g_assert_nonnull (strstr (error->message, bad[i].says));
    }
}

static void
test_profiles (void)
{
  static const char config[] =
    "[default]\nregion = eu-west-1\n[profile keys]\naws_access_key_id = " KEY_A "\naws_secret_access_key = " SECRET_A "\n"
    "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = keys\n"
    "[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = keys\nmfa_serial = m\n"
    "[profile sso]\nsso_session = s\nsso_account_id = 210987654321\nsso_role_name = r\n[sso-session s]\nsso_start_url = u\n"
    "[profile login]\nlogin_session = arn:aws:sts::112233445566:assumed-role/Admin/x\n[profile program]\ncredential_process = x\n";
  const struct
  {
    const char *name;
    gboolean    usable;
    const char *number;
  } table[] = {
    { "default", FALSE, NULL }, { "keys", TRUE, NULL }, { "login", TRUE, "112233445566" }, { "mfa", FALSE, "123456789012" },
    { "program", TRUE, NULL }, { "role", TRUE, "123456789012" }, { "sso", TRUE, "210987654321" },
  };
  g_autofree char *path = g_build_filename (folder, "config", NULL);
  g_autoptr(GListModel) list = NULL;

  g_assert_true (g_file_set_contents (path, config, -1, NULL));
  g_setenv ("AWS_CONFIG_FILE", path, TRUE);
  list = porch_profile_list ();
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, G_N_ELEMENTS (table));

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(PorchProfile) profile = g_list_model_get_item (list, i);

      g_assert_cmpstr (porch_profile_get_name (profile), ==, table[i].name);
      g_assert_cmpint (porch_profile_is_usable (profile), ==, table[i].usable);
      g_assert_cmpint (porch_profile_get_reason (profile) == NULL, ==, table[i].usable);
      g_assert_cmpstr (porch_profile_get_number (profile), ==, table[i].number);
      g_assert_cmpstr (porch_profile_get_words (profile), !=, "");
    }

  g_setenv ("AWS_CONFIG_FILE", "/nonexistent", TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *keyring = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  dex_init ();

  folder = test_new_folder ();
  keyring = g_build_filename (folder, "test.keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "password", TRUE);
  g_setenv ("AWS_CONFIG_FILE", "/nonexistent", TRUE);
  g_setenv ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", TRUE);
  g_unsetenv ("AWS_REGION");

  test_add_fiber ("/site/accounts/console", test_console);
  test_add_fiber ("/site/accounts/after-restart", test_after_restart);
  test_add_fiber ("/site/accounts/cancelled", test_cancelled);
  test_add_fiber ("/site/accounts/by-code-after-all", test_by_code_after_all);
  test_add_fiber ("/site/accounts/refused", test_refused);
  test_add_fiber ("/site/accounts/too-late", test_too_late);
  test_add_fiber ("/site/accounts/organization", test_organization);
  test_add_fiber ("/site/accounts/work-goes-on", test_work_goes_on);
  test_add_fiber ("/site/accounts/other-account", test_other_account);
  test_add_fiber ("/site/accounts/new-keys", test_new_keys);
  test_add_fiber ("/site/accounts/forgotten", test_forgotten);
  test_add_fiber ("/site/accounts/callback", test_callback);
  g_test_add_func ("/site/accounts/start-urls", test_start_urls);
  g_test_add_func ("/site/accounts/key-files", test_key_files);
  g_test_add_func ("/site/accounts/profiles", test_profiles);

  result = g_test_run ();
  test_remove_folder (folder);
  g_free (folder);

  return result;
}
