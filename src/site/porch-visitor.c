/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-visitor.h"

#include "aws-response.h"
#include "aws-soup.h"
#include "porch-content-sum.h"
#include "porch-fiber.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#define START_PAGE "index.html"

#define MAX_HOPS 5
#define CONNECTIONS 6

/* How long one answer may take, in seconds */
#define ANSWER_TIME 15

/* Between two looks, in seconds; longer from look to look */
#define FIRST_PAUSE 0.2
#define MAX_PAUSE   5.0

/* Shares of the patience: an error that stays so long stays, and so does a network that is not there. */
#define BAD_SHARE     3
#define NOTHING_SHARE 6

/* An error is believed only when it was seen so often. */
#define BAD_LOOKS 3

/**
 * Answer:
 * @ANSWER_GOOD: the page of the release
 * @ANSWER_OLD: the one of the release before, or the one that stands there before anything is published
 * @ANSWER_BAD: an error of the site, or a page that belongs to neither
 * @ANSWER_NONE: nothing that says anything about the site
 */
typedef enum
{
  ANSWER_GOOD,
  ANSWER_OLD,
  ANSWER_BAD,
  ANSWER_NONE,
} Answer;

struct _PorchVisitor
{
  GObject        parent_instance;

  PorchManifest *manifest;
  PorchManifest *before;    /* or NULL */
  SoupSession   *session;
  GPtrArray     *looks;     /* Look; the start page is the first */
  DexPromise    *stop;      /* rejected to end the run */
  char          *address;   /* with a slash at the end */
  char          *host;
  double         patience;
};

/* A page, and how it answered last */
typedef struct
{
  PorchVisitor *visitor;
  char         *path;
  char         *title;
  char         *reason;     /* why the answer is not good */
  Answer        answer;
  guint         status;
  gboolean      is_done;
} Look;

G_DEFINE_FINAL_TYPE (PorchVisitor, porch_visitor, G_TYPE_OBJECT)

static void
look_free (gpointer data)
{
  Look *look = data;

  g_free (look->path);
  g_free (look->title);
  g_free (look->reason);
  g_free (look);
}

static void
porch_visitor_dispose (GObject *object)
{
  PorchVisitor *self = PORCH_VISITOR (object);

  g_clear_object (&self->manifest);
  g_clear_object (&self->before);
  g_clear_object (&self->session);
  dex_clear (&self->stop);

  G_OBJECT_CLASS (porch_visitor_parent_class)->dispose (object);
}

static void
porch_visitor_finalize (GObject *object)
{
  PorchVisitor *self = PORCH_VISITOR (object);

  g_clear_pointer (&self->looks, g_ptr_array_unref);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->host, g_free);

  G_OBJECT_CLASS (porch_visitor_parent_class)->finalize (object);
}

static void
porch_visitor_class_init (PorchVisitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_visitor_dispose;
  object_class->finalize = porch_visitor_finalize;
}

static void
porch_visitor_init (PorchVisitor *self)
{
  self->patience = PORCH_VISITOR_PATIENCE;
  self->looks = g_ptr_array_new_with_free_func (look_free);
  self->session = soup_session_new_with_options ("timeout", ANSWER_TIME,
                                                 "user-agent", "Porchlight",
                                                 "max-conns-per-host", CONNECTIONS,
                                                 NULL);
}

static void
add_look (PorchVisitor *self,
          const char   *path,
          const char   *title)
{
  Look *look = g_new0 (Look, 1);

  look->visitor = self;
  look->path = g_strdup (path);
  look->title = g_strdup (title);
  look->answer = ANSWER_NONE;
  g_ptr_array_add (self->looks, look);
}

static void
add_looks (PorchVisitor *self)
{
  const PorchManifestEntry *start = porch_manifest_lookup (self->manifest, START_PAGE);
  g_autoptr(GPtrArray) pages = porch_manifest_list_pages (self->manifest, self->before);

  add_look (self, START_PAGE, start != NULL ? start->title : NULL);

  for (guint i = 0; i < pages->len && self->looks->len <= PORCH_VISITOR_PAGES; i++)
    {
      const PorchPageChange *page = g_ptr_array_index (pages, i);

      if (page->kind != PORCH_CHANGE_REMOVED && !g_str_equal (page->path, START_PAGE))
        add_look (self, page->path, page->title);
    }
}

