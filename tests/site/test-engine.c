/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cloud-util.h"
#include "porch-create-operation.h"
#include "porch-error.h"
#include "porch-go-live-operation.h"
#include "porch-publish-operation.h"

#include <string.h>
#include <unistd.h>

#include "test-util.h"

static PorchOperation *
only_operation (PorchEngine *engine)
{
  GListModel *operations = porch_engine_get_operations (engine);
  g_autoptr(PorchOperation) operation = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 1);
  operation = g_list_model_get_item (operations, 0);

  return operation;
}

static PorchSite *
only_site (PorchEngine *engine)
{
  GListModel *sites = porch_engine_get_sites (engine);
  g_autoptr(PorchSite) site = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (sites), ==, 1);
  site = g_list_model_get_item (sites, 0);

  return site;
}

static void
await_done (PorchOperation *operation)
{
  g_autoptr(GError) error = NULL;

  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_operation_get_state (operation), ==, PORCH_OPERATION_DONE);
  g_assert_cmpfloat (porch_operation_get_progress (operation), ==, 1);
}

static void
test_create (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  g_autoptr(PorchSite) other = NULL;
  g_autofree char *body = NULL;

  g_assert_cmpint (porch_site_get_state (site), ==, PORCH_SITE_LIVE);
  g_assert_cmpstr (porch_site_get_name (site), ==, "Bäckerei & Café");
  g_assert_true (porch_site_get_form_enabled (site));
  g_assert_cmpstr (porch_site_get_mail_to (site), ==, "owner@example.org");
  g_assert_null (porch_site_get_operation (site));
  g_assert_false (porch_engine_is_busy (cloud->engine));
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (site), &body), ==, 200);
  g_assert_nonnull (strstr (body, "Bäckerei &amp; Café"));
  g_assert_cmpuint (g_list_model_get_n_items (porch_site_get_releases (site)), ==, 1);

  /* All of it is there after a restart */
  cloud_restart (cloud);
  site = only_site (cloud->engine);
  g_assert_cmpint (porch_site_get_state (site), ==, PORCH_SITE_LIVE);
  g_assert_cmpuint (g_list_model_get_n_items (porch_site_get_releases (site)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_operations (cloud->engine)), ==, 0);
}

static void
test_import (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchEngine) other = NULL;
  g_autoptr(GError) error = NULL;
  PorchSite *found;

  dex_await (porch_site_rename (site, "Neuer Name"), &error);
  g_assert_no_error (error);

  other = cloud_open_engine (cloud, "other");
  g_assert_cmpuint (dex_await_uint (porch_engine_import (other, porch_engine_get_default_account (other)), &error), ==, 1);
  g_assert_no_error (error);
  found = only_site (other);
  g_assert_cmpstr (porch_site_get_name (found), ==, "Neuer Name");
  g_assert_cmpstr (porch_site_get_id (found), ==, porch_site_get_id (site));

  dex_await (porch_site_refresh (found), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_site_get_state (found), ==, PORCH_SITE_LIVE);
  g_assert_cmpstr (porch_site_get_address (found), ==, porch_site_get_address (site));
  g_assert_cmpuint (dex_await_uint (porch_engine_import (other, porch_engine_get_default_account (other)), &error), ==, 0);
}

static void
fail_create (Cloud      *cloud,
             const char *faults,
             const char *step,
             gboolean    restart)
{
  g_autoptr(PorchPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  PorchOperation *operation;

  cloud_set_faults (cloud, faults);
  plan = cloud_make_plan (cloud, "Trouble", "business", TRUE);
  operation = porch_engine_create_site (cloud->engine, plan);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_nonnull (error);
  g_assert_cmpint (porch_operation_get_state (operation), ==, PORCH_OPERATION_FAILED);
  g_assert_cmpstr (porch_step_get_id (porch_operation_get_current_step (operation)), ==, step);
  g_assert_nonnull (porch_operation_get_problem (operation));
  g_assert_true (porch_operation_can_resume (operation));
  cloud_set_faults (cloud, NULL);

  if (restart)
    {
      cloud_restart (cloud);
      operation = only_operation (cloud->engine);
      g_assert_cmpint (porch_operation_get_state (operation), ==, PORCH_OPERATION_FAILED);
      g_assert_nonnull (porch_operation_get_problem (operation));
      g_assert_true (porch_site_get_operation (only_site (cloud->engine)) == operation);
    }

  porch_engine_resume_operation (cloud->engine, operation);
  await_done (operation);
  g_assert_cmpint (porch_site_get_state (only_site (cloud->engine)), ==, PORCH_SITE_LIVE);
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (only_site (cloud->engine)), NULL), ==, 200);
}

