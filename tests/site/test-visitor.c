/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-manifest.h"
#include "porch-visitor.h"
#include "test-util.h"
#include "tree-util.h"

#include <gio/gnetworking.h>
#include <libsoup/soup.h>
#include <string.h>

/* In seconds: enough for some looks on a slow machine */
#define PATIENCE 2.0

#define BEFORE "20260101-000000-aaaaaa"
#define AFTER  "20260102-000000-aaaaaa"

/* The edge of a site with two releases: two folders, of which one is shown. */
typedef struct
{
  SoupServer    *server;
  char          *address;
  char          *before_root;
  char          *root;
  PorchManifest *before;
  PorchManifest *manifest;
  GHashTable    *statuses;     /* path -> status it is answered with */
  char          *location;     /* where the start page leads to, or NULL */
  char          *garbage;      /* what the start page shows, or NULL */
  guint          n_stale;      /* so many looks at the start page show what was before */
  guint          n_requests;
  gboolean       is_stranger;  /* the answers are not CloudFront's */
  gboolean       has_host;     /* only “localhost” shows pages */
} Edge;

static void
serve_file (Edge              *edge,
            SoupServerMessage *message,
            const char        *root,
            const char        *path)
{
  g_autofree char *filename = g_strconcat (root, path, g_str_has_suffix (path, "/") ? "index.html" : "", NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (filename, &text, &length, NULL))
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, "text/html", SOUP_MEMORY_COPY, text, length);
    }
  else
    {
      soup_server_message_set_status (message, 404, NULL);
    }
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Edge *edge = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *host = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");
  gboolean is_start = g_str_equal (path, "/");
  guint status = GPOINTER_TO_UINT (g_hash_table_lookup (edge->statuses, path));

  edge->n_requests++;

  if (!edge->is_stranger)
    soup_message_headers_append (headers, "X-Amz-Cf-Id", "abc");

  if (edge->has_host && !g_str_has_prefix (host, "localhost"))
    {
      g_autofree char *location = g_strdup_printf ("http://localhost:%s%s", strchr (host, ':') + 1, path);

      soup_server_message_set_redirect (message, 301, location);
    }
  else if (status != 0)
    soup_server_message_set_status (message, status, NULL);
  else if (is_start && edge->location != NULL)
    soup_server_message_set_redirect (message, 302, edge->location);
  else if (is_start && edge->garbage != NULL)
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, "text/html", SOUP_MEMORY_COPY, edge->garbage, strlen (edge->garbage));
    }
  else
    serve_file (edge, message, edge->n_stale > 0 ? edge->before_root : edge->root, path);

  if (is_start && edge->n_stale > 0 && edge->n_stale != G_MAXUINT)
    edge->n_stale--;
}