static GUri *
build_uri (PorchVisitor  *self,
           const char    *path,
           GError       **error)
{
  gboolean is_start = g_str_equal (path, START_PAGE) || g_str_has_suffix (path, "/" START_PAGE);
  g_autofree char *bare = g_strndup (path, strlen (path) - (is_start ? strlen (START_PAGE) : 0));
  g_autofree char *escaped = g_uri_escape_string (bare, "/", FALSE);
  g_autofree char *text = g_strconcat (self->address, escaped, NULL);

  return g_uri_parse (text, SOUP_HTTP_URI_FLAGS, error);
}

/* The file behind an address of the site, where it is one */
static char *
dup_path (GUri *uri)
{
  g_autofree char *path = g_uri_unescape_string (g_uri_get_path (uri), NULL);

  if (path == NULL || *path != '/')
    return NULL;

  return g_strconcat (path + 1, g_str_has_suffix (path, "/") ? START_PAGE : "", NULL);
}

static gboolean
is_file (PorchManifest *manifest,
         const char    *path,
         const char    *sha256)
{
  const PorchManifestEntry *entry = manifest != NULL && path != NULL ? porch_manifest_lookup (manifest, path) : NULL;

  return entry != NULL && g_str_equal (entry->sha256, sha256);
}

static Answer
judge (Look       *look,
       Answer      answer,
       const char *reason)
{
  g_set_str (&look->reason, reason);

  return answer;
}

/* The start page tells whether the release is there at all; another page that is new may only not be there yet. */
static Answer
judge_error (Look *look)
{
  PorchVisitor *self = look->visitor;
  gboolean is_start = g_str_equal (look->path, START_PAGE);
  g_autofree char *reason = NULL;

  if (is_start && self->before == NULL && look->status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    return judge (look, ANSWER_OLD, NULL);

  if (!is_start && look->status == SOUP_STATUS_NOT_FOUND &&
      (self->before == NULL || porch_manifest_lookup (self->before, look->path) == NULL))
    return judge (look, ANSWER_OLD, NULL);

  reason = g_strdup_printf (_("The page answers with the error %u instead of what was published."), look->status);

  return judge (look, ANSWER_BAD, reason);
}

static Answer
judge_page (Look        *look,
            GUri        *uri,
            AwsResponse *response,
            gboolean     was_sent_on)
{
  PorchVisitor *self = look->visitor;
  GBytes *body = aws_response_get_body (response);
  g_autofree char *path = dup_path (uri);
  g_autofree char *sha256 = porch_content_sum_compute (g_bytes_get_data (body, NULL), g_bytes_get_size (body));

  if (is_file (self->manifest, path, sha256))
    return judge (look, ANSWER_GOOD, NULL);
  if (is_file (self->before, path, sha256))
    return judge (look, ANSWER_OLD, NULL);

  /* A redirect of the owner may lead to what is no file, and a site of one page shows its start page everywhere. */
  if (was_sent_on && path != NULL && porch_manifest_lookup (self->manifest, path) == NULL)
    return judge (look, ANSWER_GOOD, NULL);

  return judge (look, ANSWER_BAD, _("The page shows something else than what was published."));
}

/* Only CloudFront's own answers say something about the site: each carries this
 * ([CloudFront](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html)).
 * What the network in between says in its place has none. */
static gboolean
is_from_site (SoupMessage *message)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (message), "X-Amz-Cf-Id") != NULL;
}

static GUri *
find_next (SoupMessage *message,
           GUri        *uri)
{
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");

  if (!SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (message)) || location == NULL)
    return NULL;

  return g_uri_parse_relative (uri, location, SOUP_HTTP_URI_FLAGS, NULL);
}

static gboolean
is_own (PorchVisitor *self,
        GUri         *uri)
{
  return g_strcmp0 (g_uri_get_host (uri), self->host) == 0;
}

static Answer
judge_silence (Look         *look,
               GUri         *uri,
               const GError *error)
{
  g_autofree char *reason = NULL;

  if (!is_own (look->visitor, uri))
    /* Translators: %s is the name of a computer, such as www.example.org */
    reason = g_strdup_printf (_("Visitors are sent on to “%s”, which this computer can’t reach."), g_uri_get_host (uri));
  else
    reason = g_strdup_printf (_("The address can’t be reached from this computer (%s)."), error->message);

  return judge (look, ANSWER_NONE, reason);
}