static void
test_create_refused (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();

  fail_create (cloud, "op=CreateChangeSet,status=403,code=AccessDenied", "stack", FALSE);
}

static void
test_create_refused_late (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();

  /* What has to be done is known, and may not be done: taken up again, it is the same change */
  fail_create (cloud, "op=ExecuteChangeSet,status=403,code=AccessDenied", "stack", TRUE);
}

static void
test_create_connection_lost (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();

  /* The call arrives and the answer does not: the same call again must not make a second site */
  fail_create (cloud, "op=CreateChangeSet,cut=after", "stack", TRUE);
}

static void
test_create_signed_out (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();

  /* While the parts are being made; they go on without us, and are found finished */
  fail_create (cloud, "op=DescribeStackEvents,token=expired", "stack", TRUE);
}

static void
test_create_bad_day (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchPlan) plan = cloud_make_plan (cloud, "Bad Day", "business", TRUE);
  PorchOperation *operation;

  /* Most is tried again by itself; what is not goes on when it is told to */
  cloud_set_faults (cloud, "rate=0.15,status=503,seed=3;op=PutKey,times=1,etag=stale;rate=0.05,cut=before,seed=4");
  operation = porch_engine_create_site (cloud->engine, plan);

  for (guint i = 0; i < 20 && !dex_await (porch_operation_wait (operation), NULL); i++)
    porch_engine_resume_operation (cloud->engine, operation);

  await_done (operation);
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (only_site (cloud->engine)), NULL), ==, 200);
}

static void
test_create_publish_fails (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();

  fail_create (cloud, "op=PutKey,status=403,code=AccessDeniedException", "publish", TRUE);
}

static void
test_create_record_fails (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();

  fail_create (cloud, "op=PutObject,times=1,status=403,code=AccessDenied", "connect", TRUE);
}

/* Somebody else's thing in the way, by the name that one part of the new site is going to have */
static void
block_name (Cloud      *cloud,
            const char *stack,
            gboolean    block)
{
  g_autoptr(AwsClient) client = porch_account_dup_client (porch_engine_get_default_account (cloud->engine));
  g_autoptr(AwsRequest) request = aws_request_new ("logs", porch_practice_get_region (cloud->practice), "POST", "/");
  g_autofree char *json = g_strdup_printf ("{\"logGroupName\":\"/aws/lambda/%s-contact\"}", stack);
  g_autoptr(GBytes) body = g_bytes_new (json, strlen (json));
  g_autoptr(GError) error = NULL;

  aws_request_set_header (request, "X-Amz-Target", block ? "Logs_20140328.CreateLogGroup" : "Logs_20140328.DeleteLogGroup");
  aws_request_set_header (request, "Content-Type", "application/x-amz-json-1.1");
  aws_request_set_body (request, body, NULL);
  dex_await (aws_client_send (client, request), &error);
  g_assert_no_error (error);
}

/* Names that are taken are nobody's trouble: the parts get others, and what was there stays */
static void
test_create_name_taken (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchPlan) plan = cloud_make_plan (cloud, "Taken", "business", TRUE);
  g_autoptr(PorchOperation) operation = porch_create_operation_new (cloud->engine, plan);
  g_autofree char *stack = g_strdup (json_object_get_string_member (porch_operation_get_data (operation), "stack"));
  PorchSite *site;

  block_name (cloud, stack, TRUE);
  porch_engine_run_operation (cloud->engine, operation);
  await_done (operation);
  site = only_site (cloud->engine);
  g_assert_cmpstr (porch_site_get_stack (site), !=, stack);
  g_assert_true (g_str_has_prefix (porch_site_get_stack (site), "porchlight-taken-"));
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (site), NULL), ==, 200);
  block_name (cloud, stack, FALSE);
}

