/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-server.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <openssl/rand.h>
#include <sys/socket.h>

#include "aws-json.h"
#include "aws-query.h"
#include "aws-uri.h"
#include "porch-practice-account.h"

typedef struct
{
  PracticeOwnsHost  owns;
  PracticeHandler   handle;
} HostHandler;

typedef struct
{
  Practice        *practice;
  GSource         *source;
  GSourceFunc      function;
  gpointer         data;
  GDestroyNotify   destroy;
} Later;

/* Small things of the thread */

gint64
practice_now (void)
{
  return g_get_real_time ();
}

char *
practice_format_time (gint64 time)
{
  g_autoptr(GDateTime) seconds = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (seconds, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", text, (int) (time / 1000 % 1000));
}

char *
practice_random_id (guint       length,
                    const char *alphabet)
{
  g_autofree guint8 *random = g_malloc (length);
  char *id = g_malloc (length + 1);
  gsize size;

  if (alphabet == NULL)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  size = strlen (alphabet);

  /* secrets are made of it too, so no ordinary random numbers */
  if (RAND_bytes (random, (int) length) != 1)
    g_error ("This computer gives no random numbers");

  for (guint i = 0; i < length; i++)
    id[i] = alphabet[random[i] % size];
  id[length] = '\0';

  return id;
}

char *
practice_uuid (void)
{
  return g_uuid_string_random ();
}

guint
practice_scale_delay (Practice *practice,
                      double    seconds)
{
  return (guint) (seconds * 1000.0 * practice->delay_factor);
}

void
practice_register_service (Practice              *practice,
                           const PracticeService *service)
{
  g_ptr_array_add (practice->services, (gpointer) service);
}

void
practice_register_hosts (Practice         *practice,
                         PracticeOwnsHost  owns,
                         PracticeHandler   handle)
{
  HostHandler *handler = g_new0 (HostHandler, 1);

  handler->owns = owns;
  handler->handle = handle;
  g_ptr_array_add (practice->host_handlers, handler);
}

typedef struct
{
  const PracticeService *service;
  const PracticeRoute   *route;
} Route;

void
practice_register_routes (Practice              *practice,
                          const PracticeService *service,
                          const PracticeRoute   *routes)
{
  practice_register_service (practice, service);

  for (guint i = 0; routes[i].method != NULL; i++)
    {
      Route *route = g_new0 (Route, 1);

      route->service = service;
      route->route = &routes[i];
      g_ptr_array_add (practice->routes, route);
    }
}

static void
later_free (gpointer data)
{
  Later *later = data;

  g_source_destroy (later->source);
  g_source_unref (later->source);
  if (later->destroy != NULL)
    later->destroy (later->data);
  g_free (later);
}

static gboolean
later_cb (gpointer data)
{
  Later *later = data;

  /* off the list first, since the function may cancel it */
  g_hash_table_steal (later->practice->later, later);
  later->function (later->data);
  later_free (later);

  return G_SOURCE_REMOVE;
}

gpointer
practice_later (Practice       *practice,
                guint           msec,
                GSourceFunc     function,
                gpointer        data,
                GDestroyNotify  destroy)
{
  Later *later = g_new0 (Later, 1);

  later->practice = practice;
  later->function = function;
  later->data = data;
  later->destroy = destroy;
  later->source = msec == 0 ? g_idle_source_new () : g_timeout_source_new (msec);
  if (msec == 0)
    g_source_set_priority (later->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (later->source, later_cb, later, NULL);
  g_source_attach (later->source, practice->context);
  g_hash_table_add (practice->later, later);

  return later;
}

void
practice_cancel_later (Practice *practice,
                       gpointer  handle)
{
  if (handle != NULL)
    g_hash_table_remove (practice->later, handle);
}

/* What kind of request it is */

GHashTable *
practice_parse_pairs (const char *text)
{
  GHashTable *pairs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto(GStrv) parts = g_strsplit (text != NULL ? text : "", "&", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *equals = strchr (parts[i], '=');
      gsize length = equals != NULL ? (gsize) (equals - parts[i]) : strlen (parts[i]);
      char *name = aws_uri_decode (parts[i], length, TRUE);
      char *value = aws_uri_decode (equals != NULL ? equals + 1 : "", -1, TRUE);

      if (name != NULL && value != NULL && *name != '\0')
        {
          g_hash_table_insert (pairs, name, value);
        }
      else
        {
          g_free (name);
          g_free (value);
        }
    }

  return pairs;
}

/* "Bücher.Localhost:4000" is the host "bücher.localhost" */
static char *
host_of_authority (const char *authority)
{
  const char *end = authority + strlen (authority);
  const char *colon = strrchr (authority, ':');

  if (*authority == '[' && strchr (authority, ']') != NULL)
    return g_strndup (authority + 1, strchr (authority, ']') - authority - 1);
  if (colon != NULL)
    end = colon;

  {
    g_autofree char *host = g_strndup (authority, end - authority);

    return g_ascii_strdown (host, -1);
  }
}

/* A service of two protocols is registered once for each; a target says that it is JSON. */
static const PracticeService *
find_service (Practice   *practice,
              const char *name,
              const char *target)
{
  const PracticeService *found = NULL;

  for (guint i = 0; name != NULL && i < practice->services->len; i++)
    {
      const PracticeService *service = g_ptr_array_index (practice->services, i);

      if (g_str_equal (service->name, name) && (found == NULL || (target != NULL && service->target_prefix != NULL)))
        found = service;
    }

  return found;
}

/* Without a signature that says so: what the request looks like */
static const char *
guess_service (PracticeCall *call)
{
  if (g_str_has_prefix (call->raw_path, "/2020-05-31/"))
    return "cloudfront";
  if (g_str_has_prefix (call->raw_path, "/key-value-stores/"))
    return "cloudfront-keyvaluestore";
  if (g_str_has_prefix (call->raw_path, "/v2/email/"))
    return "ses";
  if (g_str_has_prefix (call->raw_path, "/2015-03-31/functions/"))
    return "lambda";

  return "s3";
}

static PracticeProtocol
guess_protocol (PracticeCall *call)
{
  const char *type = practice_call_get_header (call, "Content-Type");

  if (practice_call_get_header (call, "X-Amz-Target") != NULL)
    return type != NULL && strstr (type, "-1.0") != NULL ? PRACTICE_PROTOCOL_JSON_1_0 : PRACTICE_PROTOCOL_JSON_1_1;
  if (type != NULL && g_str_has_prefix (type, "application/x-www-form-urlencoded"))
    return PRACTICE_PROTOCOL_QUERY;

  return PRACTICE_PROTOCOL_REST_JSON;
}

static const PracticeService *
find_service_by_target (Practice   *practice,
                        const char *target)
{
  const char *dot = target != NULL ? strrchr (target, '.') : NULL;

  for (guint i = 0; dot != NULL && i < practice->services->len; i++)
    {
      const PracticeService *service = g_ptr_array_index (practice->services, i);

      if (service->target_prefix != NULL &&
          strlen (service->target_prefix) == (gsize) (dot - target) &&
          g_str_has_prefix (target, service->target_prefix))
        return service;
    }

  return NULL;
}

static HostHandler *
find_host_handler (PracticeCall *call)
{
  GPtrArray *handlers = call->practice->host_handlers;

  for (guint i = 0; i < handlers->len; i++)
    {
      HostHandler *handler = g_ptr_array_index (handlers, i);

      if (handler->owns (call->practice, call->host))
        return handler;
    }

  return NULL;
}

static gboolean
take_route (PracticeCall *call)
{
  GPtrArray *routes = call->practice->routes;

  for (guint i = 0; i < routes->len; i++)
    {
      Route *route = g_ptr_array_index (routes, i);

      if (g_str_equal (route->route->method, call->method) && g_str_equal (route->route->path, call->raw_path))
        {
          call->service = route->service;
          call->protocol = route->route->operation != NULL ? PRACTICE_PROTOCOL_REST_JSON : PRACTICE_PROTOCOL_SITE;
          call->operation = g_strdup (route->route->operation);
          call->handle = route->route->handle;
          call->is_unsigned = TRUE;

          return TRUE;
        }
    }

  return FALSE;
}

static void
route_call (PracticeCall *call)
{
  g_autofree char *name = practice_auth_dup_service (call);
  const char *target = practice_call_get_header (call, "X-Amz-Target");

  if (name == NULL && !practice_auth_is_signed (call))
    {
      HostHandler *handler = find_host_handler (call);

      if (handler != NULL)
        {
          call->protocol = PRACTICE_PROTOCOL_SITE;
          call->handle = handler->handle;

          return;
        }

      if (take_route (call))
        return;
    }

  if (name != NULL)
    call->service = find_service (call->practice, name, target);
  else if (target != NULL)
    call->service = find_service_by_target (call->practice, target);
  else if (guess_protocol (call) != PRACTICE_PROTOCOL_QUERY || !g_str_equal (call->raw_path, "/"))
    call->service = find_service (call->practice, guess_service (call), NULL);

  if (call->service != NULL)
    {
      call->protocol = call->service->protocol;
      call->handle = call->service->handle;
      if (call->service->name_operation != NULL)
        call->operation = g_strdup (call->service->name_operation (call));
    }
  else
    {
      call->protocol = guess_protocol (call);
    }

  if (call->protocol == PRACTICE_PROTOCOL_S3)
    {
      g_free (call->request_id);
      call->request_id = practice_random_id (16, NULL);
    }
}

static PracticeCall *
practice_call_new (Practice          *practice,
                   SoupServerMessage *message)
{
  PracticeCall *call = g_new0 (PracticeCall, 1);
  GUri *uri = soup_server_message_get_uri (message);

  g_ref_count_init (&call->ref_count);
  call->practice = practice;
  call->message = message;
  call->method = soup_server_message_get_method (message);
  call->headers = soup_server_message_get_request_headers (message);
  call->authority = soup_message_headers_get_one (call->headers, "Host");
  if (call->authority == NULL)
    call->authority = g_uri_get_host (uri);
  call->lower_host = host_of_authority (call->authority);
  call->host = call->lower_host;
  call->raw_path = *g_uri_get_path (uri) != '\0' ? g_uri_get_path (uri) : "/";
  call->decoded_path = aws_uri_decode (call->raw_path, -1, FALSE);
  call->path = call->decoded_path;
  call->raw_query = g_uri_get_query (uri);
  call->query = practice_parse_pairs (call->raw_query);
  call->request_id = practice_uuid ();
  call->collected = g_byte_array_new ();

  return call;
}

/* Running a call */

void
practice_call_cut (PracticeCall *call)
{
  GSocket *socket = soup_server_message_get_socket (call->message);

  call->answered = TRUE;
  call->gone = TRUE;
  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);

  /* the closed socket is noticed when the message goes on */
  soup_server_message_set_status (call->message, SOUP_STATUS_INTERNAL_SERVER_ERROR, NULL);
  if (call->paused)
    {
      call->paused = FALSE;
      soup_server_message_unpause (call->message);
    }
}

void
practice_call_hold (PracticeCall *call)
{
  Practice *practice = call->practice;

  g_ptr_array_add (practice->held, practice_call_ref (call));
  if (practice->call_held != NULL)
    practice->call_held (practice->call_held_data);
}

void
practice_take_faults (Practice       *practice,
                      PracticeFaults *faults)
{
  g_clear_pointer (&practice->faults, practice_faults_free);
  practice->faults = faults;

  for (guint i = 0; i < practice->held->len; i++)
    {
      PracticeCall *call = g_ptr_array_index (practice->held, i);

      if (!call->gone)
        practice_call_cut (call);
    }

  g_ptr_array_set_size (practice->held, 0);
}

static gboolean
parse_json_body (PracticeCall *call)
{
  g_autoptr(GError) error = NULL;
  gboolean rest = call->protocol == PRACTICE_PROTOCOL_REST_JSON;

  if (g_bytes_get_size (call->body) == 0)
    call->json = json_object_new ();
  else
    call->json = aws_json_load_object (call->body, &error);

  if (call->json != NULL)
    return TRUE;

  practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST,
                              rest ? "SerializationException" : "com.amazon.coral.service#SerializationException",
                              "The body is not a JSON object: %s", error->message);

  return FALSE;
}

