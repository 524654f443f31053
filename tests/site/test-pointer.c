/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-headers.h"
#include "aws-keyvaluestore.h"
#include "aws-s3.h"
#include "aws-soup.h"
#include "cloud-util.h"
#include "porch-code-pointer.h"
#include "porch-error.h"
#include "porch-pointer.h"
#include "porch-store-pointer.h"
#include "porch-target.h"
#include "test-util.h"
#include "user-util.h"

#include <libsoup/soup.h>
#include <string.h>

/* Both pointers behave the same: each case runs with a store, and without one in an account that has none. */

#define R1 "20260101-000000-aaaaaa"
#define R2 "20260102-000000-bbbbbb"
#define R3 "20260103-000000-cccccc"

/* Everything but the data of stores, and everything but making them */
#define NO_STORE_DATA "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}," \
                      "{\"Effect\":\"Deny\",\"Action\":\"cloudfront-keyvaluestore:*\",\"Resource\":\"*\"}]}"
#define NO_STORES     "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}," \
                      "{\"Effect\":\"Deny\",\"Action\":\"cloudfront:CreateKeyValueStore\",\"Resource\":\"*\"}]}"

typedef struct
{
  Cloud        *cloud;
  PorchSite    *site;
  PorchTarget  *target;
  PorchPointer *pointer;
  gboolean      has_store;
} Fixture;

static PorchSite *
make_site (Cloud *cloud)
{
  g_autoptr(PorchPlan) plan = cloud_make_plan (cloud, "Garden", NULL, FALSE);
  PorchOperation *operation = porch_engine_create_site (cloud->engine, plan);
  g_autoptr(GError) error = NULL;

  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);

  return porch_operation_get_site (operation);
}

static void
put (Fixture    *self,
     const char *key,
     const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(GError) error = NULL;

  aws_headers_set (headers, "Content-Type", "text/html; charset=utf-8");
  dex_await (aws_s3_put_object (porch_target_get_client (self->target), porch_target_get_bucket (self->target), key, bytes, headers),
             &error);
  g_assert_no_error (error);
}

static Fixture *
fixture_new (gboolean has_store)
{
  Fixture *self = g_new0 (Fixture, 1);
  g_autoptr(GError) error = NULL;

  self->has_store = has_store;
  self->cloud = cloud_new ();

  if (!has_store)
    {
      g_free (user_make (self->cloud, "nina", NO_STORES));
      user_become (self->cloud, "nina");
    }

  self->site = make_site (self->cloud);
  self->target = dex_await_object (porch_site_open_target (self->site), &error);
  g_assert_no_error (error);
  self->pointer = porch_target_get_pointer (self->target);
  g_assert_true (has_store ? PORCH_IS_STORE_POINTER (self->pointer) : PORCH_IS_CODE_POINTER (self->pointer));

  put (self, "releases/" R1 "/index.html", "one");
  put (self, "releases/" R2 "/index.html", "two");
  put (self, "releases/" R2 "/a/index.html", "two a");
  put (self, "releases/" R3 "/index.html", "three");
  put (self, "releases/" R1 "/photos/index.html", "photos of one");

  return self;
}