static void
test_create_rolled_back (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchPlan) plan = cloud_make_plan (cloud, "Rolled Back", "business", TRUE);
  g_autoptr(PorchOperation) operation = porch_create_operation_new (cloud->engine, plan);
  g_autoptr(GError) error = NULL;
  PorchProblem *problem;

  cloud_set_faults (cloud, "op=AWS::CloudFront::Distribution,fail=unverified");
  porch_engine_run_operation (cloud->engine, operation);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STACK);
  g_assert_cmpint (porch_site_get_state (only_site (cloud->engine)), ==, PORCH_SITE_FAILED);

  /* Plain words, and the service's own in the details */
  problem = porch_operation_get_problem (operation);
  g_assert_cmpint (porch_problem_get_action (problem), ==, PORCH_PROBLEM_ACTION_SUPPORT);
  g_assert_null (strstr (porch_problem_get_body (problem), "Distribution"));
  g_assert_nonnull (strstr (porch_problem_get_details (problem), "Distribution"));

  /* The same obstacle again, and then without it */
  porch_engine_resume_operation (cloud->engine, operation);
  g_clear_error (&error);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STACK);

  cloud_set_faults (cloud, NULL);
  porch_engine_resume_operation (cloud->engine, operation);
  await_done (operation);
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (only_site (cloud->engine)), NULL), ==, 200);
}

static void
test_not_ours (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchPlan) plan = cloud_make_plan (cloud, "Theirs", "coming-soon", FALSE);
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchOperation) operation = porch_create_operation_new (cloud->engine, plan);
  g_autoptr(GError) error = NULL;

  /* A name that is taken by another site's parts: neither used nor removed */
  json_object_set_string_member (porch_operation_get_data (operation), "stack", porch_site_get_stack (site));
  cloud_set_faults (cloud, "op=CreateChangeSet,status=403,code=AccessDenied");
  porch_engine_run_operation (cloud->engine, operation);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
  g_clear_error (&error);
  cloud_set_faults (cloud, NULL);
  dex_await (porch_operation_discard (operation), &error);
  g_assert_no_error (error);
  g_assert_true (only_site (cloud->engine) == site);
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (site), NULL), ==, 200);
}

static void
test_create_stop (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchPlan) plan = cloud_make_plan (cloud, "Stopped", "business", TRUE);
  g_autoptr(GError) error = NULL;
  PorchOperation *operation = porch_engine_create_site (cloud->engine, plan);

  for (guint i = 0; i < 1000 && porch_operation_get_progress (operation) < 0.2; i++)
    cloud_pause (5);

  g_assert_true (porch_operation_is_active (operation));
  porch_operation_stop (operation);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STOPPED);
  g_assert_cmpint (porch_operation_get_state (operation), ==, PORCH_OPERATION_STOPPED);

  /* How far it came depends on the computer */
  g_assert_cmpint (porch_site_get_state (only_site (cloud->engine)), !=, PORCH_SITE_LIVE);

  cloud_restart (cloud);
  operation = only_operation (cloud->engine);
  g_assert_cmpint (porch_operation_get_state (operation), ==, PORCH_OPERATION_STOPPED);
  g_assert_cmpstr (porch_operation_get_kind (operation), ==, "create");
  porch_engine_resume_operation (cloud->engine, operation);
  await_done (operation);
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (only_site (cloud->engine)), NULL), ==, 200);
}

/* At any moment, also between two steps: it stops within moments, and goes on */
static void
test_stop_anywhere (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchPlan) plan = cloud_make_plan (cloud, "Stop and Go", "business", TRUE);
  PorchOperation *operation = porch_engine_create_site (cloud->engine, plan);
  double reached = 0;

  for (guint i = 0; porch_operation_get_state (operation) != PORCH_OPERATION_DONE; i++)
    {
      for (guint j = 0; j < 400 && porch_operation_is_active (operation) && porch_operation_get_progress (operation) <= reached; j++)
        cloud_pause (1);

      reached = porch_operation_get_progress (operation);
      porch_operation_stop (operation);
      dex_await (dex_future_first (porch_operation_wait (operation), dex_timeout_new_seconds (60), NULL), NULL);
      g_assert_false (porch_operation_is_active (operation));

      if (porch_operation_get_state (operation) == PORCH_OPERATION_DONE)
        break;

      g_assert_cmpint (porch_operation_get_state (operation), ==, PORCH_OPERATION_STOPPED);
      g_assert_cmpuint (i, <, 200);
      porch_engine_resume_operation (cloud->engine, operation);
    }

  g_assert_cmpuint (cloud_fetch (porch_site_get_address (only_site (cloud->engine)), NULL), ==, 200);
}

