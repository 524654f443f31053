/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-response.h"
#include "aws-s3.h"
#include "aws-soup.h"
#include "cloud-util.h"
#include "porch-clean-up.h"
#include "porch-error.h"
#include "porch-go-live-operation.h"
#include "porch-publish-operation.h"
#include "test-util.h"
#include "tree-util.h"
#include "user-util.h"

#include <libsoup/soup.h>
#include <string.h>

/* Everything but making stores: what says which release is live is the edge function itself then */
#define NO_STORES "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}," \
                  "{\"Effect\":\"Deny\",\"Action\":\"cloudfront:CreateKeyValueStore\",\"Resource\":\"*\"}]}"

/* In seconds: what is broken here is so at once */
#define PATIENCE 1.5

/* All of it is done in an account with stores, and again in one without. */
static gboolean
is_without_store (void)
{
  return strstr (g_test_get_path (), "/without-store/") != NULL;
}

static Cloud *
new_cloud (void)
{
  Cloud *cloud = cloud_new ();

  if (is_without_store ())
    {
      g_free (user_make (cloud, "nina", NO_STORES));
      user_become (cloud, "nina");
    }

  return cloud;
}

/* What a visitor gets; a cookie is all that a browser would remember. */
typedef struct
{
  guint  status;
  char  *body;
  char  *location;
  char  *cookie;
} Page;

static void
page_free (Page *page)
{
  g_free (page->body);
  g_free (page->location);
  g_free (page->cookie);
  g_free (page);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)

static Page *
fetch (const char *url,
       const char *cookie)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;
  Page *page = g_new0 (Page, 1);
  const char *set_cookie;

  if (cookie != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Cookie", cookie);

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  response = dex_await_boxed (aws_soup_send (session, message, NULL), &error);
  g_assert_no_error (error);

  set_cookie = soup_message_headers_get_list (soup_message_get_response_headers (message), "Set-Cookie");
  page->status = soup_message_get_status (message);
  page->location = g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), "Location"));
  page->cookie = set_cookie != NULL ? g_strndup (set_cookie, strcspn (set_cookie, ";")) : NULL;
  page->body = g_strndup (g_bytes_get_data (aws_response_get_body (response), NULL),
                          g_bytes_get_size (aws_response_get_body (response)));

  return page;
}

/* What somebody sees who opens the link of a draft: its start page, or NULL if there is none any more */
static char *
open_link (PorchSite  *site,
           const char *link)
{
  g_autoptr(Page) first = fetch (link, NULL);
  g_autoptr(Page) second = NULL;

  if (first->status != 302)
    {
      g_assert_cmpuint (first->status, ==, 410);
      return NULL;
    }

  g_assert_nonnull (first->cookie);
  second = fetch (porch_site_get_address (site), first->cookie);
  g_assert_cmpuint (second->status, ==, 200);

  return g_steal_pointer (&second->body);
}

static void
assert_link (PorchSite  *site,
             const char *link,
             const char *text)
{
  g_autofree char *seen = open_link (site, link);

  g_assert_cmpstr (seen, ==, text);
}

static void
assert_page (PorchSite  *site,
             const char *path,
             guint       status,
             const char *text)
{
  g_autofree char *url = g_strconcat (porch_site_get_address (site), path, NULL);
  g_autoptr(Page) page = fetch (url, NULL);

  g_assert_cmpuint (page->status, ==, status);

  if (status == 301)
    g_assert_true (g_str_has_suffix (page->location, text));
  else if (text != NULL)
    g_assert_cmpstr (page->body, ==, text);
}

static PorchOperation *
run_publish (PorchSite  *site,
             const char *root,
             guint       days,
             GError    **error)
{
  g_autoptr(GFile) folder = g_file_new_for_path (root);
  PorchOperation *operation = porch_publish_operation_new (site, folder, NULL);

  porch_publish_operation_set_draft (PORCH_PUBLISH_OPERATION (operation), days);
  porch_publish_operation_set_patience (PORCH_PUBLISH_OPERATION (operation), PATIENCE);
  porch_engine_run_operation (porch_site_get_engine (site), operation);
  dex_await (porch_operation_wait (operation), error);

  return operation;
}