static void
fixture_free (Fixture *self)
{
  g_clear_object (&self->target);
  g_clear_pointer (&self->cloud, cloud_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* What a visitor gets; "LOCATION" of a redirect, else the body */
static char *
visit (Fixture    *self,
       const char *path,
       const char *cookie,
       guint      *status)
{
  g_autofree char *url = g_strconcat (porch_site_get_address (self->site), path + 1, NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;
  const char *location;

  soup_session_set_proxy_resolver (session, NULL);
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (cookie != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Cookie", cookie);

  response = dex_await_boxed (aws_soup_send (session, message, NULL), &error);
  g_assert_no_error (error);
  *status = soup_message_get_status (message);
  location = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");

  return location != NULL ? g_strdup (location)
                          : g_strndup (g_bytes_get_data (aws_response_get_body (response), NULL),
                                       g_bytes_get_size (aws_response_get_body (response)));
}

#define assert_visit(self, path, cookie, wanted_status, wanted) \
  G_STMT_START { \
    guint status_; \
    g_autofree char *seen_ = visit (self, path, cookie, &status_); \
    g_assert_cmpuint (status_, ==, wanted_status); \
    if (wanted != NULL) \
      g_assert_cmpstr (seen_, ==, wanted); \
  } G_STMT_END

#define assert_good(future) \
  G_STMT_START { \
    g_autoptr(GError) error_ = NULL; \
    dex_await (future, &error_); \
    g_assert_no_error (error_); \
  } G_STMT_END

#define assert_refused(future, wanted) \
  G_STMT_START { \
    g_autoptr(GError) error_ = NULL; \
    g_assert_false (dex_await (future, &error_)); \
    g_assert_error (error_, PORCH_ERROR, wanted); \
  } G_STMT_END

static PorchPointerValue *
make_value (const char *release,
            const char *redirects)
{
  g_autoptr(PorchPointerValue) plain = porch_pointer_value_new (release, NULL, NULL, NULL);
  g_autoptr(GBytes) bytes = redirects != NULL ? g_bytes_new (redirects, strlen (redirects)) : NULL;
  g_autoptr(PorchRedirects) set = bytes != NULL ? porch_redirects_new_from_file (bytes, NULL) : NULL;

  return porch_pointer_value_with_redirects (plain, set);
}

static DexFuture *
go (Fixture    *self,
    const char *expected,
    const char *release,
    const char *redirects)
{
  g_autoptr(PorchPointerValue) value = make_value (release, redirects);

  return porch_pointer_replace (self->pointer, expected, value);
}

static char *
read_json (Fixture *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchPointerValue) value = dex_await_boxed (porch_pointer_read (self->pointer), &error);

  g_assert_no_error (error);

  return value != NULL ? porch_pointer_value_to_json (value) : NULL;
}

#define assert_read(self, wanted) \
  G_STMT_START { \
    g_autofree char *json_ = read_json (self); \
    g_assert_cmpstr (json_, ==, wanted); \
  } G_STMT_END

static DexFuture *
set (Fixture    *self,
     const char *name,
     const char *json)
{
  g_autoptr(GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (changes, (gpointer) name, (gpointer) json);

  return porch_pointer_change_settings (self->pointer, changes);
}

static gint64
in_days (int days)
{
  return g_get_real_time () / G_USEC_PER_SEC + days * 86400;
}

static guint
count_drafts (Fixture *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) drafts = dex_await_boxed (porch_pointer_list_drafts (self->pointer), &error);

  g_assert_no_error (error);

  return drafts->len;
}

/* ---- cases ---- */

static void
test_replace (Fixture *self)
{
  g_autoptr(GHashTable) folders = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) files = g_ptr_array_new ();
  g_autoptr(PorchPointerValue) value = NULL;

  assert_read (self, NULL);
  assert_visit (self, "/", NULL, 503, NULL);
  assert_refused (go (self, R1, R2, NULL), PORCH_ERROR_CHANGED_ELSEWHERE);
  assert_visit (self, "/", NULL, 503, NULL);

  assert_good (go (self, NULL, R1, NULL));
  assert_visit (self, "/", NULL, 200, "one");
  assert_read (self, "{\"\":\"" R1 "\"}");

  /* Said twice is done once */
  assert_good (go (self, NULL, R1, NULL));
  assert_good (go (self, R1, R2, NULL));
  assert_visit (self, "/", NULL, 200, "two");
  assert_visit (self, "/a", NULL, 301, "/a/");

  assert_refused (go (self, R1, R3, NULL), PORCH_ERROR_CHANGED_ELSEWHERE);
  assert_refused (go (self, NULL, R3, NULL), PORCH_ERROR_CHANGED_ELSEWHERE);
  assert_visit (self, "/", NULL, 200, "two");

  g_hash_table_insert (folders, (gpointer) "photos", (gpointer) R1);
  g_ptr_array_add (files, (gpointer) "a/LIES ’\\mich");
  value = porch_pointer_value_new (R2, folders, files, NULL);
  assert_good (porch_pointer_replace (self->pointer, R2, value));
  assert_visit (self, "/photos/", NULL, 200, "photos of one");
  assert_read (self, "{\"\":\"" R2 "\",\"photos\":\"" R1 "\",\"?files\":[\"a/LIES ’\\\\mich\"]}");

  /* Back again */
  assert_good (go (self, R2, R1, NULL));
  assert_visit (self, "/", NULL, 200, "one");
}

static void
test_settings (Fixture *self)
{
  g_autofree char *long_text = g_strnfill (PORCH_POINTER_MAX_SIZE, 'x');
  g_autofree char *long_json = g_strconcat ("\"", long_text, "\"", NULL);
  g_autofree char *json = NULL;

  /* Before the first publish */
  assert_good (set (self, PORCH_POINTER_SINGLE_PAGE, "true"));
  assert_read (self, NULL);
  assert_visit (self, "/", NULL, 503, NULL);

  assert_good (go (self, NULL, R2, NULL));
  assert_visit (self, "/made-up", NULL, 200, "two");
  assert_good (go (self, R2, R1, NULL));
  assert_visit (self, "/made-up", NULL, 200, "one");
  assert_read (self, "{\"\":\"" R1 "\",\"?spa\":true}");

  assert_good (set (self, PORCH_POINTER_SINGLE_PAGE, "true"));
  assert_good (set (self, PORCH_POINTER_SINGLE_PAGE, NULL));
  assert_good (set (self, PORCH_POINTER_SINGLE_PAGE, NULL));
  assert_visit (self, "/made-up", NULL, 301, "/made-up/");

  /* No TLS in the practice cloud: a host that is not its own keeps its address */
  assert_good (set (self, PORCH_POINTER_HOST, "\"www.example.org\""));
  assert_visit (self, "/a?b=c", NULL, 301, "https://www.example.org/a?b=c");
  assert_good (go (self, R1, R2, NULL));
  assert_visit (self, "/", NULL, 301, "https://www.example.org/");

  assert_good (set (self, PORCH_POINTER_HOST, NULL));
  assert_visit (self, "/", NULL, 200, "two");

  assert_refused (set (self, PORCH_POINTER_HOST, long_json), PORCH_ERROR_FAILED);
  json = read_json (self);
  g_assert_cmpstr (json, ==, "{\"\":\"" R2 "\"}");
}

#define REDIRECTS "/old /a/\n/shop https://shop.example/ 302\n/über /a/ 308\n/blog/* /news/:splat\n/q /a/?x=1\n"

static void
test_redirects (Fixture *self)
{
  assert_good (go (self, NULL, R2, REDIRECTS));
  assert_visit (self, "/old", NULL, 301, "/a/");
  assert_visit (self, "/old/?x=1", NULL, 301, "/a/?x=1");
  assert_visit (self, "/shop", NULL, 302, "https://shop.example/");
  assert_visit (self, "/%C3%BCber", NULL, 308, "/a/");
  assert_visit (self, "/blog/2024/x", NULL, 301, "/news/2024/x");
  assert_visit (self, "/q?y=1", NULL, 301, "/a/?x=1");
  assert_visit (self, "/a/", NULL, 200, "two a");

  /* The next release has others, and the one after it none */
  assert_good (go (self, R2, R1, "/old /photos/ 302\n/* /index.html 200\n"));
  assert_visit (self, "/old", NULL, 302, "/photos/");
  assert_visit (self, "/shop", NULL, 200, "one");
  assert_good (go (self, R1, R3, NULL));
  assert_visit (self, "/old", NULL, 301, "/old/");

  /* Undo works after the clean-up too, since the value brings its redirects */
  assert_good (porch_pointer_remove_redirects (self->pointer, NULL));
  assert_good (porch_pointer_remove_redirects (self->pointer, NULL));
  assert_good (go (self, R3, R2, REDIRECTS));
  assert_visit (self, "/blog/x", NULL, 301, "/news/x");
}

static void
test_redirects_kept (Fixture *self)
{
  g_autoptr(PorchPointerValue) first = make_value (R1, "/first /a/\n");
  g_autoptr(PorchPointerValue) second = make_value (R2, "/second /a/\n/b/* /c/:splat\n");
  g_autoptr(PorchPointerValue) third = make_value (R3, "/third /a/\n");
  const char * const kept[] = { porch_pointer_value_get_redirect_set (first), NULL };
  g_autofree char *token = porch_pointer_make_draft_token ();
  g_autofree char *cookie = g_strconcat (PORCH_POINTER_DRAFT_FIELD "=", token, NULL);
  g_autoptr(PorchPointerValue) plain = porch_pointer_value_new (R1, NULL, NULL, NULL);
  g_autoptr(PorchPointerValue) named = NULL;

  assert_good (porch_pointer_replace (self->pointer, NULL, first));
  assert_good (porch_pointer_replace (self->pointer, R1, third));
  assert_good (porch_pointer_write_draft (self->pointer, token, second, in_days (1)));

  /* Kept: what is live, what a draft needs, and what is asked for */
  assert_good (porch_pointer_remove_redirects (self->pointer, kept));
  assert_visit (self, "/third", NULL, 301, "/a/");
  assert_visit (self, "/second", cookie, 301, "/a/");
  assert_visit (self, "/b/x", cookie, 301, "/c/x");

  /* A value that only names its set finds it again */
  named = porch_pointer_value_new_from_json ("{\"\":\"" R1 "\"}", NULL);
  g_assert_true (porch_pointer_value_equal (named, plain));
  {
    g_autofree char *json = porch_pointer_value_to_json (first);
    g_autoptr(PorchPointerValue) read = porch_pointer_value_new_from_json (json, NULL);

    g_assert_cmpstr (porch_pointer_value_get_redirect_set (read), ==, kept[0]);
    g_assert_true (porch_pointer_value_equal (read, first));
    assert_good (porch_pointer_replace (self->pointer, R3, read));
  }
  assert_visit (self, "/first", NULL, 301, "/a/");
}

/* More than one write takes at once; and far more than fits into a function */
static void
test_many_redirects (Fixture *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GString) other = g_string_new (NULL);

  for (guint i = 0; i < 130; i++)
    {
      g_string_append_printf (text, "/old/%u /a/?number=%u\n", i, i);
      g_string_append_printf (other, "/older/%u /a/?number=%u\n", i, i);
    }

  assert_good (go (self, NULL, R1, NULL));

  if (!self->has_store)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (dex_await (go (self, R1, R2, text->str), &error));
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, "redirects"));
      assert_visit (self, "/", NULL, 200, "one");
      return;
    }

  assert_good (go (self, R1, R2, text->str));
  assert_visit (self, "/old/0", NULL, 301, "/a/?number=0");
  assert_visit (self, "/old/129", NULL, 301, "/a/?number=129");

  assert_good (go (self, R2, R3, other->str));
  assert_good (go (self, R3, R2, text->str));
  assert_visit (self, "/old/64", NULL, 301, "/a/?number=64");
  assert_good (porch_pointer_remove_redirects (self->pointer, NULL));
  assert_visit (self, "/old/64", NULL, 301, "/a/?number=64");
  assert_good (go (self, R2, R3, other->str));
  assert_visit (self, "/older/129", NULL, 301, "/a/?number=129");
}