static void
test_create_discard (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchPlan) plan = cloud_make_plan (cloud, "Discarded", "business", TRUE);
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(PorchEngine) other = NULL;
  g_autoptr(GError) error = NULL;

  operation = g_object_ref (porch_engine_create_site (cloud->engine, plan));

  for (guint i = 0; i < 1000 && porch_operation_get_progress (operation) < 0.5; i++)
    cloud_pause (5);

  g_assert_false (porch_operation_can_discard (operation));
  porch_operation_stop (operation);
  dex_await (porch_operation_wait (operation), NULL);
  g_assert_true (porch_operation_can_discard (operation));
  dex_await (porch_operation_discard (operation), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_sites (cloud->engine)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_operations (cloud->engine)), ==, 0);

  /* Nothing of it is left in the cloud either */
  other = cloud_open_engine (cloud, "other");
  g_assert_cmpuint (dex_await_uint (porch_engine_import (other, porch_engine_get_default_account (other)), &error), ==, 0);
}

static void
test_busy (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchEngine) second = cloud_open_engine (cloud, "data");
  g_autofree char *name = g_strconcat ("site-", porch_site_get_id (site), NULL);
  g_autoptr(GError) error = NULL;
  PorchOperation *operation;
  int lock = porch_store_lock (porch_engine_get_store (second), name, &error);

  g_assert_no_error (error);
  operation = cloud_change_form (site, TRUE, "a@example.org");
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BUSY);
  close (lock);

  porch_engine_resume_operation (cloud->engine, operation);
  await_done (operation);
}

static void
test_form (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autofree char *table = NULL;

  g_assert_null (porch_site_get_table (site));
  await_done (cloud_change_form (site, TRUE, "a@example.org"));
  g_assert_true (porch_site_get_form_enabled (site));
  g_assert_cmpuint (cloud_post (site, "message=hello"), ==, 200);

  table = g_strdup (porch_site_get_table (site));
  g_assert_nonnull (table);
  await_done (cloud_change_form (site, FALSE, NULL));
  g_assert_false (porch_site_get_form_enabled (site));
  g_assert_cmpstr (porch_site_get_mail_to (site), ==, "a@example.org");
  g_assert_cmpuint (cloud_post (site, "message=hello"), !=, 200);
  g_assert_cmpstr (porch_site_get_table (site), ==, table);

  /* Asking for what is there already is no failure, and the messages are still there */
  await_done (cloud_change_form (site, TRUE, "b@example.org"));
  await_done (cloud_change_form (site, TRUE, "b@example.org"));
  g_assert_cmpstr (porch_site_get_mail_to (site), ==, "b@example.org");
  g_assert_cmpstr (porch_site_get_table (site), ==, table);
}

static void
test_delete (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  g_autofree char *address = g_strdup (porch_site_get_address (site));
  g_autoptr(GFile) file = g_file_new_build_filename (cloud->path, "kept.json", NULL);
  g_autoptr(PorchEngine) other = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (cloud_post (site, "name=Jo&message=keep+me"), ==, 200);
  await_done (porch_engine_delete_site (cloud->engine, site, file));
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_sites (cloud->engine)), ==, 0);
  g_assert_true (g_file_load_contents (file, NULL, &text, NULL, NULL, &error));
  g_assert_nonnull (strstr (text, "keep me"));
  g_assert_cmpuint (cloud_fetch (address, NULL), !=, 200);

  cloud_restart (cloud);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_sites (cloud->engine)), ==, 0);
  other = cloud_open_engine (cloud, "other");
  g_assert_cmpuint (dex_await_uint (porch_engine_import (other, porch_engine_get_default_account (other)), &error), ==, 0);
}