static char *
publish (PorchSite  *site,
         const char *root)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchOperation) operation = run_publish (site, root, 0, &error);

  g_assert_no_error (error);

  return g_strdup (porch_publish_operation_get_result (PORCH_PUBLISH_OPERATION (operation))->release);
}

static PorchDraft *
publish_draft (PorchSite  *site,
               const char *root,
               guint       days)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchOperation) operation = run_publish (site, root, days, &error);

  g_assert_no_error (error);
  g_assert_nonnull (porch_publish_operation_get_draft (PORCH_PUBLISH_OPERATION (operation)));

  return g_object_ref (porch_publish_operation_get_draft (PORCH_PUBLISH_OPERATION (operation)));
}

static guint
count_objects (PorchSite  *site,
               const char *prefix,
               const char *release)
{
  g_autoptr(PorchTarget) target = dex_await_object (porch_site_open_target (site), NULL);
  g_autofree char *start = g_strconcat (prefix, release, NULL);
  g_autoptr(AwsS3Listing) listing = dex_await_boxed (aws_s3_list_objects (porch_target_get_client (target),
                                                                          porch_target_get_bucket (target), start, NULL),
                                                     NULL);

  return aws_s3_listing_get_objects (listing)->len;
}

static guint
count_drafts (PorchSite *site)
{
  return g_list_model_get_n_items (porch_site_get_drafts (site));
}

static PorchDraft *
dup_first (PorchSite *site)
{
  return g_list_model_get_item (porch_site_get_drafts (site), 0);
}

static void
await_done (DexFuture *future)
{
  g_autoptr(GError) error = NULL;

  dex_await (future, &error);
  g_assert_no_error (error);
}

/* A site with a live release, and a folder that differs from it */
static PorchSite *
make_site (Cloud      *cloud,
           const char *root)
{
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autofree char *release = NULL;

  tree_write (root, "index.html", "live");
  tree_write (root, "photos/1.txt", "photo");
  release = publish (site, root);
  tree_write (root, "index.html", "draft");

  return site;
}

/* Shown to who has the link and nobody else; known on another computer, too */
static void
test_draft (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autofree char *live = g_strdup (porch_site_get_live_release (site));
  g_autoptr(PorchDraft) draft = publish_draft (site, root, 7);
  g_autoptr(PorchDraft) seen = NULL;
  g_autoptr(PorchEngine) other = NULL;
  PorchSite *again;
  PorchRelease *release;
  gint64 until = g_date_time_to_unix (porch_draft_get_until (draft));
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpint (until - now, >, 7 * 24 * 3600 - 300);
  g_assert_cmpint (until - now, <=, 7 * 24 * 3600);
  g_assert_cmpstr (porch_site_get_live_release (site), ==, live);
  assert_page (site, "", 200, "live");
  assert_link (site, porch_draft_get_link (draft), "draft");
  g_assert_cmpuint (count_drafts (site), ==, 1);

  release = porch_history_lookup (porch_site_get_history (site), porch_draft_get_release (draft));
  g_assert_true (porch_release_get_draft (release) == draft);
  g_assert_true (porch_release_was_draft (release));
  g_assert_false (porch_release_get_live (release));

  /* The unchanged folder is not copied for it. */
  g_assert_cmpuint (count_objects (site, "releases/", porch_draft_get_release (draft)), ==, 1);

  other = cloud_open_engine (cloud, "other");
  await_done (porch_engine_import (other, porch_engine_get_default_account (other)));
  again = porch_engine_find_site (other, porch_site_get_id (site));
  await_done (porch_site_refresh (again));
  g_assert_cmpuint (count_drafts (again), ==, 1);
  seen = dup_first (again);
  g_assert_cmpstr (porch_draft_get_link (seen), ==, porch_draft_get_link (draft));
  g_assert_cmpstr (porch_draft_get_id (seen), ==, porch_draft_get_id (draft));
  g_assert_cmpstr (porch_draft_get_release (seen), ==, porch_draft_get_release (draft));

  /* The other one may take it back. */
  await_done (porch_site_remove_draft (again, seen));
  g_assert_cmpuint (count_drafts (again), ==, 0);
  assert_link (site, porch_draft_get_link (draft), NULL);
  await_done (porch_site_refresh (site));
  g_assert_cmpuint (count_drafts (site), ==, 0);

  test_remove_folder (root);
}