static void
test_drafts (Fixture *self)
{
  g_autoptr(PorchPointerValue) value = make_value (R2, "/draft-only /a/\n");
  g_autofree char *token = porch_pointer_make_draft_token ();
  g_autofree char *other = porch_pointer_make_draft_token ();
  g_autofree char *link = g_strconcat ("/a/?" PORCH_POINTER_DRAFT_FIELD "=", token, "&x=1", NULL);
  g_autofree char *off = g_strdup ("/?" PORCH_POINTER_DRAFT_FIELD "=off");
  g_autofree char *cookie = g_strconcat ("a=b; " PORCH_POINTER_DRAFT_FIELD "=", token, NULL);
  g_autofree char *other_cookie = g_strconcat (PORCH_POINTER_DRAFT_FIELD "=", other, NULL);
  g_autoptr(GPtrArray) drafts = NULL;
  g_autoptr(PorchPointerValue) shown = NULL;
  gint64 until = in_days (7);

  g_assert_cmpstr (token, !=, other);
  g_assert_true (porch_pointer_draft_token_is_valid (token));

  /* Before the first publish, and with a setting */
  assert_good (porch_pointer_write_draft (self->pointer, token, value, until));
  assert_visit (self, "/", NULL, 503, NULL);
  assert_visit (self, "/", cookie, 200, "two");
  assert_visit (self, link, NULL, 302, "/a/?x=1");
  assert_good (go (self, NULL, R1, NULL));
  assert_good (set (self, PORCH_POINTER_SINGLE_PAGE, "true"));

  assert_visit (self, "/", NULL, 200, "one");
  assert_visit (self, "/", cookie, 200, "two");
  assert_visit (self, "/draft-only", cookie, 301, "/a/");
  assert_visit (self, "/draft-only", NULL, 200, "one");
  assert_visit (self, "/made-up", cookie, 200, "two");
  assert_visit (self, "/robots.txt", cookie, 200, "User-agent: *\nDisallow: /\n");
  assert_visit (self, off, cookie, 302, "/");
  assert_visit (self, "/", other_cookie, 410, NULL);

  /* The list has what was written, those that end first first */
  assert_good (porch_pointer_write_draft (self->pointer, other, value, in_days (3)));
  drafts = dex_await_boxed (porch_pointer_list_drafts (self->pointer), NULL);
  g_assert_cmpuint (drafts->len, ==, 2);
  g_assert_cmpstr (porch_pointer_draft_get_token (g_ptr_array_index (drafts, 0)), ==, other);
  g_assert_cmpstr (porch_pointer_draft_get_token (g_ptr_array_index (drafts, 1)), ==, token);
  g_assert_cmpint (porch_pointer_draft_get_until (g_ptr_array_index (drafts, 1)), ==, until);
  g_assert_false (porch_pointer_draft_is_over (g_ptr_array_index (drafts, 1)));
  shown = porch_pointer_value_ref (porch_pointer_draft_get_value (g_ptr_array_index (drafts, 1)));
  g_assert_true (porch_pointer_value_equal (shown, value));

  /* Extended, by what the list said */
  assert_good (porch_pointer_write_draft (self->pointer, token, shown, in_days (30)));
  assert_visit (self, "/draft-only", cookie, 301, "/a/");

  /* Removed, more than once too; the other one stays */
  assert_good (porch_pointer_write_draft (self->pointer, token, NULL, 0));
  assert_good (porch_pointer_write_draft (self->pointer, token, NULL, 0));
  assert_visit (self, "/", cookie, 410, NULL);
  assert_visit (self, "/", other_cookie, 200, "two");
  assert_good (porch_pointer_write_draft (self->pointer, other, NULL, 0));
  g_assert_cmpuint (count_drafts (self), ==, 0);
  assert_visit (self, "/", NULL, 200, "one");
}

