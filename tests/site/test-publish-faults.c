/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-keyvaluestore.h"
#include "aws-response.h"
#include "aws-s3.h"
#include "aws-soup.h"
#include "cloud-util.h"
#include "porch-publish-operation.h"
#include "porch-publish-store.h"
#include "porch-store-pointer.h"
#include "test-util.h"
#include "tree-util.h"

#include <libsoup/soup.h>
#include <string.h>

/* A publish is cut at every single request in turn, in several ways. What visitors see then, on every path, is wholly what
 * was before or wholly what is to come; taken up again it comes to its end, and nothing is sent that had arrived. */

#define TIMEOUT 1     /* seconds, where an answer never comes */
#define TRIES 30
#define MISSING_PAGE "/there/is/nothing.html"

/* One way to go wrong, at the request of a number, and with the requests after it. */
typedef struct
{
  const char *name;
  const char *spec;
} Kind;

static const Kind kinds[] = {
  { "reset-before", "after={after},times=1000,cut=before" },
  { "reset-after", "after={after},times=1000,cut=after" },
  { "error-500", "after={after},times=1000,status=500" },
  { "slow-down-503", "at={at},status=503;after={after},times=1000,cut=before" },
  { "timeout-before", "at={at},hold=before;after={after},times=1000,cut=before" },
  { "timeout-after", "at={at},hold=after;after={after},times=1000,cut=before" },
  { "expired-token", "after={after},times=1000,token=expired" },
  { "refused-403", "after={after},times=1000,status=403" },
};

/* What visitors see of one path; of large files, what is said of them */
typedef struct
{
  guint   status;
  char   *headers;
  GBytes *body;
} Page;

typedef struct
{
  Cloud       *cloud;
  PorchSite   *site;
  PorchTarget *target;
  SoupSession *visitor;
  char        *folders[2];
  GPtrArray   *paths;        /* encoded, of both folders */
  GPtrArray   *shown[2];     /* Page, for each of the paths */
  guint        n_cuts;
} Scene;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_free (page->headers);
  g_bytes_unref (page->body);
  g_free (page);
}

static Page *
visit (Scene      *self,
       const char *path)
{
  g_autofree char *url = g_strconcat (porch_site_get_address (self->site), path + 1, NULL);
  gboolean is_large = g_str_has_suffix (path, ".mp4");
  g_autoptr(SoupMessage) message = soup_message_new (is_large ? "HEAD" : "GET", url);
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  Page *page = g_new0 (Page, 1);

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  response = dex_await_boxed (aws_soup_send (self->visitor, message, NULL), &error);
  g_assert_no_error (error);

  page->status = soup_message_get_status (message);
  page->body = g_bytes_ref (aws_response_get_body (response));
  page->headers = g_strdup_printf ("%s|%s|%s|%s", soup_message_headers_get_one (headers, "Content-Type"),
                                   soup_message_headers_get_one (headers, "Cache-Control"),
                                   soup_message_headers_get_one (headers, "Location"),
                                   is_large ? soup_message_headers_get_one (headers, "Content-Length") : "");

  return page;
}

static GPtrArray *
visit_all (Scene *self)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func (page_free);

  for (guint i = 0; i < self->paths->len; i++)
    g_ptr_array_add (pages, visit (self, g_ptr_array_index (self->paths, i)));

  return pages;
}

/* The page for what is missing lies under a key that all releases share, so it may be that of the other one. */
static gboolean
is_same (const Page *a,
         const Page *b)
{
  return a->status == b->status &&
         (a->status == 404 || (g_str_equal (a->headers, b->headers) && g_bytes_equal (a->body, b->body)));
}

/* Which of the two is shown: 0 or 1, never a mixture and never anything else. */
static int
await_shown (Scene      *self,
             const char *when)
{
  g_autoptr(GPtrArray) now = visit_all (self);
  const char *strange[2] = { NULL, NULL };

  for (guint version = 0; version < 2; version++)
    for (guint i = 0; i < now->len; i++)
      if (!is_same (g_ptr_array_index (now, i), g_ptr_array_index (self->shown[version], i)))
        strange[version] = g_ptr_array_index (self->paths, i);

  if (strange[0] != NULL && strange[1] != NULL)
    g_error ("%s: neither the old site (not %s) nor the new one (not %s) is served", when, strange[0], strange[1]);

  g_assert_true (strange[0] != NULL || strange[1] != NULL);

  return strange[0] != NULL ? 1 : 0;
}