static gboolean
is_json (PracticeCall *call)
{
  return call->protocol == PRACTICE_PROTOCOL_JSON_1_0 ||
         call->protocol == PRACTICE_PROTOCOL_JSON_1_1 ||
         call->protocol == PRACTICE_PROTOCOL_REST_JSON;
}

static void
name_operation_of_body (PracticeCall *call)
{
  const char *target = practice_call_get_header (call, "X-Amz-Target");

  if (call->protocol == PRACTICE_PROTOCOL_QUERY)
    {
      g_autofree char *text = g_strndup (g_bytes_get_data (call->body, NULL), g_bytes_get_size (call->body));

      call->form = practice_parse_pairs (text);
      /* a GET says the same in its query */
      if (!g_hash_table_contains (call->form, "Action") && g_hash_table_contains (call->query, "Action"))
        {
          g_hash_table_unref (call->form);
          call->form = g_hash_table_ref (call->query);
        }
      call->operation = g_strdup (practice_call_get_form (call, "Action"));
    }
  else if (is_json (call) && call->operation == NULL && target != NULL && strrchr (target, '.') != NULL)
    {
      const char *prefix = call->service != NULL ? call->service->target_prefix : NULL;

      if (prefix == NULL || (g_str_has_prefix (target, prefix) && target[strlen (prefix)] == '.'))
        call->operation = g_strdup (strrchr (target, '.') + 1);
    }
}