/* Whether the owner wants visitors of a page to go to another place */
static gboolean
leads_away (PorchVisitor *self,
            Look         *look)
{
  PorchRedirects *redirects = porch_manifest_get_redirects (self->manifest);
  g_autofree char *address = g_strconcat ("/", look->path, NULL);
  g_autofree char *target = NULL;

  if (g_str_has_suffix (address, "/" START_PAGE))
    address[strlen (address) - strlen (START_PAGE)] = '\0';

  if (redirects != NULL)
    target = porch_redirects_resolve (redirects, address, NULL);

  return target != NULL;
}

static Answer
judge_stranger (Look *look,
                GUri *uri)
{
  g_autofree char *reason = NULL;

  if (is_own (look->visitor, uri))
    return judge (look, ANSWER_NONE, _("Something between this computer and the site answers in its place."));

  if (leads_away (look->visitor, look))
    return judge (look, ANSWER_GOOD, NULL);

  reason = g_strdup_printf (_("Visitors are sent on to “%s”, where something else answers."), g_uri_get_host (uri));

  return judge (look, ANSWER_NONE, reason);
}

static Answer
await_answer (Look *look)
{
  PorchVisitor *self = look->visitor;
  g_autoptr(GError) error = NULL;
  g_autoptr(GUri) uri = build_uri (self, look->path, &error);

  look->status = 0;

  if (uri == NULL)
    return judge (look, ANSWER_NONE, error->message);

  for (guint hop = 0; hop <= MAX_HOPS; hop++)
    {
      g_autoptr(SoupMessage) message = soup_message_new_from_uri ("GET", uri);
      g_autoptr(AwsResponse) response = NULL;
      g_autoptr(GUri) next = NULL;

      soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
      response = dex_await_boxed (dex_future_first (aws_soup_send (self->session, message, NULL),
                                                    dex_ref (DEX_FUTURE (self->stop)), NULL),
                                  &error);

      if (response == NULL)
        return judge_silence (look, uri, error);

      look->status = soup_message_get_status (message);

      if (!is_from_site (message))
        return judge_stranger (look, uri);
      if (look->status >= 400)
        return judge_error (look);
      if ((next = find_next (message, uri)) == NULL)
        return judge_page (look, uri, response, hop > 0);

      g_uri_unref (uri);
      uri = g_steal_pointer (&next);
    }

  return judge (look, ANSWER_BAD, _("The page sends visitors round in a circle."));
}

static DexFuture *
look_fiber (gpointer user_data)
{
  Look *look = user_data;

  look->answer = await_answer (look);

  return dex_future_new_true ();
}

static double
get_now (void)
{
  return g_get_monotonic_time () / (double) G_USEC_PER_SEC;
}

static gboolean
is_stopped (PorchVisitor *self)
{
  return !dex_future_is_pending (DEX_FUTURE (self->stop));
}

static void
await_pause (PorchVisitor *self,
             double       *pause)
{
  dex_await (dex_future_first (dex_timeout_new_msec (*pause * 1000), dex_ref (DEX_FUTURE (self->stop)), NULL), NULL);
  *pause = CLAMP (*pause * 1.6, 0.02, MIN (MAX_PAUSE, MAX (self->patience / 12, 0.02)));
}

/* Looks at the start page until it is clear what it shows. */
static void
await_start (PorchVisitor *self,
             double        begun)
{
  Look *look = g_ptr_array_index (self->looks, 0);
  Answer last = ANSWER_GOOD;
  double since = begun;
  double pause = MIN (FIRST_PAUSE, self->patience / 12);
  guint n_looks = 0;

  while (!is_stopped (self))
    {
      double now;

      look->answer = await_answer (look);
      now = get_now ();

      if (look->answer != last)
        {
          last = look->answer;
          since = now;
          n_looks = 0;
        }

      n_looks++;

      if (look->answer == ANSWER_GOOD ||
          (look->answer == ANSWER_OLD && now - begun >= self->patience) ||
          (look->answer == ANSWER_BAD && n_looks >= BAD_LOOKS && now - since >= self->patience / BAD_SHARE) ||
          (look->answer == ANSWER_NONE && now - since >= self->patience / NOTHING_SHARE))
        break;

      await_pause (self, &pause);
    }

  look->is_done = TRUE;
}