static void
test_delete_export_fails (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  g_autoptr(GFile) file = g_file_new_for_path ("/proc/no/such/folder/kept.csv");
  g_autoptr(GError) error = NULL;
  PorchOperation *operation = porch_engine_delete_site (cloud->engine, site, file);

  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_EXPORT);
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (site), NULL), ==, 200);
  g_assert_cmpint (porch_site_get_state (site), ==, PORCH_SITE_LIVE);
}

static void
fail_delete (const char *faults)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  g_autoptr(PorchEngine) other = NULL;
  g_autoptr(GError) error = NULL;
  PorchOperation *operation;

  cloud_set_faults (cloud, faults);
  operation = porch_engine_delete_site (cloud->engine, site, NULL);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_nonnull (error);
  cloud_set_faults (cloud, NULL);
  cloud_restart (cloud);

  operation = only_operation (cloud->engine);
  g_assert_cmpstr (porch_operation_get_kind (operation), ==, "delete");
  g_assert_cmpint (porch_site_get_state (only_site (cloud->engine)), ==, PORCH_SITE_DELETING);
  porch_engine_resume_operation (cloud->engine, operation);
  await_done (operation);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_sites (cloud->engine)), ==, 0);
  other = cloud_open_engine (cloud, "other");
  g_assert_cmpuint (dex_await_uint (porch_engine_import (other, porch_engine_get_default_account (other)), &error), ==, 0);
}

static void
test_delete_interrupted (void)
{
  const char * const faults[] = {
    "op=DeleteStack,cut=after", "op=DeleteStack,status=403,code=AccessDenied", "op=DeleteObjects,status=403,code=AccessDenied",
    "op=DeleteBucket,cut=after", "op=DeleteBucket,status=403,code=AccessDenied", "op=DeleteTable,status=400,code=AccessDeniedException",
    "op=DeleteTable,cut=after",
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_test_message ("%s", faults[i]);
      fail_delete (faults[i]);
    }
}

static void
test_offline (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(GError) error = NULL;

  porch_engine_set_practice_endpoint (cloud->engine, "http://127.0.0.1:9", "AKIAIOSFODNN7EXAMPLE",
                                      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "eu-central-1", NULL);
  g_assert_false (dex_await (porch_site_refresh (site), &error));
  g_assert_cmpint (porch_site_get_state (site), ==, PORCH_SITE_UNREACHABLE);
  g_assert_nonnull (porch_site_get_problem (site));
  g_assert_cmpuint (g_list_model_get_n_items (porch_site_get_releases (site)), ==, 1);

  porch_engine_set_practice_endpoint (cloud->engine, NULL, NULL, NULL, NULL, NULL);
  g_clear_error (&error);
  g_assert_false (dex_await (porch_site_refresh (site), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_PRACTICE_OFF);

  cloud_set_faults (cloud, NULL);
  g_clear_error (&error);
  dex_await (porch_site_refresh (site), &error);
  g_assert_no_error (error);
  g_assert_cmpint (porch_site_get_state (site), ==, PORCH_SITE_LIVE);
  g_assert_null (porch_site_get_problem (site));
}

static void
test_rebuilt (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autofree char *id = g_strdup (porch_site_get_id (cloud_create_site (cloud, FALSE)));
  g_autofree char *file = g_build_filename (cloud->path, "data", "porchlight.db", NULL);
  g_autoptr(GError) error = NULL;

  g_clear_object (&cloud->engine);
  cloud_pause (50);
  g_assert_true (g_file_set_contents (file, "Not a database any more, but long enough to be looked at.", -1, NULL));
  cloud->engine = cloud_open_engine (cloud, "data");
  g_assert_nonnull (porch_engine_get_notice (cloud->engine));
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_accounts (cloud->engine)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_sites (cloud->engine)), ==, 0);

  dex_await (porch_engine_refresh (cloud->engine), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (porch_site_get_id (only_site (cloud->engine)), ==, id);
  g_assert_cmpint (porch_site_get_state (only_site (cloud->engine)), ==, PORCH_SITE_LIVE);
}