static gboolean
run_call (gpointer data)
{
  PracticeCall *call = data;

  if (call->gone)
    return G_SOURCE_REMOVE;

  if (call->body_too_large && call->protocol != PRACTICE_PROTOCOL_SITE)
    practice_call_answer_error (call, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "RequestEntityTooLarge",
                                "The body is larger than this operation takes.");
  else if (call->protocol != PRACTICE_PROTOCOL_SITE && !call->is_unsigned && call->auth == NULL && !practice_auth_check (call))
    g_debug ("%s %s was refused: its signature", call->method, call->raw_path);
  else if (call->handle == NULL ||
           (call->operation == NULL && call->protocol != PRACTICE_PROTOCOL_SITE))
    practice_call_answer_unknown_operation (call);
  else if (!practice_account_permits_call (call))
    g_debug ("%s %s was refused: not in this region", call->method, call->raw_path);
  else if (!is_json (call) || call->service->raw_bodies || parse_json_body (call))
    call->handle (call);

  return G_SOURCE_REMOVE;
}

static void
dispatch_call (PracticeCall *call)
{
  PracticeFaultEffect effect;

  if (call->upload == NULL && !call->body_too_large)
    call->body = g_byte_array_free_to_bytes (g_steal_pointer (&call->collected));
  if (call->body != NULL && call->operation == NULL)
    {
      name_operation_of_body (call);
      practice_faults_prepare (call);
    }

  effect = practice_faults_apply (call, run_call);
  if (effect == PRACTICE_FAULT_NONE)
    run_call (call);

  if (!call->answered)
    {
      call->paused = TRUE;
      soup_server_message_pause (call->message);
    }
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              gpointer           user_data)
{
  PracticeCall *call = user_data;

  if (call->answered)
    return;

  if (call->upload != NULL)
    {
      call->service->receive_body (call, chunk);
    }
  else if (call->collected->len + g_bytes_get_size (chunk) > PRACTICE_BODY_LIMIT)
    {
      call->body_too_large = TRUE;
      g_byte_array_set_size (call->collected, 0);
    }
  else if (!call->body_too_large)
    {
      g_byte_array_append (call->collected, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
    }
}

static void
finished_cb (SoupServerMessage *message,
             gpointer           user_data)
{
  PracticeCall *call = user_data;

  call->gone = TRUE;
}

static void
headers_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  PracticeCall *call = practice_call_new (user_data, message);

  g_object_set_data_full (G_OBJECT (message), "practice-call", call, (GDestroyNotify) practice_call_unref);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), call);
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), call);

  /* %00 would end the text */
  if (!g_utf8_validate (call->path, -1, NULL) || strstr (call->raw_path, "%00") != NULL)
    {
      call->protocol = PRACTICE_PROTOCOL_S3;
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "InvalidURI", "Couldn’t parse the specified URI.");

      return;
    }

  route_call (call);
  if (call->operation != NULL)
    practice_faults_prepare (call);

  if (call->service != NULL && call->service->begin_body != NULL && call->operation != NULL)
    call->service->begin_body (call);
}