static PorchOperation *
start_publish (Scene      *self,
               const char *folder)
{
  g_autoptr(GFile) file = g_file_new_for_path (folder);
  PorchOperation *operation = porch_publish_operation_new (self->site, file, NULL);

  /* We look ourselves. */
  porch_publish_operation_set_patience (PORCH_PUBLISH_OPERATION (operation), 0);
  porch_engine_run_operation (porch_site_get_engine (self->site), operation);

  return operation;
}

/* On a computer that has much to do, an answer may take longer than we wait; but every try gets further. */
static void
await_done (PorchOperation *operation,
            const char     *when)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < TRIES; i++)
    {
      g_clear_error (&error);

      if (dex_await (porch_operation_wait (operation), &error))
        return;

      porch_operation_resume (operation);
    }

  g_error ("%s: it does not come to its end: %s", when, error->message);
}

static void
publish (Scene      *self,
         const char *folder)
{
  g_autoptr(PorchOperation) operation = start_publish (self, folder);

  await_done (operation, "undisturbed");
}

/* From nothing to a small site */
static void
make_first (const char *root)
{
  tree_write (root, "index.html", "<h1>first</h1>");
  tree_write (root, "404.html", "an own page");
  tree_write (root, "pages/one.html", "one");
  tree_write (root, "pages/again.html", "one");
  tree_write (root, "pages/empty.txt", "");
  tree_write (root, "odd # ? % + & \xf0\x9f\x8f\xa0/\xc3\xbc.html", "odd");
}

static void
make_old (const char *root)
{
  make_first (root);
  tree_write (root, "same/index.html", "stays");
  tree_write (root, "same/picture.txt", "stays too");
  tree_write (root, "changing/index.html", "before");
  tree_write (root, "changing/constant.html", "is copied");
  tree_write (root, "gone/index.html", "will be gone");
  tree_write (root, "assets/main.1a2b3c4d.js", "old code");
}

static void
make_new (const char *root)
{
  make_old (root);
  tree_remove (root, "gone/index.html");
  tree_remove (root, "404.html");
  tree_remove (root, "assets/main.1a2b3c4d.js");
  tree_write (root, "index.html", "<h1>second</h1>");
  tree_write (root, "changing/index.html", "after");
  tree_write (root, "changing/new.html", "after");
  tree_write (root, "assets/main.5e6f7a8b.js", "new code");
  tree_write_bytes (root, "film.mp4", 5, AWS_S3_MULTIPART_FROM + 1000);
}

static void
add_paths (GHashTable *paths,
           const char *root,
           const char *folder)
{
  g_autofree char *filename = g_build_filename (root, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open (filename, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_strconcat (folder, "/", name, NULL);
      g_autofree char *inner = g_build_filename (root, path, NULL);

      if (g_file_test (inner, G_FILE_TEST_IS_DIR))
        {
          g_hash_table_add (paths, g_uri_escape_string (path, "/", FALSE));
          add_paths (paths, root, path);
        }
      else
        {
          g_hash_table_add (paths, g_uri_escape_string (path, "/", FALSE));
        }

      if (g_str_equal (name, "index.html"))
        {
          g_autofree char *form = g_strconcat (folder, "/", NULL);

          g_hash_table_add (paths, g_uri_escape_string (form, "/", FALSE));
        }
    }
}

static Scene *
scene_new (const Kind *kind)
{
  Scene *self = g_new0 (Scene, 1);
  g_autoptr(GError) error = NULL;

  self->cloud = cloud_new_with_trace ();
  self->site = cloud_create_site (self->cloud, FALSE);
  self->visitor = soup_session_new ();
  self->folders[0] = test_new_folder ();
  self->folders[1] = test_new_folder ();
  self->target = dex_await_object (porch_site_open_target (self->site), &error);
  g_assert_no_error (error);

  /* Waiting for an answer that never comes need not take long. Where all answers come, they may. */
  if (strstr (kind->spec, "hold=") != NULL)
    aws_client_set_timeout (porch_target_get_client (self->target), TIMEOUT);

  return self;
}

static void
find_paths (Scene *self)
{
  g_autoptr(GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_paths (paths, self->folders[0], "");
  add_paths (paths, self->folders[1], "");
  g_hash_table_add (paths, g_strdup (MISSING_PAGE));
  self->paths = g_hash_table_steal_all_keys (paths);
  g_ptr_array_set_free_func (self->paths, g_free);
}

/* What is served is what the files hold, as a visitor gets them. */
static void
check_bytes (Scene *self,
             guint  version)
{
  guint n_files = 0;

  for (guint i = 0; i < self->paths->len; i++)
    {
      g_autofree char *path = g_uri_unescape_string (g_ptr_array_index (self->paths, i), NULL);
      g_autofree char *index = g_strconcat (path, g_str_has_suffix (path, "/") ? "index.html" : "", NULL);
      g_autofree char *filename = g_build_filename (self->folders[version], index, NULL);
      const Page *page = g_ptr_array_index (self->shown[version], i);
      g_autofree char *data = NULL;
      gsize length;

      if (page->status == 200 && !g_str_has_suffix (path, ".mp4") && g_file_get_contents (filename, &data, &length, NULL))
        {
          g_assert_cmpmem (data, length, g_bytes_get_data (page->body, NULL), g_bytes_get_size (page->body));
          n_files++;
        }
    }

  g_assert_cmpuint (n_files, >=, 6);
}

static void
scene_free (Scene *self)
{
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->shown[i], g_ptr_array_unref);
      test_remove_folder (self->folders[i]);
      g_free (self->folders[i]);
    }

  g_ptr_array_unref (self->paths);
  g_object_unref (self->visitor);
  g_object_unref (self->target);
  cloud_free (self->cloud);
  g_free (self);
}