static void
test_extend_and_remove (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autoptr(PorchDraft) first = publish_draft (site, root, 1);
  g_autoptr(PorchDraft) second = NULL;
  g_autoptr(PorchDraft) shown = NULL;
  g_autoptr(GDateTime) before = g_date_time_ref (porch_draft_get_until (first));

  /* Another one does not end the first. */
  tree_write (root, "index.html", "second draft");
  second = publish_draft (site, root, 3);
  g_assert_cmpuint (count_drafts (site), ==, 2);
  assert_link (site, porch_draft_get_link (first), "draft");
  assert_link (site, porch_draft_get_link (second), "second draft");

  await_done (porch_site_extend_draft (site, first, 30));
  g_assert_cmpint (g_date_time_difference (porch_draft_get_until (first), before), >, 28 * G_TIME_SPAN_DAY);
  assert_link (site, porch_draft_get_link (first), "draft");
  shown = dup_first (site);
  g_assert_true (shown == second);
  await_done (porch_site_refresh (site));
  g_assert_cmpint (g_date_time_difference (porch_draft_get_until (first), before), >, 28 * G_TIME_SPAN_DAY);

  await_done (porch_site_remove_draft (site, first));
  assert_link (site, porch_draft_get_link (first), NULL);
  assert_link (site, porch_draft_get_link (second), "second draft");
  g_assert_cmpuint (count_drafts (site), ==, 1);
  g_assert_cmpuint (count_objects (site, "releases/", porch_draft_get_release (first)), ==, 0);
  g_assert_cmpuint (count_objects (site, "manifests/", porch_draft_get_release (first)), ==, 0);
  g_assert_null (porch_history_lookup (porch_site_get_history (site), porch_draft_get_release (first)));
  assert_page (site, "", 200, "live");

  test_remove_folder (root);
}

static void
go_live (PorchSite  *site,
         const char *release)
{
  g_autoptr(PorchOperation) operation = porch_site_go_live (site, release);

  await_done (porch_operation_wait (operation));
}

/* What everybody sees has no secret link any more. */
static void
test_go_live (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autoptr(PorchDraft) draft = publish_draft (site, root, 7);
  g_autofree char *before = g_strdup (porch_site_get_live_release (site));
  g_autoptr(PorchOperation) again = NULL;
  g_autoptr(GError) error = NULL;
  PorchRelease *release;

  go_live (site, porch_draft_get_release (draft));
  assert_page (site, "", 200, "draft");
  assert_page (site, "photos/1.txt", 200, "photo");
  assert_link (site, porch_draft_get_link (draft), NULL);
  g_assert_cmpuint (count_drafts (site), ==, 0);
  g_assert_cmpstr (porch_site_get_live_release (site), ==, porch_draft_get_release (draft));

  release = porch_history_lookup (porch_site_get_history (site), porch_draft_get_release (draft));
  g_assert_null (porch_release_get_draft (release));
  g_assert_nonnull (porch_release_get_receipt (release));
  g_assert_cmpint (porch_receipt_get_state (porch_release_get_receipt (release)), ==, PORCH_RECEIPT_SEEN);
  g_assert_cmpstr (porch_receipt_get_previous (porch_release_get_receipt (release)), ==, before);

  again = run_publish (site, root, 0, &error);
  g_assert_no_error (error);
  g_assert_true (porch_publish_operation_get_result (PORCH_PUBLISH_OPERATION (again))->unchanged);

  go_live (site, before);
  assert_page (site, "", 200, "live");

  test_remove_folder (root);
}

/* A link to what is live already needs no other release, and its end takes none away. */
static void
test_unchanged (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autoptr(PorchDraft) draft = NULL;

  tree_write (root, "index.html", "live");
  draft = publish_draft (site, root, 7);
  g_assert_cmpstr (porch_draft_get_release (draft), ==, porch_site_get_live_release (site));
  assert_link (site, porch_draft_get_link (draft), "live");
  await_done (porch_site_remove_draft (site, draft));
  assert_page (site, "", 200, "live");

  test_remove_folder (root);
}

