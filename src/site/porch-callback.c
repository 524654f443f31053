/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-callback.h"
#include "porch-error.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#define PATH "/oauth/callback"

/**
 * PorchCallback:
 *
 * Where the browser comes back to after signing in: a server on this computer only, for one answer. It takes the code to
 * one address, compares the state, shows a page that says how it went, and is gone.
 */
struct _PorchCallback
{
  GObject     parent_instance;

  SoupServer *server;
  DexPromise *promise;
  char       *state;
  char       *uri;
  char       *authority;
  guint       closing;
};

G_DEFINE_FINAL_TYPE (PorchCallback, porch_callback, G_TYPE_OBJECT)

static gboolean
close_cb (gpointer user_data)
{
  PorchCallback *self = user_data;

  self->closing = 0;
  porch_callback_close (self);

  return G_SOURCE_REMOVE;
}

/* Only once the page is on its way, and not while libsoup is at work on it */
static void
finished_cb (SoupServerMessage *message,
             PorchCallback     *self)
{
  if (self->closing == 0)
    self->closing = g_idle_add_full (G_PRIORITY_DEFAULT, close_cb, self, NULL);
}

static void
answer (SoupServerMessage *message,
        guint              status,
        const char        *title,
        const char        *text)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *safe_title = g_markup_escape_text (title, -1);
  g_autofree char *safe_text = g_markup_escape_text (text, -1);
  g_autofree char *page = NULL;

  page = g_strdup_printf ("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>%s</title>"
                          "<meta name=\"viewport\" content=\"width=device-width\">"
                          "<style>:root{color-scheme:light dark}body{font:1.1em system-ui,sans-serif;max-width:32em;"
                          "margin:20vh auto;padding:0 1em;text-align:center}</style></head>"
                          "<body><h1>%s</h1><p>%s</p></body></html>\n", safe_title, safe_title, safe_text);

  /* The address in the bar has the code in it */
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  soup_message_headers_replace (headers, "Connection", "close");
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, page, strlen (page));
}

static void
take_refusal (PorchCallback *self,
              const char    *code,
              const char    *description)
{
  GError *error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_SIGN_IN_REFUSED,
                                       _("The browser came back without permission."));
  g_autofree char *details = g_strdup_printf ("%s%s%s", code, description != NULL ? ": " : "",
                                              description != NULL ? description : "");
  g_autofree char *safe = g_utf8_make_valid (details, MIN (strlen (details), 500));

  porch_error_set_details (error, safe);
  dex_promise_reject (self->promise, error);
}

static gboolean
is_for_us (PorchCallback     *self,
           SoupServerMessage *message,
           const char        *path)
{
  const char *host = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");

  return g_str_equal (path, PATH) && g_strcmp0 (host, self->authority) == 0 &&
         g_str_equal (soup_server_message_get_method (message), "GET");
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  PorchCallback *self = user_data;
  const char *state = query != NULL ? g_hash_table_lookup (query, "state") : NULL;
  const char *code = query != NULL ? g_hash_table_lookup (query, "code") : NULL;
  const char *error = query != NULL ? g_hash_table_lookup (query, "error") : NULL;

  if (!is_for_us (self, message, path))
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }

  /* Some other page may send the browser here; the attempt goes on */
  if (g_strcmp0 (state, self->state) != 0 || (code == NULL && error == NULL))
    {
      answer (message, SOUP_STATUS_BAD_REQUEST, _("This Does Not Belong Here"),
              _("The address is none of the sign-in that Porchlight began. Go back to Porchlight and begin again."));
      return;
    }

  if (!dex_future_is_pending (DEX_FUTURE (self->promise)))
    {
      answer (message, SOUP_STATUS_GONE, _("Already Done"), _("You can close this page and return to Porchlight."));
      return;
    }

  g_signal_connect_object (message, "finished", G_CALLBACK (finished_cb), self, 0);

  if (error != NULL)
    {
      answer (message, SOUP_STATUS_OK, _("Not Signed In"),
              _("Porchlight was not given permission. You can close this page and return to Porchlight."));
      take_refusal (self, error, g_hash_table_lookup (query, "error_description"));
    }
  else
    {
      answer (message, SOUP_STATUS_OK, _("Welcome Back"),
              _("You are signed in. You can close this page and return to Porchlight."));
      dex_promise_resolve_string (self->promise, g_strdup (code));
    }
}

static void
porch_callback_dispose (GObject *object)
{
  PorchCallback *self = PORCH_CALLBACK (object);

  g_clear_handle_id (&self->closing, g_source_remove);
  porch_callback_close (self);
  dex_clear (&self->promise);

  G_OBJECT_CLASS (porch_callback_parent_class)->dispose (object);
}

static void
porch_callback_finalize (GObject *object)
{
  PorchCallback *self = PORCH_CALLBACK (object);

  g_clear_pointer (&self->state, g_free);
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->authority, g_free);

  G_OBJECT_CLASS (porch_callback_parent_class)->finalize (object);
}

static void
porch_callback_class_init (PorchCallbackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_callback_dispose;
  object_class->finalize = porch_callback_finalize;
}

static void
porch_callback_init (PorchCallback *self)
{
  self->promise = dex_promise_new ();
}

/**
 * porch_callback_new:
 * @state: what the browser has to bring along
 * @error: return location
 *
 * Listens on a free port of this computer, for connections from this computer only.
 *
 * Returns: (transfer full): the server, or %NULL with an error if nothing can listen
 */
PorchCallback *
porch_callback_new (const char  *state,
                    GError     **error)
{
  g_autoptr(PorchCallback) self = NULL;
  GSList *uris;

  g_return_val_if_fail (state != NULL, NULL);

  self = g_object_new (PORCH_TYPE_CALLBACK, NULL);
  self->state = g_strdup (state);
  self->server = soup_server_new (NULL, NULL);

  if (!soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return NULL;

  uris = soup_server_get_uris (self->server);
  self->authority = g_strdup_printf ("127.0.0.1:%d", g_uri_get_port (uris->data));
  self->uri = g_strconcat ("http://", self->authority, PATH, NULL);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);

  return g_steal_pointer (&self);
}

/**
 * porch_callback_get_uri:
 * @self: a callback
 *
 * Returns: (transfer none): where the browser is to come back to
 */
const char *
porch_callback_get_uri (PorchCallback *self)
{
  g_return_val_if_fail (PORCH_IS_CALLBACK (self), NULL);

  return self->uri;
}

/**
 * porch_callback_wait:
 * @self: a callback
 *
 * Waits for the browser. Dropping the future leaves the server alone.
 *
 * Returns: (transfer full): a future that resolves to the code; rejected with %PORCH_ERROR_SIGN_IN_REFUSED
 */
DexFuture *
porch_callback_wait (PorchCallback *self)
{
  dex_return_error_if_fail (PORCH_IS_CALLBACK (self));

  return dex_ref (DEX_FUTURE (self->promise));
}

/**
 * porch_callback_close:
 * @self: a callback
 *
 * Stops listening.
 */
void
porch_callback_close (PorchCallback *self)
{
  g_return_if_fail (PORCH_IS_CALLBACK (self));

  if (self->server == NULL)
    return;

  soup_server_remove_handler (self->server, "/");
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}
