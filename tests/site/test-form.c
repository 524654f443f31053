/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cloud-util.h"
#include "porch-error.h"
#include "porch-form-proof.h"
#include "porch-form-snippet.h"
#include "porch-mail-identity.h"
#include "porch-practice-mail.h"

#include "aws-error.h"

#include <string.h>

#include "test-util.h"

static void
await_done (PorchOperation *operation)
{
  g_autoptr(GError) error = NULL;

  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);
}

static void
test_values (void)
{
  static const char * const good_paths[] = { "/contact", "/_porchlight/contact", "/a/b-c/d_e/F" };
  static const char * const bad_paths[] = { "", "/", "contact", "/contact/", "/a b", "/ä", "//a", "/a/b/c/d/e", "/_porchlight/visits" };
  static const char * const bad_mails[] = { "", " ", "a", "a@", "@b.org", "a@b@c.org", "a b@c.org", "a@b.org\r\nBcc: c@d.org", "a@b.org, x" };
  static const char * const bad_thanks[] = { "thanks", "//evil.example/", "/\\evil.example", "https://evil.example/", "/a?b", "/a#b" };
  g_autoptr(PorchForm) form = porch_form_new ();

  for (guint i = 0; i < G_N_ELEMENTS (good_paths); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(PorchForm) changed = porch_form_with_path (form, good_paths[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (porch_form_get_path (changed), ==, good_paths[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad_paths); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (porch_form_with_path (form, bad_paths[i], &error));
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FORM_PATH);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad_mails); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (porch_form_with_mails (form, bad_mails[i], &error));
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_MAIL);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad_thanks); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (porch_form_with_thanks (form, bad_thanks[i], &error));
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FORM_PATH);
    }
}

static PorchForm *
make_form (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchForm) plain = porch_form_new ();
  g_autoptr(PorchForm) on = porch_form_with_enabled (plain, TRUE);
  g_autoptr(PorchForm) mailed = porch_form_with_mails (on, " a@example.org; b@example.org,a@example.org ", &error);
  g_autoptr(PorchForm) placed = porch_form_with_path (mailed, "/write", &error);
  g_autoptr(PorchForm) thanked = porch_form_with_thanks (placed, "/danke schön.html", &error);
  g_autoptr(PorchForm) judged = porch_form_with_spam_level (thanked, PORCH_SPAM_HIGH);

  g_assert_no_error (error);

  return porch_form_with_days (judged, 30);
}

static void
test_json (void)
{
  g_autoptr(PorchForm) form = make_form ();
  g_autoptr(JsonObject) json = porch_form_to_json (form);
  g_autoptr(PorchForm) again = porch_form_new_from_json (json);
  g_autoptr(PorchForm) none = porch_form_new_from_json (NULL);
  g_autoptr(PorchForm) plain = porch_form_new ();

  g_assert_true (porch_form_equal (form, again));
  g_assert_true (porch_form_equal (none, plain));
  g_assert_false (porch_form_equal (form, plain));
  g_assert_cmpstr (porch_form_get_mails (form)[0], ==, "a@example.org");
  g_assert_cmpstr (porch_form_get_mails (form)[1], ==, "b@example.org");
  g_assert_null (porch_form_get_mails (form)[2]);
  g_assert_cmpstr (porch_form_get_sender (form), ==, "a@example.org");
  g_assert_cmpstr (porch_form_get_thanks (form), ==, "/danke%20sch%C3%B6n.html");
}

/* The words of a form that is pasted can't break out of it, and without a script it says all it needs */
static void
test_snippet (void)
{
  g_autoptr(PorchForm) form = make_form ();
  g_autoptr(PorchForm) plain = porch_form_new ();
  g_autofree char *own = porch_form_dup_snippet (form, PORCH_SNIPPET_PHONE | PORCH_SNIPPET_SUBJECT);
  g_autofree char *usual = porch_form_dup_snippet (plain, PORCH_SNIPPET_DEFAULT);

  g_assert_nonnull (strstr (own, "<form method=\"post\" action=\"/write\" accept-charset=\"utf-8\">"));
  g_assert_nonnull (strstr (own, "name=\"phone\""));
  g_assert_nonnull (strstr (own, "name=\"subject\""));
  g_assert_null (strstr (own, "name=\"email\""));

  /* A page of the owner's is where visitors are to go */
  g_assert_null (strstr (own, "fetch"));
  g_assert_nonnull (strstr (usual, "role=\"status\""));
  g_assert_nonnull (strstr (usual, "role=\"alert\""));
  g_assert_nonnull (strstr (usual, "name=\"_gotcha\""));
}