static void
test_drafts_end (Fixture *self)
{
  g_autoptr(PorchPointerValue) value = make_value (R2, NULL);
  g_autofree char *over = porch_pointer_make_draft_token ();
  g_autofree char *cookie = g_strconcat (PORCH_POINTER_DRAFT_FIELD "=", over, NULL);
  g_autoptr(GPtrArray) drafts = NULL;
  guint n = 0;

  assert_good (go (self, NULL, R1, NULL));
  assert_good (porch_pointer_write_draft (self->pointer, over, value, in_days (-1)));
  assert_visit (self, "/", cookie, 410, NULL);
  drafts = dex_await_boxed (porch_pointer_list_drafts (self->pointer), NULL);
  g_assert_cmpuint (drafts->len, ==, 1);
  g_assert_true (porch_pointer_draft_is_over (g_ptr_array_index (drafts, 0)));

  /* The next write takes it along, and there is an end to how many there may be */
  for (;;)
    {
      g_autofree char *token = porch_pointer_make_draft_token ();
      g_autoptr(GError) error = NULL;

      if (!dex_await (porch_pointer_write_draft (self->pointer, token, value, in_days (1)), &error))
        {
          g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FAILED);
          g_assert_nonnull (strstr (error->message, "draft"));
          break;
        }

      n++;
      g_assert_cmpuint (count_drafts (self), ==, n);
    }

  g_assert_cmpuint (n, <=, PORCH_POINTER_MAX_DRAFTS);
  g_assert_cmpuint (n, >=, self->has_store ? PORCH_POINTER_MAX_DRAFTS : 8);
  assert_visit (self, "/", NULL, 200, "one");
}