static void
clean_up (PorchSite *site,
          guint      days)
{
  g_autoptr(PorchTarget) target = dex_await_object (porch_site_open_target (site), NULL);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) later = g_date_time_add_days (now, days);
  g_autoptr(GError) error = NULL;

  dex_await_int64 (porch_clean_up_run (target, later), &error);
  g_assert_no_error (error);
}

/* A draft in use stays however many releases come after it; once its time is over it goes with all it has. */
static void
test_expired (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autoptr(PorchDraft) draft = publish_draft (site, root, 20);

  await_done (porch_site_set_kept_versions (site, 2));

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *text = g_strdup_printf ("live %u", i);
      g_autofree char *release = NULL;

      tree_write (root, "index.html", text);
      release = publish (site, root);
    }

  /* The last two, and the live one and the one before, which may be others: all are of the same second or two */
  clean_up (site, 10);
  g_assert_cmpuint (count_objects (site, "manifests/", NULL), <=, 5);
  g_assert_cmpuint (count_objects (site, "manifests/", porch_draft_get_release (draft)), ==, 1);
  assert_link (site, porch_draft_get_link (draft), "draft");
  assert_page (site, "", 200, "live 3");
  assert_page (site, "photos/1.txt", 200, "photo");

  clean_up (site, 21);
  g_assert_cmpuint (count_objects (site, "manifests/", porch_draft_get_release (draft)), ==, 0);
  g_assert_cmpuint (count_objects (site, "releases/", porch_draft_get_release (draft)), ==, 0);
  assert_link (site, porch_draft_get_link (draft), NULL);
  assert_page (site, "", 200, "live 3");
  assert_page (site, "photos/1.txt", 200, "photo");

  test_remove_folder (root);
}

static void
await_removed (PorchSite  *site,
               const char *release)
{
  g_autoptr(PorchTarget) target = dex_await_object (porch_site_open_target (site), NULL);

  await_done (porch_history_remove (porch_site_get_history (site), target, release));
}

/* A page that has another address is found at the old one: in one hop, however often it moved. */
static void
test_renamed (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  tree_write (root, "about.html", "<title>About us</title>");
  tree_write (root, "_redirects", "/shop https://shop.example.org/ 302\n/old/* /new/:splat\n");
  first = publish (site, root);
  assert_page (site, "about.html", 200, NULL);
  assert_page (site, "_redirects/", 404, NULL);
  assert_page (site, "shop", 302, NULL);
  assert_page (site, "old/thing.html", 301, "/new/thing.html");

  tree_remove (root, "about.html");
  tree_write (root, "team/index.html", "<title>About us</title>");
  second = publish (site, root);
  assert_page (site, "about.html", 301, "/team/");

  tree_remove (root, "team/index.html");
  tree_write (root, "people.html", "<title>About us</title>more");
  third = publish (site, root);
  assert_page (site, "about.html", 301, "/people.html");
  assert_page (site, "team/", 301, "/people.html");
  assert_page (site, "people.html", 200, NULL);

  /* What an older version shows leads nowhere there. */
  go_live (site, first);
  assert_page (site, "about.html", 200, NULL);
  assert_page (site, "people.html", 404, NULL);
  go_live (site, third);
  assert_page (site, "team/", 301, "/people.html");

  /* The redirects of a version that is removed go with it, and only those. */
  await_done (porch_site_refresh (site));
  await_removed (site, second);
  assert_page (site, "team/", 301, "/people.html");
  go_live (site, first);
  assert_page (site, "old/thing.html", 301, "/new/thing.html");
  go_live (site, third);

  /* Only the file with the redirects changed. */
  tree_write (root, "_redirects", "/shop https://shop.example.com/ 302\n");
  g_free (g_steal_pointer (&first));
  first = publish (site, root);
  g_assert_cmpstr (first, !=, third);
  assert_page (site, "old/thing.html", 404, NULL);
  assert_page (site, "about.html", 301, "/people.html");

  test_remove_folder (root);
}