/* All that can be set arrives in the cloud, stays, and is known on another computer */
static void
test_settings (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchForm) form = make_form ();
  g_autoptr(PorchEngine) second = NULL;
  g_autoptr(PorchEngine) other = NULL;
  g_autoptr(PorchOperation) operation = NULL;
  PorchSite *same;
  g_autoptr(GError) error = NULL;

  operation = g_object_ref (porch_site_change_form (site, form));
  await_done (operation);
  g_assert_nonnull (strstr (porch_operation_get_changes (operation), "An inbox for messages is made.\n"));
  g_assert_null (strstr (porch_operation_get_changes (operation), "left alone"));
  g_assert_true (porch_form_equal (porch_site_get_form (site), form));
  g_assert_cmpuint (cloud_post (site, "message=hello"), ==, 200);

  second = cloud_open_engine (cloud, "data");
  same = porch_engine_find_site (second, porch_site_get_id (site));
  g_assert_true (porch_form_equal (porch_site_get_form (same), form));

  other = cloud_open_engine (cloud, "other");
  g_assert_cmpuint (dex_await_uint (porch_engine_import (other, porch_engine_get_default_account (other)), &error), ==, 1);
  g_assert_no_error (error);
  same = porch_engine_find_site (other, porch_site_get_id (site));
  g_assert_true (porch_form_equal (porch_site_get_form (same), form));
}

/* However far the change was when the app ended, another start brings it to its end */
static void
test_kill (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autofree char *id = g_strdup (porch_site_get_id (site));
  g_autoptr(PorchForm) form = make_form ();
  static const double ends[] = { 0.05, 0.4, 0.9 };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr(PorchForm) wanted = porch_form_with_days (form, 40 + i);
      PorchOperation *operation = porch_site_change_form (porch_engine_find_site (cloud->engine, id), wanted);
      PorchOperation *resumed;
      g_autofree char *operation_id = g_strdup (porch_operation_get_id (operation));

      for (guint n = 0; n < 2000 && porch_operation_get_progress (operation) < ends[i]; n++)
        cloud_pause (2);

      porch_operation_stop (operation);
      dex_await (porch_operation_wait (operation), NULL);
      cloud_restart (cloud);

      resumed = porch_engine_find_operation (cloud->engine, operation_id);

      /* At the end of it there may have been nothing left to stop */
      if (resumed != NULL && porch_operation_can_resume (resumed))
        {
          porch_engine_resume_operation (cloud->engine, resumed);
          await_done (resumed);
        }

      site = porch_engine_find_site (cloud->engine, id);
      g_assert_true (porch_form_equal (porch_site_get_form (site), wanted));
    }
}

static PorchMailIdentityState
get_state (PorchMailIdentities *identities,
           guint                position)
{
  g_autoptr(PorchMailIdentity) identity = g_list_model_get_item (G_LIST_MODEL (identities), position);

  return porch_mail_identity_get_state (identity);
}

static guint
count_mails (Cloud      *cloud,
             const char *to)
{
  g_autoptr(GPtrArray) mails = porch_practice_list_mails (cloud->practice);
  guint n = 0;

  for (guint i = 0; i < mails->len; i++)
    n += strstr (porch_practice_mail_get_recipients (g_ptr_array_index (mails, i)), to) != NULL;

  return n;
}

static void
await_ready (PorchMailIdentities *identities)
{
  porch_mail_identities_set_watching (identities, TRUE);

  for (guint i = 0; i < 1000 && !porch_mail_identities_get_ready (identities); i++)
    cloud_pause (10);

  g_assert_true (porch_mail_identities_get_ready (identities));
  porch_mail_identities_set_watching (identities, FALSE);
}