/* Two who think that the same release is live: one of them is told */
static void
test_two_writers (Fixture *self)
{
  g_autoptr(DexFuture) first = NULL;
  g_autoptr(DexFuture) second = NULL;
  g_autoptr(GError) first_error = NULL;
  g_autoptr(GError) second_error = NULL;
  const char *page;
  gboolean first_good;
  gboolean second_good;

  assert_good (go (self, NULL, R1, NULL));
  first = go (self, R1, R2, "/x /a/\n");
  second = go (self, R1, R3, "/y /a/\n");
  first_good = dex_await (dex_ref (first), &first_error);
  second_good = dex_await (dex_ref (second), &second_error);

  g_assert_true (first_good != second_good);
  if (first_good)
    g_assert_error (second_error, PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE);
  else
    g_assert_error (first_error, PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE);

  page = first_good ? "two" : "three";
  assert_visit (self, "/", NULL, 200, page);
}

/* A setting and a release at the same time: both count in the end */
static void
test_two_things (Fixture *self)
{
  g_autoptr(PorchPointerValue) draft = make_value (R3, NULL);
  g_autofree char *token = porch_pointer_make_draft_token ();
  g_autofree char *cookie = g_strconcat (PORCH_POINTER_DRAFT_FIELD "=", token, NULL);
  g_autoptr(GError) error = NULL;

  assert_good (go (self, NULL, R1, NULL));
  dex_await (dex_future_all (go (self, R1, R2, NULL), set (self, PORCH_POINTER_SINGLE_PAGE, "true"),
                             porch_pointer_write_draft (self->pointer, token, draft, in_days (1)), NULL),
             &error);
  g_assert_no_error (error);
  assert_visit (self, "/made-up", NULL, 200, "two");
  assert_visit (self, "/", cookie, 200, "three");
}