static void
complete_cb (SoupServer        *server,
             SoupServerMessage *message,
             const char        *path,
             GHashTable        *query,
             gpointer           user_data)
{
  PracticeCall *call = g_object_get_data (G_OBJECT (message), "practice-call");

  if (call == NULL || call->answered)
    return;

  call->complete = TRUE;
  dispatch_call (call);
}

/* The whole of it */

static gboolean
listen_on (Practice  *practice,
           guint      port,
           GError   **error)
{
  g_autoptr(GError) local_error = NULL;
  GSList *uris;
  GSList *listeners;

  if (!soup_server_listen_local (practice->server, port, 0, &local_error))
    {
      if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        g_set_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_PORT_TAKEN,
                     "Port %u of this computer is in use by another program", port);
      else
        g_set_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_FAILED,
                     "Can’t listen on port %u: %s", port, local_error->message);

      return FALSE;
    }

  /* GSocket's own queue of ten is short for browsers and uploads that connect all at once; the new length is taken over */
  listeners = soup_server_get_listeners (practice->server);
  for (GSList *link = listeners; link != NULL; link = link->next)
    listen (g_socket_get_fd (link->data), SOMAXCONN);
  g_slist_free (listeners);

  uris = soup_server_get_uris (practice->server);
  practice->port = g_uri_get_port (uris->data);
  practice->endpoint = g_strdup_printf ("http://127.0.0.1:%u", practice->port);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return TRUE;
}