/* A setting of the site, which outlives releases */
static void
test_single_page (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autofree char *id = g_strdup (porch_site_get_id (site));
  g_autoptr(PorchEngine) other = NULL;
  g_autofree char *release = NULL;
  PorchSite *again;

  assert_page (site, "some/where", 301, "/some/where/");
  await_done (porch_site_set_single_page (site, TRUE));
  await_done (porch_site_set_kept_versions (site, 23));
  assert_page (site, "some/where", 200, "live");
  assert_page (site, "photos/1.txt", 200, "photo");
  release = publish (site, root);
  assert_page (site, "some/where", 200, "draft");

  cloud_restart (cloud);
  again = porch_engine_find_site (cloud->engine, id);
  g_assert_true (porch_site_get_single_page (again));
  g_assert_cmpuint (porch_site_get_kept_versions (again), ==, 23);

  other = cloud_open_engine (cloud, "other");
  await_done (porch_engine_import (other, porch_engine_get_default_account (other)));
  again = porch_engine_find_site (other, id);
  g_assert_true (porch_site_get_single_page (again));
  g_assert_cmpuint (porch_site_get_kept_versions (again), ==, 23);

  await_done (porch_site_set_single_page (again, FALSE));
  assert_page (again, "some/where", 301, "/some/where/");

  test_remove_folder (root);
}

/* The start page answers with an error: the version before is live again, and the reason is told and kept. */
static void
test_gone_back (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autofree char *before = g_strdup (porch_site_get_live_release (site));
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  PorchReceipt *receipt;
  PorchProblem *problem;
  PorchRelease *release;

  cloud_change_faults (cloud, "op=Visit,status=503");
  operation = run_publish (site, root, 0, &error);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NOT_SHOWN);
  g_assert_nonnull (strstr (error->message, "503"));
  problem = porch_operation_get_problem (operation);
  g_assert_nonnull (problem);
  g_test_message ("%s: %s %s", porch_problem_get_title (problem), porch_problem_get_cause (problem), porch_problem_get_remedy (problem));

  receipt = porch_publish_operation_get_receipt (PORCH_PUBLISH_OPERATION (operation));
  g_assert_cmpint (porch_receipt_get_state (receipt), ==, PORCH_RECEIPT_WENT_BACK);
  g_assert_cmpstr (porch_site_get_live_release (site), ==, before);
  release = porch_history_lookup (porch_site_get_history (site), porch_receipt_get_release (receipt));
  g_assert_true (porch_release_get_receipt (release) == receipt);
  g_assert_cmpuint (count_objects (site, "receipts/", porch_receipt_get_release (receipt)), ==, 1);

  cloud_change_faults (cloud, NULL);
  assert_page (site, "", 200, "live");

  /* The same operation tries again, with the folder as it is then; what arrived is not sent twice. */
  tree_write (root, "other.html", "other");
  g_clear_error (&error);
  porch_operation_resume (operation);
  await_done (porch_operation_wait (operation));
  g_assert_cmpuint (porch_publish_operation_get_result (PORCH_PUBLISH_OPERATION (operation))->sent, ==, 1);
  assert_page (site, "", 200, "draft");
  assert_page (site, "other.html", 200, "other");

  test_remove_folder (root);
}

/* Given up after it went back: the version is one of the history, whole, and can be made live when all is well. */
static void
test_given_up (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *release = NULL;

  cloud_change_faults (cloud, "op=Visit,status=500");
  operation = run_publish (site, root, 0, &error);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NOT_SHOWN);
  release = g_strdup (porch_publish_operation_get_result (PORCH_PUBLISH_OPERATION (operation))->release);
  await_done (porch_operation_discard (operation));
  cloud_change_faults (cloud, NULL);
  assert_page (site, "", 200, "live");

  go_live (site, release);
  assert_page (site, "", 200, "draft");

  test_remove_folder (root);
}