static void
test_other_process_notices (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchEngine) second = cloud_open_engine (cloud, "data");
  PorchSite *site = cloud_create_site (cloud, FALSE);

  for (guint i = 0; i < 100 && g_list_model_get_n_items (porch_engine_get_sites (second)) == 0; i++)
    cloud_pause (100);

  g_assert_cmpstr (porch_site_get_id (only_site (second)), ==, porch_site_get_id (site));
  await_done (porch_engine_delete_site (cloud->engine, site, NULL));

  for (guint i = 0; i < 100 && g_list_model_get_n_items (porch_engine_get_sites (second)) > 0; i++)
    cloud_pause (100);

  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_sites (second)), ==, 0);
}

static void
test_superseded (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchOperation) first = NULL;
  g_autoptr(PorchOperation) second = NULL;

  cloud_set_faults (cloud, "op=PutKey,status=403,code=AccessDeniedException");
  first = porch_go_live_operation_new (site, "20200101-000000-aaaaaa");
  porch_engine_run_operation (cloud->engine, first);
  dex_await (porch_operation_wait (first), NULL);
  g_assert_cmpint (porch_operation_get_state (first), ==, PORCH_OPERATION_FAILED);

  cloud_set_faults (cloud, NULL);
  second = porch_publish_operation_new (site, porch_site_get_folder (site), NULL);
  porch_engine_run_operation (cloud->engine, second);
  await_done (second);

  cloud_restart (cloud);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_operations (cloud->engine)), ==, 0);
}

static void
test_accounts (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchAccount *practice = porch_engine_get_default_account (cloud->engine);
  g_autoptr(PorchAccount) again = NULL;
  g_autoptr(GError) error = NULL;

  again = dex_await_object (porch_engine_add_practice (cloud->engine, "Other"), &error);
  g_assert_true (again == practice);

  g_assert_null (dex_await_object (porch_engine_add_account_keys (cloud->engine, "short", "short", NULL, NULL, NULL), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_KEYS);
  g_clear_error (&error);

  dex_await (porch_account_rename (practice, " Übung "), &error);
  g_assert_no_error (error);
  g_assert_true (porch_engine_find_account (cloud->engine, "Übung") == practice);

  cloud_create_site (cloud, FALSE);
  g_assert_false (dex_await (porch_engine_remove_account (cloud->engine, practice), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE);
  g_clear_error (&error);

  await_done (porch_engine_delete_site (cloud->engine, only_site (cloud->engine), NULL));
  dex_await (porch_engine_remove_account (cloud->engine, practice), &error);
  g_assert_no_error (error);
  g_assert_null (porch_engine_get_default_account (cloud->engine));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/engine/accounts", test_accounts);
  test_add_fiber ("/site/engine/create", test_create);
  test_add_fiber ("/site/engine/create/refused", test_create_refused);
  test_add_fiber ("/site/engine/create/refused-late", test_create_refused_late);
  test_add_fiber ("/site/engine/create/connection-lost", test_create_connection_lost);
  test_add_fiber ("/site/engine/create/signed-out", test_create_signed_out);
  test_add_fiber ("/site/engine/create/bad-day", test_create_bad_day);
  test_add_fiber ("/site/engine/create/record-fails", test_create_record_fails);
  test_add_fiber ("/site/engine/create/publish-fails", test_create_publish_fails);
  test_add_fiber ("/site/engine/create/name-taken", test_create_name_taken);
  test_add_fiber ("/site/engine/create/rolled-back", test_create_rolled_back);
  test_add_fiber ("/site/engine/create/not-ours", test_not_ours);
  test_add_fiber ("/site/engine/create/stop", test_create_stop);
  test_add_fiber ("/site/engine/create/stop-anywhere", test_stop_anywhere);
  test_add_fiber ("/site/engine/create/discard", test_create_discard);
  test_add_fiber ("/site/engine/import", test_import);
  test_add_fiber ("/site/engine/busy", test_busy);
  test_add_fiber ("/site/engine/form", test_form);
  test_add_fiber ("/site/engine/delete", test_delete);
  test_add_fiber ("/site/engine/delete/export-fails", test_delete_export_fails);
  test_add_fiber ("/site/engine/delete/interrupted", test_delete_interrupted);
  test_add_fiber ("/site/engine/offline", test_offline);
  test_add_fiber ("/site/engine/rebuilt", test_rebuilt);
  test_add_fiber ("/site/engine/other-process-notices", test_other_process_notices);
  test_add_fiber ("/site/engine/superseded", test_superseded);

  return g_test_run ();
}