/* The port is part of every site's address, so the one of the last time is taken again when nobody has it. */
static gboolean
listen_somewhere (Practice  *practice,
                  guint      port,
                  GError   **error)
{
  g_autofree char *remembered = practice_db_get_setting (practice->db, "port");
  g_autofree char *text = NULL;
  g_autoptr(GError) local_error = NULL;

  if (port != 0)
    {
      if (!listen_on (practice, port, error))
        return FALSE;
    }
  else if (remembered == NULL || !listen_on (practice, atoi (remembered), &local_error))
    {
      if (local_error != NULL)
        g_debug ("%s; taking another one", local_error->message);
      if (!listen_on (practice, 0, error))
        return FALSE;
    }

  text = g_strdup_printf ("%u", practice->port);

  return practice_db_set_setting (practice->db, "port", text, error);
}

static gboolean
make_folder (const char  *path,
             GError     **error)
{
  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  g_set_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_STATE,
               "The folder “%s” can’t be made: %s", path, g_strerror (errno));

  return FALSE;
}

Practice *
practice_new (const char    *folder,
              GMainContext  *context,
              guint          port,
              const char    *faults,
              double         delay_factor,
              GError       **error)
{
  Practice *practice = g_new0 (Practice, 1);
  g_autofree char *database = g_build_filename (folder, "practice.db", NULL);
  gboolean good;

  practice->context = g_main_context_ref (context);
  practice->services = g_ptr_array_new ();
  practice->host_handlers = g_ptr_array_new_with_free_func (g_free);
  practice->routes = g_ptr_array_new_with_free_func (g_free);
  practice->held = g_ptr_array_new_with_free_func ((GDestroyNotify) practice_call_unref);
  practice->later = g_hash_table_new_full (NULL, NULL, later_free, NULL);
  practice->folder = g_strdup (folder);
  practice->objects_folder = g_build_filename (folder, "objects", NULL);
  practice->outbox_folder = g_build_filename (folder, "outbox", NULL);
  practice->delay_factor = delay_factor;
  practice->region = PRACTICE_REGION;
  practice->server = soup_server_new ("raw-paths", TRUE, NULL);

  soup_server_add_early_handler (practice->server, NULL, headers_cb, practice, NULL);
  soup_server_add_handler (practice->server, NULL, complete_cb, practice, NULL);

  good = make_folder (practice->objects_folder, error) &&
         make_folder (practice->outbox_folder, error) &&
         (faults == NULL || (practice->faults = practice_faults_parse (faults, error))) &&
         (practice->db = practice_db_open (database, error)) &&
         listen_somewhere (practice, port, error);

  for (guint i = 0; good && i < practice_n_modules; i++)
    {
      good = practice_modules[i].init (practice, error);
      practice->n_modules = i + 1;
    }

  if (!good)
    g_clear_pointer (&practice, practice_free);

  return practice;
}

void
practice_free (Practice *practice)
{
  soup_server_disconnect (practice->server);
  g_ptr_array_unref (practice->held);
  g_clear_pointer (&practice->trace, g_ptr_array_unref);
  g_hash_table_remove_all (practice->later);
  for (guint i = practice->n_modules; i > 0; i--)
    if (practice_modules[i - 1].shutdown != NULL)
      practice_modules[i - 1].shutdown (practice);

  g_object_unref (practice->server);
  g_hash_table_unref (practice->later);
  g_ptr_array_unref (practice->services);
  g_ptr_array_unref (practice->host_handlers);
  g_ptr_array_unref (practice->routes);
  g_clear_pointer (&practice->faults, practice_faults_free);
  practice_db_close (practice->db);
  g_free (practice->folder);
  g_free (practice->objects_folder);
  g_free (practice->outbox_folder);
  g_free (practice->account);
  g_free (practice->endpoint);
  g_free (practice->access_key_id);
  g_free (practice->secret_access_key);
  g_free (practice->user_arn);
  g_main_context_unref (practice->context);
  g_free (practice);
}