/* Nobody could look: the release stays, and the receipt says so. On another computer, too. */
static void
test_not_looked (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autofree char *release = NULL;
  g_autoptr(PorchEngine) other = NULL;
  PorchReceipt *receipt;
  PorchSite *again;

  cloud_change_faults (cloud, "op=Visit,cut=before");
  release = publish (site, root);
  cloud_change_faults (cloud, NULL);
  assert_page (site, "", 200, "draft");

  other = cloud_open_engine (cloud, "other");
  await_done (porch_engine_import (other, porch_engine_get_default_account (other)));
  again = porch_engine_find_site (other, porch_site_get_id (site));
  await_done (porch_site_refresh (again));
  receipt = porch_release_get_receipt (porch_history_lookup (porch_site_get_history (again), release));
  g_assert_nonnull (receipt);
  g_assert_cmpint (porch_receipt_get_state (receipt), ==, PORCH_RECEIPT_NOT_LOOKED);
  g_assert_nonnull (porch_receipt_get_reason (receipt));

  test_remove_folder (root);
}

static PorchOperation *
find_operation (Cloud *cloud)
{
  GListModel *operations = porch_engine_get_operations (cloud->engine);

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (operations, i);

      if (PORCH_IS_PUBLISH_OPERATION (operation))
        return g_steal_pointer (&operation);
    }

  return NULL;
}

static void
stop_at_watch (PorchOperation *operation,
               GParamSpec     *pspec,
               gpointer        user_data)
{
  PorchStep *step = porch_operation_get_current_step (operation);

  if (step != NULL && g_str_equal (porch_step_get_id (step), "watch"))
    porch_operation_stop (operation);
}