/* Adds what the lines say that arrived as a body of a file: its ETag, which follows from the bytes. Or looks that none of
 * it was known. */
static guint
count_arrivals (GStrv       lines,
                GHashTable *arrived,
                gboolean    again,
                const char *when)
{
  guint n = 0;

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (lines[i], " ", 5);

      if ((!g_str_equal (words[0], "PutObject") && !g_str_equal (words[0], "UploadPart")) ||
          !g_str_equal (words[1], "200") || g_str_equal (words[2], "0") || strstr (words[4], "/releases/") == NULL)
        continue;

      if (again && g_hash_table_contains (arrived, words[3]))
        g_error ("%s: %s bytes were sent again that had arrived: %s", when, words[2], words[4]);

      if (!again)
        g_hash_table_add (arrived, g_strdup (words[3]));
      n++;
    }

  return n;
}

static char *
build_spec (const Kind *kind,
            guint       n)
{
  g_autofree char *at = g_strdup_printf ("%u", n);
  g_autofree char *after = g_strdup_printf ("%u", n - 1);
  GString *spec = g_string_new (kind->spec);

  g_string_replace (spec, "{at}", at, 0);
  g_string_replace (spec, "{after}", after, 0);

  return g_string_free_and_steal (spec);
}

/* All that was asked, with what was already on its way when the publish ended: the server reads it all the same. */
static GStrv
await_trace (Scene *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  guint n_empty = 0;

  while (n_empty < 3)
    {
      g_auto(GStrv) lines = porch_practice_take_trace (self->cloud->practice);

      n_empty = lines[0] == NULL ? n_empty + 1 : 0;
      g_strv_builder_addv (builder, (const char **) lines);
      dex_await (dex_timeout_new_msec (20), NULL);
    }

  return g_strv_builder_end (builder);
}

/* Publishes @to with something going wrong at request @n. FALSE if there is no such request any more. */
static gboolean
await_cut (Scene      *self,
           const Kind *kind,
           guint       n,
           guint       from,
           guint       to)
{
  g_autofree char *when = g_strdup_printf ("%s at request %u, from %u to %u", kind->name, n, from, to);
  g_autoptr(GHashTable) arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) before = NULL;
  g_auto(GStrv) after = NULL;
  g_autofree char *spec = build_spec (kind, n);
  int shown;

  g_strfreev (porch_practice_take_trace (self->cloud->practice));
  cloud_change_faults (self->cloud, spec);
  operation = start_publish (self, self->folders[to]);
  dex_await (porch_operation_wait (operation), &error);
  before = await_trace (self);
  cloud_change_faults (self->cloud, NULL);
  shown = await_shown (self, when);

  if (error == NULL)
    {
      if ((guint) shown != to)
        g_error ("%s: it said that all was well", when);

      if (g_strv_length (before) < n)
        return FALSE;

      self->n_cuts++;

      return TRUE;
    }

  self->n_cuts++;
  count_arrivals (before, arrived, FALSE, when);
  porch_operation_resume (operation);
  await_done (operation, when);
  after = porch_practice_take_trace (self->cloud->practice);
  count_arrivals (after, arrived, TRUE, when);
  if ((guint) await_shown (self, when) != to)
    g_error ("%s: taken up again it did not go live", when);

  return TRUE;
}