static void
listen_on_loopback (Edge *edge)
{
  g_autoptr(GError) error = NULL;
  GSList *uris;

  soup_server_listen_local (edge->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (edge->server);
  g_clear_pointer (&edge->address, g_free);
  edge->address = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
make_trees (Edge *edge)
{
  tree_write (edge->before_root, "index.html", "<title>Start</title>before");
  tree_write (edge->before_root, "same.html", "same");
  tree_write (edge->before_root, "news/index.html", "old news");
  tree_write (edge->root, "index.html", "<title>Start</title>after");
  tree_write (edge->root, "same.html", "same");
  tree_write (edge->root, "news/index.html", "<title>News</title>new news");
  tree_write (edge->root, "a b/ü.html", "<title>Added</title>");
}

static void
make_manifests (Edge *edge)
{
  g_autoptr(PorchFolder) before = tree_scan (edge->before_root, NULL);
  g_autoptr(PorchFolder) after = tree_scan (edge->root, NULL);

  g_clear_object (&edge->before);
  g_clear_object (&edge->manifest);
  edge->before = porch_manifest_new_for_folder (before, NULL, NULL, BEFORE, NULL, NULL, FALSE);
  edge->manifest = porch_manifest_new_for_folder (after, edge->before, NULL, AFTER, NULL, NULL, FALSE);
}

static Edge *
edge_new (void)
{
  Edge *edge = g_new0 (Edge, 1);

  edge->server = soup_server_new (NULL, NULL);
  edge->before_root = test_new_folder ();
  edge->root = test_new_folder ();
  edge->statuses = g_hash_table_new (g_str_hash, g_str_equal);
  soup_server_add_handler (edge->server, NULL, request_cb, edge, NULL);
  listen_on_loopback (edge);
  make_trees (edge);
  make_manifests (edge);

  return edge;
}

static void
edge_free (Edge *edge)
{
  test_remove_folder (edge->before_root);
  test_remove_folder (edge->root);
  g_clear_object (&edge->server);
  g_clear_object (&edge->before);
  g_clear_object (&edge->manifest);
  g_clear_pointer (&edge->statuses, g_hash_table_unref);
  g_free (edge->address);
  g_free (edge->before_root);
  g_free (edge->root);
  g_free (edge->location);
  g_free (edge->garbage);
  g_free (edge);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Edge, edge_free)

static PorchReceipt *
visit (Edge *edge)
{
  g_autoptr(PorchVisitor) visitor = porch_visitor_new (edge->address, edge->manifest, edge->before);
  g_autoptr(GError) error = NULL;
  PorchReceipt *receipt;

  porch_visitor_set_patience (visitor, PATIENCE);
  receipt = dex_await_object (porch_visitor_run (visitor), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (porch_receipt_get_release (receipt), ==, AFTER);
  g_assert_cmpuint (porch_visitor_get_n_seen (visitor), ==, porch_receipt_get_n_pages (receipt));

  return receipt;
}

static void
assert_visit (Edge              *edge,
              PorchReceiptState  state,
              const char        *reason)
{
  g_autoptr(PorchReceipt) receipt = visit (edge);
  g_autofree char *sentence = porch_receipt_dup_sentence (receipt);

  g_test_message ("%s %s", sentence, porch_receipt_get_reason (receipt));
  g_assert_cmpint (porch_receipt_get_state (receipt), ==, state);

  if (reason == NULL)
    g_assert_null (porch_receipt_get_reason (receipt));
  else
    {
      g_assert_nonnull (porch_receipt_get_reason (receipt));
      g_assert_nonnull (strstr (porch_receipt_get_reason (receipt), reason));
    }
}

static const PorchReceiptPage *
find_page (PorchReceipt *receipt,
           const char   *path)
{
  for (guint i = 0; i < porch_receipt_get_n_pages (receipt); i++)
    if (g_str_equal (porch_receipt_get_page (receipt, i)->path, path))
      return porch_receipt_get_page (receipt, i);

  return NULL;
}

/* The start page and what differs are looked at, once each. */
static void
test_healthy (void)
{
  g_autoptr(Edge) edge = edge_new ();
  g_autoptr(PorchReceipt) receipt = visit (edge);
  g_autoptr(PorchReceipt) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *json = porch_receipt_to_json (receipt);
  g_autofree char *json_again = NULL;

  g_assert_cmpint (porch_receipt_get_state (receipt), ==, PORCH_RECEIPT_SEEN);
  g_assert_cmpstr (porch_receipt_get_previous (receipt), ==, BEFORE);
  g_assert_cmpuint (porch_receipt_get_n_pages (receipt), ==, 3);
  g_assert_cmpuint (edge->n_requests, ==, 3);
  g_assert_cmpstr (porch_receipt_get_page (receipt, 0)->path, ==, "index.html");
  g_assert_true (find_page (receipt, "news/index.html")->is_good);
  g_assert_true (find_page (receipt, "a b/ü.html")->is_good);
  g_assert_null (find_page (receipt, "same.html"));

  again = porch_receipt_new_from_json (json, &error);
  g_assert_no_error (error);
  json_again = porch_receipt_to_json (again);
  g_assert_cmpstr (json, ==, json_again);
  g_assert_null (porch_receipt_new_from_json ("{}", &error));
  g_assert_nonnull (error);
}

static void
test_many_pages (void)
{
  g_autoptr(Edge) edge = edge_new ();
  g_autoptr(PorchReceipt) receipt = NULL;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *path = g_strdup_printf ("page-%u.html", i);

      tree_write (edge->root, path, path);
    }

  make_manifests (edge);
  receipt = visit (edge);
  g_assert_cmpint (porch_receipt_get_state (receipt), ==, PORCH_RECEIPT_SEEN);
  g_assert_cmpuint (porch_receipt_get_n_pages (receipt), ==, 1 + PORCH_VISITOR_PAGES);
}

static void
test_broken (void)
{
  g_autoptr(Edge) edge = edge_new ();

  g_hash_table_insert (edge->statuses, "/", GUINT_TO_POINTER (503));
  assert_visit (edge, PORCH_RECEIPT_BROKEN, "503");
  g_assert_cmpuint (edge->n_requests, >=, 3);

  g_hash_table_remove_all (edge->statuses);
  edge->garbage = g_strdup ("It works!");
  assert_visit (edge, PORCH_RECEIPT_BROKEN, "something else");

  g_clear_pointer (&edge->garbage, g_free);
  edge->location = g_strdup ("/");
  assert_visit (edge, PORCH_RECEIPT_BROKEN, "circle");
}

/* Only what is broken for good is: here the third look is fine. */
static void
test_hiccup (void)
{
  g_autoptr(Edge) edge = edge_new ();
  g_autoptr(PorchVisitor) visitor = porch_visitor_new (edge->address, edge->manifest, edge->before);
  g_autoptr(PorchReceipt) receipt = NULL;
  g_autoptr(DexFuture) visiting = NULL;

  g_hash_table_insert (edge->statuses, "/", GUINT_TO_POINTER (503));
  porch_visitor_set_patience (visitor, 600);
  visiting = porch_visitor_run (visitor);

  while (edge->n_requests < 2)
    dex_await (dex_timeout_new_msec (5), NULL);

  g_hash_table_remove_all (edge->statuses);
  receipt = dex_await_object (dex_ref (visiting), NULL);
  g_assert_cmpint (porch_receipt_get_state (receipt), ==, PORCH_RECEIPT_SEEN);
}

static void
test_stale (void)
{
  g_autoptr(Edge) edge = edge_new ();
  g_autoptr(PorchReceipt) receipt = NULL;

  edge->n_stale = 3;
  assert_visit (edge, PORCH_RECEIPT_SEEN, NULL);

  edge->n_stale = G_MAXUINT;
  receipt = visit (edge);
  g_assert_cmpint (porch_receipt_get_state (receipt), ==, PORCH_RECEIPT_NOT_YET);
  g_assert_true (porch_receipt_get_page (receipt, 0)->is_old);
  g_assert_cmpfloat (porch_receipt_get_seconds (receipt), >=, PATIENCE);
}

/* The start page is the same in both releases; the pages tell. */
static void
test_stale_pages (void)
{
  g_autoptr(Edge) edge = edge_new ();
  g_autoptr(PorchReceipt) receipt = NULL;

  tree_write (edge->before_root, "index.html", "<title>Start</title>after");
  make_manifests (edge);
  edge->n_stale = G_MAXUINT;
  receipt = visit (edge);
  g_assert_cmpint (porch_receipt_get_state (receipt), ==, PORCH_RECEIPT_NOT_YET);
  g_assert_true (porch_receipt_get_page (receipt, 0)->is_good);
  g_assert_true (find_page (receipt, "news/index.html")->is_old);
  g_assert_true (find_page (receipt, "a b/ü.html")->is_old);
}

/* Until the edge knows of the first release it says that there is none. */
static void
test_first (void)
{
  g_autoptr(Edge) edge = edge_new ();
  g_autoptr(PorchReceipt) receipt = NULL;

  g_clear_object (&edge->before);
  assert_visit (edge, PORCH_RECEIPT_SEEN, NULL);

  g_hash_table_insert (edge->statuses, "/", GUINT_TO_POINTER (503));
  receipt = visit (edge);
  g_assert_cmpint (porch_receipt_get_state (receipt), ==, PORCH_RECEIPT_NOT_YET);
  g_assert_null (porch_receipt_get_previous (receipt));
}

static void
test_broken_page (void)
{
  g_autoptr(Edge) edge = edge_new ();
  g_autoptr(PorchReceipt) receipt = NULL;
  g_autofree char *sentence = NULL;

  g_hash_table_insert (edge->statuses, "/news/", GUINT_TO_POINTER (500));
  receipt = visit (edge);
  g_assert_cmpint (porch_receipt_get_state (receipt), ==, PORCH_RECEIPT_FLAWED);
  g_assert_true (porch_receipt_get_page (receipt, 0)->is_good);
  g_assert_false (find_page (receipt, "news/index.html")->is_good);
  g_assert_cmpuint (find_page (receipt, "news/index.html")->status, ==, 500);
  g_assert_cmpstr (find_page (receipt, "news/index.html")->title, ==, NULL);
  sentence = porch_receipt_dup_sentence (receipt);
  g_assert_nonnull (strstr (sentence, "1 page "));
}

/* Nobody there, or only something in between: that says nothing about the site. */
static void
test_offline (void)
{
  g_autoptr(Edge) edge = edge_new ();

  edge->is_stranger = TRUE;
  g_hash_table_insert (edge->statuses, "/", GUINT_TO_POINTER (502));
  assert_visit (edge, PORCH_RECEIPT_NOT_LOOKED, "in its place");

  soup_server_disconnect (edge->server);
  assert_visit (edge, PORCH_RECEIPT_NOT_LOOKED, "reached");
}

static void
test_other_host (void)
{
  g_autoptr(Edge) edge = edge_new ();

  /* The address that pages are shown under */
  edge->has_host = TRUE;
  assert_visit (edge, PORCH_RECEIPT_SEEN, NULL);

  /* The same, but it is not there yet */
  edge->has_host = FALSE;
  edge->location = g_strdup ("http://localhost:1/");
  assert_visit (edge, PORCH_RECEIPT_NOT_LOOKED, "localhost");
}

/* The owner wants visitors of the start page to see another one. */
static void
test_own_redirect (void)
{
  g_autoptr(Edge) edge = edge_new ();

  edge->location = g_strdup ("/news/");
  assert_visit (edge, PORCH_RECEIPT_SEEN, NULL);
}

static void
test_stopped (void)
{
  g_autoptr(Edge) edge = edge_new ();
  PorchVisitor *visitor = porch_visitor_new (edge->address, edge->manifest, edge->before);
  g_autoptr(GError) error = NULL;
  DexFuture *visiting;

  edge->n_stale = G_MAXUINT;
  porch_visitor_set_patience (visitor, 600);
  visiting = porch_visitor_run (visitor);

  while (edge->n_requests < 2)
    dex_await (dex_timeout_new_msec (5), NULL);

  porch_visitor_stop (visitor);
  g_assert_null (dex_await_object (visiting, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  visiting = porch_visitor_run (visitor);
  dex_clear (&visiting);

  while (G_OBJECT (visitor)->ref_count > 1)
    dex_await (dex_timeout_new_msec (5), NULL);

  g_assert_finalize_object (visitor);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/visitor/healthy", test_healthy);
  test_add_fiber ("/site/visitor/many-pages", test_many_pages);
  test_add_fiber ("/site/visitor/broken", test_broken);
  test_add_fiber ("/site/visitor/hiccup", test_hiccup);
  test_add_fiber ("/site/visitor/stale", test_stale);
  test_add_fiber ("/site/visitor/stale-pages", test_stale_pages);
  test_add_fiber ("/site/visitor/first", test_first);
  test_add_fiber ("/site/visitor/broken-page", test_broken_page);
  test_add_fiber ("/site/visitor/offline", test_offline);
  test_add_fiber ("/site/visitor/other-host", test_other_host);
  test_add_fiber ("/site/visitor/own-redirect", test_own_redirect);
  test_add_fiber ("/site/visitor/stopped", test_stopped);

  return g_test_run ();
}