/* Mail is asked for once, watched until the link was opened, and asked for again on demand */
static void
test_mail (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchMailIdentities) identities = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *reason = NULL;

  await_done (cloud_change_form (site, TRUE, "a@example.org, b@example.org"));
  g_assert_cmpuint (count_mails (cloud, "a@example.org"), ==, 1);
  g_assert_cmpuint (count_mails (cloud, "b@example.org"), ==, 1);

  identities = porch_mail_identities_new (site);
  g_assert_false (porch_mail_identities_get_ready (identities));
  dex_await (porch_mail_identities_look (identities), &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_state (identities, 0), ==, PORCH_MAIL_IDENTITY_WAITING);
  g_assert_true (porch_mail_identities_get_sandbox (identities));
  g_assert_true (porch_mail_identities_needs_production (identities));

  dex_await (porch_mail_identities_ask (identities), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_mails (cloud, "a@example.org"), ==, 1);
  dex_await (porch_mail_identities_ask_again (identities, "a@example.org"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_mails (cloud, "a@example.org"), ==, 2);

  /* The first link to a@ is dead by now, the others work */
  g_assert_cmpuint (cloud_open_links (cloud), ==, 2);
  await_ready (identities);
  g_assert_false (porch_mail_identities_needs_production (identities));

  /* What is confirmed is never taken away */
  dex_await (porch_mail_identities_ask_again (identities, "a@example.org"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_state (identities, 0), ==, PORCH_MAIL_IDENTITY_CONFIRMED);
  g_assert_cmpuint (count_mails (cloud, "a@example.org"), ==, 2);

  reason = porch_mail_identities_dup_reason (identities);
  g_assert_nonnull (strstr (reason, "a@example.org, b@example.org"));
}

static void
run_proof (PorchSite *site,
           gboolean   with_mail,
           int        code)
{
  PorchFormProof *proof = porch_site_get_form_proof (site);
  g_autoptr(GError) error = NULL;

  dex_await (porch_form_proof_run (proof, with_mail), &error);

  if (code < 0)
    {
      g_assert_no_error (error);
      g_assert_cmpint (porch_form_proof_get_state (proof), ==, PORCH_PROOF_PROVEN);
      g_assert_null (porch_form_proof_get_problem (proof));
      return;
    }

  g_assert_error (error, PORCH_ERROR, code);
  g_assert_cmpint (porch_form_proof_get_state (proof), ==, PORCH_PROOF_FAILED);
  g_assert_nonnull (porch_form_proof_get_problem (proof));
}

/* To where a mail came back from no more are sent, though each is taken: whoever waits for them is told */
static void
test_returned (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchMailIdentities) identities = porch_mail_identities_new (site);
  PorchMailIdentity *hindrance;
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;

  await_done (cloud_change_form (site, TRUE, "bounce@example.org, b@example.org"));
  cloud_open_links (cloud);
  await_ready (identities);
  g_assert_null (porch_mail_identities_get_hindrance (identities));
  run_proof (site, TRUE, PORCH_ERROR_FORM_MAIL);

  dex_await (porch_mail_identities_look (identities), &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_state (identities, 0), ==, PORCH_MAIL_IDENTITY_RETURNED);
  g_assert_cmpint (get_state (identities, 1), ==, PORCH_MAIL_IDENTITY_CONFIRMED);
  g_assert_false (porch_mail_identities_get_ready (identities));
  g_assert_false (porch_mail_identities_needs_production (identities));
  hindrance = porch_mail_identities_get_hindrance (identities);
  g_assert_cmpstr (porch_mail_identity_get_mail (hindrance), ==, "bounce@example.org");
  sentence = porch_mail_identity_dup_sentence (hindrance);
  g_assert_nonnull (strstr (sentence, "Choose another address"));

  /* Who may not ask is told nothing rather than something wrong */
  cloud_change_faults (cloud, "op=GetSuppressedDestination,status=403,code=AccessDeniedException");
  dex_await (porch_mail_identities_look (identities), &error);
  g_assert_no_error (error);
  g_assert_true (porch_mail_identities_get_ready (identities));
}

/* Asking that mails may go to everybody: only then others need not confirm */
static void
test_production (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchMailIdentities) identities = NULL;
  g_autoptr(PorchMailIdentity) second = NULL;
  g_autoptr(GError) error = NULL;

  await_done (cloud_change_form (site, TRUE, "a@example.org, b@example.org"));
  identities = porch_mail_identities_new (site);
  dex_await (porch_mail_identities_request_production (identities), &error);
  g_assert_no_error (error);
  g_assert_nonnull (porch_mail_identities_get_review (identities));

  for (guint i = 0; i < 1000 && porch_mail_identities_get_sandbox (identities); i++)
    {
      cloud_pause (10);
      dex_await (porch_mail_identities_look (identities), &error);
      g_assert_no_error (error);
    }

  second = g_list_model_get_item (G_LIST_MODEL (identities), 1);
  g_assert_false (porch_mail_identities_get_sandbox (identities));
  g_assert_false (porch_mail_identity_get_needed (second));
  g_assert_false (porch_mail_identities_get_ready (identities));
  g_assert_false (porch_mail_identities_needs_production (identities));
}

static void
assert_messages (PorchInbox *inbox,
                 guint       n)
{
  g_autoptr(GError) error = NULL;

  dex_await (porch_inbox_load (inbox), &error);
  g_assert_no_error (error);
  dex_await (porch_inbox_refresh (inbox), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (porch_inbox_get_messages (inbox)), ==, n);
}