/* All of its bytes, after it was put together of parts from several tries many times */
static void
check_film (Scene *self)
{
  g_autofree char *url = g_strconcat (porch_site_get_address (self->site), "film.mp4", NULL);
  g_autofree char *filename = g_build_filename (self->folders[1], "film.mp4", NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *data = NULL;
  gsize length;

  response = dex_await_boxed (aws_soup_send (self->visitor, message, NULL), &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (filename, &data, &length, NULL));
  g_assert_cmpmem (g_bytes_get_data (aws_response_get_body (response), NULL),
                   g_bytes_get_size (aws_response_get_body (response)), data, length);
}

static void
run_changes (Scene      *self,
             const Kind *kind)
{
  gboolean more[2] = { TRUE, TRUE };

  for (guint n = 1; more[0] || more[1]; n++)
    {
      more[1] = await_cut (self, kind, n, 0, 1);
      more[0] = await_cut (self, kind, n, 1, 0);
      g_assert_cmpuint (n, <, 200);
    }

  publish (self, self->folders[1]);
  check_film (self);
  publish (self, self->folders[0]);
  g_print ("# %s: %u cuts\n", kind->name, self->n_cuts);
  g_assert_cmpuint (self->n_cuts, >, 20);
}

static void
remember (Scene *self,
          guint  version)
{
  g_clear_pointer (&self->shown[version], g_ptr_array_unref);
  self->shown[version] = visit_all (self);
}

/* The kinds run side by side, since much of it is waiting. */
static DexFuture *
changes_fiber (gpointer user_data)
{
  const Kind *kind = user_data;
  Scene *self = scene_new (kind);

  make_old (self->folders[0]);
  make_new (self->folders[1]);
  find_paths (self);

  /* Each release carries fingerprinted files of the one before; after a while both do. */
  for (guint i = 0; i < 4; i++)
    {
      publish (self, self->folders[(i + 1) % 2]);
      remember (self, (i + 1) % 2);
    }

  check_bytes (self, 0);
  check_bytes (self, 1);
  run_changes (self, kind);
  scene_free (self);

  return dex_future_new_true ();
}

static void
run_kinds (DexFiberFunc func)
{
  g_autoptr(GPtrArray) lanes = g_ptr_array_new_with_free_func (dex_unref);
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_ptr_array_add (lanes, dex_scheduler_spawn (NULL, 256 * 1024, func, (gpointer) &kinds[i], NULL));

  dex_await (dex_future_allv ((DexFuture * const *) lanes->pdata, lanes->len), &error);
  g_assert_no_error (error);
}

static void
test_changes (void)
{
  run_kinds (changes_fiber);
}

static void
forget_all (Scene *self)
{
  g_autoptr(PorchTarget) target = dex_await_object (porch_site_open_target (self->site), NULL);
  AwsClient *client = porch_target_get_client (target);
  const char *arn = porch_site_get_store_arn (self->site);
  const char *bucket = porch_target_get_bucket (target);
  g_autoptr(GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr(AwsKeyValueStore) store = dex_await_boxed (aws_keyvaluestore_describe (client, arn), &error);
  g_autoptr(AwsS3Listing) listing = dex_await_boxed (aws_s3_list_objects (client, bucket, NULL, NULL), &error);
  GPtrArray *objects;

  g_assert_no_error (error);
  objects = aws_s3_listing_get_objects (listing);

  for (guint i = 0; i < objects->len; i++)
    {
      const char *key = aws_s3_object_get_key (g_ptr_array_index (objects, i));

      if (g_str_has_prefix (key, "releases/") || g_str_has_prefix (key, "manifests/"))
        dex_await (aws_s3_delete_object (client, bucket, key), &error);
      g_assert_no_error (error);
    }

  dex_await (aws_keyvaluestore_delete (client, arn, aws_key_value_store_get_etag (store), PORCH_STORE_POINTER_KEY), NULL);
  dex_await (porch_publish_store_forget_site (porch_site_get_store (self->site), porch_site_get_id (self->site)), &error);
  g_assert_no_error (error);
}

static DexFuture *
first_fiber (gpointer user_data)
{
  const Kind *kind = user_data;
  Scene *self = scene_new (kind);
  gboolean more = TRUE;

  make_first (self->folders[0]);
  make_first (self->folders[1]);
  find_paths (self);
  publish (self, self->folders[1]);
  remember (self, 1);
  check_bytes (self, 1);
  forget_all (self);
  remember (self, 0);

  for (guint n = 1; more; n++)
    {
      more = await_cut (self, kind, n, 0, 1);
      forget_all (self);
    }

  g_print ("# %s: %u cuts\n", kind->name, self->n_cuts);
  g_assert_cmpuint (self->n_cuts, >, 10);
  scene_free (self);

  return dex_future_new_true ();
}

static void
test_first (void)
{
  run_kinds (first_fiber);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/publish-faults/changes", test_changes);
  test_add_fiber ("/site/publish-faults/first", test_first);

  return g_test_run ();
}