/* Live, but the program ends before anybody looked: the next start looks. */
static void
test_watch_resumed (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autoptr(GFile) folder = g_file_new_for_path (root);
  g_autoptr(PorchOperation) operation = porch_publish_operation_new (site, folder, NULL);
  g_autoptr(GError) error = NULL;
  const PorchPublishResult *result;

  g_signal_connect (operation, "notify::current-step", G_CALLBACK (stop_at_watch), NULL);
  porch_engine_run_operation (cloud->engine, operation);
  g_assert_false (dex_await (porch_operation_wait (operation), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STOPPED);
  assert_page (site, "", 200, "draft");
  g_clear_object (&operation);

  cloud_restart (cloud);
  operation = find_operation (cloud);
  g_assert_nonnull (operation);
  porch_operation_resume (operation);
  await_done (porch_operation_wait (operation));
  g_assert_nonnull (porch_publish_operation_get_receipt (PORCH_PUBLISH_OPERATION (operation)));
  g_assert_cmpint (porch_receipt_get_state (porch_publish_operation_get_receipt (PORCH_PUBLISH_OPERATION (operation))), ==,
                   PORCH_RECEIPT_SEEN);

  result = porch_publish_operation_get_result (PORCH_PUBLISH_OPERATION (operation));
  g_assert_cmpuint (result->sent, ==, 1);
  g_assert_nonnull (porch_publish_operation_get_previous (PORCH_PUBLISH_OPERATION (operation)));

  test_remove_folder (root);
}

/* Killed after the pointer was written and before that was noted: whoever publishes next looks. */
static void
test_watch_after_kill (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autoptr(PorchTarget) target = dex_await_object (porch_site_open_target (site), NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (root);
  g_autoptr(PorchPublisher) publisher = porch_publisher_new (target, folder, NULL);
  g_autoptr(PorchPublishResult) result = NULL;
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(PorchOperation) again = NULL;
  g_autoptr(GError) error = NULL;

  porch_publisher_set_watched (publisher, TRUE);
  result = dex_await_boxed (porch_publisher_run (publisher), &error);
  g_assert_no_error (error);
  g_assert_false (result->unchanged);
  operation = run_publish (site, root, 0, &error);
  g_assert_no_error (error);
  g_assert_true (porch_publish_operation_get_result (PORCH_PUBLISH_OPERATION (operation))->unchanged);
  g_assert_nonnull (porch_publish_operation_get_receipt (PORCH_PUBLISH_OPERATION (operation)));
  g_assert_cmpstr (porch_publish_operation_get_previous (PORCH_PUBLISH_OPERATION (operation)), !=, NULL);

  again = run_publish (site, root, 0, &error);
  g_assert_no_error (error);
  g_assert_null (porch_publish_operation_get_receipt (PORCH_PUBLISH_OPERATION (again)));
  g_assert_cmpuint (porch_publish_operation_get_result (PORCH_PUBLISH_OPERATION (again))->requests, <=, 3);

  test_remove_folder (root);
}

/* The fingerprinted files of the release before stay for pages that are still open, also when an older one goes live. */
static void
test_carried_over (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  tree_write (root, "assets/app.0a1b2c3d.js", "1");
  first = publish (site, root);
  tree_remove (root, "assets/app.0a1b2c3d.js");
  tree_write (root, "assets/app.4e5f6a7b.js", "2");
  tree_write (root, "index.html", "second");
  second = publish (site, root);
  assert_page (site, "assets/app.0a1b2c3d.js", 200, "1");
  assert_page (site, "assets/app.4e5f6a7b.js", 200, "2");

  go_live (site, first);
  assert_page (site, "assets/app.0a1b2c3d.js", 200, "1");
  tree_remove (root, "assets/app.4e5f6a7b.js");
  tree_write (root, "assets/app.8c9d0e1f.js", "3");
  tree_write (root, "index.html", "third");
  third = publish (site, root);
  assert_page (site, "assets/app.0a1b2c3d.js", 200, "1");
  assert_page (site, "assets/app.8c9d0e1f.js", 200, "3");
  go_live (site, second);
  assert_page (site, "assets/app.0a1b2c3d.js", 200, "1");
  assert_page (site, "assets/app.4e5f6a7b.js", 200, "2");

  test_remove_folder (root);
}

/* More pages with other addresses than there is room for: visitors see all of them, if not all of the old addresses. */
static void
test_many_renamed (void)
{
  g_autoptr(Cloud) cloud = new_cloud ();
  g_autofree char *root = test_new_folder ();
  PorchSite *site = make_site (cloud, root);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *path = g_strdup_printf ("old-pages-with-rather-long-names/page-number-%03u.html", i);
      g_autofree char *text = g_strdup_printf ("<title>Page %u</title>", i);

      tree_write (root, path, text);
    }

  tree_write (root, "_redirects", "/shop https://shop.example.org/ 302\n");
  first = publish (site, root);

  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *old_path = g_strdup_printf ("old-pages-with-rather-long-names/page-number-%03u.html", i);
      g_autofree char *path = g_strdup_printf ("new-pages-with-rather-long-names/page-number-%03u.html", i);
      g_autofree char *text = g_strdup_printf ("<title>Page %u</title>", i);

      tree_remove (root, old_path);
      tree_write (root, path, text);
    }

  second = publish (site, root);
  assert_page (site, "new-pages-with-rather-long-names/page-number-119.html", 200, "<title>Page 119</title>");
  assert_page (site, "shop", 302, NULL);

  if (is_without_store ())
    assert_page (site, "old-pages-with-rather-long-names/page-number-119.html", 404, NULL);
  else
    assert_page (site, "old-pages-with-rather-long-names/page-number-119.html", 301,
                 "/new-pages-with-rather-long-names/page-number-119.html");

  test_remove_folder (root);
}

static const struct
{
  const char    *name;
  TestFiberFunc  func;
} cases[] = {
  { "draft/draft", test_draft },
  { "draft/extend-and-remove", test_extend_and_remove },
  { "draft/go-live", test_go_live },
  { "draft/unchanged", test_unchanged },
  { "draft/expired", test_expired },
  { "release/renamed", test_renamed },
  { "release/many-renamed", test_many_renamed },
  { "release/single-page", test_single_page },
  { "release/carried-over", test_carried_over },
  { "watch/gone-back", test_gone_back },
  { "watch/given-up", test_given_up },
  { "watch/not-looked", test_not_looked },
  { "watch/resumed", test_watch_resumed },
  { "watch/after-kill", test_watch_after_kill },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/site/with-store/", cases[i].name, NULL);

      test_add_fiber (path, cases[i].func);
    }

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/site/without-store/", cases[i].name, NULL);

      test_add_fiber (path, cases[i].func);
    }

  return g_test_run ();
}