/* Each call in turn is answered by nobody, refused as stale, or done without an answer */
static void
test_faults (Fixture *self)
{
  static const char * const store_calls[] = { "DescribeKeyValueStore", "GetKey", "PutKey", "UpdateKeys", NULL };
  static const char * const code_calls[] = { "DescribeFunction", "GetFunction", "UpdateFunction", "PublishFunction", NULL };
  static const char * const effects[] = { "cut=before", "cut=after", "etag=stale", "status=500", "status=503", NULL };
  const char * const *calls = self->has_store ? store_calls : code_calls;
  const char *live = NULL;
  guint n = 0;

  for (guint i = 0; calls[i] != NULL; i++)
    for (guint j = 0; effects[j] != NULL; j++)
      {
        g_autofree char *faults = g_strdup_printf ("op=%s,%s,times=1", calls[i], effects[j]);
        const char *next = g_strcmp0 (live, R2) == 0 ? R3 : R2;
        const char *page;

        g_test_message ("%s", faults);
        cloud_change_faults (self->cloud, faults);
        assert_good (go (self, live, next, n++ % 2 == 0 ? "/old /a/\n" : NULL));
        page = g_str_equal (next, R2) ? "two" : "three";
        assert_visit (self, "/", NULL, 200, page);
        live = next;
      }

  cloud_change_faults (self->cloud, NULL);
}