/* A test message arrives, is never shown, mails nobody unless that is wanted, and leaves nothing */
static void
test_proof (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  PorchFormProof *proof = porch_site_get_form_proof (site);
  PorchInbox *inbox = porch_site_get_inbox (site);
  g_autoptr(GDateTime) now = NULL;
  g_autoptr(PorchEngine) second = NULL;
  g_autoptr(GError) error = NULL;
  PorchFormProof *same;

  g_assert_false (dex_await (porch_form_proof_run (proof, FALSE), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FORM_OFF);
  g_clear_error (&error);
  g_assert_cmpint (porch_form_proof_get_state (proof), ==, PORCH_PROOF_NEVER);

  await_done (cloud_change_form (site, TRUE, "a@example.org"));
  run_proof (site, FALSE, PORCH_ERROR_FORM_MAIL);
  g_assert_cmpuint (cloud_open_links (cloud), ==, 1);
  run_proof (site, FALSE, -1);
  g_assert_cmpuint (count_mails (cloud, "a@example.org"), ==, 1);
  run_proof (site, TRUE, -1);
  g_assert_cmpuint (count_mails (cloud, "a@example.org"), ==, 2);

  g_assert_cmpuint (cloud_post (site, "message=hello"), ==, 200);
  assert_messages (inbox, 1);
  g_assert_cmpuint (porch_site_get_unread_count (site), ==, 1);

  now = g_date_time_new_now_local ();
  g_assert_false (porch_form_proof_is_due (proof, now));
  g_clear_pointer (&now, g_date_time_unref);
  now = g_date_time_add_days (porch_form_proof_get_proven (proof), PORCH_FORM_PROOF_DAYS);
  g_assert_true (porch_form_proof_is_due (proof, now));
  g_assert_cmpuint (dex_await_uint (porch_form_proof_run_due (cloud->engine), &error), ==, 0);

  /* When it was proven is known after a restart */
  second = cloud_open_engine (cloud, "data");
  same = porch_site_get_form_proof (porch_engine_find_site (second, porch_site_get_id (site)));
  dex_await (porch_form_proof_load (same), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_form_proof_get_state (same), ==, PORCH_PROOF_PROVEN);
  g_assert_cmpint (g_date_time_to_unix (porch_form_proof_get_proven (same)), ==,
                   g_date_time_to_unix (porch_form_proof_get_proven (proof)));
}

/* A visitor who makes up the mark of a test message writes an ordinary message */
static void
test_mark (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = porch_site_get_inbox (site);

  g_assert_cmpuint (cloud_post (site, "message=hello&_proof=0123456789abcdef0123456789abcdef"), ==, 200);
  g_assert_cmpuint (cloud_post (site, "message=again&_proof=x"), ==, 200);
  assert_messages (inbox, 2);
}

/* What is wrong is told apart, and what is only this computer's trouble is not the form's */
static void
test_proof_fails (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchForm) form = NULL;
  g_autoptr(GError) error = NULL;

  await_done (cloud_change_form (site, TRUE, "a@example.org"));
  cloud_open_links (cloud);
  run_proof (site, FALSE, -1);

  form = porch_form_with_thanks (porch_site_get_form (site), "/nowhere.html", &error);
  g_assert_no_error (error);
  await_done (porch_site_change_form (site, form));
  run_proof (site, FALSE, PORCH_ERROR_FORM_THANKS);

  cloud_change_faults (cloud, "op=Query,status=400,code=AccessDeniedException");
  g_assert_false (dex_await (porch_form_proof_run (porch_site_get_form_proof (site), FALSE), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
  g_clear_error (&error);
  cloud_change_faults (cloud, NULL);

  /* Visitors get an error, and so does the proof */
  cloud_change_faults (cloud, "op=Visit,status=503");
  run_proof (site, FALSE, PORCH_ERROR_FORM_SILENT);
  cloud_change_faults (cloud, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/form/values", test_values);
  g_test_add_func ("/form/json", test_json);
  g_test_add_func ("/form/snippet", test_snippet);
  test_add_fiber ("/form/settings", test_settings);
  test_add_fiber ("/form/kill", test_kill);
  test_add_fiber ("/form/mail", test_mail);
  test_add_fiber ("/form/production", test_production);
  test_add_fiber ("/form/returned", test_returned);
  test_add_fiber ("/form/proof", test_proof);
  test_add_fiber ("/form/mark", test_mark);
  test_add_fiber ("/form/proof-fails", test_proof_fails);

  return g_test_run ();
}