/* How long a page that does not answer as it should is looked at again */
static gboolean
may_change (PorchVisitor *self,
            const Look   *look,
            double        begun,
            double        now)
{
  switch (look->answer)
    {
    case ANSWER_GOOD:
      return FALSE;
    case ANSWER_OLD:
      return now - begun < self->patience;
    case ANSWER_BAD:
      return now - begun < self->patience / BAD_SHARE;
    case ANSWER_NONE:
      return now - begun < self->patience / NOTHING_SHARE;
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* One look at all pages that did not show yet what they should; side by side */
static void
await_round (PorchVisitor *self)
{
  g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 1; i < self->looks->len; i++)
    {
      Look *look = g_ptr_array_index (self->looks, i);

      if (!look->is_done)
        g_ptr_array_add (futures, porch_fiber_spawn (look_fiber, look, NULL, NULL));
    }

  if (futures->len > 0)
    dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), NULL);
}

static void
await_pages (PorchVisitor *self)
{
  double begun = get_now ();
  double pause = MIN (FIRST_PAUSE, self->patience / 12);
  gboolean is_done = self->looks->len < 2;

  while (!is_done && !is_stopped (self))
    {
      double now;

      await_round (self);
      now = get_now ();
      is_done = TRUE;

      for (guint i = 1; i < self->looks->len; i++)
        {
          Look *look = g_ptr_array_index (self->looks, i);

          look->is_done = look->is_done || !may_change (self, look, begun, now);
          is_done = is_done && look->is_done;
        }

      if (!is_done)
        await_pause (self, &pause);
    }
}

/* A start page that differs from the one before proves that the release is there: what is missing then is missing. */
static gboolean
start_tells (PorchVisitor *self)
{
  const PorchManifestEntry *now = porch_manifest_lookup (self->manifest, START_PAGE);
  const PorchManifestEntry *then = self->before != NULL ? porch_manifest_lookup (self->before, START_PAGE) : NULL;

  return now != NULL && (then == NULL || !g_str_equal (now->sha256, then->sha256));
}

static PorchReceiptState
sum_up_pages (PorchVisitor  *self,
              const char   **reason)
{
  gboolean tells = start_tells (self);
  PorchReceiptState state = PORCH_RECEIPT_SEEN;

  for (guint i = 1; i < self->looks->len; i++)
    {
      const Look *look = g_ptr_array_index (self->looks, i);

      if (look->answer == ANSWER_BAD || (look->answer == ANSWER_OLD && tells))
        {
          *reason = look->reason;
          return PORCH_RECEIPT_FLAWED;
        }

      if (look->answer == ANSWER_OLD)
        state = PORCH_RECEIPT_NOT_YET;
    }

  return state;
}

static PorchReceiptState
sum_up (PorchVisitor  *self,
        const char   **reason)
{
  const Look *start = g_ptr_array_index (self->looks, 0);

  *reason = start->reason;

  switch (start->answer)
    {
    case ANSWER_GOOD:
      return sum_up_pages (self, reason);
    case ANSWER_OLD:
      return PORCH_RECEIPT_NOT_YET;
    case ANSWER_BAD:
      return PORCH_RECEIPT_BROKEN;
    case ANSWER_NONE:
      return PORCH_RECEIPT_NOT_LOOKED;
    default:
      g_return_val_if_reached (PORCH_RECEIPT_NOT_LOOKED);
    }
}

static PorchReceipt *
make_receipt (PorchVisitor *self,
              double        begun)
{
  PorchReceipt *receipt = porch_receipt_new (porch_manifest_get_release (self->manifest),
                                             self->before != NULL ? porch_manifest_get_release (self->before) : NULL,
                                             self->address);
  const char *reason = NULL;
  PorchReceiptState state = sum_up (self, &reason);

  porch_receipt_set_state (receipt, state, reason);
  porch_receipt_set_seconds (receipt, get_now () - begun);

  for (guint i = 0; i < self->looks->len; i++)
    {
      const Look *look = g_ptr_array_index (self->looks, i);

      if (look->is_done)
        porch_receipt_add_page (receipt, look->path, look->title, look->status,
                                look->answer == ANSWER_GOOD, look->answer == ANSWER_OLD);
    }

  return receipt;
}