/* What never gets an answer changes nothing by halves; the next try goes through */
static void
test_lost (Fixture *self)
{
  const char *call = self->has_store ? "UpdateKeys" : "PublishFunction";
  g_autofree char *before = g_strdup_printf ("op=%s,status=400", call);
  g_autoptr(GError) error = NULL;

  assert_good (go (self, NULL, R1, "/x /a/\n"));
  cloud_change_faults (self->cloud, before);
  g_assert_false (dex_await (go (self, R1, R2, "/y /a/\n"), &error));
  assert_visit (self, "/", NULL, 200, "one");
  assert_visit (self, "/x", NULL, 301, "/a/");

  cloud_change_faults (self->cloud, NULL);
  assert_visit (self, "/", NULL, 200, "one");
  assert_good (go (self, R1, R2, "/y /a/\n"));
  assert_visit (self, "/", NULL, 200, "two");
  assert_visit (self, "/y", NULL, 301, "/a/");
}

/* Changes of the resources leave what is live as it is */
static void
test_other_changes (Fixture *self)
{
  PorchOperation *operation;
  g_autoptr(GError) error = NULL;

  assert_good (go (self, NULL, R2, "/old /a/\n"));
  operation = cloud_change_form (self->site, TRUE, "owner@example.org");
  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);
  g_assert_true ((porch_site_get_store_arn (self->site) != NULL) == self->has_store);
  assert_visit (self, "/", NULL, 200, "two");
  assert_visit (self, "/old", NULL, 301, "/a/");
  assert_good (go (self, R2, R3, NULL));
  assert_visit (self, "/", NULL, 200, "three");
}

static const struct
{
  const char  *name;
  void       (*func) (Fixture *self);
} cases[] = {
  { "replace", test_replace },
  { "settings", test_settings },
  { "redirects", test_redirects },
  { "redirects-kept", test_redirects_kept },
  { "many-redirects", test_many_redirects },
  { "drafts", test_drafts },
  { "drafts-end", test_drafts_end },
  { "two-writers", test_two_writers },
  { "two-things", test_two_things },
  { "faults", test_faults },
  { "lost", test_lost },
  { "other-changes", test_other_changes },
};

/* A case with a store, then all of them again without one */
static DexFuture *
case_fiber (gpointer user_data)
{
  guint number = GPOINTER_TO_UINT (user_data);
  g_autoptr(Fixture) fixture = fixture_new (number < G_N_ELEMENTS (cases));

  cases[number % G_N_ELEMENTS (cases)].func (fixture);

  return dex_future_new_true ();
}

static void
run_case (gconstpointer user_data)
{
  g_autoptr(GError) error = NULL;

  test_await (dex_scheduler_spawn (NULL, 1024 * 1024, case_fiber, (gpointer) user_data, NULL), &error);
  g_assert_no_error (error);
}

/* ---- how it comes to either ---- */

static void
check_made_without (const char *policy)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(GError) error = NULL;
  PorchSite *site;

  g_free (user_make (cloud, "nina", policy));
  user_become (cloud, "nina");
  site = cloud_create_site (cloud, FALSE);
  g_assert_null (porch_site_get_store_arn (site));
  g_assert_null (porch_site_get_publisher_role (site));
  g_assert_cmpuint (cloud_fetch (porch_site_get_address (site), NULL), ==, 200);

  target = dex_await_object (porch_site_open_target (site), &error);
  g_assert_no_error (error);
  g_assert_true (PORCH_IS_CODE_POINTER (porch_target_get_pointer (target)));
}

/* The store is made, and then it lets nobody in */
static void
test_data_refused (void)
{
  check_made_without (NO_STORE_DATA);
}

/* It can't even be made */
static void
test_stores_refused (void)
{
  check_made_without (NO_STORES);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/site/pointer/%s/%s", i < G_N_ELEMENTS (cases) ? "store" : "code",
                                               cases[i % G_N_ELEMENTS (cases)].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), run_case);
    }

  test_add_fiber ("/site/pointer/data-refused", test_data_refused);
  test_add_fiber ("/site/pointer/stores-refused", test_stores_refused);

  return g_test_run ();
}