static DexFuture *
run_fiber (gpointer user_data)
{
  PorchVisitor *self = user_data;
  double begun = get_now ();
  const Look *start;

  g_ptr_array_set_size (self->looks, 0);
  add_looks (self);
  start = g_ptr_array_index (self->looks, 0);
  await_start (self, begun);

  if (start->answer == ANSWER_GOOD)
    await_pages (self);

  if (is_stopped (self))
    return dex_ref (DEX_FUTURE (self->stop));

  return dex_future_new_take_object (make_receipt (self, begun));
}

static void
stop_run (gpointer data)
{
  porch_visitor_stop (data);
}

/**
 * porch_visitor_new:
 * @address: the address of the site, as visitors have it
 * @manifest: that of the release that should be seen
 * @before: (nullable): that of the release that was seen before
 *
 * Returns: (transfer full): a visitor who waits up to 90 seconds for the release
 */
PorchVisitor *
porch_visitor_new (const char    *address,
                   PorchManifest *manifest,
                   PorchManifest *before)
{
  g_autoptr(GUri) uri = NULL;
  PorchVisitor *self;

  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (PORCH_IS_MANIFEST (manifest), NULL);
  g_return_val_if_fail (before == NULL || PORCH_IS_MANIFEST (before), NULL);

  self = g_object_new (PORCH_TYPE_VISITOR, NULL);
  self->address = g_strconcat (address, g_str_has_suffix (address, "/") ? "" : "/", NULL);
  uri = g_uri_parse (self->address, SOUP_HTTP_URI_FLAGS, NULL);
  self->host = uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;
  self->manifest = g_object_ref (manifest);
  g_set_object (&self->before, before);

  return self;
}

double
porch_visitor_get_patience (PorchVisitor *self)
{
  g_return_val_if_fail (PORCH_IS_VISITOR (self), 0);

  return self->patience;
}

/**
 * porch_visitor_set_patience:
 * @self: a visitor that isn't underway
 * @seconds: how long to wait for the release to be seen. An error counts for good after a third of it, and a network that
 *   is not there after a sixth
 */
void
porch_visitor_set_patience (PorchVisitor *self,
                            double        seconds)
{
  g_return_if_fail (PORCH_IS_VISITOR (self));

  self->patience = MAX (seconds, 0);
}

/**
 * porch_visitor_get_n_pages:
 * @self: a visitor
 *
 * Returns: how many pages are looked at, once it is underway
 */
guint
porch_visitor_get_n_pages (PorchVisitor *self)
{
  g_return_val_if_fail (PORCH_IS_VISITOR (self), 0);

  return self->looks->len;
}

/**
 * porch_visitor_get_n_seen:
 * @self: a visitor
 *
 * Returns: how many of them are done with
 */
guint
porch_visitor_get_n_seen (PorchVisitor *self)
{
  guint n = 0;

  g_return_val_if_fail (PORCH_IS_VISITOR (self), 0);

  for (guint i = 0; i < self->looks->len; i++)
    n += ((const Look *) g_ptr_array_index (self->looks, i))->is_done;

  return n;
}

/**
 * porch_visitor_run:
 * @self: a visitor that isn't underway
 *
 * Looks at the start page until it shows the release, then at up to twenty of the pages that differ from the release
 * before. Changes nothing. Dropping the future ends it.
 *
 * Returns: (transfer full): a future that resolves to a [class@Porch.Receipt]: %PORCH_RECEIPT_BROKEN says that the start
 *   page of the site itself answers with an error or something that was never published. It is rejected only when it is
 *   stopped, with %G_IO_ERROR_CANCELLED
 */
DexFuture *
porch_visitor_run (PorchVisitor *self)
{
  dex_return_error_if_fail (PORCH_IS_VISITOR (self));

  dex_clear (&self->stop);
  self->stop = dex_promise_new ();

  return porch_fiber_spawn (run_fiber, g_object_ref (self), g_object_unref, stop_run);
}

/**
 * porch_visitor_stop:
 * @self: a visitor
 *
 * Ends the visit soon.
 */
void
porch_visitor_stop (PorchVisitor *self)
{
  g_return_if_fail (PORCH_IS_VISITOR (self));

  if (self->stop != NULL && dex_future_is_pending (DEX_FUTURE (self->stop)))
    dex_promise_reject (self->stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped"));
}
